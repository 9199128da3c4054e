/* Distributions of our own, roots and random numbers. */
#include "ktm-test.h"

#include "ktm-dist.h"
#include "ktm-root.h"

/* 25-digit quadrature of the definition, mpmath 1.2. */
static void
test_nct_values (void)
{
  static const struct { double t, df, ncp, p; } cases[] = {
    { 2.0, 10.0, 1.0, 0.807611562530375 },
    { -1.5, 7.0, 0.5, 0.0345346483089922 },
    { 0.3, 3.0, -2.2, 0.993059902039898 },
    { 12.0, 92.0, 9.5, 0.968417875169427 },
    { 40.0, 200.0, 39.0, 0.66278802344322 },
    { 3.0, 1.0, 2.0, 0.524857161733688 },
    { 1.0, 30.0, 4.0, 0.00142539795911786 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_near (ktm_dist_nct_cdf (cases[i].t, cases[i].df, cases[i].ncp), cases[i].p, 1e-12);
}

static void
test_nct_limits (void)
{
  double low, high;

  for (double t = -45.0; t <= 45.0; t += 7.3)
    for (double df = 1.0; df < 400.0; df *= 3.0)
      {
        g_assert_cmpint (ktm_dist_nct_limits (t, df, 0.9, &low, &high), ==, KTM_STATS_OK);
        assert_near (ktm_dist_nct_cdf (t, df, low), 0.95, 1e-11);
        assert_near (ktm_dist_nct_cdf (t, df, high), 0.05, 1e-11);
      }
  g_assert_cmpint (ktm_dist_nct_limits (NAN, 5.0, 0.95, &low, &high), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_dist_nct_limits (1.0, 0.0, 0.95, &low, &high), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_dist_nct_limits (1.0, 5.0, 1.0, &low, &high), ==, KTM_STATS_BAD_ARGUMENT);
  assert_nan (low);
}

/* Hedges (1981), table 1 (three digits), and the gamma functions to 15 digits. */
static void
test_hedges_j (void)
{
  assert_near (ktm_dist_hedges_j (2.0), 0.564189583547756, 1e-14);
  assert_near (ktm_dist_hedges_j (10.0), 0.922745608053087, 1e-13);
  assert_near (ktm_dist_hedges_j (50.0), 0.984911942295573, 1e-13);
  assert_nan (ktm_dist_hedges_j (1.0));
}

/* Double quadrature (mpmath), tables of Harter (1960), and q of two means = t sqrt 2. */
static void
test_tukey (void)
{
  assert_near (ktm_dist_tukey_p (3.877676, 3.0, 10.0), 0.049948013461914, 1e-12);
  assert_near (ktm_dist_tukey_p (5.0, 5.0, 5.0), 0.078925483829996, 1e-12);
  assert_near (ktm_dist_tukey_quantile (0.05, 5.0, 20.0), 4.23, 0.005);
  assert_near (ktm_dist_tukey_quantile (0.01, 4.0, 12.0), 5.50, 0.005);
  assert_near (ktm_dist_tukey_quantile (0.05, 3.0, INFINITY), 3.31, 0.005);
  for (double df = 1.0; df < 2000.0; df *= 2.7)
    for (double t = 0.1; t < 12.0; t *= 1.9)
      assert_near (ktm_dist_tukey_p (t * M_SQRT2, 2.0, df), ktm_dist_t_p2 (t, df), 1e-11);
  assert_nan (ktm_dist_tukey_p (1.0, 1.0, 10.0));
  assert_nan (ktm_dist_tukey_quantile (0.0, 3.0, 10.0));
  assert_near (ktm_dist_tukey_p (0.0, 3.0, 10.0), 1.0, 0.0);
}

static void
test_quantiles (void)
{
  assert_near (ktm_dist_normal_z (0.95), 1.959963984540054, 1e-14);
  assert_near (ktm_dist_t_quantile (0.95, 9.0), 2.26215716279820554, 1e-13);
  assert_near (ktm_dist_t_quantile (0.95, 1.0), 12.7062047361747046, 1e-11);
  assert_near (ktm_dist_beta_quantile (0.025, 3.0, 8.0), 0.0667395111777344671, 1e-14);
  assert_near (ktm_dist_beta_quantile (0.0, 3.0, 8.0), 0.0, 0.0);
  assert_nan (ktm_dist_beta_quantile (-0.1, 3.0, 8.0));
  assert_near (ktm_dist_t_p2 (INFINITY, 5.0), 0.0, 0.0);
  assert_nan (ktm_dist_t_p2 (NAN, 5.0));
  assert_nan (ktm_dist_normal_z (0.0));
}

/* Conover (1999), ex. 3.1; R's binom.test (682, 925, p = 0.75): 0.3825. */
static void
test_binomial (void)
{
  assert_near (ktm_dist_binomial_p2 (682.0, 925.0, 0.75), 0.3825, 5e-5);
  assert_near (ktm_dist_binomial_p2 (3.0, 19.0, 0.5), 0.004425048828125, 1e-14);
  assert_near (ktm_dist_binomial_p2 (5.0, 10.0, 0.5), 1.0, 0.0);
  assert_near (ktm_dist_binomial_cdf (3.0, 10.0, 0.5), 0.171875, 1e-14);
  assert_near (ktm_dist_binomial_cdf (-1.0, 10.0, 0.5), 0.0, 0.0);
  assert_near (ktm_dist_binomial_cdf (10.0, 10.0, 0.5), 1.0, 0.0);
  assert_nan (ktm_dist_binomial_p2 (2.5, 10.0, 0.5));
}

static double
cube_minus_two (double x, void *data G_GNUC_UNUSED)
{
  return x * x * x - 2.0;
}

static void
test_root (void)
{
  double root;

  g_assert_cmpint (ktm_root_find (cube_minus_two, NULL, 0.0, 10.0, &root), ==, KTM_STATS_OK);
  assert_near (root, cbrt (2.0), 1e-15);
  g_assert_cmpint (ktm_root_find (cube_minus_two, NULL, 3.0, 10.0, &root), ==,
                   KTM_STATS_NO_CONVERGENCE);
  assert_nan (root);
}

/* The first numbers of xoshiro256++ from the state 1, 2, 3, 4, as its authors publish them. */
static void
test_random (void)
{
  KtmRandom random = { { 1, 2, 3, 4 } };
  guint counts[7] = { 0 };
  double sum = 0.0, squares = 0.0;

  g_assert_cmpuint (ktm_random_next (&random), ==, 41943041u);
  g_assert_cmpuint (ktm_random_next (&random), ==, 58720359u);
  g_assert_cmpuint (ktm_random_next (&random), ==, G_GUINT64_CONSTANT (3588806011781223));
  ktm_random_seed (&random, 42);
  for (int i = 0; i < 70000; i++)
    counts[ktm_random_below (&random, 7)]++;
  for (int k = 0; k < 7; k++)
    assert_near (counts[k], 10000.0, 400.0);
  for (int i = 0; i < 50000; i++)
    {
      double z = ktm_random_normal (&random), u = ktm_random_uniform (&random);

      sum += z;
      squares += z * z;
      g_assert_true (u >= 0.0 && u < 1.0);
    }
  assert_near (sum / 50000.0, 0.0, 0.02);
  assert_near (squares / 50000.0, 1.0, 0.03);
}

static void
test_statuses (void)
{
  for (int s = KTM_STATS_OK; s <= KTM_STATS_CANCELLED; s++)
    g_assert_cmpstr (ktm_stats_status_text (s), !=, "Unknown status.");
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/dist/nct/values", test_nct_values);
  g_test_add_func ("/stats/dist/nct/limits", test_nct_limits);
  g_test_add_func ("/stats/dist/hedges-j", test_hedges_j);
  g_test_add_func ("/stats/dist/tukey", test_tukey);
  g_test_add_func ("/stats/dist/quantiles", test_quantiles);
  g_test_add_func ("/stats/dist/binomial", test_binomial);
  g_test_add_func ("/stats/root", test_root);
  g_test_add_func ("/stats/random", test_random);
  g_test_add_func ("/stats/statuses", test_statuses);
  return g_test_run ();
}
