/* app/report: runs the sections of a report and writes them. */
#include "ktm-report-private.h"
#include "ktm-split.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-class-result.h"

gint64
ktm_report_date (void)
{
  const char *fixed = g_getenv ("SOURCE_DATE_EPOCH");
  char *end = NULL;
  gint64 seconds = fixed != NULL ? g_ascii_strtoll (fixed, &end, 10) : 0;

  return fixed != NULL && end != fixed && *end == '\0' && seconds >= 0
             ? seconds
             : g_get_real_time () / G_USEC_PER_SEC;
}

void
ktm_report_request_clear (KtmReportRequest *request)
{
  g_clear_pointer (&request->frame, ktm_frame_unref);
  g_clear_pointer (&request->options, ktm_analysis_options_free);
  g_clear_pointer (&request->where, g_strfreev);
  g_clear_pointer (&request->langs, g_strfreev);
  g_clear_pointer (&request->title, g_free);
}

char *
ktm_report_writer_say (const KtmReportWriter *w, KtmText *text)
{
  char *said = ktm_text_render (text, w->lang, w->request->decimal_mark), *out = g_strdup (said);

  free (said);
  ktm_text_free (text);
  return out;
}

char *
ktm_report_writer_list (KtmReportWriter *w, char *list, const char *more)
{
  g_autofree char *before = list;

  return before ? ktm_report_writer_say (w, ktm_text_new (N_("{1}; {2}"), "ss", before, more))
                : g_strdup (more);
}

/* An error is written in the language of the program, which need not be that of the report. */
char *
ktm_report_writer_why_not (const KtmReportWriter *w, const GError *error)
{
  const char *program = g_get_language_names ()[0], *code = ktm_lang_code (w->lang);
  gboolean program_is_english = ktm_lang_find (program) == NULL;

  if (error != NULL
      && (program_is_english ? w->lang == NULL : g_str_has_prefix (program, code)))
    return g_strdup (error->message);
  if (error != NULL && program_is_english
      && strcmp (ktm_lang_text (w->lang, error->message), error->message) != 0)
    return g_strdup (ktm_lang_text (w->lang, error->message));
  return ktm_report_writer_say (
      w, ktm_text_new (N_("These patients have no data for this section."), ""));
}

/* --- results ---------------------------------------------------------------------------------- */

static void
result_free (gpointer data)
{
  KtmReportResult *result = data;

  ktm_report_free (result->report);
  g_clear_error (&result->error);
  g_free (result);
}

/* The part of the selection an analysis listens to; trajectory classes are searched once. */
static KtmAnalysisOptions *
options_for (const KtmReportWriter *w, const KtmAnalysis *analysis)
{
  KtmAnalysisOptions *options = ktm_analysis_options_copy (w->request->options);
  const KtmReportResult *classes = g_hash_table_lookup (w->results, "trajectory-classes");

  g_free (options->lang);
  options->lang = g_strdup (w->code);
  options->decimal_mark = w->request->decimal_mark;
  if (classes != NULL && classes->report != NULL && options->found == NULL)
    options->found = ktm_class_result_ref (classes->report->classes);
  if ((analysis->uses & KTM_USES_BY) == 0)
    {
      g_clear_pointer (&options->by, g_free);
      g_clear_pointer (&options->groups, g_strfreev);
    }
  return options;
}

/* Runs an analysis once; NULL: there is none of this id. */
const KtmReportResult *
ktm_report_writer_result (KtmReportWriter *w, const char *id)
{
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  KtmReportResult *result = g_hash_table_lookup (w->results, id);
  const KtmProgress stop = { .stop = w->progress != NULL ? w->progress->stop : NULL,
                             .data = w->progress != NULL ? w->progress->data : NULL };

  if (analysis == NULL || result != NULL)
    return result;
  g_autoptr (KtmAnalysisOptions) options = options_for (w, analysis);
  result = g_new0 (KtmReportResult, 1);
  result->analysis = analysis;
  if (ktm_analysis_resolve (analysis, w->request->frame, options, &result->error))
    result->report =
        ktm_analysis_run_sync (analysis, w->request->frame, options, &stop, &result->error);
  g_hash_table_insert (w->results, g_strdup (id), result);
  return result;
}

