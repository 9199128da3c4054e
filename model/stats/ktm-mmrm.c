/* model/stats: mixed model for repeated measures: the fit and its fall-backs. */
#include "ktm-mmrm.h"

#include "ktm-dense.h"
#include "ktm-mmrm-private.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITERATIONS 100

/* One structure on its way to the optimum; k = t(t+1)/2 elements of Sigma, n parameters. */
typedef struct
{
  KtmMmrmStructure structure;
  KtmMmrmReason reason;
  size_t n, k, iterations;
  double f;
  double *memory;
  double *theta, *trial, *step, *sigma; /* n, n, n, t x t */
  double *j;                            /* k x n */
  double *g, *h;                        /* n, n x n in theta, observed */
  double *factor;                       /* n x n: Cholesky factor of h, or of the expected one */
  double *hj, *work;                    /* k x n, n + 2 t t */
} Search;

static bool
search_init (Search *s, const KtmMmrmData *d, KtmMmrmStructure structure)
{
  size_t t = d->t, k = t * (t + 1) / 2, n = ktm_mmrm_n_theta (structure, t);
  double *at = calloc (5 * n + 3 * t * t + 2 * k * n + 2 * n * n, sizeof (double));

  *s = (Search) { .structure = structure, .n = n, .k = k, .memory = at };
  if (at == NULL)
    return false;
  s->theta = at, at += n;
  s->trial = at, at += n;
  s->step = at, at += n;
  s->g = at, at += n;
  s->sigma = at, at += t * t;
  s->j = at, at += k * n;
  s->hj = at, at += k * n;
  s->h = at, at += n * n;
  s->factor = at, at += n * n;
  s->work = at;
  return true;
}

/* out <- J'MJ for a k x k matrix M. */
static void
chain (Search *s, const double *m, double *out)
{
  ktm_dense_multiply (m, s->k, s->k, s->j, s->n, s->hj);
  memset (out, 0, s->n * s->n * sizeof (double));
  for (size_t i = 0; i < s->k; i++)
    for (size_t a = 0; a < s->n; a++)
      {
        double f = s->j[i * s->n + a];

        if (f != 0)
          for (size_t b = 0; b < s->n; b++)
            out[a * s->n + b] += f * s->hj[i * s->n + b];
      }
}

static double
deviance_at (Search *s, KtmMmrmData *d, const double *theta)
{
  ktm_mmrm_sigma (s->structure, d->t, theta, s->sigma);
  return ktm_mmrm_deviance (d, s->sigma);
}

/* Newton's step where the observed Hessian is definite, else the scoring step of the expected one.
 * Returns g'B^-1 g, or NaN where neither is definite; @observed says which. */
static double
newton_step (Search *s, const KtmMmrmData *d, bool *observed)
{
  size_t n = s->n, t = d->t;

  ktm_mmrm_jacobian (s->structure, t, s->theta, s->work, s->j);
  if (s->structure == KTM_MMRM_UNSTRUCTURED)
    {
      memcpy (s->g, d->g, n * sizeof (double));
      memcpy (s->h, d->h, n * n * sizeof (double));
    }
  else
    {
      ktm_dense_multiply (d->g, 1, s->k, s->j, n, s->g);
      chain (s, d->h, s->h);
      ktm_mmrm_bend (s->structure, t, s->theta, d->g, s->work, s->h);
    }
  memcpy (s->factor, s->h, n * n * sizeof (double));
  *observed = ktm_dense_cholesky (s->factor, n);
  if (!*observed)
    {
      if (s->structure == KTM_MMRM_UNSTRUCTURED)
        memcpy (s->factor, d->fisher, n * n * sizeof (double));
      else
        chain (s, d->fisher, s->factor);
      if (!ktm_dense_cholesky (s->factor, n))
        return NAN;
    }
  memcpy (s->step, s->g, n * sizeof (double));
  ktm_dense_solve (s->factor, n, s->step, 1);
  return ktm_dense_dot (s->step, s->g, n);
}

