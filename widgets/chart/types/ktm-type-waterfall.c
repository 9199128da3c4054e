/* Floor widgets/chart: one bar a patient, from most worsened to most improved.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"

typedef struct
{
  KtmFigure *f;
  KtmFinals  at;
  KtmScene  *scene;
  KtmPanel  *bars, *strips;
  GString   *thresholds;                /* borrowed: "−30%: 26 of 87, …" */
  double     lost_from, none_from, end; /* x */
  double     step;                      /* between lost patients: their block is the narrower one */
  double     top;                       /* largest |value| shown above 0 */
} Waterfall;

static double
within (const Waterfall *w, double value)
{
  return CLAMP (value, w->bars->y.lo, w->bars->y.hi);
}

static void
place_blocks (Waterfall *w)
{
  double gap = fmax (1.5, 0.05 * (double) w->at.n_seen);

  gsize n = w->at.n_lost + w->at.n_none;

  w->step = fmin (1, 0.7 * fmax (8, (double) w->at.n_seen) / fmax (1, (double) n));
  w->lost_from = (double) w->at.n_seen + gap;
  w->none_from = w->lost_from + w->step * (double) w->at.n_lost + (w->at.n_lost > 0 ? gap / 2 : 0);
  w->end = w->at.n_none > 0   ? w->none_from + w->step * (double) w->at.n_none + 1
           : w->at.n_lost > 0 ? w->lost_from + w->step * (double) w->at.n_lost + 1
                              : (double) w->at.n_seen + 0.5;
}

static void
y_axis (Waterfall *w)
{
  KtmAxis *y = &w->bars->y;
  double low = -1, high = 1, step = w->f->options->show == KTM_SHOW_PERCENT ? 50 : 1;

  for (gsize i = 0; i < w->at.n_seen + w->at.n_lost; i++)
    {
      double v = i < w->at.n_seen ? w->at.seen[i].value : w->at.lost[i - w->at.n_seen].value;

      low = fmin (low, v);
      high = fmax (high, v);
    }
  if (w->f->options->show == KTM_SHOW_PERCENT)
    {
      low = fmax (fmin (low, -100), -150);
      high = fmin (fmax (high, 50), 150);
    }
  y->kind = KTM_AXIS_LINEAR;
  y->signed_ticks = TRUE;
  y->lo = floor (low / step) * step;
  y->hi = ceil (high / step) * step;
  ktm_axis_take_label (y, ktm_figure_value_label (w->f));
}

static void
add_bars (Waterfall *w, guint group)
{
  gsize n = 0, zeros = 0;
  g_autofree double *x = g_new (double, w->at.n_seen + 1), *v = g_new0 (double, w->at.n_seen + 1),
                    *zero = g_new0 (double, w->at.n_seen + 1);
  g_autofree double *at_zero = g_new (double, w->at.n_seen + 1);

  for (gsize i = 0; i < w->at.n_seen; i++)
    if (w->at.seen[i].group == (int) group && w->at.seen[i].value != 0)
      {
        x[n] = (double) i + 0.5;
        v[n++] = within (w, w->at.seen[i].value);
      }
    else if (w->at.seen[i].group == (int) group)
      at_zero[zeros++] = (double) i + 0.5;
  KtmMark *bars = ktm_panel_add_mark (w->bars, KTM_MARK_BARS, KTM_ROLE_SERIES, group, n, x, NULL);

  bars->low = g_new0 (double, n + 1);
  bars->high = g_memdup2 (v, (n + 1) * sizeof *v);
  bars->width = 0.4;
  if (zeros > 0)
    ktm_panel_add_mark (w->bars, KTM_MARK_POINTS, KTM_ROLE_SERIES, group, zeros, at_zero, zero)
        ->size = 0.35;
}

