/* Floor widgets/chart: places a scene.  No GTK.
 *
 * Gutters first (numbers and names at the left, direct labels at the right), then heights from the
 * bottom (rows, time axis) and the top (caption, legend, notes); the plot has what is left.  When
 * that is too little, detail goes up by one and all starts anew.
 */
#include "ktm-layout-private.h"

#include <string.h>

static void
item_clear (gpointer data)
{
  g_free (((KtmItem *) data)->text);
}

static void
place_clear (gpointer data)
{
  g_free (((KtmPlace *) data)->grid);
  g_free (((KtmPlace *) data)->lane);
}

static double
x_axis_height (const KtmPlacing *p, const KtmPanel *panel, gboolean labels, gboolean title);
static double rows_height (const KtmPlacing *p, const KtmPanel *panel);

/* The y title in at most two lines of the height there is beside the plots; *thick is its height
 * across. */
static KtmTextSpec
y_title_spec (KtmPlacing *p, const KtmPanel *panel, double *room, double *length, double *thick)
{
  KtmTextSpec spec = ktm_placing_spec (p, panel->y.label, TRUE);

  *room = MAX (p->body.h - rows_height (p, panel) - x_axis_height (p, panel, FALSE, TRUE)
                   - p->style->size * 0.3,
               p->style->size);
  if (p->scene->arrange == KTM_ARRANGE_STACK)
    {
      double weights = 0;

      if (p->scene->notes->len > 0 && p->detail < 2)
        *room -= p->line_height * MIN (p->scene->notes->len, 2);
      for (guint i = 0; i < p->scene->panels->len; i++)
        {
          const KtmPanel *other = p->scene->panels->pdata[i];

          if (other->fit_bands)
            *room -= (other->y.hi - other->y.lo) * p->line_height * 1.05 + p->style->size;
          else
            weights += other->weight;
        }
      *room = MAX (*room * panel->weight / MAX (weights, 0.01), p->style->size);
    }
  ktm_placing_measure (p, &spec, length, thick);
  if (*length > *room)
    {
      spec.wrap = *room;
      spec.lines = 2;
      spec.align = PANGO_ALIGN_CENTER;
      ktm_placing_measure (p, &spec, length, thick);
    }
  return spec;
}

/* Width of the names at the left of stacked panels: a fifth of the figure, more where a word or a
 * line below one needs it. */
static double
side_cap (KtmPlacing *p)
{
  double cap = MIN (p->out->width * 0.2, p->style->size * 9), widest = 0;

  for (guint k = 0; k < p->scene->panels->len; k++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[k];
      g_auto (GStrv) words = g_strsplit (panel->side != NULL ? panel->side : "", " ", -1);
      KtmTextSpec sub = ktm_placing_spec (p, panel->side_sub ? panel->side_sub : "", FALSE);
      double sub_w, sub_h;

      sub.size = p->style->small;
      ktm_placing_measure (p, &sub, &sub_w, &sub_h);
      widest = MAX (widest, sub_w + 1);
      for (gsize i = 0; words[i] != NULL; i++)
        {
          KtmTextSpec spec = ktm_placing_spec (p, words[i], TRUE);
          double w, h;

          ktm_placing_measure (p, &spec, &w, &h);
          widest = MAX (widest, w + 1);
        }
    }
  return MAX (cap, MIN (widest, p->out->width * 0.3));
}

static double
panel_left (KtmPlacing *p, const KtmPanel *panel)
{
  double ticks =
      p->detail < 6 ? ktm_placing_y_ticks_width (p, panel, p->body.h / MAX (p->n_rows_of_panels, 1))
                    : 0;
  double left = ticks > 0 ? ticks + p->style->size * 0.7 : p->style->size * 0.4, w, h, title = 0;

  if (panel->y.label != NULL && p->detail < 5)
    {
      double room;

      y_title_spec (p, panel, &room, &w, &h);
      title = h + p->line_height * 0.1;
      left += title;
    }
  if (panel->side != NULL && p->detail < 6)
    {
      KtmTextSpec name = ktm_placing_spec (p, panel->side, TRUE),
                  sub = ktm_placing_spec (p, panel->side_sub ? panel->side_sub : "", FALSE);
      double cap = side_cap (p), sub_w;

      sub.size = p->style->small;
      ktm_placing_measure (p, &name, &w, &h);
      ktm_placing_measure (p, &sub, &sub_w, &h);
      left += MIN (cap, MAX (w, sub_w)) + p->style->size * 0.8;
    }
  return MAX (left + ktm_placing_columns_width (p, panel, FALSE),
              ktm_placing_row_label_width (p, panel)
                  + (p->scene->arrange == KTM_ARRANGE_GRID && p->n_rows_of_panels > 1
                         ? title
                         : 0)); /* beside rows above other panels */
}

