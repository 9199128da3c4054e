/* model/stats: how much worse the unseen patients must be before the conclusion falls. */
#pragma once

#include "ktm-clda.h"

typedef struct
{
  size_t n, n_missing; /* patients of the analysis; of them without the follow-up */
} KtmTippingArm;

typedef struct
{
  double worse;      /* +1 where lower scores are better, -1 where higher are */
  double mcid;       /* > 0, or NaN: no second target */
  double comparator; /* share of delta that the comparator's missing patients get; 0 is the
                        strictest */
  double level;
  double max_delta;  /* > 0: how far to look, e.g. the width of the scale */
} KtmTippingOptions;

typedef enum
{
  KTM_TIPPING_AT,      /* at `delta` */
  KTM_TIPPING_ALREADY, /* the interval holds the target without any shift */
  KTM_TIPPING_BEYOND   /* not within max_delta */
} KtmTippingState;

/* Where one target is reached; delta in points per missing follow-up, NaN where not AT. */
typedef struct
{
  KtmTippingState state;
  double target;         /* effect, raw sign (follow-up less baseline) */
  double delta;          /* the interval touches the target */
  double estimate_delta; /* the estimate itself reaches it; NaN: not within max_delta */
} KtmTippingPoint;

typedef struct
{
  KtmTippingPoint none, mcid; /* effect 0; effect of the MCID (target NaN where none was given) */
  double shift;               /* change of the effect per point of delta */
} KtmTipping;

KtmStatsStatus ktm_tipping_effect (const KtmEstimate *effect, double df, const KtmTippingArm *arm,
                                   size_t n_arms, const KtmTippingOptions *options, double delta,
                                   KtmEstimate *out);
KtmStatsStatus ktm_tipping_point  (const KtmEstimate *effect, double df, const KtmTippingArm *arm,
                                   size_t n_arms, const KtmTippingOptions *options,
                                   KtmEstimate *grid, size_t n_grid, KtmTipping *out);
KtmStatsStatus ktm_tipping_change (const KtmClda *clda, size_t visit,
                                   const KtmTippingOptions *options, KtmEstimate *grid,
                                   size_t n_grid, KtmTipping *out);
KtmStatsStatus ktm_tipping_groups (const KtmClda *clda, size_t visit, size_t comparator,
                                   size_t active, const KtmTippingOptions *options,
                                   KtmEstimate *grid, size_t n_grid, KtmTipping *out);
