/* app: the pages of a window.  Each is made when it is first shown or asked for. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-locate.h"

const KtmPage *
ktm_window_get_page (KtmWindow *self, GtkWidget **widget)
{
  const char *id = self->study ? gtk_stack_get_visible_child_name (self->pages) : NULL;
  GtkWidget *page = id ? ktm_window_need_page (self, id) : NULL;

  if (widget)
    *widget = page;
  return page ? ktm_page_find (id) : NULL;
}

void
ktm_window_show_page (KtmWindow *self, const char *id)
{
  if (self->study && gtk_stack_get_child_by_name (self->pages, id))
    gtk_stack_set_visible_child_name (self->pages, id);
}

/* Pages that find no room are scrolled to; the one shown is never cut. */
static gboolean
show_tab_cb (GtkWidget *switcher, GdkFrameClock *clock, gpointer data)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (switcher, GTK_TYPE_SCROLLED_WINDOW), *tab;
  graphene_rect_t bounds;

  for (tab = gtk_widget_get_first_child (switcher); tab; tab = gtk_widget_get_next_sibling (tab))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (tab)))
      break;
  if (!tab || !scrolled || !gtk_widget_get_mapped (switcher))
    return G_SOURCE_REMOVE;
  if (gtk_widget_get_width (tab) == 0)
    return G_SOURCE_CONTINUE;
  if (gtk_widget_compute_bounds (tab, switcher, &bounds))
    gtk_adjustment_clamp_page (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled)),
                               graphene_rect_get_x (&bounds),
                               graphene_rect_get_x (&bounds) + graphene_rect_get_width (&bounds));
  return G_SOURCE_REMOVE;
}

void
ktm_window_show_tab (KtmWindow *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self->switcher), show_tab_cb, NULL, NULL);
}

static void
page_changed_cb (KtmWindow *self)
{
  const KtmPage *page = self->adding_pages ? NULL : ktm_window_get_page (self, NULL);
  gboolean pane;

  if (!page)
    return;
  pane = !page->no_pane;
  if (self->list_box)
    gtk_widget_set_visible (self->list_box, !page->own_list);
  ktm_window_update_sidebar (self);
  ktm_window_show_tab (self);
  gtk_widget_set_visible (self->pane_button, pane);
  gtk_widget_set_visible (self->export_button, page->dup_chart != NULL);
  if (!pane)
    adw_flap_set_reveal_flap (self->pane_flap, FALSE);
  else if (!adw_flap_get_folded (self->pane_flap) && !self->alone)
    adw_flap_set_reveal_flap (self->pane_flap,
                              g_settings_get_boolean (ktm_settings (), "pane-shown"));
  adw_flap_set_swipe_to_open (self->pane_flap, pane);
  adw_flap_set_locked (self->pane_flap,
                       !pane); /* else it opens by itself when there is room again */
  g_settings_set_string (ktm_settings (), "page", page->id);
  ktm_window_update_actions (self);
  ktm_window_drop_note (self);
  ktm_window_update_pane (self);
}

void
ktm_window_set_alone (KtmWindow *self, gboolean alone)
{
  if (self->alone == alone)
    return;
  if (alone)
    {
      self->sidebar_before = adw_flap_get_reveal_flap (self->sidebar_flap);
      self->pane_before = adw_flap_get_reveal_flap (self->pane_flap);
    }
  self->alone = alone;
  adw_flap_set_reveal_flap (self->sidebar_flap, !alone && self->sidebar_before);
  adw_flap_set_reveal_flap (self->pane_flap, !alone && self->pane_before
                                                 && gtk_widget_get_visible (self->pane_button));
  if (alone)
    gtk_window_fullscreen (GTK_WINDOW (self));
  else
    gtk_window_unfullscreen (GTK_WINDOW (self));
  ktm_window_update_actions (self);
}

/* --- made when needed ------------------------------------------------------------------------- */

static GtkWidget *
make_page (KtmWindow *self, const KtmPage *page)
{
  GtkWidget *widget = page->create (self->study, ktm_settings ());

  if (page->get_analyses)
    g_signal_connect_object (widget, "chart-changed", G_CALLBACK (ktm_window_update_pane), self,
                             G_CONNECT_SWAPPED);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "count-shown"))
    g_object_bind_property (self->sidebar_flap, "reveal-flap", widget, "count-shown",
                            G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  return widget;
}

GtkWidget *
ktm_window_peek_page (KtmWindow *self, const char *id)
{
  GtkWidget *place = gtk_stack_get_child_by_name (self->pages, id);

  return place ? adw_bin_get_child (ADW_BIN (place)) : NULL;
}

GtkWidget *
ktm_window_need_page (KtmWindow *self, const char *id)
{
  GtkWidget *place = self->study ? gtk_stack_get_child_by_name (self->pages, id) : NULL;

  if (place && !adw_bin_get_child (ADW_BIN (place)))
    adw_bin_set_child (ADW_BIN (place), make_page (self, ktm_page_find (id)));
  return place ? adw_bin_get_child (ADW_BIN (place)) : NULL;
}

void
ktm_window_remove_pages (KtmWindow *self)
{
  GtkWidget *child;

  self->adding_pages = TRUE; /* what is next in line is shown for a moment */
  gtk_stack_switcher_set_stack (self->switcher, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->pages))))
    gtk_stack_remove (self->pages, child);
  self->adding_pages = FALSE;
}

void
ktm_window_add_pages (KtmWindow *self)
{
  g_autofree char *last = g_settings_get_string (ktm_settings (), "page");
  gsize n;
  const KtmPage *pages = ktm_pages (&n);

  self->adding_pages = TRUE; /* the first one added is shown for a moment, and need not be made */
  for (gsize i = 0; i < n; i++)
    gtk_stack_add_titled (self->pages, adw_bin_new (), pages[i].id, _(pages[i].title));
  /* All at once: the switcher makes every button anew for each page that is added. */
  gtk_stack_switcher_set_stack (self->switcher, self->pages);
  ktm_window_show_page (self, last);
  self->adding_pages = FALSE;
  page_changed_cb (self);
}

void
ktm_window_watch_pages (KtmWindow *self)
{
  g_signal_connect_swapped (self->pages, "notify::visible-child", G_CALLBACK (page_changed_cb),
                            self);
}
