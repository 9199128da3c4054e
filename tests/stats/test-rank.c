/* Ranks and their exact distributions, against brute force. */
#include "ktm-test.h"

#include "ktm-rank.h"

static void
test_midranks (void)
{
  static const double x[] = { 3.0, 1.0, 3.0, 7.0, 3.0, 1.0 };
  static const double expected[] = { 4.0, 1.5, 4.0, 6.0, 4.0, 1.5 };
  double ranks[6];
  KtmTies ties;

  g_assert_cmpint (ktm_rank_midranks (x, 6, ranks, &ties), ==, KTM_STATS_OK);
  for (int i = 0; i < 6; i++)
    assert_near (ranks[i], expected[i], 0.0);
  g_assert_true (ties.any);
  assert_near (ties.t3, 24.0 + 6.0, 0.0);
  assert_near (ties.t1, 6.0 + 2.0, 0.0);
  assert_near (ties.t2, 6.0, 0.0);
}

/* Hyndman & Fan (1996), definition 7. */
static void
test_quantile (void)
{
  static const double x[] = { 1.0, 2.0, 4.0, 8.0 };

  assert_near (ktm_rank_quantile (x, 4, 0.25), 1.75, 1e-15);
  assert_near (ktm_rank_quantile (x, 4, 0.5), 3.0, 1e-15);
  assert_near (ktm_rank_quantile (x, 4, 1.0), 8.0, 0.0);
  assert_near (ktm_rank_quantile (x, 1, 0.9), 1.0, 0.0);
}

static void
test_select (void)
{
  KtmRandom random;
  double x[57], sorted[57];

  ktm_random_seed (&random, 3);
  for (int round = 0; round < 40; round++)
    {
      gsize n = 1 + ktm_random_below (&random, 57);

      fill_scores (&random, x, n, 5.0);
      memcpy (sorted, x, sizeof x);
      ktm_rank_sort (sorted, n);
      for (gsize k = 0; k < n; k++)
        assert_near (ktm_rank_select (x, n, k), sorted[k], 0.0);
    }
}

/* All 2^m sign vectors. */
static double
brute_signed (const double *ranks, gsize m, double v)
{
  gsize far_low = 0, far_high = 0, all = (gsize) 1 << m;

  for (gsize bits = 0; bits < all; bits++)
    {
      double sum = 0.0;

      for (gsize i = 0; i < m; i++)
        if (bits >> i & 1)
          sum += ranks[i];
      far_low += sum <= v + 1e-9;
      far_high += sum >= v - 1e-9;
    }
  return fmin (1.0, 2.0 * (double) MIN (far_low, far_high) / (double) all);
}

static double
brute_sum (const double *ranks, gsize n, gsize n1, double w)
{
  gsize far = 0, ways = 0;
  double mean = 0.5 * (double) (n1 * (n + 1));

  for (gsize bits = 0; bits < (gsize) 1 << n; bits++)
    {
      double sum = 0.0;

      if ((gsize) __builtin_popcountll (bits) != n1)
        continue;
      for (gsize i = 0; i < n; i++)
        if (bits >> i & 1)
          sum += ranks[i];
      ways++;
      far += fabs (sum - mean) >= fabs (w - mean) - 1e-9;
    }
  return (double) far / (double) ways;
}

static void
test_exact_against_brute_force (void)
{
  KtmRandom random;
  double x[12], ranks[12], p;

  ktm_random_seed (&random, 5);
  for (int round = 0; round < 30; round++)
    {
      gsize n = 3 + ktm_random_below (&random, 9),
            n1 = 1 + ktm_random_below (&random, (uint32_t) n - 1);
      double v = 0.0, w = 0.0;

      if (round % 2 == 0)
        fill_scores (&random, x, n, 5.0);
      else
        fill_normal (&random, x, n, 5.0, 1.0);
      ktm_rank_midranks (x, n, ranks, NULL);
      for (gsize i = 0; i < n; i++)
        {
          v += ktm_random_below (&random, 2) ? ranks[i] : 0.0;
          w += i < n1 ? ranks[i] : 0.0;
        }
      g_assert_cmpint (ktm_rank_exact_signed (ranks, n, v, &p), ==, KTM_STATS_OK);
      assert_near (p, brute_signed (ranks, n, v), 1e-14);
      g_assert_cmpint (ktm_rank_exact_sum (ranks, n, n1, w, &p), ==, KTM_STATS_OK);
      assert_near (p, brute_sum (ranks, n, n1, w), 1e-14);
    }
}

