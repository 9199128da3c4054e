/* model/stats: where one patient of a cohort with trajectory classes is heading.  libc only. */
#include "ktm-class-outlook.h"

#include <stdlib.h>
#include <string.h>

#include "ktm-gbtm-patient.h"

#define MOST_TIMES 256

static bool
allocate (const KtmClassResult *result, size_t row, const double *at, size_t n_at,
          KtmClassOutlook *out)
{
  size_t n = result->n_scores[row], k = result->n_classes;

  *out = (KtmClassOutlook) { .n_scores = n, .n_classes = k, .n_at = n_at };
  out->time = malloc ((n + 1) * sizeof *out->time);
  out->y = malloc ((n + 1) * sizeof *out->y);
  out->probability = malloc ((n + 1) * k * sizeof *out->probability);
  out->at = malloc ((n_at + 1) * sizeof *out->at);
  out->course = malloc (((n + 1) * n_at + 1) * sizeof *out->course);
  if (out->time == NULL || out->y == NULL || out->probability == NULL || out->at == NULL
      || out->course == NULL)
    return false;
  memcpy (out->at, at, n_at * sizeof *at);
  return true;
}

/* The patient's scores by time. */
static void
list_scores (const KtmClassResult *result, size_t row, KtmClassOutlook *out)
{
  const KtmGbtmData *data = &result->data;
  size_t n = 0;

  for (size_t r = 0; r < data->n_obs && n < out->n_scores; r++)
    {
      size_t to = n;

      if (data->subject[r] != row)
        continue;
      for (; to > 0 && out->time[to - 1] > data->time[r]; to--)
        {
          out->time[to] = out->time[to - 1];
          out->y[to] = out->y[to - 1];
        }
      out->time[to] = data->time[r];
      out->y[to] = data->y[r];
      n++;
    }
  out->n_scores = n;
}

KtmStatsStatus
ktm_class_outlook (const KtmClassResult *result, size_t row, const double *at, size_t n_at,
                   double level, KtmClassOutlook *out)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (result);
  double own[MOST_TIMES];
  KtmStatsStatus status;

  *out = (KtmClassOutlook) { .n_scores = 0 };
  if (fit == NULL || row >= result->n_patients)
    return KTM_STATS_BAD_ARGUMENT;
  if (at == NULL)
    n_at = ktm_class_result_times (result, own, MOST_TIMES);
  if (!allocate (result, row, at != NULL ? at : own, n_at, out))
    {
      ktm_class_outlook_clear (out);
      return KTM_STATS_NO_MEMORY;
    }
  list_scores (result, row, out);
  status = ktm_gbtm_follow (&fit->model, NULL, out->time, out->y, out->n_scores, out->probability);
  for (size_t s = 0; s <= out->n_scores && status == KTM_STATS_OK; s++)
    status = ktm_gbtm_outlook (&fit->model, NULL, out->time, out->y, s, out->at, n_at, level,
                               out->course + s * n_at);
  if (status != KTM_STATS_OK)
    ktm_class_outlook_clear (out);
  return status;
}

void
ktm_class_outlook_clear (KtmClassOutlook *outlook)
{
  free (outlook->time);
  free (outlook->y);
  free (outlook->probability);
  free (outlook->at);
  free (outlook->course);
  *outlook = (KtmClassOutlook) { .n_scores = 0 };
}
