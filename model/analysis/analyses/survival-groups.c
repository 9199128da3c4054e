/* model/analysis: time in relief of groups: medians, tests, restricted means. */
#include "survival-private.h"

#include <glib/gi18n-lib.h>

/* The largest time up to which every group's restricted mean exists. */
double
ktm_relief_common_tau (const KtmReliefRun *s)
{
  g_autofree double *time = g_new (double, s->relief.n + 1);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);
  double tau = INFINITY;

  for (long g = s->run->n_groups > 0 ? 0 : -1; g < (long) s->run->n_groups; g++)
    {
      gsize n = ktm_relief_take (s, g, time, event, NULL, NULL);
      double last = 0;

      for (gsize i = 0; i < n; i++)
        last = fmax (last, time[i]);
      if (n > 0)
        tau = fmin (tau, last);
    }
  return isfinite (tau) ? tau : 0;
}

static void
add_group_rows (KtmReliefRun *s, KtmSurvival *curves)
{
  KtmRun *run = s->run;
  g_autofree double *time = g_new (double, s->relief.n + 1);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);

  ktm_report_add_card (
      run->report, ktm_text_new (N_("Time in relief by {1}"), "s", ktm_attribute_label (run->by)),
      ktm_text_new (N_("median {1} [{2} % CI]"), "wg", ktm_relief_unit (s), 100 * run->level));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      gsize n = ktm_relief_take (s, (long) g, time, event, NULL, NULL);
      KtmReportRow *row;

      if (n == 0 || ktm_survival (time, event, n, run->level, &curves[g]) != KTM_STATS_OK)
        continue;
      row = ktm_relief_add_row (s, "events", N_("patients who lost relief by the rule"), (long) g,
                                n, KTM_RANK_DETAIL);
      row->estimate = (double) curves[g].n_events;
      ktm_relief_add_median (s, &curves[g], (long) g, KTM_RANK_SHOWN);
      ktm_relief_add_milestones (s, &curves[g], (long) g);
      ktm_run_warn_few (run, ktm_run_group_label (run, (long) g), n);
    }
}

static void
add_rmst_rows (KtmReliefRun *s, const KtmSurvival *curves)
{
  KtmRun *run = s->run;

  ktm_report_add_card (run->report, ktm_text_new (N_("Mean time in relief"), ""),
                       ktm_text_new (N_("within {1}"), "t", ktm_run_duration (s->run, s->tau)));
  for (gsize g = 0; g < run->n_groups; g++)
    if (curves[g].n > 0)
      ktm_relief_add_rmst (s, &curves[g], (long) g, KTM_RANK_SHOWN);
  for (gsize a = 0; a < run->n_groups; a++)
    for (gsize b = a + 1; b < run->n_groups; b++)
      {
        KtmEstimate e;
        KtmTest test;
        KtmReportRow *row;

        if (curves[a].n == 0 || curves[b].n == 0
            || ktm_survival_rmst_difference (&curves[a], &curves[b], s->tau, &e, &test)
                   != KTM_STATS_OK)
          continue;
        row = ktm_relief_add_row (s, "rmst_difference",
                                  N_("difference of the restricted means; z test"), -1,
                                  curves[a].n, KTM_RANK_DETAIL);
        ktm_report_row_set_group (row, ktm_run_group_label (run, (long) a),
                                  ktm_run_group_label (run, (long) b));
        row->n2 = (long) curves[b].n;
        row->time = s->tau;
        ktm_report_row_set_estimate (row, e, run->level);
        ktm_report_row_set_test (row, N_("z"), test);
      }
}

typedef struct
{
  gsize  n, n_groups;
  double *time;
  bool   *event;
  gsize  *group, *stratum, *patient;
} Sample;

