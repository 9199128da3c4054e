/* model/store: GLib only.  The mapping of one source as data: options, mapping file, back again. */
#include "ktm-mapping.h"

#include "ktm-store.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const role_keys[KTM_N_COLUMN_ROLES] = { [KTM_COLUMN_LEFT_OUT] = "leave-out",
                                                           [KTM_COLUMN_PATIENT] = "patient",
                                                           [KTM_COLUMN_VISIT] = "visit",
                                                           [KTM_COLUMN_TIME] = "time",
                                                           [KTM_COLUMN_DATE] = "date",
                                                           [KTM_COLUMN_INDEX_DATE] = "index-date",
                                                           [KTM_COLUMN_MEASURE] = "measure",
                                                           [KTM_COLUMN_WIDE] = "wide",
                                                           [KTM_COLUMN_ATTRIBUTE] = "attribute",
                                                           [KTM_COLUMN_HARM_FLAG] = "harm-flag",
                                                           [KTM_COLUMN_CENTRE] = "centre",
                                                           [KTM_COLUMN_ARM] = "arm",
                                                           [KTM_COLUMN_INCLUDED] = "included",
                                                           [KTM_COLUMN_EXCLUSION_REASON] =
                                                               "exclusion-reason",
                                                           [KTM_COLUMN_STOP_TIME] = "stop-time",
                                                           [KTM_COLUMN_STOP_REASON] = "stop-reason",
                                                           [KTM_COLUMN_DRUG] = "drug",
                                                           [KTM_COLUMN_DOSE] = "dose",
                                                           [KTM_COLUMN_DURATION] = "duration",
                                                           [KTM_COLUMN_ROUTE] = "route",
                                                           [KTM_COLUMN_WITH] = "with",
                                                           [KTM_COLUMN_TERM] = "term",
                                                           [KTM_COLUMN_SEVERITY] = "severity",
                                                           [KTM_COLUMN_GRADE] = "grade",
                                                           [KTM_COLUMN_SERIOUS] = "serious",
                                                           [KTM_COLUMN_RELATED] = "related",
                                                           [KTM_COLUMN_LED_TO_STOP] = "led-to-stop",
                                                           [KTM_COLUMN_RESOLVED] = "resolved",
                                                           [KTM_COLUMN_STUDY] = "study",
                                                           [KTM_COLUMN_YEAR] = "year",
                                                           [KTM_COLUMN_N] = "n",
                                                           [KTM_COLUMN_MEAN] = "mean",
                                                           [KTM_COLUMN_SD] = "sd",
                                                           [KTM_COLUMN_EVENTS] = "events",
                                                           [KTM_COLUMN_EFFECT] = "effect",
                                                           [KTM_COLUMN_SE] = "se",
                                                           [KTM_COLUMN_STUDY_KIND] = "study-kind",
                                                           [KTM_COLUMN_EFFECT_MEASURE] =
                                                               "effect-measure",
                                                           [KTM_COLUMN_LOW] = "low",
                                                           [KTM_COLUMN_HIGH] = "high",
                                                           [KTM_COLUMN_N2] = "n2",
                                                           [KTM_COLUMN_MEAN2] = "mean2",
                                                           [KTM_COLUMN_SD2] = "sd2",
                                                           [KTM_COLUMN_EVENTS2] = "events2",
                                                           [KTM_COLUMN_CORRELATION] =
                                                               "correlation",
                                                           [KTM_COLUMN_NOTE] = "note",
                                                           [KTM_COLUMN_MODERATOR] = "moderator" };

static const char *const kind_names[] = { "auto",       "patients",       "scores", "wide",
                                          "treatments", "adverse-events", "studies" };
static const struct { const char *name; double days;
} units[] = { { "none", NAN }, { "minute", 1 / 1440.0 },        { "hour", 1 / 24.0 }, { "day", 1 },
              { "week", 7 },   { "month", KTM_DAYS_PER_MONTH }, { "year", 365.25 } };

/* The key of a role in a mapping file, which is also its option. */
const char *
ktm_role_key (KtmColumnRole role)
{
  return role_keys[role];
}

