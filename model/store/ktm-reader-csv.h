/* RFC 4180 reader over decoded text: one row at a time, no allocation a cell, exact line of every
 * cell. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *text;  /* borrowed until the next row; not NUL-ended, may hold NUL bytes */
  gsize       len;   /* bytes */
  guint       line;  /* physical line the cell starts on, from 1 */
} KtmCell;

typedef struct _KtmCsv KtmCsv;

KtmCsv  *ktm_csv_new               (const char *text, gsize len, char delimiter, char quote);
void     ktm_csv_free              (KtmCsv *csv);
gboolean ktm_csv_next              (KtmCsv *csv, const KtmCell **cells, guint *n_cells);
gsize    ktm_csv_get_offset        (KtmCsv *csv);
guint    ktm_csv_get_unclosed_line (KtmCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmCsv, ktm_csv_free)
