/* Floor widgets/chart: the definition of response of a figure.  No GTK. */
#include "ktm-figure-response.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

static char *
default_text (const KtmFigure *f)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double threshold = isnan (f->options->threshold) ? 30 : f->options->threshold;

  return g_strdup_printf ("\"%s\" >= %s%%", f->measure->id,
                          g_ascii_formatd (number, sizeof number, "%.10g", threshold));
}

KtmDefinition *
ktm_figure_definition (const KtmFigure *f, GError **error)
{
  const char *const *names = g_get_language_names ();
  g_autofree char *text =
      f->options->definition != NULL ? g_strdup (f->options->definition) : default_text (f);
  KtmDefinitionProblem problem;
  KtmDefinition *definition = ktm_definition_parse (f->frame, text, &problem);
  char *sentence;

  if (definition != NULL)
    return definition;
  sentence = ktm_text_render (problem.sentence, names[0] ? ktm_lang_find (names[0]) : NULL, 0);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       problem.sentence != NULL && sentence != NULL ? sentence
                                                                    : _("Memory is out."));
  free (sentence);
  ktm_text_free (problem.sentence);
  return NULL;
}

gsize
ktm_figure_visits_after (const KtmFigure *f, gsize *out)
{
  gsize n = 0;

  for (gsize v = 0; v < f->frame->n_visits; v++)
    if (f->frame->visit_time[v] > 0 && !(f->frame->visit_time[v] < f->options->from - 1e-6)
        && !(f->frame->visit_time[v] > f->options->to + 1e-6))
      out[n++] = v;
  return n;
}
