#include "cohort-fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>

/* Folders to remove when the program ends. */
static GPtrArray *folders;

static void
remove_folders (void)
{
  for (guint i = 0; i < folders->len; i++)
    {
      const char *folder = g_ptr_array_index (folders, i);
      g_autofree char *path = g_build_filename (folder, "a.cohort", NULL);

      g_unlink (path);
      g_rmdir (folder);
    }
  g_ptr_array_unref (folders);
}

KtmStore *
fixture_store (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ktm-cohort-XXXXXX", &error);
  g_autofree char *path = NULL;
  KtmStore *store;

  g_assert_no_error (error);
  if (folders == NULL)
    {
      folders = g_ptr_array_new_with_free_func (g_free);
      atexit (remove_folders);
    }
  g_ptr_array_add (folders, g_strdup (folder));
  path = g_build_filename (folder, "a.cohort", NULL);
  store = ktm_store_create (path, "Test cohort", &error);
  g_assert_no_error (error);
  return store;
}

void
fixture_put_patient (KtmStore *store, const char *code, gint64 *id)
{
  g_autoptr (GError) error = NULL;

  ktm_store_put_patient (
      store,
      &(KtmPatientRecord){ .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
      id, &error);
  g_assert_no_error (error);
}

static void
define (KtmStore *store)
{
  static const char *const sexes[] = { "F", "M", NULL };
  static const char *const types[] = { "neuropathic", "fibromyalgia", "CRPS, type I", NULL };
  static const char *const grades[] = { "mild", "moderate", "severe", NULL };
  g_autoptr (GError) error = NULL;

  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", "points", 0, 10, TRUE, 2 }, NULL,
                         &error);
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "sf12", "SF-12", NULL, 0, 100, FALSE, NAN },
                         NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m3", "M3", 3, NAN, NAN }, NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m0", "M0", 0, NAN, NAN }, NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m1", "M1", 1, NAN, NAN }, NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "pre", "Screening", -1, NAN, NAN }, NULL, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "w1", "W1", 0.25, NAN, NAN }, NULL, &error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "sex", "Sex", NULL, KTM_STORE_CATEGORY, sexes }, NULL, &error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "age", "Age", "years", KTM_STORE_NUMBER, NULL }, NULL, &error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "pain_type", "Pain type", NULL, KTM_STORE_CATEGORY, types },
      NULL, &error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "grade", "Grade", NULL, KTM_STORE_ORDINAL, grades }, NULL,
      &error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "inclusion", "Inclusion", NULL, KTM_STORE_DATE, NULL }, NULL,
      &error);
  g_assert_no_error (error);
}

enum { M3, M0, M1, PRE, W1 };

static const struct
{
  const char *code, *centre;
  double sex, age, type, grade, date;
  double pre, m0, m1, m3;
  double stop;
  const char *reason;
  int asked;  /* −1 not, 0 no event, 1 event */
} PEOPLE[] = {
  { "K1", "C02", 0, 41.6, 1, 0, 2458179, NAN, 8, 6, 4, NAN, NULL, 0 },
  { "K2", "C01", 1, 58, 0, 2, 2458180, 7, NAN, 6.5, NAN, 1, "lost to follow-up", 1 },
  { "K3", "C02", 0, 33, 2, 1, 2458181, 9, 5, NAN, NAN, 0.5, "lack of effect", -1 },
  { "K4", NULL, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NULL, -1 },
  { "K5", "C01", 1, 72, 0, 1, 2458182, NAN, 0, 3, 2, NAN, NULL, -1 },
  { "K6", "C03", 0, 19, 1, 0, 2458183, NAN, NAN, 5, 5, NAN, NULL, 0 },
};

static void
put (KtmStore *store, gint64 id, guint measure, guint visit, double time, double value)
{
  g_autoptr (GError) error = NULL;

  if (isnan (value))
    return;
  ktm_store_put_score (store, &(KtmScoreRecord) { id, measure, visit, time, value }, &error);
  g_assert_no_error (error);
}

static void
put_value (KtmStore *store, gint64 id, guint attribute, double value)
{
  if (!isnan (value))
    g_assert_true (ktm_store_put_value (store, &(KtmValueRecord) { id, attribute, value }, NULL));
}

void
fixture_fill (KtmStore *store)
{
  g_autoptr (GError) error = NULL;
  KtmPatientRecord out = { .code = "K0",
                           .included = FALSE,
                           .exclusion_reason = "consent withdrawn",
                           .index_date = NAN,
                           .stop_time = NAN };
  gint64 id, ids[G_N_ELEMENTS (PEOPLE)];

  ktm_store_begin (store, &error);
  define (store);
  for (gsize i = G_N_ELEMENTS (PEOPLE); i-- > 0;)
    {
      KtmPatientRecord r = { .code = PEOPLE[i].code,
                             .centre = PEOPLE[i].centre,
                             .included = TRUE,
                             .index_date = NAN,
                             .stop_time = PEOPLE[i].stop,
                             .stop_reason = PEOPLE[i].reason };

      ktm_store_put_patient (store, &r, &id, &error);
      ids[i] = id;
      put_value (store, id, 0, PEOPLE[i].sex);
      put_value (store, id, 1, PEOPLE[i].age);
      put_value (store, id, 2, PEOPLE[i].type);
      put_value (store, id, 3, PEOPLE[i].grade);
      put_value (store, id, 4, PEOPLE[i].date);
      put (store, id, 0, PRE, -0.9, PEOPLE[i].pre);
      put (store, id, 0, M0, -0.125, PEOPLE[i].m0);
      put (store, id, 0, M1, 1.1, PEOPLE[i].m1);
      put (store, id, 0, M3, 3.3, PEOPLE[i].m3);
      if (PEOPLE[i].asked >= 0)
        ktm_store_put_safety (store, &(KtmSafetyRecord) { id, W1, 0.25, PEOPLE[i].asked }, &error);
    }
  put (store, ids[0], 1, M0, 0, 38.1);
  ktm_store_put_patient (store, &out, &id, &error);
  put (store, id, 0, M0, 0, 3);
  ktm_store_put_treatment (
      store,
      &(KtmTreatmentRecord){ ids[0], 0, "ketamine", 0.5, "mg/kg/day", 5, "day", "IV", "magnesium" },
      &error);
  ktm_store_put_treatment (
      store,
      &(KtmTreatmentRecord){ ids[0], 2, "ketamine", 0.9, "mg/kg/day", 5, "day", "oral", NULL },
      &error);
  ktm_store_put_treatment (
      store, &(KtmTreatmentRecord){ ids[1], 0, "ketamine", 25, "mg", 1, "day", "IV", NULL },
      &error);
  ktm_store_put_treatment (
      store, &(KtmTreatmentRecord){ ids[2], 0, "ketamine", 0.7, "mg/kg/day", 1, "day", "SC", NULL },
      &error);
  ktm_store_put_event (
      store, &(KtmEventRecord){ ids[1], W1, 0.25, "nausea", 1, NAN, 0, 3, -1, NAN }, &error);
  ktm_store_put_event (store, &(KtmEventRecord){ ids[2], -1, 2, "fatigue", 2, NAN, -1, 0, -1, NAN },
                       &error);
  ktm_store_commit (store, &error);
  g_assert_no_error (error);
}

KtmCohort *
fixture_cohort (void)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store = fixture_store ();
  KtmCohort *cohort;

  fixture_fill (store);
  cohort = ktm_cohort_new_from_store (store, &error);
  g_assert_no_error (error);
  return cohort;
}
