/* model/analysis: what goes together with the change: numbers by correlation and regression, levels
 * by comparison of means. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-paired.h"

#include "ktm-correlation.h"
#include "ktm-k-groups.h"
#include "ktm-linear.h"

#include <glib/gi18n-lib.h>

/* One predictor: an attribute, or the baseline of a measure. */
typedef struct
{
  const char              *id, *label;
  const KtmFrameAttribute *levels;   /* nullable: a number */
  const double            *value;    /* n_patients */
} Predictor;

typedef struct
{
  KtmRun     *run;
  KtmOutcome  outcome;
  double     *y;            /* n_patients; NaN none */
  gsize       n_y;
  GArray     *predictors;
  double     *p;            /* one test a predictor */
  gsize      *test_row;
} Association;

static void
collect_outcome (Association *a)
{
  const KtmRun *run = a->run;
  gsize no_after = 0, no_before = 0;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      double before = ktm_run_before (run, i), after = ktm_run_score (run, i, run->last);

      a->y[i] = !ktm_run_in_group (run, i, -1)       ? NAN
                : a->outcome == KTM_OUTCOME_FOLLOWUP ? after
                : a->outcome == KTM_OUTCOME_PERCENT
                    ? (before == 0 ? NAN : 100 * (after - before) / before)
                    : after - before;
      a->n_y += !isnan (a->y[i]);
      no_after += ktm_run_in_group (run, i, -1) && isnan (after);
      no_before += ktm_run_in_group (run, i, -1) && !isnan (after) && isnan (a->y[i]);
    }
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score at {1}"), "t", ktm_run_visit (run, run->last)),
                      (long) no_after);
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score at {1}"), "t", ktm_run_before_text (run)),
                      (long) no_before);
}

static void
add_predictor_of (Association *a, const char *id)
{
  const KtmFrame *f = a->run->frame;
  long attribute = ktm_frame_find_attribute (f, id), measure = ktm_frame_find_measure (f, id);
  Predictor p = { id, id, NULL, NULL };

  if (attribute >= 0)
    {
      const KtmFrameAttribute *found = &f->attributes[attribute];

      p.label = ktm_attribute_label (found);
      p.levels = found->n_levels > 0 ? found : NULL;
      p.value = found->value;
    }
  else
    {
      p.label = f->measures[measure].label != NULL ? f->measures[measure].label : id;
      p.value = f->measures[measure].baseline;
    }
  g_array_append_val (a->predictors, p);
}

static void
choose_predictors (Association *a)
{
  const KtmFrame *f = a->run->frame;

  for (char **id = a->run->options->covariates; id != NULL && *id != NULL; id++)
    add_predictor_of (a, *id);
  if (a->run->options->covariates != NULL)
    return;
  for (gsize m = 0; m < f->n_measures; m++)
    add_predictor_of (a, f->measures[m].id);
  for (gsize k = 0; k < f->n_attributes; k++)
    if (ktm_run_is_grouping (a->run, &f->attributes[k])
        || (f->attributes[k].kind == KTM_ATTRIBUTE_NUMBER
            && !g_str_has_prefix (f->attributes[k].id, "baseline_")))
      add_predictor_of (a, f->attributes[k].id);
}

static KtmReportRow *
add_row (const Association *a, const Predictor *p, const char *statistic, const char *method,
         gsize n, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (a->run, statistic, method, (long) a->run->last, -1, (long) n);

  ktm_report_row_set_subject (row, p->id);
  row->rank = rank;
  return row;
}

