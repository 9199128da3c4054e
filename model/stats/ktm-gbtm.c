/* model/stats: trajectory classes, the search for the best optimum. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

#define SHORT_STEPS   25
#define LONG_STEPS    40
#define N_CARRIED     8
#define N_POLISHED    3
#define SCREEN_ABOVE  3000
#define SCREEN_SIZE   2000
#define COARSE_NODES  45

/* One place the search has been to. */
typedef struct
{
  double loglik;
  bool   usable;  /* no class below 1.5 patients, and each with the curve of its place */
  bool   done;    /* has been worked on */
  double x[GBTM_MAX_PAR];
} Point;

typedef struct
{
  const GbtmProblem *problem;  /* all patients, or the sample the starts run on */
  const GbtmLayout  *layout;
  const KtmGbtmSpec *spec;
  const KtmGbtmFit  *previous;
  GbtmWork          *work;     /* one a thread */
  Point             *points;   /* of this round */
  bool               alike;    /* every class has the same columns */
  size_t             first;    /* number of the first random start of this round */
  size_t             n_split;  /* further starts after the random ones, from the previous fit */
  size_t             n_random;
  Point             *best;     /* the best found so far, in descending order */
  size_t             n_best, n_hits, n_finished, n_tried;
} Search;

static bool
is_usable (const GbtmWork *work, size_t k)
{
  for (size_t c = 0; c < k; c++)
    if (!(work->class_weight[c] >= 1.5))
      return false;
  return true;
}

/* Two log-likelihoods of the same optimum? */
static bool
same_optimum (const GbtmProblem *pb, double a, double b)
{
  return fabs (a - b) < 1e-4 * fmax (1.0, (double) pb->n_obs * 1e-4);
}

static void
begin_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *data)
{
  Search *search = data;
  Point *point = &search->points[i];
  GbtmWork *work = &search->work[thread];
  size_t k = search->layout->k;
  double *label = malloc (search->problem->n * k * sizeof *label);

  *point = (Point) { .loglik = -INFINITY };
  if (label == NULL)
    return;
  if (i < search->n_random)
    gbtm_start_labels (search->problem, k, search->spec->seed, search->first + i, label);
  else if (!gbtm_split_labels (search->problem, k, search->previous, i - search->n_random, label))
    gbtm_start_labels (search->problem, k, search->spec->seed, 0, label);
  if (!search->alike)
    gbtm_sort_labels (search->problem, k, label);
  if (gbtm_first_step (search->problem, search->layout, work, label, point->x)
      && gbtm_em (search->problem, search->layout, work, watch, SHORT_STEPS, 1e-6, point->x,
                  &point->loglik))
    {
      point->usable = is_usable (work, k)
                      && gbtm_in_order (search->problem, search->layout, point->x);
      point->done = true;
    }
  else
    point->loglik = -INFINITY;
  free (label);
}

static void
carry_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *data)
{
  Search *search = data;
  Point *point = &search->points[i];
  GbtmWork *work = &search->work[thread];
  double before = point->loglik, start[GBTM_MAX_PAR];

  memcpy (start, point->x, sizeof start);
  if (gbtm_em (search->problem, search->layout, work, watch, LONG_STEPS, 0.02, point->x,
               &point->loglik))
    gbtm_bfgs (search->problem, search->layout, work, watch, NULL,
               1e-3 * sqrt ((double) search->problem->n_obs), point->x, &point->loglik);
  else
    {
      memcpy (point->x, start, sizeof start);
      point->loglik = before;
    }
  point->loglik = gbtm_likelihood (search->problem, search->layout, point->x, work, NULL);
  point->usable = is_usable (work, search->layout->k)
                  && gbtm_in_order (search->problem, search->layout, point->x);
}

/* Best first; a usable point before one with an empty class; ties in the order of the starts. */
static bool
is_better (const Point *a, const Point *b)
{
  if (a->usable != b->usable)
    return a->usable;
  return a->loglik > b->loglik;
}

static void
sort_points (Point *points, size_t n)
{
  for (size_t i = 1; i < n; i++)
    {
      Point point = points[i];
      size_t at = i;

      for (; at > 0 && is_better (&point, &points[at - 1]); at--)
        points[at] = points[at - 1];
      points[at] = point;
    }
}

/* Puts the finished points of a round beside the best so far, one of each optimum, and counts the
 * hits. */
