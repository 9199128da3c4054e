/* model/stats: constrained longitudinal analysis: change from baseline at every visit. */
#pragma once

#include "ktm-mmrm.h"

/* More groups than this: TOO_LARGE. */
#define KTM_CLDA_MAX_GROUPS 100

/* A fitted analysis; read it, never write it.  Unit: y.  Change = visit - baseline, per patient as
 * the model sees all of them: those without baseline or with baseline only stay in. */
typedef struct
{
  size_t n_groups, n_visits;     /* visit 0 is the baseline; one group where none were given */
  size_t n_pairs;                /* (0,1), (0,2), ..., (1,2), ... */
  bool common_baseline;          /* one baseline mean for all groups */
  KtmMmrm *model;                /* owned: loglik, covariance, fall-backs */
  size_t *n_subjects;            /* n_groups: subjects with any visit */
  size_t *n_seen;                /* n_groups x n_visits: subjects seen at the visit */
  KtmContrast *mean;             /* n_groups x n_visits */
  KtmContrast *change;           /* n_groups x n_visits; visit 0 is NaN */
  KtmContrast *overall;          /* n_visits: change, groups weighted by their fixed n_subjects */
  KtmContrast *difference;       /* n_pairs x n_visits: change of the second less the first */
  KtmTest *between;              /* n_visits: all groups change alike at this visit */
  KtmTest interaction;           /* group x time: at every visit; df2 by Fai and Cornelius */
  KtmTest time;                  /* no change at any visit, all groups pooled as in overall */
} KtmClda;

KtmStatsStatus ktm_clda_fit  (const double *y, const size_t *subject, const size_t *visit,
                              const size_t *group, size_t n, size_t n_visits, size_t n_groups,
                              bool common_baseline, const KtmMmrmOptions *options,
                              const KtmProgress *progress, KtmClda **out);
void           ktm_clda_free (KtmClda *clda);
