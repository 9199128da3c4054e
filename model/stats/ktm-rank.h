/* model/stats: ranks, order statistics, exact rank distributions and Hodges–Lehmann estimates. */
#pragma once

#include "ktm-stats.h"

/* --- sorting and quantiles -------------------------------------------------------------------- */

/* Ascending, in place. */
void   ktm_rank_sort     (double *x, size_t n);

/* The k-th smallest (k from 0) of @n > k values; reorders @x around it.  NaN not accepted. */
double ktm_rank_select   (double *x, size_t n, size_t k);

/* Type 7 quantile (R's default) of @n > 0 ascending values. */
double ktm_rank_quantile (const double *sorted, size_t n, double p);

/* --- mid-ranks -------------------------------------------------------------------------------- */

/* What ties do to variances: sums over groups of t equal values. */
typedef struct
{
  bool   any;
  double t3;   /* sum of t^3 - t */
  double t1;   /* sum of t (t - 1) */
  double t2;   /* sum of t (t - 1) (t - 2) */
  double t5;   /* sum of t (t - 1) (2t + 5) */
} KtmTies;

/* Mid-ranks 1…n of @x into @ranks; @ties may be NULL.  NaN not accepted.  Errors: NO_MEMORY. */
KtmStatsStatus ktm_rank_midranks (const double *x, size_t n, double *ranks, KtmTies *ties);

/* --- exact permutation distributions, ties and all -------------------------------------------- */

/* Beyond these the exact functions say TOO_LARGE and the corrected normal approximation stands. */
enum { KTM_RANK_EXACT_SIGNED = 400 };        /* non-zero differences */
#define KTM_RANK_EXACT_WORK 3e8              /* additions of the two-sample table */

/* Signed ranks: 2 min(P(V <= v), P(V >= v)), at most 1, over all 2^m signs of the given mid-ranks.
 *
 * @ranks: m mid-ranks of |d|;  @v: observed sum of the ranks of positive d
 * Errors: TOO_FEW (m = 0), TOO_LARGE, NO_MEMORY.
 * Source: Streitberg & Röhmel (1986), Stat Software Newsl 12:10-17 (shift algorithm on doubled
 * ranks).
 */
KtmStatsStatus ktm_rank_exact_signed (const double *ranks, size_t m, double v, double *p);

/* Rank sum: P(|W - mean| >= |w - mean|) over all ways to choose n1 of the N mid-ranks.
 *
 * @ranks: N mid-ranks of the pooled sample;  @w: observed sum of the ranks of the n1
 * Errors: TOO_FEW (a group is empty), TOO_LARGE, NO_MEMORY.
 */
KtmStatsStatus ktm_rank_exact_sum (const double *ranks, size_t n, size_t n1, double w, double *p);

/* --- Hodges–Lehmann --------------------------------------------------------------------------- */

/* Median of the Walsh averages (d_i + d_j)/2, i <= j, with the interval made of their order
 * statistics: distribution-free (exact signed-rank quantile) up to 60 values, normal approximation
 * above.
 *
 * @sorted: n ascending differences;  @level: two-sided;  @out: unit of d, se NaN
 * NaN limits where n is too small to reach @level.
 * Errors: TOO_FEW (n = 0), BAD_ARGUMENT, NO_MEMORY.
 * Source: Hollander & Wolfe (1999), Nonparametric Statistical Methods, 3.2-3.3.
 */
KtmStatsStatus
ktm_rank_hodges_lehmann_one (const double *sorted, size_t n, double level, KtmEstimate *out);

/* Median of all x_i - y_j, the same way (rank-sum quantile exact while n1 + n2 <= 60);
 * ibid. 4.2-4.3. */
KtmStatsStatus
ktm_rank_hodges_lehmann_two (const double *x_sorted, size_t n1, const double *y_sorted, size_t n2,
                             double level, KtmEstimate *out);
