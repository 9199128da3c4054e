/* model/store: GIO and sqlite3 only.  What is checked again whenever a file is opened. */
#include <string.h>

#include "ktm-store-private.h"
#include "ktm-store-scan.h"

/* Each must give 0.  What SQLite's own CHECK cannot look up, and the CHECKs of version 1 once more:
 * quick_check does not look at them on a read-only connection. */
static const char *const MUST_BE_ZERO[] = {
  "SELECT count(*) <> 1 FROM study",
  "SELECT count(*) <> coalesce(max(position) + 1, 0) FROM measure",
  "SELECT count(*) <> coalesce(max(position) + 1, 0) FROM visit",
  "SELECT count(*) <> coalesce(max(position) + 1, 0) FROM attribute",
  "SELECT count(*) FROM (SELECT 1 FROM attribute_level GROUP BY attribute HAVING count(*) <> "
  "max(position) + 1)",
  "SELECT count(*) FROM pragma_foreign_key_check('attribute_level')",
  "SELECT count(*) FROM pragma_foreign_key_check('treatment')",
  "SELECT count(*) FROM pragma_foreign_key_check('adverse_event')",
  "SELECT count(*) FROM visit WHERE abs(time) > 1e9",
  "SELECT count(*) FROM treatment WHERE abs(time) > 1e9 OR dose > 1e300 OR duration > 1e300",
  "SELECT count(*) FROM adverse_event WHERE abs(time) > 1e9 OR abs(resolved) > 1e9",
  "SELECT count(*) FROM patient WHERE abs(index_date) > 1e9 OR abs(stop_time) > 1e9",
  "SELECT count(*) FROM study WHERE one <> 1 OR title = '' OR time_unit NOT IN ('minute', 'hour', "
  "'day', 'week', 'month', 'year')",
  "SELECT count(*) FROM measure WHERE id = '' OR label = '' OR min >= max OR lower_better NOT IN "
  "(0, 1) OR mcid <= 0",
  "SELECT count(*) FROM visit WHERE id = '' OR label = '' OR window_low > time OR window_high < "
  "time",
  "SELECT count(*) FROM attribute WHERE id = '' OR label = '' OR kind NOT IN ('number', "
  "'category', 'ordinal', 'yes-no', 'date')",
  "SELECT count(*) FROM attribute_level WHERE label = '' OR position < 0",
  "SELECT count(*) FROM patient WHERE code = '' OR included NOT IN (0, 1)",
  "SELECT count(*) FROM treatment WHERE drug = '' OR dose < 0 OR duration < 0",
  "SELECT count(*) FROM safety_visit WHERE any_event NOT IN (0, 1) OR abs(time) > 1e9",
  "SELECT count(*) FROM adverse_event WHERE term = '' OR severity NOT BETWEEN 0 AND 3 OR grade NOT "
  "BETWEEN 0 AND 5"
  " OR serious NOT IN (0, 1) OR related NOT BETWEEN 0 AND 3 OR led_to_stop NOT IN (0, 1)",
  "SELECT count(*) FROM study_arm WHERE study = '' OR n < 0 OR sd < 0 OR se < 0 OR events < 0"
  " OR events > n",
};

/* Of what version 2 added: a file is checked as the version it is, before it is updated. */
static const char STUDIES_2[] =
    "SELECT count(*) FROM study_arm WHERE kind NOT IN ('trial', 'single-arm', 'pooled')"
    " OR measure NOT IN ('md', 'smd', 'rr', 'or', 'rd') OR included NOT IN (0, 1)"
    " OR low > high OR correlation NOT BETWEEN -1 AND 1";

/* Tables whose text must be UTF-8 without a NUL inside. */
static const char *const TEXTS[] = { "study",           "measure", "visit",     "attribute",
                                     "attribute_level", "patient", "treatment", "adverse_event",
                                     "study_arm",       "document" };

/* Says that the file breaks its own rules; FALSE. */
gboolean
ktm_store_set_broken (KtmStore *store, const char *detail, GError **error)
{
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_DAMAGED,
               _("“%s” is damaged and was left as it is (%s). Open a backup of it."), store->name,
               detail);
  return FALSE;
}

