/* app: what is opened in a window: cohorts, tables, figures; by dialog, by drop, from the list of
 * recent files. */
#include "ktm-import-dialog.h"
#include "ktm-share-dialog.h"
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-export-dialog.h"
#include "ktm-preload.h"
#include "ktm-print.h"

#define PRESENT_MS 120 /* a cohort that takes longer to open is opened before the person's eyes */

typedef enum { WHAT_COHORT, WHAT_TABLE, WHAT_FIGURE } What;

static What
what_is (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file), *lower = g_ascii_strdown (name, -1);
  static const char *const tables[] = { ".csv", ".tsv", ".tab", ".txt" }, *const figures[] = {
    ".png", ".svg", ".pdf", ".json"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_str_has_suffix (lower, tables[i]))
      return WHAT_TABLE;
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    if (g_str_has_suffix (lower, figures[i]))
      return WHAT_FIGURE;
  return WHAT_COHORT;
}

/* --- a cohort --------------------------------------------------------------------------------- */

static void
progress_cb (double fraction, gpointer data)
{
  KtmWindow *self = data;

  if (self->loading_bar)
    gtk_progress_bar_set_fraction (self->loading_bar, fraction);
}

static void
show_loaded (KtmWindow *self, KtmCohort *cohort)
{
  const char *path = ktm_store_get_path (ktm_cohort_get_store (cohort));
  KtmApplication *app = KTM_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  ktm_window_take_cohort (self, cohort, path);
  if (path && app)
    ktm_application_remember (app, path);
  if (self->recipe)
    {
      g_autoptr (KtmRecipe) recipe = g_steal_pointer (&self->recipe);

      ktm_window_apply_recipe (self, recipe);
    }
}

/* The window, where it was not shown yet. */
static void
present_now (KtmWindow *self)
{
  if (!self->present_id)
    return;
  g_clear_handle_id (&self->present_id, g_source_remove);
  gtk_window_present (GTK_WINDOW (self));
}

static gboolean
present_cb (gpointer data)
{
  present_now (data);
  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KtmWindow) self = data; /* the reference of the call */
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_finish (result, &error);

  g_clear_object (&self->loading);
  if (!self->pages)
    return; /* closed in the meantime */
  if (cohort)
    {
      show_loaded (self, cohort);
      present_now (self);
      return;
    }
  g_clear_pointer (&self->recipe, ktm_recipe_free);
  ktm_window_show_empty (self);
  present_now (self);
  ktm_window_say_error (self, _("This cohort could not be opened"), error);
}

static void
open_cohort (KtmWindow *self, const char *path)
{
  g_autofree char *name = path ? g_path_get_basename (path) : g_strdup (_("the sample cohort"));
  /* Translators: %s is a file's name or "the sample cohort". */
  g_autofree char *text = g_strdup_printf (_("Opening %s"), name);

  self->loading = ktm_preload_take (path, progress_cb, opened_cb, self);
  gtk_label_set_text (self->loading_label, text);
  gtk_progress_bar_set_fraction (self->loading_bar, 0);
  gtk_stack_set_visible_child_name (self->root_stack, "loading");
  if (self->loading)
    g_object_ref (self); /* the reference of the call */
  else
    {
      self->loading = g_cancellable_new ();
      ktm_cohort_open_async (path, self->loading, progress_cb, self, opened_cb,
                             g_object_ref (self));
    }
  ktm_window_update_actions (self);
}

/* --- a figure --------------------------------------------------------------------------------- */

/* The filter of the recipe as a whole, or an error that says which condition this cohort does not
 * have. */
static KtmFilter *
filter_of (KtmWindow *self, const KtmRecipe *recipe, GError **error)
{
  g_autoptr (KtmFilter) filter = ktm_filter_new ();

  for (char **where = recipe->where; where && *where; where++)
    if (!ktm_filter_add_text (filter, ktm_study_get_cohort (self->study), *where, error))
      return NULL;
  return g_steal_pointer (&filter);
}

void
ktm_window_apply_recipe (KtmWindow *self, const KtmRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmFilter) filter = NULL;
  gsize n;
  const KtmPage *pages = ktm_pages (&n);

  if (strcmp (recipe->cohort_id, ktm_cohort_get_id (ktm_study_get_cohort (self->study))))
    {
      ktm_window_say (self, _("This figure was made from another cohort. Open that cohort first, "
                               "then drop the figure on it."));
      return;
    }
  if (!(filter = filter_of (self, recipe, &error)))
    {
      ktm_window_say_error (self, _("This figure cannot be made again"), error);
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *page = pages[i].apply ? ktm_window_need_page (self, pages[i].id) : NULL;

      if (!page || !pages[i].apply (page, recipe->chart, recipe->options))
        continue;
      ktm_filter_assign (ktm_study_get_filter (self->study), filter);
      ktm_window_show_page (self, pages[i].id);
      ktm_window_say (
          self, _("The chart of this figure is shown again, with its patients and settings."));
      return;
    }
  ktm_window_say (
      self,
      _("This figure's chart, measure or grouping is not among those this cohort can show."));
}

