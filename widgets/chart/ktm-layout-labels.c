/* Floor widgets/chart: direct labels at the line ends, the legend, notes.  No GTK. */
#include "ktm-layout-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const KtmLabel *label;
  KtmTextSpec     name, sub;
  double          w, h, sub_h;
  double          wanted, y;  /* middle, points */
} Placed;

static double
label_cap (const KtmPlacing *p)
{
  return MIN (p->out->width * 0.28, p->style->size * 14);
}

static double
marker_room (const KtmPlacing *p, const KtmLabel *label)
{
  return label->role == KTM_ROLE_SERIES || label->fill != KTM_FILL_USUAL ? p->style->size * 0.95
                                                                         : 0;
}

static void
measure_label (KtmPlacing *p, const KtmLabel *label, Placed *out)
{
  double room = label_cap (p) - marker_room (p, label), w;

  out->label = label;
  out->name = (KtmTextSpec){ label->text, p->style->size,  label->role == KTM_ROLE_SERIES, 0,
                             1,           PANGO_ALIGN_LEFT };
  ktm_placing_measure (p, &out->name, &out->w, &out->h);
  if (out->w > room)
    {
      out->name.wrap = room;
      out->name.lines = 2;
      ktm_placing_measure (p, &out->name, &out->w, &out->h);
    }
  if (label->subtext == NULL)
    return;
  out->sub =
      (KtmTextSpec){ label->subtext, p->style->small * 0.94, FALSE, room, 2, PANGO_ALIGN_LEFT };
  ktm_placing_measure (p, &out->sub, &w, &out->sub_h);
  out->w = MAX (out->w, w);
}

/* Width of the gutter for direct labels, or 0 where a legend has to stand in. */
double
ktm_placing_direct_width (KtmPlacing *p)
{
  double widest = 0, room = p->body.h - p->line_height * 4;

  if (p->out->width < p->style->size * 22
      || (p->scene->panels->len > 1 && p->scene->arrange == KTM_ARRANGE_GRID))
    return 0;
  for (guint i = 0; i < p->scene->panels->len; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];
      double height = 0, share = p->scene->arrange == KTM_ARRANGE_GRID ? room : INFINITY;

      for (guint j = 0; j < panel->labels->len; j++)
        {
          Placed placed = { 0 };

          measure_label (p, panel->labels->pdata[j], &placed);
          widest = MAX (widest, placed.w + marker_room (p, placed.label));
          height += placed.h + placed.sub_h;
        }
      if (height > share * 0.92)
        return 0;
    }
  return widest > 0 ? widest + p->style->size * 1.1 : 0;
}

static int
by_height (gconstpointer a, gconstpointer b)
{
  const Placed *p = a, *q = b;

  return (p->wanted > q->wanted) - (p->wanted < q->wanted);
}

/* Moves overlapping labels apart around their common middle (pool adjacent violators), then into
 * lo…hi. */
static gboolean
spread (Placed *placed, gsize n, double lo, double hi, double gap)
{
  double total = 0;

  for (gsize i = 0; i < n; i++)
    {
      total += placed[i].h + placed[i].sub_h + gap;
      placed[i].y = placed[i].wanted;
    }
  if (total - gap > hi - lo + 0.01)
    return FALSE;
  for (int pass = 0; pass < 60; pass++)
    for (gsize i = 0; i + 1 < n; i++)
      {
        double need =
            (placed[i].h + placed[i].sub_h + placed[i + 1].h + placed[i + 1].sub_h) / 2 + gap;
        double lack = need - (placed[i + 1].y - placed[i].y);

        if (lack > 0)
          {
            placed[i].y -= lack / 2;
            placed[i + 1].y += lack / 2;
          }
      }
  for (gsize i = 0; i < n; i++)
    {
      double half = (placed[i].h + placed[i].sub_h) / 2,
             floor = i == 0 ? lo + half
                            : placed[i - 1].y + gap + (placed[i - 1].h + placed[i - 1].sub_h) / 2
                                  + half;

      placed[i].y = MAX (placed[i].y, floor);
    }
  for (gsize k = n; k > 0; k--)
    {
      Placed *it = &placed[k - 1];
      double half = (it->h + it->sub_h) / 2, ceiling = k == n ? hi - half : placed[k].y - gap
                    - (placed[k].h + placed[k].sub_h) / 2 - half;

      it->y = MIN (it->y, ceiling);
    }
  return TRUE;
}

