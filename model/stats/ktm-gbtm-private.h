/* model/stats: the inside of ktm-gbtm, shared by its files and its tests.
 *
 * Inner scale: scores (y − y_centre)/y_scale, time u = (t − t_centre)/t_half in [−1, 1], so that
 * nothing depends on the units of the data.
 *
 * Scores are few distinct numbers at few distinct times, so each row points to a cell (time,
 * score): densities are computed once a cell, and the sums over rows of posterior weights once a
 * cell; both are exact.
 */
#pragma once

#include "ktm-gbtm.h"
#include "ktm-pool.h"
#include "ktm-random.h"

#define GBTM_MAX_NODES 201
#define GBTM_MAX_PAR   160
#define GBTM_NONE      ((size_t) -1)

/* Weighted sums of the completed scores of one class at one time; v: node of the random intercept.
 */
typedef struct
{
  double w, y, yy, v, vv, vy;
} GbtmSums;

typedef struct
{
  size_t    n, n_obs, n_times, n_cells, p, nz;
  size_t   *offset;     /* n + 1 */
  uint32_t *cell;       /* n_obs, by subject */
  uint32_t *cell_time;  /* n_cells */
  double   *cell_y;     /* n_cells, inner scale */
  int8_t   *cell_kind;  /* n_cells: −1 at lo, 0 between, 1 at hi */
  double   *x;          /* n_times × p: curve columns on inner time */
  double   *time;       /* n_times, units of the data, ascending */
  double   *z;          /* n × nz: ones and covariates, standardised; NULL when nz is 1 */
  double    z_mean[1 + KTM_GBTM_MAX_COVARIATES], z_sd[1 + KTM_GBTM_MAX_COVARIATES];
  double   *weight;     /* n: how often a subject counts; NULL: once each */
  size_t   *origin;     /* n: index of the subject in the data */
  size_t    n_left, n_right, n_interior, max_visits;
  double    total;      /* sum of weights */
  double    y_centre, y_scale, t_centre, t_half, lo, hi;
  double    pooled_sd;  /* units of the data */
  double    knots[KTM_GBTM_MAX_KNOTS];  /* inner time */
} GbtmProblem;

/* Where each parameter stands in the vector. */
typedef struct
{
  size_t k, q, m,
      pad; /* classes, nodes of the random intercept, k × q, padded for the inner loops */
  size_t p[KTM_GBTM_MAX_CLASSES], b[KTM_GBTM_MAX_CLASSES];
  size_t lambda, n_lambda;  /* sigma = floor + exp(lambda) */
  size_t tau;               /* GBTM_NONE: no random intercept */
  size_t theta, nz, n_par;
  double floor;
  double node[GBTM_MAX_NODES], log_node[GBTM_MAX_NODES];
} GbtmLayout;

/* One thread's scratch memory. */
typedef struct
{
  double *table;   /* n_cells × pad: log densities */
  double *sums;    /* n_cells × pad: sums of weights */
  double *mu;      /* n_times × pad */
  double *row;     /* pad */
  double *post;    /* n × k */
  GbtmSums *moments; /* k × n_times: sums of the completed scores */
  bool    polls;   /* belongs to the calling thread: asks KtmProgress */
  double  class_weight[KTM_GBTM_MAX_CLASSES];
  double  theta_gradient[KTM_GBTM_MAX_CLASSES * (1 + KTM_GBTM_MAX_COVARIATES)];
  size_t  n_falls;
  void   *block;   /* owns all of the above */
} GbtmWork;

/* --- ktm-gbtm-problem.c */
KtmStatsStatus
gbtm_problem_new (const KtmGbtmData *data, const KtmGbtmSpec *spec, GbtmProblem **out);
void           gbtm_problem_free   (GbtmProblem *problem);
/* The subjects listed in @pick (indices of problem subjects); shares nothing.  NULL: no memory. */
GbtmProblem   *gbtm_problem_subset (const GbtmProblem *problem, const size_t *pick, size_t n);
/* Columns at inner time @u. */
void
gbtm_basis (KtmGbtmShape shape, size_t p, const double *knots, size_t n_knots, double u, double *x);

/* --- ktm-gbtm-likelihood.c */
void gbtm_layout_init (GbtmLayout *layout, const GbtmProblem *problem, const KtmGbtmSpec *spec,
                       size_t n_nodes);
