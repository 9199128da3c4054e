/* model/stats: data, structures and likelihood of the MMRM (private to ktm-mmrm). */
#pragma once

#include "ktm-mmrm.h"

/* Subjects with the same visits and the same rows of X: their mean and scatter are all one needs.
 */
typedef struct
{
  double n;
  double *x;     /* m x p, rows of the orthonormal Q */
  double *mean;  /* m */
  double *ss;    /* m x m, scatter about the mean */
  double *z;     /* m x p: S^-1 x, after derivatives times L'^-1 */
} KtmMmrmCell;

/* Subjects with the same visits. */
typedef struct
{
  size_t m, first, n_cells;
  double n;
  size_t *visit; /* m, ascending */
  double *s;     /* m x m: S^-1 at the last evaluation */
} KtmMmrmPattern;

typedef struct
{
  size_t n, p, t, n_subjects, n_complete, n_patterns, n_cells;
  bool reml;
  KtmMmrmPattern *pattern;
  KtmMmrmCell *cell;
  void *memory[16];          /* blocks behind all of the arrays */
  double *q, *r,
      *beta0; /* X = QR in the order of the subjects; beta0 = Q'y; q is NULL once grouped */
  double y_scale;
  double *start;             /* t x t: pairwise covariance of the residuals, made definite */
  bool every_pair;           /* every two visits seen in one subject */
  /* the last evaluation */
  double *l;                 /* p x p: Cholesky factor of A = X'V^-1 X */
  double *b;                 /* p */
  double *work;              /* see ktm-mmrm-likelihood.c */
  double log_a;
  /* derivatives in the packed lower triangle of Sigma, k = t(t+1)/2 */
  double *g;                 /* k */
  double *h;                 /* k x k, observed */
  double *fisher;            /* k x k, expected */
  double *mt;                /* k x p(p+1)/2: L^-1 M L'^-1, off-diagonals times sqrt 2 */
  double *ht;                /* k x p */
} KtmMmrmData;

/* The caller's rows, which live as long as what is made of them.  x: n x p; or n_x x p where row is
 * given: which of them each score has. */
typedef struct
{
  const double *y, *x;
  const size_t *subject, *visit, *row;
  size_t n_x;
} KtmMmrmRows;

KtmStatsStatus ktm_mmrm_data_init  (KtmMmrmData *d, const KtmMmrmRows *rows);
void           ktm_mmrm_data_clear (KtmMmrmData *d);

double ktm_mmrm_deviance    (KtmMmrmData *d, const double *sigma);
bool   ktm_mmrm_derivatives (KtmMmrmData *d, const KtmProgress *progress);

size_t ktm_mmrm_n_theta  (KtmMmrmStructure structure, size_t t);
void   ktm_mmrm_start    (KtmMmrmStructure structure, size_t t, const double *sigma, double *theta);
void   ktm_mmrm_sigma    (KtmMmrmStructure structure, size_t t, const double *theta, double *sigma);
void   ktm_mmrm_jacobian (KtmMmrmStructure structure, size_t t, const double *theta, double *work,
                          double *j);
void   ktm_mmrm_bend     (KtmMmrmStructure structure, size_t t, const double *theta,
                          const double *g, double *work, double *h);
