/* widgets: table 1, patient flow and missing scores of the subgroup. */
#include "ktm-cohort-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ktm-analysis.h"
#include "ktm-chart-choices.h"
#include "ktm-chart-view.h"
#include "ktm-choice.h"
#include "ktm-layout.h"
#include "ktm-report-view.h"
#include "ktm-wrap-box.h"

#define MOST_GROUPS 8
#define MOST_COLUMNS 4  /* of the flow diagram */

struct _KtmCohortView
{
  GtkWidget     parent_instance;
  KtmStudy     *study;           /* owned */
  GtkWidget    *box, *chart, *report, *measure, *groups, *spinner, *clamp; /* box: child */
  const char   *part;            /* static: id of an analysis */
  GCancellable *running;         /* owned, nullable */
  guint         update;          /* idle source */
  gboolean      stale;
  int           chart_width;     /* the chart's height was chosen for */
};

G_DEFINE_FINAL_TYPE (KtmCohortView, ktm_cohort_view, GTK_TYPE_WIDGET)

static const char *
chosen (GtkWidget *choice)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (choice));

  return id && *id ? id : NULL;
}

static gboolean
is_flow (KtmCohortView *self)
{
  return !g_strcmp0 (self->part, "flow");
}

/* --- what is shown ---------------------------------------------------------------------------- */

static KtmChartOptions *
chart_options (KtmCohortView *self)
{
  KtmChartOptions *options = ktm_chart_options_new ();

  options->measure = g_strdup (chosen (self->measure));
  options->colour_by = g_strdup (chosen (self->groups));
  options->lang = g_strdup (ktm_lang_code (ktm_interface_lang ()));
  return options;
}

/* As high as all its boxes need at this width: the page scrolls. */
static void
fit_chart (KtmCohortView *self)
{
  KtmScene *scene = ktm_chart_view_get_scene (KTM_CHART_VIEW (self->chart));
  int width = gtk_widget_get_width (self->chart);
  KtmStyle style;

  if (!is_flow (self) || !scene || width < 50)
    return;
  ktm_style_init (&style, KTM_THEME_LIGHT, 0, 0, NULL);
  g_autoptr (KtmLayout) layout = ktm_layout_new (scene, &style, width, 6000, NULL);
  self->chart_width = width;
  if (layout->spare > 0)
    gtk_widget_set_size_request (self->chart, -1, (int) ceil (6000 - layout->spare) + 4);
}

static gboolean
fit_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  KtmCohortView *self = KTM_COHORT_VIEW (data);

  if (ktm_chart_view_is_busy (KTM_CHART_VIEW (self->chart)))
    return G_SOURCE_CONTINUE;
  fit_chart (self);
  return G_SOURCE_REMOVE;
}

static void
show_chart (KtmCohortView *self, KtmFrame *frame)
{
  g_autoptr (KtmChartOptions) options = NULL;

  gtk_widget_set_visible (self->chart, is_flow (self));
  if (!is_flow (self))
    return;
  options = chart_options (self);
  ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), ktm_chart_type_find ("flow"), frame, NULL,
                            options);
  gtk_widget_add_tick_callback (self->chart, fit_cb, self, NULL);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KtmCohortView) self = data;
  g_autoptr (GError) error = NULL;
  KtmReport *report = ktm_analysis_run_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->running);
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  if (!self->report)
    ktm_report_free (report);
  else if (report)
    {
      ktm_report_view_set_report (KTM_REPORT_VIEW (self->report), report);
      ktm_report_free (report);
    }
  else
    ktm_report_view_set_message (KTM_REPORT_VIEW (self->report), _("No result"), error->message);
}

/* A table with a column for each group is wide. */
static void
clamp_to (KtmCohortView *self, int width)
{
  adw_clamp_set_maximum_size (ADW_CLAMP (self->clamp), width);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (self->clamp), width);
}

static void
run (KtmCohortView *self, KtmFrame *frame)
{
  const KtmAnalysis *analysis = ktm_analysis_find (self->part);
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (GError) error = NULL;

  options->measure = g_strdup (chosen (self->measure));
  options->by = g_strdup (chosen (self->groups));
  clamp_to (self, options->by && !is_flow (self) ? 1240 : 860);
  options->lang = g_strdup (ktm_lang_code (ktm_interface_lang ()));
  if (!ktm_analysis_resolve (analysis, frame, options, &error))
    {
      ktm_report_view_set_message (KTM_REPORT_VIEW (self->report), _("No result"), error->message);
      return;
    }
  self->running = g_cancellable_new ();
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  ktm_analysis_run_async (analysis, frame, options, self->running, NULL, NULL, done_cb,
                          g_object_ref (self));
}

static void
stop (KtmCohortView *self)
{
  if (self->running)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
}

static gboolean
update_cb (gpointer data)
{
  KtmCohortView *self = data;
  KtmFrame *frame;

  self->update = 0;
  self->stale = FALSE;
  stop (self);
  gtk_widget_set_visible (self->measure, strcmp (self->part, "table1") != 0);
  frame = ktm_study_dup_frame (self->study, NULL, NULL, 0);
  show_chart (self, frame);
  run (self, frame);
  ktm_frame_unref (frame);
  return G_SOURCE_REMOVE;
}

static void
queue_update (KtmCohortView *self)
{
  self->stale = TRUE;
  if (self->part && gtk_widget_get_mapped (GTK_WIDGET (self)) && !self->update)
    self->update = g_idle_add (update_cb, self);
}

