/* model/stats: one-dimensional roots. */
#include "ktm-root.h"

#include <float.h>

typedef struct
{
  double a, fa, b, fb, c, fc; /* b the best, the root between b and c */
  double d, e;                /* last two steps */
} Bracket;

/* Inverse quadratic or linear step; false when bisection is safer. */
static bool
interpolate (Bracket *s, double m, double tol)
{
  double p, q, r, t = s->fb / s->fa;

  if (fabs (s->e) < tol || fabs (s->fa) <= fabs (s->fb))
    return false;
  if (s->a == s->c)
    {
      p = 2.0 * m * t;
      q = 1.0 - t;
    }
  else
    {
      q = s->fa / s->fc;
      r = s->fb / s->fc;
      p = t * (2.0 * m * q * (q - r) - (s->b - s->a) * (r - 1.0));
      q = (q - 1.0) * (r - 1.0) * (t - 1.0);
    }
  if (p > 0.0)
    q = -q;
  p = fabs (p);
  if (2.0 * p >= fmin (3.0 * m * q - fabs (tol * q), fabs (s->e * q)))
    return false;
  s->e = s->d;
  s->d = p / q;
  return true;
}

static void
order (Bracket *s)
{
  if ((s->fb > 0.0) == (s->fc > 0.0))
    {
      s->c = s->a;
      s->fc = s->fa;
      s->d = s->e = s->b - s->a;
    }
  if (fabs (s->fc) < fabs (s->fb))
    {
      s->a = s->b;
      s->b = s->c;
      s->c = s->a;
      s->fa = s->fb;
      s->fb = s->fc;
      s->fc = s->fa;
    }
}

KtmStatsStatus
ktm_root_find (KtmFunction f, void *data, double a, double b, double *root)
{
  Bracket s = { .a = a, .b = b, .c = b };

  *root = NAN;
  s.fa = f (a, data);
  s.fb = s.fc = f (b, data);
  if (s.fa == 0.0)
    {
      *root = a;
      return KTM_STATS_OK;
    }
  if (isnan (s.fa) || isnan (s.fb) || (s.fa > 0.0) == (s.fb > 0.0))
    return s.fb == 0.0 ? (*root = b, KTM_STATS_OK) : KTM_STATS_NO_CONVERGENCE;
  for (int i = 0; i < 200; i++)
    {
      double tol, m;

      order (&s);
      tol = 2.0 * DBL_EPSILON * fabs (s.b) + DBL_MIN;
      m = 0.5 * (s.c - s.b);
      if (fabs (m) <= tol || s.fb == 0.0)
        {
          *root = s.b;
          return KTM_STATS_OK;
        }
      if (!interpolate (&s, m, tol))
        s.d = s.e = m;
      s.a = s.b;
      s.fa = s.fb;
      s.b += fabs (s.d) > tol ? s.d : copysign (tol, m);
      s.fb = f (s.b, data);
    }
  return KTM_STATS_NO_CONVERGENCE;
}
