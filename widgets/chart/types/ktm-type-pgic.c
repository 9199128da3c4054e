/* Floor widgets/chart: impressions of change as bars stacked around "no change".  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-figure-response.h"
#include "ktm-proportion.h"

#define ALL_VISITS 6    /* as many are shown one by one; of more, the first and each quarter */

typedef struct
{
  KtmFigure          *f;
  KtmImpression       impression;
  long               *group_of;    /* 0: shown */
  gsize               n_visits, n_asked;
  gsize              *visit;
  KtmImpressionCount *count;       /* n_visits */
  KtmScene           *scene;
  KtmPanel           *panel;
} Figure;

static double
share (const KtmImpressionCount *c, gsize level)
{
  return 100.0 * (double) c->count[level] / (double) c->n;
}

/* Everything better than the middle, and half of the middle. */
static double
left_of (const Figure *c, const KtmImpressionCount *count)
{
  gsize middle = c->impression.n_levels / 2;
  double sum = share (count, middle) / 2;

  for (gsize l = 0; l < middle; l++)
    sum += share (count, l);
  return sum;
}

/* Of more visits than a reader takes in: the first, and those nearest to each quarter of the way.
 */
static void
thin_visits (Figure *c)
{
  const double *time = c->f->frame->visit_time;
  gsize n = 0, kept[5];

  c->n_asked = c->n_visits;
  if (c->n_visits <= ALL_VISITS)
    return;
  for (int k = 0; k < 5; k++)
    {
      double wanted = k == 0 ? time[c->visit[0]] : time[c->visit[c->n_visits - 1]] * k / 4;
      gsize best = 0;

      for (gsize j = 0; j < c->n_visits; j++)
        if (fabs (time[c->visit[j]] - wanted) < fabs (time[c->visit[best]] - wanted) - 1e-9)
          best = j;
      if (n == 0 || best > kept[n - 1])
        kept[n++] = best;
    }
  for (gsize j = 0; j < n; j++)
    {
      c->visit[j] = c->visit[kept[j]];
      c->count[j] = c->count[kept[j]];
    }
  c->n_visits = n;
}

static gboolean
choose_visits (Figure *c, GError **error)
{
  const KtmFigure *f = c->f;
  gsize n, kept = 0;

  c->visit = g_new (gsize, f->frame->n_visits + 1);
  c->count = g_new0 (KtmImpressionCount, f->frame->n_visits + 1);
  c->group_of = g_new (long, f->frame->n_patients + 1);
  for (gsize p = 0; p < f->frame->n_patients; p++)
    c->group_of[p] = f->options->groups == NULL || f->groups.of[p] >= 0 ? 0 : -1;
  n = ktm_figure_visits_after (f, c->visit);
  for (gsize j = 0; j < n; j++)
    {
      c->visit[kept] = c->visit[j];
      ktm_impression_count (f->frame, &c->impression, c->group_of, 0, c->visit[j],
                            &c->count[kept]);
      kept += c->count[kept].n > 0;
    }
  c->n_visits = kept;
  thin_visits (c);
  if (kept > 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("There is nothing to draw: no selected patient answered “%s” after baseline."),
               f->measure->label);
  return FALSE;
}

/* --- bars ------------------------------------------------------------------------------------- */

static void
add_level (const Figure *c, gsize level, const double *from, const double *to)
{
  gsize n = c->n_visits;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  double shade = (double) level / (double) (c->impression.n_levels - 1);
  KtmMark *mark;

  for (gsize j = 0; j < n; j++)
    {
      x[j] = (from[j] + to[j]) / 2;
      y[j] = (double) j + 1;
    }
  mark = ktm_panel_add_mark (c->panel, KTM_MARK_BARS, KTM_ROLE_CONTEXT, 0, n, NULL, y);
  mark->low = g_memdup2 (from, n * sizeof *from);
  mark->high = g_memdup2 (to, n * sizeof *to);
  mark->across = mark->shaded = TRUE;
  mark->shade = shade;
  mark->width = 0.4;
  mark = ktm_panel_add_mark (c->panel, KTM_MARK_TEXT, KTM_ROLE_CONTEXT, 0, n, x, y);
  mark->low = g_memdup2 (from, n * sizeof *from);
  mark->high = g_memdup2 (to, n * sizeof *to);
  mark->place = KTM_TEXT_INSIDE;
  mark->shaded = TRUE;
  mark->shade = shade;
  mark->text = g_new0 (char *, n + 1);
  for (gsize j = 0; j < n; j++)
    mark->text[j] = c->count[j].count[level] > 0
                        ? ktm_figure_number (c->f, share (&c->count[j], level), 0)
                        : g_strdup ("");
}

