/* widgets: decks of slides. */
#include "ktm-deck.h"

#include <glib/gi18n.h>

#include "ktm-json.h"

#define KIND    "deck"
#define LONGEST (4 * 1024 * 1024)

static void
slide_free (gpointer data)
{
  KtmSlide *slide = data;

  g_free (slide->message);
  ktm_recipe_free (slide->recipe);
  g_free (slide);
}

KtmDeck *
ktm_deck_new (const char *title)
{
  KtmDeck *deck = g_new0 (KtmDeck, 1);

  deck->title = g_strdup (title);
  deck->slides = g_ptr_array_new_with_free_func (slide_free);
  return deck;
}

void
ktm_deck_free (KtmDeck *deck)
{
  if (!deck)
    return;
  g_free (deck->title);
  g_ptr_array_unref (deck->slides);
  g_free (deck);
}

void
ktm_deck_add (KtmDeck *deck, const char *message, KtmRecipe *recipe)
{
  KtmSlide *slide = g_new0 (KtmSlide, 1);

  slide->message = g_strdup (message ? message : "");
  slide->recipe = recipe;
  g_ptr_array_add (deck->slides, slide);
}

char *
ktm_deck_to_json (const KtmDeck *deck)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "slides");
  json_builder_begin_array (builder);
  for (guint i = 0; i < deck->slides->len; i++)
    {
      const KtmSlide *slide = deck->slides->pdata[i];
      g_autofree char *recipe = ktm_recipe_to_text (slide->recipe);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "message");
      json_builder_add_string_value (builder, slide->message);
      json_builder_set_member_name (builder, "recipe");
      json_builder_add_string_value (builder, recipe);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return ktm_json_write (builder, FALSE);
}

static KtmRecipe *
recipe_of (JsonNode *slide)
{
  const char *text = JSON_NODE_HOLDS_OBJECT (slide)
                         ? ktm_json_get_text (json_node_get_object (slide), "recipe")
                         : NULL;

  return text ? ktm_recipe_from_text (text, NULL) : NULL;
}

KtmDeck *
ktm_deck_from_json (const char *title, const char *json, GError **error)
{
  g_autoptr (JsonNode) root = ktm_json_read_object (json, LONGEST);
  JsonNode *slides =
      root ? json_object_get_member (json_node_get_object (root), "slides") : NULL;
  g_autoptr (KtmDeck) deck = ktm_deck_new (title);

  if (!slides || !JSON_NODE_HOLDS_ARRAY (slides))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("The deck “%s” in this cohort cannot be read."), title);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (slides)); i++)
    {
      JsonNode *slide = json_array_get_element (json_node_get_array (slides), i);
      KtmRecipe *recipe = recipe_of (slide);

      if (!recipe)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("Slide %u of the deck “%s” cannot be read."), i + 1, title);
          return NULL;
        }
      ktm_deck_add (deck, ktm_json_get_text (json_node_get_object (slide), "message"), recipe);
    }
  return g_steal_pointer (&deck);
}

static gboolean
add_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  KtmDeck *deck = ktm_deck_from_json (document->title, document->json, NULL);

  if (deck)
    {
      deck->id = document->id;
      g_ptr_array_add (data, deck);
    }
  return TRUE;
}

GPtrArray *
ktm_deck_list (KtmStudy *study)
{
  GPtrArray *decks = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_deck_free);

  ktm_store_read_documents (ktm_cohort_get_store (ktm_study_get_cohort (study)), KIND, add_cb,
                            decks, NULL);
  return decks;
}

gboolean
ktm_deck_save (KtmDeck *deck, KtmStudy *study, GError **error)
{
  g_autofree char *json = ktm_deck_to_json (deck);
  gint64 id = ktm_study_save_document (study, deck->id, KIND, deck->title, json, error);

  if (!id)
    return FALSE;
  deck->id = id;
  return TRUE;
}

gboolean
ktm_deck_delete (KtmDeck *deck, KtmStudy *study, GError **error)
{
  return !deck->id || ktm_study_delete_document (study, deck->id, error);
}
