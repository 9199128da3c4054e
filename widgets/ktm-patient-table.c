/* widgets: table of patients. */
#include "ktm-patient-table.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ktm-patient-column.h"
#include "ktm-report-format.h"
#include "ktm-sparkline.h"

struct _KtmPatientTable
{
  GtkWidget            parent_instance;
  KtmStudy            *study;     /* owned */
  GSettings           *settings;  /* owned */
  GtkSortListModel    *sorted;    /* owned by the selection */
  GtkSingleSelection  *selection; /* owned */
  GPtrArray           *columns;   /* owned KtmPatientColumn, as the view's columns */
  GtkWidget           *box, *view, *chooser, *chooser_label, *checks, *foot; /* children */
  gboolean             updating;
  guint                scroll_id;
};

enum { ORDER_CHANGED, ROW_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KtmPatientTable, ktm_patient_table, GTK_TYPE_WIDGET)

/* --- cells ------------------------------------------------------------------------------------ */

static void
setup_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const KtmPatientColumn *column = data;
  GtkWidget *child;

  if (column->kind == KTM_PATIENT_COURSE)
    child = ktm_sparkline_new ();
  else
    {
      child = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (child), column->number ? 1 : 0);
      gtk_label_set_ellipsize (GTK_LABEL (child),
                               column->number ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
      /* "Severe 100 %" */
      gtk_label_set_width_chars (GTK_LABEL (child), !column->wide                      ? -1
                                                    : ktm_patient_column_is_class (column) ? 13
                                                                                           : 10);
      gtk_widget_add_css_class (child, column->number ? "number" : "text");
      if (column->kind == KTM_PATIENT_CODE)
        {
          gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_NONE);
          gtk_widget_add_css_class (child, "code");
        }
    }
  gtk_list_item_set_child (item, child);
}

static void
bind_course (const KtmPatientColumn *column, GtkWidget *line, KtmPatient *patient)
{
  KtmCohort *cohort = ktm_study_get_cohort (column->study);
  guint n = 0;
  const double *course = ktm_patient_get_course (patient, &n);
  const KtmFrameMeasure *measure = course != NULL ? ktm_cohort_get_measure (cohort, 0) : NULL;
  g_autofree char *said = NULL;

  ktm_sparkline_set (KTM_SPARKLINE (line), course, n, measure ? measure->min : 0,
                     measure ? measure->max : 1);
  /* Translators: what a screen reader says of a patient's small curve: code, number of scores. */
  said = g_strdup_printf (ngettext ("Course of %s, %u score", "Course of %s, %u scores",
                                    ktm_patient_get_n_scores (patient)),
                          ktm_patient_get_code (patient), ktm_patient_get_n_scores (patient));
  gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const KtmPatientColumn *column = data;
  KtmPatient *patient = gtk_list_item_get_item (item);
  GtkWidget *child = gtk_list_item_get_child (item);
  g_autofree char *text = NULL;

  if (column->kind == KTM_PATIENT_COURSE)
    {
      bind_course (column, child, patient);
      return;
    }
  text = ktm_patient_column_text (column, patient, TRUE);
  gtk_label_set_markup (GTK_LABEL (child), text);
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return ktm_patient_column_compare (data, (KtmPatient *) a, (KtmPatient *) b);
}

static void
free_column_cb (gpointer data, GClosure *closure)
{
  ktm_patient_column_free (data);
}

static GtkColumnViewColumn *
new_column (const KtmPatientColumn *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *result = gtk_column_view_column_new (column->title, factory);

  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cell_cb),
                         ktm_patient_column_copy (column), free_column_cb, 0);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cell_cb),
                         ktm_patient_column_copy (column), free_column_cb, 0);
  if (column->kind != KTM_PATIENT_COURSE)
    {
      GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (
          compare_cb, ktm_patient_column_copy (column), ktm_patient_column_free));

      gtk_column_view_column_set_sorter (result, sorter);
      g_object_unref (sorter);
    }
  gtk_column_view_column_set_expand (result, column->kind == KTM_PATIENT_COURSE || column->wide);
  gtk_column_view_column_set_resizable (result, TRUE);
  return result;
}

/* --- which columns ---------------------------------------------------------------------------- */

static GtkColumnViewColumn *
nth_column (KtmPatientTable *self, guint i)
{
  g_autoptr (GtkColumnViewColumn) column =
      g_list_model_get_item (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view)), i);

  return column; /* the view holds it */
}

