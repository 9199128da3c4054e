/* Trajectory classes of many patients: the quick way is the same function and ends at the same
 * optimum as the full way. */
#include "gbtm-cohort.h"

#include "ktm-gbtm-private.h"

#include <string.h>

/* --- the same likelihood ---------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  bool random_intercept, sigma_by_class, covariate, normal, weighted;
} Variant;

static const Variant variants[] = {
  { "classes", .weighted = false },
  { "sigma-by-class", .sigma_by_class = true },
  { "intercepts", .random_intercept = true },
  { "intercepts-normal", .random_intercept = true, .normal = true },
  { "intercepts-all",
    .random_intercept = true,
    .sigma_by_class = true,
    .covariate = true,
    .weighted = true },
};

static GbtmCohort *
make_cohort (size_t n, const Variant *variant)
{
  GbtmTruth truth = gbtm_truth_default (n);
  GbtmCohort *cohort;

  truth.tau = variant->random_intercept ? 0.8 : 0.0;
  truth.round = true;
  truth.effect = variant->covariate ? 0.7 : 0.0;
  cohort = gbtm_cohort_new (&truth, 5);
  if (variant->covariate)
    {
      cohort->data.covariate = cohort->covariate;
      cohort->data.n_covariates = 1;
    }
  if (variant->normal)
    {
      cohort->data.lo = -INFINITY;
      cohort->data.hi = INFINITY;
    }
  return cohort;
}

static void
assert_same_numbers (const double *a, const double *b, size_t n, double tolerance)
{
  for (size_t i = 0; i < n; i++)
    assert_near (a[i], b[i], tolerance * (1.0 + fabs (b[i])));
}

/* Likelihood, gradient, posterior and one EM step, with no, one and three threads. */
static void
test_likelihood (gconstpointer user)
{
  const Variant *variant = user;
  g_autoptr (GbtmCohort) cohort = make_cohort (150, variant);
  KtmGbtmSpec spec = ktm_gbtm_spec (2, 2);
  double x[GBTM_MAX_PAR], plain[GBTM_MAX_PAR], quick[GBTM_MAX_PAR], first = 0.0;
  double next[GBTM_MAX_PAR], step[GBTM_MAX_PAR], loglik;
  GbtmProblem *problem;
  GbtmLayout layout;
  GbtmWork one, many;
  double *label;

  spec.random_intercept = variant->random_intercept;
  spec.sigma_by_class = variant->sigma_by_class;
  g_assert_cmpint (gbtm_problem_new (&cohort->data, &spec, &problem), ==, KTM_STATS_OK);
  for (size_t i = 0; i < problem->n && variant->weighted; i++)
    problem->weight[i] = (double) (i % 3);
  gbtm_layout_init (&layout, problem, &spec, 101);
  g_assert_true (gbtm_work_init (&one, problem, &layout));
  label = g_new0 (double, problem->n * 2);
  gbtm_start_labels (problem, 2, 3, 2, label);
  g_assert_true (gbtm_first_step (problem, &layout, &one, label, x));
  loglik = gbtm_likelihood (problem, &layout, x, &one, plain);
  memcpy (next, x, sizeof next);
  for (unsigned threads = 0; threads <= 3; threads += threads + 1)
    {
      g_assert_true (gbtm_work_init_quick (&many, problem, &layout, threads));
      gbtm_likelihood (problem, &layout, x, &one, plain);
      assert_near (gbtm_likelihood (problem, &layout, x, &many, quick), loglik,
                   1e-9 * fabs (loglik));
      if (threads == 1)
        first = quick[0];
      g_assert_true (threads <= 1 || quick[0] == first); /* to the bit */
      assert_same_numbers (quick, plain, layout.n_par, 1e-8);
      assert_same_numbers (many.post, one.post, 2 * problem->n, 1e-9);
      memcpy (step, x, sizeof step);
      memcpy (next, x, sizeof next);
      g_assert_true (gbtm_m_step (problem, &layout, &one, next));
      g_assert_true (gbtm_m_step (problem, &layout, &many, step));
      assert_same_numbers (step, next, layout.n_par, 1e-8);
      gbtm_work_clear (&many);
    }
  g_free (label);
  gbtm_work_clear (&one);
  gbtm_problem_free (problem);
}

