/* model/stats: the inside of ktm-meta. */
#pragma once

#include "ktm-meta.h"

/* Weighted regression at one tau². */
typedef struct
{
  const double *y, *v, *x;  /* x: k × p */
  size_t k, p;
  KtmMetaMethod method;
  double target;            /* of the generalised Q */
} MetaModel;

typedef struct
{
  double beta[KTM_META_MAX_COLUMNS];
  double inverse[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS];  /* (X'WX)⁻¹ */
  double log_det;                                               /* log |X'WX| */
  double q;                                                     /* Σ w r² */
} MetaFit;

/* False: singular. */
bool   meta_fit        (const MetaModel *model, double tau2, MetaFit *fit);
/* tr P and tr PP, P = W − WX(X'WX)⁻¹X'W at @tau2. */
void meta_traces (const MetaModel *model, double tau2, const MetaFit *fit, double *trace,
                  double *trace2);
/* tau² by model->method. */
KtmStatsStatus meta_tau2 (const MetaModel *model, double *tau2, double *se);
/* tau² ≥ 0 at which the generalised Q equals @target. */
KtmStatsStatus meta_solve_q (const MetaModel *model, double target, double *tau2);
double meta_loglik     (const MetaModel *model, double tau2);
KtmStatsStatus meta_check (const double *y, const double *v, size_t k, double level);
