/* widgets: page of trajectories. */
#include "ktm-trajectory-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-chart-view.h"
#include "ktm-choice.h"
#include "ktm-class-finder.h"
#include "ktm-filter-panel.h"
#include "ktm-patient-card.h"
#include "ktm-segments.h"
#include "ktm-visit-table.h"
#include "ktm-wrap-box.h"

#define MOST_COLOURS 12

struct _KtmTrajectoryPage
{
  GtkWidget  parent_instance;
  KtmStudy  *study;    /* owned */
  GSettings *settings; /* owned */
  GtkWidget *box, *toolbar, *count, *measure, *show, *colour, *summary, *missing, *individuals,
      *view;
  GtkWidget *mark, *whole, *chart, *table, *card, *revealer, *marked_label; /* children */
  GtkWidget *model, *classes;
  KtmClassFinder *finder; /* owned */
  guint      update_id;
  KtmText   *note;     /* owned; a result printed in the figure */
  gboolean   telling;  /* chart-changed is on its way: the chart is drawn after it */
};

enum { PROP_0, PROP_COUNT_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmTrajectoryPage, ktm_trajectory_page, GTK_TYPE_WIDGET)

/* --- the choices ------------------------------------------------------------------------------ */

typedef struct
{
  const char *id, *label;
} Option;

static const Option show_options[] = {
  { "value", N_("Value") },
  { "change", N_("Change from baseline") },
  { "percent", N_("Change in %") },
};
static const Option summary_options[] = {
  { "mean-ci", N_("Mean, CI") },         { "mean-sd", N_("Mean ± SD") },
  { "mean-se", N_("Mean ± SE") },        { "mean-none", N_("Mean alone") },
  { "median-ci", N_("Median, CI") },     { "median-sd", N_("Median, quartiles") },
  { "median-none", N_("Median alone") }, { "class-ci", N_("Class curves, CI") },
  { "none-none", N_("None") },
};
/* Degree of the curves last. */
static const Option model_options[] = {
  { "censored-3", N_("Censored normal, cubic") },
  { "censored-2", N_("Censored normal, quadratic") },
  { "censored-1", N_("Censored normal, linear") },
  { "normal-3", N_("Normal, cubic") },
  { "normal-2", N_("Normal, quadratic") },
  { "normal-1", N_("Normal, linear") },
};
static const Option class_options[] = {
  { "0", N_("Recommended") },
  { "1", "1" },
  { "2", "2" },
  { "3", "3" },
  { "4", "4" },
  { "5", "5" },
  { "6", "6" },
};
static const Option missing_options[] = {
  { "available", N_("Available") },     { "completers", N_("Completers only") },
  { "locf", N_("Last score forward") }, { "bocf", N_("Baseline forward") },
  { "worst", N_("Worst score") },
};
static const struct { const char *id, *icon, *label; } views[] = {
  { "trajectories", "ktm-lines-symbolic", N_("Lines") },
  { "small-multiples", "ktm-multiples-symbolic", N_("Small multiples: a chart for each group") },
  { "classes", "ktm-classes-symbolic", N_("Trajectory classes: a chart for each") },
  { "heatmap", "ktm-heatmap-symbolic", N_("Heat map: a row for each patient") },
};

static void
set_options (GtkWidget *choice, const Option *options, guint n)
{
  g_autofree const char **ids = g_new (const char *, n), **labels = g_new (const char *, n);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = options[i].id;
      labels[i] = g_ascii_isdigit (options[i].label[0]) ? options[i].label : _(options[i].label);
    }
  ktm_choice_set_options (KTM_CHOICE (choice), ids, labels, n);
}

static void
set_measures (KtmTrajectoryPage *self)
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

static gboolean
can_colour (const KtmFrameAttribute *attribute)
{
  return attribute->kind != KTM_ATTRIBUTE_NUMBER && attribute->kind != KTM_ATTRIBUTE_DATE
         && attribute->n_levels >= 2 && attribute->n_levels <= MOST_COLOURS;
}

