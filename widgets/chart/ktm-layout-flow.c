/* Floor widgets/chart: a flow diagram: boxes from top to bottom, joined by arrows.  No GTK.
 *
 * The type shrinks to its least size before anything is left out; then the lines below the steps
 * go, then the reasons.  No box is ever cut.
 */
#include "ktm-layout-private.h"

#define WANTED_GAP 0.95  /* between rows, in lines of text */
#define LEAST_GAP 0.5
#define MAIN_WIDTH 0.47  /* of the body: steps, with what leaves the flow at their right */
#define ASIDE_LEFT 0.53
#define INSET 0.16       /* of a column: where what leaves it begins */

typedef struct
{
  const KtmPanel *panel;
  gsize   n_rows;
  int     n_columns;
  gsize   first_parted;     /* row of the first box of a column; n_rows: none */
  double  size, line, pad;
  double *top, *height;     /* n_rows, owned */
  gboolean *beside;         /* n_rows, owned: the row stands beside the steps around it */
} Flow;

gboolean
ktm_placing_is_flow (const KtmPlacing *p)
{
  return p->scene->panels->len == 1
         && ((const KtmPanel *) p->scene->panels->pdata[0])->boxes->len > 0;
}

/* Where a box begins and how wide it is. */
static void
box_span (const KtmPlacing *p, const Flow *f, const KtmBox *box, double *x, double *w)
{
  double gap = p->style->size * 0.9,
         column = (p->body.w - gap * (f->n_columns - 1)) / MAX (f->n_columns, 1);

  if (box->column < 0)
    {
      *x = p->body.x + (box->aside ? ASIDE_LEFT * p->body.w : 0);
      *w = p->body.w * (box->aside ? 1 - ASIDE_LEFT : MAIN_WIDTH);
      return;
    }
  *x = p->body.x + box->column * (column + gap) + (box->aside ? INSET * column : 0);
  *w = column * (box->aside ? 1 - INSET : 1);
}

/* The line that joins the boxes of a column. */
static double
spine (const KtmPlacing *p, const Flow *f, int column)
{
  KtmBox main = { .column = column };
  double x, w;

  box_span (p, f, &main, &x, &w);
  return column < 0 ? x + w / 2 : x + w * INSET / 2;
}

static gboolean
shows_detail (const KtmPlacing *p, const KtmBox *box)
{
  return box->detail != NULL && p->detail < (box->aside ? 5 : 3);
}

static void
specs (const KtmPlacing *p, const Flow *f, const KtmBox *box, double w, KtmTextSpec *head,
       KtmTextSpec *detail)
{
  double inner = MAX (w - 2 * f->pad, f->size);

  *head = (KtmTextSpec){ box->text, f->size, TRUE, inner, 50, PANGO_ALIGN_LEFT };
  *detail = (KtmTextSpec){ shows_detail (p, box) ? box->detail : "", f->size, FALSE, inner, 50,
                           PANGO_ALIGN_LEFT };
}

static double
box_height (const KtmPlacing *p, const Flow *f, const KtmBox *box)
{
  KtmTextSpec head, detail;
  double x, w, width, h, more = 0;

  box_span (p, f, box, &x, &w);
  specs (p, f, box, w, &head, &detail);
  ktm_placing_measure (p, &head, &width, &h);
  if (detail.text[0] != '\0')
    ktm_placing_measure (p, &detail, &width, &more);
  return h + more + 2 * f->pad * 0.7;
}

static void
measure_rows (const KtmPlacing *p, Flow *f)
{
  f->line = p->line_height * f->size / p->style->size;
  f->pad = f->size * 0.55;
  for (gsize r = 0; r < f->n_rows; r++)
    f->height[r] = 0;
  for (guint i = 0; i < f->panel->boxes->len; i++)
    {
      const KtmBox *box = f->panel->boxes->pdata[i];

      f->height[box->row] = MAX (f->height[box->row], box_height (p, f, box));
    }
}

/* Tops of the rows for a gap between steps.  What leaves the flow before it parts stands at the
 * right of the steps and needs no room between them.  Returns the height of all. */
static double
stack_rows (Flow *f, double gap)
{
  double main = 0, beside = 0, middle = -1;

  for (gsize r = 0; r < f->n_rows; r++)
    {
      if (f->beside[r])
        {
          f->top[r] = MAX (beside > 0 ? beside + gap * 0.45 : 0,
                           main + gap / 2 - f->height[r] / 2);
          f->top[r] = MAX (f->top[r], 0);
          middle = f->top[r] + f->height[r] / 2;
          beside = f->top[r] + f->height[r];
          continue;
        }
      f->top[r] = r == 0 ? 0 : MAX (main + gap, middle + gap / 2);
      if (f->first_parted == r)
        f->top[r] = MAX (f->top[r], beside + gap);
      main = f->top[r] + f->height[r];
    }
  return MAX (main, beside);
}

/* The largest type below @high with which all rows still fit, from one that fits. */
static void
grow (const KtmPlacing *p, Flow *f, double high)
{
  double low = f->size;

  while (high - low > 0.15)
    {
      f->size = (low + high) / 2;
      measure_rows (p, f);
      if (stack_rows (f, f->line * LEAST_GAP) > p->body.h)
        high = f->size;
      else
        low = f->size;
    }
  f->size = low;
  measure_rows (p, f);
}

/* One line a step: known without measuring any text. */
static double
least_height (const Flow *f, double size)
{
  double height = 0;

  for (gsize r = 0; r < f->n_rows; r++)
    height += f->beside[r] ? 0 : size * 2.2;
  return height;
}

