/* Floor widgets/chart: axes, their ticks, and the rows under them.  No GTK. */
#include "ktm-layout-private.h"

#include <stdlib.h>

static char *
tick_text (const KtmPlacing *p, const KtmAxis *axis, double value, int decimals)
{
  char *number = ktm_lang_number (p->scene->lang, value, decimals, p->scene->decimal_mark);
  char *out = g_strconcat (axis->signed_ticks && value > 0 ? "+" : "", number, NULL);

  free (number);
  return out;
}

/* At most @most multiples of 1, 2 or 5 × 10^k; three where two would be one. */
static double *
ticks_from_zero (double lo, double hi, guint most, gsize *n, int *decimals)
{
  static const double steps[] = { 1, 2, 5 };

  for (int k = -3; k < 12; k++)
    for (gsize s = 0; s < G_N_ELEMENTS (steps); s++)
      {
        double step = steps[s] * pow (10, k), first = ceil (lo / step - 1e-9),
               last = floor (hi / step + 1e-9);
        double *ticks;

        if (last - first + 1 > most)
          continue;
        if (last - first + 1 < 2 && most == 2)
          return ticks_from_zero (lo, hi, 3, n, decimals);
        *n = (gsize) MAX (last - first + 1, 0);
        *decimals = MAX (0, -k);
        ticks = g_new (double, *n + 1);
        for (gsize i = 0; i < *n; i++)
          ticks[i] = (first + (double) i) * step;
        return ticks;
      }
  *n = 0;
  return g_new (double, 1);
}

static double *
axis_ticks (const KtmPlacing *p, const KtmAxis *axis, double lo, double hi, guint most, gsize *n,
            char ***labels)
{
  int decimals = 0;
  double *ticks;

  if (axis->kind == KTM_AXIS_BAND || axis->kind == KTM_AXIS_TIME)
    {
      *n = axis->n_ticks;
      *labels = g_strdupv (axis->tick_labels);
      return g_memdup2 (axis->ticks, MAX (axis->n_ticks, 1) * sizeof *ticks);
    }
  ticks = axis->kind == KTM_AXIS_LOG ? ktm_ticks_log (lo, hi, most, n)
          : axis->from_zero          ? ticks_from_zero (lo, hi, most, n, &decimals)
                            : ktm_ticks_linear (lo, hi, most, axis->integers, n, &decimals);
  *labels = g_new0 (char *, *n + 1);
  for (gsize i = 0; i < *n; i++)
    (*labels)[i] =
        tick_text (p, axis, ticks[i], axis->kind == KTM_AXIS_LOG && ticks[i] < 1 ? 2 : decimals);
  return ticks;
}

static guint
most_y_ticks (const KtmPlacing *p, double height)
{
  return CLAMP ((int) (height / (p->line_height * 2.8) + 1.5), 2, 11);
}

static double
label_width (const KtmPlacing *p, const char *text, double size)
{
  KtmTextSpec spec = { text, size, FALSE, 0, 1, PANGO_ALIGN_LEFT };
  double w, h;

  ktm_placing_measure (p, &spec, &w, &h);
  return w;
}

/* Room the numbers of a y axis of about @height points need. */
double
ktm_placing_y_ticks_width (KtmPlacing *p, const KtmPanel *panel, double height)
{
  const KtmView *view = &p->out->view;
  double lo = isnan (view->y_lo) ? panel->y.lo : view->y_lo,
         hi = isnan (view->y_hi) ? panel->y.hi : view->y_hi;
  double widest = 0;
  gsize n;

  if (panel->y.hidden || panel->lanes)
    return 0;
  g_auto (GStrv) labels = NULL;
  g_autofree double *ticks =
      axis_ticks (p, &panel->y, lo, hi, most_y_ticks (p, height), &n, &labels);

  for (gsize i = 0; i < n; i++)
    if (panel->y.kind != KTM_AXIS_BAND || ticks[i] >= lo)
      widest = MAX (widest, label_width (p, labels[i], p->style->small));
  return MIN (widest, p->out->width * 0.3);
}

static void
y_tick_label (KtmPlacing *p, const KtmPlace *place, const char *text, double y, double *last)
{
  KtmTextSpec spec = { text, p->style->small, FALSE, 0, 1, PANGO_ALIGN_RIGHT };
  double w, h, room = p->out->width * 0.3;

  ktm_placing_measure (p, &spec, &w, &h);
  if (w > room)
    {
      spec.wrap = room;
      ktm_placing_measure (p, &spec, &w, &h);
    }
  double over = place->panel->y.kind == KTM_AXIS_BAND ? p->style->size * 0.2
                                                      : h; /* bands of the next panel are near */

  if (y - h / 2 < MAX (0, place->plot.y - over)
      || y + h / 2 > MIN (p->out->height, place->plot.y + place->plot.h + over)
      || fabs (y - *last) < h)
    return;
  *last = y;
  ktm_placing_text (p, KTM_USE_TICK, &spec, p->style->dim,
                    place->plot.x - p->style->size * 0.55 - w, y - h / 2);
}

