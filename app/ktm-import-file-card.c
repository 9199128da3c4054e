/* app: how a file is read: what was decided and why, and a look at its rows. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

GtkWidget *
ktm_import_label (const char *text, const char *classes)
{
  GtkWidget *label = gtk_label_new (text);
  g_auto (GStrv) each = g_strsplit (classes, " ", -1);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  for (gsize i = 0; each[i] != NULL; i++)
    if (*each[i] != '\0')
      gtk_widget_add_css_class (label, each[i]);
  return label;
}

GtkWidget *
ktm_import_card (const char *title, const char *note)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6),
            *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = ktm_import_label (title, "card-title"),
            *right = ktm_import_label (note, "dim-label caption");

  gtk_widget_set_hexpand (left, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (right), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (head), left);
  gtk_box_append (GTK_BOX (head), right);
  gtk_box_append (GTK_BOX (card), head);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "import-card");
  return card;
}

/* --- tiles ------------------------------------------------------------------------------------ */

typedef struct { const char *id, *label; } Choice;

static void
tile_cb (GtkDropDown *drop, GParamSpec *spec G_GNUC_UNUSED, gpointer data)
{
  const char *key = g_object_get_data (G_OBJECT (drop), "key");
  const Choice *choices = g_object_get_data (G_OBJECT (drop), "choices");

  ktm_import_dialog_say (data, key, choices[gtk_drop_down_get_selected (drop)].id);
}

static GtkWidget *
new_tile (const char *title, GtkWidget *control, const char *why)
{
  GtkWidget *tile = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *evidence = ktm_import_label (why, "dim-label caption");

  gtk_box_append (GTK_BOX (tile), ktm_import_label (title, "dim-label caption"));
  gtk_box_append (GTK_BOX (tile), control);
  gtk_label_set_wrap (GTK_LABEL (evidence), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (evidence), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (evidence), 8);
  gtk_label_set_max_width_chars (GTK_LABEL (evidence), 20);
  gtk_widget_set_valign (evidence, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (evidence, why);
  gtk_box_append (GTK_BOX (tile), evidence);
  gtk_widget_add_css_class (tile, "import-tile");
  gtk_widget_set_hexpand (tile, TRUE);
  return tile;
}

static GtkWidget *
choice_tile (KtmImportDialog *self, const char *title, const char *key, const Choice *choices,
             guint n, guint selected, const char *why)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (list, _(choices[i].label));
  GtkWidget *drop = gtk_drop_down_new (G_LIST_MODEL (list), NULL);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data (G_OBJECT (drop), "key", (gpointer) key);
  g_object_set_data (G_OBJECT (drop), "choices", (gpointer) choices);
  g_signal_connect (drop, "notify::selected", G_CALLBACK (tile_cb), self);
  return new_tile (title, drop, why);
}

static guint
find_choice (const Choice *choices, guint n, const char *id)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (choices[i].id, id) == 0)
      return i;
  return 0;
}

static void
codes_cb (GtkEntry *entry, gpointer data)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (entry), GTK_TYPE_POPOVER);
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));

  gtk_popover_popdown (GTK_POPOVER (popover));
  ktm_import_dialog_say (data, "missing-code", text);
}

/* A number no scale has, often: what a code for missing looks like. */
static char *
missing_evidence (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  guint n = 0;
  const char *value = NULL;

  if (state->checked && ktm_import_get_counts (state->import)->missing_codes > 0)
    {
      guint read = ktm_import_get_counts (state->import)->missing_codes;
      return g_strdup_printf (
          ngettext ("%u cell is read as missing", "%u cells are read as missing", read), read);
    }
  for (guint i = 0; state->checked && ktm_import_get_problem (state->import, i) != NULL; i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (state->import, i);
      if (problem->kind != KTM_PROBLEM_MISSING_CODE || problem->source != state->source)
        continue;
      if (value == NULL)
        value = problem->value;
      n += strcmp (value, problem->value) == 0;
    }
  if (n > 0)
    return g_strdup_printf (
        ngettext ("%s found once, on no scale", "%s found %u times, on no scale", n), value, n);
  return g_strdup (_("type codes that mean missing"));
}

