/* Floor widgets/chart: how often adverse events were told at each visit, over those asked then.  No
 * GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-harm-figure.h"

#define MOST_GROUPS 12
#define MOST_COUNTED 4 /* groups with both counts under the axis */
#define HARM_LOOK 1   /* vermilion, as harm is wherever it stands beside benefit */
#define SEVERE_LOOK 3 /* diamonds */

typedef struct
{
  KtmHarmFigure *h;
  KtmScene      *scene;
  KtmPanel      *panel;
  gsize         *visits, n;
  double         lo, hi;
} Rates;

/* Groups stand beside each other at a visit. */
static double
place_of (const Rates *r, gsize group, gsize i)
{
  double time = r->h->f.frame->visit_time[r->visits[i]];

  return time + ((double) group - ((double) r->h->f.groups.n - 1) / 2) * (r->hi - r->lo) * 0.01;
}

static void
add_rates (Rates *r, gsize group, guint series)
{
  const KtmSafety *s = ktm_harm_figure_counts (r->h, r->h->groups != NULL ? (int) group : -1);
  g_autofree double *x = g_new (double, r->n), *y = g_new (double, r->n),
                    *low = g_new (double, r->n), *high = g_new (double, r->n),
                    *alpha = g_new (double, r->n);
  KtmMark *whiskers;

  for (gsize i = 0; i < r->n; i++)
    {
      KtmEstimate e = ktm_harm_figure_rate (r->h, s, r->visits[i]);

      x[i] = place_of (r, group, i);
      y[i] = e.value;
      low[i] = e.low;
      high[i] = e.high;
      alpha[i] = s->asked[r->visits[i]] < KTM_FAINT_BELOW ? 0.38 : 1;
    }
  ktm_panel_add_mark (r->panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, r->n, x, y)->alpha =
      g_memdup2 (alpha, r->n * sizeof *alpha);
  whiskers = ktm_panel_add_mark (r->panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, series, r->n, x,
                                 NULL);
  whiskers->low = g_memdup2 (low, r->n * sizeof *low);
  whiskers->high = g_memdup2 (high, r->n * sizeof *high);
  whiskers->alpha = g_memdup2 (alpha, r->n * sizeof *alpha);
  ktm_panel_add_mark (r->panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, series, r->n, x, y)->alpha =
      g_memdup2 (alpha, r->n * sizeof *alpha);
}

/* Percent of the patients asked with a severe event, by the interval chosen. */
static KtmEstimate
severe_rate (const Rates *r, gsize visit)
{
  const KtmSafety *s = &r->h->all;
  KtmHarms patients = r->h->f.options->harms;
  KtmEstimate e;

  patients.count = KTM_HARM_PATIENTS;
  if (ktm_harms_rate (&patients, (double) s->severe[visit], (double) s->asked[visit], 1,
                      r->h->f.options->level, &e)
      != KTM_STATS_OK)
    return (KtmEstimate) { NAN, NAN, NAN, NAN };
  return (KtmEstimate) { 100 * e.value, NAN, 100 * e.low, 100 * e.high };
}

/* A little to the right, so that no whisker hides another. */
static void
add_severe (Rates *r, guint series)
{
  g_autofree double *x = g_new (double, r->n), *y = g_new (double, r->n),
                    *low = g_new (double, r->n), *high = g_new (double, r->n);
  KtmMark *whiskers;

  for (gsize i = 0; i < r->n; i++)
    {
      KtmEstimate e = severe_rate (r, r->visits[i]);

      x[i] = r->h->f.frame->visit_time[r->visits[i]] + (r->hi - r->lo) * 0.008;
      y[i] = e.value;
      low[i] = e.low;
      high[i] = e.high;
    }
  whiskers = ktm_panel_add_mark (r->panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, series, r->n, x,
                                 NULL);
  whiskers->low = g_memdup2 (low, r->n * sizeof *low);
  whiskers->high = g_memdup2 (high, r->n * sizeof *high);
  whiskers->flat = TRUE;
  ktm_panel_add_mark (r->panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, r->n, x, y)->markers = TRUE;
}

/* "50 % at week 1"; the last stands at the end of the axis and needs no visit. */
static char *
rate_words (const Rates *r, gsize i)
{
  gboolean share = r->h->f.options->harms.count == KTM_HARM_PATIENTS;
  KtmEstimate e = ktm_harm_figure_rate (r->h, &r->h->all, r->visits[i]);

  if (i > 0)
    return ktm_figure_say (&r->h->f, ktm_text_new (share ? "{1}\u00a0%" : "{1}", "0", e.value));
  return ktm_figure_say (&r->h->f,
                         ktm_text_new (share ? N_("{1}% at {2}") : N_("{1} at {2}"), "0t", e.value,
                                       ktm_frame_visit_text (r->h->f.frame, r->visits[i])));
}

