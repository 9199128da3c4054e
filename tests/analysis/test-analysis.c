/* Every analysis against independently computed numbers, and on frames that have next to nothing.
 */
#include "frames.h"

#include "ktm-run-response.h"
#include "ktm-report-blocks.h"
#include "ktm-report-format.h"

#include <json-glib/json-glib.h>
#include <string.h>

static KtmAnalysisOptions *
options_to (double to)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->to = to;
  return options;
}

/* --- the sample cohort: the numbers of the drawings, computed by independent scripts ---------- */

static void
check_shown (double value, double expected, double step)
{
  g_assert_cmpfloat_with_epsilon (value, expected, step / 2 + 1e-9);
}

static void
check_row (const KtmReportRow *row, long n, double estimate, double low, double high, double step)
{
  g_assert_cmpint (row->n, ==, n);
  check_shown (row->estimate, estimate, step);
  check_shown (row->low, low, step);
  check_shown (row->high, high, step);
}

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

/* --- frames with next to nothing -------------------------------------------------------------- */

static void
fill (KtmFrame *frame, double baseline, double later, double last)
{
  for (gsize i = 0; i < frame->n_patients; i++)
    {
      frame->measures[0].value[3 * i] = baseline;
      frame->measures[0].value[3 * i + 1] = later;
      frame->measures[0].value[3 * i + 2] = last;
    }
  ktm_frame_set_baselines (frame);
}

static void
run_everything (KtmFrame *frame)
{
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);

  for (gsize k = 0; k < n; k++)
    for (int missing = 0; missing <= KTM_MISSING_WORST; missing++)
      for (int by = 0; by < 2; by++)
        {
          g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
          g_autoptr(GError) error = NULL;
          g_autoptr(KtmReport) report = NULL;

          options->missing = (KtmMissing) missing;
          options->by = by ? g_strdup ("sex") : NULL;
          options->structure = g_strdup (missing == 1   ? "slope"
                                         : missing == 2 ? "intercept"
                                                        : "unstructured");
          options->covariates = missing == 3 && strcmp (all[k]->id, "subgroups") != 0
                                    ? g_strsplit ("sex,nrs", ",", -1)
                                    : NULL;
          report = ktm_analysis_run_sync (all[k], frame, options, NULL, &error);
          g_test_message ("%s, %s, by %d: %s", all[k]->id, ktm_missing_name ((KtmMissing) missing),
                          by, error != NULL ? error->message : "ok");
          g_assert_true ((report != NULL) != (error != NULL));
          if (report != NULL)
            check_report (report);
          else
            g_assert_cmpint (error->domain, ==, KTM_ANALYSIS_ERROR);
        }
}

