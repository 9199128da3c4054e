/* model/stats: the exact test of an r x c table, by enumeration or by random tables. */
#include "ktm-tables.h"
#include "ktm-fisher-search.h"
#include "ktm-random.h"
#include "ktm-table-counts.h"

#include <stdlib.h>
#include <string.h>

static double
table_cost (const KtmFisherSearch *s, const long *counts)
{
  double cost = 0.0;

  for (size_t c = 0; c < s->rows * s->cols; c++)
    cost += s->log_factorial[counts[c]];
  return cost;
}

/* --- Monte Carlo ------------------------------------------------------------------------------ */

/* Random tables with the same margins: the patients' columns shuffled. */
static KtmStatsStatus
monte_carlo (KtmFisherSearch *s, size_t draws, uint64_t seed, KtmFisherTable *out)
{
  size_t cells = s->rows * s->cols, hits = 0, at = 0;
  uint32_t *labels = malloc (s->n * sizeof *labels);
  long *counts = malloc (cells * sizeof *counts);
  KtmStatsStatus status = labels != NULL && counts != NULL ? KTM_STATS_OK : KTM_STATS_NO_MEMORY;
  KtmRandom random;

  ktm_random_seed (&random, seed);
  for (size_t j = 0; j < s->cols && status == KTM_STATS_OK; j++)
    for (long k = 0; k < s->col[j]; k++)
      labels[at++] = (uint32_t) j;
  for (size_t d = 0; d < draws && status == KTM_STATS_OK; d++)
    {
      size_t left = s->n;

      memset (counts, 0, cells * sizeof *counts);
      for (size_t i = 0; i < s->rows; i++)
        for (long k = 0; k < s->row[i]; k++)
          {
            size_t pick = ktm_random_below (&random, (uint32_t) left--);
            uint32_t label = labels[pick];

            labels[pick] = labels[left];
            labels[left] = label;
            counts[i * s->cols + label]++;
          }
      hits += table_cost (s, counts) >= s->threshold;
      if ((d & 1023) == 1023 && ktm_progress_stopped (s->progress))
        status = KTM_STATS_CANCELLED;
      if ((d & 1023) == 1023)
        ktm_progress_report (s->progress, (double) d / (double) draws);
    }
  if (status == KTM_STATS_OK)
    {
      out->p = (1.0 + (double) hits) / (1.0 + (double) draws);
      out->se = sqrt (out->p * (1.0 - out->p) / (double) draws);
      out->draws = (double) draws;
      out->seed = seed;
    }
  free (labels);
  free (counts);
  return status;
}

/* --- entry ------------------------------------------------------------------------------------ */

static int
compare_long (const void *a, const void *b)
{
  long x = *(const long *) a, y = *(const long *) b;

  return (x > y) - (x < y);
}

/* Margins without empty ones; the shorter side becomes the rows.  false: no memory. */
static bool
set_margins (KtmFisherSearch *s, const double *table, size_t rows, size_t cols, long *row,
             long *col)
{
  size_t r = 0, c = 0;

  for (size_t i = 0; i < rows; i++)
    {
      double sum = 0.0;

      for (size_t j = 0; j < cols; j++)
        sum += table[i * cols + j];
      s->n += (size_t) sum;
      if (sum > 0.0)
        row[r++] = (long) sum;
    }
  for (size_t j = 0; j < cols; j++)
    {
      double sum = 0.0;

      for (size_t i = 0; i < rows; i++)
        sum += table[i * cols + j];
      if (sum > 0.0)
        col[c++] = (long) sum;
    }
  s->rows = r < c ? r : c;
  s->cols = r < c ? c : r;
  s->col = r < c ? col : row;
  for (size_t i = 0; i < s->rows && i < KTM_FISHER_ROWS; i++)
    s->row[i] = r < c ? row[i] : col[i];
  qsort (s->col, s->cols, sizeof *s->col, compare_long);
  s->log_factorial = malloc ((s->n + 1) * sizeof *s->log_factorial);
  s->log_int = malloc ((s->n + 1) * sizeof *s->log_int);
  return s->log_factorial != NULL && s->log_int != NULL;
}

static void
set_logs (KtmFisherSearch *s, const double *table, size_t cells)
{
  double cost = 0.0;

  s->log_factorial[0] = 0.0;
  s->log_int[0] = -INFINITY;
  for (size_t k = 1; k <= s->n; k++)
    {
      s->log_int[k] = log ((double) k);
      s->log_factorial[k] = lgamma ((double) k + 1.0);
    }
  for (size_t c = 0; c < cells; c++)
    cost += s->log_factorial[(size_t) table[c]];
  s->constant = -s->log_factorial[s->n];
  for (size_t i = 0; i < s->rows && i < KTM_FISHER_ROWS; i++)
    s->constant += s->log_factorial[s->row[i]];
  for (size_t j = 0; j < s->cols; j++)
    s->constant += s->log_factorial[s->col[j]];
  s->threshold = cost - 1e-7;
}

static KtmStatsStatus
run (KtmFisherSearch *s, const double *table, size_t cells, size_t draws, uint64_t seed,
     KtmFisherTable *out)
{
  KtmStatsStatus status;

  if (s->n == 0)
    return KTM_STATS_TOO_FEW;
  if (s->rows < 2)
    return KTM_STATS_UNDEFINED;
  if (s->rows > KTM_FISHER_ROWS || s->n > UINT32_MAX)
    return KTM_STATS_TOO_LARGE;
  set_logs (s, table, cells);
  status = ktm_fisher_search (s);
  if (status == KTM_STATS_OK)
    {
      out->p = fmin (1.0, s->p);
      out->exact = true;
    }
  else if (status == KTM_STATS_TOO_LARGE && draws > 0)
    status = monte_carlo (s, draws, seed, out);
  return status;
}

KtmStatsStatus
ktm_stats_fisher_table (const double *table, size_t rows, size_t cols, size_t draws, uint64_t seed,
                        const KtmProgress *progress, KtmFisherTable *out)
{
  KtmFisherSearch s = { .progress = progress };
  long *margins = calloc (rows + cols + 1, sizeof *margins);
  KtmStatsStatus status = ktm_table_check (table, rows * cols);

  *out = (KtmFisherTable) { NAN, false, NAN, NAN, 0 };
  if (status == KTM_STATS_OK && margins == NULL)
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    status = set_margins (&s, table, rows, cols, margins, margins + rows)
               ? run (&s, table, rows * cols, draws, seed, out) : KTM_STATS_NO_MEMORY;
  free (s.log_factorial);
  free (s.log_int);
  free (margins);
  return status;
}
