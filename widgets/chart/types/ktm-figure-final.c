/* Floor widgets/chart: who is seen at the last visit of a figure, and who is not.  No GTK. */
#include "ktm-figure-final.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <stdlib.h>

#include "ktm-proportion.h"

static gboolean
is_reference (const KtmFigure *f, gsize column)
{
  return f->time[column] <= 0 || (column == 0 && f->frame->visit_time[0] > 0);
}

static void
place_one (const KtmFigure *f, gsize i, KtmFinals *out)
{
  gsize m = f->table.n_visits;
  const double *values = f->table.value + i * m;
  KtmFinal one = { (guint32) f->table.row[i], f->groups.of[f->table.row[i]], NAN,
                   f->table.baseline[i], NAN };
  const double *scores = f->measure->value + f->table.row[i] * f->frame->n_visits;

  if (!isnan (values[m - 1]))
    {
      one.value = values[m - 1];
      one.after = f->options->show == KTM_SHOW_VALUE ? one.value : scores[f->table.visit[m - 1]];
      if (f->options->show == KTM_SHOW_CHANGE)
        one.after = one.before + one.value;
      else if (f->options->show == KTM_SHOW_PERCENT)
        one.after = one.before * (1 + one.value / 100);
      out->seen[out->n_seen++] = one;
      return;
    }
  for (gsize j = m - 1; j > 0; j--)
    if (!isnan (values[j - 1]) && !is_reference (f, j - 1))
      {
        one.value = values[j - 1];
        out->lost[out->n_lost++] = one;
        return;
      }
  out->none[out->n_none++] = one;
}

gboolean
ktm_figure_finals (const KtmFigure *f, KtmFinals *out, GError **error)
{
  gsize m = f->table.n_visits;

  *out = (KtmFinals) { 0 };
  if (m < 2 || is_reference (f, m - 1))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("There is no change to draw: no selected patient has a score of “%s” after "
                      "the baseline."),
                   f->measure->label);
      return FALSE;
    }
  out->seen = g_new0 (KtmFinal, f->table.n_rows + 1);
  out->lost = g_new0 (KtmFinal, f->table.n_rows + 1);
  out->none = g_new0 (KtmFinal, f->table.n_rows + 1);
  out->time = f->time[m - 1];
  out->when = ktm_time_text (f->frame, f->options, out->time);
  for (gsize i = 0; i < f->table.n_rows; i++)
    if (f->groups.of[f->table.row[i]] >= 0)
      place_one (f, i, out);
  if (out->n_seen > 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("There is no change to draw: no selected patient has both a baseline and a score "
                  "of “%s” at %s."),
               f->measure->label, out->when);
  ktm_finals_clear (out);
  return FALSE;
}

void
ktm_finals_clear (KtmFinals *finals)
{
  g_clear_pointer (&finals->seen, g_free);
  g_clear_pointer (&finals->lost, g_free);
  g_clear_pointer (&finals->none, g_free);
  g_clear_pointer (&finals->when, g_free);
}

double
ktm_figure_sign (const KtmFigure *f)
{
  return f->measure->lower_better ? 1 : -1;
}

static int
compare_finals (gconstpointer a, gconstpointer b, gpointer data)
{
  const KtmFinal *p = a, *q = b;
  double sign = *(const double *) data, x = sign * p->value, y = sign * q->value;

  if (!isnan (x) && !isnan (y) && x != y)
    return x < y ? 1 : -1;
  return p->group != q->group ? p->group - q->group : (p->row > q->row) - (p->row < q->row);
}

void
ktm_finals_sort (const KtmFigure *f, KtmFinal *finals, gsize n)
{
  double sign = ktm_figure_sign (f);

  g_qsort_with_data (finals, (gint) n, sizeof *finals, compare_finals, &sign);
}

char *
ktm_capital (const char *text)
{
  if (text[0] == '\0')
    return g_strdup (text);
  g_autofree char *first = g_utf8_substring (text, 0, 1), *upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, g_utf8_next_char (text), NULL);
}

gsize
ktm_finals_count (const KtmFinal *finals, gsize n, int group)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += group < 0 || finals[i].group == group;
  return count;
}

void
ktm_scene_table (KtmScene *scene, gsize n, ...)
{
  char **cells = g_new0 (char *, n + 1);
  va_list args;

  va_start (args, n);
  for (gsize i = 0; i < n; i++)
    cells[i] = va_arg (args, char *);
  va_end (args);
  ktm_scene_take_table_row (scene, cells);
}

char *
ktm_figure_share (const KtmFigure *f, gsize x, gsize n, double *low, double *high)
{
  *low = *high = NAN;
  if (n == 0)
    return ktm_figure_say (f, ktm_text_new ("0/0", ""));
  ktm_stats_wilson ((double) x, (double) n, f->options->level, low, high);
  return ktm_figure_say (f, ktm_text_new (N_("{1}/{2} = {3}% [{4}, {5}]"), "ii000", (long) x,
                                          (long) n, 100.0 * (double) x / (double) n, 100 * *low,
                                          100 * *high));
}
