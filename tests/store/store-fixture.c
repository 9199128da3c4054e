#include "store-fixture.h"

#include <glib/gstdio.h>
#include <math.h>

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("ktm-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "a.cohort", NULL);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      if (g_remove (path) != 0)
        g_error ("%s stays behind", name);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

char *
fixture_file (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* Only while nothing in this process has the file open: closing it drops the process's locks. */
char *
fixture_checksum (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return g_strdup ("absent");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
}

guint
fixture_count_files (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

void
fixture_exec (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
define (KtmStore *store)
{
  static const char *const sexes[] = { "F", "M", NULL };
  static const char *const types[] = { "neuropathic", "fibromyalgia", "CRPS", NULL };
  const KtmMeasureRecord measures[] = {
    { "nrs", "NRS", "points", 0, 10, TRUE, 2 },
    { "sf12", "SF-12", NULL, 0, 100, FALSE, NAN },
  };
  const KtmVisitRecord visits[] = {
    { "m0", "M0", 0, NAN, NAN },
    { "m1", "M1", 1, NAN, NAN },
    { "m3", "M3", 3, 2, 4.5 },
    { "w1", "W1", 0.25, NAN, NAN },
  };
  const KtmAttributeRecord attributes[] = {
    { "sex", "Sex", NULL, KTM_STORE_CATEGORY, sexes },
    { "age", "Age", "years", KTM_STORE_NUMBER, NULL },
    { "pain_type", "Pain type", NULL, KTM_STORE_CATEGORY, types },
  };
  g_autoptr (GError) error = NULL;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      ktm_store_put_measure (store, &measures[i], &at, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (at, ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (visits); i++)
    {
      ktm_store_put_visit (store, &visits[i], &at, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (at, ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      ktm_store_put_attribute (store, &attributes[i], &at, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (at, ==, i);
    }
}

static void
put_patient (KtmStore *store, const char *code, gboolean included, double score)
{
  KtmPatientRecord patient = { .code = code,
                               .index_date = 2458179,
                               .centre = "C24",
                               .included = included,
                               .exclusion_reason = included ? NULL : "consent withdrawn",
                               .stop_time = NAN };
  g_autoptr (GError) error = NULL;
  gint64 id;

  ktm_store_put_patient (store, &patient, &id, &error);
  g_assert_no_error (error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 1, 48.5 }, &error);
  g_assert_no_error (error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 2, 1 }, &error);
  g_assert_no_error (error);
  for (guint visit = 0; visit < 3; visit++)
    {
      ktm_store_put_score (store, &(KtmScoreRecord){ id, 0, visit, visit + 0.125, score - visit },
                           &error);
      g_assert_no_error (error);
    }
  ktm_store_put_safety (store, &(KtmSafetyRecord) { id, 3, 0.25, TRUE }, &error);
  g_assert_no_error (error);
}

void
fixture_fill (KtmStore *store)
{
  g_autoptr (GError) error = NULL;

  ktm_store_begin (store, &error);
  g_assert_no_error (error);
  define (store);
  put_patient (store, "K2", TRUE, 8);
  put_patient (store, "K1", TRUE, 7.385);
  put_patient (store, "K3", FALSE, 5);
  ktm_store_commit (store, &error);
  g_assert_no_error (error);
}

KtmStore *
fixture_create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create (fixture->path, "Refractory pain cohort", &error);

  g_assert_no_error (error);
  fixture_fill (store);
  return store;
}
