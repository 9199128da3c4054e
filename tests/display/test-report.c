/* tests: the subgroup as a whole (table 1, flow, missing scores) and its report, from the window.
 */
#include <string.h>

#include "ktm-chart-view.h"
#include "ktm-cohort-view.h"
#include "ktm-patients-page.h"
#include "ktm-report-view.h"
#include "pump-window.h"

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
  pump_settle (window);
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
  KtmWindow *window = pump_open (NULL, 1440, 900);
  GtkWidget *cohort, *chart;
  KtmScene *scene;

  pump_page (window, "patients");
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
  pump_close (window);
}

/* --- the report ------------------------------------------------------------------------------- */

/* The action is off while a report is being written. */
static gboolean
is_written (gpointer window)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), "report");
}

static void
start (KtmWindow *window, const char *pdf)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "report", g_variant_new_string (pdf));
  g_assert_false (is_written (window));
  pump_idle ();
  g_assert_nonnull (pump_find_top (ADW_TYPE_MESSAGE_DIALOG));
}

static void
test_report (void)
{
  KtmWindow *window = pump_open (NULL, 1440, 900);
  char *pdf = pump_new_path ("report.pdf");
  g_autofree char *folder = g_path_get_dirname (pdf), *text = NULL;
  g_autoptr (GDir) left = NULL;
  gsize length;

  start (window, pdf);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (pump_find_top (ADW_TYPE_MESSAGE_DIALOG)),
                               "stop");
  pump_until (is_written, window, "the report");
  pump_idle ();
  g_assert_null (pump_find_top (ADW_TYPE_MESSAGE_DIALOG));
  left = g_dir_open (folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (left), ==, NULL); /* not even a part of a file */
  start (window, pdf);
  pump_until (is_written, window, "the report");
  pump_idle ();
  g_assert_null (pump_find_top (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_true (g_file_get_contents (pdf, &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));
  g_assert_cmpuint (length, >, 50000);
  pump_close (window);
  pump_remove (pdf);
}

/* A folder that is gone: one sentence, and the window goes on. */
static void
test_no_folder (void)
{
  KtmWindow *window = pump_open (NULL, 1440, 900);
  GtkWidget *dialog;

  start (window, "/nowhere/report.pdf");
  pump_until (is_written, window, "the report");
  pump_idle ();
  dialog = GTK_WIDGET (pump_find_top (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  pump_idle ();
  pump_close (window);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_test_add_func ("/report/parts", test_parts);
  g_test_add_func ("/report/pdf", test_report);
  g_test_add_func ("/report/no-folder", test_no_folder);
  return pump_app_run ();
}
