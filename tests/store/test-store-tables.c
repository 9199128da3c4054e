/* Every table: what is put is read back, in the stated order; what breaks a rule is refused and
 * changes nothing. */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "store-fixture.h"

#define ADD(name, func)                                                                            \
  g_test_add ("/store/tables/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static gboolean
collect_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *score = record;

  g_array_append_vals (data, score, 1);
  return TRUE;
}

static gboolean
stop_cb (const void *record, gpointer data)
{
  ++*(guint *) data;
  return *(guint *) data < 2;
}

static gboolean
code_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *patient = record;

  g_string_append_printf (data, "%s%s,", patient->code, patient->included ? "" : "!");
  return TRUE;
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (KtmScoreRecord));
  g_autoptr (GString) codes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  ktm_store_read_patients (store, code_cb, codes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (codes->str, ==, "K1,K2,K3!,");
  ktm_store_read_scores (store, collect_cb, scores, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scores->len, ==, 9);
  /* K1 was put second: its scores come first. */
  g_assert_cmpint (g_array_index (scores, KtmScoreRecord, 0).patient, ==, 2);
  g_assert_cmpfloat (g_array_index (scores, KtmScoreRecord, 0).value, ==, 7.385);
  g_assert_cmpfloat (g_array_index (scores, KtmScoreRecord, 2).time, ==, 2.125);
  g_assert_cmpuint (g_array_index (scores, KtmScoreRecord, 2).visit, ==, 2);
  g_assert_true (ktm_store_read_scores (store, stop_cb, &n, &error));
  g_assert_cmpuint (n, ==, 2);
}

static gboolean
study_cb (const void *record, gpointer data)
{
  const KtmStudyRecord *study = record;

  g_string_printf (data, "%s|%s|%s|%s|%s", study->id, study->title, study->time_unit,
                   study->index_event, study->provenance);
  return TRUE;
}

static void
test_study (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL, unit_error = NULL;
  g_autofree char *id = NULL;
  KtmStudyRecord study = {
    .title = "Étude", .time_unit = "week", .index_event = "first dose", .provenance = "here"
  };

  ktm_store_get_study (store, study_cb, text, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text->str, "|Refractory pain cohort|month|first ketamine|"));
  id = g_strndup (text->str, 36);
  ktm_store_put_study (store, &study, &error);
  g_assert_no_error (error);
  ktm_store_get_study (store, study_cb, text, &error);
  g_assert_true (g_str_has_prefix (text->str, id));
  g_assert_true (g_str_has_suffix (text->str, "|Étude|week|first dose|here"));
  study.id = "sample";
  study.time_unit = "month";
  ktm_store_put_study (store, &study, &error);
  g_assert_no_error (error);
  ktm_store_get_study (store, study_cb, text, &error);
  g_assert_true (g_str_has_prefix (text->str, "sample|"));
  study.time_unit = "fortnight";
  g_assert_false (ktm_store_put_study (store, &study, &unit_error));
  g_assert_error (unit_error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
}

static gboolean
measure_cb (const void *record, gpointer data)
{
  const KtmMeasureRecord *m = record;

  g_string_append_printf (data, "%s|%s|%s|%g|%g|%d|%g;", m->id, m->label,
                          m->unit != NULL ? m->unit : "-", m->min, m->max, m->lower_better,
                          m->mcid);
  return TRUE;
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  const KtmVisitRecord *v = record;

  g_string_append_printf (data, "%s|%s|%g|%g|%g;", v->id, v->label, v->time, v->window_low,
                          v->window_high);
  return TRUE;
}

static gboolean
attribute_cb (const void *record, gpointer data)
{
  const KtmAttributeRecord *a = record;
  g_autofree char *levels = g_strjoinv (",", (char **) a->levels);

  g_string_append_printf (data, "%s|%s|%s|%d|%s;", a->id, a->label, a->unit != NULL ? a->unit : "-",
                          a->kind, levels);
  return TRUE;
}

