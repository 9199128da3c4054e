/* Least squares and ANCOVA against certified and printed numbers. */
#include "model-test.h"

#include "ktm-ancova.h"

/* Longley (1967), JASA 62:819-841; certified values of NIST StRD "Longley". */
static const double longley[16][7] = {
  { 60323, 83.0, 234289, 2356, 1590, 107608, 1947 },
  { 61122, 88.5, 259426, 2325, 1456, 108632, 1948 },
  { 60171, 88.2, 258054, 3682, 1616, 109773, 1949 },
  { 61187, 89.5, 284599, 3351, 1650, 110929, 1950 },
  { 63221, 96.2, 328975, 2099, 3099, 112075, 1951 },
  { 63639, 98.1, 346999, 1932, 3594, 113270, 1952 },
  { 64989, 99.0, 365385, 1870, 3547, 115094, 1953 },
  { 63761, 100.0, 363112, 3578, 3350, 116219, 1954 },
  { 66019, 101.2, 397469, 2904, 3048, 117388, 1955 },
  { 67857, 104.6, 419180, 2822, 2857, 118734, 1956 },
  { 68169, 108.4, 442769, 2936, 2798, 120445, 1957 },
  { 66513, 110.8, 444546, 4681, 2637, 121950, 1958 },
  { 68655, 112.6, 482704, 3813, 2552, 123366, 1959 },
  { 69564, 114.2, 502601, 3931, 2514, 125368, 1960 },
  { 69331, 115.7, 518173, 4806, 2572, 127852, 1961 },
  { 70551, 116.9, 554894, 4007, 2827, 130081, 1962 },
};
static const double certified[7][2] = {
  { -3482258.63459582, 890420.383607373 }, { 15.0618722713733, 84.9149257747669 },
  { -0.0358191792925910, 0.0334910077722432 }, { -2.02022980381683, 0.488399681651699 },
  { -1.03322686717359, 0.214274163161675 }, { -0.0511041056535807, 0.226073200069370 },
  { 1829.15146461355, 455.478499142212 },
};

static void
test_longley (void)
{
  double y[16], x[16 * 7];
  KtmLinear *fit;

  for (int i = 0; i < 16; i++)
    {
      y[i] = longley[i][0];
      x[i * 7] = 1;
      for (int j = 1; j < 7; j++)
        x[i * 7 + j] = longley[i][j];
    }
  g_assert_cmpint (ktm_linear_fit (y, x, 16, 7, KTM_LINEAR_CLASSIC, 0.95, &fit), ==, KTM_STATS_OK);
  for (int j = 0; j < 7; j++)
    {
      assert_close (fit->beta[j], certified[j][0], 1e-8);
      assert_close (fit->coefficient[j].estimate.se, certified[j][1], 1e-8);
    }
  assert_close (fit->sigma, 304.854073561965, 1e-9);
  assert_close (fit->r2, 0.995479004577296, 1e-12);
  assert_close (fit->overall.statistic, 330.285339234588, 1e-9);
  ktm_linear_free (fit);
}

/* The joint test of columns is the F test of the nested models, and contrasts follow vcov. */
static void
test_nested (void)
{
  enum { N = 40, P = 4 };
  double y[N], x[N * P], small[N * 2], l[P] = { 0, 1, -1, 0 }, f;
  const size_t drop[2] = { 2, 3 };
  Dice dice = { 11 };
  KtmLinear *full, *nested;
  KtmContrast contrast;
  KtmTest joint;

  for (int i = 0; i < N; i++)
    {
      for (int j = 0; j < P; j++)
        x[i * P + j] = j == 0 ? 1 : dice_normal (&dice);
      small[i * 2] = 1;
      small[i * 2 + 1] = x[i * P + 1];
      y[i] = 2.385 + x[i * P + 1] - 0.4 * x[i * P + 2] + dice_normal (&dice);
    }
  g_assert_cmpint (ktm_linear_fit (y, x, N, P, KTM_LINEAR_CLASSIC, 0.9, &full), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_linear_fit (y, small, N, 2, KTM_LINEAR_CLASSIC, 0.9, &nested), ==,
                   KTM_STATS_OK);
  f = (nested->rss - full->rss) / 2 / (full->rss / full->df);
  g_assert_cmpint (ktm_linear_columns (full, drop, 2, &joint), ==, KTM_STATS_OK);
  assert_close (joint.statistic, f, 1e-10);
  assert_near (joint.df, 2, 0);
  assert_near (joint.df2, N - P, 1e-9);
  assert_close (joint.p, gsl_cdf_fdist_Q (f, 2, N - P), 1e-10);
  g_assert_cmpint (ktm_linear_contrast (full, l, 0.9, &contrast), ==, KTM_STATS_OK);
  assert_close (contrast.estimate.value, full->beta[1] - full->beta[2], 1e-12);
  assert_close (contrast.estimate.se * contrast.estimate.se,
                full->vcov[5] + full->vcov[10] - 2 * full->vcov[6], 1e-12);
  assert_close (contrast.estimate.high - contrast.estimate.value,
                gsl_cdf_tdist_Qinv (0.05, N - P) * contrast.estimate.se, 1e-10);
  ktm_linear_free (full);
  ktm_linear_free (nested);
}

