/* The controls of the export dialog: a title, and at its right a few words to choose from, numbers
 * or a switch. */
#pragma once

#include <gtk/gtk.h>

/* A card to put rows in. */
GtkWidget *ktm_export_card_new     (void);
GtkWidget *ktm_export_row_add      (GtkWidget *card, const char *title, GtkWidget *control);

/* Buttons of which one is down.  @chosen (self, index, data) is called when the person, not the
 * program, changes it. */
typedef void (*KtmSegmentsFunc) (guint index, gpointer data);
GtkWidget *ktm_export_segments_new (const char *title, const char *const *labels,
                                    KtmSegmentsFunc chosen, gpointer data);
/* What each short label stands for; as many as there are segments. */
void ktm_export_segments_explain (GtkWidget *box, const char *const *names);
void       ktm_export_segments_set (GtkWidget *segments, int index);   /* −1: none */

GtkWidget *ktm_export_spin_new (const char *title, double low, double high, double step,
                                guint digits, const char *unit);
