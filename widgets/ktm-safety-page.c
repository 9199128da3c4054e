/* widgets: page of adverse events. */
#include "ktm-safety-page.h"

#include <glib/gi18n.h>

static const KtmOption count_options[] = {
  { "patients", N_("Patients with ≥ 1 event") },
  { "events", N_("Events per 100 asked") },
};
static const KtmOption grade_options[] = {
  { "any", N_("Any") },
  { "moderate", N_("At least moderate") },
  { "severe", N_("Severe") },
};
static const KtmOption related_options[] = {
  { "any", N_("Any") },
  { "possible", N_("Possibly or yes") },
  { "yes", N_("Yes alone") },
};
static const KtmOption interval_options[] = {
  { "wilson", N_("Wilson") },
  { "exact", N_("Clopper–Pearson") },
};
static const KtmBoardChoice choices[] = {
  { "count", N_("Count"), count_options, G_N_ELEMENTS (count_options), "safety-count" },
  { "grade", N_("Grade"), grade_options, G_N_ELEMENTS (grade_options), "safety-grade" },
  { "related", N_("Related"), related_options, G_N_ELEMENTS (related_options), "safety-related" },
  { "interval", N_("Interval"), interval_options, G_N_ELEMENTS (interval_options),
    "safety-interval" },
};
static const KtmBoardChart charts[] = {
  { "adverse-events", N_("Rates"),
    N_("Each visit has its own denominator: the patients asked then"), 0, 1, 310,
    N_("How often, at each visit") },
  { "safety", N_("Events"), N_("A patient counts once per term, at the worst grade"), 1, 1, 440,
    N_("Which events, how bad") },
  { "benefit-harm", N_("Benefit–harm"), N_("One time axis"), 1, 1, 440,
    N_("Benefit, harm and stopping") },
  { "stops", N_("Stops"), NULL, -1, 1, 300, N_("Stopped, by reason") },
};
static const char *const analyses[] = { "adverse-events", "consort-harms", NULL };

/* Position of the chosen word; 0 where nothing is chosen yet. */
static int
chosen (KtmBoardPage *page, const char *id, const char *const *words)
{
  const char *word = ktm_board_page_get_choice (page, id);

  for (int i = 0; word && words[i]; i++)
    if (!strcmp (words[i], word))
      return i;
  return 0;
}

static KtmHarms
harms_of (KtmBoardPage *page)
{
  return (KtmHarms) { (KtmHarmCount) chosen (page, "count", ktm_harm_counts),
                      ktm_harm_grade (chosen (page, "grade", ktm_harm_grades)),
                      ktm_harm_relation (chosen (page, "related", ktm_harm_relations)),
                      (KtmHarmInterval) chosen (page, "interval", ktm_harm_intervals) };
}

static void
adjust (KtmBoardPage *page, const char *type G_GNUC_UNUSED, KtmChartOptions *options)
{
  options->harms = harms_of (page);
}

static void
adjust_analysis (KtmBoardPage *page, const char *type G_GNUC_UNUSED, KtmAnalysisOptions *options)
{
  options->harms = harms_of (page);
}

static void
restore (KtmBoardPage *page, const char *type G_GNUC_UNUSED, const KtmChartOptions *options)
{
  const KtmHarms *harms = &options->harms;
  int grade = ktm_harm_grade_index (harms->least_grade),
      related = ktm_harm_relation_index (harms->least_related);

  ktm_board_page_set_choice (page, "count", ktm_harm_counts[harms->count]);
  ktm_board_page_set_choice (page, "grade", ktm_harm_grades[MAX (grade, 0)]);
  ktm_board_page_set_choice (page, "related", ktm_harm_relations[MAX (related, 0)]);
  ktm_board_page_set_choice (page, "interval", ktm_harm_intervals[harms->interval]);
}

/* Rows of counts for each group. */
static int
height (KtmBoardPage *page, const KtmBoardChart *chart)
{
  gboolean groups = ktm_board_page_get_group (page) != NULL;

  return !groups                                    ? chart->height
         : !strcmp (chart->type, "adverse-events") ? 400
         : !strcmp (chart->type, "benefit-harm")   ? 560
                                                    : chart->height;
}

static const KtmBoard board = {
  .id = "safety",
  .uses = KTM_BOARD_MEASURE | KTM_BOARD_GROUP,
  .group_name = N_("Groups"),
  .choices = choices,
  .n_choices = G_N_ELEMENTS (choices),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .all = N_("All three"),
  .view_key = "safety-view",
  .analyses = analyses,
  .adjust = adjust,
  .restore = restore,
  .height = height,
  .adjust_analysis = adjust_analysis,
};

GtkWidget *
ktm_safety_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
