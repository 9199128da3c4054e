/* Floor widgets/chart: published studies, their pooled effect and the cohort as a forest, from the
 * report of the analysis "meta-analysis".  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-evidence.h"
#include "ktm-figure.h"

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/* Looks of the palette: trials blue, published pools purple, the cohort vermilion. */
enum { LOOK_TRIAL = 0, LOOK_COHORT = 1, LOOK_POOLED = 3 };

typedef struct
{
  KtmFigure         f;          /* frame, options, words; no table; measure nullable */
  const KtmReport  *report;
  KtmEvidenceRule   rule;
  KtmEvidenceStudy *studies;    /* for the numbers of the arms */
  gsize             n_studies;
  KtmScene         *scene;
  KtmPanel         *panel;
  const char       *key;        /* of rows of studies */
  double            factor;     /* 100 for risk differences */
  int               decimals;
  double            null;
  guint             trial, cohort, pooled;   /* series */
  const char       *treated, *control;       /* names of the arms; NULL: they differ */
  const KtmReportRow *total;    /* the pooled result; NULL none */
  gboolean          any_arrow, any_independent, any_made_up;
  gboolean          null_line[512];
} Forest;

/* --- rows of the report ----------------------------------------------------------------------- */

static const KtmReportRow *
find_row (const Forest *c, const char *statistic, const char *subject, const char *group)
{
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (strcmp (row->statistic, statistic) == 0 && g_strcmp0 (row->subject, subject) == 0
          && g_strcmp0 (row->group, group) == 0)
        return row;
    }
  return NULL;
}

static gboolean
is_study_row (const Forest *c, const KtmReportRow *row, const char *kind)
{
  gboolean change = strcmp (row->statistic, "mean_change") == 0
                    && (c->rule.effect == KTM_EFFECT_MD || c->rule.effect == KTM_EFFECT_CHANGE);

  return (strcmp (row->statistic, c->key) == 0 || change) && g_strcmp0 (row->subject, kind) == 0
         && !isnan (row->estimate)
         && (row->note == NULL
             || strcmp (ktm_text_msgid (row->note), "left out by choice") != 0);
}

static gsize
count_rows (const Forest *c, const char *kind)
{
  gsize n = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    n += is_study_row (c, &c->report->rows[i], kind);
  return n;
}

