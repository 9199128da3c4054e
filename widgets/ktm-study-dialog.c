/* widgets: typing in one published study. */
#include "ktm-study-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ktm-cell.h"
#include "ktm-chart-choices.h"

enum { PATIENTS, MEAN, SD, EVENTS, EFFECT, SE, LOW, HIGH, CORRELATION, N_ROWS };
enum { MEANS, COUNTS, COMPARISON, BEFORE_AFTER, CHANGE, SHARE, N_FORMS };

typedef struct
{
  KtmStudy  *study;                                    /* owned */
  GtkWidget *window, *name, *year, *form, *measure, *problem;
  GtkWidget *heads[2], *labels[N_ROWS], *entries[N_ROWS][2];
} Dialog;

static const char *const row_names[N_ROWS] = {
  N_("Patients"), N_("Mean"),        N_("SD"),          N_("Patients with the event"),
  N_("Effect"),   N_("Standard error"), N_("Lower limit, 95%"), N_("Upper limit, 95%"),
  N_("Correlation of before and after")
};
static const KtmOption form_options[N_FORMS] = {
  { "means", N_("Means of two arms") },
  { "events", N_("Events of two arms") },
  { "effect", N_("Effect and its interval or SE") },
  { "before-after", N_("Means before and after, no control group") },
  { "change", N_("Change and its interval or SE, no control group") },
  { "share", N_("Events, no control group") },
};
static const KtmOption measure_options[] = {
  { "md", N_("Difference of means") }, { "smd", N_("Standardised difference") },
  { "rr", N_("Risk ratio") },          { "or", N_("Odds ratio") },
  { "rd", N_("Risk difference") },
};
/* What a form asks for, a bit a row; and what of it may stay empty. */
static const guint asked[N_FORMS] = {
  1 << PATIENTS | 1 << MEAN | 1 << SD,
  1 << PATIENTS | 1 << EVENTS,
  1 << PATIENTS | 1 << EFFECT | 1 << SE | 1 << LOW | 1 << HIGH,
  1 << PATIENTS | 1 << MEAN | 1 << SD | 1 << CORRELATION,
  1 << PATIENTS | 1 << EFFECT | 1 << SE | 1 << LOW | 1 << HIGH,
  1 << PATIENTS | 1 << EVENTS,
};
#define PRECISION (1 << PATIENTS | 1 << SE | 1 << LOW | 1 << HIGH)
static const guint may_miss[N_FORMS] = { 0, 0, PRECISION, 1 << CORRELATION, PRECISION, 0 };

static int
form_of (Dialog *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->form));

  for (int i = 0; i < N_FORMS; i++)
    if (!g_strcmp0 (id, form_options[i].id))
      return i;
  return MEANS;
}

static gboolean
has_one_column (int form)
{
  return form == COMPARISON || form == CHANGE || form == SHARE;
}

static gboolean
has_control (int form)
{
  return form == MEANS || form == COUNTS || form == COMPARISON;
}

static int
columns_of (int form, int row)
{
  return has_one_column (form) || row == CORRELATION ? 1 : 2;
}

static void
show_form (Dialog *self)
{
  int form = form_of (self);

  gtk_widget_set_visible (self->measure, form == COMPARISON);
  for (int i = 0; i < 2; i++)
    gtk_widget_set_visible (self->heads[i], !has_one_column (form));
  gtk_label_set_text (GTK_LABEL (self->labels[EFFECT]),
                      form == CHANGE ? _("Mean change, after − before") : _(row_names[EFFECT]));
  gtk_label_set_text (GTK_LABEL (self->heads[0]),
                      form == BEFORE_AFTER ? _("Before") : _("Treated"));
  gtk_label_set_text (GTK_LABEL (self->heads[1]), form == BEFORE_AFTER ? _("After") : _("Control"));
  for (int row = 0; row < N_ROWS; row++)
    {
      gboolean shown = (asked[form] >> row) & 1;

      gtk_widget_set_visible (self->labels[row], shown);
      for (int i = 0; i < 2; i++)
        gtk_widget_set_visible (self->entries[row][i], shown && i < columns_of (form, row));
    }
}

/* --- what was typed --------------------------------------------------------------------------- */

