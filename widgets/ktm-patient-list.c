/* widgets: list of patients. */
#include "ktm-patient-list.h"

#include <glib/gi18n.h>

#include "ktm-sparkline.h"

/* --- the list --------------------------------------------------------------------------------- */

struct _KtmPatientList
{
  GtkWidget           parent_instance;
  KtmStudy           *study; /* owned */
  KtmFound           *found; /* borrowed from the study */
  GtkSingleSelection *selection; /* owned */
  GtkWidget          *stack, *view; /* children */
  gboolean            updating;
};

G_DEFINE_FINAL_TYPE (KtmPatientList, ktm_patient_list, GTK_TYPE_WIDGET)

static void
show_picked (KtmPatientList *self)
{
  long position = ktm_found_find (self->found, ktm_study_get_picked (self->study));

  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection,
                                     position < 0 ? GTK_INVALID_LIST_POSITION : (guint) position);
  self->updating = FALSE;
  if (position >= 0 && gtk_widget_get_mapped (self->view))
    gtk_widget_activate_action (self->view, "list.scroll-to-item", "u", (guint) position);
}

/* The model has been given other items, and the selection let go of its own. */
static void
update (KtmPatientList *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (G_LIST_MODEL (self->found)) ? "list"
                                                                                          : "none");
  show_picked (self);
}

static void
selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, gpointer data)
{
  KtmPatientList *self = data;
  guint position = gtk_single_selection_get_selected (selection);

  if (self->updating || position == GTK_INVALID_LIST_POSITION)
    return;
  ktm_study_set_picked (self->study, (int) ktm_found_get_index (self->found, position));
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *code = gtk_label_new (NULL),
            *about = gtk_label_new (NULL);

  gtk_widget_add_css_class (code, "code");
  gtk_label_set_xalign (GTK_LABEL (code), 0);
  gtk_label_set_xalign (GTK_LABEL (about), 0);
  gtk_label_set_ellipsize (GTK_LABEL (about), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (about, TRUE);
  gtk_widget_add_css_class (about, "dim-label");
  gtk_box_append (GTK_BOX (box), code);
  gtk_box_append (GTK_BOX (box), about);
  gtk_box_append (GTK_BOX (box), ktm_sparkline_new ());
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KtmPatientList *self = data;
  KtmPatient *patient = gtk_list_item_get_item (item);
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  GtkWidget *box = gtk_list_item_get_child (item), *code = gtk_widget_get_first_child (box);
  GtkWidget *about = gtk_widget_get_next_sibling (code),
            *line = gtk_widget_get_next_sibling (about);
  guint n_visits = 0;
  const double *course = ktm_patient_get_course (patient, &n_visits);

  if (gtk_widget_get_parent (box)) /* the row */
    {
      g_autofree char *name = g_strdup_printf ("%s, %s", ktm_patient_get_code (patient),
                                               ktm_patient_get_summary (patient));

      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
  gtk_label_set_text (GTK_LABEL (code), ktm_patient_get_code (patient));
  gtk_label_set_text (GTK_LABEL (about), ktm_patient_get_summary (patient));
  if (course)
    {
      const KtmFrameMeasure *measure = ktm_cohort_get_measure (cohort, 0);

      ktm_sparkline_set (KTM_SPARKLINE (line), course, n_visits, measure->min, measure->max);
    }
  else
    ktm_sparkline_set (KTM_SPARKLINE (line), NULL, 0, 0, 1);
}

static void
build_view (KtmPatientList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new (),
            *none = gtk_label_new (_("No such patient in this subgroup"));

  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->found)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect (self->selection, "notify::selected", G_CALLBACK (selected_cb), self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory);
  gtk_widget_add_css_class (self->view, "patient-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Patients"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_widget_add_css_class (none, "dim-label");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "list");
  gtk_stack_add_named (GTK_STACK (self->stack), none, "none");
}

static void
ktm_patient_list_dispose (GObject *object)
{
  KtmPatientList *self = KTM_PATIENT_LIST (object);

  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_patient_list_parent_class)->dispose (object);
}

static void
ktm_patient_list_class_init (KtmPatientListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_patient_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_patient_list_init (KtmPatientList *self)
{
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

GtkWidget *
ktm_patient_list_new (KtmStudy *study)
{
  KtmPatientList *self = g_object_new (KTM_TYPE_PATIENT_LIST, NULL);

  self->study = g_object_ref (study);
  self->found = ktm_study_get_found (study);
  build_view (self);
  update (self);
  g_signal_connect_object (self->found, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (study, "notify::picked", G_CALLBACK (show_picked), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
