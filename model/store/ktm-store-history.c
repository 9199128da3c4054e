/* model/store: GIO and sqlite3 only.  Edits, their history, undo and redo.
 *
 * An edit is recorded by SQLite's session extension: the changeset holds the rows before and after.
 * Undo applies its inverse, redo the changeset itself.  The history table stands outside the
 * session.  An entry is 'done', 'undone' (redo may do it again) or 'dropped' (undone, then
 * something else was done). */
#include <stdlib.h>
#include <string.h>

#include "ktm-store-private.h"

/* A changeset larger than this is not kept: a big import would double the file. */
#define MAX_CHANGE_BYTES (16 * 1024 * 1024)

static const char *const RECORDED[] = {
  "study", "measure",   "visit",        "attribute",     "attribute_level", "patient", "value",
  "score", "treatment", "safety_visit", "adverse_event", "study_arm",       "document"
};

static gboolean
set_sqlite_error (KtmStore *store, int status, GError **error)
{
  if (status == SQLITE_OK)
    return TRUE;
  if ((status & 0xff) == SQLITE_ABORT || (status & 0xff) == SQLITE_CONSTRAINT)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                 _("This change to “%s” cannot be taken back any more: the data changed since."),
                 store->name);
  else
    ktm_store_set_status (error, status, sqlite3_errstr (status), store->name);
  return FALSE;
}

/* Begins an edit: a transaction whose changes are recorded until ktm_store_edit_end().  Edits do
 * not nest. Errors: READ_ONLY, BUSY, FAILED. */
gboolean
ktm_store_edit_begin (KtmStore *store, GError **error)
{
  int status = SQLITE_OK;

  g_return_val_if_fail (store->session == NULL, FALSE);
  if (!ktm_store_begin (store, error))
    return FALSE;
  status = sqlite3session_create (store->db, "main", &store->session);
  for (guint i = 0; status == SQLITE_OK && i < G_N_ELEMENTS (RECORDED); i++)
    status = sqlite3session_attach (store->session, RECORDED[i]);
  if (set_sqlite_error (store, status, error))
    return TRUE;
  ktm_store_edit_cancel (store);
  return FALSE;
}

/* Takes back everything since ktm_store_edit_begin(). */
void
ktm_store_edit_cancel (KtmStore *store)
{
  g_clear_pointer (&store->session, sqlite3session_delete);
  ktm_store_rollback (store);
}

static char *
now_text (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  g_autoptr (GDateTime) now = NULL;

  if (epoch != NULL)
    now = g_date_time_new_from_unix_utc (g_ascii_strtoll (epoch, NULL, 10));
  if (now == NULL)
    now = g_date_time_new_now_utc ();
  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

static gboolean
add_entry (KtmStore *store, const char *what, const char *subject, const char *before,
           const char *after, const void *change, int size, GError **error)
{
  g_autofree char *now = now_text ();
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_exec (store, "UPDATE history SET state = 'dropped' WHERE state = 'undone'", error))
    return FALSE;
  stmt =
      ktm_store_prepare (store,
                         "INSERT INTO history (time, what, subject, before, after, change, state)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'done')",
                         error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ttttt", now, what, subject != NULL ? subject : "", before, after);
  if (change != NULL)
    sqlite3_bind_blob (stmt, 6, change, size, SQLITE_STATIC);
  return ktm_store_run (store, stmt, error);
}

/* Ends an edit: one history entry, saved together with the change.  On error everything is taken
 * back.
 *
 * @what: one of KTM_EDIT_*; @subject: what it was done to; @before, @after: in short, nullable
 * @undoable: nullable; FALSE when the change is too large to keep
 *
 * An edit that changed nothing leaves no entry. */
gboolean
ktm_store_edit_end (KtmStore *store, const char *what, const char *subject, const char *before,
                    const char *after, gboolean *undoable, GError **error)
{
  void *change = NULL;
  int size = 0;
  gboolean keep, ok;

  g_return_val_if_fail (store->session != NULL, FALSE);
  ok = set_sqlite_error (store, sqlite3session_changeset (store->session, &size, &change), error);
  g_clear_pointer (&store->session, sqlite3session_delete);
  keep = size <= MAX_CHANGE_BYTES;
  if (ok && size > 0)
    ok = add_entry (store, what, subject, before, after, keep ? change : NULL, size, error);
  sqlite3_free (change);
  if (!ok)
    {
      ktm_store_rollback (store);
      return FALSE;
    }
  if (undoable != NULL)
    *undoable = keep && size > 0;
  return ktm_store_commit (store, error);
}

static const char NEXT_UNDO[] =
    "SELECT id, what, subject, change FROM history WHERE state = 'done' ORDER BY id DESC LIMIT 1";
static const char NEXT_REDO[] =
    "SELECT id, what, subject, change FROM history WHERE state = 'undone' ORDER BY id LIMIT 1";

static char *
describe (const char *what, const char *subject)
{
  if (g_str_equal (what, KTM_EDIT_EXCLUDE))
    /* Translators: what undo or redo does; %s is a patient's code. */
    return g_strdup_printf (_("Exclude %s"), subject);
  if (g_str_equal (what, KTM_EDIT_INCLUDE))
    return g_strdup_printf (_("Include %s"), subject);
  if (g_str_equal (what, KTM_EDIT_TITLE))
    return g_strdup_printf (_("Rename the cohort to “%s”"), subject);
  if (g_str_equal (what, KTM_EDIT_SAVE))
    return g_strdup_printf (_("Save “%s”"), subject);
  if (g_str_equal (what, KTM_EDIT_CHANGE))
    return g_strdup_printf (_("Change “%s”"), subject);
  if (g_str_equal (what, KTM_EDIT_DELETE))
    return g_strdup_printf (_("Delete “%s”"), subject);
  if (g_str_equal (what, KTM_EDIT_IMPORT))
    return g_strdup_printf (_("Import %s"), subject);
  return g_strdup (subject);
}

static char *
describe_next (KtmStore *store, const char *sql)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (store->read_only)
    return NULL;
  stmt = ktm_store_prepare (store, sql, NULL);
  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW
      || sqlite3_column_type (stmt, 3) != SQLITE_BLOB)
    return NULL;
  return describe (ktm_stmt_text (stmt, 1), ktm_stmt_text (stmt, 2));
}

