/* Floor widgets/chart: do the measures change together?  Spearman's ρ of the improvements of every
 * two measures as tiles, from the report of the analysis "measures".  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-figure.h"
#include "ktm-figure-final.h"

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)
#define MOST_MEASURES 16
#define FEWEST 4     /* patients of a pair: below, the analysis makes no row */
#define HALF 0.47    /* of a tile */
#define ROOM 0.56    /* words fill four fifths of this, at most */

typedef struct
{
  KtmFigure        f;         /* frame, options, words; no table */
  const KtmReport *report;
  KtmScene        *scene;
  KtmPanel        *panel;
  gsize            n, n_left_out, n_empty, n_drawn;
  gsize           *measure;   /* n: of the frame, those with any pair */
} Figure;

/* The row of two measures, in either order; NULL: too few patients. */
static const KtmReportRow *
find_pair (const Figure *c, gsize a, gsize b)
{
  const KtmFrameMeasure *m = c->f.frame->measures;
  g_autofree char *one = g_strdup_printf ("%s × %s", m[a].id, m[b].id),
                  *two = g_strdup_printf ("%s × %s", m[b].id, m[a].id);

  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (strcmp (row->statistic, "spearman_rho") == 0 && !isnan (row->estimate)
          && (g_strcmp0 (row->subject, one) == 0 || g_strcmp0 (row->subject, two) == 0))
        return row;
    }
  return NULL;
}

static gboolean
has_pair (const Figure *c, gsize a)
{
  for (gsize b = 0; b < c->f.frame->n_measures; b++)
    if (b != a && find_pair (c, a, b) != NULL)
      return TRUE;
  return FALSE;
}

static const char *
name_of (const Figure *c, gsize k)
{
  const KtmFrameMeasure *m = &c->f.frame->measures[c->measure[k]];

  return m->label != NULL && m->label[0] != '\0' ? m->label : m->id;
}

/* --- tiles ------------------------------------------------------------------------------------ */

static void
add_words (const Figure *c, double x, double y, double shade, char *text)
{
  double low = x - ROOM, high = x + ROOM;
  KtmMark *mark =
      ktm_panel_add_text (c->panel, KTM_ROLE_SERIES, 0, x, y, text, KTM_TEXT_INSIDE);

  mark->low = g_memdup2 (&low, sizeof low);
  mark->high = g_memdup2 (&high, sizeof high);
  mark->shaded = TRUE;
  mark->shade = shade;
  g_free (text);
}

static void
add_tile (Figure *c, const KtmReportRow *row, gsize i, gsize j)
{
  double x = (double) j, y = (double) i, low = y - HALF, high = y + HALF;
  double shade = (1 - row->estimate) / 2;
  KtmMark *bar = ktm_panel_add_mark (c->panel, KTM_MARK_BARS, KTM_ROLE_SERIES, 0, 1, &x, NULL);

  bar->low = g_memdup2 (&low, sizeof low);
  bar->high = g_memdup2 (&high, sizeof high);
  bar->width = HALF;
  bar->shaded = TRUE;
  bar->shade = shade;
  add_words (c, x, y - 0.16, shade, ktm_figure_number (&c->f, row->estimate, 2));
  add_words (c, x, y + 0.2, shade,
             ktm_figure_say (&c->f, ktm_text_new ("({1})", "i", row->n)));
  ktm_scene_table (c->scene, 7, g_strdup (name_of (c, i)), g_strdup (name_of (c, j)),
                   g_strdup_printf ("%ld", row->n), ktm_figure_number (&c->f, row->estimate, 2),
                   ktm_figure_number (&c->f, row->low, 2), ktm_figure_number (&c->f, row->high, 2),
                   ktm_figure_say (&c->f, ktm_text_new ("{1}", "p", row->p)));
  c->n_drawn++;
}

/* Numbered as in a printed table: names at the left, their numbers over the columns. */
static void
add_axes (const Figure *c)
{
  KtmColumn *names = ktm_panel_add_column (c->panel, c->n, FALSE, FALSE, 0);
  g_autofree double *ticks = g_new (double, c->n);
  g_auto (GStrv) labels = g_new0 (char *, c->n + 1);

  for (gsize k = 0; k < c->n; k++)
    {
      names->cells[k] = g_strdup_printf ("%" G_GSIZE_FORMAT "  %s", k + 1, name_of (c, k));
      ticks[k] = (double) k;
      labels[k] = g_strdup_printf ("%" G_GSIZE_FORMAT, k + 1);
    }
  c->panel->y = (KtmAxis){ .kind = KTM_AXIS_BAND,
                           .lo = -0.5,
                           .hi = (double) c->n - 0.5,
                           .hidden = TRUE };
  c->panel->x = (KtmAxis){ .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) c->n - 1.5 };
  ktm_axis_set_ticks (&c->panel->x, c->n - 1, ticks, (const char *const *) labels);
}

static void
add_tiles (Figure *c)
{
  for (gsize i = 1; i < c->n; i++)
    for (gsize j = 0; j < i; j++)
      {
        const KtmReportRow *row = find_pair (c, c->measure[i], c->measure[j]);

        if (row != NULL)
          add_tile (c, row, i, j);
        else
          c->n_empty++;
      }
}

static void
add_legend (const Figure *c)
{
  static const double levels[] = { 1, 0.5, 0, -0.5, -1 };

  for (gsize k = 0; k < G_N_ELEMENTS (levels); k++)
    {
      g_autofree char *number = ktm_figure_number (&c->f, levels[k], levels[k] == round (levels[k])
                                                                         ? 0
                                                                         : 1);
      g_autofree char *text =
          ktm_figure_say (&c->f, ktm_text_new (N_("ρ = {1}"), "s", number));

      ktm_scene_add_shade (c->scene, text, (1 - levels[k]) / 2);
    }
}

