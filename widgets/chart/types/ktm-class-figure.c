/* Floor widgets/chart: what every figure of trajectory classes starts from.  No GTK. */
#include "ktm-class-figure.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/* --- who is shown in which class -------------------------------------------------------------- */

static void
take_classes (KtmClassFigure *c)
{
  KtmGroups *g = &c->f.groups;
  gsize n = c->result->n_classes;

  g_clear_pointer (&g->label, g_strfreev);
  g_clear_pointer (&g->level, g_free);
  g_clear_pointer (&g->count, g_free);
  g->n = n;
  g->label = g_new0 (char *, n + 1);
  g->level = g_new0 (gsize, n);
  g->count = g_new0 (gsize, n);
  for (gsize k = 0; k < n; k++)
    {
      g->label[k] = g_strdup (ktm_lang_text (c->f.lang, ktm_class_result_name (c->result, n, k)));
      g->level[k] = ktm_class_look (n, k);
    }
  for (gsize i = 0; i < c->f.frame->n_patients; i++)
    {
      c->row[i] = ktm_class_result_find (c->result, c->f.frame, i);
      g->of[i] = c->row[i] < 0 ? -1 : ktm_class_result_class (c->result, (gsize) c->row[i], NULL);
    }
  for (gsize i = 0; i < c->f.table.n_rows; i++)
    if (g->of[c->f.table.row[i]] >= 0)
      g->count[g->of[c->f.table.row[i]]]++;
    else
      c->n_new++;
}

static gboolean
refuse_request (const KtmReport *report, const KtmChartOptions *options, GError **error)
{
  const KtmClassResult *result = report != NULL ? report->classes : NULL;

  if (options->show != KTM_SHOW_VALUE)
    REFUSE (error, _("Trajectory classes are made from scores: show values, not changes."));
  else if (options->missing != KTM_MISSING_AVAILABLE)
    REFUSE (error, _("Trajectory classes are made from the scores as observed: choose “available” "
                      "for missing visits."));
  else if (result == NULL || result->n_classes == 0)
    {
      g_autofree char *why =
          report != NULL && report->n_cards > 0
              ? ktm_figure_say_options (options, ktm_text_copy (report->cards[0].sentence))
              : NULL;

      REFUSE (error, _("There are no trajectory classes to draw. %s"), why != NULL ? why : "");
    }
  else if (options->measure != NULL && strcmp (options->measure, result->measure) != 0)
    REFUSE (error, _("The classes were made from “%s”: choose that measure."), result->measure);
  else
    return TRUE;
  return FALSE;
}

gboolean
ktm_class_figure_init (KtmClassFigure *c, const KtmFrame *frame, const KtmReport *report,
                       const KtmChartOptions *options, GError **error)
{
  if (!refuse_request (report, options, error))
    return FALSE;
  c->result = report->classes;
  c->fit = ktm_class_result_fit (c->result);
  c->options = ktm_chart_options_copy (options);
  g_clear_pointer (&c->options->colour_by, g_free);
  g_clear_pointer (&c->options->groups, g_strfreev);
  g_free (c->options->measure);
  c->options->measure = g_strdup (c->result->measure);
  c->options->from = c->result->from;
  c->options->to = c->result->to;
  c->options->summary = KTM_SUMMARY_MEAN;
  c->options->band = KTM_BAND_CI;
  c->row = g_new (long, frame->n_patients + 1);
  if (!ktm_figure_init (&c->f, frame, c->options, error))
    return FALSE;
  take_classes (c);
  if (c->n_new < c->f.table.n_rows)
    return TRUE;
  REFUSE (error, _("None of the selected patients is among those the classes were made from: run "
                    "the analysis again."));
  return FALSE;
}

void
ktm_class_figure_clear (KtmClassFigure *c)
{
  if (c->options != NULL)
    ktm_figure_clear (&c->f);
  ktm_chart_options_free (c->options);
  g_free (c->row);
}
