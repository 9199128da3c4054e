/* Floor widgets/chart: published studies, their pooled effect and the cohort as a forest, from the
 * report of the analysis "meta-analysis".  No GTK. */
#include "ktm-forest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/* Looks of the palette: trials blue, published pools purple, the cohort vermilion. */
enum { LOOK_TRIAL = 0, LOOK_COHORT = 1, LOOK_POOLED = 3 };

/* --- the axis --------------------------------------------------------------------------------- */

static gboolean
on_axis (const KtmForest *c, const KtmReportRow *row)
{
  return ktm_forest_is_study (c, row, "trial") || ktm_forest_is_study (c, row, "single-arm")
         || ktm_forest_is_study (c, row, "pooled") || ktm_forest_is_study (c, row, "cohort")
         || row == c->total;
}

static double
axis_value (const KtmForest *c, double value)
{
  return ktm_effect_is_ratio (c->rule.effect) ? log (value) : c->factor * value;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Half the width of the middle interval. */
static double
usual_half (const KtmForest *c)
{
  g_autofree double *half = g_new (double, c->report->n_rows + 1);
  gsize n = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (on_axis (c, row) && isfinite (axis_value (c, row->low))
          && isfinite (axis_value (c, row->high)))
        half[n++] = (axis_value (c, row->high) - axis_value (c, row->low)) / 2;
    }
  qsort (half, n, sizeof *half, compare_doubles);
  return n > 0 ? half[n / 2] : 1;
}

static void
extend (const KtmForest *c, double value, double *lo, double *hi)
{
  double x = axis_value (c, value);

  if (isfinite (x))
    {
      *lo = MIN (*lo, x);
      *hi = MAX (*hi, x);
    }
}

/* The null, every estimate and the whole pooled and prediction interval are on the axis; an
 * interval far wider than usual ends in an arrow. */
static void
make_axis (KtmForest *c, KtmAxis *axis)
{
  const KtmReportRow *prediction = ktm_forest_find_row (c, "prediction_interval", NULL, NULL);
  double half = usual_half (c), inner_lo = 0, inner_hi = 0, lo = 0, hi = 0, pad;

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (on_axis (c, &c->report->rows[i]))
      {
        extend (c, c->report->rows[i].estimate, &inner_lo, &inner_hi);
        extend (c, c->report->rows[i].low, &lo, &hi);
        extend (c, c->report->rows[i].high, &lo, &hi);
      }
  lo = MAX (lo, inner_lo - 2.5 * half);
  hi = MIN (hi, inner_hi + 2.5 * half);
  if (prediction != NULL)
    {
      extend (c, prediction->low, &lo, &hi);
      extend (c, prediction->high, &lo, &hi);
    }
  lo = MIN (lo, inner_lo);
  hi = MAX (hi, inner_hi);
  pad = MAX (hi - lo, 1e-6) * 0.04;
  if (ktm_effect_is_ratio (c->rule.effect))
    {
      axis->kind = KTM_AXIS_LOG;
      axis->lo = exp (MIN (lo, log (0.8)) - pad);
      axis->hi = exp (MAX (hi, log (1.25)) + pad);
      return;
    }
  axis->lo = lo - pad;
  axis->hi = hi + pad;
  axis->from_zero = TRUE;
}

/* --- words ------------------------------------------------------------------------------------ */

static gboolean
lower_is_better (const KtmForest *c)
{
  return c->f.measure == NULL || c->f.measure->lower_better;
}

