/* Two windows or programs on one file, a file that goes away while it is open, a clock that jumps.
 */
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "ktm-import.h"
#include "ktm-store-private.h"
#include "store-fixture.h"

static void
assert_sentence (Fixture *fixture, const GError *error)
{
  g_assert_null (strstr (error->message, fixture->folder));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_nonnull (strstr (error->message, "a.cohort"));
  g_test_message ("%s", error->message);
}

static gboolean
title_cb (const void *record, gpointer data)
{
  *(char **) data = g_strdup (((const KtmStudyRecord *) record)->title);
  return TRUE;
}

static void
assert_title (KtmStore *store, const char *expected)
{
  g_autofree char *title = NULL;

  g_assert_true (ktm_store_get_study (store, title_cb, &title, NULL));
  g_assert_cmpstr (title, ==, expected);
}

/* What the other window wrote is noticed before anything is written over it. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, stale = NULL;
  g_autoptr (KtmStore) one = fixture_create (fixture);
  g_autoptr (KtmStore) other = ktm_store_open (fixture->path, FALSE, &error);

  g_assert_no_error (error);
  g_assert_false (ktm_store_is_stale (other));
  g_assert_true (ktm_store_set_included (one, 2, FALSE, "moved", &error));
  g_assert_false (ktm_store_is_stale (one));
  g_assert_true (ktm_store_is_stale (other));
  g_assert_false (ktm_store_set_title (other, "Mine", &stale));
  g_assert_error (stale, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED);
  assert_sentence (fixture, stale);
  assert_title (one, "Refractory pain cohort");
  g_assert_true (ktm_store_read_begin (other, &error));
  ktm_store_read_end (other);
  g_assert_true (ktm_store_set_title (other, "Mine", &error));
  g_assert_no_error (error);
  g_assert_true (ktm_store_is_stale (one));
}

/* Undo in one window does not take back what it never saw. */
static void
test_stale_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, stale = NULL;
  g_autoptr (KtmStore) one = fixture_create (fixture);
  g_autoptr (KtmStore) other = NULL;

  g_assert_true (ktm_store_set_title (one, "First", &error));
  other = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_true (ktm_store_set_title (other, "Second", &error));
  g_assert_no_error (error);
  g_assert_false (ktm_store_undo (one, &stale));
  g_assert_error (stale, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED);
  assert_title (other, "Second");
}

/* While one reads, all it reads is of one moment; the other's write waits its time and says so. */
static void
test_one_moment (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, busy = NULL;
  g_autoptr (KtmStore) one = fixture_create (fixture);
  g_autoptr (KtmStore) other = ktm_store_open (fixture->path, FALSE, &error);

  g_assert_true (ktm_store_read_begin (one, &error));
  g_assert_true (ktm_store_read_begin (one, &error));
  g_assert_cmpint (ktm_store_count (one, "patient", &error), ==, 3);
  g_assert_false (ktm_store_set_title (other, "New", &busy));
  g_assert_error (busy, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY);
  assert_sentence (fixture, busy);
  ktm_store_read_end (one);
  ktm_store_read_end (one);
  g_assert_true (ktm_store_set_title (other, "New", &error));
  g_assert_no_error (error);
  assert_title (one, "New");
}

static KtmImport *
read_table (KtmStore *store)
{
  static const char text[] = "patient_id,month,nrs\nK1,3,4\nK9,0,8\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GError) error = NULL;
  KtmImport *import = ktm_import_new ();

  ktm_import_add_source (import, ktm_source_new_bytes ("scores.csv", bytes, &error));
  g_assert_true (ktm_import_read_cohort (import, store, &error));
  g_assert_true (ktm_import_propose (import, NULL, &error));
  ktm_import_leave_all_out (import);
  g_assert_true (ktm_import_check (import, NULL, &error));
  g_assert_no_error (error);
  return import;
}

