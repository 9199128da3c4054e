/* model/stats: change within the same patients. */
#include "ktm-paired.h"
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-dist.h"
#include "ktm-proportion.h"
#include "ktm-rank.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

/* --- signed ranks ----------------------------------------------------------------------------- */

static const KtmSignedRank signed_rank_nan = { .v = NAN,
                                               .w_minus = NAN,
                                               .z = NAN,
                                               .p_normal = NAN,
                                               .p_normal_continuity = NAN,
                                               .p_exact = NAN,
                                               .p = NAN };

static void
normal_signed_rank (const KtmTies *ties, KtmSignedRank *out)
{
  double m = (double) out->n_nonzero, distance = out->v - 0.25 * m * (m + 1.0);
  double sd = sqrt (m * (m + 1.0) * (2.0 * m + 1.0) / 24.0 - ties->t3 / 48.0);

  out->z = distance / sd;
  out->p_normal = ktm_dist_normal_p2 (out->z);
  out->p_normal_continuity = ktm_dist_normal_p2 (fmax (fabs (distance) - 0.5, 0.0) / sd);
}

/* @nonzero: the m non-zero differences; @work: 2m doubles. */
static KtmStatsStatus
rank_nonzero (const double *nonzero, size_t m, double *work, KtmExact exact, KtmSignedRank *out)
{
  double *size = work, *ranks = work + m;
  KtmStatsStatus status;
  KtmTies ties;

  for (size_t i = 0; i < m; i++)
    size[i] = fabs (nonzero[i]);
  status = ktm_rank_midranks (size, m, ranks, &ties);
  if (status != KTM_STATS_OK)
    return status;
  out->v = out->w_minus = 0.0;
  for (size_t i = 0; i < m; i++)
    *(nonzero[i] > 0.0 ? &out->v : &out->w_minus) += ranks[i];
  out->ties = ties.any;
  normal_signed_rank (&ties, out);
  if (exact == KTM_EXACT_IF_SMALL)
    status = ktm_rank_exact_signed (ranks, m, out->v, &out->p_exact);
  out->exact = !isnan (out->p_exact);
  out->p = out->exact ? out->p_exact : out->p_normal_continuity;
  return status == KTM_STATS_TOO_LARGE ? KTM_STATS_OK : status;
}

KtmStatsStatus
ktm_stats_signed_rank (const double *d, size_t n, KtmExact exact, KtmSignedRank *out)
{
  KtmStatsStatus status = KTM_STATS_NO_VARIANCE;
  double *work;
  size_t m = 0;

  *out = signed_rank_nan;
  if (!ktm_stats_all_finite (d, n))
    return out->status = KTM_STATS_NOT_FINITE;
  if (n == 0)
    return out->status = KTM_STATS_TOO_FEW;
  work = malloc (3 * n * sizeof *work);
  if (work == NULL)
    return out->status = KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    if (d[i] != 0.0)
      work[m++] = d[i];
  out->n_nonzero = m;
  out->n_zero = n - m;
  if (m > 0)
    status = rank_nonzero (work, m, work + n, exact, out);
  free (work);
  return out->status = status;
}

/* --- effect sizes ----------------------------------------------------------------------------- */

static KtmEstimate
scaled (KtmEstimate e, double factor)
{
  return (KtmEstimate) { e.value * factor, e.se * fabs (factor), e.low * factor, e.high * factor };
}

/* Limits of the noncentrality parameter in the unit in which t is @unit. */
static KtmEstimate
from_ncp (double t, double unit, double low, double high)
{
  return (KtmEstimate) { t * unit, NAN, low * unit, high * unit };
}

