/* model/stats: covariance structures of the MMRM: parameters into a matrix. */
#include "ktm-mmrm-private.h"

#include "ktm-dense.h"

#include <string.h>

#define STEP_FIRST  1e-5
#define STEP_SECOND 3e-4

/* Number of covariance parameters over t visits. */
size_t
ktm_mmrm_n_theta (KtmMmrmStructure structure, size_t t)
{
  switch (structure)
    {
    case KTM_MMRM_UNSTRUCTURED: return t * (t + 1) / 2;
    case KTM_MMRM_TOEPLITZ_HETEROGENEOUS: return 2 * t - 1;
    case KTM_MMRM_AR1_HETEROGENEOUS:
    case KTM_MMRM_CS_HETEROGENEOUS: return t > 1 ? t + 1 : 1;
    case KTM_MMRM_CS: return t > 1 ? 2 : 1;
    default: return 0;
    }
}

/* Autocorrelations 1..t-1 from partial ones in (-1, 1): positive definite whatever these are.
 * Source: Barndorff-Nielsen and Schou (1973), J Multivar Anal 3:408-419 (Durbin-Levinson). */
static void
partial_to_auto (const double *partial, size_t t, double *phi, double *old, double *rho)
{
  double error = 1;

  for (size_t k = 1; k < t; k++)
    {
      double a = partial[k - 1];

      rho[k - 1] = a * error;
      for (size_t j = 1; j < k; j++)
        rho[k - 1] += phi[j - 1] * rho[k - j - 1];
      memcpy (old, phi, (k - 1) * sizeof (double));
      for (size_t j = 1; j < k; j++)
        phi[j - 1] = old[j - 1] - a * old[k - j - 1];
      phi[k - 1] = a;
      error *= 1 - a * a;
    }
}

/* The reverse; partial autocorrelations beyond +-0.9 are drawn in to it. */
static void
auto_to_partial (const double *rho, size_t t, double *phi, double *old, double *partial)
{
  double error = 1;

  for (size_t k = 1; k < t; k++)
    {
      double a = rho[k - 1];

      for (size_t j = 1; j < k; j++)
        a -= phi[j - 1] * rho[k - j - 1];
      a = fmax (-0.9, fmin (0.9, a / error));
      partial[k - 1] = a;
      memcpy (old, phi, (k - 1) * sizeof (double));
      for (size_t j = 1; j < k; j++)
        phi[j - 1] = old[j - 1] - a * old[k - j - 1];
      phi[k - 1] = a;
      error *= 1 - a * a;
    }
}

/* Compound symmetry is definite for -1/(t-1) < rho < 1. */
static double
cs_rho (double theta, size_t t)
{
  double low = -1 / (double) (t - 1);

  return low + (1 - low) / (1 + exp (-theta));
}

/* Correlation at each lag 1..t-1 (AR, Toeplitz, CS). */
static void
correlations (KtmMmrmStructure structure, size_t t, const double *theta, double *work, double *rho)
{
  const double *c = theta + (structure == KTM_MMRM_CS ? 1 : t);

  if (t < 2)
    return;
  if (structure == KTM_MMRM_TOEPLITZ_HETEROGENEOUS)
    {
      for (size_t k = 0; k + 1 < t; k++)
        work[2 * t + k] = tanh (c[k]);
      partial_to_auto (work + 2 * t, t, work, work + t, rho);
      return;
    }
  for (size_t k = 0; k + 1 < t; k++)
    rho[k] = structure == KTM_MMRM_AR1_HETEROGENEOUS ? pow (tanh (c[0]), (double) k + 1)
                                                     : cs_rho (c[0], t);
}

/* Sigma (t x t) of the parameters.  Unstructured: the packed lower triangle itself, which need not
 * be definite; else log standard deviations, then transformed correlations, always definite. */
void
ktm_mmrm_sigma (KtmMmrmStructure structure, size_t t, const double *theta, double *sigma)
{
  double rho[KTM_MMRM_MAX_VISITS], work[3 * KTM_MMRM_MAX_VISITS];

  if (structure == KTM_MMRM_UNSTRUCTURED)
    {
      for (size_t a = 0; a < t; a++)
        for (size_t b = 0; b < t; b++)
          sigma[a * t + b] = theta[ktm_dense_packed (a, b)];
      return;
    }
  correlations (structure, t, theta, work, rho);
  for (size_t a = 0; a < t; a++)
    for (size_t b = 0; b < t; b++)
      {
        size_t lag = a > b ? a - b : b - a;
        double sa = structure == KTM_MMRM_CS ? theta[0] : theta[a];
        double sb = structure == KTM_MMRM_CS ? theta[0] : theta[b];

        sigma[a * t + b] = exp (sa + sb) * (lag == 0 ? 1 : rho[lag - 1]);
      }
}

