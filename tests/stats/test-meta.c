/* Meta-analysis and multinomial regression: properties, published numbers, every refusal. */
#include "model-test.h"

#include "ktm-meta.h"
#include "ktm-multinom.h"

#include <string.h>

/* BCG vaccine against tuberculosis: Colditz et al. (1994), JAMA 271:698-702; results of R metafor
 * (dat.bcg). */
static const double a[] = { 4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27 };
static const double b[] = { 119,   300,  228,  13536, 5036, 1361, 2537,
                            87886, 7470, 1699, 50448, 2493, 16886 };
static const double c[] = { 11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29 };
static const double d[] = { 128,   274,  209,  12619, 5761, 1079, 619,
                            87892, 7232, 1600, 27197, 2338, 17825 };
static const double latitude[] = { 44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33 };

static void
bcg (double *y, double *v)
{
  for (size_t i = 0; i < 13; i++)
    g_assert_cmpint (ktm_meta_effect_table (KTM_META_RR, a[i], b[i], c[i], d[i], &y[i], &v[i]), ==,
                     KTM_STATS_OK);
}

static void
test_bcg (void)
{
  double y[13], v[13], x[26], weight[13], sum = 0.0, n1[13], n2[13];
  KtmMetaRegression moderator;
  KtmMetaMh mh;
  KtmMeta meta;

  bcg (y, v);
  g_assert_cmpint (ktm_meta (y, v, 13, KTM_META_REML, KTM_META_WALD, 0.95, weight, &meta), ==,
                   KTM_STATS_OK);
  assert_near (meta.estimate.value, -0.7145, 5e-5);
  assert_near (meta.estimate.se, 0.1798, 5e-5);
  assert_near (meta.tau2, 0.3132, 5e-5);
  assert_near (meta.se_tau2, 0.1664, 5e-5);
  assert_near (meta.i2, 92.22, 5e-3);
  assert_near (meta.q.statistic, 152.2330, 5e-5);
  assert_near (meta.tau2_low, 0.1197, 5e-5);
  assert_near (meta.tau2_high, 1.1115, 5e-5);
  for (size_t i = 0; i < 13; i++)
    {
      sum += weight[i];
      x[2 * i] = 1.0;
      x[2 * i + 1] = latitude[i];
      n1[i] = a[i] + b[i];
      n2[i] = c[i] + d[i];
    }
  assert_near (sum, 100.0, 1e-9);
  g_assert_cmpint (
      ktm_meta_regression (y, v, x, 13, 2, KTM_META_REML, KTM_META_WALD, 0.95, &moderator), ==,
      KTM_STATS_OK);
  assert_near (moderator.beta[0], 0.2515, 5e-5);
  assert_near (moderator.beta[1], -0.0291, 5e-5);
  assert_near (moderator.tau2, 0.0764, 1e-4);  /* printed by an iteration that stops at 1e-5 */
  assert_near (moderator.qm.statistic, 16.3571, 5e-3);
  assert_near (moderator.qm.statistic, pow (moderator.test[1].statistic, 2.0), 1e-9);
  g_assert_cmpint (ktm_meta_mh (a, n1, c, n2, 13, KTM_META_MH_RR, 0.95, &mh), ==, KTM_STATS_OK);
  assert_near (mh.ratio, exp (mh.estimate.value), 1e-12);
  g_assert_true (mh.ratio < 1.0 && mh.test.p < 0.001);
}

/* All equal effects: nothing between the studies, and every method says the same. */
static void
test_homogeneous (void)
{
  double y[] = { 0.31, 0.31, 0.31, 0.31 }, v[] = { 0.04, 0.09, 0.01, 0.16 }, first = NAN;
  KtmMeta meta;

  for (int m = KTM_META_FE; m <= KTM_META_ML; m++)
    {
      g_assert_cmpint (ktm_meta (y, v, 4, (KtmMetaMethod) m, KTM_META_WALD, 0.95, NULL, &meta), ==,
                       KTM_STATS_OK);
      assert_near (meta.estimate.value, 0.31, 1e-12);
      assert_near (meta.tau2, 0.0, 0.0);
      assert_near (meta.i2, 0.0, 0.0);
      if (m == KTM_META_FE)
        first = meta.estimate.se;
      assert_near (meta.estimate.se, first, 1e-12);
    }
  g_assert_cmpint (ktm_meta (y, v, 4, KTM_META_DL, KTM_META_HKSJ_ADHOC, 0.95, NULL, &meta), ==,
                   KTM_STATS_OK);
  assert_near (meta.estimate.se, first, 1e-12);  /* q is 0: the guard holds */
}

