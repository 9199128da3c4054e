/* model/store: GIO and sqlite3 only.  The study, its measures and its visits. */
#include <math.h>

#include "ktm-store-private.h"

static void
fill_study (sqlite3_stmt *stmt, gpointer record)
{
  KtmStudyRecord *study = record;

  *study = (KtmStudyRecord){
    .id = ktm_stmt_text (stmt, 0),
    .title = ktm_stmt_text (stmt, 1),
    .time_unit = ktm_stmt_text (stmt, 2),
    .index_event = ktm_stmt_text (stmt, 3),
    .provenance = ktm_stmt_text (stmt, 4),
  };
}

static void
fill_measure (sqlite3_stmt *stmt, gpointer record)
{
  KtmMeasureRecord *measure = record;

  *measure = (KtmMeasureRecord){
    .id = ktm_stmt_text (stmt, 0),
    .label = ktm_stmt_text (stmt, 1),
    .unit = ktm_stmt_text (stmt, 2),
    .min = ktm_stmt_double (stmt, 3),
    .max = ktm_stmt_double (stmt, 4),
    .lower_better = sqlite3_column_int (stmt, 5),
    .mcid = ktm_stmt_double (stmt, 6),
  };
}

static void
fill_visit (sqlite3_stmt *stmt, gpointer record)
{
  KtmVisitRecord *visit = record;

  *visit = (KtmVisitRecord){
    .id = ktm_stmt_text (stmt, 0),
    .label = ktm_stmt_text (stmt, 1),
    .time = ktm_stmt_double (stmt, 2),
    .window_low = ktm_stmt_double (stmt, 3),
    .window_high = ktm_stmt_double (stmt, 4),
  };
}

/* Finishes an "INSERT … RETURNING position". */
static gboolean
run_for_position (KtmStore *store, sqlite3_stmt *stmt, guint *position, GError **error)
{
  int status;

  if (stmt == NULL || !ktm_store_check_writable (store, error))
    return FALSE;
  status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    {
      if (position != NULL)
        *position = (guint) sqlite3_column_int (stmt, 0);
      status = sqlite3_step (stmt);
    }
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  ktm_store_drop_rules (store);
  return status == SQLITE_DONE;
}

static gboolean
is_time_unit (const char *unit, GError **error)
{
  static const char *const units[] = { "minute", "hour", "day", "week", "month", "year", NULL };

  if (unit != NULL && g_strv_contains (units, unit))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("The unit of time must be minute, hour, day, week, month or year."));
  return FALSE;
}

/* Writes the study's one row.  A NULL id keeps the one made at creation; index_event and provenance
 * may be NULL. Errors: INVALID (no title, unknown unit of time), READ_ONLY, BUSY, FULL, FAILED. */
gboolean
ktm_store_put_study (KtmStore *store, const KtmStudyRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_check_text (record->title, FALSE, _("a title"), error)
      || !is_time_unit (record->time_unit, error)
      || !ktm_store_check_text (record->index_event, TRUE, _("the index event"), error)
      || !ktm_store_check_text (record->provenance, TRUE, _("the provenance"), error))
    return FALSE;
  stmt = ktm_store_prepare (
      store,
      "INSERT INTO study (one, id, title, time_unit, index_event, provenance)"
      " VALUES (1, coalesce(?1, (SELECT id FROM study)), ?2, ?3, coalesce(?4, ''), coalesce(?5, "
      "''))"
      " ON CONFLICT (one) DO UPDATE SET id = excluded.id, title = excluded.title,"
      " time_unit = excluded.time_unit, index_event = excluded.index_event,"
      " provenance = excluded.provenance",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ttttt", record->id, record->title, record->time_unit, record->index_event,
                 record->provenance);
  return ktm_store_run (store, stmt, error);
}

/* Calls @func once. */
gboolean
ktm_store_get_study (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmStudyRecord record;

  return ktm_store_each_sql (store,
                             "SELECT id, title, time_unit, index_event, provenance FROM study",
                             fill_study, &record, func, data, error);
}

