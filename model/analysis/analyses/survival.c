/* model/analysis: how long relief lasts, by a stated rule. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"

#include "ktm-cox.h"
#include "ktm-multiplicity.h"
#include "ktm-relief.h"
#include "ktm-survival.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  KtmRun       *run;
  KtmReliefRule rule;
  KtmRelief     relief;
  double        tau;      /* restricted means to here */
} Survival;

/* Times of one group (−1: all), in arrays with room for everybody. */
static gsize
take (const Survival *s, long group, double *time, bool *event, double *left, double *right)
{
  gsize n = 0;

  for (gsize i = 0; i < s->relief.n; i++)
    if (ktm_run_in_group (s->run, s->relief.row[i], group))
      {
        time[n] = s->relief.time[i];
        event[n] = s->relief.event[i];
        if (left != NULL)
          {
            left[n] = s->relief.left[i];
            right[n] = s->relief.right[i];
          }
        n++;
      }
  return n;
}

static KtmReportRow *
add_row (const Survival *s, const char *statistic, const char *method, long group, gsize n,
         KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (s->run, statistic, method, -1, group, (long) n);

  row->rank = rank;
  return row;
}

static KtmText *
limits_text (double value, double low, double high)
{
  if (isnan (value))
    return ktm_text_new (N_("not reached"), "");
  if (isnan (low) && isnan (high))
    return ktm_text_new ("{1}", "g", value);
  if (isnan (high))
    return ktm_text_new (N_("{1} [{2}, not reached]"), "gg", value, low);
  return ktm_text_new ("{1} [{2}, {3}]", "ggg", value, low, high);
}

static void
add_median (const Survival *s, const KtmSurvival *curve, long group, KtmRank rank)
{
  KtmEstimate median = ktm_survival_quantile (curve, 0.5);
  KtmReportRow *row = add_row (s, "median_time",
                               N_("time at which the Kaplan–Meier curve falls to one half; "
                                   "interval where its log–log limits do"),
                               group, curve->n, rank);

  ktm_report_row_set_estimate (row, median, s->run->level);
  ktm_report_row_say (row,
                      group < 0 ? ktm_text_new (N_("Median time in relief"), "")
                                : ktm_text_new ("{1}", "s", ktm_run_group_label (s->run, group)),
                      limits_text (median.value, median.low, median.high));
}

static void
add_milestones (const Survival *s, const KtmSurvival *curve, long group)
{
  static const double at[] = { 3, 6, 9, 12 };

  for (gsize i = 0; i < G_N_ELEMENTS (at); i++)
    {
      KtmEstimate e = ktm_survival_at (curve, at[i]);
      KtmReportRow *row;

      if (isnan (e.value))
        continue;
      row = add_row (s, "survival", N_("Kaplan–Meier; Greenwood's variance on the log–log scale"),
                     group, curve->n, group < 0 && at[i] == 6 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);
      row->time = at[i];
      ktm_report_row_set_estimate (row, e, s->run->level);
      if (!isnan (e.low) && !isnan (e.high))
        ktm_report_row_say (
            row, ktm_text_new (N_("Still in relief after {1}"), "g", at[i]),
            ktm_text_new ("{1} % [{2}, {3}]", "000", 100 * e.value, 100 * e.low, 100 * e.high));
      else
        ktm_report_row_say (row, ktm_text_new (N_("Still in relief after {1}"), "g", at[i]),
                            ktm_text_new ("{1} %", "0", 100 * e.value));
    }
}

static void
add_rmst (const Survival *s, const KtmSurvival *curve, long group, KtmRank rank)
{
  KtmEstimate e;
  KtmReportRow *row;

  if (!(s->tau > 0) || ktm_survival_rmst (curve, s->tau, &e) != KTM_STATS_OK)
    return;
  row = add_row (s, "rmst", N_("area under the Kaplan–Meier curve"), group, curve->n, rank);
  row->time = s->tau;
  ktm_report_row_set_estimate (row, e, s->run->level);
  ktm_report_row_say (row,
                      group < 0 ? ktm_text_new (N_("Mean time in relief within {1}"), "g", s->tau)
                                : ktm_text_new ("{1}", "s", ktm_run_group_label (s->run, group)),
                      NULL);
}

