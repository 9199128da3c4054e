/* tests: the small widgets, each on its own. */
#include <glib/gstdio.h>
#include <math.h>

#include "ktm-choice.h"
#include "ktm-empty-page.h"
#include "ktm-histogram.h"
#include "ktm-patient-card.h"
#include "ktm-sparkline.h"
#include "ktm-wrap-box.h"
#include "pump.h"

static void
test_wrap_box (void)
{
  GtkWidget *box = ktm_wrap_box_new (10, 4), *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *child[5];
  graphene_rect_t rect[5];
  GtkWindow *window;

  for (int i = 0; i < 5; i++)
    {
      child[i] = gtk_drawing_area_new ();
      gtk_widget_set_size_request (child[i], 100, 20);
      ktm_wrap_box_append (KTM_WRAP_BOX (box), child[i]);
    }
  gtk_box_append (GTK_BOX (outer), box);
  gtk_widget_set_size_request (outer, 240, 200);
  window = pump_show (outer, 240, 200);
  pump_idle ();
  for (int i = 0; i < 5; i++)
    g_assert_true (gtk_widget_compute_bounds (child[i], box, &rect[i]));
  g_assert_cmpfloat (rect[0].origin.y, ==, rect[1].origin.y);
  g_assert_cmpfloat (rect[1].origin.x, ==, 110);
  g_assert_cmpfloat (rect[2].origin.x, ==, 0);
  g_assert_cmpfloat (rect[2].origin.y, ==, 24);
  g_assert_cmpfloat (rect[4].origin.y, ==, 48);
  ktm_wrap_box_clear (KTM_WRAP_BOX (box));
  g_assert_null (gtk_widget_get_first_child (box));
  gtk_window_destroy (window);
}

static void
count_cb (gpointer unused, GParamSpec *pspec, gpointer data)
{
  (*(int *) data)++;
}

static void
test_choice (void)
{
  GtkWidget *choice = g_object_ref_sink (ktm_choice_new ("Measure"));
  int n = 0;

  ktm_choice_set_options (KTM_CHOICE (choice), (const char *[]){ "nrs", "hads_a" },
                          (const char *[]){ "Pain NRS", "HADS-A" }, 2);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (count_cb), &n);
  g_assert_cmpstr (ktm_choice_get_selected (KTM_CHOICE (choice)), ==, "nrs");
  g_assert_true (ktm_choice_set_selected (KTM_CHOICE (choice), "hads_a"));
  g_assert_cmpint (n, ==, 1);
  g_assert_false (ktm_choice_set_selected (KTM_CHOICE (choice), "pgic"));
  g_assert_cmpstr (ktm_choice_get_selected (KTM_CHOICE (choice)), ==, "hads_a");
  /* New options keep what is still there, without saying it changed; */
  ktm_choice_set_options (KTM_CHOICE (choice), (const char *[]){ "pcs", "hads_a" },
                          (const char *[]){ "SF-12 PCS", "HADS-A" }, 2);
  g_assert_cmpstr (ktm_choice_get_selected (KTM_CHOICE (choice)), ==, "hads_a");
  g_assert_cmpint (n, ==, 1);
  /* and fall back on the first, and say so. */
  ktm_choice_set_options (KTM_CHOICE (choice), (const char *[]){ "pcs" },
                          (const char *[]){ "SF-12 PCS" }, 1);
  g_assert_cmpstr (ktm_choice_get_selected (KTM_CHOICE (choice)), ==, "pcs");
  g_assert_cmpint (n, ==, 2);
  ktm_choice_set_options (KTM_CHOICE (choice), NULL, NULL, 0);
  g_assert_null (ktm_choice_get_selected (KTM_CHOICE (choice)));
  g_assert_finalize_object (choice);
}

typedef struct { double low, high; int n; } Range;

static void
range_cb (KtmHistogram *histogram, double low, double high, gpointer data)
{
  Range *range = data;

  *range = (Range) { low, high, range->n + 1 };
}

