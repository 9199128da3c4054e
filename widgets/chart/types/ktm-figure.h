/* What every chart type's build() needs: the table of scores, the groups, the sentences of the
 * caption.  Private to types/. */
#pragma once

#include <math.h>

#include "ktm-chart.h"

typedef struct
{
  gsize    n;
  char   **label;        /* NULL-ended */
  gsize   *level;        /* position among the attribute's levels: the look of the series */
  gsize   *count;        /* patients of the table in it */
  int     *of;           /* n_patients: group, −1 none */
  long     attribute;    /* −1: one group of all */
  gsize    n_unknown;    /* patients of the table whose level is not recorded */
  gsize    n_left_out;   /* whose level was not asked for */
} KtmGroups;

typedef struct
{
  const KtmFrame        *frame;
  const KtmChartOptions *options;
  const KtmFrameMeasure *measure;
  const KtmLang         *lang;
  KtmFrameTable          table;
  KtmGroups              groups;
  double                *time;     /* of the table's visits */
  double                 lo, hi;   /* of the time axis */
  GString               *caption;
} KtmFigure;

/* Checks the request and prepares; FALSE with one sentence.  Always followed by ktm_figure_clear().
 */
gboolean ktm_figure_init (KtmFigure *f, const KtmFrame *frame, const KtmChartOptions *options,
                          GError **error);
void     ktm_figure_clear (KtmFigure *f);
gboolean ktm_figure_make_groups (KtmFigure *f, GError **error);  /* part of init */

/* FALSE with a sentence when there are more groups than a reader can tell apart. */
gboolean ktm_figure_check_groups (const KtmFigure *f, gsize most, GError **error);

/* A sentence in the figure's language; takes @text; free with g_free(). */
char    *ktm_figure_say   (const KtmFigure *f, KtmText *text);
char    *ktm_figure_say_options (const KtmChartOptions *options, KtmText *text);
/* Adds a sentence to the caption; takes @text. */
void     ktm_figure_caption (KtmFigure *f, KtmText *text);

KtmScene *ktm_figure_scene  (const KtmFigure *f, const char *chart);
/* Time axis with a tick at every visit shown. */
void     ktm_figure_time_axis (const KtmFigure *f, KtmAxis *axis);
void ktm_time_axis_init (const KtmFrame *frame, const KtmChartOptions *options, double lo,
                         double hi, gsize n, const double *ticks, KtmAxis *axis);
/* "Pain intensity (NRS, 0–10)", or of its change. */
char    *ktm_figure_value_label (const KtmFigure *f);
const char *ktm_time_unit_after (const char *unit); /* "Months after {1}", to be translated */
char *
ktm_time_text (const KtmFrame *frame, const KtmChartOptions *options, double time); /* "month 12" */
char    *ktm_figure_number   (const KtmFigure *f, double value, int decimals);
char    *ktm_options_number  (const KtmChartOptions *options, double value, int decimals);
int      ktm_time_decimals   (double time);
/* Which patients and what became of missing visits: the last sentences of the caption. */
void     ktm_figure_caption_patients (KtmFigure *f);
void     ktm_figure_caption_missing  (KtmFigure *f);
/* Value axis: the measure's range, uncut; changes symmetric; percent with what lies outside counted
 * and said.
 * @low, @high: of the summaries, NaN none. */
void     ktm_figure_value_axis (KtmFigure *f, KtmAxis *axis, double low, double high);
/* Deterministic jitter of @subject, −1…1. */
double   ktm_figure_jitter (guint64 seed, guint32 subject);
/* Moves each patient's line a little where all scores are whole: equal ones would hide each other.
 */
void     ktm_figure_jitter_lines (const KtmFigure *f, KtmMark *mark, const KtmAxis *axis);
/* @value held within the axis; NaN stays. */
double   ktm_figure_within (double value, const KtmAxis *axis);
/* The picked patient, where shown in @group (−1: in any). */
void     ktm_figure_add_picked (const KtmFigure *f, KtmPanel *panel, int group);
/* May patient codes be shown? */
gboolean ktm_figure_codes (const KtmFrame *frame, const KtmChartOptions *options);
/* The index event over the first panel: "▼ First ketamine, day 0". */
void ktm_add_index_note (const KtmFrame *frame, const KtmChartOptions *options, double lo,
                         double hi, KtmScene *scene);

/* One group at each visit of the table. */
typedef struct
{
  gsize   n_visits;
  gsize  *n;
  double *centre, *low, *high, *alpha;
} KtmGroupSummary;

#define KTM_FAINT_BELOW 10

/* @group −1: everybody shown.  Free with ktm_group_summary_clear(). */
KtmGroupSummary ktm_figure_summarise (const KtmFigure *f, int group);
void            ktm_group_summary_clear (KtmGroupSummary *summary);
/* "95% CI", NULL where no band is drawn; free with g_free(). */
char           *ktm_figure_band_name (const KtmFigure *f);
/* The row "n" of a group under a time axis. */
void ktm_figure_add_counts (const KtmFigure *f, KtmPanel *panel, const gsize *n, guint series,
                            gboolean marker);

/* --- trajectory classes ----------------------------------------------------------------------- */

#define KTM_CLASS_ATTRIBUTE "trajectory_class"
