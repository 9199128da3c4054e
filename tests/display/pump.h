/* Turning the main loop in tests of widgets: until something is so, or it has taken too long. */
#pragma once

#include <adwaita.h>

typedef gboolean (*PumpTest) (gpointer data);

/* Fails the test after two minutes of turning the main loop: a search under a sanitizer on a loaded
 * machine takes its time. */
void       pump_until (PumpTest test, gpointer data, const char *what);
void       pump_idle  (void);   /* what is waiting now, and one frame more */
/* A window that shows @child, mapped and sized. */
GtkWindow *pump_show  (GtkWidget *child, int width, int height);

/* The first descendant of @root that is a @type and passes @test (NULL: any). */
GtkWidget *
pump_find (GtkWidget *root, GType type, gboolean (*test) (GtkWidget *, gpointer), gpointer data);
/* gtk_test_init, libadwaita, resources; then g_test_run() as usual. */
void       pump_init  (int *argc, char ***argv);

/* Pointer and keys by a widget's own controllers. */
void       pump_motion (GtkWidget *widget, double x, double y);
void       pump_click  (GtkWidget *widget, double x, double y);
gboolean   pump_key    (GtkWidget *widget, guint keyval, GdkModifierType state);
