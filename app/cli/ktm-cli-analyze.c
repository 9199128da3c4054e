/* app/cli: ketamine-viewer analyze ANALYSIS COHORT. */
#include "ktm-analysis.h"
#include "ktm-cli-classes.h"
#include "ktm-cli.h"
#include "ktm-report-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Options of single analyses, as typed. */
typedef struct
{
  char *definition, *relief, *stratum, *ties, *structure, *outcome, *test, *adjust;
  KtmCliHarms harms;
  KtmCliEvidence evidence;
  char   **covariates;
  gboolean standardised, no_model;
  int      resamples;
} Extra;

static void
extra_clear (Extra *extra)
{
  g_free (extra->definition);
  g_free (extra->structure);
  g_free (extra->outcome);
  g_free (extra->relief);
  g_free (extra->stratum);
  g_free (extra->ties);
  g_free (extra->test);
  g_free (extra->adjust);
  ktm_cli_harms_clear (&extra->harms);
  g_strfreev (extra->covariates);
  ktm_cli_evidence_clear (&extra->evidence);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Extra, extra_clear)

static GOptionContext *
new_context (Extra *extra, KtmCliSelection *selection)
{
  const GOptionEntry entries[] = {
    { "definition", 0, 0, G_OPTION_ARG_STRING, &extra->definition,
      N_("Definition of response, for example 'nrs >= 50% and not stop lack of effect'"),
      N_("TEXT") },
    { "covariate", 0, 0, G_OPTION_ARG_STRING_ARRAY, &extra->covariates,
      N_("Attribute or measure to use beside the groups (repeatable)"), N_("ID") },
    { "structure", 0, 0, G_OPTION_ARG_STRING, &extra->structure,
      N_("Mixed model: unstructured, toeplitz, ar1, cs, slope or intercept"), N_("WORD") },
    { "relief", 0, 0, G_OPTION_ARG_STRING, &extra->relief,
      N_("Rule of relief: 'gain 30, by 3, lost 30, visits 2, last once, clock relief, repeat "
          "ignore, gap none', or 'date ATTRIBUTE'"),
      N_("RULE") },
    { "stratum", 0, 0, G_OPTION_ARG_STRING, &extra->stratum,
      N_("Attribute within whose levels the log-rank test compares"), N_("ATTRIBUTE") },
    { "ties", 0, 0, G_OPTION_ARG_STRING, &extra->ties,
      N_("Equal times in the Cox model: efron or breslow"), N_("WORD") },
    { "outcome", 0, 0, G_OPTION_ARG_STRING, &extra->outcome,
      N_("What is compared: change, followup, ancova or percent"), N_("WORD") },
    { "test", 0, 0, G_OPTION_ARG_STRING, &extra->test,
      N_("Test to put first instead of the recommended one"), N_("WORD") },
    { "adjust", 0, 0, G_OPTION_ARG_STRING, &extra->adjust,
      N_("Correction for several tests: holm, hochberg, bh or none"), N_("WORD") },
    { "standardised", 0, 0, G_OPTION_ARG_NONE, &extra->standardised,
      N_("Effects of subgroups in SD units"), NULL },
    { "no-model", 0, 0, G_OPTION_ARG_NONE, &extra->no_model,
      N_("Without the mixed model beside the simple results"), NULL },
    { "resamples", 0, 0, G_OPTION_ARG_INT, &extra->resamples,
      N_("Also a bootstrap interval from N resamples"), N_("N") },
    G_OPTION_ENTRY_NULL
  };

  GOptionContext *context = ktm_cli_context (
      _("ANALYSIS COHORT"), _("Runs one analysis; “ketamine-viewer list analyses” names them."),
      entries, selection);

  ktm_cli_harms_add_options (context, &extra->harms);
  ktm_cli_evidence_add (context, &extra->evidence);
  return context;
}

