/* Page of published studies: the forest, the funnel, and the table of studies behind them. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

GtkWidget *ktm_evidence_page_new (KtmStudy *study, GSettings *settings);

G_END_DECLS
