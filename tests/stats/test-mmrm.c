/* MMRM, cLDA and tipping point: closed forms, derivatives, fall-backs, refusals. */
#include "model-test.h"

#include "ktm-ancova.h"
#include "ktm-lmm.h"
#include "ktm-mmrm-private.h"
#include "ktm-tipping.h"

#include <string.h>

enum { MAX = 400 };

typedef struct
{
  size_t n, t;
  double y[MAX], x[MAX * 8];
  size_t subject[MAX], visit[MAX], group[MAX];
} Rows;

static const KtmMmrmOptions reml = { KTM_MMRM_UNSTRUCTURED, false, KTM_LIKELIHOOD_REML, 0.95 };

/* Two groups alternating, scores that remember; each visit after baseline missed with probability
 * @missing. */
static Rows *
simulate (guint64 seed, size_t m, size_t t, double missing)
{
  Rows *rows = g_new0 (Rows, 1);
  Dice dice = { seed };

  rows->t = t;
  for (size_t i = 0; i < m; i++)
    {
      double own = 1.1 * dice_normal (&dice), error = 0;

      for (size_t v = 0; v < t; v++)
        {
          size_t k = rows->n;

          error = 0.4 * error + (0.7 + 0.1 * (double) v) * dice_normal (&dice);
          if (v > 0 && dice_uniform (&dice) < missing)
            continue;
          rows->y[k] = 6.4 - (v > 0) * (0.9 + 0.3 * (double) (i % 2)) + own + error;
          rows->subject[k] = 10 * (m - i);
          rows->visit[k] = v;
          rows->group[k] = i % 2;
          for (size_t c = 0; c < t; c++)
            rows->x[k * t + c] = c == v;
          rows->n++;
        }
    }
  return rows;
}

/* Complete data, one group: the change is the paired t test, df = n - 1. */
static void
test_paired (void)
{
  g_autofree Rows *rows = simulate (4, 15, 3, 0);
  KtmClda *clda;
  double mean = 0, ss = 0, d[15];

  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, NULL, rows->n, 3, 1, true,
                                 &reml, NULL, &clda),
                   ==, KTM_STATS_OK);
  for (int i = 0; i < 15; i++)
    mean += (d[i] = rows->y[i * 3 + 2] - rows->y[i * 3]) / 15;
  for (int i = 0; i < 15; i++)
    ss += (d[i] - mean) * (d[i] - mean);
  assert_close (clda->change[2].estimate.value, mean, 1e-9);
  assert_close (clda->change[2].estimate.se, sqrt (ss / 14 / 15), 1e-7);
  assert_near (clda->change[2].test.df, 14, 1e-5);
  assert_close (clda->overall[2].estimate.value, mean, 1e-9);
  assert_near (clda->time.df, 2, 0);
  g_assert_true (isnan (clda->interaction.p) && isnan (clda->change[0].estimate.value));
  g_assert_cmpuint (clda->model->n_complete, ==, 15);
  ktm_clda_free (clda);
}

/* Complete data, two groups: the difference in change is Student's t test of the changes. */
static void
test_two_groups (void)
{
  g_autofree Rows *rows = simulate (9, 20, 3, 0);
  KtmClda *clda;
  double mean[2] = { 0 }, ss = 0;

  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, rows->n, 3, 2,
                                 false, &reml, NULL, &clda),
                   ==, KTM_STATS_OK);
  for (int i = 0; i < 20; i++)
    mean[i % 2] += (rows->y[i * 3 + 1] - rows->y[i * 3]) / 10;
  for (int i = 0; i < 20; i++)
    {
      double r = rows->y[i * 3 + 1] - rows->y[i * 3] - mean[i % 2];

      ss += r * r;
    }
  assert_close (clda->difference[1].estimate.value, mean[1] - mean[0], 1e-8);
  assert_close (clda->difference[1].estimate.se, sqrt (ss / 18 * 0.2), 1e-7);
  assert_near (clda->difference[1].test.df, 18, 1e-5);
  assert_close (clda->between[1].statistic,
                clda->difference[1].test.statistic * clda->difference[1].test.statistic, 1e-8);
  assert_near (clda->interaction.df, 2, 0);
  assert_near (clda->interaction.df2, 18, 1e-4);
  assert_close (clda->overall[1].estimate.value, (mean[0] + mean[1]) / 2, 1e-8);
  ktm_clda_free (clda);
}

