/* model/stats: trajectory classes of many patients.
 *
 * Two things make the likelihood of a registry quick and leave it the same function (to rounding):
 * several threads go through shares of the patients, and a random intercept sees a patient's scores
 * only through their number, sum and sum of squares about each curve: at node v of class k the
 * scores between lo and hi have the log density
 *   n log c − (S − 2 tau v R + n tau² v²) / 2 sigma²,  R = sum (y − mu), S = sum (y − mu)².
 * The weights of the nodes enter the gradient and the M step through sums of w, wv and wv² alone.
 * Scores at lo and hi keep their density a node. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

#define HALF_LOG_2PI 0.918938533204672741780329736406
#define N_SHARES     16
#define FEW_SHARES   2            /* where each would take much memory */
#define MUCH         ((size_t) 1 << 18)

struct GbtmTeam
{
  size_t    n_shares;
  unsigned  n_threads;
  GbtmWork *share;    /* n_shares; table, mu, post and level are those of the owner */
  double   *loglik;   /* n_shares */
  double   *block;
};

/* --- shares ----------------------------------------------------------------------------------- */

void
gbtm_team_free (GbtmTeam *team)
{
  if (team == NULL)
    return;
  free (team->share);
  free (team->loglik);
  free (team->block);
  free (team);
}

static GbtmTeam *
make_team (const GbtmWork *work, const GbtmProblem *pb, const GbtmLayout *ly, size_t rows,
           unsigned n_threads)
{
  GbtmTeam *team = calloc (1, sizeof *team);
  size_t sums = rows * ly->pad, n_moments = ly->k * pb->n_times;
  size_t moments = n_moments * sizeof (GbtmSums) / sizeof (double);
  size_t size = sums + ly->pad + moments;

  if (team == NULL)
    return NULL;
  team->n_threads = n_threads;
  team->n_shares = sums > MUCH ? FEW_SHARES : N_SHARES;
  team->share = calloc (team->n_shares, sizeof *team->share);
  team->loglik = calloc (team->n_shares, sizeof *team->loglik);
  team->block = calloc (team->n_shares, size * sizeof *team->block);
  if (team->share == NULL || team->loglik == NULL || team->block == NULL)
    {
      gbtm_team_free (team);
      return NULL;
    }
  for (size_t s = 0; s < team->n_shares; s++)
    {
      team->share[s] = *work;
      team->share[s].sums = team->block + s * size;
      team->share[s].row = team->share[s].sums + sums;
      team->share[s].moments = (GbtmSums *) (void *) (team->share[s].row + ly->pad);
    }
  return team;
}

bool
gbtm_work_init_quick (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout,
                      unsigned n_threads)
{
  bool folded = layout->q > 1;
  size_t rows = folded ? 2 * problem->n_times : problem->n_cells;

  if (!gbtm_work_allocate (work, problem, layout, rows, folded))
    return false;
  if (n_threads == 0)
    return true;
  work->team = make_team (work, problem, layout, rows, n_threads);
  if (work->team == NULL)
    gbtm_work_clear (work);
  return work->block != NULL;
}

typedef struct
{
  const GbtmProblem *problem;
  const GbtmLayout  *layout;
  const double      *x;
  GbtmTeam          *team;
} Visit;

static void
visit_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *data)
{
  Visit *visit = data;
  size_t n = visit->problem->n, shares = visit->team->n_shares;

  (void) thread;
  (void) watch;
  visit->team->loglik[i] = gbtm_visit (visit->problem, visit->layout, visit->x,
                                       &visit->team->share[i], i * n / shares,
                                       (i + 1) * n / shares);
}

/* Adds what one share counted. */
static void
add_share (const GbtmProblem *pb, const GbtmLayout *ly, const GbtmWork *share, GbtmWork *work)
{
  size_t sums = (work->level != NULL ? 2 * pb->n_times : pb->n_cells) * ly->pad;
  size_t moments = ly->k * pb->n_times * sizeof (GbtmSums) / sizeof (double);
  const double *from = (const double *) (const void *) share->moments;
  double *to = (double *) (void *) work->moments;

  for (size_t j = 0; j < sums; j++)
    work->sums[j] += share->sums[j];
  for (size_t j = 0; j < moments && work->level != NULL; j++)
    to[j] += from[j];
  for (size_t k = 0; k < ly->k; k++)
    work->class_weight[k] += share->class_weight[k];
  for (size_t j = 0; j < (ly->k - 1) * ly->nz; j++)
    work->theta_gradient[j] += share->theta_gradient[j];
}

