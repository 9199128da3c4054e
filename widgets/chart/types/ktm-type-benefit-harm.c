/* Floor widgets/chart: scores, adverse events and stops in three strips on one time axis.  No GTK.
 */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-harm-figure.h"

#define MOST_GROUPS 4
#define MOST_BANDS 2 /* more would cover each other */

typedef struct
{
  KtmFigure     *f;      /* of the measure; its groups are those of h */
  KtmHarmFigure *h;
  KtmScene      *scene;
  gsize         *visits, n; /* asked at */
  double        *time;   /* of stops */
  gsize          n_times;
  KtmStops       stops;  /* of everybody shown */
  KtmGroupSummary *summary; /* of everybody, or one a group; n_summaries */
  gsize          n_summaries;
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

static gboolean
has_bands (const Both *b)
{
  return b->h->groups == NULL || b->h->f.groups.n <= MOST_BANDS;
}

static void
add_band (const Both *b, KtmPanel *panel, guint series, gsize n, const double *x, const double *y,
          const double *low, const double *high, const double *alpha)
{
  KtmMark *band = NULL, *line;

  if (has_bands (b))
    {
      band = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, n, x, NULL);
      band->low = g_memdup2 (low, n * sizeof *low);
      band->high = g_memdup2 (high, n * sizeof *high);
      band->alpha = g_memdup2 (alpha, n * sizeof *alpha);
    }
  line = ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, n, x, y);
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

static KtmGroupSummary *
summary_of (const Both *b, int group)
{
  return &b->summary[MAX (group, 0)];
}

/* "Harm", or "Harm · neuropathic". */
static char *
what (const Both *b, const char *name, int group)
{
  return group < 0 ? g_strdup (name)
                   : g_strdup_printf ("%s · %s", name, b->h->f.groups.label[group]);
}

static gboolean
grouped (const Both *b)
{
  return b->h->groups != NULL;
}

/* The series of a group, or @series where there are none. */
static guint
series_of (int group, guint series)
{
  return group < 0 ? series : (guint) group;
}

static void
add_score_table (Both *b, const KtmGroupSummary *s, int group)
{
  for (gsize j = 0; j < s->n_visits; j++)
    ktm_scene_table (b->scene, 6, what (b, b->f->measure->label, group),
                     ktm_time_text (b->f->frame, b->f->options, b->f->time[j]),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]),
                     ktm_figure_number (b->f, s->centre[j], 1),
                     ktm_figure_number (b->f, s->low[j], 1),
                     ktm_figure_number (b->f, s->high[j], 1));
}

static void
widen (const KtmGroupSummary *s, double *low, double *high)
{
  for (gsize j = 0; j < s->n_visits; j++)
    {
      *low = fmin (*low, isnan (s->low[j]) ? s->centre[j] : s->low[j]);
      *high = fmax (*high, isnan (s->high[j]) ? s->centre[j] : s->high[j]);
    }
}

static void
add_scores (Both *b, KtmPanel *panel, KtmGroupSummary *s, int group)
{
  KtmFigure *f = b->f;
  guint series = series_of (group, 0);

  add_score_table (b, s, group);
  for (gsize j = 0; j < s->n_visits; j++)
    {
      s->low[j] = ktm_figure_within (s->low[j], &panel->y);
      s->high[j] = ktm_figure_within (s->high[j], &panel->y);
    }
  add_band (b, panel, series, s->n_visits, f->time, s->centre, s->low, s->high, s->alpha);
  if (group >= 0)
    return;
  add_start (b, panel, series, f->time, s->centre, s->high, s->n_visits, 1, "");
  add_end (b, panel, series, s->centre[s->n_visits - 1], 1, "");
}

/* The first group of the loop over everybody (−1 alone), or over the groups. */
static int
first_group (const Both *b)
{
  return grouped (b) ? 0 : -1;
}

static int
end_group (const Both *b)
{
  return grouped (b) ? (int) b->h->f.groups.n : 0;
}

