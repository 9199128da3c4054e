/* model/stats: Cox proportional hazards regression. */
#include "ktm-cox.h"
#include "ktm-cholesky.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 60

typedef struct
{
  double time;
  bool   event;
  size_t row;
} Spell;

/* The data by descending time, on standardised columns. */
typedef struct
{
  size_t  n, p, n_events;
  bool    efron;
  Spell  *spell;
  double *x;                        /* n × p */
  double *mean, *sd;                /* p */
  double *g;                        /* n: 1 − KM(t−) of each spell */
  double *s1, *s2, *d1, *d2;        /* sums at risk and of the tied deaths */
  double *gradient, *information;   /* p, p × p */
  double *slope_gradient, *slope_cross,
      *slope_square; /* p, p × p, p: for the test of proportional hazards */
  double *step, *trial;
  double *beta, *inverse;           /* p, p × p */
} Cox;

static int
compare_spells (const void *a, const void *b)
{
  const Spell *s = a, *t = b;

  if (s->time != t->time)
    return s->time > t->time ? -1 : 1;
  return (s->row > t->row) - (s->row < t->row);
}

static void
add_outer (double *matrix, const double *x, size_t p, double w)
{
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b <= a; b++)
      matrix[a * p + b] += w * x[a] * x[b];
}

/* One death among @deaths tied ones, the @l-th: its share of the mean and the variance at risk. */
static double
count_death (Cox *cox, double s0, double d0, double share, double g)
{
  size_t p = cox->p;
  double total = s0 - share * d0;

  for (size_t a = 0; a < p; a++)
    {
      double mean = (cox->s1[a] - share * cox->d1[a]) / total;

      cox->gradient[a] -= mean;
      cox->slope_gradient[a] -= g * mean;
      for (size_t b = 0; b <= a; b++)
        {
          double v = (cox->s2[a * p + b] - share * cox->d2[a * p + b]) / total
                     - mean * (cox->s1[b] - share * cox->d1[b]) / total;

          cox->information[a * p + b] += v;
          cox->slope_cross[a * p + b] += g * v;
          if (a == b)
            cox->slope_square[a] += g * g * v;
        }
    }
  return -log (total);
}

static double
dot_row (const Cox *cox, size_t i, const double *beta)
{
  return ktm_dense_dot (cox->x + i * cox->p, beta, cox->p);
}

static double
evaluate (Cox *cox, const double *beta)
{
  size_t p = cox->p;
  double loglik = 0.0, s0 = 0.0, top = -INFINITY;

  for (size_t i = 0; i < cox->n; i++)
    top = fmax (top, dot_row (cox, i, beta));
  memset (cox->s1, 0, (2 * p + 2 * p * p) * sizeof *cox->s1);          /* s1, d1, s2, d2 */
  memset (cox->gradient, 0, (3 * p + 2 * p * p) * sizeof *cox->gradient);
  for (size_t i = 0, next; i < cox->n; i = next)
    {
      double d0 = 0.0, deaths = 0.0, g = cox->g[i];

      memset (cox->d1, 0, p * sizeof *cox->d1);
      memset (cox->d2, 0, p * p * sizeof *cox->d2);
      for (next = i; next < cox->n && cox->spell[next].time == cox->spell[i].time; next++)
        {
          const double *x = cox->x + next * p;
          double eta = dot_row (cox, next, beta) - top, risk = exp (eta);

          s0 += risk;
          for (size_t a = 0; a < p; a++)
            cox->s1[a] += risk * x[a];
          add_outer (cox->s2, x, p, risk);
          if (!cox->spell[next].event)
            continue;
          d0 += risk;
          deaths += 1.0;
          loglik += eta;
          for (size_t a = 0; a < p; a++)
            {
              cox->d1[a] += risk * x[a];
              cox->gradient[a] += x[a];
              cox->slope_gradient[a] += g * x[a];
            }
          add_outer (cox->d2, x, p, risk);
        }
      for (double l = 0.0; l < deaths; l++)
        loglik += count_death (cox, s0, d0, cox->efron ? l / deaths : 0.0, g);
    }
  return loglik;
}

/* --- Newton ----------------------------------------------------------------------------------- */

static double
largest (const double *x, size_t n)
{
  double top = 0.0;

  for (size_t i = 0; i < n; i++)
    top = fmax (top, fabs (x[i]));
  return top;
}

