/* model/analysis: rows and words of a change within the same patients. */
#include "ktm-run-paired.h"

#include "ktm-describe.h"

#include <glib/gi18n-lib.h>

gboolean
ktm_paired_test_parse (const char *word, KtmPairedTest *out)
{
  static const char *const words[] = { "t", "wilcoxon", "sign" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i]) == 0)
      {
        *out = (KtmPairedTest) i;
        return TRUE;
      }
  return FALSE;
}

/* Whole numbers on a scale of at most 21 steps: ranks, not distances, are what such a score orders.
 */
static gboolean
is_rating (const KtmRun *run, const KtmPairs *pairs)
{
  if (isnan (run->m->min) || isnan (run->m->max) || run->m->max - run->m->min > 20)
    return FALSE;
  for (gsize i = 0; i < pairs->n; i++)
    if (pairs->before[i] != floor (pairs->before[i]) || pairs->after[i] != floor (pairs->after[i]))
      return FALSE;
  return TRUE;
}

KtmPairedTest
ktm_paired_test_recommend (const KtmRun *run, const KtmPairs *pairs, const char **reason)
{
  KtmDescription d;

  if (is_rating (run, pairs))
    {
      *reason = N_("Wilcoxon signed-rank is recommended: the score counts steps of a short scale, "
                    "and ranks ask nothing about its distribution.");
      return KTM_PAIRED_WILCOXON;
    }
  if (pairs->n < 30 && ktm_stats_describe (pairs->change, pairs->n, run->level, &d) == KTM_STATS_OK
      && fabs (d.skewness) > 1)
    {
      *reason = N_("Wilcoxon signed-rank is recommended: few patients and skewed changes.");
      return KTM_PAIRED_WILCOXON;
    }
  *reason = pairs->n < 30
                ? N_("The paired t test is recommended: the changes show no marked skew.")
                : N_("The paired t test is recommended: with this many patients the mean change "
                      "is close to normal whatever the scores are.");
  return KTM_PAIRED_T;
}

KtmEstimate
ktm_run_improvement (const KtmRun *run, KtmEstimate effect)
{
  return run->sign > 0 ? effect
                       : (KtmEstimate){ -effect.value, effect.se, -effect.high, -effect.low };
}

/* A share of the patients that is about higher scores, said about better ones. */
static KtmEstimate
improved_share (const KtmRun *run, KtmEstimate higher)
{
  return run->sign > 0
             ? higher
             : (KtmEstimate){ 1 - higher.value, higher.se, 1 - higher.high, 1 - higher.low };
}

typedef struct
{
  const KtmRun   *run;
  const KtmPairs *pairs;
  const KtmPaired *p;
  long            visit, group;
  gboolean        shown;
} Ask;

static KtmReportRow *
add_estimate (const Ask *a, const char *statistic, const char *method, KtmEstimate estimate,
              KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (a->run, statistic, method, a->visit, a->group, (long) a->p->n);

  ktm_report_row_set_estimate (row, estimate, a->run->level);
  row->rank = a->shown ? rank : KTM_RANK_DETAIL;
  return row;
}

static void
add_change (const Ask *a)
{
  KtmReportRow *row =
      add_estimate (a, "mean_diff", N_("mean of follow-up minus reference, t interval"),
                    a->p->mean_diff, KTM_RANK_HEADLINE);

  if (a->p->t_status == KTM_STATS_NO_VARIANCE) /* equal changes tell nothing about their
                                                  uncertainty: R's t.test stops, too */
    row->se = row->low = row->high = NAN;
  ktm_report_row_set_test (row, N_("paired t"), a->p->t);
  ktm_run_add_value (a->run, "sd_diff", N_("standard deviation of the changes"), a->visit,
                     a->group, (long) a->p->n, a->p->sd_diff);
}

