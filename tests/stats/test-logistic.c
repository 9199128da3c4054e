/* Logistic regression and Firth's method against printed numbers and closed forms. */
#include "model-test.h"

#include "ktm-logistic.h"

/* Spector and Mazzeo (1980): GPA, TUCE, PSI, GRADE; as in Greene, Econometric Analysis, table 21.1.
 */
static const double spector[32][4] = {
  { 2.66, 20, 0, 0 }, { 2.89, 22, 0, 0 }, { 3.28, 24, 0, 0 }, { 2.92, 12, 0, 0 },
  { 4.00, 21, 0, 1 }, { 2.86, 17, 0, 0 }, { 2.76, 17, 0, 0 }, { 2.87, 21, 0, 0 },
  { 3.03, 25, 0, 0 }, { 3.92, 29, 0, 1 }, { 2.63, 20, 0, 0 }, { 3.32, 23, 0, 0 },
  { 3.57, 23, 0, 0 }, { 3.26, 25, 0, 1 }, { 3.53, 26, 0, 0 }, { 2.74, 19, 0, 0 },
  { 2.75, 25, 0, 0 }, { 2.83, 19, 0, 0 }, { 3.12, 23, 1, 0 }, { 3.16, 25, 1, 1 },
  { 2.06, 22, 1, 0 }, { 3.62, 28, 1, 1 }, { 2.89, 14, 1, 0 }, { 3.51, 26, 1, 0 },
  { 3.54, 24, 1, 1 }, { 2.83, 27, 1, 1 }, { 3.39, 17, 1, 1 }, { 2.67, 24, 1, 0 },
  { 3.65, 21, 1, 1 }, { 4.00, 23, 1, 1 }, { 3.10, 21, 1, 0 }, { 2.39, 19, 1, 1 },
};

/* Endometrial cancer, Heinze and Schemper (2002), Stat Med 21:2409-2419: NV, PI, EH, HG. */
static const double endometrial[79][4] = {
  { 0, 13, 1.64, 0 }, { 0, 16, 2.26, 0 }, { 0, 8, 3.14, 0 },  { 0, 34, 2.68, 0 },
  { 0, 20, 1.28, 0 }, { 0, 5, 2.31, 0 },  { 0, 17, 1.8, 0 },  { 0, 10, 1.68, 0 },
  { 0, 26, 1.56, 0 }, { 0, 17, 2.31, 0 }, { 0, 8, 2.01, 0 },  { 0, 7, 1.89, 0 },
  { 0, 20, 3.15, 0 }, { 0, 10, 1.23, 0 }, { 0, 18, 1.27, 0 }, { 0, 16, 1.76, 0 },
  { 0, 18, 2, 0 },    { 0, 8, 2.64, 1 },  { 0, 29, 0.88, 1 }, { 0, 12, 1.27, 1 },
  { 0, 20, 1.37, 1 }, { 1, 38, 0.97, 1 }, { 1, 22, 1.14, 1 }, { 1, 7, 0.88, 1 },
  { 1, 25, 0.91, 1 }, { 1, 15, 0.58, 1 }, { 0, 7, 0.97, 1 },  { 0, 28, 1.5, 0 },
  { 0, 11, 1.33, 0 }, { 0, 19, 2.37, 0 }, { 0, 10, 1.82, 0 }, { 0, 10, 3.13, 0 },
  { 0, 18, 1.31, 0 }, { 0, 14, 1.92, 0 }, { 0, 21, 1.64, 0 }, { 0, 11, 2.01, 0 },
  { 0, 17, 1.88, 0 }, { 0, 25, 1.93, 0 }, { 0, 16, 2.11, 0 }, { 0, 19, 1.29, 0 },
  { 0, 15, 1.72, 0 }, { 0, 33, 0.75, 0 }, { 0, 24, 1.92, 0 }, { 0, 48, 1.84, 1 },
  { 0, 12, 1.11, 1 }, { 0, 19, 1.61, 1 }, { 0, 2, 1.18, 1 },  { 1, 22, 1.44, 1 },
  { 1, 40, 1.18, 1 }, { 1, 5, 0.93, 1 },  { 1, 0, 1.17, 1 },  { 0, 21, 1.19, 1 },
  { 0, 15, 1.06, 1 }, { 0, 29, 2.02, 0 }, { 0, 15, 2.29, 0 }, { 0, 12, 2.33, 0 },
  { 0, 3, 2.9, 0 },   { 0, 20, 1.7, 0 },  { 0, 23, 1.41, 0 }, { 0, 12, 2.25, 0 },
  { 0, 22, 1.54, 0 }, { 0, 42, 1.97, 0 }, { 0, 15, 1.75, 0 }, { 0, 13, 2.16, 0 },
  { 0, 14, 2.57, 0 }, { 0, 19, 1.37, 0 }, { 0, 12, 3.61, 0 }, { 0, 13, 2.04, 0 },
  { 0, 10, 2.17, 0 }, { 0, 12, 1.69, 1 }, { 1, 49, 0.27, 1 }, { 0, 6, 1.84, 1 },
  { 0, 5, 1.3, 1 },   { 0, 17, 0.96, 1 }, { 1, 11, 1.01, 1 }, { 1, 21, 0.98, 1 },
  { 0, 5, 0.35, 1 },  { 1, 19, 1.02, 1 }, { 0, 33, 0.85, 1 },
};

