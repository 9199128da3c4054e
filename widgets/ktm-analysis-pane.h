/* KtmAnalysisPane: the results of what a page shows, beside it: cards of one or several analyses,
 * live.
 *
 * Cheap analyses run at once; slow ones (mixed models, large cohorts) in the background with
 * progress and Stop, the old cards staying until the new ones are there.  Copy table, methods text
 * and source are the pane's own.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-analysis.h"

G_BEGIN_DECLS

#define KTM_TYPE_ANALYSIS_PANE (ktm_analysis_pane_get_type ())
G_DECLARE_FINAL_TYPE (KtmAnalysisPane, ktm_analysis_pane, KTM, ANALYSIS_PANE, GtkWidget)

GtkWidget *ktm_analysis_pane_new (void);

/* What to analyse: @frame is referenced, @options copied; @analyses: registry ids, NULL-ended, in
 * the order of the cards. NULL @frame empties the pane.  What runs for an earlier input is stopped.
 */
void ktm_analysis_pane_set_input (KtmAnalysisPane *self, const KtmFrame *frame,
                                  const KtmAnalysisOptions *options, const char *const *analyses);
/* Whether the chart beside is parted into the groups of the options: then responders are compared
 * between them, too (differences of rates with CI).  Before ktm_analysis_pane_set_input(). */
void ktm_analysis_pane_set_split (KtmAnalysisPane *self, gboolean split);
/* A page's own widget over the cards; NULL: none. */
void ktm_analysis_pane_set_head (KtmAnalysisPane *self, GtkWidget *head);
/* The analyses wait for something the page computes first: their old cards fade, or @message
 * (nullable) stands in their place.  Ended by the next input. */
void ktm_analysis_pane_hold (KtmAnalysisPane *self, const char *const *analyses,
                             const char *message);
/* A card between the results and the tools that is not a report; NULL: none. */
void       ktm_analysis_pane_set_extra (KtmAnalysisPane *self, GtkWidget *extra);
GtkWidget *ktm_analysis_pane_get_extra (KtmAnalysisPane *self);
/* The line of the card the reader added to the figure, of the numbers shown now; NULL: none, or it
 * is being computed anew. Signal "note-changed" tells of it.  Another page's analyses take it off.
 * Free with ktm_text_free(). */
KtmText   *ktm_analysis_pane_dup_note  (KtmAnalysisPane *self);
/* A card is in the figure, so that the pane must compute even where it is not seen. */
gboolean   ktm_analysis_pane_has_note  (KtmAnalysisPane *self);
void       ktm_analysis_pane_drop_note (KtmAnalysisPane *self);
/* Something still runs. */
gboolean   ktm_analysis_pane_is_busy   (KtmAnalysisPane *self);
/* The last finished report of an analysis shown; borrowed until the next input; NULL none. */
const KtmReport *ktm_analysis_pane_get_report (KtmAnalysisPane *self, const char *analysis);

G_END_DECLS
