/* model/analysis: do the trajectory classes come back when patients are drawn again? */
#include "ktm-analyses.h"
#include "ktm-run-classes.h"

#include "ktm-gbtm-resample.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define RESAMPLES 200
#define STARTS    4
#define STABLE    0.75
#define DISSOLVED 0.5
#define SURE      0.7

static void
add_class (const KtmRun *run, const KtmClassResult *result, const KtmGbtmStability *b, gsize k)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (result);
  const char *name = ktm_class_result_name (result, result->n_classes, k);
  long n = (long) fit->modal_n[k], wavering = 0;
  double same = 0;
  KtmReportRow *row;

  for (gsize i = 0; i < result->n_patients; i++)
    if (fit->modal[i] == (int) k)
      {
        same += b->same[i] / (double) n;
        wavering += b->same[i] < SURE;
      }
  row = ktm_run_add_value (run, "class_jaccard",
                           N_("mean overlap of the class with its best match in each resample of "
                              "the patients"),
                           -1, -1, n, b->jaccard[k]);
  ktm_report_row_set_group (row, name, NULL);
  row->rank = KTM_RANK_SHOWN;
  ktm_report_row_say (
      row, ktm_text_new ("{1}", "w", name),
      ktm_text_new (N_("overlap {1} {2} · found again in {3} % · {4} of {5} patients waver"),
                    "2s0ii", b->jaccard[k],
                    b->jaccard[k] >= STABLE ? "✓" : b->jaccard[k] >= DISSOLVED ? "△" : "✕",
                    100 * b->found[k], wavering, n));
  row = ktm_run_add_value (run, "class_found",
                           N_("resamples in which at least half of the class came back"), -1, -1,
                           (long) b->n_done, b->found[k]);
  ktm_report_row_set_group (row, name, NULL);
  row = ktm_run_add_value (run, "class_same",
                           N_("mean over the patients most likely in the class"), -1, -1, n,
                           n > 0 ? same : NAN);
  ktm_report_row_set_group (row, name, NULL);
  row = ktm_run_add_value (run, "class_wavering",
                           N_("patients put in the same class in fewer than 70 % of the resamples"),
                           -1, -1, n, (double) wavering);
  ktm_report_row_set_group (row, name, NULL);
}

/* The weakest class in one sentence. */
static void
say_weakest (const KtmRun *run, const KtmClassResult *result, const KtmGbtmStability *b)
{
  gsize weakest = 0;
  const char *name;

  for (gsize k = 1; k < result->n_classes; k++)
    if (b->jaccard[k] < b->jaccard[weakest])
      weakest = k;
  name = ktm_class_result_name (result, result->n_classes, weakest);
  if (b->jaccard[weakest] >= STABLE)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Every class comes back when patients are drawn again; "
                                          "the least sure, {1}, keeps {2} % of itself."),
                                       "w0", name, 100 * b->jaccard[weakest]));
  else if (b->jaccard[weakest] >= DISSOLVED)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("{1} comes back only in part ({2} % of itself): who "
                                          "belongs to it depends on which patients happened to be "
                                          "in the study."),
                                       "w0", name, 100 * b->jaccard[weakest]));
  else
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("{1} does not hold: with other patients less than half "
                                          "of it is found again ({2} %). Do not report it as a "
                                          "kind of patient."),
                                       "w0", name, 100 * b->jaccard[weakest]));
}

static void
report_stability (const KtmRun *run, KtmClassResult *result, const KtmGbtmStability *b)
{
  double same = 0;
  gsize n = 0;
  KtmReportRow *row;

  ktm_report_add_card (run->report, ktm_text_new (N_("Do the classes come back?"), ""),
                       ktm_text_new (N_("{1} resamples of the patients"), "i", (long) b->n_done));
  for (gsize i = 0; i < result->n_patients; i++)
    if (!isnan (b->same[i]))
      {
        same += b->same[i];
        n++;
      }
  row = ktm_run_add_value (run, "class_same",
                           N_("mean share of the resamples that put a patient in the same class"),
                           -1, -1, (long) n, n > 0 ? same / (double) n : NAN);
  row->rank = KTM_RANK_HEADLINE;
  for (gsize k = 0; k < result->n_classes; k++)
    add_class (run, result, b, k);
  say_weakest (run, result, b);
  ktm_report_card_note (
      run->report,
      ktm_text_new (N_("✓ stable: an overlap of 0.75 or more; △ partly; ✕ dissolved: below 0.5. "
                       "Each resample was fitted from the optimum and from {1} other starts; its "
                       "classes were matched to these by the patients they share."),
                    "i", (long) STARTS));
  if (b->n_failed > 0)
    ktm_report_card_warn (run->report,
                          ktm_text_new_plural ("{1} resample could not be fitted and is not "
                                               "counted.",
                                               "{1} resamples could not be fitted and are not "
                                               "counted.",
                                               "i", (long) b->n_failed));
  ktm_report_method (
      run->report,
      ktm_text_new (
          N_("Stability of the classes was judged by refitting the model to {1} bootstrap "
              "resamples of the patients: mean Jaccard overlap of each class with its "
              "match, and the share of resamples that put each patient in the same class "
              "(seed {2})."),
          "ii", (long) b->n_done, (long) result->spec.seed));
  ktm_report_cite (run->report,
                   "Hennig C. Cluster-wise assessment of cluster stability. Comput Stat "
                   "Data Anal 2007;52:258-71.");
}

static void
run_bootstrap (const KtmRun *run, KtmClassResult *result)
{
  guint n = run->options->resamples > 0 ? run->options->resamples : RESAMPLES;
  KtmGbtmStability b;
  KtmStatsStatus status = ktm_gbtm_stability (&result->data, ktm_class_result_fit (result), n,
                                              STARTS, result->spec.seed, run->level,
                                              g_get_num_processors (), run->progress, &b);

  if (status == KTM_STATS_OK)
    {
      report_stability (run, result, &b);
      free (result->same);
      result->same = b.same;
      b.same = NULL;
    }
  else if (status != KTM_STATS_CANCELLED)
    {
      ktm_report_add_card (run->report, ktm_text_new (N_("Do the classes come back?"), ""), NULL);
      ktm_report_card_say (run->report, ktm_text_new (ktm_stats_status_text (status), ""));
    }
  ktm_gbtm_stability_clear (&b);
}

static gboolean
tell_stability (const KtmRun *run, KtmRunClasses *classes, GError **error)
{
  KtmReport *report = run->report;

  if (classes->result->n_classes > 1)
    run_bootstrap (run, classes->result);
  else
    {
      ktm_report_add_card (report, ktm_text_new (N_("Do the classes come back?"), ""), NULL);
      ktm_report_card_say (report, classes->result->n_classes == 0
                                       ? ktm_run_classes_why_none (classes)
                                       : ktm_text_new (N_("One class holds all patients: it is "
                                                          "always found again."),
                                                       ""));
    }
  report->classes = g_steal_pointer (&classes->result);
  return TRUE;
}

static gboolean
run_class_stability (const KtmFrame *frame, const KtmAnalysisOptions *options,
                     const KtmProgress *progress, KtmReport *report, GError **error)
{
  return ktm_run_with_classes (frame, options, progress, report, tell_stability, error);
}

const KtmAnalysis ktm_analysis_class_stability = {
  "class-stability",
  N_("Stability of the classes"),
  N_("Would other patients of this kind have given the same trajectory classes?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES | KTM_USES_RESAMPLES,
  TRUE,
  run_class_stability,
};
