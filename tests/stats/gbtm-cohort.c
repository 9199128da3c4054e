#include "gbtm-cohort.h"

#include "ktm-random.h"

#include <string.h>

GbtmTruth
gbtm_truth_default (size_t n)
{
  return (GbtmTruth){ .n = n,
                      .k = 3,
                      .n_visits = 13,
                      .share = { 0.2, 0.35, 0.45 },
                      .coef = { { 5.5, -0.9, 0.055 }, { 6.3, -0.45, 0.03 }, { 7.3, -0.15, 0.012 } },
                      .sigma = 1.15,
                      .drop = 0.02,
                      .skip = 0.1,
                      .round = TRUE };
}

static GbtmCohort *
allocate (size_t n_rows, size_t n_subjects)
{
  GbtmCohort *cohort = g_new0 (GbtmCohort, 1);

  cohort->subject = g_new0 (size_t, n_rows + 1);
  cohort->time = g_new0 (double, n_rows + 1);
  cohort->y = g_new0 (double, n_rows + 1);
  cohort->data = (KtmGbtmData) { .subject = cohort->subject, .time = cohort->time, .y = cohort->y,
                                 .n_subjects = n_subjects, .lo = 0.0, .hi = 10.0 };
  return cohort;
}

void
gbtm_cohort_free (GbtmCohort *cohort)
{
  g_free (cohort->subject);
  g_free (cohort->time);
  g_free (cohort->y);
  g_free (cohort->truth);
  g_free (cohort->covariate);
  g_free (cohort);
}

static size_t
draw_class (const GbtmTruth *truth, double covariate, KtmRandom *random)
{
  double odds[4], sum = 0.0, u;

  for (size_t k = 0; k < truth->k; k++)
    sum += odds[k] = truth->share[k] * (k > 0 ? exp (truth->effect * covariate) : 1.0);
  u = sum * ktm_random_uniform (random);
  for (size_t k = 0; k + 1 < truth->k; k++)
    if ((u -= odds[k]) < 0.0)
      return k;
  return truth->k - 1;
}

static void
draw_patient (const GbtmTruth *truth, GbtmCohort *cohort, size_t i, KtmRandom *random)
{
  double level = truth->tau > 0.0 ? truth->tau * ktm_random_normal (random) : 0.0;

  cohort->covariate[i] = ktm_random_normal (random);
  cohort->truth[i] = draw_class (truth, cohort->covariate[i], random);
  for (size_t v = 0; v < truth->n_visits; v++)
    {
      const double *b = truth->coef[cohort->truth[i]];
      double t = (double) v, y = b[0] + t * (b[1] + t * (b[2] + t * b[3])) + level
                                 + truth->sigma * ktm_random_normal (random);

      y = CLAMP (truth->round ? round (y) : y, 0.0, 10.0);
      if (v > 0 && ktm_random_uniform (random) < truth->skip)
        continue;
      cohort->subject[cohort->data.n_obs] = i;
      cohort->time[cohort->data.n_obs] = t;
      cohort->y[cohort->data.n_obs++] = y;
      if (ktm_random_uniform (random) < truth->drop * y / 5.0)
        return;
    }
}

GbtmCohort *
gbtm_cohort_new (const GbtmTruth *truth, guint64 seed)
{
  GbtmCohort *cohort = allocate (truth->n * truth->n_visits, truth->n);
  KtmRandom random;

  ktm_random_seed (&random, seed);
  cohort->truth = g_new0 (size_t, truth->n);
  cohort->covariate = g_new0 (double, truth->n);
  for (size_t i = 0; i < truth->n; i++)
    draw_patient (truth, cohort, i, &random);
  return cohort;
}

GbtmCohort *
gbtm_cohort_rows (const size_t *subject, const double *time, const double *y, size_t n,
                  size_t n_subjects)
{
  GbtmCohort *cohort = allocate (n, n_subjects);

  memcpy (cohort->subject, subject, n * sizeof *subject);
  memcpy (cohort->time, time, n * sizeof *time);
  memcpy (cohort->y, y, n * sizeof *y);
  cohort->data.n_obs = n;
  return cohort;
}

GbtmCohort *
gbtm_cohort_load (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("KTM_TEST_DATA"), "cohort_a_assessments.csv", NULL);
  g_autofree char *text = NULL, *last = g_strdup ("");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  GbtmCohort *cohort;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  cohort = allocate (g_strv_length (lines), 0);
  for (char **line = lines + 1; *line != NULL; line++)
    {
      g_auto (GStrv) cells = g_strsplit (*line, ",", -1);

      if (g_strv_length (cells) < 5)
        continue;
      if (!g_str_equal (cells[0], last))
        {
          g_free (last);
          last = g_strdup (cells[0]);
          cohort->data.n_subjects++;
        }
      if (cells[4][0] == '\0')
        continue;
      cohort->subject[cohort->data.n_obs] = cohort->data.n_subjects - 1;
      cohort->time[cohort->data.n_obs] = g_ascii_strtod (cells[2], NULL);
      cohort->y[cohort->data.n_obs++] = g_ascii_strtod (cells[4], NULL);
    }
  return cohort;
}

void
assert_near (double a, double b, double tol)
{
  if (!(fabs (a - b) <= tol))
    g_error ("%.12g is not %.12g (off by %.3g, allowed %.3g)", a, b, fabs (a - b), tol);
}
