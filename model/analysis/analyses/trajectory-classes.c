/* model/analysis: trajectory classes: how many, how clear, and what they look like. */
#include "ktm-analyses.h"
#include "ktm-classes-private.h"

#include "ktm-class-lights.h"

#include <glib/gi18n-lib.h>

/* --- why this number -------------------------------------------------------------------------- */

/* "lowers BIC by 81, which is 6 % of the 1327 gained so far, while entropy goes from 0.79 to 0.73":
 * what the next class would add. */
static KtmText *
next_text (const KtmRunClasses *c, gsize k)
{
  const KtmGbtmSearch *s = &c->result->search;
  KtmClassLights now, next;
  double gain, so_far;

  if (k >= s->n || s->fit[k] == NULL)
    return NULL;
  ktm_class_lights (s->fit[k - 1], &now);
  ktm_class_lights (s->fit[k], &next);
  gain = s->fit[k - 1]->bic_subjects - s->fit[k]->bic_subjects;
  so_far = s->fit[0]->bic_subjects - s->fit[k - 1]->bic_subjects;
  if (gain <= 0)
    return ktm_text_new (N_("one class more does not lower BIC ({1} higher)"), "0", -gain);
  if (k == 1)
    return ktm_text_new (N_("a second class lowers BIC by {1}"), "0", gain);
  return ktm_text_new (
      N_("one class more lowers BIC by only {1}, {2} % of the {3} gained so far; entropy would go "
          "from {4} to {5} and the least certain class (APPA) from {6} to {7}"),
      "0002222", gain, 100 * gain / so_far, so_far, now.entropy, next.entropy, now.appa, next.appa);
}

/* What the first unmet condition of the rule is, for a number that was not recommended. */
static const char *
reason_text (unsigned why)
{
  static const struct { unsigned flag; const char *text; } reasons[] = {
    { KTM_GBTM_WHY_NOT_CONVERGED, N_("the model did not converge") },
    { KTM_GBTM_WHY_MET_ONCE, N_("its best optimum was found from one start only") },
    { KTM_GBTM_WHY_DEGENERATE, N_("a class is empty, or two are the same") },
    { KTM_GBTM_WHY_SMALL_CLASS, N_("a class holds less than 5 % of the patients") },
    { KTM_GBTM_WHY_LOW_APPA, N_("a class is placed with a mean probability below 0.7") },
    { KTM_GBTM_WHY_NEXT_GAINS, N_("the next class lowers BIC by 10 % or more of the drop so far") },
    { KTM_GBTM_WHY_NO_NEXT, N_("one class more could not be fitted, so the elbow cannot be seen") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (why & reasons[i].flag)
      return reasons[i].text;
  return N_("it fulfils the rule");
}

static void
say_recommendation (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmAdvice *a = &c->result->search.advice;
  gsize k = c->result->n_classes;
  KtmText *next = next_text (c, k);

  if (c->result->by_person)
    ktm_report_card_say (
        run->report,
        a->n_classes == k ? ktm_text_new_plural (
            "{1} class was asked for, which the rule recommends too.",
            "{1} classes were asked for, which the rule recommends too.", "i", (long) k)
        : a->n_classes > 0
            ? ktm_text_new_plural ("{1} class was asked for; the rule recommends {2}.",
                                   "{1} classes were asked for; the rule recommends {2}.", "ii",
                                   (long) k, (long) a->n_classes)
            : ktm_text_new_plural ("{1} class was asked for; the rule recommends no number.",
                                   "{1} classes were asked for; the rule recommends no number.",
                                   "i", (long) k));
  else if (a->n_classes == 0)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("No number of classes fulfils the rule: with {1}, {2}."),
                                       "iw", (long) k, reason_text (a->why[k - 1])));
  else if (!a->by_rule)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("No number of classes fulfils the whole rule: {1} has "
                                           "the lowest BIC of those that can be used, but {2}."),
                                       "iw", (long) k, reason_text (a->why[k - 1])));
  else if (next != NULL)
    {
      ktm_report_card_say (run->report,
                           ktm_text_new_plural ("Use {1} class: {2}.", "Use {1} classes: {2}.",
                                                "it", (long) k, next));
      next = NULL;
    }
  ktm_text_free (next);
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
  const KtmGbtmSearch *s = &c->result->search;

  for (gsize i = 1; i < s->n; i++)
    if (s->fit[i] == NULL)
      {
        if (s->status[i] == KTM_STATS_CANCELLED)
          ktm_report_card_warn (run->report,
                                ktm_text_new (N_("The search was ended early: models with {1} and "
                                                  "more classes were not fitted."),
                                              "i", (long) i + 1));
        else
          ktm_report_card_note (
              run->report,
              ktm_text_new (N_("Models with {1} and more classes could not be fitted: {2}"), "iw",
                            (long) i + 1, ktm_stats_status_text (s->status[i])));
        return;
      }
}