/* HC3 of a mean and of a difference of means is closed: sum e^2 / (1 - 1/n)^2 / n^2 in each group.
 */
static void
test_hc3 (void)
{
  const double y[7] = { 2.385, 4.1, 3.7, 9.2, 1.05, 6.6, 2.2 };
  double x[14], variance = 0, mean[2] = { (2.385 + 4.1 + 3.7) / 3, (9.2 + 1.05 + 6.6 + 2.2) / 4 };
  KtmLinear *fit;

  for (int i = 0; i < 7; i++)
    {
      double n = i < 3 ? 3 : 4, e = (y[i] - mean[i >= 3]) / (1 - 1 / n);

      x[i * 2] = 1;
      x[i * 2 + 1] = i >= 3;
      variance += e * e / (n * n);
    }
  g_assert_cmpint (ktm_linear_fit (y, x, 7, 2, KTM_LINEAR_HC3, 0.95, &fit), ==, KTM_STATS_OK);
  assert_close (fit->beta[1], mean[1] - mean[0], 1e-12);
  assert_close (fit->coefficient[1].estimate.se, sqrt (variance), 1e-12);
  ktm_linear_free (fit);
}

static void
test_invariance (void)
{
  enum { N = 12 };
  double y[N], x[N * 2], y2[N], x2[N * 2];
  Dice dice = { 3 };
  KtmLinear *a, *b;

  for (int i = 0; i < N; i++)
    {
      x[i * 2] = 1;
      x[i * 2 + 1] = dice_normal (&dice);
      y[i] = 5 + x[i * 2 + 1] + dice_normal (&dice);
    }
  for (int i = 0; i < N; i++)
    {
      y2[N - 1 - i] = 1000 + 10 * y[i];
      x2[(N - 1 - i) * 2] = 1;
      x2[(N - 1 - i) * 2 + 1] = x[i * 2 + 1];
    }
  g_assert_cmpint (ktm_linear_fit (y, x, N, 2, KTM_LINEAR_CLASSIC, 0.95, &a), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_linear_fit (y2, x2, N, 2, KTM_LINEAR_CLASSIC, 0.95, &b), ==, KTM_STATS_OK);
  assert_close (b->beta[1], 10 * a->beta[1], 1e-10);
  assert_close (b->coefficient[1].test.p, a->coefficient[1].test.p, 1e-9);
  assert_close (b->r2, a->r2, 1e-10);
  ktm_linear_free (a);
  ktm_linear_free (b);
}

/* Weight of girls with anorexia, R's help page of MASS::anorexia: glm (Postwt ~ Prewt + Treat +
 * offset (Prewt)) prints Prewt -0.5655 (0.1612), TreatCont -4.0971 (1.8935), TreatFT 4.5631
 * (2.1333), residual deviance 3311.3 on 68 df. */