static void
add_means (const Ask *a)
{
  const KtmPaired *p = a->p;
  long n = (long) p->n;
  KtmReportRow *row;

  ktm_run_add_value (a->run, "mean_x", N_("mean of the reference scores of the same patients"),
                     a->visit, a->group, n, p->mean_x);
  row = ktm_run_add_value (a->run, "mean_y", N_("mean of the follow-up scores"), a->visit,
                           a->group, n, p->mean_y);
  row->rank = a->shown ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  ktm_report_row_say (
      row, ktm_text_new (N_("Mean ± SD"), ""),
      ktm_text_new (N_("{1} ± {2} → {3} ± {4}"), "1111", p->mean_x, p->sd_x, p->mean_y, p->sd_y));
  ktm_run_add_value (a->run, "sd_x", N_("standard deviation (n − 1)"), a->visit, a->group, n,
                     p->sd_x);
  ktm_run_add_value (a->run, "sd_y", N_("standard deviation (n − 1)"), a->visit, a->group, n,
                     p->sd_y);
  ktm_run_add_value (a->run, "pearson_r", N_("Pearson correlation of the two visits"), a->visit,
                     a->group, n, p->pearson_r);
}

static void
add_percent (const Ask *a)
{
  g_autofree double *percent = g_new (double, a->pairs->n + 1);
  KtmDescription d;
  gsize n = 0;

  for (gsize i = 0; i < a->pairs->n; i++)
    if (a->pairs->before[i] != 0)
      percent[n++] = 100 * a->pairs->change[i] / a->pairs->before[i];
  if (ktm_stats_describe (percent, n, a->run->level, &d) != KTM_STATS_OK)
    return;
  KtmEstimate median = { d.median, NAN, d.median_ci.low, d.median_ci.high };
  KtmReportRow *row = add_estimate (a, "median_percent_change",
                                    N_("median of each patient's change in percent of his or her "
                                        "reference score; interval of order statistics"),
                                    median, KTM_RANK_SHOWN);
  row->n = (long) n;
  ktm_run_add_value (a->run, "q1_percent_change", N_("quartile, type 7"), a->visit, a->group,
                     (long) n, d.q1);
  ktm_run_add_value (a->run, "q3_percent_change", N_("quartile, type 7"), a->visit, a->group,
                     (long) n, d.q3);
  row = &a->run->report
             ->rows[a->run->report->n_rows - 3]; /* the median's: adding rows may move them */
  ktm_report_row_say (row, ktm_text_new (N_("Median % change [IQR]"), ""),
                      ktm_text_new (N_("{1} % [{2}, {3}]"), "100", d.median, d.q1, d.q3));
  if (n < a->pairs->n)
    row->note = ktm_text_new_plural ("{1} patient with a reference score of 0 is left out.",
                                     "{1} patients with a reference score of 0 are left out.", "i",
                                     (long) (a->pairs->n - n));
  row = add_estimate (a, "mean_percent_change",
                      N_("mean of each patient's change in percent, t interval"), d.mean,
                      KTM_RANK_DETAIL);
  row->n = (long) n;
  if (a->p->mean_x != 0)
    ktm_run_add_value (a->run, "percent_change_of_means",
                       N_("change of the mean in percent of the reference mean"), a->visit,
                       a->group, (long) a->p->n, 100 * a->p->mean_diff.value / a->p->mean_x);
}

