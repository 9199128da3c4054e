/* widgets: definitions of response kept in the cohort under a name. */
#include <glib/gi18n.h>

#include "ktm-definition-card-private.h"
#include "ktm-json.h"
#include "ktm-name-dialog.h"

#define KIND    "response"
#define LONGEST 65536

static char *
make_json (const char *definition)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "definition");
  json_builder_add_string_value (builder, definition);
  json_builder_end_object (builder);
  return ktm_json_write (builder, FALSE);
}

static char *
read_json (const char *json)
{
  g_autoptr (JsonNode) root = ktm_json_read_object (json, LONGEST);

  return root ? g_strdup (ktm_json_get_text (json_node_get_object (root), "definition")) : NULL;
}

static char *
dup_saved (KtmDefinitionCard *self, gint64 id)
{
  g_autoptr (GPtrArray) saved = ktm_study_list_documents (self->study, KIND);

  for (guint i = 0; i < saved->len; i++)
    {
      const KtmStudyDocument *one = saved->pdata[i];

      if (one->id == id)
        return read_json (one->json);
    }
  return NULL;
}

static void
say_problem (KtmDefinitionCard *self, const GError *error)
{
  gtk_label_set_text (GTK_LABEL (self->problem), error ? error->message : "");
  gtk_widget_set_visible (self->problem, error != NULL);
}

/* --- actions ---------------------------------------------------------------------------------- */

static void
load_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmDefinitionCard *self = data;
  g_autofree char *text = dup_saved (self, g_variant_get_int64 (parameter));
  g_autoptr (GError) error = NULL;

  ktm_definition_card_set_definition (self, text ? text : "", &error);
  say_problem (self, error);
}

static void
usual_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GError) error = NULL;

  ktm_definition_card_set_definition (data, g_variant_get_string (parameter, NULL), &error);
  say_problem (data, error);
}

static void
delete_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmDefinitionCard *self = data;
  g_autoptr (GError) error = NULL;

  ktm_study_delete_document (self->study, g_variant_get_int64 (parameter), &error);
  say_problem (self, error);
  ktm_definition_card_update_saved (self);
}

/* The definition kept under @title already: it is saved again; 0: none. */
static gint64
id_of (KtmDefinitionCard *self, const char *title)
{
  g_autoptr (GPtrArray) saved = ktm_study_list_documents (self->study, KIND);

  for (guint i = 0; i < saved->len; i++)
    {
      const KtmStudyDocument *one = saved->pdata[i];

      if (!strcmp (one->title, title))
        return one->id;
    }
  return 0;
}

static void
save (gpointer owner, const char *title)
{
  KtmDefinitionCard *self = owner;
  g_autofree char *json = make_json (self->text);
  g_autoptr (GError) error = NULL;

  ktm_study_save_document (self->study, id_of (self, title), KIND, title, json, &error);
  say_problem (self, error);
  ktm_definition_card_update_saved (self);
}

static char *
check_name (gpointer owner, const char *name, gboolean *usable)
{
  return id_of (owner, name) != 0
             ? g_strdup (_("The definition saved under this name is replaced."))
             : NULL;
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_name_dialog_present (
      data,
      &(KtmNameQuestion){
          .title = _("Save this definition of response"),
          .body = _("It is kept in the cohort file, to be chosen again by its name."),
          .label = _("Name of the definition"),
          .check = check_name,
          .take = save,
      });
}

/* --- the menu --------------------------------------------------------------------------------- */

static void
add_item (GMenu *menu, const char *label, const char *action, GVariant *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

/* What clinical trials of pain use, for the cohort's first measure. */
static void
add_usual (KtmDefinitionCard *self, GMenu *menu)
{
  static const char *const forms[] = { "\"%s\" >= 30%", "\"%s\" >= 50%",
                                       "\"%s\" >= 50% and not stop \"lack of effect\"",
                                       "\"%s\" >= 30% and \"%s\" >= 2 and no event severe",
                                       "\"%s\" >= 30% sustained" };

  for (gsize i = 0; self->frame->n_measures > 0 && i < G_N_ELEMENTS (forms); i++)
    {
      const char *id = self->frame->measures[0].id;
      g_auto (GStrv) parts = g_strsplit (forms[i], "%s", -1);
      g_autofree char *text = g_strjoinv (id, parts);
      g_autoptr (GError) error = NULL;
      KtmDefinition *definition = ktm_definition_card_parse (self, text, &error);

      if (!definition)
        continue;
      KtmText *words = ktm_definition_text (definition);
      const char *const *names = g_get_language_names ();
      char *label = ktm_text_render (words, names[0] ? ktm_lang_find (names[0]) : NULL, 0);

      add_item (menu, label, "definition.usual", g_variant_new_string (text));
      free (label);
      ktm_text_free (words);
      ktm_definition_free (definition);
    }
}

void
ktm_definition_card_update_saved (KtmDefinitionCard *self)
{
  g_autoptr (GPtrArray) saved = ktm_study_list_documents (self->study, KIND);
  g_autoptr (GMenu) menu = g_menu_new (), load = g_menu_new (), usual = g_menu_new (),
                    edit = g_menu_new (), forget = g_menu_new ();
  g_autofree char *label = NULL;
  const char *name = NULL;

  for (guint i = 0; i < saved->len; i++)
    {
      const KtmStudyDocument *one = saved->pdata[i];
      g_autofree char *text = read_json (one->json);

      add_item (load, one->title, "definition.load", g_variant_new_int64 (one->id));
      add_item (forget, one->title, "definition.delete", g_variant_new_int64 (one->id));
      if (!g_strcmp0 (text, self->text))
        name = one->title;
    }
  add_usual (self, usual);
  if (saved->len)
    g_menu_append_section (menu, _("Saved definitions"), G_MENU_MODEL (load));
  g_menu_append_section (menu, _("Usual definitions"), G_MENU_MODEL (usual));
  g_menu_append (edit, _("Save this definition…"), "definition.save");
  if (saved->len)
    g_menu_append_submenu (edit, _("Forget"), G_MENU_MODEL (forget));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->saved), G_MENU_MODEL (menu));
  /* Translators: %s is the name of a definition of response, or "a name". */
  label = name ? g_strdup_printf (_("Saved as %s"), name) : g_strdup (_("Not saved"));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->saved), label);
}

void
ktm_definition_card_add_saved (KtmDefinitionCard *self)
{
  static const GActionEntry entries[] = {
    { "load", load_cb, "x" },
    { "usual", usual_cb, "s" },
    { "delete", delete_cb, "x" },
    { "save", save_cb },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "definition", G_ACTION_GROUP (group));
  self->saved = gtk_menu_button_new ();
  gtk_widget_set_tooltip_text (self->saved, _("Definitions kept in the cohort, and usual ones"));
  g_signal_connect_object (self->study, "notify::undo-label",
                           G_CALLBACK (ktm_definition_card_update_saved), self, G_CONNECT_SWAPPED);
}
