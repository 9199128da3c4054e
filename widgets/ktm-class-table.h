/* KtmClassTable: "How many classes?": every number of trajectory classes tried, with its fit, its
 * lights and the recommendation; a row chosen becomes the number shown.
 *
 * Signal "chosen" (guint): the person took this number.  Progress of the study's KtmClassFinder
 * with Stop stands in the head while it searches. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-class-finder.h"

G_BEGIN_DECLS

#define KTM_TYPE_CLASS_TABLE (ktm_class_table_get_type ())
G_DECLARE_FINAL_TYPE (KtmClassTable, ktm_class_table, KTM, CLASS_TABLE, GtkWidget)

GtkWidget *ktm_class_table_new (KtmStudy *study);
/* @result: what there is, NULL: nothing yet; kept by reference. */
void       ktm_class_table_set (KtmClassTable *self, const KtmClassResult *result);

G_END_DECLS
