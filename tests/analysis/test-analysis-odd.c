/* Every analysis on frames that have next to nothing in them, and asked for what cannot be. */
#include "frames.h"

#include "ktm-report-format.h"

#include <string.h>

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

int
main (int argc, char **argv)
{
  begin_tests (&argc, &argv);
  g_test_add_func ("/analysis/words-of-few", test_words_of_few);
  g_test_add_func ("/analysis/degenerate", test_degenerate);
  g_test_add_func ("/analysis/separated", test_separated);
  g_test_add_func ("/analysis/refusals", test_refusals);
  g_test_add_func ("/analysis/by-number", test_by_number);
  g_test_add_func ("/analysis/by-odd-number", test_by_odd_number);
  return g_test_run ();
}
