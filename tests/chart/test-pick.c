/* Pointer, rubber band and keyboard. */
#include <math.h>

#include "chart-fixture.h"
#include "ktm-pick.h"

typedef struct
{
  KtmFrame  *frame;
  KtmScene  *scene;
  KtmLayout *layout;
  KtmPick   *pick;
} Setup;

static void
set_up (Setup *s, gsize n)
{
  ChartFixture fixture = { n, 13, 3, NULL };
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  KtmStyle style;

  s->frame = chart_fixture_frame (&fixture);
  options->colour_by = g_strdup ("group");
  s->scene = ktm_chart_type_find ("trajectories")->build (s->frame, NULL, options, NULL);
  ktm_style_init (&style, KTM_THEME_LIGHT, 0, 0, NULL);
  s->layout = ktm_layout_new (s->scene, &style, 800, 600, NULL);
  s->pick = ktm_pick_new (s->layout);
}

static void
tear_down (Setup *s)
{
  ktm_pick_free (s->pick);
  ktm_layout_free (s->layout);
  ktm_scene_unref (s->scene);
  ktm_frame_unref (s->frame);
}

/* On a score, that score's patient; far from everything, nobody; the value has no jitter in it. */
static void
test_at (void)
{
  Setup s;
  KtmHit hit, back;

  set_up (&s, 60);
  for (long row = 0; row < 60; row++)
    if (ktm_pick_row (s.pick, row, -1, &hit))
      {
        g_assert_true (ktm_pick_at (s.pick, hit.x, hit.y, 12, &back));
        g_assert_cmpfloat (back.distance, <, 0.01);
        g_assert_cmpfloat (back.value, ==,
                           s.frame->measures[0].value[(gsize) back.row * 13 + (gsize) back.time]);
      }
  g_assert_false (ktm_pick_at (s.pick, 5, 5, 12, &hit));
  tear_down (&s);
}

static void
test_step (void)
{
  Setup s;
  KtmHit hit, next;
  gsize n = 0;
  double y = -INFINITY;

  set_up (&s, 60);
  g_assert_true (ktm_pick_row (s.pick, 3, -1, &hit));
  while (ktm_pick_step (s.pick, &hit, KTM_STEP_UP, &next))
    hit = next;
  do
    {
      g_assert_cmpfloat (hit.y, >=, y);
      y = hit.y;
      n++;
      next = hit;
    }
  while (ktm_pick_step (s.pick, &next, KTM_STEP_DOWN, &hit));
  gsize seen = 0;
  for (gsize i = 0; i < 60; i++)
    seen += !isnan (s.frame->measures[0].value[i * 13 + (gsize) hit.column]);
  g_assert_cmpuint (n, ==, seen);
  g_assert_true (ktm_pick_step (s.pick, &hit, KTM_STEP_RIGHT, &next)
                 || ktm_pick_step (s.pick, &hit, KTM_STEP_LEFT, &next));
  g_assert_cmpint (next.row, ==, hit.row);
  tear_down (&s);
}

static void
test_brush (void)
{
  Setup s;
  KtmHit hit;
  gsize n;
  gboolean found = FALSE;

  set_up (&s, 60);
  g_assert_true (ktm_pick_row (s.pick, 7, -1, &hit));
  g_autofree guint32 *rows = ktm_pick_brush (s.pick, (KtmRect) { hit.x - 1, hit.y - 1, 2, 2 }, &n);
  for (gsize i = 0; i < n; i++)
    {
      found |= rows[i] == 7;
      g_assert_true (i == 0 || rows[i] > rows[i - 1]);
    }
  g_assert_true (found);
  g_autofree guint32 *all = ktm_pick_brush (s.pick, (KtmRect) { 0, 0, 800, 600 }, &n);
  g_assert_cmpuint (n, >, 50);
  tear_down (&s);
}

static void
test_speed (void)
{
  Setup s;
  KtmHit hit;
  gint64 before, best = G_MAXINT64;

  set_up (&s, 100000);
  ktm_pick_at (s.pick, 300, 200, 12, &hit);
  for (int i = 0; i < 9; i++)
    {
      before = g_get_monotonic_time ();
      g_assert_true (ktm_pick_at (s.pick, 200 + 40 * i, 200, 40, &hit));
      best = MIN (best, g_get_monotonic_time () - before);
    }
  g_test_minimized_result ((double) best / 1e3, "pick among 100 000: %.2f ms", (double) best / 1e3);
  if (g_test_perf ())
    g_assert_cmpint (best, <, 2000);
  tear_down (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/chart/pick/at", test_at);
  g_test_add_func ("/chart/pick/step", test_step);
  g_test_add_func ("/chart/pick/brush", test_brush);
  g_test_add_func ("/chart/pick/speed", test_speed);
  return g_test_run ();
}
