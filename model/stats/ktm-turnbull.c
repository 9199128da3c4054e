/* model/stats: curves of interval-censored times. */
#include "ktm-survival.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 200000
#define MISPLACED 1e-7

/* An end of an interval.  Of equal values an exact time begins first, then intervals end, then open
 * ones begin. */
typedef struct
{
  double value;
  int    rank;  /* 0 closed left end, 1 right end, 2 open left end */
} End;

static int
compare_ends (const void *a, const void *b)
{
  const End *s = a, *t = b;

  if (s->value != t->value)
    return s->value < t->value ? -1 : 1;
  return s->rank - t->rank;
}

static End
left_end (double left, double right)
{
  return (End) { left, left == right ? 0 : 2 };
}

/* Where mass can lie: a left end followed at once by a right end. */
static bool
find_intervals (const double *left, const double *right, size_t n, KtmTurnbull *out, End *lefts)
{
  End *ends = malloc (2 * n * sizeof *ends);

  if (ends == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    {
      ends[2 * i] = left_end (left[i], right[i]);
      ends[2 * i + 1] = (End) { right[i], 1 };
    }
  qsort (ends, 2 * n, sizeof *ends, compare_ends);
  for (size_t i = 0; i + 1 < 2 * n; i++)
    if (ends[i].rank != 1 && ends[i + 1].rank == 1)
      {
        lefts[out->n_intervals] = ends[i];
        out->from[out->n_intervals] = ends[i].value;
        out->to[out->n_intervals++] = ends[i + 1].value;
      }
  free (ends);
  return true;
}

/* The intervals inside a patient's own are first … last (they are in order). */
static void
find_ranges (const double *left, const double *right, size_t n, const KtmTurnbull *curve,
             const End *lefts, size_t *first, size_t *last)
{
  for (size_t i = 0; i < n; i++)
    {
      End end = left_end (left[i], right[i]);
      size_t a = 0, b = curve->n_intervals;

      while (a < b)
        {
          size_t middle = (a + b) / 2;

          if (compare_ends (&lefts[middle], &end) < 0)
            a = middle + 1;
          else
            b = middle;
        }
      first[i] = a;
      b = curve->n_intervals;
      while (a < b)
        {
          size_t middle = (a + b) / 2;

          if (curve->to[middle] <= right[i])
            a = middle + 1;
          else
            b = middle;
        }
      last[i] = a;  /* one past */
    }
}

/* One self-consistency step; returns by how much the derivative says that mass is misplaced. */
static double
step (KtmTurnbull *curve, const size_t *first, const size_t *last, size_t n, double *sum,
      double *rate)
{
  size_t m = curve->n_intervals;
  double worst = 0.0, running = 0.0;

  sum[0] = 0.0;
  for (size_t j = 0; j < m; j++)
    sum[j + 1] = sum[j] + curve->mass[j];
  memset (rate, 0, (m + 1) * sizeof *rate);
  curve->loglik = 0.0;
  for (size_t i = 0; i < n; i++)
    {
      double p = sum[last[i]] - sum[first[i]];

      curve->loglik += log (p);
      rate[first[i]] += 1.0 / p;
      rate[last[i]] -= 1.0 / p;
    }
  for (size_t j = 0; j < m; j++)
    {
      double derivative;

      running += rate[j];
      derivative = running / (double) n;
      worst = fmax (worst, derivative - 1.0);
      if (curve->mass[j] > 1e-12)
        worst = fmax (worst, curve->mass[j] * fabs (derivative - 1.0));
      curve->mass[j] *= derivative;
    }
  return worst;
}

static KtmStatsStatus
check (const double *left, const double *right, size_t n)
{
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (left, n))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    {
      if (isnan (right[i]))
        return KTM_STATS_NOT_FINITE;
      if (left[i] < 0.0 || right[i] < left[i])
        return KTM_STATS_BAD_ARGUMENT;
    }
  return KTM_STATS_OK;
}

static void
drop_empty (KtmTurnbull *curve)
{
  double after = 1.0, total = 0.0;
  size_t kept = 0;

  for (size_t j = 0; j < curve->n_intervals; j++)
    if (curve->mass[j] > 1e-9)
      {
        curve->from[kept] = curve->from[j];
        curve->to[kept] = curve->to[j];
        curve->mass[kept] = curve->mass[j];
        total += curve->mass[kept++];
      }
  curve->n_intervals = kept;
  for (size_t j = 0; j < kept; j++)
    {
      curve->mass[j] /= total;
      after -= curve->mass[j];
      curve->survival[j] = j + 1 < kept ? fmax (0.0, after) : 0.0;
    }
}

KtmStatsStatus
ktm_turnbull (const double *left, const double *right, size_t n, KtmTurnbull *out)
{
  KtmStatsStatus status = check (left, right, n);
  double *block, *scratch, worst = INFINITY;
  size_t *range;
  End *lefts;

  *out = (KtmTurnbull) { .loglik = NAN };
  if (status != KTM_STATS_OK)
    return status;
  block = calloc (4 * n, sizeof *block);
  scratch = calloc (2 * (n + 1), sizeof *scratch);
  range = calloc (2 * n, sizeof *range);
  lefts = calloc (n, sizeof *lefts);
  out->from = block;
  status = KTM_STATS_NO_MEMORY;
  if (block != NULL && scratch != NULL && range != NULL && lefts != NULL)
    {
      out->to = block + n;
      out->mass = block + 2 * n;
      out->survival = block + 3 * n;
      if (find_intervals (left, right, n, out, lefts))
        status = KTM_STATS_NO_CONVERGENCE;
    }
  if (status == KTM_STATS_NO_CONVERGENCE)
    {
      find_ranges (left, right, n, out, lefts, range, range + n);
      for (size_t j = 0; j < out->n_intervals; j++)
        out->mass[j] = 1.0 / (double) out->n_intervals;
      while (worst > MISPLACED && out->n_steps < MAX_STEPS)
        {
          worst = step (out, range, range + n, n, scratch, scratch + n + 1);
          out->n_steps++;
        }
      if (worst <= MISPLACED)
        status = KTM_STATS_OK;
    }
  if (status == KTM_STATS_OK)
    drop_empty (out);
  else
    ktm_turnbull_clear (out);
  free (scratch);
  free (range);
  free (lefts);
  return status;
}

void
ktm_turnbull_clear (KtmTurnbull *curve)
{
  free (curve->from);
  *curve = (KtmTurnbull) { .loglik = NAN };
}

void
ktm_turnbull_quantile (const KtmTurnbull *curve, double s, double *from, double *to)
{
  *from = *to = NAN;
  for (size_t j = 0; j < curve->n_intervals; j++)
    if (curve->survival[j] <= s + 1e-9)
      {
        bool level = j + 1 < curve->n_intervals && fabs (curve->survival[j] - s) <= 1e-9
                     && isfinite (curve->to[j + 1]);

        *from = level ? (curve->from[j] + curve->from[j + 1]) / 2.0 : curve->from[j];
        *to = level               ? (curve->to[j] + curve->to[j + 1]) / 2.0
              : isinf (curve->to[j]) ? NAN
                                     : curve->to[j];
        return;
      }
}
