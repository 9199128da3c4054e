/* KtmPresent: a deck on the whole of a screen, live: pointing names a patient's visits (never the
 * patient), groups can be switched.
 *
 * Arrow keys, Page Up and Down, space or a clicker go on and back, Home and End to the ends, B or
 * full stop blanks the screen, Escape ends.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-deck.h"

G_BEGIN_DECLS

#define KTM_TYPE_PRESENT (ktm_present_get_type ())
G_DECLARE_FINAL_TYPE (KtmPresent, ktm_present, KTM, PRESENT, GtkWindow)

/* Shows @deck (copied) from slide @first on @monitor (nullable: where @parent is). */
KtmPresent *ktm_present_new (GtkWindow *parent, KtmStudy *study, const KtmDeck *deck, guint first,
                             GdkMonitor *monitor);
guint       ktm_present_get_slide (KtmPresent *self);
gboolean    ktm_present_is_blank  (KtmPresent *self);
gboolean    ktm_present_is_busy   (KtmPresent *self);

G_END_DECLS
