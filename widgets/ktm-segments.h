/* KtmSegments: a few pictures side by side of which one is chosen: what kind of view, with a name
 * for each.
 *
 * Property "selected": id of the chosen one. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_SEGMENTS (ktm_segments_get_type ())
G_DECLARE_FINAL_TYPE (KtmSegments, ktm_segments, KTM, SEGMENTS, GtkWidget)

GtkWidget  *ktm_segments_new          (const char *name);
/* @icon NULL: @label is written. */
void ktm_segments_add (KtmSegments *self, const char *id, const char *icon, const char *label);
const char *ktm_segments_get_selected (KtmSegments *self);
gboolean
ktm_segments_set_selected (KtmSegments *self, const char *id); /* FALSE: there is none such */

G_END_DECLS
