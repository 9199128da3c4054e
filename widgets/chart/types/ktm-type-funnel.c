/* Floor widgets/chart: each trial's effect against its standard error, with the region in which 95
 * % of the trials would lie were there one true effect.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-evidence.h"
#include "ktm-figure.h"

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)
#define MIN_TRIALS 10

typedef struct
{
  KtmFigure         f;
  const KtmReport  *report;
  KtmEvidenceRule   rule;
  const char       *key;
  double            factor, centre, most;   /* largest standard error, as drawn */
  gboolean          ratio;
  gsize             n;
  double           *x, *se;   /* n; x as printed, se of the analysis' scale */
  const char      **name;     /* n; borrowed */
} Funnel;

static char *
say (const Funnel *c, KtmText *text)
{
  return ktm_figure_say (&c->f, text);
}

static const char *
word (const Funnel *c, const char *msgid)
{
  return ktm_lang_text (c->f.lang, msgid);
}

static gboolean
is_trial (const Funnel *c, const KtmReportRow *row)
{
  return strcmp (row->statistic, c->key) == 0 && g_strcmp0 (row->subject, "trial") == 0
         && !isnan (row->estimate) && row->se > 0
         && (row->note == NULL
             || strcmp (ktm_text_msgid (row->note), "left out by choice") != 0);
}

static void
gather (Funnel *c)
{
  const KtmReport *r = c->report;

  c->x = g_new (double, r->n_rows + 1);
  c->se = g_new (double, r->n_rows + 1);
  c->name = g_new (const char *, r->n_rows + 1);
  c->centre = NAN;
  for (gsize i = 0; i < r->n_rows; i++)
    {
      const KtmReportRow *row = &r->rows[i];

      if (isnan (c->centre) && g_str_has_prefix (row->statistic, "pooled_")
          && row->rank == KTM_RANK_HEADLINE)
        c->centre = c->factor * row->estimate;
      if (!is_trial (c, row))
        continue;
      c->x[c->n] = c->factor * row->estimate;
      c->se[c->n] = c->factor * row->se;
      c->name[c->n] = row->group;
      c->most = MAX (c->most, c->se[c->n]);
      c->n++;
    }
}

static double
beside (const Funnel *c, double half)
{
  return c->ratio ? c->centre * exp (half) : c->centre + half;
}

/* Ticks of the standard error, 0 on top: the axis runs in −SE. */
static void
make_se_axis (const Funnel *c, KtmAxis *axis)
{
  int decimals;
  gsize n;
  g_autofree double *ticks = NULL;
  g_auto (GStrv) labels = NULL;

  axis->lo = -1.05 * c->most;
  axis->hi = 0;
  /* a tick at each fifth of a round number above the largest */
  double step = pow (10, floor (log10 (c->most)));

  while (c->most / step > 5)
    step *= 2;
  while (c->most / step < 2.5)
    step /= 2;
  n = (gsize) (c->most / step) + 1;
  decimals = step >= 1 ? 0 : step >= 0.1 ? 2 : 3;
  ticks = g_new (double, n + 1);
  labels = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      ticks[i] = -(double) (n - 1 - i) * step;
      labels[i] = ktm_figure_number (&c->f, -ticks[i], decimals);
    }
  axis->kind = KTM_AXIS_TIME;
  ktm_axis_set_ticks (axis, n, ticks, (const char *const *) labels);
  ktm_axis_take_label (axis, g_strdup (word (c, c->ratio ? N_("Standard error of the logarithm")
                                                         : N_("Standard error"))));
}

static void
make_effect_axis (const Funnel *c, KtmAxis *axis)
{
  double z = 1.96 * c->most, lo = beside (c, -z), hi = beside (c, z);

  for (gsize i = 0; i < c->n; i++)
    {
      lo = MIN (lo, c->x[i]);
      hi = MAX (hi, c->x[i]);
    }
  if (c->ratio)
    {
      axis->kind = KTM_AXIS_LOG;
      axis->lo = lo / 1.1;
      axis->hi = hi * 1.1;
    }
  else
    {
      double pad = MAX (hi - lo, 1e-6) * 0.04;

      axis->lo = lo - pad;
      axis->hi = hi + pad;
    }
}

static const char *
effect_label (const Funnel *c)
{
  static const char *const labels[KTM_N_EFFECTS] = {
    [KTM_EFFECT_MD] = N_("Difference of means"),
    [KTM_EFFECT_SMD] = N_("Standardised difference of means"),
    [KTM_EFFECT_RR] = N_("Risk ratio"),
    [KTM_EFFECT_OR] = N_("Odds ratio"),
    [KTM_EFFECT_RD] = N_("Risk difference, %"),
    [KTM_EFFECT_CHANGE] = N_("Mean change")
  };

  return labels[c->rule.effect];
}

