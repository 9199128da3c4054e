/* Floor widgets/chart: who stopped, when and why.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-harm-figure.h"

typedef struct
{
  KtmHarmFigure *h;
  KtmScene      *scene;
  double        *time;
  gsize          n;
  KtmStops       all;
  guint          first;  /* series */
} Stops;

static gboolean
count_group (const Stops *s, int group, KtmStops *out)
{
  const KtmFigure *f = &s->h->f;
  g_autofree bool *in = g_new0 (bool, f->frame->n_patients + 1);

  for (gsize i = 0; i < f->frame->n_patients; i++)
    in[i] = group < 0 ? f->groups.of[i] >= 0 : f->groups.of[i] == group;
  return ktm_stops (f->frame, in, s->time, s->n, out) == KTM_STATS_OK;
}

static void
add_table (Stops *s, gsize group, const KtmStops *stops)
{
  const KtmFigure *f = &s->h->f;

  for (gsize r = 0; r < stops->n_reasons; r++)
    for (gsize t = 1; t < s->n; t++)
      ktm_scene_table (s->scene, 5, g_strdup (f->groups.label[group]),
                       ktm_stop_reason (f, stops, r),
                       ktm_figure_number (f, s->time[t], ktm_time_decimals (s->time[t])),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, stops->stopped[r * s->n + t]),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, stops->n));
}

static void
time_axis (const Stops *s, KtmAxis *x)
{
  const KtmFigure *f = &s->h->f;
  g_autofree double *whole = g_new (double, s->n + 1);
  gsize n = 0;

  for (gsize i = 0; i < s->n; i++)
    if (s->time[i] == floor (s->time[i]) || i == s->n - 1)
      whole[n++] = s->time[i];
  ktm_time_axis_init (f->frame, f->options, 0, s->time[s->n - 1], n, whole, x);
}

static void
add_row (const Stops *s, KtmPanel *panel, const KtmStops *stops)
{
  const KtmAxis *x = &panel->x;
  KtmRow *row =
      ktm_panel_add_row (panel, ktm_lang_text (s->h->f.lang, N_("followed")), KTM_ROLE_CONTEXT, 0,
                         x->n_ticks, x->ticks);

  for (gsize i = 0, t = 0; i < x->n_ticks; i++)
    {
      while (s->time[t] < x->ticks[i])
        t++;
      row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, stops->n - ktm_stops_sum (stops, t));
    }
}

static void
add_panel (Stops *s, gsize group)
{
  const KtmFigure *f = &s->h->f;
  gboolean many = f->groups.n > 1;
  KtmStops stops;
  KtmPanel *panel;

  if (!count_group (s, (int) group, &stops))
    return;
  panel = ktm_scene_add_panel (s->scene);
  time_axis (s, &panel->x);
  panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR,
                         .lo = 0,
                         .hi = many ? 100 : fmax (1, (double) stops.n),
                         .integers = TRUE,
                         .from_zero = TRUE };
  if (group == 0)
    ktm_axis_take_label (
        &panel->y,
        ktm_figure_say (f, ktm_text_new (many ? N_("Patients, %") : N_("Patients"), "")));
  if (many)
    {
      panel->title = g_strdup (f->groups.label[group]);
      panel->subtitle = ktm_figure_say (f, ktm_text_new (N_("{1} of {2} stopped"), "ii",
                                                         (long) stops.n_stopped, (long) stops.n));
      panel->title_role = KTM_ROLE_CONTEXT;
    }
  ktm_add_stop_areas (s->scene, panel, &stops, &s->all, s->first, s->time, many, !many);
  ktm_add_still_followed (f, panel, &stops, s->time, many);
  add_row (s, panel, &stops);
  add_table (s, group, &stops);
  ktm_stops_clear (&stops);
}

static void
add_words (Stops *s)
{
  KtmFigure *f = &s->h->f;
  g_autofree char *last = ktm_time_text (f->frame, f->options, s->time[s->n - 1]);

  ktm_figure_caption (f, ktm_text_new (N_("{1} of {2} patients stopped before {3}, by reason; who "
                                           "stops at a visit was still followed at it."),
                                       "iis", (long) s->all.n_stopped, (long) s->all.n, last));
  if (f->groups.n_unknown > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, {2} not recorded: {1}."), "is",
                                         (long) f->groups.n_unknown,
                                         f->frame->attributes[f->groups.attribute].label));
  s->scene->caption = g_strdup (f->caption->str);
  s->scene->description = g_strdup (f->caption->str);
}

static KtmScene *
draw_figure (Stops *s)
{
  const KtmFigure *f = &s->h->f;
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Reason")),
                            ktm_lang_text (f->lang, N_("Time")),
                            ktm_lang_text (f->lang, N_("Stopped")),
                            ktm_lang_text (f->lang, N_("Patients")),
                            NULL };

  s->scene = ktm_figure_scene (f, "stops");
  ktm_scene_set_columns (s->scene, columns);
  s->first = ktm_add_stop_series (f, s->scene, &s->all);
  if (f->groups.n > 1)
    ktm_add_stop_legend (s->scene, &s->all, s->first);
  for (gsize g = 0; g < f->groups.n; g++)
    add_panel (s, g);
  add_words (s);
  return s->scene;
}

/* Patients who stopped, by reason, over the whole schedule or up to the last time chosen. */
KtmScene *
ktm_type_stops_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                      const KtmChartOptions *options, GError **error)
{
  KtmHarmFigure h;
  Stops s = { .h = &h };
  g_autoptr (KtmScene) scene = NULL;

  if (ktm_harm_figure_init_groups (&h, frame, options, error)
      && ktm_figure_check_groups (&h.f, 12, error))
    {
      s.time = ktm_stop_times (&h.f, &s.n);
      if (s.n < 2)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             _("No visit lies between the two times chosen: choose others."));
      else if (!count_group (&s, -1, &s.all) || s.all.n_stopped == 0)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             _("There is nothing to draw: none of the selected patients stopped."));
      else
        scene = draw_figure (&s);
    }
  g_free (s.time);
  ktm_stops_clear (&s.all);
  ktm_harm_figure_clear (&h);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
