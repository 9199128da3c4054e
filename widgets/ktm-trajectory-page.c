/* widgets: page of trajectories. */
#include "ktm-trajectory-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-chart-card.h"
#include "ktm-chart-choices.h"
#include "ktm-class-finder.h"
#include "ktm-class-table.h"
#include "ktm-filter-panel.h"
#include "ktm-page-run.h"
#include "ktm-patient-card.h"
#include "ktm-segments.h"
#include "ktm-visit-table.h"
#include "ktm-wrap-box.h"

struct _KtmTrajectoryPage
{
  GtkWidget  parent_instance;
  KtmStudy  *study;    /* owned */
  GSettings *settings; /* owned */
  GtkWidget *box, *toolbar, *count, *measure, *show, *colour, *summary, *missing, *individuals,
      *view;
  GtkWidget *mark, *whole, *chart_card, *table, *card; /* children */
  KtmChartView *chart; /* borrowed; on its card */
  GtkWidget *model, *classes;
  GtkWidget *strip, *how_many; /* below the chart */
  KtmClassFinder *finder; /* owned */
  const KtmClassResult *applied; /* held by the finder: what stands among the numbers of classes */
  KtmPageRun *run;        /* owned; what a chart of results is drawn from */
  guint      update_id;
  gboolean   fresh;       /* not shown yet, and nothing has changed since it was made */
  KtmText   *note;     /* owned; a result printed in the figure */
  gboolean   telling;  /* chart-changed is on its way: the chart is drawn after it */
};

enum { PROP_0, PROP_COUNT_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmTrajectoryPage, ktm_trajectory_page, GTK_TYPE_WIDGET)

/* --- the choices ------------------------------------------------------------------------------ */

static const KtmOption summary_options[] = {
  { "mean-ci", N_("Mean, CI") },         { "mean-sd", N_("Mean ± SD") },
  { "mean-se", N_("Mean ± SE") },        { "mean-none", N_("Mean alone") },
  { "median-ci", N_("Median, CI") },     { "median-sd", N_("Median, quartiles") },
  { "median-none", N_("Median alone") }, { "class-ci", N_("Class curves, CI") },
  { "none-none", N_("None") },
};
/* Degree of the curves last. */
static const KtmOption model_options[] = {
  { "censored-3", N_("Censored normal, cubic") },
  { "censored-2", N_("Censored normal, quadratic") },
  { "censored-1", N_("Censored normal, linear") },
  { "normal-3", N_("Normal, cubic") },
  { "normal-2", N_("Normal, quadratic") },
  { "normal-1", N_("Normal, linear") },
};
#define APPLIED "applied"
#define LOWEST_TABLE 150  /* pixels of the table of numbers of classes in a low window */
#define LOWEST_FLOW 290   /* and of the ribbons over it: their names need room */

static const KtmOption class_options[] = {
  { "0", N_("Recommended") },
  { "1", "1" },
  { "2", "2" },
  { "3", "3" },
  { "4", "4" },
  { "5", "5" },
  { "6", "6" },
};
static const struct { const char *id, *icon, *label; } views[] = {
  { "trajectories", "ktm-lines-symbolic", N_("Lines") },
  { "small-multiples", "ktm-multiples-symbolic", N_("Small multiples: a chart for each group") },
  { "classes", "ktm-classes-symbolic", N_("Trajectory classes: a chart for each") },
  { "class-models", "ktm-class-models-symbolic", N_("A chart for each number of classes") },
  { "class-flow", "ktm-class-flow-symbolic",
    N_("From one number of classes to the next: where the patients go") },
  { "heatmap", "ktm-heatmap-symbolic", N_("Heat map: a row for each patient") },
  { "measures", "ktm-measures-symbolic", N_("All measures: a chart for each") },
  { "measure-correlations", "ktm-correlations-symbolic",
    N_("Do the measures change together? Correlation of changes") },
};

