/* widgets: the results a chart is drawn from. */
#include "ktm-page-run.h"

#include "ktm-analysis.h"
#include "ktm-chart-choices.h"

struct _KtmPageRun
{
  KtmChartView       *view;    /* borrowed */
  const KtmChartType *chart;   /* of the run */
  KtmFrame           *frame;   /* owned */
  KtmChartOptions    *options; /* owned */
  KtmReport          *report;  /* owned; of the last run that ended */
  GCancellable       *running; /* owned; NULL: nothing runs */
};

KtmPageRun *
ktm_page_run_new (KtmChartView *view)
{
  KtmPageRun *self = g_new0 (KtmPageRun, 1);

  self->view = view;
  return self;
}

void
ktm_page_run_stop (KtmPageRun *self)
{
  if (self->running)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_pointer (&self->frame, ktm_frame_unref);
  g_clear_pointer (&self->options, ktm_chart_options_free);
  g_clear_pointer (&self->report, ktm_report_free);
}

void
ktm_page_run_free (KtmPageRun *self)
{
  ktm_page_run_stop (self);
  g_free (self);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  KtmReport *report = ktm_analysis_run_finish (result, &error);
  KtmPageRun *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the page may be gone */
  g_clear_object (&self->running);
  self->report = report;
  if (report)
    ktm_chart_view_set_chart (self->view, self->chart, self->frame, ktm_report_share (report),
                              self->options);
  else
    ktm_chart_view_set_error (self->view, error->message);
}

void
ktm_page_run_start (KtmPageRun *self, const KtmChartType *chart, KtmFrame *frame,
                    const KtmChartOptions *options)
{
  const KtmAnalysis *analysis = ktm_analysis_find (ktm_chart_analysis (chart, options));
  g_autoptr (KtmAnalysisOptions) asked = ktm_chart_dup_analysis_options (options);

  ktm_page_run_stop (self);
  g_return_if_fail (analysis != NULL);
  g_clear_pointer (&asked->by, g_free); /* of all patients shown, whatever colours them */
  g_clear_pointer (&asked->groups, g_strfreev);
  self->chart = chart;
  self->frame = ktm_frame_ref (frame);
  self->options = ktm_chart_options_copy (options);
  self->running = g_cancellable_new ();
  ktm_analysis_run_async (analysis, frame, asked, self->running, NULL, NULL, done_cb, self);
}

gboolean
ktm_page_run_is_busy (KtmPageRun *self)
{
  return self->running != NULL;
}

KtmReport *
ktm_page_run_dup_report (KtmPageRun *self)
{
  return self->report ? ktm_report_share (self->report) : NULL;
}
