/* model/stats: symmetric matrices that may be nearly singular. */
#include "ktm-cholesky.h"

#include <gsl/gsl_eigen.h>

bool
ktm_cholesky_factor (double *a, size_t n)
{
  for (size_t j = 0; j < n; j++)
    {
      double diagonal = a[j * n + j], pivot = diagonal - ktm_dense_dot (a + j * n, a + j * n, j);

      if (!(pivot > 1e-13 * diagonal) || !isfinite (pivot))
        return false;
      a[j * n + j] = sqrt (pivot);
      for (size_t i = j + 1; i < n; i++)
        {
          a[i * n + j] = (a[i * n + j] - ktm_dense_dot (a + i * n, a + j * n, j)) / a[j * n + j];
          a[j * n + i] = 0.0;
        }
    }
  return true;
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
