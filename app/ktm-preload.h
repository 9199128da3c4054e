/* The cohort a program is started with is read while the toolkit starts. */
#pragma once

#include "ktm-cohort.h"

G_BEGIN_DECLS

/* @path: NULL for the sample.  One at a time; a second call does nothing. */
void          ktm_preload_start (const char *path);
/* Hands what was started to @callback as ktm_cohort_open_async() would, from the main loop, and
 * returns its cancellable (owned by the caller).  NULL: nothing was started for this @path. */
GCancellable *ktm_preload_take  (const char *path, KtmCohortProgress progress,
                                 GAsyncReadyCallback callback, gpointer data);
/* Nobody took it. */
void          ktm_preload_drop  (void);

G_END_DECLS
