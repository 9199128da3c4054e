/* model/analysis: a report said for people, and as tables to paste. */
#include "ktm-report-format.h"

#include "ktm-report-blocks.h"

#include <math.h>
#include <string.h>


static const KtmStatistic *
statistic_of (const KtmReportRow *row)
{
  static const KtmStatistic unknown = { "", "", "", KTM_UNIT_NONE, 2 };
  const KtmStatistic *statistic = ktm_statistic_find (row->statistic);

  return statistic != NULL ? statistic : &unknown;
}

char *
ktm_report_number (const KtmReportRow *row, double value, const KtmLang *lang, char mark)
{
  const KtmStatistic *s = statistic_of (row);
  double scaled = s->unit == KTM_UNIT_PROPORTION ? 100 * value : value;

  return ktm_lang_number (lang, scaled, s->decimals, mark);
}

char *
ktm_report_row_label (const KtmReport *report G_GNUC_UNUSED, const KtmReportRow *row,
                      const KtmLang *lang, char mark)
{
  const KtmStatistic *s = statistic_of (row);

  if (row->label != NULL)
    return ktm_text_render (row->label, lang, mark);
  return g_strdup (ktm_lang_text (lang, s->label[0] != '\0' ? s->label : row->statistic));
}

static gboolean
has_interval (const KtmReportRow *row)
{
  return !isnan (row->low) && !isnan (row->high);
}

static char *
value_with_interval (const KtmReportRow *row, const KtmLang *lang, char mark)
{
  const KtmStatistic *s = statistic_of (row);
  g_autofree char *value = ktm_report_number (row, row->estimate, lang, mark);
  const char *percent =
      s->unit == KTM_UNIT_PROPORTION || s->unit == KTM_UNIT_PERCENT ? "\u00a0%" : "";

  if (!has_interval (row))
    return g_strconcat (value, percent, NULL);
  g_autofree char *low = ktm_report_number (row, row->low, lang, mark);
  g_autofree char *high = ktm_report_number (row, row->high, lang, mark);
  g_autofree char *said = g_strconcat (value, percent, NULL);
  gboolean comma = strchr (low, ',') != NULL || strchr (high, ',') != NULL;
  KtmText *text =
      ktm_text_new (comma ? N_("{1} [{2}; {3}]") : N_("{1} [{2}, {3}]"), "sss", said, low, high);
  char *out = ktm_text_render (text, lang, mark);

  ktm_text_free (text);
  return out;
}

static char *
p_text (double p, const KtmLang *lang, char mark)
{
  g_autofree char *number = ktm_lang_p (lang, p, mark);

  return g_strconcat (g_ascii_isdigit (number[0]) || number[0] == '.' || number[0] == ',' ? "p = "
                                                                                          : "p ",
                      number, NULL);
}

char *
ktm_report_row_value (const KtmReport *report G_GNUC_UNUSED, const KtmReportRow *row,
                      const KtmLang *lang, char mark)
{
  if (row->value != NULL)
    return ktm_text_render (row->value, lang, mark);
  if (isnan (row->estimate) && isnan (row->p))
    return g_strdup ("\u2013");
  if (row->test != NULL && !isnan (row->p) && !has_interval (row))
    return p_text (isnan (row->p_adjusted) ? row->p : row->p_adjusted, lang, mark);
  return value_with_interval (row, lang, mark);
}

char *
ktm_report_row_big (const KtmReportRow *row, const KtmLang *lang, char mark)
{
  return ktm_report_number (row, row->estimate, lang, mark);
}

KtmText *
ktm_report_unit_text (const char *unit, double value, int decimals)
{
  double scale = pow (10, decimals), shown = fabs (round (value * scale)) / scale;

  if (unit != NULL && unit[0] != '\0' && strcmp (unit, "points") != 0)
    return ktm_text_new ("{1}", "s", unit);
  /* English counts 0.9 and 1.3 as many, French as one: 0 is what both do so with. */
  return ktm_text_new_plural ("point", "points", "i", shown == 1 ? 1L : shown < 2 ? 0L : 2L);
}

static char *
points_unit (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang)
{
  KtmText *text = ktm_report_unit_text (report->unit, row->estimate, statistic_of (row)->decimals);
  char *said = ktm_text_render (text, lang, 0);

  ktm_text_free (text);
  return said;
}

