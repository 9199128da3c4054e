/* model/store: GLib only.  What a person says of a proposal, and the proposal as a mapping that
 * says it all. */
#include "ktm-propose-private.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
unsay (GPtrArray *list, const char *column)
{
  for (guint i = list->len; i-- > 0;)
    if (strcmp (list->pdata[i], column) == 0)
      g_ptr_array_remove_index (list, i);
}

static void
save_measure (GPtrArray *list, const KtmColumn *column, const char *name)
{
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  const char *better = column->lower_better ? "lower" : "higher";

  g_ascii_formatd (low, sizeof low, "%.15g", column->scale_min);
  g_ascii_formatd (high, sizeof high, "%.15g", column->scale_max);
  g_autofree char *spec = isnan (column->scale_min) || isnan (column->scale_max)
                              ? g_strdup_printf ("%s:%s", name, better)
                              : g_strdup_printf ("%s:%s:%s:%s", name, low, high, better);
  if (!ktm_propose_said (list, spec))
    g_ptr_array_add (list, g_steal_pointer (&spec));
}

static void
save_wide (GPtrArray *list, const KtmColumn *column)
{
  const char *name = column->name, *end = name + strlen (name), *from;

  while (end > name && !g_ascii_isdigit (end[-1]))
    end--;
  from = end;
  while (from > name
         && (g_ascii_isdigit (from[-1])
             || (from[-1] == '.' && from > name + 1 && g_ascii_isdigit (from[-2]))))
    from--;
  g_autofree char *stem = g_strndup (name, from - name);
  g_autofree char *pattern = g_strconcat (stem, "*", end, NULL);
  if (!ktm_propose_said (list, pattern))
    g_ptr_array_add (list, g_steal_pointer (&pattern));
}

KtmMapping *
ktm_source_dup_mapping (const KtmSource *source)
{
  KtmMapping *mapping = ktm_mapping_new ();

  mapping->as = source->kind;
  mapping->time_unit = source->time_unit;
  mapping->dialect = (KtmDialectWanted){ source->dialect.delimiter, source->dialect.decimal,
                                         source->text.encoding, source->dialect.date_order };
  for (guint i = 0; i < source->mapping->missing_codes->len; i++)
    g_ptr_array_add (mapping->missing_codes, g_strdup (source->mapping->missing_codes->pdata[i]));
  for (guint i = 0; i < source->n_columns; i++)
    {
      const KtmColumn *column = &source->columns[i];
      if (column->duplicate)
        continue;
      if (column->role == KTM_COLUMN_LEFT_OUT)
        g_ptr_array_add (mapping->left_out, g_strdup (column->name));
      else if (column->role == KTM_COLUMN_ATTRIBUTE)
        g_ptr_array_add (mapping->attributes, g_strdup (column->name));
      else if (column->role == KTM_COLUMN_MEASURE)
        save_measure (mapping->measures, column, column->name);
      else if (column->role == KTM_COLUMN_WIDE)
        {
          save_wide (mapping->wide, column);
          save_measure (mapping->measures, column, column->target);
        }
      else if (ktm_propose_one_only (column->role))
        {
          g_free (mapping->columns[column->role]);
          mapping->columns[column->role] = g_strdup (column->name);
        }
    }
  return mapping;
}

/* Forgets the measure of this name. */
static void
unsay_measure (KtmMapping *mapping, const char *name)
{
  for (guint i = mapping->measures->len; i-- > 0;)
    {
      KtmMeasureSpec spec;
      if (ktm_measure_spec_parse (mapping->measures->pdata[i], &spec, NULL)
          && strcmp (spec.column, name) == 0)
        g_ptr_array_remove_index (mapping->measures, i);
      ktm_measure_spec_clear (&spec);
    }
}

/* Takes @mapping (owned) for what was said; how the file is read and its time unit stay decided
 * from the file. */
static void
take_mapping (KtmSource *source, KtmMapping *mapping)
{
  mapping->dialect = source->mapping->dialect;
  mapping->time_unit = source->mapping->time_unit;
  ktm_mapping_free (source->mapping);
  source->mapping = mapping;
}

/* Says by hand that the column @name is @role; everything else stays as it is proposed now. Propose
 * again after it. */
void
ktm_source_say_role (KtmSource *source, const char *name, KtmColumnRole role)
{
  KtmMapping *mapping = ktm_source_dup_mapping (source);

  for (int i = 0; i < KTM_N_COLUMN_ROLES; i++)
    if (g_strcmp0 (mapping->columns[i], name) == 0)
      g_clear_pointer (&mapping->columns[i], g_free);
  unsay (mapping->attributes, name);
  unsay (mapping->left_out, name);
  unsay_measure (mapping, name);
  if (role == KTM_COLUMN_LEFT_OUT)
    g_ptr_array_add (mapping->left_out, g_strdup (name));
  else if (role == KTM_COLUMN_ATTRIBUTE)
    g_ptr_array_add (mapping->attributes, g_strdup (name));
  else if (role == KTM_COLUMN_MEASURE)
    g_ptr_array_add (mapping->measures, g_strdup (name));
  else if (role != KTM_COLUMN_WIDE)
    {
      g_free (mapping->columns[role]);
      mapping->columns[role] = g_strdup (name);
    }
  take_mapping (source, mapping);
}

/* Says by hand the range (NaN: as known) and direction of the measure that the column @name holds,
 * or is one visit of; everything else stays as it is proposed now.  Propose again after it. */
void
ktm_source_say_scale (KtmSource *source, const char *name, double min, double max,
                      gboolean lower_better)
{
  KtmMapping *mapping = ktm_source_dup_mapping (source);
  const KtmColumn *column = ktm_source_find (source, name);
  KtmColumn said = { 0 };

  g_return_if_fail (column != NULL
                    && (column->role == KTM_COLUMN_MEASURE || column->role == KTM_COLUMN_WIDE));
  g_autofree char *measure = g_strdup (column->role == KTM_COLUMN_WIDE ? column->target : name);
  said.scale_min = min;
  said.scale_max = max;
  said.lower_better = lower_better;
  unsay_measure (mapping, measure);
  save_measure (mapping->measures, &said, measure);
  take_mapping (source, mapping);
}
