/* Floor widgets/chart: fast lines on image surfaces.  No GTK.
 *
 * The part drawn on is cut into strips of few columns, whose sums stay in the processor's cache and
 * cost little memory; a strip knows nothing of the others, so that each can be drawn by any thread.
 */
#include "ktm-raster.h"

#include <math.h>
#include <string.h>

#ifndef __clang__ /* which does so unasked */
#pragma GCC optimize("O3", "no-trapping-math", "no-signed-zeros")
#endif

#define LUT_SIZE 2048
#define LUT_MOST 8.0
#define STRIP 64               /* columns */
#define BLOCK 32               /* columns laid over the picture together */
#define MOST_THREADS 4
#define WORTH_A_THREAD 20000.0 /* columns of segments */

/* What all strips share; only @next is written to. */
typedef struct
{
  KtmPixels         part;
  const KtmSegment *segments;
  gsize             n;
  double            scale, width;
  guint32           lut[LUT_SIZE];
  guchar           *data;              /* the surface's */
  int               stride, surface_w, surface_h;
  int               n_strips;
  int               column;            /* floats from one column of a strip to the next */
  gint              next;              /* strip not yet begun */
} Raster;

/* The sums of one strip, column by column: Σ −ln(1 − a) · coverage. */
typedef struct
{
  const Raster *raster;
  float        *value;
  int           from, to;              /* columns of the part */
} Strip;

/* ∫ clamp (u, 0, 1) du from −∞, without a branch */
static inline float
ramp_integral (float u)
{
  float t = u > 0 ? u : 0;

  t = t < 1 ? t : 1;
  return t * (u - t * 0.5f);
}

/* One pixel column: the line's centre runs from ya to yb (ya ≤ yb), half its vertical thickness is
 * h.  Four rows at a time: those below the line get nothing. */
static inline void
add_column (float *value, int rows, float ya, float yb, float h, float weight)
{
  int first = (int) CLAMP (floorf (ya - h), 0, (float) rows);
  int last = (int) CLAMP (ceilf (yb + h), 0, (float) rows);
  int n = (last - first + 3) & ~3;
  float *cell = value + first, span = yb - ya;

  if (span < 1e-3f)
    {
      float top = ya - h - first, bottom = ya + h - first;

      for (int r = 0; r < n; r++)
        {
          float covered = MIN (bottom, (float) (r + 1)) - MAX (top, (float) r);

          cell[r] += weight * MAX (0, covered);
        }
      return;
    }
  weight /= span;
  for (int r = 0; r < n; r++)
    {
      float y = (float) (first + r);
      float lower = ramp_integral (yb + h - y) - ramp_integral (ya + h - y);
      float upper = ramp_integral (yb - h - y) - ramp_integral (ya - h - y);

      cell[r] += weight * (lower - upper);
    }
}

static void
add_segment (const Strip *strip, const KtmSegment *s)
{
  const Raster *raster = strip->raster;
  double x0 = s->x0 * raster->scale, x1 = s->x1 * raster->scale;
  double left = x0 - raster->part.x, right = x1 - raster->part.x;

  if (right <= strip->from || left >= strip->to)  /* most are in other strips */
    return;

  double y0 = s->y0 * raster->scale, y1 = s->y1 * raster->scale;
  double slope = (y1 - y0) / (x1 - x0), h = raster->width / 2 * sqrt (1 + slope * slope);

  x0 = left;
  x1 = right;
  y0 -= raster->part.y;
  if (!(x1 > x0) || !isfinite (slope))
    return;

  double from = MAX (x0, 0), to = MIN (x1, raster->part.w);

  for (int px = MAX ((int) floor (from), strip->from); px < MIN (to, strip->to); px++)
    {
      double xa = MAX (from, px), xb = MIN (to, px + 1.0);
      double ya = y0 + slope * (xa - x0), yb = y0 + slope * (xb - x0);

      add_column (strip->value + (gsize) (px - strip->from) * raster->column, raster->part.h,
                  (float) MIN (ya, yb), (float) MAX (ya, yb), (float) h,
                  (float) (s->weight * (xb - xa)));
    }
}

/* The four bytes of a pixel with room for products, and back. */
#define LANES G_GUINT64_CONSTANT (0x00ff00ff00ff00ff)

static inline guint64
spread (guint32 c)
{
  guint64 wide = (guint64) (c >> 16) << 32 | (c & 0xffff);

  return (wide << 8 | wide) & LANES;
}

static inline guint32
gather (guint64 lanes)
{
  lanes = (lanes | lanes >> 8) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  return (guint32) (lanes | lanes >> 16);
}

