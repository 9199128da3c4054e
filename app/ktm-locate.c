/* app: files of the program, installed or not. */
#include "ktm-locate.h"

#include "ktm-program.h"
#include "ktm-text.h"

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
  g_autofree char *dir = ktm_program_speak ();
  g_auto (GStrv) codes = g_strsplit (KTM_LINGUAS, " ", -1);

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
  if ((compiled = ktm_program_beside_build ("data/gschemas.compiled")))
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
