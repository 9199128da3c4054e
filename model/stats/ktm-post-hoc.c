/* model/stats: which of several groups differ. */
#include "ktm-post-hoc.h"
#include "ktm-dist.h"
#include "ktm-multiplicity.h"
#include "ktm-two-groups.h"

#include <stdlib.h>

static size_t
count_pairs (size_t n_groups)
{
  return n_groups * (n_groups - 1) / 2;
}

void
ktm_post_hoc_clear (size_t n_groups, KtmGroupPair *pairs)
{
  const KtmAdjusted none = { NAN, NAN, NAN, NAN, NAN };
  size_t p = 0;

  for (size_t i = 0; i + 1 < n_groups; i++)
    for (size_t j = i + 1; j < n_groups; j++)
      pairs[p++] = (KtmGroupPair){
        i, j, KTM_ESTIMATE_NAN, NAN, KTM_ESTIMATE_NAN, NAN, NAN, NAN, none, none
      };
}

static void
tukey (const KtmGroup *a, const KtmGroup *b, double q_limit, const KtmKGroups *all,
       KtmGroupPair *pair)
{
  double df = all->anova.df2, diff = b->mean - a->mean;
  double se = sqrt (0.5 * all->ss_within / df * (1.0 / a->n + 1.0 / b->n)); /* in units of q */

  pair->tukey = (KtmEstimate) { diff, se * M_SQRT2, diff - q_limit * se, diff + q_limit * se };
  pair->tukey_p = ktm_dist_tukey_p (fabs (diff) / se, (double) all->n_groups, df);
}

static void
games_howell (const KtmGroup *a, const KtmGroup *b, double level, const KtmKGroups *all,
              KtmGroupPair *pair)
{
  double va = a->var / a->n, vb = b->var / b->n, diff = b->mean - a->mean,
         se = sqrt (0.5 * (va + vb)), q, df;
  double k = (double) all->n_groups;

  if (!(va + vb > 0.0))
    return;
  df = (va + vb) * (va + vb) / (va * va / (a->n - 1.0) + vb * vb / (b->n - 1.0));
  q = ktm_dist_tukey_quantile (1.0 - level, k, df);
  pair->games_howell = (KtmEstimate) { diff, se * M_SQRT2, diff - q * se, diff + q * se };
  pair->games_howell_df = df;
  pair->games_howell_p = ktm_dist_tukey_p (fabs (diff) / se, k, df);
}

static void
dunn (const KtmGroup *a, const KtmGroup *b, const KtmTies *ties, double n, KtmGroupPair *pair)
{
  double scale = n * (n + 1.0) / 12.0 - ties->t3 / (12.0 * (n - 1.0));

  pair->dunn_z = (a->mean_rank - b->mean_rank) / sqrt (scale * (1.0 / a->n + 1.0 / b->n));
  pair->dunn.raw = ktm_dist_normal_p2 (pair->dunn_z);
}

static KtmStatsStatus
rank_sum (const KtmGroup *a, const KtmGroup *b, KtmGroupPair *pair)
{
  KtmRankSum test;
  KtmStatsStatus status = ktm_stats_rank_sum (a->values, (size_t) a->n, b->values, (size_t) b->n,
                                              KTM_EXACT_NEVER, &test);

  pair->wilcoxon.raw = test.p_normal_continuity;
  return status == KTM_STATS_NO_VARIANCE ? KTM_STATS_OK : status;
}

/* The adjusted p-values of one test, @p and @adjusted long enough for all pairs. */
static KtmStatsStatus
adjust (size_t offset, KtmGroupPair *pairs, size_t n_pairs, double *p, double *adjusted)
{
  static const struct
  {
    KtmAdjust method;
    size_t    field;
  } methods[] = {
    { KTM_ADJUST_HOLM, offsetof (KtmAdjusted, holm) },
    { KTM_ADJUST_HOCHBERG, offsetof (KtmAdjusted, hochberg) },
    { KTM_ADJUST_BH, offsetof (KtmAdjusted, bh) },
    { KTM_ADJUST_BONFERRONI, offsetof (KtmAdjusted, bonferroni) },
  };

  for (size_t i = 0; i < n_pairs; i++)
    p[i] = ((KtmAdjusted *) ((char *) &pairs[i] + offset))->raw;
  for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++)
    {
      KtmStatsStatus status = ktm_stats_adjust (methods[m].method, p, n_pairs, adjusted);

      if (status != KTM_STATS_OK)
        return status;
      for (size_t i = 0; i < n_pairs; i++)
        *(double *) ((char *) &pairs[i] + offset + methods[m].field) = adjusted[i];
    }
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_post_hoc (const KtmGroup *groups, const KtmTies *ties, double level, const KtmKGroups *all,
              KtmGroupPair *pairs)
{
  size_t n_pairs = count_pairs (all->n_groups);
  double *p = malloc (2 * n_pairs * sizeof *p), q_limit = NAN;
  KtmStatsStatus status = p != NULL ? KTM_STATS_OK : KTM_STATS_NO_MEMORY;

  if (all->means_status == KTM_STATS_OK)
    q_limit = ktm_dist_tukey_quantile (1.0 - level, (double) all->n_groups, all->anova.df2);
  for (size_t i = 0; i < n_pairs && status == KTM_STATS_OK; i++)
    {
      const KtmGroup *a = &groups[pairs[i].i], *b = &groups[pairs[i].j];

      if (all->means_status == KTM_STATS_OK)
        {
          tukey (a, b, q_limit, all, &pairs[i]);
          games_howell (a, b, level, all, &pairs[i]);
        }
      if (all->ranks_status == KTM_STATS_OK)
        dunn (a, b, ties, (double) all->n, &pairs[i]);
      status = rank_sum (a, b, &pairs[i]);
    }
  if (status == KTM_STATS_OK)
    status = adjust (offsetof (KtmGroupPair, dunn), pairs, n_pairs, p, p + n_pairs);
  if (status == KTM_STATS_OK)
    status = adjust (offsetof (KtmGroupPair, wilcoxon), pairs, n_pairs, p, p + n_pairs);
  free (p);
  return status;
}