/* Parameters near a positive definite matrix. */
void
ktm_mmrm_start (KtmMmrmStructure structure, size_t t, const double *sigma, double *theta)
{
  double rho[KTM_MMRM_MAX_VISITS], scratch[2 * KTM_MMRM_MAX_VISITS], all = 0, variance = 0;

  if (structure == KTM_MMRM_UNSTRUCTURED)
    {
      for (size_t a = 0; a < t; a++)
        for (size_t b = 0; b <= a; b++)
          theta[ktm_dense_packed (a, b)] = sigma[a * t + b];
      return;
    }
  for (size_t a = 0; a < t; a++)
    {
      variance += sigma[a * t + a] / (double) t;
      theta[structure == KTM_MMRM_CS ? 0 : a] = log (sigma[a * t + a]) / 2;
    }
  for (size_t k = 1; k < t; k++)
    {
      rho[k - 1] = 0;
      for (size_t a = k; a < t; a++)
        rho[k - 1] += sigma[a * t + a - k]
                      / sqrt (sigma[a * t + a] * sigma[(a - k) * t + a - k]) / (double) (t - k);
      all += rho[k - 1] * (double) (t - k) * 2 / (double) (t * (t - 1));
    }
  if (structure == KTM_MMRM_CS)
    theta[0] = log (variance) / 2;
  if (t < 2)
    return;
  if (structure == KTM_MMRM_TOEPLITZ_HETEROGENEOUS)
    {
      auto_to_partial (rho, t, scratch, scratch + t, theta + t);
      for (size_t k = 0; k + 1 < t; k++)
        theta[t + k] = atanh (theta[t + k]);
    }
  else if (structure == KTM_MMRM_AR1_HETEROGENEOUS)
    theta[t] = atanh (fmax (-0.9, fmin (0.9, rho[0])));
  else
    {
      double low = -1 / (double) (t - 1), share = (all - low) / (1 - low);

      share = fmax (0.05, fmin (0.95, share));
      theta[structure == KTM_MMRM_CS ? 1 : t] = log (share / (1 - share));
    }
}

/* @j: k x n_theta, derivatives of the packed Sigma; @work: n_theta + 2 t t. */
void
ktm_mmrm_jacobian (KtmMmrmStructure structure, size_t t, const double *theta, double *work,
                   double *j)
{
  size_t n = ktm_mmrm_n_theta (structure, t);
  double *at = work, *up = work + n, *down = up + t * t;

  memset (j, 0, t * (t + 1) / 2 * n * sizeof (double));
  memcpy (at, theta, n * sizeof (double));
  for (size_t i = 0; i < n; i++)
    {
      if (structure == KTM_MMRM_UNSTRUCTURED)
        {
          j[i * n + i] = 1;
          continue;
        }
      at[i] = theta[i] + STEP_FIRST;
      ktm_mmrm_sigma (structure, t, at, up);
      at[i] = theta[i] - STEP_FIRST;
      ktm_mmrm_sigma (structure, t, at, down);
      at[i] = theta[i];
      for (size_t a = 0; a < t; a++)
        for (size_t b = 0; b <= a; b++)
          j[ktm_dense_packed (a, b) * n + i]
              = (up[a * t + b] - down[a * t + b]) / (2 * STEP_FIRST);
    }
}

/* The gradient's weight on Sigma as a number; its second differences are the bend of the map. */
static double
weighted (KtmMmrmStructure structure, size_t t, const double *theta, const double *g, double *sigma)
{
  double sum = 0;

  ktm_mmrm_sigma (structure, t, theta, sigma);
  for (size_t a = 0; a < t; a++)
    for (size_t b = 0; b <= a; b++)
      sum += g[ktm_dense_packed (a, b)] * sigma[a * t + b];
  return sum;
}

/* h (n_theta x n_theta) += sum over Sigma's elements of g d2 Sigma / d theta d theta'. */
void
ktm_mmrm_bend (KtmMmrmStructure structure, size_t t, const double *theta, const double *g,
               double *work, double *h)
{
  size_t n = ktm_mmrm_n_theta (structure, t);
  double *at = work, *sigma = work + n;

  if (structure == KTM_MMRM_UNSTRUCTURED)
    return;
  memcpy (at, theta, n * sizeof (double));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k <= i; k++)
      {
        double sum = 0;

        for (int corner = 0; corner < 4; corner++)
          {
            at[i] += (corner & 1 ? -1 : 1) * STEP_SECOND;
            at[k] += (corner & 2 ? -1 : 1) * STEP_SECOND;
            sum += (corner == 1 || corner == 2 ? -1 : 1)
                   * weighted (structure, t, at, g, sigma);
            at[i] = theta[i];
            at[k] = theta[k];
          }
        sum /= 4 * STEP_SECOND * STEP_SECOND;
        h[i * n + k] += sum;
        if (i != k)
          h[k * n + i] += sum;
      }
}