static void
set_measures (KtmTrajectoryPage *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  ktm_choice_set_measures (KTM_CHOICE (self->measure), cohort);
  ktm_choice_set_groupings (KTM_CHOICE (self->colour), cohort, _("Nothing"),
                            KTM_MOST_COLOURS, TRUE);
}

/* --- from the choices to the chart ------------------------------------------------------------ */

static const char *
view_of (KtmTrajectoryPage *self)
{
  const char *id = ktm_segments_get_selected (KTM_SEGMENTS (self->view));

  return id ? id : "trajectories";
}

static void
parse_summary (const char *id, KtmChartOptions *options)
{
  options->summary = !id || g_str_has_prefix (id, "mean") ? KTM_SUMMARY_MEAN
                     : g_str_has_prefix (id, "median")    ? KTM_SUMMARY_MEDIAN
                     : g_str_has_prefix (id, "class")     ? KTM_SUMMARY_CLASS : KTM_SUMMARY_NONE;
  options->band = !id || g_str_has_suffix (id, "-ci") ? KTM_BAND_CI
                  : g_str_has_suffix (id, "-sd")      ? KTM_BAND_SD
                  : g_str_has_suffix (id, "-se")      ? KTM_BAND_SE : KTM_BAND_NONE;
}

static char *
print_summary (const KtmChartOptions *options)
{
  static const char *const summaries[] = { "mean", "median", "none", "class" }, *const bands[] = {
    "ci", "sd", "se", "none"
  };

  if (options->summary == KTM_SUMMARY_NONE)
    return g_strdup ("none-none");
  if (options->summary == KTM_SUMMARY_CLASS)
    return g_strdup ("class-ci");
  return g_strdup_printf ("%s-%s", summaries[options->summary],
                          options->summary == KTM_SUMMARY_MEDIAN && options->band == KTM_BAND_SE
                              ? "ci"
                              : bands[options->band]);
}

static void
take_model (KtmTrajectoryPage *self, KtmChartOptions *options)
{
  const char *model = ktm_choice_get_id (self->model), *classes = ktm_choice_get_id (self->classes);

  options->normal = model && g_str_has_prefix (model, "normal");
  options->degree = model ? atoi (strrchr (model, '-') + 1) : 3;
  options->classes = !classes                           ? 0
                     : !strcmp (classes, APPLIED) ? -1
                                                  : atoi (classes);
}

KtmChartOptions *
ktm_trajectory_page_dup_options (KtmTrajectoryPage *self, const char **type)
{
  KtmChartOptions *options;

  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), NULL);
  options = ktm_chart_options_new_for_screen (self->settings);
  options->measure = g_strdup (ktm_choice_get_id (self->measure));
  ktm_show_parse (ktm_choice_get_id (self->show) ? ktm_choice_get_id (self->show) : "value",
                  &options->show);
  ktm_missing_parse (ktm_choice_get_id (self->missing) ? ktm_choice_get_id (self->missing)
                                                       : "available",
                     &options->missing);
  parse_summary (ktm_choice_get_id (self->summary), options);
  options->individuals = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->individuals));
  options->colour_by = g_strdup (ktm_choice_get_id (self->colour));
  options->facets = !g_strcmp0 (view_of (self), "small-multiples");
  options->note = ktm_text_copy (self->note);
  take_model (self, options);
  if (type)
    *type = view_of (self);
  return options;
}

/* A view of every measure at once, whichever is chosen. */
static gboolean
is_of_all_measures (const char *view)
{
  return g_str_has_prefix (view, "measure");
}

/* Takes @classes; NULL: none. */
static KtmReport *
report_of (KtmClassResult *classes)
{
  KtmReport *report = classes ? ktm_report_new ("trajectory-classes") : NULL;

  if (report)
    report->classes = classes;
  return report;
}

KtmReport *
ktm_trajectory_page_dup_report (KtmTrajectoryPage *self)
{
  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), NULL);
  return is_of_all_measures (view_of (self)) ? ktm_page_run_dup_report (self->run)
                                             : report_of (ktm_class_finder_last (self->finder));
}

