/* Floor widgets/chart: columns of words beside a banded plot, and the words in boxes.  No GTK. */
#include "ktm-layout-private.h"

#include <string.h>

static KtmTextSpec
cell_spec (const KtmPlacing *p, const KtmColumn *column, gsize i)
{
  gboolean bold = column->bold != NULL && column->bold[i];

  return (KtmTextSpec){
    column->cells[i] != NULL ? column->cells[i] : "", p->style->small, bold, 0, 1, PANGO_ALIGN_LEFT
  };
}

static double
marker_room (const KtmPlacing *p, const KtmColumn *column, gsize i)
{
  return column->series != NULL && column->series[i] >= 0 ? p->style->size * 0.9 : 0;
}

static double
room_of (const KtmPlacing *p)
{
  return p->across > 0 ? p->across : p->body.w;
}

static double
cap (const KtmPlacing *p)
{
  return room_of (p) * 0.36;
}

/* The narrowest width that holds the cell on two lines. */
static double
two_line_width (KtmPlacing *p, const KtmColumn *column, gsize i)
{
  KtmTextSpec spec = cell_spec (p, column, i);
  g_autofree char *text = g_strdup (spec.text);
  double least, w, h;

  spec.text = text;
  ktm_placing_measure (p, &spec, &least, &h);
  for (char *space = strchr (text, ' '); space != NULL; space = strchr (space + 1, ' '))
    {
      double first;

      *space = '\0';
      ktm_placing_measure (p, &spec, &first, &h);
      spec.text = space + 1;
      ktm_placing_measure (p, &spec, &w, &h);
      least = MIN (least, MAX (first, w));
      spec.text = text;
      *space = ' ';
    }
  return least + 0.5;
}

/* Beside many narrow plots names stand on two lines. */
static gboolean
is_narrow (const KtmPlacing *p, const KtmColumn *column, double width)
{
  return !column->right_side && p->across > 0
         && width > room_of (p) * (p->scene->panels->len > 2 ? 0.2 : 0.36);
}

static double
column_width (KtmPlacing *p, const KtmColumn *column)
{
  double widest = 0, two = 0, w, h;

  if (column == p->measured && room_of (p) == p->measured_room)
    return p->measured_width;
  for (gsize i = 0; i < column->n; i++)
    {
      KtmTextSpec spec = cell_spec (p, column, i);

      ktm_placing_measure (p, &spec, &w, &h);
      widest = MAX (widest, w + marker_room (p, column, i));
    }
  if (is_narrow (p, column, widest))
    {
      for (gsize i = 0; i < column->n; i++)
        two = MAX (two, two_line_width (p, column, i) + marker_room (p, column, i));
      widest = MAX (two, room_of (p) * (p->scene->panels->len > 2 ? 0.2 : 0.3));
    }
  widest = MIN (widest, cap (p));
  if (!column->right_side)
    {
      p->measured = column;
      p->measured_room = room_of (p);
      p->measured_width = widest;
    }
  return widest;
}

/* Room all columns of one side need, gaps included; 0 where words are left out. */
double
ktm_placing_columns_width (KtmPlacing *p, const KtmPanel *panel, gboolean right_side)
{
  double sum = 0;

  if (p->detail >= 6)
    return 0;
  for (guint i = 0; i < panel->columns->len; i++)
    {
      const KtmColumn *column = panel->columns->pdata[i];

      if (column->right_side == right_side && column->keep <= p->keep)
        sum += column_width (p, column) + p->style->size * 0.9;
    }
  return sum;
}

/* Lines of text of cell @i beside its neighbours, each on a line of its own. */
static gboolean
stands_between (KtmPlacing *p, const KtmColumn *column, gsize i, double room, double height,
                double pitch)
{
  double w, h;

  for (gsize k = i > 0 ? i - 1 : i; k <= i + 1 && k < column->n; k++)
    {
      KtmTextSpec spec = cell_spec (p, column, k);

      ktm_placing_measure (p, &spec, &w, &h);
      if (k != i && (w + marker_room (p, column, k) > room || (height + h) / 2 > pitch))
        return FALSE;
    }
  return TRUE;
}

/* On two lines where there is room for them, in smaller type if need be; else cut short. */
static void
wrap_cell (KtmPlacing *p, const KtmColumn *column, gsize i, double room, double pitch,
           KtmTextSpec *spec)
{
  const double size = spec->size, sizes[] = { size, MIN (size, MAX (7, size * 0.86)) };
  double w, h;

  spec->wrap = room;
  spec->lines = 2;
  for (gsize k = 0; is_narrow (p, column, room_of (p)) && k < G_N_ELEMENTS (sizes); k++)
    {
      spec->size = sizes[k];
      ktm_placing_measure (p, spec, &w, &h);
      if (h <= pitch + 1 || stands_between (p, column, i, room, h, pitch))
        return;
    }
  spec->size = size;
  spec->lines = 1;
}

static void
place_cell (KtmPlacing *p, const KtmPlace *place, const KtmColumn *column, gsize i, double x,
            double width)
{
  KtmTextSpec spec = cell_spec (p, column, i);
  double y = ktm_scale_map (&place->y, (double) i), w, h, room = width - marker_room (p, column, i);
  double pitch = fabs (ktm_scale_map (&place->y, 1) - ktm_scale_map (&place->y, 0));
  gboolean series = column->series != NULL && column->series[i] >= 0;
  guint look = series ? ktm_placing_look (p, KTM_ROLE_SERIES, (guint) column->series[i]) : 0;

  if (spec.text[0] == '\0')
    return;
  ktm_placing_measure (p, &spec, &w, &h);
  if (w > room + 0.01)
    {
      wrap_cell (p, column, i, room, pitch, &spec);
      ktm_placing_measure (p, &spec, &w, &h);
    }
  if ((spec.lines < 2 && h > pitch + 1) || y - h / 2 < 0 || y + h / 2 > p->out->height || x < 0
      || x + w > p->out->width)
    return;
  if (series)
    ktm_placing_marker (p, KTM_USE_ROW, x + p->style->size * 0.3, y, p->style->size * 0.25,
                        KTM_ROLE_SERIES, look);
  ktm_placing_text (p, KTM_USE_ROW, &spec,
                    series ? ktm_style_text_colour (p->style, KTM_ROLE_SERIES, look)
                           : p->style->ink,
                    column->align_right ? x + width - w : x + width - room, y - h / 2);
}

/* The columns of both sides; the right ones end at @right_edge. */
void
ktm_placing_columns (KtmPlacing *p, KtmPlace *place, double right_edge)
{
  double gap = p->style->size * 0.9,
         left = place->plot.x - ktm_placing_columns_width (p, place->panel, FALSE);
  double right = right_edge - ktm_placing_columns_width (p, place->panel, TRUE) + gap;

  if (p->detail >= 6)
    return;
  for (guint c = 0; c < place->panel->columns->len; c++)
    {
      const KtmColumn *column = place->panel->columns->pdata[c];
      double width = column_width (p, column), *x = column->right_side ? &right : &left;

      if (column->keep > p->keep)
        continue;
      for (gsize i = 0; i < column->n; i++)
        place_cell (p, place, column, i, *x, width);
      *x += width + gap;
    }
}