static void
merge_round (Search *search, size_t n)
{
  for (size_t i = 0; i < n && search->points[i].done; i++)
    {
      const Point *point = &search->points[i];
      size_t j = 0;

      search->n_finished++;
      if (search->n_best > 0 && is_better (point, &search->best[0])
          && !same_optimum (search->problem, point->loglik, search->best[0].loglik))
        search->n_hits = 1;
      else if (search->n_best == 0
               || same_optimum (search->problem, point->loglik, search->best[0].loglik))
        search->n_hits++;
      while (j < search->n_best
             && !same_optimum (search->problem, point->loglik, search->best[j].loglik))
        j++;
      if (j < search->n_best)
        {
          if (is_better (point, &search->best[j]))
            search->best[j] = *point;
        }
      else if (j < N_POLISHED)
        search->best[search->n_best++] = *point;
      else if (is_better (point, &search->best[j - 1]))
        search->best[j - 1] = *point;
      sort_points (search->best, search->n_best);
    }
}

static KtmStatsStatus
run_round (Search *search, KtmPoolWatch *watch, double from, double to)
{
  size_t n = search->n_random + search->n_split, carried;
  KtmStatsStatus status;

  watch->from = from;
  watch->to = 0.5 * (from + to);
  status = ktm_pool_run (n, search->spec->n_threads, watch, begin_turn, search);
  if (status != KTM_STATS_OK)
    return status;
  search->n_tried += n;
  sort_points (search->points, n);
  for (carried = 0; carried < n && carried < N_CARRIED && search->points[carried].done; carried++)
    ;
  watch->from = 0.5 * (from + to);
  watch->to = to;
  status = ktm_pool_run (carried, search->spec->n_threads, watch, carry_turn, search);
  if (status == KTM_STATS_OK)
    merge_round (search, carried);
  return status;
}

/* Rounds of starts until the best optimum was met often enough. */
static KtmStatsStatus
search_optima (Search *search, KtmPoolWatch *watch)
{
  const KtmGbtmSpec *spec = search->spec;
  size_t batch = spec->n_starts > 0 ? spec->n_starts : 25;
  size_t most = spec->max_starts > batch ? spec->max_starts : batch;
  double left = 1.0;
  KtmStatsStatus status;

  if (spec->n_classes == 1)
    batch = most = 1;
  search->n_split = search->previous != NULL ? spec->n_classes - 1 : 0;
  search->points = calloc (batch + search->n_split, sizeof *search->points);
  search->best = calloc (N_POLISHED, sizeof *search->best);
  if (search->points == NULL || search->best == NULL)
    return KTM_STATS_NO_MEMORY;
  do
    {
      search->n_random = batch;
      status = run_round (search, watch, 0.9 * (1.0 - left), 0.9 * (1.0 - 0.5 * left));
      left *= 0.5;  /* nobody knows how many rounds it takes: each reports half of what is left */
      search->first += batch;
      search->n_split = 0;
    }
  while (status == KTM_STATS_OK && search->n_hits < spec->n_wanted
         && search->first + batch <= most);
  return status == KTM_STATS_OK && search->n_best == 0 ? KTM_STATS_NO_CONVERGENCE : status;
}

/* --- the last steps --------------------------------------------------------------------------- */

/* Carries the best points of a sample of the patients to all of them. */
static KtmStatsStatus
carry_to_all (Search *search, const GbtmProblem *all, KtmPoolWatch *watch)
{
  size_t n = search->n_best;
  KtmStatsStatus status;

  search->problem = all;
  watch->from = 0.9;
  watch->to = 0.98;
  memcpy (search->points, search->best, n * sizeof *search->points);
  status = ktm_pool_run (n, search->spec->n_threads, watch, carry_turn, search);
  memcpy (search->best, search->points, n * sizeof *search->best);
  sort_points (search->best, n);
  return status;
}

static bool
is_nested (const KtmGbtmSpec *spec, const KtmGbtmFit *previous)
{
  for (size_t k = 1; k < spec->n_classes; k++)
    if (ktm_gbtm_n_coef (spec, k) != ktm_gbtm_n_coef (spec, 0))
      return false;
  return previous->model.n_classes + 1 == spec->n_classes
         && ktm_gbtm_n_coef (&previous->spec, 0) == ktm_gbtm_n_coef (spec, 0)
         && previous->spec.sigma_by_class == spec->sigma_by_class
         && previous->spec.random_intercept == spec->random_intercept;
}

