/* model/store: GLib only.  Columns as measures and attributes: id, label, unit, scale; one score in
 * many columns. */
#include "ktm-propose-private.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static gboolean
in_list (const char *const *list, const char *text)
{
  return list != NULL && g_strv_contains (list, text);
}

/* "Âge (années)" → "Âge", unit "années"; "height_cm" → "Height", unit "cm". */
static char *
pretty (const char *name, char **unit)
{
  static const char *const endings[] = { "_cm",   "_kg",    "_mm",    "_mg",   "_months", "_years",
                                         "_days", "_weeks", "_hours", "_mois", "_ans" };
  g_autofree char *label = g_strdup (name);
  char *open = strrchr (label, '('), *close = strrchr (label, ')');

  *unit = NULL;
  if (open != NULL && close != NULL && open > label && close > open && close[1] == '\0')
    {
      *unit = g_strndup (open + 1, close - open - 1);
      *open = '\0';
    }
  for (gsize i = 0; *unit == NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (label, endings[i]) && strlen (label) > strlen (endings[i]))
      {
        *unit = g_strdup (endings[i] + 1);
        label[strlen (label) - strlen (endings[i])] = '\0';
      }
  g_strdelimit (label, "_", ' ');
  g_strstrip (label);
  if (*label == '\0')
    return g_strdup (name);
  char first[8] = { 0 };
  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (label)), first);
  return g_strconcat (first, g_utf8_next_char (label), NULL);
}

/* Makes the column an attribute: of the cohort (@attributes, nullable: its ids) where the name
 * means one of it. */
void
ktm_propose_make_attribute (KtmColumn *column, const char *const *attributes)
{
  const KtmKnownAttribute *known = ktm_known_attribute (column->folded);
  g_autofree char *id = ktm_lower (column->name);

  column->role = KTM_COLUMN_ATTRIBUTE;
  column->kind = ktm_propose_attribute_kind (column);
  g_free (column->label);
  g_free (column->unit);
  column->label = pretty (column->name, &column->unit);
  if (known != NULL)
    {
      column->scale_min = known->min;
      column->scale_max = known->max;
      if (column->unit == NULL && *known->unit != '\0')
        column->unit = g_strdup (known->unit);
      if (!in_list (attributes, id) && in_list (attributes, known->id) && !isnan (known->min))
        {
          g_free (id);
          id = g_strdup (known->id);
        }
    }
  g_free (column->target);
  column->target = g_steal_pointer (&id);
}

/* Sets id, label and scale of a measure whose part of the column's name is @id. */
void
ktm_propose_make_measure (KtmSource *source, KtmColumn *column, const char *id,
                          const char *const *measures)
{
  g_autofree char *folded = ktm_fold (id, -1, TRUE);
  const KtmKnownMeasure *known = ktm_known_measure (folded);

  g_free (column->target);
  column->target = ktm_lower (id);
  g_free (column->label);
  g_free (column->unit);
  column->label = pretty (id, &column->unit);
  column->lower_better = TRUE;
  if (known != NULL)
    {
      if (!in_list (measures, column->target) && in_list (measures, known->id))
        {
          g_free (column->target);
          column->target = g_strdup (known->id);
        }
      g_free (column->label);
      column->label = g_strdup (known->label);
      g_free (column->unit);
      column->unit = g_strdup (known->unit);
      column->scale_min = known->min;
      column->scale_max = known->max;
      column->mcid = known->mcid;
      column->lower_better = known->lower_better;
      if (strcmp (known->id, "vas") == 0 && column->plain_max <= 10)
        column->scale_max = 10;
    }
  for (guint i = 0; i < source->mapping->measures->len; i++)
    {
      KtmMeasureSpec spec;
      if (!ktm_measure_spec_parse (source->mapping->measures->pdata[i], &spec, NULL))
        continue;
      g_autofree char *spec_id = ktm_lower (spec.column);
      if (strcmp (spec.column, column->name) == 0 || strcmp (spec_id, column->target) == 0 ||
          strcmp (spec.column, id) == 0)
        {
          if (!isnan (spec.min))
            {
              if (spec.min != column->scale_min || spec.max != column->scale_max)
                column->mcid = NAN;
              column->scale_min = spec.min;
              column->scale_max = spec.max;
            }
          if (spec.lower_better >= 0)
            column->lower_better = spec.lower_better;
        }
      ktm_measure_spec_clear (&spec);
    }
}