static const KtmEvidenceStudy *
find_study (const Forest *c, const KtmReportRow *row)
{
  for (gsize i = 0; row->group != NULL && i < c->n_studies; i++)
    if (strcmp (c->studies[i].name, row->group) == 0 && c->studies[i].relevant)
      return &c->studies[i];
  return NULL;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static char *
say (const Forest *c, KtmText *text)
{
  return ktm_figure_say (&c->f, text);
}

static const char *
word (const Forest *c, const char *msgid)
{
  return ktm_lang_text (c->f.lang, msgid);
}

static char *
number (const Forest *c, double value)
{
  return ktm_figure_number (&c->f, c->factor * value, c->decimals);
}

static char *
limits_text (const Forest *c, double low, double high)
{
  g_autofree char *a = number (c, low), *b = number (c, high);
  g_autofree char *probe = ktm_figure_number (&c->f, 0.5, 1);

  return say (c, ktm_text_new (strchr (probe, ',') != NULL ? N_("[{1}; {2}]") : N_("[{1}, {2}]"), "ss",
                               a, b));
}

static char *
value_text (const Forest *c, const KtmReportRow *row)
{
  g_autofree char *value = number (c, row->estimate);
  g_autofree char *limits = NULL;

  if (isnan (row->low) || isnan (row->high))
    return g_steal_pointer (&value);
  limits = limits_text (c, row->low, row->high);
  return g_strdup_printf ("%s %s", value, limits);
}

/* "4.6 ± 2.1", with the decimals papers print; "12/40" for events. */
static char *
arm_text (const Forest *c, double mean, double sd)
{
  int places = fabs (mean * 10 - round (mean * 10)) < 1e-9
                       && fabs (sd * 10 - round (sd * 10)) < 1e-9
                   ? 1
                   : 2;
  g_autofree char *a = NULL, *b = NULL;

  if (isnan (mean) || isnan (sd))
    return NULL;
  a = ktm_figure_number (&c->f, mean, places);
  b = ktm_figure_number (&c->f, sd, places);
  return g_strdup_printf ("%s ± %s", a, b);
}

static char *
count_text (long n, long n2)
{
  if (n < 0)
    return g_strdup ("–");
  return n2 < 0 ? g_strdup_printf ("%ld", n) : g_strdup_printf ("%ld / %ld", n, n2);
}

static char *
study_cell (const Forest *c, const KtmFrameArm *arm)
{
  if (arm == NULL)
    return NULL;
  if (ktm_effect_is_binary (c->rule.effect))
    return isnan (arm->events) || isnan (arm->n)
               ? NULL
               : g_strdup_printf ("%.0f / %.0f", arm->events, arm->n);
  return arm_text (c, arm->mean, arm->sd);
}

static char *
level_text (const Forest *c)
{
  double level = 100 * c->f.options->level;

  return ktm_figure_number (&c->f, level, ktm_time_decimals (level));
}

/* --- the axis --------------------------------------------------------------------------------- */

static gboolean
on_axis (const Forest *c, const KtmReportRow *row)
{
  return is_study_row (c, row, "trial") || is_study_row (c, row, "single-arm")
         || is_study_row (c, row, "pooled") || is_study_row (c, row, "cohort") || row == c->total;
}

static double
axis_value (const Forest *c, double value)
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
usual_half (const Forest *c)
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
extend (const Forest *c, double value, double *lo, double *hi)
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
make_axis (Forest *c, KtmAxis *axis)
{
  const KtmReportRow *prediction = find_row (c, "prediction_interval", NULL, NULL);
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

/* --- lines ------------------------------------------------------------------------------------ */

static KtmLine *
add_line (Forest *c, const char *label, const char *count, const char *value, gboolean on_plot)
{
  if (c->panel->lines->len < G_N_ELEMENTS (c->null_line))
    c->null_line[c->panel->lines->len] = on_plot;
  return ktm_panel_add_line (c->panel, label, count, value);
}

static double
last_y (const Forest *c)
{
  return c->panel->lines->len - 1.0;
}

static void
add_table_row (const Forest *c, const char *what, const char *label, const KtmReportRow *row,
               double weight)
{
  char **cells = g_new0 (char *, 8);

  cells[0] = g_strdup (what);
  cells[1] = g_strdup (label);
  cells[2] = count_text (row->n, row->n2);
  cells[3] = number (c, row->estimate);
  cells[4] = number (c, row->low);
  cells[5] = number (c, row->high);
  cells[6] = ktm_figure_number (&c->f, weight, 1);
  ktm_scene_take_table_row (c->scene, cells);
}

static double
plotted (const Forest *c, double value)
{
  return c->factor * value;
}

static KtmMark *
add_span (Forest *c, const KtmReportRow *row, guint series)
{
  double x = plotted (c, row->estimate), y = last_y (c);
  gboolean whole = isfinite (row->low) && isfinite (row->high);
  KtmMark *mark = ktm_panel_add_mark (c->panel, KTM_MARK_SPAN, KTM_ROLE_SERIES, series, 1, &x, &y);

  mark->low = g_new (double, 1);
  mark->high = g_new (double, 1);
  mark->low[0] = whole ? plotted (c, row->low) : NAN;
  mark->high[0] = whole ? plotted (c, row->high) : NAN;
  c->any_arrow |= whole && (mark->low[0] < c->panel->x.lo || mark->high[0] > c->panel->x.hi);
  return mark;
}

static void
add_diamond (Forest *c, const KtmReportRow *row, KtmRole role, guint series)
{
  double x = plotted (c, row->estimate), y = last_y (c);
  KtmMark *mark;

  if (!isfinite (row->low) || !isfinite (row->high))
    return;
  mark = ktm_panel_add_mark (c->panel, KTM_MARK_INTERVAL, role, series, 1, &x, &y);
  mark->low = g_new (double, 1);
  mark->high = g_new (double, 1);
  mark->low[0] = MAX (plotted (c, row->low), c->panel->x.lo);
  mark->high[0] = MIN (plotted (c, row->high), c->panel->x.hi);
  mark->across = mark->diamond = TRUE;
}

static void
add_heading (Forest *c, const char *title, const char *count, const char *first,
             const char *second, const char *value, const char *weight)
{
  KtmLine *line = add_line (c, title, count, value, FALSE);

  line->heading = TRUE;
  line->ruled = c->panel->lines->len > 1;
  line->more[0] = g_strdup (first);
  line->more[1] = g_strdup (second);
  line->more[2] = g_strdup (weight);
}

static const char *
short_name (const Forest *c)
{
  static const char *const names[KTM_N_EFFECTS] = {
    [KTM_EFFECT_MD] = "MD", [KTM_EFFECT_SMD] = "SMD", [KTM_EFFECT_RR] = "RR",
    [KTM_EFFECT_OR] = "OR", [KTM_EFFECT_RD] = N_("RD, %"), [KTM_EFFECT_CHANGE] = N_("Change")
  };

  return word (c, names[c->rule.effect]);
}

static char *
value_head (const Forest *c, const char *name)
{
  g_autofree char *level = level_text (c);

  return say (c, ktm_text_new (N_("{1} [{2}% CI]"), "ss", name, level));
}

/* --- sections --------------------------------------------------------------------------------- */

static double
weight_of (const Forest *c, const char *study)
{
  const KtmReportRow *row = find_row (c, "weight_percent", NULL, study);

  return row != NULL ? row->estimate : NAN;
}

static double
heaviest (const Forest *c)
{
  double most = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (strcmp (c->report->rows[i].statistic, "weight_percent") == 0)
      most = MAX (most, c->report->rows[i].estimate);
  return most;
}

static void
add_study (Forest *c, const KtmReportRow *row, double most)
{
  const KtmEvidenceStudy *study = find_study (c, row);
  double weight = weight_of (c, row->group);
  g_autofree char *n = count_text (row->n, row->n2), *value = value_text (c, row);
  g_autofree char *share = isnan (weight) ? NULL : ktm_figure_number (&c->f, weight, 1);
  KtmLine *line = add_line (c, row->group, n, value, TRUE);
  gboolean single = g_strcmp0 (row->subject, "single-arm") == 0;
  KtmMark *mark = add_span (c, row, c->trial);

  line->more[0] = study != NULL ? study_cell (c, study->treated) : NULL;
  line->more[1] = study != NULL ? study_cell (c, study->control) : NULL;
  line->more[2] = share != NULL ? say (c, ktm_text_new (N_("{1}%"), "s", share)) : NULL;
  mark->hollow = mark->dashed = single;
  mark->square = !single;
  mark->size = most > 0 && !isnan (weight) ? 0.55 + 0.95 * sqrt (weight / most) : 1;
  if (study != NULL)
    {
      c->any_independent |= single && study->independent;
      c->any_made_up |= g_strcmp0 (study->treated->note, "made up") == 0;
    }
  add_table_row (c, word (c, single ? N_("No control group") : N_("Controlled trial")), row->group,
                 row, weight);
}

static void
add_studies (Forest *c, const char *kind)
{
  double most = heaviest (c);

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (is_study_row (c, &c->report->rows[i], kind))
      add_study (c, &c->report->rows[i], most);
}

static char *
total_label (const Forest *c)
{
  static const char *const taus[] = { N_("common effect"), "DL", "REML", "PM", "ML" };
  static const char *const tests[] = { "Wald", "HKSJ", N_("HKSJ, guarded") };

  if (c->rule.method == KTM_POOL_MH)
    return say (c, ktm_text_new (N_("Pooled, {1}"), "w", N_("Mantel–Haenszel")));
  if (c->rule.method == KTM_POOL_PETO)
    return say (c, ktm_text_new (N_("Pooled, {1}"), "w", "Peto"));
  if (c->rule.tau2 == KTM_META_FE)
    return say (c, ktm_text_new (N_("Pooled, {1}"), "w", taus[KTM_META_FE]));
  return say (c, ktm_text_new (N_("Pooled, {1} + {2}"), "ww", taus[c->rule.tau2],
                               tests[c->rule.ci]));
}

static void
add_prediction (Forest *c)
{
  const KtmReportRow *row = find_row (c, "prediction_interval", NULL, NULL);
  g_autofree char *limits = NULL;
  double x, y;
  KtmMark *mark;

  if (row == NULL)
    return;
  limits = limits_text (c, row->low, row->high);
  add_line (c, word (c, N_("Prediction interval")), NULL, limits, TRUE);
  x = plotted (c, row->estimate);
  y = last_y (c);
  mark = ktm_panel_add_mark (c->panel, KTM_MARK_INTERVAL, KTM_ROLE_CONTEXT, 0, 1, &x, &y);
  mark->low = g_new (double, 1);
  mark->high = g_new (double, 1);
  mark->low[0] = plotted (c, row->low);
  mark->high[0] = plotted (c, row->high);
  mark->across = TRUE;
}

static void
add_note (Forest *c, KtmText *text)
{
  g_autofree char *said = say (c, text);

  add_line (c, said, NULL, NULL, FALSE)->note = TRUE;
}

static void
add_heterogeneity (Forest *c)
{
  const KtmReportRow *q = find_row (c, "cochran_q", NULL, NULL),
                     *i2 = find_row (c, "i2_percent", NULL, NULL),
                     *tau2 = find_row (c, "tau2", NULL, NULL);
  g_autofree char *ends = NULL;

  if (q == NULL || i2 == NULL)
    return;
  add_note (c, ktm_text_new (N_("Heterogeneity: Q = {1}, df {2}, {3}"), "2ip", q->estimate,
                             (long) q->df, q->p));
  if (isnan (i2->low))
    add_note (c, ktm_text_new (N_("I² = {1}%"), "0", i2->estimate));
  else if (tau2 == NULL || isnan (tau2->low))
    add_note (c, ktm_text_new (N_("I² = {1}% [{2} to {3}]"), "000", i2->estimate, i2->low,
                               i2->high));
  else
    add_note (c, ktm_text_new (N_("I² = {1}% [{2} to {3}] · τ² = {4} [{5} to {6}]"), "000222",
                               i2->estimate, i2->low, i2->high, tau2->estimate, tau2->low,
                               tau2->high));
}

/* From the first trial to the pooled diamond. */
static void
add_total_line (Forest *c, double from)
{
  double x[2] = { plotted (c, c->total->estimate), plotted (c, c->total->estimate) };
  double y[2] = { from - 0.5, last_y (c) };

  ktm_panel_add_mark (c->panel, KTM_MARK_LINE, KTM_ROLE_REFERENCE, 0, 2, x, y);
}

static void
add_total (Forest *c, double from)
{
  g_autofree char *label = NULL, *n = NULL, *value = NULL;
  KtmLine *line;

  if (c->total == NULL)
    return;
  label = total_label (c);
  n = count_text (c->total->n, c->total->n2);
  value = value_text (c, c->total);
  line = add_line (c, label, n, value, TRUE);
  line->strong = line->ruled = TRUE;
  if (c->rule.method == KTM_POOL_IV)
    line->more[2] = say (c, ktm_text_new (N_("{1}%"), "i", 100L));
  add_total_line (c, from);
  add_diamond (c, c->total, KTM_ROLE_SELECTED, 0);
  add_table_row (c, word (c, N_("Pooled")), label, c->total, 100);
  add_prediction (c);
  add_heterogeneity (c);
}

/* The name all trials give to an arm ("ketamine"), with a capital; NULL where they differ. */
static char *
arm_head (const Forest *c, gboolean control, const char *otherwise)
{
  const char *name = NULL;
  char first[8] = "";

  for (gsize i = 0; i < c->n_studies; i++)
    {
      const KtmEvidenceStudy *s = &c->studies[i];
      const KtmFrameArm *arm = control ? s->control : s->treated;

      if (s->kind != KTM_STUDIES_TRIAL || !s->relevant || s->control == NULL || arm->arm == NULL)
        continue;
      if (name != NULL && strcmp (name, arm->arm) != 0)
        return g_strdup (word (c, otherwise));
      name = arm->arm;
    }
  if (name == NULL || g_utf8_strlen (name, -1) > 14)
    return g_strdup (word (c, otherwise));
  first[g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (name)), first)] = '\0';
  return g_strconcat (first, g_utf8_next_char (name), NULL);
}

