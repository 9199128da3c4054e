/* KtmPatientsPage: the table of the subgroup's patients, and beside it one patient. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

/* Property "count-shown": whether the table's toolbar starts with "231 of 256", which brings the
 * sidebar back. */
#define KTM_TYPE_PATIENTS_PAGE (ktm_patients_page_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientsPage, ktm_patients_page, KTM, PATIENTS_PAGE, GtkWidget)

GtkWidget *ktm_patients_page_new     (KtmStudy *study, GSettings *settings);
/* The figure of the picked patient, without the code, as options whose picked is a row of the shown
 * patients and *type; NULL: no patient is picked, or the picked one is not in the subgroup. */
KtmChartOptions *ktm_patients_page_dup_options (KtmPatientsPage *self, const char **type);
/* The trajectory classes the figure is drawn from; NULL none. */
KtmReport *ktm_patients_page_dup_report (KtmPatientsPage *self);
gboolean   ktm_patients_page_is_busy (KtmPatientsPage *self);

/* Shows the flow diagram of a recipe; FALSE: another chart, or not of this cohort. */
gboolean   ktm_patients_page_apply (KtmPatientsPage *self, const char *type,
                                    const KtmChartOptions *options);

G_END_DECLS
