/* Floor widgets/chart: where the patient of a page is heading, by the trajectory classes.  No GTK.
 */
#include "ktm-figure-outlook.h"

#include <math.h>

#include "ktm-class-outlook.h"
#include "ktm-figure.h"

#include <glib/gi18n-lib.h>

/* One patient's outlook on the way into a panel. */
typedef struct
{
  const KtmClassResult *result;
  const KtmChartOptions *options;
  KtmClassOutlook o;
  gsize           class;  /* the most likely one */
  double          p;
} Outlook;

static gboolean
find_outlook (Outlook *out, const KtmFrame *frame, gsize row, const char *measure,
              const KtmReport *report)
{
  const KtmClassResult *result = report != NULL ? report->classes : NULL;
  long at = result != NULL && result->n_classes > 1 && g_str_equal (result->measure, measure)
                ? ktm_class_result_find (result, frame, row) : -1;
  const double *last;

  if (at < 0
      || ktm_class_outlook (result, (gsize) at, NULL, 0, out->options->level, &out->o)
             != KTM_STATS_OK)
    return FALSE;
  out->result = result;
  last = out->o.probability + out->o.n_scores * out->o.n_classes;
  for (gsize k = 1; k < out->o.n_classes; k++)
    if (last[k] > last[out->class])
      out->class = k;
  out->p = last[out->class];
  return out->o.n_scores > 0;
}

/* From the last score on, which it starts at; FALSE: there is no later visit. */
static gboolean
add_course (const Outlook *out, KtmScene *scene, KtmPanel *panel, double last_time)
{
  const KtmClassOutlook *o = &out->o;
  const KtmEstimate *course = o->course + o->n_scores * o->n_at;
  g_autofree double *x = g_new (double, o->n_at + 1), *y = g_new (double, o->n_at + 1),
                    *low = g_new (double, o->n_at + 1), *high = g_new (double, o->n_at + 1);
  const char *name = ktm_class_result_name (out->result, o->n_classes, out->class);
  const KtmLang *lang = ktm_lang_find (out->options->lang);
  gsize n = 1;
  guint series;
  KtmMark *band;

  x[0] = last_time;
  y[0] = low[0] = high[0] = o->y[o->n_scores - 1];
  for (gsize j = 0; j < o->n_at; j++)
    if (o->at[j] > last_time && o->at[j] > o->time[o->n_scores - 1] && o->at[j] <= panel->x.hi)
      {
        x[n] = o->at[j];
        y[n] = CLAMP (course[j].value, panel->y.lo, panel->y.hi);
        low[n] = CLAMP (course[j].low, panel->y.lo, panel->y.hi);
        high[n++] = CLAMP (course[j].high, panel->y.lo, panel->y.hi);
      }
  if (n == 1)
    return FALSE;
  series = ktm_scene_add_series (scene, ktm_lang_text (lang, name),
                                 (guint) ktm_class_look (o->n_classes, out->class));
  band = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, n, x, NULL);
  band->low = g_steal_pointer (&low);
  band->high = g_steal_pointer (&high);
  ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SERIES, series, n, x, y)->dashed = TRUE;
  {
    g_autofree char *text = ktm_figure_say_options (
        out->options, ktm_text_new (N_("expected: {1} {2} %"), "w0", name, 100 * out->p));

    ktm_panel_add_label (panel, text, NULL, KTM_ROLE_SERIES, series, y[n - 1]);
  }
  return TRUE;
}

static void
describe (const Outlook *out, gboolean drawn, GString *caption)
{
  const char *name = ktm_class_result_name (out->result, out->o.n_classes, out->class);
  g_autofree char *class = ktm_figure_say_options (
      out->options, ktm_text_new (N_("Most likely trajectory class: {1} ({2} %)."), "w0", name,
                                  100 * out->p));

  g_string_append_printf (caption, " %s", class);
  if (drawn)
    {
      g_autofree char *text = ktm_figure_say_options (
          out->options,
          ktm_text_new (
              N_("Dashed: the course expected from the scores so far, over all classes by "
                  "their probability; the band holds a new score with {1} % probability. "
                  "For orientation: it describes this cohort, and is no individual "
                  "prognosis proven outside it."),
              "0", 100 * out->options->level));

      g_string_append_printf (caption, " %s", text);
    }
}

void
ktm_figure_add_outlook (const KtmFrame *frame, gsize row, gsize measure, const KtmReport *report,
                        const KtmChartOptions *options, double last_time, KtmScene *scene,
                        KtmPanel *panel, GString *caption)
{
  Outlook out = { .options = options };

  if (find_outlook (&out, frame, row, frame->measures[measure].id, report))
    describe (&out, add_course (&out, scene, panel, last_time), caption);
  ktm_class_outlook_clear (&out.o);
}
