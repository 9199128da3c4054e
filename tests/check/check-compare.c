/* The rule of comparison: |a - b| <= abs + rel |b|, element by element, same shape. */
#include "check-private.h"

static char *
format_key (const char *format, va_list args)
{
  return g_strdup_vprintf (format, args);
}

void
check_fail (Check *check, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  check->n_failures++;
  g_string_append_printf (check->lines, "%s: %s\n", check->id, text);
}

bool
check_failed (Check *check)
{
  return check->n_failures > 0;
}

void
check_status (Check *check, KtmStatsStatus status)
{
  if (status != KTM_STATS_OK)
    g_string_append_printf (check->statuses, " %s", ktm_stats_status_text (status));
}

static JsonNode *
find_expected (Check *check, const char *key)
{
  if (check->better || !json_object_has_member (check->expected, key))
    return NULL;
  g_hash_table_add (check->emitted, g_strdup (key));
  return json_object_get_member (check->expected, key);
}

bool
check_wanted (Check *check, const char *format, ...)
{
  g_autofree char *key = NULL;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  return json_object_has_member (check->expected, key);
}

const double *
check_expected (Check *check, const char *name, size_t *n)
{
  *n = 0;
  if (!json_object_has_member (check->expected, name))
    return NULL;
  return check_flatten (check, json_object_get_member (check->expected, name), n);
}

static double
tolerance (Check *check, const char *key, double expected)
{
  double abs_tol = check->abs_tol, rel_tol = check->rel_tol;

  if (check->tol != NULL && json_object_has_member (check->tol, key))
    {
      JsonObject *rule = json_object_get_object_member (check->tol, key);

      if (json_object_has_member (rule, "abs"))
        abs_tol = json_object_get_double_member (rule, "abs");
      if (json_object_has_member (rule, "rel"))
        rel_tol = json_object_get_double_member (rule, "rel");
    }
  return abs_tol + rel_tol * fabs (expected);
}

static void
deviates (Check *check, const char *key, const char *where, double ours, const char *expected)
{
  check_fail (check, "%s%s is %.15g, expected %s", key, where, ours, expected);
}

static void
compare_text (Check *check, const char *key, const char *where, double ours, const char *text)
{
  bool same;

  if (g_str_equal (text, "Inf"))
    same = isinf (ours) && ours > 0.0;
  else if (g_str_equal (text, "-Inf"))
    same = isinf (ours) && ours < 0.0;
  else if (g_str_equal (text, "NaN"))
    same = isnan (ours);
  else
    {
      check_fail (check, "%s%s: \"%s\" is no number", key, where, text);
      return;
    }
  if (!same)
    deviates (check, key, where, ours, text);
}

/* One number against one JSON value. */
static void
compare_number (Check *check, const char *key, const char *where, double ours, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  check->n_compared++;
  if (JSON_NODE_HOLDS_NULL (node))
    {
      if (isfinite (ours))
        deviates (check, key, where, ours, "null (undefined)");
    }
  else if (type == G_TYPE_STRING)
    compare_text (check, key, where, ours, json_node_get_string (node));
  else if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    {
      double expected = json_node_get_double (node), tol = tolerance (check, key, expected);

      if (!(fabs (ours - expected) <= tol))
        check_fail (check, "%s%s is %.15g, expected %.15g (off by %.3g, allowed %.3g)", key, where,
                    ours, expected, fabs (ours - expected), tol);
    }
  else
    check_fail (check, "%s%s: expected has another shape than a number", key, where);
}

static void
compare_row (Check *check, const char *key, const char *prefix, const double *ours, size_t n,
             JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) != n)
    {
      check->n_compared++;
      check_fail (check, "%s%s has %zu numbers, expected %s", key, prefix, n,
                  array == NULL ? "another shape than an array" : "another length");
      return;
    }
  for (size_t i = 0; i < n; i++)
    {
      g_autofree char *where = g_strdup_printf ("%s[%zu]", prefix, i);

      compare_number (check, key, where, ours[i], json_array_get_element (array, i));
    }
}

void
check_number (Check *check, double value, const char *format, ...)
{
  g_autofree char *key = NULL;
  JsonNode *node;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  if ((node = find_expected (check, key)) != NULL)
    compare_number (check, key, "", value, node);
}

