/* Floor widgets/chart: impressions of change as bars stacked around "no change".  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-figure-response.h"
#include "ktm-proportion.h"

#define ALL_VISITS 6    /* as many are shown one by one; of more, the first and each quarter */
#define MOST_ROWS 12    /* bars of groups: fewer visits where there are many groups */
#define MOST_GROUPS 12

/* A bar: one group, or everybody, at one visit. */
typedef struct
{
  gsize              visit;
  long               group;        /* -1: everybody shown */
  double             band;
  KtmImpressionCount count;
} Bar;

typedef struct
{
  KtmFigure     *f;
  KtmImpression  impression;
  long          *group_of;         /* of each patient, -1: not shown; 0 where there are no groups */
  gboolean       grouped;
  gsize          n_visits, n_asked;
  gsize         *visit;
  gsize          n_bars, n_bands;
  Bar           *bar;              /* from the top */
  KtmScene      *scene;
  KtmPanel      *panel;
} Figure;

static double
share (const KtmImpressionCount *c, gsize level)
{
  return c->n > 0 ? 100.0 * (double) c->count[level] / (double) c->n : 0;
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

/* --- which visits and groups ------------------------------------------------------------------ */

/* The visit nearest to each of @parts steps of the way to the last, the first visit before them. */
static void
thin_visits (Figure *c, gsize parts)
{
  const double *time = c->f->frame->visit_time;
  double last = time[c->visit[c->n_visits - 1]];
  gsize n = 0, kept[ALL_VISITS];

  for (gsize k = 0; k <= parts; k++)
    {
      double wanted = k > 0       ? last * (double) k / (double) parts
                      : parts > 0 ? time[c->visit[0]]
                                  : last;
      gsize best = 0;

      for (gsize j = 0; j < c->n_visits; j++)
        if (fabs (time[c->visit[j]] - wanted) < fabs (time[c->visit[best]] - wanted) - 1e-9)
          best = j;
      if (n == 0 || best > kept[n - 1])
        kept[n++] = best;
    }
  for (gsize j = 0; j < n; j++)
    c->visit[j] = c->visit[kept[j]];
  c->n_visits = n;
}

static Bar
make_bar (const Figure *c, gsize visit, long group, double band)
{
  Bar bar = { .visit = visit, .group = group, .band = band };

  ktm_impression_count (c->f->frame, &c->impression, c->group_of, MAX (group, 0), visit,
                        &bar.count);
  return bar;
}

/* Under the heads of the columns: a bar a visit, or a line with the visit and a bar a group. */
static void
make_bars (Figure *c)
{
  gsize n_groups = c->grouped ? c->f->groups.n : 1, band = 1;

  c->bar = g_new0 (Bar, c->n_visits * n_groups + 1);
  for (gsize j = 0; j < c->n_visits; j++)
    {
      band += c->grouped;
      for (gsize g = 0; g < n_groups; g++)
        c->bar[c->n_bars++] =
            make_bar (c, c->visit[j], c->grouped ? (long) g : -1, (double) band++);
    }
  c->n_bands = band;
}

/* Patients who answered at @visit. */
static gboolean
anybody (const Figure *c, gsize visit)
{
  const KtmFrameMeasure *m = c->f->measure;

  for (gsize p = 0; p < c->f->frame->n_patients; p++)
    if (c->group_of[p] >= 0 && !isnan (m->value[p * c->f->frame->n_visits + visit]))
      return TRUE;
  return FALSE;
}

static gboolean
choose_visits (Figure *c, GError **error)
{
  const KtmFigure *f = c->f;
  gsize n, most = ALL_VISITS;

  c->grouped = f->groups.n > 1;
  c->visit = g_new (gsize, f->frame->n_visits + 1);
  c->group_of = g_new (long, f->frame->n_patients + 1);
  for (gsize p = 0; p < f->frame->n_patients; p++)
    c->group_of[p] = c->grouped                                            ? f->groups.of[p]
                     : f->options->groups == NULL || f->groups.of[p] >= 0 ? 0
                                                                           : -1;
  n = ktm_figure_visits_after (f, c->visit);
  for (gsize j = 0; j < n; j++)
    if (anybody (c, c->visit[j]))
      c->visit[c->n_visits++] = c->visit[j];
  if (c->n_visits == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("There is nothing to draw: no selected patient answered “%s” after baseline."),
                   f->measure->label);
      return FALSE;
    }
  c->n_asked = c->n_visits;
  if (c->grouped)
    most = CLAMP (MOST_ROWS / f->groups.n, 1, ALL_VISITS);
  if (c->n_visits > most)
    thin_visits (c, MIN (most, 5) - 1);
  make_bars (c);
  return TRUE;
}

/* --- bars ------------------------------------------------------------------------------------- */

