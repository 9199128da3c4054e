/* Frames from the data files of tests/reference/data (found through KTM_TEST_DATA), as an import
 * would make them. */
#pragma once

#include "ktm-analysis.h"

/* g_test_init(), the statistics, and French from KTM_TEST_MO. */
void begin_tests (int *argc, char ***argv);

/* The simulated cohort of 256 patients: nrs, hads_a, hads_d, npsi; sex, pain_type, age, centre;
 * stops. */
KtmFrame *frame_cohort (void);
/* btheb_wide: bdi at months 0, 2, 3, 5, 8; drug, length, treatment (as "arm"). */
KtmFrame *frame_btheb (void);
/* anorexia: weight at times 0 and 1; treatment as "arm".  Higher is better. */
KtmFrame *frame_anorexia (void);
/* labor_pain: pain_mm at 30 … 180 min, no visit at or before 0; treatment as "arm". */
KtmFrame *frame_labor (void);
/* An empty shape: @n patients, visits at 0, 1, 2, one measure "nrs" 0–10, attribute "sex" with two
 * levels. */
KtmFrame *frame_small (gsize n);

/* @n patients with one of three courses on a scale of 0 to 10, six visits, a fifth of the scores
 * missing; @truth: n classes from the lowest. */
KtmFrame *frame_courses (gsize n, guint64 seed, int *truth);

/* The first row of @report with this statistic, group (NULL: all patients), versus and time (NaN:
 * any); fails the test without. */
const KtmReportRow *
find_row (const KtmReport *report, const char *statistic, const char *group, double time);
const KtmReportRow *find_subject_row (const KtmReport *report, const char *statistic,
                                      const char *subject, const char *group);
/* Every number finite or NaN-as-missing, every text renders in English and French with no
 * placeholder left and no "nan". */
void check_report (const KtmReport *report);
KtmReport *run_analysis (const char *id, const KtmFrame *frame, const KtmAnalysisOptions *options);

KtmAnalysisOptions *options_to (double to);
/* As shown in steps of @step: equal but for rounding. */
void check_shown (double value, double expected, double step);
void check_row (const KtmReportRow *row, long n, double estimate, double low, double high,
                double step);
