/* A process killed at a random moment of everything that writes: the file opens again as it was
 * before or as it should be after, and nothing lies about that the next one does not tidy up. */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-deeds.h"

#define N_KILLS 24   /* of all deeds together; ./dev soak asks for more: KTM_KILLS */
#define N_ROWS 1500

/* How long the deed takes here and now, in microseconds. */
static gint64
duration (const Scene *scene, Run *run)
{
  gint64 start;

  scene_reset (scene, run);
  start = g_get_monotonic_time ();
  g_assert_true (scene->deed->act (run, NULL));
  return g_get_monotonic_time () - start;
}

/* TRUE when the deed was done before the kill came. */
static gboolean
kill_once (const Scene *scene, Run *run, gint64 wait)
{
  int status;
  pid_t pid;

  scene_reset (scene, run);
  pid = fork ();
  if (pid == 0)
    _exit (scene->deed->act (run, NULL) ? 0 : 1);
  g_usleep ((gulong) wait);
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
  return !WIFSIGNALED (status);
}

static void
check_opens (const Scene *scene, Run *run, gboolean migrated)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = NULL;

  if (migrated)
    g_assert_true (scene->deed->act (run, &error));
  else
    store = ktm_store_open (run->fixture->path, FALSE, &error);
  g_assert_no_error (error);
}

/* "a" or "b": before or after. */
static char
check (const Scene *scene, Run *run, gboolean done)
{
  gboolean second = scene->deed->makes_file;
  gboolean there = g_file_test (run->copy, G_FILE_TEST_EXISTS);
  gboolean create = g_str_equal (scene->deed->name, "create");
  g_autofree char *now = NULL;
  gboolean after;

  if (second && !there)
    {
      g_assert_false (done);
      return 'b';
    }
  if (create && !done)  /* an empty cohort that was never whole is refused, and not in use */
    return 'b';
  now = deed_contents (second ? run->copy : run->fixture->path);
  after = g_strcmp0 (now, scene->after) == 0;
  if (second || done)
    g_assert_cmpstr (now, ==, scene->after);
  else if (!after)
    g_assert_cmpstr (now, ==, scene->before);
  check_opens (scene, run, after && g_str_equal (scene->deed->name, "migrate"));
  return after ? 'a' : 'b';
}

static void
test_kill (Fixture *fixture, gconstpointer data)
{
  const char *asked = g_getenv ("KTM_KILLS");
  guint n = (asked != NULL ? (guint) strtoul (asked, NULL, 10) : N_KILLS) / N_DEEDS;
  g_autoptr (GRand) rand = g_rand_new ();
  guint n_after = 0, n_before = 0;
  gint64 length;
  Scene scene;
  Run run;

  run_init (&run, fixture, N_ROWS);
  scene_init (&scene, data, &run);
  length = duration (&scene, &run);
  for (guint i = 0; i < MAX (n, 2); i++)
    {
      gint64 wait = (gint64) g_rand_double_range (rand, 0, 1.5 * (double) length);
      gboolean after = check (&scene, &run, kill_once (&scene, &run, wait)) == 'a';

      /* As many on either side: the moments around the commit are the ones to hit. */
      length = (gint64) ((double) length * (after ? 0.9 : 1.1)) + 50;
      n_after += after;
      n_before += !after;
    }
  g_test_message ("%s: %u times as before, %u times done", scene.deed->name, n_before, n_after);
  scene_clear (&scene);
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < N_DEEDS; i++)
    {
      g_autofree char *path = g_strconcat ("/store/kill/", deeds[i].name, NULL);

      g_test_add (path, Fixture, &deeds[i], fixture_set_up, test_kill, fixture_tear_down);
    }
  return g_test_run ();
}
