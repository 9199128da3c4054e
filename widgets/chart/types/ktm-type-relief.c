/* Floor widgets/chart: how long relief lasts: Kaplan-Meier curves with the numbers behind them.  No
 * GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-relief.h"
#include "ktm-scale.h"
#include "ktm-survival.h"

#define FAINT 5    /* fainter where fewer are at risk */
#define BANDS 20   /* a band for groups of at least so many */

typedef struct
{
  gsize       n;
  double     *time;
  bool       *event;
  double     *left, *right;   /* relief was last seen, and first seen gone */
  KtmSurvival curve;
  KtmTurnbull between;        /* n_intervals 0: there is none */
} Arm;

typedef struct
{
  KtmFigure *f;
  KtmRelief  relief;
  KtmScene  *scene;
  KtmPanel  *panel;
  Arm       *arms;     /* groups.n */
  double     end;      /* of the time axis */
} Relief;

/* Patients of group @g; −1: of all groups. */
static void
take_arm (Relief *r, int g, Arm *arm)
{
  arm->time = g_new (double, r->relief.n + 1);
  arm->event = g_new (bool, r->relief.n + 1);
  arm->left = g_new (double, r->relief.n + 1);
  arm->right = g_new (double, r->relief.n + 1);
  for (gsize i = 0; i < r->relief.n; i++)
    {
      int of = r->f->groups.of[r->relief.row[i]];

      if (of < 0 || (g >= 0 && of != g))
        continue;
      arm->left[arm->n] = r->relief.left[i];
      arm->right[arm->n] = r->relief.right[i];
      arm->time[arm->n] = r->relief.time[i];
      arm->event[arm->n++] = r->relief.event[i];
      r->end = fmax (r->end, r->relief.time[i]);
    }
  if (arm->n == 0)
    return;
  if (ktm_survival (arm->time, arm->event, arm->n, r->f->options->level, &arm->curve)
      != KTM_STATS_OK)
    arm->n = 0;
  else if (ktm_turnbull (arm->left, arm->right, arm->n, &arm->between) != KTM_STATS_OK)
    arm->between.n_intervals = 0;
}

static void
clear_arm (Arm *arm)
{
  g_free (arm->time);
  g_free (arm->event);
  g_free (arm->left);
  g_free (arm->right);
  ktm_survival_clear (&arm->curve);
  ktm_turnbull_clear (&arm->between);
}

static gsize
at_risk (const Arm *arm, double t, gsize *events, gsize *censored)
{
  gsize risk;

  ktm_survival_count (arm->time, arm->event, arm->n, t, &risk, events, censored);
  return risk;
}

static double
faint (const Arm *arm, double t)
{
  gsize events, censored;

  return at_risk (arm, t, &events, &censored) < FAINT ? 0.38 : 1;
}

static void
add_curve (Relief *r, gsize g)
{
  const Arm *arm = &r->arms[g];
  const KtmSurvival *c = &arm->curve;
  gsize room = c->n_times + 3, n = 0;
  g_autofree double *x = g_new (double, room), *y = g_new (double, room),
                    *low = g_new (double, room), *high = g_new (double, room),
                    *alpha = g_new (double, room);
  gboolean band = r->f->options->band != KTM_BAND_NONE
                  && (arm->n >= BANDS || r->f->groups.attribute < 0);

  for (gsize i = 0; i < c->n_times + 2; i++)
    {
      gboolean last = i == c->n_times + 1;
      KtmEstimate e;

      x[n] = i == 0 ? 0 : last ? c->last : c->time[i - 1];
      if (n > 0 && x[n] <= x[n - 1] && last)
        continue;
      e = ktm_survival_at (c, x[n]);
      y[n] = 100
             * (i == 0            ? 1
                : i <= c->n_times ? c->survival[i - 1]
                : c->n_times > 0  ? c->survival[c->n_times - 1]
                                  : 1);
      low[n] = isnan (e.low) ? (i > 0 && !last ? NAN : y[n]) : 100 * e.low;
      high[n] = isnan (e.high) ? (i > 0 && !last ? NAN : y[n]) : 100 * e.high;
      if (last && n > 0)
        {
          low[n] = low[n - 1];
          high[n] = high[n - 1];
        }
      alpha[n] = faint (arm, x[n] + 1e-9);
      n++;
    }
  if (band && n > 1)
    {
      KtmMark *mark =
          ktm_panel_add_mark (r->panel, KTM_MARK_BAND, KTM_ROLE_SERIES, (guint) g, n, x, NULL);

      mark->low = g_memdup2 (low, n * sizeof *low);
      mark->high = g_memdup2 (high, n * sizeof *high);
      mark->alpha = g_memdup2 (alpha, n * sizeof *alpha);
      mark->stepped = TRUE;
    }
  ktm_panel_add_mark (r->panel, KTM_MARK_STEP, KTM_ROLE_SERIES, (guint) g, n, x, y)->alpha =
      g_memdup2 (alpha, n * sizeof *alpha);
}

