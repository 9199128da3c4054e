/* Reads one case: its fields, options and arrays. */
#include "check-private.h"

#include <string.h>

static bool
has_text (JsonNode *node, double *out)
{
  const char *text =
      json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";

  if (g_str_equal (text, "Inf"))
    *out = INFINITY;
  else if (g_str_equal (text, "-Inf"))
    *out = -INFINITY;
  else if (g_str_equal (text, "NaN"))
    *out = NAN;
  else
    return false;
  return true;
}

static bool
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64
             || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static bool
append_flat (GArray *flat, JsonNode *node)
{
  double value = NAN;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        if (!append_flat (flat, json_array_get_element (array, i)))
          return false;
      return true;
    }
  if (is_number (node))
    value = json_node_get_double (node);
  else if (!JSON_NODE_HOLDS_NULL (node)
           && !(JSON_NODE_HOLDS_VALUE (node) && has_text (node, &value)))
    return false;
  g_array_append_val (flat, value);
  return true;
}

/* Numbers of a value, an array or an array of arrays; NULL when something else is in it. */
double *
check_flatten (Check *check, JsonNode *node, size_t *n)
{
  GArray *flat = g_array_new (FALSE, FALSE, sizeof (double));
  double *values;

  if (!append_flat (flat, node))
    {
      g_array_unref (flat);
      *n = 0;
      return NULL;
    }
  *n = flat->len;
  g_array_set_size (flat, flat->len + 1); /* never NULL, also for an empty array */
  values = (double *) g_array_free (flat, FALSE);
  g_ptr_array_add (check->buffers, values);
  return values;
}

bool
check_has_array (Check *check, const char *name)
{
  return check->arrays != NULL && json_object_has_member (check->arrays, name);
}

const double *
check_array (Check *check, const char *name, size_t *n)
{
  JsonNode *node =
      check_has_array (check, name) ? json_object_get_member (check->arrays, name) : NULL;
  const double *values = NULL;

  *n = 0;
  if (node == NULL)
    check_fail (check, "array \"%s\" is missing", name);
  else if (!JSON_NODE_HOLDS_ARRAY (node) || (values = check_flatten (check, node, n)) == NULL)
    check_fail (check, "array \"%s\" is not an array of numbers", name);
  return values;
}

double
check_scalar (Check *check, const char *name)
{
  size_t n;
  const double *values = check_array (check, name, &n);

  if (values == NULL)
    return NAN;
  if (n != 1)
    {
      check_fail (check, "array \"%s\" has %zu numbers instead of 1", name, n);
      return NAN;
    }
  return values[0];
}

bool
check_has_option (Check *check, const char *name)
{
  return json_object_has_member (check->options, name);
}

static JsonNode *
read_option (Check *check, const char *name)
{
  g_hash_table_add (check->read_options, g_strdup (name));
  if (check_has_option (check, name))
    return json_object_get_member (check->options, name);
  check_fail (check, "option \"%s\" is missing", name);
  return NULL;
}

double
check_option_number (Check *check, const char *name)
{
  JsonNode *node = read_option (check, name);

  if (node == NULL)
    return NAN;
  if (is_number (node))
    return json_node_get_double (node);
  check_fail (check, "option \"%s\" is not a number", name);
  return NAN;
}

double
check_option_limit (Check *check, const char *name)
{
  JsonNode *node = read_option (check, name);
  double value = NAN;

  if (node == NULL)
    return NAN;
  if (is_number (node))
    return json_node_get_double (node);
  if (!JSON_NODE_HOLDS_VALUE (node) || !has_text (node, &value) || isnan (value))
    check_fail (check, "option \"%s\" is neither a number nor \"Inf\" or \"-Inf\"", name);
  return value;
}

bool
check_option_bool (Check *check, const char *name)
{
  JsonNode *node = read_option (check, name);

  if (node == NULL)
    return false;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  check_fail (check, "option \"%s\" is not true or false", name);
  return false;
}

int
check_option_choice (Check *check, const char *name, const char *const *values)
{
  JsonNode *node = read_option (check, name);

  if (node == NULL)
    return -1;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      check_fail (check, "option \"%s\" is not a word", name);
      return -1;
    }
  for (int i = 0; values[i] != NULL; i++)
    if (g_str_equal (values[i], json_node_get_string (node)))
      return i;
  check_fail (check, "not implemented: option \"%s\" = \"%s\"", name, json_node_get_string (node));
  return -1;
}

const double *
check_option_numbers (Check *check, const char *name, size_t *n)
{
  JsonNode *node = read_option (check, name);
  const double *values = NULL;

  *n = 0;
  if (node != NULL
      && (!JSON_NODE_HOLDS_ARRAY (node) || (values = check_flatten (check, node, n)) == NULL))
    check_fail (check, "option \"%s\" is not an array of numbers", name);
  return values;
}

void
check_option_labels (Check *check, const char *name)
{
  g_hash_table_add (check->read_options, g_strdup (name));
}

/* --- the file --------------------------------------------------------------------------------- */

char *
check_find_arrays_file (const char *case_path, const char *root, const char *name)
{
  g_autofree char *top = g_path_get_dirname (root);
  g_autofree char *folder = g_path_get_dirname (case_path);

  if (g_path_is_absolute (name))
    return NULL;
  for (;;)
    {
      g_autofree char *candidate = g_build_filename (folder, name, NULL);
      g_autofree char *parent = g_path_get_dirname (folder);

      if (g_file_test (candidate, G_FILE_TEST_IS_REGULAR))
        return g_canonicalize_filename (candidate, "/");
      if (g_str_equal (folder, top) || g_str_equal (folder, parent))
        return NULL;
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
}

static JsonNode *
parse_file (const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_file (parser, path, error))
    return NULL;
  return json_parser_steal_root (parser);
}

