/* model/analysis: who is in each trajectory class: attributes and other measures by class, and what
 * foretells the class. */
#include "ktm-analyses.h"
#include "ktm-class-predictors.h"
#include "ktm-run-groups.h"

#include "ktm-k-groups.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- tables ----------------------------------------------------------------------------------- */

/* A line of the card that waits for its adjusted p. */
typedef struct
{
  gsize    row;
  KtmText *label;
  gboolean alone;
} Waiting;

const char *
ktm_class_table_name (const KtmClassTable *t, gsize k)
{
  return ktm_class_result_name (t->result, t->result->n_classes, k);
}

static int
look (const KtmClassTable *t, gsize k)
{
  return (int) ktm_class_look (t->result->n_classes, k);
}

/* Mean of @value in class @k, each patient counted by probability; NaN where nobody has one. */
static double
weighted_mean (const KtmClassTable *t, const double *value, gsize k, gsize *n)
{
  double sum = 0, weight = 0;

  *n = 0;
  for (gsize i = 0; i < t->result->n_patients; i++)
    if (t->fit->modal[i] >= 0 && !isnan (value[i]))
      {
        double w = t->fit->posterior[i * t->result->n_classes + k];

        sum += w * value[i];
        weight += w;
        (*n)++;
      }
  return weight > 0 ? sum / weight : NAN;
}

/* One row a class: a line of the table under @label (taken), or with NULL in the full table only.
 */
static void
add_means (const KtmClassTable *t, const char *statistic, const char *method, const char *subject,
           const double *value, KtmText *label, gsize *n)
{
  gboolean percent = strcmp (statistic, "class_mean") != 0;

  for (gsize k = 0; k < t->result->n_classes; k++)
    {
      double mean = weighted_mean (t, value, k, n);
      KtmReportRow *row = ktm_run_add_value (t->run, statistic, method, -1, -1, (long) *n, mean);

      ktm_report_row_set_group (row, ktm_class_table_name (t, k), NULL);
      ktm_report_row_set_subject (row, subject);
      if (label == NULL)
        continue;
      row->rank = KTM_RANK_SHOWN;
      ktm_report_row_say (row, ktm_text_copy (label),
                          percent ? ktm_text_new (N_("{1} %"), "0", 100 * mean)
                                  : ktm_text_new ("{1}", "1", mean));
      ktm_report_row_look (row, KTM_LOOK_CELL, look (t, k), NULL);
    }
  ktm_text_free (label);
}

/* The test stands at the end of the line of numbers called @label (taken), or, where @alone, on a
 * line of its own. */
static void
add_test (const KtmClassTable *t, const char *statistic, const char *method, const char *name,
          const char *subject, KtmTest test, gsize n, KtmText *label, gboolean alone)
{
  KtmReportRow *row = ktm_run_add (t->run, statistic, method, -1, -1, (long) n);
  Waiting w = { t->run->report->n_rows - 1, label, alone };

  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_test (row, name, test);
  g_array_append_val (t->waiting, w);
}

static void
add_number (const KtmClassTable *t, const KtmClassTrait *trait)
{
  gsize n, m = 0, used = 0, number[KTM_GBTM_MAX_CLASSES], size[KTM_GBTM_MAX_CLASSES] = { 0 };
  g_autofree double *x = g_new (double, t->result->n_patients + 1);
  g_autofree gsize *group = g_new (gsize, t->result->n_patients + 1);
  KtmKGroups k = { .kruskal = KTM_TEST_NAN };

  add_means (t, "class_mean", N_("mean weighted by the probability of the class"), trait->id,
             trait->value, ktm_class_trait_label (trait), &n);
  for (gsize i = 0; i < t->result->n_patients; i++)
    if (t->fit->modal[i] >= 0 && !isnan (trait->value[i]))
      size[t->fit->modal[i]]++;
  for (gsize c = 0; c < t->result->n_classes; c++)
    number[c] = size[c] > 0 ? used++ : used;
  for (gsize i = 0; i < t->result->n_patients; i++)
    if (t->fit->modal[i] >= 0 && !isnan (trait->value[i]))
      {
        x[m] = trait->value[i];
        group[m++] = number[t->fit->modal[i]];
      }
  if (used < 2
      || ktm_stats_k_groups (x, group, m, used, t->run->level, &k, NULL, NULL) != KTM_STATS_OK)
    k.kruskal = KTM_TEST_NAN;
  add_test (t, "kruskal_h",
            N_("Kruskal–Wallis test between the patients most likely in each class"),
            N_("Kruskal–Wallis"), trait->id, k.kruskal, n, ktm_class_trait_label (trait), FALSE);
}

