/* model/analysis: who is missing: per visit, by stop reason, and what foretells it. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-paired.h"

#include "ktm-logistic.h"
#include "ktm-proportion.h"
#include "ktm-tables.h"
#include "ktm-two-groups.h"

#include <glib/gi18n-lib.h>

static double
raw_score (const KtmRun *run, gsize patient, gsize visit)
{
  return run->m->value[patient * run->frame->n_visits + visit];
}

static void
add_share (const KtmRun *run, KtmReportRow *row, gsize x, gsize n)
{
  KtmProportion p;

  if (ktm_stats_proportion ((double) x, (double) n, run->level, &p) != KTM_STATS_OK)
    return;
  ktm_report_row_set_estimate (row, (KtmEstimate){ p.proportion, NAN, p.wilson_low, p.wilson_high },
                               run->level);
  ktm_report_row_say (row, NULL,
                      ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x, (long) n,
                                    100 * p.proportion, 100 * p.wilson_low, 100 * p.wilson_high));
}

static void
add_visit (const KtmRun *run, gsize visit, long group)
{
  gsize missing = 0, total = 0;
  KtmReportRow *row;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, group))
      {
        total++;
        missing += isnan (raw_score (run, i, visit));
      }
  ktm_run_add_value (run, "n", N_("patients with a score"), (long) visit, group, (long) total,
                     (double) (total - missing));
  ktm_run_add_value (run, "n_missing", N_("patients without a score"), (long) visit, group,
                     (long) total, (double) missing);
  row = ktm_run_add (run, "proportion_missing",
                     N_("patients without a score among all; Wilson interval"), (long) visit,
                     group, (long) total);
  add_share (run, row, missing, total);
  row->rank = group < 0 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  ktm_report_row_say (row, ktm_run_visit (run, visit), NULL);
}

/* Patterns: gaps (a later score exists) against drop-out (none does). */
static void
add_pattern (const KtmRun *run)
{
  gsize gaps = 0, lost = 0, total = 0;
  KtmReportRow *row;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      gboolean later = FALSE, gap = FALSE;

      if (!ktm_run_in_group (run, i, -1))
        continue;
      total++;
      for (gsize c = run->table.n_visits; c-- > 0; )
        {
          gboolean seen = !isnan (raw_score (run, i, run->table.visit[c]));

          gap = gap || (later && !seen);
          later = later || seen;
        }
      gaps += gap;
      lost += isnan (raw_score (run, i, run->last));
    }
  row = ktm_run_add (run, "proportion_lost",
                     N_("patients without the last selected score; Wilson interval"),
                     (long) run->last, -1, (long) total);
  add_share (run, row, lost, total);
  ktm_report_row_say (row, ktm_text_new (N_("Lost before the end"), ""), NULL);
  row = ktm_run_add (run, "proportion_gap",
                     N_("patients with a missed visit before a later score; Wilson interval"), -1,
                     -1, (long) total);
  add_share (run, row, gaps, total);
  ktm_report_row_say (row, ktm_text_new (N_("Missed a visit and came back"), ""), NULL);
}

static void
add_reasons (const KtmRun *run)
{
  const KtmFrame *f = run->frame;
  gsize total = 0, stopped = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    if (ktm_run_in_group (run, i, -1))
      {
        total++;
        stopped += !isnan (f->stop_time[i]) || !isnan (f->stop_reason[i]);
      }
  if (stopped == 0)
    return;
  ktm_report_add_card (run->report, ktm_text_new (N_("Why patients stopped"), ""),
                       ktm_text_new (N_("{1} of {2}"), "ii", (long) stopped, (long) total));
  for (gsize r = 0; r <= f->n_stop_reasons; r++)
    {
      gsize n = 0;
      KtmReportRow *row;

      for (gsize i = 0; i < f->n_patients; i++)
        n += ktm_run_in_group (run, i, -1)
             && (!isnan (f->stop_time[i]) || !isnan (f->stop_reason[i]))
             && (r < f->n_stop_reasons ? f->stop_reason[i] == (double) r
                                       : isnan (f->stop_reason[i]));
      if (n == 0)
        continue;
      row = ktm_run_add (run, "proportion_stopped",
                         N_("patients who stopped for this reason among all; Wilson interval"), -1,
                         -1, (long) total);
      ktm_report_row_set_subject (row, r < f->n_stop_reasons ? f->stop_reasons[r] : NULL);
      add_share (run, row, n, total);
      ktm_report_row_say (row,
                          r < f->n_stop_reasons ? ktm_text_new ("{1}", "s", f->stop_reasons[r])
                                                : ktm_text_new (N_("reason not recorded"), ""),
                          NULL);
    }
}

