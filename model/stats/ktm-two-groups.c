/* model/stats: two independent groups. */
#include "ktm-two-groups.h"
#include "ktm-describe.h"
#include "ktm-dist.h"
#include "ktm-dominance.h"
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

static const KtmRankSum rank_sum_nan = {
  false, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, false, NAN
};

/* --- rank sum --------------------------------------------------------------------------------- */

static void
normal_rank_sum (double n1, double n2, const KtmTies *ties, KtmRankSum *out)
{
  double n = n1 + n2, distance;

  out->mean_u = 0.5 * n1 * n2;
  out->sd_u = sqrt (n1 * n2 / 12.0 * (n + 1.0 - ties->t3 / (n * (n - 1.0))));
  if (ties->t3 >= n * n * n - n)
    out->sd_u = 0.0;
  if (out->sd_u == 0.0)
    return;
  distance = out->u1 - out->mean_u;
  out->z = distance / out->sd_u;
  out->p_normal = ktm_dist_normal_p2 (out->z);
  out->p_normal_continuity = ktm_dist_normal_p2 (fmax (fabs (distance) - 0.5, 0.0) / out->sd_u);
}

static KtmStatsStatus
rank_pooled (const double *pooled, size_t n1, size_t n, double *ranks, KtmExact exact,
             KtmRankSum *out)
{
  double w = 0.0, m1 = (double) n1, m2 = (double) (n - n1);
  KtmStatsStatus status;
  KtmTies ties;

  status = ktm_rank_midranks (pooled, n, ranks, &ties);
  if (status != KTM_STATS_OK)
    return status;
  for (size_t i = 0; i < n1; i++)
    w += ranks[i];
  out->ties = ties.any;
  out->u1 = w - 0.5 * m1 * (m1 + 1.0);
  out->u2 = m1 * m2 - out->u1;
  normal_rank_sum (m1, m2, &ties, out);
  if (out->sd_u == 0.0)
    return KTM_STATS_NO_VARIANCE;
  if (exact == KTM_EXACT_IF_SMALL)
    status = ktm_rank_exact_sum (ranks, n, n1, w, &out->p_exact);
  out->exact = !isnan (out->p_exact);
  out->p = out->exact ? out->p_exact : out->p_normal_continuity;
  return status == KTM_STATS_TOO_LARGE ? KTM_STATS_OK : status;
}

KtmStatsStatus
ktm_stats_rank_sum (const double *x, size_t n1, const double *y, size_t n2, KtmExact exact,
                    KtmRankSum *out)
{
  KtmStatsStatus status;
  size_t n = n1 + n2;
  double *work;

  *out = rank_sum_nan;
  if (!ktm_stats_all_finite (x, n1) || !ktm_stats_all_finite (y, n2))
    return KTM_STATS_NOT_FINITE;
  if (n1 == 0 || n2 == 0)
    return KTM_STATS_TOO_FEW;
  work = malloc (2 * n * sizeof *work);
  if (work == NULL)
    return KTM_STATS_NO_MEMORY;
  memcpy (work, x, n1 * sizeof *work);
  memcpy (work + n1, y, n2 * sizeof *work);
  status = rank_pooled (work, n1, n, work + n, exact, out);
  free (work);
  return status;
}

/* --- means ------------------------------------------------------------------------------------ */

static void
t_interval (double diff, double se, double df, double level, KtmEstimate *estimate, KtmTest *test)
{
  double half = ktm_dist_t_quantile (level, df) * se;

  *estimate = (KtmEstimate) { diff, se, diff - half, diff + half };
  *test = (KtmTest) { diff / se, df, NAN, ktm_dist_t_p2 (diff / se, df) };
}

static void
compare_means (double v1, double v2, double level, KtmTwoGroups *out)
{
  double n1 = (double) out->n1, n2 = (double) out->n2, df = n1 + n2 - 2.0, a = v1 / n1, b = v2 / n2,
         f, p;
  double pooled =
      ((out->n1 > 1 ? (n1 - 1.0) * v1 : 0.0) + (out->n2 > 1 ? (n2 - 1.0) * v2 : 0.0)) / df;

  if (df < 1.0)
    {
      out->t_status = KTM_STATS_TOO_FEW;
      return;
    }
  out->sd_pooled = sqrt (pooled);
  if (out->sd_pooled <= 1e-14 * fmax (fabs (out->mean1), fabs (out->mean2)))
    {
      out->sd_pooled = 0.0;
      out->t_status = KTM_STATS_NO_VARIANCE;
      return;
    }
  t_interval (out->mean_diff, out->sd_pooled * sqrt (1.0 / n1 + 1.0 / n2), df, level, &out->student,
              &out->student_test);
  if (out->n1 < 2 || out->n2 < 2)
    return;
  t_interval (out->mean_diff, sqrt (a + b),
              (a + b) * (a + b) / (a * a / (n1 - 1.0) + b * b / (n2 - 1.0)), level, &out->welch,
              &out->welch_test);
  f = v1 / v2;
  p = ktm_dist_f_p (f, n1 - 1.0, n2 - 1.0);
  out->variance_test = (KtmTest) { f, n1 - 1.0, n2 - 1.0, fmin (1.0, 2.0 * fmin (p, 1.0 - p)) };
  if (p > 0.5 && f > 0.0 && isfinite (f))
    out->variance_test.p = fmin (1.0, 2.0 * ktm_dist_f_p (1.0 / f, n2 - 1.0, n1 - 1.0));
}

