/* KtmSparkline: one patient's course of one measure, as small as a word. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_SPARKLINE (ktm_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (KtmSparkline, ktm_sparkline, KTM, SPARKLINE, GtkWidget)

GtkWidget *ktm_sparkline_new (void);
/* n scores over the visits, NaN where missed; @lo to @hi is the scale (NaN: that of the scores).
 * Copied. */
void ktm_sparkline_set (KtmSparkline *self, const double *values, gsize n, double lo, double hi);

G_END_DECLS
