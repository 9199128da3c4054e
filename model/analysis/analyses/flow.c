/* model/analysis: patient flow: screened, not included and why, included, seen at each visit,
 * stopped and why, analysed. */
#include "ktm-analyses.h"
#include "ktm-flow.h"
#include "ktm-run.h"

#include <glib/gi18n-lib.h>

static KtmReportRow *
add_count (const KtmRun *run, const char *statistic, const char *method, long visit, long group,
           gsize count, KtmRank rank)
{
  KtmReportRow *row =
      ktm_run_add_value (run, statistic, method, visit, group, (long) count, (double) count);

  row->rank = rank;
  ktm_report_row_say (row, NULL, ktm_text_new ("{1}", "i", (long) count));
  return row;
}

static void
add_reason (const KtmRun *run, const char *statistic, const char *reason, long visit, long group,
            gsize count, KtmRank rank)
{
  KtmReportRow *row;

  if (count == 0)
    return;
  row = add_count (run, statistic, N_("patients with this reason"), visit, group, count, rank);
  ktm_report_row_set_subject (row, reason != NULL ? reason : "-");
  ktm_report_row_say (row,
                      reason != NULL ? ktm_text_new ("{1}", "s", reason)
                                     : ktm_text_new (N_("reason not recorded"), ""),
                      NULL);
}

static void
add_inclusion (const KtmRun *run)
{
  const KtmFrame *f = run->frame;
  gsize excluded = ktm_flow_n_excluded (f);

  ktm_report_add_card (run->report, ktm_text_new (N_("From screening to inclusion"), ""), NULL);
  if (excluded > 0)
    {
      add_count (run, "n_screened", N_("patients in the file"), -1, -1, f->n_screened,
                 KTM_RANK_SHOWN);
      add_count (run, "n_excluded", N_("screened minus included"), -1, -1, excluded,
                 KTM_RANK_SHOWN);
      for (gsize i = 0; i < f->n_exclusions; i++)
        add_reason (run, "n_excluded", f->exclusion_reasons[i], -1, -1, f->exclusion_counts[i],
                    KTM_RANK_SHOWN);
      add_reason (run, "n_excluded", NULL, -1, -1, ktm_flow_no_reason (f), KTM_RANK_SHOWN);
    }
  else
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("The file names no patient who was screened and not "
                                            "included, so the flow begins with inclusion."),
                                        ""));
  add_count (run, "n_included", N_("patients marked as included"), -1, -1, f->n_in_cohort,
             KTM_RANK_SHOWN);
  if (f->n_patients < f->n_in_cohort)
    add_count (run, "n_selected", N_("included patients who meet the conditions of the subgroup"),
               -1, -1, f->n_patients, KTM_RANK_SHOWN);
}

static void
add_visit (const KtmRun *run, const KtmFlow *flow, gsize k, long group)
{
  const KtmFlowVisit *v = &flow->visits[k];
  const KtmFrame *f = run->frame;
  KtmReportRow *row =
      add_count (run, "n_seen", N_("patients with a score of any measure at the visit"),
                 (long) v->visit, group, v->seen, group < 0 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);

  row->n = (long) flow->n;
  ktm_report_row_say (
      row, ktm_run_visit (run, v->visit),
      ktm_text_new (N_("{1} seen · {2} missed it · {3} stopped by then"), "iii", (long) v->seen,
                    (long) v->missed, (long) v->gone));
  add_count (run, "n_missed", N_("patients neither seen nor stopped"), (long) v->visit, group,
             v->missed, KTM_RANK_DETAIL);
  add_count (run, "n_gone", N_("patients not seen, and stopped by the visit"), (long) v->visit,
             group, v->gone, KTM_RANK_DETAIL);
  add_count (run, "n_stopped", N_("patients who stopped since the visit before"), (long) v->visit,
             group, v->stopped, KTM_RANK_DETAIL);
  for (gsize r = 0; r <= flow->n_reasons; r++)
    add_reason (run, "n_stopped", r < flow->n_reasons ? f->stop_reasons[r] : NULL, (long) v->visit,
                group, v->reasons[r], KTM_RANK_DETAIL);
}

