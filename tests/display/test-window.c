/* tests: the whole window on the sample cohort, and on cohorts that have next to nothing. */
#include <math.h>

#include "ktm-chart-view.h"
#include "ktm-choice.h"
#include "ktm-filter-panel.h"
#include "ktm-histogram.h"
#include "ktm-locate.h"
#include "ktm-name-dialog.h"
#include "ktm-patient-list.h"
#include "ktm-trajectory-page.h"
#include "pump-window.h"

static gboolean
is_empty (gpointer window)
{
  return ktm_window_is_empty (window);
}

static KtmWindow *
open_window (const char *path)
{
  return pump_open (path, 1440, 900);
}

/* The chart is that of the page of trajectories: other pages have one, too. */
static GtkWidget *
child_of (KtmWindow *window, GType type)
{
  GtkWidget *root = type == KTM_TYPE_CHART_VIEW
                        ? pump_find (GTK_WIDGET (window), KTM_TYPE_TRAJECTORY_PAGE, NULL, NULL)
                        : GTK_WIDGET (window);
  GtkWidget *found = pump_find (root, type, NULL, NULL);

  g_assert_nonnull (found);
  return found;
}

static gboolean
has_text (GtkWidget *widget, gpointer text)
{
  return !g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text)
         && gtk_widget_get_child_visible (widget);
}

static void
assert_label (KtmWindow *window, const char *text)
{
  if (!pump_find (GTK_WIDGET (window), GTK_TYPE_LABEL, has_text, (gpointer) text))
    g_error ("no label “%s”", text);
}

static gboolean
starts_with (GtkWidget *widget, gpointer text)
{
  const char *label = g_object_get_data (G_OBJECT (widget), "label");

  return label && g_str_has_prefix (label, text);
}

static GtkWidget *
level (KtmWindow *window, const char *name)
{
  GtkWidget *check = pump_find (child_of (window, KTM_TYPE_FILTER_PANEL), GTK_TYPE_CHECK_BUTTON,
                                starts_with, (gpointer) name);

  g_assert_nonnull (check);
  return check;
}

static void
test_sample (void)
{
  KtmWindow *window = open_window (NULL);

  assert_label (window, "256 of 256 patients");
  assert_label (window, "256 patients · 30 centres · 12 months");
  g_assert_nonnull (
      ktm_chart_view_get_scene (KTM_CHART_VIEW (child_of (window, KTM_TYPE_CHART_VIEW))));
  pump_close (window);
}

static void
test_filter (void)
{
  KtmWindow *window = open_window (NULL);
  GtkWidget *check = level (window, "Fibromyalgia");

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  pump_settle (window);
  assert_label (window, "154 of 256 patients");
  pump_act (window, "undo", NULL);
  assert_label (window, "256 of 256 patients");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  pump_act (window, "redo", NULL);
  assert_label (window, "154 of 256 patients");
  pump_act (window, "clear-filter", NULL);
  assert_label (window, "256 of 256 patients");
  pump_act (window, "undo", NULL);
  assert_label (window, "154 of 256 patients");
  pump_close (window);
}

/* Picked in the chart, shown in the list, and the other way round. */
static void
test_pick (void)
{
  KtmWindow *window = open_window (NULL);
  GtkWidget *chart = child_of (window, KTM_TYPE_CHART_VIEW), *view;
  GtkSingleSelection *selection;

  view = pump_find (child_of (window, KTM_TYPE_PATIENT_LIST), GTK_TYPE_LIST_VIEW, NULL, NULL);
  selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (view)));
  pump_motion (chart, gtk_widget_get_width (chart) / 2., gtk_widget_get_height (chart) / 2.);
  pump_click (chart, gtk_widget_get_width (chart) / 2., gtk_widget_get_height (chart) / 2.);
  pump_settle (window);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), !=, GTK_INVALID_LIST_POSITION);
  gtk_single_selection_set_selected (selection, 3);
  pump_settle (window);
  assert_label (window, "K004");
  pump_act (window, "next-patient", NULL);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 4);
  pump_act (window, "pick", g_variant_new_string ("K127"));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), !=, 4);
  pump_close (window);
}

static gboolean
is_sidebar_search (GtkWidget *widget, gpointer data)
{
  return gtk_widget_has_css_class (widget, "sidebar-search");
}

