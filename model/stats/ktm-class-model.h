/* KtmClassModel: trajectory classes as they can be kept and used again: the fitted model with what
 * it takes to say what it is and where it comes from.
 *
 * Plain numbers and owned strings; immutable after it was made, so any thread may read it.  libc
 * only.
 */
#pragma once

#include "ktm-class-result.h"

typedef struct
{
  int          ref_count;     /* atomic */
  KtmGbtmModel model;
  char        *measure;       /* id of the measure it was made from */
  char        *time_unit;     /* "month" */
  double       from, to;      /* nominal times of the visits used */
  bool         lower_better, sigma_by_class;
  char *name[KTM_GBTM_MAX_CLASSES]; /* NULL where nobody renamed the class */
  uint64_t     seed;
  size_t       n_starts;      /* tried */
  char        *version;       /* of the program that fitted it */
  double       loglik;
  size_t       n_subjects, n_obs, n_par;
  uint64_t     fingerprint;   /* of the scores it was fitted to: ktm_class_fingerprint() */
  double      *vcov;          /* n_par²; NULL: no standard errors */
} KtmClassModel;

/* A number that tells sets of scores apart: FNV-1a over (time, score) of the patients in the order
 * of their scores, so that neither the order of the patients nor their codes are in it. */
uint64_t ktm_class_fingerprint (const KtmGbtmData *data);

/* The chosen model of @result.  @version and @time_unit are copied.  NULL: no model was chosen, or
 * no memory. */
KtmClassModel *ktm_class_model_new (const KtmClassResult *result, const char *time_unit,
                                    const char *version);
KtmClassModel *ktm_class_model_ref   (const KtmClassModel *model); /* NULL: NULL */
void           ktm_class_model_unref (KtmClassModel *model);

/* Whether the numbers can be a model: 1 … 8 classes, as many coefficients as the shape takes,
 * shares that sum to one, positive spreads, finite numbers, scale ends in order.  For whoever reads
 * one from a file. */
bool ktm_class_model_is_valid (const KtmClassModel *model);

/* Every patient of @data under the parameters of @model: nothing is estimated.
 *
 * @vcov: n_par² of the model in the order of KtmGbtmFit; NULL: standard errors are NaN
 * @out:  ktm_gbtm_fit_free(); posterior, most likely class, adequacy and log-likelihood are of
 * @data, curves and shares of @model; AIC, BIC, ICL and SABIC are NaN, for they price parameters
 * that were estimated.  NULL on any status but OK.
 * Errors: TOO_FEW (no score), NOT_FINITE, BAD_ARGUMENT, NO_MEMORY. */
KtmStatsStatus ktm_gbtm_apply (const KtmGbtmData *data, const KtmGbtmModel *model,
                               const double *vcov, size_t n_par, KtmGbtmFit **out);

/* Makes the model the chosen one of @result, which holds the patients it is applied to: names,
 * seed and spec go along.  Errors: those of ktm_gbtm_apply(). */
KtmStatsStatus ktm_class_result_apply (KtmClassResult *result, const KtmClassModel *model);
