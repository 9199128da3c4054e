/* app/cli: --classes, --degree, --shape … of the analyses of trajectory classes, and their models
 * kept in a file. */
#include "ktm-cli-classes.h"

#include "ktm-class-document.h"
#include "ktm-class-model.h"
#include "ktm-export.h"
#include "ktm-grolts-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
ktm_cli_classes_clear (KtmCliClasses *typed)
{
  g_free (typed->classes);
  g_free (typed->degree);
  g_free (typed->distribution);
  g_free (typed->shape);
  g_free (typed->knots);
  g_free (typed->steps);
  g_free (typed->patient);
  g_free (typed->apply);
  g_free (typed->saved);
  g_free (typed->save);
  g_free (typed->grolts);
}

void
ktm_cli_classes_options (GOptionContext *context, KtmCliClasses *typed)
{
  const GOptionEntry entries[] = {
    { "classes", 0, 0, G_OPTION_ARG_STRING, &typed->classes,
      N_("Number of trajectory classes, or auto"), N_("K") },
    { "degree", 0, 0, G_OPTION_ARG_STRING, &typed->degree,
      N_("Degree of the class curves, 0 to 4; or one a class from the lowest up, as in 2,3,1"),
      N_("D") },
    { "shape", 0, 0, G_OPTION_ARG_STRING, &typed->shape,
      N_("Of the class curves: polynomial, spline or piecewise"), N_("WORD") },
    { "knots", 0, 0, G_OPTION_ARG_STRING, &typed->knots,
      N_("Times of the knots of a spline or of straight lines, by commas"), N_("T,T") },
    { "distribution", 0, 0, G_OPTION_ARG_STRING, &typed->distribution,
      N_("Of the scores in a class: censored or normal"), N_("WORD") },
    { "random-intercept", 0, 0, G_OPTION_ARG_NONE, &typed->random_intercept,
      N_("Patients of a class differ in level"), NULL },
    { "sigma-by-class", 0, 0, G_OPTION_ARG_NONE, &typed->sigma_by_class,
      N_("Each class has a residual SD of its own, with a floor"), NULL },
    { "starts", 0, 0, G_OPTION_ARG_INT, &typed->starts, N_("Random starts of the class model"),
      N_("N") },
    { "every-degree", 0, 0, G_OPTION_ARG_NONE, &typed->every_degree,
      N_("Also search every number of classes with every degree"), NULL },
    { "blrt", 0, 0, G_OPTION_ARG_INT, &typed->blrt,
      N_("Also the bootstrap test of the number of classes, from N simulated cohorts"), N_("N") },
    { "steps", 0, 0, G_OPTION_ARG_STRING, &typed->steps,
      N_("Predictors of the class in three steps or in one: three or one"), N_("WORD") },
    { "patient", 0, 0, G_OPTION_ARG_STRING, &typed->patient,
      N_("The patient whose outlook is wanted; the code is not printed"), N_("CODE") },
    { "apply", 0, 0, G_OPTION_ARG_FILENAME, &typed->apply,
      N_("Use classes saved in this cohort or JSON file as they are, instead of fitting"),
      N_("FILE") },
    { "saved", 0, 0, G_OPTION_ARG_STRING, &typed->saved,
      N_("Title of the saved classes, where the file holds several"), N_("TITLE") },
    { "model", 0, 0, G_OPTION_ARG_STRING, &typed->saved, N_("The same as --saved"), N_("TITLE") },
    { "save", 0, 0, G_OPTION_ARG_STRING, &typed->save,
      N_("Keep the classes in the cohort under this title, or in a file that ends in .json"),
      N_("TITLE") },
    { "grolts", 0, 0, G_OPTION_ARG_FILENAME, &typed->grolts,
      N_("Write the GRoLTS checklist with its tables and figures: a file that ends in .pdf, or a "
         "new folder"),
      N_("PATH") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* --- what was typed --------------------------------------------------------------------------- */

static gboolean
check_degree (const char *degree, GError **error)
{
  g_auto(GStrv) words = g_strsplit (degree != NULL ? degree : "3", ",", -1);
  guint64 value;

  for (char **word = words; *word != NULL; word++)
    if (!g_ascii_string_to_unsigned (g_strstrip (*word), 10, 0, KTM_GBTM_MAX_ORDER, &value, NULL))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("--degree takes a whole number from 0 to 4, or one a class as in 2,3,1; not "
                       "“%s”."),
                     degree);
        return FALSE;
      }
  return TRUE;
}

static gboolean
parse_knots (const char *text, double *knots, gsize *n, GError **error)
{
  g_auto(GStrv) words = text != NULL ? g_strsplit (text, ",", -1) : NULL;

  *n = 0;
  for (char **word = words; word != NULL && *word != NULL; word++)
    {
      if (*n == KTM_GBTM_MAX_KNOTS)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("--knots takes up to %d times."), KTM_GBTM_MAX_KNOTS);
          return FALSE;
        }
      if (!ktm_cli_parse_number ("--knots", g_strstrip (*word), &knots[(*n)++], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_words (const KtmCliClasses *t, GError **error)
{
  double knots[KTM_GBTM_MAX_KNOTS];
  gsize n;

  return ktm_cli_take_word ("--classes", t->classes,
                            KTM_CLI_WORDS ("auto", "1", "2", "3", "4", "5", "6", "7", "8"), NULL,
                            error)
         && ktm_cli_take_word ("--distribution", t->distribution,
                               KTM_CLI_WORDS ("censored", "normal"), NULL, error)
         && ktm_cli_take_word ("--shape", t->shape,
                               KTM_CLI_WORDS ("polynomial", "spline", "piecewise"), NULL, error)
         && ktm_cli_take_word ("--steps", t->steps, KTM_CLI_WORDS ("three", "one"), NULL, error)
         && check_degree (t->degree, error) && parse_knots (t->knots, knots, &n, error)
         && ktm_cli_in_range ("--starts", t->starts, 0, 100000, error)
         && ktm_cli_in_range ("--blrt", t->blrt, 0, 10000, error);
}

static gboolean
check_apply (const KtmCliClasses *t, GError **error)
{
  const struct { const char *option; gboolean given; } fitted[] = {
    { "--classes", t->classes != NULL },   { "--degree", t->degree != NULL },
    { "--shape", t->shape != NULL },       { "--knots", t->knots != NULL },
    { "--starts", t->starts > 0 },         { "--sigma-by-class", t->sigma_by_class },
    { "--blrt", t->blrt > 0 },             { "--distribution", t->distribution != NULL },
    { "--every-degree", t->every_degree }, { "--random-intercept", t->random_intercept },
    { "--save", t->save != NULL },         { "--grolts", t->grolts != NULL },
  };

  if (t->saved != NULL && t->apply == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("--saved names classes of the file --apply opens: give both."));
      return FALSE;
    }
  if (t->save != NULL && g_strcmp0 (t->steps, "one") == 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("--save keeps classes without what predicts them: leave --steps one "
                             "away, or do not save."));
      return FALSE;
    }
  for (gsize i = 0; t->apply != NULL && i < G_N_ELEMENTS (fitted); i++)
    if (fitted[i].given)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("%s cannot be given beside --apply, which uses saved classes as they are."),
                     fitted[i].option);
        return FALSE;
      }
  return TRUE;
}

