/* Trajectory classes: the likelihood, its optimum, invariance, degenerate cohorts. */
#include "gbtm-cohort.h"

#include "ktm-gbtm-private.h"

#include <string.h>

static KtmGbtmFit *
fit_spec (const KtmGbtmData *data, const KtmGbtmSpec *spec)
{
  KtmGbtmFit *fit;

  g_assert_cmpint (ktm_gbtm_fit (data, spec, NULL, NULL, &fit), ==, KTM_STATS_OK);
  g_assert_cmpuint (fit->n_em_falls, ==, 0);
  g_assert_true (isfinite (fit->loglik));
  return fit;
}

static KtmGbtmFit *
fit_classes (const KtmGbtmData *data, size_t k, size_t order)
{
  KtmGbtmSpec spec = ktm_gbtm_spec (k, order);

  return fit_spec (data, &spec);
}

/* --- gradient --------------------------------------------------------------------------------- */

typedef struct
{
  const char  *name;
  size_t       k;
  KtmGbtmShape shape;
  gboolean     censored, sigma_by_class, intercept, covariate;
} Variant;

static const Variant variants[] = {
  { "normal", 3, KTM_GBTM_POLYNOMIAL, FALSE, FALSE, FALSE, FALSE },
  { "censored", 3, KTM_GBTM_POLYNOMIAL, TRUE, FALSE, FALSE, FALSE },
  { "one-class", 1, KTM_GBTM_POLYNOMIAL, TRUE, FALSE, FALSE, FALSE },
  { "sigma-by-class", 3, KTM_GBTM_POLYNOMIAL, TRUE, TRUE, FALSE, FALSE },
  { "intercept", 2, KTM_GBTM_POLYNOMIAL, TRUE, FALSE, TRUE, FALSE },
  { "intercept-normal", 2, KTM_GBTM_POLYNOMIAL, FALSE, TRUE, TRUE, TRUE },
  { "covariate", 3, KTM_GBTM_POLYNOMIAL, TRUE, FALSE, FALSE, TRUE },
  { "spline", 3, KTM_GBTM_SPLINE, TRUE, FALSE, FALSE, FALSE },
  { "piecewise", 4, KTM_GBTM_PIECEWISE, TRUE, TRUE, FALSE, TRUE },
};

static KtmGbtmSpec
variant_spec (const Variant *v, GbtmCohort *cohort)
{
  KtmGbtmSpec spec = ktm_gbtm_spec (v->k, 2);

  spec.shape = v->shape;
  spec.sigma_by_class = v->sigma_by_class;
  spec.random_intercept = v->intercept;
  spec.n_knots = v->shape == KTM_GBTM_SPLINE ? 4 : 1;
  memcpy (spec.knots,
          v->shape == KTM_GBTM_SPLINE ? (double[]){ 0.0, 2.0, 6.0, 12.0 }
                                      : (double[]){ 1.0, 0, 0, 0 },
          4 * sizeof (double));
  if (v->shape == KTM_GBTM_POLYNOMIAL)
    spec.order[0] = 1;  /* the order may differ */
  if (!v->censored)
    {
      cohort->data.lo = -INFINITY;
      cohort->data.hi = INFINITY;
    }
  if (v->covariate)
    {
      cohort->data.covariate = cohort->covariate;
      cohort->data.n_covariates = 1;
    }
  return spec;
}