static gboolean
check_words (const Extra *extra, GError **error)
{
  KtmHarms harms = { 0 };

  return ktm_cli_take_word ("--ties", extra->ties, KTM_CLI_WORDS ("efron", "breslow"), NULL, error)
         && ktm_cli_harms_read (&extra->harms, &harms, error)
         && ktm_cli_take_word (
             "--structure", extra->structure,
             KTM_CLI_WORDS ("unstructured", "toeplitz", "ar1", "cs", "slope", "intercept"), NULL,
             error)
         && ktm_cli_take_word ("--outcome", extra->outcome,
                               KTM_CLI_WORDS ("change", "followup", "ancova", "percent"), NULL,
                               error)
         && ktm_cli_take_word ("--adjust", extra->adjust,
                               KTM_CLI_WORDS ("holm", "hochberg", "bh", "bonferroni", "none"), NULL,
                               error)
         && ktm_cli_in_range ("--resamples", extra->resamples, 0, 1000000, error);
}

/* An option the analysis does not know would be silently without effect: refused. */
static gboolean
check_uses (const KtmAnalysis *analysis, const Extra *extra, GError **error)
{
  const struct { const char *option; gboolean given; guint uses; } options[] = {
    { "--definition", extra->definition != NULL, KTM_USES_DEFINITION },
    { "--covariate", extra->covariates != NULL, KTM_USES_COVARIATES },
    { "--structure", extra->structure != NULL, KTM_USES_STRUCTURE },
    { "--relief", extra->relief != NULL, KTM_USES_RELIEF },
    { "--stratum", extra->stratum != NULL, KTM_USES_RELIEF },
    { "--ties", extra->ties != NULL, KTM_USES_RELIEF },
    { "--outcome", extra->outcome != NULL, KTM_USES_OUTCOME },
    { "--test", extra->test != NULL, KTM_USES_TEST },
    { "--adjust", extra->adjust != NULL, KTM_USES_ADJUST },
    { "--standardised", extra->standardised, KTM_USES_STANDARD },
    { "--resamples", extra->resamples > 0, KTM_USES_RESAMPLES },
    { "--count", extra->harms.count != NULL, KTM_USES_EVENTS },
    { "--grade", extra->harms.grade != NULL, KTM_USES_EVENTS },
    { "--related", extra->harms.related != NULL, KTM_USES_EVENTS },
    { "--interval", extra->harms.interval != NULL, KTM_USES_EVENTS },
    { ktm_cli_evidence_given (&extra->evidence),
      ktm_cli_evidence_given (&extra->evidence) != NULL, KTM_USES_STUDIES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].given && (analysis->uses & options[i].uses) == 0)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” does not take %s."),
                     analysis->id, options[i].option);
        return FALSE;
      }
  return TRUE;
}

static KtmAnalysisOptions *
make_options (const KtmCliSelection *selection, const Extra *extra)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->measure = g_strdup (selection->measure);
  options->from = selection->from;
  options->to = selection->to;
  options->by = g_strdup (selection->by);
  options->groups = g_strdupv (selection->groups);
  if (selection->format == KTM_CLI_TEXT)
    options->lang = g_strdup (ktm_lang_code (ktm_cli_lang ()));
  options->missing = selection->missing;
  options->level = selection->level;
  options->has_seed = selection->has_seed;
  options->seed = selection->seed;
  options->resamples = (guint) extra->resamples;
  options->definition = g_strdup (extra->definition);
  options->covariates = g_strdupv (extra->covariates);
  options->structure = g_strdup (extra->structure);
  options->outcome = g_strdup (extra->outcome);
  options->relief = g_strdup (extra->relief);
  options->stratum = g_strdup (extra->stratum);
  options->ties = g_strdup (extra->ties);
  ktm_cli_harms_read (&extra->harms, &options->harms, NULL);
  options->test = g_strdup (extra->test);
  options->adjust = g_strdup (extra->adjust);
  options->standardised = extra->standardised;
  options->model = !extra->no_model;
  options->evidence = ktm_cli_evidence_dup_rule (&extra->evidence);
  return options;
}

static void
warn_unused (const KtmAnalysis *analysis, const KtmCliSelection *selection, KtmReport *report)
{
  const struct { const char *option; gboolean given; guint uses;
  } options[] = {
    { "--measure", selection->measure != NULL, KTM_USES_MEASURE },
    { "--from", !isnan (selection->from), KTM_USES_VISITS },
    { "--by", selection->by != NULL, KTM_USES_BY },
    { "--missing", selection->has_missing, KTM_USES_MISSING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].given && (analysis->uses & options[i].uses) == 0)
      ktm_report_warn (report, ktm_text_new (N_("{1} has no effect on this analysis."), "s",
                                             options[i].option));
}