static void
add_benefit (Both *b)
{
  KtmFigure *f = b->f;
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (f->lang, N_("Benefit")),
      ktm_figure_say (f, has_bands (b) ? ktm_text_new (N_("mean {1}, {2}% CI, available scores"),
                                                       "sg", f->measure->label,
                                                       100 * f->options->level)
                                       : ktm_text_new (N_("mean {1}, available scores"), "s",
                                                       f->measure->label)),
      grouped (b) ? KTM_ROLE_SELECTED : KTM_ROLE_SERIES, 0, 1);
  double low = INFINITY, high = -INFINITY;

  for (int g = first_group (b); g < end_group (b); g++)
    widen (summary_of (b, g), &low, &high);
  ktm_figure_value_axis (f, &panel->y, low, high);
  for (int g = first_group (b); g < end_group (b); g++)
    add_scores (b, panel, summary_of (b, g), g);
}

/* Rates of a group at the visits; the highest limit. */
static double
add_rates (Both *b, KtmPanel *panel, int group)
{
  const KtmFrame *frame = b->f->frame;
  const KtmSafety *s = ktm_harm_figure_counts (b->h, group);
  g_autofree double *x = g_new (double, b->n + 1), *y = g_new (double, b->n + 1),
                    *low = g_new (double, b->n + 1), *high = g_new (double, b->n + 1),
                    *alpha = g_new (double, b->n + 1);
  const char *unit = b->f->options->harms.count == KTM_HARM_PATIENTS ? "\u00a0%" : "";
  guint series = series_of (group, 1);
  double most = 0;

  for (gsize i = 0; i < b->n; i++)
    {
      KtmEstimate e = ktm_harm_figure_rate (b->h, s, b->visits[i]);

      x[i] = frame->visit_time[b->visits[i]];
      y[i] = e.value;
      low[i] = e.low;
      high[i] = e.high;
      alpha[i] = s->asked[b->visits[i]] < KTM_FAINT_BELOW ? 0.38 : 1;
      most = isnan (e.high) ? most : fmax (most, e.high);
      ktm_scene_table (b->scene, 6, what (b, ktm_lang_text (b->f->lang, N_("Harm")), group),
                       ktm_figure_say (b->f, ktm_frame_visit_text (frame, b->visits[i])),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, s->asked[b->visits[i]]),
                       ktm_figure_number (b->f, e.value, 1), ktm_figure_number (b->f, e.low, 1),
                       ktm_figure_number (b->f, e.high, 1));
    }
  add_band (b, panel, series, b->n, x, y, low, high, alpha);
  if (b->n == 1) /* a line of one visit is a point */
    ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, series, 1, x, y);
  if (group < 0)
    {
      add_start (b, panel, series, x, y, high, b->n, 0, unit);
      add_end (b, panel, series, y[b->n - 1], 0, unit);
    }
  return most;
}

static void
add_harm (Both *b)
{
  g_autofree char *interval = ktm_harm_figure_band_name (b->h);
  gboolean share = b->f->options->harms.count == KTM_HARM_PATIENTS;
  double most = 0;
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (b->f->lang, N_("Harm")),
      ktm_figure_say (b->f, !has_bands (b)
                                ? ktm_text_new (share ? N_("patients with an event, %")
                                                      : N_("events per 100 patients asked"),
                                                "")
                                : ktm_text_new (share ? N_("patients with an event, %, {1}")
                                                      : N_("events per 100 patients asked, {1}"),
                                                "s", interval)),
      grouped (b) ? KTM_ROLE_SELECTED : KTM_ROLE_SERIES, grouped (b) ? 0 : 1, 1);

  for (int g = first_group (b); g < end_group (b); g++)
    most = fmax (most, add_rates (b, panel, g));
  ktm_harm_figure_rate_axis (most, share, &panel->y);
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

/* Scores, then answers about harms; a row a group. */
static void
add_rows (const Both *b, KtmPanel *panel)
{
  const KtmFigure *f = b->f;
  g_autofree double *x = g_new (double, b->n + 1);
  gboolean many = grouped (b);
  KtmRow *row;

  for (int g = first_group (b); g < end_group (b); g++)
    {
      const KtmGroupSummary *s = summary_of (b, g);

      row = new_row (panel,
                     g > 0 ? g_strdup ("")
                           : ktm_figure_say (f, ktm_text_new (N_("n {1}"), "s", f->measure->label)),
                     series_of (g, 0), s->n_visits, f->time);
      row->marker = many;
      for (gsize j = 0; j < s->n_visits; j++)
        row->cells[j] = g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]);
    }
  for (gsize i = 0; i < b->n; i++)
    x[i] = f->frame->visit_time[b->visits[i]];
  for (int g = first_group (b); g < end_group (b); g++)
    {
      const KtmSafety *s = ktm_harm_figure_counts (b->h, g);

      row = new_row (panel,
                     g > 0 ? g_strdup ("") : ktm_figure_say (f, ktm_text_new (N_("asked, n"), "")),
                     series_of (g, 1), b->n, x);
      row->marker = many;
      for (gsize i = 0; i < b->n; i++)
        row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, s->asked[b->visits[i]]);
    }
}

