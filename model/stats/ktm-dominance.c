/* model/stats: how often the scores of one group exceed those of another. */
#include "ktm-dominance.h"
#include "ktm-dist.h"

#include <stdlib.h>

/* row[i] = sum over j of sign(a_i - b_j); both ascending.  Returns the pairs with a difference. */
static double
dominance_rows (const double *a, size_t na, const double *b, size_t nb, double *row)
{
  size_t below = 0, up_to = 0;
  double unequal = 0.0;

  for (size_t i = 0; i < na; i++)
    {
      while (below < nb && b[below] < a[i])
        below++;
      while (up_to < nb && b[up_to] <= a[i])
        up_to++;
      row[i] = (double) below - (double) (nb - up_to);
      unequal += (double) (below + nb - up_to);
    }
  return unequal;
}

/* Sum of (row_i / n_other - d)^2. */
static double
spread (const double *row, size_t n, double n_other, double d)
{
  double sum = 0.0;

  for (size_t i = 0; i < n; i++)
    sum += (row[i] / n_other - d) * (row[i] / n_other - d);
  return sum;
}

/* (D - D^3 ∓ c sqrt v sqrt((1 - D^2)^2 + c^2 v)) / (1 - D^2 + c^2 v) */
static void
cliff_limits (double d, double v, double c, double *low, double *high)
{
  double rest = 1.0 - d * d, half = c * sqrt (v) * sqrt (rest * rest + c * c * v),
         bottom = rest + c * c * v;

  *low = (d - d * d * d - half) / bottom;
  *high = (d - d * d * d + half) / bottom;
}

static void
cliff (double d, double si, double sj, double sij, double level, KtmTwoGroups *out)
{
  double n1 = (double) out->n1, n2 = (double) out->n2, z = ktm_dist_normal_z (level);

  out->cliff_delta.value = d;
  if (out->n1 < 2 || out->n2 < 2)
    return;
  out->cliff_var_unbiased =
      fmax ((n2 * n2 * si + n1 * n1 * sj - sij) / (n1 * n2 * (n1 - 1.0) * (n2 - 1.0)),
            (1.0 - d * d) / (n1 * n2 - 1.0));
  out->cliff_var_consistent =
      ((n2 - 1.0) * si / (n1 - 1.0) + (n1 - 1.0) * sj / (n2 - 1.0) + sij / (n1 * n2 - 1.0))
      / (n1 * n2);
  out->cliff_delta.se = sqrt (out->cliff_var_consistent);
  cliff_limits (d, out->cliff_var_consistent, z, &out->cliff_delta.low, &out->cliff_delta.high);
  cliff_limits (d, out->cliff_var_unbiased, z, &out->cliff_unbiased_low, &out->cliff_unbiased_high);
  cliff_limits (d, out->cliff_var_unbiased, ktm_dist_t_quantile (level, n1 + n2 - 2.0),
                &out->cliff_unbiased_t_low, &out->cliff_unbiased_t_high);
}

/* v1, v2: variances of the placements divided by their group sizes. */
static void
superiority (double ps, double v1, double v2, double level, KtmTwoGroups *out)
{
  double se = sqrt (v1 + v2), z = ktm_dist_normal_z (level), logit = log (ps / (1.0 - ps)), df,
         half;

  out->prob_superiority.value = ps;
  if (out->n1 < 2 || out->n2 < 2)
    return;
  out->prob_superiority.se = se;
  out->ps_wald_low = ps - z * se;
  out->ps_wald_high = ps + z * se;
  if (!(se > 0.0))
    {
      out->ranks_status = KTM_STATS_UNDEFINED;
      return;
    }
  half = z * se / (ps * (1.0 - ps));
  out->prob_superiority.low = 1.0 / (1.0 + exp (half - logit));
  out->prob_superiority.high = 1.0 / (1.0 + exp (-half - logit));
  df = (v1 + v2) * (v1 + v2)
       / (v1 * v1 / ((double) out->n1 - 1.0) + v2 * v2 / ((double) out->n2 - 1.0));
  out->brunner_munzel = (KtmTest) { (ps - 0.5) / se, df, NAN, ktm_dist_t_p2 ((ps - 0.5) / se, df) };
  out->ps_bm_low = ps - ktm_dist_t_quantile (level, df) * se;
  out->ps_bm_high = ps + ktm_dist_t_quantile (level, df) * se;
}

static void
rank_biserial (double level, KtmTwoGroups *out)
{
  double n1 = (double) out->n1, n2 = (double) out->n2, rb = out->cliff_delta.value;
  double half = ktm_dist_normal_z (level) * sqrt ((n1 + n2 + 1.0) / (3.0 * n1 * n2));

  out->rank_biserial =
      (KtmEstimate){ rb, 2.0 * out->prob_superiority.se, 2.0 * out->prob_superiority.low - 1.0,
                     2.0 * out->prob_superiority.high - 1.0 };
  out->rank_biserial_fisher_low = tanh (atanh (rb) - half);
  out->rank_biserial_fisher_high = tanh (atanh (rb) + half);
}

KtmStatsStatus
ktm_dominance (const double *x, const double *y, double level, KtmTwoGroups *out)
{
  double n1 = (double) out->n1, n2 = (double) out->n2,
         *rows = malloc ((out->n1 + out->n2) * sizeof *rows);
  double unequal, d = 0.0, si, sj;

  if (rows == NULL)
    return KTM_STATS_NO_MEMORY;
  unequal = dominance_rows (x, out->n1, y, out->n2, rows);
  dominance_rows (y, out->n2, x, out->n1, rows + out->n1);
  for (size_t j = 0; j < out->n2; j++) /* e_.j has the sign of x - y */
    rows[out->n1 + j] = -rows[out->n1 + j];
  for (size_t i = 0; i < out->n1; i++)
    d += rows[i];
  d /= n1 * n2;
  si = spread (rows, out->n1, n2, d);
  sj = spread (rows + out->n1, out->n2, n1, d);
  cliff (d, si, sj, unequal - n1 * n2 * d * d, level, out);
  superiority (out->mann_whitney.u1 / (n1 * n2), 0.25 * si / (n1 - 1.0) / n1,
               0.25 * sj / (n2 - 1.0) / n2, level, out);
  rank_biserial (level, out);
  free (rows);
  return KTM_STATS_OK;
}