static void
set_colours (KtmTrajectoryPage *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  guint all = ktm_cohort_get_n_attributes (cohort), n = 0;
  g_autofree const char **ids = g_new (const char *, all + 1),
                        **labels = g_new (const char *, all + 1);

  ids[n] = "";
  labels[n++] = _("Nothing");
  for (guint i = 0; i < all; i++)
    {
      const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);

      if (!can_colour (attribute))
        continue;
      ids[n] = attribute->id;
      labels[n++] = attribute->label;
    }
  ktm_choice_set_options (KTM_CHOICE (self->colour), ids, labels, n);
}

/* --- from the choices to the chart ------------------------------------------------------------ */

static const char *
chosen (GtkWidget *choice)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (choice));

  return id && *id ? id : NULL;
}

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
  const char *model = chosen (self->model), *classes = chosen (self->classes);

  options->normal = model && g_str_has_prefix (model, "normal");
  options->degree = model ? atoi (strrchr (model, '-') + 1) : 3;
  options->classes = classes ? atoi (classes) : 0;
}

KtmChartOptions *
ktm_trajectory_page_dup_options (KtmTrajectoryPage *self, const char **type)
{
  KtmChartOptions *options;
  static const char marks[] = { 0, '.', ',' };

  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), NULL);
  options = ktm_chart_options_new ();
  g_free (options->measure);
  g_free (options->colour_by);
  g_free (options->lang);
  options->measure = g_strdup (chosen (self->measure));
  ktm_show_parse (chosen (self->show) ? chosen (self->show) : "value", &options->show);
  ktm_missing_parse (chosen (self->missing) ? chosen (self->missing) : "available",
                     &options->missing);
  parse_summary (chosen (self->summary), options);
  options->individuals = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->individuals));
  options->colour_by = g_strdup (chosen (self->colour));
  options->facets = !g_strcmp0 (view_of (self), "small-multiples");
  options->level = g_settings_get_double (self->settings, "level");
  options->caption = TRUE;
  options->note = ktm_text_copy (self->note);
  options->lang = g_strdup (ktm_lang_code (ktm_say_lang ()));
  options->decimal_mark = marks[g_settings_get_enum (self->settings, "decimal-mark") % 3];
  take_model (self, options);
  if (type)
    *type = view_of (self);
  return options;
}

KtmReport *
ktm_trajectory_page_dup_report (KtmTrajectoryPage *self)
{
  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), NULL);
  return ktm_class_finder_last (self->finder);
}

/* A subgroup made of classes is shown as what it is, not parted anew. */
static gboolean
is_filtered_by_class (KtmTrajectoryPage *self)
{
  g_auto (GStrv) texts = ktm_filter_dup_texts (ktm_study_get_filter (self->study));

  for (char **text = texts; text && *text; text++)
    if (strstr (*text, "trajectory_class"))
      return TRUE;
  return FALSE;
}

/* The classes the chart is drawn from; NULL with what to say in its place. */
static KtmReport *
find_classes (KtmTrajectoryPage *self, const KtmFrame *frame, const KtmChartOptions *chart,
              char **say)
{
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  KtmReport *report = is_filtered_by_class (self) ? ktm_class_finder_last (self->finder) : NULL;

  *say = NULL;
  if (report)
    return report;
  options->measure = g_strdup (chart->measure);
  options->level = chart->level;
  options->classes = chart->classes;
  options->degree = chart->degree;
  options->censored = !chart->normal;
  report = ktm_class_finder_want (self->finder, frame, options, say);
  if (!report && !*say)
    *say = g_strdup (_("Looking for trajectory classes…"));
  if (report
      && ktm_study_get_n_shown (self->study)
             == g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (self->study))))
    ktm_cohort_set_classes (ktm_study_get_cohort (self->study), report->classes);
  return report;
}

