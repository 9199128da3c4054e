/* app: where the program starts. */
#include "ktm-application.h"
#ifdef KTM_WITH_CLI
#include "ktm-cli.h"
#endif
#include "ktm-locate.h"
#include "ktm-stats.h"

int
main (int argc, char **argv)
{
  g_autoptr (KtmApplication) app = NULL;

  ktm_stats_init ();
  ktm_locate_init ();
#ifdef KTM_WITH_CLI
  gboolean handled;
  int status = ktm_cli_main (argc, argv, &handled);

  if (handled)
    return status;
#endif
  app = ktm_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
