/* Loading, derived attributes, baseline, frames, patients, reloading, degenerate cohorts. */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "cohort-fixture.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmFrame, ktm_frame_unref)

#define assert_nan(x) g_assert_true (isnan (x))

static const KtmFrameAttribute *
attribute (KtmCohort *cohort, const char *id)
{
  gint at = ktm_cohort_find_attribute (cohort, id);

  return at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;
}

static const char *
level (KtmCohort *cohort, const char *id, guint patient)
{
  const KtmFrameAttribute *a = attribute (cohort, id);

  return isnan (a->value[patient]) ? "-" : a->levels[(gsize) a->value[patient]];
}

static void
test_load (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  const double *value;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cohort)), ==, 6);
  g_assert_cmpuint (ktm_cohort_get_n_screened (cohort), ==, 7);
  g_assert_cmpuint (ktm_cohort_get_n_centres (cohort), ==, 3);
  g_assert_cmpstr (ktm_cohort_get_title (cohort), ==, "Test cohort");
  g_assert_cmpstr (ktm_cohort_get_time_unit (cohort), ==, "month");
  g_assert_cmpuint (ktm_cohort_get_n_visits (cohort), ==, 5);
  g_assert_cmpstr (ktm_cohort_get_visit_label (cohort, 0), ==, "Screening");
  g_assert_cmpstr (ktm_cohort_get_visit_label (cohort, 2), ==, "W1");
  g_assert_cmpfloat (ktm_cohort_get_visit_time (cohort, 4), ==, 3);
  g_assert_cmpuint (ktm_cohort_get_n_score_visits (cohort), ==, 4);
  value = ktm_cohort_get_measure (cohort, 0)->value;
  assert_nan (value[0]);
  g_assert_cmpfloat (value[1], ==, 8);
  assert_nan (value[2]);
  g_assert_cmpfloat (value[3], ==, 6);
  g_assert_cmpfloat (value[4], ==, 4);
  g_assert_cmpfloat (value[5 + 3], ==, 6.5);
  g_assert_cmpint (ktm_cohort_find_measure (cohort, "SF12"), ==, 1);
  g_assert_cmpint (ktm_cohort_find_code (cohort, "K5"), ==, 4);
  g_assert_cmpint (ktm_cohort_find_code (cohort, "K0"), ==, -1);
}

/* The last score at a visit of time ≤ 0: the screening stands in, a later M0 wins, nothing after 0
 * counts. */
static void
test_baseline (void)
{
  const double want[] = { 8, 7, 5, NAN, 0, NAN };
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  const KtmFrameAttribute *a = attribute (cohort, "baseline_nrs");

  g_assert_cmpstr (a->label, ==, "Baseline NRS");
  g_assert_cmpstr (a->unit, ==, "points");
  for (guint i = 0; i < 6; i++)
    {
      double have = ktm_cohort_get_measure (cohort, 0)->baseline[i];

      g_assert_true (isnan (want[i]) ? isnan (have) && isnan (a->value[i])
                                     : have == want[i] && a->value[i] == want[i]);
    }
}

static void
test_derived (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();

  g_assert_cmpstr (level (cohort, "centre", 0), ==, "C02");
  g_assert_cmpstr (level (cohort, "centre", 3), ==, "-");
  g_assert_null (attribute (cohort, "arm"));
  g_assert_cmpstr (level (cohort, "route", 0), ==, "IV");
  g_assert_cmpstr (level (cohort, "route", 2), ==, "SC");
  g_assert_cmpstr (level (cohort, "with", 0), ==, "magnesium");
  g_assert_cmpstr (level (cohort, "with", 1), ==, "None recorded");
  g_assert_cmpstr (level (cohort, "with", 4), ==, "-");
  g_assert_cmpstr (attribute (cohort, "dose")->unit, ==, "mg/kg/day");
  g_assert_cmpfloat (attribute (cohort, "dose")->value[0], ==, 0.5);
  assert_nan (attribute (cohort, "dose")->value[1]);
  g_assert_cmpstr (level (cohort, "follow_up", 0), ==, "To the last visit");
  g_assert_cmpstr (level (cohort, "follow_up", 1), ==, "Stopped before");
  g_assert_cmpstr (level (cohort, "stop_reason", 1), ==, "lost to follow-up");
  g_assert_cmpstr (level (cohort, "stop_reason", 0), ==, "-");
  g_assert_cmpstr (level (cohort, "adverse_event", 0), ==, "None reported");
  g_assert_cmpstr (level (cohort, "adverse_event", 1), ==, "At least one");
  g_assert_cmpstr (level (cohort, "adverse_event", 2), ==,
                   "At least one"); /* an event, though never asked */
  g_assert_cmpstr (level (cohort, "adverse_event", 3), ==, "Not asked");
}

