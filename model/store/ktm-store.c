/* model/store: GIO and sqlite3 only. */
#include "ktm-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "ktm-store-private.h"
#include "ktm-store-scan.h"

#define HEADER_SIZE 100

/* What the first 100 bytes of a file say about it, and its length. */
typedef struct
{
  guint8 bytes[HEADER_SIZE];
  gint64 size;
} Header;

/* A file's name without its folder, as messages show it; valid UTF-8; free. */
char *
ktm_store_dup_name (const char *path)
{
  return g_filename_display_basename (path);
}

/* Runs statements without parameters (schema, pragmas). */
gboolean
ktm_store_exec (KtmStore *store, const char *sql, GError **error)
{
  if (sqlite3_exec (store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  ktm_store_set_error (error, store->db, store->name);
  return FALSE;
}

/* Refuses a write to a file opened for reading, or after SQLite gave up the open transaction. */
gboolean
ktm_store_check_writable (KtmStore *store, GError **error)
{
  if (store->read_only)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                   _("“%s” is open for reading only. Save a copy and change that."), store->name);
      return FALSE;
    }
  if (store->depth > 0 && sqlite3_get_autocommit (store->db))
    {
      g_set_error (
          error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
          _("The changes to “%s” were taken back because of an earlier error. Try again."),
          store->name);
      return FALSE;
    }
  return TRUE;
}

static guint32
big_endian (const guint8 *bytes)
{
  return ((guint32) bytes[0] << 24) | ((guint32) bytes[1] << 16) | ((guint32) bytes[2] << 8)
         | bytes[3];
}

static gboolean
is_hot (const char *path)
{
  g_autofree char *journal = path != NULL ? g_strconcat (path, "-journal", NULL) : NULL;
  GStatBuf stat_buf;

  return journal != NULL && g_stat (journal, &stat_buf) == 0 && stat_buf.st_size > 0;
}

/* Read through SQLite's own file object: closing a second descriptor would drop the locks of this
 * process. */
static gboolean
read_header (KtmStore *store, Header *header, GError **error)
{
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;

  memset (header, 0, sizeof *header);
  if (sqlite3_file_control (store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK
      && file != NULL && file->pMethods != NULL
      && file->pMethods->xFileSize (file, &size) == SQLITE_OK
      && (size < HEADER_SIZE
          || file->pMethods->xRead (file, header->bytes, HEADER_SIZE, 0) == SQLITE_OK))
    {
      header->size = size;
      return TRUE;
    }
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED, _("“%s” could not be read."),
               store->name);
  return FALSE;
}

/* A file that says it has more pages than it holds was cut off.  The count is only trusted when the
 * header says so, and not while a journal may still have to be rolled back. */
static gboolean
is_truncated (const Header *header)
{
  guint32 page = ((guint32) header->bytes[16] << 8) | header->bytes[17];
  gint64 pages = big_endian (header->bytes + 28);

  if (page == 1)
    page = 65536;
  return header->size % page != 0
         || (big_endian (header->bytes + 24) == big_endian (header->bytes + 92)
             && pages * page > header->size);
}

/* Everything that can be said about a file without a lock: what it is, whose, which version, whole
 * or not. */
