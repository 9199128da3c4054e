/* model/cohort: store and stats, GObject, GIO.  Conditions as people and recipes write them.
 *
 *   ATTRIBUTE op VALUE      op: = != < <= > >= in
 *
 * The attribute and values with spaces, commas or operators stand in double quotes ("" is one
 * quote).  In lists 40..60 is a range of numbers (either end may be left out), and the bare word
 * missing means not recorded. */
#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"
#include "ktm-filter-private.h"

typedef struct
{
  char    *text;     /* owned */
  gboolean quoted;
} Word;

typedef enum { OP_EQUAL, OP_NOT_EQUAL, OP_BELOW, OP_AT_MOST, OP_ABOVE, OP_AT_LEAST, OP_IN } Op;
static const struct { const char *text; Op op;
} OPS[] = {
  { "!=", OP_NOT_EQUAL }, { "<=", OP_AT_MOST }, { ">=", OP_AT_LEAST },
  { "=", OP_EQUAL },      { "<", OP_BELOW },    { ">", OP_ABOVE },
  { "≠", OP_NOT_EQUAL },  { "≤", OP_AT_MOST },  { "≥", OP_AT_LEAST },
};

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->text);
}

static gboolean
invalid (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
invalid (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, message);
  return FALSE;
}

/* --- words ------------------------------------------------------------------------------------ */

static const char *
skip_spaces (const char *p)
{
  while (g_ascii_isspace (*p))
    p++;
  return p;
}

/* The operator at @p, and what follows it; NULL when there is none. */
static const char *
take_op (const char *p, Op *op)
{
  for (guint i = 0; i < G_N_ELEMENTS (OPS); i++)
    if (g_str_has_prefix (p, OPS[i].text))
      {
        *op = OPS[i].op;
        return p + strlen (OPS[i].text);
      }
  return NULL;
}

static const char *
take_in (const char *start, const char *p)
{
  if (p > start && g_ascii_isspace (p[-1]) && g_ascii_strncasecmp (p, "in", 2) == 0
      && g_ascii_isspace (p[2]))
    return p + 2;
  return NULL;
}

/* A word in double quotes from the quote on; NULL when it is not closed. */
static const char *
take_quoted (const char *p, char **text)
{
  GString *word = g_string_new (NULL);

  for (p++; *p != '\0'; p++)
    {
      if (*p == '"' && p[1] != '"')
        {
          *text = g_string_free (word, FALSE);
          return p + 1;
        }
      p += *p == '"';
      g_string_append_c (word, *p);
    }
  g_string_free (word, TRUE);
  return NULL;
}

/* The attribute's name up to the operator. */
static const char *
split (const char *text, char **attribute, Op *op)
{
  const char *p = skip_spaces (text), *rest;

  *attribute = NULL;
  if (*p == '"')
    {
      p = take_quoted (p, attribute);
      if (p == NULL)
        return NULL;
      p = skip_spaces (p);
      rest = take_op (p, op);
      if (rest == NULL && g_ascii_strncasecmp (p, "in ", 3) == 0)
        {
          *op = OP_IN;
          rest = p + 3;
        }
      return rest;
    }
  for (const char *q = p; *q != '\0'; q++)
    {
      rest = take_op (q, op);
      if (rest == NULL && (rest = take_in (p, q)) != NULL)
        *op = OP_IN;
      if (rest != NULL)
        {
          *attribute = g_strstrip (g_strndup (p, (gsize) (q - p)));
          return **attribute != '\0' ? rest : NULL;
        }
    }
  return NULL;
}

/* "(a, b)" without its brackets, NULL where it has none: those of a level in quotes stay. */
static char *
without_brackets (const char *p)
{
  g_autofree char *text = g_strstrip (g_strdup (p));
  gsize n = strlen (text);

  return n > 2 && text[0] == '(' && text[n - 1] == ')' ? g_strndup (text + 1, n - 2) : NULL;
}

/* The values, separated by commas; NULL when a quote is not closed or a value is empty. */
static GArray *
take_values (const char *p)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (Word));

  g_array_set_clear_func (words, word_clear);
  for (;;)
    {
      Word word = { NULL, FALSE };

      p = skip_spaces (p);
      if (*p == '"')
        {
          word.quoted = TRUE;
          p = take_quoted (p, &word.text);
        }
      else
        {
          gsize n = strcspn (p, ",\"");

          word.text = n > 0 ? g_strchomp (g_strndup (p, n)) : NULL;
          p += n;
        }
      if (word.text == NULL)
        return NULL;
      g_array_append_val (words, word);
      p = skip_spaces (p);
      if (*p == '\0')
        return g_steal_pointer (&words);
      if (*p++ != ',')
        return NULL;
    }
}

