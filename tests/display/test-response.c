/* tests: the page of responders, in the window on the sample cohort. */
#include "ktm-choice.h"
#include "ktm-definition-card-private.h"
#include "ktm-definition-row.h"
#include "ktm-locate.h"
#include "ktm-name-dialog.h"
#include "pump-window.h"

#include <string.h>

/* @path: NULL: the sample. */
static KtmWindow *
open_page (const char *path, KtmBoardPage **page, KtmDefinitionCard **card)
{
  KtmWindow *window;

  g_settings_reset (ktm_settings (), "response-view");
  g_settings_reset (ktm_settings (), "response-definition");
  window = pump_open (path, 1440, 900);
  pump_page (window, "response");
  *page = pump_board (window);
  *card = KTM_DEFINITION_CARD (
      pump_find (GTK_WIDGET (*page), KTM_TYPE_DEFINITION_CARD, pump_is_mapped, NULL));
  return window;
}

static const char *
text_of (GPtrArray *labels, guint i)
{
  return gtk_label_get_text (labels->pdata[i]);
}

static void
assert_definition (KtmBoardPage *page, KtmDefinitionCard *card, const char *text)
{
  g_autoptr (KtmChartOptions) options = ktm_board_page_dup_options (page, NULL);

  g_assert_cmpstr (ktm_definition_card_get_definition (card), ==, text);
  g_assert_cmpstr (options->definition, ==, text);
  g_assert_cmpstr (ktm_study_get_definition (ktm_board_page_get_study (page)), ==, text);
}

/* Split by an attribute, the impressions have a bar a group. */
static void
test_groups (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (NULL, &page, &card);
  g_autoptr (KtmChartOptions) options = ktm_board_page_dup_options (page, NULL);
  const KtmScene *scene;
  int height = gtk_widget_get_height (GTK_WIDGET (ktm_board_page_get_view (page, "pgic")));

  options->colour_by = g_strdup ("pain_type");
  g_assert_true (ktm_board_page_apply (page, "pgic", options));
  pump_settle (window);
  g_assert_cmpstr (ktm_board_page_get_group (page), ==, "pain_type");
  scene = ktm_chart_view_get_scene (ktm_board_page_get_view (page, "pgic"));
  g_assert_cmpuint (scene->series->len, ==, 4);
  g_assert_nonnull (strstr (scene->description, "neuropathic: 17 of 35 improved."));
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (ktm_board_page_get_view (page, "pgic"))), >,
                   height);
  pump_close (window);
}

/* Conditions are added, joined, moved and taken away; numbers and charts follow. */
static void
test_build (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (NULL, &page, &card);

  g_assert_nonnull (ktm_chart_view_get_scene (ktm_board_page_get_view (page, "responder-rate")));
  g_assert_nonnull (ktm_chart_view_get_scene (ktm_board_page_get_view (page, "pgic")));
  g_assert_cmpuint (card->rows->len, ==, 1);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");

  g_signal_emit_by_name (card->add, "clicked");
  pump_settle (window);
  assert_definition (page, card, "nrs >= 30% and nrs >= 2");
  g_assert_cmpuint (card->rows->len, ==, 2);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");
  g_assert_cmpstr (text_of (card->alone, 1), ==, "30/87");
  g_assert_cmpstr (text_of (card->left, 1), ==, "25/87");

  g_assert_true (ktm_definition_card_set_definition (card, "nrs >= 30% or nrs >= 2", NULL));
  pump_settle (window);
  assert_definition (page, card, "nrs >= 30% or nrs >= 2");
  g_assert_cmpstr (text_of (card->left, 1), ==, "31/87");

  g_assert_true (ktm_choice_set_selected (KTM_CHOICE (card->missing), "no"));
  pump_settle (window);
  assert_definition (page, card, "nrs >= 30% or nrs >= 2; missing no");
  g_assert_cmpstr (text_of (card->left, 1), ==, "31/256");
  pump_close (window);
}

