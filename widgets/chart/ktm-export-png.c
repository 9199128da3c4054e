/* Floor widgets/chart: PNG files.  No GTK.
 *
 * libpng writes the chunks, libdeflate packs the pixels: without filters, at level 4, a figure of
 * thin lines takes less than half of zlib's time at level 3 and is a little smaller.
 */
#include "ktm-export.h"

#include <glib/gi18n-lib.h>
#include <libdeflate.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

#define LEVEL 2
#define MOST_CHUNK (1u << 30)  /* bytes of one IDAT; the format allows twice as many */

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

/* Cairo's premultiplied words to RGB(A) bytes; returns the end of what was written. */
static guchar *
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
  return to;
}

/* Every line with the byte of its filter, which is none, in front. */
static guchar *
convert_picture (cairo_surface_t *surface, gboolean alpha, gsize *size)
{
  int width = cairo_image_surface_get_width (surface),
      height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  const guchar *data = cairo_image_surface_get_data (surface);
  guchar *lines, *to;

  *size = ((gsize) width * (alpha ? 4 : 3) + 1) * (gsize) height;
  lines = to = g_try_malloc (*size);
  for (int y = 0; lines != NULL && y < height; y++)
    {
      *to++ = PNG_FILTER_VALUE_NONE;
      to = convert_line ((const guint32 *) (const void *) (data + (gsize) y * stride), width, alpha,
                         to);
    }
  return lines;
}

/* The pixels, packed; NULL when there is not enough memory. */
static guchar *
pack (cairo_surface_t *surface, gboolean alpha, gsize *size)
{
  gsize n, most;
  guchar *lines = convert_picture (surface, alpha, &n), *packed;
  struct libdeflate_compressor *compressor = libdeflate_alloc_compressor (LEVEL);

  most = compressor != NULL ? libdeflate_zlib_compress_bound (compressor, n) : 0;
  packed = lines != NULL && compressor != NULL ? g_try_malloc (most) : NULL;
  *size = packed != NULL ? libdeflate_zlib_compress (compressor, lines, n, packed, most) : 0;
  if (compressor != NULL)
    libdeflate_free_compressor (compressor);
  g_free (lines);
  if (*size == 0)
    g_clear_pointer (&packed, g_free);
  return packed;
}

static void
write_picture (png_structp png, png_infop info, cairo_surface_t *surface, double dpi,
               gboolean alpha, const char *recipe, const guchar *packed, gsize size)
{
  png_uint_32 per_metre = (png_uint_32) lround (dpi / 0.0254);

  png_set_IHDR (png, info, (png_uint_32) cairo_image_surface_get_width (surface),
                (png_uint_32) cairo_image_surface_get_height (surface), 8,
                alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs (png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  set_text (png, info, recipe);
  png_write_info (png, info);
  for (gsize done = 0; done < size; done += MIN (size - done, MOST_CHUNK))
    png_write_chunk (png, (png_const_bytep) "IDAT", packed + done, MIN (size - done, MOST_CHUNK));
  png_write_chunk (png, (png_const_bytep) "IEND", NULL, 0);
}

/* libpng leaves by a jump where it fails; only what was there before is touched after it. */
static gboolean
write_chunks (cairo_surface_t *surface, double dpi, gboolean alpha, const char *recipe,
              const guchar *packed, gsize size, GByteArray *out)
{
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;

  if (info == NULL || setjmp (png_jmpbuf (png)) != 0)
    {
      png_destroy_write_struct (&png, &info);
      return FALSE;
    }
  png_set_write_fn (png, out, write_cb, flush_cb);
  write_picture (png, info, surface, dpi, alpha, recipe, packed, size);
  png_destroy_write_struct (&png, &info);
  return TRUE;
}

/* PNG bytes of an image surface; see the header. */
GBytes *
ktm_export_png (cairo_surface_t *surface, double dpi, gboolean transparent, const char *text,
                GError **error)
{
  g_autofree guchar *packed = NULL;
  GByteArray *out;
  gsize size;

  cairo_surface_flush (surface);
  packed = pack (surface, transparent, &size);
  out = g_byte_array_sized_new ((guint) MIN (size + (text != NULL ? strlen (text) : 0) + 1024,
                                             G_MAXINT32));
  if (packed != NULL && write_chunks (surface, dpi, transparent, text, packed, size, out))
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("The picture could not be written as PNG."));
  return NULL;
}
