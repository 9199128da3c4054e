/* Floor widgets/chart: parts of a picture, packed beside each other, as one deflate stream.  No GTK.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Most bytes that ktm_deflate_go_on() adds. */
#define KTM_DEFLATE_MORE 5

gboolean ktm_deflate_go_on (guchar *stream, gsize *size);
guint32  ktm_adler_join    (guint32 first, guint32 second, gsize n_second);

G_END_DECLS
