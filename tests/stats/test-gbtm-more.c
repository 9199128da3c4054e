/* Trajectory classes: how many, one patient, resampling, covariates. */
#include "gbtm-cohort.h"

#include "ktm-gbtm-patient.h"
#include "ktm-gbtm-resample.h"
#include "ktm-gbtm-search.h"
#include "ktm-gbtm-steps.h"
#include "ktm-multinom.h"

#include <string.h>

static KtmGbtmFit *
fit_classes (const KtmGbtmData *data, size_t k, size_t order)
{
  KtmGbtmSpec spec = ktm_gbtm_spec (k, order);
  KtmGbtmFit *fit;

  g_assert_cmpint (ktm_gbtm_fit (data, &spec, NULL, NULL, &fit), ==, KTM_STATS_OK);
  return fit;
}

/* --- how many --------------------------------------------------------------------------------- */

static void
test_sample_advice (void)
{
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 3);
  KtmGbtmSearch search;

  g_assert_cmpint (ktm_gbtm_search (&cohort->data, &spec, 6, 1, NULL, &search), ==, KTM_STATS_OK);
  g_assert_cmpuint (search.advice.n_classes, ==, 3);
  g_assert_true (search.advice.by_rule);
  g_assert_cmpuint (search.advice.why[2], ==, 0);
  g_assert_cmpuint (search.advice.why[1], ==, KTM_GBTM_WHY_NEXT_GAINS);
  g_assert_cmpuint (search.advice.why[5] & KTM_GBTM_WHY_NO_NEXT, !=, 0);
  assert_near (search.advice.gain[2], 0.0611, 5e-4);
  g_assert_cmpuint (search.advice.lowest_bic, ==, 6);
  g_assert_true (search.advice.continuum
                 == (search.growth[0]->bic_subjects < search.fit[5]->bic_subjects));
  g_assert_cmpuint (search.advice.continuum_classes, ==, 1);
  ktm_gbtm_search_clear (&search);
}

/* The rule alone, on made-up fits. */
static void
test_rule (void)
{
  KtmGbtmFit fits[4];
  const KtmGbtmFit *list[4];
  KtmGbtmAdvice advice;
  double bic[] = { 1000.0, 700.0, 660.0, 655.0 };

  memset (fits, 0, sizeof fits);
  for (size_t k = 0; k < 4; k++)
    {
      fits[k].model.n_classes = k + 1;
      fits[k].bic_subjects = fits[k].icl = bic[k];
      list[k] = &fits[k];
      for (size_t c = 0; c <= k; c++)
        {
          fits[k].model.pi[c] = 1.0 / (double) (k + 1);
          fits[k].appa[c] = 0.9;
        }
    }
  g_assert_cmpint (ktm_gbtm_advise (list, 4, NULL, 0, &advice), ==, KTM_STATS_OK);
  g_assert_cmpuint (advice.n_classes, ==, 3);  /* 2 → 3 gains 13 %, 3 → 4 1.5 % */
  assert_near (advice.gain[1], 40.0 / 300.0, 1e-12);
  fits[2].model.pi[1] = 0.04;
  fits[2].appa[0] = 0.69;
  fits[2].flags = KTM_GBTM_MET_ONCE | KTM_GBTM_SIGMA_FLOOR | KTM_GBTM_NOT_CONVERGED;
  ktm_gbtm_advise (list, 4, NULL, 0, &advice);
  g_assert_cmpuint (advice.why[2], ==,
                    KTM_GBTM_WHY_SMALL_CLASS | KTM_GBTM_WHY_LOW_APPA | KTM_GBTM_WHY_MET_ONCE
                        | KTM_GBTM_WHY_DEGENERATE | KTM_GBTM_WHY_NOT_CONVERGED);
  g_assert_false (advice.by_rule);
  g_assert_cmpuint (advice.n_classes, ==, 4);
  bic[1] = fits[1].bic_subjects = 1010.0;
  fits[1].icl = 1010.0;
  ktm_gbtm_advise (list, 2, NULL, 0, &advice);
  g_assert_cmpuint (advice.n_classes, ==, 1);
  g_assert_true (advice.by_rule);
  list[0] = list[1] = NULL;
  ktm_gbtm_advise (list, 2, NULL, 0, &advice);
  g_assert_cmpuint (advice.n_classes, ==, 0);
  g_assert_cmpint (ktm_gbtm_advise (list, 0, NULL, 0, &advice), ==, KTM_STATS_BAD_ARGUMENT);
  list[0] = &fits[1];
  g_assert_cmpint (ktm_gbtm_advise (list, 2, NULL, 0, &advice), ==, KTM_STATS_BAD_ARGUMENT);
}

