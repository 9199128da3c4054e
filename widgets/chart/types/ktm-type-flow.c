/* Floor widgets/chart: patient flow from screening to analysis (STROBE).  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-flow.h"

#define MOST_COLUMNS 4
#define MOST_LINES 8   /* of reasons, one a line; more run on */

typedef struct
{
  KtmFigure *f;
  KtmScene  *scene;
  KtmPanel  *panel;
  KtmFlow   *flows;    /* one a column; one in all without groups */
  gsize      n_flows, row;
} Diagram;

/* "12 lack of effect", one a line, or run on where they are many. */
static void
add_reason (const Diagram *d, GPtrArray *lines, const char *reason, gsize n)
{
  if (n > 0)
    g_ptr_array_add (
        lines,
        ktm_figure_say (d->f, reason != NULL
                                  ? ktm_text_new (N_("{1}: {2}"), "si", reason, (long) n)
                                  : ktm_text_new (N_("reason not recorded: {1}"), "i", (long) n)));
}

/* More than @most are run together.  Takes @lines; NULL where there is none. */
static char *
join_lines (const Diagram *d, GPtrArray *lines, guint most)
{
  char *joined = lines->len > 0 ? g_strdup (lines->pdata[0]) : NULL;

  for (guint i = 1; i < lines->len; i++)
    {
      g_autofree char *before = joined;
      const char *line = lines->pdata[i];

      joined = lines->len > most
                   ? ktm_figure_say (d->f, ktm_text_new (N_("{1}; {2}"), "ss", before, line))
                   : g_strconcat (before, "\n", line, NULL);
    }
  g_ptr_array_unref (lines);
  return joined;
}

static char *
reasons_text (const Diagram *d, const size_t *reasons, guint most)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  const KtmFrame *frame = d->f->frame;

  for (gsize r = 0; r < frame->n_stop_reasons; r++)
    add_reason (d, lines, frame->stop_reasons[r], reasons[r]);
  if (frame->n_stop_reasons > 0)
    add_reason (d, lines, NULL, reasons[frame->n_stop_reasons]);
  return join_lines (d, lines, most);
}

static KtmBox *
put (Diagram *d, int column, gboolean aside, KtmText *text, char *detail)
{
  g_autofree char *said = ktm_figure_say (d->f, text), *kept = detail;
  KtmBox *box = ktm_panel_add_box (d->panel, d->row, column, aside, said, kept);

  if (column >= 0)
    {
      box->role = KTM_ROLE_SERIES;
      box->series = (guint) column;
    }
  return box;
}

static void
add_screening (Diagram *d)
{
  const KtmFrame *frame = d->f->frame;
  gsize out = ktm_flow_n_excluded (frame);
  GPtrArray *lines;

  if (out == 0)
    return;
  put (d, -1, FALSE, ktm_text_new (N_("Screened: n = {1}"), "i", (long) frame->n_screened), NULL);
  d->row++;
  lines = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < frame->n_exclusions; i++)
    add_reason (d, lines, frame->exclusion_reasons[i], frame->exclusion_counts[i]);
  add_reason (d, lines, NULL, ktm_flow_no_reason (frame));
  put (d, -1, TRUE, ktm_text_new (N_("Not included: n = {1}"), "i", (long) out),
       join_lines (d, lines, MOST_LINES));
  d->row++;
}

static void
add_inclusion (Diagram *d)
{
  const KtmFrame *frame = d->f->frame;
  gsize shown = 0, others = MAX (frame->n_in_cohort, frame->n_patients) - frame->n_patients,
              unknown;

  for (gsize k = 0; k < d->n_flows; k++)
    shown += d->flows[k].n;
  put (d, -1, FALSE, ktm_text_new (N_("Included: n = {1}"), "i", (long) frame->n_in_cohort), NULL);
  d->row++;
  if (others > 0)
    {
      put (d, -1, TRUE, ktm_text_new (N_("Not in this subgroup: n = {1}"), "i", (long) others),
           NULL);
      d->row++;
      put (d, -1, FALSE,
           ktm_text_new (N_("In this subgroup: n = {1}"), "i", (long) frame->n_patients), NULL);
      d->row++;
    }
  unknown = frame->n_patients - shown;
  if (unknown == 0)
    return;
  put (d, -1, TRUE, ktm_text_new (N_("In none of these groups: n = {1}"), "i", (long) unknown),
       NULL);
  d->row++;
}

static char *
followed_detail (const Diagram *d, gsize missed, gsize gone)
{
  return missed > 0 && gone > 0
             ? ktm_figure_say (d->f, ktm_text_new (N_("missed the visit: {1}; stopped by then: "
                                                       "{2}"),
                                                   "ii", (long) missed, (long) gone))
         : missed > 0 ? ktm_figure_say (d->f, ktm_text_new (N_("missed the visit: {1}"), "i",
                                                            (long) missed))
         : gone > 0   ? ktm_figure_say (d->f, ktm_text_new (N_("stopped by then: {1}"), "i",
                                                            (long) gone))
                      : NULL;
}

