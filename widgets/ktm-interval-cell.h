/* KtmIntervalCell: a point and its interval on a scale it shares with the rows above and below: one
 * line of a forest. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_INTERVAL_CELL (ktm_interval_cell_get_type ())
G_DECLARE_FINAL_TYPE (KtmIntervalCell, ktm_interval_cell, KTM, INTERVAL_CELL, GtkWidget)

/* @from, @to: ends of the scale; @reference: where no effect stands; @log: a ratio.  @series −1:
 * all patients, drawn as the reference row; else the group's colour and marker.  NaN limits: the
 * point alone; NaN value: nothing. */
GtkWidget *ktm_interval_cell_new (double value, double low, double high, double from, double to,
                                  double reference, gboolean log, int series);

G_END_DECLS
