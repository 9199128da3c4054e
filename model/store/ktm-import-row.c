/* model/store: GLib only.  Rows of a source: cells as numbers, dates, words; the patient each
 * belongs to. */
#include "ktm-import-private.h"

#define UNSET ((guint) -1)

static void
report_progress (KtmRow *row, KtmCsv *csv)
{
  KtmImport *import = row->import;

  if (import->progress != NULL)
    import->progress (
        MIN (1, import->done
                    + import->share * ktm_csv_get_offset (csv) / MAX (1, row->source->text.len)),
        import->progress_data);
}

/* TRUE for a row to be read.  A row of another width than the names is a problem. */
static gboolean
check_width (KtmRow *row)
{
  const KtmSource *source = row->source;
  guint filled = 0, beyond = 0;

  for (guint i = 0; i < row->n_cells; i++)
    if (row->cells[i].len > 0)
      {
        filled++;
        beyond += i >= source->n_columns;
      }
  if (filled == 0)
    return FALSE;
  if (row->n_cells == source->n_columns || (row->n_cells > source->n_columns && beyond == 0))
    return TRUE;
  return ktm_row_problem (row, UNSET, KTM_PROBLEM_ROW_WIDTH, NAN, NULL, 0,
                          ngettext ("%u cell where the names have %u",
                                    "%u cells where the names have %u", row->n_cells),
                          row->n_cells, source->n_columns)
         == KTM_DO_KEEP;
}

static void
begin_rows (KtmImport *import, guint index, KtmRow *row)
{
  *row = (KtmRow){ .import = import,
                   .source = ktm_import_get_source (import, index),
                   .index = index,
                   .last_patient = -1 };
  for (int i = 0; i < KTM_N_COLUMN_ROLES; i++)
    row->of_role[i] = ktm_source_index_of (row->source, (KtmColumnRole) i);
  row->unit_factor =
      ktm_time_unit_days (row->source->time_unit) / ktm_time_unit_days (import->unit);
}

/* Calls @func with every row of a source that has the right width; FALSE from @func stops.
 * Errors: cancelled. */
gboolean
ktm_import_each_row (KtmImport *import, guint index, KtmRowFunc func, gpointer data,
                     GCancellable *cancellable, GError **error)
{
  KtmRow row;
  guint n = 0;

  begin_rows (import, index, &row);
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&row.source->dialect, &row.source->text);
  ktm_csv_next (csv, &row.cells, &row.n_cells);
  for (;;)
    {
      row.offset = ktm_csv_get_offset (csv);
      if (!ktm_csv_next (csv, &row.cells, &row.n_cells))
        return TRUE;
      row.line = row.cells[0].line;
      if ((++n & 0xFFF) == 0)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          report_progress (&row, csv);
        }
      if (row.n_cells == 1 && row.cells[0].len == 0)
        continue;
      if (row.n_cells != row.source->n_columns && !check_width (&row))
        continue;
      if (import->dropped_rows != NULL && g_hash_table_size (import->dropped_rows) > 0
          && g_hash_table_contains (import->dropped_rows,
                                    &(guint64){ ((guint64) index << 40) | row.line }))
        continue;
      if (!func (&row, data))
        return TRUE;
    }
}

/* The cell's text without spaces around it, in the import's chunk; NULL where missing or
 * unreadable. */
const char *
ktm_row_cell_text (KtmRow *row, guint column)
{
  if (column >= row->n_cells || row->cells[column].len == 0)
    return NULL;
  const char *text = row->cells[column].text;
  gsize len = row->cells[column].len;
  if (ktm_source_is_missing (row->source, text, len))
    {
      const char *trimmed = text;
      gsize trimmed_len = len;
      ktm_cell_trim (&trimmed, &trimmed_len);
      row->import->counts.missing_codes += trimmed_len > 0;
      return NULL;
    }
  ktm_cell_trim (&text, &len);
  if (memchr (text, '\0', len) != NULL || !g_utf8_validate (text, len, NULL) ||
      g_strstr_len (text, len, "\xEF\xBF\xBD") != NULL || len > 2000)
    {
      ktm_row_problem (row, column, KTM_PROBLEM_UNREADABLE, NAN, NULL, 0,
                       len > 2000 ? _("expected a word, not a text of %u letters")
                                  : _("holds characters that cannot be read"),
                       (guint)len);
      return NULL;
    }
  char *owned = g_strndup (text, len);
  const char *kept = g_string_chunk_insert_const (row->import->strings, owned);
  g_free (owned);
  return kept;
}