static double
last_tick_half (KtmPlacing *p, const KtmPanel *panel)
{
  double w = 0, h, widest = 0;

  if (p->detail >= 6)
    return p->style->size * 0.3;
  if (panel->x.n_ticks > 0 && !panel->x.names)
    {
      KtmTextSpec spec = ktm_placing_spec (p, panel->x.tick_labels[panel->x.n_ticks - 1], FALSE);

      ktm_placing_measure (p, &spec, &w, &h);
      widest = w / 2;
    }
  for (guint i = 0; i < panel->rows->len; i++)
    {
      const KtmRow *row = panel->rows->pdata[i];
      KtmTextSpec spec = ktm_placing_spec (p, row->n > 0 ? row->cells[row->n - 1] : "", FALSE);

      ktm_placing_measure (p, &spec, &w, &h);
      widest = MAX (widest, w / 2);
    }
  return MAX (widest + 1, p->style->size * 0.6);
}

static void
choose_grid (KtmPlacing *p)
{
  guint n = MAX (p->scene->panels->len, 1);
  double best = INFINITY, aspect = p->scene->aspect > 0 ? p->scene->aspect : 1.25;

  p->n_columns = 1;
  for (guint c = 1; p->scene->arrange == KTM_ARRANGE_GRID && c <= n; c++)
    {
      guint r = (n + c - 1) / c;
      double w = p->body.w / c, h = p->body.h / r;
      double score = fabs (log (MAX (w, 1) / MAX (h, 1) / aspect)) + 0.12 * (r * c - n);

      if (score < best)
        {
          best = score;
          p->n_columns = c;
        }
    }
  p->n_rows_of_panels =
      p->scene->arrange == KTM_ARRANGE_COLUMNS ? 1 : (n + p->n_columns - 1) / p->n_columns;
}

static KtmPlace
new_place (KtmPlacing *p, const KtmPanel *panel, KtmRect plot)
{
  const KtmView *v = &p->out->view;
  KtmPlace place = { .panel = panel, .plot = plot };
  gboolean own_y = p->scene->arrange == KTM_ARRANGE_STACK || p->scene->own_axes;
  double x_lo = isnan (v->x_lo) ? panel->x.lo : v->x_lo,
         x_hi = isnan (v->x_hi) ? panel->x.hi : v->x_hi;
  double y_lo = own_y || isnan (v->y_lo) ? panel->y.lo : v->y_lo,
         y_hi = own_y || isnan (v->y_hi) ? panel->y.hi : v->y_hi;
  gboolean down = panel->y.kind == KTM_AXIS_BAND; /* the first band stands on top */

  place.x = ktm_scale_new (panel->x.kind, x_lo, x_hi, plot.x, plot.x + plot.w);
  place.y = ktm_scale_new (panel->y.kind, y_lo, y_hi, down ? plot.y : plot.y + plot.h,
                           down ? plot.y + plot.h : plot.y);
  return place;
}

/* Names beside the first of several plots: these are as wide as one another, so that their bars can
 * be compared. */
static gboolean
has_names (const KtmScene *scene)
{
  const KtmPanel *first = scene->panels->pdata[0];

  for (guint i = 0; scene->panels->len > 1 && i < first->columns->len; i++)
    if (!((const KtmColumn *) first->columns->pdata[i])->right_side)
      return scene->arrange == KTM_ARRANGE_COLUMNS;
  return FALSE;
}

static double
words_right (KtmPlacing *p, guint i)
{
  const KtmPanel *panel = p->scene->panels->pdata[i];

  return MAX (i + 1 == p->scene->panels->len ? p->right : 0, last_tick_half (p, panel))
         + ktm_placing_columns_width (p, panel, TRUE);
}

static double
strip_height (const KtmPlacing *p, const KtmPanel *panel)
{
  return panel->title != NULL && p->detail < 6
             ? p->line_height * (0.4 + MAX (p->strip_lines, 1) + (p->sub_line ? 0.9 : 0))
             : 0;
}

/* Two lines where a title does not fit over a plot of @width points on one; three over one of many
 * narrow ones. */
static int
title_lines (KtmPlacing *p, const KtmPanel *panel, double width)
{
  KtmTextSpec name = ktm_placing_spec (p, panel->title ? panel->title : "", TRUE);
  double w, h;

  ktm_placing_measure (p, &name, &w, &h);
  if (w + (panel->title_marker ? p->style->size * 0.9 : 0) <= width)
    return 1;
  name.wrap = MAX (width, p->style->size);
  name.lines = 2;
  return p->across > 0 && ktm_chart_text_is_cut (p->text, &name) ? 3 : 2;
}

static int
strip_lines (KtmPlacing *p, double width)
{
  int lines = 1;

  for (guint i = 0; i < p->scene->panels->len; i++)
    lines = MAX (lines, title_lines (p, p->scene->panels->pdata[i], width));
  return lines;
}

/* "Severe · 46%" on two lines. */
static char *
parted (const char *title)
{
  g_auto (GStrv) parts = g_strsplit (title, " · ", 2);

  return g_strjoinv ("\n", parts);
}

