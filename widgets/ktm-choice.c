/* widgets: drop-down with a name.  Not GtkDropDown, which makes its list with the button: a window
 * has many choices and opens few. */
#include "ktm-choice.h"

#define HIGHEST 400 /* pixels of the list, before it scrolls */

struct _KtmChoice
{
  GtkWidget  parent_instance;
  GtkWidget *button, *popover; /* children; the list is NULL until it is first opened */
  GtkLabel  *value;            /* on the button */
  char      *name;             /* owned */
  char     **ids;              /* owned */
  GtkStringList *labels;       /* owned; one an id */
  guint      selected;         /* among them, or GTK_INVALID_LIST_POSITION */
  gboolean   plain;
};

enum { PROP_0, PROP_SELECTED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmChoice, ktm_choice, GTK_TYPE_WIDGET)

static const char *
label_of (KtmChoice *self)
{
  return self->ids[0] ? gtk_string_list_get_string (self->labels, self->selected) : NULL;
}

/* What is chosen, on the button and for who hears it. */
static void
show_selected (KtmChoice *self)
{
  const char *text = label_of (self);
  g_autofree char *label = g_strdup_printf ("%s: %s", self->name, text ? text : "–");

  gtk_label_set_text (self->value, text ? text : "");
  if (self->plain)
    {
      gtk_label_set_width_chars (self->value, (int) MIN (g_utf8_strlen (text ? text : "", -1), 12));
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->value), text);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
select_at (KtmChoice *self, guint at)
{
  if (self->selected == at)
    return;
  self->selected = at;
  show_selected (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

/* --- the list --------------------------------------------------------------------------------- */

static void
show_tick_cb (KtmChoice *self, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *tick = gtk_widget_get_last_child (gtk_list_item_get_child (item));

  gtk_widget_set_opacity (tick, gtk_list_item_get_position (item) == self->selected ? 1 : 0);
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
  g_signal_connect (self, "notify::selected", G_CALLBACK (show_tick_cb), item);
  show_tick_cb (self, NULL, item);
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_func (data, show_tick_cb, item);
}

static void
chosen_cb (GtkListView *list, guint position, gpointer data)
{
  KtmChoice *self = data;

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  select_at (self, position);
}

static void
closed_cb (GtkPopover *popover, gpointer data)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (KTM_CHOICE (data)->button), FALSE);
}

static GtkWidget *
new_list (KtmChoice *self)
{
  GtkListItemFactory *rows = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *model = GTK_SELECTION_MODEL (
      gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->labels))));
  GtkWidget *list, *scroller = gtk_scrolled_window_new ();

  g_signal_connect (rows, "setup", G_CALLBACK (setup_row_cb), self);
  g_signal_connect (rows, "bind", G_CALLBACK (bind_row_cb), self);
  g_signal_connect (rows, "unbind", G_CALLBACK (unbind_row_cb), self);
  list = gtk_list_view_new (model, rows);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  g_signal_connect (list, "activate", G_CALLBACK (chosen_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), HIGHEST);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  return scroller;
}

static void
add_popover (KtmChoice *self)
{
  self->popover = gtk_popover_new ();
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->popover, "menu");
  gtk_popover_set_child (GTK_POPOVER (self->popover), new_list (self));
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  g_signal_connect (self->popover, "closed", G_CALLBACK (closed_cb), self);
}

static void
toggled_cb (GtkToggleButton *button, gpointer data)
{
  KtmChoice *self = data;

  if (!gtk_toggle_button_get_active (button))
    {
      if (self->popover)
        gtk_popover_popdown (GTK_POPOVER (self->popover));
      return;
    }
  if (!self->popover)
    add_popover (self);
  gtk_widget_set_size_request (self->popover, gtk_widget_get_width (GTK_WIDGET (self)), -1);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* --- the widget ------------------------------------------------------------------------------- */
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

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (ktm_choice_parent_class)->dispose (object);
}

static void
ktm_choice_finalize (GObject *object)
{
  KtmChoice *self = KTM_CHOICE (object);

  g_object_unref (self->labels);
  g_strfreev (self->ids);
  g_free (self->name);
  G_OBJECT_CLASS (ktm_choice_parent_class)->finalize (object);
}

static void
ktm_choice_class_init (KtmChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ktm_choice_get_property;
  object_class->set_property = ktm_choice_set_property;
  object_class->dispose = ktm_choice_dispose;
  object_class->finalize = ktm_choice_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "dropdown");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_COMBO_BOX);
  props[PROP_SELECTED] =
      g_param_spec_string ("selected", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ktm_choice_init (KtmChoice *self)
{
  self->ids = g_new0 (char *, 1);
  self->labels = gtk_string_list_new (NULL);
  self->selected = GTK_INVALID_LIST_POSITION;
  self->button = gtk_toggle_button_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self), "toolbar-chip");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP,
                                  TRUE, -1);
  g_signal_connect (self->button, "toggled", G_CALLBACK (toggled_cb), self);
}

static GtkWidget *
new_choice (const char *name, gboolean plain)
{
  KtmChoice *self = g_object_new (KTM_TYPE_CHOICE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *label = gtk_label_new (name),
            *value = gtk_label_new (NULL);

  self->name = g_strdup (name);
  self->plain = plain;
  self->value = GTK_LABEL (value);
  gtk_widget_set_visible (label, !plain);
  gtk_widget_add_css_class (label, "choice-name");
  gtk_widget_add_css_class (value, "choice-value");
  gtk_label_set_ellipsize (self->value, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->value, 24);
  gtk_label_set_xalign (self->value, 0);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_button_set_child (GTK_BUTTON (self->button), box);
  return GTK_WIDGET (self);
}

GtkWidget *
ktm_choice_new (const char *name)
{
  return new_choice (name, FALSE);
}

GtkWidget *
ktm_choice_new_plain (const char *name)
{
  return new_choice (name, TRUE);
}

void
ktm_choice_set_options (KtmChoice *self, const char *const *ids, const char *const *labels, guint n)
{
  g_autofree char *before = NULL;

  g_return_if_fail (KTM_IS_CHOICE (self));
  before = g_strdup (ktm_choice_get_selected (self));
  g_strfreev (self->ids);
  self->ids = g_new0 (char *, n + 1);
  self->selected = n ? 0 : GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < n; i++)
    {
      self->ids[i] = g_strdup (ids[i]);
      if (!g_strcmp0 (before, ids[i]))
        self->selected = i;
    }
  gtk_string_list_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)),
                          NULL);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (self->labels, labels[i]);
  gtk_widget_set_sensitive (self->button, n > 1);
  show_selected (self);
  if (before && g_strcmp0 (before, ktm_choice_get_selected (self)))
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
  gtk_string_list_append (self->labels, label);
  gtk_widget_set_sensitive (self->button, n > 0);
  if (n == 0)
    select_at (self, 0);
}

const char *
ktm_choice_get_selected (KtmChoice *self)
{
  g_return_val_if_fail (KTM_IS_CHOICE (self), NULL);
  return self->selected < g_strv_length (self->ids) ? self->ids[self->selected] : NULL;
}

gboolean
ktm_choice_set_selected (KtmChoice *self, const char *id)
{
  g_return_val_if_fail (KTM_IS_CHOICE (self), FALSE);
  for (guint i = 0; id && self->ids[i]; i++)
    if (!strcmp (self->ids[i], id))
      {
        select_at (self, i);
        return TRUE;
      }
  return FALSE;
}
