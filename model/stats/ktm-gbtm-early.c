/* model/stats: trajectory classes, how early the class can be told. */
#include "ktm-gbtm-patient.h"
#include "ktm-gbtm-resample.h"
#include "ktm-gbtm-session.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  GbtmSession  *session;
  const double *at;
  size_t        n_at;
  int          *told;   /* n × n_at; −1: not counted */
  double       *sure;   /* n × n_at: probability of the class in the end */
} Early;

/* The scores of a patient, in the order of time. */
static size_t
list_scores (const GbtmProblem *pb, const KtmGbtmData *data, size_t i, double *time, double *y)
{
  size_t n = pb->offset[i + 1] - pb->offset[i];

  for (size_t j = 0; j < n; j++)
    {
      size_t c = pb->cell[pb->offset[i] + j];

      time[j] = pb->time[pb->cell_time[c]];
      y[j] = pb->cell_kind[c] < 0 ? data->lo : pb->cell_kind[c] > 0 ? data->hi
                                             : pb->y_centre + pb->y_scale * pb->cell_y[c];
    }
  return n;
}

static void
tell (Early *early, const KtmGbtmModel *model, size_t i, double *time, double *y)
{
  const GbtmSession *session = early->session;
  const KtmGbtmData *data = session->data;
  size_t n = list_scores (session->problem, data, i, time, y),
         subject = session->problem->origin[i];
  const double *covariate =
      data->n_covariates > 0 ? data->covariate + subject * data->n_covariates : NULL;
  double post[KTM_GBTM_MAX_CLASSES];

  for (size_t j = 0; j < early->n_at; j++)
    {
      size_t seen = 0, best = 0;

      while (seen < n && time[seen] <= early->at[j])
        seen++;
      if (seen == 0 || time[n - 1] < early->at[j]
          || ktm_gbtm_posterior (model, covariate, time, y, seen, post) != KTM_STATS_OK)
        continue;
      for (size_t k = 1; k < model->n_classes; k++)
        if (post[k] > post[best])
          best = k;
      early->told[i * early->n_at + j] = (int) best;
      early->sure[i * early->n_at + j] = post[session->fit->modal[subject]];
    }
}

static void
early_turn (size_t i, unsigned thread, KtmPoolWatch *watch, void *data)
{
  Early *early = data;
  GbtmSession *session = early->session;
  double *weight = gbtm_session_weights (session, thread), x[GBTM_MAX_PAR], loglik;
  double *scores = malloc (2 * session->problem->max_visits * sizeof *scores);
  GbtmProblem problem;
  KtmGbtmModel model;

  for (size_t j = 0; j < session->problem->n; j++)
    weight[j] = j == i ? 0.0 : 1.0;
  problem = gbtm_session_weigh (session, thread);
  if (scores != NULL && gbtm_session_refit (session, &problem, thread, watch, x, &loglik))
    {
      gbtm_to_model (&problem, &session->layout, &session->fit->spec, x, session->data, &model);
      tell (early, &model, i, scores, scores + session->problem->max_visits);
    }
  free (scores);
}

static void
add_up (const Early *early, size_t *counts, double *certainty)
{
  const GbtmProblem *pb = early->session->problem;
  const KtmGbtmFit *fit = early->session->fit;
  size_t k = fit->model.n_classes;

  memset (certainty, 0, early->n_at * k * sizeof *certainty);
  for (size_t i = 0; i < pb->n; i++)
    for (size_t j = 0; j < early->n_at; j++)
      {
        size_t truth = (size_t) fit->modal[pb->origin[i]];

        if (early->told[i * early->n_at + j] < 0)
          continue;
        counts[(j * k + truth) * k + (size_t) early->told[i * early->n_at + j]]++;
        certainty[j * k + truth] += early->sure[i * early->n_at + j];
      }
  for (size_t r = 0; r < early->n_at * k; r++)
    {
      double n = 0.0;

      for (size_t c = 0; c < k; c++)
        n += (double) counts[r * k + c];
      certainty[r] = n > 0.0 ? certainty[r] / n : NAN;
    }
}

KtmStatsStatus
ktm_gbtm_early (const KtmGbtmData *data, const KtmGbtmFit *fit, const double *at, size_t n_at,
                unsigned n_threads, const KtmProgress *progress, size_t *counts, double *certainty)
{
  size_t k = fit->model.n_classes;
  GbtmSession session;
  Early early = { .session = &session, .at = at, .n_at = n_at };
  KtmPoolWatch watch;
  KtmStatsStatus status;

  memset (counts, 0, n_at * k * k * sizeof *counts);
  for (size_t r = 0; r < n_at * k; r++)
    certainty[r] = NAN;
  if (!ktm_stats_all_finite (at, n_at))
    return KTM_STATS_NOT_FINITE;
  ktm_pool_watch_init (&watch, progress);
  status = gbtm_session_open (&session, data, fit, n_threads);
  if (status == KTM_STATS_OK)
    {
      size_t cells = session.problem->n * n_at;

      early.told = malloc ((cells + 1) * sizeof *early.told);
      early.sure = malloc ((cells + 1) * sizeof *early.sure);
      if (early.told == NULL || early.sure == NULL)
        status = KTM_STATS_NO_MEMORY;
      for (size_t c = 0; c < cells && status == KTM_STATS_OK; c++)
        early.told[c] = -1;
    }
  if (status == KTM_STATS_OK)
    status = ktm_pool_run (session.problem->n, session.n_threads, &watch, early_turn, &early);
  if (status == KTM_STATS_OK)
    add_up (&early, counts, certainty);
  free (early.told);
  free (early.sure);
  gbtm_session_close (&session);
  return status;
}