/* A title over its own plot and the next, on a line of its own: every other one is lower. */
static void
place_staggered (KtmPlacing *p, const KtmPlace *place, double y)
{
  guint index = 0;
  double w, h, right = p->out->width - p->style->size * 0.6;
  KtmTextSpec name = ktm_placing_spec (p, place->panel->title, TRUE);

  g_ptr_array_find (p->scene->panels, place->panel, &index);
  ktm_placing_measure (p, &name, &w, &h);
  ktm_placing_text (p, KTM_USE_STRIP, &name,
                    ktm_style_text_colour (p->style, place->panel->title_role,
                                           ktm_placing_look (p, place->panel->title_role,
                                                             place->panel->title_series)),
                    MIN (place->plot.x, right - w), y + (index % 2) * p->line_height);
}

/* Over a plot that is one of several with the same names, and over the words at its right. */
static double
title_room (KtmPlacing *p, const KtmPanel *panel, double width)
{
  guint index = 0;

  g_ptr_array_find (p->scene->panels, panel, &index);
  return width + p->beside[2 * index + 1] + p->style->size * 0.6;
}

static void
place_sub_line (KtmPlacing *p, const KtmPlace *place)
{
  double w, h, right = p->out->width - p->style->size * 0.6;
  KtmTextSpec sub
      = ktm_placing_spec (p, place->panel->subtitle ? place->panel->subtitle : "", FALSE);

  sub.size = p->style->small;
  ktm_placing_measure (p, &sub, &w, &h);
  if (w > 0)
    ktm_placing_text (p, KTM_USE_STRIP, &sub, p->style->dim, MIN (place->plot.x, right - w),
                      place->plot.y - p->line_height * 1.25);
}

static void
place_strip (KtmPlacing *p, const KtmPlace *place)
{
  const KtmPanel *panel = place->panel;
  double y = place->plot.y - strip_height (p, panel), x = place->plot.x, w, h;
  guint look = ktm_placing_look (p, panel->title_role, panel->title_series);
  KtmTextSpec name = ktm_placing_spec (p, panel->title, TRUE),
              sub = ktm_placing_spec (p, panel->subtitle ? panel->subtitle : "", FALSE);

  if (strip_height (p, panel) == 0)
    return;
  if (p->sub_line)
    place_sub_line (p, place);
  if (p->staggered)
    {
      place_staggered (p, place, y);
      return;
    }
  if (panel->title_marker)
    {
      ktm_placing_marker (p, KTM_USE_STRIP, x + p->style->size * 0.3, y + p->line_height * 0.5,
                          p->style->size * 0.27, panel->title_role, look);
      x += p->style->size * 0.9;
    }
  double room = place->plot.x + place->plot.w - x, sub_w;

  sub.size = p->style->small;
  ktm_placing_measure (p, &sub, &sub_w, &h);
  ktm_placing_measure (p, &name, &w, &h);
  if (p->across > 0)
    room = title_room (p, panel, place->plot.w);
  else if (w > room && p->scene->arrange == KTM_ARRANGE_COLUMNS)
    { /* over the axis beside the plot, which is free there */
      double more = MIN (w - room, p->style->size * 1.4);

      x -= more;
      y -= p->line_height * 0.25;
      room += more;
    }
  g_autofree char *two = parted (panel->title);

  if (p->strip_lines > 1 && (w > room || strchr (two, '\n') != NULL))
    {
      name.text = two;
      name.wrap = MAX (room, p->style->size);
      name.lines = strchr (two, '\n') != NULL ? 1 : p->strip_lines; /* of each paragraph */
      ktm_placing_measure (p, &name, &w, &h);
    }
  else if (w > room)
    {
      name.wrap = MAX (room, p->style->size);
      ktm_placing_measure (p, &name, &w, &h);
    }
  ktm_placing_text (p, KTM_USE_STRIP, &name,
                    ktm_style_text_colour (p->style, panel->title_role, look), x, y);
  if (w + sub_w + p->style->size > room && p->scene->arrange == KTM_ARRANGE_STACK
      && room - w > p->style->size * 9)
    {
      sub.wrap = room - w - p->style->size; /* what a strip shows is said first */
      ktm_placing_measure (p, &sub, &sub_w, &h);
    }
  if (!p->sub_line && w + sub_w + p->style->size <= room + 0.01 && sub_w > 0)
    ktm_placing_text (p, KTM_USE_STRIP, &sub, p->style->dim, x + w + p->style->size * 0.6, y);
}

static void
place_side (KtmPlacing *p, const KtmPlace *place)
{
  const KtmPanel *panel = place->panel;
  double w, h, h2 = 0, cap = side_cap (p);
  KtmTextSpec name = { panel->side, p->style->size, TRUE, cap, 2, PANGO_ALIGN_LEFT };
  KtmTextSpec sub = {
    panel->side_sub ? panel->side_sub : "", p->style->small, FALSE, cap, 1, PANGO_ALIGN_LEFT
  };

  if (panel->side == NULL || p->detail >= 6)
    return;
  ktm_placing_measure (p, &name, &w, &h);
  if (sub.text[0] != '\0')
    ktm_placing_measure (p, &sub, &w, &h2);
  if (h + h2 > place->plot.h + p->line_height * 0.3 && h2 > 0)
    h2 = 0;
  if (h > place->plot.h + p->style->size * 0.4)
    {
      name.lines = 1;
      ktm_placing_measure (p, &name, &w, &h);
    }
  if (h > place->plot.h + p->style->size * 0.4)
    return; /* it would cover the next name */
  double y = panel->lanes ? place->plot.y : place->plot.y + (place->plot.h - h - h2) / 2;

  ktm_placing_text (p, KTM_USE_SIDE, &name, p->style->ink, p->body.x, y);
  if (h2 > 0)
    ktm_placing_text (p, KTM_USE_SIDE, &sub, p->style->dim, p->body.x, y + h);
}

