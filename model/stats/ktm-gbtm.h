/* Group-based trajectory models (latent classes of curves), normal and censored normal.
 *
 * K classes with weights pi_k; in class k a score is y* = x(t)'b_k [+ tau a_i] + e, e ~ N(0,
 * sigma_k²), seen as lo when y* ≤ lo, as hi when y* ≥ hi.  Visits are independent given the class
 * (and the intercept a_i ~ N(0, 1) of the patient, when asked for).  A missing visit is a row that
 * is not there.
 *
 * Every function here may run beside others in other threads; none touches a global.  NaN is not
 * accepted. Sources: Nagin (1999) Psychol Methods 4:139-157; Jones, Nagin & Roeder (2001) Sociol
 * Methods Res 29:374-393; Nagin (2005) Group-Based Modeling of Development (adequacy).
 */
#pragma once

#include "ktm-stats.h"

#define KTM_GBTM_MAX_CLASSES    8
#define KTM_GBTM_MAX_ORDER      4
#define KTM_GBTM_MAX_KNOTS      6
#define KTM_GBTM_MAX_COEF       6   /* columns of the curve of one class */
#define KTM_GBTM_MAX_COVARIATES 8
#define KTM_GBTM_SAMPLE         2000 /* patients the starts run on where there are many */
#define KTM_GBTM_CARRIED        3    /* of their optima that are carried to all patients */

typedef enum
{
  KTM_GBTM_POLYNOMIAL, /* 1, t, … t^order; the order may differ between classes */
  KTM_GBTM_SPLINE, /* natural cubic spline: 1, t, and one column for each knot between the outer two
                    */
  KTM_GBTM_PIECEWISE /* straight lines that meet at the knots: 1, t, (t − knot)+ … */
} KtmGbtmShape;

/* The scores, one row each, in any order.  Borrowed. */
typedef struct
{
  size_t        n_obs;
  const size_t *subject;      /* n_obs: 0 … n_subjects − 1 */
  const double *time, *y;     /* n_obs */
  size_t        n_subjects;   /* also those without any row: they are left out and counted */
  double lo, hi; /* ends of the scale where scores pile up; ∓INFINITY: none (normal model) */
  size_t        n_covariates; /* of class membership; 0 none */
  const double *covariate;    /* n_subjects × n_covariates, row-major, without a column of ones */
} KtmGbtmData;

/* What to fit.  Start from ktm_gbtm_spec(). */
typedef struct
{
  size_t       n_classes;
  KtmGbtmShape shape;
  size_t       order[KTM_GBTM_MAX_CLASSES];  /* polynomial only; given from the lowest class up */
  size_t       n_knots;
  double knots[KTM_GBTM_MAX_KNOTS]; /* ascending; a spline needs at least 3 (the outer two are its
                                       ends) */
  bool sigma_by_class;              /* floor of 0.1 × pooled SD; else one sigma (floor 0.001) */
  bool random_intercept;            /* growth mixture: normal within-class spread of levels */
  size_t       n_starts;                     /* random starts of the first round (25) */
  size_t max_starts; /* further rounds until the best optimum was met n_wanted times */
  size_t       n_wanted;
  uint64_t     seed;
  unsigned     n_threads;                    /* the result does not depend on it */
  size_t       sample_above; /* more patients: the starts run on KTM_GBTM_SAMPLE of them (3 000) */
} KtmGbtmSpec;

/* A fitted model: enough to say where any patient belongs.  Plain numbers, no pointers: it can be
 * stored. */
typedef struct
{
  size_t       n_classes;
  KtmGbtmShape shape;
  size_t       n_coef[KTM_GBTM_MAX_CLASSES];
  size_t       n_knots;
  double       knots[KTM_GBTM_MAX_KNOTS];
  double       lo, hi;
  double first_time, last_time; /* observed range: a curve outside it is an extrapolation */
  double       coef[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_COEF];  /* in the units of time and score */
  double       sigma[KTM_GBTM_MAX_CLASSES];
  double       tau;                          /* SD of the random intercept; 0 none */
  double       pi[KTM_GBTM_MAX_CLASSES];     /* with covariates: mean over the patients */
  size_t       n_covariates;
  double theta[KTM_GBTM_MAX_CLASSES]
              [1 + KTM_GBTM_MAX_COVARIATES]; /* log odds against the lowest class */
} KtmGbtmModel;

/* What must be said about a fit. */
typedef enum
{
  KTM_GBTM_NOT_CONVERGED =
      1 << 0, /* a gradient is not zero, or tau is too large beside sigma to integrate */
  KTM_GBTM_NO_SE =
      1 << 1, /* the information matrix is (nearly) singular, or a class holds < 3 patients */
  KTM_GBTM_EMPTY_CLASS = 1 << 2,     /* a class with less than 1.5 patients */
  KTM_GBTM_DUPLICATE_CLASS = 1 << 3, /* two classes with the same curve */
  KTM_GBTM_SIGMA_FLOOR = 1 << 4,     /* sigma would shrink to 0 */
  KTM_GBTM_MET_ONCE = 1 << 5,        /* only one start reached the best optimum */
  KTM_GBTM_OFF_SCALE = 1 << 6        /* a latent curve leaves lo…hi: show E[y] */
} KtmGbtmFlag;

