/* A mapping file: what is understood can be written and reads back the same. */
#include "fuzz.h"

#include <string.h>

#include "ktm-mapping.h"

static char *
saved (const KtmMapping *mapping)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  ktm_mapping_save (mapping, file, "a.csv");
  return g_key_file_to_data (file, NULL, NULL);
}

static void
check_round (const KtmMapping *mapping)
{
  g_autofree char *once = saved (mapping), *twice = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (KtmMapping) again = ktm_mapping_new ();
  g_autoptr (GError) error = NULL;

  if (!g_key_file_load_from_data (file, once, strlen (once), G_KEY_FILE_NONE, &error))
    g_error ("what was saved is no key file: %s", error->message);
  if (g_key_file_has_group (file, "a.csv") && !ktm_mapping_load (again, file, "a.csv", &error))
    g_error ("what was saved is not understood: %s\n%s", error->message, once);
  twice = saved (again);
  if (strcmp (once, twice) != 0)
    g_error ("saved and read again it differs:\n%s\n%s", once, twice);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) sections = NULL;

  if (!g_key_file_load_from_data (file, (const char *) data, size, G_KEY_FILE_NONE, NULL))
    return 0;
  sections = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; sections[i] != NULL; i++)
    {
      g_autoptr (KtmMapping) mapping = ktm_mapping_new ();
      g_autoptr (GError) error = NULL;
      gboolean done = ktm_mapping_load (mapping, file, sections[i], &error);

      fuzz_check_error (done, error);
      fuzz_accepted |= done;
      if (done)
        check_round (mapping);
    }
  return 0;
}
