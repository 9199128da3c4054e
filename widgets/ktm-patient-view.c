/* widgets: one patient. */
#include "ktm-patient-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ktm-analysis.h"
#include "ktm-chart-view.h"
#include "ktm-class-finder.h"
#include "ktm-patient-card.h"
#include "ktm-patient-outlook.h"
#include "ktm-text.h"
#include "ktm-wrap-box.h"

struct _KtmPatientView
{
  GtkWidget  parent_instance;
  KtmStudy  *study;   /* owned */
  gboolean   looking; /* for trajectory classes, as the person asked */
  GtkWidget *stack, *code, *about, *position, *find, *tiles, *chart; /* children */
};

G_DEFINE_FINAL_TYPE (KtmPatientView, ktm_patient_view, GTK_TYPE_WIDGET)

/* --- key figures ------------------------------------------------------------------------------ */

/* What the tiles tell of the main measure. */
typedef struct
{
  const KtmFrameMeasure *measure;
  const double *course;
  guint    n_visits;
  double   baseline, latest;
  gint     latest_visit, best_visit;
  guint    n_scores, n_asked;
} Figures;

static Figures
figure (KtmCohort *cohort, KtmPatient *patient)
{
  Figures f = { .baseline = ktm_patient_get_baseline (patient),
                .latest = ktm_patient_get_latest (patient),
                .latest_visit = ktm_patient_get_latest_visit (patient),
                .best_visit = -1,
                .n_scores = ktm_patient_get_n_scores (patient),
                .n_asked = ktm_cohort_get_n_score_visits (cohort) };

  f.course = ktm_patient_get_course (patient, &f.n_visits);
  f.measure = f.course != NULL ? ktm_cohort_get_measure (cohort, 0) : NULL;
  for (guint v = 0; v < f.n_visits; v++)
    if (!isnan (f.course[v])
        && (f.best_visit < 0
            || (f.measure->lower_better ? f.course[v] < f.course[f.best_visit]
                                        : f.course[v] > f.course[f.best_visit])))
      f.best_visit = (gint) v;
  return f;
}

static char *
say_score (double value)
{
  return ktm_say_number (value, fabs (value - round (value)) < 1e-9 ? 0 : 1);
}

static char *
say_signed (double value)
{
  g_autofree char *number = say_score (value);

  return g_strconcat (value > 0 ? "+" : "", number, NULL);
}

static void
add_tile (KtmPatientView *self, const char *big, const char *beside, const char *below)
{
  GtkWidget *tile = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *top = gtk_label_new (NULL),
            *bottom = gtk_label_new (below);
  g_autofree char *markup = g_markup_printf_escaped (
      "<b><span size='x-large'>%s</span></b>%s<span alpha='70%%'>%s</span>", big,
      *beside != '\0' ? " " : "", beside);

  gtk_label_set_markup (GTK_LABEL (top), markup);
  gtk_label_set_xalign (GTK_LABEL (top), 0);
  gtk_label_set_xalign (GTK_LABEL (bottom), 0);
  gtk_widget_add_css_class (top, "number");
  gtk_widget_add_css_class (bottom, "caption");
  gtk_widget_add_css_class (bottom, "dim-label");
  gtk_box_append (GTK_BOX (tile), top);
  gtk_box_append (GTK_BOX (tile), bottom);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->tiles), tile);
}

static char *
visit_name (KtmCohort *cohort, gint visit)
{
  return ktm_say_visit (ktm_cohort_get_time_unit (cohort),
                        ktm_cohort_get_visit_time (cohort, (guint) visit));
}

