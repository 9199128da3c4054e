/* model/cohort: store and stats, GObject, GIO.  Attributes made from what is not one in the file,
 * and each patient's key figures of the main measure. */
#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"

static int
compare_texts (gconstpointer a, gconstpointer b, gpointer unused G_GNUC_UNUSED)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
has_attribute (const KtmFrame *f, const char *id)
{
  for (size_t i = 0; i < f->n_attributes; i++)
    if (g_ascii_strcasecmp (f->attributes[i].id, id) == 0)
      return TRUE;
  return FALSE;
}

/* A new last attribute without values or levels; NULL when the file already has one with this id.
 */
static KtmFrameAttribute *
append (KtmCohortData *data, const char *id, const char *label, KtmAttributeKind kind,
        gboolean is_baseline)
{
  KtmFrame *f = data->frame;
  KtmFrameAttribute *attribute;

  if (has_attribute (f, id))
    return NULL;
  f->attributes = realloc (f->attributes, (f->n_attributes + 1) * sizeof *f->attributes);
  data->is_baseline = g_renew (gboolean, data->is_baseline, f->n_attributes + 1);
  data->is_baseline[f->n_attributes] = is_baseline;
  attribute = &f->attributes[f->n_attributes++];
  *attribute = (KtmFrameAttribute) { .id = strdup (id), .label = strdup (label), .kind = kind };
  attribute->value = malloc ((f->n_patients + 1) * sizeof *attribute->value);
  for (size_t i = 0; i < f->n_patients; i++)
    attribute->value[i] = NAN;
  return attribute;
}

static void
set_levels (KtmFrameAttribute *attribute, const char *const *levels, guint n)
{
  attribute->n_levels = n;
  attribute->levels = calloc (n + 1, sizeof *attribute->levels);
  for (guint i = 0; i < n; i++)
    attribute->levels[i] = strdup (levels[i]);
}

/* A category whose levels are the different texts in alphabetical order; nothing when nobody has
 * one.
 * @texts: n_patients, nullable entries; @last: a level that stands last whatever its letters,
 * nullable */
static guint
append_texts (KtmCohortData *data, const char *id, const char *label, gboolean is_baseline,
              char *const *texts, const char *last)
{
  KtmFrame *f = data->frame;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const char **levels = NULL;
  KtmFrameAttribute *attribute;
  guint n;

  for (size_t i = 0; i < f->n_patients; i++)
    if (texts[i] != NULL && g_strcmp0 (texts[i], last) != 0)
      g_hash_table_insert (seen, texts[i], NULL);
  if (g_hash_table_size (seen) == 0)
    return 0;
  levels = (const char **) g_hash_table_get_keys_as_array (seen, &n);
  g_qsort_with_data (levels, (gint) n, sizeof *levels, compare_texts, NULL);
  if (last != NULL)
    {
      levels = g_renew (const char *, levels, n + 1);
      levels[n++] = last;
    }
  attribute = append (data, id, label, KTM_ATTRIBUTE_CATEGORY, is_baseline);
  if (attribute == NULL)
    return n;
  set_levels (attribute, levels, n);
  for (guint j = 0; j < n; j++)
    g_hash_table_insert (seen, (gpointer) levels[j], GUINT_TO_POINTER (j + 1));
  for (size_t i = 0; i < f->n_patients; i++)
    if (texts[i] != NULL)
      attribute->value[i] = GPOINTER_TO_UINT (g_hash_table_lookup (seen, texts[i])) - 1.0;
  return n;
}

static void
append_baseline (KtmCohortData *data)
{
  KtmFrame *f = data->frame;
  g_autofree char *id = NULL, *label = NULL;
  const KtmFrameMeasure *main_measure = f->measures;
  KtmFrameAttribute *attribute;
  gboolean any = FALSE;

  for (size_t i = 0; f->n_measures > 0 && i < f->n_patients; i++)
    any = any || !isnan (main_measure->baseline[i]);
  if (!any)
    return;
  id = g_strconcat ("baseline_", main_measure->id, NULL);
  /* Translators: %s is a measure, "NRS". */
  label = g_strdup_printf (_("Baseline %s"), main_measure->label);
  attribute = append (data, id, label, KTM_ATTRIBUTE_NUMBER, TRUE);
  if (attribute == NULL)
    return;
  attribute->unit = main_measure->unit != NULL ? strdup (main_measure->unit) : NULL;
  memcpy (attribute->value, main_measure->baseline, f->n_patients * sizeof *attribute->value);
}

/* The last visit at which anybody has a score of the main measure; −1 none. */
static gssize
last_score_visit (const KtmFrame *f)
{
  for (gssize v = (gssize) f->n_visits - 1; f->n_measures > 0 && v >= 0; v--)
    for (size_t i = 0; i < f->n_patients; i++)
      if (!isnan (f->measures[0].value[i * f->n_visits + (size_t) v]))
        return v;
  return -1;
}

