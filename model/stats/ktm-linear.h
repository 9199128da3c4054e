/* model/stats: linear regression by least squares, and analysis of covariance. */
#pragma once

#include "ktm-contrast.h"

typedef enum
{
  KTM_LINEAR_CLASSIC, /* one residual variance */
  KTM_LINEAR_HC3      /* variances may differ from row to row */
} KtmLinearVariance;

/* A fitted regression; read it, never write it.  Unit: y. */
typedef struct
{
  size_t n, p;
  KtmLinearVariance variance;
  double level, df;          /* df = n - p */
  double *beta;              /* p */
  double *vcov;              /* p x p, classic or HC3 as asked */
  KtmContrast *coefficient;  /* p, t with n - p df */
  double *fitted, *residual; /* n */
  double *leverage;          /* n, 0..1 */
  double rss, sigma;         /* residual sum of squares; sqrt (rss / df) */
  double r2, adjusted_r2;    /* about the mean where X can make a constant, else about 0 */
  KtmTest overall; /* all but the constant, classic F whatever the variance; NaN: nothing but it */
  double loglik, aic, bic;   /* normal, sigma counted as a parameter */
} KtmLinear;

KtmStatsStatus ktm_linear_fit      (const double *y, const double *x, size_t n, size_t p,
                                    KtmLinearVariance variance, double level, KtmLinear **out);
void           ktm_linear_free     (KtmLinear *linear);
KtmStatsStatus ktm_linear_contrast (const KtmLinear *linear, const double *l, double level,
                                    KtmContrast *out);
KtmStatsStatus ktm_linear_joint    (const KtmLinear *linear, const double *l, size_t n_rows,
                                    KtmTest *out);
KtmStatsStatus ktm_linear_columns  (const KtmLinear *linear, const size_t *column,
                                    size_t n_columns, KtmTest *out);
