/* model/stats: stops by reason over time.  libc only. */
#include "ktm-stops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t
reason_of (const KtmFrame *frame, size_t i)
{
  double reason = frame->stop_reason[i];

  return reason >= 0 && reason < (double) frame->n_stop_reasons ? (size_t) reason
                                                                : frame->n_stop_reasons;
}

/* All reasons of the frame and none, n × n_times. */
static void
count_stops (const KtmFrame *frame, const bool *in, const double *times, size_t n_times,
             size_t *count, size_t *n)
{
  for (size_t i = 0; i < frame->n_patients; i++)
    {
      if (in != NULL && !in[i])
        continue;
      (*n)++;
      for (size_t t = 0; t < n_times; t++)
        count[reason_of (frame, i) * n_times + t] += frame->stop_time[i] < times[t];
    }
}

static void
keep_used (const KtmFrame *frame, const size_t *count, KtmStops *out)
{
  for (size_t r = 0; r <= frame->n_stop_reasons; r++)
    {
      size_t total = count[r * out->n_times + out->n_times - 1];

      if (total == 0)
        continue;
      out->reason[out->n_reasons] = r < frame->n_stop_reasons ? (long) r : -1;
      out->total[out->n_reasons] = total;
      memcpy (out->stopped + out->n_reasons * out->n_times, count + r * out->n_times,
              out->n_times * sizeof *count);
      out->n_stopped += total;
      out->n_reasons++;
    }
}

KtmStatsStatus
ktm_stops (const KtmFrame *frame, const bool *in, const double *times, size_t n_times,
           KtmStops *out)
{
  size_t rows = frame->n_stop_reasons + 1;

  memset (out, 0, sizeof *out);
  for (size_t t = 1; t < n_times; t++)
    if (!(times[t] > times[t - 1]))
      return KTM_STATS_BAD_ARGUMENT;
  if (n_times == 0)
    return KTM_STATS_BAD_ARGUMENT;
  size_t *count = calloc (rows * n_times, sizeof *count);

  out->n_times = n_times;
  out->reason = calloc (rows, sizeof *out->reason);
  out->total = calloc (rows, sizeof *out->total);
  out->stopped = calloc (rows * n_times, sizeof *out->stopped);
  if (count == NULL || out->reason == NULL || out->total == NULL || out->stopped == NULL)
    {
      free (count);
      ktm_stops_clear (out);
      return KTM_STATS_NO_MEMORY;
    }
  count_stops (frame, in, times, n_times, count, &out->n);
  keep_used (frame, count, out);
  free (count);
  return KTM_STATS_OK;
}

void
ktm_stops_clear (KtmStops *stops)
{
  free (stops->reason);
  free (stops->total);
  free (stops->stopped);
  memset (stops, 0, sizeof *stops);
}

size_t
ktm_stops_sum (const KtmStops *stops, size_t i)
{
  size_t sum = 0;

  for (size_t r = 0; r < stops->n_reasons; r++)
    sum += stops->stopped[r * stops->n_times + i];
  return sum;
}
