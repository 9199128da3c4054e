/* Floor widgets/chart: draws a layout.  No GTK. */
#include "ktm-draw-private.h"

static void
draw_text (cairo_t *cr, PangoContext *text, const KtmItem *item)
{
  KtmTextSpec spec = { item->text, item->size, item->bold, item->wrap, item->lines, item->align };

  cairo_save (cr);
  ktm_draw_set_colour (cr, item->colour, 1);
  if (item->vertical)
    {
      cairo_translate (cr, item->box.x, item->box.y + item->box.h);
      cairo_rotate (cr, -G_PI / 2);
    }
  else if (item->slanted)
    {
      cairo_translate (cr, item->x, item->y);
      cairo_rotate (cr, -G_PI / 4);
      cairo_translate (cr, -item->x2, -item->y2 / 2); /* its size before turning */
    }
  else
    cairo_translate (cr, item->box.x, item->box.y);
  ktm_chart_text_draw (text, cr, &spec);
  cairo_restore (cr);
}

static void
draw_swatch (cairo_t *cr, const KtmLayout *layout, const KtmItem *item)
{
  const KtmRect *b = &item->box;

  cairo_save (cr);
  if (item->fill != KTM_FILL_USUAL)
    {
      cairo_rectangle (cr, b->x, b->y, b->w, b->h);
      ktm_draw_fill (cr, layout, item->role, item->look, item->fill);
    }
  else if (item->role == KTM_ROLE_ABSENT || item->filled)
    {
      ktm_draw_set_colour (cr, item->colour, 1);
      cairo_rectangle (cr, b->x, b->y + b->h * 0.1, b->w, b->h * 0.8);
      cairo_fill (cr);
    }
  else
    {
      cairo_set_line_width (cr, layout->style.line);
      ktm_draw_set_dash (cr, item->role, item->look, layout->style.line, 0);
      ktm_draw_set_colour (cr, item->colour, 1);
      cairo_move_to (cr, b->x, b->y + b->h / 2);
      cairo_line_to (cr, b->x + b->w, b->y + b->h / 2);
      cairo_stroke (cr);
      if (item->role == KTM_ROLE_SERIES)
        ktm_draw_marker (cr, &layout->style, b->x + b->w / 2, b->y + b->h / 2,
                         layout->style.size * 0.27, item->role, item->look, 1);
    }
  cairo_restore (cr);
}

static void
draw_line (cairo_t *cr, const KtmLayout *layout, const KtmItem *item)
{
  double angle = atan2 (item->y2 - item->y, item->x2 - item->x), head = layout->style.size * 0.42;

  cairo_set_line_width (cr, item->width);
  ktm_draw_set_colour (cr, item->colour, 1);
  cairo_move_to (cr, item->x, item->y);
  cairo_line_to (cr, item->x2, item->y2);
  cairo_stroke (cr);
  if (!item->arrow)
    return;
  cairo_save (cr);
  cairo_translate (cr, item->x2, item->y2);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, 0, 0);
  cairo_line_to (cr, -head, -head * 0.45);
  cairo_line_to (cr, -head, head * 0.45);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Paper inside, so that no line runs through the words. */
