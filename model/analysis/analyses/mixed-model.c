/* model/analysis: means and change at every visit from every score: MMRM, or a straight line with
 * random effects. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-model.h"
#include "ktm-run-paired.h"

#include "ktm-lmm.h"

#include <glib/gi18n-lib.h>

static KtmReportRow *
add_contrast (const KtmRun *run, const char *statistic, KtmText *method, long visit, long group,
              long n, const KtmContrast *contrast, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (run, statistic, "", visit, group, n);

  ktm_text_free (row->method);
  row->method = method;
  ktm_report_row_set_estimate (row, contrast->estimate, run->level);
  ktm_report_row_set_test (row, N_("t, Satterthwaite df"), contrast->test);
  row->rank = rank;
  return row;
}

static void
add_group (const KtmRun *run, const KtmRunModel *m, gsize g)
{
  const KtmClda *fit = m->fit;

  for (gsize j = 0; j < fit->n_visits; j++)
    {
      gsize at = g * fit->n_visits + j;
      long visit = j == 0 ? (long) run->first : (long) m->visits[j];
      long n = (long) fit->n_seen[at];
      KtmReportRow *row;

      if (isnan (fit->mean[at].estimate.value))
        continue;
      row = add_contrast (run, "mmrm_mean", ktm_run_model_method (m), visit, m->group[g], n,
                          &fit->mean[at], KTM_RANK_DETAIL);
      if (j == 0 || isnan (fit->change[at].estimate.value))
        continue;
      row = add_contrast (
          run, "mmrm_change", ktm_run_model_method (m), visit, m->group[g], n, &fit->change[at],
          m->group[g] < 0 && (gsize) visit == run->last ? KTM_RANK_HEADLINE : KTM_RANK_SHOWN);
      if (m->group[g] < 0)
        ktm_report_row_say (row,
                            ktm_text_new (N_("Change to {1}, n = {2}"), "ti",
                                          ktm_run_visit (run, (gsize) visit), n),
                            NULL);
      else
        ktm_report_row_say (row,
                            ktm_text_new (N_("{3}: change to {1}, n = {2}"), "tis",
                                          ktm_run_visit (run, (gsize) visit), n,
                                          ktm_run_group_label (run, m->group[g])),
                            NULL);
      if (m->group[g] >= 0 && (gsize) visit != run->last)
        row->rank = KTM_RANK_DETAIL;
    }
}

static void
add_differences (const KtmRun *run, const KtmRunModel *m)
{
  const KtmClda *fit = m->fit;
  gsize pair = 0;

  for (gsize a = 0; a < m->n_groups; a++)
    for (gsize b = a + 1; b < m->n_groups; b++, pair++)
      for (gsize j = 1; j < fit->n_visits; j++)
        {
          const KtmContrast *d = &fit->difference[pair * fit->n_visits + j];
          KtmReportRow *row;

          if (isnan (d->estimate.value))
            continue;
          row = add_contrast (run, "mmrm_difference", ktm_run_model_method (m), (long) m->visits[j],
                              -1, (long) fit->n_subjects[b], d,
                              m->visits[j] == run->last ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);
          row->n2 = (long) fit->n_subjects[a];
          ktm_report_row_set_group (row, ktm_run_group_label (run, m->group[b]),
                                    ktm_run_group_label (run, m->group[a]));
          ktm_report_row_say (row,
                              ktm_text_new (N_("{1} minus {2}"), "ss",
                                            ktm_run_group_label (run, m->group[b]),
                                            ktm_run_group_label (run, m->group[a])),
                              NULL);
        }
}

static void
add_f (const KtmRun *run, const char *statistic, const char *method, const KtmTest *test,
       long visit, KtmText *label)
{
  KtmReportRow *row;

  if (isnan (test->p))
    {
      ktm_text_free (label);
      return;
    }
  row = ktm_run_add (run, statistic, method, visit, -1, -1);
  ktm_report_row_set_test (row, N_("F"), *test);
  ktm_report_row_say (row, label, ktm_text_new ("{1}", "p", test->p));
}

static void
add_fit (const KtmRun *run, const KtmMmrm *fit)
{
  ktm_run_add_value (run, "loglik", N_("restricted log-likelihood"), -1, -1,
                     (long) fit->n_subjects, fit->loglik);
  ktm_run_add_value (run, "aic", N_("covariance parameters only"), -1, -1, (long) fit->n_subjects,
                     fit->aic);
  ktm_run_add_value (run, "bic", N_("covariance parameters only, counted over patients"), -1, -1,
                     (long) fit->n_subjects, fit->bic);
}

/* What the model says of all its patients, most of whom may not have been seen at the last visit.
 */
