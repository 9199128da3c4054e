/* KtmChartView: THE chart widget: any chart type, drawn, hovered, picked, zoomed, brushed; by
 * pointer and by keyboard.
 *
 * It holds no cohort: whoever owns it gives a frame and options and listens.  Large frames are
 * built and drawn in a worker while the old picture stays.  What cannot be drawn is said in the
 * chart's place.
 *
 * Signals: "picked" (long row): a patient was clicked, −1: none; "marked":
 * ktm_chart_view_get_marked() differs; "handle-moved" (double value): the line the scene lets move
 * was dragged, or stepped by ← →; "drawn": another scene is shown.  Property "zoomed".
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-draw.h"
#include "ktm-frame.h"

G_BEGIN_DECLS

#define KTM_TYPE_CHART_VIEW (ktm_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (KtmChartView, ktm_chart_view, KTM, CHART_VIEW, GtkWidget)

GtkWidget *ktm_chart_view_new       (void);

/* Draws @type of @frame.  @report: what a type that names an analysis is drawn from; taken; else
 * NULL. Codes on the hover card only if the frame holds them. */
void ktm_chart_view_set_chart (KtmChartView *self, const KtmChartType *type, KtmFrame *frame,
                               KtmReport *report, const KtmChartOptions *options);
/* Says @sentence where the chart would be. */
void       ktm_chart_view_set_error (KtmChartView *self, const char *sentence);

/* Row of the frame drawn as the picked patient; −1 none. */
void       ktm_chart_view_set_picked (KtmChartView *self, long row);

/* Rows inside the rubber band; borrowed. */
const guint32 *ktm_chart_view_get_marked (KtmChartView *self, gsize *n);
void       ktm_chart_view_clear_marked (KtmChartView *self);
/* Whether dragging marks patients even where it would move the chart. */
void       ktm_chart_view_set_marking (KtmChartView *self, gboolean marking);

/* The first picture is drawn with the first layout, not after it: for the chart a window is opened
 * for. */
void       ktm_chart_view_set_eager   (KtmChartView *self, gboolean eager);

/* For a projector: the colours and type of a slide, @size pixels; 0: as on a page. */
void       ktm_chart_view_set_present (KtmChartView *self, double size);

void       ktm_chart_view_zoom       (KtmChartView *self, double factor);   /* about the middle */
void       ktm_chart_view_reset_zoom (KtmChartView *self);

KtmScene *ktm_chart_view_get_scene (KtmChartView *self); /* borrowed; NULL while nothing is drawn */
gboolean   ktm_chart_view_is_busy    (KtmChartView *self);

G_END_DECLS
