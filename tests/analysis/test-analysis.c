/* Every analysis against independently computed numbers. */
#include "frames.h"

#include "ktm-run-response.h"
#include "ktm-report-blocks.h"
#include "ktm-report-format.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* --- the sample cohort: the numbers of the drawings, computed by independent scripts ---------- */

static void
test_cohort_change (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = run_analysis ("change", frame, options);
  const KtmReportRow *w = find_row (report, "wilcoxon_v", NULL, 12);

  check_row (find_row (report, "mean_diff", NULL, 12), 87, -0.9, -1.3, -0.5, 0.1);
  check_shown (find_row (report, "mean_x", NULL, 12)->estimate, 6.5, 0.1);
  check_shown (find_row (report, "sd_x", NULL, 12)->estimate, 2.0, 0.1);
  check_shown (find_row (report, "mean_y", NULL, 12)->estimate, 5.6, 0.1);
  check_shown (find_row (report, "sd_y", NULL, 12)->estimate, 1.8, 0.1);
  check_row (find_row (report, "d_av", NULL, 12), 87, 0.46, 0.24, 0.69, 0.01);
  check_shown (find_row (report, "median_percent_change", NULL, 12)->estimate, -12.5, 0.1);
  check_shown (w->p, 0.0001, 0.0001);
  check_row (find_row (report, "mmrm_change", NULL, 12), 254, -1.0, -1.3, -0.7, 0.1);
  g_assert_cmpuint (report->n_excluded, ==, 2);
  g_assert_cmpint (report->excluded[0].n, ==, 163);
  g_assert_cmpint (report->excluded[1].n, ==, 6);
}

static void
check_close (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-8 * fabs (expected));
}

/* The simulated cohort at month 12: numbers printed by R 4.2, the call beside each.  x, y: the 87
 * complete pairs, d = y − x. */
static void
test_cohort_in_r (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) change = run_analysis ("change", frame, options);
  const KtmReportRow *t = find_row (change, "mean_diff", NULL, 12);

  check_close (t->estimate, -0.8965517241379314); /* t.test (y, x, paired = TRUE) */
  check_close (t->low, -1.32036704746599);
  check_close (t->p, 6.364514055365928e-05);
  check_close (find_row (change, "wilcoxon_v", NULL, 12)->p,
               0.00011822612301937679); /* wilcox.test (y, x, paired = TRUE, exact = FALSE) */
  check_close (find_row (change, "sign_test_p", NULL, 12)->p,
               0.007620521855025764); /* binom.test (sum (d > 0), sum (d != 0)) */
  check_close (find_row (change, "q1_percent_change", NULL, 12)->estimate,
               -100.0 / 3); /* quantile (100 * d / x, .25) */
  options->by = g_strdup ("pain_type");
  g_autoptr(KtmReport) compare = run_analysis ("compare", frame, options);
  check_close (find_row (compare, "welch_f", NULL, 12)->p,
               0.07838737631574981); /* oneway.test (d ~ pain_type) */
  check_close (find_row (compare, "anova_f", NULL, 12)->p,
               0.14476063432441566); /* anova (lm (d ~ pain_type)) */
  check_close (find_row (compare, "kruskal_h", NULL, 12)->p,
               0.16550104171310412); /* kruskal.test (d ~ pain_type) */
  check_close (find_row (compare, "ancova_f", NULL, 12)->p,
               0.012094784418912841); /* anova (lm (y ~ x), lm (y ~ x + pain_type)) */
  g_free (options->by);
  options->by = g_strdup ("sex");
  g_autoptr(KtmReport) two = run_analysis ("compare", frame, options);
  check_close (find_row (two, "welch_t", "F", 12)->p, 0.5806686906049592); /* t.test (d ~ sex) */
  check_close (find_row (two, "student_t", "F", 12)->p,
               0.5794455152109275); /* t.test (d ~ sex, var.equal = TRUE) */
  check_close (find_row (two, "ancova_f", NULL, 12)->p,
               0.13962275464837492); /* anova (lm (y ~ x), lm (y ~ x + sex)) */
  g_assert_nonnull (
      find_row (two, "mw_u1", "F", 12)->note); /* exact, given the ties: wilcox.test is not */
}

