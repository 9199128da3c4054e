/* app: the sidebar of a window: search, subgroup, list of patients.  It is built once the page is
 * painted, a piece an idle turn, or when it is needed before. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-filter-panel.h"
#include "ktm-locate.h"
#include "ktm-patient-list.h"

static void
search_cb (GtkSearchEntry *entry, gpointer data)
{
  ktm_study_set_search (KTM_WINDOW (data)->study, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
search_activated_cb (GtkSearchEntry *entry, gpointer data)
{
  KtmStudy *study = KTM_WINDOW (data)->study;
  guint first;

  /* What is typed counts, also where the entry has not told of it yet. */
  ktm_study_set_search (study, gtk_editable_get_text (GTK_EDITABLE (entry)));
  first = ktm_found_get_index (ktm_study_get_found (study), 0);
  if (first != G_MAXUINT)
    ktm_study_set_picked (study, (int) first);
}

static void
search_stopped_cb (GtkSearchEntry *entry, gpointer data)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (KTM_WINDOW (data)->list);
}

/* The height of the list is kept, however high the window is next time. */
static void
paned_resized_cb (GtkPaned *paned, GParamSpec *pspec, gpointer data)
{
  KtmWindow *self = data;
  int height, most;

  g_object_get (paned, "max-position", &most, NULL);
  if (most < 300)
    return;
  if (!self->list_placed)
    {
      self->list_placed = TRUE;
      gtk_paned_set_position (
          paned, MAX (most / 3, most - g_settings_get_int (ktm_settings (), "list-height")));
      return;
    }
  height = most - gtk_paned_get_position (paned);
  if (height > 60 && !g_strcmp0 (pspec->name, "position"))
    g_settings_set_int (ktm_settings (), "list-height", height);
}

static GtkWidget *
new_list_box (KtmWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4),
            *title = gtk_label_new (_("Patients"));
  const KtmPage *page = ktm_window_get_page (self, NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (title, "list-title");
  gtk_box_append (GTK_BOX (box), title);
  gtk_widget_set_visible (box, !page || !page->own_list);
  return box;
}

static void
add_search (KtmWindow *self)
{
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search patients"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search patients"), -1);
  gtk_widget_add_css_class (self->search, "sidebar-search");
  g_signal_connect (self->search, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect (self->search, "activate", G_CALLBACK (search_activated_cb), self);
  g_signal_connect (self->search, "stop-search", G_CALLBACK (search_stopped_cb), self);
  gtk_box_append (GTK_BOX (self->sidebar), self->search);
}

static void
add_panel (KtmWindow *self)
{
  self->panel = ktm_filter_panel_new (self->study);
  self->list_box = new_list_box (self);
  self->paned = gtk_paned_new (GTK_ORIENTATION_VERTICAL);
  gtk_paned_set_start_child (GTK_PANED (self->paned), self->panel);
  gtk_paned_set_end_child (GTK_PANED (self->paned), self->list_box);
  gtk_paned_set_resize_end_child (GTK_PANED (self->paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (self->paned), TRUE);
  gtk_widget_set_vexpand (self->paned, TRUE);
  self->list_placed = FALSE;
  g_signal_connect (self->paned, "notify::max-position", G_CALLBACK (paned_resized_cb), self);
  g_signal_connect (self->paned, "notify::position", G_CALLBACK (paned_resized_cb), self);
  gtk_box_append (GTK_BOX (self->sidebar), self->paned);
}

static void
add_list (KtmWindow *self)
{
  self->list = ktm_patient_list_new (self->study);
  gtk_box_append (GTK_BOX (self->list_box), self->list);
}

/* One piece of the sidebar; FALSE: it was all there. */
static gboolean
add_part (KtmWindow *self)
{
  if (!self->search)
    add_search (self);
  else if (!self->panel)
    add_panel (self);
  else if (!self->list)
    add_list (self);
  else
    return FALSE;
  ktm_window_update_sidebar (self);
  return TRUE;
}

void
ktm_window_need_sidebar (KtmWindow *self)
{
  while (self->study && add_part (self))
    ;
}

void
ktm_window_remove_sidebar (KtmWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->sidebar)))
    gtk_box_remove (GTK_BOX (self->sidebar), child);
  self->search = self->panel = self->paned = self->list_box = self->list = NULL;
  self->side_switch = self->own_side = NULL;
}

gboolean
ktm_window_sidebar_is_busy (KtmWindow *self)
{
  return self->panel && ktm_filter_panel_is_busy (KTM_FILTER_PANEL (self->panel));
}

/* --- after the first frame -------------------------------------------------------------------- */

/* The page first, as it is what was asked for; then what stands beside it. */
KtmLaterResult
ktm_window_build_piece (gpointer data)
{
  KtmWindow *self = data;
  GtkWidget *widget = NULL;
  const KtmPage *page = ktm_window_get_page (self, &widget);

  if (!self->study)
    return KTM_LATER_DONE;
  if (self->patience && page && page->is_busy && page->is_busy (widget))
    {
      self->patience--;
      return KTM_LATER_WAIT;
    }
  if (add_part (self))
    return KTM_LATER_MORE;
  ktm_window_update_pane_now (self);
  return KTM_LATER_DONE;
}
