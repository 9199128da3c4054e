/* widgets: one report as cards. */
#include "ktm-report-view.h"

#include "ktm-interval-cell.h"
#include "ktm-report-block.h"
#include "ktm-report-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _KtmReportView
{
  GtkWidget  parent_instance;
  GtkWidget *cards;  /* child */
  gboolean   figure_buttons, filling;
  int        in_figure;
};

G_DEFINE_FINAL_TYPE (KtmReportView, ktm_report_view, GTK_TYPE_WIDGET)

const KtmLang *
ktm_interface_lang (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] != NULL ? ktm_lang_find (names[0]) : NULL;
}

/* --- small parts ------------------------------------------------------------------------------ */

static GtkWidget *
new_label (const char *text, const char *css, float xalign, gboolean wrap)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  if (wrap)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_width_chars (GTK_LABEL (label), 12);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
    }
  return label;
}

/* No line may end inside "p = .15" or before "%". */
static char *
keep_together (const char *text)
{
  static const struct { const char *from, *to;
  } pairs[] = {
    { "p = ", "p\u00a0=\u00a0" }, { "p < ", "p\u00a0<\u00a0" },
    { "p > ", "p\u00a0>\u00a0" }, { " %", "\u00a0%" },
    { "= .", "=\u00a0." },        { "\u00a0.", "\u00a0\u2060.\u2060" },
  };
  GString *out = g_string_new (text);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (out, pairs[i].from, pairs[i].to, 0);
  return g_string_free (out, FALSE);
}

static GtkWidget *
new_text (const KtmText *text, const char *css)
{
  g_autofree char *said = ktm_text_render (text, ktm_interface_lang (), 0),
                  *kept = keep_together (said);

  return new_label (kept, css, 0, TRUE);
}

/* "Cohen's d_av" with a real subscript. */
static char *
label_markup (const char *text)
{
  static const char *const names[] = { "d_av", "d_z", "d_rm", "g_av", "g_z", "g_rm" };
  GString *out = g_string_new (NULL);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *with = g_strdup_printf ("%c<sub>%s</sub>", names[i][0], names[i] + 2);

      g_string_replace (out, names[i], with, 0);
    }
  return g_string_free (out, FALSE);
}

char *
ktm_report_capital (const char *text)
{
  gunichar first = g_utf8_get_char (text);
  char upper[8] = { 0 };

  if (first == 0 || !g_unichar_islower (first)
      || !g_unichar_islower (g_utf8_get_char (g_utf8_next_char (text))))
    return g_strdup (text);
  g_unichar_to_utf8 (g_unichar_totitle (first), upper);
  return g_strconcat (upper, g_utf8_next_char (text), NULL);
}

static GtkWidget *
new_name (const char *text)
{
  g_autofree char *capital = ktm_report_capital (text),
                  *markup = label_markup (capital);
  GtkWidget *label = new_label (NULL, NULL, 0, TRUE);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  return label;
}

/* Returns the box its lines go to: the card, or what its title unfolds. */
static GtkWidget *
add_card (KtmReportView *self, const char *title, const char *subtitle, gboolean folded)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *lines = card,
            *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = new_label (NULL, "card-title", 0, TRUE),
            *beside = new_label (NULL, "caption", 1, TRUE);
  g_autofree char *markup = label_markup (title),
                  *beside_markup = label_markup (subtitle != NULL ? subtitle : "");

  gtk_label_set_markup (GTK_LABEL (name), markup);
  gtk_label_set_markup (GTK_LABEL (beside), beside_markup);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "result-card");
  gtk_widget_add_css_class (beside, "dim-label");
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_set_valign (name, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (beside, GTK_ALIGN_BASELINE);
  gtk_label_set_justify (GTK_LABEL (beside), GTK_JUSTIFY_RIGHT);
  gtk_box_append (GTK_BOX (head), name);
  if (subtitle != NULL && *subtitle != '\0')
    gtk_box_append (GTK_BOX (head), beside);
  if (folded)
    {
      GtkWidget *expander = gtk_expander_new (NULL);

      lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
      gtk_widget_set_margin_top (lines, 6);
      gtk_expander_set_label_widget (GTK_EXPANDER (expander), head);
      gtk_expander_set_child (GTK_EXPANDER (expander), lines);
      gtk_widget_set_hexpand (head, TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      title, -1);
      head = expander;
    }
  gtk_box_append (GTK_BOX (card), head);
  gtk_accessible_update_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (GTK_BOX (self->cards), card);
  return lines;
}

