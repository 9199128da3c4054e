/* model/analysis: what analyses of adverse events share. */
#pragma once

#include "ktm-run.h"
#include "ktm-safety.h"

G_BEGIN_DECLS

/* A row "x/n · p % [low, high]" with the interval @run's options ask for; "nobody asked" where n is
 * 0.  The method names the interval. */
KtmReportRow *ktm_run_add_share (const KtmRun *run, const char *statistic, const char *method,
                                 long visit, long group, gsize x, gsize n, KtmRank rank);
/* The rate at one visit as the options count it: patients, or events per 100 patients asked. */
KtmReportRow *ktm_run_add_visit_rate (const KtmRun *run, const KtmSafety *safety, gsize visit,
                                      long group, KtmRank rank);
/* A count of @n patients with the words @value (NULL: the number); takes both texts. */
KtmReportRow *ktm_run_add_number (const KtmRun *run, const char *subject, KtmText *label,
                                  gsize count, gsize n, KtmText *value, KtmRank rank);

/* Counts the adverse events of @group (−1: everybody who takes part).  FALSE where the data cannot
 * answer what the options ask; the report then says why.  Clear with ktm_safety_clear(). */
gboolean ktm_run_safety (const KtmRun *run, long group, KtmSafety *out);
/* The same of the patients @in (one a patient of the frame). */
gboolean ktm_run_safety_of (const KtmRun *run, const bool *in, KtmSafety *out);
/* What counts as an event and what could not be judged, as notes and warnings of the last card. */
void     ktm_run_note_harms (const KtmRun *run, const KtmSafety *safety);
/* The treatment arm as an attribute with two to six levels in use; NULL: none. */
const KtmFrameAttribute *ktm_run_arm (const KtmRun *run);

G_END_DECLS
