/* Floor widgets/chart: trajectory classes: a panel each, their curves over everybody, and a panel
 * for each number of them.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-class-figure.h"

#define N_CURVE 61  /* points of a curve */

typedef enum { ARRANGE_PANELS, ARRANGE_TOGETHER, ARRANGE_MODELS } Arrange;

/* --- marks ------------------------------------------------------------------------------------ */

static KtmPanel *
add_panel (const KtmClassFigure *c, KtmScene *scene, const KtmAxis *y)
{
  KtmPanel *panel = ktm_scene_add_panel (scene);

  ktm_figure_time_axis (&c->f, &panel->x);
  panel->y = *y;
  ktm_axis_take_label (&panel->y, ktm_figure_value_label (&c->f));
  return panel;
}

/* 0 almost certain, 1 likely, 2 uncertain. */
static int
certainty_of (const KtmClassFigure *c, gsize patient)
{
  double p;

  ktm_class_result_class (c->result, (gsize) c->row[patient], &p);
  return p >= KTM_CLASS_CERTAIN ? 0 : p >= KTM_CLASS_LIKELY ? 1 : 2;
}

/* The patients of class @k; of certainty @tier, −1: all of them. */
static void
add_individuals (const KtmClassFigure *c, KtmPanel *panel, gsize k, int tier)
{
  const KtmFigure *f = &c->f;
  gsize m = f->table.n_visits, n = 0;
  g_autofree guint32 *rows = g_new (guint32, f->table.n_rows + 1);
  double *y = g_new (double, f->groups.count[k] * m + 1);
  KtmMark *mark;

  for (gsize i = 0; i < f->table.n_rows; i++)
    {
      gsize patient = f->table.row[i];

      if (f->groups.of[patient] != (int) k || (tier >= 0 && certainty_of (c, patient) != tier))
        continue;
      memcpy (y + n * m, f->table.value + i * m, m * sizeof *y);
      rows[n++] = (guint32) patient;
    }
  if (n == 0)
    {
      g_free (y);
      return;
    }
  mark = ktm_panel_add_matrix (panel, KTM_MARK_LINE, tier == 2 ? KTM_ROLE_CONTEXT : KTM_ROLE_SERIES,
                               (guint) k, n, m, f->time, y, rows);
  mark->bridge = TRUE;
  mark->fade = tier == 0 ? 1.3 : tier == 1 ? 0.4 : tier == 2 ? 3 : 0;
  mark->dashed = tier == 2;
  ktm_figure_jitter_lines (f, mark, &panel->y);
}

/* The curve of class @k of @fit from the first score to the class's last, never outside the axis.
 */
static double
add_curve (const KtmClassFigure *c, KtmPanel *panel, const KtmGbtmFit *fit, gsize k, guint series)
{
  double first = fit->time[0], last = ktm_class_result_last (c->result, fit, k);
  double x[N_CURVE], y[N_CURVE], low[N_CURVE], high[N_CURVE];
  KtmEstimate e[N_CURVE];

  for (gsize i = 0; i < N_CURVE; i++)
    x[i] = first + (last - first) * (double) i / (N_CURVE - 1);
  if (ktm_gbtm_curve (fit, k, x, N_CURVE, c->options->level, e) != KTM_STATS_OK || !(last > first))
    return NAN;
  for (gsize i = 0; i < N_CURVE; i++)
    {
      y[i] = ktm_figure_within (e[i].value, &panel->y);
      low[i] = ktm_figure_within (e[i].low, &panel->y);
      high[i] = ktm_figure_within (e[i].high, &panel->y);
    }
  if (!(fit->flags & KTM_GBTM_NO_SE))
    {
      KtmMark *band =
          ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, N_CURVE, x, NULL);

      band->low = g_memdup2 (low, sizeof low);
      band->high = g_memdup2 (high, sizeof high);
    }
  ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, N_CURVE, x, y);
  return y[N_CURVE - 1];
}

static void
add_observed (const KtmClassFigure *c, KtmPanel *panel, const KtmGroupSummary *s, gsize k)
{
  KtmMark *whiskers = ktm_panel_add_mark (panel, KTM_MARK_INTERVAL, KTM_ROLE_SERIES, (guint) k,
                                          s->n_visits, c->f.time, NULL);
  KtmMark *points = ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, (guint) k,
                                        s->n_visits, c->f.time, s->centre);

  whiskers->low = g_new (double, s->n_visits);
  whiskers->high = g_new (double, s->n_visits);
  for (gsize j = 0; j < s->n_visits; j++)
    {
      whiskers->low[j] = ktm_figure_within (s->low[j], &panel->y);
      whiskers->high[j] = ktm_figure_within (s->high[j], &panel->y);
    }
  whiskers->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
  points->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
}