/* --- choices ---------------------------------------------------------------------------------- */

static void
set_measures (KtmCohortView *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  guint n = ktm_cohort_get_n_measures (cohort);
  g_autofree const char **ids = g_new (const char *, n + 1), **labels = g_new (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = ktm_cohort_get_measure (cohort, i)->id;
      labels[i] = ktm_cohort_get_measure (cohort, i)->label;
    }
  ktm_choice_set_options (KTM_CHOICE (self->measure), ids, labels, n);
}

static void
set_groups (KtmCohortView *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  ktm_choice_set_groupings (KTM_CHOICE (self->groups), cohort, _("Nothing"),
                            is_flow (self) ? MOST_COLUMNS : MOST_GROUPS, TRUE);
}

static void
changed_cb (KtmCohortView *self)
{
  set_measures (self);
  set_groups (self);
  queue_update (self);
}

void
ktm_cohort_view_set_part (KtmCohortView *self, const char *analysis)
{
  const KtmAnalysis *found = ktm_analysis_find (analysis);

  g_return_if_fail (KTM_IS_COHORT_VIEW (self) && found);
  self->part = found->id;
  set_groups (self);
  queue_update (self);
}

KtmChartOptions *
ktm_cohort_view_dup_options (KtmCohortView *self)
{
  g_return_val_if_fail (KTM_IS_COHORT_VIEW (self), NULL);
  return is_flow (self) ? chart_options (self) : NULL;
}

gboolean
ktm_cohort_view_apply (KtmCohortView *self, const KtmChartOptions *options)
{
  g_return_val_if_fail (KTM_IS_COHORT_VIEW (self), FALSE);
  ktm_cohort_view_set_part (self, "flow");
  return (!options->measure
          || ktm_choice_set_selected (KTM_CHOICE (self->measure), options->measure))
         && ktm_choice_select_grouping (KTM_CHOICE (self->groups),
                                        ktm_study_get_cohort (self->study), options->colour_by);
}

gboolean
ktm_cohort_view_is_busy (KtmCohortView *self)
{
  g_return_val_if_fail (KTM_IS_COHORT_VIEW (self), FALSE);
  return self->update || self->running
         || (is_flow (self) && ktm_chart_view_is_busy (KTM_CHART_VIEW (self->chart)));
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_cohort_view_map (GtkWidget *widget)
{
  KtmCohortView *self = KTM_COHORT_VIEW (widget);

  GTK_WIDGET_CLASS (ktm_cohort_view_parent_class)->map (widget);
  if (self->stale)
    queue_update (self);
}

static void
ktm_cohort_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmCohortView *self = KTM_COHORT_VIEW (widget);

  gtk_widget_allocate (self->box, width, height, baseline, NULL);
  if (is_flow (self) && self->chart_width != gtk_widget_get_width (self->chart)
      && self->chart_width > 0)
    {
      self->chart_width = 0;
      gtk_widget_add_tick_callback (self->chart, fit_cb, self, NULL);
    }
}

static void
ktm_cohort_view_measure (GtkWidget *widget, GtkOrientation orientation, int size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (KTM_COHORT_VIEW (widget)->box, orientation, size, minimum, natural, NULL,
                      NULL);
}

static void
ktm_cohort_view_dispose (GObject *object)
{
  KtmCohortView *self = KTM_COHORT_VIEW (object);

  stop (self);
  g_clear_handle_id (&self->update, g_source_remove);
  self->report = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_cohort_view_parent_class)->dispose (object);
}

static void
ktm_cohort_view_class_init (KtmCohortViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_cohort_view_dispose;
  widget_class->map = ktm_cohort_view_map;
  widget_class->measure = ktm_cohort_view_measure;
  widget_class->size_allocate = ktm_cohort_view_size_allocate;
}

static GtkWidget *
add_choice (KtmCohortView *self, GtkWidget *toolbar, const char *name)
{
  GtkWidget *choice = ktm_choice_new (name);

  ktm_wrap_box_append (KTM_WRAP_BOX (toolbar), choice);
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  return choice;
}

static void
ktm_cohort_view_init (KtmCohortView *self)
{
  GtkWidget *toolbar = ktm_wrap_box_new (8, 6), *scroller = gtk_scrolled_window_new (),
            *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->measure = add_choice (self, toolbar, _("Measure"));
  self->groups = add_choice (self, toolbar, _("Group by"));
  self->spinner = gtk_spinner_new ();
  ktm_wrap_box_append (KTM_WRAP_BOX (toolbar), self->spinner);
  self->chart = ktm_chart_view_new ();
  self->report = ktm_report_view_new ();
  gtk_widget_set_visible (self->chart, FALSE);
  gtk_box_append (GTK_BOX (content), self->chart);
  gtk_box_append (GTK_BOX (content), self->report);
  self->clamp = adw_clamp_new ();
  adw_clamp_set_child (ADW_CLAMP (self->clamp), content);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (self->box), toolbar);
  gtk_box_append (GTK_BOX (self->box), scroller);
}

GtkWidget *
ktm_cohort_view_new (KtmStudy *study)
{
  KtmCohortView *self = g_object_new (KTM_TYPE_COHORT_VIEW, NULL);

  self->study = g_object_ref (study);
  set_measures (self);
  set_groups (self);
  g_signal_connect_object (study, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
