/* model/store: GIO and sqlite3 only.  A new cohort file that is there whole or not at all. */
#define _GNU_SOURCE  /* renameat2 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktm-store-private.h"

#define PREFIX ".cohort-new-"  /* six letters follow, and "-journal" for SQLite's own */

/* Removes a file that SQLite wrote to, and what a failed transaction left beside it. */
void
ktm_store_remove_file (const char *path)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  g_unlink (path);
  g_unlink (journal);
}

/* Whoever makes a cohort holds a lock on its hidden file: one without is what a killed program
 * left. */
static void
remove_if_stale (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);

  if (fd < 0)
    return;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    ktm_store_remove_file (path);
  g_close (fd, NULL);
}

static void
remove_stale (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, PREFIX) && strlen (name) == strlen (PREFIX) + 6)
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        remove_if_stale (path);
      }
}

/* A hidden, empty, locked file beside @path; somebody who tidies up may take it before it is
 * locked, so try again. */
static int
open_hidden (const char *folder, char **hidden)
{
  for (guint i = 0; i < 20; i++)
    {
      struct stat info;
      g_free (*hidden);
      *hidden = g_build_filename (folder, PREFIX "XXXXXX", NULL);
      int fd = g_mkstemp_full (*hidden, O_RDWR | O_CLOEXEC, 0600);
      if (fd < 0)
        return -1;
      if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &info) == 0 && info.st_nlink > 0)
        return fd;
      g_close (fd, NULL);
      g_unlink (*hidden);
    }
  errno = EBUSY;
  return -1;
}

static void
set_open_error (GError **error, const char *name)
{
  if (errno == ENOENT || errno == ENOTDIR)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND,
                 _("“%s” cannot be made: its folder does not exist."), name);
  else if (errno == ENOSPC)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FULL,
                 _("There is no room left on the disk for “%s”."), name);
  else
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                 _("“%s” cannot be made: its folder cannot be written to. Choose another folder."),
                 name);
}

/* An unfinished journal of a file that is gone would be rolled back into the new one. */
static gboolean
is_free (const char *path, const char *name, GError **error)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS,
                 _("“%s” already exists. Choose another name."), name);
  else if (g_file_test (journal, G_FILE_TEST_EXISTS) || g_file_test (wal, G_FILE_TEST_EXISTS))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_BUSY,
                 _("“%s” was not closed properly before it was removed. Choose another name."),
                 name);
  else
    return TRUE;
  return FALSE;
}

/* Begins a new cohort for @path in a hidden file of mode 0600 beside it; @path is only there once
 * ktm_store_publish() gave it its name.  What a killed program left of this in the same folder is
 * removed.
 *
 * Errors: as ktm_store_create(); BUSY where an unfinished journal lies beside @path. */
KtmStore *
ktm_store_create_hidden (const char *path, const char *title, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *hidden = NULL,
                  *name = ktm_store_dup_name (path);
  KtmStore *store;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  if (!is_free (path, name, error))
    return NULL;
  remove_stale (folder);
  fd = open_hidden (folder, &hidden);
  if (fd < 0)
    {
      set_open_error (error, name);
      return NULL;
    }
  store = ktm_store_create_in (hidden, name, title, error);
  if (store == NULL)
    {
      ktm_store_remove_file (hidden);
      g_close (fd, NULL);
      return NULL;
    }
  store->lock = fd;
  return store;
}

/* Names @from @to where nothing is called so yet. */
static gboolean
rename_to_new (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
    return FALSE;
  if (g_file_test (to, G_FILE_TEST_EXISTS))  /* a file system that cannot promise it */
    {
      errno = EEXIST;
      return FALSE;
    }
  return g_rename (from, to) == 0;
}

/* What was renamed to @path stays so after a power cut. */
void
ktm_store_sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0)
    {
      fsync (fd);
      g_close (fd, NULL);
    }
}

/* Gives a cohort of ktm_store_create_hidden() its name and closes it (also where that fails: then
 * nothing is left).
 *
 * Errors: EXISTS (somebody made @path meanwhile), FAILED. */
gboolean
ktm_store_publish (KtmStore *store, const char *path, GError **error)
{
  g_autofree char *hidden = g_strdup (store->path), *name = g_strdup (store->name);
  int lock = store->lock;
  gboolean done;

  store->lock = -1;
  ktm_store_close (store);
  done = is_free (path, name, error);
  if (done && !rename_to_new (hidden, path))
    {
      g_set_error (error, KTM_STORE_ERROR,
                   errno == EEXIST ? KTM_STORE_ERROR_EXISTS : KTM_STORE_ERROR_FAILED,
                   errno == EEXIST ? _("“%s” already exists. Choose another name.")
                                   : _("“%s” could not be made."),
                   name);
      done = FALSE;
    }
  if (done)
    ktm_store_sync_folder (path);
  else
    ktm_store_remove_file (hidden);
  g_close (lock, NULL);
  return done;
}

/* Closes a cohort of ktm_store_create_hidden() and leaves nothing of it. */
void
ktm_store_discard (KtmStore *store)
{
  g_autofree char *hidden = g_strdup (store->path);
  int lock = store->lock;

  store->lock = -1;
  ktm_store_close (store);
  ktm_store_remove_file (hidden);
  g_close (lock, NULL);
}
