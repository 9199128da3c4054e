/* Frames for the chart tests: made up, the same on every machine. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-chart.h"

typedef struct
{
  gsize n_patients, n_visits, n_groups;
  const char *group;     /* name of the first group; NULL: "Group 1" … */
} ChartFixture;

/* Whole NRS scores that fall, then rise, with drop-out; attribute "group", number "age"; codes,
 * stops, events, treatments. */
KtmFrame *chart_fixture_frame (const ChartFixture *fixture);
/* The report the type needs: trajectory classes fitted to "nrs", or its change by "group"; NULL
 * where it needs none. */
KtmReport *chart_fixture_report (const KtmChartType *type, const KtmFrame *frame);
