/* model/stats: trajectory classes, fitting again from a known optimum. */
#include "ktm-gbtm-session.h"
#include "ktm-cholesky.h"

#include <stdlib.h>
#include <string.h>

/* The inverse information at the optimum: the best first guess for a fit beside it. */
static void
invert_information (GbtmSession *session)
{
  size_t n = session->layout.n_par;
  double *information = malloc (n * n * sizeof *information), x[GBTM_MAX_PAR], loglik;

  session->inverse = malloc (n * n * sizeof *session->inverse);
  if (information != NULL && session->inverse != NULL)
    {
      memcpy (x, session->x, n * sizeof *x);
      gbtm_newton (session->problem, &session->layout, &session->work[0], NULL, x, &loglik,
                   information);
      if (ktm_cholesky_factor (information, n))
        ktm_dense_inverse (information, n, session->inverse);
      else
        {
          free (session->inverse);
          session->inverse = NULL;
        }
    }
  free (information);
}

static bool
allocate (GbtmSession *session)
{
  session->work = calloc (session->n_threads, sizeof *session->work);
  session->weight = calloc (session->n_threads * session->problem->n, sizeof *session->weight);
  if (session->work == NULL || session->weight == NULL)
    return false;
  for (unsigned t = 0; t < session->n_threads; t++)
    {
      if (!gbtm_work_init (&session->work[t], session->problem, &session->layout))
        return false;
      session->work[t].polls = t == 0;
    }
  return true;
}

KtmStatsStatus
gbtm_session_open (GbtmSession *session, const KtmGbtmData *data, const KtmGbtmFit *fit,
                   unsigned n_threads)
{
  KtmStatsStatus status;

  *session = (GbtmSession) { .data = data, .fit = fit, .n_threads = n_threads > 0 ? n_threads : 1 };
  if (session->n_threads > KTM_POOL_MAX_THREADS)
    session->n_threads = KTM_POOL_MAX_THREADS;
  status = gbtm_problem_new (data, &fit->spec, &session->problem);
  if (status != KTM_STATS_OK)
    return status;
  gbtm_layout_init (&session->layout, session->problem, &fit->spec, 1);
  if (session->layout.n_par != fit->n_par || session->problem->n != fit->n_subjects
      || session->problem->n_obs != fit->n_obs)
    return KTM_STATS_BAD_ARGUMENT;
  memcpy (session->x, fit->scaled, fit->n_par * sizeof *fit->scaled);
  gbtm_layout_init (&session->layout, session->problem, &fit->spec,
                    gbtm_nodes_needed (session->problem, &session->layout, session->x));
  if (!allocate (session))
    return KTM_STATS_NO_MEMORY;
  invert_information (session);
  return KTM_STATS_OK;
}

void
gbtm_session_close (GbtmSession *session)
{
  for (unsigned t = 0; t < session->n_threads && session->work != NULL; t++)
    gbtm_work_clear (&session->work[t]);
  free (session->work);
  free (session->weight);
  free (session->inverse);
  gbtm_problem_free (session->problem);
  *session = (GbtmSession) { .data = NULL };
}

GbtmProblem
gbtm_session_weigh (GbtmSession *session, unsigned thread)
{
  GbtmProblem problem = *session->problem;

  problem.weight = session->weight + thread * problem.n;
  problem.total = 0.0;
  for (size_t i = 0; i < problem.n; i++)
    problem.total += problem.weight[i];
  return problem;
}

bool
gbtm_session_refit (GbtmSession *session, const GbtmProblem *problem, unsigned thread,
                    KtmPoolWatch *watch, double *x, double *loglik)
{
  memcpy (x, session->x, session->layout.n_par * sizeof *x);
  gbtm_bfgs (problem, &session->layout, &session->work[thread], watch, session->inverse,
             1e-4 * sqrt ((double) problem->n_obs), x, loglik);
  return isfinite (*loglik);
}

double *
gbtm_session_weights (GbtmSession *session, unsigned thread)
{
  return session->weight + thread * session->problem->n;
}
