/* model/stats: trajectory classes, bootstrap likelihood-ratio test. */
#include "ktm-gbtm-private.h"
#include "ktm-gbtm-resample.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const KtmGbtmData *data;
  const KtmGbtmFit  *small, *large;
  uint64_t           seed;
  double            *ratio;  /* one a resample; NaN: failed */
} Blrt;

static bool
watch_stop (void *data)
{
  return ktm_pool_watch_stopped (data);
}

static size_t
draw_class (const KtmGbtmModel *model, const double *covariate, KtmRandom *random)
{
  double prior[KTM_GBTM_MAX_CLASSES], u = ktm_random_uniform (random);
  size_t k = 0;

  gbtm_model_prior (model, covariate, prior);
  while (k + 1 < model->n_classes && u >= exp (prior[k]))
    u -= exp (prior[k++]);
  return k;
}

/* Scores of the same patients at the same visits, from the smaller model. */
static bool
simulate (const Blrt *blrt, size_t i, double *y)
{
  const KtmGbtmData *data = blrt->data;
  const KtmGbtmModel *model = &blrt->small->model;
  KtmRandom random = gbtm_stream (blrt->seed, i);
  size_t *class = malloc (data->n_subjects * sizeof *class);
  double *level = malloc (data->n_subjects * sizeof *level);

  for (size_t s = 0; s < data->n_subjects && class != NULL && level != NULL; s++)
    {
      class[s] = draw_class (
          model, data->n_covariates > 0 ? data->covariate + s * data->n_covariates : NULL, &random);
      level[s] = model->tau > 0.0 ? model->tau * ktm_random_normal (&random) : 0.0;
    }
  for (size_t r = 0; r < data->n_obs && class != NULL && level != NULL; r++)
    {
      size_t k = class[data->subject[r]];

      y[r] = ktm_gbtm_latent (model, k, data->time[r]) + level[data->subject[r]]
             + model->sigma[k] * ktm_random_normal (&random);
      y[r] = fmin (fmax (y[r], data->lo), data->hi);
    }
  free (level);
  free (class);
  return class != NULL && level != NULL;
}

static void
blrt_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *user)
{
  Blrt *blrt = user;
  KtmGbtmData data = *blrt->data;
  KtmGbtmSpec small = blrt->small->spec, large = blrt->large->spec;
  KtmGbtmFit *first = NULL, *second = NULL;
  KtmProgress progress = { .stop = watch_stop, .data = watch };
  double *y = malloc (data.n_obs * sizeof *y);

  (void) thread;
  blrt->ratio[i] = NAN;
  if (y == NULL)
    return;
  small.n_starts = small.max_starts = 5;
  large.n_starts = large.max_starts = 10;
  small.n_wanted = large.n_wanted = 1;
  small.n_threads = large.n_threads = 1;
  data.y = y;
  if (simulate (blrt, i, y) && ktm_gbtm_fit (&data, &small, NULL, &progress, &first) == KTM_STATS_OK
      && ktm_gbtm_fit (&data, &large, first, &progress, &second) == KTM_STATS_OK)
    blrt->ratio[i] = fmax (0.0, 2.0 * (second->loglik - first->loglik));
  ktm_gbtm_fit_free (first);
  ktm_gbtm_fit_free (second);
  free (y);
}

KtmStatsStatus
ktm_gbtm_blrt (const KtmGbtmData *data, const KtmGbtmFit *small, const KtmGbtmFit *large,
               size_t n_resamples, uint64_t seed, unsigned n_threads, const KtmProgress *progress,
               KtmTest *out, size_t *n_done)
{
  Blrt blrt = { data, small, large, seed, NULL };
  KtmPoolWatch watch;
  KtmStatsStatus status;
  size_t reached = 0;

  *out = KTM_TEST_NAN;
  *n_done = 0;
  if (n_resamples < 1 || n_resamples > 100000
      || small->model.n_classes + 1 != large->model.n_classes || small->n_obs != large->n_obs
      || small->n_obs != data->n_obs)
    return KTM_STATS_BAD_ARGUMENT;
  blrt.ratio = calloc (n_resamples, sizeof *blrt.ratio);
  if (blrt.ratio == NULL)
    return KTM_STATS_NO_MEMORY;
  ktm_pool_watch_init (&watch, progress);
  status = ktm_pool_run (n_resamples, n_threads, &watch, blrt_turn, &blrt);
  for (size_t i = 0; i < n_resamples && status == KTM_STATS_OK; i++)
    if (!isnan (blrt.ratio[i]))
      {
        *n_done += 1;
        reached += blrt.ratio[i] >= 2.0 * (large->loglik - small->loglik);
      }
  free (blrt.ratio);
  if (status != KTM_STATS_OK)
    return status;
  if (*n_done == 0)
    return KTM_STATS_NO_CONVERGENCE;
  out->statistic = 2.0 * (large->loglik - small->loglik);
  out->df = (double) large->n_par - (double) small->n_par;
  out->p = (1.0 + (double) reached) / (1.0 + (double) *n_done);
  return KTM_STATS_OK;
}
