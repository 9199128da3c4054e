/* The parts of KtmBoardPage: its widgets and choices, and what draws its charts. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

typedef struct
{
  KtmBoardPage        *page;     /* borrowed */
  const KtmBoardChart *chart;
  const KtmChartType  *type;
  GtkWidget           *card;     /* owned by the grid */
  KtmReport           *report;   /* owned; what is drawn, NULL none */
  /* while the analysis runs */
  GCancellable        *running;  /* owned */
  KtmFrame            *frame;    /* owned; what the report will be drawn with */
  KtmChartOptions     *options;  /* owned */
} KtmBoardCard;

struct _KtmBoardPage
{
  GtkWidget       parent_instance;
  const KtmBoard *board;
  KtmStudy       *study;     /* owned */
  GSettings      *settings;  /* owned */
  GPtrArray      *cards;     /* KtmBoardCard */
  KtmBoardCard   *selected;
  GtkWidget      *box;       /* child */
  GtkWidget      *toolbar, *count, *measure, *show, *at, *group, *missing, *lines, *view, *whole;
  GtkWidget      *pane, *sidebar; /* owned; nullable */
  GHashTable     *choices;   /* id → KtmChoice, of the board's own */
  KtmText        *note;      /* owned; a result printed in the selected figure */
  guint           update_id;
  gboolean        telling;   /* chart-changed is on its way: the charts are drawn after it */
};

/* The chart the switch stands on; NULL: all. */
KtmBoardCard *ktm_board_page_alone (KtmBoardPage *self);
void          ktm_board_page_select (KtmBoardPage *self, KtmBoardCard *card);
KtmChartOptions *ktm_board_page_options_of (KtmBoardPage *self, const KtmBoardCard *card);
/* Draws the charts that are shown. */
void          ktm_board_page_draw  (KtmBoardPage *self);
void          ktm_board_card_stop  (KtmBoardCard *card);
void          ktm_board_card_free  (gpointer card);

G_END_DECLS