/* What undo would take back ("Exclude K127"); NULL when there is nothing.  Free with g_free(). */
char *
ktm_store_get_undo (KtmStore *store)
{
  return describe_next (store, NEXT_UNDO);
}

/* What redo would do again; NULL when there is nothing.  Free with g_free(). */
char *
ktm_store_get_redo (KtmStore *store)
{
  return describe_next (store, NEXT_REDO);
}

/* Whether edits of @table are recorded. */
gboolean
ktm_store_is_recorded (const char *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (RECORDED); i++)
    if (strcmp (table, RECORDED[i]) == 0)
      return TRUE;
  return FALSE;
}

static int
is_recorded_cb (void *data, const char *table)
{
  g_ptr_array_add (data, g_strdup (table));
  return ktm_store_is_recorded (table);
}

static int
conflict_cb (void *data G_GNUC_UNUSED, int conflict G_GNUC_UNUSED,
             sqlite3_changeset_iter *iter G_GNUC_UNUSED)
{
  return SQLITE_CHANGESET_ABORT;
}

/* A change that was recorded here passes; one that somebody wrote into the file need not. */
static gboolean
check_result (KtmStore *store, const GPtrArray *touched, GError **error)
{
  g_autoptr (GError) broken = NULL;

  if (ktm_store_check_touched (store, touched, &broken))
    return TRUE;
  if (!g_error_matches (broken, KTM_STORE_ERROR, KTM_STORE_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&broken));
      return FALSE;
    }
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("This change to “%s” cannot be taken back or done again: what it leads to breaks "
                 "the rules of a cohort."),
               store->name);
  return FALSE;
}

static gboolean
apply (KtmStore *store, const void *change, int size, gboolean inverse, GError **error)
{
  g_autoptr (GPtrArray) touched = g_ptr_array_new_with_free_func (g_free);
  void *inverted = NULL;
  int n_inverted = 0;
  int status = ktm_store_change_is_sound (store, change, (gsize) size) ? SQLITE_OK : SQLITE_CORRUPT;

  if (status == SQLITE_OK && inverse)
    status = sqlite3changeset_invert (size, change, &n_inverted, &inverted);
  if (status == SQLITE_OK)
    status = sqlite3changeset_apply (store->db, inverse ? n_inverted : size,
                                     inverse ? inverted : (void *) change, is_recorded_cb,
                                     conflict_cb, touched);
  sqlite3_free (inverted);
  ktm_store_drop_rules (store);
  return set_sqlite_error (store, status, error) && check_result (store, touched, error);
}

static gboolean
mark (KtmStore *store, gint64 id, const char *state, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      ktm_store_prepare (store, "UPDATE history SET state = ?1 WHERE id = ?2", error);

  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ti", state, id);
  return ktm_store_run (store, stmt, error);
}

static gboolean
step_history (KtmStore *store, const char *sql, gboolean undo, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);
  g_autofree void *change = NULL;
  gint64 id;
  int size;

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW || sqlite3_column_type (stmt, 3) != SQLITE_BLOB)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   undo ? _("There is nothing to undo.") : _("There is nothing to redo."));
      return FALSE;
    }
  id = sqlite3_column_int64 (stmt, 0);
  size = sqlite3_column_bytes (stmt, 3);
  change = g_memdup2 (sqlite3_column_blob (stmt, 3), (gsize) size);
  sqlite3_reset (stmt);
  return apply (store, change, size, undo, error)
         && mark (store, id, undo ? "undone" : "done", error);
}

static gboolean
step_in_transaction (KtmStore *store, const char *sql, gboolean undo, GError **error)
{
  if (!ktm_store_begin (store, error))
    return FALSE;
  if (step_history (store, sql, undo, error))
    return ktm_store_commit (store, error);
  ktm_store_rollback (store);
  return FALSE;
}

/* Takes back the last edit that is not taken back yet, in one transaction.
 * Errors: INVALID (nothing to undo, or the rows changed since without history), READ_ONLY, BUSY,
 * FULL, FAILED. */
gboolean
ktm_store_undo (KtmStore *store, GError **error)
{
  return step_in_transaction (store, NEXT_UNDO, TRUE, error);
}

/* Does the last undone edit again. */
gboolean
ktm_store_redo (KtmStore *store, GError **error)
{
  return step_in_transaction (store, NEXT_REDO, FALSE, error);
}