static void
sample_clear (Sample *sample)
{
  g_free (sample->time);
  g_free (sample->event);
  g_free (sample->group);
  g_free (sample->stratum);
  g_free (sample->patient);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

/* Patients of groups a and b, or of all groups where a is −1. */
static void
sample_groups (const KtmReliefRun *s, long a, long b, const KtmFrameAttribute *stratum, Sample *out)
{
  gsize room = s->relief.n + 1;

  *out = (Sample){ 0,
                   a < 0 ? s->run->n_groups : 2,
                   g_new (double, room),
                   g_new (bool, room),
                   g_new (gsize, room),
                   g_new (gsize, room),
                   g_new (gsize, room) };
  for (gsize i = 0; i < s->relief.n; i++)
    {
      long g = s->run->group_of[s->relief.row[i]];
      double level = stratum != NULL ? stratum->value[s->relief.row[i]] : 0;

      if (g < 0 || (a >= 0 && g != a && g != b) || isnan (level))
        continue;
      out->time[out->n] = s->relief.time[i];
      out->event[out->n] = s->relief.event[i];
      out->group[out->n] = a < 0 ? (gsize) g : g == b;
      out->stratum[out->n] = (gsize) level;
      out->patient[out->n++] = s->relief.row[i];
    }
}

static double
pairwise (const KtmReliefRun *s, const KtmFrameAttribute *stratum)
{
  const KtmRun *run = s->run;
  gsize pairs = run->n_groups * (run->n_groups - 1) / 2, k = 0;
  g_autofree double *p = g_new (double, pairs + 1);
  double smallest = NAN;
  gsize first = run->report->n_rows;

  for (gsize a = 0; a < run->n_groups; a++)
    for (gsize b = a + 1; b < run->n_groups; b++)
      {
        g_auto(Sample) sample = { 0 };
        KtmTest test = { NAN, NAN, NAN, NAN };
        KtmReportRow *row;

        sample_groups (s, (long) a, (long) b, stratum, &sample);
        if (ktm_logrank (sample.time, sample.event, sample.group,
                         stratum != NULL ? sample.stratum : NULL, sample.n, 2, KTM_LOGRANK, NULL,
                         NULL, &test)
            != KTM_STATS_OK)
          test.p = NAN;
        row = ktm_relief_add_row (s, "logrank_chi2",
                                  stratum != NULL ? N_("log-rank test of two groups within strata")
                                                  : N_("log-rank test of two groups"),
                                  -1, sample.n, KTM_RANK_DETAIL);
        if (stratum != NULL)
          ktm_report_row_set_subject (row, stratum->id);
        ktm_report_row_set_group (row, ktm_run_group_label (run, (long) a),
                                  ktm_run_group_label (run, (long) b));
        if (!isnan (test.p))
          ktm_report_row_set_test (row, N_("Log-rank"), test);
        p[k++] = test.p;
      }
  if (ktm_stats_adjust (ktm_run_adjust (run), p, pairs, p) == KTM_STATS_OK)
    for (gsize i = 0; i < pairs; i++)
      {
        run->report->rows[first + i].p_adjusted = p[i];
        smallest = fmin (smallest, p[i]);
      }
  return smallest;
}

static void
add_logrank (KtmReliefRun *s, const KtmFrameAttribute *stratum)
{
  KtmRun *run = s->run;
  g_auto(Sample) sample = { 0 };
  g_autofree double *observed = g_new0 (double, run->n_groups),
                    *expected = g_new0 (double, run->n_groups);
  KtmTest test;
  KtmReportRow *row;
  double smallest;

  sample_groups (s, -1, -1, stratum, &sample);
  ktm_report_add_card (
      run->report, ktm_text_new (N_("Do the groups differ?"), ""),
      ktm_text_new (N_("{1} groups, n = {2}"), "ii", (long) run->n_groups, (long) sample.n));
  if (ktm_logrank (sample.time, sample.event, sample.group, stratum != NULL ? sample.stratum : NULL,
                   sample.n, run->n_groups, KTM_LOGRANK, observed, expected, &test)
      != KTM_STATS_OK)
    {
      ktm_report_card_say (
          run->report,
          ktm_text_new (N_("The groups cannot be compared: too few patients lost relief."), ""));
      return;
    }
  row = ktm_relief_add_row (s, "logrank_chi2",
                 stratum != NULL ? N_("log-rank test within strata") : N_("log-rank test"), -1,
                 sample.n, KTM_RANK_SHOWN);
  ktm_report_row_set_test (row, N_("Log-rank"), test);
  if (stratum != NULL)
    ktm_report_row_set_subject (row, stratum->id);
  ktm_report_row_say (
      row,
      stratum != NULL ? ktm_text_new (N_("Log-rank within {1}"), "s", ktm_attribute_label (stratum))
                      : ktm_text_new (N_("Log-rank"), ""),
      ktm_text_new (N_("χ² = {1}, df {2}, {3}"), "20p", test.statistic, test.df, test.p));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      row = ktm_relief_add_row (s, "events",
                     N_("lost relief, with the number expected if the groups did not differ"),
                     (long) g, sample.n, KTM_RANK_DETAIL);
      row->estimate = observed[g];
      ktm_report_row_set_subject (row, "observed");
      ktm_report_row_say (
          row, NULL, ktm_text_new (N_("{1} lost, {2} expected"), "01", observed[g], expected[g]));
      row->note = ktm_text_new (N_("expected {1}"), "2", expected[g]);
    }
  if (ktm_logrank (sample.time, sample.event, sample.group, stratum != NULL ? sample.stratum : NULL,
                   sample.n, run->n_groups, KTM_LOGRANK_PETO, NULL, NULL, &test)
      == KTM_STATS_OK)
    {
      row =
          ktm_relief_add_row (s, "peto_chi2", N_("Peto and Peto's test, early losses weigh more"),
                              -1, sample.n, KTM_RANK_SHOWN);
      ktm_report_row_set_test (row, N_("Peto"), test);
      ktm_report_row_say (row, ktm_text_new (N_("Peto, early losses weigh more"), ""),
                          ktm_text_new ("{1}", "p", test.p));
    }
  if (run->n_groups < 3)
    return;
  smallest = pairwise (s, stratum);
  if (!isnan (smallest))
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("Smallest of {1} pairs ({2}): {3}."), "iwp",
                                        (long) (run->n_groups * (run->n_groups - 1) / 2),
                                        ktm_run_adjust_text (run), smallest));
}

void
ktm_relief_add_groups (KtmReliefRun *s, const KtmFrameAttribute *stratum)
{
  g_autofree KtmSurvival *curves = g_new0 (KtmSurvival, s->run->n_groups + 1);

  if (s->run->n_groups == 0)
    return;
  add_group_rows (s, curves);
  if (s->run->n_groups > 1)
    {
      add_logrank (s, stratum);
      add_rmst_rows (s, curves);
    }
  for (gsize g = 0; g < s->run->n_groups; g++)
    ktm_survival_clear (&curves[g]);
}