/* What a mean of the times, censored ones included, would have said. */
static void
add_naive (const Survival *s, const double *time, gsize n, const KtmSurvival *curve)
{
  double sum = 0;
  KtmReportRow *row;

  for (gsize i = 0; i < n; i++)
    sum += time[i];
  row =
      add_row (s, "naive_mean_time",
               N_("mean of all times, the censored ones as if relief had ended there: too short"),
               -1, n, KTM_RANK_SHOWN);
  row->estimate = sum / (double) n;
  ktm_report_row_say (row, ktm_text_new (N_("Mean of the times, censoring ignored"), ""),
                      ktm_text_new (N_("{1}, misleading"), "1", sum / (double) n));
  if (curve->n_events < n)
    ktm_report_card_note (s->run->report,
                          ktm_text_new (N_("The plain mean of the times treats patients still in "
                                            "relief as if it had ended when they were last seen."),
                                        ""));
}

static void
add_turnbull (const Survival *s, const double *left, const double *right, gsize n)
{
  KtmTurnbull curve;
  KtmReportRow *row;
  double from, to;

  if (ktm_turnbull (left, right, n, &curve) != KTM_STATS_OK)
    return;
  ktm_turnbull_quantile (&curve, 0.5, &from, &to);
  row = add_row (s, "turnbull_median",
                 N_("nonparametric maximum likelihood for times known only to lie between two "
                     "visits (Turnbull)"),
                 -1, n, KTM_RANK_SHOWN);
  row->estimate = isfinite (to) ? (from + to) / 2 : NAN;
  if (!isnan (from) && isfinite (to))
    row->note = ktm_text_new (N_("between {1} and {2}"), "gg", from, to);
  ktm_report_row_say (row, ktm_text_new (N_("Median, known between visits only"), ""),
                      isnan (from)    ? ktm_text_new (N_("not reached"), "")
                      : isfinite (to) ? ktm_text_new (N_("between {1} and {2}"), "gg", from, to)
                                      : ktm_text_new (N_("after {1}"), "g", from));
  ktm_turnbull_clear (&curve);
}

static void
describe_rule (const Survival *s)
{
  const KtmRelief *x = &s->relief;
  KtmReport *report = s->run->report;
  gsize censored = x->n - x->n_events;

  ktm_report_card_note (
      report,
      ktm_text_new ("{1}.", "t", ktm_relief_rule_text (&s->rule, s->run->frame, s->run->measure)));
  ktm_report_card_say (
      report, ktm_text_new (N_("{1} of {2} patients who could be judged gained relief; {3} lost "
                                "it, {4} are censored ({5} of them with no later score)."),
                            "iiiii", (long) x->n, (long) x->n_seen, (long) x->n_events,
                            (long) censored, (long) x->n_no_later));
  ktm_report_exclude (report, ktm_text_new (N_("no baseline score"), ""), (long) x->n_no_baseline);
  ktm_report_exclude (report, ktm_text_new (N_("baseline of 0"), ""), (long) x->n_zero_baseline);
  ktm_report_exclude (report, ktm_text_new (N_("not seen in time to gain relief"), ""),
                      (long) x->n_not_seen);
  ktm_report_exclude (report, ktm_text_new (N_("never gained relief"), ""), (long) x->n_never);
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
add_all (Survival *s)
{
  gsize room = s->relief.n + 1;
  g_autofree double *time = g_new (double, room), *left = g_new (double, room),
                    *right = g_new (double, room);
  g_autofree bool *event = g_new (bool, room);
  gsize n = take (s, -1, time, event, left, right);
  KtmSurvival curve;
  KtmReportRow *row;

  ktm_report_add_card (s->run->report, ktm_text_new (N_("Time in relief"), ""),
                       ktm_text_new (N_("Kaplan–Meier, n = {1}"), "i", (long) n));
  describe_rule (s);
  row = add_row (s, "gained", N_("patients who gained relief by the rule"), -1, s->relief.n_seen,
                 KTM_RANK_DETAIL);
  row->estimate = (double) n;
  row = add_row (s, "events", N_("patients who lost relief by the rule"), -1, n, KTM_RANK_DETAIL);
  row->estimate = (double) s->relief.n_events;
  if (n == 0 || ktm_survival (time, event, n, s->run->level, &curve) != KTM_STATS_OK)
    return;
  add_median (s, &curve, -1, KTM_RANK_HEADLINE);
  add_milestones (s, &curve, -1);
  add_rmst (s, &curve, -1, KTM_RANK_SHOWN);
  add_turnbull (s, left, right, n);
  add_naive (s, time, n, &curve);
  ktm_survival_clear (&curve);
}

/* --- groups ----------------------------------------------------------------------------------- */

/* The largest time up to which every group's restricted mean exists. */
static double
common_tau (const Survival *s)
{
  g_autofree double *time = g_new (double, s->relief.n + 1);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);
  double tau = INFINITY;

  for (long g = s->run->n_groups > 0 ? 0 : -1; g < (long) s->run->n_groups; g++)
    {
      gsize n = take (s, g, time, event, NULL, NULL);
      double last = 0;

      for (gsize i = 0; i < n; i++)
        last = fmax (last, time[i]);
      if (n > 0)
        tau = fmin (tau, last);
    }
  return isfinite (tau) ? tau : 0;
}

