/* model/analysis: what the scores look like at each visit, in all patients and in each group. */
#include "ktm-analyses.h"
#include "ktm-run.h"

#include "ktm-describe.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gsize          n, n_total, n_filled;
  KtmDescription d;
  gboolean       described;
} Cell;

static void
describe (const KtmRun *run, gsize visit, long group, Cell *cell)
{
  g_autofree double *x = g_new (double, run->frame->n_patients + 1);

  *cell = (Cell) { 0 };
  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      double score = ktm_run_score (run, i, visit);

      if (!ktm_run_in_group (run, i, group))
        continue;
      cell->n_total++;
      if (isnan (score))
        continue;
      cell->n_filled += ktm_run_filled (run, i, visit);
      x[cell->n++] = score;
    }
  cell->described = ktm_stats_describe (x, cell->n, run->level, &cell->d) == KTM_STATS_OK;
}

static void
add_values (const KtmRun *run, long visit, long group, const Cell *cell)
{
  const KtmDescription *d = &cell->d;
  const struct { const char *statistic, *method; double value; } values[] = {
    { "sd", N_("standard deviation (n − 1)"), d->sd },
    { "se", N_("standard deviation / √n"), d->mean.se },
    { "min", N_("smallest value"), d->min },
    { "q1", N_("quartile, type 7"), d->q1 },
    { "q3", N_("quartile, type 7"), d->q3 },
    { "max", N_("largest value"), d->max },
    { "iqr", N_("upper minus lower quartile"), d->iqr },
    { "mad", N_("median absolute deviation from the median, unscaled"), d->mad },
    { "skewness", N_("third standardised moment"), d->skewness },
    { "excess_kurtosis", N_("fourth standardised moment minus 3"), d->excess_kurtosis },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    ktm_run_add_value (run, values[i].statistic, values[i].method, visit, group, (long) cell->n,
                       values[i].value);
}

static void
add_cell (const KtmRun *run, gsize visit, long group, const Cell *cell)
{
  long v = (long) visit, n = (long) cell->n;
  KtmReportRow *row;

  ktm_run_add_value (run, "n", N_("patients with a score"), v, group, n, (double) n);
  ktm_run_add_value (run, "n_missing", N_("patients without a score"), v, group, n,
                     (double) (cell->n_total - cell->n));
  if (run->table.filled != NULL)
    ktm_run_add_value (run, "n_filled", N_("scores filled in"), v, group, n,
                       (double) cell->n_filled);
  row = ktm_run_add (run, "mean", N_("arithmetic mean, t interval"), v, group, n);
  if (cell->described)
    {
      ktm_report_row_set_estimate (row, cell->d.mean, run->level);
      ktm_report_row_say (
          row, ktm_run_visit (run, visit),
          cell->n < 2
              ? ktm_text_new (N_("{1} · n {2}"), "1i", cell->d.mean.value, n)
              : ktm_text_new (N_("{1} ± {2} · n {3}"), "11i", cell->d.mean.value, cell->d.sd, n));
    }
  else
    ktm_report_row_say (row, ktm_run_visit (run, visit), ktm_text_new (N_("no score"), ""));
  if (!cell->described)
    return;
  row = ktm_run_add (run, "median", N_("median, interval of order statistics"), v, group, n);
  ktm_report_row_set_estimate (row, cell->d.median_ci, run->level);
  row->estimate = cell->d.median;
  row->rank = KTM_RANK_DETAIL;
  if (isnan (row->low))
    row->note = ktm_text_new (
        N_("Order statistics of {1} values cannot reach {2} %, so there is no interval."), "ig", n,
        100 * run->level);
  add_values (run, v, group, cell);
}

static KtmText *
sentence (const KtmRun *run, gsize visit, gsize last, const Cell *first_cell, const Cell *last_cell)
{
  double before = first_cell->d.mean.value, after = last_cell->d.mean.value;

  if (!first_cell->described || !last_cell->described || visit == last)
    return NULL;
  return ktm_text_new (
      N_("The mean was {1} at {2} (n = {3}) and {4} at {5} (n = {6}). "
          "These need not be the same patients: the change of each patient is another question."),
      "1ti1ti", before, ktm_run_visit (run, visit), (long) first_cell->n, after,
      ktm_run_visit (run, last), (long) last_cell->n);
}

static gboolean
add_group (const KtmRun *run, long group)
{
  Cell first = { 0 }, cell = { 0 };
  const KtmFrameTable *t = &run->table;
  KtmText *title = group < 0 ? ktm_text_new (N_("{1} by visit"), "s", run->report->measure_label)
                             : ktm_text_new ("{1}", "s", ktm_run_group_label (run, group));
  KtmReportCard *card =
      ktm_report_add_card (run->report, title, ktm_text_new (N_("mean ± SD"), ""));

  for (gsize c = 0; c < t->n_visits; c++)
    {
      if (ktm_progress_stopped (run->progress))
        return FALSE;
      describe (run, t->visit[c], group, &cell);
      add_cell (run, t->visit[c], group, &cell);
      if (c == 0)
        first = cell;
    }
  card = &run->report->cards[run->report->n_cards - 1];
  if (group < 0)
    card->sentence = sentence (run, t->visit[0], t->visit[t->n_visits - 1], &first, &cell);
  if (cell.n_total == 0)
    ktm_report_card_warn (run->report, ktm_text_new (N_("No patient is selected."), ""));
  else if (cell.n < cell.n_total && group < 0)
    ktm_report_card_warn (
        run->report,
        ktm_text_new_plural (
            "{1} of {2} patients has no score at {3}: later means describe those who stayed.",
            "{1} of {2} patients have no score at {3}: later means describe those who stayed.",
            "iit", (long) (cell.n_total - cell.n), (long) cell.n_total,
            ktm_run_visit (run, t->visit[t->n_visits - 1])));
  ktm_run_warn_filled (run, cell.n_filled);
  return TRUE;
}

static void
add_methods (const KtmRun *run)
{
  KtmReport *report = run->report;
  gsize scored = 0;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    scored += ktm_run_in_group (run, i, -1) && run->table_row[i] >= 0;
  ktm_report_method (
      report, ktm_text_new (N_("{1} was summarised at each visit (visits: {2}; patients: {3}) by "
                                "mean, standard deviation and median with quartiles; "
                                "{4} % intervals of means use the t distribution, those of medians "
                                "order statistics."),
                            "siig", report->measure_label, (long) run->table.n_visits,
                            (long) scored, 100 * run->level));
  ktm_run_method_missing (run);
  ktm_report_exclude (report, ktm_text_new (N_("no score at any selected visit"), ""),
                      (long) run->table.n_no_score);
  ktm_report_exclude (report,
                      ktm_text_new (N_("no baseline or no score at the last selected visit"), ""),
                      (long) run->table.n_not_completer);
  ktm_report_cite (
      report,
      "Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-5.");
}

static gboolean
run_summary (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
             KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  for (long g = -1; g < (long) run.n_groups; g++)
    if (!add_group (&run, g))
      break;
  add_methods (&run);
  return TRUE;
}

const KtmAnalysis ktm_analysis_summary = {
  "summary", N_("Scores by visit"), N_("How are the scores distributed at each visit?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING, FALSE, run_summary,
};
