/* model/analysis: every measure side by side: before and after, both percentages, effect size and
 * test, and whether the measures change together. */
#include "ktm-analyses.h"
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-run-groups.h"
#include "ktm-run-paired.h"

#include <glib/gi18n-lib.h>

/* What one measure gave. */
typedef struct
{
  double *change;   /* n_patients: improvement, so that better is above 0; NaN none */
  double  p;
  gsize   test_row; /* of the report, meaningful where p is not NaN */
  const char *test; /* N_() */
} Outcome;

typedef struct
{
  const KtmRun *main;      /* of the request: words, levels, correction */
  Outcome      *outcomes;  /* one a measure */
} Measures;

static void
take_number (const KtmRun *run, gsize start, const char *statistic, KtmRank rank, KtmText *label,
             KtmText *value)
{
  for (gsize i = start; i < run->report->n_rows; i++)
    {
      KtmReportRow *row = &run->report->rows[i];

      if (g_strcmp0 (row->statistic, statistic) != 0)
        continue;
      row->rank = rank;
      ktm_report_row_say (row, label, value);
      return;
    }
  ktm_text_free (label);
  ktm_text_free (value);
}

static KtmReportRow *
find_row (const KtmRun *run, gsize start, const char *statistic)
{
  for (gsize i = start; i < run->report->n_rows; i++)
    if (g_strcmp0 (run->report->rows[i].statistic, statistic) == 0)
      return &run->report->rows[i];
  return NULL;
}

/* What is read first stands first: where the patients were, then how much they changed. */
static void
swap_rows (const KtmRun *run, gsize start, const char *one, const char *two)
{
  KtmReportRow *a = find_row (run, start, one), *b = find_row (run, start, two), keep;

  if (a == NULL || b == NULL)
    return;
  keep = *a;
  *a = *b;
  *b = keep;
}

/* The rows of a paired comparison, cut down to what stands in a table of many measures. */
static void
shorten (const KtmRun *run, gsize start, const KtmPaired *p)
{
  const KtmReportRow *row;

  swap_rows (run, start, "mean_diff", "mean_y");
  swap_rows (run, start, "mean_percent_change", "percent_change_of_means");
  row = find_row (run, start, "mean_percent_change");
  take_number (run, start, "mean_y", KTM_RANK_SHOWN, ktm_text_new (N_("Before → after"), ""), NULL);
  take_number (run, start, "mean_diff", KTM_RANK_SHOWN,
               ktm_text_new (N_("Mean change [{1} % CI]"), "g", 100 * run->level), NULL);
  take_number (run, start, "median_percent_change", KTM_RANK_DETAIL, NULL, NULL);
  if (p->mean_x != 0)
    take_number (run, start, "percent_change_of_means", KTM_RANK_SHOWN,
                 ktm_text_new (N_("% change of the means"), ""),
                 ktm_text_new (N_("{1} %"), "0", 100 * p->mean_diff.value / p->mean_x));
  if (row != NULL)
    take_number (run, start, "mean_percent_change", KTM_RANK_SHOWN,
                 ktm_text_new (N_("Mean of the individual % changes"), ""),
                 (gsize) row->n < p->n ? ktm_text_new (N_("{1} % (n = {2})"), "0i", row->estimate,
                                                       row->n)
                                       : ktm_text_new (N_("{1} %"), "0", row->estimate));
}

static void
take_test (const KtmRun *run, gsize start, KtmPairedTest first, Outcome *out)
{
  static const char *const keys[] = { "t", "wilcoxon_v", "sign_test_p" };
  static const char *const names[] = { N_("Paired t test"), N_("Wilcoxon signed-rank"),
                                       N_("Sign test") };

  for (gsize i = start; i < run->report->n_rows; i++)
    if (g_strcmp0 (run->report->rows[i].statistic, keys[first]) == 0)
      {
        out->test_row = i;
        out->test = names[first];
        out->p = run->report->rows[i].p;
      }
}

static void
add_n (const KtmRun *run, gsize n, gsize visit)
{
  KtmReportRow *row = ktm_run_add_value (run, "n", N_("patients with both scores"), (long) visit,
                                         -1, (long) n, (double) n);

  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("n"), ""), ktm_text_new ("{1}", "i", (long) n));
}

