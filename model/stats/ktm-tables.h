/* model/stats: counts in tables. */
#pragma once

#include "ktm-stats.h"

/* Number needed to treat with an interval that does not pass through 0. */
typedef struct
{
  double value;              /* 1/rd; negative: needed to harm; infinite when rd = 0 */
  double low, high;          /* plain reciprocals of the Newcombe limits: 1/rd_high, 1/rd_low */
  double wald_low, wald_high;
  bool crosses_infinity; /* the interval of rd contains 0: print "NNTB benefit to ∞ to NNTH harm" */
  double benefit, harm;      /* both positive; NaN unless crosses_infinity */
} KtmNnt;

/* Fisher's exact test of a 2 x 2 table, given the margins. */
typedef struct
{
  double p; /* two-sided: tables at most as likely as the observed (relative 1e-7) */
  double p_less, p_greater;  /* H1: OR < 1, OR > 1 */
  double odds_ratio;         /* conditional maximum likelihood; 0 or infinite at the ends */
  double low, high;          /* exact conditional limits */
} KtmFisher;

/* Rows are groups 1 and 2: events a of a + b, events c of c + d. */
typedef struct
{
  double p1, p2;
  double wilson1_low, wilson1_high, wilson2_low, wilson2_high;
  double clopper1_low, clopper1_high, clopper2_low, clopper2_high;
  KtmEstimate rd;            /* p1 − p2, Newcombe (square and add of Wilson); se Wald */
  double rd_wald_low, rd_wald_high;
  KtmEstimate
      rr; /* Katz limits on the log scale; se = se of log rr; NaN limits with a zero count */
  KtmTest     rr_test;       /* z of log rr */
  KtmEstimate odds_ratio;    /* ad/bc, Woolf limits; se = se of log OR; no 0.5 added */
  KtmNnt      nnt;
  KtmTest     chi2, chi2_yates; /* 1 df; correction min(.5, |O − E|) */
  double      phi;           /* signed */
  KtmFisher   fisher;
  KtmStatsStatus
      status; /* UNDEFINED: a margin is 0, so chi2, phi and the exact test do not exist */
} KtmTwoByTwo;

/* @table: a, b, c, d as above, whole numbers.
 *
 * Errors: TOO_FEW (a group is empty), BAD_ARGUMENT, NOT_FINITE.
 * Source: Newcombe (1998), Stat Med 17:873-890, method 10; Katz et al. (1978), Biometrics
 * 34:469-474; Woolf (1955), Ann Hum Genet 19:251-253; Altman (1998), BMJ 317:1309-1312 (NNT);
 *         Fisher (1935), J R Stat Soc 98:39-82, limits by root finding on the noncentral
 * hypergeometric.
 */
KtmStatsStatus ktm_stats_two_by_two (const double table[4], double level, KtmTwoByTwo *out);

/* The exact test alone.  Errors: UNDEFINED (a margin is 0), BAD_ARGUMENT. */
KtmStatsStatus ktm_stats_fisher (const double table[4], double level, KtmFisher *out);

/* Difference of two independent proportions, Newcombe's interval. */
KtmEstimate ktm_stats_newcombe (double x1, double n1, double x2, double n2, double level);

/* --- r x c ------------------------------------------------------------------------------------ */

typedef struct
{
  double  n;
  KtmTest chi2, g2;          /* Pearson without correction; likelihood ratio */
  double  cramers_v;
} KtmTable;

/* @table: rows x cols row-major whole numbers
 * @expected, @residuals: the same shape, may be NULL: expected counts; adjusted standardised
 * residuals (O − E)/sqrt(E (1 − row share)(1 − column share)) Errors: TOO_FEW (fewer than 2 rows or
 * columns, or no patient), UNDEFINED (an empty row or column), BAD_ARGUMENT, NOT_FINITE. Source:
 * Agresti (2013), Categorical Data Analysis, 3.2-3.3; Cramér (1946), Mathematical Methods, 21.9.
 */
KtmStatsStatus ktm_stats_table (const double *table, size_t rows, size_t cols, KtmTable *out,
                                double *expected, double *residuals);

typedef struct
{
  double p; /* tables at most as likely as the observed (relative 1e-7), given the margins */
  bool     exact;            /* by enumeration; else Monte Carlo: print draws, se and seed */
  double   draws, se;        /* of the Monte Carlo estimate (1 + hits)/(1 + draws) */
  uint64_t seed;
} KtmFisherTable;

/* Fisher–Freeman–Halton test of an r x c table by exact enumeration while that visits at most
 * KTM_FISHER_WORK cells (some seconds), else by @draws random tables with the same margins.
 *
 * @draws: 0: no fall-back, TOO_LARGE instead
 * Empty rows and columns are left out.
 * Errors: TOO_FEW, UNDEFINED (one row or column left), BAD_ARGUMENT, NOT_FINITE, TOO_LARGE,
 * NO_MEMORY, CANCELLED. Source: Freeman & Halton (1951), Biometrika 38:141-149; staged enumeration
 * after Mehta & Patel (1983), JASA 78:427-434, with bounds from convex duality.
 */
#define KTM_FISHER_WORK 1e9
KtmStatsStatus
ktm_stats_fisher_table (const double *table, size_t rows, size_t cols, size_t draws, uint64_t seed,
                        const KtmProgress *progress, KtmFisherTable *out);

/* --- paired yes/no ---------------------------------------------------------------------------- */

typedef struct
{
  double      b, c;               /* first yes second no; first no second yes */
  KtmTest     chi2, chi2_continuity;
  double      p_exact, p_mid;
  KtmEstimate odds_ratio;         /* b/c, exact limits */
  double      prop1, prop2;       /* share of yes at the first and the second */
  KtmEstimate diff;               /* prop1 − prop2, paired Newcombe interval */
  KtmStatsStatus status;          /* UNDEFINED: nobody changed, so no chi2 and no odds ratio */
} KtmMcnemar;

/* @table: n11, n12, n21, n22; rows the first measure (yes, no), columns the second.
 *
 * Errors: TOO_FEW (nobody), BAD_ARGUMENT, NOT_FINITE.
 * Source: McNemar (1947), Psychometrika 12:153-157; Fagerland et al. (2013), BMC Med Res Methodol
 * 13:91 (mid-p); Newcombe (1998), Stat Med 17:2635-2650, method 10 (continuity-corrected phi).
 */
KtmStatsStatus ktm_stats_mcnemar (const double table[4], double level, KtmMcnemar *out);

/* --- trend ------------------------------------------------------------------------------------ */

typedef struct
{
  KtmTest test;              /* chi2 = z², 1 df */
  double  z, z_nminus1, p_nminus1;
} KtmTrend;

/* Cochran–Armitage test of a trend in proportions over @k ordered groups.
 *
 * @events, @n, @scores: k long; 0 <= events <= n, whole numbers
 * Errors: TOO_FEW (k < 2), NO_VARIANCE (no or only events, or one score), BAD_ARGUMENT, NOT_FINITE.
 * Source: Armitage (1955), Biometrics 11:375-386.
 */
KtmStatsStatus ktm_stats_trend (const double *events, const double *n, const double *scores,
                                size_t k, KtmTrend *out);
