/* model/stats: meta-analysis, variance between studies. */
#include "ktm-meta-private.h"
#include "ktm-cholesky.h"
#include "ktm-root.h"

#include <string.h>

#define LOG_2PI 1.837877066409345483560659472811
#define N_GRID  160

bool
meta_fit (const MetaModel *model, double tau2, MetaFit *fit)
{
  double a[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS] = { 0.0 };
  size_t p = model->p;

  memset (fit->beta, 0, sizeof fit->beta);
  for (size_t i = 0; i < model->k; i++)
    {
      const double *x = model->x + i * p;
      double w = 1.0 / (model->v[i] + tau2);

      for (size_t r = 0; r < p; r++)
        {
          fit->beta[r] += w * x[r] * model->y[i];
          for (size_t c = 0; c <= r; c++)
            a[r * p + c] += w * x[r] * x[c];
        }
    }
  if (!ktm_cholesky_factor (a, p))
    return false;
  ktm_dense_solve (a, p, fit->beta, 1);
  ktm_dense_inverse (a, p, fit->inverse);
  fit->log_det = ktm_dense_log_det (a, p);
  fit->q = 0.0;
  for (size_t i = 0; i < model->k; i++)
    {
      double r = model->y[i] - ktm_dense_dot (model->x + i * p, fit->beta, p);

      fit->q += r * r / (model->v[i] + tau2);
    }
  return true;
}

/* Σ w^power x x' times the inverse. */
static void
sandwich (const MetaModel *model, double tau2, const MetaFit *fit, double power, double *out)
{
  double a[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS] = { 0.0 };
  size_t p = model->p;

  for (size_t i = 0; i < model->k; i++)
    for (size_t r = 0; r < p; r++)
      for (size_t c = 0; c < p; c++)
        a[r * p + c] +=
            pow (model->v[i] + tau2, -power) * model->x[i * p + r] * model->x[i * p + c];
  ktm_dense_multiply (fit->inverse, p, p, a, p, out);
}

void
meta_traces (const MetaModel *model, double tau2, const MetaFit *fit, double *trace, double *trace2)
{
  double second[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS],
      third[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS];
  size_t p = model->p;

  sandwich (model, tau2, fit, 2.0, second);
  sandwich (model, tau2, fit, 3.0, third);
  *trace = *trace2 = 0.0;
  for (size_t i = 0; i < model->k; i++)
    {
      double w = 1.0 / (model->v[i] + tau2);

      *trace += w;
      *trace2 += w * w;
    }
  for (size_t r = 0; r < p; r++)
    {
      *trace -= second[r * p + r];
      *trace2 -= 2.0 * third[r * p + r];
      for (size_t c = 0; c < p; c++)
        *trace2 += second[r * p + c] * second[c * p + r];
    }
}

double
meta_loglik (const MetaModel *model, double tau2)
{
  double sum = 0.0, gram[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS] = { 0.0 };
  size_t p = model->p;
  MetaFit fit;

  if (!meta_fit (model, tau2, &fit))
    return NAN;
  for (size_t i = 0; i < model->k; i++)
    sum += log (model->v[i] + tau2);
  if (model->method == KTM_META_ML)
    return -0.5 * ((double) model->k * LOG_2PI + sum + fit.q);
  for (size_t i = 0; i < model->k; i++)
    for (size_t r = 0; r < p; r++)
      for (size_t c = 0; c <= r; c++)
        gram[r * p + c] += model->x[i * p + r] * model->x[i * p + c];
  if (!ktm_cholesky_factor (gram, p))
    return NAN;
  return -0.5 * ((double) (model->k - p) * LOG_2PI + sum + fit.log_det + fit.q)
         + 0.5 * ktm_dense_log_det (gram, p);
}

/* Derivative of the log-likelihood in tau², times 2. */
static double
score (double tau2, void *data)
{
  const MetaModel *model = data;
  double quadratic = 0.0, trace, trace2, weights = 0.0;
  MetaFit fit;

  if (!meta_fit (model, tau2, &fit))
    return NAN;
  for (size_t i = 0; i < model->k; i++)
    {
      double w = 1.0 / (model->v[i] + tau2);
      double r = model->y[i] - ktm_dense_dot (model->x + i * model->p, fit.beta, model->p);

      quadratic += w * w * r * r;
      weights += w;
    }
  if (model->method == KTM_META_ML)
    return quadratic - weights;
  meta_traces (model, tau2, &fit, &trace, &trace2);
  return quadratic - trace;
}