/* Of everybody: areas by reason. */
static void
add_reasons (Both *b, KtmPanel *panel)
{
  guint first = ktm_add_stop_series (b->f, b->scene, &b->stops);

  panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR,
                         .lo = 0,
                         .hi = fmax (1, (double) b->stops.n),
                         .integers = TRUE,
                         .from_zero = TRUE };
  ktm_add_stop_areas (b->scene, panel, &b->stops, &b->stops, first, b->time, FALSE, TRUE);
  ktm_add_still_followed (b->f, panel, &b->stops, b->time, FALSE);
  add_stop_table (b);
}

static gboolean
count_stops (const Both *b, int group, KtmStops *out)
{
  g_autofree bool *in = g_new0 (bool, b->f->frame->n_patients + 1);

  for (gsize i = 0; i < b->f->frame->n_patients; i++)
    in[i] = group < 0 ? b->h->f.groups.of[i] >= 0 : b->h->f.groups.of[i] == group;
  return ktm_stops (b->f->frame, in, b->time, b->n_times, out) == KTM_STATS_OK;
}

/* Of groups: a line each, in percent of its patients, whatever the reason. */
static void
add_stop_lines (Both *b, KtmPanel *panel)
{
  g_autofree double *y = g_new (double, b->n_times + 1);
  double most = 0;

  for (int g = 0; g < end_group (b); g++)
    {
      KtmStops stops;

      if (!count_stops (b, g, &stops))
        continue;
      for (gsize t = 0; t < b->n_times; t++)
        {
          y[t] = stops.n > 0
                     ? 100.0 * (double) ktm_stops_sum (&stops, t) / (double) stops.n
                     : NAN;
          most = isnan (y[t]) ? most : fmax (most, y[t]);
          ktm_scene_table (b->scene, 6, what (b, ktm_lang_text (b->f->lang, N_("Stopped")), g),
                           ktm_time_text (b->f->frame, b->f->options, b->time[t]),
                           g_strdup_printf ("%" G_GSIZE_FORMAT, stops.n),
                           ktm_figure_number (b->f, y[t], 1), g_strdup ("–"), g_strdup ("–"));
        }
      ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, (guint) g, b->n_times, b->time, y)
          ->markers = TRUE;
      ktm_stops_clear (&stops);
    }
  ktm_harm_figure_rate_axis (most, TRUE, &panel->y);
}

static void
add_stops (Both *b)
{
  KtmPanel *panel = add_strip (
      b, ktm_lang_text (b->f->lang, N_("Stopped")),
      ktm_figure_say (b->f, ktm_text_new (grouped (b) ? N_("patients in total, %")
                                                      : N_("patients in total, by reason"),
                                          "")),
      KTM_ROLE_SELECTED, 0, grouped (b) ? 1 : 1.5);

  if (grouped (b))
    add_stop_lines (b, panel);
  else
    add_reasons (b, panel);
  add_rows (b, panel);
}

static void
add_words (Both *b)
{
  KtmFigure *f = b->f;
  g_autofree char *interval = ktm_harm_figure_band_name (b->h);
  g_autofree char *last = ktm_time_text (f->frame, f->options, b->time[b->n_times - 1]);

  if (has_bands (b))
    b->scene->band =
        ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  ktm_figure_caption (
      f,
      has_bands (b)
          ? ktm_text_new (N_("Bands: {1}% CI of the mean of the scores available, and {2} of "
                             "adverse events over the patients asked then. {3} of {4} patients "
                             "stopped before {5}."),
                          "gsiis", 100 * f->options->level, interval, (long) b->stops.n_stopped,
                          (long) b->stops.n, last)
          : ktm_text_new (N_("Means and rates stand without intervals, which would cover each "
                             "other: choose one or two groups to see them. {1} of {2} patients "
                             "stopped before {3}."),
                          "iis", (long) b->stops.n_stopped, (long) b->stops.n, last));
  ktm_harm_figure_caption (b->h);
  if (b->h->f.caption->len > 0)
    g_string_append_printf (f->caption, " %s", b->h->f.caption->str);
  ktm_figure_caption (
      f, ktm_text_new (N_("Means and rates describe the patients still there."), ""));
  b->scene->caption = g_strdup (f->caption->str);
  b->scene->description = g_strdup (f->caption->str);
}