/* --- what would mislead ----------------------------------------------------------------------- */

static void
warn_flags (const KtmRun *run, const KtmGbtmFit *fit)
{
  static const struct { unsigned flag; const char *text;
  } flags[] = {
    { KTM_GBTM_NOT_CONVERGED,
      N_("The fit did not converge: its numbers are where the search stopped.") },
    { KTM_GBTM_NO_SE, N_("The information matrix is nearly singular or a class holds fewer than 3 "
                          "patients: no standard errors or intervals can be given.") },
    { KTM_GBTM_EMPTY_CLASS,
      N_("A class is nearly empty: one class less describes these patients as well.") },
    { KTM_GBTM_DUPLICATE_CLASS,
      N_("Two classes have the same curve: one class less describes these patients as well.") },
    { KTM_GBTM_SIGMA_FLOOR, N_("The residual standard deviation shrank to its floor: the model "
                                "fits the scores almost exactly and should not be trusted.") },
    { KTM_GBTM_MET_ONCE, N_("The best optimum was found from one start only: there may be a "
                             "better one; try more starts.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (fit->flags & flags[i].flag)
      ktm_report_card_warn (run->report, ktm_text_new (flags[i].text, ""));
  if (fit->flags & KTM_GBTM_OFF_SCALE)
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("A curve of the model leaves the scale somewhere; "
                                            "shown is the score expected on the scale."),
                                        ""));
}

static void
warn_classes (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit)
{
  for (gsize k = 0; fit->model.n_classes > 1 && k < fit->model.n_classes; k++)
    {
      const char *name = ktm_class_result_name (c->result, c->result->n_classes, k);

      if (fit->model.pi[k] < 0.05 || fit->modal_n[k] < 10)
        ktm_report_card_warn (
            run->report,
            ktm_text_new_plural (
                "{2} holds {1} patient ({3} %): too few to describe, let alone to compare.",
                "{2} holds {1} patients ({3} %): too few to describe, let alone to compare.", "iw0",
                (long) fit->modal_n[k], name, 100 * fit->model.pi[k]));
      if (!(fit->appa[k] >= 0.7))
        ktm_report_card_warn (
            run->report,
            ktm_text_new (N_("{1} is placed with a mean probability of {2}, below 0.7: many of "
                              "its patients might as well be in another class."),
                          "w2", name, fit->appa[k]));
    }
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

static void
report_classes (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  KtmReportRow *row;

  ktm_report_add_card (run->report, ktm_text_new (N_("Trajectory classes"), ""),
                       ktm_run_classes_model (run, c));
  row = ktm_run_add_value (run, "n_classes",
                           c->result->by_person ? N_("asked for")
                                                : N_("recommended by the elbow rule"),
                           -1, -1, (long) fit->n_subjects, (double) c->result->n_classes);
  row->rank = KTM_RANK_HEADLINE;
  ktm_classes_add_chosen (run, c);
  ktm_classes_add_curves (run, c);
  if (c->result->n_classes > 1)
    ktm_report_card_note (
        run->report,
        ktm_text_new (N_("Classes are named by the order of their level in this cohort. They were "
                          "made from {1}: comparing {1} between them would find what was put in, "
                          "so no test and no effect size is "
                          "given for it."),
                      "s", run->report->measure_label));
  warn_flags (run, fit);
  warn_classes (run, c, fit);
  warn_patients (run, c);
}

static void
report_how_many (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);

  ktm_report_add_card (run->report, ktm_text_new (N_("How many classes?"), ""),
                       ktm_text_new (N_("{1} patients, {2} scores"), "ii", (long) fit->n_subjects,
                                     (long) fit->n_obs));
  ktm_classes_add_models (run, c);
  say_recommendation (run, c);
  say_heuristic (run, c);
  say_not_fitted (run, c);
}

static gboolean
run_trajectory_classes (const KtmFrame *frame, const KtmAnalysisOptions *options,
                        const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_auto(KtmRunClasses) classes = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  if (!ktm_run_classes (&run, &classes))
    return TRUE; /* stopped: the runner says so */
  ktm_run_classes_describe (&run, &classes);
  if (classes.result->n_classes == 0)
    {
      ktm_report_add_card (report, ktm_text_new (N_("Trajectory classes"), ""), NULL);
      ktm_report_card_say (report, ktm_run_classes_why_none (&classes));
      return TRUE;
    }
  report_classes (&run, &classes);
  report_how_many (&run, &classes);
  ktm_classes_add_growth (&run, &classes);
  if (!ktm_classes_add_shapes (&run, &classes))
    return TRUE;
  report->classes = g_steal_pointer (&classes.result);
  return TRUE;
}

const KtmAnalysis ktm_analysis_trajectory_classes = {
  "trajectory-classes",
  N_("Trajectory classes"),
  N_("Which kinds of course are there, how many, and how clearly do they differ?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES,
  TRUE,
  run_trajectory_classes,
};
