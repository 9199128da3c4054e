/* KtmMethodsWindow: the methods paragraph of the results, in each language the program speaks,
 * ready to copy. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-report.h"

G_BEGIN_DECLS

/* Presents a window over @parent.  @reports: KtmReport *, read during the call only. */
void ktm_methods_window_present (GtkWidget *parent, GPtrArray *reports);

G_END_DECLS