static void
add_headline (GtkWidget *card, const KtmReport *report, const KtmReportRow *row)
{
  const KtmLang *lang = ktm_interface_lang ();
  g_autofree char *big = ktm_report_row_big (row, lang, 0),
                  *unit = ktm_report_row_unit (report, row, lang);
  g_autofree char *interval = ktm_report_row_interval (row, lang, 0), *rest = NULL;
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *number = new_label (big, "result-big", 0, FALSE), *beside;

  rest = g_strstrip (g_strconcat (unit, unit[0] != '\0' ? "  " : "", interval, NULL));
  beside = new_label (rest, "dim-label", 0, TRUE);
  gtk_widget_set_valign (number, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (beside, GTK_ALIGN_BASELINE);
  gtk_widget_set_hexpand (beside, TRUE);
  gtk_box_append (GTK_BOX (line), number);
  gtk_box_append (GTK_BOX (line), beside);
  gtk_box_append (GTK_BOX (card), line);
}

static void
set_tooltip (GtkWidget *widget, const KtmReportRow *row)
{
  const KtmLang *lang = ktm_interface_lang ();
  const KtmStatistic *statistic = ktm_statistic_find (row->statistic);
  g_autofree char *method = ktm_text_render (row->method, lang, 0),
                  *note = ktm_text_render (row->note, lang, 0), *tip = NULL;

  tip = g_strconcat (statistic != NULL ? ktm_lang_text (lang, statistic->meaning) : "", "\n",
                     method, note[0] != '\0' ? "\n" : "", note, NULL);
  gtk_widget_set_tooltip_text (widget, tip);
}

static void
add_row (GtkWidget *card, const KtmReport *report, const KtmReportRow *row)
{
  const KtmLang *lang = ktm_interface_lang ();
  g_autofree char *name = ktm_report_row_label (report, row, lang, 0),
                  *said = ktm_report_row_value (report, row, lang, 0),
                  *value = g_utf8_strlen (said, -1) > 28 ? keep_together (said) : g_strdup (said);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8),
            *number = new_label (value, "result-value", 1, g_utf8_strlen (value, -1) > 28);

  gtk_label_set_justify (GTK_LABEL (number), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_valign (number, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), new_name (name));
  gtk_box_append (GTK_BOX (line), number);
  set_tooltip (line, row);
  gtk_box_append (GTK_BOX (card), line);
}

/* --- intervals drawn -------------------------------------------------------------------------- */

#define LONG_NAME 34 /* such names have a line of their own */

typedef struct
{
  gsize  n;
  double from, to, reference;
  gboolean log, long_names;
} Forest;

static gboolean
is_forest_row (const KtmReportRow *row, gsize card)
{
  const KtmStatistic *s = ktm_statistic_find (row->statistic);

  return row->card == card && row->rank == KTM_RANK_SHOWN && row->value == NULL && s != NULL
         && row->look == KTM_LOOK_LINE && !isnan (row->estimate)
         && (s->unit == KTM_UNIT_POINTS || s->unit == KTM_UNIT_NONE || s->unit == KTM_UNIT_RATIO
             || s->unit == KTM_UNIT_PERCENT)
         && !isnan (row->low) && !isnan (row->high);
}

/* A card whose shown rows are mostly one effect in several groups, visits or predictors is drawn as
 * a forest. */
