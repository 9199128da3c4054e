/* Floor widgets/chart: the other marks.  No GTK. */
#include "ktm-draw-private.h"

/* Source colour with its opacity scaled. */
void
ktm_draw_set_colour (cairo_t *cr, KtmColour colour, double alpha)
{
  cairo_set_source_rgba (cr, colour.r, colour.g, colour.b, colour.a * alpha);
}

/* The palette place of a mark's series. */
guint
ktm_draw_look (const KtmLayout *layout, const KtmMark *mark)
{
  if (mark->role != KTM_ROLE_SERIES || mark->series >= layout->scene->series->len)
    return 0;
  return ((const KtmSeries *) layout->scene->series->pdata[mark->series])->look;
}

/* Dash of a series for lines of @line points. */
void
ktm_draw_set_dash (cairo_t *cr, KtmRole role, guint look, double line, double offset)
{
  double scaled[6];
  int n;
  const double *dash = ktm_style_dash (role, look, &n);

  for (int i = 0; i < n; i++)
    scaled[i] = dash[i] * MAX (line, 0.6);
  cairo_set_dash (cr, scaled, n, offset);
}

static void
marker_path (cairo_t *cr, KtmMarker marker, double x, double y, double r)
{
  switch (marker)
    {
    case KTM_MARKER_SQUARE:
      cairo_rectangle (cr, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      break;
    case KTM_MARKER_TRIANGLE:
    case KTM_MARKER_INVERTED:
      {
        double d = marker == KTM_MARKER_TRIANGLE ? 1 : -1;

        cairo_move_to (cr, x, y - d * r * 1.15);
        cairo_line_to (cr, x + r * 1.1, y + d * r * 0.85);
        cairo_line_to (cr, x - r * 1.1, y + d * r * 0.85);
        cairo_close_path (cr);
      }
      break;
    case KTM_MARKER_DIAMOND:
      cairo_move_to (cr, x, y - r * 1.25);
      cairo_line_to (cr, x + r * 1.1, y);
      cairo_line_to (cr, x, y + r * 1.25);
      cairo_line_to (cr, x - r * 1.1, y);
      cairo_close_path (cr);
      break;
    case KTM_MARKER_CROSS:
      cairo_new_sub_path (cr);
      for (int k = 0; k < 12; k++)
        {
          static const double at[12][2] = { { -.35, -1.1 }, { .35, -1.1 },  { .35, -.35 },
                                            { 1.1, -.35 },  { 1.1, .35 },   { .35, .35 },
                                            { .35, 1.1 },   { -.35, 1.1 },  { -.35, .35 },
                                            { -1.1, .35 },  { -1.1, -.35 }, { -.35, -.35 } };

          cairo_line_to (cr, x + at[k][0] * r, y + at[k][1] * r);
        }
      cairo_close_path (cr);
      break;
    case KTM_MARKER_CIRCLE:
    default:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, r, 0, 2 * G_PI);
      cairo_close_path (cr);
      break;
    }
}

/* A marker with a thin rim of paper, so that it stands off what is behind. */
void
ktm_draw_marker (cairo_t *cr, const KtmStyle *style, double x, double y, double radius,
                 KtmRole role, guint look, double alpha)
{
  gboolean hollow;
  KtmMarker marker = ktm_style_marker (role, look, &hollow);
  KtmColour colour = ktm_style_colour (style, role, look);
  gboolean outlined = role == KTM_ROLE_MODERATE || role == KTM_ROLE_SEVERE;

  if (role == KTM_ROLE_ABSENT && look == G_MAXUINT)
    {
      marker = KTM_MARKER_INVERTED;
      colour = style->grey ? style->ink : ktm_style_text_colour (style, KTM_ROLE_SERIES, 3);
    }
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  marker_path (cr, marker, x, y, radius);
  cairo_set_line_width (cr, hollow || outlined ? MAX (radius * 0.36, 0.5) : radius * 0.5);
  if (!hollow && !outlined)
    {
      ktm_draw_set_colour (cr, style->paper, alpha);
      cairo_stroke_preserve (cr);
    }
  ktm_draw_set_colour (cr, hollow ? style->paper : colour, hollow ? 1 : alpha);
  cairo_fill_preserve (cr);
  if (hollow || outlined)
    {
      ktm_draw_set_colour (cr, outlined ? style->ink : colour, alpha);
      cairo_stroke_preserve (cr);
    }
  cairo_new_path (cr);
  cairo_restore (cr);
}

