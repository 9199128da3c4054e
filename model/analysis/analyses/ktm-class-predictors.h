/* model/analysis: what the files of the analysis "class-predictors" share. */
#pragma once

#include "../ktm-class-traits.h"
#include "../ktm-run-classes.h"

/* One run of the analysis.  Everything is borrowed. */
typedef struct
{
  const KtmRun         *run;
  const KtmClassResult *result;
  const KtmGbtmFit     *fit;
  GArray               *waiting;   /* Waiting: rows that hold a test */
} KtmClassTable;

const char *ktm_class_table_name (const KtmClassTable *table, gsize k);
/* The card of odds ratios, in three steps or one.  FALSE with an error: the request cannot be
 * honoured. */
gboolean    ktm_class_table_odds (const KtmClassTable *table, const GPtrArray *traits,
                                  GError **error);
