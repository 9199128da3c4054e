/* model/stats: Kaplan-Meier curves. */
#include "ktm-survival.h"
#include "ktm-dist.h"

#include <stdlib.h>

#define SAME 1e-8  /* S equals a level */

typedef struct
{
  double time;
  bool   event;
} Spell;

static int
compare_spells (const void *a, const void *b)
{
  double s = ((const Spell *) a)->time, t = ((const Spell *) b)->time;

  return (s > t) - (s < t);
}

static KtmStatsStatus
check_times (const double *time, size_t n)
{
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (time, n))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    if (time[i] < 0.0)
      return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

static bool
allocate (KtmSurvival *out, size_t n)
{
  double *block = calloc (9 * n, sizeof *block);

  if (block == NULL)
    return false;
  out->time = block;
  out->n_risk = block + n;
  out->n_event = block + 2 * n;
  out->survival = block + 3 * n;
  out->se = block + 4 * n;
  out->low = block + 5 * n;
  out->high = block + 6 * n;
  out->log_low = block + 7 * n;
  out->log_high = block + 8 * n;
  return true;
}

/* Limits of row @i, @sum being Σ d/(n(n − d)) up to it. */
static void
fill_limits (KtmSurvival *out, size_t i, double sum, double z)
{
  double s = out->survival[i], loglog;

  out->se[i] = out->low[i] = out->high[i] = out->log_low[i] = out->log_high[i] = NAN;
  if (!(s > 0.0))
    return;
  loglog = sqrt (sum) / fabs (log (s));
  out->se[i] = s * sqrt (sum);
  out->low[i] = pow (s, exp (z * loglog));
  out->high[i] = pow (s, exp (-z * loglog));
  out->log_low[i] = s * exp (-z * sqrt (sum));
  out->log_high[i] = fmin (1.0, s * exp (z * sqrt (sum)));
}

static void
fill_curve (KtmSurvival *out, const Spell *spells, double z)
{
  double survival = 1.0, sum = 0.0;

  for (size_t i = 0, next; i < out->n; i = next)
    {
      double risk = (double) (out->n - i), deaths = 0.0;
      size_t row = out->n_times;

      for (next = i; next < out->n && spells[next].time == spells[i].time; next++)
        deaths += spells[next].event ? 1.0 : 0.0;
      out->last_is_event = deaths > 0.0;
      if (!(deaths > 0.0))
        continue;
      survival *= (risk - deaths) / risk;
      sum += deaths / (risk * (risk - deaths));
      out->time[row] = spells[i].time;
      out->n_risk[row] = risk;
      out->n_event[row] = deaths;
      out->survival[row] = survival;
      fill_limits (out, row, sum, z);
      out->n_events += (size_t) deaths;
      out->n_times++;
    }
  out->last = spells[out->n - 1].time;
}

KtmStatsStatus
ktm_survival (const double *time, const bool *event, size_t n, double level, KtmSurvival *out)
{
  KtmStatsStatus status = check_times (time, n);
  Spell *spells;

  *out = (KtmSurvival) { .n = 0 };
  if (status != KTM_STATS_OK)
    return status;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  spells = malloc (n * sizeof *spells);
  if (spells == NULL || !allocate (out, n))
    {
      free (spells);
      return KTM_STATS_NO_MEMORY;
    }
  for (size_t i = 0; i < n; i++)
    spells[i] = (Spell) { time[i], event[i] };
  qsort (spells, n, sizeof *spells, compare_spells);
  out->n = n;
  out->level = level;
  fill_curve (out, spells, ktm_dist_normal_z (level));
  free (spells);
  return KTM_STATS_OK;
}

void
ktm_survival_clear (KtmSurvival *curve)
{
  free (curve->time);
  *curve = (KtmSurvival) { .n = 0 };
}

