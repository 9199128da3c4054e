/* model/store: GIO only.  One file of an import: reads it and looks at every column once. */
#include "ktm-source.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static KtmSource *
source_of (const char *name, const char *path, GBytes *bytes, GError **error)
{
  if (g_bytes_get_size (bytes) == 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s is empty: give a file with column names and rows"), name);
      return NULL;
    }
  KtmSource *source = g_new0 (KtmSource, 1);
  source->name = g_strdup (name);
  source->path = g_strdup (path);
  source->bytes = g_bytes_ref (bytes);
  source->mapping = ktm_mapping_new ();
  source->questions = g_ptr_array_new_with_free_func (g_free);
  source->notes = g_ptr_array_new_with_free_func (g_free);
  source->hints = g_ptr_array_new_with_free_func (g_free);
  return source;
}

/* Reads the file at @path.  Errors: of reading, with the file's name; INVALID for an empty file. */
KtmSource *
ktm_source_new (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, cancellable, NULL, &local);

  if (bytes != NULL)
    return source_of (name, path, bytes, error);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_NOT_FOUND, _("%s: there is no such file"),
                 name);
  else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED, _("%s cannot be read: %s"), name,
                 local->message);
  return NULL;
}

/* The same from bytes, which are copied, under the name @name. */
KtmSource *
ktm_source_new_bytes (const char *name, GBytes *bytes, GError **error)
{
  gsize len;
  gconstpointer data = g_bytes_get_data (bytes, &len);
  char *copy = g_malloc (len + 1);

  if (len > 0)
    memcpy (copy, data, len);
  copy[len] = '\0'; /* as g_file_load_bytes() ends them */
  g_autoptr (GBytes) ended = g_bytes_new_take (copy, len);
  return source_of (name, NULL, ended, error);
}

static void
clear_level (gpointer level)
{
  g_free (((KtmLevelSeen *) level)->text);
}

static void
clear_columns (KtmSource *source)
{
  for (guint i = 0; i < source->n_columns; i++)
    {
      KtmColumn *column = &source->columns[i];
      g_free (column->name);
      g_free (column->folded);
      g_free (column->target);
      g_free (column->label);
      g_free (column->unit);
      g_free (column->why);
      g_array_unref (column->levels);
    }
  g_clear_pointer (&source->columns, g_free);
  source->n_columns = 0;
}

void
ktm_source_free (KtmSource *source)
{
  clear_columns (source);
  g_free (source->name);
  g_free (source->path);
  g_bytes_unref (source->bytes);
  ktm_decoded_clear (&source->text);
  ktm_dialect_clear (&source->dialect);
  ktm_mapping_free (source->mapping);
  g_ptr_array_unref (source->questions);
  g_ptr_array_unref (source->notes);
  g_ptr_array_unref (source->hints);
  g_free (source);
}

/* TRUE for an empty cell and for the missing codes that were declared. */
gboolean
ktm_source_is_missing (const KtmSource *source, const char *text, gsize len)
{
  const GPtrArray *codes = source->mapping->missing_codes;

  ktm_cell_trim (&text, &len);
  if (len == 0)
    return TRUE;
  for (guint i = 0; i < codes->len; i++)
    if (strlen (codes->pdata[i]) == len && memcmp (codes->pdata[i], text, len) == 0)
      return TRUE;
  return FALSE;
}

KtmColumn *
ktm_source_find (const KtmSource *source, const char *name)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (strcmp (source->columns[i].name, name) == 0 && !source->columns[i].duplicate)
      return &source->columns[i];
  return NULL;
}

int
ktm_source_index_of (const KtmSource *source, KtmColumnRole role)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (source->columns[i].role == role)
      return (int) i;
  return -1;
}

KtmColumn *
ktm_source_of_role (const KtmSource *source, KtmColumnRole role)
{
  int i = ktm_source_index_of (source, role);

  return i < 0 ? NULL : &source->columns[i];
}

static void
name_columns (KtmSource *source, const KtmCell *cells, guint n)
{
  source->columns = g_new0 (KtmColumn, n);
  for (guint i = 0; i < n; i++)
    {
      KtmColumn *column = &source->columns[i];
      const char *text = cells[i].text;
      gsize len = cells[i].len;
      ktm_cell_trim (&text, &len);
      g_autofree char *valid = g_utf8_make_valid (text, MIN (len, 400));
      column->name =
          *valid != '\0' ? g_steal_pointer (&valid) : g_strdup_printf (_("column %u"), i + 1);
      column->folded = ktm_fold (column->name, -1, TRUE);
      column->duplicate = ktm_source_find (source, column->name) != NULL;
      column->levels = g_array_new (FALSE, FALSE, sizeof (KtmLevelSeen));
      g_array_set_clear_func (column->levels, clear_level);
      column->min = column->max = column->scale_min = column->scale_max = column->time =
          column->mcid = NAN;
      column->plain_min = column->plain_max = NAN;
      column->whole = TRUE;
      source->n_columns = i + 1;
    }
}

static KtmLevelSeen *
find_level (KtmColumn *column, const char *text, gsize len)
{
  for (guint i = 0; i < column->levels->len; i++)
    {
      KtmLevelSeen *seen = &g_array_index (column->levels, KtmLevelSeen, i);

      if (strlen (seen->text) == len && memcmp (seen->text, text, len) == 0)
        return seen;
    }
  return NULL;
}

