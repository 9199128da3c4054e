/* widgets: chart view, the line of a scene that can be moved. */
#include "ktm-chart-view-private.h"

#include <math.h>

#define REACH 9      /* pixels on both sides of the line */
#define SNAP 1.5     /* steps within which it is drawn to a value */
#define GRIP_WIDTH 14
#define GRIP_HEIGHT 13

static const KtmHandle *
handle_of (const KtmChartView *self)
{
  return self->scene && self->layout && self->scene->handle.name && self->layout->places->len > 0
             ? &self->scene->handle
             : NULL;
}

static const KtmPlace *
place_of (const KtmChartView *self)
{
  return &g_array_index (self->layout->places, KtmPlace, 0);
}

static double
value_of (const KtmChartView *self)
{
  return isnan (self->handle) ? self->scene->handle.value : self->handle;
}

static double
point_of (const KtmChartView *self)
{
  const KtmPlace *place = place_of (self);

  return ktm_scale_map (self->scene->handle.across ? &place->y : &place->x, value_of (self));
}

gboolean
ktm_chart_handle_at (KtmChartView *self, double x, double y)
{
  const KtmHandle *handle = handle_of (self);
  const KtmRect *plot;

  if (!handle)
    return FALSE;
  plot = &place_of (self)->plot;
  if (x < plot->x - REACH || x > plot->x + plot->w + REACH || y < plot->y - GRIP_HEIGHT
      || y > plot->y + plot->h + REACH)
    return FALSE;
  return fabs ((handle->across ? y : x) - point_of (self)) <= REACH;
}

/* On a step, or on a value it is drawn to. */
static double
settle (const KtmHandle *handle, double value)
{
  double settled = handle->lo + handle->step * round ((value - handle->lo) / handle->step);

  for (gsize i = 0; i < handle->n_snaps; i++)
    if (fabs (value - handle->snaps[i]) <= SNAP * handle->step)
      settled = handle->snaps[i];
  return CLAMP (settled, handle->lo, handle->hi);
}

void
ktm_chart_handle_drag (KtmChartView *self, double x, double y)
{
  const KtmHandle *handle = handle_of (self);
  const KtmPlace *place;
  double value;

  if (!handle)
    return;
  place = place_of (self);
  value = settle (handle, handle->across ? ktm_scale_invert (&place->y, y)
                                         : ktm_scale_invert (&place->x, x));
  if (value != value_of (self))
    ktm_chart_view_emit_handle (self, value);
}

/* FALSE: there is nothing to move that way. */
gboolean
ktm_chart_handle_step (KtmChartView *self, int dx, int dy)
{
  const KtmHandle *handle = handle_of (self);
  int steps = handle && handle->across ? dy : dx;
  double value;

  if (!handle || steps == 0)
    return FALSE;
  value = CLAMP (value_of (self) + steps * handle->step, handle->lo, handle->hi);
  if (value != value_of (self))
    ktm_chart_view_emit_handle (self, value);
  return TRUE;
}

static void
draw_grip (cairo_t *cr, const KtmStyle *style, double x, double y)
{
  const KtmColour *ink = &style->selected, *paper = &style->paper;

  cairo_rectangle (cr, x - GRIP_WIDTH / 2.0, y - GRIP_HEIGHT / 2.0, GRIP_WIDTH, GRIP_HEIGHT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgba (cr, ink->r, ink->g, ink->b, ink->a);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, paper->r, paper->g, paper->b, 1);
  cairo_set_line_width (cr, 1.2);
  for (int i = -1; i <= 1; i++)
    {
      cairo_move_to (cr, x + 3.5 * i, y - 3.5);
      cairo_line_to (cr, x + 3.5 * i, y + 3.5);
    }
  cairo_stroke (cr);
}

/* The grip at the end of the line; and the line, while the picture is of an earlier value. */
void
ktm_chart_handle_draw (KtmChartView *self, cairo_t *cr)
{
  const KtmHandle *handle = handle_of (self);
  const KtmRect *plot;
  double at;

  if (!handle)
    return;
  plot = &place_of (self)->plot;
  at = point_of (self);
  if (handle->across)
    draw_grip (cr, &self->layout->style, plot->x + GRIP_WIDTH / 2.0, at);
  else
    draw_grip (cr, &self->layout->style, at, plot->y + GRIP_HEIGHT / 2.0 + 2);
}
