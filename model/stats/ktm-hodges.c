/* model/stats: Hodges–Lehmann estimates by counting, without a list of all pairs.
 *
 * With both samples ascending, the pairs with value <= v are counted in one walk.  The k-th value
 * is then found by bisection over the doubles themselves, so it is exactly one of the pairs'
 * values.
 */
#include "ktm-rank.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

enum { EXACT_QUANTILE = 60 };

typedef struct
{
  const double *x, *y; /* ascending; y NULL: Walsh averages of x */
  size_t        nx, ny;
} Pairs;

static double
pair_value (const Pairs *p, size_t i, size_t j)
{
  return p->y == NULL ? 0.5 * (p->x[i] + p->x[j]) : p->x[i] - p->y[j];
}

static double
count_pairs (const Pairs *p)
{
  return p->y == NULL ? 0.5 * (double) p->nx * (double) (p->nx + 1)
                      : (double) p->nx * (double) p->ny;
}

/* How many pairs are <= v. */
static double
count_up_to (const Pairs *p, double v)
{
  double count = 0.0;
  size_t j;

  if (p->y != NULL) /* falling in j: those from the first small enough on */
    {
      j = 0;
      for (size_t i = 0; i < p->nx; i++)
        {
          while (j < p->ny && p->x[i] - p->y[j] > v)
            j++;
          count += (double) (p->ny - j);
        }
      return count;
    }
  j = p->nx; /* partners of i are j' >= i with j' < j */
  for (size_t i = 0; i < p->nx; i++)
    {
      while (j > i && 0.5 * (p->x[i] + p->x[j - 1]) > v)
        j--;
      if (j <= i)
        break;
      count += (double) (j - i);
    }
  return count;
}

/* Doubles in their order as integers. */
static int64_t
to_key (double v)
{
  int64_t bits;

  memcpy (&bits, &v, sizeof bits);
  return bits < 0 ? INT64_MIN - bits : bits;
}

static double
from_key (int64_t key)
{
  int64_t bits = key < 0 ? INT64_MIN - key : key;
  double v;

  memcpy (&v, &bits, sizeof v);
  return v;
}

/* The k-th smallest pair, k from 1. */
static double
kth_pair (const Pairs *p, double k)
{
  int64_t low = to_key (p->y == NULL ? p->x[0] : pair_value (p, 0, p->ny - 1));
  int64_t high = to_key (p->y == NULL ? p->x[p->nx - 1] : pair_value (p, p->nx - 1, 0));

  while (low < high)
    {
      int64_t mid = (low & high) + ((low ^ high) >> 1);

      if (count_up_to (p, from_key (mid)) >= k)
        high = mid;
      else
        low = mid + 1;
    }
  return from_key (low) + 0.0;
}

static double
median_pair (const Pairs *p)
{
  double m = count_pairs (p);

  return fmod (m, 2.0) != 0.0 ? kth_pair (p, 0.5 * (m + 1.0))
                              : 0.5 * (kth_pair (p, 0.5 * m) + kth_pair (p, 0.5 * m + 1.0));
}

/* Largest c with P(T < c) <= alpha/2 for a statistic with @counts of its values 0…top; 0: none. */
static double
lower_rank (const double *counts, size_t top, double alpha)
{
  double all = 0.0, sum = 0.0;
  size_t c = 0;

  for (size_t s = 0; s <= top; s++)
    all += counts[s];
  while (c <= top && sum + counts[c] <= 0.5 * alpha * all * (1.0 + 1e-12))
    sum += counts[c++];
  return (double) c;
}

static KtmStatsStatus
signed_rank_quantile (size_t n, double alpha, double *c)
{
  size_t top = n * (n + 1) / 2;
  double *counts = calloc (top + 1, sizeof *counts);

  if (counts == NULL)
    return KTM_STATS_NO_MEMORY;
  counts[0] = 1.0;
  for (size_t r = 1; r <= n; r++)
    for (size_t s = top + 1; s-- > r;)
      counts[s] += counts[s - r];
  *c = lower_rank (counts, top, alpha);
  free (counts);
  return KTM_STATS_OK;
}

/* Counts of Mann–Whitney's U for n1 and n2: those of (n1 - 1, n2) shifted plus those of (n1, n2 -
 * 1), which is the product of (1 - q^(n2 + i)) / (1 - q^i) over i = 1…n1. */
static KtmStatsStatus
rank_sum_quantile (size_t n1, size_t n2, double alpha, double *c)
{
  size_t top = n1 * n2;
  double *counts = calloc (top + 1, sizeof *counts);

  if (counts == NULL)
    return KTM_STATS_NO_MEMORY;
  counts[0] = 1.0;
  for (size_t i = 1; i <= n1; i++)
    {
      for (size_t s = top + 1; s-- > n2 + i;)
        counts[s] -= counts[s - n2 - i];
      for (size_t s = i; s <= top; s++)
        counts[s] += counts[s - i];
    }
  *c = lower_rank (counts, top, alpha);
  free (counts);
  return KTM_STATS_OK;
}

static void
set_limits (const Pairs *pairs, double c, KtmEstimate *out)
{
  double m = count_pairs (pairs);

  *out = KTM_ESTIMATE_NAN;
  out->value = median_pair (pairs);
  if (c < 1.0)
    return;
  c = fmin (c, floor (0.5 * (m + 1.0)));
  out->low = kth_pair (pairs, c);
  out->high = kth_pair (pairs, m + 1.0 - c);
}

KtmStatsStatus
ktm_rank_hodges_lehmann_one (const double *sorted, size_t n, double level, KtmEstimate *out)
{
  Pairs pairs = { .x = sorted, .nx = n };
  double c, m = (double) n, alpha = 1.0 - level;
  KtmStatsStatus status = KTM_STATS_OK;

  *out = KTM_ESTIMATE_NAN;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (n <= EXACT_QUANTILE)
    status = signed_rank_quantile (n, alpha, &c);
  else
    c = floor (0.25 * m * (m + 1.0)
               - ktm_dist_normal_z (level) * sqrt (m * (m + 1.0) * (2.0 * m + 1.0) / 24.0));
  if (status == KTM_STATS_OK)
    set_limits (&pairs, c, out);
  return status;
}

KtmStatsStatus
ktm_rank_hodges_lehmann_two (const double *x_sorted, size_t n1, const double *y_sorted, size_t n2,
                             double level, KtmEstimate *out)
{
  Pairs pairs = { x_sorted, y_sorted, n1, n2 };
  double c, m1 = (double) n1, m2 = (double) n2, alpha = 1.0 - level;
  KtmStatsStatus status = KTM_STATS_OK;

  *out = KTM_ESTIMATE_NAN;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n1 == 0 || n2 == 0)
    return KTM_STATS_TOO_FEW;
  if (n1 + n2 <= EXACT_QUANTILE)
    status = rank_sum_quantile (n1, n2, alpha, &c);
  else
    c = floor (0.5 * m1 * m2 - ktm_dist_normal_z (level) * sqrt (m1 * m2 * (m1 + m2 + 1.0) / 12.0));
  if (status == KTM_STATS_OK)
    set_limits (&pairs, c, out);
  return status;
}
