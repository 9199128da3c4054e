/* model/stats: trajectory classes, bootstrap by patient. */
#include "ktm-dist.h"
#include "ktm-gbtm-resample.h"
#include "ktm-gbtm-session.h"

#include <stdlib.h>
#include <string.h>

#define N_PER_CLASS (KTM_GBTM_MAX_COEF + 2)  /* coefficients, sigma, pi */

typedef struct
{
  GbtmSession *session;
  size_t       n_starts;
  uint64_t     seed;
  int8_t      *modal;   /* resamples × n: class in the numbering of the original; −1: failed */
  double      *value;   /* resamples × K × N_PER_CLASS */
} Bootstrap;

static void
draw_weights (GbtmSession *session, unsigned thread, uint64_t seed, size_t i)
{
  double *weight = gbtm_session_weights (session, thread);
  KtmRandom random = gbtm_stream (seed, i);
  size_t n = session->problem->n;

  memset (weight, 0, n * sizeof *weight);
  for (size_t j = 0; j < n; j++)
    weight[ktm_random_below (&random, (uint32_t) n)] += 1.0;
}

/* From the optimum, then from further starts; the best stays in @x. */
static bool
fit_resample (Bootstrap *boot, const GbtmProblem *problem, unsigned thread, KtmPoolWatch *watch,
              size_t i, double *x)
{
  GbtmSession *session = boot->session;
  GbtmWork *work = &session->work[thread];
  size_t k = session->layout.k;
  double loglik, other, trial[GBTM_MAX_PAR] = { 0.0 };
  double *label = malloc (problem->n * k * sizeof *label);
  bool found = gbtm_session_refit (session, problem, thread, watch, x, &loglik);

  for (size_t s = 0; s < boot->n_starts && label != NULL && k > 1; s++)
    {
      gbtm_start_labels (problem, k, boot->seed ^ (i + 1), s, label);
      if (!gbtm_first_step (problem, &session->layout, work, label, trial)
          || !gbtm_em (problem, &session->layout, work, watch, 25, 1e-4, trial, &other))
        continue;
      gbtm_bfgs (problem, &session->layout, work, watch, NULL,
                 1e-4 * sqrt ((double) problem->n_obs), trial, &other);
      if (isfinite (other) && (!found || other > loglik + 1e-6))
        {
          memcpy (x, trial, session->layout.n_par * sizeof *x);
          loglik = other;
          found = true;
        }
    }
  free (label);
  return found;
}

/* The assignment of new classes to old ones with the largest overlap: to[new] = old. */
static void
match_classes (const double *overlap, size_t k, size_t *to)
{
  enum { SETS = 1 << KTM_GBTM_MAX_CLASSES };
  double best[SETS];
  signed char choice[SETS];

  best[0] = 0.0;
  for (size_t set = 1; set < (size_t) 1 << k; set++)
    {
      size_t row = 0;  /* new classes 0 … row − 1 go to the old ones in set */

      for (size_t c = 0; c < k; c++)
        row += (set >> c) & 1u;
      best[set] = -1.0;
      for (size_t c = 0; c < k; c++)
        if ((set >> c) & 1u)
          {
            double value = best[set & ~((size_t) 1 << c)] + overlap[(row - 1) * k + c];

            if (value > best[set])
              {
                best[set] = value;
                choice[set] = (signed char) c;
              }
          }
    }
  for (size_t set = ((size_t) 1 << k) - 1, row = k; row > 0; row--)
    {
      to[row - 1] = (size_t) choice[set];
      set &= ~((size_t) 1 << choice[set]);
    }
}