static bool
stop_late (void *data)
{
  int *left = data;

  return --*left < 0;
}

static void
test_partial (void)
{
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 2);
  int left = 1500;
  KtmProgress progress = { .stop = stop_late, .data = &left };
  KtmGbtmSearch search;

  g_assert_cmpint (ktm_gbtm_search (&cohort->data, &spec, 6, 2, &progress, &search), ==,
                   KTM_STATS_CANCELLED);
  g_assert_nonnull (search.fit[0]);
  g_assert_null (search.fit[5]);
  g_assert_cmpint (search.status[5], ==, KTM_STATS_CANCELLED);
  g_assert_null (search.growth[0]);
  ktm_gbtm_search_clear (&search);
}

static void
note_fraction (void *data, double fraction)
{
  double *last = data;

  g_assert_true (fraction >= *last - 1e-12 && fraction <= 1.0);
  *last = fraction;
}

/* What is reported only grows, and ends at 1. */
static void
test_progress (void)
{
  GbtmTruth truth = gbtm_truth_default (100);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 83);
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 1);
  double last = 0.0;
  KtmProgress progress = { .report = note_fraction, .data = &last };
  KtmGbtmSearch search;

  spec.n_threads = 2;
  spec.n_wanted = 20;
  spec.max_starts = 100;
  g_assert_cmpint (ktm_gbtm_search (&cohort->data, &spec, 4, 1, &progress, &search), ==,
                   KTM_STATS_OK);
  assert_near (last, 1.0, 1e-12);
  ktm_gbtm_search_clear (&search);
}

/* A small cohort: the row ends where no more classes can be fitted. */
static void
test_small (void)
{
  static const size_t subject[] = { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2 };
  static const double time[] = { 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3 },
                      y[] = { 7, 6, 4, 5, 8, 8, 7, 9, 3, 2, 4, 1 };
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_rows (subject, time, y, 12, 3);
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 1);
  KtmGbtmSearch search;

  spec.max_starts = 25;
  g_assert_cmpint (ktm_gbtm_search (&cohort->data, &spec, 6, 1, NULL, &search), ==, KTM_STATS_OK);
  g_assert_nonnull (search.fit[0]);
  g_assert_null (search.fit[3]);
  g_assert_cmpint (search.status[3], ==, KTM_STATS_TOO_FEW);
  ktm_gbtm_search_clear (&search);
}

/* Truly independent visits: the rule finds three. */
static void
test_right_number (void)
{
  GbtmTruth truth = gbtm_truth_default (250);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 81);
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 2);
  KtmGbtmSearch search;

  g_assert_cmpint (ktm_gbtm_search (&cohort->data, &spec, 5, 0, NULL, &search), ==, KTM_STATS_OK);
  g_assert_cmpuint (search.advice.n_classes, ==, 3);
  for (size_t k = 0; k < 3; k++)
    assert_near (search.fit[2]->model.pi[k], truth.share[k], 2.5 * search.fit[2]->pi_se[k]);
  ktm_gbtm_search_clear (&search);
}

/* --- one patient ------------------------------------------------------------------------------ */

static void
test_patient (void)
{
  GbtmTruth truth = gbtm_truth_default (150);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 91);
  KtmGbtmFit *fit = fit_classes (&cohort->data, 3, 2);
  double post[3], follow[14 * 3];

  for (size_t i = 0, from = 0, to; i < 30; i++, from = to)
    {
      for (to = from; to < cohort->data.n_obs && cohort->subject[to] == i; to++)
        ;
      g_assert_cmpint (ktm_gbtm_follow (&fit->model, NULL, cohort->time + from, cohort->y + from,
                                        to - from, follow),
                       ==, KTM_STATS_OK);
      ktm_gbtm_posterior (&fit->model, NULL, cohort->time + from, cohort->y + from, to - from,
                          post);
      for (size_t k = 0; k < 3; k++)
        {
          assert_near (follow[k], fit->model.pi[k], 1e-12);
          assert_near (follow[(to - from) * 3 + k], fit->posterior[3 * i + k], 1e-7);
          assert_near (post[k], fit->posterior[3 * i + k], 1e-7);
        }
    }
  post[0] = NAN;
  g_assert_cmpint (ktm_gbtm_posterior (&fit->model, NULL, post, post, 1, follow), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_true (isnan (follow[0]));
  ktm_gbtm_fit_free (fit);
}

