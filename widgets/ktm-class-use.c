/* widgets: what can be done with trajectory classes. */
#include "ktm-class-use.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ktm-wrap-box.h"

#define ATTRIBUTE "trajectory_class"
#define LONGEST   40 /* characters of a name */

struct _KtmClassUse
{
  GtkWidget       parent_instance;
  KtmStudy       *study;   /* owned */
  KtmClassResult *result;  /* a reference; nullable */
  GtkWidget      *box;     /* child */
  GtkWidget      *names, *message, *usual, *groups;
  gboolean        filling;
  gsize           n_lines; /* entries in names */
  char           *typed;   /* owned: a name just typed, for typed_class */
  gsize           typed_class;
  guint           typed_id;
};

G_DEFINE_FINAL_TYPE (KtmClassUse, ktm_class_use, GTK_TYPE_WIDGET)

static guint colour_signal;

/* As people see it: names nobody gave are translated. */
static const char *
name_of (const KtmClassResult *result, gsize k)
{
  const char *given = result->name[result->n_classes - 1][k];

  return given != NULL ? given
                       : _(ktm_class_default_name (result->n_classes, k, result->lower_better));
}

static void
say (KtmClassUse *self, const char *message)
{
  gtk_label_set_text (GTK_LABEL (self->message), message != NULL ? message : "");
  gtk_widget_set_visible (self->message, message != NULL);
}

/* --- names ------------------------------------------------------------------------------------ */

/* One sentence why class @k cannot be called @name; NULL: it can. */
static char *
why_not (const KtmClassResult *result, gsize k, const char *name)
{
  if (*name == '\0')
    return g_strdup (_("A class needs a name."));
  if (g_utf8_strlen (name, -1) > LONGEST)
    return g_strdup_printf (ngettext ("A name may have %d character at most.",
                                      "A name may have %d characters at most.", LONGEST),
                            LONGEST);
  for (gsize l = 0; l < result->n_classes; l++)
    if (l != k && g_utf8_collate (name_of (result, l), name) == 0)
      return g_strdup_printf (_("Another class is called “%s” already."), name);
  return NULL;
}

/* What the filter's condition on the class becomes when @names (all, as they will be) stand: a
 * subgroup of a renamed class stays that subgroup.  NULL: there is none.  Borrows. */
static const char **
following (KtmClassUse *self, const char *const *names)
{
  KtmFilter *filter = ktm_study_get_filter (self->study);
  const char **levels = g_new0 (const char *, self->result->n_classes + 1);
  guint n = 0;

  for (gsize k = 0; k < self->result->n_classes; k++)
    if (ktm_filter_has_attribute (filter, ATTRIBUTE)
        && ktm_filter_has_level (filter, ATTRIBUTE, name_of (self->result, k)))
      levels[n++] = names[k][0] != '\0'
                        ? names[k]
                        : _(ktm_class_default_name (self->result->n_classes, k,
                                                    self->result->lower_better));
  if (n == 0)
    g_clear_pointer (&levels, g_free);
  return levels;
}

/* @names: of all classes, "" the usual one. */
static void
store_names (KtmClassUse *self, const char *const *names)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmClassResult) result = ktm_class_result_ref (self->result); /* owns the words */
  g_autofree const char **levels = following (self, names);

  say (self, ktm_study_name_classes (self->study, result->measure, names, levels, &error)
                 ? NULL
                 : error->message);
}

static void
rename_class (KtmClassUse *self, gsize k, const char *text)
{
  const char *names[KTM_GBTM_MAX_CLASSES + 1] = { NULL };
  g_autofree char *name = g_strstrip (g_strdup (text)), *why = NULL,
                  *before = g_strdup (name_of (self->result, k));
  g_autoptr (KtmClassResult) result = NULL;

  if (g_str_equal (name, before))
    return;
  why = why_not (self->result, k, name);
  if (why != NULL)
    {
      say (self, why);
      return;
    }
  result = ktm_class_result_ref (self->result);
  for (gsize l = 0; l < result->n_classes; l++)
    names[l] = result->name[result->n_classes - 1][l] != NULL
                   ? result->name[result->n_classes - 1][l]
                   : "";
  names[k] = g_str_equal (name, _(ktm_class_default_name (result->n_classes, k,
                                                          result->lower_better)))
                 ? ""
                 : name;
  store_names (self, names);
}

