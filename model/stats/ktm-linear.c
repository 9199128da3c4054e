/* model/stats: linear regression by least squares. */
#include "ktm-linear.h"

#include "ktm-dense.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static bool
allocate (KtmLinear *o, double **q, double **r)
{
  size_t n = o->n, p = o->p;

  o->beta = calloc (p, sizeof (double));
  o->vcov = calloc (p * p, sizeof (double));
  o->coefficient = calloc (p, sizeof (KtmContrast));
  o->fitted = calloc (n, sizeof (double));
  o->residual = calloc (n, sizeof (double));
  o->leverage = calloc (n, sizeof (double));
  *q = calloc (n * p, sizeof (double));
  *r = calloc (p * p, sizeof (double));
  return o->beta && o->vcov && o->coefficient && o->fitted && o->residual && o->leverage && *q
         && *r;
}

/* Projects y on Q, twice for the last digits; beta is on Q's columns until the end. */
static void
project (KtmLinear *o, const double *y, const double *q)
{
  size_t n = o->n, p = o->p;

  memcpy (o->residual, y, n * sizeof (double));
  for (int pass = 0; pass < 2; pass++)
    for (size_t j = 0; j < p; j++)
      {
        double f = 0;

        for (size_t i = 0; i < n; i++)
          f += q[i * p + j] * o->residual[i];
        for (size_t i = 0; i < n; i++)
          o->residual[i] -= f * q[i * p + j];
        o->beta[j] += f;
      }
  for (size_t i = 0; i < n; i++)
    {
      o->fitted[i] = y[i] - o->residual[i];
      o->leverage[i] = ktm_dense_dot (q + i * p, q + i * p, p);
    }
  o->rss = ktm_dense_dot (o->residual, o->residual, n);
}

/* Can the columns make a constant?  (Then R2 is about the mean.) */
static bool
holds_constant (const double *q, size_t n, size_t p)
{
  double left = (double) n;

  for (size_t j = 0; j < p; j++)
    {
      double f = 0;

      for (size_t i = 0; i < n; i++)
        f += q[i * p + j];
      left -= f * f;
    }
  return left < 1e-10 * (double) n;
}

static KtmStatsStatus
fill_shares (KtmLinear *o, const double *y, bool constant)
{
  double n = (double) o->n, mean = 0, tss = 0, model_df = (double) o->p - (constant ? 1 : 0);

  for (size_t i = 0; i < o->n; i++)
    mean += y[i] / n;
  for (size_t i = 0; i < o->n; i++)
    tss += (y[i] - (constant ? mean : 0)) * (y[i] - (constant ? mean : 0));
  if (!(o->rss > 1e-24 * (tss + n * mean * mean)) || o->rss <= DBL_MIN)
    return KTM_STATS_NO_VARIANCE;
  o->sigma = sqrt (o->rss / o->df);
  o->r2 = 1 - o->rss / tss;
  o->adjusted_r2 = 1 - (o->rss / o->df) / (tss / (n - (constant ? 1 : 0)));
  o->overall = KTM_TEST_NAN;
  if (model_df > 0)
    {
      double f = fmax (0, tss - o->rss) / model_df / (o->rss / o->df);

      o->overall = (KtmTest) { f, model_df, o->df, ktm_contrast_f_p (f, model_df, o->df) };
    }
  else
    o->r2 = o->adjusted_r2 = 0;
  o->loglik = -n / 2 * (log (2 * M_PI * o->rss / n) + 1);
  o->aic = -2 * o->loglik + 2 * ((double) o->p + 1);
  o->bic = -2 * o->loglik + log (n) * ((double) o->p + 1);
  return KTM_STATS_OK;
}

/* On Q's columns: sigma^2 I, or sum of q q' e^2/(1-h)^2.  A row that alone decides a coefficient
 * has h = 1 and no HC3. */
static KtmStatsStatus
fill_vcov (KtmLinear *o, const double *q)
{
  size_t n = o->n, p = o->p;

  if (o->variance == KTM_LINEAR_CLASSIC)
    {
      for (size_t j = 0; j < p; j++)
        o->vcov[j * p + j] = o->sigma * o->sigma;
      return KTM_STATS_OK;
    }
  for (size_t i = 0; i < n; i++)
    {
      double e = o->residual[i] / (1 - o->leverage[i]);

      if (o->leverage[i] > 1 - 1e-10)
        return KTM_STATS_UNDEFINED;
      for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k < p; k++)
          o->vcov[j * p + k] += q[i * p + j] * q[i * p + k] * e * e;
    }
  return KTM_STATS_OK;
}

