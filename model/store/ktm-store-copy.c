/* model/store: GIO and sqlite3 only. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "ktm-store-private.h"

static gboolean
same_file (const char *a, const char *b)
{
  g_autoptr (GFile) file_a = g_file_new_for_path (a);
  g_autoptr (GFile) file_b = g_file_new_for_path (b);
  g_autoptr (GFileInfo) info_a =
      g_file_query_info (file_a, G_FILE_ATTRIBUTE_ID_FILE, 0, NULL, NULL);
  g_autoptr (GFileInfo) info_b =
      g_file_query_info (file_b, G_FILE_ATTRIBUTE_ID_FILE, 0, NULL, NULL);

  return info_a != NULL && info_b != NULL
         && g_strcmp0 (g_file_info_get_attribute_string (info_a, G_FILE_ATTRIBUTE_ID_FILE),
                       g_file_info_get_attribute_string (info_b, G_FILE_ATTRIBUTE_ID_FILE)) == 0;
}

/* An unfinished journal beside the target would be rolled back into the new file. */
static gboolean
check_target (KtmStore *store, const char *path, const char *name, GError **error)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  if (store->path != NULL && same_file (store->path, path))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS,
                 _("“%s” is the open cohort itself. Choose another name for the copy."), name);
  else if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS,
                 _("“%s” is a folder. Choose another name."), name);
  else if (g_file_test (journal, G_FILE_TEST_EXISTS) || g_file_test (wal, G_FILE_TEST_EXISTS))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY,
                 _("“%s” is in use or was not closed properly. Choose another name."), name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
backup_into (KtmStore *store, const char *temporary, const char *name, GError **error)
{
  sqlite3 *target = NULL;
  sqlite3_backup *backup = NULL;
  gboolean ok = sqlite3_open_v2 (temporary, &target, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;

  if (ok)
    {
      backup = sqlite3_backup_init (target, "main", store->db, "main");
      ok = backup != NULL && sqlite3_backup_step (backup, -1) == SQLITE_DONE;
      ok = sqlite3_backup_finish (backup) == SQLITE_OK && ok;
    }
  if (!ok)
    ktm_store_set_error (error, target, name);
  return sqlite3_close (target) == SQLITE_OK && ok;
}

static int
open_temporary (const char *path, const char *name, char **temporary, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  *temporary = g_build_filename (folder, ".cohort-XXXXXX", NULL);
  fd = g_mkstemp_full (*temporary, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    g_set_error (error, KTM_STORE_ERROR,
                 errno == ENOENT || errno == ENOTDIR ? KTM_STORE_ERROR_NOT_FOUND
                                                     : KTM_STORE_ERROR_READ_ONLY,
                 errno == ENOENT || errno == ENOTDIR
                     ? _("“%s” cannot be saved: its folder does not exist.")
                     : _("“%s” cannot be saved: its folder cannot be written to."),
                 name);
  return fd;
}

/* Writes the whole cohort to @path through a temporary file of mode 0600 in the same folder and a
 * rename: whole or not at all.  An existing file is replaced. */
gboolean
ktm_store_copy_to (KtmStore *store, const char *path, GError **error)
{
  g_autofree char *name = ktm_store_dup_name (path);
  g_autofree char *temporary = NULL;
  int fd;

  if (!check_target (store, path, name, error))
    return FALSE;
  fd = open_temporary (path, name, &temporary, error);
  if (fd < 0)
    return FALSE;
  g_close (fd, NULL);
  if (backup_into (store, temporary, name, error))
    {
      if (g_rename (temporary, path) == 0)
        {
          ktm_store_sync_folder (path);
          return TRUE;
        }
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                   _("“%s” could not be saved: %s."), name, g_strerror (errno));
    }
  ktm_store_remove_file (temporary);
  return FALSE;
}

/* Saves the cohort as another file of mode 0600, whole or not at all; the open file stays the open
 * one.
 *
 * Errors: EXISTS (it is the open file, or a folder), NOT_FOUND (no such folder), READ_ONLY, BUSY
 * (the target is in use, or an edit of this cohort is not finished), FULL, FAILED. */
gboolean
ktm_store_save_copy (KtmStore *store, const char *path, GError **error)
{
  g_return_val_if_fail (store != NULL && path != NULL, FALSE);
  if (store->depth > 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY,
                   _("“%s” is being changed. Save the copy when that is done."), store->name);
      return FALSE;
    }
  return ktm_store_copy_to (store, path, error);
}