static void
test_is_baseline (void)
{
  static const struct { const char *id; gboolean baseline;
  } cases[] = {
    { "sex", TRUE },          { "age", TRUE },        { "centre", TRUE },
    { "baseline_nrs", TRUE }, { "route", TRUE },      { "dose", TRUE },
    { "stop_reason", FALSE }, { "follow_up", FALSE }, { "adverse_event", FALSE },
  };
  g_autoptr (KtmCohort) cohort = fixture_cohort ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (ktm_cohort_attribute_is_baseline (
                         cohort, (guint) ktm_cohort_find_attribute (cohort, cases[i].id)),
                     ==, cases[i].baseline);
}

static void
test_patient (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmPatient) first = g_list_model_get_item (G_LIST_MODEL (cohort), 0);
  g_autoptr (KtmPatient) again = g_list_model_get_item (G_LIST_MODEL (cohort), 0);
  g_autoptr (KtmPatient) fourth = g_list_model_get_item (G_LIST_MODEL (cohort), 3);
  g_autoptr (KtmPatient) sixth = g_list_model_get_item (G_LIST_MODEL (cohort), 5);
  g_autofree char *latest_visit = NULL, *summary = NULL;
  const double *course;
  guint n;

  g_assert_true (first == again);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (cohort), 6));
  g_object_get (first, "summary", &summary, "latest-visit", &latest_visit, NULL);
  g_assert_cmpstr (summary, ==, "Fibromyalgia · F 41");
  g_assert_cmpstr (latest_visit, ==, "M3");
  g_assert_cmpuint (ktm_patient_get_n_scores (first), ==, 3);
  g_assert_cmpfloat (ktm_patient_get_baseline (first), ==, 8);
  g_assert_cmpfloat (ktm_patient_get_latest (first), ==, 4);
  g_assert_cmpfloat (ktm_patient_get_change (first), ==, -4);
  course = ktm_patient_get_course (first, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpfloat (course[3], ==, 6);
  g_assert_cmpstr (ktm_patient_get_summary (fourth), ==, "");
  g_assert_cmpuint (ktm_patient_get_n_scores (fourth), ==, 0);
  assert_nan (ktm_patient_get_latest (fourth));
  assert_nan (ktm_patient_get_change (sixth));
  g_assert_cmpfloat (ktm_patient_get_latest (sixth), ==, 5);
  g_clear_object (&cohort);
  g_assert_cmpstr (ktm_patient_get_summary (first), ==, "");
  g_assert_null (ktm_patient_get_course (first, &n));
}

