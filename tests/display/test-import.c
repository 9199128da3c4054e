/* tests: the import assistant, on a file as people have it. */
#include <glib/gstdio.h>
#include <string.h>

#include "ktm-import-dialog-private.h"
#include "ktm-shot.h"
#include "pump.h"

typedef struct { char *path; } Result;

static char *folder;

static void
done_cb (const char *path, gpointer data)
{
  ((Result *) data)->path = g_strdup (path);
}

static char *
source_path (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "store", "import", name, NULL);
}

static GListModel *
files_of (const char *path)
{
  GListStore *files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_list_store_append (files, file);
  return G_LIST_MODEL (files);
}

static GtkWindow *
dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (KTM_IS_IMPORT_DIALOG (window))
        return window;
    }
  return NULL;
}

static gboolean
is_checked (gpointer data)
{
  KtmImportDialog *self = data;

  return !ktm_import_dialog_is_busy (self) && ktm_import_dialog_get_state (self)->checked;
}

static gboolean
is_quiet (gpointer data)
{
  return !ktm_import_dialog_is_busy (data)
         && ktm_import_n_sources (ktm_import_dialog_get_state (data)->import) > 0;
}

static gboolean
is_gone (gpointer data)
{
  return dialog () == NULL;
}

static KtmImportDialog *
open_dialog (const char *path, const char *cohort, Result *result)
{
  g_autoptr (GListModel) files = files_of (path);

  ktm_import_dialog_present (NULL, files, cohort, done_cb, result);
  KtmImportDialog *self = KTM_IMPORT_DIALOG (dialog ());
  pump_until (is_quiet, self, "the file to be read");
  pump_idle ();
  return self;
}

static gboolean
says (GtkWidget *widget, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static void
assert_says (KtmImportDialog *self, const char *text)
{
  if (pump_find (GTK_WIDGET (self), GTK_TYPE_LABEL, says, (gpointer) text) == NULL)
    g_error ("the dialog does not say “%s”", text);
}

static gboolean
is_labelled (GtkWidget *widget, gpointer text)
{
  const char *label = gtk_button_get_label (GTK_BUTTON (widget));

  return label != NULL && strstr (label, text) != NULL;
}

static GtkWidget *
button (KtmImportDialog *self, const char *text)
{
  GtkWidget *found = pump_find (GTK_WIDGET (self), GTK_TYPE_BUTTON, is_labelled, (gpointer) text);

  g_assert_nonnull (found);
  return found;
}

static gboolean
is_scale (GtkWidget *widget, gpointer text)
{
  const char *label = gtk_menu_button_get_label (GTK_MENU_BUTTON (widget));

  return g_strcmp0 (label, text) == 0;
}

static gboolean
offers (GtkWidget *widget, gpointer text)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (widget));

  for (guint i = 0;
       model != NULL && GTK_IS_STRING_LIST (model) && i < g_list_model_get_n_items (model); i++)
    if (strcmp (gtk_string_list_get_string (GTK_STRING_LIST (model), i), text) == 0)
      return TRUE;
  return FALSE;
}

/* The drop-down of a tile by the tile's title, or any by a text it offers. */
static GtkWidget *
choice (KtmImportDialog *self, const char *text)
{
  GtkWidget *found = pump_find (GTK_WIDGET (self), GTK_TYPE_DROP_DOWN, offers,
                                (gpointer) (strcmp (text, "Time unit") == 0 ? "Weeks" : text));

  g_assert_nonnull (found);
  return found;
}

static gboolean
is_beside (GtkWidget *widget, gpointer text)
{
  GtkWidget *name = gtk_widget_get_prev_sibling (widget);

  return GTK_IS_LABEL (name) && strcmp (gtk_label_get_text (GTK_LABEL (name)), text) == 0;
}

static void
type_into (GtkPopover *popover, const char *name, const char *text)
{
  GtkWidget *entry = pump_find (GTK_WIDGET (popover), GTK_TYPE_ENTRY, is_beside, (gpointer) name);

  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static char *
make_cohort (const char *name, const char *file)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *table = source_path (file);
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GError) error = NULL;

  ktm_import_add_source (import, ktm_source_new (table, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ktm_import_propose (import, NULL, &error)
                 && ktm_import_check (import, NULL, &error)
                 && ktm_import_commit_path (import, path, NULL, &error));
  return path;
}

