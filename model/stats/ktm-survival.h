/* Time to an event: Kaplan-Meier, log-rank, restricted mean, interval-censored times.
 *
 * Times are ≥ 0 in any one unit; @event[i] true: the event happened at time[i]; false: still
 * without it then (right-censored).  A time shared by events and censorings counts the censored as
 * still at risk. NaN is not accepted.
 */
#pragma once

#include "ktm-stats.h"

/* One Kaplan-Meier curve, a row for each distinct event time. */
typedef struct
{
  size_t  n, n_events, n_times;
  double  last;        /* largest observed time */
  bool    last_is_event;
  double  level;
  double *time, *n_risk, *n_event;
  double *survival;
  double *se;          /* Greenwood; NaN where the curve is 0, as are all limits */
  double *low, *high;          /* on the scale of log(−log S) */
  double *log_low, *log_high;  /* on the scale of log S, at most 1 */
} KtmSurvival;

/* Errors: TOO_FEW (n = 0), BAD_ARGUMENT (level, a negative time), NOT_FINITE, NO_MEMORY.  Without
 * any event the curve has no rows.  ktm_survival_clear(). Source: Kaplan & Meier (1958), J Am Stat
 * Assoc 53:457-481; Greenwood (1926). */
KtmStatsStatus
ktm_survival (const double *time, const bool *event, size_t n, double level, KtmSurvival *out);
void           ktm_survival_clear (KtmSurvival *curve);

/* S(t) with its log(−log) interval; 1 without interval before the first event.  NaN after the last
 * observed time unless that was an event. */
KtmEstimate ktm_survival_at (const KtmSurvival *curve, double t);

/* The time at which S falls to @s (0.5: median), with the limits where the log(−log) limits do: the
 * smallest t with S(t) ≤ s, the middle of the step where S equals s.  NaN: not reached.  se is NaN.
 */
KtmEstimate ktm_survival_quantile (const KtmSurvival *curve, double s);

/* Area under S up to @tau.  UNDEFINED: @tau is beyond the last observed time and that was not an
 * event. */
KtmStatsStatus ktm_survival_rmst (const KtmSurvival *curve, double tau, KtmEstimate *out);

/* Difference a − b of the restricted means, with its z test. */
KtmStatsStatus ktm_survival_rmst_difference (const KtmSurvival *a, const KtmSurvival *b, double tau,
                                             KtmEstimate *out, KtmTest *test);

/* How many are still at risk at @t (time ≥ t), have had the event by t and were censored by t (both
 * ≤ t). */
void ktm_survival_count (const double *time, const bool *event, size_t n, double t, size_t *at_risk,
                         size_t *events, size_t *censored);

typedef enum { KTM_LOGRANK, KTM_LOGRANK_PETO } KtmLogrankWeight;

/* Do the curves of the groups differ?
 *
 * @group:    n indices 0 … n_groups − 1
 * @stratum:  n numbers, compared within equal ones; NULL: one stratum
 * @weight:   KTM_LOGRANK 1; KTM_LOGRANK_PETO the pooled Kaplan-Meier just before the event (Peto &
 * Peto, rho = 1)
 * @observed, @expected: n_groups weighted sums, nullable
 * Errors: BAD_ARGUMENT, NOT_FINITE, TOO_FEW (no patient), UNDEFINED (no event, or fewer than two
 * groups at risk). Source: Mantel (1966); Harrington & Fleming (1982), Biometrika 69:553-566. */
KtmStatsStatus
ktm_logrank (const double *time, const bool *event, const size_t *group, const size_t *stratum,
             size_t n, size_t n_groups, KtmLogrankWeight weight, double *observed, double *expected,
             KtmTest *out);

/* The event is known to lie in (left, right]: the nonparametric maximum-likelihood curve. */
typedef struct
{
  size_t  n_intervals;
  double *from,
      *to; /* where the event can lie; between them the curve is undetermined; to may be INFINITY */
  double *mass;        /* probability; sums to 1 */
  double *survival;    /* after @to */
  double  loglik;
  size_t  n_steps;
} KtmTurnbull;

/* @left, @right: left = right: exactly known; right = INFINITY: not before the last visit; left = 0
 * and the event at the first visit: (0, visit]. Errors: TOO_FEW, BAD_ARGUMENT (right < left, left <
 * 0), NOT_FINITE (NaN, left infinite), NO_CONVERGENCE, NO_MEMORY.  ktm_turnbull_clear(). Source:
 * Turnbull (1976), J R Stat Soc B 38:290-295; self-consistency until the directional derivatives
 * say that no mass is misplaced (1e-7). */
KtmStatsStatus ktm_turnbull (const double *left, const double *right, size_t n, KtmTurnbull *out);
void           ktm_turnbull_clear (KtmTurnbull *curve);
/* Bounds of the time at which S falls to @s: of the curve that falls at the start and of the one
 * that falls at the end of every interval.  Where S stays at s for a while they are the middles, as
 * in ktm_survival_quantile().  NaN upper bound when not reached. */
void           ktm_turnbull_quantile (const KtmTurnbull *curve, double s, double *from, double *to);