static void
show_n_columns (KtmPatientTable *self)
{
  guint n = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->columns->len; i++)
    n += gtk_column_view_column_get_visible (nth_column (self, i));
  /* Translators: on the button that chooses columns: shown of all. */
  text = g_strdup_printf (_("%u of %u"), n, self->columns->len);
  gtk_label_set_text (GTK_LABEL (self->chooser_label), text);
}

static void
keep_columns (KtmPatientTable *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < self->columns->len; i++)
    if (gtk_column_view_column_get_visible (nth_column (self, i)))
      g_ptr_array_add (ids, ((KtmPatientColumn *) g_ptr_array_index (self->columns, i))->id);
  g_ptr_array_add (ids, NULL);
  g_settings_set_strv (self->settings, "patient-columns", (const char *const *) ids->pdata);
}

static void
column_toggled_cb (GtkCheckButton *check, GParamSpec *pspec, gpointer data)
{
  KtmPatientTable *self = data;

  if (self->updating)
    return;
  show_n_columns (self);
  keep_columns (self);
}

static void
add_column (KtmPatientTable *self, const KtmPatientColumn *column, char **chosen)
{
  g_autoptr (GtkColumnViewColumn) view_column = new_column (column);
  GtkWidget *check = gtk_check_button_new_with_label (column->title);

  gtk_column_view_column_set_visible (
      view_column, chosen[0] != NULL ? g_strv_contains ((const char *const *) chosen, column->id)
                                     : column->usual);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), view_column);
  g_object_bind_property (view_column, "visible", check, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect (check, "notify::active", G_CALLBACK (column_toggled_cb), self);
  gtk_widget_set_sensitive (check, column->kind != KTM_PATIENT_CODE);
  gtk_box_append (GTK_BOX (self->checks), check);
}

static void
build_columns (KtmPatientTable *self)
{
  g_auto (GStrv) chosen = g_settings_get_strv (self->settings, "patient-columns");
  GtkColumnView *view = GTK_COLUMN_VIEW (self->view);
  GtkWidget *check;

  self->updating = TRUE;
  while (g_list_model_get_n_items (gtk_column_view_get_columns (view)) > 0)
    gtk_column_view_remove_column (view, nth_column (self, 0));
  while ((check = gtk_widget_get_first_child (self->checks)) != NULL)
    gtk_box_remove (GTK_BOX (self->checks), check);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  self->columns = ktm_patient_columns_new (self->study);
  for (guint i = 0; i < self->columns->len; i++)
    add_column (self, g_ptr_array_index (self->columns, i), chosen);
  self->updating = FALSE;
  show_n_columns (self);
}

/* --- rows ------------------------------------------------------------------------------------- */

static long
find_row (KtmPatientTable *self, int index)
{
  GListModel *model = G_LIST_MODEL (self->sorted);

  for (guint i = 0; index >= 0 && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (KtmPatient) patient = g_list_model_get_item (model, i);

      if (ktm_patient_get_index (patient) == (guint) index)
        return i;
    }
  return -1;
}

static gboolean
scroll_cb (gpointer data)
{
  KtmPatientTable *self = data;
  guint position = gtk_single_selection_get_selected (self->selection);
  GtkWidget *list = gtk_widget_get_last_child (self->view);

  self->scroll_id = 0;
  if (position != GTK_INVALID_LIST_POSITION && list != NULL && gtk_widget_get_mapped (list))
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

static void
show_picked (KtmPatientTable *self)
{
  long row = find_row (self, ktm_study_get_picked (self->study));

  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection,
                                     row < 0 ? GTK_INVALID_LIST_POSITION : (guint) row);
  self->updating = FALSE;
  if (row >= 0 && self->scroll_id == 0)
    self->scroll_id = g_idle_add (scroll_cb, self);
  g_signal_emit (self, signals[ORDER_CHANGED], 0);
}

static void
selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, gpointer data)
{
  KtmPatientTable *self = data;
  KtmPatient *patient = gtk_single_selection_get_selected_item (selection);

  if (!self->updating && patient != NULL)
    ktm_study_set_picked (self->study, (int) ktm_patient_get_index (patient));
}

static void
activate_cb (GtkColumnView *view, guint position, gpointer data)
{
  g_signal_emit (data, signals[ROW_ACTIVATED], 0);
}

