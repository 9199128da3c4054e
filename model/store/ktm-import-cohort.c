/* model/store: GIO and sqlite3 only.  The open cohort as an import sees it, and the writing of the plan into one. */
#include "ktm-import-private.h"

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
  KtmPlanMeasure old = { keep (import, measure->id), keep (import, measure->label), keep (import, measure->unit), measure->min, measure->max,
                         measure->mcid, measure->lower_better, TRUE, import->old_measures->len };

  g_array_append_val (import->old_measures, old);
  return TRUE;
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  const KtmVisitRecord *visit = record;
  KtmImport *import = data;
  KtmPlanVisit old = { keep (import, visit->id), keep (import, visit->label), visit->time, visit->window_low, visit->window_high, TRUE, import->old_visits->len };

  g_array_append_val (import->old_visits, old);
  return TRUE;
}

static gboolean
attribute_cb (const void *record, gpointer data)
{
  const KtmAttributeRecord *attribute = record;
  KtmImport *import = data;
  KtmPlanAttribute old = { keep (import, attribute->id), keep (import, attribute->label), keep (import, attribute->unit), attribute->kind,
                           g_ptr_array_new (), NULL, 0, TRUE, import->old_attributes->len };

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
  KtmPlanPatient old = { .code = keep (import, patient->code), .code_len = strlen (patient->code), .id = patient->id, .index_date = patient->index_date,
                         .first_treatment = NAN, .index_column = NAN, .centre = keep (import, patient->centre), .arm = keep (import, patient->arm),
                         .exclusion_reason = keep (import, patient->exclusion_reason), .stop_reason = keep (import, patient->stop_reason),
                         .included = patient->included, .stop_time = patient->stop_time, .exists = TRUE };

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
  g_array_append_val (import->old_arms, old);
  return TRUE;
}

static int
score_order (gconstpointer a, gconstpointer b)
{
  const KtmOldScore *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  if (x->measure != y->measure)
    return x->measure < y->measure ? -1 : 1;
  return x->visit == y->visit ? 0 : x->visit < y->visit ? -1 : 1;
}

static int
value_order (gconstpointer a, gconstpointer b)
{
  const KtmOldValue *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  return x->attribute == y->attribute ? 0 : x->attribute < y->attribute ? -1 : 1;
}

/* Reads the cohort the import goes into: the proposal and the counts are made beside it.  To be called from the thread
 * that has @store.  Errors: those of the store. */
gboolean
ktm_import_read_cohort (KtmImport *import, KtmStore *store, GError **error)
{
  ktm_import_forget_cohort (import);
  if (!ktm_store_get_study (store, study_cb, import, error) || !ktm_store_read_measures (store, measure_cb, import, error) ||
      !ktm_store_read_visits (store, visit_cb, import, error) || !ktm_store_read_attributes (store, attribute_cb, import, error) ||
      !ktm_store_read_patients (store, patient_cb, import, error) || !ktm_store_read_scores (store, score_cb, import, error) ||
      !ktm_store_read_values (store, value_cb, import, error) ||
      !ktm_store_read_treatments (store, treatment_cb, import, error) ||
      !ktm_store_read_safety (store, safety_cb, import, error) || !ktm_store_read_events (store, event_cb, import, error) ||
      !ktm_store_read_study_arms (store, arm_cb, import, error))
    return FALSE;
  g_array_sort (import->old_scores, score_order);
  g_array_sort (import->old_values, value_order);
  import->has_cohort = import->old_patients->len > 0 || import->old_measures->len > 0;
  if (!import->has_cohort)
    g_clear_pointer (&import->old_unit, g_free);
  return TRUE;
}

/* --- writing ------------------------------------------------------------------------------------------- */

static int
visit_by_time (gconstpointer a, gconstpointer b)
{
  const KtmPlanVisit *x = *(KtmPlanVisit *const *) a, *y = *(KtmPlanVisit *const *) b;

  return x->time < y->time ? -1 : x->time > y->time;
}