/* The patients as a saved model placed them become the cohort's classes, and are shown. */
static KtmReport *
show_applied (KtmTrajectoryPage *self)
{
  const KtmClassResult *applied = ktm_class_finder_get_applied (self->finder);

  ktm_cohort_set_classes (ktm_study_get_cohort (self->study), (KtmClassResult *) applied);
  return report_of (ktm_class_result_ref (applied));
}

/* The classes the chart is drawn from; NULL with what to say in its place. */
static KtmReport *
find_classes (KtmTrajectoryPage *self, const KtmFrame *frame, const KtmChartOptions *chart,
              char **say)
{
  g_autoptr (KtmAnalysisOptions) options = ktm_chart_dup_analysis_options (chart);
  gboolean applied = chart->classes < 0 && ktm_class_finder_get_applied (self->finder);
  KtmReport *report = !applied && ktm_class_finder_is_subgroup (self->study)
                          ? report_of (ktm_class_finder_last (self->finder))
                          : NULL;

  *say = NULL;
  ktm_class_finder_show_applied (self->finder, applied);
  if (report)
    return report;
  if (applied && !g_strcmp0 (view_of (self), "class-models"))
    *say =
        g_strdup (_("The classes of a saved model were applied as they are, so there is no other "
                     "number of classes to compare: choose another under “Classes”."));
  else if (applied && !g_strcmp0 (view_of (self), "class-flow"))
    *say =
        g_strdup (_("The classes of a saved model were applied as they are, so there is no other "
                     "number of classes to come from or go to: choose another under “Classes”."));
  else if (applied)
    return show_applied (self);
  if (*say)
    return NULL;
  g_clear_pointer (&options->by, g_free); /* classes are of all patients and of their own scores */
  options->missing = KTM_MISSING_AVAILABLE;
  report = report_of (ktm_class_finder_want (self->finder, frame, options, say));
  if (!report && !*say)
    *say = g_strdup (_("Looking for trajectory classes…"));
  if (report && !ktm_class_finder_is_busy (self->finder)
      && ktm_study_get_n_shown (self->study)
             == g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (self->study))))
    ktm_cohort_set_classes (ktm_study_get_cohort (self->study), report->classes);
  return report;
}

/* A view that always shows classes, whatever the summary. */
static gboolean
is_of_classes (const char *view)
{
  const KtmChartType *type = ktm_chart_type_find (view);

  return type && !g_strcmp0 (type->analysis, "trajectory-classes");
}

static KtmFrame *
dup_frame (KtmTrajectoryPage *self, const KtmChartType *chart, const KtmChartOptions *options)
{
  KtmFrameParts parts =
      (chart ? chart->parts : 0)
      | (g_settings_get_boolean (self->settings, "show-codes") ? KTM_FRAME_CODES : 0);

  return ktm_study_dup_frame (
      self->study,
      is_of_all_measures (view_of (self)) ? NULL : (const char *[]){ options->measure, NULL },
      (const char *[]){ options->colour_by, NULL }, parts);
}

static void
number_chosen_cb (KtmTrajectoryPage *self, guint n)
{
  g_autofree char *id = g_strdup_printf ("%u", n);

  ktm_choice_set_selected (KTM_CHOICE (self->classes), id);
}

/* The table of the numbers of classes; most who look at trajectories never ask for it. */
static void
add_how_many (KtmTrajectoryPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->how_many = ktm_class_table_new (self->study);
  g_signal_connect_swapped (self->how_many, "chosen", G_CALLBACK (number_chosen_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), LOWEST_TABLE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->how_many);
  g_object_bind_property (self->how_many, "visible", scroller, "visible", G_BINDING_SYNC_CREATE);
  gtk_box_append (GTK_BOX (self->box), scroller);
}