static void
y_title (KtmPlacing *p, const KtmPanel *panel, double top, double bottom)
{
  double room, length, thick, middle = (top + bottom) / 2;

  if (panel->y.label == NULL || p->detail >= 5)
    return;
  KtmTextSpec spec = y_title_spec (p, panel, &room, &length, &thick);

  if (p->scene->arrange == KTM_ARRANGE_STACK && length > bottom - top + p->style->size * 1.2)
    return; /* it would run into the next panel */
  if (p->scene->arrange != KTM_ARRANGE_STACK)
    {
      middle = MIN (middle, p->body.y + room - length / 2);
      middle = MAX (middle, p->body.y + length / 2);
    }
  ktm_placing_vertical_text (p, KTM_USE_AXIS, &spec, p->style->ink, p->body.x, middle);
}

static double
x_axis_height (const KtmPlacing *p, const KtmPanel *panel, gboolean labels, gboolean title)
{
  if (panel->x.hidden || p->detail >= 6)
    return 0;
  double names = p->line_height;

  if (panel->x.names && p->plot_width > 0)
    names = ktm_placing_name_shape (p, panel, p->plot_width).height;
  return p->style->size * 0.35 + (labels ? names + 1 : 0)
         + (title && panel->x.label != NULL && p->detail < 5 ? p->line_height * 1.2 : 0);
}

static double
rows_height (const KtmPlacing *p, const KtmPanel *panel)
{
  guint n = 0;

  for (guint i = 0; i < panel->rows->len; i++)
    n += ktm_placing_has_row (p, panel->rows->pdata[i]);
  return n == 0 ? 0 : p->line_height * (0.25 + 1.02 * n);
}

static gboolean
big_enough (const KtmPlacing *p, double w, double h)
{
  double need = p->detail < 3 ? 6 : p->detail < 5 ? 3 : p->detail < 6 ? 2 : 0;
  gboolean many = p->scene->arrange == KTM_ARRANGE_COLUMNS && p->scene->panels->len > 2;

  return w >= (many ? MIN (need, 2.5) : need) * p->style->size * 0.9
         && h >= need * p->style->size * 0.8 && w > 0 && h > 0;
}

static void
finish_place (KtmPlacing *p, KtmPlace *place, gboolean y_labels, gboolean x_labels,
              gboolean x_title, gboolean row_labels)
{
  double below;

  ktm_placing_y_axis (p, place, y_labels);
  below = ktm_placing_x_axis (p, place, x_labels, x_title);
  ktm_placing_rows (p, place, place->plot.y + place->plot.h + below, row_labels);
  place_strip (p, place);
  place_side (p, place);
  if (place->panel->lanes && p->detail < 6)
    ktm_placing_lanes (p, place);
  ktm_placing_columns (p, place, p->body.x + p->body.w);
  g_array_append_val (p->out->places, *place);
}

/* The gutter all panels of a grid share. */
static double
widest_left (KtmPlacing *p)
{
  double left = panel_left (p, p->scene->panels->pdata[0]);

  for (guint i = 1; p->scene->own_axes && i < p->scene->panels->len; i++)
    left = MAX (left, panel_left (p, p->scene->panels->pdata[i]));
  return left;
}

/* Facets: equal plots, numbers of y at the left column only, time numbers under each panel that has
 * n rows. */
static gboolean
place_grid (KtmPlacing *p)
{
  const KtmPanel *first = p->scene->panels->pdata[0];
  guint n = p->scene->panels->len, nc = p->n_columns, nr = p->n_rows_of_panels;
  gboolean own = p->scene->own_axes;
  double left = widest_left (p),
         right =
             MAX (p->right, last_tick_half (p, first)) + ktm_placing_columns_width (p, first, TRUE),
         between = p->style->size * 1.6;
  double inner =
      MAX (between + (own ? left : 0), last_tick_half (p, first) * 2 + p->style->size * 1.2);
  double w = (p->body.w - left - right - inner * (nc - 1)) / nc;
  double note =
      ktm_placing_notes (p,
                         &(KtmPlace){ .panel = first,
                                      .x = ktm_scale_new (first->x.kind, first->x.lo, first->x.hi,
                                                          p->body.x + left, p->body.x + left + w),
                                      .plot = { p->body.x + left, 0, w, 1 } },
                         0, TRUE);
  double under = x_axis_height (p, first, TRUE, FALSE) + rows_height (p, first),
         title = x_axis_height (p, first, TRUE, TRUE) - x_axis_height (p, first, TRUE, FALSE);
  p->strip_lines = strip_lines (p, w);
  double strip = strip_height (p, first), top_pad = MAX (note, p->style->size * 0.5);
  double h =
      (p->body.h - top_pad - title) / nr - strip - under - (nr > 1 ? p->style->size * 0.6 : 0);

  if (!big_enough (p, w, h))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint c = i % nc, r = i / nc;
      double y = p->body.y + top_pad + r * (strip + h + under + (nr > 1 ? p->style->size * 0.6 : 0))
                 + strip;
      KtmPlace place = new_place (p, p->scene->panels->pdata[i],
                                  (KtmRect){ p->body.x + left + c * (w + inner), y, w, h });

      finish_place (p, &place, own || c == 0, TRUE, n == 1, own || c == 0);
    }
  const KtmPlace *top = &g_array_index (p->out->places, KtmPlace, 0);

  ktm_placing_notes (p, top, top->plot.y - strip - p->style->size * 0.15, FALSE);
  if (n > 1 && title > 0)
    ktm_placing_x_title (p, first, p->body.x + left + (p->body.w - left - right) / 2,
                         p->body.y + p->body.h - title);
  y_title (p, first, top->plot.y, g_array_index (p->out->places, KtmPlace, n - 1).plot.y + h);
  return !p->direct || n > 1
         || ktm_placing_direct (p, &g_array_index (p->out->places, KtmPlace, 0));
}