/* Levels × classes of the patients most likely in each; empty rows and columns left out. */
static gsize
count_table (const KtmClassTable *t, const KtmClassTrait *trait, double *table, gsize *rows,
             gsize *columns)
{
  gsize k = t->result->n_classes, n = 0, used[KTM_GBTM_MAX_CLASSES] = { 0 }, at = 0;
  g_autofree double *all = g_new0 (double, trait->n_levels * k + 1);

  for (gsize i = 0; i < t->result->n_patients; i++)
    if (t->fit->modal[i] >= 0 && !isnan (trait->value[i]))
      {
        all[(gsize) trait->value[i] * k + (gsize) t->fit->modal[i]]++;
        used[t->fit->modal[i]] = 1;
        n++;
      }
  *rows = *columns = 0;
  for (gsize c = 0; c < k; c++)
    *columns += used[c];
  for (gsize l = 0; l < trait->n_levels; l++)
    {
      double sum = 0;

      for (gsize c = 0; c < k; c++)
        sum += all[l * k + c];
      for (gsize c = 0; c < k && sum > 0; c++)
        if (used[c])
          table[at++] = all[l * k + c];
      *rows += sum > 0;
    }
  return n;
}

/* χ² where every expected count is at least 5, else Fisher's test. */
static void
test_levels (const KtmClassTable *t, const KtmClassTrait *trait, KtmText *label, gboolean alone)
{
  g_autofree double *table = g_new0 (double, trait->n_levels * t->result->n_classes + 1),
                    *expected = g_new (double, trait->n_levels * t->result->n_classes + 1);
  gsize rows, columns, n = count_table (t, trait, table, &rows, &columns);
  double least = INFINITY;
  KtmTable chi;
  KtmFisherTable fisher;
  KtmTest test = KTM_TEST_NAN;

  if (ktm_stats_table (table, rows, columns, &chi, expected, NULL) == KTM_STATS_OK)
    {
      for (gsize i = 0; i < rows * columns; i++)
        least = MIN (least, expected[i]);
      if (least >= 5)
        {
          add_test (t, "chi2",
                    N_("χ² without correction between the patients most likely in each class"),
                    N_("chi-squared"), trait->id, chi.chi2, n, label, alone);
          return;
        }
      if (ktm_stats_fisher_table (table, rows, columns, 20000, t->result->spec.seed,
                                  t->run->progress, &fisher)
          == KTM_STATS_OK)
        test.p = fisher.p;
    }
  add_test (t, "fisher",
            N_("Fisher–Freeman–Halton test between the patients most likely in each class; 20 000 "
                "random tables where exact counting takes too long"),
            N_("Fisher's exact"), trait->id, test, n, label, alone);
}

/* How the patients of one level spread over the classes: a bar of the card where there are at least
 * three levels. */
static void
add_level_spread (const KtmClassTable *t, const KtmClassTrait *trait, gsize level,
                  const char *subject)
{
  gsize n = 0, k = t->result->n_classes;
  double sum[KTM_GBTM_MAX_CLASSES] = { 0 };

  for (gsize i = 0; i < t->result->n_patients; i++)
    if (t->fit->modal[i] >= 0 && trait->value[i] == (double) level)
      {
        n++;
        for (gsize c = 0; c < k; c++)
          sum[c] += t->fit->posterior[i * k + c];
      }
  for (gsize c = 0; c < k && n > 0; c++)
    {
      KtmReportRow *row = ktm_run_add_value (
          t->run, "class_probability",
          N_("mean probability of the class among the patients with this level"), -1, -1, (long) n,
          sum[c] / (double) n);

      ktm_report_row_set_group (row, ktm_class_table_name (t, c), NULL);
      ktm_report_row_set_subject (row, subject);
      if (trait->n_levels < 3)
        continue;
      row->rank = KTM_RANK_SHOWN;
      ktm_report_row_say (row, ktm_text_new ("{1}", "w", trait->levels[level]),
                          ktm_text_new (N_("{1} %"), "0", 100 * sum[c] / (double) n));
      ktm_report_row_look (row, KTM_LOOK_SHARE, look (t, c), NULL);
    }
}

static void
add_levels (const KtmClassTable *t, const KtmClassTrait *trait)
{
  g_autofree double *is = g_new (double, t->result->n_patients + 1);
  gsize said = trait->n_levels == 2 ? 1 : trait->n_levels, n;

  for (gsize l = 0; l < trait->n_levels; l++)
    {
      g_autofree char *subject = g_strdup_printf ("%s = %s", trait->id, trait->levels[l]);

      for (gsize i = 0; i < t->result->n_patients; i++)
        is[i] = isnan (trait->value[i]) ? NAN : trait->value[i] == (double) l;
      add_level_spread (t, trait, l, subject);
      add_means (t, "class_percent", N_("share weighted by the probability of the class"), subject,
                 is,
                 l == said ? ktm_text_new (N_("{1}: {2}"), "tw", ktm_class_trait_name (trait),
                                           trait->levels[l])
                           : NULL,
                 &n);
    }
  test_levels (t, trait,
               said == 1 ? ktm_text_new (N_("{1}: {2}"), "tw", ktm_class_trait_name (trait),
                                         trait->levels[1])
                         : ktm_text_new (N_("{1}: does it differ?"), "t",
                                         ktm_class_trait_name (trait)),
               said != 1);
}

