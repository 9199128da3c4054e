/* model/store: GIO and sqlite3 only.  Writes the copy for other people: a new file that never held
 * anything else, there whole or not at all. */
#include <math.h>
#include <string.h>

#include "ktm-share-private.h"
#include "ktm-store-private.h"

#define TITLE "Shared cohort"

/* What the callbacks of reading hand on. */
typedef struct
{
  KtmShare  *share;
  KtmStore  *copy;
  GError   **error;
  gboolean   failed;
  guint      n_others;    /* of one patient: two rare words of one moment stay two */
  gint64     last;
} Writer;

static gboolean
went (Writer *writer, gboolean ok)
{
  writer->failed = !ok;
  return ok;
}

static gboolean
study_cb (const void *record, gpointer data)
{
  Writer *writer = data;
  KtmStudyRecord study = *(const KtmStudyRecord *) record;
  g_autofree char *id = ktm_share_new_id (writer->share);

  study.id = id;
  study.title = TITLE;
  study.provenance = "";
  return went (writer, ktm_store_put_study (writer->copy, &study, writer->error));
}

static gboolean
measure_cb (const void *record, gpointer data)
{
  Writer *writer = data;

  return went (writer, ktm_store_put_measure (writer->copy, record, NULL, writer->error));
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  Writer *writer = data;

  return went (writer, ktm_store_put_visit (writer->copy, record, NULL, writer->error));
}

static gboolean
arm_cb (const void *record, gpointer data)
{
  Writer *writer = data;

  return went (writer, ktm_store_put_study_arm (writer->copy, record, writer->error));
}

