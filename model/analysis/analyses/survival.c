/* model/analysis: how long relief lasts, by a stated rule. */
#include "ktm-analyses.h"
#include "survival-private.h"

#include <glib/gi18n-lib.h>

/* What a mean of the times, censored ones included, would have said. */
static void
add_naive (const KtmReliefRun *s, const double *time, gsize n, const KtmSurvival *curve)
{
  double sum = 0;
  KtmReportRow *row;

  for (gsize i = 0; i < n; i++)
    sum += time[i];
  row =
      ktm_relief_add_row (s, "naive_mean_time",
               N_("mean of all times, the censored ones as if relief had ended there: too short"),
               -1, n, KTM_RANK_SHOWN);
  row->estimate = sum / (double) n;
  ktm_report_row_say (row, ktm_text_new (N_("Mean of the times, censoring ignored"), ""),
                      ktm_text_new (N_("{1} {2}, misleading"), "1w", sum / (double) n,
                                    ktm_relief_unit (s)));
  if (curve->n_events < n)
    ktm_report_card_note (s->run->report,
                          ktm_text_new (N_("The plain mean of the times treats patients still in "
                                            "relief as if it had ended when they were last seen."),
                                        ""));
}

static void
add_turnbull (const KtmReliefRun *s, const double *left, const double *right, gsize n)
{
  KtmTurnbull curve;
  KtmReportRow *row;
  double from, to;

  if (ktm_turnbull (left, right, n, &curve) != KTM_STATS_OK)
    return;
  ktm_turnbull_quantile (&curve, 0.5, &from, &to);
  row = ktm_relief_add_row (s, "turnbull_median",
                 N_("nonparametric maximum likelihood for times known only to lie between two "
                     "visits (Turnbull)"),
                 -1, n, KTM_RANK_SHOWN);
  row->estimate = isfinite (to) ? (from + to) / 2 : NAN;
  if (!isnan (from) && isfinite (to))
    row->note = ktm_text_new (N_("between {1} and {2}"), "gt", from,
                                                  ktm_run_duration (s->run, to));
  ktm_report_row_say (
      row, ktm_text_new (N_("Median, known between visits only"), ""),
      isnan (from) ? ktm_text_new (N_("not reached"), "")
      : isfinite (to)
          ? ktm_text_new (N_("between {1} and {2}"), "gt", from, ktm_run_duration (s->run, to))
          : ktm_text_new (N_("after {1}"), "t", ktm_run_duration (s->run, from)));
  ktm_turnbull_clear (&curve);
}

static void
describe_rule (const KtmReliefRun *s)
{
  const KtmRelief *x = &s->relief;
  KtmReport *report = s->run->report;

  ktm_report_card_note (
      report,
      ktm_text_new ("{1}.", "t", ktm_relief_rule_text (&s->rule, s->run->frame, s->run->measure)));
  ktm_report_exclude (report, ktm_text_new (N_("no baseline score"), ""), (long) x->n_no_baseline);
  ktm_report_exclude (report, ktm_text_new (N_("baseline of 0"), ""), (long) x->n_zero_baseline);
  ktm_report_exclude (report, ktm_text_new (N_("not seen in time to gain relief"), ""),
                      (long) x->n_not_seen);
  ktm_report_exclude (report, ktm_text_new (N_("never gained relief"), ""), (long) x->n_never);
}

/* Why there is no curve. */
static KtmText *
nobody_gained (const KtmRelief *x)
{
  if (x->n_seen == 0)
    return ktm_text_new (N_("Nobody can be judged by this rule, so there is no time in relief to "
                             "estimate."),
                         "");
  return ktm_text_new_plural ("The {1} patient who could be judged did not gain relief by this "
                              "rule, so there is no time in relief to estimate.",
                              "None of the {1} patients who could be judged gained relief by this "
                              "rule, so there is no time in relief to estimate.",
                              "i", (long) x->n_seen);
}

/* What happened to those who gained relief, and what may mislead about it. */
static void
describe_course (const KtmReliefRun *s)
{
  const KtmRelief *x = &s->relief;
  KtmReport *report = s->run->report;
  gsize censored = x->n - x->n_events;

  ktm_report_card_say (
      report, ktm_text_new (N_("{1} of {2} patients who could be judged gained relief; {3} lost "
                                "it, {4} are censored ({5} of them with no later score)."),
                            "iiiii", (long) x->n, (long) x->n_seen, (long) x->n_events,
                            (long) censored, (long) x->n_no_later));
  if (!s->rule.since_relief)
    ktm_report_card_warn (
        report,
        ktm_text_new (
            N_("The clock starts at ketamine, but only patients who gained relief later are "
                "counted: they could not lose it before, which makes the times too long."),
            ""));
  if (x->n_events < 10)
    ktm_report_card_warn (
        report, ktm_text_new (N_("Only {1} patients lost relief: the curve is a rough one."), "i",
                              (long) x->n_events));
  ktm_report_card_warn (
      report, ktm_text_new (N_("Loss is seen only at visits, so it may have come up to one visit "
                                "earlier; leaving the study is taken as unrelated to relief."),
                            ""));
}