static void
add_trials (Forest *c)
{
  g_autofree char *treated = arm_head (c, FALSE, N_("Treated")),
                  *control = arm_head (c, TRUE, N_("Control")),
                  *head = value_head (c, short_name (c));
  double from = c->panel->lines->len + 1;

  if (count_rows (c, "trial") == 0)
    return;
  add_heading (c, word (c, N_("Controlled trials")), word (c, N_("n")), treated, control, head,
               word (c, N_("Weight")));
  add_studies (c, "trial");
  if (c->rule.effect != KTM_EFFECT_CHANGE)
    add_total (c, from);
}

static void
add_published_pools (Forest *c)
{
  if (count_rows (c, "pooled") == 0)
    return;
  add_heading (c, word (c, N_("Published pooled estimates")), NULL, NULL, NULL, NULL, NULL);
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];
      g_autofree char *n = NULL, *value = NULL;

      if (!is_study_row (c, row, "pooled"))
        continue;
      n = count_text (row->n, -1);
      value = value_text (c, row);
      add_line (c, row->group, n, value, TRUE);
      add_diamond (c, row, KTM_ROLE_SERIES, c->pooled);
      add_table_row (c, word (c, N_("Published pooled estimate")), row->group, row, NAN);
    }
}

/* The cohort's own row: paired, complete pairs only. */
static void
add_own (Forest *c, const KtmReportRow *row)
{
  const KtmReportRow *x = find_row (c, "mean_x", "cohort", row->group),
                     *sx = find_row (c, "sd_x", "cohort", row->group),
                     *y = find_row (c, "mean_y", "cohort", row->group),
                     *sy = find_row (c, "sd_y", "cohort", row->group);
  g_autofree char *time = ktm_time_text (c->f.frame, c->f.options, row->time);
  g_autofree char *label =
      row->group == NULL
          ? say (c, ktm_text_new (N_("This cohort, {1}"), "s", time))
          : say (c, ktm_text_new (N_("This cohort, {1}"), "s", row->group));
  g_autofree char *n = count_text (row->n, -1), *value = value_text (c, row);
  KtmLine *line = add_line (c, label, n, value, TRUE);
  KtmMark *mark = add_span (c, row, c->cohort);

  line->strong = line->lit = TRUE;
  mark->size = 1.25;
  if (x != NULL && sx != NULL && y != NULL && sy != NULL)
    {
      g_autofree char *before = ktm_figure_number (&c->f, x->estimate, 1),
                      *before_sd = ktm_figure_number (&c->f, sx->estimate, 1),
                      *after = ktm_figure_number (&c->f, y->estimate, 1),
                      *after_sd = ktm_figure_number (&c->f, sy->estimate, 1);

      line->more[0] = g_strdup_printf ("%s ± %s", before, before_sd);
      line->more[1] = g_strdup_printf ("%s ± %s", after, after_sd);
    }
  add_table_row (c, word (c, N_("This cohort")), label, row, NAN);
}

