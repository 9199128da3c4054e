/* A cohort file of any bytes: refused with one sentence and left as it is, or opened, loaded,
 * undone, searched and copied; whatever is done to it, it opens again. */
#include "fuzz.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "ktm-cohort.h"
#include "ktm-filter.h"
#include "ktm-share.h"
#include "ktm-store-private.h"

static char *folder, *path, *copy, *shared;

static void
clean (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);

      g_unlink (file);
    }
}

static void
remove_folder (void)
{
  clean ();
  g_rmdir (folder);
}

static void
prepare (const uint8_t *data, size_t size)
{
  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("ktm-fuzz-XXXXXX", NULL);
      path = g_build_filename (folder, "a.cohort", NULL);
      copy = g_build_filename (folder, "b.cohort", NULL);
      shared = g_build_filename (folder, "c.cohort", NULL);
      atexit (remove_folder);
    }
  clean ();
  if (!g_file_set_contents_full (path, (const char *) data, (gssize) size,
                                 G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    g_error ("no file to write");
}

static void
check_untouched (const uint8_t *data, size_t size)
{
  g_autofree char *now = NULL;
  gsize n;

  if (!g_file_get_contents (path, &now, &n, NULL) || n != size || memcmp (now, data, n) != 0)
    g_error ("a refused file was written to");
}

static gboolean
group_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autoptr (GError) error = NULL;
  gsize n;

  if (ktm_filter_set_group_json (filter, data, document->json, &error))
    g_free (ktm_filter_match (filter, data, &n));
  return TRUE;
}

/* What a window does with a cohort. */
static void
use (KtmStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_new_from_store (store, &error);
  KtmFrame *frame;
  gboolean done;

  if (cohort == NULL)
    g_error ("it opens but does not load: %s", error->message);
  frame = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL,
                                KTM_FRAME_TIMES | KTM_FRAME_CODES | KTM_FRAME_EVENTS
                                    | KTM_FRAME_TREATMENTS | KTM_FRAME_SAFETY);
  ktm_frame_unref (frame);
  ktm_store_read_documents (store, NULL, group_cb, cohort, &error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) step_error = NULL;
      g_autofree char *label = ktm_store_get_undo (store);

      done = i == 1 ? ktm_store_redo (store, &step_error) : ktm_store_undo (store, &step_error);

      fuzz_check_error (done, step_error);
      if (label != NULL && !g_utf8_validate (label, -1, NULL))
        g_error ("undo is called something no screen can show");
      if (done && !ktm_cohort_reload (cohort, &error))
        g_error ("after undo it does not load: %s", error->message);
    }
  g_clear_error (&error);
  if (!ktm_store_set_title (store, "New title", &error) && !ktm_store_get_read_only (store)
      && g_error_matches (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID))
    g_error ("it cannot be renamed: %s", error->message);
  g_clear_error (&error);
  done = ktm_store_save_copy (store, copy, &error);
  fuzz_check_error (done, error);
}

/* A copy for others of whatever it is. */
static void
share (KtmStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmShare) share =
      ktm_share_new (store, &(KtmShareOptions){ .has_seed = TRUE, .seed = 1 }, &error);
  gboolean done = share != NULL && ktm_share_write (share, shared, &error);

  fuzz_check_error (done, error);
}

static void
open_again (const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = ktm_store_open (file, FALSE, &error);

  if (store == NULL)
    g_error ("it does not open again: %s", error->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  KtmStore *store = ktm_store_open_bytes (bytes, &error);

  fuzz_check_error (store != NULL, error);
  ktm_store_close (store);
  g_clear_error (&error);
  prepare (data, size);
  store = ktm_store_open (path, FALSE, &error);
  fuzz_check_error (store != NULL, error);
  if (store == NULL)
    {
      check_untouched (data, size);
      return 0;
    }
  fuzz_accepted = TRUE;
  share (store);
  use (store);  /* closes it */
  open_again (path);
  if (g_file_test (copy, G_FILE_TEST_EXISTS))
    open_again (copy);
  if (g_file_test (shared, G_FILE_TEST_EXISTS))
    open_again (shared);
  return 0;
}
