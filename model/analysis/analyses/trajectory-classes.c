/* model/analysis: trajectory classes: how many, how clear, and what they look like. */
#include "ktm-analyses.h"
#include "ktm-classes-private.h"

#include "ktm-class-advice.h"
#include "ktm-class-lights.h"

#include <glib/gi18n-lib.h>

/* --- why this number -------------------------------------------------------------------------- */

/* What the models with random intercepts say, beside the recommendation itself. */
static void
say_continuum (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmAdvice *a = &c->result->search.advice;

  if (a->continuum_classes == 0)
    return;
  if (a->continuum)
    ktm_report_card_warn (
        run->report,
        ktm_text_new (N_("Patients also differ in level within the classes: a model that allows "
                          "for it fits better (BIC {1}), so read the classes as slices of a "
                          "continuum, not as kinds of patients."),
                      "0", a->continuum_bic));
  else
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("A model whose patients also differ in level within a class fits no "
                          "better (BIC {1}), so the classes hold up against this check."),
                      "0", a->continuum_bic));
}

static void
say_heuristic (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmAdvice *a = &c->result->search.advice;

  ktm_report_card_note (
      run->report,
      ktm_text_new (
          N_("The rule is a heuristic (an elbow), not a test: the smallest number that converged "
              "and was found again, with every class at least 5 % and APPA at least 0.7, and whose "
              "next class lowers BIC by less than 10 % of the drop from one class. The person "
              "decides."),
          ""));
  if (a->lowest_bic > 0)
    ktm_report_card_note (
        run->report,
        ktm_text_new (
            N_("BIC alone would take {1}, ICL {2}, of 1 to {3} classes: visits of one patient "
                "resemble each other more than classes explain, and BIC then asks for ever more."),
            "iii", (long) a->lowest_bic, (long) a->lowest_icl, (long) c->result->search.n));
  ktm_report_card_note (run->report, ktm_class_lights_rules ());
}

/* A number of classes that could not be fitted is said. */
static void
say_not_fitted (const KtmRun *run, const KtmRunClasses *c)
{
  KtmText *text = ktm_class_not_fitted (c->result);

  if (text == NULL)
    return;
  if (c->status == KTM_STATS_CANCELLED)
    ktm_report_card_warn (run->report, text);
  else
    ktm_report_card_note (run->report, text);
}

/* --- what would mislead ----------------------------------------------------------------------- */

static void
warn_flags (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit)
{
  g_autoptr(GPtrArray) warnings = ktm_class_warnings (c->result);

  for (guint i = 0; i < warnings->len; i++)
    ktm_report_card_warn (run->report, ktm_text_copy (warnings->pdata[i]));
  if (fit->flags & KTM_GBTM_OFF_SCALE)
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("A curve of the model leaves the scale somewhere; "
                                            "shown is the score expected on the scale."),
                                        ""));
}

static void
warn_patients (const KtmRun *run, const KtmRunClasses *c)
{
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score from {1} to {2}"), "tt",
                                    ktm_run_visit (run, run->first),
                                    ktm_run_visit (run, run->last)),
                      (long) c->n_without);
  if (c->result->n_one_score > 0 && c->result->n_classes > 1)
    ktm_report_card_warn (run->report,
                          ktm_text_new_plural ("{1} patient has one score only. A class read from "
                                               "one score is little more than a guess.",
                                               "{1} patients have one score only. A class read "
                                               "from one score is little more than a guess.",
                                               "i", (long) c->result->n_one_score));
  if (c->degree < c->asked)
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("Scores at {1} different times allow curves of degree "
                                            "{2} at most; degree {3} was asked for."),
                                        "iii", (long) ktm_class_result_n_times (c->result),
                                        (long) c->degree, (long) c->asked));
  if (run->options->censored && !ktm_run_classes_censored (c))
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("{1} has no known ends of its scale, so the normal model was used."), "s",
                      run->report->measure_label));
}

/* --- the report ------------------------------------------------------------------------------- */

/* What a saved model is, and that these patients had no part in it. */
static void
say_applied (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmClassModel *model = run->options->apply;
  gboolean same = model->fingerprint == ktm_class_fingerprint (&c->result->data);

  ktm_report_card_say (
      run->report,
      same ? ktm_text_new (N_("The saved classes were made from these very scores: who is in which "
                              "is as it was then."),
                           "")
           : ktm_text_new (N_("Patients were placed by a saved model, fitted to another set of {1} "
                              "scores: nothing was fitted to these, so the model may not suit "
                              "them."),
                           "i", (long) model->n_obs));
  if (c->n_outside > 0)
    ktm_report_card_warn (
        run->report,
        ktm_text_new_plural ("{1} score lies at a visit the saved model knows nothing of, and was "
                             "left out.",
                             "{1} scores lie at visits the saved model knows nothing of, and were "
                             "left out.",
                             "i", (long) c->n_outside));
}