char *
ktm_report_row_unit (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang)
{
  switch (statistic_of (row)->unit)
    {
    case KTM_UNIT_POINTS: return points_unit (report, row, lang);
    case KTM_UNIT_PERCENT: case KTM_UNIT_PROPORTION: return g_strdup ("%");
    case KTM_UNIT_TIME:
      return g_strdup (report->time_unit != NULL ? ktm_lang_text (lang, report->time_unit) : "");
    default: return g_strdup ("");
    }
}

char *
ktm_report_row_interval (const KtmReportRow *row, const KtmLang *lang, char mark)
{
  if (!has_interval (row))
    return g_strdup ("");
  g_autofree char *low = ktm_report_number (row, row->low, lang, mark);
  g_autofree char *high = ktm_report_number (row, row->high, lang, mark);
  gboolean comma = strchr (low, ',') != NULL || strchr (high, ',') != NULL;
  KtmText *text = ktm_text_new (comma ? N_("[{1} % CI {2}; {3}]") : N_("[{1} % CI {2}, {3}]"),
                                "gss", 100 * row->level, low, high);
  char *out = ktm_text_render (text, lang, mark);

  ktm_text_free (text);
  return out;
}

/* --- one line of a card ----------------------------------------------------------------------- */

static const KtmReportRow *
find_ranked (const KtmReport *report, gsize card, KtmRank rank)
{
  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];

      if (row->card == card && row->rank == rank && (row->value != NULL || !isnan (row->estimate)))
        return row;
    }
  return NULL;
}

/* "points", "%" or nothing, as ktm_report_row_unit() says it. */
static KtmText *
unit_as_text (const KtmReport *report, const KtmReportRow *row)
{
  switch (statistic_of (row)->unit)
    {
    case KTM_UNIT_POINTS:
      return ktm_text_new (" {1}", "t", ktm_report_unit_text (report->unit, row->estimate,
                                                              statistic_of (row)->decimals));
    case KTM_UNIT_PERCENT: case KTM_UNIT_PROPORTION: return ktm_text_new ("\u00a0%", "");
    case KTM_UNIT_TIME:
      return report->time_unit != NULL ? ktm_text_new (" {1}", "w", report->time_unit)
                                       : ktm_text_new ("", "");
    default: return ktm_text_new ("", "");
    }
}

/* A number keeps its places in every language, so they stand in the signature. */
static KtmText *
number_as_text (const KtmReportRow *row, double value)
{
  const KtmStatistic *s = statistic_of (row);
  char signature[2] = { (char) ('0' + CLAMP (s->decimals, 0, 6)), '\0' };

  return ktm_text_new ("{1}", signature, s->unit == KTM_UNIT_PROPORTION ? 100 * value : value);
}

static KtmText *
numbers_as_text (const KtmReport *report, const KtmReportRow *row)
{
  if (row->value != NULL)
    return ktm_text_copy (row->value);
  if (!has_interval (row))
    return ktm_text_new ("{1}{2}", "tt", number_as_text (row, row->estimate),
                         unit_as_text (report, row));
  return ktm_text_new (N_("{1}{2} ({3} % CI {4} to {5})"), "ttgtt",
                       number_as_text (row, row->estimate), unit_as_text (report, row),
                       100 * row->level, number_as_text (row, row->low),
                       number_as_text (row, row->high));
}

KtmText *
ktm_report_card_line (const KtmReport *report, gsize card)
{
  const KtmReportCard *c = card < report->n_cards ? &report->cards[card] : NULL;
  const KtmReportRow *headline = c != NULL ? find_ranked (report, card, KTM_RANK_HEADLINE) : NULL;
  const KtmReportRow *shown =
      c != NULL && headline == NULL ? find_ranked (report, card, KTM_RANK_SHOWN) : NULL;

  if (headline != NULL && c->subtitle != NULL)
    return ktm_text_new (N_("{1}: {2}, {3}"), "ttt", ktm_text_copy (c->title),
                         numbers_as_text (report, headline), ktm_text_copy (c->subtitle));
  if (headline != NULL)
    return ktm_text_new (N_("{1}: {2}"), "tt", ktm_text_copy (c->title),
                         numbers_as_text (report, headline));
  if (shown != NULL && c->sentence != NULL)
    return ktm_text_new (N_("{1}: {2}"), "tt", ktm_text_copy (c->title),
                         ktm_text_copy (c->sentence));
  if (shown != NULL && shown->label != NULL)
    return ktm_text_new (N_("{1}: {2} {3}"), "ttt", ktm_text_copy (c->title),
                         ktm_text_copy (shown->label), numbers_as_text (report, shown));
  if (shown != NULL)
    return ktm_text_new (N_("{1}: {2} {3}"), "twt", ktm_text_copy (c->title),
                         statistic_of (shown)->label, numbers_as_text (report, shown));
  return NULL;
}

