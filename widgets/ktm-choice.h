/* KtmChoice: a drop-down that says what it chooses: "Measure  Pain NRS ▾".  Options have an id and
 * a label.
 *
 * Property "selected": id of the chosen option, NULL: none. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_CHOICE (ktm_choice_get_type ())
G_DECLARE_FINAL_TYPE (KtmChoice, ktm_choice, KTM, CHOICE, GtkWidget)

GtkWidget  *ktm_choice_new          (const char *name);
/* The name is heard, not seen: where the place says what is chosen. */
GtkWidget  *ktm_choice_new_plain    (const char *name);
/* Anew; the selection stays if its option is still there, else it becomes the first. */
void ktm_choice_set_options (KtmChoice *self, const char *const *ids, const char *const *labels,
                             guint n);
void ktm_choice_add_option (KtmChoice *self, const char *id, const char *label); /* as the last */
const char *ktm_choice_get_selected (KtmChoice *self);
gboolean ktm_choice_set_selected (KtmChoice *self,
                                  const char *id); /* FALSE: no such option, nothing changed */

G_END_DECLS