static gboolean
check_header (KtmStore *store, const Header *header, guint newest, guint *version, GError **error)
{
  *version = big_endian (header->bytes + 60);
  if (header->size == 0)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_A_COHORT,
                 _("“%s” is empty: it holds no cohort. Choose another file."), store->name);
  else if (header->size < HEADER_SIZE || memcmp (header->bytes, "SQLite format 3", 16) != 0)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_A_COHORT,
                 _("“%s” is not a cohort file. To read a table of data, import it."), store->name);
  else if (big_endian (header->bytes + 68) != KTM_STORE_APPLICATION_ID)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_A_COHORT,
                 _("“%s” is a database of another program, not a cohort file."), store->name);
  else if (*version > newest)
    g_set_error (
        error, KTM_STORE_ERROR, KTM_STORE_ERROR_NEWER,
        _("“%s” was made by a later version of this program. Update the program to open it."),
        store->name);
  else if (*version == 0 || (is_truncated (header) && !is_hot (store->path)))
    g_set_error (
        error, KTM_STORE_ERROR, KTM_STORE_ERROR_DAMAGED,
        _("“%s” is incomplete: a part of the file is missing. Open a backup, or copy it again."),
        store->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
configure (KtmStore *store, GError **error)
{
  sqlite3_extended_result_codes (store->db, 1);
  sqlite3_busy_timeout (store->db, KTM_STORE_BUSY_MS);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  return ktm_store_exec (
      store,
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
      "PRAGMA cache_size = -8192", /* KiB; ktm_store_scan() lets go of it */
      error);
}

static KtmStore *
store_new (const char *path, const char *name)
{
  KtmStore *store = g_new0 (KtmStore, 1);

  store->lock = -1;
  store->path = g_strdup (path);
  store->name = path != NULL ? ktm_store_dup_name (path) : g_strdup (name);
  return store;
}

static gboolean
connect_file (KtmStore *store, int flags, GError **error)
{
  g_clear_pointer (&store->db, sqlite3_close);
  if (sqlite3_open_v2 (store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                       NULL)
      != SQLITE_OK)
    {
      ktm_store_set_error (error, store->db, store->name);
      return FALSE;
    }
  return TRUE;
}

/* A file left by a crash is first repaired from its journal, which only a writing connection can
 * do. */
static gboolean
repair (KtmStore *store, GError **error)
{
  if (sqlite3_exec (store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  ktm_store_set_error (error, store->db, store->name);
  return FALSE;
}

static gboolean
is_writable (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_access (path, W_OK) == 0 && g_access (folder, W_OK) == 0;
}

static gboolean
check_is_file (KtmStore *store, GError **error)
{
  GStatBuf stat_buf;

  if (g_stat (store->path, &stat_buf) != 0)
    {
      if (errno == EACCES)
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                     _("“%s” cannot be opened: you do not have the right to read it."),
                     store->name);
      else
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND,
                     _("“%s” does not exist. It may have been moved or renamed."), store->name);
      return FALSE;
    }
  if (S_ISREG (stat_buf.st_mode))
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_A_COHORT, _("“%s” is not a file."),
               store->name);
  return FALSE;
}

static char *
backup_path (const char *path, guint version)
{
  g_autofree char *stem =
      g_str_has_suffix (path, ".cohort") ? g_strndup (path, strlen (path) - 7) : g_strdup (path);
  char *backup = g_strdup_printf ("%s.before-version-%u.cohort", stem, version);

  for (guint i = 2; g_file_test (backup, G_FILE_TEST_EXISTS); i++)
    {
      g_free (backup);
      backup = g_strdup_printf ("%s.before-version-%u-%u.cohort", stem, version, i);
    }
  return backup;
}

static gboolean
update (KtmStore *store, const KtmStoreMigration *steps, guint from, guint to, GError **error)
{
  g_autofree char *backup = NULL;

  if (from == to)
    return TRUE;
  if (store->read_only)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                   _("“%s” was made by an earlier version and must be updated, but cannot be "
                      "written where it is. "
                      "Copy it to a folder you can write to and open the copy."),
                   store->name);
      return FALSE;
    }
  backup = backup_path (store->path, to);
  if (!ktm_store_copy_to (store, backup, error))
    return FALSE;
  if (ktm_store_migrate (store, steps, from, to, error))
    return TRUE;
  ktm_store_remove_file (backup);  /* the file is as it was */
  return FALSE;
}

/* Rollback journal only: what other programs turned into WAL is turned back, once it proved sound.
 */
static gboolean
leave_wal (KtmStore *store, const Header *header, GError **error)
{
  return store->read_only || header->bytes[18] != 2
         || ktm_store_exec (store, "PRAGMA journal_mode = DELETE", error);
}

/* All of it; but the big tables' rows only where nobody will look at them before they are used. */
static gboolean
check_contents (KtmStore *store, const Header *header, gboolean is_newest, GError **error)
{
  return store->to_scan && is_newest && header->bytes[18] != 2
             ? ktm_store_check_but_rows (store, error)
             : ktm_store_check_contents (store, error);
}

static gboolean
check_and_update (KtmStore *store, const KtmStoreMigration *steps, guint n_steps, GError **error)
{
  Header header;
  guint version;

  return read_header (store, &header, error)
         && check_header (store, &header, n_steps, &version, error) && configure (store, error)
         && repair (store, error) && ktm_store_check_schema (store, steps, version, error)
         && check_contents (store, &header, version == n_steps, error)
         && leave_wal (store, &header, error)
         && update (store, steps, version, n_steps, error);
}

