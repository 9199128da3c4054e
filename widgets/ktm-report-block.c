/* widgets: tables of a report. */
#include "ktm-report-block.h"

#include "ktm-report-view.h"
#include "ktm-share-cell.h"

#include <glib/gi18n.h>
#include <string.h>

static GtkWidget *
new_cell (const char *text, const char *css, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "number");
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

static GtkWidget *
new_head (const KtmReportBlock *table, gsize column, float xalign)
{
  g_autofree char *css = table->palette[column] >= 0
                             ? g_strdup_printf ("series-%d", table->palette[column] % 6)
                             : NULL;
  GtkWidget *head = new_cell (table->heads[column], css, xalign);

  gtk_widget_add_css_class (head, "heading");
  gtk_label_set_wrap (GTK_LABEL (head), TRUE); /* "Age up to 52", "Age above 52" */
  gtk_label_set_lines (GTK_LABEL (head), 3);
  gtk_label_set_justify (GTK_LABEL (head), xalign > 0 ? GTK_JUSTIFY_RIGHT : GTK_JUSTIFY_LEFT);
  gtk_label_set_ellipsize (GTK_LABEL (head), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (
      GTK_LABEL (head),
      MIN (table->n_columns > 3 ? 4 : 6, (int) g_utf8_strlen (table->heads[column], -1)));
  gtk_widget_set_tooltip_text (head, table->heads[column]);
  return head;
}

static GtkWidget *
new_name (const char *text, int palette)
{
  g_autofree char *css = palette >= 0 ? g_strdup_printf ("series-%d", palette % 6) : NULL;
  g_autofree char *capital = ktm_report_capital (text);
  GtkWidget *label = new_cell (capital, css, 0);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 11);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  if (css != NULL)
    gtk_widget_add_css_class (label, "heading");
  return label;
}

/* "25/73 · 34 % [24, 46]" in a column as narrow as its parts: one under the other, the counts in
 * bold. */
static GtkWidget *
new_visit_cell (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " · ", 2);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *rest;
  GString *lines;

  gtk_box_append (GTK_BOX (box), new_cell (parts[0] != NULL ? parts[0] : "", "heading", 1));
  if (parts[0] == NULL || parts[1] == NULL)
    return box;
  lines = g_string_new (parts[1]);
  g_string_replace (lines, " [", "\n[", 1);
  rest = new_cell (lines->str, "dim-label", 1);
  gtk_label_set_justify (GTK_LABEL (rest), GTK_JUSTIFY_RIGHT);
  gtk_widget_add_css_class (rest, "caption");
  gtk_box_append (GTK_BOX (box), rest);
  g_string_free (lines, TRUE);
  return box;
}

static void
set_tooltip (GtkWidget *widget, const KtmReportRow *row)
{
  const KtmLang *lang = ktm_interface_lang ();
  const KtmStatistic *statistic = ktm_statistic_find (row->statistic);
  char *method = ktm_text_render (row->method, lang, 0);
  g_autofree char *tip =
      g_strconcat (statistic != NULL ? ktm_lang_text (lang, statistic->meaning) : "", "\n", method,
                   NULL);

  gtk_widget_set_tooltip_text (widget, tip);
  free (method);
}

/* "Neuropathic: Mild 36 %, Moderate 31 %": a line read aloud. */
static char *
spoken (const KtmReportBlock *table, const KtmReportBlockLine *line)
{
  GString *out = g_string_new (line->label);

  for (gsize k = 0; k < table->n_columns; k++)
    if (line->cells[k][0] != '\0')
      g_string_append_printf (out, "%s%s%s %s %s", k > 0 ? "," : ":",
                              table->corner != NULL ? " " : "",
                              table->corner != NULL ? table->corner : "", table->heads[k],
                              line->cells[k]);
  if (line->aside != NULL)
    g_string_append_printf (out, "; %s %s", table->aside != NULL ? table->aside : "", line->aside);
  return g_string_free (out, FALSE);
}

static void
add_table_line (GtkGrid *grid, int at, const KtmReportBlock *table, const KtmReportBlockLine *line)
{
  GtkWidget *name = new_name (line->label, line->palette);
  g_autofree char *said = spoken (table, line);
  gboolean visits = table->look == KTM_LOOK_VISIT;

  gtk_widget_set_hexpand (name, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (name), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  set_tooltip (name, line->row);
  gtk_grid_attach (grid, name, 0, at, 1, 1);
  if (visits)
    gtk_widget_set_valign (name, GTK_ALIGN_START);
  for (gsize k = 0; k < table->n_columns; k++)
    gtk_grid_attach (grid, visits ? new_visit_cell (line->cells[k])
                                  : new_cell (line->cells[k], NULL, 1),
                     1 + (int) k, at, 1, 1);
  if (line->aside != NULL)
    gtk_grid_attach (grid, new_cell (line->aside, "dim-label", 1), 1 + (int) table->n_columns, at,
                     1, 1);
}

static GtkWidget *
new_table (const KtmReportBlock *table)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_set_row_spacing (GTK_GRID (grid), table->look == KTM_LOOK_VISIT ? 6 : 3);
  if (table->corner != NULL)
    gtk_grid_attach (GTK_GRID (grid), new_cell (table->corner, "dim-label", 0), 0, 0, 1, 1);
  for (gsize k = 0; k < table->n_columns; k++)
    gtk_grid_attach (GTK_GRID (grid), new_head (table, k, 1), 1 + (int) k, 0, 1, 1);
  if (table->has_aside && table->aside != NULL)
    gtk_grid_attach (GTK_GRID (grid), new_cell (table->aside, "dim-label", 1),
                     1 + (int) table->n_columns, 0, 1, 1);
  for (guint i = 0; i < table->lines->len; i++)
    add_table_line (GTK_GRID (grid), 1 + (int) i, table, table->lines->pdata[i]);
  return grid;
}

static void
add_bar_line (GtkGrid *grid, int at, const KtmReportBlock *table, const KtmReportBlockLine *line)
{
  GtkWidget *name = new_name (line->label, -1),
            *bar = ktm_share_cell_new (table->n_columns, line->share, table->palette);
  g_autofree char *n = line->n >= 0 ? g_strdup_printf ("%ld", line->n) : g_strdup (""),
                  *said = spoken (table, line);

  gtk_widget_set_tooltip_text (bar, said);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  set_tooltip (name, line->row);
  gtk_grid_attach (grid, name, 0, at, 1, 1);
  gtk_grid_attach (grid, new_cell (n, "dim-label", 1), 1, at, 1, 1);
  gtk_grid_attach (grid, bar, 2, at, 1, 1);
}

static GtkWidget *
new_bars (const KtmReportBlock *table)
{
  GtkWidget *grid = gtk_grid_new (), *heads = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  for (gsize k = 0; k < table->n_columns; k++)
    gtk_box_append (GTK_BOX (heads), new_head (table, k, 0));
  gtk_grid_attach (GTK_GRID (grid), new_cell (_("row %"), "dim-label", 0), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_cell (_("n"), "dim-label", 1), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), heads, 2, 0, 1, 1);
  for (guint i = 0; i < table->lines->len; i++)
    add_bar_line (GTK_GRID (grid), 1 + (int) i, table, table->lines->pdata[i]);
  return grid;
}

GtkWidget *
ktm_report_block_new (const KtmReportBlock *table)
{
  GtkWidget *grid = table->look == KTM_LOOK_SHARE ? new_bars (table) : new_table (table);

  gtk_widget_add_css_class (grid, "report-cells");
  return grid;
}
