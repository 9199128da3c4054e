/* widgets: conditions of a definition of response dragged to another place, or moved by keys. */
#include <glib/gi18n.h>

#include "ktm-chart-choices.h"
#include "ktm-definition-card-private.h"

#define HANDLE -1 /* column of the grid */

/* --- where a row is dropped ------------------------------------------------------------------- */

static gboolean
middle_of (KtmDefinitionCard *self, guint row, double *y)
{
  GtkWidget *handle = gtk_grid_get_child_at (GTK_GRID (self->grid), HANDLE, (int) row + 1);

  return handle
         && gtk_widget_translate_coordinates (handle, self->grid, 0,
                                              gtk_widget_get_height (handle) / 2.0, NULL, y);
}

/* How many rows lie above @y of the grid: 0 … their number. */
static guint
rows_above (KtmDefinitionCard *self, double y)
{
  guint n = 0;
  double middle;

  while (n < self->rows->len && middle_of (self, n, &middle) && middle < y)
    n++;
  return n;
}

/* A line over row @at, or under the last; −1: none. */
static void
show_place (KtmDefinitionCard *self, int at)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->grid); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int line, n = (int) self->rows->len;

      gtk_grid_query_child (GTK_GRID (self->grid), child, NULL, &line, NULL, NULL);
      gtk_widget_remove_css_class (child, "drop-over");
      gtk_widget_remove_css_class (child, "drop-under");
      if (at >= 0 && line == at + 1)
        gtk_widget_add_css_class (child, "drop-over");
      else if (at == n && line == n)
        gtk_widget_add_css_class (child, "drop-under");
    }
}

static GdkDragAction
motion_cb (GtkDropTarget *target, double x, double y, KtmDefinitionCard *self)
{
  show_place (self, (int) rows_above (self, y));
  return GDK_ACTION_MOVE;
}

static void
leave_cb (GtkDropTarget *target, KtmDefinitionCard *self)
{
  show_place (self, -1);
}

/* A row of this card, not of another window's. */
static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, KtmDefinitionCard *self)
{
  guint from, to = rows_above (self, y);

  show_place (self, -1);
  if (!G_VALUE_HOLDS (value, KTM_TYPE_DEFINITION_ROW)
      || !g_ptr_array_find (self->rows, g_value_get_object (value), &from))
    return FALSE;
  if (to > from)
    to--;
  if (to != from)
    ktm_definition_card_move (self, from, to);
  return TRUE;
}

void
ktm_definition_card_take_drops (KtmDefinitionCard *self)
{
  GtkDropTarget *target = gtk_drop_target_new (KTM_TYPE_DEFINITION_ROW, GDK_ACTION_MOVE);

  g_signal_connect (target, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (self->grid, GTK_EVENT_CONTROLLER (target));
}

/* --- the handle ------------------------------------------------------------------------------- */

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, KtmDefinitionRow *row)
{
  return gdk_content_provider_new_typed (KTM_TYPE_DEFINITION_ROW, row);
}

/* What is dragged is said in words. */
static void
begin_cb (GtkDragSource *source, GdkDrag *drag, KtmDefinitionCard *self)
{
  GtkWidget *handle = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)), *label;
  int line;
  g_autofree char *words = NULL;

  gtk_grid_query_child (GTK_GRID (self->grid), handle, NULL, &line, NULL, NULL);
  words = ktm_definition_card_say_row (self, (guint) line - 1);
  label = gtk_label_new (words);
  gtk_widget_add_css_class (label, "dragged-row");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
}

void
ktm_definition_card_add_handle (KtmDefinitionCard *self, guint row)
{
  GtkWidget *handle = gtk_image_new_from_icon_name ("list-drag-handle-symbolic");
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_widget_add_css_class (handle, "drag-handle");
  gtk_widget_set_cursor_from_name (handle, "grab");
  ktm_widget_set_name (handle, _("Drag to change the order (Alt+↑, Alt+↓)"));
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (prepare_cb), self->rows->pdata[row], 0);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), self);
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (source));
  gtk_grid_attach (GTK_GRID (self->grid), handle, HANDLE, (int) row + 1, 1, 1);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* The row the focus is in; −1 none. */
static int
focused_row (KtmDefinitionCard *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  int line;

  while (focus && gtk_widget_get_parent (focus) != self->grid)
    focus = gtk_widget_get_parent (focus);
  if (!focus)
    return -1;
  gtk_grid_query_child (GTK_GRID (self->grid), focus, NULL, &line, NULL, NULL);
  return line - 1;
}

static gboolean
key_cb (GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state,
        KtmDefinitionCard *self)
{
  int row = focused_row (self), to = keyval == GDK_KEY_Up     ? row - 1
                                     : keyval == GDK_KEY_Down ? row + 1
                                                              : -1;

  if ((state & gtk_accelerator_get_default_mod_mask ()) != GDK_ALT_MASK || row < 0 || to < 0
      || to >= (int) self->rows->len)
    return FALSE;
  ktm_definition_card_move (self, (guint) row, (guint) to);
  return TRUE;
}

void
ktm_definition_card_take_keys (KtmDefinitionCard *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->grid, keys);
}
