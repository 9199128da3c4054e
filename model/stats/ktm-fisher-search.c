/* model/stats: the enumeration behind the exact test of an r x c table.
 *
 * A table's probability given its margins is exp(constant - cost), cost = sum of log x_ij!.  Tables
 * are built column by column.  What is left after some columns depends only on what the rows still
 * have to get (a node), so ways to a node with equal cost are one state with a count.  A state
 * whose cheapest completion already costs enough counts whole, by the closed form of all its
 * completions.  The last two columns are not walked: the costs of a node's completions are sorted
 * once, with running sums, and looked up.
 */
#include "ktm-fisher-search.h"

#include <stdlib.h>

enum { MAX_ROWS = KTM_FISHER_ROWS, MAX_STATES = 3000000, MAX_TAILS = 6000000 };

struct _KtmFisherState
{
  uint64_t node;   /* what the rows still need, mixed radix */
  double   cost;   /* of the columns so far */
  double   ways;   /* tables with that cost */
};
typedef KtmFisherState State;

struct _KtmFisherTail
{
  uint64_t node;
  size_t   start, n; /* in Search.costs; n = 0: empty slot */
  double   base;     /* weights are exp(base - cost) */
};
typedef KtmFisherTail Tail;
typedef KtmFisherSearch Search;

/* --- small helpers ---------------------------------------------------------------------------- */

static uint64_t
encode (const Search *s, const long *need)
{
  uint64_t node = 0;

  for (size_t i = 0; i < s->rows; i++)
    node += s->radix[i] * (uint64_t) need[i];
  return node;
}

static void
decode (const Search *s, uint64_t node, long *need)
{
  for (size_t i = s->rows; i-- > 0;)
    {
      need[i] = (long) (node / s->radix[i]);
      node %= s->radix[i];
    }
}

/* Log of the sum over all completions of 1 / product x_ij!, columns from @first on. */
static double
log_all_completions (const Search *s, const long *need, size_t first)
{
  double sum = 0.0;
  long left = 0;

  for (size_t i = 0; i < s->rows; i++)
    {
      sum -= s->log_factorial[need[i]];
      left += need[i];
    }
  for (size_t j = first; j < s->cols; j++)
    sum -= s->log_factorial[s->col[j]];
  return sum + s->log_factorial[left];
}

/* No completion costs less: weak duality with the multipliers log of the expected counts. */
static double
least_cost (const Search *s, const long *need, size_t first)
{
  double bound = 0.0, log_left, left = 0.0;

  for (size_t i = 0; i < s->rows; i++)
    left += (double) need[i];
  if (left == 0.0)
    return 0.0;
  log_left = s->log_int[(size_t) left];
  for (size_t i = 0; i < s->rows; i++)
    for (size_t j = first; j < s->cols; j++)
      {
        double expected = (double) need[i] * (double) s->col[j] / left, price;
        size_t whole = (size_t) expected;

        if (expected == 0.0)
          continue;
        price = s->log_int[need[i]] + s->log_int[s->col[j]] - log_left;
        bound += s->log_factorial[whole] + (expected - (double) whole) * price;
      }
  return bound;
}

static int
compare_states (const void *a, const void *b)
{
  const State *x = a, *y = b;

  if (x->node != y->node)
    return x->node < y->node ? -1 : 1;
  return (x->cost > y->cost) - (x->cost < y->cost);
}

static int
compare_down (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x < y) - (x > y);
}

/* --- one column ------------------------------------------------------------------------------- */

typedef KtmStatsStatus (*Visit) (Search *s, const long *need, size_t next_column, double cost,
                                 double ways);

/* Calls @visit for every way to give column @j to rows that need @need. */
static KtmStatsStatus
split_column (Search *s, const State *state, size_t j, Visit visit)
{
  long need[MAX_ROWS], given[MAX_ROWS], room[MAX_ROWS + 1], left[MAX_ROWS + 1];
  size_t last = s->rows - 1, i = 0;
  KtmStatsStatus status;

  decode (s, state->node, need);
  room[s->rows] = 0;
  for (size_t r = s->rows; r-- > 0;)
    room[r] = room[r + 1] + need[r];
  left[0] = s->col[j];
  given[0] =
      left[0] > room[1] ? left[0] - room[1] : 0; /* the rows after must be able to take the rest */
  for (;;)
    {
      if (given[i] > need[i] || given[i] > left[i])
        {
          if (i-- == 0)
            return KTM_STATS_OK;
          given[i]++;
          continue;
        }
      left[i + 1] = left[i] - given[i];
      if (i < last)
        {
          i++;
          given[i] = left[i] > room[i + 1] ? left[i] - room[i + 1] : 0;
          continue;
        }
      {
        long rest[MAX_ROWS];
        double cost = state->cost;

        for (size_t r = 0; r < s->rows; r++)
          {
            rest[r] = need[r] - given[r];
            cost += s->log_factorial[given[r]];
          }
        status = visit (s, rest, j + 1, cost, state->ways);
        if (status != KTM_STATS_OK)
          return status;
      }
      given[i]++;
    }
}

