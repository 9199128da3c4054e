/* model/analysis: the same change under every way to treat missing scores, side by side. */
#include "ktm-analyses.h"
#include "ktm-run-model.h"
#include "ktm-run-paired.h"

#include "ktm-tipping.h"

#include <glib/gi18n-lib.h>

static const struct { KtmMissing missing; const char *statistic, *label, *method;
} rules[] = {
  { KTM_MISSING_AVAILABLE, "effect_available", N_("Available cases"),
    N_("patients with both scores, t interval") },
  { KTM_MISSING_COMPLETERS, "effect_completers", N_("Completers"),
    N_("patients with baseline and the last selected visit, t interval") },
  { KTM_MISSING_LOCF, "effect_locf", N_("Last score carried forward"),
    N_("t interval that treats filled-in scores as observed") },
  { KTM_MISSING_BOCF, "effect_bocf", N_("Baseline carried forward"),
    N_("t interval that treats filled-in scores as observed") },
  { KTM_MISSING_WORST, "effect_worst", N_("Worst score, a bound"),
    N_("t interval that treats filled-in scores as observed") },
};

/* What the rules agree on. */
typedef struct
{
  gsize n, n_better, n_worse;
} Agreement;

static void
count_agreement (const KtmRun *run, KtmEstimate change, Agreement *out)
{
  KtmEstimate better = ktm_run_improvement (run, change);

  if (isnan (better.low))
    return;
  out->n++;
  out->n_better += better.low > 0;
  out->n_worse += better.high < 0;
}

static gboolean
add_rule (const KtmRun *run, gsize k, Agreement *agreement, GError **error)
{
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_copy (run->options);
  g_autoptr(KtmReport) scratch = ktm_report_new ("sensitivity");
  g_auto(KtmRun) other = { 0 };
  g_auto(KtmPairs) pairs = { 0 };
  KtmReportRow *row;
  KtmPaired p;

  if (rules[k].missing == KTM_MISSING_WORST
      && isnan (run->m->lower_better ? run->m->max : run->m->min))
    return TRUE;
  options->missing = rules[k].missing;
  if (!ktm_run_init (&other, run->frame, options, run->progress, scratch, error))
    return FALSE;
  ktm_run_pairs (&other, other.last, -1, &pairs);
  row =
      ktm_run_add (run, rules[k].statistic, rules[k].method, (long) run->last, -1, (long) pairs.n);
  if (ktm_stats_paired (pairs.before, pairs.after, pairs.n, run->level, KTM_EXACT_NEVER, &p)
      == KTM_STATS_OK)
    {
      ktm_report_row_set_estimate (row, p.mean_diff, run->level);
      ktm_report_row_set_test (row, N_("paired t"), p.t);
      if (p.t_status == KTM_STATS_NO_VARIANCE)
        row->se = row->low = row->high = NAN;
      else
        count_agreement (run, p.mean_diff, agreement);
    }
  ktm_report_row_say (row, ktm_text_new (N_("{1}, n = {2}"), "wi", rules[k].label, (long) pairs.n),
                      NULL);
  if (pairs.n_filled > 0)
    row->note = ktm_text_new_plural ("{1} score filled in.", "{1} scores filled in.", "i",
                                     (long) pairs.n_filled);
  return TRUE;
}

static void
add_tipping_row (const KtmRun *run, const KtmTippingPoint *point, const char *subject,
                 KtmText *label)
{
  KtmReportRow *row = ktm_run_add (run, "tipping_point",
                                   N_("points added to every missing score until the interval of "
                                       "the mixed model touches the target"),
                                   (long) run->last, -1, -1);

  ktm_report_row_set_subject (row, subject);
  row->estimate = point->state == KTM_TIPPING_AT ? point->delta : NAN;
  ktm_report_row_say (
      row, label,
      point->state == KTM_TIPPING_AT ? ktm_text_new (N_("{1} points worse"), "1", point->delta)
      : point->state == KTM_TIPPING_ALREADY ? ktm_text_new (N_("already without any shift"), "")
                                            : ktm_text_new (N_("not within the scale"), ""));
}

static void
add_tipping (const KtmRun *run, const KtmRunModel *model, long visit)
{
  double width = isnan (run->m->min) || isnan (run->m->max) ? NAN : run->m->max - run->m->min;
  KtmTippingOptions options = { .worse = -run->sign,
                                .mcid = run->m->mcid > 0 ? run->m->mcid : NAN,
                                .comparator = 0,
                                .level = run->level,
                                .max_delta = width };
  const KtmContrast *change = &model->fit->change[visit];
  KtmTipping tipping;

  if (isnan (width))
    options.max_delta = 20 * change->estimate.se + fabs (change->estimate.value) + 1e-6;
  if (ktm_tipping_change (model->fit, (size_t) visit, &options, NULL, 0, &tipping) != KTM_STATS_OK)
    return;
  add_tipping_row (run, &tipping.none, "0",
                   ktm_text_new (N_("Tipping point: no clear change"), ""));
  if (!isnan (options.mcid))
    add_tipping_row (run, &tipping.mcid, "mcid",
                     ktm_text_new (N_("Tipping point: smallest noticeable change"), ""));
  if (tipping.none.state == KTM_TIPPING_AT)
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("If every patient not seen at {1} were {2} points worse than the mixed "
                          "model expects, the change would no longer be clear."),
                      "t1", ktm_run_visit (run, run->last), tipping.none.delta));
}

