/* model/analysis: the analyses the registry lists; one file each. */
#pragma once

#include "../ktm-analysis.h"

extern const KtmAnalysis ktm_analysis_change;
extern const KtmAnalysis ktm_analysis_summary;
extern const KtmAnalysis ktm_analysis_compare;
extern const KtmAnalysis ktm_analysis_subgroups;
