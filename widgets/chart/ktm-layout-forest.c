/* Floor widgets/chart: a forest: names, counts, intervals on one axis, numbers, side by side.  No
 * GTK.
 *
 * The type shrinks to its least size before a name is cut, and a line is left out, and said to be,
 * before two overlap.
 */
#include "ktm-layout-private.h"

#include <string.h>

#define ROW_HEIGHT 1.18   /* of a line of text; at most WIDE_ROW where there is room */
#define WANTED_ROW 1.45
#define WIDE_ROW 2.1

typedef struct
{
  const KtmPanel *panel;
  double size, line;                  /* type, and the height of its line */
  double label, count, value, gap;    /* widths */
  double fixed;                       /* width of the labels that are not names, never to be cut */
  double more[3];
  int    extra;                       /* 2: all columns, 1: without the first two of more, 0: with
                                         none of them, −1: without counts */
  double plot, row;
  gsize  n_shown;                     /* of panel->lines; less than all: one more line says so */
} Forest;

gboolean
ktm_placing_is_forest (const KtmPlacing *p)
{
  return p->scene->panels->len == 1
         && ((const KtmPanel *) p->scene->panels->pdata[0])->lines->len > 0;
}

static double
text_width (const KtmPlacing *p, const char *text, double size, gboolean bold)
{
  KtmTextSpec spec = { text, size, bold, 0, 1, PANGO_ALIGN_LEFT };
  double w = 0, h;

  if (text != NULL && text[0] != '\0')
    ktm_placing_measure (p, &spec, &w, &h);
  return w;
}

static gboolean
shows_counts (const KtmPlacing *p, const Forest *f)
{
  return p->detail < 4 && f->extra >= 0;
}

/* A heading with nothing beside it may run across. */
static gboolean
runs_across (const KtmLine *line)
{
  return line->note || (line->heading && line->count == NULL && line->value == NULL);
}

/* Whether column @i of a line's more is shown. */
static gboolean
shows_more (const KtmPlacing *p, const Forest *f, gsize i)
{
  return p->detail < 4 && f->extra > (i < 2 ? 1 : 0);
}

static double
indent (const Forest *f, const KtmLine *line)
{
  return line->heading || line->strong ? 0 : f->size * 0.9;
}

/* Natural widths of the columns at the forest's type size. */
static void
measure_columns (const KtmPlacing *p, Forest *f)
{
  const KtmPanel *panel = f->panel;

  f->gap = f->size * 0.9;
  f->label = text_width (p, panel->line_heads[0], f->size, FALSE);
  f->count = shows_counts (p, f) ? text_width (p, panel->line_heads[1], f->size, FALSE) : 0;
  f->value = p->detail < 5 ? text_width (p, panel->line_heads[2], f->size, FALSE) : 0;
  f->fixed = 0;
  memset (f->more, 0, sizeof f->more);
  for (guint i = 0; i < panel->lines->len; i++)
    {
      const KtmLine *line = panel->lines->pdata[i];

      if (runs_across (line))
        continue;
      for (gsize k = 0; k < G_N_ELEMENTS (f->more); k++)
        if (shows_more (p, f, k))
          f->more[k] = MAX (f->more[k], text_width (p, line->more[k], f->size, line->strong));
      double label =
          indent (f, line) + text_width (p, line->label, f->size, line->heading || line->strong);

      /* a heading may run over the counts, of which it has none */
      if (line->count == NULL && line->heading)
        label -= f->gap + f->count;
      f->label = MAX (f->label, label);
      if (line->count == NULL || line->heading || line->strong)
        f->fixed = MAX (f->fixed, label);
      if (shows_counts (p, f))
        f->count = MAX (f->count, text_width (p, line->count, f->size, FALSE));
      if (p->detail < 5)
        f->value = MAX (f->value, text_width (p, line->value, f->size, line->strong));
    }
  if (p->detail >= 6)
    f->label = 0;
}

static double
column (const Forest *f, double width)
{
  return width > 0 ? f->gap + width : 0;
}

static double
left_of_plot (const Forest *f)
{
  return f->label + column (f, f->count) + column (f, f->more[0]) + column (f, f->more[1])
         + (f->label > 0 ? f->gap : 0);
}

