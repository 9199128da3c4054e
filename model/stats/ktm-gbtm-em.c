/* model/stats: trajectory classes, expectation and (conditional) maximisation. */
#include "ktm-gbtm-private.h"
#include "ktm-cholesky.h"

#include <gsl/gsl_sf_erf.h>
#include <string.h>

/* Mean and variance of the score behind a censored one. */
static void
complete_score (int8_t kind, double y, double mu, double sigma, double *mean, double *variance)
{
  double z = (y - mu) / sigma, hazard;

  *mean = y;
  *variance = 0.0;
  if (kind == 0)
    return;
  z = kind < 0 ? z : -z;
  hazard = gsl_sf_hazard (-z);
  *mean = kind < 0 ? mu - sigma * hazard : mu + sigma * hazard;
  *variance = sigma * sigma * fmax (0.0, 1.0 - z * hazard - hazard * hazard);
}

void
gbtm_collect (const GbtmLayout *ly, int8_t kind, double score, const double *mu,
              const double *weight, double sigma, size_t k, GbtmSums *at)
{
  for (size_t q = 0, m = k * ly->q; q < ly->q; q++, m++)
    {
      double w = weight[m], v = ly->node[q], y, variance;

      if (w == 0.0)
        continue;
      complete_score (kind, score, mu[m], sigma, &y, &variance);
      at->w += w;
      at->y += w * y;
      at->yy += w * (y * y + variance);
      at->v += w * v;
      at->vv += w * v * v;
      at->vy += w * v * y;
    }
}

/* Weighted least squares of y − tau v on the curve columns. */
static bool
solve_curve (const GbtmProblem *pb, size_t p, const GbtmSums *sums, double tau, double *b)
{
  double a[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF] = { 0.0 };

  memset (b, 0, p * sizeof *b);
  for (size_t d = 0; d < pb->n_times; d++)
    {
      const double *x = pb->x + d * pb->p;

      for (size_t i = 0; i < p; i++)
        {
          b[i] += x[i] * (sums[d].y - tau * sums[d].v);
          for (size_t j = 0; j <= i; j++)
            a[i * p + j] += sums[d].w * x[i] * x[j];
        }
    }
  if (!ktm_cholesky_factor (a, p))
    return false;
  ktm_dense_solve (a, p, b, 1);
  return true;
}

static double
level_at (const GbtmProblem *pb, size_t p, const double *b, size_t d)
{
  double level = 0.0;

  for (size_t j = 0; j < p; j++)
    level += pb->x[d * pb->p + j] * b[j];
  return level;
}

/* Adds to the numerator and denominator of tau. */
static void
count_tau (const GbtmProblem *pb, size_t p, const double *b, const GbtmSums *sums, double *top,
           double *bottom)
{
  for (size_t d = 0; d < pb->n_times; d++)
    {
      *top += sums[d].vy - level_at (pb, p, b, d) * sums[d].v;
      *bottom += sums[d].vv;
    }
}

static void
count_residuals (const GbtmProblem *pb, size_t p, const double *b, double tau, const GbtmSums *sums,
                 double *squares, double *n)
{
  for (size_t d = 0; d < pb->n_times; d++)
    {
      const GbtmSums *s = &sums[d];
      double l = level_at (pb, p, b, d);

      *squares += s->yy - 2.0 * l * s->y + l * l * s->w
                  + tau * (tau * s->vv - 2.0 * s->vy + 2.0 * l * s->v);
      *n += s->w;
    }
}

static double
to_lambda (const GbtmLayout *ly, double squares, double n)
{
  double sigma = sqrt (fmax (squares, 0.0) / n);

  return log (fmax (sigma - ly->floor, 1e-3 * ly->floor));
}

/* --- weights of the classes ------------------------------------------------------------------- */

/* Expected log-likelihood of the class membership; its gradient and information where not NULL. */
static double
membership (const GbtmProblem *pb, const GbtmLayout *ly, const double *post, const double *theta,
            double *gradient, double *information)
{
  size_t n = (ly->k - 1) * ly->nz, nz = ly->nz;
  double total = 0.0;

  for (size_t i = 0; i < pb->n; i++)
    {
      double prior[KTM_GBTM_MAX_CLASSES] = { 0.0 }, top = 0.0, sum = 0.0;
      const double *z = pb->z + i * nz;

      for (size_t k = 1; k < ly->k; k++)
        {
          for (size_t j = 0; j < nz; j++)
            prior[k] += z[j] * theta[(k - 1) * nz + j];
          top = fmax (top, prior[k]);
        }
      for (size_t k = 0; k < ly->k; k++)
        sum += exp (prior[k] - top);
      for (size_t k = 0; k < ly->k; k++)
        {
          total += pb->weight[i] * post[i * ly->k + k] * (prior[k] - top - log (sum));
          prior[k] = exp (prior[k] - top) / sum;
        }
      for (size_t a = 0; gradient != NULL && a < n; a++)
        {
          size_t k = 1 + a / nz;

          gradient[a] += pb->weight[i] * (post[i * ly->k + k] - prior[k]) * z[a % nz];
          for (size_t b = 0; b <= a; b++)
            information[a * n + b] += pb->weight[i] * z[a % nz] * z[b % nz] * prior[k]
                                      * ((b / nz == a / nz ? 1.0 : 0.0) - prior[1 + b / nz]);
        }
    }
  return total;
}

