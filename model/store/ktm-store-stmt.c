/* model/store: GIO and sqlite3 only. */
#include "ktm-store-stmt.h"

#include <math.h>

#include "ktm-store-private.h"

/* Binds the parameters 1, 2, … of @stmt.
 *
 * @types: one letter a parameter: t const char * (NULL: absent), d double (NaN: absent), i gint64,
 * n int
 *
 * Texts are borrowed: they must live until the statement ran and its bindings were cleared. */
void
ktm_stmt_bind (sqlite3_stmt *stmt, const char *types, ...)
{
  va_list args;

  va_start (args, types);
  for (int i = 1; *types != '\0'; types++, i++)
    {
      if (*types == 't')
        sqlite3_bind_text (stmt, i, va_arg (args, const char *), -1, SQLITE_STATIC);
      else if (*types == 'd')
        sqlite3_bind_double (stmt, i, va_arg (args, double)); /* SQLite stores NaN as NULL */
      else if (*types == 'i')
        sqlite3_bind_int64 (stmt, i, va_arg (args, gint64));
      else
        sqlite3_bind_int (stmt, i, va_arg (args, int));
    }
  va_end (args);
}

/* A column as a number; NaN when it is absent. */
double
ktm_stmt_double (sqlite3_stmt *stmt, int column)
{
  if (sqlite3_column_type (stmt, column) == SQLITE_NULL)
    return NAN;
  return sqlite3_column_double (stmt, column);
}

/* A column as text, borrowed until the next step; NULL when it is absent. */
const char *
ktm_stmt_text (sqlite3_stmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

/* A statement for one use; free it with sqlite3_finalize() (g_autoptr).  NULL with @error set. */
sqlite3_stmt *
ktm_store_prepare (KtmStore *store, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
    {
      ktm_store_set_error (error, store->db, store->name);
      return NULL;
    }
  return stmt;
}

/* The statement kept as @which, prepared on first use; borrowed, without bindings. */
sqlite3_stmt *
ktm_store_cached (KtmStore *store, KtmSql which, const char *sql, GError **error)
{
  if (store->stmt[which] == NULL
      && sqlite3_prepare_v3 (store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->stmt[which],
                             NULL)
             != SQLITE_OK)
    {
      ktm_store_set_error (error, store->db, store->name);
      return NULL;
    }
  return store->stmt[which];
}

/* Runs a writing statement to its end, then resets it and forgets its parameters.
 *
 * Refuses when the file is read-only, and when SQLite itself gave up the open transaction (a full
 * disk): what follows would otherwise be saved without what came before. */
gboolean
ktm_store_run (KtmStore *store, sqlite3_stmt *stmt, GError **error)
{
  int status;

  if (!ktm_store_check_writable (store, error))
    {
      sqlite3_clear_bindings (stmt);
      return FALSE;
    }
  do
    status = sqlite3_step (stmt);
  while (status == SQLITE_ROW);
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  sqlite3_reset (stmt);
  sqlite3_clear_bindings (stmt);
  return status == SQLITE_DONE;
}

/* The first column of the first row of @sql; 0 when there is no row, −1 with @error set when it
 * fails. */
gint64
ktm_store_get_int (KtmStore *store, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);

  if (stmt == NULL)
    return -1;
  switch (sqlite3_step (stmt))
    {
    case SQLITE_ROW:
      return sqlite3_column_int64 (stmt, 0);
    case SQLITE_DONE:
      return 0;
    default:
      ktm_store_set_error (error, store->db, store->name);
      return -1;
    }
}

/* Steps @stmt: @fill reads each row into @record, @func gets it and may stop by returning FALSE.
 * FALSE with @error set only when SQLite fails. */
gboolean
ktm_store_each (KtmStore *store, sqlite3_stmt *stmt, KtmStoreFill fill, gpointer record,
                KtmStoreRowFunc func, gpointer data, GError **error)
{
  int status;

  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      fill (stmt, record);
      if (!func (record, data))
        return TRUE;
    }
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_DONE;
}

/* The same for a statement without parameters. */
gboolean
ktm_store_each_sql (KtmStore *store, const char *sql, KtmStoreFill fill, gpointer record,
                    KtmStoreRowFunc func, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (store, sql, error);

  return stmt != NULL && ktm_store_each (store, stmt, fill, record, func, data, error);
}
