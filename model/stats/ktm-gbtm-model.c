/* model/stats: trajectory classes, what a fitted model says about a time. */
#include "ktm-gbtm-private.h"
#include "ktm-dist.h"

#include <gsl/gsl_sf_erf.h>
#include <string.h>

KtmGbtmSpec
ktm_gbtm_spec (size_t n_classes, size_t order)
{
  KtmGbtmSpec spec = { .n_classes = n_classes,
                       .shape = KTM_GBTM_POLYNOMIAL,
                       .n_starts = 25,
                       .max_starts = 500,
                       .n_wanted = 5,
                       .seed = 1,
                       .n_threads = 1,
                       .sample_above = 3000 };

  for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
    spec.order[k] = order;
  return spec;
}

double
ktm_gbtm_latent (const KtmGbtmModel *model, size_t k, double t)
{
  double x[KTM_GBTM_MAX_COEF], level = 0.0;

  gbtm_basis (model->shape, model->n_coef[k], model->knots, model->n_knots, t, x);
  for (size_t j = 0; j < model->n_coef[k]; j++)
    level += model->coef[k][j] * x[j];
  return level;
}

double
gbtm_clipped_mean (double mu, double sigma, double lo, double hi)
{
  double a = (lo - mu) / sigma, b = (hi - mu) / sigma;
  double below = isinf (lo) ? 0.0 : gsl_sf_erf_Q (-a), above = isinf (hi) ? 0.0 : gsl_sf_erf_Q (b);
  double at_lo = isinf (lo) ? 0.0 : gsl_sf_erf_Z (a), at_hi = isinf (hi) ? 0.0 : gsl_sf_erf_Z (b);
  double mean = mu * (1.0 - below - above) + sigma * (at_lo - at_hi);

  if (!isinf (lo))
    mean += lo * below;
  if (!isinf (hi))
    mean += hi * above;
  return fmin (fmax (mean, lo), hi);
}

double
ktm_gbtm_expected (const KtmGbtmModel *model, size_t k, double t)
{
  return gbtm_clipped_mean (ktm_gbtm_latent (model, k, t), hypot (model->sigma[k], model->tau),
                            model->lo, model->hi);
}

void
gbtm_raw_matrix (const KtmGbtmModel *model, size_t p, double t_centre, double t_half,
                 double *matrix)
{
  memset (matrix, 0, p * p * sizeof *matrix);
  if (model->shape == KTM_GBTM_POLYNOMIAL)
    {
      for (size_t j = 0; j < p; j++)
        {
          double binomial = 1.0;  /* C(j, i) */

          for (size_t i = j + 1; i-- > 0;)
            {
              matrix[i * p + j] =
                  binomial * pow (-t_centre, (double) (j - i)) / pow (t_half, (double) j);
              binomial = binomial * (double) i / (double) (j - i + 1);
            }
        }
      return;
    }
  matrix[0] = 1.0;
  matrix[1] = -t_centre / t_half;
  matrix[p + 1] = 1.0 / t_half;
  for (size_t j = 2; j < p; j++)
    matrix[j * p + j] = model->shape == KTM_GBTM_SPLINE ? 1.0 / (t_half * t_half) : 1.0 / t_half;
}

void
gbtm_model_prior (const KtmGbtmModel *model, const double *covariate, double *log_prior)
{
  double top = -INFINITY, sum = 0.0;

  for (size_t k = 0; k < model->n_classes; k++)
    {
      log_prior[k] = log (model->pi[k]);
      if (covariate != NULL && model->n_covariates > 0)
        {
          log_prior[k] = model->theta[k][0];
          for (size_t j = 0; j < model->n_covariates; j++)
            log_prior[k] += model->theta[k][1 + j] * covariate[j];
        }
      top = fmax (top, log_prior[k]);
    }
  for (size_t k = 0; k < model->n_classes; k++)
    sum += exp (log_prior[k] - top);
  for (size_t k = 0; k < model->n_classes; k++)
    log_prior[k] -= top + log (sum);
}

KtmStatsStatus
ktm_gbtm_curve (const KtmGbtmFit *fit, size_t k, const double *time, size_t n, double level,
                KtmEstimate *out)
{
  const KtmGbtmModel *model = &fit->model;
  double x[KTM_GBTM_MAX_COEF], z = ktm_dist_normal_z (level);
  size_t at = 0;

  for (size_t i = 0; i < n; i++)
    out[i] = KTM_ESTIMATE_NAN;
  if (k >= model->n_classes || !(level > 0.0 && level < 1.0))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (time, n))
    return KTM_STATS_NOT_FINITE;
  for (size_t j = 0; j < k; j++)
    at += model->n_coef[j];
  for (size_t i = 0; i < n; i++)
    {
      double spread = hypot (model->sigma[k], model->tau), mu = ktm_gbtm_latent (model, k, time[i]),
             variance = 0.0;

      gbtm_basis (model->shape, model->n_coef[k], model->knots, model->n_knots, time[i], x);
      for (size_t a = 0; a < model->n_coef[k]; a++)
        for (size_t b = 0; b < model->n_coef[k]; b++)
          variance += x[a] * x[b] * fit->vcov[(at + a) * fit->n_par + at + b];
      out[i].value = gbtm_clipped_mean (mu, spread, model->lo, model->hi);
      if (isnan (variance))
        continue;
      out[i].se = sqrt (fmax (variance, 0.0));
      out[i].low = gbtm_clipped_mean (mu - z * out[i].se, spread, model->lo, model->hi);
      out[i].high = gbtm_clipped_mean (mu + z * out[i].se, spread, model->lo, model->hi);
    }
  return KTM_STATS_OK;
}
