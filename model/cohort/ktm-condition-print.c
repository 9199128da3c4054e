/* model/cohort: store and stats, GObject, GIO.  Conditions as text that ktm_condition_parse()
 * reads. */
#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"
#include "ktm-filter-private.h"

static void
append_word (GString *text, const char *word, gboolean force)
{
  gboolean quote = force || *word == '\0' || g_ascii_strcasecmp (word, KTM_CONDITION_MISSING) == 0
                   || strpbrk (word, " \t\",=<>!()") != NULL || strstr (word, "≠")
                   || strstr (word, "≤") || strstr (word, "≥");

  if (!quote)
    {
      g_string_append (text, word);
      return;
    }
  g_string_append_c (text, '"');
  for (const char *p = word; *p != '\0'; p++)
    g_string_append (text, *p == '"' ? "\"\"" : ((char[]) { *p, '\0' }));
  g_string_append_c (text, '"');
}

static void
append_number (GString *text, const KtmCondition *condition, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;
  if (condition->is_date)
    {
      g_autoptr (GDateTime) date =
          g_date_time_new_from_unix_utc ((gint64) ((value - 2440588) * 86400));
      g_autofree char *iso =
          date != NULL ? g_strdup_printf ("%04d-%02d-%02d", g_date_time_get_year (date),
                                          g_date_time_get_month (date),
                                          g_date_time_get_day_of_month (date))
                       : NULL;  /* %Y of the year 76 would be two digits */

      g_string_append (text, iso != NULL ? iso : "1970-01-01");
      return;
    }
  /* The shortest form that reads back as the same number. */
  for (int digits = 6; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (text, buffer);
}

static GString *
start (const KtmCondition *condition, const char *op)
{
  GString *text = g_string_new (NULL);

  append_word (text, condition->attribute, FALSE);
  g_string_append_printf (text, " %s ", op);
  return text;
}

static void
finish (GString *text, GPtrArray *texts)
{
  g_ptr_array_add (texts, g_string_free (text, FALSE));
}

static void
print_levels (const KtmCondition *condition, GPtrArray *texts)
{
  gboolean single = condition->levels->len == 1 && !condition->missing;
  GString *text =
      start (condition, single || (condition->levels->len == 0 && condition->missing) ? "=" : "in");

  for (guint i = 0; i < condition->levels->len; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_word (
          text,
          ktm_cohort_level_key (condition->attribute, g_ptr_array_index (condition->levels, i)),
          FALSE);
    }
  if (condition->missing)
    g_string_append_printf (text, "%s%s", condition->levels->len > 0 ? ", " : "",
                            KTM_CONDITION_MISSING);
  else if (condition->levels->len == 0)
    g_string_append (text, "\"\""); /* nobody: no level has an empty label */
  finish (text, texts);
}

static void
print_end (const KtmCondition *condition, const char *op, double value, GPtrArray *texts)
{
  GString *text = start (condition, op);

  append_number (text, condition, value);
  finish (text, texts);
}

static void
print_list (const KtmCondition *condition, GPtrArray *texts)
{
  GString *text = start (condition, condition->negate ? "!=" : "in");

  for (guint i = 0; i < condition->intervals->len; i++)
    {
      const KtmInterval *in = &g_array_index (condition->intervals, KtmInterval, i);

      if (i > 0)
        g_string_append (text, ", ");
      append_number (text, condition, in->low);
      if (in->low != in->high)
        {
          g_string_append (text, "..");
          append_number (text, condition, in->high);
        }
    }
  if (condition->missing)
    g_string_append_printf (text, "%s%s", condition->intervals->len > 0 ? ", " : "",
                            KTM_CONDITION_MISSING);
  finish (text, texts);
}

/* Adds the one or two texts that say @condition to @texts. */
void
ktm_condition_print (const KtmCondition *condition, GPtrArray *texts)
{
  const KtmInterval *in;

  if (condition->levels != NULL)
    {
      print_levels (condition, texts);
      return;
    }
  in =
      condition->intervals->len == 1 ? &g_array_index (condition->intervals, KtmInterval, 0) : NULL;
  if (in == NULL || condition->negate || condition->missing
      || (isnan (in->low) && isnan (in->high)))
    print_list (condition, texts);
  else if (in->low == in->high && !in->above && !in->below)
    print_end (condition, "=", in->low, texts);
  else
    {
      if (!isnan (in->low))
        print_end (condition, in->above ? ">" : ">=", in->low, texts);
      if (!isnan (in->high))
        print_end (condition, in->below ? "<" : "<=", in->high, texts);
    }
}
