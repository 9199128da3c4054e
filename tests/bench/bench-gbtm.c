/* Times trajectory classes and checks what is too large for the quick tests: bench-gbtm [JOB…], all
 * jobs without an argument.  KTM_TEST_DATA names the folder of cohort_a_assessments.csv.  Each job
 * prints its wall time and its CPU time in seconds (with --cpu first only the latter, a number); a
 * job that ends elsewhere than it should aborts. */
#include "gbtm-cohort.h"

#include "ktm-gbtm-resample.h"
#include "ktm-gbtm-search.h"

#include <string.h>
#include <time.h>

static unsigned
n_threads (void)
{
  return MAX (1u, g_get_num_processors ());
}

static KtmGbtmFit *
fit_spec (const KtmGbtmData *data, const KtmGbtmSpec *spec)
{
  KtmGbtmFit *fit;
  KtmStatsStatus status = ktm_gbtm_fit (data, spec, NULL, NULL, &fit);

  if (status != KTM_STATS_OK)
    g_error ("%s", ktm_stats_status_text (status));
  return fit;
}

/* What flexmix is asked for: K = 1 … 5, quadratic, 20 starts each, normal. */
static void
run_quadratic (unsigned threads)
{
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();

  cohort->data.lo = -INFINITY;
  cohort->data.hi = INFINITY;
  for (size_t k = 1; k <= 5; k++)
    {
      KtmGbtmSpec spec = ktm_gbtm_spec (k, 2);

      spec.n_starts = spec.max_starts = 20;
      spec.n_threads = threads;
      ktm_gbtm_fit_free (fit_spec (&cohort->data, &spec));
    }
}

static void
run_quadratic_one (void)
{
  run_quadratic (1);
}

static void
run_quadratic_all (void)
{
  run_quadratic (n_threads ());
}

/* The search the page starts with. */
static void
run_search (void)
{
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();
  KtmGbtmSpec spec = ktm_gbtm_spec (1, 3);
  KtmGbtmSearch search;

  spec.n_threads = n_threads ();
  if (ktm_gbtm_search (&cohort->data, &spec, 6, 2, NULL, &search) != KTM_STATS_OK
      || search.advice.n_classes != 3)
    g_error ("the search does not recommend three classes");
  ktm_gbtm_search_clear (&search);
}

static void
assert_truth (const KtmGbtmFit *fit, const GbtmTruth *truth, double errors)
{
  for (size_t k = 0; k < truth->k; k++)
    if (fabs (fit->model.pi[k] - truth->share[k]) > errors * fit->pi_se[k])
      g_error ("class %zu: share %.4f (SE %.4f), true %.4f", k, fit->model.pi[k], fit->pi_se[k],
               truth->share[k]);
}

static void
run_large (size_t n, gboolean round)
{
  GbtmTruth truth = gbtm_truth_default (n);
  g_autoptr (GbtmCohort) cohort = NULL;
  KtmGbtmSpec spec = ktm_gbtm_spec (3, 2);
  KtmGbtmFit *fit;

  truth.round = round;
  cohort = gbtm_cohort_new (&truth, 7);
  spec.n_threads = n_threads ();
  fit = fit_spec (&cohort->data, &spec);
  if (!round)  /* rounding to whole numbers is not in the model */
    assert_truth (fit, &truth, 3.0);
  ktm_gbtm_fit_free (fit);
}

static void
run_40 (void)
{
  run_large (40, FALSE);
}

static void
run_4000 (void)
{
  run_large (4000, FALSE);
}

static void
run_100000 (void)
{
  run_large (100000, TRUE);
}

static void
run_100000_decimals (void)
{
  run_large (100000, FALSE);
}

static void
run_resample (void)
{
  g_autoptr (GbtmCohort) cohort = gbtm_cohort_load ();
  KtmGbtmSpec spec = ktm_gbtm_spec (3, 3), more = ktm_gbtm_spec (4, 3);
  KtmGbtmFit *fit = fit_spec (&cohort->data, &spec), *next = fit_spec (&cohort->data, &more);
  double at[] = { 0, 1, 2, 3, 6, 9, 12 }, certainty[7 * 3];
  gint64 start = g_get_monotonic_time ();
  KtmGbtmStability stability;
  size_t counts[7 * 9], n;
  KtmTest test;

  ktm_gbtm_early (&cohort->data, fit, at, 7, n_threads (), NULL, counts, certainty);
  g_print ("  early: %.2f s\n", (double) (g_get_monotonic_time () - start) * 1e-6);
  for (size_t t = 0; t < 7; t++)
    {
      double all = 0.0, right = 0.0;

      for (size_t c = 0; c < 9; c++)
        {
          all += (double) counts[9 * t + c];
          right += c % 4 == 0 ? (double) counts[9 * t + c] : 0.0;
        }
      g_print ("    month %g: %.0f of %.0f right (%.0f %%)\n", at[t], right, all,
               100.0 * right / all);
    }
  start = g_get_monotonic_time ();
  ktm_gbtm_stability (&cohort->data, fit, 200, 4, 1, 0.95, n_threads (), NULL, &stability);
  g_print ("  200 resamples: %.2f s, overlap %.2f %.2f %.2f\n",
           (double) (g_get_monotonic_time () - start) * 1e-6, stability.jaccard[0],
           stability.jaccard[1], stability.jaccard[2]);
  ktm_gbtm_stability_clear (&stability);
  start = g_get_monotonic_time ();
  ktm_gbtm_blrt (&cohort->data, fit, next, 99, 1, n_threads (), NULL, &test, &n);
  g_print ("  99 simulated cohorts: %.2f s, p = %.3f\n",
           (double) (g_get_monotonic_time () - start) * 1e-6, test.p);
  ktm_gbtm_fit_free (fit);
  ktm_gbtm_fit_free (next);
}

static const struct
{
  const char *name, *what;
  void (*run) (void);
} jobs[] = {
  { "quadratic-1", "K 1-5 quadratic, 20 starts, one thread", run_quadratic_one },
  { "quadratic", "K 1-5 quadratic, 20 starts, all threads", run_quadratic_all },
  { "search", "K 1-6 cubic censored, and two growth mixtures", run_search },
  { "40", "40 patients, K 3", run_40 },
  { "4000", "4 000 patients with decimals, K 3", run_4000 },
  { "100000", "100 000 patients x 13, K 3", run_100000 },
  { "100000-decimals", "100 000 patients x 13 with decimals, K 3", run_100000_decimals },
  { "resample", "early recognition, stability, bootstrap test", run_resample },
};

int
main (int argc, char **argv)
{
  gboolean bare = argc > 1 && g_str_equal (argv[1], "--cpu");

  ktm_stats_init ();
  for (size_t i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      gboolean wanted = argc < 2;
      gint64 start = g_get_monotonic_time ();
      clock_t cpu = clock ();

      for (int j = 1; j < argc; j++)
        wanted = wanted || g_str_equal (argv[j], jobs[i].name);
      if (!wanted)
        continue;
      jobs[i].run ();
      if (bare)
        g_print ("%.4f\n", (double) (clock () - cpu) / CLOCKS_PER_SEC);
      else
        g_print ("%-16s %8.3f s, CPU %8.3f s  %s\n", jobs[i].name,
                 (double) (g_get_monotonic_time () - start) * 1e-6,
                 (double) (clock () - cpu) / CLOCKS_PER_SEC, jobs[i].what);
    }
  return 0;
}
