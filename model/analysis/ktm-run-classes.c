/* model/analysis: the search for trajectory classes and how a paper describes it. */
#include "ktm-run-classes.h"

#include <glib/gi18n-lib.h>

#define MOST_CLASSES   6
#define GROWTH_CLASSES 3

/* Stops for the caller's reasons, or because the person has seen enough. */
typedef struct
{
  const KtmProgress *outer;
  GCancellable      *enough;
} Watch;

static bool
watch_stop (void *data)
{
  const Watch *watch = data;

  return ktm_progress_stopped (watch->outer) || g_cancellable_is_cancelled (watch->enough);
}

/* Who hears of what was found on the way. */
typedef struct
{
  KtmClassResult *result;
  gsize           wanted;
  KtmClassesFound found;
  gpointer        data;
} Listener;

static void
tell_found (void *data, const KtmGbtmSearch *search)
{
  const Listener *listener = data;
  KtmClassResult *so_far = ktm_class_result_so_far (listener->result, search, listener->wanted);

  if (so_far == NULL)
    g_error ("out of memory");
  listener->found (so_far, listener->data);
}

static void
watch_report (void *data, double fraction)
{
  ktm_progress_report (((const Watch *) data)->outer, fraction);
}

static KtmGbtmSpec
make_spec (const KtmRun *run, KtmRunClasses *out)
{
  const KtmAnalysisOptions *o = run->options;
  gsize n_times = ktm_class_result_n_times (out->result);
  KtmGbtmSpec spec;

  out->asked = (gsize) CLAMP (o->degree, 0, KTM_GBTM_MAX_ORDER);
  out->degree = MIN (out->asked, n_times > 0 ? n_times - 1 : 0);
  spec = ktm_gbtm_spec (1, out->degree);
  spec.random_intercept = o->random_intercept;
  spec.n_threads = g_get_num_processors ();
  if (o->has_seed)
    spec.seed = o->seed;
  if (o->starts > 0)
    {
      spec.n_starts = o->starts;
      spec.max_starts = MAX (spec.max_starts, o->starts);
    }
  return spec;
}

/* What was found before, where it is of these scores and reaches as far as is asked for. */
static gboolean
take_found (const KtmRun *run, const KtmGbtmSpec *spec, gsize wanted, KtmRunClasses *out)
{
  const KtmClassResult *found = run->options->found;
  KtmClassResult *chosen;

  out->result->spec = *spec;
  if (found == NULL || wanted > found->search.n || !ktm_class_result_same (found, out->result))
    return FALSE;
  chosen = ktm_class_result_choose (found, run->frame, wanted);
  if (chosen == NULL)
    g_error ("out of memory");
  ktm_class_result_unref (out->result);
  out->result = chosen;
  out->status = chosen->search.status[chosen->search.n - 1] == KTM_STATS_CANCELLED
                    ? KTM_STATS_CANCELLED
                    : KTM_STATS_OK;
  return TRUE;
}

gboolean
ktm_run_classes (const KtmRun *run, KtmRunClasses *out)
{
  return ktm_run_classes_watched (run, NULL, NULL, out);
}

gboolean
ktm_run_classes_watched (const KtmRun *run, KtmClassesFound found, gpointer data,
                         KtmRunClasses *out)
{
  const KtmAnalysisOptions *o = run->options;
  gsize n = run->frame->n_patients, wanted = (gsize) MAX (o->classes, 0);
  g_autofree bool *in = g_new (bool, n + 1);
  Watch watch = { run->progress, o->enough };
  KtmProgress progress = { watch_stop, watch_report, &watch };
  Listener listener = { NULL, wanted, found, data };
  KtmGbtmWatch tell = { tell_found, &listener };
  KtmGbtmSpec spec;

  *out = (KtmRunClasses) { 0 };
  for (gsize i = 0; i < n; i++)
    in[i] = ktm_run_in_group (run, i, -1);
  if (ktm_class_result_new (run->frame, run->measure, run->frame->visit_time[run->first],
                            run->frame->visit_time[run->last], in, o->censored, &out->result)
      != KTM_STATS_OK)
    g_error ("out of memory");
  for (gsize i = 0; i < n; i++)
    out->n_without += in[i] && out->result->n_scores[i] == 0;
  if (out->result->data.n_obs == 0)
    {
      out->status = KTM_STATS_TOO_FEW;
      return TRUE;
    }
  spec = make_spec (run, out);
  if (take_found (run, &spec, wanted, out))
    return TRUE;
  listener.result = out->result;
  out->status = ktm_class_result_search (
      out->result, &spec, MIN (MAX (wanted + 1, MOST_CLASSES), KTM_GBTM_MAX_CLASSES),
      o->random_intercept ? 0 : GROWTH_CLASSES, wanted, &progress, found != NULL ? &tell : NULL);
  return !ktm_progress_stopped (run->progress);
}

void
ktm_run_classes_clear (KtmRunClasses *classes)
{
  g_clear_pointer (&classes->result, ktm_class_result_unref);
}

