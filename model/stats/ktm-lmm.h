/* model/stats: linear mixed model, random intercept or intercept and slope by subject. */
#pragma once

#include "ktm-contrast.h"

/* A fitted model; read it, never write it.  Units: y, and y per unit of the slope variable. */
typedef struct
{
  size_t n_rows, n_columns, n_subjects, n_random, n_parameters, iterations;
  KtmLikelihood likelihood;
  double level;
  double loglik, deviance, aic, bic;  /* all constants in; BIC counts rows */
  double *beta;                       /* n_columns */
  double *vcov;                       /* n_columns x n_columns, (X'V^-1 X)^-1 */
  KtmContrast *coefficient;           /* n_columns, t with Satterthwaite df */
  double random[2][2];                /* covariance of (intercept, slope); NaN without a slope */
  double residual_variance;
  double icc;                         /* intercept share of the variance; NaN with a slope */
  bool singular; /* a variance at 0 or a correlation at +-1: a legitimate fit */
  size_t *subject;                    /* n_subjects labels, ascending */
  double *blup;                       /* n_subjects x n_random, conditional means */
  size_t n_variance;                  /* variance parameters, the residual's with them */
  double *spread;                     /* n_variance x n_columns x n_columns, for df */
} KtmLmm;

KtmStatsStatus ktm_lmm_fit      (const double *y, const size_t *subject, const double *x,
                                 const double *slope, size_t n, size_t p, KtmLikelihood likelihood,
                                 double level, const KtmProgress *progress, KtmLmm **out);
void           ktm_lmm_free     (KtmLmm *lmm);
double         ktm_lmm_df       (const KtmLmm *lmm, const double *l);
KtmStatsStatus
ktm_lmm_contrast (const KtmLmm *lmm, const double *l, double level, KtmContrast *out);
KtmStatsStatus ktm_lmm_joint    (const KtmLmm *lmm, const double *l, size_t n_rows, KtmTest *out);
