/* Floor widgets/chart: share of responders at each visit, one panel a group.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-figure-response.h"
#include "ktm-proportion.h"

#define FEW 20           /* hollow below */
#define MOST_PANELS 12

typedef struct
{
  gsize *yes, *n;        /* at each visit shown */
  double *rate, *low, *high, *alpha;  /* percent */
} Rates;

typedef struct
{
  KtmFigure     *f;
  KtmDefinition *definition;
  KtmResponders  who;
  bool          *in;
  long          *group_of;
  gsize          n_visits;
  gsize         *visit;
  double        *time;
  KtmScene      *scene;
} Figure;

static Rates
make_rates (const Figure *c, long group)
{
  gsize n = c->n_visits + 1;
  Rates r = { g_new0 (gsize, n), g_new0 (gsize, n), g_new (double, n),
              g_new (double, n), g_new (double, n), g_new (double, n) };
  KtmResponders who = c->who;

  who.group = group;
  for (gsize j = 0; j < c->n_visits; j++)
    {
      KtmResponseCount count;

      ktm_responders_count (&who, c->visit[j], &count);
      r.yes[j] = count.yes;
      r.n[j] = count.judged;
      r.rate[j] = r.low[j] = r.high[j] = NAN;
      r.alpha[j] = count.judged < KTM_FAINT_BELOW ? 0.45 : 1;
      if (count.judged == 0)
        continue;
      r.rate[j] = 100.0 * (double) count.yes / (double) count.judged;
      ktm_stats_wilson ((double) count.yes, (double) count.judged, c->f->options->level, &r.low[j],
                        &r.high[j]);
      r.low[j] *= 100;
      r.high[j] *= 100;
    }
  return r;
}

static void
rates_clear (Rates *r)
{
  g_free (r->yes);
  g_free (r->n);
  g_free (r->rate);
  g_free (r->low);
  g_free (r->high);
  g_free (r->alpha);
}

/* Everybody, or the patients of the groups chosen; completers where only they count. */
static void
choose_patients (Figure *c)
{
  const KtmFigure *f = c->f;
  gsize last = f->table.visit[f->table.n_visits - 1];
  bool *complete = f->options->missing == KTM_MISSING_COMPLETERS
                       ? ktm_frame_completers (f->frame, (gsize) (f->measure - f->frame->measures),
                                               last)
                       : NULL;

  c->in = g_new0 (bool, f->frame->n_patients + 1);
  c->group_of = g_new (long, f->frame->n_patients + 1);
  for (gsize p = 0; p < f->frame->n_patients; p++)
    {
      c->group_of[p] = f->groups.of[p];
      c->in[p] = (f->options->groups == NULL || f->groups.of[p] >= 0)
                 && (complete == NULL || complete[p]);
    }
  free (complete);
  c->who = (KtmResponders){ .definition = c->definition,
                            .frame = f->frame,
                            .unknown = KTM_UNKNOWN_OUT,
                            .missing = f->options->missing,
                            .group_of = c->group_of,
                            .group = -1,
                            .in = c->in };
}

/* Visits at which anybody can be judged. */
static void
choose_visits (Figure *c)
{
  gsize n, kept = 0;

  c->visit = g_new (gsize, c->f->frame->n_visits + 1);
  c->time = g_new (double, c->f->frame->n_visits + 1);
  n = ktm_figure_visits_after (c->f, c->visit);
  for (gsize j = 0; j < n; j++)
    {
      KtmResponseCount count;

      ktm_responders_count (&c->who, c->visit[j], &count);
      if (count.judged == 0)
        continue;
      c->time[kept] = c->f->frame->visit_time[c->visit[j]];
      c->visit[kept++] = c->visit[j];
    }
  c->n_visits = kept;
  c->who.unknown = ktm_definition_unknown (c->definition);
}

