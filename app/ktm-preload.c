/* app: the cohort that is read ahead. */
#include "ktm-preload.h"

typedef struct
{
  char               *path;        /* owned; NULL: the sample */
  GCancellable       *cancellable; /* owned */
  GAsyncResult       *result;      /* owned; NULL: not read yet */
  KtmCohortProgress   progress;
  GAsyncReadyCallback callback;    /* NULL: nobody asked for it yet */
  gpointer            data;
  gboolean            dropped;
} Preload;

static Preload *ahead; /* what is waiting for somebody to take it */

static void
preload_free (Preload *preload)
{
  g_free (preload->path);
  g_object_unref (preload->cancellable);
  g_clear_object (&preload->result);
  g_free (preload);
}

static gboolean
hand_over_cb (gpointer data)
{
  Preload *preload = data;

  preload->callback (NULL, preload->result, preload->data);
  preload_free (preload);
  return G_SOURCE_REMOVE;
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Preload *preload = data;

  preload->result = g_object_ref (result);
  if (preload->callback)
    hand_over_cb (preload);
  else if (preload->dropped)
    preload_free (preload);
}

static void
progress_cb (double fraction, gpointer data)
{
  Preload *preload = data;

  if (preload->progress)
    preload->progress (fraction, preload->data);
}

void
ktm_preload_start (const char *path)
{
  if (ahead)
    return;
  ahead = g_new0 (Preload, 1);
  ahead->path = g_strdup (path);
  ahead->cancellable = g_cancellable_new ();
  ktm_cohort_open_async (path, ahead->cancellable, progress_cb, ahead, ready_cb, ahead);
}

GCancellable *
ktm_preload_take (const char *path, KtmCohortProgress progress, GAsyncReadyCallback callback,
                  gpointer data)
{
  Preload *preload = ahead;

  if (!preload || g_strcmp0 (preload->path, path))
    return NULL;
  ahead = NULL;
  preload->progress = progress;
  preload->callback = callback;
  preload->data = data;
  if (preload->result)
    g_idle_add_full (G_PRIORITY_DEFAULT, hand_over_cb, preload, NULL);
  return g_object_ref (preload->cancellable);
}

void
ktm_preload_drop (void)
{
  Preload *preload = g_steal_pointer (&ahead);

  if (!preload)
    return;
  g_cancellable_cancel (preload->cancellable);
  if (preload->result)
    preload_free (preload);
  else
    preload->dropped = TRUE;
}
