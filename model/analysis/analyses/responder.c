/* model/analysis: how many patients responded, by a definition the reader can change. */
#include "ktm-analyses.h"
#include "ktm-definition.h"
#include "ktm-run-groups.h"

#include "ktm-proportion.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gsize yes, known, total;
} Count;

typedef struct
{
  KtmRun        *run;
  KtmDefinition *definition;
  char          *text;       /* as typed, or the default's */
  KtmText       *words;
} Responder;

static Count
count (const KtmRun *run, const KtmDefinition *definition, gsize visit, long group)
{
  Count c = { 0 };

  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, group))
      {
        int holds = ktm_definition_holds (definition, run->frame, run->options->missing, i, visit);

        c.total++;
        c.known += holds >= 0;
        c.yes += holds == 1;
      }
  return c;
}

static KtmReportRow *
add_share (const KtmRun *run, const char *statistic, const char *method, gsize visit, long group,
           const char *subject, gsize x, gsize n)
{
  KtmReportRow *row = ktm_run_add (run, statistic, method, (long) visit, group, (long) n);
  KtmProportion p;

  ktm_report_row_set_subject (row, subject);
  if (ktm_stats_proportion ((double) x, (double) n, run->level, &p) == KTM_STATS_OK)
    {
      ktm_report_row_set_estimate (
          row,
          (KtmEstimate){ p.proportion, sqrt (p.proportion * (1 - p.proportion) / (double) n),
                         p.wilson_low, p.wilson_high },
          run->level);
      ktm_report_row_say (row, NULL,
                          ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x,
                                        (long) n, 100 * p.proportion, 100 * p.wilson_low,
                                        100 * p.wilson_high));
    }
  else
    ktm_report_row_say (row, NULL, ktm_text_new (N_("nobody to ask"), ""));
  return row;
}

/* Two lines a definition: of those seen, and with the others counted as non-responders. */
static void
add_definition (const Responder *r, const KtmDefinition *definition, const char *subject,
                const KtmText *label, long group, KtmRank rank)
{
  const KtmRun *run = r->run;
  Count c = count (run, definition, run->last, group);
  KtmReportRow *row = add_share (
      run, "proportion",
      N_("responders among patients for whom the definition can be judged; Wilson interval"),
      run->last, group, subject, c.yes, c.known);

  row->rank = rank;
  ktm_report_row_say (row, ktm_text_copy (label), NULL);
  row = add_share (
      run, "proportion_missing_no",
      N_("responders among all patients, the others counted as non-responders; Wilson interval"),
      run->last, group, subject, c.yes, c.total);
  row->rank = rank;
  ktm_report_row_say (row, ktm_text_new (N_("{1}, missing = no"), "t", ktm_text_copy (label)),
                      NULL);
}

static void
add_percent (const Responder *r, int percent, long group)
{
  g_autofree char *subject = g_strdup_printf (">= %d%%", percent);
  g_autofree char *quoted = g_strdup_printf ("\"%s\" >= %d%%", r->run->m->id, percent);
  g_autoptr(KtmDefinition) definition = ktm_definition_parse (r->run->frame, quoted, NULL);
  KtmText *label = ktm_text_new (N_("≥ {1} % relief"), "i", (long) percent);

  if (definition != NULL)
    add_definition (r, definition, subject, label, group, KTM_RANK_SHOWN);
  ktm_text_free (label);
}

