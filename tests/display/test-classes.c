/* tests: trajectory classes in the window: found without a setting, chosen, named, used, stopped;
 * and cohorts that have none. */
#include <glib/gstdio.h>
#include <math.h>

#include "ktm-chart-view.h"
#include "ktm-choice.h"
#include "cli/ktm-class-document.h"
#include "ktm-class-finder.h"
#include "ktm-class-table.h"
#include "ktm-class-use.h"
#include "ktm-report-view.h"
#include "ktm-segments.h"
#include "ktm-share-cell.h"
#include "ktm-trajectory-page.h"
#include "pump-window.h"

/* --- the window ------------------------------------------------------------------------------- */

typedef struct
{
  KtmWindow      *window;
  GtkWidget      *page, *chart;
  KtmClassFinder *finder;
  KtmStudy       *study;
} View;

/* A search may begin when all else has settled. */
static void
settle (View *view)
{
  pump_settle (view->window);
  pump_settle (view->window);
}

/* Made when classes are first asked for. */
static GtkWidget *
table_of (View *view)
{
  GtkWidget *table = pump_find (view->page, KTM_TYPE_CLASS_TABLE, NULL, NULL);

  g_assert_nonnull (table);
  return table;
}

static void
choose_view (View *view, const char *id)
{
  GtkWidget *segments = pump_find (view->page, KTM_TYPE_SEGMENTS, NULL, NULL);

  g_assert_true (ktm_segments_set_selected (KTM_SEGMENTS (segments), id));
}

static View
open_view (const char *path)
{
  View view = { .window = pump_open (path, 1440, 900) };

  pump_page (view.window, "trajectories");
  settle (&view);
  view.page = pump_find (GTK_WIDGET (view.window), KTM_TYPE_TRAJECTORY_PAGE, NULL, NULL);
  view.chart = pump_find (view.page, KTM_TYPE_CHART_VIEW, NULL, NULL);
  view.study = ktm_window_get_study (view.window);
  view.finder = ktm_class_finder_of (view.study);
  return view;
}

static void
close_view (View *view)
{
  choose_view (view, "trajectories"); /* kept as a setting: the next window starts so */
  pump_close (view->window);
}

static gboolean
has_text (GtkWidget *widget, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL
         && gtk_widget_get_mapped (widget);
}

static gboolean
shows (GtkWidget *root, const char *text)
{
  return pump_find (root, GTK_TYPE_LABEL, has_text, (gpointer) text) != NULL;
}

static gboolean
has_label (GtkWidget *widget, gpointer text)
{
  return !g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text);
}

static void
click (GtkWidget *root, const char *label)
{
  GtkWidget *button = pump_find (root, GTK_TYPE_BUTTON, has_label, (gpointer) label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static const KtmScene *
scene_of (View *view)
{
  return ktm_chart_view_get_scene (KTM_CHART_VIEW (view->chart));
}

/* --- the sample ------------------------------------------------------------------------------- */

static gboolean
is_row_of (GtkWidget *widget, gpointer k)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "ktm-classes"))
         == GPOINTER_TO_UINT (k);
}

static void
choose_number (View *view, guint k)
{
  GtkWidget *row =
      pump_find (table_of (view), GTK_TYPE_LIST_BOX_ROW, is_row_of, GUINT_TO_POINTER (k));

  g_assert_nonnull (row);
  gtk_widget_activate (row); /* as Enter does */
  settle (view);
}

static void
rename_to (View *view, const char *from, const char *to)
{
  GtkWidget *use = pump_find (GTK_WIDGET (view->window), KTM_TYPE_CLASS_USE, NULL, NULL);

  for (GtkWidget *line = gtk_widget_get_first_child (gtk_widget_get_parent (
           gtk_widget_get_parent (pump_find (use, GTK_TYPE_ENTRY, NULL, NULL))));
       line != NULL; line = gtk_widget_get_next_sibling (line))
    {
      GtkWidget *name = pump_find (line, GTK_TYPE_ENTRY, NULL, NULL);

      if (name == NULL || g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (name)), from) != 0)
        continue;
      gtk_editable_set_text (GTK_EDITABLE (name), to);
      g_signal_emit_by_name (name, "activate");
      settle (view);
      return;
    }
  g_error ("no class is called %s", from);
}

