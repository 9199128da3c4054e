/* model/stats: one proportion. */
#include "ktm-proportion.h"
#include "ktm-dist.h"

static bool
is_count (double x)
{
  return isfinite (x) && x >= 0.0 && x == floor (x);
}

void
ktm_stats_wilson (double x, double n, double level, double *low, double *high)
{
  double z = ktm_dist_normal_z (level), z2 = z * z, p = x / n;
  double centre = (p + 0.5 * z2 / n) / (1.0 + z2 / n);
  double half = z / (1.0 + z2 / n) * sqrt (p * (1.0 - p) / n + 0.25 * z2 / (n * n));

  *low = x == 0.0 ? 0.0 : centre - half;
  *high = x == n ? 1.0 : centre + half;
}

void
ktm_stats_clopper_pearson (double x, double n, double level, double *low, double *high)
{
  double half_alpha = 0.5 * (1.0 - level);

  *low = x == 0.0 ? 0.0 : ktm_dist_beta_quantile (half_alpha, x, n - x + 1.0);
  *high = x == n ? 1.0 : ktm_dist_beta_quantile (1.0 - half_alpha, x + 1.0, n - x);
}

static void
agresti_coull (double x, double n, double level, double *low, double *high)
{
  double z = ktm_dist_normal_z (level), m = n + z * z, p = (x + 0.5 * z * z) / m;
  double half = z * sqrt (p * (1.0 - p) / m);

  *low = p - half;
  *high = p + half;
}

KtmStatsStatus
ktm_stats_proportion (double x, double n, double level, KtmProportion *out)
{
  *out = (KtmProportion) { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (!isfinite (x) || !isfinite (n))
    return KTM_STATS_NOT_FINITE;
  if (n == 0.0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_dist_level_ok (level) || !is_count (x) || !is_count (n) || x > n)
    return KTM_STATS_BAD_ARGUMENT;
  out->proportion = x / n;
  ktm_stats_wilson (x, n, level, &out->wilson_low, &out->wilson_high);
  ktm_stats_clopper_pearson (x, n, level, &out->clopper_pearson_low, &out->clopper_pearson_high);
  agresti_coull (x, n, level, &out->agresti_coull_low, &out->agresti_coull_high);
  out->p_exact_vs_half = ktm_dist_binomial_p2 (x, n, 0.5);
  return KTM_STATS_OK;
}
