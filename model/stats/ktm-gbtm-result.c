/* model/stats: trajectory classes, from an optimum to numbers for people. */
#include "ktm-gbtm-private.h"
#include "ktm-cholesky.h"

#include <stdlib.h>
#include <string.h>

/* --- class order ------------------------------------------------------------------------------ */

static double
mean_level (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, size_t k)
{
  double sum = 0.0;

  for (size_t d = 0; d < pb->n_times; d++)
    for (size_t j = 0; j < ly->p[k]; j++)
      sum += pb->x[d * pb->p + j] * x[ly->b[k] + j] / (double) pb->n_times;
  return sum;
}

static void
rank_classes (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, size_t *order)
{
  double level[KTM_GBTM_MAX_CLASSES];

  for (size_t k = 0; k < ly->k; k++)
    {
      size_t at = k;

      level[k] = mean_level (pb, ly, x, k);
      for (; at > 0 && level[order[at - 1]] > level[k]; at--)
        order[at] = order[at - 1];
      order[at] = k;
    }
}

bool
gbtm_in_order (const GbtmProblem *problem, const GbtmLayout *layout, const double *x)
{
  size_t order[KTM_GBTM_MAX_CLASSES];
  bool alike = true, ascending = true;

  rank_classes (problem, layout, x, order);
  for (size_t k = 0; k < layout->k; k++)
    {
      alike = alike && layout->p[k] == layout->p[0];
      ascending = ascending && layout->p[order[k]] == layout->p[k];
    }
  return alike || ascending;
}

void
gbtm_sort_classes (const GbtmProblem *problem, const GbtmLayout *layout, KtmGbtmSpec *spec,
                   double *x)
{
  double old[GBTM_MAX_PAR];
  KtmGbtmSpec before = *spec;
  size_t order[KTM_GBTM_MAX_CLASSES], at = 0;

  memcpy (old, x, layout->n_par * sizeof *old);
  rank_classes (problem, layout, x, order);
  for (size_t k = 0; k < layout->k; k++)
    {
      size_t from = order[k];

      spec->order[k] = before.order[from];
      for (size_t j = 0; j < layout->p[from]; j++)
        x[at++] = old[layout->b[from] + j];
      if (layout->n_lambda > 1)
        x[layout->lambda + k] = old[layout->lambda + from];
      for (size_t j = 0; j < layout->nz && k > 0; j++)
        x[layout->theta + (k - 1) * layout->nz + j]
          = (from > 0 ? old[layout->theta + (from - 1) * layout->nz + j] : 0.0)
            - (order[0] > 0 ? old[layout->theta + (order[0] - 1) * layout->nz + j] : 0.0);
    }
  if (layout->tau != GBTM_NONE)
    x[layout->tau] = fabs (x[layout->tau]);
}

size_t
gbtm_nodes_needed (const GbtmProblem *problem, const GbtmLayout *layout, const double *x)
{
  double sigma = INFINITY, nodes;

  if (layout->tau == GBTM_NONE)
    return 1;
  for (size_t k = 0; k < layout->k; k++)
    sigma = fmin (sigma, gbtm_sigma (layout, x, k));
  /* spacing of 0.8 of the narrowest posterior of an intercept: error of exp(−2 pi²/0.64) */
  nodes =
      2.0
      + 14.0 / 0.8 * sqrt (1.0 + (double) problem->max_visits * pow (x[layout->tau] / sigma, 2.0));
  return nodes < 10.0 * GBTM_MAX_NODES ? (size_t) nodes | 1u : 10 * GBTM_MAX_NODES;
}

/* --- to and from the units of the data -------------------------------------------------------- */

static void
fill_theta (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, KtmGbtmModel *model)
{
  for (size_t k = 1; k < ly->k; k++)
    {
      const double *theta = x + ly->theta + (k - 1) * ly->nz;

      model->theta[k][0] = theta[0];
      for (size_t j = 1; j < ly->nz; j++)
        {
          model->theta[k][j] = theta[j] / pb->z_sd[j];
          model->theta[k][0] -= theta[j] * pb->z_mean[j] / pb->z_sd[j];
        }
    }
}