/* One Newton step of the multinomial logit, halved until it does not lose. */
static void
step_membership (const GbtmProblem *pb, const GbtmLayout *ly, const double *post, double *theta)
{
  enum { MOST = (KTM_GBTM_MAX_CLASSES - 1) * (1 + KTM_GBTM_MAX_COVARIATES) };
  double gradient[MOST] = { 0.0 }, information[MOST * MOST] = { 0.0 }, trial[MOST];
  size_t n = (ly->k - 1) * ly->nz;
  double before = membership (pb, ly, post, theta, gradient, information), factor = 1.0;

  for (size_t a = 0; a < n; a++)
    information[a * n + a] += 1e-8 * pb->total;
  if (!ktm_cholesky_factor (information, n))
    return;
  ktm_dense_solve (information, n, gradient, 1);
  for (int halving = 0; halving < 20; halving++, factor *= 0.5)
    {
      for (size_t a = 0; a < n; a++)
        trial[a] = theta[a] + factor * gradient[a];
      if (membership (pb, ly, post, trial, NULL, NULL) >= before)
        {
          memcpy (theta, trial, n * sizeof *theta);
          return;
        }
    }
}

static bool
update_membership (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, double *x)
{
  for (size_t k = 0; k < ly->k; k++)
    if (!(work->class_weight[k] > 1e-6))
      return false;
  if (ly->nz > 1)
    step_membership (pb, ly, work->post, x + ly->theta);
  else
    for (size_t k = 1; k < ly->k; k++)
      x[ly->theta + k - 1] = log (work->class_weight[k] / work->class_weight[0]);
  return true;
}

/* --- steps ------------------------------------------------------------------------------------ */

static bool
maximise (const GbtmProblem *pb, const GbtmLayout *ly, const GbtmSums *sums, double *x)
{
  double tau = ly->tau == GBTM_NONE ? 0.0 : x[ly->tau], top = 0.0, bottom = 0.0, squares = 0.0,
         n = 0.0;

  for (size_t k = 0; k < ly->k; k++)
    if (!solve_curve (pb, ly->p[k], sums + k * pb->n_times, tau, x + ly->b[k]))
      return false;
  if (ly->tau != GBTM_NONE)
    {
      for (size_t k = 0; k < ly->k; k++)
        count_tau (pb, ly->p[k], x + ly->b[k], sums + k * pb->n_times, &top, &bottom);
      tau = x[ly->tau] = bottom > 0.0 ? top / bottom : 0.0;
    }
  for (size_t k = 0; k < ly->k; k++)
    {
      if (ly->n_lambda > 1)
        squares = n = 0.0;
      count_residuals (pb, ly->p[k], x + ly->b[k], tau, sums + k * pb->n_times, &squares, &n);
      if (ly->n_lambda > 1)
        x[ly->lambda + k] = to_lambda (ly, squares, n);
    }
  if (ly->n_lambda == 1)
    x[ly->lambda] = to_lambda (ly, squares, n);
  return true;
}

/* The sums over the cells, by time. */
static void
collect_cells (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, const double *x)
{
  memset (work->moments, 0, ly->k * pb->n_times * sizeof *work->moments);
  for (size_t k = 0; k < ly->k; k++)
    {
      double sigma = gbtm_sigma (ly, x, k);

      for (size_t c = 0; c < pb->n_cells; c++)
        gbtm_collect (ly, pb->cell_kind[c], pb->cell_y[c], work->mu + pb->cell_time[c] * ly->pad,
                      work->sums + c * ly->pad, sigma, k,
                      work->moments + k * pb->n_times + pb->cell_time[c]);
    }
}

bool
gbtm_m_step (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work, double *x)
{
  if (work->level != NULL)
    gbtm_fold_complete (problem, layout, x, work);
  else
    collect_cells (problem, layout, work, x);
  return update_membership (problem, layout, work, x)
         && maximise (problem, layout, work->moments, x);
}

/* Labels count as weights, censored scores as what they show, and the random intercept starts at
 * 0.7 sigma. */
bool
gbtm_first_step (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
                 const double *label, double *x)
{
  GbtmSums *sums = work->moments;

  memset (sums, 0, layout->k * problem->n_times * sizeof *sums);
  memset (work->class_weight, 0, sizeof work->class_weight);
  memset (x, 0, layout->n_par * sizeof *x);
  for (size_t i = 0; i < problem->n; i++)
    for (size_t k = 0; k < layout->k; k++)
      {
        double w = problem->weight[i] * label[i * layout->k + k];

        work->class_weight[k] += w;
        work->post[i * layout->k + k] = label[i * layout->k + k];
        for (size_t j = problem->offset[i]; j < problem->offset[i + 1]; j++)
          {
            GbtmSums *at = sums + k * problem->n_times + problem->cell_time[problem->cell[j]];
            double y = problem->cell_y[problem->cell[j]];

            at->w += w;
            at->y += w * y;
            at->yy += w * y * y;
          }
      }
  if (!update_membership (problem, layout, work, x) || !maximise (problem, layout, sums, x))
    return false;
  if (layout->tau != GBTM_NONE)
    x[layout->tau] = 0.7 * gbtm_sigma (layout, x, 0);
  return true;
}

bool
gbtm_em (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work, KtmPoolWatch *watch,
         size_t steps, double gain, double *x, double *loglik)
{
  *loglik = gbtm_likelihood (problem, layout, x, work, NULL);
  for (size_t step = 0; step < steps && !gbtm_watch (work, watch); step++)
    {
      double before = *loglik;

      if (!gbtm_m_step (problem, layout, work, x))
        return false;
      *loglik = gbtm_likelihood (problem, layout, x, work, NULL);
      if (*loglik < before - 1e-9 * (1.0 + fabs (before)))
        work->n_falls++;
      if (!(*loglik - before >= gain))
        break;
    }
  return isfinite (*loglik);
}
