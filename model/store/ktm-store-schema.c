/* model/store: GIO and sqlite3 only. */
#include <string.h>

#include "ktm-store-private.h"

/* Version 1.  Never edit a published step: add the next one.  Positions count from 0 without gaps.
 * Missing is an absent row or NULL.  Time is in the study's unit from the index event. */
static const char VERSION_1[] =
    "CREATE TABLE study ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  id TEXT NOT NULL CHECK (id <> ''),"
    "  title TEXT NOT NULL CHECK (title <> ''),"
    "  time_unit TEXT NOT NULL CHECK (time_unit IN ('minute', 'hour', 'day', 'week', 'month', "
    "'year')),"
    "  index_event TEXT NOT NULL,"
    "  provenance TEXT NOT NULL) STRICT;"
    "CREATE TABLE measure ("
    "  position INTEGER PRIMARY KEY CHECK (position >= 0),"
    "  id TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (id <> ''),"
    "  label TEXT NOT NULL CHECK (label <> ''),"
    "  unit TEXT,"
    "  min REAL,"
    "  max REAL CHECK (min IS NULL OR max IS NULL OR min < max),"
    "  lower_better INTEGER NOT NULL CHECK (lower_better IN (0, 1)),"
    "  mcid REAL CHECK (mcid IS NULL OR mcid > 0)) STRICT;"
    "CREATE TABLE visit ("
    "  position INTEGER PRIMARY KEY CHECK (position >= 0),"
    "  id TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (id <> ''),"
    "  label TEXT NOT NULL CHECK (label <> ''),"
    "  time REAL NOT NULL UNIQUE,"
    "  window_low REAL CHECK (window_low IS NULL OR window_low <= time),"
    "  window_high REAL CHECK (window_high IS NULL OR window_high >= time)) STRICT;"
    "CREATE TABLE attribute ("
    "  position INTEGER PRIMARY KEY CHECK (position >= 0),"
    "  id TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (id <> ''),"
    "  label TEXT NOT NULL CHECK (label <> ''),"
    "  unit TEXT,"
    "  kind TEXT NOT NULL CHECK (kind IN ('number', 'category', 'ordinal', 'yes-no', 'date'))) "
    "STRICT;"
    "CREATE TABLE attribute_level ("
    "  attribute INTEGER NOT NULL REFERENCES attribute,"
    "  position INTEGER NOT NULL CHECK (position >= 0),"
    "  label TEXT NOT NULL CHECK (label <> ''),"
    "  PRIMARY KEY (attribute, position), UNIQUE (attribute, label)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE patient ("
    "  id INTEGER PRIMARY KEY,"
    "  code TEXT NOT NULL UNIQUE CHECK (code <> ''),"
    "  index_date REAL,"
    "  centre TEXT,"
    "  arm TEXT,"
    "  included INTEGER NOT NULL CHECK (included IN (0, 1)),"
    "  exclusion_reason TEXT,"
    "  stop_time REAL,"
    "  stop_reason TEXT) STRICT;"
    "CREATE TABLE value ("
    "  patient INTEGER NOT NULL REFERENCES patient,"
    "  attribute INTEGER NOT NULL REFERENCES attribute,"
    "  value REAL NOT NULL,"
    "  PRIMARY KEY (patient, attribute)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE score ("
    "  patient INTEGER NOT NULL REFERENCES patient,"
    "  measure INTEGER NOT NULL REFERENCES measure,"
    "  visit INTEGER NOT NULL REFERENCES visit,"
    "  time REAL NOT NULL,"
    "  value REAL NOT NULL,"
    "  PRIMARY KEY (patient, measure, visit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE treatment ("
    "  patient INTEGER NOT NULL REFERENCES patient,"
    "  time REAL NOT NULL,"
    "  drug TEXT NOT NULL CHECK (drug <> ''),"
    "  route TEXT NOT NULL,"
    "  dose REAL CHECK (dose IS NULL OR dose >= 0),"
    "  dose_unit TEXT,"
    "  duration REAL CHECK (duration IS NULL OR duration >= 0),"
    "  duration_unit TEXT,"
    "  with_drug TEXT,"
    "  PRIMARY KEY (patient, time, drug, route)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE safety_visit ("
    "  patient INTEGER NOT NULL REFERENCES patient,"
    "  visit INTEGER NOT NULL REFERENCES visit,"
    "  time REAL NOT NULL,"
    "  any_event INTEGER NOT NULL CHECK (any_event IN (0, 1)),"
    "  PRIMARY KEY (patient, visit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE adverse_event ("
    "  patient INTEGER NOT NULL REFERENCES patient,"
    "  visit INTEGER REFERENCES visit,"
    "  time REAL NOT NULL,"
    "  term TEXT NOT NULL CHECK (term <> ''),"
    "  severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 3),"
    "  grade REAL CHECK (grade IS NULL OR grade BETWEEN 0 AND 5),"
    "  serious INTEGER CHECK (serious IS NULL OR serious IN (0, 1)),"
    "  related INTEGER NOT NULL CHECK (related BETWEEN 0 AND 3),"
    "  led_to_stop INTEGER CHECK (led_to_stop IS NULL OR led_to_stop IN (0, 1)),"
    "  resolved REAL,"
    "  PRIMARY KEY (patient, time, term, severity)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE study_arm ("
    "  id INTEGER PRIMARY KEY,"
    "  study TEXT NOT NULL CHECK (study <> ''),"
    "  arm TEXT NOT NULL,"
    "  year REAL, n REAL, mean REAL, sd REAL, events REAL, effect REAL, se REAL,"
    "  moderators TEXT,"
    "  UNIQUE (study, arm)) STRICT;"
    "CREATE TABLE document ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind TEXT NOT NULL CHECK (kind <> ''),"
    "  title TEXT NOT NULL CHECK (title <> ''),"
    "  json TEXT NOT NULL) STRICT;"
    "CREATE TABLE history ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  time TEXT NOT NULL,"
    "  what TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  before TEXT,"
    "  after TEXT,"
    "  change BLOB,"
    "  state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped'))) STRICT;";

