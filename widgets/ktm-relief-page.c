/* widgets: page of time in relief. */
#include "ktm-relief-page.h"

#include <glib/gi18n.h>

#include "ktm-relief-editor.h"
#include "ktm-scene-table.h"

static const KtmOption ci_options[] = {
  { "bands", N_("Bands and whiskers") },
  { "none", N_("None") },
};
static const KtmBoardChoice choices[] = {
  { "ci", N_("CI"), ci_options, G_N_ELEMENTS (ci_options), "relief-ci" },
};
static const KtmBoardChart charts[] = {
  { "relief", N_("Time to loss of relief"), NULL, 0, 1, 400 },
};
static const char *const analyses[] = { "survival", NULL };

static KtmReliefEditor *
editor_of (KtmBoardPage *page)
{
  return KTM_RELIEF_EDITOR (ktm_board_page_get_pane_widget (page));
}

static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  options->relief = g_strdup (ktm_relief_editor_get_rule (editor_of (page)));
  if (!g_strcmp0 (ktm_board_page_get_choice (page, "ci"), "none"))
    options->band = KTM_BAND_NONE;
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  ktm_relief_editor_set_rule (editor_of (page), options->relief);
  ktm_board_page_set_choice (page, "ci", options->band == KTM_BAND_NONE ? "none" : "bands");
}

static void
updated (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options)
{
  ktm_relief_editor_count (editor_of (page), frame, options->measure);
}

static GtkWidget *
make_table (KtmBoardPage *page)
{
  GtkWidget *table = ktm_scene_table_new ();

  ktm_scene_table_watch (KTM_SCENE_TABLE (table), ktm_board_page_get_view (page, "relief"));
  return table;
}

static GtkWidget *
make_editor (KtmBoardPage *page)
{
  return ktm_relief_editor_new (ktm_board_page_get_study (page));
}

static void
built (KtmBoardPage *page)
{
  g_signal_connect_object (editor_of (page), "changed", G_CALLBACK (ktm_board_page_queue_update),
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
  .pane = make_editor,
  .adjust = adjust,
  .restore = restore,
  .updated = updated,
  .built = built,
};

GtkWidget *
ktm_relief_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
