/* app/cli: the options that choose patients, measure and visits, shared by the commands. */
#include "ktm-cli.h"
#include "ktm-filter.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
ktm_cli_selection_init (KtmCliSelection *selection)
{
  *selection = (KtmCliSelection) { .from = NAN, .to = NAN, .level = 0.95 };
}

void
ktm_cli_selection_clear (KtmCliSelection *selection)
{
  char **strings[] = { &selection->measure,   &selection->by,         &selection->raw_from,
                       &selection->raw_to,    &selection->raw_groups, &selection->raw_missing,
                       &selection->raw_level, &selection->raw_seed,   &selection->raw_format };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_clear_pointer (strings[i], g_free);
  g_clear_pointer (&selection->groups, g_strfreev);
  g_clear_pointer (&selection->where, g_strfreev);
}

GOptionContext *
ktm_cli_context (const char *arguments, const char *summary, const GOptionEntry *entries,
                 KtmCliSelection *selection)
{
  GOptionContext *context = g_option_context_new (arguments);

  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (selection != NULL)
    {
      const GOptionEntry shared[] = {
        { "measure", 0, 0, G_OPTION_ARG_STRING, &selection->measure,
          N_("Measure to look at; the first one if not given"), N_("ID") },
        { "from", 0, 0, G_OPTION_ARG_STRING, &selection->raw_from,
          N_("Nominal time of the first visit; the baseline if not given"), N_("TIME") },
        { "to", 0, 0, G_OPTION_ARG_STRING, &selection->raw_to,
          N_("Nominal time of the last visit"), N_("TIME") },
        { "by", 0, 0, G_OPTION_ARG_STRING, &selection->by, N_("Attribute that makes the groups"),
          N_("ATTRIBUTE") },
        { "groups", 0, 0, G_OPTION_ARG_STRING, &selection->raw_groups,
          N_("Levels to keep, by commas"), N_("A,B") },
        { "where", 0, 0, G_OPTION_ARG_STRING_ARRAY, &selection->where,
          N_("Only patients for whom it holds (repeatable)"), N_("'ATTRIBUTE = VALUE'") },
        { "missing", 0, 0, G_OPTION_ARG_STRING, &selection->raw_missing,
          N_("What stands for a missing score: available, completers, locf, bocf, worst"),
          N_("RULE") },
        { "level", 0, 0, G_OPTION_ARG_STRING, &selection->raw_level,
          N_("Confidence level, 0.95 if not given"), N_("LEVEL") },
        { "seed", 0, 0, G_OPTION_ARG_STRING, &selection->raw_seed, N_("Start of random methods"),
          N_("N") },
        { "format", 0, 0, G_OPTION_ARG_STRING, &selection->raw_format, N_("text, json or csv"),
          N_("FORMAT") },
        G_OPTION_ENTRY_NULL
      };

      g_option_context_add_main_entries (context, shared, GETTEXT_PACKAGE);
    }
  return context;
}

gboolean
ktm_cli_parse_format (const char *word, KtmCliFormat *out, GError **error)
{
  static const char *const names[] = { "text", "json", "csv" };

  *out = KTM_CLI_TEXT;
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (word, names[i]) == 0)
      {
        *out = (KtmCliFormat) i;
        return TRUE;
      }
  if (word == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--format takes text, json or csv, not “%s”."), word);
  return FALSE;
}

gboolean
ktm_cli_parse_number (const char *option, const char *text, double *out, GError **error)
{
  char *end;

  if (text == NULL)
    return TRUE;
  *out = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*out))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s takes a number, not “%s”."),
               option, text);
  return FALSE;
}

gboolean
ktm_cli_take_word (const char *option, const char *word, const char *const *words, int *index,
                   GError **error)
{
  g_autofree char *known = NULL;

  if (word == NULL)
    return TRUE;
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], word) == 0)
      {
        if (index != NULL)
          *index = i;
        return TRUE;
      }
  known = g_strjoinv (", ", (char **) words);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s takes one of %s, not “%s”."),
               option, known, word);
  return FALSE;
}

gboolean
ktm_cli_take_mark (const char *word, char *mark, GError **error)
{
  int index = -1;

  if (!ktm_cli_take_word ("--decimal-mark", word, KTM_CLI_WORDS ("point", "comma", ".", ","),
                          &index, error))
    return FALSE;
  if (index >= 0)
    *mark = index % 2 == 0 ? '.' : ',';
  return TRUE;
}

gboolean
ktm_cli_in_range (const char *option, int value, int low, int high, GError **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s takes a number from %d to %d, not %d."), option, low, high, value);
  return FALSE;
}

static gboolean
parse_missing (KtmCliSelection *selection, GError **error)
{
  if (selection->raw_missing == NULL)
    return TRUE;
  selection->has_missing = TRUE;
  if (ktm_missing_parse (selection->raw_missing, &selection->missing))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--missing takes available, completers, locf, bocf or worst, not “%s”."),
               selection->raw_missing);
  return FALSE;
}

static gboolean
parse_seed (KtmCliSelection *selection, GError **error)
{
  if (selection->raw_seed == NULL)
    return TRUE;
  selection->has_seed = TRUE;
  if (g_ascii_string_to_unsigned (selection->raw_seed, 10, 0, G_MAXINT64, &selection->seed, NULL))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--seed takes a whole number, not “%s”."), selection->raw_seed);
  return FALSE;
}

