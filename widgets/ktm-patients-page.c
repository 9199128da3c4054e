/* widgets: page of patients. */
#include "ktm-patients-page.h"

#include <adwaita.h>

#include <glib/gi18n-lib.h>

#include "ktm-cohort-view.h"
#include "ktm-filter-panel.h"
#include "ktm-patient-card.h"
#include "ktm-patient-table.h"
#include "ktm-patient-view.h"
#include "ktm-segments.h"

struct _KtmPatientsPage
{
  GtkWidget   parent_instance;
  KtmStudy   *study;   /* owned */
  AdwLeaflet *leaflet;
  GtkWidget  *table_side, *patient_side, *count_button, *body, *top, *stack; /* of the template */
  GtkWidget  *table, *view, *parts, *cohort; /* children */
};

enum { PROP_0, PROP_COUNT_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmPatientsPage, ktm_patients_page, GTK_TYPE_WIDGET)

static void
show_count (KtmPatientsPage *self)
{
  g_autofree char *text = ktm_filter_panel_dup_count (self->study);

  gtk_button_set_label (GTK_BUTTON (self->count_button), text);
}

static void
show_position (KtmPatientsPage *self)
{
  guint n;
  long at = ktm_patient_table_get_position (KTM_PATIENT_TABLE (self->table), &n);

  ktm_patient_view_set_position (KTM_PATIENT_VIEW (self->view), at, n);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "patients.previous", at > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "patients.next", at + 1 < (long) n);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "patients.show",
                                 ktm_study_get_picked (self->study) >= 0);
  show_count (self);
}

/* Where there is room for one side only, a click or Return in the table goes on to the patient. */
static void
activated_cb (KtmPatientsPage *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->patient_side);
}

static void
step_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  KtmPatientsPage *self = KTM_PATIENTS_PAGE (widget);

  ktm_patient_table_step (KTM_PATIENT_TABLE (self->table),
                          g_str_equal (action, "patients.next") ? 1 : -1);
}

static void
show_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  activated_cb (KTM_PATIENTS_PAGE (widget));
}

static gboolean
shows_patients (KtmPatientsPage *self)
{
  return !g_strcmp0 (ktm_segments_get_selected (KTM_SEGMENTS (self->parts)), "patients");
}

/* The patients one by one, or all of them as a whole. */
static void
part_cb (KtmPatientsPage *self)
{
  const char *part = ktm_segments_get_selected (KTM_SEGMENTS (self->parts));

  if (!shows_patients (self))
    ktm_cohort_view_set_part (KTM_COHORT_VIEW (self->cohort), part);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    shows_patients (self) ? "patients" : "cohort");
}

static void
show_part_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ktm_segments_set_selected (KTM_SEGMENTS (KTM_PATIENTS_PAGE (widget)->parts),
                             g_variant_get_string (parameter, NULL));
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_leaflet_set_visible_child (KTM_PATIENTS_PAGE (widget)->leaflet,
                                 KTM_PATIENTS_PAGE (widget)->table_side);
}

static void
ktm_patients_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COUNT_SHOWN)
    g_value_set_boolean (value, gtk_widget_get_visible (KTM_PATIENTS_PAGE (object)->count_button));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ktm_patients_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COUNT_SHOWN)
    gtk_widget_set_visible (KTM_PATIENTS_PAGE (object)->count_button, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Somebody who opens the page wants to see a patient: the first one, unless one is picked already.
 */
static void
ktm_patients_page_map (GtkWidget *widget)
{
  KtmPatientsPage *self = KTM_PATIENTS_PAGE (widget);

  GTK_WIDGET_CLASS (ktm_patients_page_parent_class)->map (widget);
  if (shows_patients (self) && ktm_study_get_picked (self->study) < 0)
    ktm_patient_table_step (KTM_PATIENT_TABLE (self->table), 1);
}

static void
ktm_patients_page_dispose (GObject *object)
{
  KtmPatientsPage *self = KTM_PATIENTS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), KTM_TYPE_PATIENTS_PAGE);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_patients_page_parent_class)->dispose (object);
}