static void
add_numeric (Association *a, gsize at)
{
  const Predictor *p = &g_array_index (a->predictors, Predictor, at);
  gsize room = a->run->frame->n_patients + 1, n = 0;
  g_autofree double *x = g_new (double, room), *y = g_new (double, room),
                    *design = g_new (double, 2 * room);
  KtmCorrelation c;
  KtmLinear *fit = NULL;
  KtmReportRow *row;

  for (gsize i = 0; i < a->run->frame->n_patients; i++)
    if (!isnan (a->y[i]) && !isnan (p->value[i]))
      {
        design[2 * n] = 1;
        design[2 * n + 1] = x[n] = p->value[i];
        y[n++] = a->y[i];
      }
  if (ktm_stats_correlation (x, y, n, a->run->level, &c) != KTM_STATS_OK)
    return;
  row = add_row (a, p, "spearman_rho", N_("mid-ranks; t test; Bonett–Wright interval"), n,
                 KTM_RANK_SHOWN);
  ktm_report_row_set_estimate (row, c.spearman, a->run->level);
  ktm_report_row_set_test (row, N_("Spearman"), c.spearman_test);
  ktm_report_row_say (row, ktm_text_new (N_("{1}, Spearman ρ, n = {2}"), "si", p->label, (long) n),
                      isnan (c.spearman.low)
                          ? NULL
                          : ktm_text_new (N_("{1} [{2}, {3}] · {4}"), "222p", c.spearman.value,
                                          c.spearman.low, c.spearman.high, c.spearman_test.p));
  a->p[at] = c.spearman_test.p;
  a->test_row[at] = a->run->report->n_rows - 1;
  row = add_row (a, p, "pearson_r", N_("Fisher z interval; t test"), n, KTM_RANK_DETAIL);
  ktm_report_row_set_estimate (row, c.pearson, a->run->level);
  ktm_report_row_set_test (row, N_("Pearson"), c.pearson_test);
  row = add_row (a, p, "kendall_tau_b", N_("tie-corrected z test; Fieller interval"), n,
                 KTM_RANK_DETAIL);
  ktm_report_row_set_estimate (row, c.kendall, a->run->level);
  ktm_report_row_set_test (row, N_("Kendall"), c.kendall_test);
  if (ktm_linear_fit (y, design, n, 2, KTM_LINEAR_CLASSIC, a->run->level, &fit) != KTM_STATS_OK)
    return;
  row = add_row (a, p, "beta", N_("simple linear regression, per unit of the predictor"), n,
                 KTM_RANK_DETAIL);
  ktm_report_row_set_estimate (row, fit->coefficient[1].estimate, a->run->level);
  ktm_report_row_set_test (row, N_("t"), fit->coefficient[1].test);
  ktm_linear_free (fit);
}

static void
add_levels (Association *a, gsize at)
{
  const Predictor *p = &g_array_index (a->predictors, Predictor, at);
  gsize room = a->run->frame->n_patients + 1, n = 0, used = 0;
  g_autofree double *y = g_new (double, room);
  g_autofree gsize *group = g_new (gsize, room);
  KtmKGroups k;
  KtmReportRow *row;

  for (gsize l = 0; l < p->levels->n_levels; l++)
    {
      gboolean any = FALSE;

      for (gsize i = 0; i < a->run->frame->n_patients; i++)
        if (!isnan (a->y[i]) && p->value[i] == (double) l)
          {
            y[n] = a->y[i];
            group[n++] = used;
            any = TRUE;
          }
      used += any;
    }
  if (used < 2
      || ktm_stats_k_groups (y, group, n, used, a->run->level, &k, NULL, NULL) != KTM_STATS_OK)
    return;
  row = add_row (a, p, "kruskal_h", N_("ranks, corrected for ties"), n, KTM_RANK_SHOWN);
  ktm_report_row_set_test (row, N_("Kruskal–Wallis"), k.kruskal);
  ktm_report_row_say (row, ktm_text_new (N_("{1}, ε², n = {2}"), "si", p->label, (long) n),
                      isnan (k.kruskal.p)
                          ? NULL
                          : ktm_text_new (N_("{1} · {2}"), "2p", k.kruskal_epsilon2, k.kruskal.p));
  a->p[at] = k.kruskal.p;
  a->test_row[at] = a->run->report->n_rows - 1;
  add_row (a, p, "kruskal_epsilon2", N_("H / (N − 1)"), n, KTM_RANK_DETAIL)->estimate =
      isfinite (k.kruskal_epsilon2) ? k.kruskal_epsilon2 : NAN;
  row = add_row (a, p, "anova_f", N_("one-way analysis of variance"), n, KTM_RANK_DETAIL);
  ktm_report_row_set_test (row, N_("ANOVA"), k.anova);
  add_row (a, p, "anova_eta2", N_("between / total sum of squares"), n, KTM_RANK_DETAIL)
      ->estimate = isfinite (k.eta2) ? k.eta2 : NAN;
}

