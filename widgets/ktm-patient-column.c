/* widgets: columns of the patients' table. */
#include "ktm-patient-column.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ktm-patient-card.h"

#define CLASS "trajectory_class"

void
ktm_patient_column_free (gpointer data)
{
  KtmPatientColumn *column = data;

  g_clear_object (&column->study);
  g_free (column->id);
  g_free (column->title);
  g_free (column->attribute);
  g_free (column);
}

KtmPatientColumn *
ktm_patient_column_copy (const KtmPatientColumn *column)
{
  KtmPatientColumn *copy = g_new (KtmPatientColumn, 1);

  *copy = *column;
  copy->study = g_object_ref (column->study);
  copy->id = g_strdup (column->id);
  copy->title = g_strdup (column->title);
  copy->attribute = g_strdup (column->attribute);
  return copy;
}

static void
add (GPtrArray *columns, KtmStudy *study, KtmPatientColumnKind kind, const char *id,
     const char *title, gboolean number)
{
  KtmPatientColumn *column = g_new0 (KtmPatientColumn, 1);

  *column = (KtmPatientColumn){ .kind = kind,
                                .study = g_object_ref (study),
                                .id = g_strdup (id),
                                .title = g_strdup (title),
                                .number = number,
                                .usual = kind != KTM_PATIENT_ATTRIBUTE };
  g_ptr_array_add (columns, column);
}

/* Shown at first: what the one-line summary of a patient is made of, too. */
static gboolean
is_usual (const KtmFrameAttribute *a, guint *n_categories)
{
  static const char *const ids[] = { "sex", "sexe", "gender", "age", CLASS, NULL };
  g_autofree char *id = g_ascii_strdown (a->id, -1);

  if (g_strv_contains (ids, id))
    return TRUE;
  return a->kind == KTM_ATTRIBUTE_CATEGORY && a->n_levels <= 12 && (*n_categories)++ == 0;
}

static void
add_attributes (GPtrArray *columns, KtmStudy *study)
{
  KtmCohort *cohort = ktm_study_get_cohort (study);
  guint n_categories = 0;

  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    {
      const KtmFrameAttribute *a = ktm_cohort_get_attribute (cohort, i);
      g_autofree char *id = g_strconcat ("attribute:", a->id, NULL);
      KtmPatientColumn *column;

      if (g_str_has_prefix (a->id, "baseline_"))
        continue; /* the table's own column */
      /* Translators: the patient's trajectory class; a column of a table. */
      add (columns, study, KTM_PATIENT_ATTRIBUTE, id,
           g_str_equal (a->id, CLASS) ? _("Class") : a->label, a->n_levels == 0);
      column = g_ptr_array_index (columns, columns->len - 1);
      column->attribute = g_strdup (a->id);
      column->wide = a->n_levels > 2;
      column->usual = is_usual (a, &n_categories);
    }
}

gboolean
ktm_patient_column_is_class (const KtmPatientColumn *column)
{
  return !g_strcmp0 (column->attribute, CLASS);
}

GPtrArray *
ktm_patient_columns_new (KtmStudy *study)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (ktm_patient_column_free);

  add (columns, study, KTM_PATIENT_CODE, "code", _("Code"), FALSE);
  add_attributes (columns, study);
  if (ktm_cohort_get_n_measures (ktm_study_get_cohort (study)) == 0)
    return columns;
  /* Translators: short for the score before treatment; a column of a table. */
  add (columns, study, KTM_PATIENT_BASELINE, "baseline", _("Base"), TRUE);
  add (columns, study, KTM_PATIENT_LATEST, "latest", _("Latest"), TRUE);
  add (columns, study, KTM_PATIENT_CHANGE, "change", _("Change"), TRUE);
  /* Translators: how many visits have a score, "9/13"; a column of a table. */
  add (columns, study, KTM_PATIENT_SCORES, "scores", _("Scores"), TRUE);
  add (columns, study, KTM_PATIENT_COURSE, "course", _("Course"), FALSE);
  return columns;
}

static const KtmFrameAttribute *
attribute_of (const KtmPatientColumn *column)
{
  KtmCohort *cohort = ktm_study_get_cohort (column->study);
  gint at = ktm_cohort_find_attribute (cohort, column->attribute);

  return at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;
}

static double
attribute_value (const KtmPatientColumn *column, KtmPatient *patient)
{
  const KtmFrameAttribute *a = attribute_of (column);
  guint index = ktm_patient_get_index (patient);

  return a != NULL && index != G_MAXUINT ? a->value[index] : NAN;
}

double
ktm_patient_column_value (const KtmPatientColumn *column, KtmPatient *patient)
{
  switch (column->kind)
    {
    case KTM_PATIENT_ATTRIBUTE: return attribute_value (column, patient);
    case KTM_PATIENT_BASELINE: return ktm_patient_get_baseline (patient);
    case KTM_PATIENT_LATEST: return ktm_patient_get_latest (patient);
    case KTM_PATIENT_CHANGE: return ktm_patient_get_change (patient);
    case KTM_PATIENT_SCORES: return ktm_patient_get_n_scores (patient);
    default: return NAN;
    }
}

/* As many decimals as the value needs, at most two. */
static int
decimals_of (double value)
{
  if (fabs (value - round (value)) < 1e-9)
    return 0;
  return fabs (10 * value - round (10 * value)) < 1e-9 ? 1 : 2;
}