static void
fill_shares (const GbtmProblem *pb, const GbtmLayout *ly, const KtmGbtmData *data,
             KtmGbtmModel *model)
{
  double prior[KTM_GBTM_MAX_CLASSES], share[KTM_GBTM_MAX_CLASSES] = { 0.0 }, top = 0.0, sum = 0.0;
  size_t q = ly->nz - 1;

  for (size_t k = 0; k < ly->k; k++)
    top = fmax (top, model->theta[k][0]);
  for (size_t k = 0; k < ly->k; k++)
    sum += model->pi[k] = exp (model->theta[k][0] - top);
  for (size_t k = 0; k < ly->k; k++)
    model->pi[k] /= sum;
  for (size_t i = 0; i < pb->n && q > 0; i++)
    {
      gbtm_model_prior (model, data->covariate + pb->origin[i] * q, prior);
      for (size_t k = 0; k < ly->k; k++)
        share[k] += pb->weight[i] * exp (prior[k]) / pb->total;
    }
  if (q > 0)
    memcpy (model->pi, share, sizeof share);
}

void
gbtm_to_model (const GbtmProblem *problem, const GbtmLayout *layout, const KtmGbtmSpec *spec,
               const double *x, const KtmGbtmData *data, KtmGbtmModel *model)
{
  double matrix[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF];

  *model = (KtmGbtmModel){ .n_classes = layout->k,
                           .shape = spec->shape,
                           .lo = data->lo,
                           .hi = data->hi,
                           .first_time = problem->time[0],
                           .last_time = problem->time[problem->n_times - 1],
                           .n_covariates = layout->nz - 1 };
  if (spec->shape != KTM_GBTM_POLYNOMIAL)
    {
      model->n_knots = spec->n_knots;
      memcpy (model->knots, spec->knots, sizeof model->knots);
    }
  for (size_t k = 0; k < layout->k; k++)
    {
      size_t p = model->n_coef[k] = layout->p[k];

      gbtm_raw_matrix (model, p, problem->t_centre, problem->t_half, matrix);
      for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
          model->coef[k][i] += problem->y_scale * matrix[i * p + j] * x[layout->b[k] + j];
      model->coef[k][0] += problem->y_centre;
      model->sigma[k] = problem->y_scale * gbtm_sigma (layout, x, k);
    }
  model->tau = layout->tau == GBTM_NONE ? 0.0 : problem->y_scale * fabs (x[layout->tau]);
  fill_theta (problem, layout, x, model);
  fill_shares (problem, layout, data, model);
}

void
gbtm_from_model (const GbtmProblem *problem, const GbtmLayout *layout, const KtmGbtmModel *model,
                 double *x)
{
  double matrix[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF];

  for (size_t k = 0; k < layout->k; k++)
    {
      size_t p = layout->p[k];

      /* the matrix is upper triangular: back substitution */
      gbtm_raw_matrix (model, p, problem->t_centre, problem->t_half, matrix);
      for (size_t i = p; i-- > 0;)
        {
          double sum = (model->coef[k][i] - (i == 0 ? problem->y_centre : 0.0)) / problem->y_scale;

          for (size_t j = i + 1; j < p; j++)
            sum -= matrix[i * p + j] * x[layout->b[k] + j];
          x[layout->b[k] + i] = sum / matrix[i * p + i];
        }
      if (k < layout->n_lambda)
        x[layout->lambda + k] =
            log (fmax (model->sigma[k] / problem->y_scale - layout->floor, 1e-12));
      for (size_t j = 0; j < layout->nz && k > 0; j++)
        {
          double theta = model->n_covariates + 1 == layout->nz
                             ? model->theta[k][j] * problem->z_sd[j]
                         : j == 0 ? log (model->pi[k] / model->pi[0])
                                  : 0.0;

          for (size_t l = 1; j == 0 && l < layout->nz && model->n_covariates + 1 == layout->nz; l++)
            theta += model->theta[k][l] * problem->z_mean[l];
          x[layout->theta + (k - 1) * layout->nz + j] = theta;
        }
    }
  if (layout->tau != GBTM_NONE)
    x[layout->tau] = model->tau / problem->y_scale;
}