static void
test_cohort_subgroups (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = NULL;

  options->by = g_strdup ("pain_type");
  report = run_analysis ("subgroups", frame, options);
  check_row (find_row (report, "mean_diff", "neuropathic", 12), 35, -1.3, -2.0, -0.6, 0.1);
  check_row (find_row (report, "mean_diff", "fibromyalgia", 12), 33, -0.9, -1.6, -0.1, 0.1);
  check_row (find_row (report, "mean_diff", "nociceptive", 12), 14, 0.1, -0.7, 1.0, 0.1);
  check_row (find_row (report, "mean_diff", "CRPS", 12), 5, -1.0, -3.3, 1.3, 0.1);
  check_row (find_row (report, "d_av", "CRPS", 12), 5, 0.83, -0.68, 2.26, 0.01);
  check_shown (find_row (report, "difference_between_subgroups", NULL, 12)->p, 0.012, 0.001);
  check_shown (find_row (report, "kruskal_h", NULL, 12)->p, 0.15, 0.01);
}

static void
test_cohort_responder (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = run_analysis ("responder", frame, options);

  check_row (find_subject_row (report, "proportion", ">= 30%", NULL), 87, 0.30, 0.21, 0.40, 0.01);
  check_row (find_subject_row (report, "proportion", ">= 50%", NULL), 87, 0.13, 0.07, 0.21, 0.01);
  check_row (find_subject_row (report, "proportion_missing_no", ">= 50%", NULL), 256, 0.04, 0.02,
             0.08, 0.01);
  check_row (find_subject_row (report, "proportion_missing_no", ">= 30%", NULL), 256, 0.10, 0.07,
             0.14, 0.01);
}

static void
test_cohort_missingness (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = run_analysis ("missingness", frame, options);
  const KtmReportRow *left = find_subject_row (report, "mean_diff", "nrs", NULL),
                     *early = find_subject_row (report, "mean_diff", "change", NULL);

  g_assert_cmpint (left->n, ==, 153);
  g_assert_cmpint (left->n2, ==, 87);
  check_shown (left->p, 0.096, 0.001);
  g_assert_cmpint (early->n, ==, 120);
  g_assert_cmpint (early->n2, ==, 83);
  g_assert_cmpfloat (find_row (report, "n_missing", NULL, 0)->estimate, ==, 16);
  g_assert_cmpfloat (find_row (report, "n_missing", NULL, 12)->estimate, ==, 163);
  /* counted apart in the sample's table of assessments; the measure's first row is of its baseline
   */
  g_assert_cmpfloat (find_subject_row (report, "n_missing", "npsi", NULL)->estimate, ==, 154);
  g_assert_cmpfloat (find_subject_row (report, "n_missing", "hads_d", NULL)->estimate, ==, 36);
  g_assert_cmpfloat (find_subject_row (report, "proportion_missing", "age", NULL)->estimate, ==, 0);
}

/* Everybody is in one place at each visit, and everybody who stopped is counted once. */
static void
test_cohort_flow (void)
{
  g_autoptr (KtmFrame) frame = frame_cohort ();
  g_autoptr (KtmAnalysisOptions) options = options_to (12);
  g_autoptr (KtmReport) report = NULL;
  double stopped = 0;

  options->by = g_strdup ("sex");
  report = run_analysis ("flow", frame, options);
  for (int time = 1; time <= 12; time++)
    {
      g_assert_cmpfloat (find_row (report, "n_seen", NULL, time)->estimate
                             + find_row (report, "n_missed", NULL, time)->estimate
                             + find_row (report, "n_gone", NULL, time)->estimate,
                         ==, 256);
      stopped += find_row (report, "n_stopped", NULL, time)->estimate;
      g_assert_cmpfloat (find_row (report, "n_seen", "F", time)->estimate
                             + find_row (report, "n_seen", "M", time)->estimate,
                         ==, find_row (report, "n_seen", NULL, time)->estimate);
    }
  g_assert_cmpfloat (stopped, ==, 163);
  g_assert_cmpfloat (find_row (report, "n_analysed", NULL, 12)->estimate, ==, 87);
}

