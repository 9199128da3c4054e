/* model/analysis: the numbers of trajectory classes as rows. */
#include "ktm-classes-private.h"

#include "ktm-class-lights.h"
#include "ktm-describe.h"
#include "ktm-dist.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MODEL_METHOD N_("group-based trajectory model, maximum likelihood")

/* A row without interval about a number of classes; NaN where the value does not exist. */
static KtmReportRow *
add (const KtmRun *run, const char *statistic, const char *subject, const char *method, long n,
     double value)
{
  KtmReportRow *row = ktm_run_add_value (run, statistic, method, -1, -1, n, value);

  ktm_report_row_set_subject (row, subject);
  return row;
}

static KtmReportRow *
add_class (const KtmRun *run, const KtmRunClasses *c, gsize k, const char *statistic,
           const char *method, long n, double value)
{
  KtmReportRow *row = ktm_run_add_value (run, statistic, method, -1, -1, n, value);

  ktm_report_row_set_group (row, ktm_class_result_name (c->result, c->result->n_classes, k), NULL);
  return row;
}

/* --- how many --------------------------------------------------------------------------------- */

static KtmText *
model_line (const KtmGbtmFit *fit, double drop)
{
  KtmClassLights l;
  KtmText *fits = isnan (drop) ? ktm_text_new (N_("log L {1} · BIC {2} · ICL {3}"), "100",
                                               fit->loglik, fit->bic_subjects, fit->icl)
                               : ktm_text_new (N_("log L {1} · BIC {2} ({3}) · ICL {4}"), "1000",
                                               fit->loglik, fit->bic_subjects, -drop, fit->icl);

  ktm_class_lights (fit, &l);
  if (fit->model.n_classes < 2)
    return fits;
  return ktm_text_new (
      N_("{1} · entropy {2} · smallest {3} · least APPA {4} · least OCC {5} · starts {6}"),
      "tttttt", fits, ktm_text_new ("{1} {2}", "2s", l.entropy, ktm_light_shape (l.entropy_light)),
      ktm_text_new ("{1} % ({2}) {3}", "0is", 100 * l.smallest, (long) l.smallest_n,
                    ktm_light_shape (l.smallest_light)),
      ktm_text_new ("{1} {2}", "2s", l.appa, ktm_light_shape (l.appa_light)),
      ktm_text_new ("{1} {2}", "1s", l.occ, ktm_light_shape (l.occ_light)),
      ktm_text_new (N_("{1} of {2} {3}"), "iis", (long) l.hits, (long) l.finished,
                    ktm_light_shape (l.starts_light)));
}

static void
add_fit_measures (const KtmRun *run, const KtmGbtmFit *fit, const char *subject, double drop)
{
  long n = (long) fit->n_subjects;

  add (run, "loglik", subject, MODEL_METHOD, n, fit->loglik);
  add (run, "n_par", subject, MODEL_METHOD, n, (double) fit->n_par);
  add (run, "bic_jones_nagin_subjects", subject,
       N_("log L − parameters/2 × log(number of patients); closer to 0 is better"), n,
       fit->bic_jones_nagin_subjects);
  add (run, "bic_jones_nagin_obs", subject,
       N_("log L − parameters/2 × log(number of scores); closer to 0 is better"),
       (long) fit->n_obs, fit->bic_jones_nagin_obs);
  add (run, "bic_obs", subject,
       N_("−2 log L + parameters × log(number of scores); smaller is better"), (long) fit->n_obs,
       fit->bic_obs);
  add (run, "aic", subject, N_("−2 log L + 2 × parameters"), n, fit->aic);
  add (run, "sabic", subject, N_("−2 log L + parameters × log((patients + 2)/24)"), n, fit->sabic);
  add (run, "icl", subject, N_("BIC (patients) + 2 × entropy of the posterior probabilities"), n,
       fit->icl);
  add (run, "bic_drop", subject, N_("BIC of one class less minus BIC"), n, drop);
}

/* GRoLTS 12: how many patients in each class of every model. */
static void
add_sizes (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit, const char *subject)
{
  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      KtmReportRow *row =
          add (run, "class_share", subject,
               N_("share in the model; n: patients assigned by highest probability"),
               (long) fit->modal_n[k], fit->model.pi[k]);

      row->se = fit->pi_se[k];
      ktm_report_row_set_group (row, ktm_class_result_name (c->result, fit->model.n_classes, k),
                                NULL);
    }
}