static void
add_all (KtmReliefRun *s)
{
  gsize room = s->relief.n + 1;
  g_autofree double *time = g_new (double, room), *left = g_new (double, room),
                    *right = g_new (double, room);
  g_autofree bool *event = g_new (bool, room);
  gsize n = ktm_relief_take (s, -1, time, event, left, right);
  KtmSurvival curve;
  KtmReportRow *row;

  ktm_report_add_card (s->run->report, ktm_text_new (N_("Time in relief"), ""),
                       ktm_text_new (N_("Kaplan–Meier, n = {1}"), "i", (long) n));
  describe_rule (s);
  if (n > 0)
    describe_course (s);
  else
    ktm_report_card_say (s->run->report, nobody_gained (&s->relief));
  row = ktm_relief_add_row (s, "gained", N_("patients who gained relief by the rule"), -1,
                            s->relief.n_seen, KTM_RANK_DETAIL);
  row->estimate = (double) n;
  row = ktm_relief_add_row (s, "events", N_("patients who lost relief by the rule"), -1, n,
                            KTM_RANK_DETAIL);
  row->estimate = (double) s->relief.n_events;
  if (n == 0 || ktm_survival (time, event, n, s->run->level, &curve) != KTM_STATS_OK)
    return;
  ktm_relief_add_median (s, &curve, -1, KTM_RANK_HEADLINE);
  ktm_relief_add_milestones (s, &curve, -1);
  ktm_relief_add_rmst (s, &curve, -1, KTM_RANK_SHOWN);
  add_turnbull (s, left, right, n);
  add_naive (s, time, n, &curve);
  ktm_survival_clear (&curve);
}

/* --- the whole -------------------------------------------------------------------------------- */

static gboolean
derive (KtmReliefRun *s, const KtmFrameAttribute **stratum, GError **error)
{
  const KtmRun *run = s->run;
  const char *where = NULL;
  long at;

  if (!ktm_relief_rule_parse (run->options->relief, &s->rule, &where))
    {
      g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                   _("--relief is not understood from “%s” on: write for example “gain 30, by 3, "
                      "lost 30, visits 2”."),
                   where);
      return FALSE;
    }
  if (ktm_relief (run->frame, run->measure, &s->rule, run->options->to, &s->relief) != KTM_STATS_OK)
    {
      g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                   _("--relief: “%s” is no attribute that holds numbers."), s->rule.date);
      return FALSE;
    }
  if (run->options->stratum == NULL)
    return TRUE;
  at = ktm_frame_find_attribute (run->frame, run->options->stratum);
  if (at >= 0 && run->frame->attributes[at].n_levels > 0)
    {
      *stratum = &run->frame->attributes[at];
      return TRUE;
    }
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("--stratum: “%s” is no attribute with levels."), run->options->stratum);
  return FALSE;
}

/* Only patients of the groups asked for. */
static void
keep_groups (KtmReliefRun *s)
{
  gsize n = 0, events = 0;

  for (gsize i = 0; i < s->relief.n; i++)
    if (ktm_run_in_group (s->run, s->relief.row[i], -1))
      {
        s->relief.row[n] = s->relief.row[i];
        s->relief.time[n] = s->relief.time[i];
        s->relief.event[n] = s->relief.event[i];
        s->relief.left[n] = s->relief.left[i];
        s->relief.right[n++] = s->relief.right[i];
        events += s->relief.event[i];
      }
  s->relief.n = n;
  s->relief.n_events = events;
}

static void
describe_methods (const KtmRun *run)
{
  KtmReport *report = run->report;

  ktm_report_method (
      report,
      ktm_text_new (N_("Time in relief was estimated by Kaplan and Meier, with Greenwood's "
                        "variance on the log–log scale, and as interval-censored time (Turnbull) "
                        "because loss is seen only at visits."),
                    ""));
  ktm_report_cite (report, "Kaplan EL, Meier P. Nonparametric estimation from incomplete "
                           "observations. J Am Stat Assoc 1958;53:457-81.");
  ktm_report_cite (report, "Turnbull BW. The empirical distribution function with arbitrarily "
                           "grouped, censored and truncated data. J R Stat Soc B 1976;38:290-5.");
  if (run->n_groups > 1)
    ktm_report_cite (report, "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics "
                             "based on weighted residuals. Biometrika 1994;81:515-26.");
}

static gboolean
run_survival (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
              KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  KtmReliefRun s = { .run = &run };
  const KtmFrameAttribute *stratum = NULL;
  gboolean ok;

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !derive (&s, &stratum, error))
    return FALSE;
  keep_groups (&s);
  report->time_unit = ktm_relief_unit (&s);
  s.tau = ktm_relief_common_tau (&s);
  add_all (&s);
  ok = TRUE;
  if (s.relief.n > 0)
    {
      ktm_relief_add_groups (&s, stratum);
      ok = ktm_relief_add_cox (&s, error);
    }
  ktm_report_method (
      report, ktm_text_new ("{1}.", "t", ktm_relief_rule_text (&s.rule, frame, run.measure)));
  if (s.relief.n > 0)
    describe_methods (&run);
  ktm_relief_clear (&s.relief);
  return ok;
}

const KtmAnalysis ktm_analysis_survival = {
  "survival",
  N_("Time in relief"),
  N_("How long does relief last once it is gained?"),
  KTM_USES_MEASURE | KTM_USES_BY | KTM_USES_COVARIATES | KTM_USES_ADJUST | KTM_USES_RELIEF,
  FALSE,
  run_survival,
};