/* The groups themselves, and who of them has the first score. */
static void
add_starts (Diagram *d)
{
  for (gsize k = 0; k < d->n_flows; k++)
    {
      const KtmFlow *flow = &d->flows[k];
      gboolean grouped = d->f->groups.attribute >= 0;
      g_autofree char *measure = g_strdup (d->f->measure->label);
      char *detail = ktm_figure_say (d->f, ktm_text_new (N_("with {1} at the start: {2}"), "si",
                                                         measure, (long) flow->n_baseline));

      if (grouped)
        put (d, (int) k, FALSE,
             ktm_text_new (N_("{1}: n = {2}"), "si", d->f->groups.label[k], (long) flow->n),
             detail);
      else
        {
          KtmBox *last = d->panel->boxes->pdata[d->panel->boxes->len - 1];

          g_free (last->detail);
          last->detail = detail;
        }
    }
  d->row += d->f->groups.attribute >= 0;
}

/* Who left before a visit, beside the flow. */
static void
add_stops (Diagram *d, gsize visit, const char *when)
{
  const KtmFlowVisit *v = &d->flows[0].visits[visit];

  if (v->stopped == 0 || d->f->groups.attribute >= 0)
    return;
  put (d, -1, TRUE, ktm_text_new (N_("Stopped by {1}: n = {2}"), "si", when, (long) v->stopped),
       reasons_text (d, v->reasons, 1));
  d->row++;
}

/* In columns there is no room beside each visit: the reasons of all visits stand before the end. */
static void
add_all_stops (Diagram *d)
{
  gboolean any = FALSE;

  for (gsize k = 0; d->f->groups.attribute >= 0 && k < d->n_flows; k++)
    {
      const KtmFlow *flow = &d->flows[k];

      if (flow->n_stopped == 0)
        continue;
      put (d, (int) k, TRUE,
           ktm_text_new (N_("Stopped: n = {1}"), "i", (long) flow->n_stopped),
           reasons_text (d, flow->all_reasons, MOST_LINES));
      any = TRUE;
    }
  d->row += any;
}

static void
add_visit (Diagram *d, gsize visit)
{
  const KtmFrame *frame = d->f->frame;
  double time = frame->visit_time[d->flows[0].visits[visit].visit];
  g_autofree char *when = ktm_time_text (frame, d->f->options, time);

  add_stops (d, visit, when);
  for (gsize k = 0; k < d->n_flows; k++)
    {
      const KtmFlowVisit *v = &d->flows[k].visits[visit];

      put (d, d->f->groups.attribute >= 0 ? (int) k : -1, FALSE,
           ktm_text_new (N_("Seen at {1}: n = {2}"), "si", when, (long) v->seen),
           followed_detail (d, v->missed, v->gone));
      ktm_scene_table (d->scene, 6,
                       g_strdup (d->f->groups.attribute >= 0 ? d->f->groups.label[k] : ""),
                       g_strdup (when), g_strdup_printf ("%zu", v->seen),
                       g_strdup_printf ("%zu", v->missed), g_strdup_printf ("%zu", v->gone),
                       g_strdup_printf ("%zu", v->stopped));
    }
  d->row++;
}

static void
add_ends (Diagram *d)
{
  const KtmFrame *frame = d->f->frame;

  for (gsize k = 0; k < d->n_flows; k++)
    {
      const KtmFlow *flow = &d->flows[k];
      const KtmFlowVisit *last = &flow->visits[flow->n_visits - 1];
      g_autofree char *when =
          ktm_time_text (frame, d->f->options, frame->visit_time[last->visit]);
      char *detail = ktm_figure_say (
          d->f, ktm_text_new (N_("with {1} at the start and at {2}; at any later visit: {3}"),
                              "ssi", d->f->measure->label, when, (long) flow->n_followed));

      put (d, d->f->groups.attribute >= 0 ? (int) k : -1, FALSE,
           ktm_text_new (N_("Analysed: n = {1}"), "i", (long) flow->n_analysed), detail);
    }
  d->row++;
}

static void
add_words (Diagram *d)
{
  KtmFigure *f = d->f;
  gsize late = 0;

  for (gsize k = 0; k < d->n_flows; k++)
    late += d->flows[k].other_stopped;
  ktm_figure_caption (f, ktm_text_new (N_("Seen: a score of any measure at the visit."), ""));
  if (ktm_flow_n_excluded (f->frame) == 0)
    ktm_figure_caption (f, ktm_text_new (N_("The file names no patient who was screened and not "
                                             "included."),
                                         ""));
  if (late > 0)
    ktm_figure_caption (
        f, ktm_text_new_plural ("{1} patient stopped after the last visit shown, or at a time "
                                "that is not recorded.",
                                "{1} patients stopped after the last visit shown, or at times "
                                "that are not recorded.",
                                "i", (long) late));
  d->scene->caption = g_strdup (f->caption->str);
}

