/* bootstrap: one seeded run against the mean of many. */
#include "check.h"

#include "ktm-bootstrap.h"

void
check_bootstrap (Check *check)
{
  static const char *const statistics[] = { "mean", "mean_diff_paired", "median_diff_paired", "d_z",
                                            "mean_diff_two_sample", "cohen_d", NULL };
  static const KtmBootStatistic codes[] = {
    KTM_BOOT_MEAN, KTM_BOOT_MEAN_DIFF_PAIRED,     KTM_BOOT_MEDIAN_DIFF_PAIRED,
    KTM_BOOT_D_Z,  KTM_BOOT_MEAN_DIFF_TWO_SAMPLE, KTM_BOOT_COHEN_D
  };
  static const char *const resamplings[] = { "cases", "within_group", NULL };
  int statistic = check_option_choice (check, "statistic", statistics);
  double resamples = check_option_number (check, "R"), level = check_option_number (check, "level");
  int resampling = check_option_choice (check, "resampling", resamplings);
  size_t n1, n2 = 0;
  const double *x = check_array (check, "x", &n1), *y = NULL;
  KtmBootOptions options = { .seed = 20260703, .level = level };
  KtmBootstrap b;

  if (statistic > 0)
    y = check_array (check, "y", &n2);
  if (!check_failed (check)
      && !(resamples >= 100.0 && resamples <= 1e8 && resamples == floor (resamples)))
    check_fail (check, "not implemented: option \"R\" = %g", resamples);
  if (check_failed (check))
    return;
  options.resamples = (size_t) resamples;
  options.resampling = resampling == 0 ? KTM_RESAMPLE_CASES : KTM_RESAMPLE_WITHIN_GROUP;
  check_status (check, ktm_stats_bootstrap (codes[statistic], x, n1, y, n2, &options, NULL, &b));
  check_number (check, b.value, "statistic");
  check_number (check, b.acceleration, "acceleration_jackknife");
  check_number (check, b.se, "se");
  check_number (check, b.z0, "z0");
  check_limits (check, b.percentile_low, b.percentile_high, "percentile");
  check_limits (check, b.bca_low, b.bca_high, "bca");
}