static void
standardise (double level, KtmPaired *out)
{
  double n = (double) out->n, low, high, t = out->t.statistic, m = out->mean_diff.value,
         root_n = sqrt (n);
  double pooled = sqrt (0.5 * (out->sd_x * out->sd_x + out->sd_y * out->sd_y));
  double mean_sd = 0.5 * (out->sd_x + out->sd_y), delta, se;

  if (out->t_status != KTM_STATS_OK)
    return;
  ktm_dist_nct_limits (t, n - 1.0, level, &low, &high);
  out->d_z = from_ncp (t, 1.0 / root_n, low, high);
  out->d_av = from_ncp (t, out->mean_diff.se / pooled, low, high);
  out->d_av_meansd = from_ncp (t, out->mean_diff.se / mean_sd, low, high);
  out->d_rm = scaled (out->d_z, sqrt (2.0 * (1.0 - out->pearson_r)));
  out->g_z = scaled (out->d_z, out->hedges_j);
  out->g_av = scaled (out->d_av_meansd, out->hedges_j);
  out->g_rm = scaled (out->d_rm, out->hedges_j);
  out->common_language =
      (KtmEstimate){ gsl_cdf_ugaussian_P (t / root_n), NAN, gsl_cdf_ugaussian_P (low / root_n),
                     gsl_cdf_ugaussian_P (high / root_n) };
  if (!(out->sd_x > 0.0))
    return;
  delta = m / out->sd_x;
  se = sqrt (out->mean_diff.se * out->mean_diff.se / (out->sd_x * out->sd_x)
             + delta * delta / (2.0 * (n - 1.0)));
  out->glass_delta = (KtmEstimate) { delta, se, delta - ktm_dist_normal_z (level) * se,
                                     delta + ktm_dist_normal_z (level) * se };
}

static void
test_mean (const double *d, double level, KtmPaired *out)
{
  double n = (double) out->n, var, half;

  ktm_stats_moments (d, out->n, &out->mean_diff.value, &var);
  out->sd_diff = sqrt (var);
  if (out->sd_diff < 1e-14 * fmax (fabs (out->mean_x), fabs (out->mean_y)))
    out->sd_diff = 0.0;
  out->mean_diff.se = out->sd_diff / sqrt (n);
  half = ktm_dist_t_quantile (level, n - 1.0) * out->mean_diff.se;
  out->mean_diff.low = out->mean_diff.value - half;
  out->mean_diff.high = out->mean_diff.value + half;
  if (out->sd_diff == 0.0)
    {
      out->t_status = KTM_STATS_NO_VARIANCE;
      return;
    }
  out->t.statistic = out->mean_diff.value / out->mean_diff.se;
  out->t.df = n - 1.0;
  out->t.p = ktm_dist_t_p2 (out->t.statistic, n - 1.0);
  out->p_less = gsl_cdf_tdist_P (out->t.statistic, n - 1.0);
}

/* --- ranks and signs -------------------------------------------------------------------------- */

/* V is a sum over pairs, so its variance is that of the patients' own shares (four times, over m).
 * The own share of patient i is that of the patients j whose difference outweighs -d[i], ties half;
 * over all i their mean is V's share of its largest value, but for the pairs of a patient with
 * himself.  @d ascending: one walk from both ends. */
static void
rank_biserial (const double *d, double level, KtmPaired *out)
{
  double m = (double) out->wilcoxon.n_nonzero, v = out->wilcoxon.v, w = out->wilcoxon.w_minus;
  double share = v / (v + w), mean = 0.0, squares = 0.0, half, logit;
  size_t above = out->n, from = out->n, zeros = out->n - out->wilcoxon.n_nonzero;

  out->rank_biserial.value = (v - w) / (v + w);
  if (m < 2.0 || v == 0.0 || w == 0.0)
    return;
  for (size_t i = 0; i < out->n; i++)
    {
      double own;

      if (d[i] == 0.0)
        continue;
      while (above > 0 && d[above - 1] > -d[i]) /* d[above…] outweigh, d[from…] outweigh or tie */
        above--;
      while (from > 0 && d[from - 1] >= -d[i])
        from--;
      own = (0.5 * ((double) (out->n - above) + (double) (out->n - from))
             - (d[i] > 0.0 ? (double) zeros : 0.0))
            / m;
      mean += own / m;
      squares += own * own;
    }
  out->rank_biserial.se = 4.0 * sqrt (fmax (0.0, squares - m * mean * mean) / (m - 1.0) / m);
  half = ktm_dist_normal_z (level) * 0.5 * out->rank_biserial.se / (share * (1.0 - share));
  logit = log (share / (1.0 - share));
  out->rank_biserial.low = tanh (0.5 * (logit - half));
  out->rank_biserial.high = tanh (0.5 * (logit + half));
}

static void
count_signs (const double *d, double level, KtmPaired *out)
{
  double m, above;

  for (size_t i = 0; i < out->n; i++)
    {
      out->n_positive += d[i] > 0.0;
      out->n_negative += d[i] < 0.0;
    }
  m = (double) (out->n_positive + out->n_negative);
  above = (double) out->n_positive + 0.5 * ((double) out->n - m);
  out->sign_test_p = m > 0.0 ? ktm_dist_binomial_p2 ((double) out->n_positive, m, 0.5) : NAN;
  out->share_higher.value = above / (double) out->n;
  ktm_stats_wilson (above, (double) out->n, level, &out->share_higher.low, &out->share_higher.high);
}

