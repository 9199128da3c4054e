/* A loop whose turns are shared by several threads.
 *
 * Turns are handed out in order, each to one thread; what a turn computes may depend on its index
 * only, so that results are the same for any number of threads.  The calling thread alone talks to
 * KtmProgress. libc (POSIX threads) only.
 */
#pragma once

#include "ktm-stats.h"

#include <stdatomic.h>

#define KTM_POOL_MAX_THREADS 64

/* What a turn may ask: has somebody stopped the work? */
typedef struct
{
  atomic_bool        stopped;
  const KtmProgress *progress;  /* borrowed, nullable */
  double             from, to;  /* the part of the whole this loop reports */
} KtmPoolWatch;

/* Called for turn @i by thread @thread (0 is the caller). */
typedef void (*KtmPoolTurn) (size_t i, unsigned thread, KtmPoolWatch *watch, void *data);

void ktm_pool_watch_init    (KtmPoolWatch *watch, const KtmProgress *progress);
bool ktm_pool_watch_stopped (KtmPoolWatch *watch);                   /* any thread */
bool ktm_pool_watch_poll (KtmPoolWatch *watch); /* the calling thread: asks KtmProgress too */
void ktm_pool_watch_report (KtmPoolWatch *watch,
                            double fraction); /* the calling thread; 0..1 of [from, to] */

/* Runs @turn for i = 0 … @n − 1 on up to @n_threads threads; fewer when the system gives no more.
 * Returns CANCELLED when @watch was stopped (some turns are then not run), else OK. */
KtmStatsStatus
ktm_pool_run (size_t n, unsigned n_threads, KtmPoolWatch *watch, KtmPoolTurn turn, void *data);
