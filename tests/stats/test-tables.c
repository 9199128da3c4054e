/* Counts in tables, and effects from printed summaries. */
#include "ktm-test.h"

#include "ktm-summary-effects.h"
#include "ktm-tables.h"

/* Newcombe (1998), Stat Med 17:873-890, table II, method 10. */
static void
test_newcombe (void)
{
  static const struct { double a, m, b, n, low, high; } cases[] = {
    { 56, 70, 48, 80, 0.0524, 0.3339 },
    { 9, 10, 3, 10, 0.1705, 0.8090 },
    { 10, 10, 0, 20, 0.6791, 1.0 },
    { 5, 56, 0, 29, -0.0381, 0.1926 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KtmEstimate e = ktm_stats_newcombe (cases[i].a, cases[i].m, cases[i].b, cases[i].n, 0.95);
      KtmEstimate f = ktm_stats_newcombe (cases[i].b, cases[i].n, cases[i].a, cases[i].m, 0.95);

      assert_near (e.low, cases[i].low, 5e-5);
      assert_near (e.high, cases[i].high, 5e-5);
      assert_near (f.low, -e.high, 1e-14);
    }
}

/* Fisher (1935): the tea and the convicted twins, as R's fisher.test prints them. */
static void
test_fisher (void)
{
  static const double tea[] = { 3, 1, 1, 3 }, twins[] = { 2, 15, 10, 3 }, full[] = { 0, 5, 4, 0 };
  KtmFisher f;

  g_assert_cmpint (ktm_stats_fisher (tea, 0.95, &f), ==, KTM_STATS_OK);
  assert_near (f.p, 34.0 / 70.0, 1e-13);
  assert_near (f.p_greater, 17.0 / 70.0, 1e-13);
  assert_near (f.odds_ratio, 6.408309, 1e-3);
  assert_near (f.low, 0.2117329, 1e-5);
  assert_near (16.0 / f.high + 36.0 / (f.high * f.high) + 16.0 / pow (f.high, 3.0)
                   + 1.0 / pow (f.high, 4.0),
               0.025 / 0.975, 1e-13); /* R stops at 621.93: its root finder works on 1/OR to 1e-4 */
  g_assert_cmpint (ktm_stats_fisher (twins, 0.95, &f), ==, KTM_STATS_OK);
  assert_near (f.p, 0.0005367, 5e-8);
  assert_near (f.p_less, 0.0004652, 5e-8);
  assert_near (f.odds_ratio, 0.04693661, 1e-6);
  assert_near (f.low, 0.003325764, 1e-5); /* the same looseness */
  assert_near (f.high, 0.363182271, 1e-5);
  g_assert_cmpint (ktm_stats_fisher (full, 0.95, &f), ==, KTM_STATS_OK);
  assert_near (f.odds_ratio, 0.0, 0.0);
  assert_near (f.low, 0.0, 0.0);
  g_assert_cmpint (ktm_stats_fisher ((double[]) { 0, 0, 3, 4 }, 0.95, &f), ==, KTM_STATS_UNDEFINED);
  assert_nan (f.p);
}

static void
test_two_by_two_swap (void)
{
  static const double t[] = { 19, 8, 12, 13 }, swapped[] = { 12, 13, 19, 8 };
  KtmTwoByTwo a, b;

  g_assert_cmpint (ktm_stats_two_by_two (t, 0.95, &a), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_stats_two_by_two (swapped, 0.95, &b), ==, KTM_STATS_OK);
  assert_estimate (b.rd, -a.rd.value, -a.rd.high, -a.rd.low, 1e-14);
  assert_estimate (b.rr, 1.0 / a.rr.value, 1.0 / a.rr.high, 1.0 / a.rr.low, 1e-12);
  assert_estimate (b.odds_ratio, 1.0 / a.odds_ratio.value, 1.0 / a.odds_ratio.high,
                   1.0 / a.odds_ratio.low, 1e-12);
  assert_near (b.fisher.p, a.fisher.p, 1e-13);
  assert_near (b.fisher.low, 1.0 / a.fisher.high, 1e-10);
  assert_near (b.chi2_yates.p, a.chi2_yates.p, 1e-14);
  assert_near (b.phi, -a.phi, 1e-14);
  g_assert_true (a.nnt.crosses_infinity);
  assert_near (a.nnt.benefit, 1.0 / a.rd.high, 1e-14);
  assert_near (a.nnt.harm, -1.0 / a.rd.low, 1e-14);
  assert_near (b.nnt.benefit, a.nnt.harm, 1e-12);
}

static void
test_two_by_two_degenerate (void)
{
  KtmTwoByTwo t;

  g_assert_cmpint (ktm_stats_two_by_two ((double[]) { 0, 10, 4, 6 }, 0.95, &t), ==, KTM_STATS_OK);
  assert_near (t.rr.value, 0.0, 0.0);
  assert_nan (t.rr.low);
  assert_nan (t.odds_ratio.high);
  assert_near (t.wilson1_low, 0.0, 0.0);
  g_assert_false (t.nnt.crosses_infinity);
  assert_nan (t.nnt.benefit);
  g_assert_cmpint (ktm_stats_two_by_two ((double[]) { 0, 10, 0, 6 }, 0.95, &t), ==, KTM_STATS_OK);
  g_assert_cmpint (t.status, ==, KTM_STATS_UNDEFINED);
  assert_nan (t.chi2.p);
  g_assert_true (isinf (t.nnt.value));
  g_assert_cmpint (ktm_stats_two_by_two ((double[]){ 0, 0, 4, 6 }, 0.95, &t), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_two_by_two ((double[]){ -1, 2, 4, 6 }, 0.95, &t), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_two_by_two ((double[]){ NAN, 2, 4, 6 }, 0.95, &t), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_stats_two_by_two ((double[]){ 1, 2, 4, 6 }, 1.0, &t), ==,
                   KTM_STATS_BAD_ARGUMENT);
  assert_nan (t.p1);
}

/* Agresti (2002), table 2.8: job satisfaction and income; R's fisher.test says .7827. */
static const double job[] = { 1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11 };

static void
test_fisher_table (void)
{
  double turned[16];
  KtmFisherTable f, g;
  KtmFisher h;

  for (int i = 0; i < 16; i++)
    turned[i % 4 * 4 + (3 - i / 4)] = job[i];
  g_assert_cmpint (ktm_stats_fisher_table (job, 4, 4, 0, 0, NULL, &f), ==, KTM_STATS_OK);
  assert_near (f.p, 0.7827, 5e-5);
  g_assert_true (f.exact);
  g_assert_cmpint (ktm_stats_fisher_table (turned, 4, 4, 0, 0, NULL, &g), ==, KTM_STATS_OK);
  assert_near (g.p, f.p, 1e-11);
  ktm_stats_fisher ((double[]) { 19, 8, 12, 13 }, 0.95, &h);
  ktm_stats_fisher_table ((double[]){ 19, 0, 8, 12, 0, 13 }, 2, 3, 0, 0, NULL,
                          &g); /* an empty column */
  assert_near (g.p, h.p, 1e-12);
  /* Two rows and many columns, and its mirror. */
  ktm_stats_fisher_table ((double[]) { 1, 2, 3, 0, 5, 1, 4, 2, 2, 6, 0, 3 }, 2, 6, 0, 0, NULL, &f);
  ktm_stats_fisher_table ((double[]) { 4, 1, 2, 2, 2, 3, 6, 0, 0, 5, 3, 1 }, 6, 2, 0, 0, NULL, &g);
  assert_near (g.p, f.p, 1e-12);
}

/* Every 2 x 3 table with the margins, one by one. */
static void
test_fisher_table_brute (void)
{
  static const double t[] = { 5, 1, 3, 1, 6, 2 };
  double limit = 0.0, all = 0.0, far = 0.0;
  KtmFisherTable f;

  for (int i = 0; i < 6; i++)
    limit -= lgamma (t[i] + 1.0);
  for (double a = 0; a <= 6; a++)
    for (double b = 0; b <= 7; b++)
      {
        double cell[] = { a, b, 9 - a - b, 6 - a, 7 - b, 5 - (9 - a - b) }, lw = 0.0;

        if (cell[2] < 0 || cell[5] < 0)
          continue;
        for (int i = 0; i < 6; i++)
          lw -= lgamma (cell[i] + 1.0);
        all += exp (lw);
        far += lw <= limit + 1e-7 ? exp (lw) : 0.0;
      }
  g_assert_cmpint (ktm_stats_fisher_table (t, 2, 3, 0, 0, NULL, &f), ==, KTM_STATS_OK);
  assert_near (f.p, far / all, 1e-12);
}

static bool
stop_now (void *data G_GNUC_UNUSED)
{
  return true;
}

/* Too large to enumerate: the fall-back says so, repeats with its seed, and agrees with chi-square.
 */
static void
test_fisher_table_monte_carlo (void)
{
  double big[36];
  KtmProgress progress = { .stop = stop_now };
  KtmFisherTable f, g;
  KtmTable t;

  for (int i = 0; i < 36; i++)
    big[i] = 20.0 + (i * 7) % 11;
  g_assert_cmpint (ktm_stats_fisher_table (big, 6, 6, 2000, 99, NULL, &f), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_stats_fisher_table (big, 6, 6, 2000, 99, NULL, &g), ==, KTM_STATS_OK);
  g_assert_false (f.exact);
  assert_near (f.draws, 2000.0, 0.0);
  g_assert_cmpuint (f.seed, ==, 99);
  assert_near (g.p, f.p, 0.0);
  ktm_stats_table (big, 6, 6, &t, NULL, NULL);
  assert_near (f.p, t.chi2.p, 5.0 * f.se + 0.02);
  g_assert_cmpint (ktm_stats_fisher_table (big, 6, 6, 0, 0, NULL, &f), ==, KTM_STATS_TOO_LARGE);
  assert_nan (f.p);
  g_assert_cmpint (ktm_stats_fisher_table (big, 6, 6, 2000, 99, &progress, &f), ==,
                   KTM_STATS_CANCELLED);
  assert_nan (f.p);
  g_assert_cmpint (ktm_stats_fisher_table (big, 1, 6, 0, 0, NULL, &f), ==, KTM_STATS_UNDEFINED);
  g_assert_cmpint (ktm_stats_fisher_table ((double[]){ 0, 0, 0, 0 }, 2, 2, 0, 0, NULL, &f), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_fisher_table ((double[]) { 0.5, 1, 1, 1 }, 2, 2, 0, 0, NULL, &f), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

/* Agresti (2007), p. 38: party by gender, chi2 = 30.07, G2 = 30.02 with 2 df; residual 4.50. */
static void
test_table (void)
{
  static const double party[] = { 762, 327, 468, 484, 239, 477 };
  double expected[6], residuals[6];
  KtmTable t;

  g_assert_cmpint (ktm_stats_table (party, 2, 3, &t, expected, residuals), ==, KTM_STATS_OK);
  assert_near (t.chi2.statistic, 30.07, 5e-3);
  assert_near (t.g2.statistic, 30.02, 5e-3);
  assert_near (t.chi2.p, 2.954e-7, 5e-11);
  assert_near (expected[0], 703.7, 0.05);
  assert_near (residuals[0], 4.50, 5e-3);
  assert_near (t.cramers_v, sqrt (30.0701491 / 2757.0), 1e-7);
  g_assert_cmpint (ktm_stats_table ((double[]){ 1, 0, 2, 0 }, 2, 2, &t, expected, NULL), ==,
                   KTM_STATS_UNDEFINED);
  assert_nan (expected[0]);
  g_assert_cmpint (ktm_stats_table (party, 1, 6, &t, NULL, NULL), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_table ((double[]){ 1, -1, 2, 0 }, 2, 2, &t, NULL, NULL), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

/* Agresti (2013), 11.1: approval ratings of the prime minister, z = -4.17. */
static void
test_mcnemar (void)
{
  static const double t[] = { 794, 86, 150, 570 }, turned[] = { 794, 150, 86, 570 };
  KtmMcnemar a, b;

  g_assert_cmpint (ktm_stats_mcnemar (t, 0.95, &a), ==, KTM_STATS_OK);
  assert_near (sqrt (a.chi2.statistic), 4.17, 5e-3);
  assert_near (a.chi2_continuity.statistic, 63.0 * 63.0 / 236.0, 1e-12);
  g_assert_true (a.p_mid < a.p_exact);
  ktm_stats_mcnemar (turned, 0.95, &b);
  assert_near (b.p_exact, a.p_exact, 1e-20);
  assert_estimate (b.diff, -a.diff.value, -a.diff.high, -a.diff.low, 1e-14);
  assert_estimate (b.odds_ratio, 1.0 / a.odds_ratio.value, 1.0 / a.odds_ratio.high,
                   1.0 / a.odds_ratio.low, 1e-10);
  g_assert_cmpint (ktm_stats_mcnemar ((double[]) { 5, 0, 0, 5 }, 0.95, &a), ==, KTM_STATS_OK);
  g_assert_cmpint (a.status, ==, KTM_STATS_UNDEFINED);
  assert_near (a.p_exact, 1.0, 0.0);
  assert_nan (a.chi2.p);
  g_assert_cmpint (ktm_stats_mcnemar ((double[]) { 0, 0, 0, 0 }, 0.95, &a), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_mcnemar ((double[]){ 1.5, 0, 0, 0 }, 0.95, &a), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

/* Newcombe (1998), Stat Med 17:2635-2650, table III, method 10. */
static void
test_newcombe_paired (void)
{
  static const struct { double t[4], low, high; } cases[] = {
    { { 36, 12, 2, 0 }, 0.0569, 0.3404 },
    { { 54, 0, 0, 0 }, -0.0664, 0.0664 },
  };
  KtmMcnemar m;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (ktm_stats_mcnemar (cases[i].t, 0.95, &m), ==, KTM_STATS_OK);
      assert_near (m.diff.low, cases[i].low, 5e-5);
      assert_near (m.diff.high, cases[i].high, 5e-5);
    }
}

/* Fleiss (1981), smokers among patients of four studies: R's prop.trend.test prints 8.2249, p =
 * .004132. */
static void
test_trend (void)
{
  static const double events[] = { 83, 90, 129, 70 }, n[] = { 86, 93, 136, 82 },
                      s[] = { 1, 2, 3, 4 };
  static const double same[] = { 2, 2, 2, 2 }, none[] = { 0, 0, 0, 0 };
  KtmTrend t;

  g_assert_cmpint (ktm_stats_trend (events, n, s, 4, &t), ==, KTM_STATS_OK);
  assert_near (t.test.statistic, 8.2249, 5e-5);
  assert_near (t.test.p, 0.004132, 5e-7);
  g_assert_true (t.z < 0.0);
  g_assert_cmpint (ktm_stats_trend (none, n, s, 4, &t), ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_trend (events, n, same, 4, &t), ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_trend (events, n, s, 1, &t), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_trend (n, events, s, 4, &t), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_trend ((double[]) { NAN, 1 }, n, s, 2, &t), ==, KTM_STATS_NOT_FINITE);
  assert_nan (t.z);
}

/* Borenstein et al. (2009), ch. 4: means 103 and 100, SDs 5.5 and 4.5, 50 each: d = .5970, g =
 * .5924. */
static void
test_summary_effects (void)
{
  KtmSummary a = { 103.0, 5.5, 50.0 }, b = { 100.0, 4.5, 50.0 };
  KtmSummaryPairedD paired;
  KtmEstimate e;
  KtmSummaryD d;
  KtmSummaryT t;
  double middle;
  KtmTest test;

  g_assert_cmpint (ktm_stats_d_from_summary (a, b, 0.5, 0.95, &d), ==, KTM_STATS_OK);
  assert_near (d.cohen_d, 0.5970, 5e-5);
  assert_near (d.hedges_g, 0.5924, 5e-5);
  g_assert_cmpint (ktm_stats_t_from_summary (a, b, 0.95, &t), ==, KTM_STATS_OK);
  assert_near (t.student_test.statistic, 0.597022 * 5.0, 1e-4);
  assert_near (t.welch_test.statistic, t.student_test.statistic, 1e-12); /* equal sizes */
  g_assert_cmpint (ktm_stats_paired_d_from_summary (a, b, 0.5, &paired), ==, KTM_STATS_OK);
  assert_near (paired.d_av_meansd, 0.6, 1e-14);
  assert_near (paired.d_z, 3.0 / sqrt (5.5 * 5.5 + 4.5 * 4.5 - 5.5 * 4.5), 1e-14);
  g_assert_cmpint (ktm_stats_log_ratio_from_ci (2.0, 1.0, 4.0, 0.95, &e, &test, &middle), ==,
                   KTM_STATS_OK);
  assert_near (middle, 2.0, 1e-14);
  assert_near (test.statistic, 1.959963984540054, 1e-12);
  assert_estimate (e, 2.0, 1.0, 4.0, 1e-12);
  g_assert_cmpint (ktm_stats_log_ratio_from_ci (2.0, 0.0, 4.0, 0.95, &e, &test, &middle), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_wald_from_ci (1.0, 2.0, 0.0, 0.95, &e, &test), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_wald_from_ci (1.0, 1.0, 1.0, 0.95, &e, &test), ==,
                   KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_wald_from_ci (NAN, 1.0, 1.0, 0.95, &e, &test), ==,
                   KTM_STATS_NOT_FINITE);
  a.n = 1.0;
  g_assert_cmpint (ktm_stats_d_from_summary (a, b, 0.5, 0.95, &d), ==, KTM_STATS_TOO_FEW);
  a = b = (KtmSummary) { 1.0, 0.0, 5.0 };
  g_assert_cmpint (ktm_stats_t_from_summary (a, b, 0.95, &t), ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_stats_paired_d_from_summary (a, b, 2.0, &paired), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/tables/newcombe", test_newcombe);
  g_test_add_func ("/stats/tables/fisher", test_fisher);
  g_test_add_func ("/stats/tables/two-by-two/swap", test_two_by_two_swap);
  g_test_add_func ("/stats/tables/two-by-two/degenerate", test_two_by_two_degenerate);
  g_test_add_func ("/stats/tables/fisher-table", test_fisher_table);
  g_test_add_func ("/stats/tables/fisher-table/brute", test_fisher_table_brute);
  g_test_add_func ("/stats/tables/fisher-table/monte-carlo", test_fisher_table_monte_carlo);
  g_test_add_func ("/stats/tables/chi2", test_table);
  g_test_add_func ("/stats/tables/mcnemar", test_mcnemar);
  g_test_add_func ("/stats/tables/mcnemar/newcombe", test_newcombe_paired);
  g_test_add_func ("/stats/tables/trend", test_trend);
  g_test_add_func ("/stats/summary-effects", test_summary_effects);
  return g_test_run ();
}