/* Nothing but the view is chosen: three classes, their table, their cards. */
static void
check_appears (View *view)
{
  GtkWidget *window = GTK_WIDGET (view->window);

  choose_view (view, "classes");
  settle (view);
  g_assert_cmpuint (scene_of (view)->panels->len, ==, 3);
  g_assert_true (shows (table_of (view), "3 ◂ chosen"));
  g_assert_true (shows (table_of (view), "Use 3 classes"));
  g_assert_true (shows (table_of (view), "6924"));
  g_assert_true (shows (window, "Are the classes clear?"));
  g_assert_nonnull (pump_find (window, KTM_TYPE_SHARE_CELL, NULL, NULL));
  g_assert_false (shows (window, "nan"));
  g_assert_cmpint (
      ktm_cohort_find_attribute (ktm_study_get_cohort (view->study), "trajectory_class"), >=, 0);

  choose_view (view, "class-models");
  settle (view);
  g_assert_cmpuint (scene_of (view)->panels->len, ==, 6);
  choose_view (view, "class-flow");
  settle (view);
  g_assert_cmpstr (scene_of (view)->chart, ==, "class-flow");
}

/* Another number is shown at once: nothing is searched again. */
static void
check_choose (View *view)
{
  g_autoptr (KtmClassResult) before = NULL, after = NULL;

  choose_view (view, "classes");
  settle (view);
  before = ktm_class_finder_last (view->finder);
  choose_number (view, 4);
  after = ktm_class_finder_last (view->finder);
  g_assert_true (ktm_class_result_fit (after) == before->search.fit[3]);
  g_assert_cmpuint (scene_of (view)->panels->len, ==, 4);
  g_assert_true (shows (table_of (view), "4 ◂ chosen"));
  g_assert_true (shows (table_of (view), "the rule recommends 3"));
  g_assert_true (shows (table_of (view), "What the next would add"));
  choose_number (view, 3);
  g_assert_true (shows (table_of (view), "which the rule recommends too"));
}

/* The sample cannot be written: one sentence says so, and nothing changes. */
static void
check_sample_names (View *view)
{
  KtmCohort *cohort;
  gint a;

  choose_view (view, "classes");
  settle (view);
  cohort = ktm_study_get_cohort (view->study);
  rename_to (view, "Severe", "Steady");
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, "Severe");
  g_assert_true (shows (pump_find (GTK_WIDGET (view->window), KTM_TYPE_CLASS_USE, NULL, NULL),
                        "sample"));
}

/* What the class is called, and whether the subgroup is of the class of this name alone. */
static void
check_subgroup (View *view, const char *name)
{
  KtmCohort *cohort = ktm_study_get_cohort (view->study);
  gint a = ktm_cohort_find_attribute (cohort, "trajectory_class");

  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, name);
  g_assert_true (ktm_filter_has_level (ktm_study_get_filter (view->study), "trajectory_class",
                                       name));
  g_assert_cmpuint (ktm_study_get_n_shown (view->study), ==, 121);
}

/* A renamed class that is the subgroup stays the subgroup, back and forth in one step. */
static void
check_rename_subgroup (View *view)
{
  static const char *const names[] = { "", "", "Worst", NULL }, *const levels[] = { "Worst", NULL },
                    *const before[] = { "Stays severe", NULL }, *const none[] = { NULL };
  KtmFilter *filter = ktm_study_get_filter (view->study);

  ktm_filter_set_levels (filter, "trajectory_class", before, FALSE);
  settle (view);
  g_assert_true (ktm_study_name_classes (view->study, "nrs", names, levels, NULL));
  settle (view);
  check_subgroup (view, "Worst");
  g_assert_true (ktm_study_undo (view->study, NULL));
  settle (view);
  check_subgroup (view, "Stays severe");
  g_assert_true (ktm_study_redo (view->study, NULL));
  settle (view);
  check_subgroup (view, "Worst");
  g_assert_true (ktm_study_undo (view->study, NULL));
  ktm_filter_set_levels (filter, "trajectory_class", none, FALSE);
  settle (view);
}

