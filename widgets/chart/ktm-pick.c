/* Floor widgets/chart: picking.  No GTK. */
#include "ktm-pick.h"

#include <math.h>
#include <string.h>

#include "ktm-draw-private.h"

/* The lines of one matrix mark, visit by visit. */
typedef struct
{
  int            panel;
  guint          index;   /* of the mark in its panel */
  const KtmPlace *place;
  const KtmMark *mark;
  double        *x;       /* stride, points */
  float *y; /* stride × n_rows, points; on the line where it bridges a missing score, NaN before and
               after it */
} Lines;

struct _KtmPick
{
  const KtmLayout *layout;
  GArray          *lines;  /* NULL until asked */
};

static void
lines_clear (gpointer data)
{
  g_free (((Lines *) data)->x);
  g_free (((Lines *) data)->y);
}

/* Straight between the scores on both sides of a gap. */
static void
bridge (double *y, const double *x, gsize n)
{
  gssize before = -1;

  for (gsize j = 0; j < n; j++)
    if (!isnan (y[j]))
      {
        for (gsize k = (gsize) (before + 1); before >= 0 && k < j; k++)
          y[k] = y[before] + (y[j] - y[before]) * (x[k] - x[before]) / (x[j] - x[before]);
        before = (gssize) j;
      }
}

static void
add_lines (KtmPick *self, int panel, const KtmPlace *place, guint index, const KtmMark *mark)
{
  Lines lines = { panel,
                  index,
                  place,
                  mark,
                  g_new (double, mark->stride),
                  g_new (float, mark->stride * mark->n_rows + 1) };
  g_autofree double *y = g_new (double, mark->stride + 1);

  for (gsize i = 0; i < mark->n_rows; i++)
    {
      ktm_draw_row_points (place, mark, i, lines.x, y);
      if (mark->bridge)
        bridge (y, lines.x, mark->stride);
      for (gsize j = 0; j < mark->stride; j++)
        lines.y[j * mark->n_rows + i] = (float) y[j];
    }
  g_array_append_val (self->lines, lines);
}

static void
prepare (KtmPick *self)
{
  if (self->lines != NULL)
    return;
  self->lines = g_array_new (FALSE, FALSE, sizeof (Lines));
  g_array_set_clear_func (self->lines, lines_clear);
  for (guint i = 0; i < self->layout->places->len; i++)
    {
      const KtmPlace *place = &g_array_index (self->layout->places, KtmPlace, i);

      for (guint j = 0; j < place->panel->marks->len; j++)
        {
          const KtmMark *mark = place->panel->marks->pdata[j];

          if (mark->kind == KTM_MARK_LINE && mark->n_rows > 0 && mark->stride > 0)
            add_lines (self, (int) i, place, j, mark);
        }
    }
}

/* A pick of @layout; free with ktm_pick_free(). */
KtmPick *
ktm_pick_new (const KtmLayout *layout)
{
  KtmPick *self = g_new0 (KtmPick, 1);

  self->layout = layout;
  return self;
}

/* NULL is allowed. */
void
ktm_pick_free (KtmPick *pick)
{
  if (pick != NULL)
    g_clear_pointer (&pick->lines, g_array_unref);
  g_free (pick);
}

static double
score (const Lines *l, gsize i, gsize j)
{
  return l->mark->y[i * l->mark->stride + j];
}

static void
fill_hit (const Lines *l, gsize i, gsize j, double distance, KtmHit *out)
{
  *out =
      (KtmHit){ l->panel,        l->index, (long) l->mark->rows[i],       (long) j, l->mark->x[j],
                score (l, i, j), l->x[j],  l->y[j * l->mark->n_rows + i], distance };
}

/* The visit with a score nearest to @x. */
static gsize
nearest_visit (const Lines *l, gsize i, double x)
{
  gsize best = 0;
  double least = INFINITY;

  for (gsize j = 0; j < l->mark->stride; j++)
    if (!isnan (score (l, i, j)) && fabs (l->x[j] - x) < least)
      {
        least = fabs (l->x[j] - x);
        best = j;
      }
  return best;
}

static gsize
column_before (const Lines *l, double x)
{
  gsize c = 0;

  while (c + 2 < l->mark->stride && l->x[c + 1] <= x)
    c++;
  return c;
}

/* Distance to the piece between two visits, or to the one score there is; infinite where there is
 * none. */
