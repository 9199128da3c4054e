/* app/cli: the GRoLTS checklist with its tables, figures and methods text, as one PDF or one
 * folder.  No GTK: the command line and the window call the same. */
#pragma once

#include "ktm-chart.h"
#include "ktm-report.h"

G_BEGIN_DECLS

/* @frame, @report: what was analysed, "trajectory-classes" with fitted classes
 * @missing: of "missingness", or NULL
 * @where:   conditions on the patients, for the recipe and the command; NULL-ended, or NULL
 * @path:    ends in .pdf: one file; else a folder that is made
 * @lang:    of the PDF and the figures; a folder holds the texts in every language
 *
 * The folder: checklist-LANG.html and .csv, methods-LANG.txt, results.csv, distributions.csv,
 * classes and class-models as PNG and SVG, model.json, recipe.json.  No patient code is in any of
 * them.  Errors: there are no fitted classes; the folder is there already; nothing can be written
 * (what was begun is taken away again). */
gboolean ktm_grolts_export (const KtmFrame *frame, const KtmReport *report,
                            const KtmReport *missing, const char *const *where, const char *path,
                            const KtmLang *lang, GError **error);

G_END_DECLS