static void
test_definitions (Fixture *fixture, gconstpointer data)
{
  static const char *const more[] = { "neuropathic", "fibromyalgia", "CRPS", "nociceptive", NULL };
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint at = 9;

  /* An id is known in any case; a definition changes in place. */
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "NRS", "Pain", NULL, 0, 10, TRUE, 2 }, &at,
                         &error);
  g_assert_no_error (error);
  g_assert_cmpuint (at, ==, 0);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "pain_type", "Pain type", NULL, KTM_STORE_CATEGORY, more }, &at,
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (at, ==, 2);
  ktm_store_read_measures (store, measure_cb, text, &error);
  g_assert_cmpstr (text->str, ==, "nrs|Pain|-|0|10|1|2;sf12|SF-12|-|0|100|0|nan;");
  g_string_truncate (text, 0);
  ktm_store_read_visits (store, visit_cb, text, &error);
  g_assert_cmpstr (text->str, ==,
                   "m0|M0|0|nan|nan;m1|M1|1|nan|nan;m3|M3|3|2|4.5;w1|W1|0.25|nan|nan;");
  g_string_truncate (text, 0);
  ktm_store_read_attributes (store, attribute_cb, text, &error);
  g_assert_cmpstr (text->str, ==,
                   "sex|Sex|-|1|F,M;age|Age|years|0|;pain_type|Pain "
                   "type|-|1|neuropathic,fibromyalgia,CRPS,nociceptive;");
}

static gboolean
event_cb (const void *record, gpointer data)
{
  const KtmEventRecord *e = record;

  g_string_append_printf (data, "%d %g %s %d %g %d %d %d %g;", e->visit, e->time, e->term,
                          e->severity, e->grade, e->serious, e->related, e->led_to_stop,
                          e->resolved);
  return TRUE;
}

static gboolean
treatment_cb (const void *record, gpointer data)
{
  const KtmTreatmentRecord *t = record;

  g_string_append_printf (data, "%g %s %g %s %g %s %s %s;", t->time, t->drug, t->dose,
                          t->dose_unit ? t->dose_unit : "-", t->duration,
                          t->duration_unit ? t->duration_unit : "-", t->route ? t->route : "-",
                          t->with ? t->with : "-");
  return TRUE;
}

static gboolean
safety_cb (const void *record, gpointer data)
{
  const KtmSafetyRecord *s = record;

  g_string_append_printf (data, "%d %u %g %d;", (int) s->patient, s->visit, s->time, s->any_event);
  return TRUE;
}

static gboolean
value_cb (const void *record, gpointer data)
{
  const KtmValueRecord *v = record;

  g_string_append_printf (data, "%d %u %g;", (int) v->patient, v->attribute, v->value);
  return TRUE;
}

