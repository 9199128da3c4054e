/* model/analysis: what trajectory classes are asked on request: other degrees, the bootstrap test
 * of their number, standard errors from resampled patients. */
#include "ktm-classes-private.h"

#include "ktm-class-lights.h"
#include "ktm-gbtm-resample.h"

#include <glib/gi18n-lib.h>

/* Stops as the run does, or when the person has seen enough; tells nobody how far it is. */
static bool
stop_cb (void *data)
{
  const KtmRun *run = data;

  return ktm_progress_stopped (run->progress)
         || g_cancellable_is_cancelled (run->options->enough);
}

static KtmProgress
quiet (const KtmRun *run)
{
  return (KtmProgress) { stop_cb, NULL, (void *) run };
}

/* --- every number with every degree ----------------------------------------------------------- */

static void
add_degree (const KtmRun *run, const KtmGbtmSearch *s, const KtmGbtmAdvice *a, const char *name,
            gboolean chosen)
{
  const KtmGbtmFit *best = a->n_classes > 0 ? s->fit[a->n_classes - 1] : NULL;

  for (gsize i = 0; i < s->n; i++)
    {
      const KtmGbtmFit *fit = s->fit[i];
      g_autofree char *subject = g_strdup_printf ("K = %" G_GSIZE_FORMAT ", %s", i + 1, name);
      KtmReportRow *row;

      if (fit == NULL)
        continue;
      row = ktm_run_add_value (run, "bic_subjects",
                               N_("−2 log L + parameters × log(number of patients); smaller is "
                                  "better"),
                               -1, -1, (long) fit->n_subjects, fit->bic_subjects);
      ktm_report_row_set_subject (row, subject);
      row->rank = fit == best ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
      if (fit == best)
        ktm_report_row_say (
            row,
            chosen ? ktm_text_new (N_("{1} ◂ used"), "w", name) : ktm_text_new ("{1}", "w", name),
            ktm_text_new_plural ("the rule takes {1} class: log L {2} · BIC {3}",
                                 "the rule takes {1} classes: log L {2} · BIC {3}", "i10",
                                 (long) (i + 1), fit->loglik, fit->bic_subjects));
    }
}

gboolean
ktm_classes_add_degrees (const KtmRun *run, const KtmRunClasses *c)
{
  gsize n_times = ktm_class_result_n_times (c->result);
  KtmProgress progress = quiet (run);
  double lowest = INFINITY;
  const char *best = NULL;

  if (!run->options->every_degree)
    return TRUE;
  ktm_report_add_card (run->report, ktm_text_new (N_("Every number with every degree"), ""), NULL);
  for (gsize degree = 0; degree <= KTM_GBTM_MAX_ORDER && degree < n_times; degree++)
    {
      gboolean used = c->result->spec.shape == KTM_GBTM_POLYNOMIAL && degree == c->degree;
      const char *name = ktm_class_degree_name (degree);
      KtmGbtmSpec spec = c->result->spec;
      KtmGbtmSearch other = { 0 };
      const KtmGbtmSearch *s = used ? &c->result->search : &other;

      spec.shape = KTM_GBTM_POLYNOMIAL;
      for (gsize k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
        spec.order[k] = degree;
      if (!used)
        ktm_gbtm_search (&c->result->data, &spec, c->result->search.n, 0, &progress, &other);
      add_degree (run, s, &s->advice, name, used);
      if (s->advice.n_classes > 0 && s->fit[s->advice.n_classes - 1]->bic_subjects < lowest)
        {
          lowest = s->fit[s->advice.n_classes - 1]->bic_subjects;
          best = name;
        }
      ktm_gbtm_search_clear (&other);
    }
  if (best != NULL)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Of what the rule takes for each degree, {1} curves have "
                                          "the lowest BIC ({2})."),
                                       "w0", best, lowest));
  if (g_cancellable_is_cancelled (run->options->enough))
    ktm_report_card_warn (run->report, ktm_text_new (N_("The search was ended early: not every "
                                                        "model was fitted."),
                                                     ""));
  return !ktm_progress_stopped (run->progress);
}

/* --- bootstrap likelihood-ratio test ---------------------------------------------------------- */

/* @k classes against one more.  FALSE: no more is to be tested. */
static gboolean
add_test (const KtmRun *run, const KtmRunClasses *c, gsize k)
{
  const KtmGbtmSearch *s = &c->result->search;
  KtmProgress progress = quiet (run);
  g_autofree char *subject = NULL;
  KtmReportRow *row;
  KtmTest test;
  size_t n;
  KtmStatsStatus status;

  if (k < 1 || k >= s->n || s->fit[k - 1] == NULL || s->fit[k] == NULL)
    return TRUE;
  subject = g_strdup_printf ("K = %" G_GSIZE_FORMAT " / K = %" G_GSIZE_FORMAT, k, k + 1);
  status = ktm_gbtm_blrt (&c->result->data, s->fit[k - 1], s->fit[k], run->options->blrt,
                          c->result->spec.seed, c->result->spec.n_threads, &progress, &test, &n);
  if (status != KTM_STATS_OK)
    {
      ktm_report_card_warn (
          run->report,
          ktm_text_new (N_("The test of {1} against {2} classes gave no result: {3}"), "iiw",
                        (long) k, (long) k + 1, ktm_stats_status_text (status)));
      return status != KTM_STATS_CANCELLED;
    }
  row = ktm_run_add (run, "blrt",
                     N_("bootstrap likelihood-ratio test: cohorts with the same visits drawn from "
                        "the smaller model and fitted with both; n: cohorts"),
                     -1, -1, (long) n);
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_test (row, N_("bootstrap likelihood ratio"), test);
  row->se = sqrt (test.p * (1 - test.p) / (double) n);
  ktm_report_row_say (
      row, ktm_text_new (N_("{1} against {2} classes"), "ii", (long) k, (long) k + 1),
      ktm_text_new (N_("2 Δ log L = {1}, {2} (Monte-Carlo error {3}, {4} simulated cohorts)"),
                    "1p3i", test.statistic, test.p, row->se, (long) n));
  return TRUE;
}

