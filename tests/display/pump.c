/* tests: main loop and widgets. */
#include "pump.h"

#include "ktm-stats.h"

/* The wait is counted in turns of the main loop, not by the clock: a program that was stopped, or
 * one of many on a busy machine, is not late. */
#define TURN_MS 200
#define TURNS   (120 * 1000 / TURN_MS)

static gboolean
turn_cb (gpointer data)
{
  ++*(int *) data;
  return G_SOURCE_CONTINUE;
}

void
pump_until (PumpTest test, gpointer data, const char *what)
{
  int turns = 0;
  guint id = g_timeout_add (TURN_MS, turn_cb, &turns);

  while (!test (data) && turns < TURNS)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  if (turns == TURNS)
    g_error ("waited %d s for %s", TURNS * TURN_MS / 1000, what);
}

static gboolean
set_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

void
pump_idle (void)
{
  gboolean done = FALSE;

  g_timeout_add_full (G_PRIORITY_LOW, 40, set_cb, &done, NULL);
  pump_until (is_set, &done, "the main loop");
}

static gboolean
is_shown (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

GtkWindow *
pump_show (GtkWidget *child, int width, int height)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  pump_until (is_shown, child, "the window");
  return window;
}

GtkWidget *
pump_find (GtkWidget *root, GType type, gboolean (*test) (GtkWidget *, gpointer), gpointer data)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (!test || test (root, data)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = pump_find (child, type, test, data);

      if (found)
        return found;
    }
  return NULL;
}

void
pump_init (int *argc, char ***argv)
{
  gtk_test_init (argc, argv, NULL);
  adw_init ();
  ktm_stats_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  /* GLib 2.74 reads its table of content types anew, and loses the first (104 bytes in 6 pieces),
   * when the folders of types are asked for later than the first type, as GTK's file chooser does:
   * xdg_mime_set_dirs() frees nothing.  None of our code is on the stack of either xdg_mime_init().
   */
  g_content_type_get_mime_dirs ();
}

static GtkEventController *
controller_of (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller; /* the widget holds it */
    }
  g_error ("%s has no %s", G_OBJECT_TYPE_NAME (widget), g_type_name (type));
}

void
pump_motion (GtkWidget *widget, double x, double y)
{
  g_signal_emit_by_name (controller_of (widget, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", x, y);
}

void
pump_click (GtkWidget *widget, double x, double y)
{
  GtkEventController *click = controller_of (widget, GTK_TYPE_GESTURE_CLICK);

  g_signal_emit_by_name (click, "pressed", 1, x, y);
  g_signal_emit_by_name (click, "released", 1, x, y);
}

gboolean
pump_key (GtkWidget *widget, guint keyval, GdkModifierType state)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (controller_of (widget, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed",
                         keyval, 0, state, &handled);
  return handled;
}