static void
warn_curve (const KtmRun *run, const KtmRunClasses *c)
{
  if (c->straightened)
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("Scores at {1} different times are too few for the knots asked for, so "
                          "the curves are polynomials of degree {2}."),
                      "ii", (long) ktm_class_result_n_times (c->result), (long) c->degree));
  if (c->n_degrees > 0 && c->own_status != KTM_STATS_OK)
    ktm_report_card_warn (
        run->report,
        ktm_text_new (N_("The model with a degree for each class could not be fitted, so all have "
                          "the same: {1}"),
                      "w", ktm_stats_status_text (c->own_status)));
}

static void
report_classes (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  KtmReportRow *row;

  ktm_report_add_card (run->report,
                       c->result->n_classes > 1 ? ktm_text_new (N_("Are the classes clear?"), "")
                                                : ktm_text_new (N_("Trajectory classes"), ""),
                       ktm_run_classes_model (run, c));
  row = ktm_run_add_value (run, "n_classes",
                           c->result->applied     ? N_("of the saved model")
                           : c->result->by_person ? N_("asked for")
                                                  : N_("recommended by the elbow rule"),
                           -1, -1, (long) fit->n_subjects, (double) c->result->n_classes);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("Number of classes"), ""),
                      c->result->applied
                          ? ktm_text_new (N_("{1}, of the saved model"), "i",
                                          (long) c->result->n_classes)
                      : c->result->by_person
                          ? ktm_text_new (N_("{1}, asked for"), "i", (long) c->result->n_classes)
                          : ktm_text_new (N_("{1}, recommended"), "i",
                                          (long) c->result->n_classes));
  ktm_classes_add_chosen (run, c);
  ktm_classes_add_curves (run, c);
  if (c->result->applied)
    say_applied (run, c);
  if (c->result->n_classes > 1)
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("Classes are named by the order of their level in this cohort. They were "
                          "made from {1}: comparing {1} between them would find what was put in, "
                          "so no test and no effect size is "
                          "given for it."),
                      "s", run->report->measure_label));
  warn_curve (run, c);
  warn_flags (run, c, fit);
  warn_patients (run, c);
}

static void
report_how_many (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);

  ktm_report_add_card (run->report, ktm_text_new (N_("How many classes?"), ""),
                       ktm_text_new ("{1}, {2}", "tt",
                                     ktm_text_new_plural ("{1} patient", "{1} patients", "i",
                                                          (long) fit->n_subjects),
                                     ktm_text_new_plural ("{1} score", "{1} scores", "i",
                                                          (long) fit->n_obs)));
  run->report->cards[run->report->n_cards - 1].folded = true;
  ktm_classes_add_models (run, c);
  ktm_report_card_say (run->report, ktm_class_recommendation (c->result));
  say_continuum (run, c);
  say_heuristic (run, c);
  say_not_fitted (run, c);
}

static gboolean
tell_classes (const KtmRun *run, KtmRunClasses *classes, GError **error)
{
  KtmReport *report = run->report;

  if (classes->result->n_classes == 0)
    {
      ktm_report_add_card (report, ktm_text_new (N_("Trajectory classes"), ""), NULL);
      ktm_report_card_say (report, ktm_run_classes_why_none (classes));
      return TRUE;
    }
  report_classes (run, classes);
  if (!classes->result->applied)
    {
      report_how_many (run, classes);
      ktm_classes_add_growth (run, classes);
      if (!ktm_classes_add_shapes (run, classes) || !ktm_classes_add_degrees (run, classes)
          || !ktm_classes_add_blrt (run, classes) || !ktm_classes_add_bootstrap (run, classes))
        return TRUE;
    }
  report->classes = g_steal_pointer (&classes->result);
  return TRUE;
}

static gboolean
run_trajectory_classes (const KtmFrame *frame, const KtmAnalysisOptions *options,
                        const KtmProgress *progress, KtmReport *report, GError **error)
{
  return ktm_run_with_classes (frame, options, progress, report, tell_classes, error);
}

const KtmAnalysis ktm_analysis_trajectory_classes = {
  "trajectory-classes",
  N_("Trajectory classes"),
  N_("Which kinds of course are there, how many, and how clearly do they differ?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES | KTM_USES_RESAMPLES
      | KTM_USES_BLRT | KTM_USES_MODEL,
  TRUE,
  run_trajectory_classes,
};
