/* model/analysis: trajectory classes of a run's scores, as several analyses use them. */
#pragma once

#include "ktm-class-result.h"
#include "ktm-run.h"

G_BEGIN_DECLS

/* How the models were asked for, and what was changed to make them possible. */
typedef struct
{
  KtmStatsStatus  status;      /* of the search; CANCELLED with models: ended early on request */
  KtmClassResult *result;      /* owned; never NULL, without models when status says why */
  gsize           degree;      /* used */
  gsize           asked;       /* asked for */
  gsize           n_without;   /* patients without a score */
  gboolean        straightened; /* another curve than asked for: too few visits for its knots */
  gsize           n_degrees;   /* one a class was asked for; 0: all alike */
  gsize           degrees[KTM_GBTM_MAX_CLASSES];
  KtmStatsStatus  own_status;  /* of the model with these degrees */
  gsize           n_outside;   /* scores at visits the applied model knows nothing of */
} KtmRunClasses;

/* Whether the words and numbers about classes can be honoured for this run: the shape, the knots,
 * degrees that go with the number of classes, and a saved model that is of this measure, scale and
 * unit of time.  FALSE with one sentence. */
gboolean ktm_run_classes_check (const KtmRun *run, GError **error);

/* With options->apply places the patients by that model.  Else fits 1 … 6 classes (more when more
 * are asked for) to the scores as they were observed, whatever the run's missing rule, and models
 * with random intercepts beside them.  FALSE: stopped, or memory is out. */
gboolean ktm_run_classes       (const KtmRun *run, KtmRunClasses *out);
/* The same; @found (nullable) gets, in the searching thread, what there is whenever one number of
 * classes more was fitted, and a reference to keep or let go. */
typedef void (*KtmClassesFound) (KtmClassResult *so_far, gpointer data);
gboolean ktm_run_classes_watched (const KtmRun *run, KtmClassesFound found, gpointer data,
                                  KtmRunClasses *out);
/* What every analysis of classes begins with: makes the run, checks what was asked for, finds the
 * classes and says how.  Then @tell, whose answer is the analysis' own; it may take
 * @classes->result.  TRUE without it: stopped, which the runner says. */
typedef gboolean (*KtmClassesTell) (const KtmRun *run, KtmRunClasses *classes, GError **error);
gboolean ktm_run_with_classes  (const KtmFrame *frame, const KtmAnalysisOptions *options,
                                const KtmProgress *progress, KtmReport *report,
                                KtmClassesTell tell, GError **error);
void     ktm_run_classes_clear (KtmRunClasses *classes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmRunClasses, ktm_run_classes_clear)

/* "Too few …": why there is no model, as the sentence of a card. */
KtmText *ktm_run_classes_why_none (const KtmRunClasses *classes);
/* N_() "cubic" … */
const char *ktm_class_degree_name (gsize degree);
/* N_() "cubic", "natural cubic spline" …: the curves of @spec. */
const char *ktm_class_curve_name (const KtmGbtmSpec *spec);
/* "0, 2 and 12" months: where the knots of @spec lie; NULL: it has none. */
KtmText *ktm_class_knots_text (const KtmGbtmSpec *spec);
/* Sets shape and knots of @spec for scores at these @n ascending times: the knots given, else four
 * spread over the times (spline), or one at the second time (straight lines).  FALSE: the times are
 * too few for it, and @spec is a polynomial of the highest degree they allow. */
gboolean ktm_class_set_shape (KtmGbtmSpec *spec, KtmGbtmShape shape, const double *knots,
                              gsize n_knots, const double *times, gsize n);
/* "2,3,1" as numbers: how many; 0: NULL, or not up to eight whole numbers from 0 to 4. */
gsize    ktm_class_parse_degrees (const char *text, gsize *out);
gboolean ktm_class_shape_parse (const char *word, KtmGbtmShape *out);  /* NULL: polynomial */
/* "censored normal mixture, cubic" */
KtmText *ktm_run_classes_model    (const KtmRun *run, const KtmRunClasses *classes);
/* N_() "months" for "month" …; the unit itself where it is another. */
const char *ktm_class_unit_name (const char *unit);
/* Sentences of the methods text, citations and seed; nothing where no class was fitted. */
void     ktm_run_classes_describe (const KtmRun *run, const KtmRunClasses *classes);
gboolean ktm_run_classes_censored (const KtmRunClasses *classes);

G_END_DECLS
