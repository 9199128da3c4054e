/* model/stats: from replicates to intervals. */
#include "ktm-bootstrap-private.h"
#include "ktm-dist.h"
#include "ktm-rank.h"

#include <gsl/gsl_cdf.h>

enum { FEWEST_RESAMPLES = 100 };

void
ktm_bootstrap_clear (KtmBootstrap *out)
{
  *out = (KtmBootstrap) { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, 0 };
}

KtmStatsStatus
ktm_bootstrap_check (const KtmBootOptions *options)
{
  return options->resamples >= FEWEST_RESAMPLES && options->resamples <= SIZE_MAX / 16
         && ktm_dist_level_ok (options->level) ? KTM_STATS_OK : KTM_STATS_BAD_ARGUMENT;
}

void
ktm_bootstrap_jackknife (const double *jack, size_t n, double scale, double *squares, double *cubes)
{
  double mean = 0.0, largest = 0.0;

  for (size_t i = 0; i < n; i++)
    {
      mean += jack[i] / (double) n;
      largest = fmax (largest, fabs (jack[i]));
    }
  for (size_t i = 0; i < n; i++)
    {
      double u = mean - jack[i];

      if (fabs (u) <= 1e-14 * largest)
        u = 0.0; /* all equal but for rounding */
      u *= scale;
      *squares += u * u;
      *cubes += u * u * u;
    }
}

double
ktm_bootstrap_acceleration (double squares, double cubes)
{
  return squares > 0.0 ? cubes / (6.0 * pow (squares, 1.5)) : 0.0;
}

/* Type 6: order statistic number k from 1, linear between two; NaN outside 1…n.  Reorders @x. */
static double
quantile (double *x, size_t n, double share)
{
  double k = (double) (n + 1) * share, low;
  size_t j;

  if (!(k >= 1.0 && k <= (double) n))
    return NAN;
  j = (size_t) k;
  low = ktm_rank_select (x, n, j - 1);
  if ((double) j == k || j == n)
    return low;
  return low + (k - (double) j) * (ktm_rank_select (x, n, j) - low);
}

static double
bias (const double *x, size_t n, double value, double se)
{
  double below = 0.0, tie = 1e-10 * fmax (fabs (value), se);

  for (size_t i = 0; i < n; i++)
    below += fabs (x[i] - value) <= tie ? 0.5 : x[i] < value ? 1.0 : 0.0;
  return gsl_cdf_ugaussian_Pinv (below / (double) n);
}

static double
bca_share (double z0, double a, double z)
{
  return gsl_cdf_ugaussian_P (z0 + (z0 + z) / (1.0 - a * (z0 + z)));
}

static double
spread (const double *x, size_t n)
{
  double mean = 0.0, squares = 0.0;

  for (size_t i = 0; i < n; i++)
    mean += x[i];
  mean /= (double) n;
  for (size_t i = 0; i < n; i++)
    squares += (x[i] - mean) * (x[i] - mean);
  return sqrt (squares / (double) (n - 1));
}

KtmStatsStatus
ktm_bootstrap_finish (double *replicates, size_t n, double level, KtmBootstrap *out)
{
  double z = ktm_dist_normal_z (level), value = out->value, a = out->acceleration;
  size_t kept = 0;

  for (size_t i = 0; i < n; i++)
    if (isfinite (replicates[i]))
      replicates[kept++] = replicates[i];
  if (2 * kept < n)
    {
      ktm_bootstrap_clear (out);
      return KTM_STATS_UNDEFINED;
    }
  out->value = value;
  out->resamples = kept;
  out->n_undefined = n - kept;
  out->se = spread (replicates, kept);
  out->z0 = bias (replicates, kept, value, out->se);
  out->percentile_low = quantile (replicates, kept, 0.5 * (1.0 - level));
  out->percentile_high = quantile (replicates, kept, 0.5 * (1.0 + level));
  if (!isfinite (out->z0))
    return KTM_STATS_OK;
  out->bca_low = quantile (replicates, kept, bca_share (out->z0, a, -z));
  out->bca_high = quantile (replicates, kept, bca_share (out->z0, a, z));
  return KTM_STATS_OK;
}