bool   gbtm_work_init    (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout);
bool   gbtm_watch        (GbtmWork *work, KtmPoolWatch *watch);  /* stopped?  @watch nullable */
void   gbtm_work_clear   (GbtmWork *work);
double gbtm_sigma        (const GbtmLayout *layout, const double *x, size_t k);
/* log-likelihood at @x on the inner scale; @gradient n_par, nullable.  Leaves the weights in @work.
 */
double gbtm_likelihood (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                        GbtmWork *work, double *gradient);
/* log-likelihood of the data = inner one − this. */
double gbtm_jacobian     (const GbtmProblem *problem);
double gbtm_log_phi      (double x);   /* log Phi(x) */

/* --- ktm-gbtm-em.c */
/* From the weights left by gbtm_likelihood at @x to the next @x.  False: a class is empty or
 * singular. */
bool gbtm_m_step (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work, double *x);
/* First parameters from class weights @label (n × k). */
bool   gbtm_first_step   (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
                          const double *label, double *x);
/* Up to @steps EM steps, fewer when a step gains less than @gain.  @loglik: at the last @x. */
bool gbtm_em (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
              KtmPoolWatch *watch, size_t steps, double gain, double *x, double *loglik);

/* --- ktm-gbtm-optimise.c */
/* BFGS from @x.  True when max |gradient| came below @tolerance.  @inverse: first inverse Hessian
 * n_par², or NULL: the complete-data information at @x. */
bool
gbtm_bfgs (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
           KtmPoolWatch *watch, const double *inverse, double tolerance, double *x, double *loglik);
/* Newton steps to the optimum next to @x; returns max |gradient|.  @information: n_par², at the
 * final @x. */
double gbtm_newton (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work, double *x,
                    double *loglik, double *information);
double gbtm_tolerance    (const GbtmProblem *problem);

/* --- ktm-gbtm-starts.c */
/* Random numbers of start or resample @stream, apart from those of every other stream of @seed. */
KtmRandom gbtm_stream   (uint64_t seed, uint64_t stream);
/* Class weights (n × k) with the classes in ascending order of their patients' mean score. */
void gbtm_sort_labels (const GbtmProblem *problem, size_t k, double *label);
/* Class weights (n × k) of start number @index. */
void gbtm_start_labels (const GbtmProblem *problem, size_t k, uint64_t seed, size_t index,
                        double *label);

/* Class weights with class @split of the fit with one class less cut in two. */
bool gbtm_split_labels (const GbtmProblem *problem, size_t k, const KtmGbtmFit *previous,
                        size_t split, double *label);

/* --- ktm-gbtm-result.c */
/* Whether each class has the curve that was asked for its place, from the lowest up. */
bool gbtm_in_order (const GbtmProblem *problem, const GbtmLayout *layout, const double *x);
void gbtm_sort_classes (const GbtmProblem *problem, const GbtmLayout *layout, KtmGbtmSpec *spec,
                        double *x);
void gbtm_to_model (const GbtmProblem *problem, const GbtmLayout *layout, const KtmGbtmSpec *spec,
                    const double *x, const KtmGbtmData *data, KtmGbtmModel *model);
void gbtm_from_model (const GbtmProblem *problem, const GbtmLayout *layout,
                      const KtmGbtmModel *model, double *x);
/* Nodes that leave the integral over the random intercept exact at @x. */
size_t gbtm_nodes_needed (const GbtmProblem *problem, const GbtmLayout *layout, const double *x);
KtmStatsStatus gbtm_result_new (const KtmGbtmData *data, const GbtmProblem *problem,
                                const GbtmLayout *layout, GbtmWork *work, const KtmGbtmSpec *spec,
                                const double *x, const double *information, KtmGbtmFit **out);

/* --- ktm-gbtm-model.c */
/* Columns @p of class @k on inner time to columns on the time of the data: raw = matrix · inner (p
 * × p). */
void gbtm_raw_matrix (const KtmGbtmModel *model, size_t p, double t_centre, double t_half,
                      double *matrix);
/* E[min(max(Y, lo), hi)] for Y ~ N(mu, sigma²). */
double gbtm_clipped_mean (double mu, double sigma, double lo, double hi);
/* Log prior of the classes for a patient with raw covariates @covariate (nullable: pi). */
void   gbtm_model_prior  (const KtmGbtmModel *model, const double *covariate, double *log_prior);
