/* bench-window --empty: an empty libadwaita window until it is painted, for comparison.
 * bench-window --start COHORT: the program's window until its first chart is painted.
 * bench-window COHORT: the window's speed on one cohort, in CPU time of the main thread, so that
 * other work on the machine does not count.  Prints "name,value,unit" lines:
 *
 * open_block, filter_block … : the longest the main loop was away at a stretch while that happened,
 * ms hover_frame, pan_frame     : one frame while hovering, and the settled picture after panning,
 * ms (median) filter_redraw              : from a changed condition to the redrawn chart, ms of
 * wall time peak                       : resident memory, MB
 */
#include <adwaita.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "ktm-chart-view.h"
#include "ktm-filter-panel.h"
#include "ktm-stats.h"
#include "ktm-trajectory-page.h"
#include "ktm-window.h"

#define FRAMES 41
#define CHANGES 11

static double longest; /* ms the main loop was away, since it was last set to 0 */

static double
thread_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static double
wall_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

/* One turn of the main loop. */
static void
turn (gboolean may_wait)
{
  double start = thread_ms ();

  g_main_context_iteration (NULL, may_wait);
  longest = MAX (longest, thread_ms () - start);
}

static gboolean
tick_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until nothing runs any more and the last picture is painted. */
static void
settle (KtmWindow *window)
{
  for (int quiet = 0; quiet < 3;)
    {
      gboolean over = FALSE;

      g_timeout_add_full (G_PRIORITY_LOW, 10, tick_cb, &over, NULL);
      while (!over)
        turn (TRUE);
      quiet = ktm_window_is_busy (window) || ktm_window_is_empty (window) ? 0 : quiet + 1;
    }
}

static GtkWidget *
find (GtkWidget *root, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found)
        return found;
    }
  return NULL;
}

static GtkEventController *
controller_of (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) all = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (all, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }
  return NULL;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
say (const char *name, double value, const char *unit)
{
  g_print ("%s,%.2f,%s\n", name, value, unit);
}

static void
painted_cb (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

/* Thread time until the next frame of the window is painted and the chart has nothing left to do.
 */
static double
frame (GtkWidget *chart)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (chart);
  gboolean painted = FALSE;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &painted);
  double start = thread_ms ();

  while (!painted || ktm_chart_view_is_busy (KTM_CHART_VIEW (chart)))
    turn (TRUE);
  g_signal_handler_disconnect (clock, id);
  return thread_ms () - start;
}

static void
hover (GtkWidget *chart)
{
  GtkEventController *motion = controller_of (chart, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  int w = gtk_widget_get_width (chart), h = gtk_widget_get_height (chart);
  double ms[FRAMES], pick[FRAMES];

  longest = 0;
  for (int i = 0; i < FRAMES; i++)
    {
      double start = thread_ms ();

      g_signal_emit_by_name (motion, "motion", w * (0.15 + 0.7 * i / FRAMES),
                             h * (0.3 + 0.3 * ((i * 7) % FRAMES) / FRAMES));
      pick[i] = thread_ms () - start;
      gtk_widget_queue_draw (chart);
      ms[i] = frame (chart);
    }
  qsort (ms, FRAMES, sizeof *ms, compare);
  qsort (pick, FRAMES, sizeof *pick, compare);
  say ("hover_pick", pick[FRAMES / 2], "ms");
  say ("hover_frame", ms[FRAMES / 2], "ms");
  say ("hover_worst", ms[FRAMES - 1], "ms");
}

static void
drawn_cb (KtmChartView *chart, double *drawn)
{
  drawn[0] = wall_ms ();
  drawn[1] = thread_ms ();
}

/* What the program takes for a settled picture: from the gesture to the picture, and to paint it;
 * not what it waits for the screen's next refresh in between. */
static void
pan (KtmWindow *window, GtkWidget *chart)
{
  double ms[FRAMES], drawn[2] = { 0, 0 };
  gulong id = g_signal_connect (chart, "drawn", G_CALLBACK (drawn_cb), drawn);

  longest = 0;
  for (int i = 0; i < FRAMES; i++)
    {
      double start;

      settle (window);
      start = wall_ms ();
      ktm_chart_view_zoom (KTM_CHART_VIEW (chart), i % 2 ? 1 / 1.25 : 1.25);
      frame (chart);
      ms[i] = drawn[0] - start + thread_ms () - drawn[1];
    }
  g_signal_handler_disconnect (chart, id);
  qsort (ms, FRAMES, sizeof *ms, compare);
  say ("zoom_settled", ms[FRAMES / 2], "ms");
  say ("zoom_block", longest, "ms");
  ktm_chart_view_reset_zoom (KTM_CHART_VIEW (chart));
  settle (window);
}

static void
filter (KtmWindow *window, GtkWidget *chart)
{
  GtkWidget *panel = find (GTK_WIDGET (window), KTM_TYPE_FILTER_PANEL),
            *check = panel ? find (panel, GTK_TYPE_CHECK_BUTTON) : NULL;
  double ms[CHANGES];

  if (!check)
    return;
  longest = 0;
  for (int i = 0; i < CHANGES; i++)
    {
      double start = wall_ms ();

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), i % 2 != 0);
      frame (chart);
      ms[i] = wall_ms () - start;
      settle (window);
    }
  qsort (ms, CHANGES, sizeof *ms, compare);
  say ("filter_redraw", ms[CHANGES / 2], "ms");
  say ("filter_block", longest, "ms");
}

