/* app: the window. */
#include "ktm-window.h"

#include <glib/gi18n.h>

#include "ktm-empty-page.h"
#include "ktm-locate.h"

struct _KtmWindow
{
  AdwApplicationWindow parent_instance;
  AdwToastOverlay     *toasts;
  GtkStack            *root_stack, *title_stack, *pages;
  KtmEmptyPage        *empty_page;
};

G_DEFINE_FINAL_TYPE (KtmWindow, ktm_window, ADW_TYPE_APPLICATION_WINDOW)

static void
save_state (KtmWindow *self)
{
  GSettings *settings = ktm_settings ();
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
ktm_window_close_request (GtkWindow *window)
{
  save_state (KTM_WINDOW (window));
  return GTK_WINDOW_CLASS (ktm_window_parent_class)->close_request (window);
}

static void
ktm_window_class_init (KtmWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  GTK_WINDOW_CLASS (klass)->close_request = ktm_window_close_request;
  g_type_ensure (KTM_TYPE_EMPTY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ketamine/Viewer/ktm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, empty_page);
}

static void
ktm_window_init (KtmWindow *self)
{
  GSettings *settings = ktm_settings ();
  g_auto (GStrv) recent = g_settings_get_strv (settings, "recent");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  ktm_empty_page_set_recent (self->empty_page, (const char *const *) recent);
}

KtmWindow *
ktm_window_new (KtmApplication *app)
{
  return g_object_new (KTM_TYPE_WINDOW, "application", app, NULL);
}

gboolean
ktm_window_is_empty (KtmWindow *self)
{
  return TRUE;
}

gboolean
ktm_window_is_busy (KtmWindow *self)
{
  return FALSE;
}

void
ktm_window_open (KtmWindow *self, GFile *file)
{
  ktm_window_say (self, _("This build cannot read cohorts yet."));
}

void
ktm_window_import (KtmWindow *self, GListModel *files)
{
  ktm_window_say (self, _("This build cannot read tables yet."));
}

void
ktm_window_choose_file (KtmWindow *self)
{
  ktm_window_open (self, NULL);
}

void
ktm_window_say (KtmWindow *self, const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_timeout (toast, 6);
  adw_toast_overlay_add_toast (self->toasts, toast);
}
