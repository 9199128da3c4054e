/* model/stats: trajectory classes, BFGS and Newton on the exact gradient. */
#include "ktm-gbtm-private.h"
#include "ktm-cholesky.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define BFGS_STEPS   300
#define NEWTON_STEPS 25

double
gbtm_tolerance (const GbtmProblem *problem)
{
  return 1e-6 * fmax (1.0, (double) problem->n_obs * 1e-4);
}

static double
largest (const double *x, size_t n)
{
  double top = 0.0;

  for (size_t i = 0; i < n; i++)
    top = isfinite (x[i]) ? fmax (top, fabs (x[i])) : INFINITY;
  return top;
}

static double
dot (const double *x, const double *y, size_t n)
{
  double sum = 0.0;

  for (size_t i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

/* --- first inverse Hessian: what it would be were the classes known --------------------------- */

static void
curve_block (const GbtmProblem *pb, const GbtmLayout *ly, const GbtmWork *work, const double *x,
             size_t k, double *inverse)
{
  double a[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF] = { 0.0 },
                               out[KTM_GBTM_MAX_COEF * KTM_GBTM_MAX_COEF];
  double sigma = gbtm_sigma (ly, x, k);
  size_t p = ly->p[k], n = ly->n_par;

  for (size_t c = 0; c < (work->level != NULL ? pb->n_times : pb->n_cells); c++)
    {
      const double *column = pb->x + (work->level != NULL ? c : pb->cell_time[c]) * pb->p;
      double w = work->level != NULL ? gbtm_fold_weight (pb, ly, work, k, c) : 0.0;

      for (size_t q = 0; q < ly->q && work->level == NULL; q++)
        w += work->sums[c * ly->pad + k * ly->q + q];
      for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++)
          a[i * p + j] += w * column[i] * column[j] / (sigma * sigma);
    }
  for (size_t i = 0; i < p; i++)
    a[i * p + i] += 1e-3;
  if (!ktm_cholesky_factor (a, p))
    return;
  ktm_dense_inverse (a, p, out);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++)
      inverse[(ly->b[k] + i) * n + ly->b[k] + j] = out[i * p + j];
}

static void
first_inverse (const GbtmProblem *pb, const GbtmLayout *ly, const GbtmWork *work, const double *x,
               double *inverse)
{
  size_t n = ly->n_par;
  double share[KTM_GBTM_MAX_CLASSES];

  memset (inverse, 0, n * n * sizeof *inverse);
  for (size_t i = 0; i < n; i++)
    inverse[i * n + i] = 1.0 / (double) pb->n_obs;
  for (size_t k = 0; k < ly->k; k++)
    {
      share[k] = fmax (work->class_weight[k], 1.0);
      curve_block (pb, ly, work, x, k, inverse);
    }
  for (size_t l = 0; l < ly->n_lambda; l++)
    {
      double sigma = gbtm_sigma (ly, x, l), relative = (sigma - ly->floor) / sigma;
      double rows = (double) pb->n_obs * (ly->n_lambda > 1 ? share[l] / pb->total : 1.0);

      inverse[(ly->lambda + l) * (n + 1)] = 1.0 / (2.0 * rows * relative * relative + 1e-3);
    }
  for (size_t a = 1; a < ly->k; a++)
    for (size_t b = 1; b < ly->k; b++)
      for (size_t j = 0; j < ly->nz; j++)
        inverse[(ly->theta + (a - 1) * ly->nz + j) * n + ly->theta + (b - 1) * ly->nz + j]
          = (a == b ? 1.0 / share[a] : 0.0) + 1.0 / share[0];
}

/* --- BFGS ------------------------------------------------------------------------------------- */

/* Vectors of one run, in one block. */
typedef struct
{
  double *inverse, *gradient, *direction, *trial, *trial_gradient, *change, *scratch, *block;
} Bfgs;

static bool
bfgs_init (Bfgs *run, size_t n)
{
  run->block = malloc ((n * n + 6 * n) * sizeof *run->block);
  if (run->block == NULL)
    return false;
  run->inverse = run->block;
  run->gradient = run->inverse + n * n;
  run->direction = run->gradient + n;
  run->trial = run->direction + n;
  run->trial_gradient = run->trial + n;
  run->change = run->trial_gradient + n;
  run->scratch = run->change + n;
  return true;
}

