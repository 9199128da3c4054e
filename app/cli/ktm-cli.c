/* app/cli: which command, and how commands fail. */
#include "ktm-cli.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *name;
  int       (*run) (int argc, char **argv);
} Command;

/* What the window's --help says of the commands, also where there is no window. */
static int
print_help (int argc, char **argv)
{
  g_autofree char *help = g_strconcat (ktm_cli_commands_help (), "\n", NULL);

  return ktm_cli_write (help);
}

static const Command commands[] = {
  { "analyze", ktm_cli_analyze },
  { "import", ktm_cli_import },
  { "chart", ktm_cli_chart },
  { "report", ktm_cli_document },
  { "info", ktm_cli_info },
  { "list", ktm_cli_list },
  { "share", ktm_cli_share },
  { "help", print_help },
};

const char *
ktm_cli_commands_help (void)
{
  return _("Commands that need no display (--help on each says more):\n"
           "  import SOURCE… --into COHORT       Read tables into a cohort file\n"
           "  info COHORT                        Say what a cohort holds\n"
           "  analyze ANALYSIS COHORT            Print an analysis as text, JSON or CSV\n"
           "  chart CHART COHORT --output FILE   Draw a figure as PNG, SVG or PDF\n"
           "  report COHORT --output FILE.pdf    Write tables, figures and methods as one PDF\n"
           "  list analyses|charts               Say which analyses and charts there are\n"
           "  share COHORT --output COPY         Make a copy for other people");
}

/* A word that is neither an option nor a file can only be meant as a command. */
static gboolean
is_unknown_command (const char *word)
{
  return word[0] != '-' && strpbrk (word, "./:") == NULL && !g_file_test (word, G_FILE_TEST_EXISTS);
}

/* Also where the window, which knows the option too, cannot be loaded. */
static gboolean
asks_for_version (const char *word)
{
  return strcmp (word, "--version") == 0 || strcmp (word, "-V") == 0;
}

int
ktm_cli_main (int argc, char **argv, gboolean *handled)
{
  if ((*handled = argc == 2 && asks_for_version (argv[1])))
    return ktm_cli_write ("ketamine-viewer " KTM_VERSION "\n");
  *handled = argc > 1 && is_unknown_command (argv[1]);
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      {
        g_autofree char *name = g_strconcat ("ketamine-viewer ", argv[1], NULL);

        *handled = TRUE;
        g_set_prgname (name);  /* what --help calls the command */
        return commands[i].run (argc - 1, argv + 1);
      }
  return *handled ? ktm_cli_fail (
             KTM_CLI_USAGE, _("“%s” is neither a command nor a file; see ketamine-viewer --help."),
             argv[1])
                  : KTM_CLI_DONE;
}

int
ktm_cli_fail (int status, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (message, "\n\r", ' ');
  g_printerr ("ketamine-viewer: %s\n", message);
  return status;
}

int
ktm_cli_fail_error (const GError *error)
{
  return ktm_cli_fail (error->domain == G_OPTION_ERROR ? KTM_CLI_USAGE : KTM_CLI_REFUSED, "%s",
                       error->message);
}

int
ktm_cli_write (const char *text)
{
  if (fputs (text, stdout) < 0 || fflush (stdout) != 0)
    return ktm_cli_fail (KTM_CLI_REFUSED, "%s",
                         _("The result could not be written to standard output."));
  return KTM_CLI_DONE;
}

const KtmLang *
ktm_cli_lang (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] != NULL ? ktm_lang_find (names[0]) : NULL;
}
