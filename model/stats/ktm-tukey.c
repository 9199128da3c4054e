/* model/stats: the studentized range.
 *
 * P(Q <= q) = integral over s of f(s) W(q s), s the root of a mean chi-square, W the cdf of the
 * range of k standard normals.  Both integrands are smooth and fall off on both sides (the outer
 * one in u = log s), where the trapezoid rule converges exponentially: halving the step below
 * changes nothing above 1e-13.
 */
#include "ktm-dist.h"
#include "ktm-root.h"

#include <gsl/gsl_cdf.h>

enum { N_INNER = 121 }; /* z from -8.5 to 8.5 */
#define INNER_REACH 8.5

typedef struct
{
  double k;
  double step;
  double z[N_INNER], density[N_INNER];
  double tail[N_INNER]; /* of the normal beyond |z| */
} Inner;

static void
inner_init (Inner *inner, double k)
{
  inner->k = k;
  inner->step = 2.0 * INNER_REACH / (N_INNER - 1);
  for (int i = 0; i < N_INNER; i++)
    {
      double z = -INNER_REACH + i * inner->step;

      inner->z[i] = z;
      inner->density[i] = exp (-0.5 * z * z) / sqrt (2.0 * M_PI);
      inner->tail[i] = 0.5 * erfc (fabs (z) * M_SQRT1_2);
    }
}

/* x^m for a whole m in a few products. */
static double
power (double x, double m)
{
  double result = 1.0;

  if (m != floor (m) || m > 64.0)
    return pow (x, m);
  for (unsigned n = (unsigned) m; n > 0; n >>= 1, x *= x)
    if (n & 1)
      result *= x;
  return result;
}

/* P(range of k normals <= w): the largest at z, the others within w below it. */
static double
range_cdf (const Inner *inner, double w)
{
  double sum = 0.0;

  if (w <= 0.0)
    return 0.0;
  for (int i = 0; i < N_INNER; i++)
    {
      double z = inner->z[i];
      double within = z > 0.0 ? 0.5 * erfc ((z - w) * M_SQRT1_2) - inner->tail[i]
                              : inner->tail[i] - 0.5 * erfc ((w - z) * M_SQRT1_2);

      sum += inner->density[i] * power (fmax (within, 0.0), inner->k - 1.0);
    }
  return fmin (1.0, inner->k * inner->step * sum);
}

/* log density of u = log s, without its constant. */
static double
log_scale_density (double u, double df)
{
  return df * (u - 0.5 * expm1 (2.0 * u));
}

/* Where the density of log s has fallen by e^-45 on the side of @direction. */
static double
scale_reach (double df, double direction)
{
  double far = direction * 0.01, near = 0.0;

  while (log_scale_density (far, df) > -45.0)
    far *= 2.0;
  for (int i = 0; i < 40; i++)
    {
      double mid = 0.5 * (near + far);

      if (log_scale_density (mid, df) > -45.0)
        near = mid;
      else
        far = mid;
    }
  return far;
}

static double
tukey_cdf (const Inner *inner, double q, double df)
{
  double low, high, step, mass = 0.0, sum = 0.0;

  if (isinf (df) || df > 1e8)
    return range_cdf (inner, q);
  low = scale_reach (df, -1.0);
  high = scale_reach (df, 1.0);
  step = fmin (0.1, 0.45 / sqrt (2.0 * df));
  for (double u = low; u <= high; u += step)
    {
      double density = exp (log_scale_density (u, df));

      mass += density;
      sum += density * range_cdf (inner, q * exp (u));
    }
  return sum / mass;
}

double
ktm_dist_tukey_p (double q, double k, double df)
{
  Inner inner;

  if (isnan (q) || !(k >= 2.0) || !(df >= 1.0))
    return NAN;
  if (q <= 0.0)
    return 1.0;
  if (isinf (q))
    return 0.0;
  inner_init (&inner, k);
  return fmax (0.0, 1.0 - tukey_cdf (&inner, q, df));
}

typedef struct
{
  Inner  inner;
  double df, p;
} Target;

static double
tukey_miss (double q, void *data)
{
  const Target *target = data;

  return tukey_cdf (&target->inner, q, target->df) - (1.0 - target->p);
}

double
ktm_dist_tukey_quantile (double p, double k, double df)
{
  Target target = { .df = df, .p = p };
  double high = 4.0, q;

  if (!(p > 0.0 && p < 1.0) || !(k >= 2.0) || !(df >= 1.0))
    return NAN;
  inner_init (&target.inner, k);
  while (tukey_miss (high, &target) < 0.0 && high < 1e12)
    high *= 2.0;
  return ktm_root_find (tukey_miss, &target, 0.0, high, &q) == KTM_STATS_OK ? q : NAN;
}
