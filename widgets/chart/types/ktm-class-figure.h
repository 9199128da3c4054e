/* What the figures of trajectory classes share: the figure, with its patients grouped by class.
 * Private to types/. */
#pragma once

#include "ktm-class-result.h"
#include "ktm-figure.h"

typedef struct
{
  KtmFigure             f;
  KtmChartOptions      *options;  /* owned: as asked for, with what classes are made from */
  const KtmClassResult *result;
  const KtmGbtmFit     *fit;
  long                 *row;      /* owned, n_patients of the frame: row of the result; −1 none */
  gsize                 n_new;    /* shown patients the classes were not made from */
} KtmClassFigure;

/* Checks the request and prepares; FALSE with one sentence.  @c zeroed; always followed by
 * ktm_class_figure_clear(). */
gboolean ktm_class_figure_init (KtmClassFigure *c, const KtmFrame *frame, const KtmReport *report,
                                const KtmChartOptions *options, GError **error);
void     ktm_class_figure_clear (KtmClassFigure *c);
