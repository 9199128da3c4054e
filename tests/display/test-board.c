/* tests: pages that are boards of charts, in the window on the sample cohort. */
#include <math.h>

#include "ktm-application.h"
#include "ktm-board-page.h"
#include "ktm-chart-card.h"
#include "ktm-locate.h"
#include "ktm-segments.h"
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

static KtmWindow *
open_window (const char *page, int width, int height)
{
  KtmWindow *window = ktm_window_new (app);

  g_settings_reset (ktm_settings (), "change-view");
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  ktm_window_open (window, NULL);
  settle (window);
  g_action_group_activate_action (G_ACTION_GROUP (window), "page", g_variant_new_string (page));
  settle (window);
  return window;
}

static gboolean
is_mapped (GtkWidget *widget, gpointer unused G_GNUC_UNUSED)
{
  return gtk_widget_get_mapped (widget);
}

static KtmBoardPage *
board_of (KtmWindow *window)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, is_mapped, NULL);

  g_assert_nonnull (page);
  return KTM_BOARD_PAGE (page);
}

static void
close_window (KtmWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
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

static void
test_change (void)
{
  KtmWindow *window = open_window ("change", 1440, 900);
  KtmBoardPage *page = board_of (window);
  GtkWidget *view = pump_find (GTK_WIDGET (page), KTM_TYPE_SEGMENTS, NULL, NULL);
  g_autoptr (KtmChartOptions) options = NULL, again = NULL;
  const char *type;

  assert_drawn (page, "waterfall", TRUE);
  assert_drawn (page, "responder-curve", TRUE);
  assert_drawn (page, "before-after", TRUE);
  assert_drawn (page, "distribution", FALSE);
  g_assert_cmpstr (ktm_board_page_get_selected (page), ==, "waterfall");

  g_assert_true (ktm_segments_set_selected (KTM_SEGMENTS (view), "distribution"));
  settle (window);
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
  settle (window);
  again = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "waterfall");
  g_assert_cmpfloat (again->to, ==, 6);
  g_assert_cmpstr (again->colour_by, ==, "pain_type");
  g_assert_cmpint (again->show, ==, KTM_SHOW_CHANGE);
  g_assert_cmpint (again->missing, ==, KTM_MISSING_LOCF);
  g_assert_false (ktm_board_page_apply (page, "trajectories", options));
  g_free (options->measure);
  options->measure = g_strdup ("nothing");
  g_assert_false (ktm_board_page_apply (page, "waterfall", options));
  close_window (window);
}

/* Nothing is clipped at the smallest size: cards scroll below one another. */
static void
test_small (void)
{
  KtmWindow *window = open_window ("change", 1024, 700);
  KtmBoardPage *page = board_of (window);
  GtkWidget *scroller = pump_find (GTK_WIDGET (page), GTK_TYPE_SCROLLED_WINDOW, NULL, NULL);
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  GtkWidget *view = GTK_WIDGET (ktm_board_page_get_view (page, "before-after"));

  g_assert_cmpint (gtk_widget_get_height (view), >=, 200);
  g_assert_cmpint (gtk_widget_get_width (view), >=, 280);
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >=,
                     gtk_adjustment_get_page_size (adjustment));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, 1024);
  close_window (window);
}

/* Alone on the screen, then as it was. */
static void
test_whole_page (void)
{
  KtmWindow *window = open_window ("change", 1440, 900);
  KtmBoardPage *page = board_of (window);
  int width = gtk_widget_get_width (GTK_WIDGET (page));

  g_action_group_activate_action (G_ACTION_GROUP (window), "whole-page", NULL);
  settle (window);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), >, width);
  g_action_group_activate_action (G_ACTION_GROUP (window), "whole-page", NULL);
  settle (window);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, width + 8);
  close_window (window);
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
  g_test_add_func ("/board/change", test_change);
  g_test_add_func ("/board/small", test_small);
  g_test_add_func ("/board/whole-page", test_whole_page);
  status = g_test_run ();
  g_object_unref (app);
  return status;
}
