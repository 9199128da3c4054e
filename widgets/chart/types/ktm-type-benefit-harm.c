/* Floor widgets/chart: scores, adverse events and stops in three strips on one time axis.  No GTK.
 */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-harm-figure.h"

typedef struct
{
  KtmFigure     *f;      /* of the measure */
  KtmHarmFigure *h;
  KtmScene      *scene;
  gsize         *visits, n; /* asked at */
  double        *time;   /* of stops */
  gsize          n_times;
  KtmStops       stops;
  double         hi;
} Both;

static KtmPanel *
add_strip (Both *b, const char *title, char *subtitle, KtmRole role, guint series, double weight)
{
  KtmPanel *panel = ktm_scene_add_panel (b->scene);

  panel->title = g_strdup (title);
  panel->subtitle = subtitle;
  panel->title_role = role;
  panel->title_series = series;
  panel->weight = weight;
  ktm_time_axis_init (b->f->frame, b->f->options, fmin (0, b->f->lo), b->hi, b->f->table.n_visits,
                      b->f->time, &panel->x);
  return panel;
}

static void
add_band (KtmPanel *panel, guint series, gsize n, const double *x, const double *y,
          const double *low, const double *high, const double *alpha)
{
  KtmMark *band = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, n, x, NULL);
  KtmMark *line = ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, n, x, y);

  band->low = g_memdup2 (low, n * sizeof *low);
  band->high = g_memdup2 (high, n * sizeof *high);
  band->alpha = g_memdup2 (alpha, n * sizeof *alpha);
  line->alpha = g_memdup2 (alpha, n * sizeof *alpha);
}

static KtmRow *
new_row (KtmPanel *panel, char *label, guint series, gsize n, const double *x)
{
  KtmRow *row = ktm_panel_add_row (panel, label, KTM_ROLE_SERIES, series, n, x);

  g_free (label);
  return row;
}

/* The first value of a strip above its band, where the next is not in the way. */
static void
add_start (const Both *b, KtmPanel *panel, guint series, const double *x, const double *y,
           const double *high, gsize n, int decimals, const char *unit)
{
  g_autofree char *number = ktm_figure_number (b->f, y[0], decimals),
                  *words = g_strconcat (number, unit, NULL);
  double top = isnan (high[0]) ? y[0] : high[0];

  if (n > 1 && !isnan (top) && !(high[1] > top))
    ktm_panel_add_text (panel, KTM_ROLE_SERIES, series, x[0], top, words, KTM_TEXT_OVER);
}

/* The last value of a strip, in figures at its end. */
static void
add_end (const Both *b, KtmPanel *panel, guint series, double value, int decimals, const char *unit)
{
  g_autofree char *number = ktm_figure_number (b->f, value, decimals),
                  *words = g_strconcat (number, unit, NULL);

  if (!isnan (value))
    ktm_panel_add_label (panel, words, NULL, KTM_ROLE_SERIES, series, value);
}

static void
add_score_table (Both *b, const KtmGroupSummary *s)
{
  for (gsize j = 0; j < s->n_visits; j++)
    ktm_scene_table (b->scene, 6, g_strdup (b->f->measure->label),
                     ktm_time_text (b->f->frame, b->f->options, b->f->time[j]),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]),
                     ktm_figure_number (b->f, s->centre[j], 1),
                     ktm_figure_number (b->f, s->low[j], 1),
                     ktm_figure_number (b->f, s->high[j], 1));
}

static KtmGroupSummary
add_benefit (Both *b)
{
  KtmFigure *f = b->f;
  KtmGroupSummary s = ktm_figure_summarise (f, -1);
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (f->lang, N_("Benefit")),
      ktm_figure_say (f, ktm_text_new (N_("mean {1}, {2}% CI, available scores"), "sg", f->measure->label,
                                       100 * f->options->level)),
      KTM_ROLE_SERIES, 0, 1);
  double low = INFINITY, high = -INFINITY;

  for (gsize j = 0; j < s.n_visits; j++)
    {
      low = fmin (low, isnan (s.low[j]) ? s.centre[j] : s.low[j]);
      high = fmax (high, isnan (s.high[j]) ? s.centre[j] : s.high[j]);
    }
  ktm_figure_value_axis (f, &panel->y, low, high);
  add_score_table (b, &s);
  for (gsize j = 0; j < s.n_visits; j++)
    {
      s.low[j] = ktm_figure_within (s.low[j], &panel->y);
      s.high[j] = ktm_figure_within (s.high[j], &panel->y);
    }
  add_band (panel, 0, s.n_visits, f->time, s.centre, s.low, s.high, s.alpha);
  add_start (b, panel, 0, f->time, s.centre, s.high, s.n_visits, 1, "");
  add_end (b, panel, 0, s.centre[s.n_visits - 1], 1, "");
  return s;
}