/* A rating that exists only after treatment, such as a global impression of change. */
static void
add_after_only (const KtmRun *run, gsize visit)
{
  g_autofree double *x = g_new (double, run->frame->n_patients + 1);
  KtmDescription d;
  gsize n = 0;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (!isnan (ktm_run_score (run, i, visit)))
      x[n++] = ktm_run_score (run, i, visit);
  add_n (run, n, visit);
  if (ktm_stats_describe (x, n, run->level, &d) == KTM_STATS_OK && n > 1)
    {
      KtmReportRow *row =
          ktm_run_add (run, "mean", N_("arithmetic mean, t interval"), (long) visit, -1, (long) n);

      ktm_report_row_set_estimate (row, d.mean, run->level);
      ktm_report_row_say (row, ktm_text_new (N_("Before → after"), ""),
                          ktm_text_new (N_("– → {1} ± {2}"), "11", d.mean.value, d.sd));
    }
  ktm_report_card_note (
      run->report,
      n == 0 ? ktm_text_new (N_("{1} has no score at these visits."), "s",
                             run->report->measure_label)
             : ktm_text_new (N_("{1} has too few pairs of scores before and after, so there is no "
                                 "change of it to compute."),
                             "s", run->report->measure_label));
}

static void
take_changes (const KtmRun *run, const KtmPairs *pairs, Outcome *out)
{
  for (gsize i = 0; i < pairs->n; i++)
    out->change[pairs->patient[i]] = run->sign * pairs->change[i];
}

static void
add_measure (const KtmRun *run, Outcome *out)
{
  g_auto (KtmPairs) pairs = { 0 };
  gsize start = run->report->n_rows;
  const char *reason;
  KtmReportCard *card;
  KtmPaired p;

  card = ktm_report_add_card (
      run->report, ktm_text_new ("{1}", "s", run->report->measure_label),
      ktm_text_new (run->m->lower_better ? N_("{1} → {2}, lower is better")
                                         : N_("{1} → {2}, higher is better"),
                    "tt", ktm_run_before_text (run), ktm_run_visit (run, run->last)));
  card->tabular = TRUE;
  ktm_run_pairs (run, run->last, -1, &pairs);
  take_changes (run, &pairs, out);
  if (ktm_run_time (run, run->last) <= run->options->from
      || ktm_stats_paired (pairs.before, pairs.after, pairs.n, run->level, KTM_EXACT_IF_SMALL, &p)
             != KTM_STATS_OK)
    add_after_only (run, run->last);
  else
    {
      KtmPairedTest first = ktm_paired_test_recommend (run, &pairs, &reason);

      if (run->options->test != NULL)
        ktm_paired_test_parse (run->options->test, &first);
      add_n (run, p.n, run->last);
      ktm_run_add_paired (run, &pairs, &p, run->last, -1, first, TRUE);
      shorten (run, start, &p);
      take_test (run, start, first, out);
      ktm_run_warn_few (run, NULL, p.n);
      ktm_run_warn_filled (run, pairs.n_filled);
    }
  for (gsize i = start; i < run->report->n_rows; i++)
    ktm_report_row_set_subject (&run->report->rows[i], run->m->id);
}

/* The last visit up to @to at which anybody has a score of @m; @to where there is none. */
static double
last_time (const KtmFrame *f, const KtmFrameMeasure *m, double to)
{
  for (gsize v = f->n_visits; v-- > 0; )
    for (gsize i = 0; f->visit_time[v] <= to + 1e-6 && i < f->n_patients; i++)
      if (!isnan (m->value[i * f->n_visits + v]))
        return f->visit_time[v];
  return to;
}

static void
forget_measure (KtmReport *report)
{
  g_clear_pointer (&report->measure, free);
  g_clear_pointer (&report->measure_label, free);
  g_clear_pointer (&report->unit, free);
}