/* @c over @under, both premultiplied: under × (255 − a) / 255, rounded, in four bytes at once. */
static inline guint32
over (guint32 under, guint32 c)
{
  guint64 t = spread (under) * (255 - (c >> 24)) + G_GUINT64_CONSTANT (0x0080008000800080);

  t = ((t + (t >> 8 & LANES)) >> 8) & LANES;
  return c + gather (t);
}

static inline void
blend_line (const Raster *raster, const float *value, guint32 *line, int n)
{
  for (int x = 0; x < n; x++, value += raster->column)
    if (*value > 0)
      {
        guint32 c = raster->lut[MIN ((int) (*value * (float) (LUT_SIZE / LUT_MOST)), LUT_SIZE - 1)];

        line[x] = line[x] == 0 ? c : over (line[x], c);
      }
}

/* Lays the strip over the surface, few columns at a time: as many lines of sums as the processor
 * follows. */
static void
blend (const Strip *strip)
{
  const Raster *raster = strip->raster;
  const KtmPixels *part = &raster->part;
  int from = MAX (strip->from, -part->x), to = MIN (strip->to, raster->surface_w - part->x);
  int top = MAX (0, -part->y), bottom = MIN (part->h, raster->surface_h - part->y);

  for (int x = from; x < to; x += BLOCK)
    {
      const float *value = strip->value + (gsize) (x - strip->from) * raster->column;

      for (int y = top; y < bottom; y++)
        blend_line (raster, value + y,
                    (guint32 *) (void *) (raster->data + (gsize) (y + part->y) * raster->stride)
                        + part->x + x,
                    MIN (BLOCK, to - x));
    }
}

/* Draws strips until none is left. */
static gpointer
draw_strips (gpointer data)
{
  Raster *raster = data;
  gsize size = (gsize) STRIP * raster->column * sizeof (float);
  Strip strip = { raster, g_malloc (size), 0, 0 };
  int i;

  while ((i = g_atomic_int_add (&raster->next, 1)) < raster->n_strips)
    {
      strip.from = i * STRIP;
      strip.to = MIN (strip.from + STRIP, raster->part.w);
      memset (strip.value, 0, size);
      for (gsize k = 0; k < raster->n; k++)
        add_segment (&strip, &raster->segments[k]);
      blend (&strip);
    }
  g_free (strip.value);
  return NULL;
}

/* Columns and threads that they are worth. */
static int
n_threads (const Raster *raster)
{
  double columns = 0;

  for (gsize i = 0; i < raster->n; i++)
    columns += (raster->segments[i].x1 - raster->segments[i].x0) * raster->scale;
  return (int) CLAMP (columns / WORTH_A_THREAD, 1,
                      MIN (MOST_THREADS, (int) g_get_num_processors ()));
}

static void
fill_lut (Raster *raster, KtmColour colour)
{
  for (int i = 0; i < LUT_SIZE; i++)
    {
      double a = 1 - exp (-(i + 0.5) * LUT_MOST / LUT_SIZE);

      raster->lut[i] = (guint32) lround (a * 255) << 24
                       | (guint32) lround (a * colour.r * 255) << 16
                       | (guint32) lround (a * colour.g * 255) << 8
                       | (guint32) lround (a * colour.b * 255);
    }
}

/* See the header. */
void
ktm_raster_segments (cairo_surface_t *surface, KtmPixels part, const KtmSegment *segments, gsize n,
                     double scale, double width, KtmColour colour)
{
  Raster raster = { .part = part, .segments = segments, .n = n, .scale = scale, .width = width };
  GThread *threads[MOST_THREADS] = { NULL };
  int wanted;

  if (part.w <= 0 || part.h <= 0 || n == 0)
    return;
  cairo_surface_flush (surface);
  raster.data = cairo_image_surface_get_data (surface);
  raster.stride = cairo_image_surface_get_stride (surface);
  raster.surface_w = cairo_image_surface_get_width (surface);
  raster.surface_h = cairo_image_surface_get_height (surface);
  raster.n_strips = (part.w + STRIP - 1) / STRIP;
  raster.column = ((part.h + 3) / 16 + 1) * 16;  /* room for the rows that round four up … */
  raster.column += raster.column / 16 % 2 == 0 ? 16 : 0; /* … and not all in one set of the cache */
  fill_lut (&raster, colour);
  wanted = n_threads (&raster);
  for (int i = 1; i < wanted; i++)
    threads[i] = g_thread_try_new ("raster", draw_strips, &raster, NULL);
  draw_strips (&raster);
  for (int i = 1; i < wanted; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
  cairo_surface_mark_dirty (surface);
}
