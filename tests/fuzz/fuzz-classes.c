/* A saved model of trajectory classes: what is understood is written and read again as the same,
 * and patients are put into its classes. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "fuzz-cohort-make.h"
#include "ktm-analysis.h"
#include "ktm-class-document.h"

static void
check_round (const KtmClassModel *model)
{
  g_autofree char *once = ktm_class_document_to_text (model), *twice = NULL;
  g_autoptr (GError) error = NULL;
  KtmClassModel *again = ktm_class_document_from_text (once, "a.json", &error);

  if (again == NULL)
    g_error ("what was written is not understood: %s\n%s", error->message, once);
  twice = ktm_class_document_to_text (again);
  if (strcmp (once, twice) != 0)
    g_error ("written again it differs:\n%s\n%s", once, twice);
  ktm_class_model_unref (again);
}

static void
apply (const KtmClassModel *model)
{
  const KtmAnalysis *analysis = ktm_analysis_find ("trajectory-classes");
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmReport) report = NULL;

  options->apply = ktm_class_model_ref (model);
  if (ktm_analysis_resolve (analysis, fuzz_frame (), options, &error))
    report = ktm_analysis_run_sync (analysis, fuzz_frame (), options, NULL, &error);
  fuzz_check_error (report != NULL, error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  KtmClassModel *model = ktm_class_document_from_text (text, "a.json", &error);

  fuzz_check_error (model != NULL, error);
  if (model == NULL)
    return 0;
  fuzz_accepted = TRUE;
  check_round (model);
  apply (model);
  ktm_class_model_unref (model);
  return 0;
}