/* Lost patients are never bars: hollow marks at their last change. */
static void
add_lost (Waterfall *w, guint group)
{
  gsize n = 0;
  g_autofree double *x = g_new (double, w->at.n_lost + w->at.n_none + 1),
                    *y = g_new (double, w->at.n_lost + w->at.n_none + 1);
  double tick = (w->bars->y.hi - w->bars->y.lo) * 0.02;

  for (gsize i = 0; i < w->at.n_lost; i++)
    if (w->at.lost[i].group == (int) group)
      {
        x[n] = w->lost_from + w->step * ((double) i + 0.5);
        y[n++] = within (w, w->at.lost[i].value);
      }
  KtmMark *points = ktm_panel_add_mark (w->bars, KTM_MARK_POINTS, KTM_ROLE_SERIES, group, n, x, y);

  points->hollow = TRUE;
  points->size = 0.55;
  n = 0;
  for (gsize i = 0; i < w->at.n_none; i++)
    if (w->at.none[i].group == (int) group)
      x[n++] = w->none_from + w->step * ((double) i + 0.5);
  KtmMark *ticks = ktm_panel_add_mark (w->bars, KTM_MARK_BARS, KTM_ROLE_SERIES, group, n, x, NULL);

  ticks->low = g_new (double, n + 1);
  ticks->high = g_new (double, n + 1);
  ticks->width = 0.25 * w->step;
  for (gsize i = 0; i < n; i++)
    {
      ticks->low[i] = -tick;
      ticks->high[i] = tick;
    }
}

static void
add_threshold (Waterfall *w, double threshold, const char *words)
{
  double sign = ktm_figure_sign (w->f), y = -sign * threshold;
  gsize n = 0, first = 0; /* first: bar on this side of 0 */
  KtmMark *words_mark;
  double free_to;

  for (gsize i = 0; i < w->at.n_seen; i++)
    n += -sign * w->at.seen[i].value >= threshold - 1e-9;
  if (y < w->bars->y.lo || y > w->bars->y.hi)
    return;
  KtmMark *rule = ktm_panel_add_mark (w->bars, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &y);
  g_autofree char *text = ktm_figure_say (
      w->f, ktm_text_new (words, "gii", -sign * threshold, (long) n, (long) w->at.n_seen));

  rule->n = 1;
  if (w->thresholds->len > 0)
    {
      g_autofree char *both = ktm_figure_say (
          w->f, ktm_text_new (N_("{1}; {2}"), "ss", w->thresholds->str, text));

      g_string_assign (w->thresholds, both);
    }
  else
    g_string_assign (w->thresholds, text);
  while (first < w->at.n_seen && sign * w->at.seen[first].value >= 0)
    first++;
  free_to = (double) first;
  words_mark = ktm_panel_add_text (w->bars, KTM_ROLE_REFERENCE, 0, 0.6, y, text, KTM_TEXT_OVER);
  words_mark->high = g_memdup2 (&free_to, sizeof free_to);
}

static void
add_thresholds (Waterfall *w)
{
  if (w->f->options->show == KTM_SHOW_PERCENT)
    {
      add_threshold (w, 30, N_("{1}%: {2} of {3}"));
      add_threshold (w, 50, N_("{1}%: {2} of {3}"));
    }
  else if (w->f->measure->mcid > 0)
    add_threshold (w, w->f->measure->mcid, N_("{1} points: {2} of {3}"));
}

static void
strip_marks (Waterfall *w, gsize g)
{
  gsize n = 0;
  g_autofree double *x = g_new (double, w->at.n_seen + w->at.n_lost + w->at.n_none + 1);
  KtmMark *bars;
  gsize n_seen;

  for (gsize i = 0; i < w->at.n_seen; i++)
    if (w->at.seen[i].group == (int) g)
      x[n++] = (double) i + 0.5;
  n_seen = n;
  for (gsize i = 0; i < w->at.n_lost; i++)
    if (w->at.lost[i].group == (int) g)
      x[n++] = w->lost_from + w->step * ((double) i + 0.5);
  for (gsize i = 0; i < w->at.n_none; i++)
    if (w->at.none[i].group == (int) g)
      x[n++] = w->none_from + w->step * ((double) i + 0.5);
  for (int block = 0; block < 2; block++)
    {
      gsize from = block == 0 ? 0 : n_seen, m = block == 0 ? n_seen : n - n_seen;

      bars = ktm_panel_add_mark (w->strips, KTM_MARK_BARS, KTM_ROLE_SERIES, (guint) g, m, x + from,
                                 NULL);
      bars->low = g_new (double, m + 1);
      bars->high = g_new (double, m + 1);
      bars->width = 0.4 * (block == 0 ? 1 : w->step);
      for (gsize i = 0; i < m; i++)
        {
          bars->low[i] = (double) g - 0.33;
          bars->high[i] = (double) g + 0.33;
        }
    }
}

