/* Text of a chart: measured and drawn so that one label is the same size on every surface. */
#pragma once

#include <pango/pangocairo.h>

typedef struct
{
  const char *text;
  double      size;       /* points */
  gboolean    bold;
  double      wrap;       /* width in points to wrap at; 0: one line */
  int         lines;      /* at most; then an ellipsis */
  PangoAlignment align;
} KtmTextSpec;

/* Begins to look for the fonts of the machine, in a thread of Pango's: text that is drawn later waits
 * less. */
void ktm_chart_text_begin (void);

/* One a thread and call of layout or draw; free with g_object_unref(). */
PangoContext *ktm_chart_text_context (const char *family);

void ktm_chart_text_measure (PangoContext *context, const KtmTextSpec *spec, double *width,
                             double *height);
/* Did the ellipsis have to hide something? */
gboolean ktm_chart_text_is_cut (PangoContext *context, const KtmTextSpec *spec);
/* Upper left corner of the text at the origin of @cr, in the current colour. */
void ktm_chart_text_draw (PangoContext *context, cairo_t *cr, const KtmTextSpec *spec);
