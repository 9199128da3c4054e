/* Floor widgets/chart: the pixels of a picture as PNG packs them.  No GTK. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Returns: GBytes, each for a chunk IDAT of its own; NULL when there is not enough memory. */
GPtrArray *ktm_pack_pixels (cairo_surface_t *surface, gboolean alpha);

G_END_DECLS
