/* model/stats: likelihood of the MMRM, its exact gradient and Hessian in Sigma. */
#include "ktm-mmrm-private.h"

#include "ktm-dense.h"

#include <string.h>

/* z = S^-1 x and the cell's part of A, X'V^-1 y and y'V^-1 y; @work: m. */
static double
add_cell (KtmMmrmData *d, const KtmMmrmPattern *pattern, KtmMmrmCell *cell, double *work)
{
  size_t m = pattern->m, p = d->p;
  double sum = ktm_dense_dot (pattern->s, cell->ss, m * m);

  ktm_dense_multiply (pattern->s, m, m, cell->x, p, cell->z);
  ktm_dense_multiply (pattern->s, m, m, cell->mean, 1, work);
  sum += cell->n * ktm_dense_dot (work, cell->mean, m);
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < p; j++)
      {
        double f = cell->n * cell->x[i * p + j];

        if (f == 0)
          continue;
        d->b[j] += f * work[i];
        for (size_t k = 0; k <= j; k++)
          d->l[j * p + k] += f * cell->z[i * p + k];
      }
  return sum;
}

/* -2 log-likelihood (ML or REML) of the scaled data, without the constant; beta profiled out.
 *
 * @sigma: t x t; INFINITY where it, or A, is not positive definite
 */
double
ktm_mmrm_deviance (KtmMmrmData *d, const double *sigma)
{
  size_t p = d->p, t = d->t;
  double *s = d->work, *work = s + t * t, f = 0;

  memset (d->l, 0, p * p * sizeof (double));
  memset (d->b, 0, p * sizeof (double));
  for (size_t i = 0; i < d->n_patterns; i++)
    {
      KtmMmrmPattern *pattern = &d->pattern[i];
      size_t m = pattern->m;

      for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++)
          s[a * m + b] = sigma[pattern->visit[a] * t + pattern->visit[b]];
      if (!ktm_dense_cholesky (s, m))
        return INFINITY;
      f += pattern->n * ktm_dense_log_det (s, m);
      ktm_dense_inverse (s, m, pattern->s);
      for (size_t c = 0; c < pattern->n_cells; c++)
        f += add_cell (d, pattern, &d->cell[pattern->first + c], work);
    }
  if (!ktm_dense_cholesky (d->l, p))
    return INFINITY;
  d->log_a = ktm_dense_log_det (d->l, p);
  ktm_dense_forward (d->l, p, d->b, 1);
  f -= ktm_dense_dot (d->b, d->b, p);
  ktm_dense_backward (d->l, p, d->b, 1);
  f += d->reml ? d->log_a : 0;
  return isfinite (f) ? f : INFINITY;
}

/* Rows of the cell in the derivatives of A (mt) and of X'V^-1 y (ht). */
static void
add_outer (KtmMmrmData *d, const KtmMmrmPattern *pattern, const KtmMmrmCell *cell, const double *u)
{
  size_t m = pattern->m, p = d->p, pk = p * (p + 1) / 2;

  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b <= a; b++)
      {
        size_t at = ktm_dense_packed (pattern->visit[a], pattern->visit[b]);
        const double *za = cell->z + a * p, *zb = cell->z + b * p;
        double f = a == b ? 0.5 * cell->n : cell->n, *mt = d->mt + at * pk, *ht = d->ht + at * p;

        for (size_t i = 0; i < p; i++)
          {
            double fa = f * za[i], fb = f * zb[i];

            for (size_t j = 0; j <= i; j++)
              mt[j] += fa * zb[j] + fb * za[j];
            mt += i + 1;
            ht[i] += fa * u[b] + fb * u[a];
          }
      }
}

/* The cell's scatter about the fitted mean into @rr, its n z z' into @q; @work: 2 m + p. */
static void
add_cell_derivatives (KtmMmrmData *d, const KtmMmrmPattern *pattern, KtmMmrmCell *cell, double *rr,
                      double *q, double *work)
{
  size_t m = pattern->m, p = d->p;
  double *r = work, *u = work + m;

  for (size_t a = 0; a < m; a++)
    {
      r[a] = cell->mean[a] - ktm_dense_dot (cell->x + a * p, d->b, p);
      ktm_dense_forward (d->l, p, cell->z + a * p, 1);
    }
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++)
      {
        rr[a * m + b] += cell->ss[a * m + b] + cell->n * r[a] * r[b];
        q[a * m + b] += cell->n * ktm_dense_dot (cell->z + a * p, cell->z + b * p, p);
      }
  ktm_dense_multiply (pattern->s, m, m, r, 1, u);
  add_outer (d, pattern, cell, u);
}

