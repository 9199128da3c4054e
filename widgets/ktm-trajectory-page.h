/* KtmTrajectoryPage: how scores run over the visits: lines and summaries, small multiples, heat
 * map; numbers below. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

/* Property "count-shown": whether the toolbar starts with "238 of 256 patients", which brings the
 * sidebar back. */
#define KTM_TYPE_TRAJECTORY_PAGE (ktm_trajectory_page_get_type ())
G_DECLARE_FINAL_TYPE (KtmTrajectoryPage, ktm_trajectory_page, KTM, TRAJECTORY_PAGE, GtkWidget)

/* @settings: the program's; the page's choices are kept in the keys chart-*. */
GtkWidget *ktm_trajectory_page_new (KtmStudy *study, GSettings *settings);

/* What is on the page now, as options of chart type *@type; free the options. */
KtmChartOptions *ktm_trajectory_page_dup_options (KtmTrajectoryPage *self, const char **type);
/* Shows another such chart.  FALSE: this page has no such chart, or the cohort no such measure or
 * attribute. */
gboolean ktm_trajectory_page_apply (KtmTrajectoryPage *self, const char *type,
                                    const KtmChartOptions *options);

/* A line printed over the caption of the chart and of every export of it; copied, NULL none. */
void       ktm_trajectory_page_set_note (KtmTrajectoryPage *self, const KtmText *note);

gboolean   ktm_trajectory_page_is_busy (KtmTrajectoryPage *self);

/* Every measure at once is shown: the analysis beside it is of all measures. */
gboolean   ktm_trajectory_page_shows_measures (KtmTrajectoryPage *self);

/* What a chart of trajectory classes or of correlations is drawn from, free with ktm_report_free();
 * NULL while there are none. */
KtmReport  *ktm_trajectory_page_dup_report (KtmTrajectoryPage *self);

G_END_DECLS
