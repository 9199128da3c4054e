/* KtmBoardPage: a page described by a table: a toolbar of choices over one or several charts, each
 * on a card, with the page's own widgets around them.
 *
 * The board keeps the charts right: another choice, other patients, another picked patient or an
 * edited cohort, and they are drawn anew; what a chart's type computes first (its analysis) runs in
 * the background while the old picture stays.  One card is the selected one: what is exported and
 * what the results pane is about.
 *
 * Property "count-shown": whether the toolbar starts with "238 of 256 patients".  Signal
 * "chart-changed": what a chart shows, or which is selected, is about to differ.
 */
#pragma once

#include "ktm-chart-choices.h"
#include "ktm-chart-view.h"

G_BEGIN_DECLS

#define KTM_TYPE_BOARD_PAGE (ktm_board_page_get_type ())
G_DECLARE_FINAL_TYPE (KtmBoardPage, ktm_board_page, KTM, BOARD_PAGE, GtkWidget)

/* Choices every board may have; each has its place in KtmChartOptions. */
typedef enum
{
  KTM_BOARD_MEASURE = 1 << 0,
  KTM_BOARD_SHOW    = 1 << 1,
  KTM_BOARD_AT      = 1 << 2, /* the visit, options->to */
  KTM_BOARD_GROUP   = 1 << 3, /* options->colour_by */
  KTM_BOARD_MISSING = 1 << 4,
  KTM_BOARD_LINES   = 1 << 5  /* a toggle: individuals */
} KtmBoardUses;

/* A choice of the board's own, for its adjust() and restore() to give a meaning. */
typedef struct
{
  const char      *id, *name; /* name: N_() */
  const KtmOption *options;   /* the first is chosen where nothing was before */
  guint            n_options;
  const char      *key;       /* settings key that keeps it (a string); NULL: not kept */
} KtmBoardChoice;

typedef struct
{
  const char *type;   /* id of a chart type; one card each */
  const char *label;  /* N_(): in the switch, and over the card */
  const char *hint;   /* N_(): in the caption's place while all are shown; NULL: the caption */
  int         row;    /* where it stands while all are shown; −1: only where it is chosen */
  double      weight; /* its share of the row's width */
  int         height; /* least height of its card in pixels while all are shown */
  const char *title;  /* N_(): over the card; NULL: the label */
} KtmBoardChart;

/* A board; static.  Every function may be NULL. */
typedef struct
{
  const char           *id;
  guint                 uses;       /* KtmBoardUses */
  const char           *group_name; /* N_("Colour by") */
  const KtmBoardChoice *choices;
  guint                 n_choices;
  const KtmBoardChart  *charts;
  guint                 n_charts;
  const char           *all;        /* N_("All three"); NULL: one chart at a time */
  const char           *view_key, *show_key, *missing_key; /* settings keys (strings); nullable */
  const char *const    *analyses;   /* what the results pane computes; NULL-ended */
  /* Own widgets, made once: over the charts, under them, on top of the results pane, and in the
   * sidebar (called by a name, N_()), where the patients stand else. */
  GtkWidget *(*above) (KtmBoardPage *page);
  GtkWidget *(*below) (KtmBoardPage *page);
  GtkWidget *(*pane)  (KtmBoardPage *page);
  GtkWidget *(*sidebar) (KtmBoardPage *page);
  const char *sidebar_name;
  /* The last word on the options of the chart of @type, and of the pane where it is selected. */
  void (*adjust) (KtmBoardPage *page, const char *type, KtmChartOptions *options);
  /* The page's own choices from options, where a recipe is shown again. */
  void (*restore) (KtmBoardPage *page, const char *type, const KtmChartOptions *options);
  /* Another least height of a chart's card than its own, by what is chosen. */
  int  (*height) (KtmBoardPage *page, const KtmBoardChart *chart);
  /* The last word on what an analysis is asked: that of a chart, or (@type NULL) those of the pane.
   */
  void (*adjust_analysis) (KtmBoardPage *page, const char *type, KtmAnalysisOptions *options);
  /* Something changed and the charts are being drawn: own widgets may follow.  @frame: NULL where
   * nobody is shown. */
  void (*updated) (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options);
  /* The charts are there for the first time: signals of theirs can be connected. */
  void (*built) (KtmBoardPage *page);
} KtmBoard;

/* @settings: the program's. */
GtkWidget *ktm_board_page_new (const KtmBoard *board, KtmStudy *study, GSettings *settings);

/* For a board's own functions. */
KtmStudy  *ktm_board_page_get_study    (KtmBoardPage *self);
GSettings *ktm_board_page_get_settings (KtmBoardPage *self);
/* The id chosen in a choice of the board's own; NULL: no such choice, or nothing chosen. */
const char *ktm_board_page_get_choice (KtmBoardPage *self, const char *id);
gboolean    ktm_board_page_set_choice (KtmBoardPage *self, const char *id, const char *option);
/* Other options of such a choice; what was chosen stays if it is still there. */
void ktm_board_page_set_options (KtmBoardPage *self, const char *id, const char *const *ids,
                                 const char *const *labels, guint n);
void        ktm_board_page_show_choice (KtmBoardPage *self, const char *id, gboolean shown);
/* The attribute that makes the groups; NULL: none. */
const char *ktm_board_page_get_group (KtmBoardPage *self);
/* Type of the selected chart; static. */
const char *ktm_board_page_get_selected (KtmBoardPage *self);
KtmChartView *ktm_board_page_get_view (KtmBoardPage *self, const char *type); /* borrowed */
/* Draws everything anew, soon: an own widget changed what adjust() will say. */
void        ktm_board_page_queue_update (KtmBoardPage *self);
/* Draws one chart anew at once, for what concerns nothing else: a line that is being dragged. */
void        ktm_board_page_redraw (KtmBoardPage *self, const char *type);

/* As the table of pages wants them (app/ktm-pages.h). */
KtmChartOptions *ktm_board_page_dup_options (KtmBoardPage *self, const char **type);
gboolean    ktm_board_page_apply (KtmBoardPage *self, const char *type,
                                  const KtmChartOptions *options);
KtmReport  *ktm_board_page_dup_report (KtmBoardPage *self);
void        ktm_board_page_set_note (KtmBoardPage *self, const KtmText *note);
gboolean    ktm_board_page_is_busy (KtmBoardPage *self);
const char *const *ktm_board_page_get_analyses (KtmBoardPage *self);
GtkWidget  *ktm_board_page_get_pane_widget (KtmBoardPage *self); /* borrowed; NULL none */
/* Borrowed, and what it is called; NULL none. */
GtkWidget  *ktm_board_page_get_sidebar (KtmBoardPage *self);
const char *ktm_board_page_get_sidebar_name (KtmBoardPage *self);
void        ktm_board_page_adjust_analysis (KtmBoardPage *self, KtmAnalysisOptions *options);

G_END_DECLS
