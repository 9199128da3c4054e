/* model/analysis: how many patients responded, by a definition the reader can change. */
#include "ktm-analyses.h"
#include "ktm-responder-private.h"

#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

static const struct
{
  const char *statistic, *method, *label;
} rules[] = {
  { "proportion",
    N_("responders among patients for whom the definition can be judged; Wilson interval"),
    N_("Available cases") },
  { "proportion_missing_no",
    N_("responders among all patients, the others counted as non-responders; Wilson interval"),
    N_("Missing as non-response") },
  { "proportion_last_state",
    N_("responders among all patients, the others counted as at the last visit they could be "
       "judged, and as non-responders before any; Wilson interval"),
    N_("Last state carried forward") },
};

KtmResponseCount
responder_count (const Responder *r, KtmUnknown unknown, gsize visit, long group)
{
  KtmResponders who = r->who;
  KtmResponseCount out;

  who.unknown = unknown;
  who.group = group;
  ktm_responders_count (&who, visit, &out);
  return out;
}

static KtmReportRow *
add_rule (const Responder *r, KtmUnknown rule, const char *subject, long group, KtmText *label)
{
  KtmResponseCount c = responder_count (r, rule, r->run->last, group);
  KtmReportRow *row = ktm_run_add_rate (r->run, rules[rule].statistic, rules[rule].method,
                                         r->run->last, group, subject, c.yes, c.judged);

  if (label != NULL)
    ktm_report_row_say (row, label, NULL);
  return row;
}

/* The three answers to what a missing score means, the chosen one first. */
static void
add_rules (const Responder *r)
{
  KtmUnknown own = ktm_definition_unknown (r->definition);

  for (int k = 0; k < 3; k++)
    {
      KtmUnknown rule = k == 0 ? own : (KtmUnknown) (k - (k <= (int) own));

      add_rule (r, rule, r->text, -1, ktm_text_new (rules[rule].label, ""));
    }
}

static void
add_percent (const Responder *r, int percent)
{
  g_autofree char *subject = g_strdup_printf (">= %d%%", percent);
  g_autofree char *quoted = g_strdup_printf ("\"%s\" >= %d%%", r->run->m->id, percent);
  g_autoptr(KtmDefinition) definition = ktm_definition_parse (r->run->frame, quoted, NULL);
  Responder one = *r;

  if (definition == NULL)
    return;
  one.definition = definition;
  one.who.definition = definition;
  add_rule (&one, KTM_UNKNOWN_OUT, subject, -1,
            ktm_text_new (N_("≥ {1} % relief"), "i", (long) percent));
  add_rule (&one, KTM_UNKNOWN_NO, subject, -1,
            ktm_text_new (N_("≥ {1} % relief, missing = no"), "i", (long) percent));
  add_rule (&one, KTM_UNKNOWN_LAST, subject, -1, NULL)->rank = KTM_RANK_DETAIL;
}

/* Each condition alone, and how many are left after it. */
static void
add_conditions (const Responder *r)
{
  const KtmRun *run = r->run;
  gsize n = ktm_definition_n_conditions (r->definition);
  g_autofree gsize *alone = g_new0 (gsize, n + 1), *left = g_new0 (gsize, n + 1);
  KtmResponseCount c;

  if (n < 2)
    return;
  ktm_responders_conditions (&r->who, run->last, alone, left, &c);
  for (gsize k = 0; k < n; k++)
    {
      KtmText *words =
          ktm_condition_text (run->frame, ktm_definition_condition (r->definition, k));
      char *subject = ktm_text_render (words, NULL, 0);
      KtmReportRow *row =
          ktm_run_add_rate (run, "condition",
                             N_("patients who meet this condition alone; Wilson interval"),
                             run->last, -1, subject, alone[k], c.judged);

      ktm_report_row_say (row, ktm_text_copy (words), NULL);
      row = ktm_run_add_rate (
          run, "condition_left",
          N_("patients who meet the definition as far as this condition; Wilson interval"),
          run->last, -1, subject, left[k], c.judged);
      ktm_report_row_say (row, ktm_text_new (N_("… and left after it"), ""), NULL);
      ktm_text_free (words);
      free (subject);
    }
}