/* An update of a cohort: one change, one unknown patient to decide about, then the button writes
 * and says so. */
static void
test_update (void)
{
  g_autofree char *cohort = make_cohort ("update.cohort", "duplicates_clean.csv"),
                  *table = source_path ("update.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, cohort, &result);
  GtkWidget *go = button (self, "_Import into");

  pump_until (is_checked, self, "the check");
  assert_says (self, "1 need a choice, 0 to look at");
  assert_says (self, "compared with the open cohort");
  assert_says (self, "A1 Pain NRS M0 8 → 3");
  assert_says (self, "No names, birth dates or phone numbers found");
  g_assert_false (gtk_widget_get_sensitive (go));
  ktm_import_dialog_accept (self);
  g_assert_true (gtk_widget_get_sensitive (go));
  g_signal_emit_by_name (go, "clicked");
  pump_until (is_gone, NULL, "the import");
  g_assert_cmpstr (result.path, ==, cohort);
  g_autoptr (KtmStore) store = ktm_store_open (cohort, FALSE, NULL);
  g_assert_cmpint (ktm_store_count (store, "score", NULL), ==, 4);
  g_autofree char *undo = ktm_store_get_undo (store);
  g_assert_cmpstr (undo, ==, "Import update.csv");
  g_free (result.path);
}

/* A choice, a role and a missing code are each followed by a new check. */
static void
test_choices (void)
{
  g_autofree char *table = source_path ("numbers.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, NULL, &result);
  KtmImportState *state = ktm_import_dialog_get_state (self);

  pump_until (is_checked, self, "the check");
  g_assert_cmpuint (ktm_import_n_problems (state->import), ==, 9);
  ktm_import_dialog_say (self, "missing-code", "999, NA");
  pump_until (is_checked, self, "the check");
  g_assert_cmpuint (ktm_import_n_problems (state->import), ==, 7);
  g_assert_cmpuint (ktm_import_get_counts (state->import)->missing_codes, ==, 2);
  g_assert_cmpint (ktm_import_get_problem (state->import, 1)->kind, ==, KTM_PROBLEM_LIMIT);
  ktm_import_dialog_choose (self, 1, KTM_DO_READ_AS);
  pump_until (is_checked, self, "the check");
  g_assert_cmpint (ktm_import_get_problem (state->import, 1)->choice, ==, KTM_DO_READ_AS);
  g_assert_cmpuint (ktm_import_get_counts (state->import)->scores, ==, 7);
  ktm_import_dialog_say_role (self, 2, KTM_COLUMN_LEFT_OUT);
  pump_until (is_quiet, self, "the proposal");
  g_assert_false (state->checked);
  assert_says (self, "no column looks like a score");
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
  g_assert_null (result.path);
}

static void
test_question (void)
{
  g_autofree char *table = source_path ("unclear_dates.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, NULL, &result);

  g_assert_false (ktm_import_dialog_get_state (self)->checked);
  assert_says (self, "could be either day or month first");
  ktm_import_dialog_say (self, "date-order", "dmy");
  pump_until (is_checked, self, "the check");
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
}

/* A file whose times have no unit is answered in the window: by the tile, not on the command line.
 */
static void
test_unit (void)
{
  static const char *const files[] = { "no_time_unit.csv", "no_unit.csv" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *table = source_path (files[i]);
      Result result = { NULL };
      KtmImportDialog *self = open_dialog (table, NULL, &result);
      g_assert_false (ktm_import_dialog_get_state (self)->checked);
      assert_says (self, "does not say it: choose");
      GtkWidget *tile = choice (self, "Time unit");
      g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (tile)), ==,
                        GTK_INVALID_LIST_POSITION);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (tile), 3);
      pump_until (is_checked, self, "the check");
      g_assert_cmpint (
          ktm_import_get_source (ktm_import_dialog_get_state (self)->import, 0)->time_unit, ==,
          KTM_TIME_WEEK);
      assert_says (self, "as you chose");
      gtk_window_close (GTK_WINDOW (self));
      pump_until (is_gone, NULL, "the window to close");
    }
}

