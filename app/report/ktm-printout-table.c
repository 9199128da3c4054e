/* app/report: tables that break over pages with their heads repeated. */
#include "ktm-printout-private.h"

#include <string.h>

#define SIZE 8.5
#define PAD 3.0     /* above and below a line of cells */
#define GAP 9.0     /* between columns */
#define TOGETHER 24 /* bytes: what is longer in brackets may be parted */
#define SHORT (0.35 * (BOTTOM - MARGIN))

typedef struct
{
  const KtmReportTable *table;
  const char *head;
  gboolean    heads;           /* has a line of heads */
  gsize       n;               /* columns with that of labels */
  double     *width;           /* n */
  char      **cells;           /* rows × n, glued */
} Grid;

static const char *
cell_text (const Grid *g, gssize row, gsize column)
{
  if (row < 0)
    return column == 0 ? (g->head != NULL ? g->head : "") : g->table->heads[column - 1];
  return g->cells[(gsize) row * g->n + column];
}

/* Whether what begins at this bracket is read as one: an interval, "(8 missing)". */
static gboolean
is_closed_soon (const char *bracket)
{
  const char *end = strchr (bracket, *bracket == '(' ? ')' : ']');

  return end != NULL && end - bracket < TOGETHER;
}

/* What is read as one thing stays on one line: an interval in brackets, a mean with its SD, a sign
 * with its number. */
static char *
glue (const char *text)
{
  GString *out = g_string_new (NULL);
  int depth = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      const char *before = p > text ? g_utf8_prev_char (p) : p;
      gboolean sign = g_str_has_prefix (before, "±") || g_str_has_prefix (p + 1, "±")
                      || strchr ("=<>", *before) != NULL || (p[1] != '\0' && strchr ("=<>.", p[1]));

      if (*p == '[' || *p == '(')
        depth = is_closed_soon (p);
      else if (*p == ']' || *p == ')')
        depth = 0;
      if (*p == ' ' && (depth > 0 || sign))
        g_string_append (out, "\302\240");
      else
        g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

/* The longest word: a column narrower than that would break it. */
static double
least_width (const KtmSetting *s, const char *text, gboolean bold)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  double widest = 0;

  for (char **word = words; *word != NULL; word++)
    widest = MAX (widest, ktm_setting_width (s, *word, SIZE, bold));
  return widest;
}

/* Natural widths where they fit; else the columns whose text can wrap give way in proportion. */
static void
choose_widths (const KtmSetting *s, Grid *g, double room)
{
  g_autofree double *least = g_new0 (double, g->n);
  double natural = 0, needed = 0;

  g->width = g_new0 (double, g->n);
  for (gsize c = 0; c < g->n; c++)
    {
      for (gssize r = g->heads ? -1 : 0; r < (gssize) g->table->n_rows; r++)
        {
          const char *text = cell_text (g, r, c);

          g->width[c] = MAX (g->width[c], ktm_setting_width (s, text, SIZE, r < 0));
          least[c] = MAX (least[c], least_width (s, text, r < 0));
        }
      g->width[c] = MIN (g->width[c], room * 0.7) + 0.5;
      least[c] = MIN (least[c], g->width[c]);
      natural += g->width[c];
      needed += least[c];
    }
  room -= GAP * (double) (g->n - 1);
  if (natural <= room)
    {
      if (g->n > 2)
        g->width[0] += MIN (room - natural, g->width[0]);
      return;
    }
  for (gsize c = 0; c < g->n; c++)
    g->width[c] = needed >= room || natural <= needed
                      ? least[c] * room / MAX (needed, 1)
                      : least[c] + (g->width[c] - least[c]) * (room - needed) / (natural - needed);
}

static double
line_height (const KtmSetting *s, const Grid *g, gssize row)
{
  double height = 0;

  for (gsize c = 0; c < g->n; c++)
    height = MAX (height, ktm_setting_height (s, cell_text (g, row, c), SIZE, row < 0,
                                              g->width[c]));
  return height + 2 * PAD;
}