/* A cross on the curve at each time somebody was last seen in relief. */
static void
add_censored (Relief *r, gsize g)
{
  const Arm *arm = &r->arms[g];
  const KtmSurvival *c = &arm->curve;
  g_autofree double *x = g_new (double, arm->n + 1), *y = g_new (double, arm->n + 1);
  gsize n = 0;

  for (gsize i = 0; i < arm->n; i++)
    {
      gboolean known = arm->event[i];
      gsize k = 0;

      for (gsize j = 0; !known && j < n; j++)
        known = x[j] == arm->time[i];
      if (known)
        continue;
      while (k < c->n_times && c->time[k] <= arm->time[i])
        k++;
      x[n] = arm->time[i];
      y[n++] = 100 * (k > 0 ? c->survival[k - 1] : 1);
    }
  KtmMark *mark =
      ktm_panel_add_mark (r->panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) g, n, x, y);

  mark->plus = TRUE;
}

/* Between two visits the curve may run anywhere in the box: a slanting line through it. */
static void
add_between (Relief *r, gsize g)
{
  const Arm *arm = &r->arms[g];
  const KtmTurnbull *c = &arm->between;
  gsize room = 2 * c->n_intervals + 2, n = 1;
  g_autofree double *x = g_new0 (double, room), *y = g_new (double, room),
                    *low = g_new (double, room), *high = g_new (double, room);
  double before = 100;

  y[0] = low[0] = high[0] = 100;
  for (gsize i = 0; i < c->n_intervals; i++)
    {
      double after = 100 * c->survival[i];

      if (c->from[i] > x[n - 1])
        n++;
      x[n - 1] = c->from[i];
      y[n - 1] = high[n - 1] = before;
      low[n - 1] = isfinite (c->to[i]) ? after : before;
      if (!isfinite (c->to[i]))
        break; /* nobody was seen later */
      x[n] = c->to[i];
      y[n] = low[n] = high[n] = before = after;
      n++;
    }
  KtmMark *box =
      ktm_panel_add_mark (r->panel, KTM_MARK_BAND, KTM_ROLE_SERIES, (guint) g, n, x, NULL);

  box->low = g_memdup2 (low, n * sizeof *low);
  box->high = g_memdup2 (high, n * sizeof *high);
  box->stepped = TRUE;
  ktm_panel_add_mark (r->panel, KTM_MARK_LINE, KTM_ROLE_SERIES, (guint) g, n, x, y);
}

/* The middle of the axis, where whiskers stand and shares are told. */
static double
milestone (const Relief *r)
{
  return r->end >= 2 ? ceil (r->end / 2) : r->end / 2;
}

/* A whisker at the middle of the axis for groups too small for a band. */
static void
add_whisker (Relief *r, gsize g)
{
  const Arm *arm = &r->arms[g];
  double at = milestone (r), x = at + ((double) g - 1.5) * r->end * 0.008;
  KtmEstimate e;

  if (arm->n >= BANDS || r->f->groups.attribute < 0 || arm->n == 0
      || r->f->options->band == KTM_BAND_NONE)
    return;
  e = ktm_survival_at (&arm->curve, at);
  if (isnan (e.low) || isnan (e.high))
    return;
  KtmMark *mark =
      ktm_panel_add_mark (r->panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, (guint) g, 1, &x, NULL);

  mark->low = g_memdup2 ((double[1]) { 100 * e.low }, sizeof (double));
  mark->high = g_memdup2 ((double[1]) { 100 * e.high }, sizeof (double));
}