/* Which side favours what. */
static char *
axis_label (const KtmForest *c)
{
  gboolean left = c->rule.effect != KTM_EFFECT_SMD && lower_is_better (c);
  const char *what = ktm_effect_is_ratio (c->rule.effect) ? ktm_forest_short_name (c)
                     : c->rule.effect == KTM_EFFECT_RD
                         ? ktm_forest_word (c, N_("risk difference, %"))
                     : c->rule.effect == KTM_EFFECT_SMD ? ktm_forest_word (c, N_("SD"))
                                                        : NULL;
  g_autofree char *unit =
      what != NULL ? g_strdup (what)
      : c->f.measure != NULL && c->f.measure->unit != NULL && c->f.measure->unit[0] != '\0'
              && strcmp (c->f.measure->unit, "points") != 0
          ? ktm_forest_say (c, ktm_text_new (N_("points ({1})"), "s", c->f.measure->unit))
          : g_strdup (ktm_forest_word (c, N_("points")));

  if (ktm_effect_is_binary (c->rule.effect)) /* nothing says whether an event is good or bad */
    return ktm_forest_say (
        c, ktm_text_new (N_("← fewer events if treated · {1} · more →"), "s", unit));
  if (c->rule.effect == KTM_EFFECT_CHANGE)
    return ktm_forest_say (c, left ? ktm_text_new (N_("← better · {1} · worse →"), "s", unit)
                        : ktm_text_new (N_("← worse · {1} · better →"), "s", unit));
  return ktm_forest_say (
      c, left ? ktm_text_new (N_("← treated better · {1} · control better →"), "s", unit)
              : ktm_text_new (N_("← control better · {1} · treated better →"), "s", unit));
}

static void
caption_rows (KtmForest *c)
{
  g_autofree char *level = ktm_forest_level (c);

  if (ktm_forest_count (c, "trial") > 0 && !ktm_effect_is_binary (c->rule.effect))
    ktm_figure_caption (&c->f, ktm_text_new (N_("Trials: mean ± SD, treated minus control, {1}% "
                                                "CI; squares: size by weight."),
                                             "s", level));
  else if (ktm_forest_count (c, "trial") > 0)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Trials: events / patients, treated against "
                                                "control, {1}% CI; squares: size by weight."),
                                             "s", level));
  if (c->total != NULL)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Diamond: pooled effect with its interval."), ""));
  if (ktm_forest_count (c, "pooled") > 0)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("Published pooled estimates are not pooled again."), ""));
  if (ktm_forest_count (c, "single-arm") > 0)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Open circles, dashed: before → after without a control group; "
                                "includes natural course and drop-out, never pooled with trials."),
                             ""));
  if (c->any_independent)
    ktm_figure_caption (
        &c->f, c->rule.effect == KTM_EFFECT_SMD
                   ? ktm_text_new (N_("Their correlation is not published: r = 0.5 is assumed."),
                                   "")
                   : ktm_text_new (N_("Their interval is that of two independent groups where "
                                      "the correlation is not published."),
                                   ""));
}

static void
caption_own (KtmForest *c)
{
  const KtmReportRow *own = NULL;

  for (gsize i = 0; own == NULL && i < c->report->n_rows; i++)
    if (ktm_forest_is_study (c, &c->report->rows[i], "cohort"))
      own = &c->report->rows[i];
  if (own != NULL)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("This cohort: paired, {1} of {2} patients with both "
                                         "scores."),
                                      "ii", own->n, own->n2));
  if (c->any_arrow)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("Arrow: the interval goes on beyond the axis."), ""));
  if (c->any_made_up)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Example trials are made up."), ""));
}

static void
describe (const KtmForest *c)
{
  g_autofree char *value = c->total != NULL ? ktm_forest_value (c, c->total) : NULL;
  long k = (long) ktm_forest_count (c, "trial");

  c->scene->description =
      value != NULL
          ? ktm_forest_say (
              c, ktm_text_new (N_("Forest of {1} controlled trials and {2} studies without a "
                                   "control group. Pooled effect: {3}. The numbers stand in "
                                   "the table."),
                               "iis", k, (long) ktm_forest_count (c, "single-arm"), value))
          : ktm_forest_say (
              c, ktm_text_new (N_("Forest of {1} controlled trials and {2} studies without a "
                                   "control group, not pooled. The numbers stand in the table."),
                               "ii", k, (long) ktm_forest_count (c, "single-arm")));
}

static void
set_columns (const KtmForest *c)
{
  const char *columns[] = {
    ktm_forest_word (c, N_("Kind")),      ktm_forest_word (c, N_("Study")),
    ktm_forest_word (c, N_("n")),         ktm_forest_word (c, N_("Effect")),
    ktm_forest_word (c, N_("Low")),       ktm_forest_word (c, N_("High")),
    ktm_forest_word (c, N_("Weight, %")), NULL
  };

  ktm_scene_set_columns (c->scene, columns);
}

/* --- the figure ------------------------------------------------------------------------------- */