static void
adjust (Association *a)
{
  gsize n = a->predictors->len, made = 0;
  g_autofree double *adjusted = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    made += !isnan (a->p[i]);
  if (ktm_stats_adjust (ktm_run_adjust (a->run), a->p, n, adjusted) != KTM_STATS_OK)
    return;
  for (gsize i = 0; i < n; i++)
    if (!isnan (a->p[i]))
      a->run->report->rows[a->test_row[i]].p_adjusted = adjusted[i];
  if (made > 1)
    ktm_report_card_warn (
        a->run->report,
        ktm_text_new (N_("{1} relations were tested: by chance alone one in twenty is "
                          "“significant”. Corrected p-values ({2}) stand in the table."),
                      "iw", (long) made, ktm_run_adjust_text (a->run)));
  if (made == 0)
    ktm_report_card_say (
        a->run->report,
        ktm_text_new (
            N_("No relation can be computed: too few patients have the score and a predictor."),
            ""));
}

/* --- all chosen predictors together ----------------------------------------------------------- */

static gsize
count_columns (const Association *a)
{
  gsize p = 1;

  for (gsize k = 0; k < a->predictors->len; k++)
    {
      const Predictor *predictor = &g_array_index (a->predictors, Predictor, k);

      p += predictor->levels == NULL ? 1 : predictor->levels->n_levels - 1;
    }
  return p;
}

static gboolean
fill_row (const Association *a, gsize patient, double *row)
{
  gsize at = 1;

  row[0] = 1;
  for (gsize k = 0; k < a->predictors->len; k++)
    {
      const Predictor *p = &g_array_index (a->predictors, Predictor, k);

      if (isnan (p->value[patient]))
        return FALSE;
      if (p->levels == NULL)
        row[at++] = p->value[patient];
      for (gsize l = 1; p->levels != NULL && l < p->levels->n_levels; l++)
        row[at++] = p->value[patient] == (double) l;
    }
  return TRUE;
}

static void
add_model_rows (const Association *a, const KtmLinear *fit)
{
  gsize at = 1;

  for (gsize k = 0; k < a->predictors->len; k++)
    {
      const Predictor *p = &g_array_index (a->predictors, Predictor, k);

      for (gsize l = p->levels == NULL ? 0 : 1; l < (p->levels == NULL ? 1 : p->levels->n_levels);
           l++, at++)
        {
          const KtmContrast *c = &fit->coefficient[at];
          KtmReportRow *row =
              add_row (a, p, "beta", N_("linear regression on all predictors together"), fit->n,
                       KTM_RANK_SHOWN);

          ktm_report_row_set_estimate (row, c->estimate, a->run->level);
          ktm_report_row_set_test (row, N_("t"), c->test);
          if (p->levels != NULL)
            ktm_report_row_set_group (row, p->levels->levels[l], p->levels->levels[0]);
          ktm_report_row_say (row,
                              p->levels == NULL
                                  ? ktm_text_new (N_("{1}, per unit"), "s", p->label)
                                  : ktm_text_new (N_("{1}: {2} against {3}"), "sss", p->label,
                                                  p->levels->levels[l], p->levels->levels[0]),
                              ktm_text_new (N_("{1} [{2}, {3}] · {4}"), "222p", c->estimate.value,
                                            c->estimate.low, c->estimate.high, c->test.p));
        }
    }
  ktm_run_add_value (a->run, "r2", N_("share of the variance explained"), (long) a->run->last, -1,
                     (long) fit->n, fit->r2);
}

