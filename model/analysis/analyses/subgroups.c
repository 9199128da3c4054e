/* model/analysis: the change in each level of one or several attributes, and whether the subgroups
 * differ. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-paired.h"

#include "ktm-describe.h"
#include "ktm-k-groups.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  KtmRun    *run;
  GPtrArray *attributes;   /* const KtmFrameAttribute * */
  double    *p;            /* of the difference between subgroups, by attribute; NaN none */
  gsize     *test_row;     /* where that p stands */
  double    *percent_p;    /* Kruskal–Wallis of the % changes */
  KtmSplit  *split;        /* levels of the numbers among the attributes asked for */
  gsize      n_split;
} Subgroups;

/* The change in points and standardised; the one asked for has @rank. */
static void
add_effects (const KtmRun *run, const double *x, const double *y, gsize n, const char *group,
             const char *subject, KtmText *label, KtmRank rank)
{
  KtmPaired p;
  gboolean ok = ktm_stats_paired (x, y, n, run->level, KTM_EXACT_NEVER, &p) == KTM_STATS_OK;

  for (int effect = 0; effect < 2; effect++)
    {
      gboolean chosen = (effect == 1) == run->options->standardised;
      KtmReportRow *row = ktm_run_add (
          run, effect == 0 ? "mean_diff" : "d_av",
          effect == 0
              ? N_("mean of follow-up minus reference, t interval")
              : N_("change / √((s₁² + s₂²)/2); Algina–Keselman interval; positive = improvement"),
          (long) run->last, -1, (long) n);

      ktm_report_row_set_group (row, group, NULL);
      if (subject != NULL)
        ktm_report_row_set_subject (row, subject);
      ktm_report_row_say (row, effect == 0 ? ktm_text_copy (label) : label, NULL);
      row->rank = chosen ? rank : KTM_RANK_DETAIL;
      if (ok)
        ktm_report_row_set_estimate (
            row, effect == 0 ? p.mean_diff : ktm_run_improvement (run, p.d_av), run->level);
      else if (n == 1 && effect == 0)
        row->estimate = y[0] - x[0];
    }
}

static void
add_level (const Subgroups *s, const KtmFrameAttribute *attribute, const KtmGrouped *g, long group,
           gsize *smallest, const char **who)
{
  const KtmRun *run = s->run;
  g_autofree double *x = g_new (double, g->n + 1), *y = g_new (double, g->n + 1);
  const char *label = group < 0 ? NULL : g->label[group];
  gsize n = 0;

  for (gsize k = 0; k < g->n; k++)
    if (group < 0 || g->group[k] == (gsize) group)
      {
        x[n] = g->before[k];
        y[n++] = g->after[k];
      }
  if (group >= 0 && n < *smallest)
    {
      *smallest = n;
      *who = label;
    }
  add_effects (run, x, y, n, label, attribute->id,
               label == NULL ? ktm_text_new (N_("All"), "") : ktm_text_new ("{1}", "s", label),
               KTM_RANK_SHOWN);
}

/* Everybody with both scores, also where no attribute is recorded: the first line of a forest. */
static void
add_everybody (const KtmRun *run)
{
  g_auto(KtmPairs) pairs = { 0 };

  ktm_run_pairs (run, run->last, -1, &pairs);
  add_effects (run, pairs.before, pairs.after, pairs.n, NULL, NULL,
               ktm_text_new (N_("All patients"), ""), KTM_RANK_DETAIL);
}

/* Test of difference between the subgroups: at equal baseline, and on ranks of % change. */
static void
add_test (Subgroups *s, gsize at, const KtmFrameAttribute *attribute, const KtmGrouped *g)
{
  const KtmRun *run = s->run;
  g_auto(KtmGrouped) percent = { 0 };
  KtmAncova *a = NULL;
  KtmKGroups k;
  KtmReportRow *row;

  if (g->n_groups < 2)
    return;
  row = ktm_run_add (run, "difference_between_subgroups",
                     N_("F test of follow-up on baseline and subgroup (ANCOVA)"), (long) run->last,
                     -1, (long) g->n);
  ktm_report_row_set_subject (row, attribute->id);
  row->rank = KTM_RANK_DETAIL;
  s->test_row[at] = run->report->n_rows - 1;
  if (ktm_ancova_fit (g->after, g->before, g->group, g->n, g->n_groups, KTM_LINEAR_CLASSIC,
                      run->level, &a)
      == KTM_STATS_OK)
    {
      ktm_report_row_set_test (row, N_("ANCOVA"), a->group);
      s->p[at] = a->group.p;
      ktm_ancova_free (a);
    }
  ktm_run_grouped (run, attribute, run->last, KTM_OUTCOME_PERCENT, &percent);
  if (percent.n_groups < 2
      || ktm_stats_k_groups (percent.value, percent.group, percent.n, percent.n_groups, run->level,
                             &k, NULL, NULL)
             != KTM_STATS_OK)
    return;
  row = ktm_run_add (run, "kruskal_h", N_("ranks of each patient's % change, corrected for ties"),
                     (long) run->last, -1, (long) percent.n);
  ktm_report_row_set_subject (row, attribute->id);
  ktm_report_row_set_test (row, N_("Kruskal–Wallis"), k.kruskal);
  row->rank = KTM_RANK_DETAIL;
  s->percent_p[at] = k.kruskal.p;
}