/* Each condition alone, and how many are left after it. */
static void
add_conditions (const Responder *r)
{
  const KtmRun *run = r->run;
  gsize n = ktm_definition_n_conditions (r->definition), total = 0;
  g_autofree gsize *alone = g_new0 (gsize, n + 1), *left = g_new0 (gsize, n + 1);

  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      gboolean still = TRUE;

      if (!ktm_run_in_group (run, i, -1)
          || ktm_definition_holds (r->definition, run->frame, run->options->missing, i, run->last)
                 < 0)
        continue;
      total++;
      for (gsize k = 0; k < n; k++)
        {
          gboolean holds = ktm_definition_holds (ktm_definition_condition (r->definition, k),
                                                 run->frame, run->options->missing, i, run->last)
                           == 1;

          still = still && holds;
          alone[k] += holds;
          left[k] += still;
        }
    }
  for (gsize k = 0; k < n; k++)
    {
      KtmText *words =
          ktm_definition_text (ktm_definition_condition (r->definition, k), run->frame);
      g_autofree char *subject = ktm_text_render (words, NULL, 0);
      KtmReportRow *row = add_share (run, "condition",
                                     N_("patients who meet this condition alone; Wilson interval"),
                                     run->last, -1, subject, alone[k], total);

      ktm_report_row_say (row, ktm_text_copy (words), NULL);
      row = add_share (run, "condition_left",
                       N_("patients who meet this and every condition before it; Wilson interval"),
                       run->last, -1, subject, left[k], total);
      ktm_report_row_say (row, ktm_text_new (N_("… and left after it"), ""), NULL);
      ktm_text_free (words);
    }
}

static void
add_visits (const Responder *r)
{
  const KtmRun *run = r->run;

  for (gsize c = 0; c < run->table.n_visits; c++)
    for (long g = -1; g < (long) run->n_groups; g++)
      {
        gsize visit = run->table.visit[c];
        Count n;

        if (visit == run->last || run->frame->visit_time[visit] <= MAX (0, run->options->from)
            || ktm_progress_stopped (run->progress))
          continue;
        n = count (run, r->definition, visit, g);
        add_share (
            run, "proportion",
            N_("responders among patients for whom the definition can be judged; Wilson interval"),
            visit, g, r->text, n.yes, n.known)
            ->rank = KTM_RANK_DETAIL;
      }
}

static void
add_two_by_two (const Responder *r, long i, long j)
{
  const KtmRun *run = r->run;
  const char *a = ktm_run_group_label (run, i), *b = ktm_run_group_label (run, j);
  Count x = count (run, r->definition, run->last, i), y = count (run, r->definition, run->last, j);
  const double table[4] = { (double) x.yes, (double) (x.known - x.yes), (double) y.yes,
                            (double) (y.known - y.yes) };
  gboolean arm = ktm_run_by_is_arm (run);
  KtmTwoByTwo t;

  if (ktm_stats_two_by_two (table, run->level, &t) != KTM_STATS_OK)
    return;
  const struct { const char *statistic, *method; KtmEstimate e; gboolean only_arm;
  } rows[] = {
    { "rd", N_("first minus second share; Newcombe interval"), t.rd, FALSE },
    { "or", N_("odds ratio; Woolf interval"), t.odds_ratio, FALSE },
    { "rr", N_("ratio of the shares; Katz interval"), t.rr, TRUE },
    { "nnt",
      N_("1 / risk difference; reciprocals of the Newcombe limits"),
      { t.nnt.value, NAN, t.nnt.crosses_infinity ? NAN : t.nnt.low,
        t.nnt.crosses_infinity ? NAN : t.nnt.high },
      TRUE },
  };
  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      KtmReportRow *row;

      if (rows[k].only_arm && !arm)
        continue;
      row = ktm_run_add (run, rows[k].statistic, rows[k].method, (long) run->last, -1,
                         (long) x.known);
      ktm_report_row_set_group (row, a, b);
      row->n2 = (long) y.known;
      ktm_report_row_set_estimate (row, rows[k].e, run->level);
      row->rank = k == 0 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
      if (k == 0)
        ktm_report_row_say (row, ktm_text_new (N_("{1} minus {2}"), "ss", a, b), NULL);
      if (k == 3 && t.nnt.crosses_infinity)
        row->note = ktm_text_new (N_("NNTB {1} to ∞ to NNTH {2}"), "11", t.nnt.benefit, t.nnt.harm);
    }
  KtmReportRow *row = ktm_run_add (
      run, "fisher", N_("Fisher's exact test; conditional odds ratio with exact limits"),
      (long) run->last, -1, (long) x.known);
  ktm_report_row_set_group (row, a, b);
  row->n2 = (long) y.known;
  ktm_report_row_set_estimate (
      row, (KtmEstimate){ t.fisher.odds_ratio, NAN, t.fisher.low, t.fisher.high }, run->level);
  ktm_report_row_set_test (row, N_("Fisher's exact test"), (KtmTest) { NAN, NAN, NAN, t.fisher.p });
  row->note = ktm_text_new (
      N_("R's fisher.test finds the odds ratio and its limits to about four digits only."), "");
  row->rank = KTM_RANK_DETAIL;
}

