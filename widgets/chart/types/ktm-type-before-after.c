/* Floor widgets/chart: the same patients before and after, and an estimation plot of their changes.
 * No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "ktm-bootstrap.h"
#include "ktm-describe.h"
#include "ktm-figure-final.h"
#include "ktm-scale.h"

#define RESAMPLES 2000

static void
add_pairs (const KtmFigure *f, const KtmFinals *at, KtmPanel *panel)
{
  static const double x[2] = { 0, 1 };

  for (gsize g = 0; g < f->groups.n; g++)
    {
      gsize n = ktm_finals_count (at->seen, at->n_seen, (int) g), k = 0;

      if (n == 0)
        continue; /* nobody of this group was seen at both visits */
      g_autofree guint32 *rows = g_new (guint32, n + 1);
      double *y = g_new (double, 2 * n + 1);

      for (gsize i = 0; i < at->n_seen; i++)
        if (at->seen[i].group == (int) g)
          {
            y[2 * k] = at->seen[i].before;
            y[2 * k + 1] = at->seen[i].after;
            rows[k++] = at->seen[i].row;
          }
      KtmMark *lines =
          ktm_panel_add_matrix (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, (guint) g, n, 2, x, y, rows);

      lines->jitter = g_new (double, n + 1);
      for (gsize i = 0; i < n; i++)
        lines->jitter[i] = fmin (0.15, (panel->y.hi - panel->y.lo) * 0.015)
                           * ktm_figure_jitter (f->options->seed, f->frame->subject[rows[i]]);
    }
}

static void
add_means (const KtmFigure *f, const KtmFinals *at, KtmPanel *panel)
{
  static const double x[2] = { 0, 1 };
  double mean[2], low[2], high[2];
  g_autofree double *values = g_new (double, at->n_seen + 1);

  for (int side = 0; side < 2; side++)
    {
      KtmDescription d;

      for (gsize i = 0; i < at->n_seen; i++)
        values[i] = side == 0 ? at->seen[i].before : at->seen[i].after;
      ktm_stats_describe (values, at->n_seen, f->options->level, &d);
      mean[side] = d.mean.value;
      low[side] = CLAMP (d.mean.low, panel->y.lo, panel->y.hi);
      high[side] = CLAMP (d.mean.high, panel->y.lo, panel->y.hi);
    }
  KtmMark *bars = ktm_panel_add_mark (panel, KTM_MARK_INTERVAL, KTM_ROLE_SELECTED, 0, 2, x, NULL);

  bars->low = g_memdup2 (low, sizeof low);
  bars->high = g_memdup2 (high, sizeof high);
  ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SELECTED, 0, 2, x, mean)->markers = TRUE;
}

/* "Baseline", or the visit that stands for it where there is none. */
static char *
before_name (const KtmFigure *f)
{
  const KtmFrame *frame = f->frame;
  gboolean none = frame->n_visits > 0 && frame->visit_time[0] > 0;
  double first = !none ? NAN : isnan (f->options->from) ? frame->visit_time[0] : f->options->from;
  g_autofree char *time = none ? ktm_time_text (frame, f->options, first) : NULL;

  return ktm_capital (none ? time : ktm_lang_text (f->lang, N_("baseline")));
}