static void
say (const Subgroups *s, gsize at, const KtmFrameAttribute *attribute, gsize smallest,
     const char *who)
{
  KtmReport *report = s->run->report;
  double p = s->p[at], q = s->percent_p[at], alpha = 1 - s->run->level;

  if (isnan (p))
    ktm_report_card_say (
        report,
        ktm_text_new (N_("The subgroups cannot be compared: too few patients have both scores."),
                      ""));
  else if (isnan (q))
    ktm_report_card_say (
        report, ktm_text_new (N_("Do the subgroups of {1} differ? ANCOVA on baseline {2}."), "sp",
                              ktm_attribute_label (attribute), p));
  else if ((p < alpha) != (q < alpha))
    ktm_report_card_say (
        report,
        ktm_text_new (N_("Do the subgroups of {1} differ? ANCOVA on baseline {2}; Kruskal–Wallis "
                          "on % change {3}. The two tests disagree: exploratory."),
                      "spp", ktm_attribute_label (attribute), p, q));
  else
    ktm_report_card_say (report, ktm_text_new (N_("Do the subgroups of {1} differ? ANCOVA on "
                                                   "baseline {2}; Kruskal–Wallis on % change {3}."),
                                               "spp", ktm_attribute_label (attribute), p, q));
  if (who != NULL)
    ktm_run_warn_few (s->run, who, smallest);
}

static void
add_attribute (Subgroups *s, gsize at)
{
  const KtmFrameAttribute *attribute = s->attributes->pdata[at];
  KtmRun *run = s->run;
  g_auto(KtmGrouped) g = { 0 };
  gsize smallest = G_MAXSIZE;
  const char *who = NULL;

  ktm_run_grouped (run, attribute, run->last, KTM_OUTCOME_CHANGE, &g);
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("Change by {1}"), "s", ktm_attribute_label (attribute)),
                       run->options->standardised
                           ? ktm_text_new (N_("Cohen's d_av, {1} % CI"), "g", 100 * run->level)
                           : ktm_text_new (N_("mean, {2} [{1} % CI]"), "gt", 100 * run->level,
                                           ktm_run_unit (run, 2)));
  for (long k = -1; k < (long) g.n_groups; k++)
    add_level (s, attribute, &g, k, &smallest, &who);
  if (at == 0)
    add_everybody (run);
  add_test (s, at, attribute, &g);
  say (s, at, attribute, smallest, who);
  ktm_run_warn_same_start (run, attribute);
  if (at == 0)
    {
      ktm_report_exclude (
          run->report, ktm_text_new (N_("no score at {1}"), "t", ktm_run_visit (run, run->last)),
          (long) g.n_no_score);
      ktm_report_exclude (run->report,
                          ktm_text_new (N_("no score at {1}"), "t", ktm_run_before_text (run)),
                          (long) g.n_no_before);
    }
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("{1} not recorded"), "s", ktm_attribute_label (attribute)),
                      (long) g.n_no_group);
}

static void
adjust (Subgroups *s)
{
  gsize n = s->attributes->len, made = 0;
  g_autofree double *adjusted = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    made += !isnan (s->p[i]);
  if (ktm_stats_adjust (ktm_run_adjust (s->run), s->p, n, adjusted) != KTM_STATS_OK)
    return;
  for (gsize i = 0; i < n; i++)
    if (!isnan (s->p[i]))
      s->run->report->rows[s->test_row[i]].p_adjusted = adjusted[i];
  if (made > 1)
    ktm_report_card_warn (
        s->run->report,
        ktm_text_new (N_("{1} attributes were tested: by chance alone one in twenty is "
                          "“significant”. Corrected p-values ({2}) stand in the table."),
                      "iw", (long) made, ktm_run_adjust_text (s->run)));
}

