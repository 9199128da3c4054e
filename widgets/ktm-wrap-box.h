/* KtmWrapBox: children side by side at their natural width, on as many lines as they need. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_WRAP_BOX (ktm_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (KtmWrapBox, ktm_wrap_box, KTM, WRAP_BOX, GtkWidget)

GtkWidget *ktm_wrap_box_new    (int column_spacing, int row_spacing);
void       ktm_wrap_box_append (KtmWrapBox *self, GtkWidget *child);
void       ktm_wrap_box_clear  (KtmWrapBox *self);

G_END_DECLS
