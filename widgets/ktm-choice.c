/* widgets: drop-down with a name. */
#include "ktm-choice.h"

struct _KtmChoice
{
  GtkWidget  parent_instance;
  GtkWidget *drop; /* child */
  char      *name; /* owned */
  char     **ids;  /* owned */
  GtkListItemFactory *rows; /* owned until the list is first opened */
  gboolean   updating, plain;
};

enum { PROP_0, PROP_SELECTED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmChoice, ktm_choice, GTK_TYPE_WIDGET)

static void
setup_button_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KtmChoice *self = data;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *name = gtk_label_new (self->name),
            *value = gtk_label_new (NULL);

  gtk_widget_set_visible (name, !self->plain);
  gtk_widget_add_css_class (name, "choice-name");
  gtk_widget_add_css_class (value, "choice-value");
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (value), 24);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);
  gtk_list_item_set_child (item, box);
}

static void
bind_button_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KtmChoice *self = data;
  GtkStringObject *string = gtk_list_item_get_item (item);
  GtkWidget *value = gtk_widget_get_last_child (gtk_list_item_get_child (item));
  const char *text = gtk_string_object_get_string (string);

  gtk_label_set_text (GTK_LABEL (value), text);
  if (self->plain)
    {
      gtk_label_set_width_chars (GTK_LABEL (value), (int) MIN (g_utf8_strlen (text, -1), 12));
      gtk_label_set_xalign (GTK_LABEL (value), 0);
      gtk_widget_set_tooltip_text (value, text);
    }
}

static void
show_tick_cb (GtkDropDown *drop, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *tick = gtk_widget_get_last_child (gtk_list_item_get_child (item));

  gtk_widget_set_opacity (
      tick, gtk_drop_down_get_selected_item (drop) == gtk_list_item_get_item (item) ? 1 : 0);
}

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *label = gtk_label_new (NULL);
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), tick);
  gtk_list_item_set_child (item, box);
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KtmChoice *self = data;
  GtkStringObject *string = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (gtk_list_item_get_child (item))),
                      gtk_string_object_get_string (string));
  g_signal_connect (self->drop, "notify::selected-item", G_CALLBACK (show_tick_cb), item);
  show_tick_cb (GTK_DROP_DOWN (self->drop), NULL, item);
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KtmChoice *self = data;

  if (self->drop)
    g_signal_handlers_disconnect_by_func (self->drop, show_tick_cb, item);
}

static void
describe (KtmChoice *self)
{
  GtkStringObject *item = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->drop));
  g_autofree char *label =
      g_strdup_printf ("%s: %s", self->name, item ? gtk_string_object_get_string (item) : "–");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (self->drop)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
selected_cb (GtkDropDown *drop, GParamSpec *pspec, gpointer data)
{
  KtmChoice *self = data;

  describe (self);
  if (!self->updating)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

static void
ktm_choice_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, ktm_choice_get_selected (KTM_CHOICE (object)));
}

static void
ktm_choice_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ktm_choice_set_selected (KTM_CHOICE (object), g_value_get_string (value));
}

static void
ktm_choice_dispose (GObject *object)
{
  KtmChoice *self = KTM_CHOICE (object);

  g_clear_pointer (&self->drop, gtk_widget_unparent);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (ktm_choice_parent_class)->dispose (object);
}

