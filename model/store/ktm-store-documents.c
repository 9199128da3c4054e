/* model/store: GIO and sqlite3 only.  Documents, and the edits people make to a cohort. */
#include <string.h>

#include "ktm-store-private.h"

static void
fill_document (sqlite3_stmt *stmt, gpointer record)
{
  KtmDocumentRecord *document = record;

  *document = (KtmDocumentRecord) {
    .id = sqlite3_column_int64 (stmt, 0), .kind = ktm_stmt_text (stmt, 1),
    .title = ktm_stmt_text (stmt, 2), .json = ktm_stmt_text (stmt, 3),
  };
}

/* Documents of one kind, or of all (@kind NULL), in the order they were made. */
gboolean
ktm_store_read_documents (KtmStore *store, const char *kind, KtmStoreRowFunc func, gpointer data,
                          GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  KtmDocumentRecord record;

  stmt = ktm_store_prepare (
      store, "SELECT id, kind, title, json FROM document WHERE ?1 IS NULL OR kind = ?1 ORDER BY id",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "t", kind);
  return ktm_store_each (store, stmt, fill_document, &record, func, data, error);
}

/* One text of one row, owned; *text is NULL when there is no such row.  FALSE when it cannot be
 * read. */
static gboolean
read_text (KtmStore *store, const char *sql, gint64 id, char **text, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);
  int status;

  *text = NULL;
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "i", id);
  status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    *text = g_strdup (ktm_stmt_text (stmt, 0));
  else if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_ROW || status == SQLITE_DONE;
}

static gboolean
read_title (KtmStore *store, gint64 id, char **title, GError **error)
{
  return read_text (store, "SELECT title FROM document WHERE id = ?1", id, title, error);
}

static gboolean
set_no_document (GError **error)
{
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("This is not in the cohort any more."));
  return FALSE;
}

/* Runs @stmt as one edit of its own. */
static gboolean
edit (KtmStore *store, sqlite3_stmt *stmt, const char *what, const char *subject,
      const char *before, const char *after, GError **error)
{
  if (stmt == NULL || !ktm_store_edit_begin (store, error))
    return FALSE;
  if (ktm_store_run (store, stmt, error))
    return ktm_store_edit_end (store, what, subject, before, after, NULL, error);
  ktm_store_edit_cancel (store);
  return FALSE;
}

/* Saves a new document (@id_or_0 0) or replaces one; returns its id, never used again for another,
 * or −1.
 *
 * @kind: "group", "view", "rule", "deck", "model" …; @title for people; @json its content
 *
 * Errors: INVALID (no kind, title or content; no such document), READ_ONLY, BUSY, FULL. */
gint64
ktm_store_put_document (KtmStore *store, gint64 id_or_0, const char *kind, const char *title,
                        const char *json, GError **error)
{
  g_autofree char *before = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_check_text (kind, FALSE, _("a kind"), error)
      || !ktm_store_check_text (title, FALSE, _("a title"), error)
      || !ktm_store_check_text (json, FALSE, _("a content"), error))
    return -1;
  if (id_or_0 != 0 && !read_title (store, id_or_0, &before, error))
    return -1;
  if (id_or_0 != 0 && before == NULL)
    {
      set_no_document (error);
      return -1;
    }
  stmt = ktm_store_prepare (
      store,
      id_or_0 == 0 ? "INSERT INTO document (kind, title, json) VALUES (?1, ?2, ?3)"
                   : "UPDATE document SET kind = ?1, title = ?2, json = ?3 WHERE id = ?4",
      error);
  if (stmt == NULL)
    return -1;
  ktm_stmt_bind (stmt, "ttt", kind, title, json);
  if (id_or_0 != 0)
    sqlite3_bind_int64 (stmt, 4, id_or_0);
  if (!ktm_store_begin (store, error))
    return -1;
  if (!edit (store, stmt, id_or_0 == 0 ? KTM_EDIT_SAVE : KTM_EDIT_CHANGE, title, before, title,
             error))
    {
      ktm_store_rollback (store);
      return -1;
    }
  if (id_or_0 == 0)
    id_or_0 = ktm_store_get_int (store, "SELECT max(id) FROM document", error);
  return ktm_store_commit (store, error) ? id_or_0 : -1;
}

/* Deletes a document.  Errors: INVALID (no such document), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_delete_document (KtmStore *store, gint64 id, GError **error)
{
  g_autofree char *title = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!read_title (store, id, &title, error))
    return FALSE;
  if (title == NULL)
    return set_no_document (error);
  stmt = ktm_store_prepare (store, "DELETE FROM document WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "i", id);
  return edit (store, stmt, KTM_EDIT_DELETE, title, title, NULL, error);
}

/* Includes a patient or leaves it out of every count, with a reason (nullable) for the flow
 * diagram. Errors: INVALID (no such patient), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_set_included (KtmStore *store, gint64 patient, gboolean included, const char *reason,
                        GError **error)
{
  g_autofree char *code = NULL, *before = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!read_text (store, "SELECT code FROM patient WHERE id = ?1", patient, &code, error))
    return FALSE;
  if (code == NULL)
    return set_no_document (error);
  if (!ktm_store_check_text (reason, TRUE, _("a reason"), error)
      || !read_text (
          store,
          "SELECT iif(included, 'included', 'not included: ' || coalesce(exclusion_reason, ''))"
          " FROM patient WHERE id = ?1",
          patient, &before, error))
    return FALSE;
  stmt = ktm_store_prepare (
      store, "UPDATE patient SET included = ?1, exclusion_reason = ?2 WHERE id = ?3", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "nti", included != FALSE, included ? NULL : reason, patient);
  return edit (store, stmt, included ? KTM_EDIT_INCLUDE : KTM_EDIT_EXCLUDE, code, before,
               included ? "included" : "not included", error);
}

/* Renames the study.  Errors: INVALID (no title), READ_ONLY, BUSY, FULL. */
gboolean
ktm_store_set_title (KtmStore *store, const char *title, GError **error)
{
  g_autofree char *before = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!ktm_store_check_text (title, FALSE, _("a title"), error)
      || !read_text (store, "SELECT title FROM study WHERE one = ?1", 1, &before, error))
    return FALSE;
  stmt = ktm_store_prepare (store, "UPDATE study SET title = ?1", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "t", title);
  return edit (store, stmt, KTM_EDIT_TITLE, title, before, title, error);
}
