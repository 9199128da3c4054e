/* tests: the page of adverse events in the window, on the sample cohort. */
#include <string.h>

#include "ktm-application.h"
#include "ktm-board-page.h"
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
open_window (int width, int height)
{
  static const char *const keys[] = { "safety-view", "safety-count", "safety-grade",
                                      "safety-related", "safety-interval" };
  KtmWindow *window = ktm_window_new (app);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (ktm_settings (), keys[i]);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  ktm_window_open (window, NULL);
  settle (window);
  g_action_group_activate_action (G_ACTION_GROUP (window), "page",
                                  g_variant_new_string ("safety"));
  settle (window);
  return window;
}

static void
close_window (KtmWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
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

static const KtmScene *
scene_of (KtmBoardPage *page, const char *type)
{
  KtmChartView *view = ktm_board_page_get_view (page, type);

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (view)));
  g_assert_nonnull (ktm_chart_view_get_scene (view));
  g_assert_cmpstr (ktm_chart_view_get_scene (view)->chart, ==, type);
  return ktm_chart_view_get_scene (view);
}

static gboolean
says (GtkWidget *label, gpointer text)
{
  return gtk_widget_get_mapped (label)
         && strstr (gtk_label_get_text (GTK_LABEL (label)), text) != NULL;
}

static void
assert_said (KtmWindow *window, const char *text)
{
  if (!pump_find (GTK_WIDGET (window), GTK_TYPE_LABEL, says, (gpointer) text))
    g_error ("the window does not say “%s”", text);
}

/* The charts and the cards of the drawing, with its numbers. */
static void
test_page (void)
{
  KtmWindow *window = open_window (1440, 900);
  KtmBoardPage *page = board_of (window);

  g_assert_nonnull (strstr (scene_of (page, "adverse-events")->caption, "15 of 256"));
  g_assert_cmpuint (scene_of (page, "safety")->table->len, ==, 12);
  g_assert_cmpuint (scene_of (page, "benefit-harm")->panels->len, ==, 3);
  assert_said (window, "190/241");
  assert_said (window, "108/218 · 50 % [43, 56]");
  assert_said (window, "44/108 · 41 % [32, 50]");
  assert_said (window, "8 points [−5, 20]");
  assert_said (window, "326 · 247 · 96");
  assert_said (window, "15 of 256 patients never answered");
  assert_said (window, "CONSORT Harms");
  close_window (window);
}

/* A choice reaches the charts and the cards; a recipe brings it back. */
static void
test_choices (void)
{
  KtmWindow *window = open_window (1440, 900);
  KtmBoardPage *page = board_of (window);
  g_autoptr (KtmChartOptions) options = NULL, again = NULL;
  const char *type;

  g_assert_true (ktm_board_page_set_choice (page, "grade", "severe"));
  ktm_board_page_queue_update (page);
  settle (window);
  g_assert_nonnull (strstr (scene_of (page, "adverse-events")->caption, "Only severe events"));
  assert_said (window, "31/241");
  options = ktm_board_page_dup_options (page, &type);
  g_assert_cmpint (options->harms.least_grade, ==, KTM_SEVERITY_SEVERE);
  options->harms = (KtmHarms) { KTM_HARM_EVENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_YES,
                                KTM_HARM_EXACT };
  g_assert_true (ktm_board_page_apply (page, "adverse-events", options));
  settle (window);
  again = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "adverse-events");
  g_assert_cmpint (again->harms.count, ==, KTM_HARM_EVENTS);
  g_assert_cmpint (again->harms.least_grade, ==, KTM_SEVERITY_UNKNOWN);
  g_assert_cmpint (again->harms.least_related, ==, KTM_RELATED_YES);
  g_assert_cmpint (again->harms.interval, ==, KTM_HARM_EXACT);
  close_window (window);
}

static guint
count_marks (const KtmPanel *panel, KtmMarkKind kind)
{
  guint n = 0;

  for (guint i = 0; i < panel->marks->len; i++)
    n += ((const KtmMark *) panel->marks->pdata[i])->kind == kind;
  return n;
}

/* Severe events have whiskers: 7 of 218 in week 1, Wilson. */
static void
test_severe (void)
{
  KtmWindow *window = open_window (1440, 900);
  const KtmPanel *panel = scene_of (board_of (window), "adverse-events")->panels->pdata[0];
  const KtmMark *whiskers = NULL;

  g_assert_cmpuint (count_marks (panel, KTM_MARK_INTERVAL), ==, 2);
  for (guint i = 0; i < panel->marks->len; i++)
    if (((const KtmMark *) panel->marks->pdata[i])->kind == KTM_MARK_INTERVAL)
      whiskers = panel->marks->pdata[i];
  g_assert_cmpfloat_with_epsilon (whiskers->low[0], 1.564, 0.001);
  g_assert_cmpfloat_with_epsilon (whiskers->high[0], 6.478, 0.001);
  g_assert_cmpstr (panel->x.tick_labels[0], ==, "W1");
  close_window (window);
}

/* Benefit, harm and stops of groups are lines: four without bands, two with them. */
static void
test_groups (void)
{
  KtmWindow *window = open_window (1024, 700);
  KtmBoardPage *page = board_of (window);
  g_autoptr (KtmChartOptions) options = ktm_board_page_dup_options (page, NULL);
  const KtmScene *scene;

  options->colour_by = g_strdup ("pain_type");
  g_assert_true (ktm_board_page_apply (page, "benefit-harm", options));
  settle (window);
  scene = scene_of (page, "benefit-harm");
  g_assert_cmpuint (scene->series->len, ==, 4);
  g_assert_cmpuint (scene->panels->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (count_marks (scene->panels->pdata[i], KTM_MARK_LINE), ==, 4);
      g_assert_cmpuint (count_marks (scene->panels->pdata[i], KTM_MARK_BAND), ==, 0);
    }
  g_assert_nonnull (strstr (scene->caption, "163 of 256"));
  g_free (options->colour_by);
  options->colour_by = g_strdup ("sex");
  g_assert_true (ktm_board_page_apply (page, "benefit-harm", options));
  settle (window);
  scene = scene_of (page, "benefit-harm");
  g_assert_cmpuint (count_marks (scene->panels->pdata[0], KTM_MARK_BAND), ==, 2);
  close_window (window);
}

static void
test_stops (void)
{
  KtmWindow *window = open_window (1024, 700);
  KtmBoardPage *page = board_of (window);
  GtkWidget *segments = pump_find (GTK_WIDGET (page), KTM_TYPE_SEGMENTS, NULL, NULL);

  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, 1024);
  g_assert_true (ktm_segments_set_selected (KTM_SEGMENTS (segments), "stops"));
  settle (window);
  g_assert_nonnull (strstr (scene_of (page, "stops")->caption, "163 of 256"));
  close_window (window);
}

int
main (int argc, char **argv)
{
  int status;

  pump_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", TRUE);
  app = ktm_application_new ();
  g_application_set_flags (G_APPLICATION (app),
                           G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_assert_true (g_application_register (G_APPLICATION (app), NULL, NULL));
  g_test_add_func ("/safety-page/page", test_page);
  g_test_add_func ("/safety-page/choices", test_choices);
  g_test_add_func ("/safety-page/severe", test_severe);
  g_test_add_func ("/safety-page/groups", test_groups);
  g_test_add_func ("/safety-page/stops", test_stops);
  status = g_test_run ();
  g_object_unref (app);
  return status;
}
