/* Floor widgets/chart: fast lines on image surfaces.  No GTK. */
#include "ktm-raster.h"

#include <math.h>

#define LUT_SIZE 2048
#define LUT_MOST 8.0

/* An empty plane over a part of a surface; NULL when it is empty. */
KtmPlane *
ktm_plane_new (int x, int y, int w, int h)
{
  KtmPlane *plane;

  if (w <= 0 || h <= 0)
    return NULL;
  plane = g_new0 (KtmPlane, 1);
  *plane = (KtmPlane) { x, y, w, h, g_new0 (float, (gsize) w * h) };
  return plane;
}

/* NULL is allowed. */
void
ktm_plane_free (KtmPlane *plane)
{
  if (plane != NULL)
    g_free (plane->value);
  g_free (plane);
}

/* ∫ clamp (u, 0, 1) du from −∞ */
static inline float
ramp_integral (float u)
{
  return u <= 0 ? 0 : u >= 1 ? u - 0.5f : u * u * 0.5f;
}

/* One pixel column: the line's centre runs from ya to yb (ya ≤ yb), half its vertical thickness is
 * h. */
static inline void
column (KtmPlane *plane, int px, float ya, float yb, float h, float weight)
{
  int first = MAX ((int) floorf (ya - h), 0), last = MIN ((int) ceilf (yb + h), plane->h);
  float *cell = plane->value + (gsize) first * plane->w + px;
  float span = yb - ya;

  if (span < 1e-3f)
    {
      float top = ya - h, bottom = ya + h;

      for (int r = first; r < last; r++, cell += plane->w)
        *cell += weight * MAX (0, MIN (bottom, (float) (r + 1)) - MAX (top, (float) r));
      return;
    }
  weight /= span;
  for (int r = first; r < last; r++, cell += plane->w)
    {
      float lower = ramp_integral (yb + h - r) - ramp_integral (ya + h - r);
      float upper = ramp_integral (yb - h - r) - ramp_integral (ya - h - r);

      *cell += weight * (lower - upper);
    }
}

/* Adds one segment; see the header. */
void
ktm_plane_segment (KtmPlane *plane, double x0, double y0, double x1, double y1, double width,
                   double weight)
{
  double slope = (y1 - y0) / (x1 - x0), h = width / 2 * sqrt (1 + slope * slope);

  x0 -= plane->x;
  x1 -= plane->x;
  y0 -= plane->y;
  if (!(x1 > x0) || !isfinite (slope))
    return;

  double from = MAX (x0, 0), to = MIN (x1, plane->w);

  for (int px = (int) floor (from); px < to; px++)
    {
      double xa = MAX (from, px), xb = MIN (to, px + 1.0);
      double ya = y0 + slope * (xa - x0), yb = y0 + slope * (xb - x0);

      column (plane, px, (float) MIN (ya, yb), (float) MAX (ya, yb), (float) h,
              (float) (weight * (xb - xa)));
    }
}

static inline guint32
over (guint32 under, guint a, guint r, guint g, guint b)
{
  guint keep = 255 - a;
  guint ua = under >> 24, ur = under >> 16 & 255, ug = under >> 8 & 255, ub = under & 255;

  return (a + (ua * keep + 127) / 255) << 24 | (r + (ur * keep + 127) / 255) << 16
         | (g + (ug * keep + 127) / 255) << 8 | (b + (ub * keep + 127) / 255);
}

/* Lays the plane over the surface in @colour. */
void
ktm_plane_blend (const KtmPlane *plane, cairo_surface_t *surface, KtmColour colour)
{
  int width = cairo_image_surface_get_width (surface),
      height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guchar *data;
  guint32 lut[LUT_SIZE];

  for (int i = 0; i < LUT_SIZE; i++)
    {
      double a = 1 - exp (-(i + 0.5) * LUT_MOST / LUT_SIZE);

      lut[i] = (guint32) lround (a * 255) << 24 | (guint32) lround (a * colour.r * 255) << 16
               | (guint32) lround (a * colour.g * 255) << 8 | (guint32) lround (a * colour.b * 255);
    }
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = MAX (0, -plane->y); y < plane->h && y + plane->y < height; y++)
    {
      guint32 *line = (guint32 *) (void *) (data + (gsize) (y + plane->y) * stride);
      const float *value = plane->value + (gsize) y * plane->w;

      for (int x = MAX (0, -plane->x); x < plane->w && x + plane->x < width; x++)
        if (value[x] > 0)
          {
            guint32 c = lut[MIN ((int) (value[x] * (LUT_SIZE / LUT_MOST)), LUT_SIZE - 1)];

            line[x + plane->x] =
                over (line[x + plane->x], c >> 24, c >> 16 & 255, c >> 8 & 255, c & 255);
          }
    }
  cairo_surface_mark_dirty (surface);
}
