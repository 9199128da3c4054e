/* app: what the results pane of a window shows: the analyses of the page, of the patients and the
 * measure the page shows. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-analysis-pane.h"
#include "ktm-chart-choices.h"
#include "ktm-class-finder.h"
#include "ktm-class-use.h"

/* A grouping that makes two to eight groups: the one the chart is coloured by, else the cohort's
 * first such attribute with levels. */
static const char *
grouping_of (KtmCohort *cohort, const char *colour_by)
{
  gint at = colour_by ? ktm_cohort_find_grouping (cohort, colour_by) : -1;
  const char *first = NULL;

  if (at >= 0 && ktm_cohort_get_attribute (cohort, (guint) at)->kind == KTM_ATTRIBUTE_NUMBER)
    return colour_by;
  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    {
      const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);

      if (attribute->n_levels < 2 || attribute->n_levels > 8)
        continue;
      if (!g_strcmp0 (attribute->id, colour_by))
        return attribute->id;
      if (!first && ktm_cohort_attribute_is_baseline (cohort, i))
        first = attribute->id;
    }
  return first;
}

static KtmAnalysisOptions *
dup_options (KtmWindow *self, const KtmChartOptions *chart)
{
  KtmAnalysisOptions *options = ktm_chart_dup_analysis_options (chart);
  const char *by = grouping_of (ktm_study_get_cohort (self->study), chart->colour_by);

  g_free (options->by);
  options->by = g_strdup (by);
  if (g_strcmp0 (by, chart->colour_by))
    g_clear_pointer (&options->groups, g_strfreev);
  return options;
}

/* The pane lets the person choose any analysis of the frame it was given. */
static KtmFrameParts
parts_of_all (void)
{
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);
  guint parts = 0;

  for (gsize i = 0; i < n; i++)
    parts |= ktm_analysis_parts (all[i]);
  return parts;
}

static gboolean
is_shown (KtmWindow *self)
{
  return adw_flap_get_reveal_flap (self->pane_flap)
         && gtk_widget_get_visible (GTK_WIDGET (self->pane_flap));
}

/* What stands beside a chart of classes is about the classes. */
static const char *const *
analyses_of (const KtmPage *page, GtkWidget *widget, const char *type, const KtmChartOptions *chart)
{
  static const char *const classes[] = { "trajectory-classes", "class-predictors", NULL };
  const KtmChartType *found = ktm_chart_type_find (type);

  return found && !g_strcmp0 (ktm_chart_analysis (found, chart), classes[0]) ? classes
             : page->get_analyses (widget);
}

static gboolean
is_of_classes (const char *const *analyses)
{
  return analyses && !g_strcmp0 (analyses[0], "trajectory-classes");
}

/* Lines in the colour of the class. */
static void
colour_cb (KtmWindow *self)
{
  GtkWidget *widget = NULL;
  const KtmPage *page = ktm_window_get_page (self, &widget);
  g_autoptr (KtmChartOptions) chart = NULL;
  const char *type;

  if (!page || !page->dup_chart || !page->apply)
    return;
  chart = page->dup_chart (widget, &type);
  g_free (chart->colour_by);
  chart->colour_by = g_strdup ("trajectory_class");
  if (chart->summary == KTM_SUMMARY_CLASS)
    chart->summary = KTM_SUMMARY_MEAN;
  page->apply (widget, "trajectories", chart);
}

/* The card "Use the classes", where there are any; @chosen nullable. */
static void
show_class_use (KtmWindow *self, GtkWidget *pane, const KtmClassResult *chosen)
{
  GtkWidget *use = ktm_analysis_pane_get_extra (KTM_ANALYSIS_PANE (pane));

  if (chosen && (!use || g_object_get_data (G_OBJECT (use), "ktm-study") != self->study))
    {
      use = ktm_class_use_new (self->study);
      g_object_set_data (G_OBJECT (use), "ktm-study", self->study);
      g_signal_connect_object (use, "colour", G_CALLBACK (colour_cb), self, G_CONNECT_SWAPPED);
      ktm_analysis_pane_set_extra (KTM_ANALYSIS_PANE (pane), use);
    }
  if (use)
    ktm_class_use_set (KTM_CLASS_USE (use), chosen);
}

/* What stands beside a chart of classes: of the page's own search, which is made once for all. */
static void
update_class_pane (KtmWindow *self, KtmAnalysisPane *pane, const KtmFrame *frame,
                   KtmAnalysisOptions *options, const char *const *analyses)
{
  KtmClassFinder *finder = ktm_class_finder_of (self->study);
  g_autoptr (KtmClassResult) chosen = NULL;
  g_autofree char *why = NULL;

  if (ktm_class_finder_is_subgroup (self->study))
    {
      show_class_use (self, GTK_WIDGET (pane), NULL);
      ktm_analysis_pane_hold (pane, analyses,
                              _("A subgroup made of classes is not parted anew. Take the condition "
                                "on the class away to see how clear the classes are."));
      return;
    }
  if (ktm_class_finder_shows_applied (finder))
    {
      const KtmClassModel *model = ktm_class_finder_get_applied_model (finder);

      options->apply = ktm_class_model_ref (model);
      show_class_use (self, GTK_WIDGET (pane), ktm_class_finder_get_applied (finder));
      ktm_analysis_pane_set_input (pane, frame, options, analyses);
      return;
    }
  chosen = ktm_class_finder_want (finder, frame, options, &why);
  if (ktm_class_finder_is_busy (finder))
    {
      show_class_use (self, GTK_WIDGET (pane), NULL);
      ktm_analysis_pane_hold (pane, analyses, NULL);
      return;
    }
  options->found = ktm_class_finder_peek (finder, frame, options);
  show_class_use (self, GTK_WIDGET (pane), chosen);
  ktm_analysis_pane_set_input (pane, frame, options, analyses);
}