/* Bounds hold new scores as often as they say; more scores narrow them. */
static void
test_outlook (void)
{
  GbtmTruth truth = gbtm_truth_default (400);
  g_autoptr (GbtmCohort) cohort = NULL;
  KtmGbtmFit *fit;
  size_t inside = 0, n = 0;

  truth.round = FALSE;
  truth.drop = truth.skip = 0.0;
  cohort = gbtm_cohort_new (&truth, 101);
  fit = fit_classes (&cohort->data, 3, 2);
  for (size_t i = 0; i < truth.n; i++)
    {
      KtmEstimate at12;
      const double *time = cohort->time + 13 * i, *y = cohort->y + 13 * i;

      g_assert_cmpint (ktm_gbtm_outlook (&fit->model, NULL, time, y, 4, time + 12, 1, 0.9, &at12),
                       ==, KTM_STATS_OK);
      g_assert_true (at12.low >= 0.0 && at12.high <= 10.0 && at12.low <= at12.value
                     && at12.value <= at12.high);
      inside += y[12] >= at12.low && y[12] <= at12.high;
      n++;
    }
  assert_near ((double) inside / (double) n, 0.9, 0.05);
  ktm_gbtm_fit_free (fit);
}

/* --- resampling ------------------------------------------------------------------------------- */

static void
test_early (void)
{
  GbtmTruth truth = gbtm_truth_default (80);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 111);
  KtmGbtmFit *fit = fit_classes (&cohort->data, 3, 2);
  double at[] = { 0.0, 3.0, 12.0 }, certainty[9], share[3];
  size_t counts[27], again[27];

  g_assert_cmpint (ktm_gbtm_early (&cohort->data, fit, at, 3, 2, NULL, counts, certainty), ==,
                   KTM_STATS_OK);
  for (size_t t = 0; t < 3; t++)
    {
      double right = 0.0, all = 0.0;

      for (size_t c = 0; c < 9; c++)
        {
          all += (double) counts[9 * t + c];
          right += c % 4 == 0 ? (double) counts[9 * t + c] : 0.0;
        }
      g_assert_cmpfloat (all, <=, 80.0);
      share[t] = right / all;
    }
  g_assert_true (share[0] < share[1] && share[1] < share[2] && share[2] > 0.9);
  g_assert_true (certainty[3 * 2] > certainty[0]);
  g_assert_cmpint (ktm_gbtm_early (&cohort->data, fit, at, 3, 1, NULL, again, certainty), ==,
                   KTM_STATS_OK);
  g_assert_cmpmem (counts, sizeof counts, again, sizeof again);
  cohort->data.n_obs--;
  g_assert_cmpint (ktm_gbtm_early (&cohort->data, fit, at, 3, 1, NULL, again, certainty), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpuint (again[0], ==, 0);
  g_assert_true (isnan (certainty[0]));
  ktm_gbtm_fit_free (fit);
}

