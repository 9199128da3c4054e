/* model/stats: what every table asks of its counts. */
#pragma once

#include "ktm-stats.h"

/* Whole numbers from 0 up?  NOT_FINITE or BAD_ARGUMENT if not. */
KtmStatsStatus ktm_table_check (const double *table, size_t n);
