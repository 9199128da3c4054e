/* model/stats: trajectory classes, the log-likelihood, posterior weights and the exact gradient. */
#include "ktm-gbtm-private.h"

#include <gsl/gsl_sf_erf.h>
#include <stdlib.h>
#include <string.h>

#define HALF_LOG_2PI 0.918938533204672741780329736406
#define NODE_RANGE   7.0

/* --- layout ----------------------------------------------------------------------------------- */

/* Trapezoidal rule: equal steps with the exact density, so that only what lies outside ±7 (3e-12)
 * is lost. */
static void
set_nodes (GbtmLayout *layout, size_t n_nodes)
{
  double step = n_nodes > 1 ? 2.0 * NODE_RANGE / (double) (n_nodes - 1) : 0.0;

  layout->q = n_nodes;
  layout->node[0] = layout->log_node[0] = 0.0;
  for (size_t q = 0; q < n_nodes && n_nodes > 1; q++)
    {
      layout->node[q] = -NODE_RANGE + step * (double) q;
      layout->log_node[q] = log (step) - HALF_LOG_2PI - 0.5 * layout->node[q] * layout->node[q];
    }
}

void
gbtm_layout_init (GbtmLayout *layout, const GbtmProblem *problem, const KtmGbtmSpec *spec,
                  size_t n_nodes)
{
  size_t at = 0;

  *layout = (GbtmLayout) { .k = spec->n_classes, .nz = problem->nz };
  n_nodes = n_nodes > GBTM_MAX_NODES ? GBTM_MAX_NODES : n_nodes;
  set_nodes (layout, spec->random_intercept ? n_nodes : 1);
  layout->m = layout->k * layout->q;
  layout->pad = layout->m + layout->m % 2;
  for (size_t k = 0; k < layout->k; k++)
    {
      layout->p[k] = ktm_gbtm_n_coef (spec, k);
      layout->b[k] = at;
      at += layout->p[k];
    }
  layout->lambda = at;
  layout->n_lambda = spec->sigma_by_class ? layout->k : 1;
  layout->floor = (spec->sigma_by_class ? 0.1 : 0.001) * problem->pooled_sd / problem->y_scale;
  at += layout->n_lambda;
  layout->tau = spec->random_intercept ? at++ : GBTM_NONE;
  layout->theta = at;
  layout->n_par = at + (layout->k - 1) * layout->nz;
}

bool
gbtm_work_allocate (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout,
                    size_t n_rows, bool folded)
{
  size_t table = n_rows * layout->pad, mu = problem->n_times * layout->pad;
  size_t post = problem->n * layout->k, level = layout->k * problem->n_times;
  size_t moments = level * sizeof (GbtmSums) / sizeof (double);
  double *block = calloc (2 * table + mu + layout->pad + post + moments + level, sizeof *block);

  *work = (GbtmWork) { .block = block };
  if (block == NULL)
    return false;
  work->table = block;
  work->sums = block + table;
  work->mu = block + 2 * table;
  work->row = work->mu + mu;
  work->post = work->row + layout->pad;
  work->moments = (GbtmSums *) (void *) (work->post + post);
  work->level = folded ? work->post + post + moments : NULL;
  return true;
}

bool
gbtm_work_init (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout)
{
  return gbtm_work_allocate (work, problem, layout, problem->n_cells, false);
}

bool
gbtm_watch (GbtmWork *work, KtmPoolWatch *watch)
{
  if (watch == NULL)
    return false;
  return work->polls ? ktm_pool_watch_poll (watch) : ktm_pool_watch_stopped (watch);
}

void
gbtm_work_clear (GbtmWork *work)
{
  gbtm_team_free (work->team);
  free (work->block);
  *work = (GbtmWork) { .block = NULL };
}

double
gbtm_sigma (const GbtmLayout *layout, const double *x, size_t k)
{
  return layout->floor + exp (x[layout->lambda + (layout->n_lambda > 1 ? k : 0)]);
}

double
gbtm_log_phi (double x)
{
  return gsl_sf_log_erfc (-x * M_SQRT1_2) - M_LN2;
}

double
gbtm_jacobian (const GbtmProblem *problem)
{
  double n = 0.0;

  for (size_t i = 0; i < problem->n; i++)
    for (size_t j = problem->offset[i]; j < problem->offset[i + 1]; j++)
      n += problem->cell_kind[problem->cell[j]] == 0 ? problem->weight[i] : 0.0;
  return n * log (problem->y_scale);
}