/* A stop without a time, and one after the last visit, belong to no visit. */
static void
test_flow_other_stops (void)
{
  g_autoptr (KtmFrame) frame = frame_small (4);
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (KtmReport) report = NULL;
  const double scores[12] = { 5, 4, 3, 5, NAN, NAN, 5, NAN, 2, NAN, 4, NAN };

  memcpy (frame->measures[0].value, scores, sizeof scores);
  ktm_frame_set_baselines (frame);
  frame->stop_reasons = calloc (1, sizeof (char *));
  frame->stop_reasons[frame->n_stop_reasons++] = strdup ("moved");
  frame->stop_time[0] = 9;
  frame->stop_reason[1] = 0; /* time not recorded */
  frame->stop_time[3] = 1.5;
  report = run_analysis ("flow", frame, options);
  g_assert_cmpfloat (find_row (report, "n_stopped", NULL, 1)->estimate, ==, 0);
  g_assert_cmpfloat (find_row (report, "n_stopped", NULL, 2)->estimate, ==, 1);
  g_assert_cmpfloat (find_row (report, "n_missed", NULL, 1)->estimate, ==, 2);
  g_assert_cmpfloat (find_row (report, "n_missed", NULL, 2)->estimate, ==, 1);
  g_assert_cmpfloat (find_row (report, "n_gone", NULL, 2)->estimate, ==, 1);
  g_assert_cmpfloat (find_row (report, "n_analysed", NULL, 2)->estimate, ==, 2);
  g_assert_cmpfloat (find_subject_row (report, "n_stopped", "moved", NULL)->estimate, ==, 1);
  g_assert_cmpfloat (find_subject_row (report, "n_stopped", "-", NULL)->estimate, ==, 1);
}

static void
test_cohort_survival (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = NULL;
  const KtmReportRow *row;

  options->by = g_strdup ("pain_type");
  options->groups = g_strsplit ("neuropathic,fibromyalgia,nociceptive,CRPS", ",", -1);
  options->covariates = g_strsplit ("nrs,age", ",", -1);
  report = run_analysis ("survival", frame, options);
  g_assert_cmpfloat (find_row (report, "gained", NULL, NAN)->estimate, ==, 94);
  g_assert_cmpint (find_row (report, "gained", NULL, NAN)->n, ==, 211);
  g_assert_cmpfloat (find_row (report, "events", NULL, NAN)->estimate, ==, 49);
  check_row (find_row (report, "median_time", NULL, NAN), 94, 6, 4, 8, 1e-9);
  check_row (find_row (report, "median_time", "fibromyalgia", NAN), 29, 4, 2, 7, 1e-9);
  check_row (find_row (report, "median_time", "CRPS", NAN), 15, 4, 1, 6, 1e-9);
  check_row (find_row (report, "survival", NULL, 6), 94, 0.47, 0.36, 0.58, 0.01);
  check_row (find_row (report, "survival", "neuropathic", 6), 40, 0.66, 0.47, 0.80, 0.01);
  row = find_row (report, "logrank_chi2", NULL, NAN);
  check_shown (row->estimate, 5.96, 0.01);
  check_shown (row->p, 0.11, 0.01);
  row = find_subject_row (report, "hr", "pain_type", "fibromyalgia");
  check_row (row, 94, 2.53, 1.16, 5.53, 0.01);
  check_shown (row->p, 0.020, 0.001);
  check_row (find_subject_row (report, "hr", "pain_type", "CRPS"), 94, 2.78, 1.22, 6.35, 0.01);
  check_row (find_subject_row (report, "hr", "nrs", NULL), 94, 0.85, 0.71, 1.01, 0.01);
}

static void
test_relief_rules (void)
{
  static const char *const good[] = { "", "gain 50, by 1", "lost 20; visits 1",
                                      "repeat censor, gap 2", "clock start, last full" };
  static const char *const bad[] = { "gain",         "gain much", "visits 0", "visits 1.5",
                                     "repeat never", "colour 3",  "by -1" };
  g_autoptr(KtmFrame) frame = frame_cohort ();
  gsize gained = G_MAXSIZE;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(KtmAnalysisOptions) options = options_to (12);
      g_autoptr(KtmReport) report = NULL;

      options->relief = g_strdup (good[i]);
      report = run_analysis ("survival", frame, options);
      if (i < 2) /* a harder rule, fewer patients */
        {
          gsize n = (gsize) find_row (report, "gained", NULL, NAN)->estimate;

          g_assert_cmpuint (n, <, gained);
          gained = n;
        }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(KtmAnalysisOptions) options = options_to (12);
      g_autoptr(GError) error = NULL;

      options->relief = g_strdup (bad[i]);
      g_assert_null (
          ktm_analysis_run_sync (ktm_analysis_find ("survival"), frame, options, NULL, &error));
      g_assert_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST);
    }
}