static void
add_points (const Figure *c, KtmPanel *panel, const Rates *r, guint series, gboolean hollow)
{
  g_autofree double *x = g_new (double, c->n_visits + 1), *y = g_new (double, c->n_visits + 1),
                    *alpha = g_new (double, c->n_visits + 1);
  gsize n = 0;
  KtmMark *mark;

  for (gsize j = 0; j < c->n_visits; j++)
    if (r->n[j] > 0 && (r->n[j] < FEW) == hollow)
      {
        x[n] = c->time[j];
        y[n] = r->rate[j];
        alpha[n++] = r->alpha[j];
      }
  if (n == 0)
    return;
  mark = ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, series, n, x, y);
  mark->hollow = hollow;
  mark->alpha = g_memdup2 (alpha, n * sizeof *alpha);
}

static void
add_rates (const Figure *c, KtmPanel *panel, const Rates *r, guint series)
{
  KtmMark *mark = ktm_panel_add_mark (panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, series,
                                      c->n_visits, c->time, NULL);

  mark->low = g_memdup2 (r->low, c->n_visits * sizeof *r->low);
  mark->high = g_memdup2 (r->high, c->n_visits * sizeof *r->high);
  mark->alpha = g_memdup2 (r->alpha, c->n_visits * sizeof *r->alpha);
  mark->flat = TRUE;
  mark = ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, c->n_visits, c->time,
                             r->rate);
  mark->alpha = g_memdup2 (r->alpha, c->n_visits * sizeof *r->alpha);
  add_points (c, panel, r, series, FALSE);
  add_points (c, panel, r, series, TRUE);
}

static void
add_panel (const Figure *c, const Rates *own, const Rates *everybody, gsize g)
{
  const KtmFigure *f = c->f;
  KtmPanel *panel = ktm_scene_add_panel (c->scene);
  double lo = c->time[0], hi = c->time[c->n_visits - 1], pad = MAX ((hi - lo) * 0.03, 0.25);
  KtmRow *row;

  ktm_time_axis_init (f->frame, f->options, lo - pad, hi + pad, c->n_visits, c->time, &panel->x);
  panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 100 };
  ktm_axis_take_label (&panel->y, ktm_figure_say (f, ktm_text_new (N_("Responders, %"), "")));
  if (f->groups.attribute >= 0)
    {
      panel->title = g_strdup (f->groups.label[g]);
      panel->title_series = (guint) g;
      panel->title_marker = TRUE;
      if (f->groups.n > 1)
        ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_CONTEXT, 0, c->n_visits, c->time,
                            everybody->rate);
    }
  add_rates (c, panel, own, (guint) g);
  row = ktm_panel_add_row (panel, ktm_lang_text (f->lang, N_("n")), KTM_ROLE_SERIES, (guint) g,
                           c->n_visits, c->time);
  for (gsize j = 0; j < c->n_visits; j++)
    row->cells[j] = g_strdup_printf ("%" G_GSIZE_FORMAT, own->n[j]);
}

static void
fill_table (const Figure *c, const Rates *r, const char *label)
{
  const KtmFigure *f = c->f;

  for (gsize j = 0; j < c->n_visits; j++)
    ktm_scene_table (c->scene, 7, g_strdup (label),
                     ktm_figure_number (f, c->time[j], ktm_time_decimals (c->time[j])),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, r->yes[j]),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, r->n[j]),
                     ktm_figure_number (f, r->rate[j], 1), ktm_figure_number (f, r->low[j], 1),
                     ktm_figure_number (f, r->high[j], 1));
}

static gboolean
any_below (const Rates *rates, gsize n_groups, gsize n_visits, gsize most)
{
  for (gsize g = 0; g < n_groups; g++)
    for (gsize j = 0; j < n_visits; j++)
      if (rates[g].n[j] > 0 && rates[g].n[j] < most)
        return TRUE;
  return FALSE;
}

static KtmText *
definition_text (const Figure *c)
{
  long m = ktm_definition_measure (c->definition);
  KtmText *text = ktm_definition_text (c->definition);

  return m < 0 ? text
               : ktm_text_new (N_("{1} ({2})"), "ts", text, c->f->frame->measures[m].label);
}

