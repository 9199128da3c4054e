/* model/analysis: published studies pooled, with the cohort beside them. */
#include "ktm-analyses.h"
#include "ktm-meta-cards.h"

#include <glib/gi18n-lib.h>
#include <string.h>

KtmReportRow *
ktm_meta_row (const KtmEvidence *e, const char *statistic, const char *method)
{
  KtmReportRow *row = ktm_report_add_row (e->run.report, statistic, ktm_text_new (method, ""));

  row->rank = KTM_RANK_DETAIL;
  return row;
}

KtmText *
ktm_meta_limits (const KtmEvidence *e, double low, double high)
{
  if (e->rule.effect == KTM_EFFECT_RD)
    return ktm_text_new (N_("[{1}, {2}] %"), "11", 100 * low, 100 * high);
  return ktm_text_new ("[{1}, {2}]", "22", low, high);
}

static gboolean
is_random (const KtmEvidence *e)
{
  return e->rule.method == KTM_POOL_IV && e->rule.tau2 != KTM_META_FE;
}

/* --- single studies --------------------------------------------------------------------------- */

static const char *
kind_word (KtmFrameStudyKind kind)
{
  static const char *const words[] = { "trial", "single-arm", "pooled" };

  return words[kind];
}

static const char *
study_method (const KtmEvidence *e, const KtmEvidenceStudy *s)
{
  if (s->kind == KTM_STUDIES_POOLED)
    return N_("as published; not pooled again");
  if (!isnan (s->treated->effect))
    return N_("published effect, with its standard error or interval");
  if (s->kind == KTM_STUDIES_SINGLE_ARM && e->rule.effect == KTM_EFFECT_SMD)
    return N_("(after − before) / pooled SD, Becker's variance; positive = improvement");
  if (s->kind == KTM_STUDIES_SINGLE_ARM)
    return s->independent
               ? N_("mean after − mean before, as if the two were independent groups")
               : N_("mean after − mean before, with the published correlation");
  switch (e->rule.effect)
    {
    case KTM_EFFECT_SMD: return N_("Hedges' g; positive = improvement");
    case KTM_EFFECT_RR:
    case KTM_EFFECT_OR: return N_("treated against control; 0.5 added where a cell is 0");
    case KTM_EFFECT_RD: return N_("share of the treated minus share of the control group");
    default: return N_("mean of the treated minus mean of the control group");
    }
}

static long
count_of (const KtmFrameArm *arm)
{
  return arm == NULL || isnan (arm->n) ? -1 : (long) arm->n;
}

static void
add_study (const KtmEvidence *e, const KtmEvidenceStudy *s)
{
  KtmReportRow *row = ktm_meta_row (e, ktm_evidence_key (e), study_method (e, s));

  ktm_report_row_set_group (row, s->name, NULL);
  ktm_report_row_set_subject (row, kind_word (s->kind));
  ktm_report_row_say (row, ktm_text_new ("{1}", "s", s->name), NULL);
  row->n = count_of (s->treated);
  row->n2 = count_of (s->control);
  if (s->left_out)
    row->note = ktm_text_new (N_("left out by choice"), "");
  else if (s->why_not != NULL)
    row->note = ktm_text_new (s->why_not, "");
  else if (s->zero_cell)
    row->note = ktm_text_new (N_("0.5 added to each cell"), "");
  if (s->why_not == NULL)
    ktm_report_row_set_estimate (row, s->estimate, e->run.level);
}

static void
add_studies (const KtmEvidence *e)
{
  for (gsize i = 0; i < e->n_studies; i++)
    if (e->studies[i].relevant && !e->studies[i].share)
      add_study (e, &e->studies[i]);
  for (gsize i = 0; i < e->k; i++)
    if (!isnan (e->weight[i]))
      {
        KtmReportRow *row = ktm_meta_row (e, "weight_percent",
                                          N_("1 / (variance + τ²), in percent of their sum"));

        ktm_report_row_set_group (row, e->studies[e->index[i]].name, NULL);
        row->estimate = e->weight[i];
      }
}

