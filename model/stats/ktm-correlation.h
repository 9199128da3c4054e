/* model/stats: association of two measures in the same patients. */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  size_t      n;
  KtmEstimate pearson;       /* interval by Fisher's z, se 1/sqrt(n − 3); NaN limits below n = 4 */
  KtmTest     pearson_test;  /* t, n − 2 df */
  KtmEstimate spearman;      /* interval by Bonett & Wright, the one to report */
  KtmTest     spearman_test; /* t, n − 2 df */
  double      spearman_fisher_low, spearman_fisher_high;   /* variance 1/(n − 3) */
  double      spearman_fieller_low, spearman_fieller_high; /* variance 1.06/(n − 3) */
  KtmEstimate
      kendall; /* tau-b; interval by Fieller et al., variance 0.437/(n − 4) on the atanh scale */
  KtmTest     kendall_test;  /* z, tie-corrected variance of S, no continuity correction */
} KtmCorrelation;

/* Pearson, Spearman and Kendall of @n complete pairs; all unitless.
 *
 * NaN:    not accepted.
 * Errors: TOO_FEW (n < 3), NO_VARIANCE (x or y constant), NOT_FINITE, BAD_ARGUMENT, NO_MEMORY.
 * Source: Bonett & Wright (2000), Psychometrika 65:23-28; Fieller, Hartley & Pearson (1957),
 * Biometrika 44:470-481; Kendall & Gibbons (1990), Rank Correlation Methods, ch. 4.
 */
KtmStatsStatus ktm_stats_correlation (const double *x, const double *y, size_t n, double level,
                                      KtmCorrelation *out);

/* Pearson's r alone, −1…1; NaN when x or y is constant or n < 2. */
double ktm_stats_pearson (const double *x, const double *y, size_t n);