/* Two means side by side: patients lost and patients seen at the last visit. */
static double
add_lost_and_seen (const KtmRun *run, const char *subject, KtmText *label, const double *value)
{
  g_autofree double *lost = g_new (double, run->frame->n_patients + 1),
                    *seen = g_new (double, run->frame->n_patients + 1);
  gsize n_lost = 0, n_seen = 0;
  KtmTwoGroups t;
  KtmReportRow *row;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, -1) && !isnan (value[i]))
      {
        if (isnan (raw_score (run, i, run->last)))
          lost[n_lost++] = value[i];
        else
          seen[n_seen++] = value[i];
      }
  if (ktm_stats_two_groups (lost, n_lost, seen, n_seen, run->level, KTM_EXACT_NEVER, &t)
      != KTM_STATS_OK)
    {
      ktm_text_free (label);
      return NAN;
    }
  row = ktm_run_add (run, "mean_diff", N_("lost minus seen; Welch interval and test"),
                     (long) run->last, -1, (long) n_lost);
  row->n2 = (long) n_seen;
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_estimate (row, t.welch, run->level);
  ktm_report_row_set_test (row, N_("Welch's t"), t.welch_test);
  ktm_report_row_say (
      row, label,
      isnan (t.welch_test.p)
          ? ktm_text_new (N_("{1} vs {2}"), "11", t.mean1, t.mean2)
          : ktm_text_new (N_("{1} vs {2} · {3}"), "11p", t.mean1, t.mean2, t.welch_test.p));
  return t.welch_test.p;
}

static void
add_did_they_differ (const KtmRun *run)
{
  g_autofree double *before = g_new (double, run->frame->n_patients + 1),
                    *change = g_new (double, run->frame->n_patients + 1);
  gsize first = run->frame->n_visits, lost = 0, seen = 0;
  double p = NAN, q = NAN;
  KtmText *label;

  for (gsize c = 0; c < run->table.n_visits && first == run->frame->n_visits; c++)
    if (run->frame->visit_time[run->table.visit[c]] > MAX (run->options->from, 0))
      first = run->table.visit[c];
  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      before[i] = ktm_run_before (run, i);
      change[i] = first < run->last ? raw_score (run, i, first) - before[i] : NAN;
      if (!ktm_run_in_group (run, i, -1) || isnan (before[i]))
        continue;
      lost += isnan (raw_score (run, i, run->last));
      seen += !isnan (raw_score (run, i, run->last));
    }
  ktm_report_add_card (run->report, ktm_text_new (N_("Did those who left differ?"), ""),
                       ktm_text_new (N_("{1} lost, {2} seen at {3}"), "iit", (long) lost,
                                     (long) seen, ktm_run_visit (run, run->last)));
  label =
      ktm_text_new (N_("{1} at {2}"), "st", run->report->measure_label, ktm_run_before_text (run));
  p = add_lost_and_seen (run, run->m->id, label, before);
  if (first < run->last)
    q = add_lost_and_seen (run, "change",
                           ktm_text_new (N_("Change to {1}"), "t", ktm_run_visit (run, first)),
                           change);
  if (isnan (p) && isnan (q))
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Those lost and those seen cannot be compared: one of "
                                           "the two groups has too few scores."),
                                       ""));
  else if (p < 1 - run->level || q < 1 - run->level)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Those who left differed from those who stayed: results "
                                           "at {1} describe a selected group."),
                                       "t", ktm_run_visit (run, run->last)));
  else
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Those who left did not differ clearly before they "
                                           "left; what happened to them afterwards nobody knows."),
                                       ""));
}

