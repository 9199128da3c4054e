/* Floor widgets/chart: how the scores of each group are spread at one visit: equal bins, box,
 * patients.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-describe.h"
#include "ktm-figure-final.h"
#include "ktm-scale.h"

typedef struct
{
  KtmFigure *f;
  KtmFinals  at;
  KtmPanel  *panel;
  double     bin;     /* width of a bin */
  double     tallest; /* largest share of a bin among the groups */
  gboolean   whole;
} Spread;

/* Equal bins: one a whole score where the scale is short, else about twenty round ones. */
static void
choose_bins (Spread *s)
{
  KtmAxis *x = &s->panel->x;
  double span = x->hi - x->lo;
  static const double steps[] = { 1, 2, 5, 10, 20, 50, 100 };

  s->bin = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (steps) && span / s->bin > 24; i++)
    s->bin = steps[i];
  if (!s->whole && span <= 6)
    s->bin = span / 24;
  s->bin = s->bin > 0 ? s->bin : 1;
}

static gsize
bin_of (const Spread *s, double value, gsize n)
{
  double at = (value - s->panel->x.lo) / s->bin;

  return (gsize) CLAMP (floor (at + 1e-9), 0, (double) n - 1);
}

static double *
shares (const Spread *s, int group, gboolean before, gsize *n)
{
  double *share;
  gsize total = 0;

  *n = (gsize) ceil ((s->panel->x.hi - s->panel->x.lo) / s->bin - 1e-9);
  share = g_new0 (double, *n + 1);
  for (gsize i = 0; i < s->at.n_seen; i++)
    if (s->at.seen[i].group == group)
      {
        share[bin_of (s, before ? s->at.seen[i].before : s->at.seen[i].value, *n)]++;
        total++;
      }
  for (gsize i = 0; i < *n && total > 0; i++)
    share[i] /= (double) total;
  return share;
}

static void
add_cloud (Spread *s, int group, gboolean before)
{
  gsize n, m = 0;
  g_autofree double *share = shares (s, group, before, &n);
  g_autofree double *x = g_new (double, 2 * n + 2), *low = g_new (double, 2 * n + 2),
                    *high = g_new (double, 2 * n + 2);
  double base = (double) group + 0.08;
  KtmMark *mark;

  for (gsize i = 0; i <= n; i++)
    {
      x[m] = fmin (s->panel->x.lo + (double) i * s->bin, s->panel->x.hi);
      low[m] = base - 0.5 * (i < n ? share[i] : 0) / s->tallest;
      high[m++] = base;
    }
  if (before)
    {
      ktm_panel_add_mark (s->panel, KTM_MARK_STEP, KTM_ROLE_CONTEXT, 0, m, x, low);
      return;
    }
  mark = ktm_panel_add_mark (s->panel, KTM_MARK_BAND, KTM_ROLE_SERIES, (guint) group, m, x, NULL);
  mark->low = g_memdup2 (low, m * sizeof *low);
  mark->high = g_memdup2 (high, m * sizeof *high);
  mark->stepped = TRUE;
  ktm_panel_add_mark (s->panel, KTM_MARK_STEP, KTM_ROLE_SERIES, (guint) group, m, x, low);
}

static void
add_rain (Spread *s, int group)
{
  gsize n = 0, total = ktm_finals_count (s->at.seen, s->at.n_seen, group);
  g_autofree double *x = g_new (double, total + 1), *y = g_new (double, total + 1),
                    *alpha = g_new (double, total + 1);
  KtmMark *mark;

  for (gsize i = 0; i < s->at.n_seen; i++)
    if (s->at.seen[i].group == group)
      {
        guint32 subject = s->f->frame->subject[s->at.seen[i].row];
        double shift =
            s->whole ? 0.3 * s->bin * ktm_figure_jitter (s->f->options->seed + 1, subject) : 0;

        x[n] = CLAMP (s->at.seen[i].value + shift, s->panel->x.lo, s->panel->x.hi);
        alpha[n] = 0.6;
        y[n++] = (double) group + 0.33 + 0.1 * ktm_figure_jitter (s->f->options->seed, subject);
      }
  mark = ktm_panel_add_mark (s->panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) group, n, x, y);
  mark->size = 0.5;
  mark->alpha = g_memdup2 (alpha, (n + 1) * sizeof *alpha);
}