static void
ktm_choice_class_init (KtmChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ktm_choice_get_property;
  object_class->set_property = ktm_choice_set_property;
  object_class->dispose = ktm_choice_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  props[PROP_SELECTED] =
      g_param_spec_string ("selected", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ktm_choice_init (KtmChoice *self)
{
  self->drop = gtk_drop_down_new (NULL, NULL);
  self->ids = g_new0 (char *, 1);
  gtk_widget_add_css_class (self->drop, "toolbar-chip");
  gtk_widget_set_parent (self->drop, GTK_WIDGET (self));
  g_signal_connect (self->drop, "notify::selected", G_CALLBACK (selected_cb), self);
}

/* The list behind the button is built with the button; its rows only when it is first opened: a
 * window has many lists and opens few. */
static void
opened_cb (GtkWidget *popover, gpointer data)
{
  KtmChoice *self = data;

  if (self->rows)
    gtk_drop_down_set_list_factory (GTK_DROP_DOWN (self->drop), self->rows);
  g_clear_object (&self->rows);
}

static void
wait_for_opening (KtmChoice *self)
{
  g_autoptr (GtkListItemFactory) none = gtk_signal_list_item_factory_new ();
  GtkWidget *child = gtk_widget_get_first_child (self->drop);

  while (child && !GTK_IS_POPOVER (child))
    child = gtk_widget_get_next_sibling (child);
  if (child)
    g_signal_connect (child, "show", G_CALLBACK (opened_cb), self);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (self->drop), child ? none : self->rows);
}

GtkWidget *
ktm_choice_new (const char *name)
{
  KtmChoice *self = g_object_new (KTM_TYPE_CHOICE, NULL);
  g_autoptr (GtkListItemFactory) button = gtk_signal_list_item_factory_new ();
  GtkListItemFactory *row = gtk_signal_list_item_factory_new ();

  self->name = g_strdup (name);
  g_signal_connect (button, "setup", G_CALLBACK (setup_button_cb), self);
  g_signal_connect (button, "bind", G_CALLBACK (bind_button_cb), self);
  g_signal_connect (row, "setup", G_CALLBACK (setup_row_cb), self);
  g_signal_connect (row, "bind", G_CALLBACK (bind_row_cb), self);
  g_signal_connect (row, "unbind", G_CALLBACK (unbind_row_cb), self);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->drop), button);
  self->rows = row;
  wait_for_opening (self);
  return GTK_WIDGET (self);
}

GtkWidget *
ktm_choice_new_plain (const char *name)
{
  GtkWidget *choice = ktm_choice_new (name);

  KTM_CHOICE (choice)->plain = TRUE;
  return choice;
}

void
ktm_choice_set_options (KtmChoice *self, const char *const *ids, const char *const *labels, guint n)
{
  g_autofree char *before = NULL;
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);

  g_return_if_fail (KTM_IS_CHOICE (self));
  before = g_strdup (ktm_choice_get_selected (self));
  self->updating = TRUE;
  g_strfreev (self->ids);
  self->ids = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      self->ids[i] = g_strdup (ids[i]);
      gtk_string_list_append (model, labels[i]);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->drop), G_LIST_MODEL (model));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->drop), FALSE);
  gtk_widget_set_sensitive (self->drop, n > 1);
  if (before && ktm_choice_set_selected (self, before))
    g_clear_pointer (&before, g_free);
  self->updating = FALSE;
  describe (self);
  if (before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

void
ktm_choice_add_option (KtmChoice *self, const char *id, const char *label)
{
  guint n;

  g_return_if_fail (KTM_IS_CHOICE (self) && id && label);
  n = g_strv_length (self->ids);
  self->ids = g_renew (char *, self->ids, n + 2);
  self->ids[n] = g_strdup (id);
  self->ids[n + 1] = NULL;
  gtk_string_list_append (
      GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (self->drop))), label);
  gtk_widget_set_sensitive (self->drop, n > 0);
}

const char *
ktm_choice_get_selected (KtmChoice *self)
{
  guint i;

  g_return_val_if_fail (KTM_IS_CHOICE (self), NULL);
  i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));
  return i < g_strv_length (self->ids) ? self->ids[i] : NULL;
}

gboolean
ktm_choice_set_selected (KtmChoice *self, const char *id)
{
  g_return_val_if_fail (KTM_IS_CHOICE (self), FALSE);
  for (guint i = 0; id && self->ids[i]; i++)
    if (!strcmp (self->ids[i], id))
      {
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->drop), i);
        return TRUE;
      }
  return FALSE;
}
