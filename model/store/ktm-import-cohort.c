/* model/store: GIO and sqlite3 only.  The open cohort as an import sees it. */
#include "ktm-import-private.h"
#include "ktm-store-private.h"

static const char *
keep (KtmImport *import, const char *text)
{
  return text == NULL ? NULL : g_string_chunk_insert_const (import->old_strings, text);
}

static void
clear_old_attribute (gpointer data)
{
  g_clear_pointer (&((KtmPlanAttribute *) data)->levels, g_ptr_array_unref);
}

/* Forgets the cohort compared with: the import is into a new one. */
void
ktm_import_forget_cohort (KtmImport *import)
{
  g_clear_pointer (&import->old_measures, g_array_unref);
  g_clear_pointer (&import->old_visits, g_array_unref);
  g_clear_pointer (&import->old_attributes, g_array_unref);
  g_clear_pointer (&import->old_patients, g_array_unref);
  g_clear_pointer (&import->old_scores, g_array_unref);
  g_clear_pointer (&import->old_values, g_array_unref);
  g_clear_pointer (&import->old_treatments, g_array_unref);
  g_clear_pointer (&import->old_safety, g_array_unref);
  g_clear_pointer (&import->old_events, g_array_unref);
  g_clear_pointer (&import->old_arms, g_array_unref);
  g_clear_pointer (&import->old_strings, g_string_chunk_free);
  g_clear_pointer (&import->old_unit, g_free);
  import->old_strings = g_string_chunk_new (4096);
  import->old_measures = g_array_new (FALSE, TRUE, sizeof (KtmPlanMeasure));
  import->old_visits = g_array_new (FALSE, TRUE, sizeof (KtmPlanVisit));
  import->old_attributes = g_array_new (FALSE, TRUE, sizeof (KtmPlanAttribute));
  g_array_set_clear_func (import->old_attributes, clear_old_attribute);
  import->old_patients = g_array_new (FALSE, TRUE, sizeof (KtmPlanPatient));
  import->old_scores = g_array_new (FALSE, TRUE, sizeof (KtmOldScore));
  import->old_values = g_array_new (FALSE, TRUE, sizeof (KtmOldValue));
  import->old_treatments = g_array_new (FALSE, TRUE, sizeof (KtmTreatmentRecord));
  import->old_safety = g_array_new (FALSE, TRUE, sizeof (KtmSafetyRecord));
  import->old_events = g_array_new (FALSE, TRUE, sizeof (KtmEventRecord));
  import->old_arms = g_array_new (FALSE, TRUE, sizeof (KtmStudyArmRecord));
  import->has_cohort = FALSE;
  import->counter = 0;
}

static gboolean
study_cb (const void *record, gpointer data)
{
  KtmImport *import = data;

  g_free (import->old_unit);
  import->old_unit = g_strdup (((const KtmStudyRecord *) record)->time_unit);
  return TRUE;
}

static gboolean
measure_cb (const void *record, gpointer data)
{
  const KtmMeasureRecord *measure = record;
  KtmImport *import = data;
  KtmPlanMeasure old = { keep (import, measure->id),
                         keep (import, measure->label),
                         keep (import, measure->unit),
                         measure->min,
                         measure->max,
                         measure->mcid,
                         measure->lower_better,
                         TRUE,
                         import->old_measures->len };

  g_array_append_val (import->old_measures, old);
  return TRUE;
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  const KtmVisitRecord *visit = record;
  KtmImport *import = data;
  KtmPlanVisit old = { keep (import, visit->id), keep (import, visit->label), visit->time,
                       visit->window_low,        visit->window_high,          TRUE,
                       import->old_visits->len };

  g_array_append_val (import->old_visits, old);
  return TRUE;
}

static gboolean
attribute_cb (const void *record, gpointer data)
{
  const KtmAttributeRecord *attribute = record;
  KtmImport *import = data;
  KtmPlanAttribute old = { keep (import, attribute->id),
                           keep (import, attribute->label),
                           keep (import, attribute->unit),
                           attribute->kind,
                           g_ptr_array_new (),
                           NULL,
                           0,
                           TRUE,
                           import->old_attributes->len };

  for (gsize i = 0; attribute->levels != NULL && attribute->levels[i] != NULL; i++)
    g_ptr_array_add (old.levels, (gpointer) keep (import, attribute->levels[i]));
  old.n_old_levels = old.levels->len;
  g_array_append_val (import->old_attributes, old);
  return TRUE;
}

