/* Floor widgets/chart: PNG files: libpng writes the chunks, ktm-pack their pixels.  No GTK. */
#include "ktm-export.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "ktm-pack.h"

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

static void
write_picture (png_structp png, png_infop info, cairo_surface_t *surface, double dpi,
               gboolean alpha, const char *recipe, const GPtrArray *packed)
{
  png_uint_32 per_metre = (png_uint_32) lround (dpi / 0.0254);

  png_set_IHDR (png, info, (png_uint_32) cairo_image_surface_get_width (surface),
                (png_uint_32) cairo_image_surface_get_height (surface), 8,
                alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs (png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  set_text (png, info, recipe);
  png_write_info (png, info);
  for (guint i = 0; i < packed->len; i++)
    {
      gsize size;
      png_const_bytep bytes = g_bytes_get_data (packed->pdata[i], &size);

      png_write_chunk (png, (png_const_bytep) "IDAT", bytes, size);
    }
  png_write_chunk (png, (png_const_bytep) "IEND", NULL, 0);
}

/* libpng leaves by a jump where it fails; only what was there before is touched after it. */
static gboolean
write_chunks (cairo_surface_t *surface, double dpi, gboolean alpha, const char *recipe,
              const GPtrArray *packed, GByteArray *out)
{
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png != NULL ? png_create_info_struct (png) : NULL;

  if (info == NULL || setjmp (png_jmpbuf (png)) != 0)
    {
      png_destroy_write_struct (&png, &info);
      return FALSE;
    }
  png_set_write_fn (png, out, write_cb, flush_cb);
  write_picture (png, info, surface, dpi, alpha, recipe, packed);
  png_destroy_write_struct (&png, &info);
  return TRUE;
}

/* PNG bytes of an image surface; see the header. */
GBytes *
ktm_export_png (cairo_surface_t *surface, double dpi, gboolean transparent, const char *text,
                GError **error)
{
  g_autoptr (GPtrArray) packed = NULL;
  GByteArray *out;
  gsize size = 1024 + (text != NULL ? strlen (text) : 0);

  cairo_surface_flush (surface);
  packed = ktm_pack_pixels (surface, transparent);
  for (guint i = 0; packed != NULL && i < packed->len; i++)
    size += g_bytes_get_size (packed->pdata[i]) + 12;
  out = g_byte_array_sized_new ((guint) MIN (size, G_MAXINT32));
  if (packed != NULL && write_chunks (surface, dpi, transparent, text, packed, out))
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("The picture could not be written as PNG."));
  return NULL;
}
