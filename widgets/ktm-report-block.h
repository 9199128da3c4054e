/* Tables and bars of a report's card as widgets. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-report-blocks.h"

G_BEGIN_DECLS

/* Labels at the left, a column for each group in the group's colour; bars for shares. */
GtkWidget *ktm_report_block_new (const KtmReportBlock *table);

G_END_DECLS
