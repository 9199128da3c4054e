/* model/store: GLib only.  The list of problems, what can be done about each, and how each is said.
 */
#include "ktm-import-private.h"

#define BIT(act) (1u << (act))

/* What a kind of problem allows and what is proposed. */
static const struct
{
  const char *name;
  KtmDo proposed;
  guint choices;
  gboolean needs_choice, blocks;
} kinds[KTM_N_PROBLEMS] = {
  [KTM_PROBLEM_NOT_A_NUMBER] = { "not-a-number", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_SPREADSHEET_ERROR] = { "spreadsheet-error", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_OTHER_MARK] = { "other-decimal-mark", KTM_DO_READ_AS, 0, FALSE, TRUE },
  [KTM_PROBLEM_THOUSAND] = { "thousand-or-decimal", KTM_DO_LEAVE_OUT, BIT (KTM_DO_READ_AS), TRUE,
                             TRUE },
  [KTM_PROBLEM_LIMIT] = { "limit", KTM_DO_LEAVE_OUT, BIT (KTM_DO_READ_AS), TRUE, TRUE },
  [KTM_PROBLEM_OUT_OF_RANGE] = { "out-of-range", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_MISSING_CODE] = { "missing-code", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_NOT_A_DATE] = { "not-a-date", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_NO_SUCH_DAY] = { "no-such-day", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_AMBIGUOUS_DATE] = { "ambiguous-date", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_SERIAL_DATE] = { "serial-date", KTM_DO_READ_AS, 0, FALSE, TRUE },
  [KTM_PROBLEM_NOT_YES_NO] = { "not-yes-no", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_NOT_A_LEVEL] = { "not-a-level", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_NO_CODE] = { "no-patient-code", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_CODE_VARIANT] = { "code-variant", KTM_DO_READ_AS, BIT (KTM_DO_ADD), TRUE, TRUE },
  [KTM_PROBLEM_UNKNOWN_PATIENT] = { "unknown-patient", KTM_DO_LEAVE_OUT, BIT (KTM_DO_ADD), TRUE,
                                    TRUE },
  [KTM_PROBLEM_DUPLICATE_PATIENT] = { "duplicate-patient", KTM_DO_KEEP_FIRST,
                                      BIT (KTM_DO_KEEP_SECOND), TRUE, TRUE },
  [KTM_PROBLEM_DUPLICATE_VISIT] = { "duplicate-visit", KTM_DO_KEEP_FIRST, BIT (KTM_DO_KEEP_SECOND),
                                    TRUE, TRUE },
  [KTM_PROBLEM_REPEATED_VISIT] = { "repeated-visit", KTM_DO_KEEP_FIRST, 0, FALSE, TRUE },
  [KTM_PROBLEM_DIFFERS] = { "differs", KTM_DO_KEEP_FIRST, BIT (KTM_DO_KEEP_SECOND), TRUE, TRUE },
  [KTM_PROBLEM_NO_VISIT] = { "no-visit", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_UNKNOWN_VISIT] = { "unknown-visit", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_NO_INDEX_DATE] = { "no-index-date", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_VISIT_TIME] = { "visit-time", KTM_DO_KEEP, 0, FALSE, FALSE },
  [KTM_PROBLEM_NEAR_LEVEL] = { "near-level", KTM_DO_READ_AS, BIT (KTM_DO_KEEP), FALSE, FALSE },
  [KTM_PROBLEM_AFTER_STOP] = { "after-stop", KTM_DO_KEEP, 0, FALSE, FALSE },
  [KTM_PROBLEM_ROW_WIDTH] = { "row-width", KTM_DO_LEAVE_OUT, BIT (KTM_DO_KEEP), TRUE, TRUE },
  [KTM_PROBLEM_UNREADABLE] = { "unreadable", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_OPEN_QUOTE] = { "open-quote", KTM_DO_KEEP, 0, TRUE, TRUE },
  [KTM_PROBLEM_DUPLICATE_COLUMN] = { "duplicate-column", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_DUPLICATE_ROW] = { "duplicate-line", KTM_DO_KEEP_FIRST, BIT (KTM_DO_KEEP_SECOND),
                                  TRUE, TRUE },
  [KTM_PROBLEM_REPEATED_ROW] = { "repeated-line", KTM_DO_KEEP_FIRST, 0, FALSE, TRUE },
  [KTM_PROBLEM_IMPOSSIBLE_STUDY] = { "impossible-study", KTM_DO_LEAVE_OUT, 0, TRUE, TRUE },
  [KTM_PROBLEM_INCOMPLETE_STUDY] = { "incomplete-study", KTM_DO_KEEP, 0, FALSE, FALSE },
};

