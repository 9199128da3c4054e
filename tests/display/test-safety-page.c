/* tests: the page of adverse events in the window, on the sample cohort. */
#include <string.h>

#include "ktm-locate.h"
#include "ktm-segments.h"
#include "pump-window.h"

static KtmWindow *
open_page (int width, int height)
{
  static const char *const keys[] = { "safety-view", "safety-count", "safety-grade",
                                      "safety-related", "safety-interval" };
  KtmWindow *window;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (ktm_settings (), keys[i]);
  window = pump_open (NULL, width, height);
  pump_page (window, "safety");
  return window;
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
  KtmWindow *window = open_page (1440, 900);
  KtmBoardPage *page = pump_board (window);

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
  pump_close (window);
}

/* A choice reaches the charts and the cards; a recipe brings it back. */
static void
test_choices (void)
{
  KtmWindow *window = open_page (1440, 900);
  KtmBoardPage *page = pump_board (window);
  g_autoptr (KtmChartOptions) options = NULL, again = NULL;
  const char *type;

  g_assert_true (ktm_board_page_set_choice (page, "grade", "severe"));
  ktm_board_page_queue_update (page);
  pump_settle (window);
  g_assert_nonnull (strstr (scene_of (page, "adverse-events")->caption, "Only severe events"));
  assert_said (window, "31/241");
  options = ktm_board_page_dup_options (page, &type);
  g_assert_cmpint (options->harms.least_grade, ==, KTM_SEVERITY_SEVERE);
  options->harms = (KtmHarms) { KTM_HARM_EVENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_YES,
                                KTM_HARM_EXACT };
  g_assert_true (ktm_board_page_apply (page, "adverse-events", options));
  pump_settle (window);
  again = ktm_board_page_dup_options (page, &type);
  g_assert_cmpstr (type, ==, "adverse-events");
  g_assert_cmpint (again->harms.count, ==, KTM_HARM_EVENTS);
  g_assert_cmpint (again->harms.least_grade, ==, KTM_SEVERITY_UNKNOWN);
  g_assert_cmpint (again->harms.least_related, ==, KTM_RELATED_YES);
  g_assert_cmpint (again->harms.interval, ==, KTM_HARM_EXACT);
  pump_close (window);
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
  KtmWindow *window = open_page (1440, 900);
  const KtmPanel *panel = scene_of (pump_board (window), "adverse-events")->panels->pdata[0];
  const KtmMark *whiskers = NULL;

  g_assert_cmpuint (count_marks (panel, KTM_MARK_INTERVAL), ==, 2);
  for (guint i = 0; i < panel->marks->len; i++)
    if (((const KtmMark *) panel->marks->pdata[i])->kind == KTM_MARK_INTERVAL)
      whiskers = panel->marks->pdata[i];
  g_assert_cmpfloat_with_epsilon (whiskers->low[0], 1.564, 0.001);
  g_assert_cmpfloat_with_epsilon (whiskers->high[0], 6.478, 0.001);
  g_assert_cmpstr (panel->x.tick_labels[0], ==, "W1");
  pump_close (window);
}

/* Benefit, harm and stops of groups are lines: four without bands, two with them. */
static void
test_groups (void)
{
  KtmWindow *window = open_page (1024, 700);
  KtmBoardPage *page = pump_board (window);
  g_autoptr (KtmChartOptions) options = ktm_board_page_dup_options (page, NULL);
  const KtmScene *scene;

  options->colour_by = g_strdup ("pain_type");
  g_assert_true (ktm_board_page_apply (page, "benefit-harm", options));
  pump_settle (window);
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
  pump_settle (window);
  scene = scene_of (page, "benefit-harm");
  g_assert_cmpuint (count_marks (scene->panels->pdata[0], KTM_MARK_BAND), ==, 2);
  pump_close (window);
}

static void
test_stops (void)
{
  KtmWindow *window = open_page (1024, 700);
  KtmBoardPage *page = pump_board (window);
  GtkWidget *segments = pump_find (GTK_WIDGET (page), KTM_TYPE_SEGMENTS, NULL, NULL);

  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page)), <=, 1024);
  g_assert_true (ktm_segments_set_selected (KTM_SEGMENTS (segments), "stops"));
  pump_settle (window);
  g_assert_nonnull (strstr (scene_of (page, "stops")->caption, "163 of 256"));
  pump_close (window);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", TRUE);
  g_test_add_func ("/safety-page/page", test_page);
  g_test_add_func ("/safety-page/choices", test_choices);
  g_test_add_func ("/safety-page/severe", test_severe);
  g_test_add_func ("/safety-page/groups", test_groups);
  g_test_add_func ("/safety-page/stops", test_stops);
  return pump_app_run ();
}
