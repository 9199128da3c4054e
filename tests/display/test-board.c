/* tests: pages that are boards of charts, in the window on the sample cohort. */
#include <math.h>
#include <string.h>

#include "ktm-chart-card.h"
#include "ktm-locate.h"
#include "ktm-relief-editor.h"
#include "ktm-scene-table.h"
#include "ktm-segments.h"
#include "pump-window.h"

/* @path: NULL: the sample. */
static KtmWindow *
open_page (const char *path, const char *page, int width, int height)
{
  KtmWindow *window;

  g_settings_reset (ktm_settings (), "change-view");
  g_settings_reset (ktm_settings (), "change-unit");
  g_settings_reset (ktm_settings (), "chart-missing");
  window = pump_open (path, width, height);
  pump_page (window, page);
  return window;
}

static void
assert_drawn (KtmBoardPage *page, const char *type, gboolean shown)
{
  GtkWidget *view = GTK_WIDGET (ktm_board_page_get_view (page, type));

  g_assert_cmpint (gtk_widget_get_mapped (view), ==, shown);
  if (!shown)
    return;
  g_assert_nonnull (ktm_chart_view_get_scene (KTM_CHART_VIEW (view)));
  g_assert_cmpstr (ktm_chart_view_get_scene (KTM_CHART_VIEW (view))->chart, ==, type);
}

/* By a number, split at the median or where a recipe says: both come back as they were. */
static void
assert_grouped (KtmWindow *window, KtmBoardPage *page, const char *by, const char *says)
{
  g_autoptr (KtmChartOptions) options = ktm_board_page_dup_options (page, NULL), again = NULL;

  g_free (options->colour_by);
  options->colour_by = g_strdup (by);
  g_assert_true (ktm_board_page_apply (page, "waterfall", options));
  pump_settle (window);
  again = ktm_board_page_dup_options (page, NULL);
  g_assert_cmpstr (again->colour_by, ==, by);
  g_assert_nonnull (strstr (
      ktm_chart_view_get_scene (ktm_board_page_get_view (page, "waterfall"))->caption, says));
}

static void
test_change (void)
{
  KtmWindow *window = open_page (NULL, "change", 1440, 900);
  KtmBoardPage *page = pump_board (window);
  GtkWidget *view = pump_find (GTK_WIDGET (page), KTM_TYPE_SEGMENTS, NULL, NULL);
  g_autoptr (KtmChartOptions) options = NULL, again = NULL;
  const char *type;

  assert_drawn (page, "waterfall", TRUE);
  assert_drawn (page, "responder-curve", TRUE);
  assert_drawn (page, "before-after", TRUE);
  assert_drawn (page, "distribution", FALSE);
  g_assert_cmpstr (ktm_board_page_get_selected (page), ==, "waterfall");

  g_assert_true (ktm_segments_set_selected (KTM_SEGMENTS (view), "distribution"));
  pump_settle (window);
  assert_drawn (page, "distribution", TRUE);
  assert_drawn (page, "waterfall", FALSE);
  options = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "distribution");
  g_assert_true (isnan (options->to));

  /* a recipe comes back as it was */
  options->to = 6;
  options->colour_by = g_strdup ("pain_type");
  options->show = KTM_SHOW_CHANGE;
  options->missing = KTM_MISSING_LOCF;
  g_assert_true (ktm_board_page_apply (page, "waterfall", options));
  pump_settle (window);
  again = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "waterfall");
  g_assert_cmpfloat (again->to, ==, 6);
  g_assert_cmpstr (again->colour_by, ==, "pain_type");
  g_assert_cmpint (again->show, ==, KTM_SHOW_CHANGE);
  g_assert_cmpint (again->missing, ==, KTM_MISSING_LOCF);
  assert_grouped (window, page, "age", "Age split at the median, 52.");
  assert_grouped (window, page, "age:40,60", "Age split at 40 and 60.");
  g_free (options->colour_by);
  options->colour_by = g_strdup ("nothing:40");
  g_assert_false (ktm_board_page_apply (page, "waterfall", options));
  g_clear_pointer (&options->colour_by, g_free);
  g_assert_false (ktm_board_page_apply (page, "trajectories", options));
  g_free (options->measure);
  options->measure = g_strdup ("nothing");
  g_assert_false (ktm_board_page_apply (page, "waterfall", options));
  pump_close (window);
}

/* Nothing is clipped at the smallest size: cards scroll below one another. */
static void
test_small (void)
{
  KtmWindow *window = open_page (NULL, "change", 1024, 700);
  KtmBoardPage *page = pump_board (window);
  GtkWidget *scroller = pump_find (GTK_WIDGET (page), GTK_TYPE_SCROLLED_WINDOW, NULL, NULL);
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  GtkWidget *view = GTK_WIDGET (ktm_board_page_get_view (page, "before-after"));

  g_assert_cmpint (gtk_widget_get_height (view), >=, 200);
  g_assert_cmpint (gtk_widget_get_width (view), >=, 280);
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >=,
                     gtk_adjustment_get_page_size (adjustment));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, 1024);
  pump_close (window);
}