void
check_limits (Check *check, double low, double high, const char *format, ...)
{
  g_autofree char *key = NULL;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  check_number (check, low, "%s_lo", key);
  check_number (check, high, "%s_hi", key);
}

void
check_bool (Check *check, bool value, const char *format, ...)
{
  g_autofree char *key = NULL;
  JsonNode *node;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  if ((node = find_expected (check, key)) == NULL)
    return;
  check->n_compared++;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    check_fail (check, "%s: expected has another shape than true or false", key);
  else if (json_node_get_boolean (node) != value)
    check_fail (check, "%s is %s, expected %s", key, value ? "true" : "false",
                value ? "false" : "true");
}

void
check_numbers (Check *check, const double *values, size_t n, const char *format, ...)
{
  g_autofree char *key = NULL;
  JsonNode *node;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  if ((node = find_expected (check, key)) != NULL)
    compare_row (check, key, "", values, n, node);
}

void
check_elements (Check *check, const double *values, size_t n, const char *format, ...)
{
  g_autofree char *key = NULL;
  JsonNode *node;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  if ((node = find_expected (check, key)) == NULL)
    return;
  if (n == 1 && !JSON_NODE_HOLDS_ARRAY (node))
    compare_number (check, key, "", values[0], node);
  else
    compare_row (check, key, "", values, n, node);
}

void
check_sizes (Check *check, const size_t *values, size_t n, const char *format, ...)
{
  g_autofree double *numbers = g_new0 (double, n + 1);
  g_autofree char *key = NULL;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  for (size_t i = 0; i < n; i++)
    numbers[i] = (double) values[i];
  check_numbers (check, numbers, n, "%s", key);
}

void
check_matrix (Check *check, const double *values, size_t rows, size_t cols, const char *format, ...)
{
  g_autofree char *key = NULL;
  JsonNode *node;
  JsonArray *array;
  va_list args;

  va_start (args, format);
  key = format_key (format, args);
  va_end (args);
  if ((node = find_expected (check, key)) == NULL)
    return;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) != rows)
    {
      check->n_compared++;
      check_fail (check, "%s has %zu rows, expected another shape", key, rows);
      return;
    }
  for (size_t i = 0; i < rows; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("[%zu]", i);

      compare_row (check, key, prefix, values + i * cols, cols, json_array_get_element (array, i));
    }
}

/* --- a better optimum ------------------------------------------------------------------------- */

static bool
higher_ok (Check *check, const char *key)
{
  JsonObject *rule = check->tol != NULL && json_object_has_member (check->tol, key)
                       ? json_object_get_object_member (check->tol, key) : NULL;

  return rule != NULL && json_object_has_member (rule, "higher_ok")
         && json_object_get_boolean_member (rule, "higher_ok");
}

void
check_loglik (Check *check, const char *key, double ours, double at_reference, double sigma,
              double pooled_sigma)
{
  size_t n;
  const double *expected = check_expected (check, key, &n);

  if (expected == NULL)
    return;
  if (n == 1 && higher_ok (check, key) && ours > expected[0] + tolerance (check, key, expected[0])
      && fabs (at_reference - expected[0]) <= tolerance (check, key, expected[0])
      && sigma > 0.1 * pooled_sigma)
    {
      check->n_compared++;
      check->better = true;
      return;
    }
  check_number (check, ours, "%s", key);
}

/* --- the end of a case ------------------------------------------------------------------------ */

void
check_finish (Check *check)
{
  JsonObjectIter iter;
  const char *name;

  if (check->options != NULL)
    {
      json_object_iter_init (&iter, check->options);
      while (json_object_iter_next (&iter, &name, NULL))
        if (!g_hash_table_contains (check->read_options, name))
          check_fail (check, "not implemented: option \"%s\"", name);
    }
  if (check->expected != NULL && !check->better)
    {
      json_object_iter_init (&iter, check->expected);
      while (json_object_iter_next (&iter, &name, NULL))
        if (!g_hash_table_contains (check->emitted, name))
          check_fail (check, "not implemented: key \"%s\"", name);
    }
  if (check->n_failures > 0 && check->statuses->len > 0)
    check_fail (check, "the library said:%s", check->statuses->str);
}
