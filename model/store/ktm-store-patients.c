/* model/store: GIO and sqlite3 only.  Patients. */
#include <math.h>

#include "ktm-store-private.h"

static gboolean
check_patient (const KtmPatientRecord *record, GError **error)
{
  if (!ktm_store_check_text (record->code, FALSE, _("a patient's code"), error)
      || !ktm_store_check_text (record->centre, TRUE, _("a centre"), error)
      || !ktm_store_check_text (record->arm, TRUE, _("an arm"), error)
      || !ktm_store_check_text (record->exclusion_reason, TRUE, _("a reason"), error)
      || !ktm_store_check_text (record->stop_reason, TRUE, _("a reason"), error))
    return FALSE;
  if (!(fabs (record->index_date) > 1e9) && !(fabs (record->stop_time) > 1e9))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Patient %s: the index date and the time of the stop must be sensible numbers."),
               record->code);
  return FALSE;
}

/* Adds a patient, or replaces what is known of the one with this code; *id (nullable) is the key of
 * its rows.
 *
 * @record: id is not read; index_date and stop_time NaN, texts NULL where unknown
 *
 * Errors: INVALID (no code, text that is not UTF-8), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_patient (KtmStore *store, const KtmPatientRecord *record, gint64 *id, GError **error)
{
  sqlite3_stmt *stmt;
  int status;

  if (!check_patient (record, error) || !ktm_store_check_writable (store, error))
    return FALSE;
  stmt = ktm_store_cached (
      store, KTM_SQL_PUT_PATIENT,
      "INSERT INTO patient (code, index_date, centre, arm, included, exclusion_reason, stop_time, "
      "stop_reason)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (code) DO UPDATE SET"
      " index_date = excluded.index_date, centre = excluded.centre, arm = excluded.arm,"
      " included = excluded.included, exclusion_reason = excluded.exclusion_reason,"
      " stop_time = excluded.stop_time, stop_reason = excluded.stop_reason RETURNING id",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "tdttntdt", record->code, record->index_date, record->centre, record->arm,
                 record->included != FALSE, record->exclusion_reason, record->stop_time,
                 record->stop_reason);
  status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    {
      if (id != NULL)
        *id = sqlite3_column_int64 (stmt, 0);
      status = sqlite3_step (stmt);
    }
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  sqlite3_reset (stmt);
  sqlite3_clear_bindings (stmt);
  return status == SQLITE_DONE;
}

static void
fill_patient (sqlite3_stmt *stmt, gpointer record)
{
  KtmPatientRecord *patient = record;

  *patient = (KtmPatientRecord){
    .id = sqlite3_column_int64 (stmt, 0),
    .code = ktm_stmt_text (stmt, 1),
    .index_date = ktm_stmt_double (stmt, 2),
    .centre = ktm_stmt_text (stmt, 3),
    .arm = ktm_stmt_text (stmt, 4),
    .included = sqlite3_column_int (stmt, 5),
    .exclusion_reason = ktm_stmt_text (stmt, 6),
    .stop_time = ktm_stmt_double (stmt, 7),
    .stop_reason = ktm_stmt_text (stmt, 8),
  };
}

/* Patients by code (byte order), the not included ones among them. */
gboolean
ktm_store_read_patients (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmPatientRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT id, code, index_date, centre, arm, included, exclusion_reason, stop_time, stop_reason"
      " FROM patient ORDER BY code",
      fill_patient, &record, func, data, error);
}

/* How many rows @table holds; −1 with @error set. */
gint64
ktm_store_count (KtmStore *store, const char *table, GError **error)
{
  g_autofree char *sql = NULL;

  g_return_val_if_fail (ktm_store_is_table (table), -1);
  sql = g_strdup_printf ("SELECT count(*) FROM %s", table);
  return ktm_store_get_int (store, sql, error);
}