static void
add_model (const KtmRun *run, Agreement *agreement)
{
  g_auto(KtmRunModel) model = { 0 };
  KtmMmrmStructure structure;
  KtmReportRow *row;
  long visit;

  ktm_run_structure (run, &structure);
  ktm_run_model (run, FALSE, structure, &model);
  ktm_run_model_describe (run, &model);
  visit = model.fit != NULL ? ktm_run_model_visit (&model, run->last) : -1;
  if (visit < 0 || isnan (model.fit->change[visit].estimate.value))
    return;
  row = ktm_run_add (run, "effect_mmrm", "", (long) run->last, -1, (long) model.n_subjects);
  ktm_text_free (row->method);
  row->method = ktm_run_model_method (&model);
  ktm_report_row_set_estimate (row, model.fit->change[visit].estimate, run->level);
  ktm_report_row_set_test (row, N_("mixed model"), model.fit->change[visit].test);
  ktm_report_row_say (
      row, ktm_text_new (N_("{1}, n = {2}"), "wi", N_("Mixed model"), (long) model.n_subjects),
      NULL);
  count_agreement (run, model.fit->change[visit].estimate, agreement);
  add_tipping (run, &model, visit);
}

static void
say (const KtmRun *run, const Agreement *a)
{
  KtmReport *report = run->report;

  if (a->n == 0)
    ktm_report_card_say (report, ktm_text_new (N_("Too few patients have both scores, or all "
                                                   "changed alike, so nothing can be compared."),
                                               ""));
  else if (a->n_better == a->n)
    ktm_report_card_say (
        report,
        ktm_text_new (
            N_("Every way to treat the missing scores, even the worst, shows an improvement."),
            ""));
  else if (a->n_worse == a->n)
    ktm_report_card_say (
        report, ktm_text_new (N_("Every way to treat the missing scores shows a worsening."), ""));
  else if (a->n_better + a->n_worse == 0)
    ktm_report_card_say (
        report, ktm_text_new (N_("No way to treat the missing scores shows a clear change."), ""));
  else
    ktm_report_card_say (
        report, ktm_text_new (N_("The conclusion depends on the missing scores: {1} of {2} ways "
                                  "to treat them show a clear improvement, {3} a clear worsening."),
                              "iii", (long) a->n_better, (long) a->n, (long) a->n_worse));
}

static gboolean
run_sensitivity (const KtmFrame *frame, const KtmAnalysisOptions *options,
                 const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_auto(KtmPairs) pairs = { 0 };
  Agreement agreement = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_need_follow_up (&run, error))
    return FALSE;
  ktm_report_add_card (report, ktm_text_new (N_("Does the result depend on missing scores?"), ""),
                       ktm_text_new (N_("change {1} → {2}, {3} % CI"), "ttg",
                                     ktm_run_before_text (&run), ktm_run_visit (&run, run.last),
                                     100 * run.level));
  for (gsize k = 0; k < G_N_ELEMENTS (rules); k++)
    if (!add_rule (&run, k, &agreement, error))
      return FALSE;
  if (options->model)
    add_model (&run, &agreement);
  say (&run, &agreement);
  ktm_run_pairs (&run, run.last, -1, &pairs);
  if (pairs.n_no_after > pairs.n)
    ktm_report_card_warn (report,
                          ktm_text_new (N_("More patients are missing at {1} ({2}) than have both "
                                            "scores ({3}): no method can repair that."),
                                        "tii", ktm_run_visit (&run, run.last),
                                        (long) pairs.n_no_after, (long) pairs.n));
  ktm_run_note_no_arm (&run);
  ktm_report_method (
      report,
      ktm_text_new (N_("The change was estimated in available cases, completers, with the last "
                        "score, the baseline and the worst score carried forward, by a mixed "
                        "model, and with a delta-adjusted tipping point for the scores of patients "
                        "not seen."),
                    ""));
  ktm_report_cite (report, "Permutt T. Sensitivity analysis for missing data in regulatory "
                           "submissions. Stat Med 2016;35:2876-9.");
  return TRUE;
}

const KtmAnalysis ktm_analysis_sensitivity = {
  "sensitivity",
  N_("Sensitivity to missing scores"),
  N_("Would the result stand if the missing scores were treated otherwise?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_STRUCTURE,
  TRUE,
  run_sensitivity,
};
