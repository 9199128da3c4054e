/* model/analysis: the analyses the registry lists; one file each. */
#pragma once

#include "../ktm-analysis.h"

extern const KtmAnalysis ktm_analysis_change;
extern const KtmAnalysis ktm_analysis_summary;
extern const KtmAnalysis ktm_analysis_compare;
extern const KtmAnalysis ktm_analysis_subgroups;
extern const KtmAnalysis ktm_analysis_responder;
extern const KtmAnalysis ktm_analysis_pgic;
extern const KtmAnalysis ktm_analysis_association;
extern const KtmAnalysis ktm_analysis_mixed_model;
extern const KtmAnalysis ktm_analysis_table1;
extern const KtmAnalysis ktm_analysis_flow;
extern const KtmAnalysis ktm_analysis_measures;
extern const KtmAnalysis ktm_analysis_missingness;
extern const KtmAnalysis ktm_analysis_sensitivity;
extern const KtmAnalysis ktm_analysis_survival;
extern const KtmAnalysis ktm_analysis_adverse_events;
extern const KtmAnalysis ktm_analysis_consort_harms;
extern const KtmAnalysis ktm_analysis_meta_analysis;
extern const KtmAnalysis ktm_analysis_trajectory_classes;
extern const KtmAnalysis ktm_analysis_class_predictors;
extern const KtmAnalysis ktm_analysis_class_stability;
extern const KtmAnalysis ktm_analysis_class_outlook;
