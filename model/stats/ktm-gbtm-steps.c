/* model/stats: trajectory classes, covariates in three steps. */
#include "ktm-gbtm-steps.h"
#include "ktm-cholesky.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = (KTM_GBTM_MAX_CLASSES - 1) * (1 + KTM_GBTM_MAX_COVARIATES) };

/* Step three on orthonormal columns. */
typedef struct
{
  size_t n, p, k, m;
  const KtmGbtmSteps *out;
  double *q;      /* n × p */
  double *r;      /* p × p */
  size_t *told;   /* n */
  double gradient[MOST], information[MOST * MOST], meat[MOST * MOST];
} Model;

static void
find_errors (const KtmGbtmFit *fit, size_t n_subjects, KtmGbtmSteps *out)
{
  size_t k = fit->model.n_classes;
  double total[KTM_GBTM_MAX_CLASSES] = { 0.0 };

  for (size_t i = 0; i < n_subjects; i++)
    for (size_t c = 0; c < k && fit->modal[i] >= 0; c++)
      {
        out->error[c][fit->modal[i]] += fit->posterior[i * k + c];
        total[c] += fit->posterior[i * k + c];
      }
  for (size_t c = 0; c < k; c++)
    for (size_t s = 0; s < k; s++)
      out->error[c][s] /= total[c];
}

/* Class probabilities before (prior) and after (given the class told) of one patient;
 * log-likelihood. */
static double
weigh (const Model *model, const double *beta, size_t i, double *prior, double *after)
{
  double top = 0.0, sum = 0.0, seen = 0.0;

  prior[0] = 0.0;
  for (size_t c = 1; c < model->k; c++)
    {
      prior[c] = ktm_dense_dot (model->q + i * model->p, beta + (c - 1) * model->p, model->p);
      top = fmax (top, prior[c]);
    }
  for (size_t c = 0; c < model->k; c++)
    sum += prior[c] = exp (prior[c] - top);
  for (size_t c = 0; c < model->k; c++)
    {
      prior[c] /= sum;
      after[c] = prior[c] * model->out->error[c][model->told[i]];
      seen += after[c];
    }
  for (size_t c = 0; c < model->k; c++)
    after[c] /= seen;
  return log (seen);
}

static double
evaluate (Model *model, const double *beta, bool differentiate)
{
  double prior[KTM_GBTM_MAX_CLASSES], after[KTM_GBTM_MAX_CLASSES], score[MOST], total = 0.0;
  size_t m = model->m, p = model->p;

  memset (model->gradient, 0, sizeof model->gradient);
  memset (model->information, 0, sizeof model->information);
  memset (model->meat, 0, sizeof model->meat);
  for (size_t i = 0; i < model->n; i++)
    {
      const double *q = model->q + i * p;

      total += weigh (model, beta, i, prior, after);
      for (size_t a = 0; a < m && differentiate; a++)
        {
          size_t c = 1 + a / p;

          score[a] = (after[c] - prior[c]) * q[a % p];
          model->gradient[a] += score[a];
          for (size_t b = 0; b <= a; b++)
            {
              size_t d = 1 + b / p;
              double same = c == d ? prior[c] - after[c] : 0.0;

              model->information[a * m + b] +=
                  (same - prior[c] * prior[d] + after[c] * after[d]) * q[a % p] * q[b % p];
              model->meat[a * m + b] += score[a] * score[b];
            }
        }
    }
  return total;
}

/* The least ridge that makes the information positive definite: far from the optimum it need not
 * be. */
static bool
find_step (const Model *model, double *step)
{
  double factor[MOST * MOST], ridge = 0.0;

  for (int tries = 0; tries < 20; tries++)
    {
      memcpy (factor, model->information, model->m * model->m * sizeof *factor);
      for (size_t a = 0; a < model->m; a++)
        factor[a * model->m + a] += ridge;
      if (ktm_cholesky_factor (factor, model->m))
        {
          memcpy (step, model->gradient, model->m * sizeof *step);
          ktm_dense_solve (factor, model->m, step, 1);
          return true;
        }
      ridge = ridge > 0.0 ? 10.0 * ridge : 1e-6;
    }
  return false;
}

static KtmStatsStatus
climb (Model *model, double *beta, double *loglik)
{
  double step[MOST], trial[MOST];

  *loglik = evaluate (model, beta, true);
  for (int turn = 0; turn < 200; turn++)
    {
      double largest = 0.0, factor = 1.0, value = -INFINITY, slack = 1e-12 * (1.0 + fabs (*loglik));

      for (size_t a = 0; a < model->m; a++)
        {
          largest = fmax (largest, fabs (model->gradient[a]));
          if (fabs (beta[a]) > 30.0 * sqrt ((double) model->n))
            return KTM_STATS_SEPARATED;
        }
      if (largest < 1e-8)
        return KTM_STATS_OK;
      if (!find_step (model, step))
        return KTM_STATS_SINGULAR;
      for (int halving = 0; halving < 40 && !(value >= *loglik - slack); halving++, factor *= 0.5)
        {
          for (size_t a = 0; a < model->m; a++)
            trial[a] = beta[a] + factor * step[a];
          value = evaluate (model, trial, false);
        }
      if (!(value >= *loglik - slack))
        return KTM_STATS_NO_CONVERGENCE;
      memcpy (beta, trial, model->m * sizeof *beta);
      *loglik = evaluate (model, beta, true);
    }
  return KTM_STATS_NO_CONVERGENCE;
}

