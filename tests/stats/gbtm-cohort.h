/* Cohorts for the tests of trajectory classes: simulated ones with known truth, and the reference
 * cohort. */
#pragma once

#include "ktm-gbtm.h"

#include <glib.h>

typedef struct
{
  KtmGbtmData data;
  size_t *subject;
  double *time, *y;
  size_t *truth;      /* class of each subject; NULL when unknown */
  double *covariate;
} GbtmCohort;

typedef struct
{
  size_t   n, k, n_visits;
  double   share[4], coef[4][4];  /* curves in months */
  double   sigma, tau;
  double   drop;                  /* monthly probability of leaving, larger with a high score */
  double   skip;                  /* probability of a missed visit */
  gboolean round;                 /* whole numbers, as NRS */
  double   effect;                /* of a covariate on the odds of class 1 … against 0 */
} GbtmTruth;

/* Three classes of pain, 0–10, monthly for a year. */
GbtmTruth   gbtm_truth_default (size_t n);
GbtmCohort *gbtm_cohort_new    (const GbtmTruth *truth, guint64 seed);
/* cohort_a_assessments.csv in $KTM_TEST_DATA. */
GbtmCohort *gbtm_cohort_load   (void);
/* @n rows given as they are. */
GbtmCohort *gbtm_cohort_rows (const size_t *subject, const double *time, const double *y, size_t n,
                              size_t n_subjects);
void        gbtm_cohort_free   (GbtmCohort *cohort);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GbtmCohort, gbtm_cohort_free)

/* g_assert (|a − b| ≤ tol), saying the numbers. */
void assert_near (double a, double b, double tol);
