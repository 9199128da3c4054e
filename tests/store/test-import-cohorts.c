/* Whole cohorts: the sample, its wide tables, the labour-pain trial, imports into a cohort that is
 * there already. */
#include "import-fixture.h"
#include "store-fixture.h"

#include <math.h>
#include <string.h>

#define SAMPLE                                                                                     \
  "@sample/patients.csv @sample/assessments.csv @sample/treatments.csv @sample/adverse_events.csv"

static KtmStore *
import_new (Fixture *fixture, const char *name, const char *files, const char *options)
{
  g_autofree char *path = fixture_file (fixture, name);
  g_autoptr (KtmImport) import = fixture_import (files, options, NULL);
  g_autoptr (GError) error = NULL;

  fixture_check (import);
  g_assert_cmpuint (ktm_import_n_blocking (import), ==, 0);
  ktm_import_commit_path (import, path, NULL, &error);
  g_assert_no_error (error);
  KtmStore *store = ktm_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  return store;
}

typedef struct { guint measure, visit; guint n; double sum; } Cell;

static gboolean
cell_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *score = record;
  Cell *cell = data;

  if (score->measure == cell->measure && score->visit == cell->visit)
    {
      cell->n++;
      cell->sum += score->value;
    }
  return TRUE;
}

static gboolean
included_cb (const void *record, gpointer data)
{
  *(guint *) data += ((const KtmPatientRecord *) record)->included;
  return TRUE;
}

static void
test_sample (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = import_new (fixture, "sample.cohort", SAMPLE, NULL);
  Cell first = { 0, 0, 0, 0 }, last = { 0, 13, 0, 0 };
  guint included = 0;

  g_assert_cmpint (ktm_store_count (store, "patient", NULL), ==, 280);
  g_assert_true (ktm_store_read_patients (store, included_cb, &included, NULL));
  g_assert_cmpuint (included, ==, 256);
  g_assert_cmpint (ktm_store_count (store, "visit", NULL), ==, 14);
  g_assert_cmpint (ktm_store_count (store, "treatment", NULL), ==, 256);
  g_assert_cmpint (ktm_store_count (store, "adverse_event", NULL), ==, 669);
  g_assert_true (ktm_store_read_scores (store, cell_cb, &first, NULL));
  g_assert_true (ktm_store_read_scores (store, cell_cb, &last, NULL));
  g_assert_cmpuint (first.n, ==, 240);
  g_assert_cmpuint (last.n, ==, 93);
  g_assert_cmpfloat_with_epsilon (first.sum / first.n, 6.8, 0.05);
  g_assert_cmpfloat_with_epsilon (last.sum / last.n, 5.7, 0.06);
}

static char *
with_nrs (const char *scores)
{
  g_autoptr (GString) text = g_string_new (scores);

  g_string_replace (text, " en ", " nrs ", 0);
  return g_strdup (text->str);
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
sorted (char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  qsort (lines, g_strv_length (lines), sizeof *lines, by_text);
  g_free (text);
  return g_strjoinv ("\n", lines);
}

/* One line a patient, in English with points or in French with commas: the scores are the same. */
static void
test_wide (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) tidy = import_new (fixture, "tidy.cohort", SAMPLE, NULL);
  g_autoptr (KtmStore) wide = import_new (fixture, "wide.cohort", "wide.csv", NULL);
  g_autoptr (KtmStore) french = import_new (fixture, "french.cohort", "wide_fr.csv", NULL);
  g_autofree char *a = sorted (fixture_scores (tidy)), *b = sorted (fixture_scores (wide)),
                  *c = fixture_scores (french);
  g_autofree char *d = sorted (with_nrs (c));

  g_assert_cmpuint (strlen (a), >, 50000);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, ==, d);
}

static void
test_wide_said (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) wide =
      import_new (fixture, "wide.cohort", "wide.csv", "wide=nrs_m*|attribute=sex|attribute=age");

  g_assert_cmpint (ktm_store_count (wide, "measure", NULL), ==, 1);
  g_assert_cmpint (ktm_store_count (wide, "attribute", NULL), ==, 2);
  g_assert_cmpint (ktm_store_count (wide, "visit", NULL), ==, 13);
}

/* The same numbers beside the open cohort change nothing, even under French names. */
static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = import_new (fixture, "tidy.cohort", SAMPLE, NULL);
  g_autoptr (KtmImport) import = fixture_import ("wide_fr.csv", NULL, store);

  fixture_check (import);
  const KtmImportCounts *counts = ktm_import_get_counts (import);
  g_assert_cmpuint (ktm_import_n_blocking (import), ==, 0);
  g_assert_cmpuint (counts->patients_before, ==, 280);
  g_assert_cmpuint (counts->new_patients, ==, 0);
  g_assert_cmpuint (counts->changed_values, ==,
                    163); /* reasons for the stop, in the other language */
  g_assert_cmpuint (counts->changed_fields, ==, 163);
  g_assert_cmpuint (counts->changed_times, ==, 0);
  g_assert_cmpuint (counts->new_rows + counts->changed_rows, ==, 0);
  g_assert_cmpuint (counts->same_rows, ==, 256);
  g_assert_cmpuint (counts->same_values, >=, counts->scores);
}