/* --- arrangements ----------------------------------------------------------------------------- */

static void
build_panel (const KtmClassFigure *c, KtmScene *scene, const KtmAxis *y, const KtmGroupSummary *s,
             gsize k)
{
  KtmPanel *panel = add_panel (c, scene, y);

  panel->title =
      ktm_figure_say (&c->f, ktm_text_new (N_("{1} · {2} %"), "s0", c->f.groups.label[k],
                                           100 * c->fit->model.pi[k]));
  panel->subtitle =
      c->fit->model.n_classes < 2
          ? ktm_figure_say (&c->f, ktm_text_new (N_("n = {1}"), "i", (long) c->fit->modal_n[k]))
          : ktm_figure_say (&c->f, ktm_text_new (N_("n = {1} · certainty {2}"), "i2",
                                                 (long) c->fit->modal_n[k], c->fit->appa[k]));
  panel->title_series = (guint) k;
  panel->title_marker = TRUE;
  for (int tier = 2; c->options->individuals && tier >= 0; tier--)
    add_individuals (c, panel, k, tier);
  add_curve (c, panel, c->fit, k, (guint) k);
  add_observed (c, panel, s, k);
  ktm_figure_add_counts (&c->f, panel, s->n, (guint) k, FALSE);
  ktm_figure_add_picked (&c->f, panel, (int) k);
}

static void
build_together (const KtmClassFigure *c, KtmScene *scene, const KtmAxis *y,
                const KtmGroupSummary *all)
{
  KtmPanel *panel = add_panel (c, scene, y);

  for (gsize k = 0; c->options->individuals && k < c->f.groups.n; k++)
    add_individuals (c, panel, k, -1);
  for (gsize k = 0; k < c->f.groups.n; k++)
    {
      double end = add_curve (c, panel, c->fit, k, (guint) k);
      g_autofree char *share =
          c->fit->model.n_classes < 2
              ? NULL
              : ktm_figure_say (&c->f, ktm_text_new (N_("{1} % · APPA {2}"), "02",
                                                     100 * c->fit->model.pi[k], c->fit->appa[k]));

      ktm_figure_add_counts (&c->f, panel, all[k].n, (guint) k, TRUE);
      if (isnan (end))
        ktm_scene_add_legend (scene, c->f.groups.label[k], KTM_ROLE_SERIES, (guint) k);
      else
        ktm_panel_add_label (panel, c->f.groups.label[k], share, KTM_ROLE_SERIES, (guint) k, end);
    }
  ktm_figure_add_picked (&c->f, panel, -1);
  ktm_add_index_note (c->f.frame, c->options, c->f.lo, c->f.hi, scene);
}

/* "19 · 35 · 46 %" */
static char *
shares_text (const KtmClassFigure *c, const KtmGbtmFit *fit)
{
  GString *out = g_string_new (NULL);

  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      g_autofree char *share = ktm_figure_number (&c->f, 100 * fit->model.pi[k], 0);

      g_string_append_printf (out, "%s%s", k > 0 ? " · " : "", share);
    }
  g_string_append (out, " %");
  return g_string_free (out, FALSE);
}

/* One panel for each number of classes (GRoLTS 14b). */
static void
build_models (const KtmClassFigure *c, KtmScene *scene, const KtmAxis *y)
{
  const KtmGbtmSearch *search = &c->result->search;
  KtmGroupSummary everybody = ktm_figure_summarise (&c->f, -1);

  for (gsize i = 0; i < search->n; i++)
    {
      const KtmGbtmFit *fit = search->fit[i];
      KtmPanel *panel;

      if (fit == NULL)
        continue;
      panel = add_panel (c, scene, y);
      panel->title = ktm_figure_say (
          &c->f, i + 1 == c->result->n_classes
                     ? ktm_text_new (N_("{1} ◂ chosen"), "i", (long) i + 1)
                     : ktm_text_new_plural ("{1} class", "{1} classes", "i", (long) i + 1));
      panel->subtitle = shares_text (c, fit);
      panel->title_role = KTM_ROLE_SELECTED;
      for (gsize k = 0; k < fit->model.n_classes; k++)
        add_curve (c, panel, fit, k,
                   ktm_scene_add_series (
                       scene,
                       ktm_lang_text (c->f.lang, ktm_class_result_name (c->result, i + 1, k)),
                       (guint) ktm_class_look (i + 1, k)));
      ktm_figure_add_counts (&c->f, panel, everybody.n, 0, FALSE);
      if (panel->rows->len > 0)
        ((KtmRow *) panel->rows->pdata[0])->role = KTM_ROLE_CONTEXT;
    }
  ktm_group_summary_clear (&everybody);
}