static gboolean
arm_cb (const void *record, gpointer data)
{
  const KtmStudyArmRecord *a = record;

  g_string_append_printf (data, "%s|%s|%g|%g|%g|%g;", a->study, a->arm, a->year, a->n, a->mean,
                          a->sd);
  return TRUE;
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  KtmEventRecord bare = { .patient = 1,
                          .visit = -1,
                          .time = 2.5,
                          .term = "fatigue",
                          .serious = -1,
                          .led_to_stop = -1,
                          .grade = NAN,
                          .resolved = NAN };
  KtmEventRecord full = { 1, 1, 1, "nausea", 2, 3, 1, 3, 0, 1.5 };
  KtmTreatmentRecord treatment = {
    1, 0, "ketamine", 0.2, "mg/kg/day", 5, "day", "IV", "magnesium"
  };
  KtmTreatmentRecord unknown = { 1, 3, "ketamine", NAN, NULL, NAN, NULL, NULL, NULL };

  ktm_store_put_event (store, &bare, &error);
  g_assert_no_error (error);
  ktm_store_put_event (store, &full, &error);
  g_assert_no_error (error);
  ktm_store_read_events (store, event_cb, text, &error);
  g_assert_cmpstr (text->str, ==, "1 1 nausea 2 3 1 3 0 1.5;-1 2.5 fatigue 0 nan -1 0 -1 nan;");
  ktm_store_put_treatment (store, &unknown, &error);
  ktm_store_put_treatment (store, &treatment, &error);
  ktm_store_put_treatment (store, &treatment, &error);
  g_assert_no_error (error);
  g_string_truncate (text, 0);
  ktm_store_read_treatments (store, treatment_cb, text, &error);
  g_assert_cmpstr (text->str, ==,
                   "0 ketamine 0.2 mg/kg/day 5 day IV magnesium;3 ketamine nan - nan - - -;");
  g_string_truncate (text, 0);
  ktm_store_read_safety (store, safety_cb, text, &error);
  g_assert_cmpstr (text->str, ==, "2 3 0.25 1;1 3 0.25 1;3 3 0.25 1;");
  g_string_truncate (text, 0);
  ktm_store_read_values (store, value_cb, text, &error);
  g_assert_cmpstr (text->str, ==, "2 1 48.5;2 2 1;1 1 48.5;1 2 1;3 1 48.5;3 2 1;");
  g_string_truncate (text, 0);
  ktm_store_put_study_arm (store,
                           &(KtmStudyArmRecord){ .study = "Sigtermans 2009",
                                                 .arm = "ketamine",
                                                 .year = 2009,
                                                 .n = 30,
                                                 .mean = 2.68,
                                                 .sd = NAN,
                                                 .events = NAN,
                                                 .effect = NAN,
                                                 .se = NAN },
                           &error);
  g_assert_no_error (error);
  ktm_store_read_study_arms (store, arm_cb, text, &error);
  g_assert_cmpstr (text->str, ==, "Sigtermans 2009|ketamine|2009|30|2.68|nan;");
}

static void
assert_invalid (gboolean ok, GError *error, const char *names)
{
  g_assert_false (ok);
  g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_nonnull (strstr (error->message, names));
  g_error_free (error);
}

#define INVALID(names, call)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GError *e = NULL;                                                                              \
    gboolean ok = (call);                                                                          \
    assert_invalid (ok, e, names);                                                                 \
  }                                                                                                \
  G_STMT_END

static void
test_scores_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);

  INVALID ("NRS: 10.5", ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 0, 0, 10.5 }, &e));
  INVALID ("NRS: -1", ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 0, 0, -1 }, &e));
  INVALID ("NRS", ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 0, 0, NAN }, &e));
  INVALID ("NRS", ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 0, INFINITY, 4 }, &e));
  INVALID ("measure number 3", ktm_store_put_score (store, &(KtmScoreRecord){ 1, 2, 0, 0, 4 }, &e));
  INVALID ("visit number 5", ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 4, 0, 4 }, &e));
  INVALID ("a.cohort", ktm_store_put_score (store, &(KtmScoreRecord) { 99, 0, 0, 0, 4 }, &e));
  INVALID ("Pain type: 3", ktm_store_put_value (store, &(KtmValueRecord) { 1, 2, 3 }, &e));
  INVALID ("Pain type: 0.5", ktm_store_put_value (store, &(KtmValueRecord) { 1, 2, 0.5 }, &e));
  INVALID ("Age", ktm_store_put_value (store, &(KtmValueRecord) { 1, 1, NAN }, &e));
  INVALID ("attribute number 4", ktm_store_put_value (store, &(KtmValueRecord) { 1, 3, 0 }, &e));
  INVALID ("visit number 8", ktm_store_put_safety (store, &(KtmSafetyRecord){ 1, 7, 0, TRUE }, &e));
  g_assert_cmpint (ktm_store_count (store, "score", NULL), ==, 9);
}