static char *
date_text (double day)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc ((gint64) ((day - 2440588) * 86400));

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : g_strdup ("");
}

/* Levels are the file's own words; the first letter is raised as in a sentence. */
static char *
level_text (const char *level)
{
  g_autofree char *first = g_utf8_substring (level, 0, 1);
  g_autofree char *raised = g_utf8_strup (first, -1);

  return g_strconcat (raised, level + strlen (first), NULL);
}

static char *
attribute_text (const KtmPatientColumn *column, KtmPatient *patient, gboolean plain)
{
  const KtmFrameAttribute *a = attribute_of (column);
  double value = attribute_value (column, patient);

  if (isnan (value))
    return g_strdup (plain ? "" : "–");
  if (a->n_levels > 0)
    return plain ? g_strdup (a->levels[(gsize) value]) : level_text (a->levels[(gsize) value]);
  if (a->kind == KTM_ATTRIBUTE_DATE)
    return date_text (value);
  return plain ? g_strdup_printf ("%.*f", decimals_of (value), value)
               : ktm_say_number (value, decimals_of (value));
}

static char *
scores_text (const KtmPatientColumn *column, KtmPatient *patient)
{
  return g_strdup_printf ("%u/%u", ktm_patient_get_n_scores (patient),
                          ktm_cohort_get_n_score_visits (ktm_study_get_cohort (column->study)));
}

static char *
latest_markup (const KtmPatientColumn *column, KtmPatient *patient)
{
  gint visit = ktm_patient_get_latest_visit (patient);
  double value = ktm_patient_get_latest (patient);
  g_autofree char *number = ktm_say_number (value, decimals_of (value));

  if (visit < 0)
    return g_strdup ("–");
  return g_markup_printf_escaped (
      "%s <span size='small' alpha='65%%'>%s</span>", number,
      ktm_cohort_get_visit_label (ktm_study_get_cohort (column->study), (guint) visit));
}

/* "Severe 82 %" */
static char *
class_markup (const KtmPatientColumn *column, KtmPatient *patient)
{
  KtmCohort *cohort = ktm_study_get_cohort (column->study);
  gint at = ktm_cohort_find_attribute (cohort, CLASS "_p");
  const KtmFrameAttribute *p = at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;
  g_autofree char *name = attribute_text (column, patient, FALSE), *percent = NULL;

  if (p == NULL || isnan (p->value[ktm_patient_get_index (patient)]))
    return g_markup_escape_text (name, -1);
  percent = ktm_say_number (100 * p->value[ktm_patient_get_index (patient)], 0);
  return g_markup_printf_escaped ("%s <span size='small' alpha='65%%'>%s %%</span>", name, percent);
}

gboolean
ktm_patient_column_goes_with (const KtmPatientColumn *column, const KtmPatientColumn *other)
{
  return !g_strcmp0 (column->attribute, CLASS "_p") && !g_strcmp0 (other->attribute, CLASS);
}

char *
ktm_patient_column_text (const KtmPatientColumn *column, KtmPatient *patient, gboolean markup)
{
  double value = ktm_patient_column_value (column, patient);
  g_autofree char *text = NULL;

  if (column->kind == KTM_PATIENT_LATEST && markup)
    return latest_markup (column, patient);
  if (markup && !g_strcmp0 (column->attribute, CLASS)
      && ktm_patient_get_index (patient) != G_MAXUINT)
    return class_markup (column, patient);
  if (column->kind == KTM_PATIENT_CODE)
    text = g_strdup (ktm_patient_get_code (patient));
  else if (column->kind == KTM_PATIENT_ATTRIBUTE)
    text = attribute_text (column, patient, FALSE);
  else if (column->kind == KTM_PATIENT_SCORES)
    text = scores_text (column, patient);
  else if (column->kind == KTM_PATIENT_CHANGE && value > 0)
    {
      g_autofree char *number = ktm_say_number (value, decimals_of (value));

      text = g_strconcat ("+", number, NULL);
    }
  else
    text = ktm_say_number (value, decimals_of (value));
  return markup ? g_markup_escape_text (text, -1) : g_steal_pointer (&text);
}

/* Numbers with the decimal mark of the locale and a plain minus, so that a spreadsheet reads them;
 * absent is empty. */
char *
ktm_patient_column_plain (const KtmPatientColumn *column, KtmPatient *patient)
{
  double value = ktm_patient_column_value (column, patient);

  if (column->kind == KTM_PATIENT_CODE)
    return g_strdup (ktm_patient_get_code (patient));
  if (column->kind == KTM_PATIENT_ATTRIBUTE)
    return attribute_text (column, patient, TRUE);
  return isnan (value) ? g_strdup ("") : g_strdup_printf ("%.*f", decimals_of (value), value);
}

/* Absent values stand last; equal ones keep the order of codes. */
int
ktm_patient_column_compare (const KtmPatientColumn *column, KtmPatient *a, KtmPatient *b)
{
  double x = ktm_patient_column_value (column, a), y = ktm_patient_column_value (column, b);
  guint i = ktm_patient_get_index (a), j = ktm_patient_get_index (b);

  if (isnan (x) != isnan (y))
    return isnan (x) ? 1 : -1;
  if (x != y && !isnan (x))
    return x < y ? -1 : 1;
  return (i > j) - (i < j);
}