static void
show_chart (KtmTrajectoryPage *self)
{
  const char *type;
  g_autoptr (KtmChartOptions) options = NULL;
  const KtmChartType *chart;
  KtmFrameParts parts;
  KtmFrame *frame;

  /* First, so that a result printed in the figure is already of these patients and options. */
  self->telling = TRUE;
  g_signal_emit_by_name (self, "chart-changed");
  self->telling = FALSE;
  options = ktm_trajectory_page_dup_options (self, &type);
  chart = ktm_chart_type_find (type);
  parts = (chart ? chart->parts : 0)
          | (g_settings_get_boolean (self->settings, "show-codes") ? KTM_FRAME_CODES : 0);
  if (!options->measure)
    {
      ktm_chart_view_set_error (KTM_CHART_VIEW (self->chart),
                                _("This cohort has no measure, so there are no scores to draw. "
                                   "Import a table of scores into it."));
      ktm_visit_table_set (KTM_VISIT_TABLE (self->table), NULL, NULL);
      return;
    }
  if (ktm_study_get_n_shown (self->study) == 0)
    {
      gboolean any =
          g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (self->study))) > 0;

      ktm_chart_view_set_error (KTM_CHART_VIEW (self->chart),
                                any ? _("No patient is in this subgroup. Take a condition away, "
                                         "or show all patients again (Ctrl+Shift+A).")
                                    : _("This cohort has no patients yet. Import a table of "
                                         "patients and scores into it."));
      ktm_visit_table_set (KTM_VISIT_TABLE (self->table), NULL, NULL);
      return;
    }
  frame = ktm_study_dup_frame (self->study, (const char *[]) { options->measure, NULL },
                               (const char *[]) { options->colour_by, NULL }, parts);
  if (chart && ktm_chart_analysis (chart, options))
    {
      g_autofree char *say = NULL;
      KtmReport *report = find_classes (self, frame, options, &say);

      if (report)
        ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), chart, frame, report, options);
      else
        ktm_chart_view_set_error (KTM_CHART_VIEW (self->chart), say);
    }
  else
    ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), chart, frame, NULL, options);
  ktm_visit_table_set (KTM_VISIT_TABLE (self->table), frame, options);
  ktm_frame_unref (frame);
}

static void
show_picked (KtmTrajectoryPage *self)
{
  int picked = ktm_study_get_picked (self->study);

  ktm_chart_view_set_picked (KTM_CHART_VIEW (self->chart),
                             picked < 0 ? -1 : ktm_study_find (self->study, (guint) picked));
}

static void
show_count (KtmTrajectoryPage *self)
{
  g_autofree char *count = ktm_filter_panel_dup_count (self->study);

  gtk_button_set_label (GTK_BUTTON (self->count), count);
}

static gboolean
update_cb (gpointer data)
{
  KtmTrajectoryPage *self = data;
  gboolean heat = !g_strcmp0 (view_of (self), "heatmap"),
           classes = !g_strcmp0 (view_of (self), "classes");
  gboolean curves = !heat && !g_strcmp0 (chosen (self->summary), "class-ci");

  self->update_id = 0;
  gtk_widget_set_visible (self->summary, !heat && !classes);
  gtk_widget_set_visible (self->colour, !classes && !curves);
  gtk_widget_set_visible (self->model, classes || curves);
  gtk_widget_set_visible (self->classes, classes || curves);
  gtk_widget_set_visible (self->individuals, !heat);
  show_count (self);
  ktm_patient_card_set_measure (KTM_PATIENT_CARD (self->card), chosen (self->measure));
  show_chart (self);
  show_picked (self);
  return G_SOURCE_REMOVE;
}

static void
queue_update (KtmTrajectoryPage *self)
{
  if (!self->update_id && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 10, update_cb, self, NULL);
}

