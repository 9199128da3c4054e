/* tests: the Patients page on the sample cohort. */
#include <math.h>
#include <string.h>

#include "ktm-analysis.h"
#include "ktm-patient-table.h"
#include "ktm-patient-view.h"
#include "ktm-patients-page.h"
#include "pump.h"

static KtmStudy *
open_study (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (NULL, &error);

  g_assert_no_error (error);
  return ktm_study_new (cohort);
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkColumnViewColumn *
column_titled (GtkColumnView *view, const char *title)
{
  GListModel *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_str_equal (gtk_column_view_column_get_title (column), title))
        return column;
    }
  g_error ("no column %s", title);
}

static char *
code_at (GtkColumnView *view, guint position)
{
  g_autoptr (KtmPatient) patient =
      g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (view)), position);

  return g_strdup (ktm_patient_get_code (patient));
}

static void
test_table (void)
{
  g_autoptr (KtmStudy) study = open_study ();
  g_autoptr (GSettings) settings = g_settings_new ("org.ketamine.Viewer");
  GtkWidget *table = ktm_patient_table_new (study, settings);
  GtkWindow *window = pump_show (table, 600, 400);
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  g_autofree char *first = NULL, *last = NULL, *middle = NULL;
  guint n;

  pump_idle ();
  g_assert_cmpint (ktm_patient_table_get_position (KTM_PATIENT_TABLE (table), &n), ==, -1);
  g_assert_cmpuint (n, ==, 256);
  /* K001 fell from 8 to 5; the steepest fall comes first, patients without a change last. */
  gtk_column_view_sort_by_column (view, column_titled (view, "Change"), GTK_SORT_ASCENDING);
  pump_idle ();
  first = code_at (view, 0);
  last = code_at (view, 255);
  ktm_study_set_picked (study, ktm_cohort_find_code (ktm_study_get_cohort (study), first));
  g_assert_cmpint (ktm_patient_table_get_position (KTM_PATIENT_TABLE (table), NULL), ==, 0);
  {
    g_autoptr (KtmPatient) a =
        g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (view)), 0);
    g_autoptr (KtmPatient) b =
        g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (view)), 1);
    g_autoptr (KtmPatient) z =
        g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (view)), 255);

    g_assert_cmpfloat (ktm_patient_get_change (a), <=, ktm_patient_get_change (b));
    g_assert_true (isnan (ktm_patient_get_change (z)));
  }
  ktm_patient_table_step (KTM_PATIENT_TABLE (table), 1);
  middle = code_at (view, 1);
  g_assert_cmpstr (
      ktm_cohort_get_code (ktm_study_get_cohort (study), (guint) ktm_study_get_picked (study)), ==,
      middle);
  ktm_patient_table_step (KTM_PATIENT_TABLE (table), -5);
  g_assert_cmpint (ktm_patient_table_get_position (KTM_PATIENT_TABLE (table), NULL), ==, 0);
  /* A click picks. */
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_column_view_get_model (view)), 255);
  g_assert_cmpstr (
      ktm_cohort_get_code (ktm_study_get_cohort (study), (guint) ktm_study_get_picked (study)), ==,
      last);
  gtk_window_destroy (window);
}

/* The classes of the sample, as they are found without a setting. */
static void
take_classes (KtmStudy *study)
{
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  const KtmAnalysis *analysis = ktm_analysis_find ("trajectory-classes");
  KtmFrame *frame = ktm_study_dup_frame (study, NULL, NULL, KTM_FRAME_TIMES);
  g_autoptr (KtmReport) report = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ktm_analysis_resolve (analysis, frame, options, &error));
  report = ktm_analysis_run_sync (analysis, frame, options, NULL, &error);
  g_assert_no_error (error);
  ktm_cohort_set_classes (ktm_study_get_cohort (study), report->classes);
  ktm_frame_unref (frame);
}

