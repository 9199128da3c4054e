/* model/stats: log-rank and Peto tests, stratified. */
#include "ktm-survival.h"
#include "ktm-cholesky.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  size_t stratum, group;
  double time;
  bool   event;
} Spell;

static int
compare_spells (const void *a, const void *b)
{
  const Spell *s = a, *t = b;

  if (s->stratum != t->stratum)
    return s->stratum < t->stratum ? -1 : 1;
  return (s->time > t->time) - (s->time < t->time);
}

/* Sums over the events. */
typedef struct
{
  size_t  g;
  KtmLogrankWeight weight;
  double *observed, *expected, *variance;  /* g, g, g × g */
  double *score;                           /* g: weighted observed − expected */
  double *risk, *deaths;                   /* g: at the time at hand */
} Sums;

static void
count_time (Sums *sums, double w, double n, double d)
{
  for (size_t a = 0; a < sums->g; a++)
    {
      double expected = d * sums->risk[a] / n;

      sums->observed[a] += w * sums->deaths[a];
      sums->expected[a] += w * expected;
      sums->score[a] += w * (sums->deaths[a] - expected);
      for (size_t b = 0; b < sums->g && n > 1.0; b++)
        sums->variance[a * sums->g + b] += w * w * d * (n - d) / (n - 1.0) * sums->risk[a] / n
                                           * ((a == b ? 1.0 : 0.0) - sums->risk[b] / n);
    }
}

/* One stratum: spells in ascending order of time. */
static void
count_stratum (Sums *sums, const Spell *spells, size_t n)
{
  double survival = 1.0;

  memset (sums->risk, 0, sums->g * sizeof *sums->risk);
  for (size_t i = 0; i < n; i++)
    sums->risk[spells[i].group] += 1.0;
  for (size_t i = 0, next; i < n; i = next)
    {
      double at_risk = (double) (n - i), deaths = 0.0;

      memset (sums->deaths, 0, sums->g * sizeof *sums->deaths);
      for (next = i; next < n && spells[next].time == spells[i].time; next++)
        if (spells[next].event)
          {
            sums->deaths[spells[next].group] += 1.0;
            deaths += 1.0;
          }
      if (deaths > 0.0)
        count_time (sums, sums->weight == KTM_LOGRANK_PETO ? survival : 1.0, at_risk, deaths);
      survival *= (at_risk - deaths) / at_risk;
      for (size_t j = i; j < next; j++)
        sums->risk[spells[j].group] -= 1.0;
    }
}

/* score' variance⁻ score over the groups that were at risk, less one. */
static KtmStatsStatus
test_score (const Sums *sums, double *matrix, double *vector, KtmTest *out)
{
  size_t used = 0, g = sums->g, first = g;

  for (size_t a = 0; a < g; a++)
    {
      if (!(sums->variance[a * g + a] > 0.0))
        continue;
      if (first == g)
        {
          first = a;  /* the others determine it */
          continue;
        }
      vector[used++] = (double) a;
    }
  if (used == 0)
    return KTM_STATS_UNDEFINED;
  for (size_t i = 0; i < used; i++)
    for (size_t j = 0; j < used; j++)
      matrix[i * used + j] = sums->variance[(size_t) vector[i] * g + (size_t) vector[j]];
  for (size_t i = 0; i < used; i++)
    vector[i] = sums->score[(size_t) vector[i]];
  if (!ktm_cholesky_factor (matrix, used))
    return KTM_STATS_SINGULAR;
  ktm_dense_forward (matrix, used, vector, 1);
  out->statistic = ktm_dense_dot (vector, vector, used);
  out->df = (double) used;
  out->p = ktm_dist_chi2_p (out->statistic, out->df);
  return KTM_STATS_OK;
}

static KtmStatsStatus
check (const double *time, const size_t *group, size_t n, size_t n_groups)
{
  if (n_groups < 2)
    return KTM_STATS_BAD_ARGUMENT;
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (time, n))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    if (group[i] >= n_groups || time[i] < 0.0)
      return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_logrank (const double *time, const bool *event, const size_t *group, const size_t *stratum,
             size_t n, size_t n_groups, KtmLogrankWeight weight, double *observed, double *expected,
             KtmTest *out)
{
  KtmStatsStatus status = check (time, group, n, n_groups);
  size_t g = n_groups;
  Sums sums = { .g = g, .weight = weight };
  Spell *spells;
  double *block;

  *out = KTM_TEST_NAN;
  for (size_t a = 0; a < g; a++)
    {
      if (observed != NULL)
        observed[a] = NAN;
      if (expected != NULL)
        expected[a] = NAN;
    }
  if (status != KTM_STATS_OK)
    return status;
  spells = malloc (n * sizeof *spells);
  block = calloc (6 * g + 2 * g * g, sizeof *block);
  if (spells == NULL || block == NULL)
    {
      free (spells);
      free (block);
      return KTM_STATS_NO_MEMORY;
    }
  sums.observed = block;
  sums.expected = block + g;
  sums.score = block + 2 * g;
  sums.risk = block + 3 * g;
  sums.deaths = block + 4 * g;
  sums.variance = block + 6 * g;
  for (size_t i = 0; i < n; i++)
    spells[i] = (Spell) { stratum != NULL ? stratum[i] : 0, group[i], time[i], event[i] };
  qsort (spells, n, sizeof *spells, compare_spells);
  for (size_t i = 0, next; i < n; i = next)
    {
      for (next = i; next < n && spells[next].stratum == spells[i].stratum; next++)
        ;
      count_stratum (&sums, spells + i, next - i);
    }
  status = test_score (&sums, sums.variance + g * g, block + 5 * g, out);
  if (status == KTM_STATS_OK && observed != NULL)
    memcpy (observed, sums.observed, g * sizeof *observed);
  if (status == KTM_STATS_OK && expected != NULL)
    memcpy (expected, sums.expected, g * sizeof *expected);
  free (spells);
  free (block);
  return status;
}
