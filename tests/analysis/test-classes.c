/* Trajectory classes above the engine: the sample cohort's numbers from independent scripts,
 * recovery of simulated classes, and cohorts with next to nothing in them. */
#include "frames.h"

#include "ktm-class-advice.h"
#include "ktm-class-lights.h"
#include "ktm-class-result.h"
#include "ktm-report-blocks.h"
#include "ktm-report-format.h"

#include <string.h>

static KtmAnalysisOptions *
new_options (int classes)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->classes = classes;
  return options;
}

static void
near (double value, double expected, double step)
{
  g_assert_cmpfloat_with_epsilon (value, expected, step / 2 + 1e-9);
}

/* --- the sample cohort: classes.png, computed in R -------------------------------------------- */

static void
check_models (const KtmReport *report)
{
  static const double loglik[] = { -4111.8, -3599.6, -3420.6, -3366.2, -3318.2, -3269.4 };
  static const double bic[] = { 8251, 7255, 6924, 6843, 6775, 6705 },
                      icl[] = { 8251, 7328, 7039, 7035, 6971, 6906 };
  static const double entropy[] = { NAN, .79, .79, .73, .76, .78 },
                      appa[] = { NAN, .93, .88, .77, .77, .76 };

  for (int k = 0; k < 6; k++)
    {
      g_autofree char *subject = g_strdup_printf ("K = %d", k + 1);

      near (find_subject_row (report, "loglik", subject, NULL)->estimate, loglik[k], 0.1);
      near (find_subject_row (report, "bic_subjects", subject, NULL)->estimate, bic[k], 1);
      near (find_subject_row (report, "icl", subject, NULL)->estimate, icl[k], 1);
      if (k == 0)
        continue;
      near (find_subject_row (report, "entropy_relative", subject, NULL)->estimate, entropy[k],
            0.01);
      near (find_subject_row (report, "least_appa", subject, NULL)->estimate, appa[k], 0.01);
    }
}

static void
test_sample (void)
{
  static const struct
  {
    const char *name;
    long n;
    double share, appa, occ, mismatch, uncertain;
  } classes[] = {
    { "Mild", 46, .19, .92, 50.5, .005, 6 },
    { "Moderate", 87, .35, .88, 12.9, .012, 21 },
    { "Severe", 121, .46, .91, 11.5, -.017, 13 },
  };
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options);

  check_models (report);
  near (find_row (report, "n_classes", NULL, NAN)->estimate, 3, 0);
  g_assert_cmpint (find_row (report, "n_classes", NULL, NAN)->n, ==, 254);
  for (gsize k = 0; k < G_N_ELEMENTS (classes); k++)
    {
      const KtmReportRow *share = NULL;

      for (gsize i = 0; i < report->n_rows && share == NULL; i++)
        if (strcmp (report->rows[i].statistic, "class_share") == 0
            && report->rows[i].subject == NULL
            && strcmp (report->rows[i].group, classes[k].name) == 0)
          share = &report->rows[i];
      g_assert_nonnull (share);
      near (share->estimate, classes[k].share, .01);
      g_assert_cmpint (share->n, ==, classes[k].n);
      g_assert_true (share->low < share->estimate && share->estimate < share->high);
      near (find_row (report, "appa", classes[k].name, NAN)->estimate, classes[k].appa, .01);
      near (find_row (report, "occ", classes[k].name, NAN)->estimate, classes[k].occ, .1);
      near (find_row (report, "mismatch", classes[k].name, NAN)->estimate, classes[k].mismatch,
            .001);
      near (find_row (report, "class_uncertain", classes[k].name, NAN)->estimate,
            classes[k].uncertain, 0);
    }
  g_assert_true (report->has_seed);
  g_assert_cmpuint (report->n_excluded, ==, 1);
  g_assert_cmpint (report->excluded[0].n, ==, 2);
  g_assert_true (report->classes->search.advice.continuum);
}