/* Alone on the screen, then as it was. */
static void
test_whole_page (void)
{
  KtmWindow *window = open_page (NULL, "change", 1440, 900);
  KtmBoardPage *page = pump_board (window);
  int width = gtk_widget_get_width (GTK_WIDGET (page));

  pump_act (window, "whole-page", NULL);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), >, width);
  pump_act (window, "whole-page", NULL);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, width + 8);
  pump_close (window);
}

static gboolean
has_text (GtkWidget *widget, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

/* The threshold of the responder curve: dragged, by keys, drawn to 30 and 50, kept in a recipe. */
static void
test_threshold (void)
{
  KtmWindow *window = open_page (NULL, "change", 1440, 900);
  KtmBoardPage *page = pump_board (window);
  KtmChartView *view = ktm_board_page_get_view (page, "responder-curve");
  g_autoptr (KtmChartOptions) options = NULL;
  const char *type;

  g_assert_cmpfloat (ktm_chart_view_get_scene (view)->handle.value, ==, 30);
  g_assert_true (pump_key (GTK_WIDGET (view), GDK_KEY_Right, 0));
  pump_settle (window);
  g_assert_cmpfloat (ktm_chart_view_get_scene (view)->handle.value, ==, 31);
  for (int i = 0; i < 3; i++)
    g_assert_true (pump_key (GTK_WIDGET (view), GDK_KEY_Left, 0));
  pump_settle (window);
  g_assert_cmpfloat (ktm_chart_view_get_scene (view)->handle.value, ==, 28);
  g_signal_emit_by_name (view, "handle-moved", 50.0);
  pump_settle (window);
  g_assert_cmpfloat (ktm_chart_view_get_scene (view)->handle.value, ==, 50);
  /* 11 of 87, as in the card and as R's binom.wilson says: 0.126 [0.072, 0.212] */
  g_test_message ("%s", ktm_chart_view_get_scene (view)->description);
  g_assert_nonnull (strstr (ktm_chart_view_get_scene (view)->description, "11/87"));

  g_settings_set_string (ktm_settings (), "change-view", "responder-curve");
  pump_settle (window);
  options = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "responder-curve");
  g_assert_cmpfloat (options->threshold, ==, 50);
  options->threshold = 20;
  options->seen_only = TRUE;
  g_assert_true (ktm_board_page_apply (page, type, options));
  pump_settle (window);
  g_assert_cmpfloat (ktm_chart_view_get_scene (view)->handle.value, ==, 20);
  g_assert_cmpstr (ktm_board_page_get_choice (page, "not-seen"), ==, "seen");
  g_settings_reset (ktm_settings (), "change-missing-line");
  pump_close (window);
}

static gboolean
is_named (GtkWidget *widget, gpointer value)
{
  return !g_strcmp0 (ktm_choice_get_selected (KTM_CHOICE (widget)), value);
}

static KtmReliefEditor *
editor_of (KtmBoardPage *page)
{
  return KTM_RELIEF_EDITOR (gtk_widget_get_first_child (ktm_board_page_get_pane_widget (page)));
}

static gboolean
is_called (GtkWidget *widget, gpointer label)
{
  return !g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), label);
}

/* What the pane will be asked. */
static KtmAnalysisOptions *
dup_asked (KtmBoardPage *page)
{
  g_autoptr (KtmChartOptions) chart = ktm_board_page_dup_options (page, NULL);
  KtmAnalysisOptions *options = ktm_chart_dup_analysis_options (chart);

  ktm_board_page_adjust_analysis (page, options);
  return options;
}

