/* widgets: the published studies of a cohort as a list to tick. */
#include "ktm-study-table.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ktm-analysis.h"
#include "ktm-study-dialog.h"
#include "ktm-study-row.h"
#include "ktm-wrap-box.h"

struct _KtmStudyTable
{
  GtkWidget  parent_instance;
  KtmStudy  *study;     /* owned */
  GtkWidget *box;       /* child */
  GtkWidget *search, *own, *list, *example, *problem; /* borrowed */
};

G_DEFINE_FINAL_TYPE (KtmStudyTable, ktm_study_table, GTK_TYPE_WIDGET)

static const char *const kind_titles[] = { [KTM_STUDIES_TRIAL] = N_("Controlled trials"),
                                           [KTM_STUDIES_SINGLE_ARM] = N_("No control group"),
                                           [KTM_STUDIES_POOLED]
                                           = N_("Published pooled estimates") };
/* In the order of the forest. */
static const int kinds[] = { KTM_STUDIES_TRIAL, KTM_STUDIES_POOLED, KTM_STUDIES_SINGLE_ARM };

static void
say (KtmStudyTable *self, const char *problem)
{
  gtk_label_set_text (GTK_LABEL (self->problem), problem ? problem : "");
  gtk_widget_set_visible (self->problem, problem != NULL);
}

static void
toggled_cb (GtkWidget *row, KtmStudyTable *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *study = g_strdup (ktm_study_row_get_name (row));

  if (!ktm_study_set_published_left_out (self->study, study, !ktm_study_row_get_active (row),
                                         &error))
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
  static const char *const known[] = {
    N_("made up"), N_("month 12"), N_("inpatients"),
    N_("7 trials randomised; not said how many entered this estimate"),
    N_("3 trials; 51.3 % of the treated against 19.4 % of the controls"),
    N_("≥ 50 % less pain and not stopped for lack of effect")
  };

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
new_heading (const char *title, GtkWidget **count)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = gtk_label_new (title);

  *count = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "facet-title");
  gtk_widget_add_css_class (*count, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), *count);
  gtk_widget_add_css_class (box, "study-heading");
  return box;
}

/* What is searched for stands in the name, however it is written. */
static gboolean
is_sought (KtmStudyTable *self, const char *name)
{
  g_autofree char *sought = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)),
                                             -1),
                  *in = g_utf8_casefold (name, -1);

  return strstr (in, g_strstrip (sought)) != NULL;
}

static void
add_row (KtmStudyTable *self, const KtmFrame *frame, gsize arm)
{
  GtkWidget *row = ktm_study_row_new (frame->arms[arm].study);
  g_autofree char *about = describe (frame, arm);

  ktm_study_row_set_about (row, about);
  ktm_study_row_set_active (row, !frame->arms[arm].left_out);
  g_signal_connect (row, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (self->list), row);
}

static void
add_kind (KtmStudyTable *self, const KtmFrame *frame, int kind)
{
  GtkWidget *heading = NULL, *count;
  g_autofree char *text = NULL;
  guint n = 0, n_in = 0;

  for (gsize i = 0; i < frame->n_arms; i++)
    {
      if ((int) frame->arms[i].kind != kind || seen_before (frame, i))
        continue;
      if (!heading)
        gtk_box_append (GTK_BOX (self->list), heading = new_heading (_(kind_titles[kind]), &count));
      n++;
      n_in += !frame->arms[i].left_out;
      if (is_sought (self, frame->arms[i].study))
        add_row (self, frame, i);
    }
  if (!heading)
    return;
  /* Translators: how many of the listed studies are ticked. */
  text = g_strdup_printf (_("%u of %u"), n_in, n);
  gtk_label_set_text (GTK_LABEL (count), text);
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
  for (gsize i = 0; frame && i < G_N_ELEMENTS (kinds); i++)
    add_kind (self, frame, kinds[i]);
  gtk_widget_set_visible (self->example, !frame || frame->n_arms == 0);
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
  gtk_widget_set_margin_top (buttons, 10);
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

static GtkWidget *
build_column (KtmStudyTable *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *count;

  gtk_box_append (GTK_BOX (column), new_heading (_("This cohort"), &count));
  gtk_box_append (GTK_BOX (column), self->own);
  gtk_box_append (GTK_BOX (column), self->list);
  gtk_box_append (GTK_BOX (column), build_buttons (self));
  gtk_box_append (GTK_BOX (column), self->problem);
  gtk_widget_add_css_class (column, "study-column");
  return column;
}

static void
build (KtmStudyTable *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->problem = gtk_label_new (NULL);
  self->own = ktm_study_own_new (self->study);
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search studies"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search studies"), -1);
  gtk_widget_add_css_class (self->search, "sidebar-search");
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (ktm_study_table_update),
                            self);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), build_column (self));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (self->box), self->search);
  gtk_box_append (GTK_BOX (self->box), scroller);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static void
ktm_study_table_init (KtmStudyTable *self)
{
}

GtkWidget *
ktm_study_table_new (KtmStudy *study)
{
  KtmStudyTable *self = g_object_new (KTM_TYPE_STUDY_TABLE, NULL);

  self->study = g_object_ref (study);
  build (self);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed",
                           G_CALLBACK (ktm_study_table_update), self, G_CONNECT_SWAPPED);
  ktm_study_table_update (self);
  return GTK_WIDGET (self);
}

KtmStudyOwn *
ktm_study_table_get_own (KtmStudyTable *self)
{
  g_return_val_if_fail (KTM_IS_STUDY_TABLE (self), NULL);
  return KTM_STUDY_OWN (self->own);
}
