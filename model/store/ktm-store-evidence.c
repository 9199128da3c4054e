/* model/store: GIO and sqlite3 only.  Published studies for the evidence page. */
#include <math.h>

#include "ktm-store-private.h"

static const char *const kind_names[] = { "trial", "single-arm", "pooled" };

/* The word of a kind in the file. */
const char *
ktm_study_kind_name (KtmStudyKind kind)
{
  return kind_names[kind];
}

/* FALSE: not one of the words. */
gboolean
ktm_study_kind_from_name (const char *name, KtmStudyKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      {
        *kind = (KtmStudyKind) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_measure (const char *measure)
{
  static const char *const measures[] = { "md", "smd", "rr", "or", "rd", NULL };

  return measure == NULL || g_strv_contains (measures, measure);
}

static gboolean
check_arm (const KtmStudyArmRecord *record, GError **error)
{
  const double numbers[] = { record->year,   record->n,      record->mean, record->sd,
                             record->events, record->effect, record->se,
                             record->low,    record->high,   record->correlation };

  if (!ktm_store_check_text (record->study, FALSE, _("a study's name"), error)
      || !ktm_store_check_text (record->arm, TRUE, _("an arm"), error)
      || !ktm_store_check_text (record->moderators, TRUE, _("the moderators"), error)
      || !ktm_store_check_text (record->note, TRUE, _("a note"), error))
    return FALSE;
  if (!is_measure (record->measure))
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("Study %s: “%s” is not an effect; it can be md, smd, rr, or, rd."),
                   record->study, record->measure);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (isinf (numbers[i]))
      {
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                     _("Study %s: infinity is not a number that can be kept."), record->study);
        return FALSE;
      }
  if (!(record->n < 0) && !(record->sd < 0) && !(record->se < 0) && !(record->events < 0)
      && !(record->events > record->n) && !(record->low > record->high)
      && !(fabs (record->correlation) > 1))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Study %s: n, SD, SE and events cannot be below 0, events not above n, the lower "
                  "limit not above the upper one, a correlation not outside −1…1."),
               record->study);
  return FALSE;
}

/* One arm (or, with effect and se, one comparison) of a published study; the same study and arm are
 * replaced.
 *
 * @record: id is not read; numbers NaN and texts NULL where unknown
 *
 * Errors: INVALID (no study, impossible numbers), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_put_study_arm (KtmStore *store, const KtmStudyArmRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!check_arm (record, error))
    return FALSE;
  stmt = ktm_store_prepare (
      store,
      "INSERT INTO study_arm (study, arm, year, n, mean, sd, events, effect, se, moderators,"
      " kind, measure, low, high, correlation, included, note)"
      " VALUES (?1, coalesce(?2, ''), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
      " ?16, ?17)"
      " ON CONFLICT (study, arm) DO UPDATE SET year = excluded.year, n = excluded.n, mean = "
      "excluded.mean,"
      " sd = excluded.sd, events = excluded.events, effect = excluded.effect, se = excluded.se,"
      " moderators = excluded.moderators, kind = excluded.kind, measure = excluded.measure,"
      " low = excluded.low, high = excluded.high, correlation = excluded.correlation,"
      " included = excluded.included, note = excluded.note",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ttdddddddtttdddnt", record->study, record->arm, record->year, record->n,
                 record->mean, record->sd, record->events, record->effect, record->se,
                 record->moderators, kind_names[record->kind], record->measure, record->low,
                 record->high, record->correlation, !record->left_out, record->note);
  return ktm_store_run (store, stmt, error);
}

static void
fill_arm (sqlite3_stmt *stmt, gpointer record)
{
  KtmStudyArmRecord *arm = record;

  *arm = (KtmStudyArmRecord){
    .id = sqlite3_column_int64 (stmt, 0),
    .study = ktm_stmt_text (stmt, 1),
    .arm = ktm_stmt_text (stmt, 2),
    .year = ktm_stmt_double (stmt, 3),
    .n = ktm_stmt_double (stmt, 4),
    .mean = ktm_stmt_double (stmt, 5),
    .sd = ktm_stmt_double (stmt, 6),
    .events = ktm_stmt_double (stmt, 7),
    .effect = ktm_stmt_double (stmt, 8),
    .se = ktm_stmt_double (stmt, 9),
    .moderators = ktm_stmt_text (stmt, 10),
    .measure = ktm_stmt_text (stmt, 12),
    .low = ktm_stmt_double (stmt, 13),
    .high = ktm_stmt_double (stmt, 14),
    .correlation = ktm_stmt_double (stmt, 15),
    .left_out = !sqlite3_column_int (stmt, 16),
    .note = ktm_stmt_text (stmt, 17),
  };
  ktm_study_kind_from_name (ktm_stmt_text (stmt, 11), &arm->kind);
}

/* Study arms in the order they were added. */
gboolean
ktm_store_read_study_arms (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmStudyArmRecord record;

  return ktm_store_each_sql (store,
                             "SELECT id, study, arm, year, n, mean, sd, events, effect, se, "
                             "moderators, kind, measure, low, high, correlation, included, note "
                             "FROM study_arm ORDER BY id",
                             fill_arm, &record, func, data, error);
}

static gboolean
run_for_study (KtmStore *store, const char *sql, const char *study, int value, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);

  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "tn", study, value);
  return ktm_store_run (store, stmt, error);
}

/* All rows of @study.  Errors: READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_delete_study (KtmStore *store, const char *study, GError **error)
{
  return run_for_study (store, "DELETE FROM study_arm WHERE study = ?1 AND ?2 = 0", study, 0,
                        error);
}

/* Whether all rows of @study are left out of every result.  Errors: READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_set_study_left_out (KtmStore *store, const char *study, gboolean left_out,
                              GError **error)
{
  return run_for_study (store, "UPDATE study_arm SET included = ?2 WHERE study = ?1", study,
                        !left_out, error);
}