static void
add_single_arms (Forest *c)
{
  g_autofree char *head = value_head (c, word (c, c->rule.effect == KTM_EFFECT_SMD
                                                      ? N_("Change, SD")
                                                      : N_("Change")));
  double from = c->panel->lines->len + 1;

  if (count_rows (c, "single-arm") + count_rows (c, "cohort") == 0)
    return;
  add_heading (c, word (c, N_("No control group")), word (c, N_("n")), word (c, N_("Before")),
               word (c, N_("After")), head,
               c->rule.effect == KTM_EFFECT_CHANGE ? word (c, N_("Weight")) : NULL);
  add_studies (c, "single-arm");
  if (c->rule.effect == KTM_EFFECT_CHANGE)
    add_total (c, from);
  for (gsize i = 0; i < c->report->n_rows; i++)
    if (is_study_row (c, &c->report->rows[i], "cohort"))
      add_own (c, &c->report->rows[i]);
}

/* The line of no effect, broken where words run across. */
static void
add_null_line (Forest *c)
{
  for (guint i = 0; i < MIN (c->panel->lines->len, G_N_ELEMENTS (c->null_line)); i++)
    {
      guint to = i;
      double middle = i;
      KtmMark *mark;

      if (!c->null_line[i])
        continue;
      while (to + 1 < MIN (c->panel->lines->len, G_N_ELEMENTS (c->null_line))
             && c->null_line[to + 1])
        to++;
      mark = ktm_panel_add_mark (c->panel, KTM_MARK_INTERVAL, KTM_ROLE_CONTEXT, 0, 1, &c->null,
                                 &middle);
      mark->low = g_new (double, 1);
      mark->high = g_new (double, 1);
      mark->low[0] = i - 0.5;
      mark->high[0] = to + 0.5;
      mark->flat = TRUE;
      /* behind everything else */
      g_ptr_array_steal_index (c->panel->marks, c->panel->marks->len - 1);
      g_ptr_array_insert (c->panel->marks, 0, mark);
      i = to;
    }
}