static void
keep_resample (Bootstrap *boot, const GbtmProblem *problem, GbtmWork *work, size_t i,
               const double *x)
{
  GbtmSession *session = boot->session;
  const KtmGbtmFit *fit = session->fit;
  size_t k = session->layout.k, n = problem->n, to[KTM_GBTM_MAX_CLASSES];
  double overlap[KTM_GBTM_MAX_CLASSES * KTM_GBTM_MAX_CLASSES] = { 0.0 };
  KtmGbtmModel model;

  gbtm_likelihood (problem, &session->layout, x, work, NULL);
  for (size_t j = 0; j < n; j++)
    {
      size_t modal = 0;

      for (size_t c = 1; c < k; c++)
        if (work->post[j * k + c] > work->post[j * k + modal])
          modal = c;
      boot->modal[i * n + j] = (int8_t) modal;
      overlap[modal * k + (size_t) fit->modal[problem->origin[j]]] += 1.0;
    }
  match_classes (overlap, k, to);
  for (size_t j = 0; j < n; j++)
    boot->modal[i * n + j] = (int8_t) to[boot->modal[i * n + j]];
  gbtm_to_model (problem, &session->layout, &fit->spec, x, session->data, &model);
  for (size_t c = 0; c < k; c++)
    {
      double *value = boot->value + (i * k + to[c]) * N_PER_CLASS;

      memcpy (value, model.coef[c], sizeof model.coef[c]);
      value[KTM_GBTM_MAX_COEF] = model.sigma[c];
      value[KTM_GBTM_MAX_COEF + 1] = model.pi[c];
    }
}

static void
bootstrap_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *data)
{
  Bootstrap *boot = data;
  double x[GBTM_MAX_PAR];
  GbtmProblem problem;

  draw_weights (boot->session, thread, boot->seed, i);
  problem = gbtm_session_weigh (boot->session, thread);
  if (fit_resample (boot, &problem, thread, watch, i, x))
    keep_resample (boot, &problem, &boot->session->work[thread], i, x);
}

/* --- summary ---------------------------------------------------------------------------------- */

