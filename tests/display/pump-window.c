/* tests: the program's window. */
#include "pump-window.h"

#include <glib/gstdio.h>

static KtmApplication *app;

void
pump_app_init (int *argc, char ***argv)
{
  pump_init (argc, argv);
  app = ktm_application_new ();
  g_application_set_flags (G_APPLICATION (app),
                           G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_assert_true (g_application_register (G_APPLICATION (app), NULL, NULL));
}

int
pump_app_run (void)
{
  int status = g_test_run ();

  g_clear_object (&app);
  return status;
}

/* --- one window ------------------------------------------------------------------------------- */

static gboolean
is_settled (gpointer window)
{
  return !ktm_window_is_busy (window) && !ktm_window_is_empty (window);
}

void
pump_settle (KtmWindow *window)
{
  pump_idle ();
  pump_until (is_settled, window, "the window to settle");
}

KtmWindow *
pump_new_window (int width, int height)
{
  KtmWindow *window = ktm_window_new (app);

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

KtmWindow *
pump_open (const char *path, int width, int height)
{
  KtmWindow *window = pump_new_window (width, height);
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  ktm_window_open (window, file);
  pump_settle (window);
  return window;
}

void
pump_act (KtmWindow *window, const char *action, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), action, parameter);
  pump_settle (window);
}

void
pump_page (KtmWindow *window, const char *page)
{
  pump_act (window, "page", g_variant_new_string (page));
}

void
pump_close (KtmWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  pump_idle ();
}

/* --- what is found in it and above it --------------------------------------------------------- */

gboolean
pump_is_mapped (GtkWidget *widget, gpointer unused G_GNUC_UNUSED)
{
  return gtk_widget_get_mapped (widget);
}

KtmBoardPage *
pump_board (KtmWindow *window)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, pump_is_mapped, NULL);

  g_assert_nonnull (page);
  return KTM_BOARD_PAGE (page);
}

GtkWindow *
pump_find_top (GType type)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr (GtkWindow) top = g_list_model_get_item (tops, i);

      if (g_type_is_a (G_OBJECT_TYPE (top), type) && gtk_widget_get_mapped (GTK_WIDGET (top)))
        return top; /* GTK holds it */
    }
  return NULL;
}

static gboolean
is_there (gpointer type)
{
  return pump_find_top (*(GType *) type) != NULL;
}

GtkWindow *
pump_wait_top (GType type)
{
  pump_until (is_there, &type, g_type_name (type));
  return pump_find_top (type);
}

/* --- files ------------------------------------------------------------------------------------ */

char *
pump_new_path (const char *name)
{
  g_autofree char *dir = g_dir_make_tmp ("ketamine-viewer-XXXXXX", NULL);

  return g_build_filename (dir, name, NULL);
}

char *
pump_copy_sample (void)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data (
      "/org/ketamine/Viewer/sample.cohort", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  char *path = pump_new_path ("copy.cohort");

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  return path;
}

void
pump_remove (char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  g_free (path);
}
