/* model/stats: meta-analysis, moderators and small-study effects. */
#include "ktm-meta-private.h"
#include "ktm-cholesky.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

static KtmMetaRegression
empty_regression (size_t k, size_t p)
{
  KtmMetaRegression out = { .k = k, .p = p, .tau2 = NAN, .se_tau2 = NAN, .i2 = NAN, .loglik = NAN,
                            .qm = KTM_TEST_NAN, .qe = KTM_TEST_NAN };

  for (size_t j = 0; j < KTM_META_MAX_COLUMNS; j++)
    {
      out.beta[j] = out.se[j] = out.low[j] = out.high[j] = NAN;
      out.test[j] = KTM_TEST_NAN;
    }
  for (size_t j = 0; j < KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS; j++)
    out.vcov[j] = NAN;
  return out;
}

/* b'V⁻¹b of all columns but the first. */
static double
wald_of_slopes (const KtmMetaRegression *out)
{
  double a[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS], b[KTM_META_MAX_COLUMNS];
  size_t m = out->p - 1;

  for (size_t r = 0; r < m; r++)
    {
      b[r] = out->beta[r + 1];
      for (size_t c = 0; c < m; c++)
        a[r * m + c] = out->vcov[(r + 1) * out->p + c + 1];
    }
  if (m == 0 || !ktm_cholesky_factor (a, m))
    return NAN;
  ktm_dense_forward (a, m, b, 1);
  return ktm_dense_dot (b, b, m);
}

static void
fill_tests (KtmMetaTest kind, double level, KtmMetaRegression *out)
{
  double df = (double) (out->k - out->p), m = (double) out->p - 1.0;
  double factor =
      kind == KTM_META_WALD ? ktm_dist_normal_z (level) : ktm_dist_t_quantile (level, df);

  for (size_t j = 0; j < out->p; j++)
    {
      double t = out->beta[j] / (out->se[j] = sqrt (out->vcov[j * out->p + j]));

      out->low[j] = out->beta[j] - factor * out->se[j];
      out->high[j] = out->beta[j] + factor * out->se[j];
      out->test[j] =
          (KtmTest){ t, kind == KTM_META_WALD ? NAN : df, NAN,
                     kind == KTM_META_WALD ? ktm_dist_normal_p2 (t) : ktm_dist_t_p2 (t, df) };
    }
  if (out->p < 2)
    return;
  out->qm = (KtmTest) { wald_of_slopes (out), m, NAN, NAN };
  if (kind == KTM_META_WALD)
    out->qm.p = ktm_dist_chi2_p (out->qm.statistic, m);
  else
    {
      out->qm.statistic /= m;
      out->qm.df2 = df;
      out->qm.p = ktm_dist_f_p (out->qm.statistic, m, df);
    }
}

static KtmStatsStatus
regress (const MetaModel *model, KtmMetaTest kind, double level, KtmMetaRegression *out)
{
  double df = (double) (model->k - model->p), scale = 1.0, trace, trace2;
  KtmStatsStatus status = meta_tau2 (model, &out->tau2, &out->se_tau2);
  MetaFit fit;

  if (status != KTM_STATS_OK)
    return status;
  if (!meta_fit (model, 0.0, &fit))
    return KTM_STATS_SINGULAR;
  meta_traces (model, 0.0, &fit, &trace, &trace2);
  out->qe = (KtmTest) { fit.q, df, NAN, ktm_dist_chi2_p (fit.q, df) };
  out->i2 = 100.0 * out->tau2 / (out->tau2 + df / trace);
  if (!meta_fit (model, out->tau2, &fit))
    return KTM_STATS_SINGULAR;
  if (kind != KTM_META_WALD)
    scale = kind == KTM_META_HKSJ_ADHOC ? fmax (1.0, fit.q / df) : fit.q / df;
  memcpy (out->beta, fit.beta, model->p * sizeof *fit.beta);
  for (size_t j = 0; j < model->p * model->p; j++)
    out->vcov[j] = scale * fit.inverse[j];
  if (model->method == KTM_META_REML || model->method == KTM_META_ML)
    out->loglik = meta_loglik (model, out->tau2);
  fill_tests (kind, level, out);
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_meta_regression (const double *y, const double *v, const double *x, size_t k, size_t p,
                     KtmMetaMethod method, KtmMetaTest kind, double level, KtmMetaRegression *out)
{
  KtmStatsStatus status = meta_check (y, v, k, level);
  MetaModel model = { y, v, x, k, p, method, 0.0 };

  *out = empty_regression (k, p);
  if (status == KTM_STATS_OK && (p < 1 || p > KTM_META_MAX_COLUMNS))
    status = KTM_STATS_BAD_ARGUMENT;
  if (status == KTM_STATS_OK && k <= p)
    status = KTM_STATS_TOO_FEW;
  if (status == KTM_STATS_OK && !ktm_stats_all_finite (x, k * p))
    status = KTM_STATS_NOT_FINITE;
  if (status == KTM_STATS_OK)
    status = regress (&model, kind, level, out);
  if (status != KTM_STATS_OK)
    *out = empty_regression (k, p);
  return status;
}

/* --- small-study effects ---------------------------------------------------------------------- */

/* Least squares of y/s on 1/s. */
static bool
regress_precision (const double *y, const double *v, size_t k, KtmMetaEgger *out)
{
  double n = (double) k, mx = 0.0, mz = 0.0, sxx = 0.0, sxz = 0.0, rss = 0.0;

  for (size_t i = 0; i < k; i++)
    {
      mx += 1.0 / sqrt (v[i]) / n;
      mz += y[i] / sqrt (v[i]) / n;
    }
  for (size_t i = 0; i < k; i++)
    {
      double dx = 1.0 / sqrt (v[i]) - mx;

      sxx += dx * dx;
      sxz += dx * (y[i] / sqrt (v[i]) - mz);
    }
  if (!(sxx > 1e-20 * mx * mx * n))
    return false;
  out->slope = sxz / sxx;
  out->intercept = mz - out->slope * mx;
  for (size_t i = 0; i < k; i++)
    rss += pow ((y[i] - out->slope) / sqrt (v[i]) - out->intercept, 2.0);
  out->intercept_se = sqrt (rss / (n - 2.0) * (1.0 / n + mx * mx / sxx));
  out->test = (KtmTest) { out->intercept / out->intercept_se, n - 2.0, NAN, NAN };
  out->test.p = ktm_dist_t_p2 (out->test.statistic, n - 2.0);
  return true;
}

KtmStatsStatus
ktm_meta_egger (const double *y, const double *v, size_t k, KtmMetaEgger *out)
{
  KtmStatsStatus status = meta_check (y, v, k, 0.95);
  const KtmMetaEgger empty = { NAN, NAN, NAN, KTM_TEST_NAN, KTM_TEST_NAN };
  KtmMetaRegression regression;
  double *x;

  *out = empty;
  if (status != KTM_STATS_OK)
    return status;
  if (k < 3)
    return KTM_STATS_TOO_FEW;
  if (!regress_precision (y, v, k, out))
    return KTM_STATS_SINGULAR;
  x = malloc (2 * k * sizeof *x);
  if (x == NULL)
    status = KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < k && x != NULL; i++)
    {
      x[2 * i] = 1.0;
      x[2 * i + 1] = sqrt (v[i]);
    }
  if (x != NULL)
    status = ktm_meta_regression (y, v, x, k, 2, KTM_META_REML, KTM_META_WALD, 0.95, &regression);
  if (status == KTM_STATS_OK)
    out->reml = regression.test[1];
  else
    *out = empty;
  free (x);
  return status;
}