/* "patients", "adverse-events" … */
const char *
ktm_source_kind_name (KtmSourceKind kind)
{
  return kind_names[kind];
}

gboolean
ktm_source_kind_from_name (const char *name, KtmSourceKind *kind)
{
  for (gsize i = 1; i < G_N_ELEMENTS (kind_names); i++)
    if (strcmp (name, kind_names[i]) == 0)
      return *kind = (KtmSourceKind) i, TRUE;
  return FALSE;
}

const char *
ktm_time_unit_name (KtmTimeUnit unit)
{
  return units[unit].name;
}

gboolean
ktm_time_unit_from_name (const char *name, KtmTimeUnit *unit)
{
  for (gsize i = 1; i < G_N_ELEMENTS (units); i++)
    if (strcmp (name, units[i].name) == 0)
      return *unit = (KtmTimeUnit) i, TRUE;
  return FALSE;
}

/* Days in one @unit: 30.4375 for a month, 365.25 for a year; NaN for NONE. */
double
ktm_time_unit_days (KtmTimeUnit unit)
{
  return units[unit].days;
}

/* A mapping that says nothing.  Free with ktm_mapping_free(). */
KtmMapping *
ktm_mapping_new (void)
{
  KtmMapping *mapping = g_new0 (KtmMapping, 1);

  mapping->measures = g_ptr_array_new_with_free_func (g_free);
  mapping->wide = g_ptr_array_new_with_free_func (g_free);
  mapping->attributes = g_ptr_array_new_with_free_func (g_free);
  mapping->missing_codes = g_ptr_array_new_with_free_func (g_free);
  mapping->left_out = g_ptr_array_new_with_free_func (g_free);
  return mapping;
}

void
ktm_mapping_free (KtmMapping *mapping)
{
  for (int i = 0; i < KTM_N_COLUMN_ROLES; i++)
    g_free (mapping->columns[i]);
  g_ptr_array_unref (mapping->measures);
  g_ptr_array_unref (mapping->wide);
  g_ptr_array_unref (mapping->attributes);
  g_ptr_array_unref (mapping->missing_codes);
  g_ptr_array_unref (mapping->left_out);
  g_free (mapping);
}

static void
replace_list (GPtrArray *list, GPtrArray *over)
{
  if (over->len == 0)
    return;
  g_ptr_array_set_size (list, 0);
  for (guint i = 0; i < over->len; i++)
    g_ptr_array_add (list, g_strdup (over->pdata[i]));
}

/* Takes over all that @over says; a list that says something replaces the whole list. */
void
ktm_mapping_merge (KtmMapping *mapping, const KtmMapping *over)
{
  if (over->as != KTM_SOURCE_AUTO)
    mapping->as = over->as;
  if (over->time_unit != KTM_TIME_NONE)
    mapping->time_unit = over->time_unit;
  if (over->dialect.delimiter != 0)
    mapping->dialect.delimiter = over->dialect.delimiter;
  if (over->dialect.decimal != 0)
    mapping->dialect.decimal = over->dialect.decimal;
  if (over->dialect.encoding != KTM_ENCODING_AUTO)
    mapping->dialect.encoding = over->dialect.encoding;
  if (over->dialect.date_order != KTM_DATE_AUTO)
    mapping->dialect.date_order = over->dialect.date_order;
  for (int i = 0; i < KTM_N_COLUMN_ROLES; i++)
    if (over->columns[i] != NULL)
      {
        g_free (mapping->columns[i]);
        mapping->columns[i] = g_strdup (over->columns[i]);
      }
  replace_list (mapping->measures, over->measures);
  replace_list (mapping->wide, over->wide);
  replace_list (mapping->attributes, over->attributes);
  replace_list (mapping->missing_codes, over->missing_codes);
  replace_list (mapping->left_out, over->left_out);
}

KtmMapping *
ktm_mapping_copy (const KtmMapping *mapping)
{
  KtmMapping *copy = ktm_mapping_new ();

  ktm_mapping_merge (copy, mapping);
  return copy;
}

