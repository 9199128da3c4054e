/* model/store: GLib only.  The RFC 4180 reader; keeps to the bytes, knows nothing of what they
 * mean. */
#include "ktm-reader-csv.h"

#include <string.h>

struct _KtmCsv
{
  const char *pos, *start, *end;  /* borrowed */
  char        delimiter, quote;   /* quote 0: none */
  guint       line;
  guint       unclosed;           /* line of a quotation mark that is never closed; 0 none */
  KtmCell    *cells;              /* owned */
  guint       n_cells, room;
  char       *scratch;            /* owned: quoted cells without their doubled marks */
  gsize       scratch_len, scratch_room;
};

/* A reader over @len bytes of UTF-8 (borrowed until freed).  @quote 0: quotation marks mean
 * nothing. */
KtmCsv *
ktm_csv_new (const char *text, gsize len, char delimiter, char quote)
{
  KtmCsv *csv = g_new0 (KtmCsv, 1);

  csv->pos = csv->start = text;
  csv->end = text + len;
  csv->delimiter = delimiter;
  csv->quote = quote;
  csv->line = 1;
  csv->room = 64;
  csv->cells = g_new (KtmCell, csv->room);
  return csv;
}

void
ktm_csv_free (KtmCsv *csv)
{
  g_free (csv->cells);
  g_free (csv->scratch);
  g_free (csv);
}

/* Bytes read so far. */
gsize
ktm_csv_get_offset (KtmCsv *csv)
{
  return csv->pos - csv->start;
}

/* The line where a quotation mark opens that is never closed, 0 if there is none (so far). */
guint
ktm_csv_get_unclosed_line (KtmCsv *csv)
{
  return csv->unclosed;
}

static inline void
add_cell (KtmCsv *csv, const char *text, gsize len, guint line)
{
  if (csv->n_cells == csv->room)
    csv->cells = g_renew (KtmCell, csv->cells, csv->room *= 2);
  csv->cells[csv->n_cells++] = (KtmCell) { text, len, line };
}

static void
append_scratch (KtmCsv *csv, const char *text, gsize len)
{
  if (len == 0)
    return;
  if (csv->scratch_len + len > csv->scratch_room)
    {
      gsize room = MAX (256, 2 * (csv->scratch_len + len));
      char *grown = g_malloc (room);
      if (csv->scratch_len > 0)
        memcpy (grown, csv->scratch, csv->scratch_len);
      for (guint i = 0; i < csv->n_cells; i++) /* cells of this row that point into it move along */
        if (csv->scratch != NULL && csv->cells[i].text >= csv->scratch
            && csv->cells[i].text < csv->scratch + csv->scratch_room)
          csv->cells[i].text = grown + (csv->cells[i].text - csv->scratch);
      g_free (csv->scratch);
      csv->scratch = grown;
      csv->scratch_room = room;
    }
  memcpy (csv->scratch + csv->scratch_len, text, len);
  csv->scratch_len += len;
}

/* Past the end of a line at @p: CR, LF or CRLF. */
static inline const char *
skip_newline (KtmCsv *csv, const char *p)
{
  csv->line++;
  if (*p == '\r' && p + 1 < csv->end && p[1] == '\n')
    return p + 2;
  return p + 1;
}

/* A quoted cell; @p is behind the opening mark.  Returns the delimiter or line end behind it.  Text
 * between the closing mark and the delimiter is kept as it stands. */
static const char *
read_quoted (KtmCsv *csv, const char *p)
{
  const char *from = p;
  guint line = csv->line;
  gsize begin = csv->scratch_len;
  gboolean copied = FALSE, closed = FALSE;

  while (p < csv->end)
    {
      if (*p == '\n' || (*p == '\r' && !(p + 1 < csv->end && p[1] == '\n')))
        csv->line++;
      if (*p++ != csv->quote)
        continue;
      if (p < csv->end && *p == csv->quote)
        {
          append_scratch (csv, from, p - from);
          copied = TRUE;
          from = ++p;
          continue;
        }
      closed = TRUE;
      break;
    }
  if (!closed && csv->unclosed == 0)
    csv->unclosed = line;
  const char *to = closed ? p - 1 : p;
  const char *tail = p;
  while (p < csv->end && *p != csv->delimiter && *p != '\n' && *p != '\r')
    p++;
  if (copied || p > tail)
    {
      append_scratch (csv, from, to - from);
      append_scratch (csv, tail, p - tail);
      gsize len = csv->scratch_len - begin;

      add_cell (csv, len > 0 ? csv->scratch + begin : to, len, line);
    }
  else
    add_cell (csv, from, to - from, line);
  return p;
}

/* The next row: *@cells (borrowed until the next call) and how many.  An empty line is a row of one
 * empty cell. FALSE at the end. */
gboolean
ktm_csv_next (KtmCsv *csv, const KtmCell **cells, guint *n_cells)
{
  const char *p = csv->pos, *end = csv->end;
  const char delimiter = csv->delimiter;

  if (p >= end)
    return FALSE;
  csv->n_cells = 0;
  csv->scratch_len = 0;
  for (;;)
    {
      if (p < end && csv->quote != 0 && *p == csv->quote)
        p = read_quoted (csv, p + 1);
      else
        {
          const char *from = p;
          while (p < end && *p != delimiter && *p != '\n' && *p != '\r')
            p++;
          add_cell (csv, from, p - from, csv->line);
        }
      if (p >= end)
        break;
      if (*p != delimiter)
        {
          p = skip_newline (csv, p);
          break;
        }
      p++;
    }
  csv->pos = p;
  *cells = csv->cells;
  *n_cells = csv->n_cells;
  return TRUE;
}
