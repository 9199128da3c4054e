/* app/cli: members of a JSON object, each with its name; what does not apply is null. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void ktm_cli_json_string (JsonBuilder *b, const char *name, const char *value); /* NULL: null */
void ktm_cli_json_int    (JsonBuilder *b, const char *name, gint64 value);
void ktm_cli_json_count  (JsonBuilder *b, const char *name, long value);        /* negative: null */
/* Full double precision, a whole number as one; null unless finite. */
void ktm_cli_json_number (JsonBuilder *b, const char *name, double value);

/* The closed outermost object as text that ends its line; g_free(). */
char *ktm_cli_json_finish (JsonBuilder *b);

G_END_DECLS