/* --- words ------------------------------------------------------------------------------------ */

static void
caption (KtmClassFigure *c, Arrange arrange)
{
  g_autofree char *level = ktm_figure_number (&c->f, 100 * c->options->level,
                                              ktm_time_decimals (100 * c->options->level));

  ktm_figure_caption (
      &c->f, ktm_text_new (N_("Curves: expected score of each class, {1}% CI ({2} mixture)."),
                           "sw", level,
                           isfinite (c->result->data.lo) || isfinite (c->result->data.hi)
                               ? N_("censored normal")
                               : N_("normal")));
  if (c->result->applied)
    ktm_figure_caption (&c->f, ktm_text_new (N_("A saved model, applied as it is: nothing was "
                                                "fitted to these patients."),
                                             ""));
  if (arrange == ARRANGE_PANELS)
    ktm_figure_caption (
        &c->f,
        ktm_text_new (
            N_("Markers: observed mean of the patients most likely in the class, {1}% CI (t)."),
            "s", level));
  if (arrange == ARRANGE_PANELS && c->options->individuals)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Thin lines: patients; strong where the probability of the class "
                                 "is at least {1}, pale from {2}, grey and dashed below."),
                             "gg", KTM_CLASS_CERTAIN, KTM_CLASS_LIKELY));
  else if (arrange == ARRANGE_TOGETHER && c->options->individuals)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Thin lines: patients, coloured by most likely class."), ""));
  ktm_figure_caption_missing (&c->f);
  if (arrange != ARRANGE_MODELS)
    ktm_figure_caption_patients (&c->f);
  if (c->n_new > 0)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Left out, not among those the classes were made from: {1}."), "i",
                             (long) c->n_new));
}

static void
describe (const KtmClassFigure *c, KtmScene *scene)
{
  GString *out = g_string_new (NULL);
  g_autofree char *label = ktm_figure_value_label (&c->f);
  g_autofree char *head = ktm_figure_say (
      &c->f, ktm_text_new_plural ("{2}: {1} trajectory class.", "{2}: {1} trajectory classes.",
                                  "is", (long) c->result->n_classes, label));

  g_string_append (out, head);
  for (gsize k = 0; k < c->f.groups.n; k++)
    {
      double last = ktm_class_result_last (c->result, c->fit, k);
      g_autofree char *first = ktm_time_text (c->f.frame, c->options, c->fit->time[0]),
                      *end = ktm_time_text (c->f.frame, c->options, last);
      g_autofree char *sentence = ktm_figure_say (
          &c->f, ktm_text_new (N_("{1}, {2} % of the patients: {3} at {4}, {5} at {6}."), "s01s1s",
                               c->f.groups.label[k], 100 * c->fit->model.pi[k],
                               ktm_gbtm_expected (&c->fit->model, k, c->fit->time[0]), first,
                               ktm_gbtm_expected (&c->fit->model, k, last), end));

      g_string_append_printf (out, " %s", sentence);
    }
  scene->description = g_string_free (out, FALSE);
}

static void
table_row (const KtmClassFigure *c, KtmScene *scene, const char *model, const KtmGbtmFit *fit,
           gsize k, double time, const KtmGroupSummary *s, gsize j)
{
  char **cells = g_new0 (char *, 9);
  KtmEstimate e = KTM_ESTIMATE_NAN;

  if (time >= fit->time[0] && time <= ktm_class_result_last (c->result, fit, k))
    ktm_gbtm_curve (fit, k, &time, 1, c->options->level, &e);
  cells[0] = g_strdup (model);
  cells[1] = g_strdup (
      ktm_lang_text (c->f.lang, ktm_class_result_name (c->result, fit->model.n_classes, k)));
  cells[2] = ktm_figure_number (&c->f, time, ktm_time_decimals (time));
  cells[3] = ktm_figure_number (&c->f, e.value, 2);
  cells[4] = ktm_figure_number (&c->f, e.low, 2);
  cells[5] = ktm_figure_number (&c->f, e.high, 2);
  cells[6] = s != NULL ? g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]) : g_strdup ("");
  cells[7] = s != NULL ? ktm_figure_number (&c->f, s->centre[j], 2) : g_strdup ("");
  ktm_scene_take_table_row (scene, cells);
}

