/* The choices above a chart that more than one page offers, and what they mean as options. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart-analysis.h"
#include "ktm-choice.h"
#include "ktm-study.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id, *label; /* label: N_(); a label that begins with a digit is said as it is */
} KtmOption;

extern const KtmOption ktm_options_show[3];    /* value | change | percent */
extern const KtmOption ktm_options_missing[5]; /* as ktm_missing_parse() */

void ktm_choice_set_table (KtmChoice *choice, const KtmOption *options, guint n);
#define KTM_MOST_COLOURS 12

/* Filled from the cohort: its measures; "" for none (@none, translated), the attributes of two to
 * @most levels and, with @numbers, the numbers, which are split at their median; "" for the last
 * visit and the visits after baseline, by nominal time. */
void ktm_choice_set_measures (KtmChoice *choice, KtmCohort *cohort);
void ktm_choice_set_groupings (KtmChoice *choice, KtmCohort *cohort, const char *none, guint most,
                               gboolean numbers);
/* Selects @by (NULL: none); a number cut elsewhere ("age:40,60") becomes an option.  FALSE: the
 * cohort has no such grouping. */
gboolean ktm_choice_select_grouping (KtmChoice *choice, KtmCohort *cohort, const char *by);
void ktm_choice_set_visits (KtmChoice *choice, KtmCohort *cohort);
/* Id of the first attribute with levels a chart can be coloured by; NULL none. */
const char *ktm_first_grouping (KtmCohort *cohort);

/* Id of the chosen option; NULL: none, or the one that stands for nothing. */
const char *ktm_choice_get_id (GtkWidget *choice);
/* A visit chosen: its nominal time; NaN the last. */
double ktm_choice_get_visit (GtkWidget *choice);
gboolean ktm_choice_set_visit (GtkWidget *choice, double time);

/* Options as every page of the window has them: level, language, decimal mark, caption. */
KtmChartOptions *ktm_chart_options_new_for_screen (GSettings *settings);
/* Settings that change every chart; "changed" of each calls @callback with @self. */
void ktm_watch_chart_settings (GSettings *settings, GCallback callback, gpointer self);

/* In a chart's place while there is nobody or nothing to draw; NULL: there is. */
const char *ktm_chart_say_empty (KtmStudy *study, const KtmChartOptions *options);

/* Tooltip and accessible name. */
void ktm_widget_set_name (GtkWidget *widget, const char *name);

G_END_DECLS
