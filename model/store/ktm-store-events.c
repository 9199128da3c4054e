/* model/store: GIO and sqlite3 only.  Treatments and adverse events. */
#include <math.h>

#include "ktm-store-private.h"

static gboolean
check_finite (double value, gboolean may_be_absent, const char *what, GError **error)
{
  if (isnan (value) ? may_be_absent : fabs (value) <= 1e9)
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, _("%s must be a number."), what);
  return FALSE;
}

static gboolean
check_treatment (const KtmTreatmentRecord *record, GError **error)
{
  if (!ktm_store_check_text (record->drug, FALSE, _("a drug"), error)
      || !ktm_store_check_text (record->route, TRUE, _("a route"), error)
      || !ktm_store_check_text (record->dose_unit, TRUE, _("a unit"), error)
      || !ktm_store_check_text (record->duration_unit, TRUE, _("a unit"), error)
      || !ktm_store_check_text (record->with, TRUE, _("a drug given with it"), error)
      || !check_finite (record->time, FALSE, _("The time of a treatment"), error)
      || !check_finite (record->dose, TRUE, _("A dose"), error)
      || !check_finite (record->duration, TRUE, _("A duration"), error))
    return FALSE;
  if (!(record->dose < 0) && !(record->duration < 0))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("A dose or a duration cannot be below 0."));
  return FALSE;
}

/* A course of treatment.
 *
 * @record: dose, duration NaN and route, units, with NULL where unknown
 *
 * Errors: INVALID (no drug or time, a negative dose, unknown patient), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_treatment (KtmStore *store, const KtmTreatmentRecord *record, GError **error)
{
  sqlite3_stmt *stmt;

  if (!check_treatment (record, error))
    return FALSE;
  stmt = ktm_store_cached (
      store, KTM_SQL_PUT_TREATMENT,
      "INSERT OR REPLACE INTO treatment (patient, time, drug, dose, dose_unit, duration, "
      "duration_unit,"
      " route, with_drug) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8, ''), ?9)",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "idtdtdttt", record->patient, record->time, record->drug, record->dose,
                 record->dose_unit, record->duration, record->duration_unit, record->route,
                 record->with);
  return ktm_store_run (store, stmt, error);
}

static void
fill_treatment (sqlite3_stmt *stmt, gpointer record)
{
  KtmTreatmentRecord *treatment = record;
  const char *route = ktm_stmt_text (stmt, 7);

  *treatment = (KtmTreatmentRecord){
    .patient = sqlite3_column_int64 (stmt, 0),
    .time = sqlite3_column_double (stmt, 1),
    .drug = ktm_stmt_text (stmt, 2),
    .dose = ktm_stmt_double (stmt, 3),
    .dose_unit = ktm_stmt_text (stmt, 4),
    .duration = ktm_stmt_double (stmt, 5),
    .duration_unit = ktm_stmt_text (stmt, 6),
    .route = route != NULL && *route != '\0' ? route : NULL,
    .with = ktm_stmt_text (stmt, 8),
  };
}

/* Treatments by patient (in the order of codes), time. */
gboolean
ktm_store_read_treatments (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmTreatmentRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT t.patient, t.time, t.drug, t.dose, t.dose_unit, t.duration, t.duration_unit, t.route,"
      " t.with_drug FROM patient p CROSS JOIN treatment t ON t.patient = p.id"
      " ORDER BY p.code, t.time, t.drug, t.route",
      fill_treatment, &record, func, data, error);
}

static gboolean
check_event (const KtmStoreRules *rules, const KtmEventRecord *record, GError **error)
{
  if (!ktm_store_check_text (record->term, FALSE, _("a term"), error)
      || !check_finite (record->time, FALSE, _("The time of an adverse event"), error)
      || !check_finite (record->resolved, TRUE, _("The time an adverse event resolved"), error)
      || (record->visit >= 0 && !ktm_store_rules_check_visit (rules, (guint) record->visit, error)))
    return FALSE;
  if (record->severity >= 0 && record->severity <= 3 && record->related >= 0 && record->related <= 3
      && record->serious >= -1 && record->serious <= 1 && record->led_to_stop >= -1
      && record->led_to_stop <= 1 && !(record->grade < 0) && !(record->grade > 5))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Adverse event “%s”: its severity, grade, relation or seriousness is not one of "
                  "the known ones."),
               record->term);
  return FALSE;
}

/* An adverse event.
 *
 * @record: visit −1 none; severity, related 0 and serious, led_to_stop −1 unknown; grade (0–5),
 * resolved NaN unknown
 *
 * Errors: INVALID (no term or time, unknown codes, patient or visit), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_event (KtmStore *store, const KtmEventRecord *record, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  sqlite3_stmt *stmt;

  if (rules == NULL || !check_event (rules, record, error))
    return FALSE;
  stmt = ktm_store_cached (
      store, KTM_SQL_PUT_EVENT,
      "INSERT OR REPLACE INTO adverse_event (patient, visit, time, term, severity, grade, serious, "
      "related,"
      " led_to_stop, resolved) VALUES (?1, nullif(?2, -1), ?3, ?4, ?5, ?6, nullif(?7, -1), ?8,"
      " nullif(?9, -1), ?10)",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "indtndnnnd", record->patient, MAX (record->visit, -1), record->time,
                 record->term, record->severity, record->grade, record->serious, record->related,
                 record->led_to_stop, record->resolved);
  return ktm_store_run (store, stmt, error);
}

static int
int_or_unknown (sqlite3_stmt *stmt, int column)
{
  return sqlite3_column_type (stmt, column) == SQLITE_NULL ? -1 : sqlite3_column_int (stmt, column);
}

static void
fill_event (sqlite3_stmt *stmt, gpointer record)
{
  KtmEventRecord *event = record;

  *event = (KtmEventRecord){
    .patient = sqlite3_column_int64 (stmt, 0),
    .visit = int_or_unknown (stmt, 1),
    .time = sqlite3_column_double (stmt, 2),
    .term = ktm_stmt_text (stmt, 3),
    .severity = sqlite3_column_int (stmt, 4),
    .grade = ktm_stmt_double (stmt, 5),
    .serious = int_or_unknown (stmt, 6),
    .related = sqlite3_column_int (stmt, 7),
    .led_to_stop = int_or_unknown (stmt, 8),
    .resolved = ktm_stmt_double (stmt, 9),
  };
}

/* Adverse events by patient (in the order of codes), time, term. */
gboolean
ktm_store_read_events (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmEventRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT e.patient, e.visit, e.time, e.term, e.severity, e.grade, e.serious, e.related, "
      "e.led_to_stop,"
      " e.resolved FROM patient p CROSS JOIN adverse_event e ON e.patient = p.id"
      " ORDER BY p.code, e.time, e.term, e.severity",
      fill_event, &record, func, data, error);
}