double
gbtm_team_visit (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                 GbtmWork *work)
{
  Visit visit = { problem, layout, x, work->team };
  KtmPoolWatch watch;
  double loglik = 0.0;

  ktm_pool_watch_init (&watch, NULL);
  ktm_pool_run (work->team->n_shares, work->team->n_threads, &watch, visit_turn, &visit);
  gbtm_visit (problem, layout, x, work, 0, 0);  /* sets the sums to zero */
  for (size_t s = 0; s < work->team->n_shares; s++)
    {
      loglik += work->team->loglik[s];
      add_share (problem, layout, &work->team->share[s], work);
    }
  return loglik;
}

/* --- folded scores ---------------------------------------------------------------------------- */

/* The row of the scores at lo (@kind below 0) or hi at time @d. */
static size_t
edge_row (size_t d, int8_t kind)
{
  return 2 * d + (kind > 0 ? 1 : 0);
}

void
gbtm_fold_table (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, GbtmWork *work)
{
  for (size_t d = 0; d < pb->n_times; d++)
    for (size_t k = 0; k < ly->k; k++)
      {
        double level = 0.0, sigma = gbtm_sigma (ly, x, k);

        for (size_t j = 0; j < ly->p[k]; j++)
          level += pb->x[d * pb->p + j] * x[ly->b[k] + j];
        work->level[k * pb->n_times + d] = level;
        for (size_t q = 0, m = k * ly->q; q < ly->q; q++, m++)
          {
            double mu = work->mu[d * ly->pad + m];

            if (isfinite (pb->lo))
              work->table[edge_row (d, -1) * ly->pad + m] = gbtm_log_phi ((pb->lo - mu) / sigma);
            if (isfinite (pb->hi))
              work->table[edge_row (d, 1) * ly->pad + m] = gbtm_log_phi ((mu - pb->hi) / sigma);
          }
      }
}

/* Constants of one likelihood. */
typedef struct
{
  double tau, precision[KTM_GBTM_MAX_CLASSES], constant[KTM_GBTM_MAX_CLASSES];
  double log_step[GBTM_MAX_NODES];
} Fold;

static Fold
make_fold (const GbtmLayout *ly, const double *x)
{
  Fold fold = { .tau = x[ly->tau] };

  for (size_t step = 1; step < GBTM_MAX_NODES; step++)
    fold.log_step[step] = log ((double) step);
  for (size_t k = 0; k < ly->k; k++)
    {
      double sigma = gbtm_sigma (ly, x, k);

      fold.precision[k] = 1.0 / (sigma * sigma);
      fold.constant[k] = -log (sigma) - HALF_LOG_2PI;
    }
  return fold;
}

/* The nodes of one class that count for one subject: every step-th. */
typedef struct
{
  size_t from, to, step;
} Window;

/* Where constant + linear v + square v² − v²/2 is not lost beside its top; from end to end where
 * scores at lo or hi (@most more than the inner ones) or a top outside the nodes make it another
 * curve.  Nodes lie 0.8 of the narrowest posterior that @most scores can leave apart, as those of
 * the layout do for the patient with the most scores. */
static Window
find_window (const GbtmLayout *ly, double linear, double square, double narrowest, bool edge)
{
  double precision = 1.0 - 2.0 * square, top = linear / precision;
  double half = sqrt (-2.0 * GBTM_NEGLIGIBLE / precision), gap = ly->node[1] - ly->node[0];
  double last = (double) (ly->q - 1), from = ceil ((top - half - ly->node[0]) / gap),
         to = floor ((top + half - ly->node[0]) / gap), step = floor (0.8 * narrowest / gap);
  size_t each = step > 1.0 ? (size_t) step : 1;

  if (edge || !(from <= last && to >= 0.0 && from <= to))
    return (Window){ 0, ly->q, each };
  return (Window){ from > 0.0 ? (size_t) from : 0, (size_t) fmin (to, last) + 1, each };
}

