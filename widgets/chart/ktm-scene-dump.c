/* Floor widgets/chart: a scene as text, for tests.  No GTK. */
#include "ktm-scene.h"

#include <math.h>

static const char *const mark_names[] = { "line", "band", "points", "bars", "interval", "step",
                                          "rule", "text", "tile",   "span" };
static const char *const role_names[] = { "series", "context", "selected", "reference",
                                          "absent", "mild",    "moderate", "severe" };
static const char *const fill_names[] = { "usual", "solid", "diagonal", "dots",
                                          "back",  "level", "cross" };
static const char *const axis_names[] = { "linear", "log", "band", "time" };

static void
dump_number (GString *out, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    g_string_append (out, " -");
  else
    g_string_append_printf (
        out, " %s", g_ascii_formatd (buffer, sizeof buffer, "%.6g", value == 0 ? 0 : value));
}

static void
dump_numbers (GString *out, const char *name, const double *values, gsize n)
{
  double sum = 0;
  gsize missing = 0;

  if (values == NULL)
    return;
  g_string_append_printf (out, "      %s:", name);
  for (gsize i = 0; i < n; i++)
    {
      if (n <= 26 || i < 6 || i >= n - 6)
        dump_number (out, values[i]);
      else if (i == 6)
        g_string_append (out, " …");
      sum += isnan (values[i]) ? 0 : values[i];
      missing += isnan (values[i]) ? 1 : 0;
    }
  if (n > 26)
    {
      g_string_append_printf (out, " n %" G_GSIZE_FORMAT " missing %" G_GSIZE_FORMAT " sum", n,
                              missing);
      dump_number (out, sum);
    }
  g_string_append_c (out, '\n');
}

static void
dump_role (GString *out, KtmRole role, guint series)
{
  g_string_append_printf (out, " %s", role_names[role]);
  if (role == KTM_ROLE_SERIES)
    g_string_append_printf (out, "(%u)", series);
}

static void
dump_axis (GString *out, const char *name, const KtmAxis *axis)
{
  g_string_append_printf (out, "    %s %s", name, axis_names[axis->kind]);
  dump_number (out, axis->lo);
  dump_number (out, axis->hi);
  if (axis->hidden)
    g_string_append (out, " hidden");
  if (axis->label != NULL)
    g_string_append_printf (out, " \"%s\"", axis->label);
  for (gsize i = 0; i < axis->n_ticks; i++)
    {
      g_string_append (out, i == 0 ? " ticks" : ",");
      dump_number (out, axis->ticks[i]);
      g_string_append_printf (out, "=%s", axis->tick_labels[i]);
    }
  g_string_append_c (out, '\n');
}

/* How it is drawn, where that is not as usual. */
static void
dump_manner (GString *out, const KtmMark *mark)
{
  const struct
  {
    const char *name;
    gboolean on;
  } flags[] = { { "across", mark->across },
                { "hollow", mark->hollow },
                { "plus", mark->plus },
                { "stepped", mark->stepped },
                { "flat", mark->flat },
                { "diamond", mark->diamond } };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (flags[i].on)
      g_string_append_printf (out, " %s", flags[i].name);
  if (mark->fill != KTM_FILL_USUAL)
    g_string_append_printf (out, " %s", fill_names[mark->fill]);
  if (mark->size != 0)
    dump_number (out, mark->size);
  if (mark->width != 0)
    dump_number (out, mark->width);
  if (mark->shaded)
    dump_number (out, mark->shade);
}

static void
dump_column (GString *out, const KtmColumn *column)
{
  g_string_append_printf (out, "    column%s%s", column->right_side ? " right" : " left",
                          column->align_right ? " aligned right" : "");
  for (gsize i = 0; i < column->n; i++)
    g_string_append_printf (out, " |%s%s", column->bold != NULL && column->bold[i] ? "*" : "",
                            column->cells[i] != NULL ? column->cells[i] : "");
  g_string_append_c (out, '\n');
}

static void
dump_mark (GString *out, const KtmMark *mark)
{
  g_string_append_printf (out, "    %s", mark_names[mark->kind]);
  dump_role (out, mark->role, mark->series);
  if (mark->n_rows > 0)
    g_string_append_printf (out, " %" G_GSIZE_FORMAT "×%" G_GSIZE_FORMAT "%s", mark->n_rows,
                            mark->stride, mark->bridge ? " bridged" : "");
  if (mark->markers)
    g_string_append (out, " markers");
  if (mark->fade > 0)
    dump_number (g_string_append (out, " fade"), mark->fade);
  if (mark->dashed)
    g_string_append (out, " dashed");
  dump_manner (out, mark);
  g_string_append_c (out, '\n');
  dump_numbers (out, "x", mark->x, mark->n);
  dump_numbers (out, "y", mark->y, mark->n_rows > 0 ? mark->n_rows * mark->stride : mark->n);
  dump_numbers (out, "low", mark->low, mark->n);
  dump_numbers (out, "high", mark->high, mark->n);
  dump_numbers (out, "alpha", mark->alpha, mark->n);
  dump_numbers (out, "jitter", mark->jitter, mark->n_rows);
  for (gsize i = 0; mark->text != NULL && mark->text[i] != NULL; i++)
    g_string_append_printf (out, "      \"%s\"%s%s\n", mark->text[i],
                            mark->subtext && mark->subtext[i] ? " / " : "",
                            mark->subtext && mark->subtext[i] ? mark->subtext[i] : "");
}