/* Stops as the file says; where it says nothing of anybody, who has a score at the last visit. */
static void
append_follow_up (KtmCohortData *data)
{
  KtmFrame *f = data->frame;
  const char *levels[] = { _("To the last visit"), _("Stopped before") };
  gssize last = last_score_visit (f);
  KtmFrameAttribute *attribute;
  gboolean any_stop = FALSE;

  for (size_t i = 0; i < f->n_patients; i++)
    any_stop = any_stop || !isnan (f->stop_time[i]) || !isnan (f->stop_reason[i]);
  if (last < 0 || (!any_stop && f->visit_time[last] <= 0))
    return;
  attribute = append (data, "follow_up", _("Follow-up"), KTM_ATTRIBUTE_CATEGORY, FALSE);
  if (attribute == NULL)
    return;
  set_levels (attribute, levels, 2);
  for (size_t i = 0; i < f->n_patients; i++)
    {
      gboolean stopped = isnan (f->measures[0].value[i * f->n_visits + (size_t) last]);

      if (any_stop)
        stopped = isnan (f->stop_time[i]) ? !isnan (f->stop_reason[i])
                                          : f->stop_time[i] < f->visit_time[last];
      attribute->value[i] = stopped;
    }
}

static void
append_stop_reason (KtmCohortData *data)
{
  KtmFrame *f = data->frame;
  KtmFrameAttribute *attribute;

  if (f->n_stop_reasons == 0)
    return;
  attribute = append (data, "stop_reason", _("Reason for the stop"), KTM_ATTRIBUTE_CATEGORY, FALSE);
  if (attribute == NULL)
    return;
  set_levels (attribute, (const char *const *) f->stop_reasons, (guint) f->n_stop_reasons);
  memcpy (attribute->value, f->stop_reason, f->n_patients * sizeof *attribute->value);
}

static void
append_adverse_event (KtmCohortData *data)
{
  enum { ANY, NONE, NOT_ASKED };
  KtmFrame *f = data->frame;
  const char *levels[] = { _("At least one"), _("None reported"), _("Not asked") };
  KtmFrameAttribute *attribute;
  gboolean asked = f->n_events > 0;

  for (size_t i = 0; f->safety != NULL && i < f->n_patients * f->n_visits; i++)
    asked = asked || !isnan (f->safety[i]);
  attribute =
      asked ? append (data, "adverse_event", _("Adverse event"), KTM_ATTRIBUTE_CATEGORY, FALSE)
            : NULL;
  if (attribute == NULL)
    return;
  set_levels (attribute, levels, 3);
  for (size_t i = 0; i < f->n_patients; i++)
    {
      attribute->value[i] = NOT_ASKED;
      for (size_t v = 0; f->safety != NULL && v < f->n_visits; v++)
        if (f->safety[i * f->n_visits + v] > 0)
          attribute->value[i] = ANY;
        else if (!isnan (f->safety[i * f->n_visits + v]) && attribute->value[i] != ANY)
          attribute->value[i] = NONE;
    }
  for (size_t i = 0; i < f->n_events; i++)
    attribute->value[f->events[i].row] = ANY;
}

/* The unit most first doses are given in: doses in others cannot stand beside them.  NULL: no unit.
 */
static const char *
common_unit (KtmFrameTreatment *const *first, gsize n)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  const char *best = NULL;
  guint most = 0;

  for (gsize i = 0; i < n; i++)
    {
      const char *unit = first[i] != NULL && first[i]->dose_unit != NULL ? first[i]->dose_unit : "";
      guint count;

      if (first[i] == NULL || isnan (first[i]->dose))
        continue;
      count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, unit)) + 1;
      g_hash_table_insert (counts, (gpointer) unit, GUINT_TO_POINTER (count));
      if (count > most)
        {
          most = count;
          best = unit;
        }
    }
  return best;
}

static void
append_dose (KtmCohortData *data, KtmFrameTreatment *const *first)
{
  KtmFrame *f = data->frame;
  const char *unit = common_unit (first, f->n_patients);
  KtmFrameAttribute *attribute =
      unit != NULL ? append (data, "dose", _("Dose"), KTM_ATTRIBUTE_NUMBER, TRUE) : NULL;

  if (attribute == NULL)
    return;
  attribute->unit = *unit != '\0' ? strdup (unit) : NULL;
  for (size_t i = 0; i < f->n_patients; i++)
    if (first[i] != NULL
        && g_str_equal (first[i]->dose_unit != NULL ? first[i]->dose_unit : "", unit))
      attribute->value[i] = first[i]->dose;
}

