/* Floor widgets/chart: where patients go when one trajectory class more is allowed: a column for
 * each number of classes, ribbons of patients between them.  No GTK. */
#include "ktm-type.h"

#include <glib/gi18n-lib.h>

#include "ktm-class-figure.h"

#define HALF    0.12  /* half the width of a column, in units of the axis */
#define GAP     0.13 /* between two classes of a column, of all patients */
#define N_CURVE 25    /* points of an edge of a ribbon */
#define SMALL   0.06  /* a class with less of the patients has its number beside its name */

/* One number of classes: from the lowest class up. */
typedef struct
{
  const KtmGbtmFit *fit;
  gsize   n;                               /* classes */
  gsize   count[KTM_GBTM_MAX_CLASSES];     /* patients shown, by highest probability */
  double  low[KTM_GBTM_MAX_CLASSES];       /* where the class starts on the axis of patients */
  gsize   to[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_CLASSES]; /* patients going on into the next */
} Column;

typedef struct
{
  KtmClassFigure c;
  gsize  n_columns, n_patients;
  Column column[KTM_GBTM_MAX_CLASSES];
  double height;                           /* of the axis of patients */
} Flow;

static const char *
name_of (const Flow *flow, gsize column, gsize k)
{
  return ktm_lang_text (flow->c.f.lang,
                        ktm_class_result_name (flow->c.result, flow->column[column].n, k));
}

/* --- counting --------------------------------------------------------------------------------- */

static void
count_patient (Flow *flow, gsize row)
{
  for (gsize j = 0; j < flow->n_columns; j++)
    {
      int k = flow->column[j].fit->modal[row], next;

      flow->column[j].count[k]++;
      if (j + 1 == flow->n_columns)
        continue;
      next = flow->column[j + 1].fit->modal[row];
      flow->column[j].to[k][next]++;
    }
  flow->n_patients++;
}

static void
count_patients (Flow *flow)
{
  const KtmGbtmSearch *search = &flow->c.result->search;
  const KtmFigure *f = &flow->c.f;

  for (gsize i = 0; i < search->n && search->fit[i] != NULL; i++)
    {
      flow->column[i].fit = search->fit[i];
      flow->column[i].n = i + 1;
      flow->n_columns++;
    }
  for (gsize i = 0; i < f->table.n_rows; i++)
    if (f->groups.of[f->table.row[i]] >= 0)
      count_patient (flow, (gsize) flow->c.row[f->table.row[i]]);
}

/* Every column stands in the middle of the axis. */
static void
place_columns (Flow *flow)
{
  double gap = GAP * (double) flow->n_patients;

  flow->height = (double) flow->n_patients + gap * (double) flow->n_columns;
  for (gsize j = 0; j < flow->n_columns; j++)
    {
      Column *column = &flow->column[j];
      double at = (flow->height - gap - (double) flow->n_patients
                   - gap * (double) (column->n - 1))
                  / 2;

      for (gsize k = 0; k < column->n; k++)
        {
          column->low[k] = at;
          at += (double) column->count[k] + gap;
        }
    }
}

/* --- marks ------------------------------------------------------------------------------------ */

/* From @from … @from + @n at column @j to @to … at the next, along a soft curve. */
static void
add_ribbon (KtmPanel *panel, gsize j, double from, double to, double n, guint series)
{
  double x[N_CURVE], low[N_CURVE], high[N_CURVE];
  KtmMark *mark;

  for (gsize i = 0; i < N_CURVE; i++)
    {
      double t = (double) i / (N_CURVE - 1), s = t * t * (3 - 2 * t);

      x[i] = (double) j + HALF + (1 - 2 * HALF) * t;
      low[i] = from + (to - from) * s;
      high[i] = low[i] + n;
    }
  mark = ktm_panel_add_mark (panel, KTM_MARK_BAND, KTM_ROLE_SERIES, series, N_CURVE, x, NULL);
  mark->low = g_memdup2 (low, sizeof low);
  mark->high = g_memdup2 (high, sizeof high);
}

/* The ribbons of column @j, each in the colour of the class it goes to. */
static void
add_ribbons (const Flow *flow, KtmPanel *panel, gsize j, const guint *series)
{
  const Column *column = &flow->column[j], *next = &flow->column[j + 1];
  double arrived[KTM_GBTM_MAX_CLASSES] = { 0 };

  for (gsize k = 0; k < column->n; k++)
    {
      double left = 0;

      for (gsize l = 0; l < next->n; l++)
        {
          double n = (double) column->to[k][l];

          if (n > 0)
            add_ribbon (panel, j, column->low[k] + left, next->low[l] + arrived[l], n, series[l]);
          left += n;
          arrived[l] += n;
        }
    }
}