static KtmStore *
open_file (const char *path, gboolean read_only, gboolean to_scan, const KtmStoreMigration *steps,
           guint n_steps, GError **error)
{
  g_autoptr (KtmStore) store = store_new (path, NULL);
  gboolean writable = is_writable (path);
  gboolean hot = writable && is_hot (path);

  store->read_only = read_only || !writable;
  store->to_scan = to_scan;
  if (!check_is_file (store, error)
      || !connect_file (
          store, store->read_only && !hot ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, error)
      || !check_and_update (store, steps, n_steps, error))
    return NULL;
  if (sqlite3_db_readonly (store->db, "main") == 1)
    store->read_only = TRUE;
  if (ktm_store_read_begin (store, NULL))  /* an older file may have been updated: no error now */
    ktm_store_read_end (store);
  return g_steal_pointer (&store);
}

/* ktm_store_open() with a list of migrations of one's own: for the tests of the framework. */
KtmStore *
ktm_store_open_with (const char *path, gboolean read_only, const KtmStoreMigration *steps,
                     guint n_steps, GError **error)
{
  return open_file (path, read_only, FALSE, steps, n_steps, error);
}

/* Opens a cohort file: checks that it is one, whole and true to its rules, and brings an older one
 * up to date after a backup beside it.  Nothing is written to a file that is refused.
 *
 * @read_only: FALSE opens for reading only where the file or its folder cannot be written
 *
 * Errors: NOT_FOUND, NOT_A_COHORT, NEWER, DAMAGED, READ_ONLY (an old or unfinished file on a
 * read-only medium), BUSY, FAILED. */
KtmStore *
ktm_store_open (const char *path, gboolean read_only, GError **error)
{
  guint n_steps;
  const KtmStoreMigration *steps = ktm_store_migrations (&n_steps);

  g_return_val_if_fail (path != NULL, NULL);
  return open_file (path, read_only, FALSE, steps, n_steps, error);
}

/* See ktm-store-scan.h. */
KtmStore *
ktm_store_open_to_scan (const char *path, gboolean read_only, GError **error)
{
  guint n_steps;
  const KtmStoreMigration *steps = ktm_store_migrations (&n_steps);

  g_return_val_if_fail (path != NULL, NULL);
  return open_file (path, read_only, TRUE, steps, n_steps, error);
}

/* Opens a cohort that lies in memory (the built-in sample), for reading.  Keeps a reference to
 * @bytes. */
KtmStore *
ktm_store_open_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (KtmStore) store = NULL;
  const KtmStoreMigration *steps;
  guint n_steps;
  gsize size;
  guint8 *data;

  g_return_val_if_fail (bytes != NULL, NULL);
  steps = ktm_store_migrations (&n_steps);
  data = (guint8 *) g_bytes_get_data (bytes, &size);
  store = store_new (NULL, _("the sample cohort"));
  store->bytes = g_bytes_ref (bytes);
  store->read_only = TRUE;
  if (sqlite3_open (":memory:", &store->db) != SQLITE_OK
      || sqlite3_deserialize (store->db, "main", data, size, size, SQLITE_DESERIALIZE_READONLY)
             != SQLITE_OK)
    {
      ktm_store_set_error (error, store->db, store->name);
      return NULL;
    }
  if (!check_and_update (store, steps, n_steps, error))
    return NULL;
  return g_steal_pointer (&store);
}

static gboolean
create_empty_file (const char *path, const char *name, GError **error)
{
  int fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return g_close (fd, error);
  if (errno == EEXIST)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS,
                 _("“%s” already exists. Choose another name."), name);
  else if (errno == ENOENT || errno == ENOTDIR)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND,
                 _("“%s” cannot be made: its folder does not exist."), name);
  else if (errno == ENOSPC)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FULL,
                 _("There is no room left on the disk for “%s”."), name);
  else
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_READ_ONLY,
                 _("“%s” cannot be made: its folder cannot be written to. Choose another folder."),
                 name);
  return FALSE;
}

/* The tables and the study of a cohort in the empty file @file, which messages call @name; NULL: by
 * its own name. Where that fails the file is left as it is. */
