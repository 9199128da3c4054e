/* model/analysis: one number a patient, split in groups. */
#include "ktm-run-groups.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
ktm_outcome_parse (const char *word, KtmOutcome *out)
{
  static const char *const words[] = { "change", "followup", "ancova", "percent" };

  *out = KTM_OUTCOME_CHANGE;
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      {
        *out = (KtmOutcome) i;
        return TRUE;
      }
  return word == NULL;
}

const char *
ktm_attribute_label (const KtmFrameAttribute *attribute)
{
  return attribute->label != NULL && attribute->label[0] != '\0' ? attribute->label : attribute->id;
}

/* The number of @patient, or the reason why there is none counted in @out; TRUE when there is one.
 */
static gboolean
take (const KtmRun *run, gsize patient, gsize visit, KtmOutcome outcome, KtmGrouped *out)
{
  double before = ktm_run_before (run, patient), after = ktm_run_score (run, patient, visit);

  if (isnan (after))
    {
      out->n_no_score++;
      return FALSE;
    }
  if (outcome != KTM_OUTCOME_FOLLOWUP && isnan (before))
    {
      out->n_no_before++;
      return FALSE;
    }
  if (outcome == KTM_OUTCOME_PERCENT && before == 0)
    {
      out->n_zero_before++;
      return FALSE;
    }
  out->before[out->n] = before;
  out->after[out->n] = after;
  out->value[out->n] = outcome == KTM_OUTCOME_CHANGE ? after - before
                       : outcome == KTM_OUTCOME_PERCENT ? 100 * (after - before) / before : after;
  out->patient[out->n] = patient;
  return TRUE;
}

/* Level of @patient as a group number before empty groups are dropped; −1 none. */
static long
level_of (const KtmRun *run, const KtmFrameAttribute *attribute, gsize patient)
{
  double value = attribute->value[patient];

  if (attribute == run->by)
    return run->group_of[patient];
  return isnan (value) || value < 0 || value >= attribute->n_levels
                 || !ktm_run_in_group (run, patient, -1)
             ? -1
             : (long) value;
}

static void
drop_empty (const KtmRun *run, const KtmFrameAttribute *attribute, gsize n_levels, KtmGrouped *out)
{
  g_autofree gsize *count = g_new0 (gsize, n_levels + 1), *number = g_new0 (gsize, n_levels + 1);

  out->label = g_new0 (const char *, n_levels + 1);
  out->size = g_new0 (gsize, n_levels + 1);
  for (gsize k = 0; k < out->n; k++)
    count[out->group[k]]++;
  for (gsize l = 0; l < n_levels; l++)
    if (count[l] > 0)
      {
        out->label[out->n_groups] =
            attribute == run->by ? ktm_run_group_label (run, (long) l) : attribute->levels[l];
        out->size[out->n_groups] = count[l];
        number[l] = out->n_groups++;
      }
  for (gsize k = 0; k < out->n; k++)
    out->group[k] = number[out->group[k]];
}

void
ktm_run_grouped (const KtmRun *run, const KtmFrameAttribute *attribute, gsize visit,
                 KtmOutcome outcome, KtmGrouped *out)
{
  gsize n = run->frame->n_patients;

  *out = (KtmGrouped){ .value = g_new (double, n + 1),
                       .before = g_new (double, n + 1),
                       .after = g_new (double, n + 1),
                       .group = g_new (gsize, n + 1),
                       .patient = g_new (gsize, n + 1) };
  for (gsize i = 0; i < n; i++)
    {
      long level = level_of (run, attribute, i);

      if (level < 0)
        {
          out->n_no_group += attribute != run->by || run->options->groups == NULL;
          continue;
        }
      if (!take (run, i, visit, outcome, out))
        continue;
      out->group[out->n++] = (gsize) level;
    }
  drop_empty (run, attribute, attribute == run->by ? run->n_groups : attribute->n_levels, out);
}

void
ktm_grouped_clear (KtmGrouped *g)
{
  g_clear_pointer (&g->value, g_free);
  g_clear_pointer (&g->before, g_free);
  g_clear_pointer (&g->after, g_free);
  g_clear_pointer (&g->group, g_free);
  g_clear_pointer (&g->patient, g_free);
  g_clear_pointer (&g->size, g_free);
  g_clear_pointer (&g->label, g_free);
}

gsize
ktm_grouped_values (const KtmGrouped *grouped, gsize group, double *out)
{
  gsize n = 0;

  for (gsize k = 0; k < grouped->n; k++)
    if (grouped->group[k] == group)
      out[n++] = grouped->value[k];
  return n;
}

KtmAdjust
ktm_run_adjust (const KtmRun *run)
{
  static const struct { const char *word; KtmAdjust adjust;
  } words[] = {
    { "holm", KTM_ADJUST_HOLM }, { "hochberg", KTM_ADJUST_HOCHBERG },
    { "bh", KTM_ADJUST_BH },     { "bonferroni", KTM_ADJUST_BONFERRONI },
    { "none", KTM_ADJUST_NONE },
  };

  for (gsize i = 0; run->options->adjust != NULL && i < G_N_ELEMENTS (words); i++)
    if (strcmp (run->options->adjust, words[i].word) == 0)
      return words[i].adjust;
  return KTM_ADJUST_HOLM;
}

const char *
ktm_run_adjust_text (const KtmRun *run)
{
  static const char *const names[] = { N_("no correction"), N_("Bonferroni"), N_("Holm"),
                                       N_("Hochberg"), N_("Benjamini–Hochberg") };

  return names[ktm_run_adjust (run)];
}

static gboolean
is_later (const KtmFrameAttribute *attribute)
{
  static const char *const later[] = { "follow_up", "stop_reason", "adverse_event", NULL };

  return attribute->made_from != NULL || g_strv_contains (later, attribute->id);
}

gboolean
ktm_run_is_trait (const KtmFrameAttribute *attribute)
{
  return !is_later (attribute) && attribute->kind != KTM_ATTRIBUTE_DATE
         && !g_str_has_prefix (attribute->id, "baseline_");
}

gboolean
ktm_run_is_grouping (const KtmRun *run, const KtmFrameAttribute *attribute)
{
  gsize used = 0;

  if (attribute->n_levels < 2 || is_later (attribute) || strcmp (attribute->id, "centre") == 0)
    return FALSE;
  for (gsize l = 0; l < attribute->n_levels; l++)
    for (gsize i = 0; i < run->frame->n_patients; i++)
      if (attribute->value[i] == (double) l && ktm_run_in_group (run, i, -1))
        {
          used++;
          break;
        }
  return used >= 2 && used <= 8;
}
