/* model/store: GIO and sqlite3 only.  The plan of an import into a cohort: all of it or nothing. */
#include "ktm-import-private.h"
#include "ktm-store-private.h"

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
      KtmMeasureRecord record = { measure->id,  measure->label,        measure->unit, measure->min,
                                  measure->max, measure->lower_better, measure->mcid };
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
      gboolean has_levels =
          attribute->kind != KTM_STORE_NUMBER && attribute->kind != KTM_STORE_DATE;
      g_autoptr (GPtrArray) levels = g_ptr_array_copy (attribute->levels, NULL, NULL);
      if (has_levels && levels->len == 0)
        continue;
      g_ptr_array_add (levels, NULL);
      KtmAttributeRecord record = { attribute->id, attribute->label, attribute->unit,
                                    attribute->kind,
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
      KtmPatientRecord record = {
        patient->id,         patient->code,          patient->index_date,       patient->centre,
        patient->arm,        patient->included != 0, patient->exclusion_reason, patient->stop_time,
        patient->stop_reason
      };
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
      KtmValueRecord record = {
        patient->id,
        g_array_index (import->attributes, KtmPlanAttribute, value->attribute).position,
        value->value
      };
      if (!ktm_store_put_value (store, &record, error))
        return FALSE;
    }
  return TRUE;
}

#define SCORES_AT_ONCE 32768u

static gboolean
write_scores (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  gboolean fresh = ktm_store_count (store, "score", NULL) == 0;
  gsize n = 0, most = fresh ? MIN (SCORES_AT_ONCE, import->scores->len) : 1;
  g_autofree KtmScoreRecord *records = g_new (KtmScoreRecord, most);

  for (guint i = 0; i < import->scores->len; i++)
    {
      const KtmPlanScore *score = &g_array_index (import->scores, KtmPlanScore, i);
      const KtmPlanPatient *patient = import->patients->pdata[score->patient];
      KtmScoreRecord record = {
        patient->id, g_array_index (import->measures, KtmPlanMeasure, score->measure).position,
        g_array_index (import->visits, KtmPlanVisit, score->visit).position, score->time,
        score->value
      };
      records[n++] = record;
      if ((n == most || i + 1 == import->scores->len)
          && !(fresh ? ktm_store_add_scores (store, records, n, error)
                     : ktm_store_put_score (store, &record, error)))
        return FALSE;
      if (n == most)
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
      KtmTreatmentRecord record = {
        ((KtmPlanPatient *) import->patients->pdata[plan->place.patient])->id,
        plan->time,
        plan->drug,
        plan->dose,
        plan->dose_unit,
        plan->duration,
        plan->duration_unit,
        plan->route,
        plan->with
      };
      if (!ktm_store_put_treatment (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->safety->len; i++)
    {
      const KtmPlanSafety *plan = &g_array_index (import->safety, KtmPlanSafety, i);
      KtmSafetyRecord record = { ((KtmPlanPatient *) import->patients->pdata[plan->patient])->id,
                                 g_array_index (import->visits, KtmPlanVisit, plan->visit).position,
                                 plan->time, plan->any };
      if (!ktm_store_put_safety (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->events->len; i++)
    {
      const KtmPlanEvent *plan = &g_array_index (import->events, KtmPlanEvent, i);
      KtmEventRecord record = {
        ((KtmPlanPatient *) import->patients->pdata[plan->place.patient])->id,
        plan->visit < 0 ? -1
                        : (gint) g_array_index (import->visits, KtmPlanVisit, plan->visit).position,
        plan->time,
        plan->term,
        plan->severity,
        plan->grade,
        plan->serious,
        plan->related,
        plan->led_to_stop,
        plan->resolved
      };
      if (!ktm_store_put_event (store, &record, error))
        return FALSE;
    }
  for (guint i = 0; i < import->arms->len; i++)
    if (!ktm_store_put_study_arm (store, &g_array_index (import->arms, KtmPlanArm, i).record,
                                  error))
      return FALSE;
  return TRUE;
}

static char *
source_names (KtmImport *import)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < import->sources->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ktm_import_get_source (import, i)->name);
  return g_string_free (names, FALSE);
}

static const char *
index_event (KtmImport *import)
{
  gboolean ketamine = import->treatments->len > 0;

  for (guint i = 0; i < import->treatments->len && ketamine; i++)
    {
      g_autofree char *drug =
          ktm_fold (g_array_index (import->treatments, KtmPlanTreatment, i).drug, -1, TRUE);
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
  g_autofree char *provenance = before != NULL && *before != '\0'
                                    ? g_strdup (before)
                                    : g_strdup_printf (_("Imported from %s"), names);
  KtmStudyRecord record = { NULL, title, ktm_time_unit_name (import->unit), index_event (import),
                            provenance };
  return ktm_store_put_study (store, &record, error);
}

static gboolean
write_all (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  return write_study (import, store, error) && write_schedule (import, store, error) &&
         write_measures (import, store, error) && write_attributes (import, store, error) &&
         write_patients (import, store, error) && write_values (import, store, error) &&
         write_scores (import, store, cancellable, error) && write_events (import, store, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* The plan says positions and counts of the cohort as it was read. */
static gboolean
is_as_read (KtmImport *import, KtmStore *store, GError **error)
{
  if (import->counter == 0 || import->counter == ktm_store_get_counter (store))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED,
               _("“%s” was changed by another window or program in the meantime; nothing was "
                  "imported. Check the files against it again."),
               store->name);
  return FALSE;
}

/* Writes the checked plan into @store in one transaction; where the cohort had patients it is one
 * history entry and can be undone.  The cohort must be the one that was read by
 * ktm_import_read_cohort(), or a new one. Errors: those of the store, cancelled; the cohort is then
 * as it was. */
gboolean
ktm_import_commit (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error)
{
  g_autofree char *names = source_names (import);
  gboolean edit = import->old_patients != NULL && import->old_patients->len > 0;

  if (edit ? !ktm_store_edit_begin (store, error) : !ktm_store_begin (store, error))
    return FALSE;
  if (!is_as_read (import, store, error) || !write_all (import, store, cancellable, error))
    {
      if (edit)
        ktm_store_edit_cancel (store);
      else
        ktm_store_rollback (store);
      return FALSE;
    }
  if (!edit)
    return ktm_store_commit (store, error);
  g_autofree char *after = g_strdup_printf ("%u new patients, %u new values, %u changed values",
                                            import->counts.new_patients, import->counts.new_values,
                                            import->counts.changed_values);
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

/* The same into the cohort file at @path.  Where there is none it is made: it appears whole, or not
 * at all. Opens its own connection: any thread may call it. */
gboolean
ktm_import_commit_path (KtmImport *import, const char *path, GCancellable *cancellable,
                        GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return commit_new (import, path, cancellable, error);
  g_autoptr (KtmStore) store = ktm_store_open (path, FALSE, error);
  return store != NULL && ktm_import_commit (import, store, cancellable, error);
}