static void
test_frame (void)
{
  static const guint some[] = { 1, 2, 4 };
  static const char *const measures[] = { "SF12", "nrs", "nothing", NULL };
  static const char *const attributes[] = { "pain_type", NULL };
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFrame) f =
      ktm_cohort_dup_frame (cohort, some, 3, measures, attributes,
                            KTM_FRAME_TIMES | KTM_FRAME_CODES | KTM_FRAME_EVENTS
                                | KTM_FRAME_TREATMENTS | KTM_FRAME_SAFETY);

  g_assert_cmpuint (f->n_patients, ==, 3);
  g_assert_cmpuint (f->n_measures, ==, 2);
  g_assert_cmpstr (f->measures[0].id, ==, "sf12");
  g_assert_cmpuint (f->n_attributes, ==, 1);
  g_assert_cmpuint (f->subject[2], ==, 4);
  g_assert_cmpstr (f->code[0], ==, "K2");
  g_assert_cmpfloat (f->measures[1].value[2 * 5 + 1], ==, 0);
  assert_nan (f->measures[1].value[0 * 5 + 1]);
  g_assert_cmpfloat (f->measures[1].time[0], ==, -0.9);
  assert_nan (f->measures[1].time[1]);
  g_assert_cmpfloat (f->measures[1].baseline[0], ==, 7);
  g_assert_cmpfloat (f->attributes[0].value[1], ==, 2);
  g_assert_cmpstr (f->attributes[0].levels[2], ==, "CRPS, type I");
  g_assert_cmpfloat (f->stop_time[0], ==, 1);
  g_assert_cmpstr (f->stop_reasons[(gsize) f->stop_reason[0]], ==, "lost to follow-up");
  assert_nan (f->stop_reason[2]);
  g_assert_cmpuint (f->n_events, ==, 2);
  g_assert_cmpuint (f->events[0].row, ==, 0);
  g_assert_cmpint (f->events[0].visit, ==, 2);
  g_assert_cmpint (f->events[1].visit, ==, -1);
  g_assert_cmpstr (f->terms[f->events[1].term], ==, "fatigue");
  g_assert_cmpuint (f->n_treatments, ==, 2);
  g_assert_cmpuint (f->treatments[1].row, ==, 1);
  g_assert_cmpfloat (f->safety[2], ==, 1);
  assert_nan (f->safety[5 + 2]);
  g_assert_cmpuint (f->n_in_cohort, ==, 6);
  g_assert_cmpuint (f->n_screened, ==, 7);
  g_assert_cmpuint (f->n_exclusions, ==, 1);
  g_assert_cmpstr (f->exclusion_reasons[0], ==, "consent withdrawn");
  g_assert_cmpuint (f->exclusion_counts[0], ==, 1);
}

/* Nothing that was not asked for: above all no codes. */
static void
test_frame_bare (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFrame) f = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, 0);
  g_autoptr (KtmFrame) none = ktm_cohort_dup_frame (cohort, (guint[]) { 0 }, 0, NULL, NULL, 0);

  g_assert_cmpuint (f->n_patients, ==, 6);
  g_assert_cmpuint (f->n_attributes, ==, ktm_cohort_get_n_attributes (cohort));
  g_assert_null (f->code);
  g_assert_null (f->safety);
  g_assert_null (f->measures[0].time);
  g_assert_cmpuint (f->n_events, ==, 0);
  g_assert_cmpuint (f->n_treatments, ==, 0);
  g_assert_cmpuint (none->n_patients, ==, 0);
  g_assert_cmpuint (none->n_measures, ==, 2);
}

static void
count_cb (gpointer object, gpointer data)
{
  ++*(guint *) data;
}

static void
test_reload (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmPatient) second = g_list_model_get_item (G_LIST_MODEL (cohort), 1);
  g_autoptr (KtmPatient) third = g_list_model_get_item (G_LIST_MODEL (cohort), 2);
  g_autoptr (GError) error = NULL;
  guint n_changed = 0;

  g_signal_connect (cohort, "changed", G_CALLBACK (count_cb), &n_changed);
  ktm_store_set_included (ktm_cohort_get_store (cohort), ktm_cohort_get_patient_id (cohort, 1),
                          FALSE, "moved", &error);
  g_assert_no_error (error);
  ktm_cohort_reload (cohort, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cohort)), ==, 5);
  g_assert_cmpuint (ktm_patient_get_index (third), ==, 1);
  g_assert_cmpuint (ktm_patient_get_index (second), ==, G_MAXUINT);
  g_assert_cmpstr (ktm_patient_get_code (second), ==, "K2");
  assert_nan (ktm_patient_get_baseline (second));
  ktm_store_undo (ktm_cohort_get_store (cohort), &error);
  ktm_cohort_reload (cohort, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cohort)), ==, 6);
  g_assert_cmpuint (ktm_patient_get_index (third), ==, 2);
}

/* --- degenerate cohorts ----------------------------------------------------------------------- */

