/* model/store: GLib only.  What a source holds, column by column, and what must still be asked. */
#include "ktm-propose-private.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What must be said before the import can go on, and the option that says it. */
void
ktm_propose_ask (KtmSource *source, const char *hint, const char *format, ...)
{
  va_list args;

  g_ptr_array_add (source->hints, g_strdup (hint));
  va_start (args, format);
  g_ptr_array_add (source->questions, g_strdup_vprintf (format, args));
  va_end (args);
}

/* The column is left out; @why: a reason for people, NULL not decided yet. */
void
ktm_propose_leave_out (KtmColumn *column, const char *why)
{
  column->role = KTM_COLUMN_LEFT_OUT;
  g_free (column->why);
  column->why = g_strdup (why);
}

/* Whether @text is one of the strings of @list. */
gboolean
ktm_propose_said (GPtrArray *list, const char *text)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (list->pdata[i], text) == 0)
      return TRUE;
  return FALSE;
}

static guint
n_wide_columns (const KtmSource *source)
{
  guint n = 0;

  for (guint i = 0; i < source->n_columns; i++)
    {
      g_autofree char *stem = NULL, *id = NULL;
      double time;
      KtmTimeUnit unit;
      if (ktm_known_wide (source->columns[i].name, &stem, &id, &time, &unit))
        for (guint k = 0; k < source->n_columns; k++)
          if (k != i && g_str_has_prefix (source->columns[k].name, stem) &&
              g_ascii_isdigit (source->columns[k].name[strlen (stem)]))
            {
              n++;
              break;
            }
    }
  return n;
}

static gboolean
has_role (const KtmSource *source, KtmSourceKind kind, KtmColumnRole role)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (ktm_known_role (source->columns[i].folded, kind) == role)
      return TRUE;
  return FALSE;
}

/* TRUE where the column of codes names some patient twice. */
static gboolean
codes_repeat (const KtmSource *source, guint index)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const KtmCell *cells;
  guint n;

  ktm_csv_next (csv, &cells, &n);
  while (ktm_csv_next (csv, &cells, &n))
    if (n > index && cells[index].len > 0
        && !g_hash_table_add (seen, g_strndup (cells[index].text, cells[index].len)))
      return TRUE;
  return FALSE;
}

static int
best_patient_column (const KtmSource *source)
{
  static const char *const strong[] = {
    "patient_id", "patient",     "patient_code",   "code_patient", "subject_id",
    "subjid",     "usubjid",     "subject",        "identifiant",  "id_patient",
    "record_id",  "participant", "participant_id", "pid",          "numero_patient",
    "no_patient", "num_patient", "n_patient",      "patient_no",   "identifiant_patient",
    "id",         "code"
  };

  if (source->mapping->columns[KTM_COLUMN_PATIENT] != NULL)
    for (guint i = 0; i < source->n_columns; i++)
      if (strcmp (source->columns[i].name, source->mapping->columns[KTM_COLUMN_PATIENT]) == 0)
        return (int) i;
  for (gsize s = 0; s < G_N_ELEMENTS (strong); s++)
    for (guint i = 0; i < source->n_columns; i++)
      if (strcmp (source->columns[i].folded, strong[s]) == 0)
        return (int) i;
  return -1;
}

/* A table of studies may number its lines in a column "id", which looks like a patient's code. */
static gboolean
is_of_studies (const KtmSource *source)
{
  static const KtmColumnRole second[] = { KTM_COLUMN_N2, KTM_COLUMN_MEAN2, KTM_COLUMN_EVENTS2,
                                          KTM_COLUMN_SE, KTM_COLUMN_LOW };

  for (gsize i = 0; i < G_N_ELEMENTS (second); i++)
    if (has_role (source, KTM_SOURCE_STUDIES, second[i]))
      return has_role (source, KTM_SOURCE_STUDIES, KTM_COLUMN_STUDY);
  return FALSE;
}

