/* Floor widgets/chart: group trajectories over individuals, together or as small multiples.  No
 * GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-figure.h"

#define MOST_GROUPS 12
#define MOST_PANELS 36

static void
add_individuals (const KtmFigure *f, KtmPanel *panel, int group)
{
  gsize m = f->table.n_visits, n = 0;
  g_autofree guint32 *rows = g_new (guint32, f->table.n_rows + 1);
  double *y = g_new (double, f->groups.count[group] * m + 1);
  KtmMark *mark;

  for (gsize i = 0; i < f->table.n_rows; i++)
    if (f->groups.of[f->table.row[i]] == group)
      {
        memcpy (y + n * m, f->table.value + i * m, m * sizeof *y);
        rows[n++] = (guint32) f->table.row[i];
      }
  mark = ktm_panel_add_matrix (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, (guint) group, n, m, f->time,
                               y, rows);
  mark->bridge = TRUE;
  ktm_figure_jitter_lines (f, mark, &panel->y);
}

static void
add_band (const KtmFigure *f, KtmPanel *panel, const KtmGroupSummary *s, guint series)
{
  KtmMark *band = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, s->n_visits,
                                      f->time, NULL);

  band->low = g_new (double, s->n_visits);
  band->high = g_new (double, s->n_visits);
  band->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
  for (gsize j = 0; j < s->n_visits; j++)
    {
      band->low[j] = ktm_figure_within (s->low[j], &panel->y);
      band->high[j] = ktm_figure_within (s->high[j], &panel->y);
    }
}

static void
add_summary (const KtmFigure *f, KtmPanel *panel, const KtmGroupSummary *s, KtmRole role,
             guint series)
{
  KtmMark *line =
      ktm_panel_add_mark (panel, KTM_MARK_LINE, role, series, s->n_visits, f->time, s->centre);

  line->alpha = g_memdup2 (s->alpha, s->n_visits * sizeof *s->alpha);
  line->markers = role == KTM_ROLE_SERIES;
}

static gsize
last_visit (const KtmGroupSummary *s)
{
  for (gsize j = s->n_visits; j > 0; j--)
    if (!isnan (s->centre[j - 1]))
      return j - 1;
  return 0;
}

static KtmPanel *
add_panel (const KtmFigure *f, KtmScene *scene, const KtmAxis *y)
{
  KtmPanel *panel = ktm_scene_add_panel (scene);
  double zero = 0;

  ktm_figure_time_axis (f, &panel->x);
  panel->y = *y;
  ktm_axis_take_label (&panel->y, ktm_figure_value_label (f));
  if (f->options->show != KTM_SHOW_VALUE)
    ktm_panel_add_mark (panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, NULL, &zero);
  return panel;
}

static void
name_group (const KtmFigure *f, KtmScene *scene, KtmPanel *panel, const KtmGroupSummary *s, gsize g)
{
  double y = s->centre[last_visit (s)];

  if (f->groups.attribute < 0)
    return;
  if (f->options->summary != KTM_SUMMARY_NONE && !isnan (y))
    ktm_panel_add_label (panel, f->groups.label[g], NULL, KTM_ROLE_SERIES, (guint) g,
                         ktm_figure_within (y, &panel->y));
  else
    ktm_scene_add_legend (scene, f->groups.label[g], KTM_ROLE_SERIES, (guint) g);
}

static void
build_together (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *all, const KtmAxis *y)
{
  KtmPanel *panel = add_panel (f, scene, y);
  gboolean summary = f->options->summary != KTM_SUMMARY_NONE;

  for (gsize g = 0; f->options->individuals && g < f->groups.n; g++)
    add_individuals (f, panel, (int) g);
  for (gsize g = 0; summary && f->options->band != KTM_BAND_NONE && g < f->groups.n; g++)
    add_band (f, panel, &all[g], (guint) g);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      if (summary)
        add_summary (f, panel, &all[g], KTM_ROLE_SERIES, (guint) g);
      ktm_figure_add_counts (f, panel, all[g].n, (guint) g, f->groups.attribute >= 0);
      name_group (f, scene, panel, &all[g], g);
    }
  ktm_figure_add_picked (f, panel, -1);
}

static void
build_facet (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *own,
             const KtmGroupSummary *everybody, gsize g, const KtmAxis *y)
{
  KtmPanel *panel = add_panel (f, scene, y);

  panel->title = g_strdup (f->groups.label[g]);
  panel->subtitle =
      ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) f->groups.count[g]));
  panel->title_series = (guint) g;
  panel->title_marker = TRUE;
  if (f->options->individuals)
    add_individuals (f, panel, (int) g);
  if (f->options->summary != KTM_SUMMARY_NONE)
    {
      if (f->groups.n > 1)
        add_summary (f, panel, everybody, KTM_ROLE_CONTEXT, 0);
      if (f->options->band != KTM_BAND_NONE)
        add_band (f, panel, own, (guint) g);
      add_summary (f, panel, own, KTM_ROLE_SERIES, (guint) g);
    }
  ktm_figure_add_counts (f, panel, own->n, (guint) g, FALSE);
  ktm_figure_add_picked (f, panel, (int) g);
}

static void
build_facets (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *all, const KtmAxis *y)
{
  KtmGroupSummary everybody = ktm_figure_summarise (f, -1);

  for (gsize g = 0; g < f->groups.n; g++)
    build_facet (f, scene, &all[g], &everybody, g, y);
  if (f->options->summary != KTM_SUMMARY_NONE && f->groups.n > 1)
    ktm_scene_add_legend (scene, ktm_lang_text (f->lang, N_("All patients")), KTM_ROLE_CONTEXT, 0);
  ktm_group_summary_clear (&everybody);
}

static void
caption_summary (KtmFigure *f, const char *band)
{
  gboolean median = f->options->summary == KTM_SUMMARY_MEDIAN;

  if (f->options->summary == KTM_SUMMARY_NONE)
    {
      ktm_figure_caption (f, ktm_text_new (N_("Lines: patients."), ""));
      return;
    }
  if (band != NULL)
    ktm_figure_caption (f,
                        ktm_text_new (median ? N_("Median, {1}.") : N_("Mean, {1}."), "s", band));
  else
    ktm_figure_caption (f, ktm_text_new (median ? N_("Median.") : N_("Mean."), ""));
  if (f->options->individuals)
    ktm_figure_caption (f, ktm_text_new (N_("Thin lines: patients."), ""));
}

static void
caption_faint (KtmFigure *f, const KtmGroupSummary *all)
{
  for (gsize g = 0; f->options->summary != KTM_SUMMARY_NONE && g < f->groups.n; g++)
    for (gsize j = 0; j < all[g].n_visits; j++)
      if (all[g].n[j] > 0 && all[g].n[j] < KTM_FAINT_BELOW)
        {
          ktm_figure_caption (f, ktm_text_new (N_("Faint: fewer than {1} patients."), "i",
                                               (long) KTM_FAINT_BELOW));
          return;
        }
}

static char *
describe_group (const KtmFigure *f, const KtmGroupSummary *s, gsize g, const char *first)
{
  gsize at = last_visit (s);
  g_autofree char *time = ktm_time_text (f->frame, f->options, f->time[at]);

  if (isnan (s->centre[0]) || at == 0)
    return ktm_figure_say (f,
                           ktm_text_new (N_("{1}: {2} at {3} (n = {4})."), "s1si",
                                         f->groups.label[g], s->centre[at], time, (long) s->n[at]));
  return ktm_figure_say (f, ktm_text_new (N_("{1}: {2} at {3} (n = {4}), {5} at {6} (n = {7})."),
                                          "s1si1si", f->groups.label[g], s->centre[0], first,
                                          (long) s->n[0], s->centre[at], time, (long) s->n[at]));
}

static void
describe (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *all)
{
  GString *out = g_string_new (NULL);
  g_autofree char *label = ktm_figure_value_label (f),
                  *first = ktm_time_text (f->frame, f->options, f->time[0]);
  g_autofree char *last = ktm_time_text (f->frame, f->options, f->time[f->table.n_visits - 1]);
  g_autofree char *head =
      ktm_figure_say (f, ktm_text_new_plural ("{2} at {1} visit, from {3} to {4}.",
                                              "{2} at {1} visits, from {3} to {4}.", "isss",
                                              (long) f->table.n_visits, label, first, last));

  g_string_append (out, head);
  for (gsize g = 0; f->options->summary != KTM_SUMMARY_NONE && g < f->groups.n; g++)
    {
      g_autofree char *sentence = describe_group (f, &all[g], g, first);

      g_string_append_printf (out, " %s", sentence);
    }
  scene->description = g_string_free (out, FALSE);
}

static void
fill_table (const KtmFigure *f, KtmScene *scene, const KtmGroupSummary *all)
{
  gboolean median = f->options->summary == KTM_SUMMARY_MEDIAN;
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Time")),
                            ktm_lang_text (f->lang, N_("n")),
                            ktm_lang_text (f->lang, median ? N_("Median") : N_("Mean")),
                            ktm_lang_text (f->lang, N_("Low")),
                            ktm_lang_text (f->lang, N_("High")),
                            NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize g = 0; g < f->groups.n; g++)
    for (gsize j = 0; j < f->table.n_visits; j++)
      {
        char **cells = g_new0 (char *, 7);

        cells[0] = g_strdup (f->groups.label[g]);
        cells[1] = ktm_figure_number (f, f->time[j], ktm_time_decimals (f->time[j]));
        cells[2] = g_strdup_printf ("%" G_GSIZE_FORMAT, all[g].n[j]);
        cells[3] = ktm_figure_number (f, all[g].centre[j], 2);
        cells[4] = ktm_figure_number (f, all[g].low[j], 2);
        cells[5] = ktm_figure_number (f, all[g].high[j], 2);
        ktm_scene_take_table_row (scene, cells);
      }
}

static void
extremes (const KtmGroupSummary *all, gsize n, double *low, double *high)
{
  *low = *high = NAN;
  for (gsize g = 0; g < n; g++)
    for (gsize j = 0; j < all[g].n_visits; j++)
      {
        *low = fmin (*low, fmin (all[g].low[j], all[g].centre[j]));
        *high = fmax (*high, fmax (all[g].high[j], all[g].centre[j]));
      }
}

static KtmScene *
draw_figure (KtmFigure *f, const char *id, gboolean facets)
{
  KtmScene *scene = ktm_figure_scene (f, id);
  g_autofree KtmGroupSummary *all = g_new0 (KtmGroupSummary, f->groups.n);
  KtmAxis y = { 0 };
  double low, high;

  for (gsize g = 0; g < f->groups.n; g++)
    {
      all[g] = ktm_figure_summarise (f, (int) g);
      ktm_scene_add_series (scene, f->groups.label[g], (guint) f->groups.level[g]);
    }
  extremes (all, f->groups.n, &low, &high);
  scene->band = ktm_figure_band_name (f);
  caption_summary (f, scene->band);
  ktm_figure_value_axis (f, &y, low, high);
  if (facets)
    build_facets (f, scene, all, &y);
  else
    build_together (f, scene, all, &y);
  if (!facets)
    ktm_add_index_note (f->frame, f->options, f->lo, f->hi, scene);
  ktm_figure_caption_missing (f);
  ktm_figure_caption_patients (f);
  caption_faint (f, all);
  scene->caption = g_strdup (f->caption->str);
  describe (f, scene, all);
  fill_table (f, scene, all);
  for (gsize g = 0; g < f->groups.n; g++)
    ktm_group_summary_clear (&all[g]);
  return scene;
}

static KtmScene *
build (const KtmFrame *frame, const KtmChartOptions *options, gboolean facets, GError **error)
{
  KtmFigure f;
  g_autoptr (KtmScene) scene = NULL;

  if (facets && options->colour_by == NULL)
    {
      g_set_error_literal (
          error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          _("Small multiples need an attribute to split by: choose what to colour by."));
      return NULL;
    }
  if (ktm_figure_init (&f, frame, options, error)
      && ktm_figure_check_groups (&f, facets ? MOST_PANELS : MOST_GROUPS, error))
    scene = draw_figure (&f, facets ? "small-multiples" : "trajectories", facets);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}

/* Individuals with the groups' mean or median over them, in one panel (or several where
 * options->facets). */
KtmScene *
ktm_type_trajectories_build (const KtmFrame *frame, const KtmReport *report,
                             const KtmChartOptions *options, GError **error)
{
  if (options->summary == KTM_SUMMARY_CLASS)
    return ktm_type_class_curves_build (frame, report, options, error);
  return build (frame, options, options->facets, error);
}

/* One panel a group, all patients in grey for comparison. */
KtmScene *
ktm_type_small_multiples_build (const KtmFrame *frame, const KtmReport *report,
                                const KtmChartOptions *options, GError **error)
{
  if (options->summary == KTM_SUMMARY_CLASS)
    return ktm_type_classes_build (frame, report, options, error);
  return build (frame, options, TRUE, error);
}