/* Small multiples are of groups: without one they take the first there is. */
static void
view_chosen_cb (KtmTrajectoryPage *self)
{
  if (!g_strcmp0 (view_of (self), "small-multiples") && !chosen (self->colour))
    {
      KtmCohort *cohort = ktm_study_get_cohort (self->study);

      for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
        if (can_colour (ktm_cohort_get_attribute (cohort, i))
            && ktm_choice_set_selected (KTM_CHOICE (self->colour),
                                        ktm_cohort_get_attribute (cohort, i)->id))
          break;
    }
  queue_update (self);
}

static void
cohort_changed_cb (KtmTrajectoryPage *self)
{
  set_measures (self);
  set_colours (self);
  queue_update (self);
}

/* --- picking and marking ---------------------------------------------------------------------- */

static void
picked_cb (KtmChartView *chart, long row, gpointer data)
{
  KtmTrajectoryPage *self = data;
  gsize n;
  const guint *shown = ktm_study_get_shown (self->study, &n);

  ktm_study_set_picked (self->study, row >= 0 && (gsize) row < n ? (int) shown[row] : -1);
}

static void
marked_cb (KtmChartView *chart, gpointer data)
{
  KtmTrajectoryPage *self = data;
  gsize n;

  ktm_chart_view_get_marked (chart, &n);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), n > 0);
  if (n)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%u patient marked", "%u patients marked", (guint) n), (guint) n);

      gtk_label_set_text (GTK_LABEL (self->marked_label), text);
    }
}

static void
keep_marked_cb (GtkButton *button, gpointer data)
{
  KtmTrajectoryPage *self = data;
  gsize n_marked, n;
  const guint32 *rows = ktm_chart_view_get_marked (KTM_CHART_VIEW (self->chart), &n_marked);
  const guint *shown = ktm_study_get_shown (self->study, &n);
  g_autofree guint *indices = g_new (guint, n_marked + 1);

  for (gsize i = 0; i < n_marked; i++)
    indices[i] = shown[rows[i]];
  ktm_study_keep (self->study, indices, n_marked);
}

static void
let_go_cb (GtkButton *button, gpointer data)
{
  ktm_chart_view_clear_marked (KTM_CHART_VIEW (KTM_TRAJECTORY_PAGE (data)->chart));
}

static void
mark_toggled_cb (GtkToggleButton *button, gpointer data)
{
  ktm_chart_view_set_marking (KTM_CHART_VIEW (KTM_TRAJECTORY_PAGE (data)->chart),
                              gtk_toggle_button_get_active (button));
}

static void
whole_cb (GtkButton *button, gpointer data)
{
  ktm_chart_view_reset_zoom (KTM_CHART_VIEW (KTM_TRAJECTORY_PAGE (data)->chart));
}

/* --- building --------------------------------------------------------------------------------- */

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_widget_set_tooltip_text (widget, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
add_choice (KtmTrajectoryPage *self, const char *name, const Option *options, guint n,
            const char *key)
{
  GtkWidget *choice = ktm_choice_new (name);

  if (options)
    set_options (choice, options, n);
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
      add_choice (self, _("Show"), show_options, G_N_ELEMENTS (show_options), "chart-show");
  self->colour = add_choice (self, _("Colour by"), NULL, 0, NULL);
  self->summary = add_choice (self, _("Summary"), summary_options, G_N_ELEMENTS (summary_options),
                              "chart-summary");
  self->missing = add_choice (self, _("Missing"), missing_options, G_N_ELEMENTS (missing_options),
                              "chart-missing");
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
  set_name (self->individuals, _("Draw each patient’s line"));
  g_settings_bind (self->settings, "chart-individuals", self->individuals, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->individuals, "toggled", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->individuals);
  self->mark = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->mark), "ktm-mark-symbolic");
  set_name (self->mark, _("Mark patients by dragging (Shift+drag at any time)"));
  g_signal_connect (self->mark, "toggled", G_CALLBACK (mark_toggled_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->mark);
  self->whole = gtk_button_new_from_icon_name ("zoom-fit-best-symbolic");
  set_name (self->whole, _("Whole chart (Ctrl+0)"));
  g_signal_connect (self->whole, "clicked", G_CALLBACK (whole_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->whole);
}

static GtkWidget *
build_marked_bar (KtmTrajectoryPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *keep = gtk_button_new_with_label (_("Make subgroup"));
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->marked_label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->marked_label, "heading");
  gtk_widget_add_css_class (keep, "suggested-action");
  gtk_widget_add_css_class (close, "flat");
  set_name (close, _("Let go of the marked patients (Escape)"));
  g_signal_connect (keep, "clicked", G_CALLBACK (keep_marked_cb), self);
  g_signal_connect (close, "clicked", G_CALLBACK (let_go_cb), self);
  gtk_box_append (GTK_BOX (bar), self->marked_label);
  gtk_box_append (GTK_BOX (bar), keep);
  gtk_box_append (GTK_BOX (bar), close);
  gtk_widget_add_css_class (bar, "marked-bar");
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), bar);
  gtk_widget_set_halign (self->revealer, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->revealer, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->revealer, 8);
  return self->revealer;
}

