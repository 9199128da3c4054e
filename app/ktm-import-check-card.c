/* app: what is wrong with the files, what the import would change, what of a person was left out.
 */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_ROWS 200

static void
choice_cb (GtkDropDown *drop, GParamSpec *spec G_GNUC_UNUSED, gpointer data)
{
  const GArray *offered = g_object_get_data (G_OBJECT (drop), "choices");
  guint problem = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (drop), "problem"));

  ktm_import_dialog_choose (data, problem,
                            g_array_index (offered, KtmDo, gtk_drop_down_get_selected (drop)));
}

static GtkWidget *
choice_of (KtmImportDialog *self, const KtmProblem *problem, guint at)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  GArray *offered = g_array_new (FALSE, FALSE, sizeof (KtmDo));
  guint selected = 0;

  for (int act = 0; act < KTM_N_DOS; act++)
    if ((problem->choices & (1u << act)) != 0)
      {
        g_autofree char *label = ktm_problem_dup_choice (problem, (KtmDo) act);
        KtmDo done = (KtmDo) act;
        if (done == problem->choice)
          selected = offered->len;
        gtk_string_list_append (list, label);
        g_array_append_val (offered, done);
      }
  GtkWidget *drop = gtk_drop_down_new (G_LIST_MODEL (list), NULL);
  g_autofree char *name =
      g_strdup_printf (_("What to do about line %u, %s"), problem->line, problem->column_name);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (drop), "choices", offered, (GDestroyNotify) g_array_unref);
  g_object_set_data (G_OBJECT (drop), "problem", GUINT_TO_POINTER (at));
  gtk_widget_add_css_class (drop, "import-role-choice");
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  g_signal_connect (drop, "notify::selected", G_CALLBACK (choice_cb), self);
  return drop;
}

static GtkWidget *
problem_row (KtmImportDialog *self, guint at)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  const KtmProblem *problem = ktm_import_get_problem (state->import, at);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10),
            *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  g_autofree char *line = g_strdup_printf ("%u", problem->line),
                  *reason = ktm_problem_dup_reason (problem);
  g_autofree char *where =
      ktm_import_n_sources (state->import) < 2
          ? NULL
          : g_strdup_printf ("%s · %s",
                             ktm_import_get_source (state->import, problem->source)->name, reason);
  GtkWidget *number = ktm_import_label (line, "number heading-small"),
            *column = ktm_import_label (
                problem->column > 0 ? problem->column_name : _("The whole line"), "heading-small");
  GtkWidget *why = ktm_import_label (where != NULL ? where : reason, "dim-label caption"),
            *value = ktm_import_label (problem->value, "number heading-small");

  gtk_widget_add_css_class (icon, problem->needs_choice ? "error" : "warning");
  gtk_widget_add_css_class (value, problem->needs_choice ? "error" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  problem->needs_choice ? _("Needs a choice") : _("To look at"),
                                  -1);
  gtk_label_set_width_chars (GTK_LABEL (number), 4);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_label_set_ellipsize (GTK_LABEL (column), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (why), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (why), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (why), 12);
  gtk_label_set_max_width_chars (GTK_LABEL (why), 30);
  gtk_widget_set_tooltip_text (why, reason);
  if (g_utf8_strlen (problem->value, -1) > 14)
    {
      gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (value), 12);
      gtk_widget_set_tooltip_text (value, problem->value);
    }
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (text), column);
  gtk_box_append (GTK_BOX (text), why);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), number);
  gtk_box_append (GTK_BOX (row), text);
  gtk_box_append (GTK_BOX (row), value);
  gtk_box_append (GTK_BOX (row), choice_of (self, problem, at));
  gtk_widget_add_css_class (row, "import-problem");
  return row;
}

static void
accept_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_accept (data);
}

static void
save_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_save_problems (data);
}