/* One level of every bar: @from and @to of each. */
static void
add_level (const Figure *c, gsize level, const double *from, const double *to)
{
  gsize n = c->n_bars;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  double shade = (double) level / (double) (c->impression.n_levels - 1);
  KtmMark *mark;

  for (gsize j = 0; j < n; j++)
    {
      x[j] = (from[j] + to[j]) / 2;
      y[j] = c->bar[j].band;
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
    mark->text[j] = c->bar[j].count.count[level] > 0
                        ? ktm_figure_number (c->f, share (&c->bar[j].count, level), 0)
                        : g_strdup ("");
}

static void
add_bars (const Figure *c)
{
  g_autofree double *from = g_new (double, c->n_bars), *to = g_new (double, c->n_bars);

  for (gsize j = 0; j < c->n_bars; j++)
    from[j] = -left_of (c, &c->bar[j].count);
  for (gsize l = 0; l < c->impression.n_levels; l++)
    {
      for (gsize j = 0; j < c->n_bars; j++)
        to[j] = from[j] + share (&c->bar[j].count, l);
      add_level (c, l, from, to);
      memcpy (from, to, c->n_bars * sizeof *from);
    }
}

static void
add_axes (const Figure *c)
{
  double lo = 0, hi = 0, zero = 0;

  for (gsize j = 0; j < c->n_bars; j++)
    {
      double left = left_of (c, &c->bar[j].count);

      lo = fmax (lo, left);
      hi = fmax (hi, c->bar[j].count.n > 0 ? 100 - left : 0);
    }
  lo = fmax (lo, 20);
  hi = fmax (hi, 20);
  c->panel->x =
      (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = -lo - 1, .hi = hi + 1, .hidden = TRUE };
  c->panel->y = (KtmAxis){ .kind = KTM_AXIS_BAND,
                           .lo = -0.5,
                           .hi = (double) c->n_bands - 0.5,
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

  if (n == 0)
    return g_strdup ("–");
  wilson (c, x, n, &low, &high);
  return ktm_figure_say (c->f, ktm_text_new (N_("{1} · {2}% [{3}, {4}]"), "i000", (long) x,
                                             100.0 * (double) x / (double) n, low, high));
}

/* What stands left and right of a bar. */
static void
fill_bar_cells (const Figure *c, const Bar *bar, KtmColumn *seen, KtmColumn *improved,
                KtmColumn *much)
{
  const KtmImpressionCount *k = &bar->count;
  gsize at = (gsize) bar->band;

  seen->cells[at] =
      ktm_figure_say (c->f, ktm_text_new (N_("n {1} of {2}"), "ii", (long) k->n, (long) k->seen));
  improved->cells[at] = cell_text (c, k->improved, k->n);
  if (much != NULL)
    much->cells[at] = cell_text (c, k->much, k->n);
}

/* The visit in bold: before its bar, or over those of its groups. */
static void
name_bars (const Figure *c, KtmColumn *names)
{
  for (gsize j = 0; j < c->n_bars; j++)
    {
      const Bar *bar = &c->bar[j];
      gsize at = (gsize) bar->band, head = bar->group < 0 ? at : at - 1;

      if (bar->group >= 0)
        {
          names->cells[at] = ktm_capital (c->f->groups.label[bar->group]);
          names->series[at] = (int) bar->group;
        }
      if (bar->group <= 0)
        {
          g_autofree char *when =
              ktm_time_text (c->f->frame, c->f->options, c->f->frame->visit_time[bar->visit]);

          names->cells[head] = ktm_capital (when);
          names->bold[head] = TRUE;
        }
    }
}

static void
add_columns (const Figure *c)
{
  gsize n = c->n_bands, middle = c->impression.n_levels / 2;
  KtmColumn *names = ktm_panel_add_column (c->panel, n, FALSE, !c->grouped, 0),
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
  if (c->grouped)
    {
      names->series = g_new (int, n);
      for (gsize i = 0; i < n; i++)
        names->series[i] = -1;
    }
  name_bars (c, names);
  for (gsize j = 0; j < c->n_bars; j++)
    fill_bar_cells (c, &c->bar[j], seen, improved, much);
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

/* An answer, or (@level beyond them) the sum of those that are improved or much improved. */
static void
table_line (const Figure *c, const Bar *bar, gsize level)
{
  const KtmImpressionCount *k = &bar->count;
  gsize levels = c->impression.n_levels,
        x = level < levels ? k->count[level] : level == levels ? k->improved : k->much;
  double low = NAN, high = NAN, time = c->f->frame->visit_time[bar->visit];
  char **cells = g_new0 (char *, 9);
  gsize at = 0;

  if (k->n > 0)
    wilson (c, x, k->n, &low, &high);
  if (c->grouped)
    cells[at++] = g_strdup (c->f->groups.label[bar->group]);
  cells[at++] = ktm_figure_number (c->f, time, ktm_time_decimals (time));
  cells[at++] = level < levels
                    ? ktm_figure_say (c->f, ktm_impression_level_text (&c->impression, level))
                    : g_strdup (ktm_lang_text (c->f->lang, level == levels ? N_("Improved")
                                                                           : N_("Much improved")));
  cells[at++] = g_strdup_printf ("%" G_GSIZE_FORMAT, x);
  cells[at++] = g_strdup_printf ("%" G_GSIZE_FORMAT, k->n);
  cells[at++] = k->n > 0 ? ktm_figure_number (c->f, 100.0 * (double) x / (double) k->n, 1)
                         : g_strdup ("");
  cells[at++] = k->n > 0 ? ktm_figure_number (c->f, low, 1) : g_strdup ("");
  cells[at++] = k->n > 0 ? ktm_figure_number (c->f, high, 1) : g_strdup ("");
  ktm_scene_take_table_row (c->scene, cells);
}

static void
fill_table (const Figure *c)
{
  const KtmLang *lang = c->f->lang;
  const char *columns[] = { ktm_lang_text (lang, N_("Group")), ktm_lang_text (lang, N_("Time")),
                            ktm_lang_text (lang, N_("Answer")),
                            ktm_lang_text (lang, N_("Patients")), ktm_lang_text (lang, N_("n")),
                            ktm_lang_text (lang, N_("%")),     ktm_lang_text (lang, N_("Low")),
                            ktm_lang_text (lang, N_("High")),  NULL };

  ktm_scene_set_columns (c->scene, c->grouped ? columns : columns + 1);
  for (gsize j = 0; j < c->n_bars; j++)
    for (gsize l = 0; l < c->impression.n_levels + 2; l++)
      table_line (c, &c->bar[j], l);
}

/* Everybody shown at the last visit, and where there are groups each of them. */
static void
describe (const Figure *c)
{
  KtmFigure *f = c->f;
  gsize visit = c->visit[c->n_visits - 1];
  KtmImpressionCount all = { 0 };
  GString *groups = g_string_new (NULL);
  g_autofree char *when = ktm_time_text (f->frame, f->options, f->frame->visit_time[visit]);

  for (gsize j = 0; j < c->n_bars; j++)
    if (c->bar[j].visit == visit)
      {
        const KtmImpressionCount *k = &c->bar[j].count;
        g_autofree char *one =
            c->grouped ? ktm_figure_say (f, ktm_text_new (N_("{1}: {2} of {3} improved."), "sii",
                                                          f->groups.label[c->bar[j].group],
                                                          (long) k->improved, (long) k->n))
                       : NULL;

        all.improved += k->improved;
        all.much += k->much;
        all.n += k->n;
        if (one != NULL)
          g_string_append_printf (groups, " %s", one);
      }
  c->scene->description = ktm_figure_say (
      f,
      ktm_text_new (N_("{1} by visit. At {2}, {3} of the {4} patients who answered are improved, "
                        "{5} much improved."),
                    "ssiii", f->measure->label, when, (long) all.improved, (long) all.n,
                    (long) all.much));
  if (c->grouped)
    {
      char *both = g_strconcat (c->scene->description, groups->str, NULL);

      g_free (c->scene->description);
      c->scene->description = both;
    }
  g_string_free (groups, TRUE);
}

static void
add_words (const Figure *c)
{
  KtmFigure *f = c->f;
  double low = f->measure->min, high = f->measure->max;

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
  if (c->grouped && f->groups.n_unknown > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, {2} not recorded: {1}."), "is",
                                         (long) f->groups.n_unknown,
                                         f->frame->attributes[f->groups.attribute].label));
  c->scene->caption = g_strdup (f->caption->str);
  c->scene->band = ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", 100 * f->options->level));
  describe (c);
}

static void
draw_figure (Figure *c)
{
  c->scene = ktm_figure_scene (c->f, "pgic");
  c->scene->over_time = FALSE;
  c->panel = ktm_scene_add_panel (c->scene);
  for (gsize g = 0; c->grouped && g < c->f->groups.n; g++)
    ktm_scene_add_series (c->scene, c->f->groups.label[g], (guint) c->f->groups.level[g]);
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

/* The measure chosen where it is an impression of change, else the cohort's own; by group where
 * there are several. */
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
  if (ktm_figure_init (&f, frame, &own, error)
      && ktm_figure_check_groups (&f, MOST_GROUPS, error) && choose_visits (&c, error))
    draw_figure (&c);
  scene = c.scene;
  g_free (c.visit);
  g_free (c.bar);
  g_free (c.group_of);
  ktm_figure_clear (&f);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
