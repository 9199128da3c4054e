/* KtmDefinitionRow: one condition of a definition of response, chosen from drop-downs: what is
 * looked at, how, how much and when.
 *
 * Its parts are put into the columns of a grid by the card that owns it.  Signal "changed": the
 * person chose something else. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-definition.h"

G_BEGIN_DECLS

#define KTM_TYPE_DEFINITION_ROW (ktm_definition_row_get_type ())
G_DECLARE_FINAL_TYPE (KtmDefinitionRow, ktm_definition_row, KTM, DEFINITION_ROW, GObject)

/* @frame: what can be chosen from; borrowed while this runs only.  @number: from 1. */
KtmDefinitionRow *ktm_definition_row_new (const KtmFrame *frame, const KtmCondition *condition,
                                          gboolean or_before, guint number);
/* Puts its widgets into line @line of @grid. */
void ktm_definition_row_attach (KtmDefinitionRow *self, GtkGrid *grid, int line);
const KtmCondition *ktm_definition_row_get_condition (KtmDefinitionRow *self);
gboolean ktm_definition_row_get_or (KtmDefinitionRow *self);
/* The widget with the focus when a row was moved or added. */
void ktm_definition_row_grab_focus (KtmDefinitionRow *self);

G_END_DECLS