static void
add_between (const Responder *r)
{
  KtmRun *run = r->run;
  g_autofree double *table = g_new0 (double, 2 * run->n_groups + 1);
  gsize n = 0;
  KtmTable t;
  KtmFisherTable f;
  KtmReportRow *row;

  for (gsize g = 0; g < run->n_groups; g++)
    {
      Count c = count (run, r->definition, run->last, (long) g);

      if (c.known == 0)
        continue;
      table[2 * n] = (double) c.yes;
      table[2 * n++ + 1] = (double) (c.known - c.yes);
      ktm_run_warn_few (run, ktm_run_group_label (run, (long) g), c.known);
    }
  if (n < 2)
    return;
  for (gsize i = 0; i < run->n_groups; i++)
    for (gsize j = i + 1; j < run->n_groups; j++)
      add_two_by_two (r, (long) i, (long) j);
  row =
      ktm_run_add (run, "chi2", N_("Pearson, no continuity correction"), (long) run->last, -1, -1);
  row->rank = KTM_RANK_DETAIL;
  if (ktm_stats_table (table, n, 2, &t, NULL, NULL) == KTM_STATS_OK)
    {
      ktm_report_row_set_test (row, N_("chi-squared"), t.chi2);
      ktm_run_add_value (run, "cramers_v", N_("√(χ² / (n (min(rows, columns) − 1)))"),
                         (long) run->last, -1, (long) t.n, t.cramers_v);
    }
  if (ktm_stats_fisher_table (table, n, 2, 100000, run->options->has_seed ? run->options->seed : 1,
                              run->progress, &f)
      != KTM_STATS_OK)
    return;
  row = ktm_run_add (run, "fisher",
                     f.exact ? N_("exact, all tables with these margins")
                             : N_("Monte Carlo, random tables with these margins"),
                     (long) run->last, -1, -1);
  ktm_report_row_set_test (row, N_("Fisher's exact test"), (KtmTest) { NAN, NAN, NAN, f.p });
  ktm_report_row_say (row, ktm_text_new (N_("Do the groups differ? Fisher's exact test"), ""),
                      ktm_text_new ("{1}", "p", f.p));
  if (!f.exact)
    {
      run->report->has_seed = true;
      run->report->seed = f.seed;
    }
}