static gboolean
patient_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *patient = record;
  KtmImport *import = data;
  KtmPlanPatient old = { .code = keep (import, patient->code),
                         .code_len = strlen (patient->code),
                         .id = patient->id,
                         .index_date = patient->index_date,
                         .first_treatment = NAN,
                         .index_column = NAN,
                         .centre = keep (import, patient->centre),
                         .arm = keep (import, patient->arm),
                         .exclusion_reason = keep (import, patient->exclusion_reason),
                         .stop_reason = keep (import, patient->stop_reason),
                         .included = patient->included,
                         .stop_time = patient->stop_time,
                         .exists = TRUE };

  g_array_append_val (import->old_patients, old);
  return TRUE;
}

static gboolean
score_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *score = record;
  KtmOldScore old = { score->patient, score->measure, score->visit, score->time, score->value };

  g_array_append_val (((KtmImport *) data)->old_scores, old);
  return TRUE;
}

static gboolean
value_cb (const void *record, gpointer data)
{
  const KtmValueRecord *value = record;
  KtmOldValue old = { value->patient, value->attribute, value->value };

  g_array_append_val (((KtmImport *) data)->old_values, old);
  return TRUE;
}

static gboolean
treatment_cb (const void *record, gpointer data)
{
  KtmTreatmentRecord old = *(const KtmTreatmentRecord *) record;
  KtmImport *import = data;

  old.drug = keep (import, old.drug);
  old.dose_unit = keep (import, old.dose_unit);
  old.duration_unit = keep (import, old.duration_unit);
  old.route = keep (import, old.route);
  old.with = keep (import, old.with);
  g_array_append_val (import->old_treatments, old);
  return TRUE;
}

static gboolean
safety_cb (const void *record, gpointer data)
{
  g_array_append_vals (((KtmImport *) data)->old_safety, record, 1);
  return TRUE;
}

static gboolean
event_cb (const void *record, gpointer data)
{
  KtmEventRecord old = *(const KtmEventRecord *) record;
  KtmImport *import = data;

  old.term = keep (import, old.term);
  g_array_append_val (import->old_events, old);
  return TRUE;
}

static gboolean
arm_cb (const void *record, gpointer data)
{
  KtmStudyArmRecord old = *(const KtmStudyArmRecord *) record;
  KtmImport *import = data;

  old.study = keep (import, old.study);
  old.arm = keep (import, old.arm);
  old.moderators = keep (import, old.moderators);
  old.measure = keep (import, old.measure);
  old.note = keep (import, old.note);
  g_array_append_val (import->old_arms, old);
  return TRUE;
}

static gboolean
read_tables (KtmImport *import, KtmStore *store, GError **error)
{
  return ktm_store_get_study (store, study_cb, import, error) &&
         ktm_store_read_measures (store, measure_cb, import, error) &&
         ktm_store_read_visits (store, visit_cb, import, error) &&
         ktm_store_read_attributes (store, attribute_cb, import, error) &&
         ktm_store_read_patients (store, patient_cb, import, error) &&
         ktm_store_read_scores (store, score_cb, import, error) &&
         ktm_store_read_values (store, value_cb, import, error) &&
         ktm_store_read_treatments (store, treatment_cb, import, error) &&
         ktm_store_read_safety (store, safety_cb, import, error) &&
         ktm_store_read_events (store, event_cb, import, error) &&
         ktm_store_read_study_arms (store, arm_cb, import, error);
}

/* Reads the cohort the import goes into: the proposal and the counts are made beside it.  To be
 * called from the thread that has @store.  Errors: those of the store. */
gboolean
ktm_import_read_cohort (KtmImport *import, KtmStore *store, GError **error)
{
  gboolean ok;

  ktm_import_forget_cohort (import);
  if (!ktm_store_read_begin (store, error))
    return FALSE;
  ok = read_tables (import, store, error);
  import->counter = ktm_store_get_counter (store);
  ktm_store_read_end (store);
  if (!ok)
    return FALSE;
  g_array_sort (import->old_scores, ktm_old_score_order);
  g_array_sort (import->old_values, ktm_old_value_order);
  import->has_cohort = import->old_patients->len > 0 || import->old_measures->len > 0;
  if (!import->has_cohort)
    g_clear_pointer (&import->old_unit, g_free);
  return TRUE;
}