static void
test_gradient (gconstpointer user)
{
  const Variant *v = user;
  GbtmTruth truth = gbtm_truth_default (60);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 11);
  KtmGbtmSpec spec = variant_spec (v, cohort);
  double x[GBTM_MAX_PAR], at[GBTM_MAX_PAR], gradient[GBTM_MAX_PAR], *label;
  GbtmProblem *problem;
  GbtmLayout layout;
  GbtmWork work;

  g_assert_cmpint (gbtm_problem_new (&cohort->data, &spec, &problem), ==, KTM_STATS_OK);
  gbtm_layout_init (&layout, problem, &spec, 31);
  g_assert_true (gbtm_work_init (&work, problem, &layout));
  label = g_new (double, problem->n * v->k);
  gbtm_start_labels (problem, v->k, 3, 1, label);
  g_assert_true (gbtm_first_step (problem, &layout, &work, label, x));
  for (size_t i = 0; i < layout.n_par; i++)  /* away from any stationary point */
    x[i] += 0.05 * sin ((double) i + 1.0);
  gbtm_likelihood (problem, &layout, x, &work, gradient);
  for (size_t i = 0; i < layout.n_par; i++)
    {
      double up, down, h = 1e-5;

      memcpy (at, x, sizeof at);
      at[i] = x[i] + h;
      up = gbtm_likelihood (problem, &layout, at, &work, NULL);
      at[i] = x[i] - h;
      down = gbtm_likelihood (problem, &layout, at, &work, NULL);
      assert_near (gradient[i], (up - down) / (2.0 * h), 1e-5 * (1.0 + fabs (gradient[i])));
    }
  g_free (label);
  gbtm_work_clear (&work);
  gbtm_problem_free (problem);
}

/* The fit ends where the gradient is zero, and EM never fell on the way. */
static void
test_optimum (gconstpointer user)
{
  const Variant *v = user;
  GbtmTruth truth = gbtm_truth_default (150);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 12);
  KtmGbtmSpec spec = variant_spec (v, cohort);
  KtmGbtmFit *fit;
  double loglik, share = 0.0;

  spec.n_starts = spec.max_starts = 6;
  fit = fit_spec (&cohort->data, &spec);
  g_assert_cmpuint (fit->flags & KTM_GBTM_NOT_CONVERGED, ==, 0);
  g_assert_cmpfloat (fit->max_gradient, <, 1e-6);
  for (size_t k = 0; k < v->k; k++)
    {
      share += fit->model.pi[k];
      g_assert_true (k == 0 || fit->level[k] >= fit->level[k - 1]);
    }
  assert_near (share, 1.0, 1e-12);
  if (!v->covariate)
    {
      g_assert_cmpint (ktm_gbtm_loglik (&cohort->data, &fit->model, &loglik), ==, KTM_STATS_OK);
      assert_near (loglik, fit->loglik, 1e-7);
    }
  ktm_gbtm_fit_free (fit);
}

/* Normal random intercepts have a closed form: sigma² I + tau² J. */
static void
test_closed_form (void)
{
  GbtmTruth truth = gbtm_truth_default (80);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 5);
  KtmGbtmModel model = { .n_classes = 1,
                         .n_coef = { 2 },
                         .coef = { { 6.3, -0.21 } },
                         .sigma = { 1.17 },
                         .tau = 1.43,
                         .pi = { 1.0 },
                         .lo = -INFINITY,
                         .hi = INFINITY };
  double expected = 0.0, got;

  cohort->data.lo = -INFINITY;
  cohort->data.hi = INFINITY;
  for (size_t i = 0; i < truth.n; i++)
    {
      double n = 0.0, sum = 0.0, squares = 0.0, s2 = 1.17 * 1.17, t2 = 1.43 * 1.43;

      for (size_t r = 0; r < cohort->data.n_obs; r++)
        if (cohort->subject[r] == i)
          {
            double e = cohort->y[r] - 6.3 + 0.21 * cohort->time[r];

            n += 1.0;
            sum += e;
            squares += e * e;
          }
      expected -= 0.5 * (n * log (2.0 * G_PI) + (n - 1.0) * log (s2) + log (s2 + n * t2)
                         + (squares - t2 / (s2 + n * t2) * sum * sum) / s2);
    }
  g_assert_cmpint (ktm_gbtm_loglik (&cohort->data, &model, &got), ==, KTM_STATS_OK);
  assert_near (got, expected, 1e-8);
}

/* --- the reference cohort --------------------------------------------------------------------- */

