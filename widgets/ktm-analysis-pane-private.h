/* The parts of KtmAnalysisPane: what runs, and what can be done with the results. */
#pragma once

#include "ktm-analysis-pane.h"
#include "ktm-report-view.h"

G_BEGIN_DECLS

/* One analysis shown. */
typedef struct
{
  KtmAnalysisPane   *pane;         /* borrowed */
  const KtmAnalysis *analysis;
  KtmReport         *report;       /* owned; the last one finished */
  KtmReportView     *view;         /* owned by the box */
  GCancellable      *cancellable;  /* owned while it runs */
  double             fraction;
  gboolean           stale;        /* the report is of an earlier input */
} KtmPaneSlot;

struct _KtmAnalysisPane
{
  GtkWidget           parent_instance;
  GtkWidget          *scroller;      /* child */
  gboolean            split;         /* the chart beside is parted into the options' groups */
  GtkWidget          *head;          /* an AdwBin: the page's own widget */
  GtkWidget          *cards;         /* box of the slots' views */
  GtkWidget          *status, *spinner, *progress;
  GtkWidget          *extra_bin;     /* holds a card that is not a report */
  GtkWidget          *tools, *copy, *more, *also, *test;
  KtmFrame           *frame;         /* a reference; nullable */
  KtmAnalysisOptions *options;       /* owned; nullable */
  char              **analyses;      /* owned; the page's */
  GHashTable         *extra;         /* ids the reader added */
  GPtrArray          *slots;         /* Slot */
  guint               spinner_id, copied_id;
  const char         *noted;         /* analysis with a card in the figure; static; NULL none */
  guint               noted_card;
  char               *chosen_test;   /* owned; NULL: recommended */
  gboolean            filling;       /* the test list is being rewritten */
};

typedef KtmPaneSlot Slot;

/* Runs everything anew. */
void                ktm_analysis_pane_restart      (KtmAnalysisPane *self);
/* The page's options, but for those the analysis does not take and the reader's test. */
KtmAnalysisOptions *
ktm_analysis_pane_options_for (KtmAnalysisPane *self, const KtmAnalysis *analysis);
gboolean            ktm_analysis_pane_is_wanted    (KtmAnalysisPane *self, const char *id);
/* The cards' buttons "Add to figure". */
void                ktm_analysis_pane_watch_slot   (KtmAnalysisPane *self, Slot *slot);
void                ktm_analysis_pane_say_note     (KtmAnalysisPane *self);
/* The last card: test, copy, methods, source, more analyses.  Fills in self->tools and what it
 * holds. */
void                ktm_analysis_pane_add_tools    (KtmAnalysisPane *self, GtkWidget *column);
void                ktm_analysis_pane_install_copy (GtkWidgetClass *widget_class);

G_END_DECLS
