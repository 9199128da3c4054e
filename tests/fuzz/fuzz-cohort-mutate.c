/* How a hostile cohort file is made: SQL that our own connections would not allow, a page laid over
 * another, a cut, or libFuzzer's bytes. */
#include "fuzz.h"

#include <sqlite3.h>
#include <string.h>

static const char *const tables[] = {
  "study", "measure", "visit", "attribute", "attribute_level", "patient", "value", "score",
  "treatment", "safety_visit", "adverse_event", "study_arm", "document", "history",
};

static const char *const columns[] = {
  "one", "id", "title", "time_unit", "index_event", "provenance", "position", "label", "unit",
  "min", "max", "lower_better", "mcid", "time", "window_low", "window_high", "kind", "attribute",
  "code", "index_date", "centre", "arm", "included", "exclusion_reason", "stop_time", "stop_reason",
  "patient", "value", "measure", "visit", "drug", "route", "dose", "dose_unit", "duration",
  "with_drug", "any_event", "term", "severity", "grade", "serious", "related", "led_to_stop",
  "resolved", "study", "year", "n", "mean", "sd", "moderators", "json", "what", "subject", "before",
  "change", "state",
};

static const char *const values[] = {
  "NULL",
  "0",
  "1",
  "-1",
  "2",
  "7",
  "1e308",
  "-1e308",
  "9e999",
  "-9e999",
  "1e9",
  "0.5",
  "''",
  "'x'",
  "x'ff00'",
  "zeroblob(70000)",
  "9223372036854775807",
  "-9223372036854775808",
  "4294967295",
  "2147483648",
  "char(0)",
  "cast(x'c328' as text)",
  "'é' || char(10) || '%s%n'",
  "printf('%.*c', 9000, 'a')",
  "'{\"codes\": [\"K1\"], \"where\": [\"age > 3\"]}'",
  "'{{{{'",
  "'done'",
  "'undone'",
  "'group'",
  "randomblob(40)",
  "(SELECT change FROM history LIMIT 1)",
  "'minute'",
  "'category'",
  "'yes-no'",
};

static const char *const statements[] = {
  "CREATE TRIGGER t AFTER INSERT ON score BEGIN DELETE FROM patient; END",
  "CREATE TRIGGER u AFTER UPDATE ON study BEGIN DELETE FROM score; END",
  "CREATE VIEW v AS SELECT * FROM patient",
  "CREATE TABLE extra (x)",
  "CREATE INDEX i ON score (value)",
  "CREATE INDEX j ON patient (code) WHERE randomblob(9) IS NULL",
  "CREATE TABLE g (a, b AS (a || load_extension('x')))",
  "ALTER TABLE patient ADD COLUMN name TEXT",
  "DROP TABLE document",
  "PRAGMA user_version = 0",
  "PRAGMA user_version = 2",
  "PRAGMA user_version = -1",
  "PRAGMA application_id = 7",
  "PRAGMA auto_vacuum = 1; VACUUM",
  "PRAGMA page_size = 1024; VACUUM",
  "PRAGMA encoding = 'UTF-16'",
  "PRAGMA schema_version = 900",
  "ANALYZE",
  "VACUUM",
  "DELETE FROM history",
  "DELETE FROM study",
  "UPDATE sqlite_schema SET rootpage = rootpage + 1 WHERE name = 'score'",
  "UPDATE sqlite_schema SET rootpage = 2 WHERE type = 'table'",
  "UPDATE sqlite_schema SET sql = replace (sql, 'STRICT', '') WHERE name = 'patient'",
  "UPDATE sqlite_schema SET sql = 'CREATE TABLE score (x)' WHERE name = 'score'",
  "UPDATE sqlite_schema SET type = 'view', rootpage = 0, sql = 'CREATE VIEW value AS SELECT 1' "
  "WHERE name = 'value'",
  "DELETE FROM sqlite_schema WHERE type = 'index'",
  "UPDATE sqlite_sequence SET seq = 9223372036854775807",
  "INSERT INTO patient (code, included) SELECT 'Z' || id, 1 FROM patient",
  "INSERT INTO history (time, what, subject, change, state) VALUES ('', 'import', '', "
  "randomblob(60), "
  "'done')",
  "INSERT INTO history (time, what, subject, change, state) SELECT time, what, subject, change, "
  "'undone' FROM history",
  "UPDATE patient SET code = upper(code) || ' '",
};

#define PICK(list) list[g_rand_int_range (rand, 0, (gint32) G_N_ELEMENTS (list))]

static char *
random_sql (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0: return g_strdup (PICK (statements));
    case 1: return g_strdup_printf ("DELETE FROM %s WHERE rowid %% 2", PICK (tables));
    default:
      return g_strdup_printf ("UPDATE %s SET %s = %s%s", PICK (tables), PICK (columns),
                              PICK (values),
                              g_rand_boolean (rand) ? " WHERE random() % 2 = 0" : "");
    }
}

static size_t
mutate_sql (uint8_t *data, size_t size, size_t max_size, GRand *rand)
{
  sqlite3 *db = NULL;
  sqlite3_int64 n = 0;
  guint8 *bytes = sqlite3_malloc64 (size + 1), *out;
  guint n_steps = (guint) g_rand_int_range (rand, 1, 4);

  memcpy (bytes, data, size);
  sqlite3_open (":memory:", &db);
  sqlite3_deserialize (db, "main", bytes, (gint64) size, (gint64) size,
                       SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  sqlite3_exec (db,
                "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON;"
                "PRAGMA foreign_keys = OFF",
                NULL, NULL, NULL);
  for (guint i = 0; i < n_steps; i++)
    {
      g_autofree char *sql = NULL;

      for (guint attempt = 0; attempt < 20; attempt++)  /* most columns are of another table */
        {
          g_free (sql);
          sql = random_sql (rand);
          if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
            break;
        }
    }
  out = sqlite3_serialize (db, "main", &n, 0);
  if (out != NULL && n > 0 && (size_t) n <= max_size)
    memcpy (data, out, (size_t) n);
  else
    n = 0;
  sqlite3_free (out);
  sqlite3_close (db);
  return (size_t) n;
}

static size_t
mutate_pages (uint8_t *data, size_t size, GRand *rand)
{
  size_t page = size > 18 ? (size_t) data[16] << 8 | data[17] : 512, n;

  if (page < 512 || (page & (page - 1)) != 0)
    page = 512;
  n = size / page;
  if (n < 2)
    return size;
  if (g_rand_int_range (rand, 0, 4) == 0)
    return size - (size_t) g_rand_int_range (rand, 1, (gint32) size);
  memmove (data + page * (size_t) g_rand_int_range (rand, 0, (gint32) n),
           data + page * (size_t) g_rand_int_range (rand, 0, (gint32) n), page);
  return size;
}

size_t
LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gint32 how = g_rand_int_range (rand, 0, 10);
  size_t n = 0;

  if (how < 6)
    n = mutate_sql (data, size, max_size, rand);
  else if (how < 7)
    n = mutate_pages (data, size, rand);
  return n > 0 ? n : LLVMFuzzerMutate (data, size, max_size);
}
