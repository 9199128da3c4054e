/* model/stats: symmetric matrices that may be nearly singular. */
#pragma once

#include "ktm-dense.h"

/* As ktm_dense_cholesky(), but also false when a pivot is below 1e-13 of its diagonal: what is left
 * there is rounding. */
bool   ktm_cholesky_factor    (double *a, size_t n);

/* Smallest eigenvalue of a symmetric n × n matrix, any sign; NaN when memory is out (GSL
 * allocates). */
double ktm_cholesky_min_eigen (const double *a, size_t n);
