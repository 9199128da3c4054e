/* Trajectory classes: who is in them?  Covariates of class membership in three steps, with the
 * classification error taken into account. */
#pragma once

#include "ktm-gbtm.h"

typedef struct
{
  size_t  n, n_classes, p;      /* p: columns with the intercept */
  double *beta, *se, *z, *p_value, *ratio, *ratio_low,
      *ratio_high;              /* (K − 1) × p: class 1 … against class 0 */
  double *vcov;                 /* ((K − 1) p)² */
  double  loglik;
  double  error[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_CLASSES];  /* P(told class | class) */
} KtmGbtmSteps;

/* Step one is @fit, step two its most likely classes, step three a multinomial logit whose outcome
 * is those classes, misclassified as the fit says they are (maximum-likelihood correction).
 *
 * @covariate: n_subjects × n_covariates, row-major, raw, for the subjects of the data @fit was made
 * from; rows of patients without a score are not read
 * @level:     of the Wald intervals of the odds ratios; standard errors from the sandwich
 * @out:       ktm_gbtm_steps_clear(); pointers NULL on any status but OK
 * Errors: BAD_ARGUMENT (one class, a size), NOT_FINITE, TOO_FEW, SINGULAR (collinear columns, or
 * classes that the scores do not tell apart), SEPARATED, NO_CONVERGENCE, NO_MEMORY. Source: Vermunt
 * (2010), Polit Anal 18:450-469; the uncertainty of step one is not in the standard errors. */
KtmStatsStatus
ktm_gbtm_three_steps (const KtmGbtmFit *fit, const double *covariate, size_t n_subjects,
                      size_t n_covariates, double level, KtmGbtmSteps *out);
void           ktm_gbtm_steps_clear (KtmGbtmSteps *steps);
