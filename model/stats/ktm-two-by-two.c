/* model/stats: two groups, yes or no. */
#include "ktm-tables.h"
#include "ktm-dist.h"
#include "ktm-proportion.h"
#include "ktm-table-counts.h"

static KtmEstimate
newcombe (double p1, double l1, double u1, double p2, double l2, double u2)
{
  double d = p1 - p2;

  return (KtmEstimate) { d, NAN, d - sqrt ((p1 - l1) * (p1 - l1) + (u2 - p2) * (u2 - p2)),
                         d + sqrt ((u1 - p1) * (u1 - p1) + (p2 - l2) * (p2 - l2)) };
}

KtmEstimate
ktm_stats_newcombe (double x1, double n1, double x2, double n2, double level)
{
  double l1, u1, l2, u2;
  KtmEstimate out;

  ktm_stats_wilson (x1, n1, level, &l1, &u1);
  ktm_stats_wilson (x2, n2, level, &l2, &u2);
  out = newcombe (x1 / n1, l1, u1, x2 / n2, l2, u2);
  out.se = sqrt (x1 / n1 * (1.0 - x1 / n1) / n1 + x2 / n2 * (1.0 - x2 / n2) / n2);
  return out;
}

/* exp (log ratio ∓ z se); undefined with a zero count. */
static KtmEstimate
log_limits (double ratio, double se, double z)
{
  if (!isfinite (se) || !isfinite (ratio) || !(ratio > 0.0))
    return (KtmEstimate) { ratio, isfinite (se) ? se : NAN, NAN, NAN };
  return (KtmEstimate) { ratio, se, exp (log (ratio) - z * se), exp (log (ratio) + z * se) };
}

static void
ratios (double a, double b, double c, double d, double z, KtmTwoByTwo *out)
{
  double log_rr;

  out->rr =
      log_limits (out->p1 / out->p2, sqrt (1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d)), z);
  log_rr = log (out->rr.value) / out->rr.se;
  if (!isnan (out->rr.low))
    out->rr_test = (KtmTest) { log_rr, NAN, NAN, ktm_dist_normal_p2 (log_rr) };
  out->odds_ratio = log_limits (a * d / (b * c), sqrt (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d), z);
}

static KtmNnt
needed_to_treat (const KtmTwoByTwo *t)
{
  KtmNnt nnt = { 1.0 / t->rd.value,
                 1.0 / t->rd.high,
                 1.0 / t->rd.low,
                 1.0 / t->rd_wald_high,
                 1.0 / t->rd_wald_low,
                 t->rd.low <= 0.0 && t->rd.high >= 0.0,
                 NAN,
                 NAN };

  if (nnt.crosses_infinity)
    {
      nnt.benefit = nnt.low;
      nnt.harm = -nnt.high;
    }
  return nnt;
}

static KtmTest
chi2_of (const double o[4], double correction)
{
  double row1 = o[0] + o[1], row2 = o[2] + o[3], col1 = o[0] + o[2], col2 = o[1] + o[3],
         n = row1 + row2;
  double off = fabs (o[0] - row1 * col1 / n), chi2;

  off -= fmin (correction, off);
  chi2 = off * off * n * n * n / (row1 * row2 * col1 * col2);
  return (KtmTest) { chi2, 1.0, NAN, ktm_dist_chi2_p (chi2, 1.0) };
}

static void
associate (const double o[4], double level, KtmTwoByTwo *out)
{
  double row1 = o[0] + o[1], row2 = o[2] + o[3], col1 = o[0] + o[2], col2 = o[1] + o[3];

  out->status = ktm_stats_fisher (o, level, &out->fisher);
  if (out->status != KTM_STATS_OK)
    return;
  out->chi2 = chi2_of (o, 0.0);
  out->chi2_yates = chi2_of (o, 0.5);
  out->phi = (o[0] * o[3] - o[1] * o[2]) / sqrt (row1 * row2 * col1 * col2);
}

static const KtmFisher fisher_nan = { NAN, NAN, NAN, NAN, NAN, NAN };