KtmStore *
ktm_store_create_in (const char *file, const char *name, const char *title, GError **error)
{
  g_autoptr (KtmStore) store = store_new (file, NULL);
  g_autofree char *id = g_uuid_string_random ();
  const KtmStoreMigration *steps;
  guint n_steps;
  KtmStudyRecord study = { .id = id,
                           .title = title,
                           .time_unit = "month",
                           .index_event = N_("first ketamine"),
                           .provenance = "" };

  steps = ktm_store_migrations (&n_steps);
  if (name != NULL)
    {
      g_free (store->name);
      store->name = g_strdup (name);
    }
  if (ktm_store_check_text (title, FALSE, _("a title"), error)
      && connect_file (store, SQLITE_OPEN_READWRITE, error) && configure (store, error)
      && ktm_store_create_schema (store, steps, n_steps, error)
      && ktm_store_put_study (store, &study, error) && ktm_store_read_begin (store, error))
    {
      ktm_store_read_end (store);
      return g_steal_pointer (&store);
    }
  return NULL;
}

/* Makes a new cohort file, readable and writable by its owner only (0600), with a random id.
 *
 * @title: what people call the study
 *
 * Errors: EXISTS, NOT_FOUND (no such folder), READ_ONLY, FULL, INVALID (title), FAILED; leaves no
 * file then. */
KtmStore *
ktm_store_create (const char *path, const char *title, GError **error)
{
  g_autofree char *name = NULL;
  KtmStore *store;

  g_return_val_if_fail (path != NULL, NULL);
  name = ktm_store_dup_name (path);
  if (!ktm_store_check_text (title, FALSE, _("a title"), error)
      || !create_empty_file (path, name, error))
    return NULL;
  store = ktm_store_create_in (path, NULL, title, error);
  if (store == NULL)
    ktm_store_remove_file (path);
  return store;
}

/* Closes the file; an open transaction is rolled back.  NULL is fine. */
void
ktm_store_close (KtmStore *store)
{
  if (store == NULL)
    return;
  g_clear_pointer (&store->session, sqlite3session_delete);
  for (guint i = 0; i < KTM_N_SQL; i++)
    sqlite3_finalize (store->stmt[i]);
  sqlite3_close_v2 (store->db);
  if (store->lock >= 0)
    g_close (store->lock, NULL);
  ktm_store_drop_rules (store);
  g_clear_pointer (&store->bytes, g_bytes_unref);
  g_free (store->path);
  g_free (store->name);
  g_free (store);
}

/* The file's path, borrowed; NULL for a cohort in memory. */
const char *
ktm_store_get_path (KtmStore *store)
{
  return store->path;
}

/* Whether every change would be refused. */
gboolean
ktm_store_get_read_only (KtmStore *store)
{
  return store->read_only;
}

/* Begins a transaction, or goes one deeper into the one that is open.  Errors: READ_ONLY, BUSY,
 * CHANGED, GONE, FAILED. */
gboolean
ktm_store_begin (KtmStore *store, GError **error)
{
  if (!ktm_store_check_writable (store, error))
    return FALSE;
  if (store->depth == 0 && !ktm_store_exec (store, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (store->depth == 0 && !ktm_store_check_fresh (store, error))
    {
      sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
      return FALSE;
    }
  store->depth++;
  return TRUE;
}

static void
end_transaction (KtmStore *store)
{
  if (!sqlite3_get_autocommit (store->db))
    sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
  store->doomed = FALSE;
  ktm_store_drop_rules (store);
}

/* Ends one level; the outermost one writes to the disk, or rolls everything back and fails if any
 * inner level had rolled back or SQLite had given up before. */
gboolean
ktm_store_commit (KtmStore *store, GError **error)
{
  gboolean ok = FALSE;

  g_return_val_if_fail (store->depth > 0, FALSE);
  if (store->depth > 1)
    {
      store->depth--;
      return TRUE;
    }
  if (store->doomed)
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                 _("The changes to “%s” were taken back because of an earlier error. Try again."),
                 store->name);
  else
    ok = ktm_store_check_writable (store, error) && ktm_store_exec (store, "COMMIT", error);
  store->depth = 0;
  if (!ok)
    end_transaction (store);
  return ok;
}

/* Ends one level and dooms the whole transaction; the outermost level takes everything back at
 * once. */
void
ktm_store_rollback (KtmStore *store)
{
  g_return_if_fail (store->depth > 0);
  store->doomed = TRUE;
  if (--store->depth == 0)
    end_transaction (store);
}