KtmEstimate
ktm_survival_at (const KtmSurvival *curve, double t)
{
  KtmEstimate out = KTM_ESTIMATE_NAN;
  size_t row = 0;

  if (isnan (t) || (t > curve->last && !curve->last_is_event))
    return out;
  while (row < curve->n_times && curve->time[row] <= t)
    row++;
  out.value = 1.0;
  if (row > 0)
    out = (KtmEstimate){ curve->survival[row - 1], curve->se[row - 1], curve->low[row - 1],
                         curve->high[row - 1] };
  return out;
}

/* Where a step function falls to @s. */
static double
crossing (const KtmSurvival *curve, const double *y, double s)
{
  for (size_t i = 0; i < curve->n_times; i++)
    {
      if (fabs (y[i] - s) <= SAME)
        return i + 1 < curve->n_times ? 0.5 * (curve->time[i] + curve->time[i + 1])
                                      : curve->time[i];
      if (y[i] < s)
        return curve->time[i];
    }
  return NAN;
}

KtmEstimate
ktm_survival_quantile (const KtmSurvival *curve, double s)
{
  KtmEstimate out = KTM_ESTIMATE_NAN;

  if (!(s > 0.0 && s < 1.0))
    return out;
  out.value = crossing (curve, curve->survival, s);
  out.low = crossing (curve, curve->low, s);
  out.high = crossing (curve, curve->high, s);
  return out;
}

/* --- restricted mean -------------------------------------------------------------------------- */

KtmStatsStatus
ktm_survival_rmst (const KtmSurvival *curve, double tau, KtmEstimate *out)
{
  double area = 0.0, after = 0.0, variance = 0.0, z;

  *out = KTM_ESTIMATE_NAN;
  if (!(tau > 0.0) || !isfinite (tau) || curve->n == 0)
    return KTM_STATS_BAD_ARGUMENT;
  if (tau > curve->last && !curve->last_is_event)
    return KTM_STATS_UNDEFINED;
  /* from the right: after is the area between this event and tau */
  for (size_t i = curve->n_times; i-- > 0;)
    {
      double end = i + 1 < curve->n_times ? fmin (curve->time[i + 1], tau) : tau,
             d = curve->n_event[i];

      if (curve->time[i] >= tau)
        continue;
      after += curve->survival[i] * (end - curve->time[i]);
      if (curve->n_risk[i] > d)
        variance += after * after * d / (curve->n_risk[i] * (curve->n_risk[i] - d));
    }
  area = after + (curve->n_times > 0 ? fmin (curve->time[0], tau) : tau);
  z = ktm_dist_normal_z (curve->level);
  *out = (KtmEstimate){ area, sqrt (variance), area - z * sqrt (variance),
                        area + z * sqrt (variance) };
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_survival_rmst_difference (const KtmSurvival *a, const KtmSurvival *b, double tau,
                              KtmEstimate *out, KtmTest *test)
{
  KtmEstimate first, second;
  KtmStatsStatus status = ktm_survival_rmst (a, tau, &first);
  double z;

  *out = KTM_ESTIMATE_NAN;
  *test = KTM_TEST_NAN;
  if (status == KTM_STATS_OK)
    status = ktm_survival_rmst (b, tau, &second);
  if (status != KTM_STATS_OK)
    return status;
  z = ktm_dist_normal_z (a->level);
  out->value = first.value - second.value;
  out->se = hypot (first.se, second.se);
  if (!(out->se > 0.0))
    {
      *out = KTM_ESTIMATE_NAN;
      return KTM_STATS_UNDEFINED;
    }
  out->low = out->value - z * out->se;
  out->high = out->value + z * out->se;
  test->statistic = out->value / out->se;
  test->p = ktm_dist_normal_p2 (test->statistic);
  return KTM_STATS_OK;
}

void
ktm_survival_count (const double *time, const bool *event, size_t n, double t, size_t *at_risk,
                    size_t *events, size_t *censored)
{
  *at_risk = *events = *censored = 0;
  for (size_t i = 0; i < n; i++)
    {
      *at_risk += time[i] >= t;
      *events += time[i] <= t && event[i];
      *censored += time[i] <= t && !event[i];
    }
}