static void
show_how_many (KtmTrajectoryPage *self, gboolean shown)
{
  if (shown && !self->how_many)
    add_how_many (self);
  if (self->how_many)
    gtk_widget_set_visible (self->how_many, shown);
}

/* A chart of classes: drawn once they are found. */
static void
show_classes (KtmTrajectoryPage *self, const KtmChartType *chart, KtmFrame *frame,
              const KtmChartOptions *options)
{
  g_autofree char *say = NULL;
  KtmReport *report = find_classes (self, frame, options, &say);

  /* Nothing was chosen where a model was applied. */
  show_how_many (self, !ktm_class_finder_shows_applied (self->finder));
  if (self->how_many)
    ktm_class_table_set (KTM_CLASS_TABLE (self->how_many),
                         report && !report->classes->applied ? report->classes : NULL);
  if (report)
    ktm_chart_view_set_chart (self->chart, chart, frame, report, options);
  else
    ktm_chart_view_set_error (self->chart, say);
}

static void
show_chart (KtmTrajectoryPage *self)
{
  const char *type, *empty, *analysis;
  g_autoptr (KtmChartOptions) options = NULL;
  const KtmChartType *chart;
  KtmFrame *frame;

  ktm_page_run_stop (self->run);
  /* First, so that a result printed in the figure is already of these patients and options. */
  self->telling = TRUE;
  g_signal_emit_by_name (self, "chart-changed");
  self->telling = FALSE;
  options = ktm_trajectory_page_dup_options (self, &type);
  chart = ktm_chart_type_find (type);
  empty = ktm_chart_say_empty (self->study, options);
  if (empty)
    {
      ktm_chart_view_set_error (self->chart, empty);
      ktm_visit_table_set (KTM_VISIT_TABLE (self->table), NULL, NULL);
      return;
    }
  frame = dup_frame (self, chart, options);
  analysis = chart ? ktm_chart_analysis (chart, options) : NULL;
  if (!g_strcmp0 (analysis, "trajectory-classes"))
    show_classes (self, chart, frame, options);
  else if (analysis)
    ktm_page_run_start (self->run, chart, frame, options);
  else
    ktm_chart_view_set_chart (self->chart, chart, frame, NULL, options);
  ktm_visit_table_set (KTM_VISIT_TABLE (self->table), frame, options);
  ktm_frame_unref (frame);
}

static void
show_count (KtmTrajectoryPage *self)
{
  g_autofree char *count = ktm_filter_panel_dup_count (self->study);

  gtk_button_set_label (GTK_BUTTON (self->count), count);
}

/* The numbers of classes, and what a saved model placed the patients in; that stands chosen when it
 * comes. */
static void
fill_classes (KtmTrajectoryPage *self)
{
  const KtmClassResult *applied = ktm_class_finder_get_applied (self->finder);
  gboolean shown =
      applied && !g_strcmp0 (applied->measure, ktm_choice_get_id (self->measure));
  const char *ids[G_N_ELEMENTS (class_options) + 1], *labels[G_N_ELEMENTS (class_options) + 1];
  guint n = G_N_ELEMENTS (class_options);
  g_autofree char *name = NULL;

  if (self->applied == (shown ? applied : NULL))
    return;
  for (guint i = 0; i < n; i++)
    {
      ids[i] = class_options[i].id;
      labels[i] = _(class_options[i].label);
    }
  if (shown)
    {
      /* Translators: %s is the name trajectory classes were saved under. */
      name = g_strdup_printf (_("Applied: %s"),
                              ktm_class_finder_get_applied_title (self->finder));
      ids[n] = APPLIED;
      labels[n++] = name;
    }
  self->applied = shown ? applied : NULL;
  ktm_choice_set_options (KTM_CHOICE (self->classes), ids, labels, n);
  if (shown)
    ktm_choice_set_selected (KTM_CHOICE (self->classes), APPLIED);
}