static gboolean
run_check (KtmStore *store, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    {
      ktm_store_set_error (error, store->db, store->name);
      return FALSE;
    }
  return strcmp (ktm_stmt_text (stmt, 0), "ok") == 0
         || ktm_store_set_broken (
             store, _("its pages do not fit together, or a row breaks a rule"), error);
}

/* quick_check does not look whether an index holds what its table does: two patients could have one
 * code. The big tables have no index but themselves. */
static gboolean
check_pages (KtmStore *store, GError **error)
{
  static const char *const indexed[] = { "patient",         "measure",   "visit", "attribute",
                                         "attribute_level", "study_arm" };

  if (!run_check (store, "PRAGMA quick_check(1)", error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (indexed); i++)
    {
      g_autofree char *sql = g_strdup_printf ("PRAGMA integrity_check(%s)", indexed[i]);

      if (!run_check (store, sql, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_query (KtmStore *store, const char *sql, GError **error)
{
  gint64 n = ktm_store_get_int (store, sql, error);

  return n == 0
         || (n > 0 && ktm_store_set_broken (store, _("its tables contradict each other"), error));
}

static gboolean
check_queries (KtmStore *store, GError **error)
{
  gint64 version = ktm_store_get_int (store, "PRAGMA user_version", error);

  if (version < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (MUST_BE_ZERO); i++)
    if (!check_query (store, MUST_BE_ZERO[i], error))
      return FALSE;
  return version < 2 || check_query (store, STUDIES_2, error);
}

static gboolean
row_is_text (sqlite3_stmt *stmt)
{
  for (int i = 0; i < sqlite3_column_count (stmt); i++)
    if (sqlite3_column_type (stmt, i) == SQLITE_TEXT
        && !g_utf8_validate_len (ktm_stmt_text (stmt, i), (gsize) sqlite3_column_bytes (stmt, i),
                                 NULL))
      return FALSE;
  return TRUE;
}

static gboolean
check_texts (KtmStore *store, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", TEXTS[i]);
      g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);
      int status;

      if (stmt == NULL)
        return FALSE;
      while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
        if (!row_is_text (stmt))
          return ktm_store_set_broken (store, _("it holds text that cannot be read"), error);
      if (status != SQLITE_DONE)
        {
          ktm_store_set_error (error, store->db, store->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
touches (const GPtrArray *touched, const char *const *tables)
{
  for (guint i = 0; i < touched->len; i++)
    if (g_strv_contains (tables, touched->pdata[i]))
      return TRUE;
  return FALSE;
}

/* The rules again after a recorded change was taken back or done again: whoever made the file may
 * have recorded anything.
 *
 * @touched: names of the tables it changed; the big tables are only walked where they, or what
 * their rows are checked by, are among them */
gboolean
ktm_store_check_touched (KtmStore *store, const GPtrArray *touched, GError **error)
{
  static const char *const matters[KTM_N_SCANS][5] = {
    [KTM_SCAN_SCORE] = { "score", "measure", "visit", NULL },
    [KTM_SCAN_VALUE] = { "value", "attribute", "attribute_level", NULL },
    [KTM_SCAN_SAFETY] = { "safety_visit", "visit", NULL },
  };
  g_autoptr (GArray) ids = NULL;

  if (!check_queries (store, error) || !check_texts (store, error))
    return FALSE;
  for (KtmStoreScan scan = 0; scan < KTM_N_SCANS; scan++)
    {
      if (!touches (touched, matters[scan]))
        continue;
      if (ids == NULL)
        ids = ktm_store_read_patient_ids (store, error);
      if (ids == NULL || !ktm_store_scan_table (store, scan, ids, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether the pages fit together and everything but the rows of the big tables obeys the rules.
 * Errors as ktm_store_check_contents(). */
gboolean
ktm_store_check_but_rows (KtmStore *store, GError **error)
{
  return check_pages (store, error) && check_queries (store, error) && check_texts (store, error);
}

/* Whether the pages fit together and every row obeys the rules the insert functions enforce: known
 * patients, measures, visits and levels, finite numbers, scores within their scale, readable text.
 * Errors: DAMAGED with what is wrong, BUSY, FAILED.  Reads everything once and writes nothing. */
gboolean
ktm_store_check_contents (KtmStore *store, GError **error)
{
  return ktm_store_check_but_rows (store, error)
         && ktm_store_scan (store, NULL, NULL, NULL, NULL, error);
}
