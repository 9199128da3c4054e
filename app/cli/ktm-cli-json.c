#include "ktm-cli-json.h"

#include "ktm-json.h"

#include <math.h>

void
ktm_cli_json_string (JsonBuilder *b, const char *name, const char *value)
{
  json_builder_set_member_name (b, name);
  if (value == NULL)
    json_builder_add_null_value (b);
  else
    json_builder_add_string_value (b, value);
}

void
ktm_cli_json_int (JsonBuilder *b, const char *name, gint64 value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_int_value (b, value);
}

void
ktm_cli_json_count (JsonBuilder *b, const char *name, long value)
{
  json_builder_set_member_name (b, name);
  if (value < 0)
    json_builder_add_null_value (b);
  else
    json_builder_add_int_value (b, value);
}

void
ktm_cli_json_number (JsonBuilder *b, const char *name, double value)
{
  json_builder_set_member_name (b, name);
  if (!isfinite (value))
    json_builder_add_null_value (b);
  else if (value == floor (value) && fabs (value) < 1e15)
    json_builder_add_int_value (b, (gint64) value);
  else
    json_builder_add_double_value (b, value);
}

char *
ktm_cli_json_finish (JsonBuilder *b)
{
  g_autofree char *json = ktm_json_write (b, TRUE);

  return g_strconcat (json, "\n", NULL);
}