static double
beside_plot (const Forest *f)
{
  return left_of_plot (f) + column (f, f->value) + column (f, f->more[2]);
}

/* The largest type at which the columns leave the plot @least and all rows stand in @room; else the
 * least type. */
static void
choose_size (const KtmPlacing *p, Forest *f, double least, double room)
{
  double smallest = MAX (p->style->small * 0.78, MIN (p->style->small, 7)), natural;

  f->size = p->style->size;
  measure_columns (p, f);
  natural = beside_plot (f);
  for (;; f->size = MAX (f->size * 0.96, smallest))
    {
      double share = f->size / p->style->size;

      f->line = p->line_height * share;
      if ((natural * share + least <= p->body.w
           && f->panel->lines->len * f->line * ROW_HEIGHT <= room)
          || f->size <= smallest + 1e-9)
        break;
    }
  measure_columns (p, f); /* widths grow with the type all but exactly */
}

/* Long names are cut, down to a third of the width, before a column of numbers is left out. */
static gboolean
cut_names (const KtmPlacing *p, Forest *f, double least)
{
  double excess = beside_plot (f) + least - p->body.w;
  double floor = MAX (f->fixed, p->body.w * 0.3);

  if (excess > 0 && f->extra > 0 && f->label - excess >= floor)
    f->label -= excess;
  return beside_plot (f) + least <= p->body.w + 1e-6;
}

/* Decides sizes; FALSE where this detail does not fit. */
static gboolean
plan (KtmPlacing *p, Forest *f, double room)
{
  gsize n = f->panel->lines->len;
  double least = p->style->size * (p->detail < 5 ? 8 : p->detail < 6 ? 4 : 1);

  for (f->extra = 2; ; f->extra--)
    {
      choose_size (p, f, least, room);
      if (f->extra < 0 || cut_names (p, f, least))
        break;
    }
  if (beside_plot (f) + least > p->body.w)
    f->label -= MIN (f->label, beside_plot (f) + least - p->body.w);
  f->plot = p->body.w - beside_plot (f);
  if (f->plot < least * 0.99 || (p->detail < 6 && f->label < f->size * 4) || room <= 0)
    return FALSE;
  f->n_shown = n;
  f->row = CLAMP (room / n, f->line * ROW_HEIGHT, f->line * WIDE_ROW);
  if (p->detail >= 6)
    f->row = room / n;
  else if (n * f->row > room + 0.01)
    {
      gsize fit = (gsize) (room / f->row);

      if (p->detail < 2 || fit < 4)
        return FALSE;
      f->n_shown = fit - 1;
    }
  p->out->spare = MAX (0, room - n * f->line * WANTED_ROW);
  return TRUE;
}

static void
put_left (KtmPlacing *p, const char *text, double size, gboolean bold, KtmColour colour, double x,
          double middle, double room)
{
  KtmTextSpec spec = { text, size, bold, 0, 1, PANGO_ALIGN_LEFT };
  double w, h;

  if (text == NULL || text[0] == '\0')
    return;
  ktm_placing_measure (p, &spec, &w, &h);
  if (w > room + 0.5)
    spec.wrap = room;
  ktm_placing_measure (p, &spec, &w, &h);
  ktm_placing_text (p, KTM_USE_ROW, &spec, colour, x, middle - h / 2);
}

static void
put_right (KtmPlacing *p, const char *text, double size, gboolean bold, KtmColour colour,
           double right, double middle)
{
  KtmTextSpec spec = { text, size, bold, 0, 1, PANGO_ALIGN_LEFT };
  double w, h;

  if (text == NULL || text[0] == '\0')
    return;
  ktm_placing_measure (p, &spec, &w, &h);
  ktm_placing_text (p, KTM_USE_ROW, &spec, colour, right - w, middle - h / 2);
}

/* Right edges of the columns. */
static double
count_edge (const KtmPlacing *p, const Forest *f)
{
  return p->body.x + f->label + f->gap + f->count;
}

static double
more_edge (const KtmPlacing *p, const Forest *f, gsize i)
{
  if (i == 2)
    return p->body.x + p->body.w;
  return p->body.x + left_of_plot (f) - f->gap - (i == 0 ? column (f, f->more[1]) : 0);
}

static double
value_edge (const KtmPlacing *p, const Forest *f)
{
  return p->body.x + p->body.w - column (f, f->more[2]);
}

