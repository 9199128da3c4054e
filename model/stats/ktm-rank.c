/* model/stats: ranks and exact rank distributions. */
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
ktm_rank_sort (double *x, size_t n)
{
  if (n > 1)
    qsort (x, n, sizeof *x, compare);
}

static double
middle (double a, double b, double c)
{
  return fmax (fmin (a, b), fmin (fmax (a, b), c));
}

double
ktm_rank_select (double *x, size_t n, size_t k)
{
  ptrdiff_t low = 0, high = (ptrdiff_t) n - 1, at = (ptrdiff_t) k;

  while (low < high)
    {
      double pivot = middle (x[low], x[(low + high) / 2], x[high]);
      ptrdiff_t i = low, j = high;

      while (i <= j)
        {
          while (x[i] < pivot)
            i++;
          while (pivot < x[j])
            j--;
          if (i <= j)
            {
              double swap = x[i];

              x[i++] = x[j];
              x[j--] = swap;
            }
        }
      if (at <= j)
        high = j;
      else if (at >= i)
        low = i;
      else
        break;
    }
  return x[k];
}

double
ktm_rank_quantile (const double *sorted, size_t n, double p)
{
  double h = (double) (n - 1) * p, low = floor (h + 4e-16 * h);
  size_t j = (size_t) low;
  double rest = h - low;

  if (fabs (rest) < 1e-12 || j + 1 >= n)
    return sorted[j < n ? j : n - 1];
  return sorted[j] + rest * (sorted[j + 1] - sorted[j]);
}

typedef struct
{
  double value;
  size_t index;
} Item;

static void
add_tie (KtmTies *ties, double t)
{
  if (ties == NULL || t < 2.0)
    return;
  ties->any = true;
  ties->t3 += t * t * t - t;
  ties->t1 += t * (t - 1.0);
  ties->t2 += t * (t - 1.0) * (t - 2.0);
  ties->t5 += t * (t - 1.0) * (2.0 * t + 5.0);
}

KtmStatsStatus
ktm_rank_midranks (const double *x, size_t n, double *ranks, KtmTies *ties)
{
  Item *items = malloc ((n > 0 ? n : 1) * sizeof *items);

  if (items == NULL)
    return KTM_STATS_NO_MEMORY;
  if (ties != NULL)
    *ties = (KtmTies) { 0 };
  for (size_t i = 0; i < n; i++)
    items[i] = (Item) { x[i], i };
  if (n > 1)
    qsort (items, n, sizeof *items, compare); /* value comes first in Item */
  for (size_t i = 0, j; i < n; i = j)
    {
      for (j = i + 1; j < n && items[j].value == items[i].value; j++)
        ;
      for (size_t k = i; k < j; k++)
        ranks[items[k].index] = 0.5 * (double) (i + 1 + j);
      add_tie (ties, (double) (j - i));
    }
  free (items);
  return KTM_STATS_OK;
}

/* --- exact distributions ---------------------------------------------------------------------- */

KtmStatsStatus
ktm_rank_exact_signed (const double *ranks, size_t m, double v, double *p)
{
  size_t total = m * (m + 1), observed, reach = 0;
  double *mass, sum = 0.0;

  *p = NAN;
  if (m == 0)
    return KTM_STATS_TOO_FEW;
  if (m > KTM_RANK_EXACT_SIGNED)
    return KTM_STATS_TOO_LARGE;
  /* The distribution is symmetric: only sums up to the smaller of V and W matter. */
  observed = (size_t) lround (2.0 * v);
  if (observed > total)
    return KTM_STATS_BAD_ARGUMENT;
  if (observed > total - observed)
    observed = total - observed;
  mass = calloc (observed + 1, sizeof *mass);
  if (mass == NULL)
    return KTM_STATS_NO_MEMORY;
  mass[0] = 1.0; /* counts of sign vectors, at most 2^400 */
  for (size_t i = 0; i < m; i++)
    {
      size_t r = (size_t) lround (2.0 * ranks[i]);

      reach = reach + r < observed ? reach + r : observed;
      for (size_t s = reach + 1; s-- > r;)
        mass[s] += mass[s - r];
    }
  for (size_t s = 0; s <= observed; s++)
    sum += mass[s];
  free (mass);
  *p = fmin (1.0, ldexp (sum, 1 - (int) m));
  return KTM_STATS_OK;
}

/* counts[k * (top + 1) + s] = ways to choose k of the ranks seen so far with doubled sum s. */
static void
count_sums (const double *ranks, size_t n, size_t n1, size_t top, double *counts)
{
  counts[0] = 1.0;
  for (size_t i = 0; i < n; i++)
    {
      size_t r = (size_t) lround (2.0 * ranks[i]);

      for (size_t k = i + 1 < n1 ? i + 1 : n1; k > 0; k--)
        {
          double *to = counts + k * (top + 1);
          const double *from = to - (top + 1);

          for (size_t s = r; s <= top; s++)
            to[s] += from[s - r];
        }
    }
}

KtmStatsStatus
ktm_rank_exact_sum (const double *ranks, size_t n, size_t n1, double w, double *p)
{
  size_t n_small = n1 < n - n1 ? n1 : n - n1, top;
  double all = 0.5 * (double) n * (double) (n + 1), mean, distance, *counts, far = 0.0, ways = 0.0,
         *last;

  *p = NAN;
  if (n1 == 0 || n1 >= n)
    return KTM_STATS_TOO_FEW;
  if (n_small != n1)
    w = all - w; /* the other group's sum says the same */
  mean = 0.5 * (double) n_small * (double) (n + 1);
  top = n_small * (2 * n - n_small + 1); /* no doubled sum is larger */
  if ((double) n * (double) n_small * (double) top > KTM_RANK_EXACT_WORK || n > 1000)
    return KTM_STATS_TOO_LARGE;
  counts = calloc ((n_small + 1) * (top + 1), sizeof *counts);
  if (counts == NULL)
    return KTM_STATS_NO_MEMORY;
  count_sums (ranks, n, n_small, top, counts);
  distance = fabs (w - mean) - 1e-9;
  last = counts + n_small * (top + 1);
  for (size_t s = 0; s <= top; s++)
    {
      ways += last[s];
      if (fabs (0.5 * (double) s - mean) >= distance)
        far += last[s];
    }
  free (counts);
  *p = fmin (1.0, far / ways);
  return KTM_STATS_OK;
}
