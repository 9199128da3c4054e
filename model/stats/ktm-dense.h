/* model/stats: small dense algebra on row-major arrays, for the regression families. */
#pragma once

#include "ktm-stats.h"

/* Position of (a, b) in the packed lower triangle of a symmetric matrix. */
static inline size_t
ktm_dense_packed (size_t a, size_t b)
{
  return a >= b ? a * (a + 1) / 2 + b : b * (b + 1) / 2 + a;
}

double         ktm_dense_dot        (const double *a, const double *b, size_t n);
double         ktm_dense_quadratic  (const double *a, const double *c, size_t n);
bool           ktm_dense_cholesky   (double *a, size_t n);
double         ktm_dense_log_det    (const double *l, size_t n);
void           ktm_dense_forward    (const double *l, size_t n, double *b, size_t m);
void           ktm_dense_backward   (const double *l, size_t n, double *b, size_t m);
void           ktm_dense_solve      (const double *l, size_t n, double *b, size_t m);
void           ktm_dense_inverse    (const double *l, size_t n, double *inverse);
void           ktm_dense_multiply   (const double *a, size_t n, size_t k, const double *b, size_t m,
                                     double *c);
void           ktm_dense_eigen      (double *a, size_t n, double *values, double *vectors);
KtmStatsStatus ktm_dense_orthogonal (const double *x, size_t n, size_t p, double *q, double *r);
void           ktm_dense_back_beta  (const double *r, size_t p, double *beta);
void           ktm_dense_back_vcov  (const double *r, size_t p, double *vcov);