static void
open_figure (KtmWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  KtmRecipe *recipe = ktm_recipe_from_file (path, &error);

  if (!recipe)
    {
      ktm_window_say_error (self, _("This figure cannot be made again"), error);
      return;
    }
  if (self->study)
    {
      ktm_window_apply_recipe (self, recipe);
      ktm_recipe_free (recipe);
      return;
    }
  ktm_recipe_free (recipe);
  ktm_window_say (
      self, _("Open the cohort this figure was made from first, then drop the figure on it."));
}

static void
imported_cb (const char *path, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gboolean undoable = g_strcmp0 (path, self->path) == 0;

  ktm_window_open (self, file);
  if (undoable)
    ktm_window_say_undoable (self, _("The tables are imported"));
}

void
ktm_window_import (KtmWindow *self, GListModel *files)
{
  g_return_if_fail (KTM_IS_WINDOW (self));
  if (!self->loading)
    ktm_import_dialog_present (GTK_WINDOW (self), files, self->path, imported_cb, self);
}

/* --- whatever it is --------------------------------------------------------------------------- */

void
ktm_window_open (KtmWindow *self, GFile *file)
{
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  g_return_if_fail (KTM_IS_WINDOW (self));
  if (self->loading)
    return;
  if (file && !path)
    {
      ktm_window_say (self, _("Only files on this computer or on a mounted share can be opened."));
      return;
    }
  if (!file || what_is (file) == WHAT_COHORT)
    open_cohort (self, path);
  else if (what_is (file) == WHAT_FIGURE)
    open_figure (self, path);
  else
    {
      g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

      g_list_store_append (files, file);
      ktm_window_import (self, G_LIST_MODEL (files));
    }
}