static void
add_cards (Responder *r)
{
  KtmRun *run = r->run;
  KtmReport *report = run->report;
  Count c = count (run, r->definition, run->last, -1);
  gboolean custom = run->options->definition != NULL;

  ktm_report_add_card (report,
                       ktm_text_new (N_("Responders at {1}"), "t", ktm_run_visit (run, run->last)),
                       ktm_text_new (N_("Wilson {1} % CI"), "g", 100 * run->level));
  if (custom)
    {
      KtmText *label = ktm_text_new (N_("Response as defined"), "");

      add_definition (r, r->definition, r->text, label, -1, KTM_RANK_SHOWN);
      ktm_text_free (label);
      ktm_report_card_note (report,
                            ktm_text_new (N_("Response: {1}."), "t", ktm_text_copy (r->words)));
      add_conditions (r);
    }
  else
    {
      add_percent (r, 30, -1);
      add_percent (r, 50, -1);
    }
  if (c.known > 0)
    ktm_report_card_say (
        report, ktm_text_new (N_("Responders at {2}: {3} of the {1} who can be judged, and {3} of "
                                  "{4} if everybody who cannot is counted as a non-responder."),
                              "itii", (long) c.known, ktm_run_visit (run, run->last), (long) c.yes,
                              (long) c.total));
  else
    ktm_report_card_say (
        report, ktm_text_new (N_("Nobody can be judged at {1}, so there is no responder rate."),
                              "t", ktm_run_visit (run, run->last)));
  if (c.known < c.total)
    ktm_report_card_warn (
        report, ktm_text_new_plural (
                    "{1} of {2} patients cannot be judged: a score is missing. This patient is "
                    "left out of the first rate and counted as a non-responder in the second.",
                    "{1} of {2} patients cannot be judged: a score is missing. They are left out "
                    "of the first rate and counted as non-responders in the second.",
                    "ii", (long) (c.total - c.known), (long) c.total));
  ktm_report_exclude (
      report,
      ktm_text_new (N_("response at {1} cannot be judged"), "t", ktm_run_visit (run, run->last)),
      (long) (c.total - c.known));
  ktm_run_note_no_arm (run);
}

static void
add_groups (Responder *r)
{
  KtmRun *run = r->run;

  if (run->n_groups == 0)
    return;
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("Responders by {1}"), "s", ktm_attribute_label (run->by)),
                       ktm_text_new (N_("at {1}"), "t", ktm_run_visit (run, run->last)));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      KtmText *label = ktm_text_new ("{1}", "s", ktm_run_group_label (run, (long) g));
      gsize at = run->report->n_rows;

      add_definition (r, r->definition, r->text, label, (long) g, KTM_RANK_SHOWN);
      run->report->rows[at + 1].rank = KTM_RANK_DETAIL;
      ktm_text_free (label);
    }
  add_between (r);
  if (!ktm_run_by_is_arm (run))
    ktm_report_card_note (
        run->report,
        ktm_text_new (
            N_("The groups were not made by chance, so no number needed to treat is given."), ""));
}

static gboolean
run_responder (const KtmFrame *frame, const KtmAnalysisOptions *options,
               const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autoptr(KtmDefinition) definition = NULL;
  g_autofree char *text = NULL, *subject = NULL;
  Responder r = { .run = &run };

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_need_follow_up (&run, error))
    return FALSE;
  text = options->definition != NULL ? g_strdup (options->definition)
                                     : g_strdup_printf ("\"%s\" >= 30%%", run.m->id);
  definition = ktm_definition_parse (frame, text, error);
  if (definition == NULL)
    return FALSE;
  subject = options->definition != NULL ? g_strdup (options->definition) : g_strdup (">= 30%");
  r.definition = definition;
  r.text = subject;
  r.words = ktm_definition_text (definition, frame);
  add_cards (&r);
  add_groups (&r);
  add_visits (&r);
  ktm_report_method (
      report,
      ktm_text_new (N_("Response was defined as: {1}. Rates have Wilson intervals; patients whose "
                        "response cannot be judged are left out of the first rate and "
                        "counted as non-responders in the second."),
                    "t", ktm_text_copy (r.words)));
  ktm_run_method_missing (&run);
  ktm_report_cite (report, "Wilson EB. Probable inference, the law of succession, and statistical "
                           "inference. JASA 1927;22:209-12.");
  ktm_report_cite (
      report, "Dworkin RH, et al. Interpreting the clinical importance of treatment outcomes in "
              "chronic pain clinical trials: IMMPACT recommendations. J Pain 2008;9:105-21.");
  ktm_text_free (r.words);
  return TRUE;
}

const KtmAnalysis ktm_analysis_responder = {
  "responder",
  N_("Responders"),
  N_("How many patients responded, by a definition you choose?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_DEFINITION
      | KTM_USES_SEED,
  FALSE,
  run_responder,
};
