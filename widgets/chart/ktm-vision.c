/* Floor widgets/chart: a picture as it is seen in grey print or without one kind of cone.  No GTK.
 *
 * Source: Machado, Oliveira & Fernandes (2009), IEEE Trans Vis Comput Graph 15:1291-1298, severity
 * 1, on linear RGB.
 */
#include "ktm-export.h"

#include <math.h>

static const double matrices[][9] = {
  { 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
};

static guint32
to_byte (double linear)
{
  double c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow (linear, 1 / 2.4) - 0.055;

  return (guint32) lround (CLAMP (c, 0, 1) * 255);
}

static guint32
convert (guint32 pixel, const double *m, const double *linear)
{
  double r = linear[pixel >> 16 & 255], g = linear[pixel >> 8 & 255], b = linear[pixel & 255];

  return (pixel & 0xff000000u) | to_byte (m[0] * r + m[1] * g + m[2] * b) << 16
         | to_byte (m[3] * r + m[4] * g + m[5] * b) << 8 | to_byte (m[6] * r + m[7] * g + m[8] * b);
}

/* Opaque pictures; equal neighbours are converted once. */
void
ktm_vision_simulate (cairo_surface_t *surface, KtmVision vision)
{
  int width = cairo_image_surface_get_width (surface),
      height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guchar *data;
  double linear[256];
  guint32 last = 0, last_out = 0;

  for (int i = 0; i < 256; i++)
    linear[i] = i / 255.0 <= 0.04045 ? i / 255.0 / 12.92 : pow ((i / 255.0 + 0.055) / 1.055, 2.4);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = 0; data != NULL && y < height; y++)
    {
      guint32 *line = (guint32 *) (void *) (data + (gsize) y * stride);

      for (int x = 0; x < width; x++)
        {
          if (line[x] != last)
            {
              last = line[x];
              last_out = convert (last, matrices[vision], linear);
            }
          line[x] = last == 0 ? 0 : last_out;
        }
    }
  cairo_surface_mark_dirty (surface);
}
