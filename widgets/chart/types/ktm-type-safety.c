/* Floor widgets/chart: which adverse events, in how many patients, at their worst grade.  No GTK.
 */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-figure-final.h"
#include "ktm-harm-figure.h"

#define MOST_TERMS 15
#define MOST_GROUPS 4

typedef struct
{
  KtmHarmFigure *h;
  KtmScene      *scene;
  gsize          n;      /* terms drawn */
  double         most;   /* longest bar, patients or percent */
  gboolean       percent; /* several groups are drawn in percent of those asked */
} Terms;

static const struct { KtmRole role; KtmFill fill; const char *name; } grades[] = {
  { KTM_ROLE_MILD, KTM_FILL_SOLID, N_("mild") },
  { KTM_ROLE_MODERATE, KTM_FILL_DIAGONAL, N_("moderate") },
  { KTM_ROLE_SEVERE, KTM_FILL_SOLID, N_("severe") },
  { KTM_ROLE_CONTEXT, KTM_FILL_DOTS, N_("grade unknown") },
};

static gsize
patients_at (const KtmSafetyTerm *term, gsize grade)
{
  const gsize counts[] = { term->mild, term->moderate, term->severe, term->unknown };

  return counts[grade];
}

static const KtmSafetyTerm *
find_term (const KtmSafety *counts, gsize term)
{
  static const KtmSafetyTerm none;

  for (gsize k = 0; k < counts->n_terms; k++)
    if (counts->terms[k].term == term)
      return &counts->terms[k];
  return &none;
}

static double
length_of (const Terms *t, const KtmSafety *counts, gsize patients)
{
  if (!t->percent)
    return (double) patients;
  return counts->n_asked > 0 ? 100.0 * (double) patients / (double) counts->n_asked : 0;
}

/* The bars of one grade; the heads of the columns stand in band 0. */
static void
add_grade (const Terms *t, KtmPanel *panel, const KtmSafety *counts, gsize grade)
{
  g_autofree double *y = g_new (double, t->n), *low = g_new (double, t->n),
                    *high = g_new (double, t->n);
  gsize n = 0;
  KtmMark *mark;

  for (gsize k = 0; k < t->n; k++)
    {
      const KtmSafetyTerm *term = find_term (counts, t->h->all.terms[k].term);
      gsize before = 0;

      for (gsize g = 0; g < grade; g++)
        before += patients_at (term, g);
      if (patients_at (term, grade) == 0)
        continue;
      y[n] = (double) k + 1;
      low[n] = length_of (t, counts, before);
      high[n++] = length_of (t, counts, before + patients_at (term, grade));
    }
  if (n == 0)
    return;
  mark = ktm_panel_add_mark (panel, KTM_MARK_BARS, grades[grade].role, 0, n, low, y);
  mark->low = g_memdup2 (low, n * sizeof *low);
  mark->high = g_memdup2 (high, n * sizeof *high);
  mark->across = TRUE;
  mark->width = 0.32;
  mark->fill = grades[grade].fill;
}

/* The number of mild ones in their bar, where it is wide enough. */
static void
add_numbers (const Terms *t, KtmPanel *panel, const KtmSafety *counts)
{
  for (gsize k = 0; k < t->n; k++)
    {
      const KtmSafetyTerm *term = find_term (counts, t->h->all.terms[k].term);
      double from = 0, to = length_of (t, counts, term->mild);
      g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, term->mild);
      KtmMark *mark;

      if (term->mild == 0)
        continue;
      mark = ktm_panel_add_text (panel, KTM_ROLE_MILD, 0, to / 2, (double) k + 1, number,
                                 KTM_TEXT_INSIDE);
      mark->fill = KTM_FILL_SOLID;
      mark->low = g_memdup2 (&from, sizeof from);
      mark->high = g_memdup2 (&to, sizeof to);
    }
}

