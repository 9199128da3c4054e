/* model/analysis: who is in each trajectory class: attributes and other measures by class, and what
 * foretells the class. */
#include "ktm-analyses.h"
#include "ktm-class-traits.h"
#include "ktm-run-classes.h"
#include "ktm-run-groups.h"

#include "ktm-gbtm-steps.h"
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

typedef struct
{
  const KtmRun         *run;
  const KtmClassResult *result;
  const KtmGbtmFit     *fit;
  GArray               *waiting;   /* Waiting: rows that hold a test */
} Table;

static const char *
class_name (const Table *t, gsize k)
{
  return ktm_class_result_name (t->result, t->result->n_classes, k);
}

static int
look (const Table *t, gsize k)
{
  return (int) ktm_class_look (t->result->n_classes, k);
}

/* Mean of @value in class @k, each patient counted by probability; NaN where nobody has one. */
static double
weighted_mean (const Table *t, const double *value, gsize k, gsize *n)
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
add_means (const Table *t, const char *statistic, const char *method, const char *subject,
           const double *value, KtmText *label, gsize *n)
{
  gboolean percent = strcmp (statistic, "class_mean") != 0;

  for (gsize k = 0; k < t->result->n_classes; k++)
    {
      double mean = weighted_mean (t, value, k, n);
      KtmReportRow *row = ktm_run_add_value (t->run, statistic, method, -1, -1, (long) *n, mean);

      ktm_report_row_set_group (row, class_name (t, k), NULL);
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
add_test (const Table *t, const char *statistic, const char *method, const char *name,
          const char *subject, KtmTest test, gsize n, KtmText *label, gboolean alone)
{
  KtmReportRow *row = ktm_run_add (t->run, statistic, method, -1, -1, (long) n);
  Waiting w = { t->run->report->n_rows - 1, label, alone };

  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_test (row, name, test);
  g_array_append_val (t->waiting, w);
}

static void
add_number (const Table *t, const KtmClassTrait *trait)
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
count_table (const Table *t, const KtmClassTrait *trait, double *table, gsize *rows, gsize *columns)
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
test_levels (const Table *t, const KtmClassTrait *trait, KtmText *label, gboolean alone)
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
add_level_spread (const Table *t, const KtmClassTrait *trait, gsize level, const char *subject)
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

      ktm_report_row_set_group (row, class_name (t, c), NULL);
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
add_levels (const Table *t, const KtmClassTrait *trait)
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
                 l == said ? ktm_text_new (N_("{1}: {2}"), "sw", trait->label, trait->levels[l])
                           : NULL,
                 &n);
    }
  test_levels (t, trait,
               said == 1 ? ktm_text_new (N_("{1}: {2}"), "sw", trait->label, trait->levels[1])
                         : ktm_text_new (N_("{1}: does it differ?"), "s", trait->label),
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
adjust_tests (const Table *t)
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
add_table (const Table *t, const GPtrArray *traits)
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

/* --- odds ratios ------------------------------------------------------------------------------ */

/* Columns of a multinomial model: numbers as they are, levels against the first. */
typedef struct
{
  gsize       n;
  const KtmClassTrait *trait[KTM_GBTM_MAX_COVARIATES];
  gsize       level[KTM_GBTM_MAX_COVARIATES];
} Columns;

static gboolean
add_columns (const KtmClassTrait *trait, Columns *out)
{
  gsize more = trait->n_levels > 0 ? trait->n_levels - 1 : 1;

  if (out->n + more > KTM_GBTM_MAX_COVARIATES)
    return FALSE;
  for (gsize l = 0; l < more; l++)
    {
      out->trait[out->n] = trait;
      out->level[out->n++] = l + 1;
    }
  return TRUE;
}

/* The fit with only those patients who have every covariate. */
static KtmStatsStatus
fit_odds (const Table *t, const Columns *columns, KtmGbtmSteps *out)
{
  gsize n = t->result->n_patients, p = columns->n;
  g_autofree double *x = g_new0 (double, n * p + 1);
  g_autofree int *modal = g_memdup2 (t->fit->modal, n * sizeof *modal);
  KtmGbtmFit some = *t->fit;

  some.modal = modal;
  some.n_subjects = 0;
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < p; j++)
        {
          double v = columns->trait[j]->value[i];

          x[i * p + j] = columns->trait[j]->n_levels > 0 ? v == (double) columns->level[j] : v;
          if (isnan (v))
            modal[i] = -1;
        }
      some.n_subjects += modal[i] >= 0;
    }
  some.n_without_score = n - some.n_subjects;
  return ktm_gbtm_three_steps (&some, x, n, p, t->run->level, out);
}

