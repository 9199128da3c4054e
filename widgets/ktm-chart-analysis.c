#include "ktm-chart-analysis.h"

KtmAnalysisOptions *
ktm_chart_dup_analysis_options (const KtmChartOptions *chart)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->measure = g_strdup (chart->measure);
  options->by = chart->attributes ? NULL : g_strdup (chart->colour_by);
  options->covariates = g_strdupv (chart->attributes);
  options->standardised = chart->standardised;
  options->groups = g_strdupv (chart->groups);
  options->from = chart->from;
  options->to = chart->to;
  options->missing = chart->missing;
  options->level = chart->level;
  options->harms = chart->harms;
  options->classes = chart->classes;
  options->degree = chart->degree;
  options->censored = !chart->normal;
  options->relief = g_strdup (chart->relief);
  options->evidence = g_strdup (chart->evidence);
  options->definition = g_strdup (chart->definition);
  return options;
}
