/* app: files of the program, installed or not. */
#include "ktm-locate.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "ktm-text.h"

/* The folder of the running program; NULL where it cannot be known. */
static char *
program_dir (void)
{
  g_autofree char *exe = g_file_read_link ("/proc/self/exe", NULL);

  return exe ? g_path_get_dirname (exe) : NULL;
}

/* @dir/../@rest if it is there: then the program runs from its build folder. */
static char *
beside_build (const char *rest)
{
  g_autofree char *dir = program_dir ();
  g_autofree char *path = dir ? g_build_filename (dir, "..", rest, NULL) : NULL;

  if (path && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  return NULL;
}

/* Figures and reports speak languages other than the interface's: they read the catalogues
 * themselves. */
static void
register_language (const char *dir, const char *code)
{
  g_autofree char *path = g_build_filename (dir, code, "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);

  if (!file || !g_mapped_file_get_length (file))
    return;
  ktm_lang_register (code, g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
  g_steal_pointer (&file); /* lives as long as the program */
}

void
ktm_locate_init (void)
{
  g_autofree char *found = beside_build ("po/fr/LC_MESSAGES/" GETTEXT_PACKAGE ".mo");
  g_autofree char *dir = found ? beside_build ("po") : g_strdup (KTM_LOCALEDIR);
  g_auto (GStrv) codes = g_strsplit (KTM_LINGUAS, " ", -1);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  for (char **code = codes; *code; code++)
    register_language (dir, *code);
}

GSettings *
ktm_settings (void)
{
  static GSettings *settings;
  g_autofree char *compiled = NULL;
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (settings)
    return settings;
  if ((compiled = beside_build ("data/gschemas.compiled")))
    {
      g_autofree char *dir = g_path_get_dirname (compiled);

      source = g_settings_schema_source_new_from_directory (
          dir, g_settings_schema_source_get_default (), TRUE, NULL);
    }
  if (source)
    schema = g_settings_schema_source_lookup (source, "org.ketamine.Viewer", TRUE);
  settings =
      schema ? g_settings_new_full (schema, NULL, NULL) : g_settings_new ("org.ketamine.Viewer");
  return settings;
}
