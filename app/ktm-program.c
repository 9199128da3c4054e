/* app: where the program runs from. */
#include "ktm-program.h"

#include <gmodule.h>
#include <libintl.h>
#include <locale.h>

/* The folder of the running program; NULL where it cannot be known. */
static char *
program_dir (void)
{
  g_autofree char *exe = g_file_read_link ("/proc/self/exe", NULL);

  return exe ? g_path_get_dirname (exe) : NULL;
}

char *
ktm_program_beside_build (const char *rest)
{
  g_autofree char *dir = program_dir ();
  g_autofree char *path = dir ? g_build_filename (dir, "..", rest, NULL) : NULL;

  if (path && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  return NULL;
}

/* Installed, it is where it was put as seen from the program, whatever folder both were moved to.
 */
char *
ktm_program_module (const char *name)
{
  static const char *const from_program[] = { ".", KTM_MODULES_FROM_BIN };
  g_autofree char *dir = program_dir ();
  g_autofree char *file = g_strconcat (name, "." G_MODULE_SUFFIX, NULL);

  for (gsize i = 0; dir && i < G_N_ELEMENTS (from_program); i++)
    {
      g_autofree char *path = g_build_filename (dir, from_program[i], file, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return g_build_filename (KTM_MODULES, file, NULL);
}

char *
ktm_program_speak (void)
{
  g_autofree char *found = ktm_program_beside_build ("po/fr/LC_MESSAGES/" GETTEXT_PACKAGE ".mo");
  g_autofree char *dir = found ? ktm_program_beside_build ("po") : g_strdup (KTM_LOCALEDIR);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return g_steal_pointer (&dir);
}
