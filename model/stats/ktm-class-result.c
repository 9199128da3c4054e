/* model/stats: trajectory classes found in a frame.  libc only. */
#include "ktm-class-result.h"

#include <stdlib.h>
#include <string.h>

#include "ktm-text.h"


/* --- the scores ------------------------------------------------------------------------------- */

static bool
is_used (const KtmFrame *frame, const KtmClassResult *result, size_t visit)
{
  return frame->visit_time[visit] >= result->from - 1e-6
         && frame->visit_time[visit] <= result->to + 1e-6;
}

static size_t
count_scores (KtmClassResult *result, const KtmFrame *frame, const KtmFrameMeasure *m,
              const bool *in)
{
  size_t n = 0;

  for (size_t i = 0; i < frame->n_patients; i++)
    {
      for (size_t v = 0; v < frame->n_visits && (in == NULL || in[i]); v++)
        result->n_scores[i] +=
            is_used (frame, result, v) && !isnan (m->value[i * frame->n_visits + v]);
      n += result->n_scores[i];
      result->n_one_score += result->n_scores[i] == 1;
    }
  return n;
}

static bool
take_scores (KtmClassResult *result, const KtmFrame *frame, const KtmFrameMeasure *m,
             const bool *in)
{
  size_t n = count_scores (result, frame, m, in), at = 0;
  size_t *subject = malloc ((n + 1) * sizeof *subject);
  double *time = malloc ((n + 1) * sizeof *time), *y = malloc ((n + 1) * sizeof *y);

  result->data.subject = subject;
  result->data.time = time;
  result->data.y = y;
  if (subject == NULL || time == NULL || y == NULL)
    return false;
  for (size_t i = 0; i < frame->n_patients; i++)
    for (size_t v = 0; v < frame->n_visits && result->n_scores[i] > 0; v++)
      {
        double score = m->value[i * frame->n_visits + v];

        if (isnan (score) || !is_used (frame, result, v))
          continue;
        subject[at] = i;
        time[at] = frame->visit_time[v];
        y[at++] = score;
      }
  result->data.n_obs = n;
  return true;
}

static void
take_names (KtmClassResult *result, const KtmFrame *frame)
{
  for (size_t n = 1; n <= KTM_GBTM_MAX_CLASSES; n++)
    {
      const KtmFrameClassNames *names = ktm_frame_find_class_names (frame, result->measure, n);

      for (size_t k = 0; k < n; k++)
        {
          free (result->name[n - 1][k]);
          result->name[n - 1][k] =
              names != NULL && names->name[k] != NULL ? strdup (names->name[k]) : NULL;
        }
    }
}

KtmStatsStatus
ktm_class_result_new (const KtmFrame *frame, size_t measure, double from, double to, const bool *in,
                      bool censored, KtmClassResult **out)
{
  const KtmFrameMeasure *m = &frame->measures[measure];
  KtmClassResult *result = calloc (1, sizeof *result);

  *out = NULL;
  if (result == NULL)
    return KTM_STATS_NO_MEMORY;
  *result = (KtmClassResult){ .ref_count = 1,
                              .from = from,
                              .to = to,
                              .n_patients = frame->n_patients,
                              .lower_better = m->lower_better };
  result->measure = strdup (m->id);
  result->subject = calloc (frame->n_patients + 1, sizeof *result->subject);
  result->n_scores = calloc (frame->n_patients + 1, sizeof *result->n_scores);
  result->data.n_subjects = frame->n_patients;
  result->data.lo = censored && !isnan (m->min) ? m->min : -INFINITY;
  result->data.hi = censored && !isnan (m->max) ? m->max : INFINITY;
  if (result->measure == NULL || result->subject == NULL || result->n_scores == NULL
      || !take_scores (result, frame, m, in))
    {
      ktm_class_result_unref (result);
      return KTM_STATS_NO_MEMORY;
    }
  memcpy (result->subject, frame->subject, frame->n_patients * sizeof *result->subject);
  take_names (result, frame);
  *out = result;
  return KTM_STATS_OK;
}

size_t
ktm_class_result_times (const KtmClassResult *result, double *times, size_t most)
{
  size_t n = 0;

  for (size_t j = 0; j < result->data.n_obs; j++)
    {
      double t = result->data.time[j];
      size_t at = n;

      while (at > 0 && times[at - 1] > t)
        at--;
      if ((at > 0 && times[at - 1] == t) || at >= most)
        continue;
      n = n < most ? n + 1 : most;
      memmove (times + at + 1, times + at, (n - at - 1) * sizeof *times);
      times[at] = t;
    }
  return n;
}