static KtmStatsStatus
fit (KtmLinear *o, const double *y, const double *x, double *q, double *r)
{
  KtmStatsStatus status = ktm_dense_orthogonal (x, o->n, o->p, q, r);

  if (status == KTM_STATS_OK)
    {
      project (o, y, q);
      status = fill_shares (o, y, holds_constant (q, o->n, o->p));
    }
  if (status == KTM_STATS_OK)
    status = fill_vcov (o, q);
  if (status != KTM_STATS_OK)
    return status;
  ktm_dense_back_beta (r, o->p, o->beta);
  ktm_dense_back_vcov (r, o->p, o->vcov);
  for (size_t j = 0; j < o->p; j++)
    o->coefficient[j]
        = ktm_contrast_make (o->beta[j], sqrt (o->vcov[j * o->p + j]), o->df, o->level);
  return KTM_STATS_OK;
}

/* y = X beta + e by least squares.
 *
 * @y:     n values, any unit;  @x: n x p, the intercept a column of the caller's
 * @level: of the coefficients' t intervals (n - p df, also with HC3)
 * @out:   the caller's: ktm_linear_free(); NULL on any status but OK
 *
 * NaN: not accepted (NOT_FINITE).  TOO_FEW: n <= p.  SINGULAR: collinear columns.  NO_VARIANCE: X
 * explains y fully (a constant y too).  UNDEFINED: HC3 with a row that alone decides a coefficient.
 * Source: HC3 as in MacKinnon and White (1985), J Econometrics 29:305-325.
 */
KtmStatsStatus
ktm_linear_fit (const double *y, const double *x, size_t n, size_t p, KtmLinearVariance variance,
                double level, KtmLinear **out)
{
  double *q = NULL, *r = NULL;
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  KtmLinear *o;

  *out = NULL;
  if (p == 0 || !ktm_contrast_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n <= p)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (y, n) || !ktm_stats_all_finite (x, n * p))
    return KTM_STATS_NOT_FINITE;
  o = calloc (1, sizeof (KtmLinear));
  if (o == NULL)
    return status;
  o->n = n;
  o->p = p;
  o->df = (double) (n - p);
  o->variance = variance;
  o->level = level;
  if (allocate (o, &q, &r))
    status = fit (o, y, x, q, r);
  free (q);
  free (r);
  if (status == KTM_STATS_OK)
    *out = o;
  else
    ktm_linear_free (o);
  return status;
}

/* Frees a regression; NULL is allowed. */
void
ktm_linear_free (KtmLinear *linear)
{
  if (linear == NULL)
    return;
  free (linear->beta);
  free (linear->vcov);
  free (linear->coefficient);
  free (linear->fitted);
  free (linear->residual);
  free (linear->leverage);
  free (linear);
}

static double
residual_df (const double *l, const void *model)
{
  const KtmLinear *linear = model;

  return linear->df;
}

/* l'beta with SE, interval and t test; @l: p finite weights, not all 0. */
KtmStatsStatus
ktm_linear_contrast (const KtmLinear *linear, const double *l, double level, KtmContrast *out)
{
  return ktm_contrast_of (l, linear->p, linear->beta, linear->vcov, residual_df, linear, level,
                          out);
}

/* F test of L beta = 0 (n_rows x p); with the classic variance that of the two nested models. */
KtmStatsStatus
ktm_linear_joint (const KtmLinear *linear, const double *l, size_t n_rows, KtmTest *out)
{
  return ktm_contrast_joint (l, n_rows, linear->p, linear->beta, linear->vcov, residual_df, linear,
                             out);
}

/* F test that some columns' coefficients are all 0, given the others (type III for the columns of
 * a factor).  BAD_ARGUMENT: no column, or one out of range. */
KtmStatsStatus
ktm_linear_columns (const KtmLinear *linear, const size_t *column, size_t n_columns, KtmTest *out)
{
  double *l;
  KtmStatsStatus status;

  *out = KTM_TEST_NAN;
  if (n_columns == 0)
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; i < n_columns; i++)
    if (column[i] >= linear->p)
      return KTM_STATS_BAD_ARGUMENT;
  l = calloc (n_columns * linear->p, sizeof (double));
  if (l == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < n_columns; i++)
    l[i * linear->p + column[i]] = 1;
  status = ktm_linear_joint (linear, l, n_columns, out);
  free (l);
  return status;
}
