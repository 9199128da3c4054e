/* model/stats: how much worse the unseen patients must be before the conclusion falls. */
#include "ktm-tipping.h"

#define KTM_TIPPING_NAN ((KtmTipping) { \
  .none = { KTM_TIPPING_BEYOND, NAN, NAN, NAN }, .mcid = { KTM_TIPPING_BEYOND, NAN, NAN, NAN }, \
  .shift = NAN })

/* What delta does: moves the effect by shift, and adds delta^2 share_variance to its variance. */
typedef struct
{
  double value, se, factor, shift, share_variance, worse;
} Line;

static KtmStatsStatus
make_line (const KtmEstimate *effect, double df, const KtmTippingArm *arm, size_t n_arms,
           const KtmTippingOptions *o, Line *line)
{
  if (n_arms < 1 || n_arms > 2 || fabs (o->worse) != 1 || !ktm_contrast_level_ok (o->level)
      || !(o->max_delta > 0) || !isfinite (o->max_delta) || !(df > 0)
      || (!isnan (o->mcid) && !(o->mcid > 0 && isfinite (o->mcid)))
      || (n_arms == 2 && !isfinite (o->comparator)))
    return KTM_STATS_BAD_ARGUMENT;
  if (!isfinite (effect->value) || !isfinite (effect->se) || effect->se < 0)
    return KTM_STATS_NOT_FINITE;
  *line = (Line) { .value = effect->value, .se = effect->se, .worse = o->worse,
                   .factor = ktm_contrast_t_factor (o->level, df) };
  for (size_t a = 0; a < n_arms; a++)
    {
      double n = (double) arm[a].n, share = (double) arm[a].n_missing / n;
      double weight = a == 0 && n_arms == 2 ? -o->comparator : 1;

      if (arm[a].n == 0)
        return KTM_STATS_TOO_FEW;
      if (arm[a].n_missing > arm[a].n)
        return KTM_STATS_BAD_ARGUMENT;
      line->shift += o->worse * weight * share;
      line->share_variance += weight * weight * share * (1 - share) / n;
    }
  return KTM_STATS_OK;
}

static KtmEstimate
at_delta (const Line *line, double delta)
{
  double value = line->value + delta * line->shift;
  double se = sqrt (line->se * line->se + delta * delta * line->share_variance);

  return (KtmEstimate) { value, se, value - line->factor * se, value + line->factor * se };
}

/* Above 0 once the interval's end on the worse side has passed the target; convex in delta. */
static double
excess (const Line *line, double target, double delta)
{
  KtmEstimate e = at_delta (line, delta);

  return line->worse * ((line->worse > 0 ? e.high : e.low) - target);
}

static KtmTippingPoint
find (const Line *line, double target, double max_delta)
{
  KtmTippingPoint out = { KTM_TIPPING_BEYOND, target, NAN, NAN };
  double low = 0, high = max_delta, gap = line->worse * (target - line->value);

  if (gap >= 0 && line->worse * line->shift > 0)
    out.estimate_delta = gap / (line->worse * line->shift);
  if (!(out.estimate_delta <= max_delta))
    out.estimate_delta = NAN;
  if (excess (line, target, 0) >= 0)
    out.state = KTM_TIPPING_ALREADY;
  else if (excess (line, target, max_delta) >= 0)
    {
      for (int k = 0; k < 200 && high - low > 1e-13 * max_delta; k++)
        {
          double middle = low + (high - low) / 2;

          if (excess (line, target, middle) < 0)
            low = middle;
          else
            high = middle;
        }
      out.state = KTM_TIPPING_AT;
      out.delta = high;
    }
  return out;
}

/* The effect when every missing follow-up is delta points worse than the model expects.
 *
 * @effect: estimate and SE of the mean change (one arm), or of the change of the active arm less
 *          that of the comparator (two), over all patients as under missing at random (MMRM);
 *          raw sign, follow-up less baseline; its low and high are not read
 * @df:     of its t interval; may be INFINITY
 * @arm:    one arm, or comparator and active arm in this order
 * @delta:  points of the measure, >= 0 worse
 *
 * Under missing at random the model's mean is already that of all patients; delta moves it by
 * delta times the share missing (less comparator x delta x share in the comparator).  The share is
 * an estimate too: by the delta method delta^2 share (1 - share)/n joins the variance, the two
 * being independent because the likelihood factors.
 * Source: Permutt (2016), Stat Med 35:2876-2879; Mehrotra, Liu and Permutt (2017), Pharm Stat
 * 16:378-392; for the delta-adjusted tipping point Ratitch, O'Kelly and Tosiello (2013), Pharm
 * Stat 12:337-347.
 */
