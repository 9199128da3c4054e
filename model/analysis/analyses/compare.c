/* model/analysis: do groups differ at a visit: in change, in the score, in % change, or at equal
 * baseline? */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-paired.h"

#include "ktm-describe.h"
#include "ktm-k-groups.h"
#include "ktm-two-groups.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MAX_PAIRED = 20
}; /* groups; more would make hundreds of simultaneous intervals that nobody reads */

typedef struct
{
  KtmRun    *run;
  KtmOutcome outcome;
  KtmGrouped g;
  double     group_p;     /* of the recommended test */
  const char *group_test; /* its name */
  gboolean    ancova;     /* could be done */
} Compare;

static KtmReportRow *
add_row (const Compare *c, const char *statistic, const char *method, const char *group,
         const char *versus, KtmRank rank)
{
  KtmReportRow *row =
      ktm_run_add (c->run, statistic, method, (long) c->run->last, -1, (long) c->g.n);

  ktm_report_row_set_group (row, group, versus);
  row->rank = rank;
  return row;
}

static const char *
mean_statistic (KtmOutcome outcome)
{
  return outcome == KTM_OUTCOME_PERCENT  ? "mean_percent_change"
         : outcome == KTM_OUTCOME_CHANGE ? "mean_diff"
                                         : "mean";
}

static void
add_groups (Compare *c)
{
  g_autofree double *x = g_new (double, c->g.n + 1);

  for (gsize k = 0; k < c->g.n_groups; k++)
    {
      KtmDescription d;
      KtmReportRow *row;

      if (ktm_stats_describe (x, ktm_grouped_values (&c->g, k, x), c->run->level, &d)
          != KTM_STATS_OK)
        continue;
      row = add_row (c, mean_statistic (c->outcome), N_("mean of the group, t interval"),
                     c->g.label[k], NULL, KTM_RANK_SHOWN);
      row->n = (long) d.n;
      ktm_report_row_set_estimate (row, d.mean, c->run->level);
      ktm_report_row_say (row, ktm_text_new (N_("{1}, n = {2}"), "si", c->g.label[k], (long) d.n),
                          NULL);
      row = add_row (c, "sd", N_("standard deviation (n − 1)"), c->g.label[k], NULL,
                     KTM_RANK_DETAIL);
      row->n = (long) d.n;
      row->estimate = d.sd;
      row = add_row (c, "median", N_("median, interval of order statistics"), c->g.label[k], NULL,
                     KTM_RANK_DETAIL);
      row->n = (long) d.n;
      ktm_report_row_set_estimate (
          row, (KtmEstimate){ d.median, NAN, d.median_ci.low, d.median_ci.high }, c->run->level);
    }
}

static KtmText *
exact_note (const KtmTwoGroups *t)
{
  const KtmRankSum *w = &t->mann_whitney;

  return w->ties || t->n1 >= 50 || t->n2 >= 50 ? ktm_run_r_normal_note (w->p_normal_continuity)
                                               : NULL;
}

static void
add_two_tests (Compare *c, const KtmTwoGroups *t)
{
  const char *a = c->g.label[0], *b = c->g.label[1];
  const struct { const char *statistic, *method, *test; KtmTest result;
  } tests[] = {
    { "student_t", N_("difference of the means / pooled standard error"), N_("Student's t"),
      t->student_test },
    { "welch_t", N_("difference of the means / its standard error, Satterthwaite df"),
      N_("Welch's t"), t->welch_test },
    { "mw_u1",
      t->mann_whitney.exact ? N_("exact distribution given the ties")
                            : N_("normal approximation with continuity and tie correction"),
      N_("Mann–Whitney"),
      { t->mann_whitney.u1, NAN, NAN, t->mann_whitney.p } },
    { "brunner_munzel_t", N_("rank test that allows unequal spread"), N_("Brunner–Munzel"),
      t->brunner_munzel },
  };
  const char *chosen = c->run->options->test;

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      KtmReportRow *row = add_row (c, tests[i].statistic, tests[i].method, a, b, KTM_RANK_DETAIL);

      row->n = (long) t->n1;
      row->n2 = (long) t->n2;
      ktm_report_row_set_test (row, tests[i].test, tests[i].result);
      if (i == 2 || (chosen != NULL && strstr (tests[i].statistic, chosen) != NULL))
        row->rank = KTM_RANK_SHOWN;
      ktm_report_row_say (row, ktm_text_new ("{1}", "w", tests[i].test),
                          isnan (row->p) ? ktm_text_new ("–", "")
                                         : ktm_text_new ("{1}", "p", row->p));
      if (i == 2 && t->mann_whitney.exact)
        row->note = exact_note (t);
    }
  c->group_p = t->welch_test.p;
  c->group_test = N_("Welch's t");
}