static void
add_effects (const Ask *a)
{
  const KtmPaired *p = a->p;
  const struct { const char *statistic, *method; KtmEstimate effect;
  } effects[] = {
    { "d_z", N_("change / SD of the changes; exact noncentral t; positive = improvement"),
      p->d_z },
    { "g_z", N_("d_z × J(n − 1); positive = improvement"), p->g_z },
    { "d_av_meansd", N_("change / mean of the two SDs; positive = improvement"), p->d_av_meansd },
    { "g_av", N_("d_av_meansd × J(n − 1); positive = improvement"), p->g_av },
    { "d_rm", N_("d_z × √(2(1 − r)); positive = improvement"), p->d_rm },
    { "g_rm", N_("d_rm × J(n − 1); positive = improvement"), p->g_rm },
    { "glass_delta_baseline_sd",
      N_("change / SD of the reference scores; delta method; positive = improvement"),
      p->glass_delta },
    { "rank_biserial_matched", N_("(V − W) / (V + W); Fisher z interval; positive = improvement"),
      p->rank_biserial },
  };
  KtmReportRow *row = add_estimate (
      a, "d_av", N_("change / √((s₁² + s₂²)/2); Algina–Keselman interval; positive = improvement"),
      ktm_run_improvement (a->run, p->d_av), KTM_RANK_SHOWN);

  ktm_report_row_say (row, ktm_text_new (N_("Cohen's d_av"), ""), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (effects); i++)
    add_estimate (a, effects[i].statistic, effects[i].method,
                  ktm_run_improvement (a->run, effects[i].effect), KTM_RANK_DETAIL);
  add_estimate (a, "common_language", N_("Φ(d_z): chance that a patient improves, normal model"),
                improved_share (a->run, p->common_language), KTM_RANK_DETAIL);
  add_estimate (a, "share_improved",
                N_("patients who improved, half of the unchanged added; Wilson interval"),
                improved_share (a->run, p->share_higher), KTM_RANK_DETAIL);
  add_estimate (a, "hodges_lehmann_all", N_("median of the Walsh averages of all changes"),
                p->hodges_lehmann, KTM_RANK_DETAIL);
  ktm_run_add_value (a->run, "hodges_lehmann_nonzero",
                     N_("median of the Walsh averages of the non-zero changes"), a->visit,
                     a->group, (long) p->n, p->hodges_lehmann_nonzero);
}

static void
add_tests (const Ask *a, KtmPairedTest first)
{
  const KtmPaired *p = a->p;
  const KtmSignedRank *w = &p->wilcoxon;
  gboolean exact =
      w->exact
      && w->n_nonzero < 50; /* beyond, the corrected normal p is as good and is what R gives */
  double w_p = exact ? w->p_exact : w->p_normal_continuity;
  KtmReportRow *row = ktm_run_add (a->run, "t", N_("mean change / its standard error"), a->visit,
                                   a->group, (long) p->n);

  ktm_report_row_set_test (row, N_("paired t"), p->t);
  row->rank = a->shown && first == KTM_PAIRED_T ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  ktm_report_row_say (row, ktm_text_new (N_("Paired t test"), ""),
                      isnan (p->t.p) ? NULL : ktm_text_new ("{1}", "p", p->t.p));
  row = ktm_run_add (
      a->run, "wilcoxon_v",
      exact
          ? N_("zeros dropped, mid-ranks, exact distribution given the ties")
          : N_ (
              "zeros dropped, mid-ranks, normal approximation with continuity and tie correction"),
      a->visit, a->group, (long) w->n_nonzero);
  ktm_report_row_set_test (row, N_("Wilcoxon signed-rank"), (KtmTest) { w->v, NAN, NAN, w_p });
  row->rank = a->shown && first == KTM_PAIRED_WILCOXON ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  ktm_report_row_say (row, ktm_text_new (N_("Wilcoxon signed-rank"), ""),
                      isnan (w_p) ? NULL : ktm_text_new ("{1}", "p", w_p));
  if (exact && (w->ties || w->n_zero > 0))
    row->note = ktm_run_r_normal_note (w->p_normal_continuity);
  if (!isnan (w->p_exact))
    ktm_run_add_value (a->run, "wilcoxon_p_exact", N_("exact distribution given the ties"),
                       a->visit, a->group, (long) w->n_nonzero, w->p_exact);
  ktm_run_add_value (
      a->run, "wilcoxon_p_normal_continuity",
      N_("normal approximation with continuity and tie correction, as R's wilcox.test"), a->visit,
      a->group, (long) w->n_nonzero, w->p_normal_continuity);
  row = ktm_run_add (a->run, "sign_test_p", N_("exact binomial test of rises against falls"),
                     a->visit, a->group, (long) (p->n_positive + p->n_negative));
  ktm_report_row_set_test (row, N_("sign test"), (KtmTest) { NAN, NAN, NAN, p->sign_test_p });
  row->estimate = row->p;
  row->rank = a->shown && first == KTM_PAIRED_SIGN ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
  ktm_report_row_say (row, ktm_text_new (N_("Sign test"), ""),
                      isnan (row->p) ? NULL : ktm_text_new ("{1}", "p", row->p));
}