static gboolean
plan_forest (const KtmReport *report, gsize card, Forest *out)
{
  const char *statistic = NULL;
  double low = INFINITY, high = -INFINITY;

  *out = (Forest) { 0 };
  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];

      if (!is_forest_row (row, card))
        continue;
      if (statistic != NULL && strcmp (statistic, row->statistic) != 0)
        return FALSE;
      statistic = row->statistic;
      out->log = ktm_statistic_find (statistic)->unit == KTM_UNIT_RATIO;
      low = MIN (low, row->low);
      high = MAX (high, row->high);
      out->n++;
    }
  out->reference = out->log ? 1 : 0;
  out->from = MIN (low, out->reference);
  out->to = MAX (high, out->reference);
  if (out->log && out->from <= 0)
    out->from = 0.01;
  return out->n >= 3 && isfinite (out->from) && isfinite (out->to);
}

/* One huge interval must not squeeze the others: the scale ends where the median row's intervals
 * would fit four times. */
static void
trim_forest (const KtmReport *report, gsize card, Forest *forest)
{
  double widest = 0, narrow = INFINITY;

  for (gsize i = 0; i < report->n_rows; i++)
    if (is_forest_row (&report->rows[i], card))
      {
        double width = report->rows[i].high - report->rows[i].low;

        widest = MAX (widest, width);
        narrow = MIN (narrow, width);
      }
  if (forest->log)
    {
      forest->from = MAX (forest->from, 0.05);
      forest->to = MIN (forest->to, 20);
    }
  else if (widest > 12 * narrow && narrow > 0)
    {
      forest->from = MAX (forest->from, -12 * narrow);
      forest->to = MIN (forest->to, 12 * narrow);
    }
}

static void
add_forest_row (GtkGrid *grid, int at, const KtmReport *report, const KtmReportRow *row,
                const Forest *forest, int series)
{
  const KtmLang *lang = ktm_interface_lang ();
  g_autofree char *name = ktm_report_row_label (report, row, lang, 0),
                  *value = ktm_report_row_value (report, row, lang, 0);
  g_autofree char *n = row->n >= 0 && strstr (name, "n = ") == NULL
                           ? g_strdup_printf ("%ld", row->n)
                           : g_strdup ("");
  GtkWidget *label = new_name (name), *count = new_label (n, "number", 1, FALSE),
            *number = new_label (value, "number", 1, FALSE);
  GtkWidget *cell = ktm_interval_cell_new (row->estimate, row->low, row->high, forest->from,
                                           forest->to, forest->reference, forest->log, series);

  gtk_widget_set_hexpand (label, FALSE);
  if (!forest->long_names)
    gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (number, "dim-label");
  if (series < 0)
    gtk_widget_add_css_class (label, "heading");
  set_tooltip (label, row);
  if (forest->long_names)
    gtk_grid_attach (grid, label, 0, 2 * at, 4, 1);
  else
    gtk_grid_attach (grid, label, 0, 2 * at + 1, 1, 1);
  gtk_grid_attach (grid, count, 1, 2 * at + 1, 1, 1);
  gtk_grid_attach (grid, cell, 2, 2 * at + 1, 1, 1);
  gtk_grid_attach (grid, number, 3, 2 * at + 1, 1, 1);
}

static gboolean
has_long_names (const KtmReport *report, gsize card)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (is_forest_row (&report->rows[i], card))
      {
        g_autofree char *name =
            ktm_report_row_label (report, &report->rows[i], ktm_interface_lang (), 0);

        if (g_utf8_strlen (name, -1) > LONG_NAME)
          return TRUE;
      }
  return FALSE;
}

static void
add_forest (GtkWidget *card_box, const KtmReport *report, gsize card, Forest *forest)
{
  GtkWidget *grid = gtk_grid_new ();
  int at = 0, series = 0;
  gboolean grouped = FALSE;

  trim_forest (report, card, forest);
  forest->long_names = has_long_names (report, card);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  for (gsize i = 0; i < report->n_rows; i++)
    grouped = grouped || (is_forest_row (&report->rows[i], card) && report->rows[i].group != NULL);
  for (gsize i = 0; i < report->n_rows; i++)
    if (is_forest_row (&report->rows[i], card))
      {
        gboolean all = grouped && report->rows[i].group == NULL;

        add_forest_row (GTK_GRID (grid), at++, report, &report->rows[i], forest,
                        report->rows[i].palette >= 0                ? report->rows[i].palette
                        : all                                       ? -1
                        : grouped && report->rows[i].versus == NULL ? series++
                                                                    : 0);
      }
  gtk_box_append (GTK_BOX (card_box), grid);
}