static void
test_sample (void)
{
  static const double expected[] = { -4111.8, -3599.6, -3420.6, -3366.2, -3318.2, -3269.4 };
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();
  KtmGbtmFit *previous = NULL;

  for (size_t k = 1; k <= 6; k++)
    {
      KtmGbtmSpec spec = ktm_gbtm_spec (k, 3);
      KtmGbtmFit *fit;

      g_assert_cmpint (ktm_gbtm_fit (&cohort->data, &spec, previous, NULL, &fit), ==, KTM_STATS_OK);
      g_assert_cmpuint (fit->n_subjects, ==, 254);
      g_assert_cmpuint (fit->n_obs, ==, 1996);
      assert_near (fit->loglik, expected[k - 1], 0.05);
      g_assert_true (k == 1 || fit->n_hits >= 2);
      g_assert_true (previous == NULL || fit->loglik >= previous->loglik);
      ktm_gbtm_fit_free (previous);
      previous = fit;
    }
  ktm_gbtm_fit_free (previous);
}

/* --- invariance ------------------------------------------------------------------------------- */

static void
assert_same_fit (const KtmGbtmFit *a, const KtmGbtmFit *b, double time_unit, double slope,
                 double shift)
{
  assert_near (a->loglik - (double) (a->n_obs - a->n_left - a->n_right) * log (slope), b->loglik,
               1e-6);
  for (size_t k = 0; k < a->model.n_classes; k++)
    {
      assert_near (a->model.pi[k], b->model.pi[k], 1e-6);
      assert_near (a->model.sigma[k] * slope, b->model.sigma[k], 1e-6 * slope);
      assert_near (a->sigma_se[k] * slope, b->sigma_se[k], 1e-5 * slope);
      assert_near (shift + slope * a->model.coef[k][0], b->model.coef[k][0], 1e-5 * slope);
      assert_near (slope * a->model.coef[k][2], b->model.coef[k][2] * time_unit * time_unit,
                   1e-6 * slope);
      assert_near (slope * a->coef_se[k][1], b->coef_se[k][1] * time_unit, 1e-5 * slope);
    }
}

static void
test_invariance (void)
{
  GbtmTruth truth = gbtm_truth_default (200);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 21);
  g_autoptr (GbtmCohort) other =
      gbtm_cohort_rows (cohort->subject, cohort->time, cohort->y, cohort->data.n_obs, 200);
  size_t n = cohort->data.n_obs;
  KtmGbtmFit *fit = fit_classes (&cohort->data, 3, 2), *again;

  for (size_t r = 0; r < n; r++)  /* rows backwards, patients backwards */
    {
      other->subject[r] = 199 - cohort->subject[n - 1 - r];
      other->time[r] = cohort->time[n - 1 - r];
      other->y[r] = cohort->y[n - 1 - r];
    }
  again = fit_classes (&other->data, 3, 2);
  assert_same_fit (fit, again, 1.0, 1.0, 0.0);
  for (size_t i = 0; i < 200; i++)
    g_assert_cmpint (fit->modal[i], ==, again->modal[199 - i]);
  ktm_gbtm_fit_free (again);
  for (size_t r = 0; r < n; r++)  /* days, a hundred points, shifted */
    {
      other->time[r] = 30.4375 * other->time[r] - 7.0;
      other->y[r] = 13.0 + 10.0 * other->y[r];
    }
  other->data.lo = 13.0;
  other->data.hi = 113.0;
  again = fit_classes (&other->data, 3, 2);
  assert_near (fit->loglik - (double) (n - fit->n_left - fit->n_right) * log (10.0), again->loglik,
               1e-6);
  assert_near (10.0 * fit->model.sigma[0], again->model.sigma[0], 1e-5);
  assert_near (13.0 + 10.0 * ktm_gbtm_latent (&fit->model, 1, 5.0),
               ktm_gbtm_latent (&again->model, 1, 30.4375 * 5.0 - 7.0), 1e-4);
  assert_near (fit->pi_se[0], again->pi_se[0], 1e-5);
  ktm_gbtm_fit_free (again);
  ktm_gbtm_fit_free (fit);
}

