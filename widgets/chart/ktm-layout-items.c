/* Floor widgets/chart: what a layout is made of.  No GTK. */
#include "ktm-layout-private.h"

#include <string.h>

/* Size of a text in points. */
void
ktm_placing_measure (const KtmPlacing *p, const KtmTextSpec *spec, double *w, double *h)
{
  ktm_chart_text_measure (p->text, spec, w, h);
}

/* One line of body type. */
KtmTextSpec
ktm_placing_spec (const KtmPlacing *p, const char *text, gboolean bold)
{
  return (KtmTextSpec) { text, p->style->size, bold, 0, 1, PANGO_ALIGN_LEFT };
}

static KtmItem *
add_item (KtmPlacing *p, KtmItemKind kind, KtmItemUse use, KtmRect box)
{
  KtmItem item = { .kind = kind, .use = use, .box = box };

  g_array_append_val (p->out->items, item);
  return &g_array_index (p->out->items, KtmItem, p->out->items->len - 1);
}

static KtmItem *
add_text (KtmPlacing *p, KtmItemUse use, const KtmTextSpec *spec, KtmColour colour, KtmRect box)
{
  KtmItem *item = add_item (p, KTM_ITEM_TEXT, use, box);

  item->text = g_strdup (spec->text);
  item->size = spec->size;
  item->bold = spec->bold;
  item->wrap = spec->wrap;
  item->lines = spec->lines;
  item->align = spec->align;
  item->colour = colour;
  item->cut = spec->wrap > 0 && ktm_chart_text_is_cut (p->text, spec);
  p->out->smallest_text = MIN (p->out->smallest_text, spec->size);
  return item;
}

/* A text with its upper left corner at (@x, @y). */
KtmItem *
ktm_placing_text (KtmPlacing *p, KtmItemUse use, const KtmTextSpec *spec, KtmColour colour,
                  double x, double y)
{
  double w, h;

  ktm_placing_measure (p, spec, &w, &h);
  return add_text (p, use, spec, colour, (KtmRect) { x, y, w, h });
}

/* A text read from bottom to top, left edge at @x, centred on @middle. */
KtmItem *
ktm_placing_vertical_text (KtmPlacing *p, KtmItemUse use, const KtmTextSpec *spec, KtmColour colour,
                           double x, double middle)
{
  double w, h;

  ktm_placing_measure (p, spec, &w, &h);
  KtmItem *item = add_text (p, use, spec, colour, (KtmRect) { x, middle - w / 2, h, w });

  item->vertical = TRUE;
  return item;
}

/* A plain line: a tick, a leader. */
void
ktm_placing_line (KtmPlacing *p, KtmItemUse use, double x, double y, double x2, double y2,
                  double width, KtmColour colour)
{
  KtmItem *item = add_item (p, KTM_ITEM_LINE, use,
                            (KtmRect){ MIN (x, x2), MIN (y, y2), fabs (x2 - x), fabs (y2 - y) });

  item->x = x;
  item->y = y;
  item->x2 = x2;
  item->y2 = y2;
  item->width = width;
  item->colour = colour;
}

/* A line with a head at its end. */
void
ktm_placing_arrow (KtmPlacing *p, double x, double y, double x2, double y2, double width,
                   KtmColour colour)
{
  ktm_placing_line (p, KTM_USE_ROW, x, y, x2, y2, width, colour);
  g_array_index (p->out->items, KtmItem, p->out->items->len - 1).arrow = TRUE;
}

/* The frame of a step; @light: of what leaves the flow. */
void
ktm_placing_box (KtmPlacing *p, KtmRect box, KtmRole role, guint look, gboolean light)
{
  KtmItem *item = add_item (p, KTM_ITEM_FRAME, KTM_USE_ROW, box);

  item->role = role;
  item->look = look;
  item->arrow = light;
  item->width = MAX (p->style->hair, 0.5) * (light ? 1 : 1.4);
  item->colour = role == KTM_ROLE_SERIES ? ktm_style_text_colour (p->style, role, look)
                 : light                 ? p->style->dim
                                         : p->style->ink;
}

/* The marker of a series or severity, centred. */
void
ktm_placing_marker (KtmPlacing *p, KtmItemUse use, double x, double y, double radius, KtmRole role,
                    guint look)
{
  KtmItem *item = add_item (p, KTM_ITEM_MARKER, use,
                            (KtmRect){ x - radius, y - radius, 2 * radius, 2 * radius });

  item->x = x;
  item->y = y;
  item->width = radius;
  item->role = role;
  item->look = look;
  item->colour = ktm_style_colour (p->style, role, look);
}

/* A piece of line with its marker, or a hatched box, for the legend. */
void
ktm_placing_swatch (KtmPlacing *p, KtmItemUse use, KtmRect box, KtmRole role, guint look)
{
  KtmItem *item = add_item (p, KTM_ITEM_SWATCH, use, box);

  item->role = role;
  item->look = look;
  item->colour = ktm_style_colour (p->style, role, look);
}

/* A box in the colour of a level. */
void
ktm_placing_shade (KtmPlacing *p, KtmItemUse use, KtmRect box, double shade)
{
  KtmItem *item = add_item (p, KTM_ITEM_SWATCH, use, box);

  item->role = KTM_ROLE_CONTEXT;
  item->filled = TRUE;
  item->colour = ktm_style_shade (p->style, shade);
}

/* A filled box for the legend or before a direct label. */
void
ktm_placing_patch (KtmPlacing *p, KtmItemUse use, KtmRect box, KtmRole role, guint look,
                   KtmFill fill)
{
  KtmItem *item = add_item (p, KTM_ITEM_SWATCH, use, box);

  item->role = role;
  item->look = look;
  item->fill = fill;
  item->colour = ktm_style_area_colour (p->style, role, look);
}

/* The colours of a heat map. */
void
ktm_placing_ramp_box (KtmPlacing *p, KtmRect box)
{
  add_item (p, KTM_ITEM_RAMP, KTM_USE_LEGEND, box);
}

/* The palette place of a series. */
guint
ktm_placing_look (const KtmPlacing *p, KtmRole role, guint series)
{
  if (role != KTM_ROLE_SERIES || series >= p->scene->series->len)
    return 0;
  return ((const KtmSeries *) p->scene->series->pdata[series])->look;
}
