/* model/stats: normal, t, binomial and noncentral t. */
#include "ktm-dist.h"
#include "ktm-root.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

bool
ktm_dist_level_ok (double level)
{
  return level > 0.0 && level < 1.0;
}

double
ktm_dist_normal_p2 (double z)
{
  return isnan (z) ? NAN : erfc (fabs (z) * M_SQRT1_2);
}

double
ktm_dist_normal_z (double level)
{
  return ktm_dist_level_ok (level) ? gsl_cdf_ugaussian_Qinv (0.5 * (1.0 - level)) : NAN;
}

double
ktm_dist_t_p2 (double t, double df)
{
  if (isnan (t) || !(df > 0.0))
    return NAN;
  if (isinf (t))
    return 0.0;
  return fmin (1.0, 2.0 * gsl_cdf_tdist_Q (fabs (t), df));
}

/* GSL's inverse is good to about 1e-9 for some df: two Newton steps on its cdf give the rest. */
double
ktm_dist_t_quantile (double level, double df)
{
  double p = 0.5 * (1.0 - level), x;

  if (!ktm_dist_level_ok (level) || !(df > 0.0))
    return NAN;
  x = gsl_cdf_tdist_Qinv (p, df);
  for (int i = 0; i < 2 && isfinite (x); i++)
    {
      double slope = gsl_ran_tdist_pdf (x, df);

      if (slope > 0.0)
        x += (gsl_cdf_tdist_Q (x, df) - p) / slope;
    }
  return x;
}

double
ktm_dist_chi2_p (double x, double df)
{
  if (isnan (x) || !(df > 0.0))
    return NAN;
  return x <= 0.0 ? 1.0 : isinf (x) ? 0.0 : gsl_cdf_chisq_Q (x, df);
}

double
ktm_dist_f_p (double f, double df1, double df2)
{
  if (isnan (f) || !(df1 > 0.0) || !(df2 > 0.0))
    return NAN;
  return f <= 0.0 ? 1.0 : isinf (f) ? 0.0 : gsl_cdf_fdist_Q (f, df1, df2);
}

typedef struct
{
  double p, a, b;
} BetaTarget;

static double
beta_miss (double x, void *data)
{
  const BetaTarget *t = data;

  return t->p <= 0.5 ? gsl_cdf_beta_P (x, t->a, t->b) - t->p
                     : (1.0 - t->p) - gsl_cdf_beta_Q (x, t->a, t->b);
}

double
ktm_dist_beta_quantile (double p, double a, double b)
{
  BetaTarget target = { p, a, b };
  double x;

  if (!(p >= 0.0 && p <= 1.0) || !(a > 0.0) || !(b > 0.0))
    return NAN;
  if (p == 0.0 || p == 1.0)
    return p;
  return ktm_root_find (beta_miss, &target, 0.0, 1.0, &x) == KTM_STATS_OK ? x : NAN;
}

double
ktm_dist_binomial_cdf (double k, double n, double p)
{
  if (!(n >= 0.0) || !(p >= 0.0 && p <= 1.0) || isnan (k))
    return NAN;
  k = floor (k);
  if (k < 0.0)
    return 0.0;
  if (k >= n || p == 0.0)
    return 1.0;
  if (p == 1.0)
    return 0.0;
  return gsl_cdf_beta_Q (p, k + 1.0, n - k);
}

static double
binomial_log_pdf (double x, double n, double p)
{
  double a = x == 0.0 ? 0.0 : x * log (p), b = x == n ? 0.0 : (n - x) * log1p (-p);

  return lgamma (n + 1.0) - lgamma (x + 1.0) - lgamma (n - x + 1.0) + a + b;
}

/* The outcomes on the far side that are at most as likely begin where the mirrored probability
 * drops. */
double
ktm_dist_binomial_p2 (double x, double n, double p)
{
  double limit, mean = n * p, lower = NAN, upper = NAN;

  if (!(n >= 0.0) || !(x >= 0.0 && x <= n) || !(p > 0.0 && p < 1.0) || x != floor (x)
      || n != floor (n))
    return NAN;
  limit = binomial_log_pdf (x, n, p) + 1e-7;
  if (x == mean)
    return 1.0;
  if (x < mean)
    {
      double k = ceil (mean);

      while (k <= n && binomial_log_pdf (k, n, p) > limit)
        k += 1.0;
      lower = ktm_dist_binomial_cdf (x, n, p);
      upper = k > n ? 0.0 : ktm_dist_binomial_cdf (n - k, n, 1.0 - p);
    }
  else
    {
      double k = floor (mean);

      while (k >= 0.0 && binomial_log_pdf (k, n, p) > limit)
        k -= 1.0;
      upper = ktm_dist_binomial_cdf (n - x, n, 1.0 - p);
      lower = ktm_dist_binomial_cdf (k, n, p);
    }
  return fmin (1.0, lower + upper);
}

