/* Patient flow: who was seen, who missed a visit and who stopped, from inclusion to analysis
 * (STROBE items 13a-c). Counting only; libc only.
 */
#pragma once

#include "ktm-frame.h"

/* Everybody of the group is in exactly one of seen, missed and gone. */
typedef struct
{
  size_t  visit;     /* index in the frame */
  size_t  seen;      /* a score of any measure at the visit */
  size_t  missed;    /* not seen, and not stopped by then */
  size_t  gone;      /* not seen, and stopped by then */
  size_t  stopped;   /* stopped after the visit before, up to this one */
  size_t *reasons;   /* n_reasons + 1 counts of those; the last: reason not recorded */
} KtmFlowVisit;

typedef struct
{
  size_t        n;              /* patients */
  size_t        n_baseline;     /* with a score of the measure at the reference */
  size_t        n_followed;     /* with a score of the measure at any visit below */
  size_t        n_analysed;     /* with scores at the reference and at the last visit */
  size_t        n_visits;
  KtmFlowVisit *visits;         /* after the reference, in order of time */
  size_t        n_reasons;      /* of the frame */
  size_t        other_stopped;  /* stopped after the last visit shown, or at a time not recorded */
  size_t       *other_reasons;  /* n_reasons + 1 */
  size_t       *all_reasons;    /* n_reasons + 1: of everybody who stopped */
  size_t        n_stopped;
} KtmFlow;

/* The flow of the patients for whom @group_of is @group (@group_of NULL: of all).
 *
 * @measure: whose scores make "baseline", "followed" and "analysed"; "seen" takes every measure
 * @from, @to: nominal times; NaN: the baseline, the last visit at which anybody was seen.  Visits
 * at which nobody in the frame was seen are left out, so that groups have the same visits.
 * A stop at a time at or before the reference is counted with the first visit after it.
 * Errors: BAD_ARGUMENT (no such measure), NO_MEMORY; @out is then empty.  Clear with
 * ktm_flow_clear(). */
KtmStatsStatus ktm_flow (const KtmFrame *frame, size_t measure, const long *group_of, long group,
                         double from, double to, KtmFlow *out);
void           ktm_flow_clear (KtmFlow *flow);

/* Screened and not included; 0 too where the file knows only the included. */
size_t ktm_flow_n_excluded (const KtmFrame *frame);
/* Of those, for whom the file gives no reason. */
size_t ktm_flow_no_reason (const KtmFrame *frame);