KtmText *
ktm_run_r_normal_note (double p)
{
  return isnan (p) ? NULL
                   : ktm_text_new (N_("R's wilcox.test gives {1}: where there are ties, zeros or "
                                       "50 patients and more it uses the normal approximation."),
                                   "p", p);
}

void
ktm_run_add_paired (const KtmRun *run, const KtmPairs *pairs, const KtmPaired *p, gsize visit,
                    long group, KtmPairedTest first, gboolean shown)
{
  Ask a = { run, pairs, p, (long) visit, group, shown };

  add_change (&a);
  add_means (&a);
  add_percent (&a);
  add_effects (&a);
  add_tests (&a, first);
}

KtmText *
ktm_run_mcid_text (const KtmRun *run, KtmEstimate change)
{
  KtmEstimate better = ktm_run_improvement (run, change);
  double mcid = run->m->mcid;

  if (isnan (mcid) || isnan (better.low) || !(change.se > 0))
    return NULL;
  if (better.low >= mcid)
    return ktm_text_new (
        N_("The whole interval exceeds the smallest change patients notice ({1} {2})."), "gt",
        mcid, ktm_run_unit (run, mcid));
  if (better.high < mcid)
    return ktm_text_new (
        N_("The whole interval lies below the smallest change patients notice ({1} {2})."), "gt",
        mcid, ktm_run_unit (run, mcid));
  return ktm_text_new (N_("The interval includes the smallest change patients notice ({1} {2}): "
                           "whether the mean change matters to them stays open."),
                       "gt", mcid, ktm_run_unit (run, mcid));
}

KtmText *
ktm_run_change_sentence (const KtmRun *run, KtmEstimate change, gsize n, gsize visit)
{
  KtmText *at = ktm_run_visit (run, visit), *before = ktm_run_before_text (run);
  double low = fabs (change.low), high = fabs (change.high);

  if (change.se == 0)
    return ktm_text_new (
        change.value == 0 ? N_("At {1} none of these {2} patients differs from {3}.")
        : change.value < 0
            ? N_("At {1} each of these {2} patients scores {4} {5} lower than at {3}.")
            : N_("At {1} each of these {2} patients scores {4} {5} higher than at {3}."),
        "tit1t", at, (long) n, before, fabs (change.value), ktm_run_unit (run, change.value));
  if (isnan (change.low))
    {
      ktm_text_free (at);
      ktm_text_free (before);
      return NULL;
    }
  if (change.low <= 0 && change.high >= 0)
    return ktm_text_new (N_("At {1} these {2} patients do not differ clearly from {3}: on average "
                             "{4} {5}, and anything from {6} to {7} is compatible with the data."),
                         "tit1t11", at, (long) n, before, change.value,
                         ktm_run_unit (run, change.value), change.low, change.high);
  if (change.value < 0)
    return ktm_text_new (N_("At {1} these {2} patients score {4} {5} lower on average than at {3} "
                             "({8} % CI: between {6} and {7} lower)."),
                         "tit1t11g", at, (long) n, before, -change.value,
                         ktm_run_unit (run, change.value), MIN (low, high), MAX (low, high),
                         100 * run->level);
  return ktm_text_new (N_("At {1} these {2} patients score {4} {5} higher on average than at {3} "
                           "({8} % CI: between {6} and {7} higher)."),
                       "tit1t11g", at, (long) n, before, change.value,
                       ktm_run_unit (run, change.value), MIN (low, high), MAX (low, high),
                       100 * run->level);
}