double
ktm_dist_hedges_j (double m)
{
  if (!(m > 1.0))
    return NAN;
  return exp (lgamma (0.5 * m) - 0.5 * log (0.5 * m) - lgamma (0.5 * (m - 1.0)));
}

/* --- noncentral t ----------------------------------------------------------------------------- */

/* One of the two sums of AS 243: sum of weight_j I_x(j + a0, b), where weight_j ~ lambda^j /
 * Gamma(j + a0 + 1/2) (with a0 = 1/2: Poisson; with a0 = 1: its half-step companion).  Upwards the
 * incomplete beta falls by a known term; downwards it grows by one. */
static double
weighted_betas (double lambda, double log_scale, double a0, double b, double x, double one_minus_x)
{
  double mode = floor (lambda), a = mode + a0;
  double log_weight = mode * log (lambda) - lambda - lgamma (a + 0.5) + log_scale;
  double weight = exp (log_weight), value = gsl_cdf_beta_P (x, a, b);
  double log_term =
      a * log (x) + b * log (one_minus_x) + lgamma (a + b) - lgamma (a + 1.0) - lgamma (b);
  double sum = weight * value, w = weight, v = value, term = exp (log_term);

  for (double j = mode; ; j += 1.0)
    {
      double aj = j + a0;

      v = fmax (0.0, v - term);
      term *= x * (aj + b) / (aj + 1.0);
      w *= lambda / (aj + 0.5);
      sum += w * v;
      if (w * v <= DBL_EPSILON * 1e-3 * sum || w < 1e-20)
        break;
    }
  w = weight;
  v = value;
  term = exp (log_term);
  for (double j = mode; j >= 1.0; j -= 1.0)
    {
      double aj = j + a0;

      term *= aj / (x * (aj + b - 1.0));
      v = fmin (1.0, v + term);
      w *= (aj - 0.5) / lambda;
      sum += w * v;
      if (w < 1e-20)
        break;
    }
  return sum;
}

double
ktm_dist_nct_cdf (double t, double df, double ncp)
{
  double lambda = 0.5 * ncp * ncp, x, y, even, odd;

  if (isnan (t) || !(df > 0.0) || !isfinite (ncp))
    return NAN;
  if (t < 0.0)
    return 1.0 - ktm_dist_nct_cdf (-t, df, -ncp);
  if (isinf (t))
    return 1.0;
  if (lambda < 1e-300)
    return gsl_cdf_tdist_P (t, df);
  if (t == 0.0)
    return gsl_cdf_ugaussian_P (-ncp);
  x = t * t / (t * t + df);
  y = df / (t * t + df);
  if (x <= 0.0)
    return gsl_cdf_ugaussian_P (-ncp);
  even = weighted_betas (lambda, 0.0, 0.5, 0.5 * df, x, y);
  odd = weighted_betas (lambda, log (fabs (ncp) * M_SQRT1_2), 1.0, 0.5 * df, x, y);
  return fmin (1.0, fmax (0.0, gsl_cdf_ugaussian_P (-ncp) + 0.5 * (even + copysign (odd, ncp))));
}

typedef struct
{
  double t, df, p;
} NctTarget;

static double
nct_miss (double ncp, void *data)
{
  const NctTarget *target = data;

  return ktm_dist_nct_cdf (target->t, target->df, ncp) - target->p;
}

KtmStatsStatus
ktm_dist_nct_limits (double t, double df, double level, double *low, double *high)
{
  NctTarget target = { t, df, 0.5 * (1.0 + level) };
  double reach = 10.0 + fabs (t);
  KtmStatsStatus status;

  *low = *high = NAN;
  if (!isfinite (t) || !(df > 0.0) || !ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  status = ktm_root_find (nct_miss, &target, t - reach, t + reach, low);
  if (status != KTM_STATS_OK)
    return status;
  target.p = 0.5 * (1.0 - level);
  status = ktm_root_find (nct_miss, &target, t - reach, t + reach, high);
  if (status != KTM_STATS_OK)
    *low = NAN;
  return status;
}