static void
add_group_rows (Survival *s, KtmSurvival *curves)
{
  KtmRun *run = s->run;
  g_autofree double *time = g_new (double, s->relief.n + 1);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);

  ktm_report_add_card (
      run->report, ktm_text_new (N_("Time in relief by {1}"), "s", ktm_attribute_label (run->by)),
      ktm_text_new (N_("median [{1} % CI]"), "g", 100 * run->level));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      gsize n = take (s, (long) g, time, event, NULL, NULL);
      KtmReportRow *row;

      if (n == 0 || ktm_survival (time, event, n, run->level, &curves[g]) != KTM_STATS_OK)
        continue;
      row = add_row (s, "events", N_("patients who lost relief by the rule"), (long) g, n,
                     KTM_RANK_DETAIL);
      row->estimate = (double) curves[g].n_events;
      add_median (s, &curves[g], (long) g, KTM_RANK_SHOWN);
      add_milestones (s, &curves[g], (long) g);
      ktm_run_warn_few (run, ktm_run_group_label (run, (long) g), n);
    }
}

static void
add_rmst_rows (Survival *s, const KtmSurvival *curves)
{
  KtmRun *run = s->run;

  ktm_report_add_card (run->report, ktm_text_new (N_("Mean time in relief"), ""),
                       ktm_text_new (N_("within {1}"), "g", s->tau));
  for (gsize g = 0; g < run->n_groups; g++)
    if (curves[g].n > 0)
      add_rmst (s, &curves[g], (long) g, KTM_RANK_SHOWN);
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
        row = add_row (s, "rmst_difference", N_("difference of the restricted means; z test"), -1,
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
sample_groups (const Survival *s, long a, long b, const KtmFrameAttribute *stratum, Sample *out)
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
pairwise (const Survival *s)
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

        sample_groups (s, (long) a, (long) b, NULL, &sample);
        if (ktm_logrank (sample.time, sample.event, sample.group, NULL, sample.n, 2, KTM_LOGRANK,
                         NULL, NULL, &test)
            != KTM_STATS_OK)
          test.p = NAN;
        row = add_row (s, "logrank_chi2", N_("log-rank test of two groups"), -1, sample.n,
                       KTM_RANK_DETAIL);
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
add_logrank (Survival *s, const KtmFrameAttribute *stratum)
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
  row = add_row (s, "logrank_chi2",
                 stratum != NULL ? N_("log-rank test within strata") : N_("log-rank test"), -1,
                 sample.n, KTM_RANK_SHOWN);
  ktm_report_row_set_test (row, N_("Log-rank"), test);
  if (stratum != NULL)
    ktm_report_row_set_subject (row, stratum->id);
  ktm_report_row_say (
      row, ktm_text_new (N_("Log-rank"), ""),
      ktm_text_new (N_("χ² = {1}, df {2}, {3}"), "20p", test.statistic, test.df, test.p));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      row = add_row (s, "events",
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
      row = add_row (s, "peto_chi2", N_("Peto and Peto's test, early losses weigh more"), -1,
                     sample.n, KTM_RANK_SHOWN);
      ktm_report_row_set_test (row, N_("Peto"), test);
      ktm_report_row_say (row, ktm_text_new (N_("Peto, early losses weigh more"), ""),
                          ktm_text_new ("{1}", "p", test.p));
    }
  if (run->n_groups < 3)
    return;
  smallest = pairwise (s);
  if (!isnan (smallest))
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("Smallest of {1} pairs ({2}): {3}."), "iwp",
                                        (long) (run->n_groups * (run->n_groups - 1) / 2),
                                        ktm_run_adjust_text (run), smallest));
}

