/* model/stats: meta-analysis, pooling. */
#include "ktm-meta-private.h"
#include "ktm-dense.h"
#include "ktm-dist.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

KtmStatsStatus
meta_check (const double *y, const double *v, size_t k, double level)
{
  if (k == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (y, k) || !ktm_stats_all_finite (v, k))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < k; i++)
    if (!(v[i] > 0.0))
      return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

static KtmMeta
empty_meta (size_t k, KtmMetaMethod method, KtmMetaTest kind)
{
  return (KtmMeta){ k,
                    method,
                    kind,
                    KTM_ESTIMATE_NAN,
                    KTM_TEST_NAN,
                    KTM_TEST_NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN,
                    NAN };
}

/* --- heterogeneity ---------------------------------------------------------------------------- */

/* I² of a given tau²: against the typical sampling variance. */
static double
i2_of (double tau2, double typical)
{
  return 100.0 * tau2 / (tau2 + typical);
}

static void
fill_higgins (KtmMeta *out, double level)
{
  double q = out->q.statistic, df = (double) out->k - 1.0, k = (double) out->k, se, h,
         z = ktm_dist_normal_z (level);

  out->i2_from_q = q > 0.0 ? 100.0 * fmax (0.0, (q - df) / q) : 0.0;
  if (k < 3.0 || !(q > 0.0))
    return;
  h = log (sqrt (q / df));
  se = q > k ? 0.5 * (log (q) - log (df)) / (sqrt (2.0 * q) - sqrt (2.0 * k - 3.0))
             : sqrt (1.0 / (2.0 * (k - 2.0)) * (1.0 - 1.0 / (3.0 * (k - 2.0) * (k - 2.0))));
  out->i2_ht_low = 100.0 * (1.0 - exp (-2.0 * fmax (0.0, h - z * se)));
  out->i2_ht_high = 100.0 * (1.0 - exp (-2.0 * fmax (0.0, h + z * se)));
}

static KtmStatsStatus
fill_heterogeneity (const MetaModel *model, double level, KtmMeta *out)
{
  double trace, trace2, typical, df = (double) model->k - 1.0;
  KtmStatsStatus status = KTM_STATS_OK;
  MetaFit fit;

  meta_fit (model, 0.0, &fit);
  meta_traces (model, 0.0, &fit, &trace, &trace2);
  typical = df / trace;
  out->q = (KtmTest) { fit.q, df, NAN, ktm_dist_chi2_p (fit.q, df) };
  fill_higgins (out, level);
  if (model->method == KTM_META_FE)
    {
      out->i2 = out->i2_from_q;
      out->h2 = fit.q / df;
      return KTM_STATS_OK;
    }
  out->i2 = i2_of (out->tau2, typical);
  out->h2 = out->tau2 / typical + 1.0;
  status = meta_solve_q (model, gsl_cdf_chisq_Pinv (0.5 + 0.5 * level, df), &out->tau2_low);
  if (status == KTM_STATS_OK)
    status = meta_solve_q (model, gsl_cdf_chisq_Pinv (0.5 - 0.5 * level, df), &out->tau2_high);
  out->i2_low = i2_of (out->tau2_low, typical);
  out->i2_high = i2_of (out->tau2_high, typical);
  return status;
}

/* --- the pooled effect ------------------------------------------------------------------------ */

static void
fill_estimate (const MetaModel *model, const MetaFit *fit, double level, KtmMeta *out)
{
  double wald = sqrt (fit->inverse[0]), df = (double) model->k - 1.0,
         factor = ktm_dist_normal_z (level), reach;
  KtmEstimate *e = &out->estimate;

  e->value = fit->beta[0];
  e->se = wald;
  out->hksj_q = model->k > 1 ? fit->q / df : NAN;
  if (out->kind != KTM_META_WALD)
    {
      e->se =
          wald * sqrt (out->kind == KTM_META_HKSJ_ADHOC ? fmax (1.0, out->hksj_q) : out->hksj_q);
      factor = ktm_dist_t_quantile (level, df);
      out->test.df = df;
    }
  e->low = e->value - factor * e->se;
  e->high = e->value + factor * e->se;
  out->test.statistic = e->value / e->se;
  out->test.p = out->kind == KTM_META_WALD ? ktm_dist_normal_p2 (out->test.statistic)
                                           : ktm_dist_t_p2 (out->test.statistic, df);
  if (model->method == KTM_META_FE || model->k < 2)
    return;
  reach = factor * sqrt (e->se * e->se + out->tau2);
  out->pi_low = e->value - reach;
  out->pi_high = e->value + reach;
  if (model->k < 3)
    return;
  reach = ktm_dist_t_quantile (level, df - 1.0) * sqrt (wald * wald + out->tau2);
  out->pi_hts_low = e->value - reach;
  out->pi_hts_high = e->value + reach;
}