static gboolean
update_cb (gpointer data)
{
  KtmTrajectoryPage *self = data;
  gboolean heat = !g_strcmp0 (view_of (self), "heatmap"),
           classes = is_of_classes (view_of (self));
  gboolean all = is_of_all_measures (view_of (self)),
           tiles = !g_strcmp0 (view_of (self), "measure-correlations");
  gboolean curves = !heat && !all && !g_strcmp0 (ktm_choice_get_id (self->summary), "class-ci");

  fill_classes (self); /* asks for no other update: this one is still to come */
  self->update_id = 0;
  gtk_widget_set_visible (self->measure, !all);
  gtk_widget_set_visible (self->show, !tiles);
  gtk_widget_set_visible (self->summary, !heat && !classes && !tiles);
  gtk_widget_set_visible (self->colour, !classes && !curves && !tiles);
  gtk_widget_set_visible (self->model, classes || curves);
  gtk_widget_set_visible (self->classes, classes || curves);
  gtk_widget_set_visible (self->individuals,
                          !heat && !all && (!classes || !g_strcmp0 (view_of (self), "classes")));
  show_how_many (self, classes || curves);
  gtk_widget_set_visible (self->strip, !classes && !curves && !all);
  gtk_widget_set_size_request (
      self->chart_card, -1, !g_strcmp0 (view_of (self), "class-flow") ? LOWEST_FLOW : -1);
  show_count (self);
  ktm_patient_card_set_measure (KTM_PATIENT_CARD (self->card), ktm_choice_get_id (self->measure));
  show_chart (self);
  ktm_chart_card_show_picked (KTM_CHART_CARD (self->chart_card));
  return G_SOURCE_REMOVE;
}

static void
queue_update (KtmTrajectoryPage *self)
{
  self->fresh = FALSE;
  if (!self->update_id && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 10, update_cb, self, NULL);
}

/* Small multiples are of groups: without one they take the first there is. */
static void
view_chosen_cb (KtmTrajectoryPage *self)
{
  if (!g_strcmp0 (view_of (self), "small-multiples") && !ktm_choice_get_id (self->colour))
    {
      const char *first = ktm_first_grouping (ktm_study_get_cohort (self->study));

      if (first)
        ktm_choice_set_selected (KTM_CHOICE (self->colour), first);
    }
  queue_update (self);
}

static void
cohort_changed_cb (KtmTrajectoryPage *self)
{
  set_measures (self);
  queue_update (self);
}

/* --- the buttons ------------------------------------------------------------------------------ */

static void
mark_toggled_cb (GtkToggleButton *button, gpointer data)
{
  ktm_chart_view_set_marking (KTM_TRAJECTORY_PAGE (data)->chart,
                              gtk_toggle_button_get_active (button));
}

static void
whole_cb (GtkButton *button, gpointer data)
{
  ktm_chart_view_reset_zoom (KTM_TRAJECTORY_PAGE (data)->chart);
}

/* --- building --------------------------------------------------------------------------------- */

static GtkWidget *
add_choice (KtmTrajectoryPage *self, const char *name, const KtmOption *options, guint n,
            const char *key)
{
  GtkWidget *choice = ktm_choice_new (name);

  if (options)
    ktm_choice_set_table (KTM_CHOICE (choice), options, n);
  if (key)
    g_settings_bind (self->settings, key, choice, "selected", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), choice);
  return choice;
}