/* Where the table is what is looked at, its rows do not wait. */
static void
study_changed_cb (KtmPatientTable *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ktm_study_get_found (self->study);
}

static void
show_foot (KtmPatientTable *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  g_autofree char *text = NULL;

  if (ktm_study_get_n_shown (self->study) == 0)
    text = g_strdup (_("No patient in this subgroup."));
  else if (g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_found (self->study))) == 0)
    text = g_strdup (_("No such patient in this subgroup"));
  else if (ktm_cohort_get_n_measures (cohort) == 0)
    text = g_strdup (_("This cohort holds no scores."));
  else
    /* Translators: under the table; the gap is a measure, "NRS". */
    text = g_strdup_printf (
        _("Base, latest and change: %s; latest is the last score recorded, with its visit."),
        ktm_cohort_get_measure (cohort, 0)->label);
  gtk_label_set_text (GTK_LABEL (self->foot), text);
}

static void
items_changed_cb (KtmPatientTable *self)
{
  show_picked (self);
  show_foot (self);
}

static void
cohort_changed_cb (KtmPatientTable *self)
{
  build_columns (self);
  items_changed_cb (self);
}

/* --- copying ---------------------------------------------------------------------------------- */

static void
append_cell (GString *text, const char *cell, gboolean first)
{
  if (!first)
    g_string_append_c (text, '\t');
  if (ktm_report_is_formula (cell))
    g_string_append_c (text, '\'');
  for (const char *p = cell; *p != '\0'; p++)
    g_string_append_c (text, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
}

/* The probability of a class is copied with the class. */
static gboolean
is_seen (KtmPatientTable *self, guint i)
{
  const KtmPatientColumn *column = g_ptr_array_index (self->columns, i);
  gboolean seen = gtk_column_view_column_get_visible (nth_column (self, i));

  for (guint j = 0; j < self->columns->len && !seen; j++)
    seen = ktm_patient_column_goes_with (column, g_ptr_array_index (self->columns, j))
           && gtk_column_view_column_get_visible (nth_column (self, j));
  return seen;
}

static gboolean
is_copied (KtmPatientTable *self, guint i, gboolean codes)
{
  const KtmPatientColumn *column = g_ptr_array_index (self->columns, i);

  return is_seen (self, i)
         && column->kind != KTM_PATIENT_COURSE && (codes || column->kind != KTM_PATIENT_CODE);
}

char *
ktm_patient_table_dup_text (KtmPatientTable *self, gboolean codes)
{
  GString *text = g_string_new (NULL);
  gboolean first = TRUE;

  for (guint i = 0; i < self->columns->len; i++)
    if (is_copied (self, i, codes))
      {
        append_cell (text, ((KtmPatientColumn *) g_ptr_array_index (self->columns, i))->title,
                     first);
        first = FALSE;
      }
  g_string_append_c (text, '\n');
  for (guint row = 0; row < g_list_model_get_n_items (G_LIST_MODEL (self->sorted)); row++)
    {
      g_autoptr (KtmPatient) patient = g_list_model_get_item (G_LIST_MODEL (self->sorted), row);

      first = TRUE;
      for (guint i = 0; i < self->columns->len; i++)
        if (is_copied (self, i, codes))
          {
            g_autofree char *cell =
                ktm_patient_column_plain (g_ptr_array_index (self->columns, i), patient);

            append_cell (text, cell, first);
            first = FALSE;
          }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  KtmPatientTable *self = KTM_PATIENT_TABLE (widget);
  g_autofree char *text = ktm_patient_table_dup_text (self, g_variant_get_boolean (parameter));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* --- the widget ------------------------------------------------------------------------------- */

long
ktm_patient_table_get_position (KtmPatientTable *self, guint *n)
{
  if (n != NULL)
    *n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  return find_row (self, ktm_study_get_picked (self->study));
}

void
ktm_patient_table_step (KtmPatientTable *self, int step)
{
  guint n;
  long at = ktm_patient_table_get_position (self, &n);
  long next = at < 0 ? 0 : CLAMP (at + step, 0, (long) n - 1);
  g_autoptr (KtmPatient) patient =
      g_list_model_get_item (G_LIST_MODEL (self->sorted), (guint) MAX (next, 0));

  if (patient != NULL)
    ktm_study_set_picked (self->study, (int) ktm_patient_get_index (patient));
}

static void
ktm_patient_table_dispose (GObject *object)
{
  KtmPatientTable *self = KTM_PATIENT_TABLE (object);

  g_clear_handle_id (&self->scroll_id, g_source_remove);
  if (self->study != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->study, self);
      g_signal_handlers_disconnect_by_data (ktm_study_get_cohort (self->study), self);
    }
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->sorted != NULL)
    g_signal_handlers_disconnect_by_data (self->sorted, self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->settings);
  g_clear_object (&self->study);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  self->sorted = NULL;
  G_OBJECT_CLASS (ktm_patient_table_parent_class)->dispose (object);
}

static void
ktm_patient_table_class_init (KtmPatientTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_patient_table_dispose;
  signals[ORDER_CHANGED] = g_signal_new ("order-changed", KTM_TYPE_PATIENT_TABLE, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ROW_ACTIVATED] = g_signal_new ("row-activated", KTM_TYPE_PATIENT_TABLE, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "table.copy", "b", copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy", "b",
                                       FALSE);
}

static void
ktm_patient_table_init (KtmPatientTable *self)
{
}

static GtkWidget *
new_chooser (KtmPatientTable *self)
{
  GtkWidget *button = gtk_menu_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *name = gtk_label_new (_("Columns"));
  GtkWidget *popover = gtk_popover_new (), *scrolled = gtk_scrolled_window_new ();

  self->chooser_label = gtk_label_new (NULL);
  gtk_widget_add_css_class (name, "choice-name");
  gtk_widget_add_css_class (self->chooser_label, "choice-value");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), self->chooser_label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), box);
  gtk_widget_set_tooltip_text (button, _("Choose the columns of the table"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Columns"), -1);
  self->checks = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->checks);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 420);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  return button;
}