size_t
ktm_class_result_n_times (const KtmClassResult *result)
{
  double times[64];

  return ktm_class_result_times (result, times, sizeof times / sizeof *times);
}

/* --- the models ------------------------------------------------------------------------------- */

/* The number asked for, or the nearest below it that was fitted; the recommended one for 0, or the
 * best fitted. */
static size_t
choose (const KtmGbtmSearch *search, size_t wanted)
{
  size_t k = wanted > 0 ? wanted : search->advice.n_classes;

  if (k == 0)
    k = 1;
  while (k > 0 && (k > search->n || search->fit[k - 1] == NULL))
    k--;
  return k;
}

KtmStatsStatus
ktm_class_result_search (KtmClassResult *result, const KtmGbtmSpec *spec, size_t max_classes,
                         size_t n_growth, size_t n_classes, const KtmProgress *progress,
                         const KtmGbtmWatch *watch)
{
  KtmStatsStatus status;

  ktm_gbtm_search_clear (&result->search);
  result->spec = *spec;
  status = ktm_gbtm_search_watched (&result->data, spec, max_classes, n_growth, progress, watch,
                                    &result->search);
  result->n_classes = choose (&result->search, n_classes);
  result->by_person = n_classes > 0;
  return status;
}

static bool
same_spec (const KtmGbtmSpec *a, const KtmGbtmSpec *b)
{
  bool same = a->shape == b->shape && a->sigma_by_class == b->sigma_by_class
              && a->random_intercept == b->random_intercept && a->n_starts == b->n_starts
              && a->max_starts == b->max_starts && a->n_wanted == b->n_wanted && a->seed == b->seed
              && a->n_knots == b->n_knots;

  for (size_t k = 0; same && k < KTM_GBTM_MAX_CLASSES; k++)
    same = a->order[k] == b->order[k];
  for (size_t q = 0; same && q < a->n_knots; q++)
    same = a->knots[q] == b->knots[q];
  return same;
}

bool
ktm_class_result_same (const KtmClassResult *a, const KtmClassResult *b)
{
  size_t n = a->data.n_obs;

  return !a->applied && !b->applied && !a->own_degrees && !b->own_degrees
         && strcmp (a->measure, b->measure) == 0 && a->n_patients == b->n_patients
         && n == b->data.n_obs && a->from == b->from && a->to == b->to
         && a->data.lo == b->data.lo && a->data.hi == b->data.hi && same_spec (&a->spec, &b->spec)
         && memcmp (a->subject, b->subject, a->n_patients * sizeof *a->subject) == 0
         && memcmp (a->data.subject, b->data.subject, n * sizeof *a->data.subject) == 0
         && memcmp (a->data.time, b->data.time, n * sizeof *a->data.time) == 0
         && memcmp (a->data.y, b->data.y, n * sizeof *a->data.y) == 0;
}

KtmClassResult *
ktm_class_result_so_far (const KtmClassResult *result, const KtmGbtmSearch *search,
                         size_t n_classes)
{
  KtmClassResult *view = malloc (sizeof *view);

  if (view == NULL)
    return NULL;
  *view = *result;
  view->ref_count = 1;
  view->same = NULL;
  view->scores = ktm_class_result_ref (result->scores != NULL ? result->scores : result);
  for (size_t n = 0; n < KTM_GBTM_MAX_CLASSES; n++)
    for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
      view->name[n][k] = result->name[n][k] != NULL ? strdup (result->name[n][k]) : NULL;
  ktm_gbtm_search_share (search, &view->search);
  view->n_classes = choose (&view->search, n_classes);
  view->by_person = n_classes > 0;
  return view;
}

KtmClassResult *
ktm_class_result_choose (const KtmClassResult *result, const KtmFrame *frame, size_t n_classes)
{
  KtmClassResult *view = ktm_class_result_so_far (result, &result->search, n_classes);

  if (view != NULL && frame != NULL)
    take_names (view, frame);
  return view;
}