/* Beside the bars of many groups there is room for the share alone. */
static char *
share_text (const KtmFigure *f, gsize x, gsize n)
{
  if (n == 0)
    return g_strdup ("–");
  if (f->groups.n > 2)
    return ktm_figure_say (f, ktm_text_new ("{1}\u00a0%", "0", 100.0 * (double) x / (double) n));
  return ktm_figure_say (
      f, ktm_text_new ("{1} ({2}\u00a0%)", "i0", (long) x, 100.0 * (double) x / (double) n));
}

static void
add_columns (const Terms *t, KtmPanel *panel, const KtmSafety *counts, gboolean names)
{
  const KtmFigure *f = &t->h->f;
  gsize n = t->n + 1;
  KtmColumn *name = names ? ktm_panel_add_column (panel, n, FALSE, FALSE, 0) : NULL;
  gboolean many = f->groups.n > 1;
  KtmColumn *share = ktm_panel_add_column (panel, n, TRUE, TRUE, many ? 1 : 0),
            *events = ktm_panel_add_column (panel, n, TRUE, TRUE, many ? 2 : 1);

  share->cells[0] =
      f->groups.n > 2 ? g_strdup ("%") : ktm_figure_say (f, ktm_text_new (N_("n (%)"), ""));
  events->cells[0] = g_strdup (ktm_lang_text (f->lang, N_("events")));
  share->bold = g_new0 (gboolean, n);
  for (gsize k = 0; k < t->n; k++)
    {
      gsize index = t->h->all.terms[k].term;
      const KtmSafetyTerm *term = find_term (counts, index);

      if (name != NULL)
        name->cells[k + 1] = ktm_capital (ktm_lang_text (f->lang, f->frame->terms[index]));
      share->cells[k + 1] = share_text (f, term->patients, counts->n_asked);
      share->bold[k + 1] = TRUE;
      events->cells[k + 1] = g_strdup_printf ("%" G_GSIZE_FORMAT, term->events);
    }
}

static void
axes (const Terms *t, KtmPanel *panel)
{
  const KtmFigure *f = &t->h->f;

  panel->x = (KtmAxis) {
    .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = fmax (t->most, 1), .from_zero = TRUE, .integers = TRUE
  };
  ktm_axis_take_label (
      &panel->x,
      ktm_figure_say (f, ktm_text_new (t->percent ? "%" : N_("Patients, worst grade"),
                                       "")));
  panel->y = (KtmAxis) {
    .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) t->n + 0.5, .hidden = TRUE
  };
}

static void
add_panel (Terms *t, gsize group)
{
  const KtmFigure *f = &t->h->f;
  const KtmSafety *counts = ktm_harm_figure_counts (t->h, t->h->groups != NULL ? (int) group : -1);
  KtmPanel *panel = ktm_scene_add_panel (t->scene);

  axes (t, panel);
  if (f->groups.n > 1)
    {
      panel->title = g_strdup (f->groups.label[group]);
      panel->subtitle = ktm_figure_say (f, ktm_text_new (N_("n = {1}"), "i",
                                                         (long) counts->n_asked));
      panel->title_role = KTM_ROLE_SELECTED;
    }
  for (gsize g = 0; g < G_N_ELEMENTS (grades); g++)
    add_grade (t, panel, counts, g);
  add_numbers (t, panel, counts);
  add_columns (t, panel, counts, group == 0);
}

static void
add_legend (const Terms *t)
{
  for (gsize g = 0; g < G_N_ELEMENTS (grades); g++)
    {
      gsize any = 0;

      for (gsize k = 0; k < t->n; k++)
        any += patients_at (&t->h->all.terms[k], g);
      if (any > 0)
        ktm_scene_add_area_legend (t->scene, ktm_lang_text (t->h->f.lang, grades[g].name),
                                   grades[g].role, 0, grades[g].fill);
    }
}