const char *
ktm_row_text (KtmRow *row, KtmColumnRole role)
{
  return row->of_role[role] < 0 ? NULL : ktm_row_cell_text (row, row->of_role[role]);
}

static char *
range_text (double min, double max)
{
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (min) || isnan (max))
    return g_strdup (_("a number"));
  g_ascii_formatd (low, sizeof low, "%.10g", min);
  g_ascii_formatd (high, sizeof high, "%.10g", max);
  return g_strdup_printf (_("a number from %s to %s"), low, high);
}

static gboolean
is_missing_word (const char *text, gsize len)
{
  static const char *const words[] = { "na",   "n/a",  "nan", ".",       "-",
                                       "nd",   "n.d.", "nr",  "missing", "manquant",
                                       "null", "none", "?",   "np",      "dm" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == len && g_ascii_strncasecmp (words[i], text, len) == 0)
      return TRUE;
  return FALSE;
}

/* A code-like number far from all others of its column. */
static gboolean
is_far_code (const KtmColumn *column, double value)
{
  double span = column->plain_max - column->plain_min;

  return ktm_number_is_code_like (value) && !isnan (span) &&
         (value > column->plain_max + span || value < column->plain_min - span) &&
         (value > 0 || column->plain_min >= 0);
}

/* "1,234" in a file with decimal points: 1234 or 1.234?  TRUE where both could be. */
static gboolean
may_be_thousand (const char *text, gsize len, char decimal, double min, double max)
{
  const char *mark = memchr (text, decimal == ',' ? '.' : ',', len);
  double value;

  if (mark == NULL || len - (mark - text) != 4 || *text == '0')
    return FALSE;
  g_autofree char *whole = g_strdup_printf ("%.*s%.3s", (int) (mark - text), text, mark + 1);
  return ktm_cell_number (whole, strlen (whole), decimal, &value) == KTM_CELL_OK
         && !(value < min || value > max);
}

static KtmDo
number_problem (KtmRow *row, guint column, KtmCellStatus status, double min, double max,
                double *value)
{
  g_autofree char *expected = range_text (min, max);
  KtmProblemKind kind = KTM_PROBLEM_NOT_A_NUMBER;
  double read_as = NAN;
  const char *text = row->cells[column].text;
  gsize len = row->cells[column].len;

  ktm_cell_trim (&text, &len);
  if (status == KTM_CELL_OK)
    kind = ktm_number_is_code_like (*value) ? KTM_PROBLEM_MISSING_CODE : KTM_PROBLEM_OUT_OF_RANGE;
  else if (status == KTM_CELL_SPREADSHEET)
    kind = KTM_PROBLEM_SPREADSHEET_ERROR;
  else if (status == KTM_CELL_NOT_A_NUMBER && is_missing_word (text, len))
    kind = KTM_PROBLEM_MISSING_CODE;
  else if (status == KTM_CELL_OTHER_MARK || status == KTM_CELL_LIMIT)
    {
      if (*value < min || *value > max)
        kind = KTM_PROBLEM_OUT_OF_RANGE;
      else
        {
          kind = status == KTM_CELL_LIMIT ? KTM_PROBLEM_LIMIT
                 : may_be_thousand (text, len, row->source->dialect.decimal, min, max)
                     ? KTM_PROBLEM_THOUSAND
                     : KTM_PROBLEM_OTHER_MARK;
          read_as = *value;
        }
    }
  return ktm_row_problem (row, column, kind, read_as, NULL, 0, "%s", expected);
}

/* The number in a cell.  FALSE: missing, or left out because of a problem.  @min, @max: NaN open.
 */
gboolean
ktm_row_number (KtmRow *row, guint column, double min, double max, double *value)
{
  if (column >= row->n_cells || row->cells[column].len == 0)
    return FALSE;
  const KtmCell *cell = &row->cells[column];
  if (row->source->mapping->missing_codes->len > 0
      && ktm_source_is_missing (row->source, cell->text, cell->len))
    {
      row->import->counts.missing_codes++;
      return FALSE;
    }
  KtmCellStatus status =
      ktm_cell_number (cell->text, cell->len, row->source->dialect.decimal, value);
  if (status == KTM_CELL_EMPTY)
    return FALSE;
  if (status == KTM_CELL_OK && !(*value < min || *value > max))
    {
      if (!isnan (min) || !is_far_code (&row->source->columns[column], *value))
        return TRUE;
    }
  return number_problem (row, column, status, min, max, value) == KTM_DO_READ_AS;
}