static inline float
distance_to (float y0, float y1, float x0, float x1, float x, float y)
{
  if (isnan (y0) && isnan (y1))
    return INFINITY;
  if (isnan (y0))
    return hypotf (x - x1, y - y1);
  if (isnan (y1))
    return hypotf (x - x0, y - y0);

  float slope = (y1 - y0) / (x1 - x0), at = CLAMP (x, x0, x1);

  return fabsf (y0 + slope * (at - x0) - y) / sqrtf (1 + slope * slope) + fabsf (at - x);
}

static gboolean
scan (const Lines *l, double x, double y, double *least, gsize *row)
{
  gsize n = l->mark->n_rows, c = column_before (l, x), d = MIN (c + 1, l->mark->stride - 1);
  const float *y0 = l->y + c * n, *y1 = l->y + d * n;
  gboolean found = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      float distance =
          c == d
              ? distance_to (y0[i], NAN, (float) l->x[c], (float) l->x[c], (float) x, (float) y)
              : distance_to (y0[i], y1[i], (float) l->x[c], (float) l->x[d], (float) x, (float) y);

      if (distance < *least)
        {
          *least = distance;
          *row = i;
          found = TRUE;
        }
    }
  return found;
}

static gboolean
tile_at (const KtmLayout *layout, double x, double y, KtmHit *out)
{
  int panel = ktm_layout_panel_at (layout, x, y);
  const KtmPlace *place = panel >= 0 ? &g_array_index (layout->places, KtmPlace, panel) : NULL;

  for (guint j = 0; place != NULL && j < place->panel->marks->len; j++)
    {
      const KtmMark *mark = place->panel->marks->pdata[j];
      double i = floor (ktm_scale_invert (&place->y, y) + 0.5),
             c = floor (ktm_scale_invert (&place->x, x) + 0.5);

      if (mark->kind != KTM_MARK_TILE
          || !(i >= 0 && i < mark->n_rows && c >= 0 && c < mark->stride))
        continue;
      *out = (KtmHit){ panel,
                       j,
                       (long) mark->rows[(gsize) i],
                       (long) c,
                       mark->x[(gsize) c],
                       mark->y[(gsize) i * mark->stride + (gsize) c],
                       ktm_scale_map (&place->x, c),
                       ktm_scale_map (&place->y, i),
                       0 };
      return TRUE;
    }
  return FALSE;
}

/* The nearest patient; see the header. */
gboolean
ktm_pick_at (KtmPick *pick, double x, double y, double tolerance, KtmHit *out)
{
  int panel = ktm_layout_panel_at (pick->layout, x, y);
  double least = tolerance;
  gboolean found = FALSE;

  prepare (pick);
  if (tile_at (pick->layout, x, y, out))
    return TRUE;
  for (guint k = 0; panel >= 0 && k < pick->lines->len; k++)
    {
      const Lines *l = &g_array_index (pick->lines, Lines, k);
      gsize row;

      if (l->panel == panel && scan (l, x, y, &least, &row))
        {
          fill_hit (l, row, nearest_visit (l, row, x), least, out);
          found = TRUE;
        }
    }
  return found;
}

static void
summary_vertices (const KtmPlace *place, int panel, guint index, const KtmMark *mark, double x,
                  double y, KtmHit *out)
{
  for (gsize i = 0; i < mark->n; i++)
    {
      double px = ktm_scale_map (&place->x, mark->x[i]), py = ktm_scale_map (&place->y, mark->y[i]);

      if (hypot (px - x, py - y) < out->distance)
        *out = (KtmHit){ panel,    index,      -1,
                         (long) i, mark->x[i], mark->y[i],
                         px,       py,         hypot (px - x, py - y) };
    }
}

/* The nearest mean, median or page score. */
gboolean
ktm_pick_summary_at (KtmPick *pick, double x, double y, double tolerance, KtmHit *out)
{
  int panel = ktm_layout_panel_at (pick->layout, x, y);
  const KtmPlace *place =
      panel >= 0 ? &g_array_index (pick->layout->places, KtmPlace, panel) : NULL;

  *out = (KtmHit) { .panel = -1, .row = -1, .distance = tolerance };
  for (guint j = 0; place != NULL && j < place->panel->marks->len; j++)
    {
      const KtmMark *mark = place->panel->marks->pdata[j];

      if (mark->kind == KTM_MARK_LINE && mark->n_rows == 0)
        summary_vertices (place, panel, j, mark, x, y, out);
    }
  return out->panel >= 0;
}

