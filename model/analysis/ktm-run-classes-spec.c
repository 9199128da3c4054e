/* model/analysis: from what was asked for to the models of trajectory classes that are fitted. */
#include "ktm-run-classes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
ktm_class_shape_parse (const char *word, KtmGbtmShape *out)
{
  static const char *const words[] = { "polynomial", "spline", "piecewise" };

  *out = KTM_GBTM_POLYNOMIAL;
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0)
      {
        *out = (KtmGbtmShape) i;
        return TRUE;
      }
  return word == NULL;
}

const char *
ktm_class_degree_name (gsize degree)
{
  static const char *const names[] = { N_("constant"), N_("linear"), N_("quadratic"),
                                       N_("cubic"), N_("quartic") };

  return names[MIN (degree, G_N_ELEMENTS (names) - 1)];
}

const char *
ktm_class_curve_name (const KtmGbtmSpec *spec)
{
  if (spec->shape == KTM_GBTM_SPLINE)
    return spec->n_knots == 4 ? N_("natural cubic spline, 4 knots") : N_("natural cubic spline");
  if (spec->shape == KTM_GBTM_PIECEWISE)
    return spec->n_knots == 1 ? N_("two straight lines that meet at a knot")
                              : N_("straight lines that meet at knots");
  for (gsize k = 1; k < spec->n_classes; k++)
    if (spec->order[k] != spec->order[0])
      return N_("polynomials of different degrees");
  return ktm_class_degree_name (spec->order[0]);
}

KtmText *
ktm_class_knots_text (const KtmGbtmSpec *spec)
{
  KtmText *text = NULL;

  for (gsize i = 0; spec->shape != KTM_GBTM_POLYNOMIAL && i < spec->n_knots; i++)
    text = text == NULL ? ktm_text_new ("{1}", "g", spec->knots[i])
           : i + 1 < spec->n_knots
               ? ktm_text_new ("{1}, {2}", "tg", text, spec->knots[i])
               : ktm_text_new (N_("{1} and {2}"), "tg", text, spec->knots[i]);
  return text;
}

/* Four knots from the first to the last time, or one at the second: after the treatment. */
static void
choose_knots (KtmGbtmSpec *spec, KtmGbtmShape shape, const double *times, gsize n)
{
  spec->n_knots = shape == KTM_GBTM_PIECEWISE ? 1 : MIN (n, 4);
  for (gsize q = 0; q < spec->n_knots; q++)
    spec->knots[q] = shape == KTM_GBTM_PIECEWISE ? times[1]
                                                 : times[q * (n - 1) / (spec->n_knots - 1)];
}

gboolean
ktm_class_set_shape (KtmGbtmSpec *spec, KtmGbtmShape shape, const double *knots, gsize n_knots,
                     const double *times, gsize n)
{
  gsize columns;

  if (shape == KTM_GBTM_POLYNOMIAL)
    return TRUE;
  if (n < 3)
    {
      for (gsize k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
        spec->order[k] = n > 0 ? n - 1 : 0;
      return FALSE;
    }
  spec->n_knots = MIN (n_knots, KTM_GBTM_MAX_KNOTS);
  if (spec->n_knots > 0)
    memcpy (spec->knots, knots, spec->n_knots * sizeof *knots);
  if (n_knots == 0)
    choose_knots (spec, shape, times, n);
  columns = shape == KTM_GBTM_SPLINE ? spec->n_knots : spec->n_knots + 2;
  if (columns > n)
    {
      spec->n_knots = 0;
      for (gsize k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
        spec->order[k] = MIN (n - 1, KTM_GBTM_MAX_ORDER);
      return FALSE;
    }
  spec->shape = shape;
  return TRUE;
}

/* --- what cannot be honoured ------------------------------------------------------------------ */

static gboolean
refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST, text);
  return FALSE;
}