/* --- the same optimum ------------------------------------------------------------------------- */

static KtmGbtmFit *
fit_with (const KtmGbtmData *data, KtmGbtmSpec spec, size_t sample_above, unsigned n_threads)
{
  KtmGbtmFit *fit;

  spec.sample_above = sample_above;
  spec.n_threads = n_threads;
  g_assert_cmpint (ktm_gbtm_fit (data, &spec, NULL, NULL, &fit), ==, KTM_STATS_OK);
  return fit;
}

static void
test_optimum (gconstpointer user)
{
  const Variant *variant = user;
  g_autoptr (GbtmCohort) cohort = make_cohort (variant->random_intercept ? 2100 : 3000, variant);
  KtmGbtmSpec spec = ktm_gbtm_spec (variant->random_intercept ? 1 : 3, 2);
  KtmGbtmFit *full, *quick, *again;

  spec.random_intercept = variant->random_intercept;
  spec.sigma_by_class = variant->sigma_by_class;
  spec.n_starts = spec.max_starts = 8;
  full = fit_with (&cohort->data, spec, 5000, 1);
  quick = fit_with (&cohort->data, spec, 1000, 1);
  again = fit_with (&cohort->data, spec, 1000, 2);
  g_assert_cmpuint (full->n_sample, ==, 0);
  g_assert_cmpuint (quick->n_sample, ==, KTM_GBTM_SAMPLE);
  g_assert_cmpuint (quick->flags, ==, full->flags);
  assert_near (quick->loglik, full->loglik, 1e-6);
  assert_same_numbers (quick->scaled, full->scaled, full->n_par, 1e-6);
  assert_same_numbers (quick->model.pi, full->model.pi, spec.n_classes, 1e-6);
  for (size_t k = 0; k < spec.n_classes; k++)
    assert_same_numbers (quick->coef_se[k], full->coef_se[k], 3, 1e-5);
  g_assert_true (again->loglik == quick->loglik);
  g_assert_cmpmem (again->scaled, full->n_par * sizeof (double), quick->scaled,
                   full->n_par * sizeof (double));
  ktm_gbtm_fit_free (full);
  ktm_gbtm_fit_free (quick);
  ktm_gbtm_fit_free (again);
}

/* With scores that are all different the sample has cells of its own. */
static void
test_decimals (void)
{
  GbtmTruth truth = gbtm_truth_default (2400);
  g_autoptr (GbtmCohort) cohort = NULL;
  KtmGbtmSpec spec = ktm_gbtm_spec (2, 1);
  KtmGbtmFit *full, *quick;

  truth.n_visits = 5;
  cohort = gbtm_cohort_new (&truth, 9);
  spec.n_starts = spec.max_starts = 5;
  full = fit_with (&cohort->data, spec, 5000, 1);
  quick = fit_with (&cohort->data, spec, 1000, 2);
  assert_near (quick->loglik, full->loglik, 1e-6);
  assert_same_numbers (quick->scaled, full->scaled, full->n_par, 1e-6);
  ktm_gbtm_fit_free (full);
  ktm_gbtm_fit_free (quick);
}

static bool
stop_at_third (void *data)
{
  return ++*(int *) data > 3;
}

static void
test_stopped (void)
{
  g_autoptr (GbtmCohort) cohort = make_cohort (2100, &variants[2]);
  KtmGbtmSpec spec = ktm_gbtm_spec (2, 2);
  int asked = 0;
  KtmProgress progress = { .stop = stop_at_third, .data = &asked };
  KtmGbtmFit *fit;

  spec.random_intercept = true;
  spec.sample_above = 1000;
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
      g_autofree char *path = g_strconcat ("/stats/gbtm/many/likelihood/", variants[i].name, NULL);

      g_test_add_data_func (path, &variants[i], test_likelihood);
    }
  g_test_add_data_func ("/stats/gbtm/many/optimum/classes", &variants[0], test_optimum);
  g_test_add_data_func ("/stats/gbtm/many/optimum/intercepts", &variants[2], test_optimum);
  g_test_add_func ("/stats/gbtm/many/optimum/decimals", test_decimals);
  g_test_add_func ("/stats/gbtm/many/stopped", test_stopped);
  return g_test_run ();
}