/* --- Cox -------------------------------------------------------------------------------------- */

typedef struct
{
  const char   *id;
  KtmText      *label;   /* owned */
  const double *value;   /* of patients; nullable */
  long          level;   /* indicator of this level; −1: the value itself */
  const char   *group, *versus;
} Term;

static void
term_clear (gpointer data)
{
  ktm_text_free (((Term *) data)->label);
}

static void
add_levels (GArray *terms, const KtmFrameAttribute *a, gboolean skip_first)
{
  for (gsize k = skip_first ? 1 : 0; k < a->n_levels; k++)
    {
      Term term = { a->id,        ktm_text_new ("{1}", "s", a->levels[k]),
                    a->value,     (long) k,
                    a->levels[k], a->levels[0] };

      g_array_append_val (terms, term);
    }
}

static gboolean
choose_terms (const Survival *s, GArray *terms, GError **error)
{
  const KtmRun *run = s->run;
  const KtmFrame *f = run->frame;

  for (gsize g = 1; g < run->n_groups; g++)
    {
      Term term = { run->by->id,
                    ktm_text_new ("{1}", "s", ktm_run_group_label (run, (long) g)),
                    run->by->value,
                    (long) run->levels[g],
                    ktm_run_group_label (run, (long) g),
                    ktm_run_group_label (run, 0) };

      g_array_append_val (terms, term);
    }
  for (char **id = run->options->covariates; id != NULL && *id != NULL; id++)
    {
      long attribute = ktm_frame_find_attribute (f, *id), measure = ktm_frame_find_measure (f, *id);

      if (attribute >= 0 && f->attributes[attribute].n_levels > 0)
        add_levels (terms, &f->attributes[attribute], TRUE);
      else if (attribute >= 0 || measure >= 0)
        {
          Term term = {
            *id,
            ktm_text_new ("{1}, +1", "s",
                          attribute >= 0 ? ktm_attribute_label (&f->attributes[attribute])
                                         : f->measures[measure].label),
            attribute >= 0 ? f->attributes[attribute].value : f->measures[measure].baseline,
            -1,
            NULL,
            NULL
          };

          g_array_append_val (terms, term);
        }
      else
        {
          g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                       _("--covariate: the cohort has no attribute or measure “%s”."), *id);
          return FALSE;
        }
    }
  return TRUE;
}

static gsize
design (const Survival *s, GArray *terms, double *time, bool *event, double *x)
{
  gsize n = 0;

  for (gsize i = 0; i < s->relief.n; i++)
    {
      gboolean known = ktm_run_in_group (s->run, s->relief.row[i], -1);

      for (guint j = 0; known && j < terms->len; j++)
        {
          const Term *term = &g_array_index (terms, Term, j);
          double v = term->value[s->relief.row[i]];

          known = !isnan (v);
          x[n * terms->len + j] = term->level < 0 ? v : v == (double) term->level;
        }
      time[n] = s->relief.time[i];
      event[n] = s->relief.event[i];
      n += known;
    }
  return n;
}

