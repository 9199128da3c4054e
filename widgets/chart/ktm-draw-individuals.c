/* Floor widgets/chart: individual lines, one by one or as weighted segments.  No GTK. */
#include "ktm-draw-private.h"

#include "ktm-raster.h"

#define MOST_THREADS 4
#define ROWS_OF_A_THREAD 20000

/* Points of one patient; how many are there. */
gsize
ktm_draw_row_points (const KtmPlace *place, const KtmMark *mark, gsize row, double *x_out,
                     double *y_out)
{
  const double *y = mark->y + row * mark->stride;
  double lo = MIN (place->panel->y.lo, place->panel->y.hi),
         hi = MAX (place->panel->y.lo, place->panel->y.hi);
  gsize n = 0;

  for (gsize j = 0; j < mark->stride; j++)
    {
      double value = y[j];

      if (mark->jitter != NULL && value >= lo && value <= hi)
        value = CLAMP (value + mark->jitter[row], lo, hi);
      x_out[j] = ktm_scale_map (&place->x, mark->x[j]);
      y_out[j] = ktm_scale_map (&place->y, value);
      n += !isnan (y_out[j]);
    }
  return n;
}

static void
add_segment (GArray *out, double x0, double y0, double x1, double y1, double weight)
{
  KtmSegment s = { x0, y0, x1, y1, weight };

  g_array_append_val (out, s);
}

static void
row_segments (const double *x, const double *y, const KtmMark *mark, gsize n, double stub,
              double weight, GArray *out)
{
  gssize before = -1;

  for (gsize j = 0; j < mark->stride; j++)
    {
      if (isnan (y[j]))
        {
          if (!mark->bridge)
            before = -1;
          continue;
        }
      if (before >= 0)
        add_segment (out, x[before], y[before], x[j], y[j], weight);
      else if (n == 1)
        add_segment (out, x[j] - stub, y[j], x[j] + stub, y[j], weight);
      before = (gssize) j;
    }
}

static gsize
n_bins (const KtmPlace *place, const KtmMark *mark)
{
  double range = fabs (place->panel->y.hi - place->panel->y.lo);

  return mark->jitter != NULL && range <= 120 ? (gsize) lround (range) + 1 : 64;
}

/* As lround() rounds, without the call. */
static inline gsize
bin_of (double lo, double range, double last, double value)
{
  double f = (value - lo) / range, at = CLAMP (f, 0, 1) * last;
  gsize below = (gsize) at;

  return below + (at - (double) below >= 0.5);
}

/* Rows whose pairs one thread counts. */
typedef struct
{
  const KtmPlace *place;
  const KtmMark  *mark;
  gsize           bins, from, to;
  guint32       **count;  /* bins × bins a pair of visits; NULL: nobody went that way */
  GThread        *thread; /* NULL: the caller itself */
} Pairs;

static gpointer
count_pairs (gpointer data)
{
  const Pairs *pairs = data;
  const KtmMark *mark = pairs->mark;
  gsize bins = pairs->bins, stride = mark->stride;
  double lo = pairs->place->panel->y.lo, range = pairs->place->panel->y.hi - lo,
         last = (double) (bins - 1);

  for (gsize i = pairs->from; i < pairs->to; i++)
    {
      const double *y = mark->y + i * stride;
      gssize before = -1;
      gsize from = 0;

      for (gsize j = 0; j < stride; j++)
        {
          if (isnan (y[j]))
            {
              if (!mark->bridge)
                before = -1;
              continue;
            }
          gsize to = bin_of (lo, range, last, y[j]);

          if (before >= 0)
            {
              guint32 **cell = &pairs->count[(gsize) before * stride + j];

              if (*cell == NULL)
                *cell = g_new0 (guint32, bins * bins);
              (*cell)[from * bins + to]++;
            }
          before = (gssize) j;
          from = to;
        }
    }
  return NULL;
}

/* Adds what @part counted to @all, and frees it. */
static void
add_pairs (const Pairs *all, const Pairs *part)
{
  for (gsize k = 0; k < all->mark->stride * all->mark->stride; k++)
    {
      for (gsize b = 0;
           part->count[k] != NULL && all->count[k] != NULL && b < all->bins * all->bins; b++)
        all->count[k][b] += part->count[k][b];
      if (all->count[k] == NULL)
        all->count[k] = g_steal_pointer (&part->count[k]);
      g_free (part->count[k]);
    }
  g_free (part->count);
}

/* How many went from each score to each other between each two visits; free all of it. */
static guint32 **
all_pairs (const KtmPlace *place, const KtmMark *mark, gsize bins)
{
  int n = (int) CLAMP (mark->n_rows / ROWS_OF_A_THREAD, 1,
                       MIN (MOST_THREADS, g_get_num_processors ()));
  Pairs part[MOST_THREADS];

  for (int i = n - 1; i >= 0; i--)
    {
      part[i] = (Pairs) { place, mark, bins, mark->n_rows * (gsize) i / (gsize) n,
                          mark->n_rows * (gsize) (i + 1) / (gsize) n,
                          g_new0 (guint32 *, mark->stride * mark->stride), NULL };
      if (i > 0)
        part[i].thread = g_thread_try_new ("pairs", count_pairs, &part[i], NULL);
      if (part[i].thread == NULL)
        count_pairs (&part[i]);
    }
  for (int i = 1; i < n; i++)
    {
      if (part[i].thread != NULL)
        g_thread_join (part[i].thread);
      add_pairs (&part[0], &part[i]);
    }
  return part[0].count;
}

