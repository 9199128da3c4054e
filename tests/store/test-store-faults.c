/* Every operation on the disk fails once, at every point of everything that writes: the file then
 * holds all of the change or nothing of it, and one sentence said so. */
#include <locale.h>
#include <string.h>

#include "fault-vfs.h"
#include "store-deeds.h"

#define STEP 9 /* every so manieth operation; ./dev soak asks for all: KTM_FAULTS=1 */

typedef struct { const Deed *deed; Fault fault; } Case;

static void
assert_sentence (Run *run, const GError *error)
{
  g_assert_nonnull (error);
  g_assert_null (strstr (error->message, run->fixture->folder));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (strstr (error->message, "SQL"));
  g_assert_null (strchr (error->message, '\n'));
}

/* The name a rename gives is the disk's, not SQLite's: a second file is whole or not there. */
static void
check_new_file (Run *run, const Scene *scene, gboolean done)
{
  g_autofree char *now = deed_contents (run->fixture->path);

  g_assert_cmpstr (now, ==, scene->before);
  g_assert_cmpint (g_file_test (run->copy, G_FILE_TEST_EXISTS), ==, done);
  if (done)
    {
      g_autofree char *made = deed_contents (run->copy);

      g_assert_cmpstr (made, ==, scene->after);
    }
}

static void
check (Run *run, const Scene *scene, Fault fault, gboolean done, const GError *error)
{
  g_autofree char *now = NULL;

  if (!done)
    assert_sentence (run, error);
  else
    g_assert_null (error);
  if (scene->deed->makes_file)
    check_new_file (run, scene, done);
  else
    {
      now = deed_contents (run->fixture->path);
      g_assert_cmpstr (now, ==, done ? scene->after : scene->before);
    }
  if (!g_str_equal (scene->deed->name, "migrate") || !done)
    {
      g_autoptr (GError) open_error = NULL;
      g_autoptr (KtmStore) store = ktm_store_open (run->fixture->path, FALSE, &open_error);

      g_assert_no_error (open_error);
    }
  if (fault != FAULT_VANISH)  /* nothing can be tidied up on a share that is gone */
    deed_check_files (run, done);
}

static void
test_fault (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  gint step = g_getenv ("KTM_FAULTS") != NULL ? 1 : STEP, n = 0;
  Scene scene;
  Run run;

  run_init (&run, fixture, 6);
  scene_init (&scene, c->deed, &run);
  for (gboolean struck = TRUE; struck; n += n < 6 ? 1 : step)
    {
      g_autoptr (GError) error = NULL;
      gboolean done;

      scene_reset (&scene, &run);
      fault_vfs_arm (c->fault, n);
      done = c->deed->act (&run, &error);
      struck = fault_vfs_struck ();
      fault_vfs_arm (c->fault, -1);
      if (error != NULL && n == 0)
        g_test_message ("%s", error->message);
      check (&run, &scene, c->fault, done, error);
      g_assert_true (done || struck);
    }
  g_test_message ("%s: up to operation %d", c->deed->name, n);
  scene_clear (&scene);
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  static const char *const names[N_FAULTS] = { "full", "write", "sync", "read", "vanish" };
  static Case cases[N_DEEDS * N_FAULTS];

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  fault_vfs_register ();
  for (gsize i = 0; i < N_DEEDS; i++)
    for (Fault fault = 0; fault < N_FAULTS; fault++)
      {
        g_autofree char *path =
            g_strdup_printf ("/store/faults/%s/%s", deeds[i].name, names[fault]);
        Case *c = &cases[i * N_FAULTS + fault];

        *c = (Case) { &deeds[i], fault };
        g_test_add (path, Fixture, c, fixture_set_up, test_fault, fixture_tear_down);
      }
  return g_test_run ();
}