static void
add_harm (Both *b)
{
  const KtmFrame *frame = b->f->frame;
  g_autofree double *x = g_new (double, b->n + 1), *y = g_new (double, b->n + 1),
                    *low = g_new (double, b->n + 1), *high = g_new (double, b->n + 1),
                    *alpha = g_new (double, b->n + 1);
  g_autofree char *interval = ktm_harm_figure_band_name (b->h);
  gboolean share = b->f->options->harms.count == KTM_HARM_PATIENTS;
  double most = 0;
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (b->f->lang, N_("Harm")),
      ktm_figure_say (b->f, ktm_text_new (share ? N_("patients with an event, %, {1}")
                                                : N_("events per 100 patients asked, {1}"),
                                          "s", interval)),
      KTM_ROLE_SERIES, 1, 1);

  for (gsize i = 0; i < b->n; i++)
    {
      KtmEstimate e = ktm_harm_figure_rate (b->h, &b->h->all, b->visits[i]);

      x[i] = frame->visit_time[b->visits[i]];
      y[i] = e.value;
      low[i] = e.low;
      high[i] = e.high;
      alpha[i] = b->h->all.asked[b->visits[i]] < KTM_FAINT_BELOW ? 0.38 : 1;
      most = fmax (most, e.high);
      ktm_scene_table (b->scene, 6, g_strdup (ktm_lang_text (b->f->lang, N_("Harm"))),
                       ktm_figure_say (b->f, ktm_frame_visit_text (frame, b->visits[i])),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, b->h->all.asked[b->visits[i]]),
                       ktm_figure_number (b->f, e.value, 1), ktm_figure_number (b->f, e.low, 1),
                       ktm_figure_number (b->f, e.high, 1));
    }
  ktm_harm_figure_rate_axis (most, share, &panel->y);
  add_band (panel, 1, b->n, x, y, low, high, alpha);
  if (b->n == 1) /* a line of one visit is a point */
    ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, 1, 1, x, y);
  add_start (b, panel, 1, x, y, high, b->n, 0, share ? "\u00a0%" : "");
  add_end (b, panel, 1, y[b->n - 1], 0, share ? "\u00a0%" : "");
}

static void
add_stop_table (Both *b)
{
  gsize last = b->n_times - 1;

  for (gsize r = 0; r < b->stops.n_reasons; r++)
    ktm_scene_table (b->scene, 6, ktm_stop_reason (b->f, &b->stops, r),
                     ktm_time_text (b->f->frame, b->f->options, b->time[last]),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, b->stops.n),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, b->stops.total[r]), g_strdup ("–"),
                     g_strdup ("–"));
}

static void
add_rows (const Both *b, KtmPanel *panel, const KtmGroupSummary *s)
{
  const KtmFigure *f = b->f;
  g_autofree double *x = g_new (double, b->n + 1);
  KtmRow *row = new_row (panel, ktm_figure_say (f, ktm_text_new (N_("n {1}"), "s", f->measure->label)), 0,
                         s->n_visits, f->time);

  for (gsize j = 0; j < s->n_visits; j++)
    row->cells[j] = g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]);
  for (gsize i = 0; i < b->n; i++)
    x[i] = f->frame->visit_time[b->visits[i]];
  row = new_row (panel, ktm_figure_say (f, ktm_text_new (N_("asked, n"), "")), 1, b->n, x);
  for (gsize i = 0; i < b->n; i++)
    row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, b->h->all.asked[b->visits[i]]);
}