static KtmStatsStatus
climb (Cox *cox, double *beta, double *loglik)
{
  size_t p = cox->p;

  for (int step = 0; step < MAX_STEPS; step++)
    {
      double factor = 1.0, value = -INFINITY;

      if (largest (beta, p) > 20.0)
        return KTM_STATS_SEPARATED;
      if (largest (cox->gradient, p) < 1e-9 * (double) cox->n_events)
        return KTM_STATS_OK;
      if (!ktm_cholesky_factor (cox->information, p))
        return largest (beta, p) > 8.0 ? KTM_STATS_SEPARATED : KTM_STATS_SINGULAR;
      memcpy (cox->step, cox->gradient, p * sizeof *cox->step);
      ktm_dense_solve (cox->information, p, cox->step, 1);
      for (int halving = 0; halving < 30 && !(value >= *loglik - 1e-12 * fabs (*loglik));
           halving++, factor *= 0.5)
        {
          for (size_t a = 0; a < p; a++)
            cox->trial[a] = beta[a] + factor * cox->step[a];
          value = evaluate (cox, cox->trial);
        }
      if (!(value >= *loglik - 1e-12 * fabs (*loglik)))
        return KTM_STATS_NO_CONVERGENCE;
      *loglik = value;
      memcpy (beta, cox->trial, p * sizeof *beta);
    }
  return KTM_STATS_NO_CONVERGENCE;
}

/* --- results ---------------------------------------------------------------------------------- */

static KtmTest
chi2_test (double statistic, size_t df)
{
  return (KtmTest) { statistic, (double) df, NAN, ktm_dist_chi2_p (statistic, (double) df) };
}

static void
fill_lower (double *matrix, size_t p)
{
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b < a; b++)
      matrix[b * p + a] = matrix[a * p + b];
}

/* beta(t) = beta + theta g(t): the score of theta at 0, beta being estimated.  @inverse: of the
 * information. */
static void
test_proportional (const Cox *cox, const double *inverse, KtmCox *out)
{
  size_t p = cox->p;

  fill_lower (cox->slope_cross, p);
  for (size_t j = 0; j < p; j++)
    {
      double variance =
          cox->slope_square[j] - ktm_dense_quadratic (inverse, cox->slope_cross + j * p, p);
      double u = cox->slope_gradient[j];

      out->zph[j] = variance > 1e-12 * cox->slope_square[j] ? u * u / variance : NAN;
      out->zph_p[j] = isnan (out->zph[j]) ? NAN : ktm_dist_chi2_p (out->zph[j], 1.0);
    }
}

/* @inverse: of the information at @beta, standardised columns. */
static void
fill_results (const Cox *cox, const double *beta, const double *inverse, double level, KtmCox *out)
{
  double z = ktm_dist_normal_z (level);
  size_t p = cox->p;

  for (size_t a = 0; a < p; a++)
    {
      for (size_t b = 0; b < p; b++)
        out->vcov[a * p + b] = inverse[a * p + b] / (cox->sd[a] * cox->sd[b]);
      out->beta[a] = beta[a] / cox->sd[a];
      out->se[a] = sqrt (out->vcov[a * p + a]);
      out->z[a] = out->beta[a] / out->se[a];
      out->p_value[a] = ktm_dist_normal_p2 (out->z[a]);
      out->ratio[a] = exp (out->beta[a]);
      out->ratio_low[a] = exp (out->beta[a] - z * out->se[a]);
      out->ratio_high[a] = exp (out->beta[a] + z * out->se[a]);
    }
  test_proportional (cox, inverse, out);
  out->lrt = chi2_test (fmax (0.0, 2.0 * (out->loglik - out->loglik0)), p);
}

/* --- concordance ------------------------------------------------------------------------------ */

typedef struct
{
  double eta;
  size_t i;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  double s = ((const Ranked *) a)->eta, t = ((const Ranked *) b)->eta;

  return (s > t) - (s < t);
}

/* A Fenwick tree of counts by rank of the risk score. */
static void
tree_add (size_t *tree, size_t n, size_t rank)
{
  for (size_t i = rank + 1; i <= n; i += i & (~i + 1))
    tree[i]++;
}

