/* Cohorts made for tests, in files that are removed when the program ends. */
#pragma once

#include "ktm-cohort.h"

/* A store in a new temporary file. */
KtmStore  *fixture_store  (void);
/* Six included patients and one not; two measures, five visits put in disorder, four attributes,
 * two treatments. */
void       fixture_fill   (KtmStore *store);
KtmCohort *fixture_cohort (void);
void       fixture_put_patient (KtmStore *store, const char *code, gint64 *id);
