/* KtmShareCell: one whole parted in a bar, in the colours charts use, each part with its percent.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_SHARE_CELL (ktm_share_cell_get_type ())
G_DECLARE_FINAL_TYPE (KtmShareCell, ktm_share_cell, KTM, SHARE_CELL, GtkWidget)

/* @share: n of 0 … 1 (NaN: none); @palette: n positions in the palette, −1 grey. */
GtkWidget *ktm_share_cell_new (gsize n, const double *share, const int *palette);

G_END_DECLS
