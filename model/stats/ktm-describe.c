/* model/stats: what one sample looks like. */
#include "ktm-describe.h"
#include "ktm-dist.h"
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

void
ktm_stats_moments (const double *x, size_t n, double *mean, double *var)
{
  double sum = 0.0, rest = 0.0, squares = 0.0;

  *mean = *var = NAN;
  if (n == 0)
    return;
  for (size_t i = 0; i < n; i++)
    sum += x[i];
  *mean = sum / (double) n;
  for (size_t i = 0; i < n; i++)
    rest += x[i] - *mean;
  *mean += rest / (double) n;
  for (size_t i = 0; i < n; i++)
    squares += (x[i] - *mean) * (x[i] - *mean);
  if (n > 1)
    *var = squares / (double) (n - 1);
}

KtmStatsStatus
ktm_stats_median (const double *x, size_t n, double *median)
{
  double *sorted;

  *median = NAN;
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  sorted = malloc (n * sizeof *sorted);
  if (sorted == NULL)
    return KTM_STATS_NO_MEMORY;
  memcpy (sorted, x, n * sizeof *sorted);
  ktm_rank_sort (sorted, n);
  *median = ktm_rank_quantile (sorted, n, 0.5);
  free (sorted);
  return KTM_STATS_OK;
}

static void
describe_shape (const double *x, size_t n, KtmDescription *out)
{
  double m2 = 0.0, m3 = 0.0, m4 = 0.0, count = (double) n;

  for (size_t i = 0; i < n; i++)
    {
      double d = x[i] - out->mean.value;

      m2 += d * d;
      m3 += d * d * d;
      m4 += d * d * d * d;
    }
  m2 /= count;
  if (out->min == out->max)
    return;
  out->skewness = m3 / count / pow (m2, 1.5);
  out->excess_kurtosis = m4 / count / (m2 * m2) - 3.0;
}

static void
describe_mean (size_t n, double level, KtmDescription *out)
{
  double half;

  if (n < 2)
    return;
  out->sd = sqrt (out->var);
  out->mean.se = out->sd / sqrt ((double) n);
  half = ktm_dist_t_quantile (level, (double) (n - 1)) * out->mean.se;
  out->mean.low = out->mean.value - half;
  out->mean.high = out->mean.value + half;
}

/* k = smallest integer with P(Bin(n, 1/2) <= k) >= alpha/2; limits x(k) and x(n − k + 1), k at
 * least 1. */
static void
describe_median_ci (const double *sorted, size_t n, double level, KtmDescription *out)
{
  double half_alpha = 0.5 * (1.0 - level);
  size_t k = 0;

  while (k < n && ktm_dist_binomial_cdf ((double) k, (double) n, 0.5) < half_alpha * (1.0 - 1e-14))
    k++;
  if (k == 0)
    k = 1;
  out->median_low = sorted[k - 1];
  out->median_high = sorted[n - k];
  out->median_coverage = 1.0 - 2.0 * ktm_dist_binomial_cdf ((double) k - 1.0, (double) n, 0.5);
  out->median_ci.value = out->median;
  if (out->median_coverage >= level)
    {
      out->median_ci.low = out->median_low;
      out->median_ci.high = out->median_high;
    }
}

static void
describe_order (double *sorted, size_t n, double level, KtmDescription *out)
{
  out->min = sorted[0];
  out->max = sorted[n - 1];
  out->q1 = ktm_rank_quantile (sorted, n, 0.25);
  out->median = ktm_rank_quantile (sorted, n, 0.5);
  out->q3 = ktm_rank_quantile (sorted, n, 0.75);
  out->iqr = out->q3 - out->q1;
  describe_median_ci (sorted, n, level, out);
  for (size_t i = 0; i < n; i++)
    sorted[i] = fabs (sorted[i] - out->median);
  ktm_rank_sort (sorted, n);
  out->mad = ktm_rank_quantile (sorted, n, 0.5);
}

KtmStatsStatus
ktm_stats_describe (const double *x, size_t n, double level, KtmDescription *out)
{
  double *sorted;

  *out = (KtmDescription){ n,   KTM_ESTIMATE_NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                           NAN, KTM_ESTIMATE_NAN, NAN, NAN, NAN };
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (x, n))
    return KTM_STATS_NOT_FINITE;
  sorted = malloc (n * sizeof *sorted);
  if (sorted == NULL)
    return KTM_STATS_NO_MEMORY;
  memcpy (sorted, x, n * sizeof *sorted);
  ktm_rank_sort (sorted, n);
  ktm_stats_moments (x, n, &out->mean.value, &out->var);
  describe_mean (n, level, out);
  describe_order (sorted, n, level, out);
  describe_shape (x, n, out);
  free (sorted);
  return KTM_STATS_OK;
}
