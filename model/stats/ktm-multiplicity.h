/* model/stats: p-values of several tests of one question. */
#pragma once

#include "ktm-stats.h"

typedef enum
{
  KTM_ADJUST_NONE,
  KTM_ADJUST_BONFERRONI,
  KTM_ADJUST_HOLM,
  KTM_ADJUST_HOCHBERG,
  KTM_ADJUST_BH        /* Benjamini–Hochberg: false discovery rate */
} KtmAdjust;

/* Adjusted p-values, as R's p.adjust.
 *
 * @p:   @n p-values; NaN: a test that was not made; stays NaN and does not count
 * @out: @n long; may be @p
 * Errors: BAD_ARGUMENT (a p outside 0…1), NO_MEMORY; every @out is NaN then.
 * Source: Holm (1979), Scand J Stat 6:65-70; Hochberg (1988), Biometrika 75:800-802;
 *         Benjamini & Hochberg (1995), J R Stat Soc B 57:289-300.
 */
KtmStatsStatus ktm_stats_adjust (KtmAdjust method, const double *p, size_t n, double *out);
