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

typedef struct GbtmTeam GbtmTeam;

/* One thread's scratch memory.  Folded (ktm-gbtm-quick.c): table and sums have two rows a time, of
 * the scores at lo and at hi, and moments hold the other scores after gbtm_likelihood(). */
typedef struct GbtmWork
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
  double *level;   /* k × n_times: curves; NULL: not folded */
  GbtmTeam *team;  /* owned; NULL: one thread goes through all subjects */
  void   *block;   /* owns all of the above but the team */
} GbtmWork;

#if defined(__GNUC__)
#define GBTM_INLINE inline __attribute__ ((always_inline))
#else
#define GBTM_INLINE inline
#endif

#define GBTM_NEGLIGIBLE (-45.0) /* exp() of it is lost beside 1 */

/* Turns log terms into posterior weights; returns their log sum. */
static GBTM_INLINE double
gbtm_normalise (double *a, size_t m)
{
  double top = a[0], sum = 0.0;

  for (size_t j = 1; j < m; j++)
    top = a[j] > top ? a[j] : top;
  for (size_t j = 0; j < m; j++)
    {
      double d = a[j] - top;

      a[j] = d == 0.0 ? 1.0 : d < GBTM_NEGLIGIBLE ? 0.0 : exp (d);
      sum += a[j];
    }
  for (size_t j = 0; j < m; j++)
    a[j] /= sum;
  return top + log (sum);
}

static GBTM_INLINE void
gbtm_count_theta (const GbtmProblem *pb, const GbtmLayout *ly, GbtmWork *work, size_t i,
                  const double *prior)
{
  for (size_t k = 1; k < ly->k; k++)
    {
      double d = pb->weight[i] * (work->post[i * ly->k + k] - exp (prior[k]));

      for (size_t j = 0; j < ly->nz; j++)
        work->theta_gradient[(k - 1) * ly->nz + j] += d * (j == 0 ? 1.0 : pb->z[i * ly->nz + j]);
    }
}

/* --- ktm-gbtm-sort.c */
typedef struct
{
  double time, y;
  size_t subject;
} GbtmRow;

/* The scores by time, score and subject, those outside lo…hi at its ends.  NULL: no memory. */
GbtmRow       *gbtm_sorted_rows    (const KtmGbtmData *data);

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
/* Memory for @n_rows rows of densities and sums, folded or not. */
bool gbtm_work_allocate (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout,
                         size_t n_rows, bool folded);
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
/* Log weights of the classes for subject @i; log-softmax of z'theta where there are covariates. */
void gbtm_fill_prior (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                      size_t i, double *prior);
/* The log-likelihood of subjects @from … @to − 1 by the densities in @work; adds to its sums. */
double gbtm_visit (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                   GbtmWork *work, size_t from, size_t to);
/* d log f / d mu and d log f / d sigma of one score, both times sigma. */
void gbtm_slopes (int8_t kind, double z, double *by_mu, double *by_sigma);

/* --- ktm-gbtm-quick.c: many patients */
/* For random intercepts the scores of a subject are folded into their sum and sum of squares about
 * each curve, so that a node of the intercept costs the same however many scores there are.  With
 * @n_threads > 0 subjects are gone through in equal shares, whose number and whose sums do not
 * depend on the threads; 0: in one go.  Else as gbtm_work_init(). */
bool gbtm_work_init_quick (GbtmWork *work, const GbtmProblem *problem, const GbtmLayout *layout,
                           unsigned n_threads);
void   gbtm_team_free    (GbtmTeam *team);
/* What gbtm_visit() does, by all shares. */
double gbtm_team_visit (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                        GbtmWork *work);
/* The parts of the likelihood, the gradient and the sums that are done differently when folded. */
void gbtm_fold_table (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                      GbtmWork *work);
double gbtm_fold_visit (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                        GbtmWork *work, size_t from, size_t to);
void gbtm_fold_gradient (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                         const GbtmWork *work, double *gradient);
/* Adds the scores at lo and hi, completed, to the moments; those stand for all scores then. */
void gbtm_fold_complete (const GbtmProblem *problem, const GbtmLayout *layout, const double *x,
                         GbtmWork *work);
/* Weights of class @k at time @d. */
double gbtm_fold_weight (const GbtmProblem *problem, const GbtmLayout *layout, const GbtmWork *work,
                         size_t k, size_t d);

/* --- ktm-gbtm-em.c */
/* Adds a score of class @k, completed at each node; @mu, @weight: rows of the layout. */
void gbtm_collect (const GbtmLayout *layout, int8_t kind, double y, const double *mu,
                   const double *weight, double sigma, size_t k, GbtmSums *at);
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
 * final @x; incomplete where @watch (nullable) was stopped. */
double gbtm_newton (const GbtmProblem *problem, const GbtmLayout *layout, GbtmWork *work,
                    KtmPoolWatch *watch, double *x, double *loglik, double *information);
double gbtm_tolerance    (const GbtmProblem *problem);

/* --- ktm-gbtm-sample.c */
/* One place the search has been to. */
typedef struct
{
  double loglik;
  bool   usable;  /* no class below 1.5 patients, and each with the curve of its place */
  bool   done;    /* has been worked on */
  double x[GBTM_MAX_PAR];
} GbtmPoint;

/* The patients the starts run on: KTM_GBTM_SAMPLE drawn without replacement.  NULL: no memory. */
GbtmProblem *gbtm_sample_draw (const GbtmProblem *all, uint64_t seed);
/* Carries the @n points found in @sample to the optima of all patients beside them, without those
 * that cannot become the best; @sample_work, @work: of the two problems.  @inverse: n_par², at the
 * best point the inverse information of all patients as the sample tells it, or zeros.
 * Errors: CANCELLED, NO_MEMORY. */
KtmStatsStatus gbtm_sample_carry (const GbtmProblem *sample, GbtmWork *sample_work,
                                  const GbtmProblem *all, GbtmWork *work, const GbtmLayout *layout,
                                  const KtmGbtmSpec *spec, KtmPoolWatch *watch, size_t n,
                                  GbtmPoint *points, double *inverse);
bool gbtm_is_usable (const GbtmProblem *problem, const GbtmLayout *layout, const GbtmWork *work,
                     const double *x);

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
