/* model/stats: trajectory classes, the search for the best optimum. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

#define SHORT_STEPS   25
#define LONG_STEPS    40
#define N_CARRIED     8
#define COARSE_NODES  45

typedef struct
{
  const GbtmProblem *problem;  /* all patients, or the sample the starts run on */
  const GbtmLayout  *layout;
  const KtmGbtmSpec *spec;
  const KtmGbtmFit  *previous;
  GbtmWork          *work;     /* one a thread */
  GbtmWork           whole;    /* of all patients, where the starts run on a sample */
  double            *inverse;  /* then: inverse information at the best point, n_par² */
  size_t             n_sample; /* then: how many */
  GbtmPoint         *points;   /* of this round */
  bool               alike;    /* every class has the same columns */
  size_t             first;    /* number of the first random start of this round */
  size_t             n_split;  /* further starts after the random ones, from the previous fit */
  size_t             n_random;
  GbtmPoint         *best;     /* the best found so far, in descending order */
  size_t             n_best, n_hits, n_finished, n_tried;
} Search;

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
  GbtmPoint *point = &search->points[i];
  GbtmWork *work = &search->work[thread];
  size_t k = search->layout->k;
  double *label = malloc (search->problem->n * k * sizeof *label);

  *point = (GbtmPoint) { .loglik = -INFINITY };
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
      point->usable = gbtm_is_usable (search->problem, search->layout, work, point->x);
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
  GbtmPoint *point = &search->points[i];
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
  point->usable = gbtm_is_usable (search->problem, search->layout, work, point->x);
}

/* Best first; a usable point before one with an empty class; ties in the order of the starts. */
static bool
is_better (const GbtmPoint *a, const GbtmPoint *b)
{
  if (a->usable != b->usable)
    return a->usable;
  return a->loglik > b->loglik;
}

static void
sort_points (GbtmPoint *points, size_t n)
{
  for (size_t i = 1; i < n; i++)
    {
      GbtmPoint point = points[i];
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
      const GbtmPoint *point = &search->points[i];
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
      else if (j < KTM_GBTM_CARRIED)
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
  search->best = calloc (KTM_GBTM_CARRIED, sizeof *search->best);
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
      free (search->inverse); /* of another place */
      search->inverse = NULL;
    }
  return KTM_STATS_OK;
}

/* The last steps, from @x; leaves the gradient there in @gradient. */
static void
polish (const Search *search, const GbtmLayout *ly, GbtmWork *work, KtmPoolWatch *watch, double *x,
        double *information, double *gradient)
{
  const GbtmProblem *pb = search->problem;
  const double *inverse =
      search->inverse != NULL && search->inverse[0] > 0.0 ? search->inverse : NULL;
  double loglik, tolerance = (search->n_sample > 0 ? 1e-8 : 1e-6) * (double) pb->n_obs;

  gbtm_bfgs (pb, ly, work, watch, inverse, tolerance, x, &loglik);
  *gradient = gbtm_newton (pb, ly, work, watch, x, &loglik, information);
}

static KtmStatsStatus
finish (const Search *search, const KtmGbtmData *data, GbtmLayout *layout, KtmGbtmSpec *spec,
        KtmPoolWatch *watch, KtmGbtmFit **out)
{
  const GbtmProblem *pb = search->problem;
  double x[GBTM_MAX_PAR], gradient, *information = NULL;
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  GbtmWork work;
  size_t nodes;

  memcpy (x, search->best[0].x, layout->n_par * sizeof *x);
  gbtm_sort_classes (pb, layout, spec, x);
  nodes = gbtm_nodes_needed (pb, layout, x);  /* some more: tau may still grow */
  gbtm_layout_init (layout, pb, spec, (nodes + nodes / 5 + 4) | 1u);
  information = calloc (layout->n_par * layout->n_par, sizeof *information);
  if (information != NULL
      && (search->n_sample > 0 ? gbtm_work_init_quick (&work, pb, layout, spec->n_threads)
                               : gbtm_work_init (&work, pb, layout)))
    {
      work.polls = true;
      polish (search, layout, &work, watch, x, information, &gradient);
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
  (*out)->n_sample = search->n_sample;
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

static KtmStatsStatus
start_threads (Search *search)
{
  search->work = calloc (search->spec->n_threads, sizeof *search->work);
  for (unsigned t = 0; t < search->spec->n_threads; t++)
    {
      if (search->work == NULL
          || !(search->n_sample > 0
                   ? gbtm_work_init_quick (&search->work[t], search->problem, search->layout, 0)
                   : gbtm_work_init (&search->work[t], search->problem, search->layout)))
        return KTM_STATS_NO_MEMORY;
      search->work[t].polls = t == 0;
    }
  return KTM_STATS_OK;
}

/* From the best points of the sample to all patients; what follows works on these. */
static KtmStatsStatus
leave_sample (Search *search, const GbtmProblem *all, KtmPoolWatch *watch)
{
  const GbtmLayout *ly = search->layout;
  KtmStatsStatus status;

  search->inverse = calloc (ly->n_par * ly->n_par, sizeof *search->inverse);
  if (search->inverse == NULL
      || !gbtm_work_init_quick (&search->whole, all, ly, search->spec->n_threads))
    return KTM_STATS_NO_MEMORY;
  search->whole.polls = true;
  watch->from = watch->to = 0.9;
  status = gbtm_sample_carry (search->problem, &search->work[0], all, &search->whole, ly,
                              search->spec, watch, search->n_best, search->best, search->inverse);
  for (unsigned t = 1; t < search->spec->n_threads; t++)
    {
      search->work[0].n_falls += search->work[t].n_falls;
      gbtm_work_clear (&search->work[t]);
    }
  search->whole.n_falls = search->work[0].n_falls;
  gbtm_work_clear (&search->work[0]);
  search->work[0] = search->whole;
  search->whole = (GbtmWork){ .block = NULL };
  return status;
}

static KtmStatsStatus
run_search (Search *search, const GbtmProblem *all, KtmPoolWatch *watch)
{
  bool many = all->n > search->spec->sample_above && all->n > KTM_GBTM_SAMPLE;
  GbtmProblem *sample = many ? gbtm_sample_draw (all, search->spec->seed) : NULL;
  KtmStatsStatus status = many && sample == NULL ? KTM_STATS_NO_MEMORY : KTM_STATS_OK;

  search->problem = sample != NULL ? sample : all;
  search->n_sample = sample != NULL ? sample->n : 0;
  if (status == KTM_STATS_OK)
    status = start_threads (search);
  if (status == KTM_STATS_OK)
    status = search_optima (search, watch);
  if (status == KTM_STATS_OK && sample != NULL)
    status = leave_sample (search, all, watch);
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
  status = run_search (&search, problem, &watch);
  if (status == KTM_STATS_OK)
    status = finish (&search, data, &layout, &own, &watch, out);
  if (status == KTM_STATS_OK)
    ktm_progress_report (progress, 1.0);
  for (unsigned t = 0; t < own.n_threads && search.work != NULL; t++)
    gbtm_work_clear (&search.work[t]);
  gbtm_work_clear (&search.whole);
  free (search.work);
  free (search.inverse);
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