static void
add_hazards (Survival *s, GArray *terms, const KtmCox *fit)
{
  double least = 1;

  for (guint j = 0; j < terms->len; j++)
    {
      const Term *term = &g_array_index (terms, Term, j);
      KtmReportRow *row =
          add_row (s, "hr", N_("Cox regression; Wald limits"), -1, fit->n, KTM_RANK_SHOWN);

      if (term->group != NULL)
        ktm_report_row_set_group (row, term->group, term->versus);
      ktm_report_row_set_subject (row, term->id);
      ktm_report_row_set_estimate (
          row, (KtmEstimate){ fit->ratio[j], fit->se[j], fit->ratio_low[j], fit->ratio_high[j] },
          s->run->level);
      row->p = fit->p_value[j];
      ktm_report_row_say (row, ktm_text_copy (term->label),
                          ktm_text_new ("{1} [{2}, {3}], {4}", "222p", fit->ratio[j],
                                        fit->ratio_low[j], fit->ratio_high[j], fit->p_value[j]));
      row = add_row (s, "zph_chi2", N_("score test of proportional hazards on 1 − KM"), -1, fit->n,
                     KTM_RANK_DETAIL);
      if (term->group != NULL)
        ktm_report_row_set_group (row, term->group, term->versus);
      ktm_report_row_set_subject (row, term->id);
      ktm_report_row_set_test (row, N_("Proportional hazards"),
                               (KtmTest){ fit->zph[j], 1, NAN, fit->zph_p[j] });
      least = fmin (least, fit->zph_p[j]);
    }
  if (least < 0.05)
    ktm_report_card_warn (
        s->run->report,
        ktm_text_new (N_("The hazards are not proportional (smallest {1}): read the curves and "
                          "the restricted means rather than the hazard ratios."),
                      "p", least));
  else
    ktm_report_card_note (s->run->report,
                          ktm_text_new (N_("Proportional hazards: smallest {1}. Concordance {2}."),
                                        "p2", least, fit->concordance));
}

static gboolean
add_cox (Survival *s, GError **error)
{
  g_autoptr(GArray) terms = g_array_new (FALSE, FALSE, sizeof (Term));
  gboolean breslow = g_strcmp0 (s->run->options->ties, "breslow") == 0;
  KtmCox fit;
  KtmStatsStatus status;

  g_array_set_clear_func (terms, term_clear);
  if (!choose_terms (s, terms, error))
    return FALSE;
  if (terms->len == 0)
    return TRUE;
  g_autofree double *time = g_new (double, s->relief.n + 1),
                    *x = g_new (double, (s->relief.n + 1) * terms->len);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);
  gsize n = design (s, terms, time, event, x);

  ktm_report_add_card (s->run->report, ktm_text_new (N_("Cox model"), ""),
                       s->run->n_groups > 0 ? ktm_text_new (N_("hazard ratio against {1}"), "s",
                                                            ktm_run_group_label (s->run, 0))
                                            : ktm_text_new (N_("hazard ratio"), ""));
  status = ktm_cox (time, event, x, n, terms->len, breslow ? KTM_COX_BRESLOW : KTM_COX_EFRON,
                    s->run->level, &fit);
  if (status != KTM_STATS_OK)
    {
      ktm_report_card_say (s->run->report, ktm_text_new (N_("The Cox model cannot be fitted: {1}"),
                                                         "w", ktm_stats_status_text (status)));
      return TRUE;
    }
  add_hazards (s, terms, &fit);
  ktm_report_card_note (s->run->report, ktm_text_new (N_("n = {1}, {2} lost relief; {3} ties."),
                                                      "iiw", (long) fit.n, (long) fit.n_events,
                                                      breslow ? N_("Breslow's") : N_("Efron's")));
  if (fit.n_events < 10 * terms->len)
    ktm_report_card_warn (
        s->run->report,
        ktm_text_new (N_("Fewer than 10 losses for each hazard ratio: they are unstable."), ""));
  ktm_cox_clear (&fit);
  return TRUE;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void
add_groups (Survival *s, const KtmFrameAttribute *stratum)
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

static gboolean
derive (Survival *s, const KtmFrameAttribute **stratum, GError **error)
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
keep_groups (Survival *s)
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

static gboolean
run_survival (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
              KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  Survival s = { .run = &run };
  const KtmFrameAttribute *stratum = NULL;
  gboolean ok;

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !derive (&s, &stratum, error))
    return FALSE;
  keep_groups (&s);
  s.tau = common_tau (&s);
  add_all (&s);
  ok = TRUE;
  if (s.relief.n > 0)
    {
      add_groups (&s, stratum);
      ok = add_cox (&s, error);
    }
  ktm_report_method (
      report, ktm_text_new ("{1}.", "t", ktm_relief_rule_text (&s.rule, frame, run.measure)));
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
  if (run.n_groups > 1)
    ktm_report_cite (report, "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics "
                             "based on weighted residuals. Biometrika 1994;81:515-26.");
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
