/* The small cohort of tests/cohort in memory, made once for the targets whose text speaks of one.
 */
#pragma once

#include "ktm-cohort.h"

KtmCohort *fuzz_cohort (void);        /* borrowed */
KtmFrame  *fuzz_frame  (void);        /* borrowed: all of it */
