/* model/stats: effects from printed summaries. */
#include "ktm-summary-effects.h"
#include "ktm-dist.h"

static KtmStatsStatus
refuse (KtmSummary a, KtmSummary b)
{
  const double numbers[] = { a.mean, a.sd, a.n, b.mean, b.sd, b.n };

  if (!ktm_stats_all_finite (numbers, 6))
    return KTM_STATS_NOT_FINITE;
  if (a.sd < 0.0 || b.sd < 0.0)
    return KTM_STATS_BAD_ARGUMENT;
  if (a.n < 2.0 || b.n < 2.0)
    return KTM_STATS_TOO_FEW;
  return a.sd == 0.0 && b.sd == 0.0 ? KTM_STATS_NO_VARIANCE : KTM_STATS_OK;
}

static double
pooled_sd (KtmSummary a, KtmSummary b)
{
  return sqrt (((a.n - 1.0) * a.sd * a.sd + (b.n - 1.0) * b.sd * b.sd) / (a.n + b.n - 2.0));
}

static void
t_interval (double diff, double se, double df, double level, KtmEstimate *estimate, KtmTest *test)
{
  double half = ktm_dist_t_quantile (level, df) * se;

  *estimate = (KtmEstimate) { diff, se, diff - half, diff + half };
  *test = (KtmTest) { diff / se, df, NAN, ktm_dist_t_p2 (diff / se, df) };
}

KtmStatsStatus
ktm_stats_t_from_summary (KtmSummary a, KtmSummary b, double level, KtmSummaryT *out)
{
  KtmStatsStatus status = ktm_dist_level_ok (level) ? refuse (a, b) : KTM_STATS_BAD_ARGUMENT;
  double va, vb;

  *out = (KtmSummaryT) { KTM_ESTIMATE_NAN, KTM_ESTIMATE_NAN, KTM_TEST_NAN, KTM_TEST_NAN };
  if (status != KTM_STATS_OK)
    return status;
  va = a.sd * a.sd / a.n;
  vb = b.sd * b.sd / b.n;
  t_interval (a.mean - b.mean, pooled_sd (a, b) * sqrt (1.0 / a.n + 1.0 / b.n), a.n + b.n - 2.0,
              level, &out->student, &out->student_test);
  t_interval (a.mean - b.mean, sqrt (va + vb),
              (va + vb) * (va + vb) / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0)), level,
              &out->welch, &out->welch_test);
  return KTM_STATS_OK;
}

static void
around (double d, double variance, double level, double *low, double *high)
{
  double half = ktm_dist_normal_z (level) * sqrt (variance);

  *low = d - half;
  *high = d + half;
}

KtmStatsStatus
ktm_stats_d_from_summary (KtmSummary a, KtmSummary b, double r, double level, KtmSummaryD *out)
{
  KtmStatsStatus status =
      ktm_dist_level_ok (level) && fabs (r) <= 1.0 ? refuse (a, b) : KTM_STATS_BAD_ARGUMENT;
  double d, n, h, root, low, high;

  *out = (KtmSummaryD) { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (status != KTM_STATS_OK)
    return status;
  n = a.n + b.n;
  h = sqrt (1.0 / a.n + 1.0 / b.n);
  root = sqrt (b.n);
  out->cohen_d = d = (a.mean - b.mean) / pooled_sd (a, b);
  out->hedges_g = ktm_dist_hedges_j (n - 2.0) * d;
  ktm_dist_nct_limits (d / h, n - 2.0, level, &low, &high);
  out->nct_low = h * low;
  out->nct_high = h * high;
  around (d, h * h + d * d / (2.0 * n), level, &out->wald_low, &out->wald_high);
  ktm_dist_nct_limits (d * root, b.n - 1.0, level, &low, &high);
  out->one_sample_nct_low = low / root;
  out->one_sample_nct_high = high / root;
  around (d, 1.0 / b.n + d * d / (2.0 * b.n), level, &out->one_sample_wald_low,
          &out->one_sample_wald_high);
  around (d, 2.0 * (1.0 - r) / b.n + d * d / (2.0 * b.n), level, &out->becker_low,
          &out->becker_high);
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_paired_d_from_summary (KtmSummary a, KtmSummary b, double r, KtmSummaryPairedD *out)
{
  const double numbers[] = { a.mean, a.sd, b.mean, b.sd };
  double diff = a.mean - b.mean, variance = a.sd * a.sd + b.sd * b.sd - 2.0 * r * a.sd * b.sd;

  *out = (KtmSummaryPairedD) { NAN, NAN, NAN, NAN };
  if (!ktm_stats_all_finite (numbers, 4))
    return KTM_STATS_NOT_FINITE;
  if (!(fabs (r) <= 1.0) || a.sd < 0.0 || b.sd < 0.0)
    return KTM_STATS_BAD_ARGUMENT;
  if (a.sd + b.sd == 0.0)
    return KTM_STATS_NO_VARIANCE;
  out->d_av_pooledvar = diff / sqrt (0.5 * (a.sd * a.sd + b.sd * b.sd));
  out->d_av_meansd = diff / (0.5 * (a.sd + b.sd));
  out->glass_delta_sd1 = a.sd > 0.0 ? diff / a.sd : NAN;
  out->d_z = variance > 0.0 ? diff / sqrt (variance) : NAN;
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_wald_from_ci (double estimate, double low, double high, double level, KtmEstimate *out,
                        KtmTest *test)
{
  double z = ktm_dist_normal_z (level), se = (high - low) / (2.0 * z);

  *out = KTM_ESTIMATE_NAN;
  *test = KTM_TEST_NAN;
  if (!isfinite (estimate) || !isfinite (low) || !isfinite (high))
    return KTM_STATS_NOT_FINITE;
  if (!ktm_dist_level_ok (level) || high < low)
    return KTM_STATS_BAD_ARGUMENT;
  if (se == 0.0)
    return KTM_STATS_NO_VARIANCE;
  *out = (KtmEstimate) { estimate, se, estimate - z * se, estimate + z * se };
  *test = (KtmTest) { estimate / se, NAN, NAN, ktm_dist_normal_p2 (estimate / se) };
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_log_ratio_from_ci (double estimate, double low, double high, double level,
                             KtmEstimate *out, KtmTest *test, double *middle)
{
  KtmStatsStatus status;

  *out = KTM_ESTIMATE_NAN;
  *test = KTM_TEST_NAN;
  *middle = NAN;
  if (!isfinite (estimate) || !isfinite (low) || !isfinite (high))
    return KTM_STATS_NOT_FINITE;
  if (!(estimate > 0.0) || !(low > 0.0) || !(high > 0.0))
    return KTM_STATS_BAD_ARGUMENT;
  status = ktm_stats_wald_from_ci (log (estimate), log (low), log (high), level, out, test);
  if (status != KTM_STATS_OK)
    return status;
  *out = (KtmEstimate) { estimate, out->se, exp (out->low), exp (out->high) };
  *middle = sqrt (low * high);
  return KTM_STATS_OK;
}
