/* Floor widgets/chart: JSON of recipes, decks, definitions and models.  No GTK. */
#include "ktm-json.h"

#include <string.h>

#define DEEPEST 8

/* How long the escape at @p is; 0: it is none of JSON's, or half a character.  json-glib also takes
 * those of C, whose bytes are no UTF-8. */
static gsize
escape_length (const char *p)
{
  gunichar c = 0;

  if (p[1] != 'u')
    return p[1] != '\0' && strchr ("\"\\/bfnrt", p[1]) != NULL ? 2 : 0;
  for (int i = 2; i < 6; i++)
    if (!g_ascii_isxdigit (p[i]))
      return 0;
    else
      c = c * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
  if (c == 0 || (c >= 0xdc00 && c < 0xe000))
    return 0;
  if (c < 0xd800 || c >= 0xe000)
    return 6;
  return p[6] == '\\' && p[7] == 'u' && g_ascii_tolower (p[8]) == 'd'
                 && g_ascii_isxdigit (p[9]) && g_ascii_xdigit_value (p[9]) >= 12
                 && g_ascii_isxdigit (p[10]) && g_ascii_isxdigit (p[11])
             ? 12
             : 0;
}

/* One object and nothing else: json-glib loses what it has read of a first value when a second one
 * follows.  It also takes comments and texts in apostrophes, in which a quote would lead us astray.
 */
static gboolean
is_harmless (const char *text, gsize longest)
{
  int depth = 0;
  gboolean quoted = FALSE, over = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (depth == 0 && !g_ascii_isspace (*p) && (over || *p != '{'))
        return FALSE;
      if (*p == '\\')
        {
          gsize length = quoted ? escape_length (p) : 0;

          if (length == 0)
            return FALSE;
          p += length - 1;
        }
      else if (*p == '"')
        quoted = !quoted;
      else if (!quoted && (*p == '{' || *p == '['))
        depth++;
      else if (!quoted && (*p == '}' || *p == ']'))
        over = --depth == 0;
      else if (!quoted && !g_ascii_isalnum (*p) && strchr (" \t\r\n,:+-.", *p) == NULL)
        return FALSE;
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

/* json-glib (1.6) appends ".0" to every number without a point, so that 6e-09 becomes "6e-09.0",
 * which nothing can read. */
static void
mend_exponents (char *text)
{
  gboolean quoted = FALSE, exponent = FALSE;
  char *to = text;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (exponent && *p == '.')
        {
          p += strspn (p, ".0") - 1;
          continue;
        }
      if (*p == '"')
        quoted = !quoted;
      exponent = !quoted && (*p == 'e' ? p > text && g_ascii_isdigit (p[-1])
                                       : exponent && strchr ("+-0123456789", *p) != NULL);
      *to++ = *p;
      if (quoted && *p == '\\')
        *to++ = *++p;
    }
  *to = '\0';
}

char *
ktm_json_write (JsonBuilder *builder, gboolean pretty)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, pretty);

  mend_exponents (text);
  return text;
}
