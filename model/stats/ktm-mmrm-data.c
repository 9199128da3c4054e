/* model/stats: the rows of the MMRM, grouped so that equal work is done once. */
#include "ktm-mmrm-private.h"

#include "ktm-dense.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  size_t subject, visit, row;
} Key;

/* One subject's rows, as pointers into the sorted arrays; row: which rows of Q they have. */
typedef struct
{
  size_t m, p, first;
  const size_t *visit, *row;
  const double *q;
} Person;

static int
compare_sizes (size_t a, size_t b)
{
  return a < b ? -1 : a > b;
}

static int
compare_keys (const void *pa, const void *pb)
{
  const Key *a = pa, *b = pb;
  int c = compare_sizes (a->subject, b->subject);

  return c != 0 ? c : compare_sizes (a->visit, b->visit);
}

static int
compare_patterns (const Person *a, const Person *b)
{
  int c = compare_sizes (b->m, a->m);

  for (size_t i = 0; c == 0 && i < a->m; i++)
    c = compare_sizes (a->visit[i], b->visit[i]);
  return c;
}

static int
compare_persons (const void *pa, const void *pb)
{
  const Person *a = pa, *b = pb;
  int c = compare_patterns (a, b);

  for (size_t i = 0; c == 0 && i < a->m; i++)
    {
      const double *x = a->q + a->row[i] * a->p, *y = b->q + b->row[i] * b->p;

      for (size_t j = 0; c == 0 && x != y && j < a->p; j++)
        c = x[j] < y[j] ? -1 : x[j] > y[j];
    }
  return c;
}

/* Zeroed memory that ktm_mmrm_data_clear() frees. */
static void *
take (KtmMmrmData *d, size_t n, size_t size)
{
  void *block = calloc (n > 0 ? n : 1, size);

  for (size_t i = 0; i < sizeof d->memory / sizeof d->memory[0]; i++)
    if (d->memory[i] == NULL)
      {
        d->memory[i] = block;
        return block;
      }
  free (block);
  return NULL;
}

/* Frees one block before the others: of a row for each score only the groups are needed. */
static void
give_back (KtmMmrmData *d, void *block)
{
  for (size_t i = 0; block != NULL && i < sizeof d->memory / sizeof d->memory[0]; i++)
    if (d->memory[i] == block)
      d->memory[i] = NULL;
  free (block);
}

/* Frees what ktm_mmrm_data_init() took, also after its failure. */
void
ktm_mmrm_data_clear (KtmMmrmData *d)
{
  for (size_t i = 0; i < sizeof d->memory / sizeof d->memory[0]; i++)
    free (d->memory[i]);
  memset (d, 0, sizeof *d);
}

/* y <- y - QQ'y in units of its SD; beta0 = Q'y.  NO_VARIANCE where nothing is left. */
static KtmStatsStatus
residualise (KtmMmrmData *d, const size_t *row, double *y)
{
  double rss = 0, yy = 0, mean = 0;

  for (size_t i = 0; i < d->n; i++)
    mean += y[i] / (double) d->n;
  for (size_t i = 0; i < d->n; i++)
    yy += (y[i] - mean) * (y[i] - mean) + DBL_EPSILON * mean * mean;
  for (int pass = 0; pass < 2; pass++)
    for (size_t j = 0; j < d->p; j++)
      {
        double f = 0;

        for (size_t i = 0; i < d->n; i++)
          f += d->q[row[i] * d->p + j] * y[i];
        for (size_t i = 0; i < d->n; i++)
          y[i] -= f * d->q[row[i] * d->p + j];
        d->beta0[j] += f;
      }
  rss = ktm_dense_dot (y, y, d->n);
  if (!(rss > 1e-20 * yy) || rss <= DBL_MIN)
    return KTM_STATS_NO_VARIANCE;
  d->y_scale = sqrt (rss / (double) d->n);
  for (size_t i = 0; i < d->n; i++)
    y[i] /= d->y_scale;
  return KTM_STATS_OK;
}

/* The start: pairwise covariance of the residuals, its correlations drawn towards 0 until the
 * smallest eigenvalue is 0.05.  @work: 2 t t + t. */
