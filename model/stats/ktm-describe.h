/* model/stats: what one sample looks like. */
#pragma once

#include "ktm-stats.h"

/* Unit of the data unless noted. */
typedef struct
{
  size_t      n;
  KtmEstimate mean;              /* t interval with n − 1 df; se and limits NaN for n = 1 */
  double      sd, var;           /* n − 1; NaN for n = 1 */
  double      min, q1, median, q3, max, iqr; /* type 7 quantiles */
  double      mad;               /* median |x − median|, not scaled */
  double      skewness;          /* m3 / m2^1.5; NaN when all values are equal */
  double      excess_kurtosis;   /* m4 / m2² − 3; likewise */
  KtmEstimate
      median_ci; /* limits only where order statistics reach @level: NaN below n = 6 at 95 % */
  double      median_low, median_high; /* the order statistics, whether they reach it or not */
  double      median_coverage;   /* what the order statistics do reach */
} KtmDescription;

/* Description of @n finite values.
 *
 * @level: two-sided confidence level, e.g. 0.95
 * NaN:    not accepted; drop and count missing first (ktm_stats_compact).
 * Errors: TOO_FEW (n = 0), NOT_FINITE, BAD_ARGUMENT, NO_MEMORY.
 * Source: quantiles: Hyndman & Fan (1996), Am Stat 50:361-365, type 7; median interval: order
 * statistics of the binomial, e.g. Conover (1999), Practical Nonparametric Statistics, 3.2.
 */
KtmStatsStatus ktm_stats_describe (const double *x, size_t n, double level, KtmDescription *out);

/* Mean and variance (n − 1) in two passes; NaN where they do not exist. */
void ktm_stats_moments (const double *x, size_t n, double *mean, double *var);

/* Median of @n values in any order.  Errors: TOO_FEW, NO_MEMORY. */
KtmStatsStatus ktm_stats_median (const double *x, size_t n, double *median);
