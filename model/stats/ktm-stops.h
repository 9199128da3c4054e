/* Patients who stopped, by reason and over time. */
#pragma once

#include "ktm-frame.h"

typedef struct
{
  size_t  n;            /* patients looked at */
  size_t  n_stopped;    /* before the last of the times */
  size_t  n_reasons;    /* that occurred before it, in the frame's order; none given comes last */
  long   *reason;       /* index in the frame's stop_reasons; −1: none given */
  size_t *total;        /* n_reasons: stopped before the last of the times */
  size_t  n_times;
  size_t *stopped;      /* n_reasons × n_times, row-major: stopped before the time */
} KtmStops;

/* Counts who stopped before each of @times (ascending; stop_time < time, so who stops at a visit
 * was still followed at it).
 *
 * @in: n_patients of the frame, who to count; NULL: everybody
 * Errors: BAD_ARGUMENT (no time, or times that do not ascend), NO_MEMORY.  ktm_stops_clear(). */
KtmStatsStatus ktm_stops (const KtmFrame *frame, const bool *in, const double *times,
                          size_t n_times, KtmStops *out);
void           ktm_stops_clear (KtmStops *stops);
/* All reasons together, before time @i. */
size_t         ktm_stops_sum (const KtmStops *stops, size_t i);