static size_t
tree_below (const size_t *tree, size_t rank)
{
  size_t sum = 0;

  for (size_t i = rank; i > 0; i -= i & (~i + 1))
    sum += tree[i];
  return sum;
}

static double
count_pairs (const Cox *cox, const size_t *rank, size_t *tree)
{
  double concordant = 0.0, tied = 0.0, pairs = 0.0, seen = 0.0;

  for (size_t i = 0, next; i < cox->n; i = next)
    {
      for (next = i; next < cox->n && cox->spell[next].time == cox->spell[i].time; next++)
        if (!cox->spell[next].event)
          {
            tree_add (tree, cox->n, rank[next]);
            seen += 1.0;
          }
      for (size_t j = i; j < next; j++)
        if (cox->spell[j].event)
          {
            double below = (double) tree_below (tree, rank[j]);

            concordant += below;
            tied += (double) tree_below (tree, rank[j] + 1) - below;
            pairs += seen;
          }
      for (size_t j = i; j < next; j++)
        if (cox->spell[j].event)
          {
            tree_add (tree, cox->n, rank[j]);
            seen += 1.0;
          }
    }
  return pairs > 0.0 ? (concordant + 0.5 * tied) / pairs : NAN;
}

static double
concordance (const Cox *cox, const double *beta)
{
  Ranked *ranked = malloc (cox->n * sizeof *ranked);
  size_t *rank = calloc (2 * cox->n + 1, sizeof *rank), at = 0;
  double out = NAN;

  if (ranked != NULL && rank != NULL)
    {
      for (size_t i = 0; i < cox->n; i++)
        ranked[i] = (Ranked) { dot_row (cox, i, beta), i };
      qsort (ranked, cox->n, sizeof *ranked, compare_ranked);
      for (size_t i = 0; i < cox->n; i++)
        {
          if (i > 0 && ranked[i].eta - ranked[i - 1].eta > 1e-12 * (1.0 + fabs (ranked[i].eta)))
            at = i;
          rank[ranked[i].i] = at;
        }
      out = count_pairs (cox, rank, rank + cox->n);
    }
  free (ranked);
  free (rank);
  return out;
}

/* --- entry ------------------------------------------------------------------------------------ */

static KtmStatsStatus
check (const double *time, const bool *event, const double *x, size_t n, size_t p, double level)
{
  size_t events = 0;

  if (p < 1 || !ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (time, n) || !ktm_stats_all_finite (x, n * p))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    {
      if (time[i] < 0.0)
        return KTM_STATS_BAD_ARGUMENT;
      events += event[i];
    }
  return events <= p ? KTM_STATS_TOO_FEW : KTM_STATS_OK;
}

/* Sorted, standardised, and 1 − KM(t−) of every spell. */
static KtmStatsStatus
prepare (Cox *cox, const double *time, const bool *event, const double *x)
{
  double survival = 1.0;
  size_t n = cox->n, p = cox->p;

  for (size_t i = 0; i < n; i++)
    {
      cox->spell[i] = (Spell) { time[i], event[i], i };
      cox->n_events += event[i];
    }
  qsort (cox->spell, n, sizeof *cox->spell, compare_spells);
  for (size_t a = 0; a < p; a++)
    {
      for (size_t i = 0; i < n; i++)
        cox->mean[a] += x[i * p + a] / (double) n;
      for (size_t i = 0; i < n; i++)
        cox->sd[a] += (x[i * p + a] - cox->mean[a]) * (x[i * p + a] - cox->mean[a]) / (double) n;
      cox->sd[a] = sqrt (cox->sd[a]);
      if (!(cox->sd[a] > 1e-12 * (1.0 + fabs (cox->mean[a]))))
        return KTM_STATS_SINGULAR;
    }
  for (size_t i = 0; i < n; i++)
    for (size_t a = 0; a < p; a++)
      cox->x[i * p + a] = (x[cox->spell[i].row * p + a] - cox->mean[a]) / cox->sd[a];
  for (size_t end = n, from; end > 0; end = from)  /* ascending time: from the back */
    {
      double deaths = 0.0;

      for (from = end; from > 0 && cox->spell[from - 1].time == cox->spell[end - 1].time; from--)
        {
          cox->g[from - 1] = 1.0 - survival;
          deaths += cox->spell[from - 1].event ? 1.0 : 0.0;
        }
      survival *= 1.0 - deaths / (double) end;
    }
  return KTM_STATS_OK;
}

