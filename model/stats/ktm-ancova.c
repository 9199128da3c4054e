/* model/stats: analysis of covariance of a follow-up on baseline and group. */
#include "ktm-ancova.h"

#include <stdlib.h>
#include <string.h>

/* Indicators of the groups, then the centred baseline: one slope, or one slope a group. */
static void
fill_design (const KtmAncova *o, const double *baseline, const size_t *group, bool own_slopes,
             double *x)
{
  size_t g = o->n_groups, p = own_slopes ? 2 * g : g + 1;

  memset (x, 0, o->n * p * sizeof (double));
  for (size_t i = 0; i < o->n; i++)
    {
      x[i * p + group[i]] = 1;
      x[i * p + g + (own_slopes ? group[i] : 0)] = baseline[i] - o->baseline_mean;
    }
}

/* F test that all of @n coefficients from @first on are equal; @l: (n - 1) p. */
static KtmTest
all_equal (const KtmLinear *model, size_t first, size_t n, double *l)
{
  KtmTest out = KTM_TEST_NAN;

  if (n < 2)
    return out;
  memset (l, 0, (n - 1) * model->p * sizeof (double));
  for (size_t i = 1; i < n; i++)
    {
      l[(i - 1) * model->p + first + i] = 1;
      l[(i - 1) * model->p + first] = -1;
    }
  ktm_linear_joint (model, l, n - 1, &out);
  return out;
}

static void
fill_contrasts (KtmAncova *o, double *l)
{
  size_t g = o->n_groups, p = g + 1, pair = 0;

  o->slope = o->model->coefficient[g];
  for (size_t i = 0; i < g; i++)
    {
      KtmContrast *c = &o->change[i];

      *c = o->adjusted[i] = o->model->coefficient[i];
      *c = ktm_contrast_make (c->estimate.value - o->baseline_mean, c->estimate.se, o->model->df,
                              o->model->level);
      for (size_t j = i + 1; j < g; j++, pair++)
        {
          memset (l, 0, p * sizeof (double));
          l[i] = -1;
          l[j] = 1;
          ktm_linear_contrast (o->model, l, o->model->level, &o->difference[pair]);
        }
    }
  o->group = all_equal (o->model, 0, g, l);
}

/* The tests beside the analysis: they may fail without harm to it. */
static void
fill_checks (KtmAncova *o, const double *follow_up, const double *baseline, const size_t *group,
             double *x, double *l)
{
  KtmLinear *model = NULL;

  fill_design (o, baseline, group, true, x);
  if (ktm_linear_fit (follow_up, x, o->n, 2 * o->n_groups, o->model->variance, o->model->level,
                      &model) == KTM_STATS_OK)
    o->parallel = all_equal (model, o->n_groups, o->n_groups, l);
  ktm_linear_free (model);
  memset (x, 0, o->n * o->n_groups * sizeof (double));
  for (size_t i = 0; i < o->n; i++)
    x[i * o->n_groups + group[i]] = 1;
  if (ktm_linear_fit (baseline, x, o->n, o->n_groups, KTM_LINEAR_CLASSIC, o->model->level, &model)
      == KTM_STATS_OK)
    o->baseline = all_equal (model, 0, o->n_groups, l);
  ktm_linear_free (model);
}

static KtmStatsStatus
fit (KtmAncova *o, const double *follow_up, const double *baseline, const size_t *group,
     KtmLinearVariance variance, double level)
{
  size_t g = o->n_groups;
  double *x = malloc (o->n * 2 * g * sizeof (double)),
         *l = malloc (2 * g * (g + 1) * sizeof (double));
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;

  o->group_n = calloc (g, sizeof (size_t));
  o->adjusted = calloc (g, sizeof (KtmContrast));
  o->change = calloc (g, sizeof (KtmContrast));
  o->difference = calloc (o->n_pairs + 1, sizeof (KtmContrast));
  if (x && l && o->group_n && o->adjusted && o->change && o->difference)
    {
      for (size_t i = 0; i < o->n; i++)
        {
          o->group_n[group[i]]++;
          o->baseline_mean += baseline[i] / (double) o->n;
        }
      fill_design (o, baseline, group, false, x);
      status = ktm_linear_fit (follow_up, x, o->n, g + 1, variance, level, &o->model);
    }
  if (status == KTM_STATS_OK)
    {
      fill_contrasts (o, l);
      fill_checks (o, follow_up, baseline, group, x, l);
    }
  free (x);
  free (l);
  return status;
}

/* Follow-up = group mean + slope (baseline - mean baseline): differences between patients who
 * started alike.
 *
 * @follow_up, @baseline: n complete pairs, same unit;  @group: n numbers 0..n_groups-1, all used
 * @out: the caller's: ktm_ancova_free(); NULL on any status but OK
 *
 * The unadjusted analysis of change answers another question: show both, with a warning where
 * `baseline` is significant.  NaN: not accepted (NOT_FINITE).  TOO_FEW: n <= n_groups + 1 or an
 * empty group.  SINGULAR: no spread of baseline within groups.  Otherwise as ktm_linear_fit().
 * Source: Vickers and Altman (2001), BMJ 323:1123-1124; Lord (1967), Psychol Bull 68:304-305.
 */
KtmStatsStatus
ktm_ancova_fit (const double *follow_up, const double *baseline, const size_t *group, size_t n,
                size_t n_groups, KtmLinearVariance variance, double level, KtmAncova **out)
{
  KtmStatsStatus status;
  KtmAncova *o;

  *out = NULL;
  if (n_groups == 0 || !ktm_contrast_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n <= n_groups + 1)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (follow_up, n) || !ktm_stats_all_finite (baseline, n))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    if (group[i] >= n_groups)
      return KTM_STATS_BAD_ARGUMENT;
  for (size_t g = 0; g < n_groups; g++)
    {
      bool used = false;

      for (size_t i = 0; i < n && !used; i++)
        used = group[i] == g;
      if (!used)
        return KTM_STATS_TOO_FEW;
    }
  o = calloc (1, sizeof (KtmAncova));
  if (o == NULL)
    return KTM_STATS_NO_MEMORY;
  o->n = n;
  o->n_groups = n_groups;
  o->n_pairs = n_groups * (n_groups - 1) / 2;
  o->parallel = o->baseline = KTM_TEST_NAN;
  status = fit (o, follow_up, baseline, group, variance, level);
  if (status == KTM_STATS_OK)
    *out = o;
  else
    ktm_ancova_free (o);
  return status;
}

/* Frees an analysis; NULL is allowed. */
void
ktm_ancova_free (KtmAncova *ancova)
{
  if (ancova == NULL)
    return;
  ktm_linear_free (ancova->model);
  free (ancova->group_n);
  free (ancova->adjusted);
  free (ancova->change);
  free (ancova->difference);
  free (ancova);
}