static void
add_box (Spread *s, int group, const KtmDescription *d)
{
  double y = (double) group + 0.16, middle = d->median;
  KtmMark *box =
      ktm_panel_add_mark (s->panel, KTM_MARK_BARS, KTM_ROLE_SERIES, (guint) group, 1, &middle, &y);

  box->low = g_memdup2 (&d->q1, sizeof d->q1);
  box->high = g_memdup2 (&d->q3, sizeof d->q3);
  box->across = TRUE;
  box->width = 0.03;
  ktm_panel_add_mark (s->panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) group, 1, &middle, &y)
      ->size = 1.1;
}

static void
add_group (Spread *s, KtmScene *scene, int group, KtmColumn *names, KtmColumn *counts,
           KtmColumn *middle)
{
  const KtmFigure *f = s->f;
  g_autofree double *values = g_new (double, s->at.n_seen + 1);
  KtmDescription d;
  gsize n = 0;
  int decimals = s->whole ? 0 : 1;

  for (gsize i = 0; i < s->at.n_seen; i++)
    if (s->at.seen[i].group == group)
      values[n++] = s->at.seen[i].value;
  names->series[group] = group;
  names->cells[group] = g_strdup (f->groups.label[group]);
  counts->cells[group] = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) n));
  if (ktm_stats_describe (values, n, f->options->level, &d) != KTM_STATS_OK)
    return;
  g_autofree char *median = ktm_figure_number (f, d.median, decimals),
                  *q1 = ktm_figure_number (f, d.q1, decimals),
                  *q3 = ktm_figure_number (f, d.q3, decimals);

  middle->cells[group] =
      ktm_figure_say (f, ktm_text_new (N_("{1} [{2}, {3}]"), "sss", median, q1, q3));
  if (f->options->show == KTM_SHOW_VALUE)
    add_cloud (s, group, TRUE);
  add_cloud (s, group, FALSE);
  add_box (s, group, &d);
  add_rain (s, group);
  ktm_scene_table (scene, 5, g_strdup (f->groups.label[group]),
                   g_strdup_printf ("%" G_GSIZE_FORMAT, n), g_strdup (median), g_strdup (q1),
                   g_strdup (q3));
}

static void
x_axis (Spread *s)
{
  const KtmFigure *f = s->f;
  KtmAxis *x = &s->panel->x;
  double low = INFINITY, high = -INFINITY;

  s->whole = f->options->show != KTM_SHOW_PERCENT;
  for (gsize i = 0; i < s->at.n_seen; i++)
    {
      double v = s->at.seen[i].value,
             b = f->options->show == KTM_SHOW_VALUE ? s->at.seen[i].before : v;

      low = fmin (low, fmin (v, b));
      high = fmax (high, fmax (v, b));
      s->whole = s->whole && v == floor (v) && b == floor (b);
    }
  x->kind = KTM_AXIS_LINEAR;
  x->signed_ticks = f->options->show != KTM_SHOW_VALUE;
  x->lo = f->options->show == KTM_SHOW_VALUE && !isnan (f->measure->min) ? f->measure->min : low;
  x->hi = f->options->show == KTM_SHOW_VALUE && !isnan (f->measure->max) ? f->measure->max : high;
  if (f->options->show == KTM_SHOW_PERCENT)
    {
      x->lo = -100;
      x->hi = fmin (300, fmax (100, ceil (high / 50) * 50));
    }
  if (s->whole)
    {
      x->lo -= 0.5;
      x->hi += 0.5;
    }
  else if (!(x->hi > x->lo))
    {
      x->lo -= 0.5;
      x->hi += 0.5;
    }
  else if (f->options->show != KTM_SHOW_PERCENT)
    ktm_nice_range (&x->lo, &x->hi);
  x->integers = s->whole;
  ktm_axis_take_label (x, ktm_figure_value_label (f));
}

