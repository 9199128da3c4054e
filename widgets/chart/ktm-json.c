/* Floor widgets/chart: JSON of recipes, decks, definitions and models.  No GTK. */
#include "ktm-json.h"

#define DEEPEST 8

/* One object and nothing else: json-glib loses what it has read of a first value when a second one
 * follows. */
static gboolean
is_harmless (const char *text, gsize longest)
{
  int depth = 0;
  gboolean quoted = FALSE, over = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (depth == 0 && !g_ascii_isspace (*p) && (over || *p != '{'))
        return FALSE;
      if (*p == '\\' && quoted && p[1] != '\0')
        p++;
      else if (*p == '"')
        quoted = !quoted;
      else if (!quoted && (*p == '{' || *p == '['))
        depth++;
      else if (!quoted && (*p == '}' || *p == ']'))
        over = --depth == 0;
      if (depth > DEEPEST || (gsize) (p - text) > longest)
        return FALSE;
    }
  return over && g_utf8_validate (text, -1, NULL);
}

JsonNode *
ktm_json_read_object (const char *text, gsize longest)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (text == NULL || !is_harmless (text, longest)
      || !json_parser_load_from_data (parser, text, -1, NULL)
      || (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_node_ref (root);
}

const char *
ktm_json_get_text (JsonObject *object, const char *name)
{
  JsonNode *node =
      json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}
