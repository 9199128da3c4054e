/* model/analysis: cards of the analysis "meta-analysis". */
#pragma once

#include "../ktm-run-evidence.h"

/* A row of one study, level or method; never NULL. */
KtmReportRow *ktm_meta_row (const KtmEvidence *e, const char *statistic, const char *method);
/* "[−3.56, 0.28]" in the decimals of the effect. */
KtmText      *ktm_meta_limits (const KtmEvidence *e, double low, double high);

void ktm_meta_add_leave_one_out (const KtmEvidence *e);
void ktm_meta_add_subgroups     (const KtmEvidence *e);
void ktm_meta_add_small_studies (const KtmEvidence *e);
void ktm_meta_add_responders    (const KtmEvidence *e);
void ktm_meta_add_completers    (const KtmEvidence *e);
/* The cohort as rows of the table: everybody and each chosen group. */
void ktm_meta_add_cohort        (const KtmEvidence *e);
