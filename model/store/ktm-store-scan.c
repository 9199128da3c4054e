/* model/store: GIO and sqlite3 only.  The big tables, walked once in key order: one look a row
 * instead of three foreign-key look-ups, and the rows to whoever wants them. */
#include "ktm-store-scan.h"

#include "ktm-store-private.h"

static const char *const SCAN_SQL[KTM_N_SCANS] = {
  [KTM_SCAN_VALUE] = "SELECT patient, attribute, value FROM value",
  [KTM_SCAN_SCORE] = "SELECT patient, measure, visit, time, value FROM score",
  [KTM_SCAN_SAFETY] = "SELECT patient, visit, time, any_event FROM safety_visit",
};

typedef union
{
  KtmValueRecord  value;
  KtmScoreRecord  score;
  KtmSafetyRecord safety;
} Record;

/* The keys of all patients, ascending; NULL with @error set.  Free with g_array_unref(). */
GArray *
ktm_store_read_patient_ids (KtmStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      ktm_store_prepare (store, "SELECT id FROM patient ORDER BY id", error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  int status;

  if (stmt == NULL)
    return NULL;
  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (ids, id);
    }
  if (status == SQLITE_DONE)
    return g_steal_pointer (&ids);
  ktm_store_set_error (error, store->db, store->name);
  return NULL;
}

/* A position as stored; one that cannot be is beyond every array. */
static guint
position (sqlite3_stmt *stmt, int column)
{
  sqlite3_int64 at = sqlite3_column_int64 (stmt, column);

  return at < 0 || at >= G_MAXINT ? G_MAXINT : (guint) at;
}

static void
fill (KtmStoreScan scan, sqlite3_stmt *stmt, gint64 patient, Record *r)
{
  if (scan == KTM_SCAN_VALUE)
    r->value = (KtmValueRecord) { patient, position (stmt, 1), sqlite3_column_double (stmt, 2) };
  else if (scan == KTM_SCAN_SCORE)
    r->score = (KtmScoreRecord) { patient, position (stmt, 1), position (stmt, 2),
                                  sqlite3_column_double (stmt, 3),
                                  sqlite3_column_double (stmt, 4) };
  else
    r->safety = (KtmSafetyRecord) { patient, position (stmt, 1), sqlite3_column_double (stmt, 2),
                                    sqlite3_column_int (stmt, 3) };
}

static gboolean
check_row (const KtmStoreRules *rules, KtmStoreScan scan, const Record *r, GError **error)
{
  if (scan == KTM_SCAN_SCORE)
    return ktm_store_rules_check_score (rules, r->score.measure, r->score.visit, r->score.time,
                                        r->score.value, error);
  if (scan == KTM_SCAN_VALUE)
    return ktm_store_rules_check_value (rules, r->value.attribute, r->value.value, error);
  return ktm_store_rules_check_visit (rules, r->safety.visit, error);
}

/* One of the tables; @ids are the keys of all patients, @func is nullable and may stop by FALSE.
 * Errors: DAMAGED, BUSY, FAILED. */
gboolean
ktm_store_scan_table (KtmStore *store, KtmStoreScan scan, const GArray *ids, KtmStoreRowFunc func,
                      gpointer data, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, SCAN_SQL[scan], error);
  guint at = 0;
  int status;

  if (rules == NULL || stmt == NULL)
    return FALSE;
  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_autoptr (GError) detail = NULL;
      gint64 patient = sqlite3_column_int64 (stmt, 0);
      Record record;

      while (at < ids->len && g_array_index (ids, gint64, at) < patient)
        at++;
      if (at == ids->len || g_array_index (ids, gint64, at) != patient)
        return ktm_store_set_broken (store, _("it holds scores of a patient it does not know"),
                                     error);
      fill (scan, stmt, patient, &record);
      if (!check_row (rules, scan, &record, &detail))
        return ktm_store_set_broken (store, detail->message, error);
      if (func != NULL && !func (&record, data))
        return TRUE;
    }
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_DONE;
}

/* See the header.  SQLite's pages are let go of afterwards: the rows will not be read again. */
gboolean
ktm_store_scan (KtmStore *store, KtmStoreRowFunc value, KtmStoreRowFunc score,
                KtmStoreRowFunc safety, gpointer data, GError **error)
{
  g_autoptr (GArray) ids = ktm_store_read_patient_ids (store, error);
  gboolean ok =
      ids != NULL && ktm_store_scan_table (store, KTM_SCAN_VALUE, ids, value, data, error)
      && ktm_store_scan_table (store, KTM_SCAN_SCORE, ids, score, data, error)
      && ktm_store_scan_table (store, KTM_SCAN_SAFETY, ids, safety, data, error);

  sqlite3_db_release_memory (store->db);
  return ok;
}