static int
print_report (const KtmReport *report, const KtmAnalysisOptions *resolved,
              const KtmCliSelection *selection)
{
  const KtmCliResolved used = { resolved->from,   resolved->to,      resolved->by,
                                selection->where, resolved->missing, resolved->groups };
  g_autofree char *out = NULL, *methods = NULL;

  if (selection->format == KTM_CLI_JSON)
    out = ktm_cli_report_json (report, &used);
  else if (selection->format == KTM_CLI_CSV)
    out = ktm_cli_report_csv (report);
  else
    {
      g_autofree char *text = ktm_report_plain_text (report, ktm_cli_lang (), 0);

      methods = ktm_report_methods_text (report, ktm_cli_lang (), 0);
      out = g_strdup_printf ("%s\n%s\n%s\n", text, _("Methods"), methods);
    }
  return ktm_cli_write (out);
}

static const KtmAnalysis *
find_analysis (const char *id, GError **error)
{
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  GString *known;
  gsize n;

  if (analysis != NULL)
    return analysis;
  const KtmAnalysis *const *all = ktm_analyses (&n);
  known = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", all[i]->id);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("There is no analysis “%s”; there are: %s."), id, known->str);
  g_string_free (known, TRUE);
  return NULL;
}

int
ktm_cli_analyze (int argc, char **argv)
{
  g_auto(Extra) extra = { 0 };
  g_auto(KtmCliClasses) typed = { 0 };
  g_auto(KtmCliSelection) selection;
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KtmCohort) cohort = NULL;
  g_autoptr(KtmFrame) frame = NULL;
  g_autoptr(KtmAnalysisOptions) options = NULL;
  g_autoptr(KtmReport) report = NULL;
  const KtmAnalysis *analysis;
  KtmFrameParts parts;
  int status;

  ktm_cli_selection_init (&selection);
  context = new_context (&extra, &selection);
  ktm_cli_classes_options (context, &typed);
  if (!ktm_cli_parse (context, &argc, &argv, &selection, 2, 2, &status))
    return status;
  analysis = find_analysis (argv[1], &error);
  if (analysis == NULL || !check_words (&extra, &error)
      || !ktm_cli_evidence_check (&extra.evidence, &error)
      || !check_uses (analysis, &extra, &error)
      || !ktm_cli_classes_check (&typed, analysis, &error))
    return ktm_cli_fail_error (error);
  cohort = ktm_cohort_open_sync (argv[2], &error);
  if (cohort == NULL)
    return ktm_cli_fail_error (error);
  parts = (KtmFrameParts) (ktm_analysis_parts (analysis)
                           | (typed.patient != NULL ? KTM_FRAME_CODES : 0)
                           | (typed.grolts != NULL ? KTM_FRAME_TIMES : 0));
  frame = ktm_cli_frame (cohort, &selection, parts, &error);
  if (frame == NULL)
    return ktm_cli_fail_error (error);
  options = make_options (&selection, &extra);
  if (!ktm_cli_classes_read (&typed, frame, options, &error))
    return ktm_cli_fail_error (error);
  if (ktm_cli_take_class (cohort, &options->by))
    {
      /* of the main measure, whatever is compared between them */
      g_autoptr(KtmAnalysisOptions) main_measure = ktm_analysis_options_copy (options);

      g_clear_pointer (&main_measure->measure, g_free);
      main_measure->from = main_measure->to = NAN;
      if (!ktm_cli_add_classes (cohort, frame, main_measure, &error))
        return ktm_cli_fail_error (error);
      ktm_frame_unref (frame);
      frame = ktm_cli_frame (cohort, &selection, parts, &error);
    }
  if (!ktm_analysis_resolve (analysis, frame, options, &error))
    return ktm_cli_fail_error (error);
  report = ktm_analysis_run_sync (analysis, frame, options, NULL, &error);
  if (report == NULL)
    return ktm_cli_fail_error (error);
  if (!ktm_cli_classes_save (&typed, cohort, report, frame, &error)
      || !ktm_cli_classes_grolts (&typed, report, frame, options, selection.where, &error))
    return ktm_cli_fail_error (error);
  warn_unused (analysis, &selection, report);
  return print_report (report, options, &selection);
}
