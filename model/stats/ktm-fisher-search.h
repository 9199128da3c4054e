/* model/stats: the enumeration behind the exact test of an r x c table. */
#pragma once

#include "ktm-tables.h"

enum { KTM_FISHER_ROWS = 12 };

typedef struct _KtmFisherState KtmFisherState;
typedef struct _KtmFisherTail KtmFisherTail;

typedef struct
{
  size_t  rows, cols, n;
  long    row[KTM_FISHER_ROWS];
  long   *col;              /* ascending */
  uint64_t radix[KTM_FISHER_ROWS];
  double *log_factorial;    /* 0 … n */
  double *log_int;          /* of 1 … n */
  double  constant;         /* log of the product of margin factorials over n! */
  double  threshold;        /* tables of at least this cost count */
  double  p;
  double  work, reported;   /* cells visited */
  double *scratch;          /* n + 1, twice */
  KtmFisherState *states, *next;
  size_t  n_states, n_next;
  double *costs, *sums;     /* completions of nodes, costs descending with running weights */
  size_t  n_costs;
  KtmFisherTail *tails;          /* open addressing */
  size_t  n_slots, n_tails;
  const KtmProgress *progress;
} KtmFisherSearch;

/* Sums the probabilities of all tables that cost at least the threshold into @search->p; margins,
 * logs, constant and threshold are set.  Errors: TOO_LARGE, NO_MEMORY, CANCELLED. */
KtmStatsStatus ktm_fisher_search (KtmFisherSearch *search);