/* Inside the column, where it is wide enough. */
static void
add_count (KtmPanel *panel, double x, double y, const char *count, guint series)
{
  KtmMark *mark =
      ktm_panel_add_text (panel, KTM_ROLE_SERIES, series, x, y, count, KTM_TEXT_INSIDE);
  double low = x - HALF, high = x + HALF;

  mark->low = g_memdup2 (&low, sizeof low);
  mark->high = g_memdup2 (&high, sizeof high);
}

static void
add_names (const Flow *flow, KtmPanel *panel, gsize j, const guint *series)
{
  const Column *column = &flow->column[j];

  for (gsize k = 0; k < column->n; k++)
    {
      gboolean small = (double) column->count[k] < SMALL * (double) flow->n_patients;
      g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, column->count[k]),
                      *name = small ? g_strconcat (name_of (flow, j, k), " · ", count, NULL)
                                    : g_strdup (name_of (flow, j, k));
      double high = column->low[k] + (double) column->count[k];

      ktm_panel_add_text (panel, KTM_ROLE_SERIES, series[k], (double) j, high, name,
                          KTM_TEXT_ABOVE);
      if (!small)
        add_count (panel, (double) j, column->low[k] + (double) column->count[k] / 2, count,
                   series[k]);
    }
}

static void
add_column (const Flow *flow, KtmPanel *panel, gsize j, const guint *series)
{
  const Column *column = &flow->column[j];
  double x = (double) j;

  for (gsize k = 0; k < column->n; k++)
    {
      KtmMark *bar =
          ktm_panel_add_mark (panel, KTM_MARK_BARS, KTM_ROLE_SERIES, series[k], 1, &x, NULL);
      double high = column->low[k] + (double) column->count[k];

      bar->low = g_memdup2 (&column->low[k], sizeof (double));
      bar->high = g_memdup2 (&high, sizeof high);
      bar->width = HALF;
    }
}

/* The picked patient, from class to class. */
static void
add_picked (const Flow *flow, KtmPanel *panel)
{
  const KtmFigure *f = &flow->c.f;
  long picked = f->options->picked;
  double x[KTM_GBTM_MAX_CLASSES], y[KTM_GBTM_MAX_CLASSES];

  if (picked < 0 || (gsize) picked >= f->frame->n_patients || f->groups.of[picked] < 0)
    return;
  for (gsize j = 0; j < flow->n_columns; j++)
    {
      const Column *column = &flow->column[j];
      gsize k = (gsize) column->fit->modal[flow->c.row[picked]];

      x[j] = (double) j;
      y[j] = column->low[k] + (double) column->count[k] / 2;
    }
  ktm_panel_add_mark (panel, KTM_MARK_LINE, KTM_ROLE_SELECTED, 0, flow->n_columns, x, y)->markers =
      TRUE;
}

/* --- axes and words --------------------------------------------------------------------------- */

static void
set_axes (const Flow *flow, KtmPanel *panel)
{
  g_autofree double *ticks = g_new (double, flow->n_columns);
  g_auto (GStrv) labels = g_new0 (char *, flow->n_columns + 1);

  panel->x = (KtmAxis){ .kind = KTM_AXIS_BAND, .lo = -0.5, .hi = (double) flow->n_columns - 0.5 };
  for (gsize j = 0; j < flow->n_columns; j++)
    {
      ticks[j] = (double) j;
      labels[j] = j + 1 == flow->c.result->n_classes
                      ? ktm_figure_say (&flow->c.f, ktm_text_new (N_("{1} ◂ chosen"), "i",
                                                                  (long) j + 1))
                      : g_strdup_printf ("%" G_GSIZE_FORMAT, j + 1);
    }
  ktm_axis_set_ticks (&panel->x, flow->n_columns, ticks, (const char *const *) labels);
  ktm_axis_take_label (&panel->x,
                       ktm_figure_say (&flow->c.f, ktm_text_new (N_("Number of classes"), "")));
  panel->y =
      (KtmAxis){ .kind = KTM_AXIS_LINEAR, .lo = 0, .hi = flow->height, .hidden = TRUE };
}

static void
caption (Flow *flow)
{
  KtmFigure *f = &flow->c.f;

  ktm_figure_caption (
      f, ktm_text_new (N_("Columns: patients by their most likely class, from the lowest class up. "
                           "Ribbons: where they are when one class more is allowed, in the colour "
                           "of that class."),
                       ""));
  ktm_figure_caption (f, ktm_text_new_plural ("{1} patient.", "{1} patients.", "i",
                                              (long) flow->n_patients));
  if (flow->c.n_new > 0)
    ktm_figure_caption (
        f, ktm_text_new (N_("Left out, not among those the classes were made from: {1}."), "i",
                         (long) flow->c.n_new));
}

