#include "store-deeds.h"

#include <glib/gstdio.h>
#include <string.h>

#include "ktm-share.h"
#include "ktm-store-private.h"

/* --- what is done ----------------------------------------------------------------------------- */

static KtmImport *
read_tables (const char *into, guint n_rows)
{
  g_autoptr (GString) text = g_string_new ("patient_id,month,nrs,age\nK1,3,4,50\n");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  KtmImport *import = ktm_import_new ();

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (text, "N%u,%u,%u,%u\n", i / 2, i % 2, (i * 7) % 11, 20 + i / 2 % 60);
  bytes = g_bytes_new (text->str, text->len);
  ktm_import_add_source (import, ktm_source_new_bytes ("scores.csv", bytes, &error));
  if (into != NULL)
    {
      g_autoptr (KtmStore) store = ktm_store_open (into, TRUE, &error);

      g_assert_true (ktm_import_read_cohort (import, store, &error));
    }
  ktm_import_propose (import, NULL, &error);
  ktm_import_leave_all_out (import);
  ktm_import_check (import, NULL, &error);
  g_assert_no_error (error);
  return import;
}

static void
prepare_import (Run *run)
{
  run->import = read_tables (run->fixture->path, run->n_rows);
}

static void
prepare_import_new (Run *run)
{
  run->import = read_tables (NULL, run->n_rows);
}

static gboolean
import (Run *run, GError **error)
{
  return ktm_import_commit_path (run->import, run->fixture->path, NULL, error);
}

static gboolean
import_new (Run *run, GError **error)
{
  return ktm_import_commit_path (run->import, run->copy, NULL, error);
}

static gboolean
edit (Run *run, GError **error)
{
  g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, error);

  return store != NULL && ktm_store_set_included (store, 2, FALSE, "moved away", error);
}

static gboolean
save_document (Run *run, GError **error)
{
  g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, error);

  return store != NULL
         && ktm_store_put_document (store, 0, "group", "Some", "{\"codes\": [\"K1\"]}", error) > 0;
}

static gboolean
undo (Run *run, GError **error)
{
  g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, error);

  return store != NULL && ktm_store_undo (store, error);
}

static void
before_undo (Run *run)
{
  g_assert_true (edit (run, NULL));
}

/* To one version after the newest. */
static gboolean
migrate (Run *run, GError **error)
{
  guint n;
  const KtmStoreMigration *known = ktm_store_migrations (&n);
  g_autofree KtmStoreMigration *steps = g_new0 (KtmStoreMigration, n + 1);
  g_autoptr (KtmStore) store = NULL;

  for (guint i = 0; i < n; i++)
    steps[i] = known[i];
  steps[n].sql =
      "ALTER TABLE patient ADD COLUMN cluster TEXT; UPDATE patient SET cluster = centre;";
  store = ktm_store_open_with (run->fixture->path, FALSE, steps, n + 1, error);
  return store != NULL;
}

static gboolean
copy (Run *run, GError **error)
{
  g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, error);

  return store != NULL && ktm_store_save_copy (store, run->copy, error);
}

static gboolean
share (Run *run, GError **error)
{
  const KtmShareOptions options = { .has_seed = TRUE, .seed = 1 };
  g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, error);
  g_autoptr (KtmShare) share = store != NULL ? ktm_share_new (store, &options, error) : NULL;

  return share != NULL && ktm_share_write (share, run->copy, error);
}

static gboolean
create (Run *run, GError **error)
{
  g_autoptr (KtmStore) store = ktm_store_create (run->copy, "New", error);

  return store != NULL;
}

const Deed deeds[N_DEEDS] = {
  { "import", NULL, prepare_import, import, FALSE },
  { "import-new", NULL, prepare_import_new, import_new, TRUE },
  { "edit", NULL, NULL, edit, FALSE },
  { "document", NULL, NULL, save_document, FALSE },
  { "undo", before_undo, NULL, undo, FALSE },
  { "migrate", NULL, NULL, migrate, FALSE },
  { "copy", NULL, NULL, copy, TRUE },
  { "share", NULL, NULL, share, TRUE },
  { "create", NULL, NULL, create, TRUE },
};

/* --- what the file holds ---------------------------------------------------------------------- */

static void
add_rows (GChecksum *sum, sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (stmt); i++)
      {
        const char *text = (const char *) sqlite3_column_text (stmt, i);

        g_checksum_update (sum, (const guchar *) (text != NULL ? text : "-"), -1);
        g_checksum_update (sum, (const guchar *) "|", 1);
      }
  sqlite3_finalize (stmt);
}

char *
deed_contents (const char *path)
{
  static const char *const tables[] = { "measure",         "visit",         "attribute",
                                        "attribute_level", "patient",       "value",
                                        "score",           "treatment",     "document",
                                        "safety_visit",    "adverse_event", "study_arm" };
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  add_rows (sum, db, "PRAGMA integrity_check");
  add_rows (sum, db, "PRAGMA user_version");
  add_rows (sum, db, "SELECT title, time_unit, index_event, provenance FROM study");
  add_rows (sum, db, "SELECT id, what, subject, before, after, state FROM history");
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", tables[i]);

      add_rows (sum, db, sql);
    }
  sqlite3_close (db);
  return g_strdup (g_checksum_get_string (sum));
}

void
deed_check_files (Run *run, gboolean more)
{
  g_autoptr (GDir) dir = g_dir_open (run->fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_equal (name, "a.cohort")
        && !(more && (g_str_equal (name, "b.cohort") || strstr (name, ".before-version-") != NULL)))
      g_error ("%s stays behind", name);
}

/* --- scenes ----------------------------------------------------------------------------------- */

void
run_init (Run *run, Fixture *fixture, guint n_rows)
{
  *run = (Run) { fixture, NULL, fixture_file (fixture, "b.cohort"), n_rows };
}

void
run_clear (Run *run)
{
  g_clear_pointer (&run->import, ktm_import_free);
  g_free (run->copy);
}

void
scene_reset (const Scene *scene, Run *run)
{
  g_autoptr (GDir) dir = g_dir_open (run->fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (run->fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_true (
      g_file_set_contents (run->fixture->path, scene->bytes, (gssize) scene->size, NULL));
  if (scene->deed->prepare != NULL && run->import == NULL)
    scene->deed->prepare (run);
}

void
scene_init (Scene *scene, const Deed *deed, Run *run)
{
  g_autoptr (GError) error = NULL;

  scene->deed = deed;
  ktm_store_close (fixture_create (run->fixture));
  if (deed->before != NULL)
    deed->before (run);
  g_assert_true (g_file_get_contents (run->fixture->path, &scene->bytes, &scene->size, NULL));
  scene_reset (scene, run);
  scene->before = deed_contents (run->fixture->path);
  g_assert_true (deed->act (run, &error));
  g_assert_no_error (error);
  scene->after = deed_contents (deed->makes_file ? run->copy : run->fixture->path);
}

void
scene_clear (Scene *scene)
{
  g_free (scene->bytes);
  g_free (scene->before);
  g_free (scene->after);
}
