/* model/analysis: the parts of the analysis of time in relief. */
#pragma once

#include "ktm-cox.h"
#include "ktm-multiplicity.h"
#include "ktm-relief.h"
#include "ktm-run-groups.h"
#include "ktm-survival.h"

typedef struct
{
  KtmRun       *run;
  KtmReliefRule rule;
  KtmRelief     relief;
  double        tau;      /* restricted means to here */
} KtmReliefRun;

/* Times of one group (−1: all), in arrays with room for everybody; @left and @right nullable. */
gsize ktm_relief_take (const KtmReliefRun *s, long group, double *time, bool *event, double *left,
                       double *right);
KtmReportRow *ktm_relief_add_row (const KtmReliefRun *s, const char *statistic, const char *method,
                                  long group, gsize n, KtmRank rank);
/* "months"; a message id, "" where the unit is not known. */
const char *ktm_relief_unit (const KtmReliefRun *s);
/* Rows of a curve of @group (−1: all). */
void ktm_relief_add_median (const KtmReliefRun *s, const KtmSurvival *curve, long group,
                            KtmRank rank);
void ktm_relief_add_milestones (const KtmReliefRun *s, const KtmSurvival *curve, long group);
void ktm_relief_add_rmst (const KtmReliefRun *s, const KtmSurvival *curve, long group,
                          KtmRank rank);
/* The largest time up to which every group's restricted mean exists. */
double ktm_relief_common_tau (const KtmReliefRun *s);
/* The cards of the groups: medians, tests, restricted means.  @stratum nullable. */
void ktm_relief_add_groups (KtmReliefRun *s, const KtmFrameAttribute *stratum);
/* The card of the Cox model; FALSE with an error where a covariate is not known. */
gboolean ktm_relief_add_cox (KtmReliefRun *s, GError **error);