/* The same bits for any number of threads. */
static void
test_threads (void)
{
  GbtmTruth truth = gbtm_truth_default (120);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 31);
  KtmGbtmFit *first = NULL;

  for (unsigned threads = 1; threads <= 3; threads++)
    {
      KtmGbtmSpec spec = ktm_gbtm_spec (4, 2);
      KtmGbtmFit *fit;

      spec.n_threads = threads;
      fit = fit_spec (&cohort->data, &spec);
      if (first == NULL)
        {
          first = fit;
          continue;
        }
      g_assert_true (fit->loglik == first->loglik);
      g_assert_cmpmem (fit->scaled, fit->n_par * sizeof (double), first->scaled,
                       first->n_par * sizeof (double));
      g_assert_cmpmem (fit->vcov, fit->n_par * fit->n_par * sizeof (double), first->vcov,
                       first->n_par * first->n_par * sizeof (double));
      g_assert_cmpuint (fit->n_hits, ==, first->n_hits);
      ktm_gbtm_fit_free (fit);
    }
  ktm_gbtm_fit_free (first);
}

/* --- recovery --------------------------------------------------------------------------------- */

static void
test_recovery (void)
{
  GbtmTruth truth = gbtm_truth_default (600);
  g_autoptr (GbtmCohort) cohort = NULL;
  size_t right = 0, counted = 0;
  KtmGbtmFit *fit;

  truth.round = FALSE;
  truth.drop = 0.0;
  cohort = gbtm_cohort_new (&truth, 41);
  fit = fit_classes (&cohort->data, 3, 2);
  for (size_t k = 0; k < 3; k++)
    {
      assert_near (fit->model.pi[k], truth.share[k], 2.5 * fit->pi_se[k]);
      for (size_t j = 0; j < 3; j++)
        assert_near (fit->model.coef[k][j], truth.coef[k][j], 3.5 * fit->coef_se[k][j]);
    }
  assert_near (fit->model.sigma[0], truth.sigma, 3.0 * fit->sigma_se[0]);
  for (size_t i = 0; i < truth.n; i++)
    {
      counted++;
      right += (size_t) fit->modal[i] == cohort->truth[i];
    }
  g_assert_cmpfloat ((double) right / (double) counted, >=, 0.95);
  ktm_gbtm_fit_free (fit);
}

/* E[y] stays on the scale and its interval holds it. */
static void
test_curve (void)
{
  GbtmTruth truth = gbtm_truth_default (200);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 51);
  KtmGbtmFit *fit = fit_classes (&cohort->data, 3, 2);
  double time[] = { -20.0, 0.0, 6.0, 12.0, 40.0 };
  KtmEstimate curve[5];

  for (size_t k = 0; k < 3; k++)
    {
      g_assert_cmpint (ktm_gbtm_curve (fit, k, time, 5, 0.95, curve), ==, KTM_STATS_OK);
      for (size_t j = 0; j < 5; j++)
        {
          g_assert_true (curve[j].low >= 0.0 && curve[j].high <= 10.0);
          g_assert_true (curve[j].low <= curve[j].value && curve[j].value <= curve[j].high);
          assert_near (curve[j].value, ktm_gbtm_expected (&fit->model, k, time[j]), 1e-12);
        }
    }
  g_assert_cmpint (ktm_gbtm_curve (fit, 3, time, 5, 0.95, curve), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_true (isnan (curve[0].value));
  g_assert_cmpint (ktm_gbtm_curve (fit, 0, time, 5, 1.0, curve), ==, KTM_STATS_BAD_ARGUMENT);
  time[1] = NAN;
  g_assert_cmpint (ktm_gbtm_curve (fit, 0, time, 5, 0.95, curve), ==, KTM_STATS_NOT_FINITE);
  ktm_gbtm_fit_free (fit);
}

/* --- degenerate cohorts ----------------------------------------------------------------------- */

typedef struct
{
  const char    *name;
  size_t         n, n_subjects, k, order;
  size_t         subject[8];
  double         time[8], y[8];
  KtmStatsStatus expected;
} Degenerate;

