/* app/cli: ketamine-viewer report COHORT --output FILE.pdf. */
#include "ktm-class-document.h"
#include "ktm-chart-text.h"
#include "ktm-cli.h"
#include "ktm-export.h"
#include "ktm-report-pdf.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char *output, *lang, *mark, *title, *relief, *definition;
  gboolean no_model, classes;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->output);
  g_free (typed->lang);
  g_free (typed->mark);
  g_free (typed->title);
  g_free (typed->relief);
  g_free (typed->definition);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static GOptionContext *
new_context (Typed *typed, KtmCliSelection *selection)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &typed->output, N_("The PDF to write"),
      N_("FILE") },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &typed->lang,
      N_("Language of the report, or several by commas: en,fr"), N_("CODE") },
    { "decimal-mark", 0, 0, G_OPTION_ARG_STRING, &typed->mark, N_("point or comma"), N_("WORD") },
    { "title", 0, 0, G_OPTION_ARG_STRING, &typed->title,
      N_("Printed on the first page; the cohort's own title never is"), N_("TEXT") },
    { "definition", 0, 0, G_OPTION_ARG_STRING, &typed->definition,
      N_("Definition of response, as for analyze responder"), N_("TEXT") },
    { "relief", 0, 0, G_OPTION_ARG_STRING, &typed->relief,
      N_("Rule of relief, as for analyze survival"), N_("RULE") },
    { "classes", 0, 0, G_OPTION_ARG_NONE, &typed->classes,
      N_("With trajectory classes, as always where the cohort keeps names or a model of them"),
      NULL },
    { "no-model", 0, 0, G_OPTION_ARG_NONE, &typed->no_model,
      N_("Without the mixed model beside the simple results"), NULL },
    G_OPTION_ENTRY_NULL
  };

  return ktm_cli_context (_("COHORT --output FILE.pdf"),
                          _("Writes the tables, figures and methods text of the chosen patients "
                            "as one PDF."),
                          entries, selection);
}

static gboolean
check_output (const Typed *typed, const KtmCliSelection *selection, GError **error)
{
  g_autofree char *lower = typed->output != NULL ? g_ascii_strdown (typed->output, -1) : NULL;

  if (typed->output == NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("--output is missing: name the file to write."));
  else if (selection->raw_format != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("--format is not for reports: a report is a PDF."));
  else if (!g_str_has_suffix (lower, ".pdf"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                 _("A report is a PDF: “%s” must end in .pdf."), typed->output);
  else
    return ktm_export_check_path (typed->output, error);
  return FALSE;
}

static gboolean
read_langs (const Typed *typed, KtmReportRequest *request, GError **error)
{
  request->langs = g_strsplit (typed->lang != NULL ? typed->lang : "en", ",", -1);
  for (char **code = request->langs; *code != NULL; code++)
    {
      g_strstrip (*code);
      if (!ktm_cli_check_lang (*code, error))
        return FALSE;
    }
  if (request->langs[0] != NULL)
    return TRUE;
  return ktm_cli_check_lang ("", error);
}

static void
take_selection (const KtmCliSelection *selection, const Typed *typed, KtmReportRequest *request)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->measure = g_strdup (selection->measure);
  options->from = selection->from;
  options->to = selection->to;
  options->by = g_strdup (selection->by);
  options->groups = g_strdupv (selection->groups);
  options->missing = selection->missing;
  options->level = selection->level;
  options->has_seed = selection->has_seed;
  options->seed = selection->seed;
  options->definition = g_strdup (typed->definition);
  options->relief = g_strdup (typed->relief);
  options->model = !typed->no_model;
  request->options = options;
  request->classes = typed->classes;
  request->where = g_strdupv (selection->where);
  request->title = g_strdup (typed->title);
  request->date = ktm_report_date ();
}

/* A cohort that keeps a model of trajectory classes is about them. */
static gboolean
find_models (KtmCohort *cohort, KtmReportRequest *request, GError **error)
{
  g_auto (GStrv) models = ktm_class_document_list (cohort, error);

  if (models == NULL)
    return FALSE;
  request->classes = request->classes || models[0] != NULL;
  return TRUE;
}

static gboolean
write_report (const char *path, const Typed *typed, const KtmCliSelection *selection,
              KtmReportRequest *request, GError **error)
{
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (path, error);
  g_autoptr (GBytes) bytes = NULL;

  if (cohort == NULL)
    return FALSE;
  request->frame = ktm_cli_frame (cohort, selection, (KtmFrameParts) KTM_REPORT_PARTS, error);
  if (request->frame == NULL || !find_models (cohort, request, error))
    return FALSE;
  bytes = ktm_report_pdf (request, NULL, error);
  return bytes != NULL && ktm_export_write (typed->output, bytes, error);
}

int
ktm_cli_document (int argc, char **argv)
{
  g_auto (Typed) typed = { 0 };
  g_auto (KtmCliSelection) selection;
  g_auto (KtmReportRequest) request = { 0 };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  ktm_cli_selection_init (&selection);
  context = new_context (&typed, &selection);
  if (!ktm_cli_parse (context, &argc, &argv, &selection, 1, 1, &status))
    return status;
  take_selection (&selection, &typed, &request);
  ktm_chart_text_begin ();
  if (!check_output (&typed, &selection, &error) || !read_langs (&typed, &request, &error)
      || !ktm_cli_take_mark (typed.mark, &request.decimal_mark, &error)
      || !write_report (argv[1], &typed, &selection, &request, &error))
    return ktm_cli_fail_error (error);
  return KTM_CLI_DONE;
}