static void
drop (KtmDefinitionCard *card, guint row, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (card->grid);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, KTM_TYPE_DEFINITION_ROW);
  g_value_set_object (&value, card->rows->pdata[row]);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) one = g_list_model_get_item (controllers, i);
      GdkDragAction action;

      if (!GTK_IS_DROP_TARGET (one))
        continue;
      g_signal_emit_by_name (one, "motion", 4.0, y, &action);
      g_assert_cmpint (action, ==, GDK_ACTION_MOVE);
      g_signal_emit_by_name (one, "drop", &value, 4.0, y, &taken);
    }
  g_assert_true (taken);
}

/* Rows are dragged by their handles, and moved by their buttons and keys. */
static void
test_move (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (NULL, &page, &card);
  const char *first = "nrs >= 30% and nrs >= 2 and no event severe";

  g_assert_null (gtk_grid_get_child_at (GTK_GRID (card->grid), -1, 1)); /* one alone stays */
  g_assert_true (ktm_definition_card_set_definition (card, first, NULL));
  pump_settle (window);
  g_assert_nonnull (gtk_grid_get_child_at (GTK_GRID (card->grid), -1, 3));
  drop (card, 0, gtk_widget_get_height (card->grid) + 10.0);
  pump_settle (window);
  assert_definition (page, card, "nrs >= 2 and no event severe and nrs >= 30%");
  g_assert_cmpstr (text_of (card->alone, 0), ==, "30/87");
  g_assert_cmpstr (text_of (card->left, 2), ==, "22/87");
  drop (card, 2, 0);
  pump_settle (window);
  assert_definition (page, card, first);
  drop (card, 1, 0);
  drop (card, 0, 0); /* where it is already */
  pump_settle (window);
  assert_definition (page, card, "nrs >= 2 and nrs >= 30% and no event severe");
  ktm_definition_row_grab_focus (card->rows->pdata[0]);
  g_assert_true (pump_key (card->grid, GDK_KEY_Down, GDK_ALT_MASK));
  pump_settle (window);
  assert_definition (page, card, first);
  g_assert_true (pump_key (card->grid, GDK_KEY_Up, GDK_ALT_MASK)); /* the focus went with it */
  g_assert_false (pump_key (card->grid, GDK_KEY_Up, GDK_ALT_MASK));
  g_assert_false (pump_key (card->grid, GDK_KEY_Down, 0));
  pump_settle (window);
  assert_definition (page, card, "nrs >= 2 and nrs >= 30% and no event severe");
  pump_close (window);
}

/* What is not understood changes nothing and says why; what needs parentheses is typed. */
static void
test_typed (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (NULL, &page, &card);
  g_autofree char *before = g_strdup (ktm_definition_card_get_definition (card));

  const char *typed = "nrs >= 50% and (not stop or pgic score <= 2)";
  g_autoptr (GError) error = NULL;

  g_assert_false (ktm_definition_card_set_definition (card, "vas >= 30%", &error));
  g_assert_nonnull (strstr (error->message, "vas"));
  assert_definition (page, card, before);
  g_assert_true (ktm_definition_card_set_definition (card, typed, NULL));
  pump_settle (window);
  assert_definition (page, card, typed);
  g_assert_cmpuint (card->rows->len, ==, 0);
  g_assert_true (gtk_widget_get_visible (card->entry));
  pump_close (window);
}

/* One patient alone, and all of them again. */
static void
test_few (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (NULL, &page, &card);
  KtmStudy *study = ktm_board_page_get_study (page);
  const guint one[] = { 0 };

  ktm_study_keep (study, one, 1);
  pump_settle (window);
  g_assert_nonnull (strstr (text_of (card->alone, 0), "/1"));
  g_assert_true (ktm_study_undo (study, NULL));
  pump_settle (window);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");
  pump_close (window);
}

static gboolean
says_replaced (GtkWidget *label, gpointer data)
{
  return gtk_widget_get_visible (label)
         && !g_strcmp0 (gtk_label_get_label (GTK_LABEL (label)),
                        "The definition saved under this name is replaced.");
}