static void
add_model (const Association *a)
{
  gsize p = count_columns (a), n = 0;
  g_autofree double *x = g_new (double, p *(a->run->frame->n_patients + 1)),
                    *y = g_new (double, a->run->frame->n_patients + 1);
  KtmStatsStatus status;
  KtmLinear *fit = NULL;

  if (a->run->options->covariates == NULL)
    return;
  for (gsize i = 0; i < a->run->frame->n_patients; i++)
    if (!isnan (a->y[i]) && fill_row (a, i, x + n * p))
      y[n++] = a->y[i];
  ktm_report_add_card (a->run->report, ktm_text_new (N_("All predictors together"), ""),
                       ktm_text_new (N_("linear regression, n = {1}"), "i", (long) n));
  status = ktm_linear_fit (y, x, n, p, KTM_LINEAR_CLASSIC, a->run->level, &fit);
  if (status == KTM_STATS_OK)
    {
      add_model_rows (a, fit);
      if (n < 10 * (p - 1))
        ktm_report_card_warn (a->run->report,
                              ktm_text_new (N_("Fewer than ten patients a coefficient: the model "
                                                "describes these patients rather than others."),
                                            ""));
    }
  else
    ktm_report_card_say (a->run->report, ktm_text_new ("{1}", "w", ktm_stats_status_text (status)));
  ktm_linear_free (fit);
}

static KtmText *
outcome_text (const Association *a)
{
  static const char *const words[] = { N_("change of {1} to {2}"), N_("{1} at {2}"),
                                       N_("change of {1} to {2}"), N_("% change of {1} to {2}") };

  return ktm_text_new (words[a->outcome], "st", a->run->report->measure_label,
                       ktm_run_visit (a->run, a->run->last));
}

static gboolean
run_association (const KtmFrame *frame, const KtmAnalysisOptions *options,
                 const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autoptr(GArray) predictors = g_array_new (FALSE, TRUE, sizeof (Predictor));
  g_autofree double *y = NULL, *p = NULL;
  g_autofree gsize *test_row = NULL;
  Association a = { .run = &run, .predictors = predictors };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  ktm_outcome_parse (options->outcome, &a.outcome);
  if (a.outcome != KTM_OUTCOME_FOLLOWUP && !ktm_run_need_follow_up (&run, error))
    return FALSE;
  a.y = y = g_new (double, frame->n_patients + 1);
  collect_outcome (&a);
  choose_predictors (&a);
  a.p = p = g_new (double, predictors->len + 1);
  a.test_row = test_row = g_new0 (gsize, predictors->len + 1);
  ktm_report_add_card (report,
                       ktm_text_new (N_("What goes with the {1}?"), "t", outcome_text (&a)),
                       ktm_text_new (N_("n = {1}"), "i", (long) a.n_y));
  for (gsize k = 0; k < predictors->len && !ktm_progress_stopped (progress); k++)
    {
      p[k] = NAN;
      if (g_array_index (predictors, Predictor, k).levels == NULL)
        add_numeric (&a, k);
      else
        add_levels (&a, k);
    }
  adjust (&a);
  if (a.outcome != KTM_OUTCOME_FOLLOWUP)
    ktm_report_card_note (report,
                          ktm_text_new (N_("A change always goes with its own baseline: high "
                                            "scores fall back towards the mean by chance alone."),
                                        ""));
  add_model (&a);
  ktm_report_method (
      report,
      ktm_text_new (N_("The {1} was related to each predictor by Spearman correlation (numbers) "
                        "or the Kruskal–Wallis test (levels), with p-values corrected "
                        "for their number ({2})."),
                    "tw", outcome_text (&a), ktm_run_adjust_text (&run)));
  ktm_run_method_missing (&run);
  ktm_report_cite (report, "Bonett DG, Wright TA. Sample size requirements for estimating Pearson, "
                           "Kendall and Spearman correlations. Psychometrika 2000;65:23-8.");
  return TRUE;
}

const KtmAnalysis ktm_analysis_association = {
  "association",
  N_("Associations"),
  N_("What goes together with the change or the score?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_MISSING | KTM_USES_COVARIATES | KTM_USES_OUTCOME
      | KTM_USES_ADJUST,
  FALSE,
  run_association,
};
