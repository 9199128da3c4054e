/* Creating, opening, every refusal (with the file byte-identical afterwards), copies and
 * migrations. */
#define _GNU_SOURCE
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktm-store-private.h"
#include "ktm-store-scan.h"
#include "store-fixture.h"

#define ADD(name, func)                                                                            \
  g_test_add ("/store/open/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
assert_private (const char *path)
{
  GStatBuf stat_buf;

  g_assert_cmpint (g_stat (path, &stat_buf), ==, 0);
  g_assert_cmpint (stat_buf.st_mode & 0777, ==, 0600);
}

/* The message is one sentence for people: it names the file, not its folder, and no SQL. */
static void
assert_message (Fixture *fixture, const GError *error)
{
  g_assert_null (strstr (error->message, fixture->folder));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (strstr (error->message, "SQL"));
}

/* Opened for reading, for writing, and by who looks at the big tables while reading them. */
static gboolean
is_opened (const char *path, guint how, GError **error)
{
  g_autoptr (KtmStore) store =
      how == 2 ? ktm_store_open_to_scan (path, FALSE, error) : ktm_store_open (path, how, error);

  return store != NULL && (how < 2 || ktm_store_scan (store, NULL, NULL, NULL, NULL, error));
}

static void
assert_refused (Fixture *fixture, KtmStoreError code)
{
  g_autofree char *before = fixture_checksum (fixture->path);
  guint n_files = fixture_count_files (fixture);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;

      g_assert_false (is_opened (fixture->path, i, &error));
      g_assert_error (error, KTM_STORE_ERROR, (int) code);
      g_test_message ("%s", error->message);
      assert_message (fixture, error);
      after = fixture_checksum (fixture->path);
      g_assert_cmpstr (before, ==, after);
      g_assert_cmpuint (fixture_count_files (fixture), ==, n_files);
    }
}

static void
make (Fixture *fixture)
{
  ktm_store_close (fixture_create (fixture));
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  mode_t mask = umask (0);
  g_autoptr (KtmStore) store = fixture_create (fixture);

  umask (mask);
  assert_private (fixture->path);
  g_assert_cmpstr (ktm_store_get_path (store), ==, fixture->path);
  g_assert_false (ktm_store_get_read_only (store));
  g_assert_null (ktm_store_create (fixture->path, "Other", &error));
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS);
  assert_message (fixture, error);
}

static void
test_create_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "none", "a.cohort", NULL);
  g_autoptr (GError) folder = NULL, title = NULL, text = NULL;

  g_assert_null (ktm_store_create (nowhere, "A", &folder));
  g_assert_error (folder, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND);
  g_assert_null (ktm_store_create (fixture->path, "", &title));
  g_assert_error (title, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_assert_null (ktm_store_create (fixture->path, "caf\xe9", &text));
  g_assert_error (text, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 0);
}

static void
test_reopen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store;

  make (fixture);
  for (guint read_only = 0; read_only < 2; read_only++)
    {
      store = ktm_store_open (fixture->path, read_only == 1, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ktm_store_get_read_only (store), ==, read_only);
      g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
      ktm_store_close (store);
    }
  g_assert_cmpuint (fixture_count_files (fixture), ==, 1);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, KTM_STORE_ERROR_NOT_FOUND);
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
}

static void
write_bytes (Fixture *fixture, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  write_bytes (fixture, "", 0);
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "patient_id,visit,nrs\nK001,M0,8\nK001,M1,6\n";
  char noise[4096];

  write_bytes (fixture, text, strlen (text));
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] = (char) (i * i * 31 + 7);
  write_bytes (fixture, noise, sizeof noise);
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
  write_bytes (fixture, "SQLite format 3", 16);
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  fixture_exec (
      fixture->path,
      "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT); PRAGMA user_version = 9");
  assert_refused (fixture, KTM_STORE_ERROR_NOT_A_COHORT);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  make (fixture);
  fixture_exec (fixture->path, "PRAGMA user_version = 7; CREATE TABLE later (x)");
  assert_refused (fixture, KTM_STORE_ERROR_NEWER);
}