static void
build_toolbar (KtmTrajectoryPage *self)
{
  self->toolbar = ktm_wrap_box_new (8, 6);
  gtk_widget_add_css_class (self->toolbar, "page-toolbar");
  self->count = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->count, "count-chip");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->count), "win.sidebar");
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->count);
  self->measure = add_choice (self, _("Measure"), NULL, 0, NULL);
  self->show =
      add_choice (self, _("Show"), ktm_options_show, G_N_ELEMENTS (ktm_options_show), "chart-show");
  self->colour = add_choice (self, _("Colour by"), NULL, 0, NULL);
  self->summary = add_choice (self, _("Summary"), summary_options, G_N_ELEMENTS (summary_options),
                              "chart-summary");
  self->missing = add_choice (self, _("Missing"), ktm_options_missing,
                              G_N_ELEMENTS (ktm_options_missing), "chart-missing");
  self->model = add_choice (self, _("Model"), model_options, G_N_ELEMENTS (model_options), NULL);
  self->classes =
      add_choice (self, _("Classes"), class_options, G_N_ELEMENTS (class_options), NULL);
  self->view = ktm_segments_new (_("View"));
  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (ktm_chart_type_find (views[i].id))
      ktm_segments_add (KTM_SEGMENTS (self->view), views[i].id, views[i].icon, _(views[i].label));
  g_settings_bind (self->settings, "chart-view", self->view, "selected", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->view, "notify::selected", G_CALLBACK (view_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->view);
  self->individuals = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->individuals), "ktm-individuals-symbolic");
  ktm_widget_set_name (self->individuals, _("Draw each patient’s line"));
  g_settings_bind (self->settings, "chart-individuals", self->individuals, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->individuals, "toggled", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->individuals);
  self->mark = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->mark), "ktm-mark-symbolic");
  ktm_widget_set_name (self->mark, _("Mark patients by dragging (Shift+drag at any time)"));
  g_signal_connect (self->mark, "toggled", G_CALLBACK (mark_toggled_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->mark);
  self->whole = gtk_button_new_from_icon_name ("zoom-fit-best-symbolic");
  ktm_widget_set_name (self->whole, _("Whole chart (Ctrl+0)"));
  g_signal_connect (self->whole, "clicked", G_CALLBACK (whole_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->whole);
}

static void
build (KtmTrajectoryPage *self)
{
  GtkWidget *strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  build_toolbar (self);
  self->chart_card = ktm_chart_card_new (self->study);
  self->chart = ktm_chart_card_get_view (KTM_CHART_CARD (self->chart_card));
  ktm_chart_view_set_eager (self->chart, TRUE);
  self->run = ktm_page_run_new (self->chart);
  gtk_widget_set_vexpand (self->chart_card, TRUE);
  self->table = ktm_visit_table_new ();
  gtk_box_append (GTK_BOX (self->box), self->toolbar);
  gtk_box_append (GTK_BOX (self->box), self->chart_card);
  self->card = ktm_patient_card_new (self->study);
  gtk_widget_set_hexpand (self->table, TRUE);
  gtk_box_append (GTK_BOX (strip), self->table);
  gtk_box_append (GTK_BOX (strip), self->card);
  gtk_box_append (GTK_BOX (self->box), strip);
  self->strip = strip;
  gtk_widget_add_css_class (self->box, "page-body");
  g_object_bind_property (self->chart, "zoomed", self->whole, "visible", G_BINDING_SYNC_CREATE);
}

static void
ktm_trajectory_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ktm_trajectory_page_parent_class)->map (widget);
  if (!KTM_TRAJECTORY_PAGE (widget)->fresh)
    queue_update (KTM_TRAJECTORY_PAGE (widget)); /* what changed while it was hidden */
  KTM_TRAJECTORY_PAGE (widget)->fresh = FALSE;
}

static void
ktm_trajectory_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, gtk_widget_get_visible (KTM_TRAJECTORY_PAGE (object)->count));
}

static void
ktm_trajectory_page_set_property (GObject *object, guint prop_id, const GValue *value,
                                  GParamSpec *pspec)
{
  gtk_widget_set_visible (KTM_TRAJECTORY_PAGE (object)->count, g_value_get_boolean (value));
}

static void
ktm_trajectory_page_dispose (GObject *object)
{
  KtmTrajectoryPage *self = KTM_TRAJECTORY_PAGE (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->finder);
  g_clear_pointer (&self->run, ktm_page_run_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->note, ktm_text_free);
  G_OBJECT_CLASS (ktm_trajectory_page_parent_class)->dispose (object);
}

