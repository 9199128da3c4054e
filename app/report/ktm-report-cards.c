/* app/report: the cards of any analysis as tables and sentences. */
#include "ktm-report-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-report-blocks.h"

static char *
render (const KtmReportWriter *w, const KtmText *text)
{
  char *said = ktm_text_render (text, w->lang, w->request->decimal_mark), *out = g_strdup (said);

  free (said);
  return out;
}

static gboolean
is_shown (const KtmReportRow *row, gsize card)
{
  return row->card == card && row->rank != KTM_RANK_DETAIL && !ktm_report_row_in_block (row);
}

static char *
row_value (const KtmReportWriter *w, const KtmReport *report, const KtmReportRow *row)
{
  g_autofree char *value =
      ktm_report_row_value (report, row, w->lang, w->request->decimal_mark);
  g_autofree char *unit = NULL, *big = NULL, *interval = NULL;

  if (row->rank != KTM_RANK_HEADLINE || row->value != NULL)
    return g_steal_pointer (&value);
  big = ktm_report_row_big (row, w->lang, w->request->decimal_mark);
  unit = ktm_report_row_unit (report, row, w->lang);
  interval = ktm_report_row_interval (row, w->lang, w->request->decimal_mark);
  return g_strstrip (g_strdup_printf ("%s %s %s", big, unit, interval));
}

/* A row read alone: with its group, unless label or title name it. */
static char *
row_label (const KtmReportWriter *w, const KtmReport *report, const KtmReportRow *row,
           const char *title)
{
  g_autofree char *label = ktm_report_row_label (report, row, w->lang, w->request->decimal_mark);
  const char *group = row->group;

  if (group == NULL || strstr (label, group) != NULL || strstr (title, group) != NULL
      || strstr (label, ktm_lang_text (w->lang, group)) != NULL)
    return g_steal_pointer (&label);
  return row->versus != NULL ? g_strdup_printf ("%s – %s · %s", group, row->versus, label)
                             : g_strdup_printf ("%s · %s", group, label);
}

static void
take_lists (KtmReportTable *table, GPtrArray *labels, GPtrArray *heads, GPtrArray *cells)
{
  table->n_rows = labels->len;
  table->n_columns = heads->len;
  g_ptr_array_add (labels, NULL);
  g_ptr_array_add (heads, NULL);
  g_ptr_array_add (cells, NULL);
  table->labels = (char **) g_ptr_array_free (labels, FALSE);
  table->heads = (char **) g_ptr_array_free (heads, FALSE);
  table->cells = (char **) g_ptr_array_free (cells, FALSE);
}

static void
list_table (const KtmReportWriter *w, const KtmReport *report, gsize card, const char *title,
            KtmReportTable *out)
{
  GPtrArray *labels = g_ptr_array_new (), *heads = g_ptr_array_new (), *cells = g_ptr_array_new ();

  g_ptr_array_add (heads, g_strdup (""));
  for (gsize i = 0; i < report->n_rows; i++)
    if (is_shown (&report->rows[i], card))
      {
        g_ptr_array_add (labels, row_label (w, report, &report->rows[i], title));
        g_ptr_array_add (cells, row_value (w, report, &report->rows[i]));
      }
  take_lists (out, labels, heads, cells);
}

/* --- cards that are lines of one table -------------------------------------------------------- */

static gsize
find_or_add (GPtrArray *list, char *text)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (list->pdata[i], text) == 0)
      {
        g_free (text);
        return i;
      }
  g_ptr_array_add (list, text);
  return list->len - 1;
}

static char *
card_name (const KtmReportWriter *w, const KtmReportCard *card)
{
  g_autofree char *title = render (w, card->title), *sub = NULL;

  if (card->subtitle == NULL)
    return g_steal_pointer (&title);
  sub = render (w, card->subtitle);
  return g_strdup_printf ("%s\n%s", title, sub);
}

/* Cards @first … @last − 1: a line each, a column for each label. */
static void
merged_table (const KtmReportWriter *w, const KtmReport *report, gsize first, gsize last,
              KtmReportTable *out)
{
  GPtrArray *labels = g_ptr_array_new (), *heads = g_ptr_array_new (), *cells = g_ptr_array_new ();

  for (gsize i = 0; i < report->n_rows; i++)
    if (report->rows[i].card >= first && report->rows[i].card < last
        && report->rows[i].rank != KTM_RANK_DETAIL)
      find_or_add (heads, ktm_report_row_label (report, &report->rows[i], w->lang,
                                                w->request->decimal_mark));
  for (gsize c = first; c < last; c++)
    {
      g_ptr_array_add (labels, card_name (w, &report->cards[c]));
      for (guint k = 0; k < heads->len; k++)
        g_ptr_array_add (cells, g_strdup ("–"));
    }
  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];

      if (row->card < first || row->card >= last || row->rank == KTM_RANK_DETAIL)
        continue;
      gsize column = find_or_add (
          heads, ktm_report_row_label (report, row, w->lang, w->request->decimal_mark));
      char **cell = (char **) &cells->pdata[(row->card - first) * heads->len + column];

      g_free (*cell);
      *cell = row_value (w, report, row);
    }
  take_lists (out, labels, heads, cells);
}

/* --- words ------------------------------------------------------------------------------------ */

/* Said once in a document: many cards carry the same remark. */
static gboolean
is_new (KtmReportWriter *w, const char *text)
{
  return g_hash_table_add (w->said, g_strdup (text));
}