static GPtrArray *
list_of (KtmMapping *mapping, const char *key)
{
  if (strcmp (key, "measure") == 0)
    return mapping->measures;
  if (strcmp (key, "wide") == 0)
    return mapping->wide;
  if (strcmp (key, "attribute") == 0)
    return mapping->attributes;
  if (strcmp (key, "missing-code") == 0)
    return mapping->missing_codes;
  if (strcmp (key, "leave-out") == 0)
    return mapping->left_out;
  return NULL;
}

static gboolean
refuse (GError **error, const char *key, const char *value, const char *choices)
{
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("“%s” is no value of %s: give %s"), value, key, choices);
  return FALSE;
}

static gboolean
set_dialect (KtmMapping *mapping, const char *key, const char *value, GError **error)
{
  KtmDialectWanted *dialect = &mapping->dialect;
  static const char *const orders[] = { "auto", "ymd", "dmy", "mdy" };

  if (strcmp (key, "delimiter") == 0)
    return ktm_delimiter_from_name (value, &dialect->delimiter)
           || refuse (error, key, value, "comma, semicolon, tab, pipe");
  if (strcmp (key, "encoding") == 0)
    return ktm_encoding_from_name (value, &dialect->encoding)
           || refuse (error, key, value, "UTF-8, UTF-16, Windows-1252, ISO-8859-1");
  if (strcmp (key, "decimal") == 0)
    {
      dialect->decimal = strcmp (value, "comma") == 0   ? ','
                         : strcmp (value, "point") == 0 ? '.'
                                                        : 0;
      return dialect->decimal != 0 || refuse (error, key, value, "point, comma");
    }
  for (gsize i = 1; i < G_N_ELEMENTS (orders); i++)
    if (strcmp (value, orders[i]) == 0)
      return dialect->date_order = (KtmDateOrder) i, TRUE;
  return refuse (error, key, value, "ymd, dmy, mdy");
}

/* Says one thing, as an option or a key of a mapping file does ("patient", "id"); lists grow.
 * Errors: INVALID for a key or value there is not. */
gboolean
ktm_mapping_set (KtmMapping *mapping, const char *key, const char *value, GError **error)
{
  GPtrArray *list = list_of (mapping, key);
  KtmMeasureSpec spec;

  if (list == mapping->measures && list != NULL)
    {
      if (!ktm_measure_spec_parse (value, &spec, error))
        return FALSE;
      ktm_measure_spec_clear (&spec);
    }
  if (list != NULL)
    {
      g_ptr_array_add (list, g_strdup (value));
      return TRUE;
    }
  if (strcmp (key, "as") == 0)
    return ktm_source_kind_from_name (value, &mapping->as)
           || refuse (error, key, value,
                      "patients, scores, wide, treatments, adverse-events, studies");
  if (strcmp (key, "time-unit") == 0)
    return ktm_time_unit_from_name (value, &mapping->time_unit)
           || refuse (error, key, value, "minute, hour, day, week, month, year");
  if (strcmp (key, "delimiter") == 0 || strcmp (key, "encoding") == 0
      || strcmp (key, "decimal") == 0 || strcmp (key, "date-order") == 0)
    return set_dialect (mapping, key, value, error);
  for (int i = KTM_COLUMN_PATIENT; i < KTM_N_COLUMN_ROLES; i++)
    if (strcmp (key, role_keys[i]) == 0)
      {
        g_free (mapping->columns[i]);
        mapping->columns[i] = g_strdup (value);
        return TRUE;
      }
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, _("“%s” is no mapping option"),
               key);
  return FALSE;
}

/* Reads the section @section of a mapping file into @mapping; a file without it changes nothing.
 * Errors: INVALID naming section and key. */
gboolean
ktm_mapping_load (KtmMapping *mapping, GKeyFile *file, const char *section, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, section, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      g_auto (GStrv) values = NULL;
      if (list_of (mapping, keys[i]) != NULL)
        values = g_key_file_get_string_list (file, section, keys[i], NULL, &local);
      else
        {
          values = g_new0 (char *, 2);
          values[0] = g_key_file_get_string (file, section, keys[i], &local);
        }
      for (gsize k = 0; local == NULL && values[k] != NULL; k++)
        ktm_mapping_set (mapping, keys[i], values[k], &local);
      if (local != NULL)
        {
          /* Both may quote bytes of a file that is not UTF-8. */
          g_autofree char *name = g_utf8_make_valid (section, -1),
                          *why = g_utf8_make_valid (local->message, -1);

          g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                       _("Mapping file, section [%s]: %s"), name, why);
          return FALSE;
        }
    }
  return TRUE;
}

