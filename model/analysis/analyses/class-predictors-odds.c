/* model/analysis: what foretells the trajectory class: odds ratios in three steps, or in one. */
#include "ktm-class-predictors.h"

#include "ktm-dist.h"
#include "ktm-gbtm-steps.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Columns of a multinomial model: numbers as they are, levels against the first. */
typedef struct
{
  gsize       n;
  const KtmClassTrait *trait[KTM_GBTM_MAX_COVARIATES];
  gsize       level[KTM_GBTM_MAX_COVARIATES];
} Columns;

static gboolean
add_columns (const KtmClassTrait *trait, Columns *out)
{
  gsize more = trait->n_levels > 0 ? trait->n_levels - 1 : 1;

  if (out->n + more > KTM_GBTM_MAX_COVARIATES)
    return FALSE;
  for (gsize l = 0; l < more; l++)
    {
      out->trait[out->n] = trait;
      out->level[out->n++] = l + 1;
    }
  return TRUE;
}

/* Log odds of each class against the lowest. */
typedef struct
{
  gsize  n, p;       /* patients; columns with the intercept */
  gsize  n_moved;    /* in one step: patients whose most likely class is another than without */
  double beta[KTM_GBTM_MAX_CLASSES - 1][1 + KTM_GBTM_MAX_COVARIATES];
  double se[KTM_GBTM_MAX_CLASSES - 1][1 + KTM_GBTM_MAX_COVARIATES];
} Odds;

/* The columns of every patient, row-major; *in: who has them all and a class. */
static double *
fill_columns (const KtmClassTable *t, const Columns *columns, gboolean **in)
{
  gsize n = t->result->n_patients, p = columns->n;
  double *x = g_new0 (double, n * p + 1);

  *in = g_new0 (gboolean, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      (*in)[i] = t->fit->modal[i] >= 0;
      for (gsize j = 0; j < p; j++)
        {
          double v = columns->trait[j]->value[i];

          if (isnan (v))
            (*in)[i] = FALSE;
          else
            x[i * p + j] = columns->trait[j]->n_levels > 0 ? v == (double) columns->level[j] : v;
        }
    }
  return x;
}

/* The fit with only those patients who have every covariate. */
static KtmStatsStatus
fit_three (const KtmClassTable *t, const double *x, const gboolean *in, gsize p, Odds *out)
{
  gsize n = t->result->n_patients;
  g_autofree int *modal = g_memdup2 (t->fit->modal, n * sizeof *modal);
  KtmGbtmFit some = *t->fit;
  KtmGbtmSteps steps;
  KtmStatsStatus status;

  some.modal = modal;
  some.n_subjects = 0;
  for (gsize i = 0; i < n; i++)
    {
      if (!in[i])
        modal[i] = -1;
      some.n_subjects += in[i];
    }
  some.n_without_score = n - some.n_subjects;
  status = ktm_gbtm_three_steps (&some, x, n, p, t->run->level, &steps);
  if (status == KTM_STATS_OK)
    {
      out->n = steps.n;
      for (gsize c = 0; c + 1 < t->result->n_classes; c++)
        for (gsize j = 0; j < steps.p; j++)
          {
            out->beta[c][j] = steps.beta[c * steps.p + j];
            out->se[c][j] = steps.se[c * steps.p + j];
          }
    }
  ktm_gbtm_steps_clear (&steps);
  return status;
}

