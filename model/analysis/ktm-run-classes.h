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
} KtmRunClasses;

/* Fits 1 … 6 classes (more when more are asked for) to the scores as they were observed, whatever
 * the run's missing rule, and models with random intercepts beside them.  FALSE: stopped, or memory
 * is out. */
gboolean ktm_run_classes       (const KtmRun *run, KtmRunClasses *out);
/* The same; @found (nullable) gets, in the searching thread, what there is whenever one number of
 * classes more was fitted, and a reference to keep or let go. */
typedef void (*KtmClassesFound) (KtmClassResult *so_far, gpointer data);
gboolean ktm_run_classes_watched (const KtmRun *run, KtmClassesFound found, gpointer data,
                                  KtmRunClasses *out);
void     ktm_run_classes_clear (KtmRunClasses *classes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmRunClasses, ktm_run_classes_clear)

/* "Too few …": why there is no model, as the sentence of a card. */
KtmText *ktm_run_classes_why_none (const KtmRunClasses *classes);
/* N_() "cubic" … */
const char *ktm_class_degree_name (gsize degree);
/* "censored normal mixture, cubic" */
KtmText *ktm_run_classes_model    (const KtmRun *run, const KtmRunClasses *classes);
/* Sentences of the methods text, citations and seed. */
void     ktm_run_classes_describe (const KtmRun *run, const KtmRunClasses *classes);
gboolean ktm_run_classes_censored (const KtmRunClasses *classes);

G_END_DECLS
