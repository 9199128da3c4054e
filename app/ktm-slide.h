/* A slide as numbers and as a picture: what its recipe asks for in this cohort, made fit to be seen
 * by a room: no codes, no picked patient, and no single patients where fewer than five share the
 * subgroup.
 */
#pragma once

#include <cairo.h>

#include "ktm-analysis.h"
#include "ktm-deck.h"

G_BEGIN_DECLS

#define KTM_SLIDE_FEWEST 5 /* patients from whom on single lines may be shown */

/* What a slide is drawn from; plain data, safe to hand to a worker. */
typedef struct
{
  const KtmChartType *type;
  KtmFrame           *frame;    /* owned */
  KtmChartOptions    *options;  /* owned; the recipe's, with what a room may not see taken away */
  const KtmAnalysis  *analysis; /* nullable: what must run first */
  KtmAnalysisOptions *asked;    /* owned; of the analysis */
  char               *title;    /* owned: the message, or the chart's title */
  char               *footer;   /* owned: which cohort, which patients */
} KtmSlideJob;

/* NULL with a sentence where the cohort has no such measure, attribute, group or patient any more.
 */
KtmSlideJob *ktm_slide_job_new  (KtmStudy *study, const KtmSlide *slide, GError **error);
void         ktm_slide_job_free (KtmSlideJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmSlideJob, ktm_slide_job_free)

/* "Trajectories · NRS · Pain type" */
char        *ktm_slide_dup_name (KtmStudy *study, const KtmSlide *slide);

/* Runs the analysis, where there is one, and builds the scene; here and now, in any thread. */
KtmScene *ktm_slide_job_build (const KtmSlideJob *job, GCancellable *cancellable, GError **error);

/* One slide on paper of 1440 × 900 units: title, chart, footer and where it stands among @n. */
#define KTM_SLIDE_WIDTH 1440
#define KTM_SLIDE_HEIGHT 900
void ktm_slide_draw (cairo_t *cr, const KtmScene *scene, const char *title, const char *footer,
                     guint index, guint n);

/* All slides of a deck, built in a worker: a GPtrArray of KtmSlidePage. */
typedef struct
{
  KtmScene *scene;         /* owned */
  char     *title, *footer; /* owned */
} KtmSlidePage;
void ktm_slides_build_async (KtmStudy *study, const KtmDeck *deck, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
GPtrArray   *ktm_slides_build_finish (GAsyncResult *result, GError **error);

/* A PDF with a page for each; whole or not at all. */
gboolean
ktm_slides_save_pdf (GPtrArray *pages, const char *title, const char *path, GError **error);

G_END_DECLS
