/* model/stats: multinomial logistic regression. */
#include "ktm-multinom.h"
#include "ktm-cholesky.h"
#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 100

/* The data on orthonormal columns Q (X = QR), where Newton sees no scale. */
typedef struct
{
  size_t n, p, k, m;      /* m = (k − 1) p */
  const double *share;    /* n × k */
  double *q, *r;          /* n × p, p × p */
  double *prob;           /* n × k */
  double *gradient, *information, *step, *trial;
} Logit;

static double
evaluate (Logit *logit, const double *beta)
{
  double total = 0.0;

  for (size_t i = 0; i < logit->n; i++)
    {
      double *prob = logit->prob + i * logit->k, top = 0.0, sum = 0.0;

      prob[0] = 0.0;
      for (size_t c = 1; c < logit->k; c++)
        {
          prob[c] = ktm_dense_dot (logit->q + i * logit->p, beta + (c - 1) * logit->p, logit->p);
          top = fmax (top, prob[c]);
        }
      for (size_t c = 0; c < logit->k; c++)
        sum += exp (prob[c] - top);
      for (size_t c = 0; c < logit->k; c++)
        {
          total += logit->share[i * logit->k + c] * (prob[c] - top - log (sum));
          prob[c] = exp (prob[c] - top) / sum;
        }
    }
  return total;
}

static void
differentiate (Logit *logit)
{
  size_t p = logit->p, k = logit->k, m = logit->m;

  memset (logit->gradient, 0, m * sizeof *logit->gradient);
  memset (logit->information, 0, m * m * sizeof *logit->information);
  for (size_t i = 0; i < logit->n; i++)
    {
      const double *q = logit->q + i * p, *prob = logit->prob + i * k,
                   *share = logit->share + i * k;

      for (size_t a = 0; a < m; a++)
        {
          size_t c = 1 + a / p;

          logit->gradient[a] += (share[c] - prob[c]) * q[a % p];
          for (size_t b = 0; b <= a; b++)
            logit->information[a * m + b] +=
                prob[c] * ((b / p == a / p ? 1.0 : 0.0) - prob[1 + b / p]) * q[a % p] * q[b % p];
        }
    }
}

/* One Newton step with halving.  False: no step gains. */
static bool
advance (Logit *logit, double *beta, double *loglik)
{
  double factor = 1.0;

  memcpy (logit->step, logit->gradient, logit->m * sizeof *logit->step);
  if (!ktm_cholesky_factor (logit->information, logit->m))
    return false;
  ktm_dense_solve (logit->information, logit->m, logit->step, 1);
  for (int halving = 0; halving < 30; halving++, factor *= 0.5)
    {
      double value;

      for (size_t a = 0; a < logit->m; a++)
        logit->trial[a] = beta[a] + factor * logit->step[a];
      value = evaluate (logit, logit->trial);
      if (value >= *loglik - 1e-13 * (1.0 + fabs (*loglik)))
        {
          *loglik = value;
          memcpy (beta, logit->trial, logit->m * sizeof *beta);
          return true;
        }
    }
  return false;
}

/* Patients whose fitted probability has run into 0 or 1 at a slope without end: separation. */
static bool
looks_separated (const Logit *logit, const double *beta)
{
  for (size_t i = 0; i < logit->n; i++)
    for (size_t c = 1; c < logit->k; c++)
      if (fabs (ktm_dense_dot (logit->q + i * logit->p, beta + (c - 1) * logit->p, logit->p))
          > 25.0)
        return true;
  return false;
}

static KtmStatsStatus
climb (Logit *logit, double *beta, double *loglik)
{
  double size = 1e-9 * sqrt ((double) logit->n);

  *loglik = evaluate (logit, beta);
  for (int step = 0; step < MAX_STEPS; step++)
    {
      double largest = 0.0;

      differentiate (logit);
      for (size_t a = 0; a < logit->m; a++)
        largest = fmax (largest, fabs (logit->gradient[a]));
      if (looks_separated (logit, beta))
        return KTM_STATS_SEPARATED;
      if (largest < size)
        return ktm_cholesky_factor (logit->information, logit->m) ? KTM_STATS_OK
                                                                  : KTM_STATS_SINGULAR;
      if (!advance (logit, beta, loglik))
        return KTM_STATS_NO_CONVERGENCE;
    }
  return KTM_STATS_NO_CONVERGENCE;
}

/* --- results ---------------------------------------------------------------------------------- */

/* From orthonormal columns back to those of x: beta = R⁻¹ gamma, for the covariance in both
 * indices. */
static void
back_transform (const Logit *logit, const double *gamma, KtmMultinom *out)
{
  size_t p = logit->p, m = logit->m;
  double *column = logit->step;

  for (size_t c = 0; c + 1 < logit->k; c++)
    {
      memcpy (out->beta + c * p, gamma + c * p, p * sizeof *gamma);
      ktm_dense_back_beta (logit->r, p, out->beta + c * p);
    }
  ktm_dense_inverse (logit->information, m, out->vcov);
  for (int side = 0; side < 2; side++)
    for (size_t a = 0; a < m; a++)
      for (size_t c = 0; c + 1 < logit->k; c++)
        {
          for (size_t j = 0; j < p; j++)
            column[j] = side == 0 ? out->vcov[(c * p + j) * m + a] : out->vcov[a * m + c * p + j];
          ktm_dense_back_beta (logit->r, p, column);
          for (size_t j = 0; j < p; j++)
            *(side == 0 ? &out->vcov[(c * p + j) * m + a] : &out->vcov[a * m + c * p + j]) =
                column[j];
        }
}

