/* model/stats: trajectory classes, one patient. */
#include "ktm-gbtm-patient.h"
#include "ktm-gbtm-private.h"

#include <gsl/gsl_sf_erf.h>
#include <stdlib.h>

#define N_NODES 121  /* of the random intercept, in ±6 tau */

static size_t
count_nodes (const KtmGbtmModel *model)
{
  return model->tau > 0.0 ? N_NODES : 1;
}

static double
node (const KtmGbtmModel *model, size_t q)
{
  return model->tau > 0.0 ? -6.0 + 12.0 * (double) q / (double) (N_NODES - 1) : 0.0;
}

static double
log_density (const KtmGbtmModel *model, size_t k, double mu, double y)
{
  double z = (y - mu) / model->sigma[k];

  if (y <= model->lo)
    return gbtm_log_phi ((model->lo - mu) / model->sigma[k]);
  if (y >= model->hi)
    return gbtm_log_phi ((mu - model->hi) / model->sigma[k]);
  return -0.5 * z * z - log (model->sigma[k]) - 0.918938533204672741780;
}

/* Log weights of class × node before any score. */
static void
begin (const KtmGbtmModel *model, const double *covariate, double *weight)
{
  double prior[KTM_GBTM_MAX_CLASSES];
  size_t n_nodes = count_nodes (model);

  gbtm_model_prior (model, covariate, prior);
  for (size_t k = 0; k < model->n_classes; k++)
    for (size_t q = 0; q < n_nodes; q++)
      weight[k * n_nodes + q] = prior[k] - 0.5 * node (model, q) * node (model, q);
}

static void
see (const KtmGbtmModel *model, double time, double y, double *weight)
{
  size_t n_nodes = count_nodes (model);

  for (size_t k = 0; k < model->n_classes; k++)
    {
      double mu = ktm_gbtm_latent (model, k, time);

      for (size_t q = 0; q < n_nodes; q++)
        weight[k * n_nodes + q] += log_density (model, k, mu + model->tau * node (model, q), y);
    }
}

/* Weights that sum to one, and the classes' sums of them. */
static void
settle (const KtmGbtmModel *model, const double *weight, double *share, double *by_class)
{
  size_t n_nodes = count_nodes (model), n = model->n_classes * n_nodes;
  double top = -INFINITY, sum = 0.0;

  for (size_t m = 0; m < n; m++)
    top = fmax (top, weight[m]);
  for (size_t m = 0; m < n; m++)
    sum += share[m] = exp (weight[m] - top);
  for (size_t k = 0; k < model->n_classes; k++)
    {
      by_class[k] = 0.0;
      for (size_t q = 0; q < n_nodes; q++)
        by_class[k] += share[k * n_nodes + q] /= sum;
    }
}

