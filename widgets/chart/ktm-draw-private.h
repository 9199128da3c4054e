/* Shared by the files of ktm-draw only. */
#pragma once

#include <math.h>

#include "ktm-draw.h"

void ktm_draw_set_colour  (cairo_t *cr, KtmColour colour, double alpha);
void ktm_draw_hollow (cairo_t *cr, const KtmStyle *style, double x, double y, double radius,
                      KtmRole role, guint look, double alpha);
void ktm_draw_marker (cairo_t *cr, const KtmStyle *style, double x, double y, double radius,
                      KtmRole role, guint look, double alpha);
void ktm_draw_set_dash    (cairo_t *cr, KtmRole role, guint look, double line, double offset);
guint ktm_draw_look       (const KtmLayout *layout, const KtmMark *mark);

/* @surface: the image behind @cr where the fast way may be used, else NULL; @scale: its pixels a
 * point. */
void ktm_draw_individuals (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place,
                           const KtmMark *mark, gsize n_in_panel, cairo_surface_t *surface,
                           double scale);
void
ktm_draw_mark (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark);
void
ktm_draw_tiles (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark);
/* Fills the path as an area and drops it. */
void ktm_draw_fill (cairo_t *cr, const KtmLayout *layout, KtmRole role, guint look, KtmFill fill);
void ktm_draw_hatch       (cairo_t *cr, const KtmLayout *layout, KtmRect area);
/* The path of one patient of a matrix mark; y_out/x_out (stride each) get the points, NaN where
 * there is no score. */
gsize ktm_draw_row_points (const KtmPlace *place, const KtmMark *mark, gsize row, double *x_out,
                           double *y_out);