/* "6 [4, 8]"; "–" where it is not reached. */
static char *
limits (const KtmFigure *f, const KtmEstimate *e, gboolean percent)
{
  double scale = percent ? 100 : 1;
  const double numbers[3] = { e->value, e->low, e->high };
  char *said[3];

  for (int i = 0; i < 3; i++)
    said[i] = isnan (numbers[i])
                  ? g_strdup ("–")
                  : ktm_figure_number (f, scale * numbers[i],
                                       percent ? 0 : ktm_time_decimals (numbers[i]));
  KtmText *text = isnan (e->value) && isnan (e->low) ? ktm_text_new ("–", "")
                  : percent ? ktm_text_new (N_("{1}% [{2}, {3}]"), "sss", said[0], said[1], said[2])
                            : ktm_text_new ("{1} [{2}, {3}]", "sss", said[0], said[1], said[2]);

  for (int i = 0; i < 3; i++)
    g_free (said[i]);
  return ktm_figure_say (f, text);
}

/* "3–4": where the interval-censored curve falls to one half. */
static char *
median_between (const KtmFigure *f, const Arm *arm)
{
  double from = NAN, to = NAN;

  if (arm->between.n_intervals > 0)
    ktm_turnbull_quantile (&arm->between, 0.5, &from, &to);
  g_autofree char *low = ktm_figure_number (f, from, isnan (from) ? 0 : ktm_time_decimals (from)),
                  *high = ktm_figure_number (f, to, isfinite (to) ? ktm_time_decimals (to) : 0);

  return ktm_figure_say (f, isnan (from)     ? ktm_text_new (N_("not reached"), "")
                            : !isfinite (to) ? ktm_text_new (N_("after {1}"), "s", low)
                            : from == to     ? ktm_text_new ("{1}", "s", low)
                                             : ktm_text_new ("{1}–{2}", "ss", low, high));
}

static void
add_table_row (Relief *r, const char *label, const Arm *arm)
{
  KtmEstimate median = ktm_survival_quantile (&arm->curve, 0.5),
              at = ktm_survival_at (&arm->curve, milestone (r));

  ktm_scene_table (r->scene, 6, g_strdup (label), g_strdup_printf ("%" G_GSIZE_FORMAT, arm->n),
                   g_strdup_printf ("%" G_GSIZE_FORMAT, arm->curve.n_events),
                   limits (r->f, &median, FALSE), median_between (r->f, arm),
                   limits (r->f, &at, TRUE));
}

/* All groups together head the table. */
static void
add_total (Relief *r)
{
  Arm all = { 0 };

  take_arm (r, -1, &all);
  if (all.n > 0)
    add_table_row (r, ktm_lang_text (r->f->lang, N_("All")), &all);
  clear_arm (&all);
}

/* The heads of the table, once the axis is known. */
static void
set_columns (Relief *r)
{
  const KtmFigure *f = r->f;
  g_autofree char *when = ktm_time_text (f->frame, f->options, milestone (r)),
                  *share =
                      ktm_figure_say (f, ktm_text_new (N_("Still in relief at {1}"), "s", when));
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Gained relief")),
                            ktm_lang_text (f->lang, N_("Lost it")),
                            ktm_lang_text (f->lang, N_("Median [CI]")),
                            ktm_lang_text (f->lang, N_("Median, interval-censored")),
                            share,
                            NULL };

  ktm_scene_set_columns (r->scene, columns);
  if (f->groups.attribute >= 0)
    add_total (r);
}

/* "median 6 [4, 8]", or where the interval-censored curve falls to one half. */
static char *
median_words (const Relief *r, gsize g, const KtmEstimate *median)
{
  const KtmFigure *f = r->f;
  g_autofree char *between = median_between (f, &r->arms[g]), *value = NULL;

  if (f->options->turnbull)
    return ktm_figure_say (f, ktm_text_new (N_("median {1}"), "s", between));
  if (isnan (median->value))
    return ktm_figure_say (f, ktm_text_new (N_("median not reached"), ""));
  value = limits (f, median, FALSE);
  return ktm_figure_say (f, ktm_text_new (N_("median {1}"), "s", value));
}

