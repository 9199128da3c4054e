/* widgets: what is done after the next frame. */
#include "ktm-later.h"

#define PATIENCE 200 /* ms without a frame: the window is hidden, or waits itself */

struct _KtmLater
{
  GtkWidget     *widget; /* borrowed */
  KtmLaterPiece  piece;
  gpointer       data;   /* borrowed */
  GdkFrameClock *clock;  /* owned while it is waited for */
  gulong         painted;
  guint          idle, timeout;
  gboolean       again;  /* asked for while a piece ran */
};

static void wait_for_frame (KtmLater *later);

static void
stop_waiting (KtmLater *later)
{
  if (later->clock)
    g_signal_handler_disconnect (later->clock, later->painted);
  g_clear_object (&later->clock);
  g_clear_handle_id (&later->timeout, g_source_remove);
}

static gboolean
idle_cb (gpointer data)
{
  KtmLater *later = data;
  KtmLaterResult result;

  later->again = FALSE;
  result = later->piece (later->data);
  if (result == KTM_LATER_MORE)
    return G_SOURCE_CONTINUE;
  later->idle = 0;
  if (result == KTM_LATER_WAIT || later->again)
    wait_for_frame (later);
  return G_SOURCE_REMOVE;
}

static void
start (KtmLater *later)
{
  stop_waiting (later);
  later->idle = g_idle_add_full (G_PRIORITY_LOW, idle_cb, later, NULL);
}

static void
painted_cb (GdkFrameClock *clock, KtmLater *later)
{
  start (later);
}

static gboolean
patience_cb (gpointer data)
{
  KtmLater *later = data;

  later->timeout = 0;
  start (later);
  return G_SOURCE_REMOVE;
}

static void
wait_for_frame (KtmLater *later)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (later->widget);

  later->timeout = g_timeout_add_full (G_PRIORITY_LOW, PATIENCE, patience_cb, later, NULL);
  if (!clock)
    return;
  later->clock = g_object_ref (clock);
  later->painted = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), later);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
}

KtmLater *
ktm_later_new (GtkWidget *widget, KtmLaterPiece piece, gpointer data)
{
  KtmLater *later = g_new0 (KtmLater, 1);

  later->widget = widget;
  later->piece = piece;
  later->data = data;
  return later;
}

void
ktm_later_free (KtmLater *later)
{
  stop_waiting (later);
  g_clear_handle_id (&later->idle, g_source_remove);
  g_free (later);
}

void
ktm_later_queue (KtmLater *later)
{
  later->again = TRUE;
  if (!later->idle && !later->timeout)
    wait_for_frame (later);
}

void
ktm_later_finish (KtmLater *later)
{
  if (!ktm_later_is_busy (later))
    return;
  stop_waiting (later);
  g_clear_handle_id (&later->idle, g_source_remove);
  while (later->piece (later->data) == KTM_LATER_MORE)
    ;
}

gboolean
ktm_later_is_busy (const KtmLater *later)
{
  return later && (later->idle || later->timeout);
}