/* --- figures ---------------------------------------------------------------------------------- */

static KtmChartOptions *
chart_options (const KtmReportWriter *w, const char *id)
{
  const KtmAnalysisOptions *o = w->options;
  KtmChartOptions *options = ktm_chart_options_new ();

  options->measure = g_strdup (o->measure);
  options->colour_by = g_strdup (o->by);
  options->groups = g_strdupv (o->groups);
  if (w->request->options->from > 0) /* else the baseline, whichever visit holds it */
    options->from = w->request->options->from;
  options->to = w->request->options->to;
  options->missing = o->missing;
  options->level = o->level;
  options->relief = g_strdup (o->relief);
  options->lang = g_strdup (w->code);
  options->decimal_mark = w->request->decimal_mark;
  options->individuals = w->request->frame->n_patients >= 5;
  if (o->has_seed)
    options->seed = o->seed;
  if (strcmp (id, "waterfall") == 0 && o->by == NULL)
    options->show = KTM_SHOW_PERCENT;
  return options;
}

/* Two panels side by side, as many rows as they need. */
static double
measures_height (const KtmScene *scene)
{
  return MIN (185, 25 + 40 * ((scene->panels->len + 1) / 2));
}

gboolean
ktm_report_writer_chart (KtmReportWriter *w, const char *id, char **why_not)
{
  const KtmChartType *type = ktm_chart_type_find (id);
  g_autoptr (KtmChartOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmScene) scene = NULL;
  const char *analysis;
  const KtmReportResult *result = NULL;

  if (type == NULL)
    return FALSE;
  options = chart_options (w, id);
  analysis = ktm_chart_analysis (type, options);
  if (analysis != NULL)
    {
      result = ktm_report_writer_result (w, analysis);
      if (result == NULL || result->report == NULL)
        {
          *why_not = ktm_report_writer_why_not (w, result != NULL ? result->error : NULL);
          return FALSE;
        }
    }
  scene = type->build (w->request->frame, result != NULL ? result->report : NULL, options, &error);
  if (scene == NULL)
    {
      *why_not = ktm_report_writer_why_not (w, error);
      return FALSE;
    }
  ktm_printout_figure (w->paper, ktm_lang_text (w->lang, type->title), scene,
                       strcmp (id, "measures") == 0 ? measures_height (scene) : 0);
  return TRUE;
}

/* --- sections --------------------------------------------------------------------------------- */

/* TRUE: the program has anything of this section. */
static gboolean
exists (const KtmReportSection *section)
{
  for (const char *const *id = section->analyses; *id != NULL; id++)
    if (ktm_analysis_find (*id) != NULL)
      return TRUE;
  for (const char *const *id = section->charts; *id != NULL; id++)
    if (ktm_chart_type_find (*id) != NULL)
      return TRUE;
  return FALSE;
}

static void
say_once (KtmReportWriter *w, GHashTable *said, char *text)
{
  if (text == NULL)
    return;
  if (!g_hash_table_contains (said, text))
    {
      ktm_printout_text (w->paper, text);
      g_hash_table_add (said, text);
    }
  else
    g_free (text);
}

/* This report has this section. */
static gboolean
wanted (const KtmReportWriter *w, const KtmReportSection *section)
{
  switch (section->when)
    {
    case KTM_REPORT_PER_GROUP:
      return w->options->by != NULL;
    case KTM_REPORT_OF_CLASSES:
      return w->request->classes || w->request->frame->n_class_names > 0;
    case KTM_REPORT_OF_STUDIES:
      return w->request->frame->n_arms > 0;
    case KTM_REPORT_ALWAYS:
    default:
      return TRUE;
    }
}

/* Cards say in words what there is, and what there is not. */
static gboolean
has_cards (KtmReportWriter *w, const KtmReportSection *section)
{
  for (const char *const *id = section->analyses; *id != NULL; id++)
    {
      const KtmReportResult *result = ktm_report_writer_result (w, *id);

      if (result != NULL && result->report != NULL && result->report->n_cards > 0)
        return TRUE;
    }
  return FALSE;
}

