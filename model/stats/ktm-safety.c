/* model/stats: adverse events counted.  libc only. */
#include "ktm-safety.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Who was asked when, and whether there was an event. */
static void
fill_flags (const KtmFrame *frame, const bool *in, KtmSafety *out)
{
  bool answers = has_answers (frame);
  size_t v = frame->n_visits;

  for (size_t i = 0; i < frame->n_patients; i++)
    for (size_t j = 0; j < v; j++)
      {
        double answer = answers ? frame->safety[i * v + j]
                        : has_score (frame, i, j) && frame->visit_time[j] > 0 ? 0
                                                                              : NAN;

        out->flag[i * v + j] = in == NULL || in[i] ? answer : NAN;
      }
  for (size_t k = 0; k < frame->n_events; k++)
    {
      const KtmFrameEvent *e = &frame->events[k];

      if (e->visit >= 0 && (size_t) e->visit < v && (in == NULL || in[e->row]))
        out->flag[e->row * v + (size_t) e->visit] = 1;
    }
}

static void
count_visits (const KtmFrame *frame, const bool *in, KtmSafety *out)
{
  size_t v = frame->n_visits;

  for (size_t i = 0; i < frame->n_patients; i++)
    {
      size_t asked = 0;

      out->first[i] = NAN;
      if (in != NULL && !in[i])
        continue;
      out->n_patients++;
      for (size_t j = 0; j < v; j++)
        {
          double flag = out->flag[i * v + j];

          if (isnan (flag))
            continue;
          asked++;
          out->asked[j]++;
          out->with[j] += flag > 0;
          if (!out->event[i])
            out->first[i] = frame->visit_time[j];
          out->event[i] = out->event[i] || flag > 0;
        }
      out->n_answers += asked;
      out->n_asked += asked > 0;
      out->n_never += asked == 0;
      out->n_with += out->event[i];
    }
}

static int
worse (KtmSeverity a, int b)
{
  return (int) a > b ? (int) a : b;
}

/* A patient once a term, at the worst grade; worst[i × terms + t]: −1 none. */
static void
count_terms (const KtmFrame *frame, const bool *in, int *worst, KtmSafety *out)
{
  size_t t = frame->n_terms;

  for (size_t k = 0; k < frame->n_events; k++)
    {
      const KtmFrameEvent *e = &frame->events[k];
      KtmSafetyTerm *term = &out->terms[e->term];

      if (in != NULL && !in[e->row])
        continue;
      out->n_events++;
      out->n_severe_events += e->severity == KTM_SEVERITY_SEVERE;
      out->n_serious_events += e->serious == 1;
      out->related[e->related]++;
      term->events++;
      term->related += e->related >= KTM_RELATED_POSSIBLE;
      term->serious += e->serious == 1;
      term->stopped += e->led_to_stop == 1;
      worst[e->row * t + e->term] = worse (e->severity, worst[e->row * t + e->term]);
    }
  for (size_t i = 0; i < frame->n_patients; i++)
    for (size_t k = 0; k < t; k++)
      {
        size_t *grades[] = { &out->terms[k].unknown, &out->terms[k].mild, &out->terms[k].moderate,
                             &out->terms[k].severe };

        if (worst[i * t + k] < 0)
          continue;
        out->terms[k].patients++;
        (*grades[worst[i * t + k]])++;
      }
}

/* Patients with a severe event, a serious one, one that made them stop; severe ones by visit. */
static void
count_patients (const KtmFrame *frame, const bool *in, bool *seen, KtmSafety *out)
{
  size_t n = frame->n_patients, v = frame->n_visits;

  for (size_t k = 0; k < frame->n_events; k++)
    {
      const KtmFrameEvent *e = &frame->events[k];

      if (in != NULL && !in[e->row])
        continue;
      if (e->severity == KTM_SEVERITY_SEVERE && !seen[e->row])
        {
          out->n_severe++;
          seen[e->row] = true;
        }
      if (e->serious == 1 && !seen[n + e->row])
        {
          out->n_serious++;
          seen[n + e->row] = true;
        }
      if (e->led_to_stop == 1 && !seen[2 * n + e->row])
        {
          out->stopped++;
          seen[2 * n + e->row] = true;
        }
      if (e->severity == KTM_SEVERITY_SEVERE && e->visit >= 0 && (size_t) e->visit < v
          && !seen[3 * n + e->row * v + (size_t) e->visit])
        {
          out->severe[e->visit]++;
          seen[3 * n + e->row * v + (size_t) e->visit] = true;
        }
    }
}

static int
most_first (const void *a, const void *b)
{
  const KtmSafetyTerm *p = a, *q = b;

  if (p->patients != q->patients)
    return p->patients < q->patients ? 1 : -1;
  return (p->term > q->term) - (p->term < q->term);
}

KtmStatsStatus
ktm_safety (const KtmFrame *frame, const bool *in, KtmSafety *out)
{
  size_t n = frame->n_patients, v = frame->n_visits, t = frame->n_terms;
  int *worst = malloc ((n * t + 1) * sizeof *worst);
  bool *seen = calloc (3 * n + n * v + 1, sizeof *seen);

  memset (out, 0, sizeof *out);
  out->n_visits = v;
  out->asked = calloc (v + 1, sizeof *out->asked);
  out->with = calloc (v + 1, sizeof *out->with);
  out->severe = calloc (v + 1, sizeof *out->severe);
  out->terms = calloc (t + 1, sizeof *out->terms);
  out->first = calloc (n + 1, sizeof *out->first);
  out->event = calloc (n + 1, sizeof *out->event);
  out->flag = calloc (n * v + 1, sizeof *out->flag);
  bool ok = worst != NULL && seen != NULL && out->asked != NULL && out->with != NULL
            && out->severe != NULL && out->terms != NULL && out->first != NULL && out->event != NULL
            && out->flag != NULL,
       known = has_answers (frame) || frame->n_events > 0;

  if (ok && known)
    {
      for (size_t k = 0; k < n * t; k++)
        worst[k] = -1;
      for (size_t k = 0; k < t; k++)
        out->terms[k].term = k;
      fill_flags (frame, in, out);
      count_visits (frame, in, out);
      count_terms (frame, in, worst, out);
      count_patients (frame, in, seen, out);
      qsort (out->terms, t, sizeof *out->terms, most_first);
      while (out->n_terms < t && out->terms[out->n_terms].patients > 0)
        out->n_terms++;
    }
  free (worst);
  free (seen);
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
  free (safety->terms);
  free (safety->first);
  free (safety->event);
  free (safety->flag);
  memset (safety, 0, sizeof *safety);
}