KtmStatsStatus
ktm_stats_two_by_two (const double table[4], double level, KtmTwoByTwo *out)
{
  double a = table[0], b = table[1], c = table[2], d = table[3], n1 = a + b, n2 = c + d;
  double z = ktm_dist_normal_z (level);
  KtmStatsStatus status = ktm_table_check (table, 4);

  *out = (KtmTwoByTwo){ NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        NAN,
                        KTM_ESTIMATE_NAN,
                        NAN,
                        NAN,
                        KTM_ESTIMATE_NAN,
                        KTM_TEST_NAN,
                        KTM_ESTIMATE_NAN,
                        { NAN, NAN, NAN, NAN, NAN, false, NAN, NAN },
                        KTM_TEST_NAN,
                        KTM_TEST_NAN,
                        NAN,
                        fisher_nan,
                        KTM_STATS_OK };
  if (status != KTM_STATS_OK)
    return status;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n1 == 0.0 || n2 == 0.0)
    return KTM_STATS_TOO_FEW;
  out->p1 = a / n1;
  out->p2 = c / n2;
  ktm_stats_wilson (a, n1, level, &out->wilson1_low, &out->wilson1_high);
  ktm_stats_wilson (c, n2, level, &out->wilson2_low, &out->wilson2_high);
  ktm_stats_clopper_pearson (a, n1, level, &out->clopper1_low, &out->clopper1_high);
  ktm_stats_clopper_pearson (c, n2, level, &out->clopper2_low, &out->clopper2_high);
  out->rd = ktm_stats_newcombe (a, n1, c, n2, level);
  out->rd_wald_low = out->rd.value - z * out->rd.se;
  out->rd_wald_high = out->rd.value + z * out->rd.se;
  ratios (a, b, c, d, z, out);
  out->nnt = needed_to_treat (out);
  associate (table, level, out);
  return KTM_STATS_OK;
}

/* --- paired ----------------------------------------------------------------------------------- */

/* Newcombe's method 10: the correlation phi with its continuity correction, 0 where a margin is
 * empty. */
static KtmEstimate
newcombe_paired (const double t[4], double level)
{
  double n = t[0] + t[1] + t[2] + t[3], x1 = t[0] + t[1], x2 = t[0] + t[2], p1 = x1 / n,
         p2 = x2 / n, d = p1 - p2;
  double margins = x1 * (n - x1) * x2 * (n - x2), cross = t[0] * t[3] - t[1] * t[2], phi, l1, u1,
         l2, u2;

  if (cross > 0.5 * n)
    cross -= 0.5 * n;
  else if (cross >= 0.0)
    cross = 0.0;
  phi = margins > 0.0 ? cross / sqrt (margins) : 0.0;
  ktm_stats_wilson (x1, n, level, &l1, &u1);
  ktm_stats_wilson (x2, n, level, &l2, &u2);
  l1 = p1 - l1;
  u1 = u1 - p1;
  l2 = p2 - l2;
  u2 = u2 - p2;
  return (KtmEstimate) { d, NAN, d - sqrt (fmax (0.0, l1 * l1 - 2.0 * phi * l1 * u2 + u2 * u2)),
                         d + sqrt (fmax (0.0, l2 * l2 - 2.0 * phi * l2 * u1 + u1 * u1)) };
}

static void
discordant (double b, double c, double level, KtmMcnemar *out)
{
  double m = b + c, least = fmin (b, c), off = fabs (b - c), low, high, at_least;

  out->p_exact = fmin (1.0, 2.0 * ktm_dist_binomial_cdf (least, m, 0.5));
  if (m == 0.0)
    {
      out->status = KTM_STATS_UNDEFINED;
      return;
    }
  at_least = ktm_dist_binomial_cdf (least, m, 0.5) - ktm_dist_binomial_cdf (least - 1.0, m, 0.5);
  out->p_mid = out->p_exact - at_least;
  out->chi2 = (KtmTest) { off * off / m, 1.0, NAN, ktm_dist_chi2_p (off * off / m, 1.0) };
  out->chi2_continuity = (KtmTest) { (off - 1.0) * (off - 1.0) / m, 1.0, NAN,
                                     ktm_dist_chi2_p ((off - 1.0) * (off - 1.0) / m, 1.0) };
  ktm_stats_clopper_pearson (b, m, level, &low, &high);
  out->odds_ratio = (KtmEstimate) { b / c, NAN, low / (1.0 - low), high / (1.0 - high) };
}

KtmStatsStatus
ktm_stats_mcnemar (const double table[4], double level, KtmMcnemar *out)
{
  KtmStatsStatus status = ktm_table_check (table, 4);
  double n = table[0] + table[1] + table[2] + table[3];

  *out = (KtmMcnemar) { NAN, NAN, KTM_TEST_NAN, KTM_TEST_NAN, NAN, NAN, KTM_ESTIMATE_NAN, NAN, NAN,
                        KTM_ESTIMATE_NAN, KTM_STATS_OK };
  if (status != KTM_STATS_OK)
    return status;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n == 0.0)
    return KTM_STATS_TOO_FEW;
  out->b = table[1];
  out->c = table[2];
  out->prop1 = (table[0] + table[1]) / n;
  out->prop2 = (table[0] + table[2]) / n;
  out->diff = newcombe_paired (table, level);
  discordant (table[1], table[2], level, out);
  return KTM_STATS_OK;
}