static GtkWidget *
missing_tile (KtmImportDialog *self, const KtmSource *source)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (),
            *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *entry = gtk_entry_new ();
  g_autofree char *codes = NULL, *why = missing_evidence (self);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < source->mapping->missing_codes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const char *) source->mapping->missing_codes->pdata[i]);
  codes = g_string_free (text, FALSE);
  g_autofree char *label =
      *codes == '\0' ? g_strdup (_("empty")) : g_strdup_printf (_("empty, %s"), codes);
  gtk_editable_set_text (GTK_EDITABLE (entry), codes);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "999, -9, NA");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Codes that mean missing, by commas"), -1);
  g_signal_connect (entry, "activate", G_CALLBACK (codes_cb), self);
  gtk_box_append (GTK_BOX (box),
                  ktm_import_label (_("Codes that mean missing, by commas"), "caption"));
  gtk_box_append (GTK_BOX (box), entry);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4),
            *shown = ktm_import_label (label, "");
  gtk_widget_set_hexpand (shown, TRUE);
  gtk_widget_set_hexpand (inside, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (shown), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (inside), shown);
  gtk_box_append (GTK_BOX (inside), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), inside);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Missing values"), -1);
  return new_tile (_("Missing values"), button, why);
}

static char *
layout_evidence (const KtmSource *source)
{
  switch (source->kind)
    {
    case KTM_SOURCE_WIDE:
      {
        const KtmColumn *first = NULL, *last = NULL;
        for (guint i = 0; i < source->n_columns; i++)
          if (source->columns[i].role == KTM_COLUMN_WIDE &&
              (first == NULL || strcmp (source->columns[i].target, first->target) == 0))
            {
              first = first == NULL ? &source->columns[i] : first;
              last = &source->columns[i];
            }
        return first == NULL ? g_strdup (_("one line per patient"))
                             : g_strdup_printf (_("one line per patient, visits %s … %s"),
                                                first->name, last->name);
      }
    case KTM_SOURCE_PATIENTS:
      return g_strdup (_("one line per patient"));
    case KTM_SOURCE_SCORES:
      return g_strdup (_("one line per patient and visit"));
    case KTM_SOURCE_TREATMENTS:
      return g_strdup (_("one line per treatment"));
    case KTM_SOURCE_ADVERSE_EVENTS:
      return g_strdup (_("one line per adverse event"));
    case KTM_SOURCE_STUDIES:
      return g_strdup (_("one line per arm of a published study"));
    default:
      return g_strdup (_("not clear from the columns"));
    }
}

static gboolean
has_times (const KtmSource *source)
{
  return ktm_source_of_role (source, KTM_COLUMN_TIME) != NULL
         || ktm_source_of_role (source, KTM_COLUMN_WIDE) != NULL;
}

static gboolean
unit_is_open (const KtmSource *source)
{
  for (guint i = 0; i < source->hints->len; i++)
    if (g_strcmp0 (source->hints->pdata[i], "--time-unit") == 0)
      return TRUE;
  return FALSE;
}

static GtkWidget *
unit_tile (KtmImportDialog *self, const KtmSource *source)
{
  static const Choice units[] = {
    { "minute", N_("Minutes") }, { "hour", N_("Hours") },   { "day", N_("Days") },
    { "week", N_("Weeks") },     { "month", N_("Months") }, { "year", N_("Years") }
  };
  const KtmColumn *time = ktm_source_of_role (source, KTM_COLUMN_TIME),
                  *wide = ktm_source_of_role (source, KTM_COLUMN_WIDE);
  const char *name = time != NULL ? time->name : wide->name;
  gboolean open = unit_is_open (source), said = source->mapping->time_unit != KTM_TIME_NONE;
  g_autofree char *why = open   ? g_strdup_printf (_("“%s” does not say it: choose"), name)
                         : said ? g_strdup (_("as you chose"))
                                : g_strdup_printf (_("from the name “%s”"), name);

  return choice_tile (self, _("Time unit"), "time-unit", units, G_N_ELEMENTS (units),
                      open ? GTK_INVALID_LIST_POSITION : (guint) source->time_unit - 1, why);
}

