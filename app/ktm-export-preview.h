/* KtmExportPreview: a figure on its paper between rulers, at true size or fitted to the room there
 * is. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-export.h"

G_BEGIN_DECLS

#define KTM_TYPE_EXPORT_PREVIEW (ktm_export_preview_get_type ())
G_DECLARE_FINAL_TYPE (KtmExportPreview, ktm_export_preview, KTM, EXPORT_PREVIEW, GtkDrawingArea)

GtkWidget *ktm_export_preview_new         (void);
/* Takes @layout; NULL: nothing can be drawn. */
void
ktm_export_preview_take_layout (KtmExportPreview *self, KtmLayout *layout, gboolean transparent);
void       ktm_export_preview_set_true    (KtmExportPreview *self, gboolean true_size);
/* Pixels an inch of this screen; where the screen does not say, 96. */
double     ktm_export_preview_get_dpi     (KtmExportPreview *self);

G_END_DECLS