/* Curves stay on the scale and within the visits; the result knows every patient. */
static void
test_result (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = new_options (3);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options);
  KtmClassResult *result = report->classes;
  gsize n[3] = { 0 }, none = 0, n_curve = 0;

  g_assert_true (result->by_person);
  g_assert_cmpuint (result->n_one_score, ==, 30);
  for (gsize i = 0; i < frame->n_patients; i++)
    {
      double certainty;
      int k = ktm_class_result_class (result, i, &certainty);

      g_assert_cmpint (ktm_class_result_find (result, frame, i), ==, (long) i);
      if (k < 0)
        none++;
      else
        n[k]++;
      g_assert_true (k < 0 ? isnan (certainty) : certainty > 1.0 / 3 && certainty <= 1);
    }
  g_assert_true (n[0] == 46 && n[1] == 87 && n[2] == 121 && none == 2);
  for (gsize i = 0; i < report->n_rows; i++)
    if (strcmp (report->rows[i].statistic, "class_curve") == 0)
      {
        n_curve++;
        g_assert_true (report->rows[i].low >= 0 && report->rows[i].high <= 10
                       && report->rows[i].time >= 0 && report->rows[i].time <= 12);
      }
  g_assert_cmpuint (n_curve, ==, 3 * 13);
  g_assert_true (ktm_class_result_rename (result, 1, "Fluctuating"));
  g_assert_false (ktm_class_result_rename (result, 0, "Fluctuating"));
  g_assert_false (ktm_class_result_rename (result, 0, "  "));
  g_assert_cmpstr (ktm_class_result_name (result, 3, 1), ==, "Fluctuating");
  g_assert_cmpstr (ktm_class_result_name (result, 4, 1), ==, "Moderate");
}

/* Shares by probability and the test of the drawing; the very measure is never compared. */
static void
test_predictors (void)
{
  static const struct { const char *level; double mild, moderate, severe;
  } pain[] = {
    { "neuropathic", .36, .31, .33 },
    { "fibromyalgia", .06, .32, .62 },
    { "nociceptive", .18, .47, .35 },
    { "CRPS", .14, .46, .41 },
  };
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = new_options (3);
  g_autoptr(KtmReport) report = run_analysis ("class-predictors", frame, options);

  for (gsize i = 0; i < G_N_ELEMENTS (pain); i++)
    {
      g_autofree char *subject = g_strconcat ("pain_type = ", pain[i].level, NULL);

      near (find_subject_row (report, "class_probability", subject, "Mild")->estimate, pain[i].mild,
            .01);
      near (find_subject_row (report, "class_probability", subject, "Moderate")->estimate,
            pain[i].moderate, .01);
      near (find_subject_row (report, "class_probability", subject, "Severe")->estimate,
            pain[i].severe, .01);
    }
  near (find_subject_row (report, "chi2", "pain_type", NULL)->statistic_value, 37.6, .1);
  near (find_subject_row (report, "chi2", "pain_type", NULL)->df, 6, 0);
  near (find_subject_row (report, "class_percent", "sex = F", "Severe")->estimate, .76, .01);
  near (find_subject_row (report, "class_mean", "hads_a", "Mild")->estimate, 8.4, .1);
  near (find_subject_row (report, "class_mean", "hads_d", "Severe")->estimate, 11.5, .1);
  near (find_subject_row (report, "class_percent", "seen_at_end = yes", "Mild")->estimate, .47,
        .01);
  g_assert_cmpfloat (find_subject_row (report, "or", "pain_type = fibromyalgia", "Severe")->low, >,
                     1);
  for (gsize i = 0; i < report->n_rows; i++)
    g_assert_true (report->rows[i].subject == NULL || strcmp (report->rows[i].subject, "nrs") != 0);
}

/* --- recovery --------------------------------------------------------------------------------- */

static void
test_recovery (void)
{
  for (guint64 seed = 1; seed <= 2; seed++)
    {
      int truth[150];
      g_autoptr(KtmFrame) frame = frame_courses (150, seed, truth);
      g_autoptr(KtmAnalysisOptions) options = new_options (0);
      g_autoptr(KtmReport) report = NULL;
      gsize right = 0, placed = 0;

      options->degree = 1;
      report = run_analysis ("trajectory-classes", frame, options);
      g_assert_cmpuint (report->classes->n_classes, ==, 3);
      g_assert_false (report->classes->search.advice.continuum);
      for (gsize i = 0; i < 150; i++)
        if (report->classes->n_scores[i] > 2)
          {
            placed++;
            right += ktm_class_result_class (report->classes, i, NULL) == truth[i];
          }
      g_test_message ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " right", right, placed);
      g_assert_cmpfloat ((double) right, >, 0.95 * (double) placed);
    }
}

