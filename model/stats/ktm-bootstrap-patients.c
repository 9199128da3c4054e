/* model/stats: bootstrap of any function of whole patients. */
#include "ktm-bootstrap-private.h"
#include "ktm-random.h"

#include <stdlib.h>

typedef struct
{
  KtmBootFunction f;
  void     *data;
  size_t    n;
  uint32_t *rows;
} Patients;

static double
leave_out_acceleration (const Patients *p, double *jack)
{
  double squares = 0.0, cubes = 0.0;

  for (size_t i = 0; i < p->n; i++)
    {
      size_t m = 0;

      for (size_t j = 0; j < p->n; j++)
        if (j != i)
          p->rows[m++] = (uint32_t) j;
      jack[i] = p->f (p->rows, m, p->data);
    }
  ktm_bootstrap_jackknife (jack, p->n, 1.0, &squares, &cubes);
  return ktm_bootstrap_acceleration (squares, cubes);
}

static KtmStatsStatus
run (const Patients *p, double *replicates, const KtmBootOptions *options,
     const KtmProgress *progress, KtmBootstrap *out)
{
  KtmRandom random;

  for (size_t i = 0; i < p->n; i++)
    p->rows[i] = (uint32_t) i;
  out->value = p->f (p->rows, p->n, p->data);
  if (!isfinite (out->value))
    return KTM_STATS_UNDEFINED;
  out->acceleration = leave_out_acceleration (p, replicates);
  ktm_random_seed (&random, options->seed);
  for (size_t r = 0; r < options->resamples; r++)
    {
      for (size_t i = 0; i < p->n; i++)
        p->rows[i] = ktm_random_below (&random, (uint32_t) p->n);
      replicates[r] = p->f (p->rows, p->n, p->data);
      if ((r & 63) != 63)
        continue;
      if (ktm_progress_stopped (progress))
        return KTM_STATS_CANCELLED;
      ktm_progress_report (progress, (double) r / (double) options->resamples);
    }
  return ktm_bootstrap_finish (replicates, options->resamples, options->level, out);
}

KtmStatsStatus
ktm_stats_bootstrap_patients (KtmBootFunction f, void *data, size_t n,
                              const KtmBootOptions *options, const KtmProgress *progress,
                              KtmBootstrap *out)
{
  KtmStatsStatus status = ktm_bootstrap_check (options);
  Patients p = { f, data, n, NULL };
  double *replicates;

  ktm_bootstrap_clear (out);
  if (status != KTM_STATS_OK || n > UINT32_MAX)
    return KTM_STATS_BAD_ARGUMENT;
  if (n < 2)
    return KTM_STATS_TOO_FEW;
  p.rows = malloc (n * sizeof *p.rows);
  replicates = malloc ((n > options->resamples ? n : options->resamples) * sizeof *replicates);
  status = p.rows != NULL && replicates != NULL ? run (&p, replicates, options, progress, out)
                                                : KTM_STATS_NO_MEMORY;
  free (p.rows);
  free (replicates);
  if (status != KTM_STATS_OK)
    ktm_bootstrap_clear (out);
  return status;
}
