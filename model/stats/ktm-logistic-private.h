/* model/stats: the (penalised) likelihood on orthonormal columns (private to ktm-logistic). */
#pragma once

#include "ktm-logistic.h"

typedef struct
{
  size_t n, p;
  bool firth;
  const double *y;     /* n, 0 or 1; borrowed */
  double *q, *r;       /* QR of the columns in some order */
  double *eta, *w;     /* n */
  double *fisher;      /* p x p: Cholesky factor of Q'WQ at the last evaluation */
  double *part, *score, *step, *trial, *row; /* p x p, p, p, p, p */
  double *bend, *up, *down; /* p x p, p, p: Firth's Hessian by differences */
  double loglik, objective; /* without and with the penalty */
  size_t iterations;
  KtmSeparation separation;
  double *memory;
} KtmLogit;

bool           ktm_logit_init     (KtmLogit *d, const double *y, size_t n, size_t p);
void           ktm_logit_clear    (KtmLogit *d);
KtmStatsStatus ktm_logit_columns  (KtmLogit *d, const double *x, const size_t *last,
                                   size_t n_last);
bool           ktm_logit_evaluate (KtmLogit *d, const double *b);
KtmStatsStatus ktm_logit_maximise (KtmLogit *d, double *b, size_t n_free,
                                   const KtmProgress *progress);