/* Five patients: one never asked; nausea twice in one, the worse counts; an event at a visit
 * without an answer. */
static void
test_adverse_events (void)
{
  g_autoptr(KtmFrame) frame = frame_small (5);
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(KtmReport) report = NULL;
  static const double answers[15] = { NAN, 1,   1,   NAN, 0,   NAN, NAN, 1,
                                      0,   NAN, NAN, NAN, NAN, NAN, NAN };
  static const KtmFrameEvent events[] = {
    { 0, 1, 1, 0, KTM_SEVERITY_MILD, KTM_RELATED_YES, 0, 0, NAN, NAN },
    { 0, 2, 2, 0, KTM_SEVERITY_SEVERE, KTM_RELATED_POSSIBLE, 1, 1, NAN, NAN },
    { 2, 1, 1, 1, KTM_SEVERITY_MODERATE, KTM_RELATED_NO, 0, 0, NAN, NAN },
    { 3, 2, 2, 0, KTM_SEVERITY_MILD, KTM_RELATED_UNKNOWN, 0, -1, NAN, NAN },
  };

  frame->safety = malloc (sizeof answers);
  memcpy (frame->safety, answers, sizeof answers);
  frame->n_terms = 2;
  frame->terms = calloc (2, sizeof *frame->terms);
  frame->terms[0] = strdup ("nausea");
  frame->terms[1] = strdup ("dizziness");
  frame->n_events = G_N_ELEMENTS (events);
  frame->events = malloc (sizeof events);
  memcpy (frame->events, events, sizeof events);
  for (gsize k = 0; k < 15; k++)
    frame->measures[0].value[k] = 5;
  ktm_frame_set_baselines (frame);
  report = run_analysis ("adverse-events", frame, options);
  g_assert_cmpint (find_subject_row (report, "proportion", "any", NULL)->n, ==, 4);
  g_assert_cmpfloat (find_subject_row (report, "proportion", "any", NULL)->estimate, ==, 0.75);
  check_row (find_row (report, "proportion", NULL, 1), 3, 0.67, 0.21, 0.94, 0.01);
  check_row (find_row (report, "proportion", NULL, 2), 3, 0.67, 0.21, 0.94, 0.01);
  g_assert_cmpfloat (find_subject_row (report, "events", "events", NULL)->estimate, ==, 4);
  g_assert_cmpfloat (find_subject_row (report, "events", "serious", NULL)->estimate, ==, 1);
  g_assert_cmpfloat (find_subject_row (report, "event_patients", "nausea", NULL)->estimate, ==,
                     0.5);
  g_assert_cmpfloat (find_subject_row (report, "event_patients", "nausea, severe", NULL)->estimate,
                     ==, 0.25);
  g_assert_cmpfloat (find_subject_row (report, "event_patients", "nausea, mild", NULL)->estimate,
                     ==, 0.25);
  g_assert_cmpuint (report->n_excluded, ==, 1);
  g_assert_cmpint (report->excluded[0].n, ==, 1);
}

static void
test_cohort_others (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) sensitivity = run_analysis ("sensitivity", frame, options);

  options->by = g_strdup ("sex");
  g_autoptr(KtmReport) table = run_analysis ("table1", frame, options);
  g_autoptr(KtmReport) model = run_analysis ("mixed-model", frame, options);

  g_assert_cmpint (find_row (sensitivity, "effect_available", NULL, 12)->n, ==, 87);
  g_assert_cmpint (find_row (sensitivity, "effect_locf", NULL, 12)->n, ==, 240);
  g_assert_cmpint (find_row (sensitivity, "effect_mmrm", NULL, 12)->n, ==, 254);
  g_assert_cmpfloat (find_row (sensitivity, "effect_bocf", NULL, 12)->estimate, >,
                     find_row (sensitivity, "effect_available", NULL, 12)->estimate);
  g_assert_cmpfloat (find_row (sensitivity, "effect_worst", NULL, 12)->estimate, >,
                     find_row (sensitivity, "effect_bocf", NULL, 12)->estimate);
  g_assert_cmpfloat (find_row (table, "n", "F", NAN)->estimate, ==, 175);
  g_assert_cmpfloat (find_subject_row (table, "events", "pain_type = CRPS", NULL)->estimate, ==,
                     30);
  check_row (find_row (model, "mmrm_change", NULL, 12), 93, -1.0, -1.3, -0.7, 0.1);
}

/* --- reference cases -------------------------------------------------------------------------- */

