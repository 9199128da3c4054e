/* The deck: what is shown in the meeting, in its order, with the sentence over each view. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-deck.h"

/* Opens over @parent with the deck of document @id (0: the first, or an empty one). */
void ktm_deck_window_present (GtkWindow *parent, KtmStudy *study, gint64 id);

/* Presents @deck on @monitor (nullable) from slide @first. */
void ktm_deck_show_slides    (GtkWindow *parent, KtmStudy *study, const KtmDeck *deck, guint first,
                              GdkMonitor *monitor);