static double
stack_heights (KtmPlacing *p, double left, double w, double gap, double room, double *height)
{
  guint n = p->scene->panels->len;
  double fixed = 0, weights = 0, least = p->line_height * 2.3;

  for (guint i = 0; i < n; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];

      height[i] = 0;
      if (panel->lanes && p->detail < 6)
        {
          KtmPlace probe = new_place (p, panel, (KtmRect) { p->body.x + left, 0, w, 1 });

          ktm_placing_pack_lanes (p, &probe, p->out->width);
          height[i] = MAX (1, probe.n_lanes) * ktm_placing_lane_height (p, panel);
          height[i] = MAX (height[i], p->line_height * (panel->side_sub ? 2.1 : 1.1));
          place_clear (&probe);
        }
      if (panel->fit_bands && p->detail < 6)
        height[i] = (panel->y.hi - panel->y.lo) * p->line_height * 1.05;
      fixed += height[i] + gap + strip_height (p, panel);
      weights += height[i] > 0 ? 0 : panel->weight;
    }
  double share = room - (fixed - gap), smallest = INFINITY;

  /* Small panels get their least height first, the others share the rest. */
  for (int pass = 0; pass < 4; pass++)
    for (guint i = 0; i < n; i++)
      {
        const KtmPanel *panel = p->scene->panels->pdata[i];

        if (p->detail < 5 && height[i] == 0 && panel->weight / weights * share < least
            && panel->side != NULL)
          {
            height[i] = least;
            share -= least;
            weights -= panel->weight;
          }
      }
  for (guint i = 0; i < n; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];

      if (height[i] == 0)
        height[i] = panel->weight / weights * share;
      smallest = panel->lanes || panel->fit_bands ? smallest : MIN (smallest, height[i]);
    }
  return share < -0.5 ? -1 : smallest;
}

/* Panels under each other on one x axis, each with its own y. */
static gboolean
place_stack (KtmPlacing *p)
{
  guint n = p->scene->panels->len;
  const KtmPanel *last = p->scene->panels->pdata[n - 1], *first = p->scene->panels->pdata[0];
  double left = 0, beside = 0,
         gap = p->style->size * (first->y.kind == KTM_AXIS_BAND ? 0.5 : KTM_STACK_GAP), under,
         right, w;
  g_autofree double *height = g_new0 (double, n);
  gboolean fits = TRUE;

  for (guint i = 0; i < n; i++)
    {
      left = MAX (left, panel_left (p, p->scene->panels->pdata[i]));
      beside = MAX (beside, ktm_placing_columns_width (p, p->scene->panels->pdata[i], TRUE));
    }
  right = MAX (p->right, last_tick_half (p, last)) + beside;
  w = p->body.w - left - right;
  under = x_axis_height (p, last, TRUE, TRUE) + rows_height (p, last);
  if (last->x.hidden && last->y.kind != KTM_AXIS_BAND)
    under += p->line_height * 0.5; /* half of the lowest number of y */
  KtmPlace probe = new_place (p, first, (KtmRect) { p->body.x + left, 0, MAX (w, 1), 1 });
  double note = MAX (ktm_placing_notes (p, &probe, 0, TRUE), p->style->size * 0.5);

  if (w <= 0)
    return FALSE;
  double least = stack_heights (p, left, w, gap, p->body.h - note - under, height);

  if (least <= 0
      || !big_enough (p, w,
                      first->y.kind == KTM_AXIS_BAND ? p->body.h - note - under : least * 2.5))
    return FALSE;
  double y = p->body.y + note;

  for (guint i = 0; i < n; y += height[i] + gap, i++)
    {
      y += strip_height (p, p->scene->panels->pdata[i]);
      KtmPlace place = new_place (p, p->scene->panels->pdata[i],
                                  (KtmRect){ p->body.x + left, y, w, height[i] });

      if (place.panel->lanes)
        ktm_placing_pack_lanes (p, &place, p->out->width);
      if (i == 0)
        ktm_placing_notes (p, &place, y, FALSE);
      finish_place (p, &place, TRUE, i == n - 1, i == n - 1, TRUE);
      if (place.panel->y.label != NULL)
        y_title (p, place.panel, place.plot.y, place.plot.y + place.plot.h);
      if (p->direct)
        fits &= ktm_placing_direct (p, &g_array_index (p->out->places, KtmPlace, i));
    }
  ktm_placing_ramp (p, p->body.x + left + w, p->body.y + note, p->body.y + p->body.h - under);
  return fits;
}

