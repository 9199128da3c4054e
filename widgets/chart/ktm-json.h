/* JSON: what came with a file is read without trusting it; what is written can be read.  No GTK. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The one object @text consists of; json_node_unref().  NULL: anything else, more than @longest
 * bytes, or brackets deeper than any of our documents (a parser that descends into itself must not
 * be given ten thousand of them).  @text: nullable. */
JsonNode *ktm_json_read_object (const char *text, gsize longest);

/* The text @name of @object, borrowed; NULL: not there, or not a text. */
const char *ktm_json_get_text (JsonObject *object, const char *name);

/* What @builder has built, closed by the caller; g_free().  @pretty: over several lines. */
char *ktm_json_write (JsonBuilder *builder, gboolean pretty);

G_END_DECLS