static gboolean
run_measure (Measures *all, gsize m, GError **error)
{
  const KtmFrame *f = all->main->frame;
  KtmReport *report = all->main->report;
  g_autoptr (KtmAnalysisOptions) own = ktm_analysis_options_copy (all->main->options);
  g_auto (KtmRun) run = { 0 };

  g_free (own->measure);
  own->measure = g_strdup (f->measures[m].id);
  own->to = MAX (own->from, last_time (f, &f->measures[m], own->to));
  if (own->missing == KTM_MISSING_WORST
      && isnan (f->measures[m].lower_better ? f->measures[m].max : f->measures[m].min))
    own->missing = KTM_MISSING_AVAILABLE;
  forget_measure (report);
  if (!ktm_run_init (&run, f, own, all->main->progress, report, error))
    return FALSE;
  add_measure (&run, &all->outcomes[m]);
  if (own->missing != all->main->options->missing)
    ktm_report_card_warn (report, ktm_text_new (N_("This measure has no known scale ends: its "
                                                    "missing scores were left missing."),
                                                ""));
  return TRUE;
}

/* --- several tests ---------------------------------------------------------------------------- */

static void
say_tests (const Measures *all, gsize n)
{
  g_autofree double *p = g_new (double, n + 1), *adjusted = g_new (double, n + 1);
  KtmAdjust method = ktm_run_adjust (all->main);
  gsize tests = 0;

  for (gsize m = 0; m < n; m++)
    {
      p[m] = all->outcomes[m].p;
      tests += !isnan (p[m]);
    }
  if (ktm_stats_adjust (method, p, n, adjusted) != KTM_STATS_OK)
    return;
  for (gsize m = 0; m < n; m++)
    if (!isnan (p[m]))
      {
        KtmReportRow *row = &all->main->report->rows[all->outcomes[m].test_row];

        row->p_adjusted = method != KTM_ADJUST_NONE && tests > 1 ? adjusted[m] : NAN;
        row->rank = KTM_RANK_SHOWN;
        ktm_report_row_say (
            row, ktm_text_new (N_("Test"), ""),
            isnan (row->p_adjusted)
                ? ktm_text_new (N_("{1}: {2}"), "wp", all->outcomes[m].test, p[m])
                : ktm_text_new (N_("{1}: {2} · {3} {4}"), "wpwq", all->outcomes[m].test, p[m],
                                ktm_run_adjust_text (all->main), adjusted[m]));
      }
  if (tests > 1 && method == KTM_ADJUST_NONE)
    ktm_report_warn (all->main->report,
                     ktm_text_new (N_("{1} measures were tested without correction for their "
                                       "number."),
                                   "i", (long) tests));
  else if (tests > 1)
    ktm_report_method (all->main->report,
                       ktm_text_new (N_("The p-values of {1} measures were corrected together "
                                         "({2})."),
                                     "iw", (long) tests, ktm_run_adjust_text (all->main)));
}

/* --- do they change together? ----------------------------------------------------------------- */

static gboolean
add_pair (const Measures *all, gsize a, gsize b, double *x, double *y)
{
  const KtmFrame *f = all->main->frame;
  const KtmFrameMeasure *one = &f->measures[a], *two = &f->measures[b];
  g_autofree char *subject = g_strdup_printf ("%s × %s", one->id, two->id);
  KtmCorrelation c;
  KtmReportRow *row;
  gsize n = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    if (!isnan (all->outcomes[a].change[i]) && !isnan (all->outcomes[b].change[i]))
      {
        x[n] = all->outcomes[a].change[i];
        y[n++] = all->outcomes[b].change[i];
      }
  if (n < 4 || ktm_stats_correlation (x, y, n, all->main->level, &c) != KTM_STATS_OK)
    return FALSE;
  row = ktm_run_add (all->main, "spearman_rho",
                     N_("of improvements; mid-ranks; t test; Bonett–Wright interval"), -1, -1,
                     (long) n);
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_estimate (row, c.spearman, all->main->level);
  ktm_report_row_set_test (row, N_("Spearman"), c.spearman_test);
  ktm_report_row_say (row,
                      ktm_text_new (N_("{1} × {2}"), "ss", one->label ? one->label : one->id,
                                    two->label ? two->label : two->id),
                      ktm_text_new (N_("{1} [{2}, {3}], n = {4} · {5}"), "222ip", c.spearman.value,
                                    c.spearman.low, c.spearman.high, (long) n,
                                    c.spearman_test.p));
  return TRUE;
}

