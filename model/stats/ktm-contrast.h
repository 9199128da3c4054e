/* model/stats: linear functions of coefficients, shared by the regression families. */
#pragma once

#include "ktm-stats.h"

/* Which likelihood a mixed model maximises: REML for covariances, ML to compare fixed effects. */
typedef enum
{
  KTM_LIKELIHOOD_ML,
  KTM_LIKELIHOOD_REML
} KtmLikelihood;

/* L b with its interval and the two-sided test of L b = 0 (t, or z where df is infinite). */
typedef struct
{
  KtmEstimate estimate;
  KtmTest test;
} KtmContrast;

#define KTM_CONTRAST_NAN ((KtmContrast) { KTM_ESTIMATE_NAN, KTM_TEST_NAN })

/* Degrees of freedom of l'b (p weights); may be INFINITY, never NaN. */
typedef double (*KtmContrastDf) (const double *l, const void *model);

double         ktm_contrast_t_p      (double t, double df);
double         ktm_contrast_t_factor (double level, double df);
double         ktm_contrast_f_p      (double f, double df1, double df2);
KtmContrast    ktm_contrast_make     (double value, double se, double df, double level);
bool           ktm_contrast_level_ok (double level);
double         ktm_contrast_satterthwaite    (const double *l, size_t p, const double *vcov,
                                              const double *spread, size_t n);
double         ktm_contrast_satterthwaite_at (size_t column, size_t p, const double *vcov,
                                              const double *spread, size_t n);
KtmStatsStatus ktm_contrast_of       (const double *l, size_t p, const double *beta,
                                      const double *vcov, KtmContrastDf df, const void *model,
                                      double level, KtmContrast *out);
KtmStatsStatus ktm_contrast_joint    (const double *l, size_t n_rows, size_t p, const double *beta,
                                      const double *vcov, KtmContrastDf df, const void *model,
                                      KtmTest *out);