static double
reference_mean (const char *minute)
{
  g_autofree char *path =
      g_strdup_printf ("%s/summary/summary__labor_pain__by_time__time_min_%s.json",
                       g_getenv ("KTM_CASES_DIR"), minute);
  g_autofree char *json = NULL;

  g_assert_true (g_file_get_contents (path, &json, NULL, NULL));
  const char *mean = strstr (json, "\"mean\":");
  g_assert_nonnull (mean);
  return g_ascii_strtod (mean + strlen ("\"mean\":"), NULL);
}

/* The labour-pain trial (Davis 1991) from its raw file: 83 women, every half hour. */
static void
test_labour (Fixture *fixture, gconstpointer data)
{
  static const char *const minutes[] = { "30", "60", "90", "120", "150", "180" };
  g_autoptr (KtmStore) store = import_new (
      fixture, "labour.cohort", "@data/labor_pain.csv",
      "as=scores|patient=id|time=time_min|time-unit=minute|measure=pain_mm:0:100|arm=treatment");

  g_assert_cmpint (ktm_store_count (store, "patient", NULL), ==, 83);
  g_assert_cmpint (ktm_store_count (store, "score", NULL), ==, 358);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      Cell cell = { 0, i, 0, 0 };
      g_assert_true (ktm_store_read_scores (store, cell_cb, &cell, NULL));
      g_assert_cmpfloat_with_epsilon (cell.sum / cell.n, reference_mean (minutes[i]), 1e-9);
    }
}

/* What changes is counted before, written at once, and can be taken back. */
static void
test_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = import_new (fixture, "x.cohort", "duplicates_clean.csv", NULL);
  g_autoptr (KtmImport) import = fixture_import ("update.csv", NULL, store);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = fixture_scores (store);

  ktm_import_check (import, NULL, &error);
  g_assert_no_error (error);
  const KtmImportCounts *counts = ktm_import_get_counts (import);
  g_autofree char *found = fixture_problems (import);
  g_assert_cmpstr (found, ==, "5:1:A9:unknown-patient");
  g_assert_cmpuint (counts->changed_values, ==, 1);
  g_assert_cmpuint (counts->new_values, ==, 1);
  g_assert_cmpuint (counts->same_values, ==, 1);
  g_assert_cmpuint (counts->untouched_patients, ==, 0);
  g_assert_cmpuint (ktm_import_n_changes (import), ==, 2);
  g_assert_cmpstr (ktm_import_get_change (import, 0)->code, ==, "A1");
  g_assert_cmpfloat (ktm_import_get_change (import, 0)->before, ==, 8);
  g_assert_cmpfloat (ktm_import_get_change (import, 0)->after, ==, 3);
  g_assert_true (ktm_import_commit (import, store, NULL, &error));
  g_autofree char *after = fixture_scores (store);
  g_assert_cmpstr (after, ==, "A1 nrs 0 3\nA1 nrs 1 6\nA2 nrs 0 5\nA2 nrs 2 4");
  g_autofree char *undo = ktm_store_get_undo (store);
  g_assert_cmpstr (undo, ==, "Import update.csv");
  g_assert_true (ktm_store_undo (store, &error));
  g_autofree char *again = fixture_scores (store);
  g_assert_cmpstr (again, ==, before);
}

/* What changes, one a line: "A1 Centre: Lyon → Paris". */
static char *
changes_of (KtmImport *import)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ktm_import_n_changes (import); i++)
    {
      const KtmImportChange *change = ktm_import_get_change (import, i);
      g_string_append_printf (text, "%s%s %s: %s → %s", i > 0 ? "\n" : "", change->code,
                              change->what, change->from != NULL ? change->from : "none",
                              change->to);
    }
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name, *first, *second;
  guint changed, fields, times, rows, untouched;
  const char *changes;
} Change;

static const Change changed[] = {
  { "fields", "fields.csv", "fields_again.csv", 3, 3, 0, 0, 0,
    "A1 Centre: Lyon → Paris\nA1 Time of the stop: 6 → 5\nA2 Included: yes → no\nA2 Time of the "
    "stop: none → 3" },
  { "times", "times.csv", "times_again.csv", 2, 0, 1, 0, 0,
    "A1 Pain NRS M0: 8 → 7\nA1 Pain NRS M1, time: 1.08419 → 1.1499" },
  { "treatments", "treatments_dated.csv", "treatments_changed.csv", 1, 0, 0, 1, 0,
    "K1 ketamine at 0.919918, dose: 20 → 25\nK1 ketamine at 3.94251: none → 40 mg" },
  { "the same", "fields.csv", "fields.csv", 0, 0, 0, 0, 2, "" },
};

