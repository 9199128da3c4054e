/* Floor widgets/chart: the change in everybody and in each subgroup, as a forest, from the report
 * of the analysis "subgroups".  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-figure.h"
#include "ktm-split.h"

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/* Patients below which a row is drawn pale. */
#define PALE 0.5

typedef struct
{
  KtmFigure        f;           /* frame, options, words; no table */
  const KtmReport *report;
  const char      *statistic;   /* "mean_diff" or "d_av" */
  int              decimals;
  double           mcid;        /* signed as the axis; NaN: not drawn */
  double           time;        /* of the visit; NaN none */
  gsize            n_tests;     /* attributes with a p-value */
  gboolean         any_pale, any_arrow, any_single;
} Figure;

/* --- which rows ------------------------------------------------------------------------------- */

static gboolean
is_effect (const Figure *c, const KtmReportRow *row)
{
  return strcmp (row->statistic, c->statistic) == 0;
}

/* Everybody with both scores, whether or not an attribute is recorded; a report without that row:
 * everybody of its first card. */
static const KtmReportRow *
find_everybody (const Figure *c)
{
  const KtmReportRow *first = NULL;

  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (!is_effect (c, row) || row->group != NULL)
        continue;
      if (row->subject == NULL)
        return row;
      if (first == NULL)
        first = row;
    }
  return first;
}

static const KtmReportRow *
find_test (const KtmReport *report, gsize card)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (report->rows[i].card == card
        && strcmp (report->rows[i].statistic, "difference_between_subgroups") == 0
        && !isnan (report->rows[i].p))
      return &report->rows[i];
  return NULL;
}

/* The attribute a card is about; NULL: none of its rows says. */
static const KtmFrameAttribute *
card_attribute (const Figure *c, gsize card)
{
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];
      long a = row->card == card && row->subject != NULL
                   ? ktm_frame_find_attribute (c->f.frame, row->subject)
                   : -1;

      if (a >= 0)
        return &c->f.frame->attributes[a];
    }
  return NULL;
}

static guint
level_look (const KtmFrameAttribute *attribute, const char *group)
{
  for (gsize k = 0; k < attribute->n_levels; k++)
    if (strcmp (attribute->levels[k], group) == 0)
      return (guint) k;
  return 0;
}

static const char *
attribute_label (const KtmFrameAttribute *attribute)
{
  return attribute->label != NULL && attribute->label[0] != '\0' ? attribute->label : attribute->id;
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* "−0.9 [−1.3, −0.5]"; a semicolon where the decimal mark is a comma. */
static char *
value_text (const Figure *c, const KtmReportRow *row)
{
  g_autofree char *value = ktm_figure_number (&c->f, row->estimate, c->decimals);
  g_autofree char *low = ktm_figure_number (&c->f, row->low, c->decimals),
                  *high = ktm_figure_number (&c->f, row->high, c->decimals);
  g_autofree char *probe = ktm_figure_number (&c->f, 0.5, 1);

  if (isnan (row->low) || isnan (row->high))
    return g_strdup (value);
  return ktm_figure_say (&c->f, ktm_text_new (strchr (probe, ',') != NULL ? N_("{1} [{2}; {3}]")
                                                                          : N_("{1} [{2}, {3}]"),
                                              "sss", value, low, high));
}

static char *
p_text (const Figure *c, const KtmReportRow *row)
{
  return ktm_figure_say (
      &c->f, ktm_text_new ("{1}", "p", isnan (row->p_adjusted) ? row->p : row->p_adjusted));
}

/* Half the width of the middle interval: what a usual row needs. */
static double
usual_half (const Figure *c)
{
  g_autofree double *half = g_new (double, c->report->n_rows + 1);
  gsize n = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    if (is_effect (c, &c->report->rows[i]) && !isnan (c->report->rows[i].low)
        && !isnan (c->report->rows[i].high))
      {
        double width = (c->report->rows[i].high - c->report->rows[i].low) / 2;
        gsize k = n++;

        for (; k > 0 && half[k - 1] > width; k--)
          half[k] = half[k - 1];
        half[k] = width;
      }
  return n > 0 ? half[n / 2] : 1;
}

/* Zero, every estimate and the important change are on the axis; an interval far wider than usual
 * ends in an arrow. */
static void
make_axis (Figure *c, KtmAxis *axis)
{
  double low = 0, high = 0, inner_low = 0, inner_high = 0, half = usual_half (c);

  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (!is_effect (c, row) || isnan (row->estimate))
        continue;
      inner_low = MIN (inner_low, row->estimate);
      inner_high = MAX (inner_high, row->estimate);
      low = MIN (low, isnan (row->low) ? row->estimate : row->low);
      high = MAX (high, isnan (row->high) ? row->estimate : row->high);
    }
  axis->lo = MAX (low, inner_low - 2.2 * half);
  axis->hi = MIN (high, inner_high + 2.2 * half);
  if (!isnan (c->mcid))
    {
      axis->lo = MIN (axis->lo, c->mcid);
      axis->hi = MAX (axis->hi, c->mcid);
    }
  if (!(axis->hi - axis->lo > 1e-9))
    axis->hi = axis->lo + 1;
  double pad = (axis->hi - axis->lo) * 0.03;

  /* no room to spare beside an arrow: it points out of the plot */
  axis->lo -= axis->lo <= low || axis->lo == c->mcid ? pad : 0;
  axis->hi += axis->hi >= high || axis->hi == c->mcid ? pad : 0;
  axis->signed_ticks = axis->from_zero = TRUE;
}

