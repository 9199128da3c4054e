/* widgets: page of time in relief. */
#include "ktm-relief-page.h"

#include <glib/gi18n.h>

#include "ktm-relief-editor.h"
#include "ktm-relief-tests.h"
#include "ktm-scene-table.h"

static const KtmOption curve_options[] = {
  { "kaplan-meier", N_("Kaplan–Meier") },
  { "turnbull", N_("Interval-censored (Turnbull)") },
};
static const KtmOption ci_options[] = {
  { "bands", N_("Bands and whiskers") },
  { "none", N_("None") },
};
static const KtmBoardChoice choices[] = {
  { "curve", N_("Curve"), curve_options, G_N_ELEMENTS (curve_options), "relief-curve" },
  { "ci", N_("CI"), ci_options, G_N_ELEMENTS (ci_options), "relief-ci" },
};
static const KtmBoardChart charts[] = {
  { "relief", N_("Time to loss of relief"), NULL, 0, 1, 400 },
};
static const char *const analyses[] = { "survival", NULL };

static KtmReliefEditor *
editor_of (KtmBoardPage *page)
{
  return KTM_RELIEF_EDITOR (
      gtk_widget_get_first_child (ktm_board_page_get_pane_widget (page)));
}

static KtmReliefTests *
tests_of (KtmBoardPage *page)
{
  return KTM_RELIEF_TESTS (gtk_widget_get_last_child (ktm_board_page_get_pane_widget (page)));
}

static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  options->relief = g_strdup (ktm_relief_editor_get_rule (editor_of (page)));
  if (!g_strcmp0 (ktm_board_page_get_choice (page, "ci"), "none"))
    options->band = KTM_BAND_NONE;
  options->turnbull = !g_strcmp0 (ktm_board_page_get_choice (page, "curve"), "turnbull");
}

static void
adjust_analysis (KtmBoardPage *page, const char *type G_GNUC_UNUSED, KtmAnalysisOptions *options)
{
  g_free (options->stratum);
  g_strfreev (options->covariates);
  options->stratum = ktm_relief_tests_dup_stratum (tests_of (page));
  options->covariates = ktm_relief_tests_dup_covariates (tests_of (page));
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  ktm_relief_editor_set_rule (editor_of (page), options->relief);
  ktm_board_page_set_choice (page, "ci", options->band == KTM_BAND_NONE ? "none" : "bands");
  ktm_board_page_set_choice (page, "curve", options->turnbull ? "turnbull" : "kaplan-meier");
}

static void
updated (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options)
{
  ktm_relief_editor_count (editor_of (page), frame, options->measure);
  ktm_relief_tests_set_group (tests_of (page), options->colour_by);
  ktm_board_page_show_choice (page, "ci", !options->turnbull);
}

static GtkWidget *
make_table (KtmBoardPage *page)
{
  GtkWidget *table = ktm_scene_table_new ();

  ktm_scene_table_watch (KTM_SCENE_TABLE (table), ktm_board_page_get_view (page, "relief"));
  return table;
}

static GtkWidget *
make_pane (KtmBoardPage *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (GTK_BOX (box), ktm_relief_editor_new (ktm_board_page_get_study (page)));
  gtk_box_append (GTK_BOX (box), ktm_relief_tests_new (ktm_board_page_get_study (page)));
  return box;
}

static void
built (KtmBoardPage *page)
{
  g_signal_connect_object (editor_of (page), "changed", G_CALLBACK (ktm_board_page_queue_update),
                           page, G_CONNECT_SWAPPED);
  g_signal_connect_object (tests_of (page), "changed", G_CALLBACK (ktm_board_page_queue_update),
                           page, G_CONNECT_SWAPPED);
}

static const KtmBoard board = {
  .id = "relief",
  .uses = KTM_BOARD_MEASURE | KTM_BOARD_GROUP,
  .group_name = N_("Split by"),
  .choices = choices,
  .n_choices = G_N_ELEMENTS (choices),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .analyses = analyses,
  .below = make_table,
  .pane = make_pane,
  .adjust = adjust,
  .adjust_analysis = adjust_analysis,
  .restore = restore,
  .updated = updated,
  .built = built,
};

GtkWidget *
ktm_relief_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