/* Light lines across the plot, and numbers at its left where @labels. */
void
ktm_placing_y_axis (KtmPlacing *p, KtmPlace *place, gboolean labels)
{
  const KtmAxis *axis = &place->panel->y;
  double last = INFINITY;
  gsize n;

  if (axis->hidden || place->panel->lanes)
    return;
  g_auto (GStrv) texts = NULL;
  g_autofree double *ticks =
      axis_ticks (p, axis, place->y.lo, place->y.hi, most_y_ticks (p, place->plot.h), &n, &texts);

  place->grid = g_new0 (double, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      double y = ktm_scale_map (&place->y, ticks[i]);

      if (y < place->plot.y - 0.01 || y > place->plot.y + place->plot.h + 0.01)
        continue;
      if (axis->kind != KTM_AXIS_BAND)
        place->grid[place->n_grid++] = y;
      if (labels && p->detail < 6)
        y_tick_label (p, place, texts[i], y, &last);
    }
}

/* Which of n labels of these widths fit side by side, the first, 0 and the last before the others.
 */
static void
choose_labels (const double *at, const double *width, gsize n, double gap, gboolean *keep)
{
  double used = -INFINITY;

  if (n == 0)
    return;
  double last_left = at[n - 1] - width[n - 1] / 2 - gap;

  for (gsize i = 0; i < n; i++)
    {
      gboolean fits = at[i] - width[i] / 2 >= used + (i > 0 ? gap : 0);

      keep[i] = fits && (i == n - 1 || i == 0 || at[i] + width[i] / 2 <= last_left);
      if (i == n - 1 && !fits)
        keep[i] = FALSE;
      if (keep[i])
        used = at[i] + width[i] / 2;
    }
}

/* Even thinning looks calmer: every 2nd, 3rd … label when equally spaced ones would collide, the
 * first among them where the axis starts at 0, else the last. */
static void
thin_evenly (const double *at, const double *width, gsize n, double gap, gboolean from_zero,
             gboolean *keep)
{
  gboolean even = TRUE;

  for (gsize i = 2; i < n; i++)
    even = even && fabs (at[i] - 2 * at[i - 1] + at[i - 2]) < 0.01;
  for (gsize step = 1; step <= 6 && step < n; step++)
    {
      gboolean fits = even || (n - 1) % step == 0;
      gsize first = from_zero ? 0 : (n - 1) % step;

      for (gsize i = first; fits && i + step < n; i += step)
        fits = at[i] + width[i] / 2 + gap <= at[i + step] - width[i + step] / 2;
      for (gsize i = 0; fits && i < n; i++)
        keep[i] = i % step == first;
      if (fits)
        return;
    }
  choose_labels (at, width, n, gap, keep);
}

/* The time axis' title centred on @middle, in the figure whatever happens; its height. */
double
ktm_placing_x_title (KtmPlacing *p, const KtmPanel *panel, double middle, double y)
{
  KtmTextSpec spec = ktm_placing_spec (p, panel->x.label, TRUE);
  double w, h, room = p->out->width - 4;

  ktm_placing_measure (p, &spec, &w, &h);
  if (w > room)
    {
      spec.wrap = room;
      ktm_placing_measure (p, &spec, &w, &h);
    }
  double x = CLAMP (middle - w / 2, 2, MAX (2, p->out->width - 2 - w));

  ktm_placing_text (p, KTM_USE_AXIS, &spec, p->style->ink, x, y + p->line_height * 0.2);
  return h + p->line_height * 0.2;
}

static gsize
visible_ticks (const KtmPlace *place, gsize n, const double *ticks, double *at, gsize *index)
{
  gsize m = 0;

  for (gsize i = 0; i < n; i++)
    {
      double x = ktm_scale_map (&place->x, ticks[i]);

      if (x < place->plot.x - 0.01 || x > place->plot.x + place->plot.w + 0.01)
        continue;
      at[m] = x;
      index[m++] = i;
    }
  return m;
}