static void
ktm_patients_page_class_init (KtmPatientsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ktm_patients_page_dispose;
  widget_class->map = ktm_patients_page_map;
  object_class->get_property = ktm_patients_page_get_property;
  object_class->set_property = ktm_patients_page_set_property;
  props[PROP_COUNT_SHOWN] = g_param_spec_boolean ("count-shown", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/ketamine/Viewer/ktm-patients-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, table_side);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, patient_side);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, count_button);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, body);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, top);
  gtk_widget_class_bind_template_child (widget_class, KtmPatientsPage, stack);
  gtk_widget_class_install_action (widget_class, "patients.part", "s", show_part_cb);
  gtk_widget_class_install_action (widget_class, "patients.previous", NULL, step_cb);
  gtk_widget_class_install_action (widget_class, "patients.next", NULL, step_cb);
  gtk_widget_class_install_action (widget_class, "patients.show", NULL, show_cb);
  gtk_widget_class_install_action (widget_class, "patients.back", NULL, back_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, GDK_ALT_MASK,
                                       "patients.previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, GDK_ALT_MASK,
                                       "patients.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "patients.back", NULL);
}

static void
ktm_patients_page_init (KtmPatientsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_parts (KtmPatientsPage *self)
{
  static const struct
  {
    const char *id, *label;
  } parts[] = {
    { "patients", N_("Patients") },
    { "table1", N_("Table 1") },
    { "flow", N_("Flow") },
    { "missingness", N_("Missing") },
  };

  self->parts = ktm_segments_new (_("What is shown of the patients"));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    ktm_segments_add (KTM_SEGMENTS (self->parts), parts[i].id, NULL, _(parts[i].label));
  gtk_box_append (GTK_BOX (self->top), self->parts);
  self->cohort = ktm_cohort_view_new (self->study);
  gtk_widget_add_css_class (self->cohort, "page-body");
  gtk_stack_add_named (GTK_STACK (self->stack), self->cohort, "cohort");
  g_signal_connect_object (self->parts, "notify::selected", G_CALLBACK (part_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
ktm_patients_page_new (KtmStudy *study, GSettings *settings)
{
  KtmPatientsPage *self = g_object_new (KTM_TYPE_PATIENTS_PAGE, NULL);

  self->study = g_object_ref (study);
  self->table = ktm_patient_table_new (study, settings);
  self->view = ktm_patient_view_new (study);
  add_parts (self);
  gtk_widget_set_vexpand (self->table, TRUE);
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_box_append (GTK_BOX (self->table_side), self->table);
  gtk_box_append (GTK_BOX (self->patient_side), self->view);
  g_signal_connect_object (self->table, "order-changed", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "row-activated", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);
  show_position (self);
  return GTK_WIDGET (self);
}

KtmChartOptions *
ktm_patients_page_dup_options (KtmPatientsPage *self, const char **type)
{
  KtmChartOptions *options;
  KtmCohort *cohort;
  int picked;

  g_return_val_if_fail (KTM_IS_PATIENTS_PAGE (self), NULL);
  if (!shows_patients (self))
    {
      *type = "flow";
      return ktm_cohort_view_dup_options (KTM_COHORT_VIEW (self->cohort));
    }
  picked = ktm_study_get_picked (self->study);
  cohort = ktm_study_get_cohort (self->study);
  if (picked < 0 || ktm_study_find (self->study, (guint) picked) < 0
      || ktm_cohort_get_n_measures (cohort) == 0)
    return NULL;
  options = ktm_chart_options_new ();
  options->measure = g_strdup (ktm_cohort_get_measure (cohort, 0)->id);
  options->picked = ktm_study_find (self->study, (guint) picked);
  options->lang = g_strdup (ktm_lang_code (ktm_say_lang ()));
  if (ktm_cohort_has_classes (cohort))
    options->summary = KTM_SUMMARY_CLASS;
  *type = "patient";
  return options;
}

KtmReport *
ktm_patients_page_dup_report (KtmPatientsPage *self)
{
  g_return_val_if_fail (KTM_IS_PATIENTS_PAGE (self), NULL);
  return ktm_patient_view_dup_report (KTM_PATIENT_VIEW (self->view));
}

gboolean
ktm_patients_page_is_busy (KtmPatientsPage *self)
{
  return ktm_patient_view_is_busy (KTM_PATIENT_VIEW (self->view))
         || ktm_cohort_view_is_busy (KTM_COHORT_VIEW (self->cohort));
}

gboolean
ktm_patients_page_apply (KtmPatientsPage *self, const char *type, const KtmChartOptions *options)
{
  g_return_val_if_fail (KTM_IS_PATIENTS_PAGE (self), FALSE);
  return !g_strcmp0 (type, "flow")
         && ktm_segments_set_selected (KTM_SEGMENTS (self->parts), "flow")
         && ktm_cohort_view_apply (KTM_COHORT_VIEW (self->cohort), options);
}
