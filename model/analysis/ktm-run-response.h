/* model/analysis: definitions of response and shares, as several analyses use them. */
#pragma once

#include "ktm-response.h"
#include "ktm-run.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmDefinition, ktm_definition_free)

/* The definition in @text; NULL with the parser's sentence in the user's language. */
KtmDefinition *ktm_run_definition (const KtmFrame *frame, const char *text, GError **error);

/* "≥ 30 % better than baseline (NRS)": with the measure it leaves unsaid, where there is one. */
KtmText *ktm_run_definition_text (const KtmFrame *frame, const KtmDefinition *definition);

/* @in: n_patients, filled in: the patients of the run (its groups, its missing rule); the rest of
 * @out borrows. */
void ktm_run_responders (const KtmRun *run, const KtmDefinition *definition, bool *in,
                         KtmResponders *out);

/* "22/87 · 25 % [17, 35]" */
KtmText *ktm_share_text (gsize x, gsize n, double level);
/* A share with its Wilson interval.  @subject is copied, NULL none. */
KtmReportRow *ktm_run_add_rate (const KtmRun *run, const char *statistic, const char *method,
                                 gsize visit, long group, const char *subject, gsize x, gsize n);

/* Up to four visits of the run after its reference, the last one included: the first, and those at
 * a quarter and a half of the way.  @out: four; their number. */
gsize ktm_run_milestones (const KtmRun *run, gsize *out);

G_END_DECLS