/* @all: of the chosen model's classes; NULL: every model. */
static void
fill_table (const KtmClassFigure *c, KtmScene *scene, const KtmGroupSummary *all)
{
  const char *columns[] = { ktm_lang_text (c->f.lang, N_("Classes")),
                            ktm_lang_text (c->f.lang, N_("Class")),
                            ktm_lang_text (c->f.lang, N_("Time")),
                            ktm_lang_text (c->f.lang, N_("Expected")),
                            ktm_lang_text (c->f.lang, N_("Low")),
                            ktm_lang_text (c->f.lang, N_("High")),
                            ktm_lang_text (c->f.lang, N_("n")),
                            ktm_lang_text (c->f.lang, N_("Observed mean")),
                            NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize i = 0; i < c->result->search.n; i++)
    {
      const KtmGbtmFit *fit = c->result->search.fit[i];
      g_autofree char *model = g_strdup_printf ("%" G_GSIZE_FORMAT, i + 1);

      if (fit == NULL || (all != NULL && i + 1 != c->result->n_classes))
        continue;
      for (gsize k = 0; k <= i; k++)
        for (gsize j = 0; j < c->f.table.n_visits; j++)
          table_row (c, scene, model, fit, k, c->f.time[j], all != NULL ? &all[k] : NULL, j);
    }
}

/* --- the figure ------------------------------------------------------------------------------- */

static KtmScene *
draw (KtmClassFigure *c, const char *id, Arrange arrange)
{
  KtmScene *scene = ktm_figure_scene (&c->f, id);
  g_autofree KtmGroupSummary *all = g_new0 (KtmGroupSummary, c->f.groups.n);
  KtmAxis y = { 0 };

  for (gsize k = 0; k < c->f.groups.n; k++)
    {
      all[k] = ktm_figure_summarise (&c->f, (int) k);
      if (arrange != ARRANGE_MODELS)
        ktm_scene_add_series (scene, c->f.groups.label[k], (guint) c->f.groups.level[k]);
    }
  scene->band = ktm_figure_band_name (&c->f);
  ktm_figure_value_axis (&c->f, &y, NAN, NAN);
  scene->aspect = arrange == ARRANGE_PANELS ? 0.8 : 0;
  for (gsize k = 0; arrange == ARRANGE_PANELS && k < c->f.groups.n; k++)
    build_panel (c, scene, &y, &all[k], k);
  if (arrange == ARRANGE_TOGETHER)
    build_together (c, scene, &y, all);
  if (arrange == ARRANGE_MODELS)
    build_models (c, scene, &y);
  caption (c, arrange);
  scene->caption = g_strdup (c->f.caption->str);
  describe (c, scene);
  fill_table (c, scene, arrange == ARRANGE_MODELS ? NULL : all);
  for (gsize k = 0; k < c->f.groups.n; k++)
    ktm_group_summary_clear (&all[k]);
  return scene;
}

static KtmScene *
build (const KtmFrame *frame, const KtmReport *report, const KtmChartOptions *options,
       const char *id, Arrange arrange, GError **error)
{
  KtmClassFigure c = { .options = NULL };
  g_autoptr (KtmScene) scene = NULL;

  if (ktm_class_figure_init (&c, frame, report, options, error))
    scene = draw (&c, id, arrange);
  ktm_class_figure_clear (&c);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}

/* One panel a class: patients by certainty, fitted curve, observed means. */
KtmScene *
ktm_type_classes_build (const KtmFrame *frame, const KtmReport *report,
                        const KtmChartOptions *options, GError **error)
{
  return build (frame, report, options, "classes", ARRANGE_PANELS, error);
}

/* The curves over all patients, in one panel. */
KtmScene *
ktm_type_class_curves_build (const KtmFrame *frame, const KtmReport *report,
                             const KtmChartOptions *options, GError **error)
{
  return build (frame, report, options, "trajectories",
                options->facets ? ARRANGE_PANELS : ARRANGE_TOGETHER, error);
}

/* One panel for each number of classes. */
KtmScene *
ktm_type_class_models_build (const KtmFrame *frame, const KtmReport *report,
                             const KtmChartOptions *options, GError **error)
{
  return build (frame, report, options, "class-models", ARRANGE_MODELS, error);
}