static void
draw_line (KtmSetting *s, const Grid *g, gssize row)
{
  double x = MARGIN;

  for (gsize c = 0; c < g->n; c++)
    {
      PangoLayout *layout =
          ktm_setting_layout (s, cell_text (g, row, c), SIZE, row < 0, g->width[c]);

      ktm_setting_put (s, layout, x, s->y + PAD, s->style.ink);
      g_object_unref (layout);
      x += g->width[c] + GAP;
    }
  s->y += line_height (s, g, row);
}

static double
whole_width (const Grid *g)
{
  double width = GAP * (double) (g->n - 1);

  for (gsize c = 0; c < g->n; c++)
    width += g->width[c];
  return MIN (width, TEXT_WIDTH);
}

static void
draw_heads (KtmSetting *s, const Grid *g)
{
  ktm_setting_rule (s, s->y, whole_width (g));
  if (!g->heads)
    return;
  draw_line (s, g, -1);
  ktm_setting_rule (s, s->y, whole_width (g));
}

static void
grid_init (Grid *g, const KtmSetting *s, const KtmBlock *block)
{
  *g = (Grid){ .table = &block->table,
               .head = block->head,
               .heads = block->kind == KTM_BLOCK_TABLE && block->table.n_columns > 0,
               .n = block->table.n_columns + 1 };
  for (gsize c = 0; g->heads && c < block->table.n_columns; c++)
    if (block->table.heads[c][0] != '\0')
      break;
    else if (c + 1 == block->table.n_columns && block->head == NULL)
      g->heads = FALSE;
  g->cells = g_new0 (char *, block->table.n_rows * g->n + 1);
  for (gsize r = 0; r < block->table.n_rows; r++)
    for (gsize c = 0; c < g->n; c++)
      g->cells[r * g->n + c] = glue (
          c == 0 ? block->table.labels[r]
                 : block->table.cells[r * block->table.n_columns + c - 1]);
  choose_widths (s, g, TEXT_WIDTH);
}

static void
grid_clear (Grid *g)
{
  g_strfreev (g->cells);
  g_free (g->width);
}

/* A short table is not parted. */
double
ktm_setting_table_start (KtmSetting *s, const KtmBlock *block)
{
  double height = 0, least = 0;
  Grid g;

  grid_init (&g, s, block);
  if (block->text != NULL)
    height += ktm_setting_height (s, block->text, 9.5, TRUE, TEXT_WIDTH) + 4;
  height += g.heads ? line_height (s, &g, -1) : 0;
  for (gsize r = 0; r < block->table.n_rows; r++)
    {
      height += line_height (s, &g, (gssize) r);
      if (r == 1)
        least = height;
    }
  grid_clear (&g);
  return height <= SHORT || block->table.n_rows < 3 ? height : least;
}

void
ktm_setting_table (KtmSetting *s, const KtmBlock *block)
{
  Grid g;

  grid_init (&g, s, block);
  s->y += s->y > MARGIN && block->text != NULL ? 5 : 0;
  ktm_setting_need (s, ktm_setting_table_start (s, block));
  if (block->text != NULL)
    {
      ktm_setting_paragraph (s, block->text, 9.5, TRUE, s->style.ink, 0);
      s->y += 3;
    }
  draw_heads (s, &g);
  for (gsize r = 0; r < block->table.n_rows; r++)
    {
      if (s->y + line_height (s, &g, (gssize) r) > BOTTOM)
        {
          ktm_setting_rule (s, s->y, whole_width (&g));
          ktm_setting_need (s, PAGE_HEIGHT);
          draw_heads (s, &g);
        }
      draw_line (s, &g, (gssize) r);
    }
  ktm_setting_rule (s, s->y, whole_width (&g));
  s->y += 9;
  grid_clear (&g);
}
