/* KtmExportDialog: one figure, its size, type and colours, and what an editor would send back. */
#pragma once

#include <adwaita.h>

#include "ktm-chart.h"

G_BEGIN_DECLS

#define KTM_TYPE_EXPORT_DIALOG (ktm_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KtmExportDialog, ktm_export_dialog, KTM, EXPORT_DIALOG, AdwWindow)

/* @frame is referenced, @options and @recipe are copied; @report (nullable) is taken.  @recipe may
 * be NULL: then the file cannot rebuild the chart. */
void ktm_export_dialog_present (GtkWindow *parent, const KtmChartType *type, KtmFrame *frame,
                                KtmReport *report, const KtmChartOptions *options,
                                const KtmRecipe *recipe);

G_END_DECLS