static void
test_copy (void)
{
  g_autoptr (KtmStudy) study = open_study ();
  g_autoptr (GSettings) settings = g_settings_new ("org.ketamine.Viewer");
  GtkWidget *table = ktm_patient_table_new (study, settings);
  GtkWindow *window = pump_show (table, 600, 400);
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  g_autofree char *plain = NULL, *codes = NULL, *fewer = NULL;
  g_auto (GStrv) lines = NULL;

  plain = ktm_patient_table_dup_text (KTM_PATIENT_TABLE (table), FALSE);
  codes = ktm_patient_table_dup_text (KTM_PATIENT_TABLE (table), TRUE);
  lines = g_strsplit (plain, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 258);
  g_assert_cmpstr (lines[0], ==, "Pain type\tSex\tAge\tBase\tLatest\tChange\tScores");
  g_assert_cmpstr (lines[1], ==, "neuropathic\tF\t48\t8\t5\t-3\t13");
  g_assert_null (strstr (plain, "K001"));
  g_assert_true (g_str_has_prefix (codes, "Code\tPain type"));
  g_assert_nonnull (strstr (codes, "\nK001\tneuropathic\t"));
  gtk_column_view_column_set_visible (column_titled (view, "Pain type"), FALSE);
  fewer = ktm_patient_table_dup_text (KTM_PATIENT_TABLE (table), FALSE);
  g_assert_true (g_str_has_prefix (fewer, "Sex\tAge\t"));
  {
    g_auto (GStrv) kept = g_settings_get_strv (settings, "patient-columns");

    g_assert_true (g_strv_contains ((const char *const *) kept, "attribute:sex"));
    g_assert_false (g_strv_contains ((const char *const *) kept, "attribute:pain_type"));
  }
  g_settings_reset (settings, "patient-columns");
  gtk_window_destroy (window);
}

/* Once classes are known, the class is a column; its probability is copied with it. */
static void
test_class (void)
{
  g_autoptr (KtmStudy) study = open_study ();
  g_autoptr (GSettings) settings = g_settings_new ("org.ketamine.Viewer");
  GtkWidget *table = ktm_patient_table_new (study, settings);
  GtkWindow *window = pump_show (table, 600, 400);
  GtkColumnView *view = GTK_COLUMN_VIEW (find (table, GTK_TYPE_COLUMN_VIEW));
  g_autofree char *plain = NULL, *hidden = NULL;
  g_auto (GStrv) lines = NULL;

  take_classes (study);
  pump_idle ();
  plain = ktm_patient_table_dup_text (KTM_PATIENT_TABLE (table), FALSE);
  lines = g_strsplit (plain, "\n", -1);
  g_assert_cmpstr (lines[0], ==,
                   "Pain type\tSex\tAge\tClass\tProbability of the class\tBase\tLatest\tChange"
                   "\tScores");
  g_assert_nonnull (strstr (lines[1], "\tModerate\t0."));
  g_assert_null (strstr (plain, "K001"));
  gtk_column_view_column_set_visible (column_titled (view, "Class"), FALSE);
  hidden = ktm_patient_table_dup_text (KTM_PATIENT_TABLE (table), FALSE);
  g_assert_null (strstr (hidden, "Probability"));
  g_settings_reset (settings, "patient-columns");
  gtk_window_destroy (window);
}

static void
test_page (void)
{
  g_autoptr (KtmStudy) study = open_study ();
  g_autoptr (GSettings) settings = g_settings_new ("org.ketamine.Viewer");
  GtkWidget *page = ktm_patients_page_new (study, settings);
  GtkWindow *window = pump_show (page, 1200, 800);
  GtkWidget *table = find (page, KTM_TYPE_PATIENT_TABLE);
  guint n;

  pump_idle ();
  g_assert_nonnull (find (page, KTM_TYPE_PATIENT_VIEW));
  g_assert_cmpint (ktm_study_get_picked (study), ==, 0); /* the page opens on the first patient */
  gtk_widget_activate_action (page, "patients.next", NULL);
  g_assert_cmpint (ktm_study_get_picked (study), ==, 1);
  ktm_filter_set_levels (ktm_study_get_filter (study), "pain_type",
                         (const char *const[]){ "CRPS", NULL }, FALSE);
  pump_idle ();
  ktm_patient_table_get_position (KTM_PATIENT_TABLE (table), &n);
  g_assert_cmpuint (n, ==, ktm_study_get_n_shown (study));
  ktm_filter_set_levels (ktm_study_get_filter (study), "pain_type", (const char *const[]){ NULL },
                         FALSE);
  pump_idle ();
  ktm_patient_table_get_position (KTM_PATIENT_TABLE (table), &n);
  g_assert_cmpuint (n, ==, 0);
  gtk_widget_activate_action (page, "patients.next", NULL);
  ktm_study_set_picked (study, -1);
  pump_idle ();
  gtk_window_destroy (window);
  pump_idle ();
}

int
main (int argc, char **argv)
{
  pump_init (&argc, &argv);
  g_test_add_func ("/patients/table", test_table);
  g_test_add_func ("/patients/copy", test_copy);
  g_test_add_func ("/patients/class", test_class);
  g_test_add_func ("/patients/page", test_page);
  return g_test_run ();
}