static void
add_two_effects (Compare *c, const KtmTwoGroups *t)
{
  const KtmRun *run = c->run;
  const struct { const char *statistic, *method; KtmEstimate effect; KtmRank rank;
  } effects[] = {
    { "hedges_g", N_("Cohen's d × J; exact noncentral t; positive = the first group fares better"),
      ktm_run_improvement (run, t->hedges_g), KTM_RANK_SHOWN },
    { "cohen_d",
      N_("difference / pooled SD; exact noncentral t; positive = the first group fares better"),
      ktm_run_improvement (run, t->cohen_d), KTM_RANK_DETAIL },
    { "glass_delta_sd2",
      N_("difference / SD of the second group; positive = the first group fares better"),
      ktm_run_improvement (run, t->glass_delta_sd2), KTM_RANK_DETAIL },
    { "glass_delta_sd1",
      N_("difference / SD of the first group; positive = the first group fares better"),
      ktm_run_improvement (run, t->glass_delta_sd1), KTM_RANK_DETAIL },
    { "cliff_delta",
      N_("consistent variance, asymmetric interval; positive = the first group fares better"),
      ktm_run_improvement (run, t->cliff_delta), KTM_RANK_DETAIL },
    { "rank_biserial",
      N_("2 × probability of superiority − 1; Fisher z interval; positive = the first group fares "
          "better"),
      ktm_run_improvement (run, t->rank_biserial), KTM_RANK_DETAIL },
    { "prob_superiority",
      N_("chance that a patient of the first group fares better than one of the second, ties "
          "half; DeLong, logit interval"),
      run->sign > 0 ? t->prob_superiority
                    : (KtmEstimate){ 1 - t->prob_superiority.value, t->prob_superiority.se,
                                     1 - t->prob_superiority.high, 1 - t->prob_superiority.low },
      KTM_RANK_DETAIL },
    { "hodges_lehmann", N_("median of all differences between the groups"), t->hodges_lehmann,
      KTM_RANK_DETAIL },
    { "student_diff", N_("difference of the means, equal variances"), t->student,
      KTM_RANK_DETAIL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (effects); i++)
    {
      KtmReportRow *row = add_row (c, effects[i].statistic, effects[i].method, c->g.label[0],
                                   c->g.label[1], effects[i].rank);

      row->n = (long) t->n1;
      row->n2 = (long) t->n2;
      ktm_report_row_set_estimate (row, effects[i].effect, run->level);
    }
}

static void
add_two (Compare *c)
{
  g_autofree double *x = g_new (double, c->g.n + 1), *y = g_new (double, c->g.n + 1);
  gsize n1 = ktm_grouped_values (&c->g, 0, x), n2 = ktm_grouped_values (&c->g, 1, y);
  KtmTwoGroups t;
  KtmReportRow *row;

  if (ktm_stats_two_groups (x, n1, y, n2, c->run->level,
                            n1 + n2 < 100 ? KTM_EXACT_IF_SMALL : KTM_EXACT_NEVER, &t)
      != KTM_STATS_OK)
    return;
  row = add_row (c, c->outcome == KTM_OUTCOME_PERCENT ? "mean_percent_difference" : "mean_diff",
                 N_("difference of the group means, Welch interval"), c->g.label[0], c->g.label[1],
                 KTM_RANK_HEADLINE);
  row->n = (long) n1;
  row->n2 = (long) n2;
  ktm_report_row_set_estimate (row, t.welch, c->run->level);
  if (isnan (row->estimate))
    row->estimate = t.mean_diff;
  ktm_report_row_set_test (row, N_("Welch's t"), t.welch_test);
  ktm_report_row_say (row, ktm_text_new (N_("{1} minus {2}"), "ss", c->g.label[0], c->g.label[1]),
                      NULL);
  add_two_effects (c, &t);
  add_two_tests (c, &t);
}

static void
add_omnibus (Compare *c, const KtmKGroups *k)
{
  const struct { const char *statistic, *method, *test; KtmTest result; KtmRank rank;
  } tests[] = {
    { "welch_f", N_("analysis of variance without equal variances"), N_("Welch ANOVA"), k->welch,
      KTM_RANK_SHOWN },
    { "anova_f", N_("one-way analysis of variance"), N_("ANOVA"), k->anova, KTM_RANK_DETAIL },
    { "kruskal_h", N_("ranks, corrected for ties"), N_("Kruskal–Wallis"), k->kruskal,
      KTM_RANK_SHOWN },
    { "brown_forsythe_f", N_("ANOVA of the distances from the group medians: do spreads differ?"),
      N_("Brown–Forsythe"), k->brown_forsythe, KTM_RANK_DETAIL },
  };
  const struct { const char *statistic, *method; double value;
  } effects[] = {
    { "anova_eta2", N_("between / total sum of squares"), k->eta2 },
    { "anova_omega2", N_("η² corrected for small samples"), k->omega2 },
    { "kruskal_epsilon2", N_("H / (N − 1)"), k->kruskal_epsilon2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      KtmReportRow *row =
          add_row (c, tests[i].statistic, tests[i].method, NULL, NULL, tests[i].rank);

      ktm_report_row_set_test (row, tests[i].test, tests[i].result);
      ktm_report_row_say (row, ktm_text_new ("{1}", "w", tests[i].test),
                          isnan (row->p) ? ktm_text_new ("–", "")
                                         : ktm_text_new ("{1}", "p", row->p));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (effects); i++)
    add_row (c, effects[i].statistic, effects[i].method, NULL, NULL, KTM_RANK_DETAIL)->estimate =
        isfinite (effects[i].value) ? effects[i].value : NAN;
  c->group_p = isnan (k->welch.p) ? k->kruskal.p : k->welch.p;
  c->group_test = isnan (k->welch.p) ? N_("Kruskal–Wallis") : N_("Welch ANOVA");
}

static void
add_pair (Compare *c, const KtmGroupPair *pair)
{
  const char *i = c->g.label[pair->i], *j = c->g.label[pair->j];
  KtmAdjust adjust = ktm_run_adjust (c->run);
  KtmReportRow *row = add_row (c, "games_howell_diff",
                               N_("difference of the means, Games–Howell simultaneous interval"),
                               j, i, KTM_RANK_DETAIL);

  ktm_report_row_set_estimate (row, pair->games_howell, c->run->level);
  row->test = N_("Games–Howell");
  row->df = isfinite (pair->games_howell_df) ? pair->games_howell_df : NAN;
  row->p_adjusted = pair->games_howell_p;
  row =
      add_row (c, "tukey_diff", N_("difference of the means, Tukey–Kramer simultaneous interval"),
               j, i, KTM_RANK_DETAIL);
  ktm_report_row_set_estimate (row, pair->tukey, c->run->level);
  row->test = N_("Tukey–Kramer");
  row->p_adjusted = pair->tukey_p;
  row = add_row (c, "dunn_z", N_("mean rank of the group minus that of the other, ties corrected"),
                 i, j, KTM_RANK_DETAIL);
  ktm_report_row_set_test (row, N_("Dunn"), (KtmTest) { pair->dunn_z, NAN, NAN, pair->dunn.raw });
  row->p_adjusted = adjust == KTM_ADJUST_HOLM         ? pair->dunn.holm
                    : adjust == KTM_ADJUST_HOCHBERG   ? pair->dunn.hochberg
                    : adjust == KTM_ADJUST_BH         ? pair->dunn.bh
                    : adjust == KTM_ADJUST_BONFERRONI ? pair->dunn.bonferroni
                                                      : pair->dunn.raw;
}

static void
add_many (Compare *c)
{
  gsize n_pairs = c->g.n_groups > MAX_PAIRED ? 0 : c->g.n_groups * (c->g.n_groups - 1) / 2;
  g_autofree KtmGroupPair *pairs = g_new0 (KtmGroupPair, n_pairs + 1);
  KtmKGroups k;

  if (ktm_stats_k_groups (c->g.value, c->g.group, c->g.n, c->g.n_groups, c->run->level, &k, NULL,
                          n_pairs > 0 ? pairs : NULL)
      != KTM_STATS_OK)
    return;
  add_omnibus (c, &k);
  for (gsize i = 0; i < n_pairs; i++)
    add_pair (c, &pairs[i]);
}

/* At equal baseline: beside the change, because with groups that start apart the two answer
 * different questions. */
static void
add_ancova (Compare *c)
{
  KtmRun *run = c->run;
  gboolean first = c->outcome == KTM_OUTCOME_ANCOVA;
  KtmAncova *a = NULL;
  KtmReportRow *row;

  if (ktm_ancova_fit (c->g.after, c->g.before, c->g.group, c->g.n, c->g.n_groups,
                      KTM_LINEAR_CLASSIC, run->level, &a)
      != KTM_STATS_OK)
    return;
  c->ancova = TRUE;
  row = add_row (c, "ancova_f", N_("follow-up on baseline and group"), NULL, NULL, KTM_RANK_SHOWN);
  ktm_report_row_set_test (row, N_("ANCOVA"), a->group);
  ktm_report_row_say (row, ktm_text_new (N_("ANCOVA on baseline"), ""),
                      ktm_text_new ("{1}", "p", a->group.p));
  for (gsize k = 0; k < a->n_groups; k++)
    {
      row = add_row (c, "ancova_adjusted_mean", N_("follow-up mean at the overall baseline mean"),
                     c->g.label[k], NULL, first ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);
      row->n = (long) c->g.size[k];
      ktm_report_row_set_estimate (row, a->adjusted[k].estimate, run->level);
      if (first)
        ktm_report_row_say (row, ktm_text_new (N_("{1}, adjusted mean"), "s", c->g.label[k]), NULL);
    }
  for (gsize i = 0, at = 0; i < a->n_groups; i++)
    for (gsize j = i + 1; j < a->n_groups; j++, at++)
      {
        row = add_row (c, "ancova_difference", N_("difference at equal baseline"), c->g.label[j],
                       c->g.label[i],
                       first && a->n_groups == 2 ? KTM_RANK_HEADLINE : KTM_RANK_DETAIL);
        row->n = (long) c->g.size[j];
        row->n2 = (long) c->g.size[i];
        ktm_report_row_set_estimate (row, a->difference[at].estimate, run->level);
        ktm_report_row_set_test (row, N_("ANCOVA"), a->difference[at].test);
      }
  row = add_row (c, "ancova_baseline_slope",
                 N_("points of follow-up for one point of baseline, within groups"), NULL, NULL,
                 KTM_RANK_DETAIL);
  ktm_report_row_set_estimate (row, a->slope.estimate, run->level);
  if (a->baseline.p < 0.05)
    ktm_report_card_warn (run->report,
                          ktm_text_new (N_("The groups differ at {1} ({2}): change and ANCOVA "
                                            "answer different questions and may disagree."),
                                        "tp", ktm_run_before_text (run), a->baseline.p));
  if (a->parallel.p < 0.05)
    ktm_report_card_warn (
        run->report, ktm_text_new (N_("How much follow-up depends on baseline differs between the "
                                       "groups ({1}): one adjusted difference does not fit all."),
                                   "p", a->parallel.p));
  if (first || isnan (c->group_p))
    {
      c->group_p = a->group.p;
      c->group_test = N_("ANCOVA");
    }
  ktm_ancova_free (a);
}

static KtmText *
card_title (const Compare *c)
{
  static const char *const titles[] = { N_("{1}: change to {2}"), N_("{1}: score at {2}"),
                                        N_("{1}: score at {2}, equal baseline"),
                                        N_("{1}: % change to {2}") };

  return ktm_text_new (titles[c->outcome], "st", ktm_attribute_label (c->run->by),
                       ktm_run_visit (c->run, c->run->last));
}

static void
say (const Compare *c)
{
  KtmReport *report = c->run->report;
  gsize n_small = 0;

  if (c->g.n_groups < 2)
    ktm_report_card_say (
        report,
        ktm_text_new (N_("Fewer than two groups have a score, so there is nothing to compare."),
                      ""));
  else if (isnan (c->group_p))
    ktm_report_card_say (
        report,
        ktm_text_new (
            N_("The groups cannot be compared: there are too few scores, or they are all equal."),
            ""));
  else if (c->group_p < 1 - c->run->level)
    ktm_report_card_say (
        report,
        ktm_text_new (N_("The groups differ by more than chance alone explains ({1}, {2})."), "wp",
                      c->group_test, c->group_p));
  else
    ktm_report_card_say (report, ktm_text_new (N_("The data do not tell the groups apart ({1}, "
                                                   "{2}); that is no proof that they are equal."),
                                               "wp", c->group_test, c->group_p));
  for (gsize k = 0; k < c->g.n_groups; k++)
    n_small += c->g.size[k] < 10;
  for (gsize k = 0; n_small <= 3 && k < c->g.n_groups; k++)
    ktm_run_warn_few (c->run, c->g.label[k], c->g.size[k]);
  if (n_small > 3)
    ktm_report_card_warn (
        report,
        ktm_text_new (
            N_("{1} of {2} groups have fewer than 10 patients: read them as descriptions."), "ii",
            (long) n_small, (long) c->g.n_groups));
  if (c->outcome != KTM_OUTCOME_FOLLOWUP)
    ktm_run_warn_same_start (c->run, c->run->by);
  if (!ktm_run_by_is_arm (c->run))
    ktm_report_card_note (
        report, ktm_text_new (N_("The groups were not made by chance: what differs between them "
                                  "may come from who they are, not from the treatment."),
                              ""));
  if (c->g.n_groups > MAX_PAIRED)
    ktm_report_card_note (report,
                          ktm_text_new (N_("More than {1} groups: the pairs are not compared one "
                                            "by one. Choose the groups that matter."),
                                        "i", (long) MAX_PAIRED));
  else if (c->g.n_groups > 2)
    ktm_report_card_note (
        report, ktm_text_new (N_("The pairs in the table are corrected for their number ({1}; "
                                  "Tukey and Games–Howell intervals hold for all pairs together)."),
                              "w", ktm_run_adjust_text (c->run)));
}

static void
add_methods (const Compare *c)
{
  const KtmRun *run = c->run;
  KtmReport *report = run->report;

  static const char *const what[] = { N_("change of {1} to {2}"), N_("{1} at {2}"),
                                      N_("change of {1} to {2}"), N_("% change of {1} to {2}") };
  KtmText *outcome =
      ktm_text_new (what[c->outcome], "st", report->measure_label, ktm_run_visit (run, run->last));

  if (isnan (c->group_p))
    ktm_text_free (outcome);
  else
    ktm_report_method (
        report,
        ktm_text_new (N_("The {3} was compared between {1} groups of {2} in {4} patients by {5}."),
                      "istiw", (long) c->g.n_groups, ktm_attribute_label (run->by), outcome,
                      (long) c->g.n,
                      c->g.n_groups == 2 ? N_("Welch's t test and the Mann–Whitney test")
                                         : N_("Welch's ANOVA and the Kruskal–Wallis test")));
  if (c->ancova)
    {
      ktm_report_method (
          report,
          ktm_text_new (N_("The score at follow-up was also compared at equal baseline (ANCOVA)."),
                        ""));
      ktm_report_cite (report, "Vickers AJ, Altman DG. Analysing controlled trials with baseline "
                               "and follow up measurements. BMJ 2001;323:1123-4.");
    }
  ktm_run_method_missing (run);
  ktm_report_exclude (report,
                      ktm_text_new (N_("no score at {1}"), "t", ktm_run_visit (run, run->last)),
                      (long) c->g.n_no_score);
  ktm_report_exclude (report, ktm_text_new (N_("no score at {1}"), "t", ktm_run_before_text (run)),
                      (long) c->g.n_no_before);
  ktm_report_exclude (
      report,
      ktm_text_new (N_("score of 0 at {1}, so no percent change"), "t", ktm_run_before_text (run)),
      (long) c->g.n_zero_before);
  ktm_report_exclude (report,
                      ktm_text_new (N_("{1} not recorded"), "s", ktm_attribute_label (run->by)),
                      (long) c->g.n_no_group);
}

static gboolean
check_test (const KtmAnalysisOptions *options, GError **error)
{
  static const char *const words[] = { "student", "welch", "mw", "brunner_munzel", NULL };

  if (options->test == NULL || g_strv_contains (words, options->test))
    return TRUE;
  g_set_error (
      error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
      _("There is no test of two groups “%s”; there are: student, welch, mw, brunner_munzel."),
      options->test);
  return FALSE;
}

static gboolean
run_compare (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
             KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  Compare c = { .run = &run, .group_p = NAN };

  if (options->by == NULL)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                           _("A comparison needs the attribute that makes the groups (--by)."));
      return FALSE;
    }
  if (!check_test (options, error) || !ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  ktm_outcome_parse (options->outcome, &c.outcome);
  if (c.outcome != KTM_OUTCOME_FOLLOWUP && !ktm_run_need_follow_up (&run, error))
    return FALSE;
  ktm_run_grouped (&run, run.by, run.last, c.outcome, &c.g);
  ktm_report_add_card (report, card_title (&c),
                       ktm_text_new_plural ("{1} group, n = {2}", "{1} groups, n = {2}", "ii",
                                            (long) c.g.n_groups, (long) c.g.n));
  add_groups (&c);
  if (c.g.n_groups == 2)
    add_two (&c);
  if (c.g.n_groups > 2)
    add_many (&c);
  if (c.g.n_groups >= 2 && (c.outcome == KTM_OUTCOME_CHANGE || c.outcome == KTM_OUTCOME_ANCOVA))
    add_ancova (&c);
  say (&c);
  add_methods (&c);
  ktm_grouped_clear (&c.g);
  return TRUE;
}

const KtmAnalysis ktm_analysis_compare = {
  "compare",
  N_("Comparison of groups"),
  N_("Do groups of patients differ at a visit?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_OUTCOME
      | KTM_USES_TEST | KTM_USES_ADJUST,
  FALSE,
  run_compare,
};
