/* The built-in sample: made twice it is the same bytes; it holds what its README says. */
#include <locale.h>
#include <math.h>

#include "ktm-cohort.h"
#include "ktm-filter.h"

static guint
count (KtmCohort *cohort, const char *condition)
{
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autoptr (GError) error = NULL;
  g_autofree guint *patients = NULL;
  gsize n;

  ktm_filter_add_text (filter, cohort, condition, &error);
  g_assert_no_error (error);
  patients = ktm_filter_match (filter, cohort, &n);
  return (guint) n;
}

static void
test_content (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (NULL, &error);
  g_autoptr (KtmPatient) first = NULL;
  KtmFrame *f;
  double asked = 0, any = 0;
  guint n_last = 0;

  g_assert_no_error (error);
  g_assert_true (ktm_store_get_read_only (ktm_cohort_get_store (cohort)));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cohort)), ==, 256);
  g_assert_cmpuint (ktm_cohort_get_n_screened (cohort), ==, 280);
  g_assert_cmpuint (ktm_cohort_get_n_centres (cohort), ==, 30);
  g_assert_cmpuint (ktm_cohort_get_n_visits (cohort), ==, 14);
  g_assert_cmpuint (ktm_cohort_get_n_score_visits (cohort), ==, 13);
  g_assert_cmpstr (ktm_cohort_get_index_event (cohort), ==, "first ketamine");
  first = g_list_model_get_item (G_LIST_MODEL (cohort), 0);
  g_assert_cmpstr (ktm_patient_get_summary (first), ==, "Neuropathic · F 48");
  g_assert_cmpuint (count (cohort, "baseline_nrs = missing"), ==, 16);
  g_assert_cmpuint (count (cohort, "dose = missing"), ==, 0);
  g_assert_cmpuint (count (cohort, "follow_up = \"To the last visit\""), ==, 93);
  f = ktm_cohort_dup_frame (cohort, NULL, 0, (const char *const[]){ "nrs", NULL }, NULL,
                            KTM_FRAME_SAFETY | KTM_FRAME_EVENTS | KTM_FRAME_TREATMENTS);
  for (gsize i = 0; i < f->n_patients; i++)
    {
      n_last += !isnan (f->measures[0].value[i * f->n_visits + 13]);
      if (isnan (f->safety[i * f->n_visits + 1]))
        continue;
      asked++;
      any += f->safety[i * f->n_visits + 1];
    }
  g_assert_cmpuint (n_last, ==, 93);
  g_assert_cmpfloat (asked, ==, 218);
  g_assert_cmpfloat (any, ==, 108);
  g_assert_cmpuint (f->n_events, ==, 669);
  g_assert_cmpuint (f->n_treatments, ==, 256);
  g_assert_cmpuint (f->n_exclusions, ==, 3);
  ktm_frame_unref (f);
}

static void
test_same_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ktm-sample-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "sample.cohort", NULL);
  const char *argv[] = { g_getenv ("MAKE_SAMPLE"), g_getenv ("SAMPLE_DIR"), path, NULL };
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) built =
      g_resources_lookup_data ("/org/ketamine/Viewer/sample.cohort", 0, &error);
  g_autoptr (GFile) file = g_file_new_for_path (path), parent = g_file_new_for_path (folder);
  gsize length;
  int status;

  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  g_assert_cmpmem (bytes, length, g_bytes_get_data (built, NULL), g_bytes_get_size (built));
  g_file_delete (file, NULL, NULL);
  g_file_delete (parent, NULL, NULL);
}

static void
changed_cb (KtmCohort *cohort G_GNUC_UNUSED, gpointer data)
{
  (*(guint *) data)++;
}

/* Trajectory classes can be filtered by like anything else, follow patients through a reload, and
 * go again. */
static void
test_classes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (NULL, &error);
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 3);
  KtmClassResult *result;
  KtmFrame *f = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, 0), *again;
  guint n_before = ktm_cohort_get_n_attributes (cohort), n_changed = 0;
  long a;

  g_signal_connect (cohort, "changed", G_CALLBACK (changed_cb), &n_changed);
  g_assert_cmpint (ktm_class_result_new (f, 0, 0, 12, NULL, true, &result), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_class_result_search (result, &spec, 3, 0, 3, NULL, NULL), ==, KTM_STATS_OK);
  ktm_frame_unref (f);
  ktm_cohort_set_classes (cohort, result);
  ktm_cohort_set_classes (cohort, result);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (count (cohort, "trajectory_class = Severe"), ==, 121);
  g_assert_cmpuint (count (cohort, "trajectory_class = missing"), ==, 2);
  g_assert_cmpuint (count (cohort, "trajectory_class_p < 0.7"), ==, 40);
  g_assert_true (ktm_cohort_reload (cohort, &error));
  g_assert_cmpuint (count (cohort, "trajectory_class = Mild"), ==, 46);
  a = ktm_cohort_find_attribute (cohort, "trajectory_class");
  g_assert_false (ktm_cohort_attribute_is_baseline (cohort, (guint) a));
  again = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, 0);
  g_assert_cmpstr (
      again->attributes[ktm_frame_find_attribute (again, "trajectory_class")].made_from, ==, "nrs");
  ktm_frame_unref (again);
  ktm_class_result_unref (result);
  ktm_cohort_set_classes (cohort, NULL);
  g_assert_cmpuint (ktm_cohort_get_n_attributes (cohort), ==, n_before);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/content", test_content);
  g_test_add_func ("/sample/same-bytes", test_same_bytes);
  g_test_add_func ("/cohort/sample/classes", test_classes);
  return g_test_run ();
}
