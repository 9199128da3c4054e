/* Meta-analysis: effects of studies, pooling, heterogeneity, subgroups, meta-regression,
 * small-study effects.
 *
 * @y, @v: k effects and their sampling variances (> 0), log scale for ratios.  NaN is not accepted.
 */
#pragma once

#include "ktm-stats.h"

/* --- effects ---------------------------------------------------------------------------------- */

typedef enum { KTM_META_RR, KTM_META_OR, KTM_META_RD, KTM_META_MD, KTM_META_SMD } KtmMetaMeasure;

/* One study of two arms with @a events and @b others against @c and @d: log RR, log OR or RD.  0.5
 * is added to all four cells when one is 0.  Errors: BAD_ARGUMENT (another measure, a negative
 * count, an empty arm). */
KtmStatsStatus ktm_meta_effect_table (KtmMetaMeasure measure, double a, double b, double c,
                                      double d, double *y, double *v);
/* Two means: MD = m1 − m2 (v = sd1²/n1 + sd2²/n2) or SMD = Hedges' g with the exact J (v = 1/n1 +
 * 1/n2 + g²/(2(n1 + n2))).  Errors: BAD_ARGUMENT, NO_VARIANCE, TOO_FEW (an arm below 2). */
KtmStatsStatus ktm_meta_effect_means (KtmMetaMeasure measure, double m1, double sd1, double n1,
                                      double m2, double sd2, double n2, double *y, double *v);
/* The mean change of one arm, from the SD of the changes. */
KtmStatsStatus ktm_meta_effect_change (double mean, double sd, double n, double *y, double *v);

/* --- pooling ---------------------------------------------------------------------------------- */

typedef enum
{
  KTM_META_FE,   /* common effect */
  KTM_META_DL,   /* DerSimonian & Laird (1986) */
  KTM_META_REML, /* restricted maximum likelihood, the global maximum */
  KTM_META_PM,   /* Paule & Mandel (1982) */
  KTM_META_ML    /* maximum likelihood, the global maximum */
} KtmMetaMethod;

typedef enum
{
  KTM_META_WALD,      /* z */
  KTM_META_HKSJ,      /* Hartung-Knapp-Sidik-Jonkman, t(k − 1) */
  KTM_META_HKSJ_ADHOC /* the same, never narrower than Wald's standard error: max(1, q) */
} KtmMetaTest;

typedef struct
{
  size_t        k;
  KtmMetaMethod method;
  KtmMetaTest   kind;
  KtmEstimate   estimate;
  KtmTest       test;             /* z, or t with df */
  KtmTest       q;                /* Cochran's Q, weights 1/v */
  double tau2, se_tau2, i2, h2;   /* i2 in percent */
  double tau2_low, tau2_high;     /* Q-profile */
  double i2_low, i2_high;
  double pi_low, pi_high;         /* prediction interval: z (Wald) or t(k − 1) (HKSJ) */
  double pi_hts_low, pi_hts_high; /* Higgins-Thompson-Spiegelhalter, t(k − 2), Wald's standard
                                     error; NaN for k < 3 */
  double i2_from_q, i2_ht_low, i2_ht_high;  /* Higgins & Thompson (2002), from Q alone */
  double hksj_q;                  /* q of HKSJ, before max(1, q) */
  double loglik;                  /* REML (with + log(k)/2) and ML; NaN otherwise */
} KtmMeta;

/* @weight: k percentages, nullable.
 * Errors: TOO_FEW (k = 0; HKSJ with k = 1), BAD_ARGUMENT (a variance that is not positive, level),
 * NOT_FINITE, NO_CONVERGENCE.  With one study tau2 is 0 and what needs two is NaN. Source:
 * Borenstein et al. (2009); Viechtbauer (2005, 2007); IntHout et al. (2014). */
KtmStatsStatus ktm_meta (const double *y, const double *v, size_t k, KtmMetaMethod method,
                         KtmMetaTest kind, double level, double *weight, KtmMeta *out);

