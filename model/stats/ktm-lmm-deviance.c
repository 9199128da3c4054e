/* model/stats: the profiled deviance of the linear mixed model and its exact derivatives. */
#include "ktm-lmm-private.h"

#include "ktm-dense.h"

#include <string.h>

/* Psi = T T' for the relative Cholesky factor T = [theta0, 0; theta1, theta2]. */
static void
theta_to_psi (size_t q, const double *theta, double psi[2][2])
{
  memset (psi, 0, 4 * sizeof (double));
  psi[0][0] = theta[0] * theta[0];
  if (q == 2)
    {
      psi[0][1] = psi[1][0] = theta[0] * theta[1];
      psi[1][1] = theta[1] * theta[1] + theta[2] * theta[2];
    }
}

/* One subject: k <- (I + Z'Z Psi)^-1, returns |I + Z'Z Psi| = |V|. */
static double
subject_inverse (size_t q, const KtmLmmSubject *s, double psi[2][2], double k[2][2])
{
  double f[2][2], det;

  if (q == 1)
    {
      det = 1 + s->zz[0][0] * psi[0][0];
      k[0][0] = 1 / det;
      return det;
    }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      f[i][j] = (i == j) + s->zz[i][0] * psi[0][j] + s->zz[i][1] * psi[1][j];
  det = f[0][0] * f[1][1] - f[0][1] * f[1][0];
  k[0][0] = f[1][1] / det;
  k[1][1] = f[0][0] / det;
  k[0][1] = -f[0][1] / det;
  k[1][0] = -f[1][0] / det;
  return det;
}

/* Adds one subject's part of A = X'V^-1 X, X'V^-1 y and y'V^-1 y. */
static void
add_subject (KtmLmmData *d, size_t i, double psi[2][2])
{
  size_t q = d->q, p = d->p;
  KtmLmmSubject *s = &d->subject[i];
  const double *zx = d->zx + i * q * p;
  double *a = d->a + i * q * p, k[2][2];

  d->log_v += log (subject_inverse (q, s, psi, k));
  for (size_t r = 0; r < q; r++)
    {
      s->v[r] = 0;
      memset (a + r * p, 0, p * sizeof (double));
      for (size_t c = 0; c < q; c++)
        {
          s->c[r][c] = k[r][0] * s->zz[0][c] + (q == 2 ? k[r][1] * s->zz[1][c] : 0);
          s->v[r] += k[r][c] * s->zy[c];
          for (size_t j = 0; j < p; j++)
            a[r * p + j] += k[r][c] * zx[c * p + j];
        }
    }
  for (size_t r = 0; r < q; r++)
    for (size_t c = 0; c < q; c++)
      {
        d->r2 -= s->zy[r] * psi[r][c] * s->v[c];
        for (size_t j = 0; j < p; j++)
          {
            double f = zx[r * p + j] * psi[r][c];

            d->b[j] -= f * s->v[c];
            for (size_t l = 0; l <= j; l++)
              d->l[j * p + l] -= f * a[c * p + l];
          }
      }
}

/* -2 log-likelihood up to a constant, fixed effects and sigma profiled out.
 *
 * @theta: the relative Cholesky factor of the random effects (q(q+1)/2), any signs
 *
 * INFINITY where V is not positive definite or the residual vanishes.  Fills log_v, log_a, r2, b.
 * Source: Bates et al. (2015), J Stat Softw 67(1), section 3.4, in cross-products by subject.
 */
double
ktm_lmm_deviance (KtmLmmData *d, const double *theta)
{
  size_t p = d->p;
  double psi[2][2], nu = (double) (d->reml ? d->n - p : d->n);

  theta_to_psi (d->q, theta, psi);
  d->log_v = 0;
  d->r2 = d->yy;
  memset (d->b, 0, p * sizeof (double));
  memset (d->l, 0, p * p * sizeof (double));
  for (size_t j = 0; j < p; j++)
    d->l[j * p + j] = 1;
  for (size_t i = 0; i < d->m; i++)
    add_subject (d, i, psi);
  if (!ktm_dense_cholesky (d->l, p))
    return INFINITY;
  d->log_a = ktm_dense_log_det (d->l, p);
  ktm_dense_forward (d->l, p, d->b, 1);
  d->r2 -= ktm_dense_dot (d->b, d->b, p);
  ktm_dense_backward (d->l, p, d->b, 1);
  if (!(d->r2 > 1e-13 * d->yy) || !isfinite (d->log_v))
    return INFINITY;
  return d->log_v + (d->reml ? d->log_a : 0) + nu * log (d->r2);
}

/* sum of S[d][a] W[b][c] over the orders of the pairs j = {a, b} and k = {c, d}. */
static double
tensor (double s[2][2], double w[2][2], size_t j, size_t k)
{
  static const size_t row[3] = { 0, 1, 1 }, col[3] = { 0, 0, 1 };
  size_t a = row[j], b = col[j], c = row[k], e = col[k];
  double sum = s[e][a] * w[b][c] + s[e][b] * w[a][c] + s[c][a] * w[b][e] + s[c][b] * w[a][e];

  return sum / ((a == b ? 2 : 1) * (c == e ? 2 : 1));
}

