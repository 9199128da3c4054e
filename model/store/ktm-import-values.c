/* model/store: GLib only.  Measures and attributes of the columns; levels that are the same word; a
 * row's attributes.
 */
#include "ktm-import-private.h"

static KtmPlanMeasure *
measure_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->measures, KtmPlanMeasure, i);
}

static KtmPlanAttribute *
attribute_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->attributes, KtmPlanAttribute, i);
}

static const char *
keep (KtmImport *import, const char *text)
{
  return text == NULL ? NULL : g_string_chunk_insert_const (import->strings, text);
}

void
ktm_plan_attribute_clear (gpointer data)
{
  KtmPlanAttribute *attribute = data;

  g_clear_pointer (&attribute->levels, g_ptr_array_unref);
  g_clear_pointer (&attribute->index, g_hash_table_unref);
}

static guint
plan_measure (KtmImport *import, const KtmColumn *column)
{
  for (guint i = 0; i < import->measures->len; i++)
    if (g_ascii_strcasecmp (measure_nth (import, i)->id, column->target) == 0)
      return i;
  KtmPlanMeasure measure = { keep (import, column->target),
                             keep (import, column->label),
                             keep (import, column->unit),
                             column->scale_min,
                             column->scale_max,
                             column->mcid,
                             column->lower_better,
                             FALSE,
                             0 };
  g_array_append_val (import->measures, measure);
  return import->measures->len - 1;
}

static guint
add_level (KtmImport *import, KtmPlanAttribute *attribute, const char *text)
{
  g_ptr_array_add (attribute->levels, (gpointer) keep (import, text));
  g_hash_table_insert (attribute->index, (gpointer) keep (import, text),
                       GUINT_TO_POINTER (attribute->levels->len));
  return attribute->levels->len - 1;
}

/* Letters to change to make one word of the other, at most @limit + 1. */
static guint
distance (const char *a, const char *b, guint limit)
{
  g_autofree gunichar *x = g_utf8_to_ucs4_fast (a, -1, NULL),
                      *y = g_utf8_to_ucs4_fast (b, -1, NULL);
  guint n = 0, m = 0, row[64], i, k;

  while (x[n] != 0)
    n++;
  while (y[m] != 0)
    m++;
  if (n > 62 || m > 62 || (n > m ? n - m : m - n) > limit)
    return limit + 1;
  for (k = 0; k <= m; k++)
    row[k] = k;
  for (i = 1; i <= n; i++)
    {
      guint diagonal = row[0];
      row[0] = i;
      for (k = 1; k <= m; k++)
        {
          guint above = row[k];
          row[k] = MIN (MIN (row[k] + 1, row[k - 1] + 1), diagonal + (x[i - 1] != y[k - 1]));
          diagonal = above;
        }
    }
  return row[m];
}

static char *
digits_of (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      g_string_append_c (digits, *text);
  return g_string_free (digits, FALSE);
}

/* TRUE where a rare level is most likely a common one, mistyped. */
static gboolean
is_near (const char *rare, guint n_rare, const char *common, guint n_common)
{
  g_autofree char *a = ktm_fold (rare, -1, TRUE), *b = ktm_fold (common, -1, TRUE);
  g_autofree char *digits_a = digits_of (rare), *digits_b = digits_of (common);
  gsize len = MIN (strlen (a), strlen (b));

  if (n_rare > n_common || strcmp (digits_a, digits_b) != 0)
    return FALSE;
  if (strcmp (a, b) == 0)
    return TRUE;
  guint limit = len >= 8 ? 2 : 1;
  return len >= 4 && n_rare <= 2 && n_common >= 5 && distance (a, b, limit) <= limit;
}

static guint
count_of (const KtmColumn *column, const char *level)
{
  for (guint i = 0; i < column->levels->len; i++)
    if (strcmp (g_array_index (column->levels, KtmLevelSeen, i).text, level) == 0)
      return g_array_index (column->levels, KtmLevelSeen, i).count;
  return 1000;  /* of the open cohort */
}