/* Asks to save, types @name, which @replaces another, and answers. */
static void
answer (KtmDefinitionCard *card, const char *name, gboolean replaces, const char *response)
{
  GtkWidget *dialog, *entry;

  g_assert_true (gtk_widget_activate_action (card->saved, "definition.save", NULL));
  dialog = GTK_WIDGET (pump_wait_top (ADW_TYPE_MESSAGE_DIALOG));
  entry = pump_find (dialog, GTK_TYPE_ENTRY, NULL, NULL);
  g_assert_nonnull (entry);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog),
                                                           KTM_NAME_DIALOG_ACCEPT));
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  g_assert_cmpint (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog),
                                                            KTM_NAME_DIALOG_ACCEPT),
                   ==, strspn (name, " ") < strlen (name));
  g_assert_cmpint (pump_find (dialog, GTK_TYPE_LABEL, says_replaced, NULL) != NULL, ==, replaces);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_close (GTK_WINDOW (dialog));
  pump_idle ();
}

/* The dialog: a name is needed; the same name again replaces what was kept under it. */
static void
test_save (void)
{
  char *path = pump_copy_sample ();
  g_autoptr (GPtrArray) saved = NULL, again = NULL;
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (path, &page, &card);
  KtmStudy *study = ktm_board_page_get_study (page);

  answer (card, "  ", FALSE, "cancel");
  answer (card, "Responder", FALSE, "cancel");
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==, "Not saved");
  answer (card, " Responder ", FALSE, KTM_NAME_DIALOG_ACCEPT);
  pump_settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==,
                   "Saved as Responder");
  g_assert_true (ktm_definition_card_set_definition (card, "nrs >= 50%", NULL));
  pump_settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==, "Not saved");
  answer (card, "Responder", TRUE, KTM_NAME_DIALOG_ACCEPT);
  pump_settle (window);
  saved = ktm_study_list_documents (study, "response");
  g_assert_cmpuint (saved->len, ==, 1);
  g_assert_nonnull (strstr (((KtmStudyDocument *) saved->pdata[0])->json, "nrs >= 50%"));
  g_assert_true (ktm_study_undo (study, NULL));
  pump_settle (window);
  again = ktm_study_list_documents (study, "response");
  g_assert_nonnull (strstr (((KtmStudyDocument *) again->pdata[0])->json, "nrs >= 30%"));
  pump_close (window);
  pump_remove (path);
}

/* Kept in the cohort under a name, and forgotten; both can be undone. */
static void
test_saved (void)
{
  char *path = pump_copy_sample ();
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_page (path, &page, &card);
  KtmStudy *study = ktm_board_page_get_study (page);
  g_autoptr (GPtrArray) saved = NULL;
  gint64 id = ktm_study_save_document (study, 0, "response", "Half",
                                       "{\"definition\":\"nrs >= 50%\"}", NULL);

  g_assert_cmpint (id, >, 0);
  saved = ktm_study_list_documents (study, "response");
  g_assert_cmpuint (saved->len, ==, 1);
  g_assert_true (gtk_widget_activate_action (card->saved, "definition.load", "x", id));
  pump_settle (window);
  assert_definition (page, card, "nrs >= 50%");
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==,
                   "Saved as Half");
  g_assert_true (gtk_widget_activate_action (card->saved, "definition.delete", "x", id));
  pump_settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==, "Not saved");
  g_assert_true (ktm_study_undo (study, NULL));
  pump_settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==,
                   "Saved as Half");
  pump_close (window);
  pump_remove (path);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", FALSE);
  g_test_add_func ("/response/build", test_build);
  g_test_add_func ("/response/groups", test_groups);
  g_test_add_func ("/response/typed", test_typed);
  g_test_add_func ("/response/few", test_few);
  g_test_add_func ("/response/move", test_move);
  g_test_add_func ("/response/saved", test_saved);
  g_test_add_func ("/response/save", test_save);
  return pump_app_run ();
}