/* The same with paper inside, its outline in the series' colour. */
void
ktm_draw_hollow (cairo_t *cr, const KtmStyle *style, double x, double y, double radius,
                 KtmRole role, guint look, double alpha)
{
  gboolean hollow;

  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  marker_path (cr, ktm_style_marker (role, look, &hollow), x, y, radius);
  ktm_draw_set_colour (cr, style->paper, 1);
  cairo_fill_preserve (cr);
  cairo_set_line_width (cr, MAX (radius * 0.36, 0.5));
  ktm_draw_set_colour (cr, ktm_style_colour (style, role, look), alpha);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static double
vertex_alpha (const KtmMark *mark, gsize i)
{
  return mark->alpha != NULL ? mark->alpha[i] : 1;
}

static void
stroke_run (cairo_t *cr, const KtmLayout *layout, const KtmMark *mark, const double *x,
            const double *y, gsize from, gsize to, double *length)
{
  guint look = ktm_draw_look (layout, mark);
  double line = layout->style.line;

  ktm_draw_set_dash (cr, mark->dashed ? KTM_ROLE_REFERENCE : mark->role, look, line, *length);
  ktm_draw_set_colour (cr, ktm_style_colour (&layout->style, mark->role, look),
                       MIN (vertex_alpha (mark, from), vertex_alpha (mark, to)));
  cairo_move_to (cr, x[from], y[from]);
  for (gsize i = from + 1; i <= to; i++)
    {
      cairo_line_to (cr, x[i], y[i]);
      *length += hypot (x[i] - x[i - 1], y[i] - y[i - 1]);
    }
  cairo_stroke (cr);
}

static void
map_all (const KtmPlace *place, const KtmMark *mark, const double *values, double *x, double *y)
{
  for (gsize i = 0; i < mark->n; i++)
    {
      x[i] = ktm_scale_map (&place->x, mark->x[i]);
      y[i] = ktm_scale_map (&place->y, values[i]);
    }
}

static void
draw_line (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  g_autofree double *x = g_new (double, mark->n + 1), *y = g_new (double, mark->n + 1);
  double length = 0;

  map_all (place, mark, mark->y, x, y);
  cairo_set_line_width (cr, layout->style.line * (mark->role == KTM_ROLE_CONTEXT ? 1.8 : 1));
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (gsize i = 0; i + 1 < mark->n;)
    {
      double alpha = MIN (vertex_alpha (mark, i), vertex_alpha (mark, i + 1));
      gsize to = i + 1;

      if (isnan (y[i]) || isnan (y[i + 1]))
        {
          i++;
          continue;
        }
      while (to + 1 < mark->n && !isnan (y[to + 1])
             && MIN (vertex_alpha (mark, to), vertex_alpha (mark, to + 1)) == alpha)
        to++;
      stroke_run (cr, layout, mark, x, y, i, to, &length);
      i = to;
    }
  for (gsize i = 0; mark->markers && i < mark->n; i++)
    if (!isnan (y[i]))
      ktm_draw_marker (cr, &layout->style, x[i], y[i], layout->style.marker, mark->role,
                       ktm_draw_look (layout, mark), vertex_alpha (mark, i));
}

static void
draw_step (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  gboolean pen = FALSE;
  double before = 0;

  cairo_set_line_width (cr, layout->style.line);
  ktm_draw_set_dash (cr, mark->role, ktm_draw_look (layout, mark), layout->style.line, 0);
  ktm_draw_set_colour (
      cr, ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark)), 1);
  for (gsize i = 0; i < mark->n; i++)
    {
      double x = ktm_scale_map (&place->x, mark->x[i]), y = ktm_scale_map (&place->y, mark->y[i]);

      if (isnan (y))
        {
          pen = FALSE;
          continue;
        }
      if (pen)
        {
          cairo_line_to (cr, x, before);
          cairo_line_to (cr, x, y);
        }
      else
        cairo_move_to (cr, x, y);
      if (mark->alpha != NULL && i > 0 && mark->alpha[i] != mark->alpha[i - 1])
        {
          cairo_stroke (cr);
          ktm_draw_set_colour (
              cr, ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark)),
              mark->alpha[i]);
          cairo_move_to (cr, x, y);
        }
      before = y;
      pen = TRUE;
    }
  cairo_stroke (cr);
}