static JsonObject *
expected_of (const char *file, JsonParser *parser)
{
  g_autofree char *path = g_build_filename (g_getenv ("KTM_TEST_CASES"), file, NULL);
  g_autoptr(GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)),
                                        "expected");
}

static void
same (double value, JsonObject *expected, const char *key, double sign)
{
  double e;

  if (!json_object_has_member (expected, key))  /* a case leaves out what does not apply to it */
    return;
  e = json_object_get_double_member (expected, key);
  if (!(fabs (value - sign * e) <= 1e-7 + 1e-7 * fabs (e)))
    g_error ("%s: %.12g, expected %.12g", key, value, sign * e);
}

static void
check_paired (const char *frame_id, KtmFrame *frame, const char *by, const char *group,
              const char *file, double sign)
{
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(KtmReport) report = NULL;
  JsonObject *e = expected_of (file, parser);
  const KtmReportRow *row;

  g_test_message ("%s", frame_id);
  options->by = g_strdup (by);
  report = run_analysis ("change", frame, options);
  row = find_row (report, "mean_diff", group, NAN);
  same (row->estimate, e, "mean_diff", 1);
  same (row->low, e, "mean_diff_ci_lo", 1);
  same (row->p, e, "p", 1);
  same (row->df, e, "df", 1);
  same (find_row (report, "wilcoxon_v", group, NAN)->estimate, e, "wilcoxon_v", 1);
  same (find_row (report, "wilcoxon_p_exact", group, NAN)->estimate, e, "wilcoxon_p_exact", 1);
  same (find_row (report, "wilcoxon_p_normal_continuity", group, NAN)->estimate, e,
        "wilcoxon_p_normal_continuity", 1);
  same (find_row (report, "hodges_lehmann_all", group, NAN)->estimate, e, "hodges_lehmann_all", 1);
  same (find_row (report, "sign_test_p", group, NAN)->p, e, "sign_test_p", 1);
  row = find_row (report, "d_z", group, NAN);
  same (row->estimate, e, "d_z", sign);
  same (row->low, e, sign > 0 ? "d_z_ci_lo" : "d_z_ci_hi", sign);
  row = find_row (report, "d_av", group, NAN);
  same (row->estimate, e, "d_av_pooledvar", sign);
  same (row->high, e, sign > 0 ? "d_av_pooledvar_ci_hi" : "d_av_pooledvar_ci_lo", sign);
  same (find_row (report, "g_rm", group, NAN)->estimate, e, "g_rm", sign);
  same (find_row (report, "glass_delta_baseline_sd", group, NAN)->estimate, e,
        "glass_delta_baseline_sd", sign);
}

static void
test_paired_cases (void)
{
  g_autoptr(KtmFrame) anorexia = frame_anorexia (), btheb = frame_btheb (), labor = frame_labor ();

  check_paired ("anorexia CBT", anorexia, "arm", "CBT", "paired/paired__anorexia__CBT.json", 1);
  check_paired ("anorexia FT", anorexia, "arm", "FT", "paired/paired__anorexia__FT.json", 1);
  check_paired ("btheb", btheb, NULL, NULL, "paired/paired__btheb_wide__pre_vs_8m.json", -1);
  check_paired ("labor", labor, NULL, NULL, "paired/paired__labor_pain__t30_vs_t180.json", -1);
}