static GtkWidget *
problem_buttons (KtmImportDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8),
            *accept = gtk_button_new_with_mnemonic (_("_Accept all proposals"));
  GtkWidget *save = gtk_button_new_with_mnemonic (_("_Save list as CSV"));

  g_signal_connect (accept, "clicked", G_CALLBACK (accept_cb), self);
  g_signal_connect (save, "clicked", G_CALLBACK (save_cb), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (accept), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Accept all proposals"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (save), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Save list as CSV"), -1);
  gtk_box_append (GTK_BOX (box), accept);
  gtk_box_append (GTK_BOX (box), save);
  gtk_widget_set_margin_top (box, 6);
  return box;
}

GtkWidget *
ktm_import_problem_card (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  guint n = ktm_import_n_problems (state->import), choices = 0, shown = 0;
  GtkWidget *card;

  for (guint i = 0; ktm_import_get_problem (state->import, i) != NULL; i++)
    choices += ktm_import_get_problem (state->import, i)->needs_choice;
  g_autofree char *note =
      n == 0 ? g_strdup ("")
             : g_strdup_printf (_("%u need a choice, %u to look at"), choices, n - choices);
  card = ktm_import_card (_("Problems"), note);
  if (n == 0)
    {
      GtkWidget *none =
          ktm_import_label (_("None: every value is as the scales and dates expect."), "dim-label");

      gtk_label_set_wrap (GTK_LABEL (none), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (none), 48);
      gtk_box_append (GTK_BOX (card), none);
      return card;
    }
  /* What needs a choice stands first. */
  for (int pass = 1; pass >= 0; pass--)
    for (guint i = 0; shown < MAX_ROWS && ktm_import_get_problem (state->import, i) != NULL; i++)
      if (ktm_import_get_problem (state->import, i)->needs_choice == pass)
        {
          gtk_box_append (GTK_BOX (card), problem_row (self, i));
          shown++;
        }
  if (n > shown)
    {
      g_autofree char *more = g_strdup_printf (
          _("and %u more: accepting the proposals holds for them too"), n - shown);
      gtk_box_append (GTK_BOX (card), ktm_import_label (more, "dim-label caption"));
    }
  gtk_box_append (GTK_BOX (card), problem_buttons (self));
  return card;
}

static GtkWidget *
big_number (guint value, const char *what)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *caption = ktm_import_label (what, "dim-label caption");
  g_autofree char *text = g_strdup_printf ("%u", value);

  gtk_box_append (GTK_BOX (box), ktm_import_label (text, "title-2 number"));
  gtk_label_set_wrap (GTK_LABEL (caption), TRUE);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static void
count_line (GtkWidget *card, const char *what, const char *value)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *left = ktm_import_label (what, ""),
            *right = ktm_import_label (value, "number heading-small");

  gtk_label_set_ellipsize (GTK_LABEL (left), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (left, TRUE);
  gtk_box_append (GTK_BOX (line), left);
  gtk_box_append (GTK_BOX (line), right);
  gtk_box_append (GTK_BOX (card), line);
}

static void
count_number (GtkWidget *card, const char *what, guint value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  count_line (card, what, text);
}

static char *
changes_text (KtmImportState *state, guint n_shown)
{
  GString *out = g_string_new (NULL);
  guint n = 0, total = ktm_import_get_counts (state->import)->changed_values;

  for (guint i = 0; i < ktm_import_n_changes (state->import) && n < n_shown; i++)
    {
      const KtmImportChange *change = ktm_import_get_change (state->import, i);
      if (change->from == NULL)
        continue;
      g_string_append_printf (out, "%s%s %s %s → %s", n > 0 ? ", " : "", change->code, change->what,
                              change->from, change->to);
      n++;
    }
  g_autofree char *shown = g_string_free (out, FALSE);

  /* Translators: a list of changed values, and how many are not in it. */
  return total > n ? g_strdup_printf (_("%s and %u more"), shown, total - n)
                   : g_steal_pointer (&shown);
}

static void
changes_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_show_changes (data);
}