static KtmStatsStatus
fit_cox (Cox *cox, double level, double *beta, double *inverse, KtmCox *out)
{
  size_t p = cox->p;
  KtmStatsStatus status;

  out->loglik0 = out->loglik = evaluate (cox, beta);
  memcpy (inverse, cox->information, p * p * sizeof *inverse);
  if (!ktm_cholesky_factor (inverse, p))
    return KTM_STATS_SINGULAR;
  memcpy (cox->step, cox->gradient, p * sizeof *cox->step);
  ktm_dense_forward (inverse, p, cox->step, 1);
  out->score = chi2_test (ktm_dense_dot (cox->step, cox->step, p), p);
  status = climb (cox, beta, &out->loglik);
  if (status != KTM_STATS_OK)
    return status;
  fill_lower (cox->information, p);
  out->wald = chi2_test (ktm_dense_quadratic (cox->information, beta, p), p);
  if (!ktm_cholesky_factor (cox->information, p))
    return KTM_STATS_SINGULAR;
  ktm_dense_inverse (cox->information, p, inverse);
  /* a likelihood that only levels out: far from 0 and flat, in SDs of the covariate */
  for (size_t a = 0; a < p; a++)
    if (fabs (beta[a]) > 5.0 && inverse[a * p + a] > 50.0 * 50.0)
      return KTM_STATS_SEPARATED;
  fill_results (cox, beta, inverse, level, out);
  out->concordance = concordance (cox, beta);
  return KTM_STATS_OK;
}

static bool
allocate (Cox *cox, KtmCox *out, double **block, double **result)
{
  size_t n = cox->n, p = cox->p;
  double *at = *block = calloc (n * p + n + 10 * p + 5 * p * p, sizeof **block);

  *result = calloc (9 * p + p * p, sizeof **result);
  cox->spell = calloc (n, sizeof *cox->spell);
  if (*block == NULL || *result == NULL || cox->spell == NULL)
    return false;
  cox->x = at;
  cox->g = at += n * p;
  cox->mean = at += n;
  cox->sd = at += p;
  cox->s1 = at += p;
  cox->d1 = at += p;
  cox->s2 = at += p;
  cox->d2 = at += p * p;
  cox->gradient = at += p * p;
  cox->slope_gradient = at += p;
  cox->slope_square = at += p;
  cox->information = at += p;
  cox->slope_cross = at += p * p;
  cox->step = at += p * p;
  cox->trial = at += p;
  cox->beta = at += p;
  cox->inverse = at + p;
  out->beta = *result;
  out->se = out->beta + p;
  out->z = out->se + p;
  out->p_value = out->z + p;
  out->ratio = out->p_value + p;
  out->ratio_low = out->ratio + p;
  out->ratio_high = out->ratio_low + p;
  out->zph = out->ratio_high + p;
  out->zph_p = out->zph + p;
  out->vcov = out->zph_p + p;
  return true;
}

KtmStatsStatus
ktm_cox (const double *time, const bool *event, const double *x, size_t n, size_t p,
         KtmCoxTies ties, double level, KtmCox *out)
{
  KtmStatsStatus status = check (time, event, x, n, p, level);
  Cox cox = { .n = n, .p = p, .efron = ties == KTM_COX_EFRON };
  double *block = NULL, *result = NULL;

  *out = (KtmCox) { .beta = NULL };
  ktm_cox_clear (out);
  if (status != KTM_STATS_OK)
    return status;
  if (!allocate (&cox, out, &block, &result))
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    status = prepare (&cox, time, event, x);
  if (status == KTM_STATS_OK)
    status = fit_cox (&cox, level, cox.beta, cox.inverse, out);
  out->n = n;
  out->n_events = cox.n_events;
  out->p = p;
  if (status != KTM_STATS_OK)
    {
      out->beta = result;
      ktm_cox_clear (out);
    }
  free (cox.spell);
  free (block);
  return status;
}

void
ktm_cox_clear (KtmCox *fit)
{
  free (fit->beta);
  *fit = (KtmCox) { .loglik0 = NAN, .loglik = NAN, .lrt = KTM_TEST_NAN, .wald = KTM_TEST_NAN,
                    .score = KTM_TEST_NAN, .concordance = NAN };
}
