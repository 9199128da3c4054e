/* model/analysis: the GRoLTS checklist (van de Schoot et al. 2017), filled in from the analysis. */
#pragma once

#include "ktm-analysis.h"

G_BEGIN_DECLS

typedef struct
{
  const char *number;    /* "3a"; static */
  const char *item;      /* N_(), what is asked for; static */
  KtmText    *answer;    /* owned */
} KtmGroltsItem;

/* The sixteen items, 6, 3 and 14 in their parts: 21 lines in their order.  Free with
 * g_ptr_array_unref().
 *
 * @frame:   what was analysed; with exact times (KTM_FRAME_TIMES) where the cohort has them
 * @report:  of "trajectory-classes", with fitted (not applied) classes
 * @missing: of "missingness" on the same patients, or NULL: item 3b then says that it was not asked
 * @version: of the program
 * Source: Struct Equ Modeling 2017;24:451-67; the wording of the items is this program's. */
GPtrArray *ktm_grolts_new (const KtmFrame *frame, const KtmReport *report,
                           const KtmReport *missing, const char *version);

/* The words after "ketamine-viewer analyze" that repeat the analysis; "COHORT" stands for the file.
 * @where: conditions on the patients, NULL-ended, or NULL.  Owned by the caller. */
char *ktm_grolts_command (const KtmReport *report, const char *const *where);

G_END_DECLS
