/* Floor widgets/chart: share of patients with at least so much relief, at every threshold.  No GTK.
 */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "ktm-figure-final.h"
#include "ktm-proportion.h"

#define FEW 20   /* bands for groups of at least so many */

typedef struct
{
  gsize   n, n_all;   /* seen; all patients of the group */
  double *relief;     /* n, ascending */
} Curve;

static int
compare_double (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static Curve
make_curve (const KtmFigure *f, const KtmFinals *at, int group)
{
  Curve c = { .relief = g_new (double, at->n_seen + 1) };

  for (gsize i = 0; i < at->n_seen; i++)
    if (group < 0 || at->seen[i].group == group)
      c.relief[c.n++] = -ktm_figure_sign (f) * at->seen[i].value;
  for (gsize p = 0; p < f->frame->n_patients; p++)
    c.n_all += group < 0 ? f->groups.of[p] >= 0 : f->groups.of[p] == group;
  qsort (c.relief, c.n, sizeof *c.relief, compare_double);
  return c;
}

/* Responders at @threshold; 0 stands for any relief at all. */
static gsize
at_least (const Curve *c, double threshold)
{
  gsize n = 0;

  for (gsize i = 0; i < c->n; i++)
    n += threshold <= 0 ? c->relief[i] > 0 : c->relief[i] >= threshold - 1e-9;
  return n;
}

/* The curve falls just after each relief seen between 0 and 100; @all: over all patients. */
static gsize
steps_of (const Curve *c, gboolean all, double level, double *x, double *y, double *low,
          double *high)
{
  gsize n = 0, of = all ? c->n_all : c->n;

  for (gsize i = 0; i <= c->n + 1; i++)
    {
      double at = i == 0 ? 0 : i <= c->n ? c->relief[i - 1] : 100;
      gsize k = 0;

      if (i > 0 && (at <= 0 || at >= 100 || (n > 0 && at <= x[n - 1])) && i <= c->n)
        continue;
      for (gsize j = 0; j < c->n; j++)
        k += i > c->n ? c->relief[j] >= 100 - 1e-9 : c->relief[j] > at;
      x[n] = at;
      y[n] = 100.0 * (double) k / (double) of;
      ktm_stats_wilson ((double) k, (double) of, level, &low[n], &high[n]);
      low[n] *= 100;
      high[n++] *= 100;
    }
  return n;
}

static void
add_curve (const KtmFigure *f, KtmPanel *panel, const Curve *c, KtmRole role, guint series,
           gboolean all, gboolean band)
{
  gsize room = c->n + 3;
  g_autofree double *x = g_new (double, room), *y = g_new (double, room),
                    *low = g_new (double, room), *high = g_new (double, room);
  gsize n = steps_of (c, all, f->options->level, x, y, low, high);

  if (band)
    {
      KtmMark *mark = ktm_panel_add_mark (panel, KTM_MARK_BAND, role, series, n, x, NULL);

      mark->low = g_memdup2 (low, n * sizeof *low);
      mark->high = g_memdup2 (high, n * sizeof *high);
      mark->stepped = TRUE;
    }
  ktm_panel_add_mark (panel, KTM_MARK_STEP, role, series, n, x, y);
}

static void
add_counts (const KtmFigure *f, KtmPanel *panel, const Curve *c, guint series)
{
  static const double at[] = { 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100 };
  KtmRow *row = ktm_panel_add_row (panel, ktm_lang_text (f->lang, N_("n")), KTM_ROLE_SERIES,
                                   series, G_N_ELEMENTS (at), at);

  row->marker = f->groups.attribute >= 0;
  for (gsize i = 0; i < row->n; i++)
    row->cells[i] = g_strdup_printf ("%" G_GSIZE_FORMAT, at_least (c, at[i]));
}

/* Of groups: hollow, the share at the threshold with patients not seen as non-responders. */
static void
add_strict_mark (const KtmFigure *f, KtmPanel *panel, const Curve *c, guint group,
                 double threshold)
{
  double y = 100.0 * (double) at_least (c, threshold) / (double) MAX (c->n_all, 1);

  if (f->groups.attribute >= 0 && !f->options->seen_only)
    ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, group, 1, &threshold, &y)->hollow =
        TRUE;
}

/* What stands at the threshold, in words over the plot and as a mark on each line. */
static void
add_marker (const KtmFigure *f, KtmScene *scene, KtmPanel *panel, const Curve *all,
            const Curve *groups, double threshold)
{
  double low, high;
  gsize x = at_least (all, threshold);
  g_autofree char *share = ktm_figure_share (f, x, all->n, &low, &high),
                  *strict = ktm_figure_share (f, x, all->n_all, &low, &high);
  g_autofree char *words =
      ktm_figure_say (f, ktm_text_new (N_("≥ {1}% relief: {2}"), "gs", threshold, share));
  g_autofree char *missing =
      ktm_figure_say (f, ktm_text_new (N_("missing = no: {1}"), "s", strict));

  if (!f->options->seen_only)
    ktm_scene_add_note (scene, missing, threshold, FALSE);
  ktm_scene_add_note (scene, words, threshold, FALSE);
  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_SELECTED, 0, 1, &threshold, NULL);
  for (gsize g = 0; g < f->groups.n; g++)
    add_strict_mark (f, panel, &groups[g], (guint) g, threshold);
  for (gsize g = 0; g < f->groups.n; g++)
    if (groups[g].n > 0)
      {
        double y = 100.0 * (double) at_least (&groups[g], threshold) / (double) groups[g].n;

        ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) g, 1, &threshold, &y);
      }
}

