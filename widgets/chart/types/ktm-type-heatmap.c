/* Floor widgets/chart: patient × visit, missing visits visible.  No GTK. */
#include "ktm-type.h"

#include <stdlib.h>
#include <string.h>

#include "ktm-figure.h"
#include "ktm-scale.h"

#define MOST_PANELS 36

typedef struct
{
  gsize  i;         /* row of the table */
  double baseline;
  double latest;
} Place;

static int
by_baseline (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (isnan (p->baseline) != isnan (q->baseline))
    return isnan (p->baseline) - isnan (q->baseline);
  if (!isnan (p->baseline) && p->baseline != q->baseline)
    return p->baseline < q->baseline ? 1 : -1;
  if (isnan (p->latest) != isnan (q->latest))
    return isnan (p->latest) - isnan (q->latest);
  if (!isnan (p->latest) && p->latest != q->latest)
    return p->latest < q->latest ? 1 : -1;
  return (p->i > q->i) - (p->i < q->i);
}

static double
latest_score (const KtmFigure *f, gsize i)
{
  for (gsize j = f->table.n_visits; j > 0; j--)
    if (!isnan (f->table.value[i * f->table.n_visits + j - 1]))
      return f->table.value[i * f->table.n_visits + j - 1];
  return NAN;
}

static Place *
sort_group (const KtmFigure *f, int group)
{
  Place *order = g_new (Place, f->groups.count[group] + 1);
  gsize n = 0;

  for (gsize i = 0; i < f->table.n_rows; i++)
    if (f->groups.of[f->table.row[i]] == group)
      order[n++] = (Place) { i, f->table.baseline[i], latest_score (f, i) };
  qsort (order, n, sizeof *order, by_baseline);
  return order;
}

static void
visit_axis (const KtmFigure *f, KtmAxis *axis)
{
  gsize m = f->table.n_visits;
  g_autofree double *ticks = g_new (double, m);
  g_auto (GStrv) labels = g_new0 (char *, m + 1);
  KtmAxis time = { 0 };

  for (gsize j = 0; j < m; j++)
    {
      ticks[j] = (double) j;
      labels[j] = ktm_figure_number (f, f->time[j], ktm_time_decimals (f->time[j]));
    }
  ktm_figure_time_axis (f, &time);
  axis->kind = KTM_AXIS_BAND;
  axis->lo = -0.5;
  axis->hi = (double) m - 0.5;
  ktm_axis_set_ticks (axis, m, ticks, (const char *const *) labels);
  ktm_axis_take_label (axis, g_steal_pointer (&time.label));
  g_free (time.ticks);
  g_strfreev (time.tick_labels);
}

static void
code_axis (const KtmFigure *f, KtmScene *scene, const guint32 *rows, gsize n, KtmAxis *axis)
{
  axis->kind = KTM_AXIS_BAND;
  axis->lo = -0.5;
  axis->hi = (double) n - 0.5;
  axis->hidden = !ktm_figure_codes (f->frame, f->options);
  if (axis->hidden)
    return;
  g_autofree double *ticks = g_new (double, n + 1);
  g_autofree const char **codes = g_new0 (const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      ticks[i] = (double) i;
      codes[i] = f->frame->code[rows[i]];
    }
  ktm_axis_set_ticks (axis, n, ticks, codes);
  scene->has_codes = TRUE;
}

static void
add_group (const KtmFigure *f, KtmScene *scene, int group)
{
  KtmPanel *panel = ktm_scene_add_panel (scene);
  gsize n = f->groups.count[group], m = f->table.n_visits;
  g_autofree Place *order = sort_group (f, group);
  g_autofree guint32 *rows = g_new (guint32, n + 1);
  g_autofree double *x = g_new (double, m);
  double *values = g_new (double, n * m + 1);

  for (gsize i = 0; i < n; i++)
    {
      rows[i] = (guint32) f->table.row[order[i].i];
      memcpy (values + i * m, f->table.value + order[i].i * m, m * sizeof *values);
    }
  for (gsize j = 0; j < m; j++)
    x[j] = (double) j;
  panel->weight = (double) MAX (n, 1);
  visit_axis (f, &panel->x);
  code_axis (f, scene, rows, n, &panel->y);
  if (f->groups.attribute >= 0)
    {
      panel->side = g_strdup (f->groups.label[group]);
      panel->side_sub = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i", (long) n));
    }
  ktm_panel_add_matrix (panel, KTM_MARK_TILE, KTM_ROLE_SERIES, (guint) group, n, m, x, values,
                        rows);
}

