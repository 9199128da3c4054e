/* Trajectory classes beyond the default: shapes, degrees, spreads, predictors in one step, the
 * bootstrap, the outlook, and saved models applied again. */
#include "frames.h"

#include "ktm-class-model.h"
#include "ktm-class-outlook.h"

#include <string.h>

static KtmAnalysisOptions *
new_options (int classes, int degree)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->classes = classes;
  options->degree = degree;
  return options;
}

static const KtmReportRow *
class_row (const KtmReport *report, const char *statistic, const char *group, double time)
{
  return find_row (report, statistic, group, time);
}

/* --- curves ----------------------------------------------------------------------------------- */

static void
test_shapes (void)
{
  static const struct
  {
    const char *shape;
    gsize n_knots, n_coef;
    double knots[3];
  } cases[] = {
    { "spline", 0, 4, { 0 } },
    { "spline", 3, 3, { 0, 2, 5 } },
    { "piecewise", 0, 3, { 0 } },
    { "piecewise", 2, 4, { 1, 3 } },
  };
  int truth[90];
  g_autoptr(KtmFrame) frame = frame_courses (90, 3, truth);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
      g_autoptr(KtmReport) report = NULL;
      const KtmGbtmModel *model;

      options->shape = g_strdup (cases[i].shape);
      options->n_knots = cases[i].n_knots;
      memcpy (options->knots, cases[i].knots, sizeof cases[i].knots);
      report = run_analysis ("trajectory-classes", frame, options);
      check_report (report);
      model = &ktm_class_result_fit (report->classes)->model;
      g_assert_cmpint (model->shape, ==,
                       cases[i].shape[0] == 's' ? KTM_GBTM_SPLINE : KTM_GBTM_PIECEWISE);
      g_assert_cmpuint (model->n_coef[0], ==, cases[i].n_coef);
      find_subject_row (report, "coef", cases[i].shape[0] == 's' ? "spline 1" : "after knot 1",
                        "Mild");
    }
}

static void
test_degrees (void)
{
  int truth[90];
  g_autoptr(KtmFrame) frame = frame_courses (90, 4, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 2);
  g_autoptr(KtmReport) report = NULL;
  const KtmGbtmFit *fit;

  options->degrees = g_strdup ("2,1,0");
  options->sigma_by_class = TRUE;
  report = run_analysis ("trajectory-classes", frame, options);
  check_report (report);
  fit = ktm_class_result_fit (report->classes);
  for (gsize k = 0; k < 3; k++)
    {
      g_assert_cmpuint (fit->model.n_coef[k], ==, 3 - k);
      g_assert_cmpfloat (fit->model.sigma[k], >, 0);
    }
  g_assert_cmpuint (fit->n_par, ==, 6 + 3 + 2);
  g_assert_cmpfloat (class_row (report, "sigma", "Severe", NAN)->estimate, ==, fit->model.sigma[2]);
}