/* sum of S[e][a] W[b][c] over the orders of the pairs {a, b} and {c, e}. */
static inline double
tensor (const double *s, const double *w, size_t m, size_t a, size_t b, size_t c, size_t e)
{
  double sum = s[e * m + a] * w[b * m + c] + s[e * m + b] * w[a * m + c]
               + s[c * m + a] * w[b * m + e] + s[c * m + b] * w[a * m + e];

  return sum * (a == b ? 0.5 : 1) * (c == e ? 0.5 : 1);
}

/* Adds one pattern: S = S^-1, U = S^-1 RR S^-1, Q = sum n z z'. */
static void
add_pattern (KtmMmrmData *d, const KtmMmrmPattern *pattern, const double *u, const double *q,
             double *w, double *e)
{
  size_t m = pattern->m, k = d->t * (d->t + 1) / 2;
  const double *s = pattern->s;
  const size_t *v = pattern->visit;
  double reml = d->reml ? 1 : 0;

  for (size_t i = 0; i < m * m; i++)
    {
      e[i] = pattern->n * s[i] - 2 * reml * q[i];
      w[i] = 2 * u[i] - e[i];
    }
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b <= a; b++)
      {
        size_t i = ktm_dense_packed (v[a], v[b]);
        double slope = pattern->n * s[a * m + b] - u[a * m + b] - reml * q[a * m + b];

        d->g[i] += (a == b ? 1 : 2) * slope;
        for (size_t c = 0; c <= a; c++)
          for (size_t f = 0; f <= c; f++)
            {
              size_t j = ktm_dense_packed (v[c], v[f]);

              if (j > i)
                break;
              d->h[i * k + j] += tensor (s, w, m, a, b, c, f);
              d->fisher[i * k + j] += tensor (s, e, m, a, b, c, f);
            }
      }
}

/* The share of the fixed effects in both matrices, and their upper triangles. */
static void
finish (KtmMmrmData *d)
{
  size_t p = d->p, pk = p * (p + 1) / 2, k = d->t * (d->t + 1) / 2;

  for (size_t i = 0; i < k; i++)
    for (size_t r = 0, at = i * pk; r < p; r++)
      for (size_t c = 0; c <= r; c++, at++)
        d->mt[at] *= r == c ? 1 : M_SQRT2;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j <= i; j++)
      {
        double mm = d->reml ? ktm_dense_dot (d->mt + i * pk, d->mt + j * pk, pk) : 0;

        d->h[i * k + j] -= mm + 2 * ktm_dense_dot (d->ht + i * p, d->ht + j * p, p);
        d->fisher[i * k + j] += mm;
        d->h[j * k + i] = d->h[i * k + j];
        d->fisher[j * k + i] = d->fisher[i * k + j];
      }
}

/* Gradient, observed Hessian and expected information (all of -2 log-likelihood) in the packed
 * lower triangle of Sigma, at the point of the last ktm_mmrm_deviance(); once only, for it rotates
 * the cells' z.  False: stopped.
 *
 * With P = V^-1 - V^-1 X A^-1 X'V^-1 and E the derivative of V: gradient tr(PE) - y'PEPy, Hessian
 * -tr(PEPE) + 2 y'PEPEPy (ML: V^-1 for P in the traces), expectation tr(PEPE).
 * Source: Jennrich and Schluchter (1986), Biometrics 42:805-820.
 */
bool
ktm_mmrm_derivatives (KtmMmrmData *d, const KtmProgress *progress)
{
  size_t p = d->p, t = d->t, k = t * (t + 1) / 2;
  double *rr = d->work, *q = rr + t * t, *u = q + t * t, *w = u + t * t, *more = w + t * t;

  memset (d->g, 0, k * sizeof (double));
  memset (d->h, 0, k * k * sizeof (double));
  memset (d->fisher, 0, k * k * sizeof (double));
  memset (d->mt, 0, k * p * (p + 1) / 2 * sizeof (double));
  memset (d->ht, 0, k * p * sizeof (double));
  for (size_t i = 0; i < d->n_patterns; i++)
    {
      const KtmMmrmPattern *pattern = &d->pattern[i];
      size_t m = pattern->m;

      if (ktm_progress_stopped (progress))
        return false;
      memset (rr, 0, m * m * sizeof (double));
      memset (q, 0, m * m * sizeof (double));
      for (size_t c = 0; c < pattern->n_cells; c++)
        add_cell_derivatives (d, pattern, &d->cell[pattern->first + c], rr, q, more);
      ktm_dense_multiply (pattern->s, m, m, rr, m, w);
      ktm_dense_multiply (w, m, m, pattern->s, m, u);
      add_pattern (d, pattern, u, q, w, rr);
    }
  finish (d);
  return true;
}
