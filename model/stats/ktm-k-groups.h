/* model/stats: several independent groups. */
#pragma once

#include "ktm-stats.h"

/* One set of p-values, raw and adjusted over all pairs. */
typedef struct
{
  double raw, holm, hochberg, bh, bonferroni;
} KtmAdjusted;

/* Groups @i < @j; in the order (0,1), (0,2) … (0,g−1), (1,2) … */
typedef struct
{
  size_t      i, j;
  KtmEstimate tukey;        /* mean j − mean i, Tukey–Kramer simultaneous limits */
  double      tukey_p;
  KtmEstimate games_howell; /* the same without equal variances */
  double      games_howell_df, games_howell_p;
  double      dunn_z;       /* mean rank i − mean rank j over its SE, ties corrected */
  KtmAdjusted dunn;
  KtmAdjusted wilcoxon;     /* pairwise rank sum, normal with continuity and tie correction */
} KtmGroupPair;

typedef struct
{
  size_t  n, n_groups;
  double  ss_between, ss_within;
  KtmTest anova;            /* F, df, df2 */
  double  eta2, omega2, epsilon2;
  KtmTest welch;            /* NaN when a group has one value or no variance */
  KtmTest brown_forsythe;   /* ANOVA of |value − group median| */
  KtmTest kruskal;          /* H, tie corrected */
  double  kruskal_epsilon2; /* H/(N − 1) */
  KtmStatsStatus
      means_status; /* NO_VARIANCE: all values equal within the groups; TOO_FEW: no df left */
  KtmStatsStatus ranks_status; /* NO_VARIANCE: all values equal */
} KtmKGroups;

/* Comparison of @n_groups >= 2 groups.
 *
 * @value: n scores, any linear unit;  @group: n indices below @n_groups
 * @level: simultaneous level of the Tukey and Games–Howell limits
 * @sizes: n_groups long, receives the group sizes; @pairs: n_groups (n_groups − 1)/2 long.  Either
 * may be NULL: without @pairs no post-hoc test is computed. NaN:    not accepted.  Parts these data
 * do not have are NaN and say why in means_status and ranks_status. Errors: TOO_FEW (an empty
 * group, fewer than two groups), BAD_ARGUMENT, NOT_FINITE, NO_MEMORY. Source: Welch (1951),
 * Biometrika 38:330-336; Brown & Forsythe (1974), JASA 69:364-367; Kramer (1956), Biometrics
 * 12:307-310; Games & Howell (1976), J Educ Stat 1:113-125; Dunn (1964), Technometrics 6:241-252;
 * Tomczak & Tomczak (2014), Trends Sport Sci 21:19-25 (epsilon squared).
 */
KtmStatsStatus
ktm_stats_k_groups (const double *value, const size_t *group, size_t n, size_t n_groups,
                    double level, KtmKGroups *out, size_t *sizes, KtmGroupPair *pairs);