static GtkWidget *
new_copy (void)
{
  GtkWidget *button = adw_split_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _("Copy without codes"), "table.copy(false)");
  g_menu_append (menu, _("Copy with patient codes"), "table.copy(true)");
  adw_split_button_set_label (ADW_SPLIT_BUTTON (button), _("Copy"));
  adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (button), G_MENU_MODEL (menu));
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), "table.copy(false)");
  gtk_widget_set_tooltip_text (
      button, _("Copy the table for a spreadsheet, without patient codes (Ctrl+C)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Copy the table"), -1);
  return button;
}

static GtkWidget *
new_toolbar (KtmPatientTable *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *copy = new_copy ();

  self->chooser = new_chooser (self);
  gtk_widget_add_css_class (bar, "page-toolbar");
  gtk_widget_set_hexpand (copy, TRUE);
  gtk_widget_set_halign (copy, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bar), self->chooser);
  gtk_box_append (GTK_BOX (bar), copy);
  return bar;
}

static void
build_view (KtmPatientTable *self)
{
  GtkSorter *sorter;

  self->view = gtk_column_view_new (NULL);
  gtk_widget_add_css_class (self->view, "patient-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Patients of the subgroup"), -1);
  sorter = gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view));
  self->sorted = gtk_sort_list_model_new (
      G_LIST_MODEL (g_object_ref (ktm_study_get_found (self->study))), g_object_ref (sorter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (self->sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect (self->view, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  g_signal_connect_swapped (self->sorted, "items-changed", G_CALLBACK (items_changed_cb), self);
}

static void
build (KtmPatientTable *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  build_view (self);
  gtk_box_append (GTK_BOX (self->box), new_toolbar (self));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (scrolled, "card");
  gtk_widget_set_overflow (scrolled, GTK_OVERFLOW_HIDDEN);
  gtk_box_append (GTK_BOX (self->box), scrolled);
  self->foot = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->foot), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->foot), 0);
  gtk_widget_add_css_class (self->foot, "caption");
  gtk_widget_add_css_class (self->foot, "dim-label");
  gtk_box_append (GTK_BOX (self->box), self->foot);
}

GtkWidget *
ktm_patient_table_new (KtmStudy *study, GSettings *settings)
{
  KtmPatientTable *self = g_object_new (KTM_TYPE_PATIENT_TABLE, NULL);

  self->study = g_object_ref (study);
  self->settings = g_object_ref (settings);
  build (self);
  cohort_changed_cb (self);
  g_signal_connect_swapped (study, "notify::picked", G_CALLBACK (show_picked), self);
  g_signal_connect_object (study, "changed", G_CALLBACK (study_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                            self);
  return GTK_WIDGET (self);
}