static const Degenerate degenerates[] = {
  { "nobody", 0, 0, 1, 0, { 0 }, { 0 }, { 0 }, KTM_STATS_TOO_FEW },
  { "no-score", 0, 3, 1, 0, { 0 }, { 0 }, { 0 }, KTM_STATS_TOO_FEW },
  { "one-score", 1, 1, 1, 0, { 0 }, { 0 }, { 4.5 }, KTM_STATS_TOO_FEW },
  { "one-patient-two-classes",
    5,
    1,
    2,
    0,
    { 0 },
    { 0, 1, 2, 3, 4 },
    { 7, 6, 4, 5, 3 },
    KTM_STATS_TOO_FEW },
  { "one-patient", 5, 1, 1, 1, { 0 }, { 0, 1, 2, 3, 4 }, { 7, 6, 4, 5, 3 }, KTM_STATS_OK },
  { "two-patients",
    8,
    2,
    1,
    1,
    { 0, 0, 0, 0, 1, 1, 1, 1 },
    { 0, 1, 2, 3, 0, 1, 2, 3 },
    { 7, 6, 4, 5, 8, 8, 7, 9 },
    KTM_STATS_OK },
  { "as-many-classes",
    8,
    2,
    2,
    0,
    { 0, 0, 0, 0, 1, 1, 1, 1 },
    { 0, 1, 2, 3, 0, 1, 2, 3 },
    { 7, 6, 4, 5, 8, 8, 7, 9 },
    KTM_STATS_OK },
  { "same-course",
    8,
    4,
    2,
    0,
    { 0, 0, 1, 1, 2, 2, 3, 3 },
    { 0, 1, 0, 1, 0, 1, 0, 1 },
    { 7, 6, 7, 6, 7, 6, 7, 6 },
    KTM_STATS_TOO_FEW },
  { "all-equal",
    8,
    4,
    1,
    0,
    { 0, 0, 1, 1, 2, 2, 3, 3 },
    { 0, 1, 0, 1, 0, 1, 0, 1 },
    { 7, 7, 7, 7, 7, 7, 7, 7 },
    KTM_STATS_NO_VARIANCE },
  { "one-visit",
    8,
    8,
    1,
    1,
    { 0, 1, 2, 3, 4, 5, 6, 7 },
    { 0 },
    { 7, 6, 4, 5, 8, 8, 7, 9 },
    KTM_STATS_SINGULAR },
  { "one-visit-level",
    8,
    8,
    2,
    0,
    { 0, 1, 2, 3, 4, 5, 6, 7 },
    { 0 },
    { 7, 6, 4, 5, 8, 8.5, 7.5, 9 },
    KTM_STATS_OK },
  { "all-censored",
    8,
    4,
    1,
    0,
    { 0, 0, 1, 1, 2, 2, 3, 3 },
    { 0, 1, 0, 1, 0, 1, 0, 1 },
    { 0, 0, 10, 10, 0, 10, 0, 0 },
    KTM_STATS_UNDEFINED },
  { "perfect-line",
    6,
    2,
    1,
    1,
    { 0, 0, 0, 1, 1, 1 },
    { 0, 1, 2, 0, 1, 2 },
    { 7, 6, 5, 7, 6, 5 },
    KTM_STATS_OK },
  { "nan-score", 3, 3, 1, 0, { 0, 1, 2 }, { 0 }, { 4, NAN, 5 }, KTM_STATS_NOT_FINITE },
  { "subject-out-of-range", 3, 2, 1, 0, { 0, 1, 2 }, { 0 }, { 4, 3, 5 }, KTM_STATS_BAD_ARGUMENT },
  { "too-many-classes", 3, 3, 9, 0, { 0, 1, 2 }, { 0 }, { 4, 3, 5 }, KTM_STATS_BAD_ARGUMENT },
  { "order-five", 3, 3, 1, 5, { 0, 1, 2 }, { 0 }, { 4, 3, 5 }, KTM_STATS_BAD_ARGUMENT },
};

