/* model/analysis: one number a patient, split in groups: what comparisons between groups start
 * from. */
#pragma once

#include "ktm-ancova.h"
#include "ktm-multiplicity.h"
#include "ktm-run.h"

G_BEGIN_DECLS

typedef enum
{
  KTM_OUTCOME_CHANGE,
  KTM_OUTCOME_FOLLOWUP,
  KTM_OUTCOME_ANCOVA,
  KTM_OUTCOME_PERCENT
} KtmOutcome;

/* Owned arrays of @n.  Groups without any patient are left out. */
typedef struct
{
  gsize         n, n_groups;
  double *value, *before, *after; /* before and after are NaN where FOLLOWUP does not need them */
  gsize        *group;                    /* 0 … n_groups − 1 */
  gsize        *patient;
  gsize        *size;                     /* n_groups */
  const char  **label;                    /* n_groups, borrowed strings */
  gsize         n_no_group, n_no_score, n_no_before, n_zero_before;
} KtmGrouped;

/* Of @attribute's levels (in @run's order when it is the run's grouping) at @visit. */
void ktm_run_grouped (const KtmRun *run, const KtmFrameAttribute *attribute, gsize visit,
                      KtmOutcome outcome, KtmGrouped *out);
void     ktm_grouped_clear (KtmGrouped *grouped);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmGrouped, ktm_grouped_clear)

/* Values of one group, copied to @out (room for n); their number. */
gsize    ktm_grouped_values (const KtmGrouped *grouped, gsize group, double *out);
gboolean ktm_outcome_parse  (const char *word, KtmOutcome *out);
KtmAdjust   ktm_run_adjust      (const KtmRun *run);
const char *ktm_run_adjust_text (const KtmRun *run);    /* N_() "Holm" … */
/* An attribute that describes a patient at baseline: no date, no baseline score, nothing that came
 * later. */
gboolean ktm_run_is_trait    (const KtmFrameAttribute *attribute);
/* An attribute that was known at baseline and makes sensible groups: 2 to 8 levels used. */
gboolean ktm_run_is_grouping (const KtmRun *run, const KtmFrameAttribute *attribute);
const char *ktm_attribute_label (const KtmFrameAttribute *attribute);

G_END_DECLS