/* --- covariance ------------------------------------------------------------------------------- */

/* d (units of the data)/d (inner): block diagonal but for the intercepts of theta. */
static void
fill_jacobian (const GbtmProblem *pb, const GbtmLayout *ly, const KtmGbtmModel *model,
               const double *x, double *jac)
{
  size_t n = ly->n_par;
  double matrix[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF];

  memset (jac, 0, n * n * sizeof *jac);
  for (size_t k = 0; k < ly->k; k++)
    {
      size_t p = ly->p[k];

      gbtm_raw_matrix (model, p, pb->t_centre, pb->t_half, matrix);
      for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
          jac[(ly->b[k] + i) * n + ly->b[k] + j] = pb->y_scale * matrix[i * p + j];
    }
  for (size_t l = 0; l < ly->n_lambda; l++)
    jac[(ly->lambda + l) * (n + 1)] = pb->y_scale * exp (x[ly->lambda + l]);
  if (ly->tau != GBTM_NONE)
    jac[ly->tau * (n + 1)] = pb->y_scale;
  for (size_t k = 1; k < ly->k; k++)
    for (size_t j = 0, at = ly->theta + (k - 1) * ly->nz; j < ly->nz; j++)
      {
        jac[(at + j) * n + at + j] = 1.0 / (j == 0 ? 1.0 : pb->z_sd[j]);
        if (j > 0)
          jac[at * n + at + j] = -pb->z_mean[j] / pb->z_sd[j];
      }
}

/* vcov := jac inverse(information) jac'. */
static bool
fill_covariance (const GbtmProblem *pb, const GbtmLayout *ly, const KtmGbtmModel *model,
                 const double *x, const double *information, double *vcov)
{
  size_t n = ly->n_par;
  double *factor = malloc (3 * n * n * sizeof *factor), *jac = factor + n * n, *half = jac + n * n;
  bool works;

  if (factor == NULL)
    return false;
  memcpy (factor, information, n * n * sizeof *factor);
  works = ktm_cholesky_factor (factor, n);
  if (works)
    {
      fill_jacobian (pb, ly, model, x, jac);
      ktm_dense_inverse (factor, n, vcov);
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          {
            half[i * n + j] = 0.0;
            for (size_t l = 0; l < n; l++)
              half[i * n + j] += jac[i * n + l] * vcov[l * n + j];
          }
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          {
            vcov[i * n + j] = 0.0;
            for (size_t l = 0; l < n; l++)
              vcov[i * n + j] += half[i * n + l] * jac[j * n + l];
          }
    }
  free (factor);
  return works;
}

static double
share_se (const GbtmLayout *ly, const KtmGbtmModel *model, const double *vcov, size_t k)
{
  double variance = 0.0;

  for (size_t a = 1; a < ly->k; a++)
    for (size_t b = 1; b < ly->k; b++)
      variance += model->pi[k] * ((k == a) - model->pi[a]) * model->pi[k]
                  * ((k == b) - model->pi[b])
                  * vcov[(ly->theta + a - 1) * ly->n_par + ly->theta + b - 1];
  return sqrt (variance);
}

static void
fill_errors (const GbtmLayout *ly, KtmGbtmFit *fit, bool known)
{
  size_t n = fit->n_par;

  for (size_t i = 0; i < n * n && !known; i++)
    fit->vcov[i] = NAN;
  for (size_t k = 0; k < ly->k; k++)
    {
      for (size_t j = 0; j < ly->p[k]; j++)
        fit->coef_se[k][j] = sqrt (fit->vcov[(ly->b[k] + j) * (n + 1)]);
      fit->sigma_se[k] = sqrt (fit->vcov[(ly->lambda + (ly->n_lambda > 1 ? k : 0)) * (n + 1)]);
      fit->pi_se[k] = ly->k == 1   ? 0.0
                      : ly->nz > 1 ? NAN
                                   : share_se (ly, &fit->model, fit->vcov, k);
      for (size_t j = 0; j < ly->nz && k > 0; j++)
        fit->theta_se[k][j] = sqrt (fit->vcov[(ly->theta + (k - 1) * ly->nz + j) * (n + 1)]);
    }
  fit->tau_se = ly->tau == GBTM_NONE ? NAN : sqrt (fit->vcov[ly->tau * (n + 1)]);
}