/* The first rate in figures beside its whisker, where no other whisker is in the way. */
static void
add_first (Rates *r, guint series)
{
  const double *time = r->h->f.frame->visit_time;
  KtmEstimate first = ktm_harm_figure_rate (r->h, &r->h->all, r->visits[0]);
  g_autofree char *words = rate_words (r, 0);

  for (gsize i = 1; i < r->n && time[r->visits[i]] < r->lo + 0.5 * (r->hi - r->lo); i++)
    if (ktm_harm_figure_rate (r->h, &r->h->all, r->visits[i]).high
        > first.high - 0.07 * r->panel->y.hi)
      return;
  if (r->n > 1)
    ktm_panel_add_text (r->panel, KTM_ROLE_SERIES, series, time[r->visits[0]], first.high, words,
                        KTM_TEXT_RIGHT);
}

static void
add_row (Rates *r, const char *label, KtmRole role, guint series, gboolean marker,
         const gsize *count)
{
  g_autofree double *x = g_new (double, r->n);
  KtmRow *row;

  for (gsize i = 0; i < r->n; i++)
    x[i] = r->h->f.frame->visit_time[r->visits[i]];
  row = ktm_panel_add_row (r->panel, label, role, series, r->n, x);
  row->marker = marker;
  for (gsize i = 0; i < r->n; i++)
    row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, count[r->visits[i]]);
}

static void
add_rows (Rates *r, gboolean severe)
{
  const KtmFigure *f = &r->h->f;
  gboolean events = f->options->harms.count == KTM_HARM_EVENTS, many = r->h->groups != NULL;
  const char *with = ktm_lang_text (f->lang, events ? N_("events") : N_("with event")),
             *asked = ktm_lang_text (f->lang, N_("asked, n"));

  for (gsize g = 0; f->groups.n <= MOST_COUNTED && g < f->groups.n; g++)
    {
      const KtmSafety *s = ktm_harm_figure_counts (r->h, many ? (int) g : -1);

      add_row (r, g == 0 ? with : "", KTM_ROLE_SERIES, (guint) g, many,
               events ? s->events : s->with);
    }
  for (gsize g = 0; g < f->groups.n; g++)
    add_row (r, g == 0 ? asked : "", many ? KTM_ROLE_SERIES : KTM_ROLE_SELECTED, (guint) g, many,
             ktm_harm_figure_counts (r->h, many ? (int) g : -1)->asked);
  if (severe)
    add_row (r, ktm_lang_text (f->lang, N_("severe")), KTM_ROLE_CONTEXT, 0, FALSE,
             r->h->all.severe);
}

static const char *
grade_name (KtmSeverity least)
{
  return least == KTM_SEVERITY_SEVERE     ? N_("Severe")
         : least == KTM_SEVERITY_MODERATE ? N_("Moderate or severe")
                                          : N_("Any grade");
}

static void
axes (Rates *r)
{
  const KtmFigure *f = &r->h->f;
  const KtmFrame *frame = f->frame;
  gboolean share = f->options->harms.count == KTM_HARM_PATIENTS;
  double most = 0, pad;

  for (gsize g = 0; g < f->groups.n; g++)
    for (gsize i = 0; i < r->n; i++)
      {
        KtmEstimate e = ktm_harm_figure_rate (
            r->h, ktm_harm_figure_counts (r->h, r->h->groups != NULL ? (int) g : -1),
            r->visits[i]);

        most = isnan (e.high) ? most : fmax (most, e.high);
      }
  r->lo = fmin (0, frame->visit_time[r->visits[0]]);
  r->hi = frame->visit_time[r->visits[r->n - 1]];
  pad = r->hi > r->lo ? 0 : 0.5;
  pad += r->h->groups != NULL ? (r->hi - r->lo) * 0.03 : 0;
  ktm_harm_figure_time_axis (f, r->lo - pad, r->hi + pad, r->visits, r->n, &r->panel->x);
  ktm_harm_figure_rate_axis (most, share, &r->panel->y);
  ktm_axis_take_label (&r->panel->y,
                       ktm_figure_say (f, ktm_text_new (share ? N_("Patients with an event, %")
                                                              : N_("Events per 100 patients asked"),
                                                        "")));
}

static void
add_table (Rates *r, gboolean severe)
{
  const KtmFigure *f = &r->h->f;

  for (gsize g = 0; g < f->groups.n; g++)
    for (gsize i = 0; i < r->n; i++)
      {
        const KtmSafety *s = ktm_harm_figure_counts (r->h, r->h->groups != NULL ? (int) g : -1);
        gsize v = r->visits[i];
        KtmEstimate e = ktm_harm_figure_rate (r->h, s, v);

        ktm_scene_table (r->scene, 8, g_strdup (f->groups.label[g]),
                         ktm_figure_say (f, ktm_frame_visit_text (f->frame, v)),
                         g_strdup_printf ("%" G_GSIZE_FORMAT,
                                          f->options->harms.count == KTM_HARM_EVENTS ? s->events[v]
                                                                                     : s->with[v]),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, s->asked[v]),
                         ktm_figure_number (f, e.value, 1), ktm_figure_number (f, e.low, 1),
                         ktm_figure_number (f, e.high, 1),
                         severe ? g_strdup_printf ("%" G_GSIZE_FORMAT, s->severe[v])
                                : g_strdup ("–"));
      }
}

