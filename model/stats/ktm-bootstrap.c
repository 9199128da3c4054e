/* model/stats: bootstrap of the usual statistics, from running sums. */
#include "ktm-bootstrap-private.h"
#include "ktm-describe.h"
#include "ktm-random.h"
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

/* A sample about its own mean, so that sums of squares lose nothing. */
typedef struct
{
  double *c;        /* n values minus mean; ascending for medians */
  size_t  n;
  double  mean, squares;
} Sample;

typedef struct
{
  double sum, squares;
} Sums;

typedef struct
{
  KtmBootStatistic statistic;
  bool     median, standardised, two; /* what the statistic is made of */
  bool     rows;                      /* two samples whose rows are drawn together */
  Sample   a, b;
  uint16_t *counts;                   /* medians: how often each value was drawn */
} Boot;

/* --- the statistic from sums ------------------------------------------------------------------ */

/* n values with these sums about the mean of @s. */
static double
spread_of (Sums t, double n)
{
  return t.squares - t.sum * t.sum / n;
}

static double
statistic_of (const Boot *boot, Sums a, double n1, Sums b, double n2)
{
  double mean = boot->a.mean + a.sum / n1, squares = spread_of (a, n1), all = boot->a.squares,
         df = n1 - 1.0;

  if (boot->two)
    {
      mean -= boot->b.mean + b.sum / n2;
      squares += spread_of (b, n2);
      all += boot->b.squares;
      df += n2 - 1.0;
    }
  if (!boot->standardised)
    return mean;
  return squares > 1e-13 * all ? mean / sqrt (squares / df) : NAN; /* one value drawn throughout */
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* An index below n < 65536 from 16 random bits, redrawn in the rare zone that would be biased. */
static inline uint32_t
index_of (KtmRandom *random, uint64_t bits, uint32_t n)
{
  uint32_t product = (uint32_t) (bits & 0xffff) * n;

  if (__builtin_expect ((product & 0xffff) < n, 0))
    {
      uint32_t biased = (65536 - n) % n;

      while ((product & 0xffff) < biased)
        product = (uint32_t) (ktm_random_next (random) & 0xffff) * n;
    }
  return product >> 16;
}

static Sums
draw_sums (KtmRandom *random, const double *c, size_t n)
{
  double s0 = 0.0, s1 = 0.0, q0 = 0.0, q1 = 0.0;
  uint32_t m = (uint32_t) n;
  size_t i = 0;

  for (; i + 4 <= n; i += 4)
    {
      uint64_t bits = ktm_random_next (random);
      double v0 = c[index_of (random, bits, m)], v1 = c[index_of (random, bits >> 16, m)];
      double v2 = c[index_of (random, bits >> 32, m)], v3 = c[index_of (random, bits >> 48, m)];

      s0 += v0 + v2;
      s1 += v1 + v3;
      q0 += v0 * v0 + v2 * v2;
      q1 += v1 * v1 + v3 * v3;
    }
  for (; i < n; i++)
    {
      double v = c[index_of (random, ktm_random_next (random), m)];

      s0 += v;
      q0 += v * v;
    }
  return (Sums) { s0 + s1, q0 + q1 };
}

static Sums
draw_many (KtmRandom *random, const double *c, size_t n)
{
  Sums t = { 0.0, 0.0 };

  if (n < 65536)
    return draw_sums (random, c, n);
  for (size_t i = 0; i < n; i++)
    {
      double v = c[ktm_random_below (random, (uint32_t) n)];

      t.sum += v;
      t.squares += v * v;
    }
  return t;
}

static double
replicate_rows (const Boot *boot, KtmRandom *random)
{
  Sums a = { 0.0, 0.0 }, b = { 0.0, 0.0 };

  for (size_t i = 0; i < boot->a.n; i++)
    {
      uint32_t row = ktm_random_below (random, (uint32_t) boot->a.n);

      a.sum += boot->a.c[row];
      a.squares += boot->a.c[row] * boot->a.c[row];
      b.sum += boot->b.c[row];
      b.squares += boot->b.c[row] * boot->b.c[row];
    }
  return statistic_of (boot, a, (double) boot->a.n, b, (double) boot->b.n);
}

/* The k-th value drawn, k from 0, and the one after. */
static double
replicate_median (const Boot *boot, KtmRandom *random)
{
  size_t n = boot->a.n, k = (n - 1) / 2, seen = 0, i = 0;
  const double *c = boot->a.c;
  uint32_t m = (uint32_t) n;
  size_t d = 0;

  memset (boot->counts, 0, n * sizeof *boot->counts);
  for (; d + 4 <= n && n < 65536; d += 4)
    {
      uint64_t bits = ktm_random_next (random);

      boot->counts[index_of (random, bits, m)]++;
      boot->counts[index_of (random, bits >> 16, m)]++;
      boot->counts[index_of (random, bits >> 32, m)]++;
      boot->counts[index_of (random, bits >> 48, m)]++;
    }
  for (; d < n; d++)
    boot->counts[ktm_random_below (random, m)]++;
  while (seen + boot->counts[i] <= k)
    seen += boot->counts[i++];
  if (n % 2 == 1 || seen + boot->counts[i] > k + 1)
    return c[i] + boot->a.mean;
  for (d = i + 1; boot->counts[d] == 0; d++)
    ;
  return 0.5 * (c[i] + c[d]) + boot->a.mean;
}

static double
replicate (const Boot *boot, KtmRandom *random)
{
  Sums a, b = { 0.0, 0.0 };

  if (boot->median)
    return replicate_median (boot, random);
  if (boot->rows)
    return replicate_rows (boot, random);
  a = draw_many (random, boot->a.c, boot->a.n);
  if (boot->two)
    b = draw_many (random, boot->b.c, boot->b.n);
  return statistic_of (boot, a, (double) boot->a.n, b, (double) boot->b.n);
}

/* --- jackknife -------------------------------------------------------------------------------- */

/* Median of ascending c without element i. */
static double
median_without (const double *c, size_t n, size_t i)
{
  size_t m = n - 1, k = (m - 1) / 2, next = k + 1;
  double low = c[k + (k >= i)];

  return m % 2 == 1 ? low : 0.5 * (low + c[next + (next >= i)]);
}

static double
without (const Boot *boot, size_t i, bool from_a, bool from_b)
{
  const Sample *a = &boot->a, *b = &boot->b;
  Sums sa = { 0.0, a->squares }, sb = { 0.0, b->squares };

  if (boot->median)
    return median_without (a->c, a->n, i) + a->mean;
  if (from_a)
    sa = (Sums) { -a->c[i], a->squares - a->c[i] * a->c[i] };
  if (from_b)
    sb = (Sums) { -b->c[i], b->squares - b->c[i] * b->c[i] };
  return statistic_of (boot, sa, (double) a->n - from_a, sb, (double) b->n - from_b);
}

/* @jack: as long as the longer sample. */
static double
acceleration (const Boot *boot, double *jack)
{
  double n1 = (double) boot->a.n, n2 = (double) boot->b.n, squares = 0.0, cubes = 0.0;

  for (size_t i = 0; i < boot->a.n; i++)
    jack[i] = without (boot, i, true, boot->rows);
  ktm_bootstrap_jackknife (jack, boot->a.n, (n1 - 1.0) / n1, &squares, &cubes);
  if (boot->two && !boot->rows)
    {
      for (size_t i = 0; i < boot->b.n; i++)
        jack[i] = without (boot, i, false, true);
      ktm_bootstrap_jackknife (jack, boot->b.n, (n2 - 1.0) / n2, &squares, &cubes);
    }
  return ktm_bootstrap_acceleration (squares, cubes);
}

/* --- set up ----------------------------------------------------------------------------------- */

static void
centre (Sample *s, bool sorted)
{
  double var;

  ktm_stats_moments (s->c, s->n, &s->mean, &var);
  s->squares = var * (double) (s->n - 1);
  if (sorted)
    s->mean = 0.0; /* medians keep their own digits */
  for (size_t i = 0; i < s->n; i++)
    s->c[i] -= s->mean;
  if (sorted)
    ktm_rank_sort (s->c, s->n);
}

static bool
is_paired (KtmBootStatistic s)
{
  return s == KTM_BOOT_MEAN_DIFF_PAIRED || s == KTM_BOOT_MEDIAN_DIFF_PAIRED || s == KTM_BOOT_D_Z;
}

static KtmStatsStatus
refuse (KtmBootStatistic statistic, const double *x, size_t n1, const double *y, size_t n2,
        const KtmBootOptions *options)
{
  bool paired = is_paired (statistic), two = statistic == KTM_BOOT_MEAN_DIFF_TWO_SAMPLE
                                             || statistic == KTM_BOOT_COHEN_D;
  bool rows = options->resampling == KTM_RESAMPLE_CASES;

  if (ktm_bootstrap_check (options) != KTM_STATS_OK || (paired || two) != (y != NULL)
      || n1 > UINT32_MAX / 2 || n2 > UINT32_MAX / 2)
    return KTM_STATS_BAD_ARGUMENT;
  if ((paired && !rows) || ((paired || (two && rows)) && n1 != n2))
    return KTM_STATS_BAD_ARGUMENT;
  if (!ktm_stats_all_finite (x, n1) || (y != NULL && !ktm_stats_all_finite (y, n2)))
    return KTM_STATS_NOT_FINITE;
  return n1 < 2 || (two && n2 < 2) ? KTM_STATS_TOO_FEW : KTM_STATS_OK;
}

/* @work: n1 + n2 doubles for the samples. */
static void
set_up (Boot *boot, const double *x, size_t n1, const double *y, size_t n2, double *work)
{
  bool paired = is_paired (boot->statistic);

  boot->median =
      boot->statistic == KTM_BOOT_MEDIAN || boot->statistic == KTM_BOOT_MEDIAN_DIFF_PAIRED;
  boot->standardised = boot->statistic == KTM_BOOT_D_Z || boot->statistic == KTM_BOOT_COHEN_D;
  boot->two = y != NULL && !paired;
  boot->a = (Sample) { .c = work, .n = n1 };
  for (size_t i = 0; i < n1; i++)
    work[i] = paired ? y[i] - x[i] : x[i];
  centre (&boot->a, boot->median);
  if (!boot->two)
    return;
  boot->b = (Sample) { .c = work + n1, .n = n2 };
  memcpy (boot->b.c, y, n2 * sizeof *y);
  centre (&boot->b, false);
}

static KtmStatsStatus
run (Boot *boot, double *replicates, const KtmBootOptions *options, const KtmProgress *progress,
     KtmBootstrap *out)
{
  Sums a = { 0.0, boot->a.squares }, b = { 0.0, boot->b.squares };
  KtmRandom random;

  out->value = boot->median ? ktm_rank_quantile (boot->a.c, boot->a.n, 0.5)
                            : statistic_of (boot, a, (double) boot->a.n, b, (double) boot->b.n);
  if (!isfinite (out->value))
    return KTM_STATS_UNDEFINED;
  out->acceleration = acceleration (boot, replicates);
  ktm_random_seed (&random, options->seed);
  for (size_t r = 0; r < options->resamples; r++)
    {
      replicates[r] = replicate (boot, &random);
      if ((r & 4095) != 4095)
        continue;
      if (ktm_progress_stopped (progress))
        return KTM_STATS_CANCELLED;
      ktm_progress_report (progress, (double) r / (double) options->resamples);
    }
  return ktm_bootstrap_finish (replicates, options->resamples, options->level, out);
}

KtmStatsStatus
ktm_stats_bootstrap (KtmBootStatistic statistic, const double *x, size_t n1, const double *y,
                     size_t n2, const KtmBootOptions *options, const KtmProgress *progress,
                     KtmBootstrap *out)
{
  KtmStatsStatus status = refuse (statistic, x, n1, y, n2, options);
  Boot boot = { .statistic = statistic };
  size_t n = n1 + n2, longest;
  double *work, *replicates;

  ktm_bootstrap_clear (out);
  if (status != KTM_STATS_OK)
    return status;
  longest =
      n > options->resamples ? n : options->resamples; /* the jackknife borrows the replicates */
  work = malloc (n * sizeof *work);
  replicates = malloc (longest * sizeof *replicates);
  boot.counts = malloc (n * sizeof *boot.counts);
  if (work != NULL && replicates != NULL && boot.counts != NULL)
    {
      set_up (&boot, x, n1, y, n2, work);
      boot.rows = boot.two && options->resampling == KTM_RESAMPLE_CASES;
      status = boot.a.squares + boot.b.squares > 0.0
                   ? run (&boot, replicates, options, progress, out)
                   : KTM_STATS_NO_VARIANCE;
    }
  else
    status = KTM_STATS_NO_MEMORY;
  free (work);
  free (replicates);
  free (boot.counts);
  if (status != KTM_STATS_OK)
    ktm_bootstrap_clear (out);
  return status;
}
