/* Floor widgets/chart: one patient: every measure on one time axis, treatments, adverse events, the
 * stop.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-figure-outlook.h"
#include "ktm-figure.h"
#include "ktm-scale.h"

#define RELIEF 0.3

typedef struct
{
  const KtmFrame        *frame;
  const KtmChartOptions *options;
  const KtmLang         *lang;
  gsize                  row;
  gsize                  primary;
  double                 lo, hi, stop;
  KtmScene              *scene;
  GString               *description;
  GString               *outlook;    /* for the caption */
  const KtmReport       *report;     /* nullable: trajectory classes */
} Page;

static char *
say (const Page *p, KtmText *text)
{
  return ktm_figure_say_options (p->options, text);
}

static double
score (const Page *p, gsize measure, gsize visit)
{
  return p->frame->measures[measure].value[p->row * p->frame->n_visits + visit];
}

static double
time_of (const Page *p, gsize measure, gsize visit)
{
  const double *exact = p->frame->measures[measure].time;
  double t = exact != NULL ? exact[p->row * p->frame->n_visits + visit] : NAN;

  return isnan (t) ? p->frame->visit_time[visit] : t;
}

static gsize
n_scores (const Page *p, gsize measure)
{
  gsize n = 0;

  for (gsize v = 0; v < p->frame->n_visits; v++)
    n += !isnan (score (p, measure, v));
  return n;
}

/* What measures of one panel have in common: their unit, else the first of several words ("HADS
 * anxiety"); NULL: nothing. */
static char *
family (const KtmFrameMeasure *m)
{
  const char *space = strchr (m->label, ' ');

  if (m->unit != NULL && m->unit[0] != '\0')
    return g_strdup (m->unit);
  return space != NULL ? g_strndup (m->label, (gsize) (space - m->label)) : NULL;
}

/* Measures that share a panel: family, range and direction. */
static gboolean
alike (const KtmFrameMeasure *a, const KtmFrameMeasure *b)
{
  g_autofree char *x = family (a), *y = family (b);

  return x != NULL && g_strcmp0 (x, y) == 0 && a->min == b->min && a->max == b->max
         && a->lower_better == b->lower_better;
}

/* The label without what the panel's name already says. */
static char *
own_name (const KtmFrameMeasure *m, gboolean shared)
{
  const char *space = strchr (m->label, ' ');

  if (!shared || space == NULL || space[1] == '\0' || (m->unit != NULL && m->unit[0] != '\0'))
    return g_strdup (m->label);
  g_autofree char *first = g_utf8_substring (space + 1, 0, 1), *upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, g_utf8_next_char (space + 1), NULL);
}

static void
set_range (Page *p)
{
  const KtmFrame *frame = p->frame;

  p->lo = frame->visit_time[0];
  p->hi = frame->visit_time[frame->n_visits - 1];
  for (gsize m = 0; m < frame->n_measures; m++)
    for (gsize v = 0; v < frame->n_visits; v++)
      if (!isnan (score (p, m, v)))
        {
          p->lo = MIN (p->lo, time_of (p, m, v));
          p->hi = MAX (p->hi, time_of (p, m, v));
        }
  for (gsize i = 0; i < frame->n_events; i++)
    if (frame->events[i].row == p->row && !isnan (frame->events[i].time))
      {
        p->lo = MIN (p->lo, frame->events[i].time);
        p->hi = MAX (p->hi, frame->events[i].time);
      }
  for (gsize i = 0; i < frame->n_treatments; i++)
    if (frame->treatments[i].row == p->row && !isnan (frame->treatments[i].time))
      {
        p->lo = MIN (p->lo, frame->treatments[i].time);
        p->hi = MAX (p->hi, frame->treatments[i].time);
      }
  if (p->hi - p->lo < 1e-9)
    {
      p->lo -= 0.5;
      p->hi += 0.5;
    }
  p->stop = frame->stop_time[p->row];
}

/* Ticks at the visits at which anything is asked for; the first and the last always. */
static void
page_axis (const Page *p, KtmAxis *axis)
{
  g_autofree double *ticks = g_new (double, p->frame->n_visits + 1);
  gsize n = 0;

  for (gsize v = 0; v < p->frame->n_visits; v++)
    {
      double t = p->frame->visit_time[v];

      /* A call between two visits needs no number of its own on the axis. */
      if (t == floor (t) || p->frame->n_visits <= 8)
        ticks[n++] = t;
    }
  ktm_time_axis_init (p->frame, p->options, p->lo, p->hi, n, ticks, axis);
}