/* --- adequacy --------------------------------------------------------------------------------- */

static void
fill_posterior (const GbtmProblem *pb, const GbtmWork *work, size_t k, size_t n_subjects,
                KtmGbtmFit *fit)
{
  for (size_t i = 0; i < n_subjects; i++)
    fit->modal[i] = -1;
  for (size_t i = 0; i < n_subjects * k; i++)
    fit->posterior[i] = NAN;
  for (size_t i = 0; i < pb->n; i++)
    {
      const double *post = work->post + i * k;
      size_t modal = 0;

      for (size_t c = 1; c < k; c++)
        if (post[c] > post[modal])
          modal = c;
      memcpy (fit->posterior + pb->origin[i] * k, post, k * sizeof *post);
      fit->modal[pb->origin[i]] = (int) modal;
      fit->modal_n[modal]++;
      fit->appa[modal] += post[modal];
    }
}

static void
fill_adequacy (const GbtmProblem *pb, const GbtmWork *work, size_t k, KtmGbtmFit *fit)
{
  double uncertainty = 0.0, q = (double) fit->n_par, n = (double) fit->n_subjects;

  for (size_t c = 0; c < k; c++)
    {
      double pi = fit->model.pi[c];

      fit->appa[c] = fit->modal_n[c] > 0 ? fit->appa[c] / (double) fit->modal_n[c] : NAN;
      fit->occ[c] = k > 1 ? fit->appa[c] / (1.0 - fit->appa[c]) / (pi / (1.0 - pi)) : NAN;
      fit->mismatch[c] = pi - (double) fit->modal_n[c] / n;
    }
  for (size_t i = 0; i < pb->n * k; i++)
    uncertainty -= work->post[i] > 0.0 ? work->post[i] * log (work->post[i]) : 0.0;
  fit->entropy = k > 1 ? 1.0 - uncertainty / (n * log ((double) k)) : NAN;
  fit->aic = -2.0 * fit->loglik + 2.0 * q;
  fit->bic_subjects = -2.0 * fit->loglik + q * log (n);
  fit->bic_obs = -2.0 * fit->loglik + q * log ((double) fit->n_obs);
  fit->bic_jones_nagin_subjects = -0.5 * fit->bic_subjects;
  fit->bic_jones_nagin_obs = -0.5 * fit->bic_obs;
  fit->sabic = -2.0 * fit->loglik + q * log ((n + 2.0) / 24.0);
  fit->icl = fit->bic_subjects + 2.0 * uncertainty;
}

static void
fill_curves (const GbtmProblem *pb, size_t k, KtmGbtmFit *fit)
{
  const KtmGbtmModel *model = &fit->model;

  memcpy (fit->time, pb->time, pb->n_times * sizeof *fit->time);
  for (size_t c = 0; c < k; c++)
    for (size_t d = 0; d < pb->n_times; d++)
      {
        double mu = ktm_gbtm_latent (model, c, pb->time[d]);

        fit->fitted[c * pb->n_times + d] = mu;
        fit->level[c] += mu / (double) pb->n_times;
        if (mu < model->lo || mu > model->hi)
          fit->flags |= KTM_GBTM_OFF_SCALE;
      }
}

