/* One picture of a chart: from a frame to pixels, in any thread.  For KtmChartView. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-draw.h"

G_BEGIN_DECLS

typedef struct
{
  const KtmChartType *type;
  KtmFrame           *frame;
  KtmReport         **report; /* atomic box */
  KtmChartOptions    *options;
  KtmScene           *scene;  /* NULL: to be built */
  KtmStyle            style;
  KtmView             view;
  double              width, height;
  int                 scale;
} KtmChartJob;

typedef struct
{
  KtmScene   *scene;
  KtmLayout  *layout;
  GdkTexture *texture;
  cairo_surface_t *pixels; /* of the texture */
} KtmChartPicture;

/* Builds, lays out and draws; NULL with a sentence that says what cannot be drawn. */
KtmChartPicture *ktm_chart_picture_new (const KtmChartJob *job, GError **error);
void ktm_chart_picture_free   (gpointer picture);
void ktm_chart_job_free       (gpointer job);
/* Of an atomic box that holds a report. */
void ktm_chart_report_clear   (gpointer box);
/* GTaskThreadFunc of a KtmChartJob. */
void
ktm_chart_picture_worker (GTask *task, gpointer source, gpointer job, GCancellable *cancellable);

G_END_DECLS
