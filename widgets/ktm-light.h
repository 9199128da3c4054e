/* KtmLight icons: a traffic light for a number, doubled by its shape: a disc with ✓, a triangle, a
 * square with ✕. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-class-lights.h"

G_BEGIN_DECLS

/* Nothing is drawn for KTM_LIGHT_NONE; the place stays, so that columns align. */
GtkWidget  *ktm_light_new  (KtmLight light);
/* "good", "borderline", "poor" in the language of the window; "" for NONE. */
const char *ktm_light_word (KtmLight light);

G_END_DECLS