static void
left_panel (const KtmFigure *f, const KtmFinals *at, KtmScene *scene)
{
  static const double ends[2] = { 0, 1 };
  KtmPanel *panel = ktm_scene_add_panel (scene);
  g_autofree char *before = before_name (f),
                  *after = ktm_capital (at->when);
  const char *labels[2] = { before, after };
  KtmChartOptions plain = *f->options;
  KtmFigure value = *f;
  double low = INFINITY, high = -INFINITY;

  plain.show = KTM_SHOW_VALUE;
  value.options = &plain;
  panel->x = (KtmAxis) { .kind = KTM_AXIS_TIME, .lo = -0.5, .hi = 1.5, .names = TRUE };
  ktm_axis_set_ticks (&panel->x, 2, ends, labels);
  for (gsize i = 0; i < at->n_seen; i++)
    {
      low = fmin (low, fmin (at->seen[i].before, at->seen[i].after));
      high = fmax (high, fmax (at->seen[i].before, at->seen[i].after));
    }
  panel->y = (KtmAxis){ .kind = KTM_AXIS_LINEAR,
                        .lo = f->measure->min,
                        .hi = f->measure->max,
                        .integers = f->measure->max - f->measure->min >= 2 };
  if (!(panel->y.hi > panel->y.lo))
    {
      panel->y = (KtmAxis){ .kind = KTM_AXIS_LINEAR,
                            .lo = low - 0.05 * (high - low) - 0.5,
                            .hi = high + 0.05 * (high - low) + 0.5 };
    }
  ktm_axis_take_label (&panel->y, ktm_figure_value_label (&value));
  panel->weight = f->groups.attribute < 0 ? 1.5 : 0.95;
  panel->title = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) at->n_seen));
  panel->title_role = KTM_ROLE_SELECTED;
  if (f->options->individuals)
    add_pairs (f, at, panel);
  add_means (f, at, panel);
}

/* One dot: the how-manieth it is, and where. */
typedef struct { gsize k; double value; } Dot;

static int
compare_values (gconstpointer pa, gconstpointer pb)
{
  const Dot *a = pa, *b = pb;

  return a->value != b->value ? (a->value > b->value) - (a->value < b->value)
                              : (a->k > b->k) - (a->k < b->k);
}

static int
compare_turns (gconstpointer pa, gconstpointer pb)
{
  const Dot *a = pa, *b = pb;

  return (a->k > b->k) - (a->k < b->k);
}

/* How many dots lie where each one does, and how many of them before it; returns the most.  Sorted,
 * not compared with each other: of 100 000 patients these are 5 000 million pairs. */
static gsize
count_equal (Dot *dots, gsize n, gsize *same, gsize *before)
{
  gsize most = 1, end;

  if (n > 0)
    qsort (dots, n, sizeof *dots, compare_values);
  for (gsize first = 0; first < n; first = end)
    {
      for (end = first + 1; end < n && dots[end].value - dots[end - 1].value < 1e-9; end++)
        continue;
      qsort (dots + first, end - first, sizeof *dots, compare_turns);
      for (gsize i = first; i < end; i++)
        {
          same[dots[i].k] = end - first;
          before[dots[i].k] = i - first;
        }
      most = MAX (most, end - first);
    }
  return most;
}

/* Equal changes lie side by side. */
static void
add_dots (const KtmFinals *at, KtmPanel *panel, int group, double centre, KtmRole role,
          guint series)
{
  gsize room = at->n_seen + 1, n = 0;
  g_autofree double *x = g_new (double, room), *y = g_new (double, room);
  g_autofree double *alpha = g_new (double, room);
  g_autofree gsize *same = g_new (gsize, room), *before = g_new (gsize, room);
  g_autofree Dot *sorted = g_new (Dot, room);
  double step;

  for (gsize i = 0; i < at->n_seen; i++)
    if (group < 0 || at->seen[i].group == group)
      {
        sorted[n] = (Dot) { n, at->seen[i].value };
        alpha[n] = 0.55;
        y[n++] = at->seen[i].value;
      }
  step = fmin (0.07, 0.84 / (double) count_equal (sorted, n, same, before));
  for (gsize k = 0; k < n; k++)
    x[k] = centre + ((double) before[k] - (double) (same[k] - 1) / 2) * step;

  KtmMark *dots = ktm_panel_add_mark (panel, KTM_MARK_POINTS, role, series, n, x, y);

  dots->size = 0.42;
  dots->alpha = g_memdup2 (alpha, (n + 1) * sizeof *alpha);
}

