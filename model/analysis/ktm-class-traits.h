/* model/analysis: what can be said of the patients of a trajectory class besides the measure the
 * class was made from. */
#pragma once

#include "ktm-run.h"

G_BEGIN_DECLS

typedef struct
{
  char        *id, *label, *unit;  /* owned; unit nullable */
  gsize        n_levels;           /* 0: a number */
  char       **levels;             /* borrowed: of the data, or messages to translate */
  double      *value;              /* owned, n_patients; index of the level */
  KtmText *words; /* owned: the label in any language; NULL: label is of the data */
  gboolean     later;              /* known only after the start: describes, does not foretell */
} KtmClassTrait;

/* Attributes with 2 to 8 levels in use and numbers, baselines of the other measures, and who was
 * seen at the last visit. A level nobody of the run has is dropped.  Free with g_ptr_array_unref().
 */
GPtrArray *ktm_class_traits      (const KtmRun *run);
KtmText   *ktm_class_trait_name  (const KtmClassTrait *trait);   /* "Age" */
KtmText   *ktm_class_trait_label (const KtmClassTrait *trait);   /* "Age, years" */

G_END_DECLS
