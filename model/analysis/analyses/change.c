/* model/analysis: change from baseline within the same patients, with the mixed model beside. */
#include "ktm-analyses.h"
#include "ktm-run-model.h"
#include "ktm-run-paired.h"
#include "ktm-run.h"

#include "ktm-bootstrap.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  KtmRun       *run;
  KtmPairedTest test;
  gboolean      test_chosen;
  KtmRunModel   all, grouped;  /* mixed models; status TOO_FEW where not asked for */
} Change;

static KtmContrast *
model_change (const Change *c, long group, gsize visit, const KtmRunModel **model)
{
  const KtmRunModel *m = group < 0 ? &c->all : &c->grouped;
  long j = m->fit != NULL ? ktm_run_model_visit (m, visit) : -1;

  *model = m;
  for (gsize g = 0; j > 0 && g < m->n_groups; g++)
    if (m->group[g] == group
        && !isnan (m->fit->change[g * m->fit->n_visits + (gsize) j].estimate.value))
      return &m->fit->change[g * m->fit->n_visits + (gsize) j];
  return NULL;
}

static gboolean
add_model_row (const Change *c, long group, gsize visit, gboolean shown)
{
  const KtmRunModel *m;
  KtmContrast *contrast = model_change (c, group, visit, &m);
  KtmReportRow *row;
  long n;

  if (contrast == NULL)
    return FALSE;
  n = (long) m->n_subjects;
  for (gsize g = 0; group >= 0 && g < m->n_groups; g++)
    if (m->group[g] == group)
      n = (long) m->fit->n_subjects[g];
  row = ktm_run_add (c->run, "mmrm_change", "", (long) visit, group, n);
  ktm_text_free (row->method);
  row->method = ktm_run_model_method (m);
  ktm_report_row_set_estimate (row, contrast->estimate, c->run->level);
  ktm_report_row_set_test (row, N_("mixed model"), contrast->test);
  ktm_report_row_say (
      row, ktm_text_new_plural ("Mixed model, {1} patient", "Mixed model, {1} patients", "i", n),
      NULL);
  row->rank = shown ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  return TRUE;
}

/* Who lacks which of the two scores. */
static KtmText *
left_out_text (const Change *c, const KtmPairs *pairs, gsize visit)
{
  long after = (long) pairs->n_no_after, before = (long) pairs->n_no_before,
       total = (long) pairs->n_total;

  if (before == 0 || after == 0)
    return ktm_text_new_plural (
        "{1} of {2} patients has no score at {3}.", "{1} of {2} patients have no score at {3}.",
        "iit", before == 0 ? after : before, total,
        before == 0 ? ktm_run_visit (c->run, visit) : ktm_run_before_text (c->run));
  return ktm_text_new_plural ("{1} of {2} patients has no score at {3} and {4} none at {5}.",
                              "{1} of {2} patients have no score at {3} and {4} none at {5}.",
                              "iitit", after, total, ktm_run_visit (c->run, visit), before,
                              ktm_run_before_text (c->run));
}

static void
warn_left_out (const Change *c, const KtmPairs *pairs, gsize visit, gboolean modelled)
{
  KtmReport *report = c->run->report;
  gsize out = pairs->n_total - pairs->n;

  if (out == 0)
    return;
  if (c->run->options->missing == KTM_MISSING_COMPLETERS && pairs->n_not_completer > 0)
    ktm_report_card_warn (
        report, ktm_text_new_plural ("{1} of {2} patients is no completer and is left out.",
                                     "{1} of {2} patients are not completers and are left out.",
                                     "ii", (long) out, (long) pairs->n_total));
  else
    ktm_report_card_warn (
        report,
        ktm_text_new (
            modelled ? N_ (
                "{1} The mixed model uses every score; the paired test only patients with both.")
                     : N_("{1} The paired test uses only patients with both."),
            "t", left_out_text (c, pairs, visit)));
}

