/* A process killed in the middle of saving leaves all of a transaction or nothing of it. */
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-fixture.h"

#define N_KILLS 12   /* ./dev soak asks for more: KTM_KILLS */
#define N_SCORES 4 /* each transaction rewrites all four and adds a patient with four */

/* Writes transactions until killed; each sets every score of K1 to the same new value. */
static void
write_until_killed (const char *path)
{
  KtmStore *store = ktm_store_open (path, FALSE, NULL);

  for (guint i = 0; store != NULL; i++)
    {
      g_autofree char *title = g_strdup_printf ("title %u", i);

      ktm_store_begin (store, NULL);
      for (guint visit = 0; visit < N_SCORES; visit++)
        ktm_store_put_score (store, &(KtmScoreRecord) { 2, 0, visit, visit, i % 11 }, NULL);
      for (guint j = 0; j < 200; j++)
        {
          g_autofree char *code = g_strdup_printf ("N%u-%u", i, j);

          ktm_store_put_patient (
              store,
              &(KtmPatientRecord){
                  .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
              NULL, NULL);
        }
      ktm_store_commit (store, NULL);
      ktm_store_set_title (store, title, NULL);
    }
  _exit (1);
}

static gboolean
same_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *score = record;

  if (score->patient == 2 && score->measure == 0)
    g_array_append_val (data, score->value);
  return TRUE;
}

static void
check (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = ktm_store_open (path, FALSE, &error);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

  g_assert_no_error (error);
  g_assert_cmpint ((ktm_store_count (store, "patient", &error) - 3) % 200, ==, 0);
  ktm_store_read_scores (store, same_cb, values, &error);
  g_assert_no_error (error);
  for (guint i = 1; values->len == N_SCORES && i < values->len; i++)
    g_assert_cmpfloat (g_array_index (values, double, i), ==, g_array_index (values, double, 0));
}

static void
test_kill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (136);
  const char *asked = g_getenv ("KTM_KILLS");
  guint n_kills = asked != NULL ? (guint) strtoul (asked, NULL, 10) : N_KILLS;

  ktm_store_close (fixture_create (fixture));
  for (guint i = 0; i < n_kills; i++)
    {
      pid_t pid = fork ();

      if (pid == 0)
        write_until_killed (fixture->path);
      g_usleep ((gulong) g_rand_int_range (rand, 8000, 60000));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      check (fixture->path);
      /* Codes start again at N0-0; make room. */
      fixture_exec (fixture->path, "DELETE FROM patient WHERE code LIKE 'N%'");
    }
}

/* A copy that is killed leaves the target as it was. */
static void
test_kill_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *target = fixture_file (fixture, "b.cohort");
  g_autofree char *before = NULL;
  KtmStore *store = fixture_create (fixture);

  ktm_store_save_copy (store, target, NULL);
  before = fixture_checksum (target);
  ktm_store_close (store);
  for (guint i = 0; i < 6; i++)
    {
      pid_t pid = fork ();
      g_autofree char *after = NULL;

      if (pid == 0)
        {
          store = ktm_store_open (fixture->path, TRUE, NULL);
          for (;;)
            ktm_store_save_copy (store, target, NULL);
        }
      g_usleep (9000 + 3001 * i);
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      after = fixture_checksum (target);
      g_assert_cmpstr (before, ==, after);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/crash/save", Fixture, NULL, fixture_set_up, test_kill, fixture_tear_down);
  g_test_add ("/store/crash/copy", Fixture, NULL, fixture_set_up, test_kill_copy,
              fixture_tear_down);
  return g_test_run ();
}