static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  make (fixture);
  fixture_exec (fixture->path, "PRAGMA user_version = 0");
  assert_refused (fixture, KTM_STORE_ERROR_DAMAGED);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  GStatBuf stat_buf;

  make (fixture);
  g_stat (fixture->path, &stat_buf);
  for (guint part = 1; part < 10; part++)
    {
      g_assert_cmpint (truncate (fixture->path, stat_buf.st_size * (10 - part) / 10), ==, 0);
      assert_refused (fixture, KTM_STORE_ERROR_DAMAGED);
    }
}

/* Whatever is overwritten, the file is refused or opens; it is never written to. */
static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *good = NULL;
  gsize length;
  guint n_refused = 0;

  make (fixture);
  g_file_get_contents (fixture->path, &good, &length, NULL);
  for (gsize at = 100; at + 64 < length; at += 997)
    {
      g_autofree char *bad = g_memdup2 (good, length);
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;
      KtmStore *store;

      memset (bad + at, 0xa5, 64);
      write_bytes (fixture, bad, length);
      before = fixture_checksum (fixture->path);
      store = ktm_store_open (fixture->path, FALSE, &error);
      n_refused += store == NULL;
      g_assert_true ((store == NULL) == (error != NULL));
      ktm_store_close (store);
      after = fixture_checksum (fixture->path);
      g_assert_cmpstr (before, ==, after);
    }
  g_assert_cmpuint (n_refused, >, 3);
}

static void
test_foreign_schema (Fixture *fixture, gconstpointer data)
{
  static const char *const additions[] = {
    "CREATE TRIGGER t AFTER INSERT ON score BEGIN DELETE FROM patient; END",
    "CREATE VIEW v AS SELECT * FROM patient",
    "CREATE TABLE extra (x)",
    "CREATE INDEX i ON score (value)",
    "DROP TABLE document",
    "ALTER TABLE patient ADD COLUMN name TEXT",
  };

  for (guint i = 0; i < G_N_ELEMENTS (additions); i++)
    {
      make (fixture);
      fixture_exec (fixture->path, additions[i]);
      assert_refused (fixture, KTM_STORE_ERROR_DAMAGED);
      g_unlink (fixture->path);
    }
}

/* Rules that another program may have broken. */
static void
test_broken_rules (Fixture *fixture, gconstpointer data)
{
  static const char *const changes[] = {
    "UPDATE score SET value = 99 WHERE measure = 0 AND visit = 1",
    "UPDATE score SET value = -1 WHERE measure = 0 AND visit = 1",
    "UPDATE score SET value = 9e999 WHERE measure = 0 AND visit = 1",
    "UPDATE score SET measure = 17 WHERE visit = 1",
    "UPDATE score SET visit = 17 WHERE visit = 1",
    "DELETE FROM patient WHERE code = 'K1'",
    "UPDATE value SET value = 3 WHERE attribute = 2",
    "UPDATE value SET value = 0.5 WHERE attribute = 2",
    "UPDATE value SET attribute = -2 WHERE attribute = 2",
    "UPDATE safety_visit SET visit = 40",
    "UPDATE measure SET position = 12 WHERE id = 'sf12'",
    "DELETE FROM attribute_level WHERE position = 0",
    "INSERT INTO attribute_level VALUES (44, 0, 'x')",
    "DELETE FROM study",
    "UPDATE patient SET code = CAST(x'ff41' AS TEXT) WHERE code = 'K1'",
    "UPDATE patient SET code = 'a' || char(0) || 'b' WHERE code = 'K1'",
    "INSERT INTO treatment (patient, time, drug, route) VALUES (900, 0, 'ketamine', '')",
    "PRAGMA ignore_check_constraints = ON; UPDATE patient SET included = 7",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      make (fixture);
      fixture_exec (fixture->path, changes[i]);
      g_test_message ("%s", changes[i]);
      assert_refused (fixture, KTM_STORE_ERROR_DAMAGED);
      g_unlink (fixture->path);
    }
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, write_error = NULL;
  sqlite3 *db = NULL;
  KtmStore *store;

  make (fixture);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_null (ktm_store_open (fixture->path, FALSE, &error));
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY);
  assert_message (fixture, error);
  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  g_clear_error (&error);
  store = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (ktm_store_set_title (store, "New", &write_error));
  g_assert_error (write_error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY);
  sqlite3_close (db);
  ktm_store_set_title (store, "New", &error);
  g_assert_no_error (error);
  ktm_store_close (store);
}

