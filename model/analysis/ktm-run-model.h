/* model/analysis: the constrained longitudinal model of a run's scores, as several analyses use it.
 */
#pragma once

#include "ktm-clda.h"
#include "ktm-run.h"

G_BEGIN_DECLS

/* A fit and what went in.  Visit 0 of the model is the reference, visit j > 0 the frame's visit
 * visits[j]. */
typedef struct
{
  KtmStatsStatus status;   /* of the fit; on any but OK @fit is NULL */
  KtmClda       *fit;      /* owned */
  gsize          n_visits;
  gsize         *visits;   /* owned; [0] is meaningless */
  gsize          n_subjects, n_no_score;
  gsize          n_groups;
  long          *group;    /* owned: the run's group of each group of the model; −1 all */
} KtmRunModel;

/* Fits the scores as they were observed, whatever the run's missing rule, from the reference to the
 * last visit.
 * @by_group: one mean a group and visit, for groups with at least one follow-up score; otherwise
 * one group. */
void
ktm_run_model (const KtmRun *run, gboolean by_group, KtmMmrmStructure structure, KtmRunModel *out);
void ktm_run_model_clear (KtmRunModel *model);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmRunModel, ktm_run_model_clear)

long ktm_run_model_visit (const KtmRunModel *model,
                          gsize visit); /* the model's number of a frame's visit; −1 */
KtmText *ktm_run_model_method (const KtmRunModel *model); /* for rows: covariance used, and why */
void ktm_run_model_describe (
    const KtmRun *run,
    const KtmRunModel *model); /* sentence of the methods text, citation, warnings */
gboolean ktm_run_structure (const KtmRun *run,
                            KtmMmrmStructure *out); /* FALSE: options ask for slope or intercept */

G_END_DECLS