static void
place_line (KtmPlacing *p, const Forest *f, const KtmLine *line, double middle)
{
  double left = p->body.x, in = indent (f, line);
  gboolean bold = line->heading || line->strong;
  double room = f->label - in
                + (line->count == NULL && line->heading && f->count > 0 ? f->gap + f->count : 0);

  if (runs_across (line))
    {
      put_left (p, line->label, f->size, bold, bold ? p->style->ink : p->style->dim, left, middle,
                p->body.w);
      return;
    }
  put_left (p, line->label, f->size, bold, p->style->ink, left + in, middle, room);
  if (f->count > 0)
    put_right (p, line->count, f->size, FALSE, p->style->dim, count_edge (p, f), middle);
  if (f->value > 0)
    put_right (p, line->value, f->size, line->strong, line->heading ? p->style->dim : p->style->ink,
               value_edge (p, f), middle);
  for (gsize i = 0; i < G_N_ELEMENTS (f->more); i++)
    if (f->more[i] > 0)
      put_right (p, line->more[i], f->size, FALSE, p->style->dim, more_edge (p, f, i), middle);
}

static void
place_heads (KtmPlacing *p, const Forest *f, double middle)
{
  put_left (p, f->panel->line_heads[0], f->size, FALSE, p->style->dim, p->body.x, middle, f->label);
  if (f->count > 0)
    put_right (p, f->panel->line_heads[1], f->size, FALSE, p->style->dim,
               count_edge (p, f), middle);
  if (f->value > 0)
    put_right (p, f->panel->line_heads[2], f->size, FALSE, p->style->dim, value_edge (p, f),
               middle);
}

static void
say_more (KtmPlacing *p, const Forest *f, double middle)
{
  g_autofree char *n = g_strdup_printf ("%u", f->panel->lines->len - (guint) f->n_shown);
  g_auto (GStrv) parts =
      g_strsplit (f->panel->more_lines != NULL ? f->panel->more_lines : "+ {1}", "{1}", 2);
  g_autofree char *text = g_strjoinv (n, parts);

  put_left (p, text, f->size, FALSE, p->style->dim, p->body.x, middle,
            MAX (f->label - p->style->size, f->size)); /* clear of the first tick */
}

/* Places the one panel of a forest in what is left of the body. */
gboolean
ktm_placing_forest (KtmPlacing *p)
{
  Forest f = { .panel = p->scene->panels->pdata[0] };
  char *const *names = f.panel->line_heads;
  gboolean headed = names[0] != NULL || names[1] != NULL || names[2] != NULL;
  double heads = headed && p->detail < 4 ? p->line_height * 1.25 : 0;
  double axis = p->detail >= 6
                    ? 0
                    : p->style->size * 0.35 + p->line_height + 1
                          + (p->detail < 5 && f.panel->x.label != NULL ? p->line_height * 1.2 : 0);
  double top = p->body.y + heads, room = p->body.h - heads - axis;
  const KtmView *v = &p->out->view;
  KtmPlace place = { .panel = f.panel };

  if (!plan (p, &f, room))
    return FALSE;
  place.plot = (KtmRect){ p->body.x + left_of_plot (&f), top, f.plot, f.row * f.n_shown };
  place.x = ktm_scale_new (f.panel->x.kind, isnan (v->x_lo) ? f.panel->x.lo : v->x_lo,
                           isnan (v->x_hi) ? f.panel->x.hi : v->x_hi, place.plot.x,
                           place.plot.x + place.plot.w);
  place.y = ktm_scale_new (KTM_AXIS_BAND, -0.5, f.n_shown - 0.5, top, top + place.plot.h);
  if (heads > 0)
    place_heads (p, &f, top - heads * 0.55);
  for (gsize i = 0; p->detail < 6 && i < f.n_shown; i++)
    place_line (p, &f, f.panel->lines->pdata[i], top + f.row * (i + 0.5));
  if (p->detail < 6)
    ktm_placing_x_axis (p, &place, TRUE, TRUE);
  if (f.n_shown < f.panel->lines->len)
    say_more (p, &f, top + f.row * (f.n_shown + 0.5));
  g_array_append_val (p->out->places, place);
  return TRUE;
}