/* Curves and membership fitted together to the scores of those patients. */
static KtmStatsStatus
fit_one (const KtmClassTable *t, const double *x, const gboolean *in, gsize p, Odds *out)
{
  const KtmGbtmData *all = &t->result->data;
  g_autofree gsize *subject = g_new (gsize, all->n_obs + 1);
  g_autofree double *time = g_new (double, all->n_obs + 1), *y = g_new (double, all->n_obs + 1);
  KtmGbtmData data = *all;
  KtmGbtmSpec spec = t->fit->spec;
  KtmGbtmFit *fit;
  KtmStatsStatus status;

  data.n_obs = 0;
  for (gsize r = 0; r < all->n_obs; r++)
    if (in[all->subject[r]])
      {
        subject[data.n_obs] = all->subject[r];
        time[data.n_obs] = all->time[r];
        y[data.n_obs++] = all->y[r];
      }
  data.subject = subject;
  data.time = time;
  data.y = y;
  data.covariate = x;
  data.n_covariates = p;
  spec.n_threads = g_get_num_processors ();
  status = ktm_gbtm_fit (&data, &spec, NULL, t->run->progress, &fit);
  if (status == KTM_STATS_OK && fit->flags & (KTM_GBTM_NOT_CONVERGED | KTM_GBTM_NO_SE))
    status = KTM_STATS_NO_CONVERGENCE;
  for (gsize c = 1; status == KTM_STATS_OK && c < t->result->n_classes; c++)
    {
      memcpy (out->beta[c - 1], fit->model.theta[c], sizeof out->beta[0]);
      memcpy (out->se[c - 1], fit->theta_se[c], sizeof out->se[0]);
    }
  for (gsize i = 0; status == KTM_STATS_OK && i < t->result->n_patients; i++)
    out->n_moved += in[i] && fit->modal[i] != t->fit->modal[i];
  out->n = status == KTM_STATS_OK ? fit->n_subjects : 0;
  ktm_gbtm_fit_free (fit);
  return status;
}

static gboolean
in_one_step (const KtmClassTable *t)
{
  return g_strcmp0 (t->run->options->steps, "one") == 0;
}

static KtmStatsStatus
fit_odds (const KtmClassTable *t, const Columns *columns, Odds *out)
{
  g_autofree gboolean *in = NULL;
  g_autofree double *x = fill_columns (t, columns, &in);

  *out = (Odds) { .p = columns->n + 1 };
  return in_one_step (t) ? fit_one (t, x, in, columns->n, out)
                         : fit_three (t, x, in, columns->n, out);
}

static KtmText *
column_label (const Columns *columns, gsize j)
{
  const KtmClassTrait *trait = columns->trait[j];

  return trait->n_levels > 0
             ? ktm_text_new (N_("{1}: {2} against {3}"), "sww", trait->label,
                             trait->levels[columns->level[j]], trait->levels[0])
             : ktm_text_new (N_("{1}, per unit"), "t", ktm_class_trait_label (trait));
}

static const char *
odds_method (const KtmClassTable *t, gboolean adjusted)
{
  if (in_one_step (t))
    return adjusted ? N_("class curves and multinomial logit fitted in one step; adjusted for each "
                         "other; Wald interval from the observed information")
                    : N_("class curves and multinomial logit fitted in one step; one predictor at "
                         "a time; Wald interval from the observed information");
  return adjusted
             ? N_("multinomial logit in three steps, classification error corrected by maximum "
                  "likelihood; adjusted for each other; Wald interval from the sandwich")
             : N_("multinomial logit in three steps, classification error corrected by maximum "
                  "likelihood; one predictor at a time; Wald interval from the sandwich");
}

static void
add_odds_row (const KtmClassTable *t, const Columns *columns, const Odds *odds, gboolean adjusted,
              gsize j, gsize c)
{
  const KtmClassTrait *trait = columns->trait[j];
  double beta = odds->beta[c - 1][j + 1], se = odds->se[c - 1][j + 1];
  double half = ktm_dist_normal_z (t->run->level) * se;
  g_autofree char *subject =
      trait->n_levels > 0 ? g_strdup_printf ("%s = %s", trait->id, trait->levels[columns->level[j]])
                          : g_strdup (trait->id);
  KtmReportRow *row =
      ktm_run_add (t->run, "or", odds_method (t, adjusted), -1, -1, (long) odds->n);

  ktm_report_row_set_group (row, ktm_class_table_name (t, c), ktm_class_table_name (t, 0));
  ktm_report_row_set_subject (row, subject);
  row->palette = (int) ktm_class_look (t->result->n_classes, c);
  ktm_report_row_set_estimate (
      row, (KtmEstimate) { exp (beta), se, exp (beta - half), exp (beta + half) }, t->run->level);
  ktm_report_row_set_test (row, N_("Wald"),
                           (KtmTest) { beta / se, NAN, NAN, ktm_dist_normal_p2 (beta / se) });
  ktm_report_row_say (row,
                      ktm_text_new (N_("{1} · {2} against {3}"), "tww", column_label (columns, j),
                                    ktm_class_table_name (t, c), ktm_class_table_name (t, 0)),
                      NULL);
}