static double
largest_mismatch (const KtmGbtmFit *fit)
{
  double most = fit->model.n_classes > 1 ? 0 : NAN;

  for (gsize k = 0; k < fit->model.n_classes && fit->model.n_classes > 1; k++)
    most = MAX (most, fabs (fit->mismatch[k]));
  return most;
}

static void
add_adequacy (const KtmRun *run, const KtmGbtmFit *fit, const char *subject)
{
  KtmClassLights l;
  long n = (long) fit->n_subjects;

  ktm_class_lights (fit, &l);
  add (run, "entropy_relative", subject,
       N_("1 − entropy of the posterior probabilities / (patients × log classes)"), n, l.entropy);
  add (run, "smallest_class", subject, N_("least share in the model"), (long) l.smallest_n,
       l.smallest);
  add (run, "least_appa", subject, N_("least mean posterior probability of a class"), n, l.appa);
  add (run, "least_occ", subject, N_("least odds of correct classification"), n, l.occ);
  add (run, "largest_mismatch", subject,
       N_("largest distance between the share in the model and the share assigned"), n,
       largest_mismatch (fit));
  add (run, "starts_tried", subject,
       N_("random starts and splits of the model with one class less"), (long) fit->n_tried,
       (double) fit->n_tried);
  add (run, "starts_best", subject,
       N_("starts that ended at the best likelihood; n: starts carried to the end"),
       (long) fit->n_finished, (double) fit->n_hits);
}

void
ktm_classes_add_models (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmSearch *s = &c->result->search;

  for (gsize i = 0; i < s->n; i++)
    {
      const KtmGbtmFit *fit = s->fit[i];
      g_autofree char *subject = g_strdup_printf ("K = %" G_GSIZE_FORMAT, i + 1);
      double drop = i > 0 && fit != NULL && s->fit[i - 1] != NULL
                        ? s->fit[i - 1]->bic_subjects - fit->bic_subjects
                        : NAN;
      KtmReportRow *row;

      if (fit == NULL)
        continue;
      row = add (run, "bic_subjects", subject,
                 N_("−2 log L + parameters × log(number of patients); smaller is better"),
                 (long) fit->n_subjects, fit->bic_subjects);
      row->rank = KTM_RANK_SHOWN;
      ktm_report_row_say (row,
                          i + 1 == c->result->n_classes
                              ? ktm_text_new (N_("{1} ◂ chosen"), "i", (long) i + 1)
                              : ktm_text_new ("{1}", "i", (long) i + 1),
                          model_line (fit, drop));
      add_fit_measures (run, fit, subject, drop);
      add_adequacy (run, fit, subject);
      if (i + 1 != c->result->n_classes)
        add_sizes (run, c, fit, subject);
    }
}

/* --- the chosen model ------------------------------------------------------------------------- */

static gsize
count_uncertain (const KtmClassResult *result, int k)
{
  gsize n = 0;
  double certainty;

  for (gsize i = 0; i < result->n_patients; i++)
    n += ktm_class_result_class (result, i, &certainty) == k && certainty < KTM_CLASS_LIKELY;
  return n;
}

/* The interval of a share on the logit scale stays within 0 … 1. */
static KtmEstimate
share_interval (double pi, double se, double level)
{
  double z = ktm_dist_normal_z (level), logit = log (pi / (1 - pi)),
         half = z * se / (pi * (1 - pi));

  if (!(se > 0) || !(pi > 0 && pi < 1))
    return (KtmEstimate) { pi, NAN, NAN, NAN };
  return (KtmEstimate) { pi, se, 1 / (1 + exp (half - logit)), 1 / (1 + exp (-half - logit)) };
}

/* A number of one class in the table of the card; takes @label, @value and @aside. */
static KtmReportRow *
add_cell (const KtmRun *run, const KtmRunClasses *c, gsize k, const char *statistic,
          const char *method, double value, KtmText *label, KtmText *said, KtmText *aside)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  KtmReportRow *row = add_class (run, c, k, statistic, method, (long) fit->modal_n[k], value);

  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, label, said);
  ktm_report_row_look (row, KTM_LOOK_CELL, (int) ktm_class_look (fit->model.n_classes, k), aside);
  return row;
}

/* "+0.5", "−1.7" */
static KtmText *
signed_text (double value)
{
  return value > 0 ? ktm_text_new ("+{1}", "1", value) : ktm_text_new ("{1}", "1", value);
}