/* Why a chart is not there stands beside the others, or where nothing else says it. */
static void
write_charts (KtmReportWriter *w, const KtmReportSection *section, GHashTable *said)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  gboolean any = FALSE;

  for (const char *const *id = section->charts; *id != NULL; id++)
    {
      char *why_not = NULL;

      any |= ktm_report_writer_chart (w, *id, &why_not);
      if (why_not != NULL)
        g_ptr_array_add (reasons, why_not);
    }
  for (guint i = 0; i < reasons->len && (any || !has_cards (w, section)); i++)
    say_once (w, said, g_strdup (reasons->pdata[i]));
}

static void
write_section (KtmReportWriter *w, const KtmReportSection *section)
{
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!exists (section) || !wanted (w, section))
    return;
  ktm_printout_heading (w->paper, ktm_lang_text (w->lang, section->heading));
  write_charts (w, section, said);
  for (const char *const *id = section->analyses; *id != NULL; id++)
    {
      const KtmReportResult *result = ktm_report_writer_result (w, *id);

      if (result != NULL && result->report != NULL)
        ktm_report_writer_cards (w, result->report);
      else if (result != NULL)
        say_once (w, said, ktm_report_writer_why_not (w, result->error));
    }
}

static gboolean
run_all (KtmReportWriter *w, GError **error)
{
  gsize n;
  const KtmReportSection *sections = ktm_report_sections (&n);

  for (gsize s = 0; s < n; s++)
    {
      for (const char *const *id = sections[s].analyses; *id != NULL; id++)
        if (wanted (w, &sections[s]))
          ktm_report_writer_result (w, *id);
      ktm_progress_report (w->progress, 0.9 * (double) (s + 1) / (double) n);
      if (!ktm_progress_stopped (w->progress))
        continue;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Stopped."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_grouped_cb (gpointer id, gpointer result, gpointer unused)
{
  return (((KtmReportResult *) result)->analysis->uses & KTM_USES_BY) != 0;
}

/* The groups of a number are named when an analysis runs: those run again in another language. */
static void
name_groups_anew (KtmReportWriter *w, const char *code)
{
  const KtmFrame *frame = w->request->frame;
  long by = ktm_frame_find_grouping (frame, w->options->by, NULL, NULL);

  if (by >= 0 && frame->attributes[by].kind == KTM_ATTRIBUTE_NUMBER && strcmp (w->code, code) != 0)
    g_hash_table_foreach_remove (w->results, is_grouped_cb, NULL);
}

static void
write_language (KtmReportWriter *w, const char *code)
{
  gsize n;
  const KtmReportSection *sections = ktm_report_sections (&n);

  name_groups_anew (w, code);
  w->code = code;
  w->lang = ktm_lang_find (code);
  g_hash_table_remove_all (w->said);
  ktm_report_writer_front (w);
  for (gsize s = 0; s < n; s++)
    write_section (w, &sections[s]);
  ktm_report_writer_methods (w);
}

/* The selection once, so that a wrong one is refused before anything runs. */
static gboolean
resolve (KtmReportWriter *w, GError **error)
{
  w->options = ktm_analysis_options_copy (w->request->options);
  return ktm_analysis_resolve (ktm_analysis_find ("table1"), w->request->frame, w->options, error);
}

static GBytes *
write_all (KtmReportWriter *w, GError **error)
{
  w->code = w->request->langs[0];
  if (!run_all (w, error))
    return NULL;
  for (char **code = w->request->langs; *code != NULL; code++)
    write_language (w, *code);
  return ktm_printout_to_pdf (w->paper, w->request->date, error);
}

GBytes *
ktm_report_pdf (const KtmReportRequest *request, const KtmProgress *progress, GError **error)
{
  KtmReportWriter w = { .request = request, .progress = progress };
  GBytes *bytes = NULL;

  w.paper = ktm_printout_new ();
  w.results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, result_free);
  w.said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (resolve (&w, error))
    bytes = write_all (&w, error);
  g_clear_pointer (&w.options, ktm_analysis_options_free);
  g_hash_table_unref (w.results);
  g_hash_table_unref (w.said);
  ktm_printout_free (w.paper);
  return bytes;
}