/* Sandwich on the orthonormal columns, then both back to the raw ones. */
static KtmStatsStatus
fill_results (Model *model, const double *gamma, double level, KtmGbtmSteps *out)
{
  size_t m = model->m, p = model->p;
  double inverse[MOST * MOST], half[MOST * MOST], column[1 + KTM_GBTM_MAX_COVARIATES],
      z = ktm_dist_normal_z (level);

  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < a; b++)
      model->meat[b * m + a] = model->meat[a * m + b];
  if (!ktm_cholesky_factor (model->information, m))
    return KTM_STATS_SINGULAR;
  ktm_dense_inverse (model->information, m, inverse);
  ktm_dense_multiply (inverse, m, m, model->meat, m, half);
  ktm_dense_multiply (half, m, m, inverse, m, out->vcov);
  memcpy (out->beta, gamma, m * sizeof *gamma);
  for (size_t c = 0; c + 1 < model->k; c++)
    ktm_dense_back_beta (model->r, p, out->beta + c * p);
  for (int side = 0; side < 2; side++)
    for (size_t a = 0; a < m; a++)
      for (size_t c = 0; c + 1 < model->k; c++)
        {
          for (size_t j = 0; j < p; j++)
            column[j] = side == 0 ? out->vcov[(c * p + j) * m + a] : out->vcov[a * m + c * p + j];
          ktm_dense_back_beta (model->r, p, column);
          for (size_t j = 0; j < p; j++)
            *(side == 0 ? &out->vcov[(c * p + j) * m + a] : &out->vcov[a * m + c * p + j]) =
                column[j];
        }
  for (size_t a = 0; a < m; a++)
    {
      out->se[a] = sqrt (out->vcov[a * m + a]);
      out->z[a] = out->beta[a] / out->se[a];
      out->p_value[a] = ktm_dist_normal_p2 (out->z[a]);
      out->ratio[a] = exp (out->beta[a]);
      out->ratio_low[a] = exp (out->beta[a] - z * out->se[a]);
      out->ratio_high[a] = exp (out->beta[a] + z * out->se[a]);
    }
  return KTM_STATS_OK;
}

static bool
allocate (Model *model, KtmGbtmSteps *out, double **x)
{
  size_t n = model->n, p = model->p, m = model->m;
  double *block = calloc (7 * m + m * m, sizeof *block);

  model->q = calloc (n * p + p * p, sizeof *model->q);
  model->told = calloc (n, sizeof *model->told);
  *x = calloc (n * p, sizeof **x);
  out->beta = block;
  if (block == NULL || model->q == NULL || model->told == NULL || *x == NULL)
    return false;
  model->r = model->q + n * p;
  out->se = block + m;
  out->z = block + 2 * m;
  out->p_value = block + 3 * m;
  out->ratio = block + 4 * m;
  out->ratio_low = block + 5 * m;
  out->ratio_high = block + 6 * m;
  out->vcov = block + 7 * m;
  return true;
}

static KtmStatsStatus
fit_steps (Model *model, const KtmGbtmFit *fit, const double *covariate, size_t n_subjects,
           double level, double *x, KtmGbtmSteps *out)
{
  size_t row = 0, p = model->p;
  double gamma[MOST] = { 0.0 };
  KtmStatsStatus status;

  for (size_t i = 0; i < n_subjects; i++)
    {
      if (fit->modal[i] < 0)
        continue;
      x[row * p] = 1.0;
      memcpy (x + row * p + 1, covariate + i * (p - 1), (p - 1) * sizeof *x);
      model->told[row++] = (size_t) fit->modal[i];
    }
  if (!ktm_stats_all_finite (x, row * p))
    return KTM_STATS_NOT_FINITE;
  find_errors (fit, n_subjects, out);
  status = ktm_dense_orthogonal (x, row, p, model->q, model->r);
  for (size_t c = 1; c < model->k; c++)
    gamma[(c - 1) * p] = model->r[0] * log (fit->model.pi[c] / fit->model.pi[0]);
  if (status == KTM_STATS_OK)
    status = climb (model, gamma, &out->loglik);
  return status == KTM_STATS_OK ? fill_results (model, gamma, level, out) : status;
}

KtmStatsStatus
ktm_gbtm_three_steps (const KtmGbtmFit *fit, const double *covariate, size_t n_subjects,
                      size_t n_covariates, double level, KtmGbtmSteps *out)
{
  size_t k = fit->model.n_classes;
  Model *model = calloc (1, sizeof *model);
  double *x = NULL;
  KtmStatsStatus status = KTM_STATS_OK;

  *out = (KtmGbtmSteps) { .loglik = NAN };
  if (k < 2 || n_covariates < 1 || n_covariates > KTM_GBTM_MAX_COVARIATES
      || !ktm_dist_level_ok (level) || n_subjects != fit->n_subjects + fit->n_without_score)
    status = KTM_STATS_BAD_ARGUMENT;
  else if (model == NULL)
    status = KTM_STATS_NO_MEMORY;
  else if (fit->n_subjects <= (k - 1) * (1 + n_covariates))
    status = KTM_STATS_TOO_FEW;
  if (status == KTM_STATS_OK)
    {
      model->n = out->n = fit->n_subjects;
      model->p = out->p = 1 + n_covariates;
      model->k = out->n_classes = k;
      model->m = (k - 1) * model->p;
      model->out = out;
      status = allocate (model, out, &x)
                   ? fit_steps (model, fit, covariate, n_subjects, level, x, out)
                   : KTM_STATS_NO_MEMORY;
    }
  if (status != KTM_STATS_OK)
    ktm_gbtm_steps_clear (out);
  if (model != NULL)
    {
      free (model->q);
      free (model->told);
    }
  free (model);
  free (x);
  return status;
}

void
ktm_gbtm_steps_clear (KtmGbtmSteps *steps)
{
  free (steps->beta);
  *steps = (KtmGbtmSteps) { .loglik = NAN };
}
