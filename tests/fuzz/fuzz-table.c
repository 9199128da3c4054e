/* Bytes of a table: decoding, the guesses about how it is written, the reader, and its cells. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "ktm-dialect.h"

static void
check_cell (const KtmDecoded *text, const KtmDialect *dialect, const KtmCell *cell)
{
  double value;

  if (cell->len > text->len)
    g_error ("a cell of %" G_GSIZE_FORMAT " bytes in a text of %" G_GSIZE_FORMAT, cell->len,
             text->len);
  if (!g_utf8_validate_len (cell->text, cell->len, NULL)
      && memchr (cell->text, 0, cell->len) == NULL)
    g_error ("a cell is not UTF-8");
  if (ktm_cell_number (cell->text, cell->len, dialect->decimal, &value) == KTM_CELL_OK
      && !isfinite (value))
    g_error ("a number that is none");
  if (ktm_cell_date (cell->text, cell->len, dialect->date_order, &value) == KTM_CELL_OK)
    {
      g_autofree char *iso = ktm_julian_iso (value);

      if (!isfinite (value) || iso == NULL)
        g_error ("a date that is none");
    }
}

static void
read_cells (const KtmDecoded *text, const KtmDialect *dialect)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (dialect, text);
  const KtmCell *cells;
  guint n, line = 0;

  while (ktm_csv_next (csv, &cells, &n))
    for (guint i = 0; i < n; i++)
      {
        if (cells[i].line < line)
          g_error ("lines go backwards");
        line = cells[i].line;
        check_cell (text, dialect, &cells[i]);
      }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const KtmDialectWanted nothing = { 0 };
  KtmDecoded text;
  KtmDialect dialect;
  g_autoptr (GError) error = NULL;
  g_autofree char *ended = g_strndup ("", size);
  gboolean done;

  if (size > 0)
    memcpy (ended, data, size);
  done = ktm_decode ((const guint8 *) ended, size, KTM_ENCODING_AUTO, &text, &error);

  fuzz_check_error (done, error);
  if (!done)
    return 0;
  ktm_dialect_decide (&text, &nothing, &dialect);
  read_cells (&text, &dialect);
  ktm_dialect_clear (&dialect);
  ktm_decoded_clear (&text);
  return 0;
}
