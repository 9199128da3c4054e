/* model/stats: logistic regression, and Firth's penalised likelihood where ML lies at infinity. */
#pragma once

#include "ktm-contrast.h"

typedef enum
{
  KTM_LOGISTIC_AUTO,  /* maximum likelihood, Firth where the data are separated */
  KTM_LOGISTIC_ML,    /* SEPARATED where the data are */
  KTM_LOGISTIC_FIRTH
} KtmLogisticMethod;

typedef enum
{
  KTM_SEPARATION_NONE,
  KTM_SEPARATION_QUASI,    /* some columns part all but the tied patients */
  KTM_SEPARATION_COMPLETE, /* some columns part responders from non-responders */
  KTM_SEPARATION_NOT_ASKED /* Firth's method was asked for */
} KtmSeparation;

/* A fitted regression; read it, never write it.  Unit of beta: log odds per unit of the column. */
typedef struct
{
  size_t n, p, n_events, iterations;
  KtmLogisticMethod used;    /* ML or FIRTH */
  KtmSeparation separation;
  double level;
  double *beta;              /* p */
  double *vcov;              /* p x p, inverse information at beta */
  KtmContrast *wald;         /* p: beta -+ z se; z test */
  KtmContrast *profile;      /* p: profile (penalised) likelihood interval, infinite where it has no
                              * end; likelihood-ratio chi-square on 1 df */
  KtmEstimate *odds_ratio;   /* p: exp of Wald (ML) or of profile (Firth); se by the delta method */
  double *fitted;            /* n: probabilities */
  double loglik, loglik_null; /* without penalty; null: the constant alone */
  KtmTest overall;           /* (penalised) likelihood ratio against the constant alone */
  double aic, mcfadden_r2;   /* of the log-likelihood without penalty */
} KtmLogistic;

KtmStatsStatus ktm_logistic_fit      (const double *y, const double *x, size_t n, size_t p,
                                      KtmLogisticMethod method, double level,
                                      const KtmProgress *progress, KtmLogistic **out);
void           ktm_logistic_free     (KtmLogistic *logistic);
KtmStatsStatus ktm_logistic_columns  (const KtmLogistic *logistic, const double *y,
                                      const double *x, const size_t *column, size_t n_columns,
                                      KtmTest *out);
KtmStatsStatus ktm_logistic_contrast (const KtmLogistic *logistic, const double *l, double level,
                                      KtmContrast *out);
KtmStatsStatus ktm_logistic_joint    (const KtmLogistic *logistic, const double *l, size_t n_rows,
                                      KtmTest *out);

/* How the intervals were made, one sentence marked for translation; never NULL. */
const char    *ktm_logistic_method_text (const KtmLogistic *logistic);