/* The plan of an import says positions in the file as it was read. */
static void
test_stale_import (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, stale = NULL;
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (KtmImport) import = read_table (store);
  g_autoptr (KtmImport) again = NULL;
  gint64 n = ktm_store_count (store, "score", &error);

  g_assert_true (ktm_store_set_included (store, 2, FALSE, "moved", &error));
  g_assert_false (ktm_import_commit_path (import, fixture->path, NULL, &stale));
  g_assert_error (stale, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED);
  assert_sentence (fixture, stale);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, n);
  again = read_table (store);
  g_assert_true (ktm_import_commit_path (again, fixture->path, NULL, &error));
  g_assert_no_error (error);
}

static void
assert_gone (Fixture *fixture, KtmStore *store)
{
  g_autofree char *copy = fixture_file (fixture, "saved.cohort");
  g_autoptr (GError) error = NULL, gone = NULL;
  g_autoptr (KtmStore) saved = NULL;

  g_assert_false (ktm_store_set_title (store, "New", &gone));
  g_assert_error (gone, KTM_STORE_ERROR, KTM_STORE_ERROR_GONE);
  assert_sentence (fixture, gone);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  g_assert_true (ktm_store_save_copy (store, copy, &error));
  g_assert_no_error (error);
  saved = ktm_store_open (copy, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_count (saved, "score", &error), ==, 9);
}

static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  assert_gone (fixture, store);
}

static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autofree char *elsewhere = fixture_file (fixture, "b.cohort");
  g_autoptr (KtmStore) store = fixture_create (fixture);

  g_assert_cmpint (g_rename (fixture->path, elsewhere), ==, 0);
  assert_gone (fixture, store);
}

/* As a share's sync client does: another file of the same name. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autofree char *other = fixture_file (fixture, "other"), *before = NULL, *after = NULL;

  g_assert_true (g_file_set_contents (other, "somebody else's", -1, NULL));
  g_assert_cmpint (g_rename (other, fixture->path), ==, 0);
  before = fixture_checksum (fixture->path);
  assert_gone (fixture, store);
  after = fixture_checksum (fixture->path);
  g_assert_cmpstr (before, ==, after);
}

/* Undo goes by the order of the edits, whatever the clock said. */
static void
test_clock (Fixture *fixture, gconstpointer data)
{
  static const char *const times[] = { "1700000000", "1900000000", "86400", "1800000000" };
  static const char *const titles[] = { "Refractory pain cohort", "T0", "T1", "T2", "T3" };
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = fixture_create (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_setenv ("SOURCE_DATE_EPOCH", times[i], TRUE);
      g_assert_true (ktm_store_set_title (store, titles[i + 1], &error));
    }
  for (guint i = G_N_ELEMENTS (times); i-- > 0;)
    {
      g_assert_true (ktm_store_undo (store, &error));
      assert_title (store, titles[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_assert_true (ktm_store_redo (store, &error));
      assert_title (store, titles[i + 1]);
    }
  g_unsetenv ("SOURCE_DATE_EPOCH");
  g_assert_no_error (error);
}

/* SQLite's journal holds patients' rows as well. */
static void
test_journal_mode (Fixture *fixture, gconstpointer data)
{
  g_autofree char *journal = fixture_file (fixture, "a.cohort-journal");
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = NULL;
  GStatBuf info;
  mode_t mask = umask (0);

  store = fixture_create (fixture);
  g_assert_true (ktm_store_begin (store, &error));
  g_assert_true (ktm_store_put_score (store, &(KtmScoreRecord) { 2, 0, 1, 1, 3 }, &error));
  g_assert_true (ktm_store_exec (store, "PRAGMA cache_spill = 1", &error));
  g_assert_cmpint (g_stat (journal, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  ktm_store_rollback (store);
  umask (mask);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/store/shared/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("stale", test_stale);
  ADD ("stale-undo", test_stale_undo);
  ADD ("one-moment", test_one_moment);
  ADD ("stale-import", test_stale_import);
  ADD ("deleted", test_deleted);
  ADD ("moved", test_moved);
  ADD ("replaced", test_replaced);
  ADD ("clock", test_clock);
  ADD ("journal-mode", test_journal_mode);
  return g_test_run ();
}