static int
compare_numbers (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Type 6; NaN beyond the ends. */
static double
quantile (const double *sorted, size_t n, double p)
{
  double at = p * (double) (n + 1);
  size_t below = (size_t) at;

  if (at < 1.0 || at > (double) n)
    return NAN;
  return below >= n
             ? sorted[n - 1]
             : sorted[below - 1] + (at - (double) below) * (sorted[below] - sorted[below - 1]);
}

static void
summarise (const Bootstrap *boot, size_t n_resamples, size_t k, size_t c, size_t which,
           double level, double *values, double *se, double *low, double *high)
{
  size_t n = 0, subjects = boot->session->problem->n;
  double mean = 0.0, ss = 0.0;

  for (size_t i = 0; i < n_resamples; i++)
    if (boot->modal[i * subjects] >= 0)
      values[n++] = boot->value[(i * k + c) * N_PER_CLASS + which];
  for (size_t i = 0; i < n; i++)
    mean += values[i] / (double) n;
  for (size_t i = 0; i < n; i++)
    ss += (values[i] - mean) * (values[i] - mean);
  *se = n > 1 ? sqrt (ss / (double) (n - 1)) : NAN;
  qsort (values, n, sizeof *values, compare_numbers);
  if (low == NULL)
    return;
  *low = quantile (values, n, 0.5 - 0.5 * level);
  *high = quantile (values, n, 0.5 + 0.5 * level);
}

/* Overlaps of one resample with the original classes. */
static void
count_overlap (const Bootstrap *boot, size_t i, KtmGbtmStability *out)
{
  const GbtmProblem *pb = boot->session->problem;
  const KtmGbtmFit *fit = boot->session->fit;
  double both[KTM_GBTM_MAX_CLASSES] = { 0.0 }, either[KTM_GBTM_MAX_CLASSES] = { 0.0 };

  for (size_t j = 0; j < pb->n; j++)
    {
      size_t old = (size_t) fit->modal[pb->origin[j]], new = (size_t) boot->modal[i * pb->n + j];

      either[old] += 1.0;
      if (old == new)
        {
          both[old] += 1.0;
          out->same[pb->origin[j]] += 1.0;
        }
      else
        either[new] += 1.0;
    }
  for (size_t c = 0; c < fit->model.n_classes; c++)
    {
      double jaccard = either[c] > 0.0 ? both[c] / either[c] : 0.0;

      out->jaccard[c] += jaccard;
      out->found[c] += jaccard >= 0.5 ? 1.0 : 0.0;
    }
}

static void
fill_stability (const Bootstrap *boot, size_t n_resamples, double level, double *values,
                KtmGbtmStability *out)
{
  const GbtmProblem *pb = boot->session->problem;
  size_t k = boot->session->layout.k;

  for (size_t i = 0; i < n_resamples; i++)
    {
      if (boot->modal[i * pb->n] < 0)
        {
          out->n_failed++;
          continue;
        }
      out->n_done++;
      count_overlap (boot, i, out);
    }
  for (size_t j = 0; j < pb->n; j++)
    out->same[pb->origin[j]] /= (double) out->n_done;
  for (size_t c = 0; c < k; c++)
    {
      out->jaccard[c] /= (double) out->n_done;
      out->found[c] /= (double) out->n_done;
      for (size_t j = 0; j < boot->session->layout.p[c]; j++)
        summarise (boot, n_resamples, k, c, j, level, values, &out->coef_se[c][j],
                   &out->coef_low[c][j], &out->coef_high[c][j]);
      summarise (boot, n_resamples, k, c, KTM_GBTM_MAX_COEF, level, values, &out->sigma_se[c], NULL,
                 NULL);
      summarise (boot, n_resamples, k, c, KTM_GBTM_MAX_COEF + 1, level, values, &out->pi_se[c],
                 &out->pi_low[c], &out->pi_high[c]);
    }
}

static KtmStatsStatus
run_bootstrap (Bootstrap *boot, size_t n_resamples, double level, KtmPoolWatch *watch,
               KtmGbtmStability *out)
{
  GbtmSession *session = boot->session;
  size_t n = session->problem->n, k = session->layout.k;
  double *values = malloc (n_resamples * sizeof *values);
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;

  boot->modal = malloc (n_resamples * n);
  boot->value = calloc (n_resamples * k * N_PER_CLASS, sizeof *boot->value);
  out->same = calloc (session->data->n_subjects, sizeof *out->same);
  if (values != NULL && boot->modal != NULL && boot->value != NULL && out->same != NULL)
    {
      memset (boot->modal, -1, n_resamples * n);
      for (size_t i = 0; i < session->data->n_subjects; i++)
        out->same[i] = session->fit->modal[i] < 0 ? NAN : 0.0;
      status = ktm_pool_run (n_resamples, session->n_threads, watch, bootstrap_turn, boot);
    }
  if (status == KTM_STATS_OK)
    fill_stability (boot, n_resamples, level, values, out);
  if (status == KTM_STATS_OK && out->n_done == 0)
    status = KTM_STATS_NO_CONVERGENCE;
  free (values);
  free (boot->modal);
  free (boot->value);
  return status;
}

KtmStatsStatus
ktm_gbtm_stability (const KtmGbtmData *data, const KtmGbtmFit *fit, size_t n_resamples,
                    size_t n_starts, uint64_t seed, double level, unsigned n_threads,
                    const KtmProgress *progress, KtmGbtmStability *out)
{
  GbtmSession session;
  Bootstrap boot = { .session = &session, .n_starts = n_starts, .seed = seed };
  KtmPoolWatch watch;
  KtmStatsStatus status;

  *out = (KtmGbtmStability) { .n_done = 0 };
  if (n_resamples < 2 || n_resamples > 100000 || !ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  ktm_pool_watch_init (&watch, progress);
  status = gbtm_session_open (&session, data, fit, n_threads);
  if (status == KTM_STATS_OK)
    status = run_bootstrap (&boot, n_resamples, level, &watch, out);
  gbtm_session_close (&session);
  if (status != KTM_STATS_OK)
    ktm_gbtm_stability_clear (out);
  return status;
}

void
ktm_gbtm_stability_clear (KtmGbtmStability *stability)
{
  free (stability->same);
  *stability = (KtmGbtmStability) { .n_done = 0 };
}