/* root may write anywhere: become somebody else for the length of a call. */
static void
drop_rights (gboolean drop)
{
  static gboolean was_root;

  if (drop && geteuid () == 0)
    {
      was_root = TRUE;
      g_assert_cmpint (setresuid (65534, 65534, 0), ==, 0);
    }
  else if (!drop && was_root)
    g_assert_cmpint (setresuid (0, 0, 0), ==, 0);
}

static void
open_read_only (Fixture *fixture)
{
  g_autoptr (GError) error = NULL, write_error = NULL;
  g_autofree char *before = fixture_checksum (fixture->path);
  g_autofree char *after = NULL;
  KtmStore *store;

  drop_rights (TRUE);
  store = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (ktm_store_get_read_only (store));
  g_assert_cmpint (ktm_store_count (store, "patient", &error), ==, 3);
  g_assert_false (ktm_store_set_title (store, "New", &write_error));
  g_assert_error (write_error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
  g_assert_null (ktm_store_get_undo (store));
  ktm_store_close (store);
  drop_rights (FALSE);
  after = fixture_checksum (fixture->path);
  g_assert_cmpstr (before, ==, after);
}

static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  make (fixture);
  g_chmod (fixture->folder, 0777);
  g_chmod (fixture->path, 0444);
  open_read_only (fixture);
}

static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *other = fixture_file (fixture, "b.cohort");

  make (fixture);
  g_chmod (fixture->path, 0666);
  g_chmod (fixture->folder, 0555);
  open_read_only (fixture);
  drop_rights (TRUE);
  g_assert_null (ktm_store_create (other, "B", &error));
  drop_rights (FALSE);
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
  assert_message (fixture, error);
  g_chmod (fixture->folder, 0755);
}

static void
test_no_right_to_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make (fixture);
  g_chmod (fixture->folder, 0755);
  g_chmod (fixture->path, 0000);
  drop_rights (TRUE);
  g_assert_null (ktm_store_open (fixture->path, TRUE, &error));
  drop_rights (FALSE);
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
  assert_message (fixture, error);
}

/* Copies a file with its hot journal, as a crash leaves them. */
static void
make_hot (Fixture *fixture)
{
  g_autofree char *source = fixture_file (fixture, "source.cohort");
  g_autofree char *source_journal = fixture_file (fixture, "source.cohort-journal");
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autofree char *bytes = NULL, *journal_bytes = NULL;
  gsize n_bytes, n_journal_bytes;
  sqlite3 *db = NULL;

  make (fixture);
  g_assert_cmpint (g_rename (fixture->path, source), ==, 0);
  g_assert_cmpint (sqlite3_open (source, &db), ==, SQLITE_OK);
  /* A tiny cache spills half-done changes into the file. */
  g_assert_cmpint (
      sqlite3_exec (
          db,
          "PRAGMA cache_size = 1; BEGIN; DELETE FROM score; UPDATE patient SET code = code || 'x';"
          "WITH RECURSIVE c(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM c WHERE x < 3000)"
          "INSERT INTO patient (id, code, included) SELECT x, 'P' || x, 1 FROM c",
          NULL, NULL, NULL),
      ==, SQLITE_OK);
  g_assert_true (g_file_get_contents (source, &bytes, &n_bytes, NULL));
  g_assert_true (g_file_get_contents (source_journal, &journal_bytes, &n_journal_bytes, NULL));
  g_file_set_contents (fixture->path, bytes, (gssize) n_bytes, NULL);
  g_file_set_contents (journal, journal_bytes, (gssize) n_journal_bytes, NULL);
  sqlite3_close (db);
}

static void
test_hot_journal (Fixture *fixture, gconstpointer data)
{
  for (guint read_only = 0; read_only < 2; read_only++)
    {
      g_autoptr (GError) error = NULL;
      KtmStore *store;

      make_hot (fixture);
      store = ktm_store_open (fixture->path, read_only == 1, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ktm_store_count (store, "patient", &error), ==, 3);
      g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
      g_assert_cmpint (ktm_store_get_read_only (store), ==, read_only);
      ktm_store_close (store);
      g_unlink (fixture->path);
    }
}

