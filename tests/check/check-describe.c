/* summary, proportion, correlation. */
#include "check.h"

#include "ktm-compact.h"
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-proportion.h"

void
check_summary (Check *check)
{
  double level = check_option_number (check, "level");
  g_autofree double *kept = NULL;
  KtmDescription d;
  size_t n_given, n;
  const double *value = check_array (check, "value", &n_given);

  if (check_failed (check))
    return;
  kept = g_new (double, n_given + 1);
  n = ktm_stats_compact (value, n_given, kept);
  check_status (check, ktm_stats_describe (kept, n, level, &d));
  check_number (check, (double) n, "n");
  check_number (check, (double) (n_given - n), "n_missing");
  check_number (check, d.mean.value, "mean");
  check_number (check, d.sd, "sd");
  check_number (check, d.var, "var");
  check_number (check, d.mean.se, "se");
  check_limits (check, d.mean.low, d.mean.high, "mean_ci");
  check_number (check, d.min, "min");
  check_number (check, d.q1, "q1");
  check_number (check, d.median, "median");
  check_number (check, d.q3, "q3");
  check_number (check, d.max, "max");
  check_number (check, d.iqr, "iqr");
  check_number (check, d.mad, "mad");
  check_number (check, d.skewness, "skewness");
  check_number (check, d.excess_kurtosis, "excess_kurtosis");
  check_limits (check, d.median_low, d.median_high, "median_ci");
}

void
check_proportion (Check *check)
{
  double level = check_option_number (check, "level");
  double x = check_scalar (check, "x"), n = check_scalar (check, "n");
  KtmProportion p;

  if (check_failed (check))
    return;
  check_status (check, ktm_stats_proportion (x, n, level, &p));
  check_number (check, p.proportion, "proportion");
  check_limits (check, p.wilson_low, p.wilson_high, "wilson");
  check_limits (check, p.clopper_pearson_low, p.clopper_pearson_high, "clopper_pearson");
  check_limits (check, p.agresti_coull_low, p.agresti_coull_high, "agresti_coull");
  check_number (check, p.p_exact_vs_half, "p_exact_vs_half");
}

void
check_correlation (Check *check)
{
  double level = check_option_number (check, "level");
  size_t n, n_y;
  const double *x = check_array (check, "x", &n), *y = check_array (check, "y", &n_y);
  KtmCorrelation c;

  if (!check_failed (check) && n != n_y)
    check_fail (check, "arrays \"x\" and \"y\" differ in length");
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_correlation (x, y, n, level, &c));
  check_number (check, (double) n, "n");
  check_number (check, c.pearson.value, "pearson_r");
  check_number (check, c.pearson_test.statistic, "pearson_t");
  check_number (check, c.pearson_test.df, "pearson_df");
  check_number (check, c.pearson_test.p, "pearson_p");
  check_limits (check, c.pearson.low, c.pearson.high, "pearson_fisher");
  check_number (check, c.spearman.value, "spearman_rho");
  check_number (check, c.spearman_test.statistic, "spearman_t");
  check_number (check, c.spearman_test.p, "spearman_p");
  check_limits (check, c.spearman_fisher_low, c.spearman_fisher_high, "spearman_fisher");
  check_limits (check, c.spearman.low, c.spearman.high, "spearman_bonett_wright");
  check_limits (check, c.spearman_fieller_low, c.spearman_fieller_high, "spearman_fieller");
  check_number (check, c.kendall.value, "kendall_tau_b");
  check_number (check, c.kendall_test.statistic, "kendall_z");
  check_number (check, c.kendall_test.p, "kendall_p");
}
