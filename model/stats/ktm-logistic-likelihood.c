/* model/stats: the (penalised) likelihood on orthonormal columns, and its maximum. */
#include "ktm-logistic-private.h"

#include "ktm-dense.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITERATIONS 200
#define SEPARATION_FROM 10 /* Newton's steps before the direction is trusted */

/* Takes the work space; false without memory.  To be cleared in any case. */
bool
ktm_logit_init (KtmLogit *d, const double *y, const double *count, size_t n, size_t p)
{
  double *at = calloc (n * p + 2 * n + 4 * p * p + 6 * p + n * p, sizeof (double));

  *d = (KtmLogit) { .n = n, .p = p, .y = y, .count = count, .total = (double) n, .memory = at };
  if (at == NULL)
    return false;
  for (size_t i = 0; i < n && count != NULL; i++)
    d->total += count[i] - 1;
  d->q = at, at += n * p;
  d->eta = at, at += n;
  d->w = at, at += n;
  d->r = at, at += p * p;
  d->fisher = at, at += p * p;
  d->part = at, at += p * p;
  d->bend = at, at += p * p;
  d->up = at, at += p;
  d->down = at, at += p;
  d->score = at, at += p;
  d->step = at, at += p;
  d->trial = at, at += p;
  d->row = at;
  return true;
}

void
ktm_logit_clear (KtmLogit *d)
{
  free (d->memory);
  d->memory = NULL;
}

/* QR of X with the named columns last, in their order: to hold these coefficients is then to hold
 * the last coordinates.  Q has the rows of single patients.  SINGULAR: collinear columns. */
KtmStatsStatus
ktm_logit_columns (KtmLogit *d, const double *x, const size_t *last, size_t n_last)
{
  size_t n = d->n, p = d->p;
  double *ordered = d->row + p; /* n x p */
  KtmStatsStatus status;

  for (size_t i = 0; i < n; i++)
    {
      size_t at = 0;

      for (size_t j = 0; j < p; j++)
        {
          bool moved = false;

          for (size_t k = 0; k < n_last; k++)
            moved = moved || last[k] == j;
          if (!moved)
            ordered[i * p + at++] = x[i * p + j];
        }
      for (size_t k = 0; k < n_last; k++)
        ordered[i * p + at++] = x[i * p + last[k]];
    }
  for (size_t i = 0; i < n && d->count != NULL; i++)
    for (size_t j = 0; j < p; j++)
      ordered[i * p + j] *= sqrt (d->count[i]);
  status = ktm_dense_orthogonal (ordered, n, p, d->q, d->r);
  for (size_t i = 0; i < n && d->count != NULL; i++)
    for (size_t j = 0; j < p; j++)
      d->q[i * p + j] /= sqrt (d->count[i]);
  return status;
}

/* log (1 + exp (v)), for any v. */
static double
log1pexp (double v)
{
  return v > 0 ? v + log1p (exp (-v)) : log1p (exp (v));
}

static double
patients (const KtmLogit *d, size_t i)
{
  return d->count != NULL ? d->count[i] : 1;
}

/* Log-likelihood, information and their penalised sum at b (p coordinates on Q's columns); false
 * where the information is singular.
 * Source: Firth (1993), Biometrika 80:27-38: l + log|I|/2. */
bool
ktm_logit_evaluate (KtmLogit *d, const double *b)
{
  size_t p = d->p;

  d->loglik = 0;
  memset (d->fisher, 0, p * p * sizeof (double));
  for (size_t i = 0; i < d->n; i++)
    {
      const double *q = d->q + i * p;
      double eta = ktm_dense_dot (q, b, p), e = exp (-fabs (eta));

      d->eta[i] = eta;
      d->w[i] = patients (d, i) * e / ((1 + e) * (1 + e));
      d->loglik += d->y[i] * eta - patients (d, i) * log1pexp (eta);
      for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k <= j; k++)
          d->fisher[j * p + k] += d->w[i] * q[j] * q[k];
    }
  memcpy (d->part, d->fisher, p * p * sizeof (double));
  if (!ktm_dense_cholesky (d->fisher, p))
    return false;
  d->objective = d->loglik + (d->firth ? ktm_dense_log_det (d->fisher, p) / 2 : 0);
  return isfinite (d->objective);
}

/* Gradient of the objective at the last evaluation, with Firth's correction h (1/2 - pi). */
static void
fill_score (KtmLogit *d, double *score)
{
  size_t p = d->p;

  memset (score, 0, p * sizeof (double));
  for (size_t i = 0; i < d->n; i++)
    {
      const double *q = d->q + i * p;
      double pi = 1 / (1 + exp (-d->eta[i])), u = d->y[i] - patients (d, i) * pi;

      if (d->firth)
        {
          memcpy (d->row, q, p * sizeof (double));
          ktm_dense_forward (d->fisher, p, d->row, 1);
          u += d->w[i] * ktm_dense_dot (d->row, d->row, p) * (0.5 - pi);
        }
      for (size_t j = 0; j < p; j++)
        score[j] += q[j] * u;
    }
}

/* Minus the objective's Hessian in the free coordinates by central differences of its gradient,
 * factored into d->bend; false where it is not definite.  The penalty's curvature matters: scoring
 * without it needs hundreds of steps far out on a profile. */
