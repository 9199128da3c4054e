/* model/stats: change within the same patients.  Every difference is y − x (follow-up − baseline).
 */
#pragma once

#include "ktm-stats.h"

/* Exact rank tests cost more than the rest: a live pane asks for them in the background. */
typedef enum
{
  KTM_EXACT_NEVER,   /* normal approximation; p_exact is NaN */
  KTM_EXACT_IF_SMALL /* exact up to the size ktm-rank.h states, else as above */
} KtmExact;

/* Wilcoxon signed-rank test; zeros are dropped first (Wilcoxon), ties get mid-ranks. */
typedef struct
{
  KtmStatsStatus status; /* why the numbers below are missing: NO_VARIANCE when all d are 0 */
  size_t n_nonzero, n_zero;
  bool   ties;                  /* among the non-zero |d| */
  double v, w_minus;            /* sums of the ranks of d > 0 and d < 0 */
  double z;                     /* without continuity correction, variance corrected for ties */
  double p_normal;              /* of z */
  double p_normal_continuity;   /* with the half-unit correction */
  double p_exact; /* over all signs, ties and all; NaN when not asked for or too large */
  bool   exact;                 /* p is the exact one */
  double p; /* the p to report: exact where there, else with continuity correction */
} KtmSignedRank;

typedef struct
{
  size_t      n;
  double      mean_x, mean_y, sd_x, sd_y, pearson_r;
  KtmEstimate mean_diff;           /* t interval, n − 1 df */
  double      sd_diff;
  KtmTest     t;                   /* paired t test */
  KtmStatsStatus
      t_status; /* NO_VARIANCE: all differences equal; no test and no standardised effect */
  double      p_less;              /* H1: mean difference < 0 */
  KtmSignedRank wilcoxon;
  KtmEstimate hodges_lehmann;      /* all differences; order statistics of the Walsh averages */
  double      hodges_lehmann_nonzero;
  KtmEstimate rank_biserial; /* matched: (V − W−)/(V + W−); se of V's pairs, logit-scale limits; NaN
                                limits when all differences have one sign */
  size_t      n_positive, n_negative;
  double      sign_test_p;         /* exact binomial on the non-zero differences */

  double      hedges_j;            /* J(n − 1) */
  KtmEstimate d_z, g_z;            /* mean/SD of d; exact noncentral t */
  KtmEstimate d_av;                /* mean/sqrt((sx² + sy²)/2); Algina–Keselman noncentral t */
  KtmEstimate d_av_meansd,
      g_av; /* mean/((sx + sy)/2), the same limits in that unit; g_av = J d_av_meansd */
  KtmEstimate d_rm, g_rm;          /* d_z sqrt(2(1 − r)); limits of d_z times the same */
  KtmEstimate glass_delta; /* mean/sd_x; delta method, se² = (s_d²/n)/s_x² + delta²/(2(n − 1)) */
  KtmEstimate
      common_language; /* Phi(d_z): chance that one patient's difference is above 0, normal model */
  KtmEstimate share_higher;        /* observed share of d > 0, zeros half; Wilson limits */
} KtmPaired;

/* Everything above for @n complete pairs.
 *
 * @x, @y: the same patients in the same order, any linear unit;  @level: two-sided, e.g. 0.95
 * NaN:    not accepted; pair by patient first (ktm_stats_compact_pairs).
 *         Parts that these data do not have are NaN and say why in t_status and wilcoxon.status;
 * the means stand. SDs below the rounding of the means count as 0. Errors: TOO_FEW (n < 2),
 * NOT_FINITE, BAD_ARGUMENT, NO_MEMORY. Source: Algina & Keselman (2003), Educ Psychol Meas
 * 63:537-553; Lakens (2013), Front Psychol 4:863; Hollander & Wolfe (1999), ch. 3; Kerby (2014),
 * Compr Psychol 3:1 (rank-biserial), its se: Hoeffding (1948), Ann Math Stat 19:293-325; McGraw &
 * Wong (1992), Psychol Bull 111:361-365.
 */
KtmStatsStatus ktm_stats_paired (const double *x, const double *y, size_t n, double level,
                                 KtmExact exact, KtmPaired *out);

/* The rank test alone on @n differences.  Errors: TOO_FEW (n = 0), NO_VARIANCE (all zero),
 * NOT_FINITE, NO_MEMORY. */
KtmStatsStatus
ktm_stats_signed_rank (const double *d, size_t n, KtmExact exact, KtmSignedRank *out);