/* A mark on the line of one half, and a dotted line from it to the time axis. */
static void
add_median (Relief *r, gsize g)
{
  const KtmFigure *f = r->f;
  const Arm *arm = &r->arms[g];
  const KtmSurvival *c = &arm->curve;
  KtmEstimate median = ktm_survival_quantile (c, 0.5);
  g_autofree char *words = median_words (r, g, &median),
                  *all = ktm_figure_say (f, ktm_text_new (N_("All patients"), ""));
  double end = 100 * (c->n_times > 0 ? c->survival[c->n_times - 1] : 1), half = 50, zero = 0,
         at = median.value, to;

  ktm_panel_add_label (r->panel, f->groups.attribute < 0 ? all : f->groups.label[g], words,
                       KTM_ROLE_SERIES, (guint) g, end);
  if (f->options->turnbull && arm->between.n_intervals > 0)
    {
      ktm_turnbull_quantile (&arm->between, 0.5, &at, &to);
      at = isfinite (to) ? (at + to) / 2 : NAN;
    }
  if (!isnan (at) && at <= r->end)
    {
      KtmMark *drop = ktm_panel_add_mark (r->panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, (guint) g,
                                          1, &at, NULL);

      drop->low = g_memdup2 (&zero, sizeof zero);
      drop->high = g_memdup2 (&half, sizeof half);
      drop->flat = drop->dashed = TRUE;
      ktm_panel_add_mark (r->panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) g, 1, &at, &half)
          ->hollow = TRUE;
    }
  add_table_row (r, f->groups.label[g], arm);
}

static void
add_row (Relief *r, int what, const char *label, gsize g)
{
  const KtmAxis *x = &r->panel->x;
  KtmRow *row =
      ktm_panel_add_row (r->panel, label, KTM_ROLE_SERIES, (guint) g, x->n_ticks, x->ticks);

  row->marker = r->f->groups.attribute >= 0;
  row->keep = what > 0;
  for (gsize i = 0; i < x->n_ticks; i++)
    {
      gsize events, censored, risk = at_risk (&r->arms[g], x->ticks[i], &events, &censored);

      row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, what == 0   ? risk
                                                           : what == 1 ? censored
                                                                       : events);
    }
}

/* A block of rows, one a group, under its name; one row alone is called by it. */
static void
add_rows (Relief *r, int what, const char *head)
{
  if (r->f->groups.attribute < 0)
    {
      add_row (r, what, head, 0);
      return;
    }
  KtmRow *row = ktm_panel_add_row (r->panel, head, KTM_ROLE_CONTEXT, 0, 0, NULL);

  row->heading = TRUE;
  row->keep = what > 0;
  for (gsize g = 0; g < r->f->groups.n; g++)
    if (r->arms[g].n > 0)
      add_row (r, what, r->f->groups.label[g], g);
}

static void
time_axis (Relief *r)
{
  KtmAxis *x = &r->panel->x;
  g_autofree double *ticks = NULL;
  gsize n = 0;
  int decimals;
  double hi = r->end > 0 ? r->end : 1;
  KtmReliefRule rule;

  ktm_relief_rule_parse (r->f->options->relief, &rule, NULL);
  ticks = ktm_ticks_linear (0, hi, 13, FALSE, &n, &decimals);
  while (n > 0 && ticks[n - 1] > hi + 1e-9)
    n--;
  ktm_time_axis_init (r->f->frame, r->f->options, 0, hi, n, ticks, x);
  if (rule.since_relief && rule.date[0] == '\0')
    {
      static const struct { const char *unit, *label;
      } since[] = {
        { "minute", N_("Minutes since relief began") },
        { "hour", N_("Hours since relief began") },
        { "day", N_("Days since relief began") },
        { "week", N_("Weeks since relief began") },
        { "month", N_("Months since relief began") },
        { "year", N_("Years since relief began") },
      };

      for (gsize i = 0; i < G_N_ELEMENTS (since); i++)
        if (g_strcmp0 (since[i].unit, r->f->frame->time_unit) == 0)
          ktm_axis_take_label (x, ktm_figure_say (r->f, ktm_text_new (since[i].label, "")));
    }
}