/* Ticks, numbers and title under the plot; the height they take. */
double
ktm_placing_x_axis (KtmPlacing *p, KtmPlace *place, gboolean labels, gboolean title)
{
  const KtmAxis *axis = &place->panel->x;
  double bottom = place->plot.y + place->plot.h, tick = p->style->size * 0.35, used = tick;
  gsize n;

  if (axis->hidden || p->detail >= 6)
    return 0;
  g_auto (GStrv) texts = NULL;
  double each = place->panel->lines->len > 0
                    ? 3.2
                    : 4; /* the numbers of a forest are short, its plot often narrow */
  guint most = CLAMP ((int) (place->plot.w / (p->style->size * each)), 2,
                      place->panel->lines->len > 0 ? 9 : 13);
  g_autofree double *ticks = axis_ticks (p, axis, place->x.lo, place->x.hi, most, &n, &texts);
  g_autofree double *at = g_new0 (double, n + 1), *width = g_new0 (double, n + 1);
  g_autofree gsize *index = g_new0 (gsize, n + 1);
  g_autofree gboolean *keep = g_new0 (gboolean, n + 1);
  gsize m = visible_ticks (place, n, ticks, at, index);

  for (gsize i = 0; i < m; i++)
    {
      width[i] = label_width (p, texts[index[i]], p->style->small);
      if (axis->kind != KTM_AXIS_BAND && labels)
        ktm_placing_line (p, KTM_USE_TICK, at[i], bottom, at[i], bottom + tick, p->style->hair,
                          p->style->dim);
    }
  double least = p->scene->arrange == KTM_ARRANGE_COLUMNS ? place->plot.x - p->style->size * 0.4
                                                          : 0; /* y numbers of its own beside */

  thin_evenly (at, width, m, p->style->size * 0.4, m > 0 && ticks[index[0]] == 0, keep);
  for (gsize i = 0; labels && !axis->names && i < m; i++)
    if (keep[i] && at[i] - width[i] / 2 >= least && at[i] + width[i] / 2 <= p->out->width)
      {
        KtmTextSpec spec = { texts[index[i]], p->style->small, FALSE, 0, 1, PANGO_ALIGN_LEFT };

        ktm_placing_text (p, KTM_USE_TICK, &spec, p->style->dim, at[i] - width[i] / 2,
                          bottom + tick + 1);
      }
  if (labels)
    used += 1 + (axis->names ? ktm_placing_names (p, place, bottom + tick + 1) : p->line_height);
  if (title && axis->label != NULL && p->detail < 5)
    used += ktm_placing_x_title (p, place->panel, place->plot.x + place->plot.w / 2, bottom + used);
  return used;
}

/* Rows of second rank go with the title, all others later. */
gboolean
ktm_placing_has_row (const KtmPlacing *p, const KtmRow *row)
{
  return p->detail < (row->keep > 0 ? 2 : 3);
}

/* Names of groups that would take the plot's room stand elsewhere: their markers are enough. */
static double
row_name_width (const KtmPlacing *p, const KtmRow *row, double size)
{
  double w = label_width (p, row->label, size);

  return row->marker && w > p->out->width * 0.24 ? 0 : w;
}

/* Room for "● n" left of the first number. */
double
ktm_placing_row_label_width (KtmPlacing *p, const KtmPanel *panel)
{
  double widest = 0;

  if (p->detail >= 3)
    return 0;
  for (guint i = 0; i < panel->rows->len; i++)
    {
      const KtmRow *row = panel->rows->pdata[i];
      double first = row->n > 0 ? label_width (p, row->cells[0], p->style->small) / 2 : 0;

      if (row->heading || !ktm_placing_has_row (p, row))
        continue;
      widest = MAX (widest, row_name_width (p, row, p->style->small) + first
                                + p->style->size * (row->marker ? 2.0 : 0.9));
    }
  return widest;
}

static void
row_heading (KtmPlacing *p, const KtmRow *row, double y, double size)
{
  KtmTextSpec spec = { row->label, size, TRUE, 0, 1, PANGO_ALIGN_LEFT };

  ktm_placing_text (p, KTM_USE_ROW, &spec, p->style->ink, p->body.x, y);
}

static void
row_label (KtmPlacing *p, const KtmPlace *place, const KtmRow *row, double y, double size,
           double first_left)
{
  guint look = ktm_placing_look (p, row->role, row->series);
  KtmTextSpec spec = { row->label, size, FALSE, 0, 1, PANGO_ALIGN_LEFT };
  double w, h;

  if (row_name_width (p, row, size) <= 0)
    spec.text = "";
  ktm_placing_measure (p, &spec, &w, &h);
  double x = MIN (place->plot.x - p->style->size * 0.55, first_left - p->style->size * 0.5) - w;

  if (x < 0)
    return;
  ktm_placing_text (p, KTM_USE_ROW, &spec, ktm_style_text_colour (p->style, row->role, look), x, y);
  if (row->marker && x - p->style->size * 0.8 > 0)
    ktm_placing_marker (p, KTM_USE_ROW, x - p->style->size * 0.55, y + h * 0.52,
                        p->style->size * 0.24, row->role, look);
}

