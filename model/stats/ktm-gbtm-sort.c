/* model/stats: trajectory classes, the scores in order. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

#define MANY      10000 /* rows worth a sort of their own */
#define MOST_KEYS 1024  /* distinct times, or scores, that count as few */

static int
compare_rows (const void *a, const void *b)
{
  const GbtmRow *r = a, *s = b;

  if (r->time != s->time)
    return r->time < s->time ? -1 : 1;
  if (r->y != s->y)
    return r->y < s->y ? -1 : 1;
  return (r->subject > s->subject) - (r->subject < s->subject);
}

static double
key_of (const GbtmRow *row, bool by_time)
{
  return by_time ? row->time : row->y;
}

/* Where @key is, or belongs, in @n ascending keys. */
static size_t
place_of (const double *keys, size_t n, double key)
{
  size_t low = 0;

  while (n > 0)
    {
      size_t half = n / 2;

      if (keys[low + half] < key)
        {
          low += half + 1;
          n -= half + 1;
        }
      else
        n = half;
    }
  return low;
}

/* The distinct keys, ascending; 0: more than MOST_KEYS. */
static size_t
list_keys (const GbtmRow *rows, size_t n, bool by_time, double *keys)
{
  size_t n_keys = 0;

  for (size_t i = 0; i < n; i++)
    {
      double key = key_of (&rows[i], by_time);
      size_t at = place_of (keys, n_keys, key);

      if (at < n_keys && keys[at] == key)
        continue;
      if (n_keys == MOST_KEYS)
        return 0;
      memmove (keys + at + 1, keys + at, (n_keys - at) * sizeof *keys);
      keys[at] = key;
      n_keys++;
    }
  return n_keys;
}

/* Puts the rows in the order of one key into @to, equal ones as they stood. */
static bool
distribute (const GbtmRow *rows, size_t n, bool by_time, GbtmRow *to)
{
  double keys[MOST_KEYS + 1];
  size_t next[MOST_KEYS + 1] = { 0 }, n_keys = list_keys (rows, n, by_time, keys);

  for (size_t i = 0; i < n && n_keys > 0; i++)
    next[place_of (keys, n_keys, key_of (&rows[i], by_time)) + 1]++;
  for (size_t k = 1; k < n_keys; k++)
    next[k] += next[k - 1];
  for (size_t i = 0; i < n && n_keys > 0; i++)
    to[next[place_of (keys, n_keys, key_of (&rows[i], by_time))]++] = rows[i];
  return n_keys > 0;
}

/* Rows that come by subject, with few times and scores, need no comparisons.  False: they are as
 * they were, or in another order. */
static bool
sort_few_keys (GbtmRow *rows, size_t n)
{
  GbtmRow *spare = malloc (n * sizeof *spare);
  bool sorted = spare != NULL && distribute (rows, n, false, spare)
                && distribute (spare, n, true, rows);

  for (size_t i = 1; i < n && sorted; i++)
    sorted = compare_rows (&rows[i - 1], &rows[i]) <= 0;
  free (spare);
  return sorted;
}

GbtmRow *
gbtm_sorted_rows (const KtmGbtmData *data)
{
  GbtmRow *rows = malloc (data->n_obs * sizeof *rows);

  if (rows == NULL)
    return NULL;
  for (size_t i = 0; i < data->n_obs; i++)
    rows[i] =
        (GbtmRow){ data->time[i], fmin (fmax (data->y[i], data->lo), data->hi), data->subject[i] };
  if (data->n_obs < MANY || !sort_few_keys (rows, data->n_obs))
    qsort (rows, data->n_obs, sizeof *rows, compare_rows);
  return rows;
}