/* Diagonal lines over what is not known. */
void
ktm_draw_hatch (cairo_t *cr, const KtmLayout *layout, KtmRect area)
{
  double step = layout->style.size * 0.6;

  if (area.w <= 0 || area.h <= 0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, area.x, area.y, area.w, area.h);
  cairo_clip (cr);
  cairo_set_line_width (cr, layout->style.hair * 0.9);
  ktm_draw_set_colour (cr, ktm_style_colour (&layout->style, KTM_ROLE_ABSENT, 0), 0.8);
  for (double x = area.x - area.h; x < area.x + area.w; x += step)
    {
      cairo_move_to (cr, x, area.y + area.h);
      cairo_line_to (cr, x + area.h, area.y);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
fill_steps (cairo_t *cr, const double *x, const double *low, const double *high, gsize from,
            gsize to)
{
  cairo_move_to (cr, x[from], low[from]);
  for (gsize i = from; i < to; i++)
    {
      cairo_line_to (cr, x[i], low[i]);
      cairo_line_to (cr, x[i + 1], low[i]);
    }
  for (gsize i = to; i > from; i--)
    {
      cairo_line_to (cr, x[i], high[i - 1]);
      cairo_line_to (cr, x[i - 1], high[i - 1]);
    }
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
path_between (cairo_t *cr, const double *x, const double *low, const double *high, gsize from,
              gsize to)
{
  cairo_move_to (cr, x[from], low[from]);
  for (gsize i = from + 1; i <= to; i++)
    cairo_line_to (cr, x[i], low[i]);
  for (gsize i = to + 1; i > from; i--)
    cairo_line_to (cr, x[i - 1], high[i - 1]);
  cairo_close_path (cr);
}

static void
fill_between (cairo_t *cr, const double *x, const double *low, const double *high, gsize from,
              gsize to)
{
  path_between (cr, x, low, high, from, to);
  cairo_fill (cr);
}

/* A band that has the panel to itself is laid on a veil of paper, else the lines of the patients
 * drown it. */
static gboolean
is_only_band (const KtmPlace *place)
{
  guint n = 0;

  for (guint i = 0; i < place->panel->marks->len; i++)
    n += ((const KtmMark *) g_ptr_array_index (place->panel->marks, i))->kind == KTM_MARK_BAND;
  return n == 1;
}

static void
draw_band (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  g_autofree double *x = g_new (double, mark->n + 1), *low = g_new (double, mark->n + 1),
                    *high = g_new (double, mark->n + 1);
  KtmColour colour = ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark));

  map_all (place, mark, mark->low, x, low);
  map_all (place, mark, mark->high, x, high);
  for (gsize i = 0; mark->n > 0 && i + 1 < mark->n;)
    {
      double alpha = mark->stepped ? vertex_alpha (mark, i)
                                   : MIN (vertex_alpha (mark, i), vertex_alpha (mark, i + 1));
      gsize to = i + 1;

      if (isnan (low[i]) || isnan (low[i + 1]) || isnan (high[i]) || isnan (high[i + 1]))
        {
          i++;
          continue;
        }
      while (to + 1 < mark->n && !isnan (low[to + 1]) && !isnan (high[to + 1])
             && (mark->stepped ? vertex_alpha (mark, to)
                               : MIN (vertex_alpha (mark, to), vertex_alpha (mark, to + 1)))
                    == alpha)
        to++;
      if (mark->role == KTM_ROLE_ABSENT)
        ktm_draw_hatch (cr, layout, (KtmRect) { x[i], place->plot.y, x[to] - x[i], place->plot.h });
      else if (mark->fill != KTM_FILL_USUAL)
        {
          path_between (cr, x, low, high, i, to);
          ktm_draw_fill (cr, layout, mark->role, ktm_draw_look (layout, mark), mark->fill);
        }
      else
        {
          if (is_only_band (place))
            {
              ktm_draw_set_colour (cr, layout->style.paper, 0.55 * alpha);
              fill_between (cr, x, low, high, i, to);
            }
          ktm_draw_set_colour (cr, colour, ktm_style_band_alpha (&layout->style) * alpha);
          (mark->stepped ? fill_steps : fill_between) (cr, x, low, high, i, to);
        }
      i = to;
    }
}

static void
draw_bar (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark, gsize i)
{
  const KtmScale *along = mark->across ? &place->x : &place->y,
                 *other = mark->across ? &place->y : &place->x;
  double middle = ktm_scale_map (other, mark->across ? mark->y[i] : mark->x[i]),
         a = ktm_scale_map (along, mark->low[i]);
  double b = ktm_scale_map (along, mark->high[i]),
         half = fabs (ktm_scale_map (other, mark->width > 0 ? mark->width : 0.38)
                      - ktm_scale_map (other, 0));
  KtmRect r = { middle - half, MIN (a, b), 2 * half, fabs (b - a) };

  if (mark->across)
    r = (KtmRect) { MIN (a, b), middle - half, fabs (b - a), 2 * half };
  if (isnan (a) || isnan (b))
    return;
  if (mark->role == KTM_ROLE_ABSENT)
    {
      ktm_draw_hatch (cr, layout, r);
      return;
    }
  cairo_rectangle (cr, r.x, r.y, r.w, r.h);
  if (mark->fill != KTM_FILL_USUAL)
    {
      ktm_draw_fill (cr, layout, mark->role, ktm_draw_look (layout, mark), mark->fill);
      return;
    }
  cairo_fill_preserve (cr);
  if (mark->shaded || mark->role >= KTM_ROLE_MILD)
    {
      cairo_set_line_width (cr, layout->style.hair);
      ktm_draw_set_colour (
          cr, mark->role >= KTM_ROLE_MILD ? layout->style.ink : layout->style.paper, 1);
      cairo_stroke (cr);
    }
  cairo_new_path (cr);
}

static void
draw_diamond (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
              gsize i)
{
  double y = ktm_scale_map (&place->y, mark->y[i]), x = ktm_scale_map (&place->x, mark->x[i]),
         half = layout->style.size * 0.55;

  cairo_move_to (cr, ktm_scale_map (&place->x, mark->low[i]), y);
  cairo_line_to (cr, x, y - half);
  cairo_line_to (cr, ktm_scale_map (&place->x, mark->high[i]), y);
  cairo_line_to (cr, x, y + half);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_whisker (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
              gsize i)
{
  double cap = mark->flat ? 0 : layout->style.marker * 0.9;
  double at =
      mark->across ? ktm_scale_map (&place->y, mark->y[i]) : ktm_scale_map (&place->x, mark->x[i]);
  double ends[2] = { ktm_scale_map (mark->across ? &place->x : &place->y, mark->low[i]),
                     ktm_scale_map (mark->across ? &place->x : &place->y, mark->high[i]) };

  if (isnan (ends[0]) || isnan (ends[1]))
    return;
  cairo_move_to (cr, mark->across ? ends[0] : at, mark->across ? at : ends[0]);
  cairo_line_to (cr, mark->across ? ends[1] : at, mark->across ? at : ends[1]);
  for (int e = 0; cap > 0 && e < 2; e++)
    {
      cairo_move_to (cr, mark->across ? ends[e] : at - cap, mark->across ? at - cap : ends[e]);
      cairo_line_to (cr, mark->across ? ends[e] : at + cap, mark->across ? at + cap : ends[e]);
    }
  cairo_stroke (cr);
}

static void
draw_intervals (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  KtmColour colour =
      mark->shaded ? ktm_style_shade (&layout->style, mark->shade)
                   : ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark));

  cairo_set_line_width (cr, layout->style.line * 0.8);
  if (mark->dashed && mark->flat)
    { /* only leads the eye to the axis: thin and dotted */
      cairo_set_line_width (cr, MAX (layout->style.hair, layout->style.line * 0.55));
      cairo_set_dash (cr, (double[2]) { layout->style.line, layout->style.line * 1.2 }, 2, 0);
    }
  else if (mark->dashed)
    ktm_draw_set_dash (cr, KTM_ROLE_REFERENCE, 0, layout->style.line * 0.8, 0);
  for (gsize i = 0; i < mark->n; i++)
    {
      ktm_draw_set_colour (cr, colour, vertex_alpha (mark, i));
      if (mark->kind == KTM_MARK_BARS)
        draw_bar (cr, layout, place, mark, i);
      else if (mark->diamond)
        draw_diamond (cr, layout, place, mark, i);
      else
        draw_whisker (cr, layout, place, mark, i);
    }
}

