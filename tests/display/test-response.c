/* tests: the page of responders, in the window on the sample cohort. */
#include "ktm-application.h"
#include "ktm-board-page.h"
#include "ktm-choice.h"
#include "ktm-definition-card-private.h"
#include "ktm-definition-row.h"
#include "ktm-locate.h"
#include "ktm-window.h"
#include "pump.h"

#include <glib/gstdio.h>

static KtmApplication *app;

static gboolean
is_settled (gpointer window)
{
  return !ktm_window_is_busy (window) && !ktm_window_is_empty (window);
}

static void
settle (KtmWindow *window)
{
  pump_idle ();
  pump_until (is_settled, window, "the window to settle");
}

static gboolean
is_mapped (GtkWidget *widget, gpointer unused G_GNUC_UNUSED)
{
  return gtk_widget_get_mapped (widget);
}

/* @file: NULL: the sample itself, which cannot be written. */
static KtmWindow *
open_window (GFile *file, KtmBoardPage **page, KtmDefinitionCard **card)
{
  KtmWindow *window = ktm_window_new (app);

  g_settings_reset (ktm_settings (), "response-view");
  g_settings_reset (ktm_settings (), "response-definition");
  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  gtk_window_present (GTK_WINDOW (window));
  ktm_window_open (window, file);
  settle (window);
  g_action_group_activate_action (G_ACTION_GROUP (window), "page",
                                  g_variant_new_string ("response"));
  settle (window);
  *page = KTM_BOARD_PAGE (pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, is_mapped, NULL));
  *card = KTM_DEFINITION_CARD (
      pump_find (GTK_WIDGET (*page), KTM_TYPE_DEFINITION_CARD, is_mapped, NULL));
  return window;
}

static void
close_window (KtmWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
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

/* Conditions are added, joined, moved and taken away; numbers and charts follow. */
static void
test_build (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_window (NULL, &page, &card);

  g_assert_nonnull (ktm_chart_view_get_scene (ktm_board_page_get_view (page, "responder-rate")));
  g_assert_nonnull (ktm_chart_view_get_scene (ktm_board_page_get_view (page, "pgic")));
  g_assert_cmpuint (card->rows->len, ==, 1);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");

  g_signal_emit_by_name (card->add, "clicked");
  settle (window);
  assert_definition (page, card, "nrs >= 30% and nrs >= 2");
  g_assert_cmpuint (card->rows->len, ==, 2);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");
  g_assert_cmpstr (text_of (card->alone, 1), ==, "30/87");
  g_assert_cmpstr (text_of (card->left, 1), ==, "25/87");

  g_assert_true (ktm_definition_card_set_definition (card, "nrs >= 30% or nrs >= 2", NULL));
  settle (window);
  assert_definition (page, card, "nrs >= 30% or nrs >= 2");
  g_assert_cmpstr (text_of (card->left, 1), ==, "31/87");

  g_assert_true (ktm_choice_set_selected (KTM_CHOICE (card->missing), "no"));
  settle (window);
  assert_definition (page, card, "nrs >= 30% or nrs >= 2; missing no");
  g_assert_cmpstr (text_of (card->left, 1), ==, "31/256");
  close_window (window);
}

/* What is not understood changes nothing and says why; what needs parentheses is typed. */
static void
test_typed (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_window (NULL, &page, &card);
  g_autofree char *before = g_strdup (ktm_definition_card_get_definition (card));

  const char *typed = "nrs >= 50% and (not stop or pgic score <= 2)";
  g_autoptr (GError) error = NULL;

  g_assert_false (ktm_definition_card_set_definition (card, "vas >= 30%", &error));
  g_assert_nonnull (strstr (error->message, "vas"));
  assert_definition (page, card, before);
  g_assert_true (ktm_definition_card_set_definition (card, typed, NULL));
  settle (window);
  assert_definition (page, card, typed);
  g_assert_cmpuint (card->rows->len, ==, 0);
  g_assert_true (gtk_widget_get_visible (card->entry));
  close_window (window);
}

/* One patient alone, and all of them again. */
static void
test_few (void)
{
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_window (NULL, &page, &card);
  KtmStudy *study = ktm_board_page_get_study (page);
  const guint one[] = { 0 };

  ktm_study_keep (study, one, 1);
  settle (window);
  g_assert_nonnull (strstr (text_of (card->alone, 0), "/1"));
  g_assert_true (ktm_study_undo (study, NULL));
  settle (window);
  g_assert_cmpstr (text_of (card->alone, 0), ==, "26/87");
  close_window (window);
}

static char *
copy_sample (void)
{
  g_autofree char *dir = g_dir_make_tmp ("ketamine-viewer-XXXXXX", NULL);
  char *path = g_build_filename (dir, "copy.cohort", NULL);
  g_autoptr (GBytes) bytes =
      g_resources_lookup_data ("/org/ketamine/Viewer/sample.cohort", G_RESOURCE_LOOKUP_FLAGS_NONE,
                               NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  return path;
}

/* Kept in the cohort under a name, and forgotten; both can be undone. */
static void
test_saved (void)
{
  g_autofree char *path = copy_sample (), *dir = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  KtmBoardPage *page;
  KtmDefinitionCard *card;
  KtmWindow *window = open_window (file, &page, &card);
  KtmStudy *study = ktm_board_page_get_study (page);
  g_autoptr (GPtrArray) saved = NULL;
  gint64 id = ktm_study_save_document (study, 0, "response", "Half",
                                       "{\"definition\":\"nrs >= 50%\"}", NULL);

  g_assert_cmpint (id, >, 0);
  saved = ktm_study_list_documents (study, "response");
  g_assert_cmpuint (saved->len, ==, 1);
  g_assert_true (gtk_widget_activate_action (card->saved, "definition.load", "x", id));
  settle (window);
  assert_definition (page, card, "nrs >= 50%");
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==,
                   "Saved as Half");
  g_assert_true (gtk_widget_activate_action (card->saved, "definition.delete", "x", id));
  settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==, "Not saved");
  g_assert_true (ktm_study_undo (study, NULL));
  settle (window);
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (card->saved)), ==,
                   "Saved as Half");
  close_window (window);
  g_remove (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  int status;

  pump_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", FALSE);
  app = ktm_application_new ();
  g_application_set_flags (G_APPLICATION (app),
                           G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_assert_true (g_application_register (G_APPLICATION (app), NULL, NULL));
  g_test_add_func ("/response/build", test_build);
  g_test_add_func ("/response/typed", test_typed);
  g_test_add_func ("/response/few", test_few);
  g_test_add_func ("/response/saved", test_saved);
  status = g_test_run ();
  g_object_unref (app);
  return status;
}
