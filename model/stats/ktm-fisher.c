/* model/stats: Fisher's exact test of a 2 x 2 table on the noncentral hypergeometric. */
#include "ktm-tables.h"
#include "ktm-dist.h"
#include "ktm-root.h"
#include "ktm-table-counts.h"

/* Counts of the first cell given the margins: low … high, density ~ exp (log_odds x) / (x! …). */
typedef struct
{
  double row1, row2, col1, low, high, observed;
  double log_odds;
  double goal;
  enum { TAIL_MEAN, TAIL_LOWER, TAIL_UPPER } kind;
} Hyper;

static double
log_weight (const Hyper *h, double x)
{
  return -lgamma (x + 1.0) - lgamma (h->row1 - x + 1.0) - lgamma (h->col1 - x + 1.0)
         - lgamma (h->row2 - h->col1 + x + 1.0) + x * h->log_odds;
}

static double
log_largest (const Hyper *h)
{
  double best = -INFINITY;

  for (double x = h->low; x <= h->high; x += 1.0)
    best = fmax (best, log_weight (h, x));
  return best;
}

/* Mean, P(X <= observed) or P(X >= observed) at @log_odds. */
static double
evaluate (Hyper *h, double log_odds)
{
  double scale, all = 0.0, part = 0.0;

  h->log_odds = log_odds;
  scale = log_largest (h);
  for (double x = h->low; x <= h->high; x += 1.0)
    {
      double w = exp (log_weight (h, x) - scale);

      all += w;
      if (h->kind == TAIL_MEAN)
        part += w * (x - h->low);
      else if (h->kind == TAIL_LOWER ? x <= h->observed : x >= h->observed)
        part += w;
    }
  return h->kind == TAIL_MEAN ? h->low + part / all : part / all;
}

static double
miss (double log_odds, void *data)
{
  Hyper *h = data;

  return evaluate (h, log_odds) - h->goal;
}

/* The odds ratio at which @kind reaches @goal. */
static double
solve (Hyper *h, int kind, double goal)
{
  double reach = 2.0, root;

  h->kind = kind;
  h->goal = goal;
  while (reach < 600.0 && (miss (-reach, h) > 0.0) == (miss (reach, h) > 0.0))
    reach *= 1.7;
  return ktm_root_find (miss, h, -reach, reach, &root) == KTM_STATS_OK ? exp (root) : NAN;
}

static void
p_values (Hyper *h, KtmFisher *out)
{
  double scale, limit, all = 0.0, less = 0.0, greater = 0.0, both = 0.0;

  h->log_odds = 0.0;
  scale = log_largest (h);
  limit = log_weight (h, h->observed) + log1p (1e-7);
  for (double x = h->low; x <= h->high; x += 1.0)
    {
      double lw = log_weight (h, x), w = exp (lw - scale);

      all += w;
      less += x <= h->observed ? w : 0.0;
      greater += x >= h->observed ? w : 0.0;
      both += lw <= limit ? w : 0.0;
    }
  out->p_less = fmin (1.0, less / all);
  out->p_greater = fmin (1.0, greater / all);
  out->p = fmin (1.0, both / all);
}

KtmStatsStatus
ktm_stats_fisher (const double table[4], double level, KtmFisher *out)
{
  double a = table[0], row1 = a + table[1], row2 = table[2] + table[3], col1 = a + table[2];
  Hyper h = { .row1 = row1,
              .row2 = row2,
              .col1 = col1,
              .low = fmax (0.0, col1 - row2),
              .high = fmin (row1, col1),
              .observed = a };
  KtmStatsStatus status = ktm_table_check (table, 4);

  *out = (KtmFisher) { NAN, NAN, NAN, NAN, NAN, NAN };
  if (status != KTM_STATS_OK)
    return status;
  if (!ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (row1 == 0.0 || row2 == 0.0 || col1 == 0.0 || col1 == row1 + row2)
    return KTM_STATS_UNDEFINED;
  p_values (&h, out);
  out->odds_ratio = a == h.low ? 0.0 : a == h.high ? INFINITY : solve (&h, TAIL_MEAN, a);
  out->low = a == h.low ? 0.0 : solve (&h, TAIL_UPPER, 0.5 * (1.0 - level));
  out->high = a == h.high ? INFINITY : solve (&h, TAIL_LOWER, 0.5 * (1.0 - level));
  return KTM_STATS_OK;
}
