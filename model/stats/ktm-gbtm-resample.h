/* Trajectory classes: what happens to them when patients are left out or drawn again.
 *
 * Each function takes the data a model was fitted to and the fit.  Every turn has its own stream of
 * random numbers: results are the same for any number of threads.  Errors common to all:
 * BAD_ARGUMENT (the fit is not of these data, a size), CANCELLED, NO_MEMORY, and those of
 * ktm_gbtm_fit().
 */
#pragma once

#include "ktm-gbtm.h"

/* How early can the class be told?  For each patient the model is fitted again without this patient
 * (from the optimum), and the class told from the scores up to each time of @at is set against the
 * class told from all scores and all patients.  A patient counts at a time from the first score on
 * and as long as the last score is not before it.
 *
 * @counts:    n_at × K × K, row-major [time][class in the end][class told]
 * @certainty: n_at × K: mean probability then given to the class in the end; NaN without patients
 * On any status but OK counts are 0 and certainties NaN. */
KtmStatsStatus
ktm_gbtm_early (const KtmGbtmData *data, const KtmGbtmFit *fit, const double *at, size_t n_at,
                unsigned n_threads, const KtmProgress *progress, size_t *counts, double *certainty);

typedef struct
{
  size_t  n_done, n_failed;
  double
      jaccard[KTM_GBTM_MAX_CLASSES];  /* mean overlap of each class with itself in the resamples */
  double found[KTM_GBTM_MAX_CLASSES]; /* share of resamples in which that overlap is at least 0.5 */
  double *same; /* n_subjects of the data: share of resamples that put the patient in
                   the same class; NaN without a score */
  double  coef_se[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_COEF];
  double coef_low[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_COEF],
      coef_high[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_COEF];
  double  sigma_se[KTM_GBTM_MAX_CLASSES], pi_se[KTM_GBTM_MAX_CLASSES];
  double  pi_low[KTM_GBTM_MAX_CLASSES], pi_high[KTM_GBTM_MAX_CLASSES];
} KtmGbtmStability;

/* Bootstrap by patient.  Each resample is fitted from the optimum and from @n_starts further
 * starts, the best taken; its classes are matched to the original ones by the assignment of all
 * patients that agrees most.
 *
 * @level: of the percentile intervals (quantile of type 6)
 * @out:   ktm_gbtm_stability_clear(); on CANCELLED empty
 * Source: Efron & Tibshirani (1993); Hennig (2007), Comput Stat Data Anal 52:258-271 (overlap by
 * Jaccard). */
KtmStatsStatus
ktm_gbtm_stability (const KtmGbtmData *data, const KtmGbtmFit *fit, size_t n_resamples,
                    size_t n_starts, uint64_t seed, double level, unsigned n_threads,
                    const KtmProgress *progress, KtmGbtmStability *out);
void           ktm_gbtm_stability_clear (KtmGbtmStability *stability);

/* Bootstrap likelihood-ratio test of @small (K classes) against @large (K + 1): cohorts with the
 * same visits are drawn from @small and fitted with both.
 *
 * @out:    statistic 2(l − l), df the difference in parameters (for information: the statistic is
 * not chi²), p = (1 + number at least as large)/(1 + @n_done) Source: McLachlan (1987), Appl Stat
 * 36:318-324. */
KtmStatsStatus
ktm_gbtm_blrt (const KtmGbtmData *data, const KtmGbtmFit *small, const KtmGbtmFit *large,
               size_t n_resamples, uint64_t seed, unsigned n_threads, const KtmProgress *progress,
               KtmTest *out, size_t *n_done);
