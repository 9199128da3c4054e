/* model/stats: one-dimensional roots and quantiles. */
#pragma once

#include "ktm-stats.h"

typedef double (*KtmFunction) (double x, void *data);

/* The root of @f between @a and @b, where it changes sign, to the last digits of a double.
 *
 * NaN:    an @f that is NaN at an end gives NO_CONVERGENCE.
 * Errors: NO_CONVERGENCE when @f has the same sign at both ends; *@root is NaN then.
 * Source: Brent (1973), Algorithms for Minimization without Derivatives, ch. 4.
 */
KtmStatsStatus ktm_root_find (KtmFunction f, void *data, double a, double b, double *root);
