/* model/analysis: the registry of analyses and their runner. */
#include "ktm-analysis.h"

#include "ktm-class-result.h"

#include "analyses/ktm-analyses.h"
#include "ktm-run.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (ktm-analysis-error-quark, ktm_analysis_error)

static const KtmAnalysis *const registry[] = {
  &ktm_analysis_summary,
  &ktm_analysis_change,
  &ktm_analysis_compare,
  &ktm_analysis_subgroups,
  &ktm_analysis_responder,
  &ktm_analysis_pgic,
  &ktm_analysis_association,
  &ktm_analysis_mixed_model,
  &ktm_analysis_table1,
  &ktm_analysis_flow,
  &ktm_analysis_missingness,
  &ktm_analysis_measures,
  &ktm_analysis_sensitivity,
  &ktm_analysis_survival,
  &ktm_analysis_adverse_events,
  &ktm_analysis_consort_harms,
  &ktm_analysis_meta_analysis,
  &ktm_analysis_trajectory_classes,
  &ktm_analysis_class_predictors,
  &ktm_analysis_class_stability,
  &ktm_analysis_class_outlook,
};

typedef struct
{
  const KtmAnalysis  *analysis;
  KtmFrame           *frame;    /* a reference */
  KtmAnalysisOptions *options;  /* owned */
  KtmAnalysisProgress progress;
  gpointer            progress_data;
  GMainContext       *context;  /* owned: where progress is told */
  int                 percent;  /* last told */
} Job;

typedef struct
{
  GTask *task;     /* a reference */
  double fraction;
} Notice;

static void
job_free (gpointer data)
{
  Job *job = data;

  ktm_frame_unref (job->frame);
  ktm_analysis_options_free (job->options);
  g_main_context_unref (job->context);
  g_free (job);
}

KtmAnalysisOptions *
ktm_analysis_options_new (void)
{
  KtmAnalysisOptions *options = g_new0 (KtmAnalysisOptions, 1);

  options->from = options->to = NAN;
  options->level = 0.95;
  options->model = TRUE;
  options->degree = 3;
  options->censored = TRUE;
  options->patient = -1;
  return options;
}

KtmAnalysisOptions *
ktm_analysis_options_copy (const KtmAnalysisOptions *options)
{
  KtmAnalysisOptions *copy = g_memdup2 (options, sizeof *options);

  copy->measure = g_strdup (options->measure);
  copy->by = g_strdup (options->by);
  copy->lang = g_strdup (options->lang);
  copy->groups = g_strdupv (options->groups);
  copy->definition = g_strdup (options->definition);
  copy->covariates = g_strdupv (options->covariates);
  copy->structure = g_strdup (options->structure);
  copy->outcome = g_strdup (options->outcome);
  copy->relief = g_strdup (options->relief);
  copy->stratum = g_strdup (options->stratum);
  copy->evidence = g_strdup (options->evidence);
  copy->ties = g_strdup (options->ties);
  copy->test = g_strdup (options->test);
  copy->adjust = g_strdup (options->adjust);
  copy->found = ktm_class_result_ref (options->found);
  copy->shape = g_strdup (options->shape);
  copy->degrees = g_strdup (options->degrees);
  copy->steps = g_strdup (options->steps);
  copy->apply = ktm_class_model_ref (options->apply);
  if (copy->enough != NULL)
    g_object_ref (copy->enough);
  return copy;
}

void
ktm_analysis_options_free (KtmAnalysisOptions *options)
{
  if (options == NULL)
    return;
  g_free (options->measure);
  g_free (options->by);
  g_free (options->lang);
  g_strfreev (options->groups);
  g_free (options->definition);
  g_strfreev (options->covariates);
  g_free (options->structure);
  g_free (options->outcome);
  g_free (options->relief);
  g_free (options->stratum);
  g_free (options->evidence);
  g_free (options->ties);
  g_free (options->test);
  g_free (options->adjust);
  ktm_class_result_unref (options->found);
  g_free (options->shape);
  g_free (options->degrees);
  g_free (options->steps);
  ktm_class_model_unref (options->apply);
  g_clear_object (&options->enough);
  g_free (options);
}