static void
tell_near_level (KtmImport *import, guint source, guint column, KtmPlanAttribute *attribute,
                 const KtmLevelSeen *seen)
{
  const KtmColumn *file = &ktm_import_get_source (import, source)->columns[column];

  for (guint i = 0; i < attribute->levels->len; i++)
    {
      const char *common = attribute->levels->pdata[i];
      if (strcmp (common, seen->text) == 0
          || !is_near (seen->text, seen->count, common, count_of (file, common)))
        continue;
      KtmProblem *problem =
          ktm_import_new_problem (import, source, seen->line, column + 1, KTM_PROBLEM_NEAR_LEVEL);
      problem->value = g_strdup (seen->text);
      problem->instead = common;
      problem->expected =
          seen->count == 1
              ? g_strdup_printf (_("seen once; close to “%s”"), common)
              : g_strdup_printf (_("seen %u times; close to “%s”"), seen->count, common);
      if (ktm_import_add_problem (import, problem) == KTM_DO_READ_AS)
        g_hash_table_insert (attribute->index, (gpointer) keep (import, seen->text),
                             GUINT_TO_POINTER (i + 1));
      return;
    }
}

static int
by_count (gconstpointer a, gconstpointer b)
{
  const KtmLevelSeen *x = a, *y = b;

  return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp (x->text, y->text);
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  g_autofree char *x = ktm_fold (*(const char *const *)a, -1, TRUE),
                  *y = ktm_fold (*(const char *const *)b, -1, TRUE);
  int order = strcmp (x, y);

  return order != 0 ? order : strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The levels a column shows: the common ones first asked, so that a rare one can be told to be one
 * of them. */
static void
plan_levels (KtmImport *import, guint source, guint column, KtmPlanAttribute *attribute)
{
  const KtmColumn *file = &ktm_import_get_source (import, source)->columns[column];
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (KtmLevelSeen));
  guint n_before = attribute->levels->len;

  g_array_append_vals (seen, file->levels->data, file->levels->len);
  g_array_sort (seen, by_count);
  for (guint i = 0; i < seen->len; i++)
    {
      const KtmLevelSeen *level = &g_array_index (seen, KtmLevelSeen, i);
      if (g_hash_table_contains (attribute->index, level->text))
        continue;
      if (!file->many_levels)
        tell_near_level (import, source, column, attribute, level);
      if (!g_hash_table_contains (attribute->index, level->text))
        add_level (import, attribute, level->text);
    }
  if (n_before > 0)
    return;
  g_autoptr (GPtrArray) old = g_ptr_array_copy (attribute->levels, NULL, NULL);
  GHashTableIter iter;
  gpointer text, position;
  g_ptr_array_sort (attribute->levels, by_text);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_iter_init (&iter, attribute->index);
  while (g_hash_table_iter_next (&iter, &text, &position))
    {
      guint at;
      g_ptr_array_find (attribute->levels, old->pdata[GPOINTER_TO_UINT (position) - 1], &at);
      g_hash_table_insert (index, text, GUINT_TO_POINTER (at + 1));
    }
  g_hash_table_unref (attribute->index);
  attribute->index = g_steal_pointer (&index);
}

/* No, then yes, in the words of the file where it has words. */
static void
plan_yes_no (KtmImport *import, const KtmColumn *column, KtmPlanAttribute *attribute)
{
  const char *words[2] = { "no", "yes" };

  for (guint i = 0; i < column->levels->len; i++)
    {
      const char *text = g_array_index (column->levels, KtmLevelSeen, i).text;
      int answer = ktm_cell_yes_no (text, strlen (text));
      if (answer >= 0 && strlen (text) > 1)
        words[answer] = keep (import, text);
    }
  if (strcmp (words[0], "non") == 0 && strcmp (words[1], "yes") == 0)
    words[1] = "oui";
  if (strcmp (words[1], "oui") == 0 && strcmp (words[0], "no") == 0)
    words[0] = "non";
  add_level (import, attribute, words[0]);
  add_level (import, attribute, words[1]);
}

static guint
plan_attribute (KtmImport *import, guint source, guint column)
{
  const KtmColumn *file = &ktm_import_get_source (import, source)->columns[column];
  guint i;

  for (i = 0; i < import->attributes->len; i++)
    if (g_ascii_strcasecmp (attribute_nth (import, i)->id, file->target) == 0)
      break;
  if (i == import->attributes->len)
    {
      KtmPlanAttribute fresh = { keep (import, file->target),
                                 keep (import, file->label),
                                 keep (import, file->unit),
                                 file->kind,
                                 g_ptr_array_new (),
                                 g_hash_table_new (g_str_hash, g_str_equal),
                                 0,
                                 FALSE,
                                 0 };
      g_array_append_val (import->attributes, fresh);
      if (file->kind == KTM_STORE_YES_NO)
        plan_yes_no (import, file, attribute_nth (import, i));
    }
  KtmPlanAttribute *attribute = attribute_nth (import, i);
  if (attribute->kind == KTM_STORE_CATEGORY || attribute->kind == KTM_STORE_ORDINAL)
    plan_levels (import, source, column, attribute);
  return i;
}