/* Every number with every degree: the row of the degree used is the search's own. */
static void
test_every_degree (void)
{
  int truth[60];
  g_autoptr(KtmFrame) frame = frame_courses (60, 5, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (0, 1);
  g_autoptr(KtmReport) report = NULL;

  options->every_degree = TRUE;
  report = run_analysis ("trajectory-classes", frame, options);
  check_report (report);
  g_assert_cmpfloat (find_subject_row (report, "bic_subjects", "K = 3, linear", NULL)->estimate, ==,
                     find_subject_row (report, "bic_subjects", "K = 3", NULL)->estimate);
  g_assert_cmpfloat (find_subject_row (report, "bic_subjects", "K = 3, constant", NULL)->estimate,
                     >, find_subject_row (report, "bic_subjects", "K = 3", NULL)->estimate);
  find_subject_row (report, "bic_subjects", "K = 1, quartic", NULL);
}

/* Both conventions of BIC, and the sign of Jones and Nagin. */
static void
test_criteria (void)
{
  int truth[60];
  g_autoptr(KtmFrame) frame = frame_courses (60, 6, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options);
  double loglik = find_subject_row (report, "loglik", "K = 3", NULL)->estimate;
  double n_par = find_subject_row (report, "n_par", "K = 3", NULL)->estimate;
  const KtmReportRow *bic = find_subject_row (report, "bic_subjects", "K = 3", NULL);
  const KtmReportRow *obs = find_subject_row (report, "bic_obs", "K = 3", NULL);

  g_assert_cmpfloat_with_epsilon (bic->estimate, -2 * loglik + n_par * log ((double) bic->n), 1e-9);
  g_assert_cmpfloat_with_epsilon (obs->estimate, -2 * loglik + n_par * log ((double) obs->n), 1e-9);
  g_assert_cmpfloat_with_epsilon (
      find_subject_row (report, "bic_jones_nagin_obs", "K = 3", NULL)->estimate,
      loglik - 0.5 * n_par * log ((double) obs->n), 1e-9);
  g_assert_cmpfloat (find_subject_row (report, "largest_mismatch", "K = 3", NULL)->estimate, <,
                     0.1);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *shape, *degrees, *says;
    int         classes;
    gsize       n_knots;
    double      knots[2];
  } cases[] = {
    { "wavy", NULL, "wavy", 0, 0, { 0 } },
    { NULL, NULL, "Knots", 0, 1, { 1 } },
    { "piecewise", NULL, "between", 0, 1, { 9 } },
    { "piecewise", NULL, "between", 0, 2, { 3, 2 } },
    { "spline", NULL, "3 to 6", 0, 2, { 0, 5 } },
    { NULL, "1,2", "2 degrees", 3, 0, { 0 } },
    { NULL, "1,x", "1,x", 2, 0, { 0 } },
    { "spline", "1,2", "polynomials", 2, 0, { 0 } },
  };
  int truth[30];
  g_autoptr(KtmFrame) frame = frame_courses (30, 1, truth);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KtmAnalysisOptions) options = new_options (cases[i].classes, 1);
      g_autoptr(GError) error = NULL;

      options->shape = g_strdup (cases[i].shape);
      options->degrees = g_strdup (cases[i].degrees);
      options->n_knots = cases[i].n_knots;
      memcpy (options->knots, cases[i].knots, sizeof cases[i].knots);
      g_assert_null (ktm_analysis_run_sync (ktm_analysis_find ("trajectory-classes"), frame,
                                            options, NULL, &error));
      g_assert_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].says);
    }
}

/* --- predictors in one step: flexmix 2.3-18, FLXMRglmfix (varFix) with FLXPmultinom(~ age) ---- */

static void
test_one_step (void)
{
  g_autoptr(KtmFrame) frame = frame_cohort ();
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 2);
  g_autoptr(KtmReport) report = NULL;

  options->censored = FALSE;
  options->steps = g_strdup ("one");
  options->covariates = g_strsplit ("age", ",", -1);
  report = run_analysis ("class-predictors", frame, options);
  check_report (report);
  g_assert_cmpfloat_with_epsilon (find_subject_row (report, "or", "age", "Moderate")->estimate,
                                  exp (-0.0058451334), 2e-5);
  g_assert_cmpfloat_with_epsilon (find_subject_row (report, "or", "age", "Severe")->estimate,
                                  exp (-0.011177397 - 0.0058451334), 2e-5);
}

/* --- the bootstrap ---------------------------------------------------------------------------- */