static void
add_marks (const Funnel *c, KtmScene *scene, KtmPanel *panel)
{
  guint series = ktm_scene_add_series (scene, word (c, N_("Trial")), 0);
  g_autofree double *y = g_new (double, c->n + 1);
  double bottom = 1.05 * c->most, sides[2] = { -1, 1 };
  double centre = c->centre;

  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, &centre, NULL);
  for (gsize i = 0; i < 2; i++)
    {
      double x[2] = { c->centre, beside (c, sides[i] * 1.959964 * bottom) };
      double at[2] = { 0, -bottom };

      ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_REFERENCE, 0, 2, x, at);
    }
  for (gsize i = 0; i < c->n; i++)
    y[i] = -c->se[i];
  ktm_panel_add_mark (panel, KTM_MARK_POINTS, KTM_ROLE_SERIES, series, c->n, c->x, y)->size = 1.2;
}

static void
add_table (const Funnel *c, KtmScene *scene)
{
  const char *columns[] = { word (c, N_("Study")), word (c, N_("Effect")),
                            word (c, N_("Standard error")), NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize i = 0; i < c->n; i++)
    {
      char **cells = g_new0 (char *, 4);

      cells[0] = g_strdup (c->name[i]);
      cells[1] = ktm_figure_number (&c->f, c->x[i], 2);
      cells[2] = ktm_figure_number (&c->f, c->se[i], 2);
      ktm_scene_take_table_row (scene, cells);
    }
}

static void
caption (Funnel *c)
{
  ktm_figure_caption (
      &c->f, ktm_text_new (N_("Points: {1} trials. Lines: where 95% of trials would lie around the "
                              "pooled effect if all had the same true effect."),
                           "i", (long) c->n));
  if (c->n < MIN_TRIALS)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Fewer than {1} trials: whether the funnel is asymmetric cannot be "
                                "told from chance."),
                             "i", (long) MIN_TRIALS));
}

static KtmScene *
draw (Funnel *c)
{
  KtmScene *scene = ktm_figure_scene (&c->f, "funnel");
  KtmPanel *panel = ktm_scene_add_panel (scene);

  scene->over_time = FALSE;
  make_effect_axis (c, &panel->x);
  ktm_axis_take_label (&panel->x, g_strdup (word (c, effect_label (c))));
  make_se_axis (c, &panel->y);
  add_marks (c, scene, panel);
  add_table (c, scene);
  caption (c);
  scene->caption = g_strdup (c->f.caption->str);
  scene->description = say (c, ktm_text_new (N_("Funnel of {1} trials: effect across, standard "
                                                "error downwards. The numbers stand in the "
                                                "table."),
                                             "i", (long) c->n));
  return scene;
}

static gboolean
init (Funnel *c, const KtmFrame *frame, const KtmReport *report, const KtmChartOptions *options,
      GError **error)
{
  static const char *const keys[KTM_N_EFFECTS] = { "md", "smd", "rr", "or", "rd", "" };

  c->f = (KtmFigure){ .frame = frame,
                      .options = options,
                      .lang = ktm_lang_find (options->lang),
                      .caption = g_string_new (NULL) };
  c->report = report;
  if (report == NULL || strcmp (report->analysis, "meta-analysis") != 0
      || !ktm_evidence_rule_parse (options->evidence, &c->rule, NULL))
    {
      REFUSE (error, _("There is no meta-analysis to draw: run the analysis “meta-analysis” "
                       "first."));
      return FALSE;
    }
  c->key = keys[c->rule.effect];
  c->factor = c->rule.effect == KTM_EFFECT_RD ? 100 : 1;
  c->ratio = ktm_effect_is_ratio (c->rule.effect);
  gather (c);
  return TRUE;
}

/* Effect against standard error, 0 on top; @report: of the analysis "meta-analysis". */
KtmScene *
ktm_type_funnel_build (const KtmFrame *frame, const KtmReport *report,
                       const KtmChartOptions *options, GError **error)
{
  Funnel c = { .f = { 0 } };
  g_autoptr (KtmScene) scene = NULL;

  if (init (&c, frame, report, options, error))
    {
      if (c.n < 2 || isnan (c.centre))
        REFUSE (error, _("A funnel needs at least two controlled trials that report this effect."));
      else
        scene = draw (&c);
    }
  g_free (c.x);
  g_free (c.se);
  g_free (c.name);
  ktm_figure_clear (&c.f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
