/* model/stats: the inside of ktm-gbtm-resample: many fits beside one optimum, on the same rows with
 * other weights. */
#pragma once

#include "ktm-gbtm-private.h"

typedef struct
{
  const KtmGbtmData *data;
  const KtmGbtmFit  *fit;
  GbtmProblem       *problem;
  GbtmLayout         layout;
  GbtmWork          *work;       /* n_threads */
  double            *weight;     /* n_threads × n */
  double            *inverse;    /* n_par²; NULL: singular */
  double             x[GBTM_MAX_PAR];
  unsigned           n_threads;
} GbtmSession;

/* Close after any status. */
KtmStatsStatus gbtm_session_open (GbtmSession *session, const KtmGbtmData *data,
                                  const KtmGbtmFit *fit, unsigned n_threads);
void           gbtm_session_close   (GbtmSession *session);
double *gbtm_session_weights (GbtmSession *session, unsigned thread); /* n, to be filled in */
/* The problem with the weights of @thread; shares everything else: not to be freed. */
GbtmProblem    gbtm_session_weigh   (GbtmSession *session, unsigned thread);
/* From the optimum of all patients to that of @problem. */
bool gbtm_session_refit (GbtmSession *session, const GbtmProblem *problem, unsigned thread,
                         KtmPoolWatch *watch, double *x, double *loglik);