static double
excess_q (double tau2, void *data)
{
  const MetaModel *model = data;
  MetaFit fit;

  return meta_fit (model, tau2, &fit) ? fit.q - model->target : NAN;
}

KtmStatsStatus
meta_solve_q (const MetaModel *model, double target, double *tau2)
{
  MetaModel copy = *model;
  double high = 1e-6;

  copy.target = target;
  *tau2 = 0.0;
  if (!(excess_q (0.0, &copy) > 0.0))
    return KTM_STATS_OK;
  for (size_t i = 0; i < model->k; i++)
    high = fmax (high, model->v[i]);
  for (int doubling = 0; excess_q (high, &copy) > 0.0; doubling++, high *= 2.0)
    if (doubling > 200)
      return KTM_STATS_NO_CONVERGENCE;
  return ktm_root_find (excess_q, &copy, 0.0, high, tau2);
}

/* The highest point of the likelihood on a grid (0 and up), then the root of its slope beside it:
 * the slope alone may lead to a lower maximum. */
static KtmStatsStatus
climb (const MetaModel *model, double *tau2)
{
  MetaModel copy = *model;
  double smallest = INFINITY, largest = 0.0, mean = 0.0, spread = 0.0, best, low = 0.0, high, grid,
         before = 0.0;

  for (size_t i = 0; i < model->k; i++)
    {
      smallest = fmin (smallest, model->v[i]);
      largest = fmax (largest, model->v[i]);
      mean += model->y[i] / (double) model->k;
    }
  for (size_t i = 0; i < model->k; i++)
    spread += (model->y[i] - mean) * (model->y[i] - mean);
  *tau2 = 0.0;
  best = meta_loglik (model, 0.0);
  high = smallest * 1e-4;
  grid = pow (1e6 * (largest + spread) / smallest, 1.0 / N_GRID);
  for (double t = smallest * 1e-4; t < 100.0 * (largest + spread); t *= grid)
    {
      double value = meta_loglik (model, t);

      if (value > best)
        {
          best = value;
          *tau2 = t;
          low = before;
          high = t * grid;
        }
      before = t;
    }
  if (*tau2 == 0.0 && !(score (0.0, &copy) > 0.0))
    return isfinite (best) ? KTM_STATS_OK : KTM_STATS_SINGULAR;
  return ktm_root_find (score, &copy, low, high, tau2);
}

/* --- standard errors -------------------------------------------------------------------------- */

static double
standard_error (const MetaModel *model, double tau2)
{
  double trace, trace2, w = 0.0, ww = 0.0, df = (double) (model->k - model->p);
  MetaFit fit;

  if (!(df > 0.0) || !meta_fit (model, model->method == KTM_META_DL ? 0.0 : tau2, &fit))
    return NAN;
  for (size_t i = 0; i < model->k; i++)
    {
      w += 1.0 / (model->v[i] + tau2);
      ww += pow (model->v[i] + tau2, -2.0);
    }
  switch (model->method)
    {
    case KTM_META_DL:
      meta_traces (model, 0.0, &fit, &trace, &trace2);
      return sqrt (2.0 * df + 4.0 * tau2 * trace + 2.0 * tau2 * tau2 * trace2) / trace;
    case KTM_META_REML:
      meta_traces (model, tau2, &fit, &trace, &trace2);
      return sqrt (2.0 / trace2);
    case KTM_META_ML:
      return sqrt (2.0 / ww);
    case KTM_META_PM:
      return sqrt (2.0 * (double) (model->k * model->k) / df) / w;
    case KTM_META_FE:
    default:
      return NAN;
    }
}

KtmStatsStatus
meta_tau2 (const MetaModel *model, double *tau2, double *se)
{
  KtmStatsStatus status = KTM_STATS_OK;
  double trace, trace2;
  MetaFit fit;

  *tau2 = 0.0;
  *se = NAN;
  if (!meta_fit (model, 0.0, &fit))
    return KTM_STATS_SINGULAR;
  if (model->k <= model->p || model->method == KTM_META_FE)
    return KTM_STATS_OK;
  switch (model->method)
    {
    case KTM_META_DL:
      meta_traces (model, 0.0, &fit, &trace, &trace2);
      *tau2 = fmax (0.0, (fit.q - (double) (model->k - model->p)) / trace);
      break;
    case KTM_META_PM:
      status = meta_solve_q (model, (double) (model->k - model->p), tau2);
      break;
    case KTM_META_REML:
    case KTM_META_ML:
      status = climb (model, tau2);
      break;
    case KTM_META_FE:
    default:
      break;
    }
  if (status == KTM_STATS_OK)
    *se = standard_error (model, *tau2);
  return status;
}
