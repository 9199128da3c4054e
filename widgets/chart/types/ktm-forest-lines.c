/* Floor widgets/chart: the lines of the forest of published studies.  No GTK. */
#include "ktm-forest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- lines ------------------------------------------------------------------------------------ */

static KtmLine *
add_line (KtmForest *c, const char *label, const char *count, const char *value, gboolean on_plot)
{
  if (c->panel->lines->len < G_N_ELEMENTS (c->null_line))
    c->null_line[c->panel->lines->len] = on_plot;
  return ktm_panel_add_line (c->panel, label, count, value);
}

static double
last_y (const KtmForest *c)
{
  return c->panel->lines->len - 1.0;
}

static void
add_table_row (const KtmForest *c, const char *what, const char *label, const KtmReportRow *row,
               double weight)
{
  char **cells = g_new0 (char *, 8);

  cells[0] = g_strdup (what);
  cells[1] = g_strdup (label);
  cells[2] = ktm_forest_count_text (row->n, row->n2);
  cells[3] = ktm_forest_number (c, row->estimate);
  cells[4] = ktm_forest_number (c, row->low);
  cells[5] = ktm_forest_number (c, row->high);
  cells[6] = ktm_figure_number (&c->f, weight, 1);
  ktm_scene_take_table_row (c->scene, cells);
}

static double
plotted (const KtmForest *c, double value)
{
  return c->factor * value;
}

static KtmMark *
add_span (KtmForest *c, const KtmReportRow *row, guint series)
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
add_diamond (KtmForest *c, const KtmReportRow *row, KtmRole role, guint series)
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
add_heading (KtmForest *c, const char *title, const char *count, const char *first,
             const char *second, const char *value, const char *weight)
{
  KtmLine *line = add_line (c, title, count, value, FALSE);

  line->heading = TRUE;
  line->ruled = c->panel->lines->len > 1;
  line->more[0] = g_strdup (first);
  line->more[1] = g_strdup (second);
  line->more[2] = g_strdup (weight);
}

static char *
value_head (const KtmForest *c, const char *name)
{
  g_autofree char *level = ktm_forest_level (c);

  return ktm_forest_say (c, ktm_text_new (N_("{1} [{2}% CI]"), "ss", name, level));
}

/* --- sections --------------------------------------------------------------------------------- */

static double
weight_of (const KtmForest *c, const char *study)
{
  const KtmReportRow *row = ktm_forest_find_row (c, "weight_percent", NULL, study);

  return row != NULL ? row->estimate : NAN;
}

static double
heaviest (const KtmForest *c)
{
  double most = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (strcmp (c->report->rows[i].statistic, "weight_percent") == 0)
      most = MAX (most, c->report->rows[i].estimate);
  return most;
}

static void
add_study (KtmForest *c, const KtmReportRow *row, double most)
{
  const KtmEvidenceStudy *study = ktm_forest_find_study (c, row);
  double weight = weight_of (c, row->group);
  g_autofree char *n = ktm_forest_count_text (row->n, row->n2), *value = ktm_forest_value (c, row);
  g_autofree char *share = isnan (weight) ? NULL : ktm_figure_number (&c->f, weight, 1);
  KtmLine *line = add_line (c, row->group, n, value, TRUE);
  gboolean single = g_strcmp0 (row->subject, "single-arm") == 0;
  KtmMark *mark = add_span (c, row, c->trial);

  line->more[0] = study != NULL ? ktm_forest_cell (c, study->treated) : NULL;
  line->more[1] = study != NULL ? ktm_forest_cell (c, study->control) : NULL;
  line->more[2] = share != NULL ? ktm_forest_say (c, ktm_text_new (N_("{1}%"), "s", share)) : NULL;
  mark->hollow = mark->dashed = single;
  mark->square = !single;
  mark->size = most > 0 && !isnan (weight) ? 0.55 + 0.95 * sqrt (weight / most) : 1;
  if (study != NULL)
    {
      c->any_independent |= single && study->independent;
      c->any_made_up |= g_strcmp0 (study->treated->note, "made up") == 0;
    }
  add_table_row (c, ktm_forest_word (c, single ? N_("No control group") : N_("Controlled trial")),
                 row->group, row, weight);
}