/* What the ticks at the end stand for. */
static void
name_unseen (Waterfall *w)
{
  g_autofree char *text = NULL;
  double free_from = w->lost_from;
  KtmMark *words;

  if (w->at.n_none == 0)
    return;
  for (gsize i = 0; i < w->at.n_lost; i++)
    if (w->at.lost[i].value > 0)
      free_from = w->lost_from + w->step * (double) (i + 1);
  text = ktm_figure_say (w->f, ktm_text_new (N_("no score after baseline, n = {1}"), "i",
                                             (long) w->at.n_none));
  words = ktm_panel_add_text (w->bars, KTM_ROLE_ABSENT, 0,
                              w->none_from + w->step * (double) w->at.n_none / 2,
                              (w->bars->y.hi - w->bars->y.lo) * 0.02, text, KTM_TEXT_ABOVE);
  words->low = g_memdup2 (&free_from, sizeof free_from);
}

/* One strip a group under the bars, each mark under its bar: colour is not needed to read it. */
static void
add_strips (Waterfall *w)
{
  const KtmGroups *groups = &w->f->groups;
  KtmColumn *names, *seen, *lost;

  if (groups->attribute < 0)
    return;
  w->strips = ktm_scene_add_panel (w->scene);
  w->strips->fit_bands = TRUE;
  w->strips->x = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = w->end, .hidden = TRUE };
  w->strips->y = (KtmAxis){
    .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) groups->n - 0.5, .hidden = TRUE
  };
  names = ktm_panel_add_column (w->strips, groups->n, FALSE, FALSE, 0);
  seen = ktm_panel_add_column (w->strips, groups->n, FALSE, TRUE, 1);
  lost = ktm_panel_add_column (w->strips, groups->n, TRUE, TRUE, 1);
  names->series = g_new (int, groups->n);
  seen->bold = g_new0 (gboolean, groups->n);
  lost->bold = g_new0 (gboolean, groups->n);
  for (gsize g = 0; g < groups->n; g++)
    {
      gsize n_lost = ktm_finals_count (w->at.lost, w->at.n_lost, (int) g)
                     + ktm_finals_count (w->at.none, w->at.n_none, (int) g);

      strip_marks (w, g);
      names->series[g] = (int) g;
      names->cells[g] = g_strdup (groups->label[g]);
      seen->bold[g] = lost->bold[g] = TRUE;
      seen->cells[g] = g_strdup_printf ("%" G_GSIZE_FORMAT,
                                        ktm_finals_count (w->at.seen, w->at.n_seen, (int) g));
      lost->cells[g] = g_strdup_printf ("%" G_GSIZE_FORMAT, n_lost);
    }
}

static void
add_words (Waterfall *w)
{
  KtmFigure *f = w->f;
  g_autofree char *when = ktm_capital (w->at.when);
  g_autofree char *seen =
      ktm_figure_say (f, ktm_text_new (N_("{1} seen, n = {2}"), "si", when, (long) w->at.n_seen));
  gsize n_lost = w->at.n_lost + w->at.n_none, outside = 0;

  ktm_scene_add_note (w->scene, seen, 0, FALSE);
  if (n_lost > 0)
    {
      g_autofree char *lost =
          ktm_figure_say (f, ktm_text_new (N_("Lost before, n = {1}"), "i", (long) n_lost));

      ktm_scene_add_note (w->scene, lost, w->lost_from, FALSE);
    }
  for (gsize i = 0; i < w->at.n_seen; i++)
    outside += w->at.seen[i].value > w->bars->y.hi || w->at.seen[i].value < w->bars->y.lo;
  for (gsize i = 0; i < w->at.n_lost; i++)
    outside += w->at.lost[i].value > w->bars->y.hi || w->at.lost[i].value < w->bars->y.lo;
  ktm_figure_caption (
      f, ktm_text_new (N_("One bar per patient, from most worsened to most improved; a dot on the "
                           "line is no change."),
                       ""));
  if (w->thresholds->len > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Dashed lines: {1}."), "s", w->thresholds->str));
  if (w->at.n_lost > 0)
    ktm_figure_caption (
        f, ktm_text_new (N_("Hollow: change at the last score of {1} patients lost before {2}."),
                         "is", (long) w->at.n_lost, w->at.when));
  if (w->at.n_none > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Ticks: no score after baseline, n = {1}."), "i",
                                         (long) w->at.n_none));
  if (outside > 0)
    ktm_figure_caption (f, ktm_text_new_plural ("{1} change beyond the axis is drawn at its end.",
                                                "{1} changes beyond the axis are drawn at its end.",
                                                "i", (long) outside));
  ktm_figure_caption_missing (f);
  if (f->table.n_no_baseline > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, no baseline score: {1}."), "i",
                                         (long) f->table.n_no_baseline));
  if (f->table.n_zero_baseline > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, baseline of 0: {1}."), "i",
                                         (long) f->table.n_zero_baseline));
  w->scene->caption = g_strdup (f->caption->str);
}