/* Two complete visits, common baseline, ML: the group difference is that of the ANCOVA. */
static void
test_ancova (void)
{
  g_autofree Rows *rows = simulate (31, 24, 2, 0);
  KtmMmrmOptions ml = { KTM_MMRM_UNSTRUCTURED, false, KTM_LIKELIHOOD_ML, 0.95 };
  double before[24], after[24];
  size_t group[24];
  KtmAncova *ancova;
  KtmClda *clda;

  for (int i = 0; i < 24; i++)
    {
      before[i] = rows->y[i * 2];
      after[i] = rows->y[i * 2 + 1];
      group[i] = rows->group[i * 2];
    }
  g_assert_cmpint (ktm_ancova_fit (after, before, group, 24, 2, KTM_LINEAR_CLASSIC, 0.95, &ancova),
                   ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, rows->n, 2, 2,
                                 true, &ml, NULL, &clda),
                   ==, KTM_STATS_OK);
  assert_close (clda->difference[1].estimate.value, ancova->difference[0].estimate.value, 1e-7);
  ktm_ancova_free (ancova);
  ktm_clda_free (clda);
}

/* Compound symmetry is the random intercept: same likelihood, coefficients and df. */
static void
test_random_intercept (void)
{
  g_autofree Rows *rows = simulate (12, 30, 4, 0.2);
  KtmMmrmOptions cs = reml;
  KtmMmrm *mmrm;
  KtmLmm *lmm;

  cs.structure = KTM_MMRM_CS;
  g_assert_cmpint (
      ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, rows->n, 4, 4, &cs, NULL, &mmrm),
      ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_lmm_fit (rows->y, rows->subject, rows->x, NULL, rows->n, 4,
                                KTM_LIKELIHOOD_REML, 0.95, NULL, &lmm),
                   ==, KTM_STATS_OK);
  assert_near (mmrm->loglik, lmm->loglik, 1e-8);
  assert_close (mmrm->correlation[1], lmm->icc, 1e-6);
  for (int j = 0; j < 4; j++)
    {
      assert_close (mmrm->beta[j], lmm->beta[j], 1e-8);
      assert_close (mmrm->coefficient[j].estimate.se, lmm->coefficient[j].estimate.se, 1e-7);
      assert_close (mmrm->coefficient[j].test.df, lmm->coefficient[j].test.df, 1e-4);
    }
  ktm_mmrm_free (mmrm);
  ktm_lmm_free (lmm);
}

/* Freer structures fit better, each with its own number of parameters. */
static void
test_nesting (void)
{
  static const size_t n_covariance[KTM_MMRM_N_STRUCTURES] = { 10, 7, 5, 5, 2 };
  static const int inside[KTM_MMRM_N_STRUCTURES] = { -1, 0, 1, 1, 3 };
  g_autofree Rows *rows = simulate (77, 40, 4, 0.15);
  double loglik[KTM_MMRM_N_STRUCTURES];

  for (int s = 0; s < KTM_MMRM_N_STRUCTURES; s++)
    {
      KtmMmrmOptions options = reml;
      KtmMmrm *fit;

      options.structure = (KtmMmrmStructure) s;
      g_assert_cmpint (ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, rows->n, 4, 4,
                                     &options, NULL, &fit),
                       ==, KTM_STATS_OK);
      g_assert_cmpuint (fit->n_covariance, ==, n_covariance[s]);
      g_assert_cmpint (fit->reason, ==, KTM_MMRM_AS_ASKED);
      loglik[s] = fit->loglik;
      if (inside[s] >= 0)
        g_assert_cmpfloat (loglik[s], <=, loglik[inside[s]] + 1e-8);
      ktm_mmrm_free (fit);
    }
}

static double
deviance (KtmMmrmData *d, KtmMmrmStructure structure, const double *theta)
{
  double sigma[16];

  ktm_mmrm_sigma (structure, d->t, theta, sigma);
  return ktm_mmrm_deviance (d, sigma);
}