static KtmText *
column_label (const Columns *columns, gsize j)
{
  const KtmClassTrait *trait = columns->trait[j];

  return trait->n_levels > 0
             ? ktm_text_new (N_("{1}: {2} against {3}"), "sww", trait->label,
                             trait->levels[columns->level[j]], trait->levels[0])
             : ktm_text_new (N_("{1}, per unit"), "t", ktm_class_trait_label (trait));
}

static void
add_odds_rows (const Table *t, const Columns *columns, const KtmGbtmSteps *steps, gboolean adjusted)
{
  for (gsize j = 0; j < columns->n; j++)
    for (gsize c = 1; c < t->result->n_classes; c++)
      {
        const KtmClassTrait *trait = columns->trait[j];
        gsize at = (c - 1) * steps->p + 1 + j;
        g_autofree char *subject =
            trait->n_levels > 0
                ? g_strdup_printf ("%s = %s", trait->id, trait->levels[columns->level[j]])
                : g_strdup (trait->id);
        KtmReportRow *row = ktm_run_add (
            t->run, "or",
            adjusted
                ? N_("multinomial logit in three steps, classification error corrected by maximum "
                      "likelihood; adjusted for each other; Wald interval from the sandwich")
                : N_("multinomial logit in three steps, classification error corrected by maximum "
                      "likelihood; one predictor at a time; Wald interval from the sandwich"),
            -1, -1, (long) steps->n);

        ktm_report_row_set_group (row, class_name (t, c), class_name (t, 0));
        ktm_report_row_set_subject (row, subject);
        row->palette = look (t, c);
        ktm_report_row_set_estimate (row,
                                     (KtmEstimate){ steps->ratio[at], steps->se[at],
                                                    steps->ratio_low[at], steps->ratio_high[at] },
                                     t->run->level);
        ktm_report_row_set_test (row, N_("Wald"),
                                 (KtmTest){ steps->z[at], NAN, NAN, steps->p_value[at] });
        ktm_report_row_say (row,
                            ktm_text_new (N_("{1} · {2} against {3}"), "tww",
                                          column_label (columns, j), class_name (t, c),
                                          class_name (t, 0)),
                            NULL);
      }
}

static void
add_odds (const Table *t, const Columns *columns, gboolean adjusted)
{
  KtmGbtmSteps steps;
  KtmStatsStatus status = fit_odds (t, columns, &steps);

  if (status == KTM_STATS_OK)
    add_odds_rows (t, columns, &steps, adjusted);
  else if (adjusted)
    ktm_report_card_say (t->run->report,
                         ktm_text_new (N_("The model with these predictors cannot be fitted: {1}"),
                                       "w", ktm_stats_status_text (status)));
  else
    ktm_report_card_note (t->run->report,
                          ktm_text_new (N_("{1}: no odds ratio. {2}"), "sw",
                                        columns->trait[0]->label, ktm_stats_status_text (status)));
  ktm_gbtm_steps_clear (&steps);
}