static void
name_curves (const KtmFigure *f, KtmPanel *panel, const Curve *c, gsize g, const KtmFinals *at)
{
  gboolean alone = f->groups.attribute < 0;
  g_autofree char *n = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) c->n));
  g_autofree char *seen = ktm_figure_say (f, ktm_text_new (N_("Seen at {1}"), "s", at->when));
  g_autofree char *all = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) c->n_all));

  ktm_panel_add_label (panel, alone ? seen : f->groups.label[g], n, KTM_ROLE_SERIES, (guint) g,
                       fmax (alone ? 15 : 1, 100.0 * (double) at_least (c, 100) / (double) c->n));
  if (alone && !f->options->seen_only)
    ktm_panel_add_label (panel, ktm_lang_text (f->lang, N_("Missing as non-response")), all,
                         KTM_ROLE_CONTEXT, 0, 4);
}

static void
add_words (KtmFigure *f, KtmScene *scene, const Curve *all, const KtmFinals *at, double threshold)
{
  g_autofree char *share = NULL;
  double low, high;

  ktm_figure_caption (f,
                      ktm_text_new (N_("Share of patients whose score improved by at least so "
                                        "much from their own baseline to {1}; 0: any improvement."),
                                    "s", at->when));
  ktm_figure_caption (
      f,
      ktm_text_new (f->options->seen_only ? N_("Bands: {1}% CI (Wilson). Of patients seen only.")
                    : f->groups.attribute < 0
                        ? N_("Band: {1}% CI (Wilson). Grey: patients not seen "
                              "counted as non-responders, of all selected.")
                        : N_("Bands: {1}% CI (Wilson), groups of 20 or more. Hollow: patients "
                              "not seen counted as non-responders."),
                    "g", f->options->level * 100));
  ktm_figure_caption (f, ktm_text_new (N_("Under the axis: responders at each threshold."), ""));
  ktm_figure_caption_missing (f);
  ktm_figure_caption_patients (f);
  scene->caption = g_strdup (f->caption->str);
  scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", f->options->level * 100));
  share = ktm_figure_share (f, at_least (all, threshold), all->n, &low, &high);
  scene->description = ktm_figure_say (
      f, ktm_text_new (
             N_("Cumulative responder curve at {1}. At least {2}% relief: {3} of those seen."),
             "sgs", at->when, threshold, share));
}

static void
fill_table (const KtmFigure *f, KtmScene *scene, const Curve *curves)
{
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Relief of at least, %")),
                            ktm_lang_text (f->lang, N_("Responders")),
                            ktm_lang_text (f->lang, N_("Seen")),
                            ktm_lang_text (f->lang, N_("All")),
                            NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize g = 0; g < f->groups.n; g++)
    for (int t = 0; t <= 100; t += 10)
      ktm_scene_table (scene, 5, g_strdup (f->groups.label[g]), g_strdup_printf ("%d", t),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, at_least (&curves[g], t)),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, curves[g].n),
                       g_strdup_printf ("%" G_GSIZE_FORMAT, curves[g].n_all));
}

static KtmScene *
draw_figure (KtmFigure *f, const KtmFinals *at)
{
  KtmScene *scene = ktm_figure_scene (f, "responder-curve");
  KtmPanel *panel = ktm_scene_add_panel (scene);
  g_autofree Curve *curves = g_new0 (Curve, f->groups.n);
  Curve all = make_curve (f, at, -1);
  double threshold = isnan (f->options->threshold) ? 30 : CLAMP (f->options->threshold, 0, 100);

  scene->over_time = FALSE;
  panel->x = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 100 };
  panel->y = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 100 };
  ktm_axis_take_label (
      &panel->x, ktm_figure_say (f, ktm_text_new (N_("Relief from baseline of at least, %"), "")));
  ktm_axis_take_label (&panel->y, ktm_figure_say (f, ktm_text_new (N_("Patients, %"), "")));
  for (gsize g = 0; g < f->groups.n; g++)
    {
      ktm_scene_add_series (scene, f->groups.label[g], (guint) f->groups.level[g]);
      curves[g] = make_curve (f, at, (int) g);
      if (curves[g].n > 0)
        add_curve (f, panel, &curves[g], KTM_ROLE_SERIES, (guint) g, FALSE,
                   curves[g].n >= FEW || f->groups.attribute < 0);
    }
  if (f->groups.attribute < 0 && !f->options->seen_only)
    add_curve (f, panel, &all, KTM_ROLE_CONTEXT, 0, TRUE, FALSE);
  for (gsize g = 0; g < f->groups.n; g++)
    if (curves[g].n > 0)
      {
        add_counts (f, panel, &curves[g], (guint) g);
        name_curves (f, panel, &curves[g], g, at);
      }
  add_marker (f, scene, panel, &all, curves, threshold);
  scene->handle = (KtmHandle) { .name = ktm_figure_say (
                                    f, ktm_text_new (N_("Relief that counts as response, %"), "")),
                                .value = threshold,
                                .lo = 0,
                                .hi = 100,
                                .step = 1,
                                .n_snaps = 2,
                                .snaps = { 30, 50 } };
  add_words (f, scene, &all, at, threshold);
  fill_table (f, scene, curves);
  for (gsize g = 0; g < f->groups.n; g++)
    g_free (curves[g].relief);
  g_free (all.relief);
  return scene;
}

/* The responder curve at the last visit chosen. */
KtmScene *
ktm_type_responder_curve_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                                const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  KtmFinals at = { 0 };
  g_autoptr (KtmScene) scene = NULL;

  own.show = KTM_SHOW_PERCENT;
  own.from = NAN;
  if (ktm_figure_init (&f, frame, &own, error) && ktm_figure_finals (&f, &at, error))
    scene = draw_figure (&f, &at);
  ktm_finals_clear (&at);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
