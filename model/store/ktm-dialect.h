/* How one file is written: delimiter, decimal mark, date order, encoding.  Decided from the whole
 * file, each with the sentence that shows why, and each can be said by hand instead. */
#pragma once

#include "ktm-cell.h"
#include "ktm-decode.h"
#include "ktm-reader-csv.h"

/* What a person said; 0 and AUTO: decide. */
typedef struct
{
  char         delimiter, decimal;
  KtmEncoding  encoding;
  KtmDateOrder date_order;
} KtmDialectWanted;

typedef struct
{
  char         delimiter, quote, decimal;
  KtmDateOrder date_order;        /* AUTO: the file has no date whose order matters */
  guint        n_above;           /* records above the line of column names: titles, "sep=;" */
  guint        n_columns;
  guint        n_rows;            /* records below the names, blank ones not counted */
  gboolean     decimal_unclear;   /* "1,234" could be either, and nothing else tells */
  gboolean     dates_unclear;     /* 01/02/2018 could be either, and nothing else tells */
  char *delimiter_why, *decimal_why, *encoding_why,
      *dates_why;                        /* owned: evidence, one sentence each */
  char *decimal_example, *dates_example; /* owned, nullable: a cell that could be either */
} KtmDialect;

void    ktm_dialect_clear  (KtmDialect *dialect);
void ktm_dialect_decide (const KtmDecoded *text, const KtmDialectWanted *wanted, KtmDialect *out);
KtmCsv *ktm_dialect_open   (const KtmDialect *dialect, const KtmDecoded *text);
const char *ktm_delimiter_name      (char delimiter);                       /* "semicolon" */
gboolean    ktm_delimiter_from_name (const char *name, char *delimiter);    /* also ";" and "\t" */
