/* Simulated coverage of every interval of model/stats at n = 10, 30 and 100: prints a Markdown
 * table.
 *
 * interval-coverage [SIMULATIONS]   Seeds are fixed; the Monte-Carlo error of a share of .95 is
 * .22/sqrt(SIMULATIONS). Populations: normal scores (baseline 7, SD 2; follow-up 6, SD 2.2,
 * correlation .5), two normal groups of n each (means 6 and 5, SDs 2 and 2), yes/no with .3 and .5,
 * pairs of normals with correlation .5.
 */
#include "ktm-bootstrap.h"
#include "ktm-correlation.h"
#include "ktm-describe.h"
#include "ktm-k-groups.h"
#include "ktm-paired.h"
#include "ktm-proportion.h"
#include "ktm-random.h"
#include "ktm-tables.h"
#include "ktm-two-groups.h"

#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_SIZES = 3, MAX_ROWS = 64, MAX_N = 100, RESAMPLES = 2000 };
static const size_t sizes[N_SIZES] = { 10, 30, 100 };
#define LEVEL 0.95

typedef struct
{
  const char *name;
  unsigned    inside[N_SIZES], there[N_SIZES], asked[N_SIZES];
} Row;

typedef struct
{
  Row       rows[MAX_ROWS];
  size_t    n_rows;
  size_t    size;        /* index of the current n */
  KtmRandom random;
} Table;

static void
score (Table *t, const char *name, double low, double high, double truth)
{
  size_t i = 0;

  while (i < t->n_rows && strcmp (t->rows[i].name, name) != 0)
    i++;
  if (i == MAX_ROWS)
    abort ();
  if (i == t->n_rows)
    t->rows[t->n_rows++] = (Row) { .name = name };
  t->rows[i].asked[t->size]++;
  if (isnan (low) || isnan (high))
    return;
  t->rows[i].there[t->size]++;
  t->rows[i].inside[t->size] += low <= truth + 1e-12 && truth <= high + 1e-12;
}

static void
score_estimate (Table *t, const char *name, KtmEstimate e, double truth)
{
  score (t, name, e.low, e.high, truth);
}

static double
phi (double z)
{
  return gsl_cdf_ugaussian_P (z);
}

/* --- one sample and change -------------------------------------------------------------------- */

static void
one_sample (Table *t, size_t n)
{
  double x[MAX_N];
  KtmDescription d;

  for (size_t i = 0; i < n; i++)
    x[i] = 5.0 + 2.0 * ktm_random_normal (&t->random);
  ktm_stats_describe (x, n, LEVEL, &d);
  score_estimate (t, "mean, t", d.mean, 5.0);
  score_estimate (t, "median, order statistics", d.median_ci, 5.0);
}