/* All terms, also those there was no room for. */
static void
add_table (const Terms *t)
{
  const KtmFigure *f = &t->h->f;
  const char *columns[] = { ktm_lang_text (f->lang, N_("Group")),
                            ktm_lang_text (f->lang, N_("Term")),
                            ktm_lang_text (f->lang, N_("Patients")),
                            ktm_lang_text (f->lang, N_("mild")),
                            ktm_lang_text (f->lang, N_("moderate")),
                            ktm_lang_text (f->lang, N_("severe")),
                            ktm_lang_text (f->lang, N_("grade unknown")),
                            ktm_lang_text (f->lang, N_("Events")),
                            NULL };

  ktm_scene_set_columns (t->scene, columns);
  for (gsize g = 0; g < f->groups.n; g++)
    for (gsize k = 0; k < t->h->all.n_terms; k++)
      {
        gsize index = t->h->all.terms[k].term;
        const KtmSafetyTerm *term =
            find_term (ktm_harm_figure_counts (t->h, t->h->groups != NULL ? (int) g : -1), index);

        ktm_scene_table (t->scene, 8, g_strdup (f->groups.label[g]),
                         g_strdup (f->frame->terms[index]),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->patients),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->mild),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->moderate),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->severe),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->unknown),
                         g_strdup_printf ("%" G_GSIZE_FORMAT, term->events));
      }
}

static void
add_words (Terms *t)
{
  KtmFigure *f = &t->h->f;
  const KtmSafety *all = &t->h->all;
  g_autofree char *most = ktm_capital (
      ktm_lang_text (f->lang, f->frame->terms[all->terms[0].term]));

  ktm_figure_caption (f, ktm_text_new (N_("A patient counts once per term, at the worst grade; % "
                                           "of the {1} patients asked at least once."),
                                       "i", (long) all->n_asked));
  if (all->n_terms > t->n)
    ktm_figure_caption (f, ktm_text_new (N_("The {1} most frequent of {2} terms."), "ii",
                                         (long) t->n, (long) all->n_terms));
  ktm_harm_figure_caption (t->h);
  t->scene->caption = g_strdup (f->caption->str);
  t->scene->description = ktm_figure_say (
      f, ktm_text_new (N_("Patients with each of {1} adverse events, by worst grade; the most "
                           "frequent is {2}, in {3} of {4} patients."),
                       "isii", (long) all->n_terms, most, (long) all->terms[0].patients,
                       (long) all->n_asked));
}

static void
draw_figure (Terms *t)
{
  const KtmFigure *f = &t->h->f;

  t->n = MIN (t->h->all.n_terms, MOST_TERMS);
  t->percent = f->groups.n > 1;
  t->scene = ktm_figure_scene (f, "safety");
  t->scene->over_time = FALSE;
  t->scene->arrange = KTM_ARRANGE_COLUMNS;
  for (gsize g = 0; g < f->groups.n; g++)
    {
      const KtmSafety *s = ktm_harm_figure_counts (t->h, t->h->groups != NULL ? (int) g : -1);

      for (gsize k = 0; k < s->n_terms; k++)
        t->most = fmax (t->most, length_of (t, s, s->terms[k].patients));
    }
  for (gsize g = 0; g < f->groups.n; g++)
    add_panel (t, g);
  add_legend (t);
  add_table (t);
  add_words (t);
}

/* Terms by worst grade, the most frequent first. */
KtmScene *
ktm_type_safety_build (const KtmFrame *frame, const KtmReport *report G_GNUC_UNUSED,
                       const KtmChartOptions *options, GError **error)
{
  KtmChartOptions own = *options;
  KtmHarmFigure h;
  Terms t = { .h = &h };
  g_autoptr (KtmScene) scene = NULL;

  own.harms.count = KTM_HARM_PATIENTS;
  if (ktm_harm_figure_init (&h, frame, &own, error)
      && ktm_figure_check_groups (&h.f, MOST_GROUPS, error))
    {
      if (h.all.n_terms > 0)
        draw_figure (&t);
      else
        g_set_error_literal (
            error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
            h.all.knows_events
                ? _("There is nothing to draw: the selected patients had no such adverse event.")
                : _("There is nothing to draw: these data keep only yes or no about adverse "
                    "events, not which."));
      scene = t.scene;
    }
  ktm_harm_figure_clear (&h);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