/* --- lines ------------------------------------------------------------------------------------ */

static void
add_span (Figure *c, KtmPanel *panel, const KtmReportRow *row, KtmRole role, guint series)
{
  double y = panel->lines->len - 1.0, x = row->estimate;
  gboolean whole = !isnan (row->low) && !isnan (row->high);
  KtmMark *mark;

  if (isnan (x))
    return;
  mark = ktm_panel_add_mark (panel, KTM_MARK_SPAN, role, series, 1, &x, &y);
  mark->low = g_new (double, 1);
  mark->high = g_new (double, 1);
  mark->low[0] = whole ? row->low : NAN;
  mark->high[0] = whole ? row->high : NAN;
  if (row->n < KTM_FAINT_BELOW)
    {
      mark->alpha = g_new (double, 1);
      mark->alpha[0] = PALE;
      c->any_pale = TRUE;
    }
  c->any_single = c->any_single || !whole;
  c->any_arrow = c->any_arrow || (whole && (row->low < panel->x.lo || row->high > panel->x.hi));
}

static void
add_row (Figure *c, KtmScene *scene, KtmPanel *panel, const KtmReportRow *row, const char *heading,
         const char *label, KtmRole role, guint series)
{
  g_autofree char *n = g_strdup_printf ("%ld", MAX (row->n, 0)), *value = value_text (c, row);
  char **cells = g_new0 (char *, 7);

  ktm_panel_add_line (panel, label, n, value)->strong = role != KTM_ROLE_SERIES;
  add_span (c, panel, row, role, series);
  cells[0] = g_strdup (heading);
  cells[1] = g_strdup (label);
  cells[2] = g_strdup (n);
  cells[3] = ktm_figure_number (&c->f, row->estimate, c->decimals);
  cells[4] = ktm_figure_number (&c->f, row->low, c->decimals);
  cells[5] = ktm_figure_number (&c->f, row->high, c->decimals);
  ktm_scene_take_table_row (scene, cells);
}

static void
add_card (Figure *c, KtmScene *scene, KtmPanel *panel, gsize card)
{
  const KtmFrameAttribute *attribute = card_attribute (c, card);
  guint n_parts = 0;
  const KtmReportRow *test = find_test (c->report, card);
  g_autofree char *p = test != NULL ? p_text (c, test) : NULL;

  if (attribute == NULL)
    return;
  c->n_tests += test != NULL;
  ktm_panel_add_line (panel, attribute_label (attribute), NULL, p)->heading = TRUE;
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];
      guint look;

      if (row->card != card || !is_effect (c, row) || row->group == NULL)
        continue;
      look = attribute->n_levels > 0 ? level_look (attribute, row->group) : n_parts++;
      add_row (c, scene, panel, row, attribute_label (attribute), row->group, KTM_ROLE_SERIES,
               ktm_scene_add_series (scene, row->group, look));
    }
}

/* --- words ------------------------------------------------------------------------------------ */

static char *
say (const Figure *c, KtmText *text)
{
  return ktm_figure_say (&c->f, text);
}

static char *
level_text (const Figure *c)
{
  return ktm_figure_number (&c->f, 100 * c->f.options->level,
                            ktm_time_decimals (100 * c->f.options->level));
}

static char *
from_text (const Figure *c)
{
  return isnan (c->f.options->from) || c->f.options->from <= 0
             ? say (c, ktm_text_new (N_("baseline"), ""))
             : ktm_time_text (c->f.frame, c->f.options, c->f.options->from);
}

/* "points (NRS)", or "points" alone where the unit says no more. */
static char *
unit_text (const Figure *c)
{
  const char *unit = c->f.measure->unit;

  if (unit == NULL || unit[0] == '\0' || strcmp (unit, "points") == 0)
    return say (c, ktm_text_new (N_("points"), ""));
  return say (c, ktm_text_new (N_("points ({1})"), "s", unit));
}