static void
adjust_pairs (const Measures *all, gsize start)
{
  KtmReport *report = all->main->report;
  gsize n = report->n_rows - start;
  g_autofree double *p = g_new (double, n + 1);
  KtmAdjust method = ktm_run_adjust (all->main);

  for (gsize i = 0; i < n; i++)
    p[i] = report->rows[start + i].p;
  if (method == KTM_ADJUST_NONE || n < 2 || ktm_stats_adjust (method, p, n, p) != KTM_STATS_OK)
    return;
  for (gsize i = 0; i < n; i++)
    report->rows[start + i].p_adjusted = p[i];
}

static void
add_correlations (const Measures *all)
{
  const KtmFrame *f = all->main->frame;
  g_autofree double *x = g_new (double, f->n_patients + 1), *y = g_new (double, f->n_patients + 1);
  KtmReport *report = all->main->report;
  gsize start = report->n_rows, pairs = 0;

  if (f->n_measures < 2)
    return;
  ktm_report_add_card (report, ktm_text_new (N_("Do the measures change together?"), ""),
                       ktm_text_new (N_("Spearman ρ of the improvements"), ""));
  for (gsize a = 0; a < f->n_measures; a++)
    for (gsize b = a + 1; b < f->n_measures; b++)
      pairs += add_pair (all, a, b, x, y);
  adjust_pairs (all, start);
  ktm_report_card_say (
      report,
      pairs > 0
          ? ktm_text_new (N_("Above 0: patients who improve more in one measure improve more in "
                              "the other. The p-values shown are not corrected."),
                          "")
          : ktm_text_new (N_("No two measures have enough patients whose change is known in "
                              "both."),
                          ""));
}

static void
add_methods (const Measures *all)
{
  ktm_report_method (
      all->main->report,
      ktm_text_new (N_("For each measure the same patients were compared before and after. Two "
                        "percentages are given, which differ: the change of the group's mean in "
                        "percent of its mean before, and the mean of the patients' own changes "
                        "in percent of their scores before."),
                    ""));
  ktm_run_method_missing (all->main);
  ktm_report_method (all->main->report,
                     ktm_text_new (N_("Effect sizes are Cohen's d_av, positive for improvement. "
                                       "Improvements were correlated by Spearman's ρ."),
                                   ""));
  ktm_report_cite (all->main->report, "Lakens D. Front Psychol 2013;4:863.");
  ktm_report_cite (all->main->report,
                   "Bonett DG, Wright TA. Psychometrika 2000;65:23-8.");
}

static gboolean
check_test (const KtmAnalysisOptions *options, GError **error)
{
  KtmPairedTest test;

  if (options->test == NULL || ktm_paired_test_parse (options->test, &test))
    return TRUE;
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("There is no test “%s” of a change; there are: t, wilcoxon, sign."),
               options->test);
  return FALSE;
}

static gboolean
run_measures (const KtmFrame *frame, const KtmAnalysisOptions *options,
              const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto (KtmRun) run = { 0 };
  Measures all = { .main = &run };
  gboolean ok = TRUE;

  if (!check_test (options, error)
      || !ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  all.outcomes = g_new0 (Outcome, frame->n_measures + 1);
  for (gsize m = 0; ok && m < frame->n_measures; m++)
    {
      all.outcomes[m].p = NAN;
      all.outcomes[m].change = g_new (double, frame->n_patients + 1);
      for (gsize i = 0; i < frame->n_patients; i++)
        all.outcomes[m].change[i] = NAN;
      ok = run_measure (&all, m, error) && !ktm_progress_stopped (progress);
      ktm_progress_report (progress, (double) (m + 1) / (double) frame->n_measures);
    }
  forget_measure (report);
  if (ok)
    {
      say_tests (&all, frame->n_measures);
      add_correlations (&all);
      ktm_run_note_no_arm (&run);
      add_methods (&all);
    }
  for (gsize m = 0; m < frame->n_measures; m++)
    g_free (all.outcomes[m].change);
  g_free (all.outcomes);
  return ok || (error != NULL && *error == NULL);
}

const KtmAnalysis ktm_analysis_measures = {
  "measures",
  N_("All measures"),
  N_("How did every measure change, and do the measures change together?"),
  KTM_USES_VISITS | KTM_USES_MISSING | KTM_USES_TEST | KTM_USES_ADJUST,
  FALSE,
  run_measures,
};