static void
test_hot_journal_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autofree char *before = NULL, *after = NULL;

  make_hot (fixture);
  g_chmod (fixture->path, 0444);
  g_chmod (journal, 0444);
  g_chmod (fixture->folder, 0555);
  before = fixture_checksum (fixture->path);
  drop_rights (TRUE);
  g_assert_null (ktm_store_open (fixture->path, FALSE, &error));
  drop_rights (FALSE);
  after = fixture_checksum (fixture->path);
  g_assert_cmpstr (before, ==, after);
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, "a.cohort-journal"));
  assert_message (fixture, error);
  g_chmod (fixture->folder, 0755);
}

static void
test_wal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store;

  make (fixture);
  fixture_exec (fixture->path, "PRAGMA journal_mode = WAL");
  store = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  ktm_store_set_title (store, "New", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 1);
  ktm_store_close (store);
}

static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, write_error = NULL, garbage_error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *copy = fixture_file (fixture, "b.cohort");
  g_autoptr (GBytes) bytes = NULL, garbage = g_bytes_new_static ("no cohort", 9);
  KtmStore *store;
  gsize length;

  make (fixture);
  g_file_get_contents (fixture->path, &contents, &length, NULL);
  bytes = g_bytes_new (contents, length);
  store = ktm_store_open_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_null (ktm_store_get_path (store));
  g_assert_true (ktm_store_get_read_only (store));
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  g_assert_false (ktm_store_set_title (store, "New", &write_error));
  g_assert_error (write_error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
  ktm_store_save_copy (store, copy, &error);
  g_assert_no_error (error);
  ktm_store_close (store);
  g_assert_cmpmem (contents, length, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  store = ktm_store_open (copy, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  ktm_store_close (store);
  g_assert_null (ktm_store_open_bytes (garbage, &garbage_error));
  g_assert_error (garbage_error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_A_COHORT);
}

static void
test_save_copy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, self_error = NULL, folder_error = NULL, busy_error = NULL,
                     used_error = NULL;
  g_autofree char *copy = fixture_file (fixture, "b.cohort");
  g_autofree char *journal = fixture_file (fixture, "c.cohort-journal");
  g_autofree char *used = fixture_file (fixture, "c.cohort");
  g_autofree char *nowhere = g_build_filename (fixture->folder, "none", "b.cohort", NULL);
  g_autoptr (KtmStore) store = fixture_create (fixture);
  mode_t mask = umask (0);

  g_file_set_contents (copy, "old", 3, NULL);
  ktm_store_save_copy (store, copy, &error);
  umask (mask);
  g_assert_no_error (error);
  assert_private (copy);
  g_assert_false (ktm_store_save_copy (store, fixture->path, &self_error));
  g_assert_error (self_error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS);
  g_assert_false (ktm_store_save_copy (store, nowhere, &folder_error));
  g_assert_error (folder_error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND);
  g_file_set_contents (journal, "x", 1, NULL);
  g_assert_false (ktm_store_save_copy (store, used, &used_error));
  g_assert_error (used_error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY);
  ktm_store_begin (store, NULL);
  g_assert_false (ktm_store_save_copy (store, copy, &busy_error));
  g_assert_error (busy_error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY);
  ktm_store_rollback (store);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 3);
}

/* Two versions as they may come one day after the real ones; how many there are. */
static guint
list_of_more (KtmStoreMigration *steps, const char *last)
{
  guint n;
  const KtmStoreMigration *real = ktm_store_migrations (&n);

  memcpy (steps, real, n * sizeof *steps);
  steps[n].sql =
      "ALTER TABLE patient ADD COLUMN cluster TEXT; UPDATE patient SET cluster = centre;";
  steps[n + 1].sql = last;
  return n + 2;
}

static void
test_migrate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, older_error = NULL;
  g_autofree char *name = NULL, *backup = NULL;
  KtmStoreMigration steps[20];
  KtmStore *store;
  guint n;

  n = list_of_more (steps, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
  name = g_strdup_printf ("a.before-version-%u.cohort", n);
  backup = fixture_file (fixture, name);
  make (fixture);
  store = ktm_store_open_with (fixture->path, FALSE, steps, n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      ktm_store_get_int (store, "SELECT count(*) FROM patient WHERE cluster = 'C24'", &error), ==,
      3);
  g_assert_cmpint (ktm_store_get_int (store, "PRAGMA user_version", &error), ==, n);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  ktm_store_close (store);
  assert_private (backup);
  store = ktm_store_open (backup, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  ktm_store_close (store);
  g_assert_null (ktm_store_open (fixture->path, FALSE, &older_error));
  g_assert_error (older_error, KTM_STORE_ERROR, KTM_STORE_ERROR_NEWER);
  /* Opened again, it is not migrated again. */
  store = ktm_store_open_with (fixture->path, FALSE, steps, n, &error);
  g_assert_no_error (error);
  ktm_store_close (store);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 2);
}

