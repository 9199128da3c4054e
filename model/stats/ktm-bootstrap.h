/* model/stats: bootstrap intervals, resampled by patient. */
#pragma once

#include "ktm-stats.h"

typedef enum
{
  KTM_BOOT_MEAN,                 /* mean (x) */
  KTM_BOOT_MEDIAN,               /* median (x) */
  KTM_BOOT_MEAN_DIFF_PAIRED,     /* mean (y − x) */
  KTM_BOOT_MEDIAN_DIFF_PAIRED,   /* median (y − x) */
  KTM_BOOT_D_Z,                  /* mean (y − x) / sd (y − x) */
  KTM_BOOT_MEAN_DIFF_TWO_SAMPLE, /* mean (x) − mean (y) */
  KTM_BOOT_COHEN_D               /* (mean (x) − mean (y)) / pooled sd */
} KtmBootStatistic;

typedef enum
{
  KTM_RESAMPLE_CASES,       /* rows: a patient's x and y stay together */
  KTM_RESAMPLE_WITHIN_GROUP /* x and y are two groups, each keeps its size */
} KtmResample;

typedef struct
{
  size_t      resamples;    /* 10 000 is usual; at least 100 */
  uint64_t    seed;         /* print it with the result */
  double      level;
  KtmResample resampling;
} KtmBootOptions;

typedef struct
{
  double value;             /* the statistic of the data */
  double se;                /* SD of the replicates */
  double z0; /* bias: normal quantile of the share of replicates below value, ties half */
  double acceleration;      /* jackknife; 0 when nothing varies */
  double percentile_low, percentile_high;
  double bca_low, bca_high; /* NaN where the level cannot be read off so few resamples */
  size_t resamples;         /* replicates used */
  size_t n_undefined;       /* replicates without a value (no spread), left out */
} KtmBootstrap;

/* Percentile and BCa interval of one of the statistics above.
 *
 * @x, @y: n1 and n2 values; @y NULL and n2 = 0 for the one-sample statistics; n1 = n2 for the
 * paired ones and for two-sample statistics resampled by rows NaN:    not accepted.  The same seed
 * gives the same numbers on every machine. Errors: TOO_FEW (under 2 values, in a group),
 * NO_VARIANCE (nothing to resample), BAD_ARGUMENT, NOT_FINITE, UNDEFINED (the statistic does not
 * exist for the data), NO_MEMORY, CANCELLED. Source: Efron (1987), JASA 82:171-185; Davison &
 * Hinkley (1997), Bootstrap Methods, ch. 5 (quantiles type 6).
 */
KtmStatsStatus ktm_stats_bootstrap (KtmBootStatistic statistic, const double *x, size_t n1,
                                    const double *y, size_t n2, const KtmBootOptions *options,
                                    const KtmProgress *progress, KtmBootstrap *out);

/* The same for any function of whole patients: @f gets the rows drawn (indices below @n, with
 * repeats) and returns NaN where the statistic does not exist.  It is also called with n − 1 rows
 * for the jackknife. */
typedef double (*KtmBootFunction) (const uint32_t *rows, size_t n_rows, void *data);
KtmStatsStatus ktm_stats_bootstrap_patients (KtmBootFunction f, void *data, size_t n,
                                             const KtmBootOptions *options,
                                             const KtmProgress *progress, KtmBootstrap *out);
