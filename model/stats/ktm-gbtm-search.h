/* Trajectory classes: how many?  Fits for 1 … K classes, and the rule that recommends one. */
#pragma once

#include "ktm-gbtm.h"

/* Why the rule passes over a number of classes. */
typedef enum
{
  KTM_GBTM_WHY_NOT_FITTED = 1 << 0,
  KTM_GBTM_WHY_NOT_CONVERGED = 1 << 1,
  KTM_GBTM_WHY_MET_ONCE = 1 << 2,    /* the best optimum was not found again */
  KTM_GBTM_WHY_DEGENERATE = 1 << 3,  /* an empty or doubled class, or sigma at its floor */
  KTM_GBTM_WHY_SMALL_CLASS = 1 << 4, /* pi below 5 % */
  KTM_GBTM_WHY_LOW_APPA = 1 << 5,    /* below 0.7 in a class */
  KTM_GBTM_WHY_NEXT_GAINS =
      1 << 6, /* one class more lowers BIC by 10 % or more of the drop so far */
  KTM_GBTM_WHY_NO_NEXT =
      1 << 7 /* the next number of classes was not fitted, so the elbow cannot be seen */
} KtmGbtmWhy;

typedef struct
{
  size_t   n_classes;   /* recommended; 0: none is usable */
  bool by_rule; /* false: no number fulfils the whole rule; the usable one of lowest BIC is named */
  unsigned why[KTM_GBTM_MAX_CLASSES];   /* for K = index + 1: KtmGbtmWhy; 0 fulfils the rule */
  double gain[KTM_GBTM_MAX_CLASSES]; /* BIC drop of the next class / drop from one class to K; NaN
                                        unknown */
  size_t   lowest_bic, lowest_icl;      /* number of classes; 0 none */
  bool     continuum;   /* a model with random intercepts has a lower BIC than every one of these */
  size_t   continuum_classes;           /* of the best such model; 0 none was fitted */
  double   continuum_bic;
} KtmGbtmAdvice;

/* The elbow rule: the smallest K that converged and whose optimum was met again, every class ≥ 5 %
 * and APPA ≥ 0.7, whose next class lowers BIC (subjects) by less than 10 % of the drop from one
 * class to K.  A heuristic.
 *
 * @fits:    n ≤ KTM_GBTM_MAX_CLASSES entries, fits[k] with k + 1 classes; NULL where there is none
 * @growth:  n_growth fits with random intercepts, any numbers of classes, NULL allowed
 * Errors: BAD_ARGUMENT (n is 0 or too large, a fit at the wrong place). */
KtmStatsStatus
ktm_gbtm_advise (const KtmGbtmFit *const *fits, size_t n, const KtmGbtmFit *const *growth,
                 size_t n_growth, KtmGbtmAdvice *out);

typedef struct
{
  size_t         n;                              /* numbers of classes asked for */
  KtmGbtmFit    *fit[KTM_GBTM_MAX_CLASSES];      /* NULL: see status */
  KtmStatsStatus status[KTM_GBTM_MAX_CLASSES];
  size_t         n_growth;
  KtmGbtmFit    *growth[KTM_GBTM_MAX_CLASSES];   /* with random intercepts, 1 … n_growth classes */
  KtmStatsStatus growth_status[KTM_GBTM_MAX_CLASSES];
  KtmGbtmAdvice  advice;
} KtmGbtmSearch;

/* Hears of every number of classes as soon as it was fitted: @so_far is advised on, borrowed, and
 * changes after the call; a reference keeps one of its fits.  Called in the thread that searches.
 */
typedef struct
{
  void (*found) (void *data, const KtmGbtmSearch *so_far);
  void *data;
} KtmGbtmWatch;

/* Fits @spec with 1 … @max_classes classes (each start split from the one before), then with random
 * intercepts and 1 … @n_growth classes (10 starts each, 30 at most), and advises.  spec->n_classes
 * is not read; for several shapes call it for each.
 *
 * @out:   always filled in: on CANCELLED what was fitted until then is kept and advised on.
 *         ktm_gbtm_search_clear().
 * Errors: as ktm_gbtm_fit() where not even one class can be fitted, CANCELLED, NO_MEMORY.  A larger
 * number that cannot be fitted ends the row and stands in status[]. */
KtmStatsStatus
ktm_gbtm_search (const KtmGbtmData *data, const KtmGbtmSpec *spec, size_t max_classes,
                 size_t n_growth, const KtmProgress *progress, KtmGbtmSearch *out);
/* The same, telling @watch (nullable) on the way. */
KtmStatsStatus
ktm_gbtm_search_watched (const KtmGbtmData *data, const KtmGbtmSpec *spec, size_t max_classes,
                         size_t n_growth, const KtmProgress *progress, const KtmGbtmWatch *watch,
                         KtmGbtmSearch *out);
/* The same fits and advice with another owner; @out is overwritten. */
void           ktm_gbtm_search_share (const KtmGbtmSearch *search, KtmGbtmSearch *out);
void           ktm_gbtm_search_clear (KtmGbtmSearch *search);
