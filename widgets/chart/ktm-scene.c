/* Floor widgets/chart: building, checking and dumping scenes.  No GTK. */
#include "ktm-scene.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
axis_clear (KtmAxis *axis)
{
  g_free (axis->label);
  g_free (axis->ticks);
  g_free (axis->tick_series);
  g_strfreev (axis->tick_labels);
}

static void
mark_free (gpointer data)
{
  KtmMark *mark = data;

  g_free (mark->x);
  g_free (mark->y);
  g_free (mark->low);
  g_free (mark->high);
  g_free (mark->alpha);
  g_free (mark->rows);
  g_free (mark->jitter);
  g_strfreev (mark->text);
  g_strfreev (mark->subtext);
  g_free (mark);
}

static void
row_free (gpointer data)
{
  KtmRow *row = data;

  g_free (row->label);
  g_free (row->x);
  g_strfreev (row->cells);
  g_free (row);
}

static void
line_free (gpointer data)
{
  KtmLine *line = data;

  g_free (line->label);
  g_free (line->count);
  g_free (line->value);
  for (gsize i = 0; i < G_N_ELEMENTS (line->more); i++)
    g_free (line->more[i]);
  g_free (line);
}

static void
box_free (gpointer data)
{
  KtmBox *box = data;

  g_free (box->text);
  g_free (box->detail);
  g_free (box);
}

static void
label_free (gpointer data)
{
  KtmLabel *label = data;

  g_free (label->text);
  g_free (label->subtext);
  g_free (label);
}

static void
column_free (gpointer data)
{
  KtmColumn *column = data;

  for (gsize i = 0; i < column->n; i++)
    g_free (column->cells[i]);
  g_free (column->cells);
  g_free (column->bold);
  g_free (column->series);
  g_free (column);
}

static void
panel_free (gpointer data)
{
  KtmPanel *panel = data;

  g_free (panel->title);
  g_free (panel->subtitle);
  g_free (panel->side);
  g_free (panel->side_sub);
  axis_clear (&panel->x);
  axis_clear (&panel->y);
  g_ptr_array_unref (panel->marks);
  g_ptr_array_unref (panel->rows);
  g_ptr_array_unref (panel->columns);
  g_ptr_array_unref (panel->labels);
  g_ptr_array_unref (panel->lines);
  g_ptr_array_unref (panel->boxes);
  for (gsize i = 0; i < G_N_ELEMENTS (panel->line_heads); i++)
    g_free (panel->line_heads[i]);
  g_free (panel->more_lines);
  g_free (panel);
}

static void
series_free (gpointer data)
{
  KtmSeries *series = data;

  g_free (series->label);
  g_free (series);
}

static void
note_free (gpointer data)
{
  KtmNote *note = data;

  g_free (note->text);
  g_free (note);
}

static void
scene_clear (gpointer data)
{
  KtmScene *scene = data;

  g_free (scene->chart);
  g_free (scene->title);
  g_free (scene->result);
  g_free (scene->caption);
  g_free (scene->description);
  g_free (scene->band);
  g_free (scene->ramp.label);
  g_free (scene->handle.name);
  g_free (scene->ramp.missing);
  g_strfreev (scene->columns);
  g_ptr_array_unref (scene->panels);
  g_ptr_array_unref (scene->series);
  g_ptr_array_unref (scene->legend);
  g_ptr_array_unref (scene->notes);
  g_ptr_array_unref (scene->table);
}

/* An empty scene; reference counted atomically. */
KtmScene *
ktm_scene_new (const char *chart, const KtmLang *lang, char decimal_mark)
{
  KtmScene *scene = g_atomic_rc_box_new0 (KtmScene);

  scene->chart = g_strdup (chart);
  scene->lang = lang;
  scene->decimal_mark = decimal_mark;
  scene->panels = g_ptr_array_new_with_free_func (panel_free);
  scene->series = g_ptr_array_new_with_free_func (series_free);
  scene->legend = g_ptr_array_new_with_free_func (label_free);
  scene->notes = g_ptr_array_new_with_free_func (note_free);
  scene->table = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return scene;
}

/* One more owner. */
KtmScene *
ktm_scene_ref (const KtmScene *scene)
{
  return g_atomic_rc_box_acquire ((KtmScene *) scene);
}

/* One owner less; NULL is allowed. */
void
ktm_scene_unref (KtmScene *scene)
{
  if (scene != NULL)
    g_atomic_rc_box_release_full (scene, scene_clear);
}