/* Names are kept in the file, follow everywhere, and can be taken back. */
static void
test_names (void)
{
  char *path = pump_copy_sample ();
  View view = open_view (path);
  g_autoptr (KtmCohort) again = NULL;
  KtmFrame *frame;
  KtmCohort *cohort;
  gint a;

  choose_view (&view, "classes");
  settle (&view);
  cohort = ktm_study_get_cohort (view.study);
  rename_to (&view, "Severe", "  Stays severe ");
  g_assert_nonnull (strstr (((KtmPanel *) scene_of (&view)->panels->pdata[2])->title,
                            "Stays severe"));
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, "Stays severe");
  g_assert_true (shows (GTK_WIDGET (view.window), "Stays severe"));
  rename_to (&view, "Stays severe", "Mild"); /* refused: two would have the same name */
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, "Stays severe");
  rename_to (&view, "Stays severe", " ");
  check_rename_subgroup (&view);
  ktm_study_undo (view.study, NULL); /* the subgroup */
  ktm_study_undo (view.study, NULL);
  settle (&view);
  g_action_group_activate_action (G_ACTION_GROUP (view.window), "undo", NULL);
  settle (&view);
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, "Severe");
  g_action_group_activate_action (G_ACTION_GROUP (view.window), "redo", NULL);
  settle (&view);
  click (pump_find (GTK_WIDGET (view.window), KTM_TYPE_CLASS_USE, NULL, NULL), "Usual names");
  settle (&view);
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpstr (ktm_cohort_get_attribute (cohort, (guint) a)->levels[2], ==, "Severe");
  g_action_group_activate_action (G_ACTION_GROUP (view.window), "undo", NULL);
  settle (&view);
  close_view (&view);

  again = ktm_cohort_open_sync (path, NULL);
  frame = ktm_cohort_dup_frame (again, NULL, 0, NULL, NULL, 0);
  g_assert_cmpstr (ktm_frame_find_class_names (frame, "nrs", 3)->name[2], ==, "Stays severe");
  ktm_frame_unref (frame);
  pump_remove (path);
}

/* Colour by class; a class as the subgroup is shown as it is, also when it is renamed. */
static void
check_use (View *view)
{
  GtkWidget *use;

  choose_view (view, "classes");
  settle (view);
  use = pump_find (GTK_WIDGET (view->window), KTM_TYPE_CLASS_USE, NULL, NULL);
  click (use, "Colour by class");
  settle (view);
  g_assert_cmpstr (scene_of (view)->chart, ==, "trajectories");
  g_assert_cmpuint (scene_of (view)->series->len, ==, 3);

  choose_view (view, "classes");
  settle (view);
  ktm_filter_set_levels (ktm_study_get_filter (view->study), "trajectory_class",
                         (const char *const[]){ "Severe", NULL }, FALSE);
  settle (view);
  g_assert_cmpuint (ktm_study_get_n_shown (view->study), ==, 121);
  g_assert_true (shows (GTK_WIDGET (view->window), "is not parted anew"));
  g_assert_false (ktm_class_finder_is_busy (view->finder));
  g_action_group_activate_action (G_ACTION_GROUP (view->window), "clear-filter", NULL);
  settle (view);
  g_assert_true (shows (table_of (view), "3 ◂ chosen"));
}

static void
test_sample (void)
{
  View view = open_view (NULL);

  check_appears (&view);
  check_choose (&view);
  check_sample_names (&view);
  check_use (&view);
  close_view (&view);
}

/* --- a saved model ---------------------------------------------------------------------------- */

static gboolean
takes (GtkWidget *choice, gpointer id)
{
  return gtk_widget_get_mapped (choice) && ktm_choice_set_selected (KTM_CHOICE (choice), id);
}

/* In the choice "Classes": no other has such ids. */
static void
choose_classes (View *view, const char *id)
{
  g_assert_nonnull (pump_find (view->page, KTM_TYPE_CHOICE, takes, (gpointer) id));
  settle (view);
}

static void
save_as (View *view, const char *title)
{
  g_autoptr (KtmClassResult) result = ktm_class_finder_last (view->finder);
  KtmClassModel *model = ktm_class_model_new (result, "month", "test");

  g_assert_nonnull (model);
  g_assert_true (
      ktm_class_document_save (ktm_study_get_cohort (view->study), title, model, NULL));
  ktm_class_model_unref (model);
}

/* Asks for the classes of the file at @path; of the saved ones the one at @at, −1: none. */
static void
apply_from (View *view, const char *path, int at)
{
  GtkWidget *dialog, *drop;

  g_action_group_activate_action (G_ACTION_GROUP (view->window), "apply-classes-from",
                                  g_variant_new_string (path));
  dialog = GTK_WIDGET (pump_wait_top (ADW_TYPE_MESSAGE_DIALOG));
  drop = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), (guint) MAX (at, 0));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), at < 0 ? "cancel" : "apply");
  gtk_window_close (GTK_WINDOW (dialog));
  settle (view);
}

static gboolean
is_applied (gpointer data)
{
  View *view = data;

  return ktm_class_finder_get_applied (view->finder) != NULL
         && !ktm_window_is_busy (view->window);
}

