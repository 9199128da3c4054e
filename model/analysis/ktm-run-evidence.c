/* model/analysis: the published studies of a frame, pooled. */
#include "ktm-run-evidence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { const char *key, *pooled, *name;
} effects[KTM_N_EFFECTS] = {
  [KTM_EFFECT_MD] = { "md", "pooled_md", N_("difference of means") },
  [KTM_EFFECT_SMD] = { "smd", "pooled_smd", N_("standardised difference of means") },
  [KTM_EFFECT_RR] = { "rr", "pooled_rr", N_("risk ratio") },
  [KTM_EFFECT_OR] = { "or", "pooled_or", N_("odds ratio") },
  [KTM_EFFECT_RD] = { "rd", "pooled_rd", N_("risk difference") },
  [KTM_EFFECT_CHANGE] = { "mean_change", "pooled_change", N_("mean change") },
};

const char *
ktm_evidence_key (const KtmEvidence *e)
{
  return effects[e->rule.effect].key;
}

const char *
ktm_evidence_pooled_key (const KtmEvidence *e)
{
  return effects[e->rule.effect].pooled;
}

const char *
ktm_evidence_effect_name (KtmEvidenceEffect effect)
{
  return effects[effect].name;
}

const char *
ktm_evidence_tau_name (KtmMetaMethod method)
{
  static const char *const names[] = { N_("common effect"), "DL", "REML", "PM", "ML" };

  return names[method];
}

const char *
ktm_evidence_ci_name (KtmMetaTest test)
{
  static const char *const names[] = { "Wald", "HKSJ", N_("HKSJ, guarded") };

  return names[test];
}

double
ktm_evidence_printed (const KtmEvidence *e, double value)
{
  return ktm_effect_is_ratio (e->rule.effect) ? exp (value) : value;
}

KtmEstimate
ktm_evidence_as_printed (const KtmEvidence *e, KtmEstimate estimate)
{
  return (KtmEstimate){ ktm_evidence_printed (e, estimate.value), estimate.se,
                        ktm_evidence_printed (e, estimate.low),
                        ktm_evidence_printed (e, estimate.high) };
}

gboolean
ktm_evidence_excludes_null (const KtmEvidence *e, double low, double high)
{
  return low > e->null || high < e->null;
}

KtmEstimate
ktm_evidence_pooled (const KtmEvidence *e, KtmTest *test)
{
  gboolean iv = e->rule.method == KTM_POOL_IV;

  if (test != NULL)
    *test = e->status != KTM_STATS_OK ? KTM_TEST_NAN : iv ? e->meta.test : e->mh.test;
  if (e->status != KTM_STATS_OK)
    return KTM_ESTIMATE_NAN;
  return ktm_evidence_as_printed (e, iv ? e->meta.estimate : e->mh.estimate);
}

/* --- gathering -------------------------------------------------------------------------------- */

static gboolean
check_rule (const KtmEvidence *e, const KtmAnalysisOptions *options, GError **error)
{
  const char *what = NULL;

  if (e->rule.method == KTM_POOL_MH && !ktm_effect_is_binary (e->rule.effect))
    what = _("Mantel–Haenszel pools events: choose the effect rr, or or rd.");
  else if (e->rule.method == KTM_POOL_PETO && e->rule.effect != KTM_EFFECT_OR)
    what = _("Peto's method gives an odds ratio: choose the effect or.");
  if (what != NULL)
    g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST, what);
  return what == NULL;
}

static gboolean
parse_rule (KtmEvidence *e, const KtmAnalysisOptions *options, GError **error)
{
  const char *where = "";

  if (ktm_evidence_rule_parse (options->evidence, &e->rule, &where))
    return check_rule (e, options, error);
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
               _("The choice of evidence is not understood from “%s” on; an example is “%s”."),
               where, "effect md, method iv, tau2 reml, ci hksj");
  return FALSE;
}

/* A standardised effect is positive for improvement. */
static void
turn (KtmEvidenceStudy *s)
{
  KtmEstimate x = s->estimate;

  s->y = -s->y;
  s->estimate = (KtmEstimate){ -x.value, x.se, -x.high, -x.low };
}

static gboolean
has_events (const KtmFrameArm *arm)
{
  return arm != NULL && !isnan (arm->events) && !isnan (arm->n);
}

static gboolean
is_pooled (const KtmEvidence *e, const KtmEvidenceStudy *s)
{
  KtmFrameStudyKind kind =
      e->rule.effect == KTM_EFFECT_CHANGE ? KTM_STUDIES_SINGLE_ARM : KTM_STUDIES_TRIAL;

  return s->kind == kind && s->relevant && !s->left_out && s->why_not == NULL && !s->share
         && (e->rule.method == KTM_POOL_IV || (has_events (s->treated) && has_events (s->control)));
}

