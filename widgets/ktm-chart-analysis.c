#include "ktm-chart-analysis.h"

static void
take_curves (const KtmChartOptions *chart, KtmAnalysisOptions *options)
{
  g_auto (GStrv) knots = chart->knots ? g_strsplit (chart->knots, ",", -1) : NULL;

  options->classes = MAX (chart->classes, 0);
  options->degree = chart->degree;
  options->censored = !chart->normal;
  options->shape = g_strdup (chart->shape);
  options->degrees = g_strdup (chart->degrees);
  options->sigma_by_class = chart->sigma_by_class;
  options->random_intercept = chart->random_intercept;
  for (char **knot = knots; knot && *knot && options->n_knots < KTM_GBTM_MAX_KNOTS; knot++)
    options->knots[options->n_knots++] = g_ascii_strtod (*knot, NULL);
}

KtmAnalysisOptions *
ktm_chart_dup_analysis_options (const KtmChartOptions *chart)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->measure = g_strdup (chart->measure);
  options->by = chart->attributes ? NULL : g_strdup (chart->colour_by);
  options->lang = g_strdup (chart->lang);
  options->decimal_mark = chart->decimal_mark;
  options->covariates = g_strdupv (chart->attributes);
  options->standardised = chart->standardised;
  options->groups = g_strdupv (chart->groups);
  options->from = chart->from;
  options->to = chart->to;
  options->missing = chart->missing;
  options->level = chart->level;
  options->harms = chart->harms;
  take_curves (chart, options);
  options->relief = g_strdup (chart->relief);
  options->evidence = g_strdup (chart->evidence);
  options->definition = g_strdup (chart->definition);
  return options;
}
