/* The linear mixed model: printed numbers, derivatives, closed forms, refusals. */
#include "model-test.h"

#include "ktm-lmm-private.h"
#include "ktm-lmm.h"

#include <string.h>

enum { M = 12, T = 5, N = M * T };

/* A balanced set: intercepts differ by subject, slopes too where @slope_sd > 0. */
static void
simulate (guint64 seed, double intercept_sd, double slope_sd, double *y, size_t *subject, double *x,
          double *time)
{
  Dice dice = { seed };

  for (size_t i = 0; i < M; i++)
    {
      double b0 = intercept_sd * dice_normal (&dice), b1 = slope_sd * dice_normal (&dice);

      for (size_t t = 0; t < T; t++)
        {
          size_t k = i * T + t;

          subject[k] = 100 + i;
          time[k] = (double) t;
          x[k * 2] = 1;
          x[k * 2 + 1] = (double) t;
          y[k] = 6.2 - 0.4 * (double) t + b0 + b1 * (double) t + 0.8 * dice_normal (&dice);
        }
    }
}

/* Sleep deprivation: Bates et al. (2015), J Stat Softw 67(1), section 1.1 and 3; df as printed by
 * lmerTest. */
static void
test_sleepstudy (void)
{
  g_autoptr (GPtrArray) rows = read_csv ("sleepstudy.csv", 3);
  size_t n = rows->len;
  g_autofree double *y = g_new (double, n), *x = g_new (double, 2 * n), *days = g_new (double, n);
  g_autofree size_t *subject = g_new (size_t, n);
  KtmLmm *fit;
  KtmTest joint;
  const double l[2] = { 0, 1 };

  for (size_t i = 0; i < n; i++)
    {
      subject[i] = (size_t) field (rows, (guint) i, 0);
      days[i] = x[2 * i + 1] = field (rows, (guint) i, 1);
      x[2 * i] = 1;
      y[i] = field (rows, (guint) i, 2);
    }
  g_assert_cmpint (ktm_lmm_fit (y, subject, x, days, n, 2, KTM_LIKELIHOOD_REML, 0.95, NULL, &fit),
                   ==, KTM_STATS_OK);
  assert_near (fit->deviance, 1743.628, 5e-4);
  assert_near (fit->beta[0], 251.405, 5e-4);
  assert_near (fit->beta[1], 10.467, 5e-4);
  assert_near (fit->coefficient[0].estimate.se, 6.825, 5e-4);
  assert_near (fit->coefficient[1].estimate.se, 1.546, 5e-4);
  assert_near (fit->coefficient[1].test.df, 17, 5e-3);
  assert_near (sqrt (fit->random[0][0]), 24.740, 5e-3);
  assert_near (sqrt (fit->random[1][1]), 5.922, 5e-3);
  assert_near (sqrt (fit->residual_variance), 25.592, 5e-3);
  g_assert_false (fit->singular);
  g_assert_cmpuint (fit->subject[0], ==, 308);
  g_assert_cmpint (ktm_lmm_joint (fit, l, 1, &joint), ==, KTM_STATS_OK);
  assert_close (joint.statistic,
                fit->coefficient[1].test.statistic * fit->coefficient[1].test.statistic, 1e-9);
  assert_close (joint.p, fit->coefficient[1].test.p, 1e-7);
  ktm_lmm_free (fit);
}

/* Balanced one-way: REML is the analysis of variance: sigma2 = MSW, tau2 = (MSB - MSW)/T, df of the
 * mean = M - 1. */
static void
test_balanced (void)
{
  double y[N], x[N * 2], one[N], time[N], grand = 0, msb = 0, msw = 0;
  size_t subject[N];
  KtmLmm *fit;

  simulate (7, 1.5, 0, y, subject, x, time);
  for (int i = 0; i < N; i++)
    {
      one[i] = 1;
      grand += y[i] / N;
    }
  for (int i = 0; i < M; i++)
    {
      double mean = 0;

      for (int t = 0; t < T; t++)
        mean += y[i * T + t] / T;
      msb += T * (mean - grand) * (mean - grand) / (M - 1);
      for (int t = 0; t < T; t++)
        msw += (y[i * T + t] - mean) * (y[i * T + t] - mean) / (N - M);
    }
  g_assert_true (msb > msw);
  g_assert_cmpint (ktm_lmm_fit (y, subject, one, NULL, N, 1, KTM_LIKELIHOOD_REML, 0.95, NULL, &fit),
                   ==, KTM_STATS_OK);
  assert_close (fit->residual_variance, msw, 1e-8);
  assert_close (fit->random[0][0], (msb - msw) / T, 1e-8);
  assert_close (fit->beta[0], grand, 1e-12);
  assert_close (fit->coefficient[0].estimate.se, sqrt (msb / N), 1e-8);
  assert_near (fit->coefficient[0].test.df, M - 1, 1e-6);
  assert_close (fit->icc, (msb - msw) / (msb + (T - 1) * msw), 1e-8);
  ktm_lmm_free (fit);
}

