/* model/stats: linear mixed model, random intercept or intercept and slope by subject. */
#include "ktm-lmm.h"

#include "ktm-dense.h"
#include "ktm-lmm-private.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITERATIONS 200

static int
compare_keys (const void *pa, const void *pb)
{
  const KtmLmmKey *a = pa, *b = pb;

  if (a->label != b->label)
    return a->label < b->label ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows by subject; already sorted rows, the usual case, cost one pass. */
static size_t
sort_rows (KtmLmmKey *key, const size_t *subject, size_t n)
{
  size_t m = 1;
  bool sorted = true;

  for (size_t i = 0; i < n; i++)
    {
      key[i] = (KtmLmmKey) { subject[i], i };
      sorted = sorted && (i == 0 || subject[i] >= subject[i - 1]);
    }
  if (!sorted)
    qsort (key, n, sizeof (KtmLmmKey), compare_keys);
  for (size_t i = 1; i < n; i++)
    m += key[i].label != key[i - 1].label;
  return m;
}

static bool
work_allocate (KtmLmmWork *w, size_t n, size_t p)
{
  KtmLmmData *d = &w->d;
  size_t m = d->m, q = d->q;
  size_t total = n * p + n + 6 * p * p + 6 * p + 2 * m * q * p;
  double *at;

  d->subject = calloc (m, sizeof (KtmLmmSubject));
  w->memory = at = calloc (total, sizeof (double));
  if (d->subject == NULL || at == NULL)
    return false;
  w->q = at, at += n * p;
  w->residual = at, at += n;
  w->r = at, at += p * p;
  w->beta0 = at, at += p;
  d->l = at, at += p * p;
  d->b = at, at += p;
  d->mt = at, at += 3 * p * p + 3 * p;
  d->zx = at, at += m * q * p;
  d->a = at;
  return true;
}

static void
work_clear (KtmLmmWork *w)
{
  free (w->key);
  free (w->memory);
  free (w->d.subject);
}

/* Least squares first: what is left of y, in units of its SD, makes every later number of order 1.
 */
static KtmStatsStatus
residualise (KtmLmmWork *w, const double *y, size_t n, size_t p)
{
  double rss = 0, yy = 0, mean = 0;

  for (size_t i = 0; i < n; i++)
    mean += y[i] / (double) n;
  memcpy (w->residual, y, n * sizeof (double));
  for (int pass = 0; pass < 2; pass++)
    for (size_t j = 0; j < p; j++)
      {
        double f = 0;

        for (size_t i = 0; i < n; i++)
          f += w->q[i * p + j] * w->residual[i];
        for (size_t i = 0; i < n; i++)
          w->residual[i] -= f * w->q[i * p + j];
        w->beta0[j] += f;
      }
  for (size_t i = 0; i < n; i++)
    {
      rss += w->residual[i] * w->residual[i];
      yy += (y[i] - mean) * (y[i] - mean) + DBL_EPSILON * mean * mean;
    }
  if (!(rss > 1e-20 * yy) || rss <= DBL_MIN)
    return KTM_STATS_NO_VARIANCE;
  w->y_scale = sqrt (rss / (double) n);
  for (size_t i = 0; i < n; i++)
    w->residual[i] /= w->y_scale;
  w->d.yy = (double) n;
  return KTM_STATS_OK;
}

static KtmStatsStatus
scale_slope (KtmLmmWork *w, const double *slope, size_t n)
{
  double mean = 0, ss = 0;

  w->slope_mean = 0;
  w->slope_scale = 1;
  if (slope == NULL)
    return KTM_STATS_OK;
  for (size_t i = 0; i < n; i++)
    mean += slope[i] / (double) n;
  for (size_t i = 0; i < n; i++)
    ss += (slope[i] - mean) * (slope[i] - mean);
  if (!(ss > 1e-20 * (double) n * mean * mean) || ss <= DBL_MIN)
    return KTM_STATS_SINGULAR;
  w->slope_mean = mean;
  w->slope_scale = sqrt (ss / (double) n);
  return KTM_STATS_OK;
}

/* Every evaluation works on these sums only: its cost does not depend on the number of visits. */
static void
gather (KtmLmmWork *w, const double *slope, size_t n)
{
  KtmLmmData *d = &w->d;
  size_t p = d->p, q = d->q, s = 0;

  for (size_t k = 0; k < n; k++)
    {
      size_t row = w->key[k].row;
      double z[2] = { 1, slope == NULL ? 0 : (slope[row] - w->slope_mean) / w->slope_scale };
      KtmLmmSubject *subject;

      s += k > 0 && w->key[k].label != w->key[k - 1].label;
      subject = &d->subject[s];
      for (size_t a = 0; a < q; a++)
        {
          double *zx = d->zx + (s * q + a) * p;

          for (size_t b = 0; b < q; b++)
            subject->zz[a][b] += z[a] * z[b];
          subject->zy[a] += z[a] * w->residual[row];
          for (size_t j = 0; j < p; j++)
            zx[j] += z[a] * w->q[row * p + j];
        }
    }
}

/* Gradient and Hessian of the profiled deviance in theta; sigma profiled out. */
static void
profile (const KtmLmmData *d, const double *theta, double g[3], double h[3][3])
{
  double nu = (double) (d->reml ? d->n - d->p : d->n), gp[3] = { 0 }, hp[3][3] = { { 0 } }, j[3][3];

  for (size_t a = 0; a < d->n_theta; a++)
    {
      gp[a] = d->dlog[a] + nu * d->dr2[a] / d->r2;
      for (size_t b = 0; b < d->n_theta; b++)
        hp[a][b] = d->ddlog[a][b]
                   + nu * (d->ddr2[a][b] / d->r2 - d->dr2[a] * d->dr2[b] / (d->r2 * d->r2));
    }
  ktm_lmm_jacobian (d->q, theta, j);
  ktm_lmm_chain (d->q, j, gp, hp, g, h);
}

/* A descent step that also leaves saddles: the Hessian with its eigenvalues made positive.
 * Returns the smallest eigenvalue; @decrement is g'|H|^-1 g. */
static double
saddle_free_step (size_t n, const double g[3], double h[3][3], double step[3], double *decrement)
{
  double a[9], values[3], vectors[9], smallest = INFINITY, largest = 0;

  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      a[i * n + j] = h[i][j];
  ktm_dense_eigen (a, n, values, vectors);
  *decrement = 0;
  memset (step, 0, 3 * sizeof (double));
  for (size_t i = 0; i < n; i++)
    largest = fmax (largest, fabs (values[i]));
  for (size_t i = 0; i < n; i++)
    {
      double gi = ktm_dense_dot (vectors + i * n, g, n);
      double size = fmax (fabs (values[i]), 1e-8 * largest + DBL_MIN);
      double move = fmax (-1, fmin (1, gi / size)); /* theta is of order 1 */

      smallest = fmin (smallest, values[i]);
      *decrement += gi * gi / size;
      for (size_t j = 0; j < n; j++)
        step[j] -= move * vectors[i * n + j];
      if (values[i] < -1e-6 * largest && fabs (gi) < 1e-9) /* on a ridge: leave it */
        for (size_t j = 0; j < n; j++)
          step[j] += 0.1 * vectors[i * n + j];
    }
  return smallest;
}

static KtmStatsStatus
optimise (KtmLmmWork *w, const KtmProgress *progress)
{
  KtmLmmData *d = &w->d;
  double f, g[3], h[3][3], step[3], trial[3], decrement, last = INFINITY;

  w->theta[0] = w->theta[2] = 1;
  f = ktm_lmm_deviance (d, w->theta);
  for (w->iterations = 1; isfinite (f) && w->iterations <= MAX_ITERATIONS; w->iterations++)
    {
      double smallest, next = INFINITY, share = 1, slack = 64 * DBL_EPSILON * (1 + fabs (f));

      if (ktm_progress_stopped (progress))
        return KTM_STATS_CANCELLED;
      ktm_lmm_derivatives (d);
      profile (d, w->theta, g, h);
      smallest = saddle_free_step (d->n_theta, g, h, step, &decrement);
      if ((decrement < 1e-14 || (decrement < 1e-10 && decrement > last / 4)) /* rounding is all */
          && smallest > -1e-6)
        return KTM_STATS_OK;
      last = decrement;
      for (; share > 1e-9; share /= 2)
        {
          for (size_t k = 0; k < 3; k++)
            trial[k] = w->theta[k] + share * step[k];
          next = ktm_lmm_deviance (d, trial);
          if (next <= f + slack - 1e-4 * share * fmin (decrement, 1))
            break;
        }
      if (!(next <= f + slack)) /* the last digits: back to the best point */
        {
          f = ktm_lmm_deviance (d, w->theta);
          ktm_lmm_derivatives (d);
          return decrement < 1e-8 ? KTM_STATS_OK : KTM_STATS_NO_CONVERGENCE;
        }
      memcpy (w->theta, trial, sizeof trial);
      f = next;
    }
  return KTM_STATS_NO_CONVERGENCE;
}

static KtmStatsStatus
fit (KtmLmmWork *w, const double *y, const size_t *subject, const double *x, const double *slope,
     size_t n, size_t p, const KtmProgress *progress)
{
  KtmLmmData *d = &w->d;
  KtmStatsStatus status;

  w->key = malloc (n * sizeof (KtmLmmKey));
  if (w->key == NULL)
    return KTM_STATS_NO_MEMORY;
  d->m = sort_rows (w->key, subject, n);
  if (d->m < 2 || n <= d->m * d->q || n <= p)
    return KTM_STATS_TOO_FEW;
  if (!work_allocate (w, n, p))
    return KTM_STATS_NO_MEMORY;
  status = ktm_dense_orthogonal (x, n, p, w->q, w->r);
  if (status == KTM_STATS_OK)
    status = residualise (w, y, n, p);
  if (status == KTM_STATS_OK)
    status = scale_slope (w, slope, n);
  if (status != KTM_STATS_OK)
    return status;
  gather (w, slope, n);
  return optimise (w, progress);
}

/* y = X beta + b0 (+ b1 slope) + e, (b0, b1) by subject and correlated, maximum likelihood or REML.
 *
 * @y:       n values, any unit
 * @subject: n labels; rows in any order, equal labels are one subject
 * @x:       n x p, the intercept a column of the caller's
 * @slope:   n values of the slope variable, or NULL for a random intercept only
 * @level:   of the coefficients' t intervals (Satterthwaite df)
 * @out:     the model, the caller's: ktm_lmm_free(); NULL on any status but OK
 *
 * NaN: not accepted (NOT_FINITE).  TOO_FEW: one subject, no more rows than random effects, or no
 * more rows than columns.  SINGULAR: collinear columns of X, or a constant slope variable; a
 * variance estimated at 0 is no error but `singular`.  NO_VARIANCE: X explains y fully.
 * NO_CONVERGENCE: no maximum, as when every subject is constant.  BLUPs are conditional means.
 * Source: Bates et al. (2015), J Stat Softw 67(1) (deviance); Kuznetsova et al. (2017), J Stat
 * Softw 82(13) (Satterthwaite df from the observed Hessian); Newton's method with exact
 * derivatives after Lindstrom and Bates (1988), JASA 83:1014-1022.
 */
KtmStatsStatus
ktm_lmm_fit (const double *y, const size_t *subject, const double *x, const double *slope,
             size_t n, size_t p, KtmLikelihood likelihood, double level,
             const KtmProgress *progress, KtmLmm **out)
{
  KtmLmmWork w = { .d = { .n = n, .p = p, .q = slope == NULL ? 1 : 2 } };
  KtmStatsStatus status;

  *out = NULL;
  if (p == 0 || !ktm_contrast_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n < 2)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (y, n) || !ktm_stats_all_finite (x, n * p)
      || (slope != NULL && !ktm_stats_all_finite (slope, n)))
    return KTM_STATS_NOT_FINITE;
  w.d.reml = likelihood == KTM_LIKELIHOOD_REML;
  w.d.n_theta = w.d.q * (w.d.q + 1) / 2;
  status = fit (&w, y, subject, x, slope, n, p, progress);
  if (status == KTM_STATS_OK)
    status = ktm_lmm_model (&w, level, out);
  work_clear (&w);
  ktm_progress_report (progress, 1);
  return status;
}

