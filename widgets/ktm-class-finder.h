/* KtmClassFinder: trajectory classes of what a page shows, looked for in the background and kept
 * until something differs. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-class-result.h"

G_BEGIN_DECLS

typedef struct _KtmClassFinder KtmClassFinder;

/* @changed is called in the main context when a search ended. */
KtmClassFinder *ktm_class_finder_new  (GSourceOnceFunc changed, gpointer data);
void ktm_class_finder_free (KtmClassFinder *self); /* what runs is stopped and not heard of again */

/* The classes of @frame as @options ask for them, where they are known.  NULL: they are being
 * looked for now, what ran for an earlier wish is stopped; or there are none, and *why (not NULL,
 * free with g_free()) says so in a sentence. */
KtmReport *ktm_class_finder_want (KtmClassFinder *self, const KtmFrame *frame,
                                  const KtmAnalysisOptions *options, char **why);
/* Those found last, for what is drawn of them again; NULL none. */
KtmReport *ktm_class_finder_last    (KtmClassFinder *self);
gboolean   ktm_class_finder_is_busy (KtmClassFinder *self);

G_END_DECLS
