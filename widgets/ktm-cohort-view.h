/* KtmCohortView: what the patients of a subgroup are as a whole: table 1, patient flow, missing
 * scores.
 *
 * One of the three is shown, by its analysis' id: "table1", "flow", "missingness".  Follows the
 * study while it is on screen; the work is done in the background.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_COHORT_VIEW (ktm_cohort_view_get_type ())
G_DECLARE_FINAL_TYPE (KtmCohortView, ktm_cohort_view, KTM, COHORT_VIEW, GtkWidget)

GtkWidget *ktm_cohort_view_new      (KtmStudy *study);
void       ktm_cohort_view_set_part (KtmCohortView *self, const char *analysis);
/* The flow diagram as it is shown, for export; NULL while another part is. */
KtmChartOptions *ktm_cohort_view_dup_options (KtmCohortView *self);
/* Shows the flow diagram as @options say; FALSE: this cohort has no such measure or attribute. */
gboolean   ktm_cohort_view_apply    (KtmCohortView *self, const KtmChartOptions *options);
gboolean   ktm_cohort_view_is_busy  (KtmCohortView *self);

G_END_DECLS
