/* model/stats: analysis of covariance of a follow-up on baseline and group. */
#pragma once

#include "ktm-linear.h"

/* A fitted analysis; read it, never write it.  Unit: the measure's. */
typedef struct
{
  size_t n, n_groups, n_pairs;
  KtmLinear *model;        /* owned: group means at baseline 0, then the common slope */
  size_t *group_n;         /* n_groups */
  double baseline_mean;    /* of all patients; where the adjusted means stand */
  KtmContrast slope;       /* follow-up per point of baseline, within groups */
  KtmContrast *adjusted;   /* n_groups: follow-up mean at baseline_mean */
  KtmContrast *change;     /* n_groups: adjusted less baseline_mean, taken as fixed */
  KtmContrast *
      difference; /* n_pairs (0,1), (0,2), ..., (1,2): adjusted mean of the second less the first */
  KtmTest group;           /* all adjusted means are equal */
  KtmTest parallel; /* all groups have one slope; NaN where a group has no slope of its own */
  KtmTest baseline; /* ANOVA of baseline on group: small p, groups differ at the start (Lord's
                       paradox) */
} KtmAncova;

KtmStatsStatus ktm_ancova_fit  (const double *follow_up, const double *baseline,
                                const size_t *group, size_t n, size_t n_groups,
                                KtmLinearVariance variance, double level, KtmAncova **out);
void           ktm_ancova_free (KtmAncova *ancova);