/* Gradient in the structure's own parameters. */
static void
gradient (KtmMmrmData *d, KtmMmrmStructure structure, const double *theta, double *j, double *g)
{
  enum { K = 10 };
  size_t n = ktm_mmrm_n_theta (structure, 4);
  double work[K + 32];

  g_assert_true (isfinite (deviance (d, structure, theta)));
  g_assert_true (ktm_mmrm_derivatives (d, NULL));
  ktm_mmrm_jacobian (structure, 4, theta, work, j);
  memset (g, 0, n * sizeof (double));
  for (size_t a = 0; a < n; a++)
    for (size_t i = 0; i < K; i++)
      g[a] += d->g[i] * j[i * n + a];
}

/* The gradient against differences of the deviance, the Hessian against differences of the
 * gradient. */
static void
check_derivatives (KtmMmrmData *d, KtmMmrmStructure structure)
{
  enum { K = 10 };
  size_t n = ktm_mmrm_n_theta (structure, 4);
  double theta[K], at[K], j[K * K], unused[K * K], g[K], h[K * K] = { 0 }, work[K + 32],
                                                               step = 1e-6;

  ktm_mmrm_start (structure, 4, d->start, theta);
  gradient (d, structure, theta, j, g);
  for (size_t a = 0; a < n; a++)
    for (size_t i = 0; i < K; i++)
      for (size_t b = 0; b < n; b++)
        for (size_t k = 0; k < K; k++)
          h[a * n + b] += j[i * n + a] * d->h[i * K + k] * j[k * n + b];
  ktm_mmrm_bend (structure, 4, theta, d->g, work, h);
  memcpy (at, theta, sizeof at);
  for (size_t a = 0; a < n; a++)
    {
      double up[K], down[K], f;

      at[a] = theta[a] + step;
      f = deviance (d, structure, at);
      gradient (d, structure, at, unused, up);
      at[a] = theta[a] - step;
      assert_near (g[a], (f - deviance (d, structure, at)) / (2 * step), 1e-6 * (1 + fabs (g[a])));
      gradient (d, structure, at, unused, down);
      at[a] = theta[a];
      for (size_t b = 0; b < n; b++)
        assert_near (h[a * n + b], (up[b] - down[b]) / (2 * step),
                     1e-4 * (1 + fabs (h[a * n + b])));
    }
}

static void
test_derivatives (void)
{
  g_autofree Rows *rows = simulate (55, 25, 4, 0.25);

  for (int method = 0; method < 2; method++)
    for (int s = 0; s < KTM_MMRM_N_STRUCTURES; s++)
      {
        KtmMmrmData d = { .n = rows->n, .p = 4, .t = 4, .reml = method == 1 };

        g_assert_cmpint (
            ktm_mmrm_data_init (
                &d, &(KtmMmrmRows) { rows->y, rows->x, rows->subject, rows->visit, NULL, rows->n }),
            ==, KTM_STATS_OK);
        check_derivatives (&d, (KtmMmrmStructure) s);
        ktm_mmrm_data_clear (&d);
      }
}

