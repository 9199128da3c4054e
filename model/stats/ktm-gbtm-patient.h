/* Trajectory classes: where one patient belongs and is heading, visit by visit. */
#pragma once

#include "ktm-gbtm.h"

/* Probability of each class for a patient with @n scores (n may be 0: what is known before any).
 *
 * @covariate: model->n_covariates raw values, or NULL: the mean shares
 * @out:       n_classes
 * Errors: NOT_FINITE; on any but OK @out is NaN.  The uncertainty of the model itself is not in it.
 */
KtmStatsStatus ktm_gbtm_posterior (const KtmGbtmModel *model, const double *covariate,
                                   const double *time, const double *y, size_t n, double *out);

/* The same after none, the first, the first two … of the scores in the order of time given.
 * @out: (n + 1) × n_classes, row-major. */
KtmStatsStatus ktm_gbtm_follow (const KtmGbtmModel *model, const double *covariate,
                                const double *time, const double *y, size_t n, double *out);

/* What the patient's score will be at times @at, given the scores so far: value is the expected
 * score on the scale, low and high bound a new score with probability @level (quantiles of the
 * mixture of the classes, with the visit-to-visit spread), se is NaN.
 *
 * Errors: BAD_ARGUMENT (level), NOT_FINITE, NO_MEMORY; on any but OK every field of @out is NaN. */
KtmStatsStatus ktm_gbtm_outlook (const KtmGbtmModel *model, const double *covariate,
                                 const double *time, const double *y, size_t n, const double *at,
                                 size_t n_at, double level, KtmEstimate *out);
