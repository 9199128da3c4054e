/* app/cli: the options that say how published studies are pooled, shared by analyze and chart. */
#include "ktm-cli.h"
#include "ktm-evidence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
ktm_cli_evidence_clear (KtmCliEvidence *evidence)
{
  g_free (evidence->effect);
  g_free (evidence->method);
  g_free (evidence->tau2);
  g_free (evidence->ci);
  g_free (evidence->moderator);
}

void
ktm_cli_evidence_add (GOptionContext *context, KtmCliEvidence *evidence)
{
  const GOptionEntry entries[] = {
    { "effect", 0, 0, G_OPTION_ARG_STRING, &evidence->effect,
      N_("Effect of published studies: md, smd, rr, or, rd or change"), N_("WORD") },
    { "method", 0, 0, G_OPTION_ARG_STRING, &evidence->method,
      N_("How studies are pooled: iv, mh or peto"), N_("WORD") },
    { "tau2", 0, 0, G_OPTION_ARG_STRING, &evidence->tau2,
      N_("Variance between studies: none (common effect), dl, reml or pm"), N_("WORD") },
    { "ci", 0, 0, G_OPTION_ARG_STRING, &evidence->ci,
      N_("Interval of the pooled effect: wald, hksj or hksj-adhoc"), N_("WORD") },
    { "moderator", 0, 0, G_OPTION_ARG_STRING, &evidence->moderator,
      N_("Column of the study table, or year, that may explain differences"), N_("COL") },
    { "no-own", 0, 0, G_OPTION_ARG_NONE, &evidence->no_own,
      N_("Without the cohort as a row beside the studies"), NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

const char *
ktm_cli_evidence_given (const KtmCliEvidence *evidence)
{
  return evidence->effect != NULL      ? "--effect"
         : evidence->method != NULL    ? "--method"
         : evidence->tau2 != NULL      ? "--tau2"
         : evidence->ci != NULL        ? "--ci"
         : evidence->moderator != NULL ? "--moderator"
         : evidence->no_own            ? "--no-own"
                                       : NULL;
}

gboolean
ktm_cli_evidence_check (const KtmCliEvidence *evidence, GError **error)
{
  if (!ktm_cli_take_word ("--effect", evidence->effect,
                          KTM_CLI_WORDS ("md", "smd", "rr", "or", "rd", "change"), NULL, error)
      || !ktm_cli_take_word ("--method", evidence->method, KTM_CLI_WORDS ("iv", "mh", "peto"), NULL,
                             error)
      || !ktm_cli_take_word ("--tau2", evidence->tau2, KTM_CLI_WORDS ("none", "dl", "reml", "pm"),
                             NULL, error)
      || !ktm_cli_take_word ("--ci", evidence->ci, KTM_CLI_WORDS ("wald", "hksj", "hksj-adhoc"),
                             NULL, error))
    return FALSE;
  if (evidence->moderator == NULL
      || (evidence->moderator[0] != '\0' && strlen (evidence->moderator) < 128))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("--moderator takes the name of a column of the study table."));
  return FALSE;
}

char *
ktm_cli_evidence_dup_rule (const KtmCliEvidence *evidence)
{
  GString *rule;
  const struct { const char *key, *value;
  } parts[] = { { "effect", evidence->effect },
                { "method", evidence->method },
                { "tau2", evidence->tau2 },
                { "ci", evidence->ci },
                { "own", evidence->no_own ? "no" : NULL },
                { "moderator", evidence->moderator } };

  if (ktm_cli_evidence_given (evidence) == NULL)
    return NULL;
  rule = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value != NULL)
      g_string_append_printf (rule, "%s%s %s", rule->len > 0 ? ", " : "", parts[i].key,
                              parts[i].value);
  return g_string_free (rule, FALSE);
}