static KtmText *
test_text (const KtmReportRow *row, double p)
{
  if (strcmp (row->statistic, "chi2") == 0)
    return ktm_text_new (N_("χ² = {1}, df {2}, {3}"), "10p", row->statistic_value, row->df, p);
  return ktm_text_new (N_("{1}: {2}"), "wp", row->test, p);
}

/* Holm (or what was asked for) over every test of the table; then the lines are said. */
static void
adjust_tests (const KtmClassTable *t)
{
  gsize n = t->waiting->len;
  g_autofree double *p = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    p[i] = t->run->report->rows[g_array_index (t->waiting, Waiting, i).row].p;
  ktm_stats_adjust (ktm_run_adjust (t->run), p, n, p);
  for (gsize i = 0; i < n; i++)
    {
      Waiting *w = &g_array_index (t->waiting, Waiting, i);
      KtmReportRow *row = &t->run->report->rows[w->row];
      KtmText *value = w->alone ? isnan (row->p) ? ktm_text_new (N_("cannot be tested"), "")
                                                 : test_text (row, p[i])
                                : ktm_text_new ("{1}", "q", p[i]);

      row->p_adjusted = p[i];
      ktm_report_row_say (row, w->label, value);
      if (!w->alone)
        ktm_report_row_look (row, KTM_LOOK_CELL, -1, NULL);
    }
}

static void
add_table (const KtmClassTable *t, const GPtrArray *traits)
{
  ktm_report_add_card (t->run->report, ktm_text_new (N_("Who is in each class"), ""),
                       ktm_text_new (N_("by probability"), ""));
  ktm_report_card_aside (t->run->report, ktm_text_new (N_("p, {1}"), "w",
                                                       ktm_run_adjust_text (t->run)));
  for (int bars = 1; bars >= 0; bars--)
    for (guint i = 0; i < traits->len && !ktm_progress_stopped (t->run->progress); i++)
      {
        const KtmClassTrait *trait = traits->pdata[i];

        if ((trait->n_levels > 2) != bars)
          continue;
        if (trait->n_levels > 0)
          add_levels (t, trait);
        else
          add_number (t, trait);
      }
  adjust_tests (t);
  ktm_report_card_note (
      t->run->report,
      ktm_text_new (N_("Means and shares count each patient as much as he or she is likely to "
                        "belong to the class. Tests ({1}, {2} of them) are on the most likely "
                        "class and ignore that it may be "
                        "wrong; the odds ratios do not."),
                    "wi", ktm_run_adjust_text (t->run), (long) t->waiting->len));
  ktm_report_card_note (
      t->run->report, ktm_text_new (N_("{1} is not among them: the classes were made from it, so "
                                        "comparing it between them would find what was put in."),
                                    "s", t->run->report->measure_label));
}

/* --- the report ------------------------------------------------------------------------------- */

static gboolean
report_predictors (const KtmRun *run, const KtmRunClasses *classes, GError **error)
{
  g_autoptr(GArray) waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_autoptr(GPtrArray) traits = ktm_class_traits (run);
  KtmClassTable t = { run, classes->result, ktm_class_result_fit (classes->result), waiting };

  add_table (&t, traits);
  ktm_report_method (
      run->report, ktm_text_new (N_("Characteristics of the classes were weighted by the "
                                     "posterior probabilities and compared between the most likely "
                                     "classes by Kruskal–Wallis, χ² or Fisher–Freeman–Halton tests "
                                     "(correction for their number: {1})."),
                                 "w", ktm_run_adjust_text (run)));
  return ktm_class_table_odds (&t, traits, error);
}

static gboolean
tell_predictors (const KtmRun *run, KtmRunClasses *classes, GError **error)
{
  KtmReport *report = run->report;
  gboolean ok = TRUE;

  if (classes->result->n_classes > 1)
    ok = report_predictors (run, classes, error);
  else
    {
      ktm_report_add_card (report, ktm_text_new (N_("Who is in each class"), ""), NULL);
      ktm_report_card_say (
          report, classes->result->n_classes == 0
                      ? ktm_run_classes_why_none (classes)
                      : ktm_text_new (
                          N_("One class holds all patients: there is nothing to compare."), ""));
    }
  report->classes = g_steal_pointer (&classes->result);
  return ok;
}

static gboolean
run_class_predictors (const KtmFrame *frame, const KtmAnalysisOptions *options,
                      const KtmProgress *progress, KtmReport *report, GError **error)
{
  return ktm_run_with_classes (frame, options, progress, report, tell_predictors, error);
}

const KtmAnalysis ktm_analysis_class_predictors = {
  "class-predictors",
  N_("Who is in each class"),
  N_("Do the patients of the trajectory classes differ in anything else?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES | KTM_USES_COVARIATES
      | KTM_USES_ADJUST | KTM_USES_STEPS | KTM_USES_MODEL,
  TRUE,
  run_class_predictors,
};
