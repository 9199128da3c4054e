/* KtmDeck: views of a cohort in the order they are told in a meeting, kept in the cohort file.
 *
 * A slide is a recipe and the one sentence that stands over it; a deck is a document of the cohort
 * (kind "deck") and can be undone like every edit.  Plain data; main thread only.
 */
#pragma once

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

typedef struct
{
  char      *message; /* owned, never NULL; "": the chart's own title stands there */
  KtmRecipe *recipe;  /* owned */
} KtmSlide;

typedef struct
{
  gint64     id;      /* of the document; 0: not saved yet */
  char      *title;   /* owned */
  GPtrArray *slides;  /* owned, of KtmSlide */
} KtmDeck;

KtmDeck   *ktm_deck_new       (const char *title);
void       ktm_deck_free      (KtmDeck *deck);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmDeck, ktm_deck_free)
/* Takes @recipe. */
void       ktm_deck_add       (KtmDeck *deck, const char *message, KtmRecipe *recipe);

/* The decks of a cohort in the order they were made; documents that cannot be read are left out.
 * Of KtmDeck; owned by the caller. */
GPtrArray *ktm_deck_list      (KtmStudy *study);
/* Writes it to the cohort file, a new one as a new document. */
gboolean   ktm_deck_save      (KtmDeck *deck, KtmStudy *study, GError **error);
gboolean   ktm_deck_delete    (KtmDeck *deck, KtmStudy *study, GError **error);

char      *ktm_deck_to_json   (const KtmDeck *deck);
/* NULL with a sentence where the text is not a deck. */
KtmDeck   *ktm_deck_from_json (const char *title, const char *json, GError **error);

G_END_DECLS
