/* app: where the program starts: a command or the window, each a module with all it needs. */
#include <glib/gi18n.h>
#include <string.h>
#ifdef G_OS_UNIX
#include <sys/resource.h>
#endif

#include "ktm-module.h"
#include "ktm-program.h"

/* What a crash would leave on the disk is the memory of the program: the patients, too. */
static void
forbid_core_dumps (void)
{
#ifdef G_OS_UNIX
  setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });
#endif
}

/* Not an option, not obviously a file; the commands themselves know better. */
static gboolean
may_be_command (const char *word)
{
  return word[0] != '-' && strpbrk (word, "./:") == NULL;
}

static gboolean
is_one_of (const char *word, const char *option, const char *letter)
{
  return strcmp (word, option) == 0 || strcmp (word, letter) == 0;
}

/* NULL, and the loader knows why, when it is not there or lacks a library. */
static KtmModuleMain
load (const char *name)
{
  g_autofree char *path = ktm_program_module (name);
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  gpointer symbol = NULL;

  if (!module || !g_module_symbol (module, KTM_MODULE_MAIN, &symbol))
    return NULL;
  g_module_make_resident (module);  /* its types cannot be forgotten */
  return (KtmModuleMain) symbol;
}

static int
run_command (int argc, char **argv)
{
  KtmModuleMain commands = load (KTM_MODULE_COMMANDS);
  g_autofree char *dir = NULL;

  if (commands)
    return commands (argc, argv);
  dir = ktm_program_speak ();
  g_printerr (
      _("ketamine-viewer: The commands cannot be loaded (%s): install the program again.\n"),
      g_module_error ());
  return 1;
}

static int
run_window (int argc, char **argv)
{
  KtmModuleMain window = load (KTM_MODULE_WINDOW);
  char *help[] = { argv[0], (char *) "help", NULL };
  g_autofree char *dir = NULL;

  if (window)
    return window (argc, argv);
  if (argc > 1 && is_one_of (argv[1], "--help", "-h"))
    return run_command (2, help);
  dir = ktm_program_speak ();
  g_printerr (_("ketamine-viewer: The window cannot be loaded (%s): install GTK 4 and libadwaita. "
                "The commands work without them: see ketamine-viewer --help.\n"),
              g_module_error ());
  return 1;
}

int
main (int argc, char **argv)
{
  int status = KTM_MODULE_NOT_MINE;

  forbid_core_dumps ();
  if (argc > 1 && (may_be_command (argv[1]) || is_one_of (argv[1], "--version", "-V")))
    status = run_command (argc, argv);
  return status == KTM_MODULE_NOT_MINE ? run_window (argc, argv) : status;
}