static void
gather (KtmEvidence *e)
{
  gsize n = e->n_studies + 1;

  e->index = g_new (gsize, n);
  e->y = g_new (double, n);
  e->v = g_new (double, n);
  e->weight = g_new (double, n);
  for (gsize i = 0; i < e->n_studies; i++)
    {
      KtmEvidenceStudy *s = &e->studies[i];

      if (e->rule.effect == KTM_EFFECT_SMD && e->lower_better && s->why_not == NULL)
        turn (s);
      if (!is_pooled (e, s))
        continue;
      e->index[e->k] = i;
      e->y[e->k] = s->y;
      e->v[e->k] = s->v;
      e->weight[e->k++] = NAN;
    }
}

/* --- pooling ---------------------------------------------------------------------------------- */

static void
pool_events (KtmEvidence *e)
{
  static const KtmMetaTable tables[KTM_N_EFFECTS] = { [KTM_EFFECT_RR] = KTM_META_MH_RR,
                                                      [KTM_EFFECT_OR] = KTM_META_MH_OR,
                                                      [KTM_EFFECT_RD] = KTM_META_MH_RD };
  g_autofree double *x = g_new (double, 4 * e->k + 1);
  gsize k = e->k;

  for (gsize i = 0; i < k; i++)
    {
      const KtmEvidenceStudy *s = &e->studies[e->index[i]];

      x[i] = s->treated->events;
      x[k + i] = s->treated->n;
      x[2 * k + i] = s->control->events;
      x[3 * k + i] = s->control->n;
    }
  e->status = ktm_meta_mh (x, x + k, x + 2 * k, x + 3 * k, k,
                           e->rule.method == KTM_POOL_PETO ? KTM_META_PETO
                                                           : tables[e->rule.effect],
                           e->run.level, &e->mh);
}

/* One study is no sample of studies: its own interval stands. */
static void
pool (KtmEvidence *e)
{
  KtmMetaMethod tau2 = e->k > 1 ? e->rule.tau2 : KTM_META_FE;
  KtmMetaTest ci = e->k > 1 && tau2 != KTM_META_FE ? e->rule.ci : KTM_META_WALD;

  e->status = KTM_STATS_TOO_FEW;
  if (e->k == 0)
    return;
  e->status = ktm_meta (e->y, e->v, e->k, tau2, ci, e->run.level, e->weight, &e->meta);
  if (e->status == KTM_STATS_OK && e->rule.method != KTM_POOL_IV)
    {
      for (gsize i = 0; i < e->k; i++)
        e->weight[i] = NAN;
      pool_events (e);
    }
}

gboolean
ktm_evidence_init (KtmEvidence *e, const KtmFrame *frame, const KtmAnalysisOptions *options,
                   const KtmProgress *progress, KtmReport *report, GError **error)
{
  long m = options->measure != NULL ? ktm_frame_find_measure (frame, options->measure) : -1;

  *e = (KtmEvidence){ .status = KTM_STATS_TOO_FEW };
  if (!parse_rule (e, options, error))
    return FALSE;
  e->ungrouped = ktm_analysis_options_copy (options);
  g_clear_pointer (&e->ungrouped->by, g_free);
  g_clear_pointer (&e->ungrouped->groups, g_strfreev);
  e->has_run = m >= 0 && frame->n_visits > 0 && frame->n_patients > 0
               && ktm_run_init (&e->run, frame, e->ungrouped, progress, report, NULL);
  if (e->has_run && options->groups != NULL)
    {
      KtmReport *unused = ktm_report_new (report->analysis);

      e->has_groups = ktm_run_init (&e->groups, frame, options, progress, unused, NULL);
      ktm_report_free (unused);
    }
  if (!e->has_run)
    e->run = (KtmRun){ .frame = frame,
                       .options = options,
                       .progress = progress,
                       .report = report,
                       .level = options->level };
  e->lower_better = m < 0 || frame->measures[m].lower_better;
  e->null = ktm_effect_is_ratio (e->rule.effect) ? 1 : 0;
  if (ktm_evidence_studies (frame, e->rule.effect, e->run.level, &e->studies, &e->n_studies)
      != KTM_STATS_OK)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_FAILED,
                           _(ktm_stats_status_text (KTM_STATS_NO_MEMORY)));
      ktm_evidence_clear (e);
      return FALSE;
    }
  gather (e);
  pool (e);
  return TRUE;
}

void
ktm_evidence_clear (KtmEvidence *e)
{
  if (e->has_run)
    ktm_run_clear (&e->run);
  if (e->has_groups)
    ktm_run_clear (&e->groups);
  e->has_run = e->has_groups = FALSE;
  g_clear_pointer (&e->ungrouped, ktm_analysis_options_free);
  free (e->studies);
  e->studies = NULL;
  g_clear_pointer (&e->index, g_free);
  g_clear_pointer (&e->y, g_free);
  g_clear_pointer (&e->v, g_free);
  g_clear_pointer (&e->weight, g_free);
}