const KtmAnalysis *const *
ktm_analyses (gsize *n)
{
  *n = G_N_ELEMENTS (registry);
  return registry;
}

const KtmAnalysis *
ktm_analysis_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (registry); i++)
    if (g_strcmp0 (registry[i]->id, id) == 0)
      return registry[i];
  return NULL;
}

/* KTM_FRAME_TREATMENTS, EVENTS, SAFETY and STUDIES of ktm-cohort.h, which lies above this floor. */
guint
ktm_analysis_parts (const KtmAnalysis *analysis)
{
  return (analysis->uses & KTM_USES_EVENTS ? 4 | 16 : 0)
         | (analysis->uses & KTM_USES_RELIEF ? 8 : 0)
         | (analysis->uses & KTM_USES_STUDIES ? 64 : 0);
}

KtmReport *
ktm_analysis_run_sync (const KtmAnalysis *analysis, const KtmFrame *frame,
                       const KtmAnalysisOptions *options, const KtmProgress *progress,
                       GError **error)
{
  g_autoptr(KtmReport) report = NULL;
  g_autoptr(KtmAnalysisOptions) resolved = NULL;

  g_return_val_if_fail (analysis != NULL && frame != NULL && options != NULL, NULL);
  resolved = ktm_analysis_options_copy (options);
  if (!ktm_analysis_resolve (analysis, frame, resolved, error))
    return NULL;
  report = ktm_report_new (analysis->id);
  if (!analysis->run (frame, resolved, progress, report, error))
    return NULL;
  if (ktm_progress_stopped (progress))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Stopped."));
      return NULL;
    }
  return g_steal_pointer (&report);
}

static bool
stop_cb (void *data)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (data)));
}

static gboolean
notice_cb (gpointer data)
{
  Notice *notice = data;
  Job *job = g_task_get_task_data (notice->task);

  if (!g_task_get_completed (notice->task)
      && !g_cancellable_is_cancelled (g_task_get_cancellable (notice->task)))
    job->progress (notice->fraction, job->progress_data);
  return G_SOURCE_REMOVE;
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_object_unref (notice->task);
  g_free (notice);
}

/* In the worker: tells the caller's context, once a percent. */
static void
report_cb (void *data, double fraction)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  Notice *notice;

  if (job->progress == NULL || (int) (100 * fraction) == job->percent)
    return;
  job->percent = (int) (100 * fraction);
  notice = g_new (Notice, 1);
  *notice = (Notice) { g_object_ref (task), fraction };
  g_main_context_invoke_full (job->context, G_PRIORITY_DEFAULT, notice_cb, notice, notice_free);
}

static void
run_worker (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
            GCancellable *cancellable G_GNUC_UNUSED)
{
  const Job *job = data;
  KtmProgress progress = { .stop = stop_cb, .report = report_cb, .data = task };
  GError *error = NULL;
  KtmReport *report =
      ktm_analysis_run_sync (job->analysis, job->frame, job->options, &progress, &error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) ktm_report_free);
  else
    g_task_return_error (task, error);
}

static void
pool_cb (gpointer data, gpointer unused G_GNUC_UNUSED)
{
  g_autoptr(GTask) task = data;

  if (!g_task_return_error_if_cancelled (task))
    run_worker (task, NULL, g_task_get_task_data (task), g_task_get_cancellable (task));
}

/* No more at once than the machine works on: of 100 000 patients each takes some 30 MB. */
static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (
        &pool,
        g_thread_pool_new (pool_cb, NULL, MAX (3, (int) g_get_num_processors ()), FALSE, NULL));
  return pool;
}

void
ktm_analysis_run_async (const KtmAnalysis *analysis, const KtmFrame *frame,
                        const KtmAnalysisOptions *options, GCancellable *cancellable,
                        KtmAnalysisProgress progress, gpointer progress_data,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  *job = (Job){ analysis, ktm_frame_ref (frame), ktm_analysis_options_copy (options),
                progress, progress_data,         g_main_context_ref_thread_default (),
                -1 };
  g_task_set_source_tag (task, ktm_analysis_run_async);
  g_task_set_task_data (task, job, job_free);
  g_thread_pool_push (get_pool (), g_steal_pointer (&task), NULL);
}

KtmReport *
ktm_analysis_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ktm_analysis_run_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