/* --- words ------------------------------------------------------------------------------------ */

static char *
start_text (const Figure *c)
{
  const KtmChartOptions *o = c->f.options;

  return isnan (o->from) || o->from <= 0
             ? ktm_figure_say (&c->f, ktm_text_new (N_("baseline"), ""))
             : ktm_time_text (c->f.frame, o, o->from);
}

/* The last visit asked for, or of the cohort. */
static char *
end_text (const Figure *c)
{
  double to = c->f.frame->visit_time[0];

  for (gsize v = 0; v < c->f.frame->n_visits; v++)
    if (!(c->f.frame->visit_time[v] > c->f.options->to + 1e-6))
      to = c->f.frame->visit_time[v];
  return ktm_time_text (c->f.frame, c->f.options, to);
}

static void
caption (Figure *c)
{
  g_autofree char *from = start_text (c), *to = end_text (c);

  ktm_figure_caption (
      &c->f, ktm_text_new (N_("Spearman's ρ of the improvements from {1} to the last visit of "
                               "each measure up to {2}; above 0: patients who improve more in one "
                               "measure improve more in the other."),
                           "ss", from, to));
  ktm_figure_caption (
      &c->f, ktm_text_new (N_("In brackets: patients whose change is known in both."), ""));
  if (c->n_empty > 0)
    ktm_figure_caption (
        &c->f, ktm_text_new (N_("No tile: fewer than {1} such patients, or all changes alike."),
                             "i", (long) FEWEST));
  if (c->n_left_out > 0)
    ktm_figure_caption (
        &c->f, ktm_text_new_plural ("{1} measure without a known change is left out.",
                                    "{1} measures without a known change are left out.", "i",
                                    (long) c->n_left_out));
  c->f.table.n_visits = 1;
  c->f.time = g_memdup2 (&c->f.frame->visit_time[c->f.frame->n_visits - 1], sizeof (double));
  if (c->f.options->missing != KTM_MISSING_AVAILABLE)
    ktm_figure_caption_missing (&c->f);
  c->scene->caption = g_strdup (c->f.caption->str);
}

static void
describe (const Figure *c)
{
  const KtmReportRow *most = NULL;
  gsize a = 0, b = 0;

  for (gsize i = 1; i < c->n; i++)
    for (gsize j = 0; j < i; j++)
      {
        const KtmReportRow *row = find_pair (c, c->measure[i], c->measure[j]);

        if (row == NULL || (most != NULL && !(fabs (row->estimate) > fabs (most->estimate))))
          continue;
        most = row;
        a = i;
        b = j;
      }
  c->scene->description = ktm_figure_say (
      &c->f, ktm_text_new (N_("Correlations of the improvements of {1} measures, {2} pairs. "
                               "Farthest from 0: {3} with {4}, ρ = {5} (n = {6})."),
                           "iiss2i", (long) c->n, (long) c->n_drawn, name_of (c, b),
                           name_of (c, a), most->estimate, most->n));
}

static void
set_columns (const Figure *c)
{
  const KtmLang *lang = c->f.lang;
  const char *columns[] = { ktm_lang_text (lang, N_("Measure")),
                            ktm_lang_text (lang, N_("Other measure")),
                            ktm_lang_text (lang, N_("n")),
                            ktm_lang_text (lang, N_("Spearman's ρ")),
                            ktm_lang_text (lang, N_("Low")),
                            ktm_lang_text (lang, N_("High")),
                            ktm_lang_text (lang, N_("p")),
                            NULL };

  ktm_scene_set_columns (c->scene, columns);
}

/* --- the figure ------------------------------------------------------------------------------- */

static gboolean
take_measures (Figure *c, GError **error)
{
  gsize all = c->f.frame->n_measures;

  c->measure = g_new (gsize, all + 1);
  for (gsize m = 0; m < all; m++)
    if (has_pair (c, m))
      c->measure[c->n++] = m;
  c->n_left_out = all - c->n;
  if (c->n < 2)
    REFUSE (error, _("There is no correlation to draw: no two measures have at least %d patients "
                      "whose change is known in both."),
            FEWEST);
  else if (c->n > MOST_MEASURES)
    REFUSE (error,
            _("%u measures are too many for tiles that can be read; at most %d are shown."),
            (guint) c->n, MOST_MEASURES);
  return c->n >= 2 && c->n <= MOST_MEASURES;
}

static void
draw (Figure *c)
{
  c->scene = ktm_figure_scene (&c->f, "measure-correlations");
  c->scene->over_time = FALSE;
  c->panel = ktm_scene_add_panel (c->scene);
  set_columns (c);
  add_axes (c);
  add_tiles (c);
  add_legend (c);
  caption (c);
  describe (c);
}

/* Tiles of ρ below the diagonal.  @report: of the analysis "measures" with the same selection. */
KtmScene *
ktm_type_measure_correlations_build (const KtmFrame *frame, const KtmReport *report,
                                     const KtmChartOptions *options, GError **error)
{
  Figure c = { .f = { .frame = frame,
                      .options = options,
                      .lang = ktm_lang_find (options->lang),
                      .caption = g_string_new (NULL) },
               .report = report };
  g_autoptr (KtmScene) scene = NULL;

  if (report == NULL || strcmp (report->analysis, "measures") != 0)
    REFUSE (error, _("There is no correlation to draw: run the analysis “measures” of these "
                      "patients first."));
  else if (take_measures (&c, error))
    draw (&c);
  g_free (c.measure);
  ktm_figure_clear (&c.f);
  scene = c.scene;
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