static void
add_sizes_of_chosen (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit)
{
  for (gsize k = 0; k < fit->model.n_classes; k++)
    add_cell (run, c, k, "class_assigned", N_("by highest posterior probability"),
              (double) fit->modal_n[k], ktm_text_new (N_("Patients"), ""),
              c->result->applied
                  ? ktm_text_new (N_("{1} ({2} %)"), "i0", (long) fit->modal_n[k],
                                  100 * (double) fit->modal_n[k] / (double) fit->n_subjects)
                  : ktm_text_new ("{1}", "i", (long) fit->modal_n[k]),
              NULL);
  for (gsize k = 0; k < fit->model.n_classes; k++)
    ktm_report_row_set_estimate (
        add_cell (run, c, k, "class_share",
                  N_("share in the model; Wald interval on the logit scale; n: patients assigned "
                      "by highest probability"),
                  NAN, ktm_text_new (N_("Share in the model"), ""),
                  ktm_text_new (N_("{1} %"), "0", 100 * fit->model.pi[k]),
                  ktm_text_new ("≥ 5 %", "")),
        share_interval (fit->model.pi[k], fit->pi_se[k], run->level), run->level);
}

static void
add_certainty_of_chosen (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit)
{
  for (gsize k = 0; k < fit->model.n_classes; k++)
    add_cell (run, c, k, "appa",
              N_("mean posterior probability of the patients assigned to the class"), fit->appa[k],
              ktm_text_new (N_("APPA"), ""), ktm_text_new ("{1}", "2", fit->appa[k]),
              ktm_text_new ("> {1}", "1", 0.7));
  for (gsize k = 0; k < fit->model.n_classes; k++)
    add_cell (run, c, k, "occ", N_("odds of APPA divided by odds of the share in the model"),
              fit->occ[k], ktm_text_new (N_("OCC"), ""), ktm_text_new ("{1}", "1", fit->occ[k]),
              ktm_text_new ("> 5", ""));
  for (gsize k = 0; k < fit->model.n_classes; k++)
    add_cell (run, c, k, "mismatch", N_("share in the model minus share assigned"),
              fit->mismatch[k], ktm_text_new (N_("Share − assigned"), ""),
              signed_text (100 * fit->mismatch[k]), ktm_text_new ("± 5", ""));
  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      gsize n = count_uncertain (c->result, (int) k);

      add_cell (run, c, k, "class_uncertain", N_("assigned with a probability below 0.7"),
                (double) n, ktm_text_new (N_("Patients, p < {1}"), "1", KTM_CLASS_LIKELY),
                ktm_text_new ("{1}", "i", (long) n), ktm_text_new (N_("few"), ""));
    }
}

void
ktm_classes_add_chosen (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);

  ktm_report_card_aside (run->report, ktm_text_new (N_("wanted"), ""));
  add_sizes_of_chosen (run, c, fit);
  if (fit->model.n_classes > 1)
    add_certainty_of_chosen (run, c, fit);
}

/* --- curves ----------------------------------------------------------------------------------- */

static void
add_curve (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit, gsize k)
{
  double last = ktm_class_result_last (c->result, fit, k);

  for (gsize j = 0; j < fit->n_times && fit->time[j] <= last; j++)
    {
      KtmEstimate e;
      KtmReportRow *row;

      if (ktm_gbtm_curve (fit, k, &fit->time[j], 1, run->level, &e) != KTM_STATS_OK)
        continue;
      row = add_class (run, c, k, "class_curve",
                       N_("expected score on the scale of the measure; pointwise interval from "
                           "the observed information"),
                       (long) fit->modal_n[k], e.value);
      e.se = NAN; /* of the latent mean: not the expected score's */
      ktm_report_row_set_estimate (row, e, run->level);
      row->time = fit->time[j];
    }
}

static void
add_observed (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit, gsize k)
{
  const KtmGbtmData *data = &c->result->data;
  g_autofree double *y = g_new (double, data->n_obs + 1);

  for (gsize t = 0; t < fit->n_times; t++)
    {
      gsize n = 0;
      KtmDescription d;
      KtmReportRow *row;

      for (gsize j = 0; j < data->n_obs; j++)
        if (data->time[j] == fit->time[t] && fit->modal[data->subject[j]] == (int) k)
          y[n++] = data->y[j];
      if (n == 0 || ktm_stats_describe (y, n, run->level, &d) != KTM_STATS_OK)
        continue;
      row =
          add_class (run, c, k, "class_observed",
                     N_("patients most likely in the class; t interval"), (long) n, d.mean.value);
      ktm_report_row_set_estimate (row, d.mean, run->level);
      row->time = fit->time[t];
    }
}

