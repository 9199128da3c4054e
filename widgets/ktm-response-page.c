/* widgets: page of responders. */
#include "ktm-response-page.h"

#include <glib/gi18n.h>

#include "ktm-definition-card.h"

#define CARD "definition-card"

static const KtmBoardChart charts[] = {
  { "responder-rate", N_("Responder rate"),
    N_("At each visit, with CI (Wilson); hollow: fewer than 20; grey: all patients"), 0, 1, 300 },
  { "pgic", N_("Impression of change"),
    N_("Share of the patients who answered; right: n, % with CI (Wilson)"), 1, 1, 280 },
};
static const char *const analyses[] = { "responder", "pgic", "missingness", NULL };

static KtmDefinitionCard *
card_of (KtmBoardPage *page)
{
  return g_object_get_data (G_OBJECT (page), CARD);
}

static void
definition_cb (KtmDefinitionCard *card, GParamSpec *pspec, KtmBoardPage *page)
{
  g_settings_set_string (ktm_board_page_get_settings (page), "response-definition",
                         ktm_definition_card_get_definition (card));
  ktm_board_page_queue_update (page);
}

static GtkWidget *
above (KtmBoardPage *page)
{
  KtmStudy *study = ktm_board_page_get_study (page);
  g_autofree char *kept =
      g_settings_get_string (ktm_board_page_get_settings (page), "response-definition");
  const char *chosen = ktm_study_get_definition (study);
  GtkWidget *card = ktm_definition_card_new (study, chosen ? chosen : kept);

  g_object_set_data (G_OBJECT (page), CARD, card);
  g_signal_connect_object (card, "notify::definition", G_CALLBACK (definition_cb), page, 0);
  return card;
}

/* The rate runs over all visits; the visit chosen is that of the counts and of the pane. */
static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  KtmCohort *cohort = ktm_study_get_cohort (ktm_board_page_get_study (page));

  if (!options->measure && ktm_cohort_get_n_measures (cohort) > 0)
    options->measure = g_strdup (ktm_cohort_get_measure (cohort, 0)->id);
  g_free (options->definition);
  options->definition = g_strdup (ktm_definition_card_get_definition (card_of (page)));
}

static void
adjust_analysis (KtmBoardPage *page, const char *type, KtmAnalysisOptions *options)
{
  g_free (options->definition);
  options->definition = g_strdup (ktm_definition_card_get_definition (card_of (page)));
}

/* A bar a visit, or several. */
static int
height (KtmBoardPage *page, const KtmBoardChart *chart)
{
  return !strcmp (chart->type, "pgic") && ktm_board_page_get_group (page) ? 440 : chart->height;
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  if (options->definition)
    ktm_definition_card_set_definition (card_of (page), options->definition, NULL);
}

static void
updated (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options)
{
  ktm_definition_card_update (card_of (page), frame, options);
}

static const KtmBoard board = {
  .id = "response",
  .uses = KTM_BOARD_AT | KTM_BOARD_GROUP,
  .group_name = N_("Split by"),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .all = N_("Rate and impression"),
  .view_key = "response-view",
  .analyses = analyses,
  .above = above,
  .adjust = adjust,
  .restore = restore,
  .height = height,
  .adjust_analysis = adjust_analysis,
  .updated = updated,
};

GtkWidget *
ktm_response_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