/* Widths of the cells of a row in body type: other sizes are in proportion. */
static double *
cell_widths (const KtmPlacing *p, const KtmRow *row)
{
  double *widths = g_new (double, row->n + 1);

  for (gsize i = 0; i < row->n; i++)
    widths[i] = label_width (p, row->cells[i], p->style->small);
  return widths;
}

/* The type size at which all cells of all rows stand side by side; the smallest allowed when none
 * does. */
static double
cell_size (KtmPlacing *p, const KtmPlace *place, const GPtrArray *widths)
{
  double smallest = MAX (p->style->small * 0.78, MIN (p->style->small, 7));

  for (double size = p->style->small; ; size = MAX (size * 0.94, smallest))
    {
      gboolean fits = TRUE;

      for (guint r = 0; fits && r < place->panel->rows->len; r++)
        {
          const KtmRow *row = place->panel->rows->pdata[r];
          const double *width = widths->pdata[r];
          double end = -INFINITY;

          for (gsize i = 0; fits && i < row->n; i++)
            {
              double x = ktm_scale_map (&place->x, row->x[i]),
                     w = width[i] * size / p->style->small;

              fits = x - w / 2 >= end + size * 0.3;
              end = x + w / 2;
            }
        }
      if (fits || size <= smallest + 1e-9)
        return size;
    }
}

/* Rows about the same visits are thinned alike: the widest number of any of them decides. */
static double
widest_cell (const KtmPanel *panel, const GPtrArray *widths, const KtmRow *row, gsize i)
{
  double widest = 0;

  for (guint r = 0; r < panel->rows->len; r++)
    {
      const KtmRow *other = panel->rows->pdata[r];

      if (other->n == row->n && other->x[i] == row->x[i])
        widest = MAX (widest, ((const double *) widths->pdata[r])[i]);
    }
  return widest;
}

static void
row_cells (KtmPlacing *p, KtmPlace *place, const GPtrArray *widths, guint r, double y, double size,
           gboolean label)
{
  const KtmRow *row = place->panel->rows->pdata[r];
  const double *own = widths->pdata[r], scale = size / p->style->small;
  g_autofree double *at = g_new0 (double, row->n + 1), *width = g_new0 (double, row->n + 1);
  g_autofree gsize *index = g_new0 (gsize, row->n + 1);
  g_autofree gboolean *keep = g_new0 (gboolean, row->n + 1);
  KtmColour colour =
      ktm_style_text_colour (p->style, row->role, ktm_placing_look (p, row->role, row->series));
  gsize m = visible_ticks (place, row->n, row->x, at, index);

  for (gsize i = 0; i < m; i++)
    width[i] = widest_cell (place->panel, widths, row, index[i]) * scale;
  thin_evenly (at, width, m, size * 0.3, m > 0 && row->x[index[0]] == 0, keep);
  for (gsize i = 0; i < m; i++)
    width[i] = own[index[i]] * scale;
  for (gsize i = 0; i < m; i++)
    {
      KtmTextSpec spec = { row->cells[index[i]], size, FALSE, 0, 1, PANGO_ALIGN_LEFT };

      if (!keep[i] || at[i] - width[i] / 2 < 0 || at[i] + width[i] / 2 > p->out->width)
        p->out->n_thinned = TRUE;
      else
        ktm_placing_text (p, KTM_USE_ROW, &spec, colour, at[i] - width[i] / 2, y);
    }
  if (label)
    row_label (p, place, row, y, size, m > 0 ? at[0] - width[0] / 2 : place->plot.x);
}

/* The rows from @y on; the height they take. */
double
ktm_placing_rows (KtmPlacing *p, KtmPlace *place, double y, gboolean labels)
{
  g_autoptr (GPtrArray) widths = NULL;

  if (p->detail >= 3 || place->panel->rows->len == 0)
    return 0;
  widths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < place->panel->rows->len; i++)
    g_ptr_array_add (widths, cell_widths (p, place->panel->rows->pdata[i]));

  double size = cell_size (p, place, widths), used = p->line_height * 0.25;

  for (guint i = 0; i < place->panel->rows->len; i++)
    {
      const KtmRow *row = place->panel->rows->pdata[i];

      if (!ktm_placing_has_row (p, row))
        continue;
      if (row->heading)
        row_heading (p, row, y + used, size);
      else
        row_cells (p, place, widths, i, y + used, size, labels);
      used += p->line_height * 1.02;
    }
  return used;
}

