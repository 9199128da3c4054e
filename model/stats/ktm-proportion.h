/* model/stats: one proportion. */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  double proportion;
  double wilson_low, wilson_high;                   /* no continuity correction */
  double clopper_pearson_low, clopper_pearson_high; /* exact, conservative */
  double agresti_coull_low, agresti_coull_high;     /* not clipped to 0…1 */
  double p_exact_vs_half;                           /* binomial, two-sided by point probability */
} KtmProportion;

/* @x of @n patients, both whole numbers, 0 <= x <= n, n > 0.
 *
 * Errors: TOO_FEW (n = 0), BAD_ARGUMENT, NOT_FINITE.
 * Source: Wilson (1927), JASA 22:209-212; Clopper & Pearson (1934), Biometrika 26:404-413;
 *         Agresti & Coull (1998), Am Stat 52:119-126.
 */
KtmStatsStatus ktm_stats_proportion (double x, double n, double level, KtmProportion *out);

/* One interval each; NaN for bad arguments. */
void ktm_stats_wilson          (double x, double n, double level, double *low, double *high);
void ktm_stats_clopper_pearson (double x, double n, double level, double *low, double *high);