/* "Mild → Mild 46, Moderate 39": where the patients of a class go. */
static char *
going_on (const Flow *flow, gsize j, gsize k)
{
  GString *out = g_string_new (NULL);
  gboolean first = TRUE;

  for (gsize l = 0; l < flow->column[j + 1].n; l++)
    {
      if (flow->column[j].to[k][l] == 0)
        continue;
      g_string_append_printf (out, "%s%s %" G_GSIZE_FORMAT, first ? "" : ", ",
                              name_of (flow, j + 1, l), flow->column[j].to[k][l]);
      first = FALSE;
    }
  return g_string_free (out, FALSE);
}

static void
describe (const Flow *flow, KtmScene *scene)
{
  GString *out = g_string_new (NULL);

  for (gsize j = 0; j + 1 < flow->n_columns; j++)
    {
      g_autofree char *head = ktm_figure_say (
          &flow->c.f, ktm_text_new (N_("From {1} to {2} classes:"), "ii", (long) j + 1,
                                    (long) j + 2));

      g_string_append_printf (out, "%s%s", j > 0 ? " " : "", head);
      for (gsize k = 0; k < flow->column[j].n; k++)
        {
          g_autofree char *to = going_on (flow, j, k);

          g_string_append_printf (out, "%s %s → %s", k > 0 ? ";" : "", name_of (flow, j, k), to);
        }
      g_string_append_c (out, '.');
    }
  if (flow->n_columns == 1)
    {
      g_autofree char *alone = ktm_figure_say (
          &flow->c.f, ktm_text_new (N_("Only one class could be fitted."), ""));

      g_string_append (out, alone);
    }
  scene->description = g_string_free (out, FALSE);
}

static void
table_row (const Flow *flow, KtmScene *scene, gsize j, gsize k, gsize l)
{
  char **cells = g_new0 (char *, 6);

  cells[0] = g_strdup_printf ("%" G_GSIZE_FORMAT, j + 1);
  cells[1] = g_strdup (name_of (flow, j, k));
  cells[2] = g_strdup_printf ("%" G_GSIZE_FORMAT, j + 2);
  cells[3] = g_strdup (name_of (flow, j + 1, l));
  cells[4] = g_strdup_printf ("%" G_GSIZE_FORMAT, flow->column[j].to[k][l]);
  ktm_scene_take_table_row (scene, cells);
}

static void
fill_table (const Flow *flow, KtmScene *scene)
{
  const KtmLang *lang = flow->c.f.lang;
  const char *columns[] = { ktm_lang_text (lang, N_("Classes")), ktm_lang_text (lang, N_("Class")),
                            ktm_lang_text (lang, N_("Next number of classes")),
                            ktm_lang_text (lang, N_("Class there")),
                            ktm_lang_text (lang, N_("Patients")), NULL };

  ktm_scene_set_columns (scene, columns);
  for (gsize j = 0; j + 1 < flow->n_columns; j++)
    for (gsize k = 0; k < flow->column[j].n; k++)
      for (gsize l = 0; l < flow->column[j + 1].n; l++)
        if (flow->column[j].to[k][l] > 0)
          table_row (flow, scene, j, k, l);
}

/* --- the figure ------------------------------------------------------------------------------- */

static KtmScene *
draw (Flow *flow)
{
  KtmScene *scene = ktm_figure_scene (&flow->c.f, "class-flow");
  KtmPanel *panel = ktm_scene_add_panel (scene);
  guint series[KTM_GBTM_MAX_CLASSES][KTM_GBTM_MAX_CLASSES];

  scene->over_time = FALSE;
  count_patients (flow);
  place_columns (flow);
  set_axes (flow, panel);
  for (gsize j = 0; j < flow->n_columns; j++)
    for (gsize k = 0; k <= j; k++)
      series[j][k] = ktm_scene_add_series (scene, name_of (flow, j, k),
                                           (guint) ktm_class_look (j + 1, k));
  for (gsize j = 0; j + 1 < flow->n_columns; j++)
    add_ribbons (flow, panel, j, series[j + 1]);
  for (gsize j = 0; j < flow->n_columns; j++)
    add_column (flow, panel, j, series[j]);
  for (gsize j = 0; j < flow->n_columns; j++)
    add_names (flow, panel, j, series[j]);
  add_picked (flow, panel);
  caption (flow);
  scene->caption = g_strdup (flow->c.f.caption->str);
  describe (flow, scene);
  fill_table (flow, scene);
  return scene;
}

/* Ribbons of patients from K to K + 1 classes, for every K that was fitted. */
KtmScene *
ktm_type_class_flow_build (const KtmFrame *frame, const KtmReport *report,
                           const KtmChartOptions *options, GError **error)
{
  g_autofree Flow *flow = g_new0 (Flow, 1);
  g_autoptr (KtmScene) scene = NULL;

  if (ktm_class_figure_init (&flow->c, frame, report, options, error))
    scene = draw (flow);
  ktm_class_figure_clear (&flow->c);
  return scene != NULL && ktm_scene_check (scene, error) ? g_steal_pointer (&scene) : NULL;
}