static void
place_label (KtmPlacing *p, const KtmPlace *place, Placed *it)
{
  double x = place->plot.x + place->plot.w + p->style->size * 0.8,
         top = it->y - (it->h + it->sub_h) / 2;
  guint look = ktm_placing_look (p, it->label->role, it->label->series);
  double room = marker_room (p, it->label);

  if (fabs (it->y - it->wanted) > p->line_height * 0.8)
    ktm_placing_line (p, KTM_USE_DIRECT, place->plot.x + place->plot.w + p->style->size * 0.3,
                      it->wanted, x - p->style->size * 0.1, top + it->h / 2, p->style->hair,
                      ktm_style_colour (p->style, KTM_ROLE_CONTEXT, 0));
  if (it->label->fill != KTM_FILL_USUAL)
    ktm_placing_patch (p, KTM_USE_DIRECT,
                       (KtmRect){ x, top + p->line_height * 0.5 - p->style->size * 0.36,
                                  p->style->size * 0.72, p->style->size * 0.72 },
                       it->label->role, look, it->label->fill);
  else if (room > 0)
    ktm_placing_marker (p, KTM_USE_DIRECT, x + p->style->size * 0.3, top + p->line_height * 0.5,
                        p->style->size * 0.27, it->label->role, look);
  ktm_placing_text (p, KTM_USE_DIRECT, &it->name,
                    it->label->fill != KTM_FILL_USUAL
                        ? p->style->ink
                        : ktm_style_text_colour (p->style, it->label->role, look),
                    x + room, top);
  if (it->label->subtext != NULL)
    ktm_placing_text (p, KTM_USE_DIRECT, &it->sub, p->style->dim, x + room, top + it->h);
}

/* How far labels may reach below the plot: not among the numbers of the axis. */
static double
slack_below (KtmPlacing *p, const KtmPlace *place, double slack)
{
  const KtmAxis *x = &place->panel->x;
  double w = 0, h;

  if (x->hidden || p->scene->arrange != KTM_ARRANGE_GRID)
    return slack;
  if (x->n_ticks > 0)
    {
      KtmTextSpec last = { x->tick_labels[x->n_ticks - 1], p->style->small, FALSE, 0, 1,
                           PANGO_ALIGN_LEFT };

      ktm_placing_measure (p, &last, &w, &h);
    }
  return x->n_ticks > 0 && w / 2 < p->style->size * 0.75 ? slack : p->style->size * 0.35;
}

/* Labels at the right of the plot; FALSE when their heights do not fit there. */
gboolean
ktm_placing_direct (KtmPlacing *p, KtmPlace *place)
{
  gsize n = place->panel->labels->len;
  g_autofree Placed *placed = g_new0 (Placed, n + 1);
  double slack = p->scene->arrange == KTM_ARRANGE_GRID ? p->line_height : p->line_height * 0.4;

  for (gsize i = 0; i < n; i++)
    {
      const KtmLabel *label = place->panel->labels->pdata[i];

      measure_label (p, label, &placed[i]);
      placed[i].wanted =
          CLAMP (ktm_scale_map (&place->y, label->y), place->plot.y, place->plot.y + place->plot.h);
    }
  qsort (placed, n, sizeof *placed, by_height);
  if (!spread (placed, n, MAX (0, place->plot.y - (p->scene->notes->len > 1 ? 0 : slack)),
               MIN (p->out->height, place->plot.y + place->plot.h + slack_below (p, place, slack)),
               1))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    place_label (p, place, &placed[i]);
  return TRUE;
}