/* Does a piece of line touch the rectangle?  Liang–Barsky. */
static gboolean
crosses (double x0, double y0, double x1, double y1, const KtmRect *r)
{
  double t0 = 0, t1 = 1, dx = x1 - x0, dy = y1 - y0;
  const double p[4] = { -dx, dx, -dy, dy },
               q[4] = { x0 - r->x, r->x + r->w - x0, y0 - r->y, r->y + r->h - y0 };

  for (int k = 0; k < 4; k++)
    {
      if (p[k] == 0 && q[k] < 0)
        return FALSE;
      if (p[k] < 0)
        t0 = MAX (t0, q[k] / p[k]);
      else if (p[k] > 0)
        t1 = MIN (t1, q[k] / p[k]);
    }
  return t0 <= t1;
}

static gboolean
line_crosses (const Lines *l, gsize i, const KtmRect *area)
{
  gsize n = l->mark->n_rows;

  for (gsize j = 0; j < l->mark->stride; j++)
    {
      double y0 = l->y[j * n + i], y1 = j + 1 < l->mark->stride ? l->y[(j + 1) * n + i] : NAN;

      if (!isnan (y0) && isnan (y1) && crosses (l->x[j], y0, l->x[j], y0, area))
        return TRUE;
      if (!isnan (y0) && !isnan (y1) && crosses (l->x[j], y0, l->x[j + 1], y1, area))
        return TRUE;
    }
  return FALSE;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

static void
brush_tiles (const KtmLayout *layout, const KtmRect *area, GArray *out)
{
  for (guint k = 0; k < layout->places->len; k++)
    {
      const KtmPlace *place = &g_array_index (layout->places, KtmPlace, k);

      for (guint j = 0; j < place->panel->marks->len; j++)
        {
          const KtmMark *mark = place->panel->marks->pdata[j];

          for (gsize i = 0; mark->kind == KTM_MARK_TILE && i < mark->n_rows; i++)
            {
              double y = ktm_scale_map (&place->y, (double) i);

              if (y >= area->y && y <= area->y + area->h && y >= place->plot.y
                  && y <= place->plot.y + place->plot.h)
                g_array_append_val (out, mark->rows[i]);
            }
        }
    }
}

/* Everybody who crosses the rectangle. */
guint32 *
ktm_pick_brush (KtmPick *pick, KtmRect area, gsize *n)
{
  g_autoptr (GArray) out = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize kept = 0;

  prepare (pick);
  for (guint k = 0; k < pick->lines->len; k++)
    {
      const Lines *l = &g_array_index (pick->lines, Lines, k);

      for (gsize i = 0; i < l->mark->n_rows; i++)
        if (line_crosses (l, i, &area))
          g_array_append_val (out, l->mark->rows[i]);
    }
  brush_tiles (pick->layout, &area, out);
  g_array_sort (out, compare_rows);
  for (gsize i = 0; i < out->len; i++)
    if (i == 0 || g_array_index (out, guint32, i) != g_array_index (out, guint32, kept - 1))
      g_array_index (out, guint32, kept++) = g_array_index (out, guint32, i);
  *n = kept;
  return (guint32 *) (void *) g_array_free (g_steal_pointer (&out), FALSE);
}

static const Lines *
lines_of_row (KtmPick *pick, long row, int panel, gsize *index)
{
  prepare (pick);
  for (guint k = 0; k < pick->lines->len; k++)
    {
      const Lines *l = &g_array_index (pick->lines, Lines, k);

      for (gsize i = 0; (panel < 0 || l->panel == panel) && i < l->mark->n_rows; i++)
        if (l->mark->rows[i] == (guint32) row)
          {
            *index = i;
            return l;
          }
    }
  return NULL;
}

static gboolean
step_visit (const Lines *l, gsize i, long column, int direction, KtmHit *out)
{
  for (long j = column + direction; j >= 0 && j < (long) l->mark->stride; j += direction)
    if (!isnan (score (l, i, (gsize) j)))
      {
        fill_hit (l, i, (gsize) j, 0, out);
        return TRUE;
      }
  return FALSE;
}

/* The next patient above (−1) or below (+1) at a visit; equal heights go by row. */
static gboolean
step_patient (KtmPick *pick, const KtmHit *from, int direction, KtmHit *out)
{
  double best = INFINITY;
  long best_row = -1;
  KtmHit hit = *from;

  for (guint k = 0; k < pick->lines->len; k++)
    {
      const Lines *l = &g_array_index (pick->lines, Lines, k);

      for (gsize i = 0;
           l->panel == from->panel && from->column < (long) l->mark->stride && i < l->mark->n_rows;
           i++)
        {
          double y = l->y[(gsize) from->column * l->mark->n_rows + i],
                 away = (y - from->y) * direction;
          long row = (long) l->mark->rows[i];

          if (isnan (score (l, i, (gsize) from->column)) || row == from->row || away < 0
              || away > best || (away == 0 && (row - from->row) * direction < 0)
              || (away == best && (row - best_row) * direction > 0))
            continue;
          best = away;
          best_row = row;
          fill_hit (l, i, (gsize) from->column, 0, &hit);
        }
    }
  *out = hit;
  return best_row >= 0;
}

static gboolean
step_tile (KtmPick *pick, const KtmHit *from, KtmStep step, KtmHit *out)
{
  const KtmPlace *place = &g_array_index (pick->layout->places, KtmPlace, from->panel);
  const KtmMark *mark = place->panel->marks->pdata[from->mark];
  double dx = step == KTM_STEP_LEFT    ? -1
              : step == KTM_STEP_RIGHT ? 1
                                       : 0,
         dy = step == KTM_STEP_UP     ? -1
              : step == KTM_STEP_DOWN ? 1
                                      : 0;
  double i = floor (ktm_scale_invert (&place->y, from->y) + 0.5) + dy, c = from->column + dx;
  int panel = from->panel;

  if (i < 0 || i >= mark->n_rows)
    {
      panel += dy < 0 ? -1 : 1;
      if (panel < 0 || panel >= (int) pick->layout->places->len)
        return FALSE;
      place = &g_array_index (pick->layout->places, KtmPlace, panel);
      i = dy < 0 ? floor (place->panel->y.hi) : 0;
    }
  return tile_at (pick->layout, ktm_scale_map (&place->x, c), ktm_scale_map (&place->y, i), out);
}

/* One key press. */
gboolean
ktm_pick_step (KtmPick *pick, const KtmHit *from, KtmStep step, KtmHit *out)
{
  gsize i;
  const Lines *l = lines_of_row (pick, from->row, from->panel, &i);

  if (from->panel < (int) pick->layout->places->len)
    {
      const KtmPanel *panel = g_array_index (pick->layout->places, KtmPlace, from->panel).panel;

      if (from->mark < panel->marks->len
          && ((const KtmMark *) panel->marks->pdata[from->mark])->kind == KTM_MARK_TILE)
        return step_tile (pick, from, step, out);
    }
  if (l == NULL)
    return FALSE;
  if (step == KTM_STEP_LEFT || step == KTM_STEP_RIGHT)
    return step_visit (l, i, from->column, step == KTM_STEP_LEFT ? -1 : 1, out);
  return step_patient (pick, from, step == KTM_STEP_UP ? -1 : 1, out);
}

static gboolean
tile_of_row (const KtmLayout *layout, long row, long column, KtmHit *out)
{
  for (guint k = 0; k < layout->places->len; k++)
    {
      const KtmPlace *place = &g_array_index (layout->places, KtmPlace, k);

      for (guint j = 0; j < place->panel->marks->len; j++)
        {
          const KtmMark *mark = place->panel->marks->pdata[j];

          for (gsize i = 0; mark->kind == KTM_MARK_TILE && i < mark->n_rows; i++)
            if (mark->rows[i] == (guint32) row)
              return tile_at (layout, ktm_scale_map (&place->x, (double) MAX (column, 0)),
                              ktm_scale_map (&place->y, (double) i), out);
        }
    }
  return FALSE;
}

/* Where a patient stands. */
gboolean
ktm_pick_row (KtmPick *pick, long row, long column, KtmHit *out)
{
  gsize i;
  const Lines *l = lines_of_row (pick, row, -1, &i);

  if (l == NULL)
    return tile_of_row (pick->layout, row, column, out);
  if (column >= 0 && column < (long) l->mark->stride && !isnan (score (l, i, (gsize) column)))
    {
      fill_hit (l, i, (gsize) column, 0, out);
      return TRUE;
    }
  return step_visit (l, i, -1, 1, out);
}