/* The first treatment: rows come by patient and time. */
static void
append_treatment (KtmCohortData *data)
{
  KtmFrame *f = data->frame;
  g_autofree KtmFrameTreatment **first = g_new0 (KtmFrameTreatment *, f->n_patients + 1);
  g_autofree char **route = g_new0 (char *, f->n_patients + 1);
  g_autofree char **drug = g_new0 (char *, f->n_patients + 1);
  g_autofree char **with = g_new0 (char *, f->n_patients + 1);
  char *none = (char *) _("None recorded");

  for (size_t i = f->n_treatments; i-- > 0;)
    first[f->treatments[i].row] = &f->treatments[i];
  for (size_t i = 0; i < f->n_patients; i++)
    if (first[i] != NULL)
      {
        route[i] = first[i]->route;
        drug[i] = first[i]->drug;
        with[i] = first[i]->with != NULL ? first[i]->with : none;
      }
  append_texts (data, "drug", _("Drug"), TRUE, drug, NULL);
  append_texts (data, "route", _("Route"), TRUE, route, NULL);
  append_dose (data, first);
  append_texts (data, "with", _("Given with"), TRUE, with, none);
}

static void
figure_course (KtmCohortData *data)
{
  const KtmFrame *f = data->frame;
  gssize last = last_score_visit (f);

  data->n_scores = g_new0 (guint, f->n_patients + 1);
  data->latest = g_new (gint, f->n_patients + 1);
  for (size_t i = 0; i < f->n_patients; i++)
    {
      data->latest[i] = -1;
      for (gssize v = 0; v <= last; v++)
        if (!isnan (f->measures[0].value[i * f->n_visits + (size_t) v]))
          {
            data->n_scores[i]++;
            if (f->visit_time[v] > 0)
              data->latest[i] = (gint) v;
          }
    }
  for (gssize v = 0; v <= last; v++)
    for (size_t i = 0; i < f->n_patients; i++)
      if (!isnan (f->measures[0].value[i * f->n_visits + (size_t) v]))
        {
          data->n_score_visits++;
          break;
        }
}

/* What a patient's one-line summary says, from the words people use for these columns. */
static void
choose_summary (KtmCohortData *data)
{
  static const char *const sexes[] = { "sex", "sexe", "gender", "genre", NULL };
  static const char *const ages[] = { "age", "âge", "age_years", NULL };
  const KtmFrame *f = data->frame;

  data->sex = data->age = data->group = -1;
  for (size_t i = 0; i < f->n_attributes; i++)
    {
      const KtmFrameAttribute *a = &f->attributes[i];
      g_autofree char *id = g_utf8_strdown (a->id, -1);
      gboolean is_sex = g_strv_contains (sexes, id);

      if (data->sex < 0 && is_sex)
        data->sex = (gint) i;
      else if (data->age < 0 && a->kind == KTM_ATTRIBUTE_NUMBER
               && (g_strv_contains (ages, id) || g_str_has_prefix (id, "âge ")))
        data->age = (gint) i;
      else if (data->group < 0 && a->kind == KTM_ATTRIBUTE_CATEGORY && !is_sex && a->n_levels >= 2
               && a->n_levels <= 12)
        data->group = (gint) i;
    }
}

/* See the header.  @attribute: an id */
const char *
ktm_cohort_level_key (const char *attribute, const char *level)
{
  static const struct { const char *attribute, *level;
  } made[] = {
    { "follow_up", N_("To the last visit") },   { "follow_up", N_("Stopped before") },
    { "adverse_event", N_("At least one") },    { "adverse_event", N_("None reported") },
    { "adverse_event", N_("Not asked") },       { "with", N_("None recorded") },
    { "stop_reason", N_("No reason given") },   { "trajectory_class", N_("Mild") },
    { "trajectory_class", N_("Moderate") },     { "trajectory_class", N_("Severe") },
    { "trajectory_class", N_("Very severe") },  { "trajectory_class", N_("Middle") },
    { "trajectory_class", N_("Low") },          { "trajectory_class", N_("High") },
    { "trajectory_class", N_("All patients") }, { "trajectory_class", N_("Lower middle") },
    { "trajectory_class", N_("Upper middle") }, { "trajectory_class", N_("Class 1") },
    { "trajectory_class", N_("Class 2") },      { "trajectory_class", N_("Class 3") },
    { "trajectory_class", N_("Class 4") },      { "trajectory_class", N_("Class 5") },
    { "trajectory_class", N_("Class 6") },      { "trajectory_class", N_("Class 7") },
    { "trajectory_class", N_("Class 8") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (made); i++)
    if (g_ascii_strcasecmp (made[i].attribute, attribute) == 0
        && g_str_equal (_ (made[i].level), level))
      return made[i].level;
  return level;
}

/* Completes freshly read data: is_baseline, derived attributes, key figures.
 *
 * @texts: of the patients, in the frame's order */
void
ktm_cohort_data_derive (KtmCohortData *data, const KtmPatientTexts *texts)
{
  gsize n = data->frame->n_attributes;

  data->is_baseline = g_new (gboolean, n + 1);
  for (gsize i = 0; i < n; i++)
    data->is_baseline[i] = TRUE;
  choose_summary (data);
  append_baseline (data);
  data->n_centres = append_texts (data, "centre", _("Centre"), TRUE, texts->centre, NULL);
  append_texts (data, "arm", _("Arm"), TRUE, texts->arm, NULL);
  append_treatment (data);
  append_follow_up (data);
  append_stop_reason (data);
  append_adverse_event (data);
  figure_course (data);
}
