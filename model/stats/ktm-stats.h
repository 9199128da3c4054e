/* model/stats: the words every method shares.  libc, libm and GSL only. */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "NaN means missing here: do not build with -ffast-math or -ffinite-math-only"
#endif

/* Why a result is not there.  On any status but OK every number of the result is NaN. */
typedef enum
{
  KTM_STATS_OK,
  KTM_STATS_TOO_FEW,        /* fewer observations than the method needs */
  KTM_STATS_NO_VARIANCE,    /* all values (or differences) are equal */
  KTM_STATS_BAD_ARGUMENT,   /* a size, level or option outside its range */
  KTM_STATS_NOT_FINITE,     /* NaN or Inf where only numbers are accepted */
  KTM_STATS_UNDEFINED,      /* the quantity does not exist for these data (0/0, a zero margin) */
  KTM_STATS_NO_CONVERGENCE, /* the iteration ended away from an optimum */
  KTM_STATS_SINGULAR,       /* collinear columns or a singular information matrix */
  KTM_STATS_SEPARATED,      /* a regression whose maximum lies at infinity */
  KTM_STATS_TOO_LARGE,      /* an exact method beyond its stated size */
  KTM_STATS_NO_MEMORY,
  KTM_STATS_CANCELLED
} KtmStatsStatus;

/* An effect with its uncertainty; unit as the method says. */
typedef struct
{
  double value, se, low, high;
} KtmEstimate;

/* A test: its statistic, degrees of freedom (NaN where there are none) and two-sided p. */
typedef struct
{
  double statistic, df, df2, p;
} KtmTest;

#define KTM_ESTIMATE_NAN ((KtmEstimate) { NAN, NAN, NAN, NAN })
#define KTM_TEST_NAN     ((KtmTest) { NAN, NAN, NAN, NAN })

/* How long work listens and tells.  A NULL KtmProgress, stop or report is allowed. */
typedef struct
{
  bool (*stop) (void *data);                     /* polled; true ends the work with CANCELLED */
  void (*report) (void *data, double fraction);  /* 0..1 */
  void *data;
} KtmProgress;

bool ktm_progress_stopped (const KtmProgress *progress);
void ktm_progress_report  (const KtmProgress *progress, double fraction);

/* One English sentence for people, marked for translation; never NULL. */
const char *ktm_stats_status_text (KtmStatsStatus status);

/* Turns GSL's aborting error handler off; idempotent.  main() and every test call it first. */
void ktm_stats_init (void);

/* All values finite? */
bool ktm_stats_all_finite (const double *x, size_t n);

/* Marks a string for translation without translating it: this floor's texts are rendered by
 * ktm-text. */
#ifndef N_
#define N_(String) (String)
#endif