/* Effects times 100: tau² times 10 000, same Q. */
static void
test_scale (void)
{
  double y[13], v[13];
  KtmMeta meta, scaled;

  for (int m = KTM_META_DL; m <= KTM_META_ML; m++)
    {
      bcg (y, v);
      ktm_meta (y, v, 13, (KtmMetaMethod) m, KTM_META_HKSJ, 0.95, NULL, &meta);
      for (size_t i = 0; i < 13; i++)
        {
          y[i] *= 100.0;
          v[i] *= 10000.0;
        }
      ktm_meta (y, v, 13, (KtmMetaMethod) m, KTM_META_HKSJ, 0.95, NULL, &scaled);
      assert_close (scaled.tau2, 10000.0 * meta.tau2, 1e-9);
      assert_close (scaled.estimate.low, 100.0 * meta.estimate.low, 1e-9);
      assert_close (scaled.tau2_high, 10000.0 * meta.tau2_high, 1e-9);
      assert_close (scaled.pi_hts_low, 100.0 * meta.pi_hts_low, 1e-9);
    }
}

static void
test_parts (void)
{
  double y[13], v[13];
  size_t group[13];
  KtmMeta parts[3], left[13], all;
  KtmMetaEgger egger;
  KtmTest between;

  bcg (y, v);
  for (size_t i = 0; i < 13; i++)
    group[i] = latitude[i] > 30.0 ? 2 : 0;  /* nobody in group 1 */
  g_assert_cmpint (
      ktm_meta_subgroups (y, v, group, 13, 3, KTM_META_FE, KTM_META_WALD, 0.95, parts, &between),
      ==, KTM_STATS_OK);
  ktm_meta (y, v, 13, KTM_META_FE, KTM_META_WALD, 0.95, NULL, &all);
  /* Q splits into within and between under a common effect */
  assert_near (parts[0].q.statistic + parts[2].q.statistic + between.statistic, all.q.statistic,
               1e-9);
  assert_near (between.df, 1.0, 0.0);
  g_assert_true (isnan (parts[1].estimate.value) && parts[1].k == 0);
  g_assert_cmpint (ktm_meta_leave_one_out (y, v, 13, KTM_META_DL, KTM_META_WALD, 0.95, left), ==,
                   KTM_STATS_OK);
  g_assert_cmpuint (left[3].k, ==, 12);
  g_assert_cmpint (ktm_meta_egger (y, v, 13, &egger), ==, KTM_STATS_OK);
  g_assert_true (egger.test.df == 11.0 && egger.test.p > 0.0 && egger.reml.p > 0.0);
}