static void show_names (KtmClassUse *self);

/* A name typed in, taken up when the label has finished its own work. */
static gboolean
renamed_cb (gpointer data)
{
  KtmClassUse *self = data;
  g_autofree char *name = g_steal_pointer (&self->typed);

  self->typed_id = 0;
  if (self->result != NULL && self->typed_class < self->result->n_classes)
    rename_class (self, self->typed_class, name);
  if (self->result != NULL)
    show_names (self); /* as they are now */
  return G_SOURCE_REMOVE;
}

/* Enter, or going elsewhere. */
static void
take_name (KtmClassUse *self, GtkWidget *entry)
{
  gsize k = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (entry), "ktm-class"));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (self->filling || self->result == NULL || k >= self->result->n_classes
      || g_str_equal (text, name_of (self->result, k)))
    return;
  g_free (self->typed);
  self->typed = g_strdup (text);
  self->typed_class = k;
  if (self->typed_id == 0)
    self->typed_id = g_idle_add (renamed_cb, self);
}

static void
activated_cb (GtkEntry *entry, KtmClassUse *self)
{
  take_name (self, GTK_WIDGET (entry));
}

static void
left_cb (GtkEventControllerFocus *focus, KtmClassUse *self)
{
  take_name (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus)));
}

static void
usual_cb (KtmClassUse *self)
{
  const char *names[KTM_GBTM_MAX_CLASSES + 1] = { NULL };

  for (gsize k = 0; k < self->result->n_classes; k++)
    names[k] = "";
  store_names (self, names);
}

static GtkWidget *
new_entry (KtmClassUse *self, gsize k)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_autofree char *css =
      g_strdup_printf ("series-%u", (guint) ktm_class_look (self->result->n_classes, k) % 6);

  gtk_entry_set_has_frame (GTK_ENTRY (entry), FALSE);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_widget_add_css_class (entry, css);
  gtk_widget_add_css_class (entry, "heading");
  gtk_widget_add_css_class (entry, "class-name");
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_tooltip_text (entry, _("Click to rename this class"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Name of the class"), -1);
  g_object_set_data (G_OBJECT (entry), "ktm-class", GSIZE_TO_POINTER (k));
  g_signal_connect (entry, "activate", G_CALLBACK (activated_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (entry, focus);
  return entry;
}

static GtkWidget *
new_line (KtmClassUse *self, gsize k)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *count = gtk_label_new (NULL);

  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "number");
  gtk_box_append (GTK_BOX (line), new_entry (self, k));
  gtk_box_append (GTK_BOX (line), count);
  return line;
}

static void
rebuild_lines (KtmClassUse *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->names)) != NULL)
    gtk_box_remove (GTK_BOX (self->names), child);
  for (gsize k = 0; k < self->result->n_classes; k++)
    gtk_box_append (GTK_BOX (self->names), new_line (self, k));
  self->n_lines = self->result->n_classes;
}

static void
show_names (KtmClassUse *self)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (self->result);
  gboolean any = FALSE;
  GtkWidget *line;

  self->filling = TRUE;
  if (self->n_lines != self->result->n_classes)
    rebuild_lines (self);
  line = gtk_widget_get_first_child (self->names);
  for (gsize k = 0; k < self->result->n_classes; k++, line = gtk_widget_get_next_sibling (line))
    {
      guint n = (guint) fit->modal_n[k];
      g_autofree char *patients = g_strdup_printf (ngettext ("%u patient", "%u patients", n), n);

      gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_first_child (line)),
                             name_of (self->result, k));
      gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (line)), patients);
      any = any || self->result->name[self->result->n_classes - 1][k] != NULL;
    }
  gtk_widget_set_visible (self->usual, any);
  self->filling = FALSE;
}

/* --- using them ------------------------------------------------------------------------------- */

/* What is shown is what "class" means from now on. */
static void
take_classes (KtmClassUse *self)
{
  ktm_cohort_set_classes (ktm_study_get_cohort (self->study), self->result);
}

static void
group_cb (GtkButton *button, KtmClassUse *self)
{
  gsize k = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (button), "ktm-class"));
  g_autofree char *name = g_strdup (name_of (self->result, k));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->groups));
  take_classes (self);
  ktm_filter_set_levels (ktm_study_get_filter (self->study), ATTRIBUTE,
                         (const char *const[]){ name, NULL }, FALSE);
}