static void
add_bars (const Figure *c)
{
  g_autofree double *from = g_new (double, c->n_visits), *to = g_new (double, c->n_visits);

  for (gsize j = 0; j < c->n_visits; j++)
    from[j] = -left_of (c, &c->count[j]);
  for (gsize l = 0; l < c->impression.n_levels; l++)
    {
      for (gsize j = 0; j < c->n_visits; j++)
        to[j] = from[j] + share (&c->count[j], l);
      add_level (c, l, from, to);
      memcpy (from, to, c->n_visits * sizeof *from);
    }
}

static void
add_axes (const Figure *c)
{
  double lo = 0, hi = 0, zero = 0;

  for (gsize j = 0; j < c->n_visits; j++)
    {
      double left = left_of (c, &c->count[j]);

      lo = fmax (lo, left);
      hi = fmax (hi, 100 - left);
    }
  lo = fmax (lo, 20);
  hi = fmax (hi, 20);
  c->panel->x =
      (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = -lo - 1, .hi = hi + 1, .hidden = TRUE };
  c->panel->y = (KtmAxis){ .kind = KTM_AXIS_BAND,
                           .lo = -0.5,
                           .hi = (double) c->n_visits + 0.5,
                           .hidden = TRUE };
  ktm_panel_add_mark (c->panel, KTM_MARK_RULE, KTM_ROLE_REFERENCE, 0, 1, &zero, NULL);
  add_bars (c);
  ktm_panel_add_text (c->panel, KTM_ROLE_CONTEXT, 0, -lo / 2, 0.35,
                      ktm_lang_text (c->f->lang, N_("← improved")), KTM_TEXT_ABOVE);
  ktm_panel_add_text (c->panel, KTM_ROLE_CONTEXT, 0, hi / 2, 0.35,
                      ktm_lang_text (c->f->lang, N_("worse →")), KTM_TEXT_ABOVE);
}

/* --- words ------------------------------------------------------------------------------------ */

/* "Improved (1–3)" */
static char *
span_text (const Figure *c, const char *what, gsize last)
{
  double a = c->impression.first, b = a + c->impression.step * (double) last;

  return last == 0
             ? ktm_figure_say (c->f, ktm_text_new (N_("{1} ({2})"), "wg", what, a))
             : ktm_figure_say (c->f, ktm_text_new (N_("{1} ({2}–{3})"), "wgg", what, fmin (a, b),
                                                   fmax (a, b)));
}

static void
wilson (const Figure *c, gsize x, gsize n, double *low, double *high)
{
  ktm_stats_wilson ((double) x, (double) n, c->f->options->level, low, high);
  *low *= 100;
  *high *= 100;
}

/* "100 · 48% [41, 54]" */
static char *
cell_text (const Figure *c, gsize x, gsize n)
{
  double low, high;

  wilson (c, x, n, &low, &high);
  return ktm_figure_say (c->f, ktm_text_new (N_("{1} · {2}% [{3}, {4}]"), "i000", (long) x,
                                             100.0 * (double) x / (double) n, low, high));
}

static void
add_columns (const Figure *c)
{
  gsize n = c->n_visits + 1, middle = c->impression.n_levels / 2;
  KtmColumn *names = ktm_panel_add_column (c->panel, n, FALSE, TRUE, 0),
            *seen = ktm_panel_add_column (c->panel, n, FALSE, TRUE, 3),
            *improved = ktm_panel_add_column (c->panel, n, TRUE, TRUE, 1),
            *much = middle > 1 ? ktm_panel_add_column (c->panel, n, TRUE, TRUE, 2) : NULL;

  names->bold = g_new0 (gboolean, n);
  improved->bold = g_new0 (gboolean, n);
  improved->bold[0] = TRUE;
  improved->cells[0] = span_text (c, N_("Improved"), middle - 1);
  if (much != NULL)
    {
      much->bold = g_new0 (gboolean, n);
      much->bold[0] = TRUE;
      much->cells[0] = span_text (c, N_("Much improved"), middle - 2);
    }
  for (gsize j = 0; j < c->n_visits; j++)
    {
      const KtmImpressionCount *k = &c->count[j];
      g_autofree char *when = ktm_time_text (c->f->frame, c->f->options,
                                             c->f->frame->visit_time[c->visit[j]]);

      names->cells[j + 1] = ktm_capital (when);
      names->bold[j + 1] = TRUE;
      seen->cells[j + 1] = ktm_figure_say (
          c->f, ktm_text_new (N_("n {1} of {2}"), "ii", (long) k->n, (long) k->seen));
      improved->cells[j + 1] = cell_text (c, k->improved, k->n);
      if (much != NULL)
        much->cells[j + 1] = cell_text (c, k->much, k->n);
    }
}

static void
add_legend (const Figure *c)
{
  for (gsize l = 0; l < c->impression.n_levels; l++)
    {
      g_autofree char *text =
          ktm_figure_say (c->f, ktm_impression_level_text (&c->impression, l));

      ktm_scene_add_shade (c->scene, text, (double) l / (double) (c->impression.n_levels - 1));
    }
}