/* Panels side by side share the width. */
static double
width_share (const KtmScene *scene, const KtmPanel *panel)
{
  double weights = 0;

  if (scene->arrange != KTM_ARRANGE_COLUMNS)
    return 1;
  for (guint i = 0; i < scene->panels->len; i++)
    weights += ((const KtmPanel *) scene->panels->pdata[i])->weight;
  return weights > 0 ? panel->weight / weights : 1;
}

/* What stands beside each plot, asked once where the plots are equal. */
static void
measure_beside (KtmPlacing *p)
{
  guint n = p->scene->panels->len;

  g_clear_pointer (&p->beside, g_free);
  if (!(p->across > 0))
    return;
  p->beside = g_new (double, 2 * n);
  for (guint i = 0; i < n; i++)
    {
      p->beside[2 * i] = panel_left (p, p->scene->panels->pdata[i]);
      p->beside[2 * i + 1] = words_right (p, i);
    }
}

/* The width of column @i, words and plot, where the plots are equal. */
static double
equal_column (KtmPlacing *p, guint i, double gaps)
{
  guint n = p->scene->panels->len;
  double words = 0;

  for (guint k = 0; k < 2 * n; k++)
    words += p->beside[k];
  return p->beside[2 * i] + p->beside[2 * i + 1] + (p->body.w - gaps - words) / n;
}

/* The plot of column @i, its height left to the caller, and the width of all of the column. */
static KtmRect
column_plot (KtmPlacing *p, guint i, double *whole_width)
{
  const KtmRect whole = p->body;
  const KtmPanel *panel = p->scene->panels->pdata[i];
  double left, right, gaps = p->style->size * 1.4 * (p->scene->panels->len - 1);

  *whole_width = p->beside != NULL ? equal_column (p, i, gaps)
                                   : (whole.w - gaps) * width_share (p->scene, panel);
  if (p->beside == NULL)
    p->body.w = *whole_width;
  left = p->beside != NULL ? p->beside[2 * i] : panel_left (p, panel);
  right = p->beside != NULL ? p->beside[2 * i + 1] : words_right (p, i);
  KtmRect plot = { p->body.x + left, whole.y, *whole_width - left - right, 0 };

  p->body = whole;
  return plot;
}

/* Do the words under the axes of columns say what the legend would? */
static gboolean
names_are_shown (KtmPlacing *p)
{
  gboolean named = FALSE;

  for (guint i = 0; p->scene->arrange == KTM_ARRANGE_COLUMNS && i < p->scene->panels->len; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];
      double width;

      if (panel->x.tick_series == NULL || p->detail >= 6)
        continue;
      KtmRect plot = column_plot (p, i, &width);

      if (plot.w <= 0
          || ktm_placing_name_shape (p, panel, plot.w).manner == KTM_NAMES_LEGEND)
        return FALSE;
      named = TRUE;
    }
  return named;
}

/* Titles too long for their plots, each with room up to the one after the next. */
static gboolean
can_stagger (KtmPlacing *p)
{
  guint n = p->scene->panels->len;
  g_autofree double *x = g_new (double, n), *w = g_new (double, n);
  double at = p->body.x, width, h, right = p->body.x + p->body.w;

  if (p->strip_lines < 2 || n < 3)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];
      KtmTextSpec name = ktm_placing_spec (p, panel->title ? panel->title : "", TRUE);

      if (panel->title_marker || panel->title == NULL || strstr (panel->title, " · ") != NULL)
        return FALSE;
      ktm_placing_measure (p, &name, &w[i], &h);
      x[i] = MIN (at + column_plot (p, i, &width).x - p->body.x, right - w[i]);
      at += width + p->style->size * 1.4;
    }
  for (guint i = 0; i < n; i++)
    if (x[i] < p->body.x
        || (i + 2 < n && x[i] + w[i] + p->style->size * 0.6 > x[i + 2]))
      return FALSE;
  return TRUE;
}

/* Of plots with the same names: no room for what stands after the title. */
static gboolean
needs_sub_line (KtmPlacing *p, const KtmPanel *panel)
{
  KtmTextSpec name = ktm_placing_spec (p, panel->title ? panel->title : "", TRUE),
              sub = ktm_placing_spec (p, panel->subtitle ? panel->subtitle : "", FALSE);
  double w, sub_w, h;

  if (!(p->across > 0) || panel->subtitle == NULL)
    return FALSE;
  sub.size = p->style->small;
  ktm_placing_measure (p, &name, &w, &h);
  ktm_placing_measure (p, &sub, &sub_w, &h);
  return w + sub_w + p->style->size > title_room (p, panel, p->plot_width)
         && sub_w < title_room (p, panel, p->plot_width);
}

