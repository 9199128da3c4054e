/* KtmHistogram: how a number is spread, with two handles that choose a range of it.
 *
 * Signal "range-changed" (double low, double high): NaN for an end that is open. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KTM_TYPE_HISTOGRAM (ktm_histogram_get_type ())
G_DECLARE_FINAL_TYPE (KtmHistogram, ktm_histogram, KTM, HISTOGRAM, GtkWidget)

/* @all: every value there is, which sets the bins; NaN is passed over.  @name: what is counted, for
 * a screen reader. */
GtkWidget *ktm_histogram_new        (const char *name, const double *all, gsize n);
/* The values to count now: @indices into the @all of before. */
void
ktm_histogram_set_counts (KtmHistogram *self, const double *all, const guint *indices, gsize n);
/* Moves the handles without a signal. */
void       ktm_histogram_set_range  (KtmHistogram *self, double low, double high);
void       ktm_histogram_get_limits (KtmHistogram *self, double *lo, double *hi, double *step);

G_END_DECLS
