/* model/analysis: what the files of the analysis "trajectory-classes" share. */
#pragma once

#include "../ktm-run-classes.h"

/* Rows of each fitted number of classes, on the card "How many classes?". */
void     ktm_classes_add_models   (const KtmRun *run, const KtmRunClasses *classes);
/* Rows of the chosen model's classes, on the last card. */
void     ktm_classes_add_chosen   (const KtmRun *run, const KtmRunClasses *classes);
/* Expected and observed scores by class and visit, coefficients. */
void     ktm_classes_add_curves   (const KtmRun *run, const KtmRunClasses *classes);
/* The random-intercept models, with what they say of the classes; nothing where none was asked for.
 */
void     ktm_classes_add_growth   (const KtmRun *run, const KtmRunClasses *classes);
/* Other curves with as many classes.  FALSE: stopped. */
gboolean ktm_classes_add_shapes   (const KtmRun *run, const KtmRunClasses *classes);
/* Every number of classes with every other degree, where asked for.  FALSE: stopped. */
gboolean ktm_classes_add_degrees  (const KtmRun *run, const KtmRunClasses *classes);
/* Bootstrap likelihood-ratio tests around the chosen number, where asked for.  FALSE: stopped. */
gboolean ktm_classes_add_blrt     (const KtmRun *run, const KtmRunClasses *classes);
/* Standard errors from resampled patients, where asked for.  FALSE: stopped. */
gboolean ktm_classes_add_bootstrap (const KtmRun *run, const KtmRunClasses *classes);
/* Message id of the coefficient @j of a curve of @shape ("time^2"): static. */
const char *ktm_class_coef_name (KtmGbtmShape shape, gsize j);