static void
test_stability (void)
{
  GbtmTruth truth = gbtm_truth_default (150);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 121);
  KtmGbtmFit *fit = fit_classes (&cohort->data, 3, 2);
  KtmGbtmStability one, two;

  g_assert_cmpint (ktm_gbtm_stability (&cohort->data, fit, 60, 1, 7, 0.95, 1, NULL, &one), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (ktm_gbtm_stability (&cohort->data, fit, 60, 1, 7, 0.95, 3, NULL, &two), ==,
                   KTM_STATS_OK);
  g_assert_cmpuint (one.n_done, ==, 60);
  g_assert_cmpmem (one.same, 150 * sizeof (double), two.same, 150 * sizeof (double));
  for (size_t k = 0; k < 3; k++)
    {
      g_assert_true (one.jaccard[k] == two.jaccard[k] && one.jaccard[k] > 0.7
                     && one.jaccard[k] <= 1.0);
      g_assert_true (one.pi_low[k] < fit->model.pi[k] && fit->model.pi[k] < one.pi_high[k]);
      assert_near (one.pi_se[k] / fit->pi_se[k], 1.0, 0.5);
      assert_near (one.coef_se[k][1] / fit->coef_se[k][1], 1.0, 0.7);
    }
  ktm_gbtm_stability_clear (&one);
  ktm_gbtm_stability_clear (&two);
  g_assert_cmpint (ktm_gbtm_stability (&cohort->data, fit, 1, 0, 7, 0.95, 1, NULL, &one), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_null (one.same);
  ktm_gbtm_fit_free (fit);
}

static void
test_blrt (void)
{
  GbtmTruth truth = gbtm_truth_default (60);
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_new (&truth, 131);
  KtmGbtmFit *fit[3] = { NULL };
  KtmTest test, again;
  size_t n;

  for (size_t k = 0; k < 3; k++)
    fit[k] = fit_classes (&cohort->data, k + 1, 1);
  g_assert_cmpint (ktm_gbtm_blrt (&cohort->data, fit[0], fit[1], 19, 3, 2, NULL, &test, &n), ==,
                   KTM_STATS_OK);
  g_assert_cmpuint (n, ==, 19);
  assert_near (test.p, 0.05, 1e-12);  /* none of 19 as large */
  assert_near (test.statistic, 2.0 * (fit[1]->loglik - fit[0]->loglik), 1e-9);
  g_assert_cmpint (ktm_gbtm_blrt (&cohort->data, fit[0], fit[1], 19, 3, 1, NULL, &again, &n), ==,
                   KTM_STATS_OK);
  g_assert_true (test.p == again.p);
  g_assert_cmpint (ktm_gbtm_blrt (&cohort->data, fit[0], fit[2], 19, 3, 1, NULL, &again, &n), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_true (isnan (again.p));
  for (size_t k = 0; k < 3; k++)
    ktm_gbtm_fit_free (fit[k]);
}

/* --- covariates ------------------------------------------------------------------------------- */

/* One step and three steps find the effect; the naive regression of the most likely class pulls it
 * to zero. */
static void
test_covariates (void)
{
  GbtmTruth truth = gbtm_truth_default (1200);
  g_autoptr (GbtmCohort) cohort = NULL;
  KtmGbtmSpec spec = ktm_gbtm_spec (2, 1);
  g_autofree double *x = g_new (double, 2400);
  g_autofree size_t *told = g_new (size_t, 1200);
  KtmGbtmFit *plain, *one_step;
  KtmGbtmSteps steps;
  KtmMultinom naive;

  truth.k = 2;
  truth.effect = 1.0;
  truth.n_visits = 3;
  truth.sigma = 2.0;
  cohort = gbtm_cohort_new (&truth, 141);
  plain = fit_classes (&cohort->data, 2, 1);
  g_assert_cmpint (ktm_gbtm_three_steps (plain, cohort->covariate, 1200, 1, 0.95, &steps), ==,
                   KTM_STATS_OK);
  cohort->data.covariate = cohort->covariate;
  cohort->data.n_covariates = 1;
  g_assert_cmpint (ktm_gbtm_fit (&cohort->data, &spec, NULL, NULL, &one_step), ==, KTM_STATS_OK);
  for (size_t i = 0; i < 1200; i++)
    {
      x[2 * i] = 1.0;
      x[2 * i + 1] = cohort->covariate[i];
      told[i] = (size_t) plain->modal[i];
    }
  g_assert_cmpint (ktm_multinom (told, NULL, x, 1200, 2, 2, 0.95, &naive), ==, KTM_STATS_OK);
  assert_near (one_step->model.theta[1][1], 1.0, 3.0 * one_step->theta_se[1][1]);
  assert_near (steps.beta[1], one_step->model.theta[1][1], 2.0 * steps.se[1]);
  g_assert_cmpfloat (naive.beta[1], <, 0.8 * steps.beta[1]);
  assert_near (steps.error[0][0] + steps.error[0][1], 1.0, 1e-12);
  ktm_gbtm_steps_clear (&steps);
  g_assert_cmpint (ktm_gbtm_three_steps (plain, cohort->covariate, 7, 1, 0.95, &steps), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_null (steps.beta);
  ktm_multinom_clear (&naive);
  ktm_gbtm_fit_free (plain);
  ktm_gbtm_fit_free (one_step);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/gbtm/search/sample", test_sample_advice);
  g_test_add_func ("/stats/gbtm/search/rule", test_rule);
  g_test_add_func ("/stats/gbtm/search/partial", test_partial);
  g_test_add_func ("/stats/gbtm/search/progress", test_progress);
  g_test_add_func ("/stats/gbtm/search/small", test_small);
  g_test_add_func ("/stats/gbtm/search/right-number", test_right_number);
  g_test_add_func ("/stats/gbtm/patient/posterior", test_patient);
  g_test_add_func ("/stats/gbtm/patient/outlook", test_outlook);
  g_test_add_func ("/stats/gbtm/resample/early", test_early);
  g_test_add_func ("/stats/gbtm/resample/stability", test_stability);
  g_test_add_func ("/stats/gbtm/resample/blrt", test_blrt);
  g_test_add_func ("/stats/gbtm/covariates", test_covariates);
  return g_test_run ();
}