/* --- plain text ------------------------------------------------------------------------------- */

static void
append_rendered (GString *out, const char *before, const KtmText *text, const KtmLang *lang,
                 char mark, const char *after)
{
  if (text == NULL)
    return;
  g_autofree char *said = ktm_text_render (text, lang, mark);

  g_string_append_printf (out, "%s%s%s", before, said, after);
}

char *
ktm_report_methods_text (const KtmReport *report, const KtmLang *lang, char mark)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < report->n_methods; i++)
    append_rendered (out, i > 0 ? " " : "", report->methods[i], lang, mark, "");
  if (report->n_citations > 0)
    g_string_append (out, "\n");
  for (gsize i = 0; i < report->n_citations; i++)
    g_string_append_printf (out, "\n%" G_GSIZE_FORMAT ". %s", i + 1, report->citations[i]);
  return g_string_free (out, FALSE);
}

static void
append_padded (GString *out, const char *text, glong width)
{
  g_string_append (out, text);
  for (glong i = g_utf8_strlen (text, -1); i < width; i++)
    g_string_append_c (out, ' ');
}

/* A class is named in the reader's language by its label, in English by its group. */
static gboolean
names (const char *label, const char *group, const KtmLang *lang)
{
  return strstr (label, group) != NULL || strstr (label, ktm_lang_text (lang, group)) != NULL;
}

/* "group · label" so that a row can be read alone, unless the card's title or the label name the
 * group. */
static char *
full_label (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang, char mark)
{
  g_autofree char *label = ktm_report_row_label (report, row, lang, mark);
  g_autofree char *title = ktm_text_render (report->cards[row->card].title, lang, mark);
  GString *out = g_string_new (NULL);

  if (row->group != NULL && !names (label, row->group, lang) && strstr (title, row->group) == NULL)
    g_string_append_printf (out, "%s%s%s · ", row->group, row->versus != NULL ? " – " : "",
                            row->versus != NULL ? row->versus : "");
  if (row->subject != NULL && row->label == NULL && strstr (label, row->subject) == NULL
      && strstr (title, row->subject) == NULL)
    g_string_append_printf (out, "%s · ", row->subject);
  g_string_append (out, label);
  return g_string_free (out, FALSE);
}

static glong
cell_width (const KtmReportBlock *table, gsize column)
{
  glong width = g_utf8_strlen (table->heads[column], -1);

  for (guint i = 0; i < table->lines->len; i++)
    width = MAX (width, g_utf8_strlen (
                            ((KtmReportBlockLine *) table->lines->pdata[i])->cells[column], -1));
  return width + 2;
}

/* A table of a card: labels at the left, a column for each group. */
static void
append_block (GString *out, const KtmReportBlock *table)
{
  const char *corner = table->corner != NULL ? table->corner : "";
  glong width = g_utf8_strlen (corner, -1);

  for (guint i = 0; i < table->lines->len; i++)
    width = MAX (width,
                 g_utf8_strlen (((KtmReportBlockLine *) table->lines->pdata[i])->label, -1));
  for (gint i = -1; i < (gint) table->lines->len; i++)
    {
      const KtmReportBlockLine *line = i >= 0 ? table->lines->pdata[i] : NULL;
      const char *aside = line != NULL ? line->aside : table->has_aside ? table->aside : NULL;
      g_autofree char *n =
          line != NULL && line->n >= 0 ? g_strdup_printf ("  n = %ld", line->n) : g_strdup ("");

      g_string_append (out, "  ");
      append_padded (out, line != NULL ? line->label : corner, width + 2);
      for (gsize k = 0; k < table->n_columns; k++)
        append_padded (out, line != NULL ? line->cells[k] : table->heads[k],
                       cell_width (table, k));
      g_string_append (out, aside != NULL ? aside : n);
      while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
      g_string_append_c (out, '\n');
    }
}

static void
append_blocks (GString *out, const KtmReport *report, gsize card, const KtmLang *lang, char mark)
{
  g_autoptr(GPtrArray) blocks = ktm_report_blocks (report, card, lang, mark);

  for (guint i = 0; i < blocks->len; i++)
    append_block (out, blocks->pdata[i]);
}

static gboolean
is_line (const KtmReportRow *row, gsize card)
{
  return row->card == card && row->rank != KTM_RANK_DETAIL && !ktm_report_row_in_block (row);
}