static void
describe (Waterfall *w)
{
  const char *columns[] = { ktm_lang_text (w->f->lang, N_("Group")),
                            ktm_lang_text (w->f->lang, N_("Change")),
                            ktm_lang_text (w->f->lang, N_("Seen")), NULL };
  gsize better = 0, worse = 0;
  double sign = ktm_figure_sign (w->f);

  for (gsize i = 0; i < w->at.n_seen; i++)
    {
      better += sign * w->at.seen[i].value < 0;
      worse += sign * w->at.seen[i].value > 0;
    }
  w->scene->description = ktm_figure_say (
      w->f,
      ktm_text_new (N_("Change of {1} patients at {2}: {3} improved, {4} got worse, {5} did not "
                        "change; {6} were lost before."),
                    "isiiii", (long) w->at.n_seen, w->at.when, (long) better, (long) worse,
                    (long) (w->at.n_seen - better - worse), (long) (w->at.n_lost + w->at.n_none)));
  ktm_scene_set_columns (w->scene, columns);
  for (gsize i = 0; i < w->at.n_seen + w->at.n_lost; i++)
    {
      gboolean seen = i < w->at.n_seen;
      const KtmFinal *one = seen ? &w->at.seen[i] : &w->at.lost[i - w->at.n_seen];

      ktm_scene_table (w->scene, 3, g_strdup (w->f->groups.label[one->group]),
                       ktm_figure_number (w->f, one->value, 1),
                       g_strdup (ktm_lang_text (w->f->lang, seen ? N_("yes") : N_("no"))));
    }
}

static KtmScene *
draw_figure (KtmFigure *f, KtmFinals *at)
{
  g_autoptr (GString) thresholds = g_string_new (NULL);
  Waterfall w = { .f = f,
                  .at = *at,
                  .scene = ktm_figure_scene (f, "waterfall"),
                  .thresholds = thresholds };
  double zero = 0;

  w.scene->over_time = FALSE;
  w.scene->arrange = KTM_ARRANGE_STACK;
  for (gsize g = 0; g < f->groups.n; g++)
    ktm_scene_add_series (w.scene, f->groups.label[g], (guint) f->groups.level[g]);
  ktm_finals_sort (f, w.at.seen, w.at.n_seen);
  ktm_finals_sort (f, w.at.lost, w.at.n_lost);
  ktm_finals_sort (f, w.at.none, w.at.n_none);
  w.bars = ktm_scene_add_panel (w.scene);
  place_blocks (&w);
  w.bars->x = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = w.end, .hidden = TRUE };
  y_axis (&w);
  if (w.at.n_lost + w.at.n_none > 0)
    {
      const double block[2] = { w.lost_from - 0.5, w.end };
      KtmMark *hatch =
          ktm_panel_add_mark (w.bars, KTM_MARK_BAND, KTM_ROLE_ABSENT, 0, 2, block, NULL);

      hatch->low = g_memdup2 ((double[2]) { w.bars->y.lo, w.bars->y.lo }, 2 * sizeof (double));
      hatch->high = g_memdup2 ((double[2]) { w.bars->y.hi, w.bars->y.hi }, 2 * sizeof (double));
    }
  ktm_panel_add_mark (w.bars, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &zero);
  add_thresholds (&w);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      add_bars (&w, (guint) g);
      add_lost (&w, (guint) g);
    }
  name_unseen (&w);
  add_strips (&w);
  add_words (&w);
  describe (&w);
  return w.scene;
}

/* Percent change (or change, where asked) of every patient at the last visit chosen. */
KtmScene *
ktm_type_waterfall_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                          const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmFinals at = { 0 };
  g_autoptr (KtmScene) scene = NULL;

  if (own.show == KTM_SHOW_VALUE)
    own.show = KTM_SHOW_PERCENT;
  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error) && ktm_figure_finals (&f, &at, error))
    scene = draw_figure (&f, &at);
  ktm_finals_clear (&at);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
