/* model/stats: r x c tables and trends. */
#include "ktm-tables.h"
#include "ktm-dist.h"
#include "ktm-table-counts.h"

KtmStatsStatus
ktm_table_check (const double *table, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (!isfinite (table[i]))
        return KTM_STATS_NOT_FINITE;
      if (table[i] < 0.0 || table[i] != floor (table[i]))
        return KTM_STATS_BAD_ARGUMENT;
    }
  return KTM_STATS_OK;
}

static double
row_sum (const double *table, size_t cols, size_t i)
{
  double sum = 0.0;

  for (size_t j = 0; j < cols; j++)
    sum += table[i * cols + j];
  return sum;
}

static double
col_sum (const double *table, size_t rows, size_t cols, size_t j)
{
  double sum = 0.0;

  for (size_t i = 0; i < rows; i++)
    sum += table[i * cols + j];
  return sum;
}

static KtmStatsStatus
refuse (const double *table, size_t rows, size_t cols, double *n)
{
  KtmStatsStatus status = ktm_table_check (table, rows * cols);

  *n = 0.0;
  if (status != KTM_STATS_OK)
    return status;
  if (rows < 2 || cols < 2)
    return KTM_STATS_TOO_FEW;
  for (size_t i = 0; i < rows; i++)
    *n += row_sum (table, cols, i);
  if (*n == 0.0)
    return KTM_STATS_TOO_FEW;
  for (size_t i = 0; i < rows; i++)
    if (row_sum (table, cols, i) == 0.0)
      return KTM_STATS_UNDEFINED;
  for (size_t j = 0; j < cols; j++)
    if (col_sum (table, rows, cols, j) == 0.0)
      return KTM_STATS_UNDEFINED;
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_table (const double *table, size_t rows, size_t cols, KtmTable *out, double *expected,
                 double *residuals)
{
  double n, df, chi2 = 0.0, g2 = 0.0;
  KtmStatsStatus status = refuse (table, rows, cols, &n);

  *out = (KtmTable) { NAN, KTM_TEST_NAN, KTM_TEST_NAN, NAN };
  for (size_t c = 0; c < rows * cols; c++)
    {
      double o = table[c], r, k, e;

      if (status != KTM_STATS_OK)
        {
          if (expected != NULL)
            expected[c] = NAN;
          if (residuals != NULL)
            residuals[c] = NAN;
          continue;
        }
      r = row_sum (table, cols, c / cols);
      k = col_sum (table, rows, cols, c % cols);
      e = r * k / n;
      chi2 += (o - e) * (o - e) / e;
      g2 += o > 0.0 ? 2.0 * o * log (o / e) : 0.0;
      if (expected != NULL)
        expected[c] = e;
      if (residuals != NULL)
        residuals[c] = (o - e) / sqrt (e * (1.0 - r / n) * (1.0 - k / n));
    }
  if (status != KTM_STATS_OK)
    return status;
  df = ((double) rows - 1.0) * ((double) cols - 1.0);
  g2 = fmax (0.0, g2);
  out->n = n;
  out->chi2 = (KtmTest) { chi2, df, NAN, ktm_dist_chi2_p (chi2, df) };
  out->g2 = (KtmTest) { g2, df, NAN, ktm_dist_chi2_p (g2, df) };
  out->cramers_v = sqrt (chi2 / (n * ((double) (rows < cols ? rows : cols) - 1.0)));
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_trend (const double *events, const double *n, const double *scores, size_t k,
                 KtmTrend *out)
{
  double x = 0.0, total = 0.0, t = 0.0, mean = 0.0, spread = 0.0, p, v, z;

  *out = (KtmTrend) { KTM_TEST_NAN, NAN, NAN, NAN };
  if (!ktm_stats_all_finite (events, k) || !ktm_stats_all_finite (n, k)
      || !ktm_stats_all_finite (scores, k))
    return KTM_STATS_NOT_FINITE;
  if (ktm_table_check (events, k) != KTM_STATS_OK || ktm_table_check (n, k) != KTM_STATS_OK)
    return KTM_STATS_BAD_ARGUMENT;
  if (k < 2)
    return KTM_STATS_TOO_FEW;
  for (size_t i = 0; i < k; i++)
    {
      if (events[i] > n[i])
        return KTM_STATS_BAD_ARGUMENT;
      x += events[i];
      total += n[i];
      mean += n[i] * scores[i];
    }
  p = x / total;
  mean /= total;
  for (size_t i = 0; i < k; i++)
    {
      t += (scores[i] - mean) * (events[i] - n[i] * p);
      spread += n[i] * (scores[i] - mean) * (scores[i] - mean);
    }
  v = p * (1.0 - p) * spread;
  if (!(v > 0.0))
    return KTM_STATS_NO_VARIANCE;
  out->z = z = t / sqrt (v);
  out->test = (KtmTest) { z * z, 1.0, NAN, ktm_dist_normal_p2 (z) };
  out->z_nminus1 = z * sqrt ((total - 1.0) / total);
  out->p_nminus1 = ktm_dist_normal_p2 (out->z_nminus1);
  return KTM_STATS_OK;
}