/* The first changes in words, and the way to all of them. */
static void
add_changes (KtmImportDialog *self, GtkWidget *card)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  guint n = ktm_import_n_changes (state->import);

  if (ktm_import_get_counts (state->import)->changed_values > 0)
    {
      g_autofree char *changes = changes_text (state, 2),
                      *text = g_strdup_printf (_("Changed: %s"), changes);
      GtkWidget *label = ktm_import_label (text, "dim-label caption");
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
      gtk_box_append (GTK_BOX (card), label);
    }
  if (n == 0)
    return;
  g_autofree char *all = g_strdup_printf (_("_Show all %u"), n);
  GtkWidget *button = gtk_button_new_with_mnemonic (all);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "import-link");
  g_signal_connect (button, "clicked", G_CALLBACK (changes_cb), self);
  gtk_box_append (GTK_BOX (card), button);
}

GtkWidget *
ktm_import_change_card (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  const KtmImportCounts *counts = ktm_import_get_counts (state->import);
  GtkWidget *card = ktm_import_card (
      _("What will change"),
      state->cohort_path != NULL ? _("compared with the open cohort") : _("in a new cohort"));
  GtkWidget *numbers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *after = g_strdup_printf ("%u → %u", counts->patients_before,
                                            counts->patients_before + counts->new_patients);

  gtk_box_append (GTK_BOX (numbers), big_number (counts->new_patients, _("new patients")));
  gtk_box_append (GTK_BOX (numbers), big_number (counts->new_values, _("new values")));
  gtk_box_append (GTK_BOX (numbers), big_number (counts->changed_values, _("changed values")));
  gtk_box_append (GTK_BOX (numbers), big_number (counts->deleted_values, _("deleted")));
  gtk_box_append (GTK_BOX (card), numbers);
  count_line (card, _("Patients after the import"), after);
  if (state->cohort_path != NULL)
    count_number (card, _("Patients left exactly as they are"), counts->untouched_patients);
  if (counts->changed_fields > 0)
    count_number (card, _("Changed: centre, arm, inclusion, stop"), counts->changed_fields);
  if (counts->changed_times > 0)
    count_number (card, _("Changed: times of scores"), counts->changed_times);
  if (counts->changed_rows > 0)
    count_number (card, _("Changed: treatments, events, answers"), counts->changed_rows);
  if (counts->treatments > 0)
    count_number (card, _("Treatments"), counts->treatments);
  if (counts->events > 0)
    count_number (card, _("Adverse events"), counts->events);
  count_number (card,
                state->cohort_path != NULL ? _("Read as missing; cohort values stay")
                                           : _("Read as missing"),
                counts->missing_codes);
  count_number (
      card, state->cohort_path != NULL ? _("Left out; the cohort keeps its own") : _("Left out"),
      counts->left_out);
  add_changes (self, card);
  return card;
}

GtkWidget *
ktm_import_privacy_card (KtmImportDialog *self)
{
  KtmImportState *state = ktm_import_dialog_get_state (self);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *icon = gtk_image_new_from_icon_name ("channel-secure-symbolic");
  g_autoptr (GString) left = g_string_new (NULL);
  g_autofree char *text = NULL;
  const char *undo = state->cohort_path != NULL
                         ? _("The import can be undone; the file itself is never altered.")
                         : _("The file itself is never altered.");

  for (guint s = 0; s < ktm_import_n_sources (state->import); s++)
    {
      const KtmSource *source = ktm_import_get_source (state->import, s);
      for (guint i = 0; i < source->n_columns; i++)
        if (source->columns[i].personal)
          g_string_append_printf (left, "%s%s", left->len > 0 ? ", " : "", source->columns[i].name);
    }
  text = left->len > 0
             ? g_strdup_printf (_("Left out, because they would say who a patient is: %s. %s"),
                                left->str, undo)
             : g_strdup_printf (_("No names, birth dates or phone numbers found. %s"), undo);
  GtkWidget *label = ktm_import_label (text, "");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_size_request (label, -1, 24);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  gtk_widget_add_css_class (icon, left->len > 0 ? "warning" : "success");
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (card), icon);
  gtk_box_append (GTK_BOX (card), label);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "import-card");
  return card;
}
