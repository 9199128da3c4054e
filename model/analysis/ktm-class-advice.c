/* model/analysis: sentences on a number of trajectory classes. */
#include "ktm-class-advice.h"

#include <glib/gi18n-lib.h>

#include "ktm-class-lights.h"

/* --- why this number -------------------------------------------------------------------------- */

/* "one class more lowers BIC by only 81, 6 % of the 1327 gained so far; entropy would go from 0.79
 * to 0.73 …" */
KtmText *
ktm_class_next (const KtmClassResult *result, gsize k)
{
  const KtmGbtmSearch *s = &result->search;
  KtmClassLights now, next;
  double gain, so_far;

  if (k < 1 || k >= s->n || s->fit[k - 1] == NULL || s->fit[k] == NULL)
    return NULL;
  ktm_class_lights (s->fit[k - 1], &now);
  ktm_class_lights (s->fit[k], &next);
  gain = s->fit[k - 1]->bic_subjects - s->fit[k]->bic_subjects;
  so_far = s->fit[0]->bic_subjects - s->fit[k - 1]->bic_subjects;
  if (gain <= 0)
    return ktm_text_new (N_("one class more does not lower BIC ({1} higher)"), "0", -gain);
  if (k == 1)
    return ktm_text_new (N_("a second class lowers BIC by {1}"), "0", gain);
  if (gain < 0.1 * so_far)
    return ktm_text_new (
        N_("one class more lowers BIC by only {1}, {2} % of the {3} gained so far; entropy would "
            "go from {4} to {5} and the least certain class (APPA) from {6} to {7}"),
        "0002222", gain, 100 * gain / so_far, so_far, now.entropy, next.entropy, now.appa,
        next.appa);
  return ktm_text_new (
      N_("one class more lowers BIC by {1}, {2} % of the {3} gained so far; entropy would go from "
          "{4} to {5} and the least certain class (APPA) from {6} to {7}"),
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

static KtmText *
asked_text (const KtmGbtmAdvice *a, gsize k)
{
  if (a->n_classes == k)
    return ktm_text_new_plural ("{1} class was asked for, which the rule recommends too.",
                                "{1} classes were asked for, which the rule recommends too.", "i",
                                (long) k);
  if (a->n_classes > 0)
    return ktm_text_new_plural ("{1} class was asked for; the rule recommends {2}.",
                                "{1} classes were asked for; the rule recommends {2}.", "ii",
                                (long) k, (long) a->n_classes);
  return ktm_text_new_plural ("{1} class was asked for; the rule recommends no number.",
                              "{1} classes were asked for; the rule recommends no number.", "i",
                              (long) k);
}

KtmText *
ktm_class_recommendation (const KtmClassResult *result)
{
  const KtmGbtmAdvice *a = &result->search.advice;
  gsize k = result->n_classes;
  KtmText *next;

  if (k == 0)
    return NULL;
  if (!result->by_person && a->n_classes == 0)
    return ktm_text_new (N_("No number of classes fulfils the rule: with {1}, {2}."), "iw",
                         (long) k, reason_text (a->why[k - 1]));
  if (!result->by_person && !a->by_rule)
    return ktm_text_new (N_("No number of classes fulfils the whole rule: {1} has the lowest BIC "
                             "of those that can be used, but {2}."),
                         "iw", (long) k, reason_text (a->why[k - 1]));
  next = ktm_class_next (result, k);
  if (!result->by_person)
    return next != NULL ? ktm_text_new_plural ("Use {1} class: {2}.", "Use {1} classes: {2}.", "it",
                                               (long) k, next)
                        : NULL;
  return next != NULL ? ktm_text_new (N_("{1} What the next would add: {2}."), "tt",
                                      asked_text (a, k), next)
                      : asked_text (a, k);
}

KtmText *
ktm_class_not_fitted (const KtmClassResult *result)
{
  const KtmGbtmSearch *s = &result->search;

  for (gsize i = 1; i < s->n; i++)
    if (s->fit[i] == NULL)
      return s->status[i] == KTM_STATS_CANCELLED
                 ? ktm_text_new (N_("The search was ended early: models with {1} and more classes "
                                     "were not fitted."),
                                 "i", (long) i + 1)
                 : ktm_text_new (N_("Models with {1} and more classes could not be fitted: {2}"),
                                 "iw", (long) i + 1, ktm_stats_status_text (s->status[i]));
  return NULL;
}

/* --- what would mislead ----------------------------------------------------------------------- */

static void
warn_flags (const KtmGbtmFit *fit, GPtrArray *out)
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
      g_ptr_array_add (out, ktm_text_new (flags[i].text, ""));
}

static void
warn_classes (const KtmClassResult *result, const KtmGbtmFit *fit, GPtrArray *out)
{
  for (gsize k = 0; fit->model.n_classes > 1 && k < fit->model.n_classes; k++)
    {
      const char *name = ktm_class_result_name (result, result->n_classes, k);

      if (fit->model.pi[k] < 0.05 || fit->modal_n[k] < 10)
        g_ptr_array_add (
            out,
            ktm_text_new_plural (
                "{2} holds {1} patient ({3} %): too few to describe, let alone to compare.",
                "{2} holds {1} patients ({3} %): too few to describe, let alone to compare.", "iw0",
                (long) fit->modal_n[k], name, 100 * fit->model.pi[k]));
      if (!(fit->appa[k] >= 0.7))
        g_ptr_array_add (
            out, ktm_text_new (N_("{1} is placed with a mean probability of {2}, below 0.7: many "
                                   "of its patients might as well be in another class."),
                               "w2", name, fit->appa[k]));
    }
}

GPtrArray *
ktm_class_warnings (const KtmClassResult *result)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_text_free);
  const KtmGbtmFit *fit = ktm_class_result_fit (result);

  if (fit == NULL)
    return out;
  warn_flags (fit, out);
  warn_classes (result, fit, out);
  return out;
}
