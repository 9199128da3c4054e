/* Runs a target over the files of the folders named: the corpus, without libFuzzer or clang.  A
 * file named alone is a way to look at one finding. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* As a copy of exactly the file's size, so that AddressSanitizer sees a step beyond its end. */
static void
replay (const char *path)
{
  g_autofree char *contents = NULL, *name = g_path_get_basename (path);
  g_autoptr (GError) error = NULL;
  gsize size;
  uint8_t *exact;

  if (!g_file_get_contents (path, &contents, &size, &error))
    g_error ("%s", error->message);
  exact = malloc (size > 0 ? size : 1);
  memcpy (exact, contents, size);
  g_print ("# %s, %" G_GSIZE_FORMAT " bytes\n", path, size);
  fuzz_accepted = FALSE;
  LLVMFuzzerTestOneInput (exact, size);
  if (g_str_has_prefix (name, "good-") && !fuzz_accepted)
    g_error ("%s is refused: what it was made for has changed, make it anew", name);
  free (exact);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static guint
replay_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (dir == NULL)
    {
      replay (folder);
      return 1;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, by_name);
  for (guint i = 0; i < names->len; i++)
    replay (names->pdata[i]);
  return names->len;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += replay_folder (argv[i]);
  g_print ("1..1\n%s 1 - %u files replayed\n", n > 0 ? "ok" : "not ok", n);
  return n > 0 ? 0 : 1;
}
