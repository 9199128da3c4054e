/* KtmReliefEditor: what counts as relief, in words with drop-downs, kept in the cohort file.
 *
 * The rule is a line of ktm-relief.h.  An edit is saved at once and can be undone like any other.
 * Signal "changed": the rule is another one. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_RELIEF_EDITOR (ktm_relief_editor_get_type ())
G_DECLARE_FINAL_TYPE (KtmReliefEditor, ktm_relief_editor, KTM, RELIEF_EDITOR, GtkWidget)

GtkWidget  *ktm_relief_editor_new      (KtmStudy *study);
const char *ktm_relief_editor_get_rule (KtmReliefEditor *self);   /* borrowed */
/* Shows another rule without saving it; one that is not understood changes nothing. */
gboolean    ktm_relief_editor_set_rule (KtmReliefEditor *self, const char *rule);
/* Says under the rule what it gives for these patients; NULL @frame: nothing. */
void        ktm_relief_editor_count    (KtmReliefEditor *self, const KtmFrame *frame,
                                        const char *measure);

G_END_DECLS