/* The value of the moderator studies are grouped by; FALSE: it is not said. */
static gboolean
moderator_of (const KtmForest *c, const KtmReportRow *row, char value[128])
{
  const KtmEvidenceStudy *study = ktm_forest_find_study (c, row);

  return study != NULL && ktm_evidence_moderator (study, c->rule.moderator, value, 128);
}

/* The studies of one group (@group NULL: those that do not say theirs); how many. */
static gsize
add_members (KtmForest *c, const char *kind, const char *group, gboolean only_count)
{
  double most = heaviest (c);
  gsize n = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];
      char value[128];

      if (!ktm_forest_is_study (c, row, kind)
          || (moderator_of (c, row, value) ? g_strcmp0 (group, value) != 0 : group != NULL))
        continue;
      n++;
      if (!only_count)
        add_study (c, row, most);
    }
  return n;
}

static void
add_subtotal (KtmForest *c, const KtmReportRow *row)
{
  g_autofree char *label = ktm_forest_say (
                      c, ktm_text_new_plural ("Pooled, {1} study", "Pooled, {1} studies", "i",
                                              (long) row->n)),
                  *value = ktm_forest_value (c, row);

  add_line (c, label, NULL, value, TRUE);
  add_diamond (c, row, KTM_ROLE_SERIES, c->trial);
  add_table_row (c, row->group, label,
                 &(KtmReportRow){ .n = -1, .n2 = -1, .estimate = row->estimate, .low = row->low,
                                  .high = row->high },
                 NAN);
}

static void
add_group (KtmForest *c, const char *kind, const char *group)
{
  g_autofree char *label = ktm_forest_say (
      c, group != NULL ? ktm_text_new (N_("{1}: {2}"), "ss", c->rule.moderator, group)
                       : ktm_text_new (N_("{1}: not said"), "s", c->rule.moderator));

  if (add_members (c, kind, group, TRUE) == 0)
    return;
  add_line (c, label, NULL, NULL, FALSE)->note = TRUE;
  add_members (c, kind, group, FALSE);
}

static void
add_plain (KtmForest *c, const char *kind)
{
  double most = heaviest (c);

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (ktm_forest_is_study (c, &c->report->rows[i], kind))
      add_study (c, &c->report->rows[i], most);
}

/* One below the other, or, of those that are pooled, by what they are grouped by, each group with
 * its own diamond. */
static void
add_studies (KtmForest *c, const char *kind)
{
  gboolean pooled = (c->rule.effect == KTM_EFFECT_CHANGE) == (strcmp (kind, "single-arm") == 0);
  gsize n_groups = 0;

  for (gsize i = 0; pooled && i < c->report->n_rows; i++)
    if (g_strcmp0 (c->report->rows[i].subject, "subgroup") == 0)
      {
        add_group (c, kind, c->report->rows[i].group);
        add_subtotal (c, &c->report->rows[i]);
        n_groups++;
      }
  if (n_groups > 0)
    add_group (c, kind, NULL);
  else
    add_plain (c, kind);
}

static char *
total_label (const KtmForest *c)
{
  static const char *const taus[] = { N_("common effect"), "DL", "REML", "PM", "ML" };
  static const char *const tests[] = { "Wald", "HKSJ", N_("HKSJ, guarded") };

  if (c->rule.method == KTM_POOL_MH)
    return ktm_forest_say (c, ktm_text_new (N_("Pooled, {1}"), "w", N_("Mantel–Haenszel")));
  if (c->rule.method == KTM_POOL_PETO)
    return ktm_forest_say (c, ktm_text_new (N_("Pooled, {1}"), "w", "Peto"));
  if (c->rule.tau2 == KTM_META_FE)
    return ktm_forest_say (c, ktm_text_new (N_("Pooled, {1}"), "w", taus[KTM_META_FE]));
  return ktm_forest_say (c, ktm_text_new (N_("Pooled, {1} + {2}"), "ww", taus[c->rule.tau2],
                               tests[c->rule.ci]));
}