/* --- what exists ------------------------------------------------------------------------------ */

static char *
list_attributes (KtmCohort *cohort)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            ktm_cohort_get_attribute (cohort, i)->id);
  return g_string_free (list, FALSE);
}

static char *
list_levels (const KtmFrameAttribute *a)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < a->n_levels && i < 20; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", a->levels[i]);
  if (a->n_levels > 20)
    g_string_append (list, ", …");
  return g_string_free (list, FALSE);
}

/* A level by its label in any case, or by what files call it; yes and no go for the two of a yes-no
 * attribute. */
static gssize
find_level (const KtmFrameAttribute *a, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (gsize i = 0; i < a->n_levels; i++)
    if (g_str_equal (a->levels[i], text))
      return (gssize) i;
  for (gsize i = 0; i < a->n_levels; i++)
    {
      g_autofree char *level = g_utf8_casefold (a->levels[i], -1);

      if (g_str_equal (level, folded))
        return (gssize) i;
    }
  for (gsize i = 0; i < a->n_levels; i++)
    if (g_ascii_strcasecmp (ktm_cohort_level_key (a->id, a->levels[i]), text) == 0)
      return (gssize) i;
  if (a->kind == KTM_ATTRIBUTE_YES_NO
      && (g_str_equal (folded, "no") || g_str_equal (folded, "false") || g_str_equal (folded, "0")))
    return 0;
  if (a->kind == KTM_ATTRIBUTE_YES_NO
      && (g_str_equal (folded, "yes") || g_str_equal (folded, "true") || g_str_equal (folded, "1")))
    return 1;
  return -1;
}

/* A number, or a date as its Julian day.  Always with a decimal point. */
static gboolean
parse_number (const KtmFrameAttribute *a, const char *text, double *value)
{
  char *end = NULL;

  if (a->kind == KTM_ATTRIBUTE_DATE)
    {
      g_autofree char *iso = g_strconcat (text, "T00:00:00Z", NULL);
      g_autoptr (GDateTime) date =
          strlen (text) == 10 ? g_date_time_new_from_iso8601 (iso, NULL) : NULL;

      if (date == NULL)
        return FALSE;
      *value = (double) (g_date_time_to_unix (date) / 86400)
               + 2440588; /* Julian day number of 1970-01-01 */
      return TRUE;
    }
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value);
}

static gboolean
bad_number (const KtmFrameAttribute *a, const char *text, GError **error)
{
  return invalid (error,
                  a->kind == KTM_ATTRIBUTE_DATE
                      ? _("“%s” is compared with %s, which is not a date. Write it as 2018-03-01.")
                      : _("“%s” is compared with %s, which is not a number. Write it as 6.5."),
                  a->id, text);
}

/* --- conditions ------------------------------------------------------------------------------- */

static gboolean
add_levels (KtmCondition *condition, const KtmFrameAttribute *a, Op op, const GArray *words,
            GError **error)
{
  for (guint i = 0; i < words->len; i++)
    {
      const Word *word = &g_array_index (words, Word, i);
      gssize at = find_level (a, word->text);

      if (at < 0
          && (word->quoted ? *word->text == '\0'
                           : g_ascii_strcasecmp (word->text, KTM_CONDITION_MISSING) == 0))
        {
          condition->missing = condition->missing || !word->quoted; /* "" is no level: nobody */
          continue;
        }
      if (at < 0)
        {
          g_autofree char *levels = list_levels (a);

          return invalid (error, _("“%s” has no level “%s”. It has: %s."), a->id, word->text,
                          levels);
        }
      for (gsize j = 0; j < a->n_levels; j++)
        if (op == OP_BELOW       ? (gssize) j < at
            : op == OP_AT_MOST   ? (gssize) j <= at
            : op == OP_ABOVE     ? (gssize) j > at
            : op == OP_AT_LEAST  ? (gssize) j >= at
            : op == OP_NOT_EQUAL ? (gssize) j != at
                                 : (gssize) j == at)
          ktm_condition_add_level (condition, a->levels[j]);
    }
  if (op == OP_NOT_EQUAL && condition->missing)
    for (gsize j = 0; j < a->n_levels; j++)
      ktm_condition_add_level (condition, a->levels[j]);
  condition->missing = condition->missing && op != OP_NOT_EQUAL;
  return TRUE;
}

