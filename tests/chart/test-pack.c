/* What is packed in bands by several threads is one picture, to the last pixel. */
#include <gio/gio.h>
#include <libdeflate.h>
#include <string.h>

#include "ktm-deflate.h"
#include "ktm-export.h"

typedef enum { FLAT, LINES, NOISE } Kind;

/* Bytes that are packed as codes, as copies, or stored as they are. */
static guchar *
some_bytes (Kind kind, gsize n, GRand *rand)
{
  guchar *bytes = g_malloc (n + 1);

  for (gsize i = 0; i < n; i++)
    bytes[i] = kind == FLAT    ? 255
               : kind == NOISE ? (guchar) g_rand_int (rand)
               : i % 97 == 0   ? (guchar) g_rand_int_range (rand, 0, 40)
                               : (guchar) (i / 1000);
  return bytes;
}

static void
test_go_on (void)
{
  static const gsize sizes[] = { 0, 1, 7, 1000, 70000 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (int level = 0; level <= 9; level += level == 2 ? 4 : level == 6 ? 3 : 1)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (Kind kind = FLAT; kind <= NOISE; kind++)
        {
          gsize n = sizes[s], room = 2 * n + 200, first, second, back = 0;
          g_autofree guchar *bytes = some_bytes (kind, n, rand), *packed = g_malloc0 (room);
          g_autofree guchar *whole = g_malloc0 (2 * n + 1);
          struct libdeflate_compressor *compressor = libdeflate_alloc_compressor (level);
          struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor ();

          first = libdeflate_deflate_compress (compressor, bytes, n, packed, room);
          g_assert_cmpuint (first, >, 0);
          g_assert_true (ktm_deflate_go_on (packed, &first));
          second = libdeflate_deflate_compress (compressor, bytes, n, packed + first, room - first);
          g_assert_cmpuint (second, >, 0);
          g_assert_cmpint (libdeflate_deflate_decompress (decompressor, packed, first + second,
                                                          whole, 2 * n, &back),
                           ==, LIBDEFLATE_SUCCESS);
          g_assert_cmpmem (whole, n, bytes, n);
          g_assert_cmpmem (whole + n, n, bytes, n);
          g_assert_cmpuint (ktm_adler_join (libdeflate_adler32 (1, bytes, n),
                                            libdeflate_adler32 (1, bytes, n), n),
                            ==, libdeflate_adler32 (1, whole, 2 * n));
          libdeflate_free_compressor (compressor);
          libdeflate_free_decompressor (decompressor);
        }
}

/* What is no whole stream is refused and stays as it is. */
static void
test_refused (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  g_autofree guchar *bytes = some_bytes (LINES, 5000, rand);
  guchar packed[6000], kept[6000];
  struct libdeflate_compressor *compressor = libdeflate_alloc_compressor (6);
  gsize n = libdeflate_deflate_compress (compressor, bytes, 5000, packed, sizeof packed), size;

  for (gsize cut = 0; cut < n; cut += 7)
    {
      memcpy (kept, packed, sizeof kept);
      size = cut;
      g_assert_false (ktm_deflate_go_on (kept, &size));
      g_assert_cmpmem (kept, sizeof kept, packed, sizeof packed);
      g_assert_cmpuint (size, ==, cut);
    }
  for (int i = 0; i < 2000; i++) /* anything at all: no matter what comes, nothing breaks */
    {
      for (gsize k = 0; k < 64; k++)
        kept[k] = (guchar) g_rand_int (rand);
      kept[0] = (guchar) (kept[0] & 0xf8) | (guchar) (i % 8);
      size = 1 + (gsize) i % 60;
      ktm_deflate_go_on (kept, &size);
    }
  libdeflate_free_compressor (compressor);
}

static cairo_status_t
read_cb (void *data, unsigned char *to, unsigned int n)
{
  return g_input_stream_read_all (data, to, n, NULL, NULL, NULL) ? CAIRO_STATUS_SUCCESS
                                                                 : CAIRO_STATUS_READ_ERROR;
}

static void
compare_pictures (Kind kind, gboolean alpha, int width, int height, GRand *rand)
{
  cairo_surface_t *drawn, *back;
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guchar *bytes = NULL;
  int stride;

  drawn = cairo_image_surface_create (alpha ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, width,
                                      height);
  stride = cairo_image_surface_get_stride (drawn);
  bytes = some_bytes (kind, (gsize) stride * height, rand);
  for (gsize i = 0; i < (gsize) stride * height; i += 4)  /* not seen, or not seen through */
    {
      guint32 c;

      memcpy (&c, bytes + i, 4);
      c = !alpha || c & 1 ? c | 0xff000000 : 0;
      memcpy (bytes + i, &c, 4);
    }
  memcpy (cairo_image_surface_get_data (drawn), bytes, (gsize) stride * height);
  cairo_surface_mark_dirty (drawn);
  png = ktm_export_png (drawn, 300, alpha, "a recipe", NULL);
  g_assert_nonnull (png);
  stream = g_memory_input_stream_new_from_bytes (png);
  back = cairo_image_surface_create_from_png_stream (read_cb, stream);
  g_assert_cmpint (cairo_surface_status (back), ==, CAIRO_STATUS_SUCCESS);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 c;

        memcpy (&c, cairo_image_surface_get_data (back)
                        + (gsize) y * cairo_image_surface_get_stride (back) + 4 * x, 4);
        if (!alpha)
          c |= 0xff000000;
        g_assert_cmpmem (&c, 4, bytes + (gsize) y * stride + 4 * x, 4);
      }
  cairo_surface_destroy (drawn);
  cairo_surface_destroy (back);
}

static void
test_pictures (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);

  for (Kind kind = FLAT; kind <= NOISE; kind++)
    for (int alpha = 0; alpha < 2; alpha++)
      {
        compare_pictures (kind, alpha, 1, 1, rand);
        compare_pictures (kind, alpha, 911, 703, rand);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/pack/go-on", test_go_on);
  g_test_add_func ("/chart/pack/refused", test_refused);
  g_test_add_func ("/chart/pack/pictures", test_pictures);
  return g_test_run ();
}