static void
test_degenerate (void)
{
  static const struct { const char *name; gsize n; double baseline, later, last;
  } shapes[] = {
    { "nobody", 0, 5, 4, 3 },
    { "one patient", 1, 5, 4, 3 },
    { "two patients", 2, 5, 4, 3 },
    { "no baseline", 12, NAN, 4, 3 },
    { "all equal", 12, 5, 5, 5 },
    { "all missing", 12, NAN, NAN, NAN },
    { "only a baseline", 12, 5, NAN, NAN },
    { "baseline of 0", 12, 0, 3, 2 },
    { "a gap", 6, 5, NAN, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr(KtmFrame) frame = frame_small (shapes[i].n);

      g_test_message ("%s", shapes[i].name);
      fill (frame, shapes[i].baseline, shapes[i].later, shapes[i].last);
      run_everything (frame);
    }
}

static guint
count_words (const KtmReport *report, const char *words)
{
  g_autofree char *text = ktm_report_plain_text (report, NULL, 0);
  guint n = 0;

  for (const char *at = text; (at = strstr (at, words)) != NULL; at++)
    n++;
  return n;
}

/* What is said once, and what equal changes do not show. */
static void
test_words_of_few (void)
{
  g_autoptr(KtmFrame) one = frame_small (1), equal = frame_small (12);
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(KtmReport) report = NULL;

  fill (one, 5, 4, 3);
  report = run_analysis ("mixed-model", one, options);
  g_assert_cmpuint (count_words (report, "No mixed model"), ==, 1);
  g_clear_pointer (&report, ktm_report_free);
  report = run_analysis ("change", one, options);
  g_assert_cmpuint (report->n_methods, ==, 1);
  g_clear_pointer (&report, ktm_report_free);
  fill (equal, 5, 5, 5);
  report = run_analysis ("change", equal, options);
  g_assert_cmpuint (count_words (report, "none of these 12 patients differs from baseline"), ==, 1);
  g_assert_cmpuint (count_words (report, "smallest change patients notice"), ==, 0);
  g_assert_true (isnan (find_row (report, "mean_diff", NULL, 2)
                            ->low)); /* R's t.test: data are essentially constant */
  g_clear_pointer (&report, ktm_report_free);
  fill (equal, 5, 3, 2);
  report = run_analysis ("change", equal, options);
  g_assert_cmpuint (
      count_words (report, "each of these 12 patients scores 3.0 points lower than at baseline"),
      ==, 1);
}

/* Perfect separation, one group empty, constant within groups. */
static void
test_separated (void)
{
  g_autoptr(KtmFrame) frame = frame_small (20);

  fill (frame, 8, 6, 6);
  for (gsize i = 0; i < 20; i += 2)
    {
      frame->measures[0].value[3 * i + 1] = 2;
      frame->measures[0].value[3 * i + 2] = NAN;
    }
  run_everything (frame);
  for (gsize i = 0; i < 20; i++)
    frame->attributes[0].value[i] = 0;
  run_everything (frame);
  for (gsize i = 0; i < 20; i++)
    frame->attributes[0].value[i] = NAN;
  run_everything (frame);
}

/* --- requests that cannot be honoured --------------------------------------------------------- */

static void
check_refusal (const char *analysis, KtmAnalysisOptions *options, const char *says)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(GError) error = NULL;

  g_assert_null (
      ktm_analysis_run_sync (ktm_analysis_find (analysis), frame, options, NULL, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
  ktm_analysis_options_free (options);
}

static void
test_refusals (void)
{
  KtmAnalysisOptions *options;

#define REFUSE(id, field, value, says)                                                             \
  options = ktm_analysis_options_new ();                                                           \
  options->field = value;                                                                          \
  check_refusal (id, options, says)
  REFUSE ("summary", measure, g_strdup ("vas"), "hads_a");
  REFUSE ("change", to, 7.5, "0.25");
  REFUSE ("change", by, g_strdup ("colour"), "pain_type");
  REFUSE ("change", by, g_strdup ("age:60,40"), "ascending");
  REFUSE ("change", by, g_strdup ("sex:1"), "not a number");
  REFUSE ("change", to, 0, "no visit after");
  static const char *const need_follow_up[] = { "compare",     "subgroups",   "responder",
                                                "association", "mixed-model", "sensitivity" };
  for (gsize i = 0; i < G_N_ELEMENTS (need_follow_up); i++)
    {
      options = options_to (0);
      options->by = g_strdup ("sex");
      check_refusal (need_follow_up[i], options, "no visit after");
    }
  REFUSE ("change", level, 1, "0.95");
  REFUSE ("change", test, g_strdup ("anova"), "wilcoxon");
  REFUSE ("change", groups, g_strsplit ("a", ",", -1), "--by");
  REFUSE ("compare", by, NULL, "--by");
  options = ktm_analysis_options_new ();
  options->by = g_strdup ("sex");
  options->test = g_strdup ("anova");
  check_refusal ("compare", options, "brunner_munzel");
  REFUSE ("association", covariates, g_strsplit ("height", ",", -1), "npsi");
  REFUSE ("subgroups", covariates, g_strsplit ("age:,sex", ",", -1), "ascending");
  REFUSE ("subgroups", covariates, g_strsplit ("nrs", ",", -1), "no attribute");
  REFUSE ("responder", definition, g_strdup ("vas >= 30%"), "nrs");
  REFUSE ("responder", definition, g_strdup ("nrs >= "), "a number");
  REFUSE ("responder", definition, g_strdup ("nrs >= 30% xor stop"), "xor");
  REFUSE ("responder", definition, g_strdup ("not stop boredom"), "withdrawn");
  REFUSE ("responder", definition, g_strdup ("(nrs >= 2"), ")");
  REFUSE ("responder", definition, g_strdup ("nrs >= 2 at 99"), "99");
#undef REFUSE
  options = ktm_analysis_options_new ();
  options->by = g_strdup ("sex");
  options->groups = g_strsplit ("F,X", ",", -1);
  check_refusal ("compare", options, "M");
  options = ktm_analysis_options_new ();
  options->by = g_strdup ("age");
  options->groups = g_strsplit ("F,X", ",", -1);
  check_refusal ("compare", options, "without levels");
}

/* R: t.test (d[age <= 52]), t.test (d ~ (age > 52)), cut (age, c (-Inf, 40, 60, Inf)), anova (lm).
 */
static void
test_by_number (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = options_to (12);
  g_autoptr(KtmReport) change = NULL, compare = NULL, three = NULL, forest = NULL;
  g_autofree char *methods = NULL;

  options->model = FALSE;
  options->by = g_strdup ("age");
  change = run_analysis ("change", frame, options);
  check_row (find_row (change, "mean_diff", "age up to 52", 12), 47, -0.5744681, -1.151207,
             0.002271246, 1e-6);
  check_row (find_row (change, "mean_diff", "age above 52", 12), 40, -1.275, -1.906325, -0.6436745,
             1e-6);
  methods = ktm_report_methods_text (change, NULL, 0);
  g_assert_nonnull (strstr (methods, "age split at the median, 52."));
  compare = run_analysis ("compare", frame, options);
  g_assert_cmpfloat_with_epsilon (find_row (compare, "welch_t", "age up to 52", 12)->p, 0.102043,
                                  1e-6);
  g_free (options->by);
  options->by = g_strdup ("age:40,60");
  three = run_analysis ("compare", frame, options);
  g_assert_cmpfloat_with_epsilon (find_row (three, "welch_f", NULL, 12)->p, 0.0924089, 1e-5);
  g_assert_cmpfloat_with_epsilon (find_row (three, "ancova_f", NULL, 12)->p, 0.0372737, 1e-5);
  g_clear_pointer (&options->by, g_free);
  options->covariates = g_strsplit ("sex;age:40,60", ";", -1);
  forest = run_analysis ("subgroups", frame, options);
  g_assert_cmpint (find_row (forest, "mean_diff", "age above 40 to 60", 12)->n, ==, 51);
  g_assert_cmpfloat_with_epsilon (
      find_row (forest, "mean_diff", "age above 40 to 60", 12)->estimate, -1.0980392, 1e-6);
}

/* Every quick analysis by "sex", whatever that is. */
static void
run_grouped (KtmFrame *frame)
{
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();

  options->by = g_strdup ("sex");
  options->model = FALSE;
  for (gsize k = 0; k < n; k++)
    if ((all[k]->uses & KTM_USES_BY) != 0 && !all[k]->slow)
      {
        g_autoptr(GError) error = NULL;
        g_autoptr(KtmReport) report =
            ktm_analysis_run_sync (all[k], frame, options, NULL, &error);

        g_assert_true ((report != NULL) != (error != NULL));
        if (report != NULL)
          check_report (report);
        g_assert_true (report != NULL || strcmp (all[k]->id, "change") != 0);
      }
}

/* All equal, missing, one patient: one group, or a sentence. */
static void
test_by_odd_number (void)
{
  g_autoptr(KtmFrame) frame = frame_small (20);
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr(GError) error = NULL;
  KtmFrameAttribute *number = &frame->attributes[0];

  fill (frame, 8, 6, 4);
  for (gsize l = 0; l < number->n_levels; l++)
    free (number->levels[l]);
  g_clear_pointer (&number->levels, free);
  number->n_levels = 0;
  number->kind = KTM_ATTRIBUTE_NUMBER;
  options->by = g_strdup (number->id);
  for (gsize i = 0; i < 20; i++)
    number->value[i] = 5;
  run_grouped (frame);
  for (gsize i = 0; i < 20; i++)
    number->value[i] = i == 3 ? INFINITY : i % 3 == 0 ? NAN : (double) i;
  run_grouped (frame);
  for (gsize i = 0; i < 20; i++)
    number->value[i] = i == 3 ? 1 : NAN;
  run_grouped (frame);
  number->value[3] = NAN;
  g_assert_null (
      ktm_analysis_run_sync (ktm_analysis_find ("change"), frame, options, NULL, &error));
  g_assert_nonnull (strstr (error->message, "not recorded in any"));
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
  g_test_add_func ("/analysis/words-of-few", test_words_of_few);
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
  g_test_add_func ("/analysis/degenerate", test_degenerate);
  g_test_add_func ("/analysis/separated", test_separated);
  g_test_add_func ("/analysis/refusals", test_refusals);
  g_test_add_func ("/analysis/by-number", test_by_number);
  g_test_add_func ("/analysis/by-odd-number", test_by_odd_number);
  g_test_add_func ("/analysis/definition", test_definition);
  g_test_add_func ("/analysis/async", test_async);
  return g_test_run ();
}