/* Halves the step until the deviance falls; false when it does not. */
static bool
line_search (Search *s, KtmMmrmData *d, double decrement)
{
  double slack = 64 * DBL_EPSILON * (1 + fabs (s->f));

  for (double share = 1; share > 1e-8; share /= 2)
    {
      double f;

      for (size_t i = 0; i < s->n; i++)
        s->trial[i] = s->theta[i] - share * s->step[i];
      f = deviance_at (s, d, s->trial);
      if (f <= s->f + slack - 1e-4 * share * fmin (decrement, 1))
        {
          memcpy (s->theta, s->trial, s->n * sizeof (double));
          s->f = f;
          return true;
        }
    }
  return false;
}

/* An optimum counts when it is an inner one: no visit without variance or all but determined by the
 * others (squared multiple correlation above 1 - 1e-6), and every parameter with some curvature: on
 * the scale of log SDs and correlations below 0.001 means an SE above 30.  @work: t t. */
static bool
is_inner (const Search *s, const KtmMmrmData *d, double *work)
{
  size_t t = d->t;

  for (size_t a = 0; a < t; a++)
    {
      double ratio = s->sigma[a * t + a] / d->start[a * t + a];

      if (!(ratio > 1e-6 && ratio < 1e6))
        return false;
      for (size_t b = 0; b <= a && s->structure == KTM_MMRM_UNSTRUCTURED; b++)
        {
          size_t i = ktm_dense_packed (a, b);
          double pivot = s->factor[i * s->n + i];

          if (pivot * pivot * s->sigma[a * t + a] * s->sigma[b * t + b] < 1e-3)
            return false;
        }
    }
  for (size_t i = 0; i < s->n && s->structure != KTM_MMRM_UNSTRUCTURED; i++)
    if (s->factor[i * s->n + i] * s->factor[i * s->n + i] < 1e-3)
      return false;
  for (size_t i = 0; i < t; i++)
    for (size_t j = 0; j < t; j++)
      work[i * t + j] = s->sigma[i * t + j] / sqrt (s->sigma[i * t + i] * s->sigma[j * t + j]);
  if (!ktm_dense_cholesky (work, t))
    return false;
  for (size_t i = 0; i < t; i++)
    if (work[i * t + i] < 1e-3)
      return false;
  return true;
}

static KtmStatsStatus
optimise (Search *s, KtmMmrmData *d, const KtmProgress *progress)
{
  double last = INFINITY;

  s->reason = KTM_MMRM_NOT_CONVERGED;
  s->f = deviance_at (s, d, s->theta);
  for (s->iterations = 1; isfinite (s->f) && s->iterations <= MAX_ITERATIONS; s->iterations++)
    {
      double decrement;
      bool observed;

      if (!ktm_mmrm_derivatives (d, progress))
        return KTM_STATS_CANCELLED;
      decrement = newton_step (s, d, &observed);
      if (isnan (decrement))
        {
          s->reason = KTM_MMRM_INFORMATION_SINGULAR;
          return KTM_STATS_SINGULAR;
        }
      ktm_progress_report (progress, 1 - 1 / (1 + (double) s->iterations / 4));
      if (observed && (decrement < 1e-13 || (decrement < 1e-10 && decrement > last / 4)))
        { /* the second: rounding is all that is left */
          ktm_mmrm_sigma (s->structure, d->t, s->theta, s->sigma);
          return is_inner (s, d, d->work) ? KTM_STATS_OK : KTM_STATS_NO_CONVERGENCE;
        }
      last = decrement;
      if (!line_search (s, d, decrement))
        return KTM_STATS_NO_CONVERGENCE;
    }
  return KTM_STATS_NO_CONVERGENCE;
}

static KtmStatsStatus
try_structure (Search *s, KtmMmrmData *d, KtmMmrmStructure structure, const KtmProgress *progress)
{
  if (!search_init (s, d, structure))
    return KTM_STATS_NO_MEMORY;
  if (structure == KTM_MMRM_UNSTRUCTURED && !d->every_pair)
    {
      s->reason = KTM_MMRM_PAIR_NOT_SEEN;
      return KTM_STATS_SINGULAR;
    }
  ktm_mmrm_start (structure, d->t, d->start, s->theta);
  return optimise (s, d, progress);
}