gboolean
ktm_run_classes_censored (const KtmRunClasses *classes)
{
  return isfinite (classes->result->data.lo) || isfinite (classes->result->data.hi);
}

KtmText *
ktm_run_classes_why_none (const KtmRunClasses *classes)
{
  long n = 0, scores = (long) classes->result->data.n_obs;

  for (gsize i = 0; i < classes->result->n_patients; i++)
    n += classes->result->n_scores[i] > 0;
  switch (classes->status)
    {
    case KTM_STATS_TOO_FEW:
      return n == 0 ? ktm_text_new (N_("No selected patient has a score at these visits, so there "
                                        "are no courses to part into classes."),
                                    "")
                    : ktm_text_new (
                          N_("Too few scores for trajectory classes: {1} of {2}."), "tt",
                          ktm_text_new_plural ("{1} score", "{1} scores", "i", scores),
                          ktm_text_new_plural ("{1} patient", "{1} patients", "i", n));
    case KTM_STATS_NO_VARIANCE:
      return ktm_text_new (
          N_("All scores are equal, so there are no different courses to part into classes."), "");
    case KTM_STATS_UNDEFINED:
      return ktm_text_new (N_("All scores lie at an end of the scale, where the censored model "
                               "sees nothing; the normal model may be tried instead."),
                           "");
    case KTM_STATS_CANCELLED:
      return ktm_text_new (N_("The search was ended before one class was fitted."), "");
    default:
      return ktm_text_new (ktm_stats_status_text (classes->status), "");
    }
}

const char *
ktm_class_degree_name (gsize degree)
{
  static const char *const names[] = { N_("constant"), N_("linear"), N_("quadratic"),
                                       N_("cubic"), N_("quartic") };

  return names[MIN (degree, G_N_ELEMENTS (names) - 1)];
}

KtmText *
ktm_run_classes_model (const KtmRun *run, const KtmRunClasses *classes)
{
  gboolean censored = ktm_run_classes_censored (classes);

  if (run->options->random_intercept)
    return ktm_text_new (censored ? N_("censored normal growth mixture, {1}")
                                  : N_("normal growth mixture, {1}"),
                         "w", ktm_class_degree_name (classes->degree));
  return ktm_text_new (censored ? N_("censored normal mixture, {1}") : N_("normal mixture, {1}"),
                       "w", ktm_class_degree_name (classes->degree));
}

/* --- as a paper describes it ------------------------------------------------------------------ */

static void
describe_model (const KtmRun *run, const KtmRunClasses *c)
{
  KtmReport *report = run->report;

  ktm_report_method (
      report,
      ktm_text_new (N_("Latent classes of the course of {1} were sought with group-based "
                        "trajectory models: finite mixtures of {2} curves of time ({3}), with one "
                        "residual standard deviation common to all classes and visits independent "
                        "of each other within a class."),
                    "sww", report->measure_label,
                    ktm_run_classes_censored (c) ? N_("censored normal") : N_("normal"),
                    ktm_class_degree_name (c->degree)));
  if (run->options->random_intercept)
    ktm_report_method (report, ktm_text_new (N_("Within a class patients differed in level by a "
                                                 "normal random intercept (growth mixture model)."),
                                             ""));
  ktm_report_method (
      report, ktm_text_new (N_("Every patient with at least one score took part; missing visits "
                                "were taken to be missing at random given the observed scores."),
                            ""));
}

void
ktm_run_classes_describe (const KtmRun *run, const KtmRunClasses *c)
{
  KtmReport *report = run->report;
  const KtmGbtmSpec *spec = &c->result->spec;

  describe_model (run, c);
  ktm_report_method (
      report,
      ktm_text_new (
          N_("Models with 1 to {1} classes were fitted by maximum likelihood (EM, then "
              "quasi-Newton and Newton steps) from {2} random starts each, and more, up to {3}, "
              "until the best optimum had been met {4} times (seed {5})."),
          "iiiii", (long) c->result->search.n, (long) spec->n_starts, (long) spec->max_starts,
          (long) spec->n_wanted, (long) spec->seed));
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
  ktm_report_method (
      report,
      ktm_text_new (
          N_("Adequacy was judged by the mean posterior probability of the patients assigned to a "
              "class (APPA), the odds of correct classification (OCC), the share in the "
              "model against the share assigned, and relative entropy."),
          ""));
  report->has_seed = true;
  report->seed = spec->seed;
  ktm_report_cite (report, "Nagin DS. Analyzing developmental trajectories: a semiparametric, "
                           "group-based approach. Psychol Methods 1999;4:139-57.");
  ktm_report_cite (report,
                   "Jones BL, Nagin DS, Roeder K. A SAS procedure based on mixture models for "
                   "estimating developmental trajectories. Sociol Methods Res 2001;29:374-93.");
  ktm_report_cite (report, "van de Schoot R, et al. The GRoLTS-checklist: guidelines for reporting "
                           "on latent trajectory studies. Struct Equ Modeling 2017;24:451-67.");
}