static KtmText *
model_sentence (const KtmRun *run, KtmEstimate change, gsize n)
{
  double low = fabs (change.low), high = fabs (change.high);

  if (isnan (change.low) || (change.low <= 0 && change.high >= 0))
    return ktm_run_change_sentence (run, change, n, run->last);
  return ktm_text_new (
      change.value < 0
          ? N_("Had all {2} patients been seen at {1}, the model expects them to score {4} {5} "
                "lower on average than at {3} ({8} % CI: between {6} and {7} lower).")
          : N_("Had all {2} patients been seen at {1}, the model expects them to score {4} {5} "
                "higher on average than at {3} ({8} % CI: between {6} and {7} higher)."),
      "tit1t11g", ktm_run_visit (run, run->last), (long) n, ktm_run_before_text (run),
      fabs (change.value), ktm_run_unit (run, change.value), MIN (low, high), MAX (low, high),
      100 * run->level);
}

static void
say_change (const KtmRun *run, const KtmContrast *change, gsize n)
{
  KtmText *sentence = model_sentence (run, change->estimate, n),
          *mcid = ktm_run_mcid_text (run, change->estimate);

  if (sentence != NULL)
    ktm_report_card_say (run->report, sentence);
  if (mcid != NULL)
    ktm_report_card_note (run->report, mcid);
}

static void
run_mmrm (const KtmRun *run, KtmMmrmStructure structure)
{
  g_auto(KtmRunModel) all = { 0 }, grouped = { 0 };
  KtmReport *report = run->report;

  ktm_run_model (run, FALSE, structure, &all);
  ktm_report_add_card (
      report, ktm_text_new (N_("Mixed model for repeated measures"), ""),
      ktm_text_new_plural ("{1} patient", "{1} patients", "i", (long) all.n_subjects));
  ktm_report_exclude (report, ktm_text_new (N_("no score at any selected visit"), ""),
                      (long) all.n_no_score);
  if (all.fit == NULL)
    ktm_report_card_say (
        report, ktm_text_new (N_("No mixed model: {1}"), "w", ktm_stats_status_text (all.status)));
  else
    {
      long j = ktm_run_model_visit (&all, run->last);

      add_group (run, &all, 0);
      add_f (run, "mmrm_time_f", N_("F test of no change at any visit"), &all.fit->time, -1,
             ktm_text_new (N_("Any change at any visit"), ""));
      add_fit (run, all.fit->model);
      if (j > 0)
        say_change (run, &all.fit->change[j], all.n_subjects);
      ktm_run_model_describe (run, &all);
    }
  ktm_run_note_no_arm (run);
  if (run->n_groups == 0 || ktm_progress_stopped (run->progress))
    return;
  ktm_run_model (run, TRUE, structure, &grouped);
  ktm_report_add_card (report,
                       ktm_text_new (N_("Mixed model by {1}"), "s", ktm_attribute_label (run->by)),
                       ktm_text_new (N_("change to {1}"), "t", ktm_run_visit (run, run->last)));
  if (grouped.fit == NULL)
    {
      ktm_report_card_say (report, ktm_text_new (N_("No mixed model: {1}"), "w",
                                                 ktm_stats_status_text (grouped.status)));
      return;
    }
  for (gsize g = 0; g < grouped.n_groups; g++)
    add_group (run, &grouped, g);
  add_differences (run, &grouped);
  for (gsize j = 1; j < grouped.n_visits; j++)
    add_f (run, "mmrm_between_f", N_("F test of equal change in all groups at this visit"),
           &grouped.fit->between[j], (long) grouped.visits[j],
           ktm_text_new (N_("Do the groups differ at {1}?"), "t",
                         ktm_run_visit (run, grouped.visits[j])));
  add_f (run, "mmrm_group_time_f", N_("F test of group × time"), &grouped.fit->interaction, -1,
         ktm_text_new (N_("Do the courses differ at any visit?"), ""));
  for (gsize i = 0; i < report->n_rows; i++)
    if (g_strcmp0 (report->rows[i].statistic, "mmrm_between_f") == 0
        && report->rows[i].time != run->frame->visit_time[run->last])
      report->rows[i].rank = KTM_RANK_DETAIL;
  ktm_run_warn_same_start (run, run->by);
  if (!ktm_run_by_is_arm (run))
    ktm_report_card_note (
        report, ktm_text_new (N_("The groups were not made by chance: a difference between their "
                                  "courses is not an effect of treatment that differs."),
                              ""));
  ktm_run_model_describe (run, &grouped);
}

