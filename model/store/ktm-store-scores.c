/* model/store: GIO and sqlite3 only.  Scores, and visits at which harms were asked about. */
#include <math.h>

#include "ktm-store-private.h"

/* A score; a missing one has no row.
 *
 * @record: measure and visit by position; time exact, in the study's unit from the index event
 *
 * Errors: INVALID (outside the scale, not finite, unknown patient, measure or visit), READ_ONLY,
 * BUSY, FULL. */
gboolean
ktm_store_put_score (KtmStore *store, const KtmScoreRecord *record, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  sqlite3_stmt *stmt;

  if (rules == NULL
      || !ktm_store_rules_check_score (rules, record->measure, record->visit, record->time,
                                       record->value, error))
    return FALSE;
  stmt = ktm_store_cached (store, KTM_SQL_PUT_SCORE,
                           "INSERT OR REPLACE INTO score (patient, measure, visit, time, value) "
                           "VALUES (?1, ?2, ?3, ?4, ?5)",
                           error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "inndd", record->patient, (int) record->measure, (int) record->visit,
                 record->time, record->value);
  return ktm_store_run (store, stmt, error);
}

#define ROWS_AT_ONCE 64

static sqlite3_stmt *
many_rows (KtmStore *store, GError **error)
{
  g_autoptr (GString) sql = NULL;

  if (store->stmt[KTM_SQL_ADD_SCORES] != NULL)
    return store->stmt[KTM_SQL_ADD_SCORES];
  sql = g_string_new (
      "INSERT INTO score (patient, measure, visit, time, value) VALUES (?, ?, ?, ?, ?)");
  for (guint i = 1; i < ROWS_AT_ONCE; i++)
    g_string_append (sql, ", (?, ?, ?, ?, ?)");
  return ktm_store_cached (store, KTM_SQL_ADD_SCORES, sql->str, error);
}

static gboolean
add_many (KtmStore *store, const KtmScoreRecord *records, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  sqlite3_stmt *stmt = rules == NULL ? NULL : many_rows (store, error);

  if (stmt == NULL)
    return FALSE;
  for (int i = 0, at = 1; i < ROWS_AT_ONCE; i++)
    {
      const KtmScoreRecord *record = &records[i];

      if (!ktm_store_rules_check_score (rules, record->measure, record->visit, record->time,
                                        record->value, error))
        return FALSE;
      sqlite3_bind_int64 (stmt, at++, record->patient);
      sqlite3_bind_int (stmt, at++, (int) record->measure);
      sqlite3_bind_int (stmt, at++, (int) record->visit);
      sqlite3_bind_double (stmt, at++, record->time);
      sqlite3_bind_double (stmt, at++, record->value);
    }
  return ktm_store_run (store, stmt, error);
}

static gboolean
check_patient (KtmStore *store, gint64 patient, GError **error)
{
  sqlite3_stmt *stmt =
      ktm_store_cached (store, KTM_SQL_IS_PATIENT, "SELECT 1 FROM patient WHERE id = ?1", error);
  int status;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, patient);
  status = sqlite3_step (stmt);
  if (status == SQLITE_DONE)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                 _("“%s” refuses a record that breaks its rules (%s)."), store->name, "patient");
  else if (status != SQLITE_ROW)
    ktm_store_set_error (error, store->db, store->name);
  sqlite3_reset (stmt);
  return status == SQLITE_ROW;
}

/* Scores come patient by patient: one look at each. */
static gboolean
check_patients (KtmStore *store, const KtmScoreRecord *records, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if ((i == 0 || records[i].patient != records[i - 1].patient)
        && !check_patient (store, records[i].patient, error))
      return FALSE;
  return TRUE;
}

/* @n scores that the cohort does not have yet: a third of the work of putting each, an error where
 * there is one already.  Give many at once.  SQLite would look for patient, measure and visit of
 * every row, which takes a third of the time and finds what was checked before.
 * Errors: as ktm_store_put_score(). */
gboolean
ktm_store_add_scores (KtmStore *store, const KtmScoreRecord *records, gsize n, GError **error)
{
  gboolean ok = check_patients (store, records, n, error);
  gsize i = 0;

  sqlite3_db_config (store->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
  for (; ok && i + ROWS_AT_ONCE <= n; i += ROWS_AT_ONCE)
    ok = add_many (store, records + i, error);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  for (; ok && i < n; i++)
    ok = ktm_store_put_score (store, records + i, error);
  return ok;
}

static void
fill_score (sqlite3_stmt *stmt, gpointer record)
{
  KtmScoreRecord *score = record;

  score->patient = sqlite3_column_int64 (stmt, 0);
  score->measure = (guint) sqlite3_column_int (stmt, 1);
  score->visit = (guint) sqlite3_column_int (stmt, 2);
  score->time = sqlite3_column_double (stmt, 3);
  score->value = sqlite3_column_double (stmt, 4);
}

/* Scores by patient (in the order of codes), measure, visit. */
gboolean
ktm_store_read_scores (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmScoreRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT s.patient, s.measure, s.visit, s.time, s.value"
      " FROM patient p CROSS JOIN score s ON s.patient = p.id ORDER BY p.code, s.measure, s.visit",
      fill_score, &record, func, data, error);
}

/* That a patient was asked about harms at a visit, and whether there was any.
 * Errors: INVALID (unknown patient or visit, no time), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_safety (KtmStore *store, const KtmSafetyRecord *record, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  sqlite3_stmt *stmt;

  if (rules == NULL || !ktm_store_rules_check_visit (rules, record->visit, error))
    return FALSE;
  if (!isfinite (record->time))
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("A visit's time must be a number."));
      return FALSE;
    }
  stmt = ktm_store_cached (store, KTM_SQL_PUT_SAFETY,
                           "INSERT OR REPLACE INTO safety_visit (patient, visit, time, any_event) "
                           "VALUES (?1, ?2, ?3, ?4)",
                           error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "indn", record->patient, (int) record->visit, record->time,
                 record->any_event != FALSE);
  return ktm_store_run (store, stmt, error);
}

static void
fill_safety (sqlite3_stmt *stmt, gpointer record)
{
  KtmSafetyRecord *safety = record;

  safety->patient = sqlite3_column_int64 (stmt, 0);
  safety->visit = (guint) sqlite3_column_int (stmt, 1);
  safety->time = sqlite3_column_double (stmt, 2);
  safety->any_event = sqlite3_column_int (stmt, 3);
}

/* By patient (in the order of codes), visit. */
gboolean
ktm_store_read_safety (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmSafetyRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT s.patient, s.visit, s.time, s.any_event"
      " FROM patient p CROSS JOIN safety_visit s ON s.patient = p.id ORDER BY p.code, s.visit",
      fill_safety, &record, func, data, error);
}