/* One predictor at a time: log odds of being lost per unit, or per level against the first. */
static gboolean
fit_predictor (const KtmRun *run, const double *value, KtmLogistic **fit, double *sd)
{
  g_autofree double *y = g_new (double, run->frame->n_patients + 1),
                    *x = g_new (double, 2 * run->frame->n_patients + 2);
  gsize n = 0;
  double mean = 0, ss = 0;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, -1) && !isnan (value[i]))
      {
        y[n] = isnan (raw_score (run, i, run->last));
        x[2 * n] = 1;
        x[2 * n++ + 1] = value[i];
        mean += value[i];
      }
  mean /= (double) MAX (n, 1);
  for (gsize k = 0; k < n; k++)
    ss += (x[2 * k + 1] - mean) * (x[2 * k + 1] - mean);
  *sd = n > 1 ? sqrt (ss / (double) (n - 1)) : NAN;
  return n > 2 && *sd > 0
         && ktm_logistic_fit (y, x, n, 2, KTM_LOGISTIC_AUTO, run->level, run->progress, fit)
                == KTM_STATS_OK;
}

static void
add_predictor (const KtmRun *run, const char *subject, const char *level, KtmText *label,
               const double *value, const char *unit)
{
  KtmLogistic *fit = NULL;
  KtmReportRow *row;
  double sd;

  if (!fit_predictor (run, value, &fit, &sd))
    {
      ktm_text_free (label);
      return;
    }
  row =
      ktm_run_add (run, "or", ktm_logistic_method_text (fit), (long) run->last, -1, (long) fit->n);
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_group (row, level, NULL);
  ktm_report_row_set_estimate (row, fit->odds_ratio[1], run->level);
  ktm_report_row_set_test (row, N_("likelihood ratio"), fit->profile[1].test);
  row->note = ktm_text_new (unit, "");
  ktm_report_row_say (row, label, NULL);
  ktm_logistic_free (fit);
}

static void
add_predictors (const KtmRun *run)
{
  const KtmFrame *f = run->frame;
  g_autofree double *value = g_new (double, f->n_patients + 1);

  ktm_report_add_card (run->report, ktm_text_new (N_("What foretells being lost"), ""),
                       ktm_text_new (N_("odds ratio, one predictor at a time"), ""));
  for (gsize i = 0; i < f->n_patients; i++)
    value[i] = ktm_run_before (run, i);
  add_predictor (run, run->m->id, NULL,
                 ktm_text_new (N_("{1} at {2}, per point"), "st", run->report->measure_label,
                               ktm_run_before_text (run)),
                 value, N_("per point"));
  for (gsize a = 0; a < f->n_attributes; a++)
    {
      const KtmFrameAttribute *attribute = &f->attributes[a];

      if (g_str_has_prefix (attribute->id, "baseline_"))
        continue;
      if (attribute->kind == KTM_ATTRIBUTE_NUMBER && attribute->made_from == NULL)
        add_predictor (run, attribute->id, NULL,
                       ktm_text_new (N_("{1}, per unit"), "s", ktm_attribute_label (attribute)),
                       attribute->value, N_("per unit"));
      else if (ktm_run_is_grouping (run, attribute))
        for (gsize l = attribute->n_levels == 2 ? 1 : 0; l < attribute->n_levels; l++)
          {
            for (gsize i = 0; i < f->n_patients; i++)
              value[i] = isnan (attribute->value[i]) ? NAN : attribute->value[i] == (double) l;
            add_predictor (run, attribute->id, attribute->levels[l],
                           ktm_text_new (N_("{1}: {2}"), "ss", ktm_attribute_label (attribute),
                                         attribute->levels[l]),
                           value, N_("against all other levels"));
          }
      if (ktm_progress_stopped (run->progress))
        return;
    }
  ktm_report_card_note (
      run->report,
      ktm_text_new (N_("Exploratory: many predictors, no correction for their number."), ""));
}

/* --- every variable (STROBE 14b) -------------------------------------------------------------- */

static gsize
count_missing (const KtmRun *run, const double *value, gsize stride, gsize *total)
{
  gsize missing = 0;

  *total = 0;
  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, -1))
      {
        (*total)++;
        missing += isnan (value[i * stride]);
      }
  return missing;
}

/* A cell of a measure at a visit; "–" where nobody was scored: it was not asked there. */
static void
add_measure_cell (const KtmRun *run, const KtmFrameMeasure *m, gsize visit)
{
  gsize total, missing = count_missing (run, m->value + visit, run->frame->n_visits, &total);
  KtmReportRow *row = ktm_run_add (run, "n_missing", N_("patients without a score"), (long) visit,
                                   -1, (long) total);

  ktm_report_row_set_subject (row, m->id);
  ktm_report_row_say (row, ktm_text_new ("{1}", "s", m->label != NULL ? m->label : m->id),
                      missing < total ? ktm_text_new ("{1}", "i", (long) missing)
                                      : ktm_text_new ("–", ""));
  if (missing < total)
    row->estimate = (double) missing;
  else
    row->note = ktm_text_new (N_("nobody was scored at this visit"), "");
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_look (row, KTM_LOOK_VISIT, -1, NULL);
}