/* Panels side by side, each with its own axes. */
static gboolean
place_columns (KtmPlacing *p)
{
  const KtmRect whole = p->body;
  guint n = p->scene->panels->len;
  double under = 0, strip = p->style->size * 0.5, width;

  if (p->named && !names_are_shown (p))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];

      p->plot_width = MAX (column_plot (p, i, &width).w, 0);
      p->strip_lines = MAX (
          p->strip_lines, title_lines (p, panel,
                                       p->across > 0 ? title_room (p, panel, p->plot_width)
                                                     : p->plot_width + p->style->size * 1.4));
      p->sub_line = p->sub_line || needs_sub_line (p, panel);
      under = MAX (under, x_axis_height (p, panel, TRUE, TRUE) + rows_height (p, panel));
      strip = MAX (strip, strip_height (p, panel));
    }
  p->plot_width = 0;
  p->staggered = can_stagger (p);
  for (guint i = 0; i < n; i++)
    {
      KtmRect plot = column_plot (p, i, &width);

      plot.y = whole.y + strip;
      plot.h = whole.h - strip - under;
      if (!big_enough (p, plot.w, plot.h))
        {
          p->body = whole;
          return FALSE;
        }
      KtmPlace place = new_place (p, p->scene->panels->pdata[i], plot);

      p->body.w = width;
      finish_place (p, &place, TRUE, TRUE, TRUE, TRUE);
      y_title (p, place.panel, plot.y, plot.y + plot.h);
      p->body.x += width + p->style->size * 1.4;
      p->body.w = whole.w;
    }
  p->body = whole;
  return TRUE;
}

/* Words beside the plots give way to the plots: the least needed columns go first. */
static void
choose_columns (KtmPlacing *p)
{
  const double whole = p->body.w;
  gboolean fits = FALSE, named = has_names (p->scene);

  for (p->keep = 3; p->keep > 0 && !fits; p->keep -= fits ? 0 : 1)
    {
      double words = 0;

      fits = TRUE;
      for (guint i = 0; i < p->scene->panels->len; i++)
        {
          const KtmPanel *panel = p->scene->panels->pdata[i];

          words += ktm_placing_columns_width (p, panel, FALSE)
                   + ktm_placing_columns_width (p, panel, TRUE);
          if (named)
            continue;
          p->body.w = whole * width_share (p->scene, panel);
          fits = fits && ktm_placing_columns_width (p, panel, FALSE)
                         + ktm_placing_columns_width (p, panel, TRUE)
                         <= p->body.w * 0.64;
        }
      if (named)
        fits = words + p->scene->panels->len * p->style->size * 5.5 <= whole * 0.98;
    }
  p->body.w = whole;
}

/* Under a figure the caption may be long: it says what a reader must know. */
static int
caption_lines (const KtmPlacing *p)
{
  if (ktm_placing_is_forest (p))
    return 10;
  return p->style->caption_on_top ? 6
                                  : MAX (6, (int) (p->out->height * 0.36 / p->line_height));
}

static double
block_text (KtmPlacing *p, KtmItemUse use, const char *text, double size, gboolean bold,
            gboolean top)
{
  KtmTextSpec spec = { text,
                       size,
                       bold,
                       p->body.w,
                       use == KTM_USE_CAPTION  ? caption_lines (p)
                       : use == KTM_USE_RESULT ? 4
                                               : 2,
                       PANGO_ALIGN_LEFT };
  double w, h;

  ktm_placing_measure (p, &spec, &w, &h);
  ktm_placing_text (p, use, &spec, use == KTM_USE_CAPTION ? p->style->dim : p->style->ink,
                    p->body.x, top ? p->body.y : p->body.y + p->body.h - h);
  h += p->line_height * 0.35;
  if (top)
    p->body.y += h;
  p->body.h -= h;
  return h;
}

static gboolean
try_place (KtmPlacing *p)
{
  double pad = MIN (p->style->size * 0.6, MIN (p->out->width, p->out->height) * 0.04), legend;

  p->body = (KtmRect) { pad, pad, p->out->width - 2 * pad, p->out->height - 2 * pad };
  p->right = 0;
  if (p->scene->title != NULL && p->detail < 2)
    block_text (p, KTM_USE_TITLE, p->scene->title, p->style->size * 1.15, TRUE, TRUE);
  if (p->scene->result != NULL && p->style->caption_on_top && p->detail < 2)
    block_text (p, KTM_USE_RESULT, p->scene->result, p->style->small, TRUE, TRUE);
  if (p->scene->show_caption && p->scene->caption != NULL && p->detail < 1)
    block_text (p, KTM_USE_CAPTION, p->scene->caption, p->style->small, FALSE,
                p->style->caption_on_top);
  if (p->scene->result != NULL && !p->style->caption_on_top && p->detail < 2)
    block_text (p, KTM_USE_RESULT, p->scene->result, p->style->small, TRUE, FALSE);
  if (p->direct)
    {
      p->right = ktm_placing_direct_width (p);
      if (p->right <= 0)
        return FALSE;
    }
  p->plot_width = 0;
  p->strip_lines = 1;
  p->staggered = p->sub_line = FALSE;
  g_clear_pointer (&p->beside, g_free);
  p->across = has_names (p->scene) ? p->body.w : 0;
  p->named = names_are_shown (p);
  legend = ktm_placing_legend (p, p->body.y);
  p->body.y += legend;
  p->body.h -= legend;
  p->right = MAX (p->right, ktm_placing_ramp_width (p));
  choose_grid (p);
  choose_columns (p);
  measure_beside (p);
  if (p->body.h <= 0 || p->body.w <= 0)
    return FALSE;
  if (ktm_placing_is_forest (p))
    return ktm_placing_forest (p);
  if (ktm_placing_is_flow (p))
    return ktm_placing_flow (p);
  if (p->scene->arrange == KTM_ARRANGE_COLUMNS)
    return place_columns (p);
  return p->scene->arrange == KTM_ARRANGE_GRID ? place_grid (p) : place_stack (p);
}

