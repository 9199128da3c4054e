/* app: the window's sidebar: the patients, or what a page puts there beside them. */
#include <glib/gi18n.h>

#include "ktm-segments.h"
#include "ktm-window-private.h"

#define OWN "own"
#define PATIENTS "patients"

/* The patients' part may not be there yet: it is built later, a piece at a time. */
static void
swap (KtmWindow *self)
{
  gboolean own = self->own_side
                 && !g_strcmp0 (ktm_segments_get_selected (KTM_SEGMENTS (self->side_switch)), OWN);

  if (self->search)
    gtk_widget_set_visible (self->search, !own);
  if (self->paned)
    gtk_widget_set_visible (self->paned, !own);
  if (self->own_side)
    gtk_widget_set_visible (self->own_side, own);
}

static void
drop (KtmWindow *self)
{
  if (!self->own_side)
    return;
  gtk_box_remove (GTK_BOX (self->sidebar), self->own_side);
  gtk_box_remove (GTK_BOX (self->sidebar), self->side_switch);
  self->own_side = self->side_switch = NULL;
}

static void
take (KtmWindow *self, GtkWidget *side, const char *name)
{
  self->own_side = side;
  self->side_switch = ktm_segments_new (_("Sidebar"));
  ktm_segments_add (KTM_SEGMENTS (self->side_switch), OWN, NULL, name);
  ktm_segments_add (KTM_SEGMENTS (self->side_switch), PATIENTS, NULL, _("Patients"));
  gtk_widget_add_css_class (self->side_switch, "side-switch");
  gtk_widget_set_vexpand (side, TRUE);
  gtk_box_prepend (GTK_BOX (self->sidebar), self->side_switch);
  gtk_box_append (GTK_BOX (self->sidebar), side);
  g_signal_connect_swapped (self->side_switch, "notify::selected", G_CALLBACK (swap), self);
}

void
ktm_window_update_sidebar (KtmWindow *self)
{
  const char *name = NULL;
  GtkWidget *widget;
  const KtmPage *page = ktm_window_get_page (self, &widget);
  GtkWidget *side = page && page->sidebar ? page->sidebar (widget, &name) : NULL;

  if (side != self->own_side)
    {
      drop (self);
      if (side)
        take (self, side, name);
    }
  swap (self);
}

void
ktm_window_show_patients (KtmWindow *self)
{
  if (self->own_side)
    ktm_segments_set_selected (KTM_SEGMENTS (self->side_switch), PATIENTS);
}