/* Groups at the milestones stand in the card of the groups already. */
static void
add_visits (const Responder *r)
{
  const KtmRun *run = r->run;
  gsize at[4], n_at = ktm_run_milestones (run, at);

  for (gsize c = 0; c < run->table.n_visits; c++)
    for (long g = -1; g < (long) run->n_groups; g++)
      {
        gsize visit = run->table.visit[c];
        gboolean shown = FALSE;
        KtmResponseCount n;

        for (gsize k = 0; g >= 0 && k < n_at; k++)
          shown = shown || at[k] == visit;
        if (shown || visit == run->last
            || run->frame->visit_time[visit] <= MAX (0, run->options->from)
            || ktm_progress_stopped (run->progress))
          continue;
        n = responder_count (r, r->who.unknown, visit, g);
        ktm_run_add_rate (run, r->statistic, r->method, visit, g, r->text, n.yes, n.judged)->rank =
            KTM_RANK_DETAIL;
      }
}

/* --- does the patient's own impression agree? ------------------------------------------------- */

static void
add_agreement (const Responder *r)
{
  const KtmRun *run = r->run;
  long m = ktm_impression_find (run->frame);
  KtmImpression impression;
  KtmKappa kappa;
  KtmReportRow *row;
  double table[4], cut;
  KtmStatsStatus status;
  long n;

  if (m < 0 || !ktm_impression_init (run->frame, (gsize) m, &impression)
      || impression.n_levels < 5)
    return;
  cut = impression.first + impression.step * (double) (impression.n_levels / 2 - 2);
  ktm_responders_agree (&r->who, run->last, (gsize) m, cut, table);
  n = (long) (table[0] + table[1] + table[2] + table[3]);
  if (n == 0)
    return;
  const char *label = run->frame->measures[m].label;
  ktm_report_add_card (run->report, ktm_text_new (N_("Does {1} agree?"), "s", label),
                       ktm_text_new (N_("{1}, n = {2}"), "ti", ktm_run_visit (run, run->last), n));
  row = ktm_run_add_rate (run, "agreement",
                           N_("same answer by the definition and by the impression of at least "
                              "“much improved”; Wilson interval"),
                           run->last, -1, run->frame->measures[m].id,
                           (gsize) (table[0] + table[3]), (gsize) n);
  ktm_report_row_say (row, ktm_text_new (N_("Same answer"), ""), NULL);
  row->rank = KTM_RANK_DETAIL;
  row = ktm_run_add_rate (run, "impression",
                           N_("responders whose impression is at least “much improved”; Wilson "
                              "interval"),
                           run->last, -1, run->frame->measures[m].id, (gsize) table[0],
                           (gsize) (table[0] + table[1]));
  ktm_report_row_say (
      row,
      ktm_text_new (N_("Responder, and {1} {2}–{3}"), "sgg", label, fmin (impression.first, cut),
                    fmax (impression.first, cut)),
      ktm_text_new_plural ("{2} of {1} responder", "{2} of {1} responders", "ii",
                           (long) (table[0] + table[1]), (long) table[0]));
  status = ktm_stats_kappa (table, run->level, &kappa);
  row = ktm_run_add (run, "kappa", N_("large-sample interval (Fleiss, Cohen & Everitt)"),
                     (long) run->last, -1, n);
  ktm_report_row_set_subject (row, run->frame->measures[m].id);
  ktm_report_row_say (row, ktm_text_new (N_("Cohen's κ"), ""), NULL);
  if (status == KTM_STATS_OK)
    ktm_report_row_set_estimate (row, kappa.kappa, run->level);
  else
    ktm_report_row_say (row, NULL,
                        ktm_text_new (N_("no κ: everybody gave the same answer twice"), ""));
  ktm_report_cite (run->report, "Fleiss JL, Cohen J, Everitt BS. Large sample standard errors of "
                                "kappa and weighted kappa. Psychol Bull 1969;72:323-7.");
}

/* --- cards ------------------------------------------------------------------------------------ */

static void
warn_missing (const Responder *r, const KtmResponseCount *c)
{
  KtmRun *run = r->run;
  double low = 1, high = 0;

  if (c->judged >= c->total || c->judged == 0)
    {
      if (c->judged == 0 && c->total > 0)
        ktm_report_card_warn (
            run->report,
            ktm_text_new (N_("No patient can be judged at {1}: a score is missing for everybody."),
                          "t", ktm_run_visit (run, run->last)));
      return;
    }
  for (int k = 0; k < 3; k++)
    {
      KtmResponseCount x = responder_count (r, (KtmUnknown) k, run->last, -1);
      double rate = (double) x.yes / (double) x.judged;

      low = fmin (low, rate);
      high = fmax (high, rate);
    }
  ktm_report_card_warn (
      run->report,
      ktm_text_new_plural ("{1} of {2} patients cannot be judged at {5}: a score is missing. What "
                           "that means moves the rate from {3} to {4} %: report more than one.",
                           "{1} of {2} patients cannot be judged at {5}: a score is missing. What "
                           "that means moves the rate from {3} to {4} %: report more than one.",
                           "ii00t", (long) (c->total - c->judged), (long) c->total, 100 * low,
                           100 * high, ktm_run_visit (run, run->last)));
}

