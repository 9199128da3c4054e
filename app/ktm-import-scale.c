/* app: the range and direction of a score, as the import dialog shows and asks them. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef struct
{
  KtmImportDialog *dialog;     /* borrowed: it holds the button */
  guint            column;
  GtkEditable     *low, *high; /* borrowed: in the popover with this */
  GtkDropDown     *better;
  GtkLabel        *wrong;
  GtkPopover      *popover;
} Entries;

static char *
number_text (double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return isnan (value) ? g_strdup ("")
                       : g_strdup (g_ascii_formatd (number, sizeof number, "%.10g", value));
}

/* An empty entry is NaN; a decimal comma is a point.  FALSE: no number. */
static gboolean
number_of (GtkEditable *entry, double *value)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  char *end;

  *value = NAN;
  if (*text == '\0')
    return TRUE;
  g_strdelimit (text, ",", '.');
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && end != text && isfinite (*value);
}

static void
use_cb (GtkWidget *button G_GNUC_UNUSED, gpointer data)
{
  Entries *entries = data;
  double low, high;
  gboolean numbers = number_of (entries->low, &low) & number_of (entries->high, &high);

  if (!numbers || isnan (low) != isnan (high) || low >= high)
    {
      gtk_label_set_text (entries->wrong, _("Give two numbers, the lowest first"));
      gtk_widget_set_visible (GTK_WIDGET (entries->wrong), TRUE);
      return;
    }
  guint column = entries->column;
  gboolean lower = gtk_drop_down_get_selected (entries->better) == 0;
  KtmImportDialog *dialog = entries->dialog;
  gtk_popover_popdown (entries->popover);
  ktm_import_dialog_say_scale (dialog, column, low, high,
                               lower); /* makes the cards anew: nothing of this is left */
}

static GtkWidget *
entry_line (GtkGrid *grid, int y, const char *name, const char *text)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach (grid, ktm_import_label (name, ""), 0, y, 1, 1);
  gtk_grid_attach (grid, entry, 1, y, 1, 1);
  return entry;
}

static GtkWidget *
direction_choice (const char *lower, const char *higher, gboolean lower_better, const char *name)
{
  GtkWidget *drop = gtk_drop_down_new_from_strings ((const char *const[]) { lower, higher, NULL });

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), lower_better ? 0 : 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return drop;
}

static GtkWidget *
new_popover (KtmImportDialog *self, const KtmColumn *column, guint at)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8),
            *grid = gtk_grid_new ();
  GtkWidget *use = gtk_button_new_with_mnemonic (_("_Use this range")),
            *wrong = ktm_import_label ("", "error caption");
  g_autofree char *low = number_text (column->scale_min), *high = number_text (column->scale_max);
  Entries *entries = g_new0 (Entries, 1);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  entries->dialog = self;
  entries->column = at;
  entries->low = GTK_EDITABLE (entry_line (GTK_GRID (grid), 0, _("Lowest value"), low));
  entries->high = GTK_EDITABLE (entry_line (GTK_GRID (grid), 1, _("Highest value"), high));
  entries->better = GTK_DROP_DOWN (direction_choice (_("Lower is better"), _("Higher is better"),
                                                     column->lower_better, _("Direction")));
  entries->wrong = GTK_LABEL (wrong);
  entries->popover = GTK_POPOVER (popover);
  gtk_grid_attach (GTK_GRID (grid), ktm_import_label (_("Direction"), ""), 0, 2, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (entries->better), 1, 2, 1, 1);
  gtk_widget_set_visible (wrong, FALSE);
  gtk_widget_add_css_class (use, "suggested-action");
  gtk_box_append (GTK_BOX (box), ktm_import_label (_(column->label), "heading-small"));
  gtk_box_append (GTK_BOX (box), grid);
  gtk_box_append (GTK_BOX (box), wrong);
  gtk_box_append (GTK_BOX (box), use);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_object_set_data_full (G_OBJECT (popover), "entries", entries, g_free);
  g_signal_connect (use, "clicked", G_CALLBACK (use_cb), entries);
  g_signal_connect (entries->low, "activate", G_CALLBACK (use_cb), entries);
  g_signal_connect (entries->high, "activate", G_CALLBACK (use_cb), entries);
  return popover;
}

GtkWidget *
ktm_import_scale_button (KtmImportDialog *self, const KtmSource *source, guint at)
{
  KtmColumn shown = source->columns[at];  /* borrows its strings */
  KtmImport *import = ktm_import_dialog_get_state (self)->import;
  gboolean fixed = ktm_import_get_scale (import, shown.target, &shown.scale_min, &shown.scale_max,
                                         &shown.lower_better);
  g_autofree char *low = number_text (shown.scale_min), *high = number_text (shown.scale_max);
  const char *better = shown.lower_better ? _("lower is better") : _("higher is better");
  g_autofree char *range = *low == '\0' || *high == '\0' ? g_strdup (_("any value"))
                                                         : g_strdup_printf ("%s–%s", low, high);
  g_autofree char *label = g_strdup_printf ("%s %s", range, shown.lower_better ? "↓" : "↑");
  g_autofree char *tip =
      fixed ? g_strdup_printf (_("%s, %s: as the cohort has it"), range, better)
            : g_strdup_printf (_("%s, %s: change it where that is wrong"), range, better);
  g_autofree char *name = g_strdup_printf (_("Range of %s: %s, %s"), _(shown.label), range, better);
  GtkWidget *button;

  if (fixed)
    button = ktm_import_label (label, "number dim-label");
  else
    {
      button = gtk_menu_button_new ();
      gtk_menu_button_set_label (GTK_MENU_BUTTON (button), label);
      gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), new_popover (self, &shown, at));
      gtk_widget_add_css_class (button, "import-role-choice");
    }
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
direction_cb (GtkDropDown *drop, GParamSpec *spec G_GNUC_UNUSED, gpointer data)
{
  KtmImportDialog *self = data;
  KtmImportState *state = ktm_import_dialog_get_state (self);
  guint at = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (drop), "column"));
  const KtmColumn *column = &ktm_import_get_source (state->import, state->source)->columns[at];

  ktm_import_dialog_say_scale (self, at, column->scale_min, column->scale_max,
                               gtk_drop_down_get_selected (drop) == 0);
}

GtkWidget *
ktm_import_direction_row (KtmImportDialog *self, const KtmSource *source, guint at)
{
  const KtmColumn *column = &source->columns[at];
  KtmImport *import = ktm_import_dialog_get_state (self)->import;
  double min, max;
  gboolean lower;

  if (!ktm_source_asks_direction (column)
      || ktm_import_get_scale (import, column->target, &min, &max, &lower))
    return NULL;
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10),
            *icon = gtk_image_new_from_icon_name ("dialog-question-symbolic");
  g_autofree char *low = number_text (column->scale_min), *high = number_text (column->scale_max);
  g_autofree char *ask = g_strdup_printf (_("%s: %s = very much improved … %s = very much worse?"),
                                          _ (column->label), low, high);
  g_autofree char *yes = g_strdup_printf (_("Yes: %s is best"), low),
                  *no = g_strdup_printf (_("No: %s is best"), high);
  GtkWidget *drop = direction_choice (yes, no, column->lower_better, ask),
            *label = ktm_import_label (ask, "");
  gtk_widget_add_css_class (icon, "warning");
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 20);
  gtk_widget_add_css_class (drop, "import-role-choice");
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (drop), "column", GUINT_TO_POINTER (at));
  g_signal_connect (drop, "notify::selected", G_CALLBACK (direction_cb), self);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), drop);
  gtk_widget_add_css_class (row, "import-question");
  return row;
}
