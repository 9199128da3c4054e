/* model/stats: how often the scores of one group exceed those of another. */
#pragma once

#include "ktm-two-groups.h"

/* Fills the ordinal part of @out: Cliff's delta, rank-biserial, probability of superiority,
 * Brunner–Munzel.
 * @x, @y ascending; n1, n2 of @out set.  Errors: NO_MEMORY. */
KtmStatsStatus ktm_dominance (const double *x, const double *y, double level, KtmTwoGroups *out);