/* The previous fit with its largest class twice, nearly: never worse than the previous fit. */
static void
double_largest (const GbtmProblem *pb, const GbtmLayout *ly, const KtmGbtmFit *previous, double *x)
{
  KtmGbtmModel model = previous->model;
  size_t last = ly->k - 1, largest = 0;

  for (size_t k = 1; k < last; k++)
    if (model.pi[k] > model.pi[largest])
      largest = k;
  memcpy (model.coef[last], model.coef[largest], sizeof model.coef[0]);
  memcpy (model.theta[last], model.theta[largest], sizeof model.theta[0]);
  model.sigma[last] = model.sigma[largest];
  model.pi[last] = model.pi[largest] *= 0.5;
  model.coef[last][0] += 1e-3 * pb->pooled_sd;
  model.coef[largest][0] -= 1e-3 * pb->pooled_sd;
  if (ly->nz > 1)
    for (size_t k = 0; k < ly->k; k++)
      model.theta[k][0] +=
          (k == largest || k == last ? log (0.5) : 0.0) - (largest == 0 ? log (0.5) : 0.0);
  gbtm_from_model (pb, ly, &model, x);
}

static KtmStatsStatus
keep_above_previous (Search *search, KtmPoolWatch *watch)
{
  double target;

  if (search->previous == NULL || !is_nested (search->spec, search->previous))
    return KTM_STATS_OK;
  target = search->previous->loglik + gbtm_jacobian (search->problem);
  if (search->best[0].loglik >= target)
    return KTM_STATS_OK;
  watch->from = watch->to = 0.98;
  double_largest (search->problem, search->layout, search->previous, search->points[0].x);
  search->points[0].done = true;
  if (ktm_pool_run (1, 1, watch, carry_turn, search) != KTM_STATS_OK)
    return KTM_STATS_CANCELLED;
  if (search->points[0].loglik > search->best[0].loglik)
    {
      search->best[0] = search->points[0];
      search->n_hits = 1;
    }
  return KTM_STATS_OK;
}

static KtmStatsStatus
finish (const Search *search, const KtmGbtmData *data, GbtmLayout *layout, KtmGbtmSpec *spec,
        KtmPoolWatch *watch, KtmGbtmFit **out)
{
  const GbtmProblem *pb = search->problem;
  double x[GBTM_MAX_PAR], loglik, gradient, *information = NULL;
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  GbtmWork work;
  size_t nodes;

  memcpy (x, search->best[0].x, layout->n_par * sizeof *x);
  gbtm_sort_classes (pb, layout, spec, x);
  nodes = gbtm_nodes_needed (pb, layout, x);  /* some more: tau may still grow */
  gbtm_layout_init (layout, pb, spec, (nodes + nodes / 5 + 4) | 1u);
  information = calloc (layout->n_par * layout->n_par, sizeof *information);
  if (information != NULL && gbtm_work_init (&work, pb, layout))
    {
      work.polls = true;
      gbtm_bfgs (pb, layout, &work, watch, NULL, 1e-6 * (double) pb->n_obs, x, &loglik);
      gradient = gbtm_newton (pb, layout, &work, x, &loglik, information);
      gbtm_sort_classes (pb, layout, spec, x);
      status = ktm_pool_watch_poll (watch)
                   ? KTM_STATS_CANCELLED
                   : gbtm_result_new (data, pb, layout, &work, spec, x, information, out);
      gbtm_work_clear (&work);
    }
  free (information);
  if (status != KTM_STATS_OK)
    return status;
  (*out)->max_gradient = gradient;
  (*out)->n_tried = search->n_tried;
  (*out)->n_finished = search->n_finished;
  (*out)->n_hits = search->n_hits;
  for (unsigned t = 0; t < spec->n_threads; t++)
    (*out)->n_em_falls += search->work[t].n_falls;
  if (!(gradient < gbtm_tolerance (pb))
      || layout->q < gbtm_nodes_needed (pb, layout, (*out)->scaled))
    (*out)->flags |= KTM_GBTM_NOT_CONVERGED;
  if (search->n_hits < 2 && spec->n_classes > 1)
    (*out)->flags |= KTM_GBTM_MET_ONCE;
  return KTM_STATS_OK;
}

/* --- entry ------------------------------------------------------------------------------------ */

/* The patients the starts run on: all of them, or 2 000 drawn without replacement. */
static GbtmProblem *
draw_sample (const GbtmProblem *all, uint64_t seed)
{
  KtmRandom random = gbtm_stream (seed, 0);
  size_t *pick = malloc (SCREEN_SIZE * sizeof *pick), n = 0;
  GbtmProblem *sample = NULL;

  for (size_t i = 0; i < all->n && pick != NULL && n < SCREEN_SIZE; i++)
    if (ktm_random_uniform (&random) * (double) (all->n - i) < (double) (SCREEN_SIZE - n))
      pick[n++] = i;
  if (pick != NULL)
    sample = gbtm_problem_subset (all, pick, n);
  free (pick);
  return sample;
}