/* H := (I − r s y')H(I − r y s') + r s s', for −loglik: s = step, y = −(change of gradient). */
static void
update_inverse (Bfgs *run, size_t n)
{
  const double *s = run->change;
  double *y = run->scratch, sy, yhy, *hy = run->trial;  /* trial is free by now */

  for (size_t i = 0; i < n; i++)
    y[i] = run->gradient[i] - run->trial_gradient[i];
  sy = dot (s, y, n);
  if (!(sy > 1e-12 * sqrt (dot (s, s, n) * dot (y, y, n))))
    return;
  for (size_t i = 0; i < n; i++)
    hy[i] = dot (run->inverse + i * n, y, n);
  yhy = dot (y, hy, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      run->inverse[i * n + j] +=
          ((1.0 + yhy / sy) * s[i] * s[j] - hy[i] * s[j] - s[i] * hy[j]) / sy;
}

/* Backtracks along direction; on success trial and trial_gradient stand at the new point. */
static bool
search_line (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, Bfgs *run,
             const double *x, double *loglik)
{
  size_t n = ly->n_par;
  double slope = dot (run->direction, run->gradient, n), step = 1.0,
         longest = largest (run->direction, n);

  if (!(slope > 0.0))
    return false;
  if (longest > 3.0)
    step = 3.0 / longest;
  for (int tries = 0; tries < 40; tries++)
    {
      double value, next;

      for (size_t i = 0; i < n; i++)
        run->trial[i] = x[i] + step * run->direction[i];
      value = gbtm_likelihood (pb, ly, run->trial, work, run->trial_gradient);
      if (isfinite (value) && value >= *loglik + 1e-4 * step * slope)
        {
          for (size_t i = 0; i < n; i++)
            run->change[i] = run->trial[i] - x[i];
          *loglik = value;
          return true;
        }
      next = isfinite (value) ? 0.5 * slope * step * step / (*loglik + slope * step - value)
                              : 0.1 * step;
      step = fmin (fmax (next, 0.1 * step), 0.5 * step);
    }
  return false;
}

bool
gbtm_bfgs (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
           KtmPoolWatch *watch, const double *inverse, double tolerance, double *x, double *loglik)
{
  size_t n = layout->n_par;
  bool fresh = true, converged = false;
  Bfgs run;

  if (!bfgs_init (&run, n))
    return false;
  *loglik = gbtm_likelihood (problem, layout, x, work, run.gradient);
  if (inverse != NULL)
    memcpy (run.inverse, inverse, n * n * sizeof *inverse);
  else
    first_inverse (problem, layout, work, x, run.inverse);
  for (int step = 0; step < BFGS_STEPS && isfinite (*loglik) && !gbtm_watch (work, watch); step++)
    {
      converged = largest (run.gradient, n) < tolerance;
      if (converged)
        break;
      for (size_t i = 0; i < n; i++)
        run.direction[i] = dot (run.inverse + i * n, run.gradient, n);
      if (fabs (dot (run.direction, run.gradient, n)) < 1e-13 * (1.0 + fabs (*loglik)))
        break;  /* what is left to gain is lost in rounding */
      if (!search_line (problem, layout, work, &run, x, loglik))
        {
          if (fresh)
            break;
          gbtm_likelihood (problem, layout, x, work, NULL);
          first_inverse (problem, layout, work, x, run.inverse);
          fresh = true;
          continue;
        }
      fresh = false;
      memcpy (x, run.trial, n * sizeof *x);
      update_inverse (&run, n);
      memcpy (run.gradient, run.trial_gradient, n * sizeof *x);
    }
  free (run.block);
  return converged;
}

/* --- Newton ----------------------------------------------------------------------------------- */

/* Observed information: minus differences of the exact gradient, symmetric.  Central ones; forward
 * ones from @gradient at @x where a team does the work, whose steps can be smaller than what they
 * leave out counts: noise falls with the number of patients. */
static void
fill_information (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, KtmPoolWatch *watch,
                  const double *x, const double *gradient, double *information)
{
  size_t n = ly->n_par;
  double at[GBTM_MAX_PAR], up[GBTM_MAX_PAR], down[GBTM_MAX_PAR];
  bool forward = work->team != NULL;

  memcpy (at, x, n * sizeof *at);
  memcpy (down, gradient, n * sizeof *down);
  for (size_t i = 0; i < n && !gbtm_watch (work, watch); i++)
    {
      double step = (forward ? 1e-6 : 1e-5) * fmax (1.0, fabs (x[i]));

      at[i] = x[i] + step;
      gbtm_likelihood (pb, ly, at, work, up);
      at[i] = x[i] - step;
      if (!forward)
        gbtm_likelihood (pb, ly, at, work, down);
      at[i] = x[i];
      for (size_t j = 0; j < n; j++)
        information[i * n + j] = -(up[j] - down[j]) / ((forward ? 1.0 : 2.0) * step);
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      information[i * n + j] = information[j * n + i] =
          0.5 * (information[i * n + j] + information[j * n + i]);
}

/* Solves (information + ridge) step = gradient with the least ridge that works. */
static bool
newton_direction (const double *information, size_t n, const double *gradient, double *factor,
                  double *step)
{
  double ridge = 0.0, size = 0.0;

  for (size_t i = 0; i < n; i++)
    size = fmax (size, fabs (information[i * n + i]));
  for (int tries = 0; tries < 30; tries++)
    {
      memcpy (factor, information, n * n * sizeof *factor);
      for (size_t i = 0; i < n; i++)
        factor[i * n + i] += ridge;
      if (ktm_cholesky_factor (factor, n))
        {
          memcpy (step, gradient, n * sizeof *step);
          ktm_dense_solve (factor, n, step, 1);
          return true;
        }
      ridge = ridge > 0.0 ? 10.0 * ridge : 1e-10 * size;
    }
  return false;
}

/* One step that does not lower the likelihood and makes the gradient smaller or the likelihood
 * higher. */
static bool
newton_step (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, const double *step,
             double *x, double *loglik, double *gradient)
{
  double trial[GBTM_MAX_PAR], next[GBTM_MAX_PAR], factor = 1.0,
                                                  before = largest (gradient, ly->n_par);
  double noise = 1e-12 * (1.0 + fabs (*loglik));

  for (int tries = 0; tries < 12; tries++, factor *= 0.5)
    {
      double value;

      for (size_t i = 0; i < ly->n_par; i++)
        trial[i] = x[i] + factor * step[i];
      value = gbtm_likelihood (pb, ly, trial, work, next);
      if (!isfinite (value) || value < *loglik - noise
          || (value <= *loglik + noise && largest (next, ly->n_par) >= before))
        continue;
      memcpy (x, trial, ly->n_par * sizeof *x);
      memcpy (gradient, next, ly->n_par * sizeof *x);
      *loglik = value;
      return true;
    }
  return false;
}

double
gbtm_newton (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
             KtmPoolWatch *watch, double *x, double *loglik, double *information)
{
  size_t n = layout->n_par;
  double gradient[GBTM_MAX_PAR], step[GBTM_MAX_PAR], target = 1e-3 * gbtm_tolerance (problem),
                                                     before;
  double *factor = malloc (n * n * sizeof *factor);
  bool stale = false;

  if (factor == NULL)
    return INFINITY;
  *loglik = gbtm_likelihood (problem, layout, x, work, gradient);
  fill_information (problem, layout, work, watch, x, gradient, information);
  for (int tries = 0; tries < NEWTON_STEPS && largest (gradient, n) > target
                      && !gbtm_watch (work, watch);
       tries++)
    {
      before = largest (gradient, n);
      if (stale)
        fill_information (problem, layout, work, watch, x, gradient, information);
      if (!newton_direction (information, n, gradient, factor, step)
          || !newton_step (problem, layout, work, step, x, loglik, gradient))
        break;
      stale =
          before > 1e-4 * (double) problem->n_obs * 1e-3 || largest (gradient, n) > 0.01 * before;
    }
  if (stale)
    fill_information (problem, layout, work, watch, x, gradient, information);
  *loglik = gbtm_likelihood (problem, layout, x, work, gradient);
  free (factor);
  return largest (gradient, n);
}
