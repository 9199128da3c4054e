/* model/stats: which of several groups differ. */
#pragma once

#include "ktm-k-groups.h"
#include "ktm-rank.h"

typedef struct
{
  const double *values;     /* of this group */
  double        n, mean, var, mean_rank, centre;
} KtmGroup;

/* Every pair's indices, every number NaN. */
void ktm_post_hoc_clear (size_t n_groups, KtmGroupPair *pairs);

/* Tukey–Kramer, Games–Howell, Dunn and pairwise rank sums.  Errors: NO_MEMORY. */
KtmStatsStatus ktm_post_hoc (const KtmGroup *groups, const KtmTies *ties, double level,
                             const KtmKGroups *all, KtmGroupPair *pairs);