static void
test_stability (void)
{
  int truth[90];
  g_autoptr(KtmFrame) frame = frame_courses (90, 7, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
  g_autoptr(KtmReport) report = NULL;
  double same = 0;
  gsize n = 0;

  options->resamples = 20;
  report = run_analysis ("class-stability", frame, options);
  check_report (report);
  g_assert_nonnull (report->classes->same);
  for (gsize i = 0; i < 90; i++)
    if (!isnan (report->classes->same[i]))
      {
        g_assert_true (report->classes->same[i] >= 0 && report->classes->same[i] <= 1);
        same += report->classes->same[i];
        n++;
      }
  g_assert_cmpfloat_with_epsilon (class_row (report, "class_same", NULL, NAN)->estimate,
                                  same / (double) n, 1e-12);
  g_assert_cmpfloat (class_row (report, "class_jaccard", "Severe", NAN)->estimate, >, 0.75);
}

static void
test_on_request (void)
{
  int truth[80];
  g_autoptr(KtmFrame) frame = frame_courses (80, 8, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (2, 1);
  g_autoptr(KtmReport) report = NULL;
  const KtmReportRow *row;

  options->blrt = 9;
  options->resamples = 50;
  report = run_analysis ("trajectory-classes", frame, options);
  check_report (report);
  row = find_subject_row (report, "blrt", "K = 2 / K = 3", NULL);
  g_assert_cmpfloat_with_epsilon (row->p, 0.1, 1e-12); /* three courses: no simulated one reaches */
  g_assert_cmpfloat_with_epsilon (row->se, sqrt (0.1 * 0.9 / 9), 1e-12);
  g_assert_cmpfloat_with_epsilon (
      row->statistic_value,
      2 * (find_subject_row (report, "loglik", "K = 3", NULL)->estimate
           - find_subject_row (report, "loglik", "K = 2", NULL)->estimate),
      1e-9);
  row = class_row (report, "class_share_bootstrap", "Mild", NAN);
  g_assert_true (row->se > 0 && row->low < row->estimate && row->estimate < row->high);
}

/* --- outlook ---------------------------------------------------------------------------------- */

static void
test_outlook (void)
{
  int truth[90];
  g_autoptr(KtmFrame) frame = frame_courses (90, 9, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
  g_autoptr(KtmReport) report = NULL;
  KtmClassOutlook o;
  double sum = 0;

  options->patient = 4;
  report = run_analysis ("class-outlook", frame, options);
  check_report (report);
  g_assert_cmpfloat (class_row (report, "class_told", NULL, 5)->estimate, >, 0.9);
  g_assert_cmpfloat (class_row (report, "class_told", NULL, 5)->estimate, >=,
                     class_row (report, "class_told", NULL, 0)->estimate);
  g_assert_cmpint (ktm_class_outlook (report->classes, 4, NULL, 0, 0.8, &o), ==, KTM_STATS_OK);
  g_assert_cmpuint (o.n_scores, ==, report->classes->n_scores[4]);
  g_assert_cmpuint (o.n_at, ==, 6);
  for (gsize k = 0; k < 3; k++)
    {
      const KtmGbtmFit *fit = ktm_class_result_fit (report->classes);

      sum += o.probability[k];
      g_assert_cmpfloat_with_epsilon (o.probability[k], fit->model.pi[k], 1e-12);
      g_assert_cmpfloat_with_epsilon (o.probability[o.n_scores * 3 + k],
                                      fit->posterior[4 * 3 + k], 1e-9);
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
  for (gsize i = 0; i < (o.n_scores + 1) * o.n_at; i++)
    g_assert_true (o.course[i].low >= 0 && o.course[i].low <= o.course[i].value
                   && o.course[i].value <= o.course[i].high && o.course[i].high <= 10);
  ktm_class_outlook_clear (&o);
  g_assert_cmpint (ktm_class_outlook (report->classes, 90, NULL, 0, 0.8, &o), ==,
                   KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_class_outlook (report->classes, 4, NULL, 0, 1, &o), ==,
                   KTM_STATS_BAD_ARGUMENT);
}

/* --- saved and applied ------------------------------------------------------------------------ */

static void
test_apply (void)
{
  int truth[120];
  g_autoptr(KtmFrame) frame = frame_courses (120, 10, truth), other = frame_courses (40, 11, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options), again, foreign;
  const KtmGbtmFit *fit = ktm_class_result_fit (report->classes), *same;

  ktm_class_result_rename (report->classes, 0, "Relieved");
  options->apply = ktm_class_model_new (report->classes, "month", "1");
  g_assert_true (ktm_class_model_is_valid (options->apply));
  again = run_analysis ("trajectory-classes", frame, options);
  check_report (again);
  same = ktm_class_result_fit (again->classes);
  g_assert_true (again->classes->applied);
  g_assert_cmpfloat_with_epsilon (same->loglik, fit->loglik, 1e-7);
  g_assert_true (isnan (same->bic_subjects));
  g_assert_cmpfloat_with_epsilon (same->entropy, fit->entropy, 1e-9);
  g_assert_cmpstr (ktm_class_result_name (again->classes, 3, 0), ==, "Relieved");
  for (gsize i = 0; i < 360; i++)
    g_assert_true ((isnan (fit->posterior[i]) && isnan (same->posterior[i]))
                   || fabs (fit->posterior[i] - same->posterior[i]) < 1e-9);
  g_assert_cmpfloat_with_epsilon (class_row (again, "class_curve", "Relieved", 3)->high,
                                  class_row (report, "class_curve", "Mild", 3)->high, 1e-9);
  foreign = run_analysis ("trajectory-classes", other, options);
  check_report (foreign);
  g_assert_cmpuint (foreign->classes->n_classes, ==, 3);
  g_assert_cmpmem (ktm_class_result_fit (foreign->classes)->model.coef, sizeof fit->model.coef,
                   fit->model.coef, sizeof fit->model.coef);
}

/* One patient is enough to be placed, and nobody gives a sentence; the fingerprint knows the scores
 * and nothing else. */
static void
test_apply_few (void)
{
  int truth[120];
  g_autoptr(KtmFrame) frame = frame_courses (120, 10, truth), one = frame_courses (1, 3, truth),
                      none = frame_small (3);
  g_autoptr(KtmAnalysisOptions) options = new_options (3, 1);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options), few, empty;
  guint64 before = ktm_class_fingerprint (&report->classes->data);
  double *y = (double *) report->classes->data.y;

  options->apply = ktm_class_model_new (report->classes, "month", "1");
  few = run_analysis ("trajectory-classes", one, options);
  check_report (few);
  g_assert_cmpuint (ktm_class_result_fit (few->classes)->n_subjects, ==, 1);
  free (none->time_unit);
  none->time_unit = strdup ("month");
  empty = run_analysis ("trajectory-classes", none, options);
  g_assert_null (empty->classes);
  g_assert_true (before == options->apply->fingerprint);
  y[0] += 1;
  g_assert_true (before != ktm_class_fingerprint (&report->classes->data));
}

static void
test_foreign_cohort (void)
{
  int truth[60];
  g_autoptr(KtmFrame) frame = frame_courses (60, 12, truth), weeks = frame_courses (60, 12, truth),
                      wide = frame_courses (60, 12, truth), vas = frame_courses (60, 12, truth);
  g_autoptr(KtmAnalysisOptions) options = new_options (2, 1);
  g_autoptr(KtmReport) report = run_analysis ("trajectory-classes", frame, options);
  const struct { KtmFrame *frame; const char *says; } cases[] = {
    { weeks, "week" }, { wide, "100" }, { vas, "vas" },
  };

  options->apply = ktm_class_model_new (report->classes, "month", "1");
  free (weeks->time_unit);
  weeks->time_unit = strdup ("week");
  wide->measures[0].max = 100;
  free (vas->measures[0].id);
  vas->measures[0].id = strdup ("vas");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ktm_analysis_run_sync (ktm_analysis_find ("trajectory-classes"),
                                            cases[i].frame, options, NULL, &error));
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

int
main (int argc, char **argv)
{
  begin_tests (&argc, &argv);
  g_test_add_func ("/class-models/shapes", test_shapes);
  g_test_add_func ("/class-models/degrees", test_degrees);
  g_test_add_func ("/class-models/every-degree", test_every_degree);
  g_test_add_func ("/class-models/criteria", test_criteria);
  g_test_add_func ("/class-models/refusals", test_refusals);
  g_test_add_func ("/class-models/one-step", test_one_step);
  g_test_add_func ("/class-models/stability", test_stability);
  g_test_add_func ("/class-models/on-request", test_on_request);
  g_test_add_func ("/class-models/outlook", test_outlook);
  g_test_add_func ("/class-models/apply", test_apply);
  g_test_add_func ("/class-models/apply-few", test_apply_few);
  g_test_add_func ("/class-models/foreign", test_foreign_cohort);
  return g_test_run ();
}