const char *
ktm_class_coef_name (KtmGbtmShape shape, gsize j)
{
  static const char *const names[][KTM_GBTM_MAX_COEF] = {
    { "intercept", "time", "time^2", "time^3", "time^4", "time^5" },
    { "intercept", "time", "spline 1", "spline 2", "spline 3", "spline 4" },
    { "intercept", "time", "after knot 1", "after knot 2", "after knot 3", "after knot 4" },
  };

  return names[shape][j];
}

static void
add_coefficients (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit, gsize k)
{
  double z = ktm_dist_normal_z (run->level);

  for (gsize j = 0; j < fit->model.n_coef[k]; j++)
    {
      double b = fit->model.coef[k][j], se = fit->coef_se[k][j];
      KtmReportRow *row = add_class (run, c, k, "coef",
                                     N_("latent mean, in the units of score and time; standard "
                                         "error from the observed information"),
                                     (long) fit->modal_n[k], b);

      ktm_report_row_set_subject (row, ktm_class_coef_name (fit->model.shape, j));
      ktm_report_row_set_estimate (row, (KtmEstimate){ b, se, b - z * se, b + z * se }, run->level);
    }
}

static void
add_sigma (const KtmRun *run, const KtmRunClasses *c, const KtmGbtmFit *fit)
{
  gboolean each = fit->spec.sigma_by_class;

  for (gsize k = 0; k < (each ? fit->model.n_classes : 1); k++)
    {
      KtmReportRow *row = ktm_run_add_value (
          run, "sigma",
          each ? N_("of the class, with a floor of a tenth of the pooled SD; standard error from "
                    "the observed information")
               : N_("common to all classes; standard error from the observed information"),
          -1, -1, (long) (each ? fit->modal_n[k] : fit->n_subjects), fit->model.sigma[k]);

      if (each)
        ktm_report_row_set_group (row, ktm_class_result_name (c->result, c->result->n_classes, k),
                                  NULL);
      row->se = fit->sigma_se[k];
    }
}

void
ktm_classes_add_curves (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  KtmReportRow *row;

  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      add_curve (run, c, fit, k);
      add_observed (run, c, fit, k);
      add_coefficients (run, c, fit, k);
    }
  add_sigma (run, c, fit);
  if (fit->model.tau > 0)
    {
      row = ktm_run_add_value (
          run, "sd_intercept",
          N_("random intercept within classes; standard error from the observed information"), -1,
          -1, (long) fit->n_subjects, fit->model.tau);
      row->se = fit->tau_se;
    }
}

/* --- checks ----------------------------------------------------------------------------------- */

void
ktm_classes_add_growth (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmSearch *s = &c->result->search;
  const KtmGbtmAdvice *a = &s->advice;
  gboolean any = FALSE;

  for (gsize i = 0; i < s->n_growth; i++)
    any = any || s->growth[i] != NULL;
  if (!any)
    return;
  ktm_report_add_card (run->report, ktm_text_new (N_("Classes, or slices of a continuum?"), ""),
                       ktm_text_new (N_("random intercepts within classes"), ""));
  for (gsize i = 0; i < s->n_growth; i++)
    {
      const KtmGbtmFit *fit = s->growth[i];
      g_autofree char *subject =
          g_strdup_printf ("K = %" G_GSIZE_FORMAT ", random intercept", i + 1);
      KtmReportRow *row;

      if (fit == NULL)
        continue;
      row = add (run, "bic_subjects", subject,
                 N_("growth mixture: patients of a class differ in level; −2 log L + parameters × "
                     "log(number of patients)"),
                 (long) fit->n_subjects, fit->bic_subjects);
      row->rank = KTM_RANK_SHOWN;
      ktm_report_row_say (
          row,
          ktm_text_new_plural ("{1} class", "{1} classes", "i", (long) i + 1),
          ktm_text_new (N_("BIC {1} · SD within a class {2}"), "02", fit->bic_subjects,
                        fit->model.tau));
      add_fit_measures (run, fit, subject, NAN);
      add (run, "entropy_relative", subject,
           N_("1 − entropy of the posterior probabilities / (patients × log classes)"),
           (long) fit->n_subjects, fit->entropy);
      add (run, "sd_intercept", subject, N_("random intercept within classes"),
           (long) fit->n_subjects, fit->model.tau);
      add_sizes (run, c, fit, subject);
    }
  if (a->continuum)
    ktm_report_card_say (
        run->report,
        ktm_text_new_plural (
            "A model with {1} class whose patients also differ in level has a lower BIC ({2}) than "
            "any number of classes without ({3}): these classes are slices of a continuum.",
            "A model with {1} classes whose patients also differ in level has a lower BIC ({2}) "
            "than any number of classes without ({3}): these classes are slices of a continuum.",
            "i00", (long) a->continuum_classes, a->continuum_bic,
            s->fit[a->lowest_bic - 1]->bic_subjects));
  else
    ktm_report_card_say (
        run->report,
        ktm_text_new (
            N_("Models whose patients also differ in level within a class do not fit better "
                "(lowest BIC {1} against {2}): nothing speaks against separate classes."),
            "00", a->continuum_bic, s->fit[a->lowest_bic - 1]->bic_subjects));
}