static gboolean
check_knots (const KtmRun *run, KtmGbtmShape shape, GError **error)
{
  const KtmAnalysisOptions *o = run->options;
  gsize least = shape == KTM_GBTM_SPLINE ? 3 : 1, most = shape == KTM_GBTM_SPLINE ? 6 : 4;
  double from = run->frame->visit_time[run->first], to = run->frame->visit_time[run->last];

  if (o->n_knots == 0)
    return TRUE;
  if (shape == KTM_GBTM_POLYNOMIAL)
    return refuse (error, _("Knots belong to a spline or to straight lines: choose one of these "
                            "shapes, or leave the knots out."));
  if (o->n_knots < least || o->n_knots > most)
    return refuse (error, _("This shape takes %d to %d knots, not %d."), (int) least, (int) most,
                   (int) o->n_knots);
  for (gsize i = 0; i < o->n_knots; i++)
    {
      gboolean inner = shape == KTM_GBTM_SPLINE ? o->knots[i] >= from && o->knots[i] <= to
                                                : o->knots[i] > from && o->knots[i] < to;

      if (!inner || (i > 0 && o->knots[i] <= o->knots[i - 1]))
        return refuse (error,
                       _("Knots are times between the first visit used (%g) and the last (%g), "
                         "from the earliest on."),
                       from, to);
    }
  return TRUE;
}

gsize
ktm_class_parse_degrees (const char *text, gsize *out)
{
  g_auto(GStrv) words = g_strsplit (text != NULL ? text : "", ",", -1);
  gsize n = 0;

  for (char **word = words; *word != NULL; word++)
    {
      guint64 value;

      if (n == KTM_GBTM_MAX_CLASSES
          || !g_ascii_string_to_unsigned (g_strstrip (*word), 10, 0, KTM_GBTM_MAX_ORDER, &value,
                                          NULL))
        return 0;
      out[n++] = (gsize) value;
    }
  return n;
}

static gboolean
check_degrees (const KtmRun *run, KtmGbtmShape shape, GError **error)
{
  const KtmAnalysisOptions *o = run->options;
  gsize degrees[KTM_GBTM_MAX_CLASSES], n;

  if (o->degrees == NULL)
    return TRUE;
  n = ktm_class_parse_degrees (o->degrees, degrees);
  if (n == 0)
    return refuse (error, _("Degrees are whole numbers from 0 to 4, one for each class from the "
                            "lowest up, as in 2,3,1; not “%s”."),
                   o->degrees);
  if (shape != KTM_GBTM_POLYNOMIAL)
    return refuse (error, _("Degrees belong to polynomials; this shape has knots instead."));
  if (o->classes <= 0 || (gsize) o->classes != n)
    return refuse (error,
                   _("%d degrees were given: ask for as many classes, so that each has its own."),
                   (int) n);
  return TRUE;
}

static gboolean
same_end (double a, double b)
{
  return a == b || (!isfinite (a) && !isfinite (b));
}

static gboolean
check_model (const KtmRun *run, GError **error)
{
  const KtmClassModel *model = run->options->apply;
  const KtmFrameMeasure *m = run->m;

  if (model == NULL)
    return TRUE;
  if (strcmp (model->measure, m->id) != 0)
    return refuse (error, _("The saved classes were made from “%s”, not from “%s”: choose that "
                            "measure to apply them."),
                   model->measure, m->id);
  if (g_strcmp0 (model->time_unit, run->frame->time_unit) != 0)
    return refuse (error,
                   _("The saved classes count time in %s, this cohort in %s: they cannot be "
                     "applied to it."),
                   model->time_unit, run->frame->time_unit);
  if ((isfinite (model->model.lo) && !same_end (model->model.lo, m->min))
      || (isfinite (model->model.hi) && !same_end (model->model.hi, m->max)))
    return refuse (error,
                   _("The saved classes are for a scale from %g to %g, “%s” goes from %g to %g: "
                     "they cannot be applied to it."),
                   model->model.lo, model->model.hi, m->label, m->min, m->max);
  return TRUE;
}

gboolean
ktm_run_classes_check (const KtmRun *run, GError **error)
{
  KtmGbtmShape shape;

  if (!ktm_class_shape_parse (run->options->shape, &shape))
    return refuse (error,
                   _("A class curve is polynomial, spline or piecewise, not “%s”."),
                   run->options->shape);
  return check_knots (run, shape, error) && check_degrees (run, shape, error)
         && check_model (run, error);
}