static void
add_followed (const KtmRun *run, const KtmFlow *flow, long group)
{
  KtmReportRow *row = add_count (run, "n_baseline", N_("patients with the reference score"), -1,
                                 group, flow->n_baseline, KTM_RANK_SHOWN);

  row->n = (long) flow->n;
  ktm_report_row_say (row, ktm_text_new (N_("With {1}"), "t", ktm_run_before_text (run)),
                      ktm_text_new (N_("{1} of {2}"), "ii", (long) flow->n_baseline,
                                    (long) flow->n));
  for (gsize k = 0; k < flow->n_visits; k++)
    add_visit (run, flow, k, group);
  row = add_count (run, "n_followed", N_("patients with any score after the reference"), -1, group,
                   flow->n_followed, KTM_RANK_SHOWN);
  row->n = (long) flow->n;
  ktm_report_row_say (row, ktm_text_new (N_("With any later score"), ""),
                      ktm_text_new (N_("{1} of {2}"), "ii", (long) flow->n_followed,
                                    (long) flow->n));
  row = add_count (run, "n_analysed", N_("patients with the reference and the last score"),
                   flow->n_visits > 0 ? (long) flow->visits[flow->n_visits - 1].visit : -1, group,
                   flow->n_analysed, KTM_RANK_SHOWN);
  row->n = (long) flow->n;
  ktm_report_row_say (row,
                      ktm_text_new (N_("Analysed: {1} and {2}"), "tt", ktm_run_before_text (run),
                                    ktm_run_visit (run, run->last)),
                      ktm_text_new (N_("{1} of {2}"), "ii", (long) flow->n_analysed,
                                    (long) flow->n));
}

static void
add_stopped (const KtmRun *run, const KtmFlow *flow, long group)
{
  if (flow->n_stopped == 0)
    return;
  ktm_report_add_card (
      run->report,
      group < 0 ? ktm_text_new (N_("Why patients stopped"), "")
                : ktm_text_new (N_("Why patients stopped · {1}"), "s",
                                ktm_run_group_label (run, group)),
      ktm_text_new (N_("{1} of {2}"), "ii", (long) flow->n_stopped, (long) flow->n));
  for (gsize r = 0; r <= flow->n_reasons; r++)
    add_reason (run, "n_stopped", r < flow->n_reasons ? run->frame->stop_reasons[r] : NULL, -1,
                group, flow->all_reasons[r], KTM_RANK_SHOWN);
  if (flow->other_stopped > 0)
    ktm_report_card_note (
        run->report,
        ktm_text_new_plural ("{1} of them stopped after the last visit shown, or at a time that "
                             "is not recorded.",
                             "{1} of them stopped after the last visit shown, or at times that "
                             "are not recorded.",
                             "i", (long) flow->other_stopped));
}

static gboolean
add_group (const KtmRun *run, long group)
{
  const KtmAnalysisOptions *o = run->options;
  g_autofree long *member = g_new (long, run->frame->n_patients + 1);
  KtmFlow flow;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    member[i] = ktm_run_in_group (run, i, group);
  if (ktm_flow (run->frame, run->measure, member, 1, o->from, o->to, &flow) != KTM_STATS_OK)
    return FALSE;
  ktm_report_add_card (run->report,
                       group < 0 ? ktm_text_new (N_("Followed up and analysed"), "")
                                 : ktm_text_new (N_("Followed up and analysed · {1}"), "s",
                                                 ktm_run_group_label (run, group)),
                       ktm_text_new (N_("{1}, n = {2}"), "si", run->report->measure_label,
                                     (long) flow.n));
  if (group >= 0)
    run->report->cards[run->report->n_cards - 1].folded = TRUE;
  add_followed (run, &flow, group);
  add_stopped (run, &flow, group);
  if (group >= 0)
    run->report->cards[run->report->n_cards - 1].folded = TRUE;
  ktm_flow_clear (&flow);
  return TRUE;
}

static gboolean
run_flow (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
          KtmReport *report, GError **error)
{
  g_auto (KtmRun) run = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  add_inclusion (&run);
  if (frame->n_patients == 0)
    ktm_report_card_say (report, ktm_text_new (N_("No patient is selected."), ""));
  for (long g = -1; frame->n_patients > 0 && g < (long) run.n_groups; g++)
    if (!add_group (&run, g))
      {
        g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_FAILED,
                             _(ktm_stats_status_text (KTM_STATS_NO_MEMORY)));
        return FALSE;
      }
  ktm_report_method (
      report, ktm_text_new (N_("A patient counts as seen at a visit with a score of any measure; "
                                "as missed where not seen and not stopped by then; as analysed "
                                "with scores of {1} at {2} and {3}."),
                            "stt", report->measure_label, ktm_run_before_text (&run),
                            ktm_run_visit (&run, run.last)));
  ktm_report_cite (report, "von Elm E, et al. The STROBE statement. Lancet 2007;370:1453-7.");
  return TRUE;
}

const KtmAnalysis ktm_analysis_flow = {
  "flow",
  N_("Patient flow"),
  N_("Who was screened, included, seen at each visit, stopped and analysed?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY,
  FALSE,
  run_flow,
};