/* The name of a kind in JSON and CSV. */
const char *
ktm_problem_kind_name (KtmProblemKind kind)
{
  return kinds[kind].name;
}

static guint64
key_of (const KtmProblem *problem)
{
  return ((guint64)problem->source << 56) | ((guint64)problem->line << 24) |
         ((guint64)(problem->column & 0x3FFFF) << 6) | problem->kind;
}

void
ktm_problem_free (gpointer data)
{
  KtmProblem *problem = data;

  g_free (problem->value);
  g_free (problem->expected);
  g_free (problem);
}

/* A problem of this kind, not in the list yet. */
KtmProblem *
ktm_import_new_problem (KtmImport *import, guint source, guint line, guint column,
                        KtmProblemKind kind)
{
  KtmSource *file = ktm_import_get_source (import, source);
  KtmProblem *problem = g_new0 (KtmProblem, 1);

  problem->source = source;
  problem->line = line;
  problem->column = column;
  problem->column_name =
      column > 0 && column <= file->n_columns ? file->columns[column - 1].name : "";
  problem->kind = kind;
  problem->needs_choice = kinds[kind].needs_choice;
  problem->blocks = kinds[kind].blocks;
  problem->read_as = NAN;
  return problem;
}

/* What stands when nobody says anything; when everything is left out, only what the file itself
 * says stays. */
static KtmDo
standing_choice (KtmImport *import, const KtmProblem *problem)
{
  KtmDo said =
      GPOINTER_TO_INT (g_hash_table_lookup (import->choices, &(guint64){ key_of (problem) }));

  if (said > 0)
    return said - 1;
  if (!import->leave_all_out)
    return problem->proposed;
  if (!problem->blocks || (problem->choices & BIT (KTM_DO_KEEP_FIRST)) != 0)
    return problem->kind == KTM_PROBLEM_NEAR_LEVEL ? KTM_DO_KEEP : problem->proposed;
  return problem->kind == KTM_PROBLEM_OPEN_QUOTE ? KTM_DO_KEEP : KTM_DO_LEAVE_OUT;
}

/* Takes @problem into the list and says what is to be done about it. */
KtmDo
ktm_import_add_problem (KtmImport *import, KtmProblem *problem)
{
  problem->proposed = kinds[problem->kind].proposed;
  problem->choices = kinds[problem->kind].choices | BIT (problem->proposed);
  if (problem->proposed != KTM_DO_KEEP_FIRST && problem->kind != KTM_PROBLEM_OPEN_QUOTE &&
      problem->kind != KTM_PROBLEM_NEAR_LEVEL)
    problem->choices |= BIT (KTM_DO_LEAVE_OUT);
  if (!isnan (problem->read_as) || problem->instead != NULL)
    problem->choices |= BIT (KTM_DO_READ_AS);
  else
    problem->choices &= ~BIT (KTM_DO_READ_AS);
  KtmDo choice = problem->choice = standing_choice (import, problem);
  problem->chosen = g_hash_table_contains (import->choices, &(guint64) { key_of (problem) });
  import->n_blocking += problem->blocks;
  if (choice == KTM_DO_LEAVE_OUT)
    import->counts.left_out++;
  if (import->problems->len < KTM_IMPORT_MAX_PROBLEMS)
    g_ptr_array_add (import->problems, problem);
  else
    {
      import->n_beyond++;
      ktm_problem_free (problem);
    }
  return choice;
}