/* The structure asked for, then the simpler ones in their order. */
static KtmStatsStatus
search_structures (Search *s, KtmMmrmData *d, const KtmMmrmOptions *options,
                   const KtmProgress *progress, KtmMmrm *o)
{
  KtmStatsStatus status = KTM_STATS_NO_CONVERGENCE;

  o->reason = KTM_MMRM_AS_ASKED;
  for (int k = (int) options->structure; k < KTM_MMRM_N_STRUCTURES; k++)
    {
      free (s->memory);
      status = try_structure (s, d, (KtmMmrmStructure) k, progress);
      o->attempt[k] = status;
      o->structure = (KtmMmrmStructure) k;
      if (status != KTM_STATS_SINGULAR && status != KTM_STATS_NO_CONVERGENCE)
        break;
      if (k == (int) options->structure)
        o->reason = s->reason;
      if (!options->fall_back)
        break;
    }
  return status;
}

static bool
model_allocate (KtmMmrm *o)
{
  size_t p = o->n_columns, t = o->n_visits;

  o->beta = calloc (p, sizeof (double));
  o->vcov = calloc (p * p, sizeof (double));
  o->coefficient = calloc (p, sizeof (KtmContrast));
  o->sigma = calloc (t * t, sizeof (double));
  o->correlation = calloc (t * t, sizeof (double));
  o->spread = calloc (o->n_covariance * p * p, sizeof (double));
  return o->beta && o->vcov && o->coefficient && o->sigma && o->correlation && o->spread;
}

static void
fill_likelihood (const Search *s, const KtmMmrmData *d, KtmMmrm *o)
{
  double nu = (double) (d->reml ? d->n - d->p : d->n);
  double deviance = s->f + nu * (log (2 * M_PI) + 2 * log (d->y_scale));

  for (size_t j = 0; j < d->p && d->reml; j++)
    deviance += 2 * log (d->r[j * d->p + j]);
  o->loglik = -deviance / 2;
  o->aic = deviance + 2 * (double) s->n;
  o->bic = deviance + log ((double) d->n_subjects) * (double) s->n;
}

static void
fill_sigma (const Search *s, const KtmMmrmData *d, KtmMmrm *o)
{
  size_t t = d->t;

  for (size_t i = 0; i < t; i++)
    for (size_t j = 0; j < t; j++)
      {
        o->sigma[i * t + j] = s->sigma[i * t + j] * d->y_scale * d->y_scale;
        o->correlation[i * t + j]
            = i == j ? 1 : s->sigma[i * t + j] / sqrt (s->sigma[i * t + i] * s->sigma[j * t + j]);
      }
}

/* A^-1 M A^-1 = L'^-1 (L^-1 M L'^-1) L^-1 of one element of Sigma, unpacked, on the columns of X.
 */
static void
unpack_derivative (const KtmMmrmData *d, const double *packed, double *out)
{
  size_t p = d->p;

  for (size_t r = 0; r < p; r++)
    for (size_t c = 0; c <= r; c++, packed++)
      out[r * p + c] = out[c * p + r] = r == c ? *packed : *packed / M_SQRT2;
  ktm_dense_backward (d->l, p, out, p);
  for (size_t r = 0; r < p; r++)
    ktm_dense_backward (d->l, p, out + r * p, 1);
  ktm_dense_back_vcov (d->r, p, out);
}

/* Derivatives of vcov in theta, weighted by a root of theta's covariance 2 H^-1 = 2 L'^-1 L^-1. */
static bool
fill_spread (Search *s, const KtmMmrmData *d, KtmMmrm *o)
{
  size_t p = d->p, pp = p * p, pk = p * (p + 1) / 2;
  double *one = malloc (pp * sizeof (double)), unit = d->y_scale * d->y_scale * M_SQRT2;

  if (one == NULL)
    return false;
  for (size_t i = 0; i < s->k; i++)
    {
      unpack_derivative (d, d->mt + i * pk, one);
      for (size_t a = 0; a < s->n; a++)
        {
          double f = s->j[i * s->n + a] * unit;

          if (f != 0)
            for (size_t e = 0; e < pp; e++)
              o->spread[a * pp + e] += f * one[e];
        }
    }
  ktm_dense_forward (s->factor, s->n, o->spread, pp);
  free (one);
  return true;
}

