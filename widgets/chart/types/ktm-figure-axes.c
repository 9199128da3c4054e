/* Floor widgets/chart: the axes of figures.  No GTK. */
#include "ktm-figure.h"

#include <stdlib.h>

#include "ktm-scale.h"

/* A time axis from lo to hi with ticks at the times given. */
void
ktm_time_axis_init (const KtmFrame *frame, const KtmChartOptions *options, double lo, double hi,
                    gsize n, const double *ticks, KtmAxis *axis)
{
  g_auto (GStrv) labels = g_new0 (char *, n + 1);
  const char *event = frame->index_event != NULL && frame->index_event[0] != '\0'
                          ? frame->index_event
                          : N_("ketamine");

  for (gsize i = 0; i < n; i++)
    labels[i] = ktm_options_number (options, ticks[i], ktm_time_decimals (ticks[i]));
  axis->kind = KTM_AXIS_TIME;
  axis->lo = lo;
  axis->hi = hi;
  ktm_axis_set_ticks (axis, n, ticks, (const char *const *) labels);
  ktm_axis_take_label (
      axis, ktm_figure_say_options (
                options, ktm_text_new (ktm_time_unit_after (frame->time_unit), "w", event)));
}

/* The figure's own time axis. */
void
ktm_figure_time_axis (const KtmFigure *f, KtmAxis *axis)
{
  ktm_time_axis_init (f->frame, f->options, f->lo, f->hi, f->table.n_visits, f->time, axis);
}

static char *
range_text (const KtmFigure *f)
{
  const KtmFrameMeasure *m = f->measure;

  if (isnan (m->min) || isnan (m->max))
    return NULL;
  g_autofree char *lo = ktm_figure_number (f, m->min, ktm_time_decimals (m->min));
  g_autofree char *hi = ktm_figure_number (f, m->max, ktm_time_decimals (m->max));

  return g_strconcat (lo, "–", hi, NULL);
}

/* The y axis' title, with unit. */
char *
ktm_figure_value_label (const KtmFigure *f)
{
  const KtmFrameMeasure *m = f->measure;
  gboolean unit =
      m->unit != NULL && m->unit[0] != '\0' && g_ascii_strcasecmp (m->unit, m->label) != 0;
  g_autofree char *range = range_text (f);

  if (f->options->show == KTM_SHOW_PERCENT)
    return ktm_figure_say (f, ktm_text_new (N_("{1}, change from baseline (%)"), "s", m->label));
  if (f->options->show == KTM_SHOW_CHANGE)
    return unit ? ktm_figure_say (
               f, ktm_text_new (N_("{1}, change from baseline ({2})"), "ss", m->label, m->unit))
                : ktm_figure_say (
                    f, ktm_text_new (N_("{1}, change from baseline (points)"), "s", m->label));
  if (unit && range != NULL)
    return g_strdup_printf ("%s (%s, %s)", m->label, m->unit, range);
  if (unit || range != NULL)
    return g_strdup_printf ("%s (%s)", m->label, unit ? m->unit : range);
  return g_strdup (m->label);
}

static int
compare_double (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile_of_table (const KtmFigure *f, double q)
{
  gsize cells = f->table.n_rows * f->table.n_visits, n = 0;
  g_autofree double *sorted = g_new (double, cells + 1);

  for (gsize i = 0; i < cells; i++)
    if (!isnan (f->table.value[i]))
      sorted[n++] = f->table.value[i];
  qsort (sorted, n, sizeof *sorted, compare_double);
  return n == 0 ? NAN : sorted[(gsize) floor (q * (double) (n - 1))];
}

static void
caption_outside (KtmFigure *f, const KtmAxis *axis)
{
  gsize above = 0, below = 0;

  for (gsize i = 0; f->options->individuals && i < f->table.n_rows * f->table.n_visits; i++)
    {
      above += f->table.value[i] > axis->hi;
      below += f->table.value[i] < axis->lo;
    }
  if (above > 0)
    ktm_figure_caption (f, ktm_text_new_plural ("{1} score above {2}% lies outside the figure.",
                                                "{1} scores above {2}% lie outside the figure.",
                                                "i0", (long) above, axis->hi));
  if (below > 0)
    ktm_figure_caption (f, ktm_text_new_plural ("{1} score below {2}% lies outside the figure.",
                                                "{1} scores below {2}% lie outside the figure.",
                                                "i0", (long) below, axis->lo));
}

/* A baseline of 1 makes +900 %: the axis holds the middle 98 % of the scores and the caption counts
 * the others. */
static void
percent_axis (KtmFigure *f, KtmAxis *axis, double low, double high)
{
  axis->lo = fmax (fmin (fmin (-100, low), quantile_of_table (f, 0.01)), -300);
  axis->hi = fmin (fmax (fmax (100, high), quantile_of_table (f, 0.99)), 300);
  axis->lo = floor (axis->lo / 50) * 50;
  axis->hi = ceil (axis->hi / 50) * 50;
  caption_outside (f, axis);
}

static gboolean
look_at_table (const KtmFigure *f, double *low, double *high)
{
  gboolean whole = TRUE;

  for (gsize i = 0; i < f->table.n_rows * f->table.n_visits; i++)
    {
      double v = f->table.value[i];

      if (isnan (v))
        continue;
      whole &= v == floor (v);
      *low = fmin (*low, v);
      *high = fmax (*high, v);
    }
  return whole;
}

/* The value axis that must hold low…high (of summaries) and the individuals where they are drawn.
 */
void
ktm_figure_value_axis (KtmFigure *f, KtmAxis *axis, double low, double high)
{
  double data_low = NAN, data_high = NAN;
  gboolean whole = look_at_table (f, &data_low, &data_high);

  axis->kind = KTM_AXIS_LINEAR;
  axis->signed_ticks = f->options->show != KTM_SHOW_VALUE;
  if (f->options->show == KTM_SHOW_PERCENT)
    {
      percent_axis (f, axis, low, high);
      return;
    }
  if (f->options->individuals || isnan (low))
    {
      low = fmin (low, data_low);
      high = fmax (high, data_high);
    }
  if (f->options->show == KTM_SHOW_CHANGE)
    {
      double most = fmax (fabs (low), fabs (high)), zero = 0;

      most = most > 0 ? most : 1;
      ktm_nice_range (&zero, &most);
      axis->hi = most;
      axis->lo = -most;
      return;
    }
  axis->lo = f->measure->min;
  axis->hi = f->measure->max;
  axis->integers = whole && axis->hi - axis->lo >= 2;
  if (!(axis->hi > axis->lo))
    {
      axis->lo = low;
      axis->hi = high;
      axis->integers = FALSE;
      ktm_nice_range (&axis->lo, &axis->hi);
    }
}