static void
draw_frame (cairo_t *cr, const KtmLayout *layout, const KtmItem *item)
{
  cairo_save (cr);
  cairo_rectangle (cr, item->box.x, item->box.y, item->box.w, item->box.h);
  ktm_draw_set_colour (cr, layout->style.paper, 1);
  cairo_fill_preserve (cr);
  cairo_set_line_width (cr, item->width);
  ktm_draw_set_colour (cr, item->colour, 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_items (cairo_t *cr, const KtmLayout *layout)
{
  PangoContext *text = ktm_chart_text_context (layout->style.family);

  for (guint i = 0; i < layout->items->len; i++)
    {
      const KtmItem *item = &g_array_index (layout->items, KtmItem, i);

      switch (item->kind)
        {
        case KTM_ITEM_TEXT:
          draw_text (cr, text, item);
          break;
        case KTM_ITEM_LINE:
          draw_line (cr, layout, item);
          break;
        case KTM_ITEM_FRAME:
          draw_frame (cr, layout, item);
          break;
        case KTM_ITEM_MARKER:
          ktm_draw_marker (cr, &layout->style, item->x, item->y, item->width, item->role,
                           item->look, 1);
          break;
        case KTM_ITEM_RAMP:
          for (double y = 0; y < item->box.h; y += 0.5)
            {
              ktm_draw_set_colour (cr,
                                   ktm_style_ramp (&layout->style, layout->scene->ramp.diverging,
                                                   1 - y / item->box.h),
                                   1);
              cairo_rectangle (cr, item->box.x, item->box.y + y, item->box.w,
                               MIN (1, item->box.h - y));
              cairo_fill (cr);
            }
          break;
        case KTM_ITEM_SWATCH:
        default:
          draw_swatch (cr, layout, item);
          break;
        }
    }
  g_object_unref (text);
}

static void
draw_grid (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place)
{
  cairo_set_line_width (cr, layout->style.hair);
  ktm_draw_set_colour (cr, layout->style.grid, 1);
  for (gsize i = 0; i < place->n_grid; i++)
    {
      cairo_move_to (cr, place->plot.x, place->grid[i]);
      cairo_line_to (cr, place->plot.x + place->plot.w, place->grid[i]);
    }
  cairo_stroke (cr);
}

static gsize
count_individuals (const KtmPanel *panel)
{
  gsize n = 0;

  for (guint i = 0; i < panel->marks->len; i++)
    {
      const KtmMark *mark = panel->marks->pdata[i];

      if (mark->kind == KTM_MARK_LINE && mark->use == KTM_LINE_INDIVIDUAL)
        n += mark->n_rows;
    }
  return n;
}

static void
clip_plot (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place)
{
  double pad = layout->zoomed ? 0 : layout->style.marker * 1.6 + layout->style.line;
  double up =
      layout->scene->arrange == KTM_ARRANGE_STACK ? layout->style.size * KTM_STACK_GAP : pad;

  cairo_rectangle (cr, place->plot.x - pad, place->plot.y - up, place->plot.w + 2 * pad,
                   place->plot.h + up + pad);
  cairo_clip (cr);
}

/* Bands of colour behind lines of a forest, and thin lines between its parts. */
static void
draw_line_grounds (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place)
{
  KtmColour lit = ktm_style_colour (&layout->style, KTM_ROLE_SERIES, 0);
  double edge = layout->style.size * 0.4;

  for (guint i = 0; i < place->panel->lines->len; i++)
    {
      const KtmLine *line = place->panel->lines->pdata[i];
      double top = ktm_scale_map (&place->y, i - 0.5), bottom = ktm_scale_map (&place->y, i + 0.5);

      if (bottom > place->plot.y + place->plot.h + 0.5)
        return;
      cairo_rectangle (cr, edge, line->lit ? top : top - layout->style.hair / 2,
                       layout->width - 2 * edge, line->lit ? bottom - top : layout->style.hair);
      ktm_draw_set_colour (cr, line->lit ? lit : layout->style.grid, line->lit ? 0.13 : 1);
      if (line->lit || line->ruled)
        cairo_fill (cr);
      cairo_new_path (cr);
    }
}

static void
draw_panel (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, cairo_surface_t *surface,
            double scale)
{
  gsize n = count_individuals (place->panel);

  draw_grid (cr, layout, place);
  draw_line_grounds (cr, layout, place);
  cairo_save (cr);
  clip_plot (cr, layout, place);
  for (guint i = 0; i < place->panel->marks->len; i++)
    {
      const KtmMark *mark = place->panel->marks->pdata[i];

      if (mark->kind == KTM_MARK_LINE && mark->stride > 0)
        ktm_draw_individuals (cr, layout, place, mark, n, surface, scale);
      else if (!place->panel->lanes || mark->kind != KTM_MARK_TEXT)
        ktm_draw_mark (cr, layout, place, mark);
    }
  cairo_restore (cr);
}

static void
draw_all (cairo_t *cr, const KtmLayout *layout, gboolean transparent, cairo_surface_t *surface,
          double scale)
{
  cairo_save (cr);
  if (!transparent)
    {
      ktm_draw_set_colour (cr, layout->style.paper, 1);
      cairo_rectangle (cr, 0, 0, layout->width, layout->height);
      cairo_fill (cr);
    }
  for (guint i = 0; i < layout->places->len; i++)
    draw_panel (cr, layout, &g_array_index (layout->places, KtmPlace, i), surface, scale);
  draw_items (cr, layout);
  cairo_restore (cr);
}

/* The whole figure. */
void
ktm_draw (cairo_t *cr, const KtmLayout *layout, gboolean transparent)
{
  draw_all (cr, layout, transparent, NULL, 1);
}

/* Writes the zeros that are there: memory of which threads read before they write is mapped twice,
 * and every thread is interrupted for it. */
static void
touch (cairo_surface_t *surface)
{
  cairo_surface_flush (surface);
  memset (cairo_image_surface_get_data (surface), 0,
          (gsize) cairo_image_surface_get_stride (surface)
              * (gsize) cairo_image_surface_get_height (surface));
  cairo_surface_mark_dirty (surface);
}

/* The whole figure as pixels; free with cairo_surface_destroy().  NULL where it would be larger
 * than Cairo can. */
cairo_surface_t *
ktm_draw_to_surface (const KtmLayout *layout, double scale, gboolean transparent)
{
  int w = (int) lround (layout->width * scale), h = (int) lround (layout->height * scale);
  cairo_surface_t *surface = w > 0 && h > 0 && w <= 32000 && h <= 32000
                                 ? cairo_image_surface_create (CAIRO_FORMAT_ARGB32, w, h)
                                 : NULL;

  if (surface == NULL || cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      g_clear_pointer (&surface, cairo_surface_destroy);
      return NULL;
    }
  cairo_t *cr = cairo_create (surface);

  if (!transparent)
    {
      ktm_draw_set_colour (cr, layout->style.paper, 1);
      cairo_paint (cr);
    }
  else
    touch (surface);
  cairo_scale (cr, scale, scale);
  draw_all (cr, layout, TRUE, surface, scale);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static gssize
find_row (const KtmMark *mark, long row)
{
  for (gsize i = 0; row >= 0 && i < mark->n_rows; i++)
    if (mark->rows[i] == (guint32) row)
      return (gssize) i;
  return -1;
}

static void
highlight (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
           gsize index, KtmRole role, double width, gboolean markers, long ring)
{
  g_autofree double *x = g_new (double, mark->stride), *y = g_new (double, mark->stride);
  guint look = ktm_draw_look (layout, mark);
  gboolean pen = FALSE;

  ktm_draw_row_points (place, mark, index, x, y);
  for (gsize j = 0; role == KTM_ROLE_SELECTED && j < mark->stride; j++)
    y[j] = ktm_scale_map (
        &place->y,
        mark->y[index * mark->stride + j]); /* where the score is, not where it was moved to */
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  ktm_draw_set_colour (cr,
                       role == KTM_ROLE_SELECTED
                           ? ktm_style_colour (&layout->style, role, 0)
                           : ktm_style_text_colour (&layout->style, mark->role, look),
                       1);
  for (gsize j = 0; j < mark->stride; j++)
    if (!isnan (y[j]))
      {
        if (pen)
          cairo_line_to (cr, x[j], y[j]);
        else
          cairo_move_to (cr, x[j], y[j]);
        pen = TRUE;
      }
  cairo_stroke (cr);
  for (gsize j = 0; j < mark->stride; j++)
    if (!isnan (y[j]))
      {
        if (markers)
          ktm_draw_marker (cr, &layout->style, x[j], y[j], layout->style.marker * 1.1,
                           KTM_ROLE_SELECTED, 0, 1);
        if (ring == (long) j)
          {
            cairo_set_line_width (cr, layout->style.line * 0.6);
            cairo_new_sub_path (cr);
            cairo_arc (cr, x[j], y[j], layout->style.marker * 2, 0, 2 * G_PI);
            ktm_draw_set_colour (cr, layout->style.selected, 1);
            cairo_stroke (cr);
          }
      }
}

static void
highlight_tile (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
                gsize index, long column)
{
  double top = ktm_scale_map (&place->y, index - 0.5),
         bottom = ktm_scale_map (&place->y, index + 0.5);
  double h = MAX (bottom - top, 3), y = (top + bottom) / 2 - h / 2;

  cairo_set_line_width (cr, MAX (1, layout->style.line * 0.5));
  ktm_draw_set_colour (cr, layout->style.selected, 1);
  cairo_rectangle (cr, place->plot.x, y, place->plot.w, h);
  if (column >= 0)
    {
      double left = ktm_scale_map (&place->x, column - 0.5),
             right = ktm_scale_map (&place->x, column + 0.5);

      cairo_rectangle (cr, left, y - 1.5, right - left, h + 3);
    }
  cairo_stroke (cr);
}

static void
overlay_mark (cairo_t *cr, const KtmLayout *layout, const KtmPlace *place, const KtmMark *mark,
              const KtmOverlay *overlay)
{
  gssize picked = find_row (mark, overlay->picked), hover = find_row (mark, overlay->hover);
  double line = layout->style.line;

  for (gsize i = 0; mark->kind == KTM_MARK_LINE && i < overlay->n_marked; i++)
    {
      gssize k = find_row (mark, overlay->marked[i]);

      if (k >= 0)
        highlight (cr, layout, place, mark, (gsize) k, KTM_ROLE_SERIES, layout->style.thin * 1.6,
                   FALSE, -1);
    }
  if (mark->kind == KTM_MARK_TILE)
    {
      if (picked >= 0)
        highlight_tile (cr, layout, place, mark, (gsize) picked, hover < 0 ? overlay->column : -1);
      if (hover >= 0)
        highlight_tile (cr, layout, place, mark, (gsize) hover, overlay->column);
      return;
    }
  if (hover >= 0 && hover != picked)
    highlight (cr, layout, place, mark, (gsize) hover, KTM_ROLE_SERIES, line * 0.85, FALSE,
               overlay->column);
  if (picked >= 0)
    highlight (cr, layout, place, mark, (gsize) picked, KTM_ROLE_SELECTED, line * 0.85, TRUE,
               overlay->hover == overlay->picked || overlay->hover < 0 ? overlay->column : -1);
}

/* Draws what moves; the settled picture lies below. */
void
ktm_draw_overlay (cairo_t *cr, const KtmLayout *layout, const KtmOverlay *overlay)
{
  for (guint i = 0; i < layout->places->len; i++)
    {
      const KtmPlace *place = &g_array_index (layout->places, KtmPlace, i);

      cairo_save (cr);
      clip_plot (cr, layout, place);
      for (guint j = 0; j < place->panel->marks->len; j++)
        {
          const KtmMark *mark = place->panel->marks->pdata[j];

          if (mark->n_rows > 0)
            overlay_mark (cr, layout, place, mark, overlay);
        }
      cairo_restore (cr);
    }
  if (overlay->brush[2] > 0)
    {
      cairo_rectangle (cr, overlay->brush[0], overlay->brush[1], overlay->brush[2],
                       overlay->brush[3]);
      ktm_draw_set_colour (cr, layout->style.selected, 0.08);
      cairo_fill_preserve (cr);
      ktm_draw_set_colour (cr, layout->style.selected, 0.6);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}