/* Everything of the cohort that an import would change is counted and listed before it is written.
 */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  const Change *c = data;
  g_autofree char *path = fixture_file (fixture, "x.cohort");
  g_autoptr (KtmImport) first = fixture_import (c->first, NULL, NULL);
  g_autoptr (GError) error = NULL;

  ktm_import_leave_all_out (first);
  fixture_check (first);
  g_assert_true (ktm_import_commit_path (first, path, NULL, &error));
  g_autoptr (KtmStore) store = ktm_store_open (path, FALSE, &error);
  g_autoptr (KtmImport) import = fixture_import (c->second, NULL, store);
  fixture_check (import);
  const KtmImportCounts *counts = ktm_import_get_counts (import);
  g_autofree char *text = changes_of (import);
  g_assert_cmpstr (text, ==, c->changes);
  g_assert_cmpuint (counts->changed_values, ==, c->changed);
  g_assert_cmpuint (counts->changed_fields, ==, c->fields);
  g_assert_cmpuint (counts->changed_times, ==, c->times);
  g_assert_cmpuint (counts->changed_rows, ==, c->rows);
  g_assert_cmpuint (counts->untouched_patients, ==, c->untouched);
  g_assert_true (ktm_import_commit (import, store, NULL, &error));
  /* Written, it changes nothing any more. */
  g_autoptr (KtmImport) again = fixture_import (c->second, NULL, store);
  fixture_check (again);
  g_assert_cmpuint (ktm_import_n_changes (again), ==, 0);
}

typedef struct { const char *name, *file, *table; int n; } Kept;

static const Kept kept[] = {
  { "treatments", "treatments_dated.csv", "treatment", 3 },
  { "treatments-undated", "treatments_undated.csv", "treatment", 3 },
  { "events", "events_twice.csv", "adverse_event", 4 },
  { "studies", "studies_twice.csv", "study_arm", 2 },
};

static gboolean
dose_cb (const void *record, gpointer data)
{
  g_string_append_printf (data, "%g ", ((const KtmTreatmentRecord *) record)->dose);
  return TRUE;
}

/* Of lines that cannot stand beside each other the one that was chosen is in the cohort, and none
 * is lost unsaid. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  const Kept *c = data;
  g_autofree char *path = fixture_file (fixture, "x.cohort");
  g_autoptr (KtmImport) import = fixture_import (c->file, NULL, NULL);
  g_autoptr (GString) doses = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  fixture_check (import);
  g_assert_cmpuint (ktm_import_n_blocking (import), >, 0);
  ktm_import_choose (import, 0, KTM_DO_KEEP_SECOND);
  fixture_check (import);
  g_assert_cmpint (ktm_import_get_problem (import, 0)->choice, ==, KTM_DO_KEEP_SECOND);
  g_assert_true (ktm_import_commit_path (import, path, NULL, &error));
  g_autoptr (KtmStore) store = ktm_store_open (path, TRUE, &error);
  g_assert_cmpint (ktm_store_count (store, c->table, NULL), ==, c->n);
  g_assert_true (ktm_store_read_treatments (store, dose_cb, doses, &error));
  if (strcmp (c->name, "treatments") == 0)
    g_assert_cmpstr (doses->str, ==, "10 30 40 ");
}

/* An import that fails half-way leaves the file as it was, byte by byte, and makes no new one. */
static void
test_failed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_file (fixture, "x.cohort"),
                  *fresh = fixture_file (fixture, "new.cohort");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  ktm_store_close (import_new (fixture, "x.cohort", "duplicates_clean.csv", NULL));
  g_autofree char *before = fixture_checksum (path);
  g_autoptr (KtmImport) import = fixture_import (SAMPLE, NULL, NULL);
  fixture_check (import);
  g_cancellable_cancel (cancellable);
  g_assert_false (ktm_import_commit_path (import, fresh, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (ktm_import_commit_path (import, path, cancellable, &error));
  g_autofree char *after = fixture_checksum (path);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 1);
}

/* Two cohorts made at once in one folder leave each other alone; a name taken meanwhile is never
 * written over. */
static void
test_hidden (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_file (fixture, "a.cohort"), *b = fixture_file (fixture, "b.cohort");
  g_autoptr (GError) error = NULL;
  KtmStore *first = ktm_store_create_hidden (a, "A", &error),
           *second = ktm_store_create_hidden (b, "B", &error);
  KtmStore *third = ktm_store_create_hidden (a, "A again", &error);

  g_assert_no_error (error);
  g_assert_false (g_file_test (a, G_FILE_TEST_EXISTS));
  g_assert_true (ktm_store_publish (first, a, &error));
  g_assert_no_error (error);
  ktm_store_discard (second);
  g_autofree char *before = fixture_checksum (a);
  g_assert_false (ktm_store_publish (third, a, &error));
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS);
  g_autofree char *after = fixture_checksum (a);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 1);
}

