/* model/stats: two independent groups.  Differences are x − y (group 1 − group 2). */
#pragma once

#include "ktm-paired.h" /* KtmExact */

/* Mann–Whitney / Wilcoxon rank-sum test. */
typedef struct
{
  bool   ties;                /* in the pooled sample */
  double u1, u2;              /* u1 = #(x > y) + half the ties */
  double mean_u, sd_u;        /* under H0, variance corrected for ties */
  double z;                   /* without continuity correction */
  double p_normal, p_normal_continuity;
  double p_exact; /* all rank sums at least as far from the mean; NaN when not asked for or too
                     large */
  bool   exact;
  double p; /* the one to report: exact where there, else with continuity correction */
} KtmRankSum;

typedef struct
{
  size_t      n1, n2;
  double      mean1, mean2, sd1, sd2;  /* SDs NaN for a group of one */
  double      mean_diff;
  KtmEstimate student, welch;          /* difference of means, t intervals */
  KtmTest     student_test, welch_test;
  KtmTest     variance_test;           /* F = var x / var y */
  KtmStatsStatus t_status;             /* why t tests and d are missing: TOO_FEW or NO_VARIANCE */
  KtmRankSum  mann_whitney;
  KtmEstimate hodges_lehmann;          /* median of all x_i − y_j; order-statistic limits */

  double      sd_pooled, hedges_j, hedges_j_approx;
  KtmEstimate cohen_d;                 /* exact noncentral t; se Hedges & Olkin */
  double      cohen_d_wald_low, cohen_d_wald_high;
  KtmEstimate hedges_g;                /* J d, limits J times those of d */
  KtmEstimate glass_delta_sd2, glass_delta_sd1; /* delta method */

  KtmEstimate cliff_delta;             /* consistent variance, Cliff's asymmetric limits with z */
  double      cliff_var_unbiased, cliff_var_consistent;
  double      cliff_unbiased_low, cliff_unbiased_high;     /* unbiased variance, z */
  double      cliff_unbiased_t_low, cliff_unbiased_t_high; /* unbiased variance, t(n1 + n2 − 2) */
  KtmEstimate rank_biserial;           /* 2 ps − 1, limits of ps likewise */
  double rank_biserial_fisher_low,
      rank_biserial_fisher_high; /* Fisher z; too short when groups differ */
  KtmEstimate prob_superiority;  /* P(x > y) + half P(=); se DeLong, limits on the logit scale */
  double      ps_wald_low, ps_wald_high;
  double      ps_bm_low, ps_bm_high;   /* t limits of Brunner & Munzel */
  KtmTest     brunner_munzel;
  KtmStatsStatus
      ranks_status; /* NO_VARIANCE: all values equal; UNDEFINED: no overlap, so no SE of ps */
} KtmTwoGroups;

/* Everything above.
 *
 * @x, @y: n1 and n2 scores, same linear unit;  @level: two-sided
 * NaN:    not accepted.  Parts these data do not have are NaN and say why in t_status and
 * ranks_status. Errors: TOO_FEW (a group is empty), NOT_FINITE, BAD_ARGUMENT, NO_MEMORY. Source:
 * Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, ch. 5; Cliff (1996), Ordinal
 * Methods, and Feng & Cliff (2004), J Mod Appl Stat Meth 3:322-332; Brunner & Munzel (2000), Biom J
 * 42:17-25; DeLong et al. (1988), Biometrics 44:837-845; Bonett (2008), Psychol Methods 13:99-109
 * (Glass).
 */
KtmStatsStatus ktm_stats_two_groups (const double *x, size_t n1, const double *y, size_t n2,
                                     double level, KtmExact exact, KtmTwoGroups *out);

/* The rank-sum test alone.  Errors: TOO_FEW, NO_VARIANCE (all equal), NOT_FINITE, NO_MEMORY. */
KtmStatsStatus ktm_stats_rank_sum (const double *x, size_t n1, const double *y, size_t n2,
                                   KtmExact exact, KtmRankSum *out);
