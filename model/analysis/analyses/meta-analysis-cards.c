/* model/analysis: meta-analysis: the trials one by one, by moderator, small trials, responders, the
 * cohort beside them. */
#include "ktm-meta-cards.h"
#include "ktm-run-response.h"

#include "ktm-paired.h"
#include "ktm-proportion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_EGGER 10   /* trials below which small-study tests mislead (Cochrane Handbook, 13.3) */
#define MAX_LEVELS 8

static KtmMetaTest
ci_of (const KtmEvidence *e)
{
  return e->rule.tau2 == KTM_META_FE ? KTM_META_WALD : e->rule.ci;
}

/* --- leave one out ---------------------------------------------------------------------------- */

static void
say_range (const KtmEvidence *e, double low, double high, long n_other)
{
  gboolean rd = e->rule.effect == KTM_EFFECT_RD;
  double factor = rd ? 100 : 1;

  ktm_report_card_say (
      e->run.report,
      ktm_text_new (N_("Without any one of them the pooled result lies between {1} and {2}."),
                    rd ? "11" : "22", factor * low, factor * high));
  if (n_other > 0)
    ktm_report_card_warn (
        e->run.report,
        ktm_text_new_plural (
            "The conclusion rests on one study: without it the interval changes sides.",
            "The conclusion rests on single studies: without any of {1} the interval changes "
            "sides.",
            "i", n_other));
}

void
ktm_meta_add_leave_one_out (const KtmEvidence *e)
{
  g_autofree KtmMeta *without = g_new (KtmMeta, e->k + 1);
  KtmEstimate pooled = ktm_evidence_as_printed (e, e->meta.estimate);
  double low = INFINITY, high = -INFINITY;
  long n_other = 0;

  if (e->k < 3 || e->rule.method != KTM_POOL_IV || e->status != KTM_STATS_OK
      || ktm_meta_leave_one_out (e->y, e->v, e->k, e->rule.tau2, ci_of (e), e->run.level, without)
             != KTM_STATS_OK)
    return;
  ktm_report_add_card (e->run.report, ktm_text_new (N_("Leave one out"), ""),
                       ktm_text_new (N_("pooled without each study"), ""))
      ->folded = true;
  for (gsize i = 0; i < e->k; i++)
    {
      KtmEstimate x = ktm_evidence_as_printed (e, without[i].estimate);
      KtmReportRow *row = ktm_meta_row (e, ktm_evidence_pooled_key (e),
                                        N_("pooled as above, without this study"));

      ktm_report_row_set_group (row, e->studies[e->index[i]].name, NULL);
      ktm_report_row_set_subject (row, "leave-one-out");
      ktm_report_row_set_estimate (row, x, e->run.level);
      ktm_report_row_say (
          row, ktm_text_new (N_("without {1}"), "s", e->studies[e->index[i]].name), NULL);
      row->rank = KTM_RANK_SHOWN;
      low = MIN (low, x.value);
      high = MAX (high, x.value);
      n_other += ktm_evidence_excludes_null (e, x.low, x.high)
                 != ktm_evidence_excludes_null (e, pooled.low, pooled.high);
    }
  say_range (e, low, high, n_other);
}

/* --- moderators ------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *levels;  /* owned strings */
  gsize     *group;   /* k */
  gsize      n_unknown;
  double    *number;  /* k; NaN where a value is no number */
  gboolean   numeric;
} Moderator;

static void
moderator_clear (Moderator *m)
{
  g_ptr_array_unref (m->levels);
  g_free (m->group);
  g_free (m->number);
}

static gsize
level_index (GPtrArray *levels, const char *value)
{
  for (guint i = 0; i < levels->len; i++)
    if (strcmp (levels->pdata[i], value) == 0)
      return i;
  g_ptr_array_add (levels, g_strdup (value));
  return levels->len - 1;
}