static void
choose_test (Change *c, const KtmPairs *pairs)
{
  const char *reason;
  KtmPairedTest recommended = ktm_paired_test_recommend (c->run, pairs, &reason);

  if (!c->test_chosen)
    c->test = recommended;
  ktm_report_card_note (c->run->report, ktm_text_new (reason, ""));
  if (c->test_chosen && c->test != recommended)
    ktm_report_card_note (c->run->report,
                          ktm_text_new (N_("Another test was chosen by the reader."), ""));
}

static KtmText *
card_title (const Change *c, gsize visit, long group)
{
  KtmText *before =
      c->run->reference < 0 ? ktm_text_new (N_("Baseline"), "") : ktm_run_before_text (c->run);

  return group < 0
             ? ktm_text_new (N_("{1} → {2}"), "tt", before, ktm_run_visit (c->run, visit))
             : ktm_text_new (N_("{3}: {1} → {2}"), "tts", before, ktm_run_visit (c->run, visit),
                             ktm_run_group_label (c->run, group));
}

static void
say_no_change (const Change *c, const KtmPairs *pairs, KtmStatsStatus status)
{
  KtmReport *report = c->run->report;

  if (pairs->n == 0)
    ktm_report_card_say (
        report,
        ktm_text_new (N_("No patient has both scores, so there is no change to show."), ""));
  else if (pairs->n == 1)
    ktm_report_card_say (report,
                         ktm_text_new (N_("One patient has both scores and changed by {1}: a mean "
                                           "and its uncertainty need at least two."),
                                       "1", pairs->change[0]));
  else
    ktm_report_card_say (report, ktm_text_new ("{1}", "w", ktm_stats_status_text (status)));
}

/* Intervals that assume no distribution, on request. */
static void
add_bootstrap (const Change *c, const KtmPairs *pairs, gsize visit, long group)
{
  KtmRun *run = c->run;
  static const struct
  {
    KtmBootStatistic boot;
    const char *statistic;
    gboolean standardised;
  } wanted[] = {
    { KTM_BOOT_MEAN_DIFF_PAIRED, "mean_diff_bca", FALSE },
    { KTM_BOOT_MEDIAN_DIFF_PAIRED, "median_diff_bca", FALSE },
    { KTM_BOOT_D_Z, "d_z_bca", TRUE },
  };
  KtmBootOptions options = { .resamples = run->options->resamples,
                             .seed = run->options->has_seed ? run->options->seed : 1,
                             .level = run->level };

  for (gsize k = 0; run->options->resamples > 0 && k < G_N_ELEMENTS (wanted); k++)
    {
      KtmBootstrap b;
      KtmReportRow *row;
      KtmEstimate e;

      if (ktm_stats_bootstrap (wanted[k].boot, pairs->before, pairs->n, pairs->after, pairs->n,
                               &options, run->progress, &b)
          != KTM_STATS_OK)
        continue;
      e = (KtmEstimate) { b.value, b.se, b.bca_low, b.bca_high };
      row = ktm_run_add (run, wanted[k].statistic, "", (long) visit, group, (long) pairs->n);
      ktm_text_free (row->method);
      row->method =
          ktm_text_new (N_("bias-corrected and accelerated bootstrap, {1} resamples of patients"),
                        "i", (long) b.resamples);
      ktm_report_row_set_estimate (row, wanted[k].standardised ? ktm_run_improvement (run, e) : e,
                                   run->level);
      row->rank = k == 0 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
      run->report->has_seed = true;
      run->report->seed = options.seed;
    }
}

