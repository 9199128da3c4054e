/* app: the commands as a module of the program.  No GTK. */
#include "ktm-module.h"

#include "ktm-cli.h"
#include "ktm-locate.h"
#include "ktm-stats.h"

int
ktm_module_main (int argc, char **argv)
{
  gboolean handled;
  int status;

  ktm_stats_init ();
  ktm_locate_init ();
  status = ktm_cli_main (argc, argv, &handled);
  return handled ? status : KTM_MODULE_NOT_MINE;
}