/* --- words ------------------------------------------------------------------------------------ */

static gboolean
lower_is_better (const Forest *c)
{
  return c->f.measure == NULL || c->f.measure->lower_better;
}

/* Which side favours what. */
static char *
axis_label (const Forest *c)
{
  gboolean left = c->rule.effect != KTM_EFFECT_SMD && lower_is_better (c);
  const char *what = ktm_effect_is_ratio (c->rule.effect) ? short_name (c)
                     : c->rule.effect == KTM_EFFECT_RD    ? word (c, N_("risk difference, %"))
                     : c->rule.effect == KTM_EFFECT_SMD   ? word (c, N_("SD"))
                                                          : NULL;
  g_autofree char *unit =
      what != NULL ? g_strdup (what)
      : c->f.measure != NULL && c->f.measure->unit != NULL && c->f.measure->unit[0] != '\0'
              && strcmp (c->f.measure->unit, "points") != 0
          ? say (c, ktm_text_new (N_("points ({1})"), "s", c->f.measure->unit))
          : g_strdup (word (c, N_("points")));

  if (ktm_effect_is_binary (c->rule.effect)) /* nothing says whether an event is good or bad */
    return say (c, ktm_text_new (N_("← fewer events if treated · {1} · more →"), "s", unit));
  if (c->rule.effect == KTM_EFFECT_CHANGE)
    return say (c, left ? ktm_text_new (N_("← better · {1} · worse →"), "s", unit)
                        : ktm_text_new (N_("← worse · {1} · better →"), "s", unit));
  return say (c, left ? ktm_text_new (N_("← treated better · {1} · control better →"), "s", unit)
                      : ktm_text_new (N_("← control better · {1} · treated better →"), "s", unit));
}