/* The pooled result without each study in turn: @out k elements. */
KtmStatsStatus
ktm_meta_leave_one_out (const double *y, const double *v, size_t k, KtmMetaMethod method,
                        KtmMetaTest kind, double level, KtmMeta *out);

/* Each of @n_groups subgroups by itself (own tau²): @out n_groups results (NaN for a group without
 * studies), and the test of their difference. */
KtmStatsStatus ktm_meta_subgroups (const double *y, const double *v, const size_t *group, size_t k,
                                   size_t n_groups, KtmMetaMethod method, KtmMetaTest kind,
                                   double level, KtmMeta *out, KtmTest *between);

/* --- meta-regression -------------------------------------------------------------------------- */

#define KTM_META_MAX_COLUMNS 12

typedef struct
{
  size_t  k, p;
  double  beta[KTM_META_MAX_COLUMNS], se[KTM_META_MAX_COLUMNS];
  double  low[KTM_META_MAX_COLUMNS], high[KTM_META_MAX_COLUMNS];
  KtmTest test[KTM_META_MAX_COLUMNS];  /* z; t(k − p) with HKSJ */
  double  vcov[KTM_META_MAX_COLUMNS * KTM_META_MAX_COLUMNS];  /* p × p */
  double  tau2, se_tau2, i2, loglik;
  KtmTest qm;                          /* Wald test of all columns but the first (F with HKSJ) */
  KtmTest qe;                          /* residual heterogeneity, weights 1/v */
} KtmMetaRegression;

/* @x: k × p, row-major, first column 1.
 * Errors: as ktm_meta(), TOO_FEW (k ≤ p), SINGULAR. */
KtmStatsStatus
ktm_meta_regression (const double *y, const double *v, const double *x, size_t k, size_t p,
                     KtmMetaMethod method, KtmMetaTest kind, double level, KtmMetaRegression *out);

/* --- small-study effects ---------------------------------------------------------------------- */

typedef struct
{
  double  intercept, intercept_se, slope;
  KtmTest test;       /* t of the intercept, k − 2 df */
  KtmTest reml;       /* z of the standard error as a moderator, REML */
} KtmMetaEgger;

/* Egger's regression of y/s on 1/s, and the random-effects version.
 * Errors: TOO_FEW (k < 3), SINGULAR (equal standard errors), as above.  Source: Egger et al.
 * (1997), BMJ 315:629. */
KtmStatsStatus ktm_meta_egger (const double *y, const double *v, size_t k, KtmMetaEgger *out);

/* --- without weights by variance -------------------------------------------------------------- */

typedef enum { KTM_META_MH_RR, KTM_META_MH_OR, KTM_META_MH_RD, KTM_META_PETO } KtmMetaTable;

typedef struct
{
  KtmEstimate estimate;       /* log scale but for RD */
  KtmTest     test;           /* z */
  double      ratio, ratio_low, ratio_high;  /* exp; NaN for RD */
  KtmTest     cmh;            /* Cochran-Mantel-Haenszel without continuity correction; OR only */
  KtmTest     q;              /* heterogeneity */
  double      i2;
  size_t      n_used;         /* studies the heterogeneity rests on */
} KtmMetaMh;

/* @a, @n1, @c, @n2: events and patients of the two arms of k studies.
 * Errors: TOO_FEW, BAD_ARGUMENT (counts), NOT_FINITE, UNDEFINED (no events in one arm of all
 * studies). Source: Mantel & Haenszel (1959); Greenland & Robins (1985); Robins, Breslow &
 * Greenland (1986); Sato, Greenland & Robins (1989); Yusuf et al. (1985). */
KtmStatsStatus ktm_meta_mh (const double *a, const double *n1, const double *c, const double *n2,
                            size_t k, KtmMetaTable measure, double level, KtmMetaMh *out);
