/* app: the window. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-locate.h"

#define NARROW 1180 /* pixels: below, the pages' names and the title do not fit side by side */

G_DEFINE_FINAL_TYPE (KtmWindow, ktm_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- the study -------------------------------------------------------------------------------- */

/* "12 months": how long patients were followed, by the schedule. */
static char *
follow_up (KtmCohort *cohort)
{
  guint n = ktm_cohort_get_n_visits (cohort);
  double last = n ? ktm_cohort_get_visit_time (cohort, n - 1) : 0;
  const char *unit = ktm_cohort_get_time_unit (cohort);
  gulong whole = (gulong) last;

  if (last <= 0)
    return NULL;
  if (!g_strcmp0 (unit, "minute"))
    return g_strdup_printf (ngettext ("%g minute", "%g minutes", whole), last);
  if (!g_strcmp0 (unit, "hour"))
    return g_strdup_printf (ngettext ("%g hour", "%g hours", whole), last);
  if (!g_strcmp0 (unit, "day"))
    return g_strdup_printf (ngettext ("%g day", "%g days", whole), last);
  if (!g_strcmp0 (unit, "week"))
    return g_strdup_printf (ngettext ("%g week", "%g weeks", whole), last);
  if (!g_strcmp0 (unit, "year"))
    return g_strdup_printf (ngettext ("%g year", "%g years", whole), last);
  return g_strdup_printf (ngettext ("%g month", "%g months", whole), last);
}

static void
update_title (KtmWindow *self)
{
  KtmCohort *cohort = self->study ? ktm_study_get_cohort (self->study) : NULL;
  guint n = cohort ? g_list_model_get_n_items (G_LIST_MODEL (cohort)) : 0,
        n_centres = cohort ? ktm_cohort_get_n_centres (cohort) : 0;
  g_autofree char *time = cohort ? follow_up (cohort) : NULL;
  GString *text = g_string_new (NULL);

  if (!cohort)
    {
      gtk_window_set_title (GTK_WINDOW (self), _("Ketamine Viewer"));
      g_string_free (text, TRUE);
      return;
    }
  g_string_append_printf (text, ngettext ("%u patient", "%u patients", n), n);
  if (n_centres > 1)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%u centre", "%u centres", n_centres), n_centres);
    }
  if (time)
    g_string_append_printf (text, " · %s", time);
  gtk_label_set_text (self->title_label, ktm_cohort_get_title (cohort));
  gtk_label_set_text (self->subtitle_label, text->str);
  gtk_widget_set_tooltip_text (self->title_box, self->path);
  gtk_window_set_title (GTK_WINDOW (self), ktm_cohort_get_title (cohort));
  g_string_free (text, TRUE);
}

/* In a narrow window the pages need the room. */
static void
show_title (KtmWindow *self)
{
  gtk_widget_set_visible (self->title_box, self->study && !self->narrow);
}

static gboolean
show_title_cb (gpointer data)
{
  KtmWindow *self = data;

  if (self->pages)
    {
      show_title (self);
      ktm_window_show_tab (self);
    }
  return G_SOURCE_REMOVE;
}

static void
ktm_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmWindow *self = KTM_WINDOW (widget);

  GTK_WIDGET_CLASS (ktm_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->narrow == (width < NARROW))
    return;
  self->narrow = width < NARROW;
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, show_title_cb, g_object_ref (self), g_object_unref);
}

static void
show_study (KtmWindow *self, gboolean shown)
{
  gtk_stack_set_visible_child_name (self->title_stack, shown ? "study" : "empty");
  gtk_stack_set_visible_child_name (self->root_stack, shown ? "study" : "empty");
  gtk_widget_set_visible (self->sidebar_button, shown);
  show_title (self);
  gtk_widget_set_visible (self->export_button, shown);
  if (!shown)
    gtk_widget_set_visible (self->pane_button, FALSE);
}

static void
drop_study (KtmWindow *self)
{
  if (!self->study)
    return;
  g_signal_handlers_disconnect_by_data (self->study, self);
  g_signal_handlers_disconnect_by_data (ktm_study_get_cohort (self->study), self);
  ktm_window_remove_sidebar (self);
  ktm_window_remove_pages (self);
  g_clear_object (&self->study);
  g_clear_pointer (&self->path, g_free);
}

void
ktm_window_take_cohort (KtmWindow *self, KtmCohort *cohort, const char *path)
{
  drop_study (self);
  self->study = ktm_study_new (cohort);
  self->path = g_strdup (path);
  ktm_window_add_pages (self);
  g_signal_connect_swapped (self->study, "notify", G_CALLBACK (ktm_window_update_actions), self);
  g_signal_connect_swapped (self->study, "changed", G_CALLBACK (ktm_window_update_actions), self);
  g_signal_connect_swapped (cohort, "changed", G_CALLBACK (update_title), self);
  update_title (self);
  adw_flap_set_reveal_flap (self->sidebar_flap,
                            g_settings_get_boolean (ktm_settings (), "sidebar-shown")
                                && !adw_flap_get_folded (self->sidebar_flap));
  show_study (self, TRUE);
  self->patience = KTM_WINDOW_PATIENCE;
  ktm_later_queue (self->later);
  gtk_widget_child_focus (GTK_WIDGET (self->pages), GTK_DIR_TAB_FORWARD);
}

static void
update_empty_page (KtmWindow *self)
{
  g_auto (GStrv) recent = g_settings_get_strv (ktm_settings (), "recent");
  GtkWidget *page = adw_bin_get_child (ADW_BIN (self->empty_bin));

  if (!page)
    {
      page = g_object_new (KTM_TYPE_EMPTY_PAGE, NULL);
      adw_bin_set_child (ADW_BIN (self->empty_bin), page);
    }
  ktm_empty_page_set_recent (KTM_EMPTY_PAGE (page), (const char *const *) recent);
}

