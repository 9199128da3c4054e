/* app: the window that lists what an import would add to the cohort or change in it, old → new. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* One change; strings are its own, because a new check makes the list anew. */
#define KTM_TYPE_IMPORT_CHANGE_ROW (ktm_import_change_row_get_type ())
G_DECLARE_FINAL_TYPE (KtmImportChangeRow, ktm_import_change_row, KTM, IMPORT_CHANGE_ROW, GObject)

enum { TEXT_PATIENT, TEXT_WHAT, TEXT_BEFORE, TEXT_AFTER, N_TEXTS };

struct _KtmImportChangeRow
{
  GObject  parent_instance;
  char    *texts[N_TEXTS];  /* owned; before nullable: new */
};
G_DEFINE_FINAL_TYPE (KtmImportChangeRow, ktm_import_change_row, G_TYPE_OBJECT)

static void
ktm_import_change_row_finalize (GObject *object)
{
  KtmImportChangeRow *self = KTM_IMPORT_CHANGE_ROW (object);

  for (int i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (ktm_import_change_row_parent_class)->finalize (object);
}

static void
ktm_import_change_row_class_init (KtmImportChangeRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ktm_import_change_row_finalize;
}

static void
ktm_import_change_row_init (KtmImportChangeRow *self G_GNUC_UNUSED)
{
}

static GListStore *
rows_of (KtmImport *import)
{
  GListStore *rows = g_list_store_new (KTM_TYPE_IMPORT_CHANGE_ROW);

  for (guint i = 0; i < ktm_import_n_changes (import); i++)
    {
      const KtmImportChange *change = ktm_import_get_change (import, i);
      g_autoptr (KtmImportChangeRow) row = g_object_new (KTM_TYPE_IMPORT_CHANGE_ROW, NULL);
      row->texts[TEXT_PATIENT] = g_strdup (change->code);
      row->texts[TEXT_WHAT] = g_strdup (change->what);
      row->texts[TEXT_BEFORE] = g_strdup (change->from);
      row->texts[TEXT_AFTER] = g_strdup (change->to);
      g_list_store_append (rows, row);
    }
  return rows;
}

static void
setup_cb (GtkSignalListItemFactory *factory G_GNUC_UNUSED, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);
  int text = GPOINTER_TO_INT (data);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (text == TEXT_BEFORE || text == TEXT_AFTER)
    gtk_widget_add_css_class (label, "number");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory G_GNUC_UNUSED, GtkListItem *item, gpointer data)
{
  KtmImportChangeRow *row = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *text = row->texts[GPOINTER_TO_INT (data)];

  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : _("new"));
  gtk_widget_set_tooltip_text (label, text != NULL && strlen (text) > 16 ? text : NULL);
  if (text == NULL)
    gtk_widget_add_css_class (label, "dim-label");
  else
    gtk_widget_remove_css_class (label, "dim-label");
}

static void
add_column (GtkColumnView *view, const char *title, int text, gboolean expand)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (text));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (text));
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (column, expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (!expand)
    gtk_column_view_column_set_fixed_width (column, 140);
  gtk_column_view_append_column (view, column);
}

/* 0 all, 1 changed, 2 new. */
static gboolean
match_cb (gpointer item, gpointer data)
{
  guint shown = gtk_drop_down_get_selected (data);
  gboolean is_new = KTM_IMPORT_CHANGE_ROW (item)->texts[TEXT_BEFORE] == NULL;

  return shown == 0 || (shown == 2) == is_new;
}

static void
shown_cb (GtkDropDown *drop G_GNUC_UNUSED, GParamSpec *spec G_GNUC_UNUSED, gpointer data)
{
  gtk_filter_changed (data, GTK_FILTER_CHANGE_DIFFERENT);
}

static GtkWidget *
new_view (GListModel *rows)
{
  GtkWidget *view = gtk_column_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (rows)));

  add_column (GTK_COLUMN_VIEW (view), _("Patient"), TEXT_PATIENT, FALSE);
  add_column (GTK_COLUMN_VIEW (view), _("What"), TEXT_WHAT, TRUE);
  add_column (GTK_COLUMN_VIEW (view), _("In the cohort"), TEXT_BEFORE, FALSE);
  add_column (GTK_COLUMN_VIEW (view), _("After the import"), TEXT_AFTER, FALSE);
  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What will change"), -1);
  return view;
}

static GtkWidget *
new_header (GtkWidget *shown, KtmImport *import)
{
  const KtmImportCounts *counts = ktm_import_get_counts (import);
  GtkWidget *header = adw_header_bar_new ();
  g_autofree char *facts =
      g_strdup_printf (_("%u changed, %u deleted, %u listed"), counts->changed_values,
                       counts->deleted_values, ktm_import_n_changes (import));

  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   adw_window_title_new (_("What will change"), facts));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), shown);
  return header;
}

static void
close_on_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

GtkWindow *
ktm_import_changes_new (GtkWindow *parent, KtmImport *import)
{
  GtkWidget *window = adw_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *scroller = gtk_scrolled_window_new ();
  GtkWidget *shown = gtk_drop_down_new_from_strings (
      (const char *const[]){ _("All"), _("Changed"), _("New"), NULL });
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (match_cb, shown, NULL));
  GtkFilterListModel *rows = gtk_filter_list_model_new (G_LIST_MODEL (rows_of (import)), filter);

  gtk_accessible_update_property (GTK_ACCESSIBLE (shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Shown"), -1);
  g_signal_connect_object (shown, "notify::selected", G_CALLBACK (shown_cb), filter, 0);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), new_view (G_LIST_MODEL (rows)));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), new_header (shown, import));
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);
  close_on_escape (window);
  gtk_window_set_title (GTK_WINDOW (window), _("What will change"));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 560);
  return GTK_WINDOW (window);
}