static void
add_series (Both *b)
{
  const KtmGroups *groups = &b->h->f.groups;

  if (!grouped (b))
    {
      ktm_scene_add_series (b->scene, ktm_lang_text (b->f->lang, N_("Benefit")), 0);
      ktm_scene_add_series (b->scene, ktm_lang_text (b->f->lang, N_("Harm")), 1);
    }
  for (gsize g = 0; grouped (b) && g < groups->n; g++)
    {
      guint series =
          ktm_scene_add_series (b->scene, groups->label[g], (guint) groups->level[g]);

      ktm_scene_add_legend (b->scene, groups->label[g], KTM_ROLE_SERIES, series);
    }
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

  b->scene = ktm_figure_scene (f, "benefit-harm");
  b->scene->arrange = KTM_ARRANGE_STACK;
  ktm_scene_set_columns (b->scene, columns);
  add_series (b);
  add_benefit (b);
  add_harm (b);
  add_stops (b);
  add_words (b);
}

/* The groups of everybody asked are those of everybody scored: one list for all strips. */
static void
share_groups (Both *b)
{
  KtmGroups *to = &b->f->groups;
  const KtmGroups *from = &b->h->f.groups;

  g_strfreev (to->label);
  g_free (to->level);
  g_free (to->count);
  g_free (to->of);
  *to = *from;
  to->label = g_strdupv (from->label);
  to->level = g_memdup2 (from->level, MAX (from->n, 1) * sizeof *from->level);
  to->count = g_memdup2 (from->count, (from->n + 1) * sizeof *from->count);
  to->of = g_memdup2 (from->of, (b->f->frame->n_patients + 1) * sizeof *from->of);
}

static void
summarise (Both *b)
{
  b->n_summaries = grouped (b) ? b->h->f.groups.n : 1;
  b->summary = g_new0 (KtmGroupSummary, b->n_summaries);
  for (gsize g = 0; g < b->n_summaries; g++)
    b->summary[g] = ktm_figure_summarise (b->f, grouped (b) ? (int) g : -1);
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
  else if (!count_stops (b, -1, &b->stops))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("No visit lies between the two times chosen: choose others."));
  else
    {
      share_groups (b);
      summarise (b);
      return TRUE;
    }
  return FALSE;
}

static void
clear (Both *b)
{
  for (gsize g = 0; g < b->n_summaries; g++)
    ktm_group_summary_clear (&b->summary[g]);
  g_free (b->summary);
  g_free (b->visits);
  g_free (b->time);
  ktm_stops_clear (&b->stops);
}

/* Benefit, harm and stops: of everybody, with the reasons of stopping as areas, or a line a group.
 * No second y axis. */
KtmScene *
ktm_type_benefit_harm_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                             const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options, by_group;
  KtmFigure f;
  KtmHarmFigure h = { 0 };
  Both b = { .f = &f, .h = &h };
  g_autoptr (KtmScene) scene = NULL;

  own.show = KTM_SHOW_VALUE;
  own.summary = KTM_SUMMARY_MEAN;
  own.band = KTM_BAND_CI;
  own.missing = KTM_MISSING_AVAILABLE;
  own.individuals = FALSE;
  own.from = NAN;
  by_group = own;
  own.colour_by = NULL;
  own.groups = NULL;
  if (ktm_figure_init (&f, frame, &own, error))
    {
      if (ktm_harm_figure_init (&h, frame, &by_group, error)
          && ktm_figure_check_groups (&h.f, MOST_GROUPS, error) && prepare (&b, error))
        draw_figure (&b);
      scene = b.scene;
      clear (&b);
      ktm_harm_figure_clear (&h);
    }
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
