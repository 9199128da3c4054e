/* Between charts and analyses, for the window and the command line alike.  Knows no GTK. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-chart.h"

G_BEGIN_DECLS

/* What a chart asks of the analysis it is drawn from, or of one beside it. */
KtmAnalysisOptions *ktm_chart_dup_analysis_options (const KtmChartOptions *chart);

G_END_DECLS