static void
same_columns (KtmSource *a, KtmSource *b)
{
  g_assert_cmpuint (a->n_columns, ==, b->n_columns);
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->time_unit, ==, b->time_unit);
  for (guint i = 0; i < a->n_columns; i++)
    {
      const KtmColumn *x = &a->columns[i], *y = &b->columns[i];
      g_assert_cmpint (x->role, ==, y->role);
      if (x->role == KTM_COLUMN_LEFT_OUT)
        continue;
      g_assert_cmpstr (x->target, ==, y->target);
      if (x->role == KTM_COLUMN_WIDE || x->role == KTM_COLUMN_MEASURE)
        {
          g_assert_cmpfloat (x->scale_max, ==, y->scale_max);
          g_assert_cmpint (x->lower_better, ==, y->lower_better);
        }
    }
}

/* What was proposed, written as a mapping file and read back, says the same. */
static void
test_mapping_file (gconstpointer data)
{
  g_autoptr (KtmImport) first = fixture_import (data, NULL, NULL),
                        second = fixture_import (data, NULL, NULL);
  g_autoptr (GKeyFile) written = g_key_file_new (), read = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < ktm_import_n_sources (first); i++)
    {
      KtmSource *source = ktm_import_get_source (first, i);
      g_autoptr (KtmMapping) mapping = ktm_source_dup_mapping (source);
      ktm_mapping_save (mapping, written, source->name);
    }
  g_autofree char *text = g_key_file_to_data (written, NULL, NULL);
  g_assert_true (g_key_file_load_from_data (read, text, (gsize) -1, G_KEY_FILE_NONE, &error));
  for (guint i = 0; i < ktm_import_n_sources (second); i++)
    {
      KtmSource *source = ktm_import_get_source (second, i);
      g_assert_true (ktm_mapping_load (source->mapping, read, source->name, &error));
      g_assert_no_error (error);
    }
  g_assert_true (ktm_import_propose (second, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < ktm_import_n_sources (first); i++)
    same_columns (ktm_import_get_source (first, i), ktm_import_get_source (second, i));
}

static void
test_mapping_by_hand (void)
{
  g_autoptr (KtmImport) import = fixture_import ("measurements.csv", NULL, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = fixture_path ("map.ini");
  g_autoptr (GError) error = NULL;
  KtmSource *source = ktm_import_get_source (import, 0);

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error));
  g_assert_true (ktm_mapping_load (source->mapping, file, "measurements.csv", &error));
  g_assert_true (ktm_import_propose (import, NULL, &error));
  fixture_check (import);
  g_assert_cmpuint (ktm_import_n_problems (import), ==, 0);
  g_assert_cmpuint (ktm_import_get_counts (import)->scores, ==, 4);
  g_assert_cmpuint (ktm_import_get_counts (import)->missing_codes, ==, 2);
  g_key_file_set_string (file, "bad", "decimal", "dot");
  g_assert_false (ktm_mapping_load (source->mapping, file, "bad", &error));
  g_assert_nonnull (strstr (error->message, "[bad]"));
}

static void
test_studies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = import_new (fixture, "studies.cohort", "studies.csv", NULL);

  g_assert_cmpint (ktm_store_count (store, "study_arm", NULL), ==, 3);
  g_assert_cmpint (ktm_store_count (store, "patient", NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/import/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("sample", test_sample);
  ADD ("wide", test_wide);
  ADD ("wide-said", test_wide_said);
  ADD ("same", test_same);
  ADD ("labour-pain", test_labour);
  ADD ("update", test_update);
  ADD ("failed", test_failed);
  ADD ("hidden", test_hidden);
  ADD ("studies", test_studies);
  for (gsize i = 0; i < G_N_ELEMENTS (changed); i++)
    {
      g_autofree char *path = g_strconcat ("/import/changes/", changed[i].name, NULL);
      g_test_add (path, Fixture, &changed[i], fixture_set_up, test_changes, fixture_tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_strconcat ("/import/kept/", kept[i].name, NULL);
      g_test_add (path, Fixture, &kept[i], fixture_set_up, test_kept, fixture_tear_down);
    }
  g_test_add_data_func ("/import/mapping-file/tidy", SAMPLE, test_mapping_file);
  g_test_add_data_func ("/import/mapping-file/wide", "wide_fr.csv", test_mapping_file);
  g_test_add_func ("/import/mapping-file/by-hand", test_mapping_by_hand);
  return g_test_run ();
}