static Moderator
read_moderator (const KtmEvidence *e)
{
  Moderator m = { g_ptr_array_new_with_free_func (g_free), g_new (gsize, e->k + 1), 0,
                  g_new (double, e->k + 1), TRUE };

  for (gsize i = 0; i < e->k; i++)
    {
      char value[128], *end;

      m.number[i] = NAN;
      if (!ktm_evidence_moderator (&e->studies[e->index[i]], e->rule.moderator, value,
                                   sizeof value))
        {
          m.group[i] = G_MAXSIZE;
          m.n_unknown++;
          continue;
        }
      m.group[i] = level_index (m.levels, value);
      m.number[i] = g_ascii_strtod (value, &end);
      m.numeric &= end != value && *end == '\0' && isfinite (m.number[i]);
    }
  return m;
}

/* The pooled studies whose moderator is known. */
static gsize
known_only (const KtmEvidence *e, const Moderator *m, double *y, double *v, gsize *group,
            double *design)
{
  gsize n = 0;

  for (gsize i = 0; i < e->k; i++)
    if (m->group[i] != G_MAXSIZE)
      {
        y[n] = e->y[i];
        v[n] = e->v[i];
        group[n] = m->group[i];
        design[2 * n] = 1;
        design[2 * n++ + 1] = m->number[i];
      }
  return n;
}

static void
add_level (const KtmEvidence *e, const char *level, gsize n, const KtmMeta *meta)
{
  KtmReportRow *row =
      ktm_meta_row (e, ktm_evidence_pooled_key (e), N_("pooled within the subgroup, own τ²"));

  ktm_report_row_set_group (row, level, NULL);
  ktm_report_row_set_subject (row, "subgroup");
  ktm_report_row_set_estimate (row, ktm_evidence_as_printed (e, meta->estimate), e->run.level);
  row->n = (long) n;
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new_plural ("{2}, {1} study", "{2}, {1} studies", "is",
                                                (long) n, level),
                      NULL);
}

static void
add_levels (const KtmEvidence *e, const Moderator *m, const double *y, const double *v,
            const gsize *group, gsize n)
{
  g_autofree KtmMeta *out = g_new (KtmMeta, m->levels->len + 1);
  KtmReportRow *row;
  KtmTest between;

  /* A subgroup of one study has no HKSJ interval: Wald for all of them. */
  if (ktm_meta_subgroups (y, v, group, n, m->levels->len, e->rule.tau2, KTM_META_WALD,
                          e->run.level, out, &between)
      != KTM_STATS_OK)
    return;
  for (guint g = 0; g < m->levels->len; g++)
    {
      gsize size = 0;

      for (gsize i = 0; i < n; i++)
        size += group[i] == g;
      add_level (e, m->levels->pdata[g], size, &out[g]);
    }
  row = ktm_meta_row (e, "q_between", N_("Q between the subgroups' pooled effects"));
  ktm_report_row_set_test (row, N_("chi-squared"), between);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("Do they differ? Q, df {1}"), "i", (long) between.df),
                      ktm_text_new (N_("{1}, {2}"), "2p", between.statistic, between.p));
  ktm_report_card_note (
      e->run.report,
      ktm_text_new (N_("Intervals within subgroups are Wald's. Studies were not assigned to "
                       "subgroups by chance: exploratory."),
                    ""));
}

static void
add_slope (const KtmEvidence *e, const double *y, const double *v, const double *design, gsize n)
{
  KtmMetaRegression r;
  KtmReportRow *row;

  if (ktm_meta_regression (y, v, design, n, 2, e->rule.tau2, ci_of (e), e->run.level, &r)
      != KTM_STATS_OK)
    {
      ktm_report_card_say (e->run.report,
                           ktm_text_new (N_("Too few studies, or all with one value of {1}: no "
                                            "slope can be estimated."),
                                         "s", e->rule.moderator));
      return;
    }
  row = ktm_meta_row (e, "meta_regression_slope",
                      N_("meta-regression, inverse variance; log scale for ratios"));
  ktm_report_row_set_subject (row, e->rule.moderator);
  ktm_report_row_set_estimate (row, (KtmEstimate){ r.beta[1], r.se[1], r.low[1], r.high[1] },
                               e->run.level);
  ktm_report_row_set_test (row, ci_of (e) == KTM_META_WALD ? "z" : "t", r.test[1]);
  row->n = (long) n;
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("Change of the effect for 1 more of {1}"), "s",
                                         e->rule.moderator),
                      NULL);
  ktm_report_card_say (e->run.report, ktm_text_new (N_("Does the effect change with {1}? {2}."),
                                                    "sp", e->rule.moderator, r.test[1].p));
}