/* The cell may hold NUL bytes: what is kept, and compared, is what people can read of it. */
static void
see_level (KtmColumn *column, const KtmCell *cell)
{
  const char *text = cell->text;
  gsize len = cell->len;
  g_autofree char *valid = NULL;
  KtmLevelSeen *seen;

  if (column->many_levels)
    return;
  ktm_cell_trim (&text, &len);
  len = MIN (len, 1000);
  seen = find_level (column, text, len);
  if (seen == NULL)
    {
      valid = g_utf8_make_valid (text, (gssize) len);
      seen = find_level (column, valid, strlen (valid));
    }
  if (seen != NULL)
    seen->count++;
  else if (column->levels->len >= KTM_SOURCE_MAX_LEVELS)
    column->many_levels = TRUE;
  else
    {
      KtmLevelSeen level = { g_steal_pointer (&valid), 1, cell->line };

      g_array_append_val (column->levels, level);
    }
}

/* Numbers that forms write for "missing": −9, −99, 99, 999 … */
gboolean
ktm_number_is_code_like (double value)
{
  static const double codes[] = { -1,   -8,   -9,    -88, -95, -96, -97, -98, -99,
                                  -888, -999, -9999, 88,  99,  888, 999, 9999 };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (value == codes[i])
      return TRUE;
  return FALSE;
}

static inline void
see_cell (KtmSource *source, KtmColumn *column, const KtmCell *cell)
{
  double value;

  if (ktm_source_is_missing (source, cell->text, cell->len))
    {
      column->n_empty++;
      return;
    }
  column->n_filled++;
  see_level (column, cell);
  KtmCellStatus status = ktm_cell_number (cell->text, cell->len, source->dialect.decimal, &value);
  if (status == KTM_CELL_OK || status == KTM_CELL_OTHER_MARK || status == KTM_CELL_LIMIT)
    {
      column->n_numbers++;
      column->whole &= value == floor (value);
      if (!ktm_number_is_code_like (value))
        {
          if (!(value >= column->plain_min))
            column->plain_min = value;
          if (!(value <= column->plain_max))
            column->plain_max = value;
        }
      if (!(value >= column->min))
        column->min = value;
      if (!(value <= column->max))
        column->max = value;
      return;
    }
  if (ktm_cell_date (cell->text, cell->len, source->dialect.date_order, &value)
      != KTM_CELL_NOT_A_DATE)
    column->n_dates++;
  else
    column->n_words++;
}

static gboolean
look_at_rows (KtmSource *source, KtmCsv *csv, GCancellable *cancellable, GError **error)
{
  const KtmCell *cells;
  guint n, row = 0;

  while (ktm_csv_next (csv, &cells, &n))
    {
      if (n == 1 && cells[0].len == 0)
        continue;
      if (row == 0)
        source->first_line = cells[0].line;
      for (guint i = 0; i < n && i < source->n_columns; i++)
        see_cell (source, &source->columns[i], &cells[i]);
      if ((++row & 0xFFF) == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }
  source->unclosed_line = ktm_csv_get_unclosed_line (csv);
  return TRUE;
}

/* Decodes the file, decides its dialect and looks at all cells.  Called once more after the
 * mapping's dialect or missing codes changed: the file is read anew where the encoding did. Errors:
 * INVALID for a file without names or rows, or whose encoding is wrong; cancelled. */
gboolean
ktm_source_look (KtmSource *source, GCancellable *cancellable, GError **error)
{
  KtmDecoded decoded;
  const KtmCell *cells;
  guint n;

  if (source->text.text == NULL || source->asked != source->mapping->dialect.encoding)
    {
      g_autoptr (GError) local = NULL;
      gsize len;
      const guint8 *bytes = g_bytes_get_data (source->bytes, &len);
      if (!ktm_decode (bytes, len, source->mapping->dialect.encoding, &decoded, &local))
        {
          g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, "%s: %s", source->name,
                       local->message);
          return FALSE;
        }
      ktm_decoded_clear (&source->text);
      source->text = decoded;
      source->asked = source->mapping->dialect.encoding;
    }
  clear_columns (source);
  ktm_dialect_clear (&source->dialect);
  ktm_dialect_decide (&source->text, &source->mapping->dialect, &source->dialect);
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  if (!ktm_csv_next (csv, &cells, &n) || source->dialect.n_rows == 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s has no rows below a line of column names: give a table with both"),
                   source->name);
      return FALSE;
    }
  source->header_line = cells[0].line;
  name_columns (source, cells, n);
  return look_at_rows (source, csv, cancellable, error);
}

static char **
row_for_people (const KtmCell *cells, guint n)
{
  char **texts = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      gsize len = MIN (cells[i].len, 60);
      texts[i] = g_utf8_make_valid (cells[i].text, len);
      for (char *p = texts[i]; *p != '\0'; p++)
        if ((guchar) *p < 0x20)
          *p = ' ';
    }
  return texts;
}

GPtrArray *
ktm_source_dup_rows (const KtmSource *source, const guint *lines, guint n_lines)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const KtmCell *cells;
  guint n, at = 0;

  while (at < n_lines && ktm_csv_next (csv, &cells, &n))
    {
      while (at < n_lines && lines[at] < cells[0].line)
        {
          g_ptr_array_add (rows, NULL);
          at++;
        }
      if (at < n_lines && lines[at] == cells[0].line)
        {
          g_ptr_array_add (rows, row_for_people (cells, n));
          at++;
        }
    }
  while (rows->len < n_lines)
    g_ptr_array_add (rows, NULL);
  return rows;
}
