/* Bootstrap intervals. */
#include "ktm-test.h"

#include "ktm-bootstrap.h"
#include "ktm-describe.h"

static const double x[] = { 7, 8, 6, 9, 5, 7, 8, 10, 6, 7, 4, 9, 8, 7, 6 };
static const double y[] = { 4, 8, 5, 3, 5, 2, 7, 6, 6, 1, 4, 7, 3, 5, 6 };

static const KtmBootOptions options = { 4000, 20, 0.95, KTM_RESAMPLE_CASES };
static const KtmBootOptions within = { 4000, 20, 0.95, KTM_RESAMPLE_WITHIN_GROUP };

/* The bootstrap SE of a mean is known: sd/sqrt n with divisor n; so is the acceleration,
 * skewness/(6 sqrt n). */
static void
test_mean (void)
{
  KtmDescription d;
  KtmBootstrap b;

  ktm_stats_describe (x, 15, 0.95, &d);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, x, 15, NULL, 0, &options, NULL, &b), ==,
                   KTM_STATS_OK);
  assert_near (b.value, d.mean.value, 1e-13);
  assert_near (b.se, d.mean.se * sqrt (14.0 / 15.0), 0.02);
  assert_near (b.acceleration, d.skewness / (6.0 * sqrt (15.0)), 1e-12);
  assert_near (b.percentile_low, d.mean.value - 1.96 * b.se, 0.08);
  g_assert_true (b.bca_low < b.value && b.value < b.bca_high);
  g_assert_cmpuint (b.resamples, ==, 4000);
}

static void
test_seed (void)
{
  KtmBootOptions other = options;
  KtmBootstrap a, b;

  ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 15, y, 15, &options, NULL, &a);
  ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 15, y, 15, &options, NULL, &b);
  assert_near (b.bca_low, a.bca_low, 0.0);
  other.seed++;
  ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 15, y, 15, &other, NULL, &b);
  g_assert_true (b.bca_low != a.bca_low);
  assert_near (b.bca_low, a.bca_low, 0.2);
  assert_near (b.acceleration, a.acceleration, 0.0);
}

/* The general function of patients agrees with the one made for sums. */
static double
mean_change (const uint32_t *rows, size_t n, void *data G_GNUC_UNUSED)
{
  double sum = 0.0;

  for (size_t i = 0; i < n; i++)
    sum += y[rows[i]] - x[rows[i]];
  return sum / (double) n;
}

static void
test_patients (void)
{
  KtmBootstrap a, b;

  g_assert_cmpint (ktm_stats_bootstrap_patients (mean_change, NULL, 15, &options, NULL, &a), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (
      ktm_stats_bootstrap (KTM_BOOT_MEAN_DIFF_PAIRED, x, 15, y, 15, &options, NULL, &b), ==,
      KTM_STATS_OK);
  assert_near (a.value, b.value, 1e-13);
  assert_near (a.acceleration, b.acceleration, 1e-12);
  assert_near (a.se, b.se, 0.03);
  assert_near (a.bca_low, b.bca_low, 0.15);
  assert_near (a.bca_high, b.bca_high, 0.15);
}

static void
test_groups (void)
{
  KtmBootstrap a, b;

  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_COHEN_D, x, 15, y, 13, &within, NULL, &a), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_COHEN_D, y, 13, x, 15, &within, NULL, &b), ==,
                   KTM_STATS_OK);
  assert_near (b.value, -a.value, 1e-13);
  assert_near (b.acceleration, -a.acceleration, 1e-12);
  assert_near (b.bca_low, -a.bca_high, 0.25);
  /* Rows of two equally long samples drawn together: the paired difference, turned round. */
  ktm_stats_bootstrap (KTM_BOOT_MEAN_DIFF_TWO_SAMPLE, x, 15, y, 15, &options, NULL, &a);
  ktm_stats_bootstrap (KTM_BOOT_MEAN_DIFF_PAIRED, y, 15, x, 15, &options, NULL, &b);
  assert_near (b.value, a.value, 1e-13);
  assert_near (b.acceleration, a.acceleration, 1e-12);
  assert_near (b.se, a.se, 0.03);
}

static void
test_median (void)
{
  KtmBootstrap b;

  for (size_t n = 14; n <= 15; n++)
    {
      double d[15], median;

      for (size_t i = 0; i < n; i++)
        d[i] = y[i] - x[i];
      ktm_stats_median (d, n, &median);
      g_assert_cmpint (
          ktm_stats_bootstrap (KTM_BOOT_MEDIAN_DIFF_PAIRED, x, n, y, n, &options, NULL, &b), ==,
          KTM_STATS_OK);
      assert_near (b.value, median, 1e-13);
      g_assert_true (b.percentile_low <= median && median <= b.percentile_high);
      assert_near (b.percentile_low * 2.0, round (b.percentile_low * 2.0), 1e-9);
    }
}

static bool
stop_now (void *data G_GNUC_UNUSED)
{
  return true;
}

static void
test_refusals (void)
{
  static const double same[] = { 2.0, 2.0, 2.0 }, bad[] = { 1.0, NAN, 2.0 };
  KtmBootOptions few = options, level = options, long_work = options;
  KtmProgress progress = { .stop = stop_now };
  KtmBootstrap b;

  few.resamples = 10;
  level.level = 1.0;
  long_work.resamples = 10000;
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, x, 15, NULL, 0, &few, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, x, 15, NULL, 0, &level, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 15, y, 14, &options, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 15, y, 15, &within, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_COHEN_D, x, 15, NULL, 0, &within, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, x, 1, NULL, 0, &options, NULL, &b), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, same, 3, NULL, 0, &options, NULL, &b), ==,
                   KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, bad, 3, NULL, 0, &options, NULL, &b), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_MEAN, x, 15, NULL, 0, &long_work, &progress, &b),
                   ==, KTM_STATS_CANCELLED);
  assert_nan (b.value);
  g_assert_cmpint (ktm_stats_bootstrap_patients (mean_change, NULL, 1, &options, NULL, &b), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_bootstrap_patients (mean_change, NULL, 9, &few, NULL, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

/* Two patients: half the resamples have no spread; they are counted, not turned into infinities. */
static void
test_undefined_replicates (void)
{
  KtmBootstrap b;

  g_assert_cmpint (ktm_stats_bootstrap (KTM_BOOT_D_Z, x, 3, y, 3, &options, NULL, &b), ==,
                   KTM_STATS_OK);
  g_assert_true (b.n_undefined > 100 && b.n_undefined < 1500);
  g_assert_true (isfinite (b.percentile_low) && isfinite (b.se));
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/bootstrap/mean", test_mean);
  g_test_add_func ("/stats/bootstrap/seed", test_seed);
  g_test_add_func ("/stats/bootstrap/patients", test_patients);
  g_test_add_func ("/stats/bootstrap/groups", test_groups);
  g_test_add_func ("/stats/bootstrap/median", test_median);
  g_test_add_func ("/stats/bootstrap/refusals", test_refusals);
  g_test_add_func ("/stats/bootstrap/undefined", test_undefined_replicates);
  return g_test_run ();
}