/* The card of one group at the last visit. */
static void
add_card (Change *c, gsize visit, long group)
{
  KtmRun *run = c->run;
  g_auto(KtmPairs) pairs = { 0 };
  KtmPaired p;
  KtmStatsStatus status;
  gboolean modelled;
  KtmText *mcid;

  ktm_run_pairs (run, visit, group, &pairs);
  ktm_report_add_card (run->report, card_title (c, visit, group),
                       ktm_text_new (N_("paired, n = {1}"), "i", (long) pairs.n));
  status = ktm_stats_paired (pairs.before, pairs.after, pairs.n, run->level,
                             pairs.n < 120 ? KTM_EXACT_IF_SMALL : KTM_EXACT_NEVER, &p);
  if (status == KTM_STATS_OK)
    {
      choose_test (c, &pairs);
      ktm_run_add_paired (run, &pairs, &p, visit, group, c->test, TRUE);
      add_bootstrap (c, &pairs, visit, group);
      ktm_report_card_say (run->report, ktm_run_change_sentence (run, p.mean_diff, pairs.n, visit));
      if (p.t_status == KTM_STATS_NO_VARIANCE)
        ktm_report_card_warn (
            run->report, ktm_text_new (N_("Every patient changed by the same amount, so there is "
                                           "no spread to measure an effect or a test against."),
                                       ""));
      mcid = ktm_run_mcid_text (run, p.mean_diff);
      if (mcid != NULL)
        ktm_report_card_note (run->report, mcid);
    }
  else
    say_no_change (c, &pairs, status);
  modelled = add_model_row (c, group, visit, TRUE);
  if (group < 0)
    {
      ktm_run_exclude_pairs (run, &pairs, visit);
      warn_left_out (c, &pairs, visit, modelled);
    }
  ktm_run_warn_filled (run, pairs.n_filled);
  if (pairs.n > 1)
    ktm_run_warn_few (run, ktm_run_group_label (run, group), pairs.n);
  if (group == 0)
    ktm_run_warn_same_start (run, run->by);
  ktm_run_note_no_arm (run);
}

/* One line a visit: did it come early, does it last? */
static gboolean
add_visits (Change *c)
{
  KtmRun *run = c->run;
  gsize n_earlier = 0;

  for (gsize k = 0; k < run->table.n_visits; k++)
    n_earlier += run->frame->visit_time[run->table.visit[k]]
                     > MAX (run->options->from, run->reference < 0 ? 0 : run->options->from)
                 && run->table.visit[k] != run->last;
  if (n_earlier == 0)
    return TRUE;
  ktm_report_add_card (run->report, ktm_text_new (N_("Change at each visit"), ""),
                       ktm_text_new (N_("mean [{1} % CI]"), "g", 100 * run->level))
      ->folded = true;
  for (gsize k = 0; k < run->table.n_visits; k++)
    {
      gsize visit = run->table.visit[k];
      g_auto(KtmPairs) pairs = { 0 };
      KtmPaired p;
      gsize at = run->report->n_rows;

      if (run->frame->visit_time[visit]
              <= MAX (run->options->from, run->reference < 0 ? 0 : run->options->from)
          || visit == run->last)
        continue;
      if (ktm_progress_stopped (run->progress))
        return FALSE;
      ktm_run_pairs (run, visit, -1, &pairs);
      if (ktm_stats_paired (pairs.before, pairs.after, pairs.n, run->level, KTM_EXACT_NEVER, &p)
          != KTM_STATS_OK)
        continue;
      ktm_run_add_paired (run, &pairs, &p, visit, -1, c->test, FALSE);
      run->report->rows[at].rank = KTM_RANK_SHOWN;
      ktm_report_row_say (
          &run->report->rows[at],
          ktm_text_new (N_("{1}, n = {2}"), "ti", ktm_run_visit (run, visit), (long) pairs.n),
          NULL);
      add_model_row (c, -1, visit, FALSE);
    }
  if (c->all.fit != NULL && !isnan (c->all.fit->time.p))
    {
      KtmReportRow *row =
          ktm_run_add (run, "mmrm_time_f", N_("F test of no change at any visit, mixed model"), -1,
                       -1, (long) c->all.n_subjects);

      ktm_report_row_set_test (row, N_("F"), c->all.fit->time);
      ktm_report_row_say (row, ktm_text_new (N_("Any change at any visit"), ""),
                          ktm_text_new ("{1}", "p", c->all.fit->time.p));
    }
  return TRUE;
}

