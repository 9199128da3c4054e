#include "fault-vfs.h"

#include <sqlite3.h>
#include <string.h>

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real;   /* behind this struct */
} File;

static sqlite3_vfs vfs, *real_vfs;
static Fault fault;
static gint left = -1;
static gboolean struck;

typedef enum { DO_WRITE, DO_SYNC, DO_READ, DO_OTHER } Operation;

static gboolean
is_about (Operation operation)
{
  switch (fault)
    {
    case FAULT_FULL:
    case FAULT_WRITE: return operation == DO_WRITE;
    case FAULT_SYNC: return operation == DO_SYNC;
    case FAULT_READ: return operation == DO_READ;
    default: return TRUE;
    }
}

/* Whether this operation fails. */
static gboolean
strikes (Operation operation)
{
  if (left < 0 && !(struck && (fault == FAULT_VANISH || fault == FAULT_FULL)))
    return FALSE;
  if (!is_about (operation))
    return FALSE;
  if (struck && (fault == FAULT_VANISH || fault == FAULT_FULL))
    return TRUE;
  if (left-- > 0)
    return FALSE;
  struck = TRUE;
  return TRUE;
}

#define REAL(file) (((File *) (file))->real)

static int
close_cb (sqlite3_file *file)
{
  return REAL (file)->pMethods->xClose (REAL (file));
}

static int
read_cb (sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
  return strikes (DO_READ) ? SQLITE_IOERR_READ
                           : REAL (file)->pMethods->xRead (REAL (file), data, n, at);
}

static int
write_cb (sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
  if (!strikes (DO_WRITE))
    return REAL (file)->pMethods->xWrite (REAL (file), data, n, at);
  if (n > 1)  /* torn in the middle, as a real one may be */
    REAL (file)->pMethods->xWrite (REAL (file), data, n / 2, at);
  return fault == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int
truncate_cb (sqlite3_file *file, sqlite3_int64 size)
{
  return strikes (DO_OTHER) ? SQLITE_IOERR_TRUNCATE
                            : REAL (file)->pMethods->xTruncate (REAL (file), size);
}

static int
sync_cb (sqlite3_file *file, int flags)
{
  return strikes (DO_SYNC) ? SQLITE_IOERR_FSYNC : REAL (file)->pMethods->xSync (REAL (file), flags);
}

static int
size_cb (sqlite3_file *file, sqlite3_int64 *size)
{
  return strikes (DO_OTHER) ? SQLITE_IOERR_FSTAT
                            : REAL (file)->pMethods->xFileSize (REAL (file), size);
}

static int
lock_cb (sqlite3_file *file, int level)
{
  return strikes (DO_OTHER) ? SQLITE_IOERR_LOCK : REAL (file)->pMethods->xLock (REAL (file), level);
}

static int
unlock_cb (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xUnlock (REAL (file), level);
}

static int
check_lock_cb (sqlite3_file *file, int *out)
{
  return REAL (file)->pMethods->xCheckReservedLock (REAL (file), out);
}

static int
control_cb (sqlite3_file *file, int op, void *arg)
{
  return REAL (file)->pMethods->xFileControl (REAL (file), op, arg);
}

static int
sector_cb (sqlite3_file *file)
{
  return REAL (file)->pMethods->xSectorSize (REAL (file));
}

static int
traits_cb (sqlite3_file *file)
{
  return REAL (file)->pMethods->xDeviceCharacteristics (REAL (file));
}

static const sqlite3_io_methods methods = {
  .iVersion = 1,
  .xClose = close_cb,
  .xRead = read_cb,
  .xWrite = write_cb,
  .xTruncate = truncate_cb,
  .xSync = sync_cb,
  .xFileSize = size_cb,
  .xLock = lock_cb,
  .xUnlock = unlock_cb,
  .xCheckReservedLock = check_lock_cb,
  .xFileControl = control_cb,
  .xSectorSize = sector_cb,
  .xDeviceCharacteristics = traits_cb,
};

static int
open_cb (sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out)
{
  File *f = (File *) file;
  int status;

  f->base.pMethods = NULL;
  f->real = (sqlite3_file *) (f + 1);
  if (strikes (DO_OTHER))
    return SQLITE_CANTOPEN;
  status = real_vfs->xOpen (real_vfs, name, f->real, flags, out);
  if (f->real->pMethods != NULL)
    f->base.pMethods = &methods;
  return status;
}

static int
delete_cb (sqlite3_vfs *self, const char *name, int sync)
{
  return strikes (DO_OTHER) ? SQLITE_IOERR_DELETE : real_vfs->xDelete (real_vfs, name, sync);
}

static int
access_cb (sqlite3_vfs *self, const char *name, int flags, int *out)
{
  return strikes (DO_OTHER) ? SQLITE_IOERR_ACCESS : real_vfs->xAccess (real_vfs, name, flags, out);
}

void
fault_vfs_register (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "fault";
  vfs.szOsFile = (int) sizeof (File) + real_vfs->szOsFile;
  vfs.pNext = NULL;
  vfs.xOpen = open_cb;
  vfs.xDelete = delete_cb;
  vfs.xAccess = access_cb;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}

void
fault_vfs_arm (Fault what, gint nth)
{
  fault = what;
  left = nth;
  struck = FALSE;
}

gboolean
fault_vfs_struck (void)
{
  return struck;
}