static void
add_words (Spread *s, KtmScene *scene)
{
  KtmFigure *f = s->f;

  ktm_figure_caption (
      f, ktm_text_new (N_("At {1}. Steps: share of patients in equal bins, on the same scale in "
                           "every group; bar: quartiles with the median; dots: patients."),
                       "s", s->at.when));
  if (f->options->show == KTM_SHOW_VALUE)
    ktm_figure_caption (f, ktm_text_new (N_("Grey: the same patients at baseline."), ""));
  ktm_figure_caption_missing (f);
  if (s->at.n_lost + s->at.n_none > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Not shown, no score at {2}: {1}."), "is",
                                         (long) (s->at.n_lost + s->at.n_none), s->at.when));
  scene->caption = g_strdup (f->caption->str);
  scene->description =
      ktm_figure_say (f, ktm_text_new (N_("Distribution of {1} patients at {2}, by group."), "is",
                                       (long) s->at.n_seen, s->at.when));
}

static KtmScene *
draw_figure (KtmFigure *f, const KtmFinals *at)
{
  KtmScene *scene = ktm_figure_scene (f, "distribution");
  Spread s = { .f = f, .at = *at, .panel = ktm_scene_add_panel (scene), .tallest = 0 };
  gsize n = f->groups.n, bins;
  KtmColumn *names, *counts, *middle;
  const char *columns[] = {
    ktm_lang_text (f->lang, N_("Group")),          ktm_lang_text (f->lang, N_("n")),
    ktm_lang_text (f->lang, N_("Median")),         ktm_lang_text (f->lang, N_("Lower quartile")),
    ktm_lang_text (f->lang, N_("Upper quartile")), NULL
  };

  scene->over_time = FALSE;
  ktm_scene_set_columns (scene, columns);
  x_axis (&s);
  choose_bins (&s);
  s.panel->y =
      (KtmAxis){ .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) n - 0.5, .hidden = TRUE };
  names = ktm_panel_add_column (s.panel, n, FALSE, FALSE, 0);
  counts = ktm_panel_add_column (s.panel, n, TRUE, TRUE, 1);
  middle = ktm_panel_add_column (s.panel, n, TRUE, TRUE, 2);
  names->series = g_new (int, n);
  for (gsize g = 0; g < n; g++)
    {
      g_autofree double *share = shares (&s, (int) g, FALSE, &bins),
                        *first = f->options->show == KTM_SHOW_VALUE
                                     ? shares (&s, (int) g, TRUE, &bins)
                                     : g_new0 (double, bins + 1);

      ktm_scene_add_series (scene, f->groups.label[g], (guint) f->groups.level[g]);
      for (gsize i = 0; i < bins; i++)
        s.tallest = fmax (s.tallest, fmax (share[i], first[i]));
    }
  s.tallest = s.tallest > 0 ? s.tallest : 1;
  for (gsize g = 0; g < n; g++)
    add_group (&s, scene, (int) g, names, counts, middle);
  add_words (&s, scene);
  return scene;
}

/* Scores, changes or percent changes of each group at the last visit chosen. */
KtmScene *
ktm_type_distribution_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                             const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmFinals at = { 0 };
  g_autoptr (KtmScene) scene = NULL;

  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error) && ktm_figure_finals (&f, &at, error))
    {
      gsize kept = 0;

      for (gsize i = 0; i < at.n_seen; i++) /* the grey outline needs the same patients */
        if (own.show != KTM_SHOW_VALUE || !isnan (at.seen[i].before))
          at.seen[kept++] = at.seen[i];
      at.n_seen = kept;
      if (kept > 0)
        scene = draw_figure (&f, &at);
      else
        g_set_error (
            error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
            _("There is nothing to draw: no selected patient has a score of “%s” at both visits."),
            f.measure->label);
    }
  ktm_finals_clear (&at);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
