/* Where the patient of a page is heading, by the trajectory classes.  Private to types/. */
#pragma once

#include "ktm-chart.h"

/* Draws the expected course of patient @row after @last_time (the last score) into @panel of
 * @measure, and says the most likely class; nothing where @report (nullable) has no classes made
 * from @measure, or none of this patient. */
void ktm_figure_add_outlook (const KtmFrame *frame, gsize row, gsize measure,
                             const KtmReport *report, const KtmChartOptions *options,
                             double last_time, KtmScene *scene, KtmPanel *panel,
                             GString *caption);
