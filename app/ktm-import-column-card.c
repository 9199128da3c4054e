/* app: what the columns of a file mean, and what is in them. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_SHOWN 13

static const struct { KtmColumnRole role; const char *label, *brief; } roles[] = {
  { KTM_COLUMN_LEFT_OUT, N_("Left out"), N_("Left out") },
  { KTM_COLUMN_PATIENT, N_("Patient code"), N_("Patient code") },
  { KTM_COLUMN_VISIT, N_("Visit"), N_("Visit") },
  { KTM_COLUMN_TIME, N_("Time"), N_("Time") },
  { KTM_COLUMN_DATE, N_("Date"), N_("Date") },
  { KTM_COLUMN_INDEX_DATE, N_("Inclusion date"), N_("Date") },
  { KTM_COLUMN_MEASURE, N_("Score"), N_("Score") },
  { KTM_COLUMN_WIDE, N_("Score at several visits"), N_("Score") },
  { KTM_COLUMN_ATTRIBUTE, N_("Attribute"), N_("Attribute") },
  { KTM_COLUMN_HARM_FLAG, N_("Any adverse event"), N_("Harms") },
  { KTM_COLUMN_CENTRE, N_("Centre"), N_("Centre") },
  { KTM_COLUMN_ARM, N_("Arm"), N_("Arm") },
  { KTM_COLUMN_INCLUDED, N_("Included"), N_("Inclusion") },
  { KTM_COLUMN_EXCLUSION_REASON, N_("Reason not included"), N_("Inclusion") },
  { KTM_COLUMN_STOP_TIME, N_("Stop · time"), N_("Early stop") },
  { KTM_COLUMN_STOP_REASON, N_("Stop · reason"), N_("Early stop") },
  { KTM_COLUMN_DRUG, N_("Treatment · drug"), N_("Treatment") },
  { KTM_COLUMN_DOSE, N_("Treatment · dose"), N_("Treatment") },
  { KTM_COLUMN_DURATION, N_("Treatment · duration"), N_("Treatment") },
  { KTM_COLUMN_ROUTE, N_("Treatment · route"), N_("Treatment") },
  { KTM_COLUMN_WITH, N_("Treatment · given with"), N_("Treatment") },
  { KTM_COLUMN_TERM, N_("Event · term"), N_("Event") },
  { KTM_COLUMN_SEVERITY, N_("Event · severity"), N_("Event") },
  { KTM_COLUMN_GRADE, N_("Event · grade"), N_("Event") },
  { KTM_COLUMN_SERIOUS, N_("Event · serious"), N_("Event") },
  { KTM_COLUMN_RELATED, N_("Event · related"), N_("Event") },
  { KTM_COLUMN_LED_TO_STOP, N_("Event · led to stop"), N_("Event") },
  { KTM_COLUMN_RESOLVED, N_("Event · resolved"), N_("Event") },
  { KTM_COLUMN_STUDY, N_("Study"), N_("Study") },
  { KTM_COLUMN_YEAR, N_("Year"), N_("Year") },
  { KTM_COLUMN_N, N_("Patients"), N_("n") },
  { KTM_COLUMN_MEAN, N_("Mean"), N_("Mean") },
  { KTM_COLUMN_SD, N_("SD"), N_("SD") },
  { KTM_COLUMN_EVENTS, N_("Events"), N_("Events") },
  { KTM_COLUMN_EFFECT, N_("Effect"), N_("Effect") },
  { KTM_COLUMN_SE, N_("Standard error"), N_("SE") },
  { KTM_COLUMN_LOW, N_("Effect · lower limit of the 95 % interval"), N_("Interval") },
  { KTM_COLUMN_HIGH, N_("Effect · upper limit of the 95 % interval"), N_("Interval") },
  { KTM_COLUMN_EFFECT_MEASURE, N_("Which effect: MD, SMD, RR, OR or RD"), N_("Effect") },
  { KTM_COLUMN_N2, N_("Control or after · patients"), N_("n") },
  { KTM_COLUMN_MEAN2, N_("Control or after · mean"), N_("Mean") },
  { KTM_COLUMN_SD2, N_("Control or after · SD"), N_("SD") },
  { KTM_COLUMN_EVENTS2, N_("Control or after · events"), N_("Events") },
  { KTM_COLUMN_CORRELATION, N_("Correlation of before and after"), N_("Correlation") },
  { KTM_COLUMN_STUDY_KIND, N_("Kind of study"), N_("Kind") },
  { KTM_COLUMN_NOTE, N_("Note"), N_("Note") },
  { KTM_COLUMN_MODERATOR, N_("Moderator"), N_("Moderator") },
};

/* Roles a column of each kind of table can have, as bits of positions in @roles. */
static gboolean
role_offered (KtmSourceKind kind, KtmColumnRole role, KtmColumnRole now)
{
  if (role == now || role == KTM_COLUMN_LEFT_OUT)
    return TRUE;
  if (kind == KTM_SOURCE_STUDIES)
    return role >= KTM_COLUMN_STUDY || role == KTM_COLUMN_ARM;
  if (role >= KTM_COLUMN_STUDY || role == KTM_COLUMN_WIDE)
    return FALSE;
  if (role >= KTM_COLUMN_TERM)
    return kind == KTM_SOURCE_ADVERSE_EVENTS;
  if (role >= KTM_COLUMN_DRUG)
    return kind == KTM_SOURCE_TREATMENTS || kind == KTM_SOURCE_WIDE;
  if (role == KTM_COLUMN_VISIT || role == KTM_COLUMN_TIME || role == KTM_COLUMN_DATE)
    return kind != KTM_SOURCE_PATIENTS && kind != KTM_SOURCE_WIDE;
  if (role == KTM_COLUMN_MEASURE || role == KTM_COLUMN_HARM_FLAG)
    return kind == KTM_SOURCE_SCORES;
  return role == KTM_COLUMN_PATIENT || role == KTM_COLUMN_ATTRIBUTE || kind == KTM_SOURCE_PATIENTS
         || kind == KTM_SOURCE_WIDE || kind == KTM_SOURCE_SCORES;
}