/* A status, and never OK with NaN where a number is promised. */
static void
test_degenerate (gconstpointer user)
{
  const Degenerate *d = user;
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_rows (d->subject, d->time, d->y, d->n, d->n_subjects);
  KtmGbtmSpec spec = ktm_gbtm_spec (d->k, d->order);
  KtmGbtmFit *fit;

  spec.max_starts = 50;
  g_assert_cmpint (ktm_gbtm_fit (&cohort->data, &spec, NULL, NULL, &fit), ==, d->expected);
  g_assert_true ((fit != NULL) == (d->expected == KTM_STATS_OK));
  if (fit == NULL)
    return;
  g_assert_true (isfinite (fit->loglik) && isfinite (fit->bic_subjects) && isfinite (fit->icl));
  for (size_t k = 0; k < d->k; k++)
    {
      g_assert_true (isfinite (fit->model.pi[k]) && isfinite (fit->model.sigma[k]));
      g_assert_true (isfinite (ktm_gbtm_expected (&fit->model, k, 0.5)));
      for (size_t j = 0; j <= d->order; j++)
        {
          g_assert_true (isfinite (fit->model.coef[k][j]));
          g_assert_true (isfinite (fit->coef_se[k][j]) || (fit->flags & KTM_GBTM_NO_SE));
        }
    }
  for (size_t i = 0; i < d->n_subjects * d->k; i++)
    g_assert_true (isfinite (fit->posterior[i]));
  if (g_str_equal (d->name, "perfect-line"))
    g_assert_cmpuint (fit->flags & KTM_GBTM_SIGMA_FLOOR, !=, 0);
  if (g_str_equal (d->name, "as-many-classes"))
    g_assert_cmpuint (fit->flags & KTM_GBTM_EMPTY_CLASS, !=, 0);
  ktm_gbtm_fit_free (fit);
}

/* Patients without a score are counted, not used. */
static void
test_without_score (void)
{
  GbtmTruth truth = gbtm_truth_default (90);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 61);
  KtmGbtmFit *fit, *more;

  fit = fit_classes (&cohort->data, 2, 1);
  cohort->data.n_subjects += 3;
  more = fit_classes (&cohort->data, 2, 1);
  g_assert_true (fit->loglik == more->loglik);
  g_assert_cmpuint (more->n_without_score, ==, 3);
  g_assert_cmpint (more->modal[91], ==, -1);
  g_assert_true (isnan (more->posterior[2 * 91]));
  ktm_gbtm_fit_free (fit);
  ktm_gbtm_fit_free (more);
}

static bool
stop_at_once (void *data)
{
  int *asked = data;

  return ++*asked > 3;
}

static void
test_cancel (void)
{
  GbtmTruth truth = gbtm_truth_default (200);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 71);
  KtmGbtmSpec spec = ktm_gbtm_spec (5, 3);
  int asked = 0;
  KtmProgress progress = { .stop = stop_at_once, .data = &asked };
  KtmGbtmFit *fit;

  spec.n_threads = 2;
  g_assert_cmpint (ktm_gbtm_fit (&cohort->data, &spec, NULL, &progress, &fit), ==,
                   KTM_STATS_CANCELLED);
  g_assert_null (fit);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autofree char *gradient = g_strconcat ("/stats/gbtm/gradient/", variants[i].name, NULL);
      g_autofree char *optimum = g_strconcat ("/stats/gbtm/optimum/", variants[i].name, NULL);

      g_test_add_data_func (gradient, &variants[i], test_gradient);
      g_test_add_data_func (optimum, &variants[i], test_optimum);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (degenerates); i++)
    {
      g_autofree char *path = g_strconcat ("/stats/gbtm/degenerate/", degenerates[i].name, NULL);

      g_test_add_data_func (path, &degenerates[i], test_degenerate);
    }
  g_test_add_func ("/stats/gbtm/closed-form", test_closed_form);
  g_test_add_func ("/stats/gbtm/sample", test_sample);
  g_test_add_func ("/stats/gbtm/invariance", test_invariance);
  g_test_add_func ("/stats/gbtm/threads", test_threads);
  g_test_add_func ("/stats/gbtm/recovery", test_recovery);
  g_test_add_func ("/stats/gbtm/curve", test_curve);
  g_test_add_func ("/stats/gbtm/without-score", test_without_score);
  g_test_add_func ("/stats/gbtm/cancel", test_cancel);
  return g_test_run ();
}
