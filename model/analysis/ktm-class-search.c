/* model/analysis: trajectory classes looked for in a worker thread, shared by all who show them. */
#include "ktm-class-search.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "ktm-run-classes.h"

typedef struct
{
  KtmFrame           *frame;    /* a reference */
  KtmAnalysisOptions *options;  /* owned */
  KtmClassSearchNews  news;
  gpointer            news_data;
  GMainContext       *context;  /* owned: where news are told */
  double              fraction; /* last told; of the worker */
} Job;

typedef struct
{
  GTask          *task;    /* a reference */
  KtmClassResult *so_far;  /* a reference, nullable */
  double          fraction;
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

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  ktm_class_result_unref (notice->so_far);
  g_object_unref (notice->task);
  g_free (notice);
}

static gboolean
notice_cb (gpointer data)
{
  Notice *notice = data;
  Job *job = g_task_get_task_data (notice->task);

  if (!g_task_get_completed (notice->task)
      && !g_cancellable_is_cancelled (g_task_get_cancellable (notice->task)))
    job->news (notice->so_far, notice->fraction, job->news_data);
  return G_SOURCE_REMOVE;
}

/* Takes @so_far. */
static void
tell (GTask *task, KtmClassResult *so_far, double fraction)
{
  Job *job = g_task_get_task_data (task);
  Notice *notice = g_new (Notice, 1);

  job->fraction = fraction;
  *notice = (Notice) { g_object_ref (task), so_far, fraction };
  g_main_context_invoke_full (job->context, G_PRIORITY_DEFAULT, notice_cb, notice, notice_free);
}

static bool
stop_cb (void *data)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (data)));
}

static void
report_cb (void *data, double fraction)
{
  const Job *job = g_task_get_task_data (G_TASK (data));

  if (fraction >= job->fraction + 0.01)
    tell (data, NULL, fraction);
}

static void
found_cb (KtmClassResult *so_far, gpointer data)
{
  const Job *job = g_task_get_task_data (G_TASK (data));

  tell (data, so_far, job->fraction);
}

/* Why there is no model, as an error in the language of the window. */
static void
return_why (GTask *task, const KtmRunClasses *classes)
{
  const char *const *names = g_get_language_names ();
  KtmText *why = ktm_run_classes_why_none (classes);
  char *said = ktm_text_render (why, names[0] != NULL ? ktm_lang_find (names[0]) : NULL, 0);

  g_task_return_new_error (task, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_FAILED, "%s", said);
  ktm_text_free (why);
  free (said);
}

static void
worker (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
        GCancellable *cancellable G_GNUC_UNUSED)
{
  const Job *job = data;
  KtmProgress progress = { .stop = stop_cb, .report = report_cb, .data = task };
  g_autoptr(KtmReport) report = ktm_report_new ("trajectory-classes");
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_copy (job->options);
  g_auto(KtmRun) run = { 0 };
  g_auto(KtmRunClasses) classes = { 0 };
  GError *error = NULL;

  if (!ktm_analysis_resolve (ktm_analysis_find ("trajectory-classes"), job->frame, options, &error)
      || !ktm_run_init (&run, job->frame, options, &progress, report, &error))
    g_task_return_error (task, error);
  else if (!ktm_run_classes_watched (&run, found_cb, task, &classes))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Stopped."));
  else if (classes.result->n_classes == 0)
    return_why (task, &classes);
  else
    g_task_return_pointer (task, g_steal_pointer (&classes.result),
                           (GDestroyNotify) ktm_class_result_unref);
}

void
ktm_class_search_async (const KtmFrame *frame, const KtmAnalysisOptions *options,
                        GCancellable *cancellable, KtmClassSearchNews news, gpointer news_data,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  *job = (Job){ ktm_frame_ref (frame), ktm_analysis_options_copy (options), news, news_data,
                g_main_context_ref_thread_default (), 0 };
  g_task_set_source_tag (task, ktm_class_search_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
}

KtmClassResult *
ktm_class_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ktm_class_search_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