/* Why studies that could have been pooled are not. */
static void
say_left_out (const KtmEvidence *e)
{
  KtmReport *report = e->run.report;
  gboolean change = e->rule.effect == KTM_EFFECT_CHANGE;
  long by_choice = 0;

  for (gsize i = 0; i < e->n_studies; i++)
    {
      const KtmEvidenceStudy *s = &e->studies[i];

      if (s->kind != (change ? KTM_STUDIES_SINGLE_ARM : KTM_STUDIES_TRIAL) || !s->relevant)
        continue;
      if (s->left_out)
        by_choice++;
      else if (s->why_not != NULL)
        ktm_report_exclude (report, ktm_text_new (N_("{1}: {2}"), "sw", s->name, s->why_not), 1);
      else if (e->rule.method != KTM_POOL_IV && !isnan (s->treated->effect))
        ktm_report_exclude (report,
                            ktm_text_new (N_("{1}: it gives no events, which this method pools"),
                                          "s", s->name),
                            1);
    }
  ktm_report_exclude (report, ktm_text_new (N_("studies left out by choice"), ""), by_choice);
}

/* --- the pooled result ------------------------------------------------------------------------ */

static KtmText *
title_of (const KtmEvidence *e)
{
  static const char *const titles[KTM_N_EFFECTS] = {
    [KTM_EFFECT_MD] = N_("Pooled difference"),
    [KTM_EFFECT_SMD] = N_("Pooled standardised difference"),
    [KTM_EFFECT_RR] = N_("Pooled risk ratio"),
    [KTM_EFFECT_OR] = N_("Pooled odds ratio"),
    [KTM_EFFECT_RD] = N_("Pooled risk difference"),
    [KTM_EFFECT_CHANGE] = N_("Pooled change, no control group"),
  };

  return ktm_text_new (titles[e->rule.effect], "");
}

static KtmText *
count_text (const KtmEvidence *e)
{
  if (e->rule.effect == KTM_EFFECT_CHANGE)
    return ktm_text_new_plural ("{1} study", "{1} studies", "i", (long) e->k);
  return ktm_text_new_plural ("{1} trial", "{1} trials", "i", (long) e->k);
}

static KtmText *
model_text (const KtmEvidence *e)
{
  if (e->k < 2)
    return count_text (e);
  if (e->rule.method == KTM_POOL_MH)
    return ktm_text_new (N_("Mantel–Haenszel, {1}"), "t", count_text (e));
  if (e->rule.method == KTM_POOL_PETO)
    return ktm_text_new (N_("Peto, {1}"), "t", count_text (e));
  if (e->rule.tau2 == KTM_META_FE)
    return ktm_text_new (N_("common effect, {1}"), "t", count_text (e));
  return ktm_text_new (N_("random effects, {1}"), "t", count_text (e));
}

static const char *
pooled_method (const KtmEvidence *e)
{
  if (e->rule.method == KTM_POOL_MH)
    return N_("Mantel–Haenszel, no continuity correction, z interval");
  if (e->rule.method == KTM_POOL_PETO)
    return N_("Peto's odds ratio, z interval");
  if (e->rule.tau2 == KTM_META_FE)
    return N_("inverse variance, common effect, z interval");
  if (e->k > 1 && e->rule.ci == KTM_META_HKSJ)
    return N_("inverse variance, random effects, Hartung–Knapp–Sidik–Jonkman interval");
  if (e->k > 1 && e->rule.ci == KTM_META_HKSJ_ADHOC)
    return N_("inverse variance, random effects, Hartung–Knapp–Sidik–Jonkman interval, never "
              "narrower than Wald's");
  return N_("inverse variance, random effects, z interval");
}

static long
patients (const KtmEvidence *e, gboolean control)
{
  double n = 0;

  for (gsize i = 0; i < e->k; i++)
    {
      const KtmEvidenceStudy *s = &e->studies[e->index[i]];
      const KtmFrameArm *arm = control ? s->control : s->treated;

      n += arm != NULL ? arm->n : 0; /* NaN where one does not say */
    }
  return isnan (n) ? -1 : (long) n;
}

