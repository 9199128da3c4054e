/* model/stats: a loop whose turns are shared by several threads. */
#include "ktm-pool.h"

#include <pthread.h>
#include <time.h>

typedef struct
{
  size_t          n;
  atomic_size_t   next, done;
  KtmPoolWatch   *watch;
  KtmPoolTurn     turn;
  void           *data;
  pthread_mutex_t mutex;
  pthread_cond_t  ended;
  unsigned        n_running;  /* guarded by mutex: helper threads still at work */
} Pool;

typedef struct
{
  Pool    *pool;
  unsigned thread;
} Helper;

void
ktm_pool_watch_init (KtmPoolWatch *watch, const KtmProgress *progress)
{
  atomic_init (&watch->stopped, false);
  watch->progress = progress;
  watch->from = 0.0;
  watch->to = 1.0;
}

bool
ktm_pool_watch_stopped (KtmPoolWatch *watch)
{
  return atomic_load_explicit (&watch->stopped, memory_order_relaxed);
}

bool
ktm_pool_watch_poll (KtmPoolWatch *watch)
{
  if (!ktm_pool_watch_stopped (watch) && ktm_progress_stopped (watch->progress))
    atomic_store (&watch->stopped, true);
  return ktm_pool_watch_stopped (watch);
}

void
ktm_pool_watch_report (KtmPoolWatch *watch, double fraction)
{
  ktm_progress_report (watch->progress, watch->from + (watch->to - watch->from) * fraction);
}

static void
take_turns (Pool *pool, unsigned thread)
{
  for (;;)
    {
      size_t i;

      if (thread == 0 ? ktm_pool_watch_poll (pool->watch) : ktm_pool_watch_stopped (pool->watch))
        return;
      i = atomic_fetch_add (&pool->next, 1);
      if (i >= pool->n)
        return;
      pool->turn (i, thread, pool->watch, pool->data);
      atomic_fetch_add (&pool->done, 1);
      if (thread == 0)
        ktm_pool_watch_report (pool->watch, (double) atomic_load (&pool->done) / (double) pool->n);
    }
}

static void *
run_helper (void *data)
{
  Helper *helper = data;
  Pool *pool = helper->pool;

  take_turns (pool, helper->thread);
  pthread_mutex_lock (&pool->mutex);
  pool->n_running--;
  pthread_cond_signal (&pool->ended);
  pthread_mutex_unlock (&pool->mutex);
  return NULL;
}

/* The caller has no turn left: it keeps listening to the person until the others have ended theirs.
 */
static void
wait_for_helpers (Pool *pool)
{
  pthread_mutex_lock (&pool->mutex);
  while (pool->n_running > 0)
    {
      struct timespec until;

      clock_gettime (CLOCK_REALTIME, &until);
      until.tv_nsec += 10000000;
      if (until.tv_nsec >= 1000000000)
        {
          until.tv_sec++;
          until.tv_nsec -= 1000000000;
        }
      pthread_cond_timedwait (&pool->ended, &pool->mutex, &until);
      pthread_mutex_unlock (&pool->mutex);
      ktm_pool_watch_poll (pool->watch);
      pthread_mutex_lock (&pool->mutex);
    }
  pthread_mutex_unlock (&pool->mutex);
}

KtmStatsStatus
ktm_pool_run (size_t n, unsigned n_threads, KtmPoolWatch *watch, KtmPoolTurn turn, void *data)
{
  Pool pool = { .n = n, .watch = watch, .turn = turn, .data = data,
                .mutex = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER };
  pthread_t threads[KTM_POOL_MAX_THREADS];
  Helper helpers[KTM_POOL_MAX_THREADS];
  unsigned started = 0,
           wanted = n_threads > KTM_POOL_MAX_THREADS ? KTM_POOL_MAX_THREADS : n_threads;

  atomic_init (&pool.next, 0);
  atomic_init (&pool.done, 0);
  if (wanted > n)
    wanted = (unsigned) n;
  for (unsigned i = 1; i < wanted; i++)
    {
      helpers[started] = (Helper) { &pool, i };
      pthread_mutex_lock (&pool.mutex);
      pool.n_running++;
      pthread_mutex_unlock (&pool.mutex);
      if (pthread_create (&threads[started], NULL, run_helper, &helpers[started]) == 0)
        {
          started++;
          continue;
        }
      pthread_mutex_lock (&pool.mutex);
      pool.n_running--;
      pthread_mutex_unlock (&pool.mutex);
      break;
    }
  take_turns (&pool, 0);
  if (started > 0)
    wait_for_helpers (&pool);
  for (unsigned i = 0; i < started; i++)
    pthread_join (threads[i], NULL);
  pthread_cond_destroy (&pool.ended);
  pthread_mutex_destroy (&pool.mutex);
  return ktm_pool_watch_stopped (watch) ? KTM_STATS_CANCELLED : KTM_STATS_OK;
}
