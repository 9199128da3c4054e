/* app: the window as a module of the program. */
#include "ktm-module.h"

#include "ktm-application.h"
#include "ktm-locate.h"
#include "ktm-stats.h"

int
ktm_module_main (int argc, char **argv)
{
  g_autoptr (KtmApplication) app = NULL;

  ktm_stats_init ();
  ktm_locate_init ();
  app = ktm_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