/* Columns of one score at several visits stand in one line. */
static guint
last_of_group (const KtmSource *source, guint first)
{
  guint last = first;

  while (source->columns[first].role == KTM_COLUMN_WIDE && last + 1 < source->n_columns &&
         source->columns[last + 1].role == KTM_COLUMN_WIDE &&
         strcmp (source->columns[last + 1].target, source->columns[first].target) == 0)
    last++;
  return last;
}

static char *
describe_wide (const KtmSource *source, guint first, guint last)
{
  const KtmColumn *column = &source->columns[first];
  guint n = last - first + 1;

  return g_strdup_printf (ngettext ("%s · %u visit", "%s · %u visits", n), _(column->label), n);
}

char *
ktm_import_describe_role (const KtmSource *source, const KtmColumn *column, gboolean shortly)
{
  const char *name = "";

  if (column->role == KTM_COLUMN_WIDE)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *upper = g_utf8_strup (column->target, -1);
      return g_strdup_printf ("%s · %s", upper,
                              g_ascii_formatd (number, sizeof number, "%.6g", column->time));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (roles[i].role == column->role)
      name = shortly ? roles[i].brief : roles[i].label;
  if (column->role == KTM_COLUMN_MEASURE)
    return g_strdup (_(column->label));
  if (column->role == KTM_COLUMN_ATTRIBUTE && !shortly && column->unit != NULL)
    return g_strdup_printf (_("Attribute · %s, %s"), column->label, column->unit);
  if (column->role == KTM_COLUMN_ATTRIBUTE && !shortly)
    return g_strdup_printf (_("Attribute · %s"), column->label);
  return g_strdup (_(name));
}

static void
role_cb (GtkDropDown *drop, GParamSpec *spec G_GNUC_UNUSED, gpointer data)
{
  const GArray *offered = g_object_get_data (G_OBJECT (drop), "roles");
  guint first = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (drop), "column"));

  ktm_import_dialog_say_role (
      data, first, g_array_index (offered, KtmColumnRole, gtk_drop_down_get_selected (drop)));
}

static GtkWidget *
role_choice (KtmImportDialog *self, const KtmSource *source, guint first, guint last)
{
  const KtmColumn *column = &source->columns[first];
  GtkStringList *list = gtk_string_list_new (NULL);
  GArray *offered = g_array_new (FALSE, FALSE, sizeof (KtmColumnRole));
  guint selected = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (role_offered (source->kind, roles[i].role, column->role))
      {
        g_autofree char *now = roles[i].role != column->role ? NULL
                               : last > first                ? describe_wide (source, first, last)
                                              : ktm_import_describe_role (source, column, FALSE);
        if (roles[i].role == column->role)
          selected = offered->len;
        gtk_string_list_append (list, now != NULL ? now : _(roles[i].label));
        g_array_append_val (offered, roles[i].role);
      }
  GtkWidget *drop = gtk_drop_down_new (G_LIST_MODEL (list), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  g_object_set_data_full (G_OBJECT (drop), "roles", offered, (GDestroyNotify) g_array_unref);
  g_object_set_data (G_OBJECT (drop), "column", GUINT_TO_POINTER (first));
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  column->name, -1);
  gtk_widget_add_css_class (drop, "import-role-choice");
  gtk_widget_set_halign (drop, GTK_ALIGN_START);
  g_signal_connect (drop, "notify::selected", G_CALLBACK (role_cb), self);
  return drop;
}