const KtmGbtmFit *
ktm_class_result_fit (const KtmClassResult *result)
{
  return result->n_classes > 0 ? result->search.fit[result->n_classes - 1] : NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

KtmClassResult *
ktm_class_result_ref (const KtmClassResult *result)
{
  KtmClassResult *r = (KtmClassResult *) result;

  if (r != NULL)
    __atomic_add_fetch (&r->ref_count, 1, __ATOMIC_RELAXED);
  return r;
}

void
ktm_class_result_unref (KtmClassResult *result)
{
  if (result == NULL || __atomic_sub_fetch (&result->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  ktm_gbtm_search_clear (&result->search);
  for (size_t n = 0; n < KTM_GBTM_MAX_CLASSES; n++)
    for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
      free (result->name[n][k]);
  free (result->same);
  if (result->scores != NULL)
    ktm_class_result_unref (result->scores);
  else
    {
      free ((size_t *) result->data.subject);
      free ((double *) result->data.time);
      free ((double *) result->data.y);
      free (result->subject);
      free (result->n_scores);
      free (result->measure);
    }
  free (result);
}

/* --- who is where ----------------------------------------------------------------------------- */

long
ktm_class_result_find (const KtmClassResult *result, const KtmFrame *frame, size_t row)
{
  size_t low = 0, high = result->n_patients;
  uint32_t subject = frame->subject[row];

  if (row < result->n_patients && result->subject[row] == subject)
    return (long) row;
  while (low < high)
    {
      size_t middle = (low + high) / 2;

      if (result->subject[middle] < subject)
        low = middle + 1;
      else
        high = middle;
    }
  return low < result->n_patients && result->subject[low] == subject ? (long) low : -1;
}

int
ktm_class_result_class (const KtmClassResult *result, size_t row, double *certainty)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (result);
  int k = fit != NULL && row < result->n_patients ? fit->modal[row] : -1;

  if (certainty != NULL)
    *certainty = k < 0 ? NAN : fit->posterior[row * result->n_classes + (size_t) k];
  return k;
}

/* --- names ------------------------------------------------------------------------------------ */

const char *
ktm_class_default_name (size_t n, size_t k, bool lower_better)
{
  static const char *const mild[][4] = { { N_("All patients") },
                                         { N_("Mild"), N_("Severe") },
                                         { N_("Mild"), N_("Moderate"), N_("Severe") },
                                         { N_("Mild"), N_("Moderate"), N_("Severe"),
                                           N_("Very severe") } };
  static const char *const low[][4] = { { N_("All patients") },
                                        { N_("Low"), N_("High") },
                                        { N_("Low"), N_("Middle"), N_("High") },
                                        { N_("Low"), N_("Lower middle"), N_("Upper middle"),
                                          N_("High") } };
  static const char *const number[] = { N_("Class 1"), N_("Class 2"), N_("Class 3"),
                                        N_("Class 4"), N_("Class 5"), N_("Class 6"),
                                        N_("Class 7"), N_("Class 8") };

  if (n > 4)
    return number[k];
  return lower_better ? mild[n - 1][k] : low[n - 1][k];
}

/* Severe is vermilion and dashed whether two or four classes are told apart. */
size_t
ktm_class_look (size_t n, size_t k)
{
  static const size_t looks[] = { 2, 0, 1, 3, 4, 5 };

  if (n < 2)
    return 0;
  if (n == 2)
    return k == 0 ? 2 : 1;
  return k < sizeof looks / sizeof *looks ? looks[k] : k;
}

const char *
ktm_class_result_name (const KtmClassResult *result, size_t n, size_t k)
{
  if (n >= 1 && n <= KTM_GBTM_MAX_CLASSES && result->name[n - 1][k] != NULL)
    return result->name[n - 1][k];
  return ktm_class_default_name (n, k, result->lower_better);
}

bool
ktm_class_result_rename (KtmClassResult *result, size_t k, const char *name)
{
  char *copy;

  if (k >= result->n_classes || name == NULL || name[strspn (name, " \t\n")] == '\0')
    return false;
  for (size_t l = 0; l < result->n_classes; l++)
    if (l != k && strcmp (ktm_class_result_name (result, result->n_classes, l), name) == 0)
      return false;
  copy = strdup (name);
  if (copy == NULL)
    return false;
  free (result->name[result->n_classes - 1][k]);
  result->name[result->n_classes - 1][k] = copy;
  return true;
}

double
ktm_class_result_last (const KtmClassResult *result, const KtmGbtmFit *fit, size_t k)
{
  double last = -INFINITY;

  for (size_t j = 0; j < result->data.n_obs; j++)
    if (fit->modal[result->data.subject[j]] == (int) k && result->data.time[j] > last)
      last = result->data.time[j];
  return isfinite (last) ? last : fit->model.last_time;
}