static void
make_definite (double *sigma, size_t t, double *work)
{
  double *a = work, *vectors = work + t * t, *values = vectors + t * t, smallest = INFINITY, keep;

  for (size_t i = 0; i < t; i++)
    for (size_t j = 0; j < t; j++)
      a[i * t + j] = sigma[i * t + j] / sqrt (sigma[i * t + i] * sigma[j * t + j]);
  ktm_dense_eigen (a, t, values, vectors);
  for (size_t i = 0; i < t; i++)
    smallest = fmin (smallest, values[i]);
  if (smallest >= 0.05)
    return;
  keep = 0.95 / (1 - smallest);
  for (size_t i = 0; i < t; i++)
    for (size_t j = 0; j < t; j++)
      if (i != j)
        sigma[i * t + j] *= keep;
}

static KtmStatsStatus
make_start (KtmMmrmData *d, const Person *person, const double *y)
{
  size_t t = d->t;
  double *count = d->work, total = 0;

  for (size_t s = 0; s < d->n_subjects; s++)
    for (size_t i = 0; i < person[s].m; i++)
      for (size_t j = 0; j < person[s].m; j++)
        {
          size_t at = person[s].visit[i] * t + person[s].visit[j];

          d->start[at] += y[person[s].first + i] * y[person[s].first + j];
          count[at]++;
        }
  d->every_pair = true;
  for (size_t i = 0; i < t; i++)
    {
      if (count[i * t + i] == 0)
        return KTM_STATS_TOO_FEW;
      total += d->start[i * t + i] / (double) d->n;
      for (size_t j = 0; j < i; j++)
        d->every_pair = d->every_pair && count[i * t + j] > 0;
    }
  for (size_t e = 0; e < t * t; e++)
    d->start[e] /= fmax (count[e], 1);
  for (size_t i = 0; i < t; i++) /* a visit fitted exactly has no variance of its own */
    d->start[i * t + i] = fmax (d->start[i * t + i], 1e-3 * total);
  make_definite (d->start, t, d->work);
  memset (d->work, 0, t * t * sizeof (double));
  return KTM_STATS_OK;
}

/* One cell's mean and scatter over subjects first..first+n-1 (all with the same rows of X). */
static void
fill_cell (KtmMmrmData *d, KtmMmrmCell *cell, const Person *person, size_t n, const double *y)
{
  size_t m = person->m;

  cell->n = (double) n;
  for (size_t i = 0; i < m; i++)
    memcpy (cell->x + i * d->p, d->q + person->row[i] * d->p, d->p * sizeof (double));
  for (size_t s = 0; s < n; s++)
    for (size_t i = 0; i < m; i++)
      cell->mean[i] += y[person[s].first + i] / (double) n;
  for (size_t s = 0; s < n; s++)
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < m; j++)
        cell->ss[i * m + j] += (y[person[s].first + i] - cell->mean[i])
                               * (y[person[s].first + j] - cell->mean[j]);
}

/* Patterns and cells of the sorted persons; @fill false only counts the doubles they need. */
static size_t
group (KtmMmrmData *d, const Person *person, const double *y, double *at, bool fill)
{
  size_t used = 0, p = d->p, next;
  KtmMmrmPattern *pattern = NULL;

  d->n_patterns = d->n_cells = 0;
  for (size_t s = 0; s < d->n_subjects; s = next)
    {
      size_t m = person[s].m;
      bool new_pattern = s == 0 || compare_patterns (&person[s], &person[s - 1]) != 0;

      for (next = s + 1; next < d->n_subjects; next++)
        if (compare_persons (&person[s], &person[next]) != 0)
          break;
      if (fill && new_pattern)
        {
          pattern = &d->pattern[d->n_patterns];
          *pattern = (KtmMmrmPattern) { .m = m, .first = d->n_cells, .s = at + used };
          pattern->visit = (size_t *) person[s].visit;
        }
      d->n_patterns += new_pattern;
      used += new_pattern ? m * m : 0;
      if (fill)
        {
          KtmMmrmCell *cell = &d->cell[d->n_cells];

          cell->x = at + used;
          cell->z = cell->x + m * p;
          cell->mean = cell->z + m * p;
          cell->ss = cell->mean + m;
          fill_cell (d, cell, &person[s], next - s, y);
          pattern->n += cell->n;
          pattern->n_cells++;
        }
      used += 2 * m * p + m + m * m;
      d->n_cells++;
    }
  return used;
}