static void
add_counts (const KtmFigure *f, KtmScene *scene)
{
  KtmPanel *last = scene->panels->pdata[scene->panels->len - 1];

  for (gsize g = 0; g < f->groups.n; g++)
    {
      KtmGroupSummary s = ktm_figure_summarise (f, (int) g);
      KtmRow *row;

      ktm_figure_add_counts (f, last, s.n, (guint) g, f->groups.attribute >= 0);
      row = last->rows->pdata[last->rows->len - 1];
      for (gsize j = 0; j < row->n; j++)
        row->x[j] = (double) j;
      ktm_group_summary_clear (&s);
    }
}

static void
set_ramp (KtmFigure *f, KtmScene *scene)
{
  KtmAxis axis = { 0 };

  ktm_figure_value_axis (f, &axis, NAN, NAN);
  scene->ramp.used = TRUE;
  scene->ramp.diverging = f->options->show != KTM_SHOW_VALUE;
  scene->ramp.lo = scene->ramp.diverging ? -MAX (fabs (axis.lo), axis.hi) : axis.lo;
  scene->ramp.hi = scene->ramp.diverging ? MAX (fabs (axis.lo), axis.hi) : axis.hi;
  scene->ramp.label = ktm_figure_value_label (f);
  scene->ramp.missing = g_strdup (ktm_lang_text (f->lang, N_("No score")));
  ktm_scene_add_legend (scene, scene->ramp.missing, KTM_ROLE_ABSENT, 0);
}

static void
describe (const KtmFigure *f, KtmScene *scene)
{
  gsize missing = 0, cells = f->table.n_rows * f->table.n_visits;
  g_autofree char *first = ktm_time_text (f->frame, f->options, f->time[0]);
  g_autofree char *last = ktm_time_text (f->frame, f->options, f->time[f->table.n_visits - 1]);

  for (gsize i = 0; i < cells; i++)
    missing += isnan (f->table.value[i]);
  scene->description = ktm_figure_say (
      f,
      ktm_text_new (
          N_("{1} of {2} patients at {3} visits, from {4} to {5}; {6} of {7} scores are missing."),
          "siissii", scene->ramp.label, (long) f->table.n_rows, (long) f->table.n_visits, first,
          last, (long) missing, (long) cells));
}

static void
fill_table (const KtmFigure *f, KtmScene *scene)
{
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Time")), ktm_lang_text (f->lang, N_("n")),
                            ktm_lang_text (f->lang, N_("Missing")), NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize g = 0; g < f->groups.n; g++)
    {
      KtmGroupSummary s = ktm_figure_summarise (f, (int) g);

      for (gsize j = 0; j < f->table.n_visits; j++)
        {
          char **cells = g_new0 (char *, 5);

          cells[0] = g_strdup (f->groups.label[g]);
          cells[1] = ktm_figure_number (f, f->time[j], ktm_time_decimals (f->time[j]));
          cells[2] = g_strdup_printf ("%" G_GSIZE_FORMAT, s.n[j]);
          cells[3] = g_strdup_printf ("%" G_GSIZE_FORMAT, f->groups.count[g] - s.n[j]);
          ktm_scene_take_table_row (scene, cells);
        }
      ktm_group_summary_clear (&s);
    }
}

/* A line a patient, a column a visit; sorted by baseline within each group. */
KtmScene *
ktm_type_heatmap_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                        const KtmChartOptions *options, GError **error)
{
  KtmFigure f;
  g_autoptr (KtmScene) scene = NULL;

  if (ktm_figure_init (&f, frame, options, error)
      && ktm_figure_check_groups (&f, MOST_PANELS, error))
    {
      scene = ktm_figure_scene (&f, "heatmap");
      scene->arrange = KTM_ARRANGE_STACK;
      ktm_figure_caption (&f,
                          ktm_text_new (N_("One line a patient, highest baseline on top."), ""));
      set_ramp (&f, scene);
      for (gsize g = 0; g < f.groups.n; g++)
        {
          ktm_scene_add_series (scene, f.groups.label[g], (guint) f.groups.level[g]);
          add_group (&f, scene, (int) g);
        }
      add_counts (&f, scene);
      ktm_figure_caption_missing (&f);
      ktm_figure_caption_patients (&f);
      scene->caption = g_strdup (f.caption->str);
      describe (&f, scene);
      fill_table (&f, scene);
    }
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