/* Counts the cells looked at from column @first on, and listens now and then. */
static KtmStatsStatus
spend (Search *s, size_t first)
{
  s->work += (double) (s->rows * (s->cols - first));
  if (s->work > KTM_FISHER_WORK)
    return KTM_STATS_TOO_LARGE;
  if (s->work < s->reported + 1e6)
    return KTM_STATS_OK;
  s->reported = s->work;
  return ktm_progress_stopped (s->progress) ? KTM_STATS_CANCELLED : KTM_STATS_OK;
}

/* How many ways there are to give @total to rows that need @need. */
static double
count_splits (const Search *s, const long *need, size_t total)
{
  double *ways = s->scratch, *next = s->scratch + s->n + 1;

  for (size_t k = 0; k <= total; k++)
    ways[k] = k == 0 ? 1.0 : 0.0;
  for (size_t i = 0; i < s->rows; i++)
    {
      double *swap = ways, sum = 0.0;

      for (size_t k = 0; k <= total; k++)
        {
          sum += ways[k];
          if (k > (size_t) need[i])
            sum -= ways[k - (size_t) need[i] - 1];
          next[k] = sum;
        }
      ways = next;
      next = swap;
    }
  return ways[total];
}

/* Gives up before a column whose splits would take too long. */
static KtmStatsStatus
foresee (const Search *s, size_t j)
{
  double visits = 0.0, cells = (double) (s->rows * (s->cols - j - 1));

  for (size_t i = 0; i < s->n_states; i++)
    {
      long need[MAX_ROWS];

      decode (s, s->states[i].node, need);
      visits += count_splits (s, need, (size_t) s->col[j]);
      if (visits * cells > KTM_FISHER_WORK - s->work)
        return KTM_STATS_TOO_LARGE;
    }
  return KTM_STATS_OK;
}

/* Counts a whole state when every completion is rare enough. */
static bool
count_whole (Search *s, const long *need, size_t first, double cost, double ways)
{
  if (cost + least_cost (s, need, first) < s->threshold)
    return false;
  s->p += ways * exp (s->constant - cost + log_all_completions (s, need, first));
  return true;
}

static KtmStatsStatus
visit_push (Search *s, const long *need, size_t next_column, double cost, double ways)
{
  if (!count_whole (s, need, next_column, cost, ways))
    {
      if (s->n_next == MAX_STATES)
        return KTM_STATS_TOO_LARGE;
      s->next[s->n_next++] = (State) { encode (s, need), cost, ways };
    }
  return spend (s, next_column);
}

/* States of one node whose costs agree to rounding become one. */
static void
merge_states (Search *s)
{
  size_t kept = 0;
  State *swap = s->states;

  qsort (s->next, s->n_next, sizeof *s->next, compare_states);
  for (size_t i = 0; i < s->n_next; i++)
    {
      if (kept > 0 && s->next[kept - 1].node == s->next[i].node
          && s->next[i].cost - s->next[kept - 1].cost < 1e-9)
        s->next[kept - 1].ways += s->next[i].ways;
      else
        s->next[kept++] = s->next[i];
    }
  s->states = s->next;
  s->n_states = kept;
  s->next = swap;
  s->n_next = 0;
}

/* --- the last two columns --------------------------------------------------------------------- */

static KtmStatsStatus
visit_completion (Search *s, const long *need, size_t next_column, double cost, double ways)
{
  for (size_t i = 0; i < s->rows; i++)
    cost += s->log_factorial[need[i]];
  if (s->n_costs == MAX_TAILS)
    return KTM_STATS_TOO_LARGE;
  s->costs[s->n_costs++] = cost;
  return spend (s, next_column);
}

static KtmStatsStatus
list_completions (Search *s, uint64_t node, Tail *tail)
{
  State root = { node, 0.0, 1.0 };
  KtmStatsStatus status;
  double sum = 0.0;

  *tail = (Tail) { .node = node, .start = s->n_costs };
  status = split_column (s, &root, s->cols - 2, visit_completion);
  if (status != KTM_STATS_OK)
    return status;
  tail->n = s->n_costs - tail->start;
  qsort (s->costs + tail->start, tail->n, sizeof *s->costs, compare_down);
  tail->base = s->costs[s->n_costs - 1];
  for (size_t i = tail->start; i < s->n_costs; i++)
    s->sums[i] = sum += exp (tail->base - s->costs[i]);
  return KTM_STATS_OK;
}