static bool
penalised_curvature (KtmLogit *d, double *b, size_t n_free)
{
  size_t p = d->p;
  double step = 1e-4 * sqrt (d->total); /* moves eta by about 1e-4 */
  bool valid = true;

  for (size_t j = 0; j < n_free && valid; j++)
    {
      double at = b[j];

      b[j] = at + step;
      valid = ktm_logit_evaluate (d, b);
      fill_score (d, d->up);
      b[j] = at - step;
      valid = ktm_logit_evaluate (d, b) && valid;
      fill_score (d, d->down);
      b[j] = at;
      for (size_t k = 0; k < n_free; k++)
        d->bend[j * p + k] = (d->down[k] - d->up[k]) / (2 * step);
    }
  valid = ktm_logit_evaluate (d, b) && valid; /* leaves the information in d->part */
  if (!valid)
    return false;
  for (size_t j = 0; j < n_free; j++)
    for (size_t k = 0; k <= j; k++)
      d->bend[j * p + k] = (d->bend[j * p + k] + d->bend[k * p + j]) / 2;
  for (size_t j = 0; j < n_free; j++)
    for (size_t k = 0; k <= j; k++)
      d->bend[j * n_free + k] = d->bend[j * p + k];
  return ktm_dense_cholesky (d->bend, n_free);
}

/* Newton's step in the free coordinates (Fisher scoring where the penalised Hessian is not
 * definite).  Returns U'B^-1 U, NaN where the free part is singular. */
static double
newton_step (KtmLogit *d, double *b, size_t n_free)
{
  size_t p = d->p;
  double *factor = d->bend;

  fill_score (d, d->score);
  if (!d->firth || !penalised_curvature (d, b, n_free))
    {
      factor = d->part;
      for (size_t j = 0; j < n_free; j++) /* the leading block, closed up in place */
        for (size_t k = 0; k <= j; k++)
          d->part[j * n_free + k] = d->part[j * p + k];
      if (!ktm_dense_cholesky (d->part, n_free))
        return NAN;
    }
  memset (d->step, 0, p * sizeof (double));
  memcpy (d->step, d->score, n_free * sizeof (double));
  ktm_dense_solve (factor, n_free, d->step, 1);
  return ktm_dense_dot (d->step, d->score, n_free);
}

/* Does the step lead to infinity?  Where no patient moves to the wrong side along it while some go
 * on to the right one, it is a direction of recession of the likelihood: the proof of separation.
 * Source: Albert and Anderson (1984), Biometrika 71:1-10. */
static bool
is_recession (KtmLogit *d)
{
  double least = INFINITY, most = 0;

  for (size_t i = 0; i < d->n; i++)
    {
      double move = ktm_dense_dot (d->q + i * d->p, d->step, d->p);

      for (int side = -1; side <= 1; side += 2)
        if (side > 0 ? d->y[i] > 0 : d->y[i] < patients (d, i))
          {
            least = fmin (least, side * move);
            most = fmax (most, side * move);
          }
    }
  if (!(most > 0.1) || least < -1e-4 * most)
    return false;
  d->separation = least > 1e-3 * most ? KTM_SEPARATION_COMPLETE : KTM_SEPARATION_QUASI;
  return true;
}

/* Maximises the objective over the first n_free coordinates of @b, the others held.
 * SEPARATED: with the reason in d->separation, and b of no use. */
KtmStatsStatus
ktm_logit_maximise (KtmLogit *d, double *b, size_t n_free, const KtmProgress *progress)
{
  size_t p = d->p;
  double last = INFINITY;

  d->separation = KTM_SEPARATION_NONE;
  if (!ktm_logit_evaluate (d, b))
    return KTM_STATS_NO_CONVERGENCE;
  for (d->iterations = 1; n_free > 0 && d->iterations <= MAX_ITERATIONS; d->iterations++)
    {
      double now = d->objective, slack = 64 * DBL_EPSILON * (1 + fabs (now)), largest = 0;
      double decrement = newton_step (d, b, n_free), share = 1;

      if (ktm_progress_stopped (progress))
        return KTM_STATS_CANCELLED;
      if (isnan (decrement))
        return KTM_STATS_NO_CONVERGENCE;
      if (decrement < 1e-18 || (decrement < 1e-11 && decrement > last / 4)) /* rounding is all */
        return KTM_STATS_OK;
      last = decrement;
      if (!d->firth && d->iterations >= SEPARATION_FROM && is_recession (d))
        return KTM_STATS_SEPARATED;
      for (size_t i = 0; i < d->n; i++)
        largest = fmax (largest, fabs (ktm_dense_dot (d->q + i * p, d->step, p)));
      for (share = fmin (1, 5 / largest); share > 1e-10; share /= 2)
        {
          for (size_t j = 0; j < p; j++)
            d->trial[j] = b[j] + share * d->step[j];
          if (ktm_logit_evaluate (d, d->trial) && d->objective >= now - slack)
            break;
        }
      if (share <= 1e-10)
        return ktm_logit_evaluate (d, b) && decrement < 1e-10 ? KTM_STATS_OK
                                                              : KTM_STATS_NO_CONVERGENCE;
      memcpy (b, d->trial, p * sizeof (double));
    }
  return n_free == 0 ? KTM_STATS_OK : KTM_STATS_NO_CONVERGENCE;
}