static gboolean
has_labels (const KtmScene *scene)
{
  for (guint i = 0; i < scene->panels->len; i++)
    if (((const KtmPanel *) scene->panels->pdata[i])->labels->len > 0)
      return scene->panels->len == 1 || scene->arrange == KTM_ARRANGE_STACK;
  return FALSE;
}

static void
start_over (KtmLayout *self)
{
  g_array_set_size (self->items, 0);
  g_array_set_size (self->places, 0);
  self->n_thinned = FALSE;
  self->spare = 0;
  self->smallest_text = self->style.size;
}

static void
place_all (KtmLayout *self, KtmPlacing *p)
{
  gboolean labels = has_labels (self->scene), done = FALSE;

  for (p->detail = 0; p->detail <= 6 && !done; p->detail++)
    for (int direct = labels && p->detail < 4; direct >= 0 && !done; direct--)
      {
        start_over (self);
        p->direct = self->direct = direct;
        done = try_place (p);
        self->detail = p->detail;
        if (done)
          return;
      }
  start_over (self); /* a stamp-sized figure is left empty */
}

static double
thinnest_line (const KtmScene *scene, const KtmStyle *style)
{
  for (guint i = 0; i < scene->panels->len; i++)
    {
      const KtmPanel *panel = scene->panels->pdata[i];

      for (guint j = 0; j < panel->marks->len; j++)
        {
          const KtmMark *mark = panel->marks->pdata[j];

          if (mark->kind == KTM_MARK_LINE && mark->use == KTM_LINE_INDIVIDUAL)
            return MIN (style->thin, style->hair);
        }
    }
  return style->hair;
}

/* Places @scene; see the header.  Sizes below 8 points are treated as 8. */
KtmLayout *
ktm_layout_new (const KtmScene *scene, const KtmStyle *style, double width, double height,
                const KtmView *view)
{
  KtmLayout *self = g_new0 (KtmLayout, 1);
  KtmPlacing p = { .out = self, .scene = scene, .style = &self->style };
  double w;

  self->scene = ktm_scene_ref (scene);
  self->style = *style;
  self->width = MAX (width, 8);
  self->height = MAX (height, 8);
  self->view = view != NULL ? *view : KTM_VIEW_WHOLE;
  self->zoomed = !isnan (self->view.x_lo) || !isnan (self->view.y_lo) || !isnan (self->view.x_hi)
                 || !isnan (self->view.y_hi);
  self->items = g_array_new (FALSE, TRUE, sizeof (KtmItem));
  self->places = g_array_new (FALSE, TRUE, sizeof (KtmPlace));
  g_array_set_clear_func (self->items, item_clear);
  g_array_set_clear_func (self->places, place_clear);
  self->thinnest_line = thinnest_line (scene, style);

  p.text = ktm_chart_text_context (style->family);
  KtmTextSpec probe = { "Ág0", self->style.size, FALSE, 0, 1, PANGO_ALIGN_LEFT };
  ktm_placing_measure (&p, &probe, &w, &p.line_height);
  if (scene->panels->len > 0)
    place_all (self, &p);
  for (guint i = 0; i < self->places->len; i++)
    ktm_placing_values (&p, &g_array_index (self->places, KtmPlace, i));
  g_object_unref (p.text);
  g_free (p.beside);
  return self;
}

/* NULL is allowed. */
void
ktm_layout_free (KtmLayout *layout)
{
  if (layout == NULL)
    return;
  g_array_unref (layout->items);
  g_array_unref (layout->places);
  ktm_scene_unref (layout->scene);
  g_free (layout);
}

/* The panel under a point, a finger's breadth around it included; −1 none. */
int
ktm_layout_panel_at (const KtmLayout *layout, double x, double y)
{
  double margin = layout->style.size;

  for (guint i = 0; i < layout->places->len; i++)
    {
      const KtmRect *plot = &g_array_index (layout->places, KtmPlace, i).plot;

      if (x >= plot->x - margin && x <= plot->x + plot->w + margin && y >= plot->y - margin
          && y <= plot->y + plot->h + margin)
        return (int) i;
    }
  return -1;
}
