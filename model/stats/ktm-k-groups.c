/* model/stats: several independent groups. */
#include "ktm-k-groups.h"
#include "ktm-describe.h"
#include "ktm-dist.h"
#include "ktm-post-hoc.h"
#include "ktm-rank.h"

#include <stdlib.h>

/* Sums of squares of @value about the group means in @groups (n_groups long). */
static void
split_squares (const double *value, const size_t *group, size_t n, const KtmGroup *groups,
               size_t n_groups, double *between, double *within)
{
  double mean, var;

  ktm_stats_moments (value, n, &mean, &var);
  *between = *within = 0.0;
  for (size_t g = 0; g < n_groups; g++)
    *between += groups[g].n * (groups[g].mean - mean) * (groups[g].mean - mean);
  for (size_t i = 0; i < n; i++)
    *within += (value[i] - groups[group[i]].mean) * (value[i] - groups[group[i]].mean);
}

static KtmTest
f_test (double between, double within, double df1, double df2)
{
  double f = between / df1 / (within / df2);

  return (KtmTest) { f, df1, df2, ktm_dist_f_p (f, df1, df2) };
}

/* A spread that is only the rounding of the numbers counts as none. */
static bool
is_rounding (double squares, const KtmGroup *groups, size_t n_groups)
{
  double scale = 0.0;

  for (size_t g = 0; g < n_groups; g++)
    scale = fmax (scale, fabs (groups[g].mean));
  return squares <= 1e-28 * scale * scale;
}

static void
anova (const double *value, const size_t *group, const KtmGroup *groups, KtmKGroups *out)
{
  double df1 = (double) out->n_groups - 1.0, df2 = (double) (out->n - out->n_groups), total, rest;

  split_squares (value, group, out->n, groups, out->n_groups, &out->ss_between, &out->ss_within);
  if (out->n <= out->n_groups)
    out->means_status = KTM_STATS_TOO_FEW;
  else if (is_rounding (out->ss_within, groups, out->n_groups))
    out->means_status = KTM_STATS_NO_VARIANCE;
  total = out->ss_between + out->ss_within;
  if (total > 0.0)
    out->eta2 = out->ss_between / total;
  if (out->means_status != KTM_STATS_OK)
    return;
  out->anova = f_test (out->ss_between, out->ss_within, df1, df2);
  rest = out->ss_within / df2;
  out->omega2 = (out->ss_between - df1 * rest) / (total + rest);
  out->epsilon2 = (out->ss_between - df1 * rest) / total;
}

static void
welch (const KtmGroup *groups, KtmKGroups *out)
{
  double k = (double) out->n_groups, sum = 0.0, mean = 0.0, spread = 0.0, lack = 0.0, df2, f;

  for (size_t g = 0; g < out->n_groups; g++)
    {
      if (!(groups[g].var > 0.0))
        return;
      sum += groups[g].n / groups[g].var;
      mean += groups[g].n / groups[g].var * groups[g].mean;
    }
  mean /= sum;
  for (size_t g = 0; g < out->n_groups; g++)
    {
      double w = groups[g].n / groups[g].var;

      spread += w * (groups[g].mean - mean) * (groups[g].mean - mean);
      lack += (1.0 - w / sum) * (1.0 - w / sum) / (groups[g].n - 1.0);
    }
  f = spread / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * lack);
  df2 = (k * k - 1.0) / (3.0 * lack);
  out->welch = (KtmTest) { f, k - 1.0, df2, ktm_dist_f_p (f, k - 1.0, df2) };
}

static void
kruskal (const KtmTies *ties, const KtmGroup *groups, KtmKGroups *out)
{
  double n = (double) out->n, df = (double) out->n_groups - 1.0, h = 0.0;

  for (size_t g = 0; g < out->n_groups; g++)
    h += groups[g].n * (groups[g].mean_rank - 0.5 * (n + 1.0))
         * (groups[g].mean_rank - 0.5 * (n + 1.0));
  if (out->n < 2 || ties->t3 >= n * n * n - n)
    {
      out->ranks_status = KTM_STATS_NO_VARIANCE;
      return;
    }
  h *= 12.0 / (n * (n + 1.0)) / (1.0 - ties->t3 / (n * n * n - n));
  out->kruskal = (KtmTest) { h, df, NAN, ktm_dist_chi2_p (h, df) };
  out->kruskal_epsilon2 = h / (n - 1.0);
}

/* ANOVA of the distances from the group medians; @sorted: the values group after group; spoils
 * @groups. */