static void
mark_stop (const Page *p, KtmPanel *panel)
{
  double x[2] = { p->stop, panel->x.hi };

  if (isnan (p->stop) || p->stop < panel->x.lo || p->stop > panel->x.hi)
    return;
  if (p->stop < panel->x.hi)
    {
      KtmMark *band = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_ABSENT, 0, 2, x, NULL);

      band->low = g_new (double, 2);
      band->high = g_new (double, 2);
      band->low[0] = band->low[1] = panel->y.lo;
      band->high[0] = band->high[1] = panel->y.hi;
    }
  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_SELECTED, 0, 1, x, NULL);
}

static KtmPanel *
add_panel (const Page *p)
{
  KtmPanel *panel = ktm_scene_add_panel (p->scene);

  page_axis (p, &panel->x);
  return panel;
}

static void
value_axis (const Page *p, gsize measure, KtmAxis *axis)
{
  const KtmFrameMeasure *m = &p->frame->measures[measure];

  axis->kind = KTM_AXIS_LINEAR;
  axis->lo = m->min;
  axis->hi = m->max;
  if (axis->hi > axis->lo)
    {
      axis->integers = axis->hi - axis->lo >= 2;
      return;
    }
  axis->lo = axis->hi = NAN;
  for (gsize k = 0; k < p->frame->n_measures; k++)
    for (gsize v = 0; (k == measure || alike (m, &p->frame->measures[k])) && v < p->frame->n_visits;
         v++)
      {
        axis->lo = fmin (axis->lo, score (p, k, v));
        axis->hi = fmax (axis->hi, score (p, k, v));
      }
  ktm_nice_range (&axis->lo, &axis->hi);
}

static char *
short_number (const Page *p, double value)
{
  return ktm_options_number (p->options, value, ktm_time_decimals (value));
}

static void
add_values (const Page *p, KtmPanel *panel, const double *x, const double *y, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = short_number (p, y[i]);
      gboolean valley = i > 0 && i + 1 < n && y[i] < y[i - 1] && y[i] < y[i + 1];

      ktm_panel_add_text (panel, KTM_ROLE_SELECTED, 0, x[i], y[i], text,
                          valley ? KTM_TEXT_BELOW : KTM_TEXT_ABOVE);
    }
}

static void
describe_measure (Page *p, gsize measure, gsize n, double first, double last, double time)
{
  const KtmFrameMeasure *m = &p->frame->measures[measure];
  g_autofree char *when = ktm_time_text (p->frame, p->options, time);
  g_autofree char *a = short_number (p, first), *b = short_number (p, last);
  g_autofree char *text =
      n == 1 ? say (p, ktm_text_new (N_("{1}: {2} at {3}."), "sss", m->label, b, when))
             : say (p, ktm_text_new (N_("{1}: {2} scores, from {3} to {4} at {5}."), "sisss",
                                     m->label, (long) n, a, b, when));

  g_string_append_printf (p->description, "%s%s", p->description->len > 0 ? " " : "", text);
}

static void
table_row (const Page *p, gsize measure, double time, double value)
{
  char **cells = g_new0 (char *, 4);

  cells[0] = g_strdup (p->frame->measures[measure].label);
  cells[1] = ktm_options_number (p->options, time, 2);
  cells[2] = short_number (p, value);
  ktm_scene_take_table_row (p->scene, cells);
}

static void
name_line (const Page *p, KtmPanel *panel, gsize measure, guint series, double value, double time,
           gboolean shared)
{
  g_autofree char *number = short_number (p, value),
                  *when = ktm_time_text (p->frame, p->options, time);
  g_autofree char *name = own_name (&p->frame->measures[measure], shared),
                  *text = g_strdup_printf ("%s %s", name, number);

  ktm_panel_add_label (panel, text, when, KTM_ROLE_SERIES, series, value);
}