/* Mean change with its bootstrap interval; the t interval where so few cannot be resampled. */
static KtmEstimate
mean_change (const KtmFigure *f, const KtmFinals *at, int group)
{
  g_autofree double *values = g_new (double, at->n_seen + 1);
  KtmBootOptions options = { RESAMPLES, f->options->seed, f->options->level, KTM_RESAMPLE_CASES };
  KtmBootstrap boot;
  KtmDescription d;
  gsize n = 0;

  for (gsize i = 0; i < at->n_seen; i++)
    if (group < 0 || at->seen[i].group == group)
      values[n++] = at->seen[i].value;
  if (ktm_stats_describe (values, n, f->options->level, &d) != KTM_STATS_OK)
    return (KtmEstimate) { NAN, NAN, NAN, NAN };
  if (n >= 6
      && ktm_stats_bootstrap (KTM_BOOT_MEAN, values, n, NULL, 0, &options, NULL, &boot)
             == KTM_STATS_OK
      && isfinite (boot.bca_low) && isfinite (boot.bca_high))
    return (KtmEstimate) { d.mean.value, boot.se, boot.bca_low, boot.bca_high };
  return d.mean;
}

static void
add_estimate (const KtmFigure *f, const KtmFinals *at, KtmScene *scene, KtmPanel *panel, int group,
              double centre, KtmRole role, guint series)
{
  KtmEstimate e = mean_change (f, at, group);
  KtmMark *whisker;
  const char *label = group < 0 ? ktm_lang_text (f->lang, N_("All")) : f->groups.label[group];

  add_dots (at, panel, group, centre, role == KTM_ROLE_SELECTED ? KTM_ROLE_CONTEXT : role, series);
  ktm_scene_table (
      scene, 5, g_strdup (label),
      g_strdup_printf ("%" G_GSIZE_FORMAT, ktm_finals_count (at->seen, at->n_seen, group)),
      ktm_figure_number (f, e.value, 2), ktm_figure_number (f, e.low, 2),
      ktm_figure_number (f, e.high, 2));
  if (isnan (e.value))
    return;
  if (!isnan (e.low) && !isnan (e.high))
    {
      whisker = ktm_panel_add_mark (panel, KTM_MARK_INTERVAL, role, series, 1, &centre, NULL);
      whisker->low = g_memdup2 (&e.low, sizeof e.low);
      whisker->high = g_memdup2 (&e.high, sizeof e.high);
      panel->y.lo = fmin (panel->y.lo, floor (e.low));
      panel->y.hi = fmax (panel->y.hi, ceil (e.high));
    }
  ktm_panel_add_mark (panel, KTM_MARK_POINTS, role, series, 1, &centre, &e.value)->size = 1.3;
}

