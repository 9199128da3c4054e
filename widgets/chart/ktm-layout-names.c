/* Floor widgets/chart: words under an axis, where numbers usually stand.  No GTK.
 *
 * On one line where there is room, else on two, else rising at 45°, else not at all: then the
 * legend says what the colours and markers are.
 */
#include "ktm-layout-private.h"

#include <string.h>

#define SIN45 0.70710678

static KtmTextSpec
name_spec (const char *text, double size)
{
  return (KtmTextSpec) { text, size, FALSE, 0, 1, PANGO_ALIGN_CENTER };
}

static double
name_width (const KtmPlacing *p, const char *text, double size)
{
  KtmTextSpec spec = name_spec (text, size);
  double w, h;

  ktm_placing_measure (p, &spec, &w, &h);
  return w;
}

/* Room between the middles of neighbours, and between the outer ones and the ends of the plot. */
static double
narrowest (const KtmAxis *axis, double width)
{
  double unit = width / (axis->hi - axis->lo), least = INFINITY;

  for (gsize i = 1; i < axis->n_ticks; i++)
    least = MIN (least, (axis->ticks[i] - axis->ticks[i - 1]) * unit);
  if (axis->n_ticks > 0)
    {
      least = MIN (least, 2 * (axis->ticks[0] - axis->lo) * unit);
      least = MIN (least, 2 * (axis->hi - axis->ticks[axis->n_ticks - 1]) * unit);
    }
  return least;
}

static gboolean
fit_on_a_line (const KtmPlacing *p, const KtmAxis *axis, double room, double size)
{
  for (gsize i = 0; i < axis->n_ticks; i++)
    if (name_width (p, axis->tick_labels[i], size) > room)
      return FALSE;
  return TRUE;
}

static gboolean
words_fit (const KtmPlacing *p, const char *text, double room, double size)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    if (name_width (p, words[i], size) > room)
      return FALSE;
  return TRUE;
}

static gboolean
fit_on_two (const KtmPlacing *p, const KtmAxis *axis, double room, double size)
{
  for (gsize i = 0; i < axis->n_ticks; i++)
    {
      KtmTextSpec spec = name_spec (axis->tick_labels[i], size);

      spec.wrap = room;
      spec.lines = 2;
      if (!words_fit (p, spec.text, room, size) || ktm_chart_text_is_cut (p->text, &spec))
        return FALSE;
    }
  return TRUE;
}

/* How the words of @panel's time axis stand under a plot of @width points. */
KtmNameShape
ktm_placing_name_shape (const KtmPlacing *p, const KtmPanel *panel, double width)
{
  const KtmAxis *axis = &panel->x;
  double room = narrowest (axis, width), gap = p->style->size * 0.3, longest = 0,
         line = p->line_height * p->style->small / p->style->size;

  for (int k = 0; k < 2; k++)
    {
      double size =
          k == 0 ? p->style->small : MIN (p->style->small, MAX (7, p->style->small * 0.86));

      if (fit_on_a_line (p, axis, room - gap, size))
        return (KtmNameShape) { KTM_NAMES_LINE, size, 0, line };
      if (fit_on_two (p, axis, room - gap, size))
        return (KtmNameShape) { KTM_NAMES_WRAPPED, size, room - gap, 2 * line };
    }
  if (room * SIN45 < line * 0.98)
    return (KtmNameShape) { KTM_NAMES_LEGEND, 0, 0, 0 };
  for (gsize i = 0; i < axis->n_ticks; i++)
    longest = MAX (longest, name_width (p, axis->tick_labels[i], p->style->small));
  longest = MIN (longest, MIN (p->out->height * 0.24 / SIN45, p->style->size * 10));
  return (KtmNameShape) { KTM_NAMES_SLANTED, p->style->small, longest, (longest + line) * SIN45 };
}

static void
place_slanted (KtmPlacing *p, const KtmPlace *place, KtmTextSpec *spec, KtmColour colour,
               double longest, double x, double top)
{
  /* Under the panel at the left there is room; at the left of all stands the title of y. */
  double w, h, least = p->out->places->len > 0 ? 0 : place->plot.x - p->style->size * 0.4;

  ktm_placing_measure (p, spec, &w, &h);
  double room = MIN (longest, (x - least) / SIN45 - h / 2);

  if (w > room)
    {
      spec->wrap = room;
      spec->align = PANGO_ALIGN_LEFT;
      ktm_placing_measure (p, spec, &w, &h);
    }
  if (room < p->style->size)
    return;
  KtmItem *item = ktm_placing_text (p, KTM_USE_TICK, spec, colour, x, top);

  item->slanted = TRUE;
  item->x = x;
  item->y = top + h / 2 * SIN45;
  item->x2 = w;
  item->y2 = h;
  item->box = (KtmRect) { x - (w + h / 2) * SIN45, top, (w + h) * SIN45, (w + h) * SIN45 };
}

/* The words from @top on; the height they take. */
double
ktm_placing_names (KtmPlacing *p, const KtmPlace *place, double top)
{
  const KtmAxis *axis = &place->panel->x;
  KtmNameShape shape = ktm_placing_name_shape (p, place->panel, place->plot.w);

  for (gsize i = 0; shape.manner != KTM_NAMES_LEGEND && i < axis->n_ticks; i++)
    {
      double x = ktm_scale_map (&place->x, axis->ticks[i]), w, h;
      int series = axis->tick_series != NULL ? axis->tick_series[i] : -1;
      KtmTextSpec spec = name_spec (axis->tick_labels[i], shape.size);
      KtmColour colour =
          series < 0
              ? p->style->dim
              : ktm_style_text_colour (p->style, KTM_ROLE_SERIES,
                                       ktm_placing_look (p, KTM_ROLE_SERIES, (guint) series));

      if (x < place->plot.x || x > place->plot.x + place->plot.w)
        continue;
      if (shape.manner == KTM_NAMES_SLANTED)
        {
          place_slanted (p, place, &spec, colour, shape.room, x, top);
          continue;
        }
      spec.wrap = shape.manner == KTM_NAMES_WRAPPED ? shape.room : 0;
      spec.lines = 2;
      ktm_placing_measure (p, &spec, &w, &h);
      if (spec.wrap > 0)
        spec.wrap = MIN (spec.wrap, w + 0.1); /* its alignment is within this */
      ktm_placing_text (p, KTM_USE_TICK, &spec, colour, x - w / 2, top);
    }
  return shape.height;
}