/* --- groups as columns ------------------------------------------------------------------------ */

/* Wider than the pane it scrolls sideways. */
static gboolean
add_table (GtkWidget *card_box, const KtmReport *report, gsize card)
{
  KtmReportTable table;
  GtkWidget *grid, *scroller;

  if (!ktm_report_card_table (report, card, ktm_interface_lang (), 0, &table))
    return FALSE;
  grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  for (gsize r = 0; r < table.n_rows; r++)
    gtk_grid_attach (GTK_GRID (grid), new_name (table.labels[r]), 0, (int) r + 1, 1, 1);
  for (gsize c = 0; c < table.n_columns; c++)
    {
      gtk_grid_attach (GTK_GRID (grid), new_label (table.heads[c], "heading", 1, FALSE),
                       (int) c + 1, 0, 1, 1);
      for (gsize r = 0; r < table.n_rows; r++)
        gtk_grid_attach (GTK_GRID (grid),
                         new_label (table.cells[r * table.n_columns + c], "number", 1, FALSE),
                         (int) c + 1, (int) r + 1, 1, 1);
    }
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), grid);
  gtk_box_append (GTK_BOX (card_box), scroller);
  ktm_report_table_clear (&table);
  return TRUE;
}

/* --- a card ----------------------------------------------------------------------------------- */

static void
add_warning (GtkWidget *card, const KtmText *text)
{
  GtkWidget *label = new_text (text, "result-warning");
  g_autofree char *said = ktm_text_render (text, ktm_interface_lang (), 0);
  g_autofree char *spoken = g_strdup_printf (_("Warning: %s"), said);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_box_append (GTK_BOX (card), label);
}

static void
figure_toggled_cb (GtkToggleButton *button, KtmReportView *self)
{
  guint card = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "ktm-card"));

  if (!self->filling)
    g_signal_emit_by_name (self, "figure-toggled", card, gtk_toggle_button_get_active (button));
}

static void
add_figure_button (KtmReportView *self, GtkWidget *box, const KtmReport *report, gsize card)
{
  KtmText *line = self->figure_buttons ? ktm_report_card_line (report, card) : NULL;
  GtkWidget *button;

  if (line == NULL)
    return;
  g_autofree char *said = ktm_text_render (line, ktm_interface_lang (), 0),
                  *tip = g_strdup_printf (_("Print under the chart: %s"), said);

  ktm_text_free (line);
  button = gtk_toggle_button_new_with_label (_("Add to figure"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "caption");
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_tooltip_text (button, tip);
  g_object_set_data (G_OBJECT (button), "ktm-card", GUINT_TO_POINTER ((guint) card));
  g_object_set_data (G_OBJECT (button), "ktm-figure", button);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), self->in_figure == (int) card);
  g_signal_connect (button, "toggled", G_CALLBACK (figure_toggled_cb), self);
  gtk_box_append (GTK_BOX (box), button);
}

static void
update_figure_buttons (KtmReportView *self, GtkWidget *root)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_object_get_data (G_OBJECT (child), "ktm-figure") == child)
      gtk_toggle_button_set_active (
          GTK_TOGGLE_BUTTON (child),
          self->in_figure == GPOINTER_TO_INT (g_object_get_data (G_OBJECT (child), "ktm-card")));
    else
      update_figure_buttons (self, child);
}

/* Lines and tables, in the order of the rows: a table stands where its first row does. */
static void
add_rows (GtkWidget *box, const KtmReport *report, gsize card, gboolean drawn)
{
  g_autoptr(GPtrArray) blocks = ktm_report_blocks (report, card, ktm_interface_lang (), 0);
  guint next = 0;

  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];
      const KtmReportBlock *block = next < blocks->len ? blocks->pdata[next] : NULL;

      if (block != NULL && ((KtmReportBlockLine *) block->lines->pdata[0])->row == row)
        {
          gtk_box_append (GTK_BOX (box), ktm_report_block_new (block));
          next++;
        }
      else if (row->card == card && row->rank == KTM_RANK_SHOWN && !ktm_report_row_in_block (row)
               && !(drawn && is_forest_row (row, card)))
        add_row (box, report, row);
    }
}

