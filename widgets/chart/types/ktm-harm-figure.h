/* What the charts of adverse events share: who counts, how often, the sentences.  Private to
 * types/.
 */
#pragma once

#include "ktm-figure.h"
#include "ktm-safety.h"
#include "ktm-stops.h"

typedef struct
{
  KtmFigure  f;       /* every patient in a table without scores; no measure */
  KtmSafety  all;     /* of the groups shown */
  KtmSafety *groups;  /* f.groups.n; NULL where there is one group of all */
} KtmHarmFigure;

/* Counts the adverse events of the patients shown.  FALSE with one sentence where the data cannot
 * answer what the options ask.  Always followed by ktm_harm_figure_clear(). */
gboolean ktm_harm_figure_init  (KtmHarmFigure *h, const KtmFrame *frame,
                                const KtmChartOptions *options, GError **error);
void     ktm_harm_figure_clear (KtmHarmFigure *h);
/* The same without any adverse event: only the groups. */
gboolean ktm_harm_figure_init_groups (KtmHarmFigure *h, const KtmFrame *frame,
                                      const KtmChartOptions *options, GError **error);
/* Counts of a group, −1: of all. */
const KtmSafety *ktm_harm_figure_counts (const KtmHarmFigure *h, int group);
/* May severe events be told from the others, and are they among them? */
gboolean ktm_harm_figure_shows_severe (const KtmHarmFigure *h);
/* Visits of the frame within the options' times at which anybody of all was asked, ascending; *n of
 * them; free with g_free(). */
gsize   *ktm_harm_figure_visits (const KtmHarmFigure *h, gsize *n);
/* Whole times as numbers, others by their label: "W1", 1, 2 … */
void     ktm_harm_figure_time_axis (const KtmFigure *f, double lo, double hi, const gsize *visits,
                                    gsize n, KtmAxis *axis);
/* What counts, and who was never asked: sentences of the caption. */
void     ktm_harm_figure_caption (KtmHarmFigure *h);
/* The rate in percent, or events per 100 patients asked; NaN where nobody was asked. */
KtmEstimate ktm_harm_figure_rate (const KtmHarmFigure *h, const KtmSafety *s, gsize visit);
/* A percent axis from 0 that holds @most. */
void     ktm_harm_figure_rate_axis (double most, gboolean share, KtmAxis *axis);
/* "95% CI (Wilson)" */
char    *ktm_harm_figure_band_name (const KtmHarmFigure *h);

/* A series for each reason of @all; the first of them. */
guint    ktm_add_stop_series (const KtmFigure *f, KtmScene *scene, const KtmStops *all);
/* Areas of @stops by reason over @time (ascending, the first without any stop), from the bottom, in
 * the series of @all from @first on, in patients or @percent of them; @labels: each with its number
 * at the right of the panel. */
void     ktm_add_stop_areas (KtmScene *scene, KtmPanel *panel,
                             const KtmStops *stops, const KtmStops *all, guint first,
                             const double *time, gboolean percent, gboolean labels);
/* A legend of the areas. */
void     ktm_add_stop_legend (KtmScene *scene, const KtmStops *all, guint first);
/* The reason in the figure's language; free with g_free(). */
char    *ktm_stop_reason (const KtmFigure *f, const KtmStops *stops, gsize r);
/* The visits a chart of stops counts at, 0 first: an owned array of *n times. */
double  *ktm_stop_times (const KtmFigure *f, gsize *n);
/* A word in the colourless part above the areas, where there is room for it. */
void     ktm_add_still_followed (const KtmFigure *f, KtmPanel *panel, const KtmStops *stops,
                                 const double *time, gboolean percent);
