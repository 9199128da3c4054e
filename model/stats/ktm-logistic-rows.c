/* model/stats: logistic regression, patients with the same columns counted together.  The
 * likelihood is the same: its sum over patients is one over the rows that differ. */
#include "ktm-logistic-private.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
hash_row (const double *x, size_t p)
{
  uint64_t hash = UINT64_C (0xcbf29ce484222325), word;

  for (size_t j = 0; j < p; j++)
    {
      double value = x[j] == 0 ? 0 : x[j]; /* -0 is 0 */

      memcpy (&word, &value, sizeof word);
      hash = (hash ^ word) * UINT64_C (0x9e3779b97f4a7c15);
      hash ^= hash >> 29;
    }
  return hash;
}

static bool
equal_rows (const double *a, const double *b, size_t p)
{
  for (size_t j = 0; j < p; j++)
    if (a[j] != b[j])
      return false;
  return true;
}

static bool
allocate (KtmLogitRows *rows, size_t most, size_t n, size_t p)
{
  *rows = (KtmLogitRows) { .x = malloc (most * p * sizeof (double)),
                           .y = calloc (most, sizeof (double)),
                           .count = calloc (most, sizeof (double)),
                           .row = malloc (n * sizeof (size_t)) };
  return rows->x && rows->y && rows->count && rows->row;
}

/* The row of @x, a new one where there is none yet; SIZE_MAX when there are @most. */
static size_t
find_row (KtmLogitRows *rows, size_t *slot, size_t mask, const double *x, size_t p, size_t most)
{
  size_t at = (size_t) hash_row (x, p) & mask;

  while (slot[at] != SIZE_MAX && !equal_rows (rows->x + slot[at] * p, x, p))
    at = (at + 1) & mask;
  if (slot[at] != SIZE_MAX)
    return slot[at];
  if (rows->n == most)
    return SIZE_MAX;
  memcpy (rows->x + rows->n * p, x, p * sizeof (double));
  return slot[at] = rows->n++;
}

bool
ktm_logit_gather (const double *y, const double *x, size_t n, size_t p, KtmLogitRows *rows)
{
  size_t most = n / 4, size = 4, *slot;
  bool fits = most > 0;

  while (size < n)
    size *= 2;
  slot = malloc (size * sizeof *slot);
  fits = allocate (rows, most + 1, n, p) && slot != NULL && fits;
  if (slot != NULL)
    memset (slot, 0xff, size * sizeof *slot);
  for (size_t i = 0; i < n && fits; i++)
    {
      size_t row = find_row (rows, slot, size - 1, x + i * p, p, most);

      fits = row != SIZE_MAX;
      if (fits)
        {
          rows->row[i] = row;
          rows->y[row] += y[i];
          rows->count[row]++;
        }
    }
  free (slot);
  if (!fits)
    ktm_logit_scatter (rows);
  return fits;
}

void
ktm_logit_scatter (KtmLogitRows *rows)
{
  free (rows->x);
  free (rows->y);
  free (rows->count);
  free (rows->row);
  *rows = (KtmLogitRows) { .n = 0 };
}