/* Shape number @i the chosen one is set against.  FALSE: the visits do not allow it, or it is the
 * chosen one. */
static gboolean
other_shape (const KtmRunClasses *c, gsize i, KtmGbtmSpec *spec)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (c->result);
  const KtmGbtmSpec *used = &fit->spec;
  gboolean uneven = FALSE;

  for (gsize k = 1; k < used->n_classes; k++)
    uneven = uneven || used->order[k] != used->order[0];
  *spec = c->result->spec;
  spec->n_classes = c->result->n_classes;
  spec->shape = KTM_GBTM_POLYNOMIAL;
  spec->n_knots = 0;
  if (i < 4)
    {
      for (gsize k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
        spec->order[k] = i + 1;
      return i + 1 < fit->n_times
             && !(used->shape == KTM_GBTM_POLYNOMIAL && !uneven && i + 1 == used->order[0]);
    }
  return fit->n_times >= 5
         && ktm_class_set_shape (spec, i == 4 ? KTM_GBTM_SPLINE : KTM_GBTM_PIECEWISE, NULL, 0,
                                 fit->time, fit->n_times)
         && !(used->shape == spec->shape && used->n_knots == spec->n_knots
              && memcmp (used->knots, spec->knots, spec->n_knots * sizeof *spec->knots) == 0);
}

static void
add_shape (const KtmRun *run, const KtmGbtmFit *fit, const char *name, gboolean chosen)
{
  KtmReportRow *row = add (run, "bic_subjects", name,
                           N_("the same number of classes with another curve; −2 log L + "
                               "parameters × log(number of patients)"),
                           (long) fit->n_subjects, fit->bic_subjects);

  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (
      row, chosen ? ktm_text_new (N_("{1} ◂ used"), "w", name) : ktm_text_new ("{1}", "w", name),
      ktm_text_new (N_("log L {1} · BIC {2} · {3} parameters"), "10i", fit->loglik,
                    fit->bic_subjects, (long) fit->n_par));
}

gboolean
ktm_classes_add_shapes (const KtmRun *run, const KtmRunClasses *c)
{
  const KtmGbtmFit *chosen = ktm_class_result_fit (c->result);
  KtmGbtmSpec spec;

  if (ktm_class_result_n_times (c->result) < 3 || g_cancellable_is_cancelled (run->options->enough))
    return TRUE;
  ktm_report_add_card (
      run->report, ktm_text_new (N_("Other curves"), ""),
      ktm_text_new_plural ("with {1} class", "with {1} classes", "i", (long) c->result->n_classes));
  run->report->cards[run->report->n_cards - 1].folded = true;
  add_shape (run, chosen, ktm_class_curve_name (&chosen->spec), TRUE);
  for (gsize i = 0; i < 6; i++)
    {
      KtmGbtmFit *fit = NULL;
      KtmProgress quiet = { run->progress != NULL ? run->progress->stop : NULL, NULL,
                            run->progress != NULL ? run->progress->data : NULL };

      if (!other_shape (c, i, &spec))
        continue;
      spec.n_starts = 10;
      spec.max_starts = 30;
      spec.n_wanted = 3;
      if (ktm_gbtm_fit (&c->result->data, &spec, NULL, &quiet, &fit) == KTM_STATS_OK)
        add_shape (run, fit, ktm_class_curve_name (&spec), FALSE);
      ktm_gbtm_fit_free (fit);
    }
  return !ktm_progress_stopped (run->progress);
}