static gboolean
write_schedule (KtmImport *import, KtmStore *store, GError **error)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < import->visits->len; i++)
    if (!g_array_index (import->visits, KtmPlanVisit, i).exists)
      g_ptr_array_add (fresh, &g_array_index (import->visits, KtmPlanVisit, i));
  g_ptr_array_sort (fresh, visit_by_time);
  for (guint i = 0; i < fresh->len; i++)
    {
      KtmPlanVisit *visit = fresh->pdata[i];
      KtmVisitRecord record = { visit->id, visit->label, visit->time, NAN, NAN };
      if (!ktm_store_put_visit (store, &record, &visit->position, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_measures (KtmImport *import, KtmStore *store, GError **error)
{
  for (guint i = 0; i < import->measures->len; i++)
    {
      KtmPlanMeasure *measure = &g_array_index (import->measures, KtmPlanMeasure, i);
      KtmMeasureRecord record = { measure->id, measure->label, measure->unit, measure->min, measure->max, measure->lower_better, measure->mcid };
      if (!measure->exists && !ktm_store_put_measure (store, &record, &measure->position, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_attributes (KtmImport *import, KtmStore *store, GError **error)
{
  for (guint i = 0; i < import->attributes->len; i++)
    {
      KtmPlanAttribute *attribute = &g_array_index (import->attributes, KtmPlanAttribute, i);
      gboolean has_levels = attribute->kind != KTM_STORE_NUMBER && attribute->kind != KTM_STORE_DATE;
      g_autoptr (GPtrArray) levels = g_ptr_array_copy (attribute->levels, NULL, NULL);
      if (has_levels && levels->len == 0)
        continue;
      g_ptr_array_add (levels, NULL);
      KtmAttributeRecord record = { attribute->id, attribute->label, attribute->unit, attribute->kind,
                                    has_levels ? (const char *const *) levels->pdata : NULL };
      if ((!attribute->exists || attribute->levels->len > attribute->n_old_levels) &&
          !ktm_store_put_attribute (store, &record, &attribute->position, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_patients (KtmImport *import, KtmStore *store, GError **error)
{
  for (guint i = 0; i < import->patients->len; i++)
    {
      KtmPlanPatient *patient = import->patients->pdata[i];
      KtmPatientRecord record = { patient->id, patient->code, patient->index_date, patient->centre, patient->arm, patient->included != 0,
                                  patient->exclusion_reason, patient->stop_time, patient->stop_reason };
      if (!ktm_store_put_patient (store, &record, &patient->id, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tick (KtmImport *import, guint i, guint n, GCancellable *cancellable, GError **error)
{
  if ((i & 0x1FFF) != 0)
    return TRUE;
  if (import->progress != NULL)
    import->progress ((double) i / MAX (1, n), import->progress_data);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
write_values (KtmImport *import, KtmStore *store, GError **error)
{
  for (guint i = 0; i < import->values->len; i++)
    {
      const KtmPlanValue *value = &g_array_index (import->values, KtmPlanValue, i);
      const KtmPlanPatient *patient = import->patients->pdata[value->patient];
      KtmValueRecord record = { patient->id, g_array_index (import->attributes, KtmPlanAttribute, value->attribute).position, value->value };
      if (!ktm_store_put_value (store, &record, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_scores (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  gboolean fresh = ktm_store_count (store, "score", NULL) == 0;
  KtmScoreRecord records[1024];
  gsize n = 0;

  for (guint i = 0; i < import->scores->len; i++)
    {
      const KtmPlanScore *score = &g_array_index (import->scores, KtmPlanScore, i);
      const KtmPlanPatient *patient = import->patients->pdata[score->patient];
      KtmScoreRecord record = { patient->id, g_array_index (import->measures, KtmPlanMeasure, score->measure).position,
                                g_array_index (import->visits, KtmPlanVisit, score->visit).position, score->time, score->value };
      records[n++] = record;
      if ((n == G_N_ELEMENTS (records) || !fresh || i + 1 == import->scores->len) &&
          !(fresh ? ktm_store_add_scores (store, records, n, error) : ktm_store_put_score (store, &record, error)))
        return FALSE;
      if (n == G_N_ELEMENTS (records) || !fresh)
        n = 0;
      if (!tick (import, i, import->scores->len, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_events (KtmImport *import, KtmStore *store, GError **error)
{
  for (guint i = 0; i < import->treatments->len; i++)
    {
      const KtmPlanTreatment *plan = &g_array_index (import->treatments, KtmPlanTreatment, i);
      KtmTreatmentRecord record = { ((KtmPlanPatient *) import->patients->pdata[plan->place.patient])->id, plan->time, plan->drug, plan->dose, plan->dose_unit,
                                    plan->duration, plan->duration_unit, plan->route, plan->with };
      if (!ktm_store_put_treatment (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->safety->len; i++)
    {
      const KtmPlanSafety *plan = &g_array_index (import->safety, KtmPlanSafety, i);
      KtmSafetyRecord record = { ((KtmPlanPatient *) import->patients->pdata[plan->patient])->id,
                                 g_array_index (import->visits, KtmPlanVisit, plan->visit).position, plan->time, plan->any };
      if (!ktm_store_put_safety (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->events->len; i++)
    {
      const KtmPlanEvent *plan = &g_array_index (import->events, KtmPlanEvent, i);
      KtmEventRecord record = { ((KtmPlanPatient *) import->patients->pdata[plan->place.patient])->id,
                                plan->visit < 0 ? -1 : (gint) g_array_index (import->visits, KtmPlanVisit, plan->visit).position, plan->time, plan->term,
                                plan->severity, plan->grade, plan->serious, plan->related, plan->led_to_stop, plan->resolved };
      if (!ktm_store_put_event (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->arms->len; i++)
    if (!ktm_store_put_study_arm (store, &g_array_index (import->arms, KtmPlanArm, i).record, error))
      return FALSE;
  return TRUE;
}

static char *
source_names (KtmImport *import)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < import->sources->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ktm_import_get_source (import, i)->name);
  return g_string_free (names, FALSE);
}

static const char *
index_event (KtmImport *import)
{
  gboolean ketamine = import->treatments->len > 0;

  for (guint i = 0; i < import->treatments->len && ketamine; i++)
    {
      g_autofree char *drug = ktm_fold (g_array_index (import->treatments, KtmPlanTreatment, i).drug, -1, TRUE);
      ketamine = strstr (drug, "ketamin") != NULL;
    }
  if (ketamine)
    return N_("first ketamine");
  return import->treatments->len > 0 ? N_("first treatment") : N_("baseline");
}

static gboolean
study_dup_cb (const void *record, gpointer data)
{
  const KtmStudyRecord *study = record;
  char **fields = data;

  fields[0] = g_strdup (study->title);
  fields[1] = g_strdup (study->provenance);
  return TRUE;
}

/* A cohort without patients takes its unit and index event from the first import. */
static gboolean
write_study (KtmImport *import, KtmStore *store, GError **error)
{
  g_autofree char *names = source_names (import);
  char *fields[2] = { NULL, NULL };

  if (import->has_cohort)
    return TRUE;
  if (!ktm_store_get_study (store, study_dup_cb, fields, error))
    return FALSE;
  g_autofree char *title = fields[0], *before = fields[1];
  g_autofree char *provenance = before != NULL && *before != '\0' ? g_strdup (before) : g_strdup_printf (_("Imported from %s"), names);
  KtmStudyRecord record = { NULL, title, ktm_time_unit_name (import->unit), index_event (import), provenance };
  return ktm_store_put_study (store, &record, error);
}

static gboolean
write_all (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  return write_study (import, store, error) && write_schedule (import, store, error) && write_measures (import, store, error) &&
         write_attributes (import, store, error) && write_patients (import, store, error) && write_values (import, store, error) &&
         write_scores (import, store, cancellable, error) && write_events (import, store, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Writes the checked plan into @store in one transaction; where the cohort had patients it is one history entry and can be
 * undone.  The cohort must be the one that was read by ktm_import_read_cohort(), or a new one.
 * Errors: those of the store, cancelled; the cohort is then as it was. */
gboolean
ktm_import_commit (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  g_autofree char *names = source_names (import);
  gboolean edit = import->old_patients != NULL && import->old_patients->len > 0;

  if (edit ? !ktm_store_edit_begin (store, error) : !ktm_store_begin (store, error))
    return FALSE;
  if (!write_all (import, store, cancellable, error))
    {
      if (edit)
        ktm_store_edit_cancel (store);
      else
        ktm_store_rollback (store);
      return FALSE;
    }
  if (!edit)
    return ktm_store_commit (store, error);
  g_autofree char *after = g_strdup_printf ("%u new patients, %u new values, %u changed values", import->counts.new_patients,
                                            import->counts.new_values, import->counts.changed_values);
  return ktm_store_edit_end (store, KTM_EDIT_IMPORT, names, NULL, after, NULL, error);
}

static char *
title_of (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot > name)
    *dot = '\0';
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  return g_strdup (valid);
}

static gboolean
commit_new (KtmImport *import, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *title = title_of (path);
  KtmStore *store = ktm_store_create_hidden (path, title, error);

  if (store == NULL)
    return FALSE;
  if (ktm_import_commit (import, store, cancellable, error))
    return ktm_store_publish (store, path, error);
  ktm_store_discard (store);
  return FALSE;
}

/* The same into the cohort file at @path.  Where there is none it is made: it appears whole, or not at all.
 * Opens its own connection: any thread may call it. */
gboolean
ktm_import_commit_path (KtmImport *import, const char *path, GCancellable *cancellable, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return commit_new (import, path, cancellable, error);
  g_autoptr (KtmStore) store = ktm_store_open (path, FALSE, error);
  return store != NULL && ktm_import_commit (import, store, cancellable, error);
}
