/* The two modules of the program: its commands and its window.  Only one of them is loaded in a
 * process, so that a command needs no toolkit. */
#pragma once

#include <gmodule.h>

#define KTM_MODULE_COMMANDS "ketamine-viewer-commands"
#define KTM_MODULE_WINDOW "ketamine-viewer-window"

/* What both export. */
#define KTM_MODULE_MAIN "ktm_module_main"

/* Returned by the commands when the arguments name none of them. */
#define KTM_MODULE_NOT_MINE (-1)

/* Runs with the arguments of main(); returns the exit status. */
typedef int (*KtmModuleMain) (int argc, char **argv);

G_MODULE_EXPORT int ktm_module_main (int argc, char **argv);