static void
describe (const Figure *c, const Rates *everybody)
{
  gsize last = c->n_visits - 1;
  double low, high;
  g_autofree char *when = ktm_time_text (c->f->frame, c->f->options, c->time[last]),
                  *share = ktm_figure_share (c->f, everybody->yes[last], everybody->n[last], &low,
                                             &high);

  c->scene->description =
      ktm_figure_say (c->f, ktm_text_new (N_("Responder rate by visit. Responder: {1}. All "
                                             "patients at {2}: {3}."),
                                          "tss", definition_text (c), when, share));
}

static void
add_words (const Figure *c, const Rates *rates, const Rates *everybody)
{
  KtmFigure *f = c->f;

  ktm_figure_caption (f, ktm_text_new (N_("Responder: {1}."), "t", definition_text (c)));
  ktm_figure_caption (f, ktm_unknown_text (c->who.unknown));
  ktm_figure_caption (f, ktm_text_new (N_("Whiskers: {1}% CI (Wilson)."), "g",
                                       100 * f->options->level));
  if (any_below (rates, f->groups.n, c->n_visits, FEW))
    ktm_figure_caption (f,
                        ktm_text_new (N_("Hollow: fewer than {1} patients."), "i", (long) FEW));
  if (any_below (rates, f->groups.n, c->n_visits, KTM_FAINT_BELOW))
    ktm_figure_caption (
        f, ktm_text_new (N_("Faint: fewer than {1} patients."), "i", (long) KTM_FAINT_BELOW));
  if (f->options->missing != KTM_MISSING_AVAILABLE)
    ktm_figure_caption_missing (f);
  c->scene->caption = g_strdup (f->caption->str);
  c->scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  describe (c, everybody);
}

static void
draw_figure (Figure *c)
{
  const KtmFigure *f = c->f;
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Time")),
                            ktm_lang_text (f->lang, N_("Responders")),
                            ktm_lang_text (f->lang, N_("n")),
                            ktm_lang_text (f->lang, N_("%")),
                            ktm_lang_text (f->lang, N_("Low")),
                            ktm_lang_text (f->lang, N_("High")),
                            NULL };
  g_autofree Rates *rates = g_new0 (Rates, f->groups.n + 1);
  Rates everybody = make_rates (c, -1);

  c->scene = ktm_figure_scene (f, "responder-rate");
  ktm_scene_set_columns (c->scene, columns);
  c->scene->aspect = 1.7;
  for (gsize g = 0; g < f->groups.n; g++)
    {
      rates[g] = make_rates (c, f->groups.attribute < 0 ? -1 : (long) g);
      ktm_scene_add_series (c->scene, f->groups.label[g], (guint) f->groups.level[g]);
    }
  for (gsize g = 0; g < f->groups.n; g++)
    {
      add_panel (c, &rates[g], &everybody, g);
      fill_table (c, &rates[g], f->groups.label[g]);
    }
  if (f->groups.n > 1)
    {
      const char *all = ktm_lang_text (f->lang, N_("All patients"));

      ktm_scene_add_legend (c->scene, all, KTM_ROLE_CONTEXT, 0);
      fill_table (c, &everybody, all);
    }
  add_words (c, rates, &everybody);
  for (gsize g = 0; g < f->groups.n; g++)
    rates_clear (&rates[g]);
  rates_clear (&everybody);
}

static KtmScene *
build (KtmFigure *f, GError **error)
{
  Figure c = { .f = f, .definition = ktm_figure_definition (f, error) };

  if (c.definition == NULL)
    return NULL;
  choose_patients (&c);
  choose_visits (&c);
  if (c.n_visits > 0)
    draw_figure (&c);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("There is no responder rate to draw: by this definition no selected "
                           "patient can be judged at any visit after baseline."));
  g_free (c.in);
  g_free (c.group_of);
  g_free (c.visit);
  g_free (c.time);
  ktm_definition_free (c.definition);
  return c.scene;
}

/* Responder rate by visit, by options->definition. */
KtmScene *
ktm_type_responder_rate_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                               const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  g_autoptr (KtmScene) scene = NULL;

  own.show = KTM_SHOW_VALUE;
  if (ktm_figure_init (&f, frame, &own, error)
      && ktm_figure_check_groups (&f, MOST_PANELS, error))
    scene = build (&f, error);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
