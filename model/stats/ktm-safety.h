/* Adverse events counted: at each visit over those asked then, and by term at each patient's worst
 * grade.
 *
 * Asked at a visit: the yes/no answer is there, or an event is reported at it.  Where the cohort
 * has no such answers at all, everybody with any score at the visit counts as asked.  Who was never
 * asked is left out, not counted as free of events.
 */
#pragma once

#include "ktm-frame.h"

typedef struct
{
  size_t term;                                /* index in the frame's terms */
  size_t patients, unknown, mild, moderate, severe; /* each patient once, at the worst grade */
  size_t events, related, serious, stopped;   /* events; related: yes or possible */
} KtmSafetyTerm;

typedef struct
{
  size_t  n_patients;                         /* looked at */
  size_t  n_asked, n_never;                   /* at least once; never */
  size_t  n_with, n_severe, n_serious;        /* patients: any event, a severe one, a serious one */
  size_t n_events, n_severe_events, n_serious_events,
      n_answers;                              /* answers: visits at which somebody was asked */
  size_t  related[4];                         /* events by KtmRelated */
  size_t  stopped;                            /* patients stopped because of an event */
  size_t  n_visits;                           /* of the frame; each array has so many */
  size_t *asked, *with, *severe;              /* patients */
  size_t  n_terms;
  KtmSafetyTerm *terms;                       /* most patients first, only those that occurred */
  double *
      first; /* n_patients of the frame: time of the first event, else last time asked; NaN never */
  bool   *event;                              /* n_patients of the frame: had one */
  double *flag; /* frame's n_patients × n_visits: NaN not asked, 0, 1 */
} KtmSafety;

/* @in: n_patients of the frame, who to count; NULL: everybody.
 * Errors: BAD_ARGUMENT (the frame holds neither answers nor events), NO_MEMORY. ktm_safety_clear().
 */
KtmStatsStatus ktm_safety       (const KtmFrame *frame, const bool *in, KtmSafety *out);
void           ktm_safety_clear (KtmSafety *safety);
