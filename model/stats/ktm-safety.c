/* model/stats: adverse events counted.  libc only. */
#include "ktm-safety.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const KtmHarms every_event = { KTM_HARM_PATIENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_UNKNOWN,
                                      KTM_HARM_WILSON };

/* One run of ktm_safety(). */
typedef struct
{
  const KtmFrame *frame;
  const bool     *in;
  const KtmHarms *harms;
  bool           *described; /* n_patients × n_visits: some event there, whatever its grade */
  size_t         *count;     /* n_patients × n_visits: events that count */
  KtmSafety      *out;
} Count;

static bool
has_answers (const KtmFrame *frame)
{
  for (size_t k = 0; frame->safety != NULL && k < frame->n_patients * frame->n_visits; k++)
    if (!isnan (frame->safety[k]))
      return true;
  return false;
}

static bool
has_score (const KtmFrame *frame, size_t i, size_t j)
{
  for (size_t m = 0; m < frame->n_measures; m++)
    if (!isnan (frame->measures[m].value[i * frame->n_visits + j]))
      return true;
  return false;
}

static bool
is_in (const Count *c, size_t row)
{
  return c->in == NULL || c->in[row];
}

static bool
has_visit (const Count *c, const KtmFrameEvent *e)
{
  return e->visit >= 0 && (size_t) e->visit < c->frame->n_visits;
}

/* One of those asked for? */
static bool
counts (const Count *c, const KtmFrameEvent *e)
{
  return is_in (c, e->row) && e->severity >= c->harms->least_grade
         && e->related >= c->harms->least_related;
}

/* What is described of the events at all, and which of them cannot be judged. */
static void
look_at_events (Count *c)
{
  KtmSafety *out = c->out;

  for (size_t k = 0; k < c->frame->n_events; k++)
    {
      const KtmFrameEvent *e = &c->frame->events[k];

      if (!is_in (c, e->row))
        continue;
      out->knows_events = true;
      out->knows_grade |= e->severity != KTM_SEVERITY_UNKNOWN;
      out->knows_related |= e->related != KTM_RELATED_UNKNOWN;
      out->knows_serious |= e->serious >= 0;
      out->knows_stop |= e->led_to_stop >= 0;
      out->n_ungraded +=
          c->harms->least_grade > KTM_SEVERITY_UNKNOWN && e->severity == KTM_SEVERITY_UNKNOWN;
      out->n_unattributed +=
          c->harms->least_related > KTM_RELATED_UNKNOWN && e->related == KTM_RELATED_UNKNOWN;
      if (has_visit (c, e))
        c->described[e->row * c->frame->n_visits + (size_t) e->visit] = true;
      if (has_visit (c, e) && counts (c, e))
        c->count[e->row * c->frame->n_visits + (size_t) e->visit]++;
    }
}

/* Who was asked when, and whether there was such an event. */
static void
fill_flags (Count *c)
{
  const KtmFrame *frame = c->frame;
  bool answers = has_answers (frame), chooses = ktm_harms_chooses (c->harms);
  size_t v = frame->n_visits;

  for (size_t i = 0; i < frame->n_patients; i++)
    for (size_t j = 0; j < v; j++)
      {
        size_t k = i * v + j;
        double answer = answers ? frame->safety[k]
                        : has_score (frame, i, j) && frame->visit_time[j] > 0 ? 0
                                                                              : NAN;

        c->out->flag[k] = NAN;
        if (!is_in (c, i) || (isnan (answer) && !c->described[k]))
          continue;
        c->out->n_undescribed += answer > 0 && !c->described[k];
        c->out->flag[k] = c->count[k] > 0 || (!chooses && answer > 0);
      }
  if (c->out->n_undescribed == 0)
    c->out->knows_events = true; /* nothing happened that is not described */
}

static void
count_visits (Count *c)
{
  const KtmFrame *frame = c->frame;
  KtmSafety *out = c->out;
  size_t v = frame->n_visits;

  for (size_t i = 0; i < frame->n_patients; i++)
    {
      out->first[i] = NAN;
      for (size_t j = 0; is_in (c, i) && j < v; j++)
        {
          double flag = out->flag[i * v + j];

          if (isnan (flag))
            continue;
          out->n_answers++;
          out->asked[j]++;
          out->with[j] += flag > 0;
          out->events[j] += c->count[i * v + j];
          out->n_events_asked += c->count[i * v + j];
          if (!out->event[i])
            out->first[i] = frame->visit_time[j];
          out->event[i] = out->event[i] || flag > 0;
        }
    }
}

