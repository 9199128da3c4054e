/* model/stats: the profiled deviance of the linear mixed model (private to ktm-lmm). */
#pragma once

#include "ktm-lmm.h"

/* Sums of one subject over its visits; z = (1, centred and scaled slope). */
typedef struct
{
  double zz[2][2], zy[2];
  double c[2][2];    /* Z'V^-1 Z at the last evaluation */
  double v[2], w[2]; /* Z'V^-1 y and Z'V^-1 (y - Xb) */
} KtmLmmSubject;

/* The data as cross-products, X orthonormal and y its residual in units of its SD. */
typedef struct
{
  size_t n, p, q, m, n_theta;
  bool reml;
  KtmLmmSubject *subject;  /* m */
  double *zx;              /* m x q x p */
  double *a;               /* m x q x p: Z'V^-1 X, after derivatives times L'^-1 */
  double *l;               /* p x p: Cholesky factor of X'V^-1 X */
  double *b;               /* p: the fixed effects */
  double *mt;              /* 3 x p x p: L^-1 (dA/dPsi) L'^-1, sign reversed */
  double yy;
  /* results of the last evaluation, V in units of sigma^2 */
  double log_v, log_a, r2;
  double dlog[3], ddlog[3][3], dr2[3], ddr2[3][3]; /* in Psi00, Psi01, Psi11 */
} KtmLmmData;

typedef struct
{
  size_t label, row;
} KtmLmmKey;

/* Everything between the caller's rows and the fitted model. */
typedef struct
{
  KtmLmmData d;
  KtmLmmKey *key;        /* n, by label */
  double *memory;        /* one block behind all of the arrays */
  double *q, *r, *beta0; /* X = QR; beta0 = Q'y */
  double *residual;      /* n: y less its least squares fit */
  double y_scale, slope_mean, slope_scale;
  double theta[3], sigma;
  size_t iterations;
} KtmLmmWork;

double ktm_lmm_deviance    (KtmLmmData *d, const double *theta);
void   ktm_lmm_derivatives (KtmLmmData *d);
void   ktm_lmm_jacobian    (size_t q, const double *theta, double j[3][3]);
void   ktm_lmm_chain       (size_t q, const double j[3][3], const double g[3], const double h[3][3],
                            double gt[3], double ht[3][3]);

KtmStatsStatus ktm_lmm_model (KtmLmmWork *w, double level, KtmLmm **out);
