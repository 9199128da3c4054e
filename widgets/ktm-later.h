/* Work that waits until the window has shown what was asked for: counts beside a chart, parts of
 * the window nobody looks at first.  It is done a piece an idle turn, so that the window never
 * waits for the whole. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  KTM_LATER_DONE, /* nothing is left */
  KTM_LATER_MORE, /* another piece, in the next idle turn */
  KTM_LATER_WAIT  /* not yet: after another frame */
} KtmLaterResult;

/* One piece of the work: a few milliseconds at most. */
typedef KtmLaterResult (*KtmLaterPiece) (gpointer data);

typedef struct _KtmLater KtmLater;

/* @widget: borrowed, must outlive it; its window's frames are waited for. */
KtmLater *ktm_later_new     (GtkWidget *widget, KtmLaterPiece piece, gpointer data);
void      ktm_later_free    (KtmLater *later);
/* There is work: begins after the next frame (or soon, where no frame is drawn). */
void      ktm_later_queue   (KtmLater *later);
/* Does all of it at once, however long it takes. */
void      ktm_later_finish  (KtmLater *later);
gboolean  ktm_later_is_busy (const KtmLater *later);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmLater, ktm_later_free)

G_END_DECLS