static const KtmColumn *
column_named (KtmImportDialog *self, const char *name)
{
  return ktm_source_find (ktm_import_get_source (ktm_import_dialog_get_state (self)->import, 0),
                          name);
}

/* PGIC's direction is asked, and a score's range is typed; both hold for every visit of it and for
 * what is written. */
static void
test_scale (void)
{
  g_autofree char *table = source_path ("pgic.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, NULL, &result);

  pump_until (is_checked, self, "the check");
  assert_says (self, "PGIC: 1 = very much improved … 7 = very much worse?");
  g_assert_true (column_named (self, "pgic_m1")->lower_better);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice (self, "Yes: 1 is best")), 1);
  pump_until (is_checked, self, "the check");
  g_assert_false (column_named (self, "pgic_m1")->lower_better);
  g_assert_false (column_named (self, "pgic_m3")->lower_better);
  g_assert_cmpfloat (column_named (self, "pgic_m3")->scale_max, ==, 7);

  GtkWidget *range =
      pump_find (GTK_WIDGET (self), GTK_TYPE_MENU_BUTTON, is_scale, (gpointer) "any value ↓");
  g_assert_nonnull (range);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (range));
  type_into (popover, "Lowest value", "50,5");
  type_into (popover, "Highest value", "0");
  GtkWidget *use =
      pump_find (GTK_WIDGET (popover), GTK_TYPE_BUTTON, is_labelled, (gpointer) "_Use this range");
  g_signal_emit_by_name (use, "clicked");
  g_assert_nonnull (
      pump_find (GTK_WIDGET (popover), GTK_TYPE_LABEL, says, (gpointer) "the lowest first"));
  type_into (popover, "Lowest value", "0");
  type_into (popover, "Highest value", "50,5");
  g_signal_emit_by_name (use, "clicked");
  pump_until (is_checked, self, "the check");
  g_assert_cmpfloat (column_named (self, "mood_m0")->scale_max, ==, 50.5);
  g_assert_cmpfloat (column_named (self, "mood_m3")->scale_max, ==, 50.5);
  g_assert_false (
      column_named (self, "pgic_m1")->lower_better); /* what was said before still holds */
  g_assert_cmpuint (ktm_import_n_problems (ktm_import_dialog_get_state (self)->import), ==, 2);
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
}

static GtkWindow *
changes_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (g_strcmp0 (gtk_window_get_title (window), "What will change") == 0)
        return window;
    }
  return NULL;
}

/* Everything that is new or changes can be looked at, old → new. */
static void
test_changes (void)
{
  g_autofree char *cohort = make_cohort ("changes.cohort", "fields.csv"),
                  *table = source_path ("fields_again.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, cohort, &result);

  pump_until (is_checked, self, "the check");
  assert_says (self, "Changed: centre, arm, inclusion, stop");
  g_signal_emit_by_name (button (self, "_Show all 4"), "clicked");
  pump_idle ();
  GtkWidget *window = GTK_WIDGET (changes_window ()),
            *view = pump_find (window, GTK_TYPE_COLUMN_VIEW, NULL, NULL);
  g_assert_nonnull (view);
  GListModel *rows = G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)));
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 4);
  g_assert_nonnull (pump_find (window, GTK_TYPE_LABEL, says, (gpointer) "Lyon"));
  g_assert_nonnull (
      pump_find (window, GTK_TYPE_LABEL, says, (gpointer) "3 changed, 0 deleted, 4 listed"));
  GtkWidget *shown = pump_find (window, GTK_TYPE_DROP_DOWN, NULL, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (shown), 1);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 3);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (shown), 2);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 1);
  gtk_window_close (GTK_WINDOW (window));
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
  g_remove (cohort);
}