/* One item of a list of numbers: 5, 40..60, 40.., ..60. */
static gboolean
add_item (KtmCondition *condition, const KtmFrameAttribute *a, const char *text, GError **error)
{
  const char *dots = strstr (text, "..");
  double low = NAN, high = NAN;

  if (dots != NULL)
    {
      g_autofree char *first = g_strstrip (g_strndup (text, (gsize) (dots - text)));
      g_autofree char *second = g_strstrip (g_strdup (dots + 2));

      if ((*first != '\0' && !parse_number (a, first, &low))
          || (*second != '\0' && !parse_number (a, second, &high)))
        return bad_number (a, text, error);
    }
  else if (parse_number (a, text, &low))
    high = low;
  else
    return bad_number (a, text, error);
  ktm_condition_add_interval (condition, low, FALSE, high, FALSE);
  return TRUE;
}

static gboolean
add_numbers (KtmCondition *condition, const KtmFrameAttribute *a, Op op, const GArray *words,
             GError **error)
{
  double value;

  condition->is_date = a->kind == KTM_ATTRIBUTE_DATE;
  for (guint i = 0; i < words->len; i++)
    {
      const Word *word = &g_array_index (words, Word, i);

      if (!word->quoted && g_ascii_strcasecmp (word->text, KTM_CONDITION_MISSING) == 0
          && (op == OP_EQUAL || op == OP_IN))
        condition->missing = TRUE;
      else if (op == OP_NOT_EQUAL && !word->quoted
               && g_ascii_strcasecmp (word->text, KTM_CONDITION_MISSING) == 0)
        ktm_condition_add_interval (condition, NAN, FALSE, NAN, FALSE); /* any number */
      else if (op == OP_IN || op == OP_EQUAL || op == OP_NOT_EQUAL)
        {
          if (!add_item (condition, a, word->text, error))
            return FALSE;
          condition->negate = op == OP_NOT_EQUAL;
        }
      else if (!parse_number (a, word->text, &value))
        return bad_number (a, word->text, error);
      else if (op == OP_BELOW || op == OP_AT_MOST)
        ktm_condition_add_interval (condition, NAN, FALSE, value, op == OP_BELOW);
      else
        ktm_condition_add_interval (condition, value, op == OP_ABOVE, NAN, FALSE);
    }
  return TRUE;
}

static gboolean
check_op (const KtmFrameAttribute *a, Op op, const GArray *words, GError **error)
{
  gboolean is_order = op != OP_EQUAL && op != OP_NOT_EQUAL && op != OP_IN;

  if (is_order && (a->kind == KTM_ATTRIBUTE_CATEGORY || a->kind == KTM_ATTRIBUTE_YES_NO))
    return invalid (error, _("“%s” has levels without an order. Compare it with =, != or in."),
                    a->id);
  if (op != OP_IN && words->len > 1)
    return invalid (error, _("“%s” is compared with several values. Write: %s in A, B."), a->id,
                    a->id);
  return TRUE;
}

static gboolean
parse_group (const GArray *words, Op op, gint64 *group, GError **error)
{
  const char *text = g_array_index (words, Word, 0).text;

  if (op == OP_EQUAL && words->len == 1
      && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, group, NULL))
    return TRUE;
  return invalid (error, _("A saved group is asked for by its number: group = 3."));
}

/* Reads one condition.
 *
 * @group: the document's id when the text asks for a saved group (NULL is returned without an
 * error), else 0
 *
 * Errors: KTM_STORE_ERROR_INVALID; the sentence names what is wrong and what exists. */
