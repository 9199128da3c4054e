/* KtmPageRun: a chart drawn from the results of an analysis, which runs in a worker first. */
#pragma once

#include "ktm-chart-view.h"

G_BEGIN_DECLS

typedef struct _KtmPageRun KtmPageRun;

/* @view: borrowed, and must outlive it. */
KtmPageRun *ktm_page_run_new  (KtmChartView *view);
void        ktm_page_run_free (KtmPageRun *self);
/* Runs the analysis of @chart for @frame, then draws; what ran before is stopped.  An error of the
 * analysis stands in the place of the chart. */
void        ktm_page_run_start (KtmPageRun *self, const KtmChartType *chart, KtmFrame *frame,
                                const KtmChartOptions *options);
void        ktm_page_run_stop  (KtmPageRun *self);
gboolean    ktm_page_run_is_busy (KtmPageRun *self);
/* What the chart on the page was drawn from; NULL: none.  Free with ktm_report_free(). */
KtmReport  *ktm_page_run_dup_report (KtmPageRun *self);

G_END_DECLS