static void
add_moderator (const KtmEvidence *e, const Moderator *m)
{
  g_autofree double *y = g_new (double, e->k), *v = g_new (double, e->k),
                    *design = g_new (double, 2 * e->k);
  g_autofree gsize *group = g_new (gsize, e->k);
  gsize n = known_only (e, m, y, v, group, design);

  if (m->levels->len < 2)
    ktm_report_card_say (e->run.report,
                         ktm_text_new (N_("The pooled studies have no two values of {1} to "
                                          "compare."),
                                       "s", e->rule.moderator));
  else if (m->numeric && m->levels->len > 3)
    add_slope (e, y, v, design, n);
  else if (m->levels->len > MAX_LEVELS)
    ktm_report_card_say (e->run.report,
                         ktm_text_new (N_("{1} has more than {2} values: too many subgroups."),
                                       "si", e->rule.moderator, (long) MAX_LEVELS));
  else
    add_levels (e, m, y, v, group, n);
  if (m->n_unknown > 0)
    ktm_report_card_note (e->run.report,
                          ktm_text_new_plural ("{1} study does not say it and is left out here.",
                                               "{1} studies do not say it and are left out here.",
                                               "i", (long) m->n_unknown));
}

void
ktm_meta_add_subgroups (const KtmEvidence *e)
{
  Moderator m;

  if (e->rule.moderator[0] == '\0' || e->k < 2 || e->rule.method != KTM_POOL_IV
      || e->status != KTM_STATS_OK)
    return;
  m = read_moderator (e);
  ktm_report_add_card (e->run.report, ktm_text_new (N_("By {1}"), "s", e->rule.moderator),
                       ktm_text_new (N_("the pooled studies"), ""));
  add_moderator (e, &m);
  moderator_clear (&m);
}

/* --- small-study effects ---------------------------------------------------------------------- */

void
ktm_meta_add_small_studies (const KtmEvidence *e)
{
  KtmMetaEgger egger;
  KtmReportRow *row;

  if (e->k < 2 || e->rule.effect == KTM_EFFECT_CHANGE || e->status != KTM_STATS_OK)
    return;
  ktm_report_add_card (e->run.report, ktm_text_new (N_("Small-study effects"), ""), NULL);
  if (e->k < MIN_EGGER)
    {
      ktm_report_card_say (
          e->run.report,
          ktm_text_new (N_("With {1} trials, tests for small-study effects are not shown: fewer "
                           "than {2} cannot tell an asymmetric funnel from chance."),
                        "ii", (long) e->k, (long) MIN_EGGER));
      return;
    }
  if (ktm_meta_egger (e->y, e->v, e->k, &egger) != KTM_STATS_OK)
    {
      ktm_report_card_say (e->run.report,
                           ktm_text_new (N_("All trials have one standard error: Egger's test "
                                            "does not exist."),
                                         ""));
      return;
    }
  row = ktm_meta_row (e, "egger_intercept", N_("Egger's regression of effect / SE on 1 / SE"));
  row->estimate = egger.intercept;
  row->se = egger.intercept_se;
  ktm_report_row_set_test (row, "t", egger.test);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (row, ktm_text_new (N_("Egger's intercept, df {1}"), "i",
                                         (long) egger.test.df),
                      ktm_text_new ("{1}, {2}", "2p", egger.intercept, egger.test.p));
  row = ktm_meta_row (e, "egger_reml", N_("standard error as a moderator, REML, z test"));
  ktm_report_row_set_test (row, "z", egger.reml);
  ktm_report_card_say (
      e->run.report,
      egger.test.p < 1 - e->run.level
          ? ktm_text_new (N_("Small trials show other effects than large ones: unpublished "
                             "results are one reason among several."),
                          "")
          : ktm_text_new (N_("The funnel is not clearly asymmetric; that does not show that "
                             "nothing is missing."),
                          ""));
}

/* --- the cohort ------------------------------------------------------------------------------- */