/* A column a group, as wide as its widest cell. */
static gboolean
append_wide (GString *out, const KtmReport *report, gsize card, const KtmLang *lang, char mark)
{
  KtmReportTable t;
  g_autofree glong *width = NULL;
  gboolean is = ktm_report_card_table (report, card, lang, mark, &t);

  width = g_new0 (glong, t.n_columns + 1);
  for (gsize r = 0; r < t.n_rows; r++)
    width[0] = MAX (width[0], g_utf8_strlen (t.labels[r], -1));
  for (gsize c = 0; c < t.n_columns; c++)
    {
      width[c + 1] = g_utf8_strlen (t.heads[c], -1);
      for (gsize r = 0; r < t.n_rows; r++)
        width[c + 1] = MAX (width[c + 1], g_utf8_strlen (t.cells[r * t.n_columns + c], -1));
    }
  for (gsize r = 0; is && r <= t.n_rows; r++)
    {
      g_string_append (out, "  ");
      append_padded (out, r == 0 ? "" : t.labels[r - 1], width[0] + 2);
      for (gsize c = 0; c < t.n_columns; c++)
        append_padded (out, r == 0 ? t.heads[c] : t.cells[(r - 1) * t.n_columns + c],
                       c + 1 < t.n_columns ? width[c + 1] + 2 : 0);
      g_string_append_c (out, '\n');
    }
  ktm_report_table_clear (&t);
  return is;
}

static void
append_rows (GString *out, const KtmReport *report, gsize card, const KtmLang *lang, char mark)
{
  glong width = 0;

  for (gsize i = 0; i < report->n_rows; i++)
    if (is_line (&report->rows[i], card))
      {
        g_autofree char *label = full_label (report, &report->rows[i], lang, mark);

        width = MAX (width, g_utf8_strlen (label, -1));
      }
  for (gsize i = 0; i < report->n_rows; i++)
    if (is_line (&report->rows[i], card))
      {
        g_autofree char *label = full_label (report, &report->rows[i], lang, mark);
        g_autofree char *value = ktm_report_row_value (report, &report->rows[i], lang, mark);

        g_string_append (out, "  ");
        append_padded (out, label, width + 2);
        g_string_append_printf (out, "%s\n", value);
      }
}

static void
append_card (GString *out, const KtmReport *report, gsize card, const KtmLang *lang, char mark)
{
  const KtmReportCard *c = &report->cards[card];

  append_rendered (out, card > 0 ? "\n" : "", c->title, lang, mark, "");
  append_rendered (out, "  (", c->subtitle, lang, mark, ")");
  g_string_append_c (out, '\n');
  if (!append_wide (out, report, card, lang, mark))
    append_rows (out, report, card, lang, mark);
  append_blocks (out, report, card, lang, mark);
  append_rendered (out, "  ", c->sentence, lang, mark, "\n");
  for (gsize i = 0; i < c->n_warnings; i++)
    append_rendered (out, "  ! ", c->warnings[i], lang, mark, "\n");
  for (gsize i = 0; i < c->n_notes; i++)
    append_rendered (out, "  ", c->notes[i], lang, mark, "\n");
}

char *
ktm_report_plain_text (const KtmReport *report, const KtmLang *lang, char mark)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < report->n_cards; i++)
    append_card (out, report, i, lang, mark);
  if (report->n_excluded > 0)
    g_string_append_printf (out, "\n%s\n", ktm_lang_text (lang, N_("Left out")));
  for (gsize i = 0; i < report->n_excluded; i++)
    {
      g_string_append_printf (out, "  %ld  ", report->excluded[i].n);
      append_rendered (out, "", report->excluded[i].reason, lang, mark, "\n");
    }
  return g_string_free (out, FALSE);
}

/* --- tables to paste -------------------------------------------------------------------------- */

enum { COLUMN_GROUP, COLUMN_TIME, COLUMN_QUANTITY, COLUMN_N, COLUMN_VALUE, COLUMN_P, N_COLUMNS };

static const char *const column_titles[N_COLUMNS] = {
  N_("Group"), N_("Time"), N_("Quantity"), N_("n"), N_("Value"), N_("p"),
};