/* --- densities of the cells ------------------------------------------------------------------- */

static void
fill_means (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, double *mu)
{
  double tau = ly->tau == GBTM_NONE ? 0.0 : x[ly->tau];

  for (size_t d = 0; d < pb->n_times; d++)
    for (size_t k = 0; k < ly->k; k++)
      {
        double level = 0.0;

        for (size_t j = 0; j < ly->p[k]; j++)
          level += pb->x[d * pb->p + j] * x[ly->b[k] + j];
        for (size_t q = 0; q < ly->q; q++)
          mu[d * ly->pad + k * ly->q + q] = level + tau * ly->node[q];
      }
}

static void
fill_table (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, GbtmWork *work)
{
  double inverse[KTM_GBTM_MAX_CLASSES], constant[KTM_GBTM_MAX_CLASSES];

  for (size_t k = 0; k < ly->k; k++)
    {
      double sigma = gbtm_sigma (ly, x, k);

      inverse[k] = 1.0 / sigma;
      constant[k] = -log (sigma) - HALF_LOG_2PI;
    }
  for (size_t c = 0; c < pb->n_cells; c++)
    {
      const double *mu = work->mu + pb->cell_time[c] * ly->pad;
      double *row = work->table + c * ly->pad, y = pb->cell_y[c];

      for (size_t k = 0, m = 0; k < ly->k; k++)
        for (size_t q = 0; q < ly->q; q++, m++)
          {
            double z = (y - mu[m]) * inverse[k];

            if (pb->cell_kind[c] == 0)
              row[m] = constant[k] - 0.5 * z * z;
            else
              row[m] = gbtm_log_phi (pb->cell_kind[c] < 0 ? z : -z);
          }
    }
}

/* --- subjects --------------------------------------------------------------------------------- */

void
gbtm_fill_prior (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, size_t i,
                 double *prior)
{
  double top = 0.0, sum = 0.0;

  prior[0] = 0.0;
  for (size_t k = 1; k < ly->k; k++)
    {
      const double *theta = x + ly->theta + (k - 1) * ly->nz;

      prior[k] = theta[0];
      for (size_t j = 1; j < ly->nz; j++)
        prior[k] += pb->z[i * ly->nz + j] * theta[j];
      top = fmax (top, prior[k]);
    }
  for (size_t k = 0; k < ly->k; k++)
    sum += exp (prior[k] - top);
  for (size_t k = 0; k < ly->k; k++)
    prior[k] -= top + log (sum);
}

static void
fill_row_prior (const GbtmLayout *ly, const double *prior, double *row)
{
  for (size_t k = 0, m = 0; k < ly->k; k++)
    for (size_t q = 0; q < ly->q; q++, m++)
      row[m] = prior[k] + ly->log_node[q];
}

/* @pad is a constant in the common cases, so that the loops over classes unroll. */
static GBTM_INLINE double
run_subjects (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, GbtmWork *work,
              size_t from, size_t to, double *a, double *start, const size_t pad)
{
  double prior[KTM_GBTM_MAX_CLASSES], total = 0.0;
  const double *restrict table = work->table;
  double *restrict sums = work->sums;

  gbtm_fill_prior (pb, ly, x, 0, prior);
  fill_row_prior (ly, prior, start);
  for (size_t i = from; i < to; i++)
    {
      const uint32_t *cell = pb->cell + pb->offset[i], *end = pb->cell + pb->offset[i + 1];
      double weight = pb->weight[i];

      if (ly->nz > 1)
        {
          gbtm_fill_prior (pb, ly, x, i, prior);
          fill_row_prior (ly, prior, start);
        }
      for (size_t j = 0; j < pad; j++)
        a[j] = start[j];
      for (const uint32_t *c = cell; c < end; c++)
        for (size_t j = 0; j < pad; j++)
          a[j] += table[*c * pad + j];
      total += weight * gbtm_normalise (a, ly->m);
      for (size_t k = 0, m = 0; k < ly->k; k++)
        {
          double sum = 0.0;

          for (size_t q = 0; q < ly->q; q++)
            sum += a[m++];
          work->post[i * ly->k + k] = sum;
          work->class_weight[k] += weight * sum;
        }
      if (ly->nz > 1)
        gbtm_count_theta (pb, ly, work, i, prior);
      if (weight != 1.0)
        for (size_t j = 0; j < pad; j++)
          a[j] *= weight;
      for (const uint32_t *c = cell; c < end; c++)
        for (size_t j = 0; j < pad; j++)
          sums[*c * pad + j] += a[j];
    }
  return total;
}

