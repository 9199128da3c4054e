/* Adverse events counted: at each visit over those asked then, and by term at each patient's worst
 * grade.
 *
 * Asked at a visit: the yes/no answer is there, or an event is reported at it.  Where the cohort
 * has no such answers at all, everybody with any score at the visit counts as asked.  Who was never
 * asked is left out, not counted as free of events.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-harms.h"

typedef struct
{
  size_t term;                                /* index in the frame's terms */
  size_t patients, unknown, mild, moderate, severe; /* each patient once, at the worst grade */
  size_t events, graded[4];                   /* all, and by KtmSeverity */
  size_t related, serious, stopped;           /* events; related: yes or possible */
} KtmSafetyTerm;

typedef struct
{
  size_t  n_patients;                         /* looked at */
  size_t  n_asked, n_never;                   /* at least once; never */
  size_t  n_with, n_severe, n_serious, n_related; /* patients: any event, a severe one … */
  size_t  n_events, n_severe_events, n_serious_events;
  size_t  n_answers, n_events_asked;          /* visits at which somebody was asked; events there */
  size_t  related[4], graded[4];              /* events by KtmRelated and by KtmSeverity */
  size_t  stopped;                            /* patients stopped because of an event */
  bool knows_events; /* FALSE: only yes or no is kept, no event described */
  bool    knows_grade, knows_related, knows_serious, knows_stop; /* said of at least one event */
  size_t  n_undescribed;                      /* answers "yes" without any event described */
  size_t  n_ungraded, n_unattributed; /* events not counted because grade or relation is unknown */
  size_t  n_visits;                           /* of the frame; each array has so many */
  size_t *asked, *with, *severe;              /* patients */
  size_t *events;                             /* at the visit */
  double *dispersion; /* variance over mean of the events of the patients asked, at least 1 */
  size_t  n_terms;
  KtmSafetyTerm *terms;                       /* most patients first, only those that occurred */
  double *
      first; /* n_patients of the frame: time of the first event, else last time asked; NaN never */
  bool   *event;                              /* n_patients of the frame: had one */
  double *flag; /* frame's n_patients × n_visits: NaN not asked, 0, 1 */
} KtmSafety;

/* @in: n_patients of the frame, who to count; NULL: everybody.
 * @harms: what to count as an event; NULL: every one.  Where it asks for a grade or a relation, an
 *   answer "yes" without an event described, and an event whose grade or relation is unknown, do
 *   not count as such an event; how many these are is counted.
 * Errors: BAD_ARGUMENT (the frame holds neither answers nor events), NO_MEMORY. ktm_safety_clear().
 */
KtmStatsStatus ktm_safety (const KtmFrame *frame, const bool *in, const KtmHarms *harms,
                           KtmSafety *out);
void           ktm_safety_clear (KtmSafety *safety);

/* The rate at a visit of what @safety counted with @harms. */
KtmStatsStatus ktm_safety_rate (const KtmSafety *safety, const KtmHarms *harms, size_t visit,
                                double level, KtmEstimate *out);

/* Who left early among those with and without an event at the first visit anybody was asked at. */
typedef struct
{
  size_t visit;         /* the first at which anybody was asked */
  double until;         /* half of the schedule: left before it */
  size_t left[2], n[2]; /* with an event, without */
} KtmSafetyLeaving;

/* FALSE: nobody was asked at a visit before the middle of the schedule, or all or none of them had
 * an event. */
bool ktm_safety_leaving (const KtmFrame *frame, const KtmSafety *safety, KtmSafetyLeaving *out);