KtmCondition *
ktm_condition_parse (KtmCohort *cohort, const char *text, gint64 *group, GError **error)
{
  g_autofree char *attribute = NULL;
  g_autoptr (GArray) words = NULL;
  g_autoptr (KtmCondition) condition = NULL;
  const KtmFrameAttribute *a;
  g_autofree char *brackets = NULL;
  const char *rest;
  Op op = OP_EQUAL;
  gint at;

  *group = 0;
  rest = split (text, &attribute, &op);
  brackets = rest != NULL && op == OP_IN ? without_brackets (rest) : NULL;
  words = rest != NULL ? take_values (brackets != NULL ? brackets : rest) : NULL;
  if (words == NULL)
    {
      invalid (error,
               _("“%s” is not a condition. Write: ATTRIBUTE = VALUE, with values that hold spaces "
                  "in double quotes."),
               text);
      return NULL;
    }
  at = ktm_cohort_find_attribute (cohort, attribute);
  if (at < 0 && g_ascii_strcasecmp (attribute, "group") == 0)
    {
      parse_group (words, op, group, error);
      return NULL;
    }
  if (at < 0)
    {
      g_autofree char *all = list_attributes (cohort);

      invalid (error, _("There is no attribute “%s”. This cohort has: %s."), attribute, all);
      return NULL;
    }
  a = ktm_cohort_get_attribute (cohort, (guint) at);
  condition = ktm_condition_new (a->id, a->n_levels > 0);
  if (!check_op (a, op, words, error)
      || !(a->n_levels > 0 ? add_levels (condition, a, op, words, error)
                           : add_numbers (condition, a, op, words, error)))
    return NULL;
  return g_steal_pointer (&condition);
}

/* --- the filter's side ------------------------------------------------------------------------ */

static gboolean
group_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  gpointer *want = data;

  if (document->id != *(gint64 *) want[0])
    return TRUE;
  want[1] = g_strdup (document->json);
  return FALSE;
}

static gboolean
add_group (KtmFilter *self, KtmCohort *cohort, gint64 id, GError **error)
{
  gpointer want[2] = { &id, NULL };
  g_autofree char *json = NULL;
  KtmFilter *saved;

  if (!ktm_store_read_documents (ktm_cohort_get_store (cohort), "group", group_cb, want, error))
    return FALSE;
  json = want[1];
  if (json == NULL)
    return invalid (error, _("This cohort has no saved group number %lld."), (long long) id);
  saved = ktm_filter_new ();
  if (!ktm_filter_set_group_json (saved, cohort, json, error))
    {
      g_object_unref (saved);
      return FALSE;
    }
  ktm_filter_take_saved (self, saved, id);
  return TRUE;
}

/* Adds one condition; see the header for the grammar.  On error the filter stays as it was. */
gboolean
ktm_filter_add_text (KtmFilter *self, KtmCohort *cohort, const char *condition, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  gint64 group;
  KtmCondition *parsed;

  g_return_val_if_fail (condition != NULL, FALSE);
  parsed = ktm_condition_parse (cohort, condition, &group, &own_error);
  if (parsed != NULL)
    ktm_filter_take_condition (self, parsed);
  else if (own_error != NULL)
    g_propagate_error (error, g_steal_pointer (&own_error));
  else
    return add_group (self, cohort, group, error);
  return parsed != NULL;
}

/* What ktm_filter_add_text() reads back as the same filter, NULL-ended; g_strfreev().  The search
 * and hand-picked codes are never part of it. */
char **
ktm_filter_dup_texts (KtmFilter *self)
{
  const GPtrArray *conditions = ktm_filter_get_conditions (self);
  GPtrArray *texts = g_ptr_array_new ();

  if (ktm_filter_get_group_document (self) != 0)
    g_ptr_array_add (
        texts, g_strdup_printf ("group = %" G_GINT64_FORMAT, ktm_filter_get_group_document (self)));
  for (guint i = 0; i < conditions->len; i++)
    ktm_condition_print (g_ptr_array_index (conditions, i), texts);
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

/* Makes the filter what a saved group's document says.  The document is JSON that GVariant's text
 * reads as well. On error the filter stays as it was. */
gboolean
ktm_filter_set_group_json (KtmFilter *self, KtmCohort *cohort, const char *json, GError **error)
{
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE ("a{sas}"), json, NULL, NULL, NULL);
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autofree const char **where = NULL, **codes = NULL;

  if (value == NULL)
    return invalid (error, _("This saved group cannot be read."));
  g_variant_lookup (value, "where", "^a&s", &where);
  g_variant_lookup (value, "codes", "^a&s", &codes);
  for (gsize i = 0; where != NULL && where[i] != NULL; i++)
    {
      gint64 group;
      KtmCondition *condition = ktm_condition_parse (cohort, where[i], &group, error);

      if (condition == NULL) /* a group within a group would lead in circles */
        return group != 0 ? invalid (error, _("This saved group cannot be read.")) : FALSE;
      ktm_filter_take_condition (filter, condition);
    }
  if (codes != NULL)
    ktm_filter_set_group (filter, codes, 0);
  ktm_filter_assign (self, filter);
  return TRUE;
}
