/* tests: the subgroup as a whole (table 1, flow, missing scores) and its report, from the window.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "ktm-chart-view.h"
#include "ktm-cohort-view.h"
#include "ktm-patients-page.h"
#include "ktm-report-view.h"
#include "ktm-window.h"
#include "pump.h"

static KtmApplication *app;

static gboolean
is_settled (gpointer window)
{
  return !ktm_window_is_busy (window) && !ktm_window_is_empty (window);
}

static KtmWindow *
open_window (void)
{
  KtmWindow *window = ktm_window_new (app);

  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  gtk_window_present (GTK_WINDOW (window));
  ktm_window_open (window, NULL);
  pump_idle ();
  pump_until (is_settled, window, "the window to settle");
  return window;
}

static void
close_window (KtmWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
}

/* --- the parts of the Patients page ----------------------------------------------------------- */

typedef struct
{
  KtmWindow  *window;
  const char *text;
} Wanted;

static gboolean
says (GtkWidget *widget, gpointer text)
{
  return gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
is_said (gpointer data)
{
  const Wanted *wanted = data;

  return pump_find (GTK_WIDGET (wanted->window), GTK_TYPE_LABEL, says, (gpointer) wanted->text)
         != NULL;
}

static void
show_part (KtmWindow *window, const char *part)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_PATIENTS_PAGE, NULL, NULL);

  g_assert_true (gtk_widget_activate_action (page, "patients.part", "s", part));
  pump_idle ();
  pump_until (is_settled, window, "the part to settle");
}

static void
expect (KtmWindow *window, const char *text)
{
  Wanted wanted = { window, text };

  pump_until (is_said, &wanted, text);
}

static void
test_parts (void)
{
  KtmWindow *window = open_window ();
  GtkWidget *cohort, *chart;
  KtmScene *scene;

  g_action_group_activate_action (G_ACTION_GROUP (window), "page",
                                  g_variant_new_string ("patients"));
  pump_idle ();
  pump_until (is_settled, window, "the page");
  cohort = pump_find (GTK_WIDGET (window), KTM_TYPE_COHORT_VIEW, NULL, NULL);
  g_assert_nonnull (cohort);
  g_assert_false (gtk_widget_get_mapped (cohort));
  show_part (window, "table1");
  g_assert_true (gtk_widget_get_mapped (cohort));
  expect (window, "fibromyalgia");
  expect (window, "102 (40"); /* of 256 */
  show_part (window, "flow");
  chart = pump_find (cohort, KTM_TYPE_CHART_VIEW, NULL, NULL);
  g_assert_true (gtk_widget_get_mapped (chart));
  scene = ktm_chart_view_get_scene (KTM_CHART_VIEW (chart));
  g_assert_nonnull (scene);
  g_assert_cmpstr (scene->chart, ==, "flow");
  g_assert_nonnull (strstr (scene->description, "280"));
  show_part (window, "missingness");
  g_assert_false (gtk_widget_get_mapped (chart));
  expect (window, "Missing");
  show_part (window, "patients");
  g_assert_false (gtk_widget_get_mapped (cohort));
  close_window (window);
}

/* --- the report ------------------------------------------------------------------------------- */

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GListModel) tops = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWindow) top = g_list_model_get_item (tops, i);

      if (ADW_IS_MESSAGE_DIALOG (top) && gtk_widget_get_visible (GTK_WIDGET (top)))
        return GTK_WIDGET (top);
    }
  return NULL;
}

/* The action is off while a report is being written. */
static gboolean
is_written (gpointer window)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), "report");
}

/* Longer than pump_until() waits: every analysis of the sample, perhaps under a sanitizer. */
static void
wait_written (KtmWindow *window)
{
  for (gint64 end = g_get_monotonic_time () + 300 * G_USEC_PER_SEC; !is_written (window);)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
start (KtmWindow *window, const char *pdf)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "report", g_variant_new_string (pdf));
  g_assert_false (is_written (window));
  pump_idle ();
  g_assert_nonnull (find_dialog ());
}

static void
test_report (void)
{
  KtmWindow *window = open_window ();
  g_autofree char *folder = g_dir_make_tmp ("ktm-report-XXXXXX", NULL),
                  *pdf = g_build_filename (folder, "report.pdf", NULL), *text = NULL;
  g_autoptr (GDir) left = NULL;
  gsize length;

  start (window, pdf);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ()), "stop");
  wait_written (window);
  pump_idle ();
  g_assert_null (find_dialog ());
  left = g_dir_open (folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (left), ==, NULL); /* not even a part of a file */
  start (window, pdf);
  wait_written (window);
  pump_idle ();
  g_assert_null (find_dialog ());
  g_assert_true (g_file_get_contents (pdf, &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));
  g_assert_cmpuint (length, >, 50000);
  g_unlink (pdf);
  close_window (window);
  g_rmdir (folder);
}

/* A folder that is gone: one sentence, and the window goes on. */
static void
test_no_folder (void)
{
  KtmWindow *window = open_window ();
  GtkWidget *dialog;

  start (window, "/nowhere/report.pdf");
  wait_written (window);
  pump_idle ();
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  pump_idle ();
  close_window (window);
}

int
main (int argc, char **argv)
{
  int rc;

  pump_init (&argc, &argv);
  app = ktm_application_new ();
  g_application_set_flags (G_APPLICATION (app),
                           G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_assert_true (g_application_register (G_APPLICATION (app), NULL, NULL));
  g_test_add_func ("/report/parts", test_parts);
  g_test_add_func ("/report/pdf", test_report);
  g_test_add_func ("/report/no-folder", test_no_folder);
  rc = g_test_run ();
  g_object_unref (app);
  return rc;
}
