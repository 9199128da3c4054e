/* Multinomial (baseline-category) logistic regression; two classes: ordinary logistic regression.
 */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  size_t n, n_classes, p;
  double *class_n;      /* n_classes: patients, or their summed weights */
  /* (n_classes − 1) × p, row-major: class 1 … against class 0 */
  double *beta, *se, *z, *p_value, *ratio, *ratio_low, *ratio_high;
  double *vcov;         /* ((n_classes − 1) p)² */
  double loglik, loglik_null, aic, mcfadden_r2;
  KtmTest lr;           /* likelihood ratio against intercepts only */
} KtmMultinom;

/* @y:      n classes 0 … n_classes − 1, or NULL with @weight
 * @weight: n × n_classes shares of each patient in each class (posterior probabilities, summing to
 * 1), or NULL. Standard errors then take the shares as known: they are too small where classes
 * overlap (ktm_gbtm_three_step() corrects for that).
 * @x:      n × p, row-major, first column 1
 * @level:  of the Wald intervals of the odds ratios
 * @out:    ktm_multinom_clear(); all pointers NULL on any status but OK
 * Errors: BAD_ARGUMENT, NOT_FINITE, TOO_FEW (no more patients than parameters), UNDEFINED (an empty
 * class), SINGULAR (collinear columns), SEPARATED (a maximum at infinity), NO_CONVERGENCE,
 * NO_MEMORY. Source: Agresti (2013), Categorical Data Analysis, ch. 8.1; Newton-Raphson, observed
 * information. */
KtmStatsStatus ktm_multinom (const size_t *y, const double *weight, const double *x, size_t n,
                             size_t p, size_t n_classes, double level, KtmMultinom *out);
void           ktm_multinom_clear (KtmMultinom *fit);