/* The rows by subject and visit.  Those that come in that order, as from a cohort, are not copied:
 * a million rows less. */
typedef struct
{
  const KtmMmrmRows *rows;
  Key *key;              /* owned; NULL: as they come */
  const size_t *visit;   /* n, in order */
  const size_t *row;     /* n: which row of X each has */
  size_t *own_row;       /* to be given back; NULL: none */
} Order;

static bool
is_sorted (const KtmMmrmRows *rows, size_t n)
{
  bool sorted = true;

  for (size_t i = 1; sorted && i < n; i++)
    sorted = rows->subject[i - 1] < rows->subject[i]
             || (rows->subject[i - 1] == rows->subject[i] && rows->visit[i - 1] <= rows->visit[i]);
  return sorted;
}

static size_t
source_of (const Order *o, size_t i)
{
  return o->key == NULL ? i : o->key[i].row;
}

static bool
begins_subject (const Order *o, size_t i)
{
  const size_t *subject = o->rows->subject;

  return i == 0 || subject[source_of (o, i)] != subject[source_of (o, i - 1)];
}

/* BAD_ARGUMENT: a visit out of range or twice in one subject, or a row of X that is not there. */
static KtmStatsStatus
check_order (KtmMmrmData *d, const Order *o)
{
  const KtmMmrmRows *rows = o->rows;

  for (size_t i = 0; i < d->n; i++)
    {
      size_t from = source_of (o, i);
      bool first = begins_subject (o, i);

      if (rows->visit[from] >= d->t
          || (!first && rows->visit[from] == rows->visit[source_of (o, i - 1)])
          || (rows->row != NULL && rows->row[from] >= rows->n_x))
        return KTM_STATS_BAD_ARGUMENT;
      d->n_subjects += first;
    }
  return KTM_STATS_OK;
}

static KtmStatsStatus
sort_keys (KtmMmrmData *d, Order *o)
{
  const KtmMmrmRows *rows = o->rows;

  if (is_sorted (rows, d->n))
    return check_order (d, o);
  o->key = malloc (d->n * sizeof (Key));
  if (o->key == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < d->n; i++)
    o->key[i] = (Key) { rows->subject[i], rows->visit[i], i };
  qsort (o->key, d->n, sizeof (Key), compare_keys);
  return check_order (d, o);
}

/* Visits and rows of X in order: the caller's, or copies. */
static KtmStatsStatus
sort_columns (KtmMmrmData *d, Order *o)
{
  const KtmMmrmRows *rows = o->rows;
  size_t *visit = o->key == NULL ? NULL : take (d, d->n, sizeof (size_t));

  o->own_row = o->key == NULL && rows->row != NULL ? NULL : take (d, d->n, sizeof (size_t));
  if ((o->key != NULL && visit == NULL)
      || ((o->key != NULL || rows->row == NULL) && o->own_row == NULL))
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; o->key != NULL && i < d->n; i++)
    visit[i] = o->key[i].visit;
  for (size_t i = 0; o->own_row != NULL && i < d->n; i++)
    o->own_row[i] = rows->row != NULL ? rows->row[source_of (o, i)] : i;
  o->visit = visit != NULL ? visit : rows->visit;
  o->row = o->own_row != NULL ? o->own_row : rows->row;
  return KTM_STATS_OK;
}

/* Scores in order, one Person a subject; @ys: n. */
static void
sort_rows (KtmMmrmData *d, const Order *o, double *ys, Person *person)
{
  const KtmMmrmRows *rows = o->rows;
  Person *last = person - 1;

  for (size_t i = 0; i < d->n; i++)
    {
      size_t from = source_of (o, i);

      if (begins_subject (o, i))
        *++last = (Person) { 0, d->p, i, o->visit + i, o->row + i, d->q };
      last->m++;
      ys[i] = rows->y[from];
      if (rows->row == NULL)
        memcpy (d->q + i * d->p, rows->x + from * d->p, d->p * sizeof (double));
    }
  for (size_t s = 0; s < d->n_subjects; s++)
    d->n_complete += person[s].m == d->t;
}