static gboolean
overlaps_text (const KtmPlacing *p, KtmRect box)
{
  for (guint i = 0; i < p->out->items->len; i++)
    {
      const KtmItem *item = &g_array_index (p->out->items, KtmItem, i);

      if (item->kind == KTM_ITEM_TEXT && box.x < item->box.x + item->box.w
          && item->box.x < box.x + box.w && box.y < item->box.y + item->box.h
          && item->box.y < box.y + box.h)
        return TRUE;
    }
  return FALSE;
}

/* Words in a bar are black or white, whichever stands off its colour. */
static KtmColour
value_colour (const KtmPlacing *p, const KtmMark *mark)
{
  static const KtmColour black = { 0.07, 0.07, 0.07, 1 }, white = { 1, 1, 1, 1 };
  KtmColour behind =
      mark->shaded ? ktm_style_shade (p->style, mark->shade)
      : mark->fill != KTM_FILL_USUAL
          ? ktm_style_area_colour (p->style, mark->role,
                                   ktm_placing_look (p, mark->role, mark->series))
          : ktm_style_colour (p->style, mark->role, ktm_placing_look (p, mark->role, mark->series));

  if (mark->role == KTM_ROLE_ABSENT)
    return p->style->dim;
  if (mark->place != KTM_TEXT_INSIDE)
    return ktm_style_text_colour (p->style, mark->role,
                                  ktm_placing_look (p, mark->role, mark->series));
  return ktm_colour_contrast (black, behind) >= ktm_colour_contrast (white, behind) ? black : white;
}

static void
value_text (KtmPlacing *p, KtmPlace *place, const KtmMark *mark, gsize i)
{
  gboolean aside = mark->role == KTM_ROLE_ABSENT; /* may move, to stay in the figure */
  KtmTextSpec spec = { mark->text[i], p->style->small, !aside, 0, 1, PANGO_ALIGN_LEFT };
  double x = ktm_scale_map (&place->x, mark->x[i]), y = ktm_scale_map (&place->y, mark->y[i]), w, h;
  double off = p->style->marker * 1.4;

  if (mark->text[i][0] == '\0' || isnan (x) || isnan (y))
    return;
  ktm_placing_measure (p, &spec, &w, &h);
  KtmRect box = { x - w / 2, mark->place == KTM_TEXT_BELOW ? y + off : y - off - h, w, h };

  if (mark->place == KTM_TEXT_RIGHT)
    box = (KtmRect) { x + off, y - h / 2, w, h };
  if (mark->place == KTM_TEXT_OVER)
    {
      box = (KtmRect) { x, y - h - p->style->hair, w, h };
      if (mark->high != NULL && x + w > ktm_scale_map (&place->x, mark->high[i]))
        return; /* it would lie over what begins there */
    }
  if (mark->place == KTM_TEXT_INSIDE)
    {
      box = (KtmRect) { x - w / 2, y - h / 2, w, h };
      if (place->panel->y.kind == KTM_AXIS_BAND
          && h > 1.3 * fabs (ktm_scale_map (&place->y, 1) - ktm_scale_map (&place->y, 0)))
        return; /* its figures would stand out of the bar */
      if (mark->low != NULL
          && w > fabs (ktm_scale_map (&place->x, mark->high[i])
                       - ktm_scale_map (&place->x, mark->low[i]))
                     * 0.8)
        return;
    }
  if (aside)
    box.x = MIN (box.x, place->plot.x + place->plot.w - w);
  if (aside && mark->low != NULL && box.x < ktm_scale_map (&place->x, mark->low[i]))
    return; /* there something else stands */
  if (box.y < 0)
    box.y = y + off;
  if (box.x < 0 || box.x + w > p->out->width || box.y + h > p->out->height
      || overlaps_text (p, box))
    return;
  ktm_placing_text (p, KTM_USE_VALUE, &spec, value_colour (p, mark), box.x, box.y);
}

/* TEXT marks of a panel that has no lanes; one that would cover another is left out. */
void
ktm_placing_values (KtmPlacing *p, KtmPlace *place)
{
  if (place->panel->lanes || p->detail >= 5)
    return;
  for (guint i = 0; i < place->panel->marks->len; i++)
    {
      const KtmMark *mark = place->panel->marks->pdata[i];

      for (gsize j = 0; mark->kind == KTM_MARK_TEXT && j < mark->n; j++)
        value_text (p, place, mark, j);
    }
}