static void
add_prediction (KtmForest *c)
{
  const KtmReportRow *row = ktm_forest_find_row (c, "prediction_interval", NULL, NULL);
  g_autofree char *limits = NULL;
  double x, y;
  KtmMark *mark;

  if (row == NULL)
    return;
  limits = ktm_forest_limits (c, row->low, row->high);
  add_line (c, ktm_forest_word (c, N_("Prediction interval")), NULL, limits, TRUE);
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
add_note (KtmForest *c, KtmText *text)
{
  g_autofree char *said = ktm_forest_say (c, text);

  add_line (c, said, NULL, NULL, FALSE)->note = TRUE;
}

/* Whether the groups differ, or the effect follows a number. */
static void
add_moderator (KtmForest *c)
{
  const KtmReportRow *q = ktm_forest_find_row (c, "q_between", NULL, NULL),
                     *slope = ktm_forest_find_row (c, "meta_regression_slope", c->rule.moderator,
                                                   NULL);

  if (q != NULL)
    add_note (c, ktm_text_new (N_("By {1}, do they differ? Q = {2}, df {3}, {4}"), "s2ip",
                               c->rule.moderator, q->statistic_value, (long) q->df, q->p));
  else if (slope != NULL)
    add_note (c, ktm_text_new (N_("For 1 more of {1}: {2} [{3} to {4}], {5}"), "s222p",
                               c->rule.moderator, slope->estimate, slope->low, slope->high,
                               slope->p));
}

static void
add_heterogeneity (KtmForest *c)
{
  const KtmReportRow *q = ktm_forest_find_row (c, "cochran_q", NULL, NULL),
                     *i2 = ktm_forest_find_row (c, "i2_percent", NULL, NULL),
                     *tau2 = ktm_forest_find_row (c, "tau2", NULL, NULL);
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
add_total_line (KtmForest *c, double from)
{
  double x[2] = { plotted (c, c->total->estimate), plotted (c, c->total->estimate) };
  double y[2] = { from - 0.5, last_y (c) };

  ktm_panel_add_mark (c->panel, KTM_MARK_LINE, KTM_ROLE_REFERENCE, 0, 2, x, y);
}

static void
add_total (KtmForest *c, double from)
{
  g_autofree char *label = NULL, *n = NULL, *value = NULL;
  KtmLine *line;

  if (c->total == NULL)
    return;
  label = total_label (c);
  n = ktm_forest_count_text (c->total->n, c->total->n2);
  value = ktm_forest_value (c, c->total);
  line = add_line (c, label, n, value, TRUE);
  line->strong = line->ruled = TRUE;
  if (c->rule.method == KTM_POOL_IV)
    line->more[2] = ktm_forest_say (c, ktm_text_new (N_("{1}%"), "i", 100L));
  add_total_line (c, from);
  add_diamond (c, c->total, KTM_ROLE_SELECTED, 0);
  add_table_row (c, ktm_forest_word (c, N_("Pooled")), label, c->total, 100);
  add_prediction (c);
  add_heterogeneity (c);
  add_moderator (c);
}

/* The name all trials give to an arm ("ketamine"), with a capital; NULL where they differ. */
static char *
arm_head (const KtmForest *c, gboolean control, const char *otherwise)
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
        return g_strdup (ktm_forest_word (c, otherwise));
      name = arm->arm;
    }
  if (name == NULL || g_utf8_strlen (name, -1) > 14)
    return g_strdup (ktm_forest_word (c, otherwise));
  first[g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (name)), first)] = '\0';
  return g_strconcat (first, g_utf8_next_char (name), NULL);
}