static void
dump_row (GString *out, const KtmRow *row)
{
  g_string_append_printf (out, "    row%s \"%s\"", row->heading ? " heading" : "", row->label);
  dump_role (out, row->role, row->series);
  for (gsize i = 0; i < row->n; i++)
    {
      dump_number (out, row->x[i]);
      g_string_append_printf (out, "=%s", row->cells[i]);
    }
  g_string_append_c (out, '\n');
}

static void
dump_line_of_forest (GString *out, const KtmLine *line)
{
  g_string_append_printf (out, "    %s \"%s\" %s | %s",
                          line->heading  ? "heading"
                          : line->note   ? "note"
                          : line->strong ? "strong"
                                         : "line",
                          line->label, line->count ? line->count : "-",
                          line->value ? line->value : "-");
  for (gsize i = 0; i < G_N_ELEMENTS (line->more); i++)
    if (line->more[i] != NULL)
      g_string_append_printf (out, " | %s", line->more[i]);
  g_string_append (out, line->lit ? " lit" : "");
  g_string_append (out, line->ruled ? " ruled\n" : "\n");
}

static void
dump_box (GString *out, const KtmBox *box)
{
  g_string_append_printf (out, "    box row %" G_GSIZE_FORMAT " column %d%s", box->row, box->column,
                          box->aside ? " aside" : "");
  dump_role (out, box->role, box->series);
  g_string_append_printf (out, " \"%s\"", box->text);
  if (box->detail != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (box->detail, "\n", -1);
      g_autofree char *joined = g_strjoinv (" / ", lines);

      g_string_append_printf (out, " / %s", joined);
    }
  g_string_append_c (out, '\n');
}

static void
dump_label (GString *out, const char *kind, const KtmLabel *label)
{
  g_string_append_printf (out, "    %s \"%s\"", kind, label->text);
  if (label->subtext != NULL)
    g_string_append_printf (out, " / \"%s\"", label->subtext);
  dump_role (out, label->role, label->series);
  if (label->fill != KTM_FILL_USUAL)
    g_string_append_printf (out, " %s", fill_names[label->fill]);
  dump_number (out, label->y);
  if (label->shaded)
    dump_number (out, label->shade);
  g_string_append_c (out, '\n');
}

static void
dump_panel (GString *out, const KtmPanel *panel)
{
  g_string_append (out, "  panel");
  if (panel->title != NULL)
    g_string_append_printf (out, " \"%s\" \"%s\"", panel->title,
                            panel->subtitle ? panel->subtitle : "");
  if (panel->side != NULL)
    g_string_append_printf (out, " side \"%s\" \"%s\"", panel->side,
                            panel->side_sub ? panel->side_sub : "");
  g_string_append (out, panel->lanes ? " lanes\n" : "\n");
  dump_axis (out, "x", &panel->x);
  dump_axis (out, "y", &panel->y);
  for (guint i = 0; i < panel->marks->len; i++)
    dump_mark (out, panel->marks->pdata[i]);
  for (guint i = 0; i < panel->rows->len; i++)
    dump_row (out, panel->rows->pdata[i]);
  for (guint i = 0; i < panel->lines->len; i++)
    dump_line_of_forest (out, panel->lines->pdata[i]);
  for (guint i = 0; i < panel->labels->len; i++)
    dump_label (out, "label", panel->labels->pdata[i]);
  for (guint i = 0; i < panel->boxes->len; i++)
    dump_box (out, panel->boxes->pdata[i]);
  for (guint i = 0; i < panel->columns->len; i++)
    dump_column (out, panel->columns->pdata[i]);
}

static void
dump_line (GString *out, const char *name, const char *text)
{
  if (text != NULL)
    g_string_append_printf (out, "  %s: %s\n", name, text);
}

/* The scene as stable text; free with g_free(). */
char *
ktm_scene_dump (const KtmScene *scene)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "scene %s\n", scene->chart);
  dump_line (out, "title", scene->title);
  dump_line (out, "result", scene->result);
  dump_line (out, "caption", scene->caption);
  dump_line (out, "description", scene->description);
  dump_line (out, "band", scene->band);
  for (guint i = 0; i < scene->notes->len; i++)
    {
      const KtmNote *note = scene->notes->pdata[i];

      g_string_append_printf (out, "  note \"%s\"%s", note->text, note->wedge ? " wedge" : "");
      dump_number (out, note->x);
      g_string_append_c (out, '\n');
    }
  for (guint i = 0; i < scene->series->len; i++)
    {
      const KtmSeries *series = scene->series->pdata[i];

      g_string_append_printf (out, "  series %u \"%s\" look %u\n", i, series->label, series->look);
    }
  for (guint i = 0; i < scene->legend->len; i++)
    dump_label (out, "legend", scene->legend->pdata[i]);
  for (guint i = 0; i < scene->panels->len; i++)
    dump_panel (out, scene->panels->pdata[i]);
  if (scene->handle.name != NULL)
    {
      g_string_append_printf (out, "  handle \"%s\"", scene->handle.name);
      dump_number (out, scene->handle.value);
      g_string_append_c (out, '\n');
    }
  g_string_append_printf (out, "  table %u × %u\n", scene->table->len,
                          scene->columns ? g_strv_length (scene->columns) : 0);
  return g_string_free (out, FALSE);
}