/* --- a straight line with random effects ------------------------------------------------------ */

typedef struct
{
  gsize   n, p, n_patients;
  double *y, *x, *slope;
  gsize  *subject;
} Line;

static void
collect_line (const KtmRun *run, Line *l)
{
  gsize room = run->frame->n_patients * (run->table.n_visits + 1) + 1, g = MAX (run->n_groups, 1);

  *l = (Line){ .p = 2 * g,
               .y = g_new (double, room),
               .x = g_new0 (double, room * 2 * g),
               .slope = g_new (double, room),
               .subject = g_new (gsize, room) };
  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      gsize before = l->n;
      long group = run->n_groups == 0 ? 0 : run->group_of[i];

      if (group < 0)
        continue;
      for (gsize c = 0; c < run->table.n_visits; c++)
        {
          double y = run->m->value[i * run->frame->n_visits + run->table.visit[c]],
                 t = run->frame->visit_time[run->table.visit[c]];

          if (isnan (y))
            continue;
          l->y[l->n] = y;
          l->x[l->n * l->p] = 1;
          l->x[l->n * l->p + 1] = t;
          if (group > 0)
            {
              l->x[l->n * l->p + 2 * (gsize) group] = 1;
              l->x[l->n * l->p + 2 * (gsize) group + 1] = t;
            }
          l->slope[l->n] = t;
          l->subject[l->n++] = i;
        }
      l->n_patients += l->n > before;
    }
}

static void
line_clear (Line *l)
{
  g_free (l->y);
  g_free (l->x);
  g_free (l->slope);
  g_free (l->subject);
}

