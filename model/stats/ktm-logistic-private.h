/* model/stats: the (penalised) likelihood on orthonormal columns (private to ktm-logistic). */
#pragma once

#include "ktm-logistic.h"

typedef struct
{
  size_t n, p;
  bool firth;
  const double *y;     /* n, 0 or 1, or how many of the row's patients are 1; borrowed */
  const double *count; /* n: patients of each row, borrowed; NULL: one each */
  double total;        /* patients */
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

/* Patients with the same columns as one row. */
typedef struct
{
  size_t n;        /* rows */
  double *x;       /* n x p */
  double *y;       /* n: patients with y = 1 */
  double *count;   /* n: patients */
  size_t *row;     /* patients: the row of each */
} KtmLogitRows;

/* False, with nothing to clear: there is no memory, or gathering would not shorten the list to a
 * quarter. */
bool           ktm_logit_gather   (const double *y, const double *x, size_t n, size_t p,
                                   KtmLogitRows *rows);
void           ktm_logit_scatter  (KtmLogitRows *rows);

/* @count: n patients a row, borrowed; NULL: one each. */
bool           ktm_logit_init     (KtmLogit *d, const double *y, const double *count, size_t n,
                                   size_t p);
void           ktm_logit_clear    (KtmLogit *d);
KtmStatsStatus ktm_logit_columns  (KtmLogit *d, const double *x, const size_t *last,
                                   size_t n_last);
bool           ktm_logit_evaluate (KtmLogit *d, const double *b);
KtmStatsStatus ktm_logit_maximise (KtmLogit *d, double *b, size_t n_free,
                                   const KtmProgress *progress);
