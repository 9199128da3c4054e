/* KtmClassResult: trajectory classes found in a frame: who is in which class, how surely, and every
 * model fitted on the way.
 *
 * Made once by an analysis (new, then search), then read by charts, cohort and window from any
 * thread; only the names may be changed, by the one thread that owns the result.  Rows are those of
 * the frame the classes were made from; another frame of the same cohort finds its patients by
 * ktm_class_result_find().  libc only.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-gbtm-search.h"

/* Certainty of the most likely class as charts and cards tell it apart. */
#define KTM_CLASS_CERTAIN 0.9
#define KTM_CLASS_LIKELY  0.7

typedef struct _KtmClassResult
{
  int           ref_count;     /* atomic */
  char         *measure;       /* id of the measure the classes were made from */
  double        from, to;      /* nominal times of the visits used */
  size_t        n_patients;    /* rows of the frame */
  uint32_t     *subject;       /* n_patients: index in the cohort */
  size_t       *n_scores;      /* n_patients: scores used; 0: the patient is in no class */
  size_t        n_one_score;   /* patients with exactly one */
  KtmGbtmData   data;          /* what was fitted; arrays owned here */
  KtmGbtmSpec   spec;          /* without n_classes */
  KtmGbtmSearch search;
  size_t        n_classes;     /* chosen; 0: none could be fitted */
  bool          by_person;     /* the number was asked for, not recommended */
  bool applied; /* a saved model under fixed parameters: nothing was fitted to these patients */
  bool own_degrees; /* the chosen model has a degree for each class, the others have not */
  bool          lower_better;
  char *name[KTM_GBTM_MAX_CLASSES]
            [KTM_GBTM_MAX_CLASSES]; /* [n − 1][k]: as people named class k of n; NULL: as usual */
  struct _KtmClassResult *scores;   /* a reference: who owns the arrays above; NULL: this one */
  double *same; /* n_patients: share of the bootstrap resamples that put the patient in the same
                   class; NaN without a score; NULL until class-stability was run */
} KtmClassResult;

/* Takes the scores of @measure at visits from…to out of @frame, as they are: a missing visit is a
 * row that is not there.
 *
 * @in:       n_patients flags of who takes part, or NULL: everybody
 * @censored: scores pile up at the ends of the scale (ignored where the measure has none)
 * @out:      ktm_class_result_unref(); without any model yet.  NULL on any status but OK
 * Errors: NO_MEMORY. */
KtmStatsStatus ktm_class_result_new (const KtmFrame *frame, size_t measure, double from, double to,
                                     const bool *in, bool censored, KtmClassResult **out);
/* Number of different times among the scores: a polynomial needs more of them than its degree. */
size_t          ktm_class_result_n_times (const KtmClassResult *result);
/* The first @most of these times, ascending; returns how many there are of them. */
size_t ktm_class_result_times (const KtmClassResult *result, double *times, size_t most);
/* Were both made from the same scores of the same patients, by the same rules (shape, starts,
 * seed)? Then a search of one need not be made again for the other. */
bool ktm_class_result_same (const KtmClassResult *a, const KtmClassResult *b);
/* The same models with another number of classes chosen (as ktm_class_result_search() chooses;
 * @n_classes 0: the recommended one) and the names people gave them in @frame (NULL: @result's).
 * Shares everything else with @result, which may go.  NULL: out of memory. */
KtmClassResult *ktm_class_result_choose (const KtmClassResult *result, const KtmFrame *frame,
                                         size_t n_classes);
/* The same scores with what a search found so far. */
KtmClassResult *ktm_class_result_so_far (const KtmClassResult *result, const KtmGbtmSearch *search,
                                         size_t n_classes);
/* ktm_gbtm_search_watched() on the result's scores; takes @n_classes (0: the number recommended),
 * or the largest fitted below it. Errors: those of ktm_gbtm_search(); on CANCELLED what was fitted
 * is kept and one of it chosen. */
KtmStatsStatus
ktm_class_result_search (KtmClassResult *result, const KtmGbtmSpec *spec, size_t max_classes,
                         size_t n_growth, size_t n_classes, const KtmProgress *progress,
                         const KtmGbtmWatch *watch);

KtmClassResult *ktm_class_result_ref    (const KtmClassResult *result);
void            ktm_class_result_unref  (KtmClassResult *result);

/* The chosen model; NULL where none could be fitted.  Borrowed. */
const KtmGbtmFit *ktm_class_result_fit  (const KtmClassResult *result);
/* The row of @frame's patient @row in the result: −1, not among those the classes were made from.
 */
long ktm_class_result_find (const KtmClassResult *result, const KtmFrame *frame, size_t row);
/* Most likely class of the result's row, −1 none; its probability in @certainty (nullable; NaN with
 * −1). */
int ktm_class_result_class (const KtmClassResult *result, size_t row, double *certainty);
/* The name of class @k of a model with @n classes: as people named it in the cohort, else made from
 * the order.  Borrowed, static or the result's; a message to translate unless renamed. */
const char     *ktm_class_result_name   (const KtmClassResult *result, size_t n, size_t k);
/* Renames class @k of the chosen model; an empty or repeated name is refused with false. */
bool            ktm_class_result_rename (KtmClassResult *result, size_t k, const char *name);
/* The name nobody gave: "Mild"; static, a message to translate. */
const char *ktm_class_default_name (size_t n, size_t k, bool lower_better);
/* Position in the palette of class @k of @n: the lowest green, the middle blue, the highest
 * vermilion, wherever classes are drawn. */
size_t          ktm_class_look          (size_t n, size_t k);
/* The last time at which anybody most likely in class @k of @fit has a score: the curve is not
 * shown after it. */
double ktm_class_result_last (const KtmClassResult *result, const KtmGbtmFit *fit, size_t k);
