/* model/store: GLib only.  What the cells of a column look like: words, answers, persons, what
 * varies. */
#include "ktm-propose-private.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Marks the columns whose value differs between two rows of one patient that follow each other. */
void
ktm_propose_look_within_patients (KtmSource *source, int patient)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  g_autoptr (GHashTable) first =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  const KtmCell *cells;
  guint n, rows = 0;

  ktm_csv_next (csv, &cells, &n);
  while (rows++ < 20000 && ktm_csv_next (csv, &cells, &n))
    {
      if ((int) n <= patient)
        continue;
      g_autofree char *code = g_strndup (cells[patient].text, cells[patient].len);
      char **values = g_hash_table_lookup (first, code);
      if (values == NULL)
        {
          values = g_new0 (char *, source->n_columns + 1);
          for (guint i = 0; i < source->n_columns; i++)
            values[i] = i < n ? g_strndup (cells[i].text, cells[i].len) : g_strdup ("");
          g_hash_table_insert (first, g_steal_pointer (&code), values);
          continue;
        }
      for (guint i = 0; i < n && i < source->n_columns; i++)
        if (cells[i].len > 0 && *values[i] != '\0'
            && (strlen (values[i]) != cells[i].len
                || memcmp (values[i], cells[i].text, cells[i].len) != 0))
          source->columns[i].varies = TRUE;
    }
}

/* Whether every value seen passes @test; FALSE for an empty column. */
gboolean
ktm_propose_all_levels (const KtmColumn *column, gboolean (*test) (const char *text))
{
  for (guint i = 0; i < column->levels->len; i++)
    if (!test (g_array_index (column->levels, KtmLevelSeen, i).text))
      return FALSE;
  return column->levels->len > 0;
}

/* Remarks: words that nearly never repeat, or whole sentences. */
gboolean
ktm_propose_is_free_text (const KtmColumn *column)
{
  for (guint i = 0; i < column->levels->len; i++)
    if (strlen (g_array_index (column->levels, KtmLevelSeen, i).text) > 120)
      return TRUE;
  return column->many_levels && column->n_words * 2 > column->n_filled;
}

/* Whether a cell answers yes or no in any of the known words. */
gboolean
ktm_propose_is_yes_no (const char *text)
{
  return ktm_cell_yes_no (text, strlen (text)) >= 0;
}

static gboolean
is_mail (const char *text)
{
  const char *at = strchr (text, '@');
  return at != NULL && at > text && strchr (at, '.') != NULL && strchr (text, ' ') == NULL;
}

static gboolean
is_social_number (const char *text)
{
  guint digits = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      digits++;
    else if (*p != ' ')
      return FALSE;
  return (digits == 13 || digits == 15) && (*text == '1' || *text == '2');
}

static gboolean
is_phone (const char *text)
{
  guint digits = 0, marks = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      digits++;
    else if (strchr (" .-/()+", *p) != NULL)
      marks++;
    else
      return FALSE;
  return digits >= 9 && digits <= 13
         && (text[0] == '+' || (text[0] == '0' && (marks >= 3 || digits == 10)));
}

/* "Marie Dupont", "DUPONT Marie". */
static gboolean
is_full_name (const char *text)
{
  guint words = 0;
  gboolean start = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c == ' ' || c == '-' || c == '\'')
        {
          start = TRUE;
          continue;
        }
      if (!g_unichar_isalpha (c) || (start && !g_unichar_isupper (c)))
        return FALSE;
      words += start;
      start = FALSE;
    }
  return words >= 2 && words <= 4;
}

/* What of a person the cells look like, as untranslated text; NULL nothing. */
const char *
ktm_propose_personal_content (const KtmColumn *column)
{
  if (column->n_filled == 0)
    return NULL;
  if (ktm_propose_all_levels (column, is_mail))
    return N_("an e-mail address");
  if (ktm_propose_all_levels (column, is_social_number))
    return N_("a social-security number");
  if (ktm_propose_all_levels (column, is_phone))
    return N_("a phone number");
  if (column->levels->len > 4 && column->n_filled <= column->levels->len + column->levels->len / 4
      && ktm_propose_all_levels (column, is_full_name))
    return N_("a name");
  return NULL;
}

/* The kind of attribute that the cells look like. */
KtmStoreKind
ktm_propose_attribute_kind (const KtmColumn *column)
{
  const KtmKnownAttribute *known = ktm_known_attribute (column->folded);

  if (column->n_dates * 10 >= column->n_filled * 8)
    return KTM_STORE_DATE;
  if (!column->many_levels && column->levels->len <= 4
      && ktm_propose_all_levels (column, ktm_propose_is_yes_no))
    return KTM_STORE_YES_NO;
  if (known != NULL && !isnan (known->min))
    return KTM_STORE_NUMBER;
  if (column->n_numbers * 10 >= column->n_filled * 8)
    return column->whole && !column->many_levels && column->levels->len <= 6 && column->min >= 0
                   && column->max <= 9 && column->n_filled >= 5 * column->levels->len
               ? KTM_STORE_CATEGORY
               : KTM_STORE_NUMBER;
  return KTM_STORE_CATEGORY;
}
