/* The pages of a window: one table, in the order of the switcher. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-chart.h"
#include "ktm-study.h"

#include <gtk/gtk.h>

typedef struct
{
  const char *id, *title;   /* title: N_() */
  gboolean    own_list;     /* the page lists the patients itself: the sidebar's list is hidden */
  gboolean    no_pane;      /* nothing for the results pane */
  GtkWidget *(*create) (KtmStudy *study, GSettings *settings);
  /* The chart on the page, for export and recipes; NULL: it has none. */
  KtmChartOptions *(*dup_chart) (GtkWidget *page, const char **type);
  gboolean  (*apply)   (GtkWidget *page, const char *type, const KtmChartOptions *options);
  gboolean  (*is_busy) (GtkWidget *page);
  /* What the results pane computes for it; a page with these has a signal "chart-changed". */
  const char *const *(*get_analyses) (GtkWidget *page);
  /* What the chart is drawn from, where its type names an analysis; NULL: none, or not yet. */
  KtmReport *(*dup_report) (GtkWidget *page);
  /* A line of results for the page's figure; NULL: it takes none. */
  void      (*set_note) (GtkWidget *page, const KtmText *note);
  /* Its own widget on top of the pane (borrowed, NULL none), and its word on what is asked. */
  GtkWidget *(*pane_widget) (GtkWidget *page);
  void      (*adjust_analysis) (GtkWidget *page, KtmAnalysisOptions *options);
  /* Its own widget in the sidebar beside the patients, and its name; borrowed, NULL none. */
  GtkWidget *(*sidebar) (GtkWidget *page, const char **name);
} KtmPage;

const KtmPage *ktm_pages (gsize *n);
const KtmPage *ktm_page_find (const char *id);   /* NULL: no such page */
