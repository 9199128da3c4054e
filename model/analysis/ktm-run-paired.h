/* model/analysis: rows and words of a change within the same patients, as several analyses use
 * them. */
#pragma once

#include "ktm-paired.h"
#include "ktm-run.h"

G_BEGIN_DECLS

/* Which test stands first, and why. */
typedef enum { KTM_PAIRED_T, KTM_PAIRED_WILCOXON, KTM_PAIRED_SIGN } KtmPairedTest;

/* FALSE: a word that names none of them. */
gboolean      ktm_paired_test_parse     (const char *word, KtmPairedTest *out);
KtmPairedTest
ktm_paired_test_recommend (const KtmRun *run, const KtmPairs *pairs, const char **reason);

/* A standardised effect turned so that improvement is positive. */
KtmEstimate   ktm_run_improvement (const KtmRun *run, KtmEstimate effect);

/* What R's wilcox.test prints where this program takes the exact distribution; NULL where @p is
 * NaN.  Owned by the caller. */
KtmText *ktm_run_r_normal_note (double p);

/* Every row of a paired comparison: the change as HEADLINE, effects and the test @first as SHOWN,
 * the rest as DETAIL; with
 * @shown FALSE all are DETAIL. */
void ktm_run_add_paired (const KtmRun *run, const KtmPairs *pairs, const KtmPaired *p, gsize visit,
                         long group, KtmPairedTest first, gboolean shown);
/* What the interval says about the smallest change patients notice; NULL where the measure has
 * none. */
KtmText *ktm_run_mcid_text (const KtmRun *run, KtmEstimate change);
/* "On average …": the plain sentence. */
KtmText *ktm_run_change_sentence (const KtmRun *run, KtmEstimate change, gsize n, gsize visit);

G_END_DECLS