/* Two models in one file: which is asked; what it placed is shown as such until another number of
 * classes is chosen. */
static void
test_applied (void)
{
  char *path = pump_copy_sample ();
  View view = open_view (path);
  KtmCohort *cohort = ktm_study_get_cohort (view.study);
  gint a;

  choose_view (&view, "classes");
  settle (&view);
  save_as (&view, "Three");
  choose_classes (&view, "2");
  save_as (&view, "Two");
  choose_classes (&view, "4");
  apply_from (&view, path, -1);
  g_assert_null (ktm_class_finder_get_applied (view.finder));
  apply_from (&view, path, 1);
  pump_until (is_applied, &view, "the saved classes");
  settle (&view);
  g_assert_cmpstr (ktm_class_finder_get_applied_title (view.finder), ==, "Two");
  g_assert_true (ktm_class_finder_shows_applied (view.finder));
  g_assert_cmpuint (scene_of (&view)->panels->len, ==, 2);
  g_assert_nonnull (strstr (scene_of (&view)->caption, "A saved model, applied as it is"));
  g_assert_false (gtk_widget_get_mapped (table_of (&view)));
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpuint (ktm_cohort_get_attribute (cohort, (guint) a)->n_levels, ==, 2);
  choose_view (&view, "class-models");
  settle (&view);
  g_assert_null (scene_of (&view));
  choose_view (&view, "class-flow");
  settle (&view);
  g_assert_null (scene_of (&view));
  choose_view (&view, "classes");
  choose_classes (&view, "0");
  g_assert_false (ktm_class_finder_shows_applied (view.finder));
  g_assert_cmpuint (scene_of (&view)->panels->len, ==, 3);
  g_assert_true (shows (table_of (&view), "3 ◂ chosen"));
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_cmpuint (ktm_cohort_get_attribute (cohort, (guint) a)->n_levels, ==, 3);
  choose_classes (&view, "applied");
  g_assert_cmpuint (scene_of (&view)->panels->len, ==, 2);
  choose_classes (&view, "0");
  close_view (&view);
  pump_remove (path);
}

/* --- one patient, visit by visit -------------------------------------------------------------- */

static gboolean
is_visits (GtkWidget *widget, gpointer unused G_GNUC_UNUSED)
{
  return !g_strcmp0 (gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)), "Visit by visit")
         && gtk_widget_get_mapped (widget);
}

static gboolean
has_visits (gpointer data)
{
  View *view = data;

  return pump_find (GTK_WIDGET (view->window), GTK_TYPE_MENU_BUTTON, is_visits, NULL) != NULL;
}

static gboolean
has_popover (gpointer data)
{
  View *view = data;
  GtkWidget *button = pump_find (GTK_WIDGET (view->window), GTK_TYPE_MENU_BUTTON, is_visits, NULL);
  GtkPopover *popover = button ? gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)) : NULL;

  return popover != NULL && gtk_widget_get_mapped (GTK_WIDGET (popover));
}

/* The button of a patient's page opens the probabilities after each score, and what they are worth.
 */
static void
test_outlook (void)
{
  View view = open_view (NULL);
  GtkWidget *button, *popover;

  choose_view (&view, "classes");
  settle (&view);
  ktm_study_set_picked (view.study, 0);
  g_action_group_activate_action (G_ACTION_GROUP (view.window), "page",
                                  g_variant_new_string ("patients"));
  settle (&view);
  pump_until (has_visits, &view, "the button of the outlook");
  button = pump_find (GTK_WIDGET (view.window), GTK_TYPE_MENU_BUTTON, is_visits, NULL);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  pump_until (has_popover, &view, "the outlook");
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  g_assert_true (shows (popover, "Severe"));
  g_assert_true (shows (popover, "before any score"));
  g_assert_true (shows (popover, "after month 12 (score"));
  g_assert_true (shows (popover, "is no individual prognosis"));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  pump_idle ();
  g_action_group_activate_action (G_ACTION_GROUP (view.window), "page",
                                  g_variant_new_string ("trajectories"));
  settle (&view);
  close_view (&view);
}

/* --- while it searches ------------------------------------------------------------------------ */

static gboolean
has_some (gpointer data)
{
  View *view = data;

  g_autoptr (KtmClassResult) result = ktm_class_finder_last (view->finder);

  return result != NULL || !ktm_class_finder_is_busy (view->finder);
}

static gboolean
is_searching (gpointer data)
{
  View *view = data;

  return ktm_class_finder_is_busy (view->finder);
}

