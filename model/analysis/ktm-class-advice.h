/* model/analysis: what is said of a number of trajectory classes: why it is recommended, what one
 * class more would add, and what would mislead.  The pane, the table under the chart and the
 * command line say the same sentences. */
#pragma once

#include <glib.h>

#include "ktm-class-result.h"
#include "ktm-text.h"

G_BEGIN_DECLS

/* "Use 3 classes: one class more lowers BIC by only …", or what speaks against the number chosen;
 * free with ktm_text_free().  NULL: nothing was fitted yet. */
KtmText   *ktm_class_recommendation (const KtmClassResult *result);
/* What class @k + 1 would add to @k: "one class more lowers BIC by only 81, 6 % of …"; NULL: it was
 * not fitted. */
KtmText   *ktm_class_next           (const KtmClassResult *result, gsize k);
/* "The search was ended early: models with 4 and more classes were not fitted."; NULL: all were. */
KtmText   *ktm_class_not_fitted     (const KtmClassResult *result);
/* Of the chosen model: it did not converge, a class is empty or double, sigma is at its floor, the
 * optimum was met once; classes that are too small or uncertain.  Of KtmText; free with
 * g_ptr_array_unref(). */
GPtrArray *ktm_class_warnings       (const KtmClassResult *result);

G_END_DECLS