static void
add_stops (Both *b, const KtmGroupSummary *s)
{
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (b->f->lang, N_("Stopped")),
      ktm_figure_say (b->f, ktm_text_new (N_("patients in total, by reason"), "")),
      KTM_ROLE_SELECTED, 0, 1.5);
  guint first = ktm_add_stop_series (b->f, b->scene, &b->stops);

  panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR,
                         .lo = 0,
                         .hi = fmax (1, (double) b->stops.n),
                         .integers = TRUE,
                         .from_zero = TRUE };
  ktm_add_stop_areas (b->scene, panel, &b->stops, &b->stops, first, b->time, FALSE, TRUE);
  ktm_add_still_followed (b->f, panel, &b->stops, b->time, FALSE);
  add_stop_table (b);
  add_rows (b, panel, s);
}

static void
add_words (Both *b)
{
  KtmFigure *f = b->f;
  g_autofree char *interval = ktm_harm_figure_band_name (b->h);
  g_autofree char *last = ktm_time_text (f->frame, f->options, b->time[b->n_times - 1]);

  b->scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  ktm_figure_caption (
      f,
      ktm_text_new (N_("Bands: {1}% CI of the mean of the scores available, and {2} of adverse "
                        "events over the patients asked then. {3} of {4} patients stopped before "
                        "{5}."),
                    "gsiis", 100 * f->options->level, interval, (long) b->stops.n_stopped,
                    (long) b->stops.n, last));
  ktm_harm_figure_caption (b->h);
  if (b->h->f.caption->len > 0)
    g_string_append_printf (f->caption, " %s", b->h->f.caption->str);
  ktm_figure_caption (
      f, ktm_text_new (N_("Means and rates describe the patients still there."), ""));
  b->scene->caption = g_strdup (f->caption->str);
  b->scene->description = g_strdup (f->caption->str);
}

static void
draw_figure (Both *b)
{
  KtmFigure *f = b->f;
  const char *columns[] = { ktm_lang_text (f->lang, N_("What")),
                            ktm_lang_text (f->lang, N_("Visit")),
                            ktm_lang_text (f->lang, N_("n")),
                            ktm_lang_text (f->lang, N_("Value")),
                            ktm_lang_text (f->lang, N_("Low")),
                            ktm_lang_text (f->lang, N_("High")),
                            NULL };
  KtmGroupSummary s;

  b->scene = ktm_figure_scene (f, "benefit-harm");
  b->scene->arrange = KTM_ARRANGE_STACK;
  ktm_scene_set_columns (b->scene, columns);
  ktm_scene_add_series (b->scene, ktm_lang_text (f->lang, N_("Benefit")), 0);
  ktm_scene_add_series (b->scene, ktm_lang_text (f->lang, N_("Harm")), 1);
  s = add_benefit (b);
  add_harm (b);
  add_stops (b, &s);
  add_words (b);
  ktm_group_summary_clear (&s);
}

static gboolean
prepare (Both *b, GError **error)
{
  b->visits = ktm_harm_figure_visits (b->h, &b->n);
  b->time = ktm_stop_times (b->f, &b->n_times);
  b->hi = fmax (b->f->hi, b->time[b->n_times - 1]);
  if (b->n == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("There is nothing to draw: nobody was asked about adverse events at "
                           "these visits."));
  else if (ktm_stops (b->f->frame, NULL, b->time, b->n_times, &b->stops) != KTM_STATS_OK)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("No visit lies between the two times chosen: choose others."));
  else
    return TRUE;
  return FALSE;
}

/* Benefit, harm and stops of all patients: no grouping, no second y axis. */
KtmScene *
ktm_type_benefit_harm_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                             const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmHarmFigure h = { 0 };
  Both b = { .f = &f, .h = &h };
  g_autoptr (KtmScene) scene = NULL;

  own.show = KTM_SHOW_VALUE;
  own.summary = KTM_SUMMARY_MEAN;
  own.band = KTM_BAND_CI;
  own.missing = KTM_MISSING_AVAILABLE;
  own.colour_by = NULL;
  own.groups = NULL;
  own.individuals = FALSE;
  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error))
    {
      if (ktm_harm_figure_init (&h, frame, &own, error) && prepare (&b, error))
        draw_figure (&b);
      scene = b.scene;
      ktm_harm_figure_clear (&h);
    }
  g_free (b.visits);
  g_free (b.time);
  ktm_stops_clear (&b.stops);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
