/* KtmReportView: one report as cards: title, big effect with its interval, rows, intervals drawn,
 * plain words, warnings.
 *
 * Generic over KtmReport: an analysis needs no work here.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-report.h"

G_BEGIN_DECLS

#define KTM_TYPE_REPORT_VIEW (ktm_report_view_get_type ())
G_DECLARE_FINAL_TYPE (KtmReportView, ktm_report_view, KTM, REPORT_VIEW, GtkWidget)

GtkWidget *ktm_report_view_new (void);
/* Shows @report (read only during the call) in the language of the interface. */
void       ktm_report_view_set_report  (KtmReportView *self, const KtmReport *report);
/* Gives each card that has a line for a figure a button "Add to figure"; signal "figure-toggled"
 * (guint card, gboolean on). */
void       ktm_report_view_set_figure_buttons (KtmReportView *self, gboolean shown);
/* Which card of the report shown stands in the figure; −1 none. */
void       ktm_report_view_set_in_figure (KtmReportView *self, int card);
/* A card of that title with only words: why there is no report. */
void ktm_report_view_set_message (KtmReportView *self, const char *title, const char *message);

/* Without any card. */
void ktm_report_view_clear (KtmReportView *self);

/* The interface's language for reports; NULL: English. */
const KtmLang *ktm_interface_lang (void);
/* A line starts with a capital, whatever the level is called in the data; "d_av" stays.  Owned. */
char *ktm_report_capital (const char *text);

G_END_DECLS