static KtmStatsStatus
fill_model (Search *s, const KtmMmrmData *d, KtmMmrm *o)
{
  size_t p = d->p;

  o->n_covariance = s->n;
  o->iterations = s->iterations;
  if (!model_allocate (o) || !fill_spread (s, d, o))
    return KTM_STATS_NO_MEMORY;
  fill_likelihood (s, d, o);
  fill_sigma (s, d, o);
  ktm_dense_inverse (d->l, p, o->vcov);
  ktm_dense_back_vcov (d->r, p, o->vcov);
  for (size_t e = 0; e < p * p; e++)
    o->vcov[e] *= d->y_scale * d->y_scale;
  for (size_t j = 0; j < p; j++)
    o->beta[j] = d->beta0[j] + d->y_scale * d->b[j];
  ktm_dense_back_beta (d->r, p, o->beta);
  for (size_t j = 0; j < p; j++)
    {
      double df = ktm_contrast_satterthwaite_at (j, p, o->vcov, o->spread, o->n_covariance);

      o->coefficient[j]
          = ktm_contrast_make (o->beta[j], sqrt (o->vcov[j * p + j]), df, o->level);
    }
  return KTM_STATS_OK;
}

static KtmStatsStatus
fit (KtmMmrmData *d, const KtmMmrmOptions *options, const KtmProgress *progress, KtmMmrm **out)
{
  Search s = { 0 };
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  KtmMmrm *o = calloc (1, sizeof (KtmMmrm));

  if (o == NULL)
    return status;
  *o = (KtmMmrm) {
    .n_rows = d->n, .n_columns = d->p, .n_visits = d->t, .n_subjects = d->n_subjects,
    .n_complete = d->n_complete, .n_patterns = d->n_patterns, .likelihood = options->likelihood,
    .level = options->level, .asked = options->structure,
  };
  status = search_structures (&s, d, options, progress, o);
  if (status == KTM_STATS_OK)
    status = fill_model (&s, d, o);
  free (s.memory);
  if (status == KTM_STATS_OK)
    *out = o;
  else
    ktm_mmrm_free (o);
  return status;
}

/* y = X beta + e; the errors of a subject are normal with the covariance of the visits it has.
 *
 * @y:       n values, one row per observed visit, in any order; any unit
 * @subject: n labels
 * @visit:   n visit numbers 0..n_visits-1; every one of them seen somewhere, none twice in a
 * subject
 * @x:       n x p, the intercept a column of the caller's
 * @options: structure (with or without fall-back to the simpler ones), likelihood, level of the
 *           coefficients' t intervals
 * @progress: polled for every missingness pattern; the fraction is a guess
 * @out:     the model, the caller's: ktm_mmrm_free(); NULL on any status but OK
 *
 * A missed visit is an absent row (valid when missing at random given what was seen); NaN is not
 * accepted (NOT_FINITE).  TOO_FEW: no more rows than columns, or a visit never seen.  SINGULAR:
 * collinear columns, or a covariance the data do not determine.  NO_CONVERGENCE: no inner optimum.
 * With fall_back these two lead to the next structure, and `structure`, `reason` and `attempt` say
 * so.  NO_VARIANCE: X explains y fully.  TOO_LARGE: above KTM_MMRM_MAX_VISITS visits.
 * Source: Jennrich and Schluchter (1986), Biometrics 42:805-820; df by Satterthwaite from the
 * observed Hessian, as Giesbrecht and Burns (1985), Biometrics 41:477-486.
 */
KtmStatsStatus
ktm_mmrm_fit (const double *y, const size_t *subject, const size_t *visit, const double *x,
              size_t n, size_t p, size_t n_visits, const KtmMmrmOptions *options,
              const KtmProgress *progress, KtmMmrm **out)
{
  return ktm_mmrm_fit_rows (y, subject, visit, x, n, NULL, n, p, n_visits, options, progress, out);
}

/* As ktm_mmrm_fit() for a design of few different rows, where a column for each score would cost
 * memory and time.
 *
 * @x:   n_x x p
 * @row: n numbers 0..n_x-1: which row of @x each score has; NULL: x has a row for each score
 *
 * BAD_ARGUMENT also for a row that is not there.
 */
