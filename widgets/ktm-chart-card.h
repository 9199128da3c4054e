/* KtmChartCard: a chart on a card, linked with the study: who is picked in one is picked in the
 * other, and marked patients can become the subgroup.
 *
 * "chart-selected": the card was clicked or focused. */
#pragma once

#include "ktm-chart-view.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_CHART_CARD (ktm_chart_card_get_type ())
G_DECLARE_FINAL_TYPE (KtmChartCard, ktm_chart_card, KTM, CHART_CARD, GtkWidget)

GtkWidget    *ktm_chart_card_new      (KtmStudy *study);
KtmChartView *ktm_chart_card_get_view (KtmChartCard *self); /* borrowed */
/* Lines over the chart; NULL: none. */
void          ktm_chart_card_set_title (KtmChartCard *self, const char *title, const char *hint);
/* Shows the picked patient of the study; call after a chart was set. */
void          ktm_chart_card_show_picked (KtmChartCard *self);

G_END_DECLS