static void
add_test_line (const KtmEvidence *e, KtmTest test)
{
  KtmReportRow *row = ktm_meta_row (e, "pooled_test", pooled_method (e));
  gboolean t = is_random (e) && e->k > 1 && e->rule.ci != KTM_META_WALD;

  ktm_report_row_set_test (row, t ? "t" : "z", test);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (
      row,
      t ? ktm_text_new (N_("{1}, t with {2} df"), "wi", ktm_evidence_ci_name (e->rule.ci),
                        (long) test.df)
        : ktm_text_new (N_("z test"), ""),
      ktm_text_new ("{1}", "p", test.p));
}

static void
add_heterogeneity (const KtmEvidence *e)
{
  const KtmMeta *m = &e->meta;
  gboolean mh = e->rule.method != KTM_POOL_IV;
  KtmReportRow *row = ktm_meta_row (e, "cochran_q", N_("Cochran's Q, weights 1 / variance"));

  ktm_report_row_set_test (row, N_("chi-squared"), mh ? e->mh.q : m->q);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("Heterogeneity, Q"), ""),
                      ktm_text_new (N_("{1}, df {2}, {3}"), "2ip",
                                    mh ? e->mh.q.statistic : m->q.statistic,
                                    (long) (mh ? e->mh.q.df : m->q.df), mh ? e->mh.q.p : m->q.p));
  row = ktm_meta_row (e, "i2_percent",
                      is_random (e) ? N_("τ² / (τ² + typical variance); Q-profile interval")
                                    : N_("(Q − df) / Q; Higgins–Thompson interval"));
  row->rank = KTM_RANK_SHOWN;
  if (mh)
    row->estimate = e->mh.i2;
  else if (is_random (e))
    ktm_report_row_set_estimate (row, (KtmEstimate){ m->i2, NAN, m->i2_low, m->i2_high },
                                 e->run.level);
  else
    ktm_report_row_set_estimate (
        row, (KtmEstimate){ m->i2_from_q, NAN, m->i2_ht_low, m->i2_ht_high }, e->run.level);
  if (!is_random (e))
    return;
  row = ktm_meta_row (e, "tau2", N_("variance between the true effects; Q-profile interval"));
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_set_estimate (
      row, (KtmEstimate){ m->tau2, m->se_tau2, m->tau2_low, m->tau2_high }, e->run.level);
}

/* With HKSJ t(k − 1) and its standard error; with Wald t(k − 2), never z. */
static gboolean
prediction (const KtmEvidence *e, double *low, double *high)
{
  gboolean hksj = e->rule.ci != KTM_META_WALD;

  *low = ktm_evidence_printed (e, hksj ? e->meta.pi_low : e->meta.pi_hts_low);
  *high = ktm_evidence_printed (e, hksj ? e->meta.pi_high : e->meta.pi_hts_high);
  return is_random (e) && e->k > 2 && !isnan (*low);
}

static void
add_prediction (const KtmEvidence *e)
{
  double low, high;
  KtmReportRow *row;

  if (!prediction (e, &low, &high))
    return;
  row = ktm_meta_row (e, "prediction_interval",
                      e->rule.ci == KTM_META_WALD
                          ? N_("where the effect of a new study would lie; t with k − 2 df")
                          : N_("where the effect of a new study would lie; t with k − 1 df"));
  row->rank = KTM_RANK_SHOWN;
  row->estimate = ktm_evidence_pooled (e, NULL).value;
  row->low = low;
  row->high = high;
  row->level = e->run.level;
  ktm_report_row_say (row, NULL, ktm_meta_limits (e, low, high));
}

static void
warn_prediction (const KtmEvidence *e, KtmEstimate pooled)
{
  double low, high;

  if (prediction (e, &low, &high) && ktm_evidence_excludes_null (e, pooled.low, pooled.high)
      && !ktm_evidence_excludes_null (e, low, high))
    ktm_report_card_warn (
        e->run.report,
        ktm_text_new (N_("The prediction interval includes {1}: a new trial like these could find "
                         "no benefit."),
                      "i", (long) e->null));
}

static gboolean
is_made_up (const KtmEvidenceStudy *s)
{
  return g_strcmp0 (s->treated->note, "made up") == 0;
}

