/* model/stats: linear functions of coefficients, shared by the regression families. */
#include "ktm-contrast.h"

#include "ktm-dense.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

/* Above this a t is a z to every digit, and GSL's incomplete beta loses digits. */
#define DF_IS_NORMAL 1e9

/* Two-sided p of a t statistic; df may be INFINITY (normal).  NaN in, NaN out. */
double
ktm_contrast_t_p (double t, double df)
{
  if (isnan (t) || isnan (df) || df <= 0)
    return NAN;
  if (isinf (t))
    return 0;
  return 2 * (df > DF_IS_NORMAL ? gsl_cdf_ugaussian_Q (fabs (t)) : gsl_cdf_tdist_Q (fabs (t), df));
}

/* The factor of a two-sided interval at @level: t quantile, or z where df is infinite. */
double
ktm_contrast_t_factor (double level, double df)
{
  double tail = (1 - level) / 2, t;

  if (isnan (df) || df <= 0)
    return NAN;
  if (df > DF_IS_NORMAL)
    return gsl_cdf_ugaussian_Qinv (tail);
  t = gsl_cdf_tdist_Qinv (tail, df);
  return isfinite (t) ? t : INFINITY; /* df near 0: beyond any number */
}

/* Upper tail of F; df2 may be INFINITY (chi-square / df1).  NaN where a df is not positive. */
double
ktm_contrast_f_p (double f, double df1, double df2)
{
  if (isnan (f) || !(df1 > 0) || !(df2 > 0))
    return NAN;
  if (f <= 0)
    return 1;
  if (isinf (f))
    return 0;
  return df2 > DF_IS_NORMAL ? gsl_cdf_chisq_Q (f * df1, df1) : gsl_cdf_fdist_Q (f, df1, df2);
}

/* Value, SE, interval and test of one linear function; all in the value's unit.  An SE of 0 gives
 * an infinite statistic (NaN when the value is 0 too). */
KtmContrast
ktm_contrast_make (double value, double se, double df, double level)
{
  double factor = ktm_contrast_t_factor (level, df);
  double t = value / se;

  return (KtmContrast) {
    .estimate = { value, se, value - factor * se, value + factor * se },
    .test = { t, df, NAN, ktm_contrast_t_p (t, df) },
  };
}

/* Is this a usable two-sided confidence level? */
bool
ktm_contrast_level_ok (double level)
{
  return level > 0 && level < 1;
}

/* Satterthwaite df of l'beta: 2 v^2 / (g'Ag), v = l'Vl, g its gradient in the covariance
 * parameters.
 *
 * @l:      p weights;  @vcov: p x p
 * @spread: n x p x p, C'(dV/dtheta) for a root C of the parameters' covariance A = CC', so that
 *          g'Ag is a sum of squares
 *
 * INFINITY where v does not depend on the parameters.
 * Source: Giesbrecht and Burns (1985), Biometrics 41:477-486.
 */
double
ktm_contrast_satterthwaite (const double *l, size_t p, const double *vcov, const double *spread,
                            size_t n)
{
  double v = ktm_dense_quadratic (vcov, l, p), sum = 0;

  for (size_t k = 0; k < n; k++)
    {
      double g = ktm_dense_quadratic (spread + k * p * p, l, p);

      sum += g * g;
    }
  return sum > 0 ? 2 * v * v / sum : INFINITY;
}

/* The same for one coefficient. */
double
ktm_contrast_satterthwaite_at (size_t column, size_t p, const double *vcov, const double *spread,
                               size_t n)
{
  size_t at = column * p + column;
  double sum = 0;

  for (size_t k = 0; k < n; k++)
    sum += spread[k * p * p + at] * spread[k * p * p + at];
  return sum > 0 ? 2 * vcov[at] * vcov[at] / sum : INFINITY;
}

/* l'beta with SE, interval and test.  NOT_FINITE: a weight; UNDEFINED: its variance is 0;
 * BAD_ARGUMENT: the level. */