static gsize
collect_legend (KtmPlacing *p, const KtmLabel **out, gsize most)
{
  gsize n = 0;

  for (guint i = 0; i < p->scene->legend->len && n < most; i++)
    {
      const KtmLabel *label = p->scene->legend->pdata[i];

      if (!p->named || label->role != KTM_ROLE_SERIES)
        out[n++] = label;
    }
  for (guint i = 0; !p->direct && i < p->scene->panels->len; i++)
    {
      const KtmPanel *panel = p->scene->panels->pdata[i];

      for (guint j = 0; j < panel->labels->len && n < most; j++)
        {
          const KtmLabel *label = panel->labels->pdata[j];
          gboolean known = panel->title != NULL && label->fill == KTM_FILL_USUAL;

          for (gsize k = 0; k < n; k++)
            known |= strcmp (out[k]->text, label->text) == 0;
          if (!known)
            out[n++] = label;
        }
    }
  return n;
}

/* Entries in lines from the left edge of the body at @y on; the height they take. */
double
ktm_placing_legend (KtmPlacing *p, double y)
{
  const KtmLabel *entries[64];
  gsize n = collect_legend (p, entries, G_N_ELEMENTS (entries));
  double x = p->body.x, swatch = p->style->size * 2.4, right = p->body.x + p->body.w, top = y;

  if (n == 0 || p->detail >= 4)
    return 0;
  for (gsize i = 0; i < n; i++)
    {
      KtmTextSpec spec = ktm_placing_spec (p, entries[i]->text, FALSE);
      guint look = ktm_placing_look (p, entries[i]->role, entries[i]->series);
      double w, h, room = p->body.w - swatch - p->style->size;

      ktm_placing_measure (p, &spec, &w, &h);
      if (w > room)
        {
          spec.wrap = room;
          ktm_placing_measure (p, &spec, &w, &h);
        }
      if (x > p->body.x && x + swatch + w > right)
        {
          x = p->body.x;
          y += p->line_height * 1.05;
        }
      gboolean area = entries[i]->fill != KTM_FILL_USUAL,
               point = (entries[i]->role >= KTM_ROLE_MILD || entries[i]->shaded) && !area;
      double used = area    ? p->style->size * 1.5
                    : point ? p->style->size * 1.1
                            : swatch;

      if (area)
        ktm_placing_patch (p, KTM_USE_LEGEND,
                           (KtmRect){ x, y + h * 0.15, p->style->size * 1.1, h * 0.7 },
                           entries[i]->role, look, entries[i]->fill);
      else if (entries[i]->shaded)
        ktm_placing_shade (p, KTM_USE_LEGEND,
                           (KtmRect){ x, y + h * 0.2, p->style->size * 0.8, h * 0.6 },
                           entries[i]->shade);
      else if (point)
        ktm_placing_marker (p, KTM_USE_LEGEND, x + p->style->size * 0.45, y + h / 2,
                            p->style->size * 0.3, entries[i]->role, look);
      else
        ktm_placing_swatch (p, KTM_USE_LEGEND,
                            (KtmRect){ x, y + h * 0.1, swatch - p->style->size * 0.5, h * 0.8 },
                            entries[i]->role, look);
      ktm_placing_text (p, KTM_USE_LEGEND, &spec,
                        area ? p->style->ink
                             : ktm_style_text_colour (p->style, entries[i]->role, look),
                        x + used, y);
      x += used + w + p->style->size * 1.4;
    }
  return y - top + p->line_height * 1.25;
}

static double
note_left (KtmPlacing *p, const KtmPlace *place, const KtmNote *note, double w)
{
  double x = ktm_scale_map (&place->x, note->x)
             + (note->wedge ? p->style->size * 0.75 : p->style->size * 0.4);

  return x + w > p->out->width - 2 ? p->out->width - 2 - w : x;
}