static char *
cell_text (const KtmReport *report, const KtmReportRow *row, int column, const KtmLang *lang,
           char mark)
{
  switch (column)
    {
    case COLUMN_GROUP:
      return row->group == NULL     ? g_strdup (row->subject != NULL ? row->subject : "")
             : row->versus != NULL  ? g_strconcat (row->group, " – ", row->versus, NULL)
             : row->subject != NULL ? g_strconcat (row->subject, ": ", row->group, NULL)
                                    : g_strdup (row->group);
    case COLUMN_TIME: return isnan (row->time) ? g_strdup ("") : g_strdup_printf ("%g", row->time);
    case COLUMN_QUANTITY: return ktm_report_row_label (report, row, lang, mark);
    case COLUMN_N:
      return row->n < 0    ? g_strdup ("")
             : row->n2 < 0 ? g_strdup_printf ("%ld", row->n)
                           : g_strdup_printf ("%ld, %ld", row->n, row->n2);
    case COLUMN_VALUE:
      if (row->value != NULL)
        return ktm_text_render (row->value, lang, mark);
      return isnan (row->estimate) ? g_strdup ("") : value_with_interval (row, lang, mark);
    default: return isnan (row->p) ? g_strdup ("") : ktm_lang_p (lang, row->p, mark);
    }
}

/* How one notation writes a table. */
typedef struct
{
  const char *prefix, *start, *column, *started, *end;
  const char *head_start, *head_cell, *head_cell_end, *head_between, *head_end;
  const char *row_start, *cell, *cell_end, *between, *row_end;
  char     *(*escape) (const char *text);
} Notation;

static void
write_line (GString *out, const Notation *k, gboolean head, const char *const *cells, gsize n)
{
  g_string_append (out, head ? k->head_start : k->row_start);
  for (gsize c = 0; c < n; c++)
    {
      g_autofree char *escaped = k->escape (cells[c]);

      g_string_append_printf (out, "%s%s%s%s",
                              c == 0 ? "" : head ? k->head_between : k->between,
                              head ? k->head_cell : k->cell, escaped,
                              head ? k->head_cell_end : k->cell_end);
    }
  g_string_append (out, head ? k->head_end : k->row_end);
}

static void
start_table (GString *out, const Notation *k, gsize n)
{
  g_string_append (out, k->start);
  for (gsize c = 0; c < n; c++)
    g_string_append (out, k->column);
  g_string_append (out, k->started);
}

/* A column a group. */
static void
write_wide (GString *out, const KtmReportTable *table, const Notation *k)
{
  g_autofree const char **cells = g_new0 (const char *, table->n_columns + 2);

  start_table (out, k, table->n_columns + 1);
  cells[0] = "";
  for (gsize c = 0; c < table->n_columns; c++)
    cells[c + 1] = table->heads[c];
  write_line (out, k, TRUE, cells, table->n_columns + 1);
  for (gsize r = 0; r < table->n_rows; r++)
    {
      cells[0] = table->labels[r];
      for (gsize c = 0; c < table->n_columns; c++)
        cells[c + 1] = table->cells[r * table->n_columns + c];
      write_line (out, k, FALSE, cells, table->n_columns + 1);
    }
  g_string_append (out, k->end);
}
static gboolean
is_wide (const KtmReport *report, gsize card)
{
  return report->cards[card].table;
}

/* The tables of groups first, then every other row in one long table. */
static char *
write_table (const KtmReport *report, const KtmLang *lang, char mark, const Notation *k)
{
  GString *out = g_string_new (k->prefix);
  const char *cells[N_COLUMNS];
  gsize n_long = 0;

  for (gsize card = 0; card < report->n_cards; card++)
    {
      KtmReportTable table;

      if (ktm_report_card_table (report, card, lang, mark, &table))
        write_wide (out, &table, k);
      ktm_report_table_clear (&table);
    }
  for (gsize i = 0; i < report->n_rows; i++)
    n_long += report->n_cards == 0 || !is_wide (report, report->rows[i].card);
  if (n_long == 0 && out->len > strlen (k->prefix))
    return g_string_free (out, FALSE);
  start_table (out, k, N_COLUMNS);
  for (int c = 0; c < N_COLUMNS; c++)
    cells[c] = ktm_lang_text (lang, column_titles[c]);
  write_line (out, k, TRUE, cells, N_COLUMNS);
  for (gsize i = 0; i < report->n_rows; i++)
    {
      char *text[N_COLUMNS];

      if (report->n_cards > 0 && is_wide (report, report->rows[i].card))
        continue;
      for (int c = 0; c < N_COLUMNS; c++)
        cells[c] = text[c] = cell_text (report, &report->rows[i], c, lang, mark);
      write_line (out, k, FALSE, cells, N_COLUMNS);
      for (int c = 0; c < N_COLUMNS; c++)
        g_free (text[c]);
    }
  g_string_append (out, k->end);
  return g_string_free (out, FALSE);
}