/* NaN where the entry is empty; FALSE, with the sentence, where it is no number. */
static gboolean
read_number (GtkWidget *entry, const char *name, double *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (gtk_editable_get_text (GTK_EDITABLE (entry)), "−", -1);
  g_autofree char *text = g_strstrip (g_strjoinv ("-", parts));

  *value = NAN;
  if (*text == '\0'
      || ktm_cell_number (text, strlen (text), strchr (text, ',') ? ',' : '.', value)
             == KTM_CELL_OK)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("%s: “%s” is not a number; type it as 4.6."), name, text);
  gtk_widget_grab_focus (entry);
  return FALSE;
}

static gboolean
read_cell (Dialog *self, int row, int column, double *value, GError **error)
{
  int form = form_of (self);
  const char *name = gtk_label_get_text (GTK_LABEL (self->labels[row]));
  g_autofree char *where =
      columns_of (form, row) == 2
          ? g_strconcat (name, " · ", gtk_label_get_text (GTK_LABEL (self->heads[column])), NULL)
          : g_strdup (name);

  if (!read_number (self->entries[row][column], where, value, error))
    return FALSE;
  if (isnan (*value) && !((may_miss[form] >> row) & 1))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("%s is missing: type the number the paper prints."), where);
  else if ((row == PATIENTS || row == EVENTS) && !isnan (*value) && *value != floor (*value))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("%s: patients are counted in whole numbers."), where);
  else if ((row == PATIENTS || row == SD || row == SE) && *value <= 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("%s must be above 0: type the number the paper prints."), where);
  else
    return TRUE;
  gtk_widget_grab_focus (self->entries[row][column]);
  return FALSE;
}

static gboolean
read_arm (Dialog *self, int column, KtmStudyArmRecord *arm, GError **error)
{
  double *const cells[N_ROWS] = { &arm->n,  &arm->mean, &arm->sd,   &arm->events,     &arm->effect,
                                  &arm->se, &arm->low,  &arm->high, &arm->correlation };
  int form = form_of (self);

  for (int row = 0; row < N_ROWS; row++)
    {
      *cells[row] = NAN;
      if ((asked[form] >> row) & 1 && column < columns_of (form, row)
          && !read_cell (self, row, column, cells[row], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_effect (const KtmStudyArmRecord *arm, GError **error)
{
  gboolean ratio = !g_strcmp0 (arm->measure, "rr") || !g_strcmp0 (arm->measure, "or");

  if (isnan (arm->se) && (isnan (arm->low) || isnan (arm->high)))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("How precise the effect is, is missing: type its standard error, or both limits "
                   "of its 95%% interval."));
  else if (ratio && (arm->effect <= 0 || arm->low <= 0))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("A ratio and its limits are above 0: type the ratio, not its logarithm."));
  else if (arm->effect < arm->low || arm->effect > arm->high)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("The effect lies outside its own interval: type the three numbers as the paper "
                   "prints them."));
  else
    return TRUE;
  return FALSE;
}

/* "Agarwal" of 2000 and "Agarwal" of 2002 are two studies, as in an imported table. */
static char *
dup_name (Dialog *self, double year, GError **error)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))),
                  *digits = g_strdup_printf ("%.0f", year);

  g_strstrip (name);
  if (*name != '\0')
    return isnan (year) || strstr (name, digits) ? g_steal_pointer (&name)
                                                 : g_strconcat (name, " ", digits, NULL);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("Type the name of the study."));
  gtk_widget_grab_focus (self->name);
  return NULL;
}

static gboolean
keep (Dialog *self, GError **error)
{
  static const char *const arms[N_FORMS][2] = {
    { "treated", "control" }, { "treated", "control" }, { NULL, NULL },
    { "before", "after" },    { "change", NULL },       { "all", NULL }
  };
  int form = form_of (self), n = has_one_column (form) ? 1 : 2;
  KtmStudyArmRecord rows[2] = { 0 };
  double year;
  g_autofree char *name = NULL;

  if (!read_number (self->year, _("Year"), &year, error) || !(name = dup_name (self, year, error)))
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      rows[i] = (KtmStudyArmRecord){
        .study = name,
        .arm = arms[form][i],
        .year = year,
        .kind = has_control (form) ? KTM_STUDY_TRIAL : KTM_STUDY_SINGLE_ARM,
        .measure = form == CHANGE       ? "md"
                   : form == COMPARISON ? ktm_choice_get_selected (KTM_CHOICE (self->measure))
                                        : NULL,
      };
      if (!read_arm (self, i, &rows[i], error))
        return FALSE;
    }
  return ((form != COMPARISON && form != CHANGE) || check_effect (&rows[0], error))
         && ktm_study_add_published (self->study, rows, (gsize) n, error);
}

