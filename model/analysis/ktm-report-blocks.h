/* model/analysis: the tables and bars of a card, put together from a report's rows: whoever shows a
 * report (a pane, plain text) lays them out without knowing the analysis. */
#pragma once

#include <glib.h>

#include "ktm-report.h"

G_BEGIN_DECLS

typedef struct
{
  char  *label;
  long   n;                      /* of the line's first row; −1 none */
  char **cells;                  /* n_columns, NULL entries empty */
  double *share;                 /* SHARE: n_columns, 0 … 1; NaN none */
  char  *aside;                  /* nullable */
  int    palette;                /* VISIT: colour of the label; −1 none */
  const KtmReportRow *row;       /* the first; borrowed from the report */
} KtmReportBlockLine;

/* Lines of one look that follow each other in a card. */
typedef struct
{
  KtmRowLook look;               /* CELL, SHARE or VISIT */
  gsize      n_columns;
  char      *corner;             /* over the labels: "months"; nullable */
  char     **heads;              /* names of the groups, or times of visits; NULL-ended */
  int       *palette;            /* n_columns; −1 none */
  char      *aside;              /* head of the ends of the lines; nullable */
  gboolean   has_aside, has_n;
  GPtrArray *lines;              /* KtmReportBlockLine */
} KtmReportBlock;

/* The tables of @card, in the order of its rows, of KtmReportBlock; free with
 * g_ptr_array_unref().  Valid as long as @report. */
GPtrArray *ktm_report_blocks (const KtmReport *report, gsize card, const KtmLang *lang, char mark);
/* Does a table show the row? */
gboolean   ktm_report_row_in_block (const KtmReportRow *row);

G_END_DECLS