static KtmSourceKind
propose_kind (const KtmSource *source)
{
  gboolean patient = best_patient_column (source) >= 0;
  const KtmMapping *mapping = source->mapping;

  if (mapping->as != KTM_SOURCE_AUTO)
    return mapping->as;
  if (mapping->wide->len > 0)
    for (guint i = 0; i < source->n_columns; i++)
      for (guint k = 0; k < mapping->wide->len; k++)
        if (g_pattern_match_simple (mapping->wide->pdata[k], source->columns[i].name))
          return KTM_SOURCE_WIDE;
  if (is_of_studies (source))
    return KTM_SOURCE_STUDIES;
  if (!patient)
    return has_role (source, KTM_SOURCE_STUDIES, KTM_COLUMN_STUDY) ? KTM_SOURCE_STUDIES
                                                                   : KTM_SOURCE_AUTO;
  if (n_wide_columns (source) >= 2)
    return KTM_SOURCE_WIDE;
  if (has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_TERM) &&
      (has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_SEVERITY) ||
       has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_SERIOUS) ||
       has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_RELATED) ||
       has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_GRADE)))
    return KTM_SOURCE_ADVERSE_EVENTS;
  if (has_role (source, KTM_SOURCE_TREATMENTS, KTM_COLUMN_DOSE))
    return KTM_SOURCE_TREATMENTS;
  gboolean when = mapping->columns[KTM_COLUMN_TIME] != NULL
                  || mapping->columns[KTM_COLUMN_VISIT] != NULL
                  || mapping->columns[KTM_COLUMN_DATE] != NULL
                  || has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_VISIT)
                  || has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_TIME)
                  || has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_DATE);
  gboolean measure = mapping->measures->len > 0;
  for (guint i = 0; i < source->n_columns; i++)
    measure |= ktm_known_measure (source->columns[i].folded) != NULL;
  if (when && (source->patients_repeat || measure))
    return KTM_SOURCE_SCORES;
  return source->patients_repeat && measure ? KTM_SOURCE_SCORES : KTM_SOURCE_PATIENTS;
}

static gboolean
needs_decimals (const KtmSource *source)
{
  for (guint i = 0; i < source->n_columns; i++)
    {
      const KtmColumn *column = &source->columns[i];
      if (column->role != KTM_COLUMN_LEFT_OUT && column->role != KTM_COLUMN_PATIENT
          && column->n_numbers > 0)
        return TRUE;
    }
  return FALSE;
}

static void
ask_about_dialect (KtmSource *source)
{
  if (source->dialect.decimal_unclear && needs_decimals (source))
    ktm_propose_ask (source, "--decimal point, comma", _("“%s” could be a thousand or a decimal"),
                     source->dialect.decimal_example);
  if (source->dialect.dates_unclear && (ktm_source_of_role (source, KTM_COLUMN_DATE) != NULL ||
                                        ktm_source_of_role (source, KTM_COLUMN_INDEX_DATE) != NULL))
    ktm_propose_ask (source, "--date-order dmy, mdy", _("“%s” could be either day or month first"),
                     source->dialect.dates_example);
}

static void
settle_time_unit (KtmSource *source)
{
  KtmColumn *time = ktm_source_of_role (source, KTM_COLUMN_TIME);
  KtmColumn *stop = ktm_source_of_role (source, KTM_COLUMN_STOP_TIME);
  KtmColumn *wide = ktm_source_of_role (source, KTM_COLUMN_WIDE);

  if (source->mapping->time_unit != KTM_TIME_NONE)
    source->time_unit = source->mapping->time_unit;
  else if (time != NULL)
    {
      source->time_unit = ktm_known_time_unit (time->folded);
      if (source->time_unit == KTM_TIME_NONE)
        ktm_propose_ask (source, "--time-unit", _("the unit of “%s” is not known"), time->name);
    }
  else if (source->time_unit == KTM_TIME_NONE && stop != NULL)
    source->time_unit = ktm_known_time_unit (stop->folded);
  if (source->time_unit == KTM_TIME_NONE && wide != NULL)
    ktm_propose_ask (source, "--time-unit", _("the unit of the time in “%s” is not known"),
                     wide->name);
  if (source->time_unit == KTM_TIME_NONE)
    source->time_unit = KTM_TIME_MONTH;
}