static void
test_one_study (void)
{
  double y = 0.4, v = 0.09;
  KtmMeta meta;

  g_assert_cmpint (ktm_meta (&y, &v, 1, KTM_META_REML, KTM_META_WALD, 0.95, NULL, &meta), ==,
                   KTM_STATS_OK);
  assert_near (meta.estimate.se, 0.3, 1e-12);
  assert_near (meta.tau2, 0.0, 0.0);
  g_assert_true (isnan (meta.i2) && isnan (meta.pi_low) && isnan (meta.q.p));
  g_assert_cmpint (ktm_meta (&y, &v, 1, KTM_META_DL, KTM_META_HKSJ, 0.95, NULL, &meta), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_true (isnan (meta.estimate.value));
}

static void
test_refusals (void)
{
  double y[] = { 0.1, 0.2, NAN }, v[] = { 0.1, 0.0, 0.1 }, ok[] = { 0.1, 0.1, 0.1 }, e, f;
  double x[] = { 1, 2, 1, 2, 1, 2, 1, 2 }, four[] = { 0.1, 0.3, 0.2, 0.5 }, zero[] = { 0, 0 },
         ten[] = { 10, 10 };
  KtmMetaRegression regression;
  KtmMetaEgger egger;
  KtmMetaMh mh;
  KtmMeta meta;

  g_assert_cmpint (ktm_meta (y, ok, 0, KTM_META_FE, KTM_META_WALD, 0.95, NULL, &meta), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_meta (y, v, 2, KTM_META_FE, KTM_META_WALD, 0.95, NULL, &meta), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_meta (y, ok, 3, KTM_META_FE, KTM_META_WALD, 0.95, NULL, &meta), ==,
                   KTM_STATS_NOT_FINITE);
  g_assert_cmpint (ktm_meta_egger (four, ok, 2, &egger), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_meta_egger (four, ok, 3, &egger), ==, KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_meta_regression (four, (double[]){ 0.1, 0.2, 0.1, 0.1 }, x, 4, 2,
                                        KTM_META_REML, KTM_META_WALD, 0.95, &regression),
                   ==, KTM_STATS_SINGULAR);
  g_assert_true (isnan (regression.beta[0]));
  g_assert_cmpint (
      ktm_meta_regression (four, ok, x, 2, 2, KTM_META_REML, KTM_META_WALD, 0.95, &regression), ==,
      KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_meta_mh (zero, ten, zero, ten, 2, KTM_META_MH_OR, 0.95, &mh), ==,
                   KTM_STATS_UNDEFINED);
  g_assert_true (isnan (mh.estimate.value));
  g_assert_cmpint (ktm_meta_mh (ten, zero, zero, ten, 2, KTM_META_MH_OR, 0.95, &mh), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_meta_effect_table (KTM_META_MD, 1, 2, 3, 4, &e, &f), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_meta_effect_means (KTM_META_SMD, 1, 0, 9, 2, 0, 9, &e, &f), ==,
                   KTM_STATS_NO_VARIANCE);
  g_assert_cmpint (ktm_meta_effect_means (KTM_META_SMD, 1, 1, 1, 2, 1, 9, &e, &f), ==,
                   KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_meta_effect_change (-1.8, 2.1, 87, &e, &f), ==, KTM_STATS_OK);
  assert_near (f, 2.1 * 2.1 / 87.0, 1e-15);
  g_assert_cmpint (ktm_meta_effect_table (KTM_META_RD, 0, 10, 0, 12, &e, &f), ==, KTM_STATS_OK);
  g_assert_true (isfinite (e) && f > 0.0);
}

/* --- multinomial regression ------------------------------------------------------------------- */

static void
test_multinom (void)
{
  Dice dice = { 5 };
  double x[600], weight[600];
  size_t y[300];
  KtmMultinom hard, soft;

  for (size_t i = 0; i < 300; i++)
    {
      x[2 * i] = 1.0;
      x[2 * i + 1] = dice_normal (&dice);
      y[i] = dice_uniform (&dice) < 1.0 / (1.0 + exp (-0.3 - 0.8 * x[2 * i + 1])) ? 1 : 0;
      weight[2 * i] = y[i] == 0 ? 1.0 : 0.0;
      weight[2 * i + 1] = 1.0 - weight[2 * i];
    }
  g_assert_cmpint (ktm_multinom (y, NULL, x, 300, 2, 2, 0.95, &hard), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_multinom (NULL, weight, x, 300, 2, 2, 0.95, &soft), ==, KTM_STATS_OK);
  assert_near (hard.beta[1], 0.8, 3.0 * hard.se[1]);
  assert_near (hard.beta[1], soft.beta[1], 1e-12);
  assert_near (hard.lr.df, 1.0, 0.0);
  ktm_multinom_clear (&hard);
  ktm_multinom_clear (&soft);
}

static void
test_multinom_refusals (void)
{
  double x[] = { 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6 },
         flat[] = { 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3 };
  size_t split[] = { 0, 0, 0, 1, 1, 1 }, mixed[] = { 0, 1, 0, 1, 0, 1 },
         gap[] = { 0, 2, 0, 2, 0, 2 };
  KtmMultinom fit;

  g_assert_cmpint (ktm_multinom (split, NULL, x, 6, 2, 2, 0.95, &fit), ==, KTM_STATS_SEPARATED);
  g_assert_null (fit.beta);
  g_assert_cmpint (ktm_multinom (mixed, NULL, flat, 6, 2, 2, 0.95, &fit), ==, KTM_STATS_SINGULAR);
  g_assert_cmpint (ktm_multinom (gap, NULL, x, 6, 2, 3, 0.95, &fit), ==, KTM_STATS_UNDEFINED);
  g_assert_cmpint (ktm_multinom (mixed, NULL, x, 2, 2, 2, 0.95, &fit), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_multinom (mixed, NULL, x + 1, 5, 2, 2, 0.95, &fit), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_multinom (NULL, NULL, x, 6, 2, 2, 0.95, &fit), ==, KTM_STATS_BAD_ARGUMENT);
  x[3] = NAN;
  g_assert_cmpint (ktm_multinom (mixed, NULL, x, 6, 2, 2, 0.95, &fit), ==, KTM_STATS_NOT_FINITE);
}

int
main (int argc, char **argv)
{
  ktm_stats_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/meta/bcg", test_bcg);
  g_test_add_func ("/stats/meta/homogeneous", test_homogeneous);
  g_test_add_func ("/stats/meta/scale", test_scale);
  g_test_add_func ("/stats/meta/parts", test_parts);
  g_test_add_func ("/stats/meta/one-study", test_one_study);
  g_test_add_func ("/stats/meta/refusals", test_refusals);
  g_test_add_func ("/stats/multinom/weights", test_multinom);
  g_test_add_func ("/stats/multinom/refusals", test_multinom_refusals);
  return g_test_run ();
}