static void
right_panel (const KtmFigure *f, const KtmFinals *at, KtmScene *scene)
{
  KtmPanel *panel = ktm_scene_add_panel (scene);
  gsize n = f->groups.attribute < 0 ? 1 : f->groups.n + 1;
  g_autofree double *ticks = g_new (double, n);
  g_autofree const char **labels = g_new0 (const char *, n + 1);
  double zero = 0;
  KtmRow *row;

  panel->x = (KtmAxis) { .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) n - 0.5, .names = TRUE };
  panel->x.tick_series = g_new (int, n);
  for (gsize k = 0; k < n; k++)
    {
      ticks[k] = (double) k;
      panel->x.tick_series[k] = (int) k - 1;
      labels[k] = k == 0 ? ktm_lang_text (f->lang, N_("All")) : f->groups.label[k - 1];
    }
  ktm_axis_set_ticks (&panel->x, n, ticks, labels);
  panel->y = (KtmAxis){
    .kind = KTM_AXIS_LINEAR, .lo = -1, .hi = 1, .signed_ticks = TRUE, .from_zero = TRUE
  };
  for (gsize i = 0; i < at->n_seen; i++)
    {
      panel->y.lo = fmin (panel->y.lo, floor (at->seen[i].value));
      panel->y.hi = fmax (panel->y.hi, ceil (at->seen[i].value));
    }
  ktm_axis_take_label (
      &panel->y,
      ktm_figure_say (f, ktm_text_new (f->options->show == KTM_SHOW_PERCENT ? N_("Change, %")
                                                                            : N_("Change, points"),
                                       "")));
  panel->title =
      ktm_figure_say (f, ktm_text_new (N_("Change, {1}% CI"), "g", 100 * f->options->level));
  panel->title_role = KTM_ROLE_SELECTED;
  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &zero);
  add_estimate (f, at, scene, panel, -1, 0, KTM_ROLE_SELECTED, 0);
  ktm_nice_range (&panel->y.lo, &panel->y.hi);
  row = ktm_panel_add_row (panel, ktm_lang_text (f->lang, N_("n")), KTM_ROLE_CONTEXT, 0, n, ticks);
  row->cells[0] = g_strdup_printf ("%" G_GSIZE_FORMAT, at->n_seen);
  for (gsize g = 0; g + 1 < n; g++)
    {
      add_estimate (f, at, scene, panel, (int) g, (double) g + 1, KTM_ROLE_SERIES, (guint) g);
      row->cells[g + 1] =
          g_strdup_printf ("%" G_GSIZE_FORMAT, ktm_finals_count (at->seen, at->n_seen, (int) g));
      ktm_scene_add_legend (scene, f->groups.label[g], KTM_ROLE_SERIES, (guint) g);
    }
}

static KtmScene *
draw_figure (KtmFigure *f, const KtmFinals *at)
{
  KtmScene *scene = ktm_figure_scene (f, "before-after");
  const char *columns[] = {
    ktm_lang_text (f->lang, N_("Group")),       ktm_lang_text (f->lang, N_("n")),
    ktm_lang_text (f->lang, N_("Mean change")), ktm_lang_text (f->lang, N_("Low")),
    ktm_lang_text (f->lang, N_("High")),        NULL
  };
  KtmEstimate e = mean_change (f, at, -1);

  scene->over_time = FALSE;
  scene->arrange = KTM_ARRANGE_COLUMNS;
  ktm_scene_set_columns (scene, columns);
  for (gsize g = 0; g < f->groups.n; g++)
    ktm_scene_add_series (scene, f->groups.label[g], (guint) f->groups.level[g]);
  left_panel (f, at, scene);
  right_panel (f, at, scene);
  scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  ktm_figure_caption (
      f, ktm_text_new (N_("Left: the same patients at both visits, with means and {1}% CI (t). "
                           "Right: their changes, with the mean and its {1}% bootstrap CI (BCa, "
                           "{2} resamples, seed {3}; t below 6 patients)."),
                       "gii", 100 * f->options->level, (long) RESAMPLES, (long) f->options->seed));
  ktm_figure_caption_missing (f);
  if (at->n_lost + at->n_none > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Not shown, lost before {2}: {1}."), "is",
                                         (long) (at->n_lost + at->n_none), at->when));
  if (f->table.n_no_baseline > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, no baseline score: {1}."), "i",
                                         (long) f->table.n_no_baseline));
  scene->caption = g_strdup (f->caption->str);
  scene->description = ktm_figure_say (
      f,
      ktm_text_new (
          N_("Scores of the same {1} patients at baseline and {2}; mean change {3} [{4}, {5}]."),
          "is222", (long) at->n_seen, at->when, e.value, e.low, e.high));
  return scene;
}

/* Paired lines and an estimation plot at the last visit chosen. */
KtmScene *
ktm_type_before_after_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                             const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmFinals at = { 0 };
  g_autoptr (KtmScene) scene = NULL;

  own.show = own.show == KTM_SHOW_VALUE ? KTM_SHOW_CHANGE : own.show;
  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error) && ktm_figure_finals (&f, &at, error))
    scene = draw_figure (&f, &at);
  ktm_finals_clear (&at);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