static void
add_tiles (KtmImportDialog *self, const KtmSource *source, GtkWidget *card)
{
  static const Choice delimiters[] = { { "comma", N_("Comma ,") },
                                       { "semicolon", N_("Semicolon ;") },
                                       { "tab", N_("Tab") },
                                       { "pipe", N_("Pipe |") } };
  static const Choice marks[] = { { "point", N_("Point") }, { "comma", N_("Comma") } };
  static const Choice encodings[] = { { "UTF-8", N_("UTF-8") },
                                      { "UTF-16LE", N_("UTF-16 LE") },
                                      { "UTF-16BE", N_("UTF-16 BE") },
                                      { "Windows-1252", N_("Windows Latin-1") },
                                      { "ISO-8859-1", N_("ISO Latin-1") } };
  static const Choice orders[] = { { "ymd", N_("Year-month-day") },
                                   { "dmy", N_("Day/month/year") },
                                   { "mdy", N_("Month/day/year") } };
  static const Choice kinds[] = { { "patients", N_("Patients") },
                                  { "scores", N_("Long") },
                                  { "wide", N_("Wide") },
                                  { "treatments", N_("Treatments") },
                                  { "adverse-events", N_("Adverse events") },
                                  { "studies", N_("Studies") } };
  const KtmDialect *d = &source->dialect;
  g_autofree char *layout = layout_evidence (source);
  GtkWidget *flow = gtk_flow_box_new ();
  GtkWidget *tiles[7];
  int n = 3;

  tiles[0] = choice_tile (self, _("Delimiter"), "delimiter", delimiters, 4,
                          find_choice (delimiters, 4, ktm_delimiter_name (d->delimiter)),
                          d->delimiter_why);
  tiles[1] = choice_tile (self, _("Decimal mark"), "decimal", marks, 2, d->decimal == ',',
                          d->decimal_why);
  tiles[2] = choice_tile (self, _("Encoding"), "encoding", encodings, 5,
                          find_choice (encodings, 5, ktm_encoding_name (source->text.encoding)),
                          d->encoding_why);
  if (d->date_order != KTM_DATE_AUTO || d->dates_unclear || !has_times (source))
    tiles[n++] = choice_tile (self, _("Dates"), "date-order", orders, 3,
                              d->date_order == KTM_DATE_DMY   ? 1
                              : d->date_order == KTM_DATE_MDY ? 2
                                                              : 0,
                              d->dates_why);
  if (has_times (source))
    tiles[n++] = unit_tile (self, source);
  tiles[n++] = missing_tile (self, source);
  tiles[n++] = choice_tile (self, _("Layout"), "as", kinds, 6,
                            source->kind == KTM_SOURCE_AUTO
                                ? GTK_INVALID_LIST_POSITION
                                : find_choice (kinds, 6, ktm_source_kind_name (source->kind)),
                            layout);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (flow), 3);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), n > 6 ? 4 : 6);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 8);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 8);
  for (int i = 0; i < n; i++)
    {
      gtk_flow_box_append (GTK_FLOW_BOX (flow), tiles[i]);
      gtk_widget_set_focusable (gtk_widget_get_parent (tiles[i]),
                                FALSE); /* the drop-down inside takes the focus */
    }
  gtk_box_append (GTK_BOX (card), flow);
}

/* --- rows ------------------------------------------------------------------------------------- */

static const KtmProblem *
problem_at (KtmImportState *state, guint line, guint column)
{
  for (guint i = 0; state->checked && ktm_import_get_problem (state->import, i) != NULL; i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (state->import, i);
      if (problem->source == state->source && problem->line == line && problem->column == column)
        return problem;
    }
  return NULL;
}

static GtkWidget *
cell_label (const char *text, gboolean number, const KtmProblem *problem)
{
  gboolean empty = text == NULL || *text == '\0';
  GtkWidget *label =
      ktm_import_label (empty ? _("empty") : text, empty ? "dim-label caption" : "number");

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (!empty && g_utf8_strlen (text, -1) > 22)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 20);
    }
  gtk_widget_add_css_class (label, "import-cell");
  if (problem != NULL)
    {
      g_autofree char *reason = ktm_problem_dup_reason (problem);
      gtk_widget_add_css_class (label, problem->needs_choice ? "bad" : "doubtful");
      gtk_widget_set_tooltip_text (label, reason);
    }
  return label;
}

static void
add_header (GtkGrid *grid, const KtmSource *source, const guint *shown, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const KtmColumn *column = &source->columns[shown[i]];
      g_autofree char *role = ktm_import_describe_role (source, column, TRUE);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
                *name = ktm_import_label (column->name, "caption-heading");
      GtkWidget *above = ktm_import_label (
          role, column->role == KTM_COLUMN_LEFT_OUT ? "caption dim-label" : "caption import-role");
      gboolean number = column->n_numbers * 2 > column->n_filled;
      gtk_label_set_xalign (GTK_LABEL (above), number);
      gtk_label_set_xalign (GTK_LABEL (name), number);
      if (g_utf8_strlen (column->name, -1) > 18)
        {
          gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
          gtk_label_set_width_chars (GTK_LABEL (name), 16);
        }
      gtk_box_append (GTK_BOX (box), above);
      gtk_box_append (GTK_BOX (box), name);
      gtk_widget_add_css_class (box, "import-cell");
      gtk_grid_attach (grid, box, (int) i + 1, 0, 1, 1);
    }
}