static void
add_own_value (const KtmEvidence *e, const char *statistic, const char *method, const char *group,
               const KtmPaired *p, double value)
{
  KtmReportRow *row = ktm_meta_row (e, statistic, method);

  ktm_report_row_set_group (row, group, NULL);
  ktm_report_row_set_subject (row, "cohort");
  row->time = e->run.frame->visit_time[e->run.last];
  row->n = (long) p->n;
  row->estimate = value;
}

/* The paired change of everybody (−1) or one group, by the function of the change card. */
static void
add_own_change (const KtmEvidence *e, long group)
{
  const KtmRun *run = group < 0 ? &e->run : &e->groups;
  g_auto(KtmPairs) pairs = { 0 };
  const char *label = ktm_run_group_label (run, group);
  gboolean smd = e->rule.effect == KTM_EFFECT_SMD;
  KtmReportRow *row;
  KtmPaired p;

  ktm_run_pairs (run, run->last, group, &pairs);
  if (ktm_stats_paired (pairs.before, pairs.after, pairs.n, run->level, KTM_EXACT_NEVER, &p)
      != KTM_STATS_OK)
    return;
  row = ktm_meta_row (e, smd ? "smd" : "mean_change",
                      smd ? N_("change / √((s₁² + s₂²)/2); Algina–Keselman interval; positive = "
                               "improvement")
                          : N_("mean of follow-up minus reference, t interval"));
  ktm_report_row_set_group (row, label, NULL);
  ktm_report_row_set_subject (row, "cohort");
  row->time = run->frame->visit_time[run->last];
  row->n = (long) p.n;
  row->n2 = (long) pairs.n_total;
  if (p.t_status == KTM_STATS_OK)
    ktm_report_row_set_estimate (
        row, smd ? (run->sign > 0 ? p.d_av
                                  : (KtmEstimate){ -p.d_av.value, p.d_av.se, -p.d_av.high,
                                                   -p.d_av.low })
                 : p.mean_diff,
        run->level);
  add_own_value (e, "mean_x", N_("mean of the reference scores of the same patients"), label, &p,
                 p.mean_x);
  add_own_value (e, "sd_x", N_("standard deviation (n − 1)"), label, &p, p.sd_x);
  add_own_value (e, "mean_y", N_("mean of the follow-up scores"), label, &p, p.mean_y);
  add_own_value (e, "sd_y", N_("standard deviation (n − 1)"), label, &p, p.sd_y);
}

static gboolean
shows_own (const KtmEvidence *e)
{
  return e->rule.own && e->has_run && e->run.last > e->run.first;
}

void
ktm_meta_add_cohort (const KtmEvidence *e)
{
  if (!shows_own (e) || ktm_effect_is_binary (e->rule.effect))
    return;
  add_own_change (e, -1);
  for (gsize g = 0; e->has_groups && g < e->groups.n_groups; g++)
    add_own_change (e, (long) g);
}

/* --- responders ------------------------------------------------------------------------------- */

static void
add_share (const KtmEvidence *e, const char *who, const char *subject, double x, double n,
           KtmText *label)
{
  KtmReportRow *row = ktm_meta_row (e, "proportion", N_("responders; Wilson interval"));
  KtmProportion p;

  ktm_report_row_set_group (row, who, NULL);
  ktm_report_row_set_subject (row, subject);
  row->n = (long) n;
  row->rank = KTM_RANK_SHOWN;
  if (ktm_stats_proportion (x, n, e->run.level, &p) != KTM_STATS_OK)
    {
      ktm_report_row_say (row, label, ktm_text_new (N_("nobody to ask"), ""));
      return;
    }
  ktm_report_row_set_estimate (row,
                               (KtmEstimate){ p.proportion,
                                              sqrt (p.proportion * (1 - p.proportion) / n),
                                              p.wilson_low, p.wilson_high },
                               e->run.level);
  ktm_report_row_say (row, label,
                      ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x, (long) n,
                                    100 * p.proportion, 100 * p.wilson_low, 100 * p.wilson_high));
}

