/* published: printed summaries of studies. */
#include "check.h"

#include "ktm-proportion.h"
#include "ktm-summary-effects.h"

static bool
same_length (Check *check, size_t a, size_t b)
{
  if (!check_failed (check) && a != b)
    check_fail (check, "the arrays differ in length");
  return !check_failed (check);
}

static void
proportion_ci (Check *check, double level)
{
  static const char *const keys[] = { "percent", "wilson_lo", "wilson_hi", "clopper_pearson_lo",
                                      "clopper_pearson_hi", "p_exact_vs_half" };
  size_t n_x, n_n;
  const double *x = check_array (check, "x", &n_x), *n = check_array (check, "n", &n_n);
  g_autofree double *values = NULL;

  if (!same_length (check, n_x, n_n))
    return;
  values = g_new (double, G_N_ELEMENTS (keys) * n_x + 1);
  for (size_t i = 0; i < n_x; i++)
    {
      KtmProportion p;

      check_status (check, ktm_stats_proportion (x[i], n[i], level, &p));
      values[i] = 100.0 * p.proportion;
      values[n_x + i] = p.wilson_low;
      values[2 * n_x + i] = p.wilson_high;
      values[3 * n_x + i] = p.clopper_pearson_low;
      values[4 * n_x + i] = p.clopper_pearson_high;
      values[5 * n_x + i] = p.p_exact_vs_half;
    }
  for (size_t k = 0; k < G_N_ELEMENTS (keys); k++)
    check_elements (check, values + k * n_x, n_x, "%s", keys[k]);
}

/* One number of two arrays, element by element. */
static void
elementwise (Check *check, const char *first, const char *second, double (*f) (double, double),
             const char *key)
{
  size_t n_a, n_b;
  const double *a = check_array (check, first, &n_a), *b = check_array (check, second, &n_b);
  g_autofree double *values = NULL;

  if (!same_length (check, n_a, n_b))
    return;
  values = g_new (double, n_a + 1);
  for (size_t i = 0; i < n_a; i++)
    values[i] = f (a[i], b[i]);
  check_elements (check, values, n_a, "%s", key);
}

static double
percent_of (double x, double n)
{
  return 100.0 * x / n;
}

static double
change_of (double before, double after)
{
  return 100.0 * (after - before) / before;
}

static double
ratio_of (double x, double y)
{
  return x / y;
}

static void
percent (Check *check, double level G_GNUC_UNUSED)
{
  elementwise (check, "x", "n", percent_of, "percent");
}

static void
percent_change (Check *check, double level G_GNUC_UNUSED)
{
  elementwise (check, "before", "after", change_of, "percent_change");
}

static void
ratio (Check *check, double level G_GNUC_UNUSED)
{
  elementwise (check, "x", "y", ratio_of, "ratio");
}

static void
wald_from_ci (Check *check, double level)
{
  double estimate = check_scalar (check, "estimate"), low = check_scalar (check, "ci_lo");
  double high = check_scalar (check, "ci_hi");
  KtmEstimate e;
  KtmTest t;

  if (check_failed (check))
    return;
  check_status (check, ktm_stats_wald_from_ci (estimate, low, high, level, &e, &t));
  check_number (check, e.se, "se");
  check_number (check, t.statistic, "z");
  check_number (check, t.p, "p");
  check_limits (check, e.low, e.high, "ci");
}

static void
log_ratio_from_ci (Check *check, double level)
{
  double estimate = check_scalar (check, "estimate"), low = check_scalar (check, "ci_lo");
  double high = check_scalar (check, "ci_hi"), middle;
  KtmEstimate e;
  KtmTest t;

  if (check_failed (check))
    return;
  check_status (check, ktm_stats_log_ratio_from_ci (estimate, low, high, level, &e, &t, &middle));
  check_number (check, log (e.value), "log_estimate");
  check_number (check, e.se, "se_log");
  check_number (check, t.statistic, "z");
  check_number (check, t.p, "p");
  check_number (check, middle, "geometric_mid");
  check_limits (check, e.low, e.high, "ci");
}

static void
read_pair (Check *check, bool with_n, KtmSummary *a, KtmSummary *b)
{
  *a = (KtmSummary) { check_scalar (check, "m1"), check_scalar (check, "sd1"), NAN };
  *b = (KtmSummary) { check_scalar (check, "m2"), check_scalar (check, "sd2"), NAN };
  if (with_n)
    {
      a->n = check_scalar (check, "n1");
      b->n = check_scalar (check, "n2");
    }
}

static void
t_from_summary (Check *check, double level)
{
  KtmSummary a, b;
  KtmSummaryT t;

  read_pair (check, true, &a, &b);
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_t_from_summary (a, b, level, &t));
  check_number (check, t.welch_test.statistic, "welch_t");
  check_number (check, t.welch_test.df, "welch_df");
  check_number (check, t.welch_test.p, "welch_p");
  check_number (check, t.student_test.statistic, "student_t");
  check_number (check, t.student_test.df, "student_df");
  check_number (check, t.student_test.p, "student_p");
  check_limits (check, t.student.low, t.student.high, "student_ci");
}

static void
paired_d_from_summary (Check *check, double level G_GNUC_UNUSED)
{
  size_t n;
  const double *r = check_array (check, "r", &n);
  g_autofree double *d_z = NULL;
  KtmSummaryPairedD d = { NAN, NAN, NAN, NAN };
  KtmSummary a, b;

  read_pair (check, false, &a, &b);
  if (check_failed (check))
    return;
  d_z = g_new (double, n + 1);
  for (size_t i = 0; i < n; i++)
    {
      check_status (check, ktm_stats_paired_d_from_summary (a, b, r[i], &d));
      d_z[i] = d.d_z;
    }
  check_number (check, d.d_av_pooledvar, "d_av_pooledvar");
  check_number (check, d.d_av_meansd, "d_av_meansd");
  check_number (check, d.glass_delta_sd1, "glass_delta_sd1");
  check_elements (check, d_z, n, "d_z");
}

static void
d_from_summary (Check *check, double level)
{
  double r = check_scalar (check, "r");
  KtmSummary a, b;
  KtmSummaryD d;

  read_pair (check, true, &a, &b);
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_d_from_summary (a, b, r, level, &d));
  check_number (check, d.cohen_d, "cohen_d");
  check_number (check, d.hedges_g, "hedges_g");
  check_limits (check, d.nct_low, d.nct_high, "cohen_d_nct");
  check_limits (check, d.wald_low, d.wald_high, "cohen_d_wald");
  check_limits (check, d.one_sample_nct_low, d.one_sample_nct_high, "one_sample_n2_nct");
  check_limits (check, d.one_sample_wald_low, d.one_sample_wald_high, "one_sample_n2_wald");
  check_limits (check, d.becker_low, d.becker_high, "becker");
}

void
check_published (Check *check)
{
  static const char *const statistics[] = { "proportion_ci",  "percent",
                                            "percent_change", "ratio",
                                            "wald_from_ci",   "log_ratio_from_ci",
                                            "t_from_summary", "paired_d_from_summary",
                                            "d_from_summary", NULL };
  static void (*const run[]) (Check *, double) = {
    proportion_ci,     percent,        percent_change,        ratio,         wald_from_ci,
    log_ratio_from_ci, t_from_summary, paired_d_from_summary, d_from_summary
  };
  double level = check_option_number (check, "level");
  int statistic = check_option_choice (check, "statistic", statistics);

  if (!check_failed (check))
    run[statistic] (check, level);
}
