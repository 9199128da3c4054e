/* widgets: page of changes. */
#include "ktm-change-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-chart-card.h"

static const KtmOption unit_options[] = {
  { "percent", N_("In % of baseline") },
  { "change", N_("In points") },
};
static const KtmOption missing_options[] = {
  { "both", N_("also as non-response") },
  { "seen", N_("left out") },
};
static const KtmBoardChoice choices[] = {
  { "unit", N_("Change"), unit_options, G_N_ELEMENTS (unit_options), "change-unit" },
  { "not-seen", N_("Not seen"), missing_options, G_N_ELEMENTS (missing_options),
    "change-missing-line" },
};
static const KtmBoardChart charts[] = {
  { "waterfall", N_("Waterfall"),
    N_("One bar per patient, most worsened to most improved; hollow: last change of those lost"),
    0, 1, 310 },
  { "responder-curve", N_("Responder curve"),
    N_("Share at or above each threshold, with CI (Wilson)"), 1, 1, 300 },
  { "before-after", N_("Before–after"), N_("The same patients; right: change, mean with CI"), 1,
    1, 300 },
  { "distribution", N_("Distribution"), NULL, -1, 1, 300 },
};
static const char *const analyses[] = { "change", "subgroups", "responder", "missingness", NULL };

#define THRESHOLD "ktm-threshold" /* double; of the responder curve, where it was moved */

static void
set_threshold (KtmBoardPage *page, double value)
{
  g_object_set_data_full (G_OBJECT (page), THRESHOLD, g_memdup2 (&value, sizeof value), g_free);
}

static void
moved_cb (KtmBoardPage *page, double value)
{
  set_threshold (page, value);
  ktm_board_page_redraw (page, "responder-curve");
}

static void
built (KtmBoardPage *page)
{
  g_signal_connect_object (ktm_board_page_get_view (page, "responder-curve"), "handle-moved",
                           G_CALLBACK (moved_cb), page, G_CONNECT_SWAPPED);
}

static gboolean
is_shown (KtmBoardPage *page, const char *type)
{
  GtkWidget *view = GTK_WIDGET (ktm_board_page_get_view (page, type));

  return gtk_widget_get_visible (gtk_widget_get_ancestor (view, KTM_TYPE_CHART_CARD));
}

/* What concerns one chart is offered where it stands alone. */
static void
updated (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options)
{
  ktm_board_page_show_choice (page, "not-seen",
                              is_shown (page, "responder-curve") && !is_shown (page, "waterfall"));
}

/* Changes are in the unit chosen; before and after are the scores themselves and points. */
static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  const char *unit = ktm_board_page_get_choice (page, "unit");
  const double *threshold = g_object_get_data (G_OBJECT (page), THRESHOLD);

  if (strcmp (type, "before-after") != 0)
    options->show = !g_strcmp0 (unit, "change") ? KTM_SHOW_CHANGE : KTM_SHOW_PERCENT;
  if (strcmp (type, "responder-curve") != 0)
    return;
  options->threshold = threshold ? *threshold : NAN;
  options->seen_only = !g_strcmp0 (ktm_board_page_get_choice (page, "not-seen"), "seen");
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  if (strcmp (type, "before-after") != 0)
    ktm_board_page_set_choice (page, "unit",
                               options->show == KTM_SHOW_CHANGE ? "change" : "percent");
  if (strcmp (type, "responder-curve") != 0)
    return;
  set_threshold (page, options->threshold);
  ktm_board_page_set_choice (page, "not-seen", options->seen_only ? "seen" : "both");
}

static const KtmBoard board = {
  .id = "change",
  .uses = KTM_BOARD_MEASURE | KTM_BOARD_AT | KTM_BOARD_GROUP | KTM_BOARD_MISSING | KTM_BOARD_LINES,
  .group_name = N_("Colour by"),
  .choices = choices,
  .n_choices = G_N_ELEMENTS (choices),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .all = N_("All three"),
  .view_key = "change-view",
  .missing_key = "chart-missing",
  .analyses = analyses,
  .adjust = adjust,
  .restore = restore,
  .built = built,
  .updated = updated,
};

GtkWidget *
ktm_change_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