/* 0 fine, 1 to look at, 2 needs a choice. */
static int
worst_problem (KtmImportState *state, guint first, guint last)
{
  int worst = 0;

  for (guint i = 0; state->checked && ktm_import_get_problem (state->import, i) != NULL; i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (state->import, i);
      if (problem->source == state->source && problem->column >= first + 1
          && problem->column <= last + 1)
        worst = MAX (worst, problem->needs_choice ? 2 : 1);
    }
  return worst;
}

static char *
range_of (const KtmSource *source, guint first, guint last)
{
  const KtmColumn *column = &source->columns[first];
  double low = NAN, high = NAN;
  char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];

  if (column->role == KTM_COLUMN_LEFT_OUT)
    return g_strdup (column->why != NULL ? column->why : "");
  if (column->n_dates * 2 > column->n_filled)
    return g_strdup (source->dialect.date_order == KTM_DATE_DMY   ? _("day/month/year")
                     : source->dialect.date_order == KTM_DATE_MDY ? _("month/day/year")
                                                                  : _("year-month-day"));
  if (column->n_words * 2 > column->n_filled || column->kind == KTM_STORE_CATEGORY)
    if (column->role != KTM_COLUMN_WIDE && column->role != KTM_COLUMN_MEASURE)
      return column->many_levels
                 ? g_strdup_printf (_("more than %u different"), column->levels->len)
                 : g_strdup_printf (ngettext ("%u different", "%u different", column->levels->len),
                                    column->levels->len);
  for (guint i = first; i <= last; i++)
    {
      if (!(source->columns[i].min >= low))
        low = source->columns[i].min;
      if (!(source->columns[i].max <= high))
        high = source->columns[i].max;
    }
  if (isnan (low))
    return g_strdup ("");
  return g_strdup_printf ("%s–%s", g_ascii_formatd (a, sizeof a, "%.6g", low),
                          g_ascii_formatd (b, sizeof b, "%.6g", high));
}

static void
put_text (GtkGrid *grid, int x, int y, const char *text, const char *classes, float align)
{
  GtkWidget *label = ktm_import_label (text, classes);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, strlen (text) > 18 ? text : NULL);
  gtk_grid_attach (grid, label, x, y, 1, 1);
  if (x == 0 || x == 7)
    {
      gtk_widget_set_hexpand (label, TRUE);
      gtk_label_set_width_chars (GTK_LABEL (label),
                                 (int) MIN (g_utf8_strlen (text, -1), x == 0 ? 22 : 16));
    }
  else
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
}

static void
put_number (GtkGrid *grid, int x, int y, guint value, const char *classes)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  put_text (grid, x, y, text, classes, 1);
}

static void
add_line (KtmImportDialog *self, GtkGrid *grid, int y, guint first, guint last)
{
  static const char *const icons[] = { "object-select-symbolic", "dialog-warning-symbolic",
                                       "dialog-warning-symbolic" };
  static const char *const classes[] = { "success", "warning", "error" };
  KtmImportState *state = ktm_import_dialog_get_state (self);
  const KtmSource *source = ktm_import_get_source (state->import, state->source);
  guint filled = 0, empty = 0;
  int worst = worst_problem (state, first, last);
  g_autofree char *name = last > first ? g_strdup_printf ("%s … %s", source->columns[first].name,
                                                          source->columns[last].name)
                                       : g_strdup (source->columns[first].name);
  g_autofree char *range = range_of (source, first, last);

  for (guint i = first; i <= last; i++)
    {
      filled += source->columns[i].n_filled;
      empty += source->columns[i].n_empty;
    }
  put_text (grid, 0, y, name, "heading-small", 0);
  put_text (grid, 1, y, "→", "dim-label", 0.5);
  gtk_grid_attach (grid, role_choice (self, source, first, last), 2, y, 1, 1);
  if (source->columns[first].role == KTM_COLUMN_WIDE
      || source->columns[first].role == KTM_COLUMN_MEASURE)
    gtk_grid_attach (grid, ktm_import_scale_button (self, source, first), 3, y, 1, 1);
  if (last > first)
    put_number (grid, 4, y, last - first + 1, "dim-label number");
  put_number (grid, 5, y, filled, "number");
  put_number (grid, 6, y, empty, "dim-label number");
  put_text (grid, 7, y, range,
            source->columns[first].role == KTM_COLUMN_LEFT_OUT ? "caption dim-label" : "number", 0);
  if (source->columns[first].role != KTM_COLUMN_LEFT_OUT)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (icons[worst]);
      static const char *const says[] = { N_("No problem"), N_("Something to look at"),
                                          N_("Needs a choice") };
      gtk_widget_add_css_class (icon, classes[worst]);
      gtk_widget_set_tooltip_text (icon, _(says[worst]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (says[worst]), -1);
      gtk_grid_attach (grid, icon, 8, y, 1, 1);
    }
}

