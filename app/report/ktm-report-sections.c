/* app/report: which charts and analyses stand under which heading. */
#include "ktm-report-private.h"

#include <glib/gi18n-lib.h>


static const char *const table1[] = { "table1", NULL };
static const char *const flow[] = { "flow", NULL };
static const char *const missing[] = { "missingness", NULL };
static const char *const course[] = { "summary", NULL };
static const char *const course_charts[] = { "trajectories", NULL };
static const char *const change[] = { "change", NULL };
static const char *const change_charts[] = { "before-after", "waterfall", NULL };
static const char *const measures[] = { "measures", NULL };
static const char *const measures_charts[] = { "measures", "measure-correlations", NULL };
static const char *const compare[] = { "compare", NULL };
static const char *const compare_charts[] = { "subgroups", NULL };
static const char *const classes[] = { "trajectory-classes", "class-predictors", NULL };
static const char *const classes_charts[] = { "classes", NULL };
static const char *const response[] = { "responder", "pgic", NULL };
static const char *const response_charts[] = { "responder-curve", "responder-rate", "pgic", NULL };
static const char *const relief[] = { "survival", NULL };
static const char *const relief_charts[] = { "relief", NULL };
static const char *const safety[] = { "adverse-events", "consort-harms", NULL };
static const char *const safety_charts[] = { "adverse-events", "safety", "stops", "benefit-harm",
                                             NULL };
static const char *const studies[] = { "meta-analysis", NULL };
static const char *const studies_charts[] = { "evidence", "funnel", NULL };
static const char *const none[] = { NULL };

static const KtmReportSection sections[] = {
  { N_("Patients"), table1, none, KTM_REPORT_ALWAYS },
  { N_("Patient flow"), none, flow, KTM_REPORT_ALWAYS },
  { N_("Missing scores"), missing, none, KTM_REPORT_ALWAYS },
  { N_("Course over time"), course, course_charts, KTM_REPORT_ALWAYS },
  { N_("Change"), change, change_charts, KTM_REPORT_ALWAYS },
  { N_("Groups compared"), compare, compare_charts, KTM_REPORT_PER_GROUP },
  { N_("All measures"), measures, measures_charts, KTM_REPORT_ALWAYS },
  { N_("Trajectory classes"), classes, classes_charts, KTM_REPORT_OF_CLASSES },
  { N_("Response"), response, response_charts, KTM_REPORT_ALWAYS },
  { N_("Duration of relief"), relief, relief_charts, KTM_REPORT_ALWAYS },
  { N_("Safety"), safety, safety_charts, KTM_REPORT_ALWAYS },
  { N_("Published studies"), studies, studies_charts, KTM_REPORT_OF_STUDIES },
};

const KtmReportSection *
ktm_report_sections (gsize *n)
{
  *n = G_N_ELEMENTS (sections);
  return sections;
}