KtmStatsStatus
ktm_tipping_effect (const KtmEstimate *effect, double df, const KtmTippingArm *arm, size_t n_arms,
                    const KtmTippingOptions *options, double delta, KtmEstimate *out)
{
  Line line;
  KtmStatsStatus status = make_line (effect, df, arm, n_arms, options, &line);

  *out = KTM_ESTIMATE_NAN;
  if (status == KTM_STATS_OK && !(delta >= 0 && isfinite (delta)))
    status = KTM_STATS_BAD_ARGUMENT;
  if (status == KTM_STATS_OK)
    *out = at_delta (&line, delta);
  return status;
}

/* The delta at which the interval touches no effect, and the one at which it touches the MCID.
 *
 * @grid: the caller's, n_grid >= 2 effects at delta = 0 .. max_delta in equal steps; NULL with 0
 *
 * Without missing follow-ups no delta changes anything: both are BEYOND (or ALREADY).  Otherwise
 * as ktm_tipping_effect(); roots by bisection to 1e-13 of max_delta.
 */
KtmStatsStatus
ktm_tipping_point (const KtmEstimate *effect, double df, const KtmTippingArm *arm, size_t n_arms,
                   const KtmTippingOptions *options, KtmEstimate *grid, size_t n_grid,
                   KtmTipping *out)
{
  Line line;
  KtmStatsStatus status = make_line (effect, df, arm, n_arms, options, &line);

  *out = KTM_TIPPING_NAN;
  if (status == KTM_STATS_OK && n_grid == 1)
    status = KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; i < n_grid; i++)
    grid[i] = status != KTM_STATS_OK
                  ? KTM_ESTIMATE_NAN
                  : at_delta (&line, options->max_delta * (double) i / (double) (n_grid - 1));
  if (status != KTM_STATS_OK)
    return status;
  out->shift = line.shift;
  out->none = find (&line, 0, options->max_delta);
  if (!isnan (options->mcid))
    out->mcid = find (&line, -options->worse * options->mcid, options->max_delta);
  return KTM_STATS_OK;
}

/* The same for the mean change at a visit over all patients of a longitudinal analysis (groups
 * weighted by their size).  UNDEFINED: that change was not estimable. */
KtmStatsStatus
ktm_tipping_change (const KtmClda *clda, size_t visit, const KtmTippingOptions *options,
                    KtmEstimate *grid, size_t n_grid, KtmTipping *out)
{
  KtmTippingArm arm = { 0 };

  *out = KTM_TIPPING_NAN;
  if (visit == 0 || visit >= clda->n_visits)
    return KTM_STATS_BAD_ARGUMENT;
  if (isnan (clda->overall[visit].estimate.value))
    return KTM_STATS_UNDEFINED;
  for (size_t g = 0; g < clda->n_groups; g++)
    {
      arm.n += clda->n_subjects[g];
      arm.n_missing += clda->n_subjects[g] - clda->n_seen[g * clda->n_visits + visit];
    }
  return ktm_tipping_point (&clda->overall[visit].estimate, clda->overall[visit].test.df, &arm, 1,
                            options, grid, n_grid, out);
}

/* The same for the difference in change between two groups at a visit, active less comparator. */
KtmStatsStatus
ktm_tipping_groups (const KtmClda *clda, size_t visit, size_t comparator, size_t active,
                    const KtmTippingOptions *options, KtmEstimate *grid, size_t n_grid,
                    KtmTipping *out)
{
  size_t group[2] = { comparator, active }, pair = 0;
  size_t first = comparator < active ? comparator : active;
  size_t second = comparator < active ? active : comparator;
  KtmTippingArm arm[2];
  KtmEstimate effect;
  double df;

  *out = KTM_TIPPING_NAN;
  if (visit == 0 || visit >= clda->n_visits || second >= clda->n_groups || first == second)
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; i < first; i++)
    pair += clda->n_groups - 1 - i;
  pair += second - first - 1;
  effect = clda->difference[pair * clda->n_visits + visit].estimate;
  df = clda->difference[pair * clda->n_visits + visit].test.df;
  if (isnan (effect.value))
    return KTM_STATS_UNDEFINED;
  effect.value *= active > comparator ? 1 : -1;
  for (int a = 0; a < 2; a++)
    {
      arm[a].n = clda->n_subjects[group[a]];
      arm[a].n_missing = arm[a].n - clda->n_seen[group[a] * clda->n_visits + visit];
    }
  return ktm_tipping_point (&effect, df, arm, 2, options, grid, n_grid, out);
}