/* Notes over the plot, ending at @bottom; the height they take.  @dry: only measured. */
double
ktm_placing_notes (KtmPlacing *p, const KtmPlace *place, double bottom, gboolean dry)
{
  double taken_until[2] = { -INFINITY, -INFINITY };
  int lines = 0;

  for (guint i = 0; p->detail < 2 && i < p->scene->notes->len; i++)
    {
      const KtmNote *note = p->scene->notes->pdata[i];
      double room = note->wedge ? p->out->width * 0.6 : p->out->width - place->plot.x - 2;
      KtmTextSpec spec = { note->text, p->style->small,        !note->wedge,
                           MAX (room, p->style->size), 1, PANGO_ALIGN_LEFT };
      double w, h;

      ktm_placing_measure (p, &spec, &w, &h);
      double x = note_left (p, place, note, w), mark = ktm_scale_map (&place->x, note->x);
      int line = x - p->style->size * 1.5 > taken_until[0] ? 0 : 1;

      if (x < MIN (place->plot.x, mark) - 1 || x - p->style->size * 1.5 <= taken_until[line]
          || (note->wedge && mark < place->plot.x - 1))
        continue;
      taken_until[line] = x + w;
      lines = MAX (lines, line + 1);
      if (dry)
        continue;
      double y = bottom - (line + 1) * p->line_height;

      if (note->wedge)
        ktm_placing_marker (p, KTM_USE_NOTE, mark, y + h * 0.55, p->style->size * 0.33,
                            KTM_ROLE_ABSENT, G_MAXUINT);
      ktm_placing_text (p, KTM_USE_NOTE, &spec, note->wedge ? p->style->dim : p->style->ink, x, y);
    }
  return lines * p->line_height + (lines > 0 ? p->style->size * 0.35 : 0);
}

/* Width of the gutter a colour scale needs. */
double
ktm_placing_ramp_width (KtmPlacing *p)
{
  return p->scene->ramp.used && p->detail < 4 ? p->style->size * 4.4 + p->line_height : 0;
}

static void
ramp_ticks (KtmPlacing *p, KtmRect bar)
{
  const KtmRamp *ramp = &p->scene->ramp;
  KtmScale scale = ktm_scale_new (KTM_AXIS_LINEAR, ramp->lo, ramp->hi, bar.y + bar.h, bar.y);
  gsize n;
  int decimals;
  g_autofree double *ticks = ktm_ticks_linear (
      ramp->lo, ramp->hi, CLAMP ((int) (bar.h / p->line_height / 1.6), 2, 6), FALSE, &n, &decimals);

  for (gsize i = 0; i < n; i++)
    {
      char *number = ktm_lang_number (p->scene->lang, ticks[i], decimals, p->scene->decimal_mark);
      g_autofree char *text =
          g_strconcat (ramp->diverging && ticks[i] > 0 ? "+" : "", number, NULL);
      KtmTextSpec spec = { text, p->style->small, FALSE, 0, 1, PANGO_ALIGN_LEFT };
      double w, h;

      ktm_placing_measure (p, &spec, &w, &h);
      ktm_placing_text (p, KTM_USE_LEGEND, &spec, p->style->dim,
                        bar.x + bar.w + p->style->size * 0.3,
                        ktm_scale_map (&scale, ticks[i]) - h / 2);
      free (number);
    }
}

/* The colour scale at the right of the plots. */
void
ktm_placing_ramp (KtmPlacing *p, double x, double top, double bottom)
{
  double room = bottom - top, h = MIN (room, p->style->size * 14), w, thick;
  KtmRect bar = { x + p->style->size * 0.9, top, p->style->size * 0.8, h };
  KtmTextSpec spec = { p->scene->ramp.label, p->style->small, FALSE, 0, 1, PANGO_ALIGN_CENTER };

  if (ktm_placing_ramp_width (p) <= 0 || room < p->line_height * 3)
    return;
  ktm_placing_ramp_box (p, bar);
  ramp_ticks (p, bar);
  ktm_placing_measure (p, &spec, &w, &thick);
  if (w > room)
    {
      spec.wrap = room;
      ktm_placing_measure (p, &spec, &w, &thick);
    }
  ktm_placing_vertical_text (p, KTM_USE_LEGEND, &spec, p->style->dim, p->out->width - thick - 1,
                             MAX (top + w / 2, top + h / 2));
}