/* A panel after the others: axes 0…1, nothing in it. */
KtmPanel *
ktm_scene_add_panel (KtmScene *scene)
{
  KtmPanel *panel = g_new0 (KtmPanel, 1);

  panel->x.hi = panel->y.hi = 1;
  panel->weight = 1;
  panel->marks = g_ptr_array_new_with_free_func (mark_free);
  panel->rows = g_ptr_array_new_with_free_func (row_free);
  panel->labels = g_ptr_array_new_with_free_func (label_free);
  panel->lines = g_ptr_array_new_with_free_func (line_free);
  panel->boxes = g_ptr_array_new_with_free_func (box_free);
  panel->columns = g_ptr_array_new_with_free_func (column_free);
  g_ptr_array_add (scene->panels, panel);
  return panel;
}

/* A series with place @look in the palette; returns its index. */
guint
ktm_scene_add_series (KtmScene *scene, const char *label, guint look)
{
  KtmSeries *series = g_new0 (KtmSeries, 1);

  series->label = g_strdup (label);
  series->look = look;
  g_ptr_array_add (scene->series, series);
  return scene->series->len - 1;
}

static double *
copy_doubles (const double *values, gsize n)
{
  return values == NULL ? NULL : g_memdup2 (values, MAX (n, 1) * sizeof *values);
}

/* A mark in front of the others with copies of @x and @y (either may be NULL). */
KtmMark *
ktm_panel_add_mark (KtmPanel *panel, KtmMarkKind kind, KtmRole role, guint series, gsize n,
                    const double *x, const double *y)
{
  KtmMark *mark = g_new0 (KtmMark, 1);

  mark->kind = kind;
  mark->role = role;
  mark->series = series;
  mark->n = n;
  mark->x = copy_doubles (x, n);
  mark->y = copy_doubles (y, n);
  g_ptr_array_add (panel->marks, mark);
  return mark;
}

/* A matrix of individuals; takes @y, copies the rest. */
KtmMark *
ktm_panel_add_matrix (KtmPanel *panel, KtmMarkKind kind, KtmRole role, guint series, gsize n_rows,
                      gsize stride, const double *x, double *y, const guint32 *rows)
{
  KtmMark *mark = ktm_panel_add_mark (panel, kind, role, series, stride, x, NULL);

  mark->use = KTM_LINE_INDIVIDUAL;
  mark->y = y;
  mark->n_rows = n_rows;
  mark->stride = stride;
  mark->rows = g_memdup2 (rows, MAX (n_rows, 1) * sizeof *rows);
  return mark;
}

/* A line of @n empty cells under the axis; the caller fills row->cells with owned strings. */
KtmRow *
ktm_panel_add_row (KtmPanel *panel, const char *label, KtmRole role, guint series, gsize n,
                   const double *x)
{
  KtmRow *row = g_new0 (KtmRow, 1);

  row->label = g_strdup (label);
  row->role = role;
  row->series = series;
  row->n = n;
  row->x = copy_doubles (x, n);
  row->cells = g_new0 (char *, n + 1);
  g_ptr_array_add (panel->rows, row);
  return row;
}

/* A direct label at height @y (data) beside the panel. */
KtmLabel *
ktm_panel_add_label (KtmPanel *panel, const char *text, const char *subtext, KtmRole role,
                     guint series, double y)
{
  KtmLabel *label = g_new0 (KtmLabel, 1);

  label->text = g_strdup (text);
  label->subtext = g_strdup (subtext);
  label->role = role;
  label->series = series;
  label->y = y;
  g_ptr_array_add (panel->labels, label);
  return label;
}

/* A step of a flow diagram. */
KtmBox *
ktm_panel_add_box (KtmPanel *panel, gsize row, int column, gboolean aside, const char *text,
                   const char *detail)
{
  KtmBox *box = g_new0 (KtmBox, 1);

  *box = (KtmBox){ g_strdup (text), g_strdup (detail), column, row, aside, KTM_ROLE_CONTEXT, 0 };
  g_ptr_array_add (panel->boxes, box);
  return box;
}

/* A row under the others of a forest; strings are copied, @count and @value may be NULL. */
KtmLine *
ktm_panel_add_line (KtmPanel *panel, const char *label, const char *count, const char *value)
{
  KtmLine *line = g_new0 (KtmLine, 1);

  line->label = g_strdup (label);
  line->count = g_strdup (count);
  line->value = g_strdup (value);
  g_ptr_array_add (panel->lines, line);
  return line;
}

/* Words beside a banded panel; see the header. */
KtmColumn *
ktm_panel_add_column (KtmPanel *panel, gsize n, gboolean right_side, gboolean align_right, int keep)
{
  KtmColumn *column = g_new0 (KtmColumn, 1);

  column->n = n;
  column->cells = g_new0 (char *, n + 1);
  column->right_side = right_side;
  column->align_right = align_right;
  column->keep = keep;
  column->role = KTM_ROLE_CONTEXT;
  g_ptr_array_add (panel->columns, column);
  return column;
}