static void
groups_shown_cb (GtkWidget *popover, KtmClassUse *self)
{
  GtkWidget *box = gtk_popover_get_child (GTK_POPOVER (popover)), *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
  for (gsize k = 0; self->result != NULL && k < self->result->n_classes; k++)
    {
      GtkWidget *button = gtk_button_new_with_label (name_of (self->result, k));

      gtk_widget_add_css_class (button, "flat");
      g_object_set_data (G_OBJECT (button), "ktm-class", GSIZE_TO_POINTER (k));
      g_signal_connect (button, "clicked", G_CALLBACK (group_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
}

static void
colour_cb (KtmClassUse *self)
{
  take_classes (self);
  g_signal_emit (self, colour_signal, 0);
}

/* --- building --------------------------------------------------------------------------------- */

static GtkWidget *
new_groups_button (KtmClassUse *self)
{
  GtkWidget *popover = gtk_popover_new ();

  self->groups = gtk_menu_button_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), gtk_box_new (GTK_ORIENTATION_VERTICAL, 2));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->groups), _("Make a subgroup"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->groups), popover);
  g_signal_connect (popover, "show", G_CALLBACK (groups_shown_cb), self);
  gtk_widget_set_tooltip_text (self->groups, _("Only the patients most likely in one class"));
  return self->groups;
}

static void
build (KtmClassUse *self)
{
  GtkWidget *title = gtk_label_new (_("Use the classes")), *buttons = ktm_wrap_box_new (8, 8),
            *colour = gtk_button_new_with_label (_("Colour by class"));

  gtk_widget_add_css_class (title, "card-title");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  self->names = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->message = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->message), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->message), 0);
  gtk_widget_add_css_class (self->message, "error");
  gtk_widget_set_visible (self->message, FALSE);
  self->usual = gtk_button_new_with_label (_("Usual names"));
  gtk_widget_set_tooltip_text (self->usual, _("Name the classes by their level again"));
  gtk_widget_set_tooltip_text (colour, _("Draw every patient in the colour of the class"));
  g_signal_connect_swapped (self->usual, "clicked", G_CALLBACK (usual_cb), self);
  g_signal_connect_swapped (colour, "clicked", G_CALLBACK (colour_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), colour);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), new_groups_button (self));
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), self->usual);
  gtk_box_append (GTK_BOX (self->box), title);
  gtk_box_append (GTK_BOX (self->box), self->names);
  gtk_box_append (GTK_BOX (self->box), self->message);
  gtk_box_append (GTK_BOX (self->box), buttons);
}

static void
ktm_class_use_dispose (GObject *object)
{
  KtmClassUse *self = KTM_CLASS_USE (object);

  g_clear_handle_id (&self->typed_id, g_source_remove);
  g_clear_pointer (&self->typed, g_free);
  g_clear_pointer (&self->result, ktm_class_result_unref); /* before the fields lose the focus */
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_class_use_parent_class)->dispose (object);
}

static void
ktm_class_use_class_init (KtmClassUseClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_class_use_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  colour_signal = g_signal_new ("colour", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
}

static void
ktm_class_use_init (KtmClassUse *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "result-card");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  build (self);
}

GtkWidget *
ktm_class_use_new (KtmStudy *study)
{
  KtmClassUse *self;

  g_return_val_if_fail (KTM_IS_STUDY (study), NULL);
  self = g_object_new (KTM_TYPE_CLASS_USE, NULL);
  self->study = g_object_ref (study);
  return GTK_WIDGET (self);
}

void
ktm_class_use_set (KtmClassUse *self, const KtmClassResult *result)
{
  KtmClassResult *old;

  g_return_if_fail (KTM_IS_CLASS_USE (self));
  if (result != NULL && result == self->result)
    return;
  old = self->result;
  self->result = result != NULL && result->n_classes > 1 ? ktm_class_result_ref (result) : NULL;
  ktm_class_result_unref (old);
  gtk_widget_set_visible (GTK_WIDGET (self), self->result != NULL);
  say (self, NULL);
  if (self->result != NULL)
    show_names (self);
}