static void
test_spector (void)
{
  static const double printed[4][2] = {
    { -13.0213, 4.9313 }, { 2.8261, 1.2629 }, { 0.0952, 0.1416 }, { 2.3787, 1.0646 }
  };
  double y[32], x[32 * 4];
  const size_t psi = 3, all[3] = { 1, 2, 3 };
  KtmLogistic *fit;
  KtmTest test;

  for (int i = 0; i < 32; i++)
    {
      y[i] = spector[i][3];
      x[i * 4] = 1;
      for (int j = 0; j < 3; j++)
        x[i * 4 + j + 1] = spector[i][j];
    }
  g_assert_cmpint (ktm_logistic_fit (y, x, 32, 4, KTM_LOGISTIC_AUTO, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (fit->used, ==, KTM_LOGISTIC_ML);
  g_assert_cmpint (fit->separation, ==, KTM_SEPARATION_NONE);
  for (int j = 0; j < 4; j++)
    {
      assert_near (fit->beta[j], printed[j][0], 6e-5);
      assert_near (fit->wald[j].estimate.se, printed[j][1], 6e-4);
    }
  assert_near (fit->loglik, -12.8896, 5e-5);
  assert_near (fit->overall.statistic, 15.404, 5e-3);
  assert_near (fit->overall.df, 3, 0);
  g_assert_cmpint (ktm_logistic_columns (fit, y, x, &psi, 1, &test), ==, KTM_STATS_OK);
  assert_close (test.statistic, fit->profile[3].test.statistic, 1e-8);
  g_assert_cmpint (ktm_logistic_columns (fit, y, x, all, 3, &test), ==, KTM_STATS_OK);
  assert_close (test.statistic, fit->overall.statistic, 1e-8);
  g_assert_true (fit->profile[3].estimate.low > 0.3 && fit->profile[3].estimate.high < 5.5);
  ktm_logistic_free (fit);
}

/* One row a patient of a 2 x 2 table. */
static void
expand (const int table[4], double *y, double *x)
{
  int at = 0;

  for (int cell = 0; cell < 4; cell++)
    for (int k = 0; k < table[cell]; k++, at++)
      {
        y[at] = cell % 2 == 0;
        x[at * 2] = 1;
        x[at * 2 + 1] = cell < 2;
      }
}

/* A saturated 2 x 2 table: log OR = log ad/bc with Woolf's SE; Firth adds one half to every cell
 * (Firth 1993, section 3.3). */
static void
test_table (void)
{
  const int table[4] = { 17, 6, 9, 21 };
  double y[53], x[106], score = 0;
  KtmLogistic *fit;

  expand (table, y, x);
  g_assert_cmpint (ktm_logistic_fit (y, x, 53, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  assert_close (fit->beta[1], log (17.0 * 21 / (6 * 9)), 1e-9);
  assert_close (fit->wald[1].estimate.se, sqrt (1.0 / 17 + 1.0 / 6 + 1.0 / 9 + 1.0 / 21), 1e-9);
  assert_close (fit->odds_ratio[1].high, exp (fit->wald[1].estimate.high), 1e-12);
  for (int i = 0; i < 53; i++)
    score += fit->fitted[i] - y[i];
  assert_near (score, 0, 1e-9);
  ktm_logistic_free (fit);
  g_assert_cmpint (ktm_logistic_fit (y, x, 53, 2, KTM_LOGISTIC_FIRTH, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  assert_close (fit->beta[1], log (17.5 * 21.5 / (6.5 * 9.5)), 1e-7);
  g_assert_cmpint (fit->separation, ==, KTM_SEPARATION_NOT_ASKED);
  ktm_logistic_free (fit);
}

/* A zero cell: quasi-separated, and Firth's answer is that of the table with one half added. */
static void
test_zero_cell (void)
{
  const int table[4] = { 12, 0, 9, 8 };
  double y[29], x[58];
  KtmLogistic *fit = NULL;

  expand (table, y, x);
  g_assert_cmpint (ktm_logistic_fit (y, x, 29, 2, KTM_LOGISTIC_ML, 0.95, NULL, &fit), ==,
                   KTM_STATS_SEPARATED);
  g_assert_null (fit);
  g_assert_cmpint (ktm_logistic_fit (y, x, 29, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (fit->used, ==, KTM_LOGISTIC_FIRTH);
  g_assert_cmpint (fit->separation, ==, KTM_SEPARATION_QUASI);
  assert_close (fit->beta[1], log (12.5 * 8.5 / (0.5 * 9.5)), 1e-7);
  g_assert_true (fit->profile[1].estimate.low > 0 && isfinite (fit->profile[1].estimate.high));
  assert_close (fit->odds_ratio[1].low, exp (fit->profile[1].estimate.low), 1e-12);
  ktm_logistic_free (fit);
}

static void
test_complete (void)
{
  const double y[6] = { 0, 0, 0, 1, 1, 1 }, x[12] = { 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6.5 };
  KtmLogistic *fit;

  g_assert_cmpint (ktm_logistic_fit (y, x, 6, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (fit->separation, ==, KTM_SEPARATION_COMPLETE);
  g_assert_true (fit->beta[1] > 0 && isfinite (fit->wald[1].estimate.se));
  g_assert_cmpstr (ktm_logistic_method_text (fit), !=, NULL);
  ktm_logistic_free (fit);
}

/* logistf (endometrial): printed in Heinze and Schemper (2002), table II, to more digits by
 * logistf. */
static void
test_endometrial (void)
{
  static const double expected[4][3] = { { 3.77455951, 1.0825371, 7.20928050 },
                                         { 2.92927330, 0.6097244, 7.85463171 },
                                         { -0.03475175, -0.1244587, 0.04045547 },
                                         { -2.60416387, -4.3651832, -1.23272106 } };
  double y[79], x[79 * 4];
  KtmLogistic *fit;

  for (int i = 0; i < 79; i++)
    {
      y[i] = endometrial[i][3];
      x[i * 4] = 1;
      for (int j = 0; j < 3; j++)
        x[i * 4 + j + 1] = endometrial[i][j];
    }
  g_assert_cmpint (ktm_logistic_fit (y, x, 79, 4, KTM_LOGISTIC_AUTO, 0.95, NULL, &fit), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (fit->separation, ==, KTM_SEPARATION_QUASI);
  for (int j = 0; j < 4; j++)
    {
      assert_close (fit->beta[j], expected[j][0], 2e-5);
      assert_close (fit->profile[j].estimate.low, expected[j][1], 2e-4);
      assert_close (fit->profile[j].estimate.high, expected[j][2], 2e-4);
    }
  ktm_logistic_free (fit);
}

static bool
always (void *data)
{
  return true;
}

/* Of 1 000 patients and more those with the same columns are counted together: the numbers are
 * those of a 2 x 2 table, where Firth's method adds a half to each cell, and those of fewer, one by
 * one. */
static void
test_gathered (void)
{
  enum { N = 1200, FEW = 999 };
  const double cell[4] = { 100, 200, 500, 400 }; /* x = 0: y 1, 0; x = 1: y 1, 0 */
  g_autofree double *x = g_new (double, 4 * FEW), *y = g_new (double, 2 * FEW);
  KtmLogistic *many, *few;

  for (int i = 0; i < N; i++)
    {
      x[2 * i] = 1;
      x[2 * i + 1] = i >= 300;
      y[i] = i < 100 || (i >= 300 && i < 800);
    }
  ktm_logistic_fit (y, x, N, 2, KTM_LOGISTIC_FIRTH, 0.95, NULL, &many);
  assert_close (many->beta[1], log (500.5 * 200.5 / (400.5 * 100.5)), 1e-9);
  ktm_logistic_free (many);
  ktm_logistic_fit (y, x, N, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &many);
  assert_close (many->beta[1], log (cell[2] * cell[1] / (cell[3] * cell[0])), 1e-9);
  assert_close (many->fitted[0], 1.0 / 3, 1e-9);
  assert_close (many->fitted[N - 1], 5.0 / 9, 1e-9);
  assert_close (many->overall.statistic, many->profile[1].test.statistic, 1e-7);
  ktm_logistic_free (many);
  ktm_logistic_fit (y, x, FEW, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &few);
  for (int i = 0; i < FEW; i++) /* each of them twice */
    {
      memcpy (x + 2 * (FEW + i), x + 2 * i, 2 * sizeof *x);
      y[FEW + i] = y[i];
    }
  ktm_logistic_fit (y, x, 2 * FEW, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &many);
  assert_close (many->beta[0], few->beta[0], 1e-9);
  assert_close (many->wald[1].estimate.se, few->wald[1].estimate.se / sqrt (2), 1e-9);
  assert_close (many->loglik, 2 * few->loglik, 1e-6);
  assert_close (many->profile[1].test.statistic, 2 * few->profile[1].test.statistic, 1e-7);
  ktm_logistic_free (many);
  ktm_logistic_free (few);
  for (int i = 300; i < 2 * FEW; i++) /* separated */
    {
      y[i] = 1;
      x[2 * i + 1] = 1;
    }
  ktm_logistic_fit (y, x, 2 * FEW, 2, KTM_LOGISTIC_AUTO, 0.95, NULL, &many);
  g_assert_cmpint (many->separation, ==, KTM_SEPARATION_QUASI);
  assert_close (many->beta[1], log ((2 * FEW - 300 + 0.5) / 0.5 * 200.5 / 100.5), 1e-8);
  ktm_logistic_free (many);
}

static void
test_refusals (void)
{
  const double y[5] = { 0, 1, 0, 1, 1 }, one[5] = { 1, 1, 1, 1, 1 }, zero[5] = { 0 },
               two[5] = { 0, 1, 2, 0, 1 };
  const double bad[5] = { 1, 1, INFINITY, 1, 1 }, twice[10] = { 1, 3, 1, 3, 1, 3, 1, 3, 1, 3 };
  const size_t column[2] = { 0, 0 };
  KtmProgress stop = { .stop = always };
  KtmLogistic *fit = NULL;
  KtmTest test;

  g_assert_cmpint (ktm_logistic_fit (y, one, 0, 1, 0, 0.95, NULL, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_logistic_fit (y, one, 1, 1, 0, 0.95, NULL, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_logistic_fit (zero, one, 5, 1, 0, 0.95, NULL, &fit), ==,
                   KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_logistic_fit (two, one, 5, 1, 0, 0.95, NULL, &fit), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_logistic_fit (y, bad, 5, 1, 0, 0.95, NULL, &fit), ==, KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_logistic_fit (y, twice, 5, 2, 0, 0.95, NULL, &fit), ==, KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_logistic_fit (y, one, 5, 1, 0, 0, NULL, &fit), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_logistic_fit (y, one, 5, 1, 0, 0.95, &stop, &fit), ==, KTM_STATS_CANCELLED);
  g_assert_null (fit);
  g_assert_cmpint (ktm_logistic_fit (y, one, 5, 1, 0, 0.95, NULL, &fit), ==, KTM_STATS_OK);
  assert_close (fit->beta[0], log (3.0 / 2), 1e-9);
  g_assert_true (isnan (fit->overall.p));
  g_assert_cmpint (ktm_logistic_columns (fit, y, one, column, 2, &test), ==,
                   KTM_STATS_BAD_ARGUMENT);
  ktm_logistic_free (fit);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/stats/logistic/spector", test_spector);
  g_test_add_func ("/stats/logistic/table", test_table);
  g_test_add_func ("/stats/logistic/zero-cell", test_zero_cell);
  g_test_add_func ("/stats/logistic/complete", test_complete);
  g_test_add_func ("/stats/logistic/endometrial", test_endometrial);
  g_test_add_func ("/stats/logistic/gathered", test_gathered);
  g_test_add_func ("/stats/logistic/refusals", test_refusals);
  return g_test_run ();
}
