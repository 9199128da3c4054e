/* Floor widgets/chart: PNG files.  No GTK.
 *
 * Level 3 without filters: three times faster than Cairo's writer and smaller, for lines on paper.
 */
#include "ktm-export.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

static void
write_cb (png_structp png, png_bytep data, png_size_t length)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) length);
}

static void
flush_cb (png_structp png G_GNUC_UNUSED)
{
}

static void
set_text (png_structp png, png_infop info, const char *recipe)
{
  png_text text[2] = { { 0 }, { 0 } };

  text[0].compression = PNG_TEXT_COMPRESSION_NONE;
  text[0].key = (char *) "Software";
  text[0].text = (char *) "Ketamine Viewer";
  text[1].compression = PNG_ITXT_COMPRESSION_NONE;
  text[1].key = (char *) "ketamine-viewer-recipe";
  text[1].text = (char *) recipe;
  text[1].lang = (char *) "";
  text[1].lang_key = (char *) "";
  png_set_text (png, info, text, recipe != NULL ? 2 : 1);
}

/* Cairo's premultiplied words to RGB(A) bytes. */
static void
convert_line (const guint32 *from, int width, gboolean alpha, guchar *to)
{
  for (int x = 0; x < width; x++)
    {
      guint32 c = from[x];
      guint a = c >> 24, r = c >> 16 & 255, g = c >> 8 & 255, b = c & 255;

      if (alpha && a > 0 && a < 255)
        {
          r = MIN ((r * 255 + a / 2) / a, 255);
          g = MIN ((g * 255 + a / 2) / a, 255);
          b = MIN ((b * 255 + a / 2) / a, 255);
        }
      *to++ = (guchar) r;
      *to++ = (guchar) g;
      *to++ = (guchar) b;
      if (alpha)
        *to++ = (guchar) a;
    }
}

static void
write_picture (png_structp png, png_infop info, cairo_surface_t *surface, double dpi,
               gboolean alpha, const char *recipe, guchar *line)
{
  int width = cairo_image_surface_get_width (surface),
      height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  const guchar *data = cairo_image_surface_get_data (surface);
  png_uint_32 per_metre = (png_uint_32) lround (dpi / 0.0254);

  png_set_compression_level (png, 3);
  png_set_filter (png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_IHDR (png, info, (png_uint_32) width, (png_uint_32) height, 8,
                alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs (png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  set_text (png, info, recipe);
  png_write_info (png, info);
  for (int y = 0; y < height; y++)
    {
      convert_line ((const guint32 *) (const void *) (data + (gsize) y * stride), width, alpha,
                    line);
      png_write_row (png, line);
    }
  png_write_end (png, info);
}

/* PNG bytes of an image surface; see the header. */
GBytes *
ktm_export_png (cairo_surface_t *surface, double dpi, gboolean transparent, const char *text,
                GError **error)
{
  GByteArray *out = g_byte_array_new ();
  guchar *line;
  png_structp png;
  png_infop info;

  cairo_surface_flush (surface);
  line = g_malloc ((gsize) MAX (cairo_image_surface_get_width (surface), 1) * 4);
  png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  info = png != NULL ? png_create_info_struct (png) : NULL;
  if (info == NULL || setjmp (png_jmpbuf (png)) != 0)
    {
      png_destroy_write_struct (&png, &info);
      g_byte_array_unref (out);
      g_free (line);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _("The picture could not be written as PNG."));
      return NULL;
    }
  png_set_write_fn (png, out, write_cb, flush_cb);
  write_picture (png, info, surface, dpi, transparent, text, line);
  png_destroy_write_struct (&png, &info);
  g_free (line);
  return g_byte_array_free_to_bytes (out);
}