double
gbtm_visit (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, GbtmWork *work,
            size_t from, size_t to)
{
  double a[8] = { 0.0 }, start[8] = { 0.0 },
         wide[KTM_GBTM_MAX_CLASSES * GBTM_MAX_NODES + 1] = { 0.0 };
  size_t rows = work->level != NULL ? 2 * pb->n_times : pb->n_cells;

  memset (work->sums, 0, rows * ly->pad * sizeof *work->sums);
  memset (work->class_weight, 0, sizeof work->class_weight);
  memset (work->theta_gradient, 0, sizeof work->theta_gradient);
  if (work->level != NULL)
    return gbtm_fold_visit (pb, ly, x, work, from, to);
  switch (ly->pad)
    {
    case 2: return run_subjects (pb, ly, x, work, from, to, a, start, 2);
    case 4: return run_subjects (pb, ly, x, work, from, to, a, start, 4);
    case 6: return run_subjects (pb, ly, x, work, from, to, a, start, 6);
    case 8: return run_subjects (pb, ly, x, work, from, to, a, start, 8);
    default: return run_subjects (pb, ly, x, work, from, to, work->row, wide, ly->pad);
    }
}

/* --- gradient --------------------------------------------------------------------------------- */

void
gbtm_slopes (int8_t kind, double z, double *by_mu, double *by_sigma)
{
  double hazard;

  if (kind == 0)
    {
      *by_mu = z;
      *by_sigma = z * z - 1.0;
      return;
    }
  hazard = gsl_sf_hazard (kind < 0 ? -z : z);
  *by_mu = kind < 0 ? -hazard : hazard;
  *by_sigma = z * *by_mu;
}

static void
add_cell (const GbtmProblem *pb, const GbtmLayout *ly, const GbtmWork *work, size_t c, size_t k,
          double sigma, double *gradient)
{
  const double *x = pb->x + pb->cell_time[c] * pb->p, *mu = work->mu + pb->cell_time[c] * ly->pad;
  double by_level = 0.0, by_sigma = 0.0, by_tau = 0.0;

  for (size_t q = 0, m = k * ly->q; q < ly->q; q++, m++)
    {
      double weight = work->sums[c * ly->pad + m], g, h;

      if (weight == 0.0)
        continue;
      gbtm_slopes (pb->cell_kind[c], (pb->cell_y[c] - mu[m]) / sigma, &g, &h);
      by_level += weight * g / sigma;
      by_tau += weight * g / sigma * ly->node[q];
      by_sigma += weight * h / sigma;
    }
  for (size_t j = 0; j < ly->p[k]; j++)
    gradient[ly->b[k] + j] += by_level * x[j];
  gradient[ly->lambda + (ly->n_lambda > 1 ? k : 0)] += by_sigma * (sigma - ly->floor);
  if (ly->tau != GBTM_NONE)
    gradient[ly->tau] += by_tau;
}

static void
fill_gradient (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, const GbtmWork *work,
               double *gradient)
{
  double prior[KTM_GBTM_MAX_CLASSES];

  memset (gradient, 0, ly->n_par * sizeof *gradient);
  for (size_t k = 0; k < ly->k; k++)
    {
      double sigma = gbtm_sigma (ly, x, k);

      for (size_t c = 0; c < pb->n_cells && work->level == NULL; c++)
        add_cell (pb, ly, work, c, k, sigma, gradient);
    }
  if (work->level != NULL)
    gbtm_fold_gradient (pb, ly, x, work, gradient);
  if (ly->nz > 1)
    {
      memcpy (gradient + ly->theta, work->theta_gradient, (ly->k - 1) * ly->nz * sizeof *gradient);
      return;
    }
  gbtm_fill_prior (pb, ly, x, 0, prior);
  for (size_t k = 1; k < ly->k; k++)
    gradient[ly->theta + k - 1] = work->class_weight[k] - pb->total * exp (prior[k]);
}

double
gbtm_likelihood (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                 GbtmWork *work, double *gradient)
{
  double loglik;

  fill_means (problem, layout, x, work->mu);
  if (work->level != NULL)
    gbtm_fold_table (problem, layout, x, work);
  else
    fill_table (problem, layout, x, work);
  loglik = work->team != NULL ? gbtm_team_visit (problem, layout, x, work)
                              : gbtm_visit (problem, layout, x, work, 0, problem->n);
  if (gradient != NULL)
    fill_gradient (problem, layout, x, work, gradient);
  return loglik;
}
