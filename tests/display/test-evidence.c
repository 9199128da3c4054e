/* tests: the page of published studies, in the window on a copy of the sample. */
#include <glib/gstdio.h>
#include <string.h>

#include "ktm-application.h"
#include "ktm-board-page.h"
#include "ktm-locate.h"
#include "ktm-study-table.h"
#include "ktm-window.h"
#include "pump.h"

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

static gboolean
has_label (GtkWidget *button, gpointer label)
{
  return !g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label);
}

static gboolean
is_check (GtkWidget *check, gpointer label)
{
  return !g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (check)), label);
}

static GtkWidget *
check_of (KtmWindow *window, const char *study)
{
  return pump_find (GTK_WIDGET (window), GTK_TYPE_CHECK_BUTTON, is_check, (gpointer) study);
}

static void
click (GtkWidget *root, const char *label)
{
  GtkWidget *button = pump_find (root, GTK_TYPE_BUTTON, has_label, (gpointer) label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static char *
describe (KtmWindow *window)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, is_mapped, NULL);
  KtmChartView *view = ktm_board_page_get_view (KTM_BOARD_PAGE (page), "evidence");

  settle (window);
  g_assert_nonnull (ktm_chart_view_get_scene (view));
  return g_strdup (ktm_chart_view_get_scene (view)->description);
}

static void
undo (KtmWindow *window)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "undo", NULL);
  settle (window);
}

/* The dialog, once it is there; its entries in the order they were made. */
static GtkWindow *
open_dialog (KtmWindow *window)
{
  GListModel *all = gtk_window_get_toplevels ();

  click (GTK_WIDGET (window), "Add a study…");
  pump_idle ();
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (all, i);

      if (!g_strcmp0 (gtk_window_get_title (one), "Add a published study"))
        return one;
    }
  g_assert_not_reached ();
}

static gboolean
is_nth (GtkWidget *entry, gpointer n)
{
  return gtk_widget_get_child_visible (entry) && gtk_widget_get_visible (entry)
         && (*(int *) n)-- == 0;
}

static void
type (GtkWindow *dialog, int n, const char *text)
{
  GtkWidget *entry = pump_find (GTK_WIDGET (dialog), GTK_TYPE_ENTRY, is_nth, &n);

  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static gboolean
says (GtkWidget *label, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (label)), text) != NULL;
}

static void
assert_says (GtkWindow *dialog, const char *text)
{
  click (GTK_WIDGET (dialog), "Add");
  g_assert_nonnull (pump_find (GTK_WIDGET (dialog), GTK_TYPE_LABEL, says, (gpointer) text));
}

static void
type_study (KtmWindow *window)
{
  static const char *const numbers[] = { "Typed", "2020", "20", "21", "4,1", "6.5", "2.0" };
  GtkWindow *dialog = open_dialog (window);

  assert_says (dialog, "name of the study");
  for (int i = 0; i < (int) G_N_ELEMENTS (numbers); i++)
    type (dialog, i, numbers[i]);
  assert_says (dialog, "SD · Control is missing");
  type (dialog, 7, "many");
  assert_says (dialog, "not a number");
  type (dialog, 7, "-2");
  assert_says (dialog, "cannot be below 0");
  type (dialog, 7, "2.2");
  g_assert_null (check_of (window, "Typed 2020"));
  click (GTK_WIDGET (dialog), "Add");
  settle (window);
  g_assert_nonnull (check_of (window, "Typed 2020"));
}

static void
restore_rule (KtmWindow *window)
{
  KtmBoardPage *page = KTM_BOARD_PAGE (
      pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, is_mapped, NULL));
  g_autoptr (KtmChartOptions) options = NULL, again = NULL, other = NULL;
  const char *chart;

  options = ktm_board_page_dup_options (page, &chart);
  g_free (options->evidence);
  options->evidence = g_strdup ("effect or, method peto, tau2 dl, ci wald, own no, moderator year");
  g_assert_true (ktm_board_page_apply (page, chart, options));
  settle (window);
  again = ktm_board_page_dup_options (page, &chart);
  g_assert_cmpstr (again->evidence, ==, options->evidence);
  /* means have no Mantel-Haenszel and no Peto */
  g_assert_true (ktm_board_page_set_choice (page, "effect", "md"));
  settle (window);
  other = ktm_board_page_dup_options (page, &chart);
  g_assert_nonnull (strstr (other->evidence, "effect md, method iv"));
}

static void
test_page (void)
{
  g_autofree char *dir = g_dir_make_tmp ("ketamine-viewer-XXXXXX", NULL),
                  *from = g_build_filename (g_getenv ("GSETTINGS_SCHEMA_DIR"), "sample",
                                            "sample.cohort", NULL),
                  *to = g_build_filename (dir, "sample.cohort", NULL), *bytes = NULL, *all = NULL,
                  *fewer = NULL, *back = NULL, *more = NULL, *undone = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (to);
  KtmWindow *window = ktm_window_new (app);
  gsize n;

  g_assert_true (g_file_get_contents (from, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) n, NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  gtk_window_present (GTK_WINDOW (window));
  ktm_window_open (window, file);
  settle (window);
  g_action_group_activate_action (G_ACTION_GROUP (window), "page",
                                  g_variant_new_string ("evidence"));
  settle (window);

  if (!check_of (window, "Example trial C")) /* a cohort without studies offers the example */
    click (GTK_WIDGET (window), "Show the example studies");
  all = describe (window);
  g_test_message ("%s", all);
  g_assert_nonnull (check_of (window, "Example trial C"));
  g_assert_nonnull (strstr (all, "1.64")); /* REML, HKSJ of six trials: metafor */

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check_of (window, "Example trial C")), FALSE);
  fewer = describe (window);
  g_assert_cmpstr (fewer, !=, all);
  undo (window);
  back = describe (window);
  g_assert_cmpstr (back, ==, all);
  g_assert_true (
      gtk_check_button_get_active (GTK_CHECK_BUTTON (check_of (window, "Example trial C"))));

  type_study (window);
  more = describe (window);
  g_assert_cmpstr (more, !=, all);
  undo (window);
  undone = describe (window);
  g_assert_cmpstr (undone, ==, all);
  g_assert_null (check_of (window, "Typed 2020"));
  restore_rule (window);

  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
  g_unlink (to);
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
  g_test_add_func ("/evidence/page", test_page);
  status = g_test_run ();
  g_object_unref (app);
  return status;
}