KtmStatsStatus
ktm_mmrm_fit_rows (const double *y, const size_t *subject, const size_t *visit, const double *x,
                   size_t n_x, const size_t *row, size_t n, size_t p, size_t n_visits,
                   const KtmMmrmOptions *options, const KtmProgress *progress, KtmMmrm **out)
{
  const KtmMmrmRows rows = { y, x, subject, visit, row, n_x };
  KtmMmrmData d = { .n = n, .p = p, .t = n_visits };
  KtmStatsStatus status;

  *out = NULL;
  if (p == 0 || n_visits == 0 || !ktm_contrast_level_ok (options->level)
      || (unsigned) options->structure >= KTM_MMRM_N_STRUCTURES)
    return KTM_STATS_BAD_ARGUMENT;
  if (n_visits > KTM_MMRM_MAX_VISITS)
    return KTM_STATS_TOO_LARGE;
  if (n <= p)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (y, n) || !ktm_stats_all_finite (x, n_x * p))
    return KTM_STATS_NOT_FINITE;
  d.reml = options->likelihood == KTM_LIKELIHOOD_REML;
  status = ktm_mmrm_data_init (&d, &rows);
  if (status == KTM_STATS_OK)
    status = fit (&d, options, progress, out);
  ktm_mmrm_data_clear (&d);
  return status;
}

/* Frees a model; NULL is allowed. */
void
ktm_mmrm_free (KtmMmrm *mmrm)
{
  if (mmrm == NULL)
    return;
  free (mmrm->beta);
  free (mmrm->vcov);
  free (mmrm->coefficient);
  free (mmrm->sigma);
  free (mmrm->correlation);
  free (mmrm->spread);
  free (mmrm);
}

/* Satterthwaite df of l'beta (n_columns weights). */
double
ktm_mmrm_df (const KtmMmrm *mmrm, const double *l)
{
  return ktm_contrast_satterthwaite (l, mmrm->n_columns, mmrm->vcov, mmrm->spread,
                                     mmrm->n_covariance);
}

static double
joint_df (const double *l, const void *model)
{
  return ktm_mmrm_df (model, l);
}

/* l'beta with SE, interval, Satterthwaite df and test; @l: n_columns finite weights, not all 0. */
KtmStatsStatus
ktm_mmrm_contrast (const KtmMmrm *mmrm, const double *l, double level, KtmContrast *out)
{
  return ktm_contrast_of (l, mmrm->n_columns, mmrm->beta, mmrm->vcov, joint_df, mmrm, level, out);
}

/* F test of L beta = 0 (n_rows x n_columns), denominator df after Fai and Cornelius. */
KtmStatsStatus
ktm_mmrm_joint (const KtmMmrm *mmrm, const double *l, size_t n_rows, KtmTest *out)
{
  return ktm_contrast_joint (l, n_rows, mmrm->n_columns, mmrm->beta, mmrm->vcov, joint_df, mmrm,
                             out);
}

/* The structure's name. */
const char *
ktm_mmrm_structure_text (KtmMmrmStructure structure)
{
  switch (structure)
    {
    case KTM_MMRM_UNSTRUCTURED: return N_("unstructured covariance");
    case KTM_MMRM_TOEPLITZ_HETEROGENEOUS: return N_("heterogeneous Toeplitz covariance");
    case KTM_MMRM_AR1_HETEROGENEOUS:
      return N_("heterogeneous first-order autoregressive covariance");
    case KTM_MMRM_CS_HETEROGENEOUS: return N_("heterogeneous compound symmetry");
    case KTM_MMRM_CS: return N_("compound symmetry");
    case KTM_MMRM_N_STRUCTURES:
    default: return N_("unknown covariance");
    }
}

/* Why the structure asked for was not used: one sentence. */
const char *
ktm_mmrm_reason_text (KtmMmrmReason reason)
{
  switch (reason)
    {
    case KTM_MMRM_AS_ASKED: return N_("The covariance asked for was used.");
    case KTM_MMRM_PAIR_NOT_SEEN:
      return N_ (
          "No patient has both of two visits, so the covariance asked for cannot be estimated.");
    case KTM_MMRM_NOT_CONVERGED:
      return N_("Too few patients for the covariance asked for: its estimate did not converge.");
    case KTM_MMRM_INFORMATION_SINGULAR:
      return N_("The data do not determine the covariance asked for.");
    default: return N_("Unknown reason.");
    }
}
