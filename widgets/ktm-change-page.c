/* widgets: page of changes. */
#include "ktm-change-page.h"

#include <glib/gi18n.h>

static const KtmOption unit_options[] = {
  { "percent", N_("In % of baseline") },
  { "change", N_("In points") },
};
static const KtmBoardChoice choices[] = {
  { "unit", N_("Change"), unit_options, G_N_ELEMENTS (unit_options), "change-unit" },
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

/* Changes are in the unit chosen; before and after are the scores themselves and points. */
static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  const char *unit = ktm_board_page_get_choice (page, "unit");

  if (strcmp (type, "before-after") != 0)
    options->show = !g_strcmp0 (unit, "change") ? KTM_SHOW_CHANGE : KTM_SHOW_PERCENT;
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  if (strcmp (type, "before-after") != 0)
    ktm_board_page_set_choice (page, "unit",
                               options->show == KTM_SHOW_CHANGE ? "change" : "percent");
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
};

GtkWidget *
ktm_change_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