static void
add_row (GtkGrid *grid, KtmImportState *state, guint at, int y, const guint *shown, guint n)
{
  const KtmSource *source = ktm_import_get_source (state->import, state->source);
  guint line = g_array_index (state->lines, guint, at);
  char **cells = state->rows->pdata[at];
  guint n_cells = g_strv_length (cells);
  g_autofree char *number = g_strdup_printf ("%u", line);
  GtkWidget *first = ktm_import_label (number, "dim-label caption number import-line");

  gtk_label_set_xalign (GTK_LABEL (first), 1);
  gtk_grid_attach (grid, first, 0, y, 1, 1);
  for (guint i = 0; i < n; i++)
    {
      const KtmColumn *column = &source->columns[shown[i]];
      const KtmProblem *problem = problem_at (state, line, shown[i] + 1);
      gtk_grid_attach (grid,
                       cell_label (shown[i] < n_cells ? cells[shown[i]] : "",
                                   column->n_numbers * 2 > column->n_filled, problem),
                       (int) i + 1, y, 1, 1);
    }
}

/* How much a column deserves to be seen: the code, what has a problem, then when and what; the
 * window is no spreadsheet. */
static int
interest (KtmImportState *state, const KtmSource *source, guint i, guint n_wide)
{
  const KtmColumn *column = &source->columns[i];

  if (column->role == KTM_COLUMN_PATIENT)
    return 100;
  for (guint k = 0; state->checked && ktm_import_get_problem (state->import, k) != NULL; k++)
    if (ktm_import_get_problem (state->import, k)->source == state->source &&
        ktm_import_get_problem (state->import, k)->column == i + 1)
      return 90;
  switch (column->role)
    {
    case KTM_COLUMN_VISIT:
    case KTM_COLUMN_TIME:
    case KTM_COLUMN_DATE:
    case KTM_COLUMN_MEASURE:
    case KTM_COLUMN_TERM:
      return 80;
    case KTM_COLUMN_WIDE:
      return n_wide < 3 ? 70 : 10;
    case KTM_COLUMN_ATTRIBUTE:
      return 60;
    case KTM_COLUMN_LEFT_OUT:
      return 5;
    default:
      return 40;
    }
}

/* The most interesting columns that fit into about @room letters, in the order of the file. */
static guint
shown_columns (KtmImportState *state, const KtmSource *source, guint *shown, guint n_max,
               guint room)
{
  g_autofree int *scores = g_new0 (int, source->n_columns);
  guint n = 0, n_wide = 0, used = 0;

  for (guint i = 0; i < source->n_columns; i++)
    {
      scores[i] = interest (state, source, i, n_wide);
      n_wide += source->columns[i].role == KTM_COLUMN_WIDE;
    }
  for (int level = 100; level > 0; level--)
    for (guint i = 0; i < source->n_columns; i++)
      if (scores[i] == level)
        {
          guint width = 3 + MIN (18, MAX (8, g_utf8_strlen (source->columns[i].name, -1)));
          gboolean fits = n < n_max && (n < 3 || used + width <= room);
          scores[i] = fits ? -1 : 0;
          n += fits;
          used += fits ? width : 0;
        }
  n = 0;
  for (guint i = 0; i < source->n_columns; i++)
    if (scores[i] < 0)
      shown[n++] = i;
  return n;
}

GtkWidget *
ktm_import_file_card (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  const KtmSource *source = ktm_import_get_source (state->import, state->source);
  GtkWidget *card = ktm_import_card (_("How the file is read"),
                                     _("detected; change anything, the preview follows"));
  GtkWidget *scroller = gtk_scrolled_window_new (), *grid = gtk_grid_new ();
  guint shown[40],
      n = shown_columns (state, source, shown, G_N_ELEMENTS (shown),
                         ktm_import_dialog_get_step (self) == 0 ? 190 : 135),
      last = 0;
  int y = 1;

  add_tiles (self, source, card);
  gtk_widget_add_css_class (grid, "import-preview");
  add_header (GTK_GRID (grid), source, shown, n);
  for (guint i = 0; state->rows != NULL && i < state->lines->len; i++)
    {
      guint line = g_array_index (state->lines, guint, i);
      if (state->rows->pdata[i] == NULL)
        continue;
      if (last > 0 && line > last + 1)
        {
          GtkWidget *gap = ktm_import_label ("⋮", "dim-label import-line import-gap");
          gtk_label_set_xalign (GTK_LABEL (gap), 1);
          gtk_grid_attach (GTK_GRID (grid), gap, 0, y++, 1, 1);
        }
      add_row (GTK_GRID (grid), state, i, y++, shown, n);
      last = line;
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), grid);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scroller), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("The first rows and those with a problem"), -1);
  gtk_box_append (GTK_BOX (card), scroller);
  return card;
}