static void
fill_tests (const Logit *logit, double level, KtmMultinom *out)
{
  double z = ktm_dist_normal_z (level), n = (double) logit->n;

  for (size_t a = 0; a < logit->m; a++)
    {
      out->se[a] = sqrt (out->vcov[a * logit->m + a]);
      out->z[a] = out->beta[a] / out->se[a];
      out->p_value[a] = ktm_dist_normal_p2 (out->z[a]);
      out->ratio[a] = exp (out->beta[a]);
      out->ratio_low[a] = exp (out->beta[a] - z * out->se[a]);
      out->ratio_high[a] = exp (out->beta[a] + z * out->se[a]);
    }
  out->loglik_null = 0.0;
  for (size_t c = 0; c < logit->k; c++)
    out->loglik_null += out->class_n[c] * log (out->class_n[c] / n);
  out->lr.statistic = fmax (0.0, 2.0 * (out->loglik - out->loglik_null));
  out->lr.df = (double) ((logit->k - 1) * (logit->p - 1));
  out->lr.df2 = NAN;
  out->lr.p = logit->p > 1 ? ktm_dist_chi2_p (out->lr.statistic, out->lr.df) : NAN;
  out->aic = -2.0 * out->loglik + 2.0 * (double) logit->m;
  out->mcfadden_r2 = 1.0 - out->loglik / out->loglik_null;
}

static KtmStatsStatus
check (const size_t *y, const double *weight, const double *x, size_t n, size_t p, size_t k,
       double level)
{
  if (p < 1 || k < 2 || !ktm_dist_level_ok (level) || (y == NULL) == (weight == NULL))
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; y != NULL && i < n; i++)
    if (y[i] >= k)
      return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (x, n * p) || (weight != NULL && !ktm_stats_all_finite (weight, n * k)))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    if (x[i * p] != 1.0)
      return KTM_STATS_BAD_ARGUMENT;
  return n <= (k - 1) * p ? KTM_STATS_TOO_FEW : KTM_STATS_OK;
}

static bool
allocate (KtmMultinom *out, size_t k, size_t m)
{
  double *block = calloc (k + 7 * m + m * m, sizeof *block);

  if (block == NULL)
    return false;
  out->class_n = block;
  out->beta = block + k;
  out->se = out->beta + m;
  out->z = out->se + m;
  out->p_value = out->z + m;
  out->ratio = out->p_value + m;
  out->ratio_low = out->ratio + m;
  out->ratio_high = out->ratio_low + m;
  out->vcov = out->ratio_high + m;
  return true;
}

void
ktm_multinom_clear (KtmMultinom *fit)
{
  free (fit->class_n);
  *fit = (KtmMultinom){
    .loglik = NAN, .loglik_null = NAN, .aic = NAN, .mcfadden_r2 = NAN, .lr = KTM_TEST_NAN
  };
}

static KtmStatsStatus
fit_logit (Logit *logit, const double *x, double level, KtmMultinom *out)
{
  KtmStatsStatus status = ktm_dense_orthogonal (x, logit->n, logit->p, logit->q, logit->r);
  double *gamma = out->z;  /* free until the tests */

  for (size_t c = 0; c < logit->k && status == KTM_STATS_OK; c++)
    if (!(out->class_n[c] > 0.0))
      status = KTM_STATS_UNDEFINED;
  for (size_t c = 1; c < logit->k && status == KTM_STATS_OK; c++)
    gamma[(c - 1) * logit->p] = logit->r[0] * log (out->class_n[c] / out->class_n[0]);
  if (status == KTM_STATS_OK)
    status = climb (logit, gamma, &out->loglik);
  if (status != KTM_STATS_OK)
    return status;
  back_transform (logit, gamma, out);
  fill_tests (logit, level, out);
  return KTM_STATS_OK;
}

KtmStatsStatus
ktm_multinom (const size_t *y, const double *weight, const double *x, size_t n, size_t p,
              size_t n_classes, double level, KtmMultinom *out)
{
  KtmStatsStatus status = check (y, weight, x, n, p, n_classes, level);
  Logit logit = { .n = n, .p = p, .k = n_classes, .m = (n_classes - 1) * p };
  double *block, *share;

  *out = (KtmMultinom) { .class_n = NULL };
  ktm_multinom_clear (out);
  if (status != KTM_STATS_OK)
    return status;
  block = calloc (2 * n * n_classes + n * p + p * p + logit.m * (logit.m + 3) + p, sizeof *block);
  if (block == NULL || !allocate (out, n_classes, logit.m))
    {
      free (block);
      return KTM_STATS_NO_MEMORY;
    }
  share = block;
  logit.share = share;
  logit.prob = share + n * n_classes;
  logit.q = logit.prob + n * n_classes;
  logit.r = logit.q + n * p;
  logit.gradient = logit.r + p * p;
  logit.trial = logit.gradient + logit.m;
  logit.step = logit.trial + logit.m;
  logit.information = logit.step + logit.m + p;
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < n_classes; c++)
      {
        share[i * n_classes + c] = weight != NULL ? weight[i * n_classes + c]
                                   : y[i] == c    ? 1.0
                                                  : 0.0;
        out->class_n[c] += share[i * n_classes + c];
      }
  out->n = n;
  out->n_classes = n_classes;
  out->p = p;
  status = fit_logit (&logit, x, level, out);
  if (status != KTM_STATS_OK)
    ktm_multinom_clear (out);
  free (block);
  return status;
}
