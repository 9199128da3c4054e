/* model/analysis: who the patients are: every baseline characteristic, in all and in each group. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"

#include "ktm-describe.h"
#include "ktm-k-groups.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>

/* One quantity of the table: a number, or the share of one level. */
typedef struct
{
  const KtmRun *run;
  const char   *subject, *label, *unit;
  const double *value;      /* n_patients */
  const char   *level;      /* nullable: the label is that of an attribute, this is its level */
  gboolean      is_measure; /* the label is that of a measure, the value its baseline */
} Quantity;

static gsize
collect (const Quantity *q, long group, double *out, gsize *n_missing)
{
  gsize n = 0;

  *n_missing = 0;
  for (gsize i = 0; i < q->run->frame->n_patients; i++)
    if (ktm_run_in_group (q->run, i, group))
      {
        if (isnan (q->value[i]))
          (*n_missing)++;
        else
          out[n++] = q->value[i];
      }
  return n;
}

static KtmReportRow *
add_row (const Quantity *q, const char *statistic, const char *method, long group, gsize n,
         KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (q->run, statistic, method, -1, group, (long) n);

  ktm_report_row_set_subject (row, q->subject);
  row->rank = rank;
  return row;
}

static KtmText *
row_label (const Quantity *q, const char *unit)
{
  KtmText *label = q->is_measure      ? ktm_text_new (N_("{1} at baseline"), "s", q->label)
                   : q->level != NULL ? ktm_text_new (N_("{1}: {2}"), "ss", q->label, q->level)
                   : unit != NULL && unit[0] != '\0'
                       ? ktm_text_new (N_("{1}, {2}"), "ss", q->label, unit)
                       : ktm_text_new ("{1}", "s", q->label);

  return label;
}

static void
add_number_group (const Quantity *q, long group, double *x)
{
  gsize n_missing, n = collect (q, group, x, &n_missing);
  KtmDescription d;
  KtmReportRow *row;

  if (n_missing > 0)
    add_row (q, "n_missing", N_("patients for whom it is not recorded"), group, n, KTM_RANK_DETAIL)
        ->estimate = (double) n_missing;
  row = add_row (q, "mean", N_("arithmetic mean, t interval"), group, n, KTM_RANK_SHOWN);
  ktm_report_row_say (row, row_label (q, q->unit), NULL);
  if (ktm_stats_describe (x, n, q->run->level, &d) != KTM_STATS_OK)
    {
      ktm_report_row_say (row, NULL, ktm_text_new (N_("not recorded"), ""));
      return;
    }
  ktm_report_row_set_estimate (row, d.mean, q->run->level);
  if (n > 1)
    ktm_report_row_say (row, NULL,
                        n_missing > 0 ? ktm_text_new (N_("{1} ± {2} ({3} missing)"), "11i",
                                                      d.mean.value, d.sd, (long) n_missing)
                                      : ktm_text_new (N_("{1} ± {2}"), "11", d.mean.value, d.sd));
  const struct { const char *statistic, *method; double value;
  } values[] = {
    { "sd", N_("standard deviation (n − 1)"), d.sd }, { "median", N_("median"), d.median },
    { "q1", N_("quartile, type 7"), d.q1 },           { "q3", N_("quartile, type 7"), d.q3 },
    { "min", N_("smallest value"), d.min },           { "max", N_("largest value"), d.max },
  };
  for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
    add_row (q, values[k].statistic, values[k].method, group, n, KTM_RANK_DETAIL)->estimate =
        isfinite (values[k].value) ? values[k].value : NAN;
}

