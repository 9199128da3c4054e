/* KtmClassOutlook: where one patient belongs and is heading, as it was known after each visit. */
#pragma once

#include "ktm-class-result.h"

typedef struct
{
  size_t  n_scores, n_classes, n_at;
  double *time, *y;       /* n_scores, in the order of time */
  double *probability;    /* (n_scores + 1) × n_classes: after none, one, two … scores */
  double *at;             /* n_at times */
  KtmEstimate *course;    /* (n_scores + 1) × n_at: expected score, and the bounds of a new one */
} KtmClassOutlook;

/* Row @row of @result under its chosen model.
 *
 * @at:    n_at times, usually those of the visits; NULL: the distinct times of the result's scores
 * @level: of the interval in which a new score lies
 * @out:   ktm_class_outlook_clear(); empty on any status but OK.  A patient without a score has
 * only what is known before any.  The uncertainty of the model itself is not in it, and the
 *         patient's own scores helped to make it where the patient is among those fitted.
 * Errors: BAD_ARGUMENT (no such row, no model, level), NOT_FINITE, NO_MEMORY. */
KtmStatsStatus ktm_class_outlook (const KtmClassResult *result, size_t row, const double *at,
                                  size_t n_at, double level, KtmClassOutlook *out);
void           ktm_class_outlook_clear (KtmClassOutlook *outlook);