static void
test_histogram (void)
{
  const double scores[] = { 0, 3, 4, 4, 6, 6, 6, 7, 8, 10, NAN };
  const guint who[] = { 0, 1, 2, 10 };
  GtkWidget *histogram = ktm_histogram_new ("Baseline NRS", scores, G_N_ELEMENTS (scores));
  GtkWidget *from = gtk_widget_get_first_child (histogram),
            *to = gtk_widget_get_next_sibling (from);
  GtkWindow *window = pump_show (histogram, 240, 80);
  Range range = { 0, 0, 0 };
  double lo, hi, step;

  ktm_histogram_get_limits (KTM_HISTOGRAM (histogram), &lo, &hi, &step);
  g_assert_cmpfloat (lo, ==, 0);
  g_assert_cmpfloat (hi, ==, 11); /* a bar each for 0 to 10 */
  g_assert_cmpfloat (step, ==, 1);
  ktm_histogram_set_counts (KTM_HISTOGRAM (histogram), scores, who, G_N_ELEMENTS (who));
  g_signal_connect (histogram, "range-changed", G_CALLBACK (range_cb), &range);
  gtk_test_accessible_assert_role (from, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (from, GTK_ACCESSIBLE_PROPERTY_LABEL, "Baseline NRS from");
  g_assert_true (pump_key (from, GDK_KEY_Right, 0));
  g_assert_cmpfloat (range.low, ==, 1);
  g_assert_true (isnan (range.high));
  g_assert_true (pump_key (to, GDK_KEY_Left, GDK_SHIFT_MASK));
  g_assert_cmpfloat (range.high, ==, 5);
  g_assert_true (pump_key (to, GDK_KEY_End, 0));
  g_assert_true (pump_key (from, GDK_KEY_Home, 0));
  g_assert_true (isnan (range.low) && isnan (range.high));
  g_assert_cmpint (range.n, ==, 4);
  /* From outside: no signal; the handles stay in order. */
  ktm_histogram_set_range (KTM_HISTOGRAM (histogram), 4, 8);
  g_assert_cmpint (range.n, ==, 4);
  g_assert_true (pump_key (from, GDK_KEY_End, 0));
  g_assert_cmpfloat (range.low, ==, 8);
  pump_idle ();
  gtk_window_destroy (window);
}

/* All the same, none at all, tiny and huge numbers: drawn, never divided by zero. */
static void
test_histogram_odd (void)
{
  static const double same[] = { 7, 7, 7 }, none[] = { NAN, NAN },
                      small[] = { 0.001, 0.0045, 0.002 }, huge[] = { 1e9, 3e9 };
  static const struct
  {
    const double *x;
    gsize n;
  } odd[] = { { same, 3 }, { none, 2 }, { small, 3 }, { huge, 2 }, { NULL, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      GtkWidget *histogram = ktm_histogram_new ("x", odd[i].x, odd[i].n);
      guint who[] = { 0, 1 };
      GtkWindow *window;
      double lo, hi, step;

      ktm_histogram_set_counts (KTM_HISTOGRAM (histogram), odd[i].x, who, MIN (2, odd[i].n));
      ktm_histogram_get_limits (KTM_HISTOGRAM (histogram), &lo, &hi, &step);
      g_assert_cmpfloat (hi, >, lo);
      g_assert_cmpfloat (step, >, 0);
      window = pump_show (histogram, 240, 80);
      pump_idle ();
      gtk_window_destroy (window);
    }
}

static void
test_sparkline (void)
{
  const double scores[] = { 8, NAN, 3, 3.5 }, none[] = { NAN, NAN };
  GtkWidget *line = ktm_sparkline_new ();
  GtkWindow *window = pump_show (line, 100, 40);

  ktm_sparkline_set (KTM_SPARKLINE (line), scores, 4, 0, 10);
  pump_idle ();
  ktm_sparkline_set (KTM_SPARKLINE (line), scores, 4, NAN, NAN);
  pump_idle ();
  ktm_sparkline_set (KTM_SPARKLINE (line), none, 2, NAN, NAN);
  pump_idle ();
  ktm_sparkline_set (KTM_SPARKLINE (line), NULL, 0, 0, 10);
  pump_idle ();
  gtk_window_destroy (window);
}

static gboolean
has_title (GtkWidget *widget, gpointer title)
{
  return !g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title);
}

static void
test_empty_page (void)
{
  g_autofree char *dir = g_dir_make_tmp ("ketamine-viewer-XXXXXX", NULL),
                  *there = g_build_filename (dir, "Lyon.cohort", NULL);
  const char *recent[] = { there, "/nowhere/Gone.cohort", NULL };
  GtkWidget *page = g_object_new (KTM_TYPE_EMPTY_PAGE, NULL), *row;
  GtkWindow *window = pump_show (page, 1000, 700);
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) open = g_simple_action_new ("open-path", G_VARIANT_TYPE_STRING);

  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (open));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "app", G_ACTION_GROUP (actions));
  g_assert_true (g_file_set_contents (there, "x", 1, NULL));
  ktm_empty_page_set_recent (KTM_EMPTY_PAGE (page), recent);
  pump_idle ();
  row = pump_find (page, ADW_TYPE_ACTION_ROW, has_title, "Lyon");
  g_assert_true (gtk_widget_is_sensitive (row));
  row = pump_find (page, ADW_TYPE_ACTION_ROW, has_title, "Gone");
  g_assert_false (gtk_widget_is_sensitive (row));
  ktm_empty_page_set_recent (KTM_EMPTY_PAGE (page), NULL);
  g_assert_null (pump_find (page, ADW_TYPE_ACTION_ROW, NULL, NULL));
  gtk_window_destroy (window);
  g_unlink (there);
  g_rmdir (dir);
}

static void
test_words (void)
{
  static const struct { const char *unit; double time; const char *text;
  } visits[] = {
    { "month", 0, "baseline" },    { "month", 6, "month 6" }, { "month", 0.25, "month 0.25" },
    { "minute", 90, "minute 90" }, { "week", 2, "week 2" },   { "year", 1.5, "year 1.50" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (visits); i++)
    {
      g_autofree char *text = ktm_say_visit (visits[i].unit, visits[i].time);

      g_assert_cmpstr (text, ==, visits[i].text);
    }
}

int
main (int argc, char **argv)
{
  pump_init (&argc, &argv);
  g_test_add_func ("/widgets/wrap-box", test_wrap_box);
  g_test_add_func ("/widgets/choice", test_choice);
  g_test_add_func ("/widgets/histogram", test_histogram);
  g_test_add_func ("/widgets/histogram/odd", test_histogram_odd);
  g_test_add_func ("/widgets/sparkline", test_sparkline);
  g_test_add_func ("/widgets/empty-page", test_empty_page);
  g_test_add_func ("/widgets/words", test_words);
  return g_test_run ();
}