static void
test_migrate_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, read_only_error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  KtmStoreMigration steps[20];
  guint n;

  n = list_of_more (steps, "CREATE TABLE study (x)");
  make (fixture);
  before = fixture_checksum (fixture->path);
  g_assert_null (ktm_store_open_with (fixture->path, FALSE, steps, n, &error));
  g_assert_nonnull (error);
  after = fixture_checksum (fixture->path);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (ktm_store_open_with (fixture->path, TRUE, steps, n - 1, &read_only_error));
  g_assert_error (read_only_error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY);
}

/* A file as the program wrote it when @version was the newest. */
static void
make_old (Fixture *fixture, guint version, const char *sql)
{
  guint n;
  const KtmStoreMigration *steps = ktm_store_migrations (&n);
  g_autoptr (GString) all = g_string_new (NULL);

  g_string_printf (all, "PRAGMA application_id = %d; PRAGMA user_version = %u;",
                   KTM_STORE_APPLICATION_ID, version);
  for (guint i = 0; i < version; i++)
    g_string_append (all, steps[i].sql);
  g_string_append (all,
                   "INSERT INTO study VALUES (1, 'id', 'Old', 'month', 'first ketamine', '');"
                   "INSERT INTO patient (code, included) VALUES ('K1', 1), ('K2', 1);"
                   "INSERT INTO measure VALUES (0, 'nrs', 'NRS', 'points', 0, 10, 1, 2);"
                   "INSERT INTO visit VALUES (0, 'm0', 'M0', 0, NULL, NULL);"
                   "INSERT INTO score VALUES (1, 0, 0, 0, 7), (2, 0, 0, 0, 5);");
  g_string_append (all, sql);
  g_unlink (fixture->path);
  fixture_exec (fixture->path, all->str);
}

/* Every version there ever was opens, keeps what it holds and is sound afterwards. */
static void
test_old_versions (Fixture *fixture, gconstpointer data)
{
  guint newest;

  ktm_store_migrations (&newest);
  for (guint version = 1; version < newest; version++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *backup = NULL,
                      *name = g_strdup_printf ("a.before-version-%u.cohort", newest);
      KtmStore *store;

      make_old (fixture, version,
                "INSERT INTO study_arm (study, arm, n, events) VALUES ('Kim', 'a', 20, 4)");
      store = ktm_store_open (fixture->path, FALSE, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ktm_store_get_int (store, "PRAGMA user_version", &error), ==, newest);
      g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 2);
      g_assert_true (ktm_store_check_contents (store, &error));
      ktm_store_close (store);
      backup = fixture_file (fixture, name);
      assert_private (backup);
      g_unlink (backup);
    }
  make_old (fixture, 1, "INSERT INTO study_arm (study, arm, n, events) VALUES ('Kim', 'a', 2, 4)");
  assert_refused (fixture, KTM_STORE_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("create", test_create);
  ADD ("create-refused", test_create_refused);
  ADD ("reopen", test_reopen);
  ADD ("missing", test_missing);
  ADD ("folder", test_folder);
  ADD ("empty", test_empty);
  ADD ("garbage", test_garbage);
  ADD ("foreign", test_foreign);
  ADD ("newer", test_newer);
  ADD ("unfinished", test_unfinished);
  ADD ("truncated", test_truncated);
  ADD ("corrupt", test_corrupt);
  ADD ("foreign-schema", test_foreign_schema);
  ADD ("broken-rules", test_broken_rules);
  ADD ("locked", test_locked);
  ADD ("read-only-file", test_read_only_file);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("no-right-to-read", test_no_right_to_read);
  ADD ("hot-journal", test_hot_journal);
  ADD ("hot-journal-read-only", test_hot_journal_read_only);
  ADD ("wal", test_wal);
  ADD ("bytes", test_bytes);
  ADD ("save-copy", test_save_copy);
  ADD ("migrate", test_migrate);
  ADD ("migrate-fails", test_migrate_fails);
  ADD ("old-versions", test_old_versions);
  return g_test_run ();
}