/* --- one search for all ----------------------------------------------------------------------- */

/* The predictors take the models found before, and only those of the same scores. */
static void
test_found (void)
{
  g_autoptr(KtmFrame) frame = frame_courses (60, 3, (int[60]){ 0 }), other = frame_courses (60, 4,
                                                                                 (int[60]){ 0 });
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) first = NULL, second = NULL, third = NULL;

  options->degree = 1;
  first = run_analysis ("trajectory-classes", frame, options);
  options->found = ktm_class_result_ref (first->classes);
  options->classes = 2;
  second = run_analysis ("class-predictors", frame, options);
  g_assert_true (second->classes->search.fit[1] == first->classes->search.fit[1]);
  g_assert_cmpuint (second->classes->n_classes, ==, 2);
  g_assert_true (second->classes->by_person);
  third = run_analysis ("class-predictors", other, options);
  g_assert_false (third->classes->search.fit[1] == first->classes->search.fit[1]);
  g_assert_false (ktm_class_result_same (first->classes, third->classes));
}

/* What people named the classes of a number of them stands wherever that number is shown. */
static void
test_given_names (void)
{
  g_autoptr(KtmFrame) frame = frame_courses (60, 3, (int[60]){ 0 });
  g_autoptr(KtmAnalysisOptions) options = new_options (2);
  g_autoptr(KtmReport) report = NULL;
  KtmClassResult *three;

  g_assert_true (ktm_frame_add_class_names (frame, frame->measures[0].id, 2,
                                            (const char *const[]){ NULL, "Steady" }));
  g_assert_false (ktm_frame_add_class_names (frame, frame->measures[0].id, 9,
                                             (const char *const[]){ NULL }));
  options->degree = 1;
  report = run_analysis ("trajectory-classes", frame, options);
  g_assert_cmpstr (ktm_class_result_name (report->classes, 2, 0), ==, "Mild");
  g_assert_cmpstr (ktm_class_result_name (report->classes, 2, 1), ==, "Steady");
  three = ktm_class_result_choose (report->classes, frame, 3);
  g_assert_cmpstr (ktm_class_result_name (three, 3, 1), ==, "Moderate");
  g_assert_cmpstr (ktm_class_result_name (three, 2, 1), ==, "Steady");
  g_assert_true (ktm_class_result_rename (three, 1, "Middle"));
  g_assert_cmpstr (ktm_class_result_name (report->classes, 3, 1), ==, "Moderate");
  ktm_class_result_unref (three);
}

/* The card is a table: a column a class, what is wanted at the end. */
static void
test_blocks (void)
{
  g_autoptr(KtmFrame) frame = frame_courses (60, 3, (int[60]){ 0 });
  g_autoptr(KtmAnalysisOptions) options = new_options (3);
  g_autoptr(KtmReport) report = NULL;
  g_autoptr(GPtrArray) blocks = NULL;
  g_autofree char *text = NULL;
  const KtmReportBlock *block;

  options->degree = 1;
  report = run_analysis ("trajectory-classes", frame, options);
  blocks = ktm_report_blocks (report, 0, NULL, 0);
  g_assert_cmpuint (blocks->len, ==, 1);
  block = blocks->pdata[0];
  g_assert_cmpuint (block->n_columns, ==, 3);
  g_assert_cmpstr (block->heads[2], ==, "Severe");
  g_assert_cmpstr (block->aside, ==, "wanted");
  g_assert_cmpuint (block->lines->len, ==, 6);
  for (guint i = 0; i < block->lines->len; i++)
    for (gsize k = 0; k < 3; k++)
      g_assert_cmpstr (((KtmReportBlockLine *) block->lines->pdata[i])->cells[k], !=, "");
  text = ktm_report_plain_text (report, NULL, 0);
  g_assert_nonnull (strstr (text, "Mild"));
  g_assert_nonnull (strstr (text, "> 5\n"));
}

