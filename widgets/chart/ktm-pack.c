/* Floor widgets/chart: the pixels of a picture as PNG packs them.  No GTK.
 *
 * libdeflate without filters at level 2 takes a figure of thin lines less than half of the time
 * that zlib takes at level 3, and makes it a little smaller.  The picture is packed in bands of
 * lines, each by any thread; how many there are depends on the picture alone, so that its bytes are
 * the same on every machine.
 */
#include "ktm-pack.h"

#include <libdeflate.h>
#include <string.h>

#include "ktm-deflate.h"

#define LEVEL 2
#define NO_FILTER 0
#define BAND (768 * 1024)   /* bytes before packing: they stay in the processor's cache */
#define MOST_THREADS 4
#define ZLIB_HEADER "\x78\x01"
#define ZLIB_SUM 4          /* bytes of the Adler-32 at the end */

typedef struct
{
  guchar *bytes;            /* owned; NULL: failed */
  gsize   size, n;          /* packed, and before */
  guint32 sum;              /* Adler-32 of what was packed */
} Band;

/* What all threads share; only @next and each band by one of them is written to. */
typedef struct
{
  const guchar *data;
  int           width, height, stride;
  gboolean      alpha;
  int           rows;       /* of a band */
  int           n_bands;
  Band         *bands;
  gint          next;       /* band not yet begun */
} Packing;

/* Cairo's premultiplied words to RGBA bytes; returns the end of what was written. */
static guchar *
convert_alpha (const guint32 *from, int width, guchar *to)
{
  for (int x = 0; x < width; x++)
    {
      guint32 c = from[x];
      guint a = c >> 24, r = c >> 16 & 255, g = c >> 8 & 255, b = c & 255;

      if (a > 0 && a < 255)
        {
          r = MIN ((r * 255 + a / 2) / a, 255);
          g = MIN ((g * 255 + a / 2) / a, 255);
          b = MIN ((b * 255 + a / 2) / a, 255);
        }
      *to++ = (guchar) r;
      *to++ = (guchar) g;
      *to++ = (guchar) b;
      *to++ = (guchar) a;
    }
  return to;
}

/* The same to RGB bytes; one more behind the end is written to. */
static guchar *
convert_opaque (const guint32 *from, int width, guchar *to)
{
  for (int x = 0; x < width; x++, to += 3)
    {
      guint32 rgb = GUINT32_TO_LE (GUINT32_SWAP_LE_BE (from[x]) >> 8);

      memcpy (to, &rgb, sizeof rgb);
    }
  return to;
}

/* Lines of the picture with the byte of their filter, which is none, in front; how many bytes. */
static gsize
convert_band (const Packing *packing, int first, int last, guchar *lines)
{
  guchar *to = lines;

  for (int y = first; y < last; y++)
    {
      const guint32 *from =
          (const guint32 *) (const void *) (packing->data + (gsize) y * packing->stride);

      *to++ = NO_FILTER;
      to = packing->alpha ? convert_alpha (from, packing->width, to)
                          : convert_opaque (from, packing->width, to);
    }
  return (gsize) (to - lines);
}

/* Packs one band; the first has zlib's header in front of it, and behind the last there is room for
 * the sum.  @lines, @room: for the lines and for what they are packed to. */
static void
pack_band (Packing *packing, int i, struct libdeflate_compressor *compressor, guchar *lines,
           guchar *room, gsize most)
{
  Band *band = &packing->bands[i];
  int first = i * packing->rows, last = MIN (first + packing->rows, packing->height);
  gsize header = i == 0 ? strlen (ZLIB_HEADER) : 0, size;

  band->n = convert_band (packing, first, last, lines);
  band->sum = libdeflate_adler32 (1, lines, band->n);
  size = libdeflate_deflate_compress (compressor, lines, band->n, room, most);
  if (size == 0 || (i + 1 < packing->n_bands && !ktm_deflate_go_on (room, &size)))
    return;
  band->size = header + size;
  band->bytes = g_try_malloc (band->size + ZLIB_SUM);
  if (band->bytes == NULL)
    return;
  memcpy (band->bytes, ZLIB_HEADER, header);
  memcpy (band->bytes + header, room, size);
}

/* Packs bands until none is left. */
static gpointer
pack_bands (gpointer data)
{
  Packing *packing = data;
  gsize n = ((gsize) packing->width * (packing->alpha ? 4 : 3) + 1) * (gsize) packing->rows, most;
  struct libdeflate_compressor *compressor = libdeflate_alloc_compressor (LEVEL);
  g_autofree guchar *lines = g_try_malloc (n + 1), *room = NULL;
  int i;

  if (compressor == NULL)
    return NULL;
  most = libdeflate_deflate_compress_bound (compressor, n);
  room = g_try_malloc (most + KTM_DEFLATE_MORE);
  while (lines != NULL && room != NULL
         && (i = g_atomic_int_add (&packing->next, 1)) < packing->n_bands)
    pack_band (packing, i, compressor, lines, room, most);
  libdeflate_free_compressor (compressor);
  return NULL;
}

static void
pack_all (Packing *packing)
{
  GThread *threads[MOST_THREADS] = { NULL };
  int wanted = MIN (MOST_THREADS, MIN (packing->n_bands, (int) g_get_num_processors ()));

  for (int i = 1; i < wanted; i++)
    threads[i] = g_thread_try_new ("pack", pack_bands, packing, NULL);
  pack_bands (packing);
  for (int i = 1; i < wanted; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

/* The bands as chunks, with the sum of all behind the last; frees them. */
static GPtrArray *
chunks_of (Packing *packing)
{
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gboolean whole = TRUE;
  guint32 sum = 1;

  for (int i = 0; i < packing->n_bands; i++)
    {
      Band *band = &packing->bands[i];

      whole = whole && band->bytes != NULL;
      sum = ktm_adler_join (sum, band->sum, band->n);
      if (whole && i + 1 == packing->n_bands)
        {
          guint32 big = GUINT32_TO_BE (sum);

          memcpy (band->bytes + band->size, &big, ZLIB_SUM);
          band->size += ZLIB_SUM;
        }
      g_ptr_array_add (chunks, g_bytes_new_take (band->bytes, whole ? band->size : 0));
    }
  if (!whole)
    g_clear_pointer (&chunks, g_ptr_array_unref);
  return chunks;
}

/* See the header. */
GPtrArray *
ktm_pack_pixels (cairo_surface_t *surface, gboolean alpha)
{
  Packing packing = { .data = cairo_image_surface_get_data (surface),
                      .width = cairo_image_surface_get_width (surface),
                      .height = cairo_image_surface_get_height (surface),
                      .stride = cairo_image_surface_get_stride (surface),
                      .alpha = alpha };
  gsize line = (gsize) packing.width * (alpha ? 4 : 3) + 1;
  GPtrArray *chunks;

  packing.rows = MAX (1, (int) (BAND / line));
  packing.n_bands = (packing.height + packing.rows - 1) / packing.rows;
  packing.bands = g_new0 (Band, packing.n_bands);
  pack_all (&packing);
  chunks = chunks_of (&packing);
  g_free (packing.bands);
  return chunks;
}