/* Published studies of three kinds, with what papers print beside means and events. */
static const char VERSION_2[] =
    "ALTER TABLE study_arm ADD COLUMN kind TEXT NOT NULL DEFAULT 'trial'"
    "  CHECK (kind IN ('trial', 'single-arm', 'pooled'));"
    "ALTER TABLE study_arm ADD COLUMN measure TEXT"
    "  CHECK (measure IN ('md', 'smd', 'rr', 'or', 'rd'));"
    "ALTER TABLE study_arm ADD COLUMN low REAL;"
    "ALTER TABLE study_arm ADD COLUMN high REAL;"
    "ALTER TABLE study_arm ADD COLUMN correlation REAL CHECK (correlation BETWEEN -1 AND 1);"
    "ALTER TABLE study_arm ADD COLUMN included INTEGER NOT NULL DEFAULT 1"
    "  CHECK (included IN (0, 1));"
    "ALTER TABLE study_arm ADD COLUMN note TEXT;";

static const KtmStoreMigration MIGRATIONS[] = {
  { VERSION_1 },
  { VERSION_2 },
};

static const char *const TABLES[] = {
  "study",         "measure",   "visit",    "attribute", "attribute_level",
  "patient",       "value",     "score",    "treatment", "safety_visit",
  "adverse_event", "study_arm", "document", "history",   NULL,
};

/* The steps that lead from an empty file to the newest version, which is *n_steps. */
const KtmStoreMigration *
ktm_store_migrations (guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (MIGRATIONS);
  return MIGRATIONS;
}

/* Whether @table is one of the cohort file's own. */
gboolean
ktm_store_is_table (const char *table)
{
  return g_strv_contains (TABLES, table);
}

static gboolean
set_version (KtmStore *store, guint version, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %u", version);

  return ktm_store_exec (store, sql, error);
}

/* Runs the steps from version @from to @to in one transaction; nothing is left of a failed one. */
gboolean
ktm_store_migrate (KtmStore *store, const KtmStoreMigration *steps, guint from, guint to,
                   GError **error)
{
  if (!ktm_store_begin (store, error))
    return FALSE;
  for (guint i = from; i < to; i++)
    if (!ktm_store_exec (store, steps[i].sql, error))
      {
        ktm_store_rollback (store);
        return FALSE;
      }
  if (!set_version (store, to, error))
    {
      ktm_store_rollback (store);
      return FALSE;
    }
  return ktm_store_commit (store, error);
}

/* The tables of a new, empty file, and the marks that make it ours. */
gboolean
ktm_store_create_schema (KtmStore *store, const KtmStoreMigration *steps, guint n_steps,
                         GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d", KTM_STORE_APPLICATION_ID);

  return ktm_store_exec (store, mark, error) && ktm_store_migrate (store, steps, 0, n_steps, error);
}

static GHashTable *
read_schema (sqlite3 *db)
{
  g_autoptr (GHashTable) set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int status;

  if (sqlite3_prepare_v2 (db,
                          "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                          " WHERE name NOT IN ('sqlite_stat1', 'sqlite_stat4')",
                          -1, &stmt, NULL)
      != SQLITE_OK)
    return NULL;
  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      const char *sql = ktm_stmt_text (stmt, 3);

      g_hash_table_add (set, g_strjoin ("\n", ktm_stmt_text (stmt, 0), ktm_stmt_text (stmt, 1),
                                        ktm_stmt_text (stmt, 2), sql != NULL ? sql : "", NULL));
    }
  return status == SQLITE_DONE ? g_steal_pointer (&set) : NULL;
}

static GHashTable *
expected_schema (const KtmStoreMigration *steps, guint version)
{
  sqlite3 *db = NULL;
  GHashTable *set = NULL;
  gboolean ok = sqlite3_open (":memory:", &db) == SQLITE_OK;

  for (guint i = 0; ok && i < version; i++)
    ok = sqlite3_exec (db, steps[i].sql, NULL, NULL, NULL) == SQLITE_OK;
  if (ok)
    set = read_schema (db);
  sqlite3_close (db);
  return set;
}

/* Refuses a file whose tables, indices, views or triggers are not exactly those the steps up to
 * @version make: a foreign trigger or view could run inside our own statements. */
gboolean
ktm_store_check_schema (KtmStore *store, const KtmStoreMigration *steps, guint version,
                        GError **error)
{
  g_autoptr (GHashTable) want = expected_schema (steps, version);
  g_autoptr (GHashTable) have = read_schema (store->db);
  GHashTableIter iter;
  gpointer key;

  if (have == NULL || want == NULL)
    {
      ktm_store_set_error (error, store->db, store->name);
      return FALSE;
    }
  if (g_hash_table_size (have) == g_hash_table_size (want))
    {
      g_hash_table_iter_init (&iter, want);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        if (!g_hash_table_remove (have, key))
          break;
      if (g_hash_table_size (have) == 0)
        return TRUE;
    }
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_DAMAGED,
               _("“%s” was changed by another program: its tables are not those of a cohort file. "
                  "Open a backup of it."),
               store->name);
  return FALSE;
}
