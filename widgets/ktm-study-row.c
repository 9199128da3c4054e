/* widgets: a line of a list of studies. */
#include "ktm-study-row.h"

static GtkWidget *
part (GtkWidget *row, const char *which)
{
  return g_object_get_data (G_OBJECT (row), which);
}

static GtkWidget *
new_label (GtkWidget *row, const char *which, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  g_object_set_data (G_OBJECT (row), which, label);
  return label;
}

static void
name_row (GtkWidget *row)
{
  const char *name = ktm_study_row_get_name (row),
             *about = gtk_label_get_text (GTK_LABEL (part (row, "about")));
  g_autofree char *whole = *about ? g_strdup_printf ("%s, %s", name, about) : g_strdup (name);
  g_autofree char *tip = *about ? g_strdup_printf ("%s\n%s", name, about) : g_strdup (name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
  gtk_widget_set_tooltip_text (row, tip);
}

GtkWidget *
ktm_study_row_new (const char *name)
{
  GtkWidget *row = gtk_check_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), new_label (row, "name", "study-name"));
  gtk_box_append (GTK_BOX (box), new_label (row, "about", "study-about"));
  gtk_widget_add_css_class (part (row, "about"), "dim-label");
  gtk_widget_set_visible (part (row, "about"), FALSE);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (row), box);
  gtk_widget_add_css_class (row, "study-row");
  ktm_study_row_set_name (row, name);
  return row;
}

const char *
ktm_study_row_get_name (GtkWidget *row)
{
  return gtk_label_get_text (GTK_LABEL (part (row, "name")));
}

void
ktm_study_row_set_name (GtkWidget *row, const char *name)
{
  gtk_label_set_text (GTK_LABEL (part (row, "name")), name);
  name_row (row);
}

void
ktm_study_row_set_about (GtkWidget *row, const char *about)
{
  gtk_label_set_text (GTK_LABEL (part (row, "about")), about ? about : "");
  gtk_widget_set_visible (part (row, "about"), about && *about);
  name_row (row);
}

gboolean
ktm_study_row_get_active (GtkWidget *row)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (row));
}

void
ktm_study_row_set_active (GtkWidget *row, gboolean active)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row), active);
}
