/* model/stats: from replicates to intervals. */
#pragma once

#include "ktm-bootstrap.h"

void           ktm_bootstrap_clear (KtmBootstrap *out);
KtmStatsStatus ktm_bootstrap_check (const KtmBootOptions *options);

/* Adds one group's leave-one-out values to the sums of u² and u³: u_i = scale (mean of jack −
 * jack_i). */
void ktm_bootstrap_jackknife (const double *jack, size_t n, double scale, double *squares,
                              double *cubes);
double ktm_bootstrap_acceleration (double squares, double cubes);

/* Everything of @out but value and acceleration, which are set.  @replicates (n, NaN allowed) are
 * reordered. Errors: UNDEFINED when fewer than half have a value. */
KtmStatsStatus ktm_bootstrap_finish (double *replicates, size_t n, double level, KtmBootstrap *out);