static gboolean
choose_attributes (Subgroups *s, GError **error)
{
  const KtmFrame *f = s->run->frame;
  char **ids = s->run->options->covariates;

  s->split = g_new0 (KtmSplit, ids != NULL ? g_strv_length (ids) + 1 : 1);
  if (s->run->by != NULL)
    g_ptr_array_add (s->attributes, (gpointer) s->run->by);
  for (char **id = ids; id != NULL && *id != NULL; id++)
    {
      KtmSplit *split = &s->split[s->n_split++];
      const KtmFrameAttribute *attribute =
          ktm_run_levels (f, s->run->options, *id, split, error);

      if (attribute == NULL)
        return FALSE;
      if (attribute == &split->attribute)
        ktm_report_method (s->run->report, ktm_split_text (split));
      g_ptr_array_add (s->attributes, (gpointer) attribute);
    }
  for (gsize a = 0;
       s->run->by == NULL && s->run->options->covariates == NULL && a < f->n_attributes; a++)
    if (ktm_run_is_grouping (s->run, &f->attributes[a]))
      g_ptr_array_add (s->attributes, (gpointer) &f->attributes[a]);
  if (s->attributes->len > 0)
    return TRUE;
  g_set_error_literal (
      error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
      _("This cohort has no attribute with two to eight levels to make subgroups of."));
  return FALSE;
}

static void
add_methods (const Subgroups *s)
{
  const KtmRun *run = s->run;

  ktm_report_method (
      run->report, ktm_text_new (N_("The change of {1} from {2} to {3} is given in each subgroup; "
                                     "whether subgroups differ was tested by ANCOVA of the "
                                     "follow-up score on baseline and subgroup, with p-values "
                                     "corrected for the number of attributes tested ({4}; {5})."),
                                 "sttiw", run->report->measure_label, ktm_run_before_text (run),
                                 ktm_run_visit (run, run->last), (long) s->attributes->len,
                                 ktm_run_adjust_text (run)));
  ktm_run_method_missing (run);
  ktm_report_cite (run->report, "Holm S. A simple sequentially rejective multiple test procedure. "
                                "Scand J Stat 1979;6:65-70.");
}

static gboolean
fill_report (Subgroups *s, const KtmProgress *progress, GError **error)
{
  gsize n;

  if (!choose_attributes (s, error))
    return FALSE;
  n = s->attributes->len;
  s->p = g_new (double, n);
  s->percent_p = g_new (double, n);
  s->test_row = g_new0 (gsize, n);
  for (gsize i = 0; i < n; i++)
    s->p[i] = s->percent_p[i] = NAN;
  for (gsize i = 0; i < n && !ktm_progress_stopped (progress); i++)
    add_attribute (s, i);
  adjust (s);
  return TRUE;
}

static void
clear (Subgroups *s)
{
  for (gsize i = 0; i < s->n_split; i++)
    ktm_split_clear (&s->split[i]);
  g_free (s->split);
  g_free (s->p);
  g_free (s->percent_p);
  g_free (s->test_row);
}

static gboolean
run_subgroups (const KtmFrame *frame, const KtmAnalysisOptions *options,
               const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autoptr(GPtrArray) attributes = g_ptr_array_new ();
  Subgroups s = { .run = &run, .attributes = attributes };
  gboolean ok = ktm_run_init (&run, frame, options, progress, report, error)
                && ktm_run_need_follow_up (&run, error) && fill_report (&s, progress, error);

  if (!ok)
    {
      clear (&s);
      return FALSE;
    }
  ktm_run_note_no_arm (&run);
  ktm_report_card_note (report,
                        ktm_text_new (N_("A difference between subgroups is not an effect of "
                                          "treatment that differs: that needs a comparison arm."),
                                      ""));
  add_methods (&s);
  clear (&s);
  return TRUE;
}

const KtmAnalysis ktm_analysis_subgroups = {
  "subgroups",
  N_("Change by subgroup"),
  N_("In whom did the score change, and do subgroups differ?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_MISSING | KTM_USES_COVARIATES
      | KTM_USES_ADJUST | KTM_USES_STANDARD,
  FALSE,
  run_subgroups,
};
