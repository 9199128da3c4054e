/* app: where the program starts. */
#include "ktm-application.h"
#include "ktm-cli.h"
#include "ktm-locate.h"
#include "ktm-stats.h"

int
main (int argc, char **argv)
{
  g_autoptr (KtmApplication) app = NULL;
  gboolean handled;
  int status;

  ktm_stats_init ();
  ktm_locate_init ();
  status = ktm_cli_main (argc, argv, &handled);
  if (handled)
    return status;
  app = ktm_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