/* @d: the n differences, ascending; thinned in place. */
static KtmStatsStatus
hodges_lehmann (double *d, double level, KtmPaired *out)
{
  KtmStatsStatus status;
  KtmEstimate nonzero;
  size_t m = 0;

  status = ktm_rank_hodges_lehmann_one (d, out->n, level, &out->hodges_lehmann);
  for (size_t i = 0; i < out->n; i++)
    if (d[i] != 0.0)
      d[m++] = d[i];
  if (status == KTM_STATS_OK && m > 0)
    status = ktm_rank_hodges_lehmann_one (d, m, level, &nonzero);
  if (status == KTM_STATS_OK && m > 0)
    out->hodges_lehmann_nonzero = nonzero.value;
  return status;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void
set_nan (size_t n, KtmPaired *out)
{
  *out = (KtmPaired){
    .n = n,
    .mean_x = NAN,
    .mean_y = NAN,
    .sd_x = NAN,
    .sd_y = NAN,
    .pearson_r = NAN,
    .mean_diff = KTM_ESTIMATE_NAN,
    .sd_diff = NAN,
    .t = KTM_TEST_NAN,
    .p_less = NAN,
    .wilcoxon = signed_rank_nan,
    .hodges_lehmann = KTM_ESTIMATE_NAN,
    .hodges_lehmann_nonzero = NAN,
    .rank_biserial = KTM_ESTIMATE_NAN,
    .sign_test_p = NAN,
    .hedges_j = NAN,
    .d_z = KTM_ESTIMATE_NAN,
    .g_z = KTM_ESTIMATE_NAN,
    .d_av = KTM_ESTIMATE_NAN,
    .d_av_meansd = KTM_ESTIMATE_NAN,
    .g_av = KTM_ESTIMATE_NAN,
    .d_rm = KTM_ESTIMATE_NAN,
    .g_rm = KTM_ESTIMATE_NAN,
    .glass_delta = KTM_ESTIMATE_NAN,
    .common_language = KTM_ESTIMATE_NAN,
    .share_higher = KTM_ESTIMATE_NAN,
  };
}

static KtmStatsStatus
refuse (const double *x, const double *y, size_t n, double level)
{
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (x, n) || !ktm_stats_all_finite (y, n))
    return KTM_STATS_NOT_FINITE;
  if (n < 2)
    return KTM_STATS_TOO_FEW;
  return KTM_STATS_OK;
}

static KtmStatsStatus
compute (const double *x, const double *y, double *d, double level, KtmExact exact, KtmPaired *out)
{
  KtmStatsStatus status;
  double var_x, var_y;

  ktm_stats_moments (x, out->n, &out->mean_x, &var_x);
  ktm_stats_moments (y, out->n, &out->mean_y, &var_y);
  out->sd_x = sqrt (var_x);
  out->sd_y = sqrt (var_y);
  out->pearson_r = ktm_stats_pearson (x, y, out->n);
  out->hedges_j = ktm_dist_hedges_j ((double) out->n - 1.0);
  for (size_t i = 0; i < out->n; i++)
    d[i] = y[i] - x[i];
  test_mean (d, level, out);
  standardise (level, out);
  count_signs (d, level, out);
  status = ktm_stats_signed_rank (d, out->n, exact, &out->wilcoxon);
  if (status != KTM_STATS_OK && status != KTM_STATS_NO_VARIANCE)
    return status;
  ktm_rank_sort (d, out->n);
  if (status == KTM_STATS_OK)
    rank_biserial (d, level, out);
  return hodges_lehmann (d, level, out);
}

KtmStatsStatus
ktm_stats_paired (const double *x, const double *y, size_t n, double level, KtmExact exact,
                  KtmPaired *out)
{
  KtmStatsStatus status = refuse (x, y, n, level);
  double *d;

  set_nan (n, out);
  if (status != KTM_STATS_OK)
    return status;
  d = malloc (n * sizeof *d);
  if (d == NULL)
    return KTM_STATS_NO_MEMORY;
  status = compute (x, y, d, level, exact, out);
  free (d);
  if (status != KTM_STATS_OK)
    set_nan (n, out);
  return status;
}