static KtmCohort *
finish (KtmStore *store)
{
  g_autoptr (GError) error = NULL;
  KtmCohort *cohort = ktm_cohort_new_from_store (store, &error);
  g_autoptr (KtmFrame) f = NULL;

  g_assert_no_error (error);
  f = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL,
                            KTM_FRAME_TIMES | KTM_FRAME_CODES | KTM_FRAME_EVENTS | KTM_FRAME_SAFETY
                                | KTM_FRAME_TREATMENTS);
  g_assert_cmpuint (f->n_patients, ==, g_list_model_get_n_items (G_LIST_MODEL (cohort)));
  for (guint i = 0; i < f->n_patients; i++)
    {
      g_autoptr (KtmPatient) patient = g_list_model_get_item (G_LIST_MODEL (cohort), i);

      g_assert_nonnull (ktm_patient_get_summary (patient));
      ktm_patient_get_change (patient);
    }
  return cohort;
}

static void
test_degenerate (void)
{
  g_autoptr (KtmCohort) nothing = NULL, no_patient = NULL, no_visit = NULL, one = NULL,
                        no_baseline = NULL, missing = NULL;
  g_autoptr (GError) error = NULL;
  KtmStore *store = fixture_store ();
  gint64 id;

  nothing = finish (store);
  g_assert_cmpuint (ktm_cohort_get_n_measures (nothing), ==, 0);
  g_assert_cmpuint (ktm_cohort_get_n_attributes (nothing), ==, 0);

  store = fixture_store ();
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, NAN, NAN, TRUE, NAN },
                         NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m0", "M0", 0, NAN, NAN }, NULL, &error);
  no_patient = finish (store);
  g_assert_cmpuint (ktm_cohort_get_n_attributes (no_patient), ==, 0);

  store = fixture_store ();
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, 0, 10, TRUE, 2 }, NULL,
                         &error);
  fixture_put_patient (store, "K1", &id);
  no_visit = finish (store);
  g_assert_cmpuint (ktm_cohort_get_n_score_visits (no_visit), ==, 0);

  store = fixture_store ();
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, 0, 10, TRUE, 2 }, NULL,
                         &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m0", "M0", 0, NAN, NAN }, NULL, &error);
  fixture_put_patient (store, "K1", &id);
  ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 0, 0, 7.5 }, &error);
  one = finish (store);
  g_assert_cmpstr (attribute (one, "baseline_nrs")->id, ==, "baseline_nrs");
  g_assert_null (attribute (one, "follow_up"));

  store = fixture_store ();
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, 0, 10, TRUE, 2 }, NULL,
                         &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m1", "M1", 1, NAN, NAN }, NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m2", "M2", 2, NAN, NAN }, NULL, &error);
  fixture_put_patient (store, "K1", &id);
  ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 1, 2, 7.5 }, &error);
  fixture_put_patient (store, "K2", &id);
  ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 0, 1, 7.5 }, &error);
  no_baseline = finish (store);
  g_assert_null (attribute (no_baseline, "baseline_nrs"));
  g_assert_cmpstr (level (no_baseline, "follow_up", 0), ==, "To the last visit");
  g_assert_cmpstr (level (no_baseline, "follow_up", 1), ==, "Stopped before");

  store = fixture_store ();
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, 0, 10, TRUE, 2 }, NULL,
                         &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m0", "M0", 0, NAN, NAN }, NULL, &error);
  fixture_put_patient (store, "K1", &id);
  fixture_put_patient (store, "K2", &id);
  missing = finish (store);
  g_assert_no_error (error);
  g_assert_null (attribute (missing, "follow_up"));
}

/* --- in a thread ------------------------------------------------------------------------------ */

typedef struct { GMainLoop *loop; GAsyncResult *result; double last; guint n; } Wait;

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static void
progress_cb (double fraction, gpointer data)
{
  Wait *wait = data;

  g_assert_cmpfloat (fraction, >=, wait->last);
  g_assert_cmpfloat (fraction, <=, 1);
  wait->last = fraction;
  wait->n++;
}

static KtmCohort *
open_and_wait (const char *path, GCancellable *cancellable, Wait *wait, GError **error)
{
  KtmCohort *cohort;

  *wait = (Wait) { .loop = g_main_loop_new (NULL, FALSE) };
  ktm_cohort_open_async (path, cancellable, progress_cb, wait, ready_cb, wait);
  g_main_loop_run (wait->loop);
  cohort = ktm_cohort_open_finish (wait->result, error);
  g_object_unref (wait->result);
  g_main_loop_unref (wait->loop);
  return cohort;
}