static void
add_words (Relief *r, const KtmReliefRule *rule, gsize measure)
{
  KtmFigure *f = r->f;
  const KtmRelief *x = &r->relief;

  if (f->options->turnbull)
    ktm_figure_caption (
        f, ktm_text_new (N_("Interval-censored curve (Turnbull): relief was lost between two "
                             "visits; within the boxes nothing says where. Hollow: middle of the "
                             "interval of the median."),
                         ""));
  else
    {
      ktm_figure_caption (f,
                          ktm_text_new (f->options->band == KTM_BAND_NONE ? N_("Kaplan–Meier.")
                                        : f->groups.attribute < 0
                                            ? N_("Kaplan–Meier with {1}% CI (log–log).")
                                            : N_("Kaplan–Meier; {1}% CI (log–log) as bands for "
                                                  "groups of 20 or more, as whiskers for others."),
                                        "g", 100 * f->options->level));
      ktm_figure_caption (
          f, ktm_text_new (N_("+: censored; hollow: median; faint: fewer than {1} at risk."), "i",
                           (long) FAINT));
    }
  ktm_figure_caption (
      f, ktm_text_new (N_("{1}."), "t", ktm_relief_rule_text (rule, f->frame, measure)));
  ktm_figure_caption (
      f, ktm_text_new (N_("{1} of {2} patients who could be judged gained relief; {3} lost it."),
                       "iii", (long) x->n, (long) x->n_seen, (long) x->n_events));
  r->scene->caption = g_strdup (f->caption->str);
  r->scene->description = g_strdup (r->scene->caption);
  if (f->options->band != KTM_BAND_NONE && !f->options->turnbull)
    r->scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
}

static KtmScene *
draw_figure (KtmFigure *f, const KtmRelief *relief, const KtmReliefRule *rule, gsize measure)
{
  Relief r = { .f = f, .relief = *relief, .scene = ktm_figure_scene (f, "relief") };
  double half = 50;

  r.panel = ktm_scene_add_panel (r.scene);
  r.panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 100 };
  ktm_axis_take_label (&r.panel->y,
                       ktm_figure_say (f, ktm_text_new (N_("Still in relief, %"), "")));
  r.arms = g_new0 (Arm, f->groups.n);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      ktm_scene_add_series (r.scene, f->groups.label[g], (guint) f->groups.level[g]);
      take_arm (&r, (int) g, &r.arms[g]);
    }
  time_axis (&r);
  set_columns (&r);
  ktm_panel_add_mark (r.panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &half);
  for (gsize g = 0; g < f->groups.n; g++)
    if (r.arms[g].n > 0)
      (f->options->turnbull ? add_between : add_curve) (&r, g);
  for (gsize g = 0; g < f->groups.n; g++)
    if (r.arms[g].n > 0)
      {
        if (!f->options->turnbull)
          {
            add_whisker (&r, g);
            add_censored (&r, g);
          }
        add_median (&r, g);
      }
  add_rows (&r, 0, ktm_lang_text (f->lang, N_("At risk")));
  add_rows (&r, 1, ktm_lang_text (f->lang, N_("Censored")));
  add_rows (&r, 2, ktm_lang_text (f->lang, N_("Lost")));
  add_words (&r, rule, measure);
  for (gsize g = 0; g < f->groups.n; g++)
    clear_arm (&r.arms[g]);
  g_free (r.arms);
  return r.scene;
}

static gboolean
derive (const KtmFigure *f, KtmReliefRule *rule, gsize measure, KtmRelief *out, GError **error)
{
  const char *where = NULL;
  gsize shown = 0;

  if (!ktm_relief_rule_parse (f->options->relief, rule, &where))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The rule of relief is not understood from “%s” on: write for example “gain "
                    "30, by 3, lost 30, visits 2”."),
                 where);
  else if (ktm_relief (f->frame, measure, rule, f->options->to, out) != KTM_STATS_OK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The rule of relief names “%s”, which is no attribute that holds numbers."),
                 rule->date);
  else
    {
      for (gsize i = 0; i < out->n; i++)
        shown += f->groups.of[out->row[i]] >= 0;
      if (shown > 0)
        return TRUE;
      ktm_relief_clear (out);
      g_set_error_literal (
          error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          _("There is nothing to draw: no selected patient gained relief by this rule."));
    }
  return FALSE;
}

/* Time to loss of relief by the rule of the options. */
KtmScene *
ktm_type_relief_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                       const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmReliefRule rule;
  KtmRelief relief = { 0 };
  g_autoptr (KtmScene) scene = NULL;

  own.show = KTM_SHOW_VALUE;
  own.missing = KTM_MISSING_AVAILABLE;
  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error))
    {
      gsize measure = (gsize) (f.measure - frame->measures);

      if (derive (&f, &rule, measure, &relief, error))
        scene = draw_figure (&f, &relief, &rule, measure);
    }
  ktm_relief_clear (&relief);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
