/* KtmClassFinder: the one search for trajectory classes of a study: every page and pane that shows
 * classes asks here, so that the same patients are parted once.
 *
 * What was found is kept for the last few selections.  While it searches, what there is so far can
 * be shown.  "changed" is emitted when more was found, or the search ended; "progress" (fraction)
 * in between. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-class-model.h"
#include "ktm-class-search.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_CLASS_FINDER (ktm_class_finder_get_type ())
G_DECLARE_FINAL_TYPE (KtmClassFinder, ktm_class_finder, KTM, CLASS_FINDER, GObject)

/* The finder of @study; borrowed, lives as long as it. */
KtmClassFinder *ktm_class_finder_of (KtmStudy *study);

/* The classes of @frame as @options ask for them (options->classes chooses among what was found), a
 * reference: the whole, or what there is so far.  NULL: they are being looked for now; or there are
 * none, and *why (not NULL, free with g_free()) says so in a sentence.  What is searched for an
 * earlier wish is stopped. */
KtmClassResult *ktm_class_finder_want (KtmClassFinder *self, const KtmFrame *frame,
                                       const KtmAnalysisOptions *options, char **why);
/* The same where it is known already and whole (or was ended by the person); starts nothing. */
KtmClassResult *ktm_class_finder_peek (KtmClassFinder *self, const KtmFrame *frame,
                                       const KtmAnalysisOptions *options);
/* Those wanted last, for what is drawn of them again; a reference, NULL none. */
KtmClassResult *ktm_class_finder_last  (KtmClassFinder *self);
gboolean        ktm_class_finder_is_busy (KtmClassFinder *self);
double          ktm_class_finder_get_fraction (KtmClassFinder *self);
/* Ends the search with what it has; it can be taken up again. */
void            ktm_class_finder_stop  (KtmClassFinder *self);
void            ktm_class_finder_again (KtmClassFinder *self);
gboolean        ktm_class_finder_was_stopped (KtmClassFinder *self);
/* Patients placed by a saved model, to be shown in the place of what was fitted: @result a
 * reference to them, @title what the model is called.  "changed" is emitted. */
void ktm_class_finder_set_applied (KtmClassFinder *self, const KtmClassResult *result,
                                   const KtmClassModel *model, const char *title);
/* Borrowed; NULL: none were applied. */
const KtmClassResult *ktm_class_finder_get_applied (KtmClassFinder *self);
const KtmClassModel  *ktm_class_finder_get_applied_model (KtmClassFinder *self);
const char           *ktm_class_finder_get_applied_title (KtmClassFinder *self);
/* Whether the charts of classes show them now. */
void     ktm_class_finder_show_applied  (KtmClassFinder *self, gboolean shown);
gboolean ktm_class_finder_shows_applied (KtmClassFinder *self);
/* A subgroup made of classes is shown as what it is, not parted anew. */
gboolean        ktm_class_finder_is_subgroup (KtmStudy *study);

G_END_DECLS
