/* Change, two groups and several groups. */
#include "ktm-test.h"

#include "ktm-dist.h"
#include "ktm-k-groups.h"
#include "ktm-paired.h"
#include "ktm-two-groups.h"

/* Student (1908): hours of sleep gained by ten patients under two drugs. */
static const double sleep1[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 };
static const double sleep2[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };

/* --- paired ----------------------------------------------------------------------------------- */

/* R's t.test and wilcox.test documentation examples print these. */
static void
test_paired_sleep (void)
{
  KtmPaired p;

  g_assert_cmpint (ktm_stats_paired (sleep1, sleep2, 10, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_OK);
  assert_near (p.t.statistic, 4.0621, 5e-5);
  assert_near (p.t.p, 0.002833, 5e-7);
  assert_estimate (p.mean_diff, 1.58, 0.7001142, 2.4598858, 5e-8);
  assert_near (p.wilcoxon.p_normal_continuity, 0.009091, 5e-7);
  assert_near (p.wilcoxon.v, 45.0, 0.0);
  assert_near (p.wilcoxon.p_exact, 2.0 / 512.0, 1e-15);
  g_assert_true (p.wilcoxon.exact);
  g_assert_cmpuint (p.wilcoxon.n_zero, ==, 1);
  assert_near (p.sign_test_p, 2.0 / 512.0, 1e-15);
  assert_near (p.rank_biserial.value, 1.0, 0.0);
  assert_near (p.d_z.value, 4.0621276 / sqrt (10.0), 1e-6);
  assert_near (p.common_language.value, 0.5 * erfc (-p.d_z.value * M_SQRT1_2), 1e-12);
  assert_near (p.share_higher.value, 0.95, 1e-14);
}

/* Hollander & Wolfe (1999), ex. 3.1: one-sided p = .0195. */
static void
test_paired_depression (void)
{
  static const double x[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
  static const double y[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 };
  KtmPaired p;

  g_assert_cmpint (ktm_stats_paired (y, x, 9, 0.95, KTM_EXACT_IF_SMALL, &p), ==, KTM_STATS_OK);
  assert_near (p.wilcoxon.v, 40.0, 0.0);
  assert_near (p.wilcoxon.p, 2.0 * 0.01953125, 1e-15);
  ktm_stats_paired (y, x, 9, 0.95, KTM_EXACT_NEVER, &p);
  assert_nan (p.wilcoxon.p_exact);
  g_assert_false (p.wilcoxon.exact);
  assert_near (p.wilcoxon.p, p.wilcoxon.p_normal_continuity, 0.0);
}

/* Baseline and follow-up change places: every effect changes sign, every p stays. */
static void
test_paired_swap (void)
{
  KtmRandom random;
  double x[40], y[40];
  KtmPaired a, b;

  ktm_random_seed (&random, 13);
  fill_scores (&random, x, 40, 7.0);
  fill_scores (&random, y, 40, 5.5);
  ktm_stats_paired (x, y, 40, 0.95, KTM_EXACT_IF_SMALL, &a);
  ktm_stats_paired (y, x, 40, 0.95, KTM_EXACT_IF_SMALL, &b);
  assert_estimate (b.mean_diff, -a.mean_diff.value, -a.mean_diff.high, -a.mean_diff.low, 1e-12);
  assert_estimate (b.hodges_lehmann, -a.hodges_lehmann.value, -a.hodges_lehmann.high,
                   -a.hodges_lehmann.low, 1e-12);
  assert_estimate (b.d_z, -a.d_z.value, -a.d_z.high, -a.d_z.low, 1e-10);
  assert_estimate (b.d_av, -a.d_av.value, -a.d_av.high, -a.d_av.low, 1e-10);
  assert_estimate (b.g_rm, -a.g_rm.value, -a.g_rm.high, -a.g_rm.low, 1e-10);
  assert_estimate (b.rank_biserial, -a.rank_biserial.value, -a.rank_biserial.high,
                   -a.rank_biserial.low, 1e-12);
  assert_estimate (b.common_language, 1.0 - a.common_language.value, 1.0 - a.common_language.high,
                   1.0 - a.common_language.low, 1e-10);
  assert_near (b.wilcoxon.p_exact, a.wilcoxon.p_exact, 1e-14);
  assert_near (b.p_less, 1.0 - a.p_less, 1e-14);
}

/* Another unit and another order: standardised effects and ranks do not notice. */
static void
test_paired_unit (void)
{
  KtmRandom random;
  double x[25], y[25];
  KtmPaired a, b;

  ktm_random_seed (&random, 17);
  fill_scores (&random, x, 25, 7.0);
  fill_scores (&random, y, 25, 5.0);
  ktm_stats_paired (x, y, 25, 0.9, KTM_EXACT_IF_SMALL, &a);
  for (int i = 0; i < 25; i++)
    {
      x[i] = 8.0 + 4.0 * x[i];
      y[i] = 8.0 + 4.0 * y[i];
    }
  reverse (x, 25);
  reverse (y, 25);
  ktm_stats_paired (x, y, 25, 0.9, KTM_EXACT_IF_SMALL, &b);
  assert_near (b.mean_diff.low, 4.0 * a.mean_diff.low, 1e-11);
  assert_near (b.d_av.low, a.d_av.low, 1e-11);
  assert_near (b.glass_delta.high, a.glass_delta.high, 1e-11);
  assert_near (b.wilcoxon.p, a.wilcoxon.p, 1e-14);
  assert_near (b.sign_test_p, a.sign_test_p, 0.0);
}

static void
test_paired_degenerate (void)
{
  static const double x[] = { 5.0, 6.0, 7.0 }, shifted[] = { 4.0, 5.0, 6.0 },
                      bad[] = { 1.0, NAN, 3.0 };
  static const double tenths[] = { 80.5, 81.3, 84.9 }, less[] = { 80.2, 81.0, 84.6 };
  KtmPaired p;

  g_assert_cmpint (ktm_stats_paired (x, x, 0, 0.95, KTM_EXACT_IF_SMALL, &p), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_paired (x, shifted, 1, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_TOO_FEW);
  assert_nan (p.mean_diff.value);
  g_assert_cmpint (ktm_stats_paired (x, bad, 3, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_stats_paired (x, x, 3, 0.0, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_paired (x, shifted, 3, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (p.t_status, ==, KTM_STATS_NO_VARIANCE);
  assert_near (p.mean_diff.value, -1.0, 0.0);
  assert_nan (p.t.p);
  assert_nan (p.d_z.value);
  assert_near (p.wilcoxon.p_exact, 0.25, 1e-15);
  g_assert_cmpint (ktm_stats_paired (tenths, less, 3, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (p.t_status, ==, KTM_STATS_NO_VARIANCE); /* equal but for rounding */
  g_assert_cmpint (ktm_stats_paired (x, x, 3, 0.95, KTM_EXACT_IF_SMALL, &p), ==, KTM_STATS_OK);
  g_assert_cmpint (p.wilcoxon.status, ==, KTM_STATS_NO_VARIANCE);
  assert_near (p.mean_diff.value, 0.0, 0.0);
  assert_nan (p.sign_test_p);
  g_assert_cmpint (ktm_stats_paired (sleep1, sleep2, 2, 0.95, KTM_EXACT_IF_SMALL, &p), ==,
                   KTM_STATS_OK);
  assert_near (p.t.df, 1.0, 0.0);
}

/* --- two groups ------------------------------------------------------------------------------- */

static void
test_two_groups_sleep (void)
{
  KtmTwoGroups g;

  g_assert_cmpint (ktm_stats_two_groups (sleep1, 10, sleep2, 10, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_OK);
  assert_near (g.welch_test.statistic, -1.8608, 5e-5);
  assert_near (g.welch_test.df, 17.776, 5e-4);
  assert_near (g.welch_test.p, 0.07939, 5e-6);
  assert_estimate (g.welch, -1.58, -3.3654832, 0.2054832, 5e-8);
  assert_near (g.student_test.p, 0.07918671, 5e-9);
  assert_near (g.mann_whitney.u1, 25.5, 0.0);
  assert_near (g.mann_whitney.p_normal_continuity, 0.06933, 5e-6);
}

/* Brunner & Munzel (2000), Psychol pain scores, 14 and 11 patients: W = 3.1375, df = 17.683, p =
 * .0057863. */
static void
test_brunner_munzel (void)
{
  static const double y[] = { 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1 };
  static const double n[] = { 3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4 };
  KtmTwoGroups g;

  g_assert_cmpint (ktm_stats_two_groups (n, 11, y, 14, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_OK);
  assert_near (g.brunner_munzel.statistic, 3.1375, 5e-5);
  assert_near (g.brunner_munzel.df, 17.683, 5e-4);
  assert_near (g.brunner_munzel.p, 0.005786, 5e-7);
  assert_near (g.prob_superiority.value, 0.788961, 5e-7);
  assert_near (g.ps_bm_low, 0.5952169, 5e-8);
  assert_near (g.ps_bm_high, 0.9827052, 5e-8);
}

static void
test_two_groups_swap (void)
{
  KtmRandom random;
  double x[30], y[22];
  KtmTwoGroups a, b;

  ktm_random_seed (&random, 19);
  fill_scores (&random, x, 30, 6.0);
  fill_scores (&random, y, 22, 4.5);
  ktm_stats_two_groups (x, 30, y, 22, 0.95, KTM_EXACT_IF_SMALL, &a);
  reverse (x, 30);
  ktm_stats_two_groups (y, 22, x, 30, 0.95, KTM_EXACT_IF_SMALL, &b);
  assert_estimate (b.welch, -a.welch.value, -a.welch.high, -a.welch.low, 1e-12);
  assert_estimate (b.hedges_g, -a.hedges_g.value, -a.hedges_g.high, -a.hedges_g.low, 1e-10);
  assert_estimate (b.hodges_lehmann, -a.hodges_lehmann.value, -a.hodges_lehmann.high,
                   -a.hodges_lehmann.low, 1e-12);
  assert_estimate (b.cliff_delta, -a.cliff_delta.value, -a.cliff_delta.high, -a.cliff_delta.low,
                   1e-12);
  assert_estimate (b.prob_superiority, 1.0 - a.prob_superiority.value,
                   1.0 - a.prob_superiority.high, 1.0 - a.prob_superiority.low, 1e-12);
  assert_estimate (b.glass_delta_sd1, -a.glass_delta_sd2.value, -a.glass_delta_sd2.high,
                   -a.glass_delta_sd2.low, 1e-12);
  assert_near (b.mann_whitney.p_exact, a.mann_whitney.p_exact, 1e-13);
  assert_near (b.variance_test.p, a.variance_test.p, 1e-12);
  assert_near (b.brunner_munzel.p, a.brunner_munzel.p, 1e-13);
}

static void
test_two_groups_degenerate (void)
{
  static const double x[] = { 1.0, 2.0, 3.0 }, far[] = { 7.0, 8.0, 9.0 },
                      same[] = { 4.0, 4.0, 4.0 };
  static const double bad[] = { 1.0, INFINITY };
  KtmTwoGroups g;

  g_assert_cmpint (ktm_stats_two_groups (x, 0, far, 3, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_two_groups (x, 3, bad, 2, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_stats_two_groups (x, 3, far, 3, -1.0, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_BAD_ARGUMENT);
  assert_nan (g.mean_diff);
  g_assert_cmpint (ktm_stats_two_groups (x, 1, far, 1, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (g.t_status, ==, KTM_STATS_TOO_FEW);
  assert_near (g.mean_diff, -6.0, 0.0);
  assert_nan (g.student.low);
  g_assert_cmpint (ktm_stats_two_groups (x, 3, far, 3, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (g.ranks_status, ==, KTM_STATS_UNDEFINED); /* no overlap */
  assert_near (g.prob_superiority.value, 0.0, 0.0);
  assert_nan (g.brunner_munzel.p);
  g_assert_cmpint (ktm_stats_two_groups (same, 3, same, 3, 0.95, KTM_EXACT_IF_SMALL, &g), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (g.t_status, ==, KTM_STATS_NO_VARIANCE);
  assert_nan (g.mann_whitney.p);
  assert_nan (g.cohen_d.value);
  assert_near (g.cliff_delta.value, 0.0, 0.0);
}

/* --- several groups --------------------------------------------------------------------------- */

/* Dobson (1983), plant weights; the printed examples of R's aov, TukeyHSD and kruskal.test. */
static const double plants[] = { 4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14,
                                 4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69,
                                 6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26 };

static void
plant_groups (gsize *group)
{
  for (gsize i = 0; i < 30; i++)
    group[i] = i / 10;
}

static void
test_k_groups_plants (void)
{
  gsize group[30], sizes[3];
  KtmGroupPair pairs[3];
  KtmKGroups k;

  plant_groups (group);
  g_assert_cmpint (ktm_stats_k_groups (plants, group, 30, 3, 0.95, &k, sizes, pairs), ==,
                   KTM_STATS_OK);
  assert_near (k.anova.statistic, 4.846, 5e-4);
  assert_near (k.anova.p, 0.01591, 5e-6);
  assert_near (k.kruskal.statistic, 7.9882, 5e-5);
  assert_near (k.kruskal.p, 0.01842, 5e-6);
  assert_near (k.welch.statistic, 5.181, 5e-4);
  assert_near (k.welch.df2, 17.128, 5e-4);
  assert_near (k.welch.p, 0.01739, 5e-6);
  assert_estimate (pairs[0].tukey, -0.371, -1.0622161, 0.3202161, 5e-8);
  assert_near (pairs[0].tukey_p, 0.3908711, 5e-8);
  assert_near (pairs[1].tukey_p, 0.1979960, 5e-8);
  assert_estimate (pairs[2].tukey, 0.865, 0.1737839, 1.5562161, 5e-8);
  assert_near (pairs[2].tukey_p, 0.0120064, 5e-8);
  g_assert_cmpuint (sizes[1], ==, 10);
}

/* With two groups everything falls back on the two-group tests. */
static void
test_k_groups_of_two (void)
{
  gsize group[20];
  double both[20];
  KtmGroupPair pair;
  KtmTwoGroups g;
  KtmKGroups k;

  for (gsize i = 0; i < 20; i++)
    {
      group[i] = i / 10;
      both[i] = i < 10 ? sleep1[i] : sleep2[i - 10];
    }
  ktm_stats_k_groups (both, group, 20, 2, 0.95, &k, NULL, &pair);
  ktm_stats_two_groups (sleep2, 10, sleep1, 10, 0.95, KTM_EXACT_NEVER, &g);
  assert_near (k.anova.p, g.student_test.p, 1e-12);
  assert_near (k.welch.p, g.welch_test.p, 1e-12);
  assert_near (k.kruskal.p, g.mann_whitney.p_normal, 1e-12);
  assert_estimate (pair.tukey, g.student.value, g.student.low, g.student.high, 1e-9);
  assert_near (pair.tukey_p, g.student_test.p, 1e-11);
  assert_estimate (pair.games_howell, g.welch.value, g.welch.low, g.welch.high, 1e-9);
  assert_near (pair.games_howell_p, g.welch_test.p, 1e-11);
  assert_near (pair.dunn.holm, pair.dunn.raw, 0.0);
  assert_near (pair.wilcoxon.raw, g.mann_whitney.p_normal_continuity, 1e-14);
}

/* Groups in another order: the pairs turn round. */
static void
test_k_groups_relabel (void)
{
  gsize group[30], turned[30];
  KtmGroupPair a[3], b[3];
  KtmKGroups ka, kb;

  plant_groups (group);
  for (int i = 0; i < 30; i++)
    turned[i] = 2 - group[i];
  ktm_stats_k_groups (plants, group, 30, 3, 0.95, &ka, NULL, a);
  ktm_stats_k_groups (plants, turned, 30, 3, 0.95, &kb, NULL, b);
  assert_near (kb.anova.p, ka.anova.p, 1e-13);
  assert_near (kb.brown_forsythe.p, ka.brown_forsythe.p, 1e-13);
  for (int i = 0; i < 3; i++)
    {
      assert_near (b[2 - i].tukey.low, -a[i].tukey.high, 1e-10);
      assert_near (b[2 - i].games_howell.low, -a[i].games_howell.high, 1e-10);
      assert_near (b[2 - i].dunn_z, -a[i].dunn_z, 1e-12);
      assert_near (b[2 - i].dunn.bh, a[i].dunn.bh, 1e-12);
    }
}

static void
test_k_groups_degenerate (void)
{
  static const double same[] = { 2.0, 2.0, 2.0, 2.0 }, apart[] = { 1.0, 1.0, 5.0, 5.0 };
  static const gsize group[] = { 0, 0, 1, 1 }, gap[] = { 0, 0, 2, 2 }, singles[] = { 0, 1, 2, 3 };
  static const double bad[] = { 1.0, NAN, 2.0, 3.0 };
  KtmGroupPair pairs[6];
  KtmKGroups k;

  g_assert_cmpint (ktm_stats_k_groups (apart, gap, 4, 3, 0.95, &k, NULL, pairs), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_k_groups (apart, group, 4, 1, 0.95, &k, NULL, NULL), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_k_groups (apart, gap, 4, 2, 0.95, &k, NULL, pairs), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_k_groups (bad, group, 4, 2, 0.95, &k, NULL, pairs), ==,
                   KTM_STATS_NOT_FINITE);
  assert_nan (k.anova.p);
  assert_nan (pairs[0].tukey_p);
  g_assert_cmpint (ktm_stats_k_groups (same, group, 4, 2, 0.95, &k, NULL, pairs), ==, KTM_STATS_OK);
  g_assert_cmpint (k.means_status, ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (k.ranks_status, ==, KTM_STATS_NO_VARIANCE);
  assert_nan (k.kruskal.p);
  assert_nan (pairs[0].dunn.raw);
  g_assert_cmpint (ktm_stats_k_groups (apart, group, 4, 2, 0.95, &k, NULL, pairs), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (k.means_status, ==, KTM_STATS_NO_VARIANCE);
  assert_near (k.eta2, 1.0, 1e-15);
  g_assert_cmpint (ktm_stats_k_groups (apart, singles, 4, 4, 0.95, &k, NULL, pairs), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (k.means_status, ==, KTM_STATS_TOO_FEW);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/paired/sleep", test_paired_sleep);
  g_test_add_func ("/stats/paired/depression", test_paired_depression);
  g_test_add_func ("/stats/paired/swap", test_paired_swap);
  g_test_add_func ("/stats/paired/unit", test_paired_unit);
  g_test_add_func ("/stats/paired/degenerate", test_paired_degenerate);
  g_test_add_func ("/stats/two-groups/sleep", test_two_groups_sleep);
  g_test_add_func ("/stats/two-groups/brunner-munzel", test_brunner_munzel);
  g_test_add_func ("/stats/two-groups/swap", test_two_groups_swap);
  g_test_add_func ("/stats/two-groups/degenerate", test_two_groups_degenerate);
  g_test_add_func ("/stats/k-groups/plants", test_k_groups_plants);
  g_test_add_func ("/stats/k-groups/of-two", test_k_groups_of_two);
  g_test_add_func ("/stats/k-groups/relabel", test_k_groups_relabel);
  g_test_add_func ("/stats/k-groups/degenerate", test_k_groups_degenerate);
  return g_test_run ();
}