/* The list of problems as a file: private, and no cell that a spreadsheet would run. */
static void
test_save (void)
{
  g_autofree char *table = g_build_filename (folder, "run.csv", NULL),
                  *path = g_build_filename (folder, "problems.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "problems.csv", NULL), *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path), bad = g_file_new_for_path (nowhere);
  Result result = { NULL };
  GStatBuf info;

  g_assert_true (g_file_set_contents (
      table, "patient_id,month,nrs\nA1,0,8\nA1,1,\"=HYPERLINK(\"\"x\"\")\"\nA2,0,@SUM\nA2,1,5\n",
      -1, NULL));
  KtmImportDialog *self = open_dialog (table, NULL, &result);
  pump_until (is_checked, self, "the check");
  g_assert_true (ktm_import_dialog_save_problems_to (self, file));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (
      strstr (text, "\"run.csv\",3,\"nrs\",\"'=HYPERLINK(\"\"x\"\")\",not-a-number,"));
  g_assert_nonnull (strstr (text, "\"'@SUM\""));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (ktm_import_dialog_save_problems_to (self, bad));
  assert_says (self, "problems.csv");
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
  g_remove (path);
  g_remove (table);
}

static void
test_refused (void)
{
  g_autofree char *table = source_path ("redcap_export.csv");
  Result result = { NULL };
  KtmImportDialog *self = open_dialog (table, NULL, &result);

  assert_says (self, "REDCap export");
  g_assert_false (gtk_widget_get_sensitive (button (self, "_Create cohort")));
  gtk_window_close (GTK_WINDOW (self));
  pump_until (is_gone, NULL, "the window to close");
}

/* KTM_IMPORT_SHOT=FILE.png [KTM_IMPORT_FILE, KTM_IMPORT_COHORT, KTM_IMPORT_SIZE, KTM_IMPORT_STEP,
 * KTM_IMPORT_DARK]: only a picture. */
static int
take_shot (const char *shot)
{
  Result result = { NULL };
  int width = 1440, height = 900;
  const char *step = g_getenv ("KTM_IMPORT_STEP");
  g_autoptr (GError) error = NULL;

  if (g_getenv ("KTM_IMPORT_DARK") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  if (g_getenv ("KTM_IMPORT_SIZE") != NULL)
    sscanf (g_getenv ("KTM_IMPORT_SIZE"), "%dx%d", &width, &height);
  g_autoptr (GListModel) files = files_of (g_getenv ("KTM_IMPORT_FILE"));
  ktm_import_dialog_present (NULL, files, g_getenv ("KTM_IMPORT_COHORT"), done_cb, &result);
  GtkWindow *window = dialog ();
  gtk_window_set_default_size (window, width, height);
  pump_until (is_quiet, window, "the file to be read");
  if (step != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button (KTM_IMPORT_DIALOG (window), step)),
                                  TRUE);
  for (int i = 0; i < 30; i++)
    {
      pump_idle ();
      g_usleep (10000);
    }
  if (ktm_shot_save (GTK_WIDGET (window), shot, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}

/* What an application does by itself. */
static void
load_style (const char *name)
{
  g_autoptr (GtkCssProvider) css = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (css, name);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char **argv)
{
  pump_init (&argc, &argv);
  load_style ("/org/ketamine/Viewer/style.css");
  if (g_getenv ("KTM_IMPORT_SHOT") != NULL)
    return take_shot (g_getenv ("KTM_IMPORT_SHOT"));
  folder = g_dir_make_tmp ("ktm-import-XXXXXX", NULL);
  g_test_add_func ("/import-dialog/update", test_update);
  g_test_add_func ("/import-dialog/choices", test_choices);
  g_test_add_func ("/import-dialog/question", test_question);
  g_test_add_func ("/import-dialog/unit", test_unit);
  g_test_add_func ("/import-dialog/scale", test_scale);
  g_test_add_func ("/import-dialog/changes", test_changes);
  g_test_add_func ("/import-dialog/save", test_save);
  g_test_add_func ("/import-dialog/refused", test_refused);
  int status = g_test_run ();
  g_autofree char *cohort = g_build_filename (folder, "update.cohort", NULL);
  g_remove (cohort);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