static void note_changed_cb (KtmWindow *self);

static gboolean
has_note (KtmWindow *self)
{
  GtkWidget *pane = adw_bin_get_child (ADW_BIN (self->pane_bin));

  return pane && ktm_analysis_pane_has_note (KTM_ANALYSIS_PANE (pane));
}

static GtkWidget *
need_pane (KtmWindow *self)
{
  GtkWidget *pane = adw_bin_get_child (ADW_BIN (self->pane_bin));

  if (!pane)
    {
      adw_bin_set_child (ADW_BIN (self->pane_bin), pane = ktm_analysis_pane_new ());
      g_signal_connect_object (pane, "note-changed", G_CALLBACK (note_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  return pane;
}

static void
update (KtmWindow *self)
{
  GtkWidget *widget = NULL, *pane;
  const KtmPage *page = ktm_window_get_page (self, &widget);
  g_autoptr (KtmChartOptions) chart = NULL;
  g_autoptr (KtmAnalysisOptions) options = NULL;
  g_autoptr (KtmFrame) frame = NULL;
  const char *const *analyses;
  const char *type;

  if (!self->study || !page || page->no_pane || !page->get_analyses || !page->dup_chart
      || !(is_shown (self) || has_note (self))) /* a line in the figure is kept true also unseen */
    return;
  pane = need_pane (self);
  ktm_analysis_pane_set_head (KTM_ANALYSIS_PANE (pane),
                              page->pane_widget ? page->pane_widget (widget) : NULL);
  chart = page->dup_chart (widget, &type);
  if (!chart || !chart->measure)
    {
      ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), NULL, NULL, NULL);
      return;
    }
  options = dup_options (self, chart);
  ktm_analysis_pane_set_split (KTM_ANALYSIS_PANE (pane),
                               chart->colour_by && !g_strcmp0 (options->by, chart->colour_by));
  if (page->adjust_analysis)
    page->adjust_analysis (widget, options);
  frame = ktm_study_dup_frame (self->study, NULL, NULL, parts_of_all ());
  analyses = analyses_of (page, widget, type, chart);
  if (is_of_classes (analyses))
    {
      update_class_pane (self, KTM_ANALYSIS_PANE (pane), frame, options, analyses);
      return;
    }
  show_class_use (self, pane, NULL);
  options->found = ktm_class_finder_peek (ktm_class_finder_of (self->study), frame, options);
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
}

/* Once, however often a page says that it changed: each time would start the models anew; and after
 * the page has drawn what it changed to.  A result in the figure must not outlive its patients by a
 * frame: then at once. */
void
ktm_window_update_pane (KtmWindow *self)
{
  if (has_note (self))
    update (self);
  else if (self->study && self->later)
    {
      self->pane_stale = TRUE;
      self->patience = KTM_WINDOW_PATIENCE;
      ktm_later_queue (self->later);
    }
}

void
ktm_window_update_pane_now (KtmWindow *self)
{
  if (self->pane_stale)
    {
      self->pane_stale = FALSE;
      update (self);
    }
}

/* The line goes to the page seen and to no other: what is not computed along would be of other
 * patients soon. */
static void
note_changed_cb (KtmWindow *self)
{
  GtkWidget *pane = adw_bin_get_child (ADW_BIN (self->pane_bin)), *shown = NULL;
  KtmText *note = ktm_analysis_pane_dup_note (KTM_ANALYSIS_PANE (pane));
  gsize n;
  const KtmPage *pages = ktm_pages (&n);

  ktm_window_get_page (self, &shown);
  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *page = ktm_window_peek_page (self, pages[i].id);

      if (page && pages[i].set_note)
        pages[i].set_note (page, page == shown ? note : NULL);
    }
  ktm_text_free (note);
}

void
ktm_window_add_pane (KtmWindow *self)
{
  g_signal_connect_object (self->pane_flap, "notify::reveal-flap",
                           G_CALLBACK (ktm_window_update_pane), self, G_CONNECT_SWAPPED);
}

void
ktm_window_drop_note (KtmWindow *self)
{
  GtkWidget *pane = adw_bin_get_child (ADW_BIN (self->pane_bin));

  if (pane)
    ktm_analysis_pane_drop_note (KTM_ANALYSIS_PANE (pane));
}

gboolean
ktm_window_pane_is_busy (KtmWindow *self)
{
  GtkWidget *pane = adw_bin_get_child (ADW_BIN (self->pane_bin));

  return pane && ktm_analysis_pane_is_busy (KTM_ANALYSIS_PANE (pane));
}
