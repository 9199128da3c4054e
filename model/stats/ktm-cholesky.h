/* Small symmetric positive-definite systems on flat row-major arrays.  No allocation. */
#pragma once

#include "ktm-stats.h"

/* Lower factor of @a (n × n, only the lower half is read) in place, zeros above the diagonal.  False: not
 * positive definite (a pivot below 1e-13 of its diagonal); @a is then undefined. */
bool ktm_cholesky_factor (double *a, size_t n);

/* x := a⁻¹ x, @a being a factor. */
void ktm_cholesky_solve (const double *a, size_t n, double *x);

/* @out (n × n, not @a) := inverse of the matrix whose factor is @a. */
void ktm_cholesky_invert (const double *a, size_t n, double *out);

/* Smallest eigenvalue of a symmetric matrix, any sign; NaN when memory is out.  (Allocates inside GSL.) */
double ktm_cholesky_min_eigen (const double *a, size_t n);
