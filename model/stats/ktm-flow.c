/* model/stats: patient flow.  libc only. */
#include "ktm-flow.h"

#include <math.h>
#include <stdlib.h>

#define SAME 1e-6 /* of nominal times */

static bool
is_seen (const KtmFrame *f, size_t patient, size_t visit)
{
  size_t cell = patient * f->n_visits + visit;

  for (size_t m = 0; m < f->n_measures; m++)
    if (!isnan (f->measures[m].value[cell]))
      return true;
  return false;
}

static bool
anybody_seen (const KtmFrame *f, size_t visit)
{
  for (size_t i = 0; i < f->n_patients; i++)
    if (is_seen (f, i, visit))
      return true;
  return false;
}

static bool
is_stopped (const KtmFrame *f, size_t patient)
{
  return !isnan (f->stop_time[patient]) || !isnan (f->stop_reason[patient]);
}

static double
reference_time (const KtmFrame *f, double from)
{
  double time = f->n_visits > 0 ? f->visit_time[0] : 0;

  if (!isnan (from))
    return from;
  for (size_t v = 0; v < f->n_visits && f->visit_time[v] <= 0; v++)
    time = f->visit_time[v];
  return time;
}

/* As the analyses of change take it: the baseline, or the score at a later visit asked for. */
static double
reference_score (const KtmFrame *f, const KtmFrameMeasure *m, size_t patient, double time)
{
  long visit = ktm_frame_find_visit (f, time);

  return time <= 0 || visit < 0 ? m->baseline[patient]
                                : m->value[patient * f->n_visits + (size_t) visit];
}

static void
count_reason (const KtmFrame *f, size_t patient, size_t *reasons)
{
  double reason = f->stop_reason[patient];

  reasons[isnan (reason) || !(reason < (double) f->n_stop_reasons) ? f->n_stop_reasons
                                                                   : (size_t) reason]++;
}

static bool
take_visits (const KtmFrame *f, double from, double to, KtmFlow *out)
{
  double start = reference_time (f, from);

  out->visits = calloc (f->n_visits + 1, sizeof *out->visits);
  out->other_reasons = calloc (f->n_stop_reasons + 1, sizeof *out->other_reasons);
  out->all_reasons = calloc (f->n_stop_reasons + 1, sizeof *out->all_reasons);
  out->n_reasons = f->n_stop_reasons;
  if (out->visits == NULL || out->other_reasons == NULL || out->all_reasons == NULL)
    return false;
  for (size_t v = 0; v < f->n_visits; v++)
    if (f->visit_time[v] > start + SAME && !(f->visit_time[v] > to + SAME) && anybody_seen (f, v))
      {
        KtmFlowVisit *visit = &out->visits[out->n_visits];

        visit->visit = v;
        visit->reasons = calloc (f->n_stop_reasons + 1, sizeof *visit->reasons);
        if (visit->reasons == NULL)
          return false;
        out->n_visits++;
      }
  return true;
}

static void
count_stop (const KtmFrame *f, size_t patient, KtmFlow *out)
{
  double time = f->stop_time[patient];

  if (!is_stopped (f, patient))
    return;
  out->n_stopped++;
  count_reason (f, patient, out->all_reasons);
  for (size_t k = 0; k < out->n_visits; k++)
    if (time <= f->visit_time[out->visits[k].visit] + SAME)
      {
        out->visits[k].stopped++;
        count_reason (f, patient, out->visits[k].reasons);
        return;
      }
  out->other_stopped++;
  count_reason (f, patient, out->other_reasons);
}

static void
count_patient (const KtmFrame *f, const KtmFrameMeasure *m, size_t patient, double start,
               KtmFlow *out)
{
  bool before = !isnan (reference_score (f, m, patient, start)), followed = false;
  double last = NAN;

  out->n++;
  out->n_baseline += before;
  count_stop (f, patient, out);
  for (size_t k = 0; k < out->n_visits; k++)
    {
      KtmFlowVisit *visit = &out->visits[k];
      double time = f->visit_time[visit->visit];

      last = m->value[patient * f->n_visits + visit->visit];
      followed = followed || !isnan (last);
      if (is_seen (f, patient, visit->visit))
        visit->seen++;
      else if (f->stop_time[patient] <= time + SAME)
        visit->gone++;
      else
        visit->missed++;
    }
  out->n_followed += followed;
  out->n_analysed += before && !isnan (last);
}

KtmStatsStatus
ktm_flow (const KtmFrame *frame, size_t measure, const long *group_of, long group, double from,
          double to, KtmFlow *out)
{
  *out = (KtmFlow) { 0 };
  if (measure >= frame->n_measures)
    return KTM_STATS_BAD_ARGUMENT;
  if (!take_visits (frame, from, to, out))
    {
      ktm_flow_clear (out);
      return KTM_STATS_NO_MEMORY;
    }
  for (size_t i = 0; i < frame->n_patients; i++)
    if (group_of == NULL || group_of[i] == group)
      count_patient (frame, &frame->measures[measure], i, reference_time (frame, from), out);
  return KTM_STATS_OK;
}

void
ktm_flow_clear (KtmFlow *flow)
{
  for (size_t k = 0; k < flow->n_visits; k++)
    free (flow->visits[k].reasons);
  free (flow->visits);
  free (flow->other_reasons);
  free (flow->all_reasons);
  *flow = (KtmFlow) { 0 };
}

size_t
ktm_flow_n_excluded (const KtmFrame *frame)
{
  return frame->n_screened > frame->n_in_cohort ? frame->n_screened - frame->n_in_cohort : 0;
}

size_t
ktm_flow_no_reason (const KtmFrame *frame)
{
  size_t out = ktm_flow_n_excluded (frame), said = 0;

  for (size_t i = 0; i < frame->n_exclusions; i++)
    said += frame->exclusion_counts[i];
  return said < out ? out - said : 0;
}
