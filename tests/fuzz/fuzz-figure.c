/* A file that may be a PNG, SVG or PDF with a recipe in it. */
#define _GNU_SOURCE  /* memfd_create */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ktm-chart.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int fd = memfd_create ("figure", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  KtmRecipe *recipe;

  if (fd < 0 || write (fd, data, size) != (ssize_t) size)
    g_error ("no file in memory");
  recipe = ktm_recipe_from_file (path, &error);
  fuzz_check_error (recipe != NULL, error);
  fuzz_accepted = recipe != NULL;
  ktm_recipe_free (recipe);
  close (fd);
  return 0;
}