/* Log terms of subject @i at the nodes of each class that count. */
static void
fill_terms (const GbtmProblem *pb, const GbtmLayout *ly, const Fold *fold, const GbtmWork *work,
            size_t i, const double *prior, double *a, Window *window)
{
  const uint32_t *cell = pb->cell + pb->offset[i], *end = pb->cell + pb->offset[i + 1];
  double all = (double) (end - cell);
  bool edge = false;

  for (const uint32_t *c = cell; c < end; c++)
    edge = edge || pb->cell_kind[*c] != 0;
  for (size_t k = 0; k < ly->k; k++)
    {
      const double *level = work->level + k * pb->n_times;
      double n = 0.0, r = 0.0, s = 0.0, ratio, constant, linear, square, *at = a + k * ly->q;

      for (const uint32_t *c = cell; c < end; c++)
        if (pb->cell_kind[*c] == 0)
          {
            double d = pb->cell_y[*c] - level[pb->cell_time[*c]];

            n += 1.0;
            r += d;
            s += d * d;
          }
      ratio = fold->tau * fold->tau * fold->precision[k];
      linear = fold->tau * r * fold->precision[k];
      square = -0.5 * n * ratio;
      window[k] = find_window (ly, linear, square, 1.0 / sqrt (1.0 + all * ratio), edge);
      constant = prior[k] + n * fold->constant[k] - 0.5 * s * fold->precision[k]
                 + fold->log_step[window[k].step];
      for (size_t q = window[k].from; q < window[k].to; q += window[k].step)
        at[q] = constant + ly->log_node[q] + ly->node[q] * (linear + square * ly->node[q]);
    }
  for (const uint32_t *c = cell; c < end && edge; c++)
    if (pb->cell_kind[*c] != 0)
      {
        const double *row =
            work->table + edge_row (pb->cell_time[*c], pb->cell_kind[*c]) * ly->pad;

        for (size_t k = 0; k < ly->k; k++)
          for (size_t q = window[k].from; q < window[k].to; q += window[k].step)
            a[k * ly->q + q] += row[k * ly->q + q];
      }
}

/* Turns log terms into weights that add up to 1 / @scale; returns their log sum. */
static double
weigh (const GbtmLayout *ly, const Window *window, double *a, double *scale)
{
  double top = -INFINITY, sum = 0.0;

  for (size_t k = 0; k < ly->k; k++)
    for (size_t q = window[k].from, m = k * ly->q + q; q < window[k].to;
         q += window[k].step, m += window[k].step)
      top = a[m] > top ? a[m] : top;
  for (size_t k = 0; k < ly->k; k++)
    for (size_t q = window[k].from, m = k * ly->q + q; q < window[k].to;
         q += window[k].step, m += window[k].step)
      {
        double d = a[m] - top;

        a[m] = d < GBTM_NEGLIGIBLE ? 0.0 : exp (d);
        sum += a[m];
      }
  *scale = 1.0 / sum;
  return top + log (sum);
}

/* Adds subject @i with weights @a · @scale to the sums. */
static void
add_subject (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, size_t i,
             const Window *window, const double *a, double scale)
{
  const uint32_t *cell = pb->cell + pb->offset[i], *end = pb->cell + pb->offset[i + 1];
  double weight = pb->weight[i];

  for (size_t k = 0; k < ly->k; k++)
    {
      const double *at = a + k * ly->q;
      double w = 0.0, v = 0.0, vv = 0.0;

      for (size_t q = window[k].from; q < window[k].to; q += window[k].step)
        {
          double first = at[q] * ly->node[q];

          w += at[q];
          v += first;
          vv += first * ly->node[q];
        }
      work->post[i * ly->k + k] = w * scale;
      w *= weight * scale;
      v *= weight * scale;
      vv *= weight * scale;
      work->class_weight[k] += w;
      for (const uint32_t *c = cell; c < end && w > 0.0; c++)
        if (pb->cell_kind[*c] == 0)
          {
            GbtmSums *sums = work->moments + k * pb->n_times + pb->cell_time[*c];
            double y = pb->cell_y[*c];

            sums->w += w;
            sums->y += y * w;
            sums->yy += y * y * w;
            sums->v += v;
            sums->vv += vv;
            sums->vy += y * v;
          }
    }
  for (const uint32_t *c = cell; c < end; c++)
    if (pb->cell_kind[*c] != 0)
      {
        double *row = work->sums + edge_row (pb->cell_time[*c], pb->cell_kind[*c]) * ly->pad;

        for (size_t k = 0; k < ly->k; k++)
          for (size_t q = window[k].from; q < window[k].to; q += window[k].step)
            row[k * ly->q + q] += weight * scale * a[k * ly->q + q];
      }
}

