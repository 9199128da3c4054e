/* model/analysis: a search for trajectory classes in the background that tells what it has so far.
 */
#pragma once

#include "ktm-analysis.h"
#include "ktm-class-result.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmClassResult, ktm_class_result_unref)

/* Called in the main context while it works: after each number of classes with @so_far (borrowed),
 * in between with NULL. */
typedef void (*KtmClassSearchNews) (KtmClassResult *so_far, double fraction, gpointer data);

/* Searches 1 … 6 classes of the scores @options name (measure, visits, shape, starts, seed), as the
 * analysis "trajectory-classes" does.  @options->enough ends it with what there is; @cancellable
 * throws everything away, and nothing is heard of it any more. */
void ktm_class_search_async (const KtmFrame *frame, const KtmAnalysisOptions *options,
                             GCancellable *cancellable, KtmClassSearchNews news, gpointer news_data,
                             GAsyncReadyCallback callback, gpointer data);
/* A reference; NULL with an error that says why there are no classes. */
KtmClassResult *ktm_class_search_finish (GAsyncResult *result, GError **error);

G_END_DECLS
