/* model/analysis: how a paper describes the trajectory classes. */
#include "ktm-run-classes.h"

#include <glib/gi18n-lib.h>

KtmText *
ktm_run_classes_model (const KtmRun *run, const KtmRunClasses *classes)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (classes->result);
  gboolean censored = ktm_run_classes_censored (classes);
  const char *curve = ktm_class_curve_name (fit != NULL ? &fit->spec : &classes->result->spec);

  if (classes->result->applied)
    return ktm_text_new (N_("a saved model, {1}, applied as it is"), "w", curve);
  if (run->options->random_intercept)
    return ktm_text_new (censored ? N_("censored normal growth mixture, {1}")
                                  : N_("normal growth mixture, {1}"),
                         "w", curve);
  return ktm_text_new (censored ? N_("censored normal mixture, {1}") : N_("normal mixture, {1}"),
                       "w", curve);
}

const char *
ktm_class_unit_name (const char *unit)
{
  static const struct { const char *unit, *many; } words[] = {
    { "minute", N_("minutes") }, { "hour", N_("hours") },   { "day", N_("days") },
    { "week", N_("weeks") },     { "month", N_("months") }, { "year", N_("years") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (unit, words[i].unit) == 0)
      return words[i].many;
  return unit != NULL ? unit : "";
}

static void
describe_model (const KtmRun *run, const KtmRunClasses *c)
{
  KtmReport *report = run->report;
  const KtmGbtmSpec *spec = &c->result->spec;
  KtmText *knots = ktm_class_knots_text (spec);

  ktm_report_method (
      report,
      ktm_text_new (spec->sigma_by_class
                        ? N_("Latent classes of the course of {1} were sought with group-based "
                             "trajectory models: finite mixtures of {2} curves of time ({3}), with "
                             "a residual standard deviation for each class (not below a tenth of "
                             "the pooled one, as the likelihood has no bound without a floor) and "
                             "visits independent of each other within a class.")
                        : N_("Latent classes of the course of {1} were sought with group-based "
                             "trajectory models: finite mixtures of {2} curves of time ({3}), with "
                             "one residual standard deviation common to all classes and visits "
                             "independent of each other within a class."),
                    "sww", report->measure_label,
                    ktm_run_classes_censored (c) ? N_("censored normal") : N_("normal"),
                    ktm_class_curve_name (spec)));
  if (knots != NULL)
    ktm_report_method (report, ktm_text_new (N_("The knots of the curves lie at {1} {2}."), "tw",
                                             knots, ktm_class_unit_name (run->frame->time_unit)));
  if (c->n_degrees > 0 && c->own_status == KTM_STATS_OK)
    ktm_report_method (report,
                       ktm_text_new (N_("In the chosen model each class has its own degree, from "
                                        "the lowest class up: {1}."),
                                     "s", run->options->degrees));
  if (run->options->random_intercept)
    ktm_report_method (report, ktm_text_new (N_("Within a class patients differed in level by a "
                                                 "normal random intercept (growth mixture model)."),
                                             ""));
  ktm_report_method (
      report, ktm_text_new (N_("Every patient with at least one score took part; missing visits "
                                "were taken to be missing at random given the observed scores."),
                            ""));
}

/* How the search of many patients is made short. */
static void
describe_sample (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = c->result->search.n > 0 ? c->result->search.fit[0] : NULL;

  if (fit == NULL || fit->n_sample == 0)
    return;
  ktm_report_method (
      run->report,
      ktm_text_new (
          N_("The starts ran on {1} of the {2} patients, drawn at random with the seed; the best "
              "optima of this sample, at most {3}, were carried to all patients by quasi-Newton "
              "and Newton steps, and every number given is of all patients."),
          "iii", (long) fit->n_sample, (long) fit->n_subjects, (long) KTM_GBTM_CARRIED));
  ktm_report_cite (run->report, "Biernacki C, Celeux G, Govaert G. Choosing starting values for "
                                "the EM algorithm for getting the highest likelihood in "
                                "multivariate Gaussian mixture models. Comput Stat Data Anal "
                                "2003;41:561-75.");
}

static void
describe_search (const KtmRun *run, const KtmRunClasses *c)
{
  KtmReport *report = run->report;
  const KtmGbtmSpec *spec = &c->result->spec;

  ktm_report_method (
      report,
      ktm_text_new (
          N_("Models with 1 to {1} classes were fitted by maximum likelihood (EM, then "
              "quasi-Newton and Newton steps) from {2} random starts each, and more, up to {3}, "
              "until the best optimum had been met {4} times (seed {5})."),
          "iiiii", (long) c->result->search.n, (long) spec->n_starts, (long) spec->max_starts,
          (long) spec->n_wanted, (long) spec->seed));
  describe_sample (run, c);
  ktm_report_method (
      report,
      ktm_text_new (
          N_("The recommended number is the smallest whose model converged and was found again "
              "from other starts, with every class holding at least 5 % and placed with a mean "
              "probability of at least 0.7, and whose next class lowers BIC by less than 10 % of "
              "the drop from one class (an elbow: a heuristic, not a test)."),
          ""));
  if (c->result->search.n_growth > 0)
    ktm_report_method (report,
                       ktm_text_new (N_("As a check, models with normal random intercepts within "
                                         "1 to {1} classes were fitted to the same scores."),
                                     "i", (long) c->result->search.n_growth));
}

/* Nothing was fitted here. */
static void
describe_applied (const KtmRun *run)
{
  const KtmClassModel *model = run->options->apply;

  ktm_report_method (
      run->report,
      ktm_text_new (N_("Patients were placed in the {1} latent classes of a saved group-based "
                       "trajectory model of {2} (fitted to {3} patients with {4} scores, "
                       "log-likelihood {5}, seed {6}, Ketamine Viewer {7}); its parameters were "
                       "kept as they are, and nothing was estimated from the patients placed."),
                    "isii2is", (long) model->model.n_classes, run->report->measure_label,
                    (long) model->n_subjects, (long) model->n_obs, model->loglik,
                    (long) model->seed, model->version));
}

void
ktm_run_classes_describe (const KtmRun *run, const KtmRunClasses *c)
{
  KtmReport *report = run->report;

  if (c->result->n_classes == 0)
    return;
  if (c->result->applied)
    describe_applied (run);
  else
    {
      describe_model (run, c);
      describe_search (run, c);
    }
  ktm_report_method (
      report,
      ktm_text_new (
          N_("Adequacy was judged by the mean posterior probability of the patients assigned to a "
              "class (APPA), the odds of correct classification (OCC), the share in the "
              "model against the share assigned, and relative entropy."),
          ""));
  report->has_seed = true;
  report->seed = c->result->spec.seed;
  ktm_report_cite (report, "Nagin DS. Analyzing developmental trajectories: a semiparametric, "
                           "group-based approach. Psychol Methods 1999;4:139-57.");
  ktm_report_cite (report,
                   "Jones BL, Nagin DS, Roeder K. A SAS procedure based on mixture models for "
                   "estimating developmental trajectories. Sociol Methods Res 2001;29:374-93.");
  ktm_report_cite (report, "van de Schoot R, et al. The GRoLTS-checklist: guidelines for reporting "
                           "on latent trajectory studies. Struct Equ Modeling 2017;24:451-67.");
}