/* What one step does to the classes themselves. */
static void
note_moved (const KtmClassTable *t, const Columns *columns, const Odds *odds)
{
  if (odds->n_moved > 0)
    ktm_report_card_note (
        t->run->report,
        ktm_text_new_plural ("{2}: in one step the classes are not quite the same: {1} patient of "
                             "{3} has another most likely class.",
                             "{2}: in one step the classes are not quite the same: {1} patients of "
                             "{3} have another most likely class.",
                             "isi", (long) odds->n_moved, columns->trait[0]->label,
                             (long) odds->n));
}

static void
add_odds (const KtmClassTable *t, const Columns *columns, gboolean adjusted)
{
  Odds odds;
  KtmStatsStatus status = fit_odds (t, columns, &odds);

  for (gsize j = 0; j < columns->n && status == KTM_STATS_OK; j++)
    for (gsize c = 1; c < t->result->n_classes; c++)
      add_odds_row (t, columns, &odds, adjusted, j, c);
  if (status == KTM_STATS_OK)
    note_moved (t, columns, &odds);
  else if (adjusted)
    ktm_report_card_say (t->run->report,
                         ktm_text_new (N_("The model with these predictors cannot be fitted: {1}"),
                                       "w", ktm_stats_status_text (status)));
  else
    ktm_report_card_note (t->run->report,
                          ktm_text_new (N_("{1}: no odds ratio. {2}"), "sw",
                                        columns->trait[0]->label, ktm_stats_status_text (status)));
}

static void
describe (const KtmClassTable *t)
{
  KtmReport *report = t->run->report;

  if (in_one_step (t))
    {
      ktm_report_card_note (
          report, ktm_text_new (
                      N_("Curves and odds were fitted together, so the uncertainty of the classes "
                          "is in the intervals; a wrong predictor can bend the classes, though."),
                      ""));
      ktm_report_method (
          report, ktm_text_new (
                      N_("Predictors of class membership entered the trajectory model itself as a "
                          "multinomial logit (one step); the reference is the class {1}."),
                      "w", ktm_class_table_name (t, 0)));
      return;
    }
  ktm_report_card_note (
      report,
      ktm_text_new (N_("Classification error is accounted for (Vermunt's three steps); the "
                        "uncertainty of the class curves themselves is not in the intervals."),
                    ""));
  ktm_report_method (
      report,
      ktm_text_new (N_("Predictors of class membership were estimated by multinomial logistic "
                        "regression in three steps with maximum-likelihood correction for "
                        "classification error; the reference is the class {1}."),
                    "w", ktm_class_table_name (t, 0)));
  ktm_report_cite (report, "Vermunt JK. Latent class modeling with covariates: two improved "
                           "three-step approaches. Polit Anal 2010;18:450-69.");
}

gboolean
ktm_class_table_odds (const KtmClassTable *t, const GPtrArray *traits, GError **error)
{
  char **wanted = t->run->options->covariates;
  Columns all = { 0 };

  ktm_report_add_card (t->run->report, ktm_text_new (N_("What foretells the class"), ""),
                       wanted != NULL
                           ? ktm_text_new (N_("odds ratios, adjusted for each other"), "")
                           : ktm_text_new (N_("odds ratios, one predictor at a time"), ""));
  for (guint i = 0; i < traits->len && !ktm_progress_stopped (t->run->progress); i++)
    {
      const KtmClassTrait *trait = traits->pdata[i];
      Columns one = { 0 };

      if (trait->later
          || (wanted != NULL && !g_strv_contains ((const char *const *) wanted, trait->id)))
        continue;
      if (wanted == NULL && add_columns (trait, &one))
        add_odds (t, &one, FALSE);
      if (wanted != NULL && !add_columns (trait, &all))
        {
          g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                       _("These predictors take more than %d columns (levels count one each, but "
                          "the first): name fewer."),
                       KTM_GBTM_MAX_COVARIATES);
          return FALSE;
        }
    }
  if (all.n > 0)
    add_odds (t, &all, TRUE);
  describe (t);
  ktm_report_card_note (
      t->run->report,
      ktm_text_new (N_("Exploratory, and a baseline trait cannot be read as a cause."), ""));
  return TRUE;
}