/* The date in the column of @role.  FALSE: missing, or left out because of a problem. */
gboolean
ktm_row_date (KtmRow *row, KtmColumnRole role, double *julian_day)
{
  int column = row->of_role[role];

  *julian_day = NAN;
  if (column < 0 || (guint)column >= row->n_cells ||
      ktm_source_is_missing (row->source, row->cells[column].text, row->cells[column].len))
    return FALSE;
  static const char *const orders[] = { N_("a date like 2018-02-26"),
                                        N_("a date like 2018-02-26"),
                                        N_("a date like 26/02/2018"),
                                        N_("a date like 02/26/2018") };
  KtmDateOrder order = row->source->dialect.date_order;
  KtmCellStatus status =
      ktm_cell_date (row->cells[column].text, row->cells[column].len, order, julian_day);
  if (status == KTM_CELL_OK)
    return TRUE;
  if (status == KTM_CELL_SERIAL)
    {
      guint at = row->import->problems->len;
      KtmDo choice = ktm_row_problem (row, column, KTM_PROBLEM_SERIAL_DATE, *julian_day, NULL, 0,
                                      "%s", _ (orders[order]));
      if (row->import->problems->len > at)
        ((KtmProblem *) row->import->problems->pdata[at])->read_as_date = TRUE;
      return choice == KTM_DO_READ_AS;
    }
  ktm_row_problem (row, column,
                   status == KTM_CELL_NO_SUCH_DAY   ? KTM_PROBLEM_NO_SUCH_DAY
                   : status == KTM_CELL_AMBIGUOUS   ? KTM_PROBLEM_AMBIGUOUS_DATE
                   : status == KTM_CELL_SPREADSHEET ? KTM_PROBLEM_SPREADSHEET_ERROR
                                                    : KTM_PROBLEM_NOT_A_DATE,
                   NAN, NULL, 0, "%s", _(orders[order]));
  return FALSE;
}

/* 1, 0, or −1 for missing or left out. */
int
ktm_row_yes_no (KtmRow *row, KtmColumnRole role)
{
  int column = row->of_role[role];

  if (column < 0 || (guint)column >= row->n_cells ||
      ktm_source_is_missing (row->source, row->cells[column].text, row->cells[column].len))
    return -1;
  int answer = ktm_cell_yes_no (row->cells[column].text, row->cells[column].len);
  if (answer < 0)
    ktm_row_problem (row, column, KTM_PROBLEM_NOT_YES_NO, NAN, NULL, 0, "%s", _("yes or no"));
  return answer;
}

/* Codes that differ only by case, spaces or leading zeros have one normal form.  Free. */
static char *
normal_form (const char *code, gsize len)
{
  gboolean ascii = len < 256, in_digits = FALSE;

  for (gsize i = 0; i < len && ascii; i++)
    ascii = (guchar) code[i] < 0x80 && code[i] != '\0';
  g_autofree char *folded = ascii ? g_ascii_strdown (code, len) : ktm_fold (code, len, FALSE);
  char *end = folded;
  for (const char *p = folded; *p != '\0'; p++)
    {
      if (g_ascii_isspace (*p) || *p == '-' || *p == '_')
        continue;
      if (*p == '0' && !in_digits && g_ascii_isdigit (p[1]))
        continue;
      in_digits = g_ascii_isdigit (*p);
      *end++ = *p;
    }
  *end = '\0';
  return g_steal_pointer (&folded);
}

static int
add_patient (KtmImport *import, const char *code, gsize len, const char *normal)
{
  KtmPlanPatient *patient = g_new0 (KtmPlanPatient, 1);

  patient->code = g_string_chunk_insert_len (import->strings, code, len);
  patient->code_len = len;
  patient->index_date = patient->first_treatment = patient->index_column = patient->stop_time = NAN;
  patient->included = -1;
  g_ptr_array_add (import->patients, patient);
  g_hash_table_insert (import->by_code, &patient->slice,
                       GUINT_TO_POINTER (import->patients->len));
  if (!g_hash_table_contains (import->by_normal, normal))
    g_hash_table_insert (import->by_normal, g_string_chunk_insert (import->strings, normal),
                         GUINT_TO_POINTER (import->patients->len));
  return (int) import->patients->len - 1;
}

/* Adds a patient of this code to the plan; its position. */
int
ktm_import_add_patient (KtmImport *import, const char *code, gsize len)
{
  g_autofree char *normal = normal_form (code, len);

  return add_patient (import, code, len, normal);
}

