/* model/cohort: trajectory classes as attributes of the patients: to colour, filter and export by.
 * They live in memory beside the file's own attributes and follow a patient by key when the cohort
 * is read again. */
#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"

#define CLASS       "trajectory_class"
#define PROBABILITY "trajectory_class_p"

struct _KtmClassColumns
{
  char      *measure;     /* owned: what they were made from */
  gboolean   lower_better;
  gsize      n_levels;
  char     **levels;      /* owned, NULL-ended */
  GHashTable *of;         /* owned: gint64 key → Member */
};

typedef struct
{
  double class, probability;
} Member;

void
ktm_class_columns_free (KtmClassColumns *columns)
{
  g_free (columns->measure);
  g_strfreev (columns->levels);
  g_hash_table_unref (columns->of);
  g_free (columns);
}

/* Names as people gave them in @data, else the usual ones in the language of the window. */
void
ktm_class_columns_take_names (KtmClassColumns *columns, const KtmCohortData *data)
{
  const KtmFrameClassNames *names =
      ktm_frame_find_class_names (data->frame, columns->measure, columns->n_levels);

  for (gsize k = 0; k < columns->n_levels; k++)
    {
      const char *given = names != NULL ? names->name[k] : NULL;

      g_free (columns->levels[k]);
      columns->levels[k] = g_strdup (
          given != NULL ? given
                        : _(ktm_class_default_name (columns->n_levels, k, columns->lower_better)));
    }
}

/* The classes of @result for the patients of @data. */
KtmClassColumns *
ktm_class_columns_new (const KtmCohortData *data, const KtmClassResult *result)
{
  KtmClassColumns *columns = g_new0 (KtmClassColumns, 1);

  columns->measure = g_strdup (result->measure);
  columns->n_levels = result->n_classes;
  columns->levels = g_new0 (char *, result->n_classes + 1);
  columns->of = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  columns->lower_better = result->lower_better;
  ktm_class_columns_take_names (columns, data);
  for (gsize i = 0; i < result->n_patients; i++)
    {
      double probability;
      int k = ktm_class_result_class (result, i, &probability);
      Member *member;

      if (k < 0 || result->subject[i] >= data->frame->n_patients)
        continue;
      member = g_new (Member, 1);
      *member = (Member) { k, probability };
      g_hash_table_insert (columns->of, g_memdup2 (&data->ids[result->subject[i]], sizeof (gint64)),
                           member);
    }
  return columns;
}

static void
remove_attribute (KtmCohortData *data, const char *id)
{
  KtmFrame *f = data->frame;

  for (size_t i = 0; i < f->n_attributes; i++)
    if (strcmp (f->attributes[i].id, id) == 0)
      {
        ktm_frame_attribute_clear (&f->attributes[i]);
        memmove (&f->attributes[i], &f->attributes[i + 1],
                 (f->n_attributes - i - 1) * sizeof *f->attributes);
        memmove (&data->is_baseline[i], &data->is_baseline[i + 1],
                 (f->n_attributes - i - 1) * sizeof *data->is_baseline);
        f->n_attributes--;
        return;
      }
}

static KtmFrameAttribute *
append (KtmCohortData *data, const char *id, const char *label, KtmAttributeKind kind)
{
  KtmFrame *f = data->frame;
  KtmFrameAttribute *attribute;

  f->attributes = realloc (f->attributes, (f->n_attributes + 1) * sizeof *f->attributes);
  data->is_baseline = g_renew (gboolean, data->is_baseline, f->n_attributes + 1);
  data->is_baseline[f->n_attributes] = FALSE;
  attribute = &f->attributes[f->n_attributes++];
  *attribute = (KtmFrameAttribute) { .id = strdup (id), .label = strdup (label), .kind = kind };
  attribute->value = malloc ((f->n_patients + 1) * sizeof *attribute->value);
  return attribute;
}

/* Takes the columns of earlier classes out of @data and puts those of @columns (nullable) in. */
void
ktm_class_columns_apply (const KtmClassColumns *columns, KtmCohortData *data)
{
  KtmFrameAttribute *class, *probability;
  gsize at;

  remove_attribute (data, CLASS);
  remove_attribute (data, PROBABILITY);
  if (columns == NULL)
    return;
  append (data, CLASS, _("Trajectory class"), KTM_ATTRIBUTE_ORDINAL);
  append (data, PROBABILITY, _("Probability of the class"), KTM_ATTRIBUTE_NUMBER);
  at = data->frame->n_attributes;
  class = &data->frame->attributes[at - 2];
  probability = &data->frame->attributes[at - 1];
  class->made_from = strdup (columns->measure);
  probability->made_from = strdup (columns->measure);
  class->n_levels = columns->n_levels;
  class->levels = calloc (columns->n_levels + 1, sizeof *class->levels);
  for (gsize k = 0; k < columns->n_levels; k++)
    class->levels[k] = strdup (columns->levels[k]);
  for (gsize i = 0; i < data->frame->n_patients; i++)
    {
      const Member *member = g_hash_table_lookup (columns->of, &data->ids[i]);

      class->value[i] = member != NULL ? member->class : NAN;
      probability->value[i] = member != NULL ? member->probability : NAN;
    }
}