/* What is shown while not everything is: what matters most, and all that has a problem. */
static int
importance (KtmImportState *state, const KtmSource *source, guint first, guint last)
{
  KtmColumnRole role = source->columns[first].role;

  if (worst_problem (state, first, last) > 0)
    return 3;
  if (role == KTM_COLUMN_PATIENT || role == KTM_COLUMN_WIDE || role == KTM_COLUMN_MEASURE ||
      role == KTM_COLUMN_VISIT || role == KTM_COLUMN_TIME || role == KTM_COLUMN_DATE ||
      source->columns[first].personal)
    return 2;
  return role == KTM_COLUMN_INDEX_DATE || role == KTM_COLUMN_STOP_TIME || role == KTM_COLUMN_TERM ||
         role == KTM_COLUMN_DOSE || role == KTM_COLUMN_ATTRIBUTE;
}

static void
show_all_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_show_all (data);
}

static GtkWidget *
more_line (KtmImportDialog *self, guint n_hidden, const char *names)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *button = gtk_button_new_with_label (_("Show all"));
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u more column mapped without problems (%s)",
                                 "%u more columns mapped without problems (%s)", n_hidden),
                       n_hidden, names);
  GtkWidget *label = ktm_import_label (text, "dim-label caption");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "import-link");
  g_signal_connect (button, "clicked", G_CALLBACK (show_all_cb), self);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), button);
  return line;
}

static GtkGrid *
new_table (void)
{
  static const struct
  {
    const char *text;
    float align;
  } heads[] = { { N_("In the file"), 0 },   { "", 0 },
                { N_("In the cohort"), 0 }, { N_("scale"), 0 },
                { N_("columns"), 1 },       { N_("values"), 1 },
                { N_("empty"), 1 },         { N_("range"), 0 } };
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());

  gtk_grid_set_column_spacing (grid, 14);
  gtk_grid_set_row_spacing (grid, 1);
  for (int i = 0; i < (int) G_N_ELEMENTS (heads); i++)
    put_text (grid, i, 0, *heads[i].text != '\0' ? _ (heads[i].text) : "", "dim-label caption",
              heads[i].align);
  gtk_widget_add_css_class (GTK_WIDGET (grid), "import-columns");
  return grid;
}

GtkWidget *
ktm_import_column_card (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  const KtmSource *source = ktm_import_get_source (state->import, state->source);
  GtkWidget *card = ktm_import_card (_("What the columns mean"),
                                     _("remembered for the next file with these names"));
  GtkGrid *grid = new_table ();
  g_autoptr (GString) hidden_names = g_string_new (NULL);
  gboolean all = ktm_import_dialog_get_show_all (self) || ktm_import_dialog_get_step (self) == 1;
  guint room = MAX_SHOWN, n_hidden = 0, n_important[4] = { 0, 0, 0, 0 };
  int y = 1, least = 0;

  for (guint i = 0; i < source->n_columns; i = last_of_group (source, i) + 1)
    n_important[importance (state, source, i, last_of_group (source, i))]++;
  if (!all && n_important[0] + n_important[1] + n_important[2] + n_important[3] > room)
    least = n_important[1] + n_important[2] + n_important[3] <= room ? 1 : 2;
  for (guint i = 0; i < source->n_columns; i = last_of_group (source, i) + 1)
    {
      guint last = last_of_group (source, i);
      if (!all && importance (state, source, i, last) < least)
        {
          n_hidden += last - i + 1;
          g_string_append_printf (hidden_names, "%s%s", hidden_names->len > 0 ? ", " : "",
                                  source->columns[i].name);
          continue;
        }
      add_line (self, grid, y++, i, last);
    }
  GtkWidget *scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (grid));
  gtk_accessible_update_property (GTK_ACCESSIBLE (scroller), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What the columns mean"), -1);
  gtk_box_append (GTK_BOX (card), scroller);
  for (guint i = 0; i < source->n_columns; i = last_of_group (source, i) + 1)
    {
      GtkWidget *question = ktm_import_direction_row (self, source, i);
      if (question != NULL)
        gtk_box_append (GTK_BOX (card), question);
    }
  if (n_hidden > 0)
    gtk_box_append (GTK_BOX (card), more_line (self, n_hidden, hidden_names->str));
  return card;
}