void
ktm_window_show_empty (KtmWindow *self)
{
  if (!self->study)
    update_empty_page (self);
  show_study (self, self->study != NULL);
  update_title (self);
  ktm_window_update_actions (self);
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
save_state (KtmWindow *self)
{
  GSettings *settings = ktm_settings ();
  const KtmPage *page = ktm_window_get_page (self, NULL);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (self->study && !adw_flap_get_folded (self->sidebar_flap))
    g_settings_set_boolean (settings, "sidebar-shown",
                            adw_flap_get_reveal_flap (self->sidebar_flap));
  if (page && !page->no_pane && gtk_widget_get_visible (self->pane_button)
      && !adw_flap_get_folded (self->pane_flap))
    g_settings_set_boolean (settings, "pane-shown", adw_flap_get_reveal_flap (self->pane_flap));
}

static gboolean
ktm_window_close_request (GtkWindow *window)
{
  KtmWindow *self = KTM_WINDOW (window);

  ktm_window_set_alone (self, FALSE);
  save_state (self);
  if (self->loading)
    g_cancellable_cancel (self->loading);
  return GTK_WINDOW_CLASS (ktm_window_parent_class)->close_request (window);
}

static void
ktm_window_dispose (GObject *object)
{
  KtmWindow *self = KTM_WINDOW (object);

  if (self->pages)
    {
      g_signal_handlers_disconnect_by_data (self->pages, self);
      drop_study (self);
    }
  if (self->loading)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->recipe, ktm_recipe_free);
  g_clear_pointer (&self->later, ktm_later_free);
  g_clear_handle_id (&self->present_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), KTM_TYPE_WINDOW);
  self->pages = NULL;
  G_OBJECT_CLASS (ktm_window_parent_class)->dispose (object);
}

/* The first page, where nothing was opened before the window is shown. */
static void
ktm_window_show (GtkWidget *widget)
{
  KtmWindow *self = KTM_WINDOW (widget);

  if (ktm_window_is_empty (self))
    ktm_window_show_empty (self);
  GTK_WIDGET_CLASS (ktm_window_parent_class)->show (widget);
}

static void
ktm_window_class_init (KtmWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_window_dispose;
  widget_class->size_allocate = ktm_window_size_allocate;
  widget_class->show = ktm_window_show;
  GTK_WINDOW_CLASS (klass)->close_request = ktm_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ketamine/Viewer/ktm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, empty_bin);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, sidebar_flap);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, pane_flap);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, pane_bin);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, pane_button);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, title_box);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, loading_label);
  gtk_widget_class_bind_template_child (widget_class, KtmWindow, loading_bar);
}

/* Another window or program may have written to the file while this one was behind. */
static void
active_cb (KtmWindow *self)
{
  if (self->study && gtk_window_is_active (GTK_WINDOW (self)))
    ktm_study_catch_up (self->study, NULL);
}

/* Built when it is first opened, as everything that is not looked at first. */
static void
menu_cb (GtkMenuButton *button, gpointer data)
{
  if (!gtk_menu_button_get_menu_model (button))
    gtk_menu_button_set_menu_model (button, KTM_WINDOW (data)->main_menu);
}

static void
ktm_window_init (KtmWindow *self)
{
  GSettings *settings = ktm_settings ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->menu_button), menu_cb, self, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  self->later = ktm_later_new (GTK_WIDGET (self), ktm_window_build_piece, self);
  ktm_window_add_pane (self);
  adw_flap_set_reveal_flap (self->pane_flap, FALSE);
  ktm_window_watch_pages (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
  ktm_window_add_actions (self);
  ktm_window_add_open_actions (self);
  ktm_window_add_class_actions (self);
  ktm_window_add_deck_actions (self);
  ktm_window_add_drop (self);
  show_study (self, FALSE);
  update_title (self);
  ktm_window_update_actions (self);
}

KtmWindow *
ktm_window_new (KtmApplication *app)
{
  return g_object_new (KTM_TYPE_WINDOW, "application", app, NULL);
}

gboolean
ktm_window_is_empty (KtmWindow *self)
{
  g_return_val_if_fail (KTM_IS_WINDOW (self), FALSE);
  return !self->study && !self->loading;
}

gboolean
ktm_window_is_busy (KtmWindow *self)
{
  GtkWidget *widget;
  const KtmPage *page;

  g_return_val_if_fail (KTM_IS_WINDOW (self), FALSE);
  page = ktm_window_get_page (self, &widget);
  return self->loading || (self->study && ktm_study_is_busy (self->study))
         || (page && page->is_busy && page->is_busy (widget)) || ktm_later_is_busy (self->later)
         || ktm_window_sidebar_is_busy (self) || ktm_window_pane_is_busy (self);
}

KtmStudy *
ktm_window_get_study (KtmWindow *self)
{
  g_return_val_if_fail (KTM_IS_WINDOW (self), NULL);
  return self->study;
}

/* --- what it says ----------------------------------------------------------------------------- */

void
ktm_window_say (KtmWindow *self, const char *sentence)
{
  AdwToast *toast;

  g_return_if_fail (KTM_IS_WINDOW (self) && sentence);
  toast = adw_toast_new ("");
  adw_toast_set_custom_title (
      toast, g_object_new (GTK_TYPE_LABEL, "label", sentence, "wrap", TRUE, "xalign", 0., NULL));
  adw_toast_set_timeout (toast, 6);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
ktm_window_say_undoable (KtmWindow *self, const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
ktm_window_say_error (KtmWindow *self, const char *title, const GError *error)
{
  GtkWidget *dialog;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (self), title, error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}
