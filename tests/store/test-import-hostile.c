/* Tables made to hurt, imported all the way into a file: what comes out is what stood there. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "import-fixture.h"
#include "store-fixture.h"

static KtmImport *
import_text (const char *text, gsize len, const char *options)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, len);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) each = g_strsplit (options, "|", -1);
  KtmImport *import = ktm_import_new ();
  KtmSource *source = ktm_source_new_bytes ("a.csv", bytes, &error);

  g_assert_no_error (error);
  for (gsize i = 0; each[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (each[i], "=", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        g_assert_true (ktm_mapping_set (source->mapping, pair[0], pair[1], &error));
    }
  ktm_import_add_source (import, source);
  ktm_import_propose (import, NULL, &error);
  g_assert_no_error (error);
  fixture_check (import);
  return import;
}

static gboolean
code_cb (const void *record, gpointer data)
{
  g_ptr_array_add (data, g_strdup (((const KtmPatientRecord *) record)->code));
  return TRUE;
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
codes_in (const char *path)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = ktm_store_open (path, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (ktm_store_read_patients (store, code_cb, codes, &error));
  return codes;
}

static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    g_string_append_printf (out, *text == '"' ? "\"\"" : "%c", *text);
  g_string_append_c (out, '"');
}

/* Codes that SQL, a spreadsheet, a shell, printf or a terminal would take for something else. */
static void
test_codes (Fixture *fixture, gconstpointer data)
{
  static const char *const codes[] = {
    "'); DROP TABLE patient;--", "\" OR 1=1 --",   "=HYPERLINK(\"http://x\")",
    "@SUM(A1)",                  "+33 6 12",       "-5+3",
    "%s%n%d",                    "$(reboot)",      "../../etc/passwd",
    "NULL",                      "#REF!",          "<b>K1</b>",
    "{\"codes\": []}",           "\342\200\256drof", "e\314\201t\303\251",
    "\360\237\230\200",          "0",              "1e3",
    "TRUE",                      "K1,K2;K3\tK4",
  };
  g_autoptr (GString) text = g_string_new ("patient_id,month,nrs\n");
  g_autoptr (GPtrArray) sorted = g_ptr_array_new (), found = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      append_quoted (text, codes[i]);
      g_string_append_printf (text, ",0,%u\n", (guint) i % 11);
      g_ptr_array_add (sorted, (gpointer) codes[i]);
    }
  g_autoptr (KtmImport) import = import_text (text->str, text->len, "delimiter=comma");
  g_assert_cmpuint (ktm_import_n_blocking (import), ==, 0);
  g_assert_true (ktm_import_commit_path (import, fixture->path, NULL, &error));
  g_assert_no_error (error);
  found = codes_in (fixture->path);
  g_ptr_array_sort (sorted, by_text);
  g_assert_cmpuint (found->len, ==, sorted->len);
  for (guint i = 0; i < found->len; i++)
    g_assert_cmpstr (found->pdata[i], ==, sorted->pdata[i]);
}

/* Codes that differ only by case, spaces or leading zeros are said, never silently made one. */
static void
test_variants (void)
{
  static const char text[] = "patient_id,sex\n"
                             "K012,F\nk012,F\nK12,M\nK 012,F\nK012\302\240,F\n0034,F\n34,F\n";
  g_autoptr (KtmImport) import = import_text (text, sizeof text - 1, "");
  g_autofree char *found = fixture_problems (import);

  g_test_message ("%s", found);
  g_assert_nonnull (strstr (found, "3:1:k012:code-variant"));
  g_assert_nonnull (strstr (found, "4:1:K12:code-variant"));
  g_assert_nonnull (strstr (found, "5:1:K 012:code-variant"));
  g_assert_nonnull (strstr (found, "8:1:34:code-variant"));
  g_assert_cmpuint (ktm_import_n_blocking (import), >, 0);
}

static void
test_numbers (void)
{
  static const char text[] =
      "code;visit;nrs;change_score\n"
      "A;M0;7,5;\342\210\2223,5\nA;M3;6;1\342\200\257234,5\nB;M0;5;\342\210\2221\n"
      "B;M3;<1;2\302\240000\n";
  g_autoptr (KtmImport) import =
      import_text (text, sizeof text - 1, "measure=nrs:0:10|measure=change_score:-5000:5000");
  g_autofree char *found = fixture_problems (import);

  g_assert_cmpstr (found, ==, "5:3:<1:limit");
  g_assert_cmpuint (ktm_import_get_counts (import)->scores, ==, 7);
}

/* One line of a megabyte and no quotation mark in it. */
static void
test_long_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("patient_id,month,nrs,sex\nA1,0,8,");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1 << 20; i++)
    g_string_append_c (text, (char) ('a' + i % 26));
  g_string_append (text, "\nA2,0,7,F\nA1,1,6,");
  for (guint i = 0; i < 1 << 20; i++)
    g_string_append_c (text, '9');
  g_string_append (text, "\n");
  g_autoptr (KtmImport) import = import_text (text->str, text->len, "attribute=sex");
  for (guint i = 0; i < ktm_import_n_problems (import); i++)
    g_assert_cmpuint (strlen (ktm_import_get_problem (import, i)->value), <, 1000);
  ktm_import_leave_all_out (import);
  fixture_check (import);
  g_assert_true (ktm_import_commit_path (import, fixture->path, NULL, &error));
  g_assert_no_error (error);
}

/* Two thousand things known of a patient. */
static void
test_attributes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("patient_id");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (text, ",item_%u_x", i);
  for (guint p = 0; p < 3; p++)
    {
      g_string_append_printf (text, "\nP%u", p);
      for (guint i = 0; i < 2000; i++)
        g_string_append (text, (i + p) % 2 == 0 ? ",yes" : ",no");
    }
  g_autoptr (KtmImport) import = import_text (text->str, text->len, "as=patients");
  g_assert_true (ktm_import_commit_path (import, fixture->path, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (KtmStore) store = ktm_store_open (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_count (store, "attribute", &error), ==, 2000);
  g_assert_cmpint (ktm_store_count (store, "value", &error), ==, 6000);
}

/* NUL bytes wherever they may stand. */
static void
test_nul (void)
{
  static const char text[] = "patient_id,visit,nrs,sex\n"
                             "A\0,M0,8,F\nA2,M0\0,7,F\0\nA3,M0,7\0,F\nA\0\0,M3,6,F\n\0\0\0\n";
  g_autoptr (KtmImport) import = import_text (text, sizeof text - 1, "");

  g_assert_cmpuint (ktm_import_n_problems (import), >, 0);
  for (guint i = 0; i < ktm_import_n_problems (import); i++)
    {
      g_autofree char *sentence =
          ktm_problem_dup_sentence (import, ktm_import_get_problem (import, i));

      g_assert_true (g_utf8_validate (sentence, -1, NULL));
    }
  ktm_import_leave_all_out (import);
  fixture_check (import);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/import/hostile/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("codes", test_codes);
  ADD ("long-line", test_long_line);
  ADD ("two-thousand-attributes", test_attributes);
  g_test_add_func ("/import/hostile/variants", test_variants);
  g_test_add_func ("/import/hostile/numbers", test_numbers);
  g_test_add_func ("/import/hostile/nul", test_nul);
  return g_test_run ();
}
