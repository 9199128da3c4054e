/* model/analysis: a card whose groups are the columns of a table. */
#include "ktm-report-format.h"

#include <string.h>

static gboolean
belongs (const KtmReportRow *row, gsize card)
{
  return row->card == card && row->rank != KTM_RANK_DETAIL && row->versus == NULL;
}

/* The position of @text in @list, which grows by it where it is new; takes @text. */
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

/* The column of everybody, where others stand beside it. */
static void
name_everybody (GPtrArray *heads, const KtmLang *lang)
{
  for (guint i = 0; heads->len > 1 && i < heads->len; i++)
    if (*(const char *) heads->pdata[i] == '\0')
      {
        g_free (heads->pdata[i]);
        heads->pdata[i] = g_strdup (ktm_lang_text (lang, N_("All")));
      }
}

static char **
take_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

gboolean
ktm_report_card_table (const KtmReport *report, gsize card, const KtmLang *lang, char mark,
                       KtmReportTable *out)
{
  GPtrArray *heads, *labels, *cells;

  *out = (KtmReportTable) { 0 };
  if (card >= report->n_cards || !report->cards[card].table)
    return FALSE;
  heads = g_ptr_array_new ();
  labels = g_ptr_array_new ();
  cells = g_ptr_array_new ();
  for (gsize i = 0; i < report->n_rows; i++)
    if (belongs (&report->rows[i], card))
      {
        const char *group = report->rows[i].group;

        find_or_add (heads, g_strdup (group != NULL ? group : ""));
        find_or_add (labels, ktm_report_row_label (report, &report->rows[i], lang, mark));
      }
  for (gsize k = 0; k < (gsize) heads->len * labels->len; k++)
    g_ptr_array_add (cells, g_strdup (""));
  for (gsize i = 0; i < report->n_rows; i++)
    if (belongs (&report->rows[i], card))
      {
        const char *group = report->rows[i].group;
        gsize c = find_or_add (heads, g_strdup (group != NULL ? group : "")),
              r = find_or_add (labels,
                               ktm_report_row_label (report, &report->rows[i], lang, mark)),
              k = r * heads->len + c;

        g_free (cells->pdata[k]);
        cells->pdata[k] = ktm_report_row_value (report, &report->rows[i], lang, mark);
      }
  name_everybody (heads, lang);
  out->n_columns = heads->len;
  out->n_rows = labels->len;
  out->heads = take_list (heads);
  out->labels = take_list (labels);
  out->cells = take_list (cells);
  return TRUE;
}

void
ktm_report_table_clear (KtmReportTable *table)
{
  g_strfreev (table->heads);
  g_strfreev (table->labels);
  g_strfreev (table->cells);
  *table = (KtmReportTable) { 0 };
}
