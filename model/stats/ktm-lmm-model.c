/* model/stats: the linear mixed model's optimum in the caller's units. */
#include "ktm-lmm-private.h"

#include "ktm-dense.h"

#include <stdlib.h>

#define SINGULAR_BELOW 1e-4 /* lme4's isSingular() */

static bool
model_allocate (KtmLmm *o)
{
  size_t p = o->n_columns, m = o->n_subjects;

  o->beta = calloc (p, sizeof (double));
  o->vcov = calloc (p * p, sizeof (double));
  o->coefficient = calloc (p, sizeof (KtmContrast));
  o->subject = calloc (m, sizeof (size_t));
  o->blup = calloc (m * o->n_random, sizeof (double));
  o->spread = calloc (o->n_variance * p * p, sizeof (double));
  return o->beta && o->vcov && o->coefficient && o->subject && o->blup && o->spread;
}

static void
fill_likelihood (const KtmLmmWork *w, KtmLmm *o)
{
  const KtmLmmData *d = &w->d;
  double n = (double) d->n, p = (double) d->p, nu = d->reml ? n - p : n;

  o->deviance = d->log_v + nu * (1 + log (2 * M_PI * d->r2 / nu) + 2 * log (w->y_scale));
  if (d->reml)
    {
      o->deviance += d->log_a;
      for (size_t j = 0; j < d->p; j++)
        o->deviance += 2 * log (w->r[j * d->p + j]);
    }
  o->loglik = -o->deviance / 2;
  o->aic = o->deviance + 2 * (double) o->n_parameters;
  o->bic = o->deviance + (double) o->n_parameters * log (n);
}

/* Random effects in the caller's units: u = (s - mean)/scale turns (b0, b1) into t (b0, b1). */
static void
fill_random (const KtmLmmWork *w, KtmLmm *o)
{
  const KtmLmmData *d = &w->d;
  const double *th = w->theta;
  double t[2][2] = { { 1, -w->slope_mean / w->slope_scale }, { 0, 1 / w->slope_scale } };
  double f[2][2] = { { th[0], 0 }, { th[1], th[2] } }, tf[2][2], unit = w->sigma * w->y_scale;
  double relative[2][2], diagonal;

  ktm_dense_multiply (t[0], 2, 2, f[0], 2, tf[0]);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      {
        relative[i][j] = tf[i][0] * tf[j][0] + tf[i][1] * tf[j][1];
        o->random[i][j] = d->q == 1 && i + j > 0 ? NAN : unit * unit * relative[i][j];
      }
  o->residual_variance = unit * unit;
  o->icc = d->q == 1 ? o->random[0][0] / (o->random[0][0] + o->residual_variance) : NAN;
  diagonal = sqrt (relative[0][0]);
  o->singular = diagonal < SINGULAR_BELOW
                || (d->q == 2 && fabs (th[0] * th[2]) / w->slope_scale < SINGULAR_BELOW * diagonal);
  for (size_t i = 0; i < d->m; i++)
    {
      const double *v = d->subject[i].w;
      double s[2] = { f[0][0] * v[0] + f[1][0] * v[1], f[1][1] * v[1] };
      double b[2] = { tf[0][0] * s[0] + tf[0][1] * s[1], tf[1][0] * s[0] + tf[1][1] * s[1] };

      if (d->q == 1)
        b[0] = th[0] * th[0] * v[0];
      for (size_t k = 0; k < d->q; k++)
        o->blup[i * d->q + k] = b[k] * w->y_scale;
    }
}

/* The observed Hessian of the deviance in (theta, sigma), as lmerTest takes it: its covariance is
 * 2 H^-1 = CC'; @root (n_variance squared) gets C'.  Directions without curvature (a singular fit)
 * are left out. */
static void
variance_root (const KtmLmmWork *w, double j[3][3], size_t n, double *root)
{
  const KtmLmmData *d = &w->d;
  size_t t = d->n_theta;
  double s2 = w->sigma * w->sigma, nu = (double) (d->reml ? d->n - d->p : d->n);
  double g[3] = { 0 }, h[3][3] = { { 0 } }, gt[3], ht[3][3], dr2[3], unused[3][3];
  double zero[3][3] = { { 0 } }, a[16], values[4], largest = 0;

  for (size_t i = 0; i < t; i++)
    {
      g[i] = d->dlog[i] + d->dr2[i] / s2;
      for (size_t k = 0; k < t; k++)
        h[i][k] = d->ddlog[i][k] + d->ddr2[i][k] / s2;
    }
  ktm_lmm_chain (d->q, j, g, h, gt, ht);
  ktm_lmm_chain (d->q, j, d->dr2, zero, dr2, unused);
  for (size_t i = 0; i < t; i++)
    {
      for (size_t k = 0; k < t; k++)
        a[i * n + k] = ht[i][k];
      a[i * n + t] = a[t * n + i] = -2 * dr2[i] / (s2 * w->sigma);
    }
  a[t * n + t] = 4 * nu / s2;
  ktm_dense_eigen (a, n, values, root);
  for (size_t k = 0; k < n; k++)
    largest = fmax (largest, values[k]);
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < n; i++)
      root[k * n + i] *= values[k] > 1e-8 * fmax (1, largest * 1e-4) ? sqrt (2 / values[k]) : 0;
}

