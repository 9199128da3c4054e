/* KtmDefinitionCard: "Who counts as a responder": the conditions of a definition of response, how
 * many patients meet each, what a missing score means, and the names it is kept under in the
 * cohort.
 *
 * Property "definition": its text as in ktm-definition.h; never NULL.  The study is told of each
 * change, so that other pages follow. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_DEFINITION_CARD (ktm_definition_card_get_type ())
G_DECLARE_FINAL_TYPE (KtmDefinitionCard, ktm_definition_card, KTM, DEFINITION_CARD, GtkWidget)

/* @text: to begin with; NULL, or one this cohort does not understand: 30 % relief. */
GtkWidget  *ktm_definition_card_new (KtmStudy *study, const char *text);
const char *ktm_definition_card_get_definition (KtmDefinitionCard *self);
/* FALSE with one sentence, and nothing changed, where it is not understood. */
gboolean ktm_definition_card_set_definition (KtmDefinitionCard *self, const char *text,
                                             GError **error);
/* Counts anew, for @options' visit and missing rule.  @frame: NULL where nobody is shown. */
void ktm_definition_card_update (KtmDefinitionCard *self, const KtmFrame *frame,
                                 const KtmChartOptions *options);

G_END_DECLS