/* (m1 − m2)/√((s1² + s2²)/2), also for shares: balance without a test. */
static void
add_difference (const Quantity *q, double *x, gboolean share)
{
  gsize missing, n1, n2;
  double m1, m2, v1, v2;
  KtmReportRow *row;

  if (q->run->n_groups != 2)
    return;
  n1 = collect (q, 0, x, &missing);
  ktm_stats_moments (x, n1, &m1, &v1);
  n2 = collect (q, 1, x, &missing);
  ktm_stats_moments (x, n2, &m2, &v2);
  if (share)
    {
      v1 = m1 * (1 - m1);
      v2 = m2 * (1 - m2);
    }
  row = add_row (q, "standardized_difference", N_("difference / √((s₁² + s₂²)/2)"), -1, n1,
                 KTM_RANK_DETAIL);
  row->n2 = (long) n2;
  ktm_report_row_set_group (row, ktm_run_group_label (q->run, 0), ktm_run_group_label (q->run, 1));
  if (v1 + v2 > 0)
    row->estimate = (m1 - m2) / sqrt ((v1 + v2) / 2);
}

static void
add_number (const KtmRun *run, const char *id, const char *label, const char *unit,
            const double *value, gboolean is_measure)
{
  Quantity q = { run, id, label, unit, value, NULL, is_measure };
  g_autofree double *x = g_new (double, run->frame->n_patients + 1);
  g_autofree gsize *group = g_new (gsize, run->frame->n_patients + 1),
                   *number = g_new0 (gsize, run->n_groups + 1);
  gsize n = 0, used = 0;
  KtmKGroups k;

  for (long g = -1; g < (long) run->n_groups; g++)
    add_number_group (&q, g, x);
  if (g_strcmp0 (id, run->split.attribute.id) == 0) /* what makes the groups is not tested */
    return;
  add_difference (&q, x, FALSE);
  if (run->n_groups < 2)
    return;
  for (gsize g = 0; g < run->n_groups; g++)
    {
      gsize missing, here = collect (&q, (long) g, x, &missing);

      number[g] = here > 0 ? used++ : used;
    }
  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (run->group_of[i] >= 0 && !isnan (value[i]))
      {
        x[n] = value[i];
        group[n++] = number[run->group_of[i]];
      }
  if (used >= 2
      && ktm_stats_k_groups (x, group, n, used, run->level, &k, NULL, NULL) == KTM_STATS_OK)
    ktm_report_row_set_test (add_row (&q, "welch_f",
                                      N_("do the groups differ at baseline? Welch's ANOVA"), -1, n,
                                      KTM_RANK_DETAIL),
                             N_("Welch ANOVA"), k.welch);
}

static void
add_level (const KtmRun *run, const KtmFrameAttribute *attribute, gsize level, double *value,
           double *x)
{
  g_autofree char *subject = g_strdup_printf ("%s = %s", attribute->id, attribute->levels[level]);
  Quantity q = { run,  subject, ktm_attribute_label (attribute),
                 NULL, value,   attribute->levels[level],
                 FALSE };

  for (gsize i = 0; i < run->frame->n_patients; i++)
    value[i] = isnan (attribute->value[i]) ? NAN : attribute->value[i] == (double) level;
  for (long g = -1; g < (long) run->n_groups; g++)
    {
      gsize missing, n = collect (&q, g, x, &missing), with = 0;
      KtmReportRow *row;

      for (gsize k = 0; k < n; k++)
        with += x[k] > 0;
      add_row (&q, "events", N_("patients with this level"), g, n, KTM_RANK_DETAIL)->estimate =
          (double) with;
      row = add_row (&q, "proportion",
                     N_("patients with this level among those for whom it is recorded"), g, n,
                     KTM_RANK_SHOWN);
      ktm_report_row_say (row, row_label (&q, NULL),
                          n > 0 ? ktm_text_new (N_("{1} ({2} %)"), "i0", (long) with,
                                                100.0 * (double) with / (double) n)
                                : ktm_text_new (N_("not recorded"), ""));
      if (n > 0)
        row->estimate = (double) with / (double) n;
    }
  add_difference (&q, x, TRUE);
}

