/* model/stats: distributions GSL does not have, and quantiles to the last digits.
 *
 * All are pure and return NaN for arguments outside their range.
 */
#pragma once

#include "ktm-stats.h"

double ktm_dist_normal_p2    (double z);                       /* two-sided p */
double ktm_dist_normal_z     (double level);                   /* 1.96 for 0.95 */
double ktm_dist_t_p2         (double t, double df);            /* two-sided p; 0 for infinite t */
double
ktm_dist_t_quantile (double level, double df); /* half-width of a two-sided interval in SEs */
double ktm_dist_chi2_p       (double x, double df);            /* upper tail */
double ktm_dist_f_p          (double f, double df1, double df2); /* upper tail */
double ktm_dist_beta_quantile (double p, double a, double b);  /* lower tail p */

/* Binomial: P(X <= k), and the two-sided exact p of @x in @n by point probability. */
double ktm_dist_binomial_cdf (double k, double n, double p);
double ktm_dist_binomial_p2  (double x, double n, double p);

/* The level of a confidence interval is usable? */
bool   ktm_dist_level_ok     (double level);

/* Hedges' exact correction J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)); @m > 1 degrees of
 * freedom. Source: Hedges (1981), J Educ Stat 6:107-128. */
double ktm_dist_hedges_j     (double m);

/* Noncentral t: P(T <= t), absolute error about 1e-14.
 * Source: Lenth (1989), AS 243, Appl Stat 38:185-189, summed from the largest Poisson weight. */
double ktm_dist_nct_cdf      (double t, double df, double ncp);

/* Limits of the noncentrality parameter for an observed @t: P(T <= t; low) = (1 + level)/2, P(T <=
 * t; high) = (1 - level)/2.  NO_CONVERGENCE leaves NaN in both. */
KtmStatsStatus ktm_dist_nct_limits (double t, double df, double level, double *low, double *high);

/* Studentized range of @k means, @df error degrees of freedom (INFINITY allowed): P(Q > q),
 * absolute error about 1e-12, and the q of an upper tail @p. Source: Copenhaver & Holland (1988), J
 * Stat Comput Simul 30:1-15 (the double integral), trapezoid sums. */
double ktm_dist_tukey_p        (double q, double k, double df);
double ktm_dist_tukey_quantile (double p, double k, double df);
