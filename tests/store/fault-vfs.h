/* A file system that fails when told to: SQLite's own, with each operation that may fail on a full
 * disk, a broken share or a pulled stick counted, so that a test can let the n-th one fail. */
#pragma once

#include <glib.h>

typedef enum
{
  FAULT_FULL,      /* SQLITE_FULL from a write, and from then on while there is no room */
  FAULT_WRITE,     /* one write fails with an input/output error */
  FAULT_SYNC,      /* one sync fails */
  FAULT_READ,      /* one read fails */
  FAULT_VANISH,    /* the share is gone: from then on everything fails, undoing too */
  N_FAULTS
} Fault;

/* Becomes SQLite's default for connections opened from now on. */
void  fault_vfs_register (void);
/* From now on the @nth (from 0) of the operations this fault is about fails; negative: none does.
 */
void  fault_vfs_arm      (Fault fault, gint nth);
/* Whether it came to that. */
gboolean fault_vfs_struck (void);
