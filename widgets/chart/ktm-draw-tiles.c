/* Floor widgets/chart: heat maps.  No GTK. */
#include "ktm-draw-private.h"

#define MOST_LINES 2400  /* of the picture a heat map with more patients is averaged into */

static KtmColour
cell_colour (const KtmLayout *layout, double value)
{
  const KtmRamp *ramp = &layout->scene->ramp;

  if (isnan (value))
    return ktm_style_colour (&layout->style, KTM_ROLE_ABSENT, 0);
  return ktm_style_ramp (&layout->style, ramp->diverging,
                         (value - ramp->lo) / (ramp->hi - ramp->lo));
}

static double
mean_of_rows (const KtmMark *mark, gsize from, gsize to, gsize column)
{
  double sum = 0;
  gsize n = 0;

  for (gsize i = from; i < to; i++)
    {
      double v = mark->y[i * mark->stride + column];

      if (!isnan (v))
        {
          sum += v;
          n++;
        }
    }
  /* A line of the picture counts as missing when most of its patients are. */
  return n * 2 >= to - from && n > 0 ? sum / n : NAN;
}

static cairo_surface_t *
picture (const KtmLayout *layout, const KtmMark *mark)
{
  gsize lines = MIN (mark->n_rows, MOST_LINES);
  cairo_surface_t *out =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) mark->stride, (int) lines);
  guchar *data = cairo_image_surface_get_data (out);

  if (data == NULL)
    return out;
  for (gsize i = 0; i < lines; i++)
    {
      guint32 *line = (guint32 *) (void *) (data + i * cairo_image_surface_get_stride (out));
      gsize from = i * mark->n_rows / lines, to = MAX (from + 1, (i + 1) * mark->n_rows / lines);

      for (gsize j = 0; j < mark->stride; j++)
        {
          KtmColour c = cell_colour (layout, mean_of_rows (mark, from, to, j));

          line[j] = (guint32) lround (c.r * 255) << 16 | (guint32) lround (c.g * 255) << 8
                    | (guint32) lround (c.b * 255);
        }
    }
  cairo_surface_mark_dirty (out);
  return out;
}

/* Cells of mark->y, missing ones in their own colour.  One picture, scaled without blurring. */
void
ktm_draw_tiles (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  double left = ktm_scale_map (&place->x, mark->x[0] - 0.5),
         right = ktm_scale_map (&place->x, mark->x[mark->stride - 1] + 0.5);
  double top = ktm_scale_map (&place->y, -0.5),
         bottom = ktm_scale_map (&place->y, mark->n_rows - 0.5);
  cairo_surface_t *image;

  if (mark->n_rows == 0 || mark->stride == 0)
    return;
  image = picture (layout, mark);
  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, (right - left) / cairo_image_surface_get_width (image),
               (bottom - top) / cairo_image_surface_get_height (image));
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_rectangle (cr, 0, 0, cairo_image_surface_get_width (image),
                   cairo_image_surface_get_height (image));
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);

  /* Thin lines of paper between the visits. */
  cairo_set_line_width (cr, layout->style.hair);
  ktm_draw_set_colour (cr, layout->style.paper, 1);
  for (gsize j = 1; j < mark->stride; j++)
    {
      double x = ktm_scale_map (&place->x, mark->x[j] - 0.5);

      cairo_move_to (cr, x, top);
      cairo_line_to (cr, x, bottom);
    }
  cairo_stroke (cr);
}
