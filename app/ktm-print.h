/* Printing a figure through the usual dialog. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-scene.h"

/* Asks how and prints @scene on one page, as wide as the paper allows; @name is the job's.  With
 * @pdf nothing is asked and the page is written there instead.  FALSE with a sentence when it could
 * not be printed; closing the dialog is no error. */
gboolean ktm_print_scene (GtkWindow *parent, KtmScene *scene, const char *name, const char *pdf,
                          GError **error);

/* The same with a page for each KtmSlidePage of @pages. */
gboolean ktm_print_slides (GtkWindow *parent, GPtrArray *pages, const char *name, GError **error);