static gboolean
add_predictors (const Table *t, const GPtrArray *traits, GError **error)
{
  char **wanted = t->run->options->covariates;
  Columns all = { 0 };

  ktm_report_add_card (t->run->report, ktm_text_new (N_("What foretells the class"), ""),
                       wanted != NULL
                           ? ktm_text_new (N_("odds ratios, adjusted for each other"), "")
                           : ktm_text_new (N_("odds ratios, one predictor at a time"), ""));
  for (guint i = 0; i < traits->len && !ktm_progress_stopped (t->run->progress); i++)
    {
      const KtmClassTrait *trait = traits->pdata[i];
      Columns one = { 0 };

      if (trait->later
          || (wanted != NULL && !g_strv_contains ((const char *const *) wanted, trait->id)))
        continue;
      if (wanted == NULL && add_columns (trait, &one))
        add_odds (t, &one, FALSE);
      if (wanted != NULL && !add_columns (trait, &all))
        {
          g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                       _("These predictors take more than %d columns (levels count one each, but "
                          "the first): name fewer."),
                       KTM_GBTM_MAX_COVARIATES);
          return FALSE;
        }
    }
  if (all.n > 0)
    add_odds (t, &all, TRUE);
  ktm_report_card_note (
      t->run->report,
      ktm_text_new (N_("Classification error is accounted for (Vermunt's three steps); the "
                        "uncertainty of the class curves themselves is not in the intervals."),
                    ""));
  ktm_report_card_note (
      t->run->report,
      ktm_text_new (N_("Exploratory, and a baseline trait cannot be read as a cause."), ""));
  return TRUE;
}

/* --- the report ------------------------------------------------------------------------------- */

static gboolean
report_predictors (const KtmRun *run, const KtmRunClasses *classes, GError **error)
{
  g_autoptr(GArray) waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_autoptr(GPtrArray) traits = ktm_class_traits (run);
  Table t = { run, classes->result, ktm_class_result_fit (classes->result), waiting };

  add_table (&t, traits);
  ktm_report_method (
      run->report, ktm_text_new (N_("Characteristics of the classes were weighted by the "
                                     "posterior probabilities and compared between the most likely "
                                     "classes by Kruskal–Wallis, χ² or Fisher–Freeman–Halton tests "
                                     "(correction for their number: {1})."),
                                 "w", ktm_run_adjust_text (run)));
  ktm_report_method (
      run->report,
      ktm_text_new (N_("Predictors of class membership were estimated by multinomial logistic "
                        "regression in three steps with maximum-likelihood correction for "
                        "classification error; the reference is the class {1}."),
                    "w", class_name (&t, 0)));
  ktm_report_cite (run->report, "Vermunt JK. Latent class modeling with covariates: two improved "
                                "three-step approaches. Polit Anal 2010;18:450-69.");
  return add_predictors (&t, traits, error);
}

static gboolean
run_class_predictors (const KtmFrame *frame, const KtmAnalysisOptions *options,
                      const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_auto(KtmRunClasses) classes = { 0 };
  gboolean ok = TRUE;

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  if (!ktm_run_classes (&run, &classes))
    return TRUE; /* stopped: the runner says so */
  ktm_run_classes_describe (&run, &classes);
  if (classes.result->n_classes > 1)
    ok = report_predictors (&run, &classes, error);
  else
    {
      ktm_report_add_card (report, ktm_text_new (N_("Who is in each class"), ""), NULL);
      ktm_report_card_say (
          report, classes.result->n_classes == 0
                      ? ktm_run_classes_why_none (&classes)
                      : ktm_text_new (
                          N_("One class holds all patients: there is nothing to compare."), ""));
    }
  report->classes = g_steal_pointer (&classes.result);
  return ok;
}

const KtmAnalysis ktm_analysis_class_predictors = {
  "class-predictors",
  N_("Who is in each class"),
  N_("Do the patients of the trajectory classes differ in anything else?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES | KTM_USES_COVARIATES
      | KTM_USES_ADJUST,
  TRUE,
  run_class_predictors,
};
