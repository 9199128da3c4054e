/* The studies of a cohort pooled by a rule and drawn.  Apart from the import, whose KtmColumn is
 * not that of the charts. */
#include "fuzz-studies.h"

#include "fuzz.h"
#include "ktm-analysis.h"
#include "ktm-chart.h"
#include "ktm-export.h"
#include "ktm-stats.h"

static void
draw (const char *id, const KtmFrame *frame, const KtmReport *report, const char *rule)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  KtmExportOptions size;
  KtmScene *scene;

  options->evidence = g_strdup (rule);
  scene = ktm_chart_type_find (id)->build (frame, report, options, &error);
  fuzz_check_error (scene != NULL, error);
  if (scene == NULL)
    return;
  ktm_export_options_init (&size);
  size.dpi = 50;
  size.height_mm = CLAMP (ktm_export_natural_height (scene, &size), 40, 300);
  bytes = ktm_export_bytes (scene, KTM_EXPORT_PNG, &size, NULL, NULL);
  ktm_scene_unref (scene);
}

static gboolean
pool (KtmFrame *frame, const char *rule)
{
  const KtmAnalysis *analysis = ktm_analysis_find ("meta-analysis");
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmReport) report = NULL;

  options->evidence = g_strdup (rule);
  if (ktm_analysis_resolve (analysis, frame, options, &error))
    report = ktm_analysis_run_sync (analysis, frame, options, NULL, &error);
  fuzz_check_error (report != NULL, error);
  if (report == NULL)
    return FALSE;
  draw ("evidence", frame, report, rule);
  draw ("funnel", frame, report, rule);
  return TRUE;
}

gboolean
fuzz_pool (KtmCohort *cohort, const char *rule)
{
  guint parts = ktm_analysis_parts (ktm_analysis_find ("meta-analysis"));
  KtmFrame *frame = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, (KtmFrameParts) parts);
  gboolean done;

  ktm_stats_init ();
  done = pool (frame, rule);
  ktm_frame_unref (frame);
  return done;
}
