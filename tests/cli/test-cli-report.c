/* JSON and CSV of a report: null for what does not apply, never NaN; cells that are not formulas.
 */
#include "ktm-cli.h"

#include <glib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static KtmReport *
make_report (void)
{
  KtmReport *report = ktm_report_new ("change");
  KtmReportRow *row;

  report->measure = strdup ("nrs");
  ktm_report_add_card (report, ktm_text_new ("card", ""), NULL);
  row = ktm_report_add_row (report, "mean_diff", ktm_text_new ("paired, \"t\"", ""));
  ktm_report_row_set_estimate (row, (KtmEstimate) { -1.0 / 3, 0.1, -INFINITY, 0.5 }, 0.95);
  ktm_report_row_set_group (row, "=cmd|' /C calc'!A0", NULL);
  row->time = 12;
  row->n = 87;
  row = ktm_report_add_row (report, "t", ktm_text_new ("m", ""));
  ktm_report_row_set_test (row, "paired t", (KtmTest) { -4.5, 86, NAN, 0.0001 });
  ktm_report_exclude (report, ktm_text_new ("no score at {1}", "g", 12.0), 163);
  ktm_report_warn (report, ktm_text_new ("careful", ""));
  return report;
}

static void
test_json (void)
{
  KtmReport *report = make_report ();
  char *where[] = { (char *) "sex = F", NULL };
  const KtmCliResolved selection = { 0, 12, NULL, where, KTM_MISSING_LOCF };
  g_autofree char *json = ktm_cli_report_json (report, &selection);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_data (parser, json, -1, &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonArray *rows = json_object_get_array_member (root, "rows");
  JsonObject *row = json_array_get_object_element (rows, 0);
  g_assert_cmpstr (json_object_get_string_member (root, "schema"), ==,
                   "ketamine-viewer/analysis/1");
  g_assert_cmpuint (json_object_get_size (row), ==, 18);
  g_assert_cmpfloat (json_object_get_double_member (row, "estimate"), ==, -1.0 / 3);
  g_assert_cmpint (json_object_get_int_member (row, "time"), ==, 12);
  static const char *const nulls[] = { "versus", "low", "n2",   "test",
                                       "df",     "p",   "note", "p_adjusted" };
  for (gsize i = 0; i < G_N_ELEMENTS (nulls); i++)
    g_assert_true (json_object_get_null_member (row, nulls[i]));
  g_assert_cmpfloat (
      json_object_get_double_member (json_array_get_object_element (rows, 1), "estimate"), ==,
      -4.5);
  g_assert_true (json_object_get_null_member (root, "seed"));
  JsonObject *chosen = json_object_get_object_member (root, "selection");
  g_assert_cmpstr (json_object_get_string_member (chosen, "missing"), ==, "locf");
  g_assert_cmpint (
      json_object_get_int_member (
          json_array_get_object_element (json_object_get_array_member (root, "excluded"), 0), "n"),
      ==, 163);
  g_assert_null (strstr (json, "nan"));
  ktm_report_free (report);
}

static void
test_csv (void)
{
  KtmReport *report = make_report ();
  g_autofree char *csv = ktm_cli_report_csv (report);
  g_auto(GStrv) lines = g_strsplit (csv, "\r\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "group,versus,time,statistic,n,"));
  g_assert_true (
      g_str_has_prefix (lines[1], "'=cmd|' /C calc'!A0,,12,mean_diff,87,,-0.33333333333333331,"));
  g_assert_nonnull (strstr (lines[1], ",\"paired, \"\"t\"\"\","));
  g_assert_true (g_str_has_prefix (lines[2], ",,,t,,,-4.5,"));
  ktm_report_free (report);
}

static void
test_words (void)
{
  g_autoptr(GError) error = NULL;
  KtmCliFormat format;
  double number = NAN;

  g_assert_true (ktm_cli_parse_format ("csv", &format, &error) && format == KTM_CLI_CSV);
  g_assert_true (ktm_cli_parse_format (NULL, &format, &error) && format == KTM_CLI_TEXT);
  g_assert_false (ktm_cli_parse_format ("xml", &format, &error));
  g_assert_nonnull (strstr (error->message, "xml"));
  g_clear_error (&error);
  g_assert_true (ktm_cli_parse_number ("--from", "-1.5", &number, &error) && number == -1.5);
  g_assert_false (ktm_cli_parse_number ("--from", "1,5", &number, &error));
  g_clear_error (&error);
  g_assert_false (ktm_cli_parse_number ("--from", "nan", &number, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/json", test_json);
  g_test_add_func ("/cli/csv", test_csv);
  g_test_add_func ("/cli/words", test_words);
  return g_test_run ();
}
