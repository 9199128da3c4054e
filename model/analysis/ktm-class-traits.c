/* model/analysis: traits of the patients of a class. */
#include "ktm-class-traits.h"

#include "ktm-run-groups.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
trait_free (gpointer data)
{
  KtmClassTrait *trait = data;

  g_free (trait->id);
  g_free (trait->label);
  g_free (trait->unit);
  ktm_text_free (trait->words);
  g_free (trait->levels);
  g_free (trait->value);
  g_free (trait);
}

static KtmClassTrait *
add (GPtrArray *traits, const KtmRun *run, const char *id, const char *label, const char *unit)
{
  KtmClassTrait *trait = g_new0 (KtmClassTrait, 1);

  trait->id = g_strdup (id);
  trait->label = g_strdup (label);
  trait->unit = unit != NULL && unit[0] != '\0' ? g_strdup (unit) : NULL;
  trait->value = g_new (double, run->frame->n_patients + 1);
  g_ptr_array_add (traits, trait);
  return trait;
}

/* Copies the values of the run's patients; FALSE when they are all the same or missing. */
static gboolean
take (const KtmRun *run, const double *from, double *to)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      to[i] = ktm_run_in_group (run, i, -1) ? from[i] : NAN;
      if (!isnan (to[i]))
        {
          low = MIN (low, to[i]);
          high = MAX (high, to[i]);
        }
    }
  return high > low;
}

static void
take_levels (const KtmRun *run, const KtmFrameAttribute *attribute, KtmClassTrait *trait)
{
  trait->levels = g_new0 (char *, attribute->n_levels + 1);
  for (gsize l = 0; l < attribute->n_levels; l++)
    {
      gboolean used = FALSE;

      for (gsize i = 0; i < run->frame->n_patients; i++)
        if (ktm_run_in_group (run, i, -1) && attribute->value[i] == (double) l)
          {
            trait->value[i] = (double) trait->n_levels;
            used = TRUE;
          }
      if (used)
        trait->levels[trait->n_levels++] = attribute->levels[l];
    }
}

static void
add_attribute (GPtrArray *traits, const KtmRun *run, const KtmFrameAttribute *attribute)
{
  KtmClassTrait *trait;

  if (attribute->made_from != NULL || g_str_has_prefix (attribute->id, "baseline_"))
    return;
  if (attribute->kind == KTM_ATTRIBUTE_NUMBER)
    {
      trait = add (traits, run, attribute->id, ktm_attribute_label (attribute), attribute->unit);
      if (!take (run, attribute->value, trait->value))
        g_ptr_array_remove_index (traits, traits->len - 1);
    }
  else if (attribute->n_levels > 0 && ktm_run_is_grouping (run, attribute))
    {
      trait = add (traits, run, attribute->id, ktm_attribute_label (attribute), NULL);
      for (gsize i = 0; i < run->frame->n_patients; i++)
        trait->value[i] = NAN;
      take_levels (run, attribute, trait);
    }
}

static void
add_seen (GPtrArray *traits, const KtmRun *run)
{
  g_autofree double *seen = g_new (double, run->frame->n_patients + 1);
  g_autofree char *label = NULL;
  KtmText *text = ktm_text_new (N_("Seen at {1}"), "t", ktm_run_visit (run, run->last));
  KtmClassTrait *trait;

  label = ktm_text_render (text, NULL, 0);
  trait = add (traits, run, "seen_at_end", label, NULL);
  trait->words = text;
  for (gsize i = 0; i < run->frame->n_patients; i++)
    seen[i] = !isnan (run->m->value[i * run->frame->n_visits + run->last]);
  trait->later = TRUE;
  trait->n_levels = 2;
  trait->levels = g_new0 (char *, 3);
  trait->levels[0] = (char *) N_("no");
  trait->levels[1] = (char *) N_("yes");
  if (!take (run, seen, trait->value))
    g_ptr_array_remove_index (traits, traits->len - 1);
}

GPtrArray *
ktm_class_traits (const KtmRun *run)
{
  GPtrArray *traits = g_ptr_array_new_with_free_func (trait_free);

  for (gsize a = 0; a < run->frame->n_attributes; a++)
    add_attribute (traits, run, &run->frame->attributes[a]);
  for (gsize m = 0; m < run->frame->n_measures; m++)
    if (m != run->measure)
      {
        const KtmFrameMeasure *measure = &run->frame->measures[m];
        KtmClassTrait *trait =
            add (traits, run, measure->id, measure->label != NULL ? measure->label : measure->id,
                 measure->unit);

        if (!take (run, measure->baseline, trait->value))
          g_ptr_array_remove_index (traits, traits->len - 1);
      }
  add_seen (traits, run);
  return traits;
}

KtmText *
ktm_class_trait_name (const KtmClassTrait *trait)
{
  return trait->words != NULL ? ktm_text_copy (trait->words)
                              : ktm_text_new ("{1}", "s", trait->label);
}

KtmText *
ktm_class_trait_label (const KtmClassTrait *trait)
{
  return trait->unit != NULL ? ktm_text_new (N_("{1}, {2}"), "sw", trait->label, trait->unit)
                             : ktm_class_trait_name (trait);
}
