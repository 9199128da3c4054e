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