/* Frees a model; NULL is allowed. */
void
ktm_lmm_free (KtmLmm *lmm)
{
  if (lmm == NULL)
    return;
  free (lmm->beta);
  free (lmm->vcov);
  free (lmm->coefficient);
  free (lmm->subject);
  free (lmm->blup);
  free (lmm->spread);
  free (lmm);
}

/* Satterthwaite df of l'beta (n_columns weights). */
double
ktm_lmm_df (const KtmLmm *lmm, const double *l)
{
  return ktm_contrast_satterthwaite (l, lmm->n_columns, lmm->vcov, lmm->spread, lmm->n_variance);
}

static double
joint_df (const double *l, const void *model)
{
  return ktm_lmm_df (model, l);
}

/* l'beta with SE, interval, Satterthwaite df and test; @l: n_columns finite weights, not all 0. */
KtmStatsStatus
ktm_lmm_contrast (const KtmLmm *lmm, const double *l, double level, KtmContrast *out)
{
  return ktm_contrast_of (l, lmm->n_columns, lmm->beta, lmm->vcov, joint_df, lmm, level, out);
}

/* F test of L beta = 0 (n_rows x n_columns), denominator df after Fai and Cornelius. */
KtmStatsStatus
ktm_lmm_joint (const KtmLmm *lmm, const double *l, size_t n_rows, KtmTest *out)
{
  return ktm_contrast_joint (l, n_rows, lmm->n_columns, lmm->beta, lmm->vcov, joint_df, lmm, out);
}
