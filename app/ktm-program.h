/* Where the program runs from, and the language it speaks.  GLib only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file @rest of the build folder if the program runs from there, else NULL; owned. */
char *ktm_program_beside_build (const char *rest);

/* The path of a module (ktm-module.h), beside the program or where it was installed; owned. */
char *ktm_program_module (const char *name);

/* Sets the locale and the text domain; returns the folder of the catalogues, owned. */
char *ktm_program_speak (void);

G_END_DECLS