static void
add_course_tiles (KtmPatientView *self, KtmCohort *cohort, const Figures *f)
{
  g_autofree char *baseline = say_score (f->baseline), *latest = say_score (f->latest),
                  *change = say_signed (f->latest - f->baseline);
  g_autofree char *visit = f->latest_visit >= 0 ? visit_name (cohort, f->latest_visit) : NULL,
                  *percent = NULL, *both = NULL, *when = NULL;

  both = g_strdup_printf ("%s → %s", baseline, latest);
  /* Translators: under "7 → 5": from which visit to which. */
  when = visit != NULL ? g_strdup_printf (_("baseline → %s"), visit)
                       : g_strdup (_("no score after baseline"));
  add_tile (self, both, "", when);
  if (isfinite (f->latest - f->baseline) && f->baseline != 0)
    {
      g_autofree char *number = say_signed (round (100 * (f->latest - f->baseline) / f->baseline));

      percent = g_strdup_printf ("(%s %%)", number);
    }
  add_tile (self, isfinite (f->latest - f->baseline) ? change : "–", percent != NULL ? percent : "",
            _("latest change"));
}

static void
add_best_tile (KtmPatientView *self, KtmCohort *cohort, const Figures *f)
{
  g_autofree char *best =
      f->best_visit >= 0 ? say_score (f->course[f->best_visit]) : g_strdup ("–");
  g_autofree char *visit = f->best_visit >= 0 ? visit_name (cohort, f->best_visit) : g_strdup ("");
  g_autofree char *n = NULL;

  add_tile (self, best, visit, f->measure->lower_better ? _("lowest score") : _("highest score"));
  n = g_strdup_printf (_("%u of %u"), f->n_scores, f->n_asked);
  add_tile (self, n, "", _("visits with a score"));
}

static void
add_event_tile (KtmPatientView *self, const KtmFrame *frame)
{
  g_autofree char *n = g_strdup_printf ("%zu", frame->n_events), *severe = NULL;
  gboolean asked = frame->n_events > 0;
  guint n_severe = 0;

  for (gsize v = 0; frame->safety != NULL && v < frame->n_visits; v++)
    asked = asked || !isnan (frame->safety[v]);
  for (gsize i = 0; i < frame->n_events; i++)
    n_severe += frame->events[i].severity == KTM_SEVERITY_SEVERE;
  /* Translators: how many of a patient's adverse events were severe. */
  severe = n_severe > 0 ? g_strdup_printf (ngettext ("%u severe", "%u severe", n_severe), n_severe)
                        : g_strdup ("");
  add_tile (self, asked ? n : "–", severe,
            asked ? ngettext ("adverse event", "adverse events", (gulong) frame->n_events)
                  : _("never asked about harms"));
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void
show_who (KtmPatientView *self, KtmCohort *cohort, KtmPatient *patient)
{
  gint at = ktm_cohort_find_attribute (cohort, "centre");
  const KtmFrameAttribute *centre = at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;
  double value = centre != NULL ? centre->value[ktm_patient_get_index (patient)] : NAN;
  const char *summary = ktm_patient_get_summary (patient);
  g_autofree char *text = NULL;

  gtk_label_set_text (GTK_LABEL (self->code), ktm_patient_get_code (patient));
  if (isnan (value))
    text = g_strdup (summary);
  else
    {
      /* Translators: %s is a centre's name. */
      g_autofree char *where = g_strdup_printf (_("centre %s"), centre->levels[(gsize) value]);

      text = *summary != '\0' ? g_strdup_printf ("%s · %s", summary, where) : g_strdup (where);
    }
  gtk_label_set_text (GTK_LABEL (self->about), text);
}

/* --- trajectory classes ----------------------------------------------------------------------- */

KtmReport *
ktm_patient_view_dup_report (KtmPatientView *self)
{
  KtmCohort *cohort;
  KtmClassResult *classes;
  KtmReport *report;
  KtmFrame *names;

  g_return_val_if_fail (KTM_IS_PATIENT_VIEW (self), NULL);
  cohort = ktm_study_get_cohort (self->study);
  if (!ktm_cohort_has_classes (cohort))
    return NULL;
  classes = ktm_cohort_get_classes (cohort);
  names = ktm_cohort_dup_frame (cohort, NULL, 0, (const char *[]){ NULL },
                                (const char *[]){ NULL }, 0);
  report = ktm_report_new ("trajectory-classes");
  report->classes = ktm_class_result_choose (classes, names, classes->n_classes); /* as named now */
  ktm_frame_unref (names);
  ktm_class_result_unref (classes);
  return report;
}

/* Asks the study's one search; what was found becomes the cohort's classes. */
static void
look_for_classes (KtmPatientView *self)
{
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  KtmClassFinder *finder = ktm_class_finder_of (self->study);
  KtmFrame *frame = ktm_cohort_dup_frame (cohort, NULL, g_list_model_get_n_items (
                                              G_LIST_MODEL (cohort)), NULL, NULL, KTM_FRAME_TIMES);
  g_autofree char *why = NULL;
  KtmClassResult *classes;

  options->measure = g_strdup (ktm_cohort_get_measure (cohort, 0)->id);
  classes = ktm_class_finder_want (finder, frame, options, &why);
  ktm_frame_unref (frame);
  self->looking = ktm_class_finder_is_busy (finder);
  gtk_widget_set_sensitive (self->find, !self->looking && why == NULL);
  gtk_button_set_label (GTK_BUTTON (self->find),
                        self->looking ? _("Looking for trajectory classes…")
                                      : _("Find trajectory classes"));
  gtk_widget_set_tooltip_text (self->find, why);
  if (classes != NULL && !self->looking)
    ktm_cohort_set_classes (cohort, classes);
  ktm_class_result_unref (classes);
}

static void
found_cb (KtmPatientView *self)
{
  if (self->looking && !ktm_class_finder_is_busy (ktm_class_finder_of (self->study)))
    look_for_classes (self);
}

static void
add_class_tile (KtmPatientView *self, KtmFrame *frame, const KtmReport *report)
{
  GtkWidget *tile = report != NULL ? ktm_patient_outlook_new (frame, report->classes) : NULL;

  if (tile != NULL)
    ktm_wrap_box_append (KTM_WRAP_BOX (self->tiles), tile);
  gtk_widget_set_visible (self->find, report == NULL && frame->n_measures > 0);
}

/* Takes @report. */
static void
show_chart (KtmPatientView *self, KtmFrame *frame, KtmReport *report)
{
  const KtmChartType *type = ktm_chart_type_find ("patient");
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();

  options->picked = 0;
  options->codes = TRUE;
  g_free (options->lang);
  options->lang = g_strdup (ktm_lang_code (ktm_say_lang ()));
  if (report != NULL)
    options->summary = KTM_SUMMARY_CLASS;
  if (type != NULL)
    ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), type, frame, report, options);
  else
    ktm_report_free (report);
}