/* Difference in units of one group's SD: se² = (v1/n1 + v2/n2)/s² + delta²/(2(n_s − 1)). */
static KtmEstimate
glass (double diff, double var_of_diff, double sd, double n, double level)
{
  double delta = diff / sd, se = sqrt (var_of_diff / (sd * sd) + delta * delta / (2.0 * (n - 1.0)));
  double half = ktm_dist_normal_z (level) * se;

  if (!(sd > 0.0) || !(n > 1.0))
    return KTM_ESTIMATE_NAN;
  return (KtmEstimate) { delta, se, delta - half, delta + half };
}

static void
standardise (double v1, double v2, double level, KtmTwoGroups *out)
{
  double n1 = (double) out->n1, n2 = (double) out->n2, n = n1 + n2, h = sqrt (1.0 / n1 + 1.0 / n2),
         low, high;
  double d = out->mean_diff / out->sd_pooled, j, half;

  if (out->t_status != KTM_STATS_OK)
    return;
  ktm_dist_nct_limits (out->student_test.statistic, n - 2.0, level, &low, &high);
  out->cohen_d = (KtmEstimate) { d, sqrt (h * h + d * d / (2.0 * n)), h * low, h * high };
  half = ktm_dist_normal_z (level) * out->cohen_d.se;
  out->cohen_d_wald_low = d - half;
  out->cohen_d_wald_high = d + half;
  out->hedges_j = j = ktm_dist_hedges_j (n - 2.0);
  out->hedges_j_approx = 1.0 - 3.0 / (4.0 * (n - 2.0) - 1.0);
  out->hedges_g = (KtmEstimate) { j * d, j * out->cohen_d.se, j * h * low, j * h * high };
  out->glass_delta_sd2 = glass (out->mean_diff, v1 / n1 + v2 / n2, out->sd2, n2, level);
  out->glass_delta_sd1 = glass (out->mean_diff, v1 / n1 + v2 / n2, out->sd1, n1, level);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void
set_nan (size_t n1, size_t n2, KtmTwoGroups *out)
{
  const KtmEstimate e = KTM_ESTIMATE_NAN;
  const KtmTest t = KTM_TEST_NAN;

  *out = (KtmTwoGroups){
    .n1 = n1,
    .n2 = n2,
    .mean1 = NAN,
    .mean2 = NAN,
    .sd1 = NAN,
    .sd2 = NAN,
    .mean_diff = NAN,
    .student = e,
    .welch = e,
    .student_test = t,
    .welch_test = t,
    .variance_test = t,
    .mann_whitney = rank_sum_nan,
    .hodges_lehmann = e,
    .sd_pooled = NAN,
    .hedges_j = NAN,
    .hedges_j_approx = NAN,
    .cohen_d = e,
    .cohen_d_wald_low = NAN,
    .cohen_d_wald_high = NAN,
    .hedges_g = e,
    .glass_delta_sd2 = e,
    .glass_delta_sd1 = e,
    .cliff_delta = e,
    .cliff_var_unbiased = NAN,
    .cliff_var_consistent = NAN,
    .cliff_unbiased_low = NAN,
    .cliff_unbiased_high = NAN,
    .cliff_unbiased_t_low = NAN,
    .cliff_unbiased_t_high = NAN,
    .rank_biserial = e,
    .rank_biserial_fisher_low = NAN,
    .rank_biserial_fisher_high = NAN,
    .prob_superiority = e,
    .ps_wald_low = NAN,
    .ps_wald_high = NAN,
    .ps_bm_low = NAN,
    .ps_bm_high = NAN,
    .brunner_munzel = t,
  };
}

/* @x, @y: copies, sorted in place. */
static KtmStatsStatus
compare_order (double *x, double *y, double level, KtmExact exact, KtmTwoGroups *out)
{
  KtmStatsStatus status = ktm_stats_rank_sum (x, out->n1, y, out->n2, exact, &out->mann_whitney);

  if (status != KTM_STATS_OK && status != KTM_STATS_NO_VARIANCE)
    return status;
  out->ranks_status = status;
  ktm_rank_sort (x, out->n1);
  ktm_rank_sort (y, out->n2);
  status = ktm_rank_hodges_lehmann_two (x, out->n1, y, out->n2, level, &out->hodges_lehmann);
  return status == KTM_STATS_OK ? ktm_dominance (x, y, level, out) : status;
}

KtmStatsStatus
ktm_stats_two_groups (const double *x, size_t n1, const double *y, size_t n2, double level,
                      KtmExact exact, KtmTwoGroups *out)
{
  double v1, v2, *work;
  KtmStatsStatus status;

  set_nan (n1, n2, out);
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (x, n1) || !ktm_stats_all_finite (y, n2))
    return KTM_STATS_NOT_FINITE;
  if (n1 == 0 || n2 == 0)
    return KTM_STATS_TOO_FEW;
  work = malloc ((n1 + n2) * sizeof *work);
  if (work == NULL)
    return KTM_STATS_NO_MEMORY;
  memcpy (work, x, n1 * sizeof *work);
  memcpy (work + n1, y, n2 * sizeof *work);
  ktm_stats_moments (x, n1, &out->mean1, &v1);
  ktm_stats_moments (y, n2, &out->mean2, &v2);
  out->sd1 = sqrt (v1);
  out->sd2 = sqrt (v2);
  out->mean_diff = out->mean1 - out->mean2;
  compare_means (v1, v2, level, out);
  standardise (v1, v2, level, out);
  status = compare_order (work, work + n1, level, exact, out);
  free (work);
  if (status != KTM_STATS_OK)
    set_nan (n1, n2, out);
  return status;
}
