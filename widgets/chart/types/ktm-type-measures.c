/* Floor widgets/chart: the mean course of every measure, a panel each on its own scale.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-figure.h"
#include "ktm-figure-final.h"

#define MOST_GROUPS 12
#define MOST_PANELS 12

typedef struct
{
  KtmScene *scene;
  double    lo, hi;     /* of the time axis all panels share */
  GString  *description;
  gsize     n_panels, n_left_out;
  gboolean  series;     /* the groups are named already */
} Multiples;

static void
add_line (const KtmFigure *f, KtmPanel *panel, const KtmGroupSummary *s, guint series)
{
  KtmMark *mark = NULL;

  if (f->options->band != KTM_BAND_NONE)
    {
      mark = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, s->n_visits,
                                 f->time, NULL);
      mark->low = g_new (double, s->n_visits);
      mark->high = g_new (double, s->n_visits);
      mark->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
      for (gsize j = 0; j < s->n_visits; j++)
        {
          mark->low[j] = ktm_figure_within (s->low[j], &panel->y);
          mark->high[j] = ktm_figure_within (s->high[j], &panel->y);
        }
    }
  mark = ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, s->n_visits, f->time,
                             s->centre);
  mark->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
  mark->markers = TRUE;
}

static void
fill_table (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *s, gsize g)
{
  for (gsize j = 0; j < s->n_visits; j++)
    ktm_scene_table (scene, 7, g_strdup (f->measure->label), g_strdup (f->groups.label[g]),
                     ktm_figure_number (f, f->time[j], ktm_time_decimals (f->time[j])),
                     g_strdup_printf ("%" G_GSIZE_FORMAT, s->n[j]),
                     ktm_figure_number (f, s->centre[j], 2), ktm_figure_number (f, s->low[j], 2),
                     ktm_figure_number (f, s->high[j], 2));
}

static void
describe (const KtmFigure *f, Multiples *m, const KtmGroupSummary *s, gsize g)
{
  gsize last = s->n_visits - 1;
  g_autofree char *first_time = ktm_time_text (f->frame, f->options, f->time[0]),
                  *last_time = ktm_time_text (f->frame, f->options, f->time[last]);
  g_autofree char *text = ktm_figure_say (
      f, ktm_text_new (N_("{1}, {2}: {3} at {4} (n = {5}), {6} at {7} (n = {8})."), "ss1si1si",
                       f->measure->label, f->groups.label[g], s->centre[0], first_time,
                       (long) s->n[0], s->centre[last], last_time, (long) s->n[last]));

  g_string_append_printf (m->description, "%s%s", m->description->len > 0 ? " " : "", text);
}

static void
name_series (const KtmFigure *f, Multiples *m)
{
  for (gsize g = 0; !m->series && g < f->groups.n; g++)
    {
      ktm_scene_add_series (m->scene, f->groups.label[g], (guint) f->groups.level[g]);
      if (f->groups.attribute >= 0)
        ktm_scene_add_legend (m->scene, f->groups.label[g], KTM_ROLE_SERIES, (guint) g);
    }
  m->series = TRUE;
}

static void
set_axes (KtmFigure *f, Multiples *m, KtmPanel *panel, const KtmGroupSummary *all)
{
  double low = NAN, high = NAN;

  for (gsize g = 0; g < f->groups.n; g++)
    for (gsize j = 0; j < all[g].n_visits; j++)
      {
        low = fmin (low, fmin (all[g].low[j], all[g].centre[j]));
        high = fmax (high, fmax (all[g].high[j], all[g].centre[j]));
      }
  ktm_figure_time_axis (f, &panel->x);
  panel->x.lo = m->lo;
  panel->x.hi = m->hi;
  ktm_figure_value_axis (f, &panel->y, low, high);
}

static void
add_panel (KtmFigure *f, Multiples *m)
{
  KtmPanel *panel = ktm_scene_add_panel (m->scene);
  g_autofree KtmGroupSummary *all = g_new0 (KtmGroupSummary, f->groups.n);
  double zero = 0;

  name_series (f, m);
  for (gsize g = 0; g < f->groups.n; g++)
    all[g] = ktm_figure_summarise (f, (int) g);
  panel->title = g_strdup (f->measure->label);
  panel->title_role = KTM_ROLE_CONTEXT;
  panel->subtitle = ktm_figure_say (f, ktm_text_new (f->measure->lower_better
                                                         ? N_("lower is better")
                                                         : N_("higher is better"),
                                                     ""));
  set_axes (f, m, panel, all);
  if (f->options->show != KTM_SHOW_VALUE)
    ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &zero);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      add_line (f, panel, &all[g], (guint) g);
      ktm_figure_add_counts (f, panel, all[g].n, (guint) g, f->groups.attribute >= 0);
      fill_table (f, m->scene, &all[g], g);
      describe (f, m, &all[g], g);
      ktm_group_summary_clear (&all[g]);
    }
  m->n_panels++;
}

