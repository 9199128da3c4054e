/* Description, missing values, proportions, correlation, adjusted p-values. */
#include "ktm-test.h"

#include "ktm-compact.h"
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-multiplicity.h"
#include "ktm-proportion.h"

/* Student (1908), hours of sleep gained under the second drug. */
static const double sleep2[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };

static void
test_describe (void)
{
  KtmDescription d;

  g_assert_cmpint (ktm_stats_describe (sleep2, 10, 0.95, &d), ==, KTM_STATS_OK);
  assert_near (d.mean.value, 2.33, 1e-14);
  assert_near (d.sd, 2.002249, 5e-7);
  assert_near (d.mean.low, 0.8976775, 5e-8);
  assert_near (d.mean.high, 3.7623225, 5e-8);
  assert_near (d.median, 1.75, 1e-14);
  assert_near (d.q1, 0.875, 1e-14);
  assert_near (d.q3, 4.15, 1e-14);
  assert_near (d.median_ci.low, 0.1, 0.0); /* x(2) and x(9): 97.9 % */
  assert_near (d.median_ci.high, 4.6, 0.0);
  assert_near (d.median_coverage, 1.0 - 22.0 / 1024.0, 1e-14);
}

/* Five values cannot reach 95 %, six can. */
static void
test_describe_small (void)
{
  static const double one[] = { 4.5 }, same[] = { 3.0, 3.0, 3.0 };
  KtmDescription d;

  g_assert_cmpint (ktm_stats_describe (sleep2, 5, 0.95, &d), ==, KTM_STATS_OK);
  assert_nan (d.median_ci.low);
  assert_near (d.median_low, -0.1, 0.0);
  assert_near (d.median_coverage, 0.9375, 1e-14);
  g_assert_cmpint (ktm_stats_describe (sleep2, 6, 0.95, &d), ==, KTM_STATS_OK);
  assert_near (d.median_ci.low, -0.1, 0.0);
  g_assert_cmpint (ktm_stats_describe (one, 1, 0.95, &d), ==, KTM_STATS_OK);
  assert_near (d.mean.value, 4.5, 0.0);
  assert_nan (d.sd);
  assert_nan (d.mean.low);
  g_assert_cmpint (ktm_stats_describe (same, 3, 0.95, &d), ==, KTM_STATS_OK);
  assert_near (d.sd, 0.0, 0.0);
  assert_nan (d.skewness);
}

static void
test_describe_refusals (void)
{
  static const double bad[] = { 1.0, NAN, 2.0 };
  KtmDescription d;

  g_assert_cmpint (ktm_stats_describe (sleep2, 0, 0.95, &d), ==, KTM_STATS_TOO_FEW);
  assert_nan (d.mean.value);
  g_assert_cmpint (ktm_stats_describe (bad, 3, 0.95, &d), ==, KTM_STATS_NOT_FINITE);
  assert_nan (d.mean.value);
  g_assert_cmpint (ktm_stats_describe (sleep2, 10, 1.0, &d), ==, KTM_STATS_BAD_ARGUMENT);
  assert_nan (d.median);
}

static void
test_describe_shift_scale (void)
{
  KtmRandom random;
  double x[31], y[31];
  KtmDescription a, b;

  ktm_random_seed (&random, 11);
  fill_scores (&random, x, 31, 6.0);
  for (int i = 0; i < 31; i++)
    y[30 - i] = 3.0 - 2.5 * x[i];
  ktm_stats_describe (x, 31, 0.9, &a);
  ktm_stats_describe (y, 31, 0.9, &b);
  assert_near (b.mean.value, 3.0 - 2.5 * a.mean.value, 1e-12);
  assert_near (b.mean.low, 3.0 - 2.5 * a.mean.high, 1e-12);
  assert_near (b.sd, 2.5 * a.sd, 1e-12);
  assert_near (b.mad, 2.5 * a.mad, 1e-12);
  assert_near (b.median_ci.low, 3.0 - 2.5 * a.median_ci.high, 1e-12);
  assert_near (b.skewness, -a.skewness, 1e-12);
  assert_near (b.excess_kurtosis, a.excess_kurtosis, 1e-12);
}