gboolean
ktm_cli_classes_check (const KtmCliClasses *t, const KtmAnalysis *analysis, GError **error)
{
  const struct { const char *option; gboolean given; guint uses; } options[] = {
    { "--classes", t->classes != NULL, KTM_USES_CLASSES },
    { "--degree", t->degree != NULL, KTM_USES_CLASSES },
    { "--shape", t->shape != NULL, KTM_USES_CLASSES },
    { "--knots", t->knots != NULL, KTM_USES_CLASSES },
    { "--distribution", t->distribution != NULL, KTM_USES_CLASSES },
    { "--random-intercept", t->random_intercept, KTM_USES_CLASSES },
    { "--sigma-by-class", t->sigma_by_class, KTM_USES_CLASSES },
    { "--starts", t->starts > 0, KTM_USES_CLASSES },
    { "--every-degree", t->every_degree, KTM_USES_BLRT },
    { "--blrt", t->blrt > 0, KTM_USES_BLRT },
    { "--steps", t->steps != NULL, KTM_USES_STEPS },
    { "--patient", t->patient != NULL, KTM_USES_PATIENT },
    { "--apply", t->apply != NULL, KTM_USES_MODEL },
    { "--saved", t->saved != NULL, KTM_USES_MODEL },
    { "--save", t->save != NULL, KTM_USES_CLASSES },
    { "--grolts", t->grolts != NULL, KTM_USES_BLRT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].given && (analysis->uses & options[i].uses) == 0)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” does not take %s."),
                     analysis->id, options[i].option);
        return FALSE;
      }
  return check_words (t, error) && check_apply (t, error);
}

