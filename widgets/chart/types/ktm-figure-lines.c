/* Floor widgets/chart: patients' lines, as several chart types draw them.  No GTK. */
#include "ktm-figure.h"

static gboolean
all_whole (const KtmFigure *f)
{
  for (gsize i = 0; f->options->show != KTM_SHOW_PERCENT && i < f->table.n_rows * f->table.n_visits;
       i++)
    if (!isnan (f->table.value[i]) && f->table.value[i] != floor (f->table.value[i]))
      return FALSE;
  return TRUE;
}

/* By at most 0.15 points (1.5 % of the axis). */
void
ktm_figure_jitter_lines (const KtmFigure *f, KtmMark *mark, const KtmAxis *axis)
{
  double most = (axis->hi - axis->lo) * 0.015;

  if (!all_whole (f))
    return;
  if (f->options->show != KTM_SHOW_PERCENT)
    most = MIN (most, 0.15);
  mark->jitter = g_new (double, mark->n_rows + 1);
  for (gsize i = 0; i < mark->n_rows; i++)
    mark->jitter[i] = most * ktm_figure_jitter (f->options->seed, f->frame->subject[mark->rows[i]]);
}

/* See the header. */
double
ktm_figure_within (double value, const KtmAxis *axis)
{
  return isnan (value) ? value : CLAMP (value, axis->lo, axis->hi);
}

/* Dark, with a marker at every score. */
void
ktm_figure_add_picked (const KtmFigure *f, KtmPanel *panel, int group)
{
  gsize m = f->table.n_visits;

  for (gsize i = 0; i < f->table.n_rows; i++)
    if ((long) f->table.row[i] == f->options->picked
        && (group < 0 || f->groups.of[f->table.row[i]] == group))
      {
        gsize n = 0;
        g_autofree double *x = g_new (double, m), *y = g_new (double, m);

        for (gsize j = 0; j < m; j++)
          if (!isnan (f->table.value[i * m + j]))
            {
              x[n] = f->time[j];
              y[n++] = ktm_figure_within (f->table.value[i * m + j], &panel->y);
            }
        ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SELECTED, 0, n, x, y)->markers = TRUE;
      }
}
