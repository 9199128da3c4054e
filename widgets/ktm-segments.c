/* widgets: segmented choice. */
#include "ktm-segments.h"

#include "ktm-chart-choices.h"

struct _KtmSegments
{
  GtkWidget  parent_instance;
  GtkWidget *box;      /* child; of toggle buttons in one group */
  char      *selected; /* owned */
};

enum { PROP_0, PROP_SELECTED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmSegments, ktm_segments, GTK_TYPE_WIDGET)

static const char *
id_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "id");
}

static void
toggled_cb (GtkToggleButton *button, gpointer data)
{
  KtmSegments *self = data;

  if (!gtk_toggle_button_get_active (button)
      || !g_strcmp0 (self->selected, id_of (GTK_WIDGET (button))))
    return;
  g_free (self->selected);
  self->selected = g_strdup (id_of (GTK_WIDGET (button)));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

static void
ktm_segments_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, KTM_SEGMENTS (object)->selected);
}

static void
ktm_segments_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ktm_segments_set_selected (KTM_SEGMENTS (object), g_value_get_string (value));
}

static void
ktm_segments_dispose (GObject *object)
{
  KtmSegments *self = KTM_SEGMENTS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->selected, g_free);
  G_OBJECT_CLASS (ktm_segments_parent_class)->dispose (object);
}

static void
ktm_segments_class_init (KtmSegmentsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ktm_segments_get_property;
  object_class->set_property = ktm_segments_set_property;
  object_class->dispose = ktm_segments_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_RADIO_GROUP);
  props[PROP_SELECTED] =
      g_param_spec_string ("selected", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ktm_segments_init (KtmSegments *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->box, "linked");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
ktm_segments_new (const char *name)
{
  KtmSegments *self = g_object_new (KTM_TYPE_SEGMENTS, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

void
ktm_segments_add (KtmSegments *self, const char *id, const char *icon, const char *label)
{
  GtkWidget *button, *first;

  g_return_if_fail (KTM_IS_SEGMENTS (self) && id && label);
  button = gtk_toggle_button_new ();
  first = gtk_widget_get_first_child (self->box);
  if (icon)
    gtk_button_set_icon_name (GTK_BUTTON (button), icon);
  else
    gtk_button_set_label (GTK_BUTTON (button), label);
  if (first)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
  ktm_widget_set_name (button, label);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (id), g_free);
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (self->box), button);
  if (!first)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

const char *
ktm_segments_get_selected (KtmSegments *self)
{
  g_return_val_if_fail (KTM_IS_SEGMENTS (self), NULL);
  return self->selected;
}

gboolean
ktm_segments_set_selected (KtmSegments *self, const char *id)
{
  g_return_val_if_fail (KTM_IS_SEGMENTS (self), FALSE);
  for (GtkWidget *button = gtk_widget_get_first_child (self->box); button;
       button = gtk_widget_get_next_sibling (button))
    if (!g_strcmp0 (id_of (button), id))
      {
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
        return TRUE;
      }
  return FALSE;
}