static void
change (Table *t, size_t n, bool with_bootstrap)
{
  const double sx = 2.0, sy = 2.2, r = 0.5, diff = -1.0,
               sd = sqrt (sx * sx + sy * sy - 2.0 * r * sx * sy);
  const double d_z = diff / sd, m = (double) n, above = phi (M_SQRT2 * d_z);
  KtmBootOptions options = { RESAMPLES, 0, LEVEL, KTM_RESAMPLE_CASES };
  double x[MAX_N], y[MAX_N];
  KtmBootstrap b;
  KtmPaired p;

  for (size_t i = 0; i < n; i++)
    {
      double z = ktm_random_normal (&t->random);

      x[i] = 7.0 + sx * z;
      y[i] = 6.0 + sy * (r * z + sqrt (1.0 - r * r) * ktm_random_normal (&t->random));
    }
  ktm_stats_paired (x, y, n, LEVEL, KTM_EXACT_NEVER, &p);
  score_estimate (t, "mean change, t", p.mean_diff, diff);
  score_estimate (t, "Hodges–Lehmann change, order statistics", p.hodges_lehmann, diff);
  score_estimate (t, "d_z, noncentral t", p.d_z, d_z);
  score_estimate (t, "g_z, J times d_z", p.g_z, d_z);
  score_estimate (t, "d_av, Algina–Keselman", p.d_av, diff / sqrt (0.5 * (sx * sx + sy * sy)));
  score_estimate (t, "d_av of the mean SD, the same limits", p.d_av_meansd,
                  diff / (0.5 * (sx + sy)));
  score_estimate (t, "g_av, J times that", p.g_av, diff / (0.5 * (sx + sy)));
  score_estimate (t, "d_rm, limits of d_z", p.d_rm, d_z * sqrt (2.0 * (1.0 - r)));
  score_estimate (t, "Glass's delta of baseline, delta method", p.glass_delta, diff / sx);
  score_estimate (t, "common language effect of change, normal model", p.common_language,
                  phi (d_z));
  score_estimate (t, "share with a higher score, Wilson", p.share_higher, phi (d_z));
  score_estimate (t, "matched rank-biserial, logit of V", p.rank_biserial,
                  2.0 * ((m - 1.0) * above + 2.0 * phi (d_z)) / (m + 1.0) - 1.0);
  if (!with_bootstrap)
    return;
  options.seed = ktm_random_next (&t->random);
  ktm_stats_bootstrap (KTM_BOOT_MEAN_DIFF_PAIRED, x, n, y, n, &options, NULL, &b);
  score (t, "mean change, bootstrap percentile", b.percentile_low, b.percentile_high, diff);
  score (t, "mean change, bootstrap BCa", b.bca_low, b.bca_high, diff);
  ktm_stats_bootstrap (KTM_BOOT_MEDIAN_DIFF_PAIRED, x, n, y, n, &options, NULL, &b);
  score (t, "median change, bootstrap BCa", b.bca_low, b.bca_high, diff);
  ktm_stats_bootstrap (KTM_BOOT_D_Z, x, n, y, n, &options, NULL, &b);
  score (t, "d_z, bootstrap percentile", b.percentile_low, b.percentile_high, d_z);
  score (t, "d_z, bootstrap BCa", b.bca_low, b.bca_high, d_z);
}

/* --- groups ----------------------------------------------------------------------------------- */

static void
two_groups (Table *t, size_t n, bool with_bootstrap)
{
  const double sd = 2.0, diff = 1.0, d = diff / sd, ps = phi (d / M_SQRT2);
  KtmBootOptions options = { RESAMPLES, 0, LEVEL, KTM_RESAMPLE_WITHIN_GROUP };
  double x[MAX_N], y[MAX_N];
  KtmTwoGroups g;
  KtmBootstrap b;

  for (size_t i = 0; i < n; i++)
    {
      x[i] = 6.0 + sd * ktm_random_normal (&t->random);
      y[i] = 5.0 + sd * ktm_random_normal (&t->random);
    }
  ktm_stats_two_groups (x, n, y, n, LEVEL, KTM_EXACT_NEVER, &g);
  score_estimate (t, "difference of means, Student", g.student, diff);
  score_estimate (t, "difference of means, Welch", g.welch, diff);
  score_estimate (t, "Hodges–Lehmann shift, order statistics", g.hodges_lehmann, diff);
  score_estimate (t, "Cohen's d, noncentral t", g.cohen_d, d);
  score (t, "Cohen's d, Wald", g.cohen_d_wald_low, g.cohen_d_wald_high, d);
  score_estimate (t, "Hedges' g, J times noncentral t", g.hedges_g, d);
  score_estimate (t, "Glass's delta, delta method", g.glass_delta_sd2, d);
  score_estimate (t, "Cliff's delta, consistent variance", g.cliff_delta, 2.0 * ps - 1.0);
  score (t, "Cliff's delta, unbiased variance", g.cliff_unbiased_low, g.cliff_unbiased_high,
         2.0 * ps - 1.0);
  score (t, "Cliff's delta, unbiased variance and t", g.cliff_unbiased_t_low,
         g.cliff_unbiased_t_high, 2.0 * ps - 1.0);
  score_estimate (t, "rank-biserial, DeLong logit", g.rank_biserial, 2.0 * ps - 1.0);
  score (t, "rank-biserial, Fisher z", g.rank_biserial_fisher_low, g.rank_biserial_fisher_high,
         2.0 * ps - 1.0);
  score_estimate (t, "probability of superiority, DeLong logit", g.prob_superiority, ps);
  score (t, "probability of superiority, DeLong Wald", g.ps_wald_low, g.ps_wald_high, ps);
  score (t, "probability of superiority, Brunner–Munzel", g.ps_bm_low, g.ps_bm_high, ps);
  if (!with_bootstrap)
    return;
  options.seed = ktm_random_next (&t->random);
  ktm_stats_bootstrap (KTM_BOOT_MEAN_DIFF_TWO_SAMPLE, x, n, y, n, &options, NULL, &b);
  score (t, "difference of means, bootstrap BCa", b.bca_low, b.bca_high, diff);
  ktm_stats_bootstrap (KTM_BOOT_COHEN_D, x, n, y, n, &options, NULL, &b);
  score (t, "Cohen's d, bootstrap BCa", b.bca_low, b.bca_high, d);
}

