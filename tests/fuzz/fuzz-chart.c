/* A recipe that came with somebody's figure, drawn from the cohort at hand: refused in a sentence,
 * or drawn whole. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "fuzz-cohort-make.h"
#include "ktm-analysis.h"
#include "ktm-chart.h"
#include "ktm-export.h"
#include "ktm-filter.h"

/* Searches for classes end here: being stopped is one of the things that must work. */
static bool
stop_cb (void *data)
{
  return ++*(guint *) data > 300;
}

static KtmFrame *
frame_of (const KtmRecipe *recipe, guint parts)
{
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autofree guint *patients = NULL;
  gsize n;

  for (char **where = recipe->where; where != NULL && *where != NULL; where++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = ktm_filter_add_text (filter, fuzz_cohort (), *where, &error);

      fuzz_check_error (done, error);
      if (!done)
        return NULL;
    }
  patients = ktm_filter_match (filter, fuzz_cohort (), &n);
  return ktm_cohort_dup_frame (fuzz_cohort (), patients, n, NULL, NULL, (KtmFrameParts) parts);
}

/* As the command line does. */
static KtmReport *
report_of (const char *id, KtmFrame *frame, const KtmChartOptions *chart, GError **error)
{
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  guint polls = 0;
  KtmProgress progress = { stop_cb, NULL, &polls };

  options->measure = g_strdup (chart->measure);
  options->by = chart->attributes == NULL ? g_strdup (chart->colour_by) : NULL;
  options->covariates = g_strdupv (chart->attributes);
  options->standardised = chart->standardised;
  options->groups = g_strdupv (chart->groups);
  options->from = chart->from;
  options->to = chart->to;
  options->missing = chart->missing;
  options->evidence = g_strdup (chart->evidence);
  options->level = chart->level;
  options->harms = chart->harms;
  options->classes = chart->classes;
  options->degree = chart->degree;
  options->censored = !chart->normal;
  options->definition = g_strdup (chart->definition);
  options->starts = 2;
  if (!ktm_analysis_resolve (analysis, frame, options, error))
    return NULL;
  return ktm_analysis_run_sync (analysis, frame, options, &progress, error);
}

static void
export (const KtmScene *scene, const KtmRecipe *recipe)
{
  KtmExportOptions options;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  ktm_export_options_init (&options);
  options.dpi = 50;
  bytes = ktm_export_bytes (scene, KTM_EXPORT_PNG, &options, recipe, &error);
  fuzz_check_error (bytes != NULL, error);
}

static void
draw (const KtmRecipe *recipe)
{
  const KtmChartType *type = ktm_chart_type_find (recipe->chart);
  const char *analysis = ktm_chart_analysis (type, recipe->options);
  KtmFrame *frame = frame_of (recipe, type->parts);
  g_autoptr (KtmReport) report = NULL;
  g_autoptr (GError) error = NULL;
  KtmScene *scene = NULL;

  if (frame == NULL)
    return;
  if (analysis != NULL)
    report = report_of (analysis, frame, recipe->options, &error);
  if (error == NULL)
    scene = type->build (frame, report, recipe->options, &error);
  fuzz_check_error (scene != NULL, error);
  if (scene != NULL)
    export (scene, recipe);
  fuzz_accepted = scene != NULL;
  ktm_scene_unref (scene);
  ktm_frame_unref (frame);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  KtmRecipe *recipe = ktm_recipe_from_text (text, NULL);

  if (recipe != NULL)
    draw (recipe);
  ktm_recipe_free (recipe);
  return 0;
}