static void
ktm_trajectory_page_class_init (KtmTrajectoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_trajectory_page_dispose;
  G_OBJECT_CLASS (klass)->get_property = ktm_trajectory_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = ktm_trajectory_page_set_property;
  widget_class->map = ktm_trajectory_page_map;
  props[PROP_COUNT_SHOWN] = g_param_spec_boolean ("count-shown", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  /* The chart shows something else: other options or other patients. */
  g_signal_new ("chart-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_trajectory_page_init (KtmTrajectoryPage *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
ktm_trajectory_page_new (KtmStudy *study, GSettings *settings)
{
  KtmTrajectoryPage *self = g_object_new (KTM_TYPE_TRAJECTORY_PAGE, NULL);

  self->study = g_object_ref (study);
  self->settings = g_object_ref (settings);
  self->finder = g_object_ref (ktm_class_finder_of (study));
  g_signal_connect_object (self->finder, "changed", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  build (self);
  set_measures (self);
  g_signal_connect_object (study, "changed", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  ktm_watch_chart_settings (settings, G_CALLBACK (queue_update), self);
  update_cb (self); /* now, so that the first frame shows the chart in its place */
  self->fresh = TRUE;
  return GTK_WIDGET (self);
}

static void
apply_model (KtmTrajectoryPage *self, const KtmChartOptions *options)
{
  g_autofree char *model =
      g_strdup_printf ("%s-%d", options->normal ? "normal" : "censored", options->degree);
  g_autofree char *classes = g_strdup_printf ("%d", options->classes);

  ktm_choice_set_selected (KTM_CHOICE (self->model), model);
  ktm_choice_set_selected (KTM_CHOICE (self->classes), classes);
}

gboolean
ktm_trajectory_page_apply (KtmTrajectoryPage *self, const char *type,
                           const KtmChartOptions *options)
{
  g_autofree char *summary = NULL;

  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self) && type && options, FALSE);
  if (options->shape || options->degrees || options->sigma_by_class || options->random_intercept)
    return FALSE; /* no choice of the page says so */
  if ((options->measure && !ktm_choice_set_selected (KTM_CHOICE (self->measure), options->measure))
      || !ktm_choice_select_grouping (KTM_CHOICE (self->colour),
                                      ktm_study_get_cohort (self->study), options->colour_by)
      || !ktm_segments_set_selected (KTM_SEGMENTS (self->view), type))
    return FALSE;
  apply_model (self, options);
  summary = print_summary (options);
  ktm_choice_set_selected (KTM_CHOICE (self->show), ktm_show_name (options->show));
  ktm_choice_set_selected (KTM_CHOICE (self->missing), ktm_missing_name (options->missing));
  ktm_choice_set_selected (KTM_CHOICE (self->summary), summary);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->individuals), options->individuals);
  return TRUE;
}

gboolean
ktm_trajectory_page_shows_measures (KtmTrajectoryPage *self)
{
  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), FALSE);
  return is_of_all_measures (view_of (self));
}

gboolean
ktm_trajectory_page_is_busy (KtmTrajectoryPage *self)
{
  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), FALSE);
  return self->update_id != 0 || ktm_class_finder_is_busy (self->finder)
         || ktm_page_run_is_busy (self->run) || ktm_chart_view_is_busy (self->chart);
}

void
ktm_trajectory_page_set_note (KtmTrajectoryPage *self, const KtmText *note)
{
  g_autofree char *before = NULL, *after = NULL;

  g_return_if_fail (KTM_IS_TRAJECTORY_PAGE (self));
  before = ktm_text_render (self->note, NULL, 0);
  after = ktm_text_render (note, NULL, 0);
  if (!g_strcmp0 (before, after))
    return;
  ktm_text_free (self->note);
  self->note = ktm_text_copy (note);
  if (!self->telling)
    queue_update (self);
}
