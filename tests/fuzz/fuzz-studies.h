#pragma once

#include "ktm-cohort.h"

/* Pools the studies of @cohort by @rule and draws them; FALSE: the rule is refused. */
gboolean fuzz_pool (KtmCohort *cohort, const char *rule);