static void
test_compact (void)
{
  static const double x[] = { 1.0, NAN, 3.0, 4.0, NAN }, y[] = { 1.5, 2.5, NAN, 4.5, NAN };
  double a[5], b[5];
  gsize row[5];

  g_assert_cmpuint (ktm_stats_compact (x, 5, a), ==, 3);
  assert_near (a[2], 4.0, 0.0);
  g_assert_cmpuint (ktm_stats_compact_pairs (x, y, 5, a, b, row), ==, 2);
  assert_near (a[1], 4.0, 0.0);
  assert_near (b[1], 4.5, 0.0);
  g_assert_cmpuint (row[1], ==, 3);
  g_assert_cmpuint (ktm_stats_compact_rows (x, 2, 2, a, NULL), ==,
                    1); /* rows (1, NaN) and (3, 4) */
  assert_near (a[1], 4.0, 0.0);
  g_assert_cmpuint (ktm_stats_compact (x, 0, a), ==, 0);
  g_assert_cmpuint (ktm_stats_compact (x + 1, 1, a), ==, 0);
}

/* Newcombe (1998), Stat Med 17:857-872, table I: methods 3 and 5. */
static void
test_proportion (void)
{
  static const struct { double x, n, wl, wh, cl, ch; } cases[] = {
    { 81.0, 263.0, 0.2553, 0.3662, 0.2527, 0.3676 },
    { 15.0, 148.0, 0.0624, 0.1605, 0.0578, 0.1617 },
    { 0.0, 20.0, 0.0, 0.1611, 0.0, 0.1684 },
    { 1.0, 29.0, 0.0061, 0.1718, 0.0009, 0.1776 },
  };
  KtmProportion p, q;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (ktm_stats_proportion (cases[i].x, cases[i].n, 0.95, &p), ==, KTM_STATS_OK);
      assert_near (p.wilson_low, cases[i].wl, 5e-5);
      assert_near (p.wilson_high, cases[i].wh, 5e-5);
      assert_near (p.clopper_pearson_low, cases[i].cl, 5e-5);
      assert_near (p.clopper_pearson_high, cases[i].ch, 5e-5);
      ktm_stats_proportion (cases[i].n - cases[i].x, cases[i].n, 0.95,
                            &q); /* yes and no change places */
      assert_near (q.wilson_low, 1.0 - p.wilson_high, 1e-14);
      assert_near (q.clopper_pearson_low, 1.0 - p.clopper_pearson_high, 1e-12);
      assert_near (q.agresti_coull_low, 1.0 - p.agresti_coull_high, 1e-14);
      assert_near (q.p_exact_vs_half, p.p_exact_vs_half, 1e-14);
    }
  g_assert_cmpint (ktm_stats_proportion (1.0, 0.0, 0.95, &p), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_proportion (5.0, 4.0, 0.95, &p), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_proportion (1.5, 4.0, 0.95, &p), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_proportion (1.0, 4.0, 0.0, &p), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_proportion (NAN, 4.0, 0.95, &p), ==, KTM_STATS_NOT_FINITE);
  assert_nan (p.proportion);
}

/* Hollander & Wolfe (1999), ex. 8.1: tuna lightness and panel score, tau = .444; r as R's cor.test.
 */
static void
test_correlation (void)
{
  static const double x[] = { 44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1 };
  static const double y[] = { 2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8 };
  KtmCorrelation c, d;
  double z[9];

  g_assert_cmpint (ktm_stats_correlation (x, y, 9, 0.95, &c), ==, KTM_STATS_OK);
  assert_near (c.kendall.value, 16.0 / 36.0, 1e-14);
  assert_near (c.pearson.value, 0.5711816, 5e-8);
  assert_near (c.pearson_test.statistic, 1.8411, 5e-5);
  assert_near (c.pearson_test.p, 0.1082, 5e-5);
  assert_near (c.pearson.low, -0.1497426, 5e-8);
  assert_near (c.pearson.high, 0.8955795, 5e-8);
  assert_near (c.spearman.value, 0.6, 1e-14);
  for (int i = 0; i < 9; i++)
    z[i] = 7.0 - 3.0 * y[i];
  ktm_stats_correlation (z, x, 9, 0.95, &d);
  assert_near (d.pearson.value, -c.pearson.value, 1e-14);
  assert_near (d.spearman.low, -c.spearman.high, 1e-14);
  assert_near (d.kendall.value, -c.kendall.value, 1e-14);
  assert_near (d.kendall_test.p, c.kendall_test.p, 1e-14);
}