static void
add_cards (Responder *r)
{
  KtmRun *run = r->run;
  KtmReport *report = run->report;
  KtmResponseCount c = responder_count (r, KTM_UNKNOWN_OUT, run->last, -1);

  ktm_report_add_card (report,
                       ktm_text_new (N_("Responders at {1}"), "t", ktm_run_visit (run, run->last)),
                       ktm_text_new (N_("Wilson {1} % CI"), "g", 100 * run->level));
  if (run->options->definition != NULL)
    {
      add_rules (r);
      ktm_report_card_note (report,
                            ktm_text_new (N_("Responder: {1}."), "t", ktm_text_copy (r->words)));
      add_conditions (r);
    }
  else
    {
      add_percent (r, 30);
      add_percent (r, 50);
    }
  if (c.judged > 0)
    ktm_report_card_say (
        report, ktm_text_new (N_("Responders at {2}: {3} of the {1} who can be judged, and {3} of "
                                  "{4} if everybody who cannot is counted as a non-responder."),
                              "itii", (long) c.judged, ktm_run_visit (run, run->last), (long) c.yes,
                              (long) c.total));
  else
    ktm_report_card_say (
        report, ktm_text_new (N_("Nobody can be judged at {1}, so there is no responder rate."),
                              "t", ktm_run_visit (run, run->last)));
  warn_missing (r, &c);
  ktm_report_exclude (
      report,
      ktm_text_new (N_("response at {1} cannot be judged"), "t", ktm_run_visit (run, run->last)),
      (long) (c.total - c.judged));
  ktm_run_note_no_arm (run);
}

static void
describe (const Responder *r)
{
  KtmReport *report = r->run->report;

  ktm_report_method (report, ktm_text_new (N_("Response was defined as: {1}. Rates have Wilson "
                                              "intervals."),
                                           "t", ktm_text_copy (r->words)));
  ktm_report_method (report, ktm_unknown_text (r->who.unknown));
  ktm_run_method_missing (r->run);
  ktm_report_cite (report, "Wilson EB. Probable inference, the law of succession, and statistical "
                           "inference. JASA 1927;22:209-12.");
  ktm_report_cite (
      report, "Dworkin RH, et al. Interpreting the clinical importance of treatment outcomes in "
              "chronic pain clinical trials: IMMPACT recommendations. J Pain 2008;9:105-21.");
}

static gboolean
run_responder (const KtmFrame *frame, const KtmAnalysisOptions *options,
               const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autoptr(KtmDefinition) definition = NULL;
  g_autofree char *text = NULL, *subject = NULL;
  g_autofree bool *in = g_new0 (bool, frame->n_patients + 1);
  Responder r = { .run = &run, .in = in };

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_need_follow_up (&run, error))
    return FALSE;
  text = options->definition != NULL ? g_strdup (options->definition)
                                     : g_strdup_printf ("\"%s\" >= 30%%", run.m->id);
  definition = ktm_run_definition (frame, text, error);
  if (definition == NULL)
    return FALSE;
  subject = options->definition != NULL ? g_strdup (options->definition) : g_strdup (">= 30%");
  ktm_run_responders (&run, definition, in, &r.who);
  r.definition = definition;
  r.text = subject;
  r.statistic = rules[r.who.unknown].statistic;
  r.method = rules[r.who.unknown].method;
  r.words = ktm_run_definition_text (frame, definition);
  add_cards (&r);
  responder_add_groups (&r);
  add_agreement (&r);
  add_visits (&r);
  describe (&r);
  ktm_text_free (r.words);
  return TRUE;
}

const KtmAnalysis ktm_analysis_responder = {
  "responder",
  N_("Responders"),
  N_("How many patients responded, by a definition you choose?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_DEFINITION
      | KTM_USES_SEED | KTM_USES_EVENTS | KTM_USES_ADJUST,
  FALSE,
  run_responder,
};