static void
ask_about_columns (KtmSource *source)
{
  guint n_scores = 0;

  for (guint i = 0; i < source->n_columns; i++)
    n_scores += source->columns[i].role == KTM_COLUMN_MEASURE
                || source->columns[i].role == KTM_COLUMN_WIDE
                || source->columns[i].role == KTM_COLUMN_HARM_FLAG;
  if (source->kind != KTM_SOURCE_STUDIES && ktm_source_of_role (source, KTM_COLUMN_PATIENT) == NULL)
    ktm_propose_ask (source, "--patient", _("no column looks like the patient code"));
  if (source->kind == KTM_SOURCE_STUDIES && ktm_source_of_role (source, KTM_COLUMN_STUDY) == NULL)
    ktm_propose_ask (source, NULL, _("no column names the study: call one “study”"));
  if (source->kind == KTM_SOURCE_SCORES && n_scores == 0)
    ktm_propose_ask (source, "--measure COL:MIN:MAX", _("no column looks like a score"));
  if (source->kind == KTM_SOURCE_WIDE && n_scores == 0)
    ktm_propose_ask (source, "--wide 'STEM*'",
                     _("no columns look like one score at several times"));
  if (source->kind == KTM_SOURCE_SCORES && ktm_source_of_role (source, KTM_COLUMN_VISIT) == NULL
      && ktm_source_of_role (source, KTM_COLUMN_TIME) == NULL
      && ktm_source_of_role (source, KTM_COLUMN_DATE) == NULL && source->questions->len == 0)
    ktm_propose_ask (source, "--visit, --time, --date", _("nothing says when a score was taken"));
  if (source->kind == KTM_SOURCE_ADVERSE_EVENTS
      && ktm_source_of_role (source, KTM_COLUMN_TERM) == NULL)
    ktm_propose_ask (source, NULL, _("no column names the adverse event: call one “term”"));
  if (source->kind == KTM_SOURCE_AUTO)
    {
      g_autofree char *hint = g_strdup_printf (
          "--as %s=patients, scores, wide, treatments, adverse-events, studies", source->name);
      ktm_propose_ask (source, hint, _("it is not clear what the table holds"));
    }
}

static gboolean
refuse_redcap (const KtmSource *source, GError **error)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (strcmp (source->columns[i].folded, "redcap_event_name") == 0 ||
        strcmp (source->columns[i].folded, "redcap_repeat_instrument") == 0)
      {
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                     _("%s is a REDCap export with one line per record and event (column “%s”), "
                        "which cannot be read yet: "
                        "export one table per instrument, with the event as a column “visit”"),
                     source->name, source->columns[i].name);
        return TRUE;
      }
  return FALSE;
}

gboolean
ktm_source_propose (KtmSource *source, const char *const *measures, const char *const *attributes,
                    GError **error)
{
  if (refuse_redcap (source, error))
    return FALSE;
  g_ptr_array_set_size (source->questions, 0);
  g_ptr_array_set_size (source->hints, 0);
  g_ptr_array_set_size (source->notes, 0);
  for (guint i = 0; i < source->n_columns; i++)
    {
      ktm_propose_leave_out (&source->columns[i], NULL);
      g_clear_pointer (&source->columns[i].target, g_free);
      source->columns[i].personal = FALSE;
    }
  int patient = best_patient_column (source);
  source->patients_repeat = patient >= 0 && codes_repeat (source, patient);
  if (patient >= 0)
    ktm_propose_look_within_patients (source, patient);
  source->time_unit = source->mapping->time_unit;
  source->kind = propose_kind (source);
  if (source->kind != KTM_SOURCE_AUTO)
    {
      if (patient >= 0 && source->kind != KTM_SOURCE_STUDIES)
        source->columns[patient].role = KTM_COLUMN_PATIENT;
      for (guint i = 0; i < source->n_columns; i++)
        if ((int) i != patient && !source->columns[i].duplicate)
          ktm_propose_take_said (source, &source->columns[i], measures, attributes);
      for (guint i = 0; i < source->n_columns; i++)
        ktm_propose_take_column (source, &source->columns[i], measures, attributes);
      settle_time_unit (source);
    }
  ask_about_columns (source);
  ask_about_dialect (source);
  return TRUE;
}