static gboolean
has_scores (const KtmRun *run, gsize visit)
{
  for (gsize m = 0; m < run->frame->n_measures; m++)
    {
      gsize total;

      if (count_missing (run, run->frame->measures[m].value + visit, run->frame->n_visits, &total)
          < total)
        return TRUE;
    }
  return FALSE;
}

static void
add_all_measures (const KtmRun *run)
{
  const KtmFrame *f = run->frame;
  gsize total;

  if (f->n_measures < 2)
    return;
  count_missing (run, f->measures[0].value, f->n_visits, &total);
  ktm_report_add_card (run->report, ktm_text_new (N_("Missing scores of every measure"), ""),
                       ktm_text_new (N_("patients without a score, of {1}"), "i", (long) total));
  for (gsize m = 0; m < f->n_measures; m++)
    for (gsize v = 0; v < f->n_visits; v++)
      if (has_scores (run, v))
        add_measure_cell (run, &f->measures[m], v);
  ktm_report_card_note (run->report,
                        ktm_text_new (N_("–: nobody was scored at that visit."), ""));
}

static void
add_traits (const KtmRun *run)
{
  gsize total = 0;
  long whole = 0;

  ktm_report_add_card (run->report, ktm_text_new (N_("Missing characteristics"), ""),
                       ktm_text_new (N_("share not recorded"), ""));
  for (gsize a = 0; a < run->frame->n_attributes; a++)
    {
      const KtmFrameAttribute *attribute = &run->frame->attributes[a];
      gsize missing = count_missing (run, attribute->value, 1, &total);
      KtmReportRow *row;

      if (!ktm_run_is_trait (attribute))
        continue;
      row = ktm_run_add (run, "proportion_missing", N_("not recorded among all; Wilson interval"),
                         -1, -1, (long) total);
      ktm_report_row_set_subject (row, attribute->id);
      add_share (run, row, missing, total);
      ktm_report_row_say (row, ktm_text_new ("{1}", "s", ktm_attribute_label (attribute)), NULL);
      row->rank = missing > 0 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
      whole += missing == 0;
    }
  if (whole > 0)
    ktm_report_card_note (
        run->report,
        ktm_text_new_plural ("{1} characteristic is recorded for everybody.",
                             "{1} characteristics are recorded for everybody.", "i", whole));
}

static gboolean
run_missingness (const KtmFrame *frame, const KtmAnalysisOptions *options,
                 const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  ktm_report_add_card (report,
                       ktm_text_new (N_("Missing scores of {1}"), "s", report->measure_label),
                       ktm_text_new (N_("share without a score"), ""));
  for (gsize c = 0; c < run.table.n_visits; c++)
    for (long g = -1; g < (long) run.n_groups; g++)
      add_visit (&run, run.table.visit[c], g);
  if (frame->n_patients > 0 && run.last != run.first)
    {
      add_pattern (&run);
      add_reasons (&run);
      add_did_they_differ (&run);
      add_predictors (&run);
    }
  else if (frame->n_patients > 0)
    ktm_report_card_note (
        report,
        ktm_text_new (N_("There is no later visit, so nobody can be lost or come back."), ""));
  else
    ktm_report_card_say (report, ktm_text_new (N_("No patient is selected."), ""));
  if (frame->n_patients > 0)
    {
      add_all_measures (&run);
      add_traits (&run);
    }
  ktm_report_method (
      report,
      ktm_text_new (N_("Missing scores were counted at each visit; patients without a score at "
                        "{1} were compared with the others by Welch's t test and by "
                        "logistic regression on one baseline characteristic at a time."),
                    "t", ktm_run_visit (&run, run.last)));
  ktm_report_cite (report, "von Elm E, et al. The STROBE statement. Lancet 2007;370:1453-7.");
  return TRUE;
}

const KtmAnalysis ktm_analysis_missingness = {
  "missingness",
  N_("Missing scores"),
  N_("Who is missing at each visit, why, and did they differ?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY,
  FALSE,
  run_missingness,
};
