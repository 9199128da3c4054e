/* Times one statistics job on the sample cohort's pain scores: bench-stats JOB ASSESSMENTS.csv
 * Prints the median wall time in seconds of several runs in this process. */
#include "ktm-bootstrap.h"
#include "ktm-lmm.h"
#include "ktm-mmrm.h"

#include <glib.h>
#include <string.h>

#define N_VISITS 13

typedef struct
{
  gsize   n, n_subjects;
  double *y, *time, *x;      /* x: n × N_VISITS visit indicators */
  double *line;              /* n × 2: 1, month */
  gsize  *subject, *visit;
} Scores;

static gsize
column (char **header, const char *name)
{
  for (gsize i = 0; header[i] != NULL; i++)
    if (strcmp (header[i], name) == 0)
      return i;
  g_error ("no column %s", name);
}

static Scores
read_scores (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Scores s = { 0 };

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto(GStrv) header = g_strsplit (lines[0], ",", -1);
  gsize rows = g_strv_length (lines), id = column (header, "patient_id"),
        nrs = column (header, "nrs"), month = column (header, "month");

  s.y = g_new0 (double, rows);
  s.time = g_new0 (double, rows);
  s.x = g_new0 (double, rows * N_VISITS);
  s.line = g_new0 (double, rows * 2);
  s.subject = g_new0 (gsize, rows);
  s.visit = g_new0 (gsize, rows);
  for (gsize i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto(GStrv) cell = g_strsplit (lines[i], ",", -1);
      gpointer index = NULL;

      if (cell[nrs][0] == '\0')
        continue;
      if (!g_hash_table_lookup_extended (ids, cell[id], NULL, &index))
        {
          index = GSIZE_TO_POINTER (s.n_subjects++);
          g_hash_table_insert (ids, g_strdup (cell[id]), index);
        }
      s.subject[s.n] = GPOINTER_TO_SIZE (index);
      s.y[s.n] = g_ascii_strtod (cell[nrs], NULL);
      s.time[s.n] = g_ascii_strtod (cell[month], NULL);
      s.visit[s.n] = (gsize) s.time[s.n];
      s.x[s.n * N_VISITS + s.visit[s.n]] = 1;
      s.line[2 * s.n] = 1;
      s.line[2 * s.n + 1] = s.time[s.n];
      s.n++;
    }
  return s;
}

/* Pairs of baseline and month 12, repeated to 93 patients as the peer does. */
static void
read_pairs (const Scores *s, double *before, double *after)
{
  gsize n = 0;

  for (gsize i = 0; i < s->n; i++)
    for (gsize j = i + 1; j < s->n && s->visit[i] == 0 && s->subject[j] == s->subject[i]; j++)
      if (s->visit[j] == 12 && n < 93)
        {
          before[n] = s->y[i];
          after[n++] = s->y[j];
        }
  for (gsize i = 0; n < 93; i++, n++)
    {
      before[n] = before[i];
      after[n] = after[i];
    }
}

static void
lmm_slope (const Scores *s)
{
  KtmLmm *fit = NULL;

  if (ktm_lmm_fit (s->y, s->subject, s->line, s->time, s->n, 2, KTM_LIKELIHOOD_REML, 0.95, NULL,
                   &fit)
      != KTM_STATS_OK)
    g_error ("the mixed model did not fit");
  ktm_lmm_free (fit);
}

static void
mmrm13 (const Scores *s)
{
  KtmMmrmOptions options = { .structure = KTM_MMRM_UNSTRUCTURED,
                             .likelihood = KTM_LIKELIHOOD_REML,
                             .level = 0.95 };
  KtmMmrm *fit = NULL;

  if (ktm_mmrm_fit (s->y, s->subject, s->visit, s->x, s->n, N_VISITS, N_VISITS, &options, NULL,
                    &fit)
      != KTM_STATS_OK)
    g_error ("the model for repeated measures did not fit");
  ktm_mmrm_free (fit);
}

static void
bca10000 (const Scores *s)
{
  KtmBootOptions options = {
    .resamples = 10000, .seed = 1, .level = 0.95, .resampling = KTM_RESAMPLE_CASES
  };
  double before[93], after[93];
  KtmBootstrap out;

  read_pairs (s, before, after);
  if (ktm_stats_bootstrap (KTM_BOOT_D_Z, before, 93, after, 93, &options, NULL, &out)
      != KTM_STATS_OK)
    g_error ("the bootstrap did not run");
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  double seconds[7];
  Scores s;

  if (argc != 3)
    g_error ("usage: bench-stats JOB ASSESSMENTS.csv");
  ktm_stats_init ();
  s = read_scores (argv[2]);
  for (int r = 0; r < 7; r++)
    {
      gint64 start = g_get_monotonic_time ();

      if (strcmp (argv[1], "lmm_slope") == 0)
        lmm_slope (&s);
      else if (strcmp (argv[1], "mmrm13") == 0)
        mmrm13 (&s);
      else if (strcmp (argv[1], "bca10000") == 0)
        bca10000 (&s);
      else
        g_error ("unknown job %s", argv[1]);
      seconds[r] = (g_get_monotonic_time () - start) / 1e6;
    }
  qsort (seconds, 7, sizeof *seconds, compare);
  g_print ("%.6f\n", seconds[3]);
  return 0;
}
