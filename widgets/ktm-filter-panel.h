/* KtmFilterPanel: who.  How many of how many, what makes the subgroup, and a facet for each
 * attribute of the cohort.
 *
 * Uses the actions win.clear-filter, win.save-subgroup, win.load-subgroup(x) and
 * win.delete-subgroup(x).
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_FILTER_PANEL (ktm_filter_panel_get_type ())
G_DECLARE_FINAL_TYPE (KtmFilterPanel, ktm_filter_panel, KTM, FILTER_PANEL, GtkWidget)

GtkWidget *ktm_filter_panel_new (KtmStudy *study);

/* Facets are still being made, or counted anew. */
gboolean   ktm_filter_panel_is_busy (KtmFilterPanel *self);

/* "238 of 256 patients" of a study; free with g_free(). */
char      *ktm_filter_panel_dup_count (KtmStudy *study);

G_END_DECLS