static void
test_advice (void)
{
  g_autoptr(KtmFrame) frame = frame_courses (60, 3, (int[60]){ 0 });
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) report = NULL;
  KtmText *next, *missing;
  char *said;

  options->degree = 1;
  report = run_analysis ("trajectory-classes", frame, options);
  next = ktm_class_next (report->classes, 1);
  said = ktm_text_render (next, NULL, 0);
  g_assert_true (g_str_has_prefix (said, "a second class lowers BIC by"));
  g_free (said);
  ktm_text_free (next);
  g_assert_null (ktm_class_next (report->classes, report->classes->search.n));
  missing = ktm_class_not_fitted (report->classes);
  g_assert_true ((missing == NULL) == (report->classes->search.fit[5] != NULL));
  ktm_text_free (missing);
}

/* --- little to go by -------------------------------------------------------------------------- */

static const char *
sentence (const KtmReport *report, gsize card)
{
  static char *said;

  g_free (said);
  said = ktm_text_render (report->cards[card].sentence, NULL, 0);
  return said;
}

static void
test_few_visits (void)
{
  g_autoptr(KtmFrame) frame = frame_anorexia ();
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options);
  g_autofree char *methods = ktm_text_render (report->methods[0], NULL, 0);

  g_assert_nonnull (strstr (methods, "linear"));   /* two visits allow no cubic */
  g_assert_null (strstr (methods, "censored"));    /* and weight has no scale ends */
}

static void
test_nothing (void)
{
  g_autoptr(KtmFrame) empty = frame_small (12), equal = frame_small (12);
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", empty, options), same = NULL;

  g_assert_nonnull (strstr (sentence (report, 0), "No selected patient has a score"));
  g_assert_null (report->classes);
  for (gsize i = 0; i < 36; i++)
    equal->measures[0].value[i] = 5;
  ktm_frame_set_baselines (equal);
  same = run_analysis ("trajectory-classes", equal, options);
  g_assert_nonnull (strstr (sentence (same, 0), "All scores are equal"));
}

/* "Enough" keeps what was found; a stop from outside keeps nothing. */
static void
test_enough (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = new_options (0);
  g_autoptr(KtmReport) report = NULL;

  options->enough = g_cancellable_new ();
  g_cancellable_cancel (options->enough);
  report = run_analysis ("trajectory-classes", frame, options);
  g_assert_true (report->classes == NULL || report->classes->n_classes <= 6);
}

static void
test_lights (void)
{
  KtmGbtmFit fit = { .model = { .n_classes = 2, .pi = { .04, .96 } },
                     .modal_n = { 8, 192 },
                     .appa = { .75, .99 },
                     .occ = { 4, INFINITY },
                     .entropy = .7,
                     .n_hits = 1,
                     .n_finished = 8 };
  KtmClassLights l;

  ktm_class_lights (&fit, &l);
  g_assert_cmpint (l.smallest_light, ==, KTM_LIGHT_POOR);
  g_assert_cmpint (l.appa_light, ==, KTM_LIGHT_BORDERLINE);
  g_assert_cmpint (l.occ_light, ==, KTM_LIGHT_BORDERLINE);
  g_assert_cmpint (l.entropy_light, ==, KTM_LIGHT_BORDERLINE);
  g_assert_cmpint (l.starts_light, ==, KTM_LIGHT_POOR);
  g_assert_cmpuint (l.smallest_n, ==, 8);
  fit.model.n_classes = 1;
  ktm_class_lights (&fit, &l);
  g_assert_cmpint (l.appa_light, ==, KTM_LIGHT_NONE);
}

int
main (int argc, char **argv)
{
  begin_tests (&argc, &argv);
  g_test_add_func ("/classes/sample", test_sample);
  g_test_add_func ("/classes/result", test_result);
  g_test_add_func ("/classes/predictors", test_predictors);
  g_test_add_func ("/classes/recovery", test_recovery);
  g_test_add_func ("/classes/found", test_found);
  g_test_add_func ("/classes/given-names", test_given_names);
  g_test_add_func ("/classes/blocks", test_blocks);
  g_test_add_func ("/classes/advice", test_advice);
  g_test_add_func ("/classes/few-visits", test_few_visits);
  g_test_add_func ("/classes/nothing", test_nothing);
  g_test_add_func ("/classes/enough", test_enough);
  g_test_add_func ("/classes/lights", test_lights);
  return g_test_run ();
}