/* An event that belongs to no visit says as much of its patient as any other. */
static void
count_events_between (Count *c)
{
  KtmSafety *out = c->out;

  for (size_t k = 0; k < c->frame->n_events; k++)
    {
      const KtmFrameEvent *e = &c->frame->events[k];

      if (!is_in (c, e->row) || has_visit (c, e))
        continue;
      if (counts (c, e))
        {
          double before = out->event[e->row] ? out->first[e->row] : INFINITY;

          out->first[e->row] = isnan (e->time) ? before : fmin (before, e->time);
          out->event[e->row] = true;
          if (isinf (out->first[e->row]))
            out->first[e->row] = 0;
        }
      else if (isnan (out->first[e->row]))
        out->first[e->row] = isnan (e->time) ? 0 : e->time;
    }
  for (size_t i = 0; i < c->frame->n_patients; i++)
    {
      if (!is_in (c, i))
        continue;
      out->n_patients++;
      out->n_asked += !isnan (out->first[i]);
      out->n_never += isnan (out->first[i]);
      out->n_with += out->event[i];
    }
}

/* Variance over mean of the events of those asked, at least 1: several events in one patient. */
static void
measure_dispersion (Count *c)
{
  const KtmFrame *frame = c->frame;
  size_t v = frame->n_visits;

  for (size_t j = 0; j < v; j++)
    {
      double n = (double) c->out->asked[j], mean = (double) c->out->events[j] / n, sum = 0;

      c->out->dispersion[j] = 1;
      if (c->out->asked[j] < 2 || c->out->events[j] == 0)
        continue;
      for (size_t i = 0; i < frame->n_patients; i++)
        if (!isnan (c->out->flag[i * v + j]))
          sum += pow ((double) c->count[i * v + j] - mean, 2);
      c->out->dispersion[j] = fmax (1, sum / (n - 1) / mean);
    }
}

typedef struct
{
  size_t      term, row;
  KtmSeverity severity;
} Occurrence;

static int
by_term_and_row (const void *a, const void *b)
{
  const Occurrence *p = a, *q = b;

  if (p->term != q->term)
    return p->term < q->term ? -1 : 1;
  return (p->row > q->row) - (p->row < q->row);
}

/* A patient once a term, at the worst grade. */
static void
count_worst (const Occurrence *all, size_t n, KtmSafety *out)
{
  for (size_t k = 0; k < n;)
    {
      KtmSafetyTerm *term = &out->terms[all[k].term];
      size_t *grades[] = { &term->unknown, &term->mild, &term->moderate, &term->severe };
      KtmSeverity worst = all[k].severity;
      size_t first = k;

      for (; k < n && all[k].term == all[first].term && all[k].row == all[first].row; k++)
        worst = all[k].severity > worst ? all[k].severity : worst;
      term->patients++;
      (*grades[worst])++;
    }
}

static void
count_terms (Count *c, Occurrence *all)
{
  KtmSafety *out = c->out;
  size_t n = 0;

  for (size_t k = 0; k < c->frame->n_events; k++)
    {
      const KtmFrameEvent *e = &c->frame->events[k];
      KtmSafetyTerm *term = &out->terms[e->term];

      if (!counts (c, e))
        continue;
      all[n++] = (Occurrence) { e->term, e->row, e->severity };
      out->n_events++;
      out->n_severe_events += e->severity == KTM_SEVERITY_SEVERE;
      out->n_serious_events += e->serious == 1;
      out->related[e->related]++;
      out->graded[e->severity]++;
      term->events++;
      term->graded[e->severity]++;
      term->related += e->related >= KTM_RELATED_POSSIBLE;
      term->serious += e->serious == 1;
      term->stopped += e->led_to_stop == 1;
    }
  qsort (all, n, sizeof *all, by_term_and_row);
  count_worst (all, n, out);
}

static void
once (bool *seen, bool holds, size_t *count)
{
  *count += holds && !*seen;
  *seen = *seen || holds;
}

/* Patients with a severe event, a serious one, a related one, one that made them stop; severe ones
 * by visit. */
static void
count_patients (Count *c, bool *seen)
{
  size_t n = c->frame->n_patients, v = c->frame->n_visits;
  KtmSafety *out = c->out;

  for (size_t k = 0; k < c->frame->n_events; k++)
    {
      const KtmFrameEvent *e = &c->frame->events[k];
      bool severe = e->severity == KTM_SEVERITY_SEVERE;

      if (!counts (c, e))
        continue;
      once (&seen[e->row], severe, &out->n_severe);
      once (&seen[n + e->row], e->serious == 1, &out->n_serious);
      once (&seen[2 * n + e->row], e->led_to_stop == 1, &out->stopped);
      once (&seen[3 * n + e->row], e->related >= KTM_RELATED_POSSIBLE, &out->n_related);
      if (has_visit (c, e))
        once (&seen[4 * n + e->row * v + (size_t) e->visit], severe, &out->severe[e->visit]);
    }
}