static void
add_subject_derivatives (KtmLmmData *d, size_t i, double *h)
{
  static const size_t row[3] = { 0, 1, 1 }, col[3] = { 0, 0, 1 };
  size_t q = d->q, p = d->p;
  KtmLmmSubject *s = &d->subject[i];
  double *a = d->a + i * q * p, w[2][2] = { { 0 } }, ww[2][2] = { { 0 } };

  for (size_t r = 0; r < q; r++)
    {
      s->w[r] = s->v[r] - ktm_dense_dot (a + r * p, d->b, p);
      ktm_dense_forward (d->l, p, a + r * p, 1);
    }
  for (size_t r = 0; r < q; r++)
    for (size_t c = 0; c < q; c++)
      {
        w[r][c] = -s->c[r][c] + (d->reml ? 2 * ktm_dense_dot (a + r * p, a + c * p, p) : 0);
        ww[r][c] = 2 * s->w[r] * s->w[c];
      }
  for (size_t j = 0; j < d->n_theta; j++)
    {
      size_t r = row[j], c = col[j];
      double two = r == c ? 1 : 2, half = r == c ? 0.5 : 1;
      double *mt = d->mt + j * p * p;

      d->dlog[j] += two * s->c[r][c];
      d->dr2[j] -= two * s->w[r] * s->w[c];
      for (size_t k = 0; k <= j; k++)
        {
          d->ddlog[j][k] += tensor (s->c, w, j, k);
          d->ddr2[j][k] += tensor (s->c, ww, j, k);
        }
      for (size_t u = 0; u < p; u++)
        {
          h[j * p + u] += half * (a[r * p + u] * s->w[c] + a[c * p + u] * s->w[r]);
          for (size_t t = 0; t <= u; t++)
            mt[u * p + t] += half * (a[r * p + u] * a[c * p + t] + a[c * p + u] * a[r * p + t]);
        }
    }
}

/* The share of the fixed effects in the second derivatives, and the mirrored halves. */
static void
finish_derivatives (KtmLmmData *d, const double *h)
{
  size_t p = d->p, pp = p * p;

  for (size_t j = 0; j < d->n_theta; j++)
    for (size_t u = 0; u < p; u++)
      for (size_t t = u + 1; t < p; t++)
        d->mt[j * pp + u * p + t] = d->mt[j * pp + t * p + u];
  for (size_t j = 0; j < d->n_theta; j++)
    {
      for (size_t u = 0; u < p && d->reml; u++)
        d->dlog[j] -= d->mt[j * pp + u * p + u];
      for (size_t k = 0; k <= j; k++)
        {
          if (d->reml)
            d->ddlog[j][k] -= ktm_dense_dot (d->mt + j * pp, d->mt + k * pp, pp);
          d->ddr2[j][k] -= 2 * ktm_dense_dot (h + j * p, h + k * p, p);
          d->ddlog[k][j] = d->ddlog[j][k];
          d->ddr2[k][j] = d->ddr2[j][k];
        }
    }
}

/* First and second derivatives in Psi of log|V| (+ log|A|) and of the residual quadratic form, at
 * the point of the last ktm_lmm_deviance(); once only, for it rotates d->a.
 *
 * Source: with P = V^-1 - V^-1 X A^-1 X'V^-1, dP = -P dV P; as in Harville (1977), JASA 72:320-338.
 */
void
ktm_lmm_derivatives (KtmLmmData *d)
{
  double *h = d->mt + 3 * d->p * d->p;

  memset (d->mt, 0, (3 * d->p * d->p + 3 * d->p) * sizeof (double));
  memset (d->dlog, 0, sizeof d->dlog);
  memset (d->dr2, 0, sizeof d->dr2);
  memset (d->ddlog, 0, sizeof d->ddlog);
  memset (d->ddr2, 0, sizeof d->ddr2);
  for (size_t i = 0; i < d->m; i++)
    add_subject_derivatives (d, i, h);
  finish_derivatives (d, h);
}

/* j[i][k] = dPsi_i / dtheta_k. */
void
ktm_lmm_jacobian (size_t q, const double *theta, double j[3][3])
{
  memset (j, 0, 9 * sizeof (double));
  j[0][0] = 2 * theta[0];
  if (q == 2)
    {
      j[1][0] = theta[1];
      j[1][1] = theta[0];
      j[2][1] = 2 * theta[1];
      j[2][2] = 2 * theta[2];
    }
}

/* Gradient and Hessian in Psi into gradient and Hessian in theta. */
void
ktm_lmm_chain (size_t q, const double j[3][3], const double g[3], const double h[3][3],
               double gt[3], double ht[3][3])
{
  size_t n = q * (q + 1) / 2;

  for (size_t a = 0; a < n; a++)
    {
      gt[a] = 0;
      for (size_t i = 0; i < n; i++)
        gt[a] += g[i] * j[i][a];
      for (size_t b = 0; b < n; b++)
        {
          ht[a][b] = 0;
          for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
              ht[a][b] += j[i][a] * h[i][k] * j[k][b];
        }
    }
  ht[0][0] += 2 * g[0];
  if (q == 2)
    {
      ht[0][1] += g[1];
      ht[1][0] += g[1];
      ht[1][1] += 2 * g[2];
      ht[2][2] += 2 * g[2];
    }
}
