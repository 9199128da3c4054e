/* model/stats: small dense algebra on row-major arrays, for the regression families. */
#include "ktm-dense.h"

#include <float.h>
#include <string.h>

/* Sum of a[i] b[i] over n elements. */
double
ktm_dense_dot (const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* c'Ac for a full n x n matrix A and a vector c. */
double
ktm_dense_quadratic (const double *a, const double *c, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += c[i] * ktm_dense_dot (a + i * n, c, n);
  return sum;
}

/* Cholesky factor of a symmetric n x n matrix, in place: on true the lower triangle of @a holds L
 * with A = LL' and the upper one is zero.  Only the lower triangle is read.  False: not positive
 * definite (or not finite), and @a is spoiled. */
bool
ktm_dense_cholesky (double *a, size_t n)
{
  for (size_t j = 0; j < n; j++)
    {
      double d = a[j * n + j] - ktm_dense_dot (a + j * n, a + j * n, j);

      if (!(d > 0) || !isfinite (d))
        return false;
      a[j * n + j] = sqrt (d);
      for (size_t i = j + 1; i < n; i++)
        {
          double v = a[i * n + j] - ktm_dense_dot (a + i * n, a + j * n, j);

          a[i * n + j] = v / a[j * n + j];
          a[j * n + i] = 0;
        }
    }
  return true;
}

/* log |A| of A = LL'. */
double
ktm_dense_log_det (const double *l, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += log (l[i * n + i]);
  return 2 * sum;
}

/* b <- L^-1 b for an n x m right-hand side. */
void
ktm_dense_forward (const double *l, size_t n, double *b, size_t m)
{
  for (size_t i = 0; i < n; i++)
    {
      for (size_t k = 0; k < i; k++)
        {
          double f = l[i * n + k];

          for (size_t j = 0; j < m; j++)
            b[i * m + j] -= f * b[k * m + j];
        }
      for (size_t j = 0; j < m; j++)
        b[i * m + j] /= l[i * n + i];
    }
}

/* b <- L'^-1 b for an n x m right-hand side. */
void
ktm_dense_backward (const double *l, size_t n, double *b, size_t m)
{
  for (size_t i = n; i-- > 0;)
    {
      for (size_t k = i + 1; k < n; k++)
        {
          double f = l[k * n + i];

          for (size_t j = 0; j < m; j++)
            b[i * m + j] -= f * b[k * m + j];
        }
      for (size_t j = 0; j < m; j++)
        b[i * m + j] /= l[i * n + i];
    }
}

/* b <- (LL')^-1 b for an n x m right-hand side. */
void
ktm_dense_solve (const double *l, size_t n, double *b, size_t m)
{
  ktm_dense_forward (l, n, b, m);
  ktm_dense_backward (l, n, b, m);
}

/* @inverse <- (LL')^-1, full n x n and symmetric; must not overlap @l. */
void
ktm_dense_inverse (const double *l, size_t n, double *inverse)
{
  memset (inverse, 0, n * n * sizeof (double));
  for (size_t i = 0; i < n; i++)
    inverse[i * n + i] = 1;
  ktm_dense_solve (l, n, inverse, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      inverse[i * n + j] = inverse[j * n + i] = (inverse[i * n + j] + inverse[j * n + i]) / 2;
}

/* c (n x m) <- a (n x k) b (k x m); @c must not overlap the factors. */
void
ktm_dense_multiply (const double *a, size_t n, size_t k, const double *b, size_t m, double *c)
{
  memset (c, 0, n * m * sizeof (double));
  for (size_t i = 0; i < n; i++)
    for (size_t l = 0; l < k; l++)
      {
        double f = a[i * k + l];

        if (f != 0)
          for (size_t j = 0; j < m; j++)
            c[i * m + j] += f * b[l * m + j];
      }
}

static void
rotate (double *a, double *vectors, size_t n, size_t p, size_t q)
{
  double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  double t = (theta >= 0 ? 1 : -1) / (fabs (theta) + hypot (1, theta));
  double c = 1 / hypot (1, t), s = t * c;

  for (size_t k = 0; k < n; k++)
    {
      double x = a[k * n + p], y = a[k * n + q];

      a[k * n + p] = c * x - s * y;
      a[k * n + q] = s * x + c * y;
    }
  for (size_t k = 0; k < n; k++)
    {
      double x = a[p * n + k], y = a[q * n + k];

      a[p * n + k] = c * x - s * y;
      a[q * n + k] = s * x + c * y;
      x = vectors[p * n + k], y = vectors[q * n + k];
      vectors[p * n + k] = c * x - s * y;
      vectors[q * n + k] = s * x + c * y;
    }
}

/* Eigenvalues and eigenvectors of a symmetric n x n matrix by cyclic Jacobi rotations.
 *
 * @a:       spoiled
 * @values:  n, in no order
 * @vectors: n x n, row i belongs to values[i]; unit length
 *
 * Source: Golub and Van Loan (2013), Matrix Computations, section 8.5.
 */
void
ktm_dense_eigen (double *a, size_t n, double *values, double *vectors)
{
  memset (vectors, 0, n * n * sizeof (double));
  for (size_t i = 0; i < n; i++)
    vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < 60; sweep++)
    {
      double off = 0, all = 0;

      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          {
            all += a[i * n + j] * a[i * n + j];
            off += i == j ? 0 : a[i * n + j] * a[i * n + j];
          }
      if (!(off > all * DBL_EPSILON * DBL_EPSILON))
        break;
      for (size_t p = 0; p < n; p++)
        for (size_t q = p + 1; q < n; q++)
          if (fabs (a[p * n + q]) > 0)
            rotate (a, vectors, n, p, q);
    }
  for (size_t i = 0; i < n; i++)
    values[i] = a[i * n + i];
}

/* X = QR by Gram-Schmidt with reorthogonalisation, the regressions' one rank check.
 *
 * @x: n x p
 * @q: n x p, orthonormal columns; must not overlap @x
 * @r: p x p, upper triangular
 *
 * A column whose part outside the earlier ones is below 1e-7 of its length is collinear (the
 * tolerance of R's lm): SINGULAR.  NaN: the caller has refused it.
 * Source: Giraud, Langou and Rozloznik (2005), Comput Math Appl 50:1069-1075.
 */
KtmStatsStatus
ktm_dense_orthogonal (const double *x, size_t n, size_t p, double *q, double *r)
{
  if (q != x) /* in place otherwise */
    memcpy (q, x, n * p * sizeof (double));
  memset (r, 0, p * p * sizeof (double));
  for (size_t j = 0; j < p; j++)
    {
      double before = 0, after = 0;

      for (size_t i = 0; i < n; i++)
        before += q[i * p + j] * q[i * p + j];
      for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < j; k++)
          {
            double f = 0;

            for (size_t i = 0; i < n; i++)
              f += q[i * p + k] * q[i * p + j];
            for (size_t i = 0; i < n; i++)
              q[i * p + j] -= f * q[i * p + k];
            r[k * p + j] += f;
          }
      for (size_t i = 0; i < n; i++)
        after += q[i * p + j] * q[i * p + j];
      if (!(after > 1e-14 * before) || !isfinite (after))
        return KTM_STATS_SINGULAR;
      after = sqrt (after);
      r[j * p + j] = after;
      for (size_t i = 0; i < n; i++)
        q[i * p + j] /= after;
    }
  return KTM_STATS_OK;
}

/* beta <- R^-1 beta: coefficients on Q's columns into coefficients on X's. */
void
ktm_dense_back_beta (const double *r, size_t p, double *beta)
{
  for (size_t i = p; i-- > 0;)
    {
      for (size_t k = i + 1; k < p; k++)
        beta[i] -= r[i * p + k] * beta[k];
      beta[i] /= r[i * p + i];
    }
}

/* vcov <- R^-1 vcov R'^-1, for a symmetric p x p matrix in place. */
void
ktm_dense_back_vcov (const double *r, size_t p, double *vcov)
{
  for (int pass = 0; pass < 2; pass++)
    {
      for (size_t i = 0; i < p; i++)
        ktm_dense_back_beta (r, p, vcov + i * p);
      for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < i; j++)
          {
            double t = vcov[i * p + j];

            vcov[i * p + j] = vcov[j * p + i];
            vcov[j * p + i] = t;
          }
    }
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < i; j++)
      vcov[i * p + j] = vcov[j * p + i] = (vcov[i * p + j] + vcov[j * p + i]) / 2;
}