static void
test_anorexia (void)
{
  static const char *const names[] = { "CBT", "Cont", "FT", NULL };
  g_autoptr (GPtrArray) rows = read_csv ("anorexia.csv", 4);
  double before[72], after[72];
  size_t group[72];
  KtmAncova *fit;

  g_assert_cmpuint (rows->len, ==, 72);
  for (guint i = 0; i < 72; i++)
    {
      char *name = g_strdelimit (((char **) rows->pdata[i])[1], "\"", ' ');

      for (size_t k = 0; names[k] != NULL; k++)
        if (g_str_equal (g_strstrip (name), names[k]))
          group[i] = k;
      before[i] = field (rows, i, 2);
      after[i] = field (rows, i, 3);
    }
  g_assert_cmpint (ktm_ancova_fit (after, before, group, 72, 3, KTM_LINEAR_CLASSIC, 0.95, &fit), ==,
                   KTM_STATS_OK);
  assert_near (fit->slope.estimate.value, 1 - 0.5655, 5e-5);
  assert_near (fit->slope.estimate.se, 0.1612, 5e-5);
  assert_near (fit->difference[0].estimate.value, -4.0971, 5e-5);
  assert_near (fit->difference[0].estimate.se, 1.8935, 5e-5);
  assert_near (fit->difference[1].estimate.value, 4.5631, 5e-5);
  assert_near (fit->difference[1].estimate.se, 2.1333, 5e-5);
  assert_near (fit->model->rss, 3311.3, 0.05);
  assert_near (fit->group.df, 2, 0);
  assert_near (fit->group.df2, 68, 1e-9);
  assert_near (fit->parallel.df, 2, 0);
  assert_near (fit->parallel.df2, 66, 1e-9);
  assert_close (fit->adjusted[1].estimate.value - fit->adjusted[0].estimate.value,
                fit->difference[0].estimate.value, 1e-10);
  assert_close (fit->change[2].estimate.value, fit->adjusted[2].estimate.value - fit->baseline_mean,
                1e-12);
  ktm_ancova_free (fit);
}

static void
test_refusals (void)
{
  const double y[4] = { 1.5, 2.5, 2.5, 4 }, flat[4] = { 3, 3, 3, 3 }, bad[4] = { 1, NAN, 2, 3 };
  const double one[4] = { 1, 1, 1, 1 }, twice[8] = { 1, 2, 1, 2, 1, 2, 1, 2 },
               line[8] = { 1, 0, 1, 1, 1, 2, 1, 3 };
  const double alone[8] = { 1, 0, 1, 0, 1, 0, 1, 1 };
  const size_t group[4] = { 0, 0, 1, 1 }, empty[4] = { 0, 0, 0, 0 },
               out_of_range[4] = { 0, 1, 2, 1 };
  KtmLinear *fit = NULL;
  KtmAncova *ancova = NULL;
  KtmTest test;
  const size_t column = 7;

  g_assert_cmpint (ktm_linear_fit (y, one, 0, 1, 0, 0.95, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_linear_fit (y, one, 1, 1, 0, 0.95, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_linear_fit (y, line, 2, 2, 0, 0.95, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_linear_fit (flat, one, 4, 1, 0, 0.95, &fit), ==, KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_linear_fit (bad, one, 4, 1, 0, 0.95, &fit), ==, KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_linear_fit (y, twice, 4, 2, 0, 0.95, &fit), ==, KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_linear_fit (y, one, 4, 1, 0, 1, &fit), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_linear_fit (y, alone, 4, 2, KTM_LINEAR_HC3, 0.95, &fit), ==,
                   KTM_STATS_UNDEFINED);
  g_assert_null (fit);
  g_assert_cmpint (ktm_linear_fit (y, one, 4, 1, 0, 0.95, &fit), ==, KTM_STATS_OK);
  g_assert_true (isnan (fit->overall.p));
  g_assert_cmpint (ktm_linear_columns (fit, &column, 1, &test), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_true (isnan (test.p));
  ktm_linear_free (fit);
  g_assert_cmpint (ktm_ancova_fit (y, flat, group, 4, 2, 0, 0.95, &ancova), ==, KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_ancova_fit (y, y, empty, 4, 2, 0, 0.95, &ancova), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_ancova_fit (y, y, out_of_range, 4, 2, 0, 0.95, &ancova), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_ancova_fit (bad, y, group, 4, 2, 0, 0.95, &ancova), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_null (ancova);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/stats/linear/longley", test_longley);
  g_test_add_func ("/stats/linear/nested", test_nested);
  g_test_add_func ("/stats/linear/hc3", test_hc3);
  g_test_add_func ("/stats/linear/invariance", test_invariance);
  g_test_add_func ("/stats/ancova/anorexia", test_anorexia);
  g_test_add_func ("/stats/linear/refusals", test_refusals);
  return g_test_run ();
}
