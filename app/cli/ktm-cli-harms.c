/* app/cli: options that say what counts as an adverse event. */
#include "ktm-cli.h"

#include <glib/gi18n-lib.h>

void
ktm_cli_harms_add_options (GOptionContext *context, KtmCliHarms *typed)
{
  const GOptionEntry entries[] = {
    { "count", 0, 0, G_OPTION_ARG_STRING, &typed->count,
      N_("Adverse events: patients (with at least one) or events, at each visit"), N_("WORD") },
    { "grade", 0, 0, G_OPTION_ARG_STRING, &typed->grade,
      N_("Least severity of an adverse event that counts: any, moderate or severe"), N_("WORD") },
    { "related", 0, 0, G_OPTION_ARG_STRING, &typed->related,
      N_("Relation to the treatment that counts: any, possible (or yes) or yes"), N_("WORD") },
    { "interval", 0, 0, G_OPTION_ARG_STRING, &typed->interval,
      N_("Of shares of patients with an event: wilson or exact (Clopper–Pearson)"), N_("WORD") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

void
ktm_cli_harms_clear (KtmCliHarms *typed)
{
  g_clear_pointer (&typed->count, g_free);
  g_clear_pointer (&typed->grade, g_free);
  g_clear_pointer (&typed->related, g_free);
  g_clear_pointer (&typed->interval, g_free);
}

gboolean
ktm_cli_harms_read (const KtmCliHarms *typed, KtmHarms *out, GError **error)
{
  int count = (int) out->count, grade = ktm_harm_grade_index (out->least_grade),
      related = ktm_harm_relation_index (out->least_related), interval = (int) out->interval;

  if (!ktm_cli_take_word ("--count", typed->count, ktm_harm_counts, &count, error)
      || !ktm_cli_take_word ("--grade", typed->grade, ktm_harm_grades, &grade, error)
      || !ktm_cli_take_word ("--related", typed->related, ktm_harm_relations, &related, error)
      || !ktm_cli_take_word ("--interval", typed->interval, ktm_harm_intervals, &interval, error))
    return FALSE;
  out->count = (KtmHarmCount) count;
  out->least_grade = ktm_harm_grade (grade);
  out->least_related = ktm_harm_relation (related);
  out->interval = (KtmHarmInterval) interval;
  return TRUE;
}