typedef struct
{
  int          ref_count; /* atomic; ktm_gbtm_fit_ref(), ktm_gbtm_fit_free() */
  KtmGbtmModel model; /* classes in ascending order of the mean curve over the observed times */
  KtmGbtmSpec  spec;
  unsigned     flags;
  size_t n_subjects, n_without_score, n_obs, n_left, n_right, n_times, n_par;
  double loglik, aic, sabic, icl;
  double bic_subjects, bic_obs;                            /* −2 l + q log m: smaller is better */
  double bic_jones_nagin_subjects,
      bic_jones_nagin_obs;      /* l − q/2 log m: closer to zero is better */
  double entropy;               /* relative, 1 = certain; NaN for one class */
  double max_gradient, min_eigen;
  size_t n_sample;              /* patients the starts ran on; 0: all */
  size_t n_tried, n_finished;   /* starts, and those carried on to an optimum */
  size_t n_hits;                /* of those, how many reached the best log-likelihood */
  size_t n_em_falls; /* EM steps that lowered the likelihood: 0, or the program is wrong */
  double pooled_sd;
  double *time;                 /* n_times: distinct observed times, ascending */
  double *fitted;               /* K × n_times: latent mean */
  double *posterior;            /* n_subjects of the data × K; NaN rows for those without a score */
  int    *modal;                /* n_subjects of the data; −1 without a score */
  size_t  modal_n[KTM_GBTM_MAX_CLASSES];
  double  appa[KTM_GBTM_MAX_CLASSES], occ[KTM_GBTM_MAX_CLASSES], mismatch[KTM_GBTM_MAX_CLASSES];
  double  level[KTM_GBTM_MAX_CLASSES];                     /* mean curve */
  double  coef_se[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_COEF];
  double  sigma_se[KTM_GBTM_MAX_CLASSES], tau_se, pi_se[KTM_GBTM_MAX_CLASSES];
  double  theta_se[KTM_GBTM_MAX_CLASSES][1 + KTM_GBTM_MAX_COVARIATES];
  double *vcov; /* n_par²: coefficients class by class, sigma(s), tau, theta of classes 1…;
                   NaN with NO_SE */
  double *scaled;               /* n_par: the parameters on the inner scale, for warm starts */
} KtmGbtmFit;

/* One class, quadratic, 25 starts (500 at most, best optimum wanted 5 times), seed 1, one thread.
 */
KtmGbtmSpec ktm_gbtm_spec (size_t n_classes, size_t order);

/* Number of curve columns of class @k, and the columns at time @t (units of the data). */
size_t ktm_gbtm_n_coef (const KtmGbtmSpec *spec, size_t k);

/* Fits @spec.  @previous: the fit with one class less on the same data, or NULL; its classes split
 * in two are further starts, so that the log-likelihood cannot be lower than there.
 *
 * @out:   owned by the caller, ktm_gbtm_fit_free(); NULL on any status but OK.  OK with flags is a
 * result to show with what the flags say. Errors: NOT_FINITE; BAD_ARGUMENT (sizes, an order or
 * knots outside their range, scores outside lo…hi are taken as lo or hi); TOO_FEW (fewer patients
 * with distinct courses than classes, or fewer scores than parameters); NO_VARIANCE (all scores
 * equal); UNDEFINED (nothing but lo and hi); SINGULAR (more curve columns than distinct times);
 * NO_CONVERGENCE; NO_MEMORY; CANCELLED. Method: 25 EM steps from each start (slices of the patient
 * mean, jittered k-means on mean and slope, random partition, random patients as seeds), the best
 * eight on with EM, BFGS on the exact gradient and Newton.  Of many patients (spec->sample_above)
 * a random KTM_GBTM_SAMPLE do this, and the best optima are carried to all by BFGS from the
 * information of the sample; short runs from many starts and long ones from the best few:
 * Biernacki, Celeux & Govaert (2003) Comput Stat Data Anal 41:561-575.  Random intercepts are
 * integrated by the trapezoidal rule on equally spaced nodes in ±7 tau, normal and censored alike
 * (for a normal density its error falls faster than any power of the spacing, which is 0.8 of the
 * narrowest posterior of an intercept; 1e-9 of the log-likelihood against the closed form).
 * Standard errors from the observed information (central differences of the exact gradient). */
KtmStatsStatus
ktm_gbtm_fit (const KtmGbtmData *data, const KtmGbtmSpec *spec, const KtmGbtmFit *previous,
              const KtmProgress *progress, KtmGbtmFit **out);
/* A further owner of an immutable fit; NULL is fine.  Each is let go with ktm_gbtm_fit_free(). */
KtmGbtmFit    *ktm_gbtm_fit_ref  (const KtmGbtmFit *fit);
void           ktm_gbtm_fit_free (KtmGbtmFit *fit);

/* The log-likelihood of @model for @data; no fitting. */
KtmStatsStatus ktm_gbtm_loglik (const KtmGbtmData *data, const KtmGbtmModel *model, double *out);

/* The latent mean of class @k at @t, and what is expected to be seen there on the scale, always
 * within lo…hi. */
double ktm_gbtm_latent   (const KtmGbtmModel *model, size_t k, double t);
double ktm_gbtm_expected (const KtmGbtmModel *model, size_t k, double t);

/* Expected score of class @k at @n times with the pointwise @level interval (x'Vx on the latent
 * scale, carried to the scale of the score; sigma taken as known).  se is on the latent scale.
 * Intervals are NaN with NO_SE. */
KtmStatsStatus ktm_gbtm_curve (const KtmGbtmFit *fit, size_t k, const double *time, size_t n,
                               double level, KtmEstimate *out);