/* The search narrows the lists, not the subgroup. */
static void
test_search (void)
{
  KtmWindow *window = open_window (NULL);
  GtkWidget *entry =
                pump_find (GTK_WIDGET (window), GTK_TYPE_SEARCH_ENTRY, is_sidebar_search, NULL),
            *view;

  view = pump_find (child_of (window, KTM_TYPE_PATIENT_LIST), GTK_TYPE_LIST_VIEW, NULL, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "K12");
  g_signal_emit_by_name (entry, "activate");
  pump_settle (window);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view)))), ==,
      10);
  assert_label (window, "256 of 256 patients");
  g_assert_cmpuint (gtk_single_selection_get_selected (
                        GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (view)))),
                    ==, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), "nobody at all");
  g_signal_emit_by_name (entry, "activate");
  pump_settle (window);
  assert_label (window, "No such patient in this subgroup");
  pump_close (window);
}

static void
test_chart_keys (void)
{
  KtmWindow *window = open_window (NULL);
  GtkWidget *chart = child_of (window, KTM_TYPE_CHART_VIEW);
  gboolean zoomed;
  gsize n;

  gtk_test_accessible_assert_role (chart, GTK_ACCESSIBLE_ROLE_IMG);
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (chart),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  for (int i = 0; i < 3; i++)
    g_assert_true (pump_key (chart, GDK_KEY_Right, 0));
  g_assert_true (pump_key (chart, GDK_KEY_Up, 0));
  g_assert_true (pump_key (chart, GDK_KEY_Return, 0));
  for (int i = 0; i < 6; i++)
    {
      g_assert_true (pump_key (chart, GDK_KEY_Down, GDK_SHIFT_MASK));
      g_assert_true (pump_key (chart, GDK_KEY_Right, GDK_SHIFT_MASK));
    }
  ktm_chart_view_get_marked (KTM_CHART_VIEW (chart), &n);
  g_assert_cmpuint (n, >, 0);
  g_assert_true (pump_key (chart, GDK_KEY_Escape, 0));
  ktm_chart_view_get_marked (KTM_CHART_VIEW (chart), &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (pump_key (chart, GDK_KEY_plus, GDK_CONTROL_MASK));
  pump_settle (window);
  g_object_get (chart, "zoomed", &zoomed, NULL);
  g_assert_true (zoomed);
  g_assert_true (pump_key (chart, GDK_KEY_Home, 0));
  pump_settle (window);
  g_object_get (chart, "zoomed", &zoomed, NULL);
  g_assert_false (zoomed);
  pump_close (window);
}

/* Every view, every show and every rule for missed visits is drawn, or a sentence says why not. */
static void
test_options (void)
{
  static const char *const views[] = { "trajectories", "small-multiples", "heatmap", "measures",
                                       "measure-correlations" };
  static const char *const missing[] = { "available", "completers", "locf", "bocf", "worst" };
  KtmWindow *window = open_window (NULL);
  KtmTrajectoryPage *page = KTM_TRAJECTORY_PAGE (child_of (window, KTM_TYPE_TRAJECTORY_PAGE));
  GtkWidget *chart = child_of (window, KTM_TYPE_CHART_VIEW);
  const char *type;
  g_autoptr (KtmChartOptions) options = ktm_trajectory_page_dup_options (page, &type);

  for (gsize v = 0; v < G_N_ELEMENTS (views); v++)
    for (int show = 0; show < 3; show++)
      for (gsize m = 0; m < G_N_ELEMENTS (missing); m++)
        {
          const char *now;
          g_autoptr (KtmChartOptions) after = NULL;

          if (!ktm_chart_type_find (views[v]) || (show && m && v))
            continue;
          options->show = (KtmShow) show;
          ktm_missing_parse (missing[m], &options->missing);
          g_free (options->colour_by);
          options->colour_by = g_strdup ("pain_type");
          g_assert_true (ktm_trajectory_page_apply (page, views[v], options));
          pump_settle (window);
          after = ktm_trajectory_page_dup_options (page, &now);
          g_assert_cmpstr (now, ==, views[v]);
          g_assert_cmpint (after->show, ==, show);
          g_assert_cmpint (after->missing, ==, options->missing);
          g_assert_nonnull (ktm_chart_view_get_scene (KTM_CHART_VIEW (chart)));
        }
  options->show = KTM_SHOW_VALUE;
  options->missing = KTM_MISSING_AVAILABLE;
  g_assert_true (ktm_trajectory_page_apply (page, "trajectories", options));
  g_free (options->measure);
  options->measure = g_strdup ("no_such");
  g_assert_false (ktm_trajectory_page_apply (page, "trajectories", options));
  pump_close (window);
}

/* A button that shows only a picture has a name for those who cannot see it. */
static void
check_names (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget))
      && !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL)
      && !g_str_has_prefix (G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), "Gtk")
      && !g_str_has_prefix (G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), "Adw"))
    g_error ("button “%s” has no name", gtk_button_get_icon_name (GTK_BUTTON (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    check_names (child);
}

static void
test_names (void)
{
  KtmWindow *window = open_window (NULL);

  pump_act (window, "next-patient", NULL);
  check_names (GTK_WIDGET (window));
  pump_close (window);
}

/* Narrow, the sidebar folds away and its count becomes a chip that brings it back. */
static void
test_sizes (void)
{
  static const struct
  {
    int width, height;
  } sizes[] = { { 1024, 700 }, { 1440, 900 }, { 2560, 1400 }, { 800, 600 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      KtmWindow *window = pump_open (NULL, sizes[i].width, sizes[i].height);

      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, sizes[i].width);
      pump_act (window, "sidebar", NULL);
      pump_act (window, "sidebar", NULL);
      pump_close (window);
    }
}

/* The chart goes to paper as it is on the screen: one page, and never over something else by half.
 */
static void
test_print (void)
{
  KtmWindow *window = open_window (NULL);
  char *pdf = pump_new_path ("page.pdf");
  g_autofree char *text = NULL;
  gsize length;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.print", "s", pdf);
  pump_idle ();
  g_assert_true (g_file_get_contents (pdf, &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF-"));
  g_assert_cmpuint (length, >, 10000);
  pump_remove (pdf);
  pump_close (window);
}

/* Opens what cannot be, and answers what is said then. */
static void
assert_refused (KtmWindow *window, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWindow *dialog;

  ktm_window_open (window, file);
  dialog = pump_wait_top (ADW_TYPE_MESSAGE_DIALOG);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_close (dialog);
  pump_until (is_empty, window, "the first page");
}

/* What is no cohort is refused in words, and the first page stays. */
static void
test_refused (void)
{
  char *path = pump_new_path ("noise.cohort");
  KtmWindow *window = pump_new_window (1440, 900);

  g_assert_true (g_file_set_contents (path, "not a cohort at all", -1, NULL));
  assert_refused (window, path);
  assert_refused (window, "/nowhere/x.cohort");
  pump_close (window);
  pump_remove (path);
}

/* --- cohorts with next to nothing ------------------------------------------------------------- */

typedef struct
{
  const char *name;
  int         n_patients, n_visits;
  gboolean    baseline, attributes, scores, measure;
} Odd;

static const Odd odd[] = {
  { "no-patients", 0, 3, TRUE, TRUE, FALSE, TRUE },
  { "one-patient", 1, 3, TRUE, TRUE, TRUE, TRUE },
  { "one-visit", 4, 1, TRUE, TRUE, TRUE, TRUE },
  { "no-baseline", 4, 3, FALSE, TRUE, TRUE, TRUE },
  { "no-attributes", 4, 3, TRUE, FALSE, TRUE, TRUE },
  { "all-missing", 4, 3, TRUE, TRUE, FALSE, TRUE },
  { "no-measure", 2, 2, TRUE, FALSE, FALSE, FALSE },
};

static void
fill_cohort (KtmStore *store, const Odd *what)
{
  g_autoptr (GError) error = NULL;
  const char *levels[] = { "A", "B", NULL };
  guint measure = 0, position;

  g_assert_true (ktm_store_begin (store, &error));
  if (what->measure)
    g_assert_true (ktm_store_put_measure (
        store, &(KtmMeasureRecord){ "nrs", "Pain NRS", "points", 0, 10, TRUE, 2 }, &measure,
        &error));
  for (int v = 0; v < what->n_visits; v++)
    {
      double time = v + (what->baseline ? 0 : 1);
      g_autofree char *id = g_strdup_printf ("m%g", time);

      g_assert_true (ktm_store_put_visit (
          store, &(KtmVisitRecord){ id, id, time, time - .5, time + .5 }, &position, &error));
    }
  if (what->attributes)
    g_assert_true (ktm_store_put_attribute (
        store, &(KtmAttributeRecord){ "group", "Group", NULL, KTM_STORE_CATEGORY, levels },
        &position, &error));
  for (int i = 0; i < what->n_patients; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%d", i);
      gint64 id;

      g_assert_true (ktm_store_put_patient (
          store,
          &(KtmPatientRecord){
              .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
          &id, &error));
      for (int v = 0; what->scores && v < what->n_visits; v++)
        g_assert_true (ktm_store_put_score (
            store,
            &(KtmScoreRecord){ id, measure, (guint) v, v + (what->baseline ? 0 : 1), (i + v) % 10 },
            &error));
      if (what->attributes)
        g_assert_true (ktm_store_put_value (store, &(KtmValueRecord) { id, 0, i % 2 }, &error));
    }
  g_assert_true (ktm_store_commit (store, &error));
}

static void
test_odd (gconstpointer data)
{
  const Odd *what = data;
  char *path = pump_new_path ("odd.cohort");
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create (path, "Odd", &error);
  KtmWindow *window;
  GtkWidget *chart;

  g_assert_no_error (error);
  fill_cohort (store, what);
  ktm_store_close (store);
  window = open_window (path);
  chart = child_of (window, KTM_TYPE_CHART_VIEW);
  if (what->scores)
    g_assert_nonnull (ktm_chart_view_get_scene (KTM_CHART_VIEW (chart)));
  else
    g_assert_true (gtk_widget_get_visible (pump_find (chart, ADW_TYPE_STATUS_PAGE, NULL, NULL)));
  pump_act (window, "next-patient", NULL);
  pump_close (window);
  pump_remove (path);
}

/* Taking a patient out writes to the file, and can be taken back, also after it was closed. */
static void
test_exclude (void)
{
  char *path = pump_new_path ("four.cohort");
  KtmStore *store = ktm_store_create (path, "Four", NULL);
  KtmWindow *window;
  GtkWidget *dialog;

  fill_cohort (store, &(Odd) { "four", 4, 3, TRUE, TRUE, TRUE, TRUE });
  ktm_store_close (store);
  window = open_window (path);
  pump_act (window, "pick", g_variant_new_string ("P1"));
  g_action_group_activate_action (G_ACTION_GROUP (window), "exclude", NULL);
  dialog = GTK_WIDGET (pump_wait_top (ADW_TYPE_MESSAGE_DIALOG));
  gtk_editable_set_text (GTK_EDITABLE (pump_find (dialog, GTK_TYPE_ENTRY, NULL, NULL)),
                         "withdrew consent");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), KTM_NAME_DIALOG_ACCEPT);
  pump_settle (window);
  assert_label (window, "3 of 3 patients");
  pump_close (window);
  window = open_window (path);
  assert_label (window, "3 of 3 patients");
  pump_act (window, "undo", NULL);
  assert_label (window, "4 of 4 patients");
  pump_act (window, "redo", NULL);
  assert_label (window, "3 of 3 patients");
  pump_close (window);
  pump_remove (path);
}

/* --- privacy ---------------------------------------------------------------------------------- */

/* GTK's chooser reads folders in its own time: told of another folder meanwhile, it may end in that
 * folder's parent.  So it is told or taken at most once a second, until it has understood. */
static gboolean
is_written (gpointer data)
{
  static gint64 next;
  gint64 now = g_get_monotonic_time ();
  GtkWindow *chooser = pump_find_top (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GFile) file = g_file_new_for_path (data), chosen = NULL;

  if (chooser == NULL)
    return g_file_test (data, G_FILE_TEST_EXISTS);
  if (now < next)
    return FALSE;
  next = now + G_USEC_PER_SEC;
  chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (chosen != NULL && g_file_equal (file, chosen))
    gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  else
    {
      g_autofree char *name = g_file_get_basename (file);
      g_autoptr (GFile) folder = g_file_get_parent (file);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
    }
  return FALSE;
}

static gboolean
no_date_cb (const void *record, gpointer data)
{
  g_assert_true (isnan (((const KtmPatientRecord *) record)->index_date));
  return TRUE;
}

/* The copy opens, holds everybody, and nobody under the old code or with a date. */
static void
assert_nobody_known (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) sample = ktm_cohort_open_sync (NULL, &error);
  g_autoptr (KtmCohort) copy = ktm_cohort_open_sync (path, &error);
  guint n;

  g_assert_no_error (error);
  n = g_list_model_get_n_items (G_LIST_MODEL (sample));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (copy)), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (ktm_cohort_find_code (copy, ktm_cohort_get_code (sample, i)), ==, -1);
  g_assert_true (
      ktm_store_read_patients (ktm_cohort_get_store (copy), no_date_cb, NULL, &error));
}

static gboolean
is_check (GtkWidget *widget, gpointer data)
{
  return !g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), data);
}