/* Far more patients than an int has bits: 1 << n would be long gone. */
static void
test_exact_sizes (void)
{
  double *ranks = g_new (double, 2000), p;

  for (int i = 0; i < 2000; i++)
    ranks[i] = i + 1.0;
  g_assert_cmpint (ktm_rank_exact_signed (ranks, 100, 0.0, &p), ==, KTM_STATS_OK);
  assert_near (p / ldexp (1.0, -99), 1.0, 1e-12);
  g_assert_cmpint (ktm_rank_exact_signed (ranks, KTM_RANK_EXACT_SIGNED, 30000.0, &p), ==,
                   KTM_STATS_OK);
  g_assert_true (p > 0.0 && p < 1e-4);
  g_assert_cmpint (ktm_rank_exact_signed (ranks, KTM_RANK_EXACT_SIGNED + 1, 0.0, &p), ==,
                   KTM_STATS_TOO_LARGE);
  assert_nan (p);
  g_assert_cmpint (ktm_rank_exact_signed (ranks, 0, 0.0, &p), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_rank_exact_signed (ranks, 3, 100.0, &p), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_rank_exact_sum (ranks, 80, 40, 820.0, &p), ==,
                   KTM_STATS_OK);                           /* the smallest sum of all */
  assert_near (p / 2.0 * 1.0750720873333166e23, 1.0, 1e-9); /* 2 / C(80, 40) */
  g_assert_cmpint (ktm_rank_exact_sum (ranks, 2000, 1000, 1.0, &p), ==, KTM_STATS_TOO_LARGE);
  g_assert_cmpint (ktm_rank_exact_sum (ranks, 5, 0, 0.0, &p), ==, KTM_STATS_TOO_FEW);
  g_free (ranks);
}

/* The medians of all pairs, listed. */
static void
test_hodges_lehmann (void)
{
  KtmRandom random;
  double x[40], y[30], pairs[1200];
  KtmEstimate e;

  ktm_random_seed (&random, 7);
  for (int round = 0; round < 25; round++)
    {
      gsize n1 = 1 + ktm_random_below (&random, 40), n2 = 1 + ktm_random_below (&random, 30), m = 0;

      fill_scores (&random, x, n1, 4.0);
      fill_normal (&random, y, n2, -1.0, 3.0);
      ktm_rank_sort (x, n1);
      ktm_rank_sort (y, n2);
      for (gsize i = 0; i < n1; i++)
        for (gsize j = 0; j < n2; j++)
          pairs[m++] = x[i] - y[j];
      ktm_rank_sort (pairs, m);
      g_assert_cmpint (ktm_rank_hodges_lehmann_two (x, n1, y, n2, 0.95, &e), ==, KTM_STATS_OK);
      assert_near (e.value, ktm_rank_quantile (pairs, m, 0.5), 1e-14);
      m = 0;
      for (gsize i = 0; i < n2; i++)
        for (gsize j = i; j < n2; j++)
          pairs[m++] = 0.5 * (y[i] + y[j]);
      ktm_rank_sort (pairs, m);
      g_assert_cmpint (ktm_rank_hodges_lehmann_one (y, n2, 0.95, &e), ==, KTM_STATS_OK);
      assert_near (e.value, ktm_rank_quantile (pairs, m, 0.5), 1e-14);
    }
}

/* Hollander & Wolfe (1999), depression scale factor, examples 3.1-3.3: interval (.010, .786). */
static void
test_hodges_lehmann_interval (void)
{
  double d[] = { 0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01 };
  KtmEstimate e;

  ktm_rank_sort (d, 9);
  g_assert_cmpint (ktm_rank_hodges_lehmann_one (d, 9, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 0.46, 0.01, 0.786, 1e-12);
  g_assert_cmpint (ktm_rank_hodges_lehmann_one (d, 5, 0.95, &e), ==,
                   KTM_STATS_OK); /* 2 / 32 > .05 */
  assert_nan (e.low);
  g_assert_cmpint (ktm_rank_hodges_lehmann_one (d, 6, 0.95, &e), ==, KTM_STATS_OK);
  assert_near (e.low, d[0], 0.0);
  g_assert_cmpint (ktm_rank_hodges_lehmann_one (d, 0, 0.95, &e), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_rank_hodges_lehmann_one (d, 9, 0.0, &e), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_rank_hodges_lehmann_two (d, 0, d, 3, 0.95, &e), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_rank_hodges_lehmann_two (d, 3, d, 3, 2.0, &e), ==, KTM_STATS_BAD_ARGUMENT);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/rank/midranks", test_midranks);
  g_test_add_func ("/stats/rank/quantile", test_quantile);
  g_test_add_func ("/stats/rank/select", test_select);
  g_test_add_func ("/stats/rank/exact/brute-force", test_exact_against_brute_force);
  g_test_add_func ("/stats/rank/exact/sizes", test_exact_sizes);
  g_test_add_func ("/stats/rank/hodges-lehmann", test_hodges_lehmann);
  g_test_add_func ("/stats/rank/hodges-lehmann/interval", test_hodges_lehmann_interval);
  return g_test_run ();
}
