/* app: where the program starts. */
#include "ktm-application.h"
#include "ktm-cli.h"
#include "ktm-locate.h"
#include "ktm-stats.h"

#include <glib.h>
#ifdef G_OS_UNIX
#include <sys/resource.h>
#endif

/* What a crash would leave on the disk is the memory of the program: the patients, too. */
static void
forbid_core_dumps (void)
{
#ifdef G_OS_UNIX
  setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });
#endif
}

int
main (int argc, char **argv)
{
  g_autoptr (KtmApplication) app = NULL;
  gboolean handled;
  int status;

  forbid_core_dumps ();
  ktm_stats_init ();
  ktm_locate_init ();
  status = ktm_cli_main (argc, argv, &handled);
  if (handled)
    return status;
  app = ktm_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