/* A problem of one cell of @row (@column from 0; −1 cast to guint: the row). */
KtmDo
ktm_row_problem (KtmRow *row, guint column, KtmProblemKind kind, double read_as,
                 const char *instead, guint other_line, const char *format, ...)
{
  gboolean whole_row = column >= row->n_cells;
  KtmProblem *problem = ktm_import_new_problem (row->import, row->index,
                                                whole_row ? row->line : row->cells[column].line,
                                                whole_row ? 0 : column + 1, kind);
  va_list args;

  va_start (args, format);
  problem->expected = g_strdup_vprintf (format, args);
  va_end (args);
  if (!whole_row)
    {
      gsize len = MIN (row->cells[column].len, 80);
      while (len > 0 && len < row->cells[column].len
             && ((guchar) row->cells[column].text[len] & 0xC0) == 0x80)
        len--;
      problem->value = g_utf8_make_valid (row->cells[column].text, len);
      for (char *p = problem->value; *p != '\0'; p++) /* a line for people: no control characters */
        if ((guchar) *p < 0x20 || *p == 0x7F)
          *p = ' ';
    }
  else
    problem->value = g_strdup ("");
  problem->read_as = read_as;
  problem->instead = instead;
  problem->other_line = other_line;
  return ktm_import_add_problem (row->import, problem);
}

/* Takes the choice @choice for a problem of the list; holds from the next check on. */
void
ktm_import_choose (KtmImport *import, guint i, KtmDo choice)
{
  const KtmProblem *problem = import->problems->pdata[i];
  guint64 *key = g_new (guint64, 1);

  g_return_if_fail ((problem->choices & BIT (choice)) != 0);
  *key = key_of (problem);
  g_hash_table_replace (import->choices, key, GINT_TO_POINTER (choice + 1));
}

/* Leaves out every cell with a problem (of two lines the first stays), from the next check on. */
void
ktm_import_leave_all_out (KtmImport *import)
{
  g_hash_table_remove_all (import->choices);
  import->leave_all_out = TRUE;
}

/* Why it is a problem, without file, line and column: "12 is not a number from 0 to 10".  Free. */
char *
ktm_problem_dup_reason (const KtmProblem *problem)
{
  const char *expected = problem->expected;

  switch (problem->kind)
    {
    case KTM_PROBLEM_OUT_OF_RANGE:
      return g_strdup_printf (_("out of range; expected %s"), expected);
    case KTM_PROBLEM_MISSING_CODE:
      return g_strdup_printf (_("often means missing; expected %s"), expected);
    case KTM_PROBLEM_OTHER_MARK:
      return g_strdup_printf (_("the other decimal mark; expected %s"), expected);
    case KTM_PROBLEM_THOUSAND:
      return g_strdup_printf (_("a thousand or a decimal; expected %s"), expected);
    case KTM_PROBLEM_LIMIT:
      return g_strdup_printf (_("a limit; expected %s"), expected);
    case KTM_PROBLEM_SPREADSHEET_ERROR:
      return g_strdup_printf (_("a spreadsheet's error; expected %s"), expected);
    case KTM_PROBLEM_NO_SUCH_DAY:
      return g_strdup_printf (_("no such day; expected %s"), expected);
    case KTM_PROBLEM_AMBIGUOUS_DATE:
      return g_strdup_printf (_("a year of two digits; expected %s"), expected);
    case KTM_PROBLEM_SERIAL_DATE:
      return g_strdup_printf (_("a spreadsheet's day number; expected %s"), expected);
    case KTM_PROBLEM_NOT_A_NUMBER:
    case KTM_PROBLEM_NOT_A_DATE:
    case KTM_PROBLEM_NOT_YES_NO:
    case KTM_PROBLEM_NOT_A_LEVEL:
      return g_strdup_printf (_("expected %s"), expected);
    default:
      return g_strdup (expected);
    }
}

