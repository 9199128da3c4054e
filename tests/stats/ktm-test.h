/* What the tests of the statistics share. */
#pragma once

#include "ktm-random.h"
#include "ktm-stats.h"

#include <glib.h>

/* |a - b| <= tolerance; NaN never passes. */
#define assert_near(a, b, tolerance) \
  G_STMT_START { \
    double a_ = (a), b_ = (b), t_ = (tolerance); \
    if (!(fabs (a_ - b_) <= t_)) \
      g_error ("%s:%d: %s = %.12g, expected %.12g (+- %g)", __FILE__, __LINE__, #a, a_, b_, t_); \
  } G_STMT_END

#define assert_nan(a) \
  G_STMT_START { \
    double a_ = (a); \
    if (!isnan (a_)) \
      g_error ("%s:%d: %s = %.12g, expected NaN", __FILE__, __LINE__, #a, a_); \
  } G_STMT_END

#define assert_estimate(e, v, l, h, tolerance) \
  G_STMT_START { \
    assert_near ((e).value, v, tolerance); \
    assert_near ((e).low, l, tolerance); \
    assert_near ((e).high, h, tolerance); \
  } G_STMT_END

/* n scores on the 0-10 scale with many ties. */
static inline void
fill_scores (KtmRandom *random, double *x, size_t n, double mean)
{
  for (size_t i = 0; i < n; i++)
    x[i] = fmax (0.0, fmin (10.0, floor (mean + 2.0 * ktm_random_normal (random) + 0.5)));
}

/* n values without ties. */
static inline void
fill_normal (KtmRandom *random, double *x, size_t n, double mean, double sd)
{
  for (size_t i = 0; i < n; i++)
    x[i] = mean + sd * ktm_random_normal (random);
}

static inline void
reverse (double *x, size_t n)
{
  for (size_t i = 0; i < n / 2; i++)
    {
      double swap = x[i];

      x[i] = x[n - 1 - i];
      x[n - 1 - i] = swap;
    }
}