/* The end of an interval that goes on beyond the axis. */
static void
arrow_head (cairo_t *cr, double x, double y, double size, int direction)
{
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - direction * size, y - size * 0.6);
  cairo_line_to (cr, x - direction * size, y + size * 0.6);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
span_line (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, double low, double high,
           double y)
{
  double head = layout->style.marker * 1.8, left = ktm_scale_map (&place->x, low),
         right = ktm_scale_map (&place->x, high);
  gboolean over_left = low < place->x.lo, over_right = high > place->x.hi;

  if (isnan (left) || isnan (right) || high < place->x.lo || low > place->x.hi)
    return;
  left = over_left ? place->plot.x : left;
  right = over_right ? place->plot.x + place->plot.w : right;
  cairo_move_to (cr, left + (over_left ? head * 0.9 : 0), y);
  cairo_line_to (cr, right - (over_right ? head * 0.9 : 0), y);
  cairo_stroke (cr);
  if (over_left)
    arrow_head (cr, left, y, head, -1);
  if (over_right)
    arrow_head (cr, right, y, head, 1);
}

/* The diamond of everybody is not a series. */
static void
span_marker (cairo_t *cr, const KtmLayout *layout, const KtmMark *mark, double x, double y,
             double alpha)
{
  double r = layout->style.marker * 1.1 * (mark->size > 0 ? mark->size : 1);

  if (mark->square)
    {
      cairo_rectangle (cr, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      cairo_fill (cr);
      return;
    }
  if (mark->hollow)
    {
      ktm_draw_hollow (cr, &layout->style, x, y, r, mark->role, ktm_draw_look (layout, mark), 1);
      return;
    }
  if (mark->role == KTM_ROLE_SERIES)
    {
      ktm_draw_marker (cr, &layout->style, x, y, r, mark->role, ktm_draw_look (layout, mark), 1);
      return;
    }
  marker_path (cr, KTM_MARKER_DIAMOND, x, y, r * 1.2);
  ktm_draw_set_colour (cr, layout->style.ink, alpha);
  cairo_fill (cr);
}

static void
draw_spans (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  KtmColour colour = mark->role == KTM_ROLE_SERIES ? ktm_style_colour (&layout->style, mark->role,
                                                                       ktm_draw_look (layout, mark))
                                                   : layout->style.ink;

  cairo_set_line_width (cr, layout->style.line * 0.8);
  for (gsize i = 0; i < mark->n; i++)
    {
      double x = ktm_scale_map (&place->x, mark->x[i]), y = ktm_scale_map (&place->y, mark->y[i]);

      if (isnan (y) || y > place->plot.y + place->plot.h)
        continue;
      ktm_draw_set_colour (cr, colour, vertex_alpha (mark, i));
      if (mark->dashed)
        cairo_set_dash (cr, (const double[]){ layout->style.line * 2.2, layout->style.line * 1.6 },
                        2, 0);
      span_line (cr, layout, place, mark->low[i], mark->high[i], y);
      cairo_set_dash (cr, NULL, 0, 0);
      if (!isnan (x) && mark->x[i] >= place->x.lo && mark->x[i] <= place->x.hi)
        span_marker (cr, layout, mark, x, y, vertex_alpha (mark, i));
    }
}

static void
draw_plus (cairo_t *cr, const KtmLayout *layout, const KtmMark *mark, double x, double y,
           double radius, double alpha)
{
  cairo_set_line_width (cr, MAX (layout->style.hair, layout->style.line * 0.65));
  ktm_draw_set_colour (
      cr, ktm_style_text_colour (&layout->style, mark->role, ktm_draw_look (layout, mark)), alpha);
  cairo_move_to (cr, x - radius, y);
  cairo_line_to (cr, x + radius, y);
  cairo_move_to (cr, x, y - radius);
  cairo_line_to (cr, x, y + radius);
  cairo_stroke (cr);
}

static void
draw_points (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  double radius = layout->style.marker * (mark->size > 0 ? mark->size : 1);

  for (gsize i = 0; i < mark->n; i++)
    {
      double x = ktm_scale_map (&place->x, mark->x[i]), y = ktm_scale_map (&place->y, mark->y[i]);

      if (isnan (y))
        continue;
      if (mark->plus)
        draw_plus (cr, layout, mark, x, y, radius, vertex_alpha (mark, i));
      else if (mark->hollow)
        ktm_draw_hollow (cr, &layout->style, x, y, radius, mark->role, ktm_draw_look (layout, mark),
                         vertex_alpha (mark, i));
      else
        ktm_draw_marker (cr, &layout->style, x, y, radius, mark->role, ktm_draw_look (layout, mark),
                         vertex_alpha (mark, i));
    }
}

static void
draw_rules (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  /* In a stack a vertical line runs through the gaps between the panels. */
  gboolean below = layout->scene->arrange == KTM_ARRANGE_STACK
                   && place->panel != layout->scene->panels->pdata[0];
  double up = below ? layout->style.size * KTM_STACK_GAP : 0;

  cairo_set_line_width (cr, mark->role == KTM_ROLE_SELECTED ? layout->style.line * 0.7
                                                            : layout->style.line * 0.6);
  if (mark->role != KTM_ROLE_CONTEXT) /* a line of the axis itself */
    ktm_draw_set_dash (cr, KTM_ROLE_REFERENCE, 0, layout->style.line * 0.9, 0);
  ktm_draw_set_colour (
      cr, ktm_style_colour (&layout->style, mark->role, ktm_draw_look (layout, mark)), 1);
  for (gsize i = 0; i < mark->n; i++)
    {
      if (mark->y != NULL)
        {
          double y = ktm_scale_map (&place->y, mark->y[i]);

          cairo_move_to (cr, place->plot.x, y);
          cairo_line_to (cr, place->plot.x + place->plot.w, y);
        }
      else
        {
          double x = ktm_scale_map (&place->x, mark->x[i]);

          cairo_move_to (cr, x, place->plot.y - up);
          cairo_line_to (cr, x, place->plot.y + place->plot.h);
        }
    }
  cairo_stroke (cr);
}

/* One mark that is neither individuals, tiles nor text. */
void
ktm_draw_mark (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark)
{
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  switch (mark->kind)
    {
    case KTM_MARK_LINE:
      draw_line (cr, layout, place, mark);
      break;
    case KTM_MARK_BAND:
      draw_band (cr, layout, place, mark);
      break;
    case KTM_MARK_POINTS:
      draw_points (cr, layout, place, mark);
      break;
    case KTM_MARK_BARS:
    case KTM_MARK_INTERVAL:
      draw_intervals (cr, layout, place, mark);
      break;
    case KTM_MARK_STEP:
      draw_step (cr, layout, place, mark);
      break;
    case KTM_MARK_RULE:
      draw_rules (cr, layout, place, mark);
      break;
    case KTM_MARK_SPAN:
      draw_spans (cr, layout, place, mark);
      break;
    case KTM_MARK_TILE:
      ktm_draw_tiles (cr, layout, place, mark);
      break;
    case KTM_MARK_TEXT:
    default:
      break;
    }
  cairo_restore (cr);
}