/* The caption is that of the first measure drawn: it is the same for all. */
static void
finish (KtmFigure *f, Multiples *m)
{
  m->scene->band = ktm_figure_band_name (f);
  if (f->options->summary == KTM_SUMMARY_MEDIAN)
    ktm_figure_caption (f, m->scene->band != NULL
                               ? ktm_text_new (N_("Median, {1}."), "s", m->scene->band)
                               : ktm_text_new (N_("Median."), ""));
  else
    ktm_figure_caption (f, m->scene->band != NULL
                               ? ktm_text_new (N_("Mean, {1}."), "s", m->scene->band)
                               : ktm_text_new (N_("Mean."), ""));
  ktm_figure_caption (f, ktm_text_new (N_("Each measure on its own scale."), ""));
  ktm_figure_caption_missing (f);
  if (m->n_left_out > 0)
    ktm_figure_caption (
        f, ktm_text_new_plural ("{1} measure has no score that can be shown.",
                                "{1} measures have no score that can be shown.", "i",
                                (long) m->n_left_out));
  m->scene->caption = g_strdup (f->caption->str);
}

static void
set_columns (const KtmFigure *f, KtmScene *scene)
{
  const char *columns[] = { ktm_lang_text (f->lang, N_("Measure")),
                            ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Time")),
                            ktm_lang_text (f->lang, N_("n")),
                            ktm_lang_text (f->lang, f->options->summary == KTM_SUMMARY_MEDIAN
                                                        ? N_("Median")
                                                        : N_("Mean")),
                            ktm_lang_text (f->lang, N_("Low")),
                            ktm_lang_text (f->lang, N_("High")),
                            NULL };

  ktm_scene_set_columns (scene, columns);
}

/* The time all measures span, so that their panels can be read side by side. */
static void
span (const KtmFrame *frame, const KtmChartOptions *options, Multiples *m)
{
  m->lo = m->hi = NAN;
  for (gsize v = 0; v < frame->n_visits; v++)
    if (!(frame->visit_time[v] < options->from - 1e-6)
        && !(frame->visit_time[v] > options->to + 1e-6))
      {
        m->lo = fmin (m->lo, frame->visit_time[v]);
        m->hi = fmax (m->hi, frame->visit_time[v]);
      }
  if (m->hi - m->lo < 1e-9)
    {
      m->lo -= 0.5;
      m->hi += 0.5;
    }
}

/* A panel for one measure; FALSE with an error where the request itself is wrong. */
static gboolean
try_measure (const KtmFrame *frame, const KtmChartOptions *options, gsize i, Multiples *m,
             KtmFigure *f, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (!ktm_figure_init (f, frame, options, &why))
    {
      m->n_left_out++;
      if (m->n_panels == 0 && i + 1 == frame->n_measures)
        g_propagate_error (error, g_steal_pointer (&why));
      return m->n_panels > 0 || i + 1 < frame->n_measures;
    }
  if (!ktm_figure_check_groups (f, MOST_GROUPS, error))
    return FALSE;
  if (m->scene == NULL)
    {
      m->scene = ktm_figure_scene (f, "measures");
      m->scene->own_axes = TRUE;
      m->scene->aspect = 1.9;
      set_columns (f, m->scene);
    }
  if (m->n_panels < MOST_PANELS)
    add_panel (f, m);
  return TRUE;
}

/* Small multiples of every measure's mean course. */
KtmScene *
ktm_type_measures_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                         const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  Multiples m = { .description = g_string_new (NULL) };
  g_autoptr (KtmScene) scene = NULL;
  KtmFigure first = { 0 };
  gboolean ok = TRUE, kept = FALSE;

  if (own.summary == KTM_SUMMARY_NONE || own.summary == KTM_SUMMARY_CLASS)
    own.summary = KTM_SUMMARY_MEAN;
  own.individuals = FALSE;
  span (frame, options, &m);
  if (frame->n_measures == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("There is nothing to draw: the cohort has no measure."));
      ok = FALSE;
    }
  for (gsize i = 0; ok && i < frame->n_measures; i++)
    {
      KtmFigure f = { 0 };

      own.measure = frame->measures[i].id;
      ok = try_measure (frame, &own, i, &m, &f, error);
      if (ok && !kept && m.n_panels == 1)
        {
          first = f;
          kept = TRUE;
        }
      else
        ktm_figure_clear (&f);
    }
  if (ok && kept)
    {
      finish (&first, &m);
      m.scene->description = g_strdup (m.description->str);
    }
  if (kept)
    ktm_figure_clear (&first);
  g_string_free (m.description, TRUE);
  scene = m.scene;
  return ok && scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
