/* Cox proportional hazards regression. */
#pragma once

#include "ktm-stats.h"

typedef enum { KTM_COX_EFRON, KTM_COX_BRESLOW } KtmCoxTies;

typedef struct
{
  size_t  n, n_events, p;
  double *beta, *se, *z, *p_value, *ratio, *ratio_low,
      *ratio_high;       /* p; hazard ratios with Wald limits */
  double *zph, *zph_p;   /* p: score test of proportional hazards on 1 − KM(t−), 1 df each */
  double *vcov;          /* p × p */
  double  loglik0, loglik;
  KtmTest lrt, wald, score;
  double  concordance;
} KtmCox;

/* @time, @event: as in ktm-survival.h
 * @x:     n × p, row-major, no column of ones
 * @level: of the Wald limits
 * @out:   ktm_cox_clear(); all pointers NULL on any status but OK
 * Errors: TOO_FEW (no more events than columns), BAD_ARGUMENT, NOT_FINITE, SINGULAR (a constant or
 * collinear column), SEPARATED (a hazard ratio of 0 or infinity), NO_CONVERGENCE, NO_MEMORY.
 * Source: Cox (1972); Efron (1977), J Am Stat Assoc 72:557-565; Grambsch & Therneau (1994),
 * Biometrika 81:515-526 as a score test. */
KtmStatsStatus ktm_cox (const double *time, const bool *event, const double *x, size_t n, size_t p,
                        KtmCoxTies ties, double level, KtmCox *out);
void           ktm_cox_clear (KtmCox *fit);