static KtmStatsStatus
grow_slots (Search *s)
{
  size_t n = s->n_slots > 0 ? 2 * s->n_slots : 1024;
  Tail *tails = calloc (n, sizeof *tails);

  if (tails == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < s->n_slots; i++)
    if (s->tails[i].n > 0)
      {
        size_t slot = (size_t) ((s->tails[i].node * UINT64_C (0x9e3779b97f4a7c15)) >> 32) & (n - 1);

        while (tails[slot].n > 0)
          slot = (slot + 1) & (n - 1);
        tails[slot] = s->tails[i];
      }
  free (s->tails);
  s->tails = tails;
  s->n_slots = n;
  return KTM_STATS_OK;
}

static KtmStatsStatus
find_tail (Search *s, uint64_t node, const Tail **out)
{
  KtmStatsStatus status = 2 * s->n_tails >= s->n_slots ? grow_slots (s) : KTM_STATS_OK;
  size_t slot;

  if (status != KTM_STATS_OK)
    return status;
  slot = (size_t) ((node * UINT64_C (0x9e3779b97f4a7c15)) >> 32) & (s->n_slots - 1);
  while (s->tails[slot].n > 0 && s->tails[slot].node != node)
    slot = (slot + 1) & (s->n_slots - 1);
  *out = &s->tails[slot];
  if (s->tails[slot].n > 0)
    return KTM_STATS_OK;
  s->n_tails++;
  return list_completions (s, node, &s->tails[slot]);
}

static KtmStatsStatus
add_tail (Search *s, uint64_t node, double cost, double ways)
{
  const Tail *tail;
  KtmStatsStatus status = find_tail (s, node, &tail);
  size_t low = 0, high;

  if (status != KTM_STATS_OK)
    return status;
  high = tail->n; /* how many completions cost enough: the first @low do */
  while (low < high)
    {
      size_t mid = low + (high - low) / 2;

      if (cost + s->costs[tail->start + mid] >= s->threshold)
        low = mid + 1;
      else
        high = mid;
    }
  if (low > 0)
    s->p += ways * exp (s->constant - cost - tail->base) * s->sums[tail->start + low - 1];
  return KTM_STATS_OK;
}

static KtmStatsStatus
visit_tail (Search *s, const long *need, size_t next_column, double cost, double ways)
{
  KtmStatsStatus status = spend (s, next_column);

  if (status != KTM_STATS_OK || count_whole (s, need, next_column, cost, ways))
    return status;
  return add_tail (s, encode (s, need), cost, ways);
}

/* --- all columns ------------------------------------------------------------------------------ */

static KtmStatsStatus
enumerate (Search *s)
{
  KtmStatsStatus status = KTM_STATS_OK;
  size_t j = 0;

  s->states[0] = (State) { encode (s, s->row), 0.0, 1.0 };
  s->n_states = 1;
  if (s->cols == 2)
    return add_tail (s, s->states[0].node, 0.0, 1.0);
  for (; j + 3 < s->cols; j++)
    {
      status = foresee (s, j);
      for (size_t i = 0; i < s->n_states && status == KTM_STATS_OK; i++)
        status = split_column (s, &s->states[i], j, visit_push);
      if (status != KTM_STATS_OK)
        return status;
      merge_states (s);
      ktm_progress_report (s->progress, (double) (j + 1) / (double) s->cols);
    }
  status = foresee (s, j);
  for (size_t i = 0; i < s->n_states && status == KTM_STATS_OK; i++)
    status = split_column (s, &s->states[i], j, visit_tail);
  return status;
}

static bool
set_radix (Search *s)
{
  double size = 1.0;

  if (s->rows > MAX_ROWS)
    return false;
  for (size_t i = 0; i < s->rows; i++)
    {
      s->radix[i] = (uint64_t) size;
      size *= (double) s->row[i] + 1.0;
    }
  return size < 9e18;
}

KtmStatsStatus
ktm_fisher_search (KtmFisherSearch *s)
{
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;

  s->states = malloc (MAX_STATES * sizeof *s->states);
  s->next = malloc (MAX_STATES * sizeof *s->next);
  s->costs = malloc (MAX_TAILS * sizeof *s->costs);
  s->sums = malloc (MAX_TAILS * sizeof *s->sums);
  s->scratch = malloc (2 * (s->n + 1) * sizeof *s->scratch);
  if (!set_radix (s))
    status = KTM_STATS_TOO_LARGE;
  else if (s->states != NULL && s->next != NULL && s->costs != NULL && s->sums != NULL
           && s->scratch != NULL)
    status = enumerate (s);
  free (s->states);
  free (s->next);
  free (s->costs);
  free (s->sums);
  free (s->scratch);
  free (s->tails);
  return status;
}