/* What a slope is, in the cohort's unit of time. */
static const char *
slope_label (const char *unit)
{
  static const struct { const char *unit, *label;
  } labels[] = {
    { "minute", N_("Change per minute") }, { "hour", N_("Change per hour") },
    { "day", N_("Change per day") },       { "week", N_("Change per week") },
    { "month", N_("Change per month") },   { "year", N_("Change per year") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_strcmp0 (unit, labels[i].unit) == 0)
      return labels[i].label;
  return N_("Change per unit of time");
}

static void
add_coefficients (const KtmRun *run, const Line *l, const KtmLmm *fit)
{
  for (gsize k = 0; k < l->p; k++)
    {
      gsize g = k / 2;
      gboolean slope = k % 2 == 1;
      KtmReportRow *row = add_contrast (
          run,
          g > 0   ? "beta"
          : slope ? "lmm_slope"
                  : "intercept",
          ktm_text_new (g == 0 ? (slope ? N_("fixed slope of time") : N_("fixed intercept"))
                               : (slope ? N_("difference of the slopes from the first group")
                                        : N_("difference at time 0 from the first group")),
                        ""),
          -1, -1, (long) l->n_patients, &fit->coefficient[k], KTM_RANK_SHOWN);

      if (g > 0)
        ktm_report_row_set_group (row, ktm_run_group_label (run, (long) g),
                                  ktm_run_group_label (run, 0));
      ktm_report_row_set_subject (row, slope ? "time" : "intercept");
      ktm_report_row_say (
          row,
          g > 0 ? ktm_text_new (slope ? N_("{1}: slope minus that of {2}")
                                      : N_("{1} minus {2} at time 0"),
                                "ss", row->group, row->versus)
          : slope ? ktm_text_new (slope_label (run->frame->time_unit), "")
                  : ktm_text_new (N_("Level at time 0"), ""),
          ktm_text_new (N_("{1} [{2}, {3}]"), "222", row->estimate, row->low, row->high));
    }
}

static void
run_line (const KtmRun *run, gboolean with_slope)
{
  KtmReport *report = run->report;
  KtmLmm *fit = NULL;
  KtmStatsStatus status = KTM_STATS_TOO_FEW;
  Line l;

  collect_line (run, &l);
  ktm_report_add_card (
      report, ktm_text_new (N_("Linear mixed model"), ""),
      ktm_text_new (N_("{1} scores of {2} patients"), "ii", (long) l.n, (long) l.n_patients));
  if (l.n > 0)
    status = ktm_lmm_fit (l.y, l.subject, l.x, with_slope ? l.slope : NULL, l.n, l.p,
                          KTM_LIKELIHOOD_REML, run->level, run->progress, &fit);
  if (status == KTM_STATS_OK)
    {
      const struct { const char *statistic; double value;
      } values[] = {
        { "var_intercept", fit->random[0][0] },
        { "var_slope", with_slope ? fit->random[1][1] : NAN },
        { "cov_intercept_slope", with_slope ? fit->random[0][1] : NAN },
        { "var_residual", fit->residual_variance },
        { "sigma", sqrt (fit->residual_variance) },
        { "icc", fit->icc },
        { "loglik", fit->loglik },
        { "aic", fit->aic },
        { "bic_obs", fit->bic },
      };

      add_coefficients (run, &l, fit);
      for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
        if (!isnan (values[k].value))
          ktm_run_add_value (run, values[k].statistic, N_("linear mixed model, REML"), -1, -1,
                             (long) l.n_patients, values[k].value);
      if (fit->singular)
        ktm_report_card_warn (
            report, ktm_text_new (N_("A variance is estimated at 0 (or a correlation at ±1): the "
                                      "random effects are simpler than the model allows."),
                                  ""));
      ktm_report_card_say (report,
                           ktm_text_new (N_("A straight line through time is a simplification; "
                                             "compare it with the means at each visit."),
                                         ""));
    }
  else
    ktm_report_card_say (
        report, ktm_text_new (N_("No mixed model: {1}"), "w", ktm_stats_status_text (status)));
  ktm_run_note_no_arm (run);
  ktm_report_method (
      report,
      ktm_text_new (N_("A linear mixed model with {1} for each patient was fitted to {2} scores "
                        "of {3} patients by restricted maximum likelihood, with Satterthwaite "
                        "degrees of freedom."),
                    "wii",
                    with_slope ? N_("a random intercept and slope") : N_("a random intercept"),
                    (long) l.n, (long) l.n_patients));
  ktm_report_cite (report, "Kuznetsova A, Brockhoff PB, Christensen RHB. lmerTest package: tests "
                           "in linear mixed effects models. J Stat Softw 2017;82(13).");
  ktm_lmm_free (fit);
  line_clear (&l);
}

static gboolean
run_mixed (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
           KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  KtmMmrmStructure structure;

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_need_follow_up (&run, error))
    return FALSE;
  if (ktm_run_structure (&run, &structure))
    run_mmrm (&run, structure);
  else
    run_line (&run, g_strcmp0 (options->structure, "slope") == 0);
  return TRUE;
}

const KtmAnalysis ktm_analysis_mixed_model = {
  "mixed-model",
  N_("Mixed model"),
  N_("What change does every score together show, also of patients seen only once?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_STRUCTURE,
  TRUE,
  run_mixed,
};
