/* model/stats: meta-analysis, effects of single studies, Mantel-Haenszel and Peto. */
#include "ktm-meta.h"
#include "ktm-dist.h"

/* --- effects ---------------------------------------------------------------------------------- */

KtmStatsStatus
ktm_meta_effect_table (KtmMetaMeasure measure, double a, double b, double c, double d, double *y,
                       double *v)
{
  double n1, n2, p1, p2;

  *y = *v = NAN;
  if (!isfinite (a) || !isfinite (b) || !isfinite (c) || !isfinite (d))
    return KTM_STATS_NOT_FINITE;
  if (a < 0.0 || b < 0.0 || c < 0.0 || d < 0.0 || !(a + b > 0.0) || !(c + d > 0.0)
      || measure > KTM_META_RD)
    return KTM_STATS_BAD_ARGUMENT;
  if (a == 0.0 || b == 0.0 || c == 0.0 || d == 0.0)
    {
      a += 0.5;
      b += 0.5;
      c += 0.5;
      d += 0.5;
    }
  n1 = a + b;
  n2 = c + d;
  p1 = a / n1;
  p2 = c / n2;
  switch (measure)
    {
    case KTM_META_RR:
      *y = log (p1 / p2);
      *v = 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n2;
      break;
    case KTM_META_OR:
      *y = log (a * d / (b * c));
      *v = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
      break;
    case KTM_META_RD:
    case KTM_META_MD:
    case KTM_META_SMD:
    default:
      *y = p1 - p2;
      *v = p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2;
    }
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_meta_effect_means (KtmMetaMeasure measure, double m1, double sd1, double n1, double m2,
                       double sd2, double n2, double *y, double *v)
{
  double pooled, g;

  *y = *v = NAN;
  if (!isfinite (m1) || !isfinite (sd1) || !isfinite (n1) || !isfinite (m2) || !isfinite (sd2)
      || !isfinite (n2))
    return KTM_STATS_NOT_FINITE;
  if ((measure != KTM_META_MD && measure != KTM_META_SMD) || sd1 < 0.0 || sd2 < 0.0)
    return KTM_STATS_BAD_ARGUMENT;
  if (n1 < 2.0 || n2 < 2.0)
    return KTM_STATS_TOO_FEW;
  pooled = sqrt (((n1 - 1.0) * sd1 * sd1 + (n2 - 1.0) * sd2 * sd2) / (n1 + n2 - 2.0));
  if (!(pooled > 0.0))
    return KTM_STATS_NO_VARIANCE;
  if (measure == KTM_META_MD)
    {
      *y = m1 - m2;
      *v = sd1 * sd1 / n1 + sd2 * sd2 / n2;
      return KTM_STATS_OK;
    }
  g = ktm_dist_hedges_j (n1 + n2 - 2.0) * (m1 - m2) / pooled;
  *y = g;
  *v = 1.0 / n1 + 1.0 / n2 + g * g / (2.0 * (n1 + n2));
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_meta_effect_change (double mean, double sd, double n, double *y, double *v)
{
  *y = *v = NAN;
  if (!isfinite (mean) || !isfinite (sd) || !isfinite (n))
    return KTM_STATS_NOT_FINITE;
  if (sd < 0.0)
    return KTM_STATS_BAD_ARGUMENT;
  if (n < 2.0)
    return KTM_STATS_TOO_FEW;
  if (!(sd > 0.0))
    return KTM_STATS_NO_VARIANCE;
  *y = mean;
  *v = sd * sd / n;
  return KTM_STATS_OK;
}

/* --- Mantel-Haenszel and Peto ----------------------------------------------------------------- */

/* Sums over the studies; r and s: the two halves of the pooled ratio. */
typedef struct
{
  double r, s, rr_top, pr, ps_qr, qs, rd_p, rd_q, weight, excess, variance;
} Sums;

static void
count_study (Sums *sums, double a, double n1, double c, double n2, KtmMetaTable measure)
{
  double n = n1 + n2, b = n1 - a, d = n2 - c, m = a + c;
  double r = measure == KTM_META_MH_OR ? a * d / n : a * n2 / n;
  double s = measure == KTM_META_MH_OR ? b * c / n : c * n1 / n;
  double p = (a + d) / n, q = (b + c) / n;

  sums->r += r;
  sums->s += s;
  sums->rr_top += (n1 * n2 * m - a * c * n) / (n * n);
  sums->pr += p * r;
  sums->ps_qr += p * s + q * r;
  sums->qs += q * s;
  sums->weight += n1 * n2 / n;
  sums->rd_p += (n1 * n1 * c - n2 * n2 * a + n1 * n2 * (n2 - n1) / 2.0) / (n * n);
  sums->rd_q += (a * (n2 - c) + c * (n1 - a)) / (2.0 * n);
  sums->excess += a - n1 * m / n;
  if (n > 1.0)
    sums->variance += n1 * n2 * m * (n - m) / (n * n * (n - 1.0));
}

static bool
pool (const Sums *sums, KtmMetaTable measure, double *estimate, double *se)
{
  switch (measure)
    {
    case KTM_META_MH_RR:
      *estimate = log (sums->r / sums->s);
      *se = sqrt (sums->rr_top / (sums->r * sums->s));
      break;
    case KTM_META_MH_OR:
      *estimate = log (sums->r / sums->s);
      *se = sqrt (sums->pr / (2.0 * sums->r * sums->r) + sums->ps_qr / (2.0 * sums->r * sums->s)
                  + sums->qs / (2.0 * sums->s * sums->s));
      break;
    case KTM_META_MH_RD:
      *estimate = (sums->r - sums->s) / sums->weight;
      *se = sqrt ((*estimate * sums->rd_p + sums->rd_q) / (sums->weight * sums->weight));
      break;
    case KTM_META_PETO:
    default:
      *estimate = sums->excess / sums->variance;
      *se = 1.0 / sqrt (sums->variance);
    }
  return isfinite (*estimate) && isfinite (*se) && *se > 0.0;
}

/* Adds to Q and its number of studies. */
static void
count_heterogeneity (double a, double n1, double c, double n2, KtmMetaTable measure, double pooled,
                     KtmMetaMh *out)
{
  double n = n1 + n2, m = a + c, y, v;

  if (!(m > 0.0) || !(m < n))
    return;
  if (measure == KTM_META_PETO)
    {
      v = n1 * n2 * m * (n - m) / (n * n * (n - 1.0));
      y = (a - n1 * m / n) / v;
      v = 1.0 / v;
    }
  else if (ktm_meta_effect_table ((KtmMetaMeasure) measure, a, n1 - a, c, n2 - c, &y, &v)
           != KTM_STATS_OK)
    return;
  out->q.statistic += (y - pooled) * (y - pooled) / v;
  out->n_used++;
}

static KtmStatsStatus
check (const double *a, const double *n1, const double *c, const double *n2, size_t k, double level)
{
  if (k == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (a, k) || !ktm_stats_all_finite (n1, k) || !ktm_stats_all_finite (c, k)
      || !ktm_stats_all_finite (n2, k))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < k; i++)
    if (a[i] < 0.0 || c[i] < 0.0 || a[i] > n1[i] || c[i] > n2[i] || !(n1[i] > 0.0)
        || !(n2[i] > 0.0))
      return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

static void
fill_result (const Sums *sums, KtmMetaTable measure, double level, KtmMetaMh *out)
{
  KtmEstimate *e = &out->estimate;
  double z = ktm_dist_normal_z (level);

  e->low = e->value - z * e->se;
  e->high = e->value + z * e->se;
  out->test.statistic = e->value / e->se;
  out->test.p = ktm_dist_normal_p2 (out->test.statistic);
  if (measure != KTM_META_MH_RD)
    {
      out->ratio = exp (e->value);
      out->ratio_low = exp (e->low);
      out->ratio_high = exp (e->high);
    }
  if (measure == KTM_META_MH_OR && sums->variance > 0.0)
    {
      double chi2 = sums->excess * sums->excess / sums->variance;

      out->cmh = (KtmTest) { chi2, 1.0, NAN, ktm_dist_chi2_p (chi2, 1.0) };
    }
}

KtmStatsStatus
ktm_meta_mh (const double *a, const double *n1, const double *c, const double *n2, size_t k,
             KtmMetaTable measure, double level, KtmMetaMh *out)
{
  const KtmMetaMh empty = { KTM_ESTIMATE_NAN, KTM_TEST_NAN, NAN, NAN, NAN,
                            KTM_TEST_NAN,     KTM_TEST_NAN, NAN, 0 };
  KtmStatsStatus status = check (a, n1, c, n2, k, level);
  Sums sums = { 0.0 };
  double df;

  *out = empty;
  if (status != KTM_STATS_OK)
    return status;
  for (size_t i = 0; i < k; i++)
    count_study (&sums, a[i], n1[i], c[i], n2[i], measure);
  if (!pool (&sums, measure, &out->estimate.value, &out->estimate.se))
    {
      *out = empty;
      return KTM_STATS_UNDEFINED;
    }
  fill_result (&sums, measure, level, out);
  out->q.statistic = 0.0;
  for (size_t i = 0; i < k; i++)
    count_heterogeneity (a[i], n1[i], c[i], n2[i], measure, out->estimate.value, out);
  df = (double) out->n_used - 1.0;
  if (df > 0.0)
    {
      out->q.df = df;
      out->q.p = ktm_dist_chi2_p (out->q.statistic, df);
      out->i2 = out->q.statistic > 0.0
                    ? 100.0 * fmax (0.0, (out->q.statistic - df) / out->q.statistic)
                    : 0.0;
    }
  else
    out->q = KTM_TEST_NAN;
  return KTM_STATS_OK;
}