/* What the axis shows, and which way is better. */
static char *
axis_label (const Figure *c)
{
  g_autofree char *unit = unit_text (c);

  if (c->f.options->standardised)
    return say (c, ktm_text_new (N_("← worse · change in SD (d_av) · better →"), ""));
  if (c->f.measure->lower_better)
    return say (c, ktm_text_new (N_("← better · change, {1} · worse →"), "s", unit));
  return say (c, ktm_text_new (N_("← worse · change, {1} · better →"), "s", unit));
}

static void
caption_method (Figure *c)
{
  g_autofree char *level = level_text (c), *from = from_text (c),
                  *to = ktm_time_text (c->f.frame, c->f.options, c->time);

  if (c->f.options->standardised)
    ktm_figure_caption (
        &c->f,
        ktm_text_new (
            N_("Markers: standardised change of {1} from {2} to {3}, Cohen's d_av (mean change / "
                "√((s₁² + s₂²)/2)), {4}% CI (Algina–Keselman); positive is better."),
            "ssss", c->f.measure->label, from, to, level));
  else
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Markers: mean change of {1} from {2} to {3}, {4}% CI (t)."),
                             "ssss", c->f.measure->label, from, to, level));
  if (c->any_pale)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("Pale: fewer than {1} patients."), "i", (long) KTM_FAINT_BELOW));
  if (c->any_single)
    ktm_figure_caption (&c->f, ktm_text_new (N_("No interval: too few patients for one."), ""));
  if (c->any_arrow)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("Arrow: the interval goes on beyond the axis."), ""));
}

static void
caption_split (Figure *c, const char *by)
{
  const KtmFrame *frame = c->f.frame;
  KtmCuts cuts;
  KtmSplit split;
  long a = ktm_frame_find_grouping (frame, by, &cuts, NULL);

  if (a < 0 || frame->attributes[a].kind != KTM_ATTRIBUTE_NUMBER)
    return;
  if (ktm_split_init (&split, frame, (gsize) a, &cuts, c->f.lang, c->f.options->decimal_mark)
      == KTM_STATS_OK)
    ktm_figure_caption (&c->f, ktm_split_text (&split));
  ktm_split_clear (&split);
}

/* Where the numbers among the attributes are cut. */
static void
caption_splits (Figure *c)
{
  caption_split (c, c->f.options->colour_by);
  for (char **id = c->f.options->attributes; id != NULL && *id != NULL; id++)
    caption_split (c, *id);
}

static void
caption_tests (Figure *c)
{
  if (c->n_tests > 1)
    ktm_figure_caption (&c->f, ktm_text_new (N_("p: do the subgroups differ? ANCOVA on baseline, "
                                                 "Holm-corrected for {1} attributes."),
                                             "i", (long) c->n_tests));
  else if (c->n_tests == 1)
    ktm_figure_caption (&c->f,
                        ktm_text_new (N_("p: do the subgroups differ? ANCOVA on baseline."), ""));
  ktm_figure_caption (
      &c->f, ktm_text_new (N_("Exploratory: a difference between subgroups is not an effect of "
                               "treatment that differs; that needs a comparison arm."),
                           ""));
}

static void
caption_left_out (Figure *c)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < c->report->n_excluded; i++)
    {
      g_autofree char *reason = say (c, ktm_text_copy (c->report->excluded[i].reason));

      g_string_append_printf (out, "%s%ld %s", i > 0 ? ", " : "", c->report->excluded[i].n, reason);
    }
  if (out->len > 0)
    ktm_figure_caption (&c->f, ktm_text_new (N_("Left out: {1}."), "s", out->str));
  g_string_free (out, TRUE);
}

static void
describe (const Figure *c, KtmScene *scene, const KtmReportRow *everybody)
{
  g_autofree char *from = from_text (c), *to = ktm_time_text (c->f.frame, c->f.options, c->time),
                  *value = value_text (c, everybody);
  g_autofree char *n = g_strdup_printf ("%u", c->report->n_cards > 0 ? scene->table->len - 1 : 0);

  scene->description =
      say (c, ktm_text_new (N_("Forest of the change of {1} from {2} to {3} in {4} subgroups. All "
                                "patients: {5}. The numbers stand in the table."),
                            "sssss", c->f.measure->label, from, to, n, value));
}

static void
set_columns (const Figure *c, KtmScene *scene)
{
  const char *columns[] = { ktm_lang_text (c->f.lang, N_("Attribute")),
                            ktm_lang_text (c->f.lang, N_("Subgroup")),
                            ktm_lang_text (c->f.lang, N_("n")),
                            ktm_lang_text (c->f.lang, N_("Change")),
                            ktm_lang_text (c->f.lang, N_("Low")),
                            ktm_lang_text (c->f.lang, N_("High")),
                            NULL };

  ktm_scene_set_columns (scene, columns);
}