/* X = QR in place: equal rows of X stay equal rows of Q, so that rows which scores share are
 * weighted by how many do.  @weight: n_x zeros, overwritten. */
static KtmStatsStatus
orthogonalise (KtmMmrmData *d, const KtmMmrmRows *rows, const size_t *rs, double *weight)
{
  KtmStatsStatus status;

  if (rows->row == NULL)
    return ktm_dense_orthogonal (d->q, d->n, d->p, d->q, d->r);
  for (size_t i = 0; i < d->n; i++)
    weight[rs[i]]++;
  for (size_t i = 0; i < rows->n_x; i++)
    for (size_t j = 0; j < d->p; j++)
      d->q[i * d->p + j] = rows->x[i * d->p + j] * sqrt (weight[i]);
  status = ktm_dense_orthogonal (d->q, rows->n_x, d->p, d->q, d->r);
  for (size_t i = 0; status == KTM_STATS_OK && i < rows->n_x; i++)
    for (size_t j = 0; j < d->p && weight[i] > 0; j++)
      d->q[i * d->p + j] /= sqrt (weight[i]);
  return status;
}

static bool
take_results (KtmMmrmData *d)
{
  size_t t = d->t, p = d->p, k = t * (t + 1) / 2;
  double *at;

  d->l = at = take (d, p * p + p + k + t * t + 4 * t * t + 2 * t + p, sizeof (double));
  if (at == NULL)
    return false;
  d->b = at + p * p;
  d->g = d->b + p;
  d->start = d->g + k;
  d->work = d->start + t * t;
  d->h = take (d, k * k, sizeof (double));
  d->fisher = take (d, k * k, sizeof (double));
  d->mt = take (d, k * p * (p + 1) / 2, sizeof (double));
  d->ht = take (d, k * p, sizeof (double));
  return d->h && d->fisher && d->mt && d->ht;
}

/* Sorts, checks and groups the rows.
 *
 * @d: n, p, t and reml set, all else zero; to be cleared by ktm_mmrm_data_clear() in any case
 *
 * TOO_FEW: no more rows than columns, or a visit without rows.  SINGULAR: collinear columns.
 * NO_VARIANCE: X explains y fully.  BAD_ARGUMENT: a visit out of range or twice in one subject.
 */
KtmStatsStatus
ktm_mmrm_data_init (KtmMmrmData *d, const KtmMmrmRows *rows)
{
  size_t n = d->n, p = d->p, n_q = rows->row != NULL ? rows->n_x : n, used;
  double *ys = take (d, n, sizeof (double)), *weight = take (d, n_q, sizeof (double)), *at;
  Order order = { .rows = rows };
  Person *person = NULL;
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;

  d->q = take (d, n_q * p, sizeof (double));
  d->r = take (d, p * p + p, sizeof (double));
  if (ys && weight && d->q && d->r && take_results (d))
    {
      d->beta0 = d->r + p * p;
      status = sort_keys (d, &order);
    }
  if (status == KTM_STATS_OK)
    status = sort_columns (d, &order);
  if (status == KTM_STATS_OK && !(person = take (d, d->n_subjects, sizeof (Person))))
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    sort_rows (d, &order, ys, person);
  free (order.key);
  if (status == KTM_STATS_OK)
    status = orthogonalise (d, rows, order.row, weight);
  if (status == KTM_STATS_OK)
    status = residualise (d, order.row, ys);
  if (status == KTM_STATS_OK)
    status = make_start (d, person, ys);
  if (status != KTM_STATS_OK)
    return status;
  qsort (person, d->n_subjects, sizeof (Person), compare_persons);
  used = group (d, person, ys, NULL, false);
  d->pattern = take (d, d->n_patterns, sizeof (KtmMmrmPattern));
  d->cell = take (d, d->n_cells, sizeof (KtmMmrmCell));
  at = take (d, used, sizeof (double));
  if (!d->pattern || !d->cell || !at)
    return KTM_STATS_NO_MEMORY;
  group (d, person, ys, at, true);
  give_back (d, ys);
  give_back (d, order.own_row);
  give_back (d, weight);
  give_back (d, person);
  give_back (d, d->q);
  d->q = NULL;
  return KTM_STATS_OK;
}