/* Subjects alike: the variance is 0, the fit singular and least squares again. */
static void
test_singular (void)
{
  double y[N], one[N];
  size_t subject[N];
  KtmLmm *fit;

  for (int i = 0; i < N;
       i++) /* every subject the same mean: less spread between than chance gives */
    {
      one[i] = 1;
      subject[i] = (size_t) (i / T);
      y[i] = 3.3 + (double[]) { -1, -0.4, 0.1, 0.5, 0.8 }[i % T] * (1 + 0.1 * (i / T));
    }
  g_assert_cmpint (ktm_lmm_fit (y, subject, one, NULL, N, 1, KTM_LIKELIHOOD_REML, 0.95, NULL, &fit),
                   ==, KTM_STATS_OK);
  g_assert_true (fit->singular);
  assert_near (fit->random[0][0], 0, 1e-6);
  assert_near (fit->coefficient[0].test.df, N - 1, 1e-3);
  for (size_t i = 0; i < fit->n_subjects; i++)
    assert_near (fit->blup[i], 0, 1e-5);
  ktm_lmm_free (fit);
}

/* Exact derivatives against differences, through the log-likelihood's own terms. */
static void
test_derivatives (void)
{
  static const double theta[3] = { 0.9, -0.3, 0.6 };
  enum { Q = 2, P = 2, K = 3 };
  KtmLmmSubject subject[M] = { { .zz = { { 0 } } } };
  double zx[M * Q * P] = { 0 }, a[M * Q * P], l[P * P], b[P], mt[3 * P * P + 3 * P], y[N], x[N * P],
                    time[N];
  size_t id[N];
  KtmLmmData d = { .n = N, .p = P, .q = Q, .m = M, .n_theta = K, .reml = true, .subject = subject,
                   .zx = zx, .a = a, .l = l, .b = b, .mt = mt };
  double j[3][3], g[3], h[3][3], gp[3] = { 0 }, hp[3][3] = { { 0 } }, nu = N - P, length[2] = { 0 },
                                 fit[2] = { 0 };

  simulate (5, 1, 0.3, y, id, x, time);
  for (int i = 0; i < N; i++) /* orthonormal columns, y their residual */
    x[i * 2 + 1] -= 2;
  for (int i = 0; i < N; i++)
    for (int c = 0; c < P; c++)
      length[c] += x[i * P + c] * x[i * P + c];
  for (int i = 0; i < N; i++)
    for (int c = 0; c < P; c++)
      fit[c] += y[i] * (x[i * P + c] /= sqrt (length[c]));
  for (int i = 0; i < N; i++)
    {
      double z[2] = { 1, time[i] / 2 }, r = y[i] - fit[0] * x[i * P] - fit[1] * x[i * P + 1];
      KtmLmmSubject *s = &subject[i / T];

      d.yy += r * r;
      for (int p = 0; p < Q; p++)
        {
          s->zy[p] += z[p] * r;
          for (int q = 0; q < Q; q++)
            s->zz[p][q] += z[p] * z[q];
          for (int c = 0; c < P; c++)
            zx[(i / T * Q + p) * P + c] += z[p] * x[i * P + c];
        }
    }
  ktm_lmm_deviance (&d, theta);
  ktm_lmm_derivatives (&d);
  for (int i = 0; i < K; i++)
    {
      gp[i] = d.dlog[i] + nu * d.dr2[i] / d.r2;
      for (int k = 0; k < K; k++)
        hp[i][k] = d.ddlog[i][k] + nu * (d.ddr2[i][k] / d.r2 - d.dr2[i] * d.dr2[k] / (d.r2 * d.r2));
    }
  ktm_lmm_jacobian (Q, theta, j);
  ktm_lmm_chain (Q, j, gp, hp, g, h);
  for (int i = 0; i < K; i++)
    {
      double at[3], up, down, step = 1e-4;

      memcpy (at, theta, sizeof at);
      at[i] = theta[i] + step;
      up = ktm_lmm_deviance (&d, at);
      at[i] = theta[i] - step;
      down = ktm_lmm_deviance (&d, at);
      assert_near (g[i], (up - down) / (2 * step), 1e-5);
      at[i] = theta[i];
      assert_near (h[i][i], (up + down - 2 * ktm_lmm_deviance (&d, at)) / (step * step),
                   1e-3 * fabs (h[i][i]));
      for (int k = 0; k < i; k++)
        {
          double corner[4];

          for (int c = 0; c < 4; c++)
            {
              at[i] = theta[i] + (c & 1 ? step : -step);
              at[k] = theta[k] + (c & 2 ? step : -step);
              corner[c] = ktm_lmm_deviance (&d, at);
            }
          at[i] = theta[i];
          at[k] = theta[k];
          assert_near (h[i][k], (corner[0] + corner[3] - corner[1] - corner[2]) / (4 * step * step),
                       1e-2);
        }
    }
}