/* --- what it asks of the analysis ------------------------------------------------------------- */

static gboolean
find_patient (const KtmFrame *frame, const char *code, long *out, GError **error)
{
  for (size_t i = 0; code != NULL && frame->code != NULL && i < frame->n_patients; i++)
    if (strcmp (frame->code[i], code) == 0)
      {
        *out = (long) i;
        return TRUE;
      }
  if (code == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _("--patient: no selected patient has the code “%s”."), code);
  return FALSE;
}

gboolean
ktm_cli_classes_read (const KtmCliClasses *t, const KtmFrame *frame, KtmAnalysisOptions *options,
                      GError **error)
{
  options->classes =
      t->classes == NULL || strcmp (t->classes, "auto") == 0 ? 0 : atoi (t->classes);
  if (t->degree != NULL && strchr (t->degree, ',') != NULL)
    options->degrees = g_strdup (t->degree);
  else if (t->degree != NULL)
    options->degree = atoi (t->degree);
  options->shape = g_strdup (t->shape);
  if (!parse_knots (t->knots, options->knots, &options->n_knots, error))
    return FALSE;
  options->censored = g_strcmp0 (t->distribution, "normal") != 0;
  options->random_intercept = t->random_intercept;
  options->sigma_by_class = t->sigma_by_class;
  options->starts = (guint) t->starts;
  options->every_degree = t->every_degree;
  options->blrt = (guint) t->blrt;
  options->steps = g_strdup (t->steps);
  if (t->apply != NULL
      && (options->apply = ktm_class_document_open (t->apply, t->saved, error)) == NULL)
    return FALSE;
  if (options->apply != NULL && options->measure == NULL)
    options->measure = g_strdup (options->apply->measure);
  return find_patient (frame, t->patient, &options->patient, error);
}

/* --- kept ------------------------------------------------------------------------------------- */

gboolean
ktm_cli_classes_save (const KtmCliClasses *t, KtmCohort *cohort, const KtmReport *report,
                      const KtmFrame *frame, GError **error)
{
  KtmClassModel *model;
  gboolean saved;

  if (t->save == NULL)
    return TRUE;
  model = report->classes != NULL
              ? ktm_class_model_new (report->classes, frame->time_unit, KTM_VERSION)
              : NULL;
  if (model == NULL)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                           _("--save: there are no trajectory classes to keep."));
      return FALSE;
    }
  if (g_str_has_suffix (t->save, ".json"))
    {
      char *text = ktm_class_document_to_text (model);
      g_autoptr(GBytes) bytes = g_bytes_new_take (text, strlen (text));

      saved = ktm_export_write (t->save, bytes, error);
    }
  else
    saved = ktm_class_document_save (cohort, t->save, model, error);
  ktm_class_model_unref (model);
  return saved;
}

gboolean
ktm_cli_classes_grolts (const KtmCliClasses *t, const KtmReport *report, const KtmFrame *frame,
                        const KtmAnalysisOptions *options, char **where, GError **error)
{
  KtmReport *missing;
  gboolean done;

  if (t->grolts == NULL)
    return TRUE;
  missing =
      ktm_analysis_run_sync (ktm_analysis_find ("missingness"), frame, options, NULL, NULL);
  done = ktm_grolts_export (frame, report, missing, (const char *const *) where, t->grolts,
                            ktm_cli_lang (), error);
  if (missing != NULL)
    ktm_report_free (missing);
  return done;
}