/* Sizes and places of the rows; FALSE where they do not fit at this detail. */
static gboolean
plan (KtmPlacing *p, Flow *f)
{
  double smallest = MAX (p->style->small * 0.78, MIN (p->style->small, 7)), gap;

  if (least_height (f, smallest) > p->body.h || p->body.w < smallest * 12)
    return FALSE;
  f->size = p->style->size;
  measure_rows (p, f);
  p->out->spare = MAX (0, p->body.h - stack_rows (f, f->line * WANTED_GAP) - 1);
  if (stack_rows (f, f->line * LEAST_GAP) > p->body.h)
    {
      double high = f->size;

      f->size = smallest;
      measure_rows (p, f);
      if (stack_rows (f, f->line * LEAST_GAP) > p->body.h)
        return FALSE;
      grow (p, f, high);
    }
  if (p->body.w < f->size * 12)
    return FALSE;
  for (gap = 1.5; gap > LEAST_GAP && stack_rows (f, f->line * gap) > p->body.h;)
    gap = MAX (gap - 0.05, LEAST_GAP);
  stack_rows (f, f->line * gap);
  for (gsize r = 0; r < f->n_rows; r++)
    f->top[r] += p->body.y;
  return TRUE;
}

static void
place_box (KtmPlacing *p, const Flow *f, const KtmBox *box)
{
  double x, w, width, h, y = f->top[box->row];
  KtmTextSpec head, detail;

  box_span (p, f, box, &x, &w);
  specs (p, f, box, w, &head, &detail);
  ktm_placing_box (p, (KtmRect){ x, y, w, f->height[box->row] }, box->role,
                   ktm_placing_look (p, box->role, box->series), box->aside);
  ktm_placing_measure (p, &head, &width, &h);
  y += f->pad * 0.7;
  ktm_placing_text (p, KTM_USE_ROW, &head, p->style->ink, x + f->pad, y);
  if (detail.text[0] != '\0')
    ktm_placing_text (p, KTM_USE_ROW, &detail, p->style->ink, x + f->pad, y + h);
}

/* The step of @column before row @row; NULL: the first. */
static const KtmBox *
step_before (const Flow *f, int column, gsize row)
{
  const KtmBox *found = NULL;

  for (guint i = 0; i < f->panel->boxes->len; i++)
    {
      const KtmBox *box = f->panel->boxes->pdata[i];

      if (!box->aside && box->column == column && box->row < row
          && (found == NULL || box->row > found->row))
        found = box;
    }
  return found;
}

static void
join (KtmPlacing *p, const Flow *f, const KtmBox *box)
{
  double thin = MAX (p->style->hair, 0.5), x = spine (p, f, box->column), left, w;
  const KtmBox *from = step_before (f, box->column, box->row);
  double top = f->top[box->row], middle = top + f->height[box->row] / 2;

  if (box->aside)
    {
      box_span (p, f, box, &left, &w);
      ktm_placing_arrow (p, x, middle, left, middle, thin, p->style->dim);
      return;
    }
  if (from != NULL)
    ktm_placing_arrow (p, x, f->top[from->row] + f->height[from->row], x, top, thin,
                       p->style->dim);
  else if (box->column >= 0 && (from = step_before (f, -1, box->row)) != NULL)
    {
      double start = f->top[from->row] + f->height[from->row], bus = top - f->line * 0.5,
             main = spine (p, f, -1);

      ktm_placing_line (p, KTM_USE_ROW, main, start, main, bus, thin, p->style->dim);
      ktm_placing_line (p, KTM_USE_ROW, MIN (main, x), bus, MAX (main, x), bus, thin,
                        p->style->dim);
      ktm_placing_arrow (p, x, bus, x, top, thin, p->style->dim);
    }
}

/* Places the one panel of a flow diagram in what is left of the body. */
gboolean
ktm_placing_flow (KtmPlacing *p)
{
  Flow f = { .panel = p->scene->panels->pdata[0] };
  KtmPlace place = { .panel = f.panel, .plot = p->body };
  gboolean fits;

  f.first_parted = G_MAXSIZE;
  for (guint i = 0; i < f.panel->boxes->len; i++)
    {
      const KtmBox *box = f.panel->boxes->pdata[i];

      f.n_rows = MAX (f.n_rows, box->row + 1);
      f.n_columns = MAX (f.n_columns, box->column + 1);
      if (box->column >= 0)
        f.first_parted = MIN (f.first_parted, box->row);
    }
  f.top = g_new0 (double, f.n_rows);
  f.height = g_new0 (double, f.n_rows);
  f.beside = g_new0 (gboolean, f.n_rows);
  for (guint i = 0; i < f.panel->boxes->len; i++)
    {
      const KtmBox *box = f.panel->boxes->pdata[i];

      f.beside[box->row] = box->aside && box->column < 0;
    }
  fits = plan (p, &f);
  for (guint i = 0; fits && i < f.panel->boxes->len; i++)
    join (p, &f, f.panel->boxes->pdata[i]);
  for (guint i = 0; fits && i < f.panel->boxes->len; i++)
    place_box (p, &f, f.panel->boxes->pdata[i]);
  place.x = ktm_scale_new (KTM_AXIS_LINEAR, 0, 1, p->body.x, p->body.x + p->body.w);
  place.y = ktm_scale_new (KTM_AXIS_LINEAR, 0, 1, p->body.y + p->body.h, p->body.y);
  if (fits)
    g_array_append_val (p->out->places, place);
  g_free (f.top);
  g_free (f.height);
  g_free (f.beside);
  return fits;
}
