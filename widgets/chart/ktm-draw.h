/* ktm_draw: one layout on any cairo_t.  Window, PNG, SVG, PDF and printer all come through here. */
#pragma once

#include <cairo.h>

#include "ktm-layout.h"

G_BEGIN_DECLS

/* Above so many individual lines in a panel they are drawn as weighted visit-to-visit segments. */
#define KTM_DRAW_MOST_LINES 1000

/* Everything, at 1 point = 1 unit of @cr.  @transparent: no paper behind. */
void ktm_draw (cairo_t *cr, const KtmLayout *layout, gboolean transparent);

/* The settled picture: the same on an image surface of @scale pixels a point (ARGB32), much faster
 * for many patients. The window keeps it and draws the overlay above it.  NULL when the surface
 * cannot be made. */
cairo_surface_t *ktm_draw_to_surface (const KtmLayout *layout, double scale, gboolean transparent);

/* What moves above the settled picture.  Rows are frame rows, −1 none; @column: index in the line's
 * visits, −1 none. */
typedef struct
{
  long   picked;         /* dark, with markers */
  long   hover;          /* in its own colour, strong */
  long   column;         /* a ring at this visit of the hovered (else the picked) patient */
  double brush[4];       /* x, y, width, height of the rubber band; width 0: none */
  const guint32 *marked; /* rows to set off (brushed, or linked from elsewhere); nullable */
  gsize  n_marked;
} KtmOverlay;
#define KTM_OVERLAY_NONE ((KtmOverlay) { -1, -1, -1, { 0 }, NULL, 0 })

void ktm_draw_overlay (cairo_t *cr, const KtmLayout *layout, const KtmOverlay *overlay);

G_END_DECLS