static void
add_own_share (const KtmEvidence *e, int percent)
{
  const KtmRun *run = &e->run;
  g_autofree char *text = g_strdup_printf ("\"%s\" >= %d%%", run->m->id, percent);
  g_autofree char *subject = g_strdup_printf ("cohort >= %d%%", percent);
  g_autoptr(KtmDefinition) definition = ktm_definition_parse (run->frame, text, NULL);
  gsize yes = 0, known = 0;

  for (gsize i = 0; definition != NULL && i < run->frame->n_patients; i++)
    {
      int holds = ktm_run_in_group (run, i, -1)
                      ? ktm_definition_holds (definition, run->options->missing, i, run->last)
                      : -1;

      known += holds >= 0;
      yes += holds == 1;
    }
  if (definition != NULL)
    add_share (e, NULL, subject, (double) yes, (double) known,
               ktm_text_new (N_("This cohort, ≥ {1} %, {2}"), "it", (long) percent,
                             ktm_run_visit (run, run->last)));
}

/* A share is not an effect: with each result stands its definition. */
static void
add_published_share (const KtmEvidence *e, const KtmEvidenceStudy *s)
{
  if (s->share)
    add_share (e, s->name, "single-arm", s->treated->events, s->treated->n,
               s->treated->note != NULL
                   ? ktm_text_new ("{1}, {2}", "sw", s->name, s->treated->note)
                   : ktm_text_new ("{1}", "s", s->name));
  else if (s->treated->note != NULL)
    ktm_report_card_note (
        e->run.report,
        ktm_text_new (N_("{1}: RR {2} [{3}, {4}] against control, as published ({5})."), "s222w",
                      s->name, s->estimate.value, s->estimate.low, s->estimate.high,
                      s->treated->note));
  else
    ktm_report_card_note (
        e->run.report,
        ktm_text_new (N_("{1}: RR {2} [{3}, {4}] against control, as published."), "s222", s->name,
                      s->estimate.value, s->estimate.low, s->estimate.high));
}

static gboolean
is_share (const KtmEvidenceStudy *s)
{
  return !s->left_out && s->why_not == NULL
         && (s->share || (s->kind == KTM_STUDIES_POOLED && s->relevant));
}

void
ktm_meta_add_responders (const KtmEvidence *e)
{
  KtmEvidenceStudy *studies;
  gboolean any = shows_own (e) && e->run.frame->n_arms > 0;
  gsize n;

  if (ktm_evidence_studies (e->run.frame, KTM_EFFECT_RR, e->run.level, &studies, &n)
      != KTM_STATS_OK)
    return;
  for (gsize i = 0; i < n; i++)
    any |= is_share (&studies[i]);
  if (any)
    ktm_report_add_card (e->run.report, ktm_text_new (N_("Responders"), ""),
                         ktm_text_new (N_("different definitions, not pooled"), ""));
  for (gsize i = 0; i < n; i++)
    if (is_share (&studies[i]))
      add_published_share (e, &studies[i]);
  free (studies);
  if (any && shows_own (e))
    {
      add_own_share (e, 50);
      add_own_share (e, 30);
    }
}

/* --- who was seen again ----------------------------------------------------------------------- */

void
ktm_meta_add_completers (const KtmEvidence *e)
{
  gboolean own = shows_own (e), card = FALSE;
  g_auto(KtmPairs) pairs = { 0 };

  for (gsize i = 0; i < e->n_studies; i++)
    {
      const KtmEvidenceStudy *s = &e->studies[i];

      if (s->kind != KTM_STUDIES_SINGLE_ARM || s->left_out || s->control == NULL
          || !(s->control->n < s->treated->n))
        continue;
      if (!card)
        ktm_report_add_card (e->run.report, ktm_text_new (N_("Completers only"), ""), NULL);
      card = TRUE;
      ktm_report_card_note (e->run.report,
                            ktm_text_new (N_("{1}: {2} of {3} patients at the end."), "sii",
                                          s->name, (long) s->control->n, (long) s->treated->n));
    }
  if (!own || e->run.frame->n_arms == 0)
    return;
  ktm_run_pairs (&e->run, e->run.last, -1, &pairs);
  if (!card)
    ktm_report_add_card (e->run.report, ktm_text_new (N_("Completers only"), ""), NULL);
  ktm_report_card_say (e->run.report,
                       ktm_text_new (N_("This cohort: {1} of {2} patients have both scores."),
                                     "ii", (long) pairs.n, (long) pairs.n_total));
}
