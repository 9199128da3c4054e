/* Floor widgets/chart: areas told apart by hatches.  No GTK. */
#include "ktm-draw-private.h"

/* Lines x + slope · y = k · step, all over the box; those of two areas meet. */
static void
lines (cairo_t *cr, KtmRect box, double step, double slope)
{
  double a = box.x + MIN (slope * box.y, slope * (box.y + box.h)),
         b = box.x + box.w + MAX (slope * box.y, slope * (box.y + box.h));

  for (double c = floor (a / step) * step; c <= b; c += step)
    {
      cairo_move_to (cr, c - slope * box.y, box.y);
      cairo_line_to (cr, c - slope * (box.y + box.h), box.y + box.h);
    }
}

static void
levels (cairo_t *cr, KtmRect box, double step)
{
  for (double y = ceil (box.y / step) * step; y <= box.y + box.h; y += step)
    {
      cairo_move_to (cr, box.x, y);
      cairo_line_to (cr, box.x + box.w, y);
    }
}

static void
dots (cairo_t *cr, KtmRect box, double step)
{
  for (long row = (long) floor (box.y / step); (double) row * step <= box.y + box.h + step; row++)
    for (double x = floor (box.x / step) * step + (row % 2 != 0 ? step / 2 : 0);
         x <= box.x + box.w + step; x += step)
      {
        cairo_new_sub_path (cr);
        cairo_arc (cr, x, (double) row * step, step * 0.2, 0, 2 * G_PI);
      }
}

static void
draw_pattern (cairo_t *cr, const KtmLayout *layout, KtmRect box, KtmFill fill)
{
  double step = layout->style.size * 0.5;

  cairo_set_line_width (cr, step * 0.28);
  ktm_draw_set_colour (cr, layout->style.paper, 1);
  if (fill == KTM_FILL_DOTS)
    {
      dots (cr, box, step * 0.9);
      cairo_fill (cr);
      return;
    }
  if (fill == KTM_FILL_DIAGONAL || fill == KTM_FILL_CROSS)
    lines (cr, box, step, 1);
  if (fill == KTM_FILL_BACK || fill == KTM_FILL_CROSS)
    lines (cr, box, step, -1);
  if (fill == KTM_FILL_LEVEL)
    levels (cr, box, step * 0.8);
  cairo_stroke (cr);
}

/* Colour, hatch, and a thin rim of paper that parts it from its neighbours. */
void
ktm_draw_fill (cairo_t *cr, const KtmLayout *layout, KtmRole role, guint look, KtmFill fill)
{
  double x, y, x2, y2;
  cairo_path_t *path = cairo_copy_path (cr);

  cairo_path_extents (cr, &x, &y, &x2, &y2);
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  ktm_draw_set_colour (cr, ktm_style_area_colour (&layout->style, role, look), 1);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  if (fill > KTM_FILL_SOLID)
    draw_pattern (cr, layout, (KtmRect) { x, y, x2 - x, y2 - y }, fill);
  cairo_restore (cr);
  cairo_new_path (cr);
  cairo_append_path (cr, path);
  cairo_path_destroy (path);
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, layout->style.hair);
  ktm_draw_set_colour (cr, layout->style.paper, 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}