/* --- the window ------------------------------------------------------------------------------- */

static void
add_cb (Dialog *self)
{
  g_autoptr (GError) error = NULL;

  if (keep (self, &error))
    {
      gtk_window_destroy (GTK_WINDOW (self->window));
      return;
    }
  gtk_label_set_text (GTK_LABEL (self->problem), error->message);
  gtk_widget_set_visible (self->problem, TRUE);
}

static void
dialog_free (gpointer data)
{
  Dialog *self = data;

  g_object_unref (self->study);
  g_free (self);
}

static GtkWidget *
new_entry (const char *name, int width)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), width);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), width);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return entry;
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static GtkWidget *
build_table (Dialog *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_attach (GTK_GRID (grid), new_label (_("Study")), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->name = new_entry (_("Name of the study"), 24), 1, 0, 2,
                   1);
  gtk_grid_attach (GTK_GRID (grid), new_label (_("Year")), 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->year = new_entry (_("Year"), 8), 1, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->form, 0, 2, 3, 1);
  gtk_grid_attach (GTK_GRID (grid), self->measure, 0, 3, 3, 1);
  for (int i = 0; i < 2; i++)
    gtk_grid_attach (GTK_GRID (grid), self->heads[i] = new_label (NULL), 1 + i, 4, 1, 1);
  for (int row = 0; row < N_ROWS; row++)
    {
      self->labels[row] = new_label (_(row_names[row]));
      gtk_grid_attach (GTK_GRID (grid), self->labels[row], 0, 5 + row, 1, 1);
      for (int i = 0; i < 2; i++)
        gtk_grid_attach (GTK_GRID (grid),
                         self->entries[row][i] = new_entry (_(row_names[row]), 8), 1 + i, 5 + row,
                         1, 1);
    }
  return grid;
}

static GtkWidget *
build_header (Dialog *self)
{
  GtkWidget *bar = gtk_header_bar_new (), *cancel = gtk_button_new_with_mnemonic (_("Cancel")),
            *add = gtk_button_new_with_label (_("Add"));

  gtk_header_bar_set_show_title_buttons (GTK_HEADER_BAR (bar), FALSE);
  gtk_widget_add_css_class (add, "suggested-action");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_destroy), self->window);
  g_signal_connect_swapped (add, "clicked", G_CALLBACK (add_cb), self);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), cancel);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (bar), add);
  gtk_window_set_default_widget (GTK_WINDOW (self->window), add);
  return bar;
}

static void
add_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

/* @over: a widget of the window the dialog belongs to. */
void
ktm_study_dialog_present (GtkWidget *over, KtmStudy *study)
{
  Dialog *self = g_new0 (Dialog, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->study = g_object_ref (study);
  self->window = gtk_window_new ();
  self->form = ktm_choice_new (_("What it reports"));
  self->measure = ktm_choice_new (_("Effect"));
  self->problem = new_label (NULL);
  ktm_choice_set_table (KTM_CHOICE (self->form), form_options, N_FORMS);
  ktm_choice_set_table (KTM_CHOICE (self->measure), measure_options,
                        G_N_ELEMENTS (measure_options));
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->problem), 44);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (box), build_table (self));
  gtk_box_append (GTK_BOX (box), self->problem);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_window_set_child (GTK_WINDOW (self->window), box);
  gtk_window_set_titlebar (GTK_WINDOW (self->window), build_header (self));
  gtk_window_set_title (GTK_WINDOW (self->window), _("Add a published study"));
  gtk_window_set_modal (GTK_WINDOW (self->window), TRUE);
  gtk_window_set_resizable (GTK_WINDOW (self->window), FALSE);
  gtk_window_set_transient_for (GTK_WINDOW (self->window),
                                GTK_WINDOW (gtk_widget_get_root (over)));
  add_escape (self->window);
  g_signal_connect_swapped (self->form, "notify::selected", G_CALLBACK (show_form), self);
  g_object_set_data_full (G_OBJECT (self->window), "dialog", self, dialog_free);
  show_form (self);
  gtk_window_present (GTK_WINDOW (self->window));
}
