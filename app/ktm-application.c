/* app: application, its actions and options. */
#include "ktm-application.h"
#include "ktm-cli.h"

#include <glib/gi18n.h>

#include "ktm-locate.h"
#include "ktm-preload.h"
#include "ktm-preferences.h"
#include "ktm-shot.h"
#include "ktm-window.h"

#define N_RECENT 8

struct _KtmApplication
{
  AdwApplication parent_instance;
  KtmShot       *shot; /* owned; NULL but for --screenshot */
  gboolean       started, sample;
  char          *expected; /* owned; the cohort to be opened, NULL: none */
};

G_DEFINE_FINAL_TYPE (KtmApplication, ktm_application, ADW_TYPE_APPLICATION)

/* The window to work in: the active one, else a new one. */
static KtmWindow *
a_window (KtmApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  return KTM_IS_WINDOW (window) ? KTM_WINDOW (window) : ktm_window_new (self);
}

/* A window that may be given a cohort: an empty one, else a new one. */
static KtmWindow *
a_free_window (KtmApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l; l = l->next)
    if (KTM_IS_WINDOW (l->data) && ktm_window_is_empty (l->data))
      return l->data;
  return ktm_window_new (self);
}

static void
present (KtmWindow *window)
{
  gtk_window_present (GTK_WINDOW (window));
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *window = a_window (data);

  present (window);
  ktm_window_choose_file (window);
}

static void
open_path_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *window = a_window (data);
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  present (window);
  ktm_window_open (window, file);
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *window = a_window (data);

  present (window);
  ktm_window_import (window, NULL);
}

static void
sample_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *window = a_window (data);

  present (window);
  ktm_window_open (window, NULL);
}

static void
new_window_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  present (ktm_window_new (data));
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_preferences_present (GTK_WINDOW (a_window (data)));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (
      GTK_WINDOW (a_window (data)), "application-name", _("Ketamine Viewer"), "application-icon",
      "org.ketamine.Viewer", "version", KTM_VERSION, "developer-name",
      _("The Ketamine Viewer developers"), "license-type", GTK_LICENSE_GPL_3_0, "comments",
      _("How chronic pain patients fare in the months after ketamine.\n\nFor research on groups "
         "of "
         "patients. Not a medical device: no advice for one patient, no alarm, no dose."),
      /* Translators: your names, one a line. */
      "translator-credits", _("translator-credits"), NULL);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  /* Closing, not g_application_quit(): each window saves its state. */
  for (GList *l = windows; l; l = l->next)
    gtk_window_close (l->data);
  g_list_free (windows);
}

static void
apply_theme_cb (GSettings *settings, const char *key, gpointer data)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[g_settings_get_enum (settings, "theme") % 3]);
}

