/* The parts of KtmWindow: the widget, its actions, and what is opened in it. */
#pragma once

#include "ktm-empty-page.h"
#include "ktm-later.h"
#include "ktm-pages.h"
#include "ktm-study.h"
#include "ktm-window.h"

G_BEGIN_DECLS

/* Frames the page is given to draw its chart before the rest is built or computed. */
#define KTM_WINDOW_PATIENCE 30

struct _KtmWindow
{
  AdwApplicationWindow parent_instance;
  KtmStudy            *study;       /* owned; NULL on the first page */
  GCancellable        *loading;     /* owned; a cohort is on its way */
  char                *path;        /* owned; of the open cohort, NULL: the sample */
  KtmRecipe           *recipe;      /* owned; to be drawn when the cohort is there */
  GtkWidget *search, *panel, *paned, *list_box, *list; /* borrowed; the sidebar, as far as built */
  GtkWidget *side_switch, *own_side;   /* borrowed; what the page puts beside the patients, NULL */
  KtmLater            *later;       /* owned; builds what is not looked at first */
  guint                present_id;  /* the window is shown then, or with its cohort */
  guint                patience;    /* frames still waited for the page */
  gboolean             adding_pages;
  gboolean             list_placed;
  gboolean             reporting;   /* a report is being written */
  gboolean alone, sidebar_before, pane_before; /* the page alone; what stood beside it */
  /* template */
  AdwToastOverlay     *toasts;
  GtkStack            *root_stack, *title_stack, *pages;
  GMenuModel          *main_menu;
  AdwFlap             *sidebar_flap, *pane_flap;
  GtkWidget *sidebar, *pane_bin, *empty_bin, *menu_button, *sidebar_button, *pane_button,
      *export_button, *title_box;
  GtkStackSwitcher    *switcher;
  GtkLabel            *title_label, *subtitle_label, *loading_label;
  GtkProgressBar      *loading_bar;
  gboolean             pane_stale;
  gboolean             narrow;
};

void ktm_window_add_actions    (KtmWindow *self);
void ktm_window_update_actions (KtmWindow *self);
void ktm_window_take_cohort    (KtmWindow *self, KtmCohort *cohort, const char *path);
void ktm_window_show_empty     (KtmWindow *self);
const KtmPage *ktm_window_get_page (KtmWindow *self, GtkWidget **widget);
void ktm_window_show_page      (KtmWindow *self, const char *id);
/* The widget of a page, made if need be; NULL: no such page, or no cohort. */
GtkWidget *ktm_window_need_page (KtmWindow *self, const char *id);
/* NULL, too, where nobody asked for it yet. */
GtkWidget *ktm_window_peek_page (KtmWindow *self, const char *id);
void ktm_window_add_pages      (KtmWindow *self);
void ktm_window_remove_pages   (KtmWindow *self);
void ktm_window_watch_pages    (KtmWindow *self);
/* The sidebar, whole: it is otherwise built after the page. */
void ktm_window_need_sidebar   (KtmWindow *self);
void ktm_window_remove_sidebar (KtmWindow *self);
gboolean ktm_window_sidebar_is_busy (KtmWindow *self);
KtmLaterResult ktm_window_build_piece (gpointer data);
/* The sidebar follows the page, which may put something beside the patients; they come first. */
void ktm_window_update_sidebar (KtmWindow *self);
void ktm_window_show_patients  (KtmWindow *self);
/* Scrolls to the name of the page, soon. */
void ktm_window_show_tab       (KtmWindow *self);
/* The page without sidebar and pane on the whole screen, or as it was before. */
void ktm_window_set_alone      (KtmWindow *self, gboolean alone);
/* With an Undo button. */
void ktm_window_say_undoable   (KtmWindow *self, const char *sentence);
void ktm_window_say_error      (KtmWindow *self, const char *title, const GError *error);
/* Draws the figure of a recipe, or says why not. */
void ktm_window_apply_recipe   (KtmWindow *self, const KtmRecipe *recipe);
/* How to make the chart on the page again; NULL, after saying why, where that cannot be. */
KtmRecipe *ktm_window_dup_recipe (KtmWindow *self);
void ktm_window_add_deck_actions (KtmWindow *self);
void ktm_window_add_drop       (KtmWindow *self);
void ktm_window_add_open_actions (KtmWindow *self);
/* Trajectory classes: save, apply saved ones, the GRoLTS checklist. */
void ktm_window_add_class_actions (KtmWindow *self);
/* The report of the patients shown: asks where to, or writes it there in these languages ("en,fr").
 */
void ktm_window_ask_report     (KtmWindow *self);
void ktm_window_write_report   (KtmWindow *self, const char *path, const char *langs);
/* The results pane: made when it is first shown, computed anew whenever page, patients or options
 * change. */
void ktm_window_add_pane       (KtmWindow *self);
void ktm_window_update_pane    (KtmWindow *self);
/* What was put off, if anything. */
void ktm_window_update_pane_now (KtmWindow *self);
/* Takes the result off the figure. */
void ktm_window_drop_note      (KtmWindow *self);
gboolean ktm_window_pane_is_busy (KtmWindow *self);

G_END_DECLS