static void
add_trials (KtmForest *c)
{
  g_autofree char *treated = arm_head (c, FALSE, N_("Treated")),
                  *control = arm_head (c, TRUE, N_("Control")),
                  *head = value_head (c, ktm_forest_short_name (c));
  double from = c->panel->lines->len + 1;

  if (ktm_forest_count (c, "trial") == 0)
    return;
  add_heading (c, ktm_forest_word (c, N_("Controlled trials")), ktm_forest_word (c, N_("n")),
               treated, control, head, ktm_forest_word (c, N_("Weight")));
  add_studies (c, "trial");
  if (c->rule.effect != KTM_EFFECT_CHANGE)
    add_total (c, from);
}

static void
add_published_pools (KtmForest *c)
{
  if (ktm_forest_count (c, "pooled") == 0)
    return;
  add_heading (c, ktm_forest_word (c, N_("Published pooled estimates")), NULL, NULL, NULL, NULL,
               NULL);
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];
      g_autofree char *n = NULL, *value = NULL;

      if (!ktm_forest_is_study (c, row, "pooled"))
        continue;
      n = ktm_forest_count_text (row->n, -1);
      value = ktm_forest_value (c, row);
      add_line (c, row->group, n, value, TRUE);
      add_diamond (c, row, KTM_ROLE_SERIES, c->pooled);
      add_table_row (c, ktm_forest_word (c, N_("Published pooled estimate")), row->group, row, NAN);
    }
}

/* The cohort's own row: paired, complete pairs only. */
static void
add_own (KtmForest *c, const KtmReportRow *row)
{
  const KtmReportRow *x = ktm_forest_find_row (c, "mean_x", "cohort", row->group),
                     *sx = ktm_forest_find_row (c, "sd_x", "cohort", row->group),
                     *y = ktm_forest_find_row (c, "mean_y", "cohort", row->group),
                     *sy = ktm_forest_find_row (c, "sd_y", "cohort", row->group);
  g_autofree char *time = ktm_time_text (c->f.frame, c->f.options, row->time);
  g_autofree char *label =
      row->group == NULL
          ? ktm_forest_say (c, ktm_text_new (N_("This cohort, {1}"), "s", time))
          : ktm_forest_say (c, ktm_text_new (N_("This cohort, {1}"), "s", row->group));
  g_autofree char *n = ktm_forest_count_text (row->n, -1), *value = ktm_forest_value (c, row);
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
  add_table_row (c, ktm_forest_word (c, N_("This cohort")), label, row, NAN);
}

static void
add_single_arms (KtmForest *c)
{
  g_autofree char *head = value_head (c, ktm_forest_word (c, c->rule.effect == KTM_EFFECT_SMD
                                                      ? N_("Change, SD")
                                                      : N_("Change")));
  double from = c->panel->lines->len + 1;

  if (ktm_forest_count (c, "single-arm") + ktm_forest_count (c, "cohort") == 0)
    return;
  add_heading (c, ktm_forest_word (c, N_("No control group")), ktm_forest_word (c, N_("n")),
               ktm_forest_word (c, N_("Before")), ktm_forest_word (c, N_("After")), head,
               c->rule.effect == KTM_EFFECT_CHANGE ? ktm_forest_word (c, N_("Weight")) : NULL);
  add_studies (c, "single-arm");
  if (c->rule.effect == KTM_EFFECT_CHANGE)
    add_total (c, from);
  for (gsize i = 0; i < c->report->n_rows; i++)
    if (ktm_forest_is_study (c, &c->report->rows[i], "cohort"))
      add_own (c, &c->report->rows[i]);
}

/* The line of no effect, broken where words run across. */
static void
add_null_line (KtmForest *c)
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

void
ktm_forest_add_lines (KtmForest *c)
{
  add_trials (c);
  add_published_pools (c);
  add_single_arms (c);
  add_null_line (c);
}