static gboolean
write_attributes (Writer *writer)
{
  const GPtrArray *attributes = writer->share->attributes;

  for (guint a = 0; a < attributes->len; a++)
    {
      const KtmShareAttribute *attribute = attributes->pdata[a];
      KtmAttributeRecord record = { attribute->id, attribute->label, attribute->unit,
                                    attribute->kind,
                                    (const char *const *) attribute->levels };

      if (attribute->levels != NULL && attribute->levels[0] == NULL)
        record.levels = NULL;
      if (attribute->position >= 0
          && !ktm_store_put_attribute (writer->copy, &record, NULL, writer->error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_values (Writer *writer, const KtmSharePatient *patient)
{
  const GPtrArray *attributes = writer->share->attributes;

  for (guint a = 0; a < attributes->len; a++)
    {
      const KtmShareAttribute *attribute = attributes->pdata[a];
      KtmValueRecord value = { patient->id, (guint) attribute->position,
                               attribute->value[patient->row] };

      if (attribute->position < 0 || isnan (value.value))
        continue;
      if (attribute->kind == KTM_STORE_DATE)
        value.value += patient->days;
      if (!ktm_store_put_value (writer->copy, &value, writer->error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_patients (Writer *writer)
{
  KtmShare *share = writer->share;

  for (guint i = 0; i < share->patients->len; i++)
    {
      KtmSharePatient *patient = &g_array_index (share->patients, KtmSharePatient, i);
      KtmPatientRecord record = patient->record;

      record.code = patient->code;
      record.centre = patient->centre;
      record.index_date = share->options.drop_dates ? NAN : record.index_date + patient->days;
      record.arm = ktm_share_word (share, "arm", record.arm, NULL);
      record.exclusion_reason =
          ktm_share_word (share, "exclusion", record.exclusion_reason, KTM_SHARE_OTHER);
      record.stop_reason = ktm_share_word (share, "stop", record.stop_reason, KTM_SHARE_OTHER);
      if (!ktm_store_put_patient (writer->copy, &record, &patient->id, writer->error)
          || !write_values (writer, patient))
        return FALSE;
    }
  return TRUE;
}

static gboolean
score_cb (const void *record, gpointer data)
{
  Writer *writer = data;
  KtmScoreRecord score = *(const KtmScoreRecord *) record;

  score.patient = ktm_share_find (writer->share, score.patient)->id;
  return went (writer, ktm_store_put_score (writer->copy, &score, writer->error));
}

static gboolean
safety_cb (const void *record, gpointer data)
{
  Writer *writer = data;
  KtmSafetyRecord safety = *(const KtmSafetyRecord *) record;

  safety.patient = ktm_share_find (writer->share, safety.patient)->id;
  return went (writer, ktm_store_put_safety (writer->copy, &safety, writer->error));
}

/* @word, or "other", "other 2" … within a patient. */
static const char *
word_or_other (Writer *writer, const char *field, const char *word, gint64 patient, char **owned)
{
  const char *kept = ktm_share_word (writer->share, field, word, NULL);

  if (kept != NULL || word == NULL)
    return kept;
  writer->n_others = writer->last == patient ? writer->n_others + 1 : 1;
  writer->last = patient;
  *owned = writer->n_others == 1 ? g_strdup (KTM_SHARE_OTHER)
                                 : g_strdup_printf (KTM_SHARE_OTHER " %u", writer->n_others);
  return *owned;
}

static gboolean
treatment_cb (const void *record, gpointer data)
{
  Writer *writer = data;
  KtmTreatmentRecord treatment = *(const KtmTreatmentRecord *) record;
  g_autofree char *drug = NULL, *route = NULL;

  treatment.drug = word_or_other (writer, "drug", treatment.drug, treatment.patient, &drug);
  treatment.route = word_or_other (writer, "route", treatment.route, treatment.patient, &route);
  treatment.with = ktm_share_word (writer->share, "with", treatment.with, NULL);
  treatment.dose_unit = ktm_share_word (writer->share, "dose-unit", treatment.dose_unit, NULL);
  treatment.duration_unit =
      ktm_share_word (writer->share, "duration-unit", treatment.duration_unit, NULL);
  treatment.patient = ktm_share_find (writer->share, treatment.patient)->id;
  return went (writer, ktm_store_put_treatment (writer->copy, &treatment, writer->error));
}

static gboolean
event_cb (const void *record, gpointer data)
{
  Writer *writer = data;
  KtmEventRecord event = *(const KtmEventRecord *) record;
  g_autofree char *term = NULL;

  event.term = word_or_other (writer, "term", event.term, event.patient, &term);
  event.patient = ktm_share_find (writer->share, event.patient)->id;
  return went (writer, ktm_store_put_event (writer->copy, &event, writer->error));
}

static gboolean
each (Writer *writer,
      gboolean (*read) (KtmStore *, KtmStoreRowFunc, gpointer, GError **), KtmStoreRowFunc func)
{
  writer->last = 0;
  return read (writer->share->store, func, writer, writer->error) && !writer->failed;
}

static gboolean
write_tables (Writer *writer)
{
  return each (writer, ktm_store_get_study, study_cb)
         && each (writer, ktm_store_read_measures, measure_cb)
         && each (writer, ktm_store_read_visits, visit_cb) && write_attributes (writer)
         && write_patients (writer) && each (writer, ktm_store_read_scores, score_cb)
         && each (writer, ktm_store_read_safety, safety_cb)
         && each (writer, ktm_store_read_treatments, treatment_cb)
         && each (writer, ktm_store_read_events, event_cb)
         && each (writer, ktm_store_read_study_arms, arm_cb);
}

static gboolean
fill (KtmShare *share, KtmStore *copy, GError **error)
{
  Writer writer = { .share = share, .copy = copy, .error = error };

  if (!ktm_store_begin (copy, error))
    return FALSE;
  if (write_tables (&writer))
    return ktm_store_commit (copy, error) && ktm_store_exec (copy, "VACUUM", error);
  ktm_store_rollback (copy);
  return FALSE;
}

/* Begins to read the cohort as it was when the copy was decided on. */
static gboolean
read_as_seen (KtmShare *share, GError **error)
{
  KtmStore *store = share->store;

  if (!ktm_store_read_begin (store, error))
    return FALSE;
  if (store->version == share->version)
    return TRUE;
  ktm_store_read_end (store);
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED,
               _("“%s” was changed in the meantime; no copy was made. Try again."), store->name);
  return FALSE;
}

/* Makes the copy: a new file of mode 0600, whole or not at all.  It is written row by row into a
 * new file, so that no byte of the original's pages can be in it.
 *
 * Errors: EXISTS, NOT_FOUND (no such folder), READ_ONLY, FULL, CHANGED (the cohort was written to
 * since it was looked at), FAILED; there is no file then. */
gboolean
ktm_share_write (KtmShare *share, const char *path, GError **error)
{
  KtmStore *copy;
  gboolean ok;

  g_return_val_if_fail (share != NULL && path != NULL, FALSE);
  copy = ktm_store_create_hidden (path, TITLE, error);
  if (copy == NULL)
    return FALSE;
  ok = read_as_seen (share, error);
  if (ok)
    {
      ok = fill (share, copy, error);
      ktm_store_read_end (share->store);
    }
  if (ok)
    return ktm_store_publish (copy, path, error);
  ktm_store_discard (copy);
  return FALSE;
}