static void
tell_duplicate_columns (KtmImport *import, guint index)
{
  const KtmSource *source = ktm_import_get_source (import, index);

  for (guint i = 0; i < source->n_columns; i++)
    if (source->columns[i].duplicate)
      {
        KtmProblem *problem = ktm_import_new_problem (import, index, source->header_line, i + 1,
                                                      KTM_PROBLEM_DUPLICATE_COLUMN);
        problem->value = g_strdup (source->columns[i].name);
        problem->expected = g_strdup (_("a second column of this name; only the first is read"));
        ktm_import_add_problem (import, problem);
      }
  if (source->unclosed_line > 0)
    {
      KtmProblem *problem =
          ktm_import_new_problem (import, index, source->unclosed_line, 0, KTM_PROBLEM_OPEN_QUOTE);
      problem->value = g_strdup ("");
      problem->expected = g_strdup (
          _("a quotation mark opens here and is never closed: all that follows is one cell"));
      ktm_import_add_problem (import, problem);
    }
}

/* Finds or adds the measure or attribute of every column; reports levels, columns and quotation
 * marks. Errors: INVALID where two files cannot agree on what an attribute is. */
gboolean
ktm_import_prepare_columns (KtmImport *import, GError **error)
{
  for (guint s = 0; s < import->sources->len; s++)
    {
      KtmSource *source = ktm_import_get_source (import, s);
      tell_duplicate_columns (import, s);
      for (guint i = 0; i < source->n_columns; i++)
        {
          KtmColumn *column = &source->columns[i];
          if (column->role == KTM_COLUMN_MEASURE || column->role == KTM_COLUMN_WIDE)
            column->plan = plan_measure (import, column);
          else if (column->role == KTM_COLUMN_ATTRIBUTE)
            column->plan = plan_attribute (import, s, i);
        }
    }
  if (import->measures->len < 0x7FFF && import->attributes->len < 0x7FFF)
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("The files have more than %d measures or attributes"), 0x7FFF);
  return FALSE;
}

static gboolean
level_value (KtmRow *row, guint column, KtmPlanAttribute *attribute, double *value)
{
  const char *text = ktm_row_cell_text (row, column);

  if (text == NULL)
    return FALSE;
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (attribute->index, text));
  if (position == 0)
    position = add_level (row->import, attribute, text) + 1;
  *value = position - 1;
  return TRUE;
}

static gboolean
yes_no_value (KtmRow *row, guint column, KtmPlanAttribute *attribute, double *value)
{
  const char *text = ktm_row_cell_text (row, column);

  if (text == NULL)
    return FALSE;
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (attribute->index, text));
  int answer = position > 0 ? (int) position - 1 : ktm_cell_yes_no (text, strlen (text));
  if (answer < 0)
    ktm_row_problem (row, column, KTM_PROBLEM_NOT_YES_NO, NAN, NULL, 0, "%s", _("yes or no"));
  *value = answer;
  return answer >= 0;
}

/* Takes the attributes of a row for @patient into the plan. */
void
ktm_row_attributes (KtmRow *row, guint patient)
{
  const KtmSource *source = row->source;

  for (guint i = 0; i < source->n_columns && i < row->n_cells; i++)
    {
      const KtmColumn *column = &source->columns[i];
      if (column->role != KTM_COLUMN_ATTRIBUTE || row->cells[i].len == 0)
        continue;
      KtmPlanAttribute *attribute = attribute_nth (row->import, column->plan);
      KtmPlanValue value = {
        patient, (guint16)column->plan, (guint16)row->index, (guint16)i, row->cells[i].line, NAN
      };
      gboolean taken;
      if (attribute->kind == KTM_STORE_NUMBER)
        taken = ktm_row_number (row, i, column->scale_min, column->scale_max, &value.value);
      else if (attribute->kind == KTM_STORE_DATE)
        {
          int kept = row->of_role[KTM_COLUMN_DATE];
          row->of_role[KTM_COLUMN_DATE] = (int) i;
          taken = ktm_row_date (row, KTM_COLUMN_DATE, &value.value);
          row->of_role[KTM_COLUMN_DATE] = kept;
        }
      else if (attribute->kind == KTM_STORE_YES_NO)
        taken = yes_no_value (row, i, attribute, &value.value);
      else
        taken = level_value (row, i, attribute, &value.value);
      if (taken)
        g_array_append_val (row->import->values, value);
    }
}
