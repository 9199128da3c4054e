/* Survival: curves, tests, interval-censored times, Cox.  Published numbers, properties, every
 * refusal. */
#include "model-test.h"

#include "ktm-cox.h"
#include "ktm-survival.h"

#include <string.h>

/* Weeks in remission of acute leukaemia, 6-MP and placebo: Freireich et al. (1963); Cox (1972), J R
 * Stat Soc B 34:187. */
static const double mp_time[] = { 6,  6,  6,  6,  7,  9,  10, 10, 11, 13, 16,
                                  17, 19, 20, 22, 23, 25, 32, 32, 34, 35 };
static const bool mp_event[] = { 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0 };
static const double placebo_time[] = { 1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                                       8, 8, 11, 11, 12, 12, 15, 17, 22, 23 };

typedef struct
{
  double time[42], x[42];
  bool   event[42];
  size_t group[42];
} Leukaemia;

static Leukaemia
leukaemia (void)
{
  Leukaemia d;

  for (size_t i = 0; i < 42; i++)
    {
      d.time[i] = i < 21 ? mp_time[i] : placebo_time[i - 21];
      d.event[i] = i < 21 ? mp_event[i] : true;
      d.group[i] = i < 21 ? 0 : 1;
      d.x[i] = (double) d.group[i];
    }
  return d;
}

