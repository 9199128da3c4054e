/* app: the work of an import in a thread of its own: read, propose, check, write. */
#pragma once

#include <gio/gio.h>

#include "ktm-import.h"

/* Everything an import is made of.  While a job runs the worker has it and the window only waits.
 */
typedef struct
{
  KtmImport *import;
  char      *cohort_path;    /* owned, nullable: a new cohort */
  char      *cohort_title;   /* owned, nullable */
  guint      source;         /* the file that is shown */
  GArray    *lines;          /* guint: the rows of it that are shown */
  GPtrArray *rows;           /* char **: their cells, as ktm_source_dup_rows() */
  gboolean   checked;        /* problems and counts are there */
} KtmImportState;

KtmImportState *ktm_import_state_new  (const char *cohort_path);
void            ktm_import_state_free (KtmImportState *state);

typedef enum
{
  KTM_JOB_COHORT  = 1,   /* read the cohort it goes into */
  KTM_JOB_LOAD    = 2,   /* read @files */
  KTM_JOB_PROPOSE = 4,
  KTM_JOB_CHECK   = 8,   /* where nothing is left to ask */
  KTM_JOB_COMMIT  = 16   /* into @path */
} KtmImportJob;

void
ktm_import_job_async (KtmImportState *state, KtmImportJob job, GListModel *files, const char *path,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean ktm_import_job_finish (GAsyncResult *result, GError **error);
double   ktm_import_job_get_fraction (KtmImportState *state);

/* What was said of a file is kept for the next one with the same column names, in the person's own
 * data folder. */
void     ktm_import_memory_recall   (KtmSource *source);
void     ktm_import_memory_remember (KtmSource *source);
