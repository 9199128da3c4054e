/* model/stats: mixed model for repeated measures: a mean for every cell, a covariance of visits. */
#pragma once

#include "ktm-contrast.h"

/* More visits than this: TOO_LARGE. */
#define KTM_MMRM_MAX_VISITS 40

/* Covariance of a subject's visits, from the freest to the simplest; the fall-backs' order. */
typedef enum
{
  KTM_MMRM_UNSTRUCTURED,
  KTM_MMRM_TOEPLITZ_HETEROGENEOUS,
  KTM_MMRM_AR1_HETEROGENEOUS, /* by visit number, whatever the months between */
  KTM_MMRM_CS_HETEROGENEOUS,
  KTM_MMRM_CS,
  KTM_MMRM_N_STRUCTURES
} KtmMmrmStructure;

typedef enum
{
  KTM_MMRM_AS_ASKED,
  KTM_MMRM_PAIR_NOT_SEEN,     /* two visits no subject has both of */
  KTM_MMRM_NOT_CONVERGED,     /* no maximum inside: a correlation of 1, too few subjects */
  KTM_MMRM_INFORMATION_SINGULAR
} KtmMmrmReason;

typedef struct
{
  KtmMmrmStructure structure;
  bool fall_back;             /* try the simpler ones where this one has no fit */
  KtmLikelihood likelihood;
  double level;
} KtmMmrmOptions;

/* A fitted model; read it, never write it.  Unit: y. */
typedef struct
{
  size_t n_rows, n_columns, n_visits, n_subjects, n_complete, n_patterns, n_covariance, iterations;
  KtmLikelihood likelihood;
  double level;
  KtmMmrmStructure asked, structure;
  KtmMmrmReason reason;                         /* why not the one asked for */
  KtmStatsStatus attempt[KTM_MMRM_N_STRUCTURES]; /* how each tried one ended; OK where not tried */
  double loglik;                                /* all constants in, no log|X'X| */
  double aic, bic; /* covariance parameters only; BIC counts subjects */
  double *beta;                                 /* n_columns */
  double *vcov;                                 /* n_columns x n_columns, (X'V^-1 X)^-1 */
  KtmContrast *coefficient;                     /* n_columns, t with Satterthwaite df */
  double *sigma, *correlation;                  /* n_visits x n_visits */
  double *spread;                               /* n_covariance x n_columns x n_columns, for df */
} KtmMmrm;

KtmStatsStatus ktm_mmrm_fit      (const double *y, const size_t *subject, const size_t *visit,
                                  const double *x, size_t n, size_t p, size_t n_visits,
                                  const KtmMmrmOptions *options, const KtmProgress *progress,
                                  KtmMmrm **out);
KtmStatsStatus ktm_mmrm_fit_rows (const double *y, const size_t *subject, const size_t *visit,
                                  const double *x, size_t n_x, const size_t *row, size_t n,
                                  size_t p, size_t n_visits, const KtmMmrmOptions *options,
                                  const KtmProgress *progress, KtmMmrm **out);
void           ktm_mmrm_free     (KtmMmrm *mmrm);
double         ktm_mmrm_df       (const KtmMmrm *mmrm, const double *l);
KtmStatsStatus ktm_mmrm_contrast (const KtmMmrm *mmrm, const double *l, double level,
                                  KtmContrast *out);
KtmStatsStatus ktm_mmrm_joint    (const KtmMmrm *mmrm, const double *l, size_t n_rows,
                                  KtmTest *out);

/* English words, marked for translation; never NULL. */
const char    *ktm_mmrm_structure_text (KtmMmrmStructure structure);
const char    *ktm_mmrm_reason_text    (KtmMmrmReason reason);