/* One segment for each pair of visits and pair of (binned) scores, opacity by how many patients
 * went that way. */
static void
weighted_segments (const KtmPlace *place, const KtmMark *mark, GArray *out)
{
  gsize bins = n_bins (place, mark), pairs = mark->stride * mark->stride;
  g_autofree guint32 **count = all_pairs (place, mark, bins);
  double lo = place->panel->y.lo, step = (place->panel->y.hi - lo) / (bins - 1);
  guint32 most = 1;

  for (gsize k = 0; k < pairs; k++)
    for (gsize b = 0; count[k] != NULL && b < bins * bins; b++)
      most = MAX (most, count[k][b]);
  for (gsize k = 0; k < pairs; k++)
    {
      double x0 = ktm_scale_map (&place->x, mark->x[k / mark->stride]),
             x1 = ktm_scale_map (&place->x, mark->x[k % mark->stride]);

      for (gsize b = 0; count[k] != NULL && b < bins * bins; b++)
        if (count[k][b] > 0)
          {
            double opacity = MAX (0.012, 0.7 * pow ((double) count[k][b] / most, 0.75));

            add_segment (out, x0, ktm_scale_map (&place->y, lo + step * (b / bins)),
                         x1, ktm_scale_map (&place->y, lo + step * (b % bins)), -log1p (-opacity));
          }
      g_free (count[k]);
    }
}

static GArray *
all_segments (const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
              gboolean weighted, double weight)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (KtmSegment));

  if (weighted)
    {
      weighted_segments (place, mark, out);
      return out;
    }
  g_autofree double *x = g_new (double, mark->stride), *y = g_new (double, mark->stride);

  for (gsize i = 0; i < mark->n_rows; i++)
    {
      gsize n = ktm_draw_row_points (place, mark, i, x, y);

      row_segments (x, y, mark, n, layout->style.thin * 1.5, weight, out);
    }
  return out;
}

static void
raster_segments (const KtmLayout *layout, const KtmPlace *place, GArray *segments, KtmColour colour,
                 cairo_surface_t *surface, double scale)
{
  double pad = layout->zoomed ? 0 : layout->style.thin;
  int x0 = (int) floor ((place->plot.x - pad) * scale),
      y0 = (int) floor ((place->plot.y - pad) * scale);
  int x1 = (int) ceil ((place->plot.x + place->plot.w + pad) * scale),
      y1 = (int) ceil ((place->plot.y + place->plot.h + pad) * scale);

  ktm_raster_segments (surface, (KtmPixels) { x0, y0, x1 - x0, y1 - y0 },
                       (const KtmSegment *) (const void *) segments->data, segments->len, scale,
                       layout->style.thin * scale, colour);
}

static void
stroke_segments (cairo_t *cr, GArray *segments, KtmColour colour)
{
  for (guint i = 0; i < segments->len; i++)
    {
      const KtmSegment *s = &g_array_index (segments, KtmSegment, i);

      ktm_draw_set_colour (cr, colour, -expm1 (-s->weight));
      cairo_move_to (cr, s->x0, s->y0);
      cairo_line_to (cr, s->x1, s->y1);
      cairo_stroke (cr);
    }
}

static void
stroke_rows (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
             KtmColour colour, double alpha)
{
  g_autofree double *x = g_new (double, mark->stride), *y = g_new (double, mark->stride);

  ktm_draw_set_colour (cr, colour, alpha);
  for (gsize i = 0; i < mark->n_rows; i++)
    {
      gsize n = ktm_draw_row_points (place, mark, i, x, y);
      gboolean pen = FALSE;

      for (gsize j = 0; j < mark->stride; j++)
        {
          if (isnan (y[j]))
            pen = pen && mark->bridge;
          else if (n == 1)
            {
              cairo_move_to (cr, x[j] - layout->style.thin * 1.5, y[j]);
              cairo_line_to (cr, x[j] + layout->style.thin * 1.5, y[j]);
            }
          else
            {
              if (pen)
                cairo_line_to (cr, x[j], y[j]);
              else
                cairo_move_to (cr, x[j], y[j]);
              pen = TRUE;
            }
        }
      cairo_stroke (cr);
    }
}

/* The individuals of one group. */
void
ktm_draw_individuals (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place,
                      const KtmMark *mark, gsize n_in_panel, cairo_surface_t *surface, double scale)
{
  KtmColour colour = ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark));
  double usual = ktm_style_individual_alpha (&layout->style, n_in_panel, place->plot.h);
  double alpha = MIN (1, usual * (mark->fade > 0 ? mark->fade : 1));
  gboolean weighted = n_in_panel > KTM_DRAW_MOST_LINES;
  double dash = layout->style.thin * 4;

  cairo_save (cr);
  cairo_set_line_width (cr, layout->style.thin);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  if (mark->dashed && !weighted)
    cairo_set_dash (cr, &dash, 1, 0);
  if ((surface == NULL || mark->dashed) && !weighted)
    stroke_rows (cr, layout, place, mark, colour, alpha);
  else
    {
      g_autoptr (GArray) segments = all_segments (layout, place, mark, weighted, -log1p (-alpha));

      if (surface != NULL)
        raster_segments (layout, place, segments, colour, surface, scale);
      else
        stroke_segments (cr, segments, colour);
    }
  cairo_restore (cr);
}