static void
add_line (Page *p, KtmPanel *panel, gsize measure, gsize position, gboolean shared)
{
  const KtmFrame *frame = p->frame;
  g_autofree double *x = g_new (double, frame->n_visits + 1),
                    *y = g_new (double, frame->n_visits + 1);
  gboolean primary = measure == p->primary;
  guint series =
      primary ? 0
              : ktm_scene_add_series (p->scene, frame->measures[measure].label, (guint) position);
  gsize n = 0;
  double nominal = NAN;

  for (gsize v = 0; v < frame->n_visits; v++)
    if (!isnan (score (p, measure, v)))
      {
        nominal = frame->visit_time[v];
        x[n] = time_of (p, measure, v);
        y[n] = score (p, measure, v);
        table_row (p, measure, x[n], y[n]);
        n++;
      }
  if (n == 0)
    return;
  ktm_panel_add_mark (panel, KTM_MARK_LINE, primary ? KTM_ROLE_SELECTED : KTM_ROLE_SERIES, series,
                      n, x, y)
      ->markers = TRUE;
  if (primary)
    {
      ktm_figure_add_outlook (frame, p->row, measure, p->report, p->options, x[n - 1], p->scene,
                              panel, p->outlook);
      add_values (p, panel, x, y, n);
    }
  else
    name_line (p, panel, measure, series, y[n - 1], nominal, shared);
  describe_measure (p, measure, n, y[0], y[n - 1], nominal);
}

static void
name_panel (const Page *p, KtmPanel *panel, gsize measure, gsize n_alike)
{
  const KtmFrameMeasure *m = &p->frame->measures[measure];
  gboolean unit =
      m->unit != NULL && m->unit[0] != '\0' && g_ascii_strcasecmp (m->unit, m->label) != 0;
  g_autofree char *lo = short_number (p, panel->y.lo), *hi = short_number (p, panel->y.hi);

  panel->side = n_alike > 1 ? family (m) : g_strdup (m->label);
  if (n_alike > 1)
    panel->side_sub = say (
        p, ktm_text_new (m->lower_better ? N_("lower is better") : N_("higher is better"), ""));
  else
    panel->side_sub = g_strdup_printf ("%s%s%s–%s", unit ? m->unit : "", unit ? " " : "", lo, hi);
}

/* 30 % less pain than at baseline. */
static void
add_relief (const Page *p, KtmPanel *panel)
{
  const KtmFrameMeasure *m = &p->frame->measures[p->primary];
  double baseline = m->baseline[p->row], goal = baseline * (1 - RELIEF);

  if (isnan (baseline) || !m->lower_better || baseline <= panel->y.lo || goal < panel->y.lo)
    return;
  g_autofree char *text =
      say (p, ktm_text_new (N_("{1}% relief ({2})"), "i1", (long) lround (100 * RELIEF), goal));

  ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &goal);
  ktm_panel_add_label (panel, text, NULL, KTM_ROLE_REFERENCE, 0, goal);
}

static void
add_measure_panel (Page *p, gsize measure)
{
  const KtmFrame *frame = p->frame;
  gsize n_alike = 0, position = 0;
  KtmPanel *panel;

  for (gsize k = 0; k < frame->n_measures; k++)
    {
      gboolean same = k == measure
                      || (measure != p->primary && k != p->primary
                          && alike (&frame->measures[measure], &frame->measures[k]));

      if (same && k < measure)
        return; /* drawn with the first of its kind */
      n_alike += same && (n_scores (p, k) > 0 || k == p->primary);
    }
  if (n_alike == 0)
    return;
  panel = add_panel (p);
  value_axis (p, measure, &panel->y);
  panel->weight = measure == p->primary ? 1.6 : 1;
  name_panel (p, panel, measure, n_alike);
  mark_stop (p, panel);
  if (measure == p->primary)
    add_relief (p, panel);
  for (gsize k = measure; k < frame->n_measures; k++)
    if (k == measure
        || (measure != p->primary && k != p->primary
            && alike (&frame->measures[measure], &frame->measures[k])))
      add_line (p, panel, k, position++, n_alike > 1);
}

static char *
treatment_text (const Page *p, const KtmFrameTreatment *t)
{
  GString *out = g_string_new (t->drug != NULL ? t->drug : "");
  g_autofree char *first = out->len > 0 ? g_utf8_substring (out->str, 0, 1) : g_strdup (""),
                  *upper = g_utf8_strup (first, -1);

  g_string_erase (out, 0, (gssize) strlen (first));
  g_string_prepend (out, upper);
  if (t->route != NULL && t->route[0] != '\0')
    g_string_append_printf (out, " %s", t->route);
  if (!isnan (t->dose))
    {
      g_autofree char *dose = short_number (p, t->dose);

      g_string_append_printf (out, " %s %s", dose, t->dose_unit != NULL ? t->dose_unit : "");
    }
  if (!isnan (t->duration))
    {
      g_autofree char *duration = short_number (p, t->duration);
      g_autofree char *unit = t->duration_unit == NULL ? g_strdup ("")
        : say (p, ktm_text_new_plural ("{1} day", "{1} days", "i", lround (t->duration)));

      if (g_strcmp0 (t->duration_unit, "day") == 0 && t->duration == floor (t->duration))
        g_string_append_printf (out, " × %s", unit);
      else
        g_string_append_printf (out, " × %s %s", duration,
                                t->duration_unit != NULL ? t->duration_unit : "");
    }
  return out->str[0] != '\0' ? g_string_free (out, FALSE)
                             : (g_string_free (out, TRUE), g_strdup ("–"));
}