static void
add_actions (KtmApplication *self)
{
  static const GActionEntry entries[] = {
    { "open", open_cb },
    { "open-path", open_path_cb, "s" },
    { "import", import_cb },
    { "sample", sample_cb },
    { "new-window", new_window_cb },
    { "preferences", preferences_cb },
    { "about", about_cb },
    { "quit", quit_cb },
  };
  static const struct { const char *action, *accels[3];
  } keys[] = {
    { "app.open", { "<Ctrl>o" } },
    { "app.import", { "<Ctrl>i" } },
    { "app.new-window", { "<Ctrl>n" } },
    { "app.preferences", { "<Ctrl>comma" } },
    { "app.quit", { "<Ctrl>q" } },
    { "window.close", { "<Ctrl>w" } },
    { "win.export", { "<Ctrl>e" } },
    { "win.print::", { "<Ctrl>p" } },
    { "win.add-to-deck", { "<Ctrl>d" } },
    { "win.present", { "F5" } },
    { "win.save-copy", { "<Ctrl><Shift>s" } },
    { "win.undo", { "<Ctrl>z" } },
    { "win.redo", { "<Ctrl><Shift>z", "<Ctrl>y" } },
    { "win.search", { "<Ctrl>f" } },
    { "win.clear-filter", { "<Ctrl><Shift>a" } },
    { "win.sidebar", { "F9" } },
    { "win.pane", { "<Ctrl>F9" } },
    { "win.whole-page", { "F11" } },
    { "win.next-patient", { "<Alt>Down" } },
    { "win.previous-patient", { "<Alt>Up" } },
    { "win.show-help-overlay", { "<Ctrl>question", "<Ctrl>F1" } },
    { "win.next-part(true)", { "F6" } },
    { "win.next-part(false)", { "<Shift>F6" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action, keys[i].accels);
  for (int i = 1; i <= 9; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.nth-page(%d)", i);
      g_autofree char *key = g_strdup_printf ("<Alt>%d", i);

      gtk_application_set_accels_for_action (GTK_APPLICATION (self), action,
                                             (const char *[]){ key, NULL });
    }
}

/* What the person had open, if she asked for it and it is still there. */
static gboolean
reopen (KtmApplication *self, KtmWindow *window)
{
  g_auto (GStrv) recent = g_settings_get_strv (ktm_settings (), "recent");
  g_autoptr (GFile) file = NULL;

  if (!g_settings_get_boolean (ktm_settings (), "reopen-last") || !recent[0]
      || !g_file_test (recent[0], G_FILE_TEST_IS_REGULAR))
    return FALSE;
  file = g_file_new_for_path (recent[0]);
  ktm_window_present_with (window, file);
  return TRUE;
}

static void
ktm_application_activate (GApplication *app)
{
  KtmApplication *self = KTM_APPLICATION (app);
  KtmWindow *window = a_window (self);

  if (self->shot)
    ktm_shot_take (self->shot, window);
  if (!self->started && self->sample)
    ktm_window_present_with (window, NULL);
  else if (self->started || self->shot || !reopen (self, window))
    present (window);
  self->started = TRUE;
  ktm_preload_drop ();
}

static void
ktm_application_open (GApplication *app, GFile **files, int n_files, const char *hint)
{
  KtmApplication *self = KTM_APPLICATION (app);

  self->started = TRUE;
  for (int i = 0; i < n_files; i++)
    {
      KtmWindow *window = a_free_window (self);

      if (self->shot && i == 0)
        ktm_shot_take (self->shot, window);
      ktm_window_present_with (window, files[i]);
    }
  ktm_preload_drop (); /* taken, or not what was expected */
}

static void
read_icons_cb (GTask *task, gpointer theme, gpointer data, GCancellable *cancellable)
{
  gtk_icon_theme_has_icon (theme, "open-menu-symbolic");
  g_task_return_boolean (task, TRUE);
}

/* The icon theme forgets what it has read when libadwaita adds its own icons, and would read it
 * again when the window asks for its first one: rather beside the building of the window. */
static void
read_icons (void)
{
  g_autoptr (GTask) task =
      g_task_new (gtk_icon_theme_get_for_display (gdk_display_get_default ()), NULL, NULL, NULL);

  g_task_run_in_thread (task, read_icons_cb);
}

/* The toolkit takes longer to start than a cohort to be read: both at once. */
static void
ktm_application_startup (GApplication *app)
{
  KtmApplication *self = KTM_APPLICATION (app);

  if (self->expected || self->sample)
    ktm_preload_start (self->expected);
  G_APPLICATION_CLASS (ktm_application_parent_class)->startup (app);
  read_icons ();
  gtk_window_set_default_icon_name ("org.ketamine.Viewer");
  add_actions (KTM_APPLICATION (app));
  g_signal_connect_object (ktm_settings (), "changed::theme", G_CALLBACK (apply_theme_cb), app, 0);
  apply_theme_cb (ktm_settings (), "theme", app);
}

void
ktm_application_expect (KtmApplication *self, const char *argument)
{
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (KTM_IS_APPLICATION (self) && argument);
  if (*argument == '-' || !g_str_has_suffix (argument, ".cohort"))
    return;
  file = g_file_new_for_commandline_arg (argument);
  g_free (self->expected);
  self->expected = g_file_get_path (file);
}

static gboolean
ktm_application_local_command_line (GApplication *app, char ***arguments, int *status)
{
  guint n = g_strv_length (*arguments);

  if (n > 1)
    ktm_application_expect (KTM_APPLICATION (app), (*arguments)[n - 1]);
  return G_APPLICATION_CLASS (ktm_application_parent_class)
      ->local_command_line (app, arguments, status);
}

static int
ktm_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  KtmApplication *self = KTM_APPLICATION (app);
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("ketamine-viewer %s\n", KTM_VERSION);
      return 0;
    }
  self->sample = g_variant_dict_contains (options, "sample");
  if (g_variant_dict_contains (options, "screenshot"))
    {
      self->shot = ktm_shot_new (options, &error);
      if (!self->shot)
        {
          g_printerr ("ketamine-viewer: %s\n", error->message);
          return 2;
        }
      g_application_set_flags (app, g_application_get_flags (app) | G_APPLICATION_NON_UNIQUE);
    }
  if (!gtk_init_check ())
    {
      g_printerr ("ketamine-viewer: %s\n",
                  _("There is no display to open a window on; the commands work without one: see "
                     "ketamine-viewer --help."));
      return 1;
    }
  return -1;
}

static void
ktm_application_dispose (GObject *object)
{
  KtmApplication *self = KTM_APPLICATION (object);

  g_clear_pointer (&self->shot, ktm_shot_free);
  g_clear_pointer (&self->expected, g_free);
  ktm_preload_drop ();
  G_OBJECT_CLASS (ktm_application_parent_class)->dispose (object);
}

static void
ktm_application_class_init (KtmApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_application_dispose;
  app_class->activate = ktm_application_activate;
  app_class->open = ktm_application_open;
  app_class->startup = ktm_application_startup;
  app_class->local_command_line = ktm_application_local_command_line;
  app_class->handle_local_options = ktm_application_handle_local_options;
}

static void
ktm_application_init (KtmApplication *self)
{
  static const GOptionEntry entries[] = {
    { "version", 'V', 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and leave"), NULL },
    { "sample", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open the simulated sample cohort"), NULL },
    KTM_SHOT_OPTIONS,
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[COHORT]"));
  g_application_set_option_context_description (G_APPLICATION (self), ktm_cli_commands_help ());
}

KtmApplication *
ktm_application_new (void)
{
  return g_object_new (KTM_TYPE_APPLICATION,
                       "application-id", "org.ketamine.Viewer",
                       "resource-base-path", "/org/ketamine/Viewer",
                       "flags", G_APPLICATION_HANDLES_OPEN, NULL);
}

/* The chooser of files tells the desktop what was chosen in it. */
static void
forget (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  if (uri)
    gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, NULL);
}

void
ktm_application_remember (KtmApplication *self, const char *path)
{
  g_auto (GStrv) before = g_settings_get_strv (ktm_settings (), "recent");
  g_autoptr (GPtrArray) now = g_ptr_array_new ();

  g_return_if_fail (KTM_IS_APPLICATION (self) && path);
  if (!g_settings_get_boolean (ktm_settings (), "remember-recent"))
    {
      forget (path);
      return;
    }
  g_ptr_array_add (now, (gpointer) path);
  for (char **p = before; *p && now->len < N_RECENT; p++)
    if (strcmp (*p, path))
      g_ptr_array_add (now, *p);
  g_ptr_array_add (now, NULL);
  g_settings_set_strv (ktm_settings (), "recent", (const char *const *) now->pdata);
}
