/* Where the program's own files are: installed, or beside the build it was started from.  No GTK.
 */
#pragma once

#include <gio/gio.h>

/* Sets the text domain and makes the figure languages known.  Once, first thing in main(). */
void ktm_locate_init (void);

/* The settings of the program; shared, borrowed. */
GSettings *ktm_settings (void);
