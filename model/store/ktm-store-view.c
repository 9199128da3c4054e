/* model/store: GIO and sqlite3 only.  What another window or program does to the same file.
 *
 * PRAGMA data_version of a connection changes when, and only when, another connection wrote; the
 * change counter in the file's header (bytes 24 to 27) is the same for every connection. */
#include "ktm-store-private.h"

#define COUNTER_OFFSET 24

static gint64
data_version (KtmStore *store)
{
  return store->path == NULL ? 0 : ktm_store_get_int (store, "PRAGMA data_version", NULL);
}

/* What is read until ktm_store_read_end() is the file of one moment, whatever others write; later
 * edits go from there.  Within a transaction it does nothing.  Errors: BUSY, DAMAGED, FAILED. */
gboolean
ktm_store_read_begin (KtmStore *store, GError **error)
{
  if (store->depth > 0 || store->reading > 0)
    {
      store->reading += store->reading > 0;
      return TRUE;
    }
  if (!ktm_store_exec (store, "BEGIN", error))
    return FALSE;
  store->reading = 1;
  store->version = ktm_store_get_int (store, "PRAGMA data_version", error);
  if (store->version >= 0)
    return TRUE;
  store->version = 0;
  ktm_store_read_end (store);
  return FALSE;
}

void
ktm_store_read_end (KtmStore *store)
{
  if (store->reading == 0 || --store->reading > 0)
    return;
  sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Whether another window or program wrote to the file since it was last read. */
gboolean
ktm_store_is_stale (KtmStore *store)
{
  gint64 now = data_version (store);

  return store->version > 0 && now > 0 && now != store->version;
}

/* Within a transaction: refuses to write over what another wrote and nobody has looked at. */
gboolean
ktm_store_check_fresh (KtmStore *store, GError **error)
{
  if (!ktm_store_is_stale (store))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED,
               _("“%s” was changed by another window or program in the meantime; nothing was "
                  "written. Look at it again and repeat the step."),
               store->name);
  return FALSE;
}

/* The number of writes to the file so far; to be called while it is being read or written, so that
 * nobody else can.  0: in memory, or it cannot be told. */
guint32
ktm_store_get_counter (KtmStore *store)
{
  sqlite3_file *file = NULL;
  guint8 b[4] = { 0 };

  if (sqlite3_file_control (store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
      || file == NULL || file->pMethods == NULL
      || file->pMethods->xRead (file, b, sizeof b, COUNTER_OFFSET) != SQLITE_OK)
    return 0;
  return ((guint32) b[0] << 24) | ((guint32) b[1] << 16) | ((guint32) b[2] << 8) | b[3];
}
