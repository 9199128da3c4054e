/* model/stats: trajectory classes, from the optima of a sample of the patients to those of all. */
#include "ktm-gbtm-private.h"
#include "ktm-cholesky.h"

#include <stdlib.h>
#include <string.h>

GbtmProblem *
gbtm_sample_draw (const GbtmProblem *all, uint64_t seed)
{
  KtmRandom random = gbtm_stream (seed, 0);
  size_t *pick = malloc (KTM_GBTM_SAMPLE * sizeof *pick), n = 0;
  GbtmProblem *sample = NULL;

  for (size_t i = 0; i < all->n && pick != NULL && n < KTM_GBTM_SAMPLE; i++)
    if (ktm_random_uniform (&random) * (double) (all->n - i) < (double) (KTM_GBTM_SAMPLE - n))
      pick[n++] = i;
  if (pick != NULL)
    sample = gbtm_problem_subset (all, pick, n);
  free (pick);
  return sample;
}

bool
gbtm_is_usable (const GbtmProblem *problem, const GbtmLayout *layout, const GbtmWork *work,
                const double *x)
{
  for (size_t c = 0; c < layout->k; c++)
    if (!(work->class_weight[c] >= 1.5))
      return false;
  return gbtm_in_order (problem, layout, x);
}

/* The optimum of the sample next to @point, and the inverse information there times @share, what
 * the sample is of all; zeros where that is singular. */
static void
settle_in_sample (const GbtmProblem *sample, GbtmWork *work, const GbtmLayout *ly,
                  const KtmGbtmSpec *spec, KtmPoolWatch *watch, double share, GbtmPoint *point,
                  double *information, double *inverse)
{
  KtmGbtmSpec own = *spec;
  size_t n = ly->n_par;
  double loglik;

  if (point->usable)
    gbtm_sort_classes (sample, ly, &own, point->x);
  gbtm_newton (sample, ly, work, watch, point->x, &loglik, information);
  memset (inverse, 0, n * n * sizeof *inverse);
  if (!ktm_cholesky_factor (information, n))
    return;
  ktm_dense_inverse (information, n, inverse);
  for (size_t i = 0; i < n * n; i++)
    inverse[i] *= share;
}

/* Climbs from @point on all patients. */
static void
climb (const GbtmProblem *all, GbtmWork *work, const GbtmLayout *ly, KtmPoolWatch *watch,
       const double *inverse, GbtmPoint *point)
{
  gbtm_bfgs (all, ly, work, watch, inverse[0] > 0.0 ? inverse : NULL, 1e-7 * (double) all->n_obs,
             point->x, &point->loglik);
  point->loglik = gbtm_likelihood (all, ly, point->x, work, NULL);
  point->usable = gbtm_is_usable (all, ly, work, point->x);
}

static bool
is_better (const GbtmPoint *a, const GbtmPoint *b)
{
  return a->usable != b->usable ? a->usable : a->loglik > b->loglik;
}

/* Moves the best of @n points, and its inverse information, to the front. */
static void
put_best_first (size_t n, size_t n_par, GbtmPoint *points, double *inverse)
{
  GbtmPoint point;
  size_t best = 0;

  for (size_t j = 1; j < n; j++)
    if (is_better (&points[j], &points[best]))
      best = j;
  if (best == 0)
    return;
  point = points[0];
  points[0] = points[best];
  points[best] = point;
  memcpy (inverse, inverse + best * n_par * n_par, n_par * n_par * sizeof *inverse);
}

KtmStatsStatus
gbtm_sample_carry (const GbtmProblem *sample, GbtmWork *sample_work, const GbtmProblem *all,
                   GbtmWork *work, const GbtmLayout *layout, const KtmGbtmSpec *spec,
                   KtmPoolWatch *watch, size_t n, GbtmPoint *points, double *inverse)
{
  size_t size = layout->n_par * layout->n_par;
  double *all_inverse = calloc (n + 1, size * sizeof *all_inverse), share, reach, top = -INFINITY;
  double *information = all_inverse != NULL ? all_inverse + n * size : NULL;

  if (all_inverse == NULL)
    return KTM_STATS_NO_MEMORY;
  share = sample->total / all->total;
  /* From the optimum of the sample to that of all the likelihood rises by about n_par / 2 / share:
   * who lies ten times this below another stays below it. */
  reach = 5.0 * (double) layout->n_par / share;
  for (size_t j = 0; j < n && !gbtm_watch (work, watch); j++)
    {
      settle_in_sample (sample, sample_work, layout, spec, watch, share, &points[j], information,
                        all_inverse + j * size);
      points[j].loglik = gbtm_likelihood (all, layout, points[j].x, work, NULL);
      points[j].usable = gbtm_is_usable (all, layout, work, points[j].x);
      if (points[j].usable)
        top = fmax (top, points[j].loglik);
    }
  for (size_t j = 0; j < n && !gbtm_watch (work, watch); j++)
    if (points[j].loglik >= top - reach)
      climb (all, work, layout, watch, all_inverse + j * size, &points[j]);
  put_best_first (n, layout->n_par, points, all_inverse);
  memcpy (inverse, all_inverse, size * sizeof *inverse);
  free (all_inverse);
  return ktm_pool_watch_stopped (watch) ? KTM_STATS_CANCELLED : KTM_STATS_OK;
}