static JsonObject *
read_object (Check *check, const char *name)
{
  JsonObject *root = json_node_get_object (check->root);

  if (!json_object_has_member (root, name))
    check_fail (check, "field \"%s\" is missing", name);
  else if (!JSON_NODE_HOLDS_OBJECT (json_object_get_member (root, name)))
    check_fail (check, "field \"%s\" is not an object", name);
  else
    return json_object_get_object_member (root, name);
  return NULL;
}

static char *
read_word (Check *check, const char *name)
{
  JsonObject *root = json_node_get_object (check->root);
  JsonNode *node = json_object_has_member (root, name) ? json_object_get_member (root, name) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  check_fail (check, node == NULL ? "field \"%s\" is missing" : "field \"%s\" is not a word", name);
  return NULL;
}

static double
read_tolerance (Check *check, JsonObject *object, const char *name)
{
  JsonNode *node =
      json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  if (node == NULL)
    check_fail (check, "field \"%s\" is missing", name);
  else if (!is_number (node) || !(json_node_get_double (node) >= 0.0))
    check_fail (check, "field \"%s\" is not a number from 0 up", name);
  else
    return json_node_get_double (node);
  return 0.0;
}

static void
read_arrays (Check *check, const char *root_path)
{
  JsonObject *root = json_node_get_object (check->root);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL, *path = NULL;

  if (json_object_has_member (root, "arrays"))
    {
      check->arrays = read_object (check, "arrays");
      return;
    }
  if (!json_object_has_member (root, "arrays_file"))
    {
      check_fail (check, "neither \"arrays\" nor \"arrays_file\" is there");
      return;
    }
  if ((name = read_word (check, "arrays_file")) == NULL)
    return;
  path = check_find_arrays_file (check->path, root_path, name);
  if (path == NULL)
    check_fail (check, "arrays_file \"%s\" is not there", name);
  else if ((check->arrays_root = parse_file (path, &error)) == NULL)
    check_fail (check, "arrays_file \"%s\" cannot be read: %s", name, error->message);
  else if (!JSON_NODE_HOLDS_OBJECT (check->arrays_root))
    check_fail (check, "arrays_file \"%s\" is not an object", name);
  else
    check->arrays = json_node_get_object (check->arrays_root);
}

static void
read_tol (Check *check)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  if (!json_object_has_member (json_node_get_object (check->root), "tol"))
    return;
  check->tol = read_object (check, "tol");
  if (check->tol == NULL)
    return;
  json_object_iter_init (&iter, check->tol);
  while (json_object_iter_next (&iter, &key, &node))
    {
      JsonObject *rule = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autoptr (GList) members = rule != NULL ? json_object_get_members (rule) : NULL;

      if (rule == NULL)
        check_fail (check, "tol of \"%s\" is not an object", key);
      for (GList *l = members; l != NULL; l = l->next)
        {
          if (g_str_equal (l->data, "abs") || g_str_equal (l->data, "rel"))
            read_tolerance (check, rule, l->data);
          else if (!g_str_equal (l->data, "higher_ok"))
            check_fail (check, "not implemented: tol of \"%s\" has \"%s\"", key, (char *) l->data);
        }
    }
}

static void
read_fields (Check *check, const char *root_path)
{
  JsonObject *root = json_node_get_object (check->root);
  char *id = read_word (check, "id");

  if (id != NULL)
    {
      g_free (check->id);
      check->id = id;
    }
  check->analysis = read_word (check, "analysis");
  check->options = read_object (check, "options");
  check->expected = read_object (check, "expected");
  check->rel_tol = read_tolerance (check, root, "rel_tol");
  check->abs_tol = read_tolerance (check, root, "abs_tol");
  read_tol (check);
  read_arrays (check, root_path);
  if (check->expected != NULL && json_object_get_size (check->expected) == 0)
    check_fail (check, "\"expected\" is empty");
}

/* An object of nothing but arrays, in a folder called arrays. */
static bool
is_arrays_file (const char *path, JsonNode *root)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (folder);
  JsonObjectIter iter;
  JsonNode *node;

  if (!g_str_equal (name, "arrays") || !JSON_NODE_HOLDS_OBJECT (root))
    return false;
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, NULL, &node))
    if (!JSON_NODE_HOLDS_ARRAY (node))
      return false;
  return true;
}

Check *
check_load (const char *path, const char *root, GHashTable *array_files)
{
  g_autoptr (GError) error = NULL;
  Check *check;

  if (g_hash_table_contains (array_files, path))
    return NULL;
  check = g_new0 (Check, 1);
  check->path = path;
  check->id = g_path_get_basename (path);
  check->read_options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  check->emitted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  check->buffers = g_ptr_array_new_with_free_func (g_free);
  check->statuses = g_string_new (NULL);
  check->lines = g_string_new (NULL);
  check->root = parse_file (path, &error);
  if (check->root != NULL && is_arrays_file (path, check->root))
    {
      check_free (check);
      return NULL;
    }
  if (check->root == NULL)
    check_fail (check, "cannot be read: %s", error != NULL ? error->message : "it is empty");
  else if (!JSON_NODE_HOLDS_OBJECT (check->root))
    check_fail (check, "is not a JSON object");
  else
    read_fields (check, root);
  return check;
}

void
check_free (Check *check)
{
  g_clear_pointer (&check->root, json_node_unref);
  g_clear_pointer (&check->arrays_root, json_node_unref);
  g_hash_table_unref (check->read_options);
  g_hash_table_unref (check->emitted);
  g_ptr_array_unref (check->buffers);
  g_string_free (check->statuses, TRUE);
  g_string_free (check->lines, TRUE);
  g_free (check->id);
  g_free (check->analysis);
  g_free (check);
}