static void
test_group_cases (void)
{
  g_autoptr(KtmFrame) btheb = frame_btheb (), anorexia = frame_anorexia ();
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (JsonParser) two = json_parser_new (), many = json_parser_new (),
                         table = json_parser_new ();
  JsonObject *e = expected_of ("two_groups/two_groups__btheb_wide__bdi8m_BtheB_vs_TAU.json", two);

  options->by = g_strdup ("arm");
  options->outcome = g_strdup ("followup");
  options->groups = g_strsplit ("BtheB,TAU", ",", -1);
  g_autoptr(KtmReport) followup = run_analysis ("compare", btheb, options);
  same (find_row (followup, "hedges_g", "BtheB", 8)->estimate, e, "hedges_g", -1);
  same (find_row (followup, "welch_t", "BtheB", 8)->p, e, "welch_p", 1);
  same (find_row (followup, "mw_u1", "BtheB", 8)->estimate, e, "mw_u1", 1);
  same (find_row (followup, "brunner_munzel_t", "BtheB", 8)->p, e, "brunner_munzel_p", 1);
  same (find_row (followup, "cliff_delta", "BtheB", 8)->estimate, e, "cliff_delta", -1);

  g_clear_pointer (&options->outcome, g_free);
  g_clear_pointer (&options->groups, g_strfreev);
  g_autoptr(KtmReport) change = run_analysis ("compare", anorexia, options);
  e = expected_of ("k_groups/k_groups__anorexia__change.json", many);
  same (find_row (change, "anova_f", NULL, NAN)->p, e, "anova_p", 1);
  same (find_row (change, "welch_f", NULL, NAN)->p, e, "welch_p", 1);
  same (find_row (change, "kruskal_h", NULL, NAN)->estimate, e, "kruskal_h", 1);

  options->definition = g_strdup ("bdi >= 50%");
  options->groups = g_strsplit ("BtheB,TAU", ",", -1);
  g_autoptr(KtmReport) response = run_analysis ("responder", btheb, options);
  e = expected_of ("two_by_two/two_by_two__btheb_wide__responder50_8m.json", table);
  same (find_row (response, "rd", "BtheB", 8)->estimate, e, "rd", 1);
  same (find_row (response, "rd", "BtheB", 8)->low, e, "rd_newcombe_lo", 1);
  same (find_row (response, "rr", "BtheB", 8)->estimate, e, "rr", 1);
  same (find_row (response, "nnt", "BtheB", 8)->estimate, e, "nnt", 1);
  same (find_row (response, "fisher", "BtheB", 8)->p, e, "fisher_p", 1);
}

static void
test_summary_case (void)
{
  g_autoptr(KtmFrame) frame = frame_btheb ();
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(KtmReport) report = run_analysis ("summary", frame, options);
  JsonObject *e = expected_of ("summary/summary__btheb_long__by_month__month_8.json", parser);
  static const char *const keys[] = { "sd",  "min", "q1",       "median",          "q3",   "max",
                                      "iqr", "mad", "skewness", "excess_kurtosis", "mean", "n" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    same (find_row (report, keys[i], NULL, 8)->estimate, e, keys[i], 1);
  same (find_row (report, "mean", NULL, 8)->low, e, "mean_ci_lo", 1);
  same (find_row (report, "median", NULL, 8)->high, e, "median_ci_hi", 1);
}

/* --- single-arm wording ----------------------------------------------------------------------- */

static void
test_no_arm (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = NULL;

  options->by = g_strdup ("sex");
  report = run_analysis ("responder", frame, options);
  for (gsize i = 0; i < report->n_rows; i++)
    g_assert_cmpstr (report->rows[i].statistic, !=, "nnt");
}

/* Rates of groups stand in a table: a line a group, a column a visit. */
static void
test_visit_table (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) report = NULL;
  g_autoptr(GPtrArray) blocks = NULL;
  const KtmReportBlock *block;

  options->by = g_strdup ("sex");
  report = run_analysis ("responder", frame, options);
  blocks = ktm_report_blocks (report, 1, NULL, 0);
  g_assert_cmpuint (blocks->len, ==, 1);
  block = blocks->pdata[0];
  g_assert_cmpint (block->look, ==, KTM_LOOK_VISIT);
  g_assert_cmpstr (block->corner, ==, "months");
  g_assert_cmpuint (block->n_columns, ==, 4);
  g_assert_cmpstr (block->heads[0], ==, "1");
  g_assert_cmpstr (block->heads[3], ==, "12");
  g_assert_cmpuint (block->lines->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const KtmReportBlockLine *line = block->lines->pdata[i];

      g_assert_cmpint (line->palette, ==, (int) i);
      g_assert_null (line->aside);
      for (gsize k = 0; k < 4; k++)
        g_assert_nonnull (strstr (line->cells[k], " % ["));
    }
}

/* --- the language of response ----------------------------------------------------------------- */

static int
holds (KtmFrame *frame, const char *text, gsize patient, gsize visit)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KtmDefinition) definition = ktm_run_definition (frame, text, &error);

  g_assert_no_error (error);
  return ktm_definition_holds (definition, KTM_MISSING_AVAILABLE, patient, visit);
}

