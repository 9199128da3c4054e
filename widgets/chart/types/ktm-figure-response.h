/* The definition of response of a figure.  Private to types/. */
#pragma once

#include "ktm-figure.h"
#include "ktm-response.h"

/* options->definition, else relief of at least options->threshold (30) percent of @f's measure.
 * NULL with one sentence. */
KtmDefinition *ktm_figure_definition (const KtmFigure *f, GError **error);

/* Visits after baseline within the figure's times: their number; @out: the frame's n_visits. */
gsize ktm_figure_visits_after (const KtmFigure *f, gsize *out);
