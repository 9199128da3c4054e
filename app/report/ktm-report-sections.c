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
static const char *const compare[] = { "compare", NULL };
static const char *const compare_charts[] = { "subgroups", NULL };
static const char *const response[] = { "responder", "pgic", NULL };
static const char *const response_charts[] = { "responder-curve", "responder-rate", "pgic", NULL };
static const char *const relief[] = { "survival", NULL };
static const char *const relief_charts[] = { "relief", NULL };
static const char *const safety[] = { "adverse-events", "consort-harms", NULL };
static const char *const safety_charts[] = { "adverse-events", "safety", "stops", "benefit-harm",
                                             NULL };
static const char *const none[] = { NULL };

static const KtmReportSection sections[] = {
  { N_("Patients"), table1, none, FALSE },
  { N_("Patient flow"), none, flow, FALSE },
  { N_("Missing scores"), missing, none, FALSE },
  { N_("Course over time"), course, course_charts, FALSE },
  { N_("Change"), change, change_charts, FALSE },
  { N_("Groups compared"), compare, compare_charts, TRUE },
  { N_("All measures"), measures, measures, FALSE },
  { N_("Response"), response, response_charts, FALSE },
  { N_("Duration of relief"), relief, relief_charts, FALSE },
  { N_("Safety"), safety, safety_charts, FALSE },
};

const KtmReportSection *
ktm_report_sections (gsize *n)
{
  *n = G_N_ELEMENTS (sections);
  return sections;
}