/* Many at once are refused as one is: none is there afterwards, and SQLite looks again at keys. */
static void
test_many_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  KtmScoreRecord records[70];
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      records[i] = (KtmScoreRecord) { 2, 0, 0, 0, 4 };
      ktm_store_put_measure (store, &(KtmMeasureRecord){ id, id, NULL, 0, 10, TRUE, NAN },
                             &records[i].measure, &error);
      g_assert_no_error (error);
    }
  records[40].patient = 99;
  INVALID ("a.cohort", ktm_store_add_scores (store, records, G_N_ELEMENTS (records), &e));
  INVALID ("a.cohort", ktm_store_put_score (store, &(KtmScoreRecord) { 99, 0, 0, 0, 4 }, &e));
  records[40].patient = 2;
  records[41].value = 10.5;
  INVALID ("10.5", ktm_store_add_scores (store, records, G_N_ELEMENTS (records), &e));
  INVALID ("a.cohort", ktm_store_put_score (store, &(KtmScoreRecord) { 99, 0, 0, 0, 4 }, &e));
  records[41].value = 10;
  g_assert_true (ktm_store_add_scores (store, records, G_N_ELEMENTS (records), &error));
  g_assert_cmpint (ktm_store_count (store, "score", NULL), ==, 9 + G_N_ELEMENTS (records));
  INVALID ("a.cohort", ktm_store_put_score (store, &(KtmScoreRecord) { 99, 0, 0, 0, 4 }, &e));
}

static void
test_definitions_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const one[] = { "neuropathic", NULL },
                           *const twice[] = { "a", "b", "a", NULL }, *const none[] = { NULL };
  g_autoptr (KtmStore) store = fixture_create (fixture);

  INVALID ("NRS", ktm_store_put_measure (
                      store, &(KtmMeasureRecord){ "nrs", "NRS", NULL, 0, 5, TRUE, 2 }, NULL, &e));
  INVALID ("X", ktm_store_put_measure (store, &(KtmMeasureRecord){ "x", "X", NULL, 5, 5, TRUE, 2 },
                                       NULL, &e));
  INVALID ("X", ktm_store_put_measure (store, &(KtmMeasureRecord){ "x", "X", NULL, 0, 5, TRUE, 0 },
                                       NULL, &e));
  INVALID ("id", ktm_store_put_measure (store, &(KtmMeasureRecord){ "", "X", NULL, 0, 5, TRUE, 1 },
                                        NULL, &e));
  INVALID ("M3", ktm_store_put_visit (store, &(KtmVisitRecord){ "x", "X", 3, NAN, NAN }, NULL, &e));
  INVALID ("X",
           ktm_store_put_visit (store, &(KtmVisitRecord){ "x", "X", NAN, NAN, NAN }, NULL, &e));
  INVALID ("X", ktm_store_put_visit (store, &(KtmVisitRecord) { "x", "X", 5, 6, 7 }, NULL, &e));
  INVALID ("Pain",
           ktm_store_put_attribute (
               store, &(KtmAttributeRecord){ "pain_type", "Pain", NULL, KTM_STORE_CATEGORY, one },
               NULL, &e));
  INVALID ("Pain",
           ktm_store_put_attribute (
               store, &(KtmAttributeRecord){ "pain_type", "Pain", NULL, KTM_STORE_NUMBER, NULL },
               NULL, &e));
  INVALID ("X", ktm_store_put_attribute (
                    store, &(KtmAttributeRecord){ "x", "X", NULL, KTM_STORE_CATEGORY, twice }, NULL,
                    &e));
  INVALID ("X",
           ktm_store_put_attribute (
               store, &(KtmAttributeRecord){ "x", "X", NULL, KTM_STORE_ORDINAL, none }, NULL, &e));
  INVALID ("X",
           ktm_store_put_attribute (
               store, &(KtmAttributeRecord){ "x", "X", NULL, KTM_STORE_YES_NO, one }, NULL, &e));
  INVALID ("X",
           ktm_store_put_attribute (
               store, &(KtmAttributeRecord){ "x", "X", NULL, KTM_STORE_NUMBER, one }, NULL, &e));
  INVALID ("code", ktm_store_put_patient (store, &(KtmPatientRecord) { .code = "" }, NULL, &e));
  INVALID ("centre", ktm_store_put_patient (
                         store, &(KtmPatientRecord){ .code = "K9", .centre = "\xff" }, NULL, &e));
  INVALID ("drug", ktm_store_put_treatment (store, &(KtmTreatmentRecord) { 1, 0, NULL }, &e));
  INVALID ("below 0",
           ktm_store_put_treatment (store, &(KtmTreatmentRecord){ 1, 0, "ketamine", -1 }, &e));
  INVALID ("nausea", ktm_store_put_event (store, &(KtmEventRecord) { 1, -1, 0, "nausea", 4 }, &e));
  INVALID ("visit", ktm_store_put_event (store, &(KtmEventRecord) { 1, 9, 0, "nausea", 1 }, &e));
  INVALID ("S", ktm_store_put_study_arm (store, &(KtmStudyArmRecord){ .study = "S", .n = -3 }, &e));
  g_assert_cmpint (ktm_store_count (store, "measure", NULL), ==, 2);
  g_assert_cmpint (ktm_store_count (store, "attribute_level", NULL), ==, 5);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GError) error = NULL, commit_error = NULL;

  ktm_store_begin (store, &error);
  ktm_store_begin (store, &error);
  ktm_store_put_patient (store,
                         &(KtmPatientRecord){ .code = "K8", .index_date = NAN, .stop_time = NAN },
                         NULL, &error);
  ktm_store_commit (store, &error);
  g_assert_no_error (error);
  ktm_store_rollback (store);
  g_assert_cmpint (ktm_store_count (store, "patient", NULL), ==, 3);

  /* An inner rollback takes the outer one with it, also what comes after. */
  ktm_store_begin (store, &error);
  ktm_store_begin (store, &error);
  ktm_store_rollback (store);
  ktm_store_put_patient (store,
                         &(KtmPatientRecord){ .code = "K9", .index_date = NAN, .stop_time = NAN },
                         NULL, &error);
  g_assert_no_error (error);
  g_assert_false (ktm_store_commit (store, &commit_error));
  g_assert_error (commit_error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED);
  g_assert_cmpint (ktm_store_count (store, "patient", NULL), ==, 3);

  /* A measure that was rolled back is unknown again. */
  ktm_store_begin (store, &error);
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "npsi", "NPSI", NULL, 0, 100, TRUE, NAN },
                         NULL, &error);
  ktm_store_put_score (store, &(KtmScoreRecord) { 1, 2, 0, 0, 61 }, &error);
  g_assert_no_error (error);
  ktm_store_rollback (store);
  INVALID ("measure number 3",
           ktm_store_put_score (store, &(KtmScoreRecord){ 1, 2, 0, 0, 61 }, &e));
}