static int
most_first (const void *a, const void *b)
{
  const KtmSafetyTerm *p = a, *q = b;

  if (p->patients != q->patients)
    return p->patients < q->patients ? 1 : -1;
  if (p->events != q->events)
    return p->events < q->events ? 1 : -1;
  return (p->term > q->term) - (p->term < q->term);
}

static bool
allocate (size_t n, size_t v, size_t t, KtmSafety *out)
{
  memset (out, 0, sizeof *out);
  out->n_visits = v;
  out->asked = calloc (v + 1, sizeof *out->asked);
  out->with = calloc (v + 1, sizeof *out->with);
  out->severe = calloc (v + 1, sizeof *out->severe);
  out->events = calloc (v + 1, sizeof *out->events);
  out->dispersion = calloc (v + 1, sizeof *out->dispersion);
  out->terms = calloc (t + 1, sizeof *out->terms);
  out->first = calloc (n + 1, sizeof *out->first);
  out->event = calloc (n + 1, sizeof *out->event);
  out->flag = calloc (n * v + 1, sizeof *out->flag);
  return out->asked != NULL && out->with != NULL && out->severe != NULL && out->events != NULL
         && out->dispersion != NULL && out->terms != NULL && out->first != NULL
         && out->event != NULL && out->flag != NULL;
}

static void
count_all (Count *c, Occurrence *all, bool *seen)
{
  KtmSafety *out = c->out;

  for (size_t k = 0; k < c->frame->n_terms; k++)
    out->terms[k].term = k;
  look_at_events (c);
  fill_flags (c);
  count_visits (c);
  count_events_between (c);
  measure_dispersion (c);
  count_terms (c, all);
  count_patients (c, seen);
  qsort (out->terms, c->frame->n_terms, sizeof *out->terms, most_first);
  while (out->n_terms < c->frame->n_terms && out->terms[out->n_terms].patients > 0)
    out->n_terms++;
}

KtmStatsStatus
ktm_safety (const KtmFrame *frame, const bool *in, const KtmHarms *harms, KtmSafety *out)
{
  size_t n = frame->n_patients, v = frame->n_visits;
  Occurrence *all = malloc ((frame->n_events + 1) * sizeof *all);
  bool *seen = calloc (4 * n + n * v + 1, sizeof *seen);
  Count c = { frame,
              in,
              harms != NULL ? harms : &every_event,
              calloc (n * v + 1, sizeof *c.described),
              calloc (n * v + 1, sizeof *c.count),
              out };
  bool ok = allocate (n, v, frame->n_terms, out) && all != NULL && seen != NULL
            && c.described != NULL && c.count != NULL,
       known = has_answers (frame) || frame->n_events > 0;

  if (ok && known)
    count_all (&c, all, seen);
  free (all);
  free (seen);
  free (c.described);
  free (c.count);
  if (!ok || !known)
    ktm_safety_clear (out);
  return !ok ? KTM_STATS_NO_MEMORY : !known ? KTM_STATS_BAD_ARGUMENT : KTM_STATS_OK;
}

void
ktm_safety_clear (KtmSafety *safety)
{
  free (safety->asked);
  free (safety->with);
  free (safety->severe);
  free (safety->events);
  free (safety->dispersion);
  free (safety->terms);
  free (safety->first);
  free (safety->event);
  free (safety->flag);
  memset (safety, 0, sizeof *safety);
}

KtmStatsStatus
ktm_safety_rate (const KtmSafety *safety, const KtmHarms *harms, size_t visit, double level,
                 KtmEstimate *out)
{
  bool events = harms != NULL && harms->count == KTM_HARM_EVENTS;
  size_t x = events ? safety->events[visit] : safety->with[visit];

  return ktm_harms_rate (harms, (double) x, (double) safety->asked[visit],
                         safety->asked[visit] > 0 ? safety->dispersion[visit] : 1, level, out);
}

bool
ktm_safety_leaving (const KtmFrame *frame, const KtmSafety *safety, KtmSafetyLeaving *out)
{
  size_t v = frame->n_visits;

  memset (out, 0, sizeof *out);
  while (out->visit < v && safety->asked[out->visit] == 0)
    out->visit++;
  if (out->visit >= v)
    return false;
  out->until = frame->visit_time[v - 1] / 2;
  if (!(frame->visit_time[out->visit] < out->until))
    return false;
  for (size_t i = 0; i < frame->n_patients; i++)
    {
      double flag = safety->flag[i * v + out->visit];

      if (isnan (flag))
        continue;
      out->n[flag > 0 ? 0 : 1]++;
      out->left[flag > 0 ? 0 : 1] += frame->stop_time[i] < out->until;
    }
  return out->n[0] > 0 && out->n[1] > 0;
}
