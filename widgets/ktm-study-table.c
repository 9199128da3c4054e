/* widgets: the published studies of a cohort as a list to tick. */
#include "ktm-study-table.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-analysis.h"
#include "ktm-study-dialog.h"
#include "ktm-wrap-box.h"

struct _KtmStudyTable
{
  GtkWidget  parent_instance;
  KtmStudy  *study;     /* owned */
  GtkWidget *box;       /* owned */
  GtkWidget *list, *example, *problem, *scroller; /* borrowed */
};

G_DEFINE_FINAL_TYPE (KtmStudyTable, ktm_study_table, GTK_TYPE_WIDGET)

#define N_KINDS 3

static const char *const kind_titles[N_KINDS] = { N_("Controlled trials"), N_("No control group"),
                                                  N_("Published pooled estimates") };

static void
say (KtmStudyTable *self, const char *problem)
{
  gtk_label_set_text (GTK_LABEL (self->problem), problem ? problem : "");
  gtk_widget_set_visible (self->problem, problem != NULL);
}

static void
toggled_cb (GtkCheckButton *check, KtmStudyTable *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *study = g_strdup (g_object_get_data (G_OBJECT (check), "study"));

  if (!ktm_study_set_published_left_out (self->study, study,
                                         !gtk_check_button_get_active (check), &error))
    {
      ktm_study_table_update (self); /* the tick goes back */
      say (self, error->message);
    }
}

/* --- the list --------------------------------------------------------------------------------- */

/* Notes of the example studies are said in the person's language, others as they are. */
static const char *
say_note (const char *note)
{
  static const char *const known[] = { N_("made up"), N_("month 12"), N_("inpatients") };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (note, known[i]))
      return _(known[i]);
  return note;
}

/* "40 patients · made up". */
static char *
describe (const KtmFrame *frame, gsize first)
{
  const KtmFrameArm *arm = &frame->arms[first];
  GString *text = g_string_new (NULL);
  double n = 0;

  for (gsize i = first; i < frame->n_arms; i++)
    if (g_str_equal (frame->arms[i].study, arm->study) && frame->arms[i].kind == arm->kind)
      n = arm->kind == KTM_STUDIES_SINGLE_ARM ? MAX (n, frame->arms[i].n)
          : isnan (frame->arms[i].n)          ? n
                                              : n + frame->arms[i].n;
  if (n > 0)
    g_string_append_printf (text, ngettext ("%.0f patient", "%.0f patients", (gulong) n), n);
  if (arm->note)
    g_string_append_printf (text, "%s%s", text->len ? " · " : "", say_note (arm->note));
  return g_string_free (text, FALSE);
}

static gboolean
seen_before (const KtmFrame *frame, gsize arm)
{
  for (gsize i = 0; i < arm; i++)
    if (g_str_equal (frame->arms[i].study, frame->arms[arm].study))
      return TRUE;
  return FALSE;
}

static GtkWidget *
new_check (KtmStudyTable *self, const KtmFrame *frame, gsize arm)
{
  GtkWidget *check = gtk_check_button_new_with_label (frame->arms[arm].study);
  g_autofree char *about = describe (frame, arm);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !frame->arms[arm].left_out);
  gtk_widget_set_tooltip_text (check, *about ? about : NULL);
  g_object_set_data_full (G_OBJECT (check), "study", g_strdup (frame->arms[arm].study), g_free);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
  return check;
}

static void
add_kind (KtmStudyTable *self, const KtmFrame *frame, int kind)
{
  GtkWidget *wrap = NULL;

  for (gsize i = 0; i < frame->n_arms; i++)
    {
      if ((int) frame->arms[i].kind != kind || seen_before (frame, i))
        continue;
      if (!wrap)
        {
          GtkWidget *title = gtk_label_new (_(kind_titles[kind]));

          gtk_label_set_xalign (GTK_LABEL (title), 0);
          gtk_widget_add_css_class (title, "caption-heading");
          gtk_box_append (GTK_BOX (self->list), title);
          wrap = ktm_wrap_box_new (10, 0);
          gtk_box_append (GTK_BOX (self->list), wrap);
        }
      ktm_wrap_box_append (KTM_WRAP_BOX (wrap), new_check (self, frame, i));
    }
}

void
ktm_study_table_update (KtmStudyTable *self)
{
  g_autoptr (KtmFrame) frame = NULL;
  GtkWidget *child;

  g_return_if_fail (KTM_IS_STUDY_TABLE (self));
  frame = ktm_study_dup_frame (self->study, NULL, NULL, KTM_FRAME_STUDIES);
  say (self, NULL);
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (int kind = 0; frame && kind < N_KINDS; kind++)
    add_kind (self, frame, kind);
  gtk_widget_set_visible (self->example, !frame || frame->n_arms == 0);
  gtk_widget_set_visible (self->scroller, frame && frame->n_arms > 0);
}

/* --- adding ----------------------------------------------------------------------------------- */

static void
example_cb (KtmStudyTable *self)
{
  g_autoptr (GBytes) table = g_resources_lookup_data (
      "/org/ketamine/Viewer/evidence/studies.csv", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;

  if (table && !ktm_study_add_published_table (self->study, "studies.csv", table, &error))
    say (self, error->message);
}

static void
type_cb (KtmStudyTable *self)
{
  ktm_study_dialog_present (GTK_WIDGET (self), self->study);
}

static GtkWidget *
new_button (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (action)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
build_buttons (KtmStudyTable *self)
{
  GtkWidget *buttons = ktm_wrap_box_new (8, 6), *type = new_button (_("Add a study…"), NULL);

  self->example = new_button (_("Show the example studies"), NULL);
  g_signal_connect_swapped (self->example, "clicked", G_CALLBACK (example_cb), self);
  g_signal_connect_swapped (type, "clicked", G_CALLBACK (type_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), type);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), new_button (_("Import table…"), "app.import"));
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), self->example);
  return buttons;
}

static void
ktm_study_table_dispose (GObject *object)
{
  KtmStudyTable *self = KTM_STUDY_TABLE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_study_table_parent_class)->dispose (object);
}

static void
ktm_study_table_class_init (KtmStudyTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_study_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_study_table_init (KtmStudyTable *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->scroller = gtk_scrolled_window_new ();
  self->problem = gtk_label_new (NULL);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), 230);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scroller), 120);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->list);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_box_append (GTK_BOX (self->box), self->scroller);
  gtk_box_append (GTK_BOX (self->box), build_buttons (self));
  gtk_box_append (GTK_BOX (self->box), self->problem);
}

GtkWidget *
ktm_study_table_new (KtmStudy *study)
{
  KtmStudyTable *self = g_object_new (KTM_TYPE_STUDY_TABLE, NULL);

  self->study = g_object_ref (study);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed",
                           G_CALLBACK (ktm_study_table_update), self, G_CONNECT_SWAPPED);
  ktm_study_table_update (self);
  return GTK_WIDGET (self);
}