double
gbtm_fold_visit (const GbtmProblem *pb, const GbtmLayout *ly, const double *x, GbtmWork *work,
                 size_t from, size_t to)
{
  double prior[KTM_GBTM_MAX_CLASSES], total = 0.0, scale;
  Window window[KTM_GBTM_MAX_CLASSES];
  Fold fold = make_fold (ly, x);

  memset (work->moments, 0, ly->k * pb->n_times * sizeof *work->moments);
  gbtm_fill_prior (pb, ly, x, 0, prior);
  for (size_t i = from; i < to; i++)
    {
      if (ly->nz > 1)
        gbtm_fill_prior (pb, ly, x, i, prior);
      fill_terms (pb, ly, &fold, work, i, prior, work->row, window);
      total += pb->weight[i] * weigh (ly, window, work->row, &scale);
      add_subject (pb, ly, work, i, window, work->row, scale);
      if (ly->nz > 1)
        gbtm_count_theta (pb, ly, work, i, prior);
    }
  return total;
}

/* --- what the sums say ------------------------------------------------------------------------ */

/* Slopes of the log-likelihood of some scores by their level, sigma and tau. */
typedef struct
{
  double level, sigma, tau;
} Slopes;

/* Of the scores between lo and hi. */
static Slopes
inner_slopes (const GbtmSums *s, double l, double sigma, double tau)
{
  double precision = 1.0 / (sigma * sigma);
  double squares = s->yy - 2.0 * l * s->y + l * l * s->w
                   + tau * (tau * s->vv - 2.0 * s->vy + 2.0 * l * s->v);

  return (Slopes){ (s->y - l * s->w - tau * s->v) * precision,
                   (squares * precision - s->w) / sigma,
                   (s->vy - l * s->v - tau * s->vv) * precision };
}

/* Of the scores at one end of the scale. */
static Slopes
edge_slopes (const GbtmLayout *ly, int8_t kind, double y, const double *mu, const double *weight,
             double sigma, size_t k)
{
  Slopes slopes = { 0.0, 0.0, 0.0 };

  for (size_t q = 0, m = k * ly->q; q < ly->q; q++, m++)
    {
      double g, h;

      if (weight[m] == 0.0)
        continue;
      gbtm_slopes (kind, (y - mu[m]) / sigma, &g, &h);
      slopes.level += weight[m] * g / sigma;
      slopes.tau += weight[m] * g / sigma * ly->node[q];
      slopes.sigma += weight[m] * h / sigma;
    }
  return slopes;
}

void
gbtm_fold_gradient (const GbtmProblem *pb, const GbtmLayout *ly, const double *x,
                    const GbtmWork *work, double *gradient)
{
  for (size_t k = 0; k < ly->k; k++)
    for (size_t d = 0; d < pb->n_times; d++)
      {
        double sigma = gbtm_sigma (ly, x, k), y[2] = { pb->lo, pb->hi };
        Slopes sum = inner_slopes (work->moments + k * pb->n_times + d,
                                   work->level[k * pb->n_times + d], sigma, x[ly->tau]);

        for (int8_t kind = -1; kind <= 1; kind += 2)
          {
            Slopes more = edge_slopes (ly, kind, y[kind > 0], work->mu + d * ly->pad,
                                       work->sums + edge_row (d, kind) * ly->pad, sigma, k);

            sum.level += more.level;
            sum.sigma += more.sigma;
            sum.tau += more.tau;
          }
        for (size_t j = 0; j < ly->p[k]; j++)
          gradient[ly->b[k] + j] += sum.level * pb->x[d * pb->p + j];
        gradient[ly->lambda + (ly->n_lambda > 1 ? k : 0)] += sum.sigma * (sigma - ly->floor);
        gradient[ly->tau] += sum.tau;
      }
}

void
gbtm_fold_complete (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                    GbtmWork *work)
{
  for (size_t k = 0; k < layout->k; k++)
    for (size_t d = 0; d < problem->n_times; d++)
      for (int8_t kind = -1; kind <= 1; kind += 2)
        gbtm_collect (layout, kind, kind < 0 ? problem->lo : problem->hi,
                      work->mu + d * layout->pad, work->sums + edge_row (d, kind) * layout->pad,
                      gbtm_sigma (layout, x, k), k, work->moments + k * problem->n_times + d);
}

double
gbtm_fold_weight (const GbtmProblem *problem, const GbtmLayout *layout, const GbtmWork *work,
                  size_t k, size_t d)
{
  double w = work->moments[k * problem->n_times + d].w;

  for (int8_t kind = -1; kind <= 1; kind += 2)
    for (size_t q = 0; q < layout->q; q++)
      w += work->sums[edge_row (d, kind) * layout->pad + k * layout->q + q];
  return w;
}
