/* app/cli: a report as JSON and CSV; the same rows, full double precision, null for what does not
 * apply. */
#include "ktm-cli.h"
#include "ktm-cli-json.h"
#include "ktm-report-format.h"

#include <math.h>

static void
add_text (JsonBuilder *b, const char *name, const KtmText *text)
{
  g_autofree char *said = text != NULL ? ktm_text_render (text, NULL, 0) : NULL;

  ktm_cli_json_string (b, name, said);
}

static gboolean
has_subjects (const KtmReport *report)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (report->rows[i].subject != NULL)
      return TRUE;
  return FALSE;
}

static void
add_row (JsonBuilder *b, const KtmReportRow *row, gboolean subjects)
{
  json_builder_begin_object (b);
  ktm_cli_json_string (b, "group", row->group);
  ktm_cli_json_string (b, "versus", row->versus);
  if (subjects)
    ktm_cli_json_string (b, "subject", row->subject);
  ktm_cli_json_number (b, "time", row->time);
  ktm_cli_json_string (b, "statistic", row->statistic);
  ktm_cli_json_count (b, "n", row->n);
  ktm_cli_json_count (b, "n2", row->n2);
  ktm_cli_json_number (b, "estimate", row->estimate);
  ktm_cli_json_number (b, "se", row->se);
  ktm_cli_json_number (b, "low", row->low);
  ktm_cli_json_number (b, "high", row->high);
  ktm_cli_json_number (b, "level", row->level);
  ktm_cli_json_string (b, "test", row->test);
  ktm_cli_json_number (b, "df", row->df);
  ktm_cli_json_number (b, "df2", row->df2);
  ktm_cli_json_number (b, "p", row->p);
  ktm_cli_json_number (b, "p_adjusted", row->p_adjusted);
  add_text (b, "method", row->method);
  add_text (b, "note", row->note);
  json_builder_end_object (b);
}

static void
add_selection (JsonBuilder *b, const KtmCliResolved *selection)
{
  json_builder_set_member_name (b, "selection");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "where");
  json_builder_begin_array (b);
  for (char **where = selection->where; where != NULL && *where != NULL; where++)
    json_builder_add_string_value (b, *where);
  json_builder_end_array (b);
  ktm_cli_json_string (b, "by", selection->by);
  if (selection->groups != NULL)
    {
      json_builder_set_member_name (b, "groups");
      json_builder_begin_array (b);
      for (char **group = selection->groups; *group != NULL; group++)
        json_builder_add_string_value (b, *group);
      json_builder_end_array (b);
    }
  ktm_cli_json_number (b, "from", selection->from);
  ktm_cli_json_number (b, "to", selection->to);
  ktm_cli_json_string (b, "missing", ktm_missing_name (selection->missing));
  json_builder_end_object (b);
}

static void
add_excluded (JsonBuilder *b, const KtmReport *report)
{
  json_builder_set_member_name (b, "excluded");
  json_builder_begin_array (b);
  for (gsize i = 0; i < report->n_excluded; i++)
    {
      json_builder_begin_object (b);
      add_text (b, "reason", report->excluded[i].reason);
      ktm_cli_json_count (b, "n", report->excluded[i].n);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_warnings (JsonBuilder *b, const KtmReport *report)
{
  json_builder_set_member_name (b, "warnings");
  json_builder_begin_array (b);
  for (gsize i = 0; i < report->n_warnings; i++)
    {
      g_autofree char *said = ktm_text_render (report->warnings[i], NULL, 0);

      json_builder_add_string_value (b, said);
    }
  json_builder_end_array (b);
}

char *
ktm_cli_report_json (const KtmReport *report, const KtmCliResolved *selection)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();
  gboolean subjects = has_subjects (report);

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", "ketamine-viewer/analysis/1");
  ktm_cli_json_string (b, "analysis", report->analysis);
  ktm_cli_json_string (b, "measure", report->measure);
  add_selection (b, selection);
  json_builder_set_member_name (b, "rows");
  json_builder_begin_array (b);
  for (gsize i = 0; i < report->n_rows; i++)
    add_row (b, &report->rows[i], subjects);
  json_builder_end_array (b);
  add_excluded (b, report);
  add_warnings (b, report);
  json_builder_set_member_name (b, "seed");
  if (report->has_seed)
    json_builder_add_int_value (b, (gint64) report->seed);
  else
    json_builder_add_null_value (b);
  ktm_cli_json_string (b, "version", KTM_VERSION);
  json_builder_end_object (b);
  return ktm_cli_json_finish (b);
}

/* --- CSV -------------------------------------------------------------------------------------- */

static void
put_line (GString *out, char **cells)
{
  for (gsize i = 0; cells[i] != NULL; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "", cells[i]);
  g_string_append (out, "\r\n");
}

static char *
number_cell (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (isfinite (value) ? g_ascii_dtostr (text, sizeof text, value) : "");
}

static char *
count_cell (long value)
{
  return value < 0 ? g_strdup ("") : g_strdup_printf ("%ld", value);
}

static char *
text_cell (const KtmText *text)
{
  g_autofree char *said = text != NULL ? ktm_text_render (text, NULL, 0) : NULL;

  return ktm_report_csv_cell (said);
}

static void
put_row (GString *out, const KtmReportRow *r, gboolean subjects)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, ktm_report_csv_cell (r->group));
  g_ptr_array_add (cells, ktm_report_csv_cell (r->versus));
  if (subjects)
    g_ptr_array_add (cells, ktm_report_csv_cell (r->subject));
  g_ptr_array_add (cells, number_cell (r->time));
  g_ptr_array_add (cells, ktm_report_csv_cell (r->statistic));
  g_ptr_array_add (cells, count_cell (r->n));
  g_ptr_array_add (cells, count_cell (r->n2));
  const double numbers[] = { r->estimate, r->se, r->low, r->high, r->level };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_ptr_array_add (cells, number_cell (numbers[i]));
  g_ptr_array_add (cells, ktm_report_csv_cell (r->test));
  const double more[] = { r->df, r->df2, r->p, r->p_adjusted };
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    g_ptr_array_add (cells, number_cell (more[i]));
  g_ptr_array_add (cells, text_cell (r->method));
  g_ptr_array_add (cells, text_cell (r->note));
  g_ptr_array_add (cells, NULL);
  put_line (out, (char **) cells->pdata);
}

char *
ktm_cli_report_csv (const KtmReport *report)
{
  gboolean subjects = has_subjects (report);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
                          "group,versus,%stime,statistic,n,n2,estimate,se,low,high,level,test,df,"
                          "df2,p,p_adjusted,method,note\r\n",
                          subjects ? "subject," : "");
  for (gsize i = 0; i < report->n_rows; i++)
    put_row (out, &report->rows[i], subjects);
  return g_string_free (out, FALSE);
}