void
ktm_window_present_with (KtmWindow *self, GFile *file)
{
  g_return_if_fail (KTM_IS_WINDOW (self));
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) && !self->present_id)
    self->present_id = g_timeout_add (PRESENT_MS, present_cb, self);
  ktm_window_open (self, file);
  if (!self->loading)
    present_now (self);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  KtmWindow *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      ktm_window_open (self, file);
    }
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
ktm_window_choose_file (KtmWindow *self)
{
  GtkFileChooserNative *dialog;

  g_return_if_fail (KTM_IS_WINDOW (self));
  dialog = gtk_file_chooser_native_new (_("Open a cohort"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  add_filter (GTK_FILE_CHOOSER (dialog), _("Cohorts"), (const char *[]) { "*.cohort", NULL });
  add_filter (GTK_FILE_CHOOSER (dialog), _("Tables and figures"),
              (const char *[]) { "*.csv", "*.tsv", "*.txt", "*.png", "*.svg", "*.pdf", NULL });
  add_filter (GTK_FILE_CHOOSER (dialog), _("All files"), (const char *[]) { "*", NULL });
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- export ----------------------------------------------------------------------------------- */

/* How to make the chart on the page again; NULL where words cannot say it: patients marked by hand
 * and not saved as a group, classes of a saved model. */
static KtmRecipe *
recipe_of (KtmWindow *self, const char *type, const KtmChartOptions *options)
{
  KtmFilter *filter = ktm_study_get_filter (self->study);
  KtmRecipe *recipe;

  if ((ktm_filter_has_group (filter) && !ktm_filter_get_group_document (filter))
      || options->classes < 0)
    return NULL;
  recipe = g_new0 (KtmRecipe, 1);
  recipe->cohort_id = g_strdup (ktm_cohort_get_id (ktm_study_get_cohort (self->study)));
  recipe->chart = g_strdup (type);
  recipe->where = ktm_filter_dup_texts (filter);
  recipe->options = ktm_chart_options_copy (options);
  return recipe;
}

/* The chart on the page and the numbers it is drawn from; NULL, after saying so, where there is
 * none. */
static const KtmChartType *
chart_of_page (KtmWindow *self, KtmChartOptions **options, KtmFrame **frame)
{
  GtkWidget *widget;
  const KtmPage *page = ktm_window_get_page (self, &widget);
  const char *id = NULL;
  g_autoptr (KtmChartOptions) shown =
      page && page->dup_chart ? page->dup_chart (widget, &id) : NULL;
  const KtmChartType *type = id ? ktm_chart_type_find (id) : NULL;

  if (!type || !shown->measure || !ktm_study_get_n_shown (self->study))
    {
      ktm_window_say (self, _("There is no chart on this page to export or print."));
      return NULL;
    }
  *frame = ktm_study_dup_frame (self->study, NULL, (const char *[]){ shown->colour_by, NULL },
                                type->parts);
  *options = g_steal_pointer (&shown);
  return type;
}

/* What the chart is drawn from; NULL where it needs nothing. */
static KtmReport *
report_of_page (KtmWindow *self, const KtmChartType *type, const KtmChartOptions *options)
{
  GtkWidget *widget = NULL;
  const KtmPage *page = ktm_window_get_page (self, &widget);

  return page && page->dup_report && ktm_chart_analysis (type, options) ? page->dup_report (widget)
                                                                        : NULL;
}

KtmRecipe *
ktm_window_dup_recipe (KtmWindow *self)
{
  g_autoptr (KtmChartOptions) options = NULL;
  KtmFrame *frame = NULL;
  const KtmChartType *type = chart_of_page (self, &options, &frame);
  KtmRecipe *recipe;

  if (!type)
    return NULL;
  ktm_frame_unref (frame);
  if (g_str_equal (type->id, "patient"))
    {
      ktm_window_say (
          self, _("One patient's page is not shown to a room: choose a chart of the group."));
      return NULL;
    }
  g_clear_pointer (&options->note, ktm_text_free);
  recipe = recipe_of (self, type->id, options);
  if (!recipe)
    ktm_window_say (
        self,
        _("Save the patients marked by hand as a subgroup first: a slide is kept as words."));
  return recipe;
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (KtmChartOptions) options = NULL;
  KtmFrame *frame = NULL;
  const KtmChartType *type = chart_of_page (self, &options, &frame);
  g_autoptr (KtmRecipe) recipe = type ? recipe_of (self, type->id, options) : NULL;

  if (!type)
    return;
  ktm_export_dialog_present (GTK_WINDOW (self), type, frame, report_of_page (self, type, options),
                             options, recipe);
  ktm_frame_unref (frame);
}

/* win.print(s): the path of a PDF to write instead, or "" for the dialog. */
static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  const char *pdf = g_variant_get_string (parameter, NULL);
  g_autoptr (KtmChartOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmScene) scene = NULL;
  KtmFrame *frame = NULL;
  const KtmChartType *type = chart_of_page (self, &options, &frame);
  KtmReport *report;

  if (!type)
    return;
  options->caption = TRUE;
  if (!g_str_equal (type->id, "patient"))
    options->picked = -1; /* what is picked on the screen is nobody's business on paper */
  report = report_of_page (self, type, options);
  scene = type->build (frame, report, options, &error);
  ktm_report_free (report);
  if (!scene
      || !ktm_print_scene (GTK_WINDOW (self), scene, gettext (type->title), *pdf ? pdf : NULL,
                           &error))
    ktm_window_say (self, error->message);
  ktm_frame_unref (frame);
}

/* --- drop ------------------------------------------------------------------------------------- */

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  KtmWindow *self = data;
  GSList *files = g_value_get_boxed (value);
  g_autoptr (GListStore) tables = g_list_store_new (G_TYPE_FILE);

  gtk_widget_remove_css_class (GTK_WIDGET (self), "dropping");
  for (GSList *l = files; l; l = l->next)
    if (what_is (l->data) == WHAT_TABLE)
      g_list_store_append (tables, l->data);
  if (g_list_model_get_n_items (G_LIST_MODEL (tables)))
    ktm_window_import (self, G_LIST_MODEL (tables));
  else if (files)
    ktm_window_open (self, files->data);
  return files != NULL;
}

static GdkDragAction
enter_cb (GtkDropTarget *target, double x, double y, gpointer data)
{
  gtk_widget_add_css_class (GTK_WIDGET (data), "dropping");
  return GDK_ACTION_COPY;
}

static void
leave_cb (GtkDropTarget *target, gpointer data)
{
  gtk_widget_remove_css_class (GTK_WIDGET (data), "dropping");
}

void
ktm_window_add_drop (KtmWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect (target, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* --- a copy ----------------------------------------------------------------------------------- */

static void
copy_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  g_object_unref (dialog);
  if (!path || !self->study)
    return;
  if (!ktm_store_save_copy (ktm_cohort_get_store (ktm_study_get_cohort (self->study)), path,
                            &error))
    {
      ktm_window_say_error (self, _("The copy could not be saved"), error);
      return;
    }
  open_cohort (self, path); /* what she goes on with is what she saved */
}

static void
save_copy_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_("Save a copy of the cohort"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *title = g_strdelimit (
      g_strdup (ktm_cohort_get_title (ktm_study_get_cohort (self->study))), "/\\:*?\"<>|", '-');
  g_autofree char *name = g_strconcat (title, ".cohort", NULL);

  add_filter (GTK_FILE_CHOOSER (dialog), _("Cohorts"), (const char *[]) { "*.cohort", NULL });
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (copy_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
share_copy_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;

  ktm_share_dialog_start (self, self->path, ktm_study_get_cohort (self->study));
}

void
ktm_window_add_open_actions (KtmWindow *self)
{
  static const GActionEntry entries[] = { { "save-copy", save_copy_cb },
                                          { "share-copy", share_copy_cb },
                                          { "export", export_cb },
                                          { "print", print_cb, "s" } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