static void
caption_rows (Forest *c)
{
  g_autofree char *level = level_text (c);

  if (count_rows (c, "trial") > 0 && !ktm_effect_is_binary (c->rule.effect))
    ktm_figure_caption (&c->f, ktm_text_new (N_("Trials: mean ± SD, treated minus control, {1}% "
                                                "CI; squares: size by weight."),
                                             "s", level));
  else if (count_rows (c, "trial") > 0)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Trials: events / patients, treated against "
                                                "control, {1}% CI; squares: size by weight."),
                                             "s", level));
  if (c->total != NULL)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Diamond: pooled effect with its interval."), ""));
  if (count_rows (c, "pooled") > 0)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("Published pooled estimates are not pooled again."), ""));
  if (count_rows (c, "single-arm") > 0)
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
caption_own (Forest *c)
{
  const KtmReportRow *own = NULL;

  for (gsize i = 0; own == NULL && i < c->report->n_rows; i++)
    if (is_study_row (c, &c->report->rows[i], "cohort"))
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
describe (const Forest *c)
{
  g_autofree char *value = c->total != NULL ? value_text (c, c->total) : NULL;
  long k = (long) count_rows (c, "trial");

  c->scene->description =
      value != NULL
          ? say (c, ktm_text_new (N_("Forest of {1} controlled trials and {2} studies without a "
                                     "control group. Pooled effect: {3}. The numbers stand in "
                                     "the table."),
                                  "iis", k, (long) count_rows (c, "single-arm"), value))
          : say (c, ktm_text_new (N_("Forest of {1} controlled trials and {2} studies without a "
                                     "control group, not pooled. The numbers stand in the table."),
                                  "ii", k, (long) count_rows (c, "single-arm")));
}

static void
set_columns (const Forest *c)
{
  const char *columns[] = { word (c, N_("Kind")),     word (c, N_("Study")), word (c, N_("n")),
                            word (c, N_("Effect")),   word (c, N_("Low")),   word (c, N_("High")),
                            word (c, N_("Weight, %")), NULL };

  ktm_scene_set_columns (c->scene, columns);
}

/* --- the figure ------------------------------------------------------------------------------- */

static gboolean
init (Forest *c, const KtmFrame *frame, const KtmReport *report, const KtmChartOptions *options,
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
  c->total = find_row (c, pooled[c->rule.effect], NULL, NULL);
  if (c->total != NULL && isnan (c->total->estimate))
    c->total = NULL;
  return TRUE;
}

static KtmScene *
draw (Forest *c)
{
  g_autofree char *level = level_text (c);

  c->scene = ktm_figure_scene (&c->f, "evidence");
  c->panel = ktm_scene_add_panel (c->scene);
  c->scene->over_time = FALSE;
  c->scene->band = say (c, ktm_text_new (N_("{1}% CI"), "s", level));
  c->trial = ktm_scene_add_series (c->scene, word (c, N_("Study")), LOOK_TRIAL);
  c->cohort = ktm_scene_add_series (c->scene, word (c, N_("This cohort")), LOOK_COHORT);
  c->pooled = ktm_scene_add_series (c->scene, word (c, N_("Published")), LOOK_POOLED);
  set_columns (c);
  make_axis (c, &c->panel->x);
  ktm_axis_take_label (&c->panel->x, axis_label (c));
  add_trials (c);
  add_published_pools (c);
  add_single_arms (c);
  add_null_line (c);
  c->panel->more_lines =
      g_strdup (word (c, N_("+ {1} lines: a higher figure shows them")));
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
  g_autofree Forest *c = g_new0 (Forest, 1);
  g_autoptr (KtmScene) scene = NULL;

  if (init (c, frame, report, options, error))
    {
      if (frame->n_arms == 0)
        REFUSE (error, _("There are no published studies in this cohort yet: import a table of "
                         "them."));
      else if (count_rows (c, "trial") + count_rows (c, "pooled") + count_rows (c, "single-arm")
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