/* A large import: prepared once, one transaction. */
static void
test_speed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  guint n_patients = g_test_perf () ? 100000 : 2000;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 id;
  double seconds;

  for (guint i = 4; i < 13; i++)
    {
      g_autofree char *name = g_strdup_printf ("m%u", i);

      ktm_store_put_visit (store, &(KtmVisitRecord) { name, name, i, NAN, NAN }, NULL, &error);
    }
  ktm_store_begin (store, &error);
  for (guint i = 0; i < n_patients; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%06u", i);

      ktm_store_put_patient (
          store,
          &(KtmPatientRecord){
              .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
          &id, &error);
      for (guint visit = 0; visit < 10; visit++)
        ktm_store_put_score (store, &(KtmScoreRecord){ id, 0, visit, visit, (i + visit) % 11 },
                             &error);
    }
  ktm_store_commit (store, &error);
  g_assert_no_error (error);
  seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  g_test_minimized_result (seconds, "%u scores put in %.2f s", n_patients * 10, seconds);
  g_clear_pointer (&store, ktm_store_close);
  start = g_get_monotonic_time ();
  store = ktm_store_open (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  g_test_minimized_result (seconds, "opened and checked in %.2f s", seconds);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("order", test_order);
  ADD ("study", test_study);
  ADD ("definitions", test_definitions);
  ADD ("round-trip", test_round_trip);
  ADD ("scores-refused", test_scores_refused);
  ADD ("many-refused", test_many_refused);
  ADD ("definitions-refused", test_definitions_refused);
  ADD ("transactions", test_transactions);
  ADD ("speed", test_speed);
  return g_test_run ();
}