static void
brown_forsythe (const size_t *group, KtmGroup *groups, double *sorted, double *distance,
                const double *value, KtmKGroups *out)
{
  double between, within;
  size_t start = 0;

  for (size_t g = 0; g < out->n_groups; g++)
    {
      size_t m = (size_t) groups[g].n;

      ktm_rank_sort (sorted + start, m);
      groups[g].centre = ktm_rank_quantile (sorted + start, m, 0.5);
      groups[g].mean = 0.0;
      start += m;
    }
  for (size_t i = 0; i < out->n; i++)
    {
      distance[i] = fabs (value[i] - groups[group[i]].centre);
      groups[group[i]].mean += distance[i] / groups[group[i]].n;
    }
  split_squares (distance, group, out->n, groups, out->n_groups, &between, &within);
  if (out->n > out->n_groups && !is_rounding (within, groups, out->n_groups))
    out->brown_forsythe =
        f_test (between, within, (double) out->n_groups - 1.0, (double) (out->n - out->n_groups));
}

/* Values group after group into @sorted; moments, sizes and mean ranks into @groups. */
static void
gather (const double *value, const double *ranks, const size_t *group, size_t n, size_t n_groups,
        double *sorted, KtmGroup *groups)
{
  size_t start = 0;

  for (size_t g = 0; g < n_groups; g++)
    {
      size_t m = 0;

      groups[g] = (KtmGroup) { .values = sorted + start };
      for (size_t i = 0; i < n; i++)
        if (group[i] == g)
          {
            sorted[start + m++] = value[i];
            groups[g].mean_rank += ranks[i];
          }
      groups[g].n = (double) m;
      groups[g].mean_rank /= (double) m;
      ktm_stats_moments (sorted + start, m, &groups[g].mean, &groups[g].var);
      start += m;
    }
}

static KtmStatsStatus
refuse (const double *value, const size_t *group, size_t n, size_t n_groups, double level,
        size_t *count)
{
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (value, n))
    return KTM_STATS_NOT_FINITE;
  if (n_groups < 2)
    return KTM_STATS_TOO_FEW;
  for (size_t i = 0; i < n; i++)
    {
      if (group[i] >= n_groups)
        return KTM_STATS_BAD_ARGUMENT;
      count[group[i]]++;
    }
  for (size_t g = 0; g < n_groups; g++)
    if (count[g] == 0)
      return KTM_STATS_TOO_FEW;
  return KTM_STATS_OK;
}

static void
set_nan (size_t n, size_t n_groups, KtmKGroups *out)
{
  *out = (KtmKGroups){
    n,   n_groups,     NAN,          NAN,          KTM_TEST_NAN, NAN,          NAN,
    NAN, KTM_TEST_NAN, KTM_TEST_NAN, KTM_TEST_NAN, NAN,          KTM_STATS_OK, KTM_STATS_OK
  };
}

/* @work: 3n doubles. */
static KtmStatsStatus
compute (const double *value, const size_t *group, double level, double *work, KtmGroup *groups,
         KtmKGroups *out, KtmGroupPair *pairs)
{
  double *sorted = work, *ranks = work + out->n, *distance = work + 2 * out->n;
  KtmStatsStatus status;
  KtmTies ties;

  status = ktm_rank_midranks (value, out->n, ranks, &ties);
  if (status != KTM_STATS_OK)
    return status;
  gather (value, ranks, group, out->n, out->n_groups, sorted, groups);
  anova (value, group, groups, out);
  welch (groups, out);
  kruskal (&ties, groups, out);
  if (pairs != NULL)
    status = ktm_post_hoc (groups, &ties, level, out, pairs);
  if (status == KTM_STATS_OK)
    brown_forsythe (group, groups, sorted, distance, value, out);
  return status;
}

KtmStatsStatus
ktm_stats_k_groups (const double *value, const size_t *group, size_t n, size_t n_groups,
                    double level, KtmKGroups *out, size_t *sizes, KtmGroupPair *pairs)
{
  size_t *count = calloc (n_groups + 1, sizeof *count);
  KtmGroup *groups = calloc (n_groups + 1, sizeof *groups);
  double *work = malloc ((3 * n + 1) * sizeof *work);
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;

  set_nan (n, n_groups, out);
  if (count != NULL && groups != NULL && work != NULL)
    {
      status = refuse (value, group, n, n_groups, level, count);
      for (size_t g = 0; g < n_groups && sizes != NULL; g++)
        sizes[g] = count[g];
      if (pairs != NULL)
        ktm_post_hoc_clear (n_groups, pairs);
      if (status == KTM_STATS_OK)
        status = compute (value, group, level, work, groups, out, pairs);
      if (status != KTM_STATS_OK)
        set_nan (n, n_groups, out);
    }
  free (count);
  free (groups);
  free (work);
  return status;
}