static void
warn_data (const KtmEvidence *e)
{
  long zero = 0, both = 0, made_up = 0;

  for (gsize i = 0; i < e->k; i++)
    {
      const KtmEvidenceStudy *s = &e->studies[e->index[i]];

      zero += s->zero_cell;
      both += s->zero_both;
      made_up += is_made_up (s);
    }
  if (made_up > 0)
    ktm_report_card_warn (e->run.report,
                          ktm_text_new_plural ("{1} of the trials is made up, to show the page.",
                                               "{1} of the trials are made up, to show the page.",
                                               "i", made_up));
  if (zero > 0 && e->rule.method == KTM_POOL_IV)
    ktm_report_card_warn (
        e->run.report,
        ktm_text_new_plural ("In {1} trial a group has no events or nothing but events: 0.5 was "
                             "added to its cells.",
                             "In {1} trials a group has no events or nothing but events: 0.5 was "
                             "added to their cells.",
                             "i", zero));
  if (both > 0)
    ktm_report_card_warn (
        e->run.report,
        ktm_text_new_plural (
            "{1} trial saw no event in either group and says nothing about a ratio.",
            "{1} trials saw no event in either group and say nothing about a ratio.", "i", both));
}

static gboolean
is_narrower_than_wald (const KtmEvidence *e)
{
  KtmMeta wald;

  return ktm_meta (e->y, e->v, e->k, e->rule.tau2, KTM_META_WALD, e->run.level, NULL, &wald)
             == KTM_STATS_OK
         && e->meta.estimate.high - e->meta.estimate.low
                < wald.estimate.high - wald.estimate.low;
}

static void
warn_model (const KtmEvidence *e)
{
  KtmReport *report = e->run.report;

  if (e->rule.effect == KTM_EFFECT_CHANGE)
    ktm_report_card_warn (
        report, ktm_text_new (N_("No comparison group: the change includes natural course, "
                                 "regression to the mean, placebo and drop-out."),
                              ""));
  if (!is_random (e) || e->k < 2)
    return;
  if (e->k < 5)
    ktm_report_card_warn (
        report, ktm_text_new (N_("With {1} only, τ² is hardly known, and every interval that "
                                 "rests on it is uncertain."),
                              "t", count_text (e)));
  if (e->rule.ci == KTM_META_HKSJ && is_narrower_than_wald (e))
    ktm_report_card_warn (
        report, ktm_text_new (N_("The trials agree more than chance would have them (q = {1}), "
                                 "so HKSJ is narrower than Wald; the guarded HKSJ is not."),
                              "2", e->meta.hksj_q));
  if (e->rule.ci == KTM_META_HKSJ_ADHOC && e->meta.hksj_q < 1)
    ktm_report_card_note (report,
                          ktm_text_new (N_("The guard holds: q = {1} was raised to 1."), "2",
                                        e->meta.hksj_q));
}

static KtmText *
sentence_of (const KtmEvidence *e, KtmEstimate pooled)
{
  if (e->k == 1)
    return ktm_text_new (N_("One study is nothing to pool: its own result stands."), "");
  if (ktm_evidence_excludes_null (e, pooled.low, pooled.high))
    return ktm_text_new (N_("The interval excludes {1}."), "i", (long) e->null);
  return ktm_text_new (N_("The interval includes {1}: no difference is not ruled out."), "i",
                       (long) e->null);
}

static void
say_nothing_to_pool (const KtmEvidence *e)
{
  gboolean any = e->run.frame->n_arms > 0;

  ktm_report_card_say (
      e->run.report,
      !any ? ktm_text_new (N_("This cohort has no published studies yet: import a table of them."),
                           "")
      : e->rule.effect == KTM_EFFECT_CHANGE
          ? ktm_text_new (N_("No study without a control group reports means before and after."),
                          "")
          : ktm_text_new (N_("No trial reports what a {1} is made of."), "w",
                          ktm_evidence_effect_name (e->rule.effect)));
}