static gboolean
init (KtmForest *c, const KtmFrame *frame, const KtmReport *report, const KtmChartOptions *options,
      GError **error)
{
  static const char *const keys[KTM_N_EFFECTS] = { "md", "smd", "rr", "or", "rd", "mean_change" };
  static const char *const pooled[KTM_N_EFFECTS] = { "pooled_md", "pooled_smd", "pooled_rr",
                                                     "pooled_or", "pooled_rd", "pooled_change" };
  long m = report != NULL && report->measure != NULL
               ? ktm_frame_find_measure (frame, report->measure)
               : -1;

  c->f = (KtmFigure){ .frame = frame,
                      .options = options,
                      .measure = m >= 0 ? &frame->measures[m] : NULL,
                      .lang = ktm_lang_find (options->lang),
                      .caption = g_string_new (NULL) };
  c->report = report;
  if (report == NULL || strcmp (report->analysis, "meta-analysis") != 0
      || !ktm_evidence_rule_parse (options->evidence, &c->rule, NULL)
      || ktm_evidence_studies (frame, c->rule.effect, options->level, &c->studies, &c->n_studies)
             != KTM_STATS_OK)
    {
      REFUSE (error, _("There is no meta-analysis to draw: run the analysis “meta-analysis” "
                       "first."));
      return FALSE;
    }
  c->key = keys[c->rule.effect];
  c->factor = c->rule.effect == KTM_EFFECT_RD ? 100 : 1;
  c->decimals = c->rule.effect == KTM_EFFECT_RD ? 1 : 2;
  c->null = ktm_effect_is_ratio (c->rule.effect) ? 1 : 0;
  c->total = ktm_forest_find_row (c, pooled[c->rule.effect], NULL, NULL);
  if (c->total != NULL && isnan (c->total->estimate))
    c->total = NULL;
  return TRUE;
}

static KtmScene *
draw (KtmForest *c)
{
  g_autofree char *level = ktm_forest_level (c);

  c->scene = ktm_figure_scene (&c->f, "evidence");
  c->panel = ktm_scene_add_panel (c->scene);
  c->scene->over_time = FALSE;
  c->scene->band = ktm_forest_say (c, ktm_text_new (N_("{1}% CI"), "s", level));
  c->trial = ktm_scene_add_series (c->scene, ktm_forest_word (c, N_("Study")), LOOK_TRIAL);
  c->cohort = ktm_scene_add_series (c->scene, ktm_forest_word (c, N_("This cohort")), LOOK_COHORT);
  c->pooled = ktm_scene_add_series (c->scene, ktm_forest_word (c, N_("Published")), LOOK_POOLED);
  set_columns (c);
  make_axis (c, &c->panel->x);
  ktm_axis_take_label (&c->panel->x, axis_label (c));
  ktm_forest_add_lines (c);
  c->panel->more_lines =
      g_strdup (ktm_forest_word (c, N_("+ {1} lines: a higher figure shows them")));
  c->panel->y.kind = KTM_AXIS_BAND;
  c->panel->y.hidden = TRUE;
  c->panel->y.lo = -0.5;
  c->panel->y.hi = c->panel->lines->len - 0.5;
  caption_rows (c);
  caption_own (c);
  c->scene->caption = g_strdup (c->f.caption->str);
  describe (c);
  return c->scene;
}

/* Controlled trials with their pooled effect, prediction interval and heterogeneity; published
 * pooled estimates; studies without a control group; the cohort.  @report: of the analysis
 * "meta-analysis" under the same rule. */
KtmScene *
ktm_type_evidence_build (const KtmFrame *frame, const KtmReport *report,
                         const KtmChartOptions *options, GError **error)
{
  g_autofree KtmForest *c = g_new0 (KtmForest, 1);
  g_autoptr (KtmScene) scene = NULL;

  if (init (c, frame, report, options, error))
    {
      if (frame->n_arms == 0)
        REFUSE (error, _("There are no published studies in this cohort yet: import a table of "
                         "them."));
      else if (ktm_forest_count (c, "trial") + ktm_forest_count (c, "pooled")
                   + ktm_forest_count (c, "single-arm")
               == 0)
        REFUSE (error, _("No published study in this cohort reports this effect; another one may "
                         "be chosen."));
      else
        scene = draw (c);
    }
  free (c->studies);
  ktm_figure_clear (&c->f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
