/* model/analysis: tables and bars out of rows. */
#include "ktm-report-blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-report-format.h"

static void
line_free (gpointer data)
{
  KtmReportBlockLine *line = data;

  g_free (line->label);
  g_strfreev (line->cells);
  g_free (line->share);
  g_free (line->aside);
  g_free (line);
}

static void
table_free (gpointer data)
{
  KtmReportBlock *table = data;

  g_strfreev (table->heads);
  g_free (table->palette);
  g_free (table->aside);
  g_free (table->corner);
  g_ptr_array_unref (table->lines);
  g_free (table);
}

gboolean
ktm_report_row_in_block (const KtmReportRow *row)
{
  return row->look != KTM_LOOK_LINE && row->rank == KTM_RANK_SHOWN;
}

/* The head of the column @row stands in, NULL: at the end of its line. */
static char *
dup_head (const KtmReportRow *row, const KtmLang *lang, char mark)
{
  KtmText *time;
  char *said, *head;

  if (row->look != KTM_LOOK_VISIT)
    return row->group != NULL ? g_strdup (ktm_lang_text (lang, row->group)) : NULL;
  time = ktm_text_new ("{1}", "g", row->time);
  said = ktm_text_render (time, lang, mark);
  head = g_strdup (said);
  free (said);
  ktm_text_free (time);
  return head;
}

/* The groups, or visits, of the card's rows of the table's look, in order of appearance. */
static void
take_columns (KtmReportBlock *table, const KtmReport *report, gsize card, const KtmLang *lang,
              char mark)
{
  GPtrArray *heads = g_ptr_array_new ();
  GArray *palette = g_array_new (FALSE, FALSE, sizeof (int));

  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];
      g_autofree char *head = NULL;
      int colour = row->look == KTM_LOOK_VISIT ? -1 : row->palette;

      if (row->card != card || !ktm_report_row_in_block (row) || row->look != table->look)
        continue;
      head = dup_head (row, lang, mark);
      if (head == NULL || g_ptr_array_find_with_equal_func (heads, head, g_str_equal, NULL))
        continue;
      g_ptr_array_add (heads, g_steal_pointer (&head));
      g_array_append_val (palette, colour);
    }
  table->n_columns = heads->len;
  g_ptr_array_add (heads, NULL);
  table->heads = (char **) g_ptr_array_free (heads, FALSE);
  table->palette = (int *) (gpointer) g_array_free (palette, FALSE);
}

/* What stands over the names of the lines. */
static char *
dup_corner (const KtmReport *report, KtmRowLook look, const KtmLang *lang)
{
  if (look != KTM_LOOK_VISIT || report->time_unit == NULL)
    return NULL;
  return g_strdup (ktm_lang_text (lang, report->time_unit));
}

static KtmReportBlock *
table_new (const KtmReport *report, gsize card, KtmRowLook look, const KtmLang *lang, char mark)
{
  KtmReportBlock *table = g_new0 (KtmReportBlock, 1);

  table->look = look;
  table->lines = g_ptr_array_new_with_free_func (line_free);
  take_columns (table, report, card, lang, mark);
  table->corner = dup_corner (report, look, lang);
  if (report->cards[card].aside != NULL && look == KTM_LOOK_CELL)
    {
      char *head = ktm_text_render (report->cards[card].aside, lang, mark);

      table->aside = g_strdup (head);
      free (head);
    }
  return table;
}

/* The line @label of @table: its last one, or a new one. */
static KtmReportBlockLine *
line_of (KtmReportBlock *table, const char *label, const KtmReportRow *row)
{
  KtmReportBlockLine *line;

  if (table->lines->len > 0)
    {
      line = table->lines->pdata[table->lines->len - 1];
      if (g_str_equal (line->label, label))
        return line;
    }
  line = g_new0 (KtmReportBlockLine, 1);
  line->label = g_strdup (label);
  line->n = table->look == KTM_LOOK_SHARE ? row->n : -1;
  line->cells = g_new0 (char *, table->n_columns + 1);
  line->share = g_new (double, table->n_columns + 1);
  for (gsize k = 0; k < table->n_columns; k++)
    {
      line->cells[k] = g_strdup ("");
      line->share[k] = NAN;
    }
  line->row = row;
  line->palette = table->look == KTM_LOOK_VISIT ? row->palette : -1;
  g_ptr_array_add (table->lines, line);
  return line;
}

static void
put_row (KtmReportBlock *table, KtmReportBlockLine *line, const KtmReport *report,
         const KtmReportRow *row, const KtmLang *lang, char mark)
{
  g_autofree char *value = ktm_report_row_value (report, row, lang, mark),
                  *head = dup_head (row, lang, mark);

  for (gsize k = 0; head != NULL && k < table->n_columns; k++)
    if (g_str_equal (table->heads[k], head))
      {
        g_free (line->cells[k]);
        line->cells[k] = g_strdup (value);
        line->share[k] = row->estimate;
      }
  if (head == NULL || row->aside != NULL)
    {
      char *said = row->aside != NULL ? ktm_text_render (row->aside, lang, mark) : NULL;

      g_free (line->aside);
      line->aside = g_strdup (said != NULL ? said : value);
      free (said);
    }
  table->has_aside = table->has_aside || line->aside != NULL;
  table->has_n = table->has_n || line->n >= 0;
}

GPtrArray *
ktm_report_blocks (const KtmReport *report, gsize card, const KtmLang *lang, char mark)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (table_free);
  KtmReportBlock *table = NULL;

  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];
      g_autofree char *label = NULL;

      if (row->card != card || row->rank != KTM_RANK_SHOWN)
        continue;
      if (row->look == KTM_LOOK_LINE)
        table = NULL;
      else if (table == NULL || table->look != row->look)
        {
          table = table_new (report, card, row->look, lang, mark);
          g_ptr_array_add (tables, table);
        }
      if (table == NULL)
        continue;
      label = ktm_report_row_label (report, row, lang, mark);
      put_row (table, line_of (table, label, row), report, row, lang, mark);
    }
  return tables;
}