static KtmStatsStatus
run_search (Search *search, const GbtmProblem *all, KtmPoolWatch *watch)
{
  GbtmProblem *sample = all->n > SCREEN_ABOVE ? draw_sample (all, search->spec->seed) : NULL;
  KtmStatsStatus status =
      all->n > SCREEN_ABOVE && sample == NULL ? KTM_STATS_NO_MEMORY : KTM_STATS_OK;

  search->problem = sample != NULL ? sample : all;
  if (status == KTM_STATS_OK)
    status = search_optima (search, watch);
  if (status == KTM_STATS_OK && sample != NULL)
    status = carry_to_all (search, all, watch);
  search->problem = all;
  if (status == KTM_STATS_OK)
    status = keep_above_previous (search, watch);
  gbtm_problem_free (sample);
  return status;
}

KtmStatsStatus
ktm_gbtm_fit (const KtmGbtmData *data, const KtmGbtmSpec *spec, const KtmGbtmFit *previous,
              const KtmProgress *progress, KtmGbtmFit **out)
{
  KtmGbtmSpec own = *spec;
  Search search = { .spec = &own, .previous = previous };
  GbtmProblem *problem;
  GbtmLayout layout;
  KtmPoolWatch watch;
  KtmStatsStatus status = gbtm_problem_new (data, spec, &problem);

  *out = NULL;
  if (status != KTM_STATS_OK)
    return status;
  ktm_pool_watch_init (&watch, progress);
  own.n_threads = own.n_threads < 1                      ? 1
                  : own.n_threads > KTM_POOL_MAX_THREADS ? KTM_POOL_MAX_THREADS
                                                         : own.n_threads;
  if (previous != NULL && previous->model.n_classes + 1 != own.n_classes)
    search.previous = NULL;
  gbtm_layout_init (&layout, problem, &own, COARSE_NODES);
  search.layout = &layout;
  search.alike = true;
  for (size_t k = 1; k < own.n_classes; k++)
    search.alike = search.alike && layout.p[k] == layout.p[0];
  search.work = calloc (own.n_threads, sizeof *search.work);
  status = search.work == NULL ? KTM_STATS_NO_MEMORY : KTM_STATS_OK;
  for (unsigned t = 0; t < own.n_threads && status == KTM_STATS_OK; t++)
    {
      if (!gbtm_work_init (&search.work[t], problem, &layout))
        status = KTM_STATS_NO_MEMORY;
      search.work[t].polls = t == 0;
    }
  if (status == KTM_STATS_OK)
    status = run_search (&search, problem, &watch);
  if (status == KTM_STATS_OK)
    status = finish (&search, data, &layout, &own, &watch, out);
  if (status == KTM_STATS_OK)
    ktm_progress_report (progress, 1.0);
  for (unsigned t = 0; t < own.n_threads && search.work != NULL; t++)
    gbtm_work_clear (&search.work[t]);
  free (search.work);
  free (search.points);
  free (search.best);
  gbtm_problem_free (problem);
  return status;
}

KtmStatsStatus
ktm_gbtm_loglik (const KtmGbtmData *data, const KtmGbtmModel *model, double *out)
{
  KtmGbtmSpec spec = ktm_gbtm_spec (model->n_classes, 0);
  GbtmProblem *problem;
  GbtmLayout layout;
  GbtmWork work;
  double x[GBTM_MAX_PAR];
  KtmStatsStatus status;

  *out = NAN;
  spec.shape = model->shape;
  spec.n_knots = model->n_knots;
  memcpy (spec.knots, model->knots, sizeof spec.knots);
  for (size_t k = 0; k < model->n_classes && k < KTM_GBTM_MAX_CLASSES; k++)
    {
      spec.order[k] = model->n_coef[k] - 1;
      spec.sigma_by_class = spec.sigma_by_class || model->sigma[k] != model->sigma[0];
    }
  spec.random_intercept = model->tau > 0.0;
  status = gbtm_problem_new (data, &spec, &problem);
  if (status != KTM_STATS_OK)
    return status;
  gbtm_layout_init (&layout, problem, &spec, GBTM_MAX_NODES);
  layout.floor = 0.0;
  gbtm_from_model (problem, &layout, model, x);
  if (gbtm_work_init (&work, problem, &layout))
    *out = gbtm_likelihood (problem, &layout, x, &work, NULL) - gbtm_jacobian (problem);
  else
    status = KTM_STATS_NO_MEMORY;
  gbtm_work_clear (&work);
  gbtm_problem_free (problem);
  return status;
}
