/* app/cli: ketamine-viewer list analyses | charts. */
#include "ktm-analysis.h"
#include "ktm-chart.h"
#include "ktm-cli.h"
#include "ktm-cli-json.h"
#include "ktm-report-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *id, *title, *about;
} Entry;

static const char *
unit_name (KtmUnit unit)
{
  static const char *const names[] = { "none",  "points", "percent", "proportion",
                                       "ratio", "count",  "time" };

  return names[unit];
}

static void
add_statistics (JsonBuilder *b)
{
  gsize n;
  const KtmStatistic *all = ktm_statistics (&n);

  json_builder_set_member_name (b, "statistics");
  json_builder_begin_array (b);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (b);
      ktm_cli_json_string (b, "statistic", all[i].key);
      ktm_cli_json_string (b, "label", all[i].label);
      ktm_cli_json_string (b, "meaning", all[i].meaning);
      ktm_cli_json_string (b, "unit", unit_name (all[i].unit));
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static char *
to_json (const char *what, const Entry *entries, gsize n)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", "ketamine-viewer/list/1");
  json_builder_set_member_name (b, what);
  json_builder_begin_array (b);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (b);
      ktm_cli_json_string (b, "id", entries[i].id);
      ktm_cli_json_string (b, "title", entries[i].title);
      if (entries[i].about != NULL)
        ktm_cli_json_string (b, strcmp (what, "charts") == 0 ? "analysis" : "question",
                             entries[i].about);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  if (strcmp (what, "analyses") == 0)
    add_statistics (b);
  json_builder_end_object (b);
  return ktm_cli_json_finish (b);
}

static char *
to_csv (const Entry *entries, gsize n)
{
  GString *out = g_string_new ("id,title,about\r\n");

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *id = ktm_report_csv_cell (entries[i].id);
      g_autofree char *title = ktm_report_csv_cell (entries[i].title);
      g_autofree char *about = ktm_report_csv_cell (entries[i].about);

      g_string_append_printf (out, "%s,%s,%s\r\n", id, title, about);
    }
  return g_string_free (out, FALSE);
}

static char *
to_text (const Entry *entries, gsize n)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_string_append_printf (out, "%-18s %s", entries[i].id, _(entries[i].title));
      if (entries[i].about != NULL)
        g_string_append_printf (out, " – %s", _(entries[i].about));
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

static GArray *
list_entries (const char *what)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  gsize n;

  if (strcmp (what, "analyses") == 0)
    {
      const KtmAnalysis *const *all = ktm_analyses (&n);

      for (gsize i = 0; i < n; i++)
        g_array_append_val (entries, ((Entry) { all[i]->id, all[i]->title, all[i]->question }));
      return entries;
    }
  const KtmChartType *types = ktm_chart_types (&n);
  for (gsize i = 0; i < n; i++)
    g_array_append_val (entries, ((Entry) { types[i].id, types[i].title, types[i].analysis }));
  return entries;
}

int
ktm_cli_list (int argc, char **argv)
{
  g_autofree char *format_word = NULL, *out = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format_word, N_("text, json or csv"), N_("FORMAT") },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = ktm_cli_context (
      "analyses | charts", _("Lists what “analyze” and “chart” know."), entries, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) list = NULL;
  KtmCliFormat format;
  int status;

  if (!ktm_cli_parse (context, &argc, &argv, NULL, 1, 1, &status))
    return status;
  if (!ktm_cli_parse_format (format_word, &format, &error))
    return ktm_cli_fail_error (error);
  if (strcmp (argv[1], "analyses") != 0 && strcmp (argv[1], "charts") != 0)
    return ktm_cli_fail (KTM_CLI_USAGE,
                         _("There is no list of “%s”; there are: analyses, charts."), argv[1]);
  list = list_entries (argv[1]);
  out = format == KTM_CLI_JSON ? to_json (argv[1], (Entry *) list->data, list->len)
        : format == KTM_CLI_CSV ? to_csv ((Entry *) list->data, list->len)
                                : to_text ((Entry *) list->data, list->len);
  return ktm_cli_write (out);
}