static void
test_share (void)
{
  char *path = pump_copy_sample (), *output = pump_new_path ("shared.cohort");
  KtmWindow *window = open_window (path);
  GtkWindow *dialog;
  GtkWidget *drop;

  g_action_group_activate_action (G_ACTION_GROUP (window), "share-copy", NULL);
  dialog = pump_wait_top (ADW_TYPE_MESSAGE_DIALOG);
  drop = pump_find (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON, is_check,
                    (gpointer) "Leave calendar dates out altogether");
  g_assert_nonnull (drop);
  g_assert_nonnull (pump_find (GTK_WIDGET (dialog), GTK_TYPE_LIST_VIEW, NULL, NULL));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (drop), TRUE);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "share");
  gtk_window_close (dialog);
  pump_until (is_written, output, "the copy");
  pump_settle (window);
  assert_nobody_known (output);
  pump_close (window);
  pump_remove (output);
  pump_remove (path);
}

static AdwMessageDialog *
ask_name (KtmWindow *window)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "save-subgroup", NULL);
  return ADW_MESSAGE_DIALOG (pump_wait_top (ADW_TYPE_MESSAGE_DIALOG));
}

/* Types @name for the subgroup; its sentence, NULL if it says nothing. */
static const char *
type_name (AdwMessageDialog *dialog, const char *name)
{
  GtkWidget *entry = pump_find (GTK_WIDGET (dialog), GTK_TYPE_ENTRY, NULL, NULL),
            *sentence = gtk_widget_get_next_sibling (entry);

  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  return gtk_widget_get_visible (sentence) ? gtk_label_get_label (GTK_LABEL (sentence)) : NULL;
}