/* Kendall's S against a look at every pair, with ties of each kind. */
static void
test_kendall_pairs (void)
{
  enum { N = 257 };
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  double x[N], y[N], s = 0, tx = 0, ty = 0, pairs = N * (N - 1) / 2.0;
  KtmCorrelation c;

  for (int i = 0; i < N; i++)
    {
      x[i] = g_rand_int_range (random, 0, 9);
      y[i] = x[i] + g_rand_int_range (random, -4, 9) * 0.5;
      for (int j = 0; j < i; j++)
        {
          s += ((x[i] > x[j]) - (x[i] < x[j])) * ((y[i] > y[j]) - (y[i] < y[j]));
          tx += x[i] == x[j];
          ty += y[i] == y[j];
        }
    }
  g_assert_cmpint (ktm_stats_correlation (x, y, N, 0.95, &c), ==, KTM_STATS_OK);
  assert_near (c.kendall.value, s / sqrt ((pairs - tx) * (pairs - ty)), 1e-14);
}

static void
test_correlation_refusals (void)
{
  static const double x[] = { 1.0, 2.0, 3.0, 4.0 }, same[] = { 5.0, 5.0, 5.0, 5.0 },
                      bad[] = { 1.0, 2.0, NAN, 3.0 };
  KtmCorrelation c;

  g_assert_cmpint (ktm_stats_correlation (x, same, 4, 0.95, &c), ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_correlation (x, x, 2, 0.95, &c), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_correlation (x, bad, 4, 0.95, &c), ==, KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_stats_correlation (x, x, 4, 1.5, &c), ==, KTM_STATS_BAD_ARGUMENT);
  assert_nan (c.pearson.value);
  g_assert_cmpint (ktm_stats_correlation (x, x, 3, 0.95, &c), ==,
                   KTM_STATS_OK); /* Fisher's z needs four */
  assert_nan (c.pearson.low);
  assert_near (c.pearson.value, 1.0, 0.0);
}

/* Worked by hand from the definitions. */
static void
test_adjust (void)
{
  static const double p[] = { 0.04, 0.01, NAN, 0.03, 0.02, 0.05 };
  static const double holm[] = { 0.09, 0.05, NAN, 0.09, 0.08, 0.09 };
  static const double bonferroni[] = { 0.2, 0.05, NAN, 0.15, 0.1, 0.25 };
  double out[6];

  g_assert_cmpint (ktm_stats_adjust (KTM_ADJUST_HOLM, p, 6, out), ==, KTM_STATS_OK);
  for (int i = 0; i < 6; i++)
    if (i != 2)
      assert_near (out[i], holm[i], 1e-15);
  assert_nan (out[2]);
  ktm_stats_adjust (KTM_ADJUST_BONFERRONI, p, 6, out);
  for (int i = 0; i < 6; i++)
    if (i != 2)
      assert_near (out[i], bonferroni[i], 1e-15);
  for (int method = KTM_ADJUST_HOCHBERG; method <= KTM_ADJUST_BH; method++)
    {
      ktm_stats_adjust (method, p, 6, out);
      for (int i = 0; i < 6; i++)
        if (i != 2)
          assert_near (out[i], 0.05, 1e-15);
    }
  ktm_stats_adjust (KTM_ADJUST_NONE, p, 6, out);
  assert_near (out[0], 0.04, 0.0);
  g_assert_cmpint (ktm_stats_adjust (KTM_ADJUST_HOLM, p, 0, out), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_stats_adjust (KTM_ADJUST_HOLM, (double[]){ 0.5, 1.5 }, 2, out), ==,
                   KTM_STATS_BAD_ARGUMENT);
  assert_nan (out[0]);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/describe/sleep", test_describe);
  g_test_add_func ("/stats/describe/small", test_describe_small);
  g_test_add_func ("/stats/describe/refusals", test_describe_refusals);
  g_test_add_func ("/stats/describe/shift-scale", test_describe_shift_scale);
  g_test_add_func ("/stats/compact", test_compact);
  g_test_add_func ("/stats/proportion", test_proportion);
  g_test_add_func ("/stats/correlation", test_correlation);
  g_test_add_func ("/stats/correlation-pairs", test_kendall_pairs);
  g_test_add_func ("/stats/correlation/refusals", test_correlation_refusals);
  g_test_add_func ("/stats/adjust", test_adjust);
  return g_test_run ();
}
