/* model/stats: effects from printed summaries, where nobody has the patients' data. */
#pragma once

#include "ktm-stats.h"

/* What a paper prints about one group or one visit. */
typedef struct
{
  double mean, sd, n;
} KtmSummary;

typedef struct
{
  KtmEstimate student, welch;   /* mean a − mean b */
  KtmTest     student_test, welch_test;
} KtmSummaryT;

/* t tests of a − b.  Errors: TOO_FEW (n < 2), NO_VARIANCE, BAD_ARGUMENT (negative SD), NOT_FINITE.
 */
KtmStatsStatus
ktm_stats_t_from_summary (KtmSummary a, KtmSummary b, double level, KtmSummaryT *out);

typedef struct
{
  double cohen_d, hedges_g;            /* (a − b) / pooled SD; J(n_a + n_b − 2) times that */
  double nct_low, nct_high;            /* two independent groups, noncentral t */
  double wald_low, wald_high;          /* two independent groups, Hedges & Olkin se */
  double one_sample_nct_low, one_sample_nct_high;   /* as if d were a d_z of n_b patients */
  double one_sample_wald_low, one_sample_wald_high; /* se² = 1/n_b + d²/(2 n_b) */
  double becker_low, becker_high;      /* se² = 2(1 − r)/n_b + d²/(2 n_b): prints its assumed r */
} KtmSummaryD;

/* Standardised difference of a before-after study of which only two means and SDs are printed, with
 * the intervals such a number may carry; @r: assumed correlation of before and after, printed with
 * the result.
 *
 * Errors: as above; BAD_ARGUMENT also for r outside −1…1.
 * Source: Becker (1988), Br J Math Stat Psychol 41:257-278; Hedges & Olkin (1985), ch. 5.
 */
KtmStatsStatus
ktm_stats_d_from_summary (KtmSummary a, KtmSummary b, double r, double level, KtmSummaryD *out);

typedef struct
{
  double d_av_pooledvar;   /* (a − b) / sqrt of the mean variance */
  double d_av_meansd;      /* (a − b) / mean SD */
  double glass_delta_sd1;  /* (a − b) / SD of a */
  double d_z;              /* (a − b) / sqrt (sa² + sb² − 2 r sa sb) */
} KtmSummaryPairedD;

/* NO_VARIANCE leaves NaN where a denominator is 0. */
KtmStatsStatus
ktm_stats_paired_d_from_summary (KtmSummary a, KtmSummary b, double r, KtmSummaryPairedD *out);

/* Standard error, z and p behind a printed estimate with its symmetric interval; the limits are
 * remade. Errors: BAD_ARGUMENT (limits in the wrong order), NO_VARIANCE (of no width), NOT_FINITE.
 */
KtmStatsStatus ktm_stats_wald_from_ci (double estimate, double low, double high, double level,
                                       KtmEstimate *out, KtmTest *test);

/* The same for a ratio: on the log scale.  @out: exp limits, value the printed estimate, se of its
 * log;
 * @middle: sqrt (low high), which differs from the estimate when the paper rounded.  All must be
 * positive. */
KtmStatsStatus ktm_stats_log_ratio_from_ci (double estimate, double low, double high, double level,
                                            KtmEstimate *out, KtmTest *test, double *middle);
