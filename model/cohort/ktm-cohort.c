/* model/cohort: store and stats, GObject, GIO. */
#include "ktm-cohort.h"

#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"
#include "ktm-split.h"
#include "ktm-store-scan.h"

#define SAMPLE_RESOURCE "/org/ketamine/Viewer/sample.cohort"

struct _KtmCohort
{
  GObject        parent_instance;
  KtmStore      *store;     /* owned */
  KtmCohortData *data;      /* owned */
  KtmPatient   **patients;  /* owned, one a row; NULL until somebody asks for it */
  KtmClassColumns *classes; /* owned, nullable */
  KtmClassResult *result;   /* a reference, nullable: where they come from */
  gboolean       moved;     /* patients came or went since */
};

enum { PROP_0, PROP_TITLE, PROP_N_SCREENED, PROP_ITEM_TYPE, PROP_N_ITEMS, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KtmCohort, ktm_cohort, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- the list --------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return KTM_TYPE_PATIENT;
}

static guint
get_n_items (GListModel *model)
{
  KtmCohort *self = KTM_COHORT (model);

  return self->data != NULL ? (guint) self->data->frame->n_patients : 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  KtmCohort *self = KTM_COHORT (model);

  if (position >= get_n_items (model))
    return NULL;
  if (self->patients[position] == NULL)
    self->patients[position] = ktm_patient_new (self, position);
  return g_object_ref (self->patients[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- changing the data ------------------------------------------------------------------------ */

/* Objects stay with their codes; those of patients that are gone say so. */
static void
move_patients (KtmCohort *self, KtmPatient **old, gsize n_old)
{
  for (gsize i = 0; i < n_old; i++)
    if (old[i] != NULL)
      {
        gint at = ktm_cohort_find_code (self, ktm_patient_get_code (old[i]));

        ktm_patient_set_index (old[i], at >= 0 ? (guint) at : G_MAXUINT);
        if (at >= 0)
          self->patients[at] = old[i];
        else
          {
            ktm_patient_forget (old[i]);
            g_object_unref (old[i]);
          }
      }
  g_free (old);
}

static gboolean
same_patients (const KtmCohortData *a, const KtmCohortData *b)
{
  return a->frame->n_patients == b->frame->n_patients
         && memcmp (a->ids, b->ids, a->frame->n_patients * sizeof *a->ids) == 0;
}

static void
take_data (KtmCohort *self, KtmCohortData *data)
{
  KtmCohortData *old = self->data;
  KtmPatient **old_patients = self->patients;
  guint n_old = get_n_items (G_LIST_MODEL (self));

  if (self->classes != NULL)
    ktm_class_columns_take_names (self->classes, data);
  ktm_class_columns_apply (self->classes, data);
  self->data = data;
  self->patients = g_new0 (KtmPatient *, data->frame->n_patients + 1);
  if (old == NULL)
    return;
  self->moved = self->moved || !same_patients (old, data);
  move_patients (self, old_patients, n_old);
  ktm_cohort_data_free (old);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, get_n_items (G_LIST_MODEL (self)));
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
ktm_cohort_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KtmCohort *self = KTM_COHORT (object);

  switch (prop_id)
    {
    case PROP_TITLE: g_value_set_string (value, ktm_cohort_get_title (self)); break;
    case PROP_N_SCREENED: g_value_set_uint (value, ktm_cohort_get_n_screened (self)); break;
    case PROP_ITEM_TYPE: g_value_set_gtype (value, KTM_TYPE_PATIENT); break;
    case PROP_N_ITEMS: g_value_set_uint (value, get_n_items (G_LIST_MODEL (self))); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ktm_cohort_finalize (GObject *object)
{
  KtmCohort *self = KTM_COHORT (object);

  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    if (self->patients[i] != NULL)
      {
        ktm_patient_forget (self->patients[i]);
        g_object_unref (self->patients[i]);
      }
  g_clear_pointer (&self->patients, g_free);
  g_clear_pointer (&self->data, ktm_cohort_data_free);
  g_clear_pointer (&self->classes, ktm_class_columns_free);
  g_clear_pointer (&self->result, ktm_class_result_unref);
  g_clear_pointer (&self->store, ktm_store_close);
  G_OBJECT_CLASS (ktm_cohort_parent_class)->finalize (object);
}

static void
ktm_cohort_class_init (KtmCohortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ktm_cohort_get_property;
  object_class->finalize = ktm_cohort_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_N_SCREENED] = g_param_spec_uint ("n-screened", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_ITEM_TYPE] = g_param_spec_gtype ("item-type", NULL, NULL, G_TYPE_OBJECT, flags);
  props[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KTM_TYPE_COHORT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ktm_cohort_init (KtmCohort *self G_GNUC_UNUSED)
{
}

/* --- opening ---------------------------------------------------------------------------------- */

static KtmCohort *
cohort_new (KtmStore *store, KtmCohortData *data)
{
  KtmCohort *self = g_object_new (KTM_TYPE_COHORT, NULL);

  self->store = store;
  take_data (self, data);
  return self;
}

static KtmStore *
open_store (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (path != NULL)
    return ktm_store_open_to_scan (path, FALSE, error);
  bytes = g_resources_lookup_data (SAMPLE_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (bytes != NULL)
    return ktm_store_open_bytes (bytes, error);
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND,
               _("The sample cohort is not built into this program."));
  return NULL;
}

/* What the worker needs; owned by the task. */
typedef struct
{
  char             *path;
  GCancellable     *cancellable;   /* nullable */
  GMainContext     *context;
  KtmCohortProgress progress;      /* nullable */
  gpointer          progress_data;
  double            reported;
  KtmStore         *store;         /* the result, until somebody takes it */
  KtmCohortData    *data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->cancellable);
  g_main_context_unref (job->context);
  ktm_cohort_data_free (job->data);
  ktm_store_close (job->store);
  g_free (job->path);
  g_free (job);
}

/* One report of progress on its way to the main context. */
typedef struct
{
  GTask *task;   /* keeps the job alive */
  double fraction;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->task);
  g_free (report);
}

static gboolean
report_cb (gpointer data)
{
  Report *report = data;
  Job *job = g_task_get_task_data (report->task);

  if (!g_task_get_completed (report->task) && !g_cancellable_is_cancelled (job->cancellable))
    job->progress (report->fraction, job->progress_data);
  return G_SOURCE_REMOVE;
}

static gboolean
poll_cb (double fraction, gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);

  if (job->progress != NULL && fraction - job->reported >= 0.01)
    {
      Report *report = g_new (Report, 1);
      GSource *source = g_idle_source_new ();

      *report = (Report) { g_object_ref (task), fraction };
      job->reported = fraction;
      g_source_set_callback (source, report_cb, report, report_free);
      g_source_attach (source, job->context);
      g_source_unref (source);
    }
  return !g_cancellable_is_cancelled (job->cancellable);
}

static void
open_worker (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
             GCancellable *cancellable G_GNUC_UNUSED)
{
  Job *job = data;
  GError *error = NULL;

  job->store = open_store (job->path, &error);
  if (job->store != NULL)
    job->data = ktm_cohort_data_load (job->store, poll_cb, task, &error);
  if (g_task_return_error_if_cancelled (task))
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Opens a cohort in a worker thread; @callback runs in the calling thread's main context.
 *
 * @path: a file, or NULL for the sample built into the program (read-only in memory)
 * @progress: nullable; called in the same context with 0…1 while rows are read */
void
ktm_cohort_open_async (const char *path, GCancellable *cancellable, KtmCohortProgress progress,
                       gpointer progress_data, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  g_set_object (&job->cancellable, cancellable);
  job->context = g_main_context_ref_thread_default ();
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_set_source_tag (task, ktm_cohort_open_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, open_worker);
  g_object_unref (task);
}

/* The opened cohort, or NULL with a KtmStoreError or G_IO_ERROR_CANCELLED. */
KtmCohort *
ktm_cohort_open_finish (GAsyncResult *result, GError **error)
{
  Job *job;

  g_return_val_if_fail (g_async_result_is_tagged (result, ktm_cohort_open_async), NULL);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  job = g_task_get_task_data (G_TASK (result));
  return cohort_new (g_steal_pointer (&job->store), g_steal_pointer (&job->data));
}

/* The same at once, for the command line.  @path: NULL for the sample. */
KtmCohort *
ktm_cohort_open_sync (const char *path, GError **error)
{
  KtmStore *store = open_store (path, error);

  return store != NULL ? ktm_cohort_new_from_store (store, error) : NULL;
}

/* A cohort from an open store, which it takes (closed when loading fails). */
KtmCohort *
ktm_cohort_new_from_store (KtmStore *store, GError **error)
{
  KtmCohortData *data;

  g_return_val_if_fail (store != NULL, NULL);
  data = ktm_cohort_data_load (store, NULL, NULL, error);
  if (data != NULL)
    return cohort_new (store, data);
  ktm_store_close (store);
  return NULL;
}

/* Reads everything again after an edit, undo or import; emits "items-changed" and "changed".
 * On error everything stays as it was. */
gboolean
ktm_cohort_reload (KtmCohort *self, GError **error)
{
  KtmCohortData *data;

  g_return_val_if_fail (KTM_IS_COHORT (self), FALSE);
  data = ktm_cohort_data_load (self->store, NULL, NULL, error);
  if (data == NULL)
    return FALSE;
  take_data (self, data);
  return TRUE;
}

/* Borrowed attributes are gone afterwards. */
void
ktm_cohort_set_classes (KtmCohort *self, const KtmClassResult *result)
{
  g_return_if_fail (KTM_IS_COHORT (self));
  if (result == self->result)
    return;
  g_clear_pointer (&self->classes, ktm_class_columns_free);
  g_clear_pointer (&self->result, ktm_class_result_unref);
  self->result = ktm_class_result_ref (result);
  self->moved = FALSE;
  if (result != NULL && result->n_classes > 1)
    self->classes = ktm_class_columns_new (self->data, result);
  ktm_class_columns_apply (self->classes, self->data);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* See the header. */
KtmClassResult *
ktm_cohort_get_classes (KtmCohort *self)
{
  g_return_val_if_fail (KTM_IS_COHORT (self), NULL);
  return self->result != NULL && !self->moved ? ktm_class_result_ref (self->result) : NULL;
}

gboolean
ktm_cohort_has_classes (KtmCohort *self)
{
  g_return_val_if_fail (KTM_IS_COHORT (self), FALSE);
  return self->result != NULL && !self->moved && self->result->n_classes > 1;
}

/* --- looking ---------------------------------------------------------------------------------- */

/* The store the cohort keeps open, borrowed; for the thread that owns the cohort. */
KtmStore *
ktm_cohort_get_store (KtmCohort *self)
{
  g_return_val_if_fail (KTM_IS_COHORT (self), NULL);
  return self->store;
}

/* Everything loaded, borrowed until a reload. */
const KtmCohortData *
ktm_cohort_get_data (KtmCohort *self)
{
  return self->data;
}

/* The study's random id, made when its file was. */
const char *
ktm_cohort_get_id (KtmCohort *self)
{
  return self->data->frame->cohort_id;
}

/* What people call the study. */
const char *
ktm_cohort_get_title (KtmCohort *self)
{
  return self->data->frame->title;
}

/* "minute" … "year". */
const char *
ktm_cohort_get_time_unit (KtmCohort *self)
{
  return self->data->frame->time_unit;
}

/* What time 0 is: "first ketamine". */
const char *
ktm_cohort_get_index_event (KtmCohort *self)
{
  return self->data->frame->index_event;
}

/* Where the data come from; may be empty. */
const char *
ktm_cohort_get_provenance (KtmCohort *self)
{
  return self->data->provenance;
}

/* Different centres of the included patients. */
guint
ktm_cohort_get_n_centres (KtmCohort *self)
{
  return self->data->n_centres;
}

/* All patients of the file, the not included ones too. */
guint
ktm_cohort_get_n_screened (KtmCohort *self)
{
  return (guint) self->data->frame->n_screened;
}

/* Measures; the first is the main one. */
guint
ktm_cohort_get_n_measures (KtmCohort *self)
{
  return (guint) self->data->frame->n_measures;
}

/* A measure with its columns over all patients, borrowed until a reload. */
const KtmFrameMeasure *
ktm_cohort_get_measure (KtmCohort *self, guint i)
{
  g_return_val_if_fail (i < ktm_cohort_get_n_measures (self), NULL);
  return &self->data->frame->measures[i];
}

/* Attributes: the file's own first, then the derived ones. */
guint
ktm_cohort_get_n_attributes (KtmCohort *self)
{
  return (guint) self->data->frame->n_attributes;
}

/* An attribute with its column over all patients, borrowed until a reload. */
const KtmFrameAttribute *
ktm_cohort_get_attribute (KtmCohort *self, guint i)
{
  g_return_val_if_fail (i < ktm_cohort_get_n_attributes (self), NULL);
  return &self->data->frame->attributes[i];
}

/* Whether the attribute was known at baseline, so that it may predict what comes after. */
gboolean
ktm_cohort_attribute_is_baseline (KtmCohort *self, guint i)
{
  g_return_val_if_fail (i < ktm_cohort_get_n_attributes (self), FALSE);
  return self->data->is_baseline[i];
}

/* Visits of the schedule, in order of time. */
guint
ktm_cohort_get_n_visits (KtmCohort *self)
{
  return (guint) self->data->frame->n_visits;
}

/* Nominal time in the study's unit. */
double
ktm_cohort_get_visit_time (KtmCohort *self, guint i)
{
  g_return_val_if_fail (i < ktm_cohort_get_n_visits (self), NAN);
  return self->data->frame->visit_time[i];
}

/* "M3". */
const char *
ktm_cohort_get_visit_label (KtmCohort *self, guint i)
{
  g_return_val_if_fail (i < ktm_cohort_get_n_visits (self), NULL);
  return self->data->frame->visit_label[i];
}

/* Visits at which anybody has a score of the main measure. */
guint
ktm_cohort_get_n_score_visits (KtmCohort *self)
{
  return self->data->n_score_visits;
}

static gboolean
same_id (const char *a, const char *b)
{
  g_autofree char *x = NULL, *y = NULL;

  if (g_ascii_strcasecmp (a, b) == 0)
    return TRUE;
  x = g_utf8_casefold (a, -1);
  y = g_utf8_casefold (b, -1);
  return g_str_equal (x, y);
}

/* The attribute with this id in any case; −1 none. */
gint
ktm_cohort_find_attribute (KtmCohort *self, const char *id)
{
  for (guint i = 0; id != NULL && i < ktm_cohort_get_n_attributes (self); i++)
    if (same_id (self->data->frame->attributes[i].id, id))
      return (gint) i;
  return -1;
}

gint
ktm_cohort_find_grouping (KtmCohort *self, const char *by)
{
  gint at = ktm_cohort_find_attribute (self, by);
  g_autofree char *id =
      at < 0 && by != NULL ? g_strndup (by, ktm_grouping_id_length (by)) : NULL;

  return id != NULL ? ktm_cohort_find_attribute (self, id) : at;
}

/* The measure with this id in any case; −1 none. */
gint
ktm_cohort_find_measure (KtmCohort *self, const char *id)
{
  for (guint i = 0; id != NULL && i < ktm_cohort_get_n_measures (self); i++)
    if (same_id (self->data->frame->measures[i].id, id))
      return (gint) i;
  return -1;
}

/* The patient with exactly this code; −1 none.  Patients stand in byte order of their codes. */
gint
ktm_cohort_find_code (KtmCohort *self, const char *code)
{
  gsize low = 0, high = self->data->frame->n_patients;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = strcmp (self->data->frame->code[middle], code);

      if (order == 0)
        return (gint) middle;
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return -1;
}

/* A patient's pseudonym, borrowed until a reload. */
const char *
ktm_cohort_get_code (KtmCohort *self, guint patient)
{
  g_return_val_if_fail (patient < self->data->frame->n_patients, NULL);
  return self->data->frame->code[patient];
}

/* A patient's key in the store, for edits. */
gint64
ktm_cohort_get_patient_id (KtmCohort *self, guint patient)
{
  g_return_val_if_fail (patient < self->data->frame->n_patients, -1);
  return self->data->ids[patient];
}