/* A box as it is read aloud: its text and every line under it in one. */
static char *
box_in_words (const Diagram *d, const KtmBox *box)
{
  g_auto (GStrv) lines = g_strsplit (box->detail != NULL ? box->detail : "", "\n", -1);
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (all, g_strdup (box->text));
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_ptr_array_add (all, g_strdup (*line));
  return join_lines (d, all, 0);
}

static void
describe (Diagram *d)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < d->panel->boxes->len; i++)
    {
      g_autofree char *box = box_in_words (d, d->panel->boxes->pdata[i]);

      g_string_append_printf (out, "%s%s.", i > 0 ? " " : "", box);
    }
  d->scene->description = g_string_free (out, FALSE);
}

static void
set_columns (const Diagram *d)
{
  const KtmLang *lang = d->f->lang;
  const char *columns[] = { ktm_lang_text (lang, N_("Group")),
                            ktm_lang_text (lang, N_("Visit")),
                            ktm_lang_text (lang, N_("Seen")),
                            ktm_lang_text (lang, N_("Missed the visit")),
                            ktm_lang_text (lang, N_("Stopped by then")),
                            ktm_lang_text (lang, N_("Stopped")),
                            NULL };

  ktm_scene_set_columns (d->scene, columns);
}

static KtmScene *
draw_diagram (KtmFigure *f, KtmFlow *flows, gsize n_flows)
{
  Diagram d = { .f = f, .scene = ktm_figure_scene (f, "flow"), .flows = flows, .n_flows = n_flows };

  d.scene->over_time = FALSE;
  set_columns (&d);
  d.panel = ktm_scene_add_panel (d.scene);
  d.panel->x = (KtmAxis){ .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 1, .hidden = TRUE };
  d.panel->y = (KtmAxis){ .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = 1, .hidden = TRUE };
  for (gsize g = 0; f->groups.attribute >= 0 && g < f->groups.n; g++)
    ktm_scene_add_series (d.scene, f->groups.label[g], (guint) f->groups.level[g]);
  add_screening (&d);
  add_inclusion (&d);
  add_starts (&d);
  for (gsize v = 0; v < flows[0].n_visits; v++)
    add_visit (&d, v);
  add_all_stops (&d);
  if (flows[0].n_visits > 0)
    add_ends (&d);
  add_words (&d);
  describe (&d);
  return d.scene;
}

static KtmFlow *
count (const KtmFigure *f, gsize *n, GError **error)
{
  gsize measure = (gsize) (f->measure - f->frame->measures);
  g_autofree long *group_of = g_new (long, f->frame->n_patients + 1);
  KtmFlow *flows;
  KtmStatsStatus status = KTM_STATS_OK;

  *n = f->groups.attribute >= 0 ? f->groups.n : 1;
  flows = g_new0 (KtmFlow, *n);
  for (gsize i = 0; i < f->frame->n_patients; i++)
    group_of[i] = f->groups.of[i];
  for (gsize k = 0; k < *n && status == KTM_STATS_OK; k++)
    status = ktm_flow (f->frame, measure, f->groups.attribute >= 0 ? group_of : NULL, (long) k,
                       f->options->from, f->options->to, &flows[k]);
  if (status == KTM_STATS_OK)
    return flows;
  for (gsize k = 0; k < *n; k++)
    ktm_flow_clear (&flows[k]);
  g_free (flows);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _(ktm_stats_status_text (status)));
  return NULL;
}

/* Treatment arms part the flow without being asked; other attributes when asked. */
static gboolean
has_arms (const KtmFrame *frame)
{
  long a = ktm_frame_find_attribute (frame, "arm");
  double first = NAN;

  for (gsize i = 0; a >= 0 && frame->attributes[a].n_levels > 1 && i < frame->n_patients; i++)
    {
      double v = frame->attributes[a].value[i];

      if (!isnan (v) && !isnan (first) && v != first)
        return TRUE;
      first = isnan (v) ? first : v;
    }
  return FALSE;
}

/* Screened, not included, included, seen at each visit, stopped and why, analysed; a column for
 * each group. */
KtmScene *
ktm_type_flow_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                     const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  g_autoptr (KtmScene) scene = NULL;
  char arm[] = "arm";
  KtmFlow *flows;
  KtmFigure f;
  gsize n;

  own.show = KTM_SHOW_VALUE;
  own.missing = KTM_MISSING_AVAILABLE;
  own.from = own.to = NAN;
  if (own.colour_by == NULL && has_arms (frame))
    own.colour_by = arm;
  if (ktm_figure_init (&f, frame, &own, error) && ktm_figure_check_groups (&f, MOST_COLUMNS, error))
    {
      own.from = options->from;
      own.to = options->to;
      flows = count (&f, &n, error);
      if (flows != NULL)
        scene = draw_diagram (&f, flows, n);
      for (gsize k = 0; flows != NULL && k < n; k++)
        ktm_flow_clear (&flows[k]);
      g_free (flows);
    }
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