static void
raise_flags (const GbtmWork *work, const GbtmLayout *ly, KtmGbtmFit *fit)
{
  for (size_t k = 0; k < ly->k; k++)
    {
      if (work->class_weight[k] < 1.5)
        fit->flags |= KTM_GBTM_EMPTY_CLASS;
      if (work->class_weight[k] < 3.0)
        fit->flags |= KTM_GBTM_NO_SE;
      if (fit->model.sigma[k] < 1.02 * ly->floor * fit->pooled_sd)
        fit->flags |= KTM_GBTM_SIGMA_FLOOR | KTM_GBTM_NO_SE;
      for (size_t l = 0; l < k; l++)
        {
          double gap = fabs (fit->model.sigma[k] - fit->model.sigma[l]);

          for (size_t d = 0; d < fit->n_times; d++)
            gap = fmax (
                gap, fabs (fit->fitted[k * fit->n_times + d] - fit->fitted[l * fit->n_times + d]));
          if (gap < 1e-3 * fit->pooled_sd)
            fit->flags |= KTM_GBTM_DUPLICATE_CLASS;
        }
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static KtmGbtmFit *
allocate_fit (size_t k, size_t n_times, size_t n_subjects, size_t n_par)
{
  KtmGbtmFit *fit = calloc (1, sizeof *fit);

  if (fit == NULL)
    return NULL;
  fit->ref_count = 1;
  fit->time = calloc (n_times, sizeof *fit->time);
  fit->fitted = calloc (k * n_times, sizeof *fit->fitted);
  fit->posterior = calloc (n_subjects * k, sizeof *fit->posterior);
  fit->modal = calloc (n_subjects, sizeof *fit->modal);
  fit->vcov = calloc (n_par * n_par, sizeof *fit->vcov);
  fit->scaled = calloc (n_par, sizeof *fit->scaled);
  if (fit->time != NULL && fit->fitted != NULL && fit->posterior != NULL && fit->modal != NULL
      && fit->vcov != NULL && fit->scaled != NULL)
    return fit;
  ktm_gbtm_fit_free (fit);
  return NULL;
}

KtmGbtmFit *
ktm_gbtm_fit_ref (const KtmGbtmFit *fit)
{
  KtmGbtmFit *f = (KtmGbtmFit *) fit; /* the count is the one thing that changes */

  if (f != NULL)
    __atomic_add_fetch (&f->ref_count, 1, __ATOMIC_RELAXED);
  return f;
}

void
ktm_gbtm_fit_free (KtmGbtmFit *fit)
{
  if (fit == NULL || __atomic_sub_fetch (&fit->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  free (fit->time);
  free (fit->fitted);
  free (fit->posterior);
  free (fit->modal);
  free (fit->vcov);
  free (fit->scaled);
  free (fit);
}

KtmStatsStatus
gbtm_result_new (const KtmGbtmData *data, const GbtmProblem *problem, const GbtmLayout *layout,
                 GbtmWork *work, const KtmGbtmSpec *spec, const double *x,
                 const double *information, KtmGbtmFit **out)
{
  size_t k = layout->k, n = layout->n_par;
  KtmGbtmFit *fit = allocate_fit (k, problem->n_times, data->n_subjects, n);

  if (fit == NULL)
    return KTM_STATS_NO_MEMORY;
  fit->spec = *spec;
  fit->n_subjects = problem->n;
  fit->n_without_score = data->n_subjects - problem->n;
  fit->n_obs = problem->n_obs;
  fit->n_left = problem->n_left;
  fit->n_right = problem->n_right;
  fit->n_times = problem->n_times;
  fit->n_par = n;
  fit->pooled_sd = problem->pooled_sd;
  memcpy (fit->scaled, x, n * sizeof *x);
  fit->loglik = gbtm_likelihood (problem, layout, x, work, NULL) - gbtm_jacobian (problem);
  gbtm_to_model (problem, layout, spec, x, data, &fit->model);
  fill_posterior (problem, work, k, data->n_subjects, fit);
  fill_adequacy (problem, work, k, fit);
  fill_curves (problem, k, fit);
  raise_flags (work, layout, fit);
  fit->min_eigen = ktm_cholesky_min_eigen (information, n);
  if (!(fit->min_eigen > 1e-6)
      || !fill_covariance (problem, layout, &fit->model, x, information, fit->vcov))
    fit->flags |= KTM_GBTM_NO_SE;
  fill_errors (layout, fit, (fit->flags & KTM_GBTM_NO_SE) == 0);
  *out = fit;
  return KTM_STATS_OK;
}
