/* widgets: page of published studies. */
#include "ktm-evidence-page.h"

#include <glib/gi18n.h>

#include "ktm-evidence.h"
#include "ktm-study-table.h"

static const KtmOption effect_options[] = {
  { "md", N_("Difference of means") },   { "smd", N_("Standardised difference") },
  { "rr", N_("Risk ratio") },            { "or", N_("Odds ratio") },
  { "rd", N_("Risk difference") },       { "change", N_("Change, no control group") },
};
static const KtmOption tau_options[] = {
  { "reml", N_("REML") },
  { "dl", N_("DerSimonian–Laird") },
  { "pm", N_("Paule–Mandel") },
  { "none", N_("Common effect") },
};
static const KtmOption ci_options[] = {
  { "hksj", N_("HKSJ") },
  { "wald", N_("Wald") },
  { "hksj-adhoc", N_("HKSJ, guarded") },
};
static const KtmOption own_options[] = {
  { "yes", N_("Shown") },
  { "no", N_("Not shown") },
};
static const KtmBoardChoice choices[] = {
  { "effect", N_("Effect"), effect_options, G_N_ELEMENTS (effect_options), NULL },
  { "tau2", N_("τ²"), tau_options, G_N_ELEMENTS (tau_options), NULL },
  { "ci", N_("Interval"), ci_options, G_N_ELEMENTS (ci_options), NULL },
  { "own", N_("This cohort"), own_options, G_N_ELEMENTS (own_options), NULL },
};
static const KtmBoardChart charts[] = {
  { "evidence", N_("Forest"), NULL, 0, 1, 560 },
  { "funnel", N_("Funnel"), NULL, -1, 1, 360 },
};
static const char *const analyses[] = { "meta-analysis", "change", "responder", NULL };

static const char *
choice_or (KtmBoardPage *page, const char *id, const char *otherwise)
{
  const char *chosen = ktm_board_page_get_choice (page, id);

  return chosen ? chosen : otherwise;
}

/* Subgroups of the cohort stand as rows of their own: every level of the grouping. */
static void
add_levels (KtmBoardPage *page, KtmChartOptions *options)
{
  KtmCohort *cohort = ktm_study_get_cohort (ktm_board_page_get_study (page));
  const KtmFrameAttribute *attribute = NULL;

  for (guint i = 0; options->colour_by && i < ktm_cohort_get_n_attributes (cohort); i++)
    if (!g_strcmp0 (ktm_cohort_get_attribute (cohort, i)->id, options->colour_by))
      attribute = ktm_cohort_get_attribute (cohort, i);
  if (!attribute || attribute->n_levels == 0)
    return;
  g_strfreev (options->groups);
  options->groups = g_new0 (char *, attribute->n_levels + 1);
  for (gsize i = 0; i < attribute->n_levels; i++)
    options->groups[i] = g_strdup (attribute->levels[i]);
}

static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  g_free (options->evidence);
  options->evidence = g_strdup_printf ("effect %s, tau2 %s, ci %s, own %s",
                                       choice_or (page, "effect", "md"),
                                       choice_or (page, "tau2", "reml"),
                                       choice_or (page, "ci", "hksj"),
                                       choice_or (page, "own", "yes"));
  add_levels (page, options);
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  static const char *const taus[] = { "none", "dl", "reml", "pm" };
  static const char *const tests[] = { "wald", "hksj", "hksj-adhoc" };
  KtmEvidenceRule rule;

  if (!ktm_evidence_rule_parse (options->evidence, &rule, NULL))
    return;
  ktm_board_page_set_choice (page, "effect", ktm_effect_key (rule.effect));
  ktm_board_page_set_choice (page, "tau2", taus[rule.tau2]);
  ktm_board_page_set_choice (page, "ci", tests[rule.ci]);
  ktm_board_page_set_choice (page, "own", rule.own ? "yes" : "no");
}

static GtkWidget *
above (KtmBoardPage *page)
{
  return ktm_study_table_new (ktm_board_page_get_study (page));
}

static const KtmBoard board = {
  .id = "evidence",
  .uses = KTM_BOARD_MEASURE | KTM_BOARD_AT | KTM_BOARD_GROUP,
  .group_name = N_("Subgroups as rows"),
  .choices = choices,
  .n_choices = G_N_ELEMENTS (choices),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .analyses = analyses,
  .above = above,
  .adjust = adjust,
  .restore = restore,
};

GtkWidget *
ktm_evidence_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