static void
add_report_card (KtmReportView *self, const KtmReport *report, gsize index)
{
  const KtmReportCard *card = &report->cards[index];
  const KtmLang *lang = ktm_interface_lang ();
  g_autofree char *title = ktm_text_render (card->title, lang, 0),
                  *subtitle = ktm_text_render (card->subtitle, lang, 0);
  GtkWidget *box = add_card (self, title, subtitle, card->folded);
  Forest forest;
  gboolean drawn = plan_forest (report, index, &forest);

  for (gsize i = 0; i < report->n_rows; i++)
    if (report->rows[i].card == index && report->rows[i].rank == KTM_RANK_HEADLINE
        && !isnan (report->rows[i].estimate))
      add_headline (box, report, &report->rows[i]);
  if (drawn)
    add_forest (box, report, index, &forest);
  if (!add_table (box, report, index))
    add_rows (box, report, index, drawn);
  if (card->sentence != NULL)
    gtk_box_append (GTK_BOX (box), new_text (card->sentence, "result-sentence"));
  for (gsize i = 0; i < card->n_warnings; i++)
    add_warning (box, card->warnings[i]);
  for (gsize i = 0; i < card->n_notes; i++)
    {
      GtkWidget *note = new_text (card->notes[i], "caption");

      gtk_widget_add_css_class (note, "dim-label");
      gtk_box_append (GTK_BOX (box), note);
    }
  add_figure_button (self, box, report, index);
}

static void
clear (KtmReportView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->cards)) != NULL)
    gtk_box_remove (GTK_BOX (self->cards), child);
}

static void
ktm_report_view_dispose (GObject *object)
{
  KtmReportView *self = KTM_REPORT_VIEW (object);

  g_clear_pointer (&self->cards, gtk_widget_unparent);
  G_OBJECT_CLASS (ktm_report_view_parent_class)->dispose (object);
}

static void
ktm_report_view_class_init (KtmReportViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_report_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "reportview");
  g_signal_new ("figure-toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
}

static void
ktm_report_view_init (KtmReportView *self)
{
  self->in_figure = -1;
  self->cards = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->cards, GTK_WIDGET (self));
}

GtkWidget *
ktm_report_view_new (void)
{
  return g_object_new (KTM_TYPE_REPORT_VIEW, NULL);
}

void
ktm_report_view_set_report (KtmReportView *self, const KtmReport *report)
{
  g_return_if_fail (KTM_IS_REPORT_VIEW (self) && report != NULL);
  clear (self);
  for (gsize i = 0; i < report->n_cards; i++)
    add_report_card (self, report, i);
}

void
ktm_report_view_clear (KtmReportView *self)
{
  g_return_if_fail (KTM_IS_REPORT_VIEW (self));
  clear (self);
}

void
ktm_report_view_set_message (KtmReportView *self, const char *title, const char *message)
{
  GtkWidget *card;

  g_return_if_fail (KTM_IS_REPORT_VIEW (self));
  clear (self);
  card = add_card (self, title, NULL, FALSE);
  gtk_box_append (GTK_BOX (card), new_label (message, "dim-label", 0, TRUE));
}

void
ktm_report_view_set_figure_buttons (KtmReportView *self, gboolean shown)
{
  g_return_if_fail (KTM_IS_REPORT_VIEW (self));
  self->figure_buttons = shown;
}

void
ktm_report_view_set_in_figure (KtmReportView *self, int card)
{
  g_return_if_fail (KTM_IS_REPORT_VIEW (self));
  self->in_figure = card;
  self->filling = TRUE;
  update_figure_buttons (self, self->cards);
  self->filling = FALSE;
}