/* All three differences of three equal groups of n inside at once. */
static void
three_groups (Table *t, size_t n)
{
  double value[3 * MAX_N], low[2] = { -INFINITY, -INFINITY }, high[2] = { INFINITY, INFINITY };
  size_t group[3 * MAX_N];
  KtmGroupPair pairs[3];
  KtmKGroups k;

  for (size_t i = 0; i < 3 * n; i++)
    {
      group[i] = i % 3;
      value[i] = 2.0 * ktm_random_normal (&t->random);
    }
  ktm_stats_k_groups (value, group, 3 * n, 3, LEVEL, &k, NULL, pairs);
  for (int p = 0; p < 3; p++)
    {
      low[0] = fmax (low[0], pairs[p].tukey.low);
      high[0] = fmin (high[0], pairs[p].tukey.high);
      low[1] = fmax (low[1], pairs[p].games_howell.low);
      high[1] = fmin (high[1], pairs[p].games_howell.high);
    }
  score (t, "three differences at once, Tukey–Kramer", low[0], high[0], 0.0);
  score (t, "three differences at once, Games–Howell", low[1], high[1], 0.0);
}

/* --- yes or no -------------------------------------------------------------------------------- */

static double
draw_yes (KtmRandom *random, size_t n, double p)
{
  double yes = 0.0;

  for (size_t i = 0; i < n; i++)
    yes += ktm_random_uniform (random) < p;
  return yes;
}

static void
counts (Table *t, size_t n)
{
  const double p1 = 0.5, p2 = 0.3, m = (double) n;
  double a = draw_yes (&t->random, n, p1), c = draw_yes (&t->random, n, p2);
  double table[4] = { a, m - a, c, m - c };
  KtmProportion p;
  KtmTwoByTwo two;

  ktm_stats_proportion (c, m, LEVEL, &p);
  score (t, "proportion, Wilson", p.wilson_low, p.wilson_high, p2);
  score (t, "proportion, Clopper–Pearson", p.clopper_pearson_low, p.clopper_pearson_high, p2);
  score (t, "proportion, Agresti–Coull", p.agresti_coull_low, p.agresti_coull_high, p2);
  ktm_stats_two_by_two (table, LEVEL, &two);
  score_estimate (t, "risk difference, Newcombe", two.rd, p1 - p2);
  score (t, "risk difference, Wald", two.rd_wald_low, two.rd_wald_high, p1 - p2);
  score_estimate (t, "risk ratio, Katz log", two.rr, p1 / p2);
  score_estimate (t, "odds ratio, Woolf log", two.odds_ratio, p1 * (1.0 - p2) / (p2 * (1.0 - p1)));
  score (t, "odds ratio, exact conditional", two.fisher.low, two.fisher.high,
         p1 * (1.0 - p2) / (p2 * (1.0 - p1)));
}