gboolean
ktm_report_is_formula (const char *text)
{
  char *end;

  if (text[0] == '\0' || strchr ("=+-@\t\r", text[0]) == NULL)
    return FALSE;
  g_ascii_strtod (text, &end);
  return end == text || *end != '\0';
}

static char *
escape_tsv (const char *text)
{
  char *out = g_strconcat (ktm_report_is_formula (text) ? "'" : "", text, NULL);

  return g_strdelimit (out, "\t\n\r", ' ');
}

static char *
escape_html (const char *text)
{
  g_autofree char *safe = g_strconcat (ktm_report_is_formula (text) ? "'" : "", text, NULL);

  return g_markup_escape_text (safe, -1);
}

static char *
escape_latex (const char *text)
{
  static const struct { const char *from, *to;
  } map[] = {
    { "\\", "\\textbackslash{}" },
    { "{", "\\{" },
    { "}", "\\}" },
    { "%", "\\%" },
    { "&", "\\&" },
    { "#", "\\#" },
    { "$", "\\$" },
    { "_", "\\_" },
    { "^", "\\textasciicircum{}" },
    { "~", "\\textasciitilde{}" },
    { "<", "$<$" },
    { ">", "$>$" },
    { "\u2212", "$-$" },
    { "\u2192", "$\\to$" },
    { "\u00b1", "$\\pm$" },
    { "\u2013", "--" },
    { "\u00a0", "~" },
    { "\u2265", "$\\ge$" },
    { "\u221e", "$\\infty$" },
    { "\u0394", "$\\Delta$" },
    { "\u03b4", "$\\delta$" },
    { "\u03c1", "$\\rho$" },
    { "\u03c4", "$\\tau$" },
    { "\u03c7", "$\\chi$" },
    { "\u03b7", "$\\eta$" },
    { "\u03c9", "$\\omega$" },
    { "\u03b5", "$\\varepsilon$" },
    { "\u03c6", "$\\varphi$" },
    { "\u00b2", "$^2$" },
    { "\u00b7", "$\\cdot$" },
  };
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize i = 0;

      while (i < G_N_ELEMENTS (map) && !g_str_has_prefix (text, map[i].from))
        i++;
      if (i < G_N_ELEMENTS (map))
        {
          g_string_append (out, map[i].to);
          text += strlen (map[i].from);
        }
      else
        g_string_append_c (out, *text++);
    }
  return g_string_free (out, FALSE);
}

char *
ktm_report_to_tsv (const KtmReport *report, const KtmLang *lang, char mark)
{
  static const Notation tsv = {
    "", "", "", "", "", "", "", "", "\t", "\n", "", "", "", "\t", "\n", escape_tsv
  };

  return write_table (report, lang, mark, &tsv);
}

char *
ktm_report_to_html (const KtmReport *report, const KtmLang *lang, char mark)
{
  static const Notation html = { "<meta charset=\"utf-8\">",
                                 "<table>\n",
                                 "",
                                 "",
                                 "</table>\n",
                                 "<tr>",
                                 "<th>",
                                 "</th>",
                                 "",
                                 "</tr>\n",
                                 "<tr>",
                                 "<td>",
                                 "</td>",
                                 "",
                                 "</tr>\n",
                                 escape_html };

  return write_table (report, lang, mark, &html);
}

char *
ktm_report_to_latex (const KtmReport *report, const KtmLang *lang, char mark)
{
  static const Notation latex = { "",
                                  "\\begin{tabular}{",
                                  "l",
                                  "}\n\\hline\n",
                                  "\\hline\n\\end{tabular}\n",
                                  "",
                                  "",
                                  "",
                                  " & ",
                                  " \\\\\n\\hline\n",
                                  "",
                                  "",
                                  "",
                                  " & ",
                                  " \\\\\n",
                                  escape_latex };

  return write_table (report, lang, mark, &latex);
}

char *
ktm_report_csv_cell (const char *text)
{
  GString *out;

  if (text == NULL || *text == '\0')
    return g_strdup ("");
  out = g_string_new (ktm_report_is_formula (text) ? "'" : "");
  g_string_append (out, text);
  if (strpbrk (out->str, ",\"\r\n") == NULL)
    return g_string_free (out, FALSE);
  g_string_replace (out, "\"", "\"\"", 0);
  g_string_prepend_c (out, '"');
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}
