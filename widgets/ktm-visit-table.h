/* KtmVisitTable: the numbers of the chart, visit by visit: n, mean, SD, interval, median,
 * quartiles; or each group's mean. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"

G_BEGIN_DECLS

#define KTM_TYPE_VISIT_TABLE (ktm_visit_table_get_type ())
G_DECLARE_FINAL_TYPE (KtmVisitTable, ktm_visit_table, KTM, VISIT_TABLE, GtkWidget)

GtkWidget *ktm_visit_table_new (void);
/* Computed in a worker; the old numbers stay until then.  NULL @frame: empties the table. */
void ktm_visit_table_set (KtmVisitTable *self, KtmFrame *frame, const KtmChartOptions *options);

G_END_DECLS