static gboolean
check_scale (const KtmMeasureRecord *record, GError **error)
{
  if (isinf (record->min) || isinf (record->max) || isinf (record->mcid)
      || record->min >= record->max)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s: the scale must run from a lower to a higher number."), record->label);
      return FALSE;
    }
  if (record->mcid <= 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s: the smallest important change must be above 0."), record->label);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_scores_fit (KtmStore *store, const KtmMeasureRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int status;

  stmt = ktm_store_prepare (store,
                            "SELECT s.value FROM score s JOIN measure m ON m.position = s.measure"
                            " WHERE m.id = ?1 AND (s.value < ?2 OR s.value > ?3) LIMIT 1", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "tdd", record->id, record->min, record->max);
  status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                 _("%s: the cohort holds a score of %g, outside the new scale."), record->label,
                 sqlite3_column_double (stmt, 0));
  else if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_DONE;
}

/* Adds a measure, or redefines the one with this id; *position (nullable) is its place, counted
 * from 0.
 *
 * @record: min, max, mcid NaN where unknown; unit nullable
 *
 * Errors: INVALID (no id or label, an upside-down scale, scores outside the new one), READ_ONLY,
 * BUSY, FULL. */
gboolean
ktm_store_put_measure (KtmStore *store, const KtmMeasureRecord *record, guint *position,
                       GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_check_text (record->id, FALSE, _("a measure's id"), error)
      || !ktm_store_check_text (record->label, FALSE, _("a measure's label"), error)
      || !ktm_store_check_text (record->unit, TRUE, _("a unit"), error)
      || !check_scale (record, error) || !check_scores_fit (store, record, error))
    return FALSE;
  stmt = ktm_store_prepare (
      store,
      "INSERT INTO measure (position, id, label, unit, min, max, lower_better, mcid)"
      " VALUES ((SELECT count(*) FROM measure), ?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (id) DO UPDATE SET label = excluded.label, unit = excluded.unit,"
      " min = excluded.min, max = excluded.max, lower_better = excluded.lower_better,"
      " mcid = excluded.mcid RETURNING position",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "tttddnd", record->id, record->label, record->unit, record->min, record->max,
                 record->lower_better != FALSE, record->mcid);
  return run_for_position (store, stmt, position, error);
}

/* Measures in their order. */
gboolean
ktm_store_read_measures (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmMeasureRecord record;

  return ktm_store_each_sql (
      store, "SELECT id, label, unit, min, max, lower_better, mcid FROM measure ORDER BY position",
      fill_measure, &record, func, data, error);
}

static gboolean
check_visit (const KtmVisitRecord *record, GError **error)
{
  if (isfinite (record->time) && fabs (record->time) <= 1e9
      && !(record->window_low > record->time) && !(record->window_high < record->time)
      && !isinf (record->window_low) && !isinf (record->window_high))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Visit %s: its time must be a number, and lie inside its window."), record->label);
  return FALSE;
}

/* The label of another visit at the same time, if there is one, becomes the error. */
static gboolean
check_time_free (KtmStore *store, const KtmVisitRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int status;

  stmt = ktm_store_prepare (store, "SELECT label FROM visit WHERE time = ?1 AND id <> ?2", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "dt", record->time, record->id);
  status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                 _("Visit %s: visit %s already stands at time %g."), record->label,
                 ktm_stmt_text (stmt, 0), record->time);
  else if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_DONE;
}

/* Adds a visit to the schedule, or redefines the one with this id; *position (nullable) is its
 * place in the order of adding (not of time).
 *
 * @record: time in the study's unit; window_low, window_high NaN: half-way to the neighbours
 *
 * Errors: INVALID (no id, label or time; another visit at that time), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_visit (KtmStore *store, const KtmVisitRecord *record, guint *position, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_check_text (record->id, FALSE, _("a visit's id"), error)
      || !ktm_store_check_text (record->label, FALSE, _("a visit's label"), error)
      || !check_visit (record, error) || !check_time_free (store, record, error))
    return FALSE;
  stmt = ktm_store_prepare (
      store,
      "INSERT INTO visit (position, id, label, time, window_low, window_high)"
      " VALUES ((SELECT count(*) FROM visit), ?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (id) DO UPDATE SET label = excluded.label, time = excluded.time,"
      " window_low = excluded.window_low, window_high = excluded.window_high"
      " RETURNING position",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ttddd", record->id, record->label, record->time, record->window_low,
                 record->window_high);
  return run_for_position (store, stmt, position, error);
}

/* Visits by position: the index other records use. */
gboolean
ktm_store_read_visits (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmVisitRecord record;

  return ktm_store_each_sql (
      store, "SELECT id, label, time, window_low, window_high FROM visit ORDER BY position",
      fill_visit, &record, func, data, error);
}
