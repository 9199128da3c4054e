/* model/store: GIO and sqlite3 only.  Published studies for the evidence page. */
#include <math.h>

#include "ktm-store-private.h"

static gboolean
check_arm (const KtmStudyArmRecord *record, GError **error)
{
  const double numbers[] = { record->year,   record->n,      record->mean, record->sd,
                             record->events, record->effect, record->se };

  if (!ktm_store_check_text (record->study, FALSE, _("a study's name"), error)
      || !ktm_store_check_text (record->arm, TRUE, _("an arm"), error)
      || !ktm_store_check_text (record->moderators, TRUE, _("the moderators"), error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (isinf (numbers[i]))
      {
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                     _("Study %s: infinity is not a number that can be kept."), record->study);
        return FALSE;
      }
  if (!(record->n < 0) && !(record->sd < 0) && !(record->se < 0) && !(record->events < 0)
      && !(record->events > record->n))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Study %s: n, SD, SE and events cannot be below 0, nor events above n."),
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
      "INSERT INTO study_arm (study, arm, year, n, mean, sd, events, effect, se, moderators)"
      " VALUES (?1, coalesce(?2, ''), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
      " ON CONFLICT (study, arm) DO UPDATE SET year = excluded.year, n = excluded.n, mean = "
      "excluded.mean,"
      " sd = excluded.sd, events = excluded.events, effect = excluded.effect, se = excluded.se,"
      " moderators = excluded.moderators",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ttdddddddt", record->study, record->arm, record->year, record->n,
                 record->mean, record->sd, record->events, record->effect, record->se,
                 record->moderators);
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
  };
}

/* Study arms in the order they were added. */
gboolean
ktm_store_read_study_arms (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmStudyArmRecord record;

  return ktm_store_each_sql (store,
                             "SELECT id, study, arm, year, n, mean, sd, events, effect, se, "
                             "moderators FROM study_arm ORDER BY id",
                             fill_arm, &record, func, data, error);
}