/* Derivative of (X'V^-1 X)^-1, sigma = 1, in theta[t]; @out: p x p, zero. */
static void
vcov_derivative (const KtmLmmWork *w, double j[3][3], size_t t, double *out)
{
  const KtmLmmData *d = &w->d;
  size_t p = d->p;

  for (size_t i = 0; i < d->n_theta; i++)
    for (size_t e = 0; e < p * p; e++)
      out[e] += j[i][t] * d->mt[i * p * p + e];
  ktm_dense_backward (d->l, p, out,
                      p); /* L'^-1 M; symmetric, so its rows once more: L'^-1 M L^-1 */
  for (size_t r = 0; r < p; r++)
    ktm_dense_backward (d->l, p, out + r * p, 1);
  ktm_dense_back_vcov (w->r, p, out);
}

/* (X'V^-1 X)^-1 and what its derivatives in theta and sigma spread to; @work: n_variance p p. */
static void
fill_vcov (const KtmLmmWork *w, KtmLmm *o, double *work)
{
  const KtmLmmData *d = &w->d;
  size_t p = d->p, pp = p * p, n = o->n_variance;
  double j[3][3], root[16], unit = w->sigma * w->y_scale;

  ktm_lmm_jacobian (d->q, w->theta, j);
  ktm_dense_inverse (d->l, p, o->vcov);
  ktm_dense_back_vcov (w->r, p, o->vcov);
  for (size_t t = 0; t < d->n_theta; t++)
    vcov_derivative (w, j, t, work + t * pp);
  for (size_t e = 0; e < pp; e++)
    work[d->n_theta * pp + e] = 2 * o->vcov[e] / w->sigma;
  variance_root (w, j, n, root);
  ktm_dense_multiply (root, n, n, work, pp, o->spread);
  for (size_t e = 0; e < pp; e++)
    o->vcov[e] *= unit * unit;
  for (size_t e = 0; e < n * pp; e++)
    o->spread[e] *= unit * unit;
}

static void
fill_beta (const KtmLmmWork *w, KtmLmm *o)
{
  size_t p = o->n_columns;

  for (size_t j = 0; j < p; j++)
    o->beta[j] = w->beta0[j] + w->y_scale * w->d.b[j];
  ktm_dense_back_beta (w->r, p, o->beta);
  for (size_t j = 0; j < p; j++)
    {
      double df = ktm_contrast_satterthwaite_at (j, p, o->vcov, o->spread, o->n_variance);

      o->coefficient[j] = ktm_contrast_make (o->beta[j], sqrt (o->vcov[j * p + j]), df, o->level);
    }
}

/* The optimum of @w as a model, the caller's; NO_MEMORY. */
KtmStatsStatus
ktm_lmm_model (KtmLmmWork *w, double level, KtmLmm **out)
{
  const KtmLmmData *d = &w->d;
  KtmLmm *o = calloc (1, sizeof (KtmLmm));
  double *work = calloc ((d->n_theta + 1) * d->p * d->p, sizeof (double));

  if (o == NULL || work == NULL)
    {
      free (o);
      free (work);
      return KTM_STATS_NO_MEMORY;
    }
  o->n_rows = d->n;
  o->n_columns = d->p;
  o->n_subjects = d->m;
  o->n_random = d->q;
  o->n_variance = d->n_theta + 1;
  o->n_parameters = d->p + o->n_variance;
  o->iterations = w->iterations;
  o->likelihood = d->reml ? KTM_LIKELIHOOD_REML : KTM_LIKELIHOOD_ML;
  o->level = level;
  if (!model_allocate (o))
    {
      ktm_lmm_free (o);
      free (work);
      return KTM_STATS_NO_MEMORY;
    }
  w->sigma = sqrt (d->r2 / (double) (d->reml ? d->n - d->p : d->n));
  for (size_t i = 0, s = 0; i < d->n; i++)
    {
      s += i > 0 && w->key[i].label != w->key[i - 1].label;
      o->subject[s] = w->key[i].label;
    }
  fill_likelihood (w, o);
  fill_random (w, o);
  fill_vcov (w, o, work);
  free (work);
  fill_beta (w, o);
  *out = o;
  return KTM_STATS_OK;
}