static void
split_groups (KtmCliSelection *selection)
{
  if (selection->raw_groups == NULL)
    return;
  selection->groups = g_strsplit (selection->raw_groups, ",", -1);
  for (char **group = selection->groups; *group != NULL; group++)
    g_strstrip (*group);
}

static gboolean
parse_selection (KtmCliSelection *selection, GError **error)
{
  split_groups (selection);
  selection->has_level = selection->raw_level != NULL;
  if (!ktm_cli_parse_number ("--from", selection->raw_from, &selection->from, error)
      || !ktm_cli_parse_number ("--to", selection->raw_to, &selection->to, error)
      || !ktm_cli_parse_number ("--level", selection->raw_level, &selection->level, error)
      || !parse_missing (selection, error) || !parse_seed (selection, error)
      || !ktm_cli_parse_format (selection->raw_format, &selection->format, error))
    return FALSE;
  if (selection->level > 0.5 && selection->level < 1)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("--level takes a number between 0.5 and 1, for example 0.95."));
  return FALSE;
}

gboolean
ktm_cli_parse (GOptionContext *context, int *argc, char ***argv, KtmCliSelection *selection,
               int n_min, int n_max, int *status)
{
  g_autoptr(GError) error = NULL;

  if (!g_option_context_parse (context, argc, argv, &error)
      || (selection != NULL && !parse_selection (selection, &error)))
    {
      *status = ktm_cli_fail (KTM_CLI_USAGE, "%s", error->message);
      return FALSE;
    }
  if (*argc > 1 && strcmp ((*argv)[1], "--") == 0)
    {
      memmove (*argv + 1, *argv + 2, (gsize) (*argc - 1) * sizeof **argv);
      (*argc)--;
    }
  if (*argc - 1 >= n_min && *argc - 1 <= n_max)
    return TRUE;
  *status = *argc - 1 < n_min
                ? ktm_cli_fail (KTM_CLI_USAGE, _("An argument is missing; see --help."))
                : ktm_cli_fail (KTM_CLI_USAGE, _("“%s” is one argument too many; see --help."),
                                (*argv)[n_max + 1]);
  return FALSE;
}

gboolean
ktm_cli_check_lang (const char *lang, GError **error)
{
  GString *known;

  if (lang == NULL || g_str_has_prefix (lang, "en") || ktm_lang_find (lang) != NULL)
    return TRUE;
  known = g_string_new ("en");
  for (gsize i = 0; i < ktm_lang_count (); i++)
    g_string_append_printf (known, ", %s", ktm_lang_nth (i));
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--lang takes one of %s, not “%s”."), known->str, lang);
  g_string_free (known, TRUE);
  return FALSE;
}

/* Every condition, each error with the option it was given by. */
gboolean
ktm_cli_add_where (KtmFilter *filter, KtmCohort *cohort, char **where, GError **error)
{
  for (; where != NULL && *where != NULL; where++)
    if (!ktm_filter_add_text (filter, cohort, *where, error))
      {
        g_prefix_error (error, "--where '%s': ", *where);
        return FALSE;
      }
  return TRUE;
}

KtmFrame *
ktm_cli_frame (KtmCohort *cohort, const KtmCliSelection *selection, KtmFrameParts parts,
               GError **error)
{
  g_autoptr(KtmFilter) filter = ktm_filter_new ();
  g_autofree guint *patients = NULL;
  gsize n;

  if (!ktm_cli_add_where (filter, cohort, selection->where, error))
    return NULL;
  patients = ktm_filter_match (filter, cohort, &n);
  return ktm_cohort_dup_frame (cohort, patients, n, NULL, NULL, parts);
}

gboolean
ktm_cli_take_class (KtmCohort *cohort, char **attribute)
{
  if (*attribute == NULL || ktm_cohort_find_attribute (cohort, *attribute) >= 0
      || (strcmp (*attribute, "class") != 0 && strcmp (*attribute, "trajectory_class") != 0))
    return FALSE;
  g_free (*attribute);
  *attribute = g_strdup ("trajectory_class");
  return TRUE;
}

gboolean
ktm_cli_add_classes (KtmCohort *cohort, const KtmFrame *frame, const KtmAnalysisOptions *options,
                     GError **error)
{
  const KtmAnalysis *analysis = ktm_analysis_find ("trajectory-classes");
  g_autoptr(KtmAnalysisOptions) own = ktm_analysis_options_copy (options);
  g_autoptr(KtmReport) report = NULL;

  g_clear_pointer (&own->by, g_free);
  g_clear_pointer (&own->groups, g_strfreev);
  own->missing = KTM_MISSING_AVAILABLE;
  if (!ktm_analysis_resolve (analysis, frame, own, error)
      || (report = ktm_analysis_run_sync (analysis, frame, own, NULL, error)) == NULL)
    return FALSE;
  if (report->classes != NULL && report->classes->n_classes > 1)
    {
      ktm_cohort_set_classes (cohort, report->classes);
      return TRUE;
    }
  g_set_error_literal (
      error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
      _("There are no trajectory classes to group by: “analyze trajectory-classes” says why."));
  return FALSE;
}