/* One word or number at a place in data units. */
KtmMark *
ktm_panel_add_text (KtmPanel *panel, KtmRole role, guint series, double x, double y,
                    const char *text, KtmTextPlace place)
{
  KtmMark *mark = ktm_panel_add_mark (panel, KTM_MARK_TEXT, role, series, 1, &x, &y);

  mark->text = g_new0 (char *, 2);
  mark->text[0] = g_strdup (text);
  mark->place = place;
  return mark;
}

/* An entry that always stands in the legend. */
void
ktm_scene_add_legend (KtmScene *scene, const char *text, KtmRole role, guint series)
{
  KtmLabel *label = g_new0 (KtmLabel, 1);

  label->text = g_strdup (text);
  label->role = role;
  label->series = series;
  g_ptr_array_add (scene->legend, label);
}

/* The colour of a level in the legend. */
void
ktm_scene_add_shade (KtmScene *scene, const char *text, double shade)
{
  KtmLabel *label;

  ktm_scene_add_legend (scene, text, KTM_ROLE_CONTEXT, 0);
  label = scene->legend->pdata[scene->legend->len - 1];
  label->shaded = TRUE;
  label->shade = shade;
}

/* The same for an area. */
void
ktm_scene_add_area_legend (KtmScene *scene, const char *text, KtmRole role, guint series,
                           KtmFill fill)
{
  ktm_scene_add_legend (scene, text, role, series);
  ((KtmLabel *) scene->legend->pdata[scene->legend->len - 1])->fill = fill;
}

/* A remark over the first panel at @x (data), with a ▼ where @wedge. */
void
ktm_scene_add_note (KtmScene *scene, const char *text, double x, gboolean wedge)
{
  KtmNote *note = g_new0 (KtmNote, 1);

  note->text = g_strdup (text);
  note->x = x;
  note->wedge = wedge;
  g_ptr_array_add (scene->notes, note);
}

/* Ticks of a TIME or BAND axis; both arrays are copied. */
void
ktm_axis_set_ticks (KtmAxis *axis, gsize n, const double *ticks, const char *const *labels)
{
  g_free (axis->ticks);
  g_strfreev (axis->tick_labels);
  axis->n_ticks = n;
  axis->ticks = g_memdup2 (ticks, MAX (n, 1) * sizeof *ticks);
  axis->tick_labels = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    axis->tick_labels[i] = g_strdup (labels[i]);
}

/* The axis title; taken. */
void
ktm_axis_take_label (KtmAxis *axis, char *label)
{
  g_free (axis->label);
  axis->label = label;
}

/* Headings of the table; copied, NULL-ended. */
void
ktm_scene_set_columns (KtmScene *scene, const char *const *columns)
{
  g_strfreev (scene->columns);
  scene->columns = g_strdupv ((char **) columns);
}

/* A row of the table; @cells is taken. */
void
ktm_scene_take_table_row (KtmScene *scene, char **cells)
{
  g_ptr_array_add (scene->table, cells);
}

static gboolean
no_infinity (const double *values, gsize n, gboolean nan_allowed)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    if (isinf (values[i]) || (!nan_allowed && isnan (values[i])))
      return FALSE;
  return TRUE;
}

static gboolean
mark_is_sound (const KtmMark *mark)
{
  gsize n_y = mark->stride > 0 ? mark->n_rows * mark->stride : mark->n;

  return no_infinity (mark->x, mark->n, FALSE) && no_infinity (mark->y, n_y, TRUE)
         && no_infinity (mark->low, mark->n, TRUE) && no_infinity (mark->high, mark->n, TRUE)
         && no_infinity (mark->alpha, mark->n, FALSE)
         && no_infinity (mark->jitter, mark->n_rows, FALSE);
}

static gboolean
axis_is_sound (const KtmAxis *axis)
{
  return isfinite (axis->lo) && isfinite (axis->hi) && axis->hi > axis->lo
         && (axis->kind != KTM_AXIS_LOG || axis->lo > 0)
         && no_infinity (axis->ticks, axis->n_ticks, FALSE);
}

/* Is there anything Cairo must not see?  A type's build() ends with it, so a mistake is a sentence
 * and never a broken picture. */
gboolean
ktm_scene_check (const KtmScene *scene, GError **error)
{
  for (guint i = 0; i < scene->panels->len; i++)
    {
      const KtmPanel *panel = scene->panels->pdata[i];
      gboolean sound = axis_is_sound (&panel->x) && axis_is_sound (&panel->y);

      for (guint j = 0; sound && j < panel->marks->len; j++)
        sound = mark_is_sound (panel->marks->pdata[j]);
      if (!sound)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               _("The chart cannot be drawn: one of its numbers is not finite."));
          return FALSE;
        }
    }
  return TRUE;
}