static void
peak (const char *name)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  say (name, (double) usage.ru_maxrss / 1024, "MB");
}

/* The longest block while each page is shown for the first time. */
static void
show_pages (KtmWindow *window)
{
  static const char *const pages[] = { "patients", "change", "response", "relief",
                                       "safety", "evidence", "trajectories" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strconcat (pages[i], "_block", NULL);

      longest = 0;
      g_action_group_activate_action (G_ACTION_GROUP (window), "page",
                                      g_variant_new_string (pages[i]));
      settle (window);
      say (name, longest, "ms");
    }
}

static int
run (KtmApplication *app, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  KtmWindow *window = ktm_window_new (app);
  GtkWidget *chart;
  double start = wall_ms ();

  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  gtk_window_present (GTK_WINDOW (window));
  longest = 0;
  ktm_window_open (window, file);
  settle (window);
  say ("open", wall_ms () - start, "ms");
  say ("open_block", longest, "ms");
  peak ("open_peak");
  chart = find (find (GTK_WIDGET (window), KTM_TYPE_TRAJECTORY_PAGE), KTM_TYPE_CHART_VIEW);
  hover (chart);
  pan (window, chart);
  filter (window, chart);
  show_pages (window);
  peak ("peak");
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}

/* Turns the main loop until @window is painted. */
static void
paint (GtkWidget *window)
{
  gboolean painted = FALSE;

  while (!gtk_widget_get_frame_clock (window) || !gtk_widget_get_mapped (window))
    turn (TRUE);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    &painted);
  gtk_widget_queue_draw (window);
  while (!painted)
    turn (TRUE);
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), &painted);
}

G_NORETURN static void
empty (void)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  gtk_window_present (GTK_WINDOW (window));
  paint (window);
  _exit (0);
}

/* The chart a window is opened for; NULL: not yet. */
static KtmChartView *
first_chart (KtmWindow *window)
{
  GtkWidget *page = find (GTK_WIDGET (window), KTM_TYPE_TRAJECTORY_PAGE);

  return page ? KTM_CHART_VIEW (find (page, KTM_TYPE_CHART_VIEW)) : NULL;
}

static void
shown_cb (GdkFrameClock *clock, KtmWindow *window)
{
  KtmChartView *chart = first_chart (window);

  if (chart && ktm_chart_view_get_scene (chart) && !ktm_chart_view_is_busy (chart))
    _exit (0); /* as the peer: until it is painted, not until it is gone */
}

G_NORETURN static void
start (KtmApplication *app, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  KtmWindow *window = ktm_window_new (app);

  gtk_window_set_default_size (GTK_WINDOW (window), 1440, 900);
  ktm_window_present_with (window, file);
  while (!gtk_widget_get_frame_clock (GTK_WIDGET (window)))
    turn (TRUE);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                    G_CALLBACK (shown_cb), window);
  for (;;)
    turn (TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (KtmApplication) app = NULL;

  if (argc < 2 || argc > 3 || (argc == 3 && !g_str_equal (argv[1], "--start")))
    {
      g_printerr ("usage: bench-window --empty | [--start] COHORT\n");
      return 2;
    }
  if (g_str_equal (argv[1], "--empty"))
    {
      adw_init ();
      empty ();
    }
  ktm_stats_init ();
  app = ktm_application_new ();
  if (argc == 3)
    ktm_application_expect (app, argv[2]);
  g_application_set_flags (G_APPLICATION (app), G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (app), NULL, NULL))
    return 1;
  if (argc == 3)
    start (app, argv[2]);
  return run (app, argv[1]);
}