static void
add_lane (KtmPanel *panel, KtmRole role, double time, char *text, char *subtext)
{
  KtmMark *mark = ktm_panel_add_text (panel, role, 0, time, 0.5, text, KTM_TEXT_RIGHT);

  mark->subtext = subtext != NULL ? g_new0 (char *, 2) : NULL;
  if (subtext != NULL)
    mark->subtext[0] = subtext;
  g_free (text);
}

static KtmPanel *
add_lanes_panel (const Page *p, const char *side)
{
  KtmPanel *panel = add_panel (p);

  panel->lanes = TRUE;
  panel->side = g_strdup (ktm_lang_text (p->lang, side));
  mark_stop (p, panel);
  return panel;
}

static void
add_treatments (Page *p)
{
  KtmPanel *panel = NULL;

  for (gsize i = 0; i < p->frame->n_treatments; i++)
    {
      const KtmFrameTreatment *t = &p->frame->treatments[i];

      if (t->row != p->row || isnan (t->time))
        continue;
      if (panel == NULL)
        panel = add_lanes_panel (p, N_("Treatment"));
      add_lane (panel, KTM_ROLE_SELECTED, t->time, treatment_text (p, t),
                t->with != NULL && t->with[0] != '\0'
                    ? say (p, ktm_text_new (N_("with {1}"), "s", t->with))
                    : NULL);
    }
}

static KtmRole
severity_role (KtmSeverity severity)
{
  return severity == KTM_SEVERITY_SEVERE     ? KTM_ROLE_SEVERE
         : severity == KTM_SEVERITY_MODERATE ? KTM_ROLE_MODERATE
                                             : KTM_ROLE_MILD;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  const KtmFrameEvent *x = *(KtmFrameEvent *const *) a, *y = *(KtmFrameEvent *const *) b;

  return x->time != y->time ? (x->time > y->time) - (x->time < y->time) : (x > y) - (x < y);
}

static char *
event_text (const Page *p, const KtmFrameEvent *event)
{
  const char *term = event->term < p->frame->n_terms ? p->frame->terms[event->term] : "–";

  return event->severity == KTM_SEVERITY_UNKNOWN
             ? say (p, ktm_text_new (N_("{1} (severity not recorded)"), "s", term))
             : g_strdup (term);
}

static void
add_events (Page *p)
{
  static const char *const words[] = { N_("mild"), N_("moderate"), N_("severe") };
  g_autoptr (GPtrArray) events = g_ptr_array_new ();
  gboolean seen[3] = { FALSE, FALSE, FALSE };
  KtmPanel *panel;

  for (gsize i = 0; i < p->frame->n_events; i++)
    if (p->frame->events[i].row == p->row && !isnan (p->frame->events[i].time))
      g_ptr_array_add (events, &p->frame->events[i]);
  if (events->len == 0)
    return;
  g_ptr_array_sort (events, by_time);
  panel = add_lanes_panel (p, N_("Adverse events"));
  for (guint i = 0; i < events->len; i++)
    {
      const KtmFrameEvent *event = events->pdata[i];
      KtmRole role = severity_role (event->severity);

      seen[role - KTM_ROLE_MILD] |= event->severity != KTM_SEVERITY_UNKNOWN;
      add_lane (panel, role, event->time, event_text (p, event), NULL);
    }
  for (int k = 0; k < 3; k++)
    if (seen[k])
      ktm_scene_add_legend (p->scene, ktm_lang_text (p->lang, words[k]), KTM_ROLE_MILD + k, 0);
  g_autofree char *text = say (p, ktm_text_new_plural ("{1} adverse event.", "{1} adverse events.",
                                                       "i", (long) events->len));

  g_string_append_printf (p->description, " %s", text);
}

static void
add_stop_note (Page *p)
{
  double reason = p->frame->stop_reason[p->row];
  g_autofree char *when = NULL, *text = NULL;

  if (isnan (p->stop))
    return;
  when = ktm_time_text (p->frame, p->options, p->stop);
  text = !isnan (reason) && reason < p->frame->n_stop_reasons
             ? say (p, ktm_text_new (N_("Stopped, {1}: {2}"), "ss", when,
                                     p->frame->stop_reasons[(gsize) reason]))
             : say (p, ktm_text_new (N_("Stopped, {1}"), "s", when));
  if (p->stop >= p->lo && p->stop <= p->hi)
    ktm_scene_add_note (p->scene, text, p->stop, FALSE);
  g_string_append_printf (p->description, " %s.", text);
}