static void
add_words (KtmReportWriter *w, const KtmReportCard *card, gboolean sentence)
{
  if (sentence && card->sentence != NULL)
    {
      g_autofree char *text = render (w, card->sentence);

      if (is_new (w, text))
        ktm_printout_text (w->paper, text);
    }
  for (gsize i = 0; i < card->n_warnings; i++)
    {
      g_autofree char *text = render (w, card->warnings[i]);

      if (is_new (w, text))
        ktm_printout_warning (w->paper, text);
    }
  for (gsize i = 0; i < card->n_notes; i++)
    {
      g_autofree char *text = render (w, card->notes[i]);

      if (is_new (w, text))
        ktm_printout_small (w->paper, text);
    }
}

/* Rows that make a list: those of a block stand in its table. */
static gboolean
has_rows (const KtmReport *report, gsize card)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (is_shown (&report->rows[i], card))
      return TRUE;
  return FALSE;
}

/* Groups side by side, what compares them last. */
static void
block_table (const KtmReportBlock *block, KtmReportTable *out)
{
  GPtrArray *labels = g_ptr_array_new (), *heads = g_ptr_array_new (), *cells = g_ptr_array_new ();

  for (gsize k = 0; k < block->n_columns; k++)
    g_ptr_array_add (heads, g_strdup (block->heads[k]));
  if (block->has_aside)
    g_ptr_array_add (heads, g_strdup (block->aside != NULL ? block->aside : ""));
  for (guint i = 0; i < block->lines->len; i++)
    {
      const KtmReportBlockLine *line = block->lines->pdata[i];

      g_ptr_array_add (labels, g_strdup (line->label));
      for (gsize k = 0; k < block->n_columns; k++)
        g_ptr_array_add (cells, g_strdup (line->cells[k]));
      if (block->has_aside)
        g_ptr_array_add (cells, g_strdup (line->aside != NULL ? line->aside : ""));
    }
  take_lists (out, labels, heads, cells);
}

static void
add_blocks (KtmReportWriter *w, const KtmReport *report, gsize card, const char *title)
{
  g_autoptr (GPtrArray) blocks =
      ktm_report_blocks (report, card, w->lang, w->request->decimal_mark);

  for (guint i = 0; i < blocks->len; i++)
    {
      const KtmReportBlock *block = blocks->pdata[i];
      KtmReportTable table = { 0 };

      if (block->n_columns == 0 && !block->has_aside)
        continue;
      block_table (block, &table);
      ktm_printout_table (w->paper, title, block->corner, &table);
    }
}

static char *
table_title (const KtmReportWriter *w, const KtmReportCard *card)
{
  g_autofree char *title = render (w, card->title), *sub = NULL;

  if (card->subtitle == NULL)
    return g_steal_pointer (&title);
  sub = render (w, card->subtitle);
  return g_strdup_printf ("%s (%s)", title, sub);
}

static void
add_card (KtmReportWriter *w, const KtmReport *report, gsize index)
{
  const KtmReportCard *card = &report->cards[index];
  g_autofree char *title = table_title (w, card);
  KtmReportTable table = { 0 };

  if (ktm_report_card_table (report, index, w->lang, w->request->decimal_mark, &table))
    ktm_printout_table (w->paper, title, NULL, &table);
  else
    {
      if (has_rows (report, index))
        {
          list_table (w, report, index, title, &table);
          ktm_printout_table (w->paper, title, NULL, &table);
        }
      add_blocks (w, report, index, title);
    }
  add_words (w, card, TRUE);
}

static gsize
end_of_tabular (const KtmReport *report, gsize first)
{
  gsize last = first;

  while (last < report->n_cards && report->cards[last].tabular)
    last++;
  return last;
}

static void
add_tabular (KtmReportWriter *w, const KtmReport *report, gsize first, gsize last)
{
  g_autofree char *title =
      ktm_report_writer_say (w, ktm_text_new (N_("Every measure, before and after"), ""));
  g_autofree char *head = ktm_report_writer_say (w, ktm_text_new (N_("Measure"), ""));
  KtmReportTable table = { 0 };

  merged_table (w, report, first, last, &table);
  ktm_printout_table (w->paper, title, head, &table);
  for (gsize c = first; c < last; c++)
    add_words (w, &report->cards[c], FALSE);
}

static void
add_excluded (KtmReportWriter *w, const KtmReport *report)
{
  g_autofree char *out = NULL;

  for (gsize i = 0; i < report->n_excluded; i++)
    {
      g_autofree char *reason = render (w, report->excluded[i].reason),
                      *one = g_strdup_printf ("%s (%ld)", reason, report->excluded[i].n);

      out = ktm_report_writer_list (w, out, one);
    }
  if (out)
    {
      g_autofree char *text =
          ktm_report_writer_say (w, ktm_text_new (N_("Left out: {1}."), "s", out));

      if (is_new (w, text))
        ktm_printout_small (w->paper, text);
    }
}

void
ktm_report_writer_cards (KtmReportWriter *w, const KtmReport *report)
{
  for (gsize c = 0; c < report->n_cards; c++)
    {
      gsize last = end_of_tabular (report, c);

      if (last > c)
        {
          add_tabular (w, report, c, last);
          c = last - 1;
        }
      else if (!report->cards[c].folded)
        add_card (w, report, c);
    }
  add_excluded (w, report);
}