static void
test_definition (void)
{
  g_autoptr(KtmFrame) frame = frame_small (3);
  const double scores[9] = { 7, 4.9, 3.5, /* 30 %, 50 % */ 6, NAN, 4, /* a gap */ 5,
                             2, NAN /* stopped */ };

  memcpy (frame->measures[0].value, scores, sizeof scores);
  ktm_frame_set_baselines (frame);
  frame->stop_reasons = calloc (1, sizeof (char *));
  frame->stop_reasons[frame->n_stop_reasons++] = strdup ("lack of effect");
  frame->stop_time[2] = 1.5;
  frame->stop_reason[2] = 0;
  g_assert_cmpint (holds (frame, "nrs >= 30%", 0, 1), ==, 1);   /* 2.1 of 7 exactly */
  g_assert_cmpint (holds (frame, "nrs > 30%", 0, 1), ==, 0);
  g_assert_cmpint (holds (frame, "nrs >= 50%", 0, 2), ==, 1);
  g_assert_cmpint (holds (frame, "nrs >= 30% sustained", 0, 2), ==, 1);
  g_assert_cmpint (holds (frame, "nrs >= 2 points", 1, 1), ==, -1);
  g_assert_cmpint (holds (frame, "nrs >= 2 sustained from 1", 1, 2), ==, 1);
  g_assert_cmpint (holds (frame, "nrs >= 2 at 2", 1, 1), ==, 1);
  g_assert_cmpint (holds (frame, "nrs score <= 4", 1, 2), ==, 1);
  g_assert_cmpint (holds (frame, "nrs >= 30%", 2, 2), ==, -1);
  g_assert_cmpint (holds (frame, "nrs >= 30% and not stop lack of effect", 2, 2), ==,
                   0); /* unknown and no = no */
  g_assert_cmpint (holds (frame, "nrs >= 30% and not stop \"lack of effect\"", 2, 1), ==, 1);
  g_assert_cmpint (holds (frame, "nrs >= 30% or stop", 2, 2), ==, 1);
  g_assert_cmpint (holds (frame, "not (nrs >= 30% or nrs score < 2)", 0, 1), ==, 0);
}

/* --- in a worker ------------------------------------------------------------------------------ */

typedef struct
{
  GMainLoop *loop;
  GError    *error;
  gsize      n_rows;
} Done;

static void
done_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  Done *done = data;
  g_autoptr(KtmReport) report = ktm_analysis_run_finish (result, &done->error);

  done->n_rows = report != NULL ? report->n_rows : 0;
  g_main_loop_quit (done->loop);
}

static void
test_async (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Done done = { .loop = loop };

  ktm_analysis_run_async (ktm_analysis_find ("change"), frame, options, NULL, NULL, NULL, done_cb,
                          &done);
  g_main_loop_run (loop);
  g_assert_no_error (done.error);
  g_assert_cmpuint (done.n_rows, >, 100);
  g_cancellable_cancel (cancellable);
  ktm_analysis_run_async (ktm_analysis_find ("mixed-model"), frame, options, cancellable, NULL,
                          NULL, done_cb, &done);
  g_main_loop_run (loop);
  g_assert_error (done.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&done.error);
}

int
main (int argc, char **argv)
{
  begin_tests (&argc, &argv);
  g_test_add_func ("/analysis/cohort/change", test_cohort_change);
  g_test_add_func ("/analysis/cohort/in-r", test_cohort_in_r);
  g_test_add_func ("/analysis/cohort/subgroups", test_cohort_subgroups);
  g_test_add_func ("/analysis/cohort/responder", test_cohort_responder);
  g_test_add_func ("/analysis/visit-table", test_visit_table);
  g_test_add_func ("/analysis/cohort/missingness", test_cohort_missingness);
  g_test_add_func ("/analysis/cohort/others", test_cohort_others);
  g_test_add_func ("/analysis/cohort/flow", test_cohort_flow);
  g_test_add_func ("/analysis/flow/other-stops", test_flow_other_stops);
  g_test_add_func ("/analysis/cohort/survival", test_cohort_survival);
  g_test_add_func ("/analysis/adverse-events", test_adverse_events);
  g_test_add_func ("/analysis/cohort/relief-rules", test_relief_rules);
  g_test_add_func ("/analysis/cases/paired", test_paired_cases);
  g_test_add_func ("/analysis/cases/groups", test_group_cases);
  g_test_add_func ("/analysis/cases/summary", test_summary_case);
  g_test_add_func ("/analysis/no-arm", test_no_arm);
  g_test_add_func ("/analysis/definition", test_definition);
  g_test_add_func ("/analysis/async", test_async);
  return g_test_run ();
}
