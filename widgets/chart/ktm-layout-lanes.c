/* Floor widgets/chart: panels of words on a time axis (treatments, adverse events).  No GTK. */
#include "ktm-layout-private.h"

#define MOST_LANES 8

static gsize
count_texts (const KtmPanel *panel, gboolean *subtext)
{
  gsize n = 0;

  *subtext = FALSE;
  for (guint i = 0; i < panel->marks->len; i++)
    {
      const KtmMark *mark = panel->marks->pdata[i];

      n += mark->kind == KTM_MARK_TEXT ? mark->n : 0;
      *subtext |= mark->kind == KTM_MARK_TEXT && mark->subtext != NULL;
    }
  return n;
}

/* Height of one lane: one or two lines of text. */
double
ktm_placing_lane_height (const KtmPlacing *p, const KtmPanel *panel)
{
  gboolean two;

  count_texts (panel, &two);
  return p->line_height * (two ? 2.25 : 1.12);
}

static void
entry_spec (const KtmPlacing *p, const KtmMark *mark, gsize i, KtmTextSpec *spec, KtmTextSpec *sub)
{
  *spec = (KtmTextSpec) { mark->text[i], p->style->small, FALSE, 0, 1, PANGO_ALIGN_LEFT };
  *sub = (KtmTextSpec){ mark->subtext != NULL && mark->subtext[i] != NULL ? mark->subtext[i] : "",
                        p->style->small * 0.92,
                        FALSE,
                        0,
                        1,
                        PANGO_ALIGN_LEFT };
}

static double
entry_width (KtmPlacing *p, const KtmMark *mark, gsize i)
{
  KtmTextSpec spec, sub;
  double w, h, w2;

  entry_spec (p, mark, i, &spec, &sub);
  ktm_placing_measure (p, &spec, &w, &h);
  ktm_placing_measure (p, &sub, &w2, &h);
  return MAX (w, w2) + p->style->size * 0.9;
}

/* Gives each word the first lane where it covers none before it; −1 where MOST_LANES do not
 * suffice. */
void
ktm_placing_pack_lanes (KtmPlacing *p, KtmPlace *place, double right_edge)
{
  double end[MOST_LANES];
  gboolean two;
  gsize k = 0;

  place->lane = g_new0 (int, count_texts (place->panel, &two) + 1);
  for (int i = 0; i < MOST_LANES; i++)
    end[i] = -INFINITY;
  for (guint i = 0; i < place->panel->marks->len; i++)
    {
      const KtmMark *mark = place->panel->marks->pdata[i];

      for (gsize j = 0; mark->kind == KTM_MARK_TEXT && j < mark->n; j++, k++)
        {
          double x = ktm_scale_map (&place->x, mark->x[j]) - p->style->size * 0.4,
                 w = entry_width (p, mark, j);
          int lane = 0;

          if (x + w > right_edge && x - w >= place->x.a)
            x -= w; /* written at the left of its symbol */
          else if (x + w > right_edge && right_edge - x < x - place->x.a)
            {
              w = x - place->x.a; /* cut, at the left */
              x = place->x.a;
            }
          while (lane < MOST_LANES && end[lane] > x - p->style->size * 0.4)
            lane++;
          place->lane[k] = lane < MOST_LANES ? lane : -1;
          if (lane < MOST_LANES)
            {
              end[lane] = x + w + p->style->size * 0.4;
              place->n_lanes = MAX (place->n_lanes, (gsize) lane + 1);
            }
        }
    }
}

static void
entry (KtmPlacing *p, KtmPlace *place, const KtmMark *mark, gsize i, double top)
{
  KtmTextSpec spec, sub;
  double w, h, w2, x = ktm_scale_map (&place->x, mark->x[i]), off = p->style->size * 0.6;
  double end =
      mark->high != NULL && !isnan (mark->high[i]) ? ktm_scale_map (&place->x, mark->high[i]) : x;

  entry_spec (p, mark, i, &spec, &sub);
  ktm_placing_measure (p, &sub, &w2, &h);
  ktm_placing_measure (p, &spec, &w, &h);
  if (mark->role >= KTM_ROLE_MILD)
    ktm_placing_marker (p, KTM_USE_LANE, x, top + h / 2, p->style->size * 0.3, mark->role, 0);
  else
    ktm_placing_line (p, KTM_USE_LANE, x - p->style->size * 0.12, top + h / 2,
                      MAX (end, x + p->style->size * 0.12), top + h / 2, h * 0.85, p->style->ink);
  double left = MAX (x, end) + off;

  if (left + MAX (w, w2) > p->out->width && x - off - MAX (w, w2) >= place->plot.x)
    left = x - off - MAX (w, w2);
  else if (left + MAX (w, w2) > p->out->width)
    {
      double right = p->out->width - left, room = MAX (right, x - off - place->plot.x);

      if (room > right)
        left = place->plot.x;
      if (room < p->style->size * 4)
        return; /* the symbol alone */
      spec.wrap = sub.wrap = room;
    }
  ktm_placing_text (p, KTM_USE_LANE, &spec, p->style->ink, left, top);
  if (sub.text[0] != '\0')
    ktm_placing_text (p, KTM_USE_LANE, &sub, p->style->dim, left, top + h);
}

/* Symbols and words, lane under lane; lanes beyond the plot are left out. */
void
ktm_placing_lanes (KtmPlacing *p, KtmPlace *place)
{
  double height = ktm_placing_lane_height (p, place->panel);
  gsize k = 0;

  for (guint i = 0; i < place->panel->marks->len; i++)
    {
      const KtmMark *mark = place->panel->marks->pdata[i];

      for (gsize j = 0; mark->kind == KTM_MARK_TEXT && j < mark->n; j++, k++)
        {
          double top = place->plot.y + place->lane[k] * height,
                 x = ktm_scale_map (&place->x, mark->x[j]);

          if (place->lane[k] >= 0 && top + height <= place->plot.y + place->plot.h + 0.5
              && x >= place->plot.x - 1 && x <= place->plot.x + place->plot.w + 1)
            entry (p, place, mark, j, top);
        }
    }
}