static void
add_pooled (const KtmEvidence *e)
{
  KtmTest test;
  KtmEstimate pooled = ktm_evidence_pooled (e, &test);
  KtmReportRow *row;

  ktm_report_add_card (e->run.report, title_of (e), model_text (e));
  add_studies (e);
  if (e->k == 0)
    {
      say_nothing_to_pool (e);
      return;
    }
  row = ktm_meta_row (e, ktm_evidence_pooled_key (e), pooled_method (e));
  row->rank = KTM_RANK_HEADLINE;
  row->n = patients (e, FALSE);
  row->n2 = patients (e, TRUE);
  ktm_report_row_set_estimate (row, pooled, e->run.level);
  if (e->status == KTM_STATS_OK)
    ktm_report_row_set_test (
        row, is_random (e) && e->k > 1 && e->rule.ci != KTM_META_WALD ? "t" : "z", test);
  if (e->status != KTM_STATS_OK)
    {
      ktm_report_card_say (e->run.report,
                           ktm_text_new (N_("These studies cannot be pooled: {1}."), "w",
                                         ktm_stats_status_text (e->status)));
      return;
    }
  add_test_line (e, test);
  add_prediction (e);
  if (e->k > 1)
    add_heterogeneity (e);
  ktm_report_card_say (e->run.report, sentence_of (e, pooled));
  warn_prediction (e, pooled);
  warn_data (e);
  warn_model (e);
}

/* --- every method ----------------------------------------------------------------------------- */

/* DL, REML, PM with both intervals; the common effect first. */
static const struct { KtmMetaMethod tau2; KtmMetaTest ci; const char *subject;
} ways[] = {
  { KTM_META_FE, KTM_META_WALD, "common wald" }, { KTM_META_DL, KTM_META_WALD, "dl wald" },
  { KTM_META_DL, KTM_META_HKSJ, "dl hksj" },     { KTM_META_REML, KTM_META_WALD, "reml wald" },
  { KTM_META_REML, KTM_META_HKSJ, "reml hksj" }, { KTM_META_PM, KTM_META_WALD, "pm wald" },
  { KTM_META_PM, KTM_META_HKSJ, "pm hksj" },
};

static gboolean
add_way (const KtmEvidence *e, gsize i, int *n_excluding)
{
  KtmReportRow *row;
  KtmEstimate x;
  KtmMeta m;

  if (ktm_meta (e->y, e->v, e->k, ways[i].tau2, ways[i].ci, e->run.level, NULL, &m)
      != KTM_STATS_OK)
    return FALSE;
  x = ktm_evidence_as_printed (e, m.estimate);
  row = ktm_meta_row (e, ktm_evidence_pooled_key (e),
                      ways[i].ci == KTM_META_WALD ? N_("inverse variance, z interval")
                                                  : N_("inverse variance, HKSJ interval"));
  ktm_report_row_set_subject (row, ways[i].subject);
  ktm_report_row_set_estimate (row, x, e->run.level);
  ktm_report_row_set_test (row, ways[i].ci == KTM_META_WALD ? "z" : "t", m.test);
  row->rank = i == 0 ? KTM_RANK_DETAIL : KTM_RANK_SHOWN;
  ktm_report_row_say (
      row,
      ktm_text_new (N_("{1}, {2} · τ² {3}"), "ww2", ktm_evidence_tau_name (ways[i].tau2),
                    ktm_evidence_ci_name (ways[i].ci), m.tau2),
      ktm_text_new ("{1} {2}", "tt",
                    e->rule.effect == KTM_EFFECT_RD ? ktm_text_new ("{1}", "1", 100 * x.value)
                                                    : ktm_text_new ("{1}", "2", x.value),
                    ktm_meta_limits (e, x.low, x.high)));
  if (i > 0)
    *n_excluding += ktm_evidence_excludes_null (e, x.low, x.high);
  row = ktm_meta_row (e, "tau2", N_("variance between the true effects"));
  ktm_report_row_set_subject (row, ways[i].subject);
  row->estimate = m.tau2;
  return TRUE;
}