static void
save_list (GKeyFile *file, const char *section, const char *key, GPtrArray *list)
{
  if (list->len > 0)
    g_key_file_set_string_list (file, section, key, (const char *const *) list->pdata, list->len);
}

/* Writes all that @mapping says as the section @section, as ktm_mapping_load() reads it. */
void
ktm_mapping_save (const KtmMapping *mapping, GKeyFile *file, const char *section)
{
  static const char *const orders[] = { "auto", "ymd", "dmy", "mdy" };
  const KtmDialectWanted *dialect = &mapping->dialect;

  if (mapping->as != KTM_SOURCE_AUTO)
    g_key_file_set_string (file, section, "as", ktm_source_kind_name (mapping->as));
  if (mapping->time_unit != KTM_TIME_NONE)
    g_key_file_set_string (file, section, "time-unit", ktm_time_unit_name (mapping->time_unit));
  for (int i = KTM_COLUMN_PATIENT; i < KTM_N_COLUMN_ROLES; i++)
    if (mapping->columns[i] != NULL)
      g_key_file_set_string (file, section, role_keys[i], mapping->columns[i]);
  save_list (file, section, "measure", mapping->measures);
  save_list (file, section, "wide", mapping->wide);
  save_list (file, section, "attribute", mapping->attributes);
  save_list (file, section, "missing-code", mapping->missing_codes);
  save_list (file, section, "leave-out", mapping->left_out);
  if (dialect->delimiter != 0)
    g_key_file_set_string (file, section, "delimiter", ktm_delimiter_name (dialect->delimiter));
  if (dialect->decimal != 0)
    g_key_file_set_string (file, section, "decimal", dialect->decimal == ',' ? "comma" : "point");
  if (dialect->encoding != KTM_ENCODING_AUTO)
    g_key_file_set_string (file, section, "encoding", ktm_encoding_name (dialect->encoding));
  if (dialect->date_order != KTM_DATE_AUTO)
    g_key_file_set_string (file, section, "date-order", orders[dialect->date_order]);
}

/* Takes "COL[:MIN:MAX[:lower|higher]]" apart; a column's name may itself hold colons.  NaN: no
 * range said. Errors: INVALID for a range that is none. */
gboolean
ktm_measure_spec_parse (const char *text, KtmMeasureSpec *out, GError **error)
{
  g_auto (GStrv) part = g_strsplit (text, ":", -1);
  guint n = g_strv_length (part);

  *out = (KtmMeasureSpec) { NULL, NAN, NAN, -1 };
  if (n >= 2 && (strcmp (part[n - 1], "lower") == 0 || strcmp (part[n - 1], "higher") == 0))
    {
      out->lower_better = part[n - 1][0] == 'l';
      g_clear_pointer (&part[--n], g_free);
    }
  if (n >= 3)
    {
      char *end_min, *end_max;
      double min = g_ascii_strtod (part[n - 2], &end_min),
             max = g_ascii_strtod (part[n - 1], &end_max);
      if (*end_min == '\0' && *end_max == '\0' && end_min > part[n - 2] && end_max > part[n - 1])
        {
          if (!(min < max))
            {
              g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                           _("Measure “%s”: %s is not below %s"), text, part[n - 2], part[n - 1]);
              return FALSE;
            }
          out->min = min;
          out->max = max;
          g_clear_pointer (&part[--n], g_free);
          g_clear_pointer (&part[--n], g_free);
        }
    }
  out->column = g_strjoinv (":", part);
  if (*out->column != '\0')
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("Measure “%s” names no column: give COL:MIN:MAX"), text);
  g_clear_pointer (&out->column, g_free);
  return FALSE;
}

void
ktm_measure_spec_clear (KtmMeasureSpec *spec)
{
  g_clear_pointer (&spec->column, g_free);
}