/* Rows of X that scores share give what a row for each score gives. */
static void
test_shared_rows (void)
{
  g_autofree Rows *rows = simulate (77, 24, 4, 0.2);
  double distinct[9 * 5] = { 0 }, dense[MAX * 5] = { 0 };
  size_t row[MAX];
  KtmMmrm *a, *b;

  for (size_t r = 0; r < 8; r++) /* visit and group; nobody has the ninth */
    {
      distinct[r * 5] = 1;
      if (r / 2 > 0)
        distinct[r * 5 + r / 2] = 1;
      distinct[r * 5 + 4] = (double) (r % 2);
    }
  for (size_t i = 0; i < rows->n; i++)
    {
      row[i] = 2 * rows->visit[i] + rows->group[i];
      memcpy (dense + i * 5, distinct + row[i] * 5, 5 * sizeof (double));
    }
  g_assert_cmpint (
      ktm_mmrm_fit (rows->y, rows->subject, rows->visit, dense, rows->n, 5, 4, &reml, NULL, &a),
      ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_mmrm_fit_rows (rows->y, rows->subject, rows->visit, distinct, 9, row,
                                      rows->n, 5, 4, &reml, NULL, &b),
                   ==, KTM_STATS_OK);
  assert_close (a->loglik, b->loglik, 1e-10);
  for (size_t j = 0; j < 5; j++)
    {
      assert_close (a->coefficient[j].estimate.value, b->coefficient[j].estimate.value, 1e-7);
      assert_close (a->coefficient[j].estimate.se, b->coefficient[j].estimate.se, 1e-7);
      assert_close (a->coefficient[j].test.df, b->coefficient[j].test.df, 1e-6);
    }
  ktm_mmrm_free (a);
  ktm_mmrm_free (b);
  row[3] = 9;
  g_assert_cmpint (ktm_mmrm_fit_rows (rows->y, rows->subject, rows->visit, distinct, 9, row,
                                      rows->n, 5, 4, &reml, NULL, &a),
                   ==, KTM_STATS_BAD_ARGUMENT);
}

/* Other order, unit and origin: the same p. */
static void
test_invariance (void)
{
  g_autofree Rows *rows = simulate (101, 30, 4, 0.2), *other = g_new0 (Rows, 1);
  KtmClda *a, *b;

  other->n = rows->n;
  for (size_t i = 0; i < rows->n; i++)
    {
      size_t k = rows->n - 1 - i;

      other->y[k] = 1000 - 12 * rows->y[i];
      other->subject[k] = rows->subject[i] * 3;
      other->visit[k] = rows->visit[i];
      other->group[k] = rows->group[i];
    }
  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, rows->n, 4, 2,
                                 true, &reml, NULL, &a),
                   ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_clda_fit (other->y, other->subject, other->visit, other->group, rows->n, 4,
                                 2, true, &reml, NULL, &b),
                   ==, KTM_STATS_OK);
  assert_close (b->difference[3].estimate.value, -12 * a->difference[3].estimate.value, 1e-6);
  assert_close (b->difference[3].test.df, a->difference[3].test.df, 1e-5);
  assert_close (b->interaction.p, a->interaction.p, 1e-6);
  assert_close (b->interaction.df2, a->interaction.df2, 1e-5);
  ktm_clda_free (a);
  ktm_clda_free (b);
}

/* Too few for four free visits: simpler ones, the reason said. */
static void
test_fall_back (void)
{
  g_autofree Rows *rows = simulate (8, 30, 4, 0);
  KtmMmrmOptions options = reml;
  size_t n = 0;
  KtmMmrm *fit = NULL;

  for (size_t i = 0; i < rows->n; i++) /* nobody has both of the last two visits */
    if (rows->visit[i] < 2 || rows->visit[i] == 2 + rows->group[i])
      {
        rows->y[n] = rows->y[i];
        rows->subject[n] = rows->subject[i];
        rows->visit[n] = rows->visit[i];
        memmove (rows->x + n * 4, rows->x + i * 4, 4 * sizeof (double));
        n++;
      }
  g_assert_cmpint (
      ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, n, 4, 4, &options, NULL, &fit),
      ==, KTM_STATS_SINGULAR);
  g_assert_null (fit);
  options.fall_back = true;
  g_assert_cmpint (
      ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, n, 4, 4, &options, NULL, &fit),
      ==, KTM_STATS_OK);
  g_assert_cmpint (fit->asked, ==, KTM_MMRM_UNSTRUCTURED);
  g_assert_cmpint (fit->structure, ==, KTM_MMRM_TOEPLITZ_HETEROGENEOUS);
  g_assert_cmpint (fit->reason, ==, KTM_MMRM_PAIR_NOT_SEEN);
  g_assert_cmpint (fit->attempt[KTM_MMRM_UNSTRUCTURED], ==, KTM_STATS_SINGULAR);
  ktm_mmrm_free (fit);
  g_free (rows);
  rows = simulate (8, 4, 6, 0); /* six visits of four patients */
  g_assert_cmpint (ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, rows->n, 6, 6,
                                 &options, NULL, &fit),
                   ==, KTM_STATS_OK);
  g_assert_cmpint (fit->structure, >, KTM_MMRM_UNSTRUCTURED);
  g_assert_cmpint (fit->reason, >=, KTM_MMRM_NOT_CONVERGED);
  ktm_mmrm_free (fit);
}