static void
add_words (Rates *r, gboolean severe)
{
  KtmFigure *f = &r->h->f;
  gboolean events = f->options->harms.count == KTM_HARM_EVENTS;

  r->scene->band = ktm_harm_figure_band_name (r->h);
  ktm_figure_caption (
      f, ktm_text_new (
             events ? N_("Adverse events at each visit for every 100 patients asked then; "
                         "whiskers: {1}, of effective counts.")
                    : N_("Patients with at least one adverse event among those asked at the visit; "
                         "whiskers: {1}."),
             "s", r->scene->band));
  if (!severe && !r->h->all.knows_events)
    ktm_figure_caption (
        f, ktm_text_new (N_("Only yes or no is kept: how severe is not known."), ""));
  ktm_harm_figure_caption (r->h);
  r->scene->caption = g_strdup (f->caption->str);
  KtmEstimate first = ktm_harm_figure_rate (r->h, &r->h->all, r->visits[0]),
              last = ktm_harm_figure_rate (r->h, &r->h->all, r->visits[r->n - 1]);

  r->scene->description = ktm_figure_say (
      f, ktm_text_new (events ? N_("Events per 100 patients asked: {1} at {2}, {3} at {4}.")
                              : N_("Patients with an adverse event: {1}% at {2}, {3}% at {4}."),
                       "0t0t", first.value, ktm_frame_visit_text (f->frame, r->visits[0]),
                       last.value, ktm_frame_visit_text (f->frame, r->visits[r->n - 1])));
}

static void
draw_figure (Rates *r)
{
  const KtmFigure *f = &r->h->f;
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Visit")),
                            ktm_lang_text (f->lang, N_("With event")),
                            ktm_lang_text (f->lang, N_("Asked")),
                            "%",
                            ktm_lang_text (f->lang, N_("Low")),
                            ktm_lang_text (f->lang, N_("High")),
                            ktm_lang_text (f->lang, N_("Severe")),
                            NULL };
  gboolean many = r->h->groups != NULL, severe = ktm_harm_figure_shows_severe (r->h);

  r->scene = ktm_figure_scene (f, "adverse-events");
  ktm_scene_set_columns (r->scene, columns);
  r->panel = ktm_scene_add_panel (r->scene);
  axes (r);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      const KtmSafety *s = ktm_harm_figure_counts (r->h, many ? (int) g : -1);
      const char *name = many ? f->groups.label[g]
                              : ktm_lang_text (f->lang,
                                               grade_name (f->options->harms.least_grade));
      double end = NAN;

      ktm_scene_add_series (r->scene, name, many ? (guint) f->groups.level[g] : HARM_LOOK);
      add_rates (r, g, (guint) g);
      for (gsize i = 0; i < r->n; i++)
        end = s->asked[r->visits[i]] > 0 ? ktm_harm_figure_rate (r->h, s, r->visits[i]).value : end;
      g_autofree char *last = many ? NULL : rate_words (r, r->n - 1);

      if (!isnan (end))
        ktm_panel_add_label (r->panel, name, last, KTM_ROLE_SERIES, (guint) g, end);
    }
  if (severe && !many)
    {
      const char *name = ktm_lang_text (f->lang, N_("Severe"));
      guint series = ktm_scene_add_series (r->scene, name, SEVERE_LOOK);

      add_severe (r, series);
      ktm_panel_add_label (r->panel, name, NULL, KTM_ROLE_SERIES, series,
                           severe_rate (r, r->visits[r->n - 1]).value);
    }
  if (!many)
    add_first (r, 0);
  add_rows (r, severe && !many);
  add_table (r, severe);
  add_words (r, severe && !many);
}

/* The rate of adverse events at each visit over that visit's own denominator. */
KtmScene *
ktm_type_adverse_events_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                               const KtmChartOptions *options, GError **error)
{
  KtmHarmFigure h;
  Rates r = { .h = &h };
  g_autoptr (KtmScene) scene = NULL;

  if (ktm_harm_figure_init (&h, frame, options, error)
      && ktm_figure_check_groups (&h.f, MOST_GROUPS, error))
    {
      r.visits = ktm_harm_figure_visits (&h, &r.n);
      if (r.n > 0)
        draw_figure (&r);
      else
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             _("There is nothing to draw: nobody was asked about adverse events "
                               "at these visits."));
      scene = r.scene;
    }
  g_free (r.visits);
  ktm_harm_figure_clear (&h);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