/* Both yes .3, only the first .3, only the second .1, neither .3. */
static void
paired_counts (Table *t, size_t n)
{
  double table[4] = { 0.0, 0.0, 0.0, 0.0 };
  KtmMcnemar m;

  for (size_t i = 0; i < n; i++)
    {
      double u = ktm_random_uniform (&t->random);

      table[u < 0.3 ? 0 : u < 0.6 ? 1 : u < 0.7 ? 2 : 3]++;
    }
  ktm_stats_mcnemar (table, LEVEL, &m);
  score_estimate (t, "paired risk difference, Newcombe", m.diff, 0.2);
  score_estimate (t, "paired odds ratio, exact", m.odds_ratio, 3.0);
}

static void
correlation (Table *t, size_t n)
{
  const double r = 0.5;
  double x[MAX_N], y[MAX_N];
  KtmCorrelation c;

  for (size_t i = 0; i < n; i++)
    {
      x[i] = ktm_random_normal (&t->random);
      y[i] = r * x[i] + sqrt (1.0 - r * r) * ktm_random_normal (&t->random);
    }
  ktm_stats_correlation (x, y, n, LEVEL, &c);
  score_estimate (t, "Pearson's r, Fisher z", c.pearson, r);
  score_estimate (t, "Spearman's rho, Bonett–Wright", c.spearman, 6.0 / M_PI * asin (0.5 * r));
  score (t, "Spearman's rho, Fieller", c.spearman_fieller_low, c.spearman_fieller_high,
         6.0 / M_PI * asin (0.5 * r));
  score_estimate (t, "Kendall's tau, Fieller", c.kendall, 2.0 / M_PI * asin (r));
}

/* --- all -------------------------------------------------------------------------------------- */

static void
print_table (const Table *t, long simulations)
{
  printf ("| interval at 95 %% | n = 10 | n = 30 | n = 100 |\n|---|---|---|---|\n");
  for (size_t i = 0; i < t->n_rows; i++)
    {
      const Row *row = &t->rows[i];

      printf ("| %s |", row->name);
      for (size_t s = 0; s < N_SIZES; s++)
        {
          double share = row->there[s] > 0 ? (double) row->inside[s] / row->there[s] : NAN;
          double gone = 1.0 - (double) row->there[s] / row->asked[s];

          if (gone > 0.0005)
            printf (" %.3f (%.1f %% not available) |", share, 100.0 * gone);
          else
            printf (" %.3f |", share);
        }
      printf ("\n");
    }
  printf ("\n%ld simulations a cell (bootstrap and three groups: %ld, with %d resamples).\n",
          simulations, simulations / 5, RESAMPLES);
}

int
main (int argc, char **argv)
{
  long simulations = argc > 1 ? strtol (argv[1], NULL, 10) : 10000;
  static Table t;

  if (simulations < 10)
    {
      fprintf (stderr, "usage: interval-coverage [SIMULATIONS]   at least 10\n");
      return 2;
    }
  ktm_stats_init ();
  for (t.size = 0; t.size < N_SIZES; t.size++)
    {
      ktm_random_seed (&t.random, 1000 + t.size);
      for (long s = 0; s < simulations; s++)
        {
          bool slow = s % 5 == 0;

          one_sample (&t, sizes[t.size]);
          change (&t, sizes[t.size], slow);
          two_groups (&t, sizes[t.size], slow);
          if (slow)
            three_groups (&t, sizes[t.size]);
          counts (&t, sizes[t.size]);
          paired_counts (&t, sizes[t.size]);
          correlation (&t, sizes[t.size]);
        }
    }
  print_table (&t, simulations);
  return 0;
}