/* Strata and covariates of the comparison: chosen, undone, kept with the cohort; and the curve. */
static void
test_relief_tests (void)
{
  char *path = pump_copy_sample ();
  KtmWindow *window = open_page (path, "relief", 1440, 900);
  KtmBoardPage *page = pump_board (window);
  GtkWidget *tests = gtk_widget_get_last_child (ktm_board_page_get_pane_widget (page)), *age, *by;
  g_autoptr (KtmChartOptions) chart = ktm_board_page_dup_options (page, NULL);
  g_autoptr (KtmAnalysisOptions) asked = NULL;

  chart->colour_by = g_strdup ("pain_type");
  chart->turnbull = TRUE;
  g_assert_true (ktm_board_page_apply (page, "relief", chart));
  pump_settle (window);
  assert_drawn (page, "relief", TRUE);
  g_assert_cmpstr (ktm_board_page_get_choice (page, "curve"), ==, "turnbull");
  g_assert_nonnull (strstr (
      ktm_chart_view_get_scene (ktm_board_page_get_view (page, "relief"))->caption, "Turnbull"));
  g_assert_null (pump_find (tests, GTK_TYPE_CHECK_BUTTON, is_called, "Pain type"));
  by = pump_find (tests, KTM_TYPE_CHOICE, is_named, "");
  age = pump_find (tests, GTK_TYPE_CHECK_BUTTON, is_called, "Age");
  g_assert_nonnull (age);
  g_assert_true (ktm_choice_set_selected (KTM_CHOICE (by), "sex"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (age), TRUE);
  pump_settle (window);
  asked = dup_asked (page);
  g_assert_cmpstr (asked->stratum, ==, "sex");
  g_assert_cmpstr (asked->covariates[0], ==, "age");
  pump_act (window, "undo", NULL);
  g_clear_pointer (&asked, ktm_analysis_options_free);
  asked = dup_asked (page);
  g_assert_null (asked->covariates);
  g_assert_cmpstr (asked->stratum, ==, "sex");
  pump_close (window);

  window = open_page (path, "relief", 1440, 900);
  page = pump_board (window);
  g_assert_true (ktm_board_page_apply (page, "relief", chart));
  pump_settle (window);
  g_clear_pointer (&asked, ktm_analysis_options_free);
  asked = dup_asked (page);
  g_assert_cmpstr (asked->stratum, ==, "sex");
  pump_close (window);
  g_settings_reset (ktm_settings (), "relief-curve");
  pump_remove (path);
}

/* The rule of relief: another one changes the chart, the table and the card, and can be undone. */
static void
test_relief (void)
{
  char *path = pump_copy_sample ();
  KtmWindow *window = open_page (path, "relief", 1440, 900);
  KtmBoardPage *page = pump_board (window);
  KtmReliefEditor *editor;
  GtkWidget *by, *table = pump_find (GTK_WIDGET (page), KTM_TYPE_SCENE_TABLE, NULL, NULL);
  g_autoptr (KtmChartOptions) options = NULL;
  g_autofree char *before = NULL;
  const char *type;

  assert_drawn (page, "relief", TRUE);
  editor = editor_of (page);
  before = g_strdup (ktm_relief_editor_get_rule (editor));
  /* 94 of 211, 49 lost, median 6 [4, 8], 47 % [36, 58] at month 6: reference/cases kaplan_meier */
  g_assert_nonnull (pump_find (table, GTK_TYPE_LABEL, has_text, "6 [4, 8]"));
  g_assert_nonnull (pump_find (table, GTK_TYPE_LABEL, has_text, "47% [36, 58]"));
  g_assert_nonnull (pump_find (GTK_WIDGET (editor), GTK_TYPE_LABEL, has_text, "94 of 211"));

  by = pump_find (GTK_WIDGET (editor), KTM_TYPE_CHOICE, is_named, "2");
  g_assert_nonnull (by);
  g_assert_true (ktm_choice_set_selected (KTM_CHOICE (by), "1"));
  pump_settle (window);
  g_assert_nonnull (strstr (ktm_relief_editor_get_rule (editor), "visits 1"));
  options = ktm_board_page_dup_options (page, &type);
  g_assert_nonnull (strstr (options->relief, "visits 1"));
  g_assert_null (pump_find (table, GTK_TYPE_LABEL, has_text, "6 [4, 8]"));

  pump_act (window, "undo", NULL);
  g_assert_cmpstr (ktm_relief_editor_get_rule (editor), ==, before);
  g_assert_nonnull (pump_find (table, GTK_TYPE_LABEL, has_text, "6 [4, 8]"));
  pump_act (window, "redo", NULL);
  g_assert_nonnull (strstr (ktm_relief_editor_get_rule (editor), "visits 1"));

  /* a recipe's rule is shown, one that is not understood is not */
  g_free (options->relief);
  options->relief = g_strdup ("gain 25, visits 3");
  g_assert_true (ktm_board_page_apply (page, "relief", options));
  pump_settle (window);
  g_assert_cmpstr (ktm_relief_editor_get_rule (editor), ==, "gain 25, visits 3");
  g_assert_false (ktm_relief_editor_set_rule (editor, "gain lots"));
  g_assert_cmpstr (ktm_relief_editor_get_rule (editor), ==, "gain 25, visits 3");
  pump_close (window);

  /* the rule saved last is there again */
  window = open_page (path, "relief", 1440, 900);
  editor = editor_of (pump_board (window));
  g_assert_nonnull (strstr (ktm_relief_editor_get_rule (editor), "visits 1"));
  pump_close (window);
  pump_remove (path);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", FALSE);
  g_test_add_func ("/board/change", test_change);
  g_test_add_func ("/board/small", test_small);
  g_test_add_func ("/board/whole-page", test_whole_page);
  g_test_add_func ("/board/threshold", test_threshold);
  g_test_add_func ("/board/relief", test_relief);
  g_test_add_func ("/board/relief-tests", test_relief_tests);
  return pump_app_run ();
}
