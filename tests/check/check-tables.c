/* two_by_two, rxc_table, mcnemar, cochran_armitage: counts. */
#include "check.h"

#include "ktm-tables.h"

/* The table, rows x cols as the options say. */
static const double *
read_table (Check *check, size_t *rows, size_t *cols)
{
  double r = check_option_number (check, "rows"), c = check_option_number (check, "cols");
  size_t n;
  const double *table = check_array (check, "table", &n);

  if (check_failed (check))
    return NULL;
  if (!(r >= 1.0 && c >= 1.0) || r * c != (double) n || r != floor (r))
    {
      check_fail (check, "array \"table\" has %zu numbers, not %g x %g", n, r, c);
      return NULL;
    }
  *rows = (size_t) r;
  *cols = (size_t) c;
  return table;
}

static const double *
read_four (Check *check, double *level)
{
  size_t rows, cols;
  const double *table;

  *level = check_option_number (check, "level");
  table = read_table (check, &rows, &cols);
  if (table != NULL && (rows != 2 || cols != 2))
    {
      check_fail (check, "not implemented: %zu rows and %zu columns", rows, cols);
      return NULL;
    }
  return table;
}

static void
emit_nnt (Check *check, const KtmNnt *nnt)
{
  check_number (check, nnt->value, "nnt");
  check_limits (check, nnt->low, nnt->high, "nnt_ci_from_newcombe");
  check_limits (check, nnt->wald_low, nnt->wald_high, "nnt_ci_from_wald");
  check_bool (check, nnt->crosses_infinity, "nnt_ci_crosses_infinity");
}

static void
emit_association (Check *check, const KtmTwoByTwo *t)
{
  check_number (check, t->chi2.statistic, "chi2");
  check_number (check, t->chi2.p, "chi2_p");
  check_number (check, t->chi2_yates.statistic, "chi2_yates");
  check_number (check, t->chi2_yates.p, "chi2_yates_p");
  check_number (check, t->phi, "phi");
  check_number (check, t->fisher.p, "fisher_p");
  check_number (check, t->fisher.p_less, "fisher_p_less");
  check_number (check, t->fisher.p_greater, "fisher_p_greater");
  check_number (check, t->fisher.odds_ratio, "fisher_or_conditional_mle");
  check_limits (check, t->fisher.low, t->fisher.high, "fisher_or_ci");
}

void
check_two_by_two (Check *check)
{
  double level;
  const double *table = read_four (check, &level);
  KtmTwoByTwo t;

  if (table == NULL)
    return;
  check_status (check, ktm_stats_two_by_two (table, level, &t));
  check_number (check, t.p1, "p1");
  check_number (check, t.p2, "p2");
  check_limits (check, t.wilson1_low, t.wilson1_high, "wilson1");
  check_limits (check, t.wilson2_low, t.wilson2_high, "wilson2");
  check_limits (check, t.clopper1_low, t.clopper1_high, "clopper1");
  check_limits (check, t.clopper2_low, t.clopper2_high, "clopper2");
  check_number (check, t.rd.value, "rd");
  check_limits (check, t.rd_wald_low, t.rd_wald_high, "rd_wald");
  check_limits (check, t.rd.low, t.rd.high, "rd_newcombe");
  check_number (check, t.rr.value, "rr");
  check_limits (check, t.rr.low, t.rr.high, "rr_katz_log");
  check_number (check, t.rr.se, "se_log_rr");
  check_number (check, t.rr_test.statistic, "log_rr_z");
  check_number (check, t.rr_test.p, "log_rr_p");
  check_number (check, t.odds_ratio.value, "or");
  check_limits (check, t.odds_ratio.low, t.odds_ratio.high, "or_woolf");
  check_number (check, t.odds_ratio.se, "se_log_or");
  emit_nnt (check, &t.nnt);
  emit_association (check, &t);
}

void
check_rxc_table (Check *check)
{
  size_t rows, cols;
  const double *table = read_table (check, &rows, &cols);
  g_autofree double *expected = NULL, *residuals = NULL;
  KtmFisherTable fisher;
  KtmTable t;

  if (table == NULL)
    return;
  expected = g_new (double, rows * cols);
  residuals = g_new (double, rows * cols);
  check_status (check, ktm_stats_table (table, rows, cols, &t, expected, residuals));
  check_number (check, t.chi2.statistic, "chi2");
  check_number (check, t.chi2.df, "df");
  check_number (check, t.chi2.p, "p");
  check_number (check, t.g2.statistic, "g2");
  check_number (check, t.g2.p, "g2_p");
  check_number (check, t.cramers_v, "cramers_v");
  check_matrix (check, expected, rows, cols, "expected_counts");
  check_matrix (check, residuals, rows, cols, "adj_std_residuals");
  if (check_wanted (check, "fisher_p"))
    {
      check_status (check, ktm_stats_fisher_table (table, rows, cols, 0, 0, NULL, &fisher));
      check_number (check, fisher.p, "fisher_p");
    }
}

void
check_mcnemar (Check *check)
{
  double level;
  const double *table = read_four (check, &level);
  KtmMcnemar m;

  if (table == NULL)
    return;
  check_status (check, ktm_stats_mcnemar (table, level, &m));
  check_number (check, m.b, "b");
  check_number (check, m.c, "c");
  check_number (check, m.chi2.statistic, "chi2");
  check_number (check, m.chi2.p, "p");
  check_number (check, m.chi2_continuity.statistic, "chi2_continuity");
  check_number (check, m.chi2_continuity.p, "p_continuity");
  check_number (check, m.p_exact, "p_exact");
  check_number (check, m.p_mid, "p_mid");
  check_number (check, m.odds_ratio.value, "or_conditional");
  check_limits (check, m.odds_ratio.low, m.odds_ratio.high, "or_exact");
  check_number (check, m.prop1, "prop1");
  check_number (check, m.prop2, "prop2");
  check_number (check, m.diff.value, "diff");
  check_limits (check, m.diff.low, m.diff.high, "newcombe_paired");
}

void
check_cochran_armitage (Check *check)
{
  size_t k, k_n, k_scores;
  const double *events = check_array (check, "events", &k), *n = check_array (check, "n", &k_n);
  const double *scores = check_array (check, "scores", &k_scores);
  KtmTrend t;

  if (!check_failed (check) && (k != k_n || k != k_scores))
    check_fail (check, "arrays \"events\", \"n\" and \"scores\" differ in length");
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_trend (events, n, scores, k, &t));
  check_number (check, t.z, "z");
  check_number (check, t.test.statistic, "chi2");
  check_number (check, t.test.p, "p");
  check_number (check, t.z_nminus1, "z_nminus1");
  check_number (check, t.p_nminus1, "p_nminus1");
}