/* Spaces around a code that has none elsewhere: reported once a file, the choice holds for all its
 * lines. */
static KtmDo
spaced_code (KtmRow *row, guint column, const KtmPlanPatient *other)
{
  KtmImport *import = row->import;
  g_autofree char *key = g_strdup_printf ("%u:%.*s", row->index, (int) row->cells[column].len,
                                          row->cells[column].text);
  int choice = GPOINTER_TO_INT (g_hash_table_lookup (import->told, key)) - 1;

  if (choice < 0)
    {
      choice = ktm_row_problem (
          row, column, KTM_PROBLEM_CODE_VARIANT, NAN, other->code, other->line,
          _("differs from “%s” only by case, spaces or leading zeros"), other->code);
      g_hash_table_insert (import->told, g_steal_pointer (&key), GINT_TO_POINTER (choice + 1));
    }
  return (KtmDo) choice;
}

/* A code that is new: another spelling of a known one, a patient nobody listed, or simply the next
 * patient. */
static int
meet_patient (KtmRow *row, guint column, const char *code, gsize len, gboolean may_add)
{
  KtmImport *import = row->import;
  g_autofree char *normal = normal_form (code, len);
  guint near = GPOINTER_TO_UINT (g_hash_table_lookup (import->by_normal, normal));
  KtmDo choice = KTM_DO_ADD;

  if (near > 0)
    {
      const KtmPlanPatient *other = import->patients->pdata[near - 1];
      choice = ktm_row_problem (
          row, column, KTM_PROBLEM_CODE_VARIANT, NAN, other->code, other->line,
          _("differs from “%s” only by case, spaces or leading zeros"), other->code);
    }
  else if (!may_add)
    choice = ktm_row_problem (row, column, KTM_PROBLEM_UNKNOWN_PATIENT, NAN, NULL, 0, "%s",
                              _("no such patient in the cohort or in the table of patients"));
  if (choice == KTM_DO_READ_AS)
    return (int) near - 1;
  return choice == KTM_DO_ADD ? add_patient (import, code, len, normal) : -1;
}

/* The patient of a row; −1 where the row is left out. */
int
ktm_row_patient (KtmRow *row)
{
  KtmImport *import = row->import;
  int column = row->of_role[KTM_COLUMN_PATIENT];
  gboolean table = row->source->kind == KTM_SOURCE_PATIENTS || row->source->kind == KTM_SOURCE_WIDE;

  if (column < 0)
    return -1;
  if ((guint) column >= row->n_cells)
    return ktm_row_problem (row, UNSET, KTM_PROBLEM_NO_CODE, NAN, NULL, 0, "%s",
                            _("no patient code")),
           -1;
  const KtmCell *cell = &row->cells[column];
  if (row->last_patient >= 0 && row->last_code.len == cell->len &&
      memcmp (row->last_code.text, cell->text, cell->len) == 0)
    return row->last_patient;
  const char *code = cell->text;
  gsize len = cell->len;
  ktm_cell_trim (&code, &len);
  if (ktm_source_is_missing (row->source, code, len))
    return ktm_row_problem (row, column, KTM_PROBLEM_NO_CODE, NAN, NULL, 0, "%s",
                            _("no patient code")),
           -1;
  gboolean spaced = len != cell->len;
  int found = GPOINTER_TO_INT (g_hash_table_lookup (import->by_code, &(KtmSlice){ code, len })) - 1;
  if (found < 0)
    {
      if (ktm_row_cell_text (row, column) == NULL)
        return -1;
      guint n_before = import->patients->len;
      found = meet_patient (row, column, code, len, table || !import->closed);
      if (import->patients->len > n_before)
        ((KtmPlanPatient *) import->patients->pdata[found])->spaced = spaced != FALSE;
    }
  else if (((KtmPlanPatient *) import->patients->pdata[found])->spaced != spaced &&
           spaced_code (row, column, import->patients->pdata[found]) == KTM_DO_LEAVE_OUT)
    return -1;
  if (found >= 0)
    {
      KtmPlanPatient *patient = import->patients->pdata[found];
      if (cell->text >= row->source->text.text
          && cell->text < row->source->text.text + row->source->text.len)
        {
          row->last_code = (KtmSlice) { cell->text, cell->len };
          row->last_patient = found;
        }
      else
        row->last_patient = -1;
      patient->touched = TRUE;
    }
  return found;
}
