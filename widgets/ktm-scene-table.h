/* KtmSceneTable: the numbers of a chart as a small table on a card: what its scene offers to people
 * who cannot see it, for those who can. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart-view.h"

G_BEGIN_DECLS

#define KTM_TYPE_SCENE_TABLE (ktm_scene_table_get_type ())
G_DECLARE_FINAL_TYPE (KtmSceneTable, ktm_scene_table, KTM, SCENE_TABLE, GtkWidget)

GtkWidget *ktm_scene_table_new   (void);
/* Shows the table of whatever @view shows, from now on. */
void       ktm_scene_table_watch (KtmSceneTable *self, KtmChartView *view);

G_END_DECLS
