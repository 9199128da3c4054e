/* model/store: GIO and sqlite3 only. */
#include <string.h>

#include "ktm-store-private.h"

G_DEFINE_QUARK (ktm-store-error-quark, ktm_store_error)

static void
set_cannot_open (GError **error, int status, const char *name)
{
  if (status == SQLITE_READONLY_DBMOVED)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_GONE,
                 _("“%s” was moved, deleted or replaced while it was open; nothing was written. "
                    "Save a copy of what you see under another name."),
                 name);
  else if (status == SQLITE_READONLY_ROLLBACK || status == SQLITE_READONLY_RECOVERY
           || status == SQLITE_BUSY_RECOVERY)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                 _("“%s” was not closed properly and cannot be repaired where it is: copy it, "
                    "together with “%s-journal”, "
                    "to a folder you can write to and open the copy."),
                 name, name);
  else
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                 _("“%s” cannot be written: the file, its folder or the medium is read-only. Save "
                    "a copy elsewhere."),
                 name);
}

/* One sentence for people about a status of SQLite, as a KtmStoreError.
 *
 * @status: extended; @detail: SQLite's own words; @name: what the file is called in messages; never
 * a whole path */
void
ktm_store_set_status (GError **error, int status, const char *detail, const char *name)
{
  switch (status & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY,
                   _("“%s” is being written by another window or program. Wait until it is done, "
                      "or close it there."),
                   name);
      break;
    case SQLITE_FULL:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FULL,
                   _("There is no room left on the disk for “%s”; nothing was changed. Free some "
                      "space and try again."),
                   name);
      break;
    case SQLITE_READONLY:
      set_cannot_open (error, status, name);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_DAMAGED,
                   _("“%s” is damaged and was left as it is. Open a backup of it."), name);
      break;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("“%s” refuses a record that breaks its rules (%s)."), name,
                   detail);
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                   _("“%s” cannot be opened: its share or drive may be gone, or you may not have "
                      "the right to read it or to write to its folder."),
                   name);
      break;
    case SQLITE_IOERR:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                   _("The disk or the network failed while using “%s”; nothing was changed. Check "
                      "the connection and try again."),
                   name);
      break;
    case SQLITE_NOMEM:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                   _("There is not enough memory for “%s”. Close other programs and try again."),
                   name);
      break;
    default:
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                   _("“%s” could not be used (%s)."), name, detail);
    }
}

/* The same about what SQLite just refused on @db. */
void
ktm_store_set_error (GError **error, sqlite3 *db, const char *name)
{
  ktm_store_set_status (error, sqlite3_extended_errcode (db), sqlite3_errmsg (db), name);
}

/* Refuses text no screen could show: not UTF-8, or empty where something must stand.
 *
 * @what: what it is, already translated ("the patient's code") */
gboolean
ktm_store_check_text (const char *text, gboolean may_be_absent, const char *what, GError **error)
{
  if (text == NULL || *text == '\0')
    {
      if (may_be_absent)
        return TRUE;
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("A record without %s cannot be kept."), what);
      return FALSE;
    }
  if (g_utf8_validate (text, -1, NULL))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Text that is not UTF-8 cannot be kept as %s."), what);
  return FALSE;
}
