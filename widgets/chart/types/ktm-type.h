/* The build functions of the chart types, for the registry only. */
#pragma once

#include "ktm-chart.h"

KtmScene *ktm_type_trajectories_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_small_multiples_build (const KtmFrame *frame, const KtmReport *report,
                                          const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_heatmap_build (const KtmFrame *frame, const KtmReport *report,
                                  const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_subgroups_build (const KtmFrame *frame, const KtmReport *report,
                                    const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_patient_build (const KtmFrame *frame, const KtmReport *report,
                                  const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_classes_build (const KtmFrame *frame, const KtmReport *report,
                                  const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_class_curves_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_class_models_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_class_flow_build (const KtmFrame *frame, const KtmReport *report,
                                     const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_waterfall_build (const KtmFrame *frame, const KtmReport *report,
                                    const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_responder_curve_build (const KtmFrame *frame, const KtmReport *report,
                                          const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_responder_rate_build (const KtmFrame *frame, const KtmReport *report,
                                         const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_pgic_build (const KtmFrame *frame, const KtmReport *report,
                               const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_before_after_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_distribution_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_measures_build (const KtmFrame *frame, const KtmReport *report,
                                   const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_measure_correlations_build (const KtmFrame *frame, const KtmReport *report,
                                               const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_flow_build (const KtmFrame *frame, const KtmReport *report,
                               const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_relief_build (const KtmFrame *frame, const KtmReport *report,
                                 const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_evidence_build (const KtmFrame *frame, const KtmReport *report,
                                   const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_funnel_build (const KtmFrame *frame, const KtmReport *report,
                                 const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_adverse_events_build (const KtmFrame *frame, const KtmReport *report,
                                         const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_safety_build (const KtmFrame *frame, const KtmReport *report,
                                 const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_stops_build (const KtmFrame *frame, const KtmReport *report,
                                const KtmChartOptions *options, GError **error);
KtmScene *ktm_type_benefit_harm_build (const KtmFrame *frame, const KtmReport *report,
                                       const KtmChartOptions *options, GError **error);