/* "assessments.csv, line 19, column “EN_M3”: “12”: outside 0 to 10".  Free. */
char *
ktm_problem_dup_sentence (const KtmImport *import, const KtmProblem *problem)
{
  const KtmSource *source = import->sources->pdata[problem->source];
  g_autofree char *reason = ktm_problem_dup_reason (problem);

  if (problem->column == 0)
    return g_strdup_printf (_("%s, line %u: %s"), source->name, problem->line, reason);
  return g_strdup_printf (_("%s, line %u, column “%s”: “%s”: %s"), source->name, problem->line,
                          problem->column_name, problem->value, reason);
}

/* What @choice does, as a button says it: "Read as 0.5".  Free. */
char *
ktm_problem_dup_choice (const KtmProblem *problem, KtmDo choice)
{
  switch (choice)
    {
    case KTM_DO_READ_AS:
      if (problem->kind == KTM_PROBLEM_NEAR_LEVEL)
        return g_strdup (_("Merge"));
      if (problem->instead != NULL)
        return g_strdup_printf (_("Read as %s"), problem->instead);
      if (problem->read_as_date)
        {
          g_autofree char *iso = ktm_julian_iso (problem->read_as);
          return g_strdup_printf (_("Read as %s"), iso);
        }
      else
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];
          return g_strdup_printf (
              _("Read as %s"), g_ascii_formatd (number, sizeof number, "%.10g", problem->read_as));
        }
    case KTM_DO_KEEP:
      return g_strdup (_("Keep"));
    case KTM_DO_KEEP_FIRST:
      return problem->other_line == 0 ? g_strdup (_("Keep the first"))
                                      : g_strdup_printf (_("Keep line %u"), problem->other_line);
    case KTM_DO_KEEP_SECOND:
      return g_strdup_printf (_("Keep line %u"), problem->line);
    case KTM_DO_ADD:
      return g_strdup (_("Add as a new patient"));
    default:
      return g_strdup (problem->column == 0 || problem->kind == KTM_PROBLEM_UNKNOWN_PATIENT ||
                               problem->kind == KTM_PROBLEM_NO_CODE
                           ? _("Leave the line out")
                           : _("Leave out"));
    }
}

/* A cell of a CSV file; what a spreadsheet would run as a formula is led by an apostrophe. */
static void
append_cell (GString *out, const char *text, gboolean last)
{
  gboolean runs = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;

  g_string_append_c (out, '"');
  if (runs)
    g_string_append_c (out, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append (out, last ? "\"\r\n" : "\",");
}

char *
ktm_import_dup_problems_csv (KtmImport *import)
{
  GString *out = g_string_new ("file,line,column,value,kind,expected,severity,do\r\n");

  for (guint i = 0; i < import->problems->len; i++)
    {
      const KtmProblem *problem = import->problems->pdata[i];
      g_autofree char *reason = ktm_problem_dup_reason (problem),
                      *choice = ktm_problem_dup_choice (problem, problem->choice);
      append_cell (out, ktm_import_get_source (import, problem->source)->name, FALSE);
      g_string_append_printf (out, "%u,", problem->line);
      append_cell (out, problem->column_name, FALSE);
      append_cell (out, problem->value, FALSE);
      g_string_append_printf (out, "%s,", ktm_problem_kind_name (problem->kind));
      append_cell (out, reason, FALSE);
      g_string_append_printf (out, "%s,", problem->needs_choice ? "needs-choice" : "to-look-at");
      append_cell (out, choice, TRUE);
    }
  return g_string_free (out, FALSE);
}
