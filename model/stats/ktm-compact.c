/* model/stats: the only place that knows missing values. */
#include "ktm-compact.h"

#include <string.h>

size_t
ktm_stats_compact (const double *x, size_t n, double *out)
{
  return ktm_stats_compact_rows (x, n, 1, out, NULL);
}

size_t
ktm_stats_compact_pairs (const double *x, const double *y, size_t n, double *x_out, double *y_out,
                         size_t *row)
{
  size_t kept = 0;

  for (size_t i = 0; i < n; i++)
    {
      double a = x[i], b = y[i];

      if (isnan (a) || isnan (b))
        continue;
      if (x_out != NULL)
        x_out[kept] = a;
      if (y_out != NULL)
        y_out[kept] = b;
      if (row != NULL)
        row[kept] = i;
      kept++;
    }
  return kept;
}

static bool
is_complete (const double *x, size_t p)
{
  for (size_t j = 0; j < p; j++)
    if (isnan (x[j]))
      return false;
  return true;
}

size_t
ktm_stats_compact_rows (const double *x, size_t n, size_t p, double *out, size_t *row)
{
  size_t kept = 0;

  for (size_t i = 0; i < n; i++)
    {
      if (!is_complete (x + i * p, p))
        continue;
      if (out != NULL)
        memmove (out + kept * p, x + i * p, p * sizeof *out);
      if (row != NULL)
        row[kept] = i;
      kept++;
    }
  return kept;
}
