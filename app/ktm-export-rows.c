/* app: rows of the export dialog. */
#include "ktm-export-rows.h"

#include <string.h>

typedef struct
{
  KtmSegmentsFunc chosen;
  gpointer        data;
  gboolean        setting;
} Segments;

GtkWidget *
ktm_export_card_new (void)
{
  GtkWidget *card = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (card), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (card, "boxed-list");
  return card;
}

GtkWidget *
ktm_export_row_add (GtkWidget *card, const char *title, GtkWidget *control)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8),
            *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 10);
  gtk_widget_set_margin_top (box, 5);
  gtk_widget_set_margin_bottom (box, 5);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), control);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (GTK_LIST_BOX (card), row);
  return row;
}

static void
toggled_cb (GtkToggleButton *button, GtkWidget *box)
{
  Segments *segments = g_object_get_data (G_OBJECT (box), "segments");
  guint index = 0;

  if (segments->setting || !gtk_toggle_button_get_active (button))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (box);
       child != NULL && child != GTK_WIDGET (button); child = gtk_widget_get_next_sibling (child))
    index++;
  segments->chosen (index, segments->data);
}

GtkWidget *
ktm_export_segments_new (const char *title, const char *const *labels, KtmSegmentsFunc chosen,
                         gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;
  Segments *segments = g_new0 (Segments, 1);

  segments->chosen = chosen;
  segments->data = data;
  g_object_set_data_full (G_OBJECT (box), "segments", segments, g_free);
  gtk_widget_add_css_class (box, "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  for (gsize i = 0; labels[i] != NULL; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (labels[i]);
      g_autofree char *name = g_strdup_printf ("%s: %s", title, labels[i]);

      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), box);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

void
ktm_export_segments_explain (GtkWidget *box, const char *const *names)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child), names++)
    {
      gtk_widget_set_tooltip_text (child, *names);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, *names,
                                      -1);
    }
}

void
ktm_export_segments_set (GtkWidget *box, int index)
{
  Segments *segments = g_object_get_data (G_OBJECT (box), "segments");
  int i = 0;

  segments->setting = TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (child), i++ == index);
  segments->setting = FALSE;
}

static gboolean
output_cb (GtkSpinButton *spin, const char *unit)
{
  g_autofree char *text = g_strdup_printf ("%.*f %s", (int) gtk_spin_button_get_digits (spin),
                                           gtk_spin_button_get_value (spin), unit);

  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (spin)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

/* "174 mm", "174", "17,4" and "17.4" are all numbers. */
static int
input_cb (GtkSpinButton *spin, double *value, gpointer data)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (spin)));
  char *end;

  g_strdelimit (text, ",", '.');
  *value = g_ascii_strtod (text, &end);
  return end != text ? TRUE : GTK_INPUT_ERROR;
}

GtkWidget *
ktm_export_spin_new (const char *title, double low, double high, double step, guint digits,
                     const char *unit)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, step);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE); /* the unit stands in the text */
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 7);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (spin, "output", G_CALLBACK (output_cb), (gpointer) unit);
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
  return spin;
}