/* A group never seen at a visit: that cell is NaN, the rest stands. */
static void
test_empty_cell (void)
{
  g_autofree Rows *rows = simulate (61, 30, 3, 0);
  size_t n = 0;
  KtmClda *clda;

  for (size_t i = 0; i < rows->n; i++)
    if (rows->visit[i] < 2 || rows->group[i] == 0)
      {
        rows->y[n] = rows->y[i];
        rows->subject[n] = rows->subject[i];
        rows->visit[n] = rows->visit[i];
        rows->group[n++] = rows->group[i];
      }
  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, n, 3, 2, true,
                                 &reml, NULL, &clda),
                   ==, KTM_STATS_OK);
  g_assert_true (isnan (clda->change[3 + 2].estimate.value) && isnan (clda->difference[2].test.p));
  g_assert_true (isnan (clda->overall[2].estimate.value) && isnan (clda->between[2].p));
  g_assert_true (isfinite (clda->change[2].test.p) && isfinite (clda->difference[1].test.p));
  assert_near (clda->interaction.df, 1, 0);
  g_assert_cmpuint (clda->n_seen[3 + 2], ==, 0);
  ktm_clda_free (clda);
}

static bool
always (void *data)
{
  return true;
}

static void
test_refusals (void)
{
  g_autofree Rows *rows = simulate (13, 12, 3, 0);
  KtmMmrmOptions options = reml;
  KtmProgress stop = { .stop = always };
  KtmMmrm *fit = NULL;
  KtmClda *clda = NULL;
  size_t one_each[36], n = rows->n;
  double flat[36], constant[36];

  for (size_t i = 0; i < n; i++)
    {
      one_each[i] = i;
      flat[i] = 2;
      constant[i] = (double) (i / 3) * 1.3;
    }
#define REFUSE(expected, y, subject, n, p, t)                                                      \
  g_assert_cmpint (ktm_mmrm_fit (y, subject, rows->visit, rows->x, n, p, t, &options, NULL, &fit), \
                   ==, expected)
  REFUSE (KTM_STATS_TOO_FEW, rows->y, rows->subject, 0, 3, 3);
  REFUSE (KTM_STATS_TOO_FEW, rows->y, rows->subject, 1, 3, 3);
  REFUSE (KTM_STATS_TOO_FEW, rows->y, rows->subject, 2, 3, 3);
  REFUSE (KTM_STATS_BAD_ARGUMENT, rows->y, rows->subject, n, 3, 2); /* a visit out of range */
  REFUSE (KTM_STATS_TOO_FEW, rows->y, rows->subject, n, 3, 4);      /* a visit never seen */
  REFUSE (KTM_STATS_TOO_LARGE, rows->y, rows->subject, n, 3, KTM_MMRM_MAX_VISITS + 1);
  REFUSE (KTM_STATS_NO_VARIANCE, flat, rows->subject, n, 3, 3);
  REFUSE (KTM_STATS_SINGULAR, rows->y, one_each, n, 3, 3);
  options.fall_back = true;
  REFUSE (KTM_STATS_SINGULAR, rows->y, one_each, n, 3, 3);
  g_assert_cmpint (
      ktm_mmrm_fit (constant, rows->subject, rows->visit, rows->x, n, 3, 3, &options, NULL, &fit),
      !=, KTM_STATS_OK);
  g_assert_cmpint (
      ktm_mmrm_fit (rows->y, rows->subject, rows->visit, rows->x, n, 3, 3, &options, &stop, &fit),
      ==, KTM_STATS_CANCELLED);
  options.level = 0;
  REFUSE (KTM_STATS_BAD_ARGUMENT, rows->y, rows->subject, n, 3, 3);
  options = reml;
  for (size_t i = 0; i < n; i++)
    rows->x[i * 3 + 2] = rows->x[i * 3 + 1];
  REFUSE (KTM_STATS_SINGULAR, rows->y, rows->subject, n, 3, 3);
  rows->visit[1] = 0;
  REFUSE (KTM_STATS_BAD_ARGUMENT, rows->y, rows->subject, n, 3, 3); /* twice in one subject */
  rows->visit[1] = 1;
  rows->group[1] = 1 - rows->group[1];
  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, n, 3, 2, true,
                                 &reml, NULL, &clda),
                   ==, KTM_STATS_BAD_ARGUMENT); /* in two groups */
  g_assert_cmpint (
      ktm_clda_fit (rows->y, rows->subject, rows->visit, NULL, 0, 3, 1, true, &reml, NULL, &clda),
      ==, KTM_STATS_TOO_FEW);
  rows->y[0] = NAN;
  REFUSE (KTM_STATS_NOT_FINITE, rows->y, rows->subject, n, 3, 3);
  g_assert_null (fit);
  g_assert_null (clda);
}

