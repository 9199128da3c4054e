/* KtmBoardGrid: cards in rows, as wide and as high as there is room; where it is narrow each has a
 * row of its own, and no row is ever lower than it asks, so that what holds the grid scrolls. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_BOARD_GRID (ktm_board_grid_get_type ())
G_DECLARE_FINAL_TYPE (KtmBoardGrid, ktm_board_grid, KTM, BOARD_GRID, GtkWidget)

GtkWidget *ktm_board_grid_new    (int spacing);
/* In row @row, @weight its share of the width; at least @height pixels high, and of the height left
 * over as much as that is of all rows.  Rows in ascending order. */
void       ktm_board_grid_append (KtmBoardGrid *self, GtkWidget *child, int row, double weight,
                                  int height);
/* Another least height of a card. */
void       ktm_board_grid_set_height (KtmBoardGrid *self, GtkWidget *child, int height);

G_END_DECLS