static void
add_counts (const Page *p)
{
  KtmPanel *last = p->scene->panels->pdata[p->scene->panels->len - 1];
  KtmRow *row = ktm_panel_add_row (last, ktm_lang_text (p->lang, N_("n")), KTM_ROLE_CONTEXT, 0,
                                   last->x.n_ticks, last->x.ticks);

  for (gsize i = 0; i < row->n; i++)
    {
      long visit = ktm_frame_find_visit (p->frame, row->x[i]);

      row->cells[i] =
          g_strdup (visit >= 0 && !isnan (score (p, p->primary, (gsize) visit)) ? "1" : "–");
    }
}

static void
caption (const Page *p)
{
  const char *label = p->frame->measures[p->primary].label;
  GString *out = g_string_new (NULL);
  g_autofree char *n =
      say (p, ktm_text_new (N_("n: a score of {1} at that visit; no missing score is filled in."),
                            "s", label));

  g_string_append (out, n);
  if (!isnan (p->stop) && p->stop < p->hi)
    {
      g_autofree char *hatched =
          say (p, ktm_text_new (N_("Hatched: after the patient stopped."), ""));

      g_string_append_printf (out, " %s", hatched);
    }
  g_string_append (out, p->outlook->str);
  p->scene->caption = g_string_free (out, FALSE);
}

static void
draw_page (Page *p)
{
  const char *columns[] = { ktm_lang_text (p->lang, N_("Measure")),
                            ktm_lang_text (p->lang, N_("Time")),
                            ktm_lang_text (p->lang, N_("Value")), NULL };

  p->scene->arrange = KTM_ARRANGE_STACK;
  p->scene->over_time = TRUE;
  p->scene->title = g_strdup (p->options->title);
  p->scene->show_caption = p->options->caption;
  ktm_scene_set_columns (p->scene, columns);
  if (p->scene->title == NULL && ktm_figure_codes (p->frame, p->options))
    {
      p->scene->title = g_strdup (p->frame->code[p->row]);
      p->scene->has_codes = TRUE;
    }
  set_range (p);
  add_measure_panel (p, p->primary);
  for (gsize m = 0; m < p->frame->n_measures; m++)
    if (m != p->primary)
      add_measure_panel (p, m);
  add_treatments (p);
  add_events (p);
  add_counts (p);
  ktm_add_index_note (p->frame, p->options, p->lo, p->hi, p->scene);
  add_stop_note (p);
  caption (p);
}

static gboolean
find_patient (Page *p, GError **error)
{
  const KtmFrame *frame = p->frame;
  long measure =
      p->options->measure != NULL ? ktm_frame_find_measure (frame, p->options->measure) : 0;

  p->row = p->options->picked >= 0 ? (gsize) p->options->picked : 0;
  if (frame->n_patients == 0 || p->row >= frame->n_patients)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("There is nothing to draw: no patient is selected."));
  else if (p->options->picked < 0 && frame->n_patients != 1)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("This chart shows one patient: pick one."));
  else if (frame->n_measures == 0 || frame->n_visits == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("There is nothing to draw: the cohort has no measure or no visit."));
  else if (measure < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The cohort has no measure “%s”."), p->options->measure);
  else
    {
      p->primary = (gsize) measure;
      return TRUE;
    }
  return FALSE;
}

/* The page of the patient options->picked (a frame row), or of the only one. */
KtmScene *
ktm_type_patient_build (const KtmFrame *frame, const KtmReport *report,
                        const KtmChartOptions *options, GError **error)
{
  Page page = { .frame = frame,
                .report = report,
                .options = options,
                .lang = ktm_lang_find (options->lang) };

  if (!find_patient (&page, error))
    return NULL;
  page.scene = ktm_scene_new ("patient", page.lang, options->decimal_mark);
  page.description = g_string_new (NULL);
  page.outlook = g_string_new (NULL);
  draw_page (&page);
  g_string_append (page.description, page.outlook->str);
  page.scene->description = g_string_free (page.description, FALSE);
  g_string_free (page.outlook, TRUE);
  if (ktm_scene_check (page.scene, error))
    return page.scene;
  ktm_scene_unref (page.scene);
  return NULL;
}
