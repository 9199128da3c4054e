/* model/stats: association of two measures in the same patients. */
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-dist.h"
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

static bool
is_constant (const double *x, size_t n)
{
  for (size_t i = 1; i < n; i++)
    if (x[i] != x[0])
      return false;
  return true;
}

double
ktm_stats_pearson (const double *x, const double *y, size_t n)
{
  double mx, my, vx, vy, sxy = 0.0;

  if (n < 2 || is_constant (x, n) || is_constant (y, n))
    return NAN;
  ktm_stats_moments (x, n, &mx, &vx);
  ktm_stats_moments (y, n, &my, &vy);
  for (size_t i = 0; i < n; i++)
    sxy += (x[i] - mx) * (y[i] - my);
  return fmax (-1.0, fmin (1.0, sxy / (double) (n - 1) / sqrt (vx) / sqrt (vy)));
}

static KtmTest
t_of_r (double r, double n)
{
  double t = r * sqrt ((n - 2.0) / ((1.0 - r) * (1.0 + r)));

  return (KtmTest) { t, n - 2.0, NAN, ktm_dist_t_p2 (t, n - 2.0) };
}

/* tanh (atanh r ∓ z sqrt(variance)). */
static void
atanh_limits (double r, double variance, double level, double *low, double *high)
{
  double half = ktm_dist_normal_z (level) * sqrt (variance);

  *low = *high = NAN;
  if (!(variance > 0.0) || isinf (variance))
    return;
  *low = tanh (atanh (r) - half);
  *high = tanh (atanh (r) + half);
}

static void
spearman (const double *rx, const double *ry, size_t n, double level, KtmCorrelation *out)
{
  double r = ktm_stats_pearson (rx, ry, n), m = (double) n, scale = n > 3 ? 1.0 / (m - 3.0) : NAN;

  out->spearman.value = r;
  out->spearman_test = t_of_r (r, m);
  atanh_limits (r, (1.0 + 0.5 * r * r) * scale, level, &out->spearman.low, &out->spearman.high);
  atanh_limits (r, scale, level, &out->spearman_fisher_low, &out->spearman_fisher_high);
  atanh_limits (r, 1.06 * scale, level, &out->spearman_fieller_low, &out->spearman_fieller_high);
}

typedef struct
{
  double x, y;
} Pair;

static int
compare_pairs (const void *a, const void *b)
{
  const Pair *p = a, *q = b;

  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return (p->y > q->y) - (p->y < q->y);
}

/* Sorts @pair by y, merging upwards, and counts the pairs that change their order. */
static long long
count_exchanges (Pair *pair, Pair *scratch, size_t n)
{
  long long exchanges = 0;

  for (size_t width = 1; width < n; width *= 2)
    {
      for (size_t from = 0; from < n; from += 2 * width)
        {
          size_t middle = from + width < n ? from + width : n,
                 to = middle + width < n ? middle + width : n;
          size_t i = from, j = middle;

          for (size_t k = from; k < to; k++)
            if (j >= to || (i < middle && pair[i].y <= pair[j].y))
              scratch[k] = pair[i++];
            else
              {
                exchanges += (long long) (middle - i);
                scratch[k] = pair[j++];
              }
        }
      memcpy (pair, scratch, n * sizeof *pair);
    }
  return exchanges;
}

/* Number of pairs equal in what is asked for, of a list ordered by it. */
static long long
count_equal (const Pair *pair, size_t n, bool by_x, bool by_y)
{
  long long equal = 0;

  for (size_t i = 1, run = 0; i < n; i++)
    {
      run = (!by_x || pair[i].x == pair[i - 1].x) && (!by_y || pair[i].y == pair[i - 1].y) ? run + 1
                                                                                           : 0;
      equal += (long long) run;
    }
  return equal;
}

/* Concordant minus discordant pairs, in n log n steps.  False: no memory.
 * Source: Knight (1966), J Am Stat Assoc 61:436-439. */
static bool
kendall_s (const double *x, const double *y, size_t n, double *out)
{
  Pair *pair = malloc (2 * n * sizeof *pair);
  long long s = (long long) n * ((long long) n - 1) / 2;

  if (pair == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    pair[i] = (Pair) { x[i], y[i] };
  qsort (pair, n, sizeof *pair, compare_pairs);
  s += count_equal (pair, n, true, true) - count_equal (pair, n, true, false);
  s -= 2 * count_exchanges (pair, pair + n, n);
  *out = (double) (s - count_equal (pair, n, false, true));
  free (pair);
  return true;
}

static void
kendall (double s, size_t n, const KtmTies *tx, const KtmTies *ty, double level,
         KtmCorrelation *out)
{
  double m = (double) n, pairs = m * (m - 1.0);
  double variance = (m * (m - 1.0) * (2.0 * m + 5.0) - tx->t5 - ty->t5) / 18.0
                    + tx->t1 * ty->t1 / (2.0 * pairs) + tx->t2 * ty->t2 / (9.0 * pairs * (m - 2.0));
  double z = s / sqrt (variance);

  out->kendall.value = 2.0 * s / (sqrt (pairs - tx->t1) * sqrt (pairs - ty->t1));
  out->kendall_test = (KtmTest) { z, NAN, NAN, ktm_dist_normal_p2 (z) };
  atanh_limits (fmax (-1.0, fmin (1.0, out->kendall.value)), n > 4 ? 0.437 / (m - 4.0) : NAN, level,
                &out->kendall.low, &out->kendall.high);
}

static KtmStatsStatus
refuse (const double *x, const double *y, size_t n, double level)
{
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (x, n) || !ktm_stats_all_finite (y, n))
    return KTM_STATS_NOT_FINITE;
  if (n < 3)
    return KTM_STATS_TOO_FEW;
  return is_constant (x, n) || is_constant (y, n) ? KTM_STATS_NO_VARIANCE : KTM_STATS_OK;
}

KtmStatsStatus
ktm_stats_correlation (const double *x, const double *y, size_t n, double level,
                       KtmCorrelation *out)
{
  KtmStatsStatus status = refuse (x, y, n, level);
  KtmTies tx, ty;
  double *ranks, s;

  *out = (KtmCorrelation){
    n,   KTM_ESTIMATE_NAN, KTM_TEST_NAN, KTM_ESTIMATE_NAN, KTM_TEST_NAN, NAN, NAN, NAN,
    NAN, KTM_ESTIMATE_NAN, KTM_TEST_NAN
  };
  if (status != KTM_STATS_OK)
    return status;
  ranks = malloc (2 * n * sizeof *ranks);
  if (ranks == NULL)
    return KTM_STATS_NO_MEMORY;
  status = ktm_rank_midranks (x, n, ranks, &tx);
  if (status == KTM_STATS_OK)
    status = ktm_rank_midranks (y, n, ranks + n, &ty);
  if (status == KTM_STATS_OK && !kendall_s (x, y, n, &s))
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    {
      out->pearson.value = ktm_stats_pearson (x, y, n);
      out->pearson_test = t_of_r (out->pearson.value, (double) n);
      atanh_limits (out->pearson.value, n > 3 ? 1.0 / ((double) n - 3.0) : NAN, level,
                    &out->pearson.low, &out->pearson.high);
      spearman (ranks, ranks + n, n, level, out);
      kendall (s, n, &tx, &ty, level, out);
    }
  free (ranks);
  return status;
}