static KtmStatsStatus
check_patient (const KtmGbtmModel *model, const double *covariate, const double *time,
               const double *y, size_t n)
{
  if (model->n_classes < 1 || model->n_classes > KTM_GBTM_MAX_CLASSES)
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (time, n) || !ktm_stats_all_finite (y, n)
      || (covariate != NULL && !ktm_stats_all_finite (covariate, model->n_covariates)))
    return KTM_STATS_NOT_FINITE;
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_gbtm_follow (const KtmGbtmModel *model, const double *covariate, const double *time,
                 const double *y, size_t n, double *out)
{
  double weight[KTM_GBTM_MAX_CLASSES * N_NODES], share[KTM_GBTM_MAX_CLASSES * N_NODES];
  KtmStatsStatus status = check_patient (model, covariate, time, y, n);

  for (size_t i = 0; i < (n + 1) * model->n_classes && status != KTM_STATS_OK; i++)
    out[i] = NAN;
  if (status != KTM_STATS_OK)
    return status;
  begin (model, covariate, weight);
  settle (model, weight, share, out);
  for (size_t i = 0; i < n; i++)
    {
      see (model, time[i], y[i], weight);
      settle (model, weight, share, out + (i + 1) * model->n_classes);
    }
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_gbtm_posterior (const KtmGbtmModel *model, const double *covariate, const double *time,
                    const double *y, size_t n, double *out)
{
  double weight[KTM_GBTM_MAX_CLASSES * N_NODES], share[KTM_GBTM_MAX_CLASSES * N_NODES];
  KtmStatsStatus status = check_patient (model, covariate, time, y, n);

  for (size_t k = 0; k < model->n_classes && status != KTM_STATS_OK; k++)
    out[k] = NAN;
  if (status != KTM_STATS_OK)
    return status;
  begin (model, covariate, weight);
  for (size_t i = 0; i < n; i++)
    see (model, time[i], y[i], weight);
  settle (model, weight, share, out);
  return KTM_STATS_OK;
}

/* --- outlook ---------------------------------------------------------------------------------- */

/* P(latent score ≤ y) of the mixture at one time. */
static double
mixture_cdf (const KtmGbtmModel *model, const double *share, double t, double y)
{
  size_t n_nodes = count_nodes (model);
  double p = 0.0;

  for (size_t k = 0; k < model->n_classes; k++)
    {
      double mu = ktm_gbtm_latent (model, k, t);

      for (size_t q = 0; q < n_nodes; q++)
        p += share[k * n_nodes + q]
             * gsl_sf_erf_Q ((mu + model->tau * node (model, q) - y) / model->sigma[k]);
    }
  return p;
}

static double
mixture_quantile (const KtmGbtmModel *model, const double *share, double t, double p)
{
  double low = INFINITY, high = -INFINITY;

  for (size_t k = 0; k < model->n_classes; k++)
    {
      double mu = ktm_gbtm_latent (model, k, t), reach = 12.0 * (model->sigma[k] + model->tau);

      low = fmin (low, mu - reach);
      high = fmax (high, mu + reach);
    }
  for (int turn = 0; turn < 80; turn++)
    {
      double middle = 0.5 * (low + high);

      if (mixture_cdf (model, share, t, middle) < p)
        low = middle;
      else
        high = middle;
    }
  return fmin (fmax (0.5 * (low + high), model->lo), model->hi);
}

static double
mixture_mean (const KtmGbtmModel *model, const double *share, double t)
{
  size_t n_nodes = count_nodes (model);
  double mean = 0.0;

  for (size_t k = 0; k < model->n_classes; k++)
    for (size_t q = 0; q < n_nodes; q++)
      mean += share[k * n_nodes + q]
              * gbtm_clipped_mean (ktm_gbtm_latent (model, k, t) + model->tau * node (model, q),
                                   model->sigma[k], model->lo, model->hi);
  return mean;
}

KtmStatsStatus
ktm_gbtm_outlook (const KtmGbtmModel *model, const double *covariate, const double *time,
                  const double *y, size_t n, const double *at, size_t n_at, double level,
                  KtmEstimate *out)
{
  double weight[KTM_GBTM_MAX_CLASSES * N_NODES], share[KTM_GBTM_MAX_CLASSES * N_NODES];
  double by_class[KTM_GBTM_MAX_CLASSES];
  KtmStatsStatus status = check_patient (model, covariate, time, y, n);

  for (size_t i = 0; i < n_at; i++)
    out[i] = KTM_ESTIMATE_NAN;
  if (status != KTM_STATS_OK)
    return status;
  if (!(level > 0.0 && level < 1.0))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (at, n_at))
    return KTM_STATS_NOT_FINITE;
  begin (model, covariate, weight);
  for (size_t i = 0; i < n; i++)
    see (model, time[i], y[i], weight);
  settle (model, weight, share, by_class);
  for (size_t i = 0; i < n_at; i++)
    {
      out[i].value = mixture_mean (model, share, at[i]);
      out[i].low = mixture_quantile (model, share, at[i], 0.5 - 0.5 * level);
      out[i].high = mixture_quantile (model, share, at[i], 0.5 + 0.5 * level);
    }
  return KTM_STATS_OK;
}