static void
test_curve (void)
{
  KtmSurvival curve;
  KtmEstimate at10, rmst;
  size_t risk, events, censored;

  g_assert_cmpint (ktm_survival (mp_time, mp_event, 21, 0.95, &curve), ==, KTM_STATS_OK);
  g_assert_cmpuint (curve.n_events, ==, 9);
  at10 = ktm_survival_at (&curve, 10.0);
  assert_near (at10.value, 0.7529, 5e-5);  /* R survfit, conf.type "log-log" */
  assert_near (at10.se, 0.0963, 5e-5);
  assert_near (at10.low, 0.5032, 5e-5);
  assert_near (at10.high, 0.8894, 5e-5);
  assert_near (ktm_survival_quantile (&curve, 0.5).value, 23.0, 1e-12);
  assert_near (ktm_survival_quantile (&curve, 0.5).low, 13.0, 1e-12);
  g_assert_true (isnan (ktm_survival_quantile (&curve, 0.5).high));
  g_assert_true (isnan (ktm_survival_quantile (&curve, 0.0).value));
  assert_near (ktm_survival_at (&curve, 5.9).value, 1.0, 0.0);
  g_assert_true (isnan (ktm_survival_at (&curve, 36.0).value));
  g_assert_cmpint (ktm_survival_rmst (&curve, 6.0, &rmst), ==, KTM_STATS_OK);
  assert_near (rmst.value, 6.0, 1e-12);
  g_assert_cmpint (ktm_survival_rmst (&curve, 7.0, &rmst), ==, KTM_STATS_OK);
  assert_near (rmst.value, 6.0 + 18.0 / 21.0, 1e-12);
  g_assert_cmpint (ktm_survival_rmst (&curve, 36.0, &rmst), ==, KTM_STATS_UNDEFINED);
  g_assert_cmpint (ktm_survival_rmst (&curve, 0.0, &rmst), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_true (isnan (rmst.value));
  ktm_survival_count (mp_time, mp_event, 21, 6.0, &risk, &events, &censored);
  g_assert_cmpuint (risk, ==, 21);
  g_assert_cmpuint (events, ==, 3);
  g_assert_cmpuint (censored, ==, 1);
  ktm_survival_clear (&curve);
}

/* Without censoring the restricted mean is the mean and Greenwood's error that of a proportion. */
static void
test_uncensored (void)
{
  bool event[21];
  KtmSurvival curve, other;
  KtmEstimate rmst, difference;
  KtmTest test;
  double mean = 0.0;

  for (size_t i = 0; i < 21; i++)
    {
      event[i] = true;
      mean += placebo_time[i] / 21.0;
    }
  g_assert_cmpint (ktm_survival (placebo_time, event, 21, 0.95, &curve), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_survival_rmst (&curve, 23.0, &rmst), ==, KTM_STATS_OK);
  assert_near (rmst.value, mean, 1e-12);
  assert_near (ktm_survival_at (&curve, 5.0).se, sqrt (12.0 / 21.0 * 9.0 / 21.0 / 21.0), 1e-12);
  g_assert_true (isnan (curve.low[curve.n_times - 1]));
  assert_near (curve.survival[curve.n_times - 1], 0.0, 1e-12);
  ktm_survival (mp_time, mp_event, 21, 0.95, &other);
  g_assert_cmpint (ktm_survival_rmst_difference (&other, &curve, 20.0, &difference, &test), ==,
                   KTM_STATS_OK);
  g_assert_true (difference.value > 0.0 && difference.low > 0.0 && test.p < 0.001);
  g_assert_cmpint (ktm_survival_rmst_difference (&other, &curve, 0.5, &difference, &test), ==,
                   KTM_STATS_UNDEFINED);
  ktm_survival_clear (&curve);
  ktm_survival_clear (&other);
}

static void
test_logrank (void)
{
  Leukaemia d = leukaemia ();
  double observed[2], expected[2];
  size_t stratum[42], three[42];
  KtmTest test, again;

  g_assert_cmpint (
      ktm_logrank (d.time, d.event, d.group, NULL, 42, 2, KTM_LOGRANK, observed, expected, &test),
      ==, KTM_STATS_OK);
  assert_near (test.statistic, 16.793, 5e-4);  /* R survdiff: 16.8 on 1 df */
  assert_near (observed[0], 9.0, 1e-12);
  assert_near (expected[0], 19.2505, 5e-4);
  assert_near (expected[0] + expected[1], 30.0, 1e-9);
  for (size_t i = 0; i < 42; i++)
    {
      stratum[i] = 7;
      three[i] = 2 * d.group[i];  /* an empty group between them */
    }
  ktm_logrank (d.time, d.event, d.group, stratum, 42, 2, KTM_LOGRANK, NULL, NULL, &again);
  assert_near (again.statistic, test.statistic, 1e-12);
  g_assert_cmpint (
      ktm_logrank (d.time, d.event, three, NULL, 42, 3, KTM_LOGRANK, NULL, NULL, &again), ==,
      KTM_STATS_OK);
  assert_near (again.statistic, test.statistic, 1e-9);
  assert_near (again.df, 1.0, 0.0);
  for (size_t i = 0; i < 42; i++)
    stratum[i] = d.group[i];  /* nothing left to compare within a stratum */
  g_assert_cmpint (
      ktm_logrank (d.time, d.event, d.group, stratum, 42, 2, KTM_LOGRANK, observed, NULL, &again),
      ==, KTM_STATS_UNDEFINED);
  g_assert_true (isnan (again.p) && isnan (observed[0]));
}

/* Twice the same data in two strata: the statistic doubles. */
static void
test_strata (void)
{
  Leukaemia d = leukaemia ();
  double time[84];
  bool event[84];
  size_t group[84], stratum[84];
  KtmTest one, two;

  for (size_t i = 0; i < 84; i++)
    {
      time[i] = d.time[i % 42] + (i < 42 ? 0.0 : 3.0);
      event[i] = d.event[i % 42];
      group[i] = d.group[i % 42];
      stratum[i] = i / 42;
    }
  for (int w = KTM_LOGRANK; w <= KTM_LOGRANK_PETO; w++)
    {
      ktm_logrank (d.time, d.event, d.group, NULL, 42, 2, (KtmLogrankWeight) w, NULL, NULL, &one);
      ktm_logrank (time, event, group, stratum, 84, 2, (KtmLogrankWeight) w, NULL, NULL, &two);
      assert_near (two.statistic, 2.0 * one.statistic, 1e-9);
    }
}

static void
test_turnbull (void)
{
  /* known exactly or right-censored: Kaplan-Meier */
  double left[21], right[21];
  KtmSurvival curve;
  KtmTurnbull turnbull;
  double from, to;

  for (size_t i = 0; i < 21; i++)
    {
      left[i] = mp_time[i];
      right[i] = mp_event[i] ? mp_time[i] : INFINITY;
    }
  ktm_survival (mp_time, mp_event, 21, 0.95, &curve);
  g_assert_cmpint (ktm_turnbull (left, right, 21, &turnbull), ==, KTM_STATS_OK);
  g_assert_cmpuint (turnbull.n_intervals, ==, curve.n_times + 1);
  for (size_t i = 0; i < curve.n_times; i++)
    {
      assert_near (turnbull.to[i], curve.time[i], 0.0);
      assert_near (turnbull.survival[i], curve.survival[i], 1e-5);
    }
  ktm_turnbull_quantile (&turnbull, 0.5, &from, &to);
  assert_near (from, 23.0, 0.0);
  ktm_turnbull_quantile (&turnbull, 0.1, &from, &to);
  g_assert_true (isnan (to));
  ktm_survival_clear (&curve);
  ktm_turnbull_clear (&turnbull);
}

/* Between monthly visits: the mass of an interval that nobody else cuts is its share. */
static void
test_turnbull_visits (void)
{
  double left[] = { 0, 0, 1, 1, 1, 2, 2, 3, 3, 3 },
         right[] = { 1, 1, 2, 2, 2, 3, 3, INFINITY, INFINITY, INFINITY };
  KtmTurnbull turnbull;

  g_assert_cmpint (ktm_turnbull (left, right, 10, &turnbull), ==, KTM_STATS_OK);
  g_assert_cmpuint (turnbull.n_intervals, ==, 4);
  assert_near (turnbull.mass[0], 0.2, 1e-6);
  assert_near (turnbull.mass[1], 0.3, 1e-6);
  assert_near (turnbull.survival[1], 0.5, 1e-6);
  assert_near (turnbull.mass[3], 0.3, 1e-6);
  g_assert_true (isinf (turnbull.to[3]));
  ktm_turnbull_clear (&turnbull);
  /* a visit missed: (0, 2] is shared between (0, 1] and (1, 2] as the others say */
  right[0] = 2.0;
  g_assert_cmpint (ktm_turnbull (left, right, 10, &turnbull), ==, KTM_STATS_OK);
  assert_near (turnbull.mass[0], 0.125, 1e-5);
  assert_near (turnbull.mass[0] + turnbull.mass[1], 0.5, 1e-5);
  ktm_turnbull_clear (&turnbull);
}

/* Against R 4.2 survival::survfit (Surv (…, type = "interval2") ~ 1), whose EM stops a little
 * early. */
static void
test_turnbull_r (void)
{
  double left[] = { 4, 6, 2, 0, 0, 4,  1, 1, 0, 0,  11, 4, 3, 3, 0,
                    0, 11, 6, 10, 0, 11, 6, 0, 2, 1, 0,  2, 5, 6 };
  double right[] = { INFINITY, 7, 3, 1,        2,        5, INFINITY, INFINITY, 1, 2,
                     INFINITY, 5, 4, 4,        1,        1, INFINITY, INFINITY, 11, 1,
                     INFINITY, INFINITY, INFINITY, 3, 3, 1, INFINITY, 6,        INFINITY };
  static const double after[] = { 1, 0.71433, 2, 0.71422, 3, 0.58823, 4, 0.50420,
                                  5, 0.41253, 6, 0.36669, 7, 0.29335 };
  double level_left[] = { 0, 0, 0, 0, 10, 5, 5, 6, 9, 9 },
         level_right[] = { 1, 1, INFINITY, INFINITY, INFINITY, 6, 6, INFINITY, 10, INFINITY };
  KtmTurnbull turnbull;
  double from, to;

  g_assert_cmpint (ktm_turnbull (left, right, 29, &turnbull), ==, KTM_STATS_OK);
  for (size_t k = 0; k < G_N_ELEMENTS (after); k += 2)
    {
      double s = 1;

      for (size_t j = 0; j < turnbull.n_intervals && turnbull.to[j] <= after[k]; j++)
        s = turnbull.survival[j];
      assert_near (s, after[k + 1], 2e-4);
    }
  ktm_turnbull_quantile (&turnbull, 0.5, &from, &to); /* R: 4.5 */
  assert_near (from, 4.0, 0.0);
  assert_near (to, 5.0, 0.0);
  ktm_turnbull_clear (&turnbull);
  /* at one half from 6 to 9: R says 7.5 */
  g_assert_cmpint (ktm_turnbull (level_left, level_right, 10, &turnbull), ==, KTM_STATS_OK);
  ktm_turnbull_quantile (&turnbull, 0.5, &from, &to);
  assert_near (from, 7.0, 1e-9);
  assert_near (to, 8.0, 1e-9);
  ktm_turnbull_clear (&turnbull);
}

static void
test_cox (void)
{
  Leukaemia d = leukaemia ();
  KtmCox cox;
  KtmTest logrank;

  g_assert_cmpint (ktm_cox (d.time, d.event, d.x, 42, 1, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_OK);
  assert_near (cox.beta[0], 1.5721, 5e-5);  /* R coxph, Efron */
  assert_near (cox.se[0], 0.4124, 5e-5);
  assert_near (cox.lrt.statistic, 16.35, 5e-3);
  g_assert_true (cox.zph_p[0] > 0.5);
  ktm_cox_clear (&cox);
  g_assert_cmpint (ktm_cox (d.time, d.event, d.x, 42, 1, KTM_COX_BRESLOW, 0.95, &cox), ==,
                   KTM_STATS_OK);
  assert_near (cox.beta[0], 1.5092, 5e-5);  /* Cox (1972) gives 1.51 */
  ktm_cox_clear (&cox);
  for (size_t i = 0; i < 42; i++)
    d.time[i] += 1e-4 * (double) i;  /* no ties: the score test is the log-rank test */
  ktm_cox (d.time, d.event, d.x, 42, 1, KTM_COX_EFRON, 0.95, &cox);
  ktm_logrank (d.time, d.event, d.group, NULL, 42, 2, KTM_LOGRANK, NULL, NULL, &logrank);
  assert_near (cox.score.statistic, logrank.statistic, 1e-9);
  ktm_cox_clear (&cox);
}

/* Units of the covariate and the order of the patients do not matter. */
static void
test_cox_invariance (void)
{
  Leukaemia d = leukaemia ();
  double x[84], y[84], time[42];
  bool event[42];
  KtmCox a, b;

  for (size_t i = 0; i < 42; i++)
    {
      x[2 * i] = d.x[i];
      x[2 * i + 1] = sin ((double) (i * i)) + 0.1 * (double) (i % 7);
    }
  for (size_t i = 0; i < 42; i++)
    {
      y[2 * i] = x[2 * (41 - i)];
      y[2 * i + 1] = 5000.0 + 1000.0 * x[2 * (41 - i) + 1];
      time[i] = d.time[41 - i] * 30.4375;
      event[i] = d.event[41 - i];
    }
  g_assert_cmpint (ktm_cox (d.time, d.event, x, 42, 2, KTM_COX_EFRON, 0.95, &a), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_cox (time, event, y, 42, 2, KTM_COX_EFRON, 0.95, &b), ==, KTM_STATS_OK);
  assert_near (a.beta[0], b.beta[0], 1e-9);
  assert_near (a.beta[1], 1000.0 * b.beta[1], 1e-9);
  assert_near (a.loglik, b.loglik, 1e-9);
  assert_near (a.zph[1], b.zph[1], 1e-8);
  assert_near (a.concordance, b.concordance, 1e-12);
  ktm_cox_clear (&a);
  ktm_cox_clear (&b);
}

static void
test_refusals (void)
{
  double time[] = { 1, 2, 3, 4, 5, 6 }, x[] = { 0, 0, 0, 1, 1, 1 }, same[] = { 2, 2, 2, 2, 2, 2 },
         nan = NAN;
  bool event[] = { 1, 1, 1, 0, 0, 0 }, none[6] = { 0 };
  double two[] = { 0, 0, 1, 2, 0, 0, 1, 2, 2, 4, 3, 6 };
  size_t group[] = { 0, 0, 0, 1, 1, 1 };
  KtmSurvival curve;
  KtmTurnbull turnbull;
  KtmCox cox;
  KtmTest test;

  g_assert_cmpint (ktm_survival (time, event, 0, 0.95, &curve), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_survival (&nan, event, 1, 0.95, &curve), ==, KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_survival (time, event, 6, 1.0, &curve), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_survival (time, none, 6, 0.95, &curve), ==, KTM_STATS_OK);
  g_assert_cmpuint (curve.n_times, ==, 0);
  assert_near (ktm_survival_at (&curve, 6.0).value, 1.0, 0.0);
  ktm_survival_clear (&curve);
  g_assert_cmpint (ktm_logrank (time, none, group, NULL, 6, 2, KTM_LOGRANK, NULL, NULL, &test), ==,
                   KTM_STATS_UNDEFINED);
  g_assert_cmpint (ktm_logrank (time, event, group, NULL, 6, 1, KTM_LOGRANK, NULL, NULL, &test), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_logrank (time, event, group, NULL, 0, 2, KTM_LOGRANK, NULL, NULL, &test), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_turnbull (time, same, 6, &turnbull), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_turnbull (time, &nan, 1, &turnbull), ==, KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_turnbull (time, time, 0, &turnbull), ==, KTM_STATS_TOO_FEW);
  g_assert_null (turnbull.from);
  g_assert_cmpint (ktm_cox (time, event, x, 6, 1, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_SEPARATED);
  g_assert_null (cox.beta);
  g_assert_true (isnan (cox.loglik));
  g_assert_cmpint (ktm_cox (time, event, same, 6, 1, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_cox (time, event, two, 6, 2, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_cox (time, none, x, 6, 1, KTM_COX_EFRON, 0.95, &cox), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_cox (time, event, x, 6, 0, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_cox (&nan, event, x, 1, 1, KTM_COX_EFRON, 0.95, &cox), ==,
                   KTM_STATS_NOT_FINITE);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/survival/curve", test_curve);
  g_test_add_func ("/stats/survival/uncensored", test_uncensored);
  g_test_add_func ("/stats/survival/logrank", test_logrank);
  g_test_add_func ("/stats/survival/strata", test_strata);
  g_test_add_func ("/stats/survival/turnbull", test_turnbull);
  g_test_add_func ("/stats/survival/turnbull-visits", test_turnbull_visits);
  g_test_add_func ("/stats/survival/turnbull-r", test_turnbull_r);
  g_test_add_func ("/stats/survival/cox", test_cox);
  g_test_add_func ("/stats/survival/cox-invariance", test_cox_invariance);
  g_test_add_func ("/stats/survival/refusals", test_refusals);
  return g_test_run ();
}