/* One visit only is least squares: the group mean with n - 1 df. */
static void
test_one_visit (void)
{
  const double y[5] = { 2.385, 4.1, 3.7, 6.6, 5.05 };
  const size_t subject[5] = { 1, 2, 3, 4, 5 }, visit[5] = { 0 };
  KtmClda *clda;

  g_assert_cmpint (ktm_clda_fit (y, subject, visit, NULL, 5, 1, 1, true, &reml, NULL, &clda), ==,
                   KTM_STATS_OK);
  assert_close (clda->mean[0].estimate.value, (2.385 + 4.1 + 3.7 + 6.6 + 5.05) / 5, 1e-12);
  assert_near (clda->mean[0].test.df, 4, 1e-6);
  g_assert_true (isnan (clda->time.p));
  ktm_clda_free (clda);
}

/* With z in place of t the touching delta solves a quadratic. */
static void
test_tipping (void)
{
  const KtmEstimate effect = { -2, 0.25, NAN, NAN };
  const KtmTippingArm arm = { 100, 30 };
  KtmTippingOptions options = { .worse = 1, .mcid = 1, .level = 0.95, .max_delta = 10 };
  double z = gsl_cdf_ugaussian_Qinv (0.025), a = 0.09 - z * z * 0.0021;
  KtmEstimate grid[11], at;
  KtmTipping out;

  for (int k = 0; k < 2; k++)
    {
      double gap = k == 0 ? 2 : 1, b = -0.6 * gap, c = gap * gap - z * z * 0.0625;
      double root = (-b - sqrt (b * b - 4 * a * c)) / (2 * a);

      g_assert_cmpint (ktm_tipping_point (&effect, INFINITY, &arm, 1, &options, grid, 11, &out), ==,
                       KTM_STATS_OK);
      assert_near (k == 0 ? out.none.delta : out.mcid.delta, root, 1e-9);
    }
  assert_near (out.none.estimate_delta, 2 / 0.3, 1e-12);
  assert_near (out.mcid.target, -1, 0);
  assert_near (grid[5].value, -2 + 1.5, 1e-12);
  g_assert_cmpint (ktm_tipping_effect (&effect, INFINITY, &arm, 1, &options, out.none.delta, &at),
                   ==, KTM_STATS_OK);
  assert_near (at.high, 0, 1e-9);
  options.max_delta = 2;
  g_assert_cmpint (ktm_tipping_point (&effect, INFINITY, &arm, 1, &options, NULL, 0, &out), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (out.none.state, ==, KTM_TIPPING_BEYOND);
  options.mcid = 1.8;
  g_assert_cmpint (ktm_tipping_point (&effect, 40, &arm, 1, &options, NULL, 0, &out), ==,
                   KTM_STATS_OK);
  g_assert_cmpint (out.mcid.state, ==, KTM_TIPPING_ALREADY);
}

/* Two arms, scores better when higher: the mirror of better when lower. */
static void
test_tipping_groups (void)
{
  const KtmEstimate down = { -1.4, 0.3, NAN, NAN }, up = { 1.4, 0.3, NAN, NAN };
  const KtmTippingArm arm[2] = { { 80, 12 }, { 90, 27 } };
  KtmTippingOptions options = {
    .worse = 1, .mcid = NAN, .comparator = 0.5, .level = 0.95, .max_delta = 50
  };
  KtmTipping a, b;

  g_assert_cmpint (ktm_tipping_point (&down, 120, arm, 2, &options, NULL, 0, &a), ==, KTM_STATS_OK);
  options.worse = -1;
  g_assert_cmpint (ktm_tipping_point (&up, 120, arm, 2, &options, NULL, 0, &b), ==, KTM_STATS_OK);
  assert_near (a.shift, 0.3 - 0.5 * 0.15, 1e-12);
  assert_near (b.shift, -a.shift, 1e-12);
  assert_close (b.none.delta, a.none.delta, 1e-10);
  g_assert_true (isnan (a.mcid.target));
  options.max_delta = 0;
  g_assert_cmpint (ktm_tipping_point (&up, 120, arm, 2, &options, NULL, 0, &b), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_true (isnan (b.shift));
}

/* From a longitudinal analysis: arms counted from its rows, either group as the active one. */
static void
test_tipping_clda (void)
{
  g_autofree Rows *rows = simulate (15, 60, 3, 0.25);
  KtmTippingOptions options = { .worse = 1, .mcid = 0.5, .level = 0.95, .max_delta = 10 };
  KtmClda *clda;
  KtmTipping change, groups, reverse;
  KtmTippingArm arm;
  size_t seen;

  g_assert_cmpint (ktm_clda_fit (rows->y, rows->subject, rows->visit, rows->group, rows->n, 3, 2,
                                 true, &reml, NULL, &clda),
                   ==, KTM_STATS_OK);
  seen = clda->n_seen[2] + clda->n_seen[5];
  arm = (KtmTippingArm) { 60, 60 - seen };
  g_assert_cmpint (ktm_tipping_change (clda, 2, &options, NULL, 0, &change), ==, KTM_STATS_OK);
  assert_close (change.shift, (double) arm.n_missing / 60, 1e-12);
  g_assert_cmpint (ktm_tipping_groups (clda, 2, 0, 1, &options, NULL, 0, &groups), ==,
                   KTM_STATS_OK);
  assert_close (groups.shift, 1 - (double) clda->n_seen[5] / 30, 1e-12);
  options.comparator = 1;
  g_assert_cmpint (ktm_tipping_groups (clda, 2, 1, 0, &options, NULL, 0, &reverse), ==,
                   KTM_STATS_OK);
  assert_near (reverse.shift, ((double) clda->n_seen[5] - (double) clda->n_seen[2]) / 30, 1e-12);
  g_assert_cmpint (ktm_tipping_groups (clda, 0, 0, 1, &options, NULL, 0, &groups), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_tipping_groups (clda, 1, 1, 1, &options, NULL, 0, &groups), ==,
                   KTM_STATS_BAD_ARGUMENT);
  ktm_clda_free (clda);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/stats/clda/paired", test_paired);
  g_test_add_func ("/stats/clda/two-groups", test_two_groups);
  g_test_add_func ("/stats/clda/ancova", test_ancova);
  g_test_add_func ("/stats/clda/invariance", test_invariance);
  g_test_add_func ("/stats/clda/empty-cell", test_empty_cell);
  g_test_add_func ("/stats/clda/one-visit", test_one_visit);
  g_test_add_func ("/stats/mmrm/random-intercept", test_random_intercept);
  g_test_add_func ("/stats/mmrm/nesting", test_nesting);
  g_test_add_func ("/stats/mmrm/shared-rows", test_shared_rows);
  g_test_add_func ("/stats/mmrm/derivatives", test_derivatives);
  g_test_add_func ("/stats/mmrm/fall-back", test_fall_back);
  g_test_add_func ("/stats/mmrm/refusals", test_refusals);
  g_test_add_func ("/stats/tipping/change", test_tipping);
  g_test_add_func ("/stats/tipping/groups", test_tipping_groups);
  g_test_add_func ("/stats/tipping/clda", test_tipping_clda);
  return g_test_run ();
}