static void
add_category (const KtmRun *run, const KtmFrameAttribute *attribute)
{
  g_autofree double *value = g_new (double, run->frame->n_patients + 1),
                    *x = g_new (double, run->frame->n_patients + 1);
  g_autofree double *table = g_new0 (double, attribute->n_levels * (run->n_groups + 1) + 1);
  gsize rows = 0;
  KtmTable t;

  if (attribute->n_levels > 12)  /* centres and the like: how many, not which */
    return;
  for (gsize l = 0; l < attribute->n_levels; l++)
    {
      double total = 0;

      add_level (run, attribute, l, value, x);
      for (gsize i = 0; i < run->frame->n_patients; i++)
        if (run->n_groups > 0 && run->group_of[i] >= 0 && attribute->value[i] == (double) l)
          {
            table[rows * run->n_groups + (gsize) run->group_of[i]]++;
            total++;
          }
      rows += total > 0;
    }
  if (run->n_groups >= 2 && rows >= 2
      && ktm_stats_table (table, rows, run->n_groups, &t, NULL, NULL) == KTM_STATS_OK)
    {
      Quantity q = { run,  attribute->id, ktm_attribute_label (attribute), NULL, attribute->value,
                     NULL, FALSE };

      ktm_report_row_set_test (
          add_row (&q, "chi2", N_("do the groups differ at baseline? χ² without correction"), -1,
                   (gsize) t.n, KTM_RANK_DETAIL),
          N_("chi-squared"), t.chi2);
    }
}

static void
add_header (const KtmRun *run)
{
  for (long g = -1; g < (long) run->n_groups; g++)
    {
      gsize n = 0;
      KtmReportRow *row;

      for (gsize i = 0; i < run->frame->n_patients; i++)
        n += ktm_run_in_group (run, i, g);
      row = ktm_run_add (run, "n", N_("patients"), -1, g, (long) n);
      row->estimate = (double) n;
      ktm_report_row_say (row, ktm_text_new (N_("Patients"), ""), NULL);
    }
}

static void
add_methods (const KtmRun *run)
{
  ktm_report_method (
      run->report,
      ktm_text_new (N_("Characteristics are given as mean ± standard deviation or number "
                        "(percent) of the patients for whom they are recorded."),
                    ""));
  if (run->n_groups == 2)
    ktm_report_method (run->report,
                       ktm_text_new (N_("Groups are compared by standardised differences."), ""));
  if (run->n_groups > 0 && ktm_run_by_is_arm (run))
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("Groups made by chance need no test of their baseline: "
                                            "a p-value there says only how good the dice were."),
                                        ""));
  ktm_report_cite (run->report, "von Elm E, et al. The STROBE statement. Lancet 2007;370:1453-7.");
}

static gboolean
run_table1 (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
            KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  ktm_report_add_card (
      report, ktm_text_new (N_("The patients at baseline"), ""),
      run.by != NULL ? ktm_text_new (N_("by {1}"), "s", ktm_attribute_label (run.by)) : NULL)
      ->table = run.n_groups > 0;
  add_header (&run);
  for (gsize a = 0; a < frame->n_attributes && !ktm_progress_stopped (progress); a++)
    {
      const KtmFrameAttribute *attribute = &frame->attributes[a];

      if (attribute == run.by || !ktm_run_is_trait (attribute))
        continue;
      if (attribute->n_levels == 0)
        add_number (&run, attribute->id, ktm_attribute_label (attribute), attribute->unit,
                    attribute->value, FALSE);
      else
        add_category (&run, attribute);
    }
  for (gsize m = 0; m < frame->n_measures; m++)
    if (run.by == NULL
        || g_strcmp0 (run.by->made_from, frame->measures[m].id)
               != 0) /* classes are not compared on what they were made from */
      add_number (&run, frame->measures[m].id,
                  frame->measures[m].label != NULL ? frame->measures[m].label
                                                   : frame->measures[m].id,
                  NULL, frame->measures[m].baseline, TRUE);
  if (frame->n_patients == 0)
    ktm_report_card_say (report, ktm_text_new (N_("No patient is selected."), ""));
  add_methods (&run);
  return TRUE;
}

const KtmAnalysis ktm_analysis_table1 = {
  "table1",
  N_("Patients at baseline"),
  N_("Who are the patients, and do groups differ before treatment?"),
  KTM_USES_BY,
  FALSE,
  run_table1,
};