static void
fill_table (const Figure *c)
{
  const KtmLang *lang = c->f->lang;
  const char *columns[] = { ktm_lang_text (lang, N_("Time")),  ktm_lang_text (lang, N_("Answer")),
                            ktm_lang_text (lang, N_("Patients")), ktm_lang_text (lang, N_("n")),
                            ktm_lang_text (lang, N_("%")),     ktm_lang_text (lang, N_("Low")),
                            ktm_lang_text (lang, N_("High")),  NULL };

  ktm_scene_set_columns (c->scene, columns);
  for (gsize j = 0; j < c->n_visits; j++)
    for (gsize l = 0; l < c->impression.n_levels + 2; l++)
      {
        const KtmImpressionCount *k = &c->count[j];
        gsize levels = c->impression.n_levels,
              x = l < levels ? k->count[l] : l == levels ? k->improved : k->much;
        double low, high, time = c->f->frame->visit_time[c->visit[j]];

        wilson (c, x, k->n, &low, &high);
        ktm_scene_table (
            c->scene, 7, ktm_figure_number (c->f, time, ktm_time_decimals (time)),
            l < levels ? ktm_figure_say (c->f, ktm_impression_level_text (&c->impression, l))
                       : g_strdup (ktm_lang_text (lang, l == levels ? N_("Improved")
                                                                    : N_("Much improved"))),
            g_strdup_printf ("%" G_GSIZE_FORMAT, x), g_strdup_printf ("%" G_GSIZE_FORMAT, k->n),
            ktm_figure_number (c->f, 100.0 * (double) x / (double) k->n, 1),
            ktm_figure_number (c->f, low, 1), ktm_figure_number (c->f, high, 1));
      }
}

static void
add_words (const Figure *c)
{
  KtmFigure *f = c->f;
  const KtmImpressionCount *last = &c->count[c->n_visits - 1];
  double low = f->measure->min, high = f->measure->max;
  g_autofree char *when = ktm_time_text (f->frame, f->options,
                                         f->frame->visit_time[c->visit[c->n_visits - 1]]);

  ktm_figure_caption (f, ktm_text_new (N_("{1} {2}–{3}: share of the patients who answered, in "
                                          "percent; bars are centred on “no change”."),
                                       "sgg", f->measure->label, low, high));
  ktm_figure_caption (f, ktm_text_new (N_("“n 1 of 2”: answered of those seen at the visit."),
                                       ""));
  ktm_figure_caption (f, ktm_text_new (N_("Right: patients and share with {1}% CI (Wilson), no "
                                          "answer filled in."),
                                       "g", 100 * f->options->level));
  if (c->n_asked > c->n_visits)
    ktm_figure_caption (f, ktm_text_new (N_("{1} of {2} visits are shown."), "ii",
                                         (long) c->n_visits, (long) c->n_asked));
  c->scene->caption = g_strdup (f->caption->str);
  c->scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  c->scene->description = ktm_figure_say (
      f,
      ktm_text_new (N_("{1} by visit. At {2}, {3} of the {4} patients who answered are improved, "
                        "{5} much improved."),
                    "ssiii", f->measure->label, when, (long) last->improved, (long) last->n,
                    (long) last->much));
}

static void
draw_figure (Figure *c)
{
  c->scene = ktm_figure_scene (c->f, "pgic");
  c->scene->over_time = FALSE;
  c->panel = ktm_scene_add_panel (c->scene);
  add_legend (c);
  add_columns (c);
  add_axes (c);
  fill_table (c);
  add_words (c);
}

static gboolean
find_impression (const KtmFrame *frame, const KtmChartOptions *options, KtmImpression *out,
                 GError **error)
{
  long m = options->measure != NULL ? ktm_frame_find_measure (frame, options->measure) : -1;

  if (m >= 0 && ktm_impression_init (frame, (gsize) m, out))
    return TRUE;
  m = ktm_impression_find (frame);
  if (m >= 0 && ktm_impression_init (frame, (gsize) m, out))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _("This cohort has no impression of change: a measure such as PGIC with 3, "
                         "5, 7 or 9 whole steps around “no change”."));
  return FALSE;
}

/* The measure chosen where it is an impression of change, else the cohort's own. */
KtmScene *
ktm_type_pgic_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                     const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmFigure f;
  Figure c = { .f = &f };
  g_autoptr (KtmScene) scene = NULL;

  if (!find_impression (frame, options, &c.impression, error))
    return NULL;
  own.measure = frame->measures[c.impression.measure].id;
  own.show = KTM_SHOW_VALUE;
  own.missing = KTM_MISSING_AVAILABLE;
  if (ktm_figure_init (&f, frame, &own, error) && choose_visits (&c, error))
    draw_figure (&c);
  scene = c.scene;
  g_free (c.visit);
  g_free (c.count);
  g_free (c.group_of);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
