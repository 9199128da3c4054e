/* model/stats: small symmetric positive-definite systems. */
#include "ktm-cholesky.h"

#include <gsl/gsl_eigen.h>
#include <string.h>

bool
ktm_cholesky_factor (double *a, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      double diagonal = a[i * n + i];

      for (size_t j = 0; j <= i; j++)
        {
          double sum = a[i * n + j];

          for (size_t k = 0; k < j; k++)
            sum -= a[i * n + k] * a[j * n + k];
          if (i != j)
            a[i * n + j] = sum / a[j * n + j];
          else if (sum > 1e-13 * diagonal && isfinite (sum) && sum > 0.0)
            a[i * n + i] = sqrt (sum);
          else
            return false;
        }
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++)
      a[i * n + j] = 0.0;
  return true;
}

void
ktm_cholesky_solve (const double *a, size_t n, double *x)
{
  for (size_t i = 0; i < n; i++)
    {
      for (size_t j = 0; j < i; j++)
        x[i] -= a[i * n + j] * x[j];
      x[i] /= a[i * n + i];
    }
  for (size_t i = n; i-- > 0;)
    {
      for (size_t j = i + 1; j < n; j++)
        x[i] -= a[j * n + i] * x[j];
      x[i] /= a[i * n + i];
    }
}

void
ktm_cholesky_invert (const double *a, size_t n, double *out)
{
  memset (out, 0, n * n * sizeof *out);
  for (size_t i = 0; i < n; i++)
    {
      out[i * n + i] = 1.0;
      ktm_cholesky_solve (a, n, out + i * n);
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      out[i * n + j] = out[j * n + i] = 0.5 * (out[i * n + j] + out[j * n + i]);
}

double
ktm_cholesky_min_eigen (const double *a, size_t n)
{
  gsl_matrix *copy = gsl_matrix_alloc (n, n);
  gsl_vector *values = gsl_vector_alloc (n);
  gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc (n);
  double smallest = NAN;

  if (copy != NULL && values != NULL && work != NULL)
    {
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          gsl_matrix_set (copy, i, j, a[i * n + j]);
      if (gsl_eigen_symm (copy, values, work) == 0)
        smallest = gsl_vector_min (values);
    }
  if (copy != NULL)
    gsl_matrix_free (copy);
  if (values != NULL)
    gsl_vector_free (values);
  if (work != NULL)
    gsl_eigen_symm_free (work);
  return smallest;
}