/* --- the figure ------------------------------------------------------------------------------- */

static gboolean
init (Figure *c, const KtmFrame *frame, const KtmReport *report, const KtmChartOptions *options,
      GError **error)
{
  long m = report != NULL && report->measure != NULL
               ? ktm_frame_find_measure (frame, report->measure)
               : -1;

  c->f = (KtmFigure){ .frame = frame,
                      .options = options,
                      .lang = ktm_lang_find (options->lang),
                      .caption = g_string_new (NULL) };
  c->report = report;
  c->statistic = options->standardised ? "d_av" : "mean_diff";
  c->decimals = options->standardised ? 2 : 1;
  c->mcid = NAN;
  if (m < 0 || (options->measure != NULL && strcmp (options->measure, report->measure) != 0))
    {
      REFUSE (error, _("There is no change by subgroup to draw: run the analysis “subgroups” of "
                        "this measure first."));
      return FALSE;
    }
  c->f.measure = &frame->measures[m];
  if (!options->standardised && c->f.measure->mcid > 0)
    c->mcid = c->f.measure->lower_better ? -c->f.measure->mcid : c->f.measure->mcid;
  return TRUE;
}

static void
add_reference_lines (const Figure *c, KtmScene *scene, KtmPanel *panel)
{
  double zero = 0;

  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_CONTEXT, 0, 1, &zero, NULL);
  if (!isnan (c->mcid))
    {
      g_autofree char *change = ktm_figure_number (&c->f, c->mcid, ktm_time_decimals (c->mcid));
      g_autofree char *text =
          say (c, ktm_text_new (N_("minimal important change of a patient, {1}"), "s", change));

      ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, &c->mcid, NULL);
      ktm_scene_add_legend (scene, text, KTM_ROLE_REFERENCE, 0);
    }
}

static void
add_heads (const Figure *c, KtmPanel *panel)
{
  g_autofree char *level = level_text (c);

  panel->line_heads[1] = g_strdup (ktm_lang_text (c->f.lang, N_("n")));
  panel->line_heads[2] = say (
      c, ktm_text_new (c->f.options->standardised ? N_("d_av [{1}% CI]") : N_("Mean [{1}% CI]"),
                       "s", level));
  panel->more_lines =
      g_strdup (ktm_lang_text (c->f.lang, N_("+ {1} lines: a higher figure shows them")));
}

static KtmScene *
draw (Figure *c, const KtmReportRow *everybody)
{
  KtmScene *scene = ktm_figure_scene (&c->f, "subgroups");
  KtmPanel *panel = ktm_scene_add_panel (scene);
  g_autofree char *level = level_text (c);

  c->time = everybody->time;
  scene->over_time = FALSE;
  scene->band = say (c, ktm_text_new (N_("{1}% CI"), "s", level));
  set_columns (c, scene);
  make_axis (c, &panel->x);
  ktm_axis_take_label (&panel->x, axis_label (c));
  add_reference_lines (c, scene, panel);
  add_heads (c, panel);
  add_row (c, scene, panel, everybody, "", ktm_lang_text (c->f.lang, N_("All patients")),
           KTM_ROLE_SELECTED, 0);
  for (gsize card = 0; card < c->report->n_cards; card++)
    add_card (c, scene, panel, card);
  panel->y.kind = KTM_AXIS_BAND;
  panel->y.hidden = TRUE;
  panel->y.lo = -0.5;
  panel->y.hi = panel->lines->len - 0.5;
  caption_method (c);
  caption_splits (c);
  caption_tests (c);
  c->f.time = g_memdup2 (&c->time, sizeof c->time);
  c->f.table.n_visits = 1;
  if (c->f.options->missing != KTM_MISSING_AVAILABLE)
    ktm_figure_caption_missing (&c->f);
  caption_left_out (c);
  scene->caption = g_strdup (c->f.caption->str);
  describe (c, scene, everybody);
  return scene;
}

/* All patients, then each attribute with its levels: n, change and interval.  @report: of the
 * analysis "subgroups", in points and standardised; the options say which is drawn. */
KtmScene *
ktm_type_subgroups_build (const KtmFrame *frame, const KtmReport *report,
                          const KtmChartOptions *options, GError **error)
{
  Figure c = { .report = report };
  g_autoptr (KtmScene) scene = NULL;
  const KtmReportRow *everybody;

  if (init (&c, frame, report, options, error))
    {
      everybody = find_everybody (&c);
      if (everybody == NULL || isnan (everybody->estimate) || isnan (everybody->time))
        REFUSE (error,
                _("There is no change by subgroup to draw: no selected patient has a score of "
                   "“%s” at both visits."),
                c.f.measure->label);
      else
        scene = draw (&c, everybody);
    }
  ktm_figure_clear (&c.f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