static void
show_patient (KtmPatientView *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  int picked = ktm_study_get_picked (self->study);
  g_autoptr (KtmPatient) patient =
      picked >= 0 ? g_list_model_get_item (G_LIST_MODEL (cohort), (guint) picked) : NULL;
  guint index = (guint) picked;
  KtmReport *report;
  KtmFrame *frame;
  Figures figures;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), patient != NULL ? "patient" : "none");
  if (patient == NULL)
    return;
  frame = ktm_cohort_dup_frame (cohort, &index, 1, NULL, NULL,
                                KTM_FRAME_TIMES | KTM_FRAME_CODES | KTM_FRAME_EVENTS
                                    | KTM_FRAME_TREATMENTS | KTM_FRAME_SAFETY);
  if (frame == NULL)
    return;
  figures = figure (cohort, patient);
  show_who (self, cohort, patient);
  ktm_wrap_box_clear (KTM_WRAP_BOX (self->tiles));
  if (figures.measure != NULL)
    {
      add_course_tiles (self, cohort, &figures);
      add_best_tile (self, cohort, &figures);
    }
  add_event_tile (self, frame);
  report = ktm_patient_view_dup_report (self);
  add_class_tile (self, frame, report);
  show_chart (self, frame, report);
  ktm_frame_unref (frame);
}

void
ktm_patient_view_set_position (KtmPatientView *self, long position, guint n)
{
  /* Translators: place of the patient in the table: "79 of 231". */
  g_autofree char *text = position >= 0 ? g_strdup_printf (_("%ld of %u"), position + 1, n)
                                        : g_strdup (_("not in this subgroup"));

  gtk_label_set_text (GTK_LABEL (self->position), text);
}

