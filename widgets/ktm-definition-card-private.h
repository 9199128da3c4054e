/* widgets: what the parts of the card of a definition share. */
#pragma once

#include "ktm-definition-card.h"
#include "ktm-definition-row.h"
#include "ktm-response.h"

G_BEGIN_DECLS

struct _KtmDefinitionCard
{
  GtkWidget   parent_instance;
  KtmStudy   *study;                                  /* reference */
  KtmFrame   *frame;                                  /* reference: whom it counts */
  double      to, level;                              /* visit (NaN the last), confidence */
  KtmMissing  missing_rule;
  char       *text;                                   /* owned */
  GPtrArray  *rows;                                   /* of KtmDefinitionRow; empty: typed only */
  GPtrArray  *alone, *left, *alone_bar, *left_bar;    /* borrowed labels and bars, one a row */
  GtkWidget  *box, *total, *grid, *entry, *add, *missing, *saved, *printed, *problem;
  gboolean    updating;
};

/* Parses with the words of the user's language; NULL with @error. */
KtmDefinition *ktm_definition_card_parse (KtmDefinitionCard *self, const char *text,
                                          GError **error);
/* The menu "Saved as", and its actions. */
void ktm_definition_card_add_saved    (KtmDefinitionCard *self);
void ktm_definition_card_update_saved (KtmDefinitionCard *self);
/* Numbers beside the rows, and the printed sentence. */
void ktm_definition_card_count (KtmDefinitionCard *self);
/* The row @from comes to stand at @to; the others close up.  The focus goes with it. */
void ktm_definition_card_move (KtmDefinitionCard *self, guint from, guint to);
/* A condition in words. */
char *ktm_definition_card_say_row (KtmDefinitionCard *self, guint row);
/* The handle of @row, rows dropped on the grid, Alt with an arrow. */
void ktm_definition_card_add_handle (KtmDefinitionCard *self, guint row);
void ktm_definition_card_take_drops (KtmDefinitionCard *self);
void ktm_definition_card_take_keys  (KtmDefinitionCard *self);

G_END_DECLS