static void
add_methods (const Change *c)
{
  KtmRun *run = c->run;
  KtmReport *report = run->report;
  g_auto(KtmPairs) pairs = { 0 };

  ktm_run_pairs (run, run->last, -1, &pairs);
  ktm_run_method_missing (run);
  if (pairs.n < 2)
    return;
  ktm_report_method (
      report,
      ktm_text_new (
          N_("The change of {1} from {2} to {3} was analysed in the {4} of {5} patients with both "
              "scores: mean change with a {6} % "
              "t interval, and the Wilcoxon signed-rank test (zeros dropped, mid-ranks)."),
          "sttiig", report->measure_label, ktm_run_before_text (run),
          ktm_run_visit (run, run->last), (long) pairs.n, (long) pairs.n_total, 100 * run->level));
  ktm_report_method (report,
                     ktm_text_new (N_("Cohen's d_av is the mean change divided by the root of the "
                                       "mean of the two variances, with the Algina–Keselman "
                                       "interval; it is positive for improvement."),
                                   ""));
  if (report->has_seed)
    {
      ktm_report_method (
          report, ktm_text_new (N_("Bootstrap intervals are bias-corrected and accelerated, from "
                                    "{1} resamples of patients (seed {2})."),
                                "ii", (long) run->options->resamples, (long) report->seed));
      ktm_report_cite (report,
                       "Efron B. Better bootstrap confidence intervals. JASA 1987;82:171-85.");
    }
  ktm_report_cite (report, "Lakens D. Calculating and reporting effect sizes to facilitate "
                           "cumulative science. Front Psychol 2013;4:863.");
  ktm_report_cite (report, "Algina J, Keselman HJ. Approximate confidence intervals for effect "
                           "sizes. Educ Psychol Meas 2003;63:537-53.");
}

static gboolean
fit_models (Change *c)
{
  KtmMmrmStructure structure;

  if (!c->run->options->model)
    return TRUE;
  ktm_run_structure (c->run, &structure);
  ktm_run_model (c->run, FALSE, structure, &c->all);
  if (c->run->n_groups > 0 && !ktm_progress_stopped (c->run->progress))
    ktm_run_model (c->run, TRUE, structure, &c->grouped);
  return !ktm_progress_stopped (c->run->progress);
}

static gboolean
check_test (Change *c, GError **error)
{
  const char *word = c->run->options->test;

  c->test_chosen = word != NULL;
  if (word == NULL || ktm_paired_test_parse (word, &c->test))
    return TRUE;
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("There is no paired test “%s”; there are: t, wilcoxon, sign."), word);
  return FALSE;
}

static gboolean
run_change (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
            KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  Change c = { .run = &run };

  if (!ktm_run_init (&run, frame, options, progress, report, error) || !check_test (&c, error))
    return FALSE;
  if (options->resamples > 0 && options->resamples < 100)
    {
      g_set_error_literal (
          error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
          _("A bootstrap needs at least 100 resamples (--resamples); 10000 is usual."));
      return FALSE;
    }
  if (!ktm_run_need_follow_up (&run, error))
    return FALSE;
  if (fit_models (&c))
    {
      add_card (&c, run.last, -1);
      for (long g = 0; g < (long) run.n_groups; g++)
        add_card (&c, run.last, g);
      if (add_visits (&c))
        add_methods (&c);
      if (options->model)
        ktm_run_model_describe (&run, &c.all);
    }
  ktm_run_model_clear (&c.all);
  ktm_run_model_clear (&c.grouped);
  return TRUE;
}

const KtmAnalysis ktm_analysis_change = {
  "change",
  N_("Change from baseline"),
  N_("How much did the same patients change from baseline to a visit?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_TEST
      | KTM_USES_STRUCTURE | KTM_USES_RESAMPLES | KTM_USES_SEED,
  TRUE,
  run_change,
};