static void
test_async (void)
{
  g_autoptr (KtmCohort) cohort = NULL;
  g_autoptr (GError) error = NULL, cancelled = NULL, missing = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  KtmStore *store = fixture_store ();
  g_autofree char *path = g_strdup (ktm_store_get_path (store));
  gint64 id;
  Wait wait;

  fixture_fill (store);
  ktm_store_begin (store, &error);
  for (guint i = 0; i < 30000; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%05u", i);

      fixture_put_patient (store, code, &id);
      ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 1, 0, i % 11 }, &error);
    }
  ktm_store_commit (store, &error);
  ktm_store_close (store);
  g_assert_no_error (error);
  cohort = open_and_wait (path, NULL, &wait, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (cohort)), ==, 30006);
  g_assert_cmpuint (wait.n, >, 0);
  g_assert_cmpstr (ktm_store_get_path (ktm_cohort_get_store (cohort)), ==, path);
  g_cancellable_cancel (cancellable);
  g_assert_null (open_and_wait (path, cancellable, &wait, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (wait.n, ==, 0);
  g_assert_null (open_and_wait ("/nowhere/at/all.cohort", NULL, &wait, &missing));
  g_assert_error (missing, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND);
}

/* A registry: behind -m perf. */
static void
test_size (void)
{
  g_autoptr (KtmCohort) cohort = NULL;
  g_autoptr (GError) error = NULL;
  KtmStore *store = fixture_store ();
  g_autofree char *path = g_strdup (ktm_store_get_path (store));
  guint n = g_test_perf () ? 100000 : 500;
  gint64 id, start;

  ktm_store_begin (store, &error);
  for (guint m = 0; m < 4; m++)
    {
      g_autofree char *name = g_strdup_printf ("m%u", m);

      ktm_store_put_measure (store, &(KtmMeasureRecord){ name, name, NULL, 0, 10, TRUE, 2 }, NULL,
                             &error);
    }
  for (guint v = 0; v < 13; v++)
    {
      g_autofree char *name = g_strdup_printf ("v%u", v);

      ktm_store_put_visit (store, &(KtmVisitRecord) { name, name, v, NAN, NAN }, NULL, &error);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%06u", i);

      fixture_put_patient (store, code, &id);
      for (guint m = 0; m < 4; m++)
        for (guint v = 0; v < 13; v++)
          ktm_store_put_score (store, &(KtmScoreRecord) { id, m, v, v, (i + v + m) % 11 }, &error);
    }
  ktm_store_commit (store, &error);
  g_assert_no_error (error);
  ktm_store_close (store);
  start = g_get_monotonic_time ();
  cohort = ktm_cohort_open_sync (path, &error);
  g_assert_no_error (error);
  g_test_minimized_result ((double) (g_get_monotonic_time () - start) / 1e6,
                           "%u scores opened and loaded in %.2f s", n * 4 * 13,
                           (double) (g_get_monotonic_time () - start) / 1e6);
  start = g_get_monotonic_time ();
  ktm_frame_unref (
      ktm_cohort_dup_frame (cohort, NULL, 0, (const char *const[]){ "m0", NULL }, NULL, 0));
  g_test_minimized_result ((double) (g_get_monotonic_time () - start) / 1e6,
                           "frame of one measure in %.3f s",
                           (double) (g_get_monotonic_time () - start) / 1e6);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cohort/load", test_load);
  g_test_add_func ("/cohort/baseline", test_baseline);
  g_test_add_func ("/cohort/derived", test_derived);
  g_test_add_func ("/cohort/is-baseline", test_is_baseline);
  g_test_add_func ("/cohort/patient", test_patient);
  g_test_add_func ("/cohort/frame", test_frame);
  g_test_add_func ("/cohort/frame-bare", test_frame_bare);
  g_test_add_func ("/cohort/reload", test_reload);
  g_test_add_func ("/cohort/degenerate", test_degenerate);
  g_test_add_func ("/cohort/async", test_async);
  g_test_add_func ("/cohort/size", test_size);
  return g_test_run ();
}