static void
add_ways (const KtmEvidence *e)
{
  int n_excluding = 0, n = 0;

  if (e->k < 2 || e->status != KTM_STATS_OK)
    return;
  ktm_report_add_card (e->run.report, ktm_text_new (N_("Does the method matter?"), ""),
                       ktm_text_new (N_("the same {1}"), "t", count_text (e)));
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    n += add_way (e, i, &n_excluding) && i > 0;
  if (n_excluding == n && n == 6)
    ktm_report_card_say (e->run.report,
                         ktm_text_new (N_("All six exclude {1}; with few trials HKSJ is the safer "
                                          "interval."),
                                       "i", (long) e->null));
  else if (n_excluding == 0)
    ktm_report_card_say (e->run.report, ktm_text_new (N_("All of them include {1}."), "i",
                                                      (long) e->null));
  else
    ktm_report_card_warn (
        e->run.report,
        ktm_text_new (N_("The conclusion depends on the method: {1} of {2} intervals exclude "
                         "{3}. With few trials HKSJ is the safer one."),
                      "iii", (long) n_excluding, (long) n, (long) e->null));
}

/* --- methods ---------------------------------------------------------------------------------- */

static void
say_methods_random (const KtmEvidence *e)
{
  static const char *const names[] = { [KTM_META_DL] = N_("DerSimonian and Laird"),
                                       [KTM_META_REML] = N_("restricted maximum likelihood"),
                                       [KTM_META_PM] = N_("Paule and Mandel") };
  KtmReport *report = e->run.report;

  ktm_report_method (
      report,
      ktm_text_new (N_("Effects were pooled by inverse variance under a random-effects model "
                       "with τ² by {1} and {2} intervals; heterogeneity is given as Q, I² and τ² "
                       "with Q-profile intervals, and a prediction interval for a new study."),
                    "ww", names[e->rule.tau2], ktm_evidence_ci_name (e->rule.ci)));
  ktm_report_cite (report, "Viechtbauer W. Bias and efficiency of meta-analytic variance "
                           "estimators in the random-effects model. J Educ Behav Stat "
                           "2005;30:261-93.");
  ktm_report_cite (report, "IntHout J, Ioannidis JPA, Borm GF. The Hartung-Knapp-Sidik-Jonkman "
                           "method for random effects meta-analysis. BMC Med Res Methodol "
                           "2014;14:25.");
}

static void
say_methods (const KtmEvidence *e)
{
  KtmReport *report = e->run.report;

  ktm_report_method (report,
                     e->rule.effect == KTM_EFFECT_CHANGE
                         ? ktm_text_new (N_("Published studies without a control group were "
                                            "compared by their mean change."),
                                         "")
                         : ktm_text_new (N_("Published controlled trials were compared by the "
                                            "{1}, treated against control."),
                                         "w", ktm_evidence_effect_name (e->rule.effect)));
  if (e->k > 1 && is_random (e))
    say_methods_random (e);
  else if (e->k > 1)
    ktm_report_method (report, ktm_text_new (N_("Pooling: {1}."), "w", pooled_method (e)));
  ktm_report_method (
      report, ktm_text_new (N_("Studies without a control group and published pooled estimates "
                               "are shown beside the trials and never pooled with them."),
                            ""));
  ktm_report_cite (report, "Borenstein M, et al. Introduction to Meta-Analysis. Wiley, 2009.");
}

static gboolean
run_meta (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
          KtmReport *report, GError **error)
{
  g_auto(KtmEvidence) e = { 0 };

  if (!ktm_evidence_init (&e, frame, options, progress, report, error))
    return FALSE;
  add_pooled (&e);
  say_left_out (&e);
  ktm_meta_add_cohort (&e);
  add_ways (&e);
  ktm_meta_add_responders (&e);
  ktm_meta_add_leave_one_out (&e);
  ktm_meta_add_subgroups (&e);
  ktm_meta_add_small_studies (&e);
  ktm_meta_add_completers (&e);
  say_methods (&e);
  return TRUE;
}

const KtmAnalysis ktm_analysis_meta_analysis = {
  "meta-analysis",
  N_("Meta-analysis"),
  N_("What do the published studies say together, and where does this cohort stand beside them?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_STUDIES,
  FALSE,
  run_meta,
};