/* Rows in another order, y moved and scaled, the slope variable in other units. */
static void
test_invariance (void)
{
  double y[N], x[N * 2], time[N], y2[N], x2[N * 2], time2[N];
  size_t subject[N], subject2[N];
  KtmLmm *a, *b;

  simulate (21, 1.2, 0.4, y, subject, x, time);
  for (int i = 0; i < N; i++)
    {
      int k = (i * 37) % N;

      y2[k] = 500 + 7 * y[i];
      subject2[k] = 900 - subject[i];
      time2[k] = 30.4375 * time[i];
      x2[k * 2] = 1;
      x2[k * 2 + 1] = x[i * 2 + 1];
    }
  g_assert_cmpint (ktm_lmm_fit (y, subject, x, time, N, 2, KTM_LIKELIHOOD_REML, 0.95, NULL, &a), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (ktm_lmm_fit (y2, subject2, x2, time2, N, 2, KTM_LIKELIHOOD_REML, 0.95, NULL, &b),
                   ==, KTM_STATS_OK);
  assert_close (b->beta[1], 7 * a->beta[1], 1e-8);
  assert_close (b->coefficient[1].test.df, a->coefficient[1].test.df, 1e-5);
  assert_close (b->coefficient[1].test.p, a->coefficient[1].test.p, 1e-5);
  assert_close (b->random[0][0], 49 * a->random[0][0], 1e-6);
  assert_close (b->random[1][1] * 30.4375 * 30.4375, 49 * a->random[1][1], 1e-6);
  assert_near (b->loglik, a->loglik - (N - 2) * log (7), 1e-7);
  assert_close (b->blup[0], 7 * a->blup[2 * (M - 1)], 1e-5);
  ktm_lmm_free (a);
  ktm_lmm_free (b);
}

static bool
always (void *data)
{
  return true;
}

static void
test_refusals (void)
{
  double y[N], x[N * 2], time[N], flat[N], one[N], constant[N], same[N * 2];
  size_t subject[N], alone[N], single[N];
  KtmProgress stop = { .stop = always };
  KtmLmm *fit = NULL;

  simulate (2, 1, 0.2, y, subject, x, time);
  for (int i = 0; i < N; i++)
    {
      flat[i] = 4;
      one[i] = same[2 * i] = same[2 * i + 1] = 1;
      constant[i] = (double) (i / T) * 1.7;
      alone[i] = 3;
      single[i] = (size_t) i;
    }
#define REFUSE(expected, ...)                                                                      \
  g_assert_cmpint (ktm_lmm_fit (__VA_ARGS__, KTM_LIKELIHOOD_REML, 0.95, NULL, &fit), ==, expected)
  REFUSE (KTM_STATS_TOO_FEW, y, subject, one, NULL, 0, 1);
  REFUSE (KTM_STATS_TOO_FEW, y, subject, one, NULL, 1, 1);
  REFUSE (KTM_STATS_TOO_FEW, y, subject, one, NULL, 2, 1);
  REFUSE (KTM_STATS_TOO_FEW, y, alone, one, NULL, N, 1);
  REFUSE (KTM_STATS_TOO_FEW, y, single, one, NULL, N, 1);
  REFUSE (KTM_STATS_NO_VARIANCE, flat, subject, one, NULL, N, 1);
  REFUSE (KTM_STATS_SINGULAR, y, subject, same, NULL, N, 2);
  REFUSE (KTM_STATS_SINGULAR, y, subject, one, flat, N, 1);
  REFUSE (KTM_STATS_BAD_ARGUMENT, y, subject, one, NULL, N, 0);
  REFUSE (KTM_STATS_NO_CONVERGENCE, constant, subject, one, NULL, N, 1);
  g_assert_cmpint (ktm_lmm_fit (y, subject, x, time, N, 2, KTM_LIKELIHOOD_ML, 1.2, NULL, &fit), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_lmm_fit (y, subject, x, time, N, 2, KTM_LIKELIHOOD_ML, 0.9, &stop, &fit), ==,
                   KTM_STATS_CANCELLED);
  y[4] = NAN;
  REFUSE (KTM_STATS_NOT_FINITE, y, subject, one, NULL, N, 1);
  g_assert_null (fit);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/stats/lmm/sleepstudy", test_sleepstudy);
  g_test_add_func ("/stats/lmm/balanced", test_balanced);
  g_test_add_func ("/stats/lmm/singular", test_singular);
  g_test_add_func ("/stats/lmm/derivatives", test_derivatives);
  g_test_add_func ("/stats/lmm/invariance", test_invariance);
  g_test_add_func ("/stats/lmm/refusals", test_refusals);
  return g_test_run ();
}