KtmStatsStatus
ktm_contrast_of (const double *l, size_t p, const double *beta, const double *vcov,
                 KtmContrastDf df, const void *model, double level, KtmContrast *out)
{
  double v;

  *out = KTM_CONTRAST_NAN;
  if (!ktm_contrast_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (l, p))
    return KTM_STATS_NOT_FINITE;
  v = ktm_dense_quadratic (vcov, l, p);
  if (!(v > 0))
    return KTM_STATS_UNDEFINED;
  *out = ktm_contrast_make (ktm_dense_dot (l, beta, p), sqrt (v), df (l, model), level);
  return KTM_STATS_OK;
}

/* The denominator df of the mean of squared t's with df nu: E = sum nu/(nu-2), 2E/(E-m). */
static double
fai_cornelius (const double *nu, size_t m)
{
  double low = INFINITY, high = 0, mean = 0, e = 0;

  for (size_t i = 0; i < m; i++)
    {
      low = fmin (low, nu[i]);
      high = fmax (high, nu[i]);
      mean += nu[i] / (double) m;
      e += isinf (nu[i]) ? 1 : nu[i] / (nu[i] - 2);
    }
  if (isinf (low) || high - low < 1e-8)
    return m == 1 ? nu[0] : mean;
  if (low <= 2)
    return 2;
  return 2 * e / (e - (double) m);
}

/* Joint Wald F test of L b = 0.
 *
 * @l:     n_rows x p; linearly dependent rows are allowed and do not count
 * @beta:  p;  @vcov: p x p
 * @df:    degrees of freedom of a single linear function, from @model
 * @out:   F, numerator df (the rank of L V L'), denominator df2, p
 *
 * Denominator df after Fai and Cornelius (1996), J Stat Comput Simul 54:363-378: L V L' is rotated
 * to independent t's, whose df are put together so that the F has the right mean (also lmerTest's
 * rule).  With one common df (least squares) that df comes back unchanged.
 * BAD_ARGUMENT without rows, NOT_FINITE for a weight, SINGULAR where all of L V L' is zero,
 * NO_MEMORY.
 */
KtmStatsStatus
ktm_contrast_joint (const double *l, size_t n_rows, size_t p, const double *beta,
                    const double *vcov, KtmContrastDf df, const void *model, KtmTest *out)
{
  double *work, *lv, *lvl, *vectors, *values, *row, *nu, largest = 0, sum = 0;
  size_t rank = 0;

  *out = KTM_TEST_NAN;
  if (n_rows == 0 || p == 0)
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (l, n_rows * p))
    return KTM_STATS_NOT_FINITE;
  work = malloc ((n_rows * p + 2 * n_rows * n_rows + 2 * n_rows + p) * sizeof (double));
  if (work == NULL)
    return KTM_STATS_NO_MEMORY;
  lv = work;
  lvl = lv + n_rows * p;
  vectors = lvl + n_rows * n_rows;
  values = vectors + n_rows * n_rows;
  nu = values + n_rows;
  row = nu + n_rows;
  ktm_dense_multiply (l, n_rows, p, vcov, p, lv);
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n_rows; j++)
      lvl[i * n_rows + j] = ktm_dense_dot (lv + i * p, l + j * p, p);
  ktm_dense_eigen (lvl, n_rows, values, vectors);
  for (size_t i = 0; i < n_rows; i++)
    largest = fmax (largest, values[i]);
  for (size_t i = 0; i < n_rows; i++)
    {
      double t;

      if (!(values[i] > largest * sqrt (DBL_EPSILON)))
        continue;
      ktm_dense_multiply (vectors + i * n_rows, 1, n_rows, l, p, row);
      t = ktm_dense_dot (row, beta, p);
      sum += t * t / values[i];
      nu[rank++] = df (row, model);
    }
  if (rank > 0)
    {
      double f = sum / (double) rank, df2 = fai_cornelius (nu, rank);

      *out = (KtmTest) { f, (double) rank, df2, ktm_contrast_f_p (f, (double) rank, df2) };
    }
  free (work);
  return rank > 0 ? KTM_STATS_OK : KTM_STATS_SINGULAR;
}
