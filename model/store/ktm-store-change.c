/* model/store: GIO and sqlite3 only.
 *
 * Whether a recorded change is well formed.  SQLite's changeset reader trusts its input (3.40 loops
 * for ever on some bytes), so what comes from a file is checked against the documented format
 * first: 'T' columns (varint), one key flag a column, table name, NUL; then changes of that table:
 *   operation, indirect flag, old values (delete, update), new values (insert, update); a value is
 * a type byte (0 none, 1 integer, 2 real, 3 text, 4 blob, 5 NULL) with 8 bytes, or a varint length
 * and that many bytes. */
#include <string.h>

#include "ktm-store-private.h"

typedef struct
{
  const guint8 *at, *end;
} Reader;

static gboolean
take (Reader *reader, gsize n)
{
  if ((gsize) (reader->end - reader->at) < n)
    return FALSE;
  reader->at += n;
  return TRUE;
}

/* SQLite's varint: seven bits a byte, most significant first.  Lengths beyond 4 bytes do not occur.
 */
static gboolean
take_varint (Reader *reader, gsize *value)
{
  *value = 0;
  for (guint i = 0; i < 5; i++)
    {
      if (!take (reader, 1))
        return FALSE;
      *value = (*value << 7) | (reader->at[-1] & 0x7f);
      if ((reader->at[-1] & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_value (Reader *reader)
{
  gsize length;

  if (!take (reader, 1))
    return FALSE;
  switch (reader->at[-1])
    {
    case 0:
    case SQLITE_NULL:
      return TRUE;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
      return take (reader, 8);
    case SQLITE_TEXT:
    case SQLITE_BLOB:
      return take_varint (reader, &length) && take (reader, length);
    default:
      return FALSE;
    }
}

static gboolean
take_change (Reader *reader, gsize n_columns)
{
  guint8 operation;
  gsize n_values;

  if (n_columns == 0 || !take (reader, 2))
    return FALSE;
  operation = reader->at[-2];
  if (operation != SQLITE_INSERT && operation != SQLITE_DELETE && operation != SQLITE_UPDATE)
    return FALSE;
  n_values = operation == SQLITE_UPDATE ? 2 * n_columns : n_columns;
  for (gsize i = 0; i < n_values; i++)
    if (!take_value (reader))
      return FALSE;
  return TRUE;
}

/* The key flags must be those of the table as it is: its columns, in order.  A change recorded
 * before columns were added at the end has fewer; SQLite leaves those as they are. */
static gboolean
fits_table (KtmStore *store, const char *table, const guint8 *keys, gsize n_columns)
{
  g_autoptr (sqlite3_stmt) stmt =
      ktm_store_prepare (store, "SELECT pk FROM pragma_table_info(?1)", NULL);
  gsize n = 0;

  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "t", table);
  for (; sqlite3_step (stmt) == SQLITE_ROW; n++)
    if ((n < n_columns && keys[n] != 0) != (sqlite3_column_int (stmt, 0) > 0))
      return FALSE;
  return n >= n_columns;
}

static gboolean
take_table (KtmStore *store, Reader *reader, gsize *n_columns)
{
  const guint8 *keys, *nul;

  if (!take_varint (reader, n_columns))
    return FALSE;
  keys = reader->at;
  if (!take (reader, *n_columns))
    return FALSE;
  nul = memchr (reader->at, 0, (gsize) (reader->end - reader->at));
  if (nul == NULL || !ktm_store_is_recorded ((const char *) reader->at)
      || !fits_table (store, (const char *) reader->at, keys, *n_columns))
    return FALSE;
  reader->at = nul + 1;
  return TRUE;
}

/* Whether @size bytes at @change are a changeset of our own tables. */
gboolean
ktm_store_change_is_sound (KtmStore *store, const void *change, gsize size)
{
  Reader reader = { change, change != NULL ? (const guint8 *) change + size : NULL };
  gsize n_columns = 0;

  if (size == 0)
    return TRUE;
  while (reader.at < reader.end)
    if (*reader.at == 'T' ? !take (&reader, 1) || !take_table (store, &reader, &n_columns)
                          : !take_change (&reader, n_columns))
      return FALSE;
  return TRUE;
}