static KtmStatsStatus
pool (const MetaModel *model, double level, double *weight, KtmMeta *out)
{
  KtmStatsStatus status = meta_tau2 (model, &out->tau2, &out->se_tau2);
  MetaFit fit;

  if (status != KTM_STATS_OK)
    return status;
  if (!meta_fit (model, out->tau2, &fit))
    return KTM_STATS_SINGULAR;
  fill_estimate (model, &fit, level, out);
  for (size_t i = 0; i < model->k && weight != NULL; i++)
    weight[i] = 100.0 * fit.inverse[0] / (model->v[i] + out->tau2);
  if (model->method == KTM_META_REML || model->method == KTM_META_ML)
    out->loglik = meta_loglik (model, out->tau2);
  return model->k > 1 ? fill_heterogeneity (model, level, out) : KTM_STATS_OK;
}

KtmStatsStatus
ktm_meta (const double *y, const double *v, size_t k, KtmMetaMethod method, KtmMetaTest kind,
          double level, double *weight, KtmMeta *out)
{
  KtmStatsStatus status = meta_check (y, v, k, level);
  MetaModel model = { y, v, NULL, k, 1, method, 0.0 };
  double *ones;

  *out = empty_meta (k, method, kind);
  for (size_t i = 0; i < k && weight != NULL; i++)
    weight[i] = NAN;
  if (status != KTM_STATS_OK)
    return status;
  if (k < 2 && kind != KTM_META_WALD)
    return KTM_STATS_TOO_FEW;
  ones = malloc (k * sizeof *ones);
  if (ones == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < k; i++)
    ones[i] = 1.0;
  model.x = ones;
  status = pool (&model, level, weight, out);
  free (ones);
  if (status != KTM_STATS_OK)
    *out = empty_meta (k, method, kind);
  return status;
}

/* --- parts of the studies --------------------------------------------------------------------- */

/* Pools the studies @keep says. */
static KtmStatsStatus
pool_some (const double *y, const double *v, size_t k, const bool *keep, KtmMetaMethod method,
           KtmMetaTest kind, double level, KtmMeta *out)
{
  double *some = malloc (2 * k * sizeof *some);
  KtmStatsStatus status;
  size_t n = 0;

  *out = empty_meta (0, method, kind);
  if (some == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < k; i++)
    if (keep[i])
      {
        some[n] = y[i];
        some[k + n++] = v[i];
      }
  status = ktm_meta (some, some + k, n, method, kind, level, NULL, out);
  free (some);
  return status;
}

KtmStatsStatus
ktm_meta_leave_one_out (const double *y, const double *v, size_t k, KtmMetaMethod method,
                        KtmMetaTest kind, double level, KtmMeta *out)
{
  KtmStatsStatus status = meta_check (y, v, k, level);
  bool *keep;

  for (size_t i = 0; i < k; i++)
    out[i] = empty_meta (0, method, kind);
  if (status != KTM_STATS_OK)
    return status;
  if (k < 2)
    return KTM_STATS_TOO_FEW;
  keep = malloc (k * sizeof *keep);
  if (keep == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < k; i++)
    keep[i] = true;
  for (size_t i = 0; i < k && status == KTM_STATS_OK; i++)
    {
      keep[i] = false;
      status = pool_some (y, v, k, keep, method, kind, level, &out[i]);
      keep[i] = true;
    }
  free (keep);
  for (size_t i = 0; i < k && status != KTM_STATS_OK; i++)
    out[i] = empty_meta (0, method, kind);
  return status;
}

static KtmTest
test_between (const KtmMeta *groups, size_t n)
{
  double weights = 0.0, mean = 0.0, q = 0.0, used = 0.0;

  for (size_t g = 0; g < n; g++)
    if (groups[g].estimate.se > 0.0)
      {
        double w = 1.0 / (groups[g].estimate.se * groups[g].estimate.se);

        weights += w;
        mean += w * groups[g].estimate.value;
        used += 1.0;
      }
  mean /= weights;
  for (size_t g = 0; g < n; g++)
    if (groups[g].estimate.se > 0.0)
      q += pow ((groups[g].estimate.value - mean) / groups[g].estimate.se, 2.0);
  if (used < 2.0)
    return KTM_TEST_NAN;
  return (KtmTest) { q, used - 1.0, NAN, ktm_dist_chi2_p (q, used - 1.0) };
}

KtmStatsStatus
ktm_meta_subgroups (const double *y, const double *v, const size_t *group, size_t k,
                    size_t n_groups, KtmMetaMethod method, KtmMetaTest kind, double level,
                    KtmMeta *out, KtmTest *between)
{
  KtmStatsStatus status = meta_check (y, v, k, level);
  bool *keep;

  *between = KTM_TEST_NAN;
  for (size_t g = 0; g < n_groups; g++)
    out[g] = empty_meta (0, method, kind);
  for (size_t i = 0; i < k && status == KTM_STATS_OK; i++)
    if (group[i] >= n_groups)
      status = KTM_STATS_BAD_ARGUMENT;
  if (status != KTM_STATS_OK)
    return status;
  keep = malloc (k * sizeof *keep);
  if (keep == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t g = 0; g < n_groups; g++)
    {
      KtmStatsStatus part;

      for (size_t i = 0; i < k; i++)
        keep[i] = group[i] == g;
      part = pool_some (y, v, k, keep, method, kind, level, &out[g]);
      if (part != KTM_STATS_OK && part != KTM_STATS_TOO_FEW)
        status = part;
    }
  free (keep);
  *between = test_between (out, n_groups);
  return status;
}