static void
build (KtmTrajectoryPage *self)
{
  GtkWidget *overlay = gtk_overlay_new (), *strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  build_toolbar (self);
  self->chart = ktm_chart_view_new ();
  gtk_widget_add_css_class (overlay, "card");
  gtk_widget_add_css_class (overlay, "chart-card");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->chart);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_marked_bar (self));
  gtk_widget_set_vexpand (overlay, TRUE);
  self->table = ktm_visit_table_new ();
  gtk_box_append (GTK_BOX (self->box), self->toolbar);
  gtk_box_append (GTK_BOX (self->box), overlay);
  self->card = ktm_patient_card_new (self->study);
  gtk_widget_set_hexpand (self->table, TRUE);
  gtk_box_append (GTK_BOX (strip), self->table);
  gtk_box_append (GTK_BOX (strip), self->card);
  gtk_box_append (GTK_BOX (self->box), strip);
  gtk_widget_add_css_class (self->box, "page-body");
  g_signal_connect (self->chart, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect (self->chart, "marked", G_CALLBACK (marked_cb), self);
  g_object_bind_property (self->chart, "zoomed", self->whole, "visible", G_BINDING_SYNC_CREATE);
}

static void
ktm_trajectory_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ktm_trajectory_page_parent_class)->map (widget);
  queue_update (KTM_TRAJECTORY_PAGE (widget)); /* what changed while it was hidden */
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
  g_clear_pointer (&self->finder, ktm_class_finder_free);
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
  self->finder = ktm_class_finder_new ((GSourceOnceFunc) queue_update, self);
  build (self);
  set_measures (self);
  set_colours (self);
  g_signal_connect_object (study, "changed", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (study, "notify::picked", G_CALLBACK (show_picked), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  for (const char *const *key =
           (const char *const[]){ "level", "decimal-mark", "show-codes", NULL };
       *key; key++)
    {
      g_autofree char *signal = g_strconcat ("changed::", *key, NULL);

      g_signal_connect_object (settings, signal, G_CALLBACK (queue_update), self,
                               G_CONNECT_SWAPPED);
    }
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
  if ((options->measure && !ktm_choice_set_selected (KTM_CHOICE (self->measure), options->measure))
      || !ktm_choice_set_selected (KTM_CHOICE (self->colour),
                                   options->colour_by ? options->colour_by : "")
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
ktm_trajectory_page_is_busy (KtmTrajectoryPage *self)
{
  g_return_val_if_fail (KTM_IS_TRAJECTORY_PAGE (self), FALSE);
  return self->update_id != 0 || ktm_class_finder_is_busy (self->finder)
         || ktm_chart_view_is_busy (KTM_CHART_VIEW (self->chart));
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
