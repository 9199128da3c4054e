/* Floor widgets/chart: the registry of chart types, and their options.  No GTK. */
#include "ktm-chart.h"

#include <math.h>
#include <string.h>

#include "types/ktm-type.h"

/* KTM_FRAME_TIMES, EVENTS, TREATMENTS and SAFETY of ktm-cohort.h, which lies above this floor. */
#define PATIENT_PARTS (1 | 4 | 8)
#define EVENT_PARTS (4 | 16)

static const KtmChartType types[] = {
  { "trajectories", N_("Trajectories"), NULL, 0, ktm_type_trajectories_build },
  { "small-multiples", N_("Small multiples"), NULL, 0, ktm_type_small_multiples_build },
  { "classes", N_("Trajectory classes"), "trajectory-classes", 0, ktm_type_classes_build },
  { "class-models", N_("Curves for each number of classes"), "trajectory-classes", 0,
    ktm_type_class_models_build },
  { "class-flow", N_("From one number of classes to the next"), "trajectory-classes", 0,
    ktm_type_class_flow_build },
  { "subgroups", N_("Change by subgroup"), "subgroups", 0, ktm_type_subgroups_build },
  { "heatmap", N_("Heat map"), NULL, 0, ktm_type_heatmap_build },
  { "patient", N_("One patient"), NULL, PATIENT_PARTS, ktm_type_patient_build },
  { "waterfall", N_("Waterfall"), NULL, 0, ktm_type_waterfall_build },
  { "responder-curve", N_("Responder curve"), NULL, 0, ktm_type_responder_curve_build },
  { "responder-rate", N_("Responder rate"), NULL, EVENT_PARTS, ktm_type_responder_rate_build },
  { "pgic", N_("Impression of change"), NULL, 0, ktm_type_pgic_build },
  { "before-after", N_("Before and after"), NULL, 0, ktm_type_before_after_build },
  { "distribution", N_("Distribution"), NULL, 0, ktm_type_distribution_build },
  { "measures", N_("All measures"), NULL, 0, ktm_type_measures_build },
  { "measure-correlations", N_("Correlation of changes"), "measures", 0,
    ktm_type_measure_correlations_build },
  { "flow", N_("Patient flow"), NULL, 0, ktm_type_flow_build },
  { "relief", N_("Time in relief"), NULL, 8, ktm_type_relief_build },
  { "evidence", N_("Published studies"), "meta-analysis", 64, ktm_type_evidence_build },
  { "funnel", N_("Funnel of trials"), "meta-analysis", 64, ktm_type_funnel_build },
  { "adverse-events", N_("Adverse events at each visit"), NULL, EVENT_PARTS,
    ktm_type_adverse_events_build },
  { "safety", N_("Which adverse events, how bad"), NULL, EVENT_PARTS, ktm_type_safety_build },
  { "stops", N_("Stopped, by reason"), NULL, 0, ktm_type_stops_build },
  { "benefit-harm", N_("Benefit, harm and stopping"), NULL, EVENT_PARTS,
    ktm_type_benefit_harm_build },
};

/* All chart types, in the order of menus; static. */
const KtmChartType *
ktm_chart_types (gsize *n)
{
  *n = G_N_ELEMENTS (types);
  return types;
}

/* The type called @id, NULL: no such type. */
const KtmChartType *
ktm_chart_type_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].id, id) == 0)
      return &types[i];
  return NULL;
}

/* See the header. */
const char *
ktm_chart_analysis (const KtmChartType *type, const KtmChartOptions *options)
{
  gboolean over_time =
      type->build == ktm_type_trajectories_build || type->build == ktm_type_small_multiples_build;

  if (type->analysis == NULL && (over_time || type->build == ktm_type_patient_build)
      && options->summary == KTM_SUMMARY_CLASS)
    return "trajectory-classes";
  return type->analysis;
}

/* Mean with 95 % CI over individuals, values, available cases; free with ktm_chart_options_free().
 */
KtmChartOptions *
ktm_chart_options_new (void)
{
  KtmChartOptions *options = g_new0 (KtmChartOptions, 1);

  options->individuals = TRUE;
  options->from = options->to = options->threshold = NAN;
  options->level = 0.95;
  options->picked = -1;
  options->caption = TRUE;
  options->seed = 1;
  options->degree = 3;
  return options;
}

/* A copy that shares nothing. */
KtmChartOptions *
ktm_chart_options_copy (const KtmChartOptions *options)
{
  KtmChartOptions *copy = g_memdup2 (options, sizeof *options);

  copy->measure = g_strdup (options->measure);
  copy->colour_by = g_strdup (options->colour_by);
  copy->groups = g_strdupv (options->groups);
  copy->attributes = g_strdupv (options->attributes);
  copy->note = ktm_text_copy (options->note);
  copy->lang = g_strdup (options->lang);
  copy->title = g_strdup (options->title);
  copy->relief = g_strdup (options->relief);
  copy->shape = g_strdup (options->shape);
  copy->knots = g_strdup (options->knots);
  copy->degrees = g_strdup (options->degrees);
  copy->definition = g_strdup (options->definition);
  copy->evidence = g_strdup (options->evidence);
  return copy;
}

/* NULL is allowed. */
void
ktm_chart_options_free (KtmChartOptions *options)
{
  if (options == NULL)
    return;
  g_free (options->measure);
  g_free (options->colour_by);
  g_strfreev (options->groups);
  g_strfreev (options->attributes);
  ktm_text_free (options->note);
  g_free (options->lang);
  g_free (options->title);
  g_free (options->relief);
  g_free (options->shape);
  g_free (options->knots);
  g_free (options->degrees);
  g_free (options->definition);
  g_free (options->evidence);
  g_free (options);
}