gboolean
ktm_patient_view_is_busy (KtmPatientView *self)
{
  return ktm_study_get_picked (self->study) >= 0
         && ktm_chart_view_is_busy (KTM_CHART_VIEW (self->chart));
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_patient_view_dispose (GObject *object)
{
  KtmPatientView *self = KTM_PATIENT_VIEW (object);

  if (self->study != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->study, self);
      g_signal_handlers_disconnect_by_data (ktm_study_get_cohort (self->study), self);
    }
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_patient_view_parent_class)->dispose (object);
}

static void
ktm_patient_view_class_init (KtmPatientViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_patient_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_patient_view_init (KtmPatientView *self)
{
}

static GtkWidget *
new_button (const char *icon, const char *action, const char *name, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static GtkWidget *
new_head (KtmPatientView *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->code = gtk_label_new (NULL);
  self->about = gtk_label_new (NULL);
  self->position = gtk_label_new (NULL);
  self->find = gtk_button_new_with_label (_("Find trajectory classes"));
  g_signal_connect_swapped (self->find, "clicked", G_CALLBACK (look_for_classes), self);
  gtk_widget_add_css_class (head, "page-toolbar");
  gtk_widget_add_css_class (self->code, "title-4");
  gtk_widget_add_css_class (self->about, "dim-label");
  gtk_widget_add_css_class (self->position, "dim-label");
  gtk_widget_add_css_class (self->position, "number");
  gtk_label_set_ellipsize (GTK_LABEL (self->about), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->about), 0);
  gtk_widget_set_hexpand (self->about, TRUE);
  gtk_box_append (GTK_BOX (head),
                  new_button ("go-previous-symbolic", "patients.previous", _("Previous patient"),
                              _("Previous patient in the table (Alt+Page Up)")));
  gtk_box_append (GTK_BOX (head),
                  new_button ("go-next-symbolic", "patients.next", _("Next patient"),
                              _("Next patient in the table (Alt+Page Down)")));
  gtk_box_append (GTK_BOX (head), self->code);
  gtk_box_append (GTK_BOX (head), self->about);
  gtk_box_append (GTK_BOX (head), self->find);
  gtk_box_append (GTK_BOX (head), self->position);
  gtk_box_append (GTK_BOX (head),
                  new_button ("user-trash-symbolic", "win.exclude", _("Exclude this patient"),
                              _("Exclude this patient, with a reason")));
  return head;
}

static void
build (KtmPatientView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *none = adw_status_page_new ();

  self->stack = gtk_stack_new ();
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (none), "avatar-default-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (none), _("No patient chosen"));
  adw_status_page_set_description (ADW_STATUS_PAGE (none),
                                   _("Choose a row of the table to see the patient’s course."));
  gtk_widget_add_css_class (none, "compact");
  self->tiles = ktm_wrap_box_new (28, 8);
  gtk_widget_add_css_class (self->tiles, "card");
  gtk_widget_add_css_class (self->tiles, "strip-card");
  self->chart = ktm_chart_view_new ();
  gtk_widget_add_css_class (self->chart, "card");
  gtk_widget_add_css_class (self->chart, "chart-card");
  gtk_widget_set_overflow (self->chart, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_vexpand (self->chart, TRUE);
  gtk_box_append (GTK_BOX (box), new_head (self));
  gtk_box_append (GTK_BOX (box), self->tiles);
  gtk_box_append (GTK_BOX (box), self->chart);
  gtk_stack_add_named (GTK_STACK (self->stack), none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), box, "patient");
}

GtkWidget *
ktm_patient_view_new (KtmStudy *study)
{
  KtmPatientView *self = g_object_new (KTM_TYPE_PATIENT_VIEW, NULL);

  self->study = g_object_ref (study);
  build (self);
  show_patient (self);
  g_signal_connect_object (ktm_class_finder_of (study), "changed", G_CALLBACK (found_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (study, "notify::picked", G_CALLBACK (show_patient), self);
  g_signal_connect_swapped (ktm_study_get_cohort (study), "changed", G_CALLBACK (show_patient),
                            self);
  return GTK_WIDGET (self);
}
