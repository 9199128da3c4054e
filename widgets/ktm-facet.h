/* KtmFacet: one attribute as a filter: its levels with counts, or its histogram with a range. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_FACET (ktm_facet_get_type ())
G_DECLARE_FINAL_TYPE (KtmFacet, ktm_facet, KTM, FACET, GtkWidget)

/* @attribute: position in the study's cohort, as it is when the facet is made. */
GtkWidget *ktm_facet_new (KtmStudy *study, guint attribute, gboolean open);
/* Counts and marks as the study's filter is now; the panel calls it. */
void       ktm_facet_update (KtmFacet *self);

G_END_DECLS