gboolean
ktm_classes_add_blrt (const KtmRun *run, const KtmRunClasses *c)
{
  gsize k = c->result->n_classes;

  if (run->options->blrt == 0)
    return TRUE;
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("Bootstrap test of the number of classes"), ""), NULL);
  if (add_test (run, c, k - 1))
    add_test (run, c, k);
  ktm_report_card_note (
      run->report,
      ktm_text_new (N_("A small p says that one class more describes the scores better than chance "
                       "would. Where a patient's visits resemble each other beyond what the class "
                       "explains, the test asks for more classes than there are kinds of "
                       "patients."),
                    ""));
  ktm_report_method (
      run->report,
      ktm_text_new (N_("Neighbouring numbers of classes were compared by the bootstrap "
                       "likelihood-ratio test with {1} simulated cohorts."),
                    "i", (long) run->options->blrt));
  ktm_report_cite (run->report,
                   "McLachlan GJ. On bootstrapping the likelihood ratio test statistic "
                   "for the number of components in a normal mixture. Appl Stat "
                   "1987;36:318-24.");
  return !ktm_progress_stopped (run->progress);
}

/* --- standard errors from resampled patients -------------------------------------------------- */

static void
add_resampled (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmStability *b, gsize k)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  const char *name = ktm_class_result_name (c->result, c->result->n_classes, k);
  KtmReportRow *row = ktm_run_add (run, "class_share_bootstrap",
                                   N_("patients resampled; percentile interval; n: resamples"), -1,
                                   -1, (long) b->n_done);

  ktm_report_row_set_group (row, name, NULL);
  ktm_report_row_set_estimate (
      row, (KtmEstimate) { fit->model.pi[k], b->pi_se[k], b->pi_low[k], b->pi_high[k] },
      run->level);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (
      row, ktm_text_new ("{1}", "w", name),
      isnan (b->pi_low[k])
          ? ktm_text_new (N_("{1} % · SE {2} points, {3} from the information matrix"), "011",
                          100 * fit->model.pi[k], 100 * b->pi_se[k], 100 * fit->pi_se[k])
          : ktm_text_new (N_("{1} % [{2}, {3}] · SE {4} points, {5} from the information matrix"),
                          "01111", 100 * fit->model.pi[k], 100 * b->pi_low[k], 100 * b->pi_high[k],
                          100 * b->pi_se[k], 100 * fit->pi_se[k]));
  for (gsize j = 0; j < fit->model.n_coef[k]; j++)
    {
      row = ktm_run_add (run, "coef_bootstrap",
                         N_("patients resampled; percentile interval; n: resamples"), -1, -1,
                         (long) b->n_done);
      row->rank = KTM_RANK_DETAIL;
      ktm_report_row_set_group (row, name, NULL);
      ktm_report_row_set_subject (row, ktm_class_coef_name (fit->model.shape, j));
      ktm_report_row_set_estimate (row,
                                   (KtmEstimate) { fit->model.coef[k][j], b->coef_se[k][j],
                                                   b->coef_low[k][j], b->coef_high[k][j] },
                                   run->level);
    }
}

gboolean
ktm_classes_add_bootstrap (const KtmRun *run, const KtmRunClasses *c)
{
  KtmProgress progress = quiet (run);
  KtmGbtmStability b;
  KtmStatsStatus status;

  if (run->options->resamples == 0)
    return TRUE;
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("Standard errors from resampled patients"), ""),
                       ktm_text_new (N_("{1} resamples"), "i", (long) run->options->resamples));
  status = ktm_gbtm_stability (&c->result->data, ktm_class_result_fit (c->result),
                               run->options->resamples, 0, c->result->spec.seed, run->level,
                               c->result->spec.n_threads, &progress, &b);
  if (status != KTM_STATS_OK)
    ktm_report_card_say (run->report, ktm_text_new (ktm_stats_status_text (status), ""));
  for (gsize k = 0; k < c->result->n_classes && status == KTM_STATS_OK; k++)
    add_resampled (run, c, &b, k);
  if (status == KTM_STATS_OK && isnan (b.pi_low[0]))
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("{1} resamples are too few for an interval at this "
                                           "confidence level; 1 000 do well."),
                                        "i", (long) b.n_done));
  if (status == KTM_STATS_OK)
    ktm_report_method (run->report,
                       ktm_text_new (N_("Standard errors and intervals of shares and coefficients "
                                        "were also computed from {1} bootstrap resamples of the "
                                        "patients."),
                                     "i", (long) b.n_done));
  ktm_gbtm_stability_clear (&b);
  return !ktm_progress_stopped (run->progress);
}