/* Two saved subgroups never have one name; a window that is closed takes its question along. */
static void
test_save_subgroup (void)
{
  char *path = pump_copy_sample ();
  KtmWindow *window = open_window (path);
  AdwMessageDialog *dialog;

  gtk_check_button_set_active (GTK_CHECK_BUTTON (level (window, "Fibromyalgia")), FALSE);
  pump_settle (window);
  dialog = ask_name (window);
  g_assert_null (type_name (dialog, "  "));
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, KTM_NAME_DIALOG_ACCEPT));
  g_assert_null (type_name (dialog, " Others "));
  adw_message_dialog_response (dialog, KTM_NAME_DIALOG_ACCEPT);
  gtk_window_close (GTK_WINDOW (dialog));
  pump_settle (window);
  dialog = ask_name (window);
  g_assert_cmpstr (type_name (dialog, "Others"), ==,
                   "A subgroup is already saved under this name.");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, KTM_NAME_DIALOG_ACCEPT));
  pump_close (window);
  g_assert_null (pump_find_top (ADW_TYPE_MESSAGE_DIALOG));
  pump_remove (path);
}

/* Which cohorts were opened is kept only for who wants it. */
static void
test_forget (void)
{
  char *path = pump_copy_sample ();
  GSettings *settings = ktm_settings ();

  pump_close (open_window (path));
  {
    g_auto (GStrv) recent = g_settings_get_strv (settings, "recent");

    g_assert_true (g_strv_contains ((const char *const *) recent, path));
  }
  g_settings_reset (settings, "recent");
  g_settings_set_boolean (settings, "remember-recent", FALSE);
  pump_close (open_window (path));
  {
    g_auto (GStrv) recent = g_settings_get_strv (settings, "recent");

    g_assert_cmpuint (g_strv_length (recent), ==, 0);
  }
  g_settings_reset (settings, "remember-recent");
  pump_remove (path);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_test_add_func ("/window/sample", test_sample);
  g_test_add_func ("/window/filter", test_filter);
  g_test_add_func ("/window/pick", test_pick);
  g_test_add_func ("/window/search", test_search);
  g_test_add_func ("/window/chart-keys", test_chart_keys);
  g_test_add_func ("/window/options", test_options);
  g_test_add_func ("/window/names", test_names);
  g_test_add_func ("/window/sizes", test_sizes);
  g_test_add_func ("/window/print", test_print);
  g_test_add_func ("/window/refused", test_refused);
  g_test_add_func ("/window/exclude", test_exclude);
  g_test_add_func ("/window/share", test_share);
  g_test_add_func ("/window/save-subgroup", test_save_subgroup);
  g_test_add_func ("/window/forget", test_forget);
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *name = g_strconcat ("/window/odd/", odd[i].name, NULL);

      g_test_add_data_func (name, &odd[i], test_odd);
    }
  return pump_app_run ();
}
