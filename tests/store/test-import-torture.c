/* Every problem a file can have, with its exact line and column; and files that look broken but are
 * not. */
#include "import-fixture.h"
#include "ktm-known.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct { const char *name, *files, *options, *problems; guint scores; } Case;

static const Case cases[] = {
  { "excel-fr", "excel_fr.csv", NULL, "6:4:1\302\240054,5:out-of-range", 6 },
  { "utf-16", "unicode_text.txt", NULL, "", 4 },
  { "utf-16-be", "unicode_be.txt", NULL, "", 4 },
  { "sep-line", "bom_sep.csv", NULL, "", 3 },
  { "quoted-newlines", "quoted.csv", NULL, "4:3:12:out-of-range", 2 },
  { "duplicate-headers", "duplicate_headers.csv", NULL, "1:4:nrs:duplicate-column", 2 },
  { "numbers", "numbers.csv", NULL,
    "3:3:6,5:other-decimal-mark\n4:3:<1:limit\n5:3:−3:out-of-range\n7:3:#N/"
    "A:spreadsheet-error\n8:3:abc:not-a-number\n"
    "9:3:999:missing-code\n10:3:NA:missing-code\n11:3:120:out-of-range\n14:3:1,234:other-decimal-"
    "mark",
    6 },
  { "declared-codes", "numbers.csv", "missing-code=999|missing-code=NA",
    "3:3:6,5:other-decimal-mark\n4:3:<1:limit\n5:3:−3:out-of-range\n7:3:#N/"
    "A:spreadsheet-error\n8:3:abc:not-a-number\n"
    "11:3:120:out-of-range\n14:3:1,234:other-decimal-mark",
    6 },
  { "open-scale", "numbers.csv", "measure=npsi:0:2000|missing-code=999|missing-code=NA",
    "3:3:6,5:other-decimal-mark\n4:3:<1:limit\n5:3:−3:out-of-range\n7:3:#N/"
    "A:spreadsheet-error\n8:3:abc:not-a-number\n14:3:1,234:thousand-or-decimal",
    6 },
  { "thousands", "thousands.csv", NULL, "", 0 },
  { "dates", "dates.csv", NULL,
    "3:2:31/02/2018:no-such-day\n4:2:03/04/"
    "18:ambiguous-date\n5:2:43157:serial-date\n6:2:soon:not-a-date\n9:2:13/13/2018:no-such-day",
    0 },
  { "month-first", "mdy.csv", NULL, "", 0 },
  { "said-order", "unclear_dates.csv", "date-order=mdy", "", 0 },
  { "said-decimal", "unclear_decimal.csv", "decimal=comma", "", 2 },
  { "duplicates", "duplicates.csv", NULL, "3:3:7:duplicate-visit\n5:3:6:repeated-visit", 3 },
  { "patients-twice", "patients_twice.csv", NULL,
    "4:1:K002:duplicate-patient\n6:1:K003:code-variant\n6:1:K003:repeated-visit\n7:1:K3:code-"
    "variant\n7:1:K3:repeated-visit",
    0 },
  { "levels", "levels.csv", NULL, "10:2:neuropathiques:near-level\n11:2:Neuropathique:near-level",
    0 },
  { "stop", "stop.csv", NULL, "2:10:6:after-stop", 7 },
  { "ragged", "ragged.csv", NULL, "3:0::row-width\n4:0::row-width", 3 },
  { "nul", "nul.csv", NULL, "3:1:A\357\277\2751:unreadable\n4:3:\357\277\2755:not-a-number", 2 },
  { "formulas", "formulas.csv", NULL, "", 3 },
  { "codes", "codes.csv", NULL, "2:3:999:missing-code\n3:3:-9:missing-code", 1 },
  { "carriage-returns", "crfile.csv", NULL, "", 2 },
  { "quoted-delimiter", "semicolon_quote.csv", NULL, "", 2 },
  { "open-quote", "open_quote.csv", NULL, "3:0::open-quote\n3:3:7 A3,0,6 :not-a-number", 1 },
  { "visits", "visits.csv", NULL, "6:2:Follow-up:unknown-visit", 4 },
  { "latin", "latin_bytes.csv", NULL, "", 2 },
  { "attribute-differs", "tidy_attributes.csv", "attribute=drug_allowed", "6:2:No:differs", 5 },
  { "attributes-twice", "attributes_twice.csv", "attribute=sex|measure=nrs", "3:4:M:differs", 4 },
  { "treatments-undated", "treatments_undated.csv", NULL,
    "3:3:20:duplicate-line\n6:3:10:duplicate-line", 0 },
  { "treatments-dated", "treatments_dated.csv", NULL, "4:4:30:duplicate-line\n6:4:40:repeated-line",
    0 },
  { "events-twice", "events_twice.csv", NULL,
    "3:3:nausea:duplicate-line\n6:3:dizziness:repeated-line", 0 },
  { "studies-twice", "studies_twice.csv", NULL, "4:1:Ang 2017:duplicate-line", 0 },
  { "studies-wide", "studies_wide.csv", NULL, "", 0 },
  { "studies-wrong", "studies_wrong.csv", NULL,
    "2:1:A:incomplete-study\n4:7:21:impossible-study\n5:2:cohort of some kind:not-a-level\n"
    "6:10:2.0:impossible-study\n7:8:-2:impossible-study\n8:1:F:incomplete-study\n"
    "9:1:G:incomplete-study",
    0 },
  { "fields-twice", "fields.csv fields_again.csv", NULL,
    "2:2:Paris:differs\n2:4:5:differs\n3:5:no:differs", 0 },
  { "nearest-in-window", "two_in_window.csv index.csv", NULL, "4:3:5:duplicate-visit", 2 },
  { "unknown-patient", "scores_unknown.csv levels.csv", NULL,
    "2:1:K001:unknown-patient\n3:1:K999:unknown-patient\n4:1: k002 "
    ":unknown-patient\n5:1::no-patient-code\n6:1:K002:unknown-patient\n"
    "10:2:neuropathiques:near-level\n11:2:Neuropathique:near-level",
    0 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (KtmImport) import = fixture_import (c->files, c->options, NULL);

  fixture_check (import);
  g_autofree char *found = fixture_problems (import);
  g_assert_cmpstr (found, ==, c->problems);
  g_assert_cmpuint (ktm_import_get_counts (import)->scores, ==, c->scores);
  for (guint i = 0; i < ktm_import_n_problems (import); i++)
    {
      g_autofree char *sentence =
          ktm_problem_dup_sentence (import, ktm_import_get_problem (import, i));
      g_assert_true (g_utf8_validate (sentence, -1, NULL));
      g_assert_null (strchr (sentence, '\n'));
    }
}

/* With --accept-problems the cells are left out, of two lines the first stays, and nothing is
 * guessed. */
static void
test_left_out (void)
{
  g_autoptr (KtmImport) import = fixture_import ("numbers.csv", NULL, NULL);

  ktm_import_leave_all_out (import);
  fixture_check (import);
  g_assert_cmpuint (ktm_import_get_counts (import)->scores, ==, 4);
  g_assert_cmpuint (ktm_import_get_counts (import)->left_out, ==, 9);
}

static void
test_choice (void)
{
  g_autoptr (KtmImport) import = fixture_import ("duplicates.csv", NULL, NULL);
  g_autoptr (GError) error = NULL;

  fixture_check (import);
  g_assert_true ((ktm_import_get_problem (import, 0)->choices & (1u << KTM_DO_KEEP_SECOND)) != 0);
  ktm_import_choose (import, 0, KTM_DO_KEEP_SECOND);
  fixture_check (import);
  g_autofree char *folder = g_dir_make_tmp ("ktm-import-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "x.cohort", NULL);
  g_assert_true (ktm_import_commit_path (import, path, NULL, &error));
  g_assert_no_error (error);
  KtmStore *store = ktm_store_open (path, TRUE, &error);
  g_autofree char *scores = fixture_scores (store);
  g_assert_cmpstr (scores, ==, "A1 nrs 0 7\nA1 nrs 1 6\nA2 nrs 0 5");
  ktm_store_close (store);
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_cmpint (remove (folder), ==, 0);
}

typedef struct { const char *name, *file, *options, *question; } Question;

static const Question questions[] = {
  { "dates", "unclear_dates.csv", NULL, "date-order" },
  { "decimal", "unclear_decimal.csv", NULL, "decimal" },
  { "unit-of-columns", "no_unit.csv", NULL, "--time-unit" },
  { "unit-of-time", "no_time_unit.csv", NULL, "--time-unit" },
  { "two-times", "@data/labor_pain.csv", NULL, "--time" },
};

static void
test_question (gconstpointer data)
{
  const Question *q = data;
  g_autoptr (KtmImport) import = fixture_import (q->file, q->options, NULL);
  g_autofree char *question = ktm_import_dup_question (import);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (question);
  g_assert_nonnull (strstr (question, q->question));
  g_assert_false (ktm_import_check (import, NULL, &error));
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
}

static void
test_personal (void)
{
  static const char *const left[] = { "nom", "prenom", "date_naissance", "telephone", "email",
                                      "nir", "ipp",    "contact" };
  g_autoptr (KtmImport) import = fixture_import ("personal.csv", NULL, NULL);
  KtmSource *source = ktm_import_get_source (import, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_assert_cmpint (ktm_source_find (source, left[i])->role, ==, KTM_COLUMN_LEFT_OUT);
      g_assert_true (ktm_source_find (source, left[i])->personal);
      g_assert_nonnull (ktm_source_find (source, left[i])->why);
    }
  g_assert_cmpint (ktm_source_find (source, "sex")->role, ==, KTM_COLUMN_ATTRIBUTE);
  g_assert_cmpint (ktm_source_find (source, "patient_id")->role, ==, KTM_COLUMN_PATIENT);
}

static void
test_after_baseline (void)
{
  g_autoptr (KtmImport) import = fixture_import ("stop.csv", NULL, NULL);
  KtmSource *source = ktm_import_get_source (import, 0);

  g_assert_cmpint (ktm_source_find (source, "stop_month")->role, ==, KTM_COLUMN_STOP_TIME);
  g_assert_cmpint (ktm_source_find (source, "last_visit")->role, ==, KTM_COLUMN_LEFT_OUT);
  g_assert_cmpint (ktm_source_find (source, "withdrawn")->role, ==, KTM_COLUMN_LEFT_OUT);
}

static void
refused (const char *name, const char *content, gsize len, const char *says)
{
  g_autoptr (GBytes) bytes = g_bytes_new (content, len);
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GError) error = NULL;
  KtmSource *source = ktm_source_new_bytes (name, bytes, &error);

  if (source != NULL)
    {
      ktm_import_add_source (import, source);
      g_assert_false (ktm_import_propose (import, NULL, &error));
    }
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_refused (void)
{
  refused ("empty.csv", "", 0, "empty");
  refused ("names.csv", "patient_id,month,nrs\n", 21, "rows");
  refused ("redcap.csv", "record_id,redcap_event_name,nrs\n1,m_1,4\n", 40, "REDCap");
  refused ("nothing.csv", "\n\n\n", 3, "rows");
}

/* --- the reader ------------------------------------------------------------------------------- */

static void
test_reader (void)
{
  static const char text[] = "a,\"b\"\"c\",\r\n\"d\ne\",f\rg\n\"x\"y,z";
  static const struct { guint row, line; const char *cell;
  } expected[] = { { 0, 1, "a" }, { 0, 1, "b\"c" }, { 0, 1, "" },   { 1, 2, "d\ne" },
                   { 1, 3, "f" }, { 2, 4, "g" },    { 3, 5, "xy" }, { 3, 5, "z" } };
  g_autoptr (KtmCsv) csv = ktm_csv_new (text, sizeof text - 1, ',', '"');
  const KtmCell *cells;
  guint n, row = 0, at = 0;

  while (ktm_csv_next (csv, &cells, &n))
    {
      for (guint i = 0; i < n; i++, at++)
        {
          g_assert_cmpuint (expected[at].row, ==, row);
          g_assert_cmpuint (cells[i].line, ==, expected[at].line);
          g_assert_cmpmem (cells[i].text, cells[i].len, expected[at].cell,
                           strlen (expected[at].cell));
        }
      row++;
    }
  g_assert_cmpuint (at, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (ktm_csv_get_unclosed_line (csv), ==, 0);
}

static void
test_huge (void)
{
  g_autoptr (GString) text = g_string_new ("patient_id,month,nrs,remark\nA1,0,8,\"");
  for (int i = 0; i < 1 << 20; i++)
    g_string_append_c (text, i % 97 == 0 ? '\n' : 'x');
  g_string_append (text, "\"\nA1,1,12,\n");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GError) error = NULL;
  ktm_import_add_source (import, ktm_source_new_bytes ("huge.csv", bytes, &error));
  g_assert_true (ktm_import_propose (import, NULL, &error));
  fixture_check (import);
  g_autofree char *found = fixture_problems (import);
  g_assert_cmpstr (found, ==, "10814:3:12:out-of-range");
}

static void
test_wide (void)
{
  g_autoptr (GString) text = g_string_new ("patient_id");
  for (int i = 0; i < 2000; i++)
    g_string_append_printf (text, ",nrs_d%d", i);
  g_string_append (text, "\nA1");
  for (int i = 0; i < 2000; i++)
    g_string_append_printf (text, ",%d", i == 1234 ? 11 : i % 11);
  g_string_append (text, "\n");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GError) error = NULL;
  ktm_import_add_source (import, ktm_source_new_bytes ("wide.csv", bytes, &error));
  g_assert_true (ktm_import_propose (import, NULL, &error));
  fixture_check (import);
  g_autofree char *found = fixture_problems (import);
  g_assert_cmpstr (found, ==, "2:1236:11:out-of-range");
  g_assert_cmpuint (ktm_import_get_counts (import)->scores, ==, 1999);
}

/* --- cells ------------------------------------------------------------------------------------ */

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    char mark;
    KtmCellStatus status;
    double value;
  } numbers[] = { { "2.385", '.', KTM_CELL_OK, 2.385 },
                  { "2,385", ',', KTM_CELL_OK, 2.385 },
                  { "0,435", '.', KTM_CELL_OTHER_MARK, 0.435 },
                  { "1 234,5", ',', KTM_CELL_OK, 1234.5 },
                  { "1\342\200\257234,5", ',', KTM_CELL_OK, 1234.5 },
                  { "1.234,5", ',', KTM_CELL_OK, 1234.5 },
                  { "1,234.5", '.', KTM_CELL_OK, 1234.5 },
                  { "\342\210\2223,5", ',', KTM_CELL_OK, -3.5 },
                  { "+4", '.', KTM_CELL_OK, 4 },
                  { "1e3", '.', KTM_CELL_OK, 1000 },
                  { "1,5E+02", ',', KTM_CELL_OK, 150 },
                  { "<1", '.', KTM_CELL_LIMIT, 1 },
                  { "6.5", ',', KTM_CELL_OTHER_MARK, 6.5 },
                  { "12 34", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { "#REF!", '.', KTM_CELL_SPREADSHEET, NAN },
                  { "", '.', KTM_CELL_EMPTY, NAN },
                  { "1,2,3", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { "0.1", '.', KTM_CELL_OK, 0.1 },
                  { "123456789012345678", '.', KTM_CELL_OK, 123456789012345678.0 },
                  { "1e999", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { "nan", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { "0x10", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { ".", '.', KTM_CELL_NOT_A_NUMBER, NAN },
                  { "1.234", ',', KTM_CELL_OTHER_MARK, 1.234 } };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      double value;
      g_assert_cmpint (
          ktm_cell_number (numbers[i].text, strlen (numbers[i].text), numbers[i].mark, &value), ==,
          numbers[i].status);
      if (!isnan (numbers[i].value))
        g_assert_cmpfloat (value, ==, numbers[i].value);
    }
}

static void
test_dates (void)
{
  static const struct
  {
    const char *text;
    KtmDateOrder order;
    KtmCellStatus status;
    const char *iso;
  } dates[] = { { "2018-02-26", KTM_DATE_DMY, KTM_CELL_OK, "2018-02-26" },
                { "26/02/2018", KTM_DATE_DMY, KTM_CELL_OK, "2018-02-26" },
                { "02/26/2018", KTM_DATE_MDY, KTM_CELL_OK, "2018-02-26" },
                { "26.2.2018", KTM_DATE_DMY, KTM_CELL_OK, "2018-02-26" },
                { "29/02/2020", KTM_DATE_DMY, KTM_CELL_OK, "2020-02-29" },
                { "29/02/2019", KTM_DATE_DMY, KTM_CELL_NO_SUCH_DAY, NULL },
                { "26 f\303\251vr. 2018", KTM_DATE_DMY, KTM_CELL_OK, "2018-02-26" },
                { "43157", KTM_DATE_DMY, KTM_CELL_SERIAL, "2018-02-26" },
                { "2018-02-26 10:30", KTM_DATE_DMY, KTM_CELL_OK, "2018-02-26" },
                { "26/02/18", KTM_DATE_DMY, KTM_CELL_AMBIGUOUS, NULL },
                { "0000-00-00", KTM_DATE_DMY, KTM_CELL_NO_SUCH_DAY, NULL },
                { "hello", KTM_DATE_DMY, KTM_CELL_NOT_A_DATE, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      double day;
      g_assert_cmpint (ktm_cell_date (dates[i].text, strlen (dates[i].text), dates[i].order, &day),
                       ==, dates[i].status);
      if (dates[i].iso != NULL)
        {
          g_autofree char *iso = ktm_julian_iso (floor (day));
          g_assert_cmpstr (iso, ==, dates[i].iso);
        }
    }
}

static void
test_measure_spec (void)
{
  KtmMeasureSpec spec;
  g_autoptr (GError) error = NULL;

  g_assert_true (ktm_measure_spec_parse ("a:b:0:100:higher", &spec, NULL));
  g_assert_cmpstr (spec.column, ==, "a:b");
  g_assert_cmpfloat (spec.max, ==, 100);
  g_assert_cmpint (spec.lower_better, ==, 0);
  ktm_measure_spec_clear (&spec);
  g_assert_false (ktm_measure_spec_parse ("a:10:0", &spec, &error));
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/import/torture/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *path = g_strconcat ("/import/question/", questions[i].name, NULL);
      g_test_add_data_func (path, &questions[i], test_question);
    }
  g_test_add_func ("/import/left-out", test_left_out);
  g_test_add_func ("/import/choice", test_choice);
  g_test_add_func ("/import/personal", test_personal);
  g_test_add_func ("/import/after-baseline", test_after_baseline);
  g_test_add_func ("/import/refused", test_refused);
  g_test_add_func ("/import/reader", test_reader);
  g_test_add_func ("/import/one-megabyte", test_huge);
  g_test_add_func ("/import/two-thousand-columns", test_wide);
  g_test_add_func ("/import/cells/numbers", test_numbers);
  g_test_add_func ("/import/cells/dates", test_dates);
  g_test_add_func ("/import/measure-spec", test_measure_spec);
  return g_test_run ();
}
