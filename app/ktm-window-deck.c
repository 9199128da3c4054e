/* app: from the chart on a page to a slide, and to the room. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-deck-window.h"

/* The deck that slides go to: the one made last; NULL with none yet. */
static KtmDeck *
last_deck (GPtrArray *decks)
{
  return decks->len ? decks->pdata[decks->len - 1] : NULL;
}

static void
add_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GPtrArray) decks = ktm_deck_list (self->study);
  g_autoptr (KtmRecipe) recipe = ktm_window_dup_recipe (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  KtmDeck *deck = last_deck (decks);

  if (!recipe)
    return;
  if (!deck)
    g_ptr_array_add (decks, deck = ktm_deck_new (_("Meeting")));
  ktm_deck_add (deck, NULL, g_steal_pointer (&recipe));
  said = g_strdup_printf (ngettext ("The chart is in the deck “%s”: %u slide",
                                    "The chart is in the deck “%s”: %u slides", deck->slides->len),
                          deck->title, deck->slides->len);
  if (ktm_deck_save (deck, self->study, &error))
    ktm_window_say_undoable (self, said);
  else
    ktm_window_say_error (self, _("The chart could not be added to the deck"), error);
}

static void
deck_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_deck_window_present (data, KTM_WINDOW (data)->study, 0);
}

/* The deck made last; without one, the chart on the page. */
static void
present_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GPtrArray) decks = ktm_deck_list (self->study);
  KtmDeck *deck = last_deck (decks);
  KtmRecipe *recipe;

  if (deck && deck->slides->len)
    {
      ktm_deck_window_present (data, self->study, deck->id);
      return;
    }
  if (!(recipe = ktm_window_dup_recipe (self)))
    return;
  g_ptr_array_add (decks, deck = ktm_deck_new (_("Meeting")));
  ktm_deck_add (deck, NULL, recipe);
  ktm_deck_show_slides (data, self->study, deck, 0, NULL);
}

void
ktm_window_add_deck_actions (KtmWindow *self)
{
  static const GActionEntry entries[] = {
    { "add-to-deck", add_cb },
    { "deck", deck_cb },
    { "present", present_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