/* Stopping keeps what was found; searching on finds the rest. */
static void
test_stop (void)
{
  View view = open_view (NULL);
  g_autoptr (KtmClassResult) some = NULL, all = NULL;

  choose_view (&view, "classes");
  pump_until (is_searching, &view, "the search");
  pump_until (has_some, &view, "one class");
  ktm_class_finder_stop (view.finder);
  settle (&view);
  some = ktm_class_finder_last (view.finder);
  g_assert_nonnull (some);
  g_assert_cmpuint (some->n_classes, >=, 1);
  if (!ktm_class_finder_was_stopped (view.finder))
    {
      g_test_message ("the search was faster than the test");
      close_view (&view);
      return;
    }
  g_assert_true (shows (table_of (&view), "ended early") || some->search.fit[5] != NULL);
  click (table_of (&view), "Search on");
  settle (&view);
  all = ktm_class_finder_last (view.finder);
  g_assert_cmpuint (all->n_classes, ==, 3);
  close_view (&view);
}

/* A subgroup chosen meanwhile throws the search away; going back finds what was known. */
static void
test_filter_meanwhile (void)
{
  View view = open_view (NULL);
  KtmFilter *filter = ktm_study_get_filter (view.study);
  g_autoptr (KtmClassResult) result = NULL;

  choose_view (&view, "classes");
  pump_until (is_searching, &view, "the search");
  ktm_filter_set_levels (filter, "sex", (const char *const[]){ "M", NULL }, FALSE);
  settle (&view);
  result = ktm_class_finder_last (view.finder);
  g_assert_nonnull (result);
  g_assert_cmpuint (result->n_patients, ==, 81);
  close_view (&view);
}

/* --- cohorts without classes ------------------------------------------------------------------ */

static void
fill_cohort (KtmStore *store, guint n, gboolean equal)
{
  g_autoptr (GError) error = NULL;
  guint measure = 0, position;

  g_assert_true (ktm_store_begin (store, &error));
  g_assert_true (ktm_store_put_measure (
      store, &(KtmMeasureRecord){ "nrs", "Pain NRS", "points", 0, 10, TRUE, 2 }, &measure, &error));
  for (int v = 0; v < 4; v++)
    {
      g_autofree char *id = g_strdup_printf ("m%d", v);

      g_assert_true (ktm_store_put_visit (
          store, &(KtmVisitRecord){ id, id, v, v - .5, v + .5 }, &position, &error));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%u", i);
      gint64 id;

      g_assert_true (ktm_store_put_patient (
          store,
          &(KtmPatientRecord){
              .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
          &id, &error));
      for (guint v = 0; v < 4; v++)
        g_assert_true (ktm_store_put_score (
            store, &(KtmScoreRecord){ id, measure, v, v, equal ? 5 : (3 * i + v) % 10 }, &error));
    }
  g_assert_true (ktm_store_commit (store, &error));
}

static void
check_odd (guint n, gboolean equal, const char *said)
{
  char *path = pump_new_path ("odd.cohort");
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create (path, "Odd", &error);
  View view;

  g_assert_no_error (error);
  fill_cohort (store, n, equal);
  ktm_store_close (store);
  view = open_view (path);
  choose_view (&view, "classes");
  settle (&view);
  if (said != NULL)
    g_assert_true (shows (view.page, said));
  else if (scene_of (&view) == NULL) /* a figure, or one sentence why not */
    {
      GtkWidget *why = pump_find (view.chart, ADW_TYPE_STATUS_PAGE, NULL, NULL);

      g_assert_true (gtk_widget_get_visible (why));
      g_test_message ("%u patients: %s", n,
                      adw_status_page_get_description (ADW_STATUS_PAGE (why)));
      g_assert_cmpuint (strlen (adw_status_page_get_description (ADW_STATUS_PAGE (why))), >, 20);
    }
  choose_view (&view, "class-flow");
  settle (&view);
  close_view (&view);
  pump_remove (path);
}

static void
test_odd (void)
{
  check_odd (5, FALSE, NULL);
  check_odd (12, TRUE, "All scores are equal");
  check_odd (1, FALSE, NULL);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_test_add_func ("/classes/sample", test_sample);
  g_test_add_func ("/classes/names", test_names);
  g_test_add_func ("/classes/applied", test_applied);
  g_test_add_func ("/classes/outlook", test_outlook);
  g_test_add_func ("/classes/stop", test_stop);
  g_test_add_func ("/classes/filter-meanwhile", test_filter_meanwhile);
  g_test_add_func ("/classes/odd", test_odd);
  return pump_app_run ();
}