/* Whether the mapping names this column as a measure. */
gboolean
ktm_propose_measure_said (const KtmSource *source, const KtmColumn *column)
{
  for (guint i = 0; i < source->mapping->measures->len; i++)
    {
      KtmMeasureSpec spec;
      gboolean same = FALSE;
      if (ktm_measure_spec_parse (source->mapping->measures->pdata[i], &spec, NULL))
        same = strcmp (spec.column, column->name) == 0;
      ktm_measure_spec_clear (&spec);
      if (same)
        return TRUE;
    }
  return FALSE;
}

/* The number where the '*' of @pattern stands in @name. */
static gboolean
match_pattern (const char *pattern, const char *name, double *time)
{
  const char *star = strchr (pattern, '*');

  if (star == NULL || !g_str_has_prefix (name, "") || strncmp (name, pattern, star - pattern) != 0
      || !g_str_has_suffix (name, star + 1))
    return FALSE;
  gsize from = star - pattern, to = strlen (name) - strlen (star + 1);
  if (to <= from)
    return FALSE;
  g_autofree char *number = g_strndup (name + from, to - from);
  g_strdelimit (number, ",", '.');
  char *end;
  *time = g_ascii_strtod (number, &end);
  return *end == '\0' && (g_ascii_isdigit (*number) || *number == '.' || *number == '-')
         && isfinite (*time);
}

static void
take_wide_said (KtmSource *source, KtmColumn *column, const char *const *measures)
{
  for (guint k = 0; k < source->mapping->wide->len; k++)
    {
      const char *pattern = source->mapping->wide->pdata[k];
      g_autofree char *stem = NULL, *id = NULL;
      double time, unused;
      KtmTimeUnit unit = KTM_TIME_NONE;
      if (!match_pattern (pattern, column->name, &time))
        continue;
      if (!ktm_known_wide (column->name, &stem, &id, &unused, &unit))
        {
          const char *star = strchr (pattern, '*');
          g_autofree char *part = g_strndup (pattern, star - pattern);
          gsize len = strlen (part);
          while (len > 0 && strchr ("_ .-", part[len - 1]) != NULL)
            part[--len] = '\0';
          id = ktm_lower (len > 0 ? part : star + 1);
        }
      column->role = KTM_COLUMN_WIDE;
      column->time = time;
      if (source->time_unit == KTM_TIME_NONE)
        source->time_unit = unit;
      ktm_propose_make_measure (source, column, id, measures);
      return;
    }
}

/* Makes the column one of a score at several times where its name, or the mapping, says so. */
void
ktm_propose_take_wide (KtmSource *source, KtmColumn *column, const char *const *measures)
{
  g_autofree char *stem = NULL, *id = NULL;
  double time;
  KtmTimeUnit unit;
  gsize len;

  if (source->mapping->wide->len > 0)
    {
      take_wide_said (source, column, measures);
      return;
    }
  if (!ktm_known_wide (column->name, &stem, &id, &time, &unit)
      || column->n_numbers * 2 < column->n_filled)
    return;
  len = strlen (stem);
  for (guint k = 0; k < source->n_columns; k++)
    if (&source->columns[k] != column && strncmp (source->columns[k].name, stem, len) == 0 &&
        g_ascii_isdigit (source->columns[k].name[len]))
      {
        column->role = KTM_COLUMN_WIDE;
        column->time = time;
        if (source->time_unit == KTM_TIME_NONE)
          source->time_unit = unit;
        else if (unit != KTM_TIME_NONE && unit != source->time_unit)
          column->time = time * ktm_time_unit_days (unit) / ktm_time_unit_days (source->time_unit);
        ktm_propose_make_measure (source, column, id, measures);
        return;
      }
}

gboolean
ktm_source_asks_direction (const KtmColumn *column)
{
  g_autofree char *folded = column->target == NULL ? NULL : ktm_fold (column->target, -1, TRUE);
  const KtmKnownMeasure *known = folded == NULL ? NULL : ktm_known_measure (folded);

  return (column->role == KTM_COLUMN_MEASURE || column->role == KTM_COLUMN_WIDE) && known != NULL &&
         strcmp (known->id, "pgic") == 0;
}
