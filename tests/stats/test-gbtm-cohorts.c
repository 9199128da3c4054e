/* Trajectory classes of five cohorts made as the sample cohort is, with other seeds: the three main
 * classes come back with their shares.  cohorts_five.csv: seed, true class, NRS at months 0 … 12.
 */
#include "gbtm-cohort.h"

#include <math.h>

#define N_PATIENTS 256
#define N_VISITS   13

typedef struct
{
  GbtmCohort *cohort;
  size_t      truth[N_PATIENTS], n;
} Five;

static Five
read_cohort (guint64 seed)
{
  g_autofree char *path = g_build_filename (g_getenv ("KTM_TEST_DATA"), "cohorts_five.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  size_t subject[N_PATIENTS * N_VISITS], rows = 0;
  double time[N_PATIENTS * N_VISITS], y[N_PATIENTS * N_VISITS];
  Five five = { 0 };

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines + 1; *line != NULL; line++)
    {
      g_auto (GStrv) cells = g_strsplit (*line, ",", -1);

      if (g_strv_length (cells) != 2 + N_VISITS
          || g_ascii_strtoull (cells[0], NULL, 10) != seed)
        continue;
      five.truth[five.n] = (size_t) g_ascii_strtoull (cells[1], NULL, 10);
      for (size_t v = 0; v < N_VISITS; v++)
        if (cells[2 + v][0] != '\0')
          {
            subject[rows] = five.n;
            time[rows] = (double) v;
            y[rows++] = g_ascii_strtod (cells[2 + v], NULL);
          }
      five.n++;
    }
  g_assert_cmpuint (five.n, ==, N_PATIENTS);
  five.cohort = gbtm_cohort_rows (subject, time, y, rows, N_PATIENTS);
  return five;
}

/* What was found, and the standard errors of the shares from 100 resamples of the patients
 * (ktm_gbtm_stability, seed 1): larger than those of the information matrix, because visits of a
 * patient resemble each other within a class here, which the model does not know. */
static const struct
{
  guint64 seed;
  double  share[3], se[3];
} found[] = {
  { 201, { .163, .336, .502 }, { .028, .038, .041 } },
  { 202, { .214, .406, .380 }, { .035, .042, .042 } },
  { 203, { .257, .426, .317 }, { .059, .045, .067 } },
  { 204, { .218, .451, .331 }, { .041, .045, .058 } },
  { 205, { .186, .382, .432 }, { .061, .057, .098 } },
};

/* Shares against those of the three main classes in truth.csv (a fourth kind, 8 of 256 patients,
 * is left out): each within 2.5 standard errors, and at least 12 of the 15 within two. */
static void
test_shares (void)
{
  static const double truth[] = { 41.0 / 256, 90.0 / 256, 117.0 / 256 };
  size_t near = 0;

  for (size_t c = 0; c < G_N_ELEMENTS (found); c++)
    {
      Five five = read_cohort (found[c].seed);
      KtmGbtmSpec spec = ktm_gbtm_spec (3, 3);
      KtmGbtmFit *fit;
      size_t right = 0, counted = 0;

      g_assert_cmpint (ktm_gbtm_fit (&five.cohort->data, &spec, NULL, NULL, &fit), ==,
                       KTM_STATS_OK);
      g_assert_cmpuint (
          fit->flags & (KTM_GBTM_NOT_CONVERGED | KTM_GBTM_NO_SE | KTM_GBTM_MET_ONCE), ==, 0);
      for (size_t i = 0; i < N_PATIENTS; i++)
        if (fit->modal[i] >= 0 && five.truth[i] < 3)
          {
            counted++;
            right += (size_t) fit->modal[i] == five.truth[i];
          }
      for (size_t k = 0; k < 3; k++)
        {
          assert_near (fit->model.pi[k], found[c].share[k], 0.0006);
          assert_near (fit->model.pi[k], truth[k], 2.5 * found[c].se[k]);
          near += fabs (fit->model.pi[k] - truth[k]) <= 2.0 * found[c].se[k];
        }
      g_test_message ("%d: %d of %d right", (int) found[c].seed, (int) right, (int) counted);
      g_assert_cmpfloat ((double) right, >, 0.65 * (double) counted);
      ktm_gbtm_fit_free (fit);
      gbtm_cohort_free (five.cohort);
    }
  g_test_message ("%d of 15 shares within two standard errors", (int) near);
  g_assert_cmpuint (near, >=, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/gbtm/cohorts", test_shares);
  return g_test_run ();
}
