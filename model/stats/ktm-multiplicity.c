/* model/stats: p-values of several tests of one question. */
#include "ktm-multiplicity.h"

#include <stdlib.h>

typedef struct
{
  double p;
  size_t index;
} Item;

static int
compare (const void *a, const void *b)
{
  double x = ((const Item *) a)->p, y = ((const Item *) b)->p;

  return (x > y) - (x < y);
}

/* Down from the smallest p (Bonferroni never leaves its own step), running maximum. */
static void
step_down (KtmAdjust method, const Item *items, size_t m, double *out)
{
  double worst = 0.0;

  for (size_t i = 0; i < m; i++)
    {
      double p = items[i].p * (double) (method == KTM_ADJUST_HOLM ? m - i : m);

      worst = fmax (worst, p);
      out[items[i].index] = fmin (1.0, worst);
    }
}

/* Up from the largest p, running minimum. */
static void
step_up (KtmAdjust method, const Item *items, size_t m, double *out)
{
  double best = 1.0;

  for (size_t i = m; i-- > 0;)
    {
      double factor =
          method == KTM_ADJUST_HOCHBERG ? (double) (m - i) : (double) m / (double) (i + 1);

      best = fmin (best, items[i].p * factor);
      out[items[i].index] = best;
    }
}

KtmStatsStatus
ktm_stats_adjust (KtmAdjust method, const double *p, size_t n, double *out)
{
  Item *items = malloc ((n > 0 ? n : 1) * sizeof *items);
  KtmStatsStatus status = items != NULL ? KTM_STATS_OK : KTM_STATS_NO_MEMORY;
  size_t m = 0;

  for (size_t i = 0; i < n && status == KTM_STATS_OK; i++)
    {
      if (p[i] < 0.0 || p[i] > 1.0)
        status = KTM_STATS_BAD_ARGUMENT;
      else if (!isnan (p[i]))
        items[m++] = (Item) { p[i], i };
    }
  for (size_t i = 0; i < n; i++)
    out[i] = NAN;
  if (status == KTM_STATS_OK)
    {
      qsort (items, m, sizeof *items, compare);
      if (method == KTM_ADJUST_HOCHBERG || method == KTM_ADJUST_BH)
        step_up (method, items, m, out);
      else if (method == KTM_ADJUST_NONE)
        for (size_t i = 0; i < m; i++)
          out[items[i].index] = items[i].p;
      else
        step_down (method, items, m, out);
    }
  free (items);
  return status;
}
