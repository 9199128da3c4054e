/* Floor widgets/chart: who stopped, as areas by reason over time.  No GTK. */
#include "ktm-harm-figure.h"

/* Adverse events vermilion, then what stands off it, with or without colour. */
static const guint looks[] = { 1, 3, 2, 4, 5, 0 };
static const KtmFill fills[] = { KTM_FILL_SOLID, KTM_FILL_DIAGONAL, KTM_FILL_DOTS,
                                 KTM_FILL_BACK,  KTM_FILL_LEVEL,    KTM_FILL_CROSS };

/* Between visits the areas rise evenly, so only visits at which scores are taken count: a stop in
 * the first month must not look like one in the first week. */
static gboolean
is_scored (const KtmFrame *frame, gsize visit)
{
  for (gsize m = 0; m < frame->n_measures; m++)
    for (gsize i = 0; i < frame->n_patients; i++)
      if (!isnan (frame->measures[m].value[i * frame->n_visits + visit]))
        return TRUE;
  return FALSE;
}

/* See the header. */
double *
ktm_stop_times (const KtmFigure *f, gsize *n)
{
  const KtmFrame *frame = f->frame;
  double *times = g_new (double, frame->n_visits + 2);

  *n = 0;
  times[(*n)++] = 0;
  for (gsize j = 0; j < frame->n_visits; j++)
    if (frame->visit_time[j] > times[*n - 1]
        && !(frame->visit_time[j] > f->options->to + 1e-6)
        && (is_scored (frame, j) || j == frame->n_visits - 1))
      times[(*n)++] = frame->visit_time[j];
  return times;
}

/* See the header. */
char *
ktm_stop_reason (const KtmFigure *f, const KtmStops *stops, gsize r)
{
  if (stops->reason[r] < 0)
    return ktm_figure_say (f, ktm_text_new (N_("no reason given"), ""));
  return g_strdup (ktm_lang_text (f->lang, f->frame->stop_reasons[stops->reason[r]]));
}

/* See the header. */
guint
ktm_add_stop_series (const KtmFigure *f, KtmScene *scene, const KtmStops *all)
{
  guint first = scene->series->len;

  for (gsize r = 0; r < all->n_reasons; r++)
    {
      g_autofree char *name = ktm_stop_reason (f, all, r);

      ktm_scene_add_series (scene, name, looks[r % G_N_ELEMENTS (looks)]);
    }
  return first;
}

/* See the header. */
void
ktm_add_stop_legend (KtmScene *scene, const KtmStops *all, guint first)
{
  for (gsize r = 0; r < all->n_reasons; r++)
    ktm_scene_add_area_legend (scene,
                               ((const KtmSeries *) scene->series->pdata[first + r])->label,
                               KTM_ROLE_SERIES, first + (guint) r,
                               fills[r % G_N_ELEMENTS (fills)]);
}

static gsize
place_of (const KtmStops *all, long reason)
{
  gsize r = 0;

  while (r < all->n_reasons && all->reason[r] != reason)
    r++;
  return r;
}

/* See the header. */
void
ktm_add_stop_areas (KtmScene *scene, KtmPanel *panel,
                    const KtmStops *stops, const KtmStops *all, guint first, const double *time,
                    gboolean percent, gboolean labels)
{
  double unit = percent && stops->n > 0 ? 100.0 / (double) stops->n : 1;
  gsize n = stops->n_times;
  g_autofree double *base = g_new0 (double, n + 1);

  for (gsize r = 0; r < stops->n_reasons; r++)
    {
      gsize place = place_of (all, stops->reason[r]);
      guint series = first + (guint) place;
      KtmMark *mark =
          ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, n, time, NULL);
      double from = base[n - 1];

      mark->fill = fills[place % G_N_ELEMENTS (fills)];
      mark->low = g_memdup2 (base, n * sizeof *base);
      for (gsize t = 0; t < n; t++)
        base[t] += unit * (double) stops->stopped[r * n + t];
      mark->high = g_memdup2 (base, n * sizeof *base);
      if (!labels)
        continue;
      g_autofree char *words =
          g_strdup_printf ("%" G_GSIZE_FORMAT " %s", stops->total[r],
                           ((const KtmSeries *) scene->series->pdata[series])->label);
      ktm_panel_add_label (panel, words, NULL, KTM_ROLE_SERIES, series, (from + base[n - 1]) / 2)
          ->fill = mark->fill;
    }
}

/* Where the areas reach @y, or the end of the axis. */
static double
reached (const KtmStops *stops, const double *time, double unit, double y)
{
  gsize t = 0;

  while (t + 1 < stops->n_times && unit * (double) ktm_stops_sum (stops, t) < y)
    t++;
  return time[t];
}

/* See the header. */
void
ktm_add_still_followed (const KtmFigure *f, KtmPanel *panel, const KtmStops *stops,
                        const double *time, gboolean percent)
{
  double unit = percent && stops->n > 0 ? 100.0 / (double) stops->n : 1;
  gsize n = stops->n_times, at = n / 3;
  double under = unit * (double) ktm_stops_sum (stops, MIN (at + MAX (n / 5, 1), n - 1)),
         top = unit * (double) stops->n, y = (under + top) / 2,
         end = reached (stops, time, unit, y);
  g_autofree char *words = ktm_figure_say (f, ktm_text_new (N_("still followed"), ""));

  if (top - under >= 0.35 * top)
    ktm_panel_add_text (panel, KTM_ROLE_CONTEXT, 0, time[at], y, words, KTM_TEXT_OVER)->high =
        g_memdup2 (&end, sizeof end);
}
