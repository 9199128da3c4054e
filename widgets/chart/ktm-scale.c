/* Floor widgets/chart: scales and ticks.  No GTK. */
#include "ktm-scale.h"

#include <math.h>

/* A map from @lo…@hi (data) to @a…@b (points).  LOG needs 0 < lo < hi; every other kind is linear.
 */
KtmScale
ktm_scale_new (KtmAxisKind kind, double lo, double hi, double a, double b)
{
  KtmScale scale = { kind == KTM_AXIS_LOG && lo > 0 && hi > 0, lo, hi, a, b };

  if (!isfinite (lo) || !isfinite (hi) || lo == hi)
    {
      scale.lo = 0;
      scale.hi = 1;
      scale.log = FALSE;
    }
  return scale;
}

/* Points of @value; NaN for NaN and, on a log scale, for what is not positive. */
double
ktm_scale_map (const KtmScale *scale, double value)
{
  if (scale->log)
    {
      if (!(value > 0))
        return NAN;
      return scale->a
             + (scale->b - scale->a) * log (value / scale->lo) / log (scale->hi / scale->lo);
    }
  return scale->a + (scale->b - scale->a) * (value - scale->lo) / (scale->hi - scale->lo);
}

/* The data value at @point. */
double
ktm_scale_invert (const KtmScale *scale, double point)
{
  double f = scale->a == scale->b ? 0 : (point - scale->a) / (scale->b - scale->a);

  return scale->log ? scale->lo * pow (scale->hi / scale->lo, f)
                    : scale->lo + f * (scale->hi - scale->lo);
}

static double
round_step (double raw, gboolean integers)
{
  static const double steps[] = { 1, 2, 5, 10 };
  double power = pow (10, floor (log10 (raw)));

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * power >= raw * (1 - 1e-9))
      return integers ? MAX (1, steps[i] * power) : steps[i] * power;
  return 10 * power;
}

/* A whole step of at least @raw that divides the whole range, so that both ends carry a number; 0
 * when there is none near it. */
static double
dividing_step (double lo, double hi, double raw)
{
  double length = hi - lo;

  if (fmod (lo, 1) != 0 || fmod (hi, 1) != 0 || length > 1000)
    return 0;
  for (double s = ceil (raw - 1e-9); s > 0 && s <= MIN (length / 2, raw * 2.5); s++)
    if (fabs (remainder (length, s)) < 1e-9
        && (s <= 7 || fmod (s, 10) == 0 || s == 25)) /* 8, 9, 12 are not read easily */
      return s;
  return 0;
}

/* Round numbers within lo…hi; see the header. */
double *
ktm_ticks_linear (double lo, double hi, guint most, gboolean integers, gsize *n, int *decimals)
{
  double *ticks = g_new0 (double, MAX (most, 2) + 4);

  *n = 0;
  *decimals = 0;
  if (!isfinite (lo) || !isfinite (hi) || !(hi > lo))
    return ticks;

  most = MAX (most, 2);
  double step = round_step ((hi - lo) / (most - 1), integers);
  double start = ceil (lo / step - 1e-9) * step;
  double even = dividing_step (lo, hi, MAX ((hi - lo) / (most - 1), 1));
  gboolean ends_meet =
      fabs (remainder (hi - lo, step)) < 1e-9 * step && fabs (remainder (lo, step)) < 1e-9 * step;

  if (even > 0 && !ends_meet)
    {
      step = even;
      start = lo;
    }
  while (floor ((hi - start) / step + 1e-9) + 1 > most)
    step *= 2;
  for (double v = start; v <= hi + 1e-9 * step && *n < most + 2; v = start + (double) *n * step)
    ticks[(*n)++] = fabs (v) < step * 1e-9 ? 0 : v;
  if (*n < 2 || most == 2) /* a low panel: its two ends say more than one number */
    {
      *n = 2;
      ticks[0] = lo;
      ticks[1] = hi;
      step = fmod (lo, 1) != 0 || fmod (hi, 1) != 0 ? (hi - lo) / 10 : 1;
      step = round_step (step, FALSE);
    }
  for (double s = step; *decimals < 6 && fabs (s - round (s)) > 1e-6; s *= 10)
    (*decimals)++;
  return ticks;
}

/* Powers of ten with 2 and 5 between them where there is room; lo and hi positive. */
double *
ktm_ticks_log (double lo, double hi, guint most, gsize *n)
{
  static const double fine[] = { 1, 2, 5 };
  double *ticks = g_new0 (double, 64);
  guint per_decade = hi > 0 && lo > 0 && log10 (hi / lo) * 3 <= most ? 3 : 1;

  *n = 0;
  if (!(lo > 0) || !(hi > lo) || !isfinite (hi))
    return ticks;
  for (double power = pow (10, floor (log10 (lo))); power <= hi && *n < 60; power *= 10)
    for (guint i = 0; i < per_decade; i++)
      if (fine[i] * power >= lo * (1 - 1e-9) && fine[i] * power <= hi * (1 + 1e-9))
        ticks[(*n)++] = fine[i] * power;
  return ticks;
}

/* Widens lo…hi to round numbers; equal or absent ends become a range that can be drawn. */
void
ktm_nice_range (double *lo, double *hi)
{
  if (!isfinite (*lo) || !isfinite (*hi))
    {
      *lo = 0;
      *hi = 1;
    }
  if (!(*hi > *lo))
    {
      double pad = *lo == 0 ? 1 : fabs (*lo) * 0.1;

      *lo -= pad;
      *hi += pad;
    }

  double step = round_step ((*hi - *lo) / 5, FALSE);

  *lo = floor (*lo / step + 1e-9) * step;
  *hi = ceil (*hi / step - 1e-9) * step;
}
