/* model/analysis: the published studies of a frame under one rule, pooled every way the cards and
 * the figures show. */
#pragma once

#include "ktm-evidence.h"
#include "ktm-run.h"

G_BEGIN_DECLS

/* One run.  Studies borrow from the frame; arrays are owned. */
typedef struct
{
  KtmRun            run;        /* of everybody, where has_run; else only report, level, options */
  KtmRun            groups;     /* of the chosen groups, where has_groups */
  KtmAnalysisOptions *ungrouped; /* owned: the options of run */
  gboolean          has_run, has_groups;
  KtmEvidenceRule   rule;
  KtmEvidenceStudy *studies;    /* all of the frame under the rule's effect; SMD turned so that
                                   positive is improvement */
  gsize             n_studies;
  gsize             k;          /* pooled: trials, or with change the studies without control */
  gsize            *index;      /* k: in studies */
  double           *y, *v, *weight; /* k; weight in percent, NaN where there is none */
  double            null;       /* of the printed scale: 1 for ratios */
  gboolean          lower_better; /* a lower mean is an improvement */
  KtmStatsStatus    status;     /* of what follows */
  KtmMeta           meta;       /* by inverse variance, of the rule */
  KtmMetaMh         mh;         /* of the rule's other methods */
} KtmEvidence;

/* FALSE with an error for a rule that is not understood or does not go together. */
gboolean ktm_evidence_init  (KtmEvidence *e, const KtmFrame *frame,
                             const KtmAnalysisOptions *options, const KtmProgress *progress,
                             KtmReport *report, GError **error);
void     ktm_evidence_clear (KtmEvidence *e);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmEvidence, ktm_evidence_clear)

/* The pooled result of the rule on the printed scale; NaN where there is none. */
KtmEstimate ktm_evidence_pooled  (const KtmEvidence *e, KtmTest *test);
/* A number or an estimate of the analysis' scale as printed. */
double      ktm_evidence_printed (const KtmEvidence *e, double value);
KtmEstimate ktm_evidence_as_printed (const KtmEvidence *e, KtmEstimate estimate);
gboolean    ktm_evidence_excludes_null (const KtmEvidence *e, double low, double high);

/* Keys of the statistics: one study ("md"), the pooled result ("pooled_md"). */
const char *ktm_evidence_key        (const KtmEvidence *e);
const char *ktm_evidence_pooled_key (const KtmEvidence *e);
/* "difference of means", to be translated. */
const char *ktm_evidence_effect_name (KtmEvidenceEffect effect);
const char *ktm_evidence_tau_name   (KtmMetaMethod method);  /* "REML" */
const char *ktm_evidence_ci_name    (KtmMetaTest test);      /* "HKSJ" */

G_END_DECLS
