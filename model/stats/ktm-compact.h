/* model/stats: the only place that knows missing values.  Everything else refuses NaN. */
#pragma once

#include "ktm-stats.h"

/* Copies the values of @x that are there to @out (which may be @x itself), in order.
 *
 * NaN:     missing; dropped.  Infinite values are kept: the method refuses them.
 * Returns: how many were kept; n − that were missing.
 */
size_t ktm_stats_compact (const double *x, size_t n, double *out);

/* The same for pairs by patient: @x[i] and @y[i] are one patient's; both are kept or neither.
 *
 * @x_out, @y_out, @row: n long; @row receives the kept indices; any of the three may be NULL.
 */
size_t ktm_stats_compact_pairs (const double *x, const double *y, size_t n, double *x_out,
                                double *y_out, size_t *row);

/* The same for rows of an n × p row-major table: a row with any NaN is dropped.  @out may be @x. */
size_t ktm_stats_compact_rows (const double *x, size_t n, size_t p, double *out, size_t *row);
