/* app/cli: ketamine-viewer import SOURCE… --into COHORT: files into a cohort, or nothing. */
#include "ktm-cli-import.h"

#include "ktm-cli.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* Options as typed; file names, because a column's name is bytes of a file and no text of a locale.
 */
typedef struct
{
  char    *into, *mapping, *format;
  char   **as, **measures, **wide, **attributes, **missing_codes;
  char *patient, *visit, *time, *date, *time_unit, *harm_flag, *arm, *included, *exclusion_reason,
      *stop_time, *stop_reason;
  char    *decimal, *delimiter, *encoding, *date_order;
  gboolean dry_run, accept_problems;
} Options;

static void
options_clear (Options *o)
{
  char **const texts[] = { &o->into,      &o->mapping,     &o->format,   &o->patient,
                           &o->visit,     &o->time,        &o->date,     &o->time_unit,
                           &o->harm_flag, &o->arm,         &o->included, &o->exclusion_reason,
                           &o->stop_time, &o->stop_reason, &o->decimal,  &o->delimiter,
                           &o->encoding,  &o->date_order };
  char ***const lists[] = { &o->as, &o->measures, &o->wide, &o->attributes, &o->missing_codes };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_strfreev (*lists[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GOptionContext *
new_context (Options *o)
{
  const GOptionEntry main_entries[] = {
    { "into", 0, 0, G_OPTION_ARG_FILENAME, &o->into,
      N_("Cohort to import into; made if it is not there"), N_("COHORT") },
    { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &o->mapping,
      N_("Mapping file, a section for each source"), N_("MAP.ini") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o->dry_run,
      N_("Say what would happen and write nothing"), NULL },
    { "accept-problems", 0, 0, G_OPTION_ARG_NONE, &o->accept_problems,
      N_("Import and leave out the cells that have a problem"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o->format,
      N_("text, json or csv (the list of problems)"), N_("FORMAT") },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry mapping_entries[] = {
    { "as", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->as,
      N_("What a file holds: patients, scores, wide, treatments, adverse-events, studies "
          "(repeatable)"),
      N_("FILE=KIND") },
    { "patient", 0, 0, G_OPTION_ARG_FILENAME, &o->patient, N_("Patient code"), N_("COL") },
    { "visit", 0, 0, G_OPTION_ARG_FILENAME, &o->visit, N_("Label of the visit"), N_("COL") },
    { "time", 0, 0, G_OPTION_ARG_FILENAME, &o->time, N_("Nominal time of the visit"), N_("COL") },
    { "date", 0, 0, G_OPTION_ARG_FILENAME, &o->date,
      N_("Date of the visit, of the treatment, or of inclusion in a table of patients"),
      N_("COL") },
    { "time-unit", 0, 0, G_OPTION_ARG_STRING, &o->time_unit,
      N_("minute, hour, day, week, month or year"), N_("UNIT") },
    { "measure", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->measures,
      N_("A score, its range and which end is better: lower or higher (repeatable)"),
      N_("COL[:MIN:MAX[:BETTER]]") },
    { "wide", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->wide,
      N_("Columns of one score at several times; the number at the * is the time (repeatable)"),
      N_("'STEM*'") },
    { "attribute", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->attributes,
      N_("Something known at baseline (repeatable)"), N_("COL") },
    { "harm-flag", 0, 0, G_OPTION_ARG_FILENAME, &o->harm_flag,
      N_("Whether there was any adverse event, asked at a visit"), N_("COL") },
    { "arm", 0, 0, G_OPTION_ARG_FILENAME, &o->arm, N_("Arm of a trial"), N_("COL") },
    { "included", 0, 0, G_OPTION_ARG_FILENAME, &o->included, N_("Whether the patient is included"),
      N_("COL") },
    { "exclusion-reason", 0, 0, G_OPTION_ARG_FILENAME, &o->exclusion_reason, N_("Why not"),
      N_("COL") },
    { "stop-time", 0, 0, G_OPTION_ARG_FILENAME, &o->stop_time, N_("When the patient stopped"),
      N_("COL") },
    { "stop-reason", 0, 0, G_OPTION_ARG_FILENAME, &o->stop_reason, N_("Why"), N_("COL") },
    { "missing-code", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->missing_codes,
      N_("A value that means missing (repeatable)"), N_("VALUE") },
    { "decimal", 0, 0, G_OPTION_ARG_STRING, &o->decimal, N_("point or comma"), N_("MARK") },
    { "delimiter", 0, 0, G_OPTION_ARG_STRING, &o->delimiter, N_("comma, semicolon, tab or pipe"),
      N_("NAME") },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &o->encoding,
      N_("UTF-8, UTF-16, Windows-1252 or ISO-8859-1"), N_("NAME") },
    { "date-order", 0, 0, G_OPTION_ARG_STRING, &o->date_order, N_("ymd, dmy or mdy"),
      N_("ORDER") },
    G_OPTION_ENTRY_NULL
  };
  GOptionContext *context = ktm_cli_context (
      _("SOURCE… --into COHORT"),
      _("Imports tables into a cohort: all of it, or nothing where there is a problem."),
      main_entries, NULL);
  GOptionGroup *group =
      g_option_group_new ("mapping", _("Mapping:"), _("Show the mapping options"), NULL, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, mapping_entries);
  g_option_context_add_group (context, group);
  g_option_context_set_description (context,
                                    _("Options that name columns apply to every source that has "
                                       "such a column. Without them the mapping is "
                                       "proposed from the names of the columns and printed."));
  return context;
}

static gboolean
set_one (KtmMapping *mapping, const char *key, const char *value, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (value == NULL || ktm_mapping_set (mapping, key, value, &local))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s", key, local->message);
  return FALSE;
}

static gboolean
set_all (KtmMapping *mapping, const char *key, char **values, GError **error)
{
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    if (!set_one (mapping, key, values[i], error))
      return FALSE;
  return TRUE;
}

/* What the options say of every source. */
static KtmMapping *
mapping_of_options (const Options *o, GError **error)
{
  g_autoptr (KtmMapping) m = ktm_mapping_new ();

  if (set_one (m, "patient", o->patient, error) && set_one (m, "visit", o->visit, error)
      && set_one (m, "time", o->time, error) && set_one (m, "date", o->date, error)
      && set_one (m, "time-unit", o->time_unit, error)
      && set_one (m, "harm-flag", o->harm_flag, error) && set_one (m, "arm", o->arm, error)
      && set_one (m, "included", o->included, error)
      && set_one (m, "exclusion-reason", o->exclusion_reason, error)
      && set_one (m, "stop-time", o->stop_time, error)
      && set_one (m, "stop-reason", o->stop_reason, error)
      && set_one (m, "decimal", o->decimal, error) && set_one (m, "delimiter", o->delimiter, error)
      && set_one (m, "encoding", o->encoding, error)
      && set_one (m, "date-order", o->date_order, error)
      && set_all (m, "measure", o->measures, error) && set_all (m, "wide", o->wide, error)
      && set_all (m, "attribute", o->attributes, error)
      && set_all (m, "missing-code", o->missing_codes, error))
    return g_steal_pointer (&m);
  return NULL;
}

static KtmSource *
source_named (KtmImport *import, const char *name)
{
  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    {
      KtmSource *source = ktm_import_get_source (import, i);
      if (strcmp (source->name, name) == 0 || g_strcmp0 (source->path, name) == 0)
        return source;
    }
  return NULL;
}

static gboolean
apply_as (KtmImport *import, char **as, GError **error)
{
  for (gsize i = 0; as != NULL && as[i] != NULL; i++)
    {
      const char *equals = strrchr (as[i], '=');
      g_autofree char *name = equals == NULL ? NULL : g_strndup (as[i], equals - as[i]);
      KtmSource *source = name == NULL ? NULL : source_named (import, name);
      if (equals == NULL)
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("--as takes FILE=KIND, not “%s”"), as[i]);
      else if (source == NULL)
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("--as: “%s” is none of the sources"), name);
      if (source == NULL || !set_one (source->mapping, "as", equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_mapping_file (KtmImport *import, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *name = NULL;

  if (path == NULL)
    return TRUE;
  name = g_path_get_basename (path);
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
                   _("The mapping file %s cannot be read: %s"), name, local->message);
      return FALSE;
    }
  g_auto (GStrv) sections = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; sections[i] != NULL; i++)
    {
      KtmSource *source = source_named (import, sections[i]);
      if (source != NULL && !ktm_mapping_load (source->mapping, file, sections[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_sources (KtmImport *import, const Options *o, char **paths, GError **error)
{
  g_autoptr (KtmMapping) said = mapping_of_options (o, error);

  if (said == NULL)
    return FALSE;
  for (gsize i = 0; paths[i] != NULL; i++)
    {
      KtmSource *source = ktm_source_new (paths[i], NULL, error);
      if (source == NULL)
        return FALSE;
      ktm_import_add_source (import, source);
    }
  if (!apply_mapping_file (import, o->mapping, error))
    return FALSE;
  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    ktm_mapping_merge (ktm_import_get_source (import, i)->mapping, said);
  return apply_as (import, o->as, error);
}

/* --- every column named must be there --------------------------------------------------------- */

static gboolean
any_source_has (KtmImport *import, const char *name, gboolean pattern)
{
  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    {
      const KtmSource *source = ktm_import_get_source (import, i);
      for (guint c = 0; c < source->n_columns; c++)
        {
          const KtmColumn *column = &source->columns[c];
          if (pattern
                  ? column->role == KTM_COLUMN_WIDE && g_pattern_match_simple (name, column->name)
                  : strcmp (column->name, name) == 0
                        || (column->role == KTM_COLUMN_WIDE
                            && g_strcmp0 (column->target, name) == 0))
            return TRUE;
        }
    }
  return FALSE;
}

static gboolean
refuse_column (const char *option, const char *name, GError **error)
{
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
               _("--%s: no source has a column “%s”"), option, name);
  return FALSE;
}

static gboolean
check_columns (KtmImport *import, const Options *o, GError **error)
{
  const struct { const char *option, *name;
  } singles[] = { { "patient", o->patient },     { "visit", o->visit },
                  { "time", o->time },           { "date", o->date },
                  { "harm-flag", o->harm_flag }, { "arm", o->arm },
                  { "included", o->included },   { "exclusion-reason", o->exclusion_reason },
                  { "stop-time", o->stop_time }, { "stop-reason", o->stop_reason } };

  for (gsize i = 0; i < G_N_ELEMENTS (singles); i++)
    if (singles[i].name != NULL && !any_source_has (import, singles[i].name, FALSE))
      return refuse_column (singles[i].option, singles[i].name, error);
  for (gsize i = 0; o->attributes != NULL && o->attributes[i] != NULL; i++)
    if (!any_source_has (import, o->attributes[i], FALSE))
      return refuse_column ("attribute", o->attributes[i], error);
  for (gsize i = 0; o->wide != NULL && o->wide[i] != NULL; i++)
    if (!any_source_has (import, o->wide[i], TRUE))
      return refuse_column ("wide", o->wide[i], error);
  for (gsize i = 0; o->measures != NULL && o->measures[i] != NULL; i++)
    {
      KtmMeasureSpec spec;
      gboolean found = ktm_measure_spec_parse (o->measures[i], &spec, NULL)
                       && any_source_has (import, spec.column, FALSE);
      g_autofree char *name = spec.column;
      if (!found)
        return refuse_column ("measure", name != NULL ? name : o->measures[i], error);
    }
  return TRUE;
}

/* --- the import itself ------------------------------------------------------------------------ */

static gboolean
read_target (KtmImport *import, const char *into, GError **error)
{
  if (!g_file_test (into, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (KtmStore) store = ktm_store_open (into, TRUE, error);
  return store != NULL && ktm_import_read_cohort (import, store, error);
}

static gboolean
prepare (KtmImport *import, const Options *o, char **paths, GError **error)
{
  return add_sources (import, o, paths, error) && read_target (import, o->into, error)
         && ktm_import_propose (import, NULL, error) && check_columns (import, o, error);
}

/* @reason, with what else can be said on the command line about a problem; owned by the caller. */
static char *
with_hint (const KtmProblem *problem, const char *reason)
{
  switch (problem->kind)
    {
    case KTM_PROBLEM_MISSING_CODE:
      return g_strdup_printf (_("%s; --missing-code %s reads it as missing"), reason,
                              problem->value);
    case KTM_PROBLEM_NO_INDEX_DATE:
      return g_strdup_printf (_("%s; give a table of treatments, a column inclusion_date, or "
                                "--visit or --time for the scores"),
                              reason);
    default:
      return g_strdup (reason);
    }
}

static int
refuse_problems (KtmImport *import)
{
  guint n = ktm_import_n_blocking (import);
  const KtmProblem *first = NULL;

  for (guint i = 0; first == NULL || !first->blocks; i++)
    first = ktm_import_get_problem (import, i);
  g_autofree char *reason = ktm_problem_dup_sentence (import, first);
  g_autofree char *sentence = with_hint (first, reason);

  if (n == 1)
    return ktm_cli_fail (KTM_CLI_REFUSED,
                         _("Nothing imported: %s; --accept-problems leaves the cell out"),
                         sentence);
  return ktm_cli_fail (
      KTM_CLI_REFUSED,
      _("Nothing imported: %u problems, the first is %s; --accept-problems leaves such cells out"),
      n, sentence);
}

static int
import_into (KtmImport *import, const Options *o, KtmCliFormat format)
{
  g_autoptr (GError) error = NULL;
  gboolean refused;

  if (o->accept_problems)
    ktm_import_leave_all_out (import);
  if (!ktm_import_check (import, NULL, &error))
    return ktm_cli_fail_error (error);
  refused = ktm_import_n_blocking (import) > 0 && !o->accept_problems;
  if (!refused && !o->dry_run && !ktm_import_commit_path (import, o->into, NULL, &error))
    return ktm_cli_fail_error (error);
  g_autofree char *text = ktm_cli_import_report (import, format, !refused && !o->dry_run);
  int status = ktm_cli_write (text);
  return refused ? refuse_problems (import) : status;
}

int
ktm_cli_import (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = new_context (&options);
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GError) error = NULL;
  KtmCliFormat format;
  int status;

  if (!ktm_cli_parse (context, &argc, &argv, NULL, 1, G_MAXINT, &status))
    return status;
  if (options.into == NULL)
    return ktm_cli_fail (KTM_CLI_USAGE, "%s",
                         _("--into is missing: say which cohort to import into; see --help."));
  if (!ktm_cli_parse_format (options.format, &format, &error))
    return ktm_cli_fail_error (error);
  g_auto (GStrv) paths = g_strdupv (argv + 1);
  if (!prepare (import, &options, paths, &error))
    return ktm_cli_fail_error (error);
  return import_into (import, &options, format);
}
